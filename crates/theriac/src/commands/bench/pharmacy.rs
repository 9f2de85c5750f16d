//! Retrieval from five years of a busy pharmacy: the years are made of the same events as at the counter, then every kind of
//! question is asked and every kind of file is made, against the time of a plain scan of the same table in the same run.

use super::{Scratch, deployment};
use crate::archive::{Ask, Format, Group, Sort};
use crate::demo::cast::{self, PATIENTS, PRACTITIONER};
use crate::demo::story::{Prescribed, contents};
use crate::demo::world;
use crate::house::record::{By, Change, Fault};
use crate::house::{House, program, store_problem};
use crate::output::{Outcome, Problem, line};
use jiff::{SignedDuration, Timestamp};
use std::path::Path;
use std::time::{Duration, Instant};
use theriac_law::vocab::Recipient;
use theriac_model::{Actor, Element, Ndc, Role};
use theriac_pharmacy::{
    Activity, ArchiveDigest, Arrived, Conditions, DeaNumbers, DrugFile, Event, Intake, Judgment, MessageFacts, Moment,
    Pharmacist, PickUp, Prescription, PrescriptionNumber, RegistrantLookup, Scanned, SignatureCheck, SignedIndication,
    Supply, Systems, Twin, receive,
};
use theriac_store::NewPiece;

/// A question is answered within this time; the requirement of the house.
const QUERY_MAX: Duration = Duration::from_millis(200);
/// A file of everything is made within this time.
const EXPORT_MAX: Duration = Duration::from_secs(10);
/// Appends that are under way at a time.
const AT_A_TIME: usize = 2_000;
/// How often each question is asked; the slowest counts.
const ROUNDS: u32 = 5;
/// Different patients and practitioners of the years.
const PATIENTS_OF_THE_YEARS: u32 = 24_000;
const PRACTITIONERS_OF_THE_YEARS: u32 = 900;

pub(crate) fn run(prescriptions: u32, store: Option<&str>, keep: Option<&Path>) -> Result<Outcome, Problem> {
    let scratch = Scratch::new("pharmacy")?;
    let dir = keep.map_or_else(|| scratch.0.join("house"), Path::to_owned);
    let begins = "2021-03-01T16:00:00Z".parse().unwrap_or(Timestamp::UNIX_EPOCH);
    let house = deployment(&dir, store, Some(begins))?;
    let begun = Instant::now();
    let lines = five_years(&house, prescriptions)?;
    let spent = begun.elapsed();
    let entries = house.store.size().map_err(store_problem)?;
    line(format_args!(
        "years     {prescriptions} prescriptions, {lines} dispensings, {entries} entries, made in {spent:.1?}"
    ))?;
    let scan = timed(|| scan(&house))?;
    line(format_args!("scan      {scan:.1?} for a plain scan of the same table"))?;
    let slow = questions(&house)?;
    let late = files(&house)?;
    if slow || late {
        let what = format!("a question took over {QUERY_MAX:?}, or a file over {EXPORT_MAX:?}");
        return Err(Problem::failed("BENCH-SLOW", what, "measure a release build on an idle machine"));
    }
    Ok(Outcome::Done)
}

fn timed(work: impl FnOnce() -> Result<(), Fault>) -> Result<Duration, Problem> {
    let begun = Instant::now();
    work().map_err(Problem::from)?;
    Ok(begun.elapsed())
}

fn scan(house: &House) -> Result<(), Fault> {
    house.store.query("SELECT count(*) FROM archive_lines WHERE directions LIKE '%zzz%'", &[])?;
    Ok(())
}

