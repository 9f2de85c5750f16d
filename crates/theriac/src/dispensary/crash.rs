//! Terminals that die in the middle of filling: whatever moment their process is killed at, no tablet is dispensed twice,
//! nothing that was acknowledged is lost, and prescription, books and journal tell the same.
//!
//! The terminals are processes of this test program: the parent starts itself again with the deployment's directory in the
//! environment, and kills it.

use super::tests::{BEGINS, world_with};
use super::{Judged, Wanted};
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::Config;
use crate::house::record::Fault;
use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;
use theriac_books::{Account, Document, DocumentKind};
use theriac_model::Role;
use theriac_pharmacy::PrescriptionNumber;

/// Names the deployment of a terminal that is started.
const TERMINAL: &str = "THERIAC_TEST_TERMINAL";
/// Prescriptions that are filled; each is for 30 tablets and as many again.
const PRESCRIPTIONS: usize = 8;
const AUTHORISED: i64 = 60;
/// How often the terminals are killed before they may finish.
const KILLS: usize = 6;

/// A process with two terminals that fill every prescription and its refill, the same form again and again until it is told
/// that the filling is there. Alone, without a parent that names a deployment, it has nothing to do.
#[test]
fn a_terminal_of_the_crash_test() {
    let Some(dir) = std::env::var_os(TERMINAL) else { return };
    let at = BEGINS.parse().expect("an instant");
    let house = House::open(Path::new(&dir), |zone| Clock::told(zone, at), None).expect("the deployment");
    let numbers = numbers(&house);
    println!("\nbegun");
    thread::scope(|scope| {
        for turn in 0..2 {
            let (house, numbers) = (&house, &numbers);
            scope.spawn(move || {
                for n in 0..numbers.len() {
                    // One from the front, one from the back: they meet in the middle and go on over what the other did.
                    let number = &numbers[if turn == 0 { n } else { numbers.len() - 1 - n }];
                    fill_and_refill(house, number);
                }
            });
        }
    });
    println!("ended");
}

fn fill_and_refill(house: &House, number: &PrescriptionNumber) {
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    let ndc = world::ndc(&cast::ALPRAZOLAM).expect("NDC");
    for (no, wanted) in [(1, Wanted::Fill), (2, Wanted::Refill)] {
        let form = Judged { no: Some(no), ..Judged::default() };
        loop {
            match house.dispense_judged(&pharmacist, number, &ndc, &wanted, &form) {
                // The form is sent once more even so, as by a browser that saw no answer.
                Ok(done) => {
                    let mut out = std::io::stdout().lock();
                    writeln!(out, "filled {number} {}", done.filling.no).expect("the parent listens");
                    out.flush().expect("the parent listens");
                }
                Err(Fault::Conflict) => {}
                Err(Fault::Refused(refusal)) => {
                    assert_eq!(refusal.code.0, "PHARM-FILLING-TAKEN", "{refusal}");
                    break;
                }
                Err(Fault::Broken(why)) => panic!("{why}"),
            }
        }
    }
}

fn numbers(house: &House) -> Vec<PrescriptionNumber> {
    let rows = house.store.query("SELECT number FROM received WHERE verdict = 'accepted' ORDER BY seq", &[]);
    let rows = rows.expect("rows");
    rows.iter().map(|row| PrescriptionNumber::parse(row.text(0).expect("a number")).expect("a number")).collect()
}

/// What terminals said was done.
type Acknowledged = Arc<Mutex<BTreeSet<(String, u32)>>>;

struct Terminal {
    process: Child,
    listener: thread::JoinHandle<bool>,
}

/// Starts a terminal; answers when it has begun to fill.
fn start(dir: &Path, acknowledged: &Acknowledged) -> Terminal {
    let mut process = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "dispensary::crash::a_terminal_of_the_crash_test", "--nocapture", "--test-threads=1"])
        .env(TERMINAL, dir)
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("a terminal");
    let mut lines = BufReader::new(process.stdout.take().expect("its words")).lines();
    while let Some(Ok(line)) = lines.next() {
        if line == "begun" {
            break;
        }
    }
    let acknowledged = Arc::clone(acknowledged);
    let listener = thread::spawn(move || {
        let mut ended = false;
        for line in lines.map_while(Result::ok) {
            let mut words = line.split(' ');
            match (words.next(), words.next(), words.next().and_then(|no| no.parse().ok())) {
                (Some("filled"), Some(number), Some(no)) => {
                    let first = acknowledged.lock().expect("the list").insert((number.to_owned(), no));
                    assert!(first, "filling {no} of {number} was acknowledged twice");
                }
                (Some("ended"), ..) => ended = true,
                _ => {}
            }
        }
        ended
    });
    Terminal { process, listener }
}

