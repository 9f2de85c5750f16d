//! `/till`: what is sold without a prescription, and what was just sold.

use super::{Answer, shown, words};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::moving::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, state};
use crate::till::{ChemicalSale, OnSale, Selling};
use crate::typed::Typed;
use theriac_books::logbook::{ChemicalSalt, Contents, LOGBOOK_WARNING, ListedChemical, Marking, Package};
use theriac_law::vocab::{Channel, Detail, IdDocument, Placement, Word as _};
use theriac_model::Actor;

/// `/till`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Tried::default()).await
}

async fn again(asked: Asked, tried: Tried) -> Answer {
    let role = asked.visitor()?.actor.role;
    let (sells, enters) = (Door::TillCounterSale.admits(role), Door::TillProduct.admits(role));
    shown(asked, Door::TillDesk, tried, move |house, _, typed| till(house, typed, sells, enters)).await
}

fn choices(products: &[OnSale], wanted: fn(&Selling) -> bool) -> Vec<(String, String)> {
    let kept = products.iter().filter(|one| wanted(&one.selling));
    kept.map(|one| (one.ndc.to_string(), format!("{}, NDC {}", one.name, one.ndc))).collect()
}

fn purchaser() -> Vec<Field> {
    vec![
        Field::text("name", "Purchaser’s name").maybe(),
        Field::text("address", "Purchaser’s address").maybe(),
        Field::date("born", "Date of birth"),
    ]
}

fn till(house: &House, typed: &Typed, sells: bool, enters: bool) -> Result<Desk, Fault> {
    let products = house.on_sale()?;
    let mut sections = Vec::new();
    if sells {
        sections.push(counter_section(&products, typed));
        sections.push(chemical_section(&products, typed));
    }
    let mut grid = Grid::new(
        &["Product", "NDC", "Sold as", "Where it is kept"],
        "No product is entered yet. Whoever keeps the books enters each once; then it is sold by scanning it.",
    );
    for one in &products {
        let how = match &one.selling {
            Selling::Counter { product, marking } => match marking {
                Marking::WithoutPrescription => state(format!("schedule {}", product.schedule.roman()), "open"),
                Marking::PrescriptionOnly => state("on prescription only", "bad"),
            },
            Selling::Chemical { product, units_per_package } => state(
                format!("{}, {units_per_package} of {} mg", product.chemical.word(), product.mg_per_unit),
                "plain",
            ),
        };
        grid.rows.push(vec![
            cell(one.name.clone()),
            cell(one.ndc.to_string()),
            how,
            cell(one.kept.word().replace('-', " ")),
        ]);
    }
    let forms = if enters { product_forms(typed) } else { Vec::new() };
    sections.push(Section {
        id: "products",
        heading: "Products of the till".to_owned(),
        grid: Some(grid),
        forms,
        ..Section::default()
    });
    Ok(Desk {
        title: "Till".to_owned(),
        lead: "Sales without a prescription. Each is decided on what the same person bought before, at every register, and written down in its book.".to_owned(),
        sections,
        ..Desk::default()
    })
}

fn counter_section(products: &[OnSale], typed: &Typed) -> Section {
    let list = choices(products, |selling| matches!(selling, Selling::Counter { .. }));
    let mut fields = vec![
        Field::choose_of("ndc", "Product", list.clone()),
        Field::text("quantity", "How much: millilitres, or dosage units"),
    ];
    fields.extend(purchaser());
    fields.push(Field::choose(
        "shown",
        "How the purchaser is known",
        &[
            ("photo-document", "showed a government’s document with photograph and age"),
            ("known", "known to the pharmacist"),
            ("nothing", "showed nothing"),
        ],
    ));
    let forms = if list.is_empty() {
        Vec::new()
    } else {
        vec![
            Form::post("/till/counter", "Sell and enter in the record book", fields)
                .step("counter")
                .folded("Sell a product of schedule V", typed),
        ]
    };
    Section {
        id: "counter",
        heading: "Schedule V without a prescription".to_owned(),
        texts: vec!["A pharmacist makes the sale (21 CFR 1306.26(a)); anybody may then take the money.".to_owned()],
        forms,
        ..Section::default()
    }
}

