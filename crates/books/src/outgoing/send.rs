//! Stock goes to another registrant.

use super::codec;
use super::five_percent::{FivePercent, dosage_units};
use super::refusals as refuse;
use crate::account::Account;
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::event::BadEvent;
use crate::ledger::Ledger;
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product, is_written};
use crate::words::words;
use jiff::civil::Date;
use serde_json::Value;
use theriac_law::facts::{Disposal, Distribution, StockMovement};
use theriac_law::vocab::{
    Arranger, Document as LawDocument, Entry, Issuer, Movement as LawWay, Paper, Party as LawParty, Route, Schedule,
    Standing,
};
use theriac_law::{Duties, Duty, Moment, Profile, Question, Request};
use theriac_model::{Actor, BusinessActivity, DeaNumber, Refusal, Schedule as Controlled};

words! {
    /// A way out.
    Way {
        /// To another pharmacy, for general dispensing.
        SaleToPharmacy "sale-to-pharmacy",
        /// To a practitioner, for general dispensing.
        SaleToPractitioner "sale-to-practitioner",
        /// Back to the supplier, or to the manufacturer.
        ReturnToSupplier "return-to-supplier",
        /// To a reverse distributor.
        ReverseDistribution "reverse-distribution",
        /// To anybody else; always refused.
        Elsewhere "elsewhere",
    }
}

words! {
    /// What a recipient has to do with the products.
    Origin {
        /// It supplied them, if anybody did: the books know.
        Supplier "supplier",
        /// It makes them.
        Manufacturer "manufacturer",
    }
}

impl Way {
    const fn in_law(self) -> LawWay {
        match self {
            Self::SaleToPharmacy => LawWay::SaleToPharmacy,
            Self::SaleToPractitioner => LawWay::SaleToPractitioner,
            Self::ReturnToSupplier => LawWay::ReturnToSupplier,
            Self::ReverseDistribution => LawWay::ReverseDistribution,
            Self::Elsewhere => LawWay::Elsewhere,
        }
    }

    /// Whether a registrant of this activity may stand on the other side.
    const fn suits(self, activity: BusinessActivity) -> bool {
        use BusinessActivity as B;
        match self {
            Self::SaleToPharmacy => matches!(activity, B::Pharmacy),
            Self::SaleToPractitioner => {
                matches!(activity, B::Practitioner | B::MidLevel | B::Institution | B::Teaching | B::TreatmentProgram)
            }
            Self::ReturnToSupplier => matches!(activity, B::Distributor | B::Manufacturer | B::Importer | B::Pharmacy),
            Self::ReverseDistribution => matches!(activity, B::ReverseDistributor),
            Self::Elsewhere => false,
        }
    }

    const fn is_sale(self) -> bool {
        matches!(self, Self::SaleToPharmacy | Self::SaleToPractitioner)
    }

    /// The document that the law wants for schedules III to V.
    const fn paper(self) -> Paper {
        match self {
            Self::ReturnToSupplier => Paper::ReturnRecord,
            Self::ReverseDistribution => Paper::ReverseRecord,
            _ => Paper::DistributionInvoice,
        }
    }
}

/// From which list a reverse distributor was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Who gave the list.
    pub source: String,
    /// Its day.
    pub day: Date,
}

/// Whoever receives, and how that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Name, address, number, activity.
    pub party: Party,
    /// Where the registration stood when it was checked.
    pub standing: Standing,
    /// The schedules of the registration.
    pub schedules: Vec<Controlled>,
    /// Who checked.
    pub checked_by: Actor,
    /// When.
    pub checked_at: Moment,
    /// For a reverse distributor, the list.
    pub listing: Option<Listing>,
    /// Whether it makes the products, or supplied them.
    pub origin: Origin,
}

/// One line of what leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutLine {
    /// The product.
    pub product: Product,
    /// Where it lies: the shelf, another place, or quarantine.
    pub from: Account,
    /// Containers.
    pub containers: u32,
    /// The quantity in smallest units.
    pub amount: Amount,
}

/// The document on which it leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutDocument {
    /// An order form, an electronic order, or a distribution record.
    pub kind: DocumentKind,
    /// Its number.
    pub number: String,
}

