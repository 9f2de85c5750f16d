//! What is settled between taking in by hand and dispensing: the signed original of a fax, and doubts about what came.

use crate::codec::stored::{record, stored_words};
use crate::duty::DutyDone;
use crate::event::Event;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use theriac_law::vocab::{Element, Form, Resolution, Word};
use theriac_law::{Duty, Moment};
use theriac_model::Refusal;

/// `rx.original-presented`: the signed original of a fax was there and was compared (21 CFR 1306.11(a)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OriginalPresented {
    /// When.
    pub at: Moment,
    /// Who compared it.
    pub by: Person,
    /// In what it differs from the fax; nothing goes out while it does.
    pub differs: Vec<Element>,
    /// Where the original is filed; the fax stays with it as a working copy.
    pub filed: String,
}

/// `rx.doubt-settled`: how a doubt about sender, "void" or signature was settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DoubtSettled {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// How.
    pub how: Resolution,
    /// With whom it was spoken, or why the pharmacist decided so.
    pub words: String,
}

stored_words! { Element }

record! {
    OriginalPresented { "at" at, "by" by, "differs" differs, "filed" filed, }
    DoubtSettled { "at" at, "by" by, "how" how, "words" words, }
}

impl Prescription {
    /// Records that the signed original of a faxed prescription was presented and compared.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-NOT-A-FAX`, `PHARM-TEXT` without a place in the file.
    pub fn present_original(
        &self,
        pharmacist: &Pharmacist,
        at: Moment,
        differs: Vec<Element>,
        filed: &str,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        if self.received.source.form() != Form::Fax {
            return Err(refuse::not_a_fax());
        }
        let filed = refuse_empty(filed, "filed")?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let agrees = differs.is_empty();
        let mut events = vec![Event::OriginalPresented(OriginalPresented { at, by: by.clone(), differs, filed })];
        if agrees {
            events.extend(self.done_with(
                Duty::ObtainOriginal,
                at,
                &by,
                "the signed original was presented and agrees",
            ));
        }
        Ok(events)
    }

    /// Records how a doubt about what was taken in was settled.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-TEXT`.
    pub fn settle_doubt(
        &self,
        pharmacist: &Pharmacist,
        at: Moment,
        how: Resolution,
        words: &str,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        let words = refuse_empty(words, "words")?;
        let (at, by) = (whole_seconds(at), pharmacist.person().clone());
        let mut events = vec![Event::DoubtSettled(DoubtSettled { at, by: by.clone(), how, words: words.clone() })];
        if how == Resolution::Call {
            events.extend(self.done_with(Duty::VerifyWithPrescriber, at, &by, &words));
        }
        Ok(events)
    }

    /// The open duties of one kind, done.
    pub(crate) fn done_with(&self, duty: Duty, at: Moment, by: &Person, how: &str) -> Vec<Event> {
        let open = self.open_duties().filter(|open| open.code == duty.word());
        open.map(|open| Event::DutyDone(DutyDone { id: open.id, at, by: by.clone(), how: how.to_owned() })).collect()
    }

    /// The signed original of a fax, once it was presented.
    pub const fn original(&self) -> Option<&OriginalPresented> {
        self.original.as_ref()
    }

    /// How the last doubt was settled.
    pub const fn settled(&self) -> Option<&DoubtSettled> {
        self.settled.as_ref()
    }
}
