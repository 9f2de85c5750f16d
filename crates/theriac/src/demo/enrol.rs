//! How the practitioners of the demonstration came to sign: every step of an enrolment, by the people whose step it is.

use super::cast::{self, Person};
use super::world::{DATA_ISSUED, LASTS, PIN, actor};
use crate::house::House;
use crate::house::record::Fault;
use crate::practice::SITE;
use crate::practice::signing::SoftHeld;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::sync::{Arc, Mutex, PoisonError};
use theriac_model::{
    BusinessActivity, DeaNumber, DrugSchedules, RegistrantRow, RegistrantStatus, Registration, Role, Schedule,
};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{Expected, PractitionerId};
use theriac_pki::soft_token::Gesture;
use theriac_pki::{SoftToken, TwoFactorPass, verify_assertion};
use theriac_prescriber::Signer;
use theriac_prescriber::duties::{Acknowledged, Outcome};
use theriac_prescriber::enrolment::{Application, Intended, Rules};
use theriac_prescriber::grant::{Confirmation, Controller};
use theriac_prescriber::proofing::{
    Approval, Authority, Check, CheckKind, CheckResult, Contact, ContactAnswer, ContactMode, Document, Entity,
    EntityKind, Format, NumberSource, Place, Record, Said, StateCode, Under,
};
use theriac_prescriber::registrants::Snapshot;
use theriac_prescriber::token::NewToken;

/// Who is enrolled, and as of which day: the demonstration also needs somebody whose registration has run out since.
#[derive(Clone, Copy)]
pub(super) struct Applicant {
    pub(super) person: &'static Person,
    pub(super) number: DeaNumber,
    pub(super) until: Date,
    pub(super) on: Date,
}

/// What stands for the scanned document.
const SCAN: &[u8] = b"%PDF-1.4\n% DEMO: this stands for a signed identity-proofing document\n%%EOF\n";

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn full_name(person: &Person) -> String {
    format!("{} {}", person.first, person.last)
}

/// Applies, is proofed, checked, called, granted by two, and receives a token.
pub(super) fn enrol(house: &House, applicant: Applicant) -> Result<Arc<SoftHeld>, Fault> {
    let (id, operator) = (applicant.person.id, actor(&cast::OPERATOR, Role::Operator));
    let provider = house.provider();
    let rules = Rules { today: applicant.on, ..house.rules(&provider) };
    let data = data(applicant);
    let intended = intended(applicant)?;
    let at = applicant.on.to_zoned(house.clock.zone()).map_err(broken)?.timestamp();
    let practitioner = actor(applicant.person, Role::Prescriber);
    house.access_steps(&practitioner, id, |signer| {
        let applied = signer.apply_for(Application {
            by: practitioner.clone(),
            name: full_name(applicant.person),
            telephone: "520-555-0199".to_owned(),
            intends: vec![intended.clone()],
            at,
        })?;
        Ok(vec![applied, signer.acknowledge(&practitioner).map_err(|refusal| vec![refusal])?])
    })?;
    house.file_document(&operator, id, document(applicant), "application/pdf", SCAN.to_vec())?;
    house.access_steps(&operator, id, |signer| {
        let accepted = signer.accept_document(&operator, &rules)?;
        let record = signer.enter_record(&operator, record(applicant), &rules)?;
        let made = [signer.record_check(check(intended.state, at)), signer.record_contact(contact(applicant, at))];
        let [checked, contacted] = made;
        Ok(vec![accepted, record, checked.map_err(|r| vec![r])?, contacted.map_err(|r| vec![r])?])
    })?;
    house.access_steps(&operator, id, |signer| {
        let looked_up = signer.check_registration(&operator, &intended, &data, &rules);
        Ok(looked_up.map_err(|refusal| vec![refusal])?.into())
    })?;
    grant(house, id, &data, &rules)?;
    let held = bind(house, applicant, &intended, &data, &rules)?;
    let now = house.clock.moment();
    house.duty(&practitioner, |duties, gate| {
        let mut events = Vec::new();
        for what in Acknowledged::ALL {
            events.push(duties.acknowledge(&practitioner, *what, now)?);
        }
        events.push(duties.determine(&practitioner, crate::watch::DEMONSTRATION_AUDIT, Outcome::Meets, gate, now)?);
        Ok(events)
    })?;
    Ok(held)
}

