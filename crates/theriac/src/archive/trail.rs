//! The audit trail: who came in and what they did, by person and period (2008: 1300.03 "audit trail"; 21 CFR 1311.205(b)(13)).
//! What was tried and refused says what was tried.

use super::event::ArchiveEvent;
use super::sheet::{Exported, Format};
use crate::house::House;
use crate::house::record::Fault;
use crate::showing::words;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::json;
use std::fmt::Write as _;
use theriac_journal::Entry;
use theriac_model::{Actor, Refusal};
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet};
use theriac_paper::{Document, Footer, PageSize};
use theriac_store::{Engine, Projection, StoreError, Tx, Value};

/// Acts on a page.
pub(crate) const PAGE_ACTS: u32 = 100;
/// Acts of one file.
const FILE_ACTS_MAX: u64 = 100_000;
const CITE: &str = "21 CFR 1311.205(b)(13), 1311.215; 73 FR 36722, proposed 21 CFR 1300.03, 1311.170(b)";

/// What people did, by person and time. What the program does by itself is in the journal alone. Made from the entries' headers,
/// so that an erased body changes nothing.
pub(crate) struct Trail;

impl Projection for Trail {
    fn name(&self) -> &'static str {
        "trail"
    }

    fn tables(&self) -> &[&str] {
        &["trail"]
    }

    fn migrations(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => {
                "CREATE TABLE trail (seq INTEGER PRIMARY KEY, actor TEXT NOT NULL, at_ms INTEGER NOT NULL, kind TEXT NOT NULL) STRICT;
                 CREATE INDEX trail_of ON trail (actor, at_ms, seq);
                 CREATE INDEX trail_at ON trail (at_ms, seq);"
            }
            Engine::Postgres => {
                "CREATE TABLE trail (seq BIGINT PRIMARY KEY, actor TEXT COLLATE \"C\" NOT NULL, at_ms BIGINT NOT NULL, kind TEXT COLLATE \"C\" NOT NULL);
                 CREATE INDEX trail_of ON trail (actor, at_ms, seq);
                 CREATE INDEX trail_at ON trail (at_ms, seq);"
            }
        }
    }

    fn apply(&self, tx: &mut dyn Tx, entry: &Entry) -> Result<(), StoreError> {
        if entry.role == "system" || entry.actor.is_empty() {
            return Ok(());
        }
        tx.write(
            "INSERT INTO trail (seq, actor, at_ms, kind) VALUES ($1, $2, $3, $4)",
            vec![entry.seq.into(), entry.actor.as_str().into(), entry.at_ms.into(), entry.kind.as_str().into()],
        )
    }
}

/// Whose acts of which time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TrailAsk {
    /// A person's identifier; everybody if absent.
    pub(crate) person: Option<String>,
    /// The first day.
    pub(crate) from: Option<Date>,
    /// The last day, inclusive.
    pub(crate) until: Option<Date>,
    /// The beginning of the kind of record, such as `rx.refused` or `incident`.
    pub(crate) kind: Option<String>,
}

