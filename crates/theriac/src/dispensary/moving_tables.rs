//! What moves between pharmacies, what was refilled on which day, who lives in which facility: tables to search, made again
//! from the journal at any time.

use super::moved::MovedEvent;
use crate::house::projections::failed;
use crate::house::record::read;
use serde::Deserialize;
use std::borrow::Cow;
use theriac_journal::Entry;
use theriac_pharmacy::{CentralEvent, DowntimeEvent, Event};
use theriac_store::{Engine, Projection, StoreError, Tx};

/// The tables of the desk where prescriptions move.
pub(crate) struct Moving;

const TABLES: &[&str] = &[
    "moving_fillings",
    "moving_refillable",
    "moving_transfers",
    "moving_sent",
    "moving_central",
    "moving_outages",
    "moving_trails",
    "moving_facilities",
    "moving_stays",
];

const SQLITE: &str =
    "CREATE TABLE moving_fillings (seq INTEGER PRIMARY KEY, number TEXT NOT NULL, no INTEGER NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, ndc TEXT NOT NULL) STRICT;
     CREATE INDEX moving_fillings_day ON moving_fillings (kind, day);
     CREATE TABLE moving_refillable (number TEXT PRIMARY KEY, issued TEXT NOT NULL, schedule TEXT NOT NULL) STRICT;
     CREATE TABLE moving_transfers (seq INTEGER PRIMARY KEY, number TEXT NOT NULL, way TEXT NOT NULL, other TEXT NOT NULL, other_number TEXT NOT NULL) STRICT;
     CREATE INDEX moving_transfers_of ON moving_transfers (other, other_number);
     CREATE TABLE moving_sent (seq INTEGER PRIMARY KEY, number TEXT NOT NULL, no INTEGER NOT NULL, state TEXT NOT NULL) STRICT;
     CREATE TABLE moving_central (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, state TEXT NOT NULL) STRICT;
     CREATE TABLE moving_outages (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, state TEXT NOT NULL) STRICT;
     CREATE TABLE moving_trails (seq INTEGER PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL) STRICT;
     CREATE TABLE moving_facilities (id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
     CREATE TABLE moving_stays (id TEXT PRIMARY KEY, facility TEXT NOT NULL, patient TEXT NOT NULL, from_day TEXT NOT NULL, until_day TEXT NOT NULL) STRICT;
     CREATE INDEX moving_stays_of ON moving_stays (patient, from_day);";

const POSTGRES: &str =
    "CREATE TABLE moving_fillings (seq BIGINT PRIMARY KEY, number TEXT NOT NULL, no BIGINT NOT NULL, kind TEXT COLLATE \"C\" NOT NULL, day TEXT COLLATE \"C\" NOT NULL, ndc TEXT NOT NULL);
     CREATE INDEX moving_fillings_day ON moving_fillings (kind, day);
     CREATE TABLE moving_refillable (number TEXT COLLATE \"C\" PRIMARY KEY, issued TEXT COLLATE \"C\" NOT NULL, schedule TEXT NOT NULL);
     CREATE TABLE moving_transfers (seq BIGINT PRIMARY KEY, number TEXT NOT NULL, way TEXT NOT NULL, other TEXT COLLATE \"C\" NOT NULL, other_number TEXT COLLATE \"C\" NOT NULL);
     CREATE INDEX moving_transfers_of ON moving_transfers (other, other_number);
     CREATE TABLE moving_sent (seq BIGINT PRIMARY KEY, number TEXT NOT NULL, no BIGINT NOT NULL, state TEXT NOT NULL);
     CREATE TABLE moving_central (seq BIGINT PRIMARY KEY, stream TEXT NOT NULL, state TEXT NOT NULL);
     CREATE TABLE moving_outages (seq BIGINT PRIMARY KEY, stream TEXT NOT NULL, state TEXT NOT NULL);
     CREATE TABLE moving_trails (seq BIGINT PRIMARY KEY, id TEXT NOT NULL, state TEXT NOT NULL);
     CREATE TABLE moving_facilities (id TEXT COLLATE \"C\" PRIMARY KEY, seq BIGINT NOT NULL);
     CREATE TABLE moving_stays (id TEXT COLLATE \"C\" PRIMARY KEY, facility TEXT NOT NULL, patient TEXT COLLATE \"C\" NOT NULL, from_day TEXT COLLATE \"C\" NOT NULL, until_day TEXT COLLATE \"C\" NOT NULL);
     CREATE INDEX moving_stays_of ON moving_stays (patient, from_day);";

/// The members of an arrival that these tables need; reading all of a prescription would be most of the writer's work.
#[derive(Deserialize)]
struct Arrived<'a> {
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(borrow)]
    schedule: Cow<'a, str>,
    #[serde(borrow)]
    contents: Contents<'a>,
    #[serde(borrow, default)]
    transfer: Option<Came<'a>>,
}

#[derive(Deserialize)]
struct Came<'a> {
    #[serde(borrow)]
    from: From<'a>,
}

#[derive(Deserialize)]
struct From<'a> {
    #[serde(borrow, default)]
    registration: Cow<'a, str>,
    #[serde(borrow, default)]
    number: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Contents<'a> {
    #[serde(borrow, default)]
    issued: Cow<'a, str>,
    #[serde(borrow, default)]
    refills: Cow<'a, str>,
}

impl Moving {
    fn transfer(
        tx: &mut dyn Tx,
        (seq, number): (u64, &str),
        way: &str,
        other: &str,
        other_number: &str,
    ) -> Result<(), StoreError> {
        tx.write(
            "INSERT INTO moving_transfers (seq, number, way, other, other_number) VALUES ($1, $2, $3, $4, $5)",
            vec![seq.into(), number.into(), way.into(), other.into(), other_number.into()],
        )
    }

    fn prescription(tx: &mut dyn Tx, entry: &Entry, number: &str) -> Result<(), StoreError> {
        let seq = entry.seq;
        match entry.kind.as_str() {
            "rx.received" => {
                let broken = |error: serde_json::Error| StoreError::Damaged(format!("entry {seq}: {error}"));
                let body = entry.body_bytes().unwrap_or(b"{}");
                let arrived: Arrived<'_> = serde_json::from_slice(body).map_err(broken)?;
                if let Some(came) = arrived.transfer {
                    Self::transfer(tx, (seq, number), "in", &came.from.registration, &came.from.number)?;
                }
                if !matches!(arrived.contents.refills.as_ref(), "" | "0") {
                    tx.write(
                        "INSERT INTO moving_refillable (number, issued, schedule) VALUES ($1, $2, $3)",
                        vec![
                            arrived.number.into_owned().into(),
                            arrived.contents.issued.into_owned().into(),
                            arrived.schedule.into_owned().into(),
                        ],
                    )?;
                }
                Ok(())
            }
            "rx.refills-added" => tx.write(
                "INSERT INTO moving_refillable (number, issued, schedule) VALUES ($1, $2, $3) ON CONFLICT (number) DO NOTHING",
                vec![number.into(), "".into(), "".into()],
            ),
            "rx.filled" => {
                let Event::Filled(filling) = read::<Event>(entry).map_err(failed)? else { return Ok(()) };
                tx.write(
                    "INSERT INTO moving_fillings (seq, number, no, kind, day, ndc) VALUES ($1, $2, $3, $4, $5, $6)",
                    vec![
                        seq.into(),
                        number.into(),
                        u64::from(filling.no).into(),
                        filling.kind.word().into(),
                        filling.at.date().to_string().into(),
                        filling.ndc.to_string().into(),
                    ],
                )
            }
            "rx.transferred-out" => {
                let Event::TransferredOut(left) = read::<Event>(entry).map_err(failed)? else { return Ok(()) };
                let registration = left.to.registration.map(|number| number.to_string()).unwrap_or_default();
                Self::transfer(tx, (seq, number), "out", &registration, &left.to.number)
            }
            "rx.sent-to-central" => {
                let Event::SentToCentral(sent) = read::<Event>(entry).map_err(failed)? else { return Ok(()) };
                tx.write(
                    "INSERT INTO moving_sent (seq, number, no, state) VALUES ($1, $2, $3, $4)",
                    vec![seq.into(), number.into(), u64::from(sent.no).into(), "sent".into()],
                )
            }
            "rx.back-from-central" | "rx.central-unfilled" => {
                let (no, state) = match read::<Event>(entry).map_err(failed)? {
                    Event::BackFromCentral(back) => (back.no, "back"),
                    Event::CentralUnfilled(unfilled) => (unfilled.no, "unfilled"),
                    _ => return Ok(()),
                };
                tx.write(
                    "UPDATE moving_sent SET state = $1 WHERE number = $2 AND no = $3",
                    vec![state.into(), number.into(), u64::from(no).into()],
                )
            }
            "rx.voided" | "rx.cancelled" | "rx.discontinued" | "rx.declined" | "rx.lapsed" | "rx.attached"
            | "rx.transferred" => {
                tx.write("DELETE FROM moving_refillable WHERE number = $1", vec![number.into()])
            }
            _ => Ok(()),
        }
    }

    fn own(tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        match read::<MovedEvent>(entry).map_err(failed)? {
            MovedEvent::LabelPrinted(_) | MovedEvent::DisposalAsked(_) => Ok(()),
            MovedEvent::TrailAsked { id, .. } => tx.write(
                "INSERT INTO moving_trails (seq, id, state) VALUES ($1, $2, $3)",
                vec![entry.seq.into(), id.into(), "asked".into()],
            ),
            MovedEvent::TrailSent { id, .. } => {
                tx.write("UPDATE moving_trails SET state = $1 WHERE id = $2", vec!["sent".into(), id.into()])
            }
            MovedEvent::FacilityListed(facility) => tx.write(
                "INSERT INTO moving_facilities (id, seq) VALUES ($1, $2)
                 ON CONFLICT (id) DO UPDATE SET seq = excluded.seq",
                vec![facility.id.into(), entry.seq.into()],
            ),
            MovedEvent::Stay(stay) => tx.write(
                "INSERT INTO moving_stays (id, facility, patient, from_day, until_day) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET until_day = excluded.until_day",
                vec![
                    stay.id.into(),
                    stay.facility.into(),
                    stay.resident.key().into(),
                    stay.from.to_string().into(),
                    stay.until.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()).into(),
                ],
            ),
        }
    }
}

