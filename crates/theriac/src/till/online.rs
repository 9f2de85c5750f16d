//! The file of a pharmacy that dispenses by means of the Internet: application and notices, home page, monthly reports.
//! 21 U.S.C. 831; 21 CFR 1304.40 to 1304.55.

use super::again;
use super::record::TillEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use theriac_books::online::{
    Block, BoardStanding, ContractedPractitioner, Dispensed, Exemption, ExemptionClass, HomePage, Means, MonthlyEvent,
    MonthlyReport, OnlineEvent, OnlineRegistration, PharmacistInCharge, ReportKind, StateLicence, report, sheet,
};
use theriac_books::{Account, StockEvent, StockUnit};
use theriac_law::vocab::{Approval, Word as _};
use theriac_law::{Question, Request, decide};
use theriac_model::calendar::days_after;
use theriac_model::{Actor, Ndc, Refusal};

/// Days between a notice and the first offer (21 CFR 1304.40(a), (b)).
const NOTICE_DAYS: u32 = 30;

/// What is noted in the file, and its fields with their labels. Every field is required.
pub(crate) type NoteForm = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// The notes of the file.
pub(crate) const NOTES: [NoteForm; 6] = [
    (
        "licence",
        "A State's licence to dispense",
        &[("state", "State, two letters"), ("number", "Number of the licence"), ("until", "Its last day")],
    ),
    (
        "board",
        "A State's board was told",
        &[("state", "State, two letters"), ("on", "Told on"), ("how", "How, and to whom")],
    ),
    (
        "page",
        "What the home page says of this pharmacy",
        &[
            ("telephone", "Telephone"),
            ("mail", "Electronic mail"),
            ("chief", "Pharmacist in charge"),
            ("degree", "Degree"),
            ("chief-states", "States of licensure of the pharmacist in charge, such as AZ 2027-03-31, NM 2026-12-31"),
            ("chief-telephone", "Telephone of the pharmacist in charge"),
            ("certification", "Certification of registration for the Internet"),
        ],
    ),
    (
        "practitioner",
        "A practitioner with a contract",
        &[
            ("name", "Name"),
            ("address", "Address"),
            ("telephone", "Telephone"),
            ("degree", "Degree"),
            ("states", "States of licensure, such as AZ 2027-03-31"),
        ],
    ),
    (
        "address",
        "The address of the website is to change",
        &[("new", "New address"), ("on", "Day of the change"), ("told", "DEA told on"), ("how", "How")],
    ),
    ("reverted", "The pharmacy went back to retail only", &[("on", "On")]),
];

/// One State of the file.
#[derive(Clone, Debug, Default)]
pub(crate) struct StateNow {
    /// When its board was told.
    pub(crate) told: Option<Date>,
    /// The licence and its last day.
    pub(crate) licence: Option<(String, Date)>,
    /// From when it may be offered there, as far as board and application decide.
    pub(crate) offered_from: Option<Date>,
}

/// A change of the website's address.
#[derive(Clone, Debug)]
pub(crate) struct AddressChange {
    pub(crate) new: String,
    pub(crate) on: Date,
    pub(crate) told: Date,
    /// Why the notice is too late; `None` when it is in time.
    pub(crate) late: Option<Box<Refusal>>,
}

/// The file as it stands.
pub(crate) struct OnlineNow {
    pub(crate) registration: OnlineRegistration,
    pub(crate) states: BTreeMap<String, StateNow>,
    pub(crate) practitioners: Vec<Typed>,
    pub(crate) page: Option<Typed>,
    pub(crate) addresses: Vec<AddressChange>,
    pub(crate) reverted: Option<Date>,
    /// What was published, part by part, by the words of the rulebook's list.
    pub(crate) published: Option<Vec<(String, String)>>,
    /// Reports that were sent: report, confirmation, by whom, when.
    pub(crate) sent: Vec<(MonthlyReport, String, String, theriac_law::Moment)>,
    /// The day of DEA's modification.
    pub(crate) modified: Option<Date>,
    versions: (u64, u64, u64),
}

fn licences(text: &str) -> Vec<StateLicence> {
    let one = |part: &str| {
        let (state, until) = part.trim().split_once(' ')?;
        Some(StateLicence { state: state.to_owned(), until: until.trim().parse().ok()? })
    };
    text.split(',').filter_map(one).collect()
}

impl House {
    fn online_streams(&self) -> [String; 3] {
        ["file", "notes", "reports"].map(|part| format!("online/{}/{part}", self.pharmacy))
    }

