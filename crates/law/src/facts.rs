//! The facts a question rests on, in blocks. A field that is not stated has the value the format presumes.
//!
//! Quantities are whole units of the prescription's unit; a caller with fractions scales every quantity of one
//! question by the same factor.

mod care;
mod counter;
mod entered;
mod practice;
pub use care::*;
pub use counter::*;
pub use entered::*;
pub use practice::*;
mod business;
mod losses;
mod records;
mod trade;
pub use business::*;
pub use losses::*;
pub use records::*;
pub use trade::*;
mod online;
mod sales;
mod screening;

pub use online::*;
pub use sales::*;
pub use screening::*;

use crate::read::block;
use crate::vocab::{
    Activity, Alteration, Between, CentralStanding, Certificate, Chemical, Compliance, Condition, Container,
    CountMethod, Delivery, Document, DosageForm, Element, FirstStatus, Form, HistoryKind, Identification, Ingredient,
    Instrument, Issuer, LabelElement, LabelKind, LossKind, Occasion, OrderMethod, OrderSigner, Packaging, Party, Per,
    PractitionerKind, Purpose, Registration, Relationship, Salt, Schedule, Sender, Setting, Signature, Signer,
    SigningMethod, Site, Staff, State, Status, Substance, TransferElement, Unit,
};
use crate::when::When;
use jiff::civil::Date;

block! {
    /// A prescription as it lies before the pharmacist, or before the practitioner at signing.
    Prescription
    required {
        /// The schedule of the drug on the day of issue.
        schedule: Schedule,
        /// How it came.
        form: Form,
        /// The date written as the date of issue; for an oral one the day of the authorisation.
        issued: Date,
        /// The quantity prescribed, in units.
        quantity: u64,
    }
    stated {
        /// What one unit is.
        unit: Unit = Unit::Tablet,
        /// The drug's name, where it matters.
        drug: Option<String> = None,
        /// Whether the drug is a narcotic.
        narcotic: bool = false,
        /// Refills written on it.
        refills_authorized: u32 = 0,
        /// Who signed.
        signature: Signature = Signature::Practitioner,
        /// The day of signing; absent means the day of issue.
        signed_on: Option<Date> = None,
        /// What it was written with.
        instrument: Instrument = Instrument::Ink,
        /// Required elements that are absent.
        missing: Vec<Element> = Vec::new(),
        /// The earliest date on which it may be filled.
        earliest_fill: Option<Date> = None,
        /// Where the patient is cared for.
        setting: Setting = Setting::Retail,
        /// What it is for.
        purpose: Purpose = Purpose::Treatment,
        /// Compounded for direct administration by infusion.
        compounded_infusion: bool = false,
        /// The hospice note is on its face.
        hospice_noted: bool = false,
        /// The signed original of a fax is presented.
        original_presented: bool = false,
        /// Who sent the fax or telephoned.
        sender: Sender = Sender::Practitioner,
        /// The practitioner evaluated the patient in person.
        in_person_evaluation: bool = true,
        /// The day on which the practitioner discontinued the medication.
        discontinued: Option<Date> = None,
    }
}

impl Prescription {
    /// The day of signing.
    pub fn signed(&self) -> Date {
        self.signed_on.unwrap_or(self.issued)
    }
}

block! {
    /// Who prescribes, and under which registration.
    Prescriber
    required {}
    stated {
        /// The kind of practitioner.
        kind: PractitionerKind = PractitionerKind::Physician,
        /// The State authorises this practitioner for this schedule and within scope.
        state_authorized: bool = true,
        /// The registration used.
        registration: Registration = Registration::Own,
        /// Its status on the day of signing.
        registration_status: Status = Status::Valid,
        /// The day on which it runs out.
        registration_expires: Option<Date> = None,
        /// The schedules it covers.
        schedules: Vec<Schedule> = vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
    }
}

block! {
    /// One earlier act about the same prescription, purchaser or signing session.
    Act
    required {
        /// What was done.
        kind: HistoryKind,
        /// When.
        at: When,
    }
    stated {
        /// How many units.
        quantity: Option<u64> = None,
        /// How many milligrams of base.
        base_mg: Option<u64> = None,
        /// How often, on the same occasion.
        count: u64 = 1,
        /// The listed chemical of a sale; absent means the one asked about.
        chemical: Option<Chemical> = None,
    }
}

