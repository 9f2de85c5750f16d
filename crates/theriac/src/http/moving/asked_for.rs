//! Prescriptions asked for from pharmacy to pharmacy over SCRIPT: ask, and for each request its page with what happened and what
//! can be done now.

use super::desk::{Cell, Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use super::transfers::{receiving, receiving_of, taken};
use crate::dispensary::asked_for::{AskedFor, Step};
use crate::dispensary::moving_papers::wall;
use crate::dispensary::transfers::TransferTaken;
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::typed::{Typed, wrong};
use jiff::Timestamp;
use theriac_law::vocab::Form as Came;
use theriac_model::{Actor, Element};
use theriac_pharmacy::{Mark, PrescriptionNumber};
use theriac_wire::script::transfer::{TransferDenial, TransferPatient};

/// Where requests are sent from.
const REQUESTS: &str = "/pharmacy/transfers/requests";

fn path_of(of: &AskedFor) -> String {
    format!("{REQUESTS}/{}", of.address())
}

fn when(house: &House, at: Timestamp) -> String {
    wall(theriac_law::Moment { timestamp: at, offset: house.clock.zone().to_offset(at) })
}

/// Where a request stands, in words.
fn stands(of: &AskedFor) -> (&'static str, &'static str) {
    match (of.ours, of.step) {
        (true, Step::Asked) => ("asked, not answered yet", "open"),
        (true, Step::Failed) => ("their program refused the request", "bad"),
        (true, Step::Answered) => ("sent to us: take it in", "bad"),
        (true, Step::Denied) => ("they denied it", "plain"),
        (true, Step::Taken) => ("taken in", "good"),
        (true, Step::NotTaken) => ("not taken in", "plain"),
        (false, Step::Came) => ("asked of us: answer it", "bad"),
        (false, Step::Sent) => ("sent, waiting for their word", "open"),
        (false, Step::Denied) => ("denied", "plain"),
        (false, Step::Confirmed) => ("taken in there, void here", "good"),
        (false, Step::NotTaken) => ("not taken in there, free here", "plain"),
        (false, Step::Freed) => ("freed here", "plain"),
        _ => ("see its page", "plain"),
    }
}

fn step_in_words(step: Step, ours: bool) -> &'static str {
    match (step, ours) {
        (Step::Asked, _) => "we asked",
        (Step::Came, _) => "they asked",
        (Step::Sent, _) => "we sent it; it waits here",
        (Step::Denied, true) => "they denied it",
        (Step::Denied, false) => "we denied it",
        (Step::Answered, _) => "they sent it",
        (Step::Taken, _) => "we took it in",
        (Step::NotTaken, true) => "we did not take it in",
        (Step::NotTaken, false) => "they did not take it in; it is free here",
        (Step::Confirmed, _) => "they took it in; it is void here",
        (Step::Freed, _) => "we freed it",
        (Step::Failed, _) => "the request failed",
        (Step::Noted | Step::Refused, _) => "noted",
    }
}

/// The section of the list of transfers: what is asked for, and the form to ask.
pub(super) fn section(house: &House, typed: &Typed) -> Result<Section, Fault> {
    let heads = ["Prescription", "Who asked", "Other pharmacy", "Patient", "Since", "Where it stands"];
    let mut grid =
        Grid::new(&heads, "Nobody asked for a prescription over SCRIPT yet, neither we nor another pharmacy.");
    for of in house.asked_for()? {
        let (words, tone) = stands(&of);
        grid.rows.push(vec![
            link(of.fact("number"), path_of(&of)),
            cell(if of.ours { "we" } else { "they" }),
            cell(other(&of)),
            cell(patient(&of)),
            cell(when(house, of.at)),
            state(words, tone),
        ]);
    }
    let reached = house.partners()?.map(crate::transport::Partners::pharmacies).unwrap_or_default();
    let mut section =
        Section { id: "requests", heading: "Asked for over SCRIPT".to_owned(), grid: Some(grid), ..Section::default() };
    if reached.is_empty() {
        section.texts.push(
            "No other pharmacy is reached over SCRIPT from here: the operator names each under [script] in theriac.toml. \
             Until then a transfer goes by sealed file or by hand, below."
                .to_owned(),
        );
        return Ok(section);
    }
    let reached = reached.into_iter().map(|(party, name)| (party.clone(), format!("{name} ({party})"))).collect();
    let fields = vec![
        Field::choose_of("to", "The pharmacy that has it", reached),
        Field::text("number", "Its number of the prescription").hint("As on the patient's label."),
        Field::text("last", "Patient's last name").hint("Number, name and date of birth must agree there."),
        Field::date("born", "Patient's date of birth"),
    ];
    section.forms = vec![Form::post(REQUESTS, "Ask for it", fields).step("ask").folded("Ask another pharmacy", typed)];
    Ok(section)
}

