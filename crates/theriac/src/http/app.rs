//! What every request shares: the world behind its blocking door, who is asking, and the counters.

use super::asked::Claim;
use super::failure::Failure;
use super::hosts::Hosts;
use crate::sessions::{Found, Known, Secret, Use};
use crate::views::{DeploymentKind, DeploymentView, PersonView, Unavailable, World};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use theriac_model::Actor;
use tokio::sync::Semaphore;

/// Questions to the world that may run at the same time; the others wait their turn, within the request's own time.
const TURNS: usize = 32;

/// Questions to the rulebook that may be computed at the same time: anybody may ask them, and the desks must not wait for them.
const LAW_TURNS: usize = 4;

/// What every request shares.
pub(super) struct App {
    world: Arc<dyn World>,
    /// Names under which this server may be called.
    pub(super) hosts: Hosts,
    /// Requests by route, method and status.
    pub(super) counts: Counts,
    turns: Arc<Semaphore>,
    law_turns: Arc<Semaphore>,
    /// The deployment as last seen, so that a page can say DEMO when the world does not answer.
    seen: OnceLock<DeploymentView>,
}

/// Who is asking, and where.
pub(super) struct Visit {
    pub(super) deployment: DeploymentView,
    pub(super) visitor: Option<Visitor>,
    /// By what the visitor is known.
    pub(super) means: Means,
    /// The session's secret, if the request showed one that is known.
    pub(super) session: Option<Secret>,
    /// Whose session this is, if it is locked.
    pub(super) locked: Option<Away>,
}

/// By what a request showed who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Means {
    /// By nothing.
    Nothing,
    /// By a session, which a person opened at a browser.
    Session,
    /// By their word, which only a demonstration believes.
    Word,
    /// By a program's key: its identifier.
    Key(String),
}

/// Somebody whose session is locked.
pub(super) struct Away {
    pub(super) person: PersonView,
    pub(super) known: Known,
}

/// A person at a desk.
#[derive(Clone)]
pub(super) struct Visitor {
    pub(super) actor: Actor,
    pub(super) person: PersonView,
}

impl App {
    pub(super) fn new(world: Arc<dyn World>, hosts: Hosts) -> Self {
        Self {
            world,
            hosts,
            counts: Counts::default(),
            turns: Arc::new(Semaphore::new(TURNS)),
            law_turns: Arc::new(Semaphore::new(LAW_TURNS)),
            seen: OnceLock::new(),
        }
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

    /// Asks the rulebook on a blocking thread, a few questions at a time.
    pub(super) async fn ask_the_law<T, Q>(&self, question: Q) -> Result<T, Failure>
    where
        T: Send + 'static,
        Q: FnOnce() -> T + Send + 'static,
    {
        let Ok(turn) = Arc::clone(&self.law_turns).acquire_owned().await else { return Err(Failure::unavailable()) };
        self.ask(move |_| {
            // Kept until the answer is computed, even if nobody waits for it any more.
            let _turn = turn;
            Ok(question())
        })
        .await
    }

    /// The deployment, and who asks, as far as the `claim` can be believed.
    ///
    /// Only a demonstration takes a person at their word.
    pub(super) async fn visit(&self, claim: Claim, how: Use) -> Result<Visit, Failure> {
        let visit = self
            .ask(move |world| {
                let deployment = world.deployment()?;
                let mut visit = Visit { deployment, visitor: None, means: Means::Nothing, session: None, locked: None };
                let id = match claim {
                    Claim::Nobody => None,
                    Claim::Person(id) => {
                        visit.means = Means::Word;
                        Some(id).filter(|_| visit.deployment.kind == DeploymentKind::Demo)
                    }
                    Claim::Key(key) => world.key_holder(&key)?.map(|holder| {
                        visit.means = Means::Key(holder.id);
                        holder.acts_as
                    }),
                    Claim::Session(secret) => {
                        visit.means = Means::Session;
                        let found = found(world, &secret, how)?;
                        visit.session = Some(secret).filter(|_| found != Found::Nobody);
                        match found {
                            Found::Nobody => None,
                            Found::Open { person, .. } => Some(person),
                            Found::Locked { person, known } => {
                                let away = known_person(world, &person)?;
                                visit.locked = away.map(|away| Away { person: away.person, known });
                                None
                            }
                        }
                    }
                };
                if let Some(id) = id {
                    visit.visitor = known_person(world, &id)?;
                }
                Ok(visit)
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
        let asked = tokio::time::timeout(std::time::Duration::from_secs(1), self.visit(Claim::Nobody, Use::Page)).await;
        asked.ok().and_then(Result::ok).map(|visit| visit.deployment)
    }
}

/// Who holds `secret`, unless the sessions of that person were ended since, by this process or another.
fn found(world: &dyn World, secret: &Secret, how: Use) -> Result<Found, Unavailable> {
    let found = world.sessions().find(secret, world.now(), world.idle(), how);
    if let Found::Open { person, .. } | Found::Locked { person, .. } = &found
        && let Some(end) = world.sessions_ended(person)?
        && world.sessions().end_before(person, end) > 0
    {
        return Ok(Found::Nobody);
    }
    Ok(found)
}

fn known_person(world: &dyn World, id: &str) -> Result<Option<Visitor>, Unavailable> {
    let Some(actor) = world.actor(id) else { return Ok(None) };
    let listed = world.people()?.into_iter().find(|person| person.id == id);
    Ok(listed.map(|person| Visitor { actor, person }))
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
