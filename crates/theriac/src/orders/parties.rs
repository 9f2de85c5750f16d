//! Who orders, from whom, and what: registrants and products as order forms name them.

use crate::house::House;
use crate::house::record::Fault;
use crate::typed::{Typed, wrong};
use theriac_books::{Amount, Commodity, Party, Product, StockUnit};
use theriac_law::vocab::Standing;
use theriac_model::{Address, BusinessActivity, DeaNumber, Decimal, Ndc, Schedule};

/// How many smallest units one unit of people holds, and its decimal places.
const fn scale(unit: StockUnit) -> (i64, u8) {
    match unit {
        StockUnit::Piece => (1, 0),
        StockUnit::Microlitre => (1_000, 3),
        StockUnit::Microgram => (1_000_000, 6),
    }
}

/// The registered location of the configuration, which stands there on one line, in its parts: street, city, State and
/// ZIP code where it ends as addresses do, else all of it as the street.
fn in_parts(line: &str) -> Address {
    let whole = || Address {
        line1: line.to_owned(),
        line2: None,
        city: String::new(),
        state: String::new(),
        postal: String::new(),
    };
    let parts: Vec<&str> = line.split(',').map(str::trim).collect();
    let [street @ .., city, end] = parts.as_slice() else { return whole() };
    let (Some((state, postal)), [line1, rest @ ..]) = (end.split_once(' '), street) else { return whole() };
    if state.len() != 2 || !postal.starts_with(|c: char| c.is_ascii_digit()) {
        return whole();
    }
    let line2 = (!rest.is_empty()).then(|| rest.join(", "));
    Address {
        line1: (*line1).to_owned(),
        line2,
        city: (*city).to_owned(),
        state: state.to_owned(),
        postal: postal.trim().to_owned(),
    }
}

/// A registrant's address on one line, with what is there of it.
pub(crate) fn address_of(party: &Party) -> String {
    if party.address.city.is_empty() { party.address.line1.clone() } else { party.address.one_line() }
}

/// A registrant as typed: name, address, number, and what it is registered for.
pub(super) fn party(typed: &Typed, activity: BusinessActivity) -> Result<Party, Fault> {
    Ok(Party {
        name: typed.text("name")?,
        address: Address {
            line1: typed.text("line1")?,
            line2: typed.maybe("line2"),
            city: typed.text("city")?,
            state: typed.text("state")?.to_ascii_uppercase(),
            postal: typed.text("postal")?,
        },
        number: typed.dea("number")?,
        activity,
    })
}

impl House {
    /// The registrant that this pharmacy is: as the profile of its registration says, else as the configuration does.
    pub(crate) fn order_party(&self) -> Party {
        let pharmacy = &self.config.pharmacy;
        self.registrant().unwrap_or_else(|_| Party {
            name: pharmacy.name.clone(),
            address: in_parts(&pharmacy.address),
            number: self.pharmacy,
            activity: BusinessActivity::Pharmacy,
        })
    }

    /// The schedules of a registration by the registrant data; a pharmacy that they do not hold is taken for one of
    /// schedules II to V.
    pub(super) fn order_schedules(&self, number: DeaNumber) -> Vec<Schedule> {
        self.registrant_row(number)
            .map_or_else(|| vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V], |row| row.schedules)
    }

    /// Where a registration stands by the registrant data; `unlisted` where they do not hold it.
    pub(super) fn order_standing(&self, number: DeaNumber, unlisted: Standing) -> Standing {
        let Some(row) = self.registrant_row(number) else { return unlisted };
        match row.status.as_str() {
            "valid" if row.expires < self.clock.moment().date() => Standing::Expired,
            "valid" => Standing::Valid,
            "suspended" => Standing::Suspended,
            "revoked" => Standing::Revoked,
            "surrendered" => Standing::Surrendered,
            _ => Standing::Expired,
        }
    }

    /// The product of the drug file with this code, in packages of `size`, in the unit that people count in; where nothing is
    /// written, in packages as the imported directory lists them.
    pub(super) fn product_in_packages(&self, field: &str, ndc: &Ndc, size: &str) -> Result<Product, Fault> {
        let listed = self.drug(ndc)?.ok_or_else(|| {
            let what = format!("NDC {ndc} is not in the drug file");
            wrong(format!("ndc-{field}"), what, "import the NDC directory, or correct the code")
        })?;
        let schedule = listed.schedule.ok_or_else(|| {
            let what = format!("NDC {ndc} is not a controlled substance");
            wrong(format!("ndc-{field}"), what, "order it as any other drug")
        })?;
        let unit = StockUnit::of(&listed.unit);
        let (factor, places) = scale(unit);
        let units = if size.is_empty() {
            let packages = self.packages_of(&ndc.product())?;
            let package = packages.iter().find(|package| Ndc::parse(&package.ndc).is_ok_and(|code| code == *ndc));
            // Thousandths of the listed unit: of a tablet, of a millilitre, of a gram.
            package
                .and_then(|package| i64::try_from(package.thousandths).ok()?.checked_mul(factor).map(|all| all / 1_000))
        } else {
            Decimal::parse(size).ok().and_then(|number| number.in_fractions(places))
        };
        let per_container = units.and_then(|units| Amount::new(units).ok()).ok_or_else(|| {
            let what = format!("the size of the package of NDC {ndc} is not a number of {}", listed.unit.name());
            wrong(format!("size-{field}"), what, "enter how many one package holds, such as 100")
        })?;
        Ok(Product {
            commodity: Commodity { registration: self.pharmacy, ndc: ndc.clone(), unit },
            schedule,
            name: listed.name,
            form: listed.form,
            strength: listed.strength,
            other_strength: None,
            per_container,
        })
    }

    /// How many a package holds, as people count: `100`, `473`.
    pub(crate) fn package_in_words(product: &Product) -> String {
        let (factor, _) = scale(product.commodity.unit);
        let units = product.per_container.units();
        let unit = match product.commodity.unit {
            StockUnit::Piece => "",
            StockUnit::Microlitre => " mL",
            StockUnit::Microgram => " g",
        };
        if units % factor == 0 { format!("{}{unit}", units / factor) } else { format!("{units}/{factor}{unit}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_on_one_line_falls_into_its_parts_or_stays_whole() {
        let parts = |line: &str| {
            let address = in_parts(line);
            (address.line1, address.line2.unwrap_or_default(), address.city, address.state, address.postal)
        };
        let expected = |texts: [&str; 5]| <(String, String, String, String, String)>::from(texts.map(str::to_owned));
        assert_eq!(
            parts("9 Example Plaza, Tucson, AZ 85701"),
            expected(["9 Example Plaza", "", "Tucson", "AZ", "85701"])
        );
        assert_eq!(
            parts("9 Example Plaza, Suite 2, Tucson, AZ 85701-0001"),
            expected(["9 Example Plaza", "Suite 2", "Tucson", "AZ", "85701-0001"])
        );
        for whole in ["", "Tucson", "Tucson, AZ", "9 Example Plaza, Tucson, Arizona 85701", "AZ 85701"] {
            assert_eq!(parts(whole), expected([whole, "", "", "", ""]), "{whole}");
        }
    }
}