/// Every question that the law names, alone and combined, in every order.
fn questions(house: &House) -> Result<bool, Problem> {
    let text = |text: &str| Some(text.to_owned());
    let (from, until) = ("2024-03-01".parse().ok(), "2024-03-31".parse().ok());
    let asks = [
        ("a prescriber", Ask { prescriber: text("brook-417"), ..Ask::default() }),
        ("a DEA number", Ask { prescriber: text("1234563-417"), ..Ask::default() }),
        ("a patient", Ask { patient: text("sample-1234 "), ..Ask::default() }),
        ("a drug", Ask { drug: text("oxycodone"), ..Ask::default() }),
        ("a month", Ask { from, until, ..Ask::default() }),
        ("a drug in a month", Ask { drug: text("alprazolam"), from, until, ..Ask::default() }),
        ("a prescriber and a drug", Ask { prescriber: text("brook-417"), drug: text("oxycodone"), ..Ask::default() }),
        ("schedule II in a month", Ask { group: Group::Two, from, until, ..Ask::default() }),
        ("III to V in a month", Ask { group: Group::ThreeToFive, from, until, ..Ask::default() }),
        ("everything", Ask::default()),
    ];
    let mut slow = false;
    for (name, ask) in asks {
        let mut worst = Duration::ZERO;
        let mut total = 0;
        for sort in Sort::ALL {
            for _ in 0..ROUNDS {
                let ask = Ask { sort: *sort, ..ask.clone() };
                let begun = Instant::now();
                total = house.find_lines(&ask, 0).map_err(Problem::from)?.total;
                worst = worst.max(begun.elapsed());
            }
        }
        slow |= worst > QUERY_MAX;
        let millis = worst.as_millis();
        line(format_args!(
            "question  {millis:>5} ms  {name}: {total} lines, slowest of {ROUNDS} in each of four orders"
        ))?;
    }
    Ok(slow)
}

fn files(house: &House) -> Result<bool, Problem> {
    let by = program();
    let mut late = false;
    for format in [Format::Csv, Format::Xlsx, Format::Json] {
        let begun = Instant::now();
        let file =
            house.export_lines(&by, &Ask { sort: Sort::Patient, ..Ask::default() }, format).map_err(Problem::from)?;
        let spent = begun.elapsed();
        late |= spent > EXPORT_MAX;
        line(format_args!(
            "file      {spent:.1?}  all {} lines as {}, {} MB",
            file.lines,
            format.word(),
            file.bytes.len() / 1_000_000
        ))?;
    }
    Ok(late)
}

