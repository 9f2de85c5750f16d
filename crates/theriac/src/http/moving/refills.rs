//! The refill record: days to verify, refill by refill for a drug, printouts that were asked for, and the one system.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, done, link, show, state};
use super::printed;
use crate::dispensary::moved::system_in_words;
use crate::dispensary::moving_papers::{due_in_words, wall};
use crate::house::House;
use crate::house::config::RefillVerification;
use crate::house::record::Fault;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::form::{Answer, file, inline_file};
use crate::http::practice::act;
use crate::showing::in_words;
use crate::typed::{Typed, wrong};
use jiff::civil::Date;
use theriac_law::vocab::RefillSystem;
use theriac_model::{Actor, Refusal};
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet};
use theriac_pharmacy::{DayStanding, TrailLine, TrailOf};

/// `/pharmacy/refills`
pub(in crate::http) async fn refills(asked: Asked) -> Answer {
    listed(asked, Tried::default()).await
}

async fn listed(asked: Asked, tried: Tried) -> Answer {
    show(asked, Door::Refills, tried, |house, _, typed| desk(house, typed)).await
}

fn tone(standing: DayStanding) -> &'static str {
    match standing {
        DayStanding::Nothing => "plain",
        DayStanding::Open => "open",
        DayStanding::Pressing | DayStanding::Late => "bad",
        DayStanding::Complete => "good",
    }
}

fn desk(house: &House, typed: &Typed) -> Result<Desk, Fault> {
    Ok(Desk {
        title: "Refill record".to_owned(),
        lead: "Each day's refills are verified by every pharmacist who refilled; what the record holds of a drug can be printed refill by refill.".to_owned(),
        sections: vec![days(house)?, trails(house, typed)?, system(house, typed)?],
        ..Desk::default()
    })
}

fn days(house: &House) -> Result<Section, Fault> {
    let mut grid = Grid::new(
        &["Day", "Refills", "Pharmacists", "Not signed by", "Printout due", "State"],
        "Nothing was refilled yet.",
    );
    let mut late = 0_usize;
    for day in house.refill_days()? {
        let missing: Vec<String> = day.record.missing(&day.refills).iter().map(|one| one.full_name.clone()).collect();
        late += usize::from(matches!(day.standing, DayStanding::Late | DayStanding::Pressing));
        grid.rows.push(vec![
            link(day.refills.day.to_string(), format!("/pharmacy/refills/days/{}", day.refills.day)),
            cell(day.refills.lines.len().to_string()),
            cell(day.refills.pharmacists().len().to_string()),
            cell(missing.join(", ")),
            cell(day.due.map(due_in_words).unwrap_or_default()),
            state(day.standing.to_string(), tone(day.standing)),
        ]);
    }
    let how = match house.config.pharmacy.refill_verification {
        RefillVerification::Printout => "on a printout of the day, here within 72 hours",
        RefillVerification::Log => "in a log, by a statement on the day itself",
    };
    Ok(Section {
        id: "days",
        heading: "Days".to_owned(),
        texts: vec![format!("This pharmacy verifies {how} (21 CFR 1306.22(f)(3)).")],
        alarm: (late > 0).then(|| ("late".to_owned(), format!("{late} days are late or press: print and sign them."))),
        grid: Some(grid),
        ..Section::default()
    })
}

