//! Parcels over the pages: what must be confirmed, both labels, and the papers of an export.

use super::desk::Place;
use super::moving::{accepted, goes, listed, refused, seen};
use super::*;
use crate::demo::{cast, world};
use crate::dispensary::Wanted;
use theriac_model::Role as ActingAs;

const GOOD: &str =
    "no=1&recipient=Pat+Sample&address=1+Invented+Way%0ATucson+AZ+85701&marked=yes&sealed=yes&plain=yes&harmless=yes";

/// A filling that waits, and the address of its mailing.
fn waiting(place: &Place) -> String {
    let number = accepted(&place.house, "M-1", &cast::ALPRAZOLAM, "3");
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    let pharmacist = world::actor(&cast::PHARMACIST, ActingAs::Pharmacist);
    place.house.dispense(&pharmacist, &number, &ndc, &Wanted::Fill).expect("dispensed");
    format!("/pharmacy/records/{number}")
}

fn lacks(field: &str) -> String {
    GOOD.split('&').filter(|pair| !pair.starts_with(&format!("{field}="))).collect::<Vec<_>>().join("&")
}

/// Requirements: pharm-mail-packaging, pharm-mail-not-dangerous, pharm-mail-eligible
#[tokio::test]
async fn a_filling_is_mailed_only_with_every_condition_confirmed_and_the_outside_tells_nothing() {
    let place = Place::new();
    let record = waiting(&place);
    let path = format!("{record}/mail");
    for (field, code) in [
        ("marked", "LAW-MAIL-UNMARKED"),
        ("sealed", "LAW-"),
        ("plain", "LAW-"),
        ("harmless", "LAW-MAIL-DANGEROUS"),
        ("address", "PHARM-MAIL"),
        ("recipient", "PHARM-TEXT"),
    ] {
        refused(&place, &path, &lacks(field), code).await;
    }
    assert!(seen(&place, &path).await.contains("Nothing of this prescription was mailed"));
    goes(&place, &path, "tess", GOOD).await;
    let shown = seen(&place, &path).await;
    assert!(shown.contains("1 Invented Way") && shown.contains("not an export"), "{shown}");
    assert!(shown.contains("No filling waits"), "{shown}");
    refused(&place, &path, GOOD, "PHARM-FILLING-STATE").await;
    assert_eq!(place.bytes(&format!("{path}/1"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    let number = record.rsplit('/').next().expect("a number");
    let number = theriac_pharmacy::PrescriptionNumber::parse(number).expect("a number");
    let mailed = place.house.mailed(&number).expect("readable").remove(0);
    let outside = format!("{:?}", place.house.outer_label(&mailed));
    assert!(outside.contains("Pat Sample") && outside.contains("From: "), "{outside}");
    for told in [place.house.config.pharmacy.name.as_str(), "lprazolam", number.as_str(), "harmacy", "ontrolled"] {
        assert!(!outside.contains(told), "{told}: {outside}");
    }
    assert_eq!(place.get(&format!("{path}/2"), "fern").await.status, StatusCode::NOT_FOUND);
    assert!(place.house.store.check(&[]).expect("checked").is_clean());
}

/// Requirements: pharm-mail-inner-label
#[tokio::test]
async fn the_inner_label_names_the_pharmacy_with_its_address() {
    let place = Place::new();
    let record = waiting(&place);
    assert!(seen(&place, &format!("{record}/mail")).await.contains("The label of the inner container"));
    let zpl = place.ask("POST", &format!("{record}/label"), "fern", "no=1&format=zpl").await;
    assert_eq!(zpl.status, StatusCode::OK, "{}", zpl.text);
    let own = &place.house.config.pharmacy;
    let flat: String = zpl.text.split_whitespace().collect();
    for part in [&own.name, &own.address] {
        for word in part.split_whitespace() {
            assert!(flat.contains(word), "{word}: {}", zpl.text);
        }
    }
}

/// Requirements: pharm-export-documents, pharm-export-foreign-delivery
#[tokio::test]
async fn a_parcel_abroad_needs_exporter_and_paper_and_its_record_shows_both_with_number_and_date() {
    let place = Place::new();
    let path = format!("{}/mail", waiting(&place));
    let abroad = format!("{GOOD}&country=Canada");
    refused(&place, &path, &abroad, "LAW-EXPORT").await;
    let exporter = cast::supplier_number().to_string();
    let papers = format!("{abroad}&exporter={exporter}&paper=permit&paper-number=X-2026-17&paper-dated=2026-02-27");
    let unknown =
        papers.replace(&exporter, &theriac_model::DeaNumber::compose(*b"RX", 111).expect("a number").to_string());
    refused(&place, &path, &unknown, "LAW-EXPORT").await;
    listed(&place.house, &exporter);
    refused(&place, &path, &papers.replace("paper-number=X-2026-17&", ""), "LAW-EXPORT-PAPER").await;
    refused(&place, &path, &papers.replace("paper=permit", "paper="), "LAW-EXPORT-PAPER").await;
    refused(&place, &path, &papers.replace("&paper-dated=2026-02-27", ""), "FORM-FIELD").await;
    goes(&place, &path, "fern", &papers).await;
    let shown = seen(&place, &path).await;
    for words in [exporter.as_str(), "permit X-2026-17 of 2026-02-27", "Canada"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
}