fn grant(house: &House, id: &str, data: &Snapshot, rules: &Rules<'_>) -> Result<(), Fault> {
    let controller = |person: &Person, registration| Controller {
        actor: actor(person, Role::AccessController),
        name: full_name(person),
        registration,
        unit: String::new(),
    };
    let first = controller(&cast::FIRST_CONTROLLER, None);
    let second = controller(&cast::SECOND_CONTROLLER, Some(cast::controller_number()));
    house.access_steps(&first.actor, id, |signer| {
        Ok(vec![signer.nominate(&first, &[], &signer.review(rules, data), rules)?])
    })?;
    let (pass, grant) = second_factors(house, &house.signer(id)?.0)?;
    let confirmation = Confirmation::TwoFactors { pass: &pass, grant, at: house.clock.now() };
    house.access_steps(&second.actor, id, |signer| {
        Ok(vec![signer.approve(&second, confirmation, &signer.review(rules, data), data, rules)?])
    })
}

fn soft_token(house: &House, pin: &str) -> Result<SoftToken, Fault> {
    let demo = house.deployment.demo().ok_or_else(|| broken("not a demonstration"))?;
    Ok(SoftToken::new(pin, demo)?)
}

fn midnight_after(house: &House, day: Date) -> Result<Timestamp, Fault> {
    Ok(day.tomorrow().map_err(broken)?.to_zoned(house.clock.zone()).map_err(broken)?.timestamp())
}

/// The second controller's two factors for exactly this grant, and the grant's digest.
fn second_factors(house: &House, signer: &Signer) -> Result<(TwoFactorPass, [u8; 32]), Fault> {
    let mut token = soft_token(house, PIN)?;
    let person = PractitionerId::parse(cast::SECOND_CONTROLLER.id).ok_or_else(|| broken("an identifier"))?;
    let registration = Registration::Own(cast::controller_number());
    let credential = token.enrol(&person, &registration, midnight_after(house, LASTS)?).map_err(broken)?;
    let grant = theriac_journal::hash::sha256(&signer.grant_bytes()).0;
    let mut nonce = [0; 32];
    aws_lc_rs::rand::fill(&mut nonce).map_err(|_| broken("the system gave no random bytes"))?;
    let at = house.clock.now();
    let challenge = Challenge::new(nonce, vec![grant], at);
    let answer = token.answer(&credential.id, &challenge, SITE.0, SITE.1, Gesture::Pin(PIN))?;
    let expected = Expected {
        challenge: &challenge,
        practitioner: &person,
        registration: &registration,
        relying_party: SITE.0,
        origin: SITE.1,
    };
    Ok((verify_assertion(&credential, &expected, &answer, at, house.deployment)?, grant))
}

fn bind(
    house: &House,
    applicant: Applicant,
    intended: &Intended,
    data: &Snapshot,
    rules: &Rules<'_>,
) -> Result<Arc<SoftHeld>, Fault> {
    let mut soft = soft_token(house, PIN)?;
    let whose = PractitionerId::parse(applicant.person.id).ok_or_else(|| broken("an identifier"))?;
    let credential =
        soft.enrol(&whose, &intended.registration, midnight_after(house, applicant.until)?).map_err(broken)?;
    let token = NewToken {
        credential: credential.id.to_string(),
        registration: intended.registration.clone(),
        device: "software token (DEMO)".to_owned(),
        serial: format!("DEMO-{}", applicant.person.id),
        expires: applicant.until,
        public_key: theriac_model::hex::encode(credential.key.point()),
    };
    let second = actor(&cast::SECOND_CONTROLLER, Role::AccessController);
    house.access_steps(&second, applicant.person.id, |signer| {
        Ok(vec![signer.bind(&token, &second, &[], &signer.review(rules, data))?])
    })?;
    let registration = intended.registration.clone();
    let held = Arc::new(SoftHeld { soft: Mutex::new(soft), credential: credential.id, registration });
    house.soft.lock().unwrap_or_else(PoisonError::into_inner).insert(applicant.person.id.to_owned(), Arc::clone(&held));
    Ok(held)
}

