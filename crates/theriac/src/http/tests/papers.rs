//! Every output of the catalogue over the pages: as PDF, whose text is read back, and as sheets, which are read back, too.

use super::desk::Place;
use super::*;
use crate::outputs::{About, Desk, all};
use calamine::{Data, Reader as _, Xlsx};
use std::collections::BTreeSet;
use theriac_journal::hash::sha256;

const CODEINE: &str = "99999020101";
const OXYCODONE: &str = "99999010101";
const METHYLPHENIDATE: &str = "99999010201";
const SIGNED_BY_HAND: &str = "signature=handwritten&condition=good&copy=yes";

/// Outputs whose desks' own walks print them, since they need a second pharmacy, a week, or a State.
const ELSEWHERE: [&str; 5] = ["P23", "P24", "P25", "P27", "P27-asked"];

fn supplier() -> String {
    let number = crate::demo::cast::supplier_number();
    format!("number={number}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001")
}

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

/// The words of a text without its spaces: a reader of a PDF breaks lines where the paper does.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(super) fn text_of(pdf: &[u8]) -> (usize, String) {
    let read = lopdf::Document::load_mem(pdf).expect("a PDF");
    let pages = read.get_pages();
    (
        pages.len(),
        pages.into_keys().map(|page| read.extract_text(&[page]).expect("text")).collect::<Vec<_>>().join("\n"),
    )
}

/// Prints one output in every format and reads each back: the paper names the registration, a period, its pages, who printed it,
/// and the SHA-256 of the JSON file; sheet and paper hold `shown`.
pub(super) async fn prints(place: &Place, id: &str, of: &str, shown: &[&str]) {
    let faults = faults_of(place, id, of, shown).await;
    assert!(faults.is_empty(), "{faults:#?}");
}

/// What is wrong with one output.
async fn faults_of(place: &Place, id: &str, of: &str, shown: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let output = all().find(|output| output.id == id).expect("an output");
    let first = output.desk.address();
    let query = if of.is_empty() { String::new() } else { format!("?of={of}") };
    let at = |format: &str| format!("{first}/{id}/{format}{query}");
    let answer = place.get(&at("pdf"), "fern").await;
    if answer.status != StatusCode::OK {
        return vec![format!("{id}: {}", answer.text)];
    }
    // Opening a record is recorded on it: the paper of a record shows one opening more each time.
    let json = place.bytes(&at("json"), "fern").await;
    let (pages, text) = text_of(&place.bytes(&at("pdf"), "fern").await);
    let paper = squeezed(&text);
    let digest = sha256(&json).to_hex();
    let needed = [place.house.pharmacy.to_string(), format!("1of{pages}"), "FernFarmer".to_owned(), digest];
    // The digest of a record's paper is of that opening.
    for needed in needed.iter().take(if id == "P17" { 3 } else { 4 }) {
        if !paper.contains(needed.as_str()) {
            faults.push(format!("{id} on paper: {needed}\n{text}"));
        }
    }
    let csv = String::from_utf8(place.bytes(&at("csv"), "fern").await).expect("text");
    let (rows, cells) = sheet_of(&place.bytes(&at("xlsx"), "fern").await);
    let value: serde_json::Value = serde_json::from_slice(&json).expect("JSON");
    let expected = value["rows"].as_array().expect("rows").len() + 1;
    if rows != expected && id != "P17" {
        faults.push(format!("{id}: {rows} rows in the workbook, {expected} in the data"));
    }
    for one in shown {
        // A narrow column breaks its words over lines.
        for word in one.split_whitespace().filter(|word| !paper.contains(*word)) {
            faults.push(format!("{id} on paper: {word} of {one}\n{text}"));
        }
        if !csv.contains(one) || !cells.contains(one) {
            faults.push(format!("{id} in the sheets: {one}\n{csv}"));
        }
    }
    faults
}

