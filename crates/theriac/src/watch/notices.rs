//! The list of notices: what people must be told, by when, and that a person told them.

use crate::house::House;
use crate::house::record::{By, Change, Fault};
use std::collections::BTreeMap;
use theriac_law::Moment;
use theriac_model::{Actor, Refusal, Role};
use theriac_prescriber::notice::{Addressee, Channel, Item, Notice, NoticeEvent, NoticeId, Notices, Sent};
use theriac_store::NewPiece;

/// The stream of all notices.
const NOTICES: &str = "notices";

/// The list, with the entry that raised each notice: its number in addresses and on papers.
pub(crate) struct NoticeBook {
    pub(crate) notices: Notices,
    numbers: BTreeMap<NoticeId, u64>,
    version: u64,
}

impl NoticeBook {
    /// The number of a notice.
    pub(crate) fn number(&self, id: &NoticeId) -> u64 {
        self.numbers.get(id).copied().unwrap_or_default()
    }

    /// The notice with this number.
    pub(crate) fn item(&self, number: u64) -> Result<&Item, Refusal> {
        let found = self.numbers.iter().find(|(_, seq)| **seq == number);
        found.and_then(|(id, _)| self.notices.get(id)).ok_or_else(|| {
            Refusal::new(
                "RX-NOTICE-UNKNOWN",
                "21 CFR 1311.150(c), 1311.102",
                format!("there is no notice {number}"),
                "look at the list of notices",
            )
        })
    }
}

/// How a person gave a notice, as they say.
pub(crate) struct Giving {
    pub(crate) how: Channel,
    pub(crate) at: Moment,
    pub(crate) reached: String,
    /// Media type and bytes of a proof of sending.
    pub(crate) proof: Option<(String, Vec<u8>)>,
}

impl House {
    /// All notices.
    pub(crate) fn notices(&self) -> Result<NoticeBook, Fault> {
        let (records, version) = self.placed::<NoticeEvent>(NOTICES)?;
        let mut numbers = BTreeMap::new();
        for placed in &records {
            if let NoticeEvent::Raised(notice) = &placed.record {
                numbers.entry(notice.id.clone()).or_insert(placed.seq);
            }
        }
        Ok(NoticeBook { notices: Notices::replay(records.iter().map(|placed| &placed.record)), numbers, version })
    }

    /// Adds to an act the notices that follow from it; those on the list already are left out.
    pub(crate) fn raising(&self, change: Change, by: &By<'_>, notices: Vec<Notice>) -> Result<Change, Fault> {
        if notices.is_empty() {
            return Ok(change);
        }
        let events = self.notices()?.notices.raise(notices);
        Self::telling(change, by, &events)
    }

    /// Adds to an act steps of notices that the core decided with it.
    pub(crate) fn telling(mut change: Change, by: &By<'_>, events: &[NoticeEvent]) -> Result<Change, Fault> {
        for event in events {
            change = change.event(by, NOTICES, event)?;
        }
        Ok(change)
    }

    /// Records that a person gave a notice: how, when, to whom, with a proof if there is one.
    pub(crate) fn give_notice(&self, by: &Actor, number: u64, giving: Giving) -> Result<(), Fault> {
        let book = self.notices()?;
        let id = book.item(number)?.notice.id.clone();
        let now = self.clock.moment();
        let mut pieces = Vec::new();
        let proof = giving.proof.map(|(media, bytes)| {
            let digest = theriac_journal::hash::sha256(&bytes).to_hex();
            pieces.push(NewPiece { media, bytes, seal: Vec::new() });
            digest
        });
        let sent = Sent { by: by.clone(), at: giving.at, how: giving.how, reached: giving.reached, proof };
        let event = book.notices.give(&id, sent, now)?;
        Change::default()
            .decided_on(NOTICES, book.version)
            .with_pieces(&self.by(by, ""), NOTICES, &event, pieces)?
            .commit(&self.store)?;
        Ok(())
    }

    /// Puts a notice back on the list whose giving was recorded wrongly.
    pub(crate) fn reopen_notice(&self, by: &Actor, number: u64, reason: &str) -> Result<(), Fault> {
        let book = self.notices()?;
        let event = book.notices.reopen(&book.item(number)?.notice.id, by, reason)?;
        Change::default()
            .decided_on(NOTICES, book.version)
            .event(&self.by(by, ""), NOTICES, &event)?
            .commit(&self.store)?;
        Ok(())
    }

    /// To whom notices go that this person sees when they come in.
    fn addressee(&self, who: &Actor) -> Option<Addressee> {
        match who.role {
            Role::Prescriber => Some(Addressee::Practitioner(who.id.clone())),
            Role::Pharmacist => Some(Addressee::Pharmacy(self.pharmacy.to_string())),
            Role::Operator => Some(Addressee::Provider),
            Role::AccessController => Some(Addressee::AccessControllers),
            _ => None,
        }
    }

    /// The notices that wait for this person, shown to them now. For a practitioner that is how they are given, and recorded
    /// as such; to others a person has to say that they were told.
    pub(crate) fn shown_at_sign_in(&self, who: &Actor) -> Result<Vec<(u64, Notice)>, Fault> {
        let Some(to) = self.addressee(who) else { return Ok(Vec::new()) };
        let book = self.notices()?;
        let waiting: Vec<(u64, Notice)> =
            book.notices.at_sign_in(&to).map(|item| (book.number(&item.notice.id), item.notice.clone())).collect();
        if who.role != Role::Prescriber || waiting.is_empty() {
            return Ok(waiting);
        }
        let now = self.clock.moment();
        let mut change = Change::default().decided_on(NOTICES, book.version);
        for (_, notice) in &waiting {
            let sent = Sent {
                by: who.clone(),
                at: now,
                how: Channel::InApplication,
                reached: self.full_name(&who.id),
                proof: None,
            };
            change = change.event(&self.by(who, ""), NOTICES, &book.notices.give(&notice.id, sent, now)?)?;
        }
        match change.commit(&self.store) {
            // Another page of the same person was first: it has been recorded.
            Ok(_) | Err(Fault::Conflict) => Ok(waiting),
            Err(other) => Err(other),
        }
    }

    /// What a person of this role has to give, the most urgent first.
    pub(crate) fn notices_to_give(&self, who: &Actor) -> Result<Vec<(u64, Item)>, Fault> {
        let book = self.notices()?;
        let mine = book.notices.to_do().into_iter().filter(|item| item.notice.from.may_be_given_by(who));
        Ok(mine.map(|item| (book.number(&item.notice.id), item.clone())).collect())
    }
}
