//! The practice's own card index: its patients, and where its practitioners prescribe. Drafts are filled in from it.

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded};
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Address, PersonName, Refusal, Registration, Role};
use theriac_store::Row;

/// A patient of the practice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PatientCard {
    pub(crate) id: String,
    pub(crate) name: PersonName,
    pub(crate) address: Address,
    pub(crate) born: Date,
}

/// Where a practitioner prescribes under a registration, as prescriptions must name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) person: String,
    pub(crate) registration: Registration,
    pub(crate) name: PersonName,
    pub(crate) address: Address,
    /// Identification number for maintenance or detoxification treatment, where the practitioner has one.
    pub(crate) treatment_id: Option<String>,
    /// Service identification number of an exempt official, sealed.
    pub(crate) service_id: Option<String>,
}

/// A card was written, or written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CardEvent {
    Patient(PatientCard),
    Place(Place),
}

/// The longest text on a card, in characters.
const TEXT_MOST: usize = 80;
/// Patients shown at most; a search narrows.
const ROWS_MOST: u32 = 100;

impl Recorded for CardEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Patient(_) => "practice.patient-listed",
            Self::Place(_) => "practice.place-listed",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Patient(card) => json!({
                "address": address_json(&card.address),
                "born": card.born.to_string(),
                "id": card.id,
                "name": name_json(&card.name),
            }),
            Self::Place(place) => json!({
                "address": address_json(&place.address),
                "name": name_json(&place.name),
                "person": place.person,
                "registration": place.registration.to_string(),
                "service-id": place.service_id,
                "treatment-id": place.treatment_id,
            }),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<CardEvent, BadField> {
    match kind {
        "practice.patient-listed" => Ok(CardEvent::Patient(PatientCard {
            id: body.text("id")?.to_owned(),
            name: read_name(body.object("name")?)?,
            address: read_address(body.object("address")?)?,
            born: body.parsed("born", "a date", |text| text.parse().ok())?,
        })),
        "practice.place-listed" => Ok(CardEvent::Place(Place {
            person: body.text("person")?.to_owned(),
            registration: body.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
            name: read_name(body.object("name")?)?,
            address: read_address(body.object("address")?)?,
            treatment_id: body.maybe_text("treatment-id")?.map(str::to_owned),
            service_id: body.maybe_text("service-id")?.map(str::to_owned),
        })),
        _ => Err(BadField { field: "kind".to_owned(), expected: "a card of the practice" }),
    }
}

fn name_json(name: &PersonName) -> Value {
    json!({"first": name.first, "last": name.last, "middle": name.middle, "suffix": name.suffix})
}

fn read_name(body: Reader<'_>) -> Result<PersonName, BadField> {
    let maybe = |field: &str| Ok::<_, BadField>(body.maybe_text(field)?.map(str::to_owned));
    Ok(PersonName {
        last: body.text("last")?.to_owned(),
        first: body.text("first")?.to_owned(),
        middle: maybe("middle")?,
        suffix: maybe("suffix")?,
    })
}

fn address_json(address: &Address) -> Value {
    json!({"city": address.city, "line1": address.line1, "line2": address.line2, "postal": address.postal, "state": address.state})
}

fn read_address(body: Reader<'_>) -> Result<Address, BadField> {
    Ok(Address {
        line1: body.text("line1")?.to_owned(),
        line2: body.maybe_text("line2")?.map(str::to_owned),
        city: body.text("city")?.to_owned(),
        state: body.text("state")?.to_owned(),
        postal: body.text("postal")?.to_owned(),
    })
}

impl CardEvent {
    /// The stream it belongs to.
    pub(crate) fn stream(&self) -> String {
        match self {
            Self::Patient(card) => format!("patient/{}", card.id),
            Self::Place(place) => format!("place/{}/{}", place.person, place.registration),
        }
    }
}

fn refuse(field: &str, what: String) -> Fault {
    Refusal::new("PRACTICE-CARD", "21 CFR 1306.05(a)", what, "correct the field; a prescription must bear it in full")
        .about(field.to_owned())
        .into()
}

