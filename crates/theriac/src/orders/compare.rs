//! What a supplier says it sold to this pharmacy, beside what was received here on orders.

use crate::house::House;
use crate::house::record::Fault;
use crate::typed::wrong;
use theriac_books::orders::{Booked, Direction, Disagreement, Reported, reconcile};
use theriac_model::{DeaNumber, Ndc};

/// The most lines of one statement.
const LINES_MOST: usize = 2_000;

/// One line of a supplier's statement: date, DEA number, order, NDC, packages.
fn read_line(n: usize, text: &str) -> Result<Reported, Fault> {
    let bad = |what: &str| {
        wrong(
            "lines",
            format!("line {n}: {what}"),
            "write the date, the supplier's DEA number, the order, the NDC and the packages",
        )
    };
    let parts: Vec<&str> = text.split([',', ';', '\t', ' ']).map(str::trim).filter(|part| !part.is_empty()).collect();
    let [on, other, order, ndc, packages] = parts.as_slice() else {
        return Err(bad("five entries are expected"));
    };
    Ok(Reported {
        other: DeaNumber::parse(&other.to_ascii_uppercase()).map_err(|error| bad(&error.to_string()))?,
        direction: Direction::Came,
        ndc: Ndc::parse(ndc).map_err(|error| bad(&error.to_string()))?,
        packages: packages.parse().map_err(|_| bad("the packages are no whole number"))?,
        units: None,
        order: (*order).to_owned(),
        on: on.parse().map_err(|_| bad("the date is not one such as 2026-03-31"))?,
    })
}

impl House {
    /// Where a supplier's statement and the orders of this pharmacy differ, order by order and product by product. Orders of
    /// suppliers that the statement does not name, and those before its first day, are left out.
    ///
    /// # Errors
    /// `FORM-FIELD` naming the line that cannot be read.
    pub(crate) fn compare_orders(&self, statement: &str) -> Result<Vec<Disagreement>, Fault> {
        let lines: Vec<&str> = statement.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        if lines.is_empty() || lines.len() > LINES_MOST {
            let what = format!("a statement has 1 to {LINES_MOST} lines, and this one has {}", lines.len());
            return Err(wrong("lines", what, "copy the supplier's lines"));
        }
        let reported: Vec<Reported> =
            (1..).zip(lines).map(|(n, line)| read_line(n, line)).collect::<Result<_, Fault>>()?;
        let first = reported.iter().map(|one| one.on).min();
        let orders = self.purchases()?;
        let of_these = |one: &Booked| {
            reported.iter().any(|line| line.other == one.from) && first.is_some_and(|first| one.on >= first)
        };
        let booked: Vec<Booked> =
            orders.iter().flat_map(|purchase| purchase.order.booked()).filter(|one| of_these(one)).collect();
        Ok(reconcile(&reported, &booked))
    }
}