/// Stock that is to leave for another registrant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// The way.
    pub way: Way,
    /// The pharmacy.
    pub sender: Party,
    /// Whoever receives.
    pub recipient: Recipient,
    /// What leaves.
    pub lines: Vec<OutLine>,
    /// On which document.
    pub document: OutDocument,
    /// How it goes: by which carrier, by hand.
    pub manner: String,
    /// The outside firm that arranged it.
    pub arranged_by: Option<String>,
    /// The pharmacist who confirmed the counts, where an outside firm arranged it.
    pub counts_confirmed_by: Option<Actor>,
    /// The day on which the State's board was notified.
    pub board_notified: Option<Date>,
    /// Who signs.
    pub signer: Actor,
    /// When it leaves.
    pub at: Moment,
}

/// What is asked of the pharmacy's own records.
#[derive(Clone, Copy, Debug)]
pub struct Registry<'a> {
    /// The books.
    pub ledger: &'a Ledger,
    /// The five-percent figures of the year.
    pub year: &'a FivePercent,
    /// The serial numbers of the pharmacy's own order forms, and the tracking numbers of its own electronic orders.
    pub own_orders: &'a [String],
    /// The pharmacy's registration as a distributor, where it has one.
    pub distributor: Option<DeaNumber>,
}

/// What sending yields: appended in one transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// For the stream of what left.
    pub event: OutgoingEvent,
    /// For the books, to be posted together.
    pub movements: Vec<Movement>,
    /// What the rulebook asks to be done.
    pub duties: Duties,
    /// What it, and the books, warn of.
    pub warnings: Vec<Refusal>,
}

/// A reverse distributor's word that it destroyed what it received. The books stay as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmation {
    /// The document on which the stock left.
    pub document: String,
    /// The number or date of the reverse distributor's Form 41.
    pub form: String,
    /// The day of destruction.
    pub destroyed: Date,
    /// Who filed it here.
    pub by: Actor,
    /// When.
    pub at: Moment,
}

/// One event of what left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OutgoingEvent {
    /// `outgoing.sent`.
    Sent(Box<Outgoing>),
    /// `outgoing.destruction-confirmed`.
    Confirmed(Confirmation),
}

impl OutgoingEvent {
    /// The event's kind, as the journal stores it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Sent(_) => "outgoing.sent",
            Self::Confirmed(_) => "outgoing.destruction-confirmed",
        }
    }

    /// The body, format 1.
    pub fn to_json(&self) -> Value {
        codec::write(self)
    }

    /// Reads a body written by [`OutgoingEvent::to_json`].
    ///
    /// # Errors
    /// [`BadEvent`], naming the kind, the format or the member that cannot be read.
    pub fn from_json(kind: &str, body: &Value) -> Result<Self, BadEvent> {
        codec::read(kind, body)
    }
}

/// Days after which a list of reverse distributors is asked for again: a choice of the house.
const LIST_DAYS: i32 = 365;

impl Outgoing {
    /// Prepares the act: the check of the recipient is kept with it, and the movements carry the document's number.
    ///
    /// # Errors
    /// `BOOKS-OUT-EMPTY`, `BOOKS-OTHER-COMMODITY`, `BOOKS-REVERSE-LIST`; the rulebook's refusals of the movement, of the
    /// distribution with its share of the year, of the disposal, and of an incomplete document.
    pub fn prepare(&self, profile: &Profile, registry: Registry<'_>) -> Result<Prepared, Refusal> {
        if self.lines.is_empty() {
            return Err(refuse::empty());
        }
        let foreign = self.lines.iter().find(|line| line.product.commodity.registration != self.sender.number);
        if let Some(line) = foreign {
            return Err(refuse::elsewhere(&line.product.commodity));
        }
        let mut warnings = self.listed()?;
        let mut duties = Duties::NONE;
        for line in &self.lines {
            self.leaves(profile, registry, line)?;
            self.disposed(profile, registry, line)?;
            self.whole(profile, line)?;
        }
        if self.way.is_sale() {
            self.within_the_share(profile, registry)?;
            warnings.extend(self.then(registry.year).warnings(profile)?);
        } else if self.document.kind == DocumentKind::OrderForm {
            // As supplier on the recipient's form the pharmacy reports it (21 CFR 1305.13(d)).
            duties = duties.and(Duty::ReportToDeaMonthEnd);
        }
        let event = OutgoingEvent::Sent(Box::new(self.clone()));
        Ok(Prepared { event, movements: self.movements(), duties, warnings })
    }

