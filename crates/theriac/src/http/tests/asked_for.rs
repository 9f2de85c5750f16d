//! Two pharmacies, each a deployment of its own, between which prescriptions move over SCRIPT and mutual TLS.

use super::desk::Place;
use super::moving::{
    accepted, by_hand, dispensed, elsewhere, goes, listed, partners, pharmacist, refused, reopened, seen,
};
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::dispensary::Wanted;
use crate::house::House;
use crate::house::config::{Config, PartnerConfig, ScriptConfig};
use crate::house::record::Fault;
use crate::relaying::HouseRelay;
use crate::transport::listener::{self, bind};
use crate::transport::tests::network::{Own, free_port, manner, own, post};
use jiff::SignedDuration;
use std::net::SocketAddr;
use theriac_pharmacy::PrescriptionNumber;
use theriac_wire::script::transfer::{TransferAnswer, TransferDenial, TransferMessage, read};
use theriac_wire::script::{Message, decode};

const THERE: &str = "9999998";

/// A pharmacy with its node.
struct Node {
    place: Place,
    own: Own,
    at: SocketAddr,
}

/// The pharmacy that has the prescriptions, and the one that asks for them.
struct Two {
    here: Node,
    there: Node,
    _certificates: tempfile::TempDir,
}

fn script(own: &Own, at: SocketAddr, name: &str, other: (&Own, SocketAddr), speaks_for: Vec<String>) -> ScriptConfig {
    ScriptConfig {
        listen: at,
        certificate: own.certificate.clone(),
        key: own.key.clone(),
        partners: vec![PartnerConfig {
            name: name.to_owned(),
            certificate: other.0.certificate.clone(),
            authority: None,
            speaks_for,
            url: Some(format!("https://localhost:{}/script", other.1.port())),
        }],
    }
}

impl Node {
    async fn serve(&self) {
        let served = Arc::clone(&self.place.house);
        let (listener, tls) = bind(&served).await.expect("bound").expect("configured");
        tokio::spawn(listener::serve(served, listener, tls));
    }

    /// The outbox works; what could not be delivered is due again afterwards.
    fn work(&self) {
        let house = &self.place.house;
        tokio::task::block_in_place(|| house.work(&HouseRelay(house))).expect("worked");
        house.clock.advance(SignedDuration::from_secs(31));
    }

    fn step(&self, address: &str) -> crate::dispensary::asked_for::Step {
        self.place.house.asked_by(address).expect("a request").step
    }

    /// The bytes of a message that this node wrote.
    fn wrote(&self, address: &str, what: &str) -> Vec<u8> {
        let key = format!("transfer/{}/{what}", address.replacen('.', "/", 1));
        let rows =
            self.place.house.store.query("SELECT payload FROM jobs WHERE idempotency_key = $1", &[key.as_str().into()]);
        rows.expect("rows").first().expect("a message").blob(0).expect("bytes").to_vec()
    }
}

/// Who asks shows this node's certificate there: the answer.
fn brought(by: &Node, to: &Node, bytes: &[u8]) -> (u16, String) {
    let shown = manner(&to.own, Some(&by.own));
    let (status, body) = tokio::task::block_in_place(|| post(to.at, shown, bytes)).expect("answered");
    (status, String::from_utf8_lossy(&body).into_owned())
}

