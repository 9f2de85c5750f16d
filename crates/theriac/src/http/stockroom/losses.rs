//! Theft and loss: the list of cases, and one case from its discovery to its end.

use super::{filled, in_format, posted};
use crate::house::House;
use crate::http::answer::see;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::Answer;
use crate::http::shell::Shell;
use crate::stockroom::Case;
use crate::stockroom::Cover;
use crate::typed::Typed;
use askama::Template;
use theriac_books::losses::{PatternKey, PatternRule, ShortageSource, patterns, shortages};
use theriac_law::vocab::{
    CaseOutcome, Medium, NoticeTo, Party as LawParty, Significance, SignificanceFactor, TheftType, Word as _,
};

struct CaseRow {
    id: String,
    discovered: String,
    kind: String,
    due: String,
    clock: &'static str,
    state: &'static str,
}

struct PatternRow {
    about: String,
    count: usize,
    records: Vec<Evidence>,
}

/// A shortage of a pattern: what is missing, and where the entry or the count stands.
struct Evidence {
    href: String,
    says: String,
}

#[derive(Template)]
#[template(path = "books_losses.html")]
struct LossesPage {
    shell: Shell,
    rows: Vec<CaseRow>,
    patterns: Vec<PatternRow>,
    kinds: Vec<&'static str>,
    may_act: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// A shortage in words, with a link to the record that shows it.
fn evidence(house: &House, one: &theriac_books::losses::Shortage) -> Result<Evidence, crate::house::record::Fault> {
    let goods = house.goods_as_known(&one.commodity.ndc, one.commodity.unit)?;
    let (anchor, record) = match one.source {
        ShortageSource::Count(id) => (format!("count-{id}"), format!("count {id}")),
        ShortageSource::Entry(id) => (format!("entry-{id}"), format!("entry {id}")),
    };
    Ok(Evidence {
        href: format!("/books/stock/{}/statement?from={}#{anchor}", one.commodity.ndc, house.moment_of(one.at).date()),
        says: format!(
            "{} of {} on {}, {record}",
            goods.amount(one.missing),
            goods.title(),
            house.moment_of(one.at).date()
        ),
    })
}

/// `/books/losses`
pub(in crate::http) async fn list(asked: Asked) -> Answer {
    again(&asked, Typed::in_address(&asked), None).await
}

async fn again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksLosses, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let today = house.clock.moment().date();
        let mut rows = Vec::new();
        for case in house.loss_cases()?.iter().rev() {
            let clock = case.incident.clock(&house.profile, LawParty::Pharmacy, today)?;
            rows.push(CaseRow {
                id: case.id.clone(),
                discovered: house.moment_in_words(case.incident.discovery.discovered),
                kind: case.incident.discovery.kind.word().replace('-', " "),
                due: clock.due.map_or_else(String::new, |day| day.to_string()),
                clock: clock.state.word(),
                state: case.incident.closed.as_ref().map_or("open", |(outcome, ..)| outcome.word()),
            });
        }
        let books = house.all_books()?;
        let found = patterns(&shortages(books.plain()), PatternRule::default());
        Ok(LossesPage {
            shell,
            rows,
            patterns: found
                .iter()
                .map(|pattern| {
                    Ok(PatternRow {
                        about: match &pattern.key {
                            PatternKey::Product(commodity) => format!("NDC {}", commodity.ndc),
                            PatternKey::Place(account) => account.to_string(),
                            PatternKey::Person(id) => house.full_name(id),
                        },
                        count: pattern.shortages.len(),
                        records: pattern.shortages.iter().map(|one| evidence(house, one)).collect::<Result<
                            _,
                            crate::house::record::Fault,
                        >>(
                        )?,
                    })
                })
                .collect::<Result<_, crate::house::record::Fault>>()?,
            kinds: TheftType::LIST.iter().map(|(word, _)| *word).collect(),
            may_act: Door::BooksDiscover.admits(role),
            now: super::now_field(house),
            typed,
            fault,
        })
    })
    .await
}

/// `POST /books/losses`
pub(in crate::http) async fn discover(asked: Asked) -> Answer {
    let work = |house: &House, by: &theriac_model::Actor, typed: &Typed| {
        house.discover_loss(by, typed).map(|id| format!("/books/losses/{id}"))
    };
    match posted(&asked, work).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => again(&asked, typed, Some(fault)).await,
    }
}

