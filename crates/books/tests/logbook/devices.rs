//! Machines and emergency kits at care homes.

use crate::world::*;
use theriac_books::devices::{
    Allowed, Breach, ChangedFrom, Dose, EmergencyKit, KitDesign, KitEvent, KitUse, Load, Machine, MachineEvent,
    MachineSetup, Setting, of_registration,
};
use theriac_books::{
    Account, Amount, Commodity, Document, DocumentKind, Movement, MovementKind, Name, Product, Stock, StockUnit,
};
use theriac_model::Schedule;

read_back!(stored_machine, MachineEvent);
read_back!(stored_kit, KitEvent);

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn product(code: &str, called: &str) -> Product {
    Product {
        commodity: Commodity { registration: dea("FT1234563"), ndc: ndc(code), unit: StockUnit::Piece },
        schedule: Schedule::IV,
        name: called.to_owned(),
        form: "Tablet".to_owned(),
        strength: "1 mg".to_owned(),
        other_strength: None,
        per_container: Amount::new(100).expect("an amount"),
    }
}

fn lorazepam() -> Product {
    product("00591024001", "Lorazepam")
}

fn zolpidem() -> Product {
    product("13668000801", "Zolpidem")
}

fn setup(machine: &str, registration: &str) -> MachineSetup {
    MachineSetup {
        name: name(machine),
        facility: "Willow Home".to_owned(),
        pharmacy: dea("FT1234563"),
        contacted: Some("2026-01-05, registration section".to_owned()),
        registration: Some(dea(registration)),
        until: Some(day("2028-12-31")),
    }
}

fn set_up(setup: MachineSetup) -> Vec<MachineEvent> {
    vec![MachineEvent::SetUp { setup, by: pharmacist(), at: nine("2026-01-05") }]
}

fn machine(events: &[MachineEvent]) -> Machine {
    Machine::replay(&stored_machine(events)).expect("a machine")
}

fn load(bin: &str, product: Product, units: u64) -> Load {
    Load { bin: name(bin), product, units, sheet: "LS-1".to_owned() }
}

/// In operation, nurse Kim may use it, bin a1 holds 100 lorazepam.
fn loaded() -> Vec<MachineEvent> {
    let mut events = set_up(setup("willow-1", "FT1234563"));
    events.extend(machine(&events).activate(&strictest(), pharmacist(), nine("2026-02-01")).expect("activated"));
    events.push(MachineEvent::UserGranted { user: "kim".to_owned(), by: pharmacist(), at: nine("2026-02-01") });
    let full = load("a1", lorazepam(), 100);
    events.extend(machine(&events).load(&strictest(), full, pharmacist(), nine("2026-03-01")).expect("loaded"));
    events
}

fn dose(units: u64) -> Dose {
    Dose {
        patient: "P-17".to_owned(),
        prescription: "RX200001".to_owned(),
        bin: name("a1"),
        units,
        user: "kim".to_owned(),
    }
}

/// Requirements: pharm-ads-registration-instructions
#[test]
fn a_machine_is_activated_after_contact_and_registration() {
    let activate = |spoil: &dyn Fn(&mut MachineSetup), on: &str| {
        let mut setup = setup("willow-1", "FT1234563");
        spoil(&mut setup);
        machine(&set_up(setup)).activate(&strictest(), pharmacist(), nine(on)).map_err(|refusal| refusal.code.0)
    };
    assert!(activate(&|_| {}, "2028-12-31").is_ok());
    let refused = |spoil: &dyn Fn(&mut MachineSetup), on| assert!(activate(spoil, on).is_err());
    refused(&|setup| setup.contacted = None, "2026-02-01");
    refused(&|setup| setup.registration = None, "2026-02-01");
    refused(&|_| {}, "2029-01-01");
    let on_record = machine(&set_up(setup("willow-1", "FT1234563")));
    let setup = on_record.setup();
    assert_eq!(
        (setup.contacted.as_deref(), setup.registration, setup.until),
        (Some("2026-01-05, registration section"), Some(dea("FT1234563")), Some(day("2028-12-31")))
    );
    let idle = on_record.load(&strictest(), load("a1", lorazepam(), 1), pharmacist(), nine("2026-02-01"));
    crate::world::refused(idle, "BOOKS-MACHINE-OFF");
}