    /// The file of the online pharmacy.
    pub(crate) fn online(&self) -> Result<OnlineNow, Fault> {
        let [file, notes, reports] = self.online_streams();
        let (events, first) = stream::<OnlineEvent>(&self.store, &file)?;
        let (noted, second) = stream::<TillEvent>(&self.store, &notes)?;
        let (months, third) = stream::<MonthlyEvent>(&self.store, &reports)?;
        let mut registration = OnlineRegistration::retail(self.pharmacy, "");
        let mut modified = None;
        for event in &events {
            registration.apply(event);
            if let OnlineEvent::Modified { at, .. } = event {
                modified = Some(at.date());
            }
        }
        let mut now = OnlineNow {
            registration,
            states: BTreeMap::new(),
            practitioners: Vec::new(),
            page: None,
            addresses: Vec::new(),
            reverted: None,
            published: None,
            sent: Vec::new(),
            modified,
            versions: (first, second, third),
        };
        for event in noted {
            if let TillEvent::Noted { what, fields, .. } = event {
                self.take_note(&mut now, &what, Typed(fields))?;
            }
        }
        let applied = now.registration.applied();
        for state in now.states.values_mut() {
            let told = state.told.zip(applied).map(|(told, applied)| told.max(applied));
            state.offered_from = told.and_then(|day| days_after(day, NOTICE_DAYS));
        }
        for MonthlyEvent::Submitted { report, confirmation, by, at } in months {
            now.sent.push((report, confirmation, by.id, at));
        }
        Ok(now)
    }

    fn take_note(&self, now: &mut OnlineNow, what: &str, fields: Typed) -> Result<(), Fault> {
        match what {
            "licence" => {
                let state = now.states.entry(fields.get("state").to_owned()).or_default();
                state.licence = Some((fields.get("number").to_owned(), fields.day("until")?));
            }
            "board" => {
                now.states.entry(fields.get("state").to_owned()).or_default().told = Some(fields.day("on")?);
            }
            "page" => now.page = Some(fields),
            "practitioner" => now.practitioners.push(fields),
            "address" => {
                let (on, told) = (fields.day("on")?, fields.day("told")?);
                let asked = Question::new(on, Request::OnlineUrl { notified: Some(told) });
                let decided = decide(&self.profile, &asked).map_err(|error| Fault::Broken(format!("{error:?}")))?;
                let late = decided.into_result().err().map(Box::new);
                now.addresses.push(AddressChange { new: fields.get("new").to_owned(), on, told, late });
            }
            "reverted" => now.reverted = Some(fields.day("on")?),
            "published" => now.published = Some(fields.0),
            _ => {}
        }
        Ok(())
    }

    /// The home page's records as of today.
    fn home_page(&self, now: &OnlineNow) -> Result<HomePage, Fault> {
        let (file, _) = self.seller_file()?;
        let said = now.page.clone().unwrap_or_default();
        let get = |name: &str| said.get(name).to_owned();
        Ok(HomePage {
            approval: if now.modified.is_some() { Approval::Approved } else { Approval::Applied },
            registered_name: file.place().name.clone(),
            address: file.place().address.clone(),
            telephone: get("telephone"),
            mail: get("mail"),
            in_charge: PharmacistInCharge {
                name: get("chief"),
                degree: get("degree"),
                licences: licences(said.get("chief-states")),
                telephone: get("chief-telephone"),
            },
            licences: now
                .states
                .iter()
                .filter_map(|(state, now)| {
                    let (_, until) = now.licence.as_ref()?;
                    Some(StateLicence { state: state.clone(), until: *until })
                })
                .collect(),
            certification: get("certification"),
            practitioners: now
                .practitioners
                .iter()
                .map(|one| ContractedPractitioner {
                    name: one.get("name").to_owned(),
                    address: one.get("address").to_owned(),
                    telephone: one.get("telephone").to_owned(),
                    degree: one.get("degree").to_owned(),
                    licences: licences(one.get("states")),
                })
                .collect(),
        })
    }

    /// The parts of the home page as the records have them today, and which of them are published otherwise.
    pub(crate) fn home_blocks(&self, now: &OnlineNow) -> Result<(Vec<Block>, Vec<&'static str>), Fault> {
        if now.registration.applied().is_none() {
            let what = "the pharmacy has not applied to dispense by means of the Internet";
            let next = "record the application first; until then the home page says nothing";
            return Err(Refusal::new("TILL-NOT-APPLIED", "21 CFR 1304.45(a)", what, next).into());
        }
        let blocks = self.home_page(now)?.blocks(&self.profile, self.clock.moment().date())?;
        let differ = now.published.as_ref().map_or_else(Vec::new, |published| {
            let same = |block: &&Block| {
                published.iter().any(|(element, text)| element == block.element.word() && *text == block.text)
            };
            blocks.iter().filter(|block| !same(block)).map(|block| block.element.word()).collect()
        });
        Ok((blocks, differ))
    }

