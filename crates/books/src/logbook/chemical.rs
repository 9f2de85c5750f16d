//! The logbook of listed chemical products (ephedrine, pseudoephedrine): who bought what, signed, and for whose eyes it is.
//! 21 U.S.C. 830(d), (e); 21 CFR 1314.

use super::person::{Buyer, folded};
use super::refuse;
use super::seller::SellerFile;
use crate::ask;
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use theriac_law::facts::{Act, SlcpSale};
use theriac_law::vocab::{
    Channel, Chemical, Detail, DisclosurePurpose, HistoryKind, IdDocument, LogElement, Packaging, Placement, Record,
    Salt, SellerKind,
};
use theriac_law::{Answer, Moment, Profile, Question, Request, Verdict};
use theriac_model::{Actor, Ndc, Refusal};

pub use theriac_law::texts::LOGBOOK_WARNING;

words! {
    /// A listed chemical.
    ListedChemical {
        /// Ephedrine.
        Ephedrine "ephedrine",
        /// Pseudoephedrine.
        Pseudoephedrine "pseudoephedrine",
        /// Phenylpropanolamine, which is not sold.
        Phenylpropanolamine "phenylpropanolamine",
    }

    /// The salt.
    ChemicalSalt {
        /// Hydrochloride.
        Hydrochloride "hydrochloride",
        /// Sulfate.
        Sulfate "sulfate",
    }

    /// How it is packed.
    Package {
        /// Blisters of at most two dosage units.
        BlisterOfTwo "blister-2",
        /// Packets or pouches of one dose.
        UnitDose "unit-dose",
        /// Loose in a bottle.
        Bottle "bottle",
        /// A liquid.
        Liquid "liquid",
    }

    /// Whether the purchaser has seen the warning before signing.
    Warning {
        /// Shown.
        Shown "shown",
        /// Not shown.
        NotShown "not-shown",
    }

    /// For whom it is bought.
    Purpose {
        /// A person's own use.
        Personal "personal",
        /// An institution's.
        Institution "institution",
    }
}

stored_words!(ListedChemical, ChemicalSalt, Package, Warning, Purpose);

record! {
    /// A product with a listed chemical.
    ChemicalProduct {
        /// Its code.
        ndc: Ndc,
        /// Its name.
        name: String,
        /// The chemical.
        chemical: ListedChemical,
        /// The salt.
        salt: ChemicalSalt,
        /// Milligrams of salt in a dosage unit.
        mg_per_unit: u64,
        /// How it is packed.
        package: Package,
    }

    /// A signature captured on a device.
    Signature {
        /// SHA-256 of the captured image or strokes, in hex. What was captured is archived beside the entry.
        digest: String,
        /// The device.
        device: String,
    }

    /// One entry of the logbook.
    LogEntry {
        /// Its number, from 1 without gaps.
        number: u64,
        /// The purchaser: name and address.
        buyer: Buyer,
        /// The document that was shown.
        document: IdDocument,
        /// The product.
        product: ChemicalProduct,
        /// Dosage units sold.
        units: u64,
        /// Packages sold.
        packages: u64,
        /// Handed over at the counter, or sent.
        channel: Channel,
        /// The purchaser's signature, captured after the warning.
        signature: Signature,
        /// Who keyed name and address.
        keyed_by: Actor,
        /// Who confirmed that the name is that of the document, and entered product and quantity.
        confirmed_by: Actor,
        /// Date and time, entered by the computer.
        sold: Moment,
    }
}

