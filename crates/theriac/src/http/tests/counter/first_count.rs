//! A newly registered pharmacy counts before anything is received or dispensed.

use super::*;

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

/// Requirements: pharm-inventory-initial-count, pharm-inventory-zero
#[tokio::test]
async fn nothing_is_received_dispensed_or_loaded_before_the_initial_inventory() {
    const UNCOUNTED: &str = "LAW-1304.11-INITIAL";
    let place = Place::newly_registered();
    let delivery = format!(
        "number={}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001&standing=registered&invoice=INV-1&lines={ALPRAZOLAM}+2+2&confirmed=yes",
        cast::supplier_number()
    );
    let answer = place.ask("POST", "/books/receipts", "fern", &delivery).await;
    refused(&answer, UNCOUNTED);
    assert!(answer.text.contains("ake the initial inventory") && answer.text.contains("1304.11"), "{}", answer.text);
    let number = place.accepted(ALPRAZOLAM, "30", "0").await;
    place.open_signs_decided(&number).await;
    let fill = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    refused(&place.fill(&number, &fill).await, UNCOUNTED);
    let machine = format!(
        "kind=machine&name=west-wing&facility=Oak+House&contacted=2026-02-20+Ms+Ray&registration={}&until=2027-03-20",
        cast::supplier_number()
    );
    let at = done(&place, "/till/devices", "fern", &machine).await;
    done(&place, &at, "fern", "step=activate").await;
    let load = format!("step=load&bin=a1&ndc={ALPRAZOLAM}&units=100&sheet=L-1");
    refused(&place.ask("POST", &at, "fern", &load).await, UNCOUNTED);
    let product = "kind=counter&ndc=99999040101&name=Codeine+syrup&contents=other-ml&marking=without-prescription&kept=behind-counter";
    done(&place, "/till/products", "fern", product).await;
    let sale =
        "step=counter&ndc=99999040101&quantity=60&name=Ann+Buyer&address=5+Elm+Street&born=1980-05-06&shown=known";
    refused(&place.ask("POST", "/till/counter", "fern", sale).await, UNCOUNTED);

    // A sheet that is still open is no inventory, and neither is one product's count.
    let sheet = done(&place, "/books/inventories", "fern", "occasion=initial&taken=opening").await;
    refused(&place.ask("POST", "/books/receipts", "fern", &delivery).await, UNCOUNTED);
    let lines = place.house.sheet(sheet.rsplit('/').next().unwrap()).unwrap().inventory.sheet().len();
    let nothing: Vec<String> = (1..=lines).map(|line| format!("sealed-{line}=0&loose-{line}=0")).collect();
    done(&place, &format!("{sheet}/count"), "tess", &nothing.join("&")).await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    done(&place, "/books/receipts", "fern", &delivery).await;
    let filled = place.fill(&number, &fill).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    assert_eq!(place.shelf(ALPRAZOLAM), 170);
    // Who opens the deployment once more finds the same.
    let again = place.again();
    let ndc = Ndc::parse(ALPRAZOLAM).unwrap();
    let asked = again.may_be_handled(theriac_law::vocab::Handling::Dispense, &ndc, place.house.clock.moment());
    assert!(asked.unwrap().is_ok());
}
