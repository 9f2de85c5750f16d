//! Two-factor passes: the proof that the practitioner was there, with token and PIN, a moment ago, for this challenge.

use crate::assertion::{Asked, Assertion, Challenge, LAPSES_AFTER, Unanswered};
use crate::deployment::Deployment;
use crate::keys::PublicKey;
use crate::metadata::{Fips140, ListStatus};
use crate::token_rule::{Level, Source, TokenRule};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::fmt;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Edition, Refusal, Registration};

/// The practitioner's identifier in this deployment.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PractitionerId(String);

impl PractitionerId {
    /// Takes 1 to 64 letters, digits, `-`, `_` or `.`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=64).contains(&text.len());
        let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b));
        (fits && plain).then(|| Self(text.to_owned()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PractitionerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identifier a token gave one of its credentials: 1 to 1023 bytes, shown as base64url.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CredentialId(Vec<u8>);

impl CredentialId {
    /// Takes the bytes; `None` unless they are 1 to 1023.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        (1..=1023).contains(&bytes.len()).then(|| Self(bytes.to_vec()))
    }

    /// A name we give ourselves, where the token gives none.
    pub(crate) fn of_digest(digest: &[u8; 32]) -> Self {
        Self(digest.to_vec())
    }

    /// Reads base64url without padding.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_bytes(&URL_SAFE_NO_PAD.decode(text).ok()?)
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

/// A hardware token model whose validation satisfies 1311.110(b) of the 2008 proposed rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidatedModel {
    model: String,
    certificate: String,
    overall: u8,
    physical: u8,
    listing: Option<Listing>,
}

/// What the validation program's list said of a certificate, and when that was looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The standard's generation.
    pub standard: Fips140,
    /// The certificate's standing.
    pub status: ListStatus,
    /// The day it was looked up.
    pub looked_up: Date,
}

impl ValidatedModel {
    /// Takes the validation record of a model under the strictest rule: the FIPS 140 certificate number and the validated
    /// levels (1 to 4), overall and of physical security.
    ///
    /// # Errors
    /// As [`ValidatedModel::under`].
    pub fn new(model: &str, certificate: &str, overall: u8, physical: u8) -> Result<Self, Refusal> {
        Self::under(&TokenRule::strictest(), model, certificate, overall, physical)
    }

    /// The same under another rule.
    ///
    /// # Errors
    /// A refusal when there is no certificate, when a level is none (1 to 4), or below what the rule asks.
    pub fn under(rule: &TokenRule, model: &str, certificate: &str, overall: u8, physical: u8) -> Result<Self, Refusal> {
        const NEXT: &str = "enrol a token whose model has the validation";
        if let Some(Level { source, .. }) = &rule.overall
            && (model.trim().is_empty() || certificate.trim().is_empty())
        {
            let what = "the token model has no FIPS 140 validation on record";
            return Err(asked("PKI-TOKEN-UNVALIDATED", source, what, NEXT));
        }
        if let Some(Level { at_least, source }) = &rule.overall
            && !(*at_least..=4).contains(&overall)
        {
            let what = format!(
                "the token model is validated at FIPS 140 level {overall} overall; {at_least} or higher is needed"
            );
            return Err(asked("PKI-TOKEN-LEVEL", source, what, NEXT));
        }
        if let Some(Level { at_least, source }) = &rule.physical
            && !(*at_least..=4).contains(&physical)
        {
            let what = format!(
                "the token model's physical security is validated at level {physical}; {at_least} or higher is needed"
            );
            return Err(asked("PKI-TOKEN-PHYSICAL", source, what, NEXT));
        }
        Ok(Self { model: model.to_owned(), certificate: certificate.to_owned(), overall, physical, listing: None })
    }

    /// The same with what the validation program's list says.
    pub(crate) fn listed(self, listing: Listing) -> Self {
        Self { listing: Some(listing), ..self }
    }

    /// The stored form.
    pub(crate) fn to_json(&self) -> Value {
        let mut value = json!({
            "name": self.model,
            "certificate": self.certificate,
            "overall": self.overall,
            "physical": self.physical,
        });
        if let Some(Listing { standard, status, looked_up }) = self.listing {
            value["standard"] = json!(standard.word());
            value["status"] = json!(status.word());
            value["looked-up"] = json!(looked_up.to_string());
        }
        value
    }

