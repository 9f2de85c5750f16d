//! The pages of the monitoring programmes over a real deployment.

use super::desk::{Place, STATEMENT};
use super::*;
use jiff::SignedDuration;

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{Auditor, Inspector, Pharmacist, Technician};
    if door == Door::ApiMessage {
        return Some(matches!(role, Pharmacist | Technician));
    }
    if !door.path().contains("/pdmp") {
        return None;
    }
    Some(match door.method() {
        Method::Get => matches!(role, Pharmacist | Technician | Inspector | Auditor),
        Method::Post => role == Pharmacist,
    })
}

/// A programme of Arizona as a form sends it.
const PROGRAMME: &str = "state=az&title=An+invented+programme&cite=State+law,+invented&collects=II+III+IV&hours=24&zero=reported\
    &check=new-drug&covers=pharmacy&version=4.2&purpose=test&sender=9999999&sender_name=Example+Pharmacy&phone=5205550100\
    &line1=1+Example+Street&city=Tucson&home=AZ&postal=85701&since=2026-03-01";

async fn seen(place: &Place, path: &str, who: &str) -> String {
    let answer = place.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} for {who}: {}", answer.text);
    answer.text
}

async fn done(place: &Place, path: &str, form: &str, leads: &str) {
    let answer = place.ask("POST", path, "fern", form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, leads), "{path}: {}", answer.text);
}

async fn refused(place: &Place, path: &str, form: &str, code: &str) -> String {
    let answer = place.ask("POST", path, "fern", form).await;
    assert!(answer.status.is_client_error() && answer.text.contains(code), "{path} {}: {}", answer.status, answer.text);
    answer.text
}

/// An accepted prescription, signed and sent over the pages; its number at the pharmacy.
async fn accepted(place: &Place) -> String {
    let id = place.draft("quill", "days_supply=30&").await;
    place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "quill", "").await;
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={}", crate::demo::world::PIN);
    let answer = place.ask("POST", "/practice/sign", "brook", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    place.house.work(&crate::relaying::HouseRelay(&place.house)).unwrap();
    let rows = place.house.store.query("SELECT number FROM received ORDER BY seq DESC LIMIT 1", &[]).unwrap();
    rows[0].text(0).unwrap().to_owned()
}

fn fill(place: &Place, number: &str) -> Result<(), crate::house::record::Fault> {
    let fern = crate::demo::world::actor(&crate::demo::cast::PHARMACIST, Role::Pharmacist);
    let number = theriac_pharmacy::PrescriptionNumber::parse(number).unwrap();
    let ndc = crate::demo::world::ndc(&crate::demo::cast::OXYCODONE).unwrap();
    place.house.dispense(&fern, &number, &ndc, &crate::dispensary::Wanted::Fill).map(|_| ())
}

