//! A production deployment from its first operator to its first signature, over the pages, with security keys in memory;
//! and everything that a token must not be able to do.

use super::desk::Place;
use super::virtual_key::{Holder, ORIGIN, VirtualKey};
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::cast;
use crate::demo::enrol::{Applicant, prove, take_up_duties};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::event::{HouseEvent, Person, Product};
use crate::practice::cards::{CardEvent, PatientCard, Place as Practice};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan as _};
use theriac_model::{
    BusinessActivity, DeaNumber, DrugSchedules, PersonName, RegistrantRow, RegistrantStatus, Registration,
};
use theriac_pki::Password;
use theriac_prescriber::registrants::Manifest;
use theriac_prescriber::statement::Covers;

/// A production deployment with its people, its registrant data, its audit report and its drug file; nobody may sign, and no
/// access controller is designated.
pub(super) struct Founded {
    pub(super) place: Place,
    pub(super) key: VirtualKey,
}

/// A row of the registrant data, of a practitioner whose registration runs for years.
pub(super) fn registrant(number: DeaNumber, name: &str) -> RegistrantRow {
    let address = cast::practice_address();
    RegistrantRow {
        number,
        activity: BusinessActivity::Practitioner,
        sub_code: Some('0'),
        schedules: DrugSchedules::II_TO_V,
        expires: jiff::civil::date(2028, 6, 30),
        status: RegistrantStatus::Active,
        name: name.to_owned(),
        company: String::new(),
        line_1: address.line1,
        line_2: address.line2.unwrap_or_default(),
        city: address.city,
        state: address.state,
        zip: address.postal,
    }
}

impl Founded {
    pub(super) fn new() -> Self {
        let key = VirtualKey::new();
        let dir = tempfile::tempdir().unwrap();
        let mut config = demonstration();
        config.deployment = "production".to_owned();
        config.name = "rx.example/journal".to_owned();
        let clock = Clock::told(TimeZone::get("America/Phoenix").unwrap(), key.now());
        let password = Password::new("only the operator knows this");
        let house = House::found_with(&dir.path().join("house"), config, clock, password).unwrap();
        let founded = Self { place: Place::of(house, dir), key };
        founded.fill();
        founded.list_models(3);
        founded
    }

    fn fill(&self) {
        let house = &self.place.house;
        let mut listed: Vec<HouseEvent> = Vec::new();
        for person in
            [&cast::OPERATOR, &cast::FIRST_CONTROLLER, &cast::SECOND_CONTROLLER, &cast::PRACTITIONER, &cast::LAPSED]
        {
            listed.push(HouseEvent::PersonAdded(Person {
                id: person.id.to_owned(),
                name: format!("{} {}", person.first, person.last),
                role: crate::demo::world::role(person),
                what: person.what.to_owned(),
            }));
        }
        let product = cast::OXYCODONE;
        listed.push(HouseEvent::ProductListed(Product {
            ndc: theriac_model::Ndc::parse(product.ndc).unwrap(),
            name: product.name.to_owned(),
            strength: product.strength.to_owned(),
            form: product.form.to_owned(),
            unit: product.unit,
            schedule: Some(product.schedule),
        }));
        house.note(&crate::house::program(), &listed).unwrap();
        let patient = &cast::PATIENTS[0];
        let name = PersonName { last: patient.last.into(), first: patient.first.into(), middle: None, suffix: None };
        let address = cast::patient_address(patient);
        let card = PatientCard { id: "p-1".into(), name, address, born: patient.born.parse().unwrap() };
        let practice = Practice {
            person: "brook".into(),
            registration: Registration::Own(cast::practitioner_number()),
            name: cast::name(&cast::PRACTITIONER),
            address: cast::practice_address(),
            treatment_id: None,
            service_id: None,
        };
        house.write_cards(&crate::house::program(), &[CardEvent::Patient(card), CardEvent::Place(practice)]).unwrap();
        self.import(&[]);
        house.register_demonstration_audits().unwrap();
    }

