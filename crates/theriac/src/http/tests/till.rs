//! The till over the pages and for cash registers: both books, the seller's file, machines and kits, the online pharmacy.

mod papers;

use super::desk::Place;
use super::*;
use crate::house::record::Change;
use std::time::{Duration, Instant};
use theriac_books::logbook::{BookEntry, Buyer, Contents, CounterEvent, CounterProduct, Shown};
use theriac_model::{Actor, Ndc, Schedule};

/// Cough syrup of the demonstration, schedule V, two bottles of 473 mL.
const SYRUP: &str = "99999040101";
/// Tablets of the demonstration for machines and kits, schedule IV.
const ALPRAZOLAM: &str = "99999030101";
/// Tablets with pseudoephedrine. The labeler belongs to nobody.
const TABLETS: &str = "99999050101";
/// One package of 60 mg.
const SINGLE: &str = "99999050201";

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{Auditor, Custodian, Inspector, Pharmacist, Technician};
    let path = door.path();
    if path.starts_with("/api/v1/till") {
        return Some(matches!(role, Pharmacist | Technician));
    }
    if path != "/till" && !path.starts_with("/till/") {
        return None;
    }
    let oversees = matches!(role, Inspector | Auditor);
    let books = path.starts_with("/till/record-book") || path.starts_with("/till/logbook");
    Some(match door.method() {
        Method::Get if books => role == Pharmacist || oversees,
        Method::Get if path.starts_with("/till/sales") => matches!(role, Pharmacist | Technician) || oversees,
        Method::Get => matches!(role, Pharmacist | Technician | Custodian) || oversees,
        Method::Post if books => role == Pharmacist,
        Method::Post if matches!(path, "/till/counter" | "/till/chemical") => matches!(role, Pharmacist | Technician),
        Method::Post if path == "/till/devices/{id}" => matches!(role, Pharmacist | Technician | Custodian),
        Method::Post => matches!(role, Pharmacist | Custodian),
    })
}

async fn seen(place: &Place, path: &str, who: &str) -> String {
    let answer = place.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} for {who}: {}", answer.text);
    answer.text
}

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

async fn refused(place: &Place, path: &str, who: &str, form: &str, code: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {form}: {} {}", answer.status, answer.text);
    assert!(answer.text.contains(code), "{form}: {code}: {}", answer.text);
    answer.text
}

fn forward(place: &Place, minutes: i64) {
    place.house.clock.advance(jiff::SignedDuration::from_mins(minutes));
}

async fn enter_syrup(place: &Place) {
    let form = format!(
        "kind=counter&ndc={SYRUP}&name=Codeine+syrup&contents=other-ml&marking=without-prescription&kept=behind-counter"
    );
    done(place, "/till/products", "fern", &form).await;
}

fn syrup(quantity: u64, more: &str) -> String {
    let form = format!(
        "step=counter&ndc={SYRUP}&quantity={quantity}&name=Ann+Buyer&address=5+Elm+Street%2C+Tucson&born=1980-05-06&shown=photo-document"
    );
    changed(&form, more)
}

/// The form with fields replaced by those of `more`.
fn changed(form: &str, more: &str) -> String {
    let named = |pair: &&str| more.split('&').all(|new| new.split('=').next() != pair.split('=').next());
    let kept: Vec<&str> = form.split('&').filter(named).collect();
    format!("{}&{more}", kept.join("&"))
}

/// Requirements: pharm-otc-pharmacist-dispenses, pharm-otc-age-18, pharm-otc-identification, pharm-otc-only-non-legend
#[tokio::test]
async fn a_sale_of_schedule_v_needs_a_pharmacist_an_age_an_identity_and_a_product_without_prescription() {
    let place = Place::new();
    refused(&place, "/till/counter", "fern", &syrup(60, "shown=known"), "FORM-FIELD").await;
    enter_syrup(&place).await;
    refused(&place, "/till/counter", "tess", &syrup(60, "shown=known"), "LAW-1306.26-PHARMACIST").await;
    // Born on 3 March 2008: eighteen tomorrow.
    refused(&place, "/till/counter", "fern", &syrup(60, "born=2008-03-03"), "LAW-1306.26-AGE").await;
    refused(&place, "/till/counter", "fern", &syrup(60, "shown=nothing"), "LAW-1306.26-IDENTITY").await;
    let page = refused(&place, "/till/counter", "fern", &syrup(60, "address="), "LAW-1306.26-BOOK").await;
    assert!(page.contains("value=\"Ann Buyer\"") && page.contains("21 CFR 1306.26"), "what was typed stays: {page}");
    refused(&place, "/till/counter", "fern", &syrup(0, "shown=known"), "FORM-FIELD").await;
    let at = done(&place, "/till/counter", "fern", &syrup(60, "born=2008-03-02&shown=known")).await;
    let sold = seen(&place, &at, "tess").await;
    for shown in ["page 1, line 1, number 1", "Codeine syrup", "Fern", "may be taken by anybody"] {
        assert!(sold.contains(shown), "{shown}: {sold}");
    }
    // A product that is a prescription drug is never sold so, whatever was entered before.
    let form = format!(
        "kind=counter&ndc={SYRUP}&name=Codeine+syrup&contents=other-ml&marking=prescription-only&kept=behind-counter"
    );
    done(&place, "/till/products", "fern", &form).await;
    refused(&place, "/till/counter", "fern", &syrup(60, "name=Other"), "LAW-1306.26").await;
}

