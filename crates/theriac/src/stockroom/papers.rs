//! The papers of the stock room, as PDF, and where they are tables as a sheet.

use super::goods::in_words;
use super::losing::Case;
use super::receiving::Delivery;
use super::registrant::{PROFILE, Registration};
use super::statements::Stated;
use crate::house::House;
use crate::house::record::Fault;
use crate::typed::wrong;
use jiff::Timestamp;
use theriac_books::accountability::{Basis, Direction, Title};
use theriac_books::inventory::InventoryDocument;
use theriac_books::losses::{BlockValue, Form106};
use theriac_books::outgoing::Form41;
use theriac_books::{Party, StockEvent};
use theriac_journal::hash::sha256;
use theriac_law::vocab::Word as _;
use theriac_model::Refusal;
use theriac_model::json::canonical;
use theriac_paper::chart::{Step, Waterfall};
use theriac_paper::document::{Footer, Standing};
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet};
use theriac_paper::{Column, Document, Length, PageSize, Table};

/// A paper, with the same figures as a sheet where it is a table.
pub(crate) struct Cover {
    pub(crate) paper: Document,
    pub(crate) sheet: Option<Sheet>,
}

impl Cover {
    /// A paper that is no table: its sheet is made of what stands on it.
    pub(crate) fn of_paper(paper: Document) -> Self {
        Self { paper, sheet: None }
    }
}

/// Size of a chart on paper.
const CHART: (Length, Length) = (Length::points(500), Length::points(210));

#[allow(clippy::boxed_local)] // sheets refuse with a box
fn sheet_fault(refusal: Box<Refusal>) -> Fault {
    Fault::from(*refusal)
}

fn address(party: &Party) -> String {
    let second = party.address.line2.as_deref().map_or(String::new(), |line| format!(", {line}"));
    let at = &party.address;
    format!("{}{second}, {}, {} {}", at.line1, at.city, at.state, at.postal)
}

/// A statement's bars in the unit that people use, whole where they are whole.
pub(crate) fn waterfall(stated: &Stated) -> Waterfall {
    let statement = &stated.statement;
    // Charts are of whole numbers: a liquid's bars are its microlitres, a tablet's its pieces.
    let steps = statement
        .waterfall()
        .into_iter()
        .enumerate()
        .map(|(n, step)| match (n, step.label) {
            (0, label) | (_, label @ ("expected" | "counted")) => Step::Balance(label.to_owned(), step.to),
            (_, label) => Step::Change(row_in_words(label), step.to.saturating_sub(step.from)),
        })
        .collect();
    let says = format!(
        "{}: opening {}, expected {}{}",
        stated.goods.title(),
        stated.goods.amount(statement.opening.amount),
        stated.goods.amount(statement.expected()),
        statement
            .closing
            .as_ref()
            .map_or(String::new(), |count| format!(", counted {}", stated.goods.amount(count.found)))
    );
    Waterfall { says, unit: stated.commodity.unit.word().to_owned(), steps }
}

/// A row's name. An opening inventory is something else than the figure with which the statement opens.
pub(crate) fn row_in_words(word: &str) -> String {
    if word == "opening" { "opening inventory".to_owned() } else { word.replace('-', " ") }
}

/// From when a statement is: without an earlier count, from the first entry on.
pub(crate) fn from_in_words(house: &House, from: Timestamp) -> String {
    if from == Timestamp::UNIX_EPOCH { "the beginning of the books".to_owned() } else { house.clock.wall(from) }
}

/// What a statement may be called, in words.
pub(crate) const fn statement_title(title: Title) -> &'static str {
    match title {
        Title::Audit => "Accountability audit",
        Title::Report => "Accountability statement (management report)",
    }
}

impl House {
    /// A paper of the books, of now.
    pub(crate) fn paper_of_books(&self, size: PageSize, title: &str) -> Document {
        self.book_paper(size, title, None, None)
    }

    /// A paper of the books, with registration, period, page and the digest of what it was printed from.
    pub(crate) fn book_paper(
        &self,
        size: PageSize,
        title: &str,
        period: Option<String>,
        digest: Option<[u8; 32]>,
    ) -> Document {
        let standing = if self.deployment.demo().is_some() { Standing::Demo } else { Standing::Production };
        Document::new(size, title, self.config.pharmacy.name.clone(), self.clock.now())
            .standing(standing)
            .footer(Footer { registration: Some(self.registered_on([self.clock.moment().date()])), period, digest })
    }

