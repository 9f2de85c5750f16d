//! What a programme has to be told, until when, and the file that tells it.

use super::event::{PdmpEvent, Reported, Told, report_stream, status_of};
use super::programme::{Covers, Programme, Zero};
use super::record::{self, Place};
use super::refuse;
use crate::house::House;
use crate::house::record::{By, Change, Fault, stream};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::json;
use std::collections::BTreeSet;
use theriac_journal::hash::sha256;
use theriac_law::{Answer, Moment, Question, Request, Verdict, decide};
use theriac_model::{Actor, Element, Refusal};
use theriac_pharmacy::{Filling, Prescription, PrescriptionNumber};
use theriac_store::{Job, NewJob, NewPiece};
use theriac_wire::asap;

/// The kind of the job that puts a report's file where the carrier picks it up.
pub(crate) const PLACE: &str = "pdmp-place";
/// The folder of a deployment in which reports are put, one folder a State.
const OUTGOING: &str = "pdmp";
/// Records of a report at most; the rest goes into the next one.
const RECORDS_MOST: usize = 20_000;

/// Until when a dispensing is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// Until the end of this day.
    EndOf(Date),
    /// Until this moment.
    At(jiff::Timestamp),
}

impl Due {
    /// Whether it has passed at a moment.
    pub(crate) fn passed(self, now: Moment) -> bool {
        match self {
            Self::EndOf(day) => now.date() > day,
            Self::At(at) => now.timestamp > at,
        }
    }
}

/// A dispensing that a programme has to be told of.
#[derive(Clone, Debug)]
pub(crate) struct Pending {
    pub(crate) number: String,
    pub(crate) no: u32,
    pub(crate) drug: String,
    pub(crate) filled: Moment,
    pub(crate) due: Due,
    pub(crate) status: asap::Status,
    /// The record and its digest, or everything that keeps it from being told.
    pub(crate) record: Result<(asap::Dispensed, String), Vec<Refusal>>,
}

/// A report in the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportRow {
    pub(crate) state: String,
    pub(crate) control: String,
    pub(crate) seq: u64,
    pub(crate) made_ms: i64,
    pub(crate) from: Date,
    pub(crate) to: Date,
    pub(crate) until: u64,
    pub(crate) records: u64,
    pub(crate) late: u64,
    pub(crate) digest: String,
    pub(crate) placed_ms: Option<i64>,
    pub(crate) answered_ms: Option<i64>,
    pub(crate) refused: String,
    pub(crate) not_taken: u64,
}

/// How a programme stands.
pub(crate) struct Overview {
    pub(crate) programme: Programme,
    pub(crate) pending: Vec<Pending>,
    pub(crate) reports: Vec<ReportRow>,
    /// Days without a dispensing that have not been reported.
    pub(crate) uncovered: Option<(Date, Date)>,
}

impl Overview {
    /// Dispensings whose time has passed.
    pub(crate) fn late(&self, now: Moment) -> usize {
        self.pending.iter().filter(|one| one.due.passed(now)).count()
    }

    /// Dispensings that cannot be told yet.
    pub(crate) fn held(&self) -> usize {
        self.pending.iter().filter(|one| one.record.is_err()).count()
    }
}

