//! A prescription of the practitioner's side, folded from its records, at whatever stage it is.

use crate::event::{Event, Report, Routing};
use crate::stage::{Draft, Printed, Ready, Reviewed, Signed, Transmitted};
use theriac_model::{Actor, CanonicalContents, Edition, Refusal, hex};

/// The stage a prescription is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prescription {
    /// Being written.
    Draft(Draft),
    /// Marked ready.
    Ready(Ready),
    /// Reviewed and agreed to.
    Reviewed(Reviewed),
    /// Signed.
    Signed(Signed),
    /// Sent, with the reports that came back.
    Transmitted(Transmitted, Vec<Report>),
    /// Printed.
    Printed(Printed),
    /// Thrown away as a draft.
    Discarded(Draft),
    /// Void: it failed on the way, or was withdrawn.
    Void {
        /// What had been signed.
        signed: Signed,
        /// Why.
        reason: String,
    },
}

/// Records that do not make a prescription: the journal was damaged, or the program that wrote them was wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("record {index} ({kind}) does not follow from those before it")]
pub struct BrokenHistory {
    /// Position in the stream, from 0.
    pub index: usize,
    /// The record's kind.
    pub kind: &'static str,
}

impl Prescription {
    /// Folds the records of one prescription, in order.
    ///
    /// # Errors
    /// [`BrokenHistory`] at the first record that cannot follow; also for no records at all.
    pub fn replay(id: &str, events: &[Event]) -> Result<Self, BrokenHistory> {
        let broken =
            |index: usize, event: Option<&Event>| BrokenHistory { index, kind: event.map_or("nothing", Event::kind) };
        let mut events = events.iter().enumerate();
        let Some((_, Event::Drafted { routing, contents, .. })) = events.next() else {
            return Err(broken(0, None));
        };
        let mut now = Self::Draft(Draft { id: id.to_owned(), routing: routing.clone(), contents: contents.clone() });
        for (index, event) in events {
            now = now.step(event).ok_or_else(|| broken(index, Some(event)))?;
        }
        Ok(now)
    }

