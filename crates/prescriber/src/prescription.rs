//! A prescription of the practitioner's side, folded from its records, at whatever stage it is.

use crate::event::{Event, Report, Routing};
use crate::letters::{Letter, Withdrawal, Withdrawing};
use crate::on_paper::{Failed, Paper};
use crate::stage::{Draft, Printed, Ready, Reviewed, Signed, Transmitted};
use jiff::civil::Date;
use theriac_law::Profile;
use theriac_law::edition::Law;
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
    /// Withdrawn before it was sent.
    Void {
        /// What had been signed.
        signed: Signed,
        /// Why.
        reason: String,
    },
    /// Withdrawn after it was sent, and the pharmacy honoured that.
    Withdrawn(Transmitted),
    /// Never delivered: void, to be replaced on paper.
    Failed(Failed),
    /// Issued on paper.
    Paper(Paper),
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
        let mut now = match events.next() {
            Some((_, Event::Drafted { routing, contents, .. })) => {
                Self::Draft(Draft { id: id.to_owned(), routing: routing.clone(), contents: contents.clone() })
            }
            Some((_, Event::IssuedOnPaper { routing, contents, replaces, .. })) => Self::Paper(Paper {
                id: id.to_owned(),
                routing: routing.clone(),
                contents: contents.clone(),
                replaces: replaces.clone(),
                prints: 0,
            }),
            _ => return Err(broken(0, None)),
        };
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
            (
                Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }),
                Event::Reviewed { shown, statement, .. },
            ) => Self::Reviewed(Reviewed {
                draft,
                shown: hex::decode(shown)?.try_into().ok()?,
                statement: statement.clone(),
            }),
            (
                Self::Draft(draft) | Self::Ready(Ready(draft)) | Self::Reviewed(Reviewed { draft, .. }),
                Event::Discarded { .. },
            ) => Self::Discarded(draft),
            (Self::Reviewed(Reviewed { draft, .. }), Event::Signed { contents, .. }) => {
                Self::Signed(Signed { id: draft.id, routing: draft.routing, contents: contents.clone() })
            }
            (Self::Signed(signed), Event::Transmitted { .. }) => {
                Self::Transmitted(Transmitted::new(signed), Vec::new())
            }
            (Self::Signed(signed), Event::Printed { .. }) => Self::Printed(Printed { signed }),
            (Self::Signed(signed), Event::Voided { reason, .. }) => Self::Void { signed, reason: reason.clone() },
            (
                Self::Signed(signed) | Self::Transmitted(Transmitted { signed, .. }, _),
                Event::TransmissionFailed { reason },
            ) => Self::Failed(Failed { signed, reason: reason.clone(), replaced_by: None }),
            (Self::Transmitted(sent, mut reports), Event::Reported { report, .. }) => {
                reports.push(*report);
                Self::Transmitted(sent, reports)
            }
            (sent @ Self::Transmitted(..), Event::CopyPrinted { .. }) => sent,
            (now @ (Self::Transmitted(..) | Self::Withdrawn(_)), Event::Letter(Letter::Sent { .. })) => now,
            (
                Self::Transmitted(sent, _),
                Event::Letter(Letter::CancelAnswered { answer: Withdrawing::Approved, .. }),
            ) if sent.letters.withdrawal == Withdrawal::Asked => Self::Withdrawn(sent),
            (Self::Transmitted(sent, reports), Event::Letter(letter)) => {
                Self::Transmitted(Transmitted { letters: sent.letters.step(letter)?, ..sent }, reports)
            }
            // A request that crossed the withdrawal is answered all the same.
            (Self::Withdrawn(sent), Event::Letter(letter @ (Letter::Asked { .. } | Letter::Answered { .. }))) => {
                Self::Withdrawn(Transmitted { letters: sent.letters.step(letter)?, ..sent })
            }
            (Self::Failed(failed), Event::ReplacedOnPaper { paper, .. }) if failed.replaced_by.is_none() => {
                Self::Failed(Failed { replaced_by: Some(paper.clone()), ..failed })
            }
            (Self::Paper(paper), Event::Printed { .. }) => {
                Self::Paper(Paper { prints: paper.prints.checked_add(1)?, ..paper })
            }
            // A late answer to a prescription that has become void is kept and changes nothing.
            (void @ (Self::Void { .. } | Self::Failed(_) | Self::Withdrawn(_)), Event::Reported { .. }) => void,
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
            Self::Transmitted(sent, _) if sent.letters.withdrawal == Withdrawal::Asked => "cancel-requested",
            Self::Transmitted(_, reports) => reports.last().map_or("transmitted", |report| report.word()),
            Self::Discarded(_) => "discarded",
            Self::Void { .. } => "void",
            Self::Withdrawn(_) => "cancelled",
            Self::Failed(failed) if failed.replaced_by.is_some() => "replaced",
            Self::Failed(_) => "failed",
            Self::Paper(paper) if paper.prints == 0 => "on-paper",
            Self::Paper(_) | Self::Printed(_) => "printed",
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
            | Self::Transmitted(Transmitted { signed, .. }, _)
            | Self::Withdrawn(Transmitted { signed, .. })
            | Self::Printed(Printed { signed })
            | Self::Failed(Failed { signed, .. })
            | Self::Void { signed, .. } => &signed.contents,
            Self::Paper(paper) => &paper.contents,
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
            | Self::Transmitted(Transmitted { signed, .. }, _)
            | Self::Withdrawn(Transmitted { signed, .. })
            | Self::Printed(Printed { signed })
            | Self::Failed(Failed { signed, .. })
            | Self::Void { signed, .. } => &signed.routing,
            Self::Paper(paper) => &paper.routing,
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

    /// The signed prescription, to be printed for a signature by hand.
    ///
    /// # Errors
    /// Sent: `RX-PRINT-TRANSMITTED`; both editions forbid a print that could be dispensed from. At any earlier stage,
    /// saying which.
    pub fn into_printable(self) -> Result<Signed, Refusal> {
        match self {
            Self::Signed(signed) => Ok(signed),
            Self::Transmitted(..) | Self::Withdrawn(_) => Err(Refusal::new(
                "RX-PRINT-TRANSMITTED",
                "21 CFR 1311.120(b), 1311.170; 73 FR 36722, proposed 1311.130(b)",
                "the prescription has been transmitted; a printout could be filled a second time",
                "print the medication list instead, which is not a prescription",
            )),
            other => Err(other.at_another_stage("signed", "21 CFR 1311.170(a)")),
        }
    }

    /// The record that a copy, labelled as one, is printed of a prescription that was sent.
    ///
    /// # Errors
    /// Not sent yet; `RX-COPY-TRANSMITTED` where the profile's law has no room for copies, naming the edition.
    pub fn print_copy(&self, by: &Actor, profile: &Profile, today: Date) -> Result<Event, Refusal> {
        if !matches!(self, Self::Transmitted(..)) {
            return Err(self.at_another_stage("transmitted", "21 CFR 1311.170(c)"));
        }
        let copy = theriac_law::parameter("print.copy-after-transmission");
        match copy.and_then(|copy| Law::on(profile, today, None).bound(copy)) {
            Some(bound) if bound.yes() => Ok(Event::CopyPrinted { by: by.clone() }),
            bound => Err(Refusal::new(
                "RX-COPY-TRANSMITTED",
                "73 FR 36722, proposed 21 CFR 1311.130(b)",
                "under this profile a transmitted prescription is not printed, not even as a labelled copy",
                "print the medication list instead, which is not a prescription",
            )
            .under(bound.map_or(Edition::Proposed2008, |bound| bound.edition))),
        }
    }

    /// The prescription that was sent, for letters about it.
    ///
    /// # Errors
    /// At any other stage, saying which.
    pub fn into_sent(self) -> Result<(Transmitted, Vec<Report>), Refusal> {
        match self {
            Self::Transmitted(sent, reports) => Ok((sent, reports)),
            other => Err(other.at_another_stage("with the pharmacy", "21 CFR 1311.170(a)")),
        }
    }

    /// The prescription that was never delivered, to be replaced on paper.
    ///
    /// # Errors
    /// At any other stage, saying which.
    pub fn into_failed(self) -> Result<Failed, Refusal> {
        match self {
            Self::Failed(failed) => Ok(failed),
            other => Err(other.at_another_stage("one whose transmission failed", "21 CFR 1311.170(b)")),
        }
    }

    /// The paper prescription.
    ///
    /// # Errors
    /// At any other stage, saying which.
    pub fn into_paper(self) -> Result<Paper, Refusal> {
        match self {
            Self::Paper(paper) => Ok(paper),
            other => Err(other.at_another_stage("on paper", "21 CFR 1311.170(b)")),
        }
    }

    /// How a withdrawal stands.
    pub fn withdrawal(&self) -> Withdrawal {
        match self {
            Self::Transmitted(sent, _) => sent.letters.withdrawal,
            _ => Withdrawal::None,
        }
    }

    /// Requests of the pharmacy that wait for an answer.
    pub fn requests(&self) -> &[crate::letters::OpenRequest] {
        match self {
            Self::Transmitted(sent, _) | Self::Withdrawn(sent) => &sent.letters.requests,
            _ => &[],
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
