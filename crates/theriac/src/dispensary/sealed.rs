//! What this pharmacy hands to another, and what another hands to it: one canonical JSON text inside the signature of the
//! pharmacy's system. Nothing of it is believed unless the signature leads to an authority of this deployment or a partner.

use crate::house::House;
use crate::house::record::Fault;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use theriac_model::json::{Reader, canonical};
use theriac_model::{DeaNumber, Refusal};
use theriac_pharmacy::{ArchiveDigest, Pharmacy, Prescription};
use theriac_pki::SystemRole;
use theriac_pki::trust::Judge;

/// The media type under which it is archived.
pub(super) const MEDIA: &str = "application/pkcs7-mime";
/// The longest file that is read, in bytes.
pub(crate) const SEALED_BYTES_MAX: usize = 8 * 1024 * 1024;

const CITE: &str = "21 CFR 1306.25(b), 1306.15";

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// A file that cannot be taken.
pub(super) fn refused(what: impl Into<String>, next: &'static str) -> Refusal {
    Refusal::new("PHARM-HANDED-OVER", CITE, what.into(), next).about("file")
}

/// What was handed over, its seal checked.
pub(super) struct Opened {
    /// The kind: `transfer`, `central-filling`.
    pub(super) kind: String,
    pub(super) body: Value,
    /// Whose system sealed it, by its certificate.
    pub(super) sealed_by: String,
}

impl House {
    /// Seals a body for the pharmacy `to`, with the archived original of the prescription beside it.
    pub(super) fn seal_for(
        &self,
        kind: &str,
        to: &Pharmacy,
        body: &Value,
        of: &Prescription,
    ) -> Result<Vec<u8>, Fault> {
        let name = of.received().number.stream();
        let first = self.store.stream(&name)?.into_iter().next().ok_or_else(|| broken("the record is empty"))?;
        let archived = self.store.archive(first.seq)?.into_iter().next();
        let original = archived.and_then(|piece| match of.received().source.transferred_in() {
            // What came by transfer goes on with the original that came along, not with the file in which it came.
            Some(_) => theriac_pki::cms::verify_attached(&piece.bytes, &[])
                .ok()
                .and_then(|file| serde_json::from_slice::<Value>(file.content()).ok()?.get("original").cloned()),
            None => Some(json!({
                "bytes": STANDARD.encode(&piece.bytes),
                "media": piece.media,
                "seal": STANDARD.encode(&piece.seal),
            })),
        });
        let whole = json!({
            "body": body,
            "format": 1,
            "kind": kind,
            "original": original,
            "to": to.registration.map(|number| number.to_string()),
        });
        let text = canonical(&whole).map_err(broken)?;
        self.keys.pharmacy.sign_contents(&text, self.clock.now()).map_err(broken)
    }

    /// Opens what another pharmacy handed over.
    ///
    /// # Errors
    /// `PHARM-HANDED-OVER` for a file that is too long, is not sealed by a pharmacy's system, is for another pharmacy, or
    /// whose original is not what it says; the refusal of the signature or of its certificate's path.
    pub(super) fn open_sealed(&self, bytes: &[u8]) -> Result<Opened, Refusal> {
        if bytes.len() > SEALED_BYTES_MAX {
            return Err(refused("the file is longer than 8 MiB", "ask the other pharmacy for its file alone"));
        }
        let trusted = self.keys.partners.verify_attached(bytes, Judge::WhenSigned)?;
        if SystemRole::of(trusted.certificate()) != Some(SystemRole::Pharmacy) {
            let next = "ask the other pharmacy for the file that its own application wrote";
            return Err(refused("the file is not sealed by a pharmacy's application", next));
        }
        let sealed_by = trusted.certificate().subject().to_owned();
        let unreadable = |what: &str| {
            refused(format!("what was sealed cannot be read: {what}"), "ask the other pharmacy to hand it over again")
        };
        let whole: Value = serde_json::from_slice(trusted.content()).map_err(|_| unreadable("no JSON"))?;
        let read = Reader(&whole);
        let text = |field: &str| read.text(field).map_err(|error| unreadable(&error.to_string()));
        if read.whole("format").ok() != Some(1) {
            return Err(unreadable("another format"));
        }
        let to = text("to")?;
        if DeaNumber::parse(to).ok() != Some(self.pharmacy) {
            let what = format!("the file is for the pharmacy {to}");
            return Err(refused(what, "ask the other pharmacy to name this one's registration number"));
        }
        let kind = text("kind")?.to_owned();
        let body = read.get("body").cloned().ok_or_else(|| unreadable("no body"))?;
        Ok(Opened { kind, body, sealed_by })
    }
}

impl House {
    /// Whether what is handed over in the name of `from` is sealed under that pharmacy's own authority: another partner's seal is
    /// as good as none.
    ///
    /// # Errors
    /// `PHARM-HANDED-OVER` where no registration is named, the operator has named no authority for it, or another sealed.
    pub(super) fn sealed_by(&self, bytes: &[u8], from: Option<DeaNumber>) -> Result<(), Refusal> {
        let from = from.ok_or_else(|| {
            refused("the file names no registration of the pharmacy that sends it", "ask for it again, with the number")
        })?;
        let store = self.keys.sealing(from).ok_or_else(|| {
            let what = format!("nothing says under which authority the pharmacy {from} seals");
            refused(what, "let the operator put that pharmacy's authority into certificates/partners, under its number")
        })?;
        store.verify_attached(bytes, Judge::WhenSigned).map(|_| ()).map_err(|_| {
            let what = format!("the file says that it comes from {from}, and another pharmacy sealed it");
            refused(what, "call the pharmacy that is named, and report what came")
        })
    }
}

/// Whether the archived original that goes along is the one whose digest the body names.
pub(super) fn original_agrees(bytes: &[u8], named: ArchiveDigest) -> bool {
    // INVARIANT: only called with what `open_sealed` accepted, so that the content is at hand without its signature.
    let Some(original) =
        theriac_pki::cms::verify_attached(bytes, &[]).ok().and_then(|verified| original(verified.content()))
    else {
        return false;
    };
    ArchiveDigest(theriac_journal::hash::sha256(&original).0) == named
}

fn original(content: &[u8]) -> Option<Vec<u8>> {
    let whole: Value = serde_json::from_slice(content).ok()?;
    STANDARD.decode(whole.get("original")?.get("bytes")?.as_str()?).ok()
}
