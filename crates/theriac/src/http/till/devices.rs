//! Machines and emergency kits at care homes, with their ledgers and counts (P40).

use super::{Answer, file, shown};
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::moving::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, state};
use crate::till::{KitNow, MachineNow, PlaceOfStock};
use crate::typed::Typed;
use jiff::civil::Date;

/// `/till/devices`
pub(in crate::http) async fn devices(asked: Asked) -> Answer {
    again(asked, Tried::default()).await
}

async fn again(asked: Asked, tried: Tried) -> Answer {
    let acts = Door::TillDeviceNew.admits(asked.visitor()?.actor.role);
    shown(asked, Door::TillDevices, tried, move |house, _, typed| {
        let today = house.clock.moment().date();
        let mut machines = Grid::new(
            &["Machine", "Facility", "Registration there", "State"],
            "No machine is set up. A machine stands in a care home and holds stock of this pharmacy until a dose is released.",
        );
        for id in house.devices(PlaceOfStock::Machine)? {
            let now = house.machine(&id)?;
            let setup = now.machine.setup();
            machines.rows.push(vec![
                link(id.clone(), format!("/till/devices/machine-{id}")),
                cell(setup.facility.clone()),
                cell(setup.registration.map_or_else(|| "none yet".to_owned(), |number| number.to_string())),
                if now.machine.is_active() { state("in operation", "good") } else { state("not in operation", "open") },
            ]);
        }
        let mut kits = Grid::new(
            &["Kit", "Facility", "State approval", "State"],
            "No kit is set up. A kit holds a few drugs for emergencies in a facility that is not registered.",
        );
        for id in house.devices(PlaceOfStock::Kit)? {
            let now = house.kit(&id)?;
            kits.rows.push(vec![
                link(id.clone(), format!("/till/devices/kit-{id}")),
                cell(now.kit.design().facility.clone()),
                cell(now.kit.design().approval.clone()),
                kit_state(&now, today),
            ]);
        }
        let machine = vec![
            Field::text("name", "Name, such as west-wing-2"),
            Field::text("facility", "Facility: name and address"),
            Field::text("contacted", "Contact with DEA’s registration section: day and person").maybe(),
            Field::text("registration", "DEA registration at the facility").maybe(),
            Field::date("until", "Registration valid until").maybe(),
        ];
        let kit = vec![
            Field::text("name", "Name, such as oak-house"),
            Field::text("facility", "Facility: name and address"),
            Field::text("source", "DEA number of the source").value(house.pharmacy.to_string()),
            Field::text("approval", "Approval of the State’s agency").maybe(),
            Field::area("list", "What it may hold: NDC and the most units, one product a line"),
            Field::area("access", "Who may open it, one person a line"),
            Field::text("safeguards", "Safeguards"),
            Field::text("count-days", "Days from one count to the next").value("30"),
            Field::area("prohibited", "Activities that cost the privilege, one a line").maybe(),
        ];
        let forms = |form: Form| if acts { vec![form] } else { Vec::new() };
        Ok(Desk {
            title: "Machines and kits".to_owned(),
            lead: "Stock of this pharmacy in care homes. It counts as on hand until it is used, and appears in the inventory.".to_owned(),
            sections: vec![
                Section {
                    id: "machines",
                    heading: "Automated dispensing machines".to_owned(),
                    grid: Some(machines),
                    forms: forms(
                        Form::post("/till/devices", "Set the machine up", machine).with("kind", "machine").step("machine").folded("Set up a machine", typed),
                    ),
                    ..Section::default()
                },
                Section {
                    id: "kits",
                    heading: "Emergency kits".to_owned(),
                    grid: Some(kits),
                    forms: forms(Form::post("/till/devices", "Set the kit up", kit).with("kind", "kit").step("kit").folded("Set up a kit", typed)),
                    ..Section::default()
                },
            ],
            ..Desk::default()
        })
    })
    .await
}

