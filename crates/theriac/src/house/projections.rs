//! Tables to search and show, derived from the journal and rebuilt from it at any time.

use crate::house::event::HouseEvent;
use crate::house::record::{Fault, read};
use serde::Deserialize;
use std::borrow::Cow;
use theriac_books::StockEvent;
use theriac_journal::Entry;
use theriac_model::Schedule;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// Every projection of the program.
pub(crate) fn all() -> Vec<std::sync::Arc<dyn Projection>> {
    vec![
        std::sync::Arc::new(Directory),
        std::sync::Arc::new(Practice),
        std::sync::Arc::new(Dispensary),
        std::sync::Arc::new(crate::dispensary::presented::Presented),
        std::sync::Arc::new(Balances),
        std::sync::Arc::new(crate::archive::table::Archive),
        std::sync::Arc::new(crate::archive::trail::Trail),
        std::sync::Arc::new(crate::signin::EndedSessions),
        std::sync::Arc::new(crate::drugs::table::NdcTables),
        std::sync::Arc::new(crate::practice::cards::tables::Cards),
        std::sync::Arc::new(crate::registry::table::RegistrantTables),
        std::sync::Arc::new(crate::watch::Signings),
        std::sync::Arc::new(crate::pdmp::Monitoring),
        std::sync::Arc::new(crate::programs::table::Programs),
        std::sync::Arc::new(crate::tokens::table::Tokens),
        std::sync::Arc::new(crate::dispensary::Moving),
        std::sync::Arc::new(crate::dispensary::CounterTables),
        std::sync::Arc::new(crate::backup::Copies),
        std::sync::Arc::new(crate::stockroom::StockRoom),
        std::sync::Arc::new(crate::orders::Orders),
        std::sync::Arc::new(crate::till::Till),
    ]
}

/// A record that a table cannot be made of.
pub(crate) fn failed(fault: Fault) -> StoreError {
    match fault {
        Fault::Broken(why) => StoreError::Damaged(why),
        Fault::Conflict | Fault::Refused(_) => StoreError::Damaged("a record cannot be projected".to_owned()),
    }
}

/// People, registrants and products by their identifiers.
struct Directory;