/// Requirements: pharm-pdmp-query-recorded, pharm-pdmp-report-per-state
#[tokio::test]
async fn a_pharmacist_enters_a_programme_asks_it_fills_reports_and_reads_the_answer() {
    let place = Place::new();
    let empty = seen(&place, "/pharmacy/pdmp", "fern").await;
    assert!(empty.contains("No programme is entered") && empty.contains("A.R.S. 36-2608"), "{empty}");
    assert!(!seen(&place, "/pharmacy/pdmp", "tess").await.contains("<button>Enter the programme"));
    let again = refused(&place, "/pharmacy/pdmp", &PROGRAMME.replace("hours=24", "hours=soon"), "PDMP-PROGRAMME").await;
    assert!(again.contains("An invented programme"), "what was typed is kept");
    refused(&place, "/pharmacy/pdmp", &PROGRAMME.replace("sender=9999999", "sender=99999999999"), "WIRE-ASAP-ELEMENT")
        .await;
    done(&place, "/pharmacy/pdmp", PROGRAMME, "/pharmacy/pdmp/AZ").await;

    let number = accepted(&place).await;
    let page = format!("/pharmacy/prescriptions/{number}/pdmp");
    let before = seen(&place, &page, "fern").await;
    assert!(before.contains("must be asked") && before.contains("The drug is new for this patient"), "{before}");
    assert!(fill(&place, &number).is_err());
    for (form, code) in [
        ("state=AZ&purpose=&found=nothing", "PDMP-WORDS"),
        ("state=NV&purpose=before&found=nothing", "PDMP-NO-PROGRAMME"),
        ("state=AZ&purpose=before&found=two&answer=yesterday", "PDMP-ANSWER-LINE"),
    ] {
        refused(&place, &page, form, code).await;
    }
    let supply = "state=AZ&purpose=before+the+first+filling&found=one+other+prescriber&answer=2026-02-20,Morphine,30,AB1234563,FT1234563";
    done(&place, &page, supply, &page).await;
    let after = seen(&place, &page, "tess").await;
    for shown in ["asked</span>", "one other prescriber", "AB1234563", "told by the programme", "LAW-FLAG-PRESCRIBERS"]
    {
        assert!(after.contains(shown), "{shown}: {after}");
    }
    // The question opened warning signs; the pharmacist who asks about another prescription without any can fill it.
    let number = {
        let place = Place::new();
        done(&place, "/pharmacy/pdmp", PROGRAMME, "/pharmacy/pdmp/AZ").await;
        let number = accepted(&place).await;
        let page = format!("/pharmacy/prescriptions/{number}/pdmp");
        done(&place, &page, "state=AZ&purpose=before&found=nothing+known", &page).await;
        fill(&place, &number).unwrap();
        report(&place, &number).await;
        number
    };
    assert!(!number.is_empty());
}

async fn report(place: &Place, number: &str) {
    let home = "/pharmacy/pdmp/AZ";
    let waiting = seen(place, home, "iris").await;
    assert!(
        waiting.contains(number) && waiting.contains("end of 2026-03-03") && !waiting.contains("Make the report now"),
        "{waiting}"
    );
    place.house.clock.advance(SignedDuration::from_hours(48));
    let late = seen(place, "/pharmacy/pdmp", "iris").await;
    assert!(late.contains("<span class=\"tag bad\">1</span>"), "{late}");
    if seen(place, home, "fern").await.contains("State the days") {
        refused(place, &format!("{home}/days"), &format!("number={number}&days=0"), "PDMP-DAYS").await;
        refused(place, &format!("{home}/days"), "number=x&days=30", "PHARM-UNKNOWN").await;
        done(place, &format!("{home}/days"), &format!("number={number}&days=30"), home).await;
    }
    done(place, &format!("{home}/reports"), "", home).await;
    super::papers::prints(place, "P27", "AZ", &["20260304-01", "not answered"]).await;
    super::papers::prints(place, "P27-asked", number, &["nothing known", "before"]).await;
    refused(place, &format!("{home}/reports"), "", "PDMP-NOTHING").await;
    let made = format!("{home}/reports/20260304-01");
    let one = seen(place, &made, "iris").await;
    assert!(one.contains(number) && one.contains("no answer read"), "{one}");
    let file = String::from_utf8(place.bytes(&format!("{made}/file"), "iris").await).unwrap();
    assert!(file.starts_with("TH*4.2*20260304-01*") && file.contains(number), "{file}");
    assert_eq!(
        place.get(&format!("{home}/reports/20260304-02"), "iris").await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );

    let head = "answer=control,result,prescription,fill,part,element,reason%0D%0A20260304-01";
    refused(place, &format!("{home}/answers"), "answer=fine", "PDMP-ANSWER").await;
    done(place, &format!("{home}/answers"), &format!("{head},rejected,{number},0,0,PAT18,no+such+day"), home).await;
    refused(place, &format!("{home}/answers"), &format!("{head},accepted,,,,,"), "PDMP-ANSWERED").await;
    let held = seen(place, home, "fern").await;
    assert!(held.contains("PDMP-NOT-TAKEN") && held.contains("1 records not taken"), "{held}");
    let release = format!("{home}/releases");
    refused(place, &release, &format!("number={number}&no=1&reason="), "PDMP-WORDS").await;
    refused(place, &release, &format!("number={number}&no=9&reason=x"), "PDMP-NOT-REFUSED").await;
    done(place, &release, &format!("number={number}&no=1&reason=their+fault"), home).await;
    done(place, &format!("{home}/reports"), "", home).await;
    refused(place, &format!("{home}/end"), "reason=", "PDMP-WORDS").await;
    done(place, &format!("{home}/end"), "reason=the+pharmacy+moved", "/pharmacy/pdmp").await;
    refused(place, &format!("{home}/reports"), "", "PDMP-NO-PROGRAMME").await;
}

