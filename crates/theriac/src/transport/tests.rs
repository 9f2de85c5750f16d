//! The outbox after a crash: what was delivered and not yet recorded is delivered again and stays one prescription.

pub(crate) mod network;

use crate::commands::deployment::demonstration;
use crate::demo::story::{Prescribed, contents};
use crate::demo::world::{self, PIN};
use crate::demo::{cast, world::Cast};
use crate::dispensary::Incoming;
use crate::house::House;
use crate::house::clock::Clock;
use crate::practice::Channel;
use crate::relaying::HouseRelay;
use crate::transport::Carrier;
use jiff::SignedDuration;
use theriac_model::Role;
use theriac_pki::SystemRole;
use theriac_pki::trust::Judge;
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Agreement;

fn signed(dir: &std::path::Path, id: &str) -> House {
    let config = demonstration();
    let begins = "2026-03-02T16:00:00Z".parse().expect("instant");
    let clock = Clock::told(crate::house::zone(&config).expect("zone"), begins);
    let house = House::found(dir, config, clock).expect("a deployment");
    let Cast { practitioner: token, .. } = world::populate(&house).expect("a world");
    let agent = world::actor(&cast::AGENT, Role::Agent);
    let practitioner = world::actor(&cast::PRACTITIONER, Role::Prescriber);
    let order = Prescribed {
        id,
        patient: &cast::PATIENTS[0],
        product: &cast::ALPRAZOLAM,
        quantity: "30",
        refills: "1",
        directions: "Take 1 tablet daily",
    };
    let number = cast::practitioner_number();
    let written = contents(&order, "2026-03-02", &cast::PRACTITIONER, number.as_str()).expect("contents");
    let routing =
        Routing { patient: "p-1".into(), practitioner: practitioner.id.clone(), pharmacy: cast::PHARMACY_NCPDP.into() };
    house.draft(&agent, id, routing, written).expect("drafted");
    house.mark_ready(&agent, id).expect("ready");
    house.review(&practitioner, id, Agreement::Agreed).expect("reviewed");
    house
        .sign(&practitioner, &[id], &token.registration, &token.credential, Channel::Electronic, |challenge| {
            token.answer(challenge, PIN)
        })
        .expect("signed");
    house
}

fn jobs(house: &House) -> usize {
    let far = house.clock.now().as_millisecond() + 3_600_000;
    house.store.due_jobs(far, 100).expect("jobs").len()
}

/// Requirements: epcs-1311.130-a, epcs-pre-10-send-once
#[test]
fn a_prescription_is_written_down_to_be_sent_with_its_signature_and_sent_once() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = signed(&dir.path().join("world"), "T-2");
    assert_eq!(jobs(&house), 1, "the job is there before anything was tried");

    // The program ends after the pharmacy took the message and before that was recorded here.
    let carried = HouseRelay(&house).carry(&house.signed_message("T-2").expect("archived")).expect("carried");
    house.receive(Incoming::whole(&carried.message).carried_with(carried.seal.as_deref())).expect("received");
    assert_eq!(house.prescription_now("T-2").expect("a prescription").0.stage(), "signed");

    let worked = house.work(&HouseRelay(&house)).expect("worked");
    assert_eq!(worked.delivered.len(), 1);
    house.clock.advance(SignedDuration::from_mins(2));
    house.work(&HouseRelay(&house)).expect("worked");
    assert_eq!(house.prescription_now("T-2").expect("a prescription").0.stage(), "accepted");
    let accepted = house.store.query("SELECT number FROM received WHERE verdict = 'accepted'", &[]).expect("rows");
    assert_eq!(accepted.len(), 1);
    assert_eq!(jobs(&house), 0);
    assert!(house.work(&HouseRelay(&house)).expect("worked").delivered.is_empty());
    assert!(house.store.check(&[]).expect("checked").is_clean());
}

/// Requirements: epcs-1311.160-b
#[test]
fn the_last_intermediarys_signature_comes_with_the_message_and_is_archived() {
    let dir = tempfile::tempdir().expect("a directory");
    let house = signed(&dir.path().join("world"), "T-3");
    house.work(&HouseRelay(&house)).expect("worked");
    let rows = house.store.query("SELECT seq FROM received", &[]).expect("rows");
    let pieces = house.store.archive(rows[0].u64(0).expect("an entry")).expect("archive");
    let [message, seal] = &pieces[..] else { panic!("the message and the relay's signature: {}", pieces.len()) };
    assert_ne!(message.bytes, house.signed_message("T-3").expect("sent"), "the relay gave it another layout");
    for (cms, role) in [(&seal.bytes, SystemRole::Relay), (&message.seal, SystemRole::Pharmacy)] {
        let trusted = house.keys.partners.verify_detached(cms, &message.bytes, Judge::WhenSigned).expect("it verifies");
        assert_eq!(SystemRole::of(trusted.verified().certificate()), Some(role));
    }
    let mut changed = message.bytes.clone();
    changed[0] ^= 1;
    assert!(house.keys.partners.verify_detached(&seal.bytes, &changed, Judge::WhenSigned).is_err());
}