pub(super) fn sheet_of(xlsx: &[u8]) -> (usize, String) {
    let mut workbook: Xlsx<_> = Xlsx::new(std::io::Cursor::new(xlsx.to_vec())).expect("a workbook");
    let range = workbook.worksheet_range_at(0).expect("a worksheet").expect("readable");
    let cell = |cell: &Data| match cell {
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    };
    (range.height(), range.rows().flatten().map(cell).collect::<Vec<_>>().join("\n"))
}

async fn orders(place: &Place) {
    done(place, "/orders/applicant", "ola", "signer=fern").await;
    let forms = "serials=210000001-210000005&edition=single-sheet&issued=2026-01-15";
    done(place, "/orders/forms/receive", "tess", forms).await;
    let lines =
        format!("ndc-1={OXYCODONE}&packages-1=5&size-1=100&ndc-2={METHYLPHENIDATE}&packages-2=2&size-2=20&last=2");
    let written = format!("number-of-form=210000001&{lines}&{}", supplier());
    let page = done(place, "/orders/drafts", "tess", &written).await;
    let order = done(place, &format!("{page}/sign"), "fern", SIGNED_BY_HAND).await;
    done(place, &format!("{order}/receive"), "fern", "packages-1=3&invoice=INV-9").await;
    done(place, &format!("{order}/cancel"), "fern", "line=2&notice=Please+cancel+line+2").await;
    let lost = "event=lost&forms=unused&serials=210000004-210000005";
    done(place, "/orders/forms/missing", "tess", lost).await;
    let drawn = "id=poa-tally&grantor=fern&attorney=tess&scope=sign-orders&scope=obtain-forms&place=Tucson";
    done(place, "/orders/powers/draw", "tess", drawn).await;
    for (who, form) in [
        ("fern", "capacity=grantor"),
        ("tess", "capacity=attorney"),
        ("fern", "capacity=witness&signer=Wanda+Witness"),
        ("fern", "capacity=witness&signer=Walt+Witness"),
    ] {
        done(place, "/orders/powers/sign", who, &format!("id=poa-tally&{form}")).await;
    }
    let revoke = "id=poa-tally&witness=Wanda+Witness&witness=Walt+Witness&place=Tucson";
    done(place, "/orders/powers/revoke", "fern", revoke).await;
    let written = format!("ndc-1={OXYCODONE}&packages-1=2&size-1=100&{}", supplier());
    let page = done(place, "/orders/drafts", "tess", &written).await;
    assert_eq!(done(place, &format!("{page}/sign"), "fern", "").await, "/orders/tracking-26X000001");
}

async fn registration(place: &Place) {
    for step in [
        "chain-answer&number=AB1234563&location=Second+Pharmacy,+9+Road&expires=2028-01-31&answers=no+to+all&responsible=Fern+Farmer&on=2026-03-02",
        "change-asked&kind=move&requested=2026-03-01&channel=letter",
        "certificate-lost&on=2026-03-01&requested=2026-03-02&channel=telephone",
        "central-notice&records=shipping+and+financial&location=1+Head+Office&on=2026-03-02",
        "business-notice&transferee=New+Drugs+Inc&line1=9+New+Road&city=Tucson&state=AZ&postal=85702&number=AB1234563&activity=pharmacy&place=same&on=2026-06-01",
        "closing-begun&on=2026-06-30&custody=9+Archive+Road&contact=Fern+Farmer",
        "staff-asked&person=tess&on=2026-03-01&felony=no&denied=yes&denied-on=2010-05-01&denied-authority=DEA&revoked=no&surrendered=no",
        "waiver-requested&person=tess&on=2026-03-02&violations=a+denied+application&licensure=technician&access=counting&physical=a+safe&professional=two+people&registrant-status=clean&other=none",
        "waiver-approved&person=tess&on=2026-03-02&reference=W-1",
        "order-certificate&kind=registrant&holder=Fern+Farmer&serial=CS-77&on=2026-02-03&expires=2028-05-31",
        "order-certificate-revocation&serial=CS-77&reason=the+key+was+lost&on=2026-03-01&requested=2026-03-02",
    ] {
        done(place, "/books/registration/steps", "fern", &format!("what={step}")).await;
    }
}

