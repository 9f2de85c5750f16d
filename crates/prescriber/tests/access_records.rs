//! What is stored of enrolments, grants and tokens: the bytes stay as they are, and are read back without loss.

mod common;

use common::{
    application, az, check_of, contact_of, controller, hospital_number, now, number, operator, practitioner, record,
};
use jiff::civil::date;
use theriac_model::{Registration, json};
use theriac_prescriber::proofing::{Authority, CheckKind, Place, Record, Said, Under};
use theriac_prescriber::token_event::{Loss, LossKind};
use theriac_prescriber::{AccessEvent, EnrolmentEvent, TokenEvent};

/// One record of each kind of the second layout, with its canonical bytes.
fn golden() -> Vec<(AccessEvent, &'static str)> {
    let by = operator();
    vec![
        (
            EnrolmentEvent::Opened(application()).into(),
            r#"{"at":"2026-03-02T15:00:00Z","by":{"id":"brook","role":"prescriber"},"intends":[{"registration":"AB1234563","state":"AZ"}],"name":"Alex Brook","telephone":"520-555-0199"}"#,
        ),
        (
            EnrolmentEvent::Acknowledged { by: practitioner(), text: "responsibility-1311.100-c".into() }.into(),
            r#"{"by":{"id":"brook","role":"prescriber"},"text":"responsibility-1311.100-c"}"#,
        ),
        (
            EnrolmentEvent::DocumentEntered { by: by.clone(), document: document() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"document":{"business_address":"20 Example Street, Tucson AZ","entity":{"kind":"hospital","name":"Example Hospital","privileges":"yes","registration":"BH3030309","state":""},"format":"letterhead","photo_id":"driver's licence","photo_matched":"yes","places":[{"authority":{"authority":"AZ Medical Board","is":"licence","number":"12345"},"state":"AZ","under":{"expires":"2027-06-30","is":"own","number":"AB1234563"}},{"authority":{"appointed":"yes","facility":"Example VA","is":"veterans-employee"},"state":"AZ","under":{"acknowledged":"yes","internal_code":"012","is":"institution","number":"BH3030309"}},{"authority":{"eligible":"yes","facility":"Example VA","is":"veterans-contractor","under_facility":"no"},"state":"NV","under":{"expires":null,"is":"own","number":""}}],"practitioner":"Alex Brook","practitioner_signed":"yes","proofed_on":"2026-02-20","proofer":"Pia Proof","proofer_signed":"yes","upload":{"bytes":120000,"digest":"abababababababababababababababababababababababababababababababab","media":"application/pdf"}}}"#,
        ),
        (
            EnrolmentEvent::DocumentAccepted { by: by.clone(), digest: "ab".into() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"digest":"ab"}"#,
        ),
        (
            EnrolmentEvent::RecordEntered { by: by.clone(), record: record() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"record":{"approval":"gsa-level-3","channels":2,"ends":null,"is":"credential","issued":"2026-02-21","provider":"Example Credential Service","subject":"Alex Brook"}}"#,
        ),
        (
            EnrolmentEvent::RecordEntered { by: by.clone(), record: institution() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"record":{"dea_status":"yes","is":"institution","office":"Credentialing","on":"2026-02-22","photo_id":"passport","proofer":"Ina House","registration":"BH3030309","state_authority":"no","subject":"Alex Brook"}}"#,
        ),
        (
            EnrolmentEvent::Checked(check_of(CheckKind::Licence, az())).into(),
            r#"{"at":"2026-03-02T16:00:00Z","by":{"id":"ops","role":"operator"},"kind":"licence","result":"good","schedules":["II","III","IV","V"],"source":"the board's look-up","state":"AZ","valid_until":"2026-12-31"}"#,
        ),
        (
            EnrolmentEvent::Contacted(contact_of(number())).into(),
            r#"{"answer":"confirmed","at":"2026-03-02T16:00:00Z","by":{"id":"ops","role":"operator"},"mode":"telephone","named":"the State board's directory","place":"(520) 555-0100","registration":"AB1234563","source":"public"}"#,
        ),
        (
            EnrolmentEvent::DifferenceResolved {
                by: by.clone(),
                registration: number(),
                name: "BROOKS, ALEX".into(),
                reason: "seen".into(),
            }
            .into(),
            r#"{"by":{"id":"ops","role":"operator"},"name":"BROOKS, ALEX","reason":"seen","registration":"AB1234563"}"#,
        ),
        (
            EnrolmentEvent::Located { registration: number(), state: "AZ".into(), address: "20 Example Street".into() }
                .into(),
            r#"{"address":"20 Example Street","registration":"AB1234563","state":"AZ"}"#,
        ),
        (
            AccessEvent::Entered {
                by: controller("ada"),
                unit: "Office".into(),
                listed_by: vec!["A B".into(), "C D".into()],
            },
            r#"{"by":{"id":"ada","role":"access-controller"},"listed_by":["A B","C D"],"unit":"Office"}"#,
        ),
        (
            AccessEvent::Executed { by: controller("ben"), unit: "Informatics".into() },
            r#"{"by":{"id":"ben","role":"access-controller"},"unit":"Informatics"}"#,
        ),
        (
            AccessEvent::Suspended { reason: "inquiry".into(), by: controller("ben") },
            r#"{"by":{"id":"ben","role":"access-controller"},"reason":"inquiry"}"#,
        ),
        (
            TokenEvent::Bound {
                credential: "t-1".into(),
                registration: Registration::Own(number()),
                device: "Example Key 5".into(),
                serial: "S-1".into(),
                expires: date(2027, 6, 30),
                public_key: "04".into(),
                by: controller("ben"),
            }
            .into(),
            r#"{"by":{"id":"ben","role":"access-controller"},"credential":"t-1","device":"Example Key 5","expires":"2027-06-30","public_key":"04","registration":"AB1234563","serial":"S-1"}"#,
        ),
        (
            TokenEvent::Extended { credential: "t-1".into(), expires: date(2030, 6, 30), by: by.clone() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"credential":"t-1","expires":"2030-06-30"}"#,
        ),
        (
            TokenEvent::Suspended { credential: "t-1".into(), reason: "r".into(), by: by.clone() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"credential":"t-1","reason":"r"}"#,
        ),
        (
            TokenEvent::Resumed { credential: "t-1".into(), reason: "r".into(), by: by.clone() }.into(),
            r#"{"by":{"id":"ops","role":"operator"},"credential":"t-1","reason":"r"}"#,
        ),
        (
            TokenEvent::Lost(Loss {
                kind: LossKind::PasswordCompromised,
                serial: None,
                discovered: now(),
                reported: now(),
                channel: "telephone".into(),
                by: by.clone(),
            })
            .into(),
            r#"{"by":{"id":"ops","role":"operator"},"channel":"telephone","discovered":"2026-03-02T16:00:00Z","kind":"password-compromised","reported":"2026-03-02T16:00:00Z","serial":null}"#,
        ),
        (
            TokenEvent::RecoveryOpened { by: controller("ada"), recognised: "passport".into() }.into(),
            r#"{"by":{"id":"ada","role":"access-controller"},"recognised":"passport"}"#,
        ),
        (
            TokenEvent::RecoveryConfirmed { by: controller("ben") }.into(),
            r#"{"by":{"id":"ben","role":"access-controller"}}"#,
        ),
    ]
}

