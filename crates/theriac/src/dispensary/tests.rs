//! Two terminals at one prescription: whatever the order of events, no unit is dispensed twice.

use super::{Incoming, Verdict, Wanted};
use crate::commands::deployment::demonstration;
use crate::demo::story::{Prescribed, contents};
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::Config;
use crate::house::record::Fault;
use crate::practice::prescription_stream;
use std::sync::Barrier;
use theriac_model::{Actor, Element, Role};
use theriac_pharmacy::PrescriptionNumber;
use theriac_prescriber::event::Routing;
use theriac_wire::script::SignatureGroup;

/// When these worlds begin.
pub(super) const BEGINS: &str = "2026-03-02T16:00:00Z";

/// A world with its stock, and accepted prescriptions for 30 tablets with one refill each.
pub(super) fn world_with(dir: &std::path::Path, config: Config, count: usize) -> (House, Vec<PrescriptionNumber>) {
    let begins = BEGINS.parse().expect("instant");
    let clock = Clock::told(crate::house::zone(&config).expect("zone"), begins);
    let house = House::found(dir, config, clock).expect("a deployment");
    world::populate(&house).expect("a world");
    let numbers = (1..=count).map(|n| {
        let message = message_of(&house, &format!("T-{n}"));
        let arrival = house.receive(Incoming::whole(&message)).expect("received");
        let Verdict::Accepted { number } = arrival.verdict else { panic!("accepted") };
        number
    });
    let numbers = numbers.collect();
    (house, numbers)
}

/// A signed prescription for 30 tablets with one refill, as it reaches the pharmacy.
pub(super) fn message_of(house: &House, id: &str) -> Vec<u8> {
    let order = Prescribed {
        id,
        patient: &cast::PATIENTS[0],
        product: &cast::ALPRAZOLAM,
        quantity: "30",
        refills: "1",
        directions: "Take 1 tablet daily",
    };
    let number = cast::practitioner_number();
    let mut written = contents(&order, "2026-03-02", &cast::PRACTITIONER, number.as_str()).expect("contents");
    written.set(Element::SignedAt, BEGINS).expect("an instant");
    let bytes = written.to_bytes();
    let cms = house.keys.prescriber.sign_contents(&bytes, house.clock.now()).expect("signed");
    let digest = theriac_journal::hash::sha256(&bytes);
    let group = SignatureGroup::new(&digest.0, &cms, house.keys.prescriber.certificate().der());
    let routing =
        Routing { patient: "p-1".into(), practitioner: "brook".into(), pharmacy: cast::PHARMACY_NCPDP.into() };
    house.compose(id, &written, &routing, group).expect("a message")
}

/// The same with one prescription.
fn world_with_one(dir: &std::path::Path) -> (House, PrescriptionNumber) {
    let (house, mut numbers) = world_with(dir, demonstration(), 1);
    (house, numbers.remove(0))
}

/// Tries until nobody else was first; the outcome is then the rules'.
fn insist(house: &House, actor: &Actor, number: &PrescriptionNumber, wanted: &Wanted) -> Result<(), String> {
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("NDC");
    loop {
        match house.dispense(actor, number, &ndc, wanted) {
            Ok(_) => return Ok(()),
            Err(Fault::Conflict) => {}
            Err(Fault::Refused(refusal)) => return Err(refusal.code.to_string()),
            Err(Fault::Broken(why)) => panic!("{why}"),
        }
    }
}

