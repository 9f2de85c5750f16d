//! Transfers: one prescription out, the list of both ways, and what comes in by file or as the pharmacist writes it down.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use super::number_of;
use super::{parts_of, printed, words_of};
use crate::dispensary::moving_papers::{pharmacy_in_words, wall};
use crate::dispensary::transfers::{Receiving, TransferTaken};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, file, inline_file};
use crate::http::practice::act;
use crate::http::words::label;
use crate::typed::{Typed, wrong};
use theriac_law::vocab::{Between, Form as Came, Status};
use theriac_model::{Actor, CanonicalContents, Decimal, Element, Quantity};
use theriac_pharmacy::{
    ArchiveDigest, Database, EarlierFilling, FirstFilled, Mark, PrescriptionNumber, TransferData, TransferOut,
};

/// Transfers shown in the list.
const ROWS: u32 = 200;
/// Earlier fillings that the form has lines for: the first one, and five refills.
const EARLIER: u32 = 6;

/// What a transferred prescription must bear; the drug comes from the drug file by its NDC.
const WRITTEN: [(Element, &str); 19] = [
    (Element::Issued, "date"),
    (Element::PatientFirst, "text"),
    (Element::PatientLast, "text"),
    (Element::PatientBorn, "date"),
    (Element::PatientLine1, "text"),
    (Element::PatientCity, "text"),
    (Element::PatientState, "text"),
    (Element::PatientPostal, "text"),
    (Element::PractitionerFirst, "text"),
    (Element::PractitionerLast, "text"),
    (Element::PractitionerLine1, "text"),
    (Element::PractitionerCity, "text"),
    (Element::PractitionerState, "text"),
    (Element::PractitionerPostal, "text"),
    (Element::Registration, "text"),
    (Element::DrugNdc, "text"),
    (Element::QuantityValue, "text"),
    (Element::Directions, "text"),
    (Element::Refills, "text"),
];

fn pharmacy_fields(prefix: &str, whose: &str) -> Vec<Field> {
    vec![
        Field::text(format!("{prefix}.name"), format!("{whose}: name")),
        Field::text(format!("{prefix}.address"), format!("{whose}: address")),
        Field::text(format!("{prefix}.registration"), format!("{whose}: DEA number")),
    ]
}

fn conversation() -> Vec<Field> {
    vec![
        Field::choose_of("between", "Communicated between", words_of::<Between>()).value("pharmacists"),
        Field::choose(
            "database",
            "Do both pharmacies share one real-time database?",
            &[("own", "no, each keeps its own"), ("shared", "yes")],
        )
        .value("own"),
        Field::choose_of("standing", "The other pharmacy's registration, as you checked it", words_of::<Status>())
            .hint("The registrant data must list it, too; what is not listed there does not count as registered."),
    ]
}

/// `/pharmacy/records/{number}/transfer`
pub(in crate::http) async fn record_transfer(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let number = number_of(&asked)?;
    show(asked, Door::MoveTransfer, tried, move |house, actor, typed| one(house, actor, &number, typed)).await
}

