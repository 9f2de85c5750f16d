//! `theriac verify`: checks files alone, offline, without a store.

use super::journal::verifier;
use super::script::read_message;
use crate::cli::Verify;
use crate::house::keys::certificate;
use crate::output::{Outcome, Problem, each_file, line};
use serde_json::{Value, json};
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use theriac_journal::evidence::EVIDENCE_BYTES_MAX;
use theriac_journal::{Checkpoint, Evidence, NoteVerifier, verify_evidence};
use theriac_model::{CanonicalContents, Element};
use theriac_pki::{TrustStore, Verified, cms};
use theriac_wire::script::{decode, to_contents};

/// What was found out about one file.
struct Finding {
    holds: bool,
    what: String,
    details: Value,
}

impl Finding {
    fn holds(what: impl Into<String>, details: Value) -> Self {
        Self { holds: true, what: what.into(), details }
    }

    fn fails(what: impl Into<String>) -> Self {
        Self { holds: false, what: what.into(), details: Value::Null }
    }
}

/// Whom the reader trusts.
struct Trust {
    authority: Option<(TrustStore, PathBuf)>,
    key: Option<NoteVerifier>,
}

pub(crate) fn run(args: &Verify) -> Result<Outcome, Problem> {
    each_file(&args.files, |path| {
        let finding = verify(path, &Trust::beside(path, args)?)?;
        let file = path.display();
        if args.json {
            line(
                json!({"file": file.to_string(), "holds": finding.holds, "what": finding.what, "details": finding.details}),
            )?;
        } else {
            line(format_args!("{file}: {}{}", if finding.holds { "holds: " } else { "FAILS: " }, finding.what))?;
        }
        Ok(if finding.holds { Outcome::Done } else { Outcome::FoundWrong })
    })
}

impl Trust {
    /// What was named on the command line, else what lies beside the file.
    fn beside(file: &Path, args: &Verify) -> Result<Self, Problem> {
        let dir = file.parent().map_or_else(PathBuf::new, Path::to_owned);
        let present = |name: &str| Some(dir.join(name)).filter(|path| path.is_file());
        let authority = match args.ca.clone().or_else(|| present("trust.pem")) {
            None => None,
            Some(path) => {
                let store = TrustStore::new(&[certificate(&path)?]).map_err(|error| {
                    Problem::wrong_use("VERIFY-CA", error.to_string(), "give a certificate authority's certificate")
                })?;
                Some((store, path))
            }
        };
        let key = match (&args.key, present("checkpoint.vkey")) {
            (Some(key), _) => Some(verifier(Some(key), &dir)?),
            (None, Some(path)) => Some(verifier(Some(&path.display().to_string()), &dir)?),
            (None, None) => None,
        };
        Ok(Self { authority, key })
    }

    fn key_needed(&self) -> Result<&NoteVerifier, Problem> {
        self.key.as_ref().ok_or_else(|| {
            Problem::wrong_use(
                "VERIFY-KEY",
                "there is no verifier key to check the checkpoint with",
                "give --key NAME+HASH+KEY, as the deployment published it, or lay checkpoint.vkey beside the file",
            )
        })
    }

    /// Who signed, and whether an authority says so.
    fn signer(&self, verified: &Verified<'_>) -> Result<String, String> {
        let subject = verified.certificate().subject();
        let at = verified.signed_at();
        match &self.authority {
            None => {
                Ok(format!("signed at {at} by {subject} (no authority was given: the name is the signer's own word)"))
            }
            Some((trust, path)) => match trust.check(verified.certificate(), at) {
                Ok(()) => Ok(format!("signed at {at} by {subject}, certified under {}", path.display())),
                Err(error) => Err(error.refusal().to_string()),
            },
        }
    }
}

fn verify(path: &Path, trust: &Trust) -> Result<Finding, Problem> {
    let bytes = read(path)?;
    if path.extension() == Some(OsStr::new("p7s")) {
        return Ok(signature(path, &bytes, trust));
    }
    let text = String::from_utf8_lossy(&bytes);
    let start = text.trim_start();
    if crate::stockroom::is_pack(start) {
        return Ok(match crate::stockroom::verify_pack(start, trust.key.as_ref()) {
            Ok(what) => Finding::holds(what, Value::Null),
            Err(why) => Finding::fails(why),
        });
    }
    if crate::stockroom::are_records(start) {
        return Ok(match crate::stockroom::verify_records(start, trust.key.as_ref()) {
            Ok(records) => Finding::holds(records.says(), Value::Null),
            Err(why) => Finding::fails(why),
        });
    }
    if start.starts_with('{') {
        return evidence(&text, trust);
    }
    if start.starts_with('<') {
        return Ok(message(&bytes, trust));
    }
    if Checkpoint::parse_unverified(&text).is_ok() {
        return checkpoint(&text, trust);
    }
    Err(Problem::wrong_use(
        "VERIFY-FORMAT",
        format!("{} is no evidence, checkpoint, seal or message", path.display()),
        "give evidence (.json), a checkpoint, a seal (.p7s) or a SCRIPT message",
    ))
}

