//! A pharmacy in Arizona, its people, and messages that arrive there.
#![allow(dead_code)]

use theriac_law::Profile;
use theriac_law::vocab::{Recipient, Status as RegistrationStatus};
use theriac_model::{Actor, CanonicalContents, DeaNumber, Decimal, DrugUnit, Element, Ndc, Quantity, Role, Schedule};
use theriac_pharmacy::{
    Activity, ArchiveDigest, Arrived, ByHand, Came, Conditions, DeaNumbers, DrugFile, Event, Intake, Judgment,
    MessageFacts, Moment, Narcotic, Paper, Person, Pharmacist, PickUp, Prescription, PrescriptionNumber, Registrant,
    RegistrantLookup, Scanned, SignatureCheck, SignedIndication, Supply, Systems, TakingIn, Twin, receive, take_in,
};

pub(crate) const NDC: &str = "00406055201";

/// What a test prescribes; the rest is the same every time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rx {
    pub(crate) schedule: Schedule,
    pub(crate) issued: &'static str,
    pub(crate) quantity: &'static str,
    pub(crate) unit: &'static str,
    pub(crate) refills: u16,
}

pub(crate) const RX: Rx =
    Rx { schedule: Schedule::IV, issued: "2026-03-02", quantity: "30", unit: "tablet", refills: 5 };

pub(crate) fn contents(rx: &Rx) -> CanonicalContents {
    let mut contents = CanonicalContents::default();
    let refills = rx.refills.to_string();
    for (element, value) in [
        (Element::Issued, rx.issued),
        (Element::PatientLast, "Sample"),
        (Element::PatientFirst, "Pat"),
        (Element::PatientBorn, "1970-05-06"),
        (Element::PatientLine1, "1 Test Street"),
        (Element::PatientCity, "Phoenix"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85001"),
        (Element::PractitionerLast, "Baker"),
        (Element::PractitionerFirst, "Avery"),
        (Element::PractitionerLine1, "2 Clinic Way"),
        (Element::PractitionerCity, "Phoenix"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85002"),
        (Element::Registration, "AB1234563"),
        (Element::DrugName, "Testodrin"),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::DrugNdc, NDC),
        (Element::DrugSchedule, rx.schedule.roman()),
        (Element::QuantityValue, rx.quantity),
        (Element::QuantityUnit, rx.unit),
        (Element::Directions, "Take one tablet at bedtime"),
        (Element::Refills, &refills),
    ] {
        contents.set(element, value).expect("a value that fits");
    }
    contents
}

/// What the practitioner's system signed: the contents and the time, noon in Arizona on the day of issue.
pub(crate) fn signed(rx: &Rx) -> CanonicalContents {
    let mut signed = contents(rx);
    signed.set(Element::SignedAt, &format!("{}T19:00:00Z", rx.issued)).expect("an instant");
    signed
}

/// A message with nothing wrong, that arrives a minute after it was signed.
pub(crate) fn arrived(rx: &Rx) -> Arrived {
    Arrived {
        number: number("RX100001"),
        pharmacy: DeaNumber::parse("FT1234563").expect("a DEA number"),
        archive: archive(),
        message: MessageFacts {
            id: "M-1".to_owned(),
            sender: "6301875277001".to_owned(),
            recipient: "7701630".to_owned(),
            order_number: Some("O-1".to_owned()),
            sent: Some(format!("{}T19:00:30Z", rx.issued).parse().expect("an instant")),
        },
        received: at(&format!("{}T12:01:00-07:00", rx.issued)),
        contents: contents(rx),
        problems: Vec::new(),
        indication: SignedIndication::Present,
        signature: SignatureCheck::Verified { signed: Box::new(signed(rx)), subject: "CN=Test Practice".to_owned() },
        registrant: registrant(),
        drug: DrugFile::Scheduled(rx.schedule),
        twin: Twin::None,
        dea_numbers: DeaNumbers::One,
        systems: Systems::default(),
    }
}

pub(crate) fn archive() -> ArchiveDigest {
    ArchiveDigest([7; 32])
}

/// A practitioner whom the registrant data knows, for every schedule that is prescribed.
pub(crate) fn registrant() -> RegistrantLookup {
    RegistrantLookup {
        found: Some(Registrant {
            activity: Activity::Practitioner,
            status: RegistrationStatus::Valid,
            expires: Some("2027-12-31".parse().expect("a date")),
            schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        }),
        age_days: 1,
        source: "test registrants".to_owned(),
    }
}

pub(crate) fn number(text: &str) -> PrescriptionNumber {
    PrescriptionNumber::parse(text).expect("a prescription number")
}

pub(crate) fn at(text: &str) -> Moment {
    Moment::parse(text).unwrap_or_else(|| panic!("not an instant with its offset: {text}"))
}

pub(crate) fn ndc(text: &str) -> Ndc {
    Ndc::parse(text).expect("an NDC")
}

pub(crate) fn tablets(count: u32) -> Quantity {
    Quantity::new(Decimal::whole(count), DrugUnit::Tablet).expect("a quantity")
}

pub(crate) fn pharmacist() -> Pharmacist {
    Pharmacist::new(Person::new(Actor::new("rivera", Role::Pharmacist), "Ana Rivera")).expect("a pharmacist")
}

pub(crate) fn technician() -> Person {
    Person::new(Actor::new("novak", Role::Technician), "Jo Novak")
}

pub(crate) fn scanned() -> Scanned {
    Scanned { ndc: ndc(NDC), equivalents: Vec::new() }
}

pub(crate) fn profile() -> Profile {
    Profile::strictest()
}

/// The events of an accepted message.
pub(crate) fn accepted(arrived: Arrived) -> Vec<Event> {
    match receive(&profile(), arrived) {
        Intake::Accepted(events) => events,
        Intake::Rejected { refusals, .. } => panic!("rejected: {refusals:?}"),
    }
}

/// A prescription that was accepted.
pub(crate) fn prescription(rx: &Rx) -> Prescription {
    Prescription::replay(&accepted(arrived(rx))).expect("consistent")
}

/// A prescription that came on signed paper.
pub(crate) fn paper_prescription(rx: &Rx) -> Prescription {
    let hand = ByHand {
        number: number("RX200001"),
        pharmacy: DeaNumber::parse("FT1234563").expect("a DEA number"),
        archive: archive(),
        at: at(&format!("{}T12:30:00-07:00", rx.issued)),
        by: pharmacist().person().clone(),
        contents: contents(rx),
        came: Came::Paper(Paper::signed()),
        registrant: registrant(),
        drug: DrugFile::Scheduled(rx.schedule),
        narcotic: Narcotic::Other,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    };
    match take_in(&profile(), hand) {
        TakingIn::Accepted(events) => Prescription::replay(&events).expect("consistent"),
        TakingIn::Refused { refusals, .. } => panic!("refused: {refusals:?}"),
    }
}

/// A patient whom staff know, or somebody of the household.
pub(crate) fn pick_up(recipient: &str) -> PickUp {
    PickUp::by_hand(Recipient::Patient, recipient)
}

/// What every dispensing at `when` needs.
pub(crate) fn with_supply<T>(when: &str, act: impl FnOnce(&Supply<'_>) -> T) -> T {
    let (pharmacist, scanned, moment) = (pharmacist(), scanned(), at(when));
    let judgment = Judgment::new(moment);
    act(&Supply { pharmacist: &pharmacist, at: moment, scanned: &scanned, judgment, conditions: Conditions::default() })
}
