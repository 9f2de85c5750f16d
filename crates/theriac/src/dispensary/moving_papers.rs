//! The papers of this desk: the sheet of partial fillings, the record of a transfer, a day's refills, a trail of refills, the
//! downtime kit and its numbered sheets. The layout is the paper crate's.

use crate::house::House;
use crate::showing::in_words;
use theriac_law::vocab::{RefillDocument, Word as _};
use theriac_law::{Moment, When};
use theriac_model::Element;
use theriac_paper::{Column, Document, Footer, PageSize, Table};
use theriac_pharmacy::{
    DayRefills, DowntimeKit, EarlierFilling, Filling, FillingState, FirstFilled, OriginalOrder, Pharmacy, Prescription,
    RefillDay, RefillHistory, STATEMENT, TrailLine, TransferData, TransferredIn, TransferredOut,
};

/// A line to write on.
const BLANK: &str = "______________________________";

/// A day or an instant as people read it.
pub(crate) fn due_in_words(due: When) -> String {
    match due {
        When::Day(day) => day.to_string(),
        When::Instant(moment) => wall(moment),
    }
}

/// A moment by its own clock, to the minute.
pub(crate) fn wall(at: Moment) -> String {
    at.offset.to_datetime(at.timestamp).strftime("%Y-%m-%d %H:%M").to_string()
}

/// Where a filling is, in words.
pub(crate) fn state_in_words(filling: &Filling) -> String {
    match &filling.state {
        FillingState::Filled => "waiting for collection".to_owned(),
        FillingState::HandedOver { at, recipient, .. } => format!("handed to {recipient}, {}", wall(*at)),
        FillingState::Returned { at, reason, .. } => format!("put back {}: {reason}", wall(*at)),
    }
}

/// A pharmacy on one line.
pub(crate) fn pharmacy_in_words(pharmacy: &Pharmacy) -> String {
    let registration = pharmacy.registration.map(|number| number.to_string()).unwrap_or_default();
    let parts = [pharmacy.name.as_str(), &pharmacy.address, &registration];
    let mut words: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let number = format!("prescription {}", pharmacy.number);
    if !pharmacy.number.is_empty() {
        words.push(&number);
    }
    words.join(", ")
}

impl House {
    fn pharmacy_paper(
        &self,
        size: PageSize,
        title: impl Into<String>,
        dated: Moment,
        period: Option<String>,
    ) -> Document {
        let issue = self.pharmacy_issue(dated);
        Document::new(size, title, issue.by, issue.dated).standing(issue.standing).footer(Footer {
            registration: issue.registration,
            period,
            digest: None,
        })
    }

    /// Every part of a prescription, with what was left after it.
    pub(crate) fn partial_sheet(&self, prescription: &Prescription, at: Moment) -> Document {
        let order = prescription.original_order();
        let title = format!("Partial fillings of prescription {}", order.number);
        let mut paper = self.pharmacy_paper(PageSize::LETTER, title, at, None);
        paper.fields(order_fields(&order));
        let mut table = Table::new(vec![
            Column::numbers("No.", 1),
            Column::new("Dispensed", 3),
            Column::numbers("Quantity", 2),
            Column::numbers("Left", 2),
            Column::new("Ground and notation", 3),
            Column::new("Pharmacist", 3),
            Column::new("State", 4),
        ]);
        for filling in prescription.fillings() {
            let ground = filling.part.as_ref().map_or_else(
                || filling.kind.word().replace('-', " "),
                |part| {
                    let notation = part.notation.map(|notation| format!(", \"{}\"", notation.word().replace('-', " ")));
                    format!("{}{}", part.basis.word().replace('-', " "), notation.unwrap_or_default())
                },
            );
            table.row([
                filling.no.to_string(),
                wall(filling.at),
                in_words(&filling.quantity),
                filling.remaining.to_string(),
                ground,
                filling.pharmacist.full_name.clone(),
                state_in_words(filling),
            ]);
        }
        paper.table(table);
        let duties: Vec<String> = prescription
            .open_duties()
            .map(|duty| {
                let due = duty.due.map_or_else(|| "at once".to_owned(), due_in_words);
                format!("{} by {due}: {}", duty.code.replace('-', " "), duty.why)
            })
            .collect();
        if !duties.is_empty() {
            paper.heading("To be done");
            for duty in duties {
                paper.paragraph(duty);
            }
        }
        paper
    }

    /// The original order and the history of refills, with their total (21 CFR 1306.22(f)(1), (2)).
    pub(crate) fn refill_sheet(&self, order: &OriginalOrder, history: &RefillHistory, at: Moment) -> Document {
        let title = format!("Refills of prescription {}", order.number);
        let mut paper = self.pharmacy_paper(PageSize::LETTER, title, at, None);
        paper.fields(order_fields(order));
        paper.heading(format!("Refills: {} so far", history.total));
        let mut table = Table::new(vec![
            Column::numbers("No.", 1),
            Column::new("Dispensed", 3),
            Column::numbers("Quantity", 2),
            Column::new("NDC", 3),
            Column::new("Pharmacist", 3),
        ]);
        for line in &history.lines {
            table.row([
                line.no.to_string(),
                wall(line.at),
                in_words(&line.quantity),
                line.ndc.to_string(),
                line.pharmacist.full_name.clone(),
            ]);
        }
        paper.table(table);
        paper
    }