struct FactorRow {
    word: &'static str,
    label: &'static str,
}

const fn factor(one: SignificanceFactor) -> &'static str {
    match one {
        SignificanceFactor::Quantity => "The quantity against the type of business",
        SignificanceFactor::Substances => "The substances",
        SignificanceFactor::Access => "Who had access, and unique activities",
        SignificanceFactor::Pattern => "A pattern over time, and what looking into it came to",
        SignificanceFactor::Diversion => "Whether the drugs are likely to be diverted",
        SignificanceFactor::LocalTrends => "Trends in the place",
    }
}

#[derive(Template)]
#[template(path = "books_loss.html")]
struct LossPage {
    shell: Shell,
    id: String,
    name: String,
    discovered: String,
    kind: String,
    circumstances: String,
    by: String,
    due: String,
    clock: &'static str,
    form_due: String,
    lost: Vec<(String, String, String)>,
    figures: Vec<(String, String)>,
    done: Vec<(String, String)>,
    closed: Option<String>,
    letter: Option<String>,
    factors: Vec<FactorRow>,
    significances: Vec<&'static str>,
    to: Vec<&'static str>,
    media: Vec<&'static str>,
    outcomes: Vec<&'static str>,
    transit: bool,
    on_its_way: bool,
    reporter: String,
    may_act: bool,
    now: String,
    typed: Typed,
    fault: Option<Failure>,
}

/// `/books/losses/{id}`
pub(in crate::http) async fn one(asked: Asked) -> Answer {
    one_again(&asked, Typed::in_address(&asked), None).await
}

async fn one_again(asked: &Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let id = asked.id("id")?;
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::BooksLoss, &asked.visit);
    filled(asked, fault.as_ref().map(|fault| fault.status), move |house| {
        let case = house.loss_case(&id)?;
        let incident = &case.incident;
        let clock = incident.clock(&house.profile, LawParty::Pharmacy, house.clock.moment().date())?;
        let mut lost = Vec::new();
        for (commodity, units) in house.lost_in(&case)? {
            let goods = house.goods_as_known(&commodity.ndc, commodity.unit)?;
            lost.push((goods.title(), commodity.ndc.to_string(), goods.amount(units)));
        }
        let mut figures = Vec::new();
        for one in house.loss_figures(&case)? {
            let goods = house.goods_as_known(&one.commodity.ndc, one.commodity.unit)?;
            figures.push((
                goods.title(),
                format!(
                    "{} of {} dispensed in a year ({}); {} people signed entries; {} earlier losses",
                    goods.amount(one.lost),
                    goods.amount(one.dispensed),
                    one.share.as_ref().map_or_else(|| "no share".to_owned(), |share| format!("{share} %")),
                    one.people.len(),
                    one.earlier.len()
                ),
            ));
        }
        Ok(LossPage {
            shell,
            name: id.to_uppercase(),
            discovered: house.moment_in_words(incident.discovery.discovered),
            kind: incident.discovery.kind.word().replace('-', " "),
            circumstances: incident.discovery.circumstances.clone(),
            by: house.full_name(&incident.discovery.by.id),
            due: clock.due.map_or_else(String::new, |day| day.to_string()),
            clock: clock.state.word(),
            form_due: incident.form_due(&house.profile).map_or_else(String::new, |day| day.to_string()),
            lost,
            figures,
            done: done(house, &case),
            closed: incident.closed.as_ref().map(|(outcome, by, at)| {
                format!(
                    "{} by {} on {}",
                    outcome.word().replace('-', " "),
                    house.full_name(&by.id),
                    house.moment_in_words(*at)
                )
            }),
            letter: incident
                .letter
                .as_ref()
                .map(|(by, at)| format!("{} on {}", house.full_name(&by.id), house.moment_in_words(*at))),
            factors: SignificanceFactor::LIST
                .iter()
                .map(|(word, one)| FactorRow { word, label: factor(*one) })
                .collect(),
            significances: Significance::LIST.iter().map(|(word, _)| *word).collect(),
            to: NoticeTo::LIST.iter().map(|(word, _)| *word).collect(),
            media: Medium::LIST.iter().map(|(word, _)| *word).collect(),
            outcomes: CaseOutcome::LIST.iter().map(|(word, _)| *word).collect(),
            transit: incident.discovery.transit.is_some(),
            on_its_way: incident
                .discovery
                .transit
                .as_ref()
                .is_some_and(|transit| transit.custody == theriac_books::losses::Custody::NotSigned),
            reporter: incident.reporter(&house.profile)?.replace('-', " "),
            may_act: Door::BooksLossStep.admits(role),
            now: super::now_field(house),
            id,
            typed,
            fault,
        })
    })
    .await
}

