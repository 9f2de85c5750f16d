//! P1 to P8 and P16: the registration, the people, and the certificates for electronic orders.

use super::chosen;
use super::listed::{listed, plain, text};
use super::{About, Desk, Output, Wanted, nothing};
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::{Cover, Step};
use crate::typed::wrong;
use theriac_paper::sheet::{Cell, Kind};
use theriac_paper::{Document, PageSize, Tick};

/// The outputs of this part.
pub(super) const TABLE: &[Output] = &[
    Output {
        id: "P1",
        title: "Registration data sheet (DEA Forms 224 and 224a)",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.registration_paper("form-224-data").map(plain),
    },
    Output {
        id: "P2",
        title: "List of registrations for a chain's renewal (DEA Form 224b)",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| chain(house),
    },
    Output {
        id: "P3",
        title: "Requests for changes of the registration and for duplicate certificates",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| changes(house),
    },
    Output {
        id: "P4",
        title: "Closure: what is given back, where the records go, and that no stock is left",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| closure(house),
    },
    Output {
        id: "P5",
        title: "Affidavit for a new pharmacy",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.registration_paper("affidavit-new").map(plain),
    },
    Output {
        id: "P6",
        title: "Affidavit for the transfer of a pharmacy",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.registration_paper("affidavit-transfer").map(plain),
    },
    Output {
        id: "P7",
        title: "Notice of a transfer of business, at least 14 days before",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.transfer_notice_paper().map(plain),
    },
    Output {
        id: "P8",
        title: "Request for an employment waiver",
        desk: Desk::Books,
        about: About::One("the person"),
        subjects: chosen::waivers,
        make: waiver,
    },
    Output {
        id: "P16",
        title: "Coordinator and certificates for electronic orders",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| certificates(house),
    },
];

fn fields(step: &Step, names: &[&str]) -> Vec<Cell> {
    names.iter().map(|name| text(step.fields.get(name))).collect()
}

fn chain(house: &House) -> Result<Cover, Fault> {
    let paper =
        house.paper_of_books(PageSize::LETTER_WIDE, "List of registrations for a chain's renewal (DEA Form 224b)");
    let names = ["number", "location", "expires", "answers", "responsible", "on"];
    let now = house.registration()?;
    let columns = ["DEA number", "Name and address", "Expires", "Answers", "Responsible individual", "Answered"];
    let mut cover = listed(
        paper,
        &columns.map(|name| (name, Kind::Text)),
        now.chain().into_iter().map(|step| fields(step, &names)).collect(),
    )?;
    let sent = now.steps.iter().rev().find(|step| step.what == "submitted" && step.fields.get("paper") == "chain-list");
    cover.paper.fields([("Sent on", sent.map_or("", |step| step.fields.get("on")).to_owned())]);
    cover.paper.signature("Responsible individual", None);
    Ok(cover)
}

/// Each request with what came of it: the next certificate of the kind that it asked for, and what is kept beside it.
fn changes(house: &House) -> Result<Cover, Fault> {
    let now = house.registration()?;
    let mut rows = Vec::new();
    for step in &now.steps {
        let (kind, requested, which) = match step.what.as_str() {
            "certificate-lost" => ("duplicate certificate", "requested", "duplicate"),
            "change-asked" => (step.fields.get("kind"), "requested", "after-move"),
            _ => continue,
        };
        let later = |what: &str| now.steps.iter().find(|later| later.seq > step.seq && later.what == what);
        let approved = later("move-approved").map_or("", |later| later.fields.get("on"));
        let filed = now.steps.iter().find(|later| {
            later.seq > step.seq && later.what == "certificate-filed" && later.fields.get("which") == which
        });
        let kept = now.certificates().into_iter().filter(|one| one.seq < filed.map_or(u64::MAX, |filed| filed.seq));
        let kept: Vec<String> = kept.map(|one| format!("{} until {}", one.number, one.expires)).collect();
        rows.push(vec![
            text(kind),
            text(step.fields.get(requested)),
            text(step.fields.get("channel")),
            text(if which == "duplicate" { "" } else { approved }),
            text(filed.map_or_else(String::new, |filed| {
                format!("{}, expires {}", filed.fields.get("number"), filed.fields.get("expires"))
            })),
            text(kept.join("; ")),
        ]);
    }
    let columns = ["What", "Asked for on", "How", "Approved on", "New certificate", "Kept beside it, and until when"];
    let title = "Requests for changes of the registration and for duplicate certificates";
    listed(house.paper_of_books(PageSize::LETTER_WIDE, title), &columns.map(|name| (name, Kind::Text)), rows)
}