fn intended(applicant: Applicant) -> Result<Intended, Fault> {
    let state = StateCode::parse(&cast::practice_address().state).ok_or_else(|| broken("a State"))?;
    Ok(Intended { state, registration: Registration::Own(applicant.number) })
}

/// When the registrant data of a day was issued: the cast's own, or that day's where the cast plays long after.
fn issued(on: Date) -> Date {
    if on > DATA_ISSUED.saturating_add(7.days()) { on } else { DATA_ISSUED.min(on) }
}

/// A row of the registrant data about somebody of the cast.
pub(super) fn row(number: DeaNumber, person: &Person, expires: Date) -> RegistrantRow {
    let address = cast::practice_address();
    RegistrantRow {
        number,
        activity: BusinessActivity::Practitioner,
        sub_code: Some('0'),
        schedules: DrugSchedules::II_TO_V,
        expires,
        status: RegistrantStatus::Active,
        name: format!("{}, {}", person.last, person.first).to_uppercase(),
        company: String::new(),
        line_1: address.line1,
        line_2: address.line2.unwrap_or_default(),
        city: address.city,
        state: address.state,
        zip: address.postal,
    }
}

/// The registrant data of the applicant's day.
fn data(applicant: Applicant) -> Snapshot {
    Snapshot::new(issued(applicant.on)).with(row(applicant.number, applicant.person, applicant.until)).with(row(
        cast::controller_number(),
        &cast::SECOND_CONTROLLER,
        LASTS,
    ))
}

fn document(applicant: Applicant) -> Document {
    let address = cast::practice_address();
    Document {
        format: Format::Form,
        entity: Entity {
            kind: EntityKind::StateBoard,
            name: "Example State Medical Board (DEMO)".to_owned(),
            registration: String::new(),
            state: address.state.clone(),
            privileges: Said::No,
        },
        proofer: "Petra Proofer".to_owned(),
        practitioner: full_name(applicant.person),
        business_address: format!("{}, {} {} {}", address.line1, address.city, address.state, address.postal),
        places: vec![Place {
            state: address.state,
            authority: Authority::Licence {
                authority: "Example State Medical Board (DEMO)".to_owned(),
                number: format!("DEMO-{}", applicant.number),
            },
            under: Under::Own { number: applicant.number.to_string(), expires: Some(applicant.until) },
        }],
        photo_id: "passport".to_owned(),
        photo_matched: Said::Yes,
        proofed_on: Some(applicant.on),
        proofer_signed: Said::Yes,
        practitioner_signed: Said::Yes,
        upload: None,
    }
}

fn record(applicant: Applicant) -> Record {
    Record::Credential {
        provider: "Example Credential Service (DEMO)".to_owned(),
        approval: Approval::GsaLevel3,
        subject: full_name(applicant.person),
        issued: Some(applicant.on),
        ends: None,
        channels: 2,
    }
}

fn check(state: StateCode, at: Timestamp) -> Check {
    Check {
        kind: CheckKind::Licence,
        state,
        result: CheckResult::Good,
        schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
        valid_until: None,
        source: "the State board's look-up (DEMO)".to_owned(),
        at,
        by: actor(&cast::OPERATOR, Role::Operator),
    }
}

fn contact(applicant: Applicant, at: Timestamp) -> Contact {
    Contact {
        registration: applicant.number,
        mode: ContactMode::Telephone,
        place: "520-555-0100".to_owned(),
        source: NumberSource::Public,
        named: "the State board's public listing (DEMO)".to_owned(),
        answer: ContactAnswer::Confirmed,
        at,
        by: actor(&cast::OPERATOR, Role::Operator),
    }
}