/// Makes the years; answers how many dispensings they hold.
fn five_years(house: &House, prescriptions: u32) -> Result<u64, Problem> {
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    let system = program();
    let apart = SignedDuration::from_secs(i64::from(5 * 365 * 24 * 3_600 / prescriptions.max(1)));
    let mut under_way = Vec::with_capacity(AT_A_TIME);
    let mut lines = 0;
    let wait = |under_way: &mut Vec<theriac_store::Ticket>| -> Result<(), Problem> {
        under_way.drain(..).try_for_each(|ticket| match ticket.wait() {
            Ok(_) => Ok(()),
            Err(error) => Err(Problem::failed("BENCH-APPEND", error.to_string(), "look at the store")),
        })
    };
    for n in 0..prescriptions {
        house.clock.advance(apart);
        let (change, filled) = one(house, n, &pharmacist, &system).map_err(Problem::from)?;
        lines += u64::from(filled);
        let ticket = house.store.submit(change.into_append());
        under_way
            .push(ticket.map_err(|error| Problem::failed("BENCH-APPEND", error.to_string(), "look at the store"))?);
        if under_way.len() == AT_A_TIME {
            wait(&mut under_way)?;
        }
    }
    wait(&mut under_way)?;
    Ok(lines)
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// One prescription with its fillings, decided by the core; and how many fillings.
fn one(house: &House, n: u32, pharmacist: &Actor, system: &Actor) -> Result<(Change, u32), Fault> {
    let product = cast::DRUG_FILE[n as usize % cast::DRUG_FILE.len()];
    let ndc = world::ndc(product)?;
    let at = house.clock.moment();
    let mut arrived = arrived(house, n, product, at)?;
    let bytes = arrived.contents.to_bytes();
    arrived.archive = ArchiveDigest(theriac_journal::hash::sha256(&bytes).0);
    let Intake::Accepted(mut events) = receive(&house.profile, arrived) else {
        return Err(broken(format!("prescription {n} was not accepted")));
    };
    let mut filled = 0;
    // One in forty waits for ever.
    if !n.is_multiple_of(40) {
        let refills = if product.schedule == theriac_model::Schedule::II { 0 } else { n % 3 };
        for no in 1..=refills + 1 {
            let later = house.clock.moment();
            fill(house, &mut events, no, &ndc, pharmacist, later)?;
            filled += 1;
        }
    }
    let number = format!("{:09}", n + 1);
    let stream = PrescriptionNumber::parse(&number).map_err(broken)?.stream();
    let (location, law) = (house.pharmacy.as_str(), house.config.profile.as_str());
    let mut change = Change::default().decided_on(&stream, 0);
    for (place, event) in events.iter().enumerate() {
        let actor = if place == 0 { system } else { pharmacist };
        let by = By { actor, location, law, at: at.timestamp };
        let pieces = if place == 0 {
            vec![NewPiece { media: "text/plain".to_owned(), bytes: bytes.clone(), seal: Vec::new() }]
        } else {
            Vec::new()
        };
        change = change.with_pieces(&by, &stream, event, pieces)?;
    }
    Ok((change, filled))
}

fn fill(house: &House, events: &mut Vec<Event>, no: u32, ndc: &Ndc, by: &Actor, at: Moment) -> Result<(), Fault> {
    let prescription = Prescription::replay(events.iter()).map_err(broken)?;
    let person = house.pharmacy_person(by);
    let pharmacist = Pharmacist::new(person.clone())?;
    let scanned = Scanned { ndc: ndc.clone(), equivalents: Vec::new() };
    let (judgment, conditions) = (Judgment::new(at), Conditions::default());
    let supply = Supply { pharmacist: &pharmacist, at, scanned: &scanned, judgment, conditions };
    let dispensing = if no == 1 {
        prescription.fill(&house.profile, &supply)
    } else {
        prescription.refill(&house.profile, &supply, None)
    };
    events.extend(dispensing?.events);
    let prescription = Prescription::replay(events.iter()).map_err(broken)?;
    let pick_up = PickUp::by_hand(Recipient::Patient, "the patient");
    events.extend(prescription.hand_over(&house.profile, no, &pick_up, &person, at)?.events);
    Ok(())
}

fn arrived(house: &House, n: u32, product: &cast::Product, at: Moment) -> Result<Arrived, Fault> {
    let id = format!("Y-{n:08}");
    let refills = if product.schedule == theriac_model::Schedule::II { "0" } else { "2" };
    let order = Prescribed {
        id: &id,
        patient: &PATIENTS[n as usize % PATIENTS.len()],
        product,
        quantity: "30",
        refills,
        directions: "Take as directed by the practitioner",
    };
    let (patient, doctor) = (mixed(n) % PATIENTS_OF_THE_YEARS, mixed(n ^ 0x5555) % PRACTITIONERS_OF_THE_YEARS);
    let registration = format!("{}-{doctor}", cast::practitioner_number());
    let mut contents = contents(&order, &at.date().to_string(), &PRACTITIONER, &registration)?;
    let mut put = |element: Element, text: &str| {
        contents.clear(element);
        contents.set(element, text).map(drop).map_err(broken)
    };
    put(Element::PatientLast, &format!("Sample-{patient}"))?;
    put(Element::PatientLine1, &format!("{patient} Invented Way"))?;
    put(Element::PractitionerLast, &format!("Brook-{doctor}"))?;
    let second = Timestamp::from_second(at.timestamp.as_second()).map_err(broken)?;
    put(Element::SignedAt, &second.to_string())?;
    Ok(Arrived {
        number: PrescriptionNumber::parse(&format!("{:09}", n + 1)).map_err(broken)?,
        pharmacy: house.pharmacy,
        archive: ArchiveDigest([0; 32]),
        message: MessageFacts {
            id: id.clone(),
            sender: cast::PRACTICE_ID.to_owned(),
            recipient: cast::PHARMACY_NCPDP.to_owned(),
            order_number: Some(id),
            sent: Some(second),
        },
        received: at,
        registrant: RegistrantLookup {
            found: Some(theriac_pharmacy::Registrant {
                activity: Activity::Practitioner,
                status: theriac_law::vocab::Status::Valid,
                expires: None,
                schedules: vec![
                    theriac_model::Schedule::II,
                    theriac_model::Schedule::III,
                    theriac_model::Schedule::IV,
                    theriac_model::Schedule::V,
                ],
            }),
            age_days: 1,
            source: "registrant data".to_owned(),
        },
        drug: DrugFile::Scheduled(product.schedule),
        problems: Vec::new(),
        indication: SignedIndication::Present,
        signature: SignatureCheck::Verified { signed: Box::new(contents.clone()), subject: "invented".to_owned() },
        contents,
        twin: Twin::None,
        dea_numbers: DeaNumbers::One,
        systems: Systems::default(),
    })
}

/// A number that looks like chance, the same in every run.
const fn mixed(n: u32) -> u32 {
    let n = n.wrapping_mul(0x9E37_79B1) ^ 0x85EB_CA6B;
    (n ^ (n >> 15)).wrapping_mul(0xC2B2_AE35) >> 4
}
