//! What the desk prints: the replacement of a prescription that was never delivered, a labelled copy, the medication list.
//! Each print is recorded before the paper is handed out.

use super::{broken, prescription_stream};
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, read};
use jiff::Timestamp;
use serde_json::{Value, json};
use theriac_model::json::Reader;
use theriac_model::{Actor, Element, Refusal, Role};
use theriac_paper::papers::{FailedTransmission, PaperPrescription, RecordCopy, Service};
use theriac_prescriber::{Event, Prescription};
use theriac_store::JobId;

/// A patient's medication list was printed.
struct ListPrinted {
    patient: String,
}

impl Recorded for ListPrinted {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "chart.list-printed"
    }

    fn body(&self) -> Value {
        json!({"patient": self.patient})
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        if kind != "chart.list-printed" {
            return Err("another kind".to_owned());
        }
        let patient = Reader(body).text("patient").map_err(|error| error.to_string())?;
        Ok(Self { patient: patient.to_owned() })
    }
}

impl House {
    /// Records that a signed prescription could not be sent, and finishes the job that tried: it is void.
    pub(crate) fn transmission_failed(&self, id: &str, reason: &str, job: JobId) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let event = match now {
            Prescription::Transmitted(sent, _) => sent.failed(reason.to_owned()),
            other => other.into_transmittable()?.failed(reason.to_owned()),
        };
        let program = crate::house::program();
        let name = prescription_stream(id);
        Change::default()
            .decided_on(&name, version)
            .event(&self.by(&program, ""), &name, &event)?
            .finishes(job)
            .commit(&self.store)?;
        Ok(())
    }

    /// Issues a paper prescription: in the place of one that was never delivered, or of one that is ready, which ends as a
    /// draft. The latter asks neither token nor clearance: paper is open whatever closes electronic prescribing. Answers its
    /// number.
    ///
    /// # Errors
    /// By anyone but the practitioner; for a prescription at another stage, with the reason.
    pub(crate) fn issue_on_paper(&self, by: &Actor, id: &str) -> Result<String, Fault> {
        let (now, version) = self.prescription_now(id)?;
        let ready = match now {
            Prescription::Ready(_) | Prescription::Reviewed(_) => now.into_ready()?,
            _ => return self.replace_on_paper(by, id),
        };
        let paper = Self::fresh_id("P")?;
        let (ended, issued) = ready.on_paper(by, self.clock.moment().date())?;
        let (old, new) = (prescription_stream(id), prescription_stream(&paper));
        Change::default()
            .decided_on(&old, version)
            .decided_on(&new, 0)
            .event(&self.by(by, ""), &old, &ended)?
            .event(&self.by(by, ""), &new, &issued)?
            .commit(&self.store)?;
        Ok(paper)
    }

    /// Issues the paper prescription that replaces one which was never delivered; answers its number.
    ///
    /// # Errors
    /// By anyone but the practitioner; for one that did not fail; a second time.
    fn replace_on_paper(&self, by: &Actor, id: &str) -> Result<String, Fault> {
        let (now, version) = self.prescription_now(id)?;
        let pharmacy = match &now.routing().pharmacy {
            own if *own == self.config.pharmacy.ncpdp => format!("{}, NCPDP {own}", self.config.pharmacy.name),
            other => format!("the pharmacy with NCPDP number {other}"),
        };
        let paper = Self::fresh_id("P")?;
        let sent = self.signed_at(id)?;
        let today = self.clock.moment().date();
        let (replaced, issued) = now.into_failed()?.replace(by, &paper, pharmacy, sent, today)?;
        let (old, new) = (prescription_stream(id), prescription_stream(&paper));
        Change::default()
            .decided_on(&old, version)
            .decided_on(&new, 0)
            .event(&self.by(by, ""), &old, &replaced)?
            .event(&self.by(by, ""), &new, &issued)?
            .commit(&self.store)?;
        Ok(paper)
    }

    /// When the prescription was signed, and so handed over to be sent.
    fn signed_at(&self, id: &str) -> Result<Timestamp, Fault> {
        let entries = self.store.stream(&prescription_stream(id))?;
        let signed = entries.iter().find(|entry| entry.kind == "prescription.signed");
        let signed = signed.ok_or_else(|| broken("the prescription was never signed"))?;
        Timestamp::from_millisecond(signed.at_ms).map_err(broken)
    }

    /// Prints a paper prescription for the signature by hand, as a PDF.
    ///
    /// # Errors
    /// By anyone but the practitioner named on it; for one that is not on paper, with the reason of its stage.
    pub(crate) fn print_paper(&self, by: &Actor, id: &str) -> Result<Vec<u8>, Fault> {
        let (now, version) = self.prescription_now(id)?;
        let paper = match now {
            Prescription::Paper(paper) => paper,
            sent @ Prescription::Transmitted(..) => {
                sent.into_printable()?;
                return Err(broken("a transmitted prescription was printable"));
            }
            other => other.into_paper()?,
        };
        let printed = paper.print(by)?;
        let document = PaperPrescription {
            number: paper.id().to_owned(),
            contents: paper.contents().clone(),
            service: paper.contents().exempt_branch().map(|branch| Service {
                branch: branch.plain().to_owned(),
                // The prescription itself bears the number in full; nothing else that is printed does.
                number: paper.contents().get(Element::ServiceId).unwrap_or_default().to_owned(),
            }),
            replaces: paper.replaces().map(|replaces| FailedTransmission {
                prescription: replaces.prescription.clone(),
                pharmacy: replaces.pharmacy.clone(),
                sent: self.clock.wall(replaces.sent),
                reason: replaces.reason.clone(),
            }),
        };
        let pdf = document.paper(&self.issue(self.clock.now(), None)).print().map_err(|refusal| *refusal)?.pdf;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &printed)?.commit(&self.store)?;
        Ok(pdf)
    }

    /// Prints a copy of a prescription that was sent, labelled as one, as a PDF.
    ///
    /// # Errors
    /// Where the profile has no room for copies; before it was sent.
    pub(crate) fn print_copy(&self, by: &Actor, id: &str) -> Result<Vec<u8>, Fault> {
        let (now, version) = self.prescription_now(id)?;
        let copied = now.print_copy(by, &self.profile, self.clock.moment().date())?;
        let about = self.patient(&now.routing().patient)?.map_or_else(String::new, |patient| patient.name.full());
        let copy =
            RecordCopy { about, prescriptions: vec![(id.to_owned(), now.contents().masked(), now.stage().to_owned())] };
        let pdf = copy.paper(&self.issue(self.clock.now(), None)).print().map_err(|refusal| *refusal)?.pdf;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &copied)?.commit(&self.store)?;
        Ok(pdf)
    }

    /// Prints a patient's medication list, which is no prescription, as a PDF.
    ///
    /// # Errors
    /// A patient who is not on the cards; by anyone but the practice.
    pub(crate) fn print_medications(&self, by: &Actor, patient: &str) -> Result<Vec<u8>, Fault> {
        if !matches!(by.role, Role::Prescriber | Role::Agent) {
            let next = "ask the practice for it";
            return Err(
                Refusal::new("PRACTICE-CARD-ROLE", "21 CFR 1306.05(f)", "the practice prints its lists", next).into()
            );
        }
        let Some(card) = self.patient(patient)? else {
            let next = "choose one from the practice's list";
            return Err(Refusal::new("RX-DRAFT-PATIENT", "-", "there is no such patient", next)
                .about("patient")
                .into());
        };
        let prescriptions = self
            .of_patient(by, &card.id)?
            .into_iter()
            .map(|(id, now)| (id, now.contents().masked(), now.stage().to_owned()))
            .collect();
        let list = RecordCopy { about: format!("{}, born {}", card.name.full(), card.born), prescriptions };
        let pdf = list.paper(&self.issue(self.clock.now(), None)).print().map_err(|refusal| *refusal)?.pdf;
        let printed = ListPrinted { patient: card.id.clone() };
        let name = format!("chart/{}", card.id);
        Change::default().event(&self.by(by, ""), &name, &printed)?.commit(&self.store)?;
        Ok(pdf)
    }

    /// Prescriptions written for a patient, newest first: a practitioner sees their own, an agent all of the practice.
    pub(crate) fn of_patient(&self, by: &Actor, patient: &str) -> Result<Vec<(String, Prescription)>, Fault> {
        const MOST: u32 = 200;
        let sql = format!(
            "SELECT id, practitioner FROM prescriptions WHERE patient = $1 ORDER BY drafted_seq DESC LIMIT {MOST}"
        );
        let mut found = Vec::new();
        for row in self.store.query(&sql, &[patient.into()])? {
            if by.role == Role::Prescriber && row.text(1)? != by.id {
                continue;
            }
            let id = row.text(0)?.to_owned();
            let entries = self.store.stream(&prescription_stream(&id))?;
            let events = entries.iter().map(read::<Event>).collect::<Result<Vec<_>, _>>()?;
            found.push((id.clone(), Prescription::replay(&id, &events).map_err(broken)?));
        }
        Ok(found)
    }
}