    /// What leaves by transfer, as the receiving pharmacist reads it and as it is kept here.
    pub(crate) fn transfer_out_paper(
        &self,
        prescription: &Prescription,
        left: &TransferredOut,
        data: &TransferData,
    ) -> Document {
        let number = &prescription.received().number;
        let mut paper =
            self.pharmacy_paper(PageSize::LETTER, format!("Transfer of prescription {number}"), left.at, None);
        paper.strong("VOID at the transferring pharmacy from this transfer on");
        paper.fields([
            ("Transferred", wall(left.at)),
            ("Transferring pharmacy", pharmacy_in_words(&data.from)),
            ("Transferring pharmacist", left.by.full_name.clone()),
            ("Receiving pharmacy", pharmacy_in_words(&left.to)),
            ("Receiving pharmacist", left.receiver.clone()),
            ("Communicated between", left.between.word().to_owned()),
            ("Shared database", left.database.word().to_owned()),
            ("Original came", data.form.word().to_owned()),
            ("Archived original, SHA-256", data.original.to_string()),
            ("Date first dispensed", data.first_dispensed.map_or_else(|| "never".to_owned(), |day| day.to_string())),
            ("Valid refills remaining", data.refills_remaining.map_or_else(String::new, |left| left.to_string())),
            ("First filled at", first_filled(&data.first_filled, &data.from)),
        ]);
        earlier(&mut paper, &data.earlier);
        contents(&mut paper, prescription);
        paper.signature("Transferring pharmacist", Some(left.by.full_name.clone()));
        paper
    }

    /// What came by transfer.
    pub(crate) fn transfer_in_paper(&self, prescription: &Prescription, came: &TransferredIn) -> Document {
        let received = prescription.received();
        let title = format!("Prescription {}, received by transfer", received.number);
        let mut paper = self.pharmacy_paper(PageSize::LETTER, title, received.at, None);
        paper.strong("TRANSFER");
        paper.fields([
            ("Received", wall(received.at)),
            ("Receiving pharmacist", came.by.full_name.clone()),
            ("Transferring pharmacy", pharmacy_in_words(&came.from)),
            ("Transferring pharmacist", came.pharmacist.clone()),
            ("Communicated between", came.between.word().to_owned()),
            ("Shared database", came.database.word().to_owned()),
            ("Original came", came.form.word().to_owned()),
            ("Archived original there, SHA-256", came.original.to_string()),
            ("Date first dispensed", came.first_dispensed.map_or_else(|| "never".to_owned(), |day| day.to_string())),
            ("Valid refills remaining", came.refills_remaining.to_string()),
            ("First filled at", pharmacy_in_words(came.first_filled.as_ref().unwrap_or(&came.from))),
        ]);
        earlier(&mut paper, &came.earlier);
        contents(&mut paper, prescription);
        paper
    }

    /// A day's refills, for every pharmacist involved to verify, date and sign (21 CFR 1306.22(f)(3)).
    pub(crate) fn refill_day_paper(&self, refills: &DayRefills, day: &RefillDay, at: Moment) -> Document {
        let title = format!("Controlled substance refills of {}", refills.day);
        let mut paper = self.pharmacy_paper(PageSize::LETTER_WIDE, title, at, Some(refills.day.to_string()));
        let mut table = Table::new(vec![
            Column::new("Dispensed", 3),
            Column::new("Prescription", 2),
            Column::new("Patient", 4),
            Column::new("Drug", 5),
            Column::numbers("Quantity", 2),
            Column::new("Pharmacist", 4),
        ]);
        for line in &refills.lines {
            table.row([
                wall(line.at),
                line.number.to_string(),
                line.patient.clone(),
                line.drug.clone(),
                in_words(&line.quantity),
                line.pharmacist.full_name.clone(),
            ]);
        }
        paper.table(table);
        paper.paragraph(format!("{} refills.", refills.lines.len()));
        paper.notice("Verification", STATEMENT);
        for person in refills.pharmacists() {
            let signed = day.signed().iter().rev().find(|signed| signed.by.actor.id == person.actor.id);
            match signed {
                Some(signed) => {
                    let on = if signed.document == RefillDocument::Log { "in the log" } else { "on the printout" };
                    let covers = signed.lines;
                    let at = wall(signed.at);
                    paper.paragraph(format!("{} signed {on}, {at}, {covers} refills.", person.full_name));
                }
                None => paper.signature("Pharmacist", Some(person.full_name.clone())),
            }
        }
        paper
    }

    /// A trail of refills of one strength and form (21 CFR 1306.22(f)(4)).
    pub(crate) fn trail_paper(&self, of: &str, lines: &[TrailLine], at: Moment) -> Document {
        let mut paper = self.pharmacy_paper(PageSize::LETTER_WIDE, format!("Refill by refill: {of}"), at, None);
        paper.table(trail_table(lines));
        paper.paragraph(format!("{} refills.", lines.len()));
        paper
    }

