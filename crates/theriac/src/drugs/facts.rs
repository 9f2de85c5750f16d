//! What rules ask of a product besides its schedule, as the drug file holds it: told by the FDA's directory, by the rulebook's
//! table of names, or entered by somebody who read the label. What nobody has told is missing, and a rule that needs it says so
//! (Pharmacist's Manual 2010, sections II, IX and X).

use super::Listed;
use crate::house::House;
use crate::house::event::Product;
use crate::house::record::{Change, Fault, Recorded, read};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use theriac_law::attributes::{self, ChemicalContent, Fact, Measured};
use theriac_law::vocab::{Chemical, DrugClass, Salt, Word};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Decimal, DrugUnit, Ndc, Refusal};
use theriac_wire::ndc;

const CITE: &str = "21 CFR 1300.01, 1304.22(c)";

/// One fact that a product carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flag {
    /// Whether it is a narcotic.
    Narcotic,
    /// Whether it contains opium.
    Opium,
    /// Whether it is a prescription ("legend") drug.
    Legend,
    /// Counted, liquid or weighed.
    Measured,
    /// The listed chemical, its salt and its milligrams.
    Chemical,
    /// Units in one commercial container.
    Container,
}

impl Flag {
    pub(crate) const ALL: [Self; 6] =
        [Self::Narcotic, Self::Opium, Self::Legend, Self::Measured, Self::Chemical, Self::Container];

    /// The word in records, forms and refusals.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Narcotic => "narcotic",
            Self::Opium => "opium",
            Self::Legend => "legend",
            Self::Measured => "measured",
            Self::Chemical => "chemical",
            Self::Container => "container",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|flag| flag.word() == word)
    }

    /// What it is called on pages.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Narcotic => "Narcotic",
            Self::Opium => "Contains opium",
            Self::Legend => "Prescription (legend) drug",
            Self::Measured => "Measured",
            Self::Chemical => "Listed chemical",
            Self::Container => "Units in a commercial container",
        }
    }
}

/// The listed chemical of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Listing {
    /// It has none.
    None,
    /// It has one.
    Holds(ChemicalContent),
    /// Nobody has said.
    Missing,
}

/// What one commercial container holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Container {
    /// In thousandths of `unit`.
    pub(crate) thousandths: u64,
    pub(crate) unit: String,
}

/// The facts of a product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub(crate) product: Product,
    pub(crate) narcotic: Fact,
    pub(crate) opium: Fact,
    pub(crate) legend: Fact,
    /// `None` where nobody has said.
    pub(crate) measured: Option<Measured>,
    pub(crate) chemical: Listing,
    /// `None` where nobody has said.
    pub(crate) container: Option<Container>,
    /// Which of them somebody entered, with who, when and from what.
    pub(crate) entered: Vec<(Flag, String)>,
    class: Option<DrugClass>,
}

impl Facts {
    /// The facts that nobody has said.
    pub(crate) fn missing(&self) -> Vec<Flag> {
        Flag::ALL.into_iter().filter(|flag| self.says(*flag).is_none()).collect()
    }

    /// A fact in words; `None` where it is missing.
    pub(crate) fn says(&self, flag: Flag) -> Option<String> {
        let told = |fact: Fact| (fact != Fact::Missing).then(|| fact.word().to_owned());
        match flag {
            Flag::Narcotic => told(self.narcotic),
            Flag::Opium => told(self.opium),
            Flag::Legend => told(self.legend),
            Flag::Measured => self.measured.map(|measured| measured.word().to_owned()),
            Flag::Chemical => match self.chemical {
                Listing::None => Some("none".to_owned()),
                // Grams of base are counted from the salt and its weight: without them nothing can be counted.
                Listing::Holds(ChemicalContent { chemical, salt: Some(salt), micrograms: Some(micrograms) }) => {
                    Some(format!("{chemical} {salt}, {} mg", thousandths(micrograms)))
                }
                Listing::Holds(_) | Listing::Missing => None,
            },
            Flag::Container => {
                self.container.as_ref().map(|held| format!("{} {}", thousandths(held.thousandths), held.unit))
            }
        }
    }

    /// The class by which warning signs tell drugs apart; what the rulebook's table does not know is another.
    pub(crate) fn class(&self) -> DrugClass {
        self.class.unwrap_or(DrugClass::Other)
    }

    fn take(&mut self, flag: Flag, text: &str) {
        match flag {
            Flag::Narcotic => self.narcotic = Fact::from_word(text).unwrap_or(self.narcotic),
            Flag::Opium => self.opium = Fact::from_word(text).unwrap_or(self.opium),
            Flag::Legend => self.legend = Fact::from_word(text).unwrap_or(self.legend),
            Flag::Measured => self.measured = Measured::from_word(text).or(self.measured),
            Flag::Chemical => self.chemical = read_chemical(text).unwrap_or(self.chemical),
            Flag::Container => {
                let unit = self.product.unit.name().into_owned();
                let held = read_thousandths(text).map(|thousandths| Container { thousandths, unit });
                self.container = held.or(self.container.take());
            }
        }
    }
}