impl Act {
    /// An act with a quantity.
    pub fn of(kind: HistoryKind, at: impl Into<When>, quantity: u64) -> Self {
        Self { quantity: Some(quantity), ..Self::new(kind, at.into()) }
    }

    /// All units of the entry: quantity times count.
    pub fn units(&self) -> u64 {
        self.quantity.unwrap_or(0).saturating_mul(self.count)
    }
}

block! {
    /// The prescription replaces an electronic one whose transmission failed.
    Replacement
    required {
        /// What became of the electronic one.
        first: FirstStatus,
    }
    stated {
        /// It says that the first was sent electronically, where, when, and that it failed.
        states_failure: bool = true,
    }
}

block! {
    /// The circumstances of an oral authorisation of schedule II.
    Emergency
    required {}
    stated {
        /// The drug must be given at once.
        immediate_need: bool = true,
        /// There is no appropriate alternative.
        no_alternative: bool = true,
        /// The practitioner cannot reasonably provide a written prescription first.
        written_not_possible: bool = true,
        /// The pharmacist knows the practitioner.
        practitioner_known: bool = true,
        /// A reasonable effort has shown that the call is genuine.
        identity_verified: bool = false,
        /// The kind of pharmacy.
        site: Site = Site::Retail,
        /// The practitioner can send a conforming electronic prescription now.
        electronic_available: bool = false,
    }
}

block! {
    /// The written prescription that follows an emergency.
    Followup
    required {}
    stated {
        /// The day on which it was received; absent when it was not.
        received: Option<Date> = None,
        /// How it came.
        by: Option<Delivery> = None,
        /// The postmark.
        postmarked: Option<Date> = None,
        /// The words "Authorization for Emergency Dispensing" are on its face.
        statement: bool = true,
        /// The date of the oral order is on its face.
        oral_date: bool = true,
        /// For how many units it is; absent means for what was authorised orally.
        quantity: Option<u64> = None,
        /// The day on which DEA was told that it did not come.
        dea_notified: Option<Date> = None,
    }
}

block! {
    /// A declared state of emergency.
    Disaster
    required {
        /// The day number of the emergency; 1 on the first day.
        day: u32,
    }
    stated {
        /// An emergency has been declared.
        declared: bool = true,
        /// Supplies already given in it.
        prior_supplies: u32 = 0,
    }
}

block! {
    /// How a prescription is transferred.
    Transfer
    required {}
    stated {
        /// Between whom.
        between: Between = Between::Pharmacists,
        /// The other pharmacy is registered.
        other_registered: bool = true,
        /// What did not come along.
        missing: Vec<TransferElement> = Vec::new(),
    }
}

block! {
    /// The pharmacy.
    Pharmacy
    required {}
    stated {
        /// Its kind.
        kind: Site = Site::Retail,
        /// It shares a real-time, on-line database with the other pharmacy.
        shared_database: bool = false,
        /// Its application retrieves prescriptions by practitioner, patient, drug and date.
        retrieval_system: bool = false,
        /// It has certified itself for sales of listed chemical products.
        self_certified: bool = true,
        /// The seller was trained.
        seller_trained: bool = true,
    }
}

block! {
    /// What the pharmacy's application sees of an electronic prescription.
    Electronic
    required {}
    stated {
        /// How many DEA numbers it carries.
        dea_numbers: u32 = 1,
        /// What happened on the way.
        alteration: Alteration = Alteration::None,
        /// Whether the prescriber's application meets the rules.
        prescriber_software: Compliance = Compliance::Compliant,
        /// Whether the pharmacy's application meets the rules.
        pharmacy_system: Compliance = Compliance::Compliant,
        /// The age of the registrant data, in days.
        registry_age_days: u32 = 0,
    }
}

