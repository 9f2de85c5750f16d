//! Reports, answers and questions over a real demonstration house, with a clock that is moved.

#![allow(clippy::unwrap_used)]

use super::programme::tests::fields;
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::story::{Prescribed, contents};
use crate::demo::{cast, world};
use crate::dispensary::Wanted;
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::record::{Change, Fault};
use jiff::SignedDuration;
use jiff::civil::date;
use tempfile::TempDir;
use theriac_model::{Actor, DeaNumber, Element, Role};
use theriac_pharmacy::{
    ByHand, Came, Narcotic, Paper, PickUp, PrescriptionNumber, RegistrantLookup, TakingIn, Twin, take_in,
};
use theriac_wire::asap;

fn fern() -> Actor {
    world::actor(&cast::PHARMACIST, Role::Pharmacist)
}

/// The demonstration's house on the morning of 2 March 2026, with a programme of Arizona changed as said.
fn house_with(changes: &[(&str, &str)]) -> (House, TempDir) {
    let (house, dir) = house();
    house.set_programme(&fern(), Programme::read(fields(changes)).unwrap()).unwrap();
    (house, dir)
}

fn house() -> (House, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config = demonstration();
    let clock = Clock::told(crate::house::zone(&config).unwrap(), "2026-03-02T16:00:00Z".parse().unwrap());
    let house = House::found(&dir.path().join("house"), config, clock).unwrap();
    world::populate(&house).unwrap();
    (house, dir)
}

/// What is taken in on paper.
#[derive(Clone)]
struct Rx<'a> {
    number: &'a str,
    product: &'a cast::Product,
    registration: DeaNumber,
    patient: usize,
    days: &'a str,
    state: &'a str,
}

impl<'a> Rx<'a> {
    fn new(number: &'a str, product: &'a cast::Product) -> Self {
        Self { number, product, registration: cast::practitioner_number(), patient: 0, days: "30", state: "AZ" }
    }
}

/// Takes a paper prescription for 30 with one refill (none in schedule II) in.
fn take(house: &House, rx: &Rx<'_>) -> PrescriptionNumber {
    let at = house.clock.moment();
    let refills = if rx.product.schedule == theriac_model::Schedule::II { "0" } else { "1" };
    let order = Prescribed {
        id: rx.number,
        patient: &cast::PATIENTS[rx.patient],
        product: rx.product,
        quantity: "30",
        refills,
        directions: "Take 1 daily",
    };
    let mut written = contents(&order, &at.date().to_string(), &cast::PRACTITIONER, rx.registration.as_str()).unwrap();
    if !rx.days.is_empty() {
        written.set(Element::DaysSupply, rx.days).unwrap();
    }
    written.clear(Element::PatientState);
    written.set(Element::PatientState, rx.state).unwrap();
    let number = PrescriptionNumber::parse(rx.number).unwrap();
    let hand = ByHand {
        number: number.clone(),
        pharmacy: house.pharmacy,
        archive: theriac_pharmacy::ArchiveDigest([7; 32]),
        at,
        by: house.pharmacy_person(&fern()),
        contents: written,
        came: Came::Paper(Paper::signed()),
        registrant: RegistrantLookup {
            found: Some(theriac_pharmacy::Registrant {
                activity: theriac_pharmacy::Activity::Practitioner,
                status: theriac_law::vocab::Status::Valid,
                expires: Some(date(2028, 6, 30)),
                schedules: theriac_model::Schedule::ALL.to_vec(),
            }),
            age_days: 0,
            source: "registrant data".to_owned(),
        },
        drug: theriac_pharmacy::DrugFile::Scheduled(rx.product.schedule),
        narcotic: Narcotic::Other,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    };
    let TakingIn::Accepted(events) = take_in(&house.profile, hand) else { panic!("taken in") };
    let actor = fern();
    let by = house.at_the_pharmacy(&actor);
    let mut change = Change::default();
    for event in &events {
        change = change.event(&by, &number.stream(), event).unwrap();
    }
    change.commit(&house.store).unwrap();
    number
}