    fn step(self, event: &Event) -> Option<Self> {
        Some(match (self, event) {
            (
                Self::Draft(draft) | Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }),
                Event::Changed { contents, .. },
            ) => Self::Draft(Draft { contents: contents.clone(), ..draft }),
            (Self::Draft(draft), Event::MarkedReady { .. }) => Self::Ready(Ready(draft)),
            (Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }), Event::Reviewed { shown, .. }) => {
                Self::Reviewed(Reviewed { draft, shown: hex::decode(shown)?.try_into().ok()? })
            }
            (
                Self::Draft(draft) | Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }),
                Event::Discarded { .. },
            ) => Self::Discarded(draft),
            (Self::Reviewed(Reviewed { draft, .. }), Event::Signed { contents, .. }) => {
                Self::Signed(Signed { id: draft.id, routing: draft.routing, contents: contents.clone() })
            }
            (Self::Signed(signed), Event::Transmitted { .. }) => Self::Transmitted(Transmitted { signed }, Vec::new()),
            (Self::Signed(signed), Event::Printed { .. }) => Self::Printed(Printed { signed }),
            (Self::Signed(signed), Event::Voided { reason, .. })
            | (Self::Transmitted(Transmitted { signed }, _), Event::TransmissionFailed { reason }) => {
                Self::Void { signed, reason: reason.clone() }
            }
            (Self::Transmitted(sent, mut reports), Event::Reported { report, .. }) => {
                reports.push(*report);
                Self::Transmitted(sent, reports)
            }
            // A late answer to a prescription that has become void is kept and changes nothing.
            (void @ Self::Void { .. }, Event::Reported { .. }) => void,
            _ => return None,
        })
    }

    /// The stage in one word, for lists.
    pub fn stage(&self) -> &'static str {
        match self {
            Self::Draft(_) => "draft",
            Self::Ready(_) => "ready",
            Self::Reviewed(_) => "reviewed",
            Self::Signed(_) => "signed",
            Self::Transmitted(_, reports) => reports.last().map_or("transmitted", |report| report.word()),
            Self::Printed(_) => "printed",
            Self::Discarded(_) => "discarded",
            Self::Void { .. } => "void",
        }
    }

    /// The contents, signed or not.
    pub fn contents(&self) -> &CanonicalContents {
        match self {
            Self::Draft(draft)
            | Self::Ready(Ready(draft))
            | Self::Reviewed(Reviewed { draft, .. })
            | Self::Discarded(draft) => &draft.contents,
            Self::Signed(signed)
            | Self::Transmitted(Transmitted { signed }, _)
            | Self::Printed(Printed { signed })
            | Self::Void { signed, .. } => &signed.contents,
        }
    }

    /// Where it goes and for whom it is kept.
    pub fn routing(&self) -> &Routing {
        match self {
            Self::Draft(draft)
            | Self::Ready(Ready(draft))
            | Self::Reviewed(Reviewed { draft, .. })
            | Self::Discarded(draft) => &draft.routing,
            Self::Signed(signed)
            | Self::Transmitted(Transmitted { signed }, _)
            | Self::Printed(Printed { signed })
            | Self::Void { signed, .. } => &signed.routing,
        }
    }

    /// Throws the draft away.
    ///
    /// # Errors
    /// Once it is signed; by anyone but a practitioner or an agent.
    pub fn discard(&self, by: &Actor) -> Result<Event, Refusal> {
        match self {
            Self::Draft(draft) | Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }) => {
                draft.discard(by)
            }
            other => Err(other.clone().at_another_stage("a draft", "21 CFR 1311.140(a)(2)")),
        }
    }

    /// The ready prescription, to be reviewed.
    ///
    /// # Errors
    /// At any other stage, saying which.
    pub fn into_ready(self) -> Result<Ready, Refusal> {
        match self {
            Self::Ready(ready) => Ok(ready),
            Self::Reviewed(Reviewed { draft, .. }) => Ok(Ready(draft)),
            other => Err(other.at_another_stage("marked ready", "21 CFR 1311.140(a)(2)")),
        }
    }

    /// The reviewed prescription, to be signed.
    ///
    /// # Errors
    /// At any other stage, saying which.
    pub fn into_reviewed(self) -> Result<Reviewed, Refusal> {
        match self {
            Self::Reviewed(reviewed) => Ok(reviewed),
            other => Err(other.at_another_stage("reviewed and agreed to", "21 CFR 1311.140(a)")),
        }
    }

    /// The signed prescription, to be sent.
    ///
    /// # Errors
    /// Printed: `RX-TRANSMIT-PRINTED`. Already sent: `RX-TRANSMIT-TWICE`. At any earlier stage, saying which.
    pub fn into_transmittable(self) -> Result<Signed, Refusal> {
        match self {
            Self::Signed(signed) => Ok(signed),
            Self::Printed(_) => Err(Refusal::new(
                "RX-TRANSMIT-PRINTED",
                "21 CFR 1311.170(d); 73 FR 36722, proposed 1311.130(c)",
                "the prescription has been printed and is now a paper prescription",
                "sign the printout by hand, or void it and enter a new electronic prescription",
            )),
            Self::Transmitted(..) => Err(Refusal::new(
                "RX-TRANSMIT-TWICE",
                "73 FR 36722, 36739 (one electronic prescription reaches one pharmacy once)",
                "the prescription has been transmitted already",
                "look at its status; enter a new prescription if another one is meant",
            )
            .under(Edition::Proposed2008)),
            other => Err(other.at_another_stage("signed", "21 CFR 1311.170(a)")),
        }
    }

    /// The signed prescription, to be printed.
    ///
    /// # Errors
    /// Sent: `RX-PRINT-TRANSMITTED` (the default of this house: no copy that could pass for a prescription). At any
    /// earlier stage, saying which.
    pub fn into_printable(self) -> Result<Signed, Refusal> {
        match self {
            Self::Signed(signed) => Ok(signed),
            Self::Transmitted(..) => Err(Refusal::new(
                "RX-PRINT-TRANSMITTED",
                "73 FR 36722, proposed 21 CFR 1311.130(b)",
                "the prescription has been transmitted; a printout could be filled a second time",
                "print a medication list instead, which is not a prescription",
            )
            .under(Edition::Proposed2008)),
            other => Err(other.at_another_stage("signed", "21 CFR 1311.170(a)")),
        }
    }

    fn at_another_stage(&self, needed: &str, cite: &'static str) -> Refusal {
        Refusal::new(
            "RX-STAGE",
            cite,
            format!("the prescription is not {needed}; it is: {}", self.stage()),
            "reload the prescription and take the step its stage allows",
        )
    }
}
