//! Products as the books' documents name them: from the drug file, with the size of their container; and the codes that
//! scanners read.

use super::record::RoomEvent;
use crate::house::House;
use crate::house::event::Product as Listed;
use crate::house::record::{Change, Fault, stream};
use crate::typed::wrong;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::PoisonError;
use theriac_books::{AMOUNT_MAX, Amount, Commodity, Product, StockUnit};
use theriac_model::{Actor, Decimal, DrugUnit, Ndc, Refusal, Schedule};

/// A product of this pharmacy.
#[derive(Clone, Debug)]
pub(crate) struct Goods {
    /// As documents name it.
    pub(crate) product: Product,
    /// The unit in which people count it: tablets, millilitres.
    pub(crate) unit: DrugUnit,
}

/// How many smallest units one unit of people holds, and its decimal places.
const fn scale(unit: StockUnit) -> (i64, u8) {
    match unit {
        StockUnit::Piece => (1, 0),
        StockUnit::Microlitre => (1_000, 3),
        StockUnit::Microgram => (1_000_000, 6),
    }
}

/// An amount in the unit that people use, without its name: `7.5` of 7,500 microlitres.
pub(crate) fn in_words(units: i64, unit: StockUnit) -> String {
    let (factor, places) = scale(unit);
    let places = usize::from(places);
    let (whole, rest) = (units.unsigned_abs() / factor.unsigned_abs(), units.unsigned_abs() % factor.unsigned_abs());
    let sign = if units < 0 { "-" } else { "" };
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let digits = format!("{rest:0places$}");
    format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
}

impl Goods {
    /// What people call it: name, strength, form.
    pub(crate) fn title(&self) -> String {
        format!("{} {} {}", self.product.name, self.product.strength, self.product.form)
    }

    /// An amount with its unit: `30 tablets`, `7.5 mL`.
    pub(crate) fn amount(&self, units: i64) -> String {
        let number = in_words(units, self.product.commodity.unit);
        crate::showing::counted(&number, &self.unit.name())
    }

    /// What the books refuse, with amounts in the unit in which people count this product: `180 tablets`.
    pub(crate) fn in_own_unit(&self, mut refusal: Refusal) -> Refusal {
        if refusal.what.contains("dosage unit") {
            let name = self.unit.name();
            let (one, many) = (crate::showing::counted("1", &name), crate::showing::counted("2", &name));
            let word = |counted: &str| format!(" {}", counted.get(2..).unwrap_or_default());
            let what = refusal.what.replace(" dosage units", &word(&many)).replace(" dosage unit", &word(&one));
            refusal.what = what.into();
        }
        refusal
    }

    /// Reads an amount in the unit that people use; zero is one.
    pub(crate) fn read_amount(&self, field: &'static str, typed: &str) -> Result<i64, Fault> {
        let (_, places) = scale(self.product.commodity.unit);
        let read = Decimal::parse(typed).ok().and_then(|number| number.in_fractions(places));
        read.filter(|units| (0..=AMOUNT_MAX).contains(units)).ok_or_else(|| {
            let what = format!("{field} is not a number of {} that can be counted exactly", self.unit.name());
            wrong(field, what, "enter the number, such as 30 or 7.5")
        })
    }

    /// Reads an amount that is not zero.
    pub(crate) fn read_some(&self, field: &'static str, typed: &str) -> Result<Amount, Fault> {
        let units = self.read_amount(field, typed)?;
        Amount::new(units).map_err(|_| wrong(field, format!("{field} is zero"), "enter how much it is"))
    }
}

/// The code that a scanner read: an NDC, the code of a carton (GTIN), or the UPC of a package. A ten-digit NDC can be
/// written in three ways with eleven digits; the one that the drug file knows is meant.
pub(crate) fn scanned(code: &str, known: impl Fn(&Ndc) -> bool) -> Option<Ndc> {
    let text = code.trim();
    let written = Ndc::parse(text).ok();
    // A UPC has twelve digits, as an NDC of the longer form has: the one that the drug file knows is meant.
    if written.as_ref().is_some_and(|ndc| ndc.as_str().len() == 11 || known(ndc)) {
        return written;
    }
    in_a_barcode(text, &known).or(written)
}

/// The serial number in the code of a package (GS1, application identifier 21), where it has one that can be told apart.
fn serial(code: &str) -> Option<&str> {
    const SEPARATOR: char = '\u{1d}';
    let text = code.trim();
    if let Some((_, rest)) = text.split_once("(21)") {
        return rest.split(['(', SEPARATOR]).next().filter(|serial| !serial.is_empty());
    }
    let mut rest = text.strip_prefix("]d2").unwrap_or(text);
    loop {
        rest = rest.trim_start_matches(SEPARATOR);
        let (identifier, value) = rest.split_at_checked(2)?;
        rest = match identifier {
            "01" => value.get(14..)?,
            "11" | "17" => value.get(6..)?,
            // Its length is free: only a separator tells where it ends.
            "10" => value.split_once(SEPARATOR)?.1,
            "21" => return value.split(SEPARATOR).next().filter(|serial| !serial.is_empty()),
            _ => return None,
        };
    }
}

