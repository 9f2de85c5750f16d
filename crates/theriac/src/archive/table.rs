//! The table in which prescriptions and dispensings are found: one line for each dispensing, and one for each prescription of
//! which nothing was dispensed yet.

use serde::Deserialize;
use std::borrow::Cow;
use std::collections::HashMap;
use theriac_journal::Entry;
use theriac_model::{Element, Schedule};
use theriac_store::{Engine, Projection, Row, StoreError, Tx, Value};

/// What a line says of a prescription, in the order of the columns after the first eight.
const OF_PRESCRIPTION: &str = "number, schedule, came, received, issued, patient, patient_key, patient_address, \
     practitioner, practitioner_key, practitioner_address, registration, service_id, treatment_id, signature, drug, drug_key, written, written_unit, \
     directions, refills, need, filed";

/// How many columns [`OF_PRESCRIPTION`] names.
const COLUMNS_OF_PRESCRIPTION: usize = 23;

/// A prescription's line of which nothing was dispensed has this number of dispensing.
const NOTHING: i64 = 0;

/// Lines by stream, and the names that stand in them.
pub(crate) struct Archive;

impl Projection for Archive {
    fn name(&self) -> &'static str {
        "archive"
    }

    fn tables(&self) -> &[&str] {
        &["archive_lines", "archive_names"]
    }

    // Change the comment when a line is made otherwise: then the tables are made again.
    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "-- lines 3
                 CREATE TABLE archive_lines (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, no INTEGER NOT NULL, day TEXT NOT NULL, state TEXT NOT NULL,
                  number TEXT NOT NULL, schedule INTEGER NOT NULL, came TEXT NOT NULL, received TEXT NOT NULL, issued TEXT NOT NULL,
                  patient TEXT NOT NULL, patient_key TEXT NOT NULL, patient_address TEXT NOT NULL,
                  practitioner TEXT NOT NULL, practitioner_key TEXT NOT NULL, practitioner_address TEXT NOT NULL,
                  registration TEXT NOT NULL, service_id TEXT NOT NULL, treatment_id TEXT NOT NULL, signature TEXT NOT NULL, drug TEXT NOT NULL, drug_key TEXT NOT NULL,
                  written TEXT NOT NULL, written_unit TEXT NOT NULL, directions TEXT NOT NULL, refills TEXT NOT NULL, need TEXT NOT NULL, filed TEXT NOT NULL,
                  filled TEXT NOT NULL, filling TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL, ndc TEXT NOT NULL,
                  pharmacist TEXT NOT NULL, refills_allowed TEXT NOT NULL) STRICT;
                 CREATE INDEX archive_lines_of ON archive_lines (stream);
                 CREATE INDEX archive_lines_patient ON archive_lines (patient_key, day, seq, schedule, no, practitioner_key, drug_key);
                 CREATE INDEX archive_lines_practitioner ON archive_lines (practitioner_key, day, seq, schedule, no, patient_key, drug_key);
                 CREATE INDEX archive_lines_drug ON archive_lines (drug_key, day, seq, schedule, no, practitioner_key, patient_key);
                 CREATE INDEX archive_lines_day ON archive_lines (day, seq, schedule, no, practitioner_key, patient_key, drug_key);
                 CREATE TABLE archive_names (what TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (what, name)) STRICT, WITHOUT ROWID;"
            }
            Engine::Postgres => {
                "-- lines 3
                 CREATE TABLE archive_lines (seq BIGINT PRIMARY KEY, stream TEXT COLLATE \"C\" NOT NULL, no BIGINT NOT NULL, day TEXT COLLATE \"C\" NOT NULL, state TEXT NOT NULL,
                  number TEXT COLLATE \"C\" NOT NULL, schedule BIGINT NOT NULL, came TEXT NOT NULL, received TEXT NOT NULL, issued TEXT NOT NULL,
                  patient TEXT NOT NULL, patient_key TEXT COLLATE \"C\" NOT NULL, patient_address TEXT NOT NULL,
                  practitioner TEXT NOT NULL, practitioner_key TEXT COLLATE \"C\" NOT NULL, practitioner_address TEXT NOT NULL,
                  registration TEXT NOT NULL, service_id TEXT NOT NULL, treatment_id TEXT NOT NULL, signature TEXT NOT NULL, drug TEXT NOT NULL, drug_key TEXT COLLATE \"C\" NOT NULL,
                  written TEXT NOT NULL, written_unit TEXT NOT NULL, directions TEXT NOT NULL, refills TEXT NOT NULL, need TEXT NOT NULL, filed TEXT NOT NULL,
                  filled TEXT NOT NULL, filling TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL, ndc TEXT NOT NULL,
                  pharmacist TEXT NOT NULL, refills_allowed TEXT NOT NULL);
                 CREATE INDEX archive_lines_of ON archive_lines (stream);
                 CREATE INDEX archive_lines_patient ON archive_lines (patient_key, day, seq, schedule, no, practitioner_key, drug_key);
                 CREATE INDEX archive_lines_practitioner ON archive_lines (practitioner_key, day, seq, schedule, no, patient_key, drug_key);
                 CREATE INDEX archive_lines_drug ON archive_lines (drug_key, day, seq, schedule, no, practitioner_key, patient_key);
                 CREATE INDEX archive_lines_day ON archive_lines (day, seq, schedule, no, practitioner_key, patient_key, drug_key);
                 CREATE TABLE archive_names (what TEXT COLLATE \"C\" NOT NULL, name TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (what, name));"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if !entry.stream.starts_with("rx/") {
            return Ok(());
        }
        let Some(body) = entry.body_bytes() else { return Ok(()) };
        match entry.kind.as_str() {
            "rx.received" => received(tx, entry, &parsed(entry, body)?),
            "rx.filled" => filled(tx, entry, &parsed(entry, body)?),
            "rx.handed-over" => {
                let moved: Moved<'_> = parsed(entry, body)?;
                tx.write(
                    "UPDATE archive_lines SET state = $1 WHERE stream = $2 AND no = $3",
                    vec![
                        format!("handed over {}", day(&moved.at)).into(),
                        entry.stream.as_str().into(),
                        moved.no.into(),
                    ],
                )
            }
            "rx.returned" => {
                let moved: Moved<'_> = parsed(entry, body)?;
                tx.write(
                    "UPDATE archive_lines SET state = 'returned to stock' WHERE stream = $1 AND no = $2",
                    vec![entry.stream.as_str().into(), moved.no.into()],
                )
            }
            "rx.filed" => {
                let filed: Filed<'_> = parsed(entry, body)?;
                tx.write(
                    "UPDATE archive_lines SET filed = $1 WHERE stream = $2",
                    vec![format!("{}, {}", filed.file, filed.position).into(), entry.stream.as_str().into()],
                )
            }
            "rx.voided" | "rx.cancelled" | "rx.discontinued" | "rx.declined" | "rx.lapsed" | "rx.attached"
            | "rx.transferred" => tx.write(
                "UPDATE archive_lines SET state = $1 WHERE stream = $2 AND no = $3",
                vec![
                    entry.kind.strip_prefix("rx.").unwrap_or_default().into(),
                    entry.stream.as_str().into(),
                    NOTHING.into(),
                ],
            ),
            _ => Ok(()),
        }
    }
}

