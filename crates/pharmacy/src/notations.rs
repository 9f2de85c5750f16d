//! The electronic form of every note that paper would bear (2008: 1306.08(c), 1311.175(c)): each with its words, its facts, who
//! made it and when. Read from the events; there is no other place in which such a note could stand.

use crate::central::CentralEnd;
use crate::people::Person;
use crate::prescription::Prescription;
use crate::words::words;
use theriac_law::Moment;
use theriac_law::vocab::Notation;

words! {
    /// Which note.
    NoteKind {
        /// A refill.
        Refill = "refill",
        /// A part.
        PartialFilling = "partial-filling",
        /// "LTCF patient".
        LtcfPatient = "ltcf-patient",
        /// "Terminally ill".
        TerminallyIll = "terminally-ill",
        /// Refills added by telephone.
        RefillsAdded = "refills-added",
        /// "TRANSFER".
        Transfer = "transfer",
        /// "VOID": it was transferred out.
        Void = "void",
        /// "CENTRAL FILL".
        CentralFill = "central-fill",
        /// It came back from central filling.
        CentralReceipt = "central-receipt",
        /// "Authorization for Emergency Dispensing".
        Emergency = "emergency",
        /// A change.
        Amendment = "amendment",
    }
}

/// A note as its paper would show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// Which.
    pub kind: NoteKind,
    /// What it says beside that.
    pub says: String,
    /// Who made it.
    pub by: Person,
    /// When.
    pub at: Moment,
}

impl Prescription {
    /// Every note, in order of time.
    pub fn notations(&self) -> Vec<Noted> {
        let mut notes = self.filling_notes();
        let mut note = |kind: NoteKind, says: String, by: &Person, at: Moment| {
            notes.push(Noted { kind, says, by: by.clone(), at });
        };
        if let Some(came) = self.received.source.transferred_in() {
            let says = format!("from {}, {}, {}", came.from.name, came.from.number, came.pharmacist);
            note(NoteKind::Transfer, says, &came.by, self.received.at);
        }
        if let Some(left) = &self.transferred_out {
            let says = format!("to {}, {}, {}", left.to.name, left.to.address, left.receiver);
            note(NoteKind::Void, says, &left.by, left.at);
        }
        for added in &self.added {
            let authorized = &added.authorization;
            let says = format!("{} of {} by {}", authorized.additional, authorized.quantity, authorized.practitioner);
            note(NoteKind::RefillsAdded, says, &added.by, authorized.at);
        }
        for central in &self.central {
            let to = &central.sent.to;
            let registration = to.registration.map(|number| number.to_string()).unwrap_or_default();
            let says = format!("{}, {}, {registration}", to.name, to.address);
            note(NoteKind::CentralFill, says, &central.sent.by, central.sent.at);
            if let Some(CentralEnd::Back(back)) = &central.ended {
                let says = format!("{} by {} carrier", back.received, back.carriage);
                note(NoteKind::CentralReceipt, says, &back.accepted_by, back.at);
            }
        }
        if let Some(follows) = &self.follows {
            let says = format!("{}: {}, {}", follows.oral, follows.oral_order, follows.authorization);
            note(NoteKind::Emergency, says, &follows.by, follows.at);
        }
        for amendment in &self.amendments {
            let from = amendment.from.as_deref().unwrap_or("nothing");
            let says = format!("{}: {from} to {}", amendment.element, amendment.to);
            note(NoteKind::Amendment, says, &amendment.by, amendment.at);
        }
        notes.sort_by_key(|note| note.at.timestamp);
        notes
    }

    fn filling_notes(&self) -> Vec<Noted> {
        let mut notes = Vec::new();
        for filling in self.fillings.iter().filter(|filling| filling.stands()) {
            let (by, at) = (filling.pharmacist.clone(), filling.at);
            let marked = filling.part.as_ref().and_then(|part| part.notation).map(|notation| match notation {
                Notation::LtcfPatient => NoteKind::LtcfPatient,
                Notation::TerminallyIll => NoteKind::TerminallyIll,
            });
            notes.extend(marked.map(|kind| Noted { kind, says: String::new(), by: by.clone(), at }));
            let kind = match (&filling.part, filling.kind) {
                (Some(_), _) => NoteKind::PartialFilling,
                (None, crate::filling::FillingKind::Refill) => NoteKind::Refill,
                (None, _) => continue,
            };
            notes.push(Noted { kind, says: filling.quantity.to_string(), by, at });
        }
        notes
    }
}