fn one(house: &House, actor: &Actor, number: &PrescriptionNumber, typed: &Typed) -> Result<Desk, Fault> {
    let prescription = house.open_record(actor, number, "transfer")?;
    let path = format!("/pharmacy/records/{number}/transfer");
    let now = house.clock.moment();
    let mut sections = Vec::new();
    if let Some(left) = prescription.transferred_out() {
        sections.push(Section {
            id: "left",
            heading: "Transferred out".to_owned(),
            alarm: Some(("VOID".to_owned(), "Nothing can be dispensed on it here any more.".to_owned())),
            facts: vec![
                ("When".to_owned(), wall(left.at)),
                ("To".to_owned(), pharmacy_in_words(&left.to)),
                ("Receiving pharmacist".to_owned(), left.receiver.clone()),
                ("Transferring pharmacist".to_owned(), left.by.full_name.clone()),
                ("Communicated between".to_owned(), left.between.to_string()),
                ("Shared database".to_owned(), left.database.to_string()),
                ("Refills that went along".to_owned(), left.refills.to_string()),
            ],
            links: vec![
                (format!("{path}/pdf"), "Record of the transfer (PDF)".to_owned()),
                (format!("{path}/file"), "Sealed file for the other pharmacy".to_owned()),
            ],
            ..Section::default()
        });
    }
    if let Some(sent) = prescription.on_its_way() {
        sections.push(Section {
            id: "on-its-way",
            heading: "Sent, and not confirmed yet".to_owned(),
            alarm: Some((
                "on its way".to_owned(),
                "Nothing is dispensed on it here until they say what they did.".to_owned(),
            )),
            facts: vec![
                ("Sent".to_owned(), wall(sent.at)),
                ("To".to_owned(), pharmacy_in_words(&sent.to)),
                ("Asked for by".to_owned(), sent.receiver.clone()),
                ("Transferring pharmacist".to_owned(), sent.by.full_name.clone()),
                ("Refills that go along".to_owned(), sent.refills.to_string()),
            ],
            links: vec![("/pharmacy/transfers#requests".to_owned(), "What was asked for".to_owned())],
            ..Section::default()
        });
    }
    if let Some(came) = prescription.received().source.transferred_in() {
        sections.push(Section {
            id: "came",
            heading: "TRANSFER: it came by transfer".to_owned(),
            facts: vec![
                ("Received".to_owned(), wall(prescription.received().at)),
                ("From".to_owned(), pharmacy_in_words(&came.from)),
                ("Transferring pharmacist".to_owned(), came.pharmacist.clone()),
                ("Receiving pharmacist".to_owned(), came.by.full_name.clone()),
                (
                    "Date first dispensed".to_owned(),
                    came.first_dispensed.map_or_else(|| "never".to_owned(), |day| day.to_string()),
                ),
                ("Refills that remained".to_owned(), came.refills_remaining.to_string()),
                ("First filled at".to_owned(), pharmacy_in_words(came.first_filled.as_ref().unwrap_or(&came.from))),
            ],
            grid: Some(earlier_grid(&came.earlier)),
            links: vec![(format!("{path}/pdf"), "Record of the transfer (PDF)".to_owned())],
            ..Section::default()
        });
    }
    if prescription.closed().is_none() && prescription.on_its_way().is_none() {
        let refills = prescription.refills_remaining(&house.profile, now)?;
        let mut fields = pharmacy_fields("to", "Receiving pharmacy");
        fields.push(Field::text("receiver", "Receiving pharmacist, full name"));
        fields.extend(conversation());
        if prescription.received().source.form() != Came::Electronic {
            fields.push(Field::tick("void", "I have written VOID on the face of the original"));
        }
        sections.push(Section {
            id: "out",
            heading: "Transfer it to another pharmacy".to_owned(),
            texts: vec![format!(
                "{refills} refills would go along. From then on it is void here, and the sealed file and the record for the \
                 other pharmacy are made."
            )],
            forms: vec![Form::post(&path, "Transfer it", fields)],
            ..Section::default()
        });
    }
    let _ = typed;
    Ok(Desk {
        title: format!("Transfer of prescription {number}"),
        tag: Some(("plain", prescription.status().to_string())),
        back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
        lead: "A transfer is made between two licensed pharmacists, and both records name both.".to_owned(),
        sections,
    })
}

fn earlier_grid(earlier: &[EarlierFilling]) -> Grid {
    let mut grid = Grid::new(&["Day", "Quantity", "Pharmacy"], "Nothing was dispensed before.");
    for filling in earlier {
        grid.rows.push(vec![
            cell(filling.on.to_string()),
            cell(crate::showing::in_words(&filling.quantity)),
            cell(filling.place.clone()),
        ]);
    }
    grid
}

fn out_of(house: &House, number: &PrescriptionNumber, typed: &Typed) -> Result<TransferOut, Fault> {
    let (prescription, _) = house.dispensing_now(number)?;
    // The electronic record is marked void by the transfer itself; paper is marked by hand.
    let marked = prescription.received().source.form() == Came::Electronic || typed.ticked("void");
    Ok(TransferOut {
        to: typed.pharmacy("to")?,
        standing: typed.law_word("standing")?,
        receiver: typed.get("receiver").to_owned(),
        between: typed.law_word("between")?,
        database: typed.law_word::<Database>("database")?,
        void_mark: if marked { Mark::Made } else { Mark::NotMade },
    })
}

/// `POST /pharmacy/records/{number}/transfer`
pub(in crate::http) async fn record_transfer_out(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| {
        let out = out_of(house, &of, typed)?;
        house.transfer_out(actor, &of, &out)
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/records/{number}/transfer")),
        Err(tried) => shown(asked, tried).await,
    }
}

/// `/pharmacy/records/{number}/transfer/{format}`: the record as a PDF, or the sealed file.
pub(in crate::http) async fn transfer_file(asked: Asked) -> Answer {
    let (number, format) = (number_of(&asked)?, asked.id("format")?);
    let actor = asked.visitor()?.actor.clone();
    let name = format!("transfer-{number}");
    let wanted = format.clone();
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            house.open_record(&actor, &number, "transfer")?;
            match wanted.as_str() {
                "pdf" => house.transfer_paper(&number)?.map(|paper| printed(&paper)).transpose(),
                "file" => Ok(house.transfer_file(&number)?.map(|(bytes, _)| bytes)),
                _ => Ok(None),
            }
        })
    });
    let bytes = found.await??.ok_or_else(|| Failure::no_such("transfer", "open the record to see its papers"))?;
    match format.as_str() {
        "pdf" => inline_file(&format!("{name}.pdf"), "application/pdf", bytes),
        _ => file(&format!("{name}.p7m"), "application/pkcs7-mime", bytes),
    }
}