    /// Imports registrant data of today, with these rows instead of those of the same numbers.
    pub(super) fn import(&self, instead: &[RegistrantRow]) {
        let house = &self.place.house;
        let mut bytes = Vec::new();
        let rows = [
            registrant(cast::practitioner_number(), "BROOK, ALEX"),
            registrant(cast::controller_number(), "BARRIER, BEN"),
            registrant(cast::lapsed_number(), "LAPHAM, LEE"),
        ];
        for row in &rows {
            let row = instead.iter().find(|other| other.number == row.number).unwrap_or(row);
            theriac_wire::registrants::print(row, &mut bytes);
        }
        let path = house.dir.join("registrants.txt");
        std::fs::write(&path, bytes).unwrap();
        let manifest = Manifest { issued: Some(house.today()), rows: None, digest: None };
        house.import_registrants(&path, &manifest).unwrap();
        house.recheck(None).unwrap();
    }

    /// Writes the list of models, with the key's at this physical level.
    pub(super) fn list_models(&self, physical: u8) {
        let today = self.place.house.today();
        let (from, until) = (today.saturating_sub(2.days()), today.saturating_add(2.days()));
        let head = format!("version = 1\nissued = \"{from}\"\nreview-by = \"{until}\"\n");
        std::fs::write(self.place.house.dir.join("token-models.toml"), head + &self.key.model(physical, from)).unwrap();
    }

    async fn post(&self, who: &str, path: &str, body: &str) -> Answer {
        self.place.ask("POST", path, who, body).await
    }

    /// A form that must be taken.
    pub(super) async fn done(&self, who: &str, path: &str, body: &str) {
        let answer = self.post(who, path, body).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{who} {path}: {}", answer.text);
    }

    /// A form that must be refused with this code, and nothing is recorded.
    pub(super) async fn refused(&self, who: &str, path: &str, body: &str, code: &str) {
        let before = self.place.house.store.size().unwrap();
        let answer = self.post(who, path, body).await;
        assert!(answer.text.contains(code), "{who} {path} should say {code}: {}", answer.text);
        assert!(answer.status.is_client_error(), "{who} {path}: {}", answer.status);
        assert_eq!(self.place.house.store.size().unwrap(), before, "{who} {path}");
    }

    /// Begins and answers a ceremony; the answer's problem code, or nothing.
    async fn ceremony(
        &mut self,
        who: &str,
        (begin, body): (&str, String),
        answer: &str,
        key: impl FnOnce(&mut VirtualKey, &Value) -> Value,
    ) -> Result<Value, String> {
        let asked = self.post(who, begin, &body).await;
        if asked.status != StatusCode::OK {
            return Err(asked.json()["code"].as_str().unwrap_or("?").to_owned());
        }
        let credential = key(&mut self.key, &asked.json()["publicKey"]);
        let answered = self.post(who, answer, &credential.to_string()).await;
        match answered.status {
            StatusCode::OK => Ok(credential),
            _ => Err(answered.json()["code"].as_str().unwrap_or("?").to_owned()),
        }
    }

    /// The identifier of the offer that a page of its holder shows.
    async fn offer(&self, who: &str, page: &str) -> String {
        let shown = self.place.get(page, who).await;
        let id = shown.text.split("name=\"offer\" value=\"").nth(1).and_then(|rest| rest.split('"').next());
        id.unwrap_or_else(|| panic!("no offer on the page: {}", shown.text)).to_owned()
    }

