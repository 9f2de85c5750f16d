//! Several registers at once and several products: the limits of one purchaser hold over all of them, on both engines.

use super::desk::Place;
use super::*;
use crate::commands::deployment::demonstration;
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::Config;
use crate::house::record::Fault;
use crate::typed::Typed;
use jiff::SignedDuration;
use std::sync::Barrier;
use theriac_books::{Account, Amount, Document, DocumentKind, Movement, MovementKind};
use theriac_model::{Actor, Ndc, Schedule};

/// Cough syrup of the demonstration, schedule V, two bottles of 473 mL.
const SYRUP: &str = "99999040101";
const OTHER_SYRUP: &str = "99999040201";
/// Single tablets with 30 mg of pseudoephedrine hydrochloride.
const TABLET: &str = "99999050301";
const ALPRAZOLAM: &str = "99999030101";

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

async fn refused(place: &Place, path: &str, who: &str, form: &str, code: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}: {}", answer.text);
    assert!(answer.text.contains(code), "{form}: {code}: {}", answer.text);
    answer.text
}

fn fields(form: &str) -> Typed {
    Typed(
        form.split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.replace('+', " ")))
            .collect(),
    )
}

fn syrup(ndc: &str, quantity: u64) -> String {
    format!(
        "step=counter&ndc={ndc}&quantity={quantity}&name=Ann+Buyer&address=5+Elm+Street&born=1980-05-06&shown=known"
    )
}

async fn enter_syrup(place: &Place, ndc: &str) {
    let form = format!(
        "kind=counter&ndc={ndc}&name=Codeine+syrup&contents=other-ml&marking=without-prescription&kept=behind-counter"
    );
    done(place, "/till/products", "fern", &form).await;
}

async fn enter_tablet(place: &Place) {
    let form = format!(
        "kind=chemical&ndc={TABLET}&name=Nasal+decongestant&chemical=pseudoephedrine&salt=hydrochloride&mg=30&units-per-package=1&package=unit-dose&kept=behind-counter"
    );
    done(place, "/till/products", "fern", &form).await;
    let certified = "step=certify&certificate=C-1&until=2027-03-01&image=ab&staff-trained=list&training-records=file&daily-limit=till&packaging=photo&placement=photo&logbook=till&disclosure=till&warned=yes";
    done(place, "/till/seller", "fern", certified).await;
    let training = "step=train&employee=tess&material=2026-1&acknowledged=2026-03-01&filed=drawer+3";
    done(place, "/till/seller", "fern", training).await;
}

fn tablets(packages: u64, channel: &str) -> String {
    format!(
        "step=chemical&ndc={TABLET}&packages={packages}&name=Ann+Buyer&address=5+Elm+Street&born=1980-05-06&document=drivers-licence&document-state=photograph&name-on-document=Ann+Buyer&warning=shown&signature=M1+1L9+9&device=pad+1&channel={channel}"
    )
}

/// How many of eight sales that begin at the same moment at the tills of two processes are made, and why the others are not.
fn all_at_once(houses: [&House; 2], sell: &(dyn Fn(&House) -> Result<(), Fault> + Sync)) -> (usize, Vec<String>) {
    let together = Barrier::new(8);
    let outcomes: Vec<Result<(), Fault>> = std::thread::scope(|scope| {
        let tills: Vec<_> = (0..8)
            .map(|n| {
                let (house, together) = (houses[n % 2], &together);
                scope.spawn(move || {
                    together.wait();
                    loop {
                        // Whoever lost the race decides again.
                        match sell(house) {
                            Err(Fault::Conflict) => {}
                            other => return other,
                        }
                    }
                })
            })
            .collect();
        tills.into_iter().map(|till| till.join().expect("a till")).collect()
    });
    let made = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let why = outcomes.into_iter().filter_map(|outcome| match outcome {
        Err(Fault::Refused(refusal)) => Some(refusal.code.0.to_owned()),
        Err(other) => Some(format!("{other:?}")),
        Ok(()) => None,
    });
    (made, why.collect())
}

