//! The record book (P26) and the logbook of listed chemicals (P45). The logbook is seen by the pharmacist and those who look over
//! the pharmacy; whoever else is given entries is written down with the purpose.

use super::{Answer, file, shown, words};
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::moving::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done};
use crate::till::BookLine;
use crate::typed::Typed;
use theriac_books::logbook::LOGBOOK_WARNING;
use theriac_law::vocab::{DisclosurePurpose, Word as _};
use theriac_model::Actor;

/// Entries of the logbook on a page.
const ENTRIES: u64 = 50;

fn page_of(asked: &Asked) -> Option<u64> {
    Typed::in_address(asked).get("page").parse().ok().filter(|page| *page > 0)
}

fn links(page: u64, pages: u64, path: &str) -> Vec<(String, String)> {
    let mut links = Vec::new();
    if page > 1 {
        links.push((format!("{path}?page={}", page - 1), "Page before".to_owned()));
    }
    if page < pages {
        links.push((format!("{path}?page={}", page + 1), "Next page".to_owned()));
    }
    links
}

/// `/till/record-book`
pub(in crate::http) async fn book(asked: Asked) -> Answer {
    book_again(asked, Tried::default()).await
}

async fn book_again(asked: Asked, tried: Tried) -> Answer {
    let wanted = page_of(&asked);
    let corrects = Door::TillBookAct.admits(asked.visitor()?.actor.role);
    shown(asked, Door::TillBook, tried, move |house, _, typed| {
        let pages = house.book_pages()?;
        let page = wanted.unwrap_or(pages).min(pages);
        let mut grid = Grid::new(
            &["Line", "Purchaser", "Address", "Identified", "Product", "Quantity", "When", "Pharmacist"],
            "No sale was made yet. Each sale of the till becomes a line here, and stays.",
        );
        for line in house.book_page(page)? {
            let (_, at) = line.place();
            grid.rows.push(match line {
                BookLine::Sale(entry, _) => vec![
                    cell(format!("{at} (number {})", entry.number)),
                    cell(entry.buyer.name.clone()),
                    cell(entry.buyer.address.clone()),
                    cell(entry.shown.word().replace('-', " ")),
                    cell(format!("{}, NDC {}", entry.product.name, entry.product.ndc)),
                    cell(entry.quantity.to_string()),
                    cell(house.moment_in_words(entry.sold)),
                    cell(house.full_name(&entry.pharmacist.id)),
                ],
                BookLine::Correction { number, of, text, by, at: when, .. } => vec![
                    cell(format!("{at} (number {number})")),
                    cell(format!("Correction of number {of}: {text}")),
                    cell(""),
                    cell(""),
                    cell(""),
                    cell(""),
                    cell(house.moment_in_words(when)),
                    cell(house.full_name(&by)),
                ],
            });
        }
        let mut links = links(page, pages, "/till/record-book");
        for (format, label) in [("pdf", "Print the book"), ("csv", "CSV"), ("xlsx", "XLSX")] {
            links.push((format!("/till/record-book/{format}"), label.to_owned()));
        }
        let fields =
            vec![Field::text("of", "Number of the line"), Field::area("text", "What is right")];
        let forms = if corrects {
            vec![Form::post("/till/record-book", "Write the correction", fields).step("correct").folded("Correct a line", typed)]
        } else {
            Vec::new()
        };
        Ok(Desk {
            title: "Record book".to_owned(),
            lead: format!("Sales of schedule V without a prescription (21 CFR 1306.26(e)). Page {page} of {pages}. Nothing is taken out or written over: a correction is another line."),
            sections: vec![Section {
                id: "lines",
                heading: format!("Page {page}"),
                grid: Some(grid),
                links,
                forms,
                ..Section::default()
            }],
            ..Desk::default()
        })
    })
    .await
}

/// `POST /till/record-book`
pub(in crate::http) async fn book_act(asked: Asked) -> Answer {
    match done(&asked, House::correct_book).await? {
        Ok(_) => see("/till/record-book"),
        Err(tried) => book_again(asked, tried).await,
    }
}

/// `/till/record-book/{format}`
pub(in crate::http) async fn book_file(asked: Asked) -> Answer {
    file(&asked, "record-book".to_owned(), |house| house.record_book_paper(&house.book_lines((1, u64::MAX >> 1))?))
        .await
}

/// `/till/logbook`
pub(in crate::http) async fn log(asked: Asked) -> Answer {
    log_again(asked, Tried::default()).await
}

async fn log_again(asked: Asked, tried: Tried) -> Answer {
    let wanted = page_of(&asked);
    let gives = Door::TillLogOut.admits(asked.visitor()?.actor.role);
    shown(asked, Door::TillLog, tried, move |house, _, typed| {
        let size = house.log_size()?;
        let pages = size.div_ceil(ENTRIES).max(1);
        let page = wanted.unwrap_or(pages).min(pages);
        let from = (page - 1) * ENTRIES;
        let mut grid = Grid::new(
            &["Entry", "Purchaser", "Address", "When", "Product", "Packages", "Base", "Document", "Seller"],
            "Nothing was logged yet. Each sale of ephedrine or pseudoephedrine at the till becomes an entry here.",
        );
        for line in house.log_lines((from + 1, from + ENTRIES))? {
            let entry = &line.entry;
            grid.rows.push(vec![
                cell(entry.number.to_string()),
                cell(entry.buyer.name.clone()),
                cell(entry.buyer.address.clone()),
                cell(house.moment_in_words(entry.sold)),
                cell(entry.product.name.clone()),
                cell(format!("{} ({} units)", entry.packages, entry.units)),
                cell(format!("{} mg", line.base_mg())),
                cell(entry.document.word().replace('-', " ")),
                cell(house.full_name(&entry.confirmed_by.id)),
            ]);
        }
        let purposes: Vec<&str> = DisclosurePurpose::LIST.iter().map(|(word, _)| *word).collect();
        let fields = vec![
            Field::text("to", "To whom: name, agency"),
            words("purpose", "What for", &purposes),
            Field::text("from", "From entry").value("1"),
            Field::text("through", "To entry").value(size.to_string()),
        ];
        let forms = if gives {
            vec![Form::post("/till/logbook", "Record it and make the file", fields).step("disclose").folded("Give entries to somebody", typed)]
        } else {
            Vec::new()
        };
        Ok(Desk {
            title: "Logbook of listed chemicals".to_owned(),
            lead: format!("Sales of ephedrine and pseudoephedrine (21 CFR 1314.30). Page {page} of {pages}. Entries go to law enforcement, for Title 21 or for a recall, and to nobody else (21 CFR 1314.45)."),
            sections: vec![Section {
                id: "entries",
                heading: format!("Page {page}"),
                texts: vec![LOGBOOK_WARNING.to_owned()],
                grid: Some(grid),
                links: links(page, pages, "/till/logbook"),
                forms,
                ..Section::default()
            }],
            ..Desk::default()
        })
    })
    .await
}

/// `POST /till/logbook`
pub(in crate::http) async fn log_out(asked: Asked) -> Answer {
    let work = |house: &House, actor: &Actor, typed: &Typed| house.disclose_log(actor, typed);
    match done(&asked, work).await? {
        Ok(seq) => see(&format!("/till/logbook/out/{seq}/pdf")),
        Err(tried) => log_again(asked, tried).await,
    }
}

/// `/till/logbook/out/{seq}/{format}`
pub(in crate::http) async fn log_file(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    file(&asked, format!("logbook-{seq}"), move |house| {
        let (to, purpose, lines) = house.disclosed(seq)?;
        house.logbook_paper(&lines, Some((&to, purpose.word())))
    })
    .await
}
