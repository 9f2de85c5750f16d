//! When the computer is down (21 CFR 1306.22(f)(5)): the kit that tells what may still be refilled, numbered sheets, and the entry
//! afterwards with true times.
//!
//! What was dispensed on a sheet did happen, so its entry is never refused for what the law says about it: an entry that the
//! rulebook would have refused is kept as an exception, with the refusal, its stock is booked out, and nothing is left of the
//! prescription for what went too far.

use crate::ask;
use crate::codec::stored::{event_records, record};
use crate::conditions::LabelStep;
use crate::event::Event;
use crate::filling::{Filling, FillingKind, FillingState, Judgment, Stated};
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::law_record::{LawRecord, RefusalRecord};
use crate::number::PrescriptionNumber;
use crate::people::{Person, Pharmacist};
use crate::prescription::{Inconsistent, Prescription, next_number};
use crate::refusals as refuse;
use std::collections::BTreeMap;
use theriac_books::{DocumentKind, Movement, MovementKind};
use theriac_law::vocab::Event as Period;
use theriac_law::{Moment, Profile, Request, When, decide};
use theriac_model::{Ndc, Quantity, Refusal, Schedule};

/// One line of the kit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KitLine {
    /// The prescription.
    pub number: PrescriptionNumber,
    /// The patient.
    pub patient: String,
    /// The drug.
    pub drug: String,
    /// The quantity of a refill.
    pub quantity: Quantity,
    /// Refills that may still be dispensed.
    pub refills_left: u32,
    /// The last day, where there is one.
    pub last_day: Option<When>,
}

/// What may still be refilled, as of a moment: printed before an outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DowntimeKit {
    /// As of when.
    pub at: Moment,
    /// Every prescription with refills left, by number.
    pub lines: Vec<KitLine>,
}

impl DowntimeKit {
    /// The kit at `at`.
    pub fn of(profile: &Profile, prescriptions: &[&Prescription], at: Moment) -> Self {
        let mut lines: Vec<KitLine> = prescriptions.iter().filter_map(|one| one.kit_line(profile, at)).collect();
        lines.sort_by(|a, b| a.number.cmp(&b.number));
        Self { at, lines }
    }
}

/// `rx.filled` in downtime: on which sheet it was documented, and who entered it when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnSheet {
    /// The sheet's number.
    pub sheet: u32,
    /// When it was entered.
    pub entered: Moment,
    /// By whom.
    pub by: Person,
}

/// What a sheet says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// Its number.
    pub no: u32,
    /// The pharmacist who dispensed.
    pub pharmacist: Pharmacist,
    /// When, truly.
    pub at: Moment,
    /// The product.
    pub ndc: Ndc,
    /// How much.
    pub quantity: Quantity,
    /// Who took it.
    pub recipient: String,
}

/// `rx.downtime-exception`: a sheet whose refill the rulebook would have refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DowntimeException {
    /// The sheet.
    pub on: OnSheet,
    /// When it was dispensed.
    pub at: Moment,
    /// By whom.
    pub pharmacist: Person,
    /// The product.
    pub ndc: Ndc,
    /// How much.
    pub quantity: Quantity,
    /// Who took it.
    pub recipient: String,
    /// Why it would have been refused.
    pub refusal: RefusalRecord,
}

record! {
    OnSheet { "sheet" sheet, "entered" entered, "by" by, }
    RefusalRecord { "code" code, "cite" cite, "edition" edition, "field" field, "what" what, "next" next, }
    DowntimeException {
        "on" on, "at" at, "pharmacist" pharmacist, "ndc" ndc, "quantity" quantity, "recipient" recipient,
        "refusal" refusal,
    }
}

/// The entry of a sheet: what is appended, what is posted, and the exception where it is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetEntry {
    /// For the prescription's stream.
    pub events: Vec<Event>,
    /// For the books: off the shelf, and to the patient.
    pub movements: Vec<Movement>,
    /// Why the rulebook would have refused it.
    pub exception: Option<Refusal>,
}