/// Requirements: pharm-otc-limit-other, pharm-otc-limit-cumulative, pharm-otc-stock-posting, pharm-otc-record-book
#[tokio::test]
async fn the_limit_of_48_hours_holds_at_every_register_and_the_refusal_says_when_the_next_sale_is_allowed() {
    let place = Place::new();
    enter_syrup(&place).await;
    done(&place, "/till/counter", "fern", &syrup(60, "shown=known")).await;
    forward(&place, 60);
    // The second register is a program's.
    let asked = format!(
        r#"{{"ndc":"{SYRUP}","quantity":"60","name":"ANN  BUYER","address":"5 Elm Street","born":"1980-05-06","shown":"known"}}"#
    );
    let answer = place.ask("POST", "/api/v1/till/counter-sales", "fern", &asked).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    assert_eq!(answer.json()["number"], 2);
    let page = refused(&place, "/till/counter", "fern", &syrup(60, "shown=known"), "LAW-1306.26-LIMIT").await;
    // 60 mL of 9:00 leave the 48 hours on Wednesday at 9:00.
    assert!(page.contains("this quantity may be sold from 2026-03-04 09:00 on"), "{page}");
    let said = place.ask("POST", "/api/v1/till/counter-sales/check", "fern", &asked).await.json();
    assert_eq!((&said["verdict"], &said["most"]), (&"refuse".into(), &0.into()), "{said}");
    assert_eq!(said["refusal"]["code"], "LAW-1306.26-LIMIT");
    assert!(said["from"].as_str().unwrap().starts_with("2026-03-04T09:00:00"), "{said}");
    // Another person is not told of it, and may buy.
    let other =
        place.ask("POST", "/api/v1/till/counter-sales/check", "fern", &asked.replace("ANN  BUYER", "Bo Other")).await;
    assert_eq!(other.json()["verdict"], "sell");
    assert!(!other.text.to_lowercase().contains("ann"), "{}", other.text);
    forward(&place, 47 * 60 - 1);
    refused(&place, "/till/counter", "fern", &syrup(60, "shown=known"), "LAW-1306.26-LIMIT").await;
    forward(&place, 1);
    done(&place, "/till/counter", "fern", &syrup(60, "shown=known")).await;
    // 946 mL less three sales; each movement names its line of the book.
    let stock = seen(&place, &format!("/books/stock/{SYRUP}"), "iris").await;
    assert!(stock.contains("766 mL") && stock.contains("record-book-3"), "{stock}");

    let book = seen(&place, "/till/record-book", "iris").await;
    for shown in ["1 (number 1)", "3 (number 3)", "5 Elm Street, Tucson", "60", "2026-03-04 09:00"] {
        assert!(book.contains(shown), "{shown}: {book}");
    }
    assert_eq!(place.get("/till/record-book", "tess").await.status, StatusCode::FORBIDDEN);
    refused(&place, "/till/record-book", "fern", "step=correct&of=9&text=x", "BOOKS-BOOK-LINE").await;
    refused(&place, "/till/record-book", "fern", "step=correct&of=1&text=+", "BOOKS-BOOK-TEXT").await;
    done(&place, "/till/record-book", "fern", "step=correct&of=1&text=The+address+is+6+Elm+Street").await;
    let csv = seen(&place, "/till/record-book/csv", "iris").await;
    for shown in ["Purchaser", "Ann Buyer", "Correction of line 1: The address is 6 Elm Street", "Fern"] {
        assert!(csv.contains(shown), "{shown}: {csv}");
    }
    assert_eq!(place.bytes("/till/record-book/pdf", "iris").await.get(..5), Some(&b"%PDF-"[..]));
    assert_eq!(place.bytes("/till/record-book/xlsx", "iris").await.get(..2), Some(&b"PK"[..]));
    // The journal makes the same tables again.
    let lines = place.house.book_lines((1, 99)).unwrap().len();
    assert_eq!(lines, 4);
}

