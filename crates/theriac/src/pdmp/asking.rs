//! Asking a programme about a patient before something is dispensed, and the sign of several prescribers or pharmacies.

use super::class::class_of;
use super::event::{AskedOf, Elsewhere, PdmpEvent, about};
use super::programme::{Covers, Programme};
use super::record::whole_days;
use super::refuse;
use super::report::in_words;
use super::table::patient_key;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::watch::Placed;
use jiff::ToSpan as _;
use jiff::civil::Date;
use std::collections::BTreeSet;
use theriac_law::facts::{Monitoring, Screen};
use theriac_law::vocab::{DrugClass, NeedToKnow, Reader, Residence};
use theriac_law::{Answer, Moment, Profile, Question, Request, Verdict, decide};
use theriac_model::{Actor, Element, Refusal, Registration};
use theriac_pharmacy::{Area, DrugFor, Event, Look, MonitoringCheck, Prescription, PrescriptionNumber, RaisedFlag};
use theriac_store::NewPiece;

/// How long a look serves, in elapsed seconds: a day. A house choice; what the programme knew yesterday may have changed.
const LOOK_SERVES_SECONDS: i64 = 24 * 60 * 60;
/// Days that a supply counts whose days nobody knows: the usual month, which finds more overlaps than fewer days would.
const DAYS_UNKNOWN: u16 = 30;
/// Lines of an answer that are taken over at most.
const ELSEWHERE_MOST: usize = 500;
/// Bytes of an answer that are kept at most.
const KEPT_MOST: usize = 256 * 1024;

/// Whether the programme's answer is kept with the question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is not: only the conclusion is.
    Conclusion,
    /// The lines `filled,drug,days,prescriber,pharmacy` that were taken over from it.
    Lines(String),
}

/// A question as somebody puts it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Asking {
    pub(crate) state: String,
    pub(crate) purpose: String,
    pub(crate) found: String,
    pub(crate) answer: Kept,
}

/// One supply of the class, ours or another pharmacy's.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Supplied {
    pub(crate) filled: Date,
    /// The last day it lasts.
    pub(crate) until: Date,
    pub(crate) drug: String,
    /// DEA number, or what the programme calls the prescriber.
    pub(crate) prescriber: String,
    pub(crate) pharmacy: String,
    /// The prescription here; empty for what the programme told.
    pub(crate) number: String,
}

/// Who wrote and who dispensed the same class for one patient, for days that overlap those of a prescription.
pub(crate) struct Signal {
    pub(crate) class: DrugClass,
    pub(crate) prescribers: u64,
    pub(crate) pharmacies: u64,
    pub(crate) supplied: Vec<Supplied>,
    /// What the rulebook makes of it.
    pub(crate) raised: Vec<RaisedFlag>,
}

/// What a filling has to know of the programme.
pub(crate) struct Monitored {
    /// The look and the circumstances; `None` where no programme is entered and nobody looked.
    pub(crate) check: Option<MonitoringCheck>,
    /// The law with the State's programme over it.
    pub(crate) profile: Profile,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn line_refused(ordinal: usize, what: &str) -> Refusal {
    let what = format!("line {ordinal} of the answer {what}");
    refuse("PDMP-ANSWER-LINE", what, "write each supply as filled,drug,days,prescriber,pharmacy, such as 2026-02-20,Oxycodone,30,AB1234563,FT1234563")
        .about("answer")
}

/// Reads the lines taken over from a programme's answer.
fn supplies(text: &str) -> Result<Vec<Elsewhere>, Refusal> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let ordinal = at + 1;
        if found.len() == ELSEWHERE_MOST {
            return Err(line_refused(ordinal, "is one too many; 500 can be taken over"));
        }
        let cells: Vec<&str> = line.split(',').map(str::trim).collect();
        let [filled, drug, days, prescriber, pharmacy] = cells.as_slice() else {
            return Err(line_refused(ordinal, "does not have five parts"));
        };
        if drug.is_empty() || prescriber.is_empty() || pharmacy.is_empty() || line.chars().any(char::is_control) {
            return Err(line_refused(ordinal, "names no drug, prescriber or pharmacy"));
        }
        let days: u16 = days
            .parse()
            .ok()
            .filter(|days| (1..=365).contains(days))
            .ok_or_else(|| line_refused(ordinal, "does not say for how many days, 1 to 365"))?;
        found.push(Elsewhere {
            filled: filled.parse().map_err(|_| line_refused(ordinal, "has no day such as 2026-02-20"))?,
            drug: (*drug).to_owned(),
            days,
            prescriber: (*prescriber).to_owned(),
            pharmacy: (*pharmacy).to_owned(),
        });
    }
    Ok(found)
}