impl Prescription {
    fn kit_line(&self, profile: &Profile, at: Moment) -> Option<KitLine> {
        use theriac_model::Element::{DrugForm, DrugName, DrugStrength, PatientFirst, PatientLast};
        let refills_left = self.refills_remaining(profile, at).ok().filter(|left| *left > 0)?;
        let last_day = matches!(self.face.schedule, Schedule::III | Schedule::IV)
            .then(|| ask::deadline(profile, Period::RefillLimit, self.face.issued))
            .flatten();
        Some(KitLine {
            number: self.received.number.clone(),
            patient: self.joined(&[PatientFirst, PatientLast]),
            drug: self.joined(&[DrugName, DrugStrength, DrugForm]),
            quantity: self.face.quantity.clone(),
            refills_left,
            last_day,
        })
    }

    /// Enters a refill that was documented on a sheet while the computer was down.
    ///
    /// # Errors
    /// `PHARM-UNIT`; `PHARM-TIME` when it would have been entered before it was dispensed; `PHARM-SHEET` for a sheet that is
    /// entered already; `PHARM-TEXT` without a recipient. Never what the law says: that is an exception.
    pub fn enter_sheet(
        &self,
        profile: &Profile,
        sheet: &Sheet,
        by: &Person,
        entered: Moment,
    ) -> Result<SheetEntry, Refusal> {
        if sheet.quantity.unit() != self.face.quantity.unit() {
            return Err(refuse::other_unit());
        }
        if entered.timestamp < sheet.at.timestamp {
            return Err(refuse::before_the_record("entered"));
        }
        let marks = self.fillings.iter().filter_map(|filling| filling.on_sheet.as_ref());
        let exceptions = self.exceptions.iter().map(|exception| &exception.on);
        if marks.chain(exceptions).any(|mark| mark.sheet == sheet.no) {
            return Err(refuse::sheet_entered(sheet.no));
        }
        let recipient = refuse_empty(&sheet.recipient, "recipient")?;
        let (at, pharmacist) = (whole_seconds(sheet.at), sheet.pharmacist.person().clone());
        let on = OnSheet { sheet: sheet.no, entered: whole_seconds(entered), by: by.clone() };
        let units = ask::units(sheet.quantity.smallest_units());
        let found = match self.check_open() {
            Err(refusal) => Err(refusal),
            Ok(()) => match decide(profile, &self.question(at, Request::Refill { quantity: units })) {
                Err(missing) => Err(refuse::not_built(&missing)),
                Ok(decision) => decision.into_result(),
            },
        };
        let remaining = self.authorised() - self.used().saturating_add(sheet.quantity.smallest_units());
        let found = found.and_then(|decision| {
            let exceeds = || refuse::exceeds(self.authorised(), self.used(), sheet.quantity.smallest_units());
            if remaining < 0 { Err(exceeds()) } else { Ok(decision) }
        });
        let filling = Filling {
            no: next_number(self.fillings.len()),
            kind: FillingKind::Refill,
            quantity: sheet.quantity.clone(),
            stated: Stated::Stated,
            at,
            pharmacist: pharmacist.clone(),
            ndc: sheet.ndc.clone(),
            refills_allowed: self.refills_allowed(),
            remaining,
            part: None,
            judgment: Judgment::new(at),
            monitoring: None,
            label: LabelStep::Affixed,
            central: None,
            intern: None,
            on_sheet: Some(on.clone()),
            law: found
                .as_ref()
                .map_or_else(|_| LawRecord { profile: profile.name().to_owned(), rules: Vec::new() }, LawRecord::of),
            state: FillingState::Filled,
        };
        let signer = pharmacist.actor.clone();
        let off = self.movement(&filling, (MovementKind::Fill, DocumentKind::Filling), at, signer.clone())?;
        let out = self.movement(&filling, (MovementKind::HandOver, DocumentKind::PickUp), at, signer)?;
        let movements = vec![off, out];
        let (events, exception) = match found {
            Ok(_) => {
                let no = filling.no;
                let handed = Event::HandedOver { no, at, by: pharmacist, recipient, details: None };
                (vec![Event::Filled(Box::new(filling)), handed], None)
            }
            Err(refusal) => {
                let exception = DowntimeException {
                    on,
                    at,
                    pharmacist,
                    ndc: sheet.ndc.clone(),
                    quantity: sheet.quantity.clone(),
                    recipient,
                    refusal: RefusalRecord::from(&refusal),
                };
                (vec![Event::DowntimeException(Box::new(exception))], Some(refusal))
            }
        };
        Ok(SheetEntry { events, movements, exception })
    }