    /// The statement as a paper and as a sheet: every figure with the entries behind it.
    pub(crate) fn statement_paper(&self, stated: &Stated) -> Result<Cover, Fault> {
        let statement = &stated.statement;
        let (from, to) = (from_in_words(self, statement.from), self.clock.wall(statement.to));
        let json = canonical(&statement.to_json()).map_err(|error| Fault::Broken(error.to_string()))?;
        let period = Some(format!("{from} to {to}"));
        let mut paper = self.book_paper(
            PageSize::LETTER,
            statement_title(statement.title()),
            period,
            Some(*sha256(&json).as_bytes()),
        );
        paper.fields([
            ("Product", stated.goods.title()),
            ("NDC", stated.commodity.ndc.to_string()),
            ("Schedule", stated.goods.product.schedule.roman().to_owned()),
            ("After", from),
            ("Up to", to),
            ("Opening rests on", opening_in_words(stated)),
        ]);
        paper.figure(waterfall(stated).draw(CHART.0, CHART.1));
        let unit = stated.goods.unit.name().into_owned();
        let mut table = Table::new(vec![
            Column::new("Row", 4),
            Column::numbers(format!("Amount, {unit}"), 2),
            Column::new("Entries of the books", 5),
        ]);
        let amount = |units: i64| in_words(units, stated.commodity.unit);
        let mut sheet = Sheet::new(
            "Accountability statement",
            vec![
                Heading::new("Row", Kind::Text),
                Heading::new("Direction", Kind::Text),
                Heading::new(format!("Amount in {}s", stated.commodity.unit), Kind::Whole),
                Heading::new("Entries", Kind::Text),
            ],
        )
        .map_err(sheet_fault)?;
        let mut line =
            |strong: Weight, name: &str, direction: &str, units: i64, entries: String| -> Result<(), Fault> {
                let cells = [name.to_owned(), amount(units), entries.clone()];
                match strong {
                    Weight::Sum => table.sum(cells),
                    Weight::Plain => table.row(cells),
                }
                let cells = vec![
                    Cell::Text(name.to_owned()),
                    Cell::Text(direction.to_owned()),
                    Cell::Whole(units),
                    Cell::Text(entries),
                ];
                sheet.push(cells).map_err(sheet_fault)
            };
        line(Weight::Sum, "Opening", "", statement.opening.amount, String::new())?;
        for direction in [Direction::In, Direction::Out] {
            for row in statement.rows.iter().filter(|row| row.category.direction() == direction) {
                let entries = row.entries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                line(Weight::Plain, &row.category.word().replace('-', " "), direction.word(), row.amount, entries)?;
            }
        }
        line(Weight::Sum, "Accountable for", "", statement.accountable(), String::new())?;
        line(Weight::Sum, "Expected", "", statement.expected(), String::new())?;
        if let Some(closing) = &statement.closing {
            let counts = closing.accounts.iter();
            let counts =
                counts.map(|one| format!("{}: {}", one.account, amount(one.found))).collect::<Vec<_>>().join(", ");
            line(Weight::Sum, "Counted", "", closing.found, counts)?;
            let percent = statement.variance_percent().map_or(String::new(), |percent| format!("{percent} %"));
            line(Weight::Sum, "Variance", "", statement.variance().unwrap_or_default(), percent)?;
        }
        paper.table(table);
        if !statement.late.is_empty() {
            let late = statement.late.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
            paper.paragraph(format!("Written down after the period had ended: entries {late}."));
        }
        paper.heading("Entries");
        paper.table(self.entry_table(stated));
        Ok(Cover { paper, sheet: Some(sheet) })
    }

    fn entry_table(&self, stated: &Stated) -> Table {
        let mut table = Table::new(vec![
            Column::numbers("Entry", 1),
            Column::new("When", 3),
            Column::new("Document", 5),
            Column::numbers("Change", 2),
            Column::numbers("Journal", 2),
        ]);
        for (seq, event) in &stated.books.events {
            let StockEvent::Posted { entry, .. } = event else { continue };
            if entry.happened <= stated.statement.from || entry.happened > stated.statement.to {
                continue;
            }
            table.row([
                entry.id.to_string(),
                self.clock.wall(entry.happened),
                entry.document.to_string(),
                in_words(entry.change_on_hand(), stated.commodity.unit),
                seq.to_string(),
            ]);
        }
        table
    }

