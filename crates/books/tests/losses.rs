//! Theft and loss: who reports, by when, on which form, and what small losses come to.

mod common;
use common::{amount, at, custodian, movement, number, pharmacist};
use jiff::civil::{Date, date};
use serde_json::Value;
use std::collections::BTreeSet;
use theriac_books::losses::{
    Assessed, BlockValue, ChemicalLoss, ClockState, Crime, Custody, Details, Discovery, Figures, Form106, Incident,
    IncidentEvent, Notice, OthersTold, PatternKey, PatternRule, PoliceReport, ShortageSource, SupplierTold, Transit,
    clerical_on_form_106, discrepancy_log, loss_file, patterns, shortages,
};
use theriac_books::{
    Account, Commodity, Count, CountId, CountMethod, Ledger, MovementKind, Name, Party, Product, StockEvent, StockUnit,
};
use theriac_law::vocab::{
    CaseOutcome, FederalOffence, Medium, NoticeTo, Party as LawParty, Significance, SignificanceFactor, TheftType, Word,
};
use theriac_law::{Duty, Moment, Profile};
use theriac_model::json::canonical;
use theriac_model::{Actor, Address, BusinessActivity, Ndc, Refusal, Role, Schedule};

fn moment(text: &str) -> Moment {
    Moment::parse(text).expect("a moment")
}

fn profile() -> Profile {
    Profile::strictest()
}

fn code<T>(answer: Result<T, Refusal>) -> &'static str {
    answer.map_or_else(|refusal| refusal.code.0, |_| "ok")
}

fn party(name: &str, number_text: &str, activity: BusinessActivity) -> Party {
    let address = Address {
        line1: "12 Elm Street".to_owned(),
        line2: None,
        city: "Tucson".to_owned(),
        state: "AZ".to_owned(),
        postal: "85701".to_owned(),
    };
    Party { name: name.to_owned(), address, number: number(number_text), activity }
}

fn product() -> Product {
    Product {
        commodity: common::oxycodone(),
        schedule: Schedule::III,
        name: "Oxycodone hydrochloride".to_owned(),
        form: "Tablet".to_owned(),
        strength: "10 mg".to_owned(),
        other_strength: None,
        per_container: amount(100),
    }
}

/// Discovered on Friday 2 July 2010 at 16:00; Monday the 5th was a holiday.
fn discovery(id: &str, kind: TheftType) -> Discovery {
    Discovery {
        id: Name::parse(id).expect("a name"),
        registrant: party("Test Pharmacy", "FT1234563", BusinessActivity::Pharmacy),
        discovered: moment("2010-07-02T16:00:00-07:00"),
        kind,
        circumstances: "The lock of the cabinet was broken".to_owned(),
        transit: None,
        by: pharmacist(),
    }
}

fn opened(discovery: Discovery) -> Incident {
    Incident::replay(&Incident::discover(discovery).expect("told")).expect("a discovery")
}

fn burglary() -> Incident {
    opened(discovery("2010-07", TheftType::NightBreakIn))
}

fn transit(custody: Custody, hired_by: Option<LawParty>) -> Incident {
    let supplier = party("Test Wholesale", "RT1234563", BusinessActivity::Distributor);
    let transit = Transit { supplier, carrier: "Fast Freight".to_owned(), hired_by, custody };
    opened(Discovery { transit: Some(transit), ..discovery("transit-1", TheftType::LostInTransit) })
}

fn people() -> Vec<String> {
    vec!["rivera".to_owned()]
}

fn notice(to: NoticeTo, day: &str) -> Notice {
    Notice {
        to,
        in_writing: true,
        channel: "fax".to_owned(),
        signer: Some((pharmacist(), "Pharmacist in charge".to_owned())),
        copy: Some("notice-1.pdf".to_owned()),
        at: moment(&format!("{day}T10:00:00-07:00")),
    }
}

fn keep(incident: &mut Incident, events: &[IncidentEvent]) {
    for event in events {
        incident.apply(event);
    }
}

/// Requirements: pharm-loss-notify-one-business-day, law-loss-one-business-day
#[test]
fn the_notice_is_due_one_business_day_after_discovery_and_a_holiday_is_none() {
    let incident = burglary();
    for (day, expected) in [
        (date(2010, 7, 2), ClockState::Running),
        (date(2010, 7, 5), ClockState::Running),
        (date(2010, 7, 6), ClockState::LastDay),
        (date(2010, 7, 7), ClockState::Overdue),
    ] {
        let clock = incident.clock(&profile(), LawParty::Pharmacy, day).expect("a clock");
        assert_eq!((clock.due, clock.state), (Some(date(2010, 7, 6)), expected), "{day}");
    }
    let notify = |day: &str| {
        let (events, late) =
            incident.notify(&profile(), LawParty::Pharmacy, notice(NoticeTo::Dea, day), &people()).expect("recorded");
        let mut told = incident.clone();
        keep(&mut told, &events);
        let clock = told.clock(&profile(), LawParty::Pharmacy, date(2010, 7, 9)).expect("a clock");
        assert_eq!(clock.state, ClockState::Served);
        late.map(|refusal| refusal.code.0)
    };
    assert_eq!(notify("2010-07-06"), None);
    assert!(notify("2010-07-07").is_some_and(|code| code.starts_with("LAW-1301.76")), "late, and recorded as late");
}

