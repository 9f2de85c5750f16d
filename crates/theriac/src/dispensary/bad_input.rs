//! What reaches the pharmacy and cannot be dispensed: each kind has a refusal of its own, is archived as it came, and never stops
//! what comes after it.

#![allow(clippy::unwrap_used)]

use super::orders::Format;
use super::{Arrival, Incoming, Verdict};
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use theriac_model::Refusal;

fn house() -> (House, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let config = demonstration();
    let clock = Clock::told(crate::house::zone(&config).unwrap(), "2026-03-02T16:00:00Z".parse().unwrap());
    let house = House::found(&dir.path().join("house"), config, clock).unwrap();
    world::populate(&house).unwrap();
    (house, dir)
}

/// A prescription of another vendor's application, which says that it was signed. `id` makes it one of its own.
fn message(id: &str) -> String {
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<Message DatatypesVersion="20170715" TransportVersion="20170715" TransactionDomain="SCRIPT" TransactionVersion="20170715" StructuresVersion="20170715" ECLVersion="20170715">
<Header><To Qualifier="P">{to}</To><From Qualifier="D">6128890368017</From><MessageID>M-{id}</MessageID><SentTime>2026-03-02T15:59:00Z</SentTime>
<SenderSoftware><SenderSoftwareDeveloper>Another</SenderSoftwareDeveloper><SenderSoftwareProduct>Record</SenderSoftwareProduct><SenderSoftwareVersionRelease>1</SenderSoftwareVersionRelease></SenderSoftware>
<PrescriberOrderNumber>{id}</PrescriberOrderNumber><DigitalSignature Version="1.1"><DigitalSignatureIndicator>true</DigitalSignatureIndicator></DigitalSignature></Header>
<Body><NewRx><Patient><HumanPatient><Name><LastName>Sample</LastName><FirstName>Pat</FirstName></Name><Gender>F</Gender><DateOfBirth><Date>1961-05-17</Date></DateOfBirth>
<Address><AddressLine1>1 Invented Way</AddressLine1><City>Tucson</City><StateProvince>AZ</StateProvince><PostalCode>85701</PostalCode><CountryCode>US</CountryCode></Address></HumanPatient></Patient>
<Pharmacy><Identification><NCPDPID>{to}</NCPDPID></Identification><BusinessName>Example Pharmacy</BusinessName></Pharmacy>
<Prescriber><NonVeterinarian><Identification><DEANumber>{dea}</DEANumber></Identification><Name><LastName>Brook</LastName><FirstName>Alex</FirstName></Name>
<Address><AddressLine1>20 Example Street</AddressLine1><City>Tucson</City><StateProvince>AZ</StateProvince><PostalCode>85702</PostalCode><CountryCode>US</CountryCode></Address></NonVeterinarian></Prescriber>
<MedicationPrescribed><DrugDescription>Alprazolam 0.5 mg Tablet</DrugDescription><DrugCoded><ProductCode><Code>{ndc}</Code><Qualifier>ND</Qualifier></ProductCode><Strength><StrengthValue>0.5</StrengthValue><StrengthForm><Code>C42998</Code></StrengthForm><StrengthUnitOfMeasure><Code>C28253</Code></StrengthUnitOfMeasure></Strength><DEASchedule><Code>C48677</Code></DEASchedule></DrugCoded>
<Quantity><Value>30</Value><CodeListQualifier>38</CodeListQualifier><QuantityUnitOfMeasure><Code>C48542</Code></QuantityUnitOfMeasure></Quantity><DaysSupply>30</DaysSupply>
<WrittenDate><Date>2026-03-02</Date></WrittenDate><Substitutions>0</Substitutions><NumberOfRefills>1</NumberOfRefills><Sig><SigText>Take 1 tablet daily</SigText></Sig></MedicationPrescribed></NewRx></Body></Message>
"#,
        to = cast::PHARMACY_NCPDP,
        dea = cast::practitioner_number(),
        ndc = cast::ALPRAZOLAM.ndc,
    )
}

/// The message with one thing changed, which must be there.
fn changed(from: &str, to: &str) -> Vec<u8> {
    let whole = message("BAD");
    assert!(whole.contains(from), "{from}");
    whole.replacen(from, to, 1).into_bytes()
}