    /// A reverse distributor stands on a list with source and date; an old list is worth a question.
    fn listed(&self) -> Result<Vec<Refusal>, Refusal> {
        if self.way != Way::ReverseDistribution {
            return Ok(Vec::new());
        }
        let listing = self.recipient.listing.as_ref().filter(|listing| !listing.source.trim().is_empty());
        let listing = listing.ok_or_else(refuse::unlisted)?;
        let age = self.at.date().since(listing.day).map_or(i32::MAX, |span| span.get_days());
        Ok(if age > LIST_DAYS { vec![refuse::stale_list(listing.day)] } else { Vec::new() })
    }

    /// `move-stock`.
    fn leaves(&self, profile: &Profile, registry: Registry<'_>, line: &OutLine) -> Result<(), Refusal> {
        let mut movement = StockMovement::new(self.way.in_law(), Schedule::from(line.product.schedule));
        movement.document = self.law_document();
        movement.document_issuer = self.issuer(registry);
        movement.recipient = self.recipient.standing;
        movement.recipient_schedules =
            Some(self.recipient.schedules.iter().map(|schedule| Schedule::from(*schedule)).collect());
        movement.activity_verified = self.way.suits(self.recipient.party.activity);
        let source = Account::Source(self.recipient.party.number);
        let stock = registry.ledger.stock(&line.product.commodity);
        let supplied = stock.is_some_and(|stock| stock.balances().any(|(account, _)| *account == source));
        movement.supplied_before = supplied || self.recipient.origin == Origin::Manufacturer;
        movement.board_notified = self.board_notified.is_some_and(|day| day <= self.at.date());
        movement.arranged_by = if self.arranged_by.is_some() { Arranger::OutsideFirm } else { Arranger::Pharmacy };
        movement.counts_confirmed = self.counts_confirmed_by.is_some();
        let question = Question::new(self.at.date(), Request::MoveStock {});
        ask::permission(profile, &question.with(|facts| facts.movement = Some(Box::new(movement)))).map(drop)
    }

    /// `dispose`, for what goes back or away.
    fn disposed(&self, profile: &Profile, registry: Registry<'_>, line: &OutLine) -> Result<(), Refusal> {
        let route = match self.way {
            Way::ReturnToSupplier => Route::OriginalSupplier,
            Way::ReverseDistribution => Route::ReverseDistributor,
            _ => return Ok(()),
        };
        let mut disposal = Disposal::new(Schedule::from(line.product.schedule));
        disposal.document = self.law_document();
        disposal.document_issuer = self.issuer(registry);
        disposal.recipient_registered =
            self.recipient.standing == Standing::Valid && self.way.suits(self.recipient.party.activity);
        let question = Question::new(self.at.date(), Request::Dispose { route });
        ask::permission(profile, &question.with(|facts| facts.disposal = Some(disposal))).map(drop)
    }

    /// `check-document`: the entries of the record on both sides.
    fn whole(&self, profile: &Profile, line: &OutLine) -> Result<(), Refusal> {
        let mut missing = line.product.missing();
        let (to, from) = (&self.recipient.party, &self.sender);
        for (text, entry) in [
            (&to.name, Entry::RecipientName),
            (&from.name, Entry::SenderName),
            (&self.manner, Entry::Manner),
            (&self.document.number, Entry::ProductCode),
        ] {
            if text.trim().is_empty() {
                missing.push(entry);
            }
        }
        for (address, entry) in [(&to.address, Entry::RecipientAddress), (&from.address, Entry::SenderAddress)] {
            if !is_written(address) {
                missing.push(entry);
            }
        }
        if line.containers == 0 {
            missing.push(Entry::NumberOfContainers);
        }
        for document in [self.way.paper(), Paper::DistributionRecord] {
            let schedule = Some(Schedule::from(line.product.schedule));
            let request = Request::CheckDocument { document, missing: missing.clone(), schedule };
            ask::permission(profile, &Question::new(self.at.date(), request))?;
        }
        Ok(())
    }

