//! A prescription that another pharmacy asks for, from node to node: asked, answered with the sealed file or denied, taken in or
//! not, and that said (21 CFR 1306.08(e), (f), 1306.25). Every step is a record of one stream on each side.
//!
//! What was sent waits at the sender: it is dispensed nowhere until the other pharmacy has taken it in or has said that it does not.

mod acts;
mod came;

pub(crate) use came::Told;

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded};
use jiff::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use theriac_model::{Actor, Refusal};
use theriac_store::{JobId, NewJob, NewPiece};
use theriac_wire::script::{Message, encode};

/// The kind of the jobs that carry these messages.
pub(crate) const MOVING: &str = "transfer";
/// Where the steps of each transfer are recorded.
const STREAMS: &str = "transfer-asked/";
/// Where messages are kept that belong to no transfer.
const REFUSED: &str = "transfer-refused/";
const CITE: &str = "21 CFR 1306.08(e), (f); 1306.25";
/// Transfers that the list shows.
const LISTED: usize = 200;
const XML: &str = "application/xml";

/// What happened to a transfer that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// This pharmacy asked another.
    Asked,
    /// Another pharmacy asked this one.
    Came,
    /// The prescription was sent, and waits here.
    Sent,
    /// It was denied, here or there.
    Denied,
    /// The other pharmacy sent it; nobody took it in yet.
    Answered,
    /// It was taken in here.
    Taken,
    /// It was not taken in, here or there.
    NotTaken,
    /// The other pharmacy says that it took it in.
    Confirmed,
    /// A pharmacist freed it here on the other pharmacist's word.
    Freed,
    /// The other node did not take the message.
    Failed,
    /// Something to know beside the steps: sent again, not delivered.
    Noted,
    /// A message that belongs to no transfer, or not at this step.
    Refused,
}

const STEPS: [(Step, &str); 12] = [
    (Step::Asked, "transfer.asked"),
    (Step::Came, "transfer.request-came"),
    (Step::Sent, "transfer.sent"),
    (Step::Denied, "transfer.denied"),
    (Step::Answered, "transfer.answer-came"),
    (Step::Taken, "transfer.taken"),
    (Step::NotTaken, "transfer.not-taken"),
    (Step::Confirmed, "transfer.confirmed"),
    (Step::Freed, "transfer.freed"),
    (Step::Failed, "transfer.failed"),
    (Step::Noted, "transfer.noted"),
    (Step::Refused, "transfer.message-refused"),
];

/// A step with what is known since then.
#[derive(Clone, Debug, PartialEq, Eq)]
struct StepRecord {
    step: Step,
    facts: BTreeMap<String, String>,
}

impl StepRecord {
    fn new(step: Step, facts: &[(&str, &str)]) -> Self {
        Self { step, facts: facts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect() }
    }
}

impl Recorded for StepRecord {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        STEPS.iter().find(|(step, _)| *step == self.step).map_or("transfer.noted", |(_, kind)| kind)
    }

    fn body(&self) -> Value {
        Value::Object(self.facts.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect::<Map<_, _>>())
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        let (step, _) = STEPS.iter().find(|(_, known)| *known == kind).ok_or("no step of a transfer")?;
        let fields = body.as_object().ok_or("a step of a transfer is an object")?;
        let text = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
        Ok(Self { step: *step, facts: fields.iter().filter_map(text).collect() })
    }
}

/// A step as the page lists it.
#[derive(Clone, Debug)]
pub(crate) struct StepTaken {
    /// What happened.
    pub(crate) step: Step,
    /// When.
    pub(crate) at: Timestamp,
    /// Who recorded it; the program, where a message came.
    pub(crate) actor: String,
    /// What was said with it: a reason, a trouble.
    pub(crate) words: String,
}

/// A transfer that was asked for, as its records say it.
#[derive(Clone, Debug)]
pub(crate) struct AskedFor {
    /// The pharmacy that asked and its number of the request: the end of the stream's name.
    key: String,
    /// Where it stands.
    pub(crate) step: Step,
    /// Whether this pharmacy asked.
    pub(crate) ours: bool,
    /// When the last step was recorded.
    pub(crate) at: Timestamp,
    /// Every step, in order.
    pub(crate) steps: Vec<StepTaken>,
    facts: BTreeMap<String, String>,
    stream: String,
    version: u64,
}