fn kit_state(now: &KitNow, today: Date) -> crate::http::moving::desk::Cell {
    if now.kit.is_suspended() {
        state("suspended", "bad")
    } else if now.kit.overdue(today).is_empty() {
        state("in use", "good")
    } else {
        state("count overdue", "bad")
    }
}

/// `POST /till/devices`
pub(in crate::http) async fn set_up(asked: Asked) -> Answer {
    match done(&asked, House::set_up_device).await? {
        Ok(to) => see(&to),
        Err(tried) => again(asked, tried).await,
    }
}

/// What the address names: a machine or a kit.
fn named(asked: &Asked) -> Result<(PlaceOfStock, String), Failure> {
    let id = asked.id("id")?;
    let found = PlaceOfStock::named(&id).map(|(what, name)| (what, name.to_owned()));
    found.ok_or_else(|| Failure::no_such("machine or kit", "choose one from the list"))
}

/// `/till/devices/{id}`
pub(in crate::http) async fn device(asked: Asked) -> Answer {
    one(asked, Tried::default()).await
}

async fn one(asked: Asked, tried: Tried) -> Answer {
    let (what, id) = named(&asked)?;
    let acts = Door::TillDeviceAct.admits(asked.visitor()?.actor.role);
    let (known, path) = (id.clone(), format!("/till/devices/{}-{id}", what.word()));
    let there = asked
        .app
        .ask(move |world| crate::http::practice::act(world, |house| Ok(house.devices(what)?.contains(&known))))
        .await??;
    if !there {
        return Err(Failure::no_such("machine or kit", "choose one from the list"));
    }
    shown(asked, Door::TillDevice, tried, move |house, _, typed| {
        let mut desk = match what {
            PlaceOfStock::Machine => machine_desk(house, &house.machine(&id)?, &path, typed),
            PlaceOfStock::Kit => kit_desk(house, &house.kit(&id)?, &path, typed),
        };
        desk.back = Some(("/till/devices".to_owned(), "Machines and kits".to_owned()));
        if !acts {
            desk.sections.iter_mut().for_each(|section| section.forms.clear());
        }
        Ok(desk)
    })
    .await
}

fn papers(path: &str) -> Vec<(String, String)> {
    let formats = [("pdf", "Print the ledger"), ("csv", "CSV"), ("xlsx", "XLSX")];
    formats.iter().map(|(format, label)| (format!("{path}/{format}"), (*label).to_owned())).collect()
}

