//! The pages of the demonstration as people see them, photographed by headless Chromium.
//!
//! The pictures are always written to `screenshots` under the target directory. With `THERIAC_SCREENSHOTS=docs` those of
//! the documentation are written to `docs/screenshots` as well. Without Chromium the test says so and passes, unless
//! `THERIAC_REQUIRE_CHROMIUM=1` says that it must be there.

mod browser;

use browser::{Demonstration, Desk, Window, chromium, photograph, png_size};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Drawn a little smaller, so that the pictures stay small.
const DESKTOP: Window = Window { width: 1280, height: 800, percent: 85 };
const PHONE: Window = Window { width: 390, height: 844, percent: 100 };
/// High enough for a whole record.
const RECORD: Window = Window { width: 1280, height: 1440, percent: 75 };
/// High enough for an entry with its proof.
const ENTRY: Window = Window { width: 1280, height: 1700, percent: 75 };

/// High enough for the rulebook's form and its answers.
const LAW: Window = Window { width: 1280, height: 1560, percent: 70 };

/// High enough for two prescriptions with the statement.
const REVIEW: Window = Window { width: 1280, height: 1360, percent: 65 };

/// A refill of schedule IV, one day after it could be dispensed.
const TOO_LATE: &str = "/law/try?action=refill&at=2026-07-12&asked=30&schedule=IV&form=electronic&issued=2026-01-11&quantity=30&refills=5&filled=2026-01-12";
/// A prescription of schedule II with a refill.
const TYPED: &str =
    "/practice/drafts/new?patient=p-1&ndc=99999010101&quantity=30&refills=1&directions=Take+1+tablet+every+6+hours";

/// A picture of a page with nothing on it is smaller, in bytes.
const BYTES_MIN: usize = 12_000;
/// The documentation's pictures stay small, in bytes.
const BYTES_MAX: usize = 150_000;

/// One picture: who sits at the desk, which page they open, and words that must stand on it.
struct Shot<'a> {
    name: &'a str,
    person: &'static str,
    path: &'a str,
    window: Window,
    words: &'a [&'a str],
}

/// Whether the documentation shows a picture.
#[derive(PartialEq)]
enum Shown {
    InDocs,
    OnlyHere,
}

fn pictures_dir() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it lies in the target directory");
    target.join("screenshots")
}

fn check(browser: &Path, desk: &Desk, shot: &Shot<'_>, shown: &Shown) {
    let Shot { name, path, window, words, .. } = shot;
    let text = desk.text(path);
    for word in *words {
        assert!(text.contains(word), "{name}: {path} does not say \"{word}\"; it says: {text}");
    }
    assert!(text.contains("DEMO"), "{name}: every page of a demonstration says DEMO");
    let file = pictures_dir().join(format!("{name}.png"));
    let png = photograph(browser, &desk.url(path), *window, &file);
    assert_eq!(png_size(&png), Some(window.picture()), "{name}: the picture has the size of the window");
    assert!(png.len() >= BYTES_MIN, "{name}: a picture of {} bytes, on which there cannot be much", png.len());
    if *shown == Shown::InDocs && std::env::var("THERIAC_SCREENSHOTS").is_ok_and(|to| to == "docs") {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
        assert!(png.len() <= BYTES_MAX, "{name}: {} bytes are too many for the documentation", png.len());
        fs::create_dir_all(&docs).expect("the documentation can be written");
        fs::write(docs.join(format!("{name}.png")), &png).expect("the documentation can be written");
    }
}

/// The journal entry of a prescription's first dispensing.
fn first_dispensing(desk: &Desk, number: &str) -> u64 {
    let record = desk.json(&format!("/api/v1/records/{number}"));
    record["dispensings"][0]["entry"].as_u64().expect("it was dispensed, and an entry proves it")
}

/// The record of the rejected message that asks for this quantity.
fn rejected_with(desk: &Desk, quantity: &str) -> String {
    let queue = desk.json("/api/v1/queue");
    let rows = queue["queue"].as_array().expect("a list of rows");
    let row = rows.iter().find(|row| row["status"] == "rejected" && row["quantity"] == quantity);
    row.and_then(|row| row["number"].as_str()).expect("a message was altered on its way").to_owned()
}

/// Pages of the practice about prescriptions that are written for the pictures.
struct Practice {
    /// Two ready prescriptions of one patient under review.
    review: String,
    /// One that could not be delivered.
    failed: String,
}

const SET: &str =
    "/practice/drafts/set?patient=p-1&ndc=99999010101&quantity=60&days_supply=30&directions=Take+1+tablet+twice+daily";
const REVIEWED: [&str; 4] = ["Review and sign", "Sign this one", "I, the prescribing practitioner", "legally signing"];