impl AskedFor {
    /// A fact by its name: `other`, `number`, `last`, `born`, `name`, `address`, `dea`, `pharmacist`, `why`, `new`, `by`, `rx`,
    /// `taken-by`, `trouble`.
    pub(crate) fn fact(&self, name: &str) -> &str {
        self.facts.get(name).map_or("", String::as_str)
    }

    /// How its page is addressed.
    pub(crate) fn address(&self) -> String {
        self.key.replacen('/', ".", 1)
    }

    /// The number of the request.
    fn id(&self) -> &str {
        self.key.rsplit('/').next().unwrap_or_default()
    }

    /// Whether somebody here has to do something.
    pub(crate) fn waits_for_us(&self) -> bool {
        matches!(self.step, Step::Came | Step::Answered)
    }

    /// Which of its messages was the last one from here.
    fn last_message(&self) -> Option<&'static str> {
        Some(match (self.ours, self.step) {
            (true, Step::Asked | Step::Failed) => "request",
            (false, Step::Sent | Step::Denied) => "response",
            (true, Step::Taken | Step::NotTaken) => "confirm",
            _ => return None,
        })
    }
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn refuse(code: &'static str, what: impl Into<String>, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what.into(), next)
}

fn wrong_step(found: &AskedFor) -> Fault {
    let what = "this transfer is at another step already";
    refuse("PHARM-TRANSFER-STEP", what, "look at its page again").about(found.key.clone()).into()
}

fn stream_of(asking: &str, id: &str) -> String {
    format!("{STREAMS}{asking}/{id}")
}

/// Bytes to archive with their media type, and the message that goes out.
type Beside<'a> = (Option<&'a [u8]>, Option<NewJob>);

impl House {
    /// The transfers that were asked for, here and there; what somebody has to act on first, then the newest.
    pub(crate) fn asked_for(&self) -> Result<Vec<AskedFor>, Fault> {
        let sql = format!(
            "SELECT stream FROM entries WHERE stream >= $1 AND stream < $2 GROUP BY stream ORDER BY MAX(seq) DESC LIMIT {LISTED}"
        );
        let end = format!("{STREAMS}\u{7f}");
        let mut found = Vec::new();
        for row in self.store.query(&sql, &[STREAMS.into(), end.as_str().into()])? {
            found.extend(self.asked_in(row.text(0)?)?);
        }
        found.sort_by_key(|one| !one.waits_for_us());
        Ok(found)
    }

    /// How many of them wait for a pharmacist here: to be answered, or to be taken in.
    pub(crate) fn asked_for_waiting(&self) -> Result<u64, Fault> {
        let sql = "SELECT COUNT(*) FROM entries e WHERE e.stream >= $1 AND e.stream < $2 \
                   AND e.kind IN ('transfer.request-came', 'transfer.answer-came') AND NOT EXISTS (SELECT 1 FROM entries later \
                   WHERE later.stream = e.stream AND later.version > e.version AND later.kind <> 'transfer.noted')";
        let end = format!("{STREAMS}\u{7f}");
        let rows = self.store.query(sql, &[STREAMS.into(), end.as_str().into()])?;
        Ok(rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or_default())
    }

    /// One of them, by its address.
    ///
    /// # Errors
    /// `PHARM-UNKNOWN`.
    pub(crate) fn asked_by(&self, address: &str) -> Result<AskedFor, Fault> {
        let found = self.asked_in(&format!("{STREAMS}{}", address.replacen('.', "/", 1)))?;
        found.ok_or_else(|| refuse("PHARM-UNKNOWN", "there is no such request", "look at the list").into())
    }

    fn asked_in(&self, stream: &str) -> Result<Option<AskedFor>, Fault> {
        let mut found: Option<AskedFor> = None;
        for entry in self.store.stream(stream)? {
            // What retention has erased is no page any more.
            if entry.body_bytes().is_none() {
                return Ok(None);
            }
            let record: StepRecord = crate::house::record::read(&entry)?;
            let at = Timestamp::from_millisecond(entry.at_ms).map_err(broken)?;
            let now = found.get_or_insert_with(|| self.fresh(stream, record.step == Step::Asked));
            if record.step != Step::Noted {
                (now.step, now.at) = (record.step, at);
                // A trouble of an earlier step is none of the next.
                now.facts.remove("trouble");
            }
            let said = |name: &str| record.facts.get(name).cloned();
            let words = said("why").or_else(|| said("trouble")).or_else(|| said("again")).unwrap_or_default();
            now.steps.push(StepTaken { step: record.step, at, actor: entry.actor.clone(), words });
            now.version = entry.version;
            now.facts.extend(record.facts);
        }
        Ok(found)
    }