fn closure(house: &House) -> Result<Cover, Fault> {
    let mut paper = house.registration_paper("closure")?;
    paper.heading("Stock that is left");
    let books = house.all_books()?;
    let mut any = false;
    for stock in books.ledger.stocks().filter(|stock| stock.on_hand() != 0) {
        let goods = house.goods_as_known(&stock.commodity().ndc, stock.commodity().unit)?;
        paper.fields([(goods.title(), goods.amount(stock.on_hand()))]);
        any = true;
    }
    if !any {
        paper.paragraph(format!(
            "None: {} products are in the books, and each stands at zero.",
            books.commodities().len()
        ));
    }
    Ok(plain(paper))
}

/// What a request for a waiver sets out, in the order of the manual, section V.
const WAIVER: [(&str, &str); 8] = [
    ("person", "Person"),
    ("violations", "Nature and extent of past violations, with the documents"),
    ("licensure", "State licensure as it stands"),
    ("access", "Extent of the access proposed"),
    ("physical", "Physical safeguards proposed"),
    ("professional", "Professional safeguards proposed"),
    ("registrant-status", "Status of the employing registrant regarding controlled substances"),
    ("other", "Any other relevant matter"),
];

fn waiver(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let now = house.registration()?;
    let asked = now.steps.iter().rev();
    let asked =
        asked.filter(|step| step.what == "waiver-requested").find(|step| step.fields.get("person") == wanted.of);
    let step = asked.ok_or_else(|| wrong("of", "no waiver was asked for this person", "record the request first"))?;
    let mut paper =
        house.paper_of_books(PageSize::LETTER, "Request for an employment waiver (21 CFR 1301.76(a), 1307.03)");
    for (name, label) in WAIVER {
        paper.heading(label);
        let said = step.fields.get(name);
        paper.paragraph(if name == "person" { house.full_name(said) } else { said.to_owned() });
    }
    answers(house, &mut paper, wanted.of)?;
    paper.fields([("Asked for on", step.fields.get("on"))]);
    paper.signature("Employer", None);
    Ok(plain(paper))
}

/// The four answers of the screening, as they were given last.
fn answers(house: &House, paper: &mut Document, person: &str) -> Result<(), Fault> {
    let now = house.registration()?;
    let asked = now.steps.iter().rev().find(|step| step.what == "staff-asked" && step.fields.get("person") == person);
    let Some(step) = asked else { return Ok(()) };
    paper.heading("Answers to the four questions");
    for (name, question) in crate::stockroom::QUESTIONS {
        let yes = step.fields.get(name) == "yes";
        let said = if yes {
            let (on, by) = (format!("{name}-on"), format!("{name}-authority"));
            format!("{question}: yes, {}, {}", step.fields.get(&on), step.fields.get(&by))
        } else {
            format!("{question}: no")
        };
        paper.checkbox(if yes { Tick::Ticked } else { Tick::Open }, said);
    }
    Ok(())
}

fn certificates(house: &House) -> Result<Cover, Fault> {
    let now = house.registration()?;
    let mut rows = Vec::new();
    for step in &now.steps {
        let row = match step.what.as_str() {
            "coordinator" => vec![
                text("coordinator"),
                text(step.fields.get("name")),
                text(""),
                text(step.fields.get("on")),
                text(""),
                text(step.fields.get("contact")),
            ],
            "order-certificate" => {
                let serial = step.fields.get("serial");
                let ended = now
                    .steps
                    .iter()
                    .find(|later| later.what == "order-certificate-revocation" && later.fields.get("serial") == serial);
                vec![
                    text(step.fields.get("kind")),
                    text(step.fields.get("holder")),
                    text(serial),
                    text(step.fields.get("on")),
                    text(step.fields.get("expires")),
                    text(ended.map_or_else(String::new, |ended| {
                        let (asked, why) = (ended.fields.get("requested"), ended.fields.get("reason"));
                        format!("revocation asked for {asked}: {why}")
                    })),
                ]
            }
            _ => continue,
        };
        rows.push(row);
    }
    let columns = ["What", "Who", "Serial number", "Since", "Valid until", "Contact, or how it ended"];
    let title = "Coordinator and certificates for electronic orders (21 CFR 1311.20 to 1311.45)";
    listed(house.paper_of_books(PageSize::LETTER_WIDE, title), &columns.map(|name| (name, Kind::Text)), rows)
}