fn fill(house: &House, number: &PrescriptionNumber, product: &cast::Product, wanted: &Wanted) -> Result<(), Fault> {
    house.dispense(&fern(), number, &world::ndc(product).unwrap(), wanted).map(|_| ())
}

fn filled(house: &House, rx: &Rx<'_>) -> PrescriptionNumber {
    let number = take(house, rx);
    fill(house, &number, rx.product, &Wanted::Fill).unwrap();
    number
}

fn code<T>(outcome: Result<T, Fault>) -> String {
    match outcome {
        Err(Fault::Refused(refusal)) => refusal.code.to_string(),
        Err(other) => panic!("{other:?}"),
        Ok(_) => "done".to_owned(),
    }
}

/// A report's file, which must be one that may be sent.
fn file(house: &House, control: &str) -> asap::File {
    let (row, report, bytes) = house.report("AZ", control).unwrap();
    assert_eq!(row.digest, theriac_journal::hash::sha256(&bytes).to_hex());
    assert_eq!(row.records, report.records.len() as u64);
    let file = asap::read(&bytes, asap::Limits::DEFAULT).unwrap();
    assert_eq!(asap::check(&file, asap::Version::V4_2, &asap::Profile::default()), []);
    file
}

/// Prescription, status, filling and part of each record.
fn told(file: &asap::File) -> Vec<String> {
    let records = file.lines.iter().filter(|line| line.segment == asap::Segment::Dsp);
    records.map(|line| [2, 1, 6, 13].map(|place| line.get(place).to_owned()).join("/")).collect()
}

fn report(house: &House) -> asap::File {
    let control = house.make_report(&fern(), "AZ").unwrap();
    file(house, &control)
}

fn work(house: &House) {
    house.work(&crate::relaying::HouseRelay(house)).unwrap();
}

fn hours(house: &House, hours: i64) {
    house.clock.advance(SignedDuration::from_hours(hours));
}

/// Requirements: pharm-pdmp-report-per-state
#[test]
fn the_days_report_has_the_schedules_the_state_collects_and_no_other_and_late_days_are_flagged() {
    let (house, dir) = house_with(&[]);
    let second = filled(&house, &Rx::new("RX-II", &cast::OXYCODONE));
    let fourth = filled(&house, &Rx::new("RX-IV", &cast::ALPRAZOLAM));
    let fifth = take(&house, &Rx::new("RX-V", &cast::COUGH_SYRUP));
    fill(&house, &fifth, &cast::COUGH_SYRUP, &Wanted::Fill).unwrap();
    let overview = house.programme_overview("AZ").unwrap();
    let due = Due::EndOf(date(2026, 3, 3));
    let pending: Vec<_> = overview.pending.iter().map(|one| (one.number.as_str(), one.due)).collect();
    assert_eq!(pending, [("RX-II", due), ("RX-IV", due)]);
    assert_eq!(overview.late(house.clock.moment()), 0);
    assert!(second < fourth);

    let control = house.make_report(&fern(), "AZ").unwrap();
    assert_eq!(control, "20260302-01");
    assert_eq!(told(&file(&house, &control)), ["RX-II/00/0/00", "RX-IV/00/0/00"]);
    assert_eq!(house.reports("AZ").unwrap()[0].late, 0);
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");

    // The job puts the file out once, whole, under its own name.
    work(&house);
    let placed = dir.path().join("house/pdmp/AZ/AZ-20260302-01.dat");
    assert_eq!(std::fs::read(&placed).unwrap(), house.report("AZ", &control).unwrap().2);
    assert!(house.reports("AZ").unwrap()[0].placed_ms.is_some());

    // The last minute of the day after is in time; the next one is not, and the report says so.
    filled(&house, &Rx { patient: 1, ..Rx::new("RX-LATE", &cast::OXYCODONE) });
    house.clock.advance(SignedDuration::from_mins(39 * 60 - 1));
    assert_eq!(house.clock.wall(house.clock.now()), "2026-03-03 23:59");
    assert_eq!(house.programme_overview("AZ").unwrap().late(house.clock.moment()), 0);
    house.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(house.programme_overview("AZ").unwrap().late(house.clock.moment()), 1);
    house.make_report(&fern(), "AZ").unwrap();
    assert_eq!(house.reports("AZ").unwrap()[0].late, 1);
    house.store.rebuild().unwrap();
    assert_eq!(house.reports("AZ").unwrap().len(), 2, "the tables come back from the journal");
    assert!(house.store.check(&[]).unwrap().is_clean());
}

