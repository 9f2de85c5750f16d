//! What the desk of enrolment asks and does: the review, the file of the document, and the separation of duties by name.

use super::NotDone;
use crate::house::House;
use crate::house::record::{Change, Fault, read};
use crate::practice::signer_stream;
use jiff::civil::Date;
use theriac_model::{Actor, DeaNumber, Edition, Refusal, RegistrationKey};
use theriac_prescriber::enrolment::{EnrolmentEvent, Intended, Review, Rules};
use theriac_prescriber::proofing::{Document, Upload, same_name};
use theriac_prescriber::registrants::{Found, Snapshot};
use theriac_prescriber::{AccessEvent, Signer};
use theriac_store::NewPiece;

/// The longest file of a document, in bytes, inclusive: what the core takes.
pub(crate) const SCAN_BYTES_MAX: usize = 16 * 1024 * 1024;
const PROOFING: &str = "73 FR 36722, proposed 21 CFR 1311.105";

/// A file that was archived with a document.
#[derive(Debug)]
pub(crate) struct Scan {
    pub(crate) media: String,
    pub(crate) bytes: Vec<u8>,
    /// The file's name to save it under.
    pub(crate) name: String,
}

/// What a file is by its first bytes; its name and its sender's word count for nothing.
fn media_of(bytes: &[u8]) -> &'static str {
    const KNOWN: [(&[u8], &str); 5] = [
        (b"%PDF-", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"II*\0", "image/tiff"),
        (b"MM\0*", "image/tiff"),
    ];
    KNOWN.iter().find(|(begins, _)| bytes.starts_with(begins)).map_or("unknown", |(_, media)| media)
}

/// No set was ever imported: what a review says in the place of the age of the data.
fn no_data() -> Refusal {
    Refusal::new(
        "RX-REGISTRANT-NONE",
        "73 FR 36722, 36742; proposed 21 CFR 1311.135(c)",
        "no registrant data was ever imported here",
        "import the registrant data that DEA issued last: theriac import registrants FILE",
    )
    .under(Edition::Proposed2008)
}

impl House {
    /// What is known of the registrations that an enrolment names, and of `also`: what was imported last, or in a
    /// demonstration, before the first import, the rows that it was set up with.
    pub(crate) fn known_data(
        &self,
        signer: &Signer,
        also: impl IntoIterator<Item = DeaNumber>,
    ) -> Result<Option<Snapshot>, Fault> {
        let enrolment = signer.enrolment();
        let applied = enrolment.application().into_iter().flat_map(|application| &application.intends);
        let hospital =
            enrolment.document().and_then(|document| DeaNumber::parse(document.entity.registration.trim()).ok());
        let mut numbers: Vec<DeaNumber> =
            applied.filter_map(|one| one.registration.number()).chain(hospital).chain(also).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let imported = self.registrant_data(numbers.iter().copied())?;
        Ok(imported.or_else(|| self.listed_data(&numbers)))
    }

    /// As [`House::known_data`].
    ///
    /// # Errors
    /// `RX-REGISTRANT-NONE` where there is none.
    pub(crate) fn data_for(
        &self,
        signer: &Signer,
        also: impl IntoIterator<Item = DeaNumber>,
    ) -> Result<Snapshot, Fault> {
        Ok(self.known_data(signer, also)?.ok_or_else(no_data)?)
    }

    /// Everything that is missing in an enrolment today.
    pub(crate) fn review_enrolment(&self, signer: &Signer, rules: &Rules<'_>) -> Result<Review, Fault> {
        if let Some(data) = self.known_data(signer, None)? {
            return Ok(signer.review(rules, &data));
        }
        // Without data nothing is known of any registration: that is one thing to say, and not one for each of them.
        let mut review = signer.review(rules, &Snapshot::new(Date::MIN));
        let unknown = |refusal: &Refusal| {
            matches!(refusal.code.0, "RX-REGISTRANT-STALE" | "RX-REGISTRANT-ABSENT" | "RX-PROOF-HOSPITAL")
        };
        review.general.retain(|refusal| !unknown(refusal));
        review.general.push(no_data());
        for place in &mut review.places {
            place.missing.retain(|refusal| !unknown(refusal));
        }
        Ok(review)
    }