    /// What was dispensed while the computer was down and should not have been.
    pub fn exceptions(&self) -> &[DowntimeException] {
        &self.exceptions
    }
}

/// `downtime.begun`: the numbered sheets are given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DowntimeBegun {
    /// When.
    pub at: Moment,
    /// Who gave them out.
    pub by: Person,
    /// The first sheet's number.
    pub first: u32,
    /// The last sheet's number.
    pub last: u32,
}

/// `downtime.ended`: the computer runs again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DowntimeEnded {
    /// When.
    pub at: Moment,
    /// By whom this is recorded.
    pub by: Person,
}

/// `downtime.sheet`: what became of a sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetDone {
    /// Its number.
    pub sheet: u32,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// The prescription in which it was entered; `None` for a sheet that nobody used.
    pub number: Option<PrescriptionNumber>,
    /// Why it was not used.
    pub unused: Option<String>,
}

/// `downtime.named`: for which prescription a sheet was written, told before the sheet is entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetNamed {
    /// Its number.
    pub sheet: u32,
    /// When it was told.
    pub at: Moment,
    /// By whom.
    pub by: Person,
    /// The prescription that the sheet names.
    pub number: PrescriptionNumber,
}

record! {
    SheetNamed { "sheet" sheet, "at" at, "by" by, "number" number, }
    DowntimeBegun { "at" at, "by" by, "first" first, "last" last, }
    DowntimeEnded { "at" at, "by" by, }
    SheetDone { "sheet" sheet, "at" at, "by" by, "number" number, "unused" unused, }
}

/// One event of an outage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DowntimeEvent {
    /// It began.
    Begun(DowntimeBegun),
    /// It ended.
    Ended(DowntimeEnded),
    /// A sheet was entered, or returned unused.
    Sheet(SheetDone),
    /// It was told for which prescription a sheet was written.
    Named(SheetNamed),
}

event_records! {
    DowntimeEvent {
        Begun "downtime.begun",
        Ended "downtime.ended",
        Sheet "downtime.sheet",
        Named "downtime.named",
    }
}

/// The most sheets that one outage gives out.
pub const SHEETS_MAX: u32 = 10_000;

/// An outage: the fold of its events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Downtime {
    begun: DowntimeBegun,
    ended: Option<DowntimeEnded>,
    sheets: Vec<SheetDone>,
    named: BTreeMap<u32, PrescriptionNumber>,
}

impl Downtime {
    /// Begins an outage with sheets `first` to `last`.
    ///
    /// # Errors
    /// `PHARM-SHEETS` unless they are 1 to [`SHEETS_MAX`] numbers from 1 on.
    pub fn begin(by: &Person, at: Moment, first: u32, last: u32) -> Result<DowntimeEvent, Refusal> {
        if first == 0 || last < first || last - first >= SHEETS_MAX {
            return Err(refuse::sheets());
        }
        Ok(DowntimeEvent::Begun(DowntimeBegun { at: whole_seconds(at), by: by.clone(), first, last }))
    }

