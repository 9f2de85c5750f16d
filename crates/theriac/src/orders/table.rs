//! Which records the order desk keeps. Derived from the journal and rebuilt from it.

use crate::house::House;
use crate::house::record::Fault;
use theriac_journal::Entry;
use theriac_store::{Engine, Projection, StoreError, Tx};

/// The streams that are listed, by the first part of their names.
const LISTED: [&str; 3] = ["order/", "order-draft/", "supply/"];

/// The table of orders.
pub(crate) struct Orders;

impl Projection for Orders {
    fn name(&self) -> &'static str {
        "orders"
    }

    fn tables(&self) -> &[&str] {
        &["order_streams"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE order_streams (stream TEXT PRIMARY KEY, first_seq INTEGER NOT NULL, last_kind TEXT NOT NULL) STRICT;"
            }
            Engine::Postgres => {
                "CREATE TABLE order_streams (stream TEXT COLLATE \"C\" PRIMARY KEY, first_seq BIGINT NOT NULL, last_kind TEXT NOT NULL);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if !LISTED.iter().any(|first| entry.stream.starts_with(first)) {
            return Ok(());
        }
        tx.write(
            "INSERT INTO order_streams (stream, first_seq, last_kind) VALUES ($1, $2, $3)
             ON CONFLICT (stream) DO UPDATE SET last_kind = excluded.last_kind",
            vec![entry.stream.as_str().into(), entry.seq.into(), entry.kind.as_str().into()],
        )
    }
}

impl House {
    /// The names of the records of one kind, newest first, without the kind: `form-210000001` of `order`. Those whose last
    /// event is of the kind `but` are left out.
    pub(super) fn order_records(&self, kind: &str, but: &str) -> Result<Vec<String>, Fault> {
        // Everything that begins with the kind and a slash lies between the two; `0` follows `/`.
        let sql = "SELECT stream FROM order_streams WHERE stream >= $1 AND stream < $2 AND last_kind <> $3
                   ORDER BY first_seq DESC, stream";
        let rows = self.store.query(sql, &[format!("{kind}/").into(), format!("{kind}0").into(), but.into()])?;
        let name = |stream: &str| stream.split_once('/').map_or_else(String::new, |(_, name)| name.to_owned());
        Ok(rows.iter().map(|row| row.text(0).map(name)).collect::<Result<_, _>>()?)
    }
}