fn machine_desk(house: &House, now: &MachineNow, path: &str, typed: &Typed) -> Desk {
    let machine = &now.machine;
    let setup = machine.setup();
    let mut bins = Grid::new(&["Bin", "Product", "Holds", "Use"], "Nothing was loaded yet.");
    let mut drugs = Vec::new();
    for (bin, product, units) in machine.bins() {
        let ndc = &product.commodity.ndc;
        let off = machine.disabled().find(|(disabled, _)| *disabled == ndc);
        let drug = (ndc.to_string(), format!("{} {}", product.name, product.strength));
        if !drugs.contains(&drug) {
            drugs.push(drug);
        }
        bins.rows.push(vec![
            cell(bin.as_str()),
            link(format!("{} {}", product.name, product.strength), format!("/books/stock/{}", product.commodity.ndc)),
            cell(units.to_string()),
            match off {
                Some((_, reason)) => state(format!("out of use: {reason}"), "bad"),
                None => state("in use", "good"),
            },
        ]);
    }
    let form = |step: &'static str, summary: &str, button: &'static str, fields: Vec<Field>| {
        Form::post(path, button, fields).step(step).folded(summary, typed)
    };
    let mut forms = vec![form(
        "register",
        "Enter contact and registration",
        "Enter it",
        vec![
            Field::text("contacted", "Contact with DEA’s registration section: day and person"),
            Field::text("registration", "DEA registration at the facility"),
            Field::date("until", "Valid until"),
        ],
    )];
    if machine.is_active() {
        forms.extend([
            form(
                "load",
                "Load a bin",
                "Load it",
                vec![
                    Field::text("bin", "Bin"),
                    Field::text("ndc", "Product: scan it, or type its NDC"),
                    Field::text("units", "Units"),
                    Field::text("sheet", "Number of the load sheet"),
                ],
            ),
            form(
                "release",
                "Release a dose",
                "Release it",
                vec![
                    Field::text("bin", "Bin"),
                    Field::text("patient", "Patient").maybe(),
                    Field::text("prescription", "Prescription").maybe(),
                    Field::text("units", "Units").value("1"),
                    Field::text("user", "Who administers it"),
                ],
            ),
            form(
                "setting",
                "Take a drug out of use, or put it into use again",
                "Change the setting",
                vec![
                    Field::choose_of("ndc", "Drug", drugs.clone()),
                    Field::choose("setting", "From now on", &[("out-of-use", "out of use"), ("in-use", "in use")]),
                    Field::text("reason", "Why it is taken out of use").maybe(),
                ],
            ),
            form(
                "setting-at-machine",
                "Somebody tried to change a setting at the machine",
                "Refuse it and record it",
                vec![
                    Field::text("user", "Who tried"),
                    Field::choose_of("ndc", "Drug", drugs.clone()),
                    Field::choose("setting", "Wanted", &[("in-use", "in use"), ("out-of-use", "out of use")]),
                ],
            ),
            form("grant", "Let somebody of the facility use it", "Let in", vec![Field::text("user", "Who")]),
            form("revoke", "Shut somebody out", "Shut out", vec![Field::text("user", "Who")]),
        ]);
    } else {
        forms.push(form("activate", "Put it into operation", "Put into operation", Vec::new()));
    }
    Desk {
        title: format!("Machine {}", setup.name.as_str()),
        tag: Some(if machine.is_active() {
            ("good", "in operation".to_owned())
        } else {
            ("open", "not in operation".to_owned())
        }),
        lead: setup.facility.clone(),
        sections: vec![
            Section {
                id: "checklist",
                heading: "Before it is used".to_owned(),
                facts: vec![
                    ("Contact with DEA".to_owned(), setup.contacted.clone().unwrap_or_default()),
                    (
                        "Registration".to_owned(),
                        setup.registration.map_or_else(String::new, |number| number.to_string()),
                    ),
                    ("Valid until".to_owned(), setup.until.map_or_else(String::new, |day| day.to_string())),
                    (
                        "May use it".to_owned(),
                        machine.users().map(|user| house.full_name(user)).collect::<Vec<_>>().join(", "),
                    ),
                ],
                ..Section::default()
            },
            Section {
                id: "bins",
                heading: "Bins".to_owned(),
                grid: Some(bins),
                links: papers(path),
                forms,
                ..Section::default()
            },
        ],
        ..Desk::default()
    }
}

