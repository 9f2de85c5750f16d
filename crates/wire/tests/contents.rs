//! What is read out of a message: doubled, contradictory and unreadable elements, signatures, descriptions.

mod support;

use theriac_model::Element;
use theriac_wire::script::{
    ArrivedContents, Holder, NoticeKind, SignatureGroup, SignedIndication, decode, encode, from_contents, to_contents,
};

/// The sample with `from` replaced by `to` in its bytes.
fn arrived(from: &str, to: &str) -> ArrivedContents {
    let text = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
    assert!(from.is_empty() || text.contains(from), "{from} is not in\n{text}");
    to_contents(&decode(text.replacen(from, to, 1).as_bytes()).expect("well formed"))
}

/// Problems as `CODE field`.
fn problems(arrived: &ArrivedContents) -> Vec<String> {
    let name = |refusal: &theriac_model::Refusal| {
        assert!(!refusal.next.is_empty() && !refusal.what.is_empty());
        format!("{} {}", refusal.code, refusal.field.as_deref().unwrap_or("-"))
    };
    arrived.problems.iter().map(name).collect()
}

fn check(from: &str, to: &str, expected: &[&str]) {
    assert_eq!(problems(&arrived(from, to)), expected, "{from} -> {to}");
}

#[test]
fn a_part_that_stands_twice_counts_not_at_all() {
    let twice = |name: &str| {
        let text = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
        let (open, close) = (format!("<{name}>"), format!("</{name}>"));
        let start = text.find(&open).expect("there");
        let end = start + text[start..].find(&close).expect("there") + close.len();
        let part = text[start..end].to_owned();
        to_contents(&decode(text.replacen(&part, &format!("{part}{part}"), 1).as_bytes()).expect("well formed"))
    };
    for (name, path, lost) in [
        ("Patient", "NewRx/Patient", Element::PatientLast),
        ("HumanPatient", "NewRx/Patient/HumanPatient", Element::PatientLast),
        ("Prescriber", "NewRx/Prescriber", Element::Registration),
        ("NonVeterinarian", "NewRx/Prescriber/NonVeterinarian", Element::Registration),
        ("MedicationPrescribed", "NewRx/MedicationPrescribed", Element::DrugName),
        ("DrugCoded", "NewRx/MedicationPrescribed/DrugCoded", Element::DrugStrength),
        ("Strength", "NewRx/MedicationPrescribed/DrugCoded/Strength", Element::DrugStrength),
        ("Quantity", "NewRx/MedicationPrescribed/Quantity", Element::QuantityValue),
        ("Sig", "NewRx/MedicationPrescribed/Sig", Element::Directions),
        ("WrittenDate", "issued", Element::Issued),
        ("DateOfBirth", "patient.born", Element::PatientBorn),
        ("ProductCode", "drug.ndc", Element::DrugNdc),
        ("DEASchedule", "drug.schedule", Element::DrugSchedule),
        ("StrengthUnitOfMeasure", "drug.strength", Element::DrugSchedule),
        ("QuantityUnitOfMeasure", "quantity.unit", Element::QuantityUnit),
        ("OtherMedicationDate", "earliest-fill", Element::EarliestFill),
    ] {
        // The outer and the inner element share a name: doubling the first piece that ends doubles neither cleanly.
        if name == "OtherMedicationDate" {
            let other = "<OtherMedicationDate><OtherMedicationDate><Date>2026-01-01</Date></OtherMedicationDate>\
                         <OtherMedicationDateQualifier>EffectiveDate</OtherMedicationDateQualifier></OtherMedicationDate>";
            let found = arrived("</MedicationPrescribed>", &format!("{other}</MedicationPrescribed>"));
            assert_eq!(problems(&found), [format!("WIRE-DOUBLED {path}")]);
            assert_eq!(found.contents.get(lost), None);
            continue;
        }
        let found = twice(name);
        assert_eq!(problems(&found), [format!("WIRE-DOUBLED {path}")], "{name}");
        if name != "StrengthUnitOfMeasure" {
            assert_eq!(found.contents.get(lost), None, "{name}");
        }
    }
}