/// A State that wants it at once is told of each dispensing by its hour.
#[test]
fn a_programme_says_how_soon_and_whose_dispensings() {
    let (house, _dir) = house_with(&[("hours", "0"), ("covers", "patients")]);
    filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    filled(&house, &Rx { state: "NM", patient: 1, ..Rx::new("RX-2", &cast::OXYCODONE) });
    house.clock.advance(SignedDuration::from_secs(1));
    let overview = house.programme_overview("AZ").unwrap();
    assert_eq!(overview.pending.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["RX-1"]);
    assert_eq!(overview.late(house.clock.moment()), 1);
    let (house, _dir) = house_with(&[("hours", "72"), ("since", "2026-03-03")]);
    filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    assert!(house.programme_overview("AZ").unwrap().pending.is_empty(), "before the first day that is reported");
    hours(&house, 24);
    filled(&house, &Rx { patient: 1, ..Rx::new("RX-2", &cast::OXYCODONE) });
    let at = house.clock.now() + SignedDuration::from_hours(72);
    assert_eq!(house.programme_overview("AZ").unwrap().pending[0].due, Due::At(at));
}

#[test]
fn what_cannot_be_told_is_held_back_with_its_reason_and_the_rest_goes() {
    let (house, _dir) = house_with(&[]);
    let unknown = filled(&house, &Rx { days: "", ..Rx::new("RX-1", &cast::OXYCODONE) });
    filled(&house, &Rx { patient: 1, ..Rx::new("RX-2", &cast::OXYCODONE) });
    let overview = house.programme_overview("AZ").unwrap();
    let why = overview.pending[0].record.as_ref().unwrap_err();
    assert_eq!((why[0].code.0, why[0].field.as_deref()), ("PDMP-ELEMENT", Some("days-supply")));
    assert_eq!(overview.held(), 1);
    assert_eq!(told(&report(&house)), ["RX-2/00/0/00"]);
    assert_eq!(house.programme_overview("AZ").unwrap().held(), 1, "it is not forgotten");
    for days in [0, 366] {
        assert_eq!(code(house.state_days(&fern(), &unknown, days)), "PDMP-DAYS");
    }
    house.state_days(&fern(), &unknown, 30).unwrap();
    assert_eq!(told(&report(&house)), ["RX-1/00/0/00"]);
}

/// A correction is a revision of what was told, a filling that was put back its void; nothing is told twice.
#[test]
fn corrections_revise_and_fillings_put_back_void_what_was_told() {
    let (house, _dir) = house_with(&[]);
    let number = filled(&house, &Rx::new("RX-1", &cast::ALPRAZOLAM));
    let mut files = vec![report(&house)];
    // The day of the hand-over is no correction.
    house
        .hand_over(&fern(), &number, 1, &PickUp::by_hand(theriac_law::vocab::Recipient::Patient, "the patient"))
        .unwrap();
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");
    // A pharmacist finds that it lasts longer.
    house.state_days(&fern(), &number, 15).unwrap();
    files.push(report(&house));
    assert_eq!(told(&files[1]), ["RX-1/01/0/00"]);
    house.state_days(&fern(), &number, 15).unwrap();
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING", "the same again is no news");

    hours(&house, 24 * 30);
    fill(&house, &number, &cast::ALPRAZOLAM, &Wanted::Refill).unwrap();
    files.push(report(&house));
    assert_eq!(told(&files[2]), ["RX-1/00/1/00"]);
    put_back(&house, &number, 2);
    files.push(report(&house));
    assert_eq!(told(&files[3]), ["RX-1/02/1/00"]);
    // Put back before anybody was told: no word of it.
    fill(&house, &number, &cast::ALPRAZOLAM, &Wanted::Refill).unwrap();
    put_back(&house, &number, 3);
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");
}

