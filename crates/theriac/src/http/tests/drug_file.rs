//! The drug file over pages and interface: every fact of a product, and what is missing.

use super::desk::Place;
use super::moving::{goes, refused, seen};
use super::*;
use crate::demo::cast;

/// Requirements: pharm-drug-attribute-flags
#[tokio::test]
async fn the_product_record_shows_every_fact_and_takes_what_the_label_says() {
    let place = Place::new();
    let list = seen(&place, "/pharmacy/drugs?q=guai").await;
    assert!(list.contains(cast::COUGH_SYRUP.name) && list.contains("Units in a commercial container"), "{list}");
    assert!(seen(&place, "/pharmacy/drugs?q=zzz").await.contains("No controlled product begins with this"));

    let interface = format!("/api/v1/drug-file/{}", cast::COUGH_SYRUP.ndc);
    let before: serde_json::Value = serde_json::from_str(&seen(&place, &interface).await).expect("JSON");
    assert_eq!(before["missing"], serde_json::json!(["legend", "container"]), "{before}");
    let page = format!("/pharmacy/drugs/{}", cast::COUGH_SYRUP.ndc);
    refused(&place, &page, "legend=no", "DRUG-FACT").await;
    refused(&place, &page, "chemical=ephedrine&salt=sulfate&mg=x&source=label", "DRUG-FACT").await;
    let location = goes(&place, &page, "tess", "legend=no&container=473&source=label+of+the+bottle").await;
    let shown = seen(&place, &location.replace("#facts", "")).await;
    assert!(shown.contains("label of the bottle") && shown.contains("complete"), "{shown}");
    let after: serde_json::Value = serde_json::from_str(&seen(&place, &interface).await).expect("JSON");
    assert_eq!(after["missing"], serde_json::json!([]), "{after}");
    let says = |flag: &str| {
        let facts = after["facts"].as_array().expect("facts");
        facts.iter().find(|fact| fact["flag"] == flag).map(|fact| fact["says"].clone())
    };
    assert_eq!(says("narcotic"), Some("yes".into()));
    assert_eq!(says("legend"), Some("no".into()));
    let none = place.get("/api/v1/drug-file/99999999999", "fern").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND, "{}", none.text);
}