/// What is held of a filling by a programme.
struct Held {
    place: Place,
    status: Option<asap::Status>,
    digest: String,
    refused: String,
    reason: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// What is said of a dispensing, whatever the status, and without the day of hand-over, which may follow.
fn digest_of(programme: &Programme, pharmacy: &asap::Pharmacy, record: &asap::Dispensed) -> String {
    let plain = asap::Dispensed { status: asap::Status::New, sold: None, ..record.clone() };
    let file = asap::report(&header(programme, "0", jiff::civil::DateTime::MIN), pharmacy, &content(vec![plain]));
    let said = file.lines.iter().filter(|line| {
        matches!(line.segment, asap::Segment::Pat | asap::Segment::Dsp | asap::Segment::Pre | asap::Segment::Air)
    });
    let text: Vec<String> = said.map(|line| line.elements.join("*")).collect();
    sha256(text.join("\n").as_bytes()).to_hex()
}

fn content(records: Vec<asap::Dispensed>) -> asap::Content {
    asap::Content::Dispensings(records)
}

fn header(programme: &Programme, control: &str, created: jiff::civil::DateTime) -> asap::Header {
    asap::Header {
        version: programme.version,
        control: control.to_owned(),
        created,
        sender: programme.sender.clone(),
        sender_name: programme.sender_name.clone(),
        purpose: programme.purpose,
    }
}

impl Programme {
    fn profile(&self) -> asap::Profile {
        asap::Profile { required: self.required.clone(), forbidden: self.forbidden.clone(), values: Vec::new() }
    }
}

impl House {
    fn reporting_pharmacy(&self, programme: &Programme) -> asap::Pharmacy {
        asap::Pharmacy {
            npi: programme.npi.clone(),
            ncpdp: self.config.pharmacy.ncpdp.clone(),
            dea: self.pharmacy,
            name: self.config.pharmacy.name.clone(),
            address: programme.address.clone(),
            phone: programme.phone.clone(),
        }
    }

    /// Every programme that is reported to, by State.
    pub(crate) fn programmes(&self) -> Result<Vec<Programme>, Fault> {
        let rows = self.store.query("SELECT body FROM pdmp_programmes ORDER BY state", &[])?;
        let read = |text: &str| {
            let body = serde_json::from_str(text).map_err(broken)?;
            Programme::of_body(&body).map_err(broken)
        };
        rows.iter().map(|row| read(row.text(0)?)).collect()
    }

    /// The programme of a State.
    pub(crate) fn programme(&self, state: &str) -> Result<Programme, Fault> {
        let found = self.programmes()?.into_iter().find(|one| one.state.as_str() == state);
        found.ok_or_else(|| {
            refuse("PDMP-NO-PROGRAMME", "no programme of this State is entered here", "enter it first").into()
        })
    }

    /// Enters a programme, or another version of its entry. A file of it must be one that could be sent.
    pub(crate) fn set_programme(&self, by: &Actor, programme: Programme) -> Result<(), Fault> {
        let created = self.clock.now().to_zoned(self.clock.zone()).datetime();
        let today = created.date();
        let nothing = asap::Content::Nothing { from: today, to: today };
        let pharmacy = self.reporting_pharmacy(&programme);
        let file = asap::report(&header(&programme, "TRIAL", created), &pharmacy, &nothing);
        if let Some(fault) = asap::check(&file, programme.version, &programme.profile()).into_iter().next() {
            return Err(fault.into());
        }
        programme.law(&self.profile)?;
        self.record_pdmp(by, &PdmpEvent::ProgrammeSet(Box::new(programme)))
    }

    /// Ends the reporting to a programme.
    pub(crate) fn end_programme(&self, by: &Actor, state: &str, reason: &str) -> Result<(), Fault> {
        self.programme(state)?;
        let reason = in_words("reason", reason)?;
        self.record_pdmp(by, &PdmpEvent::ProgrammeEnded { state: state.to_owned(), reason })
    }

    /// States for how many days a prescription's whole quantity lasts, where it does not say so itself.
    pub(crate) fn state_days(&self, by: &Actor, number: &PrescriptionNumber, days: u16) -> Result<(), Fault> {
        if !(1..=365).contains(&days) {
            let what = "a supply lasts 1 to 365 days";
            return Err(refuse("PDMP-DAYS", what, "work it out from the directions").about("days").into());
        }
        self.dispensing_now(number)?;
        self.record_pdmp(by, &PdmpEvent::DaysStated { number: number.to_string(), days })
    }

    /// Tells a record again as it stands, although the programme did not take it.
    pub(crate) fn release_record(
        &self,
        by: &Actor,
        state: &str,
        (number, no): (&PrescriptionNumber, u32),
        reason: &str,
    ) -> Result<(), Fault> {
        let sql = "SELECT refused FROM pdmp_told WHERE state = $1 AND number = $2 AND no = $3";
        let rows = self.store.query(sql, &[state.into(), number.as_str().into(), i64::from(no).into()])?;
        if rows.first().map(|row| row.text(0)).transpose()?.is_none_or(str::is_empty) {
            let what = "no answer says that this record was not taken";
            return Err(refuse("PDMP-NOT-REFUSED", what, "look at the list of what has to be told").into());
        }
        let reason = in_words("reason", reason)?;
        let number = number.to_string();
        self.record_pdmp(by, &PdmpEvent::Released { state: state.to_owned(), number, no, reason })
    }

