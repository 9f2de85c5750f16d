//! The order desk over a real deployment.

use super::desk::Place;
use super::*;

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{Auditor, Custodian, Inspector, Operator, Pharmacist, Technician};
    let path = door.path();
    let path = path.strip_prefix("/api/v1").unwrap_or(path);
    if !path.starts_with("/orders") {
        return None;
    }
    let works = matches!(role, Pharmacist | Technician | Custodian);
    Some(match door.method() {
        _ if path == "/orders/applicant" => role == Operator,
        Method::Get if matches!(door, Door::OrderNew | Door::OrderToSign) => works,
        Method::Get => works || matches!(role, Operator | Inspector | Auditor),
        Method::Post => works,
    })
}

fn supplier() -> String {
    format!(
        "name=Prairie+Wholesale&number={}&line1=1+Depot+Road&city=Phoenix&state=az&postal=85003",
        crate::demo::cast::supplier_number()
    )
}

const OXYCODONE: &str = "99999010101";
const METHYLPHENIDATE: &str = "99999010201";
const SIGNED_BY_HAND: &str = "signature=handwritten&condition=good&copy=yes";

async fn done(place: &Place, path: &str, who: &str, form: &str) -> Answer {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} by {who}: {}", answer.text);
    answer
}

#[track_caller]
fn refused(answer: &Answer, code: &str) {
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{code}: {}", answer.text);
    assert!(answer.text.contains(code), "{code}: {}", answer.text);
}

async fn shown(place: &Place, path: &str, who: &str, texts: &[&str]) {
    let answer = place.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    for text in texts {
        assert!(answer.text.contains(text), "{text} on {path}: {}", answer.text);
    }
}

/// A place where Fern signed the latest application and the forms 210000001 to 210000005 are at hand.
async fn at_work() -> Place {
    let place = Place::new();
    done(&place, "/orders/applicant", "ola", "signer=fern").await;
    let forms = "serials=210000001-210000005&edition=single-sheet&issued=2026-01-15";
    done(&place, "/orders/forms/receive", "tess", forms).await;
    place
}

async fn draft(place: &Place, form: &str, lines: &str) -> String {
    let typed = format!("number-of-form={form}&{lines}&{}", supplier());
    done(place, "/orders/drafts", "tess", &typed).await.location().to_owned()
}

