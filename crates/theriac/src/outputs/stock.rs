//! P29 to P41: inventories, what moves and leaves, losses, and what an inspection begins with.

use super::chosen;
use super::listed::{listed, plain, text, whole};
use super::{About, Desk, Output, Wanted, nothing};
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::{Cover, Period, in_words};
use crate::typed::{Typed, wrong};
use theriac_books::StockEvent;
use theriac_books::inventory::Part;
use theriac_books::losses::{discrepancy_log, loss_file};
use theriac_books::records::{Heading, IndexLine};
use theriac_law::vocab::Word as _;
use theriac_model::{Ndc, Refusal};
use theriac_paper::sheet::Kind::{Text, Whole};
use theriac_paper::{Column, Document, PageSize, Table, Tick};

/// The outputs of this part.
pub(super) const TABLE: &[Output] = &[
    Output {
        id: "P29",
        title: "Inventory, schedules I and II",
        desk: Desk::Books,
        about: About::One("the inventory"),
        subjects: chosen::inventories,
        make: |house, wanted| inventory(house, wanted, "I-II"),
    },
    Output {
        id: "P29-iii-v",
        title: "Inventory, schedules III to V",
        desk: Desk::Books,
        about: About::One("the inventory"),
        subjects: chosen::inventories,
        make: |house, wanted| inventory(house, wanted, "III-V"),
    },
    Output {
        id: "P30",
        title: "Variances of an inventory: books, count, what it was found to be",
        desk: Desk::Books,
        about: About::One("the inventory"),
        subjects: chosen::inventories,
        make: variances,
    },
    Output {
        id: "P31",
        title: "Accountability statement of a product",
        desk: Desk::Books,
        about: About::OneOver("the product"),
        subjects: chosen::products,
        make: statement,
    },
    Output {
        id: "P32",
        title: "Document of a distribution, or of a return",
        desk: Desk::Books,
        about: About::One("what left"),
        subjects: chosen::left,
        make: distribution,
    },
    Output {
        id: "P33",
        title: "Five percent of the year",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| five_percent(house),
    },
    Output {
        id: "P34",
        title: "Notice of a theft or loss, within one business day",
        desk: Desk::Books,
        about: About::One("the case"),
        subjects: chosen::cases,
        make: |house, wanted| house.loss_notice_paper(&house.loss_case(wanted.of)?).map(plain),
    },
    Output {
        id: "P34-letter",
        title: "Letter that nothing was stolen or lost",
        desk: Desk::Books,
        about: About::One("the case"),
        subjects: chosen::cases,
        make: letter,
    },
    Output {
        id: "P34-file",
        title: "Theft and loss file: losses that were judged not significant",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| losses(house),
    },
    Output {
        id: "P34-discrepancies",
        title: "Discrepancy log: corrections of the books, with both figures",
        desk: Desk::Books,
        about: About::Period,
        subjects: nothing,
        make: discrepancies,
    },
    Output {
        id: "P35",
        title: "DEA Form 106 as it was filed",
        desk: Desk::Books,
        about: About::One("the case"),
        subjects: chosen::cases,
        make: form_106,
    },
    Output {
        id: "P36",
        title: "DEA Form 41 of a destruction",
        desk: Desk::Books,
        about: About::One("the destruction"),
        subjects: chosen::destructions,
        make: |house, wanted| Ok(plain(house.form_41_paper(&house.form_41(wanted.of)?))),
    },
    Output {
        id: "P37",
        title: "Record of breakage or a spill",
        desk: Desk::Books,
        about: About::One("the act"),
        subjects: chosen::spills,
        make: spill,
    },
    Output {
        id: "P38",
        title: "Notice of central recordkeeping, three copies",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.registration_paper("central-notice").map(plain),
    },
    Output {
        id: "P39",
        title: "Index of the records that the law asks for",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| index(house),
    },
    Output {
        id: "P41",
        title: "Checklists for mailing and for delivery abroad",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| Ok(plain(checklists(house))),
    },
];