    pub(super) fn record_pdmp(&self, by: &Actor, event: &PdmpEvent) -> Result<(), Fault> {
        Change::default().event(&self.at_the_pharmacy(by), &event.stream(), event)?.commit(&self.store)?;
        Ok(())
    }

    pub(super) fn at_the_pharmacy<'a>(&'a self, actor: &'a Actor) -> By<'a> {
        let at = self.clock.now();
        By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at }
    }

    /// The days' supply that a pharmacist stated last.
    pub(super) fn stated_days(&self, number: &str) -> Result<Option<u16>, Fault> {
        let (events, _) = stream::<PdmpEvent>(&self.store, &super::event::about(number))?;
        Ok(events.iter().rev().find_map(|event| match event {
            PdmpEvent::DaysStated { days, .. } => Some(*days),
            _ => None,
        }))
    }

    /// Until when a programme is told of a dispensing; `None` where it does not collect it.
    fn collected(&self, programme: &Programme, filling: &Filling, rx: &Prescription) -> Result<Option<Due>, Fault> {
        let law = programme.law(&self.profile)?;
        let drug = rx.current().get(Element::DrugName).map(str::to_owned);
        let schedule = rx.received().schedule.into();
        let question = Question::new(filling.at, Request::ReportMonitoring { schedule, drug, identification: None });
        match decide(&law, &question).map_err(broken)?.verdict {
            Verdict::Value(Answer::Date(day)) => Ok(Some(Due::EndOf(day))),
            Verdict::Value(Answer::Instant(at)) => Ok(Some(Due::At(at.timestamp))),
            _ => Ok(None),
        }
    }

    /// What a programme has to be told now: the difference between the prescriptions and what it holds. The most urgent first.
    pub(crate) fn pending(&self, programme: &Programme) -> Result<Vec<Pending>, Fault> {
        let state = programme.state.as_str();
        let sql = "SELECT DISTINCT number FROM pdmp_touched WHERE seq >= $1
             UNION SELECT number FROM pdmp_held WHERE state = $2
             UNION SELECT number FROM pdmp_told WHERE state = $2 AND refused <> ''
             UNION SELECT t.number FROM pdmp_told t JOIN pdmp_reports r ON r.state = t.state AND r.control = t.report
                   WHERE t.state = $2 AND r.refused <> ''";
        let since = self.reports(state)?.first().map_or(0, |last| last.until);
        let rows = self.store.query(sql, &[since.into(), state.into()])?;
        let numbers: BTreeSet<&str> = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
        let mut pending = Vec::new();
        for number in numbers {
            let Ok(number) = PrescriptionNumber::parse(number) else { continue };
            let (rx, _) = self.dispensing_now(&number)?;
            self.pending_of(programme, &rx, &mut pending)?;
        }
        pending.sort_by(|one, other| (one.due, &one.number, one.no).cmp(&(other.due, &other.number, other.no)));
        Ok(pending)
    }

