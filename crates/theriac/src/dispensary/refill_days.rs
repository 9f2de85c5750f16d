//! The refill record beside each prescription: a day's refills with everybody's signature, refill by refill for a drug,
//! printouts that were asked for, and which of the two systems the pharmacy keeps (21 CFR 1306.22(f), (g)).

use super::moved::MovedEvent;
use crate::house::House;
use crate::house::config::RefillVerification;
use crate::house::record::{Change, Fault, read, stream};
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};
use theriac_law::vocab::{RefillDocument, RefillSystem};
use theriac_law::{Moment, When};
use theriac_model::{Actor, Ndc, Refusal};
use theriac_pharmacy::{
    DayRefills, DayStanding, MethodChosen, Pharmacist, Prescription, PrescriptionNumber, ProductName, RefillDay,
    RefillDayEvent, RefillMethod, TrailLine, TrailOf, TrailRequest, refill_trail,
};

/// Days shown in the list, the newest first.
const DAYS: u32 = 62;

/// A day of refills with its verification.
pub(crate) struct Day {
    pub(crate) refills: DayRefills,
    pub(crate) record: RefillDay,
    pub(crate) standing: DayStanding,
    pub(crate) due: Option<When>,
}

/// A printout that was asked for.
pub(crate) struct Asked {
    pub(crate) id: String,
    pub(crate) request: TrailRequest,
    pub(crate) due: Option<When>,
    pub(crate) overdue: bool,
    pub(crate) how: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    fn verified_on(&self) -> RefillDocument {
        match self.config.pharmacy.refill_verification {
            RefillVerification::Printout => RefillDocument::Printout,
            RefillVerification::Log => RefillDocument::Log,
        }
    }

    fn prescriptions_of(&self, numbers: &BTreeSet<String>) -> Result<Vec<Prescription>, Fault> {
        let numbers = numbers.iter().filter_map(|number| PrescriptionNumber::parse(number).ok());
        numbers.map(|number| Ok(self.dispensing_now(&number)?.0)).collect()
    }

    /// One day's refills and who verified them.
    pub(crate) fn refill_day(&self, day: Date) -> Result<(Day, u64), Fault> {
        let sql = "SELECT number FROM moving_fillings WHERE kind = 'refill' AND day = $1";
        let rows = self.store.query(sql, &[day.to_string().into()])?;
        let numbers = rows.iter().map(|row| row.text(0).map(str::to_owned)).collect::<Result<BTreeSet<_>, _>>()?;
        let prescriptions = self.prescriptions_of(&numbers)?;
        let refills = DayRefills::of(day, &prescriptions.iter().collect::<Vec<_>>());
        let empty = RefillDay::new(day, self.verified_on());
        let (events, version) = stream::<RefillDayEvent>(&self.store, &empty.stream())?;
        let record = RefillDay::replay(day, self.verified_on(), &events).map_err(broken)?;
        let standing = record.standing(&self.profile, &refills, self.clock.moment());
        let due = record.printout_due(&self.profile);
        Ok((Day { refills, record, standing, due }, version))
    }

    /// The version of a day's record.
    pub(super) fn refill_day_version(&self, day: Date) -> Result<u64, Fault> {
        let name = RefillDay::new(day, self.verified_on()).stream();
        Ok(self.store.stream(&name)?.last().map_or(0, |entry| entry.version))
    }

