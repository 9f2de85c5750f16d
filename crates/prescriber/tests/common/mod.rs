//! A practitioner with a token, and prescriptions to sign.
#![allow(dead_code, unreachable_pub, clippy::missing_panics_doc)]

use jiff::civil::{Date, date};
use jiff::{SignedDuration, Timestamp, tz};
use theriac_law::Profile;
use theriac_model::{Actor, CanonicalContents, DeaNumber, Element, Refusal, Registration, Role, Schedule};
use theriac_model::{BusinessActivity, DrugSchedules, RegistrantRow, RegistrantStatus};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{Credential, Expected, PractitionerId};
use theriac_pki::soft_token::{Gesture, SoftToken};
use theriac_pki::{Deployment, TwoFactorPass, verify_assertion};
use theriac_prescriber::access_event::{Checked, Standing};
use theriac_prescriber::audit::{
    AuditEvent, AuditGate, Auditor, Part1311, Regime, ReportKind, Scope, Security, Service, Setting, ThirdPartyReport,
};
use theriac_prescriber::duties::{Acknowledged, Clearance, Duties};
use theriac_prescriber::enrolment::{Application, Intended, Provider, ProviderKind, Rules};
use theriac_prescriber::event::Routing;
use theriac_prescriber::grant::{Confirmation, Controller};
use theriac_prescriber::proofing::{
    Approval, Authority, Check, CheckKind, CheckResult, Contact, ContactAnswer, ContactMode, Document, Entity,
    EntityKind, Format, NumberSource, Place, Record, Said, StateCode, Under, Upload,
};
use theriac_prescriber::registrants::Snapshot;
use theriac_prescriber::stage::Moment;
use theriac_prescriber::terms::Terms;
use theriac_prescriber::token::NewToken;
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
        registration: number().into(),
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
    pub clearance: Clearance,
}

/// A favourable report of an outside audit.
pub fn audit_report() -> ThirdPartyReport {
    ThirdPartyReport {
        id: "r-1".into(),
        kind: ReportKind::SysTrust,
        auditor: Auditor { name: "Invented Assurance LLC".into(), qualification: "CPA, licence 1".into() },
        scope: Scope::ALL.to_vec(),
        from: date(2026, 1, 1),
        audited: date(2026, 2, 1),
        issued: date(2026, 2, 5),
        part_1311: Part1311::Meet,
        security: Security::Adequate,
        version: "1.0".into(),
        digest: "ab".repeat(32),
        media: "application/pdf".into(),
    }
}

/// The gate of a deployment with these reports.
pub fn gate(reports: Vec<ThirdPartyReport>) -> AuditGate {
    let setting = Setting {
        application: theriac_prescriber::audit::Application::Prescribing,
        regime: Regime::Ordinary,
        service: Service::Hosted,
    };
    let mut gate = AuditGate::new(setting);
    for report in reports {
        gate.apply(&AuditEvent::Registered { report, by: operator() });
    }
    gate
}

/// Brook's duties, done on the day.
pub fn duties(gate: &AuditGate) -> Duties {
    let at = theriac_law::Moment { timestamp: now(), offset: tz::offset(-7) };
    let mut duties = Duties::new("brook");
    for what in Acknowledged::ALL {
        duties.apply(&duties.acknowledge(&practitioner(), *what, at).expect("acknowledged"));
    }
    if let Ok(determined) =
        duties.determine(&practitioner(), "r-1", theriac_prescriber::duties::Outcome::Meets, gate, at)
    {
        duties.apply(&determined);
    }
    duties
}

/// Brook's clearance on the day with these reports on file.
pub fn clearance(reports: Vec<ThirdPartyReport>) -> Result<Clearance, Refusal> {
    clearance_of(today(), reports)
}

/// Brook's clearance on another day.
pub fn clearance_of(day: Date, reports: Vec<ThirdPartyReport>) -> Result<Clearance, Refusal> {
    let gate = gate(reports);
    Clearance::ask(&duties(&gate), &gate, day, Terms { profile: &Profile::strictest(), holidays: &[] })
}

impl Desk {
    pub fn granted() -> Self {
        Self::with(checked())
    }