/// The members of an arrival that a line is made of.
#[derive(Deserialize)]
struct Received<'a> {
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    schedule: Cow<'a, str>,
    contents: HashMap<String, String>,
    signed: Signed,
    message: Option<serde::de::IgnoredAny>,
    transfer: Option<serde::de::IgnoredAny>,
    #[serde(rename = "taken-in")]
    taken_in: Option<TakenIn>,
}

#[derive(Deserialize)]
struct Signed {
    how: String,
    subject: Option<String>,
}

#[derive(Deserialize)]
struct TakenIn {
    #[allow(clippy::zero_sized_map_values)] // only the members' names are read
    came: HashMap<String, serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Filled<'a> {
    no: i64,
    #[serde(borrow)]
    filling: Cow<'a, str>,
    #[serde(borrow)]
    at: Cow<'a, str>,
    #[serde(borrow)]
    ndc: Cow<'a, str>,
    quantity: Counted,
    pharmacist: Named,
    #[serde(rename = "refills-allowed")]
    refills_allowed: i64,
}

#[derive(Deserialize)]
struct Counted {
    value: String,
    unit: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Moved<'a> {
    no: i64,
    #[serde(borrow)]
    at: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Filed<'a> {
    #[serde(borrow)]
    file: Cow<'a, str>,
    #[serde(borrow)]
    position: Cow<'a, str>,
}

