//! A count sheet that was filled in elsewhere: comma-separated lines, one container a line, no figure of the books.
//!
//! `ndc,place,sealed,capacity,found,method`: a line gives either sealed containers of the usual size (`sealed`, the
//! other three empty) or one opened container. Lines of one product and place belong together.

use super::refusals as refuse;
use super::tally::{Container, Entered, Tally};
use crate::account::Account;
use crate::amount::AMOUNT_MAX;
use crate::count::CountMethod;
use theriac_model::{Ndc, Refusal};

/// The most lines that are read.
const LINES_MAX: usize = 20_000;
/// The longest line that is read, in bytes.
const LINE_MAX: usize = 200;

/// The count of one product in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetRow {
    /// The product.
    pub ndc: Ndc,
    /// Where it lies.
    pub account: Account,
    /// What was found.
    pub tally: Tally,
}

/// Reads a sheet. The first line holds the names of the columns.
///
/// # Errors
/// `BOOKS-SHEET`, naming the line and what is wrong with it; nothing of the sheet is taken then.
pub fn read_sheet(text: &str) -> Result<Vec<SheetRow>, Refusal> {
    let mut lines = text.lines().zip(1usize..);
    let header = lines.next().map(|(line, _)| line.trim_start_matches('\u{feff}').trim().to_ascii_lowercase());
    if header.as_deref() != Some("ndc,place,sealed,capacity,found,method") {
        return Err(refuse::sheet(1, "the names of the columns are expected"));
    }
    let mut rows: Vec<SheetRow> = Vec::new();
    for (line, n) in lines.filter(|(line, _)| !line.trim().is_empty()) {
        if n > LINES_MAX || line.len() > LINE_MAX {
            return Err(refuse::sheet(n, "the sheet or the line is too long"));
        }
        let fields: Vec<&str> = line.split(',').map(str::trim).collect();
        let [ndc, place, sealed, capacity, found, method] = fields[..] else {
            return Err(refuse::sheet(n, "six columns are expected"));
        };
        let ndc = Ndc::parse(ndc).map_err(|_| refuse::sheet(n, "the NDC cannot be read"))?;
        let account = Account::parse(place).ok_or_else(|| refuse::sheet(n, "the place is not known"))?;
        let (sealed, container) = tally(n, sealed, [capacity, found, method])?;
        let place = rows.iter().position(|row| row.ndc == ndc && row.account == account).unwrap_or(rows.len());
        if place == rows.len() {
            rows.push(SheetRow { ndc, account, tally: Tally::nothing(Entered::Sheet) });
        }
        let Some(SheetRow { tally, .. }) = rows.get_mut(place) else { continue };
        tally.sealed = tally.sealed.checked_add(sealed).ok_or_else(|| refuse::sheet(n, "too many containers"))?;
        tally.opened.extend(container);
    }
    Ok(rows)
}

fn tally(n: usize, sealed: &str, opened: [&str; 3]) -> Result<(u32, Option<Container>), Refusal> {
    let [capacity, found, method] = opened;
    if opened.iter().all(|field| field.is_empty()) {
        let sealed = sealed.parse().map_err(|_| refuse::sheet(n, "the number of sealed containers cannot be read"))?;
        return Ok((sealed, None));
    }
    if !sealed.is_empty() && sealed != "0" {
        return Err(refuse::sheet(n, "a line is about sealed containers or about one opened container"));
    }
    let number = |text: &str| text.parse::<i64>().ok().filter(|number| (0..=AMOUNT_MAX).contains(number));
    let capacity = number(capacity).ok_or_else(|| refuse::sheet(n, "the size of the container cannot be read"))?;
    let found = number(found).ok_or_else(|| refuse::sheet(n, "what was found cannot be read"))?;
    let method = CountMethod::parse(method).ok_or_else(|| refuse::sheet(n, "exact or estimated is expected"))?;
    Ok((0, Some(Container { capacity, found, method })))
}
