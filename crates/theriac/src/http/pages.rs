//! The pages: each asks the world one question and fills one template.

use super::answer::{page, see};
use super::app::Visitor;
use super::asked::{self, Asked};
use super::chart::{self, Chart};
use super::doors::Door;
use super::entry;
use super::failure::Failure;
use super::filters;
use super::practice::{Beside, ReadyFor, ready_for};
use super::shell::Shell;
use super::words::{self, Group};
use crate::house::House;
use crate::house::record::Fault;
use crate::sessions::Known;
use crate::views::{
    DeploymentKind, DeploymentView, EntryView, JournalView, PersonView, PrescriptionRow, PrescriptionView, QueueRow,
    RecordView, StockRow, StockView, World,
};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;
use theriac_model::{Actor, Role};
use theriac_prescriber::notice::Subject;

type Answer = Result<Response, Failure>;

const FROM_THE_LIST: &str = "go back to the list and open it from there";

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    shell: Shell,
    deployment: DeploymentView,
    person: PersonView,
    entries: String,
    waiting: Vec<Waiting>,
}

/// Something that waits for whoever comes in: a duty, or a notice that is shown to them now.
struct Waiting {
    what: String,
    due: String,
    href: String,
}

/// What waits for a person. A notice to a practitioner is given by being shown here, and recorded as given.
fn waiting(house: &House, who: &Actor) -> Result<Vec<Waiting>, Fault> {
    let mut waiting: Vec<Waiting> = house
        .shown_at_sign_in(who)?
        .into_iter()
        .map(|(number, notice)| Waiting {
            what: notice.subject.heading().to_owned(),
            due: house.due_in_words(notice.deadline.as_ref()),
            href: match notice.subject {
                Subject::LogReady => "/practice/logs".to_owned(),
                Subject::AdverseAudit => "/audits".to_owned(),
                _ if Door::WatchNotice.admits(who.role) => format!("/watch/notices/{number}"),
                _ if Door::OwnNotices.admits(who.role) => format!("/practice/notices#n{number}"),
                _ => String::new(),
            },
        })
        .collect();
    if Door::Watch.admits(who.role) {
        let to_give = house.notices_to_give(who)?;
        waiting.extend(to_give.first().map(|(_, item)| Waiting {
            what: format!("Notices to give: {}", to_give.len()),
            due: house.due_in_words(item.notice.deadline.as_ref()),
            href: "/watch#notices".to_owned(),
        }));
    }
    if who.role == Role::Prescriber && house.right_to_sign(&who.id)?.is_some() {
        let duties = super::watch::duties::waiting(house, who)?;
        waiting.extend(duties.into_iter().map(|(what, due, href)| Waiting { what, due, href: href.to_owned() }));
    }
    Ok(waiting)
}

/// `/`
pub(super) async fn overview(asked: Asked) -> Answer {
    let (person, actor) = (asked.visitor()?.person.clone(), asked.visitor()?.actor.clone());
    let entries = words::thousands(asked.visit.deployment.entries);
    let deployment = asked.visit.deployment.clone();
    // Where the deployment behind the views cannot be asked, the page is shown without what waits.
    let found = asked.app.ask(move |world| Ok(world.house().ok().and_then(|house| waiting(house, &actor).ok())));
    let waiting = found.await?.unwrap_or_default();
    page(&OverviewPage { shell: Shell::new(Door::Overview, &asked.visit), deployment, person, entries, waiting })
}

#[derive(Template)]
#[template(path = "desk.html")]
struct DeskPage {
    shell: Shell,
    people: Vec<PersonView>,
}

/// `/desk`
pub(super) async fn desk(asked: Asked) -> Answer {
    demonstration_only(&asked)?;
    let sits = |world: &dyn World, person: &PersonView| {
        world.actor(&person.id).is_some_and(|actor| Door::Overview.admits(actor.role))
    };
    let people = asked.app.ask(move |world| {
        let people = world.people()?;
        Ok(people.into_iter().filter(|person| sits(world, person)).collect())
    });
    let people = people.await?;
    page(&DeskPage { shell: Shell::new(Door::Desk, &asked.visit), people })
}