/// `/pharmacy/transfers`
pub(in crate::http) async fn transfers(asked: Asked) -> Answer {
    listed(asked, Tried::default()).await
}

pub(super) async fn listed(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Transfers, tried, |house, _, typed| list(house, typed)).await
}

fn list(house: &House, typed: &Typed) -> Result<Desk, Fault> {
    let mut grid =
        Grid::new(&["Number", "Way", "When", "Other pharmacy", "Pharmacists", "Drug"], "Nothing was transferred yet.");
    for row in house.transfer_rows(ROWS)? {
        grid.rows.push(vec![
            link(row.number.to_string(), format!("/pharmacy/records/{}/transfer", row.number)),
            if row.out { state("out: void here", "bad") } else { state("in", "good") },
            cell(row.at),
            cell(row.other),
            cell(row.pharmacists),
            cell(row.drug),
        ]);
    }
    let mut by_file = vec![Field::of("file", "file", "The sealed file of the transferring pharmacy")];
    by_file.extend(receiving());
    let upload = Form { file: true, ..Form::post("/pharmacy/transfers/file", "Take the file in", by_file) };
    let by_hand =
        Form::post("/pharmacy/transfers", "Take it in", written()).step("hand").folded("Write a transfer down", typed);
    Ok(Desk {
        title: "Transfers".to_owned(),
        lead: "Prescriptions that left for another pharmacy, and those that came from one.".to_owned(),
        sections: vec![
            super::asked_for::section(house, typed)?,
            Section { id: "list", heading: "Out and in".to_owned(), grid: Some(grid), ..Section::default() },
            Section {
                id: "in",
                heading: "Take a transfer in".to_owned(),
                texts: vec![
                    "A pharmacist takes it in. Whatever comes is archived as it came; what lacks something is recorded and never dispensed.".to_owned(),
                ],
                forms: vec![upload, by_hand],
                ..Section::default()
            },
        ],
        ..Desk::default()
    })
}

/// What the receiving pharmacist says of the transfer itself.
pub(super) fn receiving() -> Vec<Field> {
    let mut fields = conversation();
    fields.push(Field::tick("mark", "TRANSFER is on the face of what I wrote down, or the record is marked so"));
    fields
}

fn written() -> Vec<Field> {
    let mut fields = vec![
        Field::legend("The prescription"),
        Field::choose_of("form", "The original came", words_of::<Came>()).value("paper"),
    ];
    for (element, kind) in WRITTEN {
        let whose = match element.tag().split_once('.').map_or("", |(area, _)| area) {
            "patient" => "Patient: ",
            "practitioner" => "Practitioner: ",
            _ => "",
        };
        let name = label(element.tag());
        let name = if whose.is_empty() { name } else { format!("{whose}{}", name.to_lowercase()) };
        fields.push(Field::of(kind, element.tag(), name).maybe());
    }
    fields.push(Field::legend("What was dispensed before"));
    fields.push(Field::date("first-dispensed", "Date first dispensed").maybe());
    fields.push(Field::text("refills-remaining", "Valid refills remaining").maybe());
    for no in 1..=EARLIER {
        fields.push(Field::date(format!("earlier.{no}.on"), format!("Filling {no}: day")).maybe());
        fields.push(Field::text(format!("earlier.{no}.quantity"), format!("Filling {no}: quantity")).maybe());
        fields.push(
            Field::text(format!("earlier.{no}.place"), format!("Filling {no}: pharmacy"))
                .maybe()
                .hint("Empty for the transferring pharmacy."),
        );
    }
    fields.push(Field::legend("The transferring pharmacy"));
    fields.extend(pharmacy_fields("from", "Transferring pharmacy").into_iter().map(Field::maybe));
    fields.push(Field::text("from.number", "Its number of the prescription").maybe());
    fields.push(Field::text("pharmacist", "Transferring pharmacist, full name").maybe());
    fields.push(
        Field::choose(
            "first-filled",
            "Where it was first filled",
            &[("sender", "at the transferring pharmacy, or nowhere yet"), ("other", "at another pharmacy")],
        )
        .maybe(),
    );
    fields.extend(pharmacy_fields("first", "First pharmacy, if another").into_iter().map(Field::maybe));
    fields.push(Field::text("first.number", "Its number of the prescription, if another").maybe());
    fields.push(Field::legend("How it was communicated"));
    fields.extend(receiving());
    fields
}

