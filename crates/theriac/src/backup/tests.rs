//! Copies of a real demonstration house, at second sites that work, fail, lie and vanish.

#![allow(clippy::unwrap_used)]

mod objects;

use super::names;
use super::restore::{drill, house_files, rebuild, refill};
use super::run::Copied;
use super::site::{Site, folder};
use crate::demo::cast;
use crate::demo::world::{self, populate};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{BackupConfig, Config};
use crate::house::record::Fault;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use tempfile::TempDir;
use theriac_journal::verify_evidence;
use theriac_model::Role;
use theriac_pki::backup::BackupKey;
use theriac_prescriber::notice::Subject;

/// A house with records, a second site for it, and the key that opens the copies.
struct Kept {
    house: House,
    key: BackupKey,
    dir: TempDir,
}

fn config(dir: &Path, key: &BackupKey) -> Config {
    let mut config = crate::commands::deployment::demonstration();
    config.backup = Some(BackupConfig {
        recipient: key.recipient().to_text(),
        here: "1 Main Street, Phoenix AZ 85001".to_owned(),
        there: "8 Canyon Road, Flagstaff AZ 86001".to_owned(),
        directory: Some(dir.join("far")),
        same_machine: true,
        bucket: None,
    });
    config
}

fn kept() -> Kept {
    let (dir, key) = (tempfile::tempdir().unwrap(), BackupKey::generate().unwrap());
    let config = config(dir.path(), &key);
    std::fs::create_dir(dir.path().join("far")).unwrap();
    let clock = Clock::told(crate::house::zone(&config).unwrap(), "2026-03-02T16:00:00Z".parse().unwrap());
    let house = House::found(&dir.path().join("house"), config, clock).unwrap();
    populate(&house).unwrap();
    Kept { house, key, dir }
}

impl Kept {
    fn far(&self) -> PathBuf {
        self.dir.path().join("far")
    }

    fn site(&self) -> Box<dyn Site> {
        folder(&self.far())
    }

    fn wait(&self, hours: i64) {
        self.house.clock.advance(SignedDuration::from_hours(hours));
    }

    /// Something happens that is not the backup's own.
    fn act(&self, reason: &str) {
        let operator = world::actor(&cast::OPERATOR, Role::Operator);
        if self.house.hold_records(&operator, "house", reason).is_err() {
            self.house.lift_hold(&operator, "house", reason).unwrap();
        }
    }

    fn late(&self) -> bool {
        self.house.backup_standing().unwrap().late
    }

    fn alarms(&self) -> usize {
        let book = self.house.notices().unwrap();
        book.notices.iter().filter(|item| item.notice.subject == Subject::BackupLate).count()
    }