fn document() -> theriac_prescriber::proofing::Document {
    let mut document = common::document();
    document.places.push(Place {
        state: "AZ".into(),
        authority: Authority::VeteransEmployee { facility: "Example VA".into(), appointed: Said::Yes },
        under: Under::Institution {
            number: hospital_number().to_string(),
            internal_code: "012".into(),
            acknowledged: Said::Yes,
        },
    });
    document.places.push(Place {
        state: "NV".into(),
        authority: Authority::VeteransContractor {
            facility: "Example VA".into(),
            eligible: Said::Yes,
            under_facility: Said::No,
        },
        under: Under::Own { number: String::new(), expires: None },
    });
    document
}

fn institution() -> Record {
    Record::Institution {
        office: "Credentialing".into(),
        registration: hospital_number().to_string(),
        proofer: "Ina House".into(),
        subject: "Alex Brook".into(),
        photo_id: "passport".into(),
        on: Some(date(2026, 2, 22)),
        state_authority: Said::No,
        dea_status: Said::Yes,
    }
}

/// The stored bytes of each record are these, and reading them gives the record.
#[test]
fn the_stored_bytes_of_each_record_stay_as_they_are() {
    for (event, expected) in golden() {
        let bytes = json::canonical(&event.body()).expect("canonical");
        assert_eq!(String::from_utf8_lossy(&bytes), expected, "{}", event.kind());
        let stored = serde_json::from_str(expected).expect("JSON");
        assert_eq!(AccessEvent::read(event.kind(), &stored), Ok(event));
    }
}