fn kit_desk(house: &House, now: &KitNow, path: &str, typed: &Typed) -> Desk {
    let kit = &now.kit;
    let design = kit.design();
    let today = house.clock.moment().date();
    let overdue = kit.overdue(today);
    let mut held =
        Grid::new(&["Product", "NDC", "Should hold", "At most", "Counted", "Difference"], "The list is empty.");
    let mut list = Vec::new();
    for allowed in &design.list {
        let ndc = &allowed.product.commodity.ndc;
        list.push((ndc.to_string(), format!("{} {}", allowed.product.name, allowed.product.strength)));
        held.rows.push(vec![
            cell(format!("{} {}", allowed.product.name, allowed.product.strength)),
            cell(ndc.to_string()),
            cell(kit.balance(ndc).to_string()),
            cell(allowed.most.to_string()),
            match kit.counted(ndc) {
                _ if overdue.contains(&ndc) => state("overdue", "bad"),
                Some((found, on)) => cell(format!("{found} on {on}")),
                None => cell("not yet"),
            },
            cell(kit.variance(ndc).map_or_else(String::new, |units| units.to_string())),
        ]);
    }
    let form = |step: &'static str, summary: &str, button: &'static str, fields: Vec<Field>| {
        Form::post(path, button, fields).step(step).folded(summary, typed)
    };
    let product = || Field::choose_of("ndc", "Product", list.clone());
    let mut forms = vec![
        form(
            "stock",
            "Stock it",
            "Stock it",
            vec![product(), Field::text("units", "Units"), Field::text("record", "Number of the record")],
        ),
        form(
            "use",
            "The kit was opened and something used",
            "Record the use",
            vec![
                product(),
                Field::text("units", "Units"),
                Field::text("patient", "Patient"),
                Field::text("condition", "The emergency: the patient’s condition"),
                Field::text("authorised-by", "Practitioner who authorised it").maybe(),
                Field::text("user", "Who opened the kit"),
                Field::text("record", "Number of the facility’s record"),
            ],
        ),
        form("count", "Count it", "Record the count", vec![product(), Field::text("found", "Units found")]),
    ];
    if !design.prohibited.is_empty() {
        let activities = design.prohibited.iter().map(|one| (one.clone(), one.clone())).collect();
        forms.push(form(
            "breach",
            "A prohibited activity was found",
            "Record it; the kit is suspended",
            vec![Field::choose_of("activity", "Which", activities), Field::area("found", "What was found")],
        ));
    }
    if kit.is_suspended() {
        forms.push(form("reinstate", "Lift the suspension", "Lift it", vec![Field::text("reason", "Why")]));
    }
    let tag = if kit.is_suspended() {
        ("bad", "suspended".to_owned())
    } else if overdue.is_empty() {
        ("good", "in use".to_owned())
    } else {
        ("bad", "count overdue".to_owned())
    };
    Desk {
        title: format!("Kit {}", design.name.as_str()),
        tag: Some(tag),
        lead: design.facility.clone(),
        sections: vec![
            Section {
                id: "design",
                heading: "Its procedures".to_owned(),
                facts: vec![
                    ("State approval".to_owned(), design.approval.clone()),
                    ("Source".to_owned(), house.pharmacy.to_string()),
                    ("May open it".to_owned(), design.access.join(", ")),
                    ("Safeguards".to_owned(), design.safeguards.clone()),
                    ("Counted every".to_owned(), format!("{} days", design.count_days)),
                    ("Activities that cost the privilege".to_owned(), design.prohibited.join("; ")),
                ],
                ..Section::default()
            },
            Section {
                id: "holds",
                heading: "What it holds".to_owned(),
                grid: Some(held),
                links: papers(path),
                forms,
                ..Section::default()
            },
        ],
        ..Desk::default()
    }
}

/// `POST /till/devices/{id}`
pub(in crate::http) async fn device_act(asked: Asked) -> Answer {
    let (what, id) = named(&asked)?;
    let of = id.clone();
    let acted = done(&asked, move |house, actor, typed| match what {
        PlaceOfStock::Machine => house.machine_act(actor, &of, typed),
        PlaceOfStock::Kit => house.kit_act(actor, &of, typed),
    });
    match acted.await? {
        Ok(()) => see(&format!("/till/devices/{}-{id}", what.word())),
        Err(tried) => one(asked, tried).await,
    }
}

/// `/till/devices/{id}/{format}`
pub(in crate::http) async fn device_file(asked: Asked) -> Answer {
    let (what, id) = named(&asked)?;
    file(&asked, format!("{}-{id}", what.word()), move |house| match what {
        PlaceOfStock::Machine => house.machine_paper(&house.machine(&id)?),
        PlaceOfStock::Kit => house.emergency_kit_paper(&house.kit(&id)?),
    })
    .await
}