async fn stock(place: &Place) -> (String, String) {
    let form = format!("{}&standing=registered&invoice=INV-5&lines={CODEINE}+1+1&confirmed=yes", supplier());
    done(place, "/books/receipts", "fern", &form).await;
    let back = format!(
        "{}&standing=valid&schedules=II+III+IV+V&way=return-to-supplier&origin=manufacturer&ndc={CODEINE}&amount=100&containers=1&document-kind=distribution-record&document=R-1&manner=by+van",
        supplier()
    );
    done(place, "/books/outgoing", "fern", &back).await;
    let product = format!("/books/stock/{OXYCODONE}/act");
    let mut ids = Vec::new();
    for form in [
        "act=spill&lost=3&recovered=2&circumstances=a+bottle+fell",
        "act=set-aside&from=quarantine&amount=2&document=W-1",
        "act=destroy&amount=2&document=F41-1&method=incineration&place=Tucson",
        "act=correct&way=less&amount=1&reason=miscounted+at+filling",
    ] {
        let act = done(place, &product, "tess", form).await;
        done(place, &format!("{act}/sign"), "fern", "").await;
        ids.push(act.rsplit('/').next().expect("an id").to_owned());
    }
    let at = done(
        place,
        "/books/inventories",
        "fern",
        &format!("occasion=cycle&taken=close&products={OXYCODONE}+{CODEINE}"),
    )
    .await;
    let sheet = place.house.sheet(at.rsplit('/').next().expect("an id")).expect("a sheet");
    let mut form = String::new();
    for line in sheet.inventory.sheet() {
        let n = line.line;
        let counted = if line.place.product.commodity.ndc.as_str() == CODEINE { "4" } else { "5" };
        form.extend([format!("sealed-{n}={counted}&loose-{n}=0&")]);
    }
    done(place, &format!("{at}/count"), "tess", &form).await;
    done(place, &format!("{at}/close"), "fern", "").await;
    (ids[0].clone(), ids[2].clone())
}

async fn losses(place: &Place) {
    let one =
        done(place, "/books/losses", "tess", "kind=employee-pilferage&circumstances=forty+tablets+are+missing").await;
    done(place, &format!("{one}/entries"), "fern", &format!("ndc={OXYCODONE}&amount=40")).await;
    done(place, &format!("{one}/entries"), "fern", &format!("ndc={CODEINE}&amount=10")).await;
    let steps = format!("{one}/steps");
    done(place, &steps, "fern", "act=notify&to=dea&channel=fax&in-writing=yes&signed=yes&title=Owner&copy=file+7")
        .await;
    // Each product at its own price.
    let form = format!(
        "act=form&medium=electronic&channel=online&copy=file+8&title=Owner&paid-{OXYCODONE}=12.50&sold-{OXYCODONE}=30&paid-{CODEINE}=4&sold-{CODEINE}=9.75&label-marks=none&security=camera&began=2026-01-01&ended=2026-03-01&explained=counts"
    );
    done(place, &steps, "fern", &form).await;
    let two = done(place, "/books/losses", "fern", "kind=other&circumstances=a+bottle+was+not+found").await;
    done(place, &format!("{two}/steps"), "fern", "act=letter&found=all+is+there.&copy=file+1").await;
    let three = done(place, "/books/losses", "fern", "kind=other&circumstances=two+tablets+rolled+away").await;
    done(place, &format!("{three}/entries"), "fern", &format!("ndc={CODEINE}&amount=2")).await;
    let judged = "act=assess&significance=not-significant&quantity=2+of+300&substances=III&access=two+people&pattern=none+found&diversion=unlikely&local-trends=none&reasons=seen+by+both+as+they+fell&in-spite=yes";
    done(place, &format!("{three}/steps"), "fern", judged).await;
    done(place, &format!("{three}/steps"), "fern", "act=close&outcome=not-significant").await;
}

