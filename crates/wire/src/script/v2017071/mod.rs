//! SCRIPT 2017071: the tables of its parts and messages.
//!
//! Order and cardinality are what open samples and the Veterans Affairs routines show, not the schema's own words.
//! Lengths are general knowledge and marked so in [`Row::characters_max`](super::table::Row::characters_max).

mod clinical;
mod header;
mod medication;
mod messages;
mod parties;

use super::table::{Kind, Part, Presence, Row, Tables, numbered, one};

/// The tables of this version. The literal is the schema's date, not the version's name.
pub static TABLES: Tables = Tables { literal: "20170715", root: &ROOT };

/// The version attributes of the root, in their usual order.
pub(crate) const VERSION_ATTRIBUTES: [&str; 6] = [
    "DatatypesVersion",
    "TransportVersion",
    "TransactionDomain",
    "TransactionVersion",
    "StructuresVersion",
    "ECLVersion",
];

static ROOT: Row = one("Message", Kind::Part(&MESSAGE)).expected();

static MESSAGE: Part = Part::with(
    "message",
    &numbered([
        one("Header", Kind::Part(&header::HEADER)).expected(),
        one("Body", Kind::Part(&messages::BODY)).expected(),
    ]),
    &VERSION_ATTRIBUTES,
);

/// A date, alone or with a time.
pub(crate) static WHEN: Part = Part::of("date", &numbered([one("Date", Kind::Date), one("DateTime", Kind::Instant)]));

const fn when(name: &'static str) -> Row {
    one(name, Kind::Part(&WHEN))
}

/// Every row of every part below `part`, each part once; for checks of the tables themselves.
#[cfg(test)]
pub(crate) fn walk(part: &'static Part, seen: &mut Vec<&'static str>, visit: &mut impl FnMut(&'static Part)) {
    if seen.contains(&part.name) {
        return;
    }
    seen.push(part.name);
    visit(part);
    for row in part.rows {
        if let Some(inner) = row.part() {
            walk(inner, seen, visit);
        }
    }
}

/// The names the part's samples always have.
pub(crate) fn expected(part: &'static Part) -> impl Iterator<Item = (usize, &'static Row)> {
    part.rows.iter().enumerate().filter(|(_, row)| row.presence == Presence::Expected)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_part_names_an_element_twice_and_none_is_longer_than_64_rows() {
        let mut parts = 0;
        walk(&MESSAGE, &mut Vec::new(), &mut |part| {
            parts += 1;
            assert!(part.rows.len() <= 64, "{}", part.name);
            for (n, row) in part.rows.iter().enumerate() {
                assert!(part.rows[..n].iter().all(|other| other.name != row.name), "{} in {}", row.name, part.name);
                assert!(n == 0 || part.rows[n - 1].order <= row.order, "{} in {}", row.name, part.name);
            }
        });
        assert!(parts > 40, "{parts} parts");
    }
}
