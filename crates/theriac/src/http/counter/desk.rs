//! What the counter has to do: every open prescription by urgency, with its alarms and deadlines, what waits for collection,
//! and what was rejected lately.

use super::{Answer, due_in_words, plain};
use crate::dispensary::supervision::{Supervise, Supervised};
use crate::house::House;
use crate::house::record::{Fault, read};
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::filters;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use askama::Template;
use theriac_model::{Actor, Element};
use theriac_pharmacy::{Ages, DayStanding, Event, FillingState, PharmacyKind, Prescription, QueueItem, Urgency};

/// Days for which a rejected message stays on the page.
const REJECTED_DAYS: i64 = 7;
/// Rows of one list at most.
const ROWS_MAX: usize = 500;

struct Row {
    number: String,
    patient: String,
    drug: String,
    schedule: String,
    status: String,
    urgency: String,
    tone: &'static str,
    age: String,
    alarms: String,
    /// What ends when, the soonest first.
    deadlines: Vec<(String, String)>,
    not_before: String,
}

struct Waiting {
    number: String,
    no: u32,
    patient: String,
    drug: String,
    since: String,
}

/// A refill that a technician entered.
struct Entered {
    number: String,
    by: String,
    at: String,
}

/// A day's refills that wait for a signature.
struct Unverified {
    day: String,
    refills: usize,
    due: String,
    late: bool,
    who: String,
}

struct Rejected {
    number: String,
    status: String,
    age: String,
    twin: String,
}

#[derive(Template)]
#[template(path = "counter.html")]
struct CounterPage {
    shell: Shell,
    rows: Vec<Row>,
    later: Vec<Row>,
    waiting: Vec<Waiting>,
    entered: Vec<Entered>,
    unverified: Vec<Unverified>,
    /// Transfers over SCRIPT that wait for a pharmacist.
    asked_for: u64,
    rejected: Vec<Rejected>,
    institution: bool,
    may_fill: bool,
    may_hand: bool,
    interns: Vec<InternRow>,
}

/// An intern, who supervises today, and what who looks can do about it.
struct InternRow {
    id: String,
    name: String,
    under: String,
    /// The act and the words of its button.
    step: Option<(&'static str, &'static str)>,
}

impl InternRow {
    fn of(intern: Supervised, looks: &Actor) -> Self {
        let Supervised { id, name, under } = intern;
        let own = under.as_ref().is_some_and(|(person, _)| *person == looks.id);
        let step = Door::Supervise.admits(looks.role).then_some(if own {
            ("end", "End my supervision")
        } else {
            ("take", "Supervise today")
        });
        Self { id, name, under: under.map_or_else(|| "nobody: verifies nothing".to_owned(), |(_, name)| name), step }
    }
}

fn age(hours: u64) -> String {
    match hours {
        0 => "under an hour".to_owned(),
        1 => "1 hour".to_owned(),
        2..48 => format!("{hours} hours"),
        _ => format!("{} days", hours / 24),
    }
}

fn text(prescription: &Prescription, elements: &[Element]) -> String {
    let contents = &prescription.received().contents;
    let parts: Vec<&str> = elements.iter().filter_map(|&element| contents.get(element)).collect();
    parts.join(" ")
}

fn row(house: &House, prescription: &Prescription, item: &QueueItem) -> Row {
    Row {
        number: item.number.to_string(),
        patient: text(prescription, &[Element::PatientFirst, Element::PatientLast]),
        drug: text(prescription, &[Element::DrugName, Element::DrugStrength]),
        schedule: prescription.received().schedule.to_string(),
        status: plain(&item.status.to_string()),
        urgency: plain(theriac_law::vocab::Word::word(item.urgency)),
        tone: match item.urgency {
            Urgency::Overdue => "bad",
            Urgency::Urgent | Urgency::Soon => "open",
            _ => "plain",
        },
        age: age(item.age_hours),
        alarms: item.alarms.iter().map(|alarm| plain(&alarm.to_string())).collect::<Vec<_>>().join(", "),
        deadlines: item
            .deadlines
            .iter()
            .map(|deadline| (plain(&deadline.what), due_in_words(house, deadline.due)))
            .collect(),
        not_before: item.not_before.map(|day| day.to_string()).unwrap_or_default(),
    }
}