const CERTIFIED: &str = "step=certify&certificate=C-1&until=2027-03-01&image=ab&staff-trained=list&training-records=file&daily-limit=till&packaging=photo&placement=photo&logbook=till&disclosure=till&warned=yes";

async fn enter_tablets(place: &Place) {
    let form = format!(
        "kind=chemical&ndc={TABLETS}&name=Nasal+decongestant&chemical=pseudoephedrine&salt=hydrochloride&mg=30&units-per-package=24&package=blister-2&kept=behind-counter"
    );
    for (more, code) in [
        ("kept=open-shelf", "TILL-PLACE"),
        ("package=bottle", "TILL-PACKAGE"),
        ("chemical=phenylpropanolamine", "TILL-WITHDRAWN"),
        ("mg=0", "FORM-FIELD"),
    ] {
        refused(place, "/till/products", "fern", &changed(&form, more), code).await;
    }
    done(place, "/till/products", "fern", &form).await;
    let single = changed(&form, &format!("ndc={SINGLE}&name=One+dose&mg=60&units-per-package=1&package=unit-dose"));
    done(place, "/till/products", "fern", &single).await;
}

async fn certified(place: &Place) {
    done(place, "/till/seller", "fern", CERTIFIED).await;
    let training = "step=train&employee=tess&material=2026-1&acknowledged=2026-03-01&filed=drawer+3";
    done(place, "/till/seller", "fern", training).await;
}

fn tablets(packages: u64, more: &str) -> String {
    let form = format!(
        "step=chemical&ndc={TABLETS}&packages={packages}&name=Ann+Buyer&address=5+Elm+Street&born=1980-05-06&document=drivers-licence&document-state=photograph&name-on-document=Ann+Buyer&warning=shown&signature=M1+1L9+9&device=pad+1"
    );
    changed(&form, more)
}

/// Requirements: pharm-cmea-self-certification-required, pharm-cmea-self-certification-contents, pharm-cmea-training-before-selling, pharm-cmea-placement, pharm-cmea-packaging, pharm-cmea-ppa-none, pharm-cmea-false-certification, pharm-cmea-certificate-record, pharm-cmea-training-materials
#[tokio::test]
async fn nothing_with_a_listed_chemical_is_sold_before_certificate_and_training() {
    let place = Place::new();
    enter_tablets(&place).await;
    refused(&place, "/till/chemical", "tess", &tablets(1, "device=pad"), "LAW-").await;
    // A gap in the seven statements, or nobody who knows what a false one costs, and there is no certification.
    refused(&place, "/till/seller", "fern", &changed(CERTIFIED, "placement="), "LAW-").await;
    refused(&place, "/till/seller", "fern", &changed(CERTIFIED, "warned="), "BOOKS-BOOK-TEXT").await;
    done(&place, "/till/seller", "fern", CERTIFIED).await;
    let page = seen(&place, "/till/seller", "iris").await;
    assert!(page.contains("C-1") && page.contains("2027-03-01"), "{page}");
    refused(&place, "/till/chemical", "tess", &tablets(1, "device=pad"), "LAW-").await;
    let training = "step=train&employee=tess&material=2026-1&acknowledged=2026-03-01&filed=drawer+3";
    refused(&place, "/till/seller", "fern", &changed(training, "material="), "BOOKS-BOOK-TEXT").await;
    refused(&place, "/till/seller", "fern", &changed(training, "employee=nobody"), "FORM-FIELD").await;
    done(&place, "/till/seller", "fern", training).await;
    let at = done(&place, "/till/chemical", "tess", &tablets(1, "device=pad")).await;
    assert_eq!(at, "/till/sales/chemical-1");
    for (paper, shown) in
        [("certificate", ["placement", "photo", "staff trained"]), ("training", ["Tess", "2026-1", "2026-03-01"])]
    {
        let csv = seen(&place, &format!("/till/seller/{paper}/csv"), "iris").await;
        for word in shown {
            assert!(csv.contains(word), "{word}: {csv}");
        }
        let pdf = place.bytes(&format!("/till/seller/{paper}/pdf"), "iris").await;
        assert_eq!(pdf.get(..5), Some(&b"%PDF-"[..]));
    }
    // The day after the certificate's last the sale is refused; a month before, the renewal is due.
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 340));
    assert!(seen(&place, "/books", "fern").await.contains("Self-certification for listed chemicals to be renewed"));
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 25));
    refused(&place, "/till/chemical", "tess", &tablets(1, "device=pad"), "LAW-").await;
}