/// A number below `below` that nobody knows before.
fn chance(below: u64) -> u64 {
    RandomState::new().build_hasher().finish() % below
}

/// Books, record and journal agree; what was acknowledged is there. Answers the tablets dispensed.
fn agrees(dir: &Path, acknowledged: &Acknowledged, shelf: i64) -> i64 {
    let at = BEGINS.parse().expect("an instant");
    let house = House::open(dir, |zone| Clock::told(zone, at), None).expect("opens after the crash");
    let mut dispensed = 0;
    let mut recorded = BTreeSet::new();
    for number in numbers(&house) {
        let (prescription, _) = house.dispensing_now(&number).expect("a prescription");
        assert!(prescription.dispensed() <= AUTHORISED, "{number}: {} tablets", prescription.dispensed());
        dispensed += prescription.dispensed();
        recorded.extend(prescription.fillings().iter().map(|filling| (number.to_string(), filling.no)));
    }
    let acknowledged = acknowledged.lock().expect("the list").clone();
    assert!(acknowledged.is_subset(&recorded), "{acknowledged:?} and {recorded:?}");
    let commodity = house.commodity(&world::ndc(&cast::ALPRAZOLAM).expect("NDC")).expect("listed");
    let stock = house.stock_now(&commodity).expect("stock").0;
    assert_eq!(stock.balance(&Account::WillCall), dispensed, "the books say what the records say");
    assert_eq!(stock.balance(&Account::Shelf), shelf - dispensed);
    let report = house.store.check(&[]).expect("checked");
    assert!(report.is_clean(), "{report:?}");
    dispensed
}

fn killed_at_random(config: Config) {
    let dir = tempfile::tempdir().expect("a directory");
    let dir = dir.path().join("world");
    let (house, numbers) = world_with(&dir, config, PRESCRIPTIONS);
    world::deliver(&house, &cast::ALPRAZOLAM, 5, Document::new(DocumentKind::Invoice, "INV-C")).expect("delivered");
    let commodity = house.commodity(&world::ndc(&cast::ALPRAZOLAM).expect("NDC")).expect("listed");
    let shelf = house.stock_now(&commodity).expect("stock").0.balance(&Account::Shelf);
    assert_eq!(numbers.len(), PRESCRIPTIONS);
    drop(house);

    let acknowledged = Acknowledged::default();
    let mut cut_short = 0;
    for _ in 0..KILLS {
        let terminals = [start(&dir, &acknowledged), start(&dir, &acknowledged)];
        for mut terminal in terminals {
            thread::sleep(Duration::from_millis(chance(120)));
            terminal.process.kill().expect("killed");
            terminal.process.wait().expect("gone");
            cut_short += usize::from(!terminal.listener.join().expect("heard"));
        }
        agrees(&dir, &acknowledged, shelf);
    }
    assert!(cut_short > 0, "every terminal was done before it was killed");

    let terminals = [start(&dir, &acknowledged), start(&dir, &acknowledged)];
    for mut terminal in terminals {
        assert!(terminal.process.wait().expect("ended").success());
        assert!(terminal.listener.join().expect("heard"), "a terminal came to its end");
    }
    let all = AUTHORISED * i64::try_from(PRESCRIPTIONS).expect("few");
    assert_eq!(agrees(&dir, &acknowledged, shelf), all, "everything authorised, and not a tablet more");
}

/// Two processes with two terminals each fill the same prescriptions by the same forms and are killed at random moments.
#[test]
fn terminals_killed_at_any_moment_dispense_no_tablet_twice_and_lose_no_filling() {
    killed_at_random(demonstration());
}

/// The same on PostgreSQL; `scripts/with-postgres` starts a server and names it.
#[test]
fn terminals_killed_at_any_moment_dispense_no_tablet_twice_on_postgresql() {
    let Ok(server) = std::env::var("THERIAC_TEST_POSTGRES") else {
        assert!(
            std::env::var("THERIAC_REQUIRE_POSTGRES").as_deref() != Ok("1"),
            "THERIAC_REQUIRE_POSTGRES=1, but THERIAC_TEST_POSTGRES names no server"
        );
        println!("skipped: THERIAC_TEST_POSTGRES names no PostgreSQL server");
        return;
    };
    let schema = format!("crash_{}", std::process::id());
    let made = Command::new("psql").args([&server, "-qc", &format!("CREATE SCHEMA {schema}")]).status();
    assert!(made.expect("psql runs").success());
    let separator = if server.contains('?') { '&' } else { '?' };
    let store = format!("{server}{separator}options=-csearch_path%3D{schema}");
    killed_at_random(Config { store, ..demonstration() });
}
