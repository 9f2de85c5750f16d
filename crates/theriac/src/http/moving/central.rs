//! Central filling: what of one prescription was sent, what came back; and what is filled here for other pharmacies.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use super::number_of;
use super::{parts_of, words_of};
use crate::dispensary::LabelForm;
use crate::dispensary::central::Delivery;
use crate::dispensary::moving_papers::{pharmacy_in_words, wall};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, file};
use crate::http::practice::act;
use crate::showing::in_words;
use crate::typed::{Typed, wrong};
use theriac_law::vocab::{Form as Came, Recipient, Relationship, Word as _};
use theriac_model::{Actor, Element};
use theriac_pharmacy::{
    Carriage, Central, CentralArrival, CentralEnd, FillingState, Mark, PickUp, PrescriptionNumber, ToCentral, Unfilled,
};

/// Transmissions shown in a list.
const ROWS: u32 = 200;

/// `/pharmacy/records/{number}/central`
pub(in crate::http) async fn record_central(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let number = number_of(&asked)?;
    show(asked, Door::MoveCentral, tried, move |house, actor, typed| record(house, actor, &number, typed)).await
}

fn ended(central: &Central) -> (String, &'static str) {
    match &central.ended {
        None => ("under way".to_owned(), "open"),
        Some(CentralEnd::Back(back)) => {
            let what = format!(
                "back {} by {} carrier, accepted by {}, filled by {}",
                back.received, back.carriage, back.accepted_by.full_name, back.filled_by
            );
            (what, "good")
        }
        Some(CentralEnd::Unfilled(unfilled)) => (format!("{}, {}", unfilled.why, wall(unfilled.at)), "bad"),
    }
}

fn record(house: &House, actor: &Actor, number: &PrescriptionNumber, typed: &Typed) -> Result<Desk, Fault> {
    let prescription = house.open_record(actor, number, "central filling")?;
    let path = format!("/pharmacy/records/{number}/central");
    let mut grid = Grid::new(
        &["No.", "Sent", "To", "Filling", "Quantity", "Refills before and left", "By", "State", "File"],
        "Nothing was sent to a central fill pharmacy.",
    );
    for central in prescription.central() {
        let sent = &central.sent;
        let refills = match (sent.refills_to_date, sent.refills_remaining) {
            (Some(before), Some(left)) => format!("{before} and {left}"),
            _ => "not in schedule II".to_owned(),
        };
        let (words, tone) = ended(central);
        grid.rows.push(vec![
            cell(sent.no.to_string()),
            cell(wall(sent.at)),
            cell(pharmacy_in_words(&sent.to)),
            cell(sent.which.to_string()),
            cell(in_words(&sent.quantity)),
            cell(refills),
            cell(sent.by.full_name.clone()),
            state(words, tone),
            link("sealed file", format!("{path}/{}", sent.no)),
        ]);
    }
    let mut forms = Vec::new();
    if let Some(under_way) = prescription.central().iter().find(|central| central.ended.is_none()) {
        let no = under_way.sent.no.to_string();
        let back = vec![
            Field::date("received", "Day on which it arrived"),
            Field::choose_of("carriage", "Delivered by", carriers()),
            Field::text("filled-by", "Pharmacist who filled it there, full name"),
            Field::text("ndc", "NDC on the package").hint("Scan it."),
        ];
        let back = Form::post(&path, "Record the arrival", back).step("back").with("no", no.clone());
        forms.push(back.folded("It arrived filled", typed));
        let why = vec![Field::choose_of("why", "What happened", words_of::<Unfilled>())];
        let unfilled = Form::post(&path, "Record it", why).step("unfilled").with("no", no).quiet();
        forms.push(unfilled.folded("It does not come back filled", typed));
    } else if prescription.closed().is_none() {
        let mut fields = vec![
            Field::text("to.name", "Central fill pharmacy: name"),
            Field::text("to.address", "Central fill pharmacy: address"),
            Field::text("to.registration", "Central fill pharmacy: DEA number"),
            Field::choose_of("relationship", "How the two pharmacies stand to each other", words_of::<Relationship>()),
        ];
        if prescription.received().source.form() != Came::Electronic {
            fields.push(Field::tick("mark", "I have written CENTRAL FILL on the face of the original"));
        }
        forms.push(Form::post(&path, "Send it", fields).step("send").folded("Send the next filling", typed));
    }
    let waiting = prescription
        .fillings()
        .iter()
        .filter(|filling| filling.central.is_some() && filling.state == FillingState::Filled);
    for filling in waiting {
        let to = words_of::<Recipient>();
        let fields = vec![
            Field::choose_of("to", "Who takes it", to).value("patient"),
            Field::text("recipient", "Name, and how the person stands to the patient"),
        ];
        let release = Form::post(&path, "Hand it over", fields).step("release").with("no", filling.no.to_string());
        forms.push(release.folded(format!("Hand filling {} over", filling.no), typed));
    }
    Ok(Desk {
        title: format!("Central filling of prescription {number}"),
        tag: Some(("plain", prescription.status().to_string())),
        back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
        lead: "What is sent counts as dispensed, so that it cannot be filled here as well. The original stays here."
            .to_owned(),
        sections: vec![Section {
            id: "sent",
            heading: "Sent and received".to_owned(),
            grid: Some(grid),
            forms,
            ..Section::default()
        }],
    })
}

