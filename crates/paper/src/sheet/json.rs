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

pub(super) fn rows(sheet: &Sheet) -> String {
    let names: Vec<String> = sheet.headings.iter().map(|heading| quoted(&heading.name)).collect();
    let mut text = String::new();
    for (number, row) in sheet.rows.iter().enumerate() {
        text.push_str(if number == 0 { "{" } else { ",\n{" });
        for (column, (name, cell)) in names.iter().zip(row).enumerate() {
            text.push_str(if column == 0 { "" } else { "," });
            text.push_str(name);
            text.push(':');
            text.push_str(&match cell {
                Cell::Empty => "null".to_owned(),
                Cell::Text(text) => quoted(text),
                Cell::Whole(number) => number.to_string(),
                Cell::Date(_) | Cell::Decimal(_) => quoted(&super::plain(cell)),
            });
        }
        text.push('}');
    }
    text
}

/// A text as JSON writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
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
