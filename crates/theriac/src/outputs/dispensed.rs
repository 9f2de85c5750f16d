//! P17 to P28: prescriptions and what was dispensed on them. Whatever shows one prescription opens its record, and that is
//! recorded before anything is printed.

use super::chosen;
use super::listed::{listed, plain, text, whole};
use super::{About, Desk, Output, Wanted, nothing};
use crate::house::House;
use crate::house::record::{Fault, read};
use crate::stockroom::Cover;
use crate::typed::wrong;
use crate::views::World;
use theriac_law::Moment;
use theriac_law::vocab::Word as _;
use theriac_model::{Element, Ndc};
use theriac_paper::sheet::Kind::{Text, Whole};
use theriac_paper::{Document, PageSize};
use theriac_pharmacy::{CentralEnd, Event, Prescription, PrescriptionNumber, TrailOf};

/// The outputs of this part.
pub(super) const TABLE: &[Output] = &[
    Output {
        id: "P17",
        title: "Prescription record",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::prescriptions,
        make: record,
    },
    Output {
        id: "P18",
        title: "Labels of a prescription: what stands on them, and each print",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::prescriptions,
        make: labels,
    },
    Output {
        id: "P19",
        title: "Refills of a day, to be verified and signed",
        desk: Desk::Pharmacy,
        about: About::One("the day"),
        subjects: chosen::refill_days,
        make: refill_day,
    },
    Output {
        id: "P20",
        title: "Refill by refill for one strength and form",
        desk: Desk::Pharmacy,
        about: About::One("the product"),
        subjects: chosen::products,
        make: trail,
    },
    Output {
        id: "P21",
        title: "Downtime: what may be refilled, and the numbered sheets",
        desk: Desk::Pharmacy,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| downtime(house),
    },
    Output {
        id: "P22",
        title: "Partial fillings of a prescription",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::prescriptions,
        make: |house, wanted| {
            let opened = opened(house, wanted)?;
            Ok(plain(house.partial_sheet(&opened, house.clock.moment())))
        },
    },
    Output {
        id: "P23",
        title: "Oral order in an emergency, and what followed",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::prescriptions,
        make: emergency,
    },
    Output {
        id: "P24",
        title: "Transfer of a prescription, out or in",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::transfers,
        make: transfer,
    },
    Output {
        id: "P25",
        title: "Central filling: both sides' data of a prescription",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::sent_away,
        make: central,
    },
    Output {
        id: "P27",
        title: "Reports to a State monitoring programme",
        desk: Desk::Pharmacy,
        about: About::One("the State"),
        subjects: chosen::programmes,
        make: programme,
    },
    Output {
        id: "P27-asked",
        title: "Who asked a monitoring programme, when, and what came of it",
        desk: Desk::Pharmacy,
        about: About::One("the prescription"),
        subjects: chosen::prescriptions,
        make: asked,
    },
    Output {
        id: "P28",
        title: "Warning signs and refusals, with how they were resolved",
        desk: Desk::Pharmacy,
        about: About::Period,
        subjects: nothing,
        make: signs,
    },
];

/// The most records that a log of a period holds.
const LOG_MOST: u32 = 10_000;

fn number(wanted: &Wanted<'_>) -> Result<PrescriptionNumber, Fault> {
    PrescriptionNumber::parse(wanted.of)
        .map_err(|_| wrong("of", "that is no number of a prescription", "take it from the record"))
}

fn opened(house: &House, wanted: &Wanted<'_>) -> Result<Prescription, Fault> {
    house.open_record(wanted.by, &number(wanted)?, "papers")
}

fn at_wall(house: &House, at: Moment) -> String {
    house.moment_in_words(at)
}

fn record(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let shown = World::open_record(house, wanted.of, wanted.by).map_err(|error| Fault::Broken(format!("{error:?}")))?;
    let shown =
        shown.ok_or_else(|| wrong("of", "there is no prescription of this number", "take it from the queue"))?;
    Ok(plain(crate::http::record_paper(house, &shown)))
}