    /// What may still be refilled, as of a moment (21 CFR 1306.22(f)(5)).
    pub(crate) fn kit_paper(&self, kit: &DowntimeKit) -> Document {
        let title = format!("What may be refilled, as of {}", wall(kit.at));
        let mut paper = self.pharmacy_paper(PageSize::LETTER_WIDE, title, kit.at, None);
        paper.notice(
            "While the computer is down",
            "Refill only what stands here, never more often than the column says, never after the last day. Write every \
             refill on a numbered sheet at once, and on the line here. Enter the sheets as soon as the computer runs.",
        );
        let mut table = Table::new(vec![
            Column::new("Prescription", 2),
            Column::new("Patient", 4),
            Column::new("Drug", 5),
            Column::numbers("A refill is", 2),
            Column::numbers("Refills left", 2),
            Column::new("Last day", 2),
            Column::new("Refilled: sheet, date, initials", 4),
        ]);
        for line in &kit.lines {
            table.row([
                line.number.to_string(),
                line.patient.clone(),
                line.drug.clone(),
                in_words(&line.quantity),
                line.refills_left.to_string(),
                line.last_day.map_or_else(|| "none".to_owned(), due_in_words),
                String::new(),
            ]);
        }
        paper.table(table);
        paper.paragraph(format!("{} prescriptions.", kit.lines.len()));
        paper
    }

    /// The numbered sheets of an outage, one after another.
    pub(crate) fn sheets_paper(&self, first: u32, last: u32, at: Moment) -> Document {
        let title = format!("Downtime sheets {first} to {last}");
        let mut paper = self.pharmacy_paper(PageSize::LETTER, title, at, None);
        for no in first..=last {
            paper.heading(format!("Sheet {no}"));
            let line = |name: &str| (name.to_owned(), BLANK.to_owned());
            paper.fields([
                line("Prescription number"),
                line("Patient"),
                line("Drug, strength, form, NDC"),
                line("Quantity dispensed"),
                line("Date and time dispensed"),
                line("Refills left by the kit"),
                line("Taken by"),
                line("Pharmacist, full name"),
                line("If not used: why"),
            ]);
        }
        paper
    }
}

/// A trail as a table.
fn trail_table(lines: &[TrailLine]) -> Table {
    let mut table = Table::new(vec![
        Column::new("Dispensed", 3),
        Column::new("Prescription", 2),
        Column::new("Brand and generic name", 5),
        Column::numbers("Quantity", 2),
        Column::new("Patient and address", 6),
        Column::new("Practitioner", 3),
        Column::new("Pharmacist", 3),
    ]);
    for line in lines {
        table.row([
            wall(line.at),
            line.number.to_string(),
            format!(
                "{} ({}) {} {}",
                line.product.brand, line.product.generic, line.product.strength, line.product.form
            ),
            in_words(&line.quantity),
            format!("{}, {}", line.patient, line.patient_address),
            line.practitioner.clone(),
            line.pharmacist.full_name.clone(),
        ]);
    }
    table
}

/// The original order's items by name.
pub(crate) fn order_fields(order: &OriginalOrder) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("Prescription", order.number.to_string()),
        ("Issued", order.issued.to_string()),
        ("Patient", format!("{}, {}", order.patient, order.patient_address)),
        ("Practitioner", format!("{}, {}", order.practitioner, order.practitioner_address)),
        ("DEA registration", order.registration.clone()),
        ("Drug", format!("{} {} {}", order.drug, order.strength, order.form)),
        ("Quantity prescribed", in_words(&order.quantity)),
        ("Refills authorised", order.refills.to_string()),
    ];
    if let Some(dispensed) = &order.dispensed {
        fields.push(("Quantity dispensed first", in_words(dispensed)));
    }
    fields
}

fn first_filled(first: &FirstFilled, sender: &Pharmacy) -> String {
    match first {
        FirstFilled::BySender => pharmacy_in_words(sender),
        FirstFilled::At(pharmacy) => pharmacy_in_words(pharmacy),
        FirstFilled::Unstated => "not stated".to_owned(),
    }
}

fn earlier(paper: &mut Document, fillings: &[EarlierFilling]) {
    paper.heading("Fillings before the transfer");
    if fillings.is_empty() {
        paper.paragraph("None.");
        return;
    }
    let mut table = Table::new(vec![Column::new("Day", 2), Column::numbers("Quantity", 2), Column::new("Pharmacy", 6)]);
    for filling in fillings {
        table.row([filling.on.to_string(), in_words(&filling.quantity), filling.place.clone()]);
    }
    paper.table(table);
}

/// Everything that the prescription holds, as it came.
fn contents(paper: &mut Document, prescription: &Prescription) {
    paper.heading("The prescription as it came");
    let received = prescription.received();
    let held = Element::ALL.iter().filter_map(|element| {
        let value = received.contents.get(*element)?;
        Some((element.tag().to_owned(), value.to_owned()))
    });
    paper.fields(held.collect::<Vec<_>>());
}