#[test]
fn two_that_exclude_each_other_are_named() {
    check(
        "<Date>1970-02-28</Date>",
        "<Date>1970-02-28</Date><DateTime>1970-02-28T00:00:00</DateTime>",
        &["WIRE-CHOICE patient.born"],
    );
    check("</HumanPatient>", "</HumanPatient><NonHumanPatient/>", &["WIRE-CHOICE Patient"]);
    check("</NonVeterinarian>", "</NonVeterinarian><Veterinarian/>", &["WIRE-CHOICE Prescriber"]);
}

#[test]
fn what_cannot_be_read_is_named_with_its_element() {
    for (from, to, expected) in [
        ("<Date>2026-03-02</Date>", "<Date>2026-02-30</Date>", "WIRE-MALFORMED issued"),
        ("<Date>2026-03-02</Date>", "<Date>03/02/2026</Date>", "WIRE-MALFORMED issued"),
        ("<Date>1970-02-28</Date>", "<Date>19700228</Date>", "WIRE-MALFORMED patient.born"),
        ("<Value>30</Value>", "<Value>3O</Value>", "WIRE-MALFORMED quantity.value"),
        ("<Value>30</Value>", "<Value>-30</Value>", "WIRE-MALFORMED quantity.value"),
        ("<Value>30</Value>", "<Value>3e1</Value>", "WIRE-MALFORMED quantity.value"),
        ("<Value>30</Value>", "<Value>1,000</Value>", "WIRE-MALFORMED quantity.value"),
        ("<Value>30</Value>", "<Value>0</Value>", "WIRE-MALFORMED quantity.value"),
        ("<Value>30</Value>", "<Value>0.00</Value>", "WIRE-MALFORMED quantity.value"),
        ("<NumberOfRefills>0", "<NumberOfRefills>-1", "WIRE-MALFORMED refills"),
        ("<NumberOfRefills>0", "<NumberOfRefills>PRN", "WIRE-MALFORMED refills"),
        ("<DaysSupply>8", "<DaysSupply>65536", "WIRE-MALFORMED days-supply"),
        ("<StateProvince>AZ", "<StateProvince>Arizona", "WIRE-MALFORMED patient.address.state"),
        ("<PostalCode>850011234", "<PostalCode>8500", "WIRE-MALFORMED patient.address.postal"),
        ("<DEANumber>AB1234563-012", "<DEANumber>AB1234564-012", "WIRE-MALFORMED practitioner.registration"),
        ("<Code>00406055201", "<Code>0406055201", "WIRE-MALFORMED drug.ndc"),
        ("<Code>C48675", "<Code>C48674", "WIRE-MALFORMED drug.schedule"),
        ("<LastName>Sample", "<LastName>Sam\u{85}\u{7F}ple", "WIRE-MALFORMED patient.last"),
    ] {
        check(from, to, &[expected]);
    }
}

#[test]
fn a_foreign_country_is_not_read_as_the_united_states() {
    for (code, expected) in [("US", false), ("USA", false), ("us", false), ("", false), ("CA", true), ("MX", true)] {
        let found = arrived("<CountryCode>US", &format!("<CountryCode>{code}"));
        assert_eq!(
            problems(&found).contains(&"WIRE-COUNTRY NewRx/Patient/Address/CountryCode".to_owned()),
            expected,
            "{code}"
        );
    }
}