    /// Everything that was dispensed in the month that begins on `month`, by any means, from the books.
    pub(crate) fn monthly_report(&self, month: Date, reverted: Option<Date>) -> Result<MonthlyReport, Fault> {
        let first = month.first_of_month();
        let by_internet: BTreeSet<String> = self.by_internet()?.into_iter().map(|one| one.number).collect();
        let mut sums: BTreeMap<(Ndc, String, Means), i64> = BTreeMap::new();
        let books = self.all_books()?;
        for event in books.plain() {
            let StockEvent::Posted { commodity, entry } = event else { continue };
            if self.moment_of(entry.happened).date().first_of_month() != first {
                continue;
            }
            let scale = match commodity.unit {
                StockUnit::Piece => 1,
                StockUnit::Microlitre => 1_000,
                StockUnit::Microgram => 1_000_000,
            };
            for line in &entry.lines {
                if matches!(line.account, Account::Patient | Account::OverTheCounter | Account::Administered) {
                    let document = entry.document.to_string();
                    let document = document.split('/').next().unwrap_or_default().to_owned();
                    let number = document.rsplit(' ').next().unwrap_or_default();
                    let means = match line.account {
                        Account::Patient if by_internet.contains(number) => Means::Internet,
                        Account::OverTheCounter | Account::Administered => Means::FaceToFace,
                        _ => Means::Other,
                    };
                    let sum = sums.entry((commodity.ndc.clone(), document, means)).or_default();
                    // A millilitre or a gram is one dosage unit where the label states no dose; a part of one counts as one.
                    let units = if line.change >= 0 {
                        line.change.saturating_add(scale - 1) / scale
                    } else {
                        line.change / scale
                    };
                    *sum = sum.saturating_add(units);
                }
            }
        }
        let dispensed: Vec<Dispensed> = sums
            .into_iter()
            .filter_map(|((ndc, prescription, by), units)| {
                let units = u64::try_from(units).ok().filter(|units| *units > 0)?;
                Some(Dispensed { ndc, units, by, prescription, on: first })
            })
            .collect();
        Ok(report(&self.profile, first, &dispensed, reverted)?)
    }

    /// The report of a month: as it was sent, else as the books have it now.
    pub(crate) fn month_reported(&self, month: Date) -> Result<MonthlyReport, Fault> {
        let now = self.online()?;
        match now.sent.iter().find(|(report, ..)| report.month == month) {
            Some((report, ..)) => Ok(report.clone()),
            None => self.monthly_report(month, now.reverted),
        }
    }

    /// The months for which a report was owed since the modification, and which is not sent: month, last day.
    pub(crate) fn months_owed(&self, now: &OnlineNow, today: Date) -> Vec<(Date, Option<Date>)> {
        let Some(from) = now.modified else { return Vec::new() };
        let mut owed = Vec::new();
        let mut month = from.first_of_month();
        while month < today.first_of_month() {
            let sent = now.sent.iter().any(|(report, ..)| report.month == month);
            let over = now.reverted.is_some_and(|day| month > day.first_of_month());
            if !sent && !over {
                let due = report(&self.profile, month, &[], now.reverted).ok().and_then(|report| report.due);
                owed.push((month, due));
            }
            let Ok(next) = month.checked_add(jiff::Span::new().months(1)) else { break };
            month = next;
        }
        owed
    }