    fn pending_of(&self, programme: &Programme, rx: &Prescription, out: &mut Vec<Pending>) -> Result<(), Fault> {
        let number = rx.received().number.to_string();
        let lives = rx.current().get(Element::PatientState);
        if programme.covers == Covers::Patients && lives != Some(programme.state.as_str()) {
            return Ok(());
        }
        let days = self.stated_days(&number)?;
        let places = record::places(rx);
        let pharmacy = self.reporting_pharmacy(programme);
        for filling in rx.fillings() {
            if filling.at.date() < programme.since {
                continue;
            }
            let Some(due) = self.collected(programme, filling, rx)? else { continue };
            let held = self.held_of(programme.state.as_str(), &number, filling.no)?;
            let known = held.as_ref().and_then(|held| held.status).filter(|status| *status != asap::Status::Void);
            let place = match (&held, places.iter().find(|(no, _)| *no == filling.no)) {
                (Some(held), _) if known.is_some() => held.place,
                (_, Some((_, place))) => *place,
                // Put back before anybody was told.
                (_, None) => continue,
            };
            let record = record::dispensed(rx, filling, place, days);
            let digest = record.as_ref().map(|record| digest_of(programme, &pharmacy, record)).unwrap_or_default();
            let status = match (filling.stands(), known) {
                (true, None) => asap::Status::New,
                (false, Some(_)) => asap::Status::Void,
                (true, Some(_)) if held.as_ref().is_some_and(|held| held.digest != digest) => asap::Status::Revise,
                (true, Some(_)) | (false, None) => continue,
            };
            let record = record.map_err(|refusal| vec![refusal]).and_then(|record| {
                let record = asap::Dispensed { status, ..record };
                let word = Told::word(status);
                match held.filter(|held| held.refused == format!("{word}/{digest}")) {
                    Some(held) => Err(vec![not_taken(&held.reason)]),
                    None => self.checked(programme, &pharmacy, record).map(|record| (record, digest)),
                }
            });
            let drug = rx.current().get(Element::DrugName).unwrap_or_default().to_owned();
            out.push(Pending { number: number.clone(), no: filling.no, drug, filled: filling.at, due, status, record });
        }
        Ok(())
    }

    /// A record that may be sent, by itself.
    fn checked(
        &self,
        programme: &Programme,
        pharmacy: &asap::Pharmacy,
        record: asap::Dispensed,
    ) -> Result<asap::Dispensed, Vec<Refusal>> {
        let created = self.clock.now().to_zoned(self.clock.zone()).datetime();
        let file = asap::report(&header(programme, "TRIAL", created), pharmacy, &content(vec![record.clone()]));
        let faults = asap::check(&file, programme.version, &programme.profile());
        if faults.is_empty() { Ok(record) } else { Err(faults) }
    }