fn trails(house: &House, typed: &Typed) -> Result<Section, Fault> {
    let mut grid =
        Grid::new(&["No.", "Asked", "By", "For", "To be sent by", "Sent", "State"], "Nobody asked for a printout.");
    let mut open = Vec::new();
    for asked in house.trails_asked()? {
        let (words, tone) = match (asked.request.sent, asked.overdue) {
            (Some(_), false) => ("sent in time", "good"),
            (Some(_), true) => ("sent late", "bad"),
            (None, true) => ("overdue", "bad"),
            (None, false) => ("to be sent", "open"),
        };
        if asked.request.sent.is_none() {
            open.push((asked.id.clone(), format!("{}: {}", asked.id, asked.request.what)));
        }
        grid.rows.push(vec![
            cell(asked.id),
            cell(wall(asked.request.asked)),
            cell(asked.request.by.clone()),
            cell(asked.request.what.clone()),
            cell(asked.due.map(due_in_words).unwrap_or_default()),
            cell(asked.request.sent.map(|at| format!("{}: {}", wall(at), asked.how)).unwrap_or_default()),
            state(words, tone),
        ]);
    }
    let trail = Form::get(
        "/pharmacy/refills/trail",
        "Show the refills",
        vec![
            Field::text("generic", "Generic name").maybe(),
            Field::text("brand", "Brand").maybe(),
            Field::text("strength", "Strength"),
            Field::text("form", "Dosage form"),
        ],
    );
    let asked = Form::post(
        "/pharmacy/refills",
        "Write it down",
        vec![
            Field::text("by", "Who asked").hint("The pharmacy, or an agent of DEA by name."),
            Field::text("what", "For what"),
        ],
    );
    let mut forms = vec![trail, asked.step("asked").folded("A printout was asked for", typed)];
    if !open.is_empty() {
        let sent = Form::post(
            "/pharmacy/refills",
            "Record that it was sent",
            vec![Field::choose_of("id", "Which", open), Field::text("how", "How and to whom it was sent")],
        );
        forms.push(sent.step("sent").folded("A printout was sent", typed));
    }
    Ok(Section {
        id: "trails",
        heading: "Refill by refill".to_owned(),
        texts: vec!["Of one strength and form, by generic name, by brand, or by both. A central place sends a printout within 48 hours, and its record here is the evidence (21 CFR 1306.22(f)(4)).".to_owned()],
        grid: Some(grid),
        forms,
        ..Section::default()
    })
}

fn system(house: &House, typed: &Typed) -> Result<Section, Fault> {
    let (method, _) = house.refill_method()?;
    let now = method.at(house.clock.moment());
    let mut grid = Grid::new(&["Since", "Kept", "By", "Why"], "Never changed: refills are kept in the computer.");
    for chosen in method.choices() {
        grid.rows.push(vec![
            cell(wall(chosen.at)),
            cell(system_in_words(chosen.system)),
            cell(chosen.by.full_name.clone()),
            cell(chosen.why.clone()),
        ]);
    }
    let other = if now == RefillSystem::Computer {
        ("manual", "Keep them by hand")
    } else {
        ("computer", "Keep them in the computer")
    };
    let form = Form::post("/pharmacy/refills", other.1, vec![Field::text("why", "Why")]);
    Ok(Section {
        id: "system",
        heading: "The one system".to_owned(),
        texts: vec![format!(
            "Refills of paper, fax and oral prescriptions are kept {}; only one of the two systems is used at a time (21 CFR 1306.22(g)).",
            system_in_words(now)
        )],
        grid: Some(grid),
        forms: vec![form.step("system").with("system", other.0).quiet().folded("Change the system", typed)],
        ..Section::default()
    })
}

/// `POST /pharmacy/refills`
pub(in crate::http) async fn refills_step(asked: Asked) -> Answer {
    let acted = done(&asked, |house, actor, typed| match typed.get("step") {
        "asked" => house.ask_trail(actor, typed.get("by"), typed.get("what")),
        "sent" => house.send_trail(actor, typed.get("id"), typed.get("how")),
        "system" => house.choose_refill_method(actor, typed.law_word("system")?, typed.get("why")),
        _ => Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
    });
    match acted.await? {
        Ok(()) => see("/pharmacy/refills"),
        Err(tried) => listed(asked, tried).await,
    }
}

pub(super) fn day_of(asked: &Asked) -> Result<Date, Failure> {
    let day = asked.id("id")?.parse::<Date>().ok().filter(|day| (1900..=2200).contains(&day.year()));
    day.ok_or_else(|| Failure::no_such("day", "choose a day from the list"))
}

/// `/pharmacy/refills/days/{id}`
pub(in crate::http) async fn day(asked: Asked) -> Answer {
    one(asked, Tried::default()).await
}