    /// One document of an inventory.
    pub(crate) fn inventory_paper(&self, document: &InventoryDocument) -> Result<Cover, Fault> {
        let json = canonical(&document.contents()).map_err(|error| Fault::Broken(error.to_string()))?;
        let title = format!("Inventory of controlled substances, schedules {}", document.schedules);
        let period = Some(format!("{} of business on {}", document.taken, document.day));
        let mut paper = self.book_paper(PageSize::LETTER_WIDE, &title, period, Some(*sha256(&json).as_bytes()));
        let registrant = &document.registrant;
        paper.fields([
            ("Registrant", registrant.name.clone()),
            ("Registered location", address(registrant)),
            ("DEA registration", registrant.number.to_string()),
            ("Occasion", document.occasion.word().replace('-', " ")),
            ("Taken", format!("{} of business on {}", document.taken, document.day)),
            ("Inventory", document.id.clone()),
        ]);
        if let Some(zero) = document.zero_statement() {
            paper.strong(zero);
        }
        let headings = vec![
            Heading::new("Substance", Kind::Text),
            Heading::new("Form", Kind::Text),
            Heading::new("Strength", Kind::Text),
            Heading::new("NDC", Kind::Text),
            Heading::new("Place", Kind::Text),
            Heading::new("Units per container", Kind::Text),
            Heading::new("Containers", Kind::Whole),
            Heading::new("Found", Kind::Text),
            Heading::new("Method", Kind::Text),
            Heading::new("Counted by", Kind::Text),
        ];
        let mut sheet = Sheet::new(title, headings).map_err(sheet_fault)?;
        for line in &document.lines {
            let unit = line.product.commodity.unit;
            sheet
                .push(vec![
                    Cell::Text(line.product.name.clone()),
                    Cell::Text(line.product.form.clone()),
                    Cell::Text(line.product.strength.clone()),
                    Cell::Text(line.product.commodity.ndc.to_string()),
                    Cell::Text(line.account.to_string()),
                    Cell::Text(in_words(line.product.per_container.units(), unit)),
                    Cell::Whole(i64::try_from(line.containers).unwrap_or(i64::MAX)),
                    Cell::Text(in_words(line.found, unit)),
                    Cell::Text(line.method.word().to_owned()),
                    Cell::Text(self.full_name(&line.counter.id)),
                ])
                .map_err(sheet_fault)?;
        }
        paper.table(sheet.to_table());
        for signature in &document.signatures {
            paper.signature("Taken by", Some(self.full_name(&signature.id)));
        }
        Ok(Cover { paper, sheet: Some(sheet) })
    }

    /// The record of a delivery (21 CFR 1304.22(c)).
    pub(crate) fn delivery_paper(&self, delivery: &Delivery) -> Result<Cover, Fault> {
        let receipt = &delivery.receipt;
        let supplier = receipt.supplier();
        let title = "Record of receipt of controlled substances";
        let mut paper = self.book_paper(PageSize::LETTER_WIDE, title, Some(receipt.day().to_string()), None);
        paper.fields([
            ("Received from", supplier.name.clone()),
            ("Address", address(supplier)),
            ("DEA registration of the source", supplier.number.to_string()),
            ("Invoice", receipt.number().to_owned()),
            ("Date received", receipt.day().to_string()),
            ("Journal entry", delivery.seq.to_string()),
        ]);
        let headings = vec![
            Heading::new("Substance", Kind::Text),
            Heading::new("Form", Kind::Text),
            Heading::new("Strength", Kind::Text),
            Heading::new("NDC", Kind::Text),
            Heading::new("Units per container", Kind::Text),
            Heading::new("Containers invoiced", Kind::Whole),
            Heading::new("Containers received", Kind::Whole),
        ];
        let mut sheet = Sheet::new(title, headings).map_err(sheet_fault)?;
        for line in receipt.lines() {
            let product = &line.product;
            sheet
                .push(vec![
                    Cell::Text(product.name.clone()),
                    Cell::Text(product.form.clone()),
                    Cell::Text(product.strength.clone()),
                    Cell::Text(product.commodity.ndc.to_string()),
                    Cell::Text(in_words(product.per_container.units(), product.commodity.unit)),
                    Cell::Whole(i64::from(line.invoiced)),
                    Cell::Whole(i64::from(line.received)),
                ])
                .map_err(sheet_fault)?;
        }
        paper.table(sheet.to_table());
        for open in delivery.open() {
            let what =
                format!("Line {}: received less invoiced {} containers; not settled.", open.line, open.containers);
            paper.notice("Difference", what);
        }
        paper.signature("Received by", None);
        Ok(Cover { paper, sheet: Some(sheet) })
    }

