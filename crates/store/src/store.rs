//! The handle. It can be cloned and used from any thread; the store closes when the last one is dropped.

use std::ops::Range;
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

use theriac_journal::{Entry, Piece, Report};

use crate::append::{Append, Appended, PreparedAppend};
use crate::batch;
use crate::check::{CheckOptions, check_store};
use crate::engine::{Access, Address, Connection, Engine, Tx};
use crate::error::{AppendError, StoreError};
use crate::jobs::{self, Job, JobId, mark};
use crate::options::Options;
use crate::value::{Row, Value};
use crate::writer::{Reply, Request, Writer};
use crate::{projection, read, schema};

/// Appends that may wait for the writer before callers have to.
const WAITING_MAX: usize = 8_192;

/// An open store.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    options: Options,
    readers: Readers,
    requests: Option<SyncSender<Request>>,
    writer: Option<JoinHandle<()>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        // Without senders the writer finishes what waits and ends.
        self.requests = None;
        if let Some(writer) = self.writer.take() {
            // The last handle may be dropped by a reply, which runs on the writer itself.
            if writer.thread().id() != thread::current().id() {
                let _ = writer.join();
            }
        }
    }
}

/// An append on its way.
pub struct Ticket(Arc<Slot>);

/// Where the outcome of one append is put.
#[derive(Default)]
struct Slot {
    outcome: Mutex<Option<Result<Appended, AppendError>>>,
    filled: Condvar,
}

/// The writer's side of a slot. Dropped without an answer, it answers that the store is closing.
struct Answer(Arc<Slot>);

impl Answer {
    fn put(&self, outcome: Result<Appended, AppendError>) {
        self.0.outcome.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(outcome);
        self.0.filled.notify_one();
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.put(Err(AppendError::Store(StoreError::Closed)));
    }
}

