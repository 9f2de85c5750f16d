//! From forms to what the core takes, and back: application, proofing document, record, check, contact.
//!
//! A paper is entered as it is, right or wrong; only what cannot be read at all is refused here. What is absent or does not
//! serve is the core's to say.

use super::fields::{Fields, all, or_note, unreadable};
use jiff::Timestamp;
use theriac_model::{Actor, Refusal, Registration, RegistrationKey, Schedule};
use theriac_prescriber::enrolment::{Application, Intended};
use theriac_prescriber::proofing::{
    Approval, Authority, Check, CheckKind, CheckResult, Contact, ContactAnswer, ContactMode, Document, Entity,
    EntityKind, Format, NumberSource, Place, Record, Said, StateCode, Under,
};

/// Rows of a form for States and registrations.
pub(crate) const PLACES_MOST: usize = 8;
/// The fields of a row that always hold a choice.
const CHOICES: [&str; 2] = ["authority", "under"];

/// The application on the form.
///
/// # Errors
/// Every row whose State or registration cannot be read.
pub(crate) fn application(typed: &Fields, by: &Actor, at: Timestamp) -> Result<Application, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let mut intends = Vec::new();
    for n in (1..=PLACES_MOST).filter(|n| !typed.row_is_empty("intends", *n, &[])) {
        let field = |name: &str| format!("intends[{n}].{name}");
        let state = StateCode::parse(&typed.of("intends", n, "state"));
        let registration = Registration::parse(&typed.of("intends", n, "registration"));
        if state.is_none() {
            let next = "write the two letters of the State in which the registration is";
            wrong.push(unreadable(field("state"), "it is no State with registrants", next));
        }
        if let Err(error) = &registration {
            let next = "write the DEA number, followed by a hyphen and the internal code for an institution's; for an exempt official exempt- and the branch";
            wrong.push(unreadable(field("registration"), error.to_string(), next));
        }
        if let (Some(state), Ok(registration)) = (state, registration) {
            if intends.iter().any(|one: &Intended| one.registration == registration) {
                let what = format!("{registration} is applied for twice");
                wrong.push(unreadable(field("registration"), what, "name each registration once"));
            }
            intends.push(Intended { state, registration });
        }
    }
    let application =
        Application { by: by.clone(), name: typed.text("name"), telephone: typed.text("telephone"), intends, at };
    all(application, wrong)
}

/// The fields of an application.
pub(crate) fn of_application(application: &Application) -> Fields {
    let mut fields = Fields::default();
    fields.set("name", application.name.clone());
    fields.set("telephone", application.telephone.clone());
    for (n, one) in (1..).zip(&application.intends) {
        fields.set(format!("intends[{n}].state"), one.state.as_str());
        fields.set(format!("intends[{n}].registration"), one.registration.to_string());
    }
    fields
}

/// The proofing document on the form, without its file.
///
/// # Errors
/// Every date that is none, and every choice that was not made.
pub(crate) fn document(typed: &Fields) -> Result<Document, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let rows: Vec<usize> = (1..=PLACES_MOST).filter(|n| !typed.row_is_empty("place", *n, &CHOICES)).collect();
    let places = rows.into_iter().map(|n| place(typed, n, &mut wrong)).collect();
    let document = Document {
        format: or_note(typed.word("format", Format::parse), Format::Letterhead, &mut wrong),
        entity: Entity {
            kind: or_note(typed.word("entity.kind", EntityKind::parse), EntityKind::Other, &mut wrong),
            name: typed.text("entity.name"),
            registration: typed.text("entity.registration"),
            state: typed.text("entity.state"),
            privileges: typed.said("entity.privileges"),
        },
        proofer: typed.text("proofer"),
        practitioner: typed.text("practitioner"),
        business_address: typed.text("business-address"),
        places,
        photo_id: typed.text("photo-id"),
        photo_matched: typed.said("photo-matched"),
        proofed_on: or_note(typed.day("proofed-on"), None, &mut wrong),
        proofer_signed: typed.said("proofer-signed"),
        practitioner_signed: typed.said("practitioner-signed"),
        upload: None,
    };
    all(document, wrong)
}