/// Requirements: pharm-ads-bins
#[test]
fn each_product_has_its_own_bin_and_balance() {
    let mut events = loaded();
    let state = machine(&events);
    let put =
        |bin, product, units| state.load(&strictest(), load(bin, product, units), pharmacist(), nine("2026-03-02"));
    refused(put("a1", zolpidem(), 10), "LAW-1301.27-BINS");
    events.extend(put("a2", zolpidem(), 50).expect("loaded"));
    let state = machine(&events);
    assert_eq!(state.bin(&name("a1")).map(|(product, units)| (product.name.as_str(), units)), Some(("Lorazepam", 100)));
    assert_eq!(state.bin(&name("a2")).map(|(product, units)| (product.name.as_str(), units)), Some(("Zolpidem", 50)));
    refused(put("a1", lorazepam(), 0), "BOOKS-MACHINE-NOTHING");
    let mut foreign = lorazepam();
    foreign.commodity.registration = dea("BT1234563");
    refused(put("a1", foreign, 1), "BOOKS-MACHINE-REGISTRATION");
}

/// Requirements: pharm-ads-authorised-staff
#[test]
fn a_revoked_user_gets_nothing_and_the_attempt_is_recorded() {
    let mut events = loaded();
    assert!(machine(&events).release(&strictest(), &dose(1), 1, nine("2026-03-02")).is_ok());
    events.push(MachineEvent::UserRevoked { user: "kim".to_owned(), by: pharmacist(), at: nine("2026-03-02") });
    let denied = machine(&events).release(&strictest(), &dose(1), 1, nine("2026-03-03")).expect_err("refused");
    assert_eq!(denied.refusal.code.0, "LAW-1301.27-USER");
    let stored = stored_machine(&[(*denied.event).clone()]);
    let [MachineEvent::Denied { dose: asked, code, .. }] = stored.as_slice() else { panic!("{stored:?}") };
    assert_eq!((asked.user.as_str(), code.as_str()), ("kim", "LAW-1301.27-USER"));
    events.extend(stored);
    assert_eq!(machine(&events).bin(&name("a1")).map(|(_, units)| units), Some(100));
}

/// Requirements: pharm-ads-remote-control
#[test]
fn the_pharmacy_takes_a_drug_out_of_use_at_once_and_nobody_changes_a_setting_at_the_machine() {
    let mut events = loaded();
    let set = |events: &[MachineEvent], setting, from| {
        machine(events).configure(&strictest(), setting, from, nine("2026-03-02"))
    };
    let off = |reason: &str| Setting::Disabled { ndc: lorazepam().commodity.ndc, reason: reason.to_owned() };
    let on = || Setting::Enabled { ndc: lorazepam().commodity.ndc };
    let pharmacy = || ChangedFrom::Pharmacy(pharmacist());
    let denied = |events: &[MachineEvent], setting, from, code: &str| {
        let denied = set(events, setting, from).expect_err("refused");
        assert_eq!(denied.refusal.code.0, code);
        let stored = stored_machine(&[*denied.event]);
        let [MachineEvent::ChangeDenied { setting, user, code: kept, .. }] = stored.as_slice() else {
            panic!("{stored:?}")
        };
        assert_eq!(kept, code);
        (setting.clone(), user.clone())
    };
    for setting in [off("recall"), on()] {
        let words = setting.in_words();
        let by_kim = denied(&events, setting, ChangedFrom::Machine("kim".to_owned()), "LAW-1301.27-REMOTE");
        assert_eq!(by_kim, (words, "kim".to_owned()));
    }
    denied(&events, on(), pharmacy(), "BOOKS-MACHINE-DRUG");
    denied(&events, off(" "), pharmacy(), "BOOKS-MACHINE-NOTHING");
    let other = Setting::Disabled { ndc: zolpidem().commodity.ndc, reason: "recall".to_owned() };
    denied(&events, other, pharmacy(), "BOOKS-MACHINE-DRUG");
    denied(&set_up(setup("willow-1", "FT1234563")), off("recall"), pharmacy(), "BOOKS-MACHINE-OFF");

    events.extend(stored_machine(&set(&events, off("recall"), pharmacy()).expect("out of use")));
    let kept: Vec<_> = machine(&events).disabled().map(|(ndc, why)| (ndc.clone(), why.to_owned())).collect();
    assert_eq!(kept, [(lorazepam().commodity.ndc, "recall".to_owned())]);
    denied(&events, off("again"), pharmacy(), "BOOKS-MACHINE-DRUG");
    let refused = machine(&events).release(&strictest(), &dose(1), 1, nine("2026-03-02")).expect_err("refused");
    assert_eq!(refused.refusal.code.0, "LAW-1301.27-DISABLED");
    denied(&events, on(), ChangedFrom::Machine("kim".to_owned()), "LAW-1301.27-REMOTE");

    // Another drug of the machine is released still; the one out of use is again once the pharmacy says so.
    let second = load("a2", zolpidem(), 50);
    events.extend(machine(&events).load(&strictest(), second, pharmacist(), nine("2026-03-02")).expect("loaded"));
    let of_second = Dose { bin: name("a2"), ..dose(1) };
    assert!(machine(&events).release(&strictest(), &of_second, 1, nine("2026-03-02")).is_ok());
    events.extend(stored_machine(&set(&events, on(), pharmacy()).expect("in use again")));
    assert!(machine(&events).release(&strictest(), &dose(1), 1, nine("2026-03-02")).is_ok());
}