events! {
    /// One event of the logbook.
    ChemicalEvent {
        /// A sale that is logged.
        Sold "slcp.sold" {
            /// Its entry.
            entry: LogEntry,
        }
        /// A sale of one package so small that no entry is made; nobody is named.
        SoldUnlogged "slcp.sold-unlogged" {
            /// The product.
            product: ChemicalProduct,
            /// Dosage units sold.
            units: u64,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Entries were given to somebody.
        Disclosed "slcp.disclosed" {
            /// To whom.
            to: String,
            /// What for.
            purpose: DisclosurePurpose,
            /// From this entry.
            from: u64,
            /// To this one, inclusive.
            through: u64,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// What a document looks like that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentState {
    /// It has a photograph and has not run out.
    WithPhotograph,
    /// It has none, and lacks these particulars that would stand in for it.
    WithoutPhotograph(Vec<Detail>),
    /// It has run out.
    Expired,
}

/// What is asked for at the register.
#[derive(Clone, Debug)]
pub struct ChemicalRequest {
    /// Who buys, as entered in the log.
    pub buyer: Buyer,
    /// The document shown.
    pub document: IdDocument,
    /// What it looks like.
    pub document_state: DocumentState,
    /// Where the product is kept.
    pub kept: Placement,
    /// The name on the document.
    pub name_on_document: String,
    /// The product.
    pub product: ChemicalProduct,
    /// Dosage units.
    pub units: u64,
    /// Packages.
    pub packages: u64,
    /// Counter or mail.
    pub channel: Channel,
    /// For whom.
    pub purpose: Purpose,
    /// Whether the warning was shown.
    pub warning: Warning,
    /// The signature, once it is captured.
    pub signature: Option<Signature>,
    /// Who keyed name and address.
    pub keyed_by: Actor,
}

/// The logbook of one place.
#[derive(Clone, Debug, Default)]
pub struct ChemicalLog {
    numbers: u64,
    entries: Vec<LogEntry>,
    disclosures: Vec<(String, DisclosurePurpose)>,
}

impl ChemicalLog {
    /// The logbook after `events`.
    #[must_use]
    pub fn replay<'a>(mut self, events: impl IntoIterator<Item = &'a ChemicalEvent>) -> Self {
        for event in events {
            self.apply(event);
        }
        self
    }

    /// As much of the logbook as the next sale to one purchaser is decided on: how many entries there are, and that purchaser's own
    /// of the last weeks, in order.
    pub fn for_one_purchaser(numbers: u64, entries: Vec<LogEntry>) -> Self {
        Self { numbers, entries, disclosures: Vec::new() }
    }

    /// The entries, in order.
    pub fn entries(&self) -> &[LogEntry] {
        &self.entries
    }

    /// To whom entries were given, and what for.
    pub fn disclosures(&self) -> &[(String, DisclosurePurpose)] {
        &self.disclosures
    }

    /// Sells: seller's certificate and training, purchaser's document, package, the limits of a day and of 30 days over
    /// every sale of that chemical to that person, and the entry with its signature.
    ///
    /// # Errors
    /// What the rulebook refuses.
    pub fn sell(
        &self,
        profile: &Profile,
        asked: &ChemicalRequest,
        (seller, file): (&Actor, &SellerFile),
        at: Moment,
    ) -> Result<Vec<ChemicalEvent>, Refusal> {
        let product = &asked.product;
        let mut sale = SlcpSale::new();
        sale.seller = file.kind();
        sale.customer = match asked.purpose {
            Purpose::Personal => theriac_law::vocab::Customer::Person,
            Purpose::Institution => theriac_law::vocab::Customer::Institution,
        };
        sale.document = Some(asked.document);
        sale.kept = asked.kept;
        match &asked.document_state {
            DocumentState::WithPhotograph => {}
            DocumentState::WithoutPhotograph(missing) => {
                sale.photograph = false;
                sale.details_missing.clone_from(missing);
            }
            DocumentState::Expired => sale.document_expired = true,
        }
        sale.name_matches = folded(&asked.buyer.name) == folded(&asked.name_on_document);
        sale.notice_shown = asked.warning == Warning::Shown;
        sale.log_missing = missing(asked);
        sale.certified_until = file.certified_until();
        let training = file.training_of(&seller.id);
        sale.acknowledged = training.is_some();
        sale.official_training = training.is_none_or(|training| !training.official_material.trim().is_empty());
        let request = Request::SellSlcp {
            quantity: Some(asked.units),
            base_mg: None,
            packages: asked.packages,
            channel: asked.channel,
        };
        let question = Question::new(at, request).after(self.history(asked)).with(|facts| {
            facts.product.chemical = Some(law_chemical(product.chemical));
            facts.product.salt = Some(law_salt(product.salt));
            facts.product.mg_per_unit = Some(product.mg_per_unit);
            facts.product.packaging = law_package(product.package);
            facts.purchaser = Some(asked.buyer.purchaser());
            facts.pharmacy.self_certified = file.certified_until().is_some_and(|until| at.date() <= until);
            facts.pharmacy.seller_trained = training.is_some();
            facts.slcp = Some(Box::new(sale));
        });
        question.consistent().map_err(|error| refuse::malformed(&error.to_string()))?;
        let decision = ask::permission(profile, &question)?;
        if !decision.duties.has(theriac_law::Duty::LogSale) {
            let (product, units) = (product.clone(), asked.units);
            return Ok(vec![ChemicalEvent::SoldUnlogged { product, units, by: seller.clone(), at }]);
        }
        let signature = asked.signature.clone().ok_or_else(refuse::not_signed)?;
        let entry = LogEntry {
            number: self.numbers + 1,
            buyer: asked.buyer.clone(),
            document: asked.document,
            product: product.clone(),
            units: asked.units,
            packages: asked.packages,
            channel: asked.channel,
            signature,
            keyed_by: asked.keyed_by.clone(),
            confirmed_by: seller.clone(),
            sold: at,
        };
        Ok(vec![ChemicalEvent::Sold { entry }])
    }

    /// Earlier sales to the same person. Sales of the very same strength and salt count in units, exactly; others in
    /// milligrams of base, each rounded up.
    fn history(&self, asked: &ChemicalRequest) -> Vec<Act> {
        let key = asked.buyer.key();
        let mut same: Vec<&LogEntry> = self.entries.iter().filter(|entry| entry.buyer.key() == key).collect();
        same.sort_by_key(|entry| entry.sold.timestamp);
        let of = |entry: &LogEntry| {
            let kind = match entry.channel {
                Channel::Mail => HistoryKind::SaleMail,
                Channel::Counter => HistoryKind::Sale,
            };
            let (then, now) = (&entry.product, &asked.product);
            let mut act = if (then.salt, then.mg_per_unit) == (now.salt, now.mg_per_unit) {
                Act::of(kind, entry.sold, entry.units)
            } else {
                let mut act = Act::new(kind, entry.sold.into());
                act.base_mg = Some(base_mg(then.salt, then.mg_per_unit, entry.units));
                act
            };
            act.chemical = Some(law_chemical(then.chemical));
            act
        };
        same.into_iter().map(of).collect()
    }

    /// Gives entries to somebody, and records that.
    ///
    /// # Errors
    /// The rulebook's refusal of any purpose but those of the law; `BOOKS-BOOK-LINE` for entries that are not there,
    /// `BOOKS-BOOK-TEXT` when nobody is named.
    pub fn disclose(
        &self,
        profile: &Profile,
        to: &str,
        purpose: DisclosurePurpose,
        (from, through): (u64, u64),
        (by, at): (Actor, Moment),
    ) -> Result<(Vec<&LogEntry>, Vec<ChemicalEvent>), Refusal> {
        let book = theriac_law::vocab::Book::SlcpLog;
        ask::permission(profile, &Question::new(at, Request::DiscloseBook { book, purpose }))?;
        if to.trim().is_empty() {
            return Err(refuse::no_words());
        }
        let asked: Vec<&LogEntry> =
            self.entries.iter().filter(|entry| (from..=through).contains(&entry.number)).collect();
        if asked.is_empty() {
            return Err(refuse::no_such_entry(from));
        }
        let to = to.to_owned();
        Ok((asked, vec![ChemicalEvent::Disclosed { to, purpose, from, through, by, at }]))
    }

    /// The day until which an entry of `made` is kept, by the rulebook.
    pub fn kept_until(profile: &Profile, made: Date) -> Option<Date> {
        let question = Question::new(made, Request::Retain { record: Record::ListedChemicalLogEntry });
        match ask::decided(profile, &question).ok()?.verdict {
            Verdict::Value(Answer::Date(day)) => Some(day),
            _ => None,
        }
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &ChemicalEvent) {
        match event {
            ChemicalEvent::Sold { entry } => {
                self.numbers = entry.number;
                self.entries.push(entry.clone());
            }
            ChemicalEvent::SoldUnlogged { .. } => {}
            ChemicalEvent::Disclosed { to, purpose, .. } => self.disclosures.push((to.clone(), *purpose)),
        }
    }
}

fn missing(asked: &ChemicalRequest) -> Vec<LogElement> {
    let absent = [
        (LogElement::PurchaserName, asked.buyer.name.trim().is_empty()),
        (LogElement::PurchaserAddress, asked.buyer.address.trim().is_empty()),
        (LogElement::Product, asked.product.name.trim().is_empty()),
        (LogElement::Amount, asked.units == 0 || asked.packages == 0),
        (LogElement::Signature, asked.signature.is_none()),
    ];
    absent.into_iter().filter(|(_, absent)| *absent).map(|(element, _)| element).collect()
}

impl ChemicalProduct {
    /// Milligrams of base in so many dosage units, rounded up.
    pub fn base_mg(&self, units: u64) -> u64 {
        base_mg(self.salt, self.mg_per_unit, units)
    }
}

/// Milligrams of base, rounded up; the weights are those of App. G of the Manual, as in the rulebook.
fn base_mg(salt: ChemicalSalt, mg_per_unit: u64, units: u64) -> u64 {
    let (base, whole) = match salt {
        ChemicalSalt::Hydrochloride => (16_523_u128, 20_169_u128),
        ChemicalSalt::Sulfate => (33_046, 42_850),
    };
    let mg = u128::from(mg_per_unit) * u128::from(units) * base;
    u64::try_from(mg.div_ceil(whole)).unwrap_or(u64::MAX)
}

const fn law_chemical(chemical: ListedChemical) -> Chemical {
    match chemical {
        ListedChemical::Ephedrine => Chemical::Ephedrine,
        ListedChemical::Pseudoephedrine => Chemical::Pseudoephedrine,
        ListedChemical::Phenylpropanolamine => Chemical::Phenylpropanolamine,
    }
}

const fn law_salt(salt: ChemicalSalt) -> Salt {
    match salt {
        ChemicalSalt::Hydrochloride => Salt::Hydrochloride,
        ChemicalSalt::Sulfate => Salt::Sulfate,
    }
}

const fn law_package(package: Package) -> Packaging {
    match package {
        Package::BlisterOfTwo => Packaging::Blister2,
        Package::UnitDose => Packaging::UnitDose,
        Package::Bottle => Packaging::Bottle,
        Package::Liquid => Packaging::Liquid,
    }
}

/// The seller's kind as the rulebook has it.
pub(crate) const fn law_seller(registered: super::seller::SellerRegistration) -> SellerKind {
    match registered {
        super::seller::SellerRegistration::Pharmacy => SellerKind::Pharmacy,
        super::seller::SellerRegistration::Store => SellerKind::Store,
    }
}