/// The NDC in the code of a package or a carton.
fn in_a_barcode(text: &str, known: &impl Fn(&Ndc) -> bool) -> Option<Ndc> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let plain =
        text.bytes().all(|b| b.is_ascii_digit() || b"()]dC-* ".contains(&b) || b.is_ascii_uppercase() || b == 0x1d);
    if !plain {
        return None;
    }
    // GS1: the application identifier 01, then 14 digits, the first of them a packaging level, then 03 and the NDC.
    let ten = match digits.len() {
        10 => digits.clone(),
        12 => digits.strip_prefix('3')?.get(..10)?.to_owned(),
        14 => digits.get(1..)?.strip_prefix("03")?.get(..10)?.to_owned(),
        16.. => digits.strip_prefix("01")?.get(1..)?.strip_prefix("03")?.get(..10)?.to_owned(),
        _ => return None,
    };
    let ways = [(4, 4), (5, 3), (5, 4)];
    let mut found = ways.iter().filter_map(|&(labeler, product)| {
        let (first, rest) = ten.split_at_checked(labeler)?;
        let (second, third) = rest.split_at_checked(product)?;
        let eleven = format!("{first:0>5}{second:0>4}{third:0>2}");
        Ndc::parse(&eleven).ok().filter(|ndc| known(ndc))
    });
    let one = found.next()?;
    found.next().is_none().then_some(one)
}

impl House {
    fn container_stream(&self, ndc: &Ndc) -> String {
        format!("container/{}/{ndc}", self.pharmacy)
    }

    /// What the books refuse of a product, in the unit in which people count it.
    pub(crate) fn in_own_unit(&self, commodity: &Commodity, refusal: Refusal) -> Refusal {
        match self.goods_as_known(&commodity.ndc, commodity.unit) {
            Ok(goods) => goods.in_own_unit(refusal),
            Err(_) => refusal,
        }
    }

    /// The product of the drug file with this code, with the size of its container as it was entered, else as the imported
    /// directory lists it.
    pub(crate) fn goods(&self, ndc: &Ndc) -> Result<Goods, Fault> {
        let listed = self.drug(ndc)?.ok_or_else(|| {
            wrong("ndc", format!("NDC {ndc} is not in the drug file"), "import the NDC directory, or list the product")
        })?;
        let schedule = listed.schedule.ok_or_else(|| {
            let what = format!("NDC {ndc} is not a controlled substance");
            wrong("ndc", what, "the books hold controlled substances only")
        })?;
        let unit = StockUnit::of(&listed.unit);
        let units = self.container(ndc, unit)?.ok_or_else(|| {
            let what = format!("nobody has said how much a full container of NDC {ndc} holds");
            wrong("container", what, "enter the size of its container on the product's page of the books")
        })?;
        Ok(self.named(&listed, schedule, units))
    }

    /// The same; a product whose container nobody knows counts as one unit a container.
    pub(crate) fn goods_as_known(&self, ndc: &Ndc, unit: StockUnit) -> Result<Goods, Fault> {
        let one = Amount::new(1).map_err(|error| Fault::Broken(error.to_string()))?;
        let listed = self.drug(ndc)?.unwrap_or_else(|| Listed {
            ndc: ndc.clone(),
            name: format!("NDC {ndc}"),
            strength: String::new(),
            form: String::new(),
            unit: match unit {
                StockUnit::Piece => DrugUnit::Tablet,
                StockUnit::Microlitre => DrugUnit::Millilitre,
                StockUnit::Microgram => DrugUnit::Gram,
            },
            schedule: None,
        });
        let schedule = listed.schedule.unwrap_or(Schedule::II);
        Ok(self.named(&listed, schedule, self.container(ndc, unit)?.unwrap_or(one)))
    }

    fn named(&self, listed: &Listed, schedule: Schedule, per_container: Amount) -> Goods {
        let unit = StockUnit::of(&listed.unit);
        // A combination's name has its parts in the order of the strengths, as labels write it.
        let other = listed.name.split_once(" and ").filter(|_| listed.strength.contains(['-', '/', ';']));
        Goods {
            product: Product {
                commodity: Commodity { registration: self.pharmacy, ndc: listed.ndc.clone(), unit },
                schedule,
                name: listed.name.clone(),
                form: listed.form.clone(),
                strength: listed.strength.clone(),
                other_strength: other.map(|(_, second)| format!("{second}, of {}", listed.strength)),
                per_container,
            },
            unit: listed.unit.clone(),
        }
    }

    /// What a full container holds, in smallest units.
    pub(crate) fn container(&self, ndc: &Ndc, unit: StockUnit) -> Result<Option<Amount>, Fault> {
        let (events, _) = stream::<RoomEvent>(&self.store, &self.container_stream(ndc))?;
        let entered = events.iter().rev().find_map(|event| match event {
            RoomEvent::Sized { units } => Amount::new(*units).ok(),
            _ => None,
        });
        if entered.is_some() {
            return Ok(entered);
        }
        let (factor, _) = scale(unit);
        let packages = self.packages_of(&ndc.product())?;
        let listed = packages.iter().find(|package| Ndc::parse(&package.ndc).is_ok_and(|code| code == *ndc));
        let units = listed.and_then(|package| i64::try_from(package.thousandths).ok()).map(|thousandths| {
            // Thousandths of the listed unit: of a tablet, of a millilitre, of a gram.
            thousandths.checked_mul(factor).map_or(0, |units| units / 1_000)
        });
        Ok(units.and_then(|units| Amount::new(units).ok()))
    }