/// Requirements: pharm-loss-notice-direct-to-dea, pharm-loss-notice-signed, law-loss-direct-and-signed
#[test]
fn a_notice_goes_to_dea_itself_signed_by_an_authorised_person_with_a_copy() {
    let mut incident = burglary();
    let ours = LawParty::Pharmacy;
    for to in [NoticeTo::HeadOffice, NoticeTo::Police] {
        let (events, said) = incident.notify(&profile(), ours, notice(to, "2010-07-02"), &people()).expect("recorded");
        keep(&mut incident, &events);
        assert_eq!(said.map(|refusal| refusal.code.0), Some("LAW-1301.76-DIRECT"));
        let clock = incident.clock(&profile(), ours, date(2010, 7, 6)).expect("a clock");
        assert_eq!(clock.state, ClockState::LastDay, "telling {to} is no notice");
    }
    let check = |change: fn(&mut Notice), expected: &str| {
        let mut notice = notice(NoticeTo::Dea, "2010-07-06");
        change(&mut notice);
        assert_eq!(code(incident.notify(&profile(), ours, notice, &people())), expected);
    };
    check(|_| {}, "ok");
    check(|notice| notice.signer = Some((custodian(), "Clerk".to_owned())), "BOOKS-INCIDENT-SIGNER");
    check(|notice| notice.signer = None, "LAW-1301.76-SIGNER");
    check(|notice| notice.in_writing = false, "LAW-1301.76-WRITING");
    check(|notice| notice.copy = None, "BOOKS-INCIDENT-FIELD");
    let (events, _) =
        incident.notify(&profile(), ours, notice(NoticeTo::Dea, "2010-07-06"), &people()).expect("a notice");
    keep(&mut incident, &events);
    let kept = incident.notices.last().expect("kept");
    let (signer, title) = kept.signer.clone().expect("signed");
    assert_eq!(
        (signer, title.as_str(), kept.copy.as_deref()),
        (pharmacist(), "Pharmacist in charge", Some("notice-1.pdf"))
    );
}

/// Requirements: pharm-loss-in-transit-supplier, pharm-loss-in-transit-after-custody, pharm-loss-refused-shipment,
/// pharm-loss-central-fill-carrier, pharm-loss-retail-carrier, law-loss-transit-supplier, law-loss-transit-purchaser
#[test]
fn a_loss_on_the_way_is_reported_by_whoever_had_it_or_hired_the_carrier() {
    for (custody, hired_by, expected) in [
        (Custody::NotSigned, None, "supplier"),
        (Custody::Signed, None, "pharmacy"),
        (Custody::Refused, None, "supplier"),
        (Custody::NotSigned, Some(LawParty::CentralFillPharmacy), "central-fill-pharmacy"),
        (Custody::NotSigned, Some(LawParty::Pharmacy), "pharmacy"),
    ] {
        let mut incident = transit(custody, hired_by);
        assert_eq!(incident.reporter(&profile()), Ok(expected));
        for own in [LawParty::Pharmacy, LawParty::CentralFillPharmacy] {
            let ours = own.word() == expected;
            let clock = incident.clock(&profile(), own, date(2010, 7, 2)).expect("a clock");
            assert_eq!(clock.state == ClockState::Running, ours, "{own} for {expected}");
            let answer = incident.notify(&profile(), own, notice(NoticeTo::Dea, "2010-07-06"), &people());
            assert_eq!(code(answer), if ours { "ok" } else { "BOOKS-INCIDENT-REPORTER" });
        }
        let told =
            SupplierTold { by: pharmacist(), channel: "telephone".to_owned(), at: moment("2010-07-02T17:00:00-07:00") };
        let events = incident.tell_supplier(told.clone()).expect("a shipment");
        keep(&mut incident, &events);
        assert_eq!(incident.supplier_told, [told]);
    }
}

/// Requirements: pharm-loss-in-transit-supplier, pharm-loss-in-transit-after-custody, pharm-loss-refused-shipment
#[test]
fn who_reports_is_asked_again_when_the_shipment_turns_up_and_the_clock_runs_from_then() {
    for (custody, expected, state) in
        [(Custody::Signed, "pharmacy", ClockState::Running), (Custody::Refused, "supplier", ClockState::NotOurs)]
    {
        let mut incident = transit(Custody::NotSigned, None);
        assert_eq!(incident.reporter(&profile()), Ok("supplier"));
        let late = moment("2010-07-12T09:00:00-07:00");
        assert_eq!(code(incident.turned_up(Custody::NotSigned, pharmacist(), late)), "BOOKS-INCIDENT-FIELD");
        let before = moment("2010-06-01T09:00:00-07:00");
        assert_eq!(code(incident.turned_up(custody, pharmacist(), before)), "BOOKS-INCIDENT-FIELD");
        let events = incident.turned_up(custody, pharmacist(), late).expect("it turned up");
        for event in &events {
            assert_eq!(IncidentEvent::from_json(event.kind(), &event.to_json()).as_ref(), Ok(event));
        }
        keep(&mut incident, &events);
        assert_eq!(incident.reporter(&profile()), Ok(expected));
        let clock = incident.clock(&profile(), LawParty::Pharmacy, date(2010, 7, 12)).expect("a clock");
        assert_eq!(clock.state, state);
        if expected == "pharmacy" {
            assert_eq!(clock.due, Some(date(2010, 7, 13)), "one business day after it turned up");
        }
        assert_eq!(code(incident.turned_up(Custody::Signed, pharmacist(), late)), "BOOKS-INCIDENT-FIELD", "twice");
    }
    let at = moment("2010-07-12T09:00:00-07:00");
    assert_eq!(code(burglary().turned_up(Custody::Signed, pharmacist(), at)), "BOOKS-INCIDENT-FIELD", "no shipment");
}

