//! Parts that several events share.

use crate::arrived::{Activity, MessageFacts, Registrant, RegistrantLookup};
use crate::duty::{DutyDone, DutyItem};
use crate::law_record::{LawRecord, RefusalRecord};
use crate::people::Person;
use serde_json::{Map, Value, json};
use theriac_law::vocab::{Status, Word};
use theriac_law::{Moment, When};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Decimal, DrugUnit, Quantity, Role, Schedule};

type Read<T> = Result<T, BadField>;

pub(crate) fn bad<T>(field: &str, expected: &'static str) -> Read<T> {
    Err(BadField { field: field.to_owned(), expected })
}

/// An object without the members that are absent.
pub(super) fn object<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let present = members.into_iter().filter_map(|(name, value)| value.map(|value| (name.to_owned(), value)));
    Value::Object(present.collect::<Map<String, Value>>())
}

pub(super) fn person(person: &Person) -> Value {
    json!({"id": person.actor.id, "role": person.actor.role.word(), "name": person.full_name})
}

pub(super) fn read_person(read: Reader<'_>) -> Read<Person> {
    let role = read.parsed("role", "a role", Role::parse)?;
    Ok(Person::new(Actor::new(read.text("id")?, role), read.text("name")?))
}

pub(super) fn moment(read: Reader<'_>, field: &str) -> Read<Moment> {
    read.parsed(field, "an instant with its offset", Moment::parse)
}

pub(super) fn number(read: Reader<'_>, field: &str) -> Read<u32> {
    match u32::try_from(read.whole(field)?) {
        Ok(number) => Ok(number),
        Err(_) => bad(field, "a whole number from 0"),
    }
}

pub(super) fn word<T: Word>(read: Reader<'_>, field: &str) -> Read<T> {
    read.parsed(field, T::CALLED, T::from_word)
}

pub(super) fn maybe_word<T: Word>(read: Reader<'_>, field: &str) -> Read<Option<T>> {
    if read.get(field).is_none() { Ok(None) } else { word(read, field).map(Some) }
}

pub(super) fn maybe_text(read: Reader<'_>, field: &str) -> Read<Option<String>> {
    Ok(read.maybe_text(field)?.map(str::to_owned))
}

pub(super) fn texts(values: &[String]) -> Value {
    values.iter().map(|text| Value::String(text.clone())).collect()
}

pub(super) fn read_texts(read: Reader<'_>, field: &str) -> Read<Vec<String>> {
    let text = |item: &Value| item.as_str().map(str::to_owned);
    match read.list(field)?.iter().map(text).collect() {
        Some(texts) => Ok(texts),
        None => bad(field, "a list of strings"),
    }
}

pub(super) fn items<T>(read: Reader<'_>, field: &str, item: impl Fn(Reader<'_>) -> Read<T>) -> Read<Vec<T>> {
    read.list(field)?.iter().map(|value| item(Reader(value))).collect()
}

pub(super) fn quantity(quantity: &Quantity) -> Value {
    json!({"value": quantity.value().to_string(), "unit": quantity.unit().name()})
}

pub(super) fn read_quantity(read: Reader<'_>, field: &str) -> Read<Quantity> {
    let inner = read.object(field)?;
    let value = inner.parsed("value", "a decimal", |text| Decimal::parse(text).ok())?;
    match Quantity::new(value, DrugUnit::read(inner.text("unit")?)) {
        Ok(quantity) => Ok(quantity),
        Err(_) => bad(field, "a quantity that can be counted"),
    }
}

pub(super) fn law(law: &LawRecord) -> Value {
    json!({"profile": law.profile, "rules": texts(&law.rules)})
}

pub(super) fn read_law(read: Reader<'_>) -> Read<LawRecord> {
    let read = read.object("law")?;
    Ok(LawRecord { profile: read.text("profile")?.to_owned(), rules: read_texts(read, "rules")? })
}

pub(super) fn refusal(refusal: &RefusalRecord) -> Value {
    object([
        ("code", Some(json!(refusal.code))),
        ("cite", Some(json!(refusal.cite))),
        ("edition", Some(json!(refusal.edition))),
        ("field", refusal.field.as_ref().map(|field| json!(field))),
        ("what", Some(json!(refusal.what))),
        ("next", Some(json!(refusal.next))),
    ])
}