/// Set, unset, absent and garbled: only "set" says that the practitioner signed.
///
/// Requirements: epcs-1311.165-b
#[test]
fn only_true_says_signed() {
    for (text, indication, expected) in [
        ("true", SignedIndication::Present, vec![]),
        ("1", SignedIndication::Present, vec![]),
        (" true\n", SignedIndication::Present, vec![]),
        ("false", SignedIndication::Absent, vec![]),
        ("0", SignedIndication::Absent, vec![]),
        ("", SignedIndication::Absent, vec![]),
        ("yes", SignedIndication::Absent, vec!["WIRE-INDICATOR signed-indication"]),
        ("TRUE", SignedIndication::Absent, vec!["WIRE-INDICATOR signed-indication"]),
    ] {
        let found = arrived("<DigitalSignatureIndicator>true<", &format!("<DigitalSignatureIndicator>{text}<"));
        assert_eq!(
            (found.indication, problems(&found)),
            (indication, expected.into_iter().map(str::to_owned).collect()),
            "{text:?}"
        );
    }
    let twice = "<DigitalSignatureIndicator>true</DigitalSignatureIndicator>";
    assert_eq!(arrived(twice, "").indication, SignedIndication::Absent);
    let found = arrived(twice, &format!("{twice}{twice}"));
    assert_eq!(found.indication, SignedIndication::Absent);
    assert_eq!(problems(&found), ["WIRE-DOUBLED signed-indication"]);
}

#[test]
fn the_old_signed_code_is_noticed_and_does_not_count() {
    let found = arrived(
        "<DigitalSignatureIndicator>true</DigitalSignatureIndicator>",
        "<DigitalSignatureIndicator>false</DigitalSignatureIndicator>",
    );
    assert!(found.notices.is_empty());
    let text = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
    let text = text.replacen(">true<", ">false<", 1).replacen(
        "<Sig>",
        "<DrugCoverageStatusCode>SI</DrugCoverageStatusCode><Sig>",
        1,
    );
    let found = to_contents(&decode(text.as_bytes()).expect("well formed"));
    assert_eq!(found.indication, SignedIndication::Absent);
    assert!(found.notices.iter().any(|notice| notice.what.contains("version 10.6")));
}

#[test]
fn signature_groups_are_read_one_after_the_other() {
    let old = "<DigestMethod>SHA-1</DigestMethod><DigestValue>AA==</DigestValue><SignatureValue>AA==</SignatureValue>\
               <X509Data>AA==</X509Data>";
    // Ours comes second and is chosen, since its digest is the one we can check.
    let found = arrived("<DigestMethod>", &format!("{old}<DigestMethod>"));
    assert_eq!(problems(&found), [] as [&str; 0]);
    assert_eq!(found.signature, Some(support::group()));
    // A group that lost its value is a problem.
    let found = arrived("<DigestMethod>", "<DigestMethod>SHA-1</DigestMethod><DigestMethod>");
    assert_eq!(problems(&found), ["WIRE-SIGNATURE-GROUP signature"]);
}

#[test]
fn signature_bytes_are_bounded_base_64() {
    let group = SignatureGroup::new(&[1; 32], &[2; 10], &[3; 20]);
    assert_eq!(group.digest().expect("base 64"), [1; 32]);
    assert!(group.is_sha256());
    let check = |text: String, expected: Option<usize>| {
        let group = SignatureGroup { signature_value: text, ..support::group() };
        let found = group.signature();
        match (expected, &found) {
            (Some(length), Ok(bytes)) => assert_eq!(bytes.len(), length),
            (None, Err(refusal)) => assert_eq!(refusal.code.0, "WIRE-SIGNATURE-GROUP"),
            _ => panic!("{found:?}"),
        }
    };
    check("QUJD".to_owned(), Some(3));
    check(" QU\r\n JD\t".to_owned(), Some(3));
    check(String::new(), None);
    check("  ".to_owned(), None);
    check("QUJ".to_owned(), None);
    check("QUJ$".to_owned(), None);
    check("A".repeat(349_524), Some(262_143));
    check("A".repeat(400_000), None);
}

#[test]
fn other_registration_numbers_are_kept_apart() {
    let supervisor = "<Supervisor><NonVeterinarian><Identification><DEANumber>FS1234567</DEANumber></Identification>\
                      </NonVeterinarian></Supervisor>";
    let found = arrived("</NewRx>", &format!("{supervisor}</NewRx>"));
    assert_eq!(found.contents.get(Element::Registration), Some("AB1234563-012"));
    let others: Vec<_> = found.other_registrations.iter().map(|other| (other.holder, other.number.as_str())).collect();
    assert_eq!(others, [(Holder::Supervisor, "FS1234567")]);
    assert_eq!(problems(&found), [] as [&str; 0]);
    assert!(found.notices.iter().any(|notice| notice.path == "NewRx/Supervisor"));
    let pharmacy = arrived("<NCPDPID>", "<DEANumber>FP1234567</DEANumber><NCPDPID>");
    assert_eq!(pharmacy.other_registrations.first().map(|other| other.holder), Some(Holder::Pharmacy));
}

