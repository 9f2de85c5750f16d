//! The drug file: products by name or NDC, and what rules ask of each besides its schedule.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use crate::drugs::{Entered, Facts, Flag, unknown};
use crate::house::House;
use crate::house::event::Product;
use crate::house::record::Fault;
use crate::http::answer::{json, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::Answer;
use crate::http::practice::act;
use crate::typed::Typed;
use serde_json::json as object;
use theriac_law::vocab::{Chemical, Salt, Word};
use theriac_model::{Ndc, Schedule};

fn titled(product: &Product) -> String {
    format!("{} {}", product.name, product.strength)
}

fn ndc_of(asked: &Asked) -> Result<Ndc, Failure> {
    let next = "look the product up in the drug file";
    Ndc::parse(&asked.id("ndc")?).map_err(|_| Failure::no_such("product", next))
}

/// `/pharmacy/drugs?q=`
pub(in crate::http) async fn drugs(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    let search: String = typed.get("q").chars().take(80).collect();
    show(asked, Door::DrugFile, Tried::default(), move |house, _, _| list(house, &search)).await
}

fn list(house: &House, search: &str) -> Result<Desk, Fault> {
    let mut grid = Grid::new(
        &["Product", "NDC", "Schedule", "Not told"],
        "No controlled product begins with this. Type a name or an NDC; other products are found by their whole NDC.",
    );
    let mut found = house.find_drugs(search)?;
    if let Ok(ndc) = Ndc::parse(search) {
        found.extend(house.drug(&ndc)?.filter(|product| found.iter().all(|one| one.ndc != product.ndc)));
    }
    for product in found {
        let Some(facts) = house.drug_facts(&product.ndc)? else { continue };
        let missing: Vec<&str> = facts.missing().into_iter().map(Flag::name).collect();
        grid.rows.push(vec![
            link(titled(&product), format!("/pharmacy/drugs/{}", product.ndc)),
            cell(product.ndc.to_string()),
            cell(product.schedule.map_or("not controlled", Schedule::roman)),
            if missing.is_empty() { state("complete", "good") } else { cell(missing.join(", ")) },
        ]);
    }
    let fields = vec![Field::text("q", "Name or NDC").value(search).maybe()];
    Ok(Desk {
        title: "Drug file".to_owned(),
        back: Some(("/pharmacy/counter".to_owned(), "Counter".to_owned())),
        lead: "What the program knows of each product. A rule that needs a fact nobody has told refuses and names it."
            .to_owned(),
        sections: vec![Section {
            id: "products",
            heading: "Products".to_owned(),
            grid: Some(grid),
            forms: vec![Form::get("/pharmacy/drugs", "Find", fields).quiet()],
            ..Section::default()
        }],
        ..Desk::default()
    })
}

/// `/pharmacy/drugs/{ndc}`
pub(in crate::http) async fn drug(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let ndc = ndc_of(&asked)?;
    let may_enter = Door::DrugFactsEnter.admits(asked.visitor()?.actor.role);
    show(asked, Door::DrugFacts, tried, move |house, _, typed| {
        let facts = house.drug_facts(&ndc)?.ok_or_else(|| unknown(&ndc))?;
        Ok(desk(&facts, may_enter, typed))
    })
    .await
}

fn desk(facts: &Facts, may_enter: bool, typed: &Typed) -> Desk {
    let product = &facts.product;
    let mut grid = Grid::new(&["Fact", "Says", "Told by"], "");
    for flag in Flag::ALL {
        let by = facts.entered.iter().find(|(entered, _)| *entered == flag).map(|(_, by)| by.clone());
        let (says, by) = match facts.says(flag) {
            Some(says) => (cell(says), by.unwrap_or_else(|| "the drug file".to_owned())),
            None => (state("missing", "open"), "nobody: a rule that needs it refuses".to_owned()),
        };
        grid.rows.push(vec![cell(flag.name()), says, cell(by)]);
    }
    let mut sections = vec![Section {
        id: "facts",
        heading: "What rules ask".to_owned(),
        facts: vec![
            ("NDC".to_owned(), product.ndc.to_string()),
            ("Schedule".to_owned(), product.schedule.map_or("not controlled", Schedule::roman).to_owned()),
            ("Form".to_owned(), product.form.clone()),
        ],
        grid: Some(grid),
        ..Section::default()
    }];
    if may_enter {
        let yes_no = [("yes", "yes"), ("no", "no")];
        let measured = [("counted", "counted units"), ("liquid", "a liquid"), ("weighed", "by weight")];
        let words = |list: Vec<&'static str>| list.into_iter().map(|word| (word.to_owned(), word.to_owned()));
        let chemicals = words(Chemical::LIST.iter().map(|(word, _)| *word).collect());
        let chemicals = std::iter::once(("none".to_owned(), "none".to_owned())).chain(chemicals).collect();
        let salts = words(Salt::LIST.iter().map(|(word, _)| *word).collect()).collect();
        let fields = vec![
            Field::choose("narcotic", "Narcotic", &yes_no).maybe(),
            Field::choose("opium", "Contains opium", &yes_no).maybe(),
            Field::choose("legend", "Prescription (legend) drug", &yes_no).maybe(),
            Field::choose("measured", "Measured", &measured).maybe(),
            Field::choose_of("chemical", "Listed chemical", chemicals).maybe(),
            Field::choose_of("salt", "Its salt", salts).maybe(),
            Field::text("mg", "Milligrams of the salt").maybe().hint("In one unit, or in one millilitre of a liquid."),
            Field::text("container", "Units in a commercial container")
                .maybe()
                .hint("Tablets, or millilitres: 100, 473."),
            Field::text("source", "Read from").hint("Such as the label of the package."),
        ];
        let form = Form::post(format!("/pharmacy/drugs/{}", product.ndc), "Enter", fields);
        sections.push(Section {
            id: "enter",
            heading: "Enter what the label says".to_owned(),
            texts: vec![
                "What is entered goes before what the drug file tells. Leave empty what you do not enter.".to_owned(),
            ],
            forms: vec![form.folded("Enter facts", typed)],
            ..Section::default()
        });
    }
    Desk {
        title: titled(product),
        tag: Some(if facts.missing().is_empty() {
            ("good", "complete".to_owned())
        } else {
            ("open", "facts missing".to_owned())
        }),
        back: Some(("/pharmacy/drugs".to_owned(), "Drug file".to_owned())),
        sections,
        ..Desk::default()
    }
}

fn entered(typed: &Typed) -> Entered {
    let mut entered = Entered { source: typed.get("source").to_owned(), ..Entered::default() };
    for flag in Flag::ALL {
        let text = match (flag, typed.get("chemical")) {
            (Flag::Chemical, "" | "none") => typed.get("chemical").to_owned(),
            (Flag::Chemical, chemical) => format!("{chemical} {} {}", typed.get("salt"), typed.get("mg")),
            _ => typed.get(flag.word()).to_owned(),
        };
        if !text.is_empty() {
            entered.facts.insert(flag.word(), text);
        }
    }
    entered
}

/// `POST /pharmacy/drugs/{ndc}`
pub(in crate::http) async fn enter_facts(asked: Asked) -> Answer {
    let ndc = ndc_of(&asked)?;
    let of = ndc.clone();
    match done(&asked, move |house, actor, typed| house.enter_facts(actor, &of, &entered(typed))).await? {
        Ok(()) => see(&format!("/pharmacy/drugs/{ndc}#facts")),
        Err(tried) => shown(asked, tried).await,
    }
}

/// `/api/v1/drug-file/{ndc}`
pub(in crate::http) async fn api_drug(asked: Asked) -> Answer {
    let ndc = ndc_of(&asked)?;
    let found = asked.app.ask(move |world| act(world, |house| house.drug_facts(&ndc)));
    let facts = found.await??.ok_or_else(|| {
        let next = "look it up by its name, or import the FDA's directory";
        Failure::no_such("product", next)
    })?;
    let said: Vec<_> =
        Flag::ALL.into_iter().map(|flag| object!({"flag": flag.word(), "says": facts.says(flag)})).collect();
    let product = &facts.product;
    json(&object!({
        "ndc": product.ndc.as_str(),
        "name": product.name,
        "strength": product.strength,
        "form": product.form,
        "schedule": product.schedule.map(Schedule::roman),
        "facts": said,
        "missing": facts.missing().into_iter().map(Flag::word).collect::<Vec<_>>(),
    }))
}