    /// Form 41 filled from the books.
    pub(crate) fn form_41_paper(&self, form: &Form41) -> Document {
        let title = format!("Data of DEA Form 41, edition {}", form.edition.word());
        let mut paper = self.book_paper(PageSize::LETTER, &title, Some(form.day.to_string()), None);
        paper.fields([
            ("Registrant", form.registrant.name.clone()),
            ("Address", address(&form.registrant)),
            ("DEA registration", form.registrant.number.to_string()),
            ("Telephone", form.telephone.clone()),
            ("Number in the books", form.number.clone()),
            ("Method", form.method.clone()),
            ("Place", form.place.clone()),
            ("Date of destruction", form.day.to_string()),
        ]);
        let mut table = Table::new(vec![
            Column::new("Substance", 4),
            Column::new("NDC", 3),
            Column::numbers("Containers", 2),
            Column::numbers("Contents", 2),
            Column::numbers("Of a part container", 2),
            Column::numbers("In all", 2),
        ]);
        for line in &form.lines {
            let unit = line.product.commodity.unit;
            table.row([
                format!("{} {} {}", line.product.name, line.product.strength, line.product.form),
                line.product.commodity.ndc.to_string(),
                line.containers.to_string(),
                in_words(line.contents, unit),
                in_words(line.partial, unit),
                in_words(line.total, unit),
            ]);
        }
        paper.table(table);
        for witness in &form.witnesses {
            paper.signature("Destroyed before", Some(self.full_name(&witness.id)));
        }
        paper
    }

    /// Form 106 filled from the entries of its case.
    pub(crate) fn form_106_paper(&self, form: &Form106) -> Document {
        let mut paper = self.book_paper(PageSize::LETTER, "Data of DEA Form 106", None, None);
        if let Some(margin) = form.margin() {
            paper.strong(margin);
        }
        let mut table = Table::new(vec![Column::new("Block", 1), Column::new("About", 4), Column::new("Holds", 6)]);
        for block in form.blocks() {
            let value = match block.value {
                BlockValue::Text(text) => text,
                BlockValue::NotApplicable => "not applicable".to_owned(),
            };
            table.row([block.number.to_owned(), block.about.to_owned(), value]);
        }
        paper.table(table);
        let mut lines = Table::new(vec![
            Column::new("Name", 4),
            Column::new("NDC", 3),
            Column::new("Strength", 3),
            Column::new("Form", 2),
            Column::numbers("Quantity", 2),
        ]);
        for line in &form.lines {
            lines.row([
                line.product.name.clone(),
                line.product.commodity.ndc.to_string(),
                line.strength(),
                line.product.form.clone(),
                line.quantity(),
            ]);
        }
        paper.table(lines);
        let (signer, title) = &form.details.signer;
        paper.signature(title.clone(), Some(self.full_name(&signer.id)));
        paper
    }

    /// The written notice of a theft or loss to DEA's field office.
    pub(crate) fn loss_notice_paper(&self, case: &Case) -> Result<Document, Fault> {
        let discovery = &case.incident.discovery;
        let registrant = &discovery.registrant;
        let day = discovery.discovered.date().to_string();
        let mut paper =
            self.book_paper(PageSize::LETTER, "Notice of theft or loss (21 CFR 1301.76(b))", Some(day), None);
        paper.fields([
            ("To", "DEA field division office, Special Agent in Charge".to_owned()),
            ("Registrant", registrant.name.clone()),
            ("Address", address(registrant)),
            ("DEA registration", registrant.number.to_string()),
            ("Case", case.id.to_uppercase()),
            ("Discovered", self.moment_in_words(discovery.discovered)),
            ("Type as it looks", discovery.kind.word().replace('-', " ")),
            ("Discovered by", self.full_name(&discovery.by.id)),
        ]);
        paper.paragraph(discovery.circumstances.clone());
        let mut table =
            Table::new(vec![Column::new("Product", 6), Column::new("NDC", 3), Column::numbers("Missing", 3)]);
        for (commodity, lost) in self.lost_in(case)? {
            let goods = self.goods_as_known(&commodity.ndc, commodity.unit)?;
            table.row([goods.title(), commodity.ndc.to_string(), goods.amount(lost)]);
        }
        paper.table(table);
        paper.paragraph("DEA Form 106 follows, or a letter that nothing was stolen or lost.");
        paper.signature("Authorised signer", None);
        Ok(paper)
    }