/// An order for 5 packages of oxycodone and 2 of methylphenidate, signed.
async fn signed(place: &Place, form: &str) -> String {
    let lines =
        format!("ndc-1={OXYCODONE}&packages-1=5&size-1=100&ndc-2={METHYLPHENIDATE}&packages-2=2&size-2=20&last=2");
    let page = draft(place, form, &lines).await;
    done(place, &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await.location().to_owned()
}

async fn on_hand(place: &Place, ndc: &str) -> String {
    let stock = place.get(&format!("/api/v1/stock/{ndc}"), "fern").await;
    stock.json()["row"]["on_hand"].as_str().unwrap().to_owned()
}

async fn is_pdf(place: &Place, path: &str) {
    assert_eq!(place.bytes(path, "iris").await.get(..5), Some(&b"%PDF-"[..]), "{path}");
}

/// Requirements: pharm-222-receipt-annotation, pharm-222-receipt-partial-deliveries
#[tokio::test]
async fn an_order_is_made_out_signed_received_in_parts_and_complete_and_the_stock_follows() {
    let place = at_work().await;
    let before = on_hand(&place, OXYCODONE).await;
    let order = signed(&place, "210000001").await;
    assert_eq!(order, "/orders/form-210000001");
    shown(&place, "/orders/forms", "iris", &["4 blank", ">executed<"]).await;
    shown(&place, &order, "iris", &["Fern Farmer", "2026-05-01", "Prairie Wholesale", "the registration itself"]).await;
    shown(&place, "/orders", "iris", &["210000001", ">open<"]).await;

    let technician = place.ask("POST", &format!("{order}/receive"), "tess", "packages-1=2").await;
    assert_eq!(technician.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", technician.text);
    assert!(technician.text.contains("value=\"2\""), "what was typed is kept: {}", technician.text);
    refused(&place.ask("POST", &format!("{order}/receive"), "fern", "packages-1=").await, "FORM-FIELD");
    assert_eq!(on_hand(&place, OXYCODONE).await, before, "nothing was received");

    done(&place, &format!("{order}/receive"), "fern", "packages-1=2&packages-2=2&invoice=INV-7").await;
    assert_eq!((before.as_str(), on_hand(&place, OXYCODONE).await.as_str()), ("300 tablets", "500 tablets"));
    assert_eq!(on_hand(&place, METHYLPHENIDATE).await, "80 tablets");
    shown(&place, &order, "fern", &["2 on 2026-03-02", "INV-7", "partly received"]).await;

    // What is shown two weeks before the sixty days end, on the last day, and on the day after.
    for (days, texts) in [
        (46, ["runs out with 3 packages outstanding", "2026-05-01"]),
        (14, ["runs out with 3 packages outstanding", "2026-05-01"]),
        (1, ["ran out with 3 packages outstanding", "tag bad"]),
    ] {
        place.house.clock.advance(jiff::SignedDuration::from_hours(24 * days));
        shown(&place, "/orders", "fern", &texts).await;
    }
    done(&place, &format!("{order}/receive"), "fern", "packages-1=4").await;
    assert_eq!(on_hand(&place, OXYCODONE).await, "800 tablets", "the package beyond the order is not on the shelf");
    shown(&place, &order, "fern", &["1 more than ordered, to go back", ">complete<"]).await;
    shown(&place, "/orders", "fern", &["send them back"]).await;
    is_pdf(&place, &format!("{order}/papers/copy")).await;
    is_pdf(&place, "/orders/forms/papers/register").await;
    assert!(place.get(&format!("{order}/papers/lost"), "iris").await.text.contains("ORDER-NO-PAPER"));

    place.house.store.rebuild().unwrap();
    shown(&place, "/orders", "iris", &["210000001", ">complete<"]).await;
}

/// Requirements: pharm-222-signer-authorised
#[tokio::test]
async fn a_form_with_a_gap_an_alteration_or_no_signature_is_no_order_and_a_stranger_signs_none() {
    let place = at_work().await;
    let gap =
        format!("ndc-1={OXYCODONE}&packages-1=1&size-1=100&ndc-3={METHYLPHENIDATE}&packages-3=1&size-3=20&last=3");
    let page = draft(&place, "210000001", &gap).await;
    let seen = place.get(&page, "fern").await;
    assert!(seen.text.contains("If you signed it now") && seen.text.contains("LAW-13"), "{}", seen.text);
    assert_eq!(
        place.ask("POST", &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let good = format!("number-of-form=210000001&ndc-1={OXYCODONE}&packages-1=1&size-1=100&last=1&{}", supplier());
    done(&place, &format!("{page}/change"), "tess", &good).await;
    for (from, to) in [("handwritten", ""), ("handwritten", "stamped"), ("good", "altered"), ("copy=yes", "")] {
        let form = SIGNED_BY_HAND.replace(from, to);
        let answer = place.ask("POST", &format!("{page}/sign"), "fern", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}: {}", answer.text);
    }
    let stranger = place.ask("POST", &format!("{page}/sign"), "tess", SIGNED_BY_HAND).await;
    assert_eq!(stranger.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", stranger.text);
    shown(&place, "/orders/forms", "iris", &["5 blank"]).await;
    let other = place.ask("POST", "/orders/drafts", "tess", &good.replace("210000001", "999999999")).await;
    refused(
        &place.ask("POST", &format!("{}/sign", other.location()), "fern", SIGNED_BY_HAND).await,
        "BOOKS-FORM-UNKNOWN",
    );

    done(&place, "/orders/forms/void", "tess", "serial=210000002&reason=coffee").await;
    refused(
        &place.ask("POST", "/orders/forms/void", "tess", "serial=210000002&reason=coffee").await,
        "BOOKS-FORM-USED",
    );
    done(&place, &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await;
    let again = place.ask("POST", &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await;
    refused(&again, "ORDER-DRAFT");
}

/// Requirements: pharm-poa-document-fields, pharm-poa-revocation
#[tokio::test]
async fn a_power_of_attorney_counts_once_all_have_signed_for_themselves_and_ends_when_it_is_revoked() {
    let place = at_work().await;
    let drawn = "id=poa-tally&grantor=fern&attorney=tess&scope=sign-orders&scope=obtain-forms&place=Tucson";
    done(&place, "/orders/powers/draw", "tess", drawn).await;
    refused(&place.ask("POST", "/orders/powers/draw", "tess", drawn).await, "BOOKS-POWER-EXISTS");
    let sign = |capacity: &str, signer: &str| format!("id=poa-tally&capacity={capacity}&signer={signer}");
    refused(&place.ask("POST", "/orders/powers/sign", "tess", &sign("grantor", "fern")).await, "ORDER-POWER-SELF");
    refused(&place.ask("POST", "/orders/powers/sign", "tess", &sign("grantor", "")).await, "BOOKS-POWER-SIGNER");
    refused(
        &place.ask("POST", "/orders/powers/sign", "tess", &sign("witness", "Wanda+Witness")).await,
        "ORDER-POWER-SELF",
    );

    let line = format!("ndc-1={OXYCODONE}&packages-1=1&size-1=100&last=1");
    let page = draft(&place, "210000001", &line).await;
    for (who, form) in [
        ("fern", sign("grantor", "")),
        ("tess", sign("attorney", "")),
        ("fern", sign("witness", "Wanda+Witness")),
        ("fern", sign("witness", "Walt+Witness")),
    ] {
        let early = place.ask("POST", &format!("{page}/sign"), "tess", SIGNED_BY_HAND).await;
        assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", early.text);
        done(&place, "/orders/powers/sign", who, &form).await;
    }
    shown(&place, "/orders/powers", "iris", &["in force", "Wanda Witness, Walt Witness", "Tess Tally"]).await;
    let order = done(&place, &format!("{page}/sign"), "tess", SIGNED_BY_HAND).await.location().to_owned();
    shown(&place, &order, "iris", &["power of attorney poa-tally"]).await;
    is_pdf(&place, "/orders/powers/papers/poa-tally/power").await;

    let revoke = "id=poa-tally&witness=Wanda+Witness&place=Tucson";
    refused(&place.ask("POST", "/orders/powers/revoke", "fern", revoke).await, "BOOKS-POWER-WITNESSES");
    let revoke = format!("{revoke}&witness=Walt+Witness");
    refused(&place.ask("POST", "/orders/powers/revoke", "tess", &revoke).await, "BOOKS-POWER-REVOKER");
    done(&place, "/orders/powers/revoke", "fern", &revoke).await;
    is_pdf(&place, "/orders/powers/papers/poa-tally/revocation").await;
    place.house.clock.advance(jiff::SignedDuration::from_hours(24));
    let late = draft(&place, "210000002", &line).await;
    let answer = place.ask("POST", &format!("{late}/sign"), "tess", SIGNED_BY_HAND).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    shown(&place, &order, "iris", &[">open<"]).await;
}

/// Requirements: pharm-222-cancel-by-purchaser, pharm-222-lost-replacement-statement, pharm-222-lost-statement-filed
#[tokio::test]
async fn notices_end_an_order_and_a_lost_one_leads_to_its_replacement_and_back() {
    let place = at_work().await;
    let first = signed(&place, "210000001").await;
    refused(&place.ask("POST", &format!("{first}/cancel"), "fern", "line=9&notice=no").await, "BOOKS-ORDER-LINE");
    let unwritten = place.ask("POST", &format!("{first}/cancel"), "fern", "line=2&notice=").await;
    assert_eq!(unwritten.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unwritten.text);
    done(&place, &format!("{first}/cancel"), "fern", "line=2&notice=Please+cancel+line+2").await;
    is_pdf(&place, &format!("{first}/papers/cancellation")).await;
    let ended = place.ask("POST", &format!("{first}/receive"), "fern", "packages-2=1").await;
    assert_eq!(ended.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", ended.text);
    done(&place, &format!("{first}/voided"), "tess", "notice=Out+of+stock").await;
    is_pdf(&place, &format!("{first}/papers/void")).await;
    refused(&place.ask("POST", &format!("{first}/cancel"), "fern", "notice=all").await, "BOOKS-ORDER-CLOSED");

    let second = signed(&place, "210000002").await;
    let silent = place.ask("POST", &format!("{second}/not-accepted"), "tess", "statement=").await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text);
    done(&place, &format!("{second}/not-accepted"), "tess", "statement=Illegible").await;
    shown(&place, &second, "iris", &["not accepted", "Illegible"]).await;
    is_pdf(&place, &format!("{second}/papers/not-accepted")).await;
    refused(&place.ask("POST", &format!("{second}/receive"), "fern", "packages-1=1").await, "BOOKS-ORDER-OVER");

    let third = signed(&place, "210000003").await;
    let fourth = signed(&place, "210000004").await;
    let lost = "replacement=210000004&not-received=The+goods+never+came&supplier-said=It+did+not+arrive&signed=yes";
    refused(
        &place.ask("POST", &format!("{third}/lost"), "fern", &lost.replace("210000004", "210000009")).await,
        "ORDER-UNKNOWN",
    );
    refused(
        &place.ask("POST", &format!("{third}/lost"), "fern", &lost.replace("210000004", "210000003")).await,
        "BOOKS-ORDER-REPLACEMENT",
    );
    let silent = place.ask("POST", &format!("{third}/lost"), "fern", &lost.replace("The+goods+never+came", "")).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", silent.text);
    done(&place, &format!("{third}/lost"), "fern", lost).await;
    shown(&place, &third, "iris", &["Order 210000004 replaces it", ">lost<"]).await;
    shown(&place, &fourth, "iris", &["Replaces order 210000003"]).await;
    is_pdf(&place, &format!("{third}/papers/lost")).await;
    is_pdf(&place, &format!("{fourth}/papers/lost")).await;
    let endorse = supplier().replace("Prairie", "Lakes");
    done(&place, &format!("{fourth}/endorsed"), "tess", &endorse).await;
    shown(&place, &fourth, "iris", &["Lakes Wholesale"]).await;
}

/// Requirements: pharm-222-initial-request
#[tokio::test]
async fn forms_asked_for_with_the_application_mark_block_3_and_wait_until_they_come() {
    let place = Place::new();
    let request = "channel=application&books=1&telephone=520-555-0100";
    refused(&place.ask("POST", "/orders/forms/request", "fern", "channel=letter&books=1").await, "FORM-FIELD");
    done(&place, "/orders/forms/request", "fern", request).await;
    shown(&place, "/orders", "fern", &["take them in when they come", "application"]).await;
    let file = place.house.order_forms().unwrap();
    let paper = place.house.forms_request_paper(&file.register, place.house.clock.moment()).unwrap();
    let blocks = format!("{paper:?}");
    assert!(blocks.contains("block 3") && blocks.contains("Ticked"), "{blocks}");
    is_pdf(&place, "/orders/forms/papers/request").await;
    let forms = "serials=210000001+210000002&edition=single-sheet&issued=2026-01-15";
    done(&place, "/orders/forms/receive", "tess", forms).await;
    let desk = place.get("/orders", "fern").await;
    assert!(!desk.text.contains("take them in when they come"), "{}", desk.text);
    refused(&place.ask("POST", "/orders/forms/receive", "tess", forms).await, "BOOKS-FORMS-SERIAL");
    // By telephone no application is marked.
    done(&place, "/orders/forms/request", "fern", &request.replace("application", "telephone")).await;
    let file = place.house.order_forms().unwrap();
    let paper = place.house.forms_request_paper(&file.register, place.house.clock.moment()).unwrap();
    assert!(!format!("{paper:?}").contains("block 3"));
}

/// Requirements: pharm-222-lost-report-immediately
#[tokio::test]
async fn lost_forms_are_owed_to_dea_at_once_and_no_order_is_written_on_them() {
    let place = at_work().await;
    let lost = "event=lost&forms=unused&serials=210000004-210000005";
    refused(
        &place.ask("POST", "/orders/forms/missing", "tess", &lost.replace("210000005", "210000009")).await,
        "BOOKS-FORM-UNKNOWN",
    );
    done(&place, "/orders/forms/missing", "tess", lost).await;
    shown(&place, "/orders", "fern", &["Report lost order forms to DEA"]).await;
    is_pdf(&place, "/orders/forms/papers/report-2").await;
    assert_eq!(place.get("/orders/forms/papers/report-x", "iris").await.status, StatusCode::NOT_FOUND);
    let line = format!("ndc-1={OXYCODONE}&packages-1=1&size-1=100&last=1");
    let page = draft(&place, "210000004", &line).await;
    let answer = place.ask("POST", &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
    done(&place, "/orders/forms/reported", "fern", "of=2&office=Phoenix").await;
    refused(&place.ask("POST", "/orders/forms/reported", "fern", "of=2&office=Phoenix").await, "BOOKS-FORMS-REPORT");
    assert!(!place.get("/orders", "fern").await.text.contains("Report lost order forms"));
}

/// Requirements: pharm-csos-reject-signature-fails
#[tokio::test]
async fn an_electronic_order_is_signed_checked_filled_once_and_reported_within_two_business_days() {
    let place = at_work().await;
    let lines = format!("ndc-1={OXYCODONE}&packages-1=2&size-1=100");
    let page = draft(&place, "", &lines).await;
    let order = done(&place, &format!("{page}/sign"), "fern", "").await.location().to_owned();
    assert_eq!(order, "/orders/tracking-26X000001");
    shown(&place, &order, "iris", &["SHA-256 of the signed file", "The signed file"]).await;
    let file = place.bytes(&format!("{order}/papers/signed-order"), "iris").await;

    let taken = format!("{}&activity=pharmacy", supplier());
    let upload = |file: &[u8]| {
        let mut body = Vec::new();
        let fields = taken.split('&').filter_map(|pair| pair.split_once('='));
        for (name, value) in fields.chain([("method", "csos")]) {
            let part = format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.as_bytes());
        }
        body.extend(b"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"o\"\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n--xyz--\r\n");
        body
    };
    let media = "multipart/form-data; boundary=xyz";
    let mut changed = file.clone();
    let at = changed.windows(9).position(|bytes| bytes == b"26X000001").unwrap() + 8;
    changed[at] = b'2';
    let refused_one = place.send_file("/orders/supply", "tess", media, upload(&changed)).await;
    assert_eq!(refused_one.status, StatusCode::SEE_OTHER, "{}", refused_one.text);
    shown(&place, refused_one.location(), "iris", &["not accepted", "LAW-1305.15-DEFECT", "failed"]).await;
    let none = place.send_file("/orders/supply", "tess", media, upload(b"")).await;
    refused(&none, "FORM-FIELD");

    let accepted = place.send_file("/orders/supply", "tess", media, upload(&file)).await;
    assert_eq!(accepted.status, StatusCode::SEE_OTHER, "{}", accepted.text);
    let supply = accepted.location().to_owned();
    shown(&place, &supply, "iris", &["Revocation", "passed", "to fill"]).await;
    refused(&place.send_file("/orders/supply", "tess", media, upload(&file)).await, "ORDER-TWICE");

    let ship = |packages: u32| format!("line=1&packages={packages}");
    let much = place.ask("POST", &format!("{supply}/ship"), "fern", &ship(3)).await;
    assert_eq!(much.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", much.text);
    done(&place, &format!("{supply}/ship"), "fern", &ship(1)).await;
    assert_eq!(on_hand(&place, OXYCODONE).await, "200 tablets");
    // Shipped on a Monday: two business days later is Wednesday.
    shown(&place, &supply, "iris", &["2026-03-04"]).await;
    shown(&place, "/orders", "iris", &["Report what was shipped on order 26X000001"]).await;
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 3));
    shown(&place, "/orders", "iris", &["tag bad"]).await;
    done(&place, &format!("{supply}/report"), "fern", "through=2026-03-02&channel=portal").await;
    assert!(!place.get("/orders", "iris").await.text.contains("Report what was shipped"));
    done(&place, &format!("{supply}/void"), "fern", "notice=No+more+in+stock").await;
    shown(&place, &supply, "iris", &["void", "filled or ended"]).await;
    is_pdf(&place, &format!("{supply}/record.pdf")).await;
}

/// Requirements: pharm-222-supplier-refuse-defective
#[tokio::test]
async fn a_form_of_another_registrant_is_taken_in_or_refused_with_a_statement() {
    let place = Place::new();
    let form = format!(
        "method=form-222-single&{}&activity=practitioner&serial=310000001&executed=2026-03-01&condition=good&ndc-1={OXYCODONE}&packages-1=1&size-1=100",
        supplier()
    );
    let altered = form.replace("condition=good", "condition=altered").replace("310000001", "310000002");
    let answer = done(&place, "/orders/supply", "fern", &altered).await;
    shown(&place, answer.location(), "iris", &["The order is not accepted", "LAW-13"]).await;
    let supply = done(&place, "/orders/supply", "fern", &form).await.location().to_owned();
    refused(&place.ask("POST", "/orders/supply", "fern", &form).await, "ORDER-TWICE");
    done(&place, &format!("{supply}/lost"), "fern", "replacement=310000007").await;
    let answer = place.ask("POST", &format!("{supply}/ship"), "fern", "line=1&packages=1").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text);
}

#[tokio::test]
async fn a_suppliers_statement_is_compared_with_what_was_received_on_orders() {
    let place = at_work().await;
    let order = signed(&place, "210000001").await;
    done(&place, &format!("{order}/receive"), "fern", "packages-1=4&packages-2=2").await;
    let number = crate::demo::cast::supplier_number();
    let lines = |packages: u32| {
        let line = |ndc: &str, packages: u32| format!("2026-03-02 {number} 210000001 {ndc} {packages}");
        format!("lines={}%0A{}", line(OXYCODONE, packages), line(METHYLPHENIDATE, 2)).replace(' ', "+")
    };
    let agreed = place.ask("POST", "/orders/compare", "tess", &lines(4)).await;
    assert!(agreed.text.contains("Both sides agree"), "{}", agreed.text);
    let apart = place.ask("POST", "/orders/compare", "tess", &lines(5)).await;
    assert!(apart.text.contains(OXYCODONE) && !apart.text.contains("Both sides agree"), "{}", apart.text);
    let bad = place.ask("POST", "/orders/compare", "tess", "lines=2026-03-02+x").await;
    refused(&bad, "FORM-FIELD");
    assert!(bad.text.contains("Line 1"), "{}", bad.text);
    let seen = place.get("/orders/compare", "iris").await;
    assert_eq!(seen.status, StatusCode::OK);
}

/// A program makes orders out, receives on them and asks where they stand; it never signs.
#[tokio::test]
async fn a_program_makes_an_order_out_a_person_signs_it_and_the_program_receives_it() {
    let place = at_work().await;
    let supplier = format!(
        r#"{{"name":"Prairie Wholesale","number":"{}","line1":"1 Depot Road","city":"Phoenix","state":"AZ","postal":"85003"}}"#,
        crate::demo::cast::supplier_number()
    );
    let wanted = |form: &str, packages: i64| {
        format!(
            r#"{{"form":"{form}","supplier":{supplier},"lines":[{{"ndc":"{OXYCODONE}","packages":{packages},"size":"100"}}]}}"#
        )
    };
    let made = place.ask("POST", "/api/v1/orders", "fern", &wanted("210000001", 2)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert_eq!(made.json()["signable"], true, "{}", made.text);
    let page = made.json()["page"].as_str().unwrap().to_owned();
    assert_eq!(made.location(), page);
    let other = place.ask("POST", "/api/v1/orders", "tess", &wanted("999999999", 2)).await;
    assert_eq!(
        (other.json()["signable"].clone(), other.json()["code"] != ""),
        (Value::Bool(false), true),
        "{}",
        other.text
    );
    for bad in [wanted("210000002", -1), "{}".to_owned(), wanted("210000002", 2).replace("\"form\"", "\"from\"")] {
        let refused = place.ask("POST", "/api/v1/orders", "fern", &bad).await;
        assert!(refused.status.is_client_error() && refused.json()["code"].is_string(), "{bad}: {}", refused.text);
    }
    done(&place, &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await;
    let receipts = "/api/v1/orders/form-210000001/receipts";
    let came = |packages: u32| format!(r#"{{"invoice":"INV-1","lines":[{{"line":1,"packages":{packages}}}]}}"#);
    let technician = place.ask("POST", receipts, "tess", &came(1)).await;
    assert_eq!(technician.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", technician.text);
    let received = place.ask("POST", receipts, "fern", &came(1)).await;
    assert_eq!(received.status, StatusCode::CREATED, "{}", received.text);
    assert_eq!(
        (received.json()["state"].clone(), received.json()["lines"][0]["outstanding"].clone()),
        ("partly received".into(), 1.into())
    );
    let listed = place.get("/api/v1/orders", "iris").await.json();
    assert_eq!(listed["orders"][0]["number"], "210000001");
    assert_eq!(place.get("/api/v1/orders/form-210000001", "iris").await.json()["lines"][0]["received"], 1);
    assert_eq!(on_hand(&place, OXYCODONE).await, "400 tablets");
    let none = place.ask("POST", receipts, "fern", r#"{"lines":[]}"#).await;
    assert_eq!(none.json()["code"], "FORM-FIELD", "{}", none.text);
    // More than was ordered: what no order covers is not on the shelf.
    let beyond = place.ask("POST", receipts, "fern", &came(3)).await;
    assert_eq!(beyond.json()["lines"][0]["excess"], 2, "{}", beyond.text);
    assert_eq!(on_hand(&place, OXYCODONE).await, "500 tablets");
}

/// A product that moved to another schedule and was not counted since is not received on an order, not loaded into a machine or
/// a kit, and not sent out.
///
/// Requirements: pharm-inventory-newly-scheduled, law-inv-newly-scheduled
#[tokio::test]
async fn a_product_that_moved_is_not_received_on_an_order_loaded_or_sent_out_before_its_count() {
    let place = at_work().await;
    let order = signed(&place, "210000001").await;
    let machine = done(&place, "/till/devices", "fern", "kind=machine&name=west&facility=Oak+House").await;
    let machine = machine.location().to_owned();
    let number = crate::demo::cast::supplier_number();
    let register = format!("step=register&contacted=2026-02-20+Ms+Ray&registration={number}&until=2026-12-20");
    done(&place, &machine, "fern", &register).await;
    done(&place, &machine, "fern", "step=activate").await;
    let pharmacy = place.house.pharmacy;
    let kit = format!(
        "kind=kit&name=oak&facility=Oak+House&source={pharmacy}&list={OXYCODONE}+10&access=kim&safeguards=sealed&count-days=7&prohibited=lending&approval=AZ-88"
    );
    let kit = done(&place, "/till/devices", "fern", &kit).await.location().to_owned();
    let change = format!("ndc={OXYCODONE}&schedule=III&effective=2026-03-02&source=91+FR+12345");
    done(&place, "/books/schedule-changes", "fern", &change).await;
    let out = format!(
        "{}&standing=valid&schedules=II+III+IV+V&way=return-to-supplier&origin=manufacturer&ndc={OXYCODONE}&amount=100&containers=1&document-kind=distribution-record&document=R-1&manner=by+van",
        supplier()
    );
    let acts = [
        (format!("{order}/receive"), "packages-1=1&invoice=INV-7".to_owned()),
        (format!("{order}/receive"), scanned(&[square(1)])),
        (machine.clone(), format!("step=load&bin=a1&ndc={OXYCODONE}&units=10&sheet=L-1")),
        (kit.clone(), format!("step=stock&ndc={OXYCODONE}&units=10&record=K-1")),
        ("/books/outgoing".to_owned(), out),
    ];
    let before = on_hand(&place, OXYCODONE).await;
    for (path, form) in &acts {
        refused(&place.ask("POST", path, "fern", form).await, "LAW-1304.11-NEWLY");
    }
    let receipts = format!("/api/v1{order}/receipts");
    let program = place.ask("POST", &receipts, "fern", r#"{"lines":[{"line":1,"packages":1}]}"#).await;
    assert_eq!(program.json()["code"], "LAW-1304.11-NEWLY", "{}", program.text);
    assert_eq!(on_hand(&place, OXYCODONE).await, before, "nothing moved");
    // Another product of the same order is received as ever.
    done(&place, &format!("{order}/receive"), "fern", "packages-2=1&invoice=INV-7").await;
    let newly = format!("occasion=newly-scheduled&taken=opening&products={OXYCODONE}");
    let sheet = done(&place, "/books/inventories", "fern", &newly).await.location().to_owned();
    done(&place, &format!("{sheet}/count"), "tess", "sealed-1=3&loose-1=0").await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    for (path, form) in &acts[..4] {
        done(&place, path, "fern", form).await;
    }
}

/// Requirements: pharm-222-receipt-annotation
#[tokio::test]
async fn a_program_receives_what_its_scanner_read_and_each_package_counts_once() {
    let place = at_work().await;
    let order = signed(&place, "210000001").await;
    let receipts = format!("/api/v1{order}/receipts");
    let scans = |codes: &[String]| serde_json::json!({"invoice": "INV-7", "scans": codes}).to_string();
    for (codes, says) in [
        (vec![square(1), square(1)], "serial number S1 was scanned twice"),
        (vec!["99999030101".to_owned()], "no line of the order is for it"),
        (vec![String::new()], "no line says that anything came"),
    ] {
        let answer = place.ask("POST", &receipts, "fern", &scans(&codes)).await;
        assert_eq!((answer.status, &answer.json()["code"]), (StatusCode::UNPROCESSABLE_ENTITY, &"FORM-FIELD".into()));
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    }
    let mixed = serde_json::json!({"lines": [{"line": 1, "packages": 3}], "scans": [square(1)]}).to_string();
    let answer = place.ask("POST", &receipts, "fern", &mixed).await;
    assert!(answer.text.contains("1 were scanned"), "{}", answer.text);
    let answer =
        place.ask("POST", &receipts, "fern", &scans(&[square(1), square(2), METHYLPHENIDATE.to_owned()])).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let lines = &answer.json()["lines"];
    assert_eq!((&lines[0]["received"], &lines[1]["received"]), (&2.into(), &1.into()), "{}", answer.text);
    assert_eq!(on_hand(&place, OXYCODONE).await, "500 tablets");
}

/// The square code of a package of oxycodone with a serial number of its own.
fn square(serial: u32) -> String {
    format!("01003999991010101727123121S{serial}")
}

fn scanned(codes: &[String]) -> String {
    format!("scans={}", codes.join("%0A"))
}

/// Requirements: pharm-222-receipt-annotation
#[tokio::test]
async fn an_order_is_received_by_scanning_and_each_package_counts_once() {
    let place = at_work().await;
    let order = signed(&place, "210000001").await;
    let receive = format!("{order}/receive");
    let before = on_hand(&place, OXYCODONE).await;
    let check = async |form: String, says: &str| {
        let answer = place.ask("POST", &receive, "fern", &form).await;
        refused(&answer, "FORM-FIELD");
        assert!(answer.text.contains(says), "{says}: {}", answer.text);
    };
    check(scanned(&[square(1), square(1)]), "serial number S1 was scanned twice").await;
    check(scanned(&["99999030101".to_owned()]), "no line of the order is for it").await;
    check(scanned(&["99999777701".to_owned()]), "no line of the order is for it").await;
    check(format!("{}&packages-1=3", scanned(&[square(1), square(2)])), "2 were scanned").await;
    check(scanned(&["nonsense".to_owned()]), "is the code of no product").await;
    assert_eq!(on_hand(&place, OXYCODONE).await, before, "nothing was received");
    let technician = place.ask("POST", &receive, "tess", &scanned(&[square(1)])).await;
    assert_eq!(technician.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(technician.text.contains("2121S") || technician.text.contains("3121S1"), "what was scanned is kept");

    let all = [square(1), square(2), square(3), METHYLPHENIDATE.to_owned(), METHYLPHENIDATE.to_owned()];
    done(&place, &receive, "fern", &scanned(&all)).await;
    shown(&place, &order, "fern", &["3 on 2026-03-02", "2 on 2026-03-02", "partly received"]).await;
    assert_eq!((before.as_str(), on_hand(&place, OXYCODONE).await.as_str()), ("300 tablets", "600 tablets"));
    // Three more come, two are open: one is beyond the order and stays apart.
    done(&place, &receive, "fern", &scanned(&[square(4), square(5), square(6)])).await;
    shown(&place, &order, "fern", &["1 more than ordered, to go back", ">complete<"]).await;
    assert_eq!(on_hand(&place, OXYCODONE).await, "800 tablets");
}
