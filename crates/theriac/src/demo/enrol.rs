//! How the practitioners of the demonstration came to sign: every step of an enrolment, by the people whose step it is.

use super::cast::{self, Person};
use super::world::{DATA_ISSUED, LASTS, PIN, actor};
use crate::access::ControllerEvent;
use crate::house::House;
use crate::house::record::Fault;
use crate::practice::SITE;
use crate::practice::signing::SoftHeld;
use crate::tokens::KnownToken;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::sync::{Arc, Mutex, PoisonError};
use theriac_model::{
    BusinessActivity, DeaNumber, DrugSchedules, RegistrantRow, RegistrantStatus, Registration, Role, Schedule,
};
use theriac_pki::assertion::Challenge;
use theriac_pki::pass::{Expected, PractitionerId};
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
pub(crate) struct Applicant {
    pub(crate) person: &'static Person,
    pub(crate) number: DeaNumber,
    pub(crate) until: Date,
    pub(crate) on: Date,
    pub(crate) under: Held,
}

/// Under what an applicant prescribes.
#[derive(Clone, Copy)]
pub(crate) enum Held {
    /// The applicant's own registration.
    Own,
    /// An institution's, with this internal code.
    #[cfg(test)]
    Code(&'static str),
    /// None: an official of this branch of service.
    #[cfg(test)]
    Service(theriac_model::Branch),
}

impl Applicant {
    /// The registration that will stand on the prescriptions.
    pub(crate) fn registration(&self) -> Registration {
        match self.under {
            Held::Own => Registration::Own(self.number),
            #[cfg(test)]
            Held::Code(code) => Registration::Institutional { number: self.number, internal_code: code.to_owned() },
            #[cfg(test)]
            Held::Service(branch) => Registration::Exempt(branch),
        }
    }

    fn written(&self) -> Under {
        match self.under {
            Held::Own => Under::Own { number: self.number.to_string(), expires: Some(self.until) },
            #[cfg(test)]
            Held::Code(code) => Under::Institution {
                number: self.number.to_string(),
                internal_code: code.to_owned(),
                acknowledged: Said::Yes,
            },
            #[cfg(test)]
            Held::Service(branch) => {
                Under::Service { branch: branch.to_string(), confirmed: Said::Yes, until: Some(self.until) }
            }
        }
    }

    fn activity(&self) -> BusinessActivity {
        match self.under {
            #[cfg(test)]
            Held::Code(_) => BusinessActivity::Institution,
            _ => BusinessActivity::Practitioner,
        }
    }
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
pub(crate) fn enrol(house: &House, applicant: Applicant) -> Result<Arc<SoftHeld>, Fault> {
    let id = applicant.person.id;
    let provider = house.provider();
    let rules = Rules { today: applicant.on, ..house.rules(&provider) };
    let data = data(applicant);
    let intended = intended(applicant)?;
    prove(house, applicant, &data, &rules)?;
    grant(house, id, &data, &rules)?;
    let held = bind(house, applicant, &intended, &data, &rules)?;
    take_up_duties(house, applicant)?;
    Ok(held)
}

/// Applies, is proofed, checked and called: everything before the two who grant.
pub(crate) fn prove(house: &House, applicant: Applicant, data: &Snapshot, rules: &Rules<'_>) -> Result<(), Fault> {
    let (id, operator) = (applicant.person.id, actor(&cast::OPERATOR, Role::Operator));
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
        let accepted = signer.accept_document(&operator, rules)?;
        let record = signer.enter_record(&operator, record(applicant), rules)?;
        let made = [signer.record_check(check(intended.state, at)), signer.record_contact(contact(applicant, at))];
        let [checked, contacted] = made;
        Ok(vec![accepted, record, checked.map_err(|r| vec![r])?, contacted.map_err(|r| vec![r])?])
    })?;
    house.access_steps(&operator, id, |signer| {
        let looked_up = signer.check_registration(&operator, &intended, data, rules);
        looked_up.map_err(|refusal| vec![refusal])
    })
}

