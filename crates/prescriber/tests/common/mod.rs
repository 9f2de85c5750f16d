//! A practitioner with a token, and prescriptions to sign.
#![allow(dead_code, unreachable_pub, clippy::missing_panics_doc)]

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, tz};
use theriac_law::Profile;
use theriac_model::{Actor, CanonicalContents, DeaNumber, Element, Refusal, Registration, Role, Schedule};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{Credential, Expected, PractitionerId};
use theriac_pki::soft_token::{Gesture, SoftToken};
use theriac_pki::{Deployment, TwoFactorPass, verify_assertion};
use theriac_prescriber::access_event::{Checked, Standing};
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Moment;
use theriac_prescriber::{AccessEvent, Draft, Event, Prescription, Signer};

pub const SITE: (&str, &str) = ("localhost", "https://localhost");

pub fn number() -> DeaNumber {
    DeaNumber::parse("AB1234563").expect("a DEA number")
}

pub fn controller(id: &str) -> Actor {
    Actor::new(id, Role::AccessController)
}

pub fn practitioner() -> Actor {
    Actor::new("brook", Role::Prescriber)
}

pub fn agent() -> Actor {
    Actor::new("quill", Role::Agent)
}

pub fn checked() -> Checked {
    Checked {
        registration: number(),
        standing: Standing::Valid,
        expires: date(2027, 6, 30),
        schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        state_schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        data_issued: date(2026, 3, 1),
    }
}

pub fn now() -> Timestamp {
    "2026-03-02T16:00:00Z".parse().expect("instant")
}

/// A practitioner at the desk: signer, token, credential.
pub struct Desk {
    pub signer: Signer,
    pub token: SoftToken,
    pub credential: Credential,
    pub deployment: Deployment,
    pub profile: Profile,
}

impl Desk {
    pub fn granted() -> Self {
        Self::with(checked())
    }

    pub fn with(checked: Checked) -> Self {
        let deployment = Deployment::declared("DEMO").expect("a demonstration");
        let Deployment::Demo(demo) = deployment else { panic!("declared a demonstration") };
        let mut token = SoftToken::new("314159", demo).expect("a token");
        let registration = Registration::Own(number());
        let person = PractitionerId::parse("brook").expect("a practitioner");
        let end: Timestamp = "2027-06-30T07:00:00Z".parse().expect("instant");
        let credential = token.enrol(&person, &registration, end).expect("a credential");
        let mut signer = Signer::new("brook");
        let operator = Actor::new("ops", Role::Operator);
        signer.apply(&AccessEvent::Proofed { by: operator, evidence: "form 1".into() });
        signer.apply(&AccessEvent::RegistrationChecked(checked));
        let nominated = signer.nominate(&controller("ada")).expect("nominated");
        signer.apply(&nominated);
        let approved = signer.approve(&controller("ben"), number()).expect("approved");
        signer.apply(&approved);
        let id = credential.id.to_string();
        let bound = signer
            .register_credential(&id, &registration, "soft token (DEMO)", date(2027, 6, 30), "04")
            .expect("bound");
        signer.apply(&bound);
        Self { signer, token, credential, deployment, profile: Profile::strictest() }
    }

    pub fn pass(&mut self, shown: &[[u8; 32]], at: Timestamp) -> Result<TwoFactorPass, Refusal> {
        let challenge = Challenge::new([7; 32], shown.to_vec(), at);
        let answer = self.token.answer(&self.credential.id, &challenge, SITE.0, SITE.1, Gesture::Pin("314159"))?;
        let person = PractitionerId::parse("brook").expect("a practitioner");
        let registration = Registration::Own(number());
        let expected = Expected {
            challenge: &challenge,
            practitioner: &person,
            registration: &registration,
            relying_party: SITE.0,
            origin: SITE.1,
        };
        verify_assertion(&self.credential, &expected, &answer, at, self.deployment)
    }

    pub fn moment(&self, at: Timestamp, patients: u16) -> Moment<'_> {
        let offset = tz::offset(-7);
        Moment { at: theriac_law::Moment { timestamp: at, offset }, profile: &self.profile, patients }
    }
}

pub fn seconds(count: i64) -> SignedDuration {
    SignedDuration::from_secs(count)
}

pub fn today() -> Date {
    date(2026, 3, 2)
}

pub fn contents(changes: &[(Element, &str)]) -> CanonicalContents {
    let mut out = CanonicalContents::default();
    let plain = [
        (Element::Issued, "2026-03-02"),
        (Element::PatientLast, "Sample"),
        (Element::PatientFirst, "Pat"),
        (Element::PatientLine1, "1 Invented Way"),
        (Element::PatientCity, "Tucson"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85701"),
        (Element::PractitionerLast, "Brook"),
        (Element::PractitionerFirst, "Alex"),
        (Element::PractitionerLine1, "20 Example Street"),
        (Element::PractitionerCity, "Tucson"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85702"),
        (Element::Registration, "AB1234563"),
        (Element::DrugName, "Oxycodone hydrochloride"),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::DrugSchedule, "II"),
        (Element::QuantityValue, "30"),
        (Element::QuantityUnit, "tablet"),
        (Element::Directions, "Take 1 tablet every 6 hours as needed for pain"),
        (Element::Refills, "0"),
    ];
    for (element, value) in plain {
        let value = changes.iter().find(|(changed, _)| *changed == element).map_or(value, |(_, value)| value);
        out.set(element, value).expect("fits");
    }
    for (element, value) in changes {
        if out.get(*element).is_none() {
            out.set(*element, value).expect("fits");
        }
    }
    out
}

pub fn routing() -> Routing {
    Routing { patient: "p-1".into(), practitioner: "brook".into(), pharmacy: "9900001".into() }
}

/// A prescription with all records up to the ready mark.
pub fn ready(contents: CanonicalContents) -> (Prescription, Vec<Event>) {
    let (draft, drafted) = Draft::begin("rx-1", &agent(), routing(), contents).expect("drafted");
    let (_, marked) = draft.mark_ready(&agent(), &Profile::strictest(), today()).expect("ready");
    let events = vec![drafted, marked];
    (Prescription::replay("rx-1", &events).expect("a history"), events)
}
