//! The fill screen: scan, count, done. What the books say of the shelf is shown after the count only.

use super::{Answer, Head, filling_of, number_of, plain, typed};
use crate::dispensary::{Dispensed, HandTyped, Judged, Wanted};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::with_status;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::showing::in_words;
use askama::Template;
use theriac_books::Account;
use theriac_law::vocab::{Basis, Word as _};
use theriac_model::{Actor, DrugUnit, Element, Ndc, Refusal, Schedule};
use theriac_pharmacy::{
    Answered, Area, DrugFor, GhbRecord, Illness, KnownChecks, Look, MonitoringCheck, Part, Prescription,
    PrescriptionNumber, Rest, Status, StillNeeded, is_ghb,
};

/// The grounds of a part, with their names.
const BASES: [(Basis, &str); 5] = [
    (Basis::General, "schedule III to V: any part"),
    (Basis::Shortage, "schedule II: not enough in stock, the rest within 72 hours"),
    (Basis::Requested, "schedule II: asked for by patient or practitioner, within 30 days"),
    (Basis::Ltcf, "schedule II: patient of a long term care facility, within 60 days"),
    (Basis::Terminal, "schedule II: terminally ill, within 60 days"),
];

struct Sign {
    what: String,
    flag: String,
    cite: String,
}

#[derive(Template)]
#[template(path = "counter_fill.html")]
struct FillPage {
    shell: Shell,
    head: Head,
    signs: Vec<Sign>,
    duties: Vec<String>,
    /// What is dispensed next unless something else is chosen, with its name.
    next: (&'static str, &'static str),
    kinds: Vec<(&'static str, &'static str)>,
    bases: Vec<(&'static str, &'static str)>,
    /// The number that the filling will have.
    no: u32,
    unit: String,
    /// Whether the drug takes the record of 21 CFR 1304.26.
    ghb: bool,
    /// The product that was scanned: its code and what it is.
    product: Option<(String, String)>,
    scan_fault: Option<Failure>,
    fault: Option<Failure>,
    typed: HandTyped,
}

/// The kinds of dispensing that the record is ready for, the likeliest first.
fn kinds(prescription: &Prescription) -> Vec<(&'static str, &'static str)> {
    let begun = prescription.dispensed() > 0;
    let face = prescription.face().quantity.smallest_units();
    let rest = begun && prescription.dispensed() % face != 0;
    match (begun, rest) {
        (false, _) => vec![("fill", "First filling, in full"), ("part", "A part")],
        (true, true) => vec![("remainder", "The rest of what was begun"), ("part", "Another part")],
        (true, false) => vec![("refill", "Refill"), ("part", "A part")],
    }
}

fn next_no(prescription: &Prescription) -> u32 {
    u32::try_from(prescription.fillings().len()).unwrap_or(u32::MAX).saturating_add(1)
}

/// `/pharmacy/prescriptions/{number}/fill`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let fields = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&asked.head.uri);
    let fields = fields.map(|axum::extract::Query(fields)| fields).unwrap_or_default();
    again(asked, HandTyped { fields, scan: None }, None).await
}