fn carriers() -> Vec<(String, String)> {
    Carriage::LIST.iter().map(|(word, _)| ((*word).to_owned(), format!("{word} carrier"))).collect()
}

/// `POST /pharmacy/records/{number}/central`
pub(in crate::http) async fn record_central_step(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let of = number.clone();
    let acted = done(&asked, move |house, actor, typed| match typed.get("step") {
        "send" => {
            let (prescription, _) = house.dispensing_now(&of)?;
            let marked = prescription.received().source.form() == Came::Electronic || typed.ticked("mark");
            let central = ToCentral {
                to: typed.pharmacy("to")?,
                relationship: typed.law_word("relationship")?,
                mark: if marked { Mark::Made } else { Mark::NotMade },
            };
            house.send_central(actor, &of, &central)
        }
        "back" => {
            let carriage = match typed.get("carriage") {
                "" => None,
                _ => Some(typed.law_word("carriage")?),
            };
            let arrival = CentralArrival {
                received: typed.maybe_day("received")?,
                carriage,
                accepted_by: house.pharmacy_person(actor),
                filled_by: typed.get("filled-by").to_owned(),
                ndc: typed.ndc("ndc")?,
            };
            house.back_from_central(actor, &of, typed.number("no")?, &arrival)
        }
        "unfilled" => house.central_unfilled(actor, &of, typed.number("no")?, typed.law_word("why")?),
        "release" => {
            let pick_up = PickUp::by_hand(typed.law_word("to")?, typed.get("recipient"));
            house.release_central(actor, &of, typed.number("no")?, &pick_up)
        }
        _ => Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/records/{number}/central")),
        Err(tried) => shown(asked, tried).await,
    }
}

/// `/pharmacy/records/{number}/central/{seq}`: the sealed file of one transmission.
pub(in crate::http) async fn central_file(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let no = u32::try_from(asked.seq()?).unwrap_or(u32::MAX);
    let actor = asked.visitor()?.actor.clone();
    let name = format!("central-{number}-{no}.p7m");
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            house.open_record(&actor, &number, "central filling")?;
            house.central_file(&number, no)
        })
    });
    let bytes = found.await??.ok_or_else(|| Failure::no_such("transmission", "open the page of central filling"))?;
    file(&name, "application/pkcs7-mime", bytes)
}

/// `/pharmacy/central`
pub(in crate::http) async fn central(asked: Asked) -> Answer {
    listed(asked, Tried::default()).await
}

async fn listed(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Central, tried, |house, _, _| list(house)).await
}