/// Both know each other; `registered` is what of the other's registration each is told by its operator.
async fn two_told(registered: fn(&Config) -> Vec<String>) -> Two {
    let dir = tempfile::tempdir().expect("a directory");
    let (own_here, own_there) = (own(dir.path(), "here"), own(dir.path(), "there"));
    let (at_here, at_there) = (free_port(), free_port());
    let (mut here, mut there) = (demonstration(), elsewhere());
    there.pharmacy.ncpdp = THERE.to_owned();
    there.practice.network_id = "9999000000025".to_owned();
    let speaks = |config: &Config| [vec![config.pharmacy.ncpdp.clone()], registered(config)].concat();
    let (of_here, of_there) = (speaks(&here), speaks(&there));
    here.script = Some(script(&own_here, at_here, "second-pharmacy", (&own_there, at_there), of_there));
    there.script = Some(script(&own_there, at_there, "example-pharmacy", (&own_here, at_here), of_here));
    let (here, there) = (Place::begun(here), Place::begun(there));
    partners(&here, &there);
    let (here, there) = (reopened(here), reopened(there));
    let here = Node { place: here, own: own_here, at: at_here };
    let there = Node { place: there, own: own_there, at: at_there };
    here.serve().await;
    there.serve().await;
    Two { here, there, _certificates: dir }
}

async fn two() -> Two {
    two_told(|config| vec![config.pharmacy.registration.clone()]).await
}

const TRANSFERS: &str = "/pharmacy/transfers";
const TAKE: &str = "step=take&between=pharmacists&database=own&standing=valid&mark=yes";

fn ask_form(number: &str) -> String {
    format!("step=ask&to={}&number={number}&last=sample&born=1961-05-17", cast::PHARMACY_NCPDP)
}

impl Two {
    /// A prescription here that was filled once and has three refills left.
    fn filled(&self, id: &str) -> PrescriptionNumber {
        let number = accepted(&self.here.place.house, id, &cast::ALPRAZOLAM, "3");
        dispensed(&self.here.place.house, &number, &cast::ALPRAZOLAM, &Wanted::Fill);
        number
    }

    /// The other pharmacy asks for it: the address of its page on both sides.
    async fn asked(&self, number: &str) -> String {
        let page = goes(&self.there.place, "/pharmacy/transfers/requests", "fern", &ask_form(number)).await;
        self.there.work();
        page.rsplit('/').next().expect("an address").to_owned()
    }

    /// Asked and sent.
    async fn sent(&self, number: &PrescriptionNumber) -> String {
        let address = self.asked(number.as_str()).await;
        goes(&self.here.place, &page(&address), "fern", "step=send").await;
        self.here.work();
        address
    }

    fn status(&self, number: &PrescriptionNumber) -> &'static str {
        self.here.place.house.dispensing_now(number).expect("a prescription").0.status().word()
    }

    fn refill_here(&self, number: &PrescriptionNumber) -> Result<(), String> {
        refill(&self.here.place.house, number)
    }

    fn clean(&self) {
        for node in [&self.here, &self.there] {
            node.place.house.store.rebuild().expect("rebuilt");
            assert!(node.place.house.store.check(&[]).expect("checked").is_clean());
        }
    }
}

fn refill(house: &House, number: &PrescriptionNumber) -> Result<(), String> {
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    house.dispense(&pharmacist(), number, &ndc, &Wanted::Refill).map(|_| ()).map_err(|fault| match fault {
        Fault::Refused(refusal) => refusal.code.to_string(),
        other => format!("{other:?}"),
    })
}

fn page(address: &str) -> String {
    format!("{TRANSFERS}/requests/{address}")
}

