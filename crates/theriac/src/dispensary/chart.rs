//! Orders for immediate administration in an institution: recorded and taken from the shelf, without a prescription number.

use super::{HandTyped, wrong};
use crate::house::House;
use crate::house::config::PlaceKind;
use crate::house::record::{Change, Fault, read};
use theriac_law::vocab::InstitutionOrder;
use theriac_model::{Actor, CanonicalContents, Element, Registration};
use theriac_pharmacy::{ChartDone, ChartOrder, Pharmacist, PharmacyKind, administer};

/// Records shown at most, the newest.
const ROWS_MAX: u32 = 200;

impl House {
    /// What kind of pharmacy this is.
    pub(crate) fn pharmacy_kind(&self) -> PharmacyKind {
        match self.config.pharmacy.kind {
            PlaceKind::Retail => PharmacyKind::Retail,
            PlaceKind::Institution => PharmacyKind::Institution,
        }
    }

    /// What was administered on orders, the newest first.
    pub(crate) fn chart_orders(&self) -> Result<Vec<ChartDone>, Fault> {
        let sql = format!("SELECT seq FROM chart_orders ORDER BY seq DESC LIMIT {ROWS_MAX}");
        let mut found = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let entry = self.store.entry(row.u64(0)?)?;
            if entry.body_bytes().is_some() {
                found.push(read(&entry)?);
            }
        }
        Ok(found)
    }

    /// Records an order as typed, and takes the drug from the shelf; the identifier of the record.
    ///
    /// # Errors
    /// `PHARM-INTAKE-FIELD` naming a field that cannot be read; the refusals of [`administer`], and of the books.
    pub(crate) fn administer_on_order(&self, actor: &Actor, typed: &HandTyped) -> Result<String, Fault> {
        let at = self.clock.moment();
        let scan = super::scan::read(typed.get("ndc"));
        let mut product = None;
        for ndc in scan.iter().flat_map(|scan| &scan.codes) {
            product = product.or(self.drug(ndc)?);
        }
        let next = "scan the package, or type the NDC of a controlled drug of the drug file";
        let product = product.ok_or_else(|| wrong("ndc", "this product is not in the drug file", next))?;
        let schedule = product.schedule.ok_or_else(|| wrong("ndc", "this product is not controlled", next))?;
        let registration = Registration::parse(&typed.get("registration").to_uppercase())
            .map_err(|error| wrong("registration", error.to_string(), "enter it as it stands on the order"))?;
        let mut contents = CanonicalContents::default();
        contents
            .set(Element::Registration, &registration.to_string())
            .map_err(|error| wrong("registration", error.to_string(), "enter it as it stands on the order"))?;
        let order = ChartOrder {
            on: typed.law("on", theriac_law::vocab::Word::from_word as fn(&str) -> Option<InstitutionOrder>)?,
            document: typed.get("document").to_owned(),
            ordered: typed.moment("ordered", self)?,
            ordered_by: typed.get("ordered-by").to_owned(),
            registration,
            patient: typed.get("patient").to_owned(),
            ward: typed.get("ward").to_owned(),
            drug: format!("{} {} {}", product.name, product.strength, product.form),
            ndc: product.ndc.clone(),
            schedule,
            quantity: typed.quantity("quantity", &product.unit)?,
            directions: typed.get("directions").to_owned(),
        };
        let registrant = self.look_up_registrant_on(&contents, at.date());
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let id = self.next_chart_id(at.date())?;
        let place = (self.pharmacy_kind(), self.pharmacy);
        let (done, movement) = administer(&self.profile, place, (&id, order), &registrant, (&pharmacist, at))?;
        let (name, by) = (done.stream(), self.at_the_counter(actor, at));
        let change = Change::default().decided_on(&name, 0).event(&by, &name, &done)?;
        let counted = typed.stock("counted", &product.unit)?;
        self.posting(change, &by, &movement, counted)?.0.commit(&self.store)?;
        Ok(id)
    }

    /// A name for the record: the day, and the next of that day. Two at once name the same, and the store takes one of them.
    fn next_chart_id(&self, day: jiff::civil::Date) -> Result<String, Fault> {
        let begin = format!("C-{}-", day.strftime("%Y%m%d"));
        let sql = "SELECT COUNT(*) FROM chart_orders WHERE id >= $1 AND id < $2";
        let end = format!("{begin}:");
        let rows = self.store.query(sql, &[begin.as_str().into(), end.as_str().into()])?;
        let count = rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0);
        Ok(format!("{begin}{}", count + 1))
    }
}