    /// A paper about the registration, filled from its profile. What is missing is listed and never invented.
    pub(crate) fn registration_paper(&self, which: &str) -> Result<Document, Fault> {
        let now = self.registration()?;
        let fill = |names: &[&str]| -> (Vec<(String, String)>, Vec<String>) {
            let mut missing = Vec::new();
            let fields = names.iter().filter_map(|name| PROFILE.iter().find(|(known, ..)| known == name));
            let fields = fields.map(|(name, label, _)| {
                if now.get(name).is_empty() && *name != "line2" {
                    missing.push((*label).to_owned());
                }
                ((*label).to_owned(), now.get(name).to_owned())
            });
            (fields.collect(), missing)
        };
        let known = super::PAPERS.iter().find(|(word, _)| *word == which);
        let (_, title) = known.ok_or_else(|| wrong("paper", "there is no such paper", "choose one of the list"))?;
        let mut paper = self.book_paper(PageSize::LETTER, title, None, None);
        match which {
            "form-224-data" => data_sheet(&mut paper, &now, &fill(&PROFILE.map(|(name, ..)| name))),
            "affidavit-new" => {
                let names = [
                    "applicant",
                    "applicant-title",
                    "entity",
                    "trade-name",
                    "line1",
                    "line2",
                    "city",
                    "state",
                    "postal",
                    "licence",
                    "board",
                    "licence-issued",
                ];
                affidavit(&mut paper, fill(&names), NEW_PHARMACY);
            }
            "affidavit-transfer" => {
                let names = [
                    "applicant",
                    "applicant-title",
                    "entity",
                    "trade-name",
                    "licence",
                    "line1",
                    "line2",
                    "city",
                    "state",
                    "postal",
                ];
                let (mut fields, mut missing) = fill(&names);
                fields.push(("DEA registration of the existing pharmacy".to_owned(), self.pharmacy.to_string()));
                let plan = now.last("acquisition-planned");
                let (_, _, names) = super::step_form("acquisition-planned").copied().unwrap_or(("", "", &[]));
                for (name, label) in names {
                    let value = plan.map_or("", |step| step.fields.get(name));
                    if value.is_empty() {
                        missing.push((*label).to_owned());
                    }
                    fields.push(((*label).to_owned(), value.to_owned()));
                }
                affidavit(&mut paper, (fields, missing), TRANSFERRED);
            }
            "chain-list" => chain_list(&mut paper, &now),
            "central-notice" => central_notice(&mut paper, &now, &self.registrant()?)?,
            _ => closure(&mut paper, &now)?,
        }
        Ok(paper)
    }
}

/// How a row of the statement is set.
#[derive(Clone, Copy)]
enum Weight {
    Plain,
    Sum,
}

/// On what the opening figure rests.
pub(crate) fn opening_in_words(stated: &Stated) -> String {
    let opening = &stated.statement.opening;
    match (opening.basis, opening.occasion) {
        (Basis::Counts, Some(occasion)) => format!("a physical count, {} inventory", occasion.word()),
        (Basis::Counts, None) => "a physical count".to_owned(),
        (Basis::Books, _) => "the books; nothing was counted at that moment".to_owned(),
    }
}

const NEW_PHARMACY: &str = "This affidavit is given to obtain a DEA registration for the pharmacy named above, which holds the State permit named \
above. The signer knows that a false statement can be punished (21 U.S.C. 843(d), 18 U.S.C. 1001) and can cost the registration (21 U.S.C. 824(a)).";
const TRANSFERRED: &str = "The pharmacy named as seller is to pass to the legal entity named above. The State permit has been applied for. No controlled \
substance will be dispensed at the new place until the State has issued the permit. The signer knows that a false statement can be \
punished and can cost the registration.";