fn inventory(house: &House, wanted: &Wanted<'_>, schedules: &str) -> Result<Cover, Fault> {
    let sheet = house.sheet(wanted.of)?;
    if sheet.inventory.closed().is_none() {
        return Err(wrong("of", "that inventory is not closed", "close it first; an open sheet is no inventory"));
    }
    let document = sheet.inventory.documents(Part::Own).into_iter().find(|one| one.schedules == schedules);
    let document = document.ok_or_else(|| {
        wrong(
            "of",
            format!("that inventory counted nothing of schedules {schedules}"),
            "print the other document of it",
        )
    })?;
    house.inventory_paper(&document)
}

fn variances(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let sheet = house.sheet(wanted.of)?;
    let plan = sheet.inventory.plan();
    if sheet.inventory.closed().is_none() {
        return Err(wrong(
            "of",
            "that inventory is not closed",
            "close it first; whoever counts must not know the books",
        ));
    }
    let (rows, _) = house.variances(&sheet)?;
    let mut lines = Vec::new();
    for row in rows {
        let unit = row.place.product.commodity.unit;
        let product = &row.place.product;
        lines.push(vec![
            text(format!("{} {} {}", product.name, product.strength, product.form)),
            text(product.commodity.ndc.to_string()),
            text(product.schedule.roman()),
            text(row.place.account.to_string()),
            text(in_words(row.book, unit)),
            text(in_words(row.found, unit)),
            text(in_words(row.difference(), unit)),
            text(row.percent().unwrap_or_default()),
            text(row.method.word()),
            text(row.class.map_or_else(
                || if row.difference() == 0 { "agrees".to_owned() } else { "to be looked into".to_owned() },
                |class| class.word().replace('-', " "),
            )),
        ]);
    }
    let mut paper = house.paper_of_books(PageSize::LETTER_WIDE, "Variances of an inventory");
    paper.footer.period = Some(format!("{} of business on {}", plan.taken.word(), plan.day()));
    paper.fields([
        ("Inventory", plan.id.as_str().to_owned()),
        ("Occasion", plan.occasion.word().replace('-', " ")),
        ("Taken", format!("{} of business on {}", plan.taken.word(), plan.day())),
    ]);
    let columns = [
        ("Product", Text),
        ("NDC", Text),
        ("Schedule", Text),
        ("Place", Text),
        ("Books", Text),
        ("Counted", Text),
        ("Variance", Text),
        ("Percent", Text),
        ("Method", Text),
        ("Found to be", Text),
    ];
    listed(paper, &columns, lines)
}

fn statement(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let ndc = Ndc::parse(wanted.of).map_err(|error| wrong("of", error.to_string(), "give the NDC of the product"))?;
    let day = |day: Option<jiff::civil::Date>| day.map(|day| day.to_string());
    let period = Period { from: day(wanted.from), to: day(wanted.to) };
    house.statement_paper(&house.product_statement(&ndc, &period)?)
}