fn labels(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let prescription = opened(house, wanted)?;
    let own = house.own_pharmacy();
    let mut rows = Vec::new();
    let prints = house.prints(wanted.of)?;
    for filling in prescription.fillings() {
        let label = prescription.label(&house.profile, filling);
        let printed = prints.iter().filter(|print| print.no == filling.no);
        let printed: Vec<String> = printed
            .map(|print| format!("copy {}, {}, {} ({})", print.copy, print.at, print.who, print.format))
            .collect();
        rows.push(vec![
            whole(filling.no),
            text(label.filled.to_string()),
            text(label.first_filled.map_or_else(String::new, |day| day.to_string())),
            text(format!("{}, {}", own.name, own.address)),
            text(label.number.clone()),
            text(label.patient.clone()),
            text(label.practitioner.clone()),
            text(label.directions.clone()),
            text(format!("{} (NDC {})", label.drug, label.ndc)),
            text(crate::showing::in_words(&label.quantity)),
            text(label.warning.unwrap_or_default()),
            text(printed.join("; ")),
        ]);
    }
    let columns = [
        ("Filling", Whole),
        ("Filled", Text),
        ("First filled", Text),
        ("Pharmacy", Text),
        ("Number", Text),
        ("Patient", Text),
        ("Practitioner", Text),
        ("Directions", Text),
        ("Drug", Text),
        ("Quantity", Text),
        ("Warning", Text),
        ("Printed", Text),
    ];
    listed(
        house.paper_of_books(PageSize::LETTER_WIDE, &format!("Labels of prescription {}", wanted.of)),
        &columns,
        rows,
    )
}

fn refill_day(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let day = wanted.of.parse().map_err(|_| wrong("of", "that is no day such as 2026-03-31", "enter the day"))?;
    let (found, _) = house.refill_day(day)?;
    let mut paper = house.refill_day_paper(&found.refills, &found.record, house.clock.moment());
    paper.footer.period = Some(day.to_string());
    Ok(plain(paper))
}

fn trail(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let ndc = Ndc::parse(wanted.of).map_err(|error| wrong("of", error.to_string(), "give the NDC of the product"))?;
    let drug = house.drug(&ndc)?;
    let drug =
        drug.ok_or_else(|| wrong("of", format!("NDC {ndc} is not in the drug file"), "choose another product"))?;
    let of = TrailOf { brand: None, generic: Some(drug.name.clone()), strength: drug.strength, form: drug.form };
    let lines = house.refills_of(&of)?;
    let about = format!("{} {} {}", drug.name, of.strength, of.form);
    Ok(plain(house.trail_paper(&about, &lines, house.clock.moment())))
}

fn downtime(house: &House) -> Result<Cover, Fault> {
    let mut paper = house.kit_paper(&house.downtime_kit()?);
    for outage in house.outages()? {
        let begun = &outage.begun;
        paper.heading(format!("Sheets {} to {}, given out {}", begun.first, begun.last, at_wall(house, begun.at)));
        for done in &outage.done {
            let into =
                done.number.as_ref().map_or_else(|| "not used".to_owned(), |number| format!("prescription {number}"));
            let who = &done.by.full_name;
            paper.fields([(
                format!("Sheet {}", done.sheet),
                format!("{into}, entered {} by {who}", at_wall(house, done.at)),
            )]);
        }
    }
    Ok(plain(paper))
}