fn listed_missing(paper: &mut Document, missing: &[String]) {
    if !missing.is_empty() {
        paper.notice("Missing; enter it at Books, Registration, and print again", missing.join("; "));
    }
}

fn data_sheet(paper: &mut Document, now: &Registration, (fields, missing): &(Vec<(String, String)>, Vec<String>)) {
    use theriac_paper::Tick;
    paper.fields(fields.clone());
    let wanted = if now.get("forms-wanted") == "yes" { Tick::Ticked } else { Tick::Open };
    paper.checkbox(wanted, "Block 3: order forms (DEA Form 222) are requested");
    paper.fields([("Fee paid", now.get("fee")), ("Submitted on", ""), ("Confirmation number", "")]);
    let required: Vec<String> = now.missing().into_iter().map(str::to_owned).collect();
    listed_missing(paper, &required);
    let _ = missing;
    paper.signature(
        now.get("applicant-title").to_owned(),
        Some(now.get("applicant").to_owned()).filter(|name| !name.is_empty()),
    );
}

fn affidavit(paper: &mut Document, (fields, missing): (Vec<(String, String)>, Vec<String>), says: &str) {
    paper.fields(fields);
    paper.paragraph(says);
    listed_missing(paper, &missing);
    paper.signature("Signature of the person who signs the application", None);
    paper.heading("Notary");
    paper.fields([("State of", ""), ("County of", ""), ("Sworn before me on", "")]);
    paper.signature("Notary public", None);
}

fn chain_list(paper: &mut Document, now: &Registration) {
    let mut table = Table::new(vec![
        Column::new("DEA number", 2),
        Column::new("Name and address", 5),
        Column::new("Expires", 2),
        Column::new("Answers", 4),
        Column::new("Responsible individual", 3),
        Column::new("Answered", 2),
    ]);
    for step in now.chain() {
        table.row(["number", "location", "expires", "answers", "responsible", "on"].map(|name| step.fields.get(name)));
    }
    paper.table(table);
    paper.signature("Responsible individual", None);
}

fn central_notice(paper: &mut Document, now: &Registration, registrant: &Party) -> Result<(), Fault> {
    let step = now.last("central-notice").ok_or_else(|| {
        wrong("paper", "the notice has not been prepared", "enter which records will be kept where, first")
    })?;
    for copy in 1..=3 {
        if copy > 1 {
            paper.blocks.push(theriac_paper::Block::NewPage);
        }
        paper.strong(format!("Copy {copy} of 3, by registered or certified mail, return receipt requested"));
        paper.fields([
            ("To", "DEA Special Agent in Charge".to_owned()),
            ("Registrant", registrant.name.clone()),
            ("Address", address(registrant)),
            ("DEA registration", registrant.number.to_string()),
            ("Records", step.fields.get("records").to_owned()),
            ("Place where they will be kept", step.fields.get("location").to_owned()),
            ("Date", step.fields.get("on").to_owned()),
        ]);
        paper.signature("Registrant", None);
    }
    Ok(())
}

fn closure(paper: &mut Document, now: &Registration) -> Result<(), Fault> {
    let step = now.last("closing-begun").ok_or_else(|| {
        wrong(
            "paper",
            "nobody has recorded that the business is to end",
            "record it first, with the keeper of the records",
        )
    })?;
    let last: jiff::civil::Date = step.fields.day("on")?;
    let until = last.saturating_add(jiff::Span::new().years(2));
    paper.fields([
        ("Last day of business", last.to_string()),
        ("Records are kept at", step.fields.get("custody").to_owned()),
        ("Who answers for them", step.fields.get("contact").to_owned()),
        ("Records are kept until", until.to_string()),
    ]);
    paper.heading("To be given back to DEA");
    for item in now.to_give_back() {
        paper.checkbox(theriac_paper::Tick::Open, item);
    }
    for step in now.steps.iter().filter(|step| step.what == "returned") {
        let what = format!("{}, {} by {}", step.fields.get("item"), step.fields.get("on"), step.fields.get("how"));
        paper.checkbox(theriac_paper::Tick::Ticked, what);
    }
    Ok(())
}