block! {
    /// How a central fill pharmacy stands to the retail pharmacy.
    Central
    required {}
    stated {
        /// The relation between the two.
        relationship: Relationship = Relationship::Contract,
        /// Who prepares.
        preparer: Staff = Staff::Pharmacist,
        /// An emergency oral prescription of schedule II.
        emergency: bool = false,
        /// Everything required was transmitted.
        information_complete: bool = true,
        /// Under what the central fill pharmacy works.
        standing: CentralStanding = CentralStanding::CentralFill,
        /// The retail pharmacist's decision about legitimacy is recorded.
        retail_decided: bool = true,
        /// The central fill pharmacist's decision about legitimacy is recorded.
        central_decided: bool = true,
    }
}

block! {
    /// A label.
    Label
    required {}
    stated {
        /// For which kind of dispensing.
        kind: LabelKind = LabelKind::Retail,
        /// What it lacks.
        missing: Vec<LabelElement> = Vec::new(),
        /// Days' supply dispensed.
        days_supply: Option<u32> = None,
        /// Units dispensed.
        units: Option<u64> = None,
        /// It is a refill.
        refill: bool = false,
        /// Cautions that the prescription or the law requires.
        cautions: Vec<String> = Vec::new(),
        /// Cautions that the label shows.
        cautions_shown: Vec<String> = Vec::new(),
        /// In an institution: the drug is in the patient's possession before administration.
        in_possession: bool = false,
        /// The institution has safeguards for distribution.
        safeguards: bool = true,
    }
}

block! {
    /// A parcel with a dispensed drug.
    Parcel
    required {}
    stated {
        /// Nothing outside tells what is inside.
        outer_plain: bool = true,
        /// The inner container is sealed and marked.
        inner_sealed: bool = true,
        /// The sender is a registered exporter with the permit or declaration.
        exporter_registered: bool = false,
    }
}

block! {
    /// A product sold at the counter.
    Product
    required {}
    stated {
        /// It contains opium.
        contains_opium: bool = false,
        /// The food and drug law makes it a prescription drug.
        prescription_drug: bool = false,
        /// How it is packed.
        packaging: Packaging = Packaging::Blister2,
        /// The listed chemical.
        chemical: Option<Chemical> = None,
        /// Its salt.
        salt: Option<Salt> = None,
        /// Milligrams of salt in a unit.
        mg_per_unit: Option<u64> = None,
    }
}

block! {
    /// Who buys at the counter.
    Purchaser
    required {
        /// Age in full years.
        age: u32,
    }
    stated {
        /// Known to the pharmacist.
        known: bool = false,
        /// What was shown.
        identification: Identification = Identification::GovernmentPhoto,
        /// The date of birth; where it is stated the age is counted from it.
        born: Option<Date> = None,
    }
}

impl Purchaser {
    /// Full years on `day`: of the date of birth where it is stated. Whoever was born on 29 February completes a year with
    /// the last day of February.
    pub fn years(&self, day: Date) -> u64 {
        let Some(born) = self.born else { return u64::from(self.age) };
        let turned = i64::from(day.year()) - i64::from(born.year());
        let birthday = theriac_model::calendar::years_after(born, u16::try_from(turned).unwrap_or(0));
        let complete = if birthday.is_some_and(|birthday| birthday <= day) { turned } else { turned - 1 };
        u64::try_from(complete).unwrap_or(0)
    }
}

block! {
    /// A pharmacy that dispenses by means of the Internet.
    Online
    required {}
    stated {
        /// DEA has modified the registration for it.
        modified_registration: bool = false,
        /// What it does by means of the Internet.
        activities: Vec<Activity> = Vec::new(),
        /// Prescriptions dispensed in the month.
        prescriptions: Option<u64> = None,
        /// Dosage units dispensed in the month.
        units: Option<u64> = None,
        /// The day on which DEA and the State boards were notified.
        notified: Option<Date> = None,
    }
}

block! {
    /// One of several schedule II prescriptions issued at one sitting.
    SeriesItem
    required {
        /// Days' supply.
        days_supply: u32,
    }
    stated {
        /// The earliest date on which it may be filled.
        earliest_fill: Option<Date> = None,
    }
}

