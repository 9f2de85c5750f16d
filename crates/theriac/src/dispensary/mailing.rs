//! Parcels: a filling that goes by mail, with what was confirmed of it, and for another country the papers of the export
//! (Pharmacist's Manual 2010, sections X and XIII).

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, read};
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Refusal};
use theriac_paper::{Document, PageSize};
use theriac_pharmacy::{Answered, Destination, Export, FillingState, Parcel, PrescriptionNumber};

/// The paper without which nothing goes abroad (21 CFR part 1312).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ExportPaper {
    /// The registration as an exporter.
    pub(crate) exporter: DeaNumber,
    /// `permit` or `declaration`.
    pub(crate) kind: String,
    pub(crate) number: String,
    pub(crate) dated: Date,
}

/// A parcel as the person who packed it entered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    pub(crate) recipient: String,
    /// The address, a line each.
    pub(crate) address: Vec<String>,
    /// The country, where it is another one.
    pub(crate) country: Option<String>,
    pub(crate) inner_marked: Answered,
    pub(crate) inner_sealed: Answered,
    pub(crate) outside_plain: Answered,
    pub(crate) harmless: Answered,
    pub(crate) export: Option<ExportPaper>,
}

/// `mail.sent`: what left, and what was confirmed. Who and when stand in the entry's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MailSent {
    pub(crate) no: u32,
    pub(crate) packed: Packed,
}

/// A parcel as the record shows it.
pub(crate) struct Mailed {
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) sent: MailSent,
}

const CITE: &str = "39 CFR 111; Pharmacist's Manual 2010, section XIII";

impl Recorded for MailSent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "mail.sent"
    }

    fn body(&self) -> Value {
        let packed = &self.packed;
        let confirmed = [
            ("inner-marked", packed.inner_marked),
            ("inner-sealed", packed.inner_sealed),
            ("outside-plain", packed.outside_plain),
            ("harmless", packed.harmless),
        ];
        let confirmed: Vec<&str> =
            confirmed.iter().filter(|(_, answer)| *answer == Answered::Yes).map(|(word, _)| *word).collect();
        json!({
            "address": packed.address,
            "confirmed": confirmed,
            "country": packed.country,
            "export": packed.export.as_ref().map(|paper| json!({
                "dated": paper.dated.to_string(),
                "exporter": paper.exporter.as_str(),
                "kind": paper.kind,
                "number": paper.number,
            })),
            "no": self.no,
            "recipient": packed.recipient,
        })
    }

    fn read(_kind: &str, body: &Value) -> Result<Self, String> {
        read_sent(Reader(body)).map_err(|error| error.to_string())
    }
}

fn read_sent(body: Reader<'_>) -> Result<MailSent, BadField> {
    let bad = |field: &str| BadField { field: field.to_owned(), expected: "a parcel" };
    let texts = |field: &str| -> Result<Vec<String>, BadField> {
        body.list(field)?
            .iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect::<Option<_>>()
            .ok_or_else(|| bad(field))
    };
    let confirmed = texts("confirmed")?;
    let said = |word: &str| if confirmed.iter().any(|one| one == word) { Answered::Yes } else { Answered::No };
    let export = match body.get("export").filter(|export| !export.is_null()) {
        None => None,
        Some(export) => {
            let export = Reader(export);
            Some(ExportPaper {
                exporter: export.parsed("exporter", "a DEA number", |text| DeaNumber::parse(text).ok())?,
                kind: export.text("kind")?.to_owned(),
                number: export.text("number")?.to_owned(),
                dated: export.parsed("dated", "a date", |text| text.parse().ok())?,
            })
        }
    };
    Ok(MailSent {
        no: u32::try_from(body.whole("no")?).map_err(|_| bad("no"))?,
        packed: Packed {
            recipient: body.text("recipient")?.to_owned(),
            address: texts("address")?,
            country: body.maybe_text("country")?.map(str::to_owned),
            inner_marked: said("inner-marked"),
            inner_sealed: said("inner-sealed"),
            outside_plain: said("outside-plain"),
            harmless: said("harmless"),
            export,
        },
    })
}

fn stream_of(number: &PrescriptionNumber) -> String {
    format!("mail/{number}")
}

