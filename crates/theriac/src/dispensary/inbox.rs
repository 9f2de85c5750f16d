//! The inbox: a folder in which programs of this place lay messages as files. Each is taken in by the same door as every other
//! message, its answer is written beside it, and it is moved to `done` or `refused`.
//!
//! A file is taken when two looks, some time apart, found the same length and the same time of change; names that begin with a
//! dot or end as those of unfinished files do are left alone, so a writer that renames when it is done is never met halfway.
//! The file is first moved to `taken`. Whatever lies there when a sweep begins was cut short by a crash: it is taken in again,
//! and where its bytes were accepted before, the answer is that first acceptance and not "here already".

use super::intake::{Arrival, Incoming, Verdict};
use super::orders::Format;
use crate::house::House;
use crate::house::record::Fault;
use crate::views::RefusalView;
use aws_lc_rs::digest::{Context, SHA256};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use theriac_model::Refusal;
use theriac_pharmacy::PrescriptionNumber;

/// How long a file must not have changed.
const QUIET: Duration = Duration::from_secs(2);
/// Files taken in one sweep at most; the others are taken in the next.
const FILES_MOST: usize = 200;
/// Bytes of a message that are read: what the codecs accept, and one more.
const BEGINNING_MAX: u64 = 10 * 1024 * 1024 + 1;
/// The longest file that is read to its end for its digest, in bytes. What is longer is no message and is not archived.
const LENGTH_MAX: u64 = 1024 * 1024 * 1024;
/// How files are named that are still being written.
const UNFINISHED: [&str; 6] = [".part", ".partial", ".tmp", ".temp", ".crdownload", ".filepart"];
/// The longest name that is kept, in bytes: with what is added it fits into every file system.
const NAME_MAX: usize = 180;

/// A message as it lies somewhere: all of it, or of one that is too long its beginning, and the digest of all of it.
pub(crate) struct Beginning {
    bytes: Vec<u8>,
    digest: [u8; 32],
    length: u64,
}

impl Beginning {
    /// Reads to the end, or to one byte more than `most`.
    pub(crate) fn read(from: impl Read, most: u64) -> io::Result<Self> {
        let mut from = from.take(most.saturating_add(1));
        let mut bytes = Vec::new();
        from.by_ref().take(BEGINNING_MAX).read_to_end(&mut bytes)?;
        let mut context = Context::new(&SHA256);
        context.update(&bytes);
        let mut length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let mut chunk = vec![0; 64 * 1024];
        loop {
            let count = from.read(&mut chunk)?;
            if count == 0 {
                break;
            }
            length = length.saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
            context.update(&chunk[..count]);
        }
        let mut digest = [0; 32];
        digest.copy_from_slice(context.finish().as_ref());
        Ok(Self { bytes, digest, length })
    }

    pub(crate) fn incoming(&self) -> Incoming<'_> {
        Incoming::beginning(&self.bytes, self.digest)
    }
}

/// What a look saw of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    length: u64,
    changed: Option<SystemTime>,
}

/// What a sweep came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Swept {
    /// Files that became or changed a prescription.
    pub(crate) done: usize,
    /// Files that were refused.
    pub(crate) refused: usize,
}

/// A folder that is swept.
pub(crate) struct Inbox {
    directory: PathBuf,
    quiet: Duration,
    looks: HashMap<OsString, (Seen, Instant)>,
}

/// Where a file goes when it is done with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Done,
    Refused,
}

impl Place {
    const fn folder(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Refused => "refused",
        }
    }
}

/// How a file came to be in work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// It was laid into the inbox.
    New,
    /// A sweep was cut short while it was in work.
    CutShort,
}

fn trouble(what: &str, path: &Path, error: &io::Error) -> Fault {
    Fault::Broken(format!("{what} {}: {error}", path.display()))
}

fn no_message(code: &'static str, what: &'static str, next: &'static str) -> Refusal {
    Refusal::new(code, "-", what, next).about("file")
}

impl Inbox {
    /// The inbox of a deployment that has one.
    pub(crate) fn of(house: &House) -> Option<Self> {
        let config = house.config.inbox.as_ref()?;
        Some(Self::at(house.dir.join(&config.directory), QUIET))
    }