fn parsed<'a, T: Deserialize<'a>>(entry: &Entry, body: &'a [u8]) -> Result<T, StoreError> {
    serde_json::from_slice(body).map_err(|error| StoreError::Damaged(format!("entry {}: {error}", entry.seq)))
}

/// The day of an instant by the clock of the place: its text begins with it.
fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

/// A text as it is compared and sorted: lower case.
pub(super) fn key(text: &str) -> String {
    text.to_lowercase()
}

impl Received<'_> {
    fn text(&self, element: Element) -> &str {
        self.contents.get(element.tag()).map_or("", String::as_str)
    }

    /// `Last, First Middle Suffix`.
    fn name(&self, parts: [Element; 4]) -> String {
        let [last, first, middle, suffix] = parts.map(|part| self.text(part));
        let rest = [first, middle, suffix].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        match (last.is_empty(), rest.is_empty()) {
            (false, false) => format!("{last}, {rest}"),
            (false, true) => last.to_owned(),
            _ => rest,
        }
    }

    /// `1 Invented Way, Apt 2, Tucson, AZ 85701`.
    fn address(&self, parts: [Element; 5]) -> String {
        let [line1, line2, city, state, postal] = parts.map(|part| self.text(part));
        let state = format!("{state} {postal}");
        let parts = [line1, line2, city, state.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }

    fn came(&self) -> &'static str {
        match (&self.message, &self.taken_in, &self.transfer) {
            (Some(_), ..) => "electronic",
            (_, Some(taken), _) if taken.came.contains_key("paper") => "paper",
            (_, Some(taken), _) if taken.came.contains_key("fax") => "fax",
            (_, Some(_), _) => "telephone",
            (_, _, Some(_)) => "transfer",
            _ => "electronic",
        }
    }

    /// What was found of the signature when it arrived.
    fn signature(&self) -> String {
        match (self.signed.how.as_str(), &self.signed.subject) {
            ("verified", Some(subject)) => format!("verified on receipt: {subject}"),
            ("indicated", _) => "indicated by the sender".to_owned(),
            ("seen", _) => "by hand".to_owned(),
            ("oral", _) => "none: telephoned".to_owned(),
            (other, _) => other.to_owned(),
        }
    }

    /// The medical need that stands on a prescription for gamma-hydroxybutyrate (2008: 1306.05(c)). Other remarks are not what
    /// a prescription must bear, and no inspector is given them.
    fn need(&self, drug: &str) -> &str {
        if drug.contains("oxybate") || drug.contains("hydroxybut") { self.text(Element::Note) } else { "" }
    }
}