    /// An act on the file.
    pub(crate) fn online_act(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        if typed.get("step") == "customer" {
            return again(|| self.record_by_internet(actor, typed));
        }
        again(|| {
            let now = self.online()?;
            let [file, notes, reports] = self.online_streams();
            let at = self.clock.moment();
            let by = self.in_stockroom(actor, at);
            let step = typed.get("step");
            let change = Change::default();
            let change = match step {
                "apply" => {
                    let boards = now.states.iter().map(|(state, now)| BoardStanding {
                        state: state.clone(),
                        notified: now.told,
                        licence: now
                            .licence
                            .as_ref()
                            .filter(|(_, until)| *until >= at.date())
                            .map(|(number, _)| number.clone()),
                    });
                    let sheet = sheet(self.pharmacy, boards.collect(), &self.full_name(&actor.id))?;
                    let events = now.registration.apply_for(sheet, actor.clone(), at)?;
                    all(change.decided_on(&file, now.versions.0), &by, &file, &events)?
                }
                "modified" => {
                    let events = now.registration.modified(typed.get("certificate"), actor.clone(), at)?;
                    all(change.decided_on(&file, now.versions.0), &by, &file, &events)?
                }
                "exempt" => {
                    let exemption = Exemption {
                        party: typed.get("party").to_owned(),
                        class: typed.word("class", ExemptionClass::parse)?,
                        evidence: typed.get("evidence").to_owned(),
                    };
                    let events = now.registration.exempt(exemption, actor.clone(), at)?;
                    all(change.decided_on(&file, now.versions.0), &by, &file, &events)?
                }
                "publish" => {
                    let (blocks, _) = self.home_blocks(&now)?;
                    let fields =
                        blocks.into_iter().map(|block| (block.element.word().to_owned(), block.text)).collect();
                    let event = TillEvent::Noted { what: "published".to_owned(), fields, by: actor.id.clone() };
                    change.decided_on(&notes, now.versions.1).event(&by, &notes, &event)?
                }
                "submit" => {
                    let event = self.submitted(&now, actor, typed, at)?;
                    change.decided_on(&reports, now.versions.2).event(&by, &reports, &event)?
                }
                what => {
                    let fields = note_fields(what, typed)?;
                    let event = TillEvent::Noted { what: what.to_owned(), fields, by: actor.id.clone() };
                    change.decided_on(&notes, now.versions.1).event(&by, &notes, &event)?
                }
            };
            change.commit(&self.store)?;
            Ok(())
        })
    }

    fn submitted(
        &self,
        now: &OnlineNow,
        actor: &Actor,
        typed: &Typed,
        at: theriac_law::Moment,
    ) -> Result<MonthlyEvent, Fault> {
        let month = month_of(typed)?;
        let confirmation = typed.text("confirmation")?;
        if now.sent.iter().any(|(report, ..)| report.month == month) {
            let what = format!("the report of {} was sent already", month.strftime("%Y-%m"));
            return Err(wrong("month", what, "choose a month that is still owed"));
        }
        if month >= at.date().first_of_month() {
            return Err(wrong("month", "the month is not over", "send its report when it is"));
        }
        let report = self.monthly_report(month, now.reverted)?;
        if report.kind == ReportKind::None {
            return Err(wrong("month", "no report is owed for that month", "choose a month that is still owed"));
        }
        Ok(MonthlyEvent::Submitted { report, confirmation, by: actor.clone(), at })
    }
}

/// The month that was typed, by its first day.
fn month_of(typed: &Typed) -> Result<Date, Fault> {
    read_month(typed.get("month"))
        .ok_or_else(|| wrong("month", "month is not one such as 2026-03", "enter year and month"))
}

/// A month such as `2026-03`, by its first day.
pub(crate) fn read_month(text: &str) -> Option<Date> {
    format!("{text}-01").parse().ok()
}

fn all<R: crate::house::record::Recorded>(
    mut change: Change,
    by: &crate::house::record::By<'_>,
    stream: &str,
    events: &[R],
) -> Result<Change, Fault> {
    for event in events {
        change = change.event(by, stream, event)?;
    }
    Ok(change)
}

fn note_fields(what: &str, typed: &Typed) -> Result<Vec<(String, String)>, Fault> {
    let (_, _, names) = NOTES
        .iter()
        .find(|(word, ..)| *word == what)
        .ok_or_else(|| wrong("step", "the form does not say what is to be done", "use the page's own forms"))?;
    let mut fields = Vec::new();
    for (name, label) in *names {
        let value = typed.text(name).map_err(|_| wrong(*name, format!("{label}: nothing was entered"), "enter it"))?;
        if matches!(*name, "on" | "until" | "told") {
            typed.day(name)?;
        }
        let state = value.len() == 2 && value.bytes().all(|b| b.is_ascii_uppercase());
        if *name == "state" && !state {
            return Err(wrong(*name, format!("{value:?} is not a State"), "enter two capital letters such as AZ"));
        }
        if matches!(*name, "states" | "chief-states") && licences(&value).is_empty() {
            let what = format!("{label}: {value:?} has no State with a day");
            return Err(wrong(*name, what, "write the State and the licence's last day, such as AZ 2027-03-31"));
        }
        fields.push(((*name).to_owned(), value));
    }
    Ok(fields)
}
