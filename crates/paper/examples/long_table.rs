//! How long a log of many rows takes: `cargo run --release -p theriac-paper --example long_table -- 50000`.

#![allow(clippy::disallowed_methods, reason = "an example measures the time and reads its argument")]

use std::time::Instant;
use theriac_paper::{Column, Document, PageSize, Table};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows: u32 = std::env::args().nth(1).map_or(Ok(50_000), |text| text.parse())?;
    let mut table = Table::new(vec![
        Column::new("Signed", 3),
        Column::new("Patient", 3),
        Column::new("Drug", 4),
        Column::new("Strength", 2),
        Column::new("Form", 2),
        Column::numbers("Quantity", 2),
        Column::numbers("Refills", 1),
        Column::new("Number", 3),
    ]);
    for row in 0..rows {
        table.row([
            format!("2026-02-{:02} 10:{:02}", row % 28 + 1, row % 60),
            format!("Sample {row}, Ada"),
            "Oxycodone hydrochloride".to_owned(),
            "10 mg".to_owned(),
            "Tablet".to_owned(),
            (row % 90 + 1).to_string(),
            "0".to_owned(),
            format!("RX-{row:08}"),
        ]);
    }
    let mut log = Document::new(PageSize::LETTER_WIDE, "Log of many rows", "Theriac", "2026-03-01T00:00:00Z".parse()?);
    log.table(table);
    let begun = Instant::now();
    let printed = log.print()?;
    println!("{rows} rows: {} pages, {} bytes, {:?}", printed.pages, printed.pdf.len(), begun.elapsed());
    Ok(())
}