fn received(tx: &mut dyn Tx, entry: &Entry, arrived: &Received<'_>) -> Result<(), StoreError> {
    use Element as E;
    let patient = arrived.name([E::PatientLast, E::PatientFirst, E::PatientMiddle, E::PatientSuffix]);
    let practitioner =
        arrived.name([E::PractitionerLast, E::PractitionerFirst, E::PractitionerMiddle, E::PractitionerSuffix]);
    let registration = arrived.text(E::Registration);
    let drug = [E::DrugName, E::DrugStrength, E::DrugForm].map(|part| arrived.text(part));
    let drug = drug.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let keys = [
        ("patient", key(&patient)),
        // A practitioner is found by name and by number.
        ("practitioner", key(&format!("{practitioner} {registration}"))),
        ("drug", key(&drug)),
    ];
    for (what, name) in &keys {
        tx.write(
            "INSERT INTO archive_names (what, name) VALUES ($1, $2) ON CONFLICT (what, name) DO NOTHING",
            vec![(*what).into(), name.as_str().into()],
        )?;
    }
    let [(_, patient_key), (_, practitioner_key), (_, drug_key)] = keys;
    let need = arrived.need(&drug_key).to_owned();
    let of_prescription: Vec<Value> = vec![
        arrived.number.as_ref().into(),
        Schedule::parse(&arrived.schedule).map_or(0, |schedule| schedule as i64 + 1).into(),
        arrived.came().into(),
        day(&arrived.at).into(),
        arrived.text(E::Issued).into(),
        patient.into(),
        patient_key.into(),
        arrived.address([E::PatientLine1, E::PatientLine2, E::PatientCity, E::PatientState, E::PatientPostal]).into(),
        practitioner.into(),
        practitioner_key.into(),
        arrived
            .address([
                E::PractitionerLine1,
                E::PractitionerLine2,
                E::PractitionerCity,
                E::PractitionerState,
                E::PractitionerPostal,
            ])
            .into(),
        registration.into(),
        arrived.text(E::ServiceId).into(),
        arrived.text(E::TreatmentId).into(),
        arrived.signature().into(),
        drug.into(),
        drug_key.into(),
        arrived.text(E::QuantityValue).into(),
        arrived.text(E::QuantityUnit).into(),
        arrived.text(E::Directions).into(),
        arrived.text(E::Refills).into(),
        need.into(),
        "".into(),
    ];
    let line = Line { no: NOTHING, day: day(&arrived.at), state: "waiting", of_prescription };
    write(tx, entry, line, None)
}

fn filled(tx: &mut dyn Tx, entry: &Entry, filling: &Filled<'_>) -> Result<(), StoreError> {
    let sql = format!("SELECT no, {OF_PRESCRIPTION} FROM archive_lines WHERE stream = $1 ORDER BY no LIMIT 1");
    let Some(Row(mut columns)) = tx.query(&sql, &[entry.stream.as_str().into()])?.into_iter().next() else {
        // The arrival was erased after its term, and its dispensings go with it.
        return Ok(());
    };
    let of_prescription = columns.split_off(1);
    if columns == [Value::Int(NOTHING)] {
        tx.write(
            "DELETE FROM archive_lines WHERE stream = $1 AND no = $2",
            vec![entry.stream.as_str().into(), NOTHING.into()],
        )?;
    }
    let line = Line { no: filling.no, day: day(&filling.at), state: "waiting for collection", of_prescription };
    write(tx, entry, line, Some(filling))
}

/// What every line has.
struct Line<'a> {
    no: i64,
    day: &'a str,
    state: &'static str,
    of_prescription: Vec<Value>,
}

fn write(tx: &mut dyn Tx, entry: &Entry, line: Line<'_>, filling: Option<&Filled<'_>>) -> Result<(), StoreError> {
    debug_assert_eq!(line.of_prescription.len(), COLUMNS_OF_PRESCRIPTION);
    let filled = filling.map_or_else(
        || vec![Value::Text(String::new()); 7],
        |filling| {
            vec![
                day(&filling.at).into(),
                in_words(&filling.filling).into(),
                filling.quantity.value.as_str().into(),
                filling.quantity.unit.as_str().into(),
                filling.ndc.as_ref().into(),
                filling.pharmacist.name.as_str().into(),
                filling.refills_allowed.to_string().into(),
            ]
        },
    );
    let mut values: Vec<Value> =
        vec![entry.seq.into(), entry.stream.as_str().into(), line.no.into(), line.day.into(), line.state.into()];
    values.extend(line.of_prescription);
    values.extend(filled);
    let places = (1..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
    tx.write(
        &format!(
            "INSERT INTO archive_lines (seq, stream, no, day, state, {OF_PRESCRIPTION}, filled, filling, quantity, unit, ndc, \
             pharmacist, refills_allowed) VALUES ({places})"
        ),
        values,
    )
}

/// What a filling is, as people say it.
fn in_words(kind: &str) -> &str {
    match kind {
        "fill" => "first filling",
        "partial-filling" => "partial filling",
        other => other,
    }
}