/// Requirements: pharm-cmea-daily-limit, pharm-cmea-logbook-contents, pharm-cmea-purchaser-duties, pharm-cmea-seller-checks, pharm-cmea-notice, pharm-cmea-logbook-60mg-exception, pharm-cmea-electronic-capture, pharm-cmea-privacy, pharm-cmea-retail-personal-use, pharm-cmea-30-day-limit
#[tokio::test]
async fn a_listed_chemical_is_logged_within_its_limits_and_the_log_goes_to_whom_the_law_names() {
    let place = Place::new();
    enter_tablets(&place).await;
    certified(&place).await;
    let till = seen(&place, "/till", "tess").await;
    assert!(
        till.contains("18 U.S.C. 1001") || till.contains("1001"),
        "the warning stands before the signature: {till}"
    );
    for more in [
        "signature=",
        "warning=",
        "name-on-document=Bo+Other",
        "address=",
        "document=work-badge",
        "document-state=expired",
        "purpose=institution",
    ] {
        refused(&place, "/till/chemical", "tess", &tablets(1, more), "LAW-").await;
    }
    // A licence without photograph says all six particulars, or it is none.
    let six = "document-state=no-photograph&detail-name=yes&detail-birth-date=yes&detail-sex=yes&detail-height=yes&detail-address=yes";
    refused(&place, "/till/chemical", "tess", &tablets(1, six), "LAW-").await;
    done(&place, "/till/chemical", "tess", &tablets(1, &format!("{six}&detail-eye-colour=yes"))).await;
    // 144 of 146 tablets of a day; a seventh package is one too many, wherever it is asked for.
    done(&place, "/till/chemical", "tess", &tablets(5, "device=pad")).await;
    let page = refused(&place, "/till/chemical", "tess", &tablets(1, "device=pad"), "LAW-").await;
    assert!(page.contains("this quantity may be sold from 2026-03-03 00:00 on"), "{page}");
    let asked = format!(
        r#"{{"ndc":"{TABLETS}","packages":"1","name":"Ann Buyer","address":"5 Elm Street","born":"1980-05-06","document":"drivers-licence","name-on-document":"Ann Buyer"}}"#
    );
    let said = place.ask("POST", "/api/v1/till/chemical-sales/check", "tess", &asked).await.json();
    assert_eq!((&said["verdict"], &said["most"]), (&"refuse".into(), &0.into()), "{said}");
    assert!(said["warning"].as_str().unwrap().contains("1001"), "{said}");
    let unsigned =
        place.ask("POST", "/api/v1/till/chemical-sales", "tess", &asked.replace("Ann Buyer", "Bo Other")).await;
    assert_eq!(unsigned.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsigned.text);
    // One package of 60 mg makes no entry.
    assert_eq!(
        done(
            &place,
            "/till/chemical",
            "tess",
            &tablets(1, &format!("ndc={SINGLE}&signature=&name=Cy+Third&name-on-document=Cy+Third"))
        )
        .await,
        "/till/sales/unlogged"
    );
    // Days 2 and 3 go on to the limit of 30 days: 15 packages are 360 of 366 tablets.
    forward(&place, 24 * 60);
    done(&place, "/till/chemical", "tess", &tablets(6, "device=pad")).await;
    forward(&place, 24 * 60);
    done(&place, "/till/chemical", "tess", &tablets(3, "device=pad")).await;
    let page = refused(&place, "/till/chemical", "tess", &tablets(1, "device=pad"), "LAW-").await;
    assert!(page.contains("this quantity may be sold from 2026-04-01 09:01 on"), "{page}");

    assert_eq!(place.get("/till/logbook", "tess").await.status, StatusCode::FORBIDDEN);
    let log = seen(&place, "/till/logbook", "iris").await;
    for shown in ["Ann Buyer", "5 Elm Street", "Nasal decongestant", "drivers licence", "Tess", "1 (24 units)"] {
        assert!(log.contains(shown), "{shown}: {log}");
    }
    for purpose in ["marketing", "other"] {
        let form = format!("step=disclose&to=Somebody&purpose={purpose}&from=1&through=4");
        refused(&place, "/till/logbook", "fern", &form, "LAW-").await;
    }
    let to = done(
        &place,
        "/till/logbook",
        "fern",
        "step=disclose&to=Sgt+Kay%2C+Tucson+Police&purpose=law-enforcement&from=1&through=2",
    )
    .await;
    let csv = seen(&place, &to.replace("/pdf", "/csv"), "fern").await;
    for shown in ["Ann Buyer", "drivers licence", "captured on pad, sha256", "mg of base", "keyed by"] {
        assert!(csv.contains(shown), "{shown}: {csv}");
    }
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert_eq!(place.bytes(&to, "fern").await.get(..5), Some(&b"%PDF-"[..]));
}