/// Requirements: pharm-ads-dispensing-record, pharm-ads-counts-as-stock
#[test]
fn a_release_is_a_record_of_the_pharmacy_and_the_rest_stays_its_stock() {
    let mut events = loaded();
    let state = machine(&events);
    for (doses, units, code) in [(2, 1, "LAW-1301.27-SINGLE"), (1, 101, "BOOKS-MACHINE-EMPTY")] {
        let denied = state.release(&strictest(), &dose(units), doses, nine("2026-03-02")).expect_err("refused");
        assert_eq!(denied.refusal.code.0, code);
        let held = "bin a1 holds 100 dosage units, and 101 dosage units are asked for";
        assert_eq!(denied.refusal.what == held, code == "BOOKS-MACHINE-EMPTY", "{}", denied.refusal.what);
    }
    let released = state.release(&strictest(), &dose(1), 1, at("2026-03-02T21:05:00")).expect("released");
    events.extend(released.clone());
    let after = machine(&events);
    let [(taken, what, when)] = after.doses() else { panic!("one dose") };
    assert_eq!((taken.patient.as_str(), taken.prescription.as_str()), ("P-17", "RX200001"));
    assert_eq!((what.name.as_str(), taken.units, taken.user.as_str()), ("Lorazepam", 1, "kim"));
    assert_eq!(when.to_string(), "2026-03-02T21:05:00-05:00");

    let received = Movement::new(
        (lorazepam().commodity, Schedule::IV),
        MovementKind::Receipt,
        (Account::Source(dea("RT1234563")), Account::Shelf),
        Amount::new(500).expect("an amount"),
        (nine("2026-02-01").timestamp, Document::new(DocumentKind::Invoice, "INV-1")),
        vec![pharmacist()],
    );
    let mut stock = Stock::new(lorazepam().commodity);
    let post = |stock: &mut Stock, movement: &Movement| {
        for event in stock.post(movement, nine("2026-03-03").timestamp).expect("posted") {
            stock.apply(&event).expect("consistent");
        }
    };
    post(&mut stock, &received);
    let loading = events.iter().find(|event| matches!(event, MachineEvent::Loaded { .. })).expect("loaded");
    post(&mut stock, &state.movement(loading, &pharmacist()).expect("a movement").expect("moves"));
    let inside = Account::Machine(name("willow-1"));
    assert_eq!((stock.on_hand(), stock.balance(&inside)), (500, 100));
    let release = state.movement(released.first().expect("released"), &pharmacist()).expect("a movement");
    post(&mut stock, &release.expect("moves"));
    assert_eq!((stock.on_hand(), stock.balance(&inside), stock.balance(&Account::Patient)), (499, 99, 1));
}

/// Requirements: pharm-ads-records-place
#[test]
fn the_records_of_one_machine_are_separable_by_its_registration() {
    let machines = [machine(&set_up(setup("willow-1", "FT1234563"))), machine(&set_up(setup("oak-1", "BT1234563")))];
    let found: Vec<&str> =
        of_registration(&machines, dea("BT1234563")).map(|machine| machine.setup().name.as_str()).collect();
    assert_eq!(found, ["oak-1"]);
}

fn design() -> KitDesign {
    KitDesign {
        name: name("willow-kit"),
        facility: "Willow Home".to_owned(),
        approval: "State agency, 2026-01-02".to_owned(),
        list: vec![Allowed { product: lorazepam(), most: 10 }],
        access: vec!["kim".to_owned(), "jo".to_owned()],
        safeguards: "sealed box in the locked medication room".to_owned(),
        count_days: 30,
        prohibited: vec!["use without a practitioner's order".to_owned()],
    }
}

fn kit(events: &[KitEvent]) -> EmergencyKit {
    EmergencyKit::replay(&stored_kit(events)).expect("a kit")
}

fn designed() -> Vec<KitEvent> {
    vec![KitEvent::Designed { design: design(), by: pharmacist(), at: nine("2026-03-01") }]
}