fn chemical_section(products: &[OnSale], typed: &Typed) -> Section {
    let list = choices(products, |selling| matches!(selling, Selling::Chemical { .. }));
    let documents: Vec<&str> = IdDocument::LIST.iter().map(|(word, _)| *word).collect();
    let mut fields =
        vec![Field::choose_of("ndc", "Product", list.clone()), Field::text("packages", "Packages").value("1")];
    fields.extend(purchaser());
    fields.extend([
        words("document", "Document shown", &documents),
        Field::choose(
            "document-state",
            "The document",
            &[
                ("photograph", "has a photograph and is in date"),
                ("no-photograph", "has no photograph"),
                ("expired", "has run out"),
            ],
        )
        .value("photograph"),
        Field::text("name-on-document", "Name on the document"),
        Field::choose("channel", "How it is handed over", &[("counter", "at the counter"), ("mail", "by mail")])
            .value(Channel::Counter.word()),
        Field::choose("purpose", "For whom", &[("personal", "a person’s own use"), ("institution", "an institution")])
            .value("personal"),
        Field::legend("Warning, shown before signing"),
        Field::choose("warning", LOGBOOK_WARNING, &[("shown", "the purchaser has read it")]).maybe(),
        Field::area("signature", "Signature, as the signature pad gives it")
            .maybe()
            .hint("Not needed for one package of at most 60 mg."),
        Field::text("device", "Which pad").maybe(),
    ]);
    // Without a photograph the document must say all of this.
    for (word, _) in Detail::LIST {
        let label = format!("A document without photograph says: {}", word.replace('-', " "));
        fields.push(Field::tick(format!("detail-{word}"), label).maybe());
    }
    let forms = if list.is_empty() {
        Vec::new()
    } else {
        vec![
            Form::post("/till/chemical", "Sell and enter in the logbook", fields)
                .step("chemical")
                .folded("Sell a product with ephedrine or pseudoephedrine", typed),
        ]
    };
    Section {
        id: "chemical",
        heading: "Listed chemicals".to_owned(),
        texts: vec!["Whoever sells has been trained and has signed for it; the place has certified itself (21 CFR 1314.35, 1314.40).".to_owned()],
        forms,
        ..Section::default()
    }
}