fn place(typed: &Fields, n: usize, wrong: &mut Vec<Refusal>) -> Place {
    let text = |name: &str| typed.of("place", n, name);
    let said = |name: &str| typed.said(&format!("place[{n}].{name}"));
    let authority = match text("authority").as_str() {
        "veterans-employee" => {
            Authority::VeteransEmployee { facility: text("facility"), appointed: said("appointment") }
        }
        "veterans-contractor" => Authority::VeteransContractor {
            facility: text("facility"),
            eligible: said("eligibility"),
            under_facility: said("facility-registration"),
        },
        _ => Authority::Licence { authority: text("licensing-authority"), number: text("licence") },
    };
    let number = text("registration");
    let under = match text("under").as_str() {
        "institution" => {
            Under::Institution { number, internal_code: text("internal-code"), acknowledged: said("acknowledged") }
        }
        "service" => Under::Service {
            branch: text("branch"),
            confirmed: said("service-confirmed"),
            until: or_note(typed.day(&format!("place[{n}].until")), None, wrong),
        },
        _ => Under::Own { number, expires: or_note(typed.day(&format!("place[{n}].expires")), None, wrong) },
    };
    Place { state: text("state"), authority, under }
}

/// The fields of a document.
pub(crate) fn of_document(document: &Document) -> Fields {
    let mut fields = Fields::default();
    for (name, text) in [
        ("format", document.format.word()),
        ("entity.kind", document.entity.kind.word()),
        ("entity.name", &document.entity.name),
        ("entity.registration", &document.entity.registration),
        ("entity.state", &document.entity.state),
        ("entity.privileges", document.entity.privileges.word()),
        ("proofer", &document.proofer),
        ("practitioner", &document.practitioner),
        ("business-address", &document.business_address),
        ("photo-id", &document.photo_id),
        ("photo-matched", document.photo_matched.word()),
        ("proofer-signed", document.proofer_signed.word()),
        ("practitioner-signed", document.practitioner_signed.word()),
    ] {
        fields.set(name, text);
    }
    fields.set("proofed-on", document.proofed_on.map(|day| day.to_string()).unwrap_or_default());
    for (n, place) in (1..).zip(&document.places) {
        of_place(n, place, &mut fields);
    }
    fields
}

fn of_place(n: usize, place: &Place, fields: &mut Fields) {
    let mut set = |name: &str, text: &str| fields.set(format!("place[{n}].{name}"), text);
    set("state", &place.state);
    match &place.authority {
        Authority::Licence { authority, number } => {
            set("authority", "licence");
            set("licensing-authority", authority);
            set("licence", number);
        }
        Authority::VeteransEmployee { facility, appointed } => {
            set("authority", "veterans-employee");
            set("facility", facility);
            set("appointment", appointed.word());
        }
        Authority::VeteransContractor { facility, eligible, under_facility } => {
            set("authority", "veterans-contractor");
            set("facility", facility);
            set("eligibility", eligible.word());
            set("facility-registration", under_facility.word());
        }
    }
    match &place.under {
        Under::Own { number, expires } => {
            set("under", "own");
            set("registration", number);
            set("expires", &expires.map(|day| day.to_string()).unwrap_or_default());
        }
        Under::Institution { number, internal_code, acknowledged } => {
            set("under", "institution");
            set("registration", number);
            set("internal-code", internal_code);
            set("acknowledged", acknowledged.word());
        }
        Under::Service { branch, confirmed, until } => {
            set("under", "service");
            set("branch", branch);
            set("service-confirmed", confirmed.word());
            set("until", &until.map(|day| day.to_string()).unwrap_or_default());
        }
    }
}

/// The record of proofing under the law in force on the form.
///
/// # Errors
/// Every date and number that is none, and every choice that was not made.
pub(crate) fn record(typed: &Fields) -> Result<Record, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let record = if typed.get("record") == "institution" {
        Record::Institution {
            office: typed.text("record.office"),
            registration: typed.text("record.registration"),
            proofer: typed.text("record.proofer"),
            subject: typed.text("record.subject"),
            photo_id: typed.text("record.photo-id"),
            on: or_note(typed.day("record.on"), None, &mut wrong),
            state_authority: typed.said("record.state-authority"),
            dea_status: typed.said("record.dea-status"),
        }
    } else {
        let channels = typed.text("record.channels");
        Record::Credential {
            provider: typed.text("record.provider"),
            approval: or_note(typed.word("record.approval", Approval::parse), Approval::Neither, &mut wrong),
            subject: typed.text("record.subject"),
            issued: or_note(typed.day("record.issued"), None, &mut wrong),
            ends: or_note(typed.day("record.ends"), None, &mut wrong),
            channels: or_note(small_number("record.channels", &channels), 0, &mut wrong),
        }
    };
    all(record, wrong)
}