async fn one(asked: Asked, tried: Tried) -> Answer {
    let day = day_of(&asked)?;
    show(asked, Door::RefillDay, tried, move |house, actor, _| day_desk(house, actor, day)).await
}

fn day_desk(house: &House, actor: &Actor, day: Date) -> Result<Desk, Fault> {
    let (found, _) = house.refill_day(day)?;
    let path = format!("/pharmacy/refills/days/{day}");
    let mut lines = Grid::new(
        &["Dispensed", "Prescription", "Patient", "Drug", "Quantity", "Pharmacist"],
        "Nothing was refilled on this day.",
    );
    for line in &found.refills.lines {
        lines.rows.push(vec![
            cell(wall(line.at)),
            link(line.number.to_string(), format!("/pharmacy/prescriptions/{}", line.number)),
            cell(line.patient.clone()),
            cell(line.drug.clone()),
            cell(in_words(&line.quantity)),
            cell(line.pharmacist.full_name.clone()),
        ]);
    }
    let mut signed = Grid::new(&["Pharmacist", "Signed", "On", "Refills covered"], "Nobody has signed yet.");
    for one in found.record.signed() {
        signed.rows.push(vec![
            cell(one.by.full_name.clone()),
            cell(wall(one.at)),
            cell(one.document.to_string()),
            cell(one.lines.to_string()),
        ]);
    }
    let missing = found.record.missing(&found.refills);
    let mut forms = Vec::new();
    if !found.refills.lines.is_empty() {
        forms.push(Form::post(format!("{path}/print"), "Print the day (PDF)", Vec::new()).quiet());
    }
    if missing.iter().any(|one| one.actor.id == actor.id) {
        forms.push(Form::post(format!("{path}/signature"), "Sign this statement", Vec::new()));
    }
    let names: Vec<&str> = missing.iter().map(|one| one.full_name.as_str()).collect();
    let text = if names.is_empty() {
        "Everybody who refilled has signed.".to_owned()
    } else {
        format!("Not signed yet by: {}.", names.join(", "))
    };
    Ok(Desk {
        title: format!("Refills of {day}"),
        tag: Some((tone(found.standing), found.standing.to_string())),
        back: Some(("/pharmacy/refills".to_owned(), "Refill record".to_owned())),
        lead: format!(
            "{} refills. The printout is due {}.",
            found.refills.lines.len(),
            found.due.map_or_else(|| "at no set time".to_owned(), due_in_words)
        ),
        sections: vec![
            Section { id: "lines", heading: "Refills".to_owned(), grid: Some(lines), ..Section::default() },
            Section {
                id: "signed",
                heading: "Verification".to_owned(),
                texts: vec![theriac_pharmacy::STATEMENT.to_owned(), text],
                grid: Some(signed),
                forms,
                ..Section::default()
            },
        ],
    })
}

/// `POST /pharmacy/refills/days/{id}/print`
pub(in crate::http) async fn day_print(asked: Asked) -> Answer {
    let day = day_of(&asked)?;
    match done(&asked, move |house, actor, _| house.print_refill_day(actor, day)).await? {
        Ok(bytes) => inline_file(&format!("refills-{day}.pdf"), "application/pdf", bytes),
        Err(tried) => one(asked, tried).await,
    }
}

/// `POST /pharmacy/refills/days/{id}/signature`
pub(in crate::http) async fn day_sign(asked: Asked) -> Answer {
    let day = day_of(&asked)?;
    match done(&asked, move |house, actor, _| house.sign_refill_day(actor, day)).await? {
        Ok(()) => see(&format!("/pharmacy/refills/days/{day}#signed")),
        Err(tried) => one(asked, tried).await,
    }
}

