//! What the data in use says of a registration.

use crate::house::House;
use crate::house::event::Registrant;
use crate::house::record::Fault;
use jiff::civil::Date;
use std::sync::PoisonError;
use theriac_model::{BusinessActivity, DeaNumber, RegistrantRow, RegistrantStatus};
use theriac_prescriber::registrants::Snapshot;
use theriac_wire::registrants::Reader;

/// The set in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InUse {
    pub(crate) set: String,
    pub(crate) issued: Date,
    pub(crate) rows: u64,
}

/// What a set holds of a number.
pub(crate) enum Held {
    Row(Box<RegistrantRow>),
    Unreadable,
    Absent,
}

impl House {
    /// The set in use; `None` before the first import.
    pub(crate) fn registrant_set(&self) -> Result<Option<InUse>, Fault> {
        let rows = self.store.query("SELECT set_id, issued, rows_read FROM registrant_set", &[])?;
        let Some(row) = rows.first() else { return Ok(None) };
        let issued = row.text(1)?.parse().map_err(|_| Fault::Broken("the day of issue cannot be read".to_owned()))?;
        Ok(Some(InUse { set: row.text(0)?.to_owned(), issued, rows: row.u64(2)? }))
    }

    fn held(&self, set: &str, number: DeaNumber) -> Result<Held, Fault> {
        let sql = "SELECT line FROM registrant_rows WHERE number = $1 AND set_id = $2";
        let rows = self.store.query(sql, &[number.as_str().into(), set.into()])?;
        let Some(row) = rows.first() else { return Ok(Held::Absent) };
        let line = row.text(0)?;
        // A line of the table is ISO 8859-1 by its characters, as the reader takes it.
        let bytes: Vec<u8> = line.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
        let read = Reader::new(bytes.as_slice()).next_row();
        Ok(match read {
            Ok(Some(Ok(row))) => Held::Row(Box::new(row)),
            _ => Held::Unreadable,
        })
    }

    /// What the set in use says of these registrations; `None` before the first import.
    pub(crate) fn registrant_data(
        &self,
        numbers: impl IntoIterator<Item = DeaNumber>,
    ) -> Result<Option<Snapshot>, Fault> {
        let Some(in_use) = self.registrant_set()? else { return Ok(None) };
        let mut data = Snapshot::new(in_use.issued);
        for number in numbers {
            data = match self.held(&in_use.set, number)? {
                Held::Row(row) => data.with(*row),
                Held::Unreadable => data.unreadable(number),
                Held::Absent => data,
            };
        }
        Ok(Some(data))
    }

    /// The row of a registration, from the set in use or from what the deployment listed by itself, whichever is newer.
    pub(crate) fn registrant_row(&self, number: DeaNumber) -> Option<Registrant> {
        let listed = {
            let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
            directory.registrants.get(&number).cloned()
        };
        let Ok(Some(in_use)) = self.registrant_set() else { return listed };
        if listed.as_ref().is_some_and(|listed| listed.issued > in_use.issued) {
            return listed;
        }
        match self.held(&in_use.set, number) {
            Ok(Held::Row(row)) => Some(of_row(*row, in_use.issued)),
            _ => None,
        }
    }
}

/// A row of the file in the words of the directory.
fn of_row(row: RegistrantRow, issued: Date) -> Registrant {
    Registrant {
        number: row.number,
        activity: match row.activity {
            BusinessActivity::Teaching => BusinessActivity::Institution.word().to_owned(),
            other => other.word().to_owned(),
        },
        status: match row.status {
            RegistrantStatus::Active => "valid",
            RegistrantStatus::Suspended => "suspended",
            _ => "revoked",
        }
        .to_owned(),
        expires: row.expires,
        schedules: row.schedules.whole(),
        name: row.name,
        issued,
    }
}