    fn names(&self) -> Vec<String> {
        let mut names = self.site().list(names::SEGMENTS).unwrap();
        names.sort();
        names
    }
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> String {
    match outcome {
        Err(Fault::Refused(refusal)) => refusal.code.to_string(),
        other => panic!("{other:?}"),
    }
}

/// Requirements: epcs-1311.170-a-1, epcs-1311.170-a-2, epcs-1311.270-a, ntp-ops-backup
#[test]
fn destroying_the_primary_and_restoring_from_the_second_site_gives_back_every_record() {
    let kept = kept();
    let copied = kept.house.back_up().unwrap();
    let size = kept.house.store.size().unwrap();
    assert!(copied.entries > 20 && copied.segments == 1, "{copied:?}");
    let entries = kept.house.store.entries(0..copied.entries + 1).unwrap();
    let root = kept.house.store.root_at(copied.entries + 1).unwrap().to_base64();
    let archives: Vec<_> = entries.iter().map(|entry| kept.house.store.archive(entry.seq).unwrap()).collect();
    let Kept { house, key, dir } = kept;
    let published = house.keys.verifier();
    drop(house);
    std::fs::remove_dir_all(dir.path().join("house")).unwrap();

    let again = dir.path().join("again");
    let rebuilt =
        rebuild(folder(&dir.path().join("far")).as_ref(), &key, &again, None, Some(published), &|_| {}).unwrap();
    assert!(rebuilt.entries >= copied.entries && rebuilt.entries <= size);
    assert_eq!(rebuilt.vouched, rebuilt.entries, "signed checkpoints vouch for all of it");
    let zone = "2026-03-02T16:00:00Z".parse::<Timestamp>().unwrap();
    let house = House::open(&again, |tz| Clock::told(tz, zone), None).unwrap();
    assert_eq!(rebuilt.newest_ms, entries[usize::try_from(rebuilt.entries).unwrap() - 1].at_ms, "the loss is stated");
    let came_back = usize::try_from(rebuilt.entries).unwrap();
    assert_eq!(house.store.entries(0..rebuilt.entries).unwrap(), entries[..came_back]);
    for (entry, archive) in entries[..came_back].iter().zip(&archives) {
        assert_eq!(house.store.archive(entry.seq).unwrap(), *archive, "{}", entry.kind);
    }
    if rebuilt.entries == copied.entries + 1 {
        assert_eq!(rebuilt.root, root);
    }
    assert!(house.store.check(&[]).unwrap().is_clean());
    assert!(house.person(cast::PHARMACIST.id).unwrap().is_some(), "the tables are there, too");
    let last = house.store.stream(super::STREAM).unwrap();
    assert_eq!(last.last().unwrap().kind, "backup.restored");
}

/// Requirements: epcs-1311.170-a-2
#[test]
fn a_copy_is_owed_every_24_hours_and_the_alarm_is_raised_in_the_minute_after() {
    let kept = kept();
    kept.house.back_up().unwrap();
    assert!(!kept.late());
    std::fs::remove_dir_all(kept.far()).unwrap();
    kept.act("the inspection of March");
    kept.wait(23);
    assert!(kept.house.keep_the_backup().is_err(), "the second site is gone");
    assert!(!kept.late());
    kept.wait(1);
    assert!(!kept.late(), "the 24th hour is inside");
    assert!(!kept.house.watch_the_backup().unwrap());
    assert_eq!(kept.alarms(), 0);
    kept.house.clock.advance(SignedDuration::from_mins(1));
    assert!(kept.late());
    assert!(kept.house.watch_the_backup().unwrap(), "one minute after");
    assert_eq!(kept.alarms(), 2, "the provider and the pharmacy are told");
    assert!(!kept.house.watch_the_backup().unwrap());
    assert_eq!(kept.alarms(), 2, "and told once");
    let standing = kept.house.backup_standing().unwrap();
    assert!(standing.failed.is_some_and(|(_, why)| why.contains("BACKUP-NOT-THERE") || why.contains("not there")));

    std::fs::create_dir(kept.far()).unwrap();
    kept.house.back_up().unwrap();
    assert!(!kept.late(), "a good copy ends it");
    assert!(kept.house.backup_standing().unwrap().failed.is_none());
}

#[test]
fn a_site_that_is_silent_for_a_day_is_noticed_even_if_nothing_happened() {
    let kept = kept();
    kept.house.back_up().unwrap();
    kept.house.back_up().unwrap();
    assert_eq!(kept.house.backup_standing().unwrap().waiting_since, None, "its own records do not wait");
    assert_eq!(kept.house.keep_the_backup().unwrap(), None, "nothing is due");
    kept.wait(12);
    assert!(kept.house.keep_the_backup().unwrap().is_some(), "a sign of life");
    std::fs::remove_dir_all(kept.far()).unwrap();
    kept.wait(24);
    assert!(!kept.late());
    kept.house.clock.advance(SignedDuration::from_mins(1));
    assert!(kept.late());
}

#[test]
fn new_records_are_copied_within_minutes() {
    let kept = kept();
    kept.house.back_up().unwrap();
    kept.act("the inspection of March");
    assert_eq!(kept.house.keep_the_backup().unwrap(), None, "not for each record at once");
    kept.house.clock.advance(SignedDuration::from_mins(5));
    let copied = kept.house.keep_the_backup().unwrap().unwrap();
    assert!(copied.entries > 0);
    assert_eq!(kept.house.backup_standing().unwrap().waiting_since, None);
}

/// A site that does what it should not.
struct Lying {
    site: Box<dyn Site>,
    how: Mutex<How>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Honest,
    LosesIt,
    ChangesIt,
    Refuses,
}

impl Site for Lying {
    fn words(&self) -> String {
        "a site that lies".to_owned()
    }

    fn put(&self, name: &str, bytes: &[u8]) -> Result<(), String> {
        match *self.how.lock().unwrap() {
            How::Honest => self.site.put(name, bytes),
            How::LosesIt => Ok(()),
            How::ChangesIt => self.site.put(name, &bytes[..bytes.len() - 1]),
            How::Refuses => Err("it is full".to_owned()),
        }
    }

