//! The books over the pages: every role at every door, and a day of whoever keeps them.

use super::desk::Place;
use super::*;
use crate::stockroom::{Period, verify_pack};
use std::fmt::Write as _;
use theriac_model::Ndc;

/// Codeine and acetaminophen tablets of the demonstration, schedule III, four containers of 100.
const CODEINE: &str = "99999020101";
/// Oxycodone tablets, schedule II.
const OXYCODONE: &str = "99999010101";
/// A supplier as the form names it. The number belongs to nobody.
fn supplier() -> String {
    let number = crate::demo::cast::supplier_number();
    format!(
        "number={number}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001&standing=registered"
    )
}

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{Auditor, Custodian, Inspector, Pharmacist, Technician};
    let path = door.path();
    if path.starts_with("/api/v1/books") {
        return Some(matches!(role, Pharmacist | Technician | Custodian | Inspector | Auditor));
    }
    if path != "/books" && !path.starts_with("/books/") {
        return None;
    }
    let keeps = matches!(role, Pharmacist | Custodian);
    let handles = keeps || role == Technician;
    Some(match door.method() {
        Method::Get => handles || matches!(role, Inspector | Auditor),
        Method::Post
            if ["/act", "/sign", "/take-back", "/count", "/sheet", "/add"].iter().any(|end| path.ends_with(end)) =>
        {
            handles
        }
        Method::Post if path == "/books/receipts" || path == "/books/losses" => handles,
        Method::Post => keeps,
    })
}

async fn seen(place: &Place, path: &str, who: &str) -> String {
    let answer = place.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} for {who}: {}", answer.text);
    answer.text
}

/// Sends a form that is carried out; answers where it leads.
async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}: {}", answer.text);
    answer.location().to_owned()
}

/// Sends a form that is refused with this code; answers the page.
async fn refused(place: &Place, path: &str, who: &str, form: &str, code: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {} {}", answer.status, answer.text);
    assert!(answer.text.contains(code), "{code}: {}", answer.text);
    answer.text
}

/// Signs an act as the second person.
async fn second(place: &Place, at: &str, who: &str) {
    assert_eq!(done(place, &format!("{at}/sign"), who, "").await, at);
}

fn forward(place: &Place, hours: i64) {
    place.house.clock.advance(jiff::SignedDuration::from_hours(hours));
}

