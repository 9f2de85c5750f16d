//! What is asked about a practitioner's number before dispensing: whether its second letter fits the name, and at a hospital
//! whether an internal code is still open (21 CFR 1301.22(c); Manual 2010, appendix D).

use crate::annotation::AnnotationKind;
use crate::codec::stored::record;
use crate::conditions::Answered;
use crate::event::Event;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use theriac_law::{Moment, Profile, Request, When, decide};
use theriac_model::{Element, Finding, Refusal, Registration};

/// `rx.code-verified`: what the hospital answered about an internal code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeVerified {
    /// When.
    pub at: Moment,
    /// Who asked.
    pub by: Person,
    /// Who was asked, at the hospital.
    pub asked: String,
    /// Whether the code stands for this practitioner.
    pub answer: Answered,
}

record! {
    CodeVerified { "at" at, "by" by, "asked" asked, "answer" answer, }
}

impl Prescription {
    /// Records what the hospital answered about the internal code.
    ///
    /// # Errors
    /// `PHARM-CLOSED`, `PHARM-NO-CODE` without a code on the prescription, `PHARM-TEXT` without the person asked.
    pub fn verify_code(
        &self,
        pharmacist: &Pharmacist,
        at: Moment,
        asked: &str,
        answer: Answered,
    ) -> Result<Vec<Event>, Refusal> {
        self.check_open()?;
        if !matches!(self.face.registration, Registration::Institutional { .. }) {
            return Err(refuse::no_code());
        }
        let (at, by, asked) = (whole_seconds(at), pharmacist.person().clone(), refuse_empty(asked, "asked")?);
        Ok(vec![Event::CodeVerified(Box::new(CodeVerified { at, by, asked, answer }))])
    }

    /// What the hospital answered, in order; the last answer counts.
    pub fn code_answers(&self) -> &[CodeVerified] {
        &self.code_answers
    }

    /// A code that the hospital denied is not dispensed on.
    pub(crate) fn check_code(&self) -> Result<(), Refusal> {
        match self.code_answers.last() {
            Some(last) if last.answer == Answered::No => Err(refuse::code_denied()),
            _ => Ok(()),
        }
    }

    /// The warning that the second letter of the practitioner's number does not fit the last name; `None` when it fits, for
    /// a hospital's number, or once a clarification was noted. A warning, never a refusal.
    pub fn number_warning(&self, profile: &Profile, at: impl Into<When>) -> Option<Refusal> {
        let Registration::Own(number) = &self.face.registration else { return None };
        if self.annotations.iter().any(|note| note.kind == AnnotationKind::Clarification) {
            return None;
        }
        let last_name = self.current.get(Element::PractitionerLast).map(str::to_owned);
        let request = Request::CheckDeaNumber { number: number.to_string(), last_name };
        let decision = decide(profile, &self.question(at, request)).ok()?;
        decision.grounds.iter().find_map(|ground| match &ground.finding {
            Finding::Violated(refusal) => Some((**refusal).clone()),
            _ => None,
        })
    }
}
