//! What the pages and the API show: plain data, and the one trait through which they ask for it.
//!
//! Desks that only read are served through the views alone; a desk that acts asks for the deployment behind them. Texts in
//! views are data and escaped by whoever prints them.

use crate::house::House;
use crate::sessions::{Known, Secret, Sessions};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use theriac_model::{Actor, Edition, Refusal};

/// A deployment, as every page names it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DeploymentView {
    /// Its name.
    pub(crate) name: String,
    /// Whether every page must say DEMO.
    pub(crate) kind: DeploymentKind,
    /// The law profile in use.
    pub(crate) profile: String,
    /// The clock of the place, to the minute.
    pub(crate) now: String,
    /// How many entries the journal holds.
    pub(crate) entries: u64,
}

impl DeploymentView {
    /// The profile's plain name.
    pub(crate) fn profile_in_words(&self) -> &str {
        profile_in_words(&self.profile)
    }
}

/// Production or demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum DeploymentKind {
    Demo,
    Production,
}

/// A person who can sit at a desk.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PersonView {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: String,
    pub(crate) what: String,
}

/// One row of the practitioner's list.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PrescriptionRow {
    pub(crate) id: String,
    pub(crate) issued: String,
    pub(crate) patient: String,
    pub(crate) drug: String,
    pub(crate) schedule: String,
    pub(crate) quantity: String,
    /// Stage in one word: `draft`, `ready`, `signed`, `transmitted`, `accepted`, `rejected`, `filled`, `printed`, `void`.
    pub(crate) stage: String,
    /// What the last answer said, if one came.
    pub(crate) answer: String,
}

/// An element of a prescription with its plain-language name.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct ElementView {
    pub(crate) tag: String,
    pub(crate) value: String,
}

/// A step of a record: when, who, what, and the journal entry that proves it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StepView {
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) what: String,
    pub(crate) entry: u64,
}

/// A prescription of the practitioner's side.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PrescriptionView {
    pub(crate) row: PrescriptionRow,
    pub(crate) elements: Vec<ElementView>,
    pub(crate) steps: Vec<StepView>,
}

/// One row of the pharmacy's queue.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct QueueRow {
    /// The pharmacy's prescription number.
    pub(crate) number: String,
    pub(crate) received: String,
    pub(crate) patient: String,
    pub(crate) practitioner: String,
    pub(crate) drug: String,
    pub(crate) schedule: String,
    pub(crate) quantity: String,
    /// `accepted`, `rejected`, `partly-filled`, `filled`, `void` ...
    pub(crate) status: String,
    /// Units that may still be dispensed.
    pub(crate) remaining: String,
}

/// One filling, refill or part.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DispensingView {
    pub(crate) at: String,
    pub(crate) kind: String,
    pub(crate) quantity: String,
    pub(crate) pharmacist: String,
    pub(crate) entry: u64,
}

/// Something that has to be done by a time.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct DutyView {
    pub(crate) what: String,
    pub(crate) cite: String,
    pub(crate) due: String,
}

/// A refusal as shown to people.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RefusalView {
    pub(crate) code: String,
    pub(crate) cite: String,
    pub(crate) edition: String,
    /// What a reader must know of the edition: "the law in force on that day", "a proposal of 2008 ...".
    pub(crate) standing: String,
    pub(crate) field: String,
    pub(crate) what: String,
    pub(crate) next: String,
}

/// A stored edition's plain name; a name that no edition has stays as it is.
pub(crate) fn edition_named(name: &str) -> String {
    Edition::parse(name).map_or_else(|| name.to_owned(), |edition| edition_in_words(&edition))
}

/// An edition's plain name, for pages and papers; files and the interface for programs have [`Edition::name`].
pub(crate) fn edition_in_words(edition: &Edition) -> String {
    match edition {
        Edition::Proposed2008 => "DEA’s proposed rule of 2008".to_owned(),
        Edition::Cfr => "Code of Federal Regulations".to_owned(),
        Edition::Manual2010 => "Pharmacist’s Manual of 2010".to_owned(),
        Edition::Cards2021 => "study cards of 2021".to_owned(),
        Edition::State(code) => format!("State law of {}", String::from_utf8_lossy(code)),
        Edition::House(name) => format!("house rule {name}"),
    }
}

/// A law profile's plain name, for pages and papers.
pub(crate) fn profile_in_words(name: &str) -> &str {
    match name {
        "proposed-2008" => "DEA’s proposed rule of 2008",
        "manual-2010" => "Pharmacist’s Manual of 2010",
        "cards-2021" => "study cards of 2021",
        own => own,
    }
}

impl RefusalView {
    /// The edition's plain name.
    pub(crate) fn edition_in_words(&self) -> String {
        edition_named(&self.edition)
    }
}

impl From<&Refusal> for RefusalView {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.to_string(),
            cite: refusal.cite.to_string(),
            edition: refusal.edition.to_string(),
            standing: refusal.edition.standing().to_owned(),
            field: refusal.field.as_deref().unwrap_or_default().to_owned(),
            what: refusal.what.clone().into_owned(),
            next: refusal.next.clone().into_owned(),
        }
    }
}