fn put_back(house: &House, number: &PrescriptionNumber, no: u32) {
    let (rx, version) = house.dispensing_now(number).unwrap();
    let at = house.clock.moment();
    let pharmacist = theriac_pharmacy::Pharmacist::new(house.pharmacy_person(&fern())).unwrap();
    let moved = rx.return_to_stock(no, &pharmacist, at, "not collected").unwrap();
    let actor = fern();
    let by = house.at_the_pharmacy(&actor);
    let mut change = Change::default().decided_on(&number.stream(), version);
    for event in &moved.events {
        change = change.event(&by, &number.stream(), event).unwrap();
    }
    change.commit(&house.store).unwrap();
}

#[test]
fn a_day_without_a_dispensing_is_reported_once_it_is_over() {
    let (house, _dir) = house_with(&[("since", "2026-03-02")]);
    assert!(house.reports_owed().unwrap().is_empty(), "the day is not over");
    hours(&house, 24);
    assert_eq!(house.reports_owed().unwrap(), [("AZ".to_owned(), "20260303-01".to_owned())]);
    let zero = file(&house, "20260303-01");
    assert!(zero.lines.iter().any(|line| line.get(8) == "ZERO"));
    assert!(house.reports_owed().unwrap().is_empty());
    // A day with a dispensing is reported after its end, whoever is at the desk.
    filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    assert!(house.reports_owed().unwrap().is_empty());
    hours(&house, 24);
    assert_eq!(house.reports_owed().unwrap().len(), 1);
    assert_eq!(told(&file(&house, "20260304-01")), ["RX-1/00/0/00"]);
    let (house, _dir) = house_with(&[("zero", "not-reported")]);
    hours(&house, 48);
    assert!(house.reports_owed().unwrap().is_empty());
}

#[test]
fn what_a_programme_did_not_take_is_told_again_once_it_is_corrected_or_released() {
    let (house, _dir) = house_with(&[]);
    let first = filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    filled(&house, &Rx { patient: 1, ..Rx::new("RX-2", &cast::OXYCODONE) });
    let control = house.make_report(&fern(), "AZ").unwrap();
    let answer = |lines: &str| format!("control,result,prescription,fill,part,element,reason\n{lines}\n");
    let read = |lines: &str| house.read_answer(&fern(), "AZ", answer(lines).as_bytes());
    assert_eq!(code(read("20260101-01,accepted,,,,,")), "PDMP-NO-REPORT");
    assert_eq!(code(read(&format!("{control},rejected,RX-9,0,0,,why"))), "PDMP-ANSWER");
    let outcome = read(&format!("{control},rejected,RX-1,0,0,DSP10,days of supply too many")).unwrap();
    assert_eq!((outcome.refused, outcome.not_taken), (None, 1));
    assert_eq!(code(read(&format!("{control},accepted,,,,,"))), "PDMP-ANSWERED");

    let overview = house.programme_overview("AZ").unwrap();
    let why = overview.pending[0].record.as_ref().unwrap_err();
    assert!(why[0].code.0 == "PDMP-NOT-TAKEN" && why[0].what.contains("DSP10"), "{why:?}");
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");
    house.state_days(&fern(), &first, 29).unwrap();
    let again = house.make_report(&fern(), "AZ").unwrap();
    assert_eq!(told(&file(&house, &again)), ["RX-1/00/0/00"], "the programme never held it: it is new");

    // The fault was theirs: the same record goes once more.
    read(&format!("{again},rejected,RX-1,0,0,,our server was down")).unwrap();
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");
    let second = PrescriptionNumber::parse("RX-2").unwrap();
    assert_eq!(code(house.release_record(&fern(), "AZ", (&second, 1), "theirs")), "PDMP-NOT-REFUSED");
    house.release_record(&fern(), "AZ", (&first, 1), "their server was down").unwrap();
    let third = house.make_report(&fern(), "AZ").unwrap();
    assert_eq!(told(&file(&house, &third)), ["RX-1/00/0/00"]);

    // A whole file that was not taken is told again as a whole.
    let outcome = read(&format!("{third},rejected,,,,,the sender is not registered")).unwrap();
    assert!(outcome.refused.is_some());
    assert_eq!(told(&report(&house)), ["RX-1/00/0/00"]);
    house.store.rebuild().unwrap();
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NOTHING");
}

