//! Outside checkers: whose word on a registration the pharmacy relies on, by whose decision, until when it is looked at again
//! (73 FR 36745). The pharmacy stays responsible; a check by anybody else is not accepted.

use crate::house::House;
use crate::house::event::{HouseEvent, Registrant};
use crate::house::record::{Change, Fault, Recorded, read};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::sync::PoisonError;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, DeaNumber, Refusal};

const CITE: &str = "73 FR 36745 (preamble, section 8)";
const STREAM: &str = "checkers";

/// What is recorded of outside checkers. Who and when stand in the entry's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CheckerEvent {
    /// The pharmacy relies on this checker from now on, or goes on relying after a review; until the day on which the decision
    /// is looked at again, inclusive.
    Trusted { checker: String, why: String, review: Date },
    /// It relies on it no more.
    Ended { checker: String, why: String },
    /// A check of this checker was accepted.
    Taken { checker: String, number: DeaNumber, status: String, reference: String },
}

impl Recorded for CheckerEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Trusted { .. } => "checker.trusted",
            Self::Ended { .. } => "checker.ended",
            Self::Taken { .. } => "checker.taken",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Trusted { checker, why, review } => {
                json!({"checker": checker, "review": review.to_string(), "why": why})
            }
            Self::Ended { checker, why } => json!({"checker": checker, "why": why}),
            Self::Taken { checker, number, status, reference } => {
                json!({"checker": checker, "number": number.as_str(), "reference": reference, "status": status})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read_event(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read_event(kind: &str, body: Reader<'_>) -> Result<CheckerEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    Ok(match kind {
        "checker.trusted" => CheckerEvent::Trusted {
            checker: own("checker")?,
            why: own("why")?,
            review: body.parsed("review", "a date", |text| text.parse().ok())?,
        },
        "checker.ended" => CheckerEvent::Ended { checker: own("checker")?, why: own("why")? },
        "checker.taken" => CheckerEvent::Taken {
            checker: own("checker")?,
            number: body.parsed("number", "a DEA number", |text| DeaNumber::parse(text).ok())?,
            status: own("status")?,
            reference: own("reference")?,
        },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of outside checkers" }),
    })
}

/// A decision to rely on a checker, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Trust {
    pub(crate) checker: String,
    pub(crate) why: String,
    /// Who decided, when.
    pub(crate) by: String,
    pub(crate) at: String,
    pub(crate) review: Date,
    /// Why and when it ended.
    pub(crate) ended: Option<String>,
    /// Checks accepted on it.
    pub(crate) taken: u32,
}

/// A check that somebody outside made.
#[derive(Clone, Debug)]
pub(crate) struct OutsideCheck {
    pub(crate) checker: String,
    pub(crate) row: Registrant,
    /// The checker's number of the answer, or how it was given.
    pub(crate) reference: String,
}

fn refuse(what: impl Into<String>, next: &'static str, field: &'static str) -> Fault {
    Refusal::new("PHARM-CHECKER", CITE, what.into(), next).about(field).into()
}

fn named(text: &str, field: &'static str) -> Result<String, Fault> {
    let text = text.trim();
    if (1..=200).contains(&text.chars().count()) {
        return Ok(text.to_owned());
    }
    Err(refuse(format!("{field} is missing, or longer than 200 characters"), "enter it", field))
}

impl House {
    /// Every checker that the pharmacy relies on or relied on, in order of their names, and the version of the record.
    pub(crate) fn checkers(&self) -> Result<(Vec<Trust>, u64), Fault> {
        let entries = self.store.stream(STREAM)?;
        let version = entries.last().map_or(0, |entry| entry.version);
        let mut all: Vec<Trust> = Vec::new();
        for entry in entries.iter().filter(|entry| entry.body_bytes().is_some()) {
            let step = self.step(entry);
            match read::<CheckerEvent>(entry)? {
                CheckerEvent::Trusted { checker, why, review } => {
                    let taken = all.iter().find(|one| one.checker == checker).map_or(0, |one| one.taken);
                    all.retain(|one| one.checker != checker);
                    all.push(Trust { checker, why, by: step.who, at: step.at, review, ended: None, taken });
                }
                CheckerEvent::Ended { checker, why } => {
                    if let Some(one) = all.iter_mut().find(|one| one.checker == checker) {
                        one.ended = Some(format!("{}, {}: {why}", step.at, step.who));
                    }
                }
                CheckerEvent::Taken { checker, .. } => {
                    if let Some(one) = all.iter_mut().find(|one| one.checker == checker) {
                        one.taken += 1;
                    }
                }
            }
        }
        all.sort_by(|a, b| a.checker.cmp(&b.checker));
        Ok((all, version))
    }