impl Ticket {
    /// Waits until the append is durable, or refused.
    ///
    /// # Errors
    /// Why it was refused.
    pub fn wait(self) -> Result<Appended, AppendError> {
        let mut outcome = self.0.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(outcome) = outcome.take() {
                return outcome;
            }
            outcome = self.0.filled.wait(outcome).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Store {
    /// Opens the store; with a checkpoint key it is made when it does not exist, and projections are brought up to date.
    ///
    /// # Errors
    /// `Url`, `Open`, `Config` when it is another journal's, `Damaged`.
    pub fn open(options: Options) -> Result<Store, StoreError> {
        let address = Address::parse(&options.url)?;
        let (requests, writer) = if options.signer.is_some() {
            let writer = Writer::open(address.clone(), options.clone())?;
            let (sender, receiver) = mpsc::sync_channel(WAITING_MAX);
            let thread =
                thread::Builder::new()
                    .name("theriac-journal".into())
                    .spawn(move || writer.serve(&receiver))
                    .map_err(|error| StoreError::Open { url: "the writer thread".into(), why: error.to_string() })?;
            (Some(sender), Some(thread))
        } else {
            (None, None)
        };
        let readers = Readers::new(address, options.readers_max.max(1));
        readers.with(|tx| schema::verify_meta(tx, &options.origin))?;
        Ok(Store { inner: Arc::new(Inner { options, readers, requests, writer }) })
    }

    /// The engine behind it.
    pub fn engine(&self) -> Engine {
        self.inner.readers.address.engine()
    }

    /// Appends and waits until it is durable.
    ///
    /// # Errors
    /// `Conflict` when a stream has moved on; the other reasons are named by [`AppendError`].
    pub fn append(&self, append: Append) -> Result<Appended, AppendError> {
        self.submit(append)?.wait()
    }

    /// Hands an append to the writer and returns at once, so that many can be on their way; they are written in the order of
    /// submission by this thread.
    ///
    /// # Errors
    /// Limits of the journal, `ReadOnly`, `Closed`; what needs the journal is told by [`Ticket::wait`].
    pub fn submit(&self, append: Append) -> Result<Ticket, AppendError> {
        let slot = Arc::new(Slot::default());
        let answer = Answer(Arc::clone(&slot));
        self.submit_with(append, move |outcome| answer.put(outcome))?;
        Ok(Ticket(slot))
    }

    /// Like [`Store::submit`], with a function that takes the outcome. It runs on the writer's thread: it must not wait.
    ///
    /// # Errors
    /// As [`Store::submit`]; `then` is not called in that case.
    pub fn submit_with(
        &self,
        append: Append,
        then: impl FnOnce(Result<Appended, AppendError>) + Send + 'static,
    ) -> Result<(), AppendError> {
        let prepared = PreparedAppend::new(append)?;
        let then: Reply = Box::new(then);
        self.send(Request::Append(prepared, then)).map_err(AppendError::Store)
    }

    /// Appends many, each on its own terms, and waits for all of them.
    pub fn append_many(&self, appends: Vec<Append>) -> Vec<Result<Appended, AppendError>> {
        let tickets: Vec<_> = appends.into_iter().map(|append| self.submit(append)).collect();
        tickets.into_iter().map(|ticket| ticket.and_then(Ticket::wait)).collect()
    }

    /// Appends the record of an erasure and, in the same transaction, erases bodies, salts and archived pieces of the entries
    /// `seqs`. Headers and leaves stay, so the tree proves what it proved; the projections are made again without what is gone.
    /// Whether an entry may be erased is for the caller to know.
    ///
    /// # Errors
    /// As [`Store::append`]; `NoEntry` for a number past the end. Nothing happened then.
    pub fn append_erasing(&self, append: Append, seqs: &[u64]) -> Result<Appended, AppendError> {
        let prepared = PreparedAppend::new(append)?;
        let seqs = seqs.to_vec();
        self.control(move |writer| writer.append_erasing(prepared, &seqs))?
    }

    /// All entries of a stream, in order; empty when there is no such stream.
    ///
    /// # Errors
    /// What reading says.
    pub fn stream(&self, name: &str) -> Result<Vec<Entry>, StoreError> {
        self.inner.readers.with(|tx| read::stream(tx, name))
    }

    /// Entries of a range of sequence numbers, in order; those past the end are not there.
    ///
    /// # Errors
    /// What reading says.
    pub fn entries(&self, seqs: Range<u64>) -> Result<Vec<Entry>, StoreError> {
        self.inner.readers.with(|tx| read::entries(tx, seqs.start, seqs.end))
    }

    /// One entry.
    ///
    /// # Errors
    /// `NoEntry`, or what reading says.
    pub fn entry(&self, seq: u64) -> Result<Entry, StoreError> {
        self.entries(seq..seq.saturating_add(1))?.pop().ok_or(StoreError::NoEntry(seq))
    }

    /// The pieces archived with an entry, in order.
    ///
    /// # Errors
    /// What reading says.
    pub fn archive(&self, seq: u64) -> Result<Vec<Piece>, StoreError> {
        self.inner.readers.with(|tx| read::pieces(tx, seq))
    }

    /// How many entries there are.
    ///
    /// # Errors
    /// What reading says.
    pub fn size(&self) -> Result<u64, StoreError> {
        self.inner.readers.with(|tx| Ok(read::head(tx, "")?.size))
    }

    /// Runs a query, usually on a projection. It never holds the writer up.
    ///
    /// # Errors
    /// `Sql` when the statement is wrong or would write.
    pub fn query(&self, sql: &str, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        self.inner.readers.with(|tx| tx.query(sql, params))
    }

    /// Runs a query and hands over its rows one by one, for answers too large for memory. The first error stops it.
    ///
    /// # Errors
    /// As [`Store::query`], and what `take` says.
    pub fn each(
        &self,
        sql: &str,
        params: &[Value],
        take: &mut dyn FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.inner.readers.with(|tx| tx.each(sql, params, take))
    }

    /// Open jobs that are due at `now_ms`, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// What reading says.
    pub fn due_jobs(&self, now_ms: i64, limit: u32) -> Result<Vec<Job>, StoreError> {
        let sql = format!(
            "SELECT {} FROM jobs WHERE done_seq IS NULL AND due_ms <= $1 ORDER BY due_ms, id LIMIT $2",
            jobs::COLUMNS
        );
        self.inner.readers.with(|tx| tx.query(&sql, &[now_ms.into(), limit.into()])?.iter().map(Job::read).collect())
    }

    /// Open jobs of one kind that are due at `now_ms`, the longest due first, at most `limit`.
    ///
    /// # Errors
    /// What reading says.
    pub fn due_jobs_of(&self, kind: &str, now_ms: i64, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.due_jobs_where("kind = $3", kind, now_ms, limit)
    }

    /// Open jobs of every other kind that are due at `now_ms`, the longest due first, at most `limit`: for work that must not
    /// wait for that kind.
    ///
    /// # Errors
    /// What reading says.
    pub fn due_jobs_but(&self, kind: &str, now_ms: i64, limit: u32) -> Result<Vec<Job>, StoreError> {
        self.due_jobs_where("kind <> $3", kind, now_ms, limit)
    }

    fn due_jobs_where(&self, which: &str, kind: &str, now_ms: i64, limit: u32) -> Result<Vec<Job>, StoreError> {
        let sql = format!(
            "SELECT {} FROM jobs WHERE done_seq IS NULL AND due_ms <= $1 AND {which} ORDER BY due_ms, id LIMIT $2",
            jobs::COLUMNS
        );
        let params = [now_ms.into(), limit.into(), kind.into()];
        self.inner.readers.with(|tx| tx.query(&sql, &params)?.iter().map(Job::read).collect())
    }

    /// One job, open or finished.
    ///
    /// # Errors
    /// What reading says.
    pub fn job(&self, id: JobId) -> Result<Option<Job>, StoreError> {
        let sql = format!("SELECT {} FROM jobs WHERE id = $1", jobs::COLUMNS);
        self.inner.readers.with(|tx| tx.query(&sql, &[id.0.into()])?.first().map(Job::read).transpose())
    }

    /// Notes that a job was tried in vain and when it is due again.
    ///
    /// # Errors
    /// `JobNotOpen` when it does not exist or is finished.
    pub fn retry_job(&self, id: JobId, due_ms: i64, error: &str) -> Result<(), AppendError> {
        self.defer_job(id, due_ms, 1, error)
    }

    /// Notes why a job waits, without having been tried, and when it is due again.
    ///
    /// # Errors
    /// `JobNotOpen` when it does not exist or is finished.
    pub fn hold_job(&self, id: JobId, due_ms: i64, reason: &str) -> Result<(), AppendError> {
        self.defer_job(id, due_ms, 0, reason)
    }

    fn defer_job(&self, id: JobId, due_ms: i64, tries: u64, error: &str) -> Result<(), AppendError> {
        let error: String = error.chars().filter(|c| !c.is_control()).take(1_000).collect();
        self.control(move |writer| {
            writer.transaction(|tx, _, _| {
                let sql = format!("SELECT {} FROM jobs WHERE id = $1 AND done_seq IS NULL", jobs::COLUMNS);
                let Some(job) = tx.query(&sql, &[id.0.into()])?.first().map(Job::read).transpose()? else {
                    return Ok(Err(AppendError::JobNotOpen(id)));
                };
                let attempts = job.attempts.saturating_add(tries);
                tx.exec(
                    "UPDATE jobs SET due_ms = $1, attempts = $2, last_error = $3, mark = $4 WHERE id = $5",
                    &[
                        due_ms.into(),
                        attempts.into(),
                        error.as_str().into(),
                        mark(id, due_ms, attempts, &error, None).into(),
                        id.0.into(),
                    ],
                )?;
                Ok(Ok(()))
            })
        })?
    }

    /// Makes every projection again from the journal.
    ///
    /// # Errors
    /// What a projection's statements say; the tables are then as they were.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        self.control(|writer| {
            writer.transaction(|tx, _, options| {
                let size = read::head(tx, "")?.size;
                for projection in &options.projections {
                    tx.exec("DELETE FROM projections WHERE name = $1", &[projection.name().into()])?;
                }
                projection::catch_up(tx, &options.projections, size)
            })
        })
    }

    /// Signs the journal as it is now and marks that checkpoint as exported, so that it is kept for ever. The caller gives the
    /// note to a witness.
    ///
    /// # Errors
    /// `ReadOnly`, or what the database says.
    pub fn export_checkpoint(&self) -> Result<String, StoreError> {
        self.control(|writer| {
            writer.transaction(|tx, tip, options| {
                batch::sign_now(tx, tip, options)?;
                let (size, note) = read::latest_checkpoint(tx)?.ok_or(StoreError::Closed)?;
                tx.exec("UPDATE checkpoints SET exported = 1 WHERE size = $1", &[size.into()])?;
                Ok(note)
            })
        })
    }

    /// Signs the journal as it is now, unless its newest checkpoint is of this size, and returns that.
    ///
    /// # Errors
    /// `ReadOnly`, or what the database says.
    pub fn sign_checkpoint(&self) -> Result<String, StoreError> {
        self.control(|writer| {
            writer.transaction(|tx, tip, options| {
                batch::sign_now(tx, tip, options)?;
                Ok(read::latest_checkpoint(tx)?.ok_or(StoreError::Closed)?.1)
            })
        })
    }

    /// The newest checkpoint, if there is one.
    ///
    /// # Errors
    /// What reading says.
    pub fn checkpoint(&self) -> Result<Option<String>, StoreError> {
        self.inner.readers.with(|tx| Ok(read::latest_checkpoint(tx)?.map(|(_, note)| note)))
    }

    /// Goes through everything again; see [`check_store`]. `exported` are checkpoints that were kept elsewhere.
    ///
    /// # Errors
    /// Only when the store cannot be reached at all; damage is in the report.
    pub fn check(&self, exported: &[String]) -> Result<Report, StoreError> {
        let options = &self.inner.options;
        check_store(&CheckOptions {
            url: options.url.clone(),
            origin: options.origin.clone(),
            trusted: options.verifiers(),
            exported: exported.to_vec(),
            projections: options.projections.clone(),
            clock_tolerance_ms: CheckOptions::CLOCK_TOLERANCE_MS,
        })
    }

    /// Runs `read` on a reading connection.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&mut dyn Tx) -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.inner.readers.with(read)
    }

    /// The journal's name.
    pub fn origin(&self) -> &str {
        &self.inner.options.origin
    }

    /// Whether this handle can append.
    pub fn can_append(&self) -> bool {
        self.inner.requests.is_some()
    }

    /// Runs something on the writer's thread and waits for its value.
    fn control<T: Send + 'static>(
        &self,
        run: impl FnOnce(&mut Writer) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (sender, receiver) = mpsc::sync_channel(1);
        self.send(Request::Control(Box::new(move |writer| {
            let _ = sender.send(run(writer));
        })))?;
        receiver.recv().unwrap_or(Err(StoreError::Closed))
    }

    fn send(&self, request: Request) -> Result<(), StoreError> {
        let requests = self.inner.requests.as_ref().ok_or(StoreError::ReadOnly)?;
        requests.send(request).map_err(|_| StoreError::Closed)
    }
}

