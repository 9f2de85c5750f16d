//! The counter's rarer work: the checklist for forged paper, animals, gamma-hydroxybutyric acid, a series, refills that a
//! technician enters, orders for inpatients, days of refills that nobody verified, and the page of the copies.

use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::cast::Product;
use crate::house::config::{Config, PharmacyConfig, PlaceKind};
use crate::house::event::HouseEvent;
use theriac_books::{Document, DocumentKind};
use theriac_model::{DrugUnit, Schedule};

/// Requirements: pharm-flag-forgery-checklist
#[tokio::test]
async fn the_checklist_of_a_paper_is_kept_sign_by_sign_and_what_was_seen_is_a_warning() {
    let place = Place::new();
    let form = place.get("/pharmacy/intake", "tess").await.text;
    for sign in SIGNS {
        assert!(form.contains(&format!("name=\"{sign}\"")), "{sign}");
    }
    assert!(!place.get("/pharmacy/intake?came=call", "tess").await.text.contains(SIGNS[0]), "a call shows no paper");
    let blank = [("forgery-photocopied", "")];
    refused(&place.take_in("tess", "paper", &blank, b"%PDF-1.7 a").await, "PHARM-INTAKE-FIELD");
    let seen = [("forgery-photocopied", "yes"), ("forgery-several-inks", "yes")];
    let number = number_in(&place.take_in("tess", "paper", &seen, b"%PDF-1.7 b").await);
    place.get(&format!("/pharmacy/prescriptions/{number}/fill"), "fern").await;
    let acts = place.get(&format!("/pharmacy/prescriptions/{number}/acts"), "fern").await.text;
    for said in ["It looks photocopied", "Several inks or hands", "The hand is too legible", "Tess Tally"] {
        assert!(acts.contains(said), "{said}: {acts}");
    }
    assert_eq!(acts.matches("data-label=\"Seen\">yes<").count(), 2);
    assert_eq!(acts.matches("data-label=\"Seen\">no<").count(), 4);
    let raised = place.prescription(&number);
    let warned =
        raised.open_flags().any(|flag| flag.what.contains("photocopied") && flag.what.contains("several-inks"));
    assert!(warned, "{acts}");
    refused(
        &place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill")).await,
        "PHARM-FLAG-OPEN",
    );
}

/// Requirements: pharm-rx-animal-patient
#[tokio::test]
async fn an_animals_prescription_goes_to_its_owner() {
    let place = Place::new();
    let rex = [("animal-name", "Rex, a dog"), ("animal-prescriber", "veterinarian")];
    refused(&place.take_in("tess", "paper", &rex[..1], b"%PDF-1.7 a").await, "PHARM-INTAKE-FIELD");
    refused(&place.take_in("tess", "paper", &rex[1..], b"%PDF-1.7 a2").await, "PHARM-ANIMAL");
    let number = number_in(&place.take_in("tess", "paper", &rex, b"%PDF-1.7 b").await);
    place.open_signs_decided(&number).await;
    let acts = place.get(&format!("/pharmacy/prescriptions/{number}/acts"), "fern").await.text;
    assert!(acts.contains("the animal Rex, a dog of the patient, prescribed by a veterinarian"), "{acts}");
    let fill = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    assert_eq!(place.fill(&number, &fill).await.status, StatusCode::SEE_OTHER);
    let path = format!("/pharmacy/prescriptions/{number}/fillings/1/hand-over");
    let owner = "recipient=Pat+Sample&to=animal-owner&by=hand&acquainted=yes";
    let given = place.ask("POST", &path, "tess", owner).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);

    let physician = [("animal-name", "Rex"), ("animal-prescriber", "other")];
    let doubted = number_in(&place.take_in("tess", "paper", &physician, b"%PDF-1.7 c").await);
    place.open_signs_decided(&doubted).await;
    let page = place.get(&format!("/pharmacy/prescriptions/{doubted}/acts"), "fern").await.text;
    assert!(page.contains("the practitioner is no veterinarian"), "{page}");
    let fill = format!("scan={ALPRAZOLAM}&filling=1&counted=140&what=fill");
    refused(&place.fill(&doubted, &fill).await, "LAW-1306.04-SCOPE");
    let settled = place.counter(&doubted, "settle", "how=call&words=Dr.+Brook+confirmed+it").await;
    assert_eq!(settled.status, StatusCode::SEE_OTHER, "{}", settled.text);
    let done = place.fill(&doubted, &fill).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

