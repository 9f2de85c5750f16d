//! A filling in the mail, to the patient here or abroad (Pharmacist's Manual 2010, sections X and XIII; 39 CFR 111).

use crate::ask;
use crate::conditions::{Answered, Handed, LabelStep, Premises};
use crate::event::Event;
use crate::hand_over::{Moved, refuse_empty, whole_seconds};
use crate::people::Person;
use crate::prescription::Prescription;
use crate::refusals as refuse;
use theriac_books::{DocumentKind, MovementKind};
use theriac_law::facts::{Mailing, Parcel as ParcelFacts};
use theriac_law::vocab::{Delivery, Recipient, Source as Registered};
use theriac_law::{Moment, Profile, Request};
use theriac_model::Refusal;

/// Where a parcel goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Destination {
    /// Within the United States.
    Domestic,
    /// To another country, which is export.
    Abroad,
}

/// Whether the papers of an export are on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Export {
    /// A registration as an exporter, valid today.
    pub exporter: Answered,
    /// A permit or declaration, with number and date.
    pub paper: Answered,
}

/// A parcel as the person who packed it confirms it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// To whom, in words; 1 to 2000 characters.
    pub recipient: String,
    /// Where to.
    pub to: Destination,
    /// The inner container is marked.
    pub inner_marked: Answered,
    /// The inner container is sealed.
    pub inner_sealed: Answered,
    /// Nothing outside tells what is inside.
    pub outside_plain: Answered,
    /// It is not outwardly dangerous, nor able to harm life or health in the mail.
    pub harmless: Answered,
    /// The inner label names the dispenser and the dispenser's address.
    pub dispenser_named: Answered,
    /// The papers of an export.
    pub export: Export,
}

impl Parcel {
    fn facts(&self) -> (ParcelFacts, Mailing) {
        let yes = |answer: Answered| answer == Answered::Yes;
        let parcel = ParcelFacts {
            outer_plain: yes(self.outside_plain),
            inner_sealed: yes(self.inner_sealed),
            exporter_registered: yes(self.export.exporter),
        };
        let mailing = Mailing {
            mailer: Registered::Registered,
            addressee: Registered::Unregistered,
            inner_marked: yes(self.inner_marked),
            outside_mark: !yes(self.outside_plain),
            dispenser_name: yes(self.dispenser_named),
            dispenser_address: yes(self.dispenser_named),
            dangerous: !yes(self.harmless),
            exporter: yes(self.export.exporter),
            export_paper: yes(self.export.paper),
        };
        (parcel, mailing)
    }
}

impl Prescription {
    /// Mails filling `no` to the patient. It is with the patient from then on, as the books have it.
    ///
    /// # Errors
    /// `PHARM-FILLING-STATE`, `PHARM-TEXT`, `PHARM-TIME`, `PHARM-LABEL` without a label on the package, or the rulebook's
    /// refusal, which names the condition of the parcel that does not hold.
    pub fn mail(
        &self,
        profile: &Profile,
        no: u32,
        parcel: &Parcel,
        premises: Premises,
        by: &Person,
        at: Moment,
    ) -> Result<Moved, Refusal> {
        let filling = self.waiting(no, at)?;
        if filling.central.is_some() {
            return Err(refuse::central_state(no, "was filled centrally, so no stock of this pharmacy moves"));
        }
        let recipient = refuse_empty(&parcel.recipient, "recipient")?;
        if filling.label == LabelStep::Later && !self.labelled.iter().any(|label| label.no == no) {
            return Err(refuse::label_missing(no));
        }
        self.check_premises(profile, at, premises)?;
        let to = match parcel.to {
            Destination::Domestic => Recipient::Patient,
            Destination::Abroad => Recipient::Abroad,
        };
        let (facts, mailing) = parcel.facts();
        let question = self.question(at, Request::Deliver { to, by: Delivery::Mail }).with(|stated| {
            stated.parcel = facts;
            stated.mailing = Some(Box::new(mailing));
        });
        ask::permission(profile, &question)?;
        let at = whole_seconds(at);
        let movement = self.movement(filling, (MovementKind::HandOver, DocumentKind::PickUp), at, by.actor.clone())?;
        let details = Some(Box::new(Handed { to, by_way: Delivery::Mail, identity: None }));
        Ok(Moved { events: vec![Event::HandedOver { no, at, by: by.clone(), recipient, details }], movement })
    }
}
