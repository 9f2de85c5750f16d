//! Facts about dealing with a theft or loss.

use crate::read::block;
use crate::vocab::{
    CaseOutcome, LineKind, Medium, NoticeSigner, NoticeTo, Significance, SignificanceFactor, TheftType,
};
use jiff::civil::Date;

block! {
    /// What is thought of a loss, and why.
    Assessment
    required {
        /// The decision so far.
        significance: Significance,
    }
    stated {
        /// The factors that were answered.
        answered: Vec<SignificanceFactor> = Vec::new(),
        /// A named person took the decision, with reasons.
        decided_by_name: bool = true,
        /// It is doubtful whether there was a theft.
        theft_in_doubt: bool = false,
        /// Earlier small losses of the same product.
        earlier_small: Vec<Date> = Vec::new(),
        /// A named person decided against reporting in spite of them, with reasons.
        decided_in_spite: bool = false,
    }
}

block! {
    /// A notice of theft or loss.
    LossNotice
    required {
        /// The day of discovery.
        discovered: Date,
    }
    stated {
        /// To whom it went.
        to: NoticeTo = NoticeTo::Dea,
        /// Who signed it.
        signed_by: NoticeSigner = NoticeSigner::Authorized,
        /// It is in writing.
        in_writing: bool = true,
    }
}

block! {
    /// A case of loss before it is closed.
    LossCase
    required {
        /// How it ended.
        outcome: CaseOutcome,
    }
    stated {
        /// Form 106 was filed.
        form_106_filed: bool = true,
        /// DEA was told in writing why none was filed.
        letter_sent: bool = true,
        /// It was entered in the theft and loss file.
        in_file: bool = true,
        /// The police were told.
        police_told: bool = false,
        /// The State's board was told.
        board_told: bool = false,
    }
}

block! {
    /// A DEA Form 106 in more detail.
    Form106
    required {
        /// The type of theft or loss.
        kind: TheftType,
    }
    stated {
        /// The day of discovery.
        discovered: Option<Date> = None,
        /// On what it is completed.
        medium: Medium = Medium::Electronic,
        /// Thefts or losses that it reports.
        events: u32 = 1,
        /// The estimated beginning of pilferage.
        began: Option<Date> = None,
        /// Its estimated end.
        ended: Option<Date> = None,
        /// The period is explained.
        explained: bool = true,
        /// How its lines give the drugs.
        line: LineKind = LineKind::Single,
        /// The line gives the other ingredient's strength, or the millilitres of a liquid.
        line_complete: bool = true,
        /// The customer had accepted the delivery.
        delivery_accepted: bool = false,
        /// The supplier's name and registration number are given.
        supplier_given: bool = true,
        /// It amends an earlier form.
        amends: bool = false,
        /// The upper margin bears "Amended" and the date of the theft.
        marked_amended: bool = true,
        /// The day on which it was completed and signed.
        completed: Option<Date> = None,
        /// The date beside the signature.
        dated: Option<Date> = None,
    }
}

block! {
    /// Earlier thefts and losses.
    PastLosses
    required {
        /// Their days; the loss at hand is not among them.
        days: Vec<Date>,
    }
    stated {}
}

block! {
    /// What decides whether a theft may be a Federal offence.
    Crime
    required {
        /// The replacement cost of the controlled substances, in cents.
        replacement_cents: u64,
    }
    stated {
        /// Somebody travelled or used a facility in interstate or foreign commerce for it.
        interstate_commerce: bool = false,
        /// Somebody was killed or significantly injured.
        killed_or_injured: bool = false,
    }
}
