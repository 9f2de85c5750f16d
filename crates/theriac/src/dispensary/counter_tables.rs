//! Tables of the counter: refills that a technician entered, and what was administered on orders.

use super::entries::EntryEvent;
use crate::house::projections::failed;
use crate::house::record::read;
use theriac_journal::Entry;
use theriac_pharmacy::ChartDone;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// The tables of the counter.
pub(crate) struct CounterTables;

impl Projection for CounterTables {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn tables(&self) -> &[&str] {
        &["refill_entries", "chart_orders"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE refill_entries (number TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
                 CREATE TABLE chart_orders (seq INTEGER PRIMARY KEY, id TEXT NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE refill_entries (number TEXT COLLATE \"C\" PRIMARY KEY, seq BIGINT NOT NULL);
                 CREATE TABLE chart_orders (seq BIGINT PRIMARY KEY, id TEXT COLLATE \"C\" NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.kind == ChartDone::KIND {
            let id = entry.stream.strip_prefix("chart/").unwrap_or_default();
            return tx.write("INSERT INTO chart_orders (seq, id) VALUES ($1, $2)", vec![entry.seq.into(), id.into()]);
        }
        let Some(number) = entry.stream.strip_prefix(EntryEvent::STREAMS) else { return Ok(()) };
        if entry.body_bytes().is_none() {
            return Ok(());
        }
        match read::<EntryEvent>(entry).map_err(failed)? {
            EntryEvent::Entered(_) => tx.write(
                "INSERT INTO refill_entries (number, seq) VALUES ($1, $2)
                 ON CONFLICT (number) DO UPDATE SET seq = excluded.seq",
                vec![number.into(), entry.seq.into()],
            ),
            EntryEvent::Confirmed | EntryEvent::Dropped { .. } => {
                tx.write("DELETE FROM refill_entries WHERE number = $1", vec![number.into()])
            }
        }
    }
}
