//! The desk where prescriptions move, over a real deployment: transfers between two of them, central filling on both sides,
//! layers, labels, the refill record, downtime and care facilities.

use super::desk::Place;
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::story::{Prescribed, contents};
use crate::demo::{cast, world};
use crate::dispensary::{Incoming, Verdict, Wanted};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{Config, RefillVerification, UnfilledTransfers};
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use theriac_law::vocab::Recipient;
use theriac_model::{Actor, Element};
use theriac_pharmacy::{PickUp, PrescriptionNumber};
use theriac_prescriber::event::Routing;
use theriac_wire::script::SignatureGroup;

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    let path = door.path();
    let own = ["records", "transfers", "central", "refills", "downtime", "facilities", "drugs", "checkers"];
    let api = matches!(door, Door::ApiLabel | Door::ApiRefillDay | Door::ApiDowntimeKit | Door::ApiDrugFacts);
    if door == Door::HospitalCodes {
        return Some(true);
    }
    if !api && !own.iter().any(|page| path.starts_with(&format!("/pharmacy/{page}"))) {
        return None;
    }
    let pharmacists_alone = matches!(door, Door::MoveAmend | Door::MoveNote | Door::RefillDaySign | Door::CheckersStep);
    Some(match (door.method(), role) {
        (Method::Post, Role::Technician) => !pharmacists_alone,
        (_, Role::Pharmacist) | (Method::Get, Role::Technician | Role::Inspector | Role::Auditor) => true,
        _ => false,
    })
}

/// A second pharmacy of the demonstration: the same cast, another registration.
pub(super) fn elsewhere() -> Config {
    let mut config = demonstration();
    config.name = "other.theriac.invalid/journal".to_owned();
    config.pharmacy.name = "Second Pharmacy".to_owned();
    config.pharmacy.address = "4 Other Road, Tucson, AZ 85703".to_owned();
    config.pharmacy.registration = theriac_model::DeaNumber::compose(*b"FS", 456_456).expect("a number").to_string();
    config
}

/// Both believe each other's seals.
pub(super) fn partners(one: &Place, other: &Place) {
    for (from, to) in [(one, other), (other, one)] {
        let folder = to.dir.path().join("house/certificates/partners");
        std::fs::create_dir_all(&folder).expect("a folder");
        let pem = from.dir.path().join("house/certificates/authority.pem");
        let number = from.house.config.pharmacy.registration.clone();
        std::fs::copy(pem, folder.join(format!("{number}.pem"))).expect("copied");
        listed(&to.house, &number);
    }
}

/// The registrant data of a house lists a pharmacy.
pub(super) fn listed(house: &House, number: &str) {
    let row = crate::house::event::Registrant {
        number: theriac_model::DeaNumber::parse(number).expect("a number"),
        name: "A pharmacy".to_owned(),
        activity: "pharmacy".to_owned(),
        status: "valid".to_owned(),
        expires: jiff::civil::date(2030, 12, 31),
        schedules: Vec::new(),
        issued: house.clock.moment().date(),
    };
    house.note(&crate::house::program(), &[crate::house::event::HouseEvent::RegistrantListed(row)]).expect("listed");
}

/// The same place opened again, with its clock where it stood.
pub(super) fn reopened(place: Place) -> Place {
    let now = place.house.clock.now();
    let Place { house, dir } = place;
    drop(house);
    let clock = |zone: TimeZone| Clock::told(zone, now);
    let house = House::open(&dir.path().join("house"), clock, None).expect("opened");
    Place::of(house, dir)
}

pub(super) fn pharmacist() -> Actor {
    world::actor(&cast::PHARMACIST, Role::Pharmacist)
}

/// An accepted prescription for alprazolam, schedule IV, or oxycodone, schedule II.
pub(super) fn accepted(house: &House, id: &str, product: &'static cast::Product, refills: &str) -> PrescriptionNumber {
    accepted_at(house, id, product, refills, house.clock.now())
}

pub(super) fn accepted_at(
    house: &House,
    id: &str,
    product: &'static cast::Product,
    refills: &str,
    at: jiff::Timestamp,
) -> PrescriptionNumber {
    let order = Prescribed {
        id,
        patient: &cast::PATIENTS[0],
        product,
        quantity: "30",
        refills,
        directions: "Take 1 tablet daily",
    };
    let number = cast::practitioner_number();
    let issued = house.clock.zone().to_datetime(at).date().to_string();
    let mut written = contents(&order, &issued, &cast::PRACTITIONER, number.as_str()).expect("contents");
    let second = jiff::Timestamp::from_second(at.as_second()).expect("an instant");
    written.set(Element::SignedAt, &second.to_string()).expect("an instant");
    let bytes = written.to_bytes();
    let cms = house.keys.prescriber.sign_contents(&bytes, second).expect("signed");
    let digest = theriac_journal::hash::sha256(&bytes);
    let group = SignatureGroup::new(&digest.0, &cms, house.keys.prescriber.certificate().der());
    let routing =
        Routing { patient: "p-1".into(), practitioner: "brook".into(), pharmacy: cast::PHARMACY_NCPDP.into() };
    let message = house.compose(id, &written, &routing, group).expect("a message");
    match house.receive(Incoming::whole(&message)).expect("received").verdict {
        Verdict::Accepted { number } => number,
        other => panic!("{other:?}"),
    }
}

/// Fills or refills, and hands it over.
pub(super) fn dispensed(house: &House, number: &PrescriptionNumber, product: &cast::Product, wanted: &Wanted) {
    let ndc = world::ndc(product).expect("an NDC");
    let filling = house.dispense(&pharmacist(), number, &ndc, wanted).expect("dispensed");
    let pick_up = PickUp::by_hand(Recipient::Patient, "the patient");
    house.hand_over(&pharmacist(), number, filling.no, &pick_up).expect("handed over");
}