fn product_forms(typed: &Typed) -> Vec<Form> {
    let placements: Vec<&str> = Placement::LIST.iter().map(|(word, _)| *word).collect();
    let all = |list: &[&'static str]| list.to_vec();
    let first = || vec![Field::text("ndc", "NDC"), Field::text("name", "Name of the product")];
    let mut counter = first();
    counter.extend([
        words("contents", "Limited as", &all(&Contents::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())),
        words("marking", "Sold", &all(&Marking::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())),
        words("kept", "Where it is kept", &placements),
    ]);
    let mut chemical = first();
    chemical.extend([
        words("chemical", "Chemical", &all(&ListedChemical::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())),
        words("salt", "Salt", &all(&ChemicalSalt::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())),
        Field::text("mg", "Milligrams of the salt in a unit"),
        Field::text("units-per-package", "Units in a package"),
        words("package", "Packed in", &all(&Package::ALL.iter().map(|one| one.word()).collect::<Vec<_>>())),
        words("kept", "Where it is kept", &placements),
    ]);
    vec![
        Form::post("/till/products", "Enter the product", counter)
            .with("kind", "counter")
            .step("product-counter")
            .quiet()
            .folded("Enter a product of schedule V", typed),
        Form::post("/till/products", "Enter the product", chemical)
            .with("kind", "chemical")
            .step("product-chemical")
            .quiet()
            .folded("Enter a product with a listed chemical", typed),
    ]
}

/// `POST /till/products`
pub(in crate::http) async fn product(asked: Asked) -> Answer {
    match done(&asked, House::enter_product).await? {
        Ok(()) => see("/till"),
        Err(tried) => again(asked, tried).await,
    }
}

/// `POST /till/counter`
pub(in crate::http) async fn counter(asked: Asked) -> Answer {
    let work = |house: &House, actor: &Actor, typed: &Typed| {
        house.counter_sale(actor, typed).map(|sale| format!("/till/sales/counter-{}", sale.entry.number))
    };
    match done(&asked, work).await? {
        Ok(to) => see(&to),
        Err(tried) => again(asked, tried).await,
    }
}

/// `POST /till/chemical`
pub(in crate::http) async fn chemical(asked: Asked) -> Answer {
    let work = |house: &House, actor: &Actor, typed: &Typed| {
        Ok(match house.chemical_sale(actor, typed)? {
            ChemicalSale::Logged(entry) => format!("/till/sales/chemical-{}", entry.number),
            ChemicalSale::Unlogged { .. } => "/till/sales/unlogged".to_owned(),
        })
    };
    match done(&asked, work).await? {
        Ok(to) => see(&to),
        Err(tried) => again(asked, tried).await,
    }
}

/// `/till/sales/{id}`: what was just sold.
pub(in crate::http) async fn sold(asked: Asked) -> Answer {
    let id = asked.id("id")?;
    let number = id.rsplit_once('-').and_then(|(_, number)| number.parse::<u64>().ok());
    let kind = id.split('-').next().unwrap_or_default().to_owned();
    if !matches!((kind.as_str(), number), ("counter" | "chemical", Some(_)) | ("unlogged", None)) {
        return Err(Failure::no_such("sale", "look it up in its book"));
    }
    shown(asked, Door::TillSold, Tried::default(), move |house, _, _| {
        let facts = match (kind.as_str(), number) {
            ("counter", Some(number)) => {
                let (entry, _) = house.book_sale(number)?;
                vec![
                    (
                        "Record book".to_owned(),
                        format!("page {}, line {}, number {}", entry.page, entry.line, entry.number),
                    ),
                    ("Product".to_owned(), format!("{}, NDC {}", entry.product.name, entry.product.ndc)),
                    ("Quantity".to_owned(), entry.quantity.to_string()),
                    ("Purchaser".to_owned(), entry.buyer.name.clone()),
                    ("Pharmacist".to_owned(), house.full_name(&entry.pharmacist.id)),
                    ("Sold".to_owned(), house.moment_in_words(entry.sold)),
                    ("Payment".to_owned(), "may be taken by anybody at the till".to_owned()),
                ]
            }
            ("chemical", Some(number)) => match house.log_lines((number, number))?.first() {
                Some(line) => vec![
                    ("Logbook".to_owned(), format!("entry {}", line.entry.number)),
                    ("Product".to_owned(), format!("{}, NDC {}", line.entry.product.name, line.entry.product.ndc)),
                    ("Packages".to_owned(), line.entry.packages.to_string()),
                    ("Base".to_owned(), format!("{} mg", line.base_mg())),
                    ("Purchaser".to_owned(), line.entry.buyer.name.clone()),
                    ("Confirmed by".to_owned(), house.full_name(&line.entry.confirmed_by.id)),
                    ("Sold".to_owned(), house.moment_in_words(line.entry.sold)),
                ],
                None => Vec::new(),
            },
            _ => vec![("Logbook".to_owned(), "one package so small that no entry is made".to_owned())],
        };
        if facts.is_empty() {
            return Err(crate::typed::wrong("id", "there is no such sale", "look it up in its book"));
        }
        Ok(Desk {
            title: "Sold".to_owned(),
            tag: Some(("good", "sold".to_owned())),
            back: Some(("/till".to_owned(), "Till".to_owned())),
            lead: "The sale is made and written down.".to_owned(),
            sections: vec![Section { id: "sale", heading: "The sale".to_owned(), facts, ..Section::default() }],
        })
    })
    .await
}