fn written(desk: &Desk) -> Practice {
    let ready = |form: &str| {
        let page = desk.post("/practice/drafts", form);
        let id = page.rsplit('/').next().unwrap_or_default().to_owned();
        desk.post(&format!("{page}/ready"), "");
        id
    };
    let drug = |ndc: &str| format!("patient=p-1&ndc={ndc}&quantity=30&directions=Take+1+tablet+daily");
    let ids = [ready(&drug("99999010101")), ready(&drug("99999030101"))];
    let failed = ready(&format!("{}&pharmacy=1234567", drug("99999020101")));
    let statement = "statement-1311.125-b-2-2008%2Bstatement-1311.140-a-3";
    let failed = desk.post("/practice/sign", &format!("one={failed}&statement={statement}&agreed=yes&pin=271828"));
    let began = Instant::now();
    while !desk.text(&failed).contains("It was not delivered") {
        assert!(began.elapsed() < Duration::from_mins(1), "the outbox works while the server runs");
        std::thread::sleep(Duration::from_millis(200));
    }
    Practice { review: format!("/practice/sign?ids={}", ids.join(",")), failed }
}

#[test]
fn the_desks_show_the_prescription_its_refusal_the_stock_and_the_proof() {
    let Some(browser) = chromium() else {
        let required = std::env::var("THERIAC_REQUIRE_CHROMIUM").is_ok_and(|required| required == "1");
        assert!(!required, "THERIAC_REQUIRE_CHROMIUM=1 and there is no Chromium in PATH");
        println!("skipped: no Chromium in PATH");
        return;
    };
    fs::create_dir_all(pictures_dir()).expect("the target directory can be written");
    let demonstration = Demonstration::begin();
    let practice = written(&demonstration.desk("brook"));
    let altered = format!("/pharmacy/prescriptions/{}", rejected_with(&demonstration.desk("fern"), "90 tablets"));
    let entry = format!("/journal/{}", first_dispensing(&demonstration.desk("iris"), "0000002"));
    let queue = ["Pharmacy queue", "0000005", "Robin Example", "rejected", "completed"];
    let split = [
        "Contents as received",
        "Methylphenidate hydrochloride",
        "Robin",
        "77 Nowhere Lane",
        "Take 1 tablet twice daily",
        "FB0047111",
        "partial filling 40 tablets Fern Farmer",
        "remainder 20 tablets Fern Farmer",
        "Who opened this record",
    ];
    let refused = ["LAW-1306.08-ALTERED", "21 CFR 1311.170(e)", "Do not dispense", "quantity.value"];
    let shots = [
        (
            Shown::InDocs,
            "practice",
            "brook",
            "/practice/prescriptions",
            DESKTOP,
            &["R-1001", "LAW-1306.08-ALTERED"][..],
        ),
        (Shown::InDocs, "queue", "fern", "/pharmacy/queue", DESKTOP, &queue),
        (Shown::InDocs, "record", "fern", "/pharmacy/prescriptions/0000002", RECORD, &split),
        (Shown::InDocs, "refusal", "fern", &altered, DESKTOP, &refused),
        (Shown::InDocs, "stock", "fern", "/pharmacy/stock/99999010101", DESKTOP, &["Oxycodone hydrochloride"]),
        (Shown::InDocs, "entry", "iris", &entry, ENTRY, &["rx.filled", "verified", "Root"]),
        (Shown::InDocs, "law", "brook", TOO_LATE, LAW, &["What would make it lawful", "On 2026-07-11", "manual-2010"]),
        (Shown::InDocs, "draft", "brook", TYPED, DESKTOP, &["the law allows none", "1306.12(a)", "Pat Sample"]),
        (Shown::InDocs, "desk-review", "brook", &practice.review, REVIEW, &REVIEWED),
        (
            Shown::InDocs,
            "desk-failed",
            "brook",
            &practice.failed,
            DESKTOP,
            &["It was not delivered", "Issue it on paper"],
        ),
        (
            Shown::InDocs,
            "desk-set",
            "brook",
            SET,
            DESKTOP,
            &["Several prescriptions of one schedule II drug", "90 days"],
        ),
        (Shown::InDocs, "desk-list", "brook", "/practice/prescriptions", DESKTOP, &["Ready to be signed", "filled"]),
        (Shown::OnlyHere, "desk-review-phone", "brook", &practice.review, PHONE, &REVIEWED),
        (Shown::OnlyHere, "desk-failed-phone", "brook", &practice.failed, PHONE, &["It was not delivered"]),
        (Shown::OnlyHere, "desk-patient", "brook", "/practice/patients/p-1", DESKTOP, &["Medication list"]),
        (Shown::OnlyHere, "desk-patient-phone", "brook", "/practice/patients/p-1", PHONE, &["Medication list"]),
        (Shown::OnlyHere, "desk-drugs", "brook", "/practice/drugs?q=co", DESKTOP, &["codeine", "Write it"]),
        (Shown::OnlyHere, "desk-set-phone", "brook", SET, PHONE, &["Several prescriptions"]),
        (Shown::OnlyHere, "law-phone", "brook", TOO_LATE, PHONE, &["What would make it lawful"]),
        (Shown::OnlyHere, "draft-phone", "brook", TYPED, PHONE, &["the law allows none"]),
        (Shown::OnlyHere, "queue-phone", "fern", "/pharmacy/queue", PHONE, &queue),
        (Shown::OnlyHere, "refusal-phone", "fern", &altered, PHONE, &refused),
    ];
    for (shown, name, person, path, window, words) in shots {
        let shot = Shot { name, person, path, window, words };
        check(&browser, &demonstration.desk(shot.person), &shot, &shown);
    }
}