fn last_day(filled: Date, days: u16) -> Date {
    filled.checked_add((i64::from(days.max(1)) - 1).days()).unwrap_or(filled)
}

impl House {
    /// Records that a programme was asked about the patient of a prescription: by whom, why, and what came of it. Signs that
    /// show in our own books and in what was taken over are recorded with it.
    ///
    /// # Errors
    /// `PDMP-WORDS`, `PDMP-ANSWER-LINE`, `PDMP-NO-PROGRAMME`, or the rulebook's refusal to let this person see the data.
    pub(crate) fn asked_programme(
        &self,
        by: &Actor,
        number: &PrescriptionNumber,
        asking: &Asking,
    ) -> Result<Vec<RaisedFlag>, Fault> {
        let at = self.clock.moment();
        let programme = self.programme(&asking.state)?;
        self.may_see(&programme, by, at)?;
        let (rx, version) = self.dispensing_now(number)?;
        let (purpose, found) = (in_words("purpose", &asking.purpose)?, in_words("found", &asking.found)?);
        let (elsewhere, pieces) = match &asking.answer {
            Kept::Conclusion => (Vec::new(), Vec::new()),
            Kept::Lines(text) if text.len() > KEPT_MOST => {
                return Err(line_refused(1, "begins a text that is too long").into());
            }
            Kept::Lines(text) => {
                let bytes = text.clone().into_bytes();
                (supplies(text)?, vec![NewPiece { media: "text/csv".to_owned(), bytes, seal: Vec::new() }])
            }
        };
        let kept = pieces.first().map(|piece| theriac_journal::hash::sha256(&piece.bytes).to_hex());
        let signal = self.signal_with(&rx, &elsewhere, at)?;
        let state = asking.state.clone();
        let asked = AskedOf { number: number.to_string(), state, purpose, found, kept, elsewhere };
        let event = PdmpEvent::Asked(Box::new(asked));
        let who = self.at_the_pharmacy(by);
        let mut change = Change::default().with_pieces(&who, &event.stream(), &event, pieces)?;
        if !signal.raised.is_empty() {
            let screened = rx.screen(&self.profile, &self.pharmacy_person(by), at, &signal.screen());
            if let Ok(events) = screened {
                let name = number.stream();
                change = change.decided_on(&name, version);
                for event in &events {
                    change = change.event(&who, &name, event)?;
                }
            }
        }
        change.commit(&self.store)?;
        Ok(signal.raised)
    }