/// Requirements: pharm-staff-for-cause-meaning
#[tokio::test]
async fn every_paper_of_the_catalogue_is_printed_and_read_back() {
    let place = Place::new();
    orders(&place).await;
    registration(&place).await;
    let (spill, destruction) = stock(&place).await;
    losses(&place).await;
    let number = super::moving::accepted(&place.house, "P-1", &crate::demo::cast::ALPRAZOLAM, "3").to_string();
    let parsed = theriac_pharmacy::PrescriptionNumber::parse(&number).expect("a number");
    super::moving::dispensed(&place.house, &parsed, &crate::demo::cast::ALPRAZOLAM, &crate::dispensary::Wanted::Fill);
    place.house.clock.advance(jiff::SignedDuration::from_hours(24 * 28));
    place.house.list_again_today().expect("listed");
    super::moving::dispensed(&place.house, &parsed, &crate::demo::cast::ALPRAZOLAM, &crate::dispensary::Wanted::Refill);

    // A refusal stands on the record: another product than the one prescribed.
    let another = format!("scan={OXYCODONE}&filling=3&counted=1&what=refill");
    let refused = place.ask("POST", &format!("/pharmacy/prescriptions/{number}/fill"), "fern", &another).await;
    assert!(refused.text.contains("PHARM-PRODUCT"), "{}", refused.text);

    let mut rows: Vec<(&str, String, &[&str])> = vec![
        ("P1", String::new(), &["Example Pharmacy LLC", "Y00123", "Block 3"]),
        ("P2", String::new(), &["AB1234563", "Second Pharmacy, 9 Road", "no to all"]),
        ("P3", String::new(), &["duplicate certificate", "telephone", "move", "letter"]),
        ("P4", String::new(), &["9 Archive Road", "the certificate"]),
        ("P5", String::new(), &["Arizona State Board of Pharmacy", "Notary"]),
        ("P6", String::new(), &["DEA registration of the existing pharmacy"]),
        (
            "P7",
            String::new(),
            &["New Drugs Inc", "AB1234563", "9 New Road, Tucson, AZ 85702", "at the same place", "2026-06-01"],
        ),
        ("P8", "tess".to_owned(), &["a denied application", "two people", "2010-05-01, DEA", "surrendered for cause"]),
        ("P9", "poa-tally".to_owned(), &["Tess Tally", "Wanda Witness", "DEA registration number"]),
        ("P9-revocation", "poa-tally".to_owned(), &["hereby revoked", "Walt Witness"]),
        ("P10", String::new(), &["210000001", "executed", "Fern Farmer", "Example Wholesale", "2026-01-15", "lost"]),
        ("P11", "form-210000001".to_owned(), &["Example Wholesale", "3 on 2026-03-02", "INV-9", "cancelled"]),
        ("P12", "form-210000001:cancellation".to_owned(), &["Please cancel line 2"]),
        ("P13", "3".to_owned(), &["210000004, 210000005", "21 CFR 1305.16"]),
        ("P14", "tracking-26X000001".to_owned(), &["26X000001", "SHA-256 of the signed file", "passed", "valid"]),
        ("P15", String::new(), &["INV-5", "Example Wholesale", "Acetaminophen and codeine phosphate"]),
        ("P16", String::new(), &["coordinator", "520-555-0140", "CS-77", "revocation asked for 2026-03-02"]),
        ("P17", number.clone(), &["Alprazolam", "Pat"]),
        ("P18", number.clone(), &["Alprazolam", "Take 1 tablet daily", "Example Pharmacy"]),
        ("P19", "2026-03-30".to_owned(), &["Alprazolam"]),
        ("P20", crate::demo::cast::ALPRAZOLAM.ndc.to_owned(), &["2026-03-30"]),
        ("P21", String::new(), &["Alprazolam"]),
        ("P22", number.clone(), &["Fern Farmer", "30 tablets"]),
        ("P28", String::new(), &["refused: refill", "PHARM-PRODUCT", "2026-03-30", "Fern Farmer"]),
        ("P29", "cycle-2026-03-02".to_owned(), &["Oxycodone", "exact", "Tess Tally"]),
        ("P29-iii-v", "cycle-2026-03-02".to_owned(), &["Acetaminophen and codeine phosphate"]),
        ("P30", "cycle-2026-03-02".to_owned(), &["to be looked into", "-9.75", "exact"]),
        ("P31", OXYCODONE.to_owned(), &["Opening", "Accountable for", "Expected"]),
        ("P32", "O-1".to_owned(), &["R-1", "Acetaminophen and codeine phosphate", "100"]),
        ("P33", String::new(), &["dispensed in the year", "30"]),
        ("P34", "l-1".to_owned(), &["forty tablets are missing", "Special Agent in Charge"]),
        ("P34-letter", "l-2".to_owned(), &["all is there."]),
        ("P34-file", String::new(), &["L-3", "2 tablets of", "seen by both as they fell", "Fern Farmer"]),
        ("P34-discrepancies", String::new(), &["miscounted at filling", "Tess Tally, Fern Farmer"]),
        ("P35", "l-1".to_owned(), &["online", "file 8", "5.40 dollars", "Oxycodone hydrochloride"]),
        ("P36", destruction, &["incineration", "F41-1", "Tess Tally"]),
        ("P37", spill, &["a bottle fell", "3 tablets", "2 tablets", "Tess Tally"]),
        ("P38", String::new(), &["Copy 3 of 3", "1 Head Office"]),
        ("P39", String::new(), &["order forms", "powers of attorney", "destructions"]),
        ("P41", String::new(), &["Form 161", "plain and securely sealed"]),
    ];
    let delivery = place.house.deliveries().expect("deliveries").remove(0).id;
    rows.iter_mut().filter(|row| row.0 == "P15").for_each(|row| row.1.clone_from(&delivery));
    let mut printed: BTreeSet<&str> = ELSEWHERE.into();
    let mut faults = Vec::new();
    for (id, of, shown) in &rows {
        faults.extend(faults_of(&place, id, of, shown).await);
        printed.insert(id);
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    let known: BTreeSet<&str> = all().map(|output| output.id).collect();
    let left: Vec<_> = known.difference(&printed).filter(|id| !super::papers::OTHERS.contains(id)).collect();
    assert!(left.is_empty(), "not printed by any test: {left:?}");
}

/// Outputs of the till, which its own tests print from the catalogue.
pub(super) const OTHERS: &[&str] = &["P26", "P40", "P42", "P43", "P44", "P45", "P46", "P47", "P48"];

/// Every number from P1 to P48 stands in the catalogue, and each paper once.
#[test]
fn the_catalogue_has_every_paper_from_p1_to_p48() {
    let numbers: BTreeSet<&str> = all().filter_map(|output| output.id.split('-').next()).collect();
    let wanted: Vec<String> = (1..=48).map(|n| format!("P{n}")).collect();
    let missing: Vec<&String> = wanted.iter().filter(|number| !numbers.contains(number.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(numbers.len(), 48, "{numbers:?}");
    assert_eq!(all().map(|output| output.id).collect::<BTreeSet<_>>().len(), all().count());
}

#[tokio::test]
async fn the_list_of_papers_shows_each_to_whom_it_may_be_shown_and_bad_requests_are_refused() {
    let place = Place::new();
    let page = place.get("/books/papers", "iris").await.text;
    for output in all() {
        assert!(page.contains(&format!("<code>{}</code>", output.id)), "{}: {page}", output.id);
    }
    for (path, status) in [
        ("/books/papers/P29/pdf", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P29/pdf?of=none", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P31/pdf?of=12", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P34-discrepancies/pdf?from=2026-03-02&to=2026-03-01", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P17/pdf?of=1001", StatusCode::NOT_FOUND),
        ("/books/papers/P99/pdf", StatusCode::NOT_FOUND),
        ("/books/papers/P10/exe", StatusCode::NOT_FOUND),
        ("/pharmacy/records/papers/P10/pdf", StatusCode::NOT_FOUND),
        ("/books/papers/P45/pdf?of=1", StatusCode::NOT_FOUND),
        ("/books/papers/P26/pdf", StatusCode::NOT_FOUND),
        ("/till/logbook/papers/P40/pdf?of=kit-x", StatusCode::NOT_FOUND),
        ("/till/logbook/papers/P45/pdf?of=1", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P40/pdf?of=shelf-x", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P43/pdf?of=March", StatusCode::UNPROCESSABLE_ENTITY),
        ("/books/papers/P48/pdf?of=1", StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(place.get(path, "iris").await.status, status, "{path}");
    }
    // The books about customers: neither listed nor printed for who may not see them.
    let page = place.get("/books/papers", "tess").await.text;
    assert!(page.contains("<code>P46</code>") && !page.contains("<code>P45</code>"), "{page}");
    for paper in ["P26/pdf", "P45/pdf?of=1"] {
        let path = format!("/till/logbook/papers/{paper}");
        assert_eq!(place.get(&path, "tess").await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for output in all().filter(|output| output.desk == Desk::Logbook) {
        for (by, may) in [
            (crate::house::program(), false),
            (theriac_model::Actor::new("tess", Role::Technician), false),
            (theriac_model::Actor::new("fern", Role::Pharmacist), true),
            (theriac_model::Actor::new("iris", Role::Inspector), true),
        ] {
            let wanted = crate::outputs::Wanted { of: "", from: None, to: None, by: &by };
            let barred = match place.house.output(output, &wanted) {
                Err(crate::house::record::Fault::Refused(refusal)) => refusal.code.0 == "BOOKS-LOGBOOK",
                _ => false,
            };
            assert_eq!(barred, !may, "{} for {by:?}", output.id);
        }
    }
    for output in all().filter(|output| matches!(output.about, About::One(_))) {
        assert!(!matches!(output.about, About::One("")), "{}", output.id);
    }
}

/// A paper printed at its own desk is the paper of the list: registration, period, pages, who printed it, and the digest of the
/// data, which is one of the formats where the desk gives more than the paper.
#[tokio::test]
async fn papers_printed_at_their_desks_carry_registration_period_pages_and_digest() {
    let place = Place::new();
    orders(&place).await;
    registration(&place).await;
    let printed = async |path: &str, digest: Option<String>| {
        let (pages, text) = text_of(&place.bytes(path, "fern").await);
        let paper = squeezed(&text);
        let foot =
            [place.house.pharmacy.to_string(), format!("1of{pages}"), "FernFarmer".to_owned(), "asof".to_owned()];
        for needed in foot.into_iter().take(if digest.is_some() { 3 } else { 4 }).chain(digest) {
            assert!(paper.contains(&needed), "{path}: {needed}\n{text}");
        }
        let digests = paper.as_bytes().windows(64).filter(|w| w.iter().all(u8::is_ascii_hexdigit)).count();
        assert!(digests > 0, "{path}: no digest\n{text}");
    };
    for path in [
        "/orders/forms/papers/register",
        "/orders/powers/papers/poa-tally/power",
        "/orders/powers/papers/poa-tally/revocation",
        "/orders/tracking-26X000001/papers/copy",
        "/books/registration/papers/form-224-data",
        "/books/registration/papers/closure",
    ] {
        printed(path, None).await;
    }
    let statement = format!("/books/stock/{CODEINE}/statement");
    let data = place.bytes(&format!("{statement}/json"), "fern").await;
    printed(&format!("{statement}/pdf"), Some(sha256(&data).to_hex())).await;
    let data = place.bytes("/till/record-book/json", "fern").await;
    printed("/till/record-book/pdf", Some(sha256(&data).to_hex())).await;
}