impl TrailAsk {
    fn in_words(&self) -> String {
        let parts = [
            self.person.clone().or_else(|| Some("everybody".to_owned())),
            self.from.map(|day| format!("from {day}")),
            self.until.map(|day| format!("until {day}")),
            self.kind.as_ref().map(|kind| format!("only {kind}")),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// One act.
#[derive(Clone, Debug)]
pub(crate) struct ActLine {
    pub(crate) seq: u64,
    pub(crate) at: Timestamp,
    pub(crate) name: String,
    pub(crate) role: String,
    /// The kind of record, as the journal has it.
    pub(crate) kind: String,
    /// In words.
    pub(crate) what: String,
    /// The record that was acted on.
    pub(crate) stream: String,
}

/// A page of acts.
#[derive(Clone, Debug)]
pub(crate) struct Acts {
    pub(crate) total: u64,
    pub(crate) lines: Vec<ActLine>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    fn trail_condition(&self, ask: &TrailAsk) -> Result<(String, Vec<Value>), Fault> {
        if let (Some(from), Some(until)) = (ask.from, ask.until)
            && until < from
        {
            let what = format!("the period ends on {until}, before it begins on {from}");
            return Err(Refusal::new("ARCHIVE-PERIOD", CITE, what, "exchange the two days").about("until").into());
        }
        let start = |day: Date| -> Result<i64, Fault> {
            Ok(day.to_zoned(self.clock.zone()).map_err(broken)?.timestamp().as_millisecond())
        };
        let (mut text, mut values) = (String::new(), Vec::new());
        let mut and = |condition: &str, value: Value| {
            values.push(value);
            text.push_str(if text.is_empty() { "WHERE " } else { " AND " });
            let _ = write!(text, "{condition} ${}", values.len());
        };
        if let Some(person) = &ask.person {
            and("t.actor =", person.as_str().into());
        }
        if let Some(from) = ask.from {
            and("t.at_ms >=", start(from)?.into());
        }
        if let Some(until) = ask.until {
            and("t.at_ms <", start(until.tomorrow().map_err(broken)?)?.into());
        }
        if let Some(kind) = &ask.kind {
            and("t.kind >=", kind.as_str().into());
            and("t.kind <", format!("{kind}\u{7f}").into());
        }
        Ok((text, values))
    }

    /// What people did, the newest first, from the `skip`-th on; that somebody looked is recorded, too.
    pub(crate) fn acts(&self, by: &Actor, ask: &TrailAsk, skip: u32) -> Result<Acts, Fault> {
        let acts = self.acts_up_to(ask, PAGE_ACTS, skip)?;
        let asked = json!({"skipped": skip, "trail": ask.in_words()});
        self.note_retrieval(by, &ArchiveEvent::Searched { ask: asked, lines: acts.total })?;
        Ok(acts)
    }

    fn acts_up_to(&self, ask: &TrailAsk, most: u32, skip: u32) -> Result<Acts, Fault> {
        let (condition, mut values) = self.trail_condition(ask)?;
        let count = self.store.query(&format!("SELECT count(*) FROM trail t {condition}"), &values)?;
        let total = count.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0);
        values.extend([most.into(), skip.into()]);
        let (limit, offset) = (values.len() - 1, values.len());
        let sql = format!(
            "SELECT e.seq, e.at_ms, e.actor, e.role, e.kind, e.stream FROM entries e WHERE e.seq IN \
             (SELECT t.seq FROM trail t {condition} ORDER BY t.at_ms DESC, t.seq DESC LIMIT ${limit} OFFSET ${offset}) \
             ORDER BY e.at_ms DESC, e.seq DESC"
        );
        let line = |row: &theriac_store::Row| -> Result<ActLine, Fault> {
            let text = |n| row.text(n).map(str::to_owned);
            let kind = text(4)?;
            Ok(ActLine {
                seq: row.u64(0)?,
                at: Timestamp::from_millisecond(row.int(1)?).map_err(broken)?,
                name: self.full_name(row.text(2)?),
                role: text(3)?,
                what: self.act_in_words(row.u64(0)?, &kind)?,
                kind,
                stream: text(5)?,
            })
        };
        let lines = self.store.query(&sql, &values)?.iter().map(line).collect::<Result<_, _>>()?;
        Ok(Acts { total, lines })
    }

    /// An act in words. An attempt says in its body what was tried; where the body was erased after its term, its kind is left.
    fn act_in_words(&self, seq: u64, kind: &str) -> Result<String, Fault> {
        if !["incident.noticed", "rx.refused"].contains(&kind) {
            return Ok(words(kind));
        }
        let entry = self.store.entry(seq)?;
        let Some(body) = entry.body_bytes() else { return Ok(words(kind)) };
        let body: serde_json::Value = serde_json::from_slice(body).map_err(broken)?;
        let of = |at: &str| body.pointer(at).and_then(serde_json::Value::as_str).unwrap_or_default();
        Ok(if kind == "rx.refused" {
            format!("refused: {} ({})", of("/command"), of("/refusal/code"))
        } else {
            format!("{} {}: {}", of("/attempt"), of("/kind").replace('-', " "), of("/detail"))
        })
    }

    /// The trail as a file, the newest act first; its taking is recorded before.
    ///
    /// # Errors
    /// `ARCHIVE-TRAIL` for more acts than one file holds.
    pub(crate) fn export_trail(&self, by: &Actor, ask: &TrailAsk, format: Format) -> Result<Exported, Fault> {
        const HEADINGS: [(&str, Kind); 7] = [
            ("Day", Kind::Date),
            ("Time", Kind::Text),
            ("Person", Kind::Text),
            ("Role", Kind::Text),
            ("What was done", Kind::Text),
            ("On which record", Kind::Text),
            ("Journal entry", Kind::Whole),
        ];
        let acts = self.acts_up_to(ask, u32::try_from(FILE_ACTS_MAX).unwrap_or(u32::MAX), 0)?;
        if acts.total > FILE_ACTS_MAX {
            let what = format!("{} acts do not fit into one file, {FILE_ACTS_MAX} do", acts.total);
            return Err(Refusal::new("ARCHIVE-TRAIL", CITE, what, "ask for a shorter period").into());
        }
        let refused = |refusal: Box<Refusal>| Fault::Refused(refusal);
        let headings = HEADINGS.iter().map(|&(name, kind)| Heading::new(name, kind)).collect();
        let mut sheet = Sheet::new("Audit trail", headings).map_err(refused)?;
        let lines = acts.lines.len() as u64;
        for act in acts.lines {
            let at = self.clock.zone().to_datetime(act.at);
            sheet
                .push(vec![
                    Cell::Date(at.date()),
                    Cell::Text(at.strftime("%H:%M:%S").to_string()),
                    Cell::Text(act.name),
                    Cell::Text(act.role),
                    Cell::Text(act.what),
                    Cell::Text(act.stream),
                    Cell::Whole(i64::try_from(act.seq).unwrap_or(i64::MAX)),
                ])
                .map_err(refused)?;
        }
        let bytes = match format {
            Format::Csv => sheet.to_csv(),
            Format::Json => sheet.to_json().to_string().into_bytes(),
            Format::Xlsx => sheet.to_xlsx().map_err(refused)?,
            Format::Pdf => {
                let issue = self.issue(self.clock.now(), None);
                let author = self.config.name.clone();
                let footer = Footer { registration: None, period: Some(ask.in_words()), digest: None };
                let mut paper = Document::new(PageSize::LETTER_WIDE, "Audit trail", author, issue.dated)
                    .standing(issue.standing)
                    .footer(footer);
                paper.fields([("Asked for", ask.in_words()), ("Acts", lines.to_string())]);
                if lines == 0 {
                    paper.paragraph("Nobody did anything that was asked for.");
                } else {
                    paper.table(sheet.to_table());
                }
                paper.print().map_err(refused)?.pdf
            }
        };
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        let asked = json!({"trail": ask.in_words()});
        self.note_retrieval(
            by,
            &ArchiveEvent::Exported { ask: asked, format: format.word().to_owned(), lines, digest },
        )?;
        let name = format!("audit-trail-{}.{}", self.clock.moment().date(), format.word());
        Ok(Exported { bytes, lines, name })
    }
}