block! {
    /// Several schedule II prescriptions issued at one sitting.
    Series
    required {
        /// The day of issue.
        issued: Date,
        /// The prescriptions, in order.
        items: Vec<SeriesItem>,
    }
    stated {
        /// Each is a prescription of its own.
        separate: bool = true,
        /// The practitioner confirms that the set creates no undue risk of diversion or abuse.
        no_undue_risk: bool = true,
    }
}

block! {
    /// A signing session in the prescribing application.
    Session
    required {}
    stated {
        /// Who signs.
        signer: Signer = Signer::Registrant,
        /// The statement was agreed to.
        statement_agreed: bool = true,
        /// Each prescription was selected for signing.
        selected: bool = true,
        /// How many patients the signing act covers.
        patients: u32 = 1,
        /// With what it is signed.
        method: SigningMethod = SigningMethod::Application,
    }
}

block! {
    /// An order between registrants.
    Order
    required {
        /// How it is made.
        method: OrderMethod,
    }
    stated {
        /// The schedules ordered.
        schedules: Vec<Schedule> = vec![Schedule::II],
        /// Numbered lines used.
        lines: u32 = 1,
        /// The purchaser wrote the number of lines.
        last_line_completed: bool = true,
        /// Who signs.
        signer: OrderSigner = OrderSigner::Registrant,
        /// It is signed.
        signed: bool = true,
        /// Its condition.
        condition: Condition = Condition::Good,
        /// The state of the certificate.
        certificate: Certificate = Certificate::Valid,
        /// The copies of a triplicate are together.
        copies_attached: bool = true,
        /// The day of execution.
        executed: Option<Date> = None,
        /// The day of the first shipment.
        first_shipped: Option<Date> = None,
        /// The shipment goes to the registered address.
        registered_address: bool = true,
        /// It was endorsed to another supplier before.
        endorsed_before: bool = false,
        /// Units ordered.
        ordered_units: Option<u64> = None,
        /// The purchaser is exempt from the limit on quantities.
        purchaser_exempt: bool = false,
    }
}

block! {
    /// A pharmacy supplies another registrant.
    Distribution
    required {
        /// Who receives.
        recipient: Party,
        /// The schedule.
        schedule: Schedule,
        /// The document used.
        document: Document,
        /// Dosage units dispensed in the calendar year.
        dispensed_year: u64,
        /// Dosage units distributed in the calendar year, without the quantity asked about.
        distributed_year: u64,
    }
    stated {
        /// The recipient is registered.
        recipient_registered: bool = true,
        /// The pharmacy is registered as a distributor as well.
        sender_distributor: bool = false,
    }
}

block! {
    /// Stock to be counted.
    Stock
    required {}
    stated {
        /// The occasion.
        occasion: Occasion = Occasion::Biennial,
        /// The schedule.
        schedule: Option<Schedule> = None,
        /// Whether the container was opened.
        container: Option<Container> = None,
        /// Units the container holds when full.
        capacity: Option<u64> = None,
        /// How it was counted.
        method: Option<CountMethod> = None,
        /// Units on hand.
        on_hand: u64 = 1,
    }
}

block! {
    /// A loss.
    Loss
    required {
        /// Its kind.
        kind: LossKind,
    }
    stated {
        /// How many witnessed it.
        witnesses: u32 = 0,
        /// The purchaser has taken custody.
        signed_for: bool = false,
        /// Who hired the carrier.
        carrier_hired_by: Option<Party> = None,
    }
}

block! {
    /// Stock given away for disposal.
    Disposal
    required {
        /// The schedule.
        schedule: Schedule,
    }
    stated {
        /// The document used.
        document: Document = Document::None,
        /// Who issued it.
        document_issuer: Issuer = Issuer::Recipient,
        /// The recipient is registered for it.
        recipient_registered: bool = true,
        /// DEA has approved.
        dea_approved: bool = false,
        /// The record holds everything required.
        record_complete: bool = true,
    }
}

