//! Prescriptions of a website's customers: how the practitioner knows the patient is on record, and the standing of the
//! pharmacy is asked, before anything is dispensed on them (21 U.S.C. 829(e), 831).

use super::OnlineNow;
use super::record::TillEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use theriac_books::online::Activity;
use theriac_law::facts::{BoardNotice, Online, Prescription as Facts, Shipment};
use theriac_law::vocab::{self, Evaluation, Form, Word as _};
use theriac_law::{Moment, Question, Request, decide};
use theriac_model::{Actor, Element, Refusal};
use theriac_pharmacy::{Prescription, PrescriptionNumber, Source};

/// What the record of such a prescription is called in the file.
const CAME: &str = "by-internet";

/// A prescription that came by means of the Internet, as it was recorded last.
#[derive(Clone, Debug)]
pub(crate) struct ByInternet {
    pub(crate) number: String,
    /// How the practitioner came to know the patient.
    pub(crate) evaluation: Evaluation,
    /// What shows it.
    pub(crate) evidence: String,
    pub(crate) by: String,
}

/// Whether a prescription may be dispensed as far as the Internet has to do with it, with the stream that was read.
pub(crate) struct InternetStanding {
    pub(crate) answer: Result<(), Refusal>,
    pub(crate) stream: String,
    pub(crate) version: u64,
}

impl House {
    fn internet_stream(&self, number: &str) -> String {
        format!("online/{}/rx-{number}", self.pharmacy)
    }

    fn came_by_internet(&self, number: &str) -> Result<(Option<ByInternet>, u64), Fault> {
        let (events, version) = stream::<TillEvent>(&self.store, &self.internet_stream(number))?;
        let last = events.into_iter().rev().find_map(|event| match event {
            TillEvent::Noted { what, fields, by } if what == CAME => Some((Typed(fields), by)),
            _ => None,
        });
        let Some((fields, by)) = last else { return Ok((None, version)) };
        let evaluation = fields.law_word("evaluation")?;
        let evidence = fields.get("evidence").to_owned();
        Ok((Some(ByInternet { number: number.to_owned(), evaluation, evidence, by }), version))
    }

    /// Every prescription that came by means of the Internet, oldest first.
    pub(crate) fn by_internet(&self) -> Result<Vec<ByInternet>, Fault> {
        let mut all = Vec::new();
        for name in self.till_names("online")? {
            if let Some(number) = name.strip_prefix("rx-") {
                all.extend(self.came_by_internet(number)?.0);
            }
        }
        Ok(all)
    }

    /// Records that a prescription came by means of the Internet, and how the practitioner knows the patient. A later record
    /// replaces an earlier one.
    ///
    /// # Errors
    /// `PHARM-UNKNOWN` for a number that no prescription has; `FORM-FIELD`.
    pub(super) fn record_by_internet(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        let number = typed.text("number")?;
        let number = PrescriptionNumber::parse(&number).map_err(|_| {
            wrong("number", format!("{number:?} is no number of a prescription"), "copy it from the record")
        })?;
        self.dispensing_now(&number)?;
        let evaluation: Evaluation = typed.law_word("evaluation")?;
        let evidence = if evaluation == Evaluation::None { String::new() } else { typed.text("evidence")? };
        let fields = vec![("evaluation".to_owned(), evaluation.word().to_owned()), ("evidence".to_owned(), evidence)];
        let event = TillEvent::Noted { what: CAME.to_owned(), fields, by: actor.id.clone() };
        let name = self.internet_stream(&number.to_string());
        let (_, version) = stream::<TillEvent>(&self.store, &name)?;
        let by = self.in_stockroom(actor, self.clock.moment());
        Change::default().decided_on(&name, version).event(&by, &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Whether everything that came by means of the Internet, and this prescription, are electronic prescriptions: then the
    /// pharmacy is no online pharmacy.
    fn electronic_only(&self) -> Result<bool, Fault> {
        for one in self.by_internet()? {
            let Ok(number) = PrescriptionNumber::parse(&one.number) else { return Ok(false) };
            if !matches!(self.dispensing_now(&number)?.0.received().source, Source::Message(_)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What a pharmacy's standing lets it dispense on a prescription that came by means of the Internet.
    pub(crate) fn internet_standing(&self, prescription: &Prescription, at: Moment) -> Result<InternetStanding, Fault> {
        let number = prescription.received().number.to_string();
        let (came, version) = self.came_by_internet(&number)?;
        let stream = self.internet_stream(&number);
        let answer = match came {
            None => Ok(()),
            Some(came) => self.internet_answer(prescription, &came, at)?,
        };
        Ok(InternetStanding { answer, stream, version })
    }

    fn internet_answer(
        &self,
        prescription: &Prescription,
        came: &ByInternet,
        at: Moment,
    ) -> Result<Result<(), Refusal>, Fault> {
        let now = self.online()?;
        let mut online = Online::new();
        online.modified_registration = modified(&now, at);
        let mut shipment = Shipment::new();
        shipment.evaluation = Some(came.evaluation);
        if !online.modified_registration && self.electronic_only()? {
            online.activities = vec![vocab::Activity::ElectronicPrescriptions];
        } else {
            let own = self.registration()?.get("state").to_owned();
            shipment.from = (!own.is_empty()).then_some(own);
            shipment.to = prescription.current().get(Element::PatientState).map(str::to_owned);
            shipment.applied = now.registration.applied();
            for (state, one) in &now.states {
                if one.licence.as_ref().is_some_and(|(_, until)| at.date() <= *until) {
                    shipment.licensed.push(state.clone());
                }
                let mut board = BoardNotice::new(state.clone());
                board.notified = one.told;
                shipment.boards.push(board);
            }
        }
        let face = prescription.face();
        let form = match prescription.received().source {
            Source::Message(_) => Form::Electronic,
            _ => Form::Paper,
        };
        let facts = Facts::new(face.schedule.into(), form, face.issued, 1);
        let question = Question::new(at, Request::OnlineDispense {}).about(facts).with(|all| {
            all.online = online;
            all.shipment = Some(Box::new(shipment));
        });
        let decision = decide(&self.profile, &question).map_err(|missing| Fault::Broken(missing.action.to_string()))?;
        Ok(decision.into_result().map(|_| ()))
    }
}

/// Whether the registration is modified for the Internet on that day.
fn modified(now: &OnlineNow, at: Moment) -> bool {
    let online = now.registration.activities().contains(&Activity::Online);
    online && now.reverted.is_none_or(|reverted| at.date() < reverted)
}