const OXYBATE: Product = Product {
    ndc: "99999050101",
    name: "Sodium oxybate",
    strength: "500 mg/mL",
    form: "Solution",
    unit: DrugUnit::Millilitre,
    schedule: Schedule::III,
    stock: (0, 180_000),
};

/// Requirements: epcs-1306.28-b-9
#[tokio::test]
async fn the_fill_screen_asks_for_the_record_of_gamma_hydroxybutyric_acid_and_the_record_shows_it() {
    let place = Place::new();
    let listed = HouseEvent::ProductListed(crate::house::event::Product {
        ndc: Ndc::parse(OXYBATE.ndc).unwrap(),
        name: OXYBATE.name.to_owned(),
        strength: OXYBATE.strength.to_owned(),
        form: OXYBATE.form.to_owned(),
        unit: OXYBATE.unit.clone(),
        schedule: Some(OXYBATE.schedule),
    });
    place.house.note(&crate::house::program(), &[listed]).unwrap();
    world::deliver(&place.house, &OXYBATE, 2, Document::new(DocumentKind::Invoice, "INV-G")).unwrap();
    let fields = [("ndc", OXYBATE.ndc), ("quantity", "180"), ("note", "narcolepsy with cataplexy")];
    let number = number_in(&place.take_in("tess", "paper", &fields, b"%PDF-1.7 ghb").await);
    place.open_signs_decided(&number).await;
    let page = place.get(&format!("/pharmacy/prescriptions/{number}/fill?scan={}", OXYBATE.ndc), "fern").await.text;
    assert!(page.contains("name=\"ghb-state\"") && page.contains("21 CFR 1304.26"), "{page}");
    let form = format!("scan={}&filling=1&counted=180&what=fill", OXYBATE.ndc);
    refused(&place.fill(&number, &form).await, "PHARM-GHB-RECORD");
    refused(&place.fill(&number, &format!("{form}&ghb-state=AZ-4711")).await, "LAW-1304.26-GHB");
    let done = place.fill(&number, &format!("{form}&ghb-state=AZ-4711&ghb-verified=State+board")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let shown = place.get(done.location(), "fern").await.text;
    assert!(shown.contains("AZ-4711") && shown.contains("State board"), "{shown}");
}

/// The text of a paper, white space folded.
fn printed(pdf: &[u8]) -> String {
    let pdf = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages: Vec<u32> = pdf.get_pages().into_keys().collect();
    let text = pdf.extract_text(&pages).expect("text");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Requirements: pharm-multi-undue-risk
#[tokio::test]
async fn an_inquiry_about_a_series_is_noted_and_printed_with_it() {
    let place = Place::new();
    let mut numbers = Vec::new();
    for (day, scan) in [("", "%PDF-1.7 1"), ("2026-04-01", "%PDF-1.7 2"), ("2026-05-01", "%PDF-1.7 3")] {
        let fields = [("ndc", OXYCODONE), ("earliest-fill", day)];
        numbers.push(number_in(&place.take_in("tess", "paper", &fields, scan.as_bytes()).await));
    }
    let paper = format!("/pharmacy/prescriptions/{}/series.pdf", numbers[1]);
    let acts = place.get(&format!("/pharmacy/prescriptions/{}/acts", numbers[0]), "fern").await.text;
    assert!(acts.contains("no undue risk of diversion or abuse") && acts.contains("series.pdf"), "{acts}");
    for number in &numbers {
        assert!(acts.contains(number.as_str()), "{number}");
    }
    let note = "person=Dr.+Brook&method=telephone&text=three+months+are+meant%3B+no+sign+of+abuse";
    assert_eq!(place.counter(&numbers[2], "contact", note).await.status, StatusCode::SEE_OTHER);
    let text = printed(&place.bytes(&paper, "fern").await);
    for said in ["three months are meant", "Dr. Brook, telephone", "2026-04-01", "1306.12(b)", numbers[2].as_str()] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let single = place.accepted(ALPRAZOLAM, "30", "0").await;
    let none = place.get(&format!("/pharmacy/prescriptions/{single}/series.pdf"), "fern").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// Requirements: pharm-erec-pharmacist-verifies
#[tokio::test]
async fn a_refill_that_a_technician_enters_stays_unverified_and_listed_until_a_pharmacist_confirms_it() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "2").await;
    let path = format!("/pharmacy/prescriptions/{number}/refill-entry");
    let entry = format!("scan={ALPRAZOLAM}&counted=140");
    refused(&place.ask("POST", &path, "tess", &entry).await, "PHARM-NOT-FILLED");
    place.open_signs_decided(&number).await;
    let first = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    assert_eq!(place.fill(&number, &first).await.status, StatusCode::SEE_OTHER);
    refused(&place.ask("POST", &path, "tess", &format!("scan={ALPRAZOLAM}&counted=")).await, "PHARM-COUNT-MISSING");
    let entered = place.ask("POST", &path, "tess", &entry).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    refused(&place.ask("POST", &path, "tess", &entry).await, "PHARM-ENTRY-WAITS");
    assert_eq!((place.prescription(&number).dispensed(), place.shelf(ALPRAZOLAM)), (30, 170), "nothing is dispensed");
    for who in ["tess", "fern"] {
        let list = place.get("/pharmacy/counter", who).await.text;
        assert!(list.contains("not verified by a pharmacist") && list.contains("Tess Tally"), "{list}");
    }
    let verify = format!("{path}/verify");
    assert_eq!(place.ask("POST", &verify, "tess", "").await.status, StatusCode::FORBIDDEN);
    let page = place.get(&path, "fern").await.text;
    assert!(page.contains("140 tablets") && page.contains("It is correct: dispense it"), "{page}");
    place.house.clock.advance(SignedDuration::from_mins(5));
    let confirmed = place.ask("POST", &verify, "fern", "").await;
    assert_eq!(confirmed.status, StatusCode::SEE_OTHER, "{}", confirmed.text);
    let filling = place.prescription(&number).fillings()[1].clone();
    assert_eq!((filling.no, filling.pharmacist.full_name.as_str()), (2, "Fern Farmer"));
    assert!(filling.judgment.note.as_deref().is_some_and(|note| note.starts_with("entered by Tess Tally")));
    assert_eq!(place.shelf(ALPRAZOLAM), 140);
    assert!(!place.get("/pharmacy/counter", "fern").await.text.contains("not verified by a pharmacist"));
    refused(&place.ask("POST", &verify, "fern", "").await, "PHARM-NO-ENTRY");

    // Put aside: nothing is dispensed, and the refill can be entered anew.
    let third = format!("scan={ALPRAZOLAM}&counted=110");
    assert_eq!(place.ask("POST", &path, "tess", &third).await.status, StatusCode::SEE_OTHER);
    let aside = format!("{path}/put-aside");
    refused(&place.ask("POST", &aside, "fern", "why=").await, "PHARM-TEXT");
    assert_eq!(place.ask("POST", &aside, "fern", "why=another+bottle").await.status, StatusCode::SEE_OTHER);
    refused(&place.ask("POST", &format!("{path}/anything"), "fern", "").await, "PHARM-INTAKE-FIELD");
    assert_eq!(place.prescription(&number).dispensed(), 60);
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

fn hospital() -> Place {
    let config = demonstration();
    let pharmacy = PharmacyConfig { kind: PlaceKind::Institution, ..config.pharmacy.clone() };
    Place::begun(Config { pharmacy, ..config })
}

/// Requirements: pharm-rx-definition, epcs-1306.11-c, epcs-1306.21-c
#[tokio::test]
async fn an_order_for_immediate_administration_has_no_number_and_no_refills_and_reduces_stock() {
    let place = hospital();
    let own = cast::practitioner_number();
    let form = |on: &str, ndc: &str, more: &str| {
        format!(
            "on={on}&document=chart+3W-2&ordered-by=Alex+Brook&registration={own}&patient=Pat+Sample&ward=3+West&ndc={ndc}\
             &quantity=2&directions=by+mouth+now&{more}"
        )
    };
    let recorded = place.ask("POST", "/pharmacy/chart", "fern", &form("inpatient", OXYCODONE, "counted=298")).await;
    assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.text);
    assert_eq!(place.shelf(OXYCODONE), 298);
    let commodity = place.house.commodity(&Ndc::parse(OXYCODONE).unwrap()).unwrap();
    assert_eq!(place.house.stock_now(&commodity).unwrap().0.balance(&Account::Administered), 2);
    assert!(place.house.store.query("SELECT number FROM received", &[]).unwrap().is_empty(), "it is no prescription");
    let list = place.get("/pharmacy/chart", "tess").await.text;
    for said in ["C-20260302-1", "Pat Sample, 3 West", "2 tablets", "Fern Farmer", "Alex Brook"] {
        assert!(list.contains(said), "{said}: {list}");
    }
    let done = place.house.chart_orders().unwrap().remove(0);
    assert_eq!((done.stream().as_str(), done.patient.as_str()), ("chart/C-20260302-1", "Pat Sample"));

    for (on, ndc, code) in [
        ("fax", OXYCODONE, "LAW-1306.11-INSTITUTION"),
        ("oral-written", OXYCODONE, "LAW-1306.11-INSTITUTION"),
        ("telephone", ALPRAZOLAM, "LAW-1306.11-INSTITUTION"),
        ("pigeon", ALPRAZOLAM, "PHARM-INTAKE-FIELD"),
        ("inpatient", "99999-9999-99", "PHARM-INTAKE-FIELD"),
    ] {
        refused(&place.ask("POST", "/pharmacy/chart", "fern", &form(on, ndc, "")).await, code);
    }
    for (on, ndc) in
        [("paper", OXYCODONE), ("electronic", OXYCODONE), ("fax", ALPRAZOLAM), ("oral-written", ALPRAZOLAM)]
    {
        let done = place.ask("POST", "/pharmacy/chart", "fern", &form(on, ndc, "")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{on}: {}", done.text);
    }
    let institution = form("inpatient", OXYCODONE, "").replace(own.as_str(), cast::hospital_number().as_str());
    refused(&place.ask("POST", "/pharmacy/chart", "fern", &institution).await, "PHARM-CHART-");
    let too_much = form("inpatient", OXYCODONE, "").replace("quantity=2", "quantity=9999");
    refused(&place.ask("POST", "/pharmacy/chart", "fern", &too_much).await, "BOOKS-");
    assert!(place.house.store.check(&[]).unwrap().is_clean());

    let retail = Place::new();
    assert!(retail.get("/pharmacy/chart", "fern").await.text.contains("no institution"));
    refused(
        &retail.ask("POST", "/pharmacy/chart", "fern", &form("inpatient", OXYCODONE, "")).await,
        "PHARM-CHART-RETAIL",
    );
}

/// A day's refills that nobody verifies: on the counter's page at once, a notice in the daily round once it is late, gone when
/// everybody has signed.
#[tokio::test]
async fn refills_that_nobody_verifies_are_listed_at_the_counter_and_told_when_they_are_late() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "2").await;
    place.open_signs_decided(&number).await;
    for (no, what, counted) in [(1, "fill", 170), (2, "refill", 140)] {
        let form = format!("scan={ALPRAZOLAM}&filling={no}&counted={counted}&what={what}");
        let done = place.fill(&number, &form).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    let listed = |page: &str| page.contains("Refills to be verified") && page.contains("Fern Farmer");
    let page = place.get("/pharmacy/counter", "fern").await.text;
    assert!(listed(&page) && !page.contains(", late"), "{page}");
    assert_eq!(place.house.watch_the_refill_days().unwrap(), 0);
    place.house.clock.advance(SignedDuration::from_hours(24 * 3));
    assert_eq!(place.house.watch_the_refill_days().unwrap(), 0, "72 hours are inside");
    place.house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(place.house.watch_the_refill_days().unwrap(), 1);
    assert_eq!(place.house.watch_the_refill_days().unwrap(), 0, "once");
    assert!(place.get("/pharmacy/counter", "fern").await.text.contains(", late"));
    let told = place.get("/watch", "ola").await.text;
    assert!(told.contains("refills are not verified in time"), "{told}");
    let day = "/pharmacy/refills/days/2026-03-02";
    place.ask("POST", &format!("{day}/print"), "fern", "").await;
    let signed = place.ask("POST", &format!("{day}/signature"), "fern", "").await;
    assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
    assert!(!listed(&place.get("/pharmacy/counter", "fern").await.text));
    assert!(place.house.unverified_days().unwrap().is_empty());
}

#[tokio::test]
async fn the_page_of_the_copies_says_how_old_they_are_and_what_is_missing() {
    let place = Place::new();
    let page = place.get("/watch/copies", "ola").await;
    assert_eq!(page.status, StatusCode::OK);
    for said in ["No second site is configured", "never", "not yet; run theriac backup-verify", "at most 24 hours"] {
        assert!(page.text.contains(said), "{said}: {}", page.text);
    }
    assert_eq!(place.get("/watch/copies", "fern").await.status, StatusCode::FORBIDDEN);
}