fn emergency(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let prescription = opened(house, wanted)?;
    let received = prescription.received();
    let order = received.source.emergency();
    let order = order.ok_or_else(|| {
        wrong("of", "that prescription is no oral order of an emergency", "choose one that came by telephone")
    })?;
    let mut paper =
        house.paper_of_books(PageSize::LETTER, &format!("Oral order in an emergency: prescription {}", wanted.of));
    paper.footer.period = Some(received.at.date().to_string());
    let part = |element| received.contents.get(element).unwrap_or_default().to_owned();
    paper.fields([
        ("Taken down", at_wall(house, received.at)),
        ("Drug", format!("{} {} {}", part(Element::DrugName), part(Element::DrugStrength), part(Element::DrugForm))),
        ("Quantity", part(Element::QuantityValue)),
        ("Directions", part(Element::Directions)),
        ("What the emergency takes", crate::showing::in_words(&order.needed)),
        ("Why", order.why.clone()),
    ]);
    for one in &order.circumstances {
        paper.checkbox(theriac_paper::Tick::Ticked, one.word().replace('-', " "));
    }
    paper.heading("What must follow");
    for duty in prescription.open_duties() {
        let due = duty.due.map_or_else(|| "at once".to_owned(), crate::dispensary::moving_papers::due_in_words);
        paper.fields([(duty.code.replace('-', " "), format!("by {due}: {}", duty.why))]);
    }
    match prescription.dea_notice(&house.profile, house.clock.moment()) {
        Some(notice) => paper.fields([
            ("Notice to DEA is owed", notice.due.to_string()),
            ("Practitioner", notice.practitioner.clone()),
            ("DEA registration", notice.registration.clone()),
        ]),
        None => paper.paragraph("No notice to DEA is owed."),
    }
    Ok(plain(paper))
}

fn transfer(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    opened(house, wanted)?;
    let paper = house.transfer_paper(&number(wanted)?)?;
    let next = "choose a prescription that was transferred";
    paper.map(plain).ok_or_else(|| wrong("of", "that prescription neither left nor came by transfer", next))
}

fn central(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let prescription = opened(house, wanted)?;
    let retail = house.own_pharmacy();
    let mut rows = Vec::new();
    for one in prescription.central() {
        let sent = &one.sent;
        let (received, carriage, accepted, filled, ended) = match &one.ended {
            Some(CentralEnd::Back(back)) => (
                back.received.to_string(),
                back.carriage.word().to_owned(),
                back.accepted_by.full_name.clone(),
                format!("{} (NDC {})", back.filled_by, back.ndc),
                "came back filled".to_owned(),
            ),
            Some(CentralEnd::Unfilled(_)) => {
                let none = String::new;
                (none(), none(), none(), none(), "not filled".to_owned())
            }
            None => {
                let none = String::new;
                (none(), none(), none(), none(), "under way".to_owned())
            }
        };
        rows.push(vec![
            whole(sent.no),
            text("CENTRAL FILL"),
            text(at_wall(house, sent.at)),
            text(sent.by.full_name.clone()),
            text(crate::dispensary::moving_papers::pharmacy_in_words(&retail)),
            text(crate::dispensary::moving_papers::pharmacy_in_words(&sent.to)),
            text(crate::showing::in_words(&sent.quantity)),
            text(sent.refills_to_date.map_or_else(String::new, |n| n.to_string())),
            text(sent.refills_remaining.map_or_else(String::new, |n| n.to_string())),
            text(filled),
            text(received),
            text(carriage),
            text(accepted),
            text(ended),
        ]);
    }
    let columns = [
        ("Transmission", Whole),
        ("Mark", Text),
        ("Sent", Text),
        ("Transmitting pharmacist", Text),
        ("Retail pharmacy", Text),
        ("Central fill pharmacy", Text),
        ("Quantity", Text),
        ("Refills so far", Text),
        ("Refills left", Text),
        ("Filled by", Text),
        ("Received", Text),
        ("Delivered by", Text),
        ("Accepted by", Text),
        ("State", Text),
    ];
    let title = format!("Central filling of prescription {}", wanted.of);
    listed(house.paper_of_books(PageSize::LETTER_WIDE, &title), &columns, rows)
}

fn programme(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let overview = house.programme_overview(wanted.of)?;
    let mut paper = house.paper_of_books(PageSize::LETTER_WIDE, &format!("Reports to {}", overview.programme.title));
    paper.fields([
        ("Where State law says so", overview.programme.cite.clone()),
        ("Dispensings that wait to be told", overview.pending.len().to_string()),
    ]);
    let wall =
        |ms: i64| jiff::Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |at| house.clock.wall(at));
    let row = |one: &crate::pdmp::ReportRow| {
        vec![
            text(one.control.clone()),
            text(wall(one.made_ms)),
            text(one.from.to_string()),
            text(one.to.to_string()),
            whole(one.records),
            whole(one.late),
            text(one.digest.clone()),
            text(one.answered_ms.map_or_else(|| "not answered".to_owned(), wall)),
            whole(one.not_taken),
        ]
    };
    let columns = [
        ("Report", Text),
        ("Made", Text),
        ("From", Text),
        ("To", Text),
        ("Records", Whole),
        ("Told late", Whole),
        ("SHA-256 of the file", Text),
        ("Answered", Text),
        ("Not taken", Whole),
    ];
    listed(paper, &columns, overview.reports.iter().map(row).collect())
}