fn rejected(house: &House) -> Result<Vec<Rejected>, Fault> {
    let now = house.clock.moment();
    let sql = "SELECT seq FROM received WHERE verdict = 'rejected' ORDER BY seq DESC LIMIT 100";
    let mut found = Vec::new();
    for hit in house.store.query(sql, &[])? {
        let entry = house.store.entry(hit.u64(0)?)?;
        if now.timestamp.as_millisecond() - entry.at_ms > REJECTED_DAYS * 86_400_000 || entry.body_bytes().is_none() {
            continue;
        }
        if let Event::Rejected(rejected) = read::<Event>(&entry)? {
            let item = rejected.queue_item(now);
            found.push(Rejected {
                number: format!("R{}", entry.seq),
                status: plain(&item.status.to_string()),
                age: age(item.age_hours),
                twin: item.twin.map(|number| number.to_string()).unwrap_or_default(),
            });
        }
    }
    Ok(found)
}

fn unverified(house: &House) -> Result<Vec<Unverified>, Fault> {
    let days = house.unverified_days()?;
    let rows = days.into_iter().map(|day| {
        let missing: Vec<&str> =
            day.record.missing(&day.refills).iter().map(|person| person.full_name.as_str()).collect();
        Unverified {
            day: day.refills.day.to_string(),
            refills: day.refills.lines.len(),
            due: due_in_words(house, day.due),
            late: day.standing == DayStanding::Late,
            who: missing.join(", "),
        }
    });
    Ok(rows.collect())
}

/// `/pharmacy/counter`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let role = actor.role;
    let shell = Shell::new(Door::Counter, &asked.visit);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let (now, ages) = (house.clock.moment(), Ages::default());
            let mut worked = Vec::new();
            let mut waiting = Vec::new();
            for number in house.open_numbers()? {
                let (prescription, _) = house.dispensing_now(&number)?;
                let item = prescription.queue_item(&house.profile, &ages, now);
                let filled = prescription.fillings().iter().filter(|filling| filling.state == FillingState::Filled);
                waiting.extend(filled.map(|filling| Waiting {
                    number: number.to_string(),
                    no: filling.no,
                    patient: text(&prescription, &[Element::PatientFirst, Element::PatientLast]),
                    drug: text(&prescription, &[Element::DrugName, Element::DrugStrength]),
                    since: house.clock.wall(filling.at.timestamp),
                }));
                if item.urgency != Urgency::Done {
                    worked.push((item, prescription));
                }
            }
            worked.sort_by(|(a, _), (b, _)| {
                a.urgency.cmp(&b.urgency).then(b.age_hours.cmp(&a.age_hours)).then(a.number.cmp(&b.number))
            });
            let listed = |later: bool| -> Vec<Row> {
                let one = |(item, _): &&(QueueItem, Prescription)| (item.urgency == Urgency::NotYet) == later;
                worked.iter().filter(one).take(ROWS_MAX).map(|(item, rx)| row(house, rx, item)).collect()
            };
            Ok(CounterPage {
                shell,
                rows: listed(false),
                later: listed(true),
                waiting,
                entered: house
                    .entered_refills()?
                    .into_iter()
                    .map(|waiting| Entered {
                        number: waiting.number.to_string(),
                        by: waiting.entered.by,
                        at: house.clock.wall(waiting.at),
                    })
                    .collect(),
                unverified: unverified(house)?,
                asked_for: house.asked_for_waiting()?,
                institution: house.pharmacy_kind() == PharmacyKind::Institution,
                rejected: rejected(house)?,
                may_fill: Door::Fill.admits(role),
                may_hand: Door::HandOver.admits(role),
                interns: house.interns()?.into_iter().map(|intern| InternRow::of(intern, &actor)).collect(),
            })
        })
    });
    page(&found.await??)
}

/// `POST /pharmacy/counter/supervision`
pub(in crate::http) async fn supervise(asked: Asked) -> Answer {
    let actor = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let done = asked.app.ask(move |world| {
        act(world, |house| {
            let what = match typed.get("act") {
                "take" => Supervise::Take,
                "end" => Supervise::End,
                _ => return Err(wrong("act", "it is not said what to do", "take the supervision over, or end it")),
            };
            house.supervise(&actor, typed.get("intern"), what)
        })
    });
    done.await??;
    see("/pharmacy/counter#interns")
}