    /// An inbox whose files must not have changed for `quiet`.
    pub(crate) fn at(directory: PathBuf, quiet: Duration) -> Self {
        Self { directory, quiet, looks: HashMap::new() }
    }

    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    fn folder(&self, name: &str) -> Result<PathBuf, Fault> {
        let path = self.directory.join(name);
        fs::create_dir_all(&path).map_err(|error| trouble("cannot make", &path, &error))?;
        Ok(path)
    }

    /// Takes in what is whole. Another process that sweeps the same folder at this moment leaves nothing to do.
    ///
    /// # Errors
    /// `Broken` where the folder or the store fails; what is in work then is found again by the next sweep.
    pub(crate) fn sweep(&mut self, house: &House) -> Result<Swept, Fault> {
        let taken = self.folder("taken")?;
        let lock = taken.join(".lock");
        let held = File::create(&lock).map_err(|error| trouble("cannot make", &lock, &error))?;
        if held.try_lock().is_err() {
            return Ok(Swept::default());
        }
        let mut swept = Swept::default();
        for name in names(&taken)? {
            self.take(house, (&taken, &name), Found::CutShort, &mut swept)?;
        }
        for name in self.whole()? {
            let (from, to) = (self.directory.join(&name), taken.join(&name));
            match fs::rename(&from, &to) {
                Ok(()) => self.take(house, (&taken, &name), Found::New, &mut swept)?,
                // Its owner took it back.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(trouble("cannot move", &from, &error)),
            }
        }
        Ok(swept)
    }

    /// The files that have not changed for long enough, in the order of their names.
    fn whole(&mut self) -> Result<Vec<OsString>, Fault> {
        let now = Instant::now();
        let (mut looks, mut whole) = (HashMap::new(), Vec::new());
        for name in names(&self.directory)? {
            // A link is moved as what it is, and refused; it is not followed.
            let Ok(about) = fs::symlink_metadata(self.directory.join(&name)) else { continue };
            if about.is_dir() || unfinished(&name) {
                continue;
            }
            let seen = Seen { length: about.len(), changed: about.modified().ok() };
            let since = match self.looks.get(&name) {
                Some((before, since)) if *before == seen => *since,
                _ => now,
            };
            if now.duration_since(since) >= self.quiet && whole.len() < FILES_MOST {
                whole.push(name);
            } else {
                looks.insert(name, (seen, since));
            }
        }
        self.looks = looks;
        Ok(whole)
    }

    /// Takes in one file of `taken`, writes the answer, and moves the file away.
    fn take(
        &self,
        house: &House,
        (taken, name): (&Path, &OsStr),
        found: Found,
        swept: &mut Swept,
    ) -> Result<(), Fault> {
        let path = taken.join(name);
        let (place, told) = match readable(&path) {
            Err(refusal) => (Place::Refused, json!({"verdict": "unread", "refusals": [RefusalView::from(&refusal)]})),
            Ok(begins) => {
                let before = match found {
                    Found::CutShort => first_acceptance(house, &begins)?,
                    Found::New => None,
                };
                let arrival = before.map_or_else(|| house.receive(begins.incoming()), Ok)?;
                let place = match arrival.verdict {
                    Verdict::Rejected { .. } => Place::Refused,
                    Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => Place::Done,
                };
                (place, house.told(&arrival, &begins.bytes))
            }
        };
        self.put_away(&path, name, place, told)?;
        match place {
            Place::Done => swept.done += 1,
            Place::Refused => swept.refused += 1,
        }
        Ok(())
    }

    /// The answer first, then the file: a crash between them is made good by the next sweep.
    fn put_away(&self, path: &Path, name: &OsStr, place: Place, mut told: Value) -> Result<(), Fault> {
        let folder = self.folder(place.folder())?;
        let shown = name.to_string_lossy();
        told["file"] = Value::from(shown.as_ref());
        let (kept, answer) = free(&folder, name);
        let unfinished = answer.with_extension("part");
        let text = format!("{told:#}\n");
        File::create(&unfinished)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, &answer))
            .map_err(|error| trouble("cannot write", &answer, &error))?;
        fs::rename(path, &kept).map_err(|error| trouble("cannot move", path, &error))
    }
}

