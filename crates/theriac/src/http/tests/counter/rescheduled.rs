//! A substance that the law moves to another schedule, or controls newly: its count is due on that day, and nothing of it is
//! handled before.

use super::*;

async fn done(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

fn change(ndc: &str, schedule: &str, effective: &str) -> String {
    format!("ndc={ndc}&schedule={schedule}&effective={effective}&source=91+FR+12345")
}

fn delivery(ndc: &str, invoice: &str) -> String {
    let number = cast::supplier_number();
    format!(
        "number={number}&name=Example+Wholesale&line1=1+Depot+Road&city=Phoenix&state=AZ&postal=85001&standing=registered&invoice={invoice}&lines={ndc}+1+1&confirmed=yes"
    )
}

/// Requirements: pharm-inventory-newly-scheduled, law-inv-newly-scheduled
#[tokio::test]
async fn a_product_that_moves_is_counted_on_the_day_of_the_change_before_anything_of_it_is_dispensed() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let other = place.accepted(CODEINE, "20", "0").await;
    place.open_signs_decided(&other).await;
    for (who, form, code) in [
        ("tess", change(ALPRAZOLAM, "III", "2026-03-03"), StatusCode::FORBIDDEN),
        ("fern", change(ALPRAZOLAM, "IV", "2026-03-03"), StatusCode::UNPROCESSABLE_ENTITY),
        ("fern", change(ALPRAZOLAM, "VI", "2026-03-03"), StatusCode::UNPROCESSABLE_ENTITY),
        ("fern", change(ALPRAZOLAM, "III", "soon"), StatusCode::UNPROCESSABLE_ENTITY),
        ("fern", change("12345678901", "III", "2026-03-03"), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        assert_eq!(place.ask("POST", "/books/schedule-changes", who, &form).await.status, code, "{form}");
    }
    let due = |page: &str| page.contains("schedule III from 2026-03-03 (91 FR 12345)");
    assert!(!due(&place.get("/books", "fern").await.text));
    done(&place, "/books/schedule-changes", "fern", &change(ALPRAZOLAM, "III", "2026-03-03")).await;
    // The day before: the count stands on the list with its day, and the counter works on.
    let page = place.get("/books", "fern").await.text;
    assert!(due(&page) && page.contains("on 2026-03-03"), "{page}");
    assert!(
        place
            .house
            .may_be_handled(
                theriac_law::vocab::Handling::Dispense,
                &Ndc::parse(ALPRAZOLAM).unwrap(),
                place.house.clock.moment()
            )
            .unwrap()
            .is_ok()
    );

    place.house.clock.advance(SignedDuration::from_hours(24));
    let form = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    let page = place.fill(&number, &form).await;
    refused(&page, "LAW-1304.11-NEWLY");
    assert!(page.text.contains("ount it as of the day"), "{}", page.text);
    refused(&place.ask("POST", "/books/receipts", "fern", &delivery(ALPRAZOLAM, "INV-1")).await, "LAW-1304.11-NEWLY");
    assert_eq!(place.shelf(ALPRAZOLAM), 200, "nothing moved");
    // What did not change is dispensed as ever.
    let codeine = format!("scan={CODEINE}&filling=1&counted=380&what=fill");
    assert_eq!(place.fill(&other, &codeine).await.status, StatusCode::SEE_OTHER);
    // A cycle count is none of the change.
    let cycle = format!("occasion=cycle&taken=opening&product={ALPRAZOLAM}");
    let sheet = done(&place, "/books/inventories", "fern", &cycle).await;
    done(&place, &format!("{sheet}/count"), "tess", "sealed-1=2&loose-1=0").await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    refused(&place.fill(&number, &form).await, "LAW-1304.11-NEWLY");

    let newly = format!("occasion=newly-scheduled&taken=opening&products={ALPRAZOLAM}");
    let sheet = done(&place, "/books/inventories", "fern", &newly).await;
    assert!(place.get(&sheet, "tess").await.text.contains(">III<"), "the sheet is of the new schedule");
    refused(&place.fill(&number, &form).await, "LAW-1304.11-NEWLY");
    done(&place, &format!("{sheet}/count"), "tess", "sealed-1=2&loose-1=0").await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    assert!(!due(&place.get("/books", "fern").await.text), "the count is taken");
    assert!(place.get("/books/inventories", "iris").await.text.contains("nothing to count"));
    let listed = place.house.drug(&Ndc::parse(ALPRAZOLAM).unwrap()).unwrap().unwrap();
    assert_eq!(listed.schedule, Some(theriac_model::Schedule::III), "the drug file follows");
    done(&place, "/books/receipts", "fern", &delivery(ALPRAZOLAM, "INV-1")).await;
    let filled = place.fill(&number, &form.replace("170", "270")).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    place.house.store.rebuild().unwrap();
    assert!(!due(&place.get("/books", "fern").await.text));
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

/// What was not controlled is in no books: its count on the day of the change is the first entry.
///
/// Requirements: pharm-inventory-newly-scheduled
#[tokio::test]
async fn a_newly_controlled_product_enters_the_books_with_the_count_of_that_day() {
    const TRAMADOL: &str = "99999770101";
    let place = Place::new();
    let product = crate::house::event::Product {
        ndc: Ndc::parse(TRAMADOL).unwrap(),
        name: "Tramadol".to_owned(),
        strength: "50 mg".to_owned(),
        form: "tablet".to_owned(),
        unit: theriac_model::DrugUnit::Tablet,
        schedule: None,
    };
    let listed = crate::house::event::HouseEvent::ProductListed(product.clone());
    place.house.note(&crate::house::program(), &[listed]).unwrap();
    done(&place, "/books/schedule-changes", "fern", &change(TRAMADOL, "IV", "2026-03-02")).await;
    let page = place.get("/books", "fern").await.text;
    assert!(page.contains("Count of Tramadol 50 mg tablet, schedule IV from 2026-03-02"), "{page}");
    done(&place, &format!("/books/stock/{TRAMADOL}/act"), "fern", "act=container&container=100").await;
    let newly = format!("occasion=newly-scheduled&taken=opening&products={TRAMADOL}");
    let sheet = done(&place, "/books/inventories", "fern", &newly).await;
    done(&place, &format!("{sheet}/count"), "tess", "sealed-1=3&loose-1=40").await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    assert_eq!(place.shelf(TRAMADOL), 340);
    let stock = place.house.stock_now(&place.house.commodity(&product.ndc).unwrap()).unwrap().0;
    assert_eq!((stock.balance(&Account::Opening), stock.open_variances().count()), (-340, 0), "no difference is left");
    assert!(!place.get("/books", "fern").await.text.contains("Tramadol 50 mg tablet, schedule IV from"));
}

/// A change that was entered for the wrong product is taken back, and nothing waits for a count; one that was counted is not.
/// A complete inventory is the count of a change, too, and the drug file follows it.
///
/// Requirements: pharm-inventory-newly-scheduled
#[tokio::test]
async fn a_change_entered_by_mistake_is_taken_back_until_it_is_counted() {
    let place = Place::new();
    let changes = "/books/schedule-changes";
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let mistake = change(ALPRAZOLAM, "III", "2026-03-02");
    done(&place, changes, "fern", &mistake).await;
    let twice = place.ask("POST", changes, "fern", &mistake).await;
    refused(&twice, "FORM-FIELD");
    assert!(twice.text.contains("Take that change back first"), "{}", twice.text);
    refused(&place.ask("POST", changes, "fern", &change(ALPRAZOLAM, "II", "2026-03-02")).await, "FORM-FIELD");
    let form = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    refused(&place.fill(&number, &form).await, "LAW-1304.11-NEWLY");
    let back = format!("step=withdraw&{mistake}&reason=another+product");
    for wrong in [back.replace("III", "II"), back.replace("03-02", "03-03"), back.replace("another+product", "")] {
        refused(&place.ask("POST", changes, "fern", &wrong).await, "FORM-FIELD");
    }
    assert_eq!(place.ask("POST", changes, "tess", &back).await.status, StatusCode::FORBIDDEN);
    done(&place, changes, "fern", &back).await;
    refused(&place.ask("POST", changes, "fern", &back).await, "FORM-FIELD");
    assert!(place.get("/books/inventories", "iris").await.text.contains("None entered"));
    assert_eq!(place.fill(&number, &form).await.status, StatusCode::SEE_OTHER);

    done(&place, changes, "fern", &change(CODEINE, "II", "2026-03-03")).await;
    place.house.clock.advance(SignedDuration::from_hours(24));
    let sheet = done(&place, "/books/inventories", "fern", "occasion=biennial&taken=opening").await;
    let lines = (1..=40).map(|n| format!("sealed-{n}=1")).collect::<Vec<_>>().join("&");
    done(&place, &format!("{sheet}/count"), "tess", &lines).await;
    done(&place, &format!("{sheet}/close"), "fern", "").await;
    let listed = place.house.drug(&Ndc::parse(CODEINE).unwrap()).unwrap().unwrap();
    assert_eq!(listed.schedule, Some(theriac_model::Schedule::II), "the drug file follows");
    let late = format!("step=withdraw&{}&reason=late", change(CODEINE, "II", "2026-03-03"));
    let page = place.ask("POST", changes, "fern", &late).await;
    refused(&page, "FORM-FIELD");
    assert!(page.text.contains("was counted for this change"), "{}", page.text);
}