    /// Enters what stands on a proofing document. A file that was uploaded before stays with it.
    pub(crate) fn enter_elements(&self, by: &Actor, person: &str, document: Document) -> Result<(), NotDone> {
        self.steps(by, person, |signer| {
            let upload = signer.enrolment().document().and_then(|former| former.upload.clone());
            Ok(vec![signer.enter_document(by, Document { upload, ..document }).map_err(only)?])
        })
    }

    /// Archives and seals the document's file, as it came, with the entry that names it.
    pub(crate) fn enter_scan(&self, by: &Actor, person: &str, bytes: Vec<u8>) -> Result<(), NotDone> {
        let (signer, version) = self.signer(person)?;
        let next = "enter what stands on the document first, then upload it";
        let what = "what stands on the document was not entered yet";
        let refusal = Refusal::new("RX-PROOF-NO-DOCUMENT", PROOFING, what, next).under(Edition::Proposed2008);
        let document = signer.enrolment().document().cloned().ok_or(refusal)?;
        let media = media_of(&bytes).to_owned();
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        let upload = Upload { digest, media: media.clone(), bytes: bytes.len() as u64 };
        let document = Document { upload: Some(upload), ..document };
        let provider = self.provider();
        let problems = theriac_prescriber::proofing::problems(&document, "", &self.rules(&provider));
        if let Some(refusal) = problems.general.into_iter().find(|refusal| refusal.field.as_deref() == Some("upload")) {
            return Err(refusal.into());
        }
        let event = signer.enter_document(by, document)?;
        let seal = self.keys.prescriber.seal(&bytes, self.clock.now());
        let seal = seal.map_err(|error| Fault::Broken(error.to_string()))?;
        let name = signer_stream(person);
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(by, ""), &name, &event, vec![NewPiece { media, bytes, seal }])?
            .commit(&self.store)?;
        Ok(())
    }

    /// Accepts the document: not by somebody of the name that proofed.
    pub(crate) fn accept_document(&self, by: &Actor, person: &str) -> Result<(), NotDone> {
        let provider = self.provider();
        let rules = self.rules(&provider);
        self.steps(by, person, |signer| {
            self.apart_from_proofing(by, signer).map_err(only)?;
            Ok(vec![signer.accept_document(by, &rules)?])
        })
    }

    /// 73 FR 36740: whoever saw the practitioner in person has no part in the enrolment.
    fn apart_from_proofing(&self, by: &Actor, signer: &Signer) -> Result<(), Refusal> {
        let own = self.full_name(&by.id);
        let proofed = signer.enrolment().proofers().any(|proofer| same_name(proofer, &own));
        if !proofed {
            return Ok(());
        }
        let what =
            format!("{own} proofed this practitioner and is {} here; the two duties do not lie in one hand", by.role);
        let next = "let another operator, who did not proof the practitioner, accept the document";
        Err(Refusal::new("RX-PROOF-SEPARATION", "73 FR 36722, 36740-36741", what, next)
            .under(Edition::Proposed2008)
            .about("proofer"))
    }

    /// Compares a registration applied for with the data in use.
    pub(crate) fn look_up_registration(&self, by: &Actor, person: &str, of: RegistrationKey) -> Result<(), NotDone> {
        let provider = self.provider();
        let rules = self.rules(&provider);
        let (signer, _) = self.signer(person)?;
        let data = match (self.known_data(&signer, None)?, of) {
            (Some(data), _) => data,
            // Of an exempt official the data knows nothing: none is needed.
            (None, RegistrationKey::Branch(_)) => Snapshot::new(rules.today),
            (None, RegistrationKey::Number(_)) => return Err(no_data().into()),
        };
        self.steps(by, person, |signer| {
            let intended = applied_for(signer, of).map_err(only)?;
            signer.check_registration(by, intended, &data, &rules).map_err(only)
        })
    }

    /// Explains why the name in the data in use is the applicant's.
    pub(crate) fn explain_name(
        &self,
        by: &Actor,
        person: &str,
        of: RegistrationKey,
        reason: &str,
    ) -> Result<(), NotDone> {
        let number = of.number().ok_or_else(|| {
            let what = format!("{of} has no name in the registrant data");
            Refusal::new("RX-REGISTRANT-ABSENT", PROOFING, what, "there is no difference to explain")
        })?;
        let (signer, _) = self.signer(person)?;
        let data = self.data_for(&signer, None)?;
        self.steps(by, person, |signer| {
            applied_for(signer, of).map_err(only)?;
            let Found::Row(row) = data.look_up(number) else {
                let what = format!("{number} is not in the registrant data of {}", data.issued());
                let refusal = Refusal::new(
                    "RX-REGISTRANT-ABSENT",
                    PROOFING,
                    what,
                    "correct the number, or import data that holds it",
                );
                return Err(vec![refusal.under(Edition::Proposed2008).about("registration")]);
            };
            Ok(vec![signer.resolve_name(by, number, &row.name, reason).map_err(only)?])
        })
    }

    /// The file of the document that is on file now.
    pub(crate) fn scan(&self, person: &str) -> Result<Option<Scan>, Fault> {
        let (signer, _) = self.signer(person)?;
        let Some(upload) = signer.enrolment().document().and_then(|document| document.upload.clone()) else {
            return Ok(None);
        };
        for entry in self.store.stream(&signer_stream(person))?.iter().rev() {
            if entry.kind != "enrolment.document-entered" {
                continue;
            }
            let names_it = matches!(read::<AccessEvent>(entry)?, AccessEvent::Enrolment(EnrolmentEvent::DocumentEntered { document, .. }) if document.upload.as_ref() == Some(&upload));
            if !names_it {
                continue;
            }
            let pieces = self.store.archive(entry.seq)?;
            let digest = |bytes: &[u8]| theriac_journal::hash::sha256(bytes).to_hex();
            if let Some(piece) = pieces.into_iter().find(|piece| digest(&piece.bytes) == upload.digest) {
                let ending = upload.media.rsplit('/').next().unwrap_or("bin").to_owned();
                let name = format!("proofing-{person}-{}.{ending}", entry.seq);
                return Ok(Some(Scan { media: upload.media, bytes: piece.bytes, name }));
            }
        }
        Ok(None)
    }
}

fn only(refusal: Refusal) -> Vec<Refusal> {
    vec![refusal]
}

fn applied_for(signer: &Signer, number: RegistrationKey) -> Result<&Intended, Refusal> {
    let application = signer.enrolment().application();
    let found =
        application.and_then(|application| application.intends.iter().find(|one| one.registration.key() == number));
    found.ok_or_else(|| {
        let what = format!("the practitioner did not apply for {number}");
        let next = "open an application that names it, with its State";
        Refusal::new("RX-ENROL-PLACE", PROOFING, what, next).under(Edition::Proposed2008).about("registration")
    })
}

#[cfg(test)]
mod tests {
    use super::media_of;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        for (bytes, media) in [
            (&b"%PDF-1.7\n"[..], "application/pdf"),
            (b"\x89PNG\r\n\x1a\nIHDR", "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"II*\0..", "image/tiff"),
            (b"MM\0*..", "image/tiff"),
            (b"<html>%PDF-", "unknown"),
            (b"", "unknown"),
            (b"%PDF", "unknown"),
        ] {
            assert_eq!(media_of(bytes), media, "{bytes:?}");
        }
    }
}