/// Names in a folder, in order; hidden ones are nobody's business.
fn names(folder: &Path) -> Result<Vec<OsString>, Fault> {
    let failed = |error: io::Error| trouble("cannot look into", folder, &error);
    let mut names = fs::read_dir(folder)
        .map_err(failed)?
        .map(|entry| entry.map(|entry| entry.file_name()).map_err(failed))
        .collect::<Result<Vec<_>, _>>()?;
    names.retain(|name| !name.as_encoded_bytes().starts_with(b"."));
    names.sort();
    Ok(names)
}

fn unfinished(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_lowercase();
    UNFINISHED.iter().any(|ending| name.ends_with(ending))
}

/// Where a file of this name and its answer go: beside others of the same name that came before.
fn free(folder: &Path, name: &OsStr) -> (PathBuf, PathBuf) {
    let mut short = name.to_string_lossy().into_owned();
    let mut end = short.len().min(NAME_MAX);
    while !short.is_char_boundary(end) {
        end -= 1;
    }
    short.truncate(end);
    let mut turn = 1_u64;
    loop {
        let numbered = if turn == 1 { short.clone() } else { format!("{turn}-{short}") };
        let (kept, answer) = (folder.join(&numbered), folder.join(format!("{numbered}.answer.json")));
        // An answer without its file is of a sweep that was cut short: it is written again.
        if fs::symlink_metadata(&kept).is_err() {
            return (kept, answer);
        }
        turn += 1;
    }
}

/// What a file says, or why nothing could be read.
fn readable(path: &Path) -> Result<Beginning, Refusal> {
    let unreadable = |what: &'static str| {
        no_message("INBOX-UNREADABLE", what, "let this program read the file, then lay it into the inbox again")
    };
    let about = fs::symlink_metadata(path).map_err(|_| unreadable("the file cannot be looked at"))?;
    if !about.is_file() {
        return Err(no_message(
            "INBOX-NO-FILE",
            "this is a link or a device and no file",
            "lay the message itself into the inbox",
        ));
    }
    let too_long = || {
        let next = "a message has at most 10 MiB; ask whoever sent it what this is";
        no_message("INBOX-TOO-LONG", "the file is longer than a gigabyte and was not taken in", next)
    };
    if about.len() > LENGTH_MAX {
        return Err(too_long());
    }
    let file = File::open(path).map_err(|_| unreadable("the file may not be opened"))?;
    let begins = Beginning::read(file, LENGTH_MAX).map_err(|_| unreadable("the file could not be read to its end"))?;
    // It may have grown since it was looked at.
    if begins.length > LENGTH_MAX {
        return Err(too_long());
    }
    if begins.length == 0 {
        let next = "lay the message into the inbox again; write it under a name that ends in .part, then rename it";
        return Err(no_message("PHARM-NO-MESSAGE", "the file is empty", next));
    }
    Ok(begins)
}

/// The acceptance of the very same bytes, if their answer never reached the folder.
fn first_acceptance(house: &House, begins: &Beginning) -> Result<Option<Arrival>, Fault> {
    let archived = theriac_model::hex::encode(&begins.digest);
    let sql = "SELECT number FROM received WHERE archived = $1 AND verdict = 'accepted' ORDER BY seq LIMIT 1";
    let rows = house.store.query(sql, &[archived.as_str().into()])?;
    let Some(row) = rows.first() else { return Ok(None) };
    let number = PrescriptionNumber::parse(row.text(0)?).map_err(|error| Fault::Broken(error.to_string()))?;
    Ok(Some(Arrival { verdict: Verdict::Accepted { number }, archived }))
}