    fn get(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        self.site.get(name)
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, String> {
        self.site.list(prefix)
    }

    fn remove(&self, name: &str) -> Result<(), String> {
        self.site.remove(name)
    }
}

/// Requirements: epcs-1311.170-a-2
#[test]
fn only_what_was_read_back_as_it_was_sent_is_a_copy() {
    let kept = kept();
    let site = Lying { site: kept.site(), how: Mutex::new(How::Honest) };
    for how in [How::LosesIt, How::ChangesIt, How::Refuses] {
        *site.how.lock().unwrap() = how;
        assert!(kept.house.back_up_to(&site, kept.key.recipient()).is_err());
        assert_eq!(kept.house.copied_until().unwrap(), 0);
        assert_eq!(kept.house.backup_standing().unwrap().last_good, None);
    }
    *site.how.lock().unwrap() = How::Honest;
    let Copied { entries, .. } = kept.house.back_up_to(&site, kept.key.recipient()).unwrap();
    assert_eq!(kept.house.copied_until().unwrap(), entries);
}

#[test]
fn the_machine_that_makes_copies_cannot_read_them_and_no_patient_stands_in_them() {
    let kept = kept();
    kept.house.back_up().unwrap();
    let patient = cast::PATIENTS[0].last.as_bytes();
    for name in kept.names().into_iter().chain(kept.site().list(names::HOUSE).unwrap()) {
        let bytes = kept.site().get(&name).unwrap().unwrap();
        assert!(!bytes.windows(patient.len()).any(|part| part == patient), "{name}");
        assert!(!bytes.windows(9).any(|part| part == b"[backup]\n"), "{name}");
    }
    let other = BackupKey::generate().unwrap();
    let problem = house_files(kept.site().as_ref(), &other).unwrap_err();
    assert_eq!(problem.code, "RESTORE-OBJECT");
    let files = house_files(kept.site().as_ref(), &kept.key).unwrap();
    for wanted in ["theriac.toml", "keys/checkpoint.key", "keys/pharmacy.key", "certificates/authority.pem"] {
        assert!(files.contains_key(wanted), "{wanted}");
    }
    assert!(!files.keys().any(|name| name.starts_with("theriac.db")), "the store goes by segments");
}

#[test]
fn copies_that_are_gone_or_changed_are_found_and_made_again() {
    let kept = kept();
    kept.house.back_up().unwrap();
    kept.act("the inspection of March");
    kept.house.back_up().unwrap();
    kept.act("the inspection of April");
    kept.house.back_up().unwrap();
    assert!(kept.house.check_backup().unwrap().wrong.is_empty());
    let names = kept.names();
    assert_eq!(names.len(), 3);
    let path = kept.far().join(&names[1]);
    let mut bytes = std::fs::read(&path).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(kept.house.check_backup().unwrap().wrong, names[1..2]);
    let drilled = drill(&kept.house, kept.site().as_ref(), &kept.key);
    assert_eq!(drilled.unwrap_err().code, "RESTORE-OBJECT");
    std::fs::remove_file(&path).unwrap();
    kept.house.back_up().unwrap();
    assert!(kept.house.check_backup().unwrap().wrong.is_empty());
    assert!(drill(&kept.house, kept.site().as_ref(), &kept.key).unwrap().wrong.is_empty());
}

#[test]
fn a_drill_restores_everything_checks_it_and_says_how_long_it_took() {
    let kept = kept();
    kept.house.back_up().unwrap();
    let done = drill(&kept.house, kept.site().as_ref(), &kept.key).unwrap();
    assert!(done.wrong.is_empty(), "{:?}", done.wrong);
    let root = kept.house.store.root_at(done.rebuilt.entries).unwrap();
    assert_eq!(done.rebuilt.root, root.to_base64());
    let (_, entries, took_ms) = kept.house.backup_standing().unwrap().drilled.unwrap();
    assert_eq!((entries, took_ms), (done.rebuilt.entries, done.rebuilt.took_ms));
    let left = std::fs::read_dir(std::env::temp_dir()).unwrap().flatten();
    let left = left.filter(|one| one.file_name().to_string_lossy().starts_with("theriac-drill-"));
    assert!(left.count() <= 1, "nothing of it is left but what another drill is at");

    // The record is rewritten after it was copied, by somebody who has the machine.
    let database = rusqlite::Connection::open(kept.dir.path().join("house/theriac.db")).unwrap();
    database.execute("UPDATE entries SET leaf = zeroblob(32) WHERE seq = 3", []).unwrap();
    drop(database);
    let done = drill(&kept.house, kept.site().as_ref(), &kept.key).unwrap();
    assert!(done.wrong.iter().any(|why| why.contains("roots differ")), "{:?}", done.wrong);
}

/// Requirements: epcs-1311.170-a-3
#[test]
fn a_record_of_four_years_and_eleven_months_comes_back_from_the_copies_alone_and_copies_are_not_removed_before() {
    let kept = kept();
    kept.act("a record of the first day");
    let seq = kept.house.store.size().unwrap() - 1;
    let record = kept.house.store.entry(seq).unwrap();
    kept.house.back_up().unwrap();
    kept.wait(24 * (5 * 365 - 30));
    kept.act("the last day");
    kept.house.back_up().unwrap();

    let operator = world::actor(&cast::OPERATOR, Role::Operator);
    let oldest = kept.names().remove(0);
    assert_eq!(code(kept.house.remove_copy(&operator, &oldest)), "BACKUP-KEEP");
    assert_eq!(code(kept.house.remove_copy(&operator, "segments/1-2.00")), "BACKUP-UNKNOWN");
    assert!(kept.far().join(&oldest).exists());

    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("alone.db").display());
    let verifier = kept.house.keys.verifier();
    refill(kept.site().as_ref(), &kept.key, &url, &verifier, &|_| {}).unwrap();
    let signer = std::sync::Arc::clone(&kept.house.keys.checkpoint);
    let alone = theriac_store::Store::open(theriac_store::Options::new(&url, &kept.house.config.name).signer(signer));
    let evidence = alone.unwrap().prove(seq).unwrap();
    assert_eq!(evidence.entry, record);
    assert!(verify_evidence(&evidence, verifier.name(), std::slice::from_ref(&verifier)).is_ok());
}

#[test]
fn many_small_copies_become_one_and_nothing_is_lost() {
    let kept = kept();
    for n in 0..6 {
        kept.act(&format!("inspection {n}"));
        kept.house.back_up().unwrap();
    }
    assert_eq!(kept.names().len(), 6);
    assert_eq!(kept.house.tidy_backup().unwrap(), super::keep::Tidied::default(), "those of today are left alone");
    kept.wait(25);
    let tidied = kept.house.tidy_backup().unwrap();
    assert_eq!((tidied.made, tidied.removed), (1, 6));
    assert_eq!(kept.names().len(), 1);
    assert!(kept.house.check_backup().unwrap().wrong.is_empty());
    kept.house.back_up().unwrap();
    assert!(drill(&kept.house, kept.site().as_ref(), &kept.key).unwrap().wrong.is_empty());
}

#[test]
fn what_was_erased_in_the_record_goes_from_its_copies_and_does_not_come_back() {
    let kept = kept();
    kept.house.back_up().unwrap();
    let seq = {
        let sql = "SELECT seq FROM entries WHERE kind = 'enrolment.document-entered' ORDER BY seq LIMIT 1";
        kept.house.store.query(sql, &[]).unwrap()[0].u64(0).unwrap()
    };
    let before = kept.names();
    // What retention decides in years is decided here in one step: the store erases, and its record says so.
    let event = theriac_store::NewEvent {
        stream: "retention".to_owned(),
        at_ms: kept.house.clock.now().as_millisecond(),
        actor: "ola".to_owned(),
        role: "operator".to_owned(),
        location: String::new(),
        law: String::new(),
        kind: "test.erased".to_owned(),
        format: 1,
        body: b"{}".to_vec(),
        archive: Vec::new(),
    };
    let append = theriac_store::Append { events: vec![event], ..theriac_store::Append::default() };
    kept.house.store.append_erasing(append, &[seq]).unwrap();
    kept.wait(25);
    let tidied = kept.house.tidy_backup().unwrap();
    assert_eq!((tidied.made, tidied.removed), (1, 1));
    assert!(!kept.names().contains(&before[0]));
    assert_eq!(kept.house.tidy_backup().unwrap(), super::keep::Tidied::default(), "once is enough");
    kept.house.back_up().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", dir.path().join("alone.db").display());
    refill(kept.site().as_ref(), &kept.key, &url, &kept.house.keys.verifier(), &|_| {}).unwrap();
    let signer = std::sync::Arc::clone(&kept.house.keys.checkpoint);
    let alone = theriac_store::Store::open(theriac_store::Options::new(&url, &kept.house.config.name).signer(signer));
    assert_eq!(alone.unwrap().entry(seq).unwrap().body_bytes(), None);
}

#[test]
fn without_a_second_site_nothing_is_copied_and_the_next_step_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let key = BackupKey::generate().unwrap();
    let found = |config: Config, name: &str| {
        let clock = Clock::told(crate::house::zone(&config).unwrap(), "2026-03-02T16:00:00Z".parse().unwrap());
        House::found(&dir.path().join(name), config, clock).unwrap()
    };
    let check = |name: &str, change: &dyn Fn(&mut Config), expected: &str| {
        let mut config = config(dir.path(), &key);
        change(&mut config);
        assert_eq!(code(found(config, name).back_up()), expected, "{name}");
    };
    check("none", &|config| config.backup = None, "BACKUP-NO-SITE");
    check("address", &|config| of_mut(config).there = "1 Main St Phoenix, AZ 85001".to_owned(), "BACKUP-SAME-ADDRESS");
    check(
        "device",
        &|config| {
            of_mut(config).same_machine = false;
            of_mut(config).directory = Some(dir.path().to_owned());
        },
        "BACKUP-SAME-DEVICE",
    );
    check("recipient", &|config| of_mut(config).recipient = "age1xyz".to_owned(), "BACKUP-RECIPIENT");
    check("where", &|config| of_mut(config).directory = None, "BACKUP-WHERE");
}

fn of_mut(config: &mut Config) -> &mut BackupConfig {
    config.backup.as_mut().unwrap()
}