fn answers(but: usize) -> Vec<(SignificanceFactor, String)> {
    let factors = SignificanceFactor::LIST.iter().enumerate().filter(|(n, _)| *n != but);
    factors.map(|(_, (word, factor))| (*factor, format!("considered: {word}"))).collect()
}

fn assessed(significance: Significance, answers: Vec<(SignificanceFactor, String)>) -> Assessed {
    Assessed {
        significance,
        answers,
        reasons: "Two tablets of a bottle of a hundred".to_owned(),
        theft_in_doubt: false,
        in_spite_of_pattern: false,
        earlier_small: Vec::new(),
        by: custodian(),
        at: moment("2010-07-06T09:00:00-07:00"),
    }
}

/// Requirements: pharm-loss-significance-factors, law-loss-significance-factors, pharm-loss-doubt-report
#[test]
fn not_to_report_answers_six_factors_by_name_and_doubt_proposes_the_report() {
    let mut incident = burglary();
    assert!(incident.proposes_report(), "nothing is decided");
    for left_out in 0..6 {
        let decision = assessed(Significance::NotSignificant, answers(left_out));
        assert_eq!(code(incident.assess(&profile(), decision)), "LAW-1301.76-FACTOR", "without factor {left_out}");
    }
    let mut nobody = assessed(Significance::NotSignificant, answers(9));
    nobody.by = Actor::new("", Role::Custodian);
    assert_eq!(code(incident.assess(&profile(), nobody)), "LAW-1301.76-NAMED");
    let unsure = assessed(Significance::Unsure, Vec::new());
    let (_, duties) = incident.assess(&profile(), unsure).expect("in doubt");
    assert!(duties.has(Duty::NotifyDea1BusinessDay) && duties.has(Duty::FileForm106));
    let (events, duties) =
        incident.assess(&profile(), assessed(Significance::NotSignificant, answers(9))).expect("decided");
    assert!(duties.has(Duty::RecordInTheftLossFile) && duties.has(Duty::TakeInventory));
    keep(&mut incident, &events);
    assert!(!incident.proposes_report());
    let kept = &incident.assessments[0];
    assert_eq!((kept.answers.len(), &kept.by, kept.at), (6, &custodian(), moment("2010-07-06T09:00:00-07:00")));
    let doubt = Assessed { theft_in_doubt: true, ..assessed(Significance::NotSignificant, answers(9)) };
    let (events, _) = incident.assess(&profile(), doubt).expect("in doubt");
    keep(&mut incident, &events);
    assert!(incident.proposes_report(), "a theft in doubt is reported");
}

/// Requirements: pharm-loss-significance-factors
#[test]
fn the_books_fill_in_their_own_figures() {
    let mut events = Vec::new();
    let mut ledger = Ledger::new();
    for (kind, units) in [
        (MovementKind::Receipt, 1000),
        (MovementKind::Fill, 400),
        (MovementKind::HandOver, 400),
        (MovementKind::TheftOrLoss, 3),
    ] {
        for event in ledger.post(&[movement(kind, units)], at(common::POSTED)).expect("a movement") {
            ledger.apply(&event).expect("foldable");
            events.push(event);
        }
    }
    let period = (at("2026-03-01T00:00:00Z"), at("2026-03-03T00:00:00Z"));
    let figures = Figures::of(&common::oxycodone(), 4, period, &events);
    assert_eq!((figures.lost, figures.dispensed, figures.share.as_deref()), (4, 400, Some("1.00")));
    assert_eq!(figures.people, BTreeSet::from(["rivera".to_owned(), "okafor".to_owned()]));
    assert_eq!(figures.earlier.iter().map(|(_, _, lost)| *lost).collect::<Vec<_>>(), [3]);
    assert_eq!((figures.on_hand, figures.schedule), (0, Some(Schedule::III)));
}

/// Requirements: pharm-loss-form-106-required, pharm-loss-no-loss-found, law-loss-none-found
#[test]
fn a_case_ends_with_the_form_with_a_letter_or_in_the_file() {
    let day = moment("2010-08-01T09:00:00-07:00");
    let close = |incident: &Incident, outcome| code(incident.close(&profile(), outcome, custodian(), day));
    let mut incident = burglary();
    assert_eq!(close(&incident, CaseOutcome::Confirmed), "LAW-1301.76-NO-FORM-106");
    assert_eq!(close(&incident, CaseOutcome::NoLoss), "LAW-1301.76-NO-LETTER");
    assert_eq!(close(&incident, CaseOutcome::NotSignificant), "LAW-1301.76-NOT-IN-FILE");
    let letter = incident.no_loss_letter("the bottle lay behind the drawer.", date(2010, 7, 20));
    for part in ["FT1234563", "On 2010-07-02", "behind the drawer", "is therefore not filed"] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    keep(
        &mut incident,
        &[IncidentEvent::LetterSent { letter, copy: "letter.pdf".to_owned(), by: pharmacist(), at: day }],
    );
    assert_eq!(close(&incident, CaseOutcome::NoLoss), "ok");
    let events = incident.close(&profile(), CaseOutcome::NoLoss, custodian(), day).expect("told");
    keep(&mut incident, &events);
    assert_eq!(close(&incident, CaseOutcome::NoLoss), "BOOKS-INCIDENT-CLOSED");
    assert_eq!(code(incident.form_106_allowed(&profile())), "LAW-1301.76-FORM");
}