fn other(of: &AskedFor) -> String {
    match of.fact("name") {
        "" => of.fact("other").to_owned(),
        name => format!("{name} ({})", of.fact("other")),
    }
}

fn patient(of: &AskedFor) -> String {
    format!("{}, born {}", of.fact("last"), of.fact("born"))
}

/// `POST /pharmacy/transfers/requests`
pub(in crate::http) async fn transfer_ask(asked: Asked) -> Answer {
    let acted = done(&asked, |house, actor, typed| {
        let born = typed.day("born")?.to_string();
        let patient = TransferPatient { last: typed.text("last")?, born };
        let key = house.ask_for_transfer(actor, &typed.text("to")?, &typed.text("number")?, &patient)?;
        house.asked_by(&key).map(|of| path_of(&of))
    });
    match acted.await? {
        Ok(path) => see(&path),
        Err(tried) => super::transfers::listed(asked, tried).await,
    }
}

/// `/pharmacy/transfers/requests/{id}`
pub(in crate::http) async fn transfer_request(asked: Asked) -> Answer {
    shown(asked, Tried::default()).await
}

async fn shown(asked: Asked, tried: Tried) -> Answer {
    let address = asked.id("id")?;
    show(asked, Door::TransferRequest, tried, move |house, actor, typed| desk(house, actor, &address, typed)).await
}

fn desk(house: &House, actor: &Actor, address: &str, typed: &Typed) -> Result<Desk, Fault> {
    let of = house.asked_by(address)?;
    let (words, tone) = stands(&of);
    let mut sections = vec![about(house, &of)?];
    match (of.ours, of.step) {
        (false, Step::Came) => sections.push(to_answer(house, actor, &of, typed)?),
        (true, Step::Answered) => sections.push(to_take_in(&of, typed)),
        (false, Step::Sent) => sections.push(to_free(&of, typed)),
        _ => {}
    }
    sections.push(history(house, &of));
    Ok(Desk {
        title: format!("Transfer of {} over SCRIPT", of.fact("number")),
        tag: Some((tone, words.to_owned())),
        back: Some(("/pharmacy/transfers#requests".to_owned(), "Transfers".to_owned())),
        lead: "One of the two pharmacies can dispense it, never both: what is sent waits until the other has said what it did."
            .to_owned(),
        sections,
    })
}