    /// Binds the offered device in its holder's browser.
    pub(super) async fn bind(&mut self, who: &str, page: &str, holder: Holder) -> Result<Value, String> {
        let body = format!(r#"{{"offer":"{}"}}"#, self.offer(who, page).await);
        self.ceremony(who, ("/api/v1/tokens", body), "/api/v1/tokens/answer", |key, options| {
            key.create(options, holder)
        })
        .await
    }

    /// The second controller approves with the key.
    pub(super) async fn approve(&mut self, who: &str, person: &str, holder: Holder) -> Result<Value, String> {
        let body = format!(r#"{{"person":"{person}"}}"#);
        self.ceremony(who, ("/api/v1/grants", body), "/api/v1/grants/answer", |key, options| key.get(options, holder))
            .await
    }

    /// The practitioner signs one prescription with the key.
    pub(super) async fn sign(&mut self, id: &str, holder: Holder) -> Result<Value, String> {
        let body = format!(r#"{{"ids":"{id}","statement":"{}","agreed":true}}"#, self.statement());
        self.ceremony("brook", ("/api/v1/signing", body), "/api/v1/signing/answer", |key, options| {
            key.get(options, holder)
        })
        .await
    }

    /// Designates both controllers, and binds the second one's key.
    pub(super) async fn with_controllers(mut self) -> Self {
        self.done("ola", "/access/controllers", "person=ada").await;
        let ben = format!("person=ben&registration={}", cast::controller_number());
        self.done("ola", "/access/controllers", &ben).await;
        self.done("ola", "/access/controllers/ben/key", "serial=BEN-1").await;
        self.bind("ben", "/access/keys", Holder::EntersPin).await.unwrap();
        self
    }

    /// The practitioner's enrolment, up to the two who grant.
    pub(super) fn proved(self) -> Self {
        let house = &self.place.house;
        let provider = house.provider();
        let rules = house.rules(&provider);
        let data = house.data_for(&theriac_prescriber::Signer::new("brook"), [cast::practitioner_number()]).unwrap();
        prove(house, self.applicant(), &data, &rules).unwrap();
        self
    }

    fn applicant(&self) -> Applicant {
        Applicant {
            person: &cast::PRACTITIONER,
            number: cast::practitioner_number(),
            until: jiff::civil::date(2028, 6, 30),
            on: self.place.house.today(),
            under: crate::demo::enrol::Held::Own,
        }
    }

    /// Granted by two.
    pub(super) async fn granted(mut self) -> Self {
        self.done("ada", "/access/people/brook/nominate", "").await;
        self.approve("ben", "brook", Holder::EntersPin).await.unwrap();
        self
    }

    /// Hands the practitioner a key with this number and binds it.
    pub(super) async fn with_token(mut self, serial: &str) -> Self {
        let form = format!("registration={}&serial={serial}", cast::practitioner_number());
        self.done("ola", "/operator/tokens/brook/offer", &form).await;
        self.bind("brook", "/practice/tokens", Holder::EntersPin).await.unwrap();
        self
    }

    /// A practitioner who may sign, with one token.
    pub(super) async fn ready() -> Self {
        let founded = Self::new().with_controllers().await.proved().granted().await.with_token("S-1").await;
        take_up_duties(&founded.place.house, founded.applicant()).unwrap();
        founded
    }

    /// The name of the statement on the review screen.
    pub(super) fn statement(&self) -> String {
        self.place.house.statement(Covers::Single).id.into_owned()
    }

    /// A prescription marked ready.
    pub(super) async fn prescription(&self) -> String {
        let id = self.place.draft("brook", "").await;
        self.done("brook", &format!("/practice/prescriptions/{id}/ready"), "").await;
        id
    }

    pub(super) async fn stage(&self, id: &str) -> String {
        let page = self.place.get(&format!("/practice/prescriptions/{id}"), "brook").await;
        for stage in ["signed", "reviewed", "ready"] {
            if page.text.contains(&format!(">{stage}<")) {
                return stage.to_owned();
            }
        }
        panic!("{}", page.text)
    }
}

/// A passkey registered with an invitation's code opens a session, in production, over the pages alone.
#[tokio::test]
async fn the_first_operator_comes_in_with_a_code_and_a_passkey() {
    let mut founded = Founded::new();
    let code = founded.place.house.invite(&crate::house::program(), "ola").unwrap();
    let begin = format!(r#"{{"person":"ola","code":"{code}"}}"#);
    let asked = founded.place.nobody("POST", "/api/v1/join", &begin).await.json();
    let credential = founded.key.create(&asked["publicKey"], Holder::EntersPin);
    let answer = serde_json::json!({"ticket": asked["ticket"], "credential": credential}).to_string();
    let joined = founded.place.nobody("POST", "/api/v1/join/answer", &answer).await;
    assert_eq!(joined.status, StatusCode::OK, "{}", joined.text);
    let cookie = joined.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = founded.place.send("GET", "/access/controllers", &cookie, "").await;
    assert!(
        page.status == StatusCode::OK && page.text.contains("At least two people must be designated"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("DEMO"), "{}", page.text);
}

/// From an empty deployment to the first signature, each step by the person whose step it is.
/// Requirements: epcs-1311.110-a, epcs-1311.125-a-1, epcs-1311.125-d-2, epcs-pre-8-auth-when-ready
#[tokio::test]
async fn a_production_deployment_gets_its_controllers_its_signer_and_its_first_signature_from_pages() {
    let mut founded = Founded::new();
    founded.refused("ada", "/access/people/brook/nominate", "", "ACCESS-NOT-DESIGNATED").await;
    founded = founded.with_controllers().await;
    founded.refused("ada", "/access/people/brook/nominate", "", "RX-ENROL-NOT-OPENED").await;
    founded = founded.proved();
    assert_eq!(founded.approve("ben", "brook", Holder::EntersPin).await, Err("RX-ACCESS-NOT-NOMINATED".into()));
    founded.done("ada", "/access/people/brook/nominate", "").await;
    let page = founded.place.get("/access/people/brook", "ben").await;
    for shown in [
        "Ada Accession entered that Alex Brook may sign",
        "Petra Proofer",
        "licence in AZ",
        "For the person: nothing",
        "first grant",
    ] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    assert_eq!(founded.approve("ada", "brook", Holder::EntersPin).await, Err("RX-ACCESS-REGISTRANT".into()));
    assert_eq!(founded.approve("ben", "brook", Holder::TouchesOnly).await, Err("PKI-PASS-ONE-FACTOR".into()));
    founded.approve("ben", "brook", Holder::EntersPin).await.unwrap();
    let form = format!("registration={}&serial=S-1", cast::practitioner_number());
    founded.done("ola", "/operator/tokens/brook/offer", &form).await;
    founded.bind("brook", "/practice/tokens", Holder::EntersPin).await.unwrap();
    let own = founded.place.get("/practice/tokens", "brook").await;
    for shown in ["Example Key 5", "S-1", "FIPS 140 certificate 4242, level 2 overall, 3 physical", "no spare"] {
        assert!(own.text.contains(shown), "{shown}: {}", own.text);
    }
    take_up_duties(&founded.place.house, founded.applicant()).unwrap();
    let id = founded.prescription().await;
    // The factors are asked for when the prescription is ready to be signed, and not before.
    assert_eq!(founded.sign(&id, Holder::TouchesOnly).await, Err("PKI-PASS-ONE-FACTOR".into()));
    assert_eq!(founded.stage(&id).await, "reviewed");
    founded.sign(&id, Holder::EntersPin).await.unwrap();
    assert_eq!(founded.stage(&id).await, "signed");
    let report = founded.place.house.store.check(&[]).unwrap();
    assert!(report.bad.is_empty(), "{report:?}");
    founded.place.house.store.rebuild().unwrap();
    let id = founded.prescription().await;
    founded.sign(&id, Holder::EntersPin).await.unwrap();
}

/// Requirements: epcs-1311.110-b-2, epcs-1311.210-c
#[tokio::test]
async fn production_binds_and_uses_only_keys_of_a_listed_model_at_the_levels_of_the_rule() {
    let mut founded = Founded::new().with_controllers().await.proved().granted().await;
    let form = format!("registration={}&serial=S-1", cast::practitioner_number());
    founded.done("ola", "/operator/tokens/brook/offer", &form).await;
    let models = founded.place.house.dir.join("token-models.toml");
    let list = std::fs::read_to_string(&models).unwrap();
    founded.list_models(2);
    assert_eq!(founded.bind("brook", "/practice/tokens", Holder::EntersPin).await, Err("PKI-TOKEN-PHYSICAL".into()));
    std::fs::remove_file(&models).unwrap();
    assert_eq!(founded.bind("brook", "/practice/tokens", Holder::EntersPin).await, Err("TOKEN-NO-MODELS".into()));
    std::fs::write(&models, list.replace("0fb9bcbc", "0fb9bcbd")).unwrap();
    assert_eq!(
        founded.bind("brook", "/practice/tokens", Holder::EntersPin).await,
        Err("PKI-TOKEN-UNKNOWN-MODEL".into())
    );
    std::fs::write(&models, &list).unwrap();
    assert_eq!(founded.bind("brook", "/practice/tokens", Holder::TouchesOnly).await, Err("PKI-REG-ONE-FACTOR".into()));
    founded.bind("brook", "/practice/tokens", Holder::EntersPin).await.unwrap();
    take_up_duties(&founded.place.house, founded.applicant()).unwrap();
    let id = founded.prescription().await;
    // A model that falls out of the list signs no more, though the key is bound.
    founded.list_models(2);
    assert_eq!(founded.sign(&id, Holder::EntersPin).await, Err("PKI-TOKEN-PHYSICAL".into()));
    founded.list_models(3);
    founded.sign(&id, Holder::EntersPin).await.unwrap();
}

/// Requirements: epcs-1311.125-a-1, epcs-1311.225-a
#[tokio::test]
async fn an_answer_serves_once_for_what_was_shown_and_not_after_two_minutes() {
    let mut founded = Founded::ready().await;
    let id = founded.prescription().await;
    let answer = founded.sign(&id, Holder::EntersPin).await.unwrap();
    let again = founded.post("brook", "/api/v1/signing/answer", &answer.to_string()).await;
    assert_eq!(again.json()["code"], "RX-SIGN-NOT-ASKED", "{}", again.text);
    let next = founded.prescription().await;
    let begin = format!(r#"{{"ids":"{next}","statement":"{}","agreed":true}}"#, founded.statement());
    founded.post("brook", "/api/v1/signing", &begin).await;
    let replayed = founded.post("brook", "/api/v1/signing/answer", &answer.to_string()).await;
    assert_eq!(replayed.json()["code"], "PKI-PASS-CHALLENGE", "{}", replayed.text);
    for (seconds, expected) in [(121, Some("PKI-PASS-LAPSED")), (120, None)] {
        let asked = founded.post("brook", "/api/v1/signing", &begin).await.json();
        let credential = founded.key.get(&asked["publicKey"], Holder::EntersPin);
        founded.place.house.clock.advance(SignedDuration::from_secs(seconds));
        let answered = founded.post("brook", "/api/v1/signing/answer", &credential.to_string()).await;
        let code = answered.json()["code"].as_str().map(str::to_owned);
        assert_eq!(code.as_deref(), expected, "after {seconds} s: {}", answered.text);
    }
    assert_eq!(founded.stage(&next).await, "signed");
}

/// Requirements: epcs-1311.135-a, epcs-pre-8-1-revoke-inaccessible, epcs-pre-8-reissue
#[tokio::test]
async fn a_loss_reported_without_the_token_ends_it_at_once_with_every_session_and_signature_under_way() {
    let mut founded = Founded::ready().await;
    let id = founded.prescription().await;
    let house = Arc::clone(&founded.place.house);
    let other = house.sessions.open("brook", Known::Passkey, house.clock.now()).unwrap();
    let cookie = format!("theriac-session={}", other.as_str());
    let begin = format!(r#"{{"ids":"{id}","statement":"{}","agreed":true}}"#, founded.statement());
    let asked = founded.place.send("POST", "/api/v1/signing", &cookie, &begin).await.json();
    let credential = founded.key.get(&asked["publicKey"], Holder::EntersPin).to_string();

    let discovered = house.clock.wall(house.clock.now()).replace(' ', "T");
    let tomorrow = house.today().tomorrow().unwrap();
    for (form, code) in [
        (format!("discovered={discovered}"), "TOKEN-LOSS-KIND"),
        ("kind=lost&discovered=yesterday".to_owned(), "TOKEN-DISCOVERED"),
        (format!("kind=lost&discovered={tomorrow}T09:00"), "RX-TOKEN-DISCOVERED"),
        (format!("kind=lost&serial=S-9&discovered={discovered}"), "RX-TOKEN-UNKNOWN"),
    ] {
        founded.refused("brook", "/practice/tokens/loss", &form, code).await;
    }
    let form = format!("kind=lost&serial=S-1&discovered={discovered}");
    let taken = founded.post("brook", "/practice/tokens/loss", &form).await;
    assert!(taken.status == StatusCode::OK && taken.text.contains("One credential was revoked"), "{}", taken.text);
    assert!(taken.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));

    // The other browser is out, and so is its answer to what was asked before.
    let out = founded.place.send("GET", "/practice/prescriptions", &cookie, "").await;
    assert_eq!(out.location(), "/sign-in");
    let late = founded.post("brook", "/api/v1/signing/answer", &credential).await;
    assert_eq!(late.json()["code"], "RX-SIGN-NOT-ASKED", "{}", late.text);
    assert_eq!(founded.sign(&id, Holder::EntersPin).await, Err("RX-TOKEN-NONE".into()));

    // A new token takes two who recognise the person; the lost device never comes back.
    let offer = |serial: &str| format!("registration={}&serial={serial}", cast::practitioner_number());
    founded.refused("ola", "/operator/tokens/brook/offer", &offer("S-2"), "RX-TOKEN-RECOVERY").await;
    founded.refused("ada", "/access/people/brook/recovery", "recognised=", "RX-RECOVERY-HOW").await;
    founded.refused("ada", "/access/people/brook/recovery/confirm", "", "RX-RECOVERY-NONE").await;
    founded.done("ada", "/access/people/brook/recovery", "recognised=seen+with+a+passport").await;
    founded.refused("ada", "/access/people/brook/recovery/confirm", "", "RX-ACCESS-TWO-PEOPLE").await;
    founded.done("ben", "/access/people/brook/recovery/confirm", "").await;
    founded.refused("ola", "/operator/tokens/brook/offer", &offer("S-1"), "RX-TOKEN-WAS-LOST").await;
    founded = founded.with_token("S-2").await;
    founded.sign(&id, Holder::EntersPin).await.unwrap();
    assert_eq!(founded.stage(&id).await, "signed");
}

/// Requirements: epcs-1311.135-a
#[tokio::test]
async fn the_operator_takes_the_report_by_telephone_and_a_spare_signs_on() {
    let mut founded = Founded::ready().await.with_token("SPARE-1").await;
    let own = founded.place.get("/practice/tokens", "brook").await;
    assert!(!own.text.contains("no spare"), "{}", own.text);
    let discovered = founded.place.house.clock.wall(founded.place.house.clock.now()).replace(' ', "T");
    let form = format!("kind=stolen&serial=S-1&discovered={discovered}");
    founded.refused("ola", "/operator/tokens/brook/loss", &form, "ACCESS-REASON").await;
    founded.done("ola", "/operator/tokens/brook/loss", &format!("{form}&channel=by+telephone")).await;
    let shown = founded.place.get("/operator/tokens/brook", "iris-is-not-here").await;
    assert_eq!(shown.location(), "/sign-in");
    let shown = founded.place.get("/operator/tokens/brook", "ola").await;
    assert!(shown.text.contains("revoked: reported stolen") && shown.text.contains("in use"), "{}", shown.text);
    let id = founded.prescription().await;
    // The virtual key holds both credentials; only the spare's is asked.
    founded.sign(&id, Holder::EntersPin).await.unwrap();
}

/// Requirements: epcs-1311.110-d-1, epcs-1311.110-e, epcs-1311.135-b
#[tokio::test]
async fn a_token_signs_for_its_own_registration_and_ends_with_it() {
    let mut founded = Founded::ready().await;
    let other = format!("registration={}&serial=S-2", cast::lapsed_number());
    founded.refused("ola", "/operator/tokens/brook/offer", &other, "RX-ENROL-PLACE").await;
    let id = founded.prescription().await;
    let today = founded.place.house.today();
    // The registration now ends tomorrow: signing goes on today, and not on the day of expiration.
    let mut row = registrant(cast::practitioner_number(), "BROOK, ALEX");
    row.expires = today.tomorrow().unwrap();
    founded.import(&[row]);
    founded.sign(&id, Holder::EntersPin).await.unwrap();
    let id = founded.prescription().await;
    founded.place.house.clock.advance(SignedDuration::from_hours(24));
    let refused = founded.sign(&id, Holder::EntersPin).await.unwrap_err();
    assert!(["RX-TOKEN-EXPIRED", "PKI-PASS-EXPIRED", "RX-CLEARANCE"].contains(&refused.as_str()), "{refused}");
}

/// Requirements: epcs-1311.135-c-2, epcs-1311.125-c
#[tokio::test]
async fn a_registration_that_was_suspended_stops_signing_with_the_import_that_says_so() {
    let mut founded = Founded::ready().await;
    let id = founded.prescription().await;
    founded.place.house.clock.advance(SignedDuration::from_hours(1));
    let mut row = registrant(cast::practitioner_number(), "BROOK, ALEX");
    row.status = RegistrantStatus::Suspended;
    founded.import(&[row]);
    assert!(founded.sign(&id, Holder::EntersPin).await.is_err());
    assert_ne!(founded.stage(&id).await, "signed");
}

#[tokio::test]
async fn taking_away_takes_one_and_holds_at_once_and_giving_back_takes_two_with_factors() {
    let mut founded = Founded::ready().await;
    let id = founded.prescription().await;
    founded.refused("ada", "/access/people/brook/suspend", "reason=", "ACCESS-REASON").await;
    for (who, path) in [("ada", "suspend"), ("ola", "suspend")] {
        founded.done(who, &format!("/access/people/brook/{path}"), "reason=under+investigation").await;
        assert_eq!(founded.sign(&id, Holder::EntersPin).await, Err("RX-ACCESS-SUSPENDED".into()), "{who}");
        founded.done("ada", "/access/people/brook/nominate", "").await;
        founded.approve("ben", "brook", Holder::EntersPin).await.unwrap();
    }
    founded.sign(&id, Holder::EntersPin).await.unwrap();
    let id = founded.prescription().await;
    let out = format!("registration={}&reason=moved+away", cast::practitioner_number());
    founded.done("ada", "/access/people/brook/withdraw", &out).await;
    assert_eq!(founded.sign(&id, Holder::EntersPin).await, Err("RX-TOKEN-NONE".into()));
    founded = founded.with_token("S-2").await;
    founded.sign(&id, Holder::EntersPin).await.unwrap();
    founded.done("ola", "/access/people/brook/revoke", "reason=left+the+practice").await;
    let id = founded.prescription().await;
    assert_eq!(founded.sign(&id, Holder::EntersPin).await, Err("RX-TOKEN-NONE".into()));
    let page = founded.place.get("/access/people/brook", "ada").await;
    assert!(page.text.contains("revoked") && page.text.contains("left the practice"), "{}", page.text);
}

#[tokio::test]
async fn a_device_is_bound_by_the_person_it_was_handed_to_within_a_day_and_is_nobody_elses() {
    let mut founded = Founded::ready().await;
    let form = format!("registration={}&serial=S-2", cast::practitioner_number());
    founded.done("ola", "/operator/tokens/brook/offer", &form).await;
    let offer = founded.offer("brook", "/practice/tokens").await;
    let begin = format!(r#"{{"offer":"{offer}"}}"#);
    for who in ["lapham", "ben"] {
        let other = founded.post(who, "/api/v1/tokens", &begin).await;
        assert_eq!(other.json()["code"], "TOKEN-OFFER", "{who}: {}", other.text);
    }
    founded.done("ola", "/operator/tokens/brook/offer/withdraw", &format!("offer={offer}")).await;
    assert_eq!(founded.post("brook", "/api/v1/tokens", &begin).await.json()["code"], "TOKEN-OFFER");
    founded.done("ola", "/operator/tokens/brook/offer", &form).await;
    let offer = founded.offer("brook", "/practice/tokens").await;
    let begin = format!(r#"{{"offer":"{offer}"}}"#);
    let asked = founded.post("brook", "/api/v1/tokens", &begin).await.json();
    let made = founded.key.create(&asked["publicKey"], Holder::EntersPin).to_string();
    founded.place.house.clock.advance(SignedDuration::from_secs(301));
    let late = founded.post("brook", "/api/v1/tokens/answer", &made).await;
    assert_eq!(late.json()["code"], "PKI-REG-LAPSED", "{}", late.text);
    founded.place.house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(founded.post("brook", "/api/v1/tokens", &begin).await.json()["code"], "TOKEN-OFFER");
    // A controller's key is no practitioner's, and nobody hands one to themselves.
    let bens = format!("registration={}&serial=BEN-1", cast::practitioner_number());
    founded.refused("ola", "/operator/tokens/brook/offer", &bens, "RX-TOKEN-SHARED").await;
    founded.refused("ola", "/operator/tokens/brook/offer", "registration=x&serial=S-3", "RX-TOKEN-REGISTRATION").await;
    founded.refused("ola", "/operator/tokens/brook/offer", &form.replace("S-2", "%07"), "TOKEN-SERIAL").await;
    founded.refused("ola", "/access/controllers/ben/key", "serial=S-1", "RX-TOKEN-SHARED").await;
}

#[tokio::test]
async fn controllers_are_two_people_designated_by_an_operator_and_their_keys_end_with_the_designation() {
    let mut founded = Founded::new();
    founded.refused("ola", "/access/controllers", "person=brook", "ACCESS-ROLE").await;
    founded.refused("ola", "/access/controllers", "person=ada&registration=FB0000001", "ACCESS-REGISTRATION").await;
    founded.refused("ola", "/access/controllers/ada/key", "serial=A-1", "ACCESS-REGISTRANT").await;
    founded = founded.with_controllers().await;
    let bens = format!("person=ada&registration={}", cast::controller_number());
    founded.refused("ola", "/access/controllers", &bens, "ACCESS-TWO-PEOPLE").await;
    let page = founded.place.get("/access/controllers", "ada").await;
    assert!(page.text.contains("Two or more are designated") && page.text.contains("BEN-1"), "{}", page.text);
    founded = founded.proved();
    founded.done("ada", "/access/people/brook/nominate", "").await;
    founded.done("ola", "/access/controllers/ben/key/end", "serial=BEN-1&reason=lost").await;
    assert_eq!(founded.approve("ben", "brook", Holder::EntersPin).await, Err("ACCESS-KEY".into()));
    founded.refused("ola", "/access/controllers/ben/key", "serial=BEN-1", "RX-TOKEN-SHARED").await;
    founded.done("ola", "/access/controllers/ben/key", "serial=BEN-2").await;
    founded.bind("ben", "/access/keys", Holder::EntersPin).await.unwrap();
    founded.done("ola", "/access/controllers/ben/end", "reason=left").await;
    assert_eq!(founded.approve("ben", "brook", Holder::EntersPin).await, Err("ACCESS-NOT-DESIGNATED".into()));
    let ben = format!("person=ben&registration={}", cast::controller_number());
    founded.done("ola", "/access/controllers", &ben).await;
    assert_eq!(
        founded.approve("ben", "brook", Holder::EntersPin).await,
        Err("ACCESS-KEY".into()),
        "old keys stay ended"
    );
    assert!(ORIGIN.starts_with("http://localhost"));
}
