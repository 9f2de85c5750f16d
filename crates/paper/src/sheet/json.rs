//! A sheet as JSON.

use super::{Cell, Kind, Sheet};
use serde_json::{Map, Value, json};

pub(super) fn value(sheet: &Sheet) -> Value {
    let columns: Vec<Value> =
        sheet.headings.iter().map(|heading| json!({"name": heading.name, "kind": word(heading.kind)})).collect();
    let rows: Vec<Value> = sheet
        .rows
        .iter()
        .map(|row| {
            let members = sheet.headings.iter().zip(row).map(|(heading, cell)| (heading.name.clone(), member(cell)));
            Value::Object(members.collect::<Map<_, _>>())
        })
        .collect();
    json!({"name": sheet.name, "columns": columns, "rows": rows})
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::Whole => "whole",
        Kind::Decimal => "decimal",
    }
}

fn member(cell: &Cell) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => json!(text),
        Cell::Date(day) => json!(day.to_string()),
        Cell::Whole(number) => json!(number),
        Cell::Decimal(number) => json!(number.to_string()),
    }
}