/// Requirements: epcs-pre-10-send-once
#[test]
fn eight_terminals_dispense_what_is_authorised_and_not_a_tablet_more() {
    let dir = tempfile::tempdir().expect("a directory");
    let (house, number) = world_with_one(&dir.path().join("world"));
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    let commodity = house.commodity(&world::ndc(&cast::ALPRAZOLAM).expect("NDC")).expect("listed");
    let shelf = house.stock_now(&commodity).expect("stock").0.on_hand();
    for (wanted, refused) in [(Wanted::Fill, "PHARM-FILLED"), (Wanted::Refill, "LAW-1306.22-COUNT")] {
        let together = Barrier::new(8);
        let outcomes: Vec<Result<(), String>> = std::thread::scope(|scope| {
            let terminals: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        together.wait();
                        insist(&house, &pharmacist, &number, &wanted)
                    })
                })
                .collect();
            terminals.into_iter().map(|terminal| terminal.join().expect("a terminal")).collect()
        });
        assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
        assert!(
            outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|code| code == refused),
            "{outcomes:?}"
        );
    }
    let (prescription, _) = house.dispensing_now(&number).expect("a prescription");
    assert_eq!(prescription.dispensed(), 60);
    let stock = house.stock_now(&commodity).expect("stock").0;
    assert_eq!(stock.balance(&theriac_books::Account::Shelf), shelf - 60);
    assert_eq!(stock.balance(&theriac_books::Account::WillCall), 60);
    assert!(house.store.check(&[]).expect("checked").is_clean());

    // The same message again, from sixteen senders at once, stays one prescription.
    let message = house.store.archive(first_arrival(&house)).expect("archive").remove(0).bytes;
    let rejected = std::thread::scope(|scope| {
        let senders: Vec<_> =
            (0..16).map(|_| scope.spawn(|| house.receive(Incoming::whole(&message)).expect("received"))).collect();
        let verdicts = senders.into_iter().map(|sender| sender.join().expect("a sender").verdict);
        verdicts.filter(|verdict| matches!(verdict, Verdict::Rejected { .. })).count()
    });
    assert_eq!(rejected, 16);
    assert!(house.store.stream(&prescription_stream("T-1")).expect("a stream").is_empty());
}

fn first_arrival(house: &House) -> u64 {
    let rows = house.store.query("SELECT seq FROM received ORDER BY seq LIMIT 1", &[]).expect("rows");
    rows[0].u64(0).expect("a number")
}

/// The practitioner withdraws what was not dispensed; after a filling the withdrawal is refused and recorded.
#[test]
fn a_withdrawal_ends_what_was_not_dispensed_and_is_refused_after_a_filling() {
    use theriac_wire::script::compose::{Envelope, Order, Purpose, Traffic, compose};
    use theriac_wire::script::{Party, decode, encode, to_contents};
    let dir = tempfile::tempdir().expect("a directory");
    let (house, number) = world_with_one(&dir.path().join("world"));
    let message = house.store.archive(first_arrival(&house)).expect("archive").remove(0).bytes;
    let prescribed = to_contents(&decode(&message).expect("a message")).contents;
    let withdrawal = |id: &str, sender: &str| {
        let envelope = Envelope {
            to: Party::pharmacy(cast::PHARMACY_NCPDP),
            from: Party::prescriber(sender),
            message_id: id.to_owned(),
            relates_to: Some("N-T-1".to_owned()),
            sent_time: house.clock.now(),
            software: crate::practice::software(),
            order_number: Some("T-1".to_owned()),
            rx_reference: None,
            traffic: Traffic::Test,
            order: Order::default(),
        };
        encode(&compose(&Purpose::CancelRx, &prescribed, &envelope).expect("a withdrawal"))
    };
    let received = |bytes: &[u8]| house.receive(Incoming::whole(bytes)).expect("received").verdict;
    let codes = |verdict: Verdict| match verdict {
        Verdict::Rejected { refusals } => refusals.iter().map(|refusal| refusal.code.0).collect::<Vec<_>>(),
        Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => Vec::new(),
    };

    let strangers = codes(received(&withdrawal("W-1", "9999000000024")));
    assert_eq!(strangers.first(), Some(&"WIRE-NOT-A-PRESCRIPTION"), "another sender's order is not known");
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    insist(&house, &pharmacist, &number, &Wanted::Fill).expect("filled");
    assert_eq!(codes(received(&withdrawal("W-2", cast::PRACTICE_ID))), ["PHARM-DISPENSED"]);
    assert_eq!(house.dispensing_now(&number).expect("a prescription").0.attempts().len(), 1);

    let (house, number) = world_with_one(&dir.path().join("another"));
    let verdict = house.receive(Incoming::whole(&withdrawal("W-3", cast::PRACTICE_ID))).expect("received").verdict;
    assert!(matches!(verdict, Verdict::Cancelled { number: cancelled } if cancelled == number));
    assert_eq!(insist(&house, &pharmacist, &number, &Wanted::Fill), Err("PHARM-CLOSED".to_owned()));
    assert_eq!(
        codes(house.receive(Incoming::whole(&withdrawal("W-4", cast::PRACTICE_ID))).expect("received").verdict),
        ["PHARM-CLOSED"]
    );
    assert!(house.store.check(&[]).expect("checked").is_clean());
}