fn about(house: &House, of: &AskedFor) -> Result<Section, Fault> {
    let mut facts = vec![
        ("Other pharmacy".to_owned(), other(of)),
        ("Its number of the prescription".to_owned(), of.fact("number").to_owned()),
        ("Patient".to_owned(), patient(of)),
    ];
    if !of.ours {
        facts.swap_remove(1);
        facts.insert(1, ("Our number of the prescription".to_owned(), of.fact("number").to_owned()));
    }
    let known = [
        ("dea", "Its DEA number"),
        ("address", "Its address"),
        ("pharmacist", "Its pharmacist"),
        ("by", "Our pharmacist"),
        ("taken-by", "Taken in by"),
        ("why", "What was said"),
    ];
    let stated = known.iter().filter(|(name, _)| !of.fact(name).is_empty());
    facts.extend(stated.map(|(name, label)| ((*label).to_owned(), of.fact(name).to_owned())));
    let mut links = Vec::new();
    for (name, label) in [("rx", "Record of the transfer here"), ("new", "The prescription as it was taken in")] {
        if !of.fact(name).is_empty() {
            links.push((format!("/pharmacy/records/{}/transfer", of.fact(name)), label.to_owned()));
        }
    }
    let trouble = of.fact("trouble");
    let mut forms = Vec::new();
    let waiting = house.not_delivered(of)?;
    let alarm = match &waiting {
        Some(why) => Some(("not delivered yet".to_owned(), format!("It is tried again every half minute: {why}."))),
        None if !trouble.is_empty() => Some(("trouble".to_owned(), said_of_trouble(of))),
        None => None,
    };
    let hears_nothing = matches!((of.ours, of.step), (true, Step::Asked | Step::Failed) | (false, Step::Sent));
    if waiting.is_none() && (hears_nothing || !trouble.is_empty()) {
        forms.push(Form::post(path_of(of), "Send it again", Vec::new()).step("again").quiet());
    }
    Ok(Section {
        id: "about",
        heading: "What is asked for".to_owned(),
        facts,
        alarm,
        links,
        forms,
        ..Section::default()
    })
}

/// A refused confirmation is the one case in which both could believe that they may dispense.
fn said_of_trouble(of: &AskedFor) -> String {
    let trouble = of.fact("trouble");
    if of.ours && of.step == Step::Taken {
        format!("{trouble}. Dispense nothing on it before you have spoken with the other pharmacist.")
    } else {
        format!("{trouble}.")
    }
}