/// Reading connections, opened when needed and kept.
struct Readers {
    address: Address,
    open_max: usize,
    state: Mutex<(Vec<Box<dyn Connection>>, usize)>,
    returned: Condvar,
}

impl Readers {
    fn new(address: Address, open_max: usize) -> Readers {
        Readers { address, open_max, state: Mutex::new((Vec::new(), 0)), returned: Condvar::new() }
    }

    fn with<T>(&self, read: impl FnOnce(&mut dyn Tx) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut lease = self.lease()?;
        match lease.connection.as_mut() {
            Some(connection) => read(connection.as_tx()),
            None => Err(StoreError::Closed),
        }
    }

    fn lease(&self) -> Result<Lease<'_>, StoreError> {
        let mut state = self.lock();
        loop {
            if let Some(connection) = state.0.pop() {
                return Ok(Lease { readers: self, connection: Some(connection) });
            }
            if state.1 < self.open_max {
                state.1 += 1;
                drop(state);
                // Counted before it is open: a failure gives the place back through the lease.
                let mut lease = Lease { readers: self, connection: None };
                lease.connection = Some(self.address.connect(Access::Read)?);
                return Ok(lease);
            }
            state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, (Vec<Box<dyn Connection>>, usize)> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A reading connection in use; it goes back when dropped, also by a panic.
struct Lease<'a> {
    readers: &'a Readers,
    connection: Option<Box<dyn Connection>>,
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.readers.lock();
        match self.connection.take().filter(|connection| !connection.is_broken()) {
            Some(connection) => state.0.push(connection),
            None => state.1 -= 1,
        }
        self.readers.returned.notify_one();
    }
}