/// `POST /desk`: sits down as a person, or leaves the desk if the form names nobody. Either ends the session before.
pub(super) async fn choose_desk(asked: Asked) -> Answer {
    demonstration_only(&asked)?;
    let (app, visit) = (asked.app.clone(), Arc::clone(&asked.visit));
    let chosen = asked.person().await?;
    let opened = app.ask(move |world| {
        if let Some(old) = &visit.session {
            world.sessions().end(old);
        }
        let sits = |id: &String| world.actor(id).is_some_and(|actor| Door::Overview.admits(actor.role));
        Ok(match chosen {
            None => None,
            Some(person) if sits(&person) => Some(Some(world.open_session(&person, Known::Claimed)?)),
            Some(_) => Some(None),
        })
    });
    match opened.await? {
        Some(Some(secret)) => entry::with_session(see("/")?, Some(&secret)),
        Some(None) => Err(asked::no_such_person()),
        None => entry::with_session(see("/desk")?, None),
    }
}

fn demonstration_only(asked: &Asked) -> Result<(), Failure> {
    match asked.visit.deployment.kind {
        DeploymentKind::Demo => Ok(()),
        DeploymentKind::Production => Err(super::gate::demonstration_only()),
    }
}

#[derive(Template)]
#[template(path = "prescriptions.html")]
struct PrescriptionsPage {
    shell: Shell,
    rows: Vec<PrescriptionRow>,
    ready: Vec<ReadyFor>,
}

/// `/practice/prescriptions`
pub(super) async fn prescriptions(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let found = asked.app.ask(move |world| Ok((world.prescriptions(&actor)?, ready_for(world, &actor)?)));
    let (rows, ready) = found.await?;
    page(&PrescriptionsPage { shell: Shell::new(Door::Prescriptions, &asked.visit), rows, ready })
}

#[derive(Template)]
#[template(path = "prescription.html")]
struct PrescriptionPage {
    shell: Shell,
    prescription: PrescriptionView,
    groups: Vec<Group>,
    beside: Beside,
}

/// `/practice/prescriptions/{id}`
pub(super) async fn prescription(asked: Asked) -> Answer {
    let prescription = find_prescription(&asked).await?;
    let groups = words::groups(&prescription.elements);
    let (actor, id) = (asked.visitor()?.actor.clone(), prescription.row.id.clone());
    let beside = asked.app.ask(move |world| Beside::of(world, &actor, &id)).await?;
    page(&PrescriptionPage { shell: Shell::new(Door::Prescription, &asked.visit), prescription, groups, beside })
}

/// A prescription on the list of whoever asks: nobody reads another practice's prescriptions by guessing numbers.
pub(super) async fn find_prescription(asked: &Asked) -> Result<PrescriptionView, Failure> {
    let Visitor { actor, .. } = asked.visitor()?.clone();
    let id = asked.id("id")?;
    let own = super::gate::reads_only_own(actor.role);
    let found = asked.app.ask(move |world| {
        if own && !world.prescriptions(&actor)?.iter().any(|row| row.id == id) {
            return Ok(None);
        }
        world.prescription(&id)
    });
    found.await?.ok_or_else(|| Failure::no_such("prescription", FROM_THE_LIST))
}

#[derive(Template)]
#[template(path = "queue.html")]
struct QueuePage {
    shell: Shell,
    rows: Vec<QueueRow>,
}

/// `/pharmacy/queue`
pub(super) async fn queue(asked: Asked) -> Answer {
    let rows = asked.app.ask(|world| world.queue()).await?;
    page(&QueuePage { shell: Shell::new(Door::Queue, &asked.visit), rows })
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    shell: Shell,
    record: RecordView,
    groups: Vec<Group>,
    /// What colleagues should know of the drug.
    alerts: Vec<crate::archive::Alert>,
}

impl RecordPage {
    fn changes() -> &'static [(&'static str, &'static str)] {
        &crate::dispensary::CHANGES
    }
}

/// `/pharmacy/prescriptions/{number}`. The world records the opening before it shows anything.
pub(super) async fn record(asked: Asked) -> Answer {
    let record = open_record(&asked).await?;
    let groups = words::groups(&record.elements);
    let drug = record.row.drug.clone();
    let alerts = asked.app.ask(move |world| Ok(world.house().map(|house| house.alerts_on(&drug)))).await?;
    let alerts = alerts.ok().and_then(Result::ok).unwrap_or_default();
    page(&RecordPage { shell: Shell::new(Door::Record, &asked.visit), record, groups, alerts })
}