fn stocked(units: u64) -> Vec<KitEvent> {
    let mut events = designed();
    let put = (&lorazepam().commodity.ndc, units);
    let more = kit(&events).stock(&strictest(), put, "K-1", (pharmacist(), nine("2026-03-01")));
    events.extend(more.expect("stocked"));
    events
}

fn used(units: u64) -> KitUse {
    KitUse {
        condition: "chest pain".to_owned(),
        ndc: lorazepam().commodity.ndc,
        units,
        patient: "P-17".to_owned(),
        authorised_by: "Dr Hale".to_owned(),
        user: "kim".to_owned(),
        record: "K-2".to_owned(),
    }
}

/// Requirements: pharm-kit-security-and-limits
#[test]
fn a_kit_holds_what_its_list_says_and_listed_people_open_it() {
    let state = kit(&stocked(6));
    let put =
        |code: &str, units| state.stock(&strictest(), (&ndc(code), units), "K-3", (pharmacist(), nine("2026-03-02")));
    assert!(put("00591024001", 4).is_ok());
    let over = put("00591024001", 5).expect_err("beyond the quantity");
    let other = put("13668000801", 1).expect_err("beyond the list");
    assert_eq!((over.code, over.code.0.starts_with("LAW-")), (other.code, true));
    assert_eq!(state.design().access, ["kim", "jo"]);
    assert!(!state.design().safeguards.is_empty());
    let stranger = KitUse { user: "sam".to_owned(), ..used(1) };
    refused(state.take(&strictest(), stranger, nine("2026-03-02")), "BOOKS-KIT-ACCESS");
    assert!(state.take(&strictest(), KitUse { authorised_by: String::new(), ..used(1) }, nine("2026-03-02")).is_err());
}

/// Requirements: pharm-kit-accountability
#[test]
fn what_is_in_a_kit_is_what_was_put_in_less_what_was_used_and_counts_are_periodic() {
    let mut events = stocked(6);
    let code = lorazepam().commodity.ndc;
    refused(kit(&events).take(&strictest(), used(7), nine("2026-03-02")), "BOOKS-MACHINE-EMPTY");
    events.extend(kit(&events).take(&strictest(), used(2), nine("2026-03-02")).expect("used"));
    let state = kit(&events);
    assert_eq!((state.stocked(&code), state.balance(&code), state.used().len()), (6, 4, 1));
    assert_eq!(state.variance(&code), None);
    assert!(state.overdue(day("2026-03-31")).is_empty());
    assert_eq!(state.overdue(day("2026-04-01")), [&code]);
    let at = nine("2026-04-01");
    events.push(KitEvent::Counted { ndc: code.clone(), found: 3, by: pharmacist(), at });
    let state = kit(&events);
    assert_eq!(state.variance(&code), Some(-1));
    assert!(state.overdue(day("2026-05-01")).is_empty());
    assert_eq!(state.overdue(day("2026-05-02")), [&code]);
    let movement = state.movement(events.last().expect("a count"), &pharmacist()).expect("none");
    assert!(movement.is_none());
    let use_event = events.iter().find(|event| matches!(event, KitEvent::Used { .. })).expect("used");
    let movement = state.movement(use_event, &pharmacist()).expect("a movement").expect("moves");
    assert_eq!((movement.from, movement.to), (Account::Kit(name("willow-kit")), Account::Administered));
}

/// Requirements: pharm-kit-prohibited-activities
#[test]
fn a_breach_suspends_a_kit_until_somebody_lifts_it() {
    let mut events = stocked(6);
    refused(kit(&events).reinstate("no reason", pharmacist(), nine("2026-03-02")), "BOOKS-KIT-RELEASE");
    let activity = design().prohibited.first().expect("one").clone();
    let breach = Breach { activity, found: "two tablets without an order".to_owned() };
    events.push(KitEvent::Breached { breach: breach.clone(), by: pharmacist(), at: nine("2026-03-03") });
    let state = kit(&events);
    assert_eq!(state.breaches(), [breach]);
    assert!(state.take(&strictest(), used(1), nine("2026-03-04")).is_err());
    let put = (&lorazepam().commodity.ndc, 1);
    assert!(state.stock(&strictest(), put, "K-4", (pharmacist(), nine("2026-03-04"))).is_err());
    refused(state.reinstate(" ", pharmacist(), nine("2026-03-05")), "BOOKS-KIT-RELEASE");
    events.extend(state.reinstate("staff retrained", pharmacist(), nine("2026-03-05")).expect("lifted"));
    assert!(kit(&events).take(&strictest(), used(1), nine("2026-03-06")).is_ok());
}