/// The pharmacy's record of one prescription, whole.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RecordView {
    pub(crate) row: QueueRow,
    /// All required elements, as received.
    pub(crate) elements: Vec<ElementView>,
    /// How the signature was found: signer, time, digest.
    pub(crate) signature: String,
    /// SHA-256 of the archived message, hex.
    pub(crate) archived: String,
    /// Why it was rejected, if it was.
    pub(crate) refusals: Vec<RefusalView>,
    pub(crate) dispensings: Vec<DispensingView>,
    pub(crate) duties: Vec<DutyView>,
    /// Notes added to the record, newest last.
    pub(crate) annotations: Vec<StepView>,
    /// Who opened the record, newest last.
    pub(crate) opened: Vec<StepView>,
    /// Everything that happened to it.
    pub(crate) steps: Vec<StepView>,
}

/// Stock of one product.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StockRow {
    pub(crate) ndc: String,
    pub(crate) name: String,
    pub(crate) schedule: String,
    /// On hand, with its unit.
    pub(crate) on_hand: String,
    pub(crate) received: String,
    pub(crate) dispensed: String,
}

/// One movement of a product.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct MovementView {
    pub(crate) at: String,
    pub(crate) document: String,
    pub(crate) who: String,
    /// `shelf -30, patient +30`.
    pub(crate) lines: String,
    /// On hand after it, in the smallest unit.
    pub(crate) on_hand: i64,
    /// On hand after it, with its unit.
    pub(crate) on_hand_text: String,
    pub(crate) entry: u64,
}

/// A product with its movements, oldest first.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StockView {
    pub(crate) row: StockRow,
    pub(crate) movements: Vec<MovementView>,
}

/// One row of the journal.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EntryRow {
    pub(crate) seq: u64,
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) role: String,
    pub(crate) location: String,
    pub(crate) kind: String,
    pub(crate) stream: String,
    pub(crate) leaf: String,
}

/// A page of the journal, newest first, with the newest signed checkpoint.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct JournalView {
    pub(crate) rows: Vec<EntryRow>,
    /// The number below which older entries follow; none on the last page.
    pub(crate) older: Option<u64>,
    pub(crate) checkpoint: String,
    pub(crate) verifier_key: String,
}

/// One entry with its proof, which was verified when the page was made.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct EntryView {
    pub(crate) row: EntryRow,
    /// The body, indented JSON.
    pub(crate) body: String,
    pub(crate) law: String,
    /// The inclusion proof's hashes, base64, leaf upwards.
    pub(crate) proof: Vec<String>,
    pub(crate) tree_size: u64,
    pub(crate) root: String,
    /// `verified`, or why not.
    pub(crate) verdict: String,
    /// The evidence as JSON, for `theriac verify`.
    pub(crate) evidence: String,
}

/// A program's key that is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyHolder {
    /// The key's identifier.
    pub(crate) id: String,
    /// The person in whose name its program asks.
    pub(crate) acts_as: String,
}

/// Something went wrong inside; the page says so without details, the log has them.
#[derive(Debug)]
pub(crate) struct Unavailable(pub(crate) String);

/// What the pages and the API may ask for. Methods block; the HTTP side calls them on a blocking thread.
pub(crate) trait World: Send + Sync {
    /// Who is signed in.
    fn sessions(&self) -> &Sessions;
    /// The entry that last ended a person's sessions, whichever process recorded it.
    fn sessions_ended(&self, person: &str) -> Result<Option<u64>, Unavailable>;
    /// Opens a session that outlives every end recorded so far.
    fn open_session(&self, person: &str, known: Known) -> Result<Secret, Unavailable>;
    /// The time of the deployment's clock.
    fn now(&self) -> Timestamp;
    /// The address by which browsers reach the server, where it is not the one it listens on.
    fn site(&self) -> Option<String>;
    /// How long a session may go unused before it locks.
    fn idle(&self) -> SignedDuration;
    /// The deployment behind the views, for the desks that act on it.
    fn house(&self) -> Result<&House, Unavailable>;
    fn deployment(&self) -> Result<DeploymentView, Unavailable>;
    /// Everybody who can sit at a desk; in a demonstration anyone may choose a person.
    fn people(&self) -> Result<Vec<PersonView>, Unavailable>;
    /// The key that a program shows, if it is one of this deployment.
    fn key_holder(&self, key: &str) -> Result<Option<KeyHolder>, Unavailable>;
    /// The actor behind a person's identifier.
    fn actor(&self, person: &str) -> Option<Actor>;
    /// The practitioner's or agent's list, newest first.
    fn prescriptions(&self, of: &Actor) -> Result<Vec<PrescriptionRow>, Unavailable>;
    fn prescription(&self, id: &str) -> Result<Option<PrescriptionView>, Unavailable>;
    /// The pharmacy's queue, newest first.
    fn queue(&self) -> Result<Vec<QueueRow>, Unavailable>;
    /// Opens a record: the opening is itself recorded before the record is shown.
    fn open_record(&self, number: &str, by: &Actor) -> Result<Option<RecordView>, Unavailable>;
    /// Adds a note to a record.
    fn annotate(&self, number: &str, by: &Actor, note: &str) -> Result<Result<(), Refusal>, Unavailable>;
    fn stock(&self) -> Result<Vec<StockRow>, Unavailable>;
    fn stock_of(&self, ndc: &str) -> Result<Option<StockView>, Unavailable>;
    /// A page of at most 100 entries below `before`, newest first.
    fn journal(&self, before: Option<u64>) -> Result<JournalView, Unavailable>;
    fn entry(&self, seq: u64) -> Result<Option<EntryView>, Unavailable>;
}