/// Requirements: pharm-loss-not-significant-file, law-loss-not-significant-file
#[test]
fn a_loss_that_is_not_significant_stands_in_the_file_with_quantity_reasons_and_decider_and_counts_later() {
    let mut incident = opened(discovery("2010-07", TheftType::Other));
    let decision = assessed(Significance::NotSignificant, answers(9));
    let (events, _) = incident.assess(&profile(), decision).expect("decided");
    keep(&mut incident, &events);
    let day = moment("2010-07-08T09:00:00-07:00");
    let events = incident.close(&profile(), CaseOutcome::NotSignificant, custodian(), day).expect("in the file");
    keep(&mut incident, &events);
    let (_, posted) = lost(&incident, 2);
    let file = loss_file(&[incident.clone(), burglary()], &posted);
    assert_eq!(file.len(), 1, "an open case is not in the file");
    assert_eq!(file[0].quantities, [(common::oxycodone(), 2)]);
    assert_eq!((file[0].reasons.as_str(), &file[0].decided_by), ("Two tablets of a bottle of a hundred", &custodian()));
    assert_eq!(shortages(&posted).iter().map(|shortage| shortage.missing).collect::<Vec<_>>(), [2]);
}

/// Requirements: pharm-loss-police-and-state
#[test]
fn police_and_state_are_recorded_with_department_telephone_and_report() {
    let mut incident = burglary();
    let at = moment("2010-07-02T17:00:00-07:00");
    let told = |police, board| OthersTold { police, board, by: pharmacist(), at };
    assert_eq!(code(incident.tell_others(told(None, None))), "BOOKS-INCIDENT-FIELD");
    let police = Some(("Tucson Police".to_owned(), "520-555-0111".to_owned(), Some("10-4711".to_owned())));
    let events = incident.tell_others(told(police.clone(), Some("Board of Pharmacy".to_owned()))).expect("told");
    keep(&mut incident, &events);
    assert_eq!((&incident.others[0].police, incident.others[0].board.as_deref()), (&police, Some("Board of Pharmacy")));
}

/// `units` received long before and lost in the incident.
fn lost(incident: &Incident, units: i64) -> (Ledger, Vec<StockEvent>) {
    let mut books = (Ledger::new(), Vec::new());
    let mut receipt = movement(MovementKind::Receipt, 1_000);
    receipt.happened = at("2010-06-01T12:00:00Z");
    let theft = incident.movement(&product(), Account::Shelf, amount(units), pharmacist());
    for movement in [receipt, theft] {
        for event in books.0.post(&[movement], at(common::POSTED)).expect("a movement") {
            books.0.apply(&event).expect("foldable");
            books.1.push(event);
        }
    }
    books
}

fn details() -> Details {
    Details {
        telephone: "520-555-0100".to_owned(),
        county: "Pima".to_owned(),
        police: Some(PoliceReport { department: "Tucson Police".to_owned(), telephone: "520-555-0111".to_owned() }),
        hurt: 0,
        other_goods: None,
        label_marks: "price code TP-7".to_owned(),
        order_forms: Vec::new(),
        security: "a new lock and a camera".to_owned(),
        period: None,
        earlier: vec![date(2008, 6, 2), date(2008, 7, 2), date(2009, 1, 2)],
        earlier_by_carrier: vec![date(2005, 1, 2), date(2009, 1, 2)],
        prices: vec![(common::oxycodone(), 4_000, 9_000)],
        medium: Medium::Paper,
        signer: (pharmacist(), "Pharmacist in charge".to_owned()),
        completed: date(2010, 7, 12),
        dated: date(2010, 7, 12),
        amends: None,
    }
}

fn filled(incident: &Incident, details: Details, product: &Product, units: i64) -> Result<Form106, Refusal> {
    let (_, events) = lost(incident, units);
    Form106::fill(&profile(), incident, details, &events, |_| Some(product.clone()))
}

fn value(form: &Form106, number: &str) -> BlockValue {
    form.blocks().into_iter().find(|block| block.number == number).expect(number).value
}

fn text(text: &str) -> BlockValue {
    BlockValue::Text(text.to_owned())
}