pub(super) fn receiving_of(typed: &Typed) -> Result<Receiving, Fault> {
    Ok(Receiving {
        between: typed.law_word("between")?,
        database: typed.law_word("database")?,
        standing: typed.law_word("standing")?,
        mark: if typed.ticked("mark") { Mark::Made } else { Mark::NotMade },
    })
}

/// What was written down. What is absent is for the rulebook to miss; what cannot be a value is refused here.
fn data_of(house: &House, typed: &Typed) -> Result<TransferData, Fault> {
    let mut contents = CanonicalContents::default();
    let put = |contents: &mut CanonicalContents, element: Element, text: &str| {
        contents.set(element, text).map_err(|error| {
            wrong(element.tag(), format!("{} cannot be read: {error}", label(element.tag())), "correct it")
        })
    };
    for (element, _) in WRITTEN {
        let text = typed.get(element.tag());
        if !text.is_empty() {
            put(&mut contents, element, text)?;
        }
    }
    let ndc = typed.ndc(Element::DrugNdc.tag())?;
    let Some(product) = house.drug(&ndc)? else {
        return Err(wrong(Element::DrugNdc.tag(), "the drug file does not know this NDC", "look the product up"));
    };
    put(&mut contents, Element::DrugName, &product.name)?;
    put(&mut contents, Element::DrugStrength, &product.strength)?;
    put(&mut contents, Element::DrugForm, &product.form)?;
    put(&mut contents, Element::QuantityUnit, &product.unit.name())?;
    if let Some(schedule) = product.schedule {
        put(&mut contents, Element::DrugSchedule, schedule.roman())?;
    }
    let from = typed.pharmacy("from")?;
    let mut earlier = Vec::new();
    for no in 1..=EARLIER {
        let name = |what: &str| format!("earlier.{no}.{what}");
        if typed.get(&name("on")).is_empty() && typed.get(&name("quantity")).is_empty() {
            continue;
        }
        let counted = Decimal::parse(typed.get(&name("quantity"))).ok();
        let quantity = counted.and_then(|value| Quantity::new(value, product.unit.clone()).ok()).ok_or_else(|| {
            wrong(name("quantity"), "the quantity of an earlier filling cannot be counted", "enter a number")
        })?;
        let place = typed.maybe(&name("place")).unwrap_or_else(|| format!("{}, {}", from.name, from.address));
        earlier.push(EarlierFilling { on: typed.day(&name("on"))?, quantity, place });
    }
    let refills_remaining = match typed.get("refills-remaining") {
        "" => None,
        _ => Some(typed.number("refills-remaining")?),
    };
    let first_filled = match typed.get("first-filled") {
        "sender" => FirstFilled::BySender,
        "other" => FirstFilled::At(Box::new(typed.pharmacy("first")?)),
        _ => FirstFilled::Unstated,
    };
    Ok(TransferData {
        form: typed.law_word("form")?,
        contents,
        original: ArchiveDigest([0; 32]),
        first_dispensed: typed.maybe_day("first-dispensed")?,
        refills_remaining,
        earlier,
        from,
        pharmacist: typed.get("pharmacist").to_owned(),
        first_filled,
    })
}

/// Where to go after a transfer was taken, or why it was not.
pub(super) fn taken(outcome: TransferTaken, typed: Typed) -> Result<PrescriptionNumber, Tried> {
    match outcome {
        TransferTaken::Accepted(number) => Ok(number),
        TransferTaken::Refused(refusals) => {
            Err(Tried { typed, faults: refusals.iter().map(Failure::refused).collect() })
        }
    }
}

/// `POST /pharmacy/transfers`
pub(in crate::http) async fn transfer_take(asked: Asked) -> Answer {
    let acted = done(&asked, |house, actor, typed| {
        let how = receiving_of(typed)?;
        let data = data_of(house, typed)?;
        let outcome = house.take_transfer_by_hand(actor, data, &how)?;
        Ok((outcome, typed.clone()))
    });
    match acted.await? {
        Ok((outcome, typed)) => match taken(outcome, typed) {
            Ok(number) => see(&format!("/pharmacy/records/{number}/transfer")),
            Err(tried) => listed(asked, tried).await,
        },
        Err(tried) => listed(asked, tried).await,
    }
}

/// `POST /pharmacy/transfers/file`
pub(in crate::http) async fn transfer_upload(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let (bytes, typed) = parts_of(&asked)?;
    let given = typed.clone();
    let acted = asked
        .app
        .ask(move |world| act(world, |house| house.take_transfer_file(&actor, &bytes, &receiving_of(&given)?)));
    match acted.await? {
        Ok(outcome) => match taken(outcome, typed) {
            Ok(number) => see(&format!("/pharmacy/records/{number}/transfer")),
            Err(tried) => listed(asked, tried).await,
        },
        Err(failure) => listed(asked, Tried::new(typed, failure)).await,
    }
}