/// A record without one of its members, or with a member that is something else, is not read as another.
#[test]
fn a_damaged_record_is_not_read() {
    // Members that may be absent: their absence says "none".
    const OPTIONAL: [&str; 6] = ["intends", "schedules", "valid_until", "serial", "listed_by", "upload"];
    for (event, _) in golden() {
        let body = event.body();
        for field in body.as_object().expect("an object").keys() {
            let mut without = body.clone();
            without.as_object_mut().expect("an object").remove(field);
            let read = AccessEvent::read(event.kind(), &without);
            assert!(read.is_err() || OPTIONAL.contains(&field.as_str()), "{} without {field}", event.kind());
            let mut other = body.clone();
            other[field] = serde_json::json!(7.5);
            assert!(AccessEvent::read(event.kind(), &other).is_err(), "{} with a fraction as {field}", event.kind());
        }
        assert!(AccessEvent::read("enrolment.unheard-of", &body).is_err());
        assert!(AccessEvent::read("token.unheard-of", &body).is_err());
        assert!(AccessEvent::read("access.unheard-of", &body).is_err());
    }
}

/// The records of the first layout, too: their bytes were written before and must be readable for ever.
#[test]
fn the_bytes_of_the_first_layout_are_still_read() {
    for (kind, stored) in [
        ("access.proofed", r#"{"by":{"id":"ops","role":"operator"},"evidence":"form 1"}"#),
        (
            "access.registration-checked",
            r#"{"data_issued":"2026-03-01","expires":"2027-06-30","registration":"AB1234563","schedules":["II","III","IV","V"],"standing":"valid","state_schedules":["II","III","IV","V"]}"#,
        ),
        ("access.nominated", r#"{"by":{"id":"ada","role":"access-controller"}}"#),
        ("access.approved", r#"{"by":{"id":"ben","role":"access-controller"},"registration":"AB1234563"}"#),
        (
            "access.credential-registered",
            r#"{"credential":"t-1","device":"key","expires":"2027-06-30","public_key":"04","registration":"AB1234563-012"}"#,
        ),
        ("access.credential-used", r#"{"counter":7,"credential":"t-1"}"#),
        ("access.credential-revoked", r#"{"by":{"id":"ops","role":"operator"},"credential":"t-1","reason":"lost"}"#),
        ("access.revoked", r#"{"by":{"id":"ops","role":"operator"},"reason":"left"}"#),
    ] {
        let event = AccessEvent::read(kind, &serde_json::from_str(stored).expect("JSON")).expect("read");
        assert_eq!(event.kind(), kind);
        assert_eq!(String::from_utf8_lossy(&json::canonical(&event.body()).expect("canonical")), stored);
    }
}