    /// The outage after `events`, of which the first is [`DowntimeEvent::Begun`].
    ///
    /// # Errors
    /// [`Inconsistent`] at the first event that the commands could not have made.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a DowntimeEvent>) -> Result<Self, Inconsistent> {
        let mut events = events.into_iter();
        let Some(DowntimeEvent::Begun(begun)) = events.next() else {
            return Err(Inconsistent { version: 1, problem: "an outage begins with its sheets" });
        };
        let mut outage = Self { begun: begun.clone(), ended: None, sheets: Vec::new(), named: BTreeMap::new() };
        for (event, version) in events.zip(2u64..) {
            outage.apply(event).map_err(|problem| Inconsistent { version, problem })?;
        }
        Ok(outage)
    }

    fn apply(&mut self, event: &DowntimeEvent) -> Result<(), &'static str> {
        match event {
            DowntimeEvent::Begun(_) => Err("an outage begins once"),
            DowntimeEvent::Ended(_) if self.ended.is_some() => Err("an outage ends once"),
            DowntimeEvent::Ended(ended) => {
                self.ended = Some(ended.clone());
                Ok(())
            }
            DowntimeEvent::Sheet(sheet) if !self.is_open(sheet.sheet) => Err("a sheet is done that is not open"),
            DowntimeEvent::Sheet(sheet) => {
                self.sheets.push(sheet.clone());
                Ok(())
            }
            DowntimeEvent::Named(named) if !self.is_open(named.sheet) => Err("a sheet is named that is not open"),
            DowntimeEvent::Named(named) => {
                self.named.insert(named.sheet, named.number.clone());
                Ok(())
            }
        }
    }

    fn is_open(&self, no: u32) -> bool {
        (self.begun.first..=self.begun.last).contains(&no) && !self.sheets.iter().any(|done| done.sheet == no)
    }

    fn check_sheet(&self, no: u32) -> Result<(), Refusal> {
        if self.is_open(no) { Ok(()) } else { Err(refuse::sheet_entered(no)) }
    }

    /// Ends the outage.
    ///
    /// # Errors
    /// `PHARM-TIME`, `PHARM-CLOSED` when it has ended.
    pub fn end(&self, by: &Person, at: Moment) -> Result<DowntimeEvent, Refusal> {
        if self.ended.is_some() {
            return Err(refuse::outage_over());
        }
        if at.timestamp < self.begun.at.timestamp {
            return Err(refuse::before_the_record("at"));
        }
        Ok(DowntimeEvent::Ended(DowntimeEnded { at: whole_seconds(at), by: by.clone() }))
    }

    /// Records that a sheet was entered, in the same transaction as [`Prescription::enter_sheet`].
    ///
    /// # Errors
    /// `PHARM-SHEET` for a sheet that was not given out, or is done.
    pub fn entered(
        &self,
        no: u32,
        number: &PrescriptionNumber,
        by: &Person,
        at: Moment,
    ) -> Result<DowntimeEvent, Refusal> {
        self.done(no, Some(number.clone()), None, by, at)
    }

    /// Records that a sheet was not used.
    ///
    /// # Errors
    /// `PHARM-SHEET`, `PHARM-TEXT`.
    pub fn unused(&self, no: u32, why: &str, by: &Person, at: Moment) -> Result<DowntimeEvent, Refusal> {
        self.done(no, None, Some(refuse_empty(why, "why")?), by, at)
    }

    fn done(
        &self,
        no: u32,
        number: Option<PrescriptionNumber>,
        unused: Option<String>,
        by: &Person,
        at: Moment,
    ) -> Result<DowntimeEvent, Refusal> {
        self.check_sheet(no)?;
        Ok(DowntimeEvent::Sheet(SheetDone { sheet: no, at: whole_seconds(at), by: by.clone(), number, unused }))
    }

    /// The sheets of which nobody has said what became of them.
    pub fn open_sheets(&self) -> Vec<u32> {
        (self.begun.first..=self.begun.last).filter(|no| self.is_open(*no)).collect()
    }

    /// Records for which prescription a sheet was written; said again, the last word holds.
    ///
    /// # Errors
    /// `PHARM-SHEET` for a sheet that was not given out, or is done.
    pub fn name(
        &self,
        no: u32,
        number: &PrescriptionNumber,
        by: &Person,
        at: Moment,
    ) -> Result<DowntimeEvent, Refusal> {
        self.check_sheet(no)?;
        let (at, by, number) = (whole_seconds(at), by.clone(), number.clone());
        Ok(DowntimeEvent::Named(SheetNamed { sheet: no, at, by, number }))
    }

    /// The prescription that an open sheet names, as far as anybody told.
    pub fn named(&self, no: u32) -> Option<&PrescriptionNumber> {
        self.named.get(&no)
    }

    /// The open sheets that may hold a refill of `prescription`: none while the computer is down; then those that name it or of
    /// which nobody told what they name. None, too, where it was filled for the first time after the computer ran again.
    pub fn sheets_concerning(&self, prescription: &Prescription) -> Vec<u32> {
        let Some(ended) = self.ended() else { return Vec::new() };
        let first = prescription.fillings.first();
        // A refill comes after the first filling. What was transferred in begins with a refill here, and says nothing.
        if first.is_some_and(|first| first.kind == FillingKind::First && first.at.timestamp > ended.timestamp) {
            return Vec::new();
        }
        let mut open = self.open_sheets();
        open.retain(|no| self.named(*no).is_none_or(|number| *number == prescription.received.number));
        open
    }

    /// When the computer ran again; `None` while it is down.
    pub fn ended(&self) -> Option<Moment> {
        self.ended.as_ref().map(|ended| ended.at)
    }
}
