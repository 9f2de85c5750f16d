//! One enrolment: everything that is missing or stale, what is on file, and the forms that add to it.

use super::choices::{self, Choice, choices};
use super::{Enrolled, Reviewed, Tried, practitioner, step};
use crate::enrolment::NotDone;
use crate::enrolment::fields::Fields;
use crate::enrolment::typed::{PLACES_MOST, of_application, of_record};
use crate::house::House;
use crate::http::answer::page;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::shell::Shell;
use crate::practice::cards::Place as Card;
use askama::Template;
use axum::response::Response;
use theriac_model::{Actor, RegistrantRow, Registration, Schedule};
use theriac_prescriber::Signer;
use theriac_prescriber::enrolment::{Intended, Stage};
use theriac_prescriber::proofing::{CheckKind, Contact, Record, StateCode};
use theriac_prescriber::registrants::Found;

type Answer = Result<Response, Failure>;

/// Who did a part of the enrolment.
struct Part {
    what: &'static str,
    who: String,
}

/// A check that was made.
struct CheckLine {
    kind: &'static str,
    state: String,
    result: &'static str,
    good: bool,
    schedules: String,
    valid_until: String,
    source: String,
    at: String,
    by: String,
}

/// A registration applied for, with what the data says of it.
struct RegistrationLine {
    registration: String,
    number: String,
    state: String,
    /// What the data in use holds, in words, where it holds no row.
    found: String,
    row: Option<RegistrantRow>,
    row_schedules: String,
    /// Data of which day it was compared with, and what may be prescribed by both.
    compared: String,
    contact: Option<ContactLine>,
    /// The address from which the practitioner prescribes under it.
    address: String,
}

struct ContactLine {
    how: String,
    answer: &'static str,
    confirmed: bool,
    at: String,
    by: String,
}

/// The forms of the page, each with what was typed in it.
#[derive(Default)]
pub(super) struct Forms {
    pub(super) application: Fields,
    pub(super) record: Fields,
    pub(super) check: Fields,
    pub(super) contact: Fields,
    pub(super) difference: Fields,
    pub(super) place: Fields,
}

#[derive(Template)]
#[template(path = "enrolment.html")]
struct EnrolmentPage {
    shell: Shell,
    person: Enrolled,
    signer: Signer,
    stage: String,
    tone: &'static str,
    provider: String,
    today: String,
    review: Reviewed,
    parts: Vec<Part>,
    checks: Vec<CheckLine>,
    registrations: Vec<RegistrationLine>,
    forms: Forms,
    faults: Vec<Failure>,
    states: Vec<String>,
    record_lines: Vec<(&'static str, String)>,
}

impl EnrolmentPage {
    fn rows() -> Vec<String> {
        super::numbers(PLACES_MOST / 2)
    }

    fn at(list: &str, n: &str, name: &str) -> String {
        format!("{list}[{n}].{name}")
    }

    /// Whether one of the faults is about this field.
    fn wrong(&self, name: &str) -> bool {
        is_wrong(&self.faults, name)
    }

    fn entity(&self) -> &'static str {
        let document = self.signer.enrolment().document();
        document.map_or("", |document| choices::label(choices::ENTITIES, document.entity.kind.word()))
    }

    fn check_kinds(&self) -> Vec<Choice> {
        choices(choices::CHECKS, self.forms.check.get("check.kind"))
    }

    fn check_results(&self) -> Vec<Choice> {
        choices(choices::RESULTS, self.forms.check.get("check.result"))
    }

    fn approvals(&self) -> Vec<Choice> {
        choices(choices::APPROVALS, self.forms.record.get("record.approval"))
    }

    fn modes(&self) -> Vec<Choice> {
        choices(choices::MODES, self.forms.contact.get("contact.mode"))
    }

    fn sources(&self) -> Vec<Choice> {
        choices(choices::SOURCES, self.forms.contact.get("contact.source"))
    }

    fn answers(&self) -> Vec<Choice> {
        choices(choices::ANSWERS, self.forms.contact.get("contact.answer"))
    }

    fn schedules() -> [&'static str; 4] {
        [Schedule::II, Schedule::III, Schedule::IV, Schedule::V].map(Schedule::roman)
    }

    fn by_institution(&self) -> bool {
        self.forms.record.get("record") == "institution"
    }
}

/// Whether one of the faults is about this field.
pub(super) fn is_wrong(faults: &[Failure], name: &str) -> bool {
    faults.iter().filter_map(|fault| fault.law.as_ref()).any(|law| law.field == name)
}