/// Requirements: pharm-cmea-loss-oral-report, pharm-cmea-loss-written-15-days
#[tokio::test]
async fn a_loss_of_listed_chemicals_is_called_in_and_reported_in_writing_within_15_days() {
    let place = Place::new();
    done(&place, "/till/seller", "fern", "step=loss&on=2026-03-01&kind=theft&circumstances=A+case+is+gone").await;
    let due = seen(&place, "/books", "fern").await;
    assert!(due.contains("Call to DEA about loss 1"), "{due}");
    assert!(due.contains("Written report to DEA about loss 1") && due.contains("by 2026-03-17"), "{due}");
    refused(&place, "/till/seller", "fern", "step=called&number=1&officer=", "BOOKS-BOOK-TEXT").await;
    refused(&place, "/till/seller", "fern", "step=called&number=2&officer=Kay", "BOOKS-BOOK-LINE").await;
    done(&place, "/till/seller", "fern", "step=called&number=1&officer=Diversion+investigator+Kay").await;
    assert!(!seen(&place, "/books", "fern").await.contains("Call to DEA about loss 1"));
    assert!(seen(&place, "/till/seller", "iris").await.contains("Diversion investigator Kay"));
    let report = place.get("/till/seller/loss-1/csv", "fern").await;
    assert_eq!(report.status, StatusCode::OK, "{}", report.text);
    for shown in ["theft", "A case is gone", "2026-03-01", "DEA number", "40 Example Avenue"] {
        assert!(report.text.contains(shown), "{shown}: {}", report.text);
    }
    done(&place, "/till/seller", "fern", "step=reported&number=1").await;
    assert!(!seen(&place, "/books", "fern").await.contains("Written report to DEA about loss 1"));
}

/// Requirements: pharm-ads-registration, pharm-ads-bins, pharm-ads-authorised-staff, pharm-ads-single-dose, pharm-ads-dispensing-record, pharm-ads-counts-as-stock, pharm-ads-registration-instructions
#[tokio::test]
async fn a_machine_is_registered_loaded_and_releases_single_doses_to_whom_the_facility_lets() {
    let place = Place::new();
    let at = done(&place, "/till/devices", "fern", "kind=machine&name=west-wing&facility=Oak+House%2C+Tucson").await;
    assert_eq!(at, "/till/devices/machine-west-wing");
    refused(&place, "/till/devices", "fern", "kind=machine&name=west-wing&facility=Oak+House", "FORM-FIELD").await;
    let load = format!("step=load&bin=a1&ndc={ALPRAZOLAM}&units=100&sheet=L-1");
    refused(&place, &at, "fern", &load, "BOOKS-MACHINE-OFF").await;
    refused(&place, &at, "fern", "step=activate", "LAW-").await;
    let number = crate::demo::cast::supplier_number();
    done(
        &place,
        &at,
        "fern",
        &format!("step=register&contacted=2026-02-20+Ms+Ray&registration={number}&until=2026-03-20"),
    )
    .await;
    done(&place, &at, "fern", "step=activate").await;
    done(&place, &at, "fern", &load).await;
    refused(&place, &at, "fern", &load.replace(ALPRAZOLAM, "99999020101"), "LAW-").await;
    let dose = "step=release&bin=a1&patient=R-17&prescription=1001&units=1&user=kim";
    refused(&place, &at, "fern", dose, "LAW-").await;
    done(&place, &at, "fern", "step=grant&user=kim").await;
    refused(&place, &at, "fern", &format!("{dose}&doses=2"), "LAW-").await;
    refused(&place, &at, "fern", &dose.replace("prescription=1001", "prescription="), "LAW-").await;
    done(&place, &at, "fern", dose).await;
    done(&place, &at, "fern", "step=revoke&user=kim").await;
    refused(&place, &at, "fern", dose, "LAW-").await;
    let page = seen(&place, &at, "iris").await;
    assert!(page.contains("99") && page.contains("2026-02-20 Ms Ray"), "{page}");
    // The pharmacy's stock: what was loaded is on hand still, the dose is not.
    let stock = seen(&place, &format!("/books/stock/{ALPRAZOLAM}"), "iris").await;
    assert!(stock.contains("machine:west-wing") && stock.contains("199 tablets"), "{stock}");
    let csv = seen(&place, &format!("{at}/csv"), "iris").await;
    for shown in ["load", "L-1", "release", "patient R-17", "prescription 1001", "kim", "refused", "user shut out"] {
        assert!(csv.contains(shown), "{shown}: {csv}");
    }
    assert_eq!(place.bytes(&format!("{at}/pdf"), "iris").await.get(..5), Some(&b"%PDF-"[..]));
    assert!(seen(&place, "/books", "fern").await.contains("Registration of the machine west-wing to be renewed"));
}