fn list(house: &House) -> Result<Desk, Fault> {
    let mut own = Grid::new(&["Number", "Sent", "To", "Drug", "Quantity", "State"], "Nothing was sent yet.");
    for row in house.sent_rows(ROWS)? {
        let tone = match row.state.as_str() {
            "back" => "good",
            "sent" => "open",
            _ => "bad",
        };
        own.rows.push(vec![
            link(format!("{}/{}", row.number, row.no), format!("/pharmacy/records/{}/central", row.number)),
            cell(row.at),
            cell(row.to),
            cell(row.drug),
            cell(row.quantity),
            state(row.state, tone),
        ]);
    }
    let mut others =
        Grid::new(&["Received", "From", "Their number", "Drug", "Quantity", "State"], "Nothing was sent here yet.");
    for filling in house.central_orders(ROWS)? {
        let received = filling.order.received();
        let part = |element| received.contents.get(element).unwrap_or_default();
        let (words, tone) = standing(&filling.order);
        others.rows.push(vec![
            link(wall(received.at), format!("/pharmacy/central/{}", filling.seq)),
            cell(received.retail.name.clone()),
            cell(format!("{}/{}", received.retail.number, received.no)),
            cell(format!("{} {}", part(Element::DrugName), part(Element::DrugStrength))),
            cell(in_words(&received.quantity)),
            state(words, tone),
        ]);
    }
    let mut for_others = Section {
        id: "others",
        heading: "Filled here for other pharmacies".to_owned(),
        grid: Some(others),
        ..Section::default()
    };
    match house.central_site() {
        Ok(site) => {
            let (storage, controls) = site.security();
            for_others.facts =
                vec![("Stored".to_owned(), storage.to_owned()), ("Guarded by".to_owned(), controls.to_owned())];
            for_others.texts = vec![
                "This pharmacy also fills for others: one registration, one inventory, one ledger. Each movement names its filling or its transmission."
                    .to_owned(),
            ];
            let field = Field::of("file", "file", "The sealed file of the retail pharmacy");
            for_others.forms =
                vec![Form { file: true, ..Form::post("/pharmacy/central", "Take the file in", vec![field]) }];
        }
        Err(refusal) => for_others.texts = vec![format!("{}. {}.", refusal.what, refusal.next)],
    }
    Ok(Desk {
        title: "Central filling".to_owned(),
        lead: "What this pharmacy sends to be filled elsewhere, and what it fills for others.".to_owned(),
        sections: vec![
            Section {
                id: "own",
                heading: "Sent to be filled elsewhere".to_owned(),
                grid: Some(own),
                ..Section::default()
            },
            for_others,
        ],
        ..Desk::default()
    })
}

fn standing(order: &theriac_pharmacy::CentralOrder) -> (&'static str, &'static str) {
    match (order.filled(), order.delivered(), order.returned()) {
        (_, Some(_), _) => ("delivered", "good"),
        (_, _, Some(_)) => ("sent back", "bad"),
        (Some(_), ..) => ("filled", "open"),
        _ => ("to be filled", "open"),
    }
}

/// `POST /pharmacy/central`
pub(in crate::http) async fn central_take(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let (bytes, typed) = parts_of(&asked)?;
    match asked.app.ask(move |world| act(world, |house| house.receive_central(&actor, &bytes))).await? {
        Ok(seq) => see(&format!("/pharmacy/central/{seq}")),
        Err(failure) => listed(asked, Tried::new(typed, failure)).await,
    }
}

/// `/pharmacy/central/{seq}`
pub(in crate::http) async fn central_one(asked: Asked) -> Answer {
    one(asked, Tried::default()).await
}

async fn one(asked: Asked, tried: Tried) -> Answer {
    let seq = asked.seq()?;
    show(asked, Door::CentralOne, tried, move |house, _, typed| order(house, seq, typed)).await
}

fn order(house: &House, seq: u64, typed: &Typed) -> Result<Desk, Fault> {
    let (filling, _) = house.central_order(seq)?;
    let (order, path) = (&filling.order, format!("/pharmacy/central/{seq}"));
    let received = order.received();
    let mut facts = vec![
        ("Received".to_owned(), wall(received.at)),
        ("Retail pharmacy".to_owned(), pharmacy_in_words(&received.retail)),
        ("Sent by".to_owned(), received.sent_by.clone()),
        ("Filling".to_owned(), received.which.to_string()),
        ("Quantity".to_owned(), in_words(&received.quantity)),
        ("Relationship".to_owned(), received.relationship.to_string()),
    ];
    if let (Some(before), Some(left)) = (received.refills_to_date, received.refills_remaining) {
        facts.push(("Refills dispensed and remaining".to_owned(), format!("{before} and {left}")));
    }
    if let Some(filled) = order.filled() {
        facts
            .push(("Filled".to_owned(), format!("{} by {}, NDC {}", wall(filled.at), filled.by.full_name, filled.ndc)));
    }
    if let Some(gone) = order.delivered() {
        let words =
            format!("{} to the {} carrier {}, hired by {}", wall(gone.at), gone.carriage, gone.carrier, gone.hired_by);
        facts.push(("Delivered".to_owned(), words));
        facts.push(("How the carrier was assessed".to_owned(), gone.assessment.clone()));
    }
    if let Some(back) = order.returned() {
        facts.push(("Not filled".to_owned(), format!("{}, {} by {}", back.why, wall(back.at), back.by.full_name)));
    }
    let mut contents = Grid::new(&["Element", "Value"], "Nothing.");
    for element in Element::ALL.iter().copied() {
        if let Some(value) = received.contents.get(element) {
            contents.rows.push(vec![cell(crate::http::words::label(element.tag())), cell(value)]);
        }
    }
    let mut forms = Vec::new();
    if order.filled().is_none() && order.returned().is_none() {
        let scan = vec![Field::text("ndc", "NDC of the package in your hand").hint("Scan it.")];
        forms.push(Form::post(&path, "Fill it", scan).step("fill"));
        let why = vec![Field::choose_of("why", "What happened", words_of::<Unfilled>())];
        forms.push(Form::post(&path, "Record it", why).step("back").quiet().folded("Send it back unfilled", typed));
    }
    if order.filled().is_some() {
        forms.push(label_form(&format!("{path}/label"), None));
        if order.delivered().is_none() {
            let fields = vec![
                Field::choose_of("carriage", "Delivered by", carriers()),
                Field::text("carrier", "The carrier, by name"),
                Field::text("hired-by", "Who contracted the carrier"),
                Field::text("assessment", "How and when the carrier was assessed against losses"),
            ];
            forms.push(Form::post(&path, "Give it to the carrier", fields).step("deliver"));
        }
    }
    let (word, tone) = standing(order);
    Ok(Desk {
        title: format!("Filled for {}", received.retail.name),
        tag: Some((tone, word.to_owned())),
        back: Some(("/pharmacy/central".to_owned(), "Central filling".to_owned())),
        lead: format!("Prescription {} of that pharmacy, transmission {}.", received.retail.number, received.no),
        sections: vec![
            Section { id: "order", heading: "The transmission".to_owned(), facts, forms, ..Section::default() },
            Section {
                id: "contents",
                heading: "The prescription".to_owned(),
                grid: Some(contents),
                ..Section::default()
            },
            prints(house, &filling.stream)?,
        ],
    })
}

