//! The journal as the rest of the program uses it: typed records in, typed records out.

use crate::house::event::HouseEvent;
use crate::output::Problem;
use crate::registry::RegistryEvent;
use jiff::Timestamp;
use serde_json::Value;
use theriac_books::StockEvent;
use theriac_journal::Entry;
use theriac_model::{Actor, Refusal, json};
use theriac_store::{Append, AppendError, Appended, JobId, NewEvent, NewJob, NewPiece, Store, StoreError};

/// A record that the journal can keep: each domain's events.
pub(crate) trait Recorded: Sized {
    /// The body's format version.
    const FORMAT: u32;
    /// The record's kind.
    fn kind(&self) -> &'static str;
    /// The record's body.
    fn body(&self) -> Value;
    /// Reads a record back; the error says what is wrong with it.
    fn read(kind: &str, body: &Value) -> Result<Self, String>;
}

/// A domain's events are records by their own codec: format, body and reader.
macro_rules! recorded {
    ($($event:ty: $format:expr, $body:ident, $read:ident;)*) => {$(
        impl Recorded for $event {
            const FORMAT: u32 = $format;

            fn kind(&self) -> &'static str {
                <$event>::kind(self)
            }

            fn body(&self) -> Value {
                <$event>::$body(self)
            }

            fn read(kind: &str, body: &Value) -> Result<Self, String> {
                <$event>::$read(kind, body).map_err(|error| error.to_string())
            }
        }
    )*};
}

recorded! {
    theriac_prescriber::Event: theriac_prescriber::Event::FORMAT, body, read;
    theriac_prescriber::AccessEvent: theriac_prescriber::AccessEvent::FORMAT, body, read;
    theriac_prescriber::audit::AuditEvent: theriac_prescriber::audit::AuditEvent::FORMAT, body, read;
    theriac_prescriber::duties::DutyEvent: theriac_prescriber::duties::DutyEvent::FORMAT, body, read;
    theriac_prescriber::incident::IncidentEvent: theriac_prescriber::incident::IncidentEvent::FORMAT, body, read;
    theriac_prescriber::log::LogEvent: theriac_prescriber::log::LogEvent::FORMAT, body, read;
    theriac_prescriber::notice::NoticeEvent: theriac_prescriber::notice::NoticeEvent::FORMAT, body, read;
    theriac_prescriber::retention::RetentionEvent: theriac_prescriber::retention::RetentionEvent::FORMAT, body, read;
    HouseEvent: HouseEvent::FORMAT, body, read;
    crate::pdmp::PdmpEvent: crate::pdmp::PdmpEvent::FORMAT, body, read;
    RegistryEvent: RegistryEvent::FORMAT, body, read;
    crate::archive::ArchiveEvent: crate::archive::ArchiveEvent::FORMAT, body, read;
    theriac_pharmacy::Event: 1, to_json, from_json;
    crate::dispensary::entries::EntryEvent: 1, to_json, from_json;
    theriac_pharmacy::ChartDone: 1, to_json, from_json;
    theriac_pharmacy::CentralEvent: 1, to_json, from_json;
    theriac_pharmacy::DowntimeEvent: 1, to_json, from_json;
    theriac_pharmacy::RefillDayEvent: 1, to_json, from_json;
    StockEvent: 1, to_json, from_json;
    theriac_books::inventory::InventoryEvent: 1, to_json, from_json;
    theriac_books::losses::IncidentEvent: 1, to_json, from_json;
    theriac_books::orders::InvoiceEvent: 1, to_json, from_json;
    theriac_books::outgoing::OutgoingEvent: 1, to_json, from_json;
    theriac_books::orders::FormsEventRecord: 1, to_json, from_json;
    theriac_books::orders::OrderEvent: 1, to_json, from_json;
    theriac_books::orders::PowerEvent: 1, to_json, from_json;
    theriac_books::orders::SupplyEvent: 1, to_json, from_json;
    theriac_books::logbook::CounterEvent: 1, to_json, from_json;
    theriac_books::logbook::ChemicalEvent: 1, to_json, from_json;
    theriac_books::logbook::SellerEvent: 1, to_json, from_json;
    theriac_books::devices::MachineEvent: 1, to_json, from_json;
    theriac_books::devices::KitEvent: 1, to_json, from_json;
    theriac_books::online::OnlineEvent: 1, to_json, from_json;
    theriac_books::online::MonthlyEvent: 1, to_json, from_json;
}