pub(super) fn read_refusal(read: Reader<'_>) -> Read<RefusalRecord> {
    Ok(RefusalRecord {
        code: read.text("code")?.to_owned(),
        cite: read.text("cite")?.to_owned(),
        edition: read.text("edition")?.to_owned(),
        field: maybe_text(read, "field")?,
        what: read.text("what")?.to_owned(),
        next: read.text("next")?.to_owned(),
    })
}

pub(super) fn duty(duty: &DutyItem) -> Value {
    object([
        ("id", Some(json!(duty.id))),
        ("code", Some(json!(duty.code))),
        ("due", duty.due.map(|due| json!(due.to_string()))),
        ("why", Some(json!(duty.why))),
    ])
}

pub(super) fn read_duty(read: Reader<'_>) -> Read<DutyItem> {
    let due = match read.get("due") {
        None => None,
        Some(_) => Some(read.parsed("due", "a day or an instant with its offset", When::parse)?),
    };
    Ok(DutyItem {
        id: number(read, "id")?,
        code: read.text("code")?.to_owned(),
        due,
        why: read.text("why")?.to_owned(),
    })
}

pub(super) fn duty_done(done: &DutyDone) -> Value {
    json!({"id": done.id, "at": done.at.to_string(), "by": person(&done.by), "how": done.how})
}

pub(super) fn read_duty_done(read: Reader<'_>) -> Read<DutyDone> {
    let (id, at) = (number(read, "id")?, moment(read, "at")?);
    Ok(DutyDone { id, at, by: read_person(read.object("by")?)?, how: read.text("how")?.to_owned() })
}

pub(super) fn message(message: &MessageFacts) -> Value {
    object([
        ("id", Some(json!(message.id))),
        ("sender", Some(json!(message.sender))),
        ("recipient", Some(json!(message.recipient))),
        ("order-number", message.order_number.as_ref().map(|number| json!(number))),
        ("sent", message.sent.map(|sent| json!(sent.to_string()))),
    ])
}

pub(super) fn read_message(read: Reader<'_>) -> Read<MessageFacts> {
    let read = read.object("message")?;
    let sent = match read.get("sent") {
        None => None,
        Some(_) => Some(read.parsed("sent", "an instant", |text| text.parse().ok())?),
    };
    Ok(MessageFacts {
        id: read.text("id")?.to_owned(),
        sender: read.text("sender")?.to_owned(),
        recipient: read.text("recipient")?.to_owned(),
        order_number: maybe_text(read, "order-number")?,
        sent,
    })
}

const ACTIVITIES: [(&str, Activity); 3] = [
    ("practitioner", Activity::Practitioner),
    ("mid-level", Activity::MidLevel),
    ("institution", Activity::Institution),
];

pub(super) fn registrant(lookup: &RegistrantLookup) -> Value {
    let row = lookup.found.as_ref().map(|found| {
        let activity = ACTIVITIES.iter().find(|row| row.1 == found.activity).map_or("", |row| row.0);
        object([
            ("activity", Some(json!(activity))),
            ("status", Some(json!(found.status.word()))),
            ("expires", found.expires.map(|day| json!(day.to_string()))),
            ("schedules", Some(found.schedules.iter().map(|schedule| json!(schedule.roman())).collect())),
        ])
    });
    object([("found", row), ("age-days", Some(json!(lookup.age_days))), ("source", Some(json!(lookup.source)))])
}

pub(super) fn read_registrant(read: Reader<'_>) -> Read<RegistrantLookup> {
    let read = read.object("registrant")?;
    let found = match read.get("found") {
        None => None,
        Some(_) => Some(read_registrant_row(read.object("found")?)?),
    };
    Ok(RegistrantLookup { found, age_days: number(read, "age-days")?, source: read.text("source")?.to_owned() })
}

fn read_registrant_row(read: Reader<'_>) -> Read<Registrant> {
    let activity = |word: &str| ACTIVITIES.iter().find(|row| row.0 == word).map(|row| row.1);
    let expires = match read.get("expires") {
        None => None,
        Some(_) => Some(read.parsed("expires", "a date", |text| text.parse().ok())?),
    };
    let schedule = |text: &String| Schedule::parse(text).filter(|schedule| schedule.roman() == text);
    match read_texts(read, "schedules")?.iter().map(schedule).collect() {
        Some(schedules) => Ok(Registrant {
            activity: read.parsed("activity", "a kind of registration", activity)?,
            status: word::<Status>(read, "status")?,
            expires,
            schedules,
        }),
        None => bad("schedules", "schedules I to V"),
    }
}