fn to_answer(house: &House, actor: &Actor, of: &AskedFor, typed: &Typed) -> Result<Section, Fault> {
    let path = path_of(of);
    let mut section = Section { id: "answer", heading: "Answer it".to_owned(), ..Section::default() };
    match house.meant(of) {
        Ok((number, _)) => {
            let prescription = house.open_record(actor, &number, "transfer")?;
            let contents = &prescription.received().contents;
            let part = |element| contents.get(element).unwrap_or_default();
            let refills = prescription.refills_remaining(&house.profile, house.clock.moment())?;
            section.facts = vec![
                ("Drug".to_owned(), format!("{} {}", part(Element::DrugName), part(Element::DrugStrength))),
                ("Patient".to_owned(), format!("{} {}", part(Element::PatientFirst), part(Element::PatientLast))),
                ("Status here".to_owned(), prescription.status().to_string()),
                ("Refills that would go along".to_owned(), refills.to_string()),
            ];
            section.links.push((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}")));
            if prescription.closed().is_none() && prescription.on_its_way().is_none() {
                section.texts.push(
                    "Sent, it goes with the sealed original, every earlier filling and your name. From then on nothing is \
                     dispensed on it here; it is void when they have taken it in, and free again when they have not."
                        .to_owned(),
                );
                let mut fields = Vec::new();
                if prescription.received().source.form() != Came::Electronic {
                    fields.push(Field::tick("void", "I have written VOID on the face of the original"));
                }
                section.forms.push(Form::post(&path, "Send it", fields).step("send"));
            } else {
                section.texts.push("It cannot be sent any more: deny it with the reason.".to_owned());
            }
        }
        Err(Fault::Refused(refusal)) => {
            section.alarm = Some(("not found".to_owned(), format!("{}.", capital(&refusal.what))));
        }
        Err(other) => return Err(other),
    }
    let reasons = TransferDenial::ALL.map(|why| (why.code().to_owned(), why.words().to_owned())).to_vec();
    let fields = vec![
        Field::choose_of("why", "Why", reasons),
        Field::text("words", "In words").hint("At most 260 characters; the other pharmacist reads them.").maybe(),
    ];
    section.forms.push(Form::post(&path, "Deny it", fields).step("deny").quiet().folded("Deny it", typed));
    Ok(section)
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn to_take_in(of: &AskedFor, typed: &Typed) -> Section {
    let path = path_of(of);
    let why = vec![Field::text("why", "Why not").hint("At most 260 characters; the other pharmacist reads them.")];
    Section {
        id: "take",
        heading: "Take it in".to_owned(),
        texts: vec![
            "The seals are checked when you take it in, and the pharmacy that sent it is told in the same moment. Until then it \
             can be dispensed nowhere."
                .to_owned(),
        ],
        forms: vec![
            Form::post(&path, "Take it in", receiving()).step("take"),
            Form::post(&path, "Do not take it in", why).step("decline").quiet().folded("Do not take it in", typed),
        ],
        ..Section::default()
    }
}

fn to_free(of: &AskedFor, typed: &Typed) -> Section {
    let fields = vec![
        Field::text("who", "The pharmacist there, full name"),
        Field::text("said", "What was said").hint("That it was not taken in there, and will not be."),
    ];
    Section {
        id: "free",
        heading: "It waits for their word".to_owned(),
        texts: vec![
            "Nothing is dispensed on it here. When their word does not come, call them. Free it only when the pharmacist there \
             tells you that it was not taken in and will not be."
                .to_owned(),
        ],
        forms: vec![
            Form::post(path_of(of), "Free it", fields).step("free").quiet().folded("Free it on their word by telephone", typed),
        ],
        ..Section::default()
    }
}

fn history(house: &House, of: &AskedFor) -> Section {
    let mut grid = Grid::new(&["When", "What", "By", "Words"], "Nothing happened yet.");
    for step in &of.steps {
        let by: Cell = cell(match step.actor.as_str() {
            "theriac" => "the program, on a message".to_owned(),
            person => house.full_name(person),
        });
        let what = cell(step_in_words(step.step, of.ours));
        grid.rows.push(vec![cell(when(house, step.at)), what, by, cell(step.words.clone())]);
    }
    Section { id: "history", heading: "What happened".to_owned(), grid: Some(grid), ..Section::default() }
}

/// What a form of the page of one request did.
enum Done {
    Step,
    Taken(TransferTaken, Typed),
}

fn step(house: &House, actor: &Actor, address: &str, typed: &Typed) -> Result<Done, Fault> {
    match typed.get("step") {
        "send" => {
            let mark = if typed.ticked("void") { Mark::Made } else { Mark::NotMade };
            house.send_what_was_asked(actor, address, mark)?;
        }
        "deny" => {
            let why = typed.word("why", TransferDenial::of)?;
            house.deny_what_was_asked(actor, address, why, typed.get("words"))?;
        }
        "take" => {
            let how = receiving_of(typed)?;
            return Ok(Done::Taken(house.take_what_was_sent(actor, address, &how)?, typed.clone()));
        }
        "decline" => house.decline_what_was_sent(actor, address, typed.get("why"))?,
        "free" => house.free_what_was_sent(actor, address, typed.get("who"), typed.get("said"))?,
        "again" => house.send_again(actor, address)?,
        _ => return Err(wrong("step", "there is no such act", "use a form of this page")),
    }
    Ok(Done::Step)
}

/// `POST /pharmacy/transfers/requests/{id}`
pub(in crate::http) async fn transfer_request_step(asked: Asked) -> Answer {
    let address = asked.id("id")?;
    let of = address.clone();
    match done(&asked, move |house, actor, typed| step(house, actor, &of, typed)).await? {
        Ok(Done::Step) => see(&format!("{REQUESTS}/{address}")),
        Ok(Done::Taken(outcome, typed)) => match taken(outcome, typed) {
            Ok(number) => see(&page_of(&number)),
            Err(tried) => shown(asked, tried).await,
        },
        Err(tried) => shown(asked, tried).await,
    }
}

fn page_of(number: &PrescriptionNumber) -> String {
    format!("/pharmacy/records/{number}/transfer")
}