fn small_number(field: &str, text: &str) -> Result<u8, Refusal> {
    let empty = text.is_empty().then_some(0);
    empty
        .or_else(|| text.parse().ok())
        .ok_or_else(|| unreadable(field, "it is no small number", "write a number such as 2"))
}

/// The fields of a record.
pub(crate) fn of_record(record: &Record) -> Fields {
    let mut fields = Fields::default();
    let day = |day: &Option<jiff::civil::Date>| day.map(|day| day.to_string()).unwrap_or_default();
    match record {
        Record::Credential { provider, approval, subject, issued, ends, channels } => {
            for (name, text) in [
                ("record", "credential"),
                ("record.provider", provider),
                ("record.approval", approval.word()),
                ("record.subject", subject),
                ("record.issued", &day(issued)),
                ("record.ends", &day(ends)),
                ("record.channels", &channels.to_string()),
            ] {
                fields.set(name, text);
            }
        }
        Record::Institution { office, registration, proofer, subject, photo_id, on, state_authority, dea_status } => {
            for (name, text) in [
                ("record", "institution"),
                ("record.office", office),
                ("record.registration", registration),
                ("record.proofer", proofer),
                ("record.subject", subject),
                ("record.photo-id", photo_id),
                ("record.on", &day(on)),
                ("record.state-authority", state_authority.word()),
                ("record.dea-status", dea_status.word()),
            ] {
                fields.set(name, text);
            }
        }
    }
    fields
}

/// A check with an authority on the form, made now.
///
/// # Errors
/// Every choice that was not made and every date that is none.
pub(crate) fn check(typed: &Fields, by: &Actor, at: Timestamp) -> Result<Check, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let kind = or_note(typed.word("check.kind", CheckKind::parse).map(Some), None, &mut wrong);
    let state = or_note(typed.word("check.state", StateCode::parse).map(Some), None, &mut wrong);
    let result = or_note(typed.word("check.result", CheckResult::parse), CheckResult::NotGood, &mut wrong);
    let valid_until = or_note(typed.day("check.valid-until"), None, &mut wrong);
    let schedules = Schedule::ALL
        .into_iter()
        .filter(|schedule| typed.said(&format!("check.schedule-{}", schedule.roman())) == Said::Yes)
        .collect();
    match (kind, state) {
        (Some(kind), Some(state)) => {
            let source = typed.text("check.source");
            all(Check { kind, state, result, schedules, valid_until, source, at, by: by.clone() }, wrong)
        }
        _ => Err(wrong),
    }
}

/// A call or visit on the form, made now.
///
/// # Errors
/// Every choice that was not made; a registration that is none.
pub(crate) fn contact(typed: &Fields, by: &Actor, at: Timestamp) -> Result<Contact, Vec<Refusal>> {
    let mut wrong = Vec::new();
    let mode = or_note(typed.word("contact.mode", ContactMode::parse), ContactMode::Telephone, &mut wrong);
    let answer = or_note(typed.word("contact.answer", ContactAnswer::parse), ContactAnswer::NotReached, &mut wrong);
    let source = match mode {
        ContactMode::Telephone => typed.word("contact.source", NumberSource::parse),
        ContactMode::InPerson => Ok(NumberSource::Public),
    };
    let source = or_note(source, NumberSource::Application, &mut wrong);
    match number("contact.registration", typed) {
        Ok(registration) => {
            let (place, named) = (typed.text("contact.place"), typed.text("contact.named"));
            all(Contact { registration, mode, place, source, named, answer, at, by: by.clone() }, wrong)
        }
        Err(refusal) => {
            wrong.push(refusal);
            Err(wrong)
        }
    }
}

