//! Notices: one with its letter, and the record that a person gave it.

use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{Answer, pdf, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::Typed;
use crate::watch::Giving;
use askama::Template;
use theriac_law::Moment;
use theriac_prescriber::notice::{Channel, Item, Progress};
use theriac_prescriber::terms::Timeliness;

/// A notice in a list.
pub(super) struct NoticeRow {
    pub(super) number: u64,
    pub(super) subject: &'static str,
    pub(super) to: String,
    pub(super) raised: String,
    pub(super) due: String,
    pub(super) progress: &'static str,
}

pub(super) fn row(house: &House, number: u64, item: &Item) -> NoticeRow {
    NoticeRow {
        number,
        subject: item.notice.subject.heading(),
        to: to_in_words(house, item),
        raised: house.moment_in_words(item.notice.raised),
        due: house.due_in_words(item.notice.deadline.as_ref()),
        progress: progress_word(item.progress(house.clock.moment())),
    }
}

fn to_in_words(house: &House, item: &Item) -> String {
    match item.notice.to.parts() {
        ("practitioner", Some(id)) => house.full_name(id),
        _ => item.notice.to.name(),
    }
}

fn progress_word(progress: Progress) -> &'static str {
    match progress {
        Progress::Open => "to be given",
        Progress::Overdue => "overdue",
        Progress::Given(Timeliness::InTime) => "given in time",
        Progress::Given(Timeliness::Late) => "given late",
    }
}

#[derive(Template)]
#[template(path = "watch_notice.html")]
struct NoticePage {
    shell: Shell,
    row: NoticeRow,
    from: String,
    cite: String,
    id: String,
    facts: Vec<(String, String)>,
    enclosures: Vec<(String, String)>,
    given: Option<String>,
    may_give: bool,
    channels: Vec<&'static str>,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/watch/notices/{seq}`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let number = asked.seq()?;
    let by = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::WatchNotice, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let book = house.notices()?;
            let item = book.item(number)?;
            Ok(NoticePage {
                shell,
                row: row(house, number, item),
                from: item.notice.from.word().to_owned(),
                cite: item.notice.cite.to_string(),
                id: item.notice.id.to_string(),
                facts: item.notice.facts.iter().map(|fact| (fact.label.clone(), fact.value.clone())).collect(),
                enclosures: item.notice.enclosures.iter().map(|one| (one.what.clone(), one.digest.clone())).collect(),
                given: item.sent.as_ref().map(|sent| {
                    let who = house.full_name(&sent.by.id);
                    format!("{} by {who}, {} to {}", house.moment_in_words(sent.at), sent.how, sent.reached)
                }),
                may_give: item.notice.from.may_be_given_by(&by),
                channels: Channel::ALL
                    .iter()
                    .filter(|how| **how != Channel::InApplication)
                    .map(|how| how.word())
                    .collect(),
                now: house.clock.wall(house.clock.now()).replace(' ', "T"),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

/// `/watch/notices/{seq}/letter.pdf`
pub(in crate::http) async fn letter(asked: Asked) -> Answer {
    let number = asked.seq()?;
    let paper = asked.app.ask(move |world| {
        act(world, |house| {
            let book = house.notices()?;
            let item = book.item(number)?;
            Ok(house.notice_paper(number, item).paper(&house.issue(item.notice.raised.timestamp, None)))
        })
    });
    pdf(&format!("notice-{number}.pdf"), &paper.await??)
}

/// `POST /watch/notices/{seq}/given`
pub(in crate::http) async fn given(asked: Asked) -> Answer {
    acted(asked, |house, by, number, typed| {
        let timestamp = typed.time("at", house)?;
        let at = Moment { timestamp, offset: house.clock.zone().to_offset(timestamp) };
        let how = typed.word("how", Channel::parse)?;
        let proof = typed.maybe("proof").map(|text| ("text/plain; charset=utf-8".to_owned(), text.into_bytes()));
        house.give_notice(by, number, Giving { how, at, reached: typed.get("reached").to_owned(), proof })
    })
    .await
}

/// `POST /watch/notices/{seq}/again`
pub(in crate::http) async fn reopen(asked: Asked) -> Answer {
    acted(asked, |house, by, number, typed| house.reopen_notice(by, number, typed.get("reason"))).await
}

async fn acted(
    asked: Asked,
    work: impl FnOnce(&House, &theriac_model::Actor, u64, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    let number = asked.seq()?;
    let by = asked.visitor()?.actor.clone();
    let typed = Typed::of(&asked).await?;
    let given = typed.clone();
    match asked.app.ask(move |world| act(world, |house| work(house, &by, number, &given))).await? {
        Ok(()) => see(&format!("/watch/notices/{number}")),
        Err(fault) => again(asked, typed, Some(fault)).await,
    }
}