/// Opens a record in the name of whoever asks.
pub(super) async fn open_record(asked: &Asked) -> Result<RecordView, Failure> {
    let actor = asked.visitor()?.actor.clone();
    let number = asked.id("number")?;
    let found = asked.app.ask(move |world| world.open_record(&number, &actor)).await?;
    found.ok_or_else(|| Failure::no_such("prescription record", FROM_THE_LIST))
}

/// `POST /pharmacy/prescriptions/{number}/annotations`
pub(super) async fn annotate(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let number = asked.id("number")?;
    let app = asked.app.clone();
    let record = format!("/pharmacy/prescriptions/{number}");
    let typed = asked.typed_note().await?;
    let again = |failure: Failure| failure.with_form(format!("{record}/annotations"), typed.clone());
    let note = asked::note(&typed).map_err(again)?;
    let done = app.ask(move |world| world.annotate(&number, &actor, &note)).await?;
    done.map_err(|refusal| again(Failure::refused(&refusal)))?;
    see(&format!("{record}#annotations"))
}

#[derive(Template)]
#[template(path = "stock_list.html")]
struct StockListPage {
    shell: Shell,
    rows: Vec<StockRow>,
}

/// `/pharmacy/stock`
pub(super) async fn stock_list(asked: Asked) -> Answer {
    let rows = asked.app.ask(|world| world.stock()).await?;
    page(&StockListPage { shell: Shell::new(Door::StockList, &asked.visit), rows })
}

#[derive(Template)]
#[template(path = "stock.html")]
struct StockPage {
    shell: Shell,
    stock: StockView,
    chart: Option<Chart>,
}

/// `/pharmacy/stock/{ndc}`
pub(super) async fn stock(asked: Asked) -> Answer {
    let stock = find_stock(&asked).await?;
    let chart = Chart::of(&stock.movements);
    page(&StockPage { shell: Shell::new(Door::Stock, &asked.visit), stock, chart })
}

/// One product's stock.
pub(super) async fn find_stock(asked: &Asked) -> Result<StockView, Failure> {
    let ndc = asked.ndc()?;
    let found = asked.app.ask(move |world| world.stock_of(&ndc)).await?;
    found.ok_or_else(|| Failure::no_such("product in stock", FROM_THE_LIST))
}

#[derive(Template)]
#[template(path = "journal.html")]
struct JournalPage {
    shell: Shell,
    journal: JournalView,
    /// Whether newer entries than these exist.
    paged: bool,
    entries: String,
}

/// `/journal`
pub(super) async fn journal(asked: Asked) -> Answer {
    let before = asked.before()?;
    let journal = asked.app.ask(move |world| world.journal(before)).await?;
    let entries = words::thousands(asked.visit.deployment.entries);
    page(&JournalPage { shell: Shell::new(Door::Journal, &asked.visit), journal, paged: before.is_some(), entries })
}

#[derive(Template)]
#[template(path = "entry.html")]
struct EntryPage {
    shell: Shell,
    entry: EntryView,
    /// The body as names and values.
    fields: Vec<(String, String)>,
}

/// `/journal/{seq}`
pub(super) async fn entry(asked: Asked) -> Answer {
    let entry = find_entry(&asked).await?;
    let fields = super::plainly::fields(&entry.body);
    page(&EntryPage { shell: Shell::new(Door::Entry, &asked.visit), entry, fields })
}

/// `/journal/{seq}/evidence.json`
pub(super) async fn evidence(asked: Asked) -> Answer {
    let entry = find_entry(&asked).await?;
    let disposition = format!("attachment; filename=\"theriac-entry-{}.json\"", entry.row.seq);
    let mut response = (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], entry.evidence).into_response();
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Failure::unavailable())?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// One entry of the journal.
pub(super) async fn find_entry(asked: &Asked) -> Result<EntryView, Failure> {
    let seq = asked.seq()?;
    let found = asked.app.ask(move |world| world.entry(seq)).await?;
    found.ok_or_else(|| Failure::no_such("journal entry", "open the journal to see which entries there are"))
}