/// Requirements: pharm-106-full-field-list, pharm-loss-form-106-minimum, law-loss-form106-fields
#[test]
fn the_form_has_every_block_and_a_block_that_does_not_apply_says_so() {
    let form = filled(&burglary(), details(), &product(), 100).expect("filled");
    assert_eq!(form.check(&profile()), Ok(()));
    let numbers: Vec<&str> = form.blocks().iter().map(|block| block.number).collect();
    assert_eq!(numbers.join(" "), "1 2 3 4 5 6 7 8 9 10 11 12 13 14a 14b 14c 14d 14e 14f 15 16 17");
    for (number, expected) in [
        ("1", "Test Pharmacy, 12 Elm Street, Tucson, AZ 85701"),
        ("2", "520-555-0100"),
        ("3", "FT1234563"),
        ("4", "2010-07-02"),
        ("5", "pharmacy"),
        ("6", "Pima"),
        ("7", "yes"),
        ("8", "Tucson Police, 520-555-0111"),
        ("10", "night-break-in"),
        ("11", "0"),
        ("15", "price code TP-7"),
        ("17", "a new lock and a camera"),
    ] {
        assert_eq!(value(&form, number), text(expected), "block {number}");
    }
    for number in ["13", "14a", "14b", "14c", "14d", "14e", "14f", "16"] {
        assert_eq!(value(&form, number), BlockValue::NotApplicable, "block {number}");
    }
    let line = &form.to_json()["lines"][0];
    assert_eq!((line["ndc"].as_str(), line["strength"].as_str()), (Some("00406055201"), Some("10 mg")));
    let check = |change: fn(&mut Form106), entry: &str| {
        let mut form = form.clone();
        change(&mut form);
        let refusal = form.check(&profile()).expect_err(entry);
        assert!(refusal.what.contains(entry), "{refusal}");
    };
    check(|form| form.discovery.registrant.name.clear(), "sender-name");
    check(|form| form.discovery.registrant.address.city.clear(), "sender-address");
    check(|form| form.details.label_marks.clear(), "label-marks");
    check(|form| form.details.police.as_mut().expect("told").telephone.clear(), "police");
    check(|form| form.lines[0].product.name.clear(), "drug-name");
    check(|form| form.lines[0].product.strength.clear(), "strength");
    check(|form| form.lines[0].product.form.clear(), "finished-form");
    assert_eq!(code(Form106::fill(&profile(), &burglary(), details(), &[], |_| Some(product()))), "BOOKS-106-LINES");
}

/// Requirements: pharm-106-block-9-count, law-loss-count-24-months, pharm-106-block-12-cost, law-loss-cost-not-retail
#[test]
fn earlier_losses_of_two_years_and_what_was_paid_stand_in_blocks_9_and_12() {
    let form = filled(&burglary(), details(), &product(), 100).expect("filled");
    assert_eq!(value(&form, "9"), text("2"), "2 July 2008 is 24 months before, 2 June is not");
    assert_eq!(value(&form, "12"), text("40.00 dollars"));
    let none = Details { earlier: Vec::new(), ..details() };
    assert_eq!(value(&filled(&burglary(), none, &product(), 100).expect("filled"), "9"), text("0"));
    let unpriced = Details { prices: Vec::new(), ..details() };
    assert_eq!(code(filled(&burglary(), unpriced, &product(), 100)), "BOOKS-INCIDENT-FIELD");
}

/// Requirements: pharm-106-partial-container
#[test]
fn of_a_container_that_was_not_full_the_line_gives_what_was_really_lost() {
    let form = filled(&burglary(), details(), &product(), 37).expect("filled");
    assert_eq!((form.lines[0].quantity().as_str(), form.lines[0].amount), ("37", 37));
    assert_eq!(value(&form, "12"), text("14.80 dollars"), "its share of the container's price");
    let mut syrup = product();
    syrup.commodity.unit = StockUnit::Microlitre;
    for (units, expected) in [(473_000, "473 mL"), (2_500, "2.5 mL"), (50, "0.05 mL")] {
        let line = theriac_books::losses::Form106Line { product: syrup.clone(), amount: units };
        assert_eq!(line.quantity(), expected);
    }
}

/// Requirements: pharm-106-combination-strength, law-loss-combination-strength
#[test]
fn a_combination_gives_both_strengths() {
    let mut both = product();
    both.name = "Hydrocodone bitartrate with acetaminophen".to_owned();
    both.strength = "5 mg".to_owned();
    let refused = filled(&burglary(), details(), &both, 10).expect("filled").check(&profile());
    assert_eq!(code(refused), "LAW-1301.76-FORM-106");
    both.other_strength = Some("acetaminophen 500 mg".to_owned());
    let form = filled(&burglary(), details(), &both, 10).expect("filled");
    assert_eq!(form.check(&profile()), Ok(()));
    assert_eq!(form.lines[0].strength(), "5 mg with acetaminophen 500 mg");
}

/// Requirements: pharm-106-pilferage-dates, law-loss-pilferage-dates
#[test]
fn pilferage_gives_its_first_and_last_day_and_how_they_were_estimated() {
    let incident = opened(discovery("2010-07", TheftType::EmployeePilferage));
    let check = |period: Option<(Date, Date, String)>| {
        filled(&incident, Details { period, ..details() }, &product(), 10).expect("filled")
    };
    assert_eq!(code(check(None).check(&profile())), "LAW-1301.76-PILFERAGE");
    let days = |explained: &str| Some((date(2010, 5, 1), date(2010, 6, 30), explained.to_owned()));
    assert_eq!(code(check(days(" ")).check(&profile())), "LAW-1301.76-PILFERAGE");
    let form = check(days("counts of May and June"));
    assert_eq!(form.check(&profile()), Ok(()));
    assert!(form.is_pilferage());
    assert_eq!(value(&form, "4"), text("2010-07-02"), "the day of discovery");
    let BlockValue::Text(seventeen) = value(&form, "17") else { panic!("block 17") };
    assert!(seventeen.contains("from 2010-05-01 to 2010-06-30: counts of May and June"), "{seventeen}");
}

