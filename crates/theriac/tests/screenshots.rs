//! The pages of the demonstration as people see them, photographed by headless Chromium.
//!
//! The pictures are always written to `screenshots` under the target directory. With `THERIAC_SCREENSHOTS=docs` those of
//! the documentation are written to `docs/screenshots` as well. Without Chromium the test says so and passes, unless
//! `THERIAC_REQUIRE_CHROMIUM=1` says that it must be there.

mod browser;

use browser::{Demonstration, Desk, chromium, photograph, png_size};
use std::fs;
use std::path::{Path, PathBuf};

/// Width and height of a window, in pixels.
type Window = (u32, u32);
const DESKTOP: Window = (1280, 800);
const PHONE: Window = (390, 844);

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
    assert_eq!(png_size(&png), Some(*window), "{name}: the picture has the size of the window");
    assert!((BYTES_MIN..=BYTES_MAX).contains(&png.len()), "{name}: a picture of {} bytes", png.len());
    if *shown == Shown::InDocs && std::env::var("THERIAC_SCREENSHOTS").is_ok_and(|to| to == "docs") {
        let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/screenshots");
        fs::create_dir_all(&docs).expect("the documentation can be written");
        fs::write(docs.join(format!("{name}.png")), &png).expect("the documentation can be written");
    }
}

/// The journal entry of a prescription's first dispensing.
fn first_dispensing(desk: &Desk, number: &str) -> u64 {
    let record = desk.json(&format!("/api/v1/records/{number}"));
    record["dispensings"][0]["entry"].as_u64().expect("it was dispensed, and an entry proves it")
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
    let altered = "/pharmacy/prescriptions/R99";
    let entry = format!("/journal/{}", first_dispensing(&demonstration.desk("iris"), "0000002"));
    let queue = ["Pharmacy queue", "0000005", "Robin Example", "rejected", "completed"];
    let split = ["0000002", "Methylphenidate hydrochloride", "partial-filling", "40 tablet", "remainder", "20 tablet"];
    let refused = ["LAW-1306.08-ALTERED", "21 CFR 1311.170(e)", "do not dispense", "quantity.value"];
    let shots = [
        (Shown::InDocs, "practice", "brook", "/practice/prescriptions", DESKTOP, &["R-1001", "LAW-1306.08-ALTERED"][..]),
        (Shown::InDocs, "queue", "fern", "/pharmacy/queue", DESKTOP, &queue),
        (Shown::InDocs, "record", "fern", "/pharmacy/prescriptions/0000002", DESKTOP, &split),
        (Shown::InDocs, "refusal", "fern", altered, DESKTOP, &refused),
        (Shown::InDocs, "stock", "fern", "/pharmacy/stock/99999010101", DESKTOP, &["Oxycodone hydrochloride"]),
        (Shown::InDocs, "entry", "iris", &entry, DESKTOP, &["rx.filled", "verified", "Root"]),
        (Shown::OnlyHere, "queue-phone", "fern", "/pharmacy/queue", PHONE, &queue),
        (Shown::OnlyHere, "refusal-phone", "fern", altered, PHONE, &refused),
    ];
    for (shown, name, person, path, window, words) in shots {
        let shot = Shot { name, person, path, window, words };
        check(&browser, &demonstration.desk(shot.person), &shot, &shown);
    }
}