#[tokio::test]
async fn programs_see_how_programmes_stand_report_and_record_questions() {
    let place = Place::new();
    done(&place, "/pharmacy/pdmp", PROGRAMME, "/pharmacy/pdmp/AZ").await;
    let number = accepted(&place).await;
    let record = format!("/api/v1/records/{number}/pdmp");
    let body = r#"{"state":"AZ","purpose":"before the first filling","found":"nothing known"}"#;
    let kept = place.ask("POST", &record, "fern", body).await;
    assert_eq!((kept.status, &kept.json()["signs"]), (StatusCode::CREATED, &serde_json::json!([])), "{}", kept.text);
    let refused = place.ask("POST", &record, "fern", &body.replace("AZ", "NV")).await;
    assert_eq!(refused.json()["code"], "PDMP-NO-PROGRAMME");
    assert_eq!(place.ask("POST", &record, "fern", r#"{"state":"AZ"}"#).await.status, StatusCode::BAD_REQUEST);
    fill(&place, &number).unwrap();
    let rows = place.get("/api/v1/pdmp", "tess").await.json();
    assert_eq!(
        (&rows["programmes"][0]["state"], &rows["programmes"][0]["waiting"]),
        (&"AZ".into(), &1.into()),
        "{rows}"
    );
    let days = format!("number={number}&days=30");
    place.ask("POST", "/pharmacy/pdmp/AZ/days", "fern", &days).await;
    let made = place.ask("POST", "/api/v1/pdmp/AZ/reports", "fern", "").await;
    assert_eq!((made.status, &made.json()["records"]), (StatusCode::CREATED, &1.into()), "{}", made.text);
    assert_eq!(place.ask("POST", "/api/v1/pdmp/AZ/reports", "fern", "").await.json()["code"], "PDMP-NOTHING");
}

/// Whatever a program brings is taken in, and told what became of it; what is too long is refused without reading it to its end.
#[tokio::test]
async fn a_message_brought_by_a_program_is_archived_and_answered_whatever_it_is() {
    let place = Place::new();
    let order = "MSH|^~\\&|E|C|R|P|||RDE^O11|17|P|2.5\rORC|CA|P-1\r";
    let told = place.ask("POST", "/api/v1/messages", "tess", order).await;
    let said = told.json();
    assert_eq!((told.status, &said["verdict"]), (StatusCode::OK, &"rejected".into()), "{}", told.text);
    assert_eq!((&said["refusals"][0]["code"], &said["refusals"][0]["field"]), (&"HL7-CONTROL".into(), &"ORC-1".into()));
    assert!(said["acknowledgement"].as_str().unwrap().contains("ERR||ORC^1^1|"), "{said}");
    let other = place.ask("POST", "/api/v1/messages", "fern", r#"{"resourceType":"MedicationDispense"}"#).await.json();
    assert_eq!(other["refusals"][0]["code"], "FHIR-NO-REQUEST");
    assert_eq!(place.ask("POST", "/api/v1/messages", "fern", "<Message/>").await.json()["acknowledgement"], "");
    let archived = place.house.store.query("SELECT seq FROM received", &[]).unwrap();
    assert_eq!(archived.len(), 3);
    assert_eq!(place.ask("POST", "/api/v1/messages", "fern", "").await.json()["code"], "PHARM-NO-MESSAGE");
    let long = "x".repeat(10 * 1024 * 1024 + 1);
    assert_eq!(place.ask("POST", "/api/v1/messages", "fern", &long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(place.ask("POST", "/api/v1/messages", "brook", order).await.status, StatusCode::FORBIDDEN);
}