/// Requirements: pharm-106-block-14-supplier, pharm-106-block-14f-carrier-history
#[test]
fn a_loss_on_the_way_names_the_supplier_and_counts_the_carriers_earlier_losses() {
    let form = filled(&transit(Custody::Signed, None), details(), &product(), 10).expect("filled");
    assert_eq!(form.check(&profile()), Ok(()));
    for (number, expected) in
        [("14a", "Fast Freight"), ("14b", "Test Wholesale"), ("14c", "RT1234563"), ("14d", "yes"), ("14f", "2")]
    {
        assert_eq!(value(&form, number), text(expected), "block {number}");
    }
    let mut unnamed = form;
    unnamed.discovery.transit.as_mut().expect("a shipment").supplier.name.clear();
    assert_eq!(code(unnamed.check(&profile())), "LAW-1301.76-TRANSIT-SUPPLIER");
}

/// Requirements: pharm-106-signature-date
#[test]
fn the_date_beside_the_signature_is_the_day_of_signing() {
    let dated = |dated| filled(&burglary(), Details { dated, ..details() }, &product(), 10).expect("filled");
    assert_eq!(code(dated(date(2010, 7, 12)).check(&profile())), "ok");
    assert_eq!(code(dated(date(2010, 7, 11)).check(&profile())), "LAW-1301.76-DATED");
}

/// Requirements: pharm-106-amendment, pharm-loss-paper-106-copies, law-loss-amended
#[test]
fn a_form_is_filed_with_destination_and_copy_and_an_amendment_is_marked_while_both_versions_stay() {
    let mut incident = burglary();
    let ours = LawParty::Pharmacy;
    let first = filled(&incident, details(), &product(), 10).expect("filled");
    let file = |incident: &Incident, form: &Form106, channel: &str, copy: &str, signer: Actor| {
        incident.file(&profile(), ours, (form, channel, copy), signer, &people())
    };
    let to = "original by mail to the Phoenix field office";
    assert_eq!(code(file(&incident, &first, to, "", pharmacist())), "BOOKS-INCIDENT-FIELD");
    assert_eq!(code(file(&incident, &first, "", "106.pdf", pharmacist())), "BOOKS-INCIDENT-FIELD");
    assert_eq!(code(file(&incident, &first, to, "106.pdf", custodian())), "BOOKS-INCIDENT-SIGNER");
    let events = file(&incident, &first, to, "106.pdf", pharmacist()).expect("filed");
    keep(&mut incident, &events);
    let amended = Details { amends: Some(date(2010, 7, 2)), ..details() };
    let second = filled(&incident, amended, &product(), 12).expect("filled");
    assert_eq!(second.margin().as_deref(), Some("Amended 2010-07-02"));
    let events = file(&incident, &second, to, "106-2.pdf", pharmacist()).expect("filed");
    keep(&mut incident, &events);
    let [one, two] = &incident.forms[..] else { panic!("two versions") };
    assert_eq!((one.version, two.version, one.day, one.copy.as_str()), (1, 2, date(2010, 7, 12), "106.pdf"));
    assert_eq!((one.form.get("margin"), two.form["margin"].as_str()), (None, Some("Amended 2010-07-02")));
    assert_eq!((one.form["lines"][0]["quantity"].as_str(), one.channel.as_str()), (Some("10"), to));
    assert_eq!(code(incident.close(&profile(), CaseOutcome::Confirmed, custodian(), one_day())), "ok");
}

fn one_day() -> Moment {
    moment("2010-08-01T09:00:00-07:00")
}

/// Requirements: pharm-106-one-form-per-event, law-loss-per-event
#[test]
fn two_thefts_of_one_day_are_two_incidents_with_a_form_each() {
    let (one, two) = (burglary(), opened(discovery("2010-07-b", TheftType::ArmedRobbery)));
    let mut books = lost(&one, 10);
    let theft = two.movement(&product(), Account::Shelf, amount(25), pharmacist());
    let post = |books: &mut (Ledger, Vec<StockEvent>), theft: &theriac_books::Movement| {
        for event in books.0.post(std::slice::from_ref(theft), at(common::POSTED)).expect("a theft") {
            books.0.apply(&event).expect("foldable");
            books.1.push(event);
        }
    };
    post(&mut books, &theft);
    let form = |incident: &Incident| Form106::fill(&profile(), incident, details(), &books.1, |_| Some(product()));
    let (first, second) = (form(&one).expect("filled"), form(&two).expect("filled"));
    assert_eq!((first.lines[0].amount, second.lines[0].amount), (10, 25));
    assert_ne!(first.to_json()["incident"], second.to_json()["incident"]);
    let mut merged = theft;
    merged.document.number = "2010-07".to_owned();
    post(&mut books, &merged);
    let refused = Form106::fill(&profile(), &one, details(), &books.1, |_| Some(product()));
    assert_eq!(code(refused), "BOOKS-106-ONE-EVENT");
}