    /// `distribute`: everything on the document counts together.
    fn within_the_share(&self, profile: &Profile, registry: Registry<'_>) -> Result<(), Refusal> {
        let recipient = match self.way {
            Way::SaleToPharmacy => LawParty::Pharmacy,
            _ => LawParty::Practitioner,
        };
        let highest = self.lines.iter().map(|line| line.product.schedule).min().unwrap_or(Controlled::II);
        let year = registry.year;
        let mut distribution = Distribution::new(
            recipient,
            Schedule::from(highest),
            self.law_document(),
            year.dispensed,
            year.distributed,
        );
        distribution.recipient_registered = self.recipient.standing == Standing::Valid;
        distribution.sender_distributor = registry.distributor.is_some();
        let question = Question::new(self.at.date(), Request::Distribute { quantity: self.dosage_units() });
        ask::permission(profile, &question.with(|facts| facts.distribution = Some(distribution))).map(drop)
    }

    /// The year's figures with this act in them.
    fn then(&self, year: &FivePercent) -> FivePercent {
        let distributed = year.distributed.saturating_add(self.dosage_units());
        FivePercent { distributed, day: self.at.date(), ..year.clone() }
    }

    /// Dosage units of all lines.
    pub fn dosage_units(&self) -> u64 {
        let units = self.lines.iter().map(|line| dosage_units(line.product.commodity.unit, line.amount.units()));
        units.sum()
    }

    fn movements(&self) -> Vec<Movement> {
        let number = self.recipient.party.number;
        let (kind, to) = match self.way {
            Way::ReturnToSupplier => (MovementKind::SupplierReturn, Account::SupplierReturn(number)),
            Way::ReverseDistribution => (MovementKind::ReverseDistribution, Account::ReverseDistributor(number)),
            _ => (MovementKind::Distribution, Account::Registrant(number)),
        };
        let document = Document::new(self.document.kind, self.document.number.clone());
        let movement = |line: &OutLine| {
            Movement::new(
                (line.product.commodity.clone(), line.product.schedule),
                kind,
                (line.from.clone(), to.clone()),
                line.amount,
                (self.at.timestamp, document.clone()),
                vec![self.signer.clone()],
            )
        };
        self.lines.iter().map(movement).collect()
    }

    fn law_document(&self) -> LawDocument {
        match self.document.kind {
            DocumentKind::OrderForm => LawDocument::Form222Single,
            DocumentKind::CsosOrder => LawDocument::Csos,
            DocumentKind::Form41 => LawDocument::Form41,
            DocumentKind::DistributionRecord | DocumentKind::Invoice => LawDocument::Invoice,
            _ => LawDocument::None,
        }
    }

    /// A form that the pharmacy had is one that the pharmacy issued.
    fn issuer(&self, registry: Registry<'_>) -> Issuer {
        if registry.own_orders.contains(&self.document.number) { Issuer::Pharmacy } else { Issuer::Recipient }
    }

    /// Files a reverse distributor's word that it destroyed what it received here.
    ///
    /// # Errors
    /// `BOOKS-NOT-DISPOSAL` for what went another way.
    pub fn confirm(&self, form: String, destroyed: Date, by: Actor, at: Moment) -> Result<OutgoingEvent, Refusal> {
        if self.way != Way::ReverseDistribution {
            return Err(refuse::not_disposal());
        }
        let document = self.document.number.clone();
        Ok(OutgoingEvent::Confirmed(Confirmation { document, form, destroyed, by, at }))
    }

    /// The receipt at the other side, where it keeps its books in this program: the same document, the same lines.
    pub fn receipts(&self, receiver: &Actor, at: Moment) -> Vec<Movement> {
        let document = Document::new(self.document.kind, self.document.number.clone());
        let receipt = |line: &OutLine| {
            let mut commodity = line.product.commodity.clone();
            commodity.registration = self.recipient.party.number;
            Movement::receipt(
                (commodity, line.product.schedule),
                self.sender.number,
                line.amount,
                (at.timestamp, document.clone()),
                receiver.clone(),
            )
        };
        self.lines.iter().map(receipt).collect()
    }
}

/// What left for one party, or for any, from `first` to `last`, both inclusive, in the order of the events.
pub fn sent_between<'a>(
    events: impl IntoIterator<Item = &'a OutgoingEvent>,
    (first, last): (Date, Date),
    party: Option<DeaNumber>,
) -> Vec<&'a Outgoing> {
    let sent = events.into_iter().filter_map(|event| match event {
        OutgoingEvent::Sent(sent) => Some(sent.as_ref()),
        OutgoingEvent::Confirmed(_) => None,
    });
    sent.filter(|sent| (first..=last).contains(&sent.at.date()))
        .filter(|sent| party.is_none_or(|party| sent.recipient.party.number == party))
        .collect()
}