async fn registers_hold_the_limit(config: Config) {
    let place = Place::begun(config);
    enter_syrup(&place, SYRUP).await;
    enter_tablet(&place).await;
    let here: &House = &place.house;
    let now = here.clock.now();
    let there = House::open(&place.dir.path().join("house"), |zone| Clock::told(zone, now), None).unwrap();
    let by = |who: &str| here.known_person(who).unwrap();
    // 120 mL in 48 hours: two sales of 60 mL, at whichever register.
    let fern = by("fern");
    let form = fields(&syrup(SYRUP, 60));
    let (made, why) = all_at_once([here, &there], &|house| house.counter_sale(&fern, &form).map(|_| ()));
    assert_eq!((made, why.len()), (2, 6), "{why:?}");
    assert!(why.iter().all(|code| code == "LAW-1306.26-LIMIT"), "{why:?}");
    let commodity = here.commodity(&Ndc::parse(SYRUP).unwrap()).unwrap();
    assert_eq!(
        here.stock_now(&commodity).unwrap().0.balance(&Account::OverTheCounter),
        120_000,
        "millilitres twice 60"
    );
    assert_eq!(here.book_lines((1, 99)).unwrap().len(), 2);
    // 146 tablets a day: one sale of 100, and no second one.
    let tess = by("tess");
    let form = fields(&tablets(100, "counter"));
    let (made, why) = all_at_once([here, &there], &|house| house.chemical_sale(&tess, &form).map(|_| ()));
    assert_eq!((made, why.len()), (1, 7), "{why:?}");
    assert!(why.iter().all(|code| code.starts_with("LAW-1314")), "{why:?}");
    assert!(here.store.check(&[]).unwrap().is_clean());
}

/// Requirements: pharm-otc-limit-cumulative, pharm-cmea-daily-limit
#[tokio::test]
async fn eight_registers_that_sell_to_one_buyer_at_once_keep_the_limits() {
    registers_hold_the_limit(demonstration()).await;
}

/// The same on PostgreSQL; `scripts/with-postgres` starts a server and names it.
#[tokio::test]
async fn eight_registers_keep_the_limits_on_postgresql() {
    let Ok(server) = std::env::var("THERIAC_TEST_POSTGRES") else {
        assert!(
            std::env::var("THERIAC_REQUIRE_POSTGRES").as_deref() != Ok("1"),
            "THERIAC_REQUIRE_POSTGRES=1, but THERIAC_TEST_POSTGRES names no server"
        );
        println!("skipped: THERIAC_TEST_POSTGRES names no PostgreSQL server");
        return;
    };
    let schema = format!("registers_{}", std::process::id());
    let made = std::process::Command::new("psql").args([&server, "-qc", &format!("CREATE SCHEMA {schema}")]).status();
    assert!(made.expect("psql runs").success());
    let separator = if server.contains('?') { '&' } else { '?' };
    let store = format!("{server}{separator}options=-csearch_path%3D{schema}");
    registers_hold_the_limit(Config { store, ..demonstration() }).await;
}