impl Projection for Directory {
    fn name(&self) -> &'static str {
        "directory"
    }

    fn tables(&self) -> &[&str] {
        &["people", "registrants", "products", "api_keys"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, what TEXT NOT NULL, seq INTEGER NOT NULL) STRICT;
                 CREATE TABLE registrants (number TEXT PRIMARY KEY, name TEXT NOT NULL, activity TEXT NOT NULL, status TEXT NOT NULL, expires TEXT NOT NULL, schedules TEXT NOT NULL, issued TEXT NOT NULL) STRICT;
                 CREATE TABLE products (ndc TEXT PRIMARY KEY, name TEXT NOT NULL, strength TEXT NOT NULL, form TEXT NOT NULL, unit TEXT NOT NULL, schedule TEXT NOT NULL) STRICT;
                 CREATE TABLE api_keys (id TEXT PRIMARY KEY, name TEXT NOT NULL, acts_as TEXT NOT NULL, digest TEXT NOT NULL, return_to TEXT NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE people (id TEXT COLLATE \"C\" PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL, what TEXT NOT NULL, seq BIGINT NOT NULL);
                 CREATE TABLE registrants (number TEXT COLLATE \"C\" PRIMARY KEY, name TEXT NOT NULL, activity TEXT NOT NULL, status TEXT NOT NULL, expires TEXT NOT NULL, schedules TEXT NOT NULL, issued TEXT NOT NULL);
                 CREATE TABLE products (ndc TEXT COLLATE \"C\" PRIMARY KEY, name TEXT NOT NULL, strength TEXT NOT NULL, form TEXT NOT NULL, unit TEXT NOT NULL, schedule TEXT NOT NULL);
                 CREATE TABLE api_keys (id TEXT COLLATE \"C\" PRIMARY KEY, name TEXT NOT NULL, acts_as TEXT NOT NULL, digest TEXT NOT NULL, return_to TEXT NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if !entry.kind.starts_with("house.") {
            return Ok(());
        }
        match read::<HouseEvent>(entry).map_err(failed)? {
            HouseEvent::Founded { .. } | HouseEvent::NdcImported(_) => Ok(()),
            HouseEvent::PersonAdded(person) => tx.write(
                "INSERT INTO people (id, name, role, what, seq) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, role = excluded.role, what = excluded.what, seq = excluded.seq",
                vec![
                    person.id.into(),
                    person.name.into(),
                    person.role.word().into(),
                    person.what.into(),
                    entry.seq.into(),
                ],
            ),
            HouseEvent::RegistrantListed(row) => {
                let schedules: Vec<&str> = row.schedules.iter().map(|schedule| schedule.roman()).collect();
                tx.write(
                    "INSERT INTO registrants (number, name, activity, status, expires, schedules, issued) VALUES ($1, $2, $3, $4, $5, $6, $7)
                     ON CONFLICT (number) DO UPDATE SET name = excluded.name, activity = excluded.activity, status = excluded.status,
                     expires = excluded.expires, schedules = excluded.schedules, issued = excluded.issued",
                    vec![
                        row.number.as_str().into(),
                        row.name.into(),
                        row.activity.into(),
                        row.status.into(),
                        row.expires.to_string().into(),
                        schedules.join(" ").into(),
                        row.issued.to_string().into(),
                    ],
                )
            }
            HouseEvent::ApiKeyIssued(key) => tx.write(
                "INSERT INTO api_keys (id, name, acts_as, digest, return_to) VALUES ($1, $2, $3, $4, $5)",
                vec![
                    key.id.into(),
                    key.name.into(),
                    key.acts_as.into(),
                    key.digest.into(),
                    key.return_to.unwrap_or_default().into(),
                ],
            ),
            HouseEvent::ApiKeyEnded { id } => tx.write("DELETE FROM api_keys WHERE id = $1", vec![id.into()]),
            HouseEvent::ProductListed(product) => tx.write(
                "INSERT INTO products (ndc, name, strength, form, unit, schedule) VALUES ($1, $2, $3, $4, $5, $6)
                 ON CONFLICT (ndc) DO UPDATE SET name = excluded.name, strength = excluded.strength, form = excluded.form,
                 unit = excluded.unit, schedule = excluded.schedule",
                vec![
                    product.ndc.as_str().into(),
                    product.name.into(),
                    product.strength.into(),
                    product.form.into(),
                    product.unit.name().into_owned().into(),
                    product.schedule.map_or("", Schedule::roman).into(),
                ],
            ),
        }
    }
}

/// The practitioner's side: which prescriptions there are, and whose.
struct Practice;

impl Projection for Practice {
    fn name(&self) -> &'static str {
        "practice"
    }

    fn tables(&self) -> &[&str] {
        &["prescriptions"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE prescriptions (id TEXT PRIMARY KEY, practitioner TEXT NOT NULL, patient TEXT NOT NULL, drafted_seq INTEGER NOT NULL, last_kind TEXT NOT NULL) STRICT;
                 CREATE INDEX prescriptions_for ON prescriptions (patient, drafted_seq);
                 CREATE INDEX prescriptions_of ON prescriptions (practitioner, drafted_seq);"
            }
            Engine::Postgres => {
                "CREATE TABLE prescriptions (id TEXT COLLATE \"C\" PRIMARY KEY, practitioner TEXT NOT NULL, patient TEXT NOT NULL, drafted_seq BIGINT NOT NULL, last_kind TEXT NOT NULL);
                 CREATE INDEX prescriptions_for ON prescriptions (patient, drafted_seq);
                 CREATE INDEX prescriptions_of ON prescriptions (practitioner, drafted_seq);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        let Some(id) = entry.stream.strip_prefix("prescription/") else { return Ok(()) };
        let begins = matches!(entry.kind.as_str(), "prescription.drafted" | "prescription.issued-on-paper");
        if begins && entry.body_bytes().is_some() {
            use theriac_prescriber::Event::{Drafted, IssuedOnPaper};
            let event = read::<theriac_prescriber::Event>(entry).map_err(failed)?;
            if let Drafted { routing, .. } | IssuedOnPaper { routing, .. } = event {
                return tx.write(
                    "INSERT INTO prescriptions (id, practitioner, patient, drafted_seq, last_kind) VALUES ($1, $2, $3, $4, $5)",
                    vec![
                        id.into(),
                        routing.practitioner.into(),
                        routing.patient.into(),
                        entry.seq.into(),
                        entry.kind.as_str().into(),
                    ],
                );
            }
        }
        tx.write("UPDATE prescriptions SET last_kind = $1 WHERE id = $2", vec![entry.kind.as_str().into(), id.into()])
    }
}

/// The members of an arrival that this table needs: reading all of a prescription for them would be most of the
/// writer's work.
#[derive(Deserialize)]
struct Arrived<'a> {
    #[serde(borrow)]
    number: Option<Cow<'a, str>>,
    #[serde(borrow)]
    archive: Cow<'a, str>,
    /// Absent from what was taken in by hand.
    #[serde(borrow, default)]
    message: Message<'a>,
}

#[derive(Default, Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    sender: Cow<'a, str>,
    #[serde(borrow, rename = "order-number")]
    order_number: Option<Cow<'a, str>>,
}

/// The pharmacy's side: what arrived, by number and by what makes twins.
struct Dispensary;

impl Projection for Dispensary {
    fn name(&self) -> &'static str {
        "dispensary"
    }

    fn tables(&self) -> &[&str] {
        &["received"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE received (seq INTEGER PRIMARY KEY, stream TEXT NOT NULL, number TEXT NOT NULL, archived TEXT NOT NULL, sender TEXT NOT NULL, order_number TEXT NOT NULL, verdict TEXT NOT NULL) STRICT;
                 CREATE INDEX received_number ON received (number);
                 CREATE INDEX received_archived ON received (archived);"
            }
            Engine::Postgres => {
                "CREATE TABLE received (seq BIGINT PRIMARY KEY, stream TEXT NOT NULL, number TEXT COLLATE \"C\" NOT NULL, archived TEXT COLLATE \"C\" NOT NULL, sender TEXT NOT NULL, order_number TEXT NOT NULL, verdict TEXT NOT NULL);
                 CREATE INDEX received_number ON received (number);
                 CREATE INDEX received_archived ON received (archived);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if (entry.kind != "rx.received" && entry.kind != "rx.rejected") || entry.body_bytes().is_none() {
            return Ok(());
        }
        let broken = |error: serde_json::Error| StoreError::Damaged(format!("entry {}: {error}", entry.seq));
        let body = entry.body_bytes().unwrap_or(b"{}");
        let arrived: Arrived<'_> = serde_json::from_slice(body).map_err(broken)?;
        let (number, verdict) = match arrived.number {
            Some(number) if entry.kind == "rx.received" => (number, "accepted"),
            _ => (Cow::Borrowed(""), "rejected"),
        };
        tx.write(
            "INSERT INTO received (seq, stream, number, archived, sender, order_number, verdict) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            vec![
                entry.seq.into(),
                entry.stream.as_str().into(),
                number.into_owned().into(),
                arrived.archive.into_owned().into(),
                arrived.message.sender.into_owned().into(),
                arrived.message.order_number.unwrap_or_default().into_owned().into(),
                verdict.into(),
            ],
        )
    }
}

/// Balances of every account of every product.
struct Balances;

impl Projection for Balances {
    fn name(&self) -> &'static str {
        "balances"
    }

    fn tables(&self) -> &[&str] {
        &["balances"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE balances (registration TEXT NOT NULL, ndc TEXT NOT NULL, account TEXT NOT NULL, units INTEGER NOT NULL, PRIMARY KEY (registration, ndc, account)) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE balances (registration TEXT COLLATE \"C\" NOT NULL, ndc TEXT COLLATE \"C\" NOT NULL, account TEXT COLLATE \"C\" NOT NULL, units BIGINT NOT NULL, PRIMARY KEY (registration, ndc, account));"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind != "stock.posted" {
            return Ok(());
        }
        let StockEvent::Posted { commodity, entry: posted } = read(entry).map_err(failed)? else { return Ok(()) };
        for line in &posted.lines {
            tx.write(
                "INSERT INTO balances (registration, ndc, account, units) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (registration, ndc, account) DO UPDATE SET units = balances.units + excluded.units",
                vec![
                    commodity.registration.as_str().into(),
                    commodity.ndc.as_str().into(),
                    line.account.to_string().into(),
                    line.change.into(),
                ],
            )?;
        }
        Ok(())
    }
}