    /// Reads the stored form without judging it again: whether the model still serves is asked daily, of the list.
    pub(crate) fn from_json(reader: Reader<'_>) -> Result<Self, BadField> {
        let level = |field: &str| {
            let bad = || BadField { field: field.to_owned(), expected: "a level" };
            reader.whole(field).and_then(|level| u8::try_from(level).map_err(|_| bad()))
        };
        let listing = match reader.get("standard") {
            None => None,
            Some(_) => Some(Listing {
                standard: reader.parsed("standard", "140-2 or 140-3", Fips140::parse)?,
                status: reader.parsed("status", "active, historical or revoked", ListStatus::parse)?,
                looked_up: reader.parsed("looked-up", "a date", |text| text.parse().ok())?,
            }),
        };
        Ok(Self {
            model: reader.text("name")?.to_owned(),
            certificate: reader.text("certificate")?.to_owned(),
            overall: level("overall")?,
            physical: level("physical")?,
            listing,
        })
    }

    /// The model's name.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// The number of the validation certificate.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The validated level overall.
    pub const fn overall(&self) -> u8 {
        self.overall
    }

    /// The validated level of physical security.
    pub const fn physical(&self) -> u8 {
        self.physical
    }

    /// What the validation program's list said, where the model came from a deployment's list.
    pub const fn listing(&self) -> Option<Listing> {
        self.listing
    }
}

/// Where a credential's key lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// On a hardware device of a validated model.
    Hard(ValidatedModel),
    /// In this program's memory: demonstrations only.
    Soft,
}

/// Whether a credential may still be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// It may.
    Active,
    /// It may not, from this instant on, for good.
    Revoked {
        /// When it was revoked.
        at: Timestamp,
    },
}

/// One authentication credential of one practitioner for one registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The token's name for it.
    pub id: CredentialId,
    /// Whose it is.
    pub practitioner: PractitionerId,
    /// The registration it signs under, and no other.
    pub registration: Registration,
    /// The key that answers challenges.
    pub key: PublicKey,
    /// Where the private key lives.
    pub kind: TokenKind,
    /// The counter of the last accepted answer.
    pub counter: u32,
    /// The first instant at which it no longer authenticates: the start of the day on which the registration expires.
    pub expires: Timestamp,
    /// Whether it was revoked.
    pub state: CredentialState,
}

/// What the server expects an answer to be about.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    /// The challenge it gave out.
    pub challenge: &'a Challenge,
    /// Who is signing.
    pub practitioner: &'a PractitionerId,
    /// The registration on the prescription.
    pub registration: &'a Registration,
    /// The relying party's identifier: the host name.
    pub relying_party: &'a str,
    /// The origin of the page, such as `https://rx.example`.
    pub origin: &'a str,
}

/// Which factors were used, so that records and the law can say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Factors {
    /// Something you have (the token's key) and something you know or are, checked by the token itself.
    TokenWithUserVerification,
    /// A code of a one-time-password device that shows codes only after its own PIN or biometric.
    OpenedCodeDevice,
    /// A code of a device that shows codes to whoever holds it, and beside it the person's password.
    CodeDeviceAndPassword,
}

/// Proof of both factors, for one challenge. Only [`verify_assertion`] and [`crate::otp::CodeCredential::verify`] make one,
/// it is not copied, and it lapses.
#[derive(Debug, PartialEq, Eq)]
pub struct TwoFactorPass {
    pub(crate) practitioner: PractitionerId,
    pub(crate) credential: CredentialId,
    pub(crate) registration: Registration,
    pub(crate) kind: TokenKind,
    pub(crate) challenge: Challenge,
    pub(crate) at: Timestamp,
    pub(crate) factors: Factors,
    pub(crate) counter: u32,
}

impl TwoFactorPass {
    /// Who passed.
    pub const fn practitioner(&self) -> &PractitionerId {
        &self.practitioner
    }

    /// With which credential.
    pub const fn credential(&self) -> &CredentialId {
        &self.credential
    }

    /// The registration this pass signs under.
    pub const fn registration(&self) -> &Registration {
        &self.registration
    }

    /// What kind of token answered.
    pub const fn token(&self) -> &TokenKind {
        &self.kind
    }