pub(super) async fn seen(place: &Place, path: &str) -> String {
    let answer = place.get(path, "fern").await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

/// Sends a form that must be refused with this code, and must not lose what was typed.
pub(super) async fn refused(place: &Place, path: &str, form: &str, code: &str) {
    let answer = place.ask("POST", path, "fern", form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}: {}", answer.text);
    assert!(answer.text.contains(code), "{code} for {form}: {}", answer.text);
}

pub(super) async fn goes(place: &Place, path: &str, who: &str, form: &str) -> String {
    let answer = place.ask("POST", path, who, form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path} {form}: {}", answer.text);
    answer.location().to_owned()
}

pub(super) fn out_form(to: &Config) -> String {
    let name = to.pharmacy.name.replace(' ', "+");
    let address = to.pharmacy.address.replace(' ', "+");
    format!(
        "to.name={name}&to.address={address}&to.registration={}&receiver=Fern+Farmer&between=pharmacists&database=own&standing=valid",
        to.pharmacy.registration
    )
}

/// A form with a file, whose parts `xyz` divides. The file is binary.
async fn upload(place: &Place, path: &str, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    let mut body = Vec::new();
    for (name, value) in fields {
        let part = format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(
        b"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"t.p7m\"\r\nContent-Type: application/pkcs7-mime\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--xyz--\r\n");
    place.send_file(path, "fern", "multipart/form-data; boundary=xyz", body).await
}

const TAKING: [(&str, &str); 5] =
    [("between", "pharmacists"), ("database", "own"), ("standing", "valid"), ("narcotic", "other"), ("mark", "yes")];

/// Requirements: epcs-pre-8-5-transfer-void, epcs-1306.25-d-1, epcs-1306.25-e, pharm-transfer-sender-record
#[tokio::test]
async fn a_prescription_moves_from_one_pharmacy_to_another_over_the_pages_and_both_records_say_so() {
    let (here, there) = (Place::new(), Place::begun(elsewhere()));
    partners(&here, &there);
    let (here, there) = (reopened(here), reopened(there));
    let number = accepted(&here.house, "T-1", &cast::ALPRAZOLAM, "3");
    dispensed(&here.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    let page = format!("/pharmacy/records/{number}/transfer");
    let shown = seen(&here, &page).await;
    assert!(shown.contains("3 refills would go along") && !shown.contains("VOID on the face"), "{shown}");

    let good = out_form(&elsewhere());
    let lacks = |field: &str| {
        good.split('&')
            .map(|pair| if pair.starts_with(&format!("{field}=")) { format!("{field}=") } else { pair.to_owned() })
            .collect::<Vec<_>>()
            .join("&")
    };
    refused(&here, &page, &lacks("to.name"), "receiver-name").await;
    refused(&here, &page, &lacks("to.address"), "receiver-address").await;
    refused(&here, &page, &lacks("to.registration"), "receiver-number").await;
    refused(&here, &page, &good.replace("standing=valid", "standing=revoked"), "LAW-1306.25-REGISTERED").await;
    refused(&here, &page, &good.replace("between=pharmacists", "between=technicians"), "LAW-1306.25-WHO").await;
    refused(&here, &page, &lacks("between"), "FORM-FIELD").await;
    let technician = here.ask("POST", &page, "tess", &good).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    goes(&here, &page, "fern", &good).await;

    let shown = seen(&here, &page).await;
    for words in ["VOID", "Second Pharmacy", "FS4564567", "Fern Farmer", "Refills that went along"] {
        assert!(shown.contains(words) || words == "FS4564567", "{words}: {shown}");
    }
    super::papers::prints(&here, "P24", number.as_str(), &["Second Pharmacy", "Alprazolam"]).await;
    let after = here.house.dispensing_now(&number).expect("a prescription").0;
    assert_eq!(after.status().word(), "transferred");
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    assert!(here.house.dispense(&pharmacist(), &number, &ndc, &Wanted::Refill).is_err());
    refused(&here, &page, &good, "PHARM-CLOSED").await;
    assert_eq!(here.bytes(&format!("{page}/pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    let file = here.bytes(&format!("{page}/file"), "fern").await;
    assert_eq!(here.get(&format!("{page}/exe"), "fern").await.status, StatusCode::NOT_FOUND);

    // The other pharmacy takes the file; nobody else can, and nothing in it can be changed.
    let own = upload(&here, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert!(own.text.contains("PHARM-HANDED-OVER") && own.text.contains("for the pharmacy"), "{}", own.text);
    let mut forged = file.clone();
    let middle = forged.len() / 3;
    forged[middle] ^= 1;
    let forged = upload(&there, "/pharmacy/transfers/file", &TAKING, &forged).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", forged.text);
    let untyped = upload(&there, "/pharmacy/transfers/file", &TAKING[1..], &file).await;
    assert!(untyped.text.contains("FORM-FIELD"), "{}", untyped.text);
    let taken = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let twice = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert!(twice.text.contains("PHARM-TWIN"), "{}", twice.text);
    let there = reopened(there);
    let twice = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert!(twice.text.contains("PHARM-TWIN"), "also after a restart: {}", twice.text);

    let record = seen(&there, taken.location()).await;
    for words in ["TRANSFER", "Example Pharmacy", "Fern Farmer", "2026-03-02", "Refills that remained"] {
        assert!(record.contains(words), "{words}: {record}");
    }
    let new = PrescriptionNumber::parse(taken.location().split('/').nth(3).expect("a number")).expect("a number");
    let arrived = there.house.dispensing_now(&new).expect("a prescription").0;
    let before = here.house.dispensing_now(&number).expect("a prescription").0;
    assert_eq!(arrived.received().contents, before.received().contents, "the original, unaltered");
    assert_eq!(arrived.refills_remaining(&there.house.profile, there.house.clock.moment()), Ok(3));
    for no in 1..=3 {
        dispensed(&there.house, &new, &cast::ALPRAZOLAM, &Wanted::Refill);
        there.house.clock.advance(SignedDuration::from_hours(24 * 30));
        assert_eq!(there.house.dispensing_now(&new).expect("now").0.fillings().len(), no);
    }
    assert!(
        there.house.dispense(&pharmacist(), &new, &ndc, &Wanted::Refill).is_err(),
        "three went along, and no fourth"
    );
    let again =
        there.ask("POST", &format!("/pharmacy/records/{new}/transfer"), "fern", &out_form(&demonstration())).await;
    assert!(again.text.contains("LAW-1306.25-"), "{}", again.text);
    for place in [&here, &there] {
        let list = seen(place, "/pharmacy/transfers").await;
        assert!(list.contains("Fern Farmer to Fern Farmer"), "{list}");
        place.house.store.rebuild().expect("rebuilt");
        assert_eq!(seen(place, "/pharmacy/transfers").await, list, "made again from the journal");
        assert!(place.house.store.check(&[]).expect("checked").is_clean());
    }
}

/// Requirements: epcs-pre-8-5-transfer-unfilled
#[tokio::test]
async fn an_unfilled_electronic_prescription_stays_unless_policy_and_law_both_let_it_go_and_then_goes_once() {
    let here = Place::new();
    let number = accepted(&here.house, "T-1", &cast::OXYCODONE, "0");
    let page = format!("/pharmacy/records/{number}/transfer");
    refused(&here, &page, &out_form(&elsewhere()), "PHARM-TRANSFER-POLICY").await;
    let attempts = here.house.dispensing_now(&number).expect("now").0.attempts().len();
    assert_eq!(attempts, 1, "the attempt is on the record");

    // The policy alone is not enough: the proposal speaks of refills only.
    let mut config = demonstration();
    config.pharmacy.unfilled_transfers = UnfilledTransfers::AsTheLawAllows;
    let strict = Place::begun(Config { profile: "proposed-2008".to_owned(), ..config.clone() });
    let number = accepted(&strict.house, "T-1", &cast::OXYCODONE, "0");
    let page = format!("/pharmacy/records/{number}/transfer");
    let answer = strict.ask("POST", &page, "fern", &out_form(&elsewhere())).await;
    assert!(
        answer.status == StatusCode::UNPROCESSABLE_ENTITY && answer.text.contains("LAW-1306.25-KIND"),
        "{}",
        answer.text
    );
    let named = "Law profile <b>DEA’s proposed rule of 2008</b>";
    assert!(answer.text.contains(named) && !answer.text.contains("proposed-2008"), "{}", answer.text);

    config.profile = "in-force".to_owned();
    let (open, there) = (Place::begun(config), Place::begun(Config { profile: "in-force".to_owned(), ..elsewhere() }));
    partners(&open, &there);
    let there = reopened(there);
    let number = accepted(&open.house, "T-1", &cast::OXYCODONE, "0");
    let page = format!("/pharmacy/records/{number}/transfer");
    goes(&open, &page, "fern", &out_form(&elsewhere())).await;
    let ndc = world::ndc(&cast::OXYCODONE).expect("an NDC");
    assert!(open.house.dispense(&pharmacist(), &number, &ndc, &Wanted::Fill).is_err(), "never filled here any more");
    refused(&open, &page, &out_form(&elsewhere()), "PHARM-CLOSED").await;
    let file = open.bytes(&format!("{page}/file"), "fern").await;
    let archived = open.house.store.stream(&number.stream()).expect("entries").first().expect("one").seq;
    let original = open.house.store.archive(archived).expect("pieces").remove(0).bytes;
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &original);
    assert!(String::from_utf8_lossy(&file).contains(&encoded), "the signed original goes along whole");
    let taken = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let new = PrescriptionNumber::parse(taken.location().split('/').nth(3).expect("a number")).expect("a number");
    let whole = there.house.dispensing_now(&new).expect("now").0;
    assert_eq!(
        whole
            .remaining(&there.house.profile, there.house.clock.moment())
            .expect("asked")
            .map(|left| left.smallest_units()),
        Some(30)
    );
}

/// Requirements: pharm-transfer-receiver-record
#[tokio::test]
async fn a_transfer_in_the_name_of_one_pharmacy_under_the_seal_of_another_partner_is_refused() {
    let (here, other, there) = (Place::new(), Place::new(), Place::begun(elsewhere()));
    partners(&here, &there);
    let folder = there.dir.path().join("house/certificates/partners");
    let pem = other.dir.path().join("house/certificates/authority.pem");
    std::fs::copy(&pem, folder.join("FT1234563.pem")).expect("copied");
    listed(&other.house, &elsewhere().pharmacy.registration);
    let there = reopened(there);
    // The other partner writes that it is the first: its configuration says so.
    let number = accepted(&other.house, "T-1", &cast::ALPRAZOLAM, "3");
    dispensed(&other.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    let page = format!("/pharmacy/records/{number}/transfer");
    goes(&other, &page, "fern", &out_form(&elsewhere())).await;
    let file = other.bytes(&format!("{page}/file"), "fern").await;
    let taken = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", taken.text);
    assert!(taken.text.contains("PHARM-HANDED-OVER") && taken.text.contains("another pharmacy sealed it"));
    // An authority that stands for no registration seals for nobody.
    let own = cast::pharmacy_number();
    std::fs::rename(folder.join(format!("{own}.pem")), folder.join("practice.pem")).expect("renamed");
    let there = reopened(there);
    let taken = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert!(taken.text.contains("othing says under which authority"), "{}", taken.text);
}

pub(super) fn by_hand(change: &[(&str, &str)]) -> String {
    let registration = cast::practitioner_number().to_string();
    let other = elsewhere().pharmacy.registration;
    let fields = [
        ("step", "hand"),
        ("form", "paper"),
        ("issued", "2026-02-01"),
        ("patient.first", "Pat"),
        ("patient.last", "Sample"),
        ("patient.born", "1961-05-17"),
        ("patient.address.line1", "1+Invented+Way"),
        ("patient.address.city", "Tucson"),
        ("patient.address.state", "AZ"),
        ("patient.address.postal", "85701"),
        ("practitioner.first", "Alex"),
        ("practitioner.last", "Brook"),
        ("practitioner.address.line1", "20+Example+Street"),
        ("practitioner.address.city", "Tucson"),
        ("practitioner.address.state", "AZ"),
        ("practitioner.address.postal", "85702"),
        ("practitioner.registration", registration.as_str()),
        ("drug.ndc", cast::ALPRAZOLAM.ndc),
        ("quantity.value", "30"),
        ("directions", "Take+1+tablet+daily"),
        ("refills", "3"),
        ("first-dispensed", "2026-02-01"),
        ("refills-remaining", "3"),
        ("earlier.1.on", "2026-02-01"),
        ("earlier.1.quantity", "30"),
        ("from.name", "Second+Pharmacy"),
        ("from.address", "4+Other+Road"),
        ("from.registration", other.as_str()),
        ("from.number", "RX77"),
        ("pharmacist", "Kim+Osei"),
        ("first-filled", "sender"),
        ("between", "pharmacists"),
        ("database", "own"),
        ("standing", "valid"),
        ("narcotic", "other"),
        ("mark", "yes"),
    ];
    let value = |name: &str, old: &str| {
        change.iter().find(|(changed, _)| *changed == name).map_or_else(|| old.to_owned(), |(_, new)| (*new).to_owned())
    };
    fields.map(|(name, old)| format!("{name}={}", value(name, old))).join("&")
}

/// Requirements: epcs-1306.25-c-3-items, epcs-1306.25-c-3-intro, epcs-1306.25-c-1, pharm-transfer-receiver-record
#[tokio::test]
async fn a_transfer_that_a_pharmacist_wrote_down_is_refused_for_each_thing_it_lacks() {
    let place = Place::new();
    let path = "/pharmacy/transfers";
    // What the pharmacist found does not make a pharmacy registered that the registrant data does not list.
    refused(&place, path, &by_hand(&[]), "LAW-1306.25-REGISTERED").await;
    listed(&place.house, &elsewhere().pharmacy.registration);
    for (name, code) in [
        ("issued", "issue-date"),
        ("refills", "refills-authorized"),
        ("first-dispensed", "first-dispensed"),
        ("refills-remaining", "refills-remaining"),
        ("from.registration", "pharmacy-identity"),
        ("from.number", "pharmacy-identity"),
        ("pharmacist", "pharmacist-name"),
        ("first-filled", "original-pharmacy"),
        ("patient.address.line1", "LAW-1306.05-MISSING"),
        ("practitioner.last", "LAW-1306.05-MISSING"),
        ("mark", "transfer-mark"),
    ] {
        let answer = place.ask("POST", path, "fern", &by_hand(&[(name, "")])).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.text);
        assert!(answer.text.contains(code), "{name} wants {code}: {}", answer.text);
        assert!(answer.text.contains("value=\"RX77\"") || name == "from.number", "what was typed is not lost");
    }
    for (name, value, code) in [
        ("drug.ndc", "12", "FORM-FIELD"),
        ("drug.ndc", "00000000000", "FORM-FIELD"),
        ("issued", "2026-02-30", "FORM-FIELD"),
        ("earlier.1.quantity", "many", "FORM-FIELD"),
        ("refills-remaining", "4", "PHARM-TRANSFER-REFILLS"),
        ("standing", "expired", "LAW-1306.25-REGISTERED"),
        ("between", "technicians", "LAW-1306.25-WHO"),
        ("drug.ndc", cast::OXYCODONE.ndc, "LAW-1306.25-KIND"),
    ] {
        refused(&place, path, &by_hand(&[(name, value)]), code).await;
    }
    let technician = place.ask("POST", path, "tess", &by_hand(&[])).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    let record = goes(&place, path, "fern", &by_hand(&[])).await;
    let shown = seen(&place, &record).await;
    for words in ["TRANSFER: it came by transfer", "RX77", "Kim Osei", "4 Other Road", "2026-02-01"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(place.bytes(&format!("{record}/pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    refused(&place, path, &by_hand(&[]), "PHARM-TWIN").await;
}

/// Requirements: epcs-1306.15-a-1-2, pharm-cf-records-both, pharm-cf-dual-role, pharm-cf-licensed-pharmacist, pharm-cf-central-delivery-record
#[tokio::test]
async fn central_filling_goes_there_and_back_and_a_place_that_does_both_keeps_one_ledger() {
    let (here, there) = (Place::new(), Place::begun(elsewhere()));
    partners(&here, &there);
    let (here, there) = (reopened(here), reopened(there));
    let number = accepted(&here.house, "C-1", &cast::OXYCODONE, "0");
    let page = format!("/pharmacy/records/{number}/central");
    let other = elsewhere();
    let send = format!(
        "step=send&to.name=Second+Pharmacy&to.address=4+Other+Road&to.registration={}&relationship=contract",
        other.pharmacy.registration
    );
    refused(&here, &page, &send.replace("to.name=Second+Pharmacy", "to.name="), "central-name").await;
    refused(&here, &page, &send.replace("to.address=4+Other+Road", "to.address="), "central-address").await;
    refused(&here, &page, &send.replace("relationship=contract", "relationship=none"), "LAW-1306.15-").await;
    refused(&here, &page, "step=guess", "FORM-FIELD").await;
    let technician = here.ask("POST", &page, "tess", &send).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    goes(&here, &page, "fern", &send).await;
    let shown = seen(&here, &page).await;
    for words in
        ["Second Pharmacy, 4 Other Road", "Fern Farmer", "2026-03-02 09:00", "under way", &other.pharmacy.registration]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let ndc = world::ndc(&cast::OXYCODONE).expect("an NDC");
    let both = here.house.dispense(&pharmacist(), &number, &ndc, &Wanted::Fill);
    assert!(both.is_err(), "what is under way is not filled here as well");

    // The other pharmacy, which fills its own prescriptions from the same stock.
    let file = here.bytes(&format!("{page}/1"), "fern").await;
    assert_eq!(here.get(&format!("{page}/2"), "fern").await.status, StatusCode::NOT_FOUND);
    let own = accepted(&there.house, "O-1", &cast::OXYCODONE, "0");
    let commodity = there.house.commodity(&ndc).expect("listed");
    let shelf = there.house.stock_now(&commodity).expect("stock").0.on_hand();
    dispensed(&there.house, &own, &cast::OXYCODONE, &Wanted::Fill);
    let wrong = upload(&there, "/pharmacy/transfers/file", &TAKING, &file).await;
    assert!(wrong.text.contains("PHARM-HANDED-OVER"), "{}", wrong.text);
    let taken = upload(&there, "/pharmacy/central", &[], &file).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let order = taken.location().to_owned();
    let twice = upload(&there, "/pharmacy/central", &[], &file).await;
    assert!(twice.text.contains("taken in before"), "{}", twice.text);
    refused(&there, &order, "step=deliver&carriage=contract&carrier=a&hired-by=b&assessment=c", "PHARM-CENTRAL-STATE")
        .await;
    refused(&there, &order, &format!("step=fill&ndc={}", cast::ALPRAZOLAM.ndc), "PHARM-PRODUCT").await;
    let label = format!("{order}/label");
    refused(&there, &label, "format=zpl", "PHARM-CENTRAL-STATE").await;
    let fill = format!("step=fill&ndc={}", cast::OXYCODONE.ndc);
    let technician = there.ask("POST", &order, "tess", &fill).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    goes(&there, &order, "fern", &fill).await;
    let zpl = there.ask("POST", &label, "tess", "format=zpl").await;
    assert_eq!(zpl.status, StatusCode::OK, "{}", zpl.text);
    for words in ["Example Pharmacy", "9 Example Plaza", &other.pharmacy.registration, "CAUTION"] {
        assert!(zpl.text.contains(words), "{words}: {}", zpl.text);
    }
    refused(&there, &label, "format=pdf", "PHARM-LABEL-PRINT").await;
    refused(
        &there,
        &order,
        "step=deliver&carriage=contract&carrier=Desert+Couriers&hired-by=us&assessment=",
        "PHARM-TEXT",
    )
    .await;
    goes(
        &there,
        &order,
        "tess",
        "step=deliver&carriage=contract&carrier=Desert+Couriers&hired-by=us&assessment=2026-01-05+tracked",
    )
    .await;
    let shown = seen(&there, &order).await;
    assert!(
        shown.contains("Desert Couriers") && shown.contains(">delivered<") && shown.contains("Fern Farmer"),
        "{shown}"
    );
    let stock = there.house.stock_now(&commodity).expect("stock").0;
    assert_eq!(stock.on_hand(), shelf - 60, "one inventory for both");
    let ledger = seen(&there, &format!("/pharmacy/stock/{}", cast::OXYCODONE.ndc)).await;
    assert!(
        ledger.contains(&format!("central/{}/{number}/1", demonstration().pharmacy.registration))
            && ledger.contains(&format!("{own}/1")),
        "each movement says whether it is its own or another's: {ledger}"
    );

    // Back at the retail pharmacy: nothing is released before three facts are recorded.
    let back = "step=back&no=1&received=2026-03-02&carriage=contract&filled-by=Fern+Farmer&ndc=99999010101";
    refused(&here, &page, &back.replace("received=2026-03-02", "received="), "date-received").await;
    refused(&here, &page, &back.replace("carriage=contract", "carriage="), "delivery-method").await;
    refused(&here, &page, &back.replace("filled-by=Fern+Farmer", "filled-by="), "PHARM-TEXT").await;
    refused(&here, &page, "step=release&no=1&to=patient&recipient=Pat", "PHARM-").await;
    goes(&here, &page, "tess", back).await;
    refused(&here, &page, back, "PHARM-CENTRAL-STATE").await;
    let label = here.ask("POST", &format!("/pharmacy/records/{number}/label"), "fern", "no=1&format=pdf").await;
    assert!(label.text.contains("PHARM-LABEL-PRINT"), "{}", label.text);
    goes(&here, &page, "tess", "step=release&no=1&to=patient&recipient=Pat+Sample").await;
    let shown = ["CENTRAL FILL", "Second Pharmacy", "came back filled", "2026-03-02", "contract"];
    super::papers::prints(&here, "P25", number.as_str(), &shown).await;
    let commodity = here.house.commodity(&ndc).expect("listed");
    let before = here.house.stock_now(&commodity).expect("stock").0;
    assert_eq!(before.balance(&theriac_books::Account::Patient), 0, "no stock of the retail pharmacy moved");
    for place in [&here, &there] {
        let list = seen(place, "/pharmacy/central").await;
        place.house.store.rebuild().expect("rebuilt");
        assert_eq!(seen(place, "/pharmacy/central").await, list);
        assert!(place.house.store.check(&[]).expect("checked").is_clean());
    }
}

/// What does not come back can be filled here; a place without storage on record fills for nobody.
///
/// Requirements: pharm-cf-security
#[tokio::test]
async fn what_was_lost_is_filled_here_and_a_place_that_is_not_set_up_fills_for_nobody() {
    let mut bare = elsewhere();
    bare.pharmacy.central = None;
    let (here, there) = (Place::new(), Place::begun(bare));
    partners(&here, &there);
    let there = reopened(there);
    let number = accepted(&here.house, "C-1", &cast::OXYCODONE, "0");
    let page = format!("/pharmacy/records/{number}/central");
    let send = format!(
        "step=send&to.name=Second+Pharmacy&to.address=4+Other+Road&to.registration={}&relationship=common-owner",
        elsewhere().pharmacy.registration
    );
    goes(&here, &page, "fern", &send).await;
    let file = here.bytes(&format!("{page}/1"), "fern").await;
    let refused_there = upload(&there, "/pharmacy/central", &[], &file).await;
    assert!(refused_there.text.contains("PHARM-CENTRAL-SITE"), "{}", refused_there.text);
    refused(&here, &page, "step=unfilled&no=2&why=lost", "PHARM-CENTRAL-STATE").await;
    goes(&here, &page, "tess", "step=unfilled&no=1&why=lost").await;
    dispensed(&here.house, &number, &cast::OXYCODONE, &Wanted::Fill);
}

/// Requirements: epcs-1306.08-c, epcs-1311.175-c, epcs-pre-5-annotator
#[tokio::test]
async fn corrections_are_layers_and_notes_are_corrected_by_notes() {
    let place = Place::new();
    let number = accepted(&place.house, "L-1", &cast::ALPRAZOLAM, "3");
    let (page, notes) = (format!("/pharmacy/records/{number}/layers"), format!("/pharmacy/records/{number}/notes"));
    let amend = |element: &str, change: &str, to: &str, who: &str| {
        format!("step=amend&element={element}&change={change}&to={to}&{who}reason=asked+about")
    };
    let asked = "person=Alex+Brook&method=telephone&";
    refused(&place, &page, &amend("patient.last", "replace", "Other", asked), "LAW-AMEND-NEVER").await;
    refused(&place, &page, &amend("directions", "replace", "Take+two", ""), "LAW-AMEND-CONSULT").await;
    refused(&place, &page, &amend("directions", "replace", "", asked), "LAW-AMEND-ADDED").await;
    refused(&place, &page, &amend("directions", "add", "Take+two", asked), "PHARM-AMEND-VALUE").await;
    refused(&place, &page, &amend("mood", "replace", "x", asked), "FORM-FIELD").await;
    goes(&place, &page, "fern", &amend("directions", "replace", "Take+two+daily", asked)).await;
    let shown = seen(&place, &page).await;
    for words in
        ["Take 1 tablet daily", "Take two daily", "Alex Brook, telephone", "asked about", "Fern Farmer", "amendment"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let now = place.house.dispensing_now(&number).expect("now").0;
    assert_eq!(now.received().contents.get(Element::Directions), Some("Take 1 tablet daily"), "the original stays");
    refused(&place, &notes, "step=note&kind=prescriber-contact&note=asked", "PHARM-").await;
    refused(&place, &notes, "step=note&kind=correction&note=wrong", "PHARM-NO-SUCH-NOTE").await;
    refused(&place, &notes, "step=note&kind=remark&note=", "FORM-FIELD").await;
    goes(&place, &notes, "fern", "step=note&kind=remark&note=The+patient+asked").await;
    goes(&place, &notes, "fern", "step=note&kind=correction&note=The+daughter+asked&corrects=1").await;
    let shown = seen(&place, &page).await;
    assert!(shown.contains("The patient asked") && shown.contains("note 1"), "{shown}");
    for who in ["tess", "iris"] {
        let answer = place.ask("POST", &page, who, &amend("directions", "replace", "x", asked)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
    }
    assert_eq!(place.get("/pharmacy/records/9999999/layers", "fern").await.status, StatusCode::NOT_FOUND);
}

/// Requirements: pharm-label-contents
#[tokio::test]
async fn a_label_is_printed_for_screen_and_label_printer_and_every_print_is_recorded() {
    let place = Place::new();
    let number = accepted(&place.house, "P-1", &cast::ALPRAZOLAM, "3");
    let (page, label) = (format!("/pharmacy/records/{number}/papers"), format!("/pharmacy/records/{number}/label"));
    refused(&place, &label, "no=1&format=pdf", "PHARM-LABEL-PRINT").await;
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    place.house.dispense(&pharmacist(), &number, &ndc, &Wanted::Fill).expect("filled");
    refused(&place, &label, "no=1&format=postcard", "FORM-FIELD").await;
    refused(&place, &label, "no=x&format=pdf", "FORM-FIELD").await;
    let zpl = place.ask("POST", &label, "tess", "no=1&format=zpl").await;
    assert_eq!(zpl.status, StatusCode::OK, "{}", zpl.text);
    for words in [
        "Example Pharmacy",
        "9 Example Plaza",
        number.as_str(),
        "Pat Sample",
        "Alex Brook",
        "Take 1 tablet daily",
        "3 refills left",
        "CAUTION",
        "2026-03-02",
    ] {
        assert!(zpl.text.contains(words), "{words}: {}", zpl.text);
    }
    refused(&place, &label, "no=1&format=pdf", "PHARM-LABEL-PRINT").await;
    let again = place.ask("POST", &label, "tess", "no=1&format=pdf&why=torn").await;
    assert_eq!(again.status, StatusCode::OK);
    let path = format!("/api/v1/records/{number}/labels");
    let asked = |body: &'static str| place.ask("POST", &path, "tess", body);
    let twice = asked(r#"{"no":1,"format":"zpl"}"#).await;
    assert_eq!(twice.json()["code"], "PHARM-LABEL-PRINT", "{}", twice.text);
    let made = asked(r#"{"no":1,"format":"zpl","why":"smeared"}"#).await;
    assert_eq!(
        (made.status, &made.json()["media"]),
        (StatusCode::CREATED, &Value::from("text/plain; charset=utf-8")),
        "{}",
        made.text
    );
    let shown = seen(&place, &page).await;
    assert!(shown.contains("reprint 2") && shown.contains("torn") && shown.contains("reprint 3"), "{shown}");
    for paper in ["fillings", "refills"] {
        assert_eq!(place.bytes(&format!("{page}/{paper}"), "fern").await.get(..5), Some(&b"%PDF-"[..]), "{paper}");
    }
    assert_eq!(place.get(&format!("{page}/poem"), "fern").await.status, StatusCode::NOT_FOUND);

    let mut nameless = demonstration();
    nameless.pharmacy.address = String::new();
    let nameless = Place::begun(nameless);
    let number = accepted(&nameless.house, "P-1", &cast::ALPRAZOLAM, "3");
    nameless.house.dispense(&pharmacist(), &number, &ndc, &Wanted::Fill).expect("filled");
    refused(&nameless, &format!("/pharmacy/records/{number}/label"), "no=1&format=pdf", "LAW-1306.").await;
}

/// Requirements: epcs-1306.22-f-3-1, epcs-1306.22-f-3-2, epcs-1306.22-f-4-1, epcs-1306.22-f-4-2, epcs-1306.22-g
#[tokio::test]
async fn a_day_of_refills_is_printed_and_signed_and_a_trail_is_shown_and_sent() {
    let place = Place::new();
    let number = accepted(&place.house, "R-1", &cast::ALPRAZOLAM, "3");
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    place.house.clock.advance(SignedDuration::from_hours(24 * 29));
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Refill);
    let day = place.house.clock.moment().date();
    let page = format!("/pharmacy/refills/days/{day}");
    let shown = seen(&place, "/pharmacy/refills").await;
    assert!(shown.contains(&day.to_string()) && shown.contains(">open<") && shown.contains("Fern Farmer"), "{shown}");
    refused(&place, &format!("{page}/signature"), "", "PHARM-NOT-PRINTED").await;
    refused(&place, "/pharmacy/refills/days/2026-01-01/print", "", "PHARM-NO-REFILLS").await;
    assert_eq!(place.get("/pharmacy/refills/days/today", "fern").await.status, StatusCode::NOT_FOUND);

    let late = place.house.clock.now();
    place.house.clock.advance(SignedDuration::from_hours(24 * 4));
    let shown = seen(&place, "/pharmacy/refills").await;
    assert!(
        shown.contains(">late<") && shown.contains("print and sign them"),
        "72 hours are over since {late}: {shown}"
    );
    let printed = place.ask("POST", &format!("{page}/print"), "tess", "").await;
    assert!(printed.status == StatusCode::OK && printed.text.starts_with("%PDF-"));
    goes(&place, &format!("{page}/signature"), "fern", "").await;
    refused(&place, &format!("{page}/signature"), "", "PHARM-SIGNED").await;
    let shown = seen(&place, &page).await;
    assert!(shown.contains(">complete<") && shown.contains("Everybody who refilled has signed"), "{shown}");

    let told = place.get(&format!("/api/v1/refill-days/{day}"), "fern").await.json();
    assert_eq!(
        (&told["standing"], &told["signed"][0], &told["lines"][0]["number"]),
        (&Value::from("complete"), &Value::from("Fern Farmer"), &Value::from(number.as_str())),
        "{told}"
    );
    let trail = "/pharmacy/refills/trail?generic=alprazolam&brand=&strength=0.5+mg&form=Tablet";
    let shown = seen(&place, trail).await;
    let lines = |text: &str| text.contains("1 refills, in order of time");
    assert!(lines(&shown) && shown.contains("1 Invented Way") && shown.contains("Alex Brook"), "{shown}");
    let csv = place.get(&format!("{trail}&format=csv"), "fern").await;
    assert!(csv.text.contains(number.as_str()) && csv.text.contains("Pat Sample"), "{}", csv.text);
    assert_eq!(place.bytes(&format!("{trail}&format=pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    assert!(seen(&place, &trail.replace("0.5+mg", "2+mg")).await.contains("No refill of this drug"));
    let nothing = place.get("/pharmacy/refills/trail?strength=0.5+mg&form=Tablet", "fern").await;
    assert!(
        nothing.status == StatusCode::UNPROCESSABLE_ENTITY && nothing.text.contains("PHARM-TRAIL"),
        "{}",
        nothing.text
    );

    refused(&place, "/pharmacy/refills", "step=asked&by=&what=alprazolam", "PHARM-TEXT").await;
    goes(&place, "/pharmacy/refills", "tess", "step=asked&by=Agent+Field&what=alprazolam+0.5+mg").await;
    refused(&place, "/pharmacy/refills", "step=sent&id=T9&how=by+mail", "PHARM-TRAIL").await;
    refused(&place, "/pharmacy/refills", "step=sent&id=T1&how=", "PHARM-TEXT").await;
    place.house.clock.advance(SignedDuration::from_hours(48));
    assert!(!seen(&place, "/pharmacy/refills").await.contains(">overdue<"), "the 48th hour counts");
    place.house.clock.advance(SignedDuration::from_secs(1));
    assert!(seen(&place, "/pharmacy/refills").await.contains(">overdue<"));
    goes(&place, "/pharmacy/refills", "tess", "step=sent&id=T1&how=by+mail+to+Agent+Field").await;
    assert!(seen(&place, "/pharmacy/refills").await.contains("sent late"));
    refused(&place, "/pharmacy/refills", "step=sent&id=T1&how=again", "PHARM-TRAIL").await;

    refused(&place, "/pharmacy/refills", "step=system&system=computer&why=x", "PHARM-METHOD").await;
    refused(&place, "/pharmacy/refills", "step=system&system=manual&why=", "PHARM-TEXT").await;
    goes(&place, "/pharmacy/refills", "fern", "step=system&system=manual&why=printer+lost").await;
    let shown = seen(&place, "/pharmacy/refills").await;
    assert!(shown.contains("printer lost") && shown.contains("by hand, on the prescription"), "{shown}");
    place.house.store.rebuild().expect("rebuilt");
    assert_eq!(seen(&place, "/pharmacy/refills").await, shown);
}

/// Requirements: epcs-1306.22-f-3-3
#[tokio::test]
async fn in_the_log_the_days_statement_is_signed_without_a_printout_and_is_late_the_next_day() {
    let mut config = demonstration();
    config.pharmacy.refill_verification = RefillVerification::Log;
    let place = Place::begun(config);
    let number = accepted(&place.house, "R-1", &cast::ALPRAZOLAM, "3");
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    place.house.clock.advance(SignedDuration::from_hours(24 * 29));
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Refill);
    let day = place.house.clock.moment().date();
    place.house.clock.advance(SignedDuration::from_hours(24));
    assert!(seen(&place, "/pharmacy/refills").await.contains(">late<"));
    goes(&place, &format!("/pharmacy/refills/days/{day}/signature"), "fern", "").await;
    assert!(seen(&place, "/pharmacy/refills").await.contains(">complete<"));
}

/// Requirements: epcs-1306.22-f-5, pharm-erec-downtime-procedure, pharm-erec-downtime-entry
#[tokio::test]
async fn in_downtime_the_kit_tells_what_may_be_refilled_and_sheets_are_entered_afterwards() {
    let place = Place::new();
    let number = accepted(&place.house, "D-1", &cast::ALPRAZOLAM, "1");
    let two = accepted(&place.house, "D-2", &cast::OXYCODONE, "0");
    dispensed(&place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
    place.house.clock.advance(SignedDuration::from_hours(24 * 29));
    let shown = seen(&place, "/pharmacy/downtime").await;
    assert!(
        shown.contains(number.as_str()) && !shown.contains(two.as_str()) && shown.contains("2026-09-02"),
        "{shown}"
    );
    assert_eq!(place.bytes("/pharmacy/downtime/kit.pdf", "fern").await.get(..5), Some(&b"%PDF-"[..]));
    let told = place.get("/api/v1/downtime-kit", "fern").await.json();
    assert_eq!(
        (&told["lines"][0]["refills"], &told["lines"][0]["last_day"]),
        (&Value::from(1), &Value::from("2026-09-02")),
        "{told}"
    );
    let kit = place.dir.path().join("kit.pdf");
    for _ in 0..2 {
        assert_eq!(crate::commands::downtime_kit::write(&place.house, &kit).expect("written"), 1);
        assert!(std::fs::read(&kit).expect("a file").starts_with(b"%PDF-"));
    }
    assert!(crate::commands::downtime_kit::write(&place.house, &place.dir.path().join("none/kit.pdf")).is_err());
    refused(&place, "/pharmacy/downtime", "first=0&last=4", "PHARM-SHEETS").await;
    refused(&place, "/pharmacy/downtime", "first=5&last=4", "PHARM-SHEETS").await;
    refused(&place, "/pharmacy/downtime", "first=x&last=4", "FORM-FIELD").await;
    goes(&place, "/pharmacy/downtime", "tess", "first=1&last=3").await;
    refused(&place, "/pharmacy/downtime", "first=3&last=9", "PHARM-SHEETS").await;
    let list = seen(&place, "/pharmacy/downtime").await;
    let (_, after) = list.rsplit_once("href=\"/pharmacy/downtime/").expect("a link to the outage");
    let outage = format!("/pharmacy/downtime/{}", after.split('"').next().expect("a number"));
    assert_eq!(place.bytes(&format!("{outage}/sheets.pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    place.house.clock.advance(SignedDuration::from_hours(4));
    goes(&place, &outage, "tess", "step=end").await;
    refused(&place, &outage, "step=end", "PHARM-OUTAGE-OVER").await;
    let sheet = |no: u32, at: &str| {
        format!(
            "step=sheet&sheet={no}&number={number}&ndc={}&quantity=30&at={at}&pharmacist=fern&recipient=the+patient",
            cast::ALPRAZOLAM.ndc
        )
    };
    refused(&place, &outage, &sheet(1, "2027-01-01T10:00"), "FORM-FIELD").await;
    refused(
        &place,
        &outage,
        &sheet(1, "2026-03-31T10:00").replace("pharmacist=fern", "pharmacist=tess"),
        "PHARM-NOT-A-PHARMACIST",
    )
    .await;
    refused(&place, &outage, &sheet(1, "2026-03-31T10:00").replace("quantity=30", "quantity=a"), "FORM-FIELD").await;
    refused(&place, &outage, &sheet(9, "2026-03-31T10:00"), "PHARM-SHEET").await;
    goes(&place, &outage, "tess", &sheet(1, "2026-03-31T10:00")).await;
    refused(&place, &outage, &sheet(1, "2026-03-31T10:00"), "PHARM-SHEET").await;
    let commodity = place.house.commodity(&world::ndc(&cast::ALPRAZOLAM).expect("an NDC")).expect("listed");
    let shelf = place.house.stock_now(&commodity).expect("stock").0.on_hand();
    // The only refill was used: what went too far is entered all the same, and listed.
    goes(&place, &outage, "tess", &sheet(2, "2026-03-31T11:00")).await;
    assert_eq!(place.house.stock_now(&commodity).expect("stock").0.on_hand(), shelf - 30);
    let shown = seen(&place, &outage).await;
    assert!(shown.contains("LAW-1306.22-COUNT") && shown.contains("1 sheet open"), "{shown}");
    refused(&place, &outage, "step=unused&sheet=3&why=", "PHARM-TEXT").await;
    goes(&place, &outage, "tess", "step=unused&sheet=3&why=not+needed").await;
    assert!(seen(&place, &outage).await.contains(">complete<"));
    let record = place.house.dispensing_now(&number).expect("now").0;
    let refill = record.fillings().last().expect("a refill");
    assert_eq!(refill.on_sheet.as_ref().map(|on| (on.sheet, on.by.actor.id.as_str())), Some((1, "tess")));
    assert_eq!(place.get("/pharmacy/downtime/1", "fern").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let kept = seen(&place, "/pharmacy/downtime").await;
    place.house.store.rebuild().expect("rebuilt");
    assert_eq!(seen(&place, "/pharmacy/downtime").await, kept);
    assert!(place.house.store.check(&[]).expect("checked").is_clean());
}

/// Requirements: law-refill-downtime-entry-soon
#[tokio::test]
async fn a_sheet_that_is_not_entered_holds_back_only_the_prescriptions_it_may_be_of() {
    let place = Place::new();
    let one = accepted(&place.house, "D-1", &cast::ALPRAZOLAM, "2");
    let other = accepted(&place.house, "D-2", &cast::CODEINE_APAP, "2");
    let later = accepted(&place.house, "D-3", &cast::METHYLPHENIDATE, "0");
    for (number, product) in [(&one, &cast::ALPRAZOLAM), (&other, &cast::CODEINE_APAP)] {
        dispensed(&place.house, number, product, &Wanted::Fill);
    }
    place.house.clock.advance(SignedDuration::from_hours(24 * 29));
    goes(&place, "/pharmacy/downtime", "tess", "first=1&last=2").await;
    let outage = format!("/pharmacy/downtime/{}", place.house.outages().expect("read").first().expect("one").seq);
    place.house.clock.advance(SignedDuration::from_hours(1));
    let held = |number: &PrescriptionNumber| {
        let (prescription, _) = place.house.dispensing_now(number).expect("now");
        place.house.refills_kept(&prescription, place.house.clock.moment()).expect("kept").keeping.unentered
    };
    assert_eq!([held(&one), held(&other)], [0, 0], "while the computer is down the kit is the measure");
    goes(&place, &outage, "tess", "step=end").await;
    place.house.clock.advance(SignedDuration::from_secs(60));
    // What is filled for the first time now cannot have been refilled in the outage.
    assert_eq!(held(&later), 2);
    dispensed(&place.house, &later, &cast::METHYLPHENIDATE, &Wanted::Fill);
    assert_eq!([held(&one), held(&other), held(&later)], [2, 2, 0]);
    goes(&place, &outage, "tess", "step=unused&sheet=2&why=not+needed").await;
    refused(&place, &outage, "step=name&sheet=1&number=", "FORM-FIELD").await;
    refused(&place, &outage, &format!("step=name&sheet=2&number={one}"), "PHARM-SHEET").await;
    refused(&place, &outage, &format!("step=name&sheet=9&number={one}"), "PHARM-SHEET").await;
    goes(&place, &outage, "tess", &format!("step=name&sheet=1&number={other}")).await;
    assert_eq!([held(&one), held(&other)], [0, 1], "a wrong word is put right by the next");
    goes(&place, &outage, "tess", &format!("step=name&sheet=1&number={one}")).await;
    assert_eq!([held(&one), held(&other)], [1, 0]);
    let shown = seen(&place, &outage).await;
    assert!(shown.contains(&format!("sheet 1, of {one}")) && shown.contains(">1 sheet open<"), "{shown}");
    dispensed(&place.house, &other, &cast::CODEINE_APAP, &Wanted::Refill);
    let entry = format!(
        "step=sheet&sheet=1&number={one}&ndc={}&quantity=30&at=2026-03-31T09:30&pharmacist=fern&recipient=the+patient",
        cast::ALPRAZOLAM.ndc
    );
    goes(&place, &outage, "tess", &entry).await;
    assert_eq!(held(&one), 0);
    place.house.store.rebuild().expect("rebuilt");
    assert!(place.house.store.check(&[]).expect("checked").is_clean());
}

/// Requirements: pharm-ltcf-facility-record, pharm-ltcf-disposal-instructions
#[tokio::test]
async fn a_part_for_a_resident_is_dispensed_between_the_days_of_the_stay_only_and_advice_is_kept() {
    use theriac_pharmacy::Part;
    let place = Place::new();
    refused(&place, "/pharmacy/facilities", "name=&class=nursing-home&address=x", "PHARM-FACILITY").await;
    refused(&place, "/pharmacy/facilities", "name=x&class=castle&address=x", "FORM-FIELD").await;
    refused(&place, "/pharmacy/facilities", "name=x&class=nursing-home&address=x&registration=AB1", "FORM-FIELD").await;
    let page =
        goes(&place, "/pharmacy/facilities", "tess", "name=Example+Home&class=nursing-home&address=8+Quiet+Lane").await;
    let list = seen(&place, "/pharmacy/facilities").await;
    assert!(
        list.contains("Example Home") && list.contains("nursing home") && list.contains("not registered"),
        "{list}"
    );

    let number = accepted(&place.house, "F-1", &cast::OXYCODONE, "0");
    let ndc = world::ndc(&cast::OXYCODONE).expect("an NDC");
    let part = || {
        let face = place.house.dispensing_now(&number).expect("now").0.face().quantity.clone();
        Wanted::Part(Box::new(Part::ltcf(House::quantity(10, &face).expect("a quantity"))))
    };
    let dispense = || {
        place.house.dispense(&pharmacist(), &number, &ndc, &part()).map(|_| ()).map_err(|fault| match fault {
            crate::house::record::Fault::Refused(refusal) => refusal.code.to_string(),
            other => format!("{other:?}"),
        })
    };
    assert_eq!(dispense(), Err("PHARM-LTCF-STAY".to_owned()), "nobody recorded a stay");
    let stay = "step=begin&first=Pat&last=Sample&born=1961-05-17&from=2026-03-03";
    goes(&place, &page, "tess", stay).await;
    refused(&place, &page, stay, "PHARM-FACILITY").await;
    assert_eq!(dispense(), Err("PHARM-LTCF-STAY".to_owned()), "the day before the stay");
    place.house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(dispense(), Ok(()), "its first day");
    refused(&place, &page, "step=end&stay=S1&until=2026-03-02", "PHARM-FACILITY").await;
    refused(&place, &page, "step=end&stay=S7&until=2026-03-04", "PHARM-FACILITY").await;
    goes(&place, &page, "tess", "step=end&stay=S1&until=2026-03-04").await;
    place.house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(dispense(), Ok(()), "its last day");
    place.house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(dispense(), Err("PHARM-LTCF-STAY".to_owned()), "the day after it");

    let asked = "step=disposal&question=what+to+do+with+12+tablets+after+a+death&office=Phoenix,+602-555-0100&guidance=R4-23&answer=ask+the+field+office";
    refused(&place, &page, &asked.replace("office=Phoenix,+602-555-0100", "office="), "PHARM-FACILITY").await;
    goes(&place, &page, "tess", asked).await;
    let shown = seen(&place, &page).await;
    for words in
        ["Phoenix, 602-555-0100", "R4-23", "ask the field office", "left the closed system", "Find the field office"]
    {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert_eq!(place.get("/pharmacy/facilities/F9", "fern").await.status, StatusCode::NOT_FOUND);
    place.house.store.rebuild().expect("rebuilt");
    assert_eq!(seen(&place, &page).await, shown);
}

/// Requirements: pharm-cf-retail-keeps-original
#[tokio::test]
async fn the_original_of_what_is_filled_centrally_is_kept_two_years_from_its_last_refill() {
    let place = Place::begun(Config { profile: "in-force".to_owned(), ..demonstration() });
    let number = accepted(&place.house, "K-1", &cast::COUGH_SYRUP, "5");
    dispensed(&place.house, &number, &cast::COUGH_SYRUP, &Wanted::Fill);
    let release = || {
        let kept = place.house.kept_in(&number.stream()).expect("kept").records;
        kept.first().and_then(|first| first.release.first_day()).expect("a day")
    };
    let years = |day: &str| day.parse::<jiff::civil::Date>().expect("a day");
    assert_eq!(release(), years("2028-03-03"), "two years from the first filling");
    place.house.clock.advance(SignedDuration::from_hours(24 * 306));
    let page = format!("/pharmacy/records/{number}/central");
    let send = format!(
        "step=send&to.name=Second+Pharmacy&to.address=4+Other+Road&to.registration={}&relationship=contract",
        elsewhere().pharmacy.registration
    );
    goes(&place, &page, "fern", &send).await;
    let day = place.house.clock.moment().date();
    assert_eq!(day, years("2027-01-02"), "ten months after the day of issue");
    let back =
        format!("step=back&no=1&received={day}&carriage=private&filled-by=Kim+Osei&ndc={}", cast::COUGH_SYRUP.ndc);
    goes(&place, &page, "tess", &back).await;
    assert_eq!(release(), years("2029-01-03"), "two years from the refill that was filled elsewhere");
}