/// A text that a prescription can bear: trimmed, of 1 to 80 characters on one line.
fn text(field: &str, typed: &str) -> Result<String, Fault> {
    let text = typed.trim();
    let count = text.chars().count();
    if count == 0 {
        return Err(refuse(field, "it is empty".to_owned()));
    }
    if count > TEXT_MOST || text.chars().any(char::is_control) {
        return Err(refuse(field, format!("it has more than {TEXT_MOST} characters, or more than one line")));
    }
    Ok(text.to_owned())
}

fn maybe(field: &str, typed: &str) -> Result<Option<String>, Fault> {
    if typed.trim().is_empty() { Ok(None) } else { text(field, typed).map(Some) }
}

/// A name as typed.
pub(crate) fn name(first: &str, middle: &str, last: &str, suffix: &str) -> Result<PersonName, Fault> {
    Ok(PersonName {
        last: text("last", last)?,
        first: text("first", first)?,
        middle: maybe("middle", middle)?,
        suffix: maybe("suffix", suffix)?,
    })
}

/// An address as typed.
pub(crate) fn address(line1: &str, line2: &str, city: &str, state: &str, postal: &str) -> Result<Address, Fault> {
    let state = text("state", state)?.to_ascii_uppercase();
    if state.len() != 2 || !state.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(refuse("state", "it is not the two letters of a State".to_owned()));
    }
    let postal = text("postal", postal)?;
    let digits: String = postal.chars().filter(char::is_ascii_digit).collect();
    if !matches!(digits.len(), 5 | 9) || postal.chars().any(|c| !c.is_ascii_digit() && c != '-') {
        return Err(refuse("postal", "it is not a ZIP code of five or nine digits".to_owned()));
    }
    Ok(Address {
        line1: text("line1", line1)?,
        line2: maybe("line2", line2)?,
        city: text("city", city)?,
        state,
        postal,
    })
}

/// A date of birth as typed: not after today, and not before 1880.
pub(crate) fn born(typed: &str, today: Date) -> Result<Date, Fault> {
    let born: Date =
        typed.trim().parse().map_err(|_| refuse("born", "it is not a date such as 1961-05-17".to_owned()))?;
    if born > today || born.year() < 1880 {
        return Err(refuse("born", "nobody alive was born on that day".to_owned()));
    }
    Ok(born)
}