/// The DEA number, or an exempt official's branch, of a field that chooses one of the registrations applied for.
///
/// # Errors
/// When it is none.
pub(crate) fn number(field: &str, typed: &Fields) -> Result<RegistrationKey, Refusal> {
    RegistrationKey::parse(&typed.text(field))
        .map_err(|error| unreadable(field, error.to_string(), "choose one of the registrations applied for"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn paper() -> Document {
        let own = Under::Own { number: "FB0047117".into(), expires: Some(date(2028, 2, 29)) };
        let lent =
            Under::Institution { number: "AB1234563".into(), internal_code: "012 X".into(), acknowledged: Said::Yes };
        let service =
            Under::Service { branch: "coast-guard".into(), confirmed: Said::Yes, until: Some(date(2027, 2, 28)) };
        let licence = Authority::Licence { authority: "Board".into(), number: "L-1".into() };
        let employee = Authority::VeteransEmployee { facility: "Example VA".into(), appointed: Said::Yes };
        let contractor = Authority::VeteransContractor {
            facility: "Example VA".into(),
            eligible: Said::Yes,
            under_facility: Said::No,
        };
        let place = |authority, under| Place { state: "AZ".into(), authority, under };
        Document {
            format: Format::Form,
            entity: Entity {
                kind: EntityKind::Hospital,
                name: "Example Hospital".into(),
                registration: "AB1234563".into(),
                state: String::new(),
                privileges: Said::Yes,
            },
            proofer: "Petra Proofer".into(),
            practitioner: "Alex Brook".into(),
            business_address: "20 Example Street".into(),
            places: vec![
                place(licence.clone(), own.clone()),
                place(employee, own),
                place(contractor, lent),
                place(licence, service),
            ],
            photo_id: "passport".into(),
            photo_matched: Said::Yes,
            proofed_on: Some(date(2026, 3, 1)),
            proofer_signed: Said::Yes,
            practitioner_signed: Said::No,
            upload: None,
        }
    }

    #[test]
    fn a_form_shows_a_paper_and_reads_it_back_unchanged() {
        assert_eq!(document(&of_document(&paper())), Ok(paper()));
        for record_ in [
            Record::Credential {
                provider: "P".into(),
                approval: Approval::FederalBridgeBasic,
                subject: "Alex Brook".into(),
                issued: Some(date(2026, 1, 31)),
                ends: None,
                channels: 2,
            },
            Record::Institution {
                office: "Office".into(),
                registration: "AB1234563".into(),
                proofer: "Petra Proofer".into(),
                subject: "Alex Brook".into(),
                photo_id: "passport".into(),
                on: Some(date(2026, 1, 31)),
                state_authority: Said::Yes,
                dea_status: Said::No,
            },
        ] {
            assert_eq!(record(&of_record(&record_)), Ok(record_));
        }
    }

    #[test]
    fn an_empty_form_is_a_paper_that_says_nothing() {
        let mut typed = Fields::default();
        typed.set("format", "form");
        typed.set("entity.kind", "police");
        typed.set("place[1].under", "own");
        let read = document(&typed).expect("a document");
        assert!(read.places.is_empty() && read.proofer.is_empty() && read.proofed_on.is_none());
        let unread = document(&Fields::default()).expect_err("no choice was made");
        let fields: Vec<_> = unread.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
        assert_eq!(fields, ["format", "entity.kind"]);
    }

    #[test]
    fn every_row_that_cannot_be_read_is_named() {
        let mut typed = Fields::default();
        for (name, text) in [
            ("name", "Alex Brook"),
            ("telephone", "520-555-0199"),
            ("intends[1].state", "AZ"),
            ("intends[1].registration", "FB0047111"),
            ("intends[2].state", "XX"),
            ("intends[2].registration", "FB0047112"),
            ("intends[3].state", "NM"),
            ("intends[3].registration", "FB0047111"),
        ] {
            typed.set(name, text);
        }
        let by = Actor::new("ola", theriac_model::Role::Operator);
        let wrong = application(&typed, &by, Timestamp::UNIX_EPOCH).expect_err("refused");
        let fields: Vec<_> = wrong.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
        assert_eq!(fields, ["intends[2].state", "intends[2].registration", "intends[3].registration"]);
    }
}