fn refused(what: impl Into<String>, next: &'static str, field: &'static str) -> Fault {
    Refusal::new("PHARM-MAIL", CITE, what.into(), next).about(field).into()
}

const fn answer(holds: bool) -> Answered {
    if holds { Answered::Yes } else { Answered::No }
}

impl House {
    /// Mails filling `no`: prescription, books and the parcel's record in one transaction.
    ///
    /// # Errors
    /// `PHARM-MAIL` without an address; the refusals of [`theriac_pharmacy::Prescription::mail`], recorded with the prescription.
    pub(crate) fn mail(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        packed: &Packed,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        if packed.address.is_empty() || packed.address.iter().map(String::len).sum::<usize>() > 500 {
            return Err(refused("the address is missing, or too long", "enter street and place", "address"));
        }
        let (prescription, version) = self.dispensing_now(number)?;
        let own = &self.config.pharmacy;
        // An exporter's number that the registrant data does not hold as valid today is none.
        let exporter = packed.export.as_ref().and_then(|paper| self.registrant_row(paper.exporter));
        let valid = exporter.is_some_and(|row| row.status == "valid" && row.expires >= at.date());
        let paper = packed.export.as_ref().is_some_and(|paper| {
            matches!(paper.kind.as_str(), "permit" | "declaration")
                && !paper.number.trim().is_empty()
                && paper.dated <= at.date()
        });
        let parcel = Parcel {
            recipient: packed.recipient.clone(),
            to: if packed.country.is_some() { Destination::Abroad } else { Destination::Domestic },
            inner_marked: packed.inner_marked,
            inner_sealed: packed.inner_sealed,
            outside_plain: packed.outside_plain,
            harmless: packed.harmless,
            dispenser_named: answer(!own.name.trim().is_empty() && !own.address.trim().is_empty()),
            export: Export { exporter: answer(valid), paper: answer(paper) },
        };
        let (person, premises) = (self.pharmacy_person(actor), self.premises()?);
        let decided = self
            .gate_for(&prescription)?
            .and_then(|()| prescription.mail(&self.profile, no, &parcel, premises, &person, at));
        let moved = match decided {
            Ok(moved) => moved,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "mail", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let (name, by) = (number.stream(), self.at_the_counter(actor, at));
        let mut change = Change::default().decided_on(&name, version);
        for event in &moved.events {
            change = change.event(&by, &name, event)?;
        }
        let sent = MailSent { no, packed: packed.clone() };
        change = change.event(&by, &stream_of(number), &sent)?;
        self.posting(change, &by, &moved.movement, None)?.0.commit(&self.store)?;
        Ok(())
    }

    /// The parcels of a prescription, oldest first.
    pub(crate) fn mailed(&self, number: &PrescriptionNumber) -> Result<Vec<Mailed>, Fault> {
        let entries = self.store.stream(&stream_of(number))?;
        let kept = entries.iter().filter(|entry| entry.body_bytes().is_some());
        kept.map(|entry| {
            let step = self.step(entry);
            Ok(Mailed { at: step.at, who: step.who, sent: read(entry)? })
        })
        .collect()
    }

    /// The label for the outer container: where it goes and where it comes from, and nothing that tells what is inside: not
    /// even the pharmacy's name.
    pub(crate) fn outer_label(&self, mailed: &Mailed) -> Document {
        let packed = &mailed.sent.packed;
        let now = self.clock.now();
        let mut label = Document::label(PageSize::LABEL_4_BY_2, "Address", "", now);
        label = label.standing(self.pharmacy_issue(self.clock.moment()).standing);
        label.paragraph(format!("From: {}", self.config.pharmacy.address));
        label.strong(packed.recipient.clone());
        for line in packed.address.iter().chain(&packed.country) {
            label.strong(line.clone());
        }
        label
    }

    /// The fillings of a prescription that wait to be collected or mailed.
    pub(crate) fn waiting_fillings(&self, number: &PrescriptionNumber) -> Result<Vec<(u32, String)>, Fault> {
        let (prescription, _) = self.dispensing_now(number)?;
        let waiting = prescription
            .fillings()
            .iter()
            .filter(|filling| filling.central.is_none() && matches!(filling.state, FillingState::Filled));
        Ok(waiting
            .map(|filling| (filling.no, format!("{}: {}", filling.no, crate::showing::in_words(&filling.quantity))))
            .collect())
    }
}