fn read(path: &Path) -> Result<Vec<u8>, Problem> {
    let length = fs::metadata(path).map_err(|error| Problem::unreadable(path, &error))?.len();
    if length > EVIDENCE_BYTES_MAX as u64 {
        return Err(Problem::wrong_use(
            "VERIFY-LENGTH",
            "the file is longer than evidence can be",
            "give one piece of evidence",
        ));
    }
    fs::read(path).map_err(|error| Problem::unreadable(path, &error))
}

fn signature(path: &Path, der: &[u8], trust: &Trust) -> Finding {
    let content = path.with_extension("");
    let detached = read_message(&content).ok();
    let verified = match &detached {
        Some(content) => cms::verify_detached(der, content, &[]),
        None => cms::verify_attached(der, &[]),
    };
    let verified = match verified {
        Err(cms::CmsError::ContentPresent) => cms::verify_attached(der, &[]),
        other => other,
    };
    match verified {
        Err(error) => Finding::fails(error.refusal().to_string()),
        Ok(verified) => match trust.signer(&verified) {
            Err(why) => Finding::fails(why),
            Ok(who) => Finding::holds(
                format!("{} bytes {who}", verified.content().len()),
                json!({"signer": verified.certificate().subject(), "signed_at": verified.signed_at().to_string()}),
            ),
        },
    }
}

/// A SCRIPT message: the signature that travels in it, against the contents that arrived.
fn message(bytes: &[u8], trust: &Trust) -> Finding {
    let message = match decode(bytes) {
        Ok(message) => message,
        Err(refusal) => return Finding::fails(refusal.to_string()),
    };
    let arrived = to_contents(&message);
    let Some(group) = &arrived.signature else {
        return Finding::fails("the message carries no signature of its contents");
    };
    let cms = match group.signature() {
        Ok(cms) => cms,
        Err(refusal) => return Finding::fails(refusal.to_string()),
    };
    let verified = match cms::verify_attached(&cms, &[]) {
        Ok(verified) => verified,
        Err(error) => return Finding::fails(error.refusal().to_string()),
    };
    let who = match trust.signer(&verified) {
        Ok(who) => who,
        Err(why) => return Finding::fails(why),
    };
    let signed = match CanonicalContents::from_bytes(verified.content()) {
        Ok(signed) => signed,
        Err(error) => return Finding::fails(error.to_string()),
    };
    let differences: Vec<String> = signed
        .differences(&arrived.contents)
        .into_iter()
        .filter(|found| found.element != Element::SignedAt)
        .map(|found| format!("{} {}", found.element, found.kind.word()))
        .collect();
    if !differences.is_empty() {
        return Finding::fails(format!("the contents are not those that were signed: {}", differences.join(", ")));
    }
    Finding::holds(format!("the contents are those {who}"), json!({"signer": verified.certificate().subject()}))
}

fn checkpoint(text: &str, trust: &Trust) -> Result<Finding, Problem> {
    let key = trust.key_needed()?;
    Ok(match Checkpoint::open(text, key.name(), std::slice::from_ref(key)) {
        Ok(signed) => Finding::holds(
            format!("checkpoint of {} at {} entries", signed.checkpoint.origin, signed.checkpoint.size),
            json!({"origin": signed.checkpoint.origin, "size": signed.checkpoint.size, "root": signed.checkpoint.root.to_base64()}),
        ),
        Err(error) => Finding::fails(error.to_string()),
    })
}

fn evidence(text: &str, trust: &Trust) -> Result<Finding, Problem> {
    let evidence = match Evidence::from_json(text) {
        Ok(evidence) => evidence,
        Err(error) => return Ok(Finding::fails(error.to_string())),
    };
    let key = trust.key_needed()?;
    let proved = match verify_evidence(&evidence, key.name(), std::slice::from_ref(key)) {
        Ok(proved) => proved,
        Err(error) => return Ok(Finding::fails(error.to_string())),
    };
    let mut seals = Vec::new();
    for piece in evidence.pieces.iter().filter(|piece| !piece.seal.is_empty()) {
        let verified = match cms::verify_detached(&piece.seal, &piece.bytes, &[]) {
            Ok(verified) => verified,
            Err(error) => return Ok(Finding::fails(format!("the seal of an archived piece: {}", error.refusal()))),
        };
        match trust.signer(&verified) {
            Ok(who) => seals.push(who),
            Err(why) => return Ok(Finding::fails(format!("the seal of an archived piece: {why}"))),
        }
    }
    let entry = &evidence.entry;
    let sealed = if seals.is_empty() { String::new() } else { format!("; archived piece {}", seals.join("; ")) };
    Ok(Finding::holds(
        format!(
            "entry {} ({}) by {} is in the journal {} of {} entries{sealed}",
            entry.seq, entry.kind, entry.actor, proved.signed.checkpoint.origin, proved.signed.checkpoint.size
        ),
        json!({
            "entry": entry.seq, "kind": entry.kind, "actor": entry.actor, "at_ms": entry.at_ms,
            "leaf": proved.leaf.to_base64(), "tree_size": proved.signed.checkpoint.size,
            "root": proved.signed.checkpoint.root.to_base64(), "pieces": proved.pieces, "pieces_absent": proved.pieces_absent,
        }),
    ))
}
