//! Programmes, what they hold, reports, and which prescriptions belong to one patient, as tables.

use super::event::{Answered, PdmpEvent, Reported};
use theriac_journal::Entry;
use theriac_journal::hash::sha256;
use theriac_model::{CanonicalContents, Element};
use theriac_store::{Engine, Projection, StoreError, Tx, Value};

/// The tables of this part.
pub(crate) struct Monitoring;

/// What tells one patient from another, so that names stand in no table: a digest over name and date of birth.
pub(super) fn patient_key(contents: &CanonicalContents) -> Option<String> {
    let part = |element| contents.get(element).map(|text| text.trim().to_ascii_lowercase());
    let who = [part(Element::PatientLast)?, part(Element::PatientFirst)?, part(Element::PatientBorn)?];
    Some(sha256(who.join("\u{1f}").as_bytes()).to_hex())
}

impl Projection for Monitoring {
    fn name(&self) -> &'static str {
        "monitoring"
    }

    fn tables(&self) -> &[&str] {
        &["pdmp_programmes", "pdmp_touched", "pdmp_told", "pdmp_held", "pdmp_reports", "pdmp_patients"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE pdmp_programmes (state TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT;
                 CREATE TABLE pdmp_touched (seq INTEGER PRIMARY KEY, number TEXT NOT NULL) STRICT;
                 CREATE TABLE pdmp_told (state TEXT NOT NULL, number TEXT NOT NULL, no INTEGER NOT NULL, fill INTEGER NOT NULL, part INTEGER NOT NULL, status TEXT NOT NULL, digest TEXT NOT NULL, prior_status TEXT NOT NULL, prior_digest TEXT NOT NULL, refused TEXT NOT NULL, reason TEXT NOT NULL, report TEXT NOT NULL, PRIMARY KEY (state, number, no)) STRICT;
                 CREATE TABLE pdmp_held (state TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (state, number)) STRICT;
                 CREATE TABLE pdmp_reports (state TEXT NOT NULL, control TEXT NOT NULL, seq INTEGER NOT NULL, made_ms INTEGER NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL, until_seq INTEGER NOT NULL, records INTEGER NOT NULL, late INTEGER NOT NULL, digest TEXT NOT NULL, placed_ms INTEGER, answered_ms INTEGER, refused TEXT NOT NULL, not_taken INTEGER NOT NULL, PRIMARY KEY (state, control)) STRICT;
                 CREATE TABLE pdmp_patients (number TEXT PRIMARY KEY, patient TEXT NOT NULL) STRICT;
                 CREATE INDEX pdmp_patients_of ON pdmp_patients (patient);"
            }
            Engine::Postgres => {
                "CREATE TABLE pdmp_programmes (state TEXT COLLATE \"C\" PRIMARY KEY, body TEXT NOT NULL);
                 CREATE TABLE pdmp_touched (seq BIGINT PRIMARY KEY, number TEXT COLLATE \"C\" NOT NULL);
                 CREATE TABLE pdmp_told (state TEXT COLLATE \"C\" NOT NULL, number TEXT COLLATE \"C\" NOT NULL, no BIGINT NOT NULL, fill BIGINT NOT NULL, part BIGINT NOT NULL, status TEXT NOT NULL, digest TEXT NOT NULL, prior_status TEXT NOT NULL, prior_digest TEXT NOT NULL, refused TEXT NOT NULL, reason TEXT NOT NULL, report TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (state, number, no));
                 CREATE TABLE pdmp_held (state TEXT COLLATE \"C\" NOT NULL, number TEXT COLLATE \"C\" NOT NULL, PRIMARY KEY (state, number));
                 CREATE TABLE pdmp_reports (state TEXT COLLATE \"C\" NOT NULL, control TEXT COLLATE \"C\" NOT NULL, seq BIGINT NOT NULL, made_ms BIGINT NOT NULL, from_day TEXT NOT NULL, to_day TEXT NOT NULL, until_seq BIGINT NOT NULL, records BIGINT NOT NULL, late BIGINT NOT NULL, digest TEXT NOT NULL, placed_ms BIGINT, answered_ms BIGINT, refused TEXT NOT NULL, not_taken BIGINT NOT NULL, PRIMARY KEY (state, control));
                 CREATE TABLE pdmp_patients (number TEXT COLLATE \"C\" PRIMARY KEY, patient TEXT COLLATE \"C\" NOT NULL);
                 CREATE INDEX pdmp_patients_of ON pdmp_patients (patient);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let Some(body) = entry.body_bytes() else { return Ok(()) };
        let damaged = |error: &dyn std::fmt::Display| StoreError::Damaged(format!("entry {}: {error}", entry.seq));
        match entry.kind.as_str() {
            "rx.received" => {
                let value = serde_json::from_slice(body).map_err(|error| damaged(&error))?;
                let received =
                    theriac_pharmacy::Event::from_json(&entry.kind, &value).map_err(|error| damaged(&error))?;
                let theriac_pharmacy::Event::Received(received) = received else { return Ok(()) };
                match patient_key(&received.contents) {
                    Some(patient) => tx.write(
                        "INSERT INTO pdmp_patients (number, patient) VALUES ($1, $2)",
                        vec![received.number.as_str().into(), patient.into()],
                    ),
                    None => Ok(()),
                }
            }
            // What changes what a programme should know of a prescription.
            "rx.filled" | "rx.returned" | "rx.amended" | "rx.back-from-central" | "pdmp.days-stated" => {
                let Some((_, number)) = entry.stream.split_once('/') else { return Ok(()) };
                tx.write(
                    "INSERT INTO pdmp_touched (seq, number) VALUES ($1, $2)",
                    vec![entry.seq.into(), number.into()],
                )
            }
            kind if kind.starts_with("pdmp.") => {
                let value = serde_json::from_slice(body).map_err(|error| damaged(&error))?;
                let event = PdmpEvent::read(kind, &value).map_err(|error| damaged(&error))?;
                own(tx, entry, &event, &value)
            }
            _ => Ok(()),
        }
    }
}

fn own(tx: &mut dyn Tx, entry: &Entry, event: &PdmpEvent, body: &serde_json::Value) -> Result<(), StoreError> {
    match event {
        PdmpEvent::ProgrammeSet(programme) => tx.write(
            "INSERT INTO pdmp_programmes (state, body) VALUES ($1, $2) ON CONFLICT (state) DO UPDATE SET body = excluded.body",
            vec![programme.state.as_str().into(), body.to_string().into()],
        ),
        PdmpEvent::ProgrammeEnded { state, .. } => {
            tx.write("DELETE FROM pdmp_programmes WHERE state = $1", vec![state.as_str().into()])
        }
        PdmpEvent::Reported { state, report } => reported(tx, entry, state, report),
        PdmpEvent::Placed { state, control, .. } => tx.write(
            "UPDATE pdmp_reports SET placed_ms = $3 WHERE state = $1 AND control = $2",
            vec![state.as_str().into(), control.as_str().into(), entry.at_ms.into()],
        ),
        PdmpEvent::Answered { state, answer } => answered(tx, entry, state, answer),
        PdmpEvent::Released { state, number, no, .. } => tx.write(
            "UPDATE pdmp_told SET refused = 'released', reason = '' WHERE state = $1 AND number = $2 AND no = $3",
            vec![state.as_str().into(), number.as_str().into(), i64::from(*no).into()],
        ),
        PdmpEvent::DaysStated { .. } | PdmpEvent::Asked(_) => Ok(()),
    }
}

fn reported(tx: &mut dyn Tx, entry: &Entry, state: &str, report: &Reported) -> Result<(), StoreError> {
    let known = |count: usize| Value::from(i64::try_from(count).unwrap_or(i64::MAX));
    tx.write(
        "INSERT INTO pdmp_reports (state, control, seq, made_ms, from_day, to_day, until_seq, records, late, digest, refused, not_taken)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0)",
        vec![
            state.into(),
            report.control.as_str().into(),
            entry.seq.into(),
            entry.at_ms.into(),
            report.from.to_string().into(),
            report.to.to_string().into(),
            report.until.into(),
            known(report.records.len()),
            report.late.into(),
            report.digest.as_str().into(),
        ],
    )?;
    tx.write("DELETE FROM pdmp_held WHERE state = $1", vec![state.into()])?;
    for number in &report.held {
        tx.write("INSERT INTO pdmp_held (state, number) VALUES ($1, $2)", vec![state.into(), number.as_str().into()])?;
    }
    for told in &report.records {
        tx.write(
            "INSERT INTO pdmp_told (state, number, no, fill, part, status, digest, prior_status, prior_digest, refused, reason, report)
             VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', '', '', $8)
             ON CONFLICT (state, number, no) DO UPDATE SET prior_status = pdmp_told.status, prior_digest = pdmp_told.digest,
             fill = excluded.fill, part = excluded.part, status = excluded.status, digest = excluded.digest, refused = '',
             reason = '', report = excluded.report",
            vec![
                state.into(),
                told.number.as_str().into(),
                i64::from(told.no).into(),
                i64::from(told.fill).into(),
                i64::from(told.part).into(),
                told.status_word().into(),
                told.digest.as_str().into(),
                report.control.as_str().into(),
            ],
        )?;
    }
    Ok(())
}

/// What was not taken is as it was before the report. Where a later report has told the record again, that report's own
/// answer decides, and what it falls back to is nothing.
fn answered(tx: &mut dyn Tx, entry: &Entry, state: &str, answer: &Answered) -> Result<(), StoreError> {
    let count = Value::from(i64::try_from(answer.not_taken.len()).unwrap_or(i64::MAX));
    tx.write(
        "UPDATE pdmp_reports SET answered_ms = $3, refused = $4, not_taken = $5 WHERE state = $1 AND control = $2",
        vec![
            state.into(),
            answer.control.as_str().into(),
            entry.at_ms.into(),
            answer.refused.as_deref().unwrap_or_default().into(),
            count,
        ],
    )?;
    if answer.refused.is_some() {
        return tx.write(
            "UPDATE pdmp_told SET status = prior_status, digest = prior_digest WHERE state = $1 AND report = $2",
            vec![state.into(), answer.control.as_str().into()],
        );
    }
    for one in &answer.not_taken {
        let why = if one.element.is_empty() { one.reason.clone() } else { format!("{}: {}", one.element, one.reason) };
        let record = || vec![Value::from(state), one.number.as_str().into(), i64::from(one.no).into()];
        let mut values = record();
        values.extend([answer.control.as_str().into(), why.into()]);
        tx.write(
            "UPDATE pdmp_told SET refused = status || '/' || digest, reason = $5, status = prior_status, digest = prior_digest
             WHERE state = $1 AND number = $2 AND no = $3 AND report = $4",
            values,
        )?;
        let mut values = record();
        values.push(answer.control.as_str().into());
        tx.write(
            "UPDATE pdmp_told SET prior_status = '', prior_digest = '' WHERE state = $1 AND number = $2 AND no = $3 AND report <> $4",
            values,
        )?;
    }
    Ok(())
}
