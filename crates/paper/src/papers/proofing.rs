//! The identity-proofing document as a form of this program's own (2008: 1311.105(a)): each paragraph has its place, and what is
//! still missing stands at its head.

use super::{Issue, or_blank};
use crate::document::{Document, Tick};
use crate::size::PageSize;
use crate::table::{Column, Table};

/// A State in which the practitioner is to prescribe: (a)(4) and (a)(5).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateAuthority {
    /// Name of the licensing authority.
    pub authority: Option<String>,
    /// Licence number.
    pub licence: Option<String>,
    /// DEA registration number.
    pub registration: Option<String>,
    /// The day it expires.
    pub expires: Option<String>,
}

/// The document, filled as far as it is known; the rest is written by hand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IdentityProofing {
    /// (a)(1) the entity that proofed.
    pub entity: Option<String>,
    /// (a)(1) its DEA number, where it has one.
    pub entity_registration: Option<String>,
    /// (b) which kind of entity.
    pub entity_kind: Option<String>,
    /// (a)(2) the person who proofed.
    pub person: Option<String>,
    /// (a)(3) the practitioner's name.
    pub practitioner: Option<String>,
    /// (a)(3) principal place of business.
    pub address: Option<String>,
    /// (a)(4), (a)(5) by State; the form has a row for at least three.
    pub states: Vec<StateAuthority>,
    /// (a)(4)(ii), (iii) appointment or eligibility at a facility of the Department of Veterans Affairs, where it applies.
    pub veterans_affairs: Option<String>,
    /// (a)(6) the institution whose registration is used, and the internal code, where it applies.
    pub institution: Option<String>,
    /// (a)(7) kind of photo identification.
    pub identification: Option<String>,
    /// (a)(8) day of the proofing.
    pub date: Option<String>,
    /// What is still missing, in the words of the one who checked; empty on a blank form.
    pub missing: Vec<String>,
}

impl IdentityProofing {
    /// The form.
    pub fn paper(&self, issue: &Issue) -> Document {
        let mut paper = issue.paper(PageSize::LETTER, "Identity proofing of a practitioner", None);
        paper.paragraph(
            "For access to sign electronic prescriptions for controlled substances. To be filled and signed by the person \
             who checked the practitioner's identity face to face, and by the practitioner.",
        );
        if !self.missing.is_empty() {
            paper.notice("Still missing", self.missing.join("\n"));
        }
        paper.heading("Who checked");
        paper.fields([
            ("(1) Entity", or_blank(self.entity.as_deref())),
            ("(1) Its DEA number, if any", or_blank(self.entity_registration.as_deref())),
            ("(2) Person who checked", or_blank(self.person.as_deref())),
        ]);
        let kinds = [
            "Hospital, registered with DEA, that granted the practitioner privileges, which are active and in good standing",
            "State professional or licensing board, or State controlled-substance authority",
            "State or local law enforcement agency",
        ];
        for kind in kinds {
            let tick = if self.entity_kind.as_deref() == Some(kind) { Tick::Ticked } else { Tick::Open };
            paper.checkbox(tick, kind);
        }
        paper.heading("Whom");
        paper.fields([
            ("(3) Practitioner", or_blank(self.practitioner.as_deref())),
            ("(3) Principal place of business", or_blank(self.address.as_deref())),
        ]);
        paper.paragraph("(4), (5) Each State in which the practitioner is to prescribe:");
        paper.table(self.states());
        paper.fields([
            (
                "(4)(ii), (iii) Veterans Affairs",
                self.veterans_affairs.clone().unwrap_or_else(|| "not applicable / ".to_owned() + super::BLANK),
            ),
            (
                "(6) Institution and internal code",
                self.institution.clone().unwrap_or_else(|| "not applicable / ".to_owned() + super::BLANK),
            ),
        ]);
        paper.heading("How");
        paper.fields([
            ("(7) Government photo identification", or_blank(self.identification.as_deref())),
            ("(8) Day of the check, face to face", or_blank(self.date.as_deref())),
        ]);
        paper.checkbox(Tick::Open, "(7) The photograph matched the person.");
        paper.signature("(9) Person who checked", self.person.clone());
        paper.signature("(10) Practitioner", self.practitioner.clone());
        paper
    }

    fn states(&self) -> Table {
        let mut table = Table::new(vec![
            Column::new("Licensing authority", 4),
            Column::new("State licence", 3),
            Column::new("DEA registration", 3),
            Column::new("It expires", 2),
        ]);
        for state in &self.states {
            table.row(
                [&state.authority, &state.licence, &state.registration, &state.expires]
                    .map(|cell| cell.clone().unwrap_or_else(|| "________".to_owned())),
            );
        }
        for _ in self.states.len()..3 {
            table.row(["\n", "", "", ""]);
        }
        table
    }
}
