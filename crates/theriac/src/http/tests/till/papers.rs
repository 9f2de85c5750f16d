//! The papers of the till, P26, P40 and P42 to P48: each is printed and read back, as PDF, as CSV and as a workbook.

use super::*;
use crate::http::tests::papers::{prints as listed, sheet_of, squeezed, text_of};

/// Prints one paper in every format and reads each back: the paper names the registration, its pages, and a digest; paper and
/// sheets hold `shown`, and so many rows below the headings.
async fn prints(place: &Place, at: &str, rows: usize, shown: &[&str]) {
    let (pages, text) = text_of(&place.bytes(&format!("{at}/pdf"), "fern").await);
    let paper = squeezed(&text);
    for needed in [place.house.pharmacy.to_string(), format!("1of{pages}")] {
        assert!(paper.contains(&needed), "{at} on paper: {needed}\n{text}");
    }
    let digits = paper.split(|c: char| !c.is_ascii_hexdigit()).any(|run| run.len() >= 64);
    assert!(digits, "{at} on paper: the digest of its data\n{text}");
    let csv = String::from_utf8(place.bytes(&format!("{at}/csv"), "fern").await).unwrap();
    let (height, cells) = sheet_of(&place.bytes(&format!("{at}/xlsx"), "fern").await);
    assert_eq!(height, rows + 1, "{at}: {cells}");
    for one in shown {
        for word in one.split_whitespace() {
            assert!(paper.contains(word), "{at} on paper: {word} of {one}\n{text}");
        }
        assert!(csv.contains(one) && cells.contains(one), "{at} in the sheets: {one}\n{csv}\n{cells}");
    }
}

#[tokio::test]
async fn the_books_of_the_till_are_printed_and_read_back() {
    let place = Place::new();
    // P26: the record book, with a correction.
    enter_syrup(&place).await;
    done(&place, "/till/counter", "fern", &syrup(60, "shown=known")).await;
    done(&place, "/till/record-book", "fern", "step=correct&of=1&text=The+address+is+6+Elm+Street").await;
    let book =
        ["Ann Buyer", "5 Elm Street, Tucson", "known to the pharmacist", "60 mL", "2026-03-02 09:00", "Fern Farmer"];
    prints(&place, "/till/record-book", 2, &book).await;
    prints(&place, "/till/record-book", 2, &["Correction of line 1: The address is 6 Elm Street"]).await;
    listed(&place, "P26", "", &book).await;
    let none = place.get("/till/logbook/papers/P26/csv?to=2026-03-01", "fern").await.text;
    assert!(!none.contains("Ann Buyer"), "the days before the sale: {none}");
    // P45: what was given of the logbook.
    enter_tablets(&place).await;
    certified(&place).await;
    done(&place, "/till/chemical", "tess", &tablets(2, "device=pad")).await;
    let form = "step=disclose&to=Sgt+Kay&purpose=law-enforcement&from=1&through=1";
    let given = done(&place, "/till/logbook", "fern", form).await;
    let given = given.trim_end_matches("/pdf");
    prints(&place, given, 1, &["Ann Buyer", "5 Elm Street", "drivers licence", "Tess Tally", "2026-03-02 09:00"]).await;
    let seq = given.rsplit('/').next().unwrap();
    listed(&place, "P45", seq, &["Sgt Kay", "law enforcement", "Ann Buyer", "drivers licence"]).await;
    let page = place.get("/books/papers", "iris").await.text;
    assert!(page.contains(&format!("<option value=\"{seq}\">1 entry, to Sgt Kay: law enforcement")), "{page}");
    // P46, P47, P48: the seller's file.
    prints(&place, "/till/seller/certificate", 7, &["staff trained", "placement", "photo", "till"]).await;
    prints(&place, "/till/seller/training", 1, &["Tess Tally", "2026-1", "2026-03-01"]).await;
    done(&place, "/till/seller", "fern", "step=loss&on=2026-03-01&kind=theft&circumstances=A+case+is+gone").await;
    let report = place.get("/till/seller/loss-1/csv", "fern").await.text.lines().count() - 1;
    prints(&place, "/till/seller/loss-1", report, &["theft", "A case is gone", "2026-03-01"]).await;
    listed(&place, "P46", "", &["staff trained", "placement", "photo"]).await;
    listed(&place, "P47", "", &["Tess Tally", "2026-1", "2026-03-01"]).await;
    listed(&place, "P48", "1", &["theft", "A case is gone", "2026-03-01"]).await;
}

