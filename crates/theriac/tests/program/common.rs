//! Running the program, and one demonstration that all tests of a build share.

use jiff::Timestamp;
use serde_json::Value;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, LazyLock};
use std::time::UNIX_EPOCH;
use tempfile::TempDir;
use theriac_journal::NoteSigner;
use theriac_pki::{CheckpointKey, Password};
use theriac_store::{Append, NewEvent, Options, Store};

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_theriac");

/// What a run of the program came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        Self {
            // A signal leaves no code; no test expects one.
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fails the test unless the program ended with `code`.
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, code, "standard output:\n{}\nstandard error:\n{}", self.out, self.err);
        assert!(!self.err.contains("panicked"), "{}", self.err);
        self
    }

    /// The standard output as JSON objects, one a line.
    pub(crate) fn lines(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The standard output as one JSON value.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap()
    }
}

/// The program with arguments, away from the deployment that the caller's environment may name.
pub(crate) fn command(args: &[&dyn AsRef<OsStr>]) -> Command {
    let mut command = Command::new(PROGRAM);
    command.args(args.iter().map(AsRef::as_ref));
    for variable in ["THERIAC_DIR", "THERIAC_STORE", "THERIAC_KEY_PASSWORD"] {
        command.env_remove(variable);
    }
    command
}

/// Runs the program.
pub(crate) fn run(args: &[&dyn AsRef<OsStr>]) -> Ran {
    Ran::of(command(args).stdin(Stdio::null()).output().unwrap())
}