/// Requirements: pharm-ads-remote-control
#[tokio::test]
async fn a_drug_out_of_use_is_refused_at_once_and_no_setting_is_changed_at_the_machine() {
    let place = Place::new();
    let number = crate::demo::cast::supplier_number();
    let machine = format!(
        "kind=machine&name=west-wing&facility=Oak+House&contacted=2026-02-20+Ms+Ray&registration={number}&until=2027-03-20"
    );
    let at = done(&place, "/till/devices", "fern", &machine).await;
    done(&place, &at, "fern", "step=activate").await;
    done(&place, &at, "fern", &format!("step=load&bin=a1&ndc={ALPRAZOLAM}&units=100&sheet=L-1")).await;
    done(&place, &at, "fern", "step=grant&user=kim").await;
    let dose = "step=release&bin=a1&patient=R-17&prescription=1001&units=1&user=kim";
    done(&place, &at, "fern", dose).await;

    let setting = |step: &str, to: &str, more: &str| format!("step={step}&ndc={ALPRAZOLAM}&setting={to}&{more}");
    refused(&place, &at, "fern", &setting("setting", "out-of-use", "reason="), "BOOKS-MACHINE-NOTHING").await;
    refused(&place, &at, "fern", &setting("setting", "in-use", ""), "BOOKS-MACHINE-DRUG").await;
    refused(&place, &at, "fern", &setting("setting", "louder", ""), "FORM-FIELD").await;
    done(&place, &at, "fern", &setting("setting", "out-of-use", "reason=recall+17")).await;
    refused(&place, &at, "fern", dose, "LAW-1301.27-DISABLED").await;
    // Kim, who may take doses, puts it into use at the machine's own keys.
    let tried = setting("setting-at-machine", "in-use", "user=kim");
    let page = refused(&place, &at, "tess", &tried, "LAW-1301.27-REMOTE").await;
    assert!(page.contains("out of use: recall 17"), "{page}");
    refused(&place, &at, "fern", dose, "LAW-1301.27-DISABLED").await;
    let csv = seen(&place, &format!("{at}/csv"), "iris").await;
    for shown in ["drug out of use", "recall 17", "change refused", "put NDC", "LAW-1301.27-REMOTE", "kim"] {
        assert!(csv.contains(shown), "{shown}: {csv}");
    }
    done(&place, &at, "fern", &setting("setting", "in-use", "")).await;
    done(&place, &at, "fern", dose).await;
    assert!(seen(&place, &at, "iris").await.contains(">98<"), "two doses are gone");
}

/// Requirements: pharm-kit-state-approval, pharm-kit-source, pharm-kit-security-and-limits, pharm-kit-accountability, pharm-kit-administration, pharm-kit-prohibited-activities
#[tokio::test]
async fn a_kit_is_stocked_within_its_list_used_on_authority_counted_and_suspended_after_a_breach() {
    let place = Place::new();
    let pharmacy = place.house.pharmacy;
    let kit = format!(
        "kind=kit&name=oak-house&facility=Oak+House&source={pharmacy}&list={ALPRAZOLAM}+10&access=kim%0Alee&safeguards=sealed&count-days=7&prohibited=lending+drugs"
    );
    refused(&place, "/till/devices", "fern", &changed(&kit, "source="), "FORM-FIELD").await;
    refused(&place, "/till/devices", "fern", &changed(&kit, "list=nonsense"), "FORM-FIELD").await;
    let without = done(&place, "/till/devices", "fern", &changed(&kit, "name=elm-house")).await;
    refused(&place, &without, "fern", &format!("step=stock&ndc={ALPRAZOLAM}&units=5&record=K-1"), "LAW-").await;
    let at = done(&place, "/till/devices", "fern", &format!("{kit}&approval=AZ-88")).await;
    refused(&place, &at, "fern", &format!("step=stock&ndc={ALPRAZOLAM}&units=11&record=K-1"), "LAW-").await;
    refused(&place, &at, "fern", "step=stock&ndc=99999020101&units=1&record=K-1", "LAW-").await;
    done(&place, &at, "fern", &format!("step=stock&ndc={ALPRAZOLAM}&units=10&record=K-1")).await;
    let used = format!(
        "step=use&ndc={ALPRAZOLAM}&units=2&patient=R-17&condition=panic+attack&authorised-by=Dr+Hale&user=kim&record=K-2"
    );
    refused(&place, &at, "fern", &changed(&used, "user=sam"), "BOOKS-KIT-ACCESS").await;
    refused(&place, &at, "fern", &changed(&used, "authorised-by="), "LAW-").await;
    refused(&place, &at, "fern", &changed(&used, "condition="), "BOOKS-MACHINE-NOTHING").await;
    let held = "kit holds 10 tablets, and 11 tablets are asked for";
    refused(&place, &at, "fern", &changed(&used, "units=11"), held).await;
    done(&place, &at, "fern", &used).await;
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 8));
    assert!(seen(&place, "/books", "fern").await.contains("Count of the kit oak-house"));
    done(&place, &at, "fern", &format!("step=count&ndc={ALPRAZOLAM}&found=8")).await;
    assert!(!seen(&place, "/books", "fern").await.contains("Count of the kit oak-house"));
    done(&place, &at, "fern", "step=breach&activity=lending+drugs&found=two+tablets+lent").await;
    refused(&place, &at, "fern", &used, "LAW-").await;
    done(&place, &at, "fern", "step=reinstate&reason=staff+trained+again").await;
    let page = seen(&place, &at, "iris").await;
    for shown in ["kim, lee", "AZ-88", "sealed", "lending drugs"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let csv = seen(&place, &format!("{at}/csv"), "iris").await;
    for shown in ["stocked", "patient R-17, panic attack; authorised by Dr Hale", "counted", "breach", "released"] {
        assert!(csv.contains(shown), "{shown}: {csv}");
    }
}

