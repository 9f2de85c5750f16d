//! Facts about intake, judgement and filling at the counter.

use crate::read::block;
use crate::vocab::{Authorizer, Element, Filler, Judged, Origin, Resolution, Staff, Status};
use crate::when::When;
use jiff::civil::Date;

block! {
    /// How a prescription was taken in, as the pharmacy recorded it.
    Intake
    required {}
    stated {
        /// Who took an oral prescription.
        taken_by: Staff = Staff::Pharmacist,
        /// When an oral prescription was telephoned.
        called: Option<When> = None,
        /// When it was reduced to writing.
        written: Option<When> = None,
        /// The name of the agent who telephoned.
        agent: Option<String> = None,
        /// What lies behind a fax.
        origin: Origin = Origin::SignedPaper,
        /// The number from which a fax came is the practitioner's.
        sender_known: bool = true,
        /// In what the signed original differs from its fax.
        differs: Vec<Element> = Vec::new(),
        /// The fax of a security form shows the word "void".
        void_visible: bool = false,
        /// The practitioner's signature is plainly misspelt.
        signature_misspelt: bool = false,
        /// How a doubt about sender, "void" or signature was settled.
        resolution: Resolution = Resolution::Open,
        /// Controlled items on the form.
        items: u32 = 1,
        /// The form also bears drugs that are not controlled.
        mixed: bool = false,
        /// The paper is a tamper-resistant security form.
        security_form: bool = true,
    }
}

block! {
    /// What the pharmacist judged before dispensing.
    Judgement
    required {}
    stated {
        /// The decision about legitimacy.
        decision: Judged = Judged::Open,
        /// A reason for it is recorded.
        reasoned: bool = true,
        /// The patient still needs the drug.
        still_needed: bool = false,
        /// Days' supply of what is asked for.
        days_supply: Option<u32> = None,
        /// Days' supply of the filling before.
        days_before: Option<u32> = None,
    }
}

block! {
    /// Who fills, and where.
    Filling
    required {}
    stated {
        /// Who fills.
        by: Filler = Filler::Pharmacist,
        /// The State lets an intern fill under supervision.
        state_allows_intern: bool = false,
        /// A pharmacist supervises.
        supervised: bool = false,
        /// The pharmacy's registration on the day.
        pharmacy_registration: Status = Status::Valid,
    }
}

block! {
    /// Another schedule II prescription of the same set.
    Sibling
    required {}
    stated {
        /// The earliest date on which it may be filled.
        earliest_fill: Option<Date> = None,
    }
}

block! {
    /// The other schedule II prescriptions that were issued at the same sitting.
    Siblings
    required {
        /// One entry each.
        others: Vec<Sibling>,
    }
    stated {}
}

block! {
    /// How further refills were authorised by telephone.
    Addition
    required {}
    stated {
        /// By whom.
        by: Authorizer = Authorizer::Issuer,
    }
}