impl Projection for Moving {
    fn name(&self) -> &'static str {
        "moving"
    }

    fn tables(&self) -> &[&str] {
        TABLES
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => SQLITE,
            Engine::Postgres => POSTGRES,
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.body_bytes().is_none() {
            return Ok(());
        }
        if let Some(number) = entry.stream.strip_prefix("rx/") {
            return Self::prescription(tx, entry, number);
        }
        match entry.kind.split_once('.').map_or("", |(area, _)| area) {
            "label" | "trail" | "facility" => Self::own(tx, entry),
            "central" => {
                let state = match read::<CentralEvent>(entry).map_err(failed)? {
                    CentralEvent::Received(_) => {
                        return tx.write(
                            "INSERT INTO moving_central (seq, stream, state) VALUES ($1, $2, $3)",
                            vec![entry.seq.into(), entry.stream.as_str().into(), "received".into()],
                        );
                    }
                    CentralEvent::Filled(_) => "filled",
                    CentralEvent::Delivered(_) => "delivered",
                    CentralEvent::Returned(_) => "returned",
                };
                tx.write(
                    "UPDATE moving_central SET state = $1 WHERE stream = $2",
                    vec![state.into(), entry.stream.as_str().into()],
                )
            }
            "downtime" => match read::<DowntimeEvent>(entry).map_err(failed)? {
                DowntimeEvent::Begun(_) => tx.write(
                    "INSERT INTO moving_outages (seq, stream, state) VALUES ($1, $2, $3)",
                    vec![entry.seq.into(), entry.stream.as_str().into(), "begun".into()],
                ),
                DowntimeEvent::Ended(_) => tx.write(
                    "UPDATE moving_outages SET state = $1 WHERE stream = $2",
                    vec!["ended".into(), entry.stream.as_str().into()],
                ),
                DowntimeEvent::Sheet(_) | DowntimeEvent::Named(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }
}