/// Everything that was printed of a prescription's labels.
pub(super) fn prints(house: &House, of: &str) -> Result<Section, Fault> {
    let mut grid = Grid::new(&["When", "Who", "Filling", "Print", "As", "Why again"], "No label was printed yet.");
    for print in house.prints(of)? {
        let again = if print.copy > 1 { "bad" } else { "good" };
        grid.rows.push(vec![
            cell(print.at),
            cell(print.who),
            cell(print.no.to_string()),
            state(if print.copy > 1 { format!("reprint {}", print.copy) } else { "first".to_owned() }, again),
            cell(print.format),
            cell(print.why),
        ]);
    }
    Ok(Section { id: "prints", heading: "Labels printed".to_owned(), grid: Some(grid), ..Section::default() })
}

/// The form that prints a label; `fillings` to choose from where there are several.
pub(super) fn label_form(action: &str, fillings: Option<Vec<(String, String)>>) -> Form {
    let mut fields = Vec::new();
    if let Some(fillings) = fillings {
        let last = fillings.last().map(|(no, _)| no.clone()).unwrap_or_default();
        fields.push(Field::choose_of("no", "Which filling", fillings).value(last));
    }
    let forms = LabelForm::ALL.iter().map(|(_, word, name)| ((*word).to_owned(), (*name).to_owned())).collect();
    fields.push(Field::choose_of("format", "As", forms).value("pdf"));
    fields
        .push(Field::text("why", "Why it is printed again").maybe().hint("Needed for a second print; it is recorded."));
    Form::post(action, "Print the label", fields)
}

/// `POST /pharmacy/central/{seq}`
pub(in crate::http) async fn central_step(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    let acted = done(&asked, move |house, actor, typed| match typed.get("step") {
        "fill" => house.fill_central(actor, seq, &typed.ndc("ndc")?),
        "deliver" => {
            let delivery = Delivery {
                carriage: typed.law_word("carriage")?,
                carrier: typed.get("carrier").to_owned(),
                hired_by: typed.get("hired-by").to_owned(),
                assessment: typed.get("assessment").to_owned(),
            };
            house.deliver_central(actor, seq, &delivery)
        }
        "back" => house.send_back_central(actor, seq, typed.law_word("why")?),
        _ => Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
    });
    match acted.await? {
        Ok(()) => see(&format!("/pharmacy/central/{seq}")),
        Err(tried) => one(asked, tried).await,
    }
}

/// `POST /pharmacy/central/{seq}/label`
pub(in crate::http) async fn central_label(asked: Asked) -> Answer {
    let seq = asked.seq()?;
    let acted = done(&asked, move |house, actor, typed| {
        let form = typed.word("format", LabelForm::parse)?;
        Ok((house.print_central_label(actor, seq, form, typed.get("why"))?, form))
    });
    match acted.await? {
        Ok((bytes, form)) => super::papers::label_file(&format!("label-{seq}"), form, bytes),
        Err(tried) => one(asked, tried).await,
    }
}