    /// Whether this person may see a programme's data here: pharmacists, and those of another State where it allows that.
    fn may_see(&self, programme: &Programme, by: &Actor, at: Moment) -> Result<(), Fault> {
        let reader = match by.role {
            theriac_model::Role::Pharmacist => Reader::Pharmacist,
            _ => Reader::Unauthorized,
        };
        let from = if programme.address.state == programme.state.as_str() {
            Residence::InState
        } else {
            Residence::OutOfState
        };
        // Whoever could ask the programme of another State was let in by it.
        let from = if programme.covers == Covers::Patients { Residence::InState } else { from };
        let question = Question::new(at, Request::AccessMonitoring { reader, from, need: NeedToKnow::NotShown });
        let decision = decide(&programme.law(&self.profile)?, &question).map_err(broken)?;
        decision.refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// Every question about a prescription's patient that was put down with it, the last one first.
    pub(crate) fn questions_about(&self, number: &str) -> Result<Vec<(u64, Moment, String, AskedOf)>, Fault> {
        let name = about(number);
        let entries = self.store.stream(&name)?;
        let (records, _) = self.placed::<PdmpEvent>(&name)?;
        let zone = self.clock.zone();
        let mut found = Vec::new();
        for Placed { seq, at, record } in records {
            let PdmpEvent::Asked(asked) = record else { continue };
            let who =
                entries.iter().find(|entry| entry.seq == seq).map(|entry| entry.actor.clone()).unwrap_or_default();
            found.push((seq, Moment { timestamp: at, offset: zone.to_offset(at) }, who, *asked));
        }
        found.reverse();
        Ok(found)
    }

    /// The prescriptions of the same patient, this one among them.
    fn of_same_patient(&self, rx: &Prescription) -> Result<Vec<Prescription>, Fault> {
        let Some(patient) = patient_key(&rx.received().contents) else { return Ok(vec![rx.clone()]) };
        let rows = self
            .store
            .query("SELECT number FROM pdmp_patients WHERE patient = $1 ORDER BY number", &[patient.into()])?;
        let mut found = Vec::new();
        for row in &rows {
            if let Ok(number) = PrescriptionNumber::parse(row.text(0)?) {
                found.push(self.dispensing_now(&number)?.0);
            }
        }
        Ok(found)
    }

    /// Who wrote and dispensed the same class for this patient, for days that overlap those of this prescription.
    pub(crate) fn providers_of(&self, rx: &Prescription, at: Moment) -> Result<Signal, Fault> {
        self.signal_with(rx, &[], at)
    }

    fn signal_with(&self, rx: &Prescription, fresh: &[Elsewhere], at: Moment) -> Result<Signal, Fault> {
        let class = class_of(rx.current().get(Element::DrugName).unwrap_or_default());
        let own = rx.received().number.to_string();
        let today = at.date();
        let ends = last_day(today, whole_days(rx, self.stated_days(&own)?).unwrap_or(DAYS_UNKNOWN));
        let overlaps = |filled: Date, until: Date| filled <= ends && until >= today;
        let mut supplied = BTreeSet::new();
        let mut told: Vec<Elsewhere> = fresh.to_vec();
        for other in self.of_same_patient(rx)? {
            let number = other.received().number.to_string();
            told.extend(self.questions_about(&number)?.into_iter().flat_map(|(.., asked)| asked.elsewhere));
            let drug = other.current().get(Element::DrugName).unwrap_or_default().to_owned();
            if number == own || class_of(&drug) != class {
                continue;
            }
            let days = whole_days(&other, self.stated_days(&number)?).unwrap_or(DAYS_UNKNOWN);
            let prescriber = other.current().get(Element::Registration).unwrap_or_default();
            let prescriber =
                Registration::parse(prescriber).map_or_else(|_| prescriber.to_owned(), |read| read.key().to_string());
            for filling in other.fillings().iter().filter(|filling| filling.stands()) {
                let (filled, until) = (filling.at.date(), last_day(filling.at.date(), days));
                if overlaps(filled, until) {
                    supplied.insert(Supplied {
                        filled,
                        until,
                        drug: drug.clone(),
                        prescriber: prescriber.clone(),
                        pharmacy: self.pharmacy.to_string(),
                        number: number.clone(),
                    });
                }
            }
        }
        for one in told {
            let until = last_day(one.filled, one.days);
            if class_of(&one.drug) == class && overlaps(one.filled, until) && one.pharmacy != self.pharmacy.as_str() {
                let Elsewhere { filled, drug, prescriber, pharmacy, .. } = one;
                supplied.insert(Supplied { filled, until, drug, prescriber, pharmacy, number: String::new() });
            }
        }
        let mut signal = Signal {
            class,
            prescribers: 1,
            pharmacies: 1,
            supplied: supplied.into_iter().collect(),
            raised: Vec::new(),
        };
        if class == DrugClass::Other {
            signal.supplied.clear();
            return Ok(signal);
        }
        let mut prescribers: BTreeSet<&str> = signal.supplied.iter().map(|one| one.prescriber.as_str()).collect();
        let this = rx.face().registration.key().to_string();
        prescribers.insert(&this);
        let mut pharmacies: BTreeSet<&str> = signal.supplied.iter().map(|one| one.pharmacy.as_str()).collect();
        pharmacies.insert(self.pharmacy.as_str());
        (signal.prescribers, signal.pharmacies) = (prescribers.len() as u64, pharmacies.len() as u64);
        let program = self.pharmacy_person(&crate::house::program());
        if let Ok(events) = rx.screen(&self.profile, &program, at, &signal.screen()) {
            signal.raised = events
                .into_iter()
                .flat_map(|event| match event {
                    Event::Screened(screened) => screened.raised,
                    _ => Vec::new(),
                })
                .collect();
        }
        Ok(signal)
    }

    /// What a filling of a prescription has to know of the programmes: a look that still serves, whether the drug is new for
    /// the patient, where patient and practitioner are from, and the law that may ask for a look.
    pub(crate) fn monitored(&self, rx: &Prescription, at: Moment) -> Result<Monitored, Fault> {
        let look =
            self.questions_about(rx.received().number.as_str())?.into_iter().find_map(|(_, asked_at, _, asked)| {
                let age = at.seconds_since(asked_at);
                (0..=LOOK_SERVES_SECONDS).contains(&age).then_some(Look { at: asked_at, found: asked.found })
            });
        let lives = rx.current().get(Element::PatientState);
        let mut programmes = self.programmes()?;
        programmes.retain(|one| one.covers == Covers::Pharmacy || lives == Some(one.state.as_str()));
        if programmes.is_empty() && look.is_none() {
            return Ok(Monitored { check: None, profile: self.profile.clone() });
        }
        let home = programmes.iter().find(|one| one.covers == Covers::Pharmacy).map(|one| one.address.state.clone());
        let outside = home.is_some_and(|home| {
            [Element::PatientState, Element::PractitionerState]
                .into_iter()
                .any(|element| rx.current().get(element).is_some_and(|state| state != home))
        });
        let class = class_of(rx.current().get(Element::DrugName).unwrap_or_default());
        let name = rx.current().get(Element::DrugName).unwrap_or_default().to_ascii_lowercase();
        let mut known = false;
        for other in self.of_same_patient(rx)? {
            let drug = other.current().get(Element::DrugName).unwrap_or_default();
            let same = drug.eq_ignore_ascii_case(&name) || (class != DrugClass::Other && class_of(drug) == class);
            known |= same && other.fillings().iter().any(theriac_pharmacy::Filling::stands);
        }
        let check = MonitoringCheck {
            look,
            drug: if known { DrugFor::KnownPatient } else { DrugFor::NewPatient },
            area: if outside { Area::Outside } else { Area::Within },
        };
        // One State's law lies over the Federal one at a time: that which asks for a look, if any does.
        let mut profile = None;
        for programme in &programmes {
            let law = programme.law(&self.profile)?;
            let required = required(&law, &check, at)?;
            if required || profile.is_none() {
                profile = Some(law);
            }
            if required {
                break;
            }
        }
        Ok(Monitored { check: Some(check), profile: profile.unwrap_or_else(|| self.profile.clone()) })
    }
}

impl House {
    /// Whether a State requires the programme to be asked before a filling.
    pub(crate) fn look_required(monitored: &Monitored, at: Moment) -> Result<bool, Fault> {
        let Some(check) = &monitored.check else { return Ok(false) };
        required(&monitored.profile, check, at)
    }
}

fn required(law: &Profile, check: &MonitoringCheck, at: Moment) -> Result<bool, Fault> {
    let facts = Monitoring {
        checked: check.look.is_some(),
        new_drug: check.drug == DrugFor::NewPatient,
        outside_area: check.area == Area::Outside,
    };
    let question = Question::new(at, Request::CheckMonitoring {});
    let question = question.with(|asked| asked.monitoring = Some(Box::new(facts)));
    Ok(matches!(decide(law, &question).map_err(broken)?.verdict, Verdict::Value(Answer::Word("required"))))
}

impl Signal {
    /// As the rulebook asks for it.
    fn screen(&self) -> Screen {
        Screen { class: self.class, prescribers: self.prescribers, pharmacies: self.pharmacies, ..Screen::new() }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_taken_over_from_an_answer_are_read_or_refused_by_number() {
        let good = "2026-02-20,Oxycodone,30,AB1234563,FT1234563\n\n2026-02-21, Oxycodone ,1,Dr. A,Pharmacy B\n";
        assert_eq!(supplies(good).unwrap().len(), 2);
        let check = |text: &str, line: &str| {
            let refusal = supplies(text).unwrap_err();
            assert!(refusal.code.0 == "PDMP-ANSWER-LINE" && refusal.what.contains(line), "{text}: {refusal}");
        };
        check("2026-02-20,Oxycodone,30,AB1234563", "line 1");
        check("2026-02-30,Oxycodone,30,A,B", "line 1");
        check("2026-02-20,Oxycodone,0,A,B", "line 1");
        check("2026-02-20,Oxycodone,366,A,B", "line 1");
        check("2026-02-20,,30,A,B", "line 1");
        check("\n2026-02-20,Oxycodone,30,,B", "line 2");
        check(&"2026-02-20,Oxycodone,30,A,B\n".repeat(501), "line 501");
        assert!(supplies(&"2026-02-20,Oxycodone,365,A,B\n".repeat(500)).is_ok());
    }
}
