//! Receipts as an inspector asks for them: schedule II apart, schedules III to V apart (21 CFR 1304.04(h)(1), (3); manual,
//! section VIII).

use super::ask::Group;
use crate::house::House;
use crate::house::record::{Fault, stream};
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_books::StockEvent;
use theriac_books::records::{self, apart};
use theriac_model::Ndc;

/// One movement of the books as a record of its group.
#[derive(Clone, Debug)]
pub(crate) struct BookLine {
    pub(crate) happened: Timestamp,
    /// `C-II`.
    pub(crate) mark: String,
    pub(crate) ndc: String,
    pub(crate) drug: String,
    /// What kind of movement.
    pub(crate) kind: String,
    pub(crate) document: String,
    /// Accounts and changes.
    pub(crate) lines: String,
    pub(crate) signers: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// The books' records of one group between two days, both included, oldest first; only receipts if that is asked.
    pub(crate) fn books_apart(
        &self,
        group: Group,
        (from, until): (Date, Date),
        receipts_only: bool,
    ) -> Result<Vec<BookLine>, Fault> {
        let groups: &[records::Group] = match group {
            Group::All => &[records::Group::TwoAndOne, records::Group::ThreeToFive],
            Group::Two => &[records::Group::TwoAndOne],
            Group::ThreeToFive => &[records::Group::ThreeToFive],
        };
        let start = |day: Date| -> Result<Timestamp, Fault> {
            Ok(day.to_zoned(self.clock.zone()).map_err(broken)?.timestamp())
        };
        // The period of the books begins after its first instant and holds its last.
        let tick = jiff::SignedDuration::from_nanos(1);
        let period = (
            start(from)?.checked_sub(tick).map_err(broken)?,
            start(until.tomorrow().map_err(broken)?)?.checked_sub(tick).map_err(broken)?,
        );
        let sql = "SELECT DISTINCT ndc FROM balances WHERE registration = $1 ORDER BY ndc";
        let mut found = Vec::new();
        for row in self.store.query(sql, &[self.pharmacy.as_str().into()])? {
            let ndc = Ndc::parse(row.text(0)?).map_err(broken)?;
            let Some(commodity) = self.commodity(&ndc) else { continue };
            let (events, _) = stream::<StockEvent>(&self.store, &commodity.stream())?;
            let drug =
                self.drug(&ndc)?.map_or_else(String::new, |product| format!("{} {}", product.name, product.strength));
            for group in groups {
                for line in apart(&events, *group, period) {
                    let kind = line.kind.word();
                    if receipts_only && kind != "receipt" {
                        continue;
                    }
                    found.push(BookLine {
                        happened: line.happened,
                        mark: line.mark,
                        ndc: ndc.as_str().to_owned(),
                        drug: drug.clone(),
                        kind: kind.replace('-', " "),
                        document: line.document.to_string(),
                        lines: line
                            .lines
                            .iter()
                            .map(|(account, change)| format!("{account} {change:+}"))
                            .collect::<Vec<_>>()
                            .join(", "),
                        signers: line.signers.iter().map(|one| self.full_name(&one.id)).collect::<Vec<_>>().join(", "),
                    });
                }
            }
        }
        found.sort_by_key(|line| line.happened);
        Ok(found)
    }
}