block! {
    /// A substance in a preparation.
    Content
    required {
        /// The substance.
        name: Substance,
    }
    stated {
        /// The dosage form.
        dosage_form: DosageForm = DosageForm::Tablet,
        /// Micrograms of the substance.
        amount_mcg: Option<u64> = None,
        /// For what the amount is given.
        per: Option<Per> = None,
        /// What else is in it.
        with: Vec<Ingredient> = Vec::new(),
        /// Micrograms of atropine sulfate in the same measure.
        atropine_mcg: u64 = 0,
        /// The strength as it is written, such as `10 mg/5 mL`, instead of amount and measure.
        strength: Option<String> = None,
        /// Other controlled substances in the same product.
        and: Vec<Content> = Vec::new(),
    }
}

/// Blocks whose fields all have a presumed value.
macro_rules! presumed {
    ($($name:ident)+) => { $(impl Default for $name { fn default() -> Self { Self::new() } })+ };
}
presumed!(Practice NumberHolder Program);
presumed!(Intake Judgement Filling Sibling Addition Entered RefillKeeping);
presumed!(Prescriber Emergency Followup Transfer Pharmacy Electronic Central Label Parcel Product Online Session Stock);

/// Everything stated beside the request. An absent block has all its presumed values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The prescription.
    pub prescription: Option<Prescription>,
    /// The prescriber.
    pub prescriber: Prescriber,
    /// The prescriber's authority in detail.
    pub practice: Option<Box<Practice>>,
    /// What is known of the holder of a registration number.
    pub holder: Option<Box<NumberHolder>>,
    /// The narcotic treatment program.
    pub program: Option<Box<Program>>,
    /// How the prescription was taken in.
    pub intake: Option<Box<Intake>>,
    /// What the pharmacist judged.
    pub judgement: Option<Box<Judgement>>,
    /// Who fills.
    pub filling: Option<Box<Filling>>,
    /// The other prescriptions of a set.
    pub siblings: Option<Box<Siblings>>,
    /// How further refills were authorised.
    pub addition: Option<Box<Addition>>,
    /// An entry in the records.
    pub entry: Option<Box<Entered>>,
    /// How refill information is kept.
    pub refill_keeping: Option<Box<RefillKeeping>>,
    /// A day of refills.
    pub refill_day: Option<Box<RefillDay>>,
    /// What became of prescriptions filled centrally.
    pub dispositions: Option<Box<Dispositions>>,
    /// What was done before, in order of time.
    pub history: Vec<Act>,
    /// The failed first prescription that this one replaces.
    pub replacement: Option<Replacement>,
    /// The circumstances of an oral authorisation.
    pub emergency: Emergency,
    /// The written prescription that followed an emergency.
    pub followup: Followup,
    /// The declared emergency.
    pub disaster: Option<Disaster>,
    /// The transfer.
    pub transfer: Transfer,
    /// The pharmacy.
    pub pharmacy: Pharmacy,
    /// What the pharmacy's application sees.
    pub electronic: Electronic,
    /// The central fill arrangement.
    pub central: Central,
    /// The label.
    pub label: Label,
    /// The parcel.
    pub parcel: Parcel,
    /// The product.
    pub product: Product,
    /// The purchaser.
    pub purchaser: Option<Purchaser>,
    /// The online pharmacy.
    pub online: Online,
    /// The series.
    pub series: Option<Series>,
    /// The signing session.
    pub session: Session,
    /// The order.
    pub order: Option<Order>,
    /// The distribution.
    pub distribution: Option<Distribution>,
    /// The stock.
    pub stock: Stock,
    /// The loss.
    pub loss: Option<Loss>,
    /// The order in more detail.
    pub details: Option<Box<OrderDetails>>,
    /// The supplier's refusal of the order.
    pub refusal: Option<Box<OrderRefusal>>,
    /// The power of attorney.
    pub power: Option<Box<Power>>,
    /// The lost order.
    pub lost: Option<Box<LostOrder>>,
    /// The lost or found order forms.
    pub forms: Option<Box<LostForms>>,
    /// The receipt.
    pub receipt: Option<Box<Receipt>>,
    /// The movement of stock.
    pub movement: Option<Box<StockMovement>>,
    /// The place where substances are handled.
    pub place: Option<Box<Place>>,
    /// The move to another address.
    pub relocation: Option<Box<Move>>,
    /// The registration that ends.
    pub closing: Option<Box<Closing>>,
    /// The business that passes on.
    pub business: Option<Box<BusinessTransfer>>,
    /// The employee.
    pub employee: Option<Box<Employee>>,
    /// The automated dispensing system.
    pub machine: Option<Box<Machine>>,
    /// The emergency kit.
    pub kit: Option<Box<Kit>>,
    /// The official of a Federal service.
    pub official: Option<Box<Official>>,
    /// The use of a hospital's number.
    pub assignment: Option<Box<Assignment>>,
    /// The parcel in the mail, in detail.
    pub mailing: Option<Box<Mailing>>,
    /// The inventory that is to be closed.
    pub inventory: Option<Box<InventoryRecord>>,
    /// What is thought of a loss.
    pub assessment: Option<Box<Assessment>>,
    /// The notice of a loss.
    pub notice: Option<Box<LossNotice>>,
    /// The case of a loss.
    pub case: Option<Box<LossCase>>,
    /// The Form 106.
    pub form106: Option<Box<Form106>>,
    /// Earlier losses.
    pub past_losses: Option<Box<PastLosses>>,
    /// The theft.
    pub crime: Option<Box<Crime>>,
    /// The disposal.
    pub disposal: Option<Disposal>,
    /// The substance.
    pub substance: Option<Content>,
    /// How a sale of a listed chemical product is carried out.
    pub slcp: Option<Box<SlcpSale>>,
    /// A seller's certification.
    pub certification: Option<Box<Certification>>,
    /// Who orders, and for what.
    pub buyer: Option<Box<Buyer>>,
    /// More about a sale at the counter.
    pub counter: Option<Box<CounterSale>>,
    /// What somebody does by means of the Internet.
    pub website: Option<Box<Website>>,
    /// What goes where.
    pub shipment: Option<Box<Shipment>>,
    /// A month of an online pharmacy.
    pub month: Option<Box<Month>>,
    /// What may raise a red flag.
    pub screen: Option<Box<Screen>>,
    /// What the monitoring programme was asked.
    pub monitoring: Option<Box<Monitoring>>,
    /// Who picks the drug up.
    pub pickup: Option<Box<Pickup>>,
    /// What the supply is for.
    pub supply: Option<Box<Supply>>,
    /// The State whose rules are laid over the profile's.
    pub state: Option<State>,
    /// State law permits the practice asked about.
    pub state_permits: bool,
    /// Days that are no business days, besides week-ends.
    pub holidays: Vec<Date>,
}

