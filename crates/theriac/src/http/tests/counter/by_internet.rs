//! Prescriptions that came by means of the Internet.

use super::*;

async fn done(place: &Place, form: &str) {
    let answer = place.ask("POST", "/till/online", "fern", form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{form}: {}", answer.text);
}

fn days(place: &Place, days: i64) {
    place.house.clock.advance(SignedDuration::from_hours(24 * days));
}

/// A paper of a website's customer, taken in and without open signs.
async fn customer(place: &Place, state: &str, at: &str) -> String {
    let fields = [("patient-state", state), ("issued", at)];
    // Each order is a paper of its own.
    let scan = format!("%PDF-1.7 order of {state} {at}");
    let number = number_in(&place.take_in("fern", "paper", &fields, scan.as_bytes()).await);
    place.open_signs_decided(&number).await;
    number
}

/// Requirements: pharm-online-modified-registration, pharm-online-in-person-evaluation, pharm-online-30-day-notice-boards, pharm-online-state-licences, pharm-online-scope-all-schedules
#[tokio::test]
async fn a_websites_customer_gets_something_under_the_modified_registration_and_after_somebody_saw_the_patient() {
    let place = Place::new();
    let number = customer(&place, "AZ", "2026-03-02").await;
    let fill = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    let page = place.get("/till/online", "iris").await.text;
    assert!(page.contains("No prescription came by means of the Internet"), "{page}");
    for (form, code) in [
        ("step=customer&number=R9&evaluation=in-person&evidence=x".to_owned(), "PHARM-UNKNOWN"),
        ("step=customer&number=a+b&evaluation=in-person&evidence=x".to_owned(), "FORM-FIELD"),
        (format!("step=customer&number={number}&evaluation=seen&evidence=x"), "FORM-FIELD"),
        (format!("step=customer&number={number}&evaluation=in-person&evidence="), "FORM-FIELD"),
    ] {
        refused(&place.ask("POST", "/till/online", "fern", &form).await, code);
    }
    let seen = |evaluation: &str| format!("step=customer&number={number}&evaluation={evaluation}&evidence=chart+note");
    done(&place, &seen("in-person")).await;
    refused(&place.fill(&number, &fill).await, "LAW-831-REGISTRATION");
    assert_eq!(place.shelf(ALPRAZOLAM), 200, "nothing moved");

    // Licence, notices, application and modification of 2 March: from 1 April on.
    for form in [
        "step=licence&state=AZ&number=P-1&until=2027-01-31",
        "step=board&state=AZ&on=2026-03-02&how=letter",
        "step=apply",
        "step=modified&certificate=abcd",
    ] {
        done(&place, form).await;
    }
    days(&place, 29);
    refused(&place.fill(&number, &fill).await, "LAW-1304.40-BOARD");
    days(&place, 1);
    for lacking in ["none", "questionnaire", "video-only"] {
        done(&place, &seen(lacking)).await;
        let page = place.fill(&number, &fill).await;
        refused(&page, "LAW-829-PRESENCE");
        assert!(page.text.contains("efer the patient to a practitioner"), "{}", page.text);
    }
    let elsewhere = customer(&place, "NM", "2026-03-30").await;
    done(&place, &format!("step=customer&number={elsewhere}&evaluation=in-person&evidence=x")).await;
    let other = place.fill(&elsewhere, &fill).await;
    assert_eq!(other.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(other.text.contains("LAW-1304.40-BOARD") || other.text.contains("LAW-831-LICENCE"), "{}", other.text);

    done(&place, &seen("covering")).await;
    let filled = place.fill(&number, &fill).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    let page = place.get("/till/online", "iris").await.text;
    assert!(page.contains(&number) && page.contains("by the practitioner who is covered for"), "{page}");
    // What did not come that way never asks.
    let own = customer(&place, "NM", "2026-03-31").await;
    let filled = place.fill(&own, &fill.replace("170", "140")).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
    place.house.store.rebuild().unwrap();
    assert_eq!(place.house.by_internet().unwrap().len(), 2);
}

/// Requirements: pharm-online-exempt-epcs
#[tokio::test]
async fn a_pharmacy_whose_website_orders_are_electronic_prescriptions_only_needs_no_modified_registration() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "0").await;
    place.open_signs_decided(&number).await;
    let came = |number: &str| format!("step=customer&number={number}&evaluation=in-person&evidence=chart+note");
    done(&place, &came(&number)).await;
    // One order form filled in by a customer ends the exemption for all of them.
    let paper = customer(&place, "AZ", "2026-03-02").await;
    done(&place, &came(&paper)).await;
    let fill = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    refused(&place.fill(&paper, &fill).await, "LAW-831-REGISTRATION");
    refused(&place.fill(&number, &fill).await, "LAW-831-REGISTRATION");

    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "0").await;
    place.open_signs_decided(&number).await;
    done(&place, &came(&number)).await;
    let filled = place.fill(&number, &fill).await;
    assert_eq!(filled.status, StatusCode::SEE_OTHER, "{}", filled.text);
}