fn utf16(text: &str, big: bool, mark: bool) -> Vec<u8> {
    let units = mark.then_some(0xfeff).into_iter().chain(text.encode_utf16());
    units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn doubled(element: &str) -> Vec<u8> {
    changed(element, &element.repeat(2))
}

/// Every kind of bad message: what it is, its bytes, the code that decides, and about what.
fn corpus() -> Vec<(&'static str, Vec<u8>, &'static str, &'static str)> {
    let declared = message("BAD").replace("encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"");
    let latin = declared.replace("Sample", "Sampl\u{e9}");
    let latin: Vec<u8> = latin.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let mut torn = message("BAD").into_bytes();
    torn.truncate(torn.len() / 2);
    let ndc = cast::ALPRAZOLAM.ndc;
    let schedule = "<DEASchedule><Code>C48677</Code></DEASchedule>";
    let unknown = message("BAD").replace(ndc, "99999999999").replace(schedule, "").into_bytes();
    let nobody = theriac_model::DeaNumber::compose(*b"BA", 112_233).unwrap();
    vec![
        ("UTF-16 with its mark", utf16(&message("BAD"), false, true), "WIRE-ENCODING", ""),
        ("UTF-16, the other order", utf16(&message("BAD"), true, true), "WIRE-ENCODING", ""),
        ("UTF-16 without a mark", utf16(&message("BAD"), false, false), "WIRE-ENCODING", ""),
        ("Latin-1, declared", latin, "WIRE-ENCODING", ""),
        ("nothing", Vec::new(), "WIRE-EMPTY", ""),
        ("no XML", b"hello".to_vec(), "WIRE-XML-SYNTAX", ""),
        ("the first half", torn, "WIRE-XML-SYNTAX", ""),
        ("zero bytes", vec![0; 4096], "WIRE-XML-SYNTAX", ""),
        ("an entity", changed("<Message ", "<!DOCTYPE m [<!ENTITY a \"b\">]><Message "), "WIRE-XML-DTD", ""),
        ("no patient's name", changed("<LastName>Sample</LastName>", ""), "LAW-1306.05-MISSING", "patient.last"),
        ("two quantities", doubled("<DaysSupply>30</DaysSupply>"), "WIRE-DOUBLED", ""),
        ("two dates of birth", doubled("<DateOfBirth><Date>1961-05-17</Date></DateOfBirth>"), "WIRE-DOUBLED", ""),
        (
            "no such day",
            changed("<WrittenDate><Date>2026-03-02", "<WrittenDate><Date>2026-02-30"),
            "WIRE-MALFORMED",
            "",
        ),
        (
            "dated tomorrow",
            changed("<WrittenDate><Date>2026-03-02", "<WrittenDate><Date>2026-03-03"),
            "LAW-1306.05-DATE",
            "",
        ),
        ("nothing prescribed", changed("<Value>30</Value>", "<Value>0</Value>"), "WIRE-MALFORMED", "quantity.value"),
        ("less than nothing", changed("<Value>30</Value>", "<Value>-30</Value>"), "WIRE-MALFORMED", ""),
        ("half a tablet", changed("<Value>30</Value>", "<Value>30.5</Value>"), "PHARM-QUANTITY", ""),
        (
            "more than can be counted",
            changed("<Value>30</Value>", "<Value>99999999999999999999</Value>"),
            "WIRE-MALFORMED",
            "",
        ),
        ("a product nobody knows", unknown, "PHARM-SCHEDULE-UNKNOWN", ""),
        ("no such number", changed(ndc, "12"), "WIRE-MALFORMED", ""),
        ("no such registration", changed(cast::practitioner_number().as_str(), "123456789"), "WIRE-MALFORMED", ""),
        (
            "a registration nobody has",
            changed(cast::practitioner_number().as_str(), nobody.as_str()),
            "LAW-1306.03-REGISTRATION",
            "",
        ),
        (
            "not signed",
            changed("<DigitalSignatureIndicator>true", "<DigitalSignatureIndicator>false"),
            "LAW-1306.05-UNSIGNED",
            "",
        ),
        ("sent in ten years", changed("2026-03-02T15:59:00Z", "2036-03-02T15:59:00Z"), "PHARM-CLOCK", "sent-time"),
        (
            "another kind of message",
            message("BAD").replace("NewRx>", "Nothing>").into_bytes(),
            "WIRE-NOT-A-PRESCRIPTION",
            "",
        ),
        ("an HL7 order", hl7().replace("|20260302|", "|20260231|").into_bytes(), "HL7-FIELD", "ORC-9"),
        ("an HL7 order that is none", hl7().replace("RDE^O11", "ADT^A01").into_bytes(), "HL7-NOT-AN-ORDER", "MSH-9"),
        (
            "an HL7 order in Latin-1",
            b"MSH|^~\\&|E|C|R|P|||RDE^O11|1|P|2.5\rPID|||||Sampl\xe9\r".to_vec(),
            "HL7-SYNTAX",
            "MSH-18",
        ),
        (
            "a FHIR resource that is no request",
            br#"{"resourceType":"Patient"}"#.to_vec(),
            "FHIR-NO-REQUEST",
            "resourceType",
        ),
        ("half a FHIR resource", br#"{"resourceType":"#.to_vec(), "FHIR-SYNTAX", ""),
    ]
}

/// An order of another system with everything that a prescription needs but the signature.
fn hl7() -> String {
    let fields = |segment: &str, set: &[(usize, &str)]| {
        let last = set.iter().map(|(at, _)| *at).max().unwrap_or(0);
        let field = |at: usize| set.iter().find(|(place, _)| *place == at).map_or("", |(_, value)| *value);
        format!("{segment}|{}\r", (1..=last).map(field).collect::<Vec<_>>().join("|"))
    };
    let registration = cast::practitioner_number();
    let product = format!("{}^Alprazolam^NDC", cast::ALPRAZOLAM.ndc);
    let patient = [(3, "1"), (5, "Sample^Pat"), (7, "19610517"), (11, "1 Invented Way^^Tucson^AZ^85701")];
    let order =
        [(1, "NW"), (2, "P-1"), (9, "20260302"), (12, "1^Brook^Alex"), (24, "20 Example Street^^Tucson^AZ^85702")];
    let drug = [
        (2, product.as_str()),
        (6, "TAB^Tablet"),
        (7, "^Take 1 tablet daily"),
        (10, "30"),
        (11, "TAB^tablet"),
        (12, "1"),
        (13, registration.as_str()),
        (25, "0.5"),
        (26, "mg"),
    ];
    let header = "MSH|^~\\&|EHR|CLINIC|RX|PHARM|20260302090000-0700||RDE^O11|17|P|2.5\r";
    format!("{header}{}{}{}", fields("PID", &patient), fields("ORC", &order), fields("RXE", &drug))
}

fn received(house: &House, bytes: &[u8]) -> Arrival {
    house.receive(Incoming::whole(bytes)).unwrap()
}

fn refusals(arrival: &Arrival) -> Vec<Refusal> {
    match &arrival.verdict {
        Verdict::Rejected { refusals } => refusals.clone(),
        _ => Vec::new(),
    }
}

/// The bytes as they are archived, and the media type.
fn archived(house: &House, digest: &str) -> (Vec<u8>, String) {
    let rows = house
        .store
        .query("SELECT seq FROM received WHERE archived = $1 ORDER BY seq LIMIT 1", &[digest.into()])
        .unwrap();
    let piece = house.store.archive(rows[0].u64(0).unwrap()).unwrap().remove(0);
    (piece.bytes, piece.media)
}

/// Requirements: epcs-pre-11-reject-unsigned
#[test]
fn every_bad_message_has_its_own_refusal_is_archived_as_it_came_and_holds_up_nothing() {
    let (house, _dir) = house();
    let first = received(&house, message("GOOD-0").as_bytes());
    assert!(matches!(first.verdict, Verdict::Accepted { .. }), "{:?}", refusals(&first));
    let mut wrong = Vec::new();
    for (n, (name, bytes, code, about)) in corpus().into_iter().enumerate() {
        let arrival = received(&house, &bytes);
        let found = refusals(&arrival);
        let told = found.first().map(|one| (one.code.0, one.field.as_deref().unwrap_or_default().to_owned()));
        if told.as_ref().is_none_or(|(found, field)| *found != code || (!about.is_empty() && field != about)) {
            wrong.push(format!(
                "{name}: expected {code} {about:?}, found {:?}",
                found.iter().map(|one| (one.code.0, one.field.clone())).collect::<Vec<_>>()
            ));
        }
        let (kept, media) = archived(&house, &arrival.archived);
        assert_eq!((kept, media.as_str()), (bytes.clone(), Format::of(&bytes).media()), "{name}");
        let next = received(&house, message(&format!("GOOD-{}", n + 1)).as_bytes());
        assert!(matches!(next.verdict, Verdict::Accepted { .. }), "after {name}: {:?}", refusals(&next));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // A replay is a twin of what it repeats, however often it comes.
    for _ in 0..3 {
        assert_eq!(refusals(&received(&house, message("GOOD-0").as_bytes()))[0].code.0, "PHARM-TWIN");
    }
    assert!(house.store.check(&[]).unwrap().is_clean());
}

/// 100 MB: the digest of all of it is kept, the beginning is not taken for a message.
#[test]
fn a_message_of_a_hundred_megabytes_is_refused_by_its_length_and_the_next_one_is_taken() {
    let (house, _dir) = house();
    let begins = message("BIG").replace("</SigText>", &"x".repeat(11 * 1024 * 1024));
    let digest = theriac_journal::hash::sha256(b"all of it").0;
    let arrival = house.receive(Incoming::beginning(begins.as_bytes(), digest)).unwrap();
    assert_eq!(refusals(&arrival)[0].code.0, "WIRE-SIZE");
    assert_eq!(arrival.archived, theriac_model::hex::encode(&digest));
    assert!(matches!(received(&house, message("NEXT").as_bytes()).verdict, Verdict::Accepted { .. }));
}

/// An order without a fault but the missing signature is refused for that, and what it lacks is named by its field.
#[test]
fn an_order_of_another_system_is_no_prescription_whatever_it_says() {
    let (house, _dir) = house();
    let whole = hl7();
    let codes = |bytes: &[u8]| refusals(&received(&house, bytes)).iter().map(|one| one.code.0).collect::<Vec<_>>();
    let unsigned = codes(&changed("<DigitalSignatureIndicator>true", "<DigitalSignatureIndicator>false"));
    let told = codes(whole.as_bytes());
    assert!(!unsigned.is_empty() && unsigned.iter().all(|code| told.contains(code)), "{told:?}, {unsigned:?}");
    let lacking = whole.replace("|30|TAB^tablet|", "||TAB^tablet|");
    let fields: Vec<_> =
        refusals(&received(&house, lacking.as_bytes())).into_iter().filter_map(|one| one.field).collect();
    assert!(fields.iter().any(|field| field == "quantity.value"), "{fields:?}");
    let two = format!("{whole}{}", &whole[whole.find("ORC|").unwrap()..]);
    assert!(codes(two.as_bytes()).contains(&"PHARM-ORDERS"));
}

fn real(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/real").join(folder);
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(root).map(|dir| dir.filter_map(|file| Some(file.ok()?.path())).collect()).unwrap_or_default();
    files.sort();
    files
}

/// Files that nobody of this project wrote: each is refused for reasons that name a field or the whole, and archived.
#[test]
fn orders_and_dispenses_from_outside_are_refused_by_field_and_archived() {
    let (house, _dir) = house();
    let (mut seen, mut fields) = (0, 0);
    for folder in ["hl7v2", "fhir-r4-examples", "fhir-rems", "ncpdp-script", "xml-hostile"] {
        for path in real(folder) {
            let bytes = std::fs::read(&path).unwrap();
            let arrival = received(&house, &bytes);
            let found = refusals(&arrival);
            assert!(!found.is_empty(), "{}: {:?}", path.display(), arrival.verdict);
            fields += found.iter().filter(|one| one.field.is_some()).count();
            assert_eq!(archived(&house, &arrival.archived).0, bytes, "{}", path.display());
            let control = theriac_wire::hl7::acknowledge(&bytes, &found, "9999999", "A-1", house.clock.now());
            assert!(control.starts_with(b"MSH|"), "{}", path.display());
            seen += 1;
        }
    }
    if seen == 0 {
        eprintln!("skipped: no files from outside");
        return;
    }
    assert!(fields > seen / 2, "{fields} fields named in {seen} files");
    let next = received(&house, message("NEXT").as_bytes());
    assert!(matches!(next.verdict, Verdict::Accepted { .. }), "{:?}", refusals(&next));
}
