//! How events of an incident are written and read. Format 1.

use super::event::{Assessed, Custody, Discovery, FiledForm, IncidentEvent, Notice, OthersTold, SupplierTold, Transit};
use crate::account::Name;
use crate::codec::{self, FORMAT};
use crate::event::BadEvent;
use crate::product::Party;
use serde_json::{Value, json};
use theriac_law::Moment;
use theriac_law::vocab::{CaseOutcome, NoticeTo, Party as LawParty, Significance, SignificanceFactor, TheftType, Word};
use theriac_model::json::{BadField, Reader};

const CUSTODY: [(&str, Custody); 3] =
    [("not-signed", Custody::NotSigned), ("signed", Custody::Signed), ("refused", Custody::Refused)];

pub(super) fn write(event: &IncidentEvent) -> Value {
    let mut body = match event {
        IncidentEvent::Discovered(discovery) => discovered(discovery),
        IncidentEvent::Assessed(assessed) => assessed_json(assessed),
        IncidentEvent::Notified(notice) => noticed(notice),
        IncidentEvent::OthersTold(told) => others(told),
        IncidentEvent::SupplierTold(told) => {
            json!({"by": codec::actor_json(&told.by), "channel": told.channel, "at": told.at.to_string()})
        }
        IncidentEvent::CustodyChanged { custody, by, at } => {
            let custody = CUSTODY.iter().find(|(_, other)| other == custody).map_or("", |row| row.0);
            json!({"custody": custody, "by": codec::actor_json(by), "at": at.to_string()})
        }
        IncidentEvent::FormFiled(filed) => json!({
            "version": filed.version,
            "form": filed.form,
            "channel": filed.channel,
            "copy": filed.copy,
            "signer": codec::actor_json(&filed.signer),
            "day": filed.day.to_string(),
        }),
        IncidentEvent::LetterSent { letter, copy, by, at } => {
            json!({"letter": letter, "copy": copy, "by": codec::actor_json(by), "at": at.to_string()})
        }
        IncidentEvent::Closed { outcome, by, at } => {
            json!({"outcome": outcome.word(), "by": codec::actor_json(by), "at": at.to_string()})
        }
    };
    body["format"] = json!(FORMAT);
    body
}

fn discovered(discovery: &Discovery) -> Value {
    let mut body = json!({
        "id": discovery.id.as_str(),
        "registrant": discovery.registrant.to_json(),
        "discovered": discovery.discovered.to_string(),
        "kind": discovery.kind.word(),
        "circumstances": discovery.circumstances,
        "by": codec::actor_json(&discovery.by),
    });
    if let Some(transit) = &discovery.transit {
        let custody = CUSTODY.iter().find(|(_, custody)| *custody == transit.custody).map_or("", |row| row.0);
        body["transit"] = json!({
            "supplier": transit.supplier.to_json(),
            "carrier": transit.carrier,
            "custody": custody,
        });
        if let Some(party) = transit.hired_by {
            body["transit"]["hired_by"] = json!(party.word());
        }
    }
    body
}

fn assessed_json(assessed: &Assessed) -> Value {
    let answers = assessed.answers.iter().map(|(factor, answer)| json!({"factor": factor.word(), "answer": answer}));
    json!({
        "significance": assessed.significance.word(),
        "answers": answers.collect::<Vec<_>>(),
        "reasons": assessed.reasons,
        "theft_in_doubt": assessed.theft_in_doubt,
        "in_spite_of_pattern": assessed.in_spite_of_pattern,
        "earlier_small": assessed.earlier_small.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "by": codec::actor_json(&assessed.by),
        "at": assessed.at.to_string(),
    })
}

fn noticed(notice: &Notice) -> Value {
    let mut body = json!({
        "to": notice.to.word(),
        "in_writing": notice.in_writing,
        "channel": notice.channel,
        "at": notice.at.to_string(),
    });
    if let Some((signer, title)) = &notice.signer {
        body["signer"] = codec::actor_json(signer);
        body["title"] = json!(title);
    }
    if let Some(copy) = &notice.copy {
        body["copy"] = json!(copy);
    }
    body
}

fn others(told: &OthersTold) -> Value {
    let mut body = json!({"by": codec::actor_json(&told.by), "at": told.at.to_string()});
    if let Some((department, telephone, report)) = &told.police {
        body["police"] = json!({"department": department, "telephone": telephone});
        if let Some(report) = report {
            body["police"]["report"] = json!(report);
        }
    }
    if let Some(board) = &told.board {
        body["board"] = json!(board);
    }
    body
}