    fn fresh(&self, stream: &str, ours: bool) -> AskedFor {
        AskedFor {
            key: stream.strip_prefix(STREAMS).unwrap_or_default().to_owned(),
            step: if ours { Step::Asked } else { Step::Came },
            ours,
            at: self.clock.now(),
            steps: Vec::new(),
            facts: BTreeMap::new(),
            stream: stream.to_owned(),
            version: 0,
        }
    }

    /// A step, put to what changes with it.
    fn step_of(
        &self,
        change: Change,
        by: &Actor,
        of: &AskedFor,
        record: &StepRecord,
        (piece, job): Beside<'_>,
    ) -> Result<Change, Fault> {
        let at = self.clock.moment();
        let mut pieces = Vec::new();
        if let Some(bytes) = piece {
            let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(broken)?;
            pieces.push(NewPiece { media: XML.to_owned(), bytes: bytes.to_vec(), seal });
        }
        let by = self.at_the_counter(by, at);
        let change = change.decided_on(&of.stream, of.version).with_pieces(&by, &of.stream, record, pieces)?;
        Ok(match job {
            Some(job) => change.job(job),
            None => change,
        })
    }

    /// A step that changes nothing else.
    fn step_alone(&self, by: &Actor, of: &AskedFor, record: &StepRecord, beside: Beside<'_>) -> Result<(), Fault> {
        self.step_of(Change::default(), by, of, record, beside)?.commit(&self.store)?;
        Ok(())
    }

    fn moving_job(&self, key: String, message: &Message) -> NewJob {
        self.moving_job_of(key, encode(message))
    }

    fn moving_job_of(&self, key: String, payload: Vec<u8>) -> NewJob {
        NewJob { kind: MOVING.to_owned(), key, due_ms: self.clock.now().as_millisecond(), payload }
    }

    /// A message that was written before, to go out once more.
    fn moving_job_again(&self, of: &AskedFor, what: &str) -> Result<NewJob, Fault> {
        let key = format!("{MOVING}/{}/{what}", of.key);
        let sql = "SELECT payload FROM jobs WHERE idempotency_key = $1";
        let rows = self.store.query(sql, &[key.as_str().into()])?;
        let payload = rows.first().ok_or_else(|| broken("the message was lost"))?.blob(0)?.to_vec();
        Ok(self.moving_job_of(format!("{key}/{}", of.version), payload))
    }

    /// Why the last message from here has not been delivered; `None` once it is.
    pub(crate) fn not_delivered(&self, of: &AskedFor) -> Result<Option<String>, Fault> {
        let Some(what) = of.last_message() else { return Ok(None) };
        let open = self.jobs_of(of, what)?;
        let Some(last) = open.last() else { return Ok(None) };
        let rows = self.store.query("SELECT last_error FROM jobs WHERE id = $1", &[last.0.into()])?;
        let error = rows.first().map(|row| row.text(0)).transpose()?.unwrap_or_default();
        Ok(Some(if error.is_empty() { "it goes out with the next round".to_owned() } else { error.to_owned() }))
    }

    /// The jobs that are still to carry one of its messages.
    fn jobs_of(&self, of: &AskedFor, what: &str) -> Result<Vec<JobId>, Fault> {
        let key = format!("{MOVING}/{}/{what}", of.key);
        let again = format!("{key}/");
        let end = format!("{key}/\u{7f}");
        let sql = "SELECT id FROM jobs WHERE done_seq IS NULL \
                   AND (idempotency_key = $1 OR (idempotency_key >= $2 AND idempotency_key < $3)) ORDER BY id";
        let rows = self.store.query(sql, &[key.as_str().into(), again.as_str().into(), end.as_str().into()])?;
        rows.iter().map(|row| Ok(JobId(row.u64(0)?))).collect()
    }
}