fn distribution(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let left = house.left_one(wanted.of)?;
    let sent = &left.outgoing;
    let title = match sent.way {
        theriac_books::outgoing::Way::ReturnToSupplier => "Record of a return to the supplier",
        theriac_books::outgoing::Way::ReverseDistribution => "Record of a delivery to a reverse distributor",
        _ => "Record of a distribution to a registrant",
    };
    let mut paper = house.paper_of_books(PageSize::LETTER_WIDE, title);
    paper.footer.period = Some(sent.at.date().to_string());
    for (capacity, party) in [("From", &sent.sender), ("To", &sent.recipient.party)] {
        paper.fields([
            (capacity, party.name.clone()),
            ("Address", crate::orders::address_of(party)),
            ("DEA registration", party.number.to_string()),
        ]);
    }
    paper.fields([
        ("Document", format!("{} {}", sent.document.kind.word().replace('-', " "), sent.document.number)),
        ("Date", sent.at.date().to_string()),
        ("Manner of delivery", sent.manner.clone()),
        ("Registration checked by", house.full_name(&sent.recipient.checked_by.id)),
    ]);
    for one in &left.confirmed {
        paper.fields([("Destroyed by the recipient", format!("{}, Form 41 {}", one.destroyed, one.form))]);
    }
    let mut rows = Vec::new();
    for line in &sent.lines {
        let product = &line.product;
        rows.push(vec![
            text(product.name.clone()),
            text(product.form.clone()),
            text(product.strength.clone()),
            text(product.commodity.ndc.to_string()),
            text(product.schedule.roman()),
            whole(line.containers),
            text(in_words(product.per_container.units(), product.commodity.unit)),
            text(in_words(line.amount.units(), product.commodity.unit)),
            text(sent.at.date().to_string()),
            text(sent.document.number.clone()),
            text(sent.recipient.party.number.to_string()),
        ]);
    }
    let columns = [
        ("Drug", Text),
        ("Form", Text),
        ("Strength", Text),
        ("NDC", Text),
        ("Schedule", Text),
        ("Containers", Whole),
        ("Per container", Text),
        ("Quantity", Text),
        ("Date", Text),
        ("Document number", Text),
        ("Recipient's DEA number", Text),
    ];
    let mut cover = listed(paper, &columns, rows)?;
    cover.paper.signature("Sent by", Some(house.full_name(&sent.signer.id)));
    Ok(cover)
}

fn five_percent(house: &House) -> Result<Cover, Fault> {
    let meter = house.five_percent()?;
    let mut paper = house.paper_of_books(PageSize::LETTER, "Distributions of the year beside what was dispensed");
    paper.footer.period = Some(format!("{}-01-01 to {}", meter.year, meter.day));
    paper.fields([
        ("Year", meter.year.to_string()),
        ("Dosage units dispensed", meter.dispensed.to_string()),
        ("Dosage units distributed", meter.distributed.to_string()),
        ("Share in percent", meter.percent().unwrap_or_else(|| "nothing was dispensed".to_owned())),
        ("May still go, in dosage units", meter.headroom(&house.profile)?.to_string()),
        ("Limit", "5 percent of what is dispensed in the year (21 CFR 1307.11(a)(1)(iv))".to_owned()),
    ]);
    let mut rows = Vec::new();
    for one in &meter.transactions {
        let goods = house.goods_as_known(&one.commodity.ndc, one.commodity.unit)?;
        rows.push(vec![
            text(one.day.to_string()),
            text(goods.title()),
            text(one.commodity.ndc.to_string()),
            whole(one.units),
            text(one.document.clone()),
        ]);
    }
    // The sums are rows of the sheet, so that the figures of the paper are all in it.
    for (name, units) in [("dispensed in the year", meter.dispensed), ("distributed in the year", meter.distributed)] {
        rows.push(vec![text(meter.day.to_string()), text(name), text(""), whole(units), text("sum")]);
    }
    let columns = [("Day", Text), ("Product", Text), ("NDC", Text), ("Dosage units", Whole), ("Document", Text)];
    listed(paper, &columns, rows)
}

fn letter(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let case = house.loss_case(wanted.of)?;
    let letter = house.letter_of(wanted.of)?.ok_or_else(|| {
        let what = "no letter that nothing was lost was sent in this case";
        Refusal::new("BOOKS-NO-LETTER", "21 CFR 1301.76(b)", what, "send it from the page of the case first")
    })?;
    let mut paper = house.paper_of_books(PageSize::LETTER, "Letter to DEA: nothing was stolen or lost");
    paper.footer.period = Some(case.incident.discovery.discovered.date().to_string());
    for part in letter.split("\n\n") {
        paper.paragraph(part);
    }
    paper.signature("Authorised signer", None);
    Ok(plain(paper))
}