/// Requirements: pharm-otc-limit-cumulative, pharm-otc-limit-other
#[tokio::test]
async fn the_limit_of_48_hours_counts_over_all_products_of_a_purchaser() {
    let place = Place::new();
    let listed = crate::house::event::Product {
        ndc: Ndc::parse(OTHER_SYRUP).unwrap(),
        name: "Other syrup".to_owned(),
        strength: "2 mg/mL".to_owned(),
        form: "syrup".to_owned(),
        unit: theriac_model::DrugUnit::Millilitre,
        schedule: Some(Schedule::V),
    };
    let event = crate::house::event::HouseEvent::ProductListed(listed);
    place.house.note(&crate::house::program(), &[event]).unwrap();
    done(&place, &format!("/books/stock/{OTHER_SYRUP}/act"), "fern", "act=container&container=100").await;
    let number = crate::demo::cast::supplier_number();
    let came = format!(
        "number={number}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001&standing=registered&invoice=I-1&lines={OTHER_SYRUP}+3+3&confirmed=yes"
    );
    done(&place, "/books/receipts", "fern", &came).await;
    enter_syrup(&place, SYRUP).await;
    enter_syrup(&place, OTHER_SYRUP).await;
    place.house.clock.advance(SignedDuration::from_mins(5));
    done(&place, "/till/counter", "fern", &syrup(SYRUP, 60)).await;
    refused(&place, "/till/counter", "fern", &syrup(OTHER_SYRUP, 61), "LAW-1306.26-LIMIT").await;
    done(&place, "/till/counter", "fern", &syrup(OTHER_SYRUP, 60)).await;
    for product in [SYRUP, OTHER_SYRUP] {
        refused(&place, "/till/counter", "fern", &syrup(product, 1), "LAW-1306.26-LIMIT").await;
    }
}

/// Requirements: pharm-cmea-mail-limit
#[tokio::test]
async fn by_mail_305_tablets_of_30_mg_go_out_in_30_days_and_the_306th_only_over_the_counter() {
    let place = Place::new();
    enter_tablet(&place).await;
    for (day, count) in [(1, 146), (2, 146), (3, 13)] {
        done(&place, "/till/chemical", "tess", &tablets(count, "mail")).await;
        assert!(day < 4);
        place.house.clock.advance(SignedDuration::from_hours(24));
    }
    let page = refused(&place, "/till/chemical", "tess", &tablets(1, "mail"), "LAW-1314").await;
    assert!(page.contains("by mail in 30 days"), "{page}");
    done(&place, "/till/chemical", "tess", &tablets(1, "counter")).await;
}

/// Requirements: pharm-online-report-thresholds, pharm-online-report-contents
#[tokio::test]
async fn a_month_of_5000_units_by_all_means_owes_a_full_report_with_one_line_a_product() {
    let place = Place::new();
    let by = Actor::new("fern", Role::Pharmacist);
    let commodity = place.house.commodity(&Ndc::parse(ALPRAZOLAM).unwrap()).unwrap();
    let post = |kind, way, units, document: DocumentKind, name: &str| {
        let at = place.house.clock.now();
        let paper = (at, Document::new(document, name));
        let what = (commodity.clone(), Schedule::IV);
        let movement = Movement::new(what, kind, way, Amount::new(units).unwrap(), paper, vec![by.clone()]);
        place.house.post(&by, &movement).unwrap();
        place.house.clock.advance(SignedDuration::from_mins(1));
    };
    let source = Account::Source(crate::demo::cast::supplier_number());
    post(MovementKind::Receipt, (source, Account::Shelf), 6_000, DocumentKind::Invoice, "INV-1");
    post(MovementKind::Fill, (Account::Shelf, Account::WillCall), 4_900, DocumentKind::Filling, "0000001/1");
    post(MovementKind::HandOver, (Account::WillCall, Account::Patient), 4_900, DocumentKind::PickUp, "0000001/1");
    let given = (Account::Shelf, Account::Administered);
    post(MovementKind::Administration, given.clone(), 99, DocumentKind::AdministrationRecord, "chart-1");
    let csv = async || String::from_utf8(place.bytes("/till/online/report-2026-03/csv", "fern").await).unwrap();
    assert!(!csv().await.contains(ALPRAZOLAM), "4,999 units are a negative report: {}", csv().await);
    post(MovementKind::Administration, given, 1, DocumentKind::AdministrationRecord, "chart-2");
    let full = csv().await;
    let lines: Vec<&str> = full.lines().filter(|line| line.contains(ALPRAZOLAM)).collect();
    assert_eq!(lines.len(), 1, "{full}");
    assert!(lines[0].contains("5000") || lines[0].contains("5,000"), "{full}");
    for means in ["internet", "mail", "administ", "face"] {
        assert!(!full.to_lowercase().contains(means), "{means}: {full}");
    }
}