/// Runs the program with standard input.
pub(crate) fn run_with(args: &[&dyn AsRef<OsStr>], input: &str) -> Ran {
    let mut child = command(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

/// The demonstration, run once for each build of the program.
pub(crate) struct World {
    /// The deployment it left. Not to be written to.
    dir: PathBuf,
    /// What it printed.
    pub(crate) told: String,
}

/// The demonstration of this build.
///
/// Each test may run in a process of its own, so what the first one made is kept for the others, under a lock.
pub(crate) static DEMO: LazyLock<World> = LazyLock::new(|| {
    let place = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(place).unwrap();
    let lock = File::create(place.join("theriac-demo.lock")).unwrap();
    lock.lock().unwrap();
    let built = fs::metadata(PROGRAM).unwrap();
    let changed = built.modified().unwrap().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let kept = place.join(format!("theriac-demo-{changed}-{}", built.len()));
    let (dir, told) = (kept.join("world"), kept.join("told.txt"));
    if !told.exists() {
        for old in fs::read_dir(place).unwrap().map(Result::unwrap) {
            if old.file_name().to_string_lossy().starts_with("theriac-demo-") {
                fs::remove_dir_all(old.path()).unwrap();
            }
        }
        let ran = run(&[&"demo", &"--once", &"--dir", &dir]).expect(0);
        let unfinished = kept.join("told.part");
        fs::write(&unfinished, &ran.out).unwrap();
        fs::rename(&unfinished, &told).unwrap();
    }
    World { dir, told: fs::read_to_string(told).unwrap() }
});

impl World {
    /// A copy of the deployment, to do anything with.
    pub(crate) fn copy(&self) -> Deployment {
        let copy = tempfile::tempdir().unwrap();
        copy_files(&self.dir, copy.path());
        Deployment(copy)
    }

    /// A prescription's message as the practice signed and archived it, in the plain layout of this program.
    pub(crate) fn signed_message(&self, order: &str) -> String {
        let sql = "SELECT bytes FROM archive WHERE id / 4096 =
                   (SELECT seq FROM entries WHERE stream = 'prescription/' || ?1 AND kind = 'prescription.signed')";
        let connection = rusqlite::Connection::open(self.dir.join("theriac.db")).unwrap();
        let bytes: Vec<u8> = connection.query_row(sql, [order], |row| row.get(0)).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    /// A deployment with the same authority, keys and configuration, and an empty store.
    pub(crate) fn same_keys_and_nothing_else(&self) -> Deployment {
        let copy = self.copy();
        fs::remove_file(copy.database()).unwrap();
        copy
    }
}

fn copy_files(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type().unwrap().is_dir() {
            fs::create_dir_all(&to).unwrap();
            copy_files(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// A deployment that goes away with the test.
pub(crate) struct Deployment(TempDir);

impl Deployment {
    /// An empty directory in which the first `receive` sets up a deployment of its own.
    pub(crate) fn none_yet() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn dir(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir().join("theriac.db")
    }

    /// The address of the deployment's own store.
    pub(crate) fn store(&self) -> String {
        format!("sqlite:{}", self.database().display())
    }

    pub(crate) fn connection(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.database()).unwrap()
    }

    /// `theriac receive --json` on files: a line for each that could be read.
    pub(crate) fn receive(&self, files: &[&Path]) -> Ran {
        let mut args: Vec<&dyn AsRef<OsStr>> = vec![&"receive", &"--json", &"--dir"];
        let dir = self.dir();
        args.push(&dir);
        args.extend(files.iter().map(|file| file as &dyn AsRef<OsStr>));
        run(&args)
    }

    /// `theriac journal check --json`, which must end with `code`.
    pub(crate) fn check(&self, code: i32) -> Value {
        run(&[&"journal", &"check", &"--json", &"--dir", &self.dir()]).expect(code).json()
    }

    /// Lists the demonstration's registrants, products and audit reports again, with the day of today, as a founding would.
    pub(crate) fn list_registrants_today(&self, store: &str) {
        let origin = "demo.theriac.invalid/journal";
        let file = fs::read(self.dir().join("keys").join("checkpoint.key")).unwrap();
        let key = CheckpointKey::open(&file, &Password::new("demonstration only".to_owned())).unwrap();
        let signer = Arc::new(NoteSigner::from_seed(origin, key.seed()).unwrap());
        let journal = Store::open(Options::new(store, origin).signer(signer)).unwrap();
        let (now, today) = (Timestamp::now(), today());
        let demonstration = rusqlite::Connection::open(DEMO.dir.join("theriac.db")).unwrap();
        let sql = "SELECT stream, kind, format, body FROM entries
                   WHERE kind IN ('house.founded', 'house.registrant-listed', 'house.product-listed', 'audit.report-registered')
                   ORDER BY seq";
        let mut statement = demonstration.prepare(sql).unwrap();
        let events = statement.query_map([], |row| {
            let mut body: Value = serde_json::from_slice(&row.get::<_, Vec<u8>>(3)?).unwrap();
            if body.get("issued").is_some() {
                body["issued"] = today.clone().into();
            }
            if let Some(report) = body.get_mut("report") {
                for day in ["from", "audited", "issued"] {
                    report[day] = today.clone().into();
                }
            }
            Ok(NewEvent {
                stream: row.get(0)?,
                at_ms: now.as_millisecond(),
                actor: "ola".to_owned(),
                role: "operator".to_owned(),
                location: String::new(),
                law: String::new(),
                kind: row.get(1)?,
                format: row.get(2)?,
                body: serde_json::to_vec(&body).unwrap(),
                archive: Vec::new(),
            })
        });
        let events = events.unwrap().map(Result::unwrap).collect();
        journal.append(Append { events, ..Append::default() }).unwrap();
        drop(journal);
        run(&[&"journal", &"rebuild", &"--dir", &self.dir(), &"--store", &store]).expect(0);
    }

    /// The evidence of a received prescription, in a directory of its own.
    pub(crate) fn evidence(&self, number: &str) -> TempDir {
        let to = tempfile::tempdir().unwrap();
        run(&[&"export", &"evidence", &number, &"--dir", &self.dir(), &"--to", &to.path()]).expect(0);
        to
    }
}

/// A directory that the first test makes and the others of this build use.
fn kept(name: &str, make: impl FnOnce(&Path)) -> PathBuf {
    let kept = DEMO.dir.with_file_name(name);
    let lock = File::create(kept.with_extension("lock")).unwrap();
    lock.lock().unwrap();
    if !kept.exists() {
        let unfinished = kept.with_extension("part");
        fs::create_dir_all(&unfinished).unwrap();
        make(&unfinished);
        fs::rename(&unfinished, &kept).unwrap();
    }
    kept
}

/// The evidence of the demonstration's first prescription.
pub(crate) static EVIDENCE: LazyLock<PathBuf> =
    LazyLock::new(|| kept("evidence", |to| copy_files(DEMO.copy().evidence("0000001").path(), to)));

/// A pharmacy with the demonstration's authority and registrant data of today, in which nothing was received yet.
static PHARMACY: LazyLock<PathBuf> = LazyLock::new(|| {
    kept(&format!("pharmacy-{}", today()), |to| {
        let pharmacy = DEMO.same_keys_and_nothing_else();
        pharmacy.list_registrants_today(&pharmacy.store());
        copy_files(pharmacy.dir(), to);
    })
});

/// A copy of that pharmacy, to receive with.
pub(crate) fn pharmacy_of_the_same_authority() -> Deployment {
    let copy = tempfile::tempdir().unwrap();
    copy_files(&PHARMACY, copy.path());
    Deployment(copy)
}

/// The day at the pharmacy.
fn today() -> String {
    Timestamp::now().in_tz("America/Phoenix").unwrap().date().to_string()
}

/// A file of the first prescription's evidence.
pub(crate) fn evidence_file(name: &str) -> Vec<u8> {
    fs::read(EVIDENCE.join(name)).unwrap()
}

/// A copy of the first prescription's evidence, to change.
pub(crate) fn evidence_copy() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    copy_files(&EVIDENCE, copy.path());
    copy
}

/// Changes the byte at `place` of a file.
pub(crate) fn flip(file: &Path, place: usize) {
    let mut bytes = fs::read(file).unwrap();
    bytes[place] ^= 1;
    fs::write(file, bytes).unwrap();
}

/// A folder of outside data, or `None` with a word about it.
pub(crate) fn outside(folder: &str) -> Option<PathBuf> {
    let path = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/real")).join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: there is no {}", path.display());
    None
}

/// Whether a program of the machine answers, with a word about it if not.
pub(crate) fn machine_has(program: &str) -> bool {
    // openssl alone wants it without dashes.
    let version = if program == "openssl" { "version" } else { "--version" };
    let there = Command::new(program).arg(version).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let there = there.is_ok_and(|status| status.success());
    if !there {
        println!("skipped: there is no {program} here");
    }
    there
}

/// The code and field of each refusal of a verdict line.
pub(crate) fn refusals(line: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let refusals = line["refusals"].as_array().unwrap();
    refusals.iter().map(|refusal| (text(&refusal["code"]), text(&refusal["field"]))).collect()
}