impl Default for Facts {
    fn default() -> Self {
        Self {
            prescription: None,
            prescriber: Prescriber::new(),
            practice: None,
            holder: None,
            program: None,
            intake: None,
            judgement: None,
            filling: None,
            siblings: None,
            addition: None,
            entry: None,
            refill_keeping: None,
            refill_day: None,
            dispositions: None,
            history: Vec::new(),
            replacement: None,
            emergency: Emergency::new(),
            followup: Followup::new(),
            disaster: None,
            transfer: Transfer::new(),
            pharmacy: Pharmacy::new(),
            electronic: Electronic::new(),
            central: Central::new(),
            label: Label::new(),
            parcel: Parcel::new(),
            product: Product::new(),
            purchaser: None,
            online: Online::new(),
            series: None,
            session: Session::new(),
            order: None,
            distribution: None,
            stock: Stock::new(),
            loss: None,
            details: None,
            refusal: None,
            power: None,
            lost: None,
            forms: None,
            receipt: None,
            movement: None,
            place: None,
            relocation: None,
            closing: None,
            business: None,
            employee: None,
            machine: None,
            kit: None,
            official: None,
            assignment: None,
            mailing: None,
            inventory: None,
            assessment: None,
            notice: None,
            case: None,
            form106: None,
            past_losses: None,
            crime: None,
            disposal: None,
            substance: None,
            slcp: None,
            certification: None,
            buyer: None,
            counter: None,
            website: None,
            shipment: None,
            month: None,
            screen: None,
            monitoring: None,
            pickup: None,
            supply: None,
            state: None,
            state_permits: true,
            holidays: Vec::new(),
        }
    }
}