/// The substances that a name joins.
fn parts(name: &str) -> impl Iterator<Item = &str> + Clone {
    name.split(['/', ';', ',']).flat_map(|part| part.split(" and ")).map(str::trim)
}

/// Thousandths as people write them: `30`, `7.5`.
fn thousandths(value: u64) -> String {
    let rest = format!("{:03}", value % 1_000);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { (value / 1_000).to_string() } else { format!("{}.{rest}", value / 1_000) }
}

fn read_thousandths(text: &str) -> Option<u64> {
    let value = Decimal::parse(text).ok()?.in_fractions(3)?;
    u64::try_from(value).ok().filter(|value| (1..=1_000_000_000).contains(value))
}

/// `none`, or chemical, salt and milligrams in a unit: `pseudoephedrine hydrochloride 30`.
fn read_chemical(text: &str) -> Option<Listing> {
    if text == "none" {
        return Some(Listing::None);
    }
    let mut words = text.split_whitespace();
    let chemical = Chemical::from_word(words.next()?)?;
    let salt = Salt::from_word(words.next()?)?;
    let micrograms = read_thousandths(words.next()?)?;
    let held = ChemicalContent { chemical, salt: Some(salt), micrograms: Some(micrograms) };
    words.next().is_none().then_some(Listing::Holds(held))
}

/// Facts that somebody entered, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entered {
    pub(crate) facts: BTreeMap<&'static str, String>,
    /// From what: the package's label, the labeler's sheet.
    pub(crate) source: String,
}

impl Recorded for Entered {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "drug.facts-entered"
    }

    fn body(&self) -> Value {
        json!({"facts": self.facts, "source": self.source})
    }

    fn read(_kind: &str, body: &Value) -> Result<Self, String> {
        let reader = Reader(body);
        let bad = |field: &str| BadField { field: field.to_owned(), expected: "facts of a product" }.to_string();
        let listed = body.get("facts").and_then(Value::as_object).ok_or_else(|| bad("facts"))?;
        let one = |(word, text): (&String, &Value)| Some((Flag::parse(word)?.word(), text.as_str()?.to_owned()));
        let facts = listed.iter().map(one).collect::<Option<_>>().ok_or_else(|| bad("facts"))?;
        Ok(Self { facts, source: reader.text("source").map_err(|error| error.to_string())?.to_owned() })
    }
}

fn stream_of(ndc: &Ndc) -> String {
    format!("drug-facts/{ndc}")
}

const fn measured(unit: &DrugUnit) -> Measured {
    match unit {
        DrugUnit::Millilitre => Measured::Liquid,
        DrugUnit::Gram => Measured::Weighed,
        _ => Measured::Counted,
    }
}

impl House {
    /// The facts of a product of the drug file; `None` where the drug file does not know it.
    pub(crate) fn drug_facts(&self, ndc: &Ndc) -> Result<Option<Facts>, Fault> {
        let Some(product) = self.drug(ndc)? else { return Ok(None) };
        let own = {
            let directory = self.directory.read().unwrap_or_else(std::sync::PoisonError::into_inner);
            directory.products.contains_key(ndc)
        };
        let listed = if own { None } else { self.listed_product(&ndc.product())? };
        let mut facts = match listed {
            Some(listed) => self.told_by(&listed, product),
            None => self.told_by_name(product),
        };
        let packages = self.packages_of(&ndc.product())?;
        facts.container = packages
            .into_iter()
            .find(|package| Ndc::parse(&package.ndc).as_ref() == Ok(ndc) && package.thousandths > 0)
            .map(|package| Container { thousandths: package.thousandths, unit: package.unit.to_lowercase() });
        for entry in self.store.stream(&stream_of(ndc))? {
            let entered: Entered = read(&entry)?;
            let step = self.step(&entry);
            for (word, text) in &entered.facts {
                let Some(flag) = Flag::parse(word) else { continue };
                facts.take(flag, text);
                facts.entered.retain(|(known, _)| *known != flag);
                facts.entered.push((flag, format!("{}, {}, from {}", step.who, step.at, entered.source)));
            }
        }
        Ok(Some(facts))
    }