    fn note_checker(&self, actor: &Actor, version: u64, event: &CheckerEvent) -> Result<(), Fault> {
        let desk = self.by(actor, self.pharmacy.as_str());
        Change::default().decided_on(STREAM, version).event(&desk, STREAM, event)?.commit(&self.store)?;
        Ok(())
    }

    /// Decides to rely on a checker until `review`, or to go on after looking at it again.
    ///
    /// # Errors
    /// `PHARM-CHECKER` without a name or reason, or for a day of review that is past or more than a year away.
    pub(crate) fn trust_checker(&self, actor: &Actor, checker: &str, why: &str, review: Date) -> Result<(), Fault> {
        let (checker, why) = (named(checker, "checker")?, named(why, "why")?);
        let today = self.clock.moment().date();
        if review < today || review > today.saturating_add(jiff::Span::new().years(1)) {
            let next = "choose a day within a year on which somebody looks whether the reliance is still warranted";
            return Err(refuse("the day of review is past, or more than a year away", next, "review"));
        }
        let (_, version) = self.checkers()?;
        self.note_checker(actor, version, &CheckerEvent::Trusted { checker, why, review })
    }

    /// Ends the reliance on a checker.
    ///
    /// # Errors
    /// `PHARM-CHECKER` for one that is not relied on.
    pub(crate) fn end_checker(&self, actor: &Actor, checker: &str, why: &str) -> Result<(), Fault> {
        let why = named(why, "why")?;
        let (all, version) = self.checkers()?;
        if !all.iter().any(|one| one.checker == checker && one.ended.is_none()) {
            return Err(refuse(format!("{checker} is not relied on"), "choose one from the list", "checker"));
        }
        self.note_checker(actor, version, &CheckerEvent::Ended { checker: checker.to_owned(), why })
    }

    /// Accepts what an outside checker said of a registration: it counts as registrant data of today.
    ///
    /// # Errors
    /// `PHARM-CHECKER` where no dated decision of a named person to rely on this checker stands, or its day of review is past.
    pub(crate) fn take_outside_check(&self, actor: &Actor, check: &OutsideCheck) -> Result<(), Fault> {
        let (all, version) = self.checkers()?;
        let today = self.clock.moment().date();
        let trust = all.iter().find(|one| one.checker == check.checker && one.ended.is_none()).ok_or_else(|| {
            let what = format!("nobody has decided to rely on {}", check.checker);
            refuse(
                what,
                "decide it first, with a reason and a day of review, or check the registration yourself",
                "checker",
            )
        })?;
        if trust.review < today {
            let what = format!("the decision to rely on {} was to be reviewed by {}", trust.checker, trust.review);
            return Err(refuse(what, "review it first, then enter the check again", "checker"));
        }
        let row = Registrant { issued: today, ..check.row.clone() };
        let taken = CheckerEvent::Taken {
            checker: check.checker.clone(),
            number: row.number,
            status: row.status.clone(),
            reference: named(&check.reference, "reference")?,
        };
        let listed = HouseEvent::RegistrantListed(row.clone());
        let desk = self.by(actor, self.pharmacy.as_str());
        Change::default()
            .decided_on(STREAM, version)
            .event(&desk, STREAM, &taken)?
            .event(&desk, &listed.stream(), &listed)?
            .commit(&self.store)?;
        self.directory.write().unwrap_or_else(PoisonError::into_inner).registrants.insert(row.number, row);
        Ok(())
    }
}
