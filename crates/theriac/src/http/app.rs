//! What every request shares: the world behind its blocking door, who is asking, and the counters.

use super::failure::Failure;
use super::hosts::Hosts;
use crate::views::{DeploymentKind, DeploymentView, PersonView, Unavailable, World};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use theriac_model::Actor;
use tokio::sync::Semaphore;

/// Questions to the world that may run at the same time; the others wait their turn, within the request's own time.
const TURNS: usize = 32;

/// What every request shares.
pub(super) struct App {
    world: Arc<dyn World>,
    /// Names under which this server may be called.
    pub(super) hosts: Hosts,
    /// Requests by route, method and status.
    pub(super) counts: Counts,
    turns: Arc<Semaphore>,
    /// The deployment as last seen, so that a page can say DEMO when the world does not answer.
    seen: OnceLock<DeploymentView>,
}

/// Who is asking, and where.
pub(super) struct Visit {
    pub(super) deployment: DeploymentView,
    pub(super) visitor: Option<Visitor>,
}

/// A person at a desk.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) actor: Actor,
    pub(super) person: PersonView,
}

impl App {
    pub(super) fn new(world: Arc<dyn World>, hosts: Hosts) -> Self {
        Self { world, hosts, counts: Counts::default(), turns: Arc::new(Semaphore::new(TURNS)), seen: OnceLock::new() }
    }

    /// Asks the world on a blocking thread. What went wrong goes to the log and not to the reader.
    pub(super) async fn ask<T, Q>(&self, question: Q) -> Result<T, Failure>
    where
        T: Send + 'static,
        Q: FnOnce(&dyn World) -> Result<T, Unavailable> + Send + 'static,
    {
        let Ok(turn) = Arc::clone(&self.turns).acquire_owned().await else { return Err(Failure::unavailable()) };
        let world = Arc::clone(&self.world);
        let answer = tokio::task::spawn_blocking(move || {
            // The turn ends with the work, even if nobody waits for the answer any more.
            let _turn = turn;
            question(world.as_ref())
        });
        match answer.await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(Unavailable(cause))) => {
                eprintln!("theriac http: HTTP-UNAVAILABLE: {cause}");
                Err(Failure::unavailable())
            }
            Err(_) => {
                eprintln!("theriac http: HTTP-UNAVAILABLE: a question to the world broke off");
                Err(Failure::unavailable())
            }
        }
    }

    /// The deployment, and the person whose identifier was `claimed`.
    ///
    /// Only a demonstration takes a person at their word; in production nobody is known this way.
    pub(super) async fn visit(&self, claimed: Option<String>) -> Result<Visit, Failure> {
        let visit = self
            .ask(move |world| {
                let deployment = world.deployment()?;
                let id = claimed.filter(|_| deployment.kind == DeploymentKind::Demo);
                let visitor = match id.and_then(|id| world.actor(&id).map(|actor| (id, actor))) {
                    Some((id, actor)) => {
                        let listed = world.people()?.into_iter().find(|person| person.id == id);
                        listed.map(|person| Visitor { actor, person })
                    }
                    None => None,
                };
                Ok(Visit { deployment, visitor })
            })
            .await?;
        self.seen.get_or_init(|| visit.deployment.clone());
        Ok(visit)
    }

    /// The deployment as first seen; its name, kind and profile do not change while the server runs.
    pub(super) async fn remembered(&self) -> Option<DeploymentView> {
        if let Some(seen) = self.seen.get() {
            return Some(seen.clone());
        }
        let asked = tokio::time::timeout(std::time::Duration::from_secs(1), self.visit(None)).await;
        asked.ok().and_then(Result::ok).map(|visit| visit.deployment)
    }
}

/// Requests by route, method and status since the server began. Routes are the table's, so the map stays small.
#[derive(Default)]
pub(super) struct Counts(Mutex<BTreeMap<(String, &'static str, u16), u64>>);

impl Counts {
    pub(super) fn add(&self, route: String, method: &'static str, status: u16) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry((route, method, status)).or_default();
        *count = count.saturating_add(1);
    }

    /// In the Prometheus text format.
    pub(super) fn print(&self, entries: u64) -> String {
        let mut text = format!(
            "# HELP theriac_journal_entries Entries in the journal.\n\
             # TYPE theriac_journal_entries gauge\n\
             theriac_journal_entries {entries}\n\
             # HELP theriac_http_requests_total Requests answered, by route and status.\n\
             # TYPE theriac_http_requests_total counter\n"
        );
        for ((route, method, status), count) in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "theriac_http_requests_total{{route=\"{route}\",method=\"{method}\",status=\"{status}\"}} {count}"
            );
        }
        text
    }
}