pub(super) fn read(kind: &str, body: &Value) -> Result<IncidentEvent, BadEvent> {
    let known = [
        "incident.discovered",
        "incident.assessed",
        "incident.notified",
        "incident.others-told",
        "incident.supplier-told",
        "incident.custody-changed",
        "incident.form-filed",
        "incident.letter-sent",
        "incident.closed",
    ];
    let Some(kind) = known.into_iter().find(|known| *known == kind) else {
        return Err(BadEvent::UnknownKind(kind.chars().take(60).collect()));
    };
    let read = codec::formatted(body, kind)?;
    let event = match kind {
        "incident.discovered" => IncidentEvent::Discovered(Box::new(read_discovered(read)?)),
        "incident.assessed" => IncidentEvent::Assessed(read_assessed(read)?),
        "incident.notified" => IncidentEvent::Notified(read_notice(read)?),
        "incident.others-told" => IncidentEvent::OthersTold(read_others(read)?),
        "incident.supplier-told" => IncidentEvent::SupplierTold(SupplierTold {
            by: codec::read_actor(read.object("by")?)?,
            channel: read.text("channel")?.to_owned(),
            at: moment(read, "at")?,
        }),
        "incident.custody-changed" => IncidentEvent::CustodyChanged {
            custody: read.parsed("custody", "not-signed, signed or refused", custody)?,
            by: codec::read_actor(read.object("by")?)?,
            at: moment(read, "at")?,
        },
        "incident.form-filed" => IncidentEvent::FormFiled(FiledForm {
            version: u32::try_from(read.whole("version")?).map_err(|_| bad("version", "a number from 1"))?,
            form: read.object("form")?.0.clone(),
            channel: read.text("channel")?.to_owned(),
            copy: read.text("copy")?.to_owned(),
            signer: codec::read_actor(read.object("signer")?)?,
            day: codec::read_day(read, "day")?,
        }),
        "incident.letter-sent" => IncidentEvent::LetterSent {
            letter: read.text("letter")?.to_owned(),
            copy: read.text("copy")?.to_owned(),
            by: codec::read_actor(read.object("by")?)?,
            at: moment(read, "at")?,
        },
        _ => IncidentEvent::Closed {
            outcome: read.parsed("outcome", "an outcome", CaseOutcome::from_word)?,
            by: codec::read_actor(read.object("by")?)?,
            at: moment(read, "at")?,
        },
    };
    Ok(event)
}

fn read_discovered(read: Reader<'_>) -> Result<Discovery, BadField> {
    let transit = match read.get("transit") {
        None => None,
        Some(_) => Some(read_transit(read.object("transit")?)?),
    };
    Ok(Discovery {
        id: read.parsed("id", "a name", |text| Name::parse(text).ok())?,
        registrant: Party::read(read.object("registrant")?)?,
        discovered: moment(read, "discovered")?,
        kind: read.parsed("kind", "a type of theft or loss", TheftType::from_word)?,
        circumstances: read.text("circumstances")?.to_owned(),
        transit,
        by: codec::read_actor(read.object("by")?)?,
    })
}

fn custody(text: &str) -> Option<Custody> {
    CUSTODY.iter().find(|(word, _)| *word == text).map(|row| row.1)
}

fn read_transit(read: Reader<'_>) -> Result<Transit, BadField> {
    let hired_by = match read.maybe_text("hired_by")? {
        None => None,
        Some(word) => Some(LawParty::from_word(word).ok_or_else(|| bad("hired_by", "a party"))?),
    };
    Ok(Transit {
        supplier: Party::read(read.object("supplier")?)?,
        carrier: read.text("carrier")?.to_owned(),
        hired_by,
        custody: read.parsed("custody", "not-signed, signed or refused", custody)?,
    })
}

fn read_assessed(read: Reader<'_>) -> Result<Assessed, BadField> {
    let answer = |item: &Value| {
        let read = Reader(item);
        let factor = read.parsed("factor", "a factor", SignificanceFactor::from_word)?;
        Ok((factor, read.text("answer")?.to_owned()))
    };
    let day = |item: &Value| {
        let day = item.as_str().and_then(|text| text.parse().ok());
        day.ok_or_else(|| bad("earlier_small", "days"))
    };
    Ok(Assessed {
        significance: read.parsed("significance", "a significance", Significance::from_word)?,
        answers: read.list("answers")?.iter().map(answer).collect::<Result<_, BadField>>()?,
        reasons: read.text("reasons")?.to_owned(),
        theft_in_doubt: truth(read, "theft_in_doubt")?,
        in_spite_of_pattern: truth(read, "in_spite_of_pattern")?,
        earlier_small: read.list("earlier_small")?.iter().map(day).collect::<Result<_, _>>()?,
        by: codec::read_actor(read.object("by")?)?,
        at: moment(read, "at")?,
    })
}

fn read_notice(read: Reader<'_>) -> Result<Notice, BadField> {
    let signer = match read.get("signer") {
        None => None,
        Some(_) => Some((codec::read_actor(read.object("signer")?)?, read.text("title")?.to_owned())),
    };
    Ok(Notice {
        to: read.parsed("to", "to whom", NoticeTo::from_word)?,
        in_writing: truth(read, "in_writing")?,
        channel: read.text("channel")?.to_owned(),
        signer,
        copy: read.maybe_text("copy")?.map(str::to_owned),
        at: moment(read, "at")?,
    })
}

fn read_others(read: Reader<'_>) -> Result<OthersTold, BadField> {
    let mut police = None;
    if read.get("police").is_some() {
        let told = read.object("police")?;
        let report = told.maybe_text("report")?.map(str::to_owned);
        police = Some((told.text("department")?.to_owned(), told.text("telephone")?.to_owned(), report));
    }
    Ok(OthersTold {
        police,
        board: read.maybe_text("board")?.map(str::to_owned),
        by: codec::read_actor(read.object("by")?)?,
        at: moment(read, "at")?,
    })
}

fn truth(read: Reader<'_>, field: &str) -> Result<bool, BadField> {
    read.get(field).and_then(Value::as_bool).ok_or_else(|| bad(field, "true or false"))
}

fn bad(field: &str, expected: &'static str) -> BadField {
    BadField { field: field.to_owned(), expected }
}

fn moment(read: Reader<'_>, field: &str) -> Result<Moment, BadField> {
    read.parsed(field, "an instant with its offset", Moment::parse)
}