/// What was done in a case, step by step.
fn done(house: &House, case: &Case) -> Vec<(String, String)> {
    let incident = &case.incident;
    let mut steps = Vec::new();
    for one in &incident.assessments {
        let what = format!(
            "{} decided: {}. {}",
            house.full_name(&one.by.id),
            one.significance.word().replace('-', " "),
            one.reasons
        );
        steps.push((house.moment_in_words(one.at), what));
    }
    for one in &incident.notices {
        let how = if one.in_writing { "in writing" } else { "not in writing" };
        let signer = one
            .signer
            .as_ref()
            .map_or_else(|| "nobody".to_owned(), |(who, title)| format!("{}, {title}", house.full_name(&who.id)));
        steps.push((
            house.moment_in_words(one.at),
            format!("Notice to {}, {how}, by {}, signed by {signer}", one.to.word(), one.channel),
        ));
    }
    for one in &incident.others {
        let police = one
            .police
            .as_ref()
            .map_or_else(String::new, |(department, telephone, _)| format!("police: {department}, {telephone}"));
        let board = one.board.as_ref().map_or_else(String::new, |board| format!(" board: {board}"));
        steps.push((house.moment_in_words(one.at), format!("Told {police}{board}")));
    }
    for one in &incident.supplier_told {
        steps.push((house.moment_in_words(one.at), format!("Told the supplier by {}", one.channel)));
    }
    if let (Some(at), Some(transit)) = (&incident.turned_up, &incident.discovery.transit) {
        let what = match transit.custody {
            theriac_books::losses::Custody::Signed => "The shipment turned up and was signed for",
            _ => "The shipment turned up, was refused and sent back",
        };
        steps.push((house.moment_in_words(*at), what.to_owned()));
    }
    for one in &incident.forms {
        let what = format!(
            "DEA Form 106, version {}, filed {} by {}",
            one.version,
            one.channel,
            house.full_name(&one.signer.id)
        );
        steps.push((one.day.to_string(), what));
    }
    steps
}

async fn after(
    asked: Asked,
    work: impl FnOnce(&House, &theriac_model::Actor, &str, &Typed) -> Result<(), crate::house::record::Fault>
    + Send
    + 'static,
) -> Answer {
    let id = asked.id("id")?;
    let to = format!("/books/losses/{id}");
    match posted(&asked, move |house, by, typed| work(house, by, &id, typed).map(|()| to)).await? {
        Ok(to) => see(&to),
        Err((typed, fault)) => one_again(&asked, typed, Some(fault)).await,
    }
}

/// `POST /books/losses/{id}/entries`
pub(in crate::http) async fn post_entry(asked: Asked) -> Answer {
    after(asked, crate::house::House::post_loss).await
}

/// `POST /books/losses/{id}/steps`
pub(in crate::http) async fn step(asked: Asked) -> Answer {
    after(asked, |house, by, id, typed| house.step_of_case(by, id, typed.get("act"), typed).map(|_| ())).await
}

/// `/books/losses/{id}/{format}`: the written notice, or the data of Form 106 with what the address says beside the books.
pub(in crate::http) async fn paper(asked: Asked) -> Answer {
    let (id, which) = (asked.id("id")?, asked.id("format")?);
    let typed = Typed::in_address(&asked);
    let name = format!("{which}-{id}");
    in_format(&asked, (&name, "pdf"), move |house, by| {
        let case = house.loss_case(&id)?;
        let paper = match which.as_str() {
            "notice" => Some(house.loss_notice_paper(&case)?),
            "form-106" => Some(house.form_106_paper(&house.form_106(&case, by, &typed)?)),
            _ => None,
        };
        Ok(paper.map(Cover::of_paper))
    })
    .await
}