#[tokio::test]
async fn the_ledgers_of_machines_and_kits_are_printed_and_read_back() {
    let place = Place::new();
    let machine = done(&place, "/till/devices", "fern", "kind=machine&name=west-wing&facility=Oak+House").await;
    let number = crate::demo::cast::supplier_number();
    let register = format!("step=register&contacted=2026-02-20+Ms+Ray&registration={number}&until=2026-12-20");
    done(&place, &machine, "fern", &register).await;
    done(&place, &machine, "fern", "step=activate").await;
    done(&place, &machine, "fern", &format!("step=load&bin=a1&ndc={ALPRAZOLAM}&units=100&sheet=L-1")).await;
    done(&place, &machine, "fern", "step=grant&user=kim").await;
    let dose = "step=release&bin=a1&patient=R-17&prescription=1001&units=1&user=kim";
    done(&place, &machine, "fern", dose).await;
    let lines = place.get(&format!("{machine}/csv"), "fern").await.text.lines().count() - 1;
    assert!(lines >= 2);
    prints(&place, &machine, lines, &["load", "L-1", "release", "patient R-17", "prescription 1001", "kim"]).await;
    listed(&place, "P40", "machine-west-wing", &["load", "L-1", "release", "patient R-17"]).await;
    let pharmacy = place.house.pharmacy;
    let kit = format!(
        "kind=kit&name=oak-house&facility=Oak+House&source={pharmacy}&list={ALPRAZOLAM}+10&access=kim%0Alee&safeguards=sealed&count-days=7&prohibited=lending+drugs&approval=AZ-88"
    );
    let kit = done(&place, "/till/devices", "fern", &kit).await;
    done(&place, &kit, "fern", &format!("step=stock&ndc={ALPRAZOLAM}&units=10&record=K-1")).await;
    let used = format!(
        "step=use&ndc={ALPRAZOLAM}&units=2&patient=R-17&condition=panic+attack&authorised-by=Dr+Hale&user=kim&record=K-2"
    );
    done(&place, &kit, "fern", &used).await;
    done(&place, &kit, "fern", &format!("step=count&ndc={ALPRAZOLAM}&found=8")).await;
    let lines = place.get(&format!("{kit}/csv"), "fern").await.text.lines().count() - 1;
    let shown = ["stocked", "K-1", "patient R-17, panic attack; authorised by Dr Hale", "counted", "8"];
    prints(&place, &kit, lines, &shown).await;
    listed(&place, "P40", "kit-oak-house", &shown).await;
}

#[tokio::test]
async fn the_papers_of_an_online_pharmacy_are_printed_and_read_back() {
    let place = Place::new();
    let act = "/till/online";
    done(&place, act, "fern", "step=board&state=AZ&on=2026-03-01&how=letter").await;
    done(&place, act, "fern", "step=licence&state=AZ&number=P-1&until=2027-01-31").await;
    done(&place, act, "fern", "step=apply").await;
    let moved = "step=address&new=https%3A%2F%2Fnew.example&on=2026-04-01&told=2026-03-01&how=letter";
    done(&place, act, "fern", moved).await;
    let lines = place.get("/till/online/notices/csv", "fern").await.text.lines().count() - 1;
    prints(&place, "/till/online/notices", lines, &["AZ", "P-1", "2026-03-01", "2026-04-01", "https://new.example"])
        .await;
    // P43: a month without enough is a negative report; one with 5,000 units a full one.
    let empty = text_of(&place.bytes("/till/online/report-2026-03/pdf", "fern").await).1;
    assert!(squeezed(&empty).to_lowercase().contains("negative"), "{empty}");
    let by = Actor::new("fern", Role::Pharmacist);
    let commodity = place.house.commodity(&Ndc::parse(ALPRAZOLAM).unwrap()).unwrap();
    for (kind, way, document) in [
        (
            theriac_books::MovementKind::Receipt,
            (theriac_books::Account::Source(crate::demo::cast::supplier_number()), theriac_books::Account::Shelf),
            theriac_books::DocumentKind::Invoice,
        ),
        (
            theriac_books::MovementKind::Administration,
            (theriac_books::Account::Shelf, theriac_books::Account::Administered),
            theriac_books::DocumentKind::AdministrationRecord,
        ),
    ] {
        place.house.clock.advance(jiff::SignedDuration::from_mins(1));
        let paper = (place.house.clock.now(), theriac_books::Document::new(document, "D-1"));
        let units = theriac_books::Amount::new(5_000).unwrap();
        let what = (commodity.clone(), Schedule::IV);
        let movement = theriac_books::Movement::new(what, kind, way, units, paper, vec![by.clone()]);
        place.house.post(&by, &movement).unwrap();
    }
    prints(&place, "/till/online/report-2026-03", 1, &[ALPRAZOLAM, "5000"]).await;
    listed(&place, "P43", "2026-03", &[ALPRAZOLAM, "5000"]).await;
    listed(&place, "P44", "", &["AZ", "P-1", "2026-04-01", "https://new.example"]).await;
    // P42: the block for the home page.
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
    done(&place, act, "fern", said).await;
    done(&place, act, "fern", "step=modified&certificate=abcd").await;
    let lines = place.get("/till/online/site/csv", "fern").await.text.lines().count() - 1;
    let shown = ["Corner Pharmacy LLC complies with 21 U.S.C. 831", "520-555-0100", "PharmD"];
    prints(&place, "/till/online/site", lines, &shown).await;
    listed(&place, "P42", "", &shown).await;
}