    /// The days on which something was refilled, the newest first.
    pub(crate) fn refill_days(&self) -> Result<Vec<Day>, Fault> {
        let sql =
            format!("SELECT DISTINCT day FROM moving_fillings WHERE kind = 'refill' ORDER BY day DESC LIMIT {DAYS}");
        let mut days = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let Ok(day) = row.text(0)?.parse() else { continue };
            days.push(self.refill_day(day)?.0);
        }
        Ok(days)
    }

    fn record_day(
        &self,
        actor: &Actor,
        day: &Day,
        version: u64,
        events: &[RefillDayEvent],
        at: Moment,
    ) -> Result<(), Fault> {
        let name = day.record.stream();
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in events {
            change = change.event(&by, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Prints a day's refills; that the printout is here is recorded before it is handed out.
    ///
    /// # Errors
    /// `PHARM-NO-REFILLS` for a day on which nothing was refilled.
    pub(crate) fn print_refill_day(&self, actor: &Actor, day: Date) -> Result<Vec<u8>, Fault> {
        let (found, version) = self.refill_day(day)?;
        if found.refills.lines.is_empty() {
            return Err(Refusal::new(
                "PHARM-NO-REFILLS",
                "21 CFR 1306.22(f)(3)",
                format!("nothing was refilled on {day}"),
                "choose a day from the list",
            )
            .about("day")
            .into());
        }
        let at = self.clock.moment();
        let events = found.record.print(&found.refills, at);
        self.record_day(actor, &found, version, &events, at)?;
        let (after, _) = self.refill_day(day)?;
        let printed = self.refill_day_paper(&after.refills, &after.record, at).print();
        Ok(printed.map_err(|refusal| Fault::from(*refusal))?.pdf)
    }

    /// A pharmacist verifies a day.
    ///
    /// # Errors
    /// By anyone but a pharmacist; the refusals of [`RefillDay::sign`].
    pub(crate) fn sign_refill_day(&self, actor: &Actor, day: Date) -> Result<(), Fault> {
        let (found, version) = self.refill_day(day)?;
        let at = self.clock.moment();
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let events = found.record.sign(&found.refills, &pharmacist, at)?;
        self.record_day(actor, &found, version, &events, at)
    }

    /// Refill by refill for one strength and form, by brand, by generic name, or by both.
    ///
    /// # Errors
    /// `PHARM-TRAIL` without a name, a strength or a form.
    pub(crate) fn refills_of(&self, of: &TrailOf) -> Result<Vec<TrailLine>, Fault> {
        if (of.brand.is_none() && of.generic.is_none()) || of.strength.trim().is_empty() || of.form.trim().is_empty() {
            return Err(Refusal::new(
                "PHARM-TRAIL",
                "21 CFR 1306.22(f)(4)",
                "a brand or generic name, the strength and the dosage form are needed",
                "enter them as the drug file writes them",
            )
            .about("trail")
            .into());
        }
        let rows = self.store.query("SELECT DISTINCT ndc FROM moving_fillings WHERE kind = 'refill'", &[])?;
        let mut names: HashMap<Ndc, ProductName> = HashMap::new();
        let mut numbers = BTreeSet::new();
        for row in rows {
            let Ok(ndc) = Ndc::parse(row.text(0)?) else { continue };
            let Some(product) = self.product_name(&ndc)? else { continue };
            let sql = "SELECT DISTINCT number FROM moving_fillings WHERE kind = 'refill' AND ndc = $1";
            for row in self.store.query(sql, &[ndc.to_string().into()])? {
                numbers.insert(row.text(0)?.to_owned());
            }
            names.insert(ndc, product);
        }
        let prescriptions = self.prescriptions_of(&numbers)?;
        Ok(refill_trail(&prescriptions.iter().collect::<Vec<_>>(), of, |ndc| names.get(ndc).cloned()))
    }

    /// What the drug file calls a product.
    fn product_name(&self, ndc: &Ndc) -> Result<Option<ProductName>, Fault> {
        let listed = self.listed_product(&ndc.product())?;
        let Some(product) = self.drug(ndc)? else { return Ok(None) };
        let brand = listed.as_ref().map_or_else(|| product.name.clone(), |listed| listed.brand.clone());
        let generic = listed.map_or_else(|| product.name.clone(), |listed| listed.generic);
        Ok(Some(ProductName { brand, generic, strength: product.strength, form: product.form }))
    }

    /// Writes down that a printout was asked for.
    ///
    /// # Errors
    /// `PHARM-TEXT`.
    pub(crate) fn ask_trail(&self, actor: &Actor, by_whom: &str, what: &str) -> Result<(), Fault> {
        let at = self.clock.moment();
        let request = TrailRequest::new(at, by_whom, what)?;
        let count = self.store.query("SELECT COUNT(*) FROM moving_trails", &[])?;
        let id = format!("T{}", count.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0) + 1);
        let asked = MovedEvent::TrailAsked { id, by: request.by, what: request.what };
        let by = self.at_the_counter(actor, at);
        let name = asked.stream();
        Change::default().decided_on(&name, 0).event(&by, &name, &asked)?.commit(&self.store)?;
        Ok(())
    }

    /// Writes down that it was sent.
    ///
    /// # Errors
    /// `PHARM-TRAIL` for a number that is not there, or was sent before; `PHARM-TEXT` without how.
    pub(crate) fn send_trail(&self, actor: &Actor, id: &str, how: &str) -> Result<(), Fault> {
        let (asked, version) = self.asked(id)?;
        let none = |what: &str| {
            Refusal::new("PHARM-TRAIL", "21 CFR 1306.22(f)(4)", what.to_owned(), "choose one from the list").about("id")
        };
        let Some(asked) = asked else { return Err(none("there is no such request").into()) };
        if asked.request.sent.is_some() {
            return Err(none("it was sent before").into());
        }
        let how = how.trim();
        if !(1..=500).contains(&how.chars().count()) {
            let next = "enter how and to whom it was sent, in 1 to 500 characters";
            return Err(Refusal::new("PHARM-TEXT", "21 CFR 1306.22(f)(4)", "nothing says how it was sent", next)
                .about("how")
                .into());
        }
        let at = self.clock.moment();
        asked.request.sent(at)?;
        let sent = MovedEvent::TrailSent { id: id.to_owned(), how: how.to_owned() };
        let by = self.at_the_counter(actor, at);
        let name = sent.stream();
        Change::default().decided_on(&name, version).event(&by, &name, &sent)?.commit(&self.store)?;
        Ok(())
    }

    /// Every printout that was asked for, the newest first.
    pub(crate) fn trails_asked(&self) -> Result<Vec<Asked>, Fault> {
        let rows = self.store.query("SELECT id FROM moving_trails ORDER BY seq DESC LIMIT 200", &[])?;
        let found = rows.iter().map(|row| Ok(self.asked(row.text(0)?)?.0)).collect::<Result<Vec<_>, Fault>>()?;
        Ok(found.into_iter().flatten().collect())
    }

    fn asked(&self, id: &str) -> Result<(Option<Asked>, u64), Fault> {
        let entries = self.store.stream(&format!("trail/{id}"))?;
        let version = entries.last().map_or(0, |entry| entry.version);
        let mut found: Option<Asked> = None;
        for entry in entries.iter().filter(|entry| entry.body_bytes().is_some()) {
            let timestamp = Timestamp::from_millisecond(entry.at_ms).map_err(broken)?;
            let at = Moment { timestamp, offset: self.clock.zone().to_offset(timestamp) };
            match (read::<MovedEvent>(entry)?, &mut found) {
                (MovedEvent::TrailAsked { by, what, .. }, _) => {
                    let request = TrailRequest::new(at, &by, &what)?;
                    let (due, how) = (request.due(&self.profile), String::new());
                    found = Some(Asked { id: id.to_owned(), request, due, overdue: false, how });
                }
                (MovedEvent::TrailSent { how, .. }, Some(asked)) => {
                    asked.request = asked.request.sent(at)?;
                    asked.how = how;
                }
                _ => {}
            }
        }
        let now = self.clock.moment();
        if let Some(asked) = &mut found {
            asked.overdue = asked.request.is_overdue(&self.profile, now);
        }
        Ok((found, version))
    }

    /// Which of the two systems refills are kept in, with every change.
    pub(crate) fn refill_method(&self) -> Result<(RefillMethod, u64), Fault> {
        let (choices, version) = stream::<MethodChosen>(&self.store, MethodChosen::STREAM)?;
        Ok((RefillMethod::replay(choices), version))
    }

    /// Chooses the other system.
    ///
    /// # Errors
    /// By anyone but a pharmacist; the refusals of [`RefillMethod::choose`].
    pub(crate) fn choose_refill_method(&self, actor: &Actor, system: RefillSystem, why: &str) -> Result<(), Fault> {
        let (method, version) = self.refill_method()?;
        let at = self.clock.moment();
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let chosen = method.choose(system, &pharmacist, at, why)?;
        let by = self.at_the_counter(actor, at);
        let name = MethodChosen::STREAM;
        Change::default().decided_on(name, version).event(&by, name, &chosen)?.commit(&self.store)?;
        Ok(())
    }
}