/// `/operator/enrolments/{id}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    shown(asked, id, |_| (), Tried::default()).await
}

/// The page, with the form that was refused as it was typed.
pub(super) async fn shown<F>(asked: Asked, id: String, put: F, tried: Tried) -> Answer
where
    F: FnOnce(&mut Forms) + Send + 'static,
{
    let shell = Shell::new(Door::Enrolment, &asked.visit);
    let status = tried.status();
    let role = asked.visitor()?.actor.role;
    let filled = asked.app.ask(move |world| {
        step(world, |house| {
            let mut filled = fill(house, shell, &id, role)?;
            put(&mut filled.forms);
            filled.faults = tried.faults;
            Ok(filled)
        })
    });
    let filled = filled.await?.map_err(super::steps::one)?;
    let mut response = page(&filled)?;
    *response.status_mut() = status;
    Ok(response)
}

fn fill(house: &House, shell: Shell, id: &str, role: theriac_model::Role) -> Result<EnrolmentPage, NotDone> {
    let person = practitioner(house, id)?;
    let (signer, _) = house.signer(id)?;
    let provider = house.provider();
    let rules = house.rules(&provider);
    let review = house.review_enrolment(&signer, &rules)?;
    let stage = signer.stage(rules.today);
    let intends: Vec<Intended> =
        signer.enrolment().application().map(|application| application.intends.clone()).unwrap_or_default();
    let mut states: Vec<StateCode> = intends.iter().map(|one| one.state).collect();
    states.sort_unstable();
    states.dedup();
    let registrations = registrations(house, &signer, id, &intends)?;
    let forms = Forms {
        place: address(&person.name, &registrations),
        application: signer.enrolment().application().map_or_else(
            || {
                let mut fresh = Fields::default();
                fresh.set("name", person.name.clone());
                fresh
            },
            of_application,
        ),
        record: signer.enrolment().record().map(of_record).unwrap_or_default(),
        ..Forms::default()
    };
    Ok(EnrolmentPage {
        shell,
        stage: super::in_words(stage),
        tone: tone(stage, review.ready()),
        provider: provider.name.clone(),
        today: rules.today.to_string(),
        review: Reviewed::of(&review, role, id),
        parts: parts(house, &signer),
        checks: checks(house, &signer, &states),
        registrations,
        forms,
        faults: Vec::new(),
        states: states.iter().map(ToString::to_string).collect(),
        record_lines: signer.enrolment().record().map(record_lines).unwrap_or_default(),
        person,
        signer,
    })
}

/// The address of the first registration as the data has it, for the form of the address on prescriptions.
fn address(name: &str, registrations: &[RegistrationLine]) -> Fields {
    let mut fields = Fields::default();
    let (first, last) = name.trim().rsplit_once(' ').unwrap_or(("", name));
    fields.set("address.first", first);
    fields.set("address.last", last);
    if let Some(row) = registrations.iter().find_map(|line| line.row.as_ref()) {
        for (field, text) in [
            ("line1", &row.line_1),
            ("line2", &row.line_2),
            ("city", &row.city),
            ("state", &row.state),
            ("postal", &row.zip),
        ] {
            fields.set(format!("address.{field}"), text.clone());
        }
    }
    fields
}

fn tone(stage: Stage, ready: bool) -> &'static str {
    match stage {
        Stage::Active | Stage::Granted => "good",
        Stage::Suspended | Stage::Expired | Stage::Revoked => "bad",
        _ if ready => "good",
        _ => "open",
    }
}

fn named(house: &House, actor: &Actor) -> String {
    format!("{} ({})", house.full_name(&actor.id), actor.role)
}

/// Who has a part in the enrolment: the duties that must not lie in one hand stand side by side.
fn parts(house: &House, signer: &Signer) -> Vec<Part> {
    let enrolment = signer.enrolment();
    let mut parts = Vec::new();
    let mut add = |what, who: String| parts.push(Part { what, who });
    if let Some(application) = enrolment.application() {
        add("Applied", named(house, &application.by));
    }
    if let Some(document) = enrolment.document() {
        add("Saw the practitioner in person", format!("{}, {}", document.proofer, document.entity.name));
    }
    if let Some(by) = enrolment.accepted_by() {
        add("Accepted the document", named(house, by));
    }
    if let Some(proofer) = enrolment.record().and_then(Record::proofer) {
        add("Proofed for the institution", proofer.to_owned());
    }
    add("Grant the right to sign", "two access controllers, neither of them named above".to_owned());
    parts
}

fn romans(schedules: &[Schedule]) -> String {
    schedules.iter().map(|schedule| schedule.roman()).collect::<Vec<_>>().join(", ")
}