/// Requirements: pharm-online-board-certification, pharm-online-30-day-notice-boards, pharm-online-registration-details, pharm-online-url-change, pharm-online-site-disclosure, pharm-online-site-compliance-declaration, pharm-online-exempt-others, pharm-online-report-negative, pharm-online-report-due-15th
#[tokio::test]
async fn an_online_pharmacy_gives_notice_shows_its_home_page_and_reports_each_month() {
    let place = Place::new();
    let act = "/till/online";
    done(&place, act, "fern", "step=board&state=AZ&on=2026-03-01&how=letter").await;
    refused(&place, act, "fern", "step=board&state=Arizona&on=2026-03-01&how=letter", "FORM-FIELD").await;
    let page = refused(&place, act, "fern", "step=apply", "BOOKS-ONLINE-GAP").await;
    assert!(page.contains("licence"), "{page}");
    refused(&place, act, "fern", "step=modified&certificate=ab", "BOOKS-ONLINE-GAP").await;
    done(&place, act, "fern", "step=licence&state=AZ&number=P-1&until=2027-01-31").await;
    done(&place, act, "fern", "step=apply").await;
    // Notice of 1 March, application of 2 March: nothing is offered before 1 April.
    assert!(seen(&place, act, "iris").await.contains("2026-04-01"));
    done(&place, act, "fern", "step=address&new=https%3A%2F%2Fnew.example&on=2026-04-01&told=2026-03-03&how=letter")
        .await;
    assert!(seen(&place, act, "iris").await.contains("told too late"));
    refused(&place, act, "fern", "step=exempt&party=Maker&class=friend&evidence=x", "FORM-FIELD").await;
    refused(
        &place,
        act,
        "fern",
        "step=exempt&party=Maker&class=manufacturer-or-distributor&evidence=",
        "BOOKS-ONLINE-GAP",
    )
    .await;
    done(&place, act, "fern", "step=exempt&party=Maker&class=manufacturer-or-distributor&evidence=registration").await;
    // The home page names what it lacks until the records have it.
    assert_eq!(place.get("/till/online/site/html", "fern").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let profile: String = crate::stockroom::PROFILE
        .iter()
        .map(|(name, ..)| match *name {
            "schedules" => "schedules=II+III+IV+V&".to_owned(),
            "state" => "state=AZ&".to_owned(),
            "issued" | "licence-issued" => format!("{name}=2025-01-01&"),
            "expires" | "licence-expires" => format!("{name}=2028-01-01&"),
            "name" => "name=Corner+Pharmacy+LLC&".to_owned(),
            "distributor" | "authorised" => String::new(),
            name => format!("{name}=x&"),
        })
        .collect();
    done(&place, "/books/registration", "fern", profile.trim_end_matches('&')).await;
    let said = "step=page&telephone=520-555-0100&mail=desk%40corner.example&chief=Fern+Reed&degree=PharmD&chief-states=AZ+2027-01-31&chief-telephone=520-555-0101&certification=Registered+for+the+Internet";
    refused(&place, act, "fern", &changed(said, "chief-states=everywhere"), "FORM-FIELD").await;
    done(&place, act, "fern", said).await;
    done(&place, act, "fern", "step=modified&certificate=abcd").await;
    let html = seen(&place, "/till/online/site/html", "fern").await;
    for shown in ["Corner Pharmacy LLC complies with 21 U.S.C. 831", "520-555-0100", "PharmD", "data-part="] {
        assert!(html.contains(shown), "{shown}: {html}");
    }
    done(&place, act, "fern", "step=publish").await;
    assert!(!seen(&place, act, "fern").await.contains("no longer says"));
    let renamed = profile.replace("Corner+Pharmacy+LLC", "Corner+Pharmacy+Inc");
    done(&place, "/books/registration", "fern", renamed.trim_end_matches('&')).await;
    assert!(seen(&place, act, "fern").await.contains("no longer says"));
    assert!(seen(&place, "/books", "fern").await.contains("The home page differs from the records"));

    // March is owed by 15 April, and is a negative report.
    refused(&place, act, "fern", "step=submit&month=2026-03&confirmation=X", "FORM-FIELD").await;
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 44));
    let due = seen(&place, "/books", "fern").await;
    assert!(due.contains("Report to DEA of what was dispensed in 2026-03") && due.contains("by 2026-04-15"), "{due}");
    place.house.clock.advance(jiff::SignedDuration::from_hours(24));
    assert!(seen(&place, act, "fern").await.contains("overdue"));
    let paper = place.bytes("/till/online/report-2026-03/pdf", "fern").await;
    assert_eq!(paper.get(..5), Some(&b"%PDF-"[..]));
    done(&place, act, "fern", "step=submit&month=2026-03&confirmation=DEA-77").await;
    refused(&place, act, "fern", "step=submit&month=2026-03&confirmation=DEA-78", "FORM-FIELD").await;
    let page = seen(&place, act, "iris").await;
    assert!(page.contains("negative report sent") && page.contains("DEA-77"), "{page}");
    for paper in ["notices", "site"] {
        assert!(seen(&place, &format!("/till/online/{paper}/csv"), "iris").await.contains("2026") || paper == "site");
    }
}