/// Requirements: pharm-loss-clerical-log, law-loss-clerical
#[test]
fn a_slip_in_the_books_stands_in_the_discrepancy_log_with_both_figures_and_on_no_form() {
    let mut books = (Ledger::new(), Vec::new());
    for (kind, units) in [(MovementKind::Receipt, 100), (MovementKind::ClericalOut, 3), (MovementKind::ClericalIn, 5)] {
        for event in books.0.post(&[movement(kind, units)], at(common::POSTED)).expect("a movement") {
            books.0.apply(&event).expect("foldable");
            books.1.push(event);
        }
    }
    let log: Vec<_> = discrepancy_log(&books.1)
        .into_iter()
        .map(|line| (line.entry.0, line.before, line.after, line.reason, line.signers.len()))
        .collect();
    let reason = "miscounted at receipt".to_owned();
    assert_eq!(log, [(2, 100, 97, reason.clone(), 2), (3, 97, 102, reason, 2)]);
    let refusal = clerical_on_form_106(&profile(), date(2026, 3, 2)).expect_err("no form");
    assert!(refusal.next.contains("discrepancy log"), "{refusal}");
}

/// Books that count the shelf one short on each of these days of 2026, and adjust it at once.
fn small_losses(days: &[Date]) -> Vec<StockEvent> {
    let mut books = (Ledger::new(), Vec::new());
    let mut receipt = movement(MovementKind::Receipt, 1_000);
    receipt.happened = at("2026-01-01T12:00:00Z");
    let keep = |books: &mut (Ledger, Vec<StockEvent>), events: Vec<StockEvent>| {
        for event in events {
            books.0.apply(&event).expect("foldable");
            books.1.push(event);
        }
    };
    let events = books.0.post(&[receipt], at("2026-01-01T12:00:00Z")).expect("a receipt");
    keep(&mut books, events);
    for (n, day) in (1u64..).zip(days) {
        let noon = at(&format!("{day}T12:00:00Z"));
        let mut fill = movement(MovementKind::Fill, 10);
        fill.happened = at(&format!("{day}T10:00:00Z"));
        fill.signers = vec![Actor::new("night", Role::Technician)];
        let events = books.0.post(&[fill], noon).expect("a filling");
        keep(&mut books, events);
        let stock = books.0.stock(&common::oxycodone()).expect("books");
        let (account, counter) = (Account::Shelf, custodian());
        let found = stock.balance(&account) - 1;
        let events = stock
            .count(Count { account, found, method: CountMethod::Exact, happened: noon, counter }, noon)
            .expect("a count");
        keep(&mut books, events);
        // Every other one is adjusted away; it is the same shortage.
        if n % 2 == 0 {
            let mut adjust = movement(MovementKind::ClericalOut, 1).explaining(CountId(n), "miscount");
            adjust.happened = at(&format!("{day}T13:00:00Z"));
            let events = books.0.post(&[adjust], adjust_posted(*day)).expect("a correction");
            keep(&mut books, events);
        }
    }
    books.1
}

fn adjust_posted(day: Date) -> jiff::Timestamp {
    at(&format!("{day}T13:00:00Z"))
}

/// Requirements: pharm-loss-repeated-small, law-loss-repeated-small
#[test]
fn four_small_shortages_in_sixty_days_are_a_pattern_that_names_each_of_them_and_the_total() {
    let days = [date(2026, 1, 5), date(2026, 1, 20), date(2026, 2, 10), date(2026, 3, 5)];
    let events = small_losses(&days);
    let found = shortages(&events);
    let sources: Vec<bool> = found.iter().map(|s| matches!(s.source, ShortageSource::Count(_))).collect();
    assert_eq!(sources, [true, false, true, false], "what was adjusted away stays a shortage, once");
    assert!(patterns(&shortages(&small_losses(&days[..3])), PatternRule::default()).is_empty(), "three are none");
    let alerts = patterns(&found, PatternRule::default());
    let product = alerts.iter().find(|pattern| pattern.key == PatternKey::Product(common::oxycodone()));
    let product = product.expect("a pattern of the product");
    assert_eq!((product.shortages.len(), product.total), (4, 4));
    let keys: Vec<&PatternKey> = alerts.iter().map(|pattern| &pattern.key).collect();
    assert!(keys.contains(&&PatternKey::Place(Account::Shelf)), "{keys:?}");
    assert!(keys.contains(&&PatternKey::Person("night".to_owned())), "{keys:?}");
    let sixty_first = [date(2026, 1, 5), date(2026, 1, 20), date(2026, 2, 10), date(2026, 3, 6)];
    assert!(patterns(&shortages(&small_losses(&sixty_first)), PatternRule::default()).is_empty(), "the 61st day");
    let three = PatternRule { count: 3, ..PatternRule::default() };
    assert!(!patterns(&shortages(&small_losses(&days[..3])), three).is_empty());
    let incident = opened(discovery("2010-07", TheftType::Other));
    let mut decision = assessed(Significance::NotSignificant, answers(9));
    decision.earlier_small = vec![date(2010, 6, 1), date(2010, 6, 20)];
    assert_eq!(code(incident.assess(&profile(), decision.clone())), "LAW-1301.76-REPEATED");
    decision.in_spite_of_pattern = true;
    assert_eq!(code(incident.assess(&profile(), decision)), "ok");
}

/// Requirements: pharm-loss-federal-crime-flags, law-loss-csrpa-threshold
#[test]
fn cost_commerce_or_injury_open_a_federal_investigation() {
    for (replacement_cents, interstate_commerce, killed_or_injured, expected) in [
        (49_999, false, false, FederalOffence::None),
        (50_000, false, false, FederalOffence::Possible),
        (1, true, false, FederalOffence::Possible),
        (1, false, true, FederalOffence::Possible),
    ] {
        let crime = Crime { replacement_cents, interstate_commerce, killed_or_injured };
        assert_eq!(crime.federal(&profile(), date(2010, 7, 2)), Ok(expected), "{crime:?}");
    }
}