fn asked(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    opened(house, wanted)?;
    let row = |(seq, at, who, one): (u64, Moment, String, crate::pdmp::AskedOf)| {
        vec![
            text(at_wall(house, at)),
            text(house.full_name(&who)),
            text(one.state),
            text(one.purpose),
            text(one.found),
            whole(seq),
        ]
    };
    let columns =
        [("When", Text), ("Who", Text), ("State", Text), ("Why", Text), ("What came of it", Text), ("Entry", Whole)];
    let title = format!("Questions to monitoring programmes about prescription {}", wanted.of);
    let rows = house.questions_about(wanted.of)?.into_iter().map(row).collect();
    listed(house.paper_of_books(PageSize::LETTER_WIDE, &title), &columns, rows)
}

/// What was seen, what was decided about it, and what was refused, from the records of prescriptions.
fn signs(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let sql = format!(
        "SELECT seq FROM entries WHERE kind IN ('rx.screened', 'rx.flag-decided', 'rx.refused', 'rx.declined') \
         ORDER BY seq DESC LIMIT {LOG_MOST}"
    );
    let mut rows = Vec::new();
    for row in house.store.query(&sql, &[])? {
        let entry = house.store.entry(row.u64(0)?)?;
        if entry.body_bytes().is_none() {
            continue;
        }
        let number = entry.stream.strip_prefix("rx/").unwrap_or(&entry.stream).to_owned();
        let mut push = |at: Moment, what: String, found: String, came: String, who: &str| {
            if wanted.holds(at.date()) {
                let cells = [at_wall(house, at), number.clone(), what, found, came, who.to_owned()].map(text);
                rows.push(cells.into_iter().chain([whole(entry.seq)]).collect());
            }
        };
        match read::<Event>(&entry)? {
            Event::Screened(seen) => {
                for flag in &seen.raised {
                    let what = flag.flag.word().replace('-', " ");
                    push(seen.at, format!("sign: {what}"), flag.what.clone(), flag.cite.clone(), &seen.by.full_name);
                }
            }
            Event::FlagDecided(one) => {
                let about = &one.about;
                let asked = about.person.as_deref().map_or_else(String::new, |who| format!(", asked {who}"));
                let grounds = format!("{}{asked}", about.grounds.word().replace('-', " "));
                let what =
                    format!("{}: {}", about.flag.word().replace('-', " "), about.decision.word().replace('-', " "));
                push(one.at, what, grounds, about.outcome.clone(), &one.by.full_name);
            }
            Event::Refused(one) => {
                let refusal = &one.refusal;
                let what = format!("refused: {}", one.command.replace('-', " "));
                push(
                    one.at,
                    what,
                    refusal.what.clone(),
                    format!("{} {}", refusal.code, refusal.cite),
                    &one.by.full_name,
                );
            }
            Event::Closed(one) => {
                push(one.at, "declined to fill".to_owned(), one.reason.clone(), String::new(), &one.by.full_name);
            }
            _ => {}
        }
    }
    let columns = [
        ("When", Text),
        ("Prescription", Text),
        ("What", Text),
        ("Found, or the ground", Text),
        ("What came of it", Text),
        ("By", Text),
        ("Entry", Whole),
    ];
    let mut paper: Document = house.paper_of_books(PageSize::LETTER_WIDE, "Warning signs and refusals");
    let (patterns, _) = house.patterns()?;
    if !patterns.is_empty() {
        paper.fields([("Patterns of suspected abuse on file", patterns.len().to_string())]);
    }
    listed(paper, &columns, rows)
}