/// Why an act did not happen.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The rules refuse it: an ordinary answer.
    Refused(Box<Refusal>),
    /// Somebody else changed the same thing first; load it again and decide again.
    Conflict,
    /// The store or the program failed.
    Broken(String),
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<AppendError> for Fault {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Conflict { .. } | AppendError::JobExists { .. } | AppendError::JobNotOpen(_) => Self::Conflict,
            other => Self::Broken(other.to_string()),
        }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Refused(refusal) => Self::from(*refusal),
            Fault::Conflict => Self::failed("STORE-CONFLICT", "somebody changed the same record first", "try again"),
            Fault::Broken(cause) => Self::failed("STORE-FAILED", cause, "run `theriac journal check` on the store"),
        }
    }
}

/// Who does something, where, and under which law.
#[derive(Clone, Debug)]
pub(crate) struct By<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) location: &'a str,
    pub(crate) law: &'a str,
    pub(crate) at: Timestamp,
}

/// One act's outcome while it is put together; all of it is appended, or nothing.
#[derive(Debug, Default)]
pub(crate) struct Change {
    append: Append,
}

impl Change {
    /// The act was decided on this version of the stream.
    pub(crate) fn decided_on(mut self, stream: &str, version: u64) -> Self {
        self.append.expected.push((stream.to_owned(), version));
        self
    }

    /// A record.
    pub(crate) fn event<R: Recorded>(self, by: &By<'_>, stream: &str, record: &R) -> Result<Self, Fault> {
        self.with_pieces(by, stream, record, Vec::new())
    }

    /// A record with bytes to archive.
    pub(crate) fn with_pieces<R: Recorded>(
        mut self,
        by: &By<'_>,
        stream: &str,
        record: &R,
        archive: Vec<NewPiece>,
    ) -> Result<Self, Fault> {
        let body = json::canonical(&record.body()).map_err(|error| Fault::Broken(error.to_string()))?;
        self.append.events.push(NewEvent {
            stream: stream.to_owned(),
            at_ms: by.at.as_millisecond(),
            actor: by.actor.id.clone(),
            role: by.actor.role.word().to_owned(),
            location: by.location.to_owned(),
            law: by.law.to_owned(),
            kind: record.kind().to_owned(),
            format: R::FORMAT,
            body,
            archive,
        });
        Ok(self)
    }

    /// Work to do afterwards.
    pub(crate) fn job(mut self, job: NewJob) -> Self {
        self.append.jobs.push(job);
        self
    }

    /// This act finishes a job.
    pub(crate) fn finishes(mut self, job: JobId) -> Self {
        self.append.finished_jobs.push(job);
        self
    }

    /// What is to be appended.
    pub(crate) fn into_append(self) -> Append {
        self.append
    }

    /// Appends it durably. Programs that drafted what it changes are told, by jobs written down with it.
    pub(crate) fn commit(mut self, store: &Store) -> Result<Appended, Fault> {
        crate::programs::hooks::notices(&mut self.append, store)?;
        store.append(self.append).map_err(Fault::from)
    }
}

/// A record read back, with its entry.
pub(crate) fn read<R: Recorded>(entry: &Entry) -> Result<R, Fault> {
    let broken = |why: String| Fault::Broken(format!("entry {} ({}): {why}", entry.seq, entry.kind));
    let bytes = entry.body_bytes().ok_or_else(|| broken("its body was erased after its retention".to_owned()))?;
    let body = serde_json::from_slice(bytes).map_err(|error| broken(error.to_string()))?;
    R::read(&entry.kind, &body).map_err(broken)
}

/// All records of a stream, and its version. What was erased after its retention is passed over.
pub(crate) fn stream<R: Recorded>(store: &Store, name: &str) -> Result<(Vec<R>, u64), Fault> {
    let entries = store.stream(name)?;
    let version = entries.last().map_or(0, |entry| entry.version);
    let kept = entries.iter().filter(|entry| entry.body_bytes().is_some());
    let records = kept.map(read).collect::<Result<_, _>>()?;
    Ok((records, version))
}