/// Takes note of every duty, and determines that the audit report meets the rule.
pub(crate) fn take_up_duties(house: &House, applicant: Applicant) -> Result<(), Fault> {
    let practitioner = actor(applicant.person, Role::Prescriber);
    let now = house.clock.moment();
    house.duty(&practitioner, |duties, gate| {
        let mut events = Vec::new();
        for what in Acknowledged::ALL {
            events.push(duties.acknowledge(&practitioner, *what, now)?);
        }
        events.push(duties.determine(&practitioner, crate::watch::DEMONSTRATION_AUDIT, Outcome::Meets, gate, now)?);
        Ok(events)
    })
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

/// Designates the two access controllers. The second is a registrant and has a token of its own.
pub(super) fn designate(house: &House) -> Result<(), Fault> {
    let operator = actor(&cast::OPERATOR, Role::Operator);
    house.designate(&operator, cast::FIRST_CONTROLLER.id, None, "")?;
    house.designate(&operator, cast::SECOND_CONTROLLER.id, Some(cast::controller_number()), "")?;
    let mut soft = soft_token(house, PIN)?;
    let registration = Registration::Own(cast::controller_number());
    let whose = PractitionerId::parse(cast::SECOND_CONTROLLER.id).ok_or_else(|| broken("an identifier"))?;
    let credential = soft.enrol(&whose, &registration, midnight_after(house, LASTS)?).map_err(broken)?;
    let bound = ControllerEvent::KeyBound {
        person: whose.to_string(),
        credential: credential.id.to_string(),
        registration: cast::controller_number(),
        device: "software token (DEMO)".to_owned(),
        serial: format!("DEMO-{whose}"),
        public_key: theriac_model::hex::encode(credential.key.point()),
        by: operator.clone(),
    };
    house.note_soft_key(&operator, &bound, whose.as_str())?;
    let held = Arc::new(SoftHeld { soft: Mutex::new(soft), credential: credential.id, registration });
    house.soft.lock().unwrap_or_else(PoisonError::into_inner).insert(whose.to_string(), held);
    Ok(())
}

/// The second controller's two factors for exactly this grant, and the grant's digest.
fn second_factors(house: &House, signer: &Signer) -> Result<(TwoFactorPass, [u8; 32]), Fault> {
    let second = cast::SECOND_CONTROLLER.id;
    let person = PractitionerId::parse(second).ok_or_else(|| broken("an identifier"))?;
    let registration = Registration::Own(cast::controller_number());
    let held = house.soft_token(second).ok_or_else(|| broken("the second controller has no token"))?;
    let grant = theriac_journal::hash::sha256(&signer.grant_bytes()).0;
    let at = house.clock.now();
    let challenge = Challenge::new(crate::tokens::random()?, vec![grant], at);
    let answer = held.answer(&challenge, PIN)?;
    let (desk, _) = house.controller_record(second)?;
    let key = desk.usable(cast::controller_number()).next().ok_or_else(|| broken("no key is bound"))?;
    let known = KnownToken {
        person: second,
        credential: &held.credential,
        registration: &registration,
        public_key: &key.public_key,
        counter: key.counter,
        expires: midnight_after(house, LASTS)?,
        revoked: None,
    };
    let credential = house.credential(known)?.ok_or_else(|| broken("no key is bound"))?;
    let expected = Expected {
        challenge: &challenge,
        practitioner: &person,
        registration: &registration,
        relying_party: SITE.0,
        origin: SITE.1,
    };
    let pass = verify_assertion(&credential, &expected, &answer, at, house.deployment)?;
    let used = ControllerEvent::KeyUsed {
        person: second.to_owned(),
        credential: held.credential.to_string(),
        counter: pass.counter(),
    };
    house.note_soft_key(&actor(&cast::SECOND_CONTROLLER, Role::AccessController), &used, second)?;
    Ok((pass, grant))
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
    Ok(Intended { state, registration: applicant.registration() })
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
    let own =
        RegistrantRow { activity: applicant.activity(), ..row(applicant.number, applicant.person, applicant.until) };
    Snapshot::new(issued(applicant.on)).with(own).with(row(cast::controller_number(), &cast::SECOND_CONTROLLER, LASTS))
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
            under: applicant.written(),
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
        registration: applicant.registration().key(),
        mode: ContactMode::Telephone,
        place: "520-555-0100".to_owned(),
        source: NumberSource::Public,
        named: "the State board's public listing (DEMO)".to_owned(),
        answer: ContactAnswer::Confirmed,
        at,
        by: actor(&cast::OPERATOR, Role::Operator),
    }
}