    /// The challenge it was made for.
    pub const fn challenge(&self) -> &Challenge {
        &self.challenge
    }

    /// When both factors were verified.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// Which factors.
    pub const fn factors(&self) -> Factors {
        self.factors
    }

    /// The token's counter, to be stored with the credential before the pass is used. Of a one-time-password device the
    /// counter or time step of the code; its own state is stored beside it.
    pub const fn counter(&self) -> u32 {
        self.counter
    }

    /// Whether this pass may sign what has this digest at `at`: asked for it, and not lapsed. Two minutes after the
    /// factors were verified is still inside.
    ///
    /// # Errors
    /// A refusal: the pass was for something else, or lapsed.
    pub fn allows(&self, digest: &[u8; 32], at: Timestamp) -> Result<(), Refusal> {
        if !self.challenge.covers(digest) {
            return Err(refusal(
                "PKI-PASS-OTHER-CONTENT",
                "21 CFR 1311.140(a)(4)-(5); 73 FR 36722, 1311.125(a)-(b)",
                "both factors were given for other prescriptions than this one",
                "review the prescription and authenticate for it",
            ));
        }
        if at < self.at || at.duration_since(self.at) > LAPSES_AFTER {
            return Err(lapsed());
        }
        Ok(())
    }
}

/// A refusal by whoever made the demand.
pub(crate) fn asked(
    code: &'static str,
    source: &Source,
    what: impl Into<Cow<'static, str>>,
    next: &'static str,
) -> Refusal {
    let mut refusal = Refusal::new(code, "", what, next).under(source.edition.clone());
    refusal.cite = source.cite.clone();
    refusal
}

fn refusal(code: &'static str, cite: &'static str, what: &'static str, next: &'static str) -> Refusal {
    Refusal::new(code, cite, what, next)
}

fn lapsed() -> Refusal {
    refusal(
        "PKI-PASS-LAPSED",
        "73 FR 36722, 1311.110(c)",
        "more than two minutes passed",
        "use the token and its PIN again",
    )
    .under(Edition::Proposed2008)
}

/// Checks a token's answer at `at`.
///
/// # Errors
/// A refusal, the first that holds in this order: software token outside a demonstration, other credential, revoked, other
/// practitioner, other registration, expired, challenge lapsed, answer unreadable, other challenge, other page, token not
/// touched, PIN or biometric not verified, signature wrong, counter replayed.
pub fn verify_assertion(
    credential: &Credential,
    expected: &Expected<'_>,
    assertion: &Assertion,
    at: Timestamp,
    deployment: Deployment,
) -> Result<TwoFactorPass, Refusal> {
    usable(credential, expected, assertion, at, deployment)?;
    not_lapsed(expected.challenge, at)?;
    let asked = Asked {
        key: &credential.key,
        counter: credential.counter,
        challenge: &expected.challenge.bytes(),
        relying_party: expected.relying_party,
        origin: expected.origin,
    };
    let answered = assertion.check(&asked).map_err(unanswered)?;
    if matches!(credential.kind, TokenKind::Hard(_)) && answered.key_may_leave {
        return Err(refusal(
            "PKI-PASS-SYNCED",
            "73 FR 36722, 1311.110(b)",
            "the token says that its key may be copied to other devices",
            "enrol a hardware token whose key stays on it",
        )
        .under(Edition::Proposed2008));
    }
    Ok(TwoFactorPass {
        practitioner: credential.practitioner.clone(),
        credential: credential.id.clone(),
        registration: credential.registration.clone(),
        kind: credential.kind.clone(),
        challenge: expected.challenge.clone(),
        at,
        factors: Factors::TokenWithUserVerification,
        counter: answered.counter,
    })
}

/// Whether an answer to `challenge` still comes in time.
pub(crate) fn not_lapsed(challenge: &Challenge, at: Timestamp) -> Result<(), Refusal> {
    let made_at = challenge.made_at();
    if at < made_at || at.duration_since(made_at) > LAPSES_AFTER { Err(lapsed()) } else { Ok(()) }
}