    /// Enrolled and granted with a registration in force; then `checked` is what the registrant data says.
    pub fn with(checked: Checked) -> Self {
        let deployment = Deployment::declared("DEMO").expect("a demonstration");
        let Deployment::Demo(demo) = deployment else { panic!("declared a demonstration") };
        let mut token = SoftToken::new("314159", demo).expect("a token");
        let registration = Registration::Own(number());
        let person = PractitionerId::parse("brook").expect("a practitioner");
        let end: Timestamp = "2027-06-30T07:00:00Z".parse().expect("instant");
        let credential = token.enrol(&person, &registration, end).expect("a credential");
        let mut case = Case::default();
        let mut signer = case.granted();
        let id = credential.id.to_string();
        let new = NewToken { credential: id, ..new_token("t-1", "S-1") };
        let bound = signer.bind(&new, &controller("ben"), &[], &case.review(&signer)).expect("bound");
        signer.apply(&bound);
        signer.apply(&AccessEvent::RegistrationChecked(checked));
        let clearance = clearance(vec![audit_report()]).expect("cleared");
        Self { signer, token, credential, deployment, profile: Profile::strictest(), clearance }
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
        Moment {
            at: theriac_law::Moment { timestamp: at, offset },
            profile: &self.profile,
            patients,
            clearance: &self.clearance,
        }
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

/// The operator who enrols.
pub fn operator() -> Actor {
    Actor::new("ops", Role::Operator)
}

/// An access controller by name; `ben` is a registrant.
pub fn grantor(id: &str) -> Controller {
    let registration = (id == "ben").then(ben_number);
    let name = format!("{}{} Example", id[..1].to_uppercase(), &id[1..]);
    Controller { actor: controller(id), name, registration, unit: String::new() }
}

pub fn ben_number() -> DeaNumber {
    DeaNumber::compose(*b"FE", 202_020).expect("a DEA number")
}

pub fn hospital_number() -> DeaNumber {
    DeaNumber::compose(*b"BH", 303_030).expect("a DEA number")
}

pub fn az() -> StateCode {
    StateCode::parse("AZ").expect("a State")
}

pub fn nv() -> StateCode {
    StateCode::parse("NV").expect("a State")
}

pub fn row(number: DeaNumber, name: &str) -> RegistrantRow {
    RegistrantRow {
        number,
        activity: BusinessActivity::Practitioner,
        sub_code: Some('0'),
        schedules: DrugSchedules::II_TO_V,
        expires: date(2027, 6, 30),
        status: RegistrantStatus::Active,
        name: name.into(),
        company: String::new(),
        line_1: "20 Example Street".into(),
        line_2: String::new(),
        city: "Tucson".into(),
        state: "AZ".into(),
        zip: "00002".into(),
    }
}

/// Registrant data with the practitioner, the second controller and the hospital.
pub fn data() -> Snapshot {
    data_of(date(2026, 3, 1))
}

pub fn data_of(issued: Date) -> Snapshot {
    let hospital =
        RegistrantRow { activity: BusinessActivity::Institution, ..row(hospital_number(), "EXAMPLE HOSPITAL") };
    Snapshot::new(issued).with(row(number(), "BROOK, ALEX MD")).with(row(ben_number(), "EXAMPLE, BEN")).with(hospital)
}

/// A document with nothing missing.
pub fn document() -> Document {
    Document {
        format: Format::Letterhead,
        entity: Entity {
            kind: EntityKind::Hospital,
            name: "Example Hospital".into(),
            registration: hospital_number().to_string(),
            state: String::new(),
            privileges: Said::Yes,
        },
        proofer: "Pia Proof".into(),
        practitioner: "Alex Brook".into(),
        business_address: "20 Example Street, Tucson AZ".into(),
        places: vec![place("AZ", number())],
        photo_id: "driver's licence".into(),
        photo_matched: Said::Yes,
        proofed_on: Some(date(2026, 2, 20)),
        proofer_signed: Said::Yes,
        practitioner_signed: Said::Yes,
        upload: Some(Upload { digest: "ab".repeat(32), media: "application/pdf".into(), bytes: 120_000 }),
    }
}

pub fn place(state: &str, number: DeaNumber) -> Place {
    Place {
        state: state.into(),
        authority: Authority::Licence { authority: format!("{state} Medical Board"), number: "12345".into() },
        under: Under::Own { number: number.to_string(), expires: Some(date(2027, 6, 30)) },
    }
}

pub fn record() -> Record {
    Record::Credential {
        provider: "Example Credential Service".into(),
        approval: Approval::GsaLevel3,
        subject: "Alex Brook".into(),
        issued: Some(date(2026, 2, 21)),
        ends: None,
        channels: 2,
    }
}

pub fn check_of(kind: CheckKind, state: StateCode) -> Check {
    Check {
        kind,
        state,
        result: CheckResult::Good,
        schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        valid_until: Some(date(2026, 12, 31)),
        source: "the board's look-up".into(),
        at: now(),
        by: operator(),
    }
}

pub fn contact_of(number: DeaNumber) -> Contact {
    Contact {
        registration: number.into(),
        mode: ContactMode::Telephone,
        place: "(520) 555-0100".into(),
        source: NumberSource::Public,
        named: "the State board's directory".into(),
        answer: ContactAnswer::Confirmed,
        at: now(),
        by: operator(),
    }
}

pub fn application() -> Application {
    Application {
        by: practitioner(),
        name: "Alex Brook".into(),
        telephone: "520-555-0199".into(),
        intends: vec![Intended { state: az(), registration: Registration::Own(number()) }],
        at: now() - seconds(3_600),
    }
}

pub fn new_token(credential: &str, serial: &str) -> NewToken {
    NewToken {
        credential: credential.into(),
        registration: Registration::Own(number()),
        device: "Example Key 5".into(),
        serial: serial.into(),
        expires: date(2027, 6, 30),
        public_key: format!("04-{credential}"),
    }
}

/// Everything that an enrolment rests on; tests change one thing and see what is missing.
pub struct Case {
    pub profile: Profile,
    pub provider: Provider,
    pub today: Date,
    pub application: Application,
    pub document: Option<Document>,
    pub record: Option<Record>,
    pub checks: Vec<Check>,
    pub contacts: Vec<Contact>,
    pub data: Snapshot,
    pub acknowledged: bool,
}

impl Default for Case {
    fn default() -> Self {
        Self {
            profile: Profile::strictest(),
            provider: Provider {
                name: "Example Prescribing Service".into(),
                kind: ProviderKind::Practice,
                separate_registration: Vec::new(),
            },
            today: today(),
            application: application(),
            document: Some(document()),
            record: Some(record()),
            checks: vec![check_of(CheckKind::Licence, az())],
            contacts: vec![contact_of(number())],
            data: data(),
            acknowledged: true,
        }
    }
}

impl Case {
    pub fn rules(&self) -> Rules<'_> {
        Rules { profile: &self.profile, today: self.today, provider: &self.provider }
    }

    pub fn review(&self, signer: &Signer) -> theriac_prescriber::enrolment::Review {
        signer.review(&self.rules(), &self.data)
    }

    /// All steps up to the grant, through the commands. What a command refuses does not happen.
    pub fn enrolled(&self) -> Signer {
        let mut signer = Signer::new("brook");
        let rules = self.rules();
        let opened = signer.apply_for(self.application.clone()).expect("opened");
        signer.apply(&opened);
        if self.acknowledged {
            let acknowledged = signer.acknowledge(&practitioner()).expect("acknowledged");
            signer.apply(&acknowledged);
        }
        if let Some(document) = &self.document {
            let entered = signer.enter_document(&operator(), document.clone()).expect("entered");
            signer.apply(&entered);
            if let Ok(accepted) = signer.accept_document(&operator(), &rules) {
                signer.apply(&accepted);
            }
        }
        if let Some(record) = &self.record
            && let Ok(entered) = signer.enter_record(&operator(), record.clone(), &rules)
        {
            signer.apply(&entered);
        }
        for check in &self.checks {
            signer.apply(&signer.record_check(check.clone()).expect("recorded"));
        }
        for contact in &self.contacts {
            if let Ok(contacted) = signer.record_contact(contact.clone()) {
                signer.apply(&contacted);
            }
        }
        for intended in &self.application.intends {
            if let Ok(events) = signer.check_registration(&operator(), intended, &self.data, &rules) {
                for event in &events {
                    signer.apply(event);
                }
            }
        }
        signer
    }

    /// Enrolled, and granted by `ada` and `ben`.
    pub fn granted(&mut self) -> Signer {
        let mut signer = self.enrolled();
        let rules = self.rules();
        let review = self.review(&signer);
        let nominated = signer.nominate(&grantor("ada"), &[], &review, &rules).expect("nominated");
        signer.apply(&nominated);
        let (pass, grant) = second_factor(&signer, "ben", ben_number());
        let confirmation = Confirmation::TwoFactors { pass: &pass, grant, at: now() };
        let approved = signer.approve(&grantor("ben"), confirmation, &review, &self.data, &rules).expect("approved");
        signer.apply(&approved);
        signer
    }

    /// The codes, with their fields, of everything that is missing.
    pub fn missing(&self) -> Vec<String> {
        codes(&self.review(&self.enrolled()).missing())
    }
}

pub fn codes(refusals: &[Refusal]) -> Vec<String> {
    let one = |refusal: &Refusal| match &refusal.field {
        Some(field) => format!("{} {field}", refusal.code),
        None => refusal.code.to_string(),
    };
    refusals.iter().map(one).collect()
}

pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest.as_ref().try_into().expect("32 bytes")
}

/// A controller's two factors for the grant that `signer` waits for, and the grant's digest.
pub fn second_factor(signer: &Signer, who: &str, registration: DeaNumber) -> (TwoFactorPass, [u8; 32]) {
    let deployment = Deployment::declared("DEMO").expect("a demonstration");
    let Deployment::Demo(demo) = deployment else { panic!("declared a demonstration") };
    let mut token = SoftToken::new("271828", demo).expect("a token");
    let person = PractitionerId::parse(who).expect("a person");
    let registration = Registration::Own(registration);
    let end: Timestamp = "2027-06-30T07:00:00Z".parse().expect("instant");
    let credential = token.enrol(&person, &registration, end).expect("a credential");
    let grant = sha256(&signer.grant_bytes());
    let challenge = Challenge::new([9; 32], vec![grant], now());
    let answer = token.answer(&credential.id, &challenge, SITE.0, SITE.1, Gesture::Pin("271828")).expect("an answer");
    let expected = Expected {
        challenge: &challenge,
        practitioner: &person,
        registration: &registration,
        relying_party: SITE.0,
        origin: SITE.1,
    };
    (verify_assertion(&credential, &expected, &answer, now(), deployment).expect("two factors"), grant)
}