/// Any internal code of an institution arrives to the letter.
///
/// Requirements: epcs-1311.165-d-1
#[test]
fn internal_codes_of_an_institution_arrive_in_full() {
    for code in ["1", "012", "KJ-45-tz", "ABCDEFGHIJKLMNOPQRST", "00000000000000000000", "a-B"] {
        let mut contents = support::sample();
        let number = contents.practitioner.registration.number().expect("a number");
        contents.practitioner.registration =
            theriac_model::Registration::Institutional { number, internal_code: code.to_owned() };
        let message = from_contents(&support::travelling(&contents), &support::envelope()).expect("fits");
        let found = to_contents(&decode(&encode(&message)).expect("well formed"));
        assert_eq!(found.contents.get(Element::Registration), Some(format!("AB1234563-{code}").as_str()));
    }
}

#[test]
fn strength_and_form_are_derived_only_from_a_message_without_our_signature() {
    let text = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
    let start = text.find("<Strength>").expect("there");
    let end = text.find("</Strength>").expect("there") + "</Strength>".len();
    let bare = format!("{}{}", &text[..start], &text[end..]);
    let bare = bare.replacen("Oxycodone hydrochloride", "Oxycodone hydrochloride 10 mg Tab", 1);
    let signed = to_contents(&decode(bare.as_bytes()).expect("well formed"));
    assert_eq!(signed.contents.get(Element::DrugStrength), None, "an element that was sent and lost stays lost");
    let start = bare.find("<DigestMethod>").expect("there");
    let end = bare.find("</X509Data>").expect("there") + "</X509Data>".len();
    let indicated = format!("{}{}", &bare[..start], &bare[end..]);
    let found = to_contents(&decode(indicated.as_bytes()).expect("well formed"));
    assert_eq!(found.indication, SignedIndication::Present);
    assert_eq!(found.contents.get(Element::DrugStrength), Some("10 mg"));
    assert_eq!(found.contents.get(Element::DrugForm), Some("Tablet"));
    assert_eq!(found.notices.iter().filter(|notice| notice.kind == NoticeKind::Derived).count(), 2);
}

#[test]
fn only_approving_answers_are_prescriptions() {
    for (answer, prescribes) in [
        ("<Approved/>", true),
        ("<ApprovedWithChanges><Note>n</Note></ApprovedWithChanges>", true),
        ("<Replace/>", true),
        ("<Denied><DenialReason>no</DenialReason></Denied>", false),
        ("<DeniedNewPrescriptionToFollow/>", false),
        ("<Validated/>", false),
        ("<Approved/><Denied/>", false),
        ("<Other/>", false),
        ("", false),
    ] {
        for (name, medication) in
            [("RxRenewalResponse", "MedicationResponse"), ("RxChangeResponse", "MedicationPrescribed")]
        {
            let text = String::from_utf8(encode(&support::sample_message())).expect("UTF-8");
            let text = text
                .replace("<NewRx>", &format!("<{name}><Response>{answer}</Response>"))
                .replace("</NewRx>", &format!("</{name}>"))
                .replace("MedicationPrescribed>", &format!("{medication}>"));
            let found = to_contents(&decode(text.as_bytes()).expect("well formed"));
            let refused = problems(&found).iter().any(|problem| problem.starts_with("WIRE-NOT-A-PRESCRIPTION"));
            assert_eq!(!refused, prescribes, "{name} {answer}");
            if prescribes {
                assert_eq!(found.contents, support::travelling(&support::sample()));
            }
        }
    }
}