impl House {
    /// A new identifier with 50 random bits, in letters that are not mistaken for each other.
    pub(crate) fn fresh_id(prefix: &str) -> Result<String, Fault> {
        const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
        let mut bytes = [0; 10];
        aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Fault::Broken("the system gave no random bytes".to_owned()))?;
        let letters = bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte % 32)]));
        Ok(prefix.chars().chain(letters).collect())
    }

    /// Writes cards. Patients by practitioners and agents; places of practice by the operator.
    pub(crate) fn write_cards(&self, by: &Actor, cards: &[CardEvent]) -> Result<(), Fault> {
        let mut change = Change::default();
        for card in cards {
            let allowed = match card {
                CardEvent::Patient(_) => matches!(by.role, Role::Prescriber | Role::Agent | Role::System),
                CardEvent::Place(_) => matches!(by.role, Role::Operator | Role::System),
            };
            if !allowed {
                let what = format!("a {} does not write this card", by.role);
                let next = "patients are entered by the practice, places of practice by the operator";
                return Err(Refusal::new("PRACTICE-CARD-ROLE", "21 CFR 1306.05(f)", what, next).into());
            }
            change = change.event(&self.by(by, ""), &card.stream(), card)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// A patient by identifier.
    pub(crate) fn patient(&self, id: &str) -> Result<Option<PatientCard>, Fault> {
        let rows = self.store.query(&format!("{PATIENT} WHERE id = $1"), &[id.into()])?;
        rows.first().map(patient_of).transpose()
    }

    /// Patients whose last name begins with, or whose first name or date of birth is, what was typed; by name.
    pub(crate) fn patients(&self, search: &str) -> Result<Vec<PatientCard>, Fault> {
        let search = search.trim().to_lowercase();
        let end = format!("{search}\u{10FFFF}");
        let order = format!("ORDER BY sort, id LIMIT {ROWS_MOST}");
        let rows = if search.is_empty() {
            self.store.query(&format!("{PATIENT} {order}"), &[])?
        } else {
            let sql = format!("{PATIENT} WHERE (sort >= $1 AND sort < $2) OR lower_first = $1 OR born = $1 {order}");
            self.store.query(&sql, &[search.into(), end.into()])?
        };
        rows.iter().map(patient_of).collect()
    }

    /// Where a practitioner prescribes.
    pub(crate) fn places(&self, person: &str) -> Result<Vec<Place>, Fault> {
        let sql = "SELECT registration, what FROM places WHERE person = $1 ORDER BY registration";
        let rows = self.store.query(sql, &[person.into()])?;
        rows.iter().map(place_of).collect()
    }
}

const PATIENT: &str = "SELECT what FROM patients";

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn patient_of(row: &Row) -> Result<PatientCard, Fault> {
    let body: Value = serde_json::from_str(row.text(0)?).map_err(broken)?;
    match read("practice.patient-listed", Reader(&body)).map_err(broken)? {
        CardEvent::Patient(card) => Ok(card),
        CardEvent::Place(_) => Err(broken("a place among the patients")),
    }
}

fn place_of(row: &Row) -> Result<Place, Fault> {
    let body: Value = serde_json::from_str(row.text(1)?).map_err(broken)?;
    match read("practice.place-listed", Reader(&body)).map_err(broken)? {
        CardEvent::Place(place) => Ok(place),
        CardEvent::Patient(_) => Err(broken("a patient among the places")),
    }
}

/// The cards as a table, for the projection.
pub(crate) mod tables {
    use super::{CardEvent, Recorded as _};
    use theriac_journal::Entry;
    use theriac_store::{Engine, Projection, StoreError, Tx};

    /// Patients and places by their identifiers.
    pub(crate) struct Cards;

    impl Projection for Cards {
        fn name(&self) -> &'static str {
            "cards"
        }

        fn tables(&self) -> &[&str] {
            &["patients", "places"]
        }

        fn migrations(&self, engine: Engine) -> &str {
            match engine {
                Engine::Sqlite => {
                    "CREATE TABLE patients (id TEXT PRIMARY KEY, sort TEXT NOT NULL, lower_first TEXT NOT NULL, born TEXT NOT NULL, what TEXT NOT NULL) STRICT;
                     CREATE INDEX patients_sort ON patients (sort);
                     CREATE TABLE places (person TEXT NOT NULL, registration TEXT NOT NULL, what TEXT NOT NULL, PRIMARY KEY (person, registration)) STRICT;"
                }
                Engine::Postgres => {
                    "CREATE TABLE patients (id TEXT COLLATE \"C\" PRIMARY KEY, sort TEXT COLLATE \"C\" NOT NULL, lower_first TEXT COLLATE \"C\" NOT NULL, born TEXT NOT NULL, what TEXT NOT NULL);
                     CREATE INDEX patients_sort ON patients (sort);
                     CREATE TABLE places (person TEXT COLLATE \"C\" NOT NULL, registration TEXT COLLATE \"C\" NOT NULL, what TEXT NOT NULL, PRIMARY KEY (person, registration));"
                }
            }
        }

        fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
            if !entry.kind.starts_with("practice.") {
                return Ok(());
            }
            let Some(body) = entry.body_bytes() else { return Ok(()) };
            let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("entry {}: {error}", entry.seq));
            let value = serde_json::from_slice(body).map_err(|error| damaged(&error))?;
            let what = String::from_utf8_lossy(body).into_owned();
            match CardEvent::read(&entry.kind, &value).map_err(|error| damaged(&error))? {
                CardEvent::Patient(card) => {
                    let sort = format!("{} {}", card.name.last, card.name.first).to_lowercase();
                    tx.write(
                        "INSERT INTO patients (id, sort, lower_first, born, what) VALUES ($1, $2, $3, $4, $5)
                         ON CONFLICT (id) DO UPDATE SET sort = excluded.sort, lower_first = excluded.lower_first,
                         born = excluded.born, what = excluded.what",
                        vec![
                            card.id.into(),
                            sort.into(),
                            card.name.first.to_lowercase().into(),
                            card.born.to_string().into(),
                            what.into(),
                        ],
                    )
                }
                CardEvent::Place(place) => tx.write(
                    "INSERT INTO places (person, registration, what) VALUES ($1, $2, $3)
                     ON CONFLICT (person, registration) DO UPDATE SET what = excluded.what",
                    vec![place.person.into(), place.registration.to_string().into(), what.into()],
                ),
            }
        }
    }
}
