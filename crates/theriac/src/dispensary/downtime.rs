//! When the computer is down (21 CFR 1306.22(f)(5)): the kit printed before, numbered sheets, and their entry afterwards.

use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use jiff::ToSpan as _;
use theriac_law::Moment;
use theriac_model::{Actor, Refusal};
use theriac_pharmacy::{
    Downtime, DowntimeEvent, DowntimeKit, Event, Keeping, Prescription, PrescriptionNumber, Sheet, SheetDone,
};

/// How refills of a prescription are kept, and what that was found on.
pub(crate) struct Kept {
    pub(crate) keeping: Keeping,
    /// The outages with sheets that nobody accounted for, and their versions: a sheet that is named meanwhile asks anew.
    pub(crate) decided_on: Vec<(String, u64)>,
}

/// An outage with its sheets.
pub(crate) struct Outage {
    pub(crate) seq: u64,
    pub(crate) stream: String,
    pub(crate) begun: theriac_pharmacy::DowntimeBegun,
    pub(crate) state: Downtime,
    pub(crate) done: Vec<SheetDone>,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn numbers(what: String) -> Refusal {
    Refusal::new(
        "PHARM-SHEETS",
        "21 CFR 1306.22(f)(5)",
        what,
        "begin after the last number that was given out, so that no two sheets have one number",
    )
    .about("first")
}

impl House {
    /// What may still be refilled, as of now.
    pub(crate) fn downtime_kit(&self) -> Result<DowntimeKit, Fault> {
        let at = self.clock.moment();
        // Schedules III and IV end after six months; schedule V goes on, and what was added by telephone is looked at whole.
        let oldest = at.date().saturating_sub(7.months());
        let sql = "SELECT number FROM moving_refillable WHERE issued >= $1 OR schedule = 'V' OR issued = ''";
        let mut prescriptions = Vec::new();
        for row in self.store.query(sql, &[oldest.to_string().into()])? {
            let Ok(number) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            prescriptions.push(self.dispensing_now(&number)?.0);
        }
        Ok(DowntimeKit::of(&self.profile, &prescriptions.iter().collect::<Vec<_>>(), at))
    }

    /// The outages, the newest first.
    pub(crate) fn outages(&self) -> Result<Vec<Outage>, Fault> {
        Ok(self.outages_now()?.into_iter().map(|(outage, _)| outage).collect())
    }

    /// The outages with their versions, the newest first. All of them: a sheet of an old one holds refills back as well.
    fn outages_now(&self) -> Result<Vec<(Outage, u64)>, Fault> {
        let rows = self.store.query("SELECT seq, stream FROM moving_outages ORDER BY seq DESC", &[])?;
        rows.iter().map(|row| self.outage_of(row.u64(0)?, row.text(1)?)).collect()
    }

    /// One outage by the entry that began it, with its version.
    ///
    /// # Errors
    /// `PHARM-OUTAGE` for one that is not there.
    pub(crate) fn outage(&self, seq: u64) -> Result<(Outage, u64), Fault> {
        let rows = self.store.query("SELECT stream FROM moving_outages WHERE seq = $1", &[seq.into()])?;
        let row = rows.first().ok_or_else(|| {
            let next = "choose one from the list";
            Refusal::new("PHARM-OUTAGE", "21 CFR 1306.22(f)(5)", "there is no such outage", next)
        })?;
        self.outage_of(seq, row.text(0)?)
    }

    fn outage_of(&self, seq: u64, name: &str) -> Result<(Outage, u64), Fault> {
        let (events, version) = stream::<DowntimeEvent>(&self.store, name)?;
        let state = Downtime::replay(&events).map_err(broken)?;
        let mut begun = None;
        let mut done = Vec::new();
        for event in events {
            match event {
                DowntimeEvent::Begun(first) => begun = Some(first),
                DowntimeEvent::Sheet(sheet) => done.push(sheet),
                DowntimeEvent::Ended(_) | DowntimeEvent::Named(_) => {}
            }
        }
        let begun = begun.ok_or_else(|| broken("an outage without its beginning"))?;
        Ok((Outage { seq, stream: name.to_owned(), begun, state, done }, version))
    }