/// A long book decides as fast as a new one: a purchaser's own lines are found, the others are not read.
#[tokio::test]
async fn a_sale_is_decided_in_50_ms_over_a_book_of_many_years() {
    let place = Place::new();
    enter_syrup(&place).await;
    let house = &place.house;
    let (stream, pharmacist) = (format!("logbook/{}/counter", house.pharmacy), Actor::new("fern", Role::Pharmacist));
    let at = house.clock.moment();
    let by = house.in_stockroom(&pharmacist, at);
    let lines = if cfg!(debug_assertions) { 20_000_u64 } else { 100_000 };
    for block in 0..lines / 2_000 {
        let mut change = Change::default();
        for number in block * 2_000 + 1..=(block + 1) * 2_000 {
            let entry = BookEntry {
                number,
                page: (number - 1) / 25 + 1,
                line: (number - 1) % 25 + 1,
                buyer: Buyer {
                    name: format!("Buyer {}", number % 5_000),
                    address: "1 Road".to_owned(),
                    born: "1980-05-06".parse().unwrap(),
                },
                shown: Shown::Known,
                product: CounterProduct {
                    ndc: Ndc::parse(SYRUP).unwrap(),
                    name: "Codeine syrup".to_owned(),
                    schedule: Schedule::V,
                    contents: Contents::OtherByVolume,
                },
                quantity: 1,
                pharmacist: pharmacist.clone(),
                sold: at,
            };
            change = change.event(&by, &stream, &CounterEvent::Sold { entry }).unwrap();
        }
        change.commit(&house.store).unwrap();
    }
    let typed = |quantity: u64| {
        let form = [
            ("ndc", SYRUP.to_owned()),
            ("quantity", quantity.to_string()),
            ("name", "Buyer 17".to_owned()),
            ("address", "1 Road".to_owned()),
            ("born", "1980-05-06".to_owned()),
            ("shown", "known".to_owned()),
        ];
        crate::typed::Typed(form.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    };
    let mut best = Duration::MAX;
    for _ in 0..5 {
        let begun = Instant::now();
        let said = house.ask_counter_sale(&pharmacist, &typed(100)).unwrap();
        best = best.min(begun.elapsed());
        assert!(said.refusal.is_none(), "{said:?}");
    }
    let own = lines / 5_000;
    assert!(
        house.ask_counter_sale(&pharmacist, &typed(121 - own)).unwrap().refusal.is_some(),
        "the person's own lines count"
    );
    eprintln!("a sale over a book of {lines} lines is decided in {best:?}");
    assert!(best < Duration::from_millis(50), "{best:?}");
}