fn losses(house: &House) -> Result<Cover, Fault> {
    let cases = house.loss_cases()?;
    let incidents: Vec<_> = cases.into_iter().map(|case| case.incident).collect();
    let books = house.all_books()?;
    let events: Vec<StockEvent> = books.plain().cloned().collect();
    let mut rows = Vec::new();
    for line in loss_file(&incidents, &events) {
        let mut lost = Vec::new();
        for (commodity, units) in &line.quantities {
            let goods = house.goods_as_known(&commodity.ndc, commodity.unit)?;
            lost.push(format!("{} of {}", goods.amount(*units), goods.title()));
        }
        rows.push(vec![
            text(line.id.as_str().to_uppercase()),
            text(line.registrant.number.to_string()),
            text(line.discovered.to_string()),
            text(lost.join("; ")),
            text(line.reasons),
            text(house.full_name(&line.decided_by.id)),
        ]);
    }
    let columns = [
        ("Case", Text),
        ("DEA registration", Text),
        ("Discovered", Text),
        ("Lost", Text),
        ("Why it is not significant", Text),
        ("Decided by", Text),
    ];
    listed(house.paper_of_books(PageSize::LETTER_WIDE, "Theft and loss file"), &columns, rows)
}

fn discrepancies(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let books = house.all_books()?;
    let mut rows = Vec::new();
    for line in discrepancy_log(books.plain()) {
        if !wanted.holds(house.moment_of(line.posted).date()) {
            continue;
        }
        let goods = house.goods_as_known(&line.commodity.ndc, line.commodity.unit)?;
        let signers: Vec<String> = line.signers.iter().map(|signer| house.full_name(&signer.id)).collect();
        rows.push(vec![
            text(house.clock.wall(line.posted)),
            text(goods.title()),
            text(line.commodity.ndc.to_string()),
            whole(line.entry.0),
            text(line.account.to_string()),
            text(in_words(line.before, line.commodity.unit)),
            text(in_words(line.after, line.commodity.unit)),
            text(line.reason),
            text(signers.join(", ")),
        ]);
    }
    let columns = [
        ("Written", Text),
        ("Product", Text),
        ("NDC", Text),
        ("Entry", Whole),
        ("Place", Text),
        ("Before", Text),
        ("After", Text),
        ("Why", Text),
        ("Signed by", Text),
    ];
    listed(house.paper_of_books(PageSize::LETTER_WIDE, "Discrepancy log"), &columns, rows)
}

/// The form as it was filed, block by block: its own record, not the books as they are now.
fn form_106(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let case = house.loss_case(wanted.of)?;
    let filed = case.incident.forms.last().ok_or_else(|| {
        let what = "no Form 106 was filed in this case";
        Refusal::new("BOOKS-NO-FORM-106", "21 CFR 1301.76(b)", what, "file it from the page of the case first")
    })?;
    let mut paper =
        house.paper_of_books(PageSize::LETTER, &format!("DEA Form 106 of case {}", wanted.of.to_uppercase()));
    paper.footer.period = Some(filed.day.to_string());
    paper.fields([
        ("Version", filed.version.to_string()),
        ("Filed on", filed.day.to_string()),
        ("How, and to whom", filed.channel.clone()),
        ("Copy kept at", filed.copy.clone()),
    ]);
    let member =
        |of: &serde_json::Value, name: &str| of.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let list = |name: &str| filed.form.get(name).and_then(serde_json::Value::as_array).cloned().unwrap_or_default();
    if let Some(margin) = member(&filed.form, "margin") {
        paper.strong(margin);
    }
    for (heading, from, columns) in [
        ("Blocks", "blocks", [("Block", "block"), ("About", "about"), ("Holds", "value")].as_slice()),
        (
            "Lost",
            "lines",
            [
                ("Name", "name"),
                ("NDC", "ndc"),
                ("Schedule", "schedule"),
                ("Strength", "strength"),
                ("Form", "form"),
                ("Quantity", "quantity"),
            ]
            .as_slice(),
        ),
    ] {
        paper.heading(heading);
        let mut table = Table::new(columns.iter().map(|(name, _)| Column::new(*name, 2)).collect());
        for one in list(from) {
            table.row(columns.iter().map(|(_, name)| member(&one, name).unwrap_or_default()));
        }
        paper.table(table);
    }
    paper.signature("Signer", Some(house.full_name(&filed.signer.id)));
    Ok(plain(paper))
}