fn trail_sheet(lines: &[TrailLine]) -> Result<Sheet, Box<Refusal>> {
    let text = |name: &str| Heading::new(name, Kind::Text);
    let mut sheet = Sheet::new(
        "Refills",
        vec![
            text("Dispensed"),
            text("Prescription"),
            text("Brand"),
            text("Generic name"),
            text("Strength"),
            text("Dosage form"),
            text("Quantity"),
            text("Patient"),
            text("Patient's address"),
            text("Practitioner"),
            text("Pharmacist"),
        ],
    )?;
    for line in lines {
        let row = [
            wall(line.at),
            line.number.to_string(),
            line.product.brand.clone(),
            line.product.generic.clone(),
            line.product.strength.clone(),
            line.product.form.clone(),
            in_words(&line.quantity),
            line.patient.clone(),
            line.patient_address.clone(),
            line.practitioner.clone(),
            line.pharmacist.full_name.clone(),
        ];
        sheet.push(row.into_iter().map(Cell::Text).collect())?;
    }
    Ok(sheet)
}

/// `/pharmacy/refills/trail`: as a page, or as a file where `format` says `csv` or `pdf`.
pub(in crate::http) async fn trail(asked: Asked) -> Answer {
    let typed = Typed::in_address(&asked);
    let of = TrailOf {
        brand: typed.maybe("brand"),
        generic: typed.maybe("generic"),
        strength: typed.get("strength").to_owned(),
        form: typed.get("form").to_owned(),
    };
    let names: Vec<&str> = [of.brand.as_deref(), of.generic.as_deref()].into_iter().flatten().collect();
    let title = format!("{} {} {}", names.join(", "), of.strength, of.form);
    let (wanted, about) = (of.clone(), title.clone());
    let format = typed.get("format").to_owned();
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let lines = house.refills_of(&wanted)?;
            let paper = house.trail_paper(&about, &lines, house.clock.moment());
            Ok((lines, paper))
        })
    });
    let (lines, paper) = match found.await? {
        Ok(found) => found,
        Err(failure) => return listed(asked, Tried::new(typed, failure)).await,
    };
    match format.as_str() {
        "csv" => {
            let sheet = trail_sheet(&lines).map_err(|refusal| Failure::refused(&refusal))?;
            file("refills.csv", "text/csv; charset=utf-8", sheet.to_csv())
        }
        "pdf" => {
            let bytes = printed(&paper).map_err(|fault| match fault {
                Fault::Refused(refusal) => Failure::refused(&refusal),
                _ => Failure::unavailable(),
            })?;
            inline_file("refills.pdf", "application/pdf", bytes)
        }
        _ => {
            let query = asked.head.uri.query().unwrap_or_default().to_owned();
            show(asked, Door::RefillTrail, Tried::default(), move |_, _, _| Ok(trail_desk(&title, &lines, &query)))
                .await
        }
    }
}

fn trail_desk(title: &str, lines: &[TrailLine], query: &str) -> Desk {
    let mut grid = Grid::new(
        &["Dispensed", "Prescription", "Product", "Quantity", "Patient and address", "Practitioner", "Pharmacist"],
        "No refill of this drug is in the record.",
    );
    for line in lines {
        let product = &line.product;
        grid.rows.push(vec![
            cell(wall(line.at)),
            cell(line.number.to_string()),
            cell(format!("{} ({}) {} {}", product.brand, product.generic, product.strength, product.form)),
            cell(in_words(&line.quantity)),
            cell(format!("{}, {}", line.patient, line.patient_address)),
            cell(line.practitioner.clone()),
            cell(line.pharmacist.full_name.clone()),
        ]);
    }
    let path = format!("/pharmacy/refills/trail?{query}");
    Desk {
        title: format!("Refill by refill: {title}"),
        back: Some(("/pharmacy/refills".to_owned(), "Refill record".to_owned())),
        lead: format!("{} refills, in order of time.", lines.len()),
        sections: vec![Section {
            id: "trail",
            heading: "Refills".to_owned(),
            grid: Some(grid),
            links: vec![
                (format!("{path}&format=pdf"), "PDF".to_owned()),
                (format!("{path}&format=csv"), "CSV".to_owned()),
            ],
            ..Section::default()
        }],
        ..Desk::default()
    }
}