    fn held_of(&self, state: &str, number: &str, no: u32) -> Result<Option<Held>, Fault> {
        let sql = "SELECT fill, part, status, digest, refused, reason FROM pdmp_told WHERE state = $1 AND number = $2 AND no = $3";
        let rows = self.store.query(sql, &[state.into(), number.into(), i64::from(no).into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(Some(Held {
            place: Place {
                fill: u16::try_from(row.int(0)?).map_err(broken)?,
                part: u8::try_from(row.int(1)?).map_err(broken)?,
            },
            status: status_of(row.text(2)?),
            digest: row.text(3)?.to_owned(),
            refused: row.text(4)?.to_owned(),
            reason: row.text(5)?.to_owned(),
        }))
    }

    /// The register of reports to a State, the last one first.
    pub(crate) fn reports(&self, state: &str) -> Result<Vec<ReportRow>, Fault> {
        let sql = "SELECT control, seq, made_ms, from_day, to_day, until_seq, records, late, digest, placed_ms, answered_ms, refused, not_taken
             FROM pdmp_reports WHERE state = $1 ORDER BY seq DESC";
        let rows = self.store.query(sql, &[state.into()])?;
        let row = |row: &theriac_store::Row| -> Result<ReportRow, Fault> {
            let day = |column: usize| row.text(column)?.parse::<Date>().map_err(broken);
            Ok(ReportRow {
                state: state.to_owned(),
                control: row.text(0)?.to_owned(),
                seq: row.u64(1)?,
                made_ms: row.int(2)?,
                from: day(3)?,
                to: day(4)?,
                until: row.u64(5)?,
                records: row.u64(6)?,
                late: row.u64(7)?,
                digest: row.text(8)?.to_owned(),
                placed_ms: row.opt_int(9)?,
                answered_ms: row.opt_int(10)?,
                refused: row.text(11)?.to_owned(),
                not_taken: row.u64(12)?,
            })
        };
        rows.iter().map(row).collect()
    }

    /// One report, with its record and its file.
    pub(crate) fn report(&self, state: &str, control: &str) -> Result<(ReportRow, Reported, Vec<u8>), Fault> {
        let found = self.reports(state)?.into_iter().find(|row| row.control == control);
        let unknown =
            || refuse("PDMP-NO-REPORT", "there is no report with this number", "look at the register of reports");
        let row = found.ok_or_else(unknown)?;
        let (events, _) = stream::<PdmpEvent>(&self.store, &report_stream(state, control))?;
        let report = events.into_iter().find_map(|event| match event {
            PdmpEvent::Reported { report, .. } => Some(*report),
            _ => None,
        });
        let piece = self.store.archive(row.seq)?.into_iter().next();
        let bytes =
            piece.map(|piece| piece.bytes).ok_or_else(|| broken("the file of a report is not in the archive"))?;
        Ok((row, report.ok_or_else(unknown)?, bytes))
    }

    /// How a programme stands.
    pub(crate) fn programme_overview(&self, state: &str) -> Result<Overview, Fault> {
        let programme = self.programme(state)?;
        let pending = self.pending(&programme)?;
        let reports = self.reports(state)?;
        let uncovered = self.uncovered(&programme, &reports);
        Ok(Overview { programme, pending, reports, uncovered })
    }

    /// The days up to yesterday that no report covers.
    fn uncovered(&self, programme: &Programme, reports: &[ReportRow]) -> Option<(Date, Date)> {
        let yesterday = self.clock.moment().date().checked_sub(1.day()).ok()?;
        let last = reports.iter().filter(|report| report.refused.is_empty()).map(|report| report.to).max();
        let from = match last {
            Some(last) => last.checked_add(1.day()).ok()?,
            None => programme.since,
        };
        (from <= yesterday).then_some((from, yesterday))
    }

    /// Makes a report of everything that can be told now, or that nothing was dispensed. The file is archived with its record,
    /// and the job that puts it out is written down with it.
    ///
    /// # Errors
    /// `PDMP-NOTHING` where there is nothing to tell.
    pub(crate) fn make_report(&self, by: &Actor, state: &str) -> Result<String, Fault> {
        let programme = self.programme(state)?;
        let until = self.store.size()?;
        let pending = self.pending(&programme)?;
        let reports = self.reports(state)?;
        let now = self.clock.moment();
        let (mut records, mut told, mut late, mut held) = (Vec::new(), Vec::new(), 0, BTreeSet::new());
        for one in pending {
            match one.record {
                Ok((record, digest)) if records.len() < RECORDS_MOST => {
                    late += u64::from(one.due.passed(now));
                    told.push(Told {
                        number: one.number,
                        no: one.no,
                        fill: record.fill,
                        part: record.part,
                        filled: record.filled,
                        status: record.status,
                        digest,
                    });
                    records.push(record);
                }
                Ok(_) | Err(_) => {
                    held.insert(one.number);
                }
            }
        }
        let uncovered = self.uncovered(&programme, &reports);
        let today = now.date();
        let (from, to, content) = match (records.is_empty(), uncovered) {
            (false, _) => (uncovered.map_or(today, |(from, _)| from), today, content(records)),
            (true, Some((from, to))) if programme.zero == Zero::Reported && held.is_empty() => {
                (from, to, asap::Content::Nothing { from, to })
            }
            (true, _) => {
                let what = "there is nothing that could be told now";
                return Err(refuse("PDMP-NOTHING", what, "see what is held back, if anything is").into());
            }
        };
        let day = today.strftime("%Y%m%d").to_string();
        let same_day = reports.iter().filter(|report| report.control.starts_with(&day)).count();
        let control = format!("{day}-{:02}", same_day + 1);
        let created = now.offset.to_datetime(now.timestamp);
        let file = asap::report(&header(&programme, &control, created), &self.reporting_pharmacy(&programme), &content);
        if let Some(fault) = asap::check(&file, programme.version, &programme.profile()).into_iter().next() {
            return Err(fault.into());
        }
        let bytes = asap::print(&file);
        let digest = sha256(&bytes).to_hex();
        let held = held.into_iter().collect();
        let report = Reported { control: control.clone(), from, to, until, digest, late, records: told, held };
        let event = PdmpEvent::Reported { state: state.to_owned(), report: Box::new(report) };
        let name = event.stream();
        let piece = NewPiece { media: "text/plain".to_owned(), bytes, seal: Vec::new() };
        let by = self.at_the_pharmacy(by);
        let payload = json!({"control": control, "state": state}).to_string().into_bytes();
        let job = NewJob {
            kind: PLACE.to_owned(),
            key: format!("{PLACE}/{state}/{control}"),
            due_ms: by.at.as_millisecond(),
            payload,
        };
        Change::default()
            .decided_on(&name, 0)
            .with_pieces(&by, &name, &event, vec![piece])?
            .job(job)
            .commit(&self.store)?;
        Ok(control)
    }

    /// Puts a report's file where the State's carrier picks it up. Doing it twice puts the same file under the same name.
    pub(crate) fn place_report(&self, job: &Job) -> Result<(), Fault> {
        let payload: serde_json::Value = serde_json::from_slice(&job.payload).map_err(broken)?;
        let text = |name: &str| payload.get(name).and_then(serde_json::Value::as_str).unwrap_or_default().to_owned();
        let (state, control) = (text("state"), text("control"));
        let (_, _, bytes) = self.report(&state, &control)?;
        let folder = self.dir.join(OUTGOING).join(&state);
        std::fs::create_dir_all(&folder).map_err(broken)?;
        let file = format!("{state}-{control}.dat");
        let (part, whole) = (folder.join(format!("{file}.part")), folder.join(&file));
        std::fs::write(&part, &bytes).map_err(broken)?;
        std::fs::rename(&part, &whole).map_err(broken)?;
        let event = PdmpEvent::Placed { state, control, file };
        let actor = crate::house::program();
        let by = self.at_the_pharmacy(&actor);
        Change::default().event(&by, &event.stream(), &event)?.finishes(job.id).commit(&self.store)?;
        Ok(())
    }

    /// Puts every report out that waits for it; what a server does by its outbox.
    pub(crate) fn place_reports(&self) -> Result<(), Fault> {
        for job in self.store.due_jobs_of(PLACE, self.clock.now().as_millisecond(), 64)? {
            self.place_report(&job)?;
        }
        Ok(())
    }

    /// Makes the reports that are owed: every day after its end, and whatever would be late within the hour. Answers the
    /// control numbers. What somebody else reported first is left alone.
    pub(crate) fn reports_owed(&self) -> Result<Vec<(String, String)>, Fault> {
        let mut made = Vec::new();
        let now = self.clock.moment();
        let soon = now.hours_later(1).unwrap_or(now);
        for programme in self.programmes()? {
            let state = programme.state.to_string();
            let pending = self.pending(&programme)?;
            let can = |one: &&Pending| one.record.is_ok();
            let owed = pending.iter().filter(can).any(|one| one.filled.date() < now.date() || one.due.passed(soon));
            let nothing = programme.zero == Zero::Reported
                && pending.is_empty()
                && self.uncovered(&programme, &self.reports(&state)?).is_some();
            if !owed && !nothing {
                continue;
            }
            match self.make_report(&crate::house::program(), &state) {
                Ok(control) => made.push((state, control)),
                Err(Fault::Conflict | Fault::Refused(_)) => {}
                Err(other) => return Err(other),
            }
        }
        Ok(made)
    }
}

fn not_taken(reason: &str) -> Refusal {
    refuse(
        "PDMP-NOT-TAKEN",
        format!("the programme did not take the record: {reason}"),
        "correct what it names, or tell it again as it stands if the fault is theirs",
    )
}

/// Words of a person that are kept.
pub(super) fn in_words(field: &'static str, typed: &str) -> Result<String, Refusal> {
    let words = typed.trim().to_owned();
    let fits = (1..=500).contains(&words.chars().count()) && !words.chars().any(|c| c.is_control() && c != '\n');
    if fits {
        return Ok(words);
    }
    Err(refuse("PDMP-WORDS", format!("{field} has 1 to 500 characters"), "say it in a sentence").about(field))
}
