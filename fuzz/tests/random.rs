//! The properties of the fuzz targets, over random bytes and over damaged real inputs, on stable Rust.

use proptest::prelude::*;
use std::sync::LazyLock;
use theriac_fuzz::{
    canonical_contents, checkpoints, drug_directory, fhir_requests, programme_reports, questions, registrant_files,
    script_messages, signatures, token_files, version_2_orders,
};
use theriac_model::Schedule;
use theriac_testkit::{TestPki, now, sample};

/// Well-formed inputs to start from.
static SEEDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let pki = TestPki::new();
    let contents = sample(Schedule::II).canonical().expect("canonical").to_bytes();
    let message = br#"<?xml version="1.0" encoding="UTF-8"?><Message DatatypesVersion="20170715" TransportVersion="20170715"
        TransactionDomain="SCRIPT" TransactionVersion="20170715" StructuresVersion="20170715" ECLVersion="20170715"><Header>
        <To Qualifier="P">7654321</To><From Qualifier="D">1234567</From><MessageID>m1</MessageID>
        <SentTime>2026-03-02T15:00:00Z</SentTime></Header><Body><Status><Code>010</Code></Status></Body></Message>"#;
    vec![
        pki.pharmacy.seal(b"content", now()).expect("sealed"),
        pki.prescriber.sign_contents(&contents, now()).expect("signed"),
        pki.root().der().to_vec(),
        contents,
        message.to_vec(),
        b"example.org/log\n42\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".to_vec(),
        br##"{"resourceType":"MedicationRequest","status":"draft","intent":"order","subject":{"reference":"#p"},
            "contained":[{"resourceType":"Patient","id":"p","name":[{"family":"Sample","given":["Ada"]}]}],
            "medicationCodeableConcept":{"text":"Oxycodone 10 mg Tablet"},"authoredOn":"2026-03-02",
            "dispenseRequest":{"quantity":{"value":30,"unit":"tablet"},"numberOfRepeatsAllowed":0}}"##
            .to_vec(),
        b"9999-0001\tExamplin\tcodeine\tTABLET\tExample Labs\tCODEINE PHOSPHATE; ASPIRIN\t30; 325\tmg/1; mg/1\tCIII\n"
            .to_vec(),
        b"9999-0001\t9999-0001-02\t3 VIAL in 1 CARTON (9999-0001-02)  > 10 mL in 1 VIAL\n".to_vec(),
        include_bytes!("../../crates/pki/tests/golden/pskc-sha1.xml").to_vec(),
        include_bytes!("../../crates/pki/tests/golden/fido2-signing-1.json").trim_ascii_end().to_vec(),
        b"FB1234563|C|22N 33N 4 5|20270630|BROOK, ALEX (SAMPLE)||20 EXAMPLE STREET||SAMPLETON|AZ|00001|0|P|A\n"
            .to_vec(),
        b"MSH|^~\\&|A|B|C|D|20260302||RDE^O11|1|T|2.6\rORC|NW|1^OE\rRXE||99999010101^Oxycodone^NDC|1||mg|TAB||||30|TAB|0".to_vec(),
        b"TH*4.2*R-1*01**20260303*000509*P**~~IS*5205550100*Example*~PHA*1*2*AB1234563~TP*2~TT*R-1*5~".to_vec(),
        br#"{"id":"x","edition":"any","request":"refill","facts":{"at":"2026-03-02","schedule":"III"}}"#.to_vec(),
    ]
});

fn all(bytes: &[u8]) {
    signatures(bytes);
    checkpoints(bytes);
    script_messages(bytes);
    fhir_requests(bytes);
    canonical_contents(bytes);
    questions(bytes);
    drug_directory(bytes);
    token_files(bytes);
    registrant_files(bytes);
    programme_reports(bytes);
    version_2_orders(bytes);
}

#[test]
fn the_seeds_themselves_hold() {
    SEEDS.iter().for_each(|seed| all(seed));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2000) })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        all(&bytes);
    }

    #[test]
    fn arbitrary_text(text in "[ -~\\n<>/\"=&;:0-9a-zA-Z]{0,200}") {
        all(text.as_bytes());
    }

    #[test]
    fn damaged_inputs(
        which in any::<prop::sample::Index>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4u8), 1..4),
    ) {
        let mut bytes = which.get(&SEEDS).clone();
        for (at, value, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = value,
                1 => bytes.insert(at, value),
                2 => drop(bytes.remove(at)),
                _ => bytes.truncate(at),
            }
        }
        all(&bytes);
    }
}