fn unanswered(problem: Unanswered) -> Refusal {
    const FACTORS: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)";
    const TOKEN: &str = "21 CFR 1311.115(a); 73 FR 36722, 1311.110(b)";
    let (code, cite, next) = match problem {
        Unanswered::Unreadable => ("PKI-PASS-UNREADABLE", FACTORS, "try again, or use another browser or token"),
        Unanswered::Challenge => (
            "PKI-PASS-CHALLENGE",
            "21 CFR 1311.140(a)(5); 73 FR 36722, 1311.125(a)",
            "use the token and its PIN again for these prescriptions",
        ),
        Unanswered::Origin => {
            ("PKI-PASS-ORIGIN", FACTORS, "open the signing page from its own address and report this to the operator")
        }
        Unanswered::NotPresent => ("PKI-PASS-NOT-PRESENT", TOKEN, "use the token and its PIN again"),
        Unanswered::OneFactor => ("PKI-PASS-ONE-FACTOR", TOKEN, "set a PIN on the token and use it"),
        Unanswered::Signature => {
            ("PKI-PASS-SIGNATURE", FACTORS, "use the enrolled token; report this to the operator if it happens again")
        }
        Unanswered::Replay => ("PKI-PASS-REPLAY", TOKEN, "report this to the operator, who revokes the credential"),
    };
    refusal(code, cite, problem.what(), next)
}

fn usable(
    credential: &Credential,
    expected: &Expected<'_>,
    assertion: &Assertion,
    at: Timestamp,
    deployment: Deployment,
) -> Result<(), Refusal> {
    hard_enough(&credential.kind, deployment)?;
    if assertion.credential != credential.id {
        return Err(refusal(
            "PKI-PASS-OTHER-CREDENTIAL",
            "21 CFR 1311.115(a); 73 FR 36722, 1311.110(a)",
            "another credential answered than the one asked",
            "use the token enrolled for this registration",
        ));
    }
    let Credential { practitioner, registration, expires, state, .. } = credential;
    in_force(&Holding { practitioner, registration, expires: *expires, state }, expected, at)
}

/// Production takes no key or seed that is held in software.
pub(crate) fn hard_enough(kind: &TokenKind, deployment: Deployment) -> Result<(), Refusal> {
    if *kind == TokenKind::Soft && deployment == Deployment::Production {
        return Err(refusal(
            "PKI-PASS-SOFT-TOKEN",
            "21 CFR 1311.115(a)(3); 73 FR 36722, 1311.110(b)",
            "the credential's key is held in software",
            "enrol a hardware token",
        ));
    }
    Ok(())
}

/// Whose a credential is, and until when.
pub(crate) struct Holding<'a> {
    pub(crate) practitioner: &'a PractitionerId,
    pub(crate) registration: &'a Registration,
    pub(crate) expires: Timestamp,
    pub(crate) state: &'a CredentialState,
}

/// Whether a credential is this practitioner's, for this registration, now.
pub(crate) fn in_force(held: &Holding<'_>, expected: &Expected<'_>, at: Timestamp) -> Result<(), Refusal> {
    if let CredentialState::Revoked { at: revoked } = held.state
        && at >= *revoked
    {
        return Err(refusal(
            "PKI-PASS-REVOKED",
            "21 CFR 1311.125(d); 73 FR 36722, 1311.135",
            "the credential was revoked",
            "ask for a new credential; this one stays revoked",
        ));
    }
    if held.practitioner != expected.practitioner {
        return Err(refusal(
            "PKI-PASS-OTHER-PERSON",
            "21 CFR 1311.140(a)(4); 73 FR 36722, 1311.125(d)",
            "the credential belongs to another practitioner than the one named on the prescription",
            "only the practitioner named on the prescription can sign it",
        ));
    }
    if held.registration != expected.registration {
        return Err(refusal(
            "PKI-PASS-REGISTRATION",
            "73 FR 36722, 1311.110(d)",
            "the credential is for another registration than the one on the prescription",
            "choose the registration the credential was enrolled for, or enrol one for this registration",
        )
        .under(Edition::Proposed2008));
    }
    if at >= held.expires {
        return Err(refusal(
            "PKI-PASS-EXPIRED",
            "21 CFR 1311.125(d)(3); 73 FR 36722, 1311.110(e) and 1311.135(b)",
            "the credential ended with the registration it belongs to",
            "record the renewed registration and enrol again",
        ));
    }
    Ok(())
}