impl House {
    /// What is told to whoever brought a message.
    pub(crate) fn told(&self, arrival: &Arrival, bytes: &[u8]) -> Value {
        let (word, number, refusals): (_, _, &[Refusal]) = match &arrival.verdict {
            Verdict::Accepted { number } => ("accepted", number.to_string(), &[]),
            Verdict::Cancelled { number } => ("cancelled", number.to_string(), &[]),
            Verdict::Noted { number } => ("noted", number.to_string(), &[]),
            Verdict::Rejected { refusals } => ("rejected", String::new(), refusals),
        };
        let acknowledgement = match Format::of(bytes) {
            Format::Hl7 => {
                let control: String = arrival.archived.chars().take(20).collect();
                let receiver = &self.config.pharmacy.ncpdp;
                let answer = theriac_wire::hl7::acknowledge(bytes, refusals, receiver, &control, self.clock.now());
                String::from_utf8_lossy(&answer).into_owned()
            }
            Format::Script | Format::Fhir => String::new(),
        };
        json!({
            "verdict": word,
            "number": number,
            "archived": arrival.archived,
            "refusals": refusals.iter().map(RefusalView::from).collect::<Vec<_>>(),
            "acknowledgement": acknowledgement,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::deployment::demonstration;
    use crate::dispensary::tests::{message_of, world_with};
    use std::os::unix::fs::PermissionsExt as _;

    struct Folder {
        _dir: tempfile::TempDir,
        house: House,
        inbox: Inbox,
    }

    impl Folder {
        fn new(quiet: Duration) -> Self {
            let dir = tempfile::tempdir().expect("a directory");
            let (house, _) = world_with(&dir.path().join("world"), demonstration(), 0);
            let inbox = Inbox::at(dir.path().join("inbox"), quiet);
            fs::create_dir(inbox.directory()).expect("the inbox");
            Self { _dir: dir, house, inbox }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.inbox.directory().join(name)
        }

        fn lay(&self, name: &str, bytes: &[u8]) {
            fs::write(self.path(name), bytes).expect("written");
        }

        fn sweep(&mut self) -> (usize, usize) {
            let swept = self.inbox.sweep(&self.house).expect("swept");
            (swept.done, swept.refused)
        }

        fn answer(&self, name: &str) -> Value {
            let text = fs::read(self.path(&format!("{name}.answer.json"))).expect("an answer");
            serde_json::from_slice(&text).expect("JSON")
        }
    }

    #[test]
    fn a_file_in_the_inbox_is_taken_in_answered_and_moved() {
        let mut folder = Folder::new(Duration::ZERO);
        let message = message_of(&folder.house, "N-1");
        folder.lay("one.xml", &message);
        assert_eq!(folder.sweep(), (1, 0));
        let answer = folder.answer("done/one.xml");
        assert_eq!(
            (&answer["verdict"], &answer["number"], &answer["file"]),
            (&"accepted".into(), &"0000001".into(), &"one.xml".into())
        );
        assert_eq!(fs::read(folder.path("done/one.xml")).expect("kept"), message);
        assert!(!folder.path("one.xml").exists());

        // A message that is nobody's, one in the other format, one that is too long: each is archived and answered.
        folder.lay("a.txt", b"hello");
        folder.lay("b.hl7", b"MSH|^~\\&|A|B|C|D|20260302160000||RDE^O11|1|P|2.5\r");
        folder.lay("c.xml", &vec![b' '; usize::try_from(BEGINNING_MAX).expect("fits") + 7]);
        assert_eq!(folder.sweep(), (0, 3));
        for name in ["a.txt", "b.hl7", "c.xml"] {
            let answer = folder.answer(&format!("refused/{name}"));
            assert_eq!(answer["verdict"], "rejected", "{answer}");
            assert!(answer["refusals"][0]["next"].as_str().is_some_and(|next| !next.is_empty()), "{answer}");
        }
        assert!(folder.answer("refused/b.hl7")["acknowledgement"].as_str().is_some_and(|ack| ack.starts_with("MSH|")));
        let whole = theriac_journal::hash::sha256(&fs::read(folder.path("refused/c.xml")).expect("kept")).to_hex();
        assert_eq!(folder.answer("refused/c.xml")["archived"], whole, "the digest is of all of it");
        assert_eq!(folder.house.store.query("SELECT seq FROM received", &[]).expect("rows").len(), 4);
    }

    #[test]
    fn a_file_is_left_alone_while_it_is_written() {
        let mut folder = Folder::new(Duration::from_millis(300));
        let message = message_of(&folder.house, "N-1");
        let (half, rest) = message.split_at(message.len() / 2);
        folder.lay("slow.xml", half);
        folder.lay("other.xml.part", &message);
        folder.lay(".hidden.xml", &message);
        assert_eq!(folder.sweep(), (0, 0));
        std::thread::sleep(Duration::from_millis(200));
        let mut file = File::options().append(true).open(folder.path("slow.xml")).expect("opened");
        file.write_all(rest).expect("written");
        drop(file);
        assert_eq!(folder.sweep(), (0, 0), "it has just changed");
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(folder.sweep(), (0, 0), "and not long ago");
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(folder.sweep(), (1, 0));
        assert!(folder.path("other.xml.part").exists() && folder.path(".hidden.xml").exists());
        // The writer is done and renames: it is a file like every other, and this one is here already.
        fs::rename(folder.path("other.xml.part"), folder.path("slow.xml")).expect("renamed");
        folder.sweep();
        std::thread::sleep(Duration::from_millis(350));
        assert_eq!(folder.sweep(), (0, 1));
    }

    #[test]
    fn what_cannot_be_read_is_moved_away_with_the_reason() {
        let mut folder = Folder::new(Duration::ZERO);
        folder.lay("empty.xml", b"");
        std::os::unix::fs::symlink("/etc/hostname", folder.path("link.xml")).expect("a link");
        folder.lay("closed.xml", b"<Message/>");
        fs::set_permissions(folder.path("closed.xml"), fs::Permissions::from_mode(0o000)).expect("closed");
        fs::create_dir(folder.path("a-folder.xml")).expect("a folder");
        // A gigabyte and a byte, of which the disk holds nothing.
        let huge = File::create(folder.path("huge.xml")).expect("a file");
        huge.set_len(LENGTH_MAX + 1).expect("as long");
        let long = "n".repeat(250);
        folder.lay(&long, b"");
        // Whoever may read everything reads the closed file, too.
        let closed = File::open(folder.path("closed.xml")).is_err();
        assert_eq!(folder.sweep(), (0, 5));
        let code = |name: &str| folder.answer(name)["refusals"][0]["code"].clone();
        assert_eq!(code("refused/empty.xml"), "PHARM-NO-MESSAGE");
        assert_eq!(code("refused/link.xml"), "INBOX-NO-FILE");
        assert_eq!(code("refused/huge.xml"), "INBOX-TOO-LONG");
        assert_eq!(code("refused/closed.xml") == "INBOX-UNREADABLE", closed);
        assert!(folder.path(&format!("refused/{}", &long[..NAME_MAX])).exists());
        assert!(folder.path("a-folder.xml").is_dir(), "a folder is nobody's message");
        assert_eq!(folder.sweep(), (0, 0), "nothing is taken twice");
    }

    #[test]
    fn a_crash_between_record_and_answer_is_made_good_with_the_first_answer() {
        let mut folder = Folder::new(Duration::ZERO);
        let message = message_of(&folder.house, "N-1");
        folder.lay("one.xml", &message);
        assert_eq!(folder.sweep(), (1, 0));
        // As if the program had died before the answer: the file is still in work, the record is there.
        fs::rename(folder.path("done/one.xml"), folder.path("taken/one.xml")).expect("moved");
        fs::remove_file(folder.path("done/one.xml.answer.json")).expect("removed");
        assert_eq!(folder.sweep(), (1, 0));
        assert_eq!(folder.answer("done/one.xml")["number"], "0000001");
        assert_eq!(folder.house.store.query("SELECT seq FROM received", &[]).expect("rows").len(), 1);
        // As if it had died before the record.
        let other = message_of(&folder.house, "N-2");
        fs::write(folder.path("taken/two.xml"), other).expect("written");
        assert_eq!(folder.sweep(), (1, 0));
        assert_eq!(folder.answer("done/two.xml")["number"], "0000002");
        // Two that sweep at once: one of them has nothing to do.
        let held = File::create(folder.path("taken/.lock")).expect("a lock");
        held.lock().expect("locked");
        folder.lay("three.xml", b"hello");
        assert_eq!(folder.sweep(), (0, 0));
        drop(held);
        assert_eq!(folder.sweep(), (0, 1));
        assert!(folder.house.store.check(&[]).expect("checked").is_clean());
    }
}