fn asking(answer: Kept) -> Asking {
    Asking {
        state: "AZ".to_owned(),
        purpose: "before the first filling".to_owned(),
        found: "two fillings by one prescriber, nothing against it".to_owned(),
        answer,
    }
}

/// Requirements: pharm-pdmp-query-recorded
#[test]
fn a_question_before_a_fill_is_visible_on_it_and_where_the_state_demands_one_nothing_is_filled_without() {
    let (house, _dir) = house_with(&[("check", "new-drug")]);
    let number = take(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    let fill = || fill(&house, &number, &cast::OXYCODONE, &Wanted::Fill);
    assert_eq!(code(fill()), "LAW-PDMP-CHECK");
    let tess = world::actor(&cast::TECHNICIAN, Role::Technician);
    assert_eq!(code(house.asked_programme(&tess, &number, &asking(Kept::Conclusion))), "LAW-PDMP-ACCESS");
    for (purpose, found) in [("", "nothing"), ("before a fill", " ")] {
        let empty = Asking { purpose: purpose.to_owned(), found: found.to_owned(), ..asking(Kept::Conclusion) };
        assert_eq!(code(house.asked_programme(&fern(), &number, &empty)), "PDMP-WORDS");
    }
    house.asked_programme(&fern(), &number, &asking(Kept::Conclusion)).unwrap();
    // A look of the day before does not serve.
    hours(&house, 24);
    house.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(code(fill()), "LAW-PDMP-CHECK");
    house.asked_programme(&fern(), &number, &asking(Kept::Conclusion)).unwrap();
    hours(&house, 24);
    fill().unwrap();
    let (rx, _) = house.dispensing_now(&number).unwrap();
    let look = rx.fillings()[0].monitoring.as_ref().unwrap();
    assert_eq!(look.found, asking(Kept::Conclusion).found);
    let questions = house.questions_about("RX-1").unwrap();
    let (_, at, who, asked) = &questions[0];
    assert_eq!((questions.len(), who.as_str(), *at), (2, "fern", look.at));
    assert_eq!((asked.purpose.as_str(), asked.kept.as_deref()), ("before the first filling", None));
    // The patient has had the drug now: this State does not ask again.
    let (rx, _) = house.dispensing_now(&take(&house, &Rx::new("RX-2", &cast::OXYCODONE))).unwrap();
    let monitored = house.monitored(&rx, house.clock.moment()).unwrap();
    assert_eq!(monitored.check.unwrap().drug, theriac_pharmacy::DrugFor::KnownPatient);
}

/// Requirements: pharm-pdmp-multiple-provider-signal
#[test]
fn three_prescribers_of_the_same_class_in_overlapping_days_show_at_the_fourth_prescription_with_the_list() {
    let (house, _dir) = house_with(&[]);
    let letters = [*b"BA", *b"BC", *b"BD", *b"BE"];
    let numbers = letters.map(|letters| DeaNumber::compose(letters, 112_233).unwrap());
    let rx = |number: &'static str, who: usize| Rx { registration: numbers[who], ..Rx::new(number, &cast::OXYCODONE) };
    for (number, who) in [("RX-1", 0), ("RX-2", 1), ("RX-3", 2)] {
        filled(&house, &rx(number, who));
    }
    // Another class, and another patient with the same class, do not count.
    filled(&house, &Rx { registration: numbers[3], ..Rx::new("RX-4", &cast::ALPRAZOLAM) });
    filled(&house, &Rx { patient: 1, ..rx("RX-5", 3) });
    let fourth = take(&house, &rx("RX-6", 3));
    let signal = |number: &PrescriptionNumber| {
        let (rx, _) = house.dispensing_now(number).unwrap();
        house.providers_of(&rx, house.clock.moment()).unwrap()
    };
    let shown = signal(&fourth);
    assert_eq!((shown.prescribers, shown.pharmacies), (4, 1));
    assert_eq!(shown.supplied.iter().map(|one| one.number.as_str()).collect::<Vec<_>>(), ["RX-1", "RX-2", "RX-3"]);
    assert_eq!(shown.raised.iter().map(|sign| sign.code.as_str()).collect::<Vec<_>>(), ["LAW-FLAG-PRESCRIBERS"]);

    // What the programme knows counts beside our own books, and the signs stand on the record with the question.
    let lines = "2026-02-20,Hydrocodone,30,AB1234563,FT1234563\n2026-02-21,Morphine,30,BB1388568,FP1234563\n\
        2026-01-02,Oxycodone,30,AC1234563,FX0000000\n2026-02-20,Zolpidem,30,AD1234563,FY0000000\n";
    let raised = house.asked_programme(&fern(), &fourth, &asking(Kept::Lines(lines.to_owned()))).unwrap();
    let codes: Vec<_> = raised.iter().map(|sign| sign.code.as_str()).collect();
    assert_eq!(codes, ["LAW-FLAG-PRESCRIBERS", "LAW-FLAG-PHARMACIES"]);
    let shown = signal(&fourth);
    assert_eq!((shown.prescribers, shown.pharmacies, shown.supplied.len()), (6, 3, 5));
    let (rx, _) = house.dispensing_now(&fourth).unwrap();
    assert_eq!(rx.open_flags().count(), 2);
    assert_eq!(code(fill(&house, &fourth, &cast::OXYCODONE, &Wanted::Fill)), "PHARM-FLAG-OPEN");

    // The first day after the last supply: nothing overlaps any more.
    hours(&house, 24 * 30);
    let later = signal(&fourth);
    assert!((later.prescribers, later.raised.len()) == (1, 0), "{:?}", later.supplied);
}

#[test]
fn a_supply_overlaps_on_its_last_day_and_not_on_the_day_after() {
    let (house, _dir) = house_with(&[]);
    filled(&house, &Rx { days: "10", ..Rx::new("RX-1", &cast::OXYCODONE) });
    let other = DeaNumber::compose(*b"BA", 112_233).unwrap();
    hours(&house, 24 * 9);
    let number = take(&house, &Rx { registration: other, ..Rx::new("RX-2", &cast::OXYCODONE) });
    let prescribers = || {
        let (rx, _) = house.dispensing_now(&number).unwrap();
        house.providers_of(&rx, house.clock.moment()).unwrap().prescribers
    };
    assert_eq!(prescribers(), 2);
    hours(&house, 24);
    assert_eq!(prescribers(), 1);
}

#[test]
fn a_programme_whose_file_could_not_be_sent_is_not_entered_and_one_that_ended_is_not_reported_to() {
    let (house, _dir) = house();
    let set = |changes: &[(&str, &str)]| house.set_programme(&fern(), Programme::read(fields(changes)).unwrap());
    assert_eq!(code(set(&[("sender", "12345678901")])), "WIRE-ASAP-ELEMENT");
    assert_eq!(code(house.programme_overview("AZ").map(|_| ())), "PDMP-NO-PROGRAMME");
    set(&[]).unwrap();
    set(&[("hours", "72")]).unwrap();
    assert_eq!(house.programmes().unwrap().len(), 1);
    assert_eq!(house.programme("AZ").unwrap().hours, 72);
    filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    assert_eq!(code(house.end_programme(&fern(), "AZ", "")), "PDMP-WORDS");
    house.end_programme(&fern(), "AZ", "the board took it over").unwrap();
    assert_eq!(code(house.make_report(&fern(), "AZ")), "PDMP-NO-PROGRAMME");
    hours(&house, 48);
    assert!(house.reports_owed().unwrap().is_empty());
}

/// A message that arrives electronically is reported as such, with its order number.
#[test]
fn the_origin_of_a_prescription_stands_in_the_report() {
    let (house, _dir) = house_with(&[]);
    filled(&house, &Rx::new("RX-1", &cast::OXYCODONE));
    let file = report(&house);
    let record = file.lines.iter().find(|line| line.segment == asap::Segment::Dsp).unwrap();
    assert_eq!((record.get(12), record.get(20)), ("01", ""));
}