/// Requirements: epcs-1306.25-e, epcs-pre-8-5-transfer-void, pharm-transfer-two-pharmacists
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prescription_is_asked_for_sent_taken_in_and_confirmed_from_program_to_program() {
    let two = two().await;
    let (here, there) = (&two.here.place, &two.there.place);
    let number = two.filled("T-1");
    let list = seen(there, TRANSFERS).await;
    assert!(
        list.contains("Nobody asked for a prescription over SCRIPT yet") && list.contains("example-pharmacy (9999999)"),
        "{list}"
    );
    let requests = "/pharmacy/transfers/requests";
    let technician = there.ask("POST", requests, "tess", &ask_form(number.as_str())).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    refused(
        there,
        requests,
        &ask_form(number.as_str()).replace(cast::PHARMACY_NCPDP, "9999997"),
        "PHARM-TRANSFER-ROUTE",
    )
    .await;
    refused(there, requests, &ask_form(number.as_str()).replace("1961-05-17", ""), "FORM-FIELD").await;
    refused(there, requests, &ask_form("").replace("last=sample", "last="), "FORM-FIELD").await;
    let address = two.asked(number.as_str()).await;
    assert!(seen(there, TRANSFERS).await.contains("asked, not answered yet"));

    assert!(seen(here, "/pharmacy/counter").await.contains("1 transfer over SCRIPT waits for a pharmacist"));
    assert!(!seen(there, "/pharmacy/counter").await.contains("over SCRIPT"));
    let list = seen(here, TRANSFERS).await;
    assert!(list.contains("asked of us: answer it") && list.contains("Second Pharmacy (9999998)"), "{list}");
    let shown = seen(here, &page(&address)).await;
    let registration = elsewhere().pharmacy.registration;
    for words in ["Alprazolam", "Sample", "Refills that would go along", registration.as_str(), "Fern Farmer"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    let technician = here.ask("POST", &page(&address), "tess", "step=send").await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    refused(here, &page(&address), TAKE, "PHARM-TRANSFER-STEP").await;
    refused(here, &page(&address), "step=dance", "FORM-FIELD").await;
    goes(here, &page(&address), "fern", "step=send").await;

    // Sent, it waits: nobody dispenses it, and it is not void yet.
    assert_eq!((two.status(&number), two.refill_here(&number)), ("on-its-way", Err("PHARM-ON-ITS-WAY".to_owned())));
    refused(here, &page(&address), "step=send", "PHARM-TRANSFER-STEP").await;
    refused(here, &page(&address), "step=again", "PHARM-TRANSFER-UNDER-WAY").await;
    let record = format!("/pharmacy/records/{number}/transfer");
    let shown = seen(here, &record).await;
    assert!(shown.contains("Sent, and not confirmed yet") && !shown.contains("Transfer it to another"), "{shown}");
    assert!(seen(here, &format!("/pharmacy/prescriptions/{number}/fill")).await.contains("see its transfer"));
    assert!(!seen(here, "/pharmacy/counter").await.contains("over SCRIPT"));
    two.here.work();

    assert!(seen(there, "/pharmacy/counter").await.contains("1 transfer over SCRIPT waits for a pharmacist"));
    assert!(seen(there, TRANSFERS).await.contains("sent to us: take it in"));
    let technician = there.ask("POST", &page(&address), "tess", TAKE).await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    refused(
        there,
        &page(&address),
        "step=take&between=technicians&database=own&standing=valid&mark=yes",
        "LAW-1306.25-WHO",
    )
    .await;
    let new = goes(there, &page(&address), "fern", TAKE).await;
    let shown = seen(there, &new).await;
    for words in ["TRANSFER", "Example Pharmacy", "Fern Farmer", "Refills that remained"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    refused(there, &page(&address), TAKE, "PHARM-TRANSFER-STEP").await;
    assert_eq!(two.status(&number), "on-its-way", "until the word has come");
    two.there.work();
    assert_eq!((two.status(&number), two.refill_here(&number)), ("transferred", Err("PHARM-CLOSED".to_owned())));
    let shown = seen(here, &record).await;
    for words in ["VOID", "Second Pharmacy", "Fern Farmer", "Refills that went along"] {
        assert!(shown.contains(words), "{words}: {shown}");
    }
    assert!(seen(here, &page(&address)).await.contains("taken in there, void here"));
    assert_eq!(here.bytes(&format!("{record}/pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    assert!(!here.bytes(&format!("{record}/file"), "fern").await.is_empty());

    let new = PrescriptionNumber::parse(new.split('/').nth(3).expect("a number")).expect("a number");
    let arrived = there.house.dispensing_now(&new).expect("now").0;
    let before = here.house.dispensing_now(&number).expect("now").0;
    assert_eq!(arrived.received().contents, before.received().contents, "the original, unaltered");
    for _ in 0..3 {
        dispensed(&there.house, &new, &cast::ALPRAZOLAM, &Wanted::Refill);
        there.house.clock.advance(SignedDuration::from_hours(24 * 30));
    }
    assert_eq!(refill(&there.house, &new), Err("LAW-1306.22-COUNT".to_owned()), "three went along, and no fourth");

    // Whatever comes again changes nothing and is answered the same.
    let kept = |node: &Node| {
        node.place.house.store.stream(&format!("transfer-asked/{}", address.replacen('.', "/", 1))).expect("a stream")
    };
    let before = (kept(&two.here).len(), kept(&two.there).len());
    for _ in 0..2 {
        for (from, to, what) in [(&two.there, &two.here, "request"), (&two.there, &two.here, "confirm")] {
            let (status, answer) = brought(from, to, &from.wrote(&address, what));
            assert!(status == 200 && answer.contains("<Status>"), "{what}: {answer}");
        }
    }
    assert_eq!((kept(&two.here).len(), kept(&two.there).len()), before);
    for node in [&two.here, &two.there] {
        for entry in kept(node).iter().filter(|entry| entry.actor == "theriac") {
            assert_eq!(
                node.place.house.store.archive(entry.seq).expect("pieces").len(),
                1,
                "{} is archived",
                entry.kind
            );
        }
    }
    let list = seen(here, TRANSFERS).await;
    two.clean();
    assert_eq!(seen(here, TRANSFERS).await, list, "made again from the journal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_denied_not_found_not_taken_in_or_gone_stays_where_it_is_and_the_reason_is_read_there() {
    use crate::dispensary::asked_for::Step;
    let two = two().await;
    let (here, there) = (&two.here.place, &two.there.place);
    let number = two.filled("T-1");

    // Denied, in words.
    let address = two.asked(number.as_str()).await;
    refused(here, &page(&address), "step=deny&why=&words=", "FORM-FIELD").await;
    let long = format!("step=deny&why=CQ&words={}", "x".repeat(261));
    assert_eq!(here.ask("POST", &page(&address), "fern", &long).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(two.here.step(&address), Step::Came, "nothing half done");
    goes(here, &page(&address), "fern", "step=deny&why=CQ&words=the+patient+is+here").await;
    refused(here, &page(&address), "step=send", "PHARM-TRANSFER-STEP").await;
    two.here.work();
    let shown = seen(there, &page(&address)).await;
    assert!(shown.contains("call to discuss it: the patient is here") && shown.contains("they denied it"), "{shown}");
    refused(there, &page(&address), TAKE, "PHARM-TRANSFER-STEP").await;
    assert_eq!(two.status(&number), "filled");

    // Another number, another patient: nothing is told of what there is.
    for (asked, form) in
        [("RX999999", ask_form("RX999999")), (number.as_str(), ask_form(number.as_str()).replace("sample", "other"))]
    {
        let at = goes(there, "/pharmacy/transfers/requests", "fern", &form).await;
        two.there.work();
        let address = at.rsplit('/').next().expect("an address").to_owned();
        let shown = seen(here, &page(&address)).await;
        assert!(shown.contains("not found") && !shown.contains("Alprazolam"), "{asked}: {shown}");
        refused(here, &page(&address), "step=send", "PHARM-TRANSFER-UNKNOWN").await;
        goes(here, &page(&address), "fern", "step=deny&why=CS&words=").await;
        two.here.work();
        assert!(seen(there, &page(&address)).await.contains("no such prescription"));
    }

    // Not taken in there: free here.
    let address = two.sent(&number).await;
    assert_eq!(two.status(&number), "on-its-way");
    refused(there, &page(&address), "step=decline&why=", "PHARM-TEXT").await;
    goes(there, &page(&address), "fern", "step=decline&why=the+patient+came+back+to+you").await;
    assert_eq!(two.refill_here(&number), Err("PHARM-ON-ITS-WAY".to_owned()), "until the word has come");
    two.there.work();
    assert_eq!((two.status(&number), two.here.step(&address)), ("filled", Step::NotTaken));
    assert!(seen(here, &page(&address)).await.contains("the patient came back to you"));
    assert_eq!(
        here.get(&format!("/pharmacy/records/{number}/transfer/file"), "fern").await.status,
        StatusCode::NOT_FOUND
    );
    here.house.clock.advance(SignedDuration::from_hours(24 * 29));
    there.house.clock.advance(SignedDuration::from_hours(24 * 29));
    dispensed(&here.house, &number, &cast::ALPRAZOLAM, &Wanted::Refill);

    // Transferred once, it is gone for whoever asks again.
    let address = two.sent(&number).await;
    goes(there, &page(&address), "fern", TAKE).await;
    two.there.work();
    assert_eq!(two.status(&number), "transferred");
    let again = two.asked(number.as_str()).await;
    assert!(seen(here, &page(&again)).await.contains("It cannot be sent any more"));
    refused(here, &page(&again), "step=send", "PHARM-CLOSED").await;
    goes(here, &page(&again), "fern", "step=deny&why=CT&words=").await;
    two.here.work();
    assert!(seen(there, &page(&again)).await.contains("it was transferred already"));
    two.clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_word_that_is_lost_is_asked_for_again_and_a_second_answer_is_refused_and_archived() {
    use crate::dispensary::asked_for::Step;
    let two = two().await;
    let (here, there) = (&two.here.place, &two.there.place);
    let number = two.filled("T-1");
    let address = two.sent(&number).await;
    let answer = two.here.wrote(&address, "response");
    goes(there, &page(&address), "fern", TAKE).await;
    // The word is lost on its way: the job is done and nothing arrived.
    let job = there
        .house
        .store
        .due_jobs_but("none", i64::MAX, 10)
        .expect("jobs")
        .into_iter()
        .find(|job| job.kind == "transfer");
    there.house.give_up(&job.expect("the word"), "lost").expect("lost");
    two.there.work();
    assert_eq!((two.status(&number), two.here.step(&address)), ("on-its-way", Step::Sent));
    goes(here, &page(&address), "fern", "step=again").await;
    two.here.work();
    assert_eq!(two.there.step(&address), Step::Taken, "it is not taken in twice");
    two.there.work();
    assert_eq!((two.status(&number), two.here.step(&address)), ("transferred", Step::Confirmed));
    refused(here, &page(&address), "step=again", "PHARM-TRANSFER-STEP").await;
    assert_eq!(there.house.transfer_rows(10).expect("rows").len(), 1);

    // Another answer to the same request is refused, and kept as it came.
    let text = String::from_utf8(answer).expect("text");
    let other = text.replacen("Fern Farmer", "Someone Else", 1);
    assert_ne!(other, text);
    let before = there
        .house
        .store
        .stream(&format!("transfer-refused/{}", theriac_journal::hash::sha256(other.as_bytes()).to_hex()));
    assert!(before.expect("a stream").is_empty());
    let (status, told) = brought(&two.here, &two.there, other.as_bytes());
    assert!(status == 200 && told.contains("<Error>") && told.contains("PHARM-TRANSFER-ANSWERED"), "{told}");
    let kept = there
        .house
        .store
        .stream(&format!("transfer-refused/{}", theriac_journal::hash::sha256(other.as_bytes()).to_hex()))
        .expect("kept");
    assert_eq!(there.house.store.archive(kept[0].seq).expect("pieces")[0].bytes, other.as_bytes());
    // So is a request under a number that was used, and a word about nothing.
    let request = String::from_utf8(two.there.wrote(&address, "request")).expect("text");
    let (_, told) = brought(&two.there, &two.here, request.replacen("sample", "Other", 1).as_bytes());
    assert!(told.contains("PHARM-TRANSFER-NUMBER"), "{told}");
    let word = String::from_utf8(two.there.wrote(&address, "confirm")).expect("text");
    let asked = address.split('.').nth(1).expect("a number");
    let (_, told) = brought(&two.there, &two.here, word.replace(asked, "T-0").as_bytes());
    assert!(told.contains("PHARM-TRANSFER-STEP"), "{told}");
    let (_, told) = brought(&two.there, &two.here, word.replace("Fern Farmer", "").as_bytes());
    assert!(told.contains("WIRE-TRANSFER") && told.contains("ActingPharmacist"), "{told}");
    let (_, told) = brought(&two.there, &two.here, word.replacen("<NCPDPID>9999998", "<NCPDPID>9999996", 3).as_bytes());
    assert!(told.contains("SCRIPT-SENDER") || told.contains("PHARM-TRANSFER-PARTY"), "{told}");
    two.clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_partner_speaks_only_for_registrations_that_the_operator_names_and_nobody_else_gets_in() {
    use crate::dispensary::asked_for::Step;
    // Neither operator named the other's registration.
    let two = two_told(|_| Vec::new()).await;
    let number = two.filled("T-1");
    let address = two.asked(number.as_str()).await;
    assert_eq!(two.there.step(&address), Step::Failed);
    let shown = seen(&two.there.place, &page(&address)).await;
    assert!(shown.contains("does not speak for the registration") && shown.contains("Send it again"), "{shown}");
    assert!(seen(&two.here.place, TRANSFERS).await.contains("Nobody asked for a prescription over SCRIPT yet"));
    let request = two.there.wrote(&address, "request");
    let (status, told) = brought(&two.there, &two.here, &request);
    assert!(status == 200 && told.contains("SCRIPT-REGISTRATION"), "{told}");
    let stranger = own(two.here.place.dir.path(), "stranger");
    for shown in [None, Some(&stranger)] {
        let refused = tokio::task::block_in_place(|| post(two.here.at, manner(&two.here.own, shown), &request));
        assert!(refused.is_err(), "without the partner's certificate nothing is said");
    }
    let message = decode(&request).expect("a message");
    assert!(matches!(read(&message), Some(Ok(TransferMessage::Request(..)))));
    two.clean();

    // The holder's operator named it, the asker's did not: what is sent is refused there, and is free again here.
    let half = two_told(|config| match config.pharmacy.ncpdp.as_str() {
        THERE => vec![config.pharmacy.registration.clone()],
        _ => Vec::new(),
    })
    .await;
    let number = half.filled("T-1");
    let address = half.sent(&number).await;
    assert_eq!((half.status(&number), half.here.step(&address)), ("filled", Step::NotTaken));
    assert!(seen(&half.here.place, &page(&address)).await.contains("does not speak for the registration"));
    assert_eq!(half.there.step(&address), Step::Asked);
    half.clean();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_is_freed_by_a_pharmacist_on_the_others_word_and_then_goes_out_no_more() {
    use crate::dispensary::asked_for::Step;
    let two = two().await;
    let here = &two.here.place;
    let number = two.filled("T-1");
    let address = two.asked(number.as_str()).await;
    goes(here, &page(&address), "fern", "step=send").await;
    assert!(seen(here, &page(&address)).await.contains("not delivered yet"));
    refused(here, &page(&address), "step=free&who=&said=x", "PHARM-TEXT").await;
    refused(here, &page(&address), "step=free&who=Lee+Moreno&said=", "PHARM-TEXT").await;
    let technician = here.ask("POST", &page(&address), "tess", "step=free&who=Lee+Moreno&said=no").await;
    assert!(technician.text.contains("PHARM-NOT-A-PHARMACIST"), "{}", technician.text);
    goes(here, &page(&address), "fern", "step=free&who=Lee+Moreno&said=we+closed+for+the+day").await;
    two.here.work();
    assert_eq!((two.status(&number), two.here.step(&address)), ("filled", Step::Freed));
    assert_eq!(two.there.step(&address), Step::Asked, "it did not go out any more");
    assert!(seen(here, &page(&address)).await.contains("Lee Moreno says: we closed for the day"));
    refused(here, &page(&address), "step=free&who=Lee+Moreno&said=x", "PHARM-TRANSFER-STEP").await;

    // Freed too early: the other pharmacy took it in, and is told that it must not dispense.
    let address = two.sent(&number).await;
    let new = goes(&two.there.place, &page(&address), "fern", TAKE).await;
    goes(here, &page(&address), "fern", "step=free&who=Lee+Moreno&said=nothing+came").await;
    two.there.work();
    let shown = seen(&two.there.place, &page(&address)).await;
    assert!(shown.contains("Dispense nothing on it before you have spoken"), "{new}: {shown}");
    two.clean();
}

/// Requirements: epcs-pre-8-5-transfer-unfilled, pharm-transfer-once
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_law_or_the_policy_keeps_is_refused_when_it_is_to_be_sent_and_paper_needs_void() {
    let two = two().await;
    let here = &two.here.place;
    let unfilled = accepted(&here.house, "T-1", &cast::OXYCODONE, "0");
    let address = two.asked(unfilled.as_str()).await;
    refused(here, &page(&address), "step=send", "PHARM-TRANSFER-POLICY").await;
    let waiting = accepted(&here.house, "T-2", &cast::ALPRAZOLAM, "3");
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("an NDC");
    here.house.dispense(&pharmacist(), &waiting, &ndc, &Wanted::Fill).expect("filled");
    let address = two.asked(waiting.as_str()).await;
    refused(here, &page(&address), "step=send", "PHARM-WAITING").await;
    // Paper that came by transfer has been moved once: the law in force lets it move no more.
    listed(&here.house, &elsewhere().pharmacy.registration);
    let taken = goes(here, TRANSFERS, "fern", &by_hand(&[])).await;
    let number = taken.split('/').nth(3).expect("a number").to_owned();
    let address = two.asked(&number).await;
    let shown = seen(here, &page(&address)).await;
    assert!(shown.contains("VOID on the face of the original"), "{shown}");
    refused(here, &page(&address), "step=send&void=yes", "LAW-1306.25-ONCE").await;
    two.clean();
}

/// Requirements: epcs-1306.25-d-2
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_messages_name_both_pharmacies_and_both_pharmacists() {
    let two = two().await;
    let number = two.filled("T-1");
    let address = two.sent(&number).await;
    goes(&two.there.place, &page(&address), "fern", TAKE).await;
    let read_of = |node: &Node, what: &str| -> (Message, TransferMessage) {
        let message = decode(&node.wrote(&address, what)).expect("a message");
        let found = read(&message).expect("a transfer message").expect("whole");
        (message, found)
    };
    let (_, TransferMessage::Response(party, TransferAnswer::Sent(file))) = read_of(&two.here, "response") else {
        panic!("no response")
    };
    assert_eq!((party.pharmacist.as_str(), party.dea.as_str()), ("Fern Farmer", cast::pharmacy_number().as_str()));
    let content = theriac_pki::cms::verify_attached(&file, &[]).expect("sealed").content().to_vec();
    let sealed = String::from_utf8(content).expect("text");
    for words in ["first-dispensed", "refills-remaining", "earlier", number.as_str(), "Fern Farmer"] {
        assert!(sealed.contains(words), "{words}");
    }
    let (_, TransferMessage::Confirm(party, _)) = read_of(&two.there, "confirm") else { panic!("no word") };
    assert_eq!((party.name.as_str(), party.dea), ("Second Pharmacy", elsewhere().pharmacy.registration));
    assert!(TransferDenial::ALL.iter().all(|why| TransferDenial::of(why.code()) == Some(*why)));
}