#[test]
fn a_lost_listed_chemical_is_telephoned_at_once_and_reported_in_fifteen_days() {
    let loss = ChemicalLoss {
        discovered: moment("2026-03-02T09:00:00-07:00"),
        number: Some(number("FT1234563")),
        name: "Test Pharmacy".to_owned(),
        address: "12 Elm Street, Tucson".to_owned(),
        kind: "theft".to_owned(),
        circumstances: "Two boxes taken from the counter".to_owned(),
        told: Some(moment("2026-03-02T09:10:00-07:00")),
        written: None,
    };
    let duties = loss.duties(&profile()).expect("duties");
    assert!(duties.has(Duty::ReportOrally) && duties.has(Duty::WrittenReport15Days));
    assert_eq!(loss.due(&profile()), Some(date(2026, 3, 17)));
    let report = |change: fn(&mut ChemicalLoss)| {
        let mut loss = loss.clone();
        change(&mut loss);
        code(loss.report(&profile(), date(2026, 3, 3)))
    };
    assert_eq!(report(|_| {}), "ok");
    assert_eq!(report(|loss| loss.told = None), "BOOKS-INCIDENT-FIELD");
    assert_eq!(report(|loss| loss.number = None), "ok", "a seller without registration has no number to give");
    for change in [
        (|loss: &mut ChemicalLoss| loss.name.clear()) as fn(&mut ChemicalLoss),
        |loss| loss.address.clear(),
        |loss| loss.kind.clear(),
        |loss| loss.circumstances.clear(),
    ] {
        assert_eq!(report(change), "LAW-1314.15-REPORT");
    }
}

#[test]
fn every_event_of_an_incident_is_read_back_from_its_canonical_bytes() {
    let incident = burglary();
    let day = one_day();
    let form = filled(&incident, details(), &product(), 10).expect("filled");
    let mut events = Incident::discover(transit(Custody::Refused, Some(LawParty::Pharmacy)).discovery).expect("told");
    events.extend(Incident::discover(incident.discovery.clone()).expect("told"));
    events.extend(incident.assess(&profile(), assessed(Significance::NotSignificant, answers(9))).expect("decided").0);
    events.extend(
        incident
            .notify(&profile(), LawParty::Pharmacy, notice(NoticeTo::Dea, "2010-07-06"), &people())
            .expect("told")
            .0,
    );
    let police = Some(("Police".to_owned(), "1".to_owned(), Some("2".to_owned())));
    events.push(IncidentEvent::OthersTold(OthersTold {
        police,
        board: Some("Board".to_owned()),
        by: pharmacist(),
        at: day,
    }));
    events.push(IncidentEvent::SupplierTold(SupplierTold { by: pharmacist(), channel: "mail".to_owned(), at: day }));
    events.extend(
        incident.file(&profile(), LawParty::Pharmacy, (&form, "online", "a"), pharmacist(), &people()).expect("filed"),
    );
    let letter = incident.no_loss_letter("found.", date(2010, 7, 20));
    events.push(IncidentEvent::LetterSent { letter, copy: "b".to_owned(), by: pharmacist(), at: day });
    events.push(IncidentEvent::Closed { outcome: CaseOutcome::NoLoss, by: custodian(), at: day });
    for event in events {
        let bytes = canonical(&event.to_json()).expect("canonical");
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        assert_eq!(IncidentEvent::from_json(event.kind(), &value).as_ref(), Ok(&event));
        for member in value.as_object().expect("an object").keys() {
            let mut damaged = value.clone();
            damaged[member] = serde_json::json!(-1.5);
            assert!(IncidentEvent::from_json(event.kind(), &damaged).is_err(), "{} {member}", event.kind());
        }
    }
    assert!(IncidentEvent::from_json("incident.forgotten", &serde_json::json!({"format": 1})).is_err());
}

#[test]
fn an_incident_has_an_account_in_the_books_of_every_product() {
    let incident = burglary();
    let ndc = Ndc::parse("00093083201").expect("an NDC");
    let other = Product { commodity: Commodity { ndc, ..common::oxycodone() }, ..product() };
    let mut books = Ledger::new();
    let mut events = Vec::new();
    for product in [product(), other] {
        let mut receipt = movement(MovementKind::Receipt, 100);
        receipt.commodity = product.commodity.clone();
        receipt.happened = at("2010-06-01T12:00:00Z");
        let theft = incident.movement(&product, Account::Shelf, amount(7), pharmacist());
        let posted = books.post(&[receipt, theft], at(common::POSTED)).expect("movements");
        for event in posted {
            books.apply(&event).expect("foldable");
            events.push(event);
        }
    }
    assert_eq!(incident.quantities(&events).iter().map(|(_, units)| *units).collect::<Vec<_>>(), [7, 7]);
    assert_eq!(Incident::stream(number("FT1234563"), &incident.discovery.id), "incident/FT1234563/2010-07");
    let silent = Discovery { circumstances: " ".to_owned(), ..incident.discovery };
    assert_eq!(code(Incident::discover(silent)), "BOOKS-INCIDENT-FIELD");
}