    /// How refills of `prescription` are kept at `at`: the system that was chosen, and the sheets of outages that are over and
    /// nobody accounted for. Chosen reading: a sheet may hold a refill of any prescription that could be refilled then, until
    /// somebody tells which one it names (21 CFR 1306.22(f)(5)).
    pub(crate) fn refills_kept(&self, prescription: &Prescription, at: Moment) -> Result<Kept, Fault> {
        let (mut open, mut decided_on) = (0_usize, Vec::new());
        for (outage, version) in self.outages_now()? {
            open += outage.state.sheets_concerning(prescription).len();
            if !outage.state.open_sheets().is_empty() {
                decided_on.push((outage.stream, version));
            }
        }
        let unentered = u64::try_from(open).unwrap_or(u64::MAX);
        let keeping = Keeping { chosen: self.refill_method()?.0.at(at), entered: None, unentered };
        Ok(Kept { keeping, decided_on })
    }

    /// The number after the last sheet that was given out.
    pub(crate) fn next_sheet(&self) -> Result<u32, Fault> {
        let last = self.outages()?.iter().map(|outage| outage.begun.last).max().unwrap_or(0);
        Ok(last.saturating_add(1))
    }

    /// Begins an outage: numbered sheets are given out.
    ///
    /// # Errors
    /// `PHARM-SHEETS` for numbers that were given out before, or too many.
    pub(crate) fn begin_downtime(&self, actor: &Actor, first: u32, last: u32) -> Result<(), Fault> {
        let next = self.next_sheet()?;
        if first < next {
            return Err(numbers(format!("sheets below {next} were given out before")).into());
        }
        let at = self.clock.moment();
        let begun = Downtime::begin(&self.pharmacy_person(actor), at, first, last)?;
        let name = format!("downtime/{first}");
        let by = self.at_the_counter(actor, at);
        Change::default().decided_on(&name, 0).event(&by, &name, &begun)?.commit(&self.store)?;
        Ok(())
    }

    fn record_outage(
        &self,
        actor: &Actor,
        seq: u64,
        decide: impl FnOnce(&Downtime, &theriac_pharmacy::Person, theriac_law::Moment) -> Result<DowntimeEvent, Refusal>,
    ) -> Result<(), Fault> {
        let (outage, version) = self.outage(seq)?;
        let at = self.clock.moment();
        let event = decide(&outage.state, &self.pharmacy_person(actor), at)?;
        let by = self.at_the_counter(actor, at);
        let name = &outage.stream;
        Change::default().decided_on(name, version).event(&by, name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// The computer runs again.
    ///
    /// # Errors
    /// `PHARM-OUTAGE-OVER` when that was recorded before.
    pub(crate) fn end_downtime(&self, actor: &Actor, seq: u64) -> Result<(), Fault> {
        self.record_outage(actor, seq, Downtime::end)
    }

    /// A sheet that nobody used.
    ///
    /// # Errors
    /// `PHARM-SHEET`, `PHARM-TEXT`.
    pub(crate) fn unused_sheet(&self, actor: &Actor, seq: u64, no: u32, why: &str) -> Result<(), Fault> {
        self.record_outage(actor, seq, |outage, by, at| outage.unused(no, why, by, at))
    }

    /// For which prescription a sheet was written: until it is entered it holds back the refills of that one only.
    ///
    /// # Errors
    /// `PHARM-SHEET`; the refusal of a prescription that is not there.
    pub(crate) fn name_sheet(
        &self,
        actor: &Actor,
        seq: u64,
        no: u32,
        number: &PrescriptionNumber,
    ) -> Result<(), Fault> {
        self.dispensing_now(number)?;
        self.record_outage(actor, seq, |outage, by, at| outage.name(no, number, by, at))
    }

    /// Enters a sheet: prescription, books and outage in one transaction. What the law would have refused is an exception.
    ///
    /// # Errors
    /// The refusals of `Prescription::enter_sheet` and [`Downtime::entered`]; the books' refusal of a stock that would be
    /// negative.
    pub(crate) fn enter_sheet(
        &self,
        actor: &Actor,
        seq: u64,
        number: &PrescriptionNumber,
        sheet: &Sheet,
    ) -> Result<Option<Refusal>, Fault> {
        let (outage, version) = self.outage(seq)?;
        let at = self.clock.moment();
        let person = self.pharmacy_person(actor);
        let (prescription, rx_version) = self.dispensing_now(number)?;
        let done = outage.state.entered(sheet.no, number, &person, at)?;
        let entry = prescription.enter_sheet(&self.profile, sheet, &person, at)?;
        let by = self.at_the_counter(actor, at);
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, rx_version).decided_on(&outage.stream, version);
        for event in &entry.events {
            change = change.event::<Event>(&by, &name, event)?;
        }
        change = change.event(&by, &outage.stream, &done)?;
        self.posting_all(change, &by, &entry.movements)?.commit(&self.store)?;
        Ok(entry.exception)
    }
}
