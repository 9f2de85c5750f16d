//! The one thread that writes. It takes every append that waits, up to a limit, and commits them in one transaction; each caller
//! is answered once that transaction is durable.

use std::sync::mpsc::Receiver;

use crate::append::{Appended, PreparedAppend};
use crate::batch::{self, Tip};
use crate::engine::{Access, Address, Connection, Tx};
use crate::error::{AppendError, StoreError};
use crate::options::{Cadence, Options};

/// Most bytes of bodies and pieces in one transaction, roughly; one larger append still goes alone.
const BATCH_BYTES_MAX: usize = 16 * 1024 * 1024;

/// Takes the outcome of an append.
pub(crate) type Reply = Box<dyn FnOnce(Result<Appended, AppendError>) + Send>;

/// What the writer is asked.
pub(crate) enum Request {
    Append(PreparedAppend, Reply),
    /// Anything else that must be done between transactions.
    Control(Box<dyn FnOnce(&mut Writer) + Send>),
}

/// The writer's own state; it lives on its thread.
pub(crate) struct Writer {
    address: Address,
    options: Options,
    connection: Box<dyn Connection>,
    tip: Tip,
}

impl Writer {
    /// Opens the connection, makes what is missing and brings the projections up to date.
    pub(crate) fn open(address: Address, options: Options) -> Result<Writer, StoreError> {
        let mut connection = address.connect(Access::Write)?;
        crate::schema::prepare(connection.as_mut(), &options)?;
        let mut writer = Writer { address, options, connection, tip: Tip::default() };
        writer.transaction(|_, _, _| Ok(()))?;
        Ok(writer)
    }

    /// Runs `run` in a write transaction whose tip is known.
    pub(crate) fn transaction<T>(
        &mut self,
        run: impl FnOnce(&mut dyn Tx, &mut Tip, &Options) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.reconnect()?;
        let options = &self.options;
        batch::transaction(self.connection.as_mut(), &mut self.tip, |tx, tip| {
            batch::take_tip(tx, tip, options)?;
            run(tx, tip, options)
        })
    }

    /// Serves until every handle is gone, then signs what is not signed yet.
    pub(crate) fn serve(mut self, requests: &Receiver<Request>) {
        while let Ok(first) = requests.recv() {
            let (mut batch, mut replies) = (Vec::new(), Vec::new());
            let (mut events, mut weight) = (0, 0);
            let mut request = Some(first);
            let mut control = None;
            while let Some(next) = request.take() {
                match next {
                    Request::Append(append, reply) => {
                        events += append.events.len();
                        weight += append.weight;
                        batch.push(append);
                        replies.push(reply);
                    }
                    Request::Control(run) => {
                        control = Some(run);
                        break;
                    }
                }
                if events < self.options.batch_events_max && weight < BATCH_BYTES_MAX {
                    request = requests.try_recv().ok();
                }
            }
            self.append(&mut batch, replies);
            if let Some(run) = control {
                run(&mut self);
            }
        }
        if self.options.cadence != Cadence::EachBatch && self.tip.is_unsigned() {
            // Nobody is left to hear of a failure; the next start signs what is missing with its first append.
            let _ = self.transaction(batch::sign_now);
        }
    }

    fn append(&mut self, batch: &mut [PreparedAppend], replies: Vec<Reply>) {
        if batch.is_empty() {
            return;
        }
        let outcomes = match self.try_append(batch) {
            Ok(outcomes) => outcomes,
            // One bad append must not take the others with it: each is tried alone.
            Err(error) if batch.len() > 1 && !matches!(error, StoreError::Uncertain(_)) => batch
                .chunks_mut(1)
                .flat_map(|one| self.try_append(one).unwrap_or_else(|error| vec![Err(error.into())]))
                .collect(),
            Err(error) => batch.iter().map(|_| Err(error.clone().into())).collect(),
        };
        for (reply, outcome) in replies.into_iter().zip(outcomes) {
            reply(outcome);
        }
    }

    fn try_append(&mut self, batch: &mut [PreparedAppend]) -> Result<Vec<Result<Appended, AppendError>>, StoreError> {
        self.reconnect()?;
        batch::append(self.connection.as_mut(), &mut self.tip, &self.options, batch)
    }

    /// Appends one and erases entries with it; see [`batch::append_erasing`].
    pub(crate) fn append_erasing(
        &mut self,
        append: PreparedAppend,
        seqs: &[u64],
    ) -> Result<Result<Appended, AppendError>, StoreError> {
        self.reconnect()?;
        batch::append_erasing(self.connection.as_mut(), &mut self.tip, &self.options, append, seqs)
    }

    fn reconnect(&mut self) -> Result<(), StoreError> {
        if self.connection.is_broken() {
            self.connection = self.address.connect(Access::Write)?;
            self.tip.forget();
        }
        Ok(())
    }
}