    /// Records how much a full container of a product holds.
    pub(crate) fn size_container(&self, actor: &Actor, ndc: &Ndc, typed: &str) -> Result<(), Fault> {
        let listed = self.drug(ndc)?.ok_or_else(|| wrong("ndc", "the product is not in the drug file", "import it"))?;
        let goods = self.goods_as_known(ndc, StockUnit::of(&listed.unit))?;
        let units = goods.read_some("container", typed)?.units();
        let at = self.clock.moment();
        let by = self.in_stockroom(actor, at);
        Change::default().event(&by, &self.container_stream(ndc), &RoomEvent::Sized { units })?.commit(&self.store)?;
        Ok(())
    }

    /// Every controlled product that the house has listed by itself, in order of schedule and code.
    pub(crate) fn own_products(&self) -> Vec<Ndc> {
        let directory = self.directory.read().unwrap_or_else(PoisonError::into_inner);
        let mut own: Vec<(Option<Schedule>, Ndc)> = directory
            .products
            .values()
            .filter(|product| product.schedule.is_some())
            .map(|product| (product.schedule, product.ndc.clone()))
            .collect();
        own.sort();
        own.into_iter().map(|(_, ndc)| ndc).collect()
    }

    /// How many packages of each product were scanned, one code a line.
    ///
    /// # Errors
    /// `FORM-FIELD` for a code of no product, and for one package that was scanned twice.
    pub(crate) fn scanned_packages(&self, scans: &str) -> Result<BTreeMap<Ndc, u32>, Fault> {
        let mut found: BTreeMap<Ndc, u32> = BTreeMap::new();
        let mut serials: BTreeSet<(Ndc, &str)> = BTreeSet::new();
        for code in scans.lines().map(str::trim).filter(|code| !code.is_empty()) {
            let ndc = self.scanned_product(code)?;
            if let Some(serial) = serial(code)
                && !serials.insert((ndc.clone(), serial))
            {
                let what = format!("the package of NDC {ndc} with serial number {serial} was scanned twice");
                return Err(wrong("scans", what, "take one of the two lines out"));
            }
            *found.entry(ndc).or_default() += 1;
        }
        Ok(found)
    }

    /// The product that a scanner read.
    pub(crate) fn scanned_product(&self, code: &str) -> Result<Ndc, Fault> {
        let known = |ndc: &Ndc| matches!(self.drug(ndc), Ok(Some(_)));
        scanned(code, known).ok_or_else(|| {
            let code: String = code.trim().chars().filter(|c| !c.is_control()).take(40).collect();
            let what = format!("{code:?} is the code of no product of the drug file");
            wrong("scan", what, "scan it again, or enter the NDC with eleven digits")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_written_in_the_unit_that_people_count_in() {
        for (units, unit, text) in [
            (30, StockUnit::Piece, "30"),
            (-30, StockUnit::Piece, "-30"),
            (7_500, StockUnit::Microlitre, "7.5"),
            (-500, StockUnit::Microlitre, "-0.5"),
            (1_000_001, StockUnit::Microgram, "1.000001"),
            (0, StockUnit::Microgram, "0"),
        ] {
            assert_eq!(in_words(units, unit), text);
        }
    }

    #[test]
    fn the_serial_number_of_a_package_is_read_where_the_code_has_one() {
        for (code, expected) in [
            ("(01)00304060552013(17)271231(10)L1(21)S77", Some("S77")),
            ("(01)00304060552013(21)S77(17)271231", Some("S77")),
            ("0100304060552013172712312112345", Some("12345")),
            ("]d201003040605520131727123110L1\u{1d}2112345", Some("12345")),
            ("0100304060552013172712311012345", None),
            ("0100304060552013", None),
            ("00304060552013", None),
            ("0406-0552-01", None),
            ("", None),
            ("(21)", None),
            ("21", None),
            ("ü1", None),
        ] {
            assert_eq!(serial(code), expected, "{code}");
        }
    }

    #[test]
    fn a_scanner_may_read_the_ndc_the_upc_or_the_code_of_the_carton() {
        let ndc = Ndc::parse("00406055201").expect("an NDC");
        let known = |one: &Ndc| *one == ndc;
        for code in [
            "00406055201",
            "0406-0552-01",
            "0406055201",
            "304060552014",
            "00304060552013",
            "(01)00304060552013",
            "0100304060552013172712311012345",
        ] {
            assert_eq!(scanned(code, known), Some(ndc.clone()), "{code}");
        }
        for code in ["", "abc", "99999", "0100404060552013", "<script>"] {
            assert_eq!(scanned(code, known), None, "{code}");
        }
        // Two products of the file could be meant: neither is.
        assert_eq!(scanned("0406055201", |_| true), None);
    }
}