    /// What the directory tells.
    fn told_by(&self, listed: &Listed, product: Product) -> Facts {
        let day = self.clock.moment().date();
        let controlled = product.schedule.is_some();
        let names = || listed.substances.split(';').map(str::trim).filter(|name| !name.is_empty());
        let told = |fact: Fact| if names().next().is_none() { Fact::Missing } else { fact };
        let actives = ndc::actives(listed.substances.as_str().into(), &listed.strengths, &listed.units);
        let held = actives.iter().find_map(|active| {
            let strength = active.strength;
            attributes::chemical(&active.name).map(|found| ChemicalContent {
                micrograms: strength.and_then(|strength| strength.micrograms_in(1_000)),
                ..found
            })
        });
        Facts {
            narcotic: told(attributes::narcotic(&self.profile, names(), controlled, day)),
            opium: told(attributes::opium(&self.profile, names(), controlled, day)),
            legend: attributes::legend(&listed.kind),
            measured: (!listed.form.is_empty()).then(|| measured(&product.unit)),
            chemical: match held {
                Some(held) => Listing::Holds(held),
                None if names().next().is_none() => Listing::Missing,
                None => Listing::None,
            },
            container: None,
            entered: Vec::new(),
            class: attributes::class(&self.profile, names(), day),
            product,
        }
    }

    /// What the name of a product that the deployment lists itself tells.
    fn told_by_name(&self, product: Product) -> Facts {
        let day = self.clock.moment().date();
        let controlled = product.schedule.is_some();
        let name = product.name.clone();
        let names = || parts(&name);
        let held = names().find_map(attributes::chemical);
        Facts {
            narcotic: attributes::narcotic(&self.profile, names(), controlled, day),
            opium: attributes::opium(&self.profile, names(), controlled, day),
            legend: Fact::Missing,
            measured: Some(measured(&product.unit)),
            // A name that holds no chemical tells nothing of what else is in the product, unless it is controlled.
            chemical: match held {
                Some(held) => Listing::Holds(held),
                None if controlled => Listing::None,
                None => Listing::Missing,
            },
            container: None,
            entered: Vec::new(),
            class: attributes::class(&self.profile, names(), day),
            product,
        }
    }

    /// The class of a drug that has no NDC of the drug file, by its name with strength and form.
    pub(crate) fn class_by_name(&self, name: &str) -> DrugClass {
        let day = self.clock.moment().date();
        // Strength and form follow the name: they are left away word by word until the table knows what is left.
        let mut words: Vec<&str> = name.split_whitespace().collect();
        while !words.is_empty() {
            let name = words.join(" ");
            if let Some(class) = attributes::class(&self.profile, parts(&name), day) {
                return class;
            }
            words.pop();
        }
        DrugClass::Other
    }

    /// Whether the drug is a narcotic, by the drug file.
    pub(crate) fn narcotic(&self, ndc: Option<&Ndc>) -> Result<theriac_pharmacy::Narcotic, Fault> {
        use theriac_pharmacy::Narcotic as N;
        let facts = ndc.map(|ndc| self.drug_facts(ndc)).transpose()?.flatten();
        Ok(match facts.map_or(Fact::Missing, |facts| facts.narcotic) {
            Fact::Yes => N::Narcotic,
            Fact::No => N::Other,
            Fact::Missing => N::Untold,
        })
    }

    /// Records facts that somebody read from the label.
    ///
    /// # Errors
    /// `DRUG-UNKNOWN` for a product that the drug file does not know; `DRUG-FACT` naming what cannot be read, or where nothing
    /// was entered or its source not said.
    pub(crate) fn enter_facts(&self, actor: &Actor, ndc: &Ndc, entered: &Entered) -> Result<(), Fault> {
        let refuse = |field: &'static str, what: String, next: &'static str| {
            Fault::from(Refusal::new("DRUG-FACT", CITE, what, next).about(field))
        };
        if self.drug(ndc)?.is_none() {
            return Err(unknown(ndc).into());
        }
        for (word, text) in &entered.facts {
            let readable = match Flag::parse(word) {
                Some(Flag::Narcotic | Flag::Opium | Flag::Legend) => text == "yes" || text == "no",
                Some(Flag::Measured) => Measured::from_word(text).is_some(),
                Some(Flag::Chemical) => read_chemical(text).is_some(),
                Some(Flag::Container) => read_thousandths(text).is_some(),
                None => false,
            };
            if !readable {
                return Err(refuse(word, format!("{word} cannot be read"), "enter it as the field's hint says"));
            }
        }
        if entered.facts.is_empty() {
            return Err(refuse("narcotic", "nothing was entered".to_owned(), "enter at least one fact"));
        }
        if !(1..=200).contains(&entered.source.chars().count()) {
            let next = "say from what you read it, such as the label of the package, in 1 to 200 characters";
            return Err(refuse("source", "it is not said from what this was read".to_owned(), next));
        }
        let stream = stream_of(ndc);
        let desk = self.by(actor, self.pharmacy.as_str());
        Change::default().event(&desk, &stream, entered)?.commit(&self.store)?;
        Ok(())
    }
}

/// A product that the drug file does not know.
pub(crate) fn unknown(ndc: &Ndc) -> Refusal {
    Refusal::new(
        "DRUG-UNKNOWN",
        CITE,
        format!("NDC {ndc} is not in the drug file"),
        "import the FDA's directory with `theriac import ndc`, or compare the NDC with the package",
    )
    .about("ndc")
}