/// Requirements: pharm-record-acquisition-contents, pharm-receipt-iii-v-contents, pharm-receipt-posts-actual
#[tokio::test]
async fn a_delivery_is_received_by_scanning_and_the_difference_stays_until_it_is_settled() {
    let place = Place::new();
    // Three containers are scanned where the invoice has four.
    let form = format!(
        "{}&invoice=INV-77&lines={CODEINE}+4&scans={CODEINE}%0A{CODEINE}%0A{CODEINE}&confirmed=yes",
        supplier()
    );
    let at = done(&place, "/books/receipts", "tess", &form).await;
    let page = seen(&place, &at, "iris").await;
    for shown in
        ["Example Wholesale", "1 Depot Road, Phoenix, AZ 85001", "INV-77", "2026-03-02", "Acetaminophen and codeine"]
    {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(page.contains(&crate::demo::cast::supplier_number().to_string()), "{page}");
    assert!(page.contains(">300<"), "three containers of 100 are booked: {page}");
    let stock = seen(&place, &format!("/books/stock/{CODEINE}"), "iris").await;
    assert!(stock.contains("700 tablets"), "{stock}");
    assert!(seen(&place, "/books", "fern").await.contains("A difference of invoice INV-77 to be settled"));
    let paper = place.bytes(&format!("{at}/file/pdf"), "iris").await;
    assert_eq!(paper.get(..5), Some(&b"%PDF-"[..]));
    let csv = seen(&place, &format!("{at}/file/csv"), "iris").await;
    for column in [
        "Substance",
        "Form",
        "Strength",
        "Units per container",
        "Containers received",
        "Acetaminophen and codeine phosphate",
        "300-30 mg",
        "100",
    ] {
        assert!(csv.contains(column), "{column}: {csv}");
    }
    // The same invoice a second time is a twin, and what was typed is still there.
    let again = refused(&place, "/books/receipts", "fern", &form, "BOOKS-INVOICE-TWICE").await;
    assert!(again.contains("value=\"INV-77\""), "{again}");
    refused(&place, &format!("{at}/settle"), "fern", "line=1&how=credit&reference=", "BOOKS-ORDER-REASON").await;
    done(&place, &format!("{at}/settle"), "fern", "line=1&how=credit&reference=CN-9").await;
    assert!(!seen(&place, "/books", "fern").await.contains("INV-77 to be settled"));
    refused(&place, &format!("{at}/settle"), "fern", "line=1&how=credit&reference=CN-9", "BOOKS-ORDER-CLOSED").await;
}

/// Requirements: pharm-receipt-only-registered-supplier
#[tokio::test]
async fn what_the_law_does_not_let_come_in_is_refused_with_its_paragraph() {
    let place = Place::new();
    let with = |more: &str| format!("{}&invoice=INV-1&confirmed=yes&{more}", supplier());
    for (more, code) in [
        (format!("lines={OXYCODONE}+1+1"), "LAW-1305"),
        (format!("lines={CODEINE}"), "FORM-FIELD"),
        (format!("lines={CODEINE}+one+1"), "FORM-FIELD"),
        (format!("lines={CODEINE}+1+1%0A{CODEINE}+1+1"), "FORM-FIELD"),
        ("lines=12345678901+1+1".to_owned(), "FORM-FIELD"),
        (format!("lines={CODEINE}+1+1&at=2027-01-01T10:00"), "FORM-FIELD"),
    ] {
        let page = place.ask("POST", "/books/receipts", "fern", &with(&more)).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
        assert!(page.text.contains(code), "{more}: {}", page.text);
    }
    let unregistered = with(&format!("lines={CODEINE}+1+1")).replace("standing=registered", "standing=unregistered");
    let page = place.ask("POST", "/books/receipts", "fern", &unregistered).await;
    assert!(page.text.contains("LAW-"), "{}", page.text);
    let unconfirmed = with(&format!("lines={CODEINE}+1+1")).replace("&confirmed=yes", "");
    let page = place.ask("POST", "/books/receipts", "fern", &unconfirmed).await;
    assert!(page.text.contains("LAW-"), "{}", page.text);
    assert!(!seen(&place, &format!("/books/stock/{CODEINE}"), "fern").await.contains("receipt:"));
}

/// Requirements: pharm-inventory-variance-report, pharm-inventory-ii-separate, pharm-inventory-contents
#[tokio::test]
async fn an_inventory_is_counted_blind_and_a_variance_is_explained_by_a_correction_of_two() {
    let place = Place::new();
    forward(&place, 1);
    let at = done(&place, "/books/inventories", "fern", "occasion=biennial&taken=close").await;
    forward(&place, 1);
    let sheet = seen(&place, &at, "tess").await;
    assert!(sheet.contains("Schedules I and II") && sheet.contains("Schedules III to V"), "{sheet}");
    // Whoever counts sees no figure of the books: 300 tablets of oxycodone, 400 of codeine.
    assert!(!sheet.contains("300 tablets") && !sheet.contains("400 tablets"), "{sheet}");
    assert!(sheet.contains("/sheet.csv"));
    refused(&place, &format!("{at}/close"), "fern", "", "LAW-1304.11").await;
    refused(&place, &format!("{at}/count"), "tess", "", "FORM-FIELD").await;
    // Line by line: two tablets of oxycodone are missing.
    let plan = place.house.sheet(at.rsplit('/').next().unwrap()).unwrap();
    let mut form = String::new();
    for line in plan.inventory.sheet() {
        let (ndc, n) = (line.place.product.commodity.ndc.as_str(), line.line);
        let counted = match ndc {
            OXYCODONE => ("2", "98"),
            CODEINE => ("4", "0"),
            "99999010201" | "99999030101" | "99999040101" => ("2", "0"),
            _ => ("0", "0"),
        };
        let _ = write!(form, "sealed-{n}={}&loose-{n}={}&", counted.0, counted.1);
    }
    done(&place, &format!("{at}/count"), "tess", &form).await;
    assert!(seen(&place, &at, "tess").await.contains("298 tablets, exact, by Tess Tally"));
    assert_eq!(place.ask("POST", &format!("{at}/close"), "tess", "").await.status, StatusCode::FORBIDDEN);
    done(&place, &format!("{at}/close"), "fern", "").await;
    let closed = seen(&place, &at, "iris").await;
    assert!(closed.contains("-2 tablets") && closed.contains("-0.67 %"), "{closed}");
    assert!(closed.contains("i-ii-pdf") && closed.contains("iii-v-pdf"));
    assert_eq!(place.bytes(&format!("{at}/file/i-ii-pdf"), "iris").await.get(..5), Some(&b"%PDF-"[..]));
    let csv = seen(&place, &format!("{at}/file/i-ii-csv"), "iris").await;
    assert!(csv.contains("Oxycodone") && !csv.contains("Alprazolam"), "schedule II apart: {csv}");
    // Nothing was adjusted by counting.
    assert!(seen(&place, "/books", "fern").await.contains("300 tablets"));
    let line = closed.split("/lines/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let causes = seen(&place, &format!("{at}/lines/{line}"), "fern").await;
    assert!(causes.contains("Enter the correction of -2 tablets"), "{causes}");
    done(&place, &format!("{at}/classify"), "fern", &format!("line={line}&class=clerical")).await;

    // The correction explains the count; the first person alone posts nothing.
    let product = format!("/books/stock/{OXYCODONE}");
    let correct = "act=correct&way=less&amount=2&count=1&reason=two+tablets+fell+into+the+drain+unseen";
    let act = done(&place, &format!("{product}/act"), "fern", correct).await;
    assert!(seen(&place, &product, "fern").await.contains("2 tablets missing"));
    refused(&place, &format!("{act}/sign"), "fern", "", "BOOKS-SIGNERS").await;
    second(&place, &act, "tess").await;
    let after = seen(&place, &product, "fern").await;
    assert!(after.contains("298 tablets") && !after.contains("2 tablets missing"), "{after}");
    refused(&place, &format!("{act}/sign"), "tess", "", "BOOKS-SECOND-SETTLED").await;
    // The same count cannot be explained twice.
    refused(&place, &format!("{product}/act"), "fern", correct, "BOOKS-").await;
    assert!(!seen(&place, "/books", "fern").await.contains("to be looked into"));
}

/// Requirements: pharm-inventory-iii-v-estimate, pharm-inventory-estimate-marked
#[tokio::test]
async fn a_sheet_is_taken_in_as_a_file_all_of_it_or_nothing() {
    let place = Place::new();
    forward(&place, 1);
    let at = done(
        &place,
        "/books/inventories",
        "fern",
        &format!("occasion=cycle&taken=close&product={CODEINE}&products={OXYCODONE}"),
    )
    .await;
    let sheet = seen(&place, &format!("{at}/sheet.csv"), "tess").await;
    assert!(sheet.starts_with("ndc,place,sealed,capacity,found,method\r\n"), "{sheet}");
    assert!(sheet.contains(&format!("{CODEINE},shelf,,,,")), "{sheet}");
    let part = |text: &str| {
        format!(
            "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"count.csv\"\r\n\r\n{text}\r\n--xyz--\r\n"
        )
    };
    let head = "ndc,place,sealed,capacity,found,method\r\n";
    for (rows, code) in [
        (format!("{CODEINE},shelf,three,,,\r\n"), "BOOKS-SHEET"),
        (format!("{CODEINE},attic,3,,,\r\n"), "BOOKS-SHEET"),
        ("99999030101,shelf,3,,,\r\n".to_owned(), "FORM-FIELD"),
        (format!("{OXYCODONE},shelf,,100,60,estimated\r\n"), "LAW-1304.11-COUNT"),
    ] {
        let answer = place.upload(&format!("{at}/sheet"), "tess", part(&format!("{head}{rows}"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{rows}");
        assert!(answer.text.contains(code), "{rows}: {}", answer.text);
        assert!(seen(&place, &at, "tess").await.contains("not yet"), "nothing of it was taken");
    }
    let rows = format!("{OXYCODONE},shelf,3,,,\r\n{CODEINE},shelf,3,,,\r\n{CODEINE},shelf,,100,99,estimated\r\n");
    let answer = place.upload(&format!("{at}/sheet"), "tess", part(&format!("{head}{rows}"))).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    assert!(seen(&place, &at, "tess").await.contains("399 tablets, estimated"));
    done(&place, &format!("{at}/close"), "fern", "").await;
    let period = Period::default();
    let stated = place.house.product_statement(&Ndc::parse(CODEINE).unwrap(), &period).unwrap();
    assert!(stated.disagreement.is_none());
}

/// Requirements: pharm-disposal-nonrecoverable-spill, pharm-disposal-form-41-fields
#[tokio::test]
async fn breakage_and_destruction_are_signed_by_two_and_form_41_is_filled_from_the_books() {
    let place = Place::new();
    let product = format!("/books/stock/{OXYCODONE}");
    let act =
        done(&place, &format!("{product}/act"), "tess", "act=spill&lost=3&recovered=2&circumstances=a+bottle+fell")
            .await;
    assert!(seen(&place, &product, "fern").await.contains("300 tablets"), "nothing is posted by one");
    second(&place, &act, "fern").await;
    let page = seen(&place, &product, "fern").await;
    assert!(page.contains("297 tablets") && page.contains("quarantine"), "{page}");
    for (form, code) in [
        ("act=spill&lost=0&recovered=&circumstances=x", "BOOKS-SPILL-AMOUNT"),
        ("act=spill&lost=3&circumstances=", "BOOKS-SPILL-RECORD"),
        ("act=spill&lost=100000&circumstances=x", "BOOKS-NOT-ENOUGH"),
        ("act=destroy&amount=1&method=x&place=y", "BOOKS-NOT-ENOUGH"),
        ("act=destroy&amount=1&method=&place=y", "FORM-FIELD"),
        ("act=correct&way=less&amount=1.5&reason=x", "FORM-FIELD"),
        ("act=correct&way=sideways&amount=1&reason=x", "FORM-FIELD"),
        ("act=reverse&entry=99&reason=x", "FORM-FIELD"),
        ("act=steal&amount=1", "FORM-FIELD"),
        ("act=container&container=0", "FORM-FIELD"),
    ] {
        refused(&place, &format!("{product}/act"), "fern", form, code).await;
    }
    let aside =
        done(&place, &format!("{product}/act"), "fern", "act=set-aside&from=quarantine&amount=2&document=W-1").await;
    second(&place, &aside, "tess").await;
    let destroy = done(
        &place,
        &format!("{product}/act"),
        "fern",
        "act=destroy&amount=2&document=F41-1&method=incineration&place=Tucson",
    )
    .await;
    let early = place.get(&format!("{destroy}/form-41.pdf"), "fern").await;
    assert!(early.text.contains("BOOKS-FORM-41-ENTRIES"), "{}", early.text);
    second(&place, &destroy, "tess").await;
    let id = destroy.rsplit('/').next().unwrap();
    let form = place.house.form_41(id).unwrap();
    assert_eq!((form.lines[0].total, form.witnesses.len()), (2, 2));
    assert_eq!((form.method.as_str(), form.telephone.as_str()), ("incineration", "520-555-0140"));
    assert_eq!(place.bytes(&format!("{destroy}/form-41.pdf"), "iris").await.get(..5), Some(&b"%PDF-"[..]));
    // One that is not signed can be taken back, with a reason.
    let other = done(&place, &format!("{product}/act"), "fern", "act=reverse&entry=2&reason=wrong").await;
    refused(&place, &format!("{other}/take-back"), "fern", "reason=", "FORM-FIELD").await;
    done(&place, &format!("{other}/take-back"), "fern", "reason=not+so").await;
    refused(&place, &format!("{other}/sign"), "tess", "", "BOOKS-SECOND-SETTLED").await;
    assert!(seen(&place, "/books/outgoing", "fern").await.contains("Form 41"));
}

/// Requirements: pharm-disposal-distributor-list, pharm-disposal-distributor-destruction-follow-up
#[tokio::test]
async fn a_return_to_the_supplier_moves_the_stock_and_a_sale_without_room_is_refused() {
    let place = Place::new();
    let to = supplier().replace("standing=registered", "standing=valid&schedules=II+III+IV+V");
    let form = format!(
        "{to}&way=return-to-supplier&origin=manufacturer&ndc={CODEINE}&amount=100&containers=1&document-kind=distribution-record&document=R-1&manner=by+van"
    );
    done(&place, "/books/outgoing", "fern", &form).await;
    let page = seen(&place, "/books/outgoing", "iris").await;
    assert!(page.contains("return to supplier") && page.contains("100 tablets of Acetaminophen"), "{page}");
    assert!(seen(&place, &format!("/books/stock/{CODEINE}"), "fern").await.contains("300 tablets"));
    // Nothing was dispensed this year: five percent of nothing is nothing.
    let sale = form.replace("way=return-to-supplier", "way=sale-to-pharmacy&activity=pharmacy").replace("R-1", "D-1");
    let page = place.ask("POST", "/books/outgoing", "fern", &sale).await;
    assert!(page.text.contains("LAW-1307"), "{}", page.text);
    let expired = form.replace("standing=valid", "standing=expired").replace("R-1", "R-2");
    let page = place.ask("POST", "/books/outgoing", "fern", &expired).await;
    assert!(page.status == StatusCode::UNPROCESSABLE_ENTITY && page.text.contains("LAW-"), "{}", page.text);
    let reverse = form
        .replace("way=return-to-supplier", "way=reverse-distribution&activity=reverse-distributor")
        .replace("R-1", "R-3");
    let page = place.ask("POST", "/books/outgoing", "fern", &reverse).await;
    assert!(page.text.contains("BOOKS-REVERSE-LIST"), "{}", page.text);
    done(&place, "/books/outgoing", "fern", &format!("{reverse}&list-source=DEA+field+office&list-day=2026-01-15"))
        .await;
    done(&place, "/books/outgoing/O-2/confirmation", "fern", "form=41-7&destroyed=2026-03-02").await;
    assert!(seen(&place, "/books/outgoing", "iris").await.contains("41-7 on 2026-03-02"));
}

/// Requirements: pharm-loss-notify-one-business-day, pharm-loss-notice-signed
#[tokio::test]
async fn a_loss_runs_from_its_discovery_to_the_filed_form_with_its_clock() {
    let place = Place::new();
    let at =
        done(&place, "/books/losses", "tess", "kind=employee-pilferage&circumstances=forty+tablets+are+missing").await;
    // Monday's discovery: the notice is due on Tuesday.
    let page = seen(&place, &at, "fern").await;
    assert!(page.contains("2026-03-03") && page.contains("notice running"), "{page}");
    assert!(seen(&place, "/books", "fern").await.contains("Notice to DEA of case L-1, in writing"));
    refused(&place, "/books/losses", "fern", "kind=other&circumstances=", "BOOKS-INCIDENT-FIELD").await;
    done(&place, &format!("{at}/entries"), "fern", &format!("ndc={OXYCODONE}&amount=40")).await;
    assert!(seen(&place, &format!("/books/stock/{OXYCODONE}"), "fern").await.contains("260 tablets"));
    let steps = format!("{at}/steps");
    refused(&place, &steps, "fern", "act=assess&significance=not-significant&reasons=x", "LAW-").await;
    refused(&place, &steps, "fern", "act=close&outcome=confirmed", "LAW-").await;
    assert_eq!(place.bytes(&format!("{at}/notice"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    refused(
        &place,
        &steps,
        "fern",
        "act=notify&to=dea&channel=fax&in-writing=yes&signed=yes&title=Owner",
        "BOOKS-INCIDENT-FIELD",
    )
    .await;
    done(&place, &steps, "fern", "act=notify&to=dea&channel=fax&in-writing=yes&signed=yes&title=Owner&copy=file+7")
        .await;
    assert!(seen(&place, &at, "fern").await.contains("notice served"));
    let form = "act=form&medium=electronic&channel=online&copy=file+8&title=Owner&paid=12.50&sold=30&label-marks=none&security=camera&began=2026-01-01&ended=2026-03-01&explained=counts";
    refused(&place, &steps, "fern", &form.replace("paid=12.50", "paid=much"), "FORM-FIELD").await;
    assert_eq!(
        place.bytes(&format!("{at}/form-106?{}", form.replace("act=form&", "")), "fern").await.get(..5),
        Some(&b"%PDF-"[..])
    );
    done(&place, &steps, "fern", form).await;
    let page = seen(&place, &at, "iris").await;
    assert!(page.contains("DEA Form 106, version 1"), "{page}");
    let closed = place.ask("POST", &steps, "fern", "act=close&outcome=confirmed").await;
    if closed.status != StatusCode::SEE_OTHER {
        assert!(closed.text.contains("LAW-"), "{}", closed.text);
        done(&place, &steps, "fern", "act=others&department=Tucson+Police&telephone=520-555-0199&board=State+Board")
            .await;
        done(&place, &steps, "fern", "act=close&outcome=confirmed").await;
    }
    refused(&place, &steps, "fern", "act=assess&significance=significant&reasons=x", "BOOKS-INCIDENT-CLOSED").await;
}

/// A notice that was not given in time is late, and the page says so.
#[tokio::test]
async fn a_notice_of_loss_that_is_late_is_overdue_on_the_first_page() {
    let place = Place::new();
    let at = done(&place, "/books/losses", "fern", "kind=other&circumstances=x").await;
    forward(&place, 24);
    assert!(seen(&place, &at, "fern").await.contains("notice last-day"));
    forward(&place, 24);
    let page = seen(&place, "/books", "fern").await;
    assert!(page.contains("overdue") && page.contains("Notice to DEA of case L-1"), "{page}");
    done(&place, &format!("{at}/steps"), "fern", "act=letter&found=all+is+there.&copy=file+1").await;
    assert!(seen(&place, &at, "fern").await.contains("Letter that nothing was lost"));
}

/// Requirements: pharm-reg-profile-contents, pharm-reg-form-224-data, pharm-222-initial-request
#[tokio::test]
async fn the_profile_holds_every_field_and_the_data_sheet_opens_the_task_for_order_forms() {
    let place = Place::new();
    let page = seen(&place, "/books/registration", "iris").await;
    for shown in [
        "Example Pharmacy LLC",
        "40 Example Avenue, Tucson, AZ 85701",
        "520-555-0140",
        "retail pharmacy",
        "2028-05-31",
        "Y00123",
        "Arizona State Board of Pharmacy",
        "Fern Farmer",
        "Owner",
        ">complete<",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let now = place.house.registration().unwrap();
    let all: Vec<(String, String)> = now.profile.into_iter().collect();
    let form = |without: &str, more: &str| {
        let fields = all.iter().filter(|(name, _)| name != without);
        let fields: Vec<String> = fields.map(|(name, value)| format!("{name}={}", value.replace(' ', "+"))).collect();
        format!("{}&{more}", fields.join("&"))
    };
    for (name, _, need) in crate::stockroom::PROFILE {
        if need == crate::stockroom::Place::Required {
            let page = refused(&place, "/books/registration", "fern", &form(name, ""), "BOOKS-PROFILE").await;
            assert!(
                page.contains("40 Example Avenue") || name == "line1" || name == "mailing",
                "what was typed is kept: {name}"
            );
        }
    }
    refused(&place, "/books/registration", "fern", &form("expires", "expires=soon"), "FORM-FIELD").await;
    done(&place, "/books/registration", "fern", &form("", "forms-wanted=yes&fee=888.00")).await;
    assert_eq!(place.bytes("/books/registration/papers/form-224-data", "fern").await.get(..5), Some(&b"%PDF-"[..]));
    let sheet = place.house.registration_paper("form-224-data").unwrap();
    let said = format!("{:?}", sheet.blocks);
    assert!(said.contains("Checkbox(Ticked, \"Block 3: order forms (DEA Form 222) are requested\")"), "{said}");
    for shown in ["Submitted on", "Confirmation number", "888.00", "Y00123"] {
        assert!(said.contains(shown), "{shown}");
    }
    done(
        &place,
        "/books/registration/steps",
        "fern",
        "what=submitted&paper=form-224-data&on=2026-03-02&confirmation=W26-1",
    )
    .await;
    let page = seen(&place, "/books/registration", "fern").await;
    assert!(page.contains("Order forms were asked for in block 3") && page.contains("W26-1"), "{page}");
    let kept = place.house.registration().unwrap();
    assert_eq!(
        kept.last("submitted").unwrap().fields.get("profile.trade-name"),
        "Example Pharmacy",
        "what was submitted is kept"
    );
    done(&place, "/books/registration/steps", "fern", "what=forms-received&on=2026-03-02&numbers=260000001+260000002")
        .await;
    assert!(!seen(&place, "/books/registration", "fern").await.contains("Order forms were asked for in block 3"));
}

fn certificate(which: &str, number: &str, image: &str) -> String {
    let field = |name: &str, value: &str| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let file = format!(
        "--xyz\r\nContent-Disposition: form-data; name=\"image\"; filename=\"c.pdf\"\r\n\r\n{image}\r\n--xyz--\r\n"
    );
    format!("{}{}{}{file}", field("number", number), field("expires", "2028-05-31"), field("which", which))
}

/// Requirements: pharm-reg-certificate-available, pharm-reg-duplicate-certificate, pharm-reg-move-certificates-kept
#[tokio::test]
async fn the_certificate_is_kept_with_its_image_and_a_lost_one_waits_for_the_duplicate() {
    let place = Place::new();
    let number = place.house.pharmacy.to_string();
    let path = "/books/registration/certificates";
    let foreign = place.upload(path, "fern", certificate("current", "AB1234563", "%PDF-1.7 x")).await;
    assert!(foreign.text.contains("FORM-FIELD"), "{}", foreign.text);
    let empty = place.upload(path, "fern", certificate("current", &number, "")).await;
    assert!(empty.text.contains("FORM-FIELD"), "{}", empty.text);
    assert_eq!(
        place.upload(path, "fern", certificate("current", &number, "%PDF-1.7 first")).await.status,
        StatusCode::SEE_OTHER
    );
    let pack = String::from_utf8(place.bytes("/books/pack/json", "iris").await).unwrap();
    assert!(pack.contains("\"expires\":\"2028-05-31\"") && verify_pack(&pack, None).is_ok());
    done(
        &place,
        "/books/registration/steps",
        "fern",
        "what=certificate-lost&on=2026-03-01&requested=2026-03-02&channel=telephone",
    )
    .await;
    let page = seen(&place, "/books", "fern").await;
    assert!(page.contains("Duplicate certificate asked for on 2026-03-02 by telephone"), "{page}");
    place.upload(path, "fern", certificate("current", &number, "%PDF-1.7 again")).await;
    assert!(
        seen(&place, "/books", "fern").await.contains("Duplicate certificate asked for"),
        "only a duplicate closes it"
    );
    place.upload(path, "fern", certificate("duplicate", &number, "%PDF-1.7 second")).await;
    assert!(!seen(&place, "/books", "fern").await.contains("Duplicate certificate asked for"));
    // After a move the new one is kept beside the old ones, and forms with the old address wait to be replaced.
    place.upload(path, "fern", certificate("after-move", &number, "%PDF-1.7 moved")).await;
    done(
        &place,
        "/books/registration/steps",
        "fern",
        "what=move-approved&on=2026-03-02&old-address=40+Example+Avenue&forms=260000001",
    )
    .await;
    let page = seen(&place, "/books/registration", "iris").await;
    assert!(page.contains("after-move") && page.contains("duplicate") && page.contains("current"), "{page}");
    assert!(page.contains("Order forms with the old address are to be replaced: 260000001"), "{page}");
    let seqs: Vec<u64> = place.house.registration().unwrap().certificates().iter().map(|one| one.seq).collect();
    let first = place.get(&format!("{path}/{}", seqs[0]), "iris").await;
    assert!(first.text.contains("%PDF-1.7 first"));
    assert!(place.get(&format!("{path}/0"), "iris").await.text.contains("BOOKS-CERTIFICATE-UNKNOWN"));
}

/// Requirements: pharm-reg-affidavit-new-pharmacy, pharm-reg-affidavit-transfer, pharm-reg-chain-affidavit, pharm-record-central-notification
#[tokio::test]
async fn papers_about_the_registration_are_filled_from_the_profile_and_invent_nothing() {
    let place = Place::new();
    let said = |which: &str| format!("{:?}", place.house.registration_paper(which).unwrap().blocks);
    let affidavit = said("affidavit-new");
    for shown in [
        "Fern Farmer",
        "Owner",
        "Example Pharmacy LLC",
        "Example Pharmacy",
        "40 Example Avenue",
        "Tucson",
        "AZ",
        "85701",
        "Y00123",
        "Arizona State Board of Pharmacy",
        "2024-11-01",
        "21 U.S.C. 843(d)",
        "Notary public",
        "(\"State of\", \"\")",
    ] {
        assert!(affidavit.contains(shown), "{shown}: {affidavit}");
    }
    let transfer = said("affidavit-transfer");
    assert!(transfer.contains("Missing; enter it") && transfer.contains("Seller's DEA number"), "{transfer}");
    let steps = "/books/registration/steps";
    done(&place, steps, "fern", "what=acquisition-planned&seller=Old+Owner&seller-trade-name=Old+Drugs&seller-number=AB1234563&on=2026-06-01&applied=2026-03-01&permit-board=State+Board&new-trade-name=New+Drugs&new-address=9+New+Road").await;
    let transfer = said("affidavit-transfer");
    for shown in ["Old Owner", "Old Drugs", "AB1234563", "2026-06-01", "2026-03-01", "New Drugs", "9 New Road"] {
        assert!(transfer.contains(shown), "{shown}: {transfer}");
    }
    assert!(!transfer.contains("Missing; enter it"), "{transfer}");

    refused(&place, steps, "fern", "what=submitted&paper=chain-list&on=2026-03-02", "BOOKS-CHAIN-ANSWERS").await;
    done(&place, steps, "fern", "what=chain-answer&number=AB1234563&location=Second+Pharmacy,+9+Road&expires=2028-01-31&answers=no+to+all&responsible=Fern+Farmer&on=2026-03-02").await;
    let chain = said("chain-list");
    for shown in ["AB1234563", "Second Pharmacy, 9 Road", "2028-01-31", "no to all", "Fern Farmer", "2026-03-02"] {
        assert!(chain.contains(shown), "{shown}: {chain}");
    }
    done(&place, steps, "fern", "what=submitted&paper=chain-list&on=2026-03-02").await;

    let early = place.get("/books/registration/papers/central-notice", "fern").await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    refused(&place, steps, "fern", "what=central-receipt&on=2026-03-02&proof=RR1", "BOOKS-CENTRAL-NOTICE").await;
    done(
        &place,
        steps,
        "fern",
        "what=central-notice&records=shipping+and+financial&location=1+Head+Office&on=2026-03-02",
    )
    .await;
    let notice = said("central-notice");
    for copy in ["Copy 1 of 3", "Copy 2 of 3", "Copy 3 of 3"] {
        assert!(notice.contains(copy), "{copy}: {notice}");
    }
    assert_eq!(notice.matches("1 Head Office").count(), 3, "three copies that say the same");
    assert_eq!(notice.matches("shipping and financial").count(), 3);
    refused(&place, steps, "fern", "what=central-begun&on=2026-03-20", "BOOKS-CENTRAL-RECEIPT").await;
    refused(&place, steps, "fern", "what=central-receipt&on=&proof=RR1", "FORM-FIELD").await;
    done(&place, steps, "fern", "what=central-receipt&on=2026-03-05&proof=RR1").await;
    done(&place, steps, "fern", "what=central-begun&on=2026-03-20").await;
}

/// Requirements: pharm-reg-termination-returns, pharm-reg-termination-records-location, pharm-record-unexecuted-forms
#[tokio::test]
async fn a_business_ends_only_when_all_is_given_back_and_the_records_have_a_keeper() {
    let place = Place::new();
    let steps = "/books/registration/steps";
    done(&place, steps, "fern", "what=forms-received&on=2026-03-02&numbers=260000001+260000002").await;
    assert_eq!(place.house.registration().unwrap().forms_held(), ["260000001", "260000002"]);
    refused(&place, steps, "fern", "what=closed&on=2026-03-31", "BOOKS-CLOSING-RECORDS").await;
    refused(&place, steps, "fern", "what=closing-begun&on=2026-03-31&custody=&contact=x", "FORM-FIELD").await;
    done(&place, steps, "fern", "what=closing-begun&on=2026-03-31&custody=9+Archive+Road&contact=Fern+Farmer").await;
    let page = seen(&place, "/books/registration", "fern").await;
    for item in ["Give back to DEA: the certificate", "Give back to DEA: 260000001", "Give back to DEA: 260000002"] {
        assert!(page.contains(item), "{item}: {page}");
    }
    let report = format!("{:?}", place.house.registration_paper("closure").unwrap().blocks);
    assert!(report.contains("9 Archive Road") && report.contains("2028-03-31"), "{report}");
    for item in ["the+certificate", "260000001"] {
        let page = refused(&place, steps, "fern", "what=closed&on=2026-03-31", "BOOKS-CLOSING-RETURNS").await;
        assert!(page.contains("260000002"));
        done(&place, steps, "fern", &format!("what=returned&item={item}&on=2026-03-30&how=registered+mail")).await;
    }
    assert_eq!(place.house.registration().unwrap().forms_held(), ["260000002"], "no serial number vanishes by itself");
    done(&place, steps, "fern", "what=returned&item=260000002&on=2026-03-30&how=registered+mail").await;
    // The stock is still there.
    let page = refused(&place, steps, "fern", "what=closed&on=2026-03-31", "BOOKS-CLOSING-STOCK").await;
    assert!(page.contains("The books still show"), "{page}");
}

/// Requirements: pharm-record-inspection-copying, pharm-inventory-kept-at-location
#[tokio::test]
async fn an_inspector_reads_prints_and_copies_everything_and_the_pack_is_computed_again_alone() {
    let place = Place::new();
    forward(&place, 1);
    let at = done(&place, "/books/inventories", "fern", &format!("occasion=cycle&taken=close&product={CODEINE}")).await;
    done(&place, &format!("{at}/count"), "tess", "sealed-1=4&loose-1=0").await;
    done(&place, &format!("{at}/close"), "fern", "").await;
    forward(&place, 1);
    done(&place, "/books/receipts", "fern", &format!("{}&invoice=INV-5&lines={CODEINE}+1+1&confirmed=yes", supplier()))
        .await;
    for path in [
        "/books",
        "/books/receipts",
        "/books/inventories",
        "/books/outgoing",
        "/books/losses",
        "/books/registration",
        "/books/pack",
    ] {
        seen(&place, path, "iris").await;
    }
    // The records open without anything but this installation, and print.
    assert_eq!(place.bytes(&format!("{at}/file/iii-v-pdf"), "iris").await.get(..5), Some(&b"%PDF-"[..]));
    let statement = format!("/books/stock/{CODEINE}/statement");
    let page = seen(&place, &statement, "iris").await;
    for shown in [
        "a physical count, cycle inventory",
        "400 tablets",
        "+ received",
        "100 tablets",
        "500 tablets",
        "<svg",
        "href=\"#entry-2\"",
        "id=\"entry-2\"",
        "management report",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    for format in ["pdf", "csv", "xlsx"] {
        assert!(!place.bytes(&format!("{statement}/{format}"), "iris").await.is_empty());
    }
    assert_eq!(place.get(&format!("{statement}/exe"), "iris").await.status, StatusCode::NOT_FOUND);
    let wrong = place.get(&format!("{statement}?from=2026-03-02&to=2026-03-01"), "iris").await;
    assert!(wrong.text.contains("The period ends before it begins"), "{}", wrong.text);
    let pack = String::from_utf8(place.bytes("/books/pack/json", "iris").await).unwrap();
    let found = verify_pack(&pack, None).unwrap();
    assert!(found.contains("5 products") && found.contains("every figure agrees"), "{found}");
    // A figure bent, an entry changed, an entry left out: each is found, and named.
    let bent = pack.replacen("\"came\":500", "\"came\":501", 1);
    assert!(bent != pack && verify_pack(&bent, None).unwrap_err().contains("came"), "a bent figure");
    let changed = pack.replacen("\"change\":100", "\"change\":99", 1);
    assert!(changed != pack && verify_pack(&changed, None).is_err(), "a changed entry");
    // What the inspector may not do.
    for path in ["/books/receipts", "/books/inventories", "/books/registration", "/books/losses"] {
        assert_eq!(place.ask("POST", path, "iris", "").await.status, StatusCode::FORBIDDEN, "{path}");
    }
}

/// What suppliers really reported as sold to one pharmacy becomes its receipts, once each.
#[test]
fn reported_sales_become_receipts_once_and_what_has_no_size_is_refused() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real/arcos/pharmacy_methadone_receipts.tsv");
    let Ok(file) = std::fs::read(path) else {
        println!("skipped: the reported transactions are not here");
        return;
    };
    // The pharmacy of the file with the most transactions.
    let mut buyers = std::collections::BTreeMap::new();
    for one in theriac_wire::arcos::Reader::open(&file).unwrap().flatten() {
        *buyers.entry(one.other).or_insert(0usize) += 1;
    }
    let (buyer, count) = buyers.into_iter().max_by_key(|(_, count)| *count).unwrap();
    let mut config = crate::commands::deployment::demonstration();
    config.pharmacy.registration = buyer.to_string();
    let place = Place::begun(config);
    let by = theriac_model::Actor::new("fern", Role::Pharmacist);
    let read = place.house.read_arcos(&file).unwrap();
    assert!(read.ours.len() <= count && !read.ours.is_empty() && read.others > 0);
    let without = place.house.take_arcos(&by, &read, None).unwrap();
    assert_eq!((without.posted, without.refused.len() + without.others), (0, read.ours.len()), "not in the drug file");
    let took = place.house.take_arcos(&by, &read, Some(theriac_model::Schedule::II)).unwrap();
    assert!(took.posted > 0 && took.listed > 0);
    assert!(took.refused.iter().all(|(_, refusal)| refusal.code.0 == "BOOKS-REPORTED-SIZE"), "{:?}", took.refused);
    assert_eq!(took.posted + took.others + took.refused.len(), read.ours.len());
    let again = place.house.take_arcos(&by, &read, Some(theriac_model::Schedule::II)).unwrap();
    assert_eq!((again.posted, again.known, again.listed), (0, took.posted, 0));
    let booked = place.house.stocked().unwrap();
    let ndc = booked.into_iter().find(|ndc| read.ours.iter().any(|one| one.ndc == *ndc)).unwrap();
    let stated = place.house.product_statement(&ndc, &Period { from: Some("2006-01-01".into()), to: None }).unwrap();
    assert!(stated.statement.came() > 0 && stated.disagreement.is_none());
    assert!(place.house.statement_paper(&stated).unwrap().paper.print().is_ok());
    let pack = String::from_utf8(place.house.inspection_pack(&by, None, None).unwrap().bytes).unwrap();
    assert!(verify_pack(&pack, None).is_ok());
}

/// The index of the stock room is made again from the journal, and says the same.
#[tokio::test]
async fn the_index_of_the_stock_room_is_rebuilt_from_the_journal() {
    let place = Place::new();
    done(&place, "/books/receipts", "fern", &format!("{}&invoice=INV-5&lines={CODEINE}+1+1&confirmed=yes", supplier()))
        .await;
    done(&place, &format!("/books/stock/{CODEINE}/act"), "fern", "act=spill&lost=1&circumstances=x").await;
    let rows = || {
        let sql = "SELECT stream, first_seq, last_seq, last_kind FROM room_streams ORDER BY stream";
        let rows = place.house.store.query(sql, &[]).unwrap();
        let row = |row: &theriac_store::Row| {
            (row.text(0).unwrap().to_owned(), row.u64(1).unwrap(), row.u64(2).unwrap(), row.text(3).unwrap().to_owned())
        };
        rows.iter().map(row).collect::<Vec<_>>()
    };
    let before = rows();
    assert!(before.len() > 10, "{before:?}");
    place.house.store.rebuild().unwrap();
    assert_eq!(rows(), before);
}