async fn again(asked: Asked, typed: HandTyped, fault: Option<Failure>) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::FillPage, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = opened(house, &actor, &number)?;
            let kinds = kinds(&prescription);
            let scan = typed.get("scan");
            let scanned = (!scan.is_empty()).then(|| house.scanned(&prescription, scan));
            let product = match &scanned {
                Some(Ok(ndc)) => Some((ndc.as_str().to_owned(), named(house, &prescription, ndc)?)),
                _ => None,
            };
            Ok(FillPage {
                shell,
                head: Head::of(house, &prescription),
                signs: signs(&prescription),
                duties: prescription.open_duties().map(|duty| plain(&duty.code)).collect(),
                next: kinds.first().copied().unwrap_or(("fill", "First filling, in full")),
                kinds,
                bases: BASES.iter().map(|(basis, name)| (basis.word(), *name)).collect(),
                no: next_no(&prescription),
                unit: prescription.face().quantity.unit().to_string(),
                ghb: is_ghb(prescription.received().contents.get(Element::DrugName).unwrap_or_default()),
                product,
                scan_fault: match scanned {
                    Some(Err(refusal)) => Some(Failure::refused(&refusal)),
                    _ => None,
                },
                fault,
                typed,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// Opens the record for dispensing, and looks for warning signs where it is presented for the first time.
pub(super) fn opened(house: &House, actor: &Actor, number: &PrescriptionNumber) -> Result<Prescription, Fault> {
    let prescription = house.open_record(actor, number, "dispensing")?;
    if prescription.screenings().is_empty() && prescription.status() == Status::Accepted {
        house.screen_at_counter(actor, number, |screen| screen)?;
        return Ok(house.dispensing_now(number)?.0);
    }
    Ok(prescription)
}

fn signs(prescription: &Prescription) -> Vec<Sign> {
    prescription
        .open_flags()
        .map(|raised| Sign { what: raised.what.clone(), flag: plain(raised.flag.word()), cite: raised.cite.clone() })
        .collect()
}

/// What a scanned product is, and whether it is the one prescribed.
fn named(house: &House, prescription: &Prescription, ndc: &Ndc) -> Result<String, Fault> {
    let same = prescription.face().ndc.as_ref() == Some(ndc);
    let equivalent = house.equivalents(prescription).contains(ndc);
    let name = house.drug(ndc)?.map_or_else(
        || "not in the drug file".to_owned(),
        |product| format!("{} {} {}", product.name, product.strength, product.form),
    );
    let standing = match (same, equivalent) {
        (true, _) => "the product prescribed",
        (false, true) => "the same drug, strength and form as prescribed",
        (false, false) => "not what was prescribed",
    };
    Ok(format!("{name}: {standing}"))
}

/// What was asked to be dispensed, as typed.
pub(super) fn wanted(typed: &HandTyped, prescription: &Prescription) -> Result<Wanted, Refusal> {
    let wrong = |field: &str, what: &'static str| crate::dispensary::wrong(field, what, "choose one of the list");
    Ok(match typed.get("what") {
        "fill" => Wanted::Fill,
        "refill" => Wanted::Refill,
        "remainder" => Wanted::Remainder,
        "part" => {
            let quantity = typed.quantity("quantity", prescription.face().quantity.unit())?;
            let basis = match typed.get("basis") {
                "" if prescription.received().schedule != Schedule::II => Basis::General,
                word => Basis::from_word(word).ok_or_else(|| wrong("basis", "the ground of the part is not said"))?,
            };
            let part = match basis {
                Basis::General => Part::general(quantity),
                Basis::Shortage => Part::shortage(quantity),
                Basis::Requested => Part::requested(quantity),
                Basis::Ltcf => Part::ltcf(quantity),
                Basis::Terminal => Part::terminal(quantity),
            };
            let rest = if typed.ticked("rest-unavailable") { Rest::Unavailable } else { Rest::Expected };
            let illness = if typed.ticked("illness-in-doubt") { Illness::InDoubt } else { Illness::Documented };
            Wanted::Part(Box::new(Part { rest, illness, ..part }))
        }
        _ => return Err(wrong("what", "what is dispensed is not said")),
    })
}

/// The pharmacist's judgment, as typed.
pub(super) fn judged(house: &House, typed: &HandTyped, prescription: &Prescription) -> Result<Judged, Refusal> {
    let note = Some(typed.get("judgment").to_owned()).filter(|note| !note.is_empty());
    let answer = |name: &str| if typed.ticked(name) { Answered::Yes } else { Answered::No };
    let known = typed.ticked("known").then(|| KnownChecks {
        prescriber: answer("known-prescriber"),
        registration: answer("known-registration"),
        patient: answer("known-patient"),
        date: answer("known-date"),
    });
    let looked = typed.get("looked");
    let monitoring =
        (!looked.is_empty() || typed.ticked("new-drug") || typed.ticked("outside")).then(|| MonitoringCheck {
            look: (!looked.is_empty()).then(|| Look { at: house.clock.moment(), found: looked.to_owned() }),
            drug: if typed.ticked("new-drug") { DrugFor::NewPatient } else { DrugFor::KnownPatient },
            area: if typed.ticked("outside") { Area::Outside } else { Area::Within },
        });
    Ok(Judged {
        note,
        still_needed: typed.ticked("still-needed").then_some(StillNeeded::Determined),
        known,
        ghb: ghb(typed),
        confirms: None,
        monitoring,
        counted: typed.stock("counted", prescription.face().quantity.unit())?,
        no: typed.whole("filling")?,
    })
}

/// The further record of gamma-hydroxybutyric acid, as far as anything of it was typed.
fn ghb(typed: &HandTyped) -> Option<GhbRecord> {
    let text = |name: &str| typed.get(name).to_owned();
    let (state_number, verified, insurer) = (text("ghb-state"), text("ghb-verified"), text("ghb-insurer"));
    let record = GhbRecord { state_number, verified, insurer: Some(insurer).filter(|insurer| !insurer.is_empty()) };
    let any = !record.state_number.is_empty() || !record.verified.is_empty() || record.insurer.is_some();
    any.then_some(record)
}

/// Fills as typed.
pub(super) fn fill_as_typed(
    house: &House,
    actor: &Actor,
    number: &PrescriptionNumber,
    typed: &HandTyped,
) -> Result<Dispensed, Fault> {
    let (prescription, _) = house.dispensing_now(number)?;
    let ndc = house.scanned(&prescription, typed.get("scan"))?;
    let wanted = wanted(typed, &prescription)?;
    let judged = judged(house, typed, &prescription)?;
    house.dispense_judged(actor, number, &ndc, &wanted, &judged)
}

/// `POST /pharmacy/prescriptions/{number}/fill`
pub(in crate::http) async fn fill(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    if typed.get("counted").is_empty() || typed.get("filling").is_empty() {
        let what = "what lies on the shelf after taking the drug out was not counted";
        let next = "count it, and type the count; what the books say is shown afterwards";
        let refusal = Refusal::new("PHARM-COUNT-MISSING", "-", what, next).about("counted");
        return again(asked, typed, Some(Failure::refused(&refusal))).await;
    }
    let (given, at) = (typed.clone(), number.clone());
    match asked.app.ask(move |world| act(world, |house| fill_as_typed(house, &actor, &at, &given))).await? {
        Ok(done) => see(&format!("/pharmacy/prescriptions/{number}/fillings/{}", done.filling.no)),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}

/// Smallest units as people read them: `7500` of millilitres as `7.5 mL`.
pub(super) fn counted_in(units: i64, unit: &DrugUnit) -> String {
    let places = usize::from(unit.book_places());
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let fraction = fraction.trim_end_matches('0');
    let value = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    crate::showing::counted(&value, &unit.name())
}

struct Count {
    found: String,
    book: String,
    differs: String,
}

#[derive(Template)]
#[template(path = "counter_filled.html")]
struct FilledPage {
    shell: Shell,
    number: String,
    no: u32,
    kind: String,
    quantity: String,
    patient: String,
    drug: String,
    ndc: String,
    at: String,
    pharmacist: String,
    remaining: String,
    state: &'static str,
    /// What the library of rules let it happen on.
    law: String,
    /// What was recorded besides of gamma-hydroxybutyric acid.
    ghb: Option<GhbRecord>,
    count: Option<Count>,
    printed: usize,
    may_print: bool,
    may_hand: bool,
}

/// `/pharmacy/prescriptions/{number}/fillings/{no}`
pub(in crate::http) async fn filled(asked: Asked) -> Answer {
    let (number, no) = (number_of(&asked)?, filling_of(&asked)?);
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::Filled, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "filling")?;
            let Some(filling) = prescription.filling(no) else { return Ok(None) };
            let head = Head::of(house, &prescription);
            let unit = prescription.face().quantity.unit().clone();
            let shown = |units: i64| counted_in(units, &unit);
            // The count of the same moment, by the same person.
            let count = match house.commodity(&filling.ndc) {
                None => None,
                Some(commodity) => house
                    .counts_of(&commodity)?
                    .into_iter()
                    .find(|counted| {
                        counted.count.happened == filling.at.timestamp && counted.count.account == Account::Shelf
                    })
                    .map(|counted| Count {
                        found: shown(counted.count.found),
                        book: shown(counted.book),
                        differs: match counted.variance() {
                            0 => String::new(),
                            short if short < 0 => format!("{} fewer than the books say", shown(short)),
                            over => format!("{} more than the books say", shown(over)),
                        },
                    }),
            };
            Ok(Some(FilledPage {
                shell,
                number: number.to_string(),
                no,
                kind: plain(filling.kind.word()),
                quantity: in_words(&filling.quantity),
                patient: head.patient,
                drug: head.drug,
                ndc: filling.ndc.as_str().to_owned(),
                at: house.clock.wall(filling.at.timestamp),
                pharmacist: filling.dispensed_by(),
                remaining: head.remaining,
                state: match filling.state {
                    theriac_pharmacy::FillingState::Filled => "waits for collection",
                    theriac_pharmacy::FillingState::HandedOver { .. } => "with the patient",
                    theriac_pharmacy::FillingState::Returned { .. } => "back on the shelf",
                },
                law: filling.law.rules.join(", "),
                ghb: filling.judgment.ghb.clone(),
                count,
                printed: house.prints(number.as_str())?.iter().filter(|print| print.no == no).count(),
                may_print: Door::MoveLabel.admits(actor.role),
                may_hand: Door::HandOver.admits(actor.role),
            }))
        })
    });
    let found = found.await??;
    page(&found.ok_or_else(|| Failure::no_such("filling", "take the filling from the record's list"))?)
}