fn spill(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let act = house.waiting_act(wanted.of)?;
    let Some((true, second, _)) = &act.settled else {
        return Err(wrong("of", "two people have not signed it", "let the second person sign it first"));
    };
    if act.act != "spill" {
        return Err(wrong("of", "that is no breakage and no spill", "choose one from the list"));
    }
    let fields: &Typed = &act.fields;
    let ndc = fields.ndc("ndc")?;
    let goods = house.goods(&ndc)?;
    let at = fields.time("at", house)?;
    let amount = |name: &str| match fields.get(name) {
        "" => "0".to_owned(),
        text => crate::showing::counted(text, &goods.unit.name()),
    };
    let mut paper = house.paper_of_books(PageSize::LETTER, "Record of breakage or a spill");
    paper.footer.period = Some(house.moment_of(at).date().to_string());
    paper.fields([
        ("Number", fields.maybe("document").unwrap_or_else(|| act.id.clone())),
        ("Product", goods.title()),
        ("NDC", ndc.to_string()),
        ("Schedule", goods.product.schedule.roman().to_owned()),
        ("When", house.clock.wall(at)),
        ("What happened", fields.get("circumstances").to_owned()),
        ("Recovered, now in quarantine", amount("recovered")),
        ("Not recovered, written off", amount("lost")),
        (
            "What is recovered goes",
            if matches!(fields.get("recovered"), "" | "0") {
                "nothing was recovered".to_owned()
            } else {
                "to a reverse distributor, or is destroyed on DEA Form 41 as the field office approves".to_owned()
            },
        ),
    ]);
    paper.signature("First witness", Some(house.full_name(&act.by)));
    paper.signature("Second witness", Some(house.full_name(second)));
    Ok(plain(paper))
}

fn index(house: &House) -> Result<Cover, Fault> {
    let books = house.all_books()?;
    let events: Vec<&StockEvent> = books.plain().collect();
    let lines = house.record_index(&events)?;
    let row = |line: &IndexLine| {
        let (first, last) = line.days.map_or_else(Default::default, |(a, b)| (a.to_string(), b.to_string()));
        let heading: Heading = line.heading;
        let place = line.link();
        vec![text(heading.word().replace('-', " ")), whole(line.count as u64), text(first), text(last), text(place)]
    };
    let paper = house.paper_of_books(PageSize::LETTER, "Index of required records (manual, section VI)");
    let columns = [("Records", Text), ("Count", Whole), ("First", Text), ("Last", Text), ("Where", Text)];
    listed(paper, &columns, lines.iter().map(row).collect())
}

/// What is checked before a package is mailed (18 U.S.C. 1716; manual, section XII), and before anything goes abroad
/// (21 CFR part 1312): to be ticked by hand, package by package.
fn checklists(house: &House) -> Document {
    let mut paper = house.paper_of_books(PageSize::LETTER, "Checklists for mailing and for delivery abroad");
    paper.heading("Mailing within the United States");
    for check in [
        "The recipient is the patient, or a registrant who may have the product",
        "The product is neither poisonous nor dangerous for the mail otherwise",
        "The inner container bears the prescription number, and name and address of the pharmacy",
        "The outer wrapping is plain and securely sealed",
        "Nothing on the outer wrapping says what is inside",
    ] {
        paper.checkbox(Tick::Open, check);
    }
    paper.heading("Delivery to another country");
    for check in [
        "This registration is one as an exporter, for these substances",
        "Schedules I and II, and narcotics of III and IV: the export permit (DEA Form 161) is at hand",
        "Other substances of III to V: the declaration (DEA Form 236) was filed 15 days before",
        "The law of the country of destination lets it in, and its permit is at hand",
    ] {
        paper.checkbox(Tick::Open, check);
    }
    paper.fields([("Package", ""), ("Date", "")]);
    paper.signature("Checked by", None);
    paper
}