fn checks(house: &House, signer: &Signer, states: &[StateCode]) -> Vec<CheckLine> {
    let kinds = || CheckKind::ALL.iter().copied();
    let found = states.iter().flat_map(|state| kinds().filter_map(|kind| signer.enrolment().check(kind, *state)));
    found
        .map(|check| CheckLine {
            kind: choices::label(choices::CHECKS, check.kind.word()),
            state: check.state.to_string(),
            result: choices::label(choices::RESULTS, check.result.word()),
            good: check.result == theriac_prescriber::proofing::CheckResult::Good,
            schedules: romans(&check.schedules),
            valid_until: check.valid_until.map(|day| day.to_string()).unwrap_or_default(),
            source: check.source.clone(),
            at: house.clock.wall(check.at),
            by: named(house, &check.by),
        })
        .collect()
}

fn registrations(
    house: &House,
    signer: &Signer,
    id: &str,
    intends: &[Intended],
) -> Result<Vec<RegistrationLine>, NotDone> {
    let data = house.known_data(signer, None)?;
    let cards = house.places(id)?;
    let line = |one: &Intended| {
        let number = one.registration.key();
        let found = number.number().map(|number| data.as_ref().map(|data| (data.issued(), data.look_up(number))));
        let (found, row) = match found.flatten() {
            None if number.number().is_none() => ("exempt: the service's confirmation counts".to_owned(), None),
            None => ("no registrant data was imported".to_owned(), None),
            Some((issued, Found::Absent)) => (format!("not in the registrant data of {issued}"), None),
            Some((issued, Found::Unreadable)) => (format!("its line in the data of {issued} cannot be read"), None),
            Some((_, Found::Row(row))) => (String::new(), Some(row.clone())),
        };
        let compared = signer.registration(number).map(|checked| {
            let both: Vec<Schedule> = checked
                .schedules
                .iter()
                .copied()
                .filter(|schedule| checked.state_schedules.contains(schedule))
                .collect();
            format!(
                "with the data of {}: {}; may sign schedules {}",
                checked.data_issued,
                checked.standing.word(),
                romans(&both)
            )
        });
        RegistrationLine {
            registration: one.registration.to_string(),
            number: number.to_string(),
            state: one.state.to_string(),
            found,
            row_schedules: row.as_ref().map(|row| romans(&row.schedules.whole())).unwrap_or_default(),
            row,
            compared: compared.unwrap_or_default(),
            contact: signer.enrolment().contact(number).map(|contact| contact_line(house, contact)),
            address: card_address(&cards, &one.registration),
        }
    };
    Ok(intends.iter().map(line).collect())
}

fn card_address(cards: &[Card], registration: &Registration) -> String {
    let card = cards.iter().find(|card| card.registration == *registration);
    card.map(|card| format!("{}, {}", card.name.full(), card.address.one_line())).unwrap_or_default()
}

fn contact_line(house: &House, contact: &Contact) -> ContactLine {
    let mode = choices::label(choices::MODES, contact.mode.word());
    let found = if contact.named.is_empty() { String::new() } else { format!(", found in {}", contact.named) };
    ContactLine {
        how: format!("{mode}: {}{found}", contact.place),
        answer: choices::label(choices::ANSWERS, contact.answer.word()),
        confirmed: contact.answer == theriac_prescriber::proofing::ContactAnswer::Confirmed,
        at: house.clock.wall(contact.at),
        by: named(house, &contact.by),
    }
}

fn record_lines(record: &Record) -> Vec<(&'static str, String)> {
    let day = |day: &Option<jiff::civil::Date>| day.map_or_else(|| "–".to_owned(), |day| day.to_string());
    match record {
        Record::Credential { provider, approval, subject, issued, ends, channels } => vec![
            ("Credential provider", provider.clone()),
            ("Approved by", choices::label(choices::APPROVALS, approval.word()).to_owned()),
            ("In the name of", subject.clone()),
            ("Issued", day(issued)),
            ("Ends", day(ends)),
            ("Channels", channels.to_string()),
        ],
        Record::Institution { office, registration, proofer, subject, photo_id, on, state_authority, dea_status } => {
            vec![
                ("Office", office.clone()),
                ("Institution", registration.clone()),
                ("Proofed by", proofer.clone()),
                ("About", subject.clone()),
                ("Photo identification", photo_id.clone()),
                ("On", day(on)),
                ("State authority checked", state_authority.word().to_owned()),
                ("DEA status checked", dea_status.word().to_owned()),
            ]
        }
    }
}
