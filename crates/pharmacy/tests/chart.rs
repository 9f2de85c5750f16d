//! 21 CFR 1306.11(c), 1306.21(c): what an institution administers, and on what.

mod common;

use common::{at, pharmacist, profile, registrant};
use theriac_books::{Account, MovementKind};
use theriac_law::Profile;
use theriac_law::vocab::{InstitutionOrder, Status};
use theriac_model::{DeaNumber, Decimal, DrugUnit, Ndc, Quantity, Registration, Schedule};
use theriac_pharmacy::{Activity, ChartDone, ChartOrder, PharmacyKind, RegistrantLookup, administer};

fn order(schedule: Schedule, on: InstitutionOrder) -> ChartOrder {
    ChartOrder {
        on,
        document: "chart of ward 3".to_owned(),
        ordered: at("2026-03-02T12:00:00-07:00"),
        ordered_by: "Alex Brook".to_owned(),
        registration: Registration::parse("BB1234563").expect("a registration"),
        patient: "Pat Sample".to_owned(),
        ward: "3 West, bed 2".to_owned(),
        drug: "Oxycodone 5 mg tablet".to_owned(),
        ndc: Ndc::parse("99999010101").expect("an NDC"),
        schedule,
        quantity: Quantity::new(Decimal::whole(2), DrugUnit::Tablet).expect("a quantity"),
        directions: "by mouth now".to_owned(),
    }
}

fn everything() -> RegistrantLookup {
    let mut lookup = registrant();
    if let Some(found) = &mut lookup.found {
        found.schedules = Schedule::ALL.to_vec();
    }
    lookup
}

fn ask(kind: PharmacyKind, order: ChartOrder, lookup: &RegistrantLookup, under: &Profile) -> Result<ChartDone, String> {
    let pharmacy = DeaNumber::parse("FT1234563").expect("a DEA number");
    let by = pharmacist();
    let decided = administer(under, (kind, pharmacy), ("C-1", order), lookup, (&by, at("2026-03-02T12:30:00-07:00")));
    decided.map_err(|refusal| refusal.code.to_string()).map(|(done, movement)| {
        assert_eq!(movement.kind, MovementKind::Administration);
        assert_eq!((&movement.from, &movement.to), (&Account::Shelf, &Account::Administered));
        done
    })
}

/// Requirements: epcs-1306.11-c, epcs-1306.21-c
#[test]
fn an_institution_administers_on_each_source_that_its_schedule_allows_and_on_no_other() {
    use InstitutionOrder as On;
    let check = |schedule, on, expected: &str| {
        for under in [profile(), Profile::in_force()] {
            let found = ask(PharmacyKind::Institution, order(schedule, on), &everything(), &under);
            let found = found.map_or_else(|code| code, |_| "administered".to_owned());
            assert_eq!(found, expected, "schedule {schedule} on {on:?} under {}", under.name());
        }
    };
    for on in [On::Inpatient, On::Paper, On::Electronic] {
        check(Schedule::II, on, "administered");
    }
    for on in [On::Fax, On::OralWritten, On::Telephone] {
        check(Schedule::II, on, "LAW-1306.11-INSTITUTION");
    }
    for schedule in [Schedule::III, Schedule::IV, Schedule::V] {
        for on in [On::Inpatient, On::Paper, On::Electronic, On::Fax, On::OralWritten] {
            check(schedule, on, "administered");
        }
        check(schedule, On::Telephone, "LAW-1306.11-INSTITUTION");
    }
}

/// Requirements: epcs-1306.11-c, epcs-1306.21-c
#[test]
fn the_institution_itself_orders_nothing() {
    let mut hospital = everything();
    hospital.found.as_mut().expect("found").activity = Activity::Institution;
    let check = |registration: &str, lookup: &RegistrantLookup, expected: &str| {
        let registration = Registration::parse(registration).expect("a registration");
        for schedule in [Schedule::II, Schedule::IV] {
            let order =
                ChartOrder { registration: registration.clone(), ..order(schedule, InstitutionOrder::Inpatient) };
            let found = ask(PharmacyKind::Institution, order, lookup, &profile());
            assert_eq!(found.map_or_else(|code| code, |_| "administered".to_owned()), expected, "{registration}");
        }
    };
    check("BB1234563", &hospital, "PHARM-CHART-INSTITUTION");
    check("BB1234563-017", &hospital, "administered");
    check("BB1234563", &everything(), "administered");
    let mut nobody = everything();
    nobody.found = None;
    check("BB1234563", &nobody, "PHARM-CHART-PRACTITIONER");
    let mut ended = everything();
    ended.found.as_mut().expect("found").status = Status::Revoked;
    check("BB1234563", &ended, "PHARM-CHART-PRACTITIONER");
    let mut narrow = everything();
    narrow.found.as_mut().expect("found").schedules = vec![Schedule::III];
    check("BB1234563", &narrow, "PHARM-CHART-PRACTITIONER");
}

#[test]
fn an_order_is_whole_of_the_past_and_an_institutions() {
    let check = |change: fn(&mut ChartOrder), expected: &str| {
        let mut one = order(Schedule::II, InstitutionOrder::Inpatient);
        change(&mut one);
        assert_eq!(ask(PharmacyKind::Institution, one, &everything(), &profile()).err().as_deref(), Some(expected));
    };
    check(|one| one.ordered = at("2026-03-02T12:30:01-07:00"), "PHARM-TIME");
    check(|one| one.ward = " ".to_owned(), "PHARM-TEXT");
    check(|one| one.patient = String::new(), "PHARM-TEXT");
    check(|one| one.ordered_by = String::new(), "PHARM-TEXT");
    check(|one| one.document = String::new(), "PHARM-TEXT");
    check(|one| one.directions = String::new(), "PHARM-TEXT");
    let retail = ask(PharmacyKind::Retail, order(Schedule::II, InstitutionOrder::Inpatient), &everything(), &profile());
    assert_eq!(retail.err().as_deref(), Some("PHARM-CHART-RETAIL"));
}

#[test]
fn the_record_of_an_order_is_read_back() {
    let done =
        ask(PharmacyKind::Institution, order(Schedule::IV, InstitutionOrder::OralWritten), &everything(), &profile());
    let done = done.expect("administered");
    assert_eq!(done.stream(), "chart/C-1");
    assert_eq!(ChartDone::from_json(ChartDone::KIND, &done.to_json()).expect("read back"), done);
}
