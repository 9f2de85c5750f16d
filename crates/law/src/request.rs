//! What is asked: one variant an action, with the fields of that action only.

use crate::read::{FromJson, Malformed, Object};
use crate::vocab::{
    Approval, Basis, Book, BookChange, BookForm, CannabisProduct, CentralFlow, CertificateEvent, Change, Channel,
    DeaForm, Delivery, DisclosurePurpose, EarlierLosses, Element, Entry, Event, FacilityKind, Factor, File, Flag,
    FlagDecision, Form, FormPurpose, Grounds, Handling, Holding, InstitutionOrder, KitStep, MachineStep, Market,
    Matter, Medium, Movement, NeedToKnow, Notation, NumberSource, OrderFor, Paper, Party, Reader, Recipient, Record,
    RecordEntry, RecordFile, Registrant, ReportElement, Residence, Retrieval, Route, Schedule, SiteElement, Staff,
    Step, Unit,
};
use crate::when::When;
use jiff::civil::Date;

/// Declares the actions: word, fields with presumed values, and the blocks of facts that must or may stand beside.
macro_rules! actions {
    ($($(#[$meta:meta])* $name:ident = $word:literal
        { $($(#[$rm:meta])* $rf:ident: $rt:ty,)* }
        presuming { $($(#[$sm:meta])* $sf:ident: $st:ty = $default:expr,)* }
        needs [$($need:ident)*] reads [$($may:ident)*];)+) => {
        /// A request: the action with its own fields.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Request { $($(#[$meta])* $name { $($(#[$rm])* $rf: $rt,)* $($(#[$sm])* $sf: $st,)* },)+ }

        impl Request {
            /// Every action's word.
            pub const ACTIONS: &'static [&'static str] = &[$($word,)+];

            /// The action's word in the format.
            pub const fn action(&self) -> &'static str {
                match self { $(Self::$name { .. } => $word,)+ }
            }

            /// The blocks of facts that must be stated.
            pub(crate) const fn needs(&self) -> &'static [&'static str] {
                match self { $(Self::$name { .. } => &[$(stringify!($need),)*],)+ }
            }

            /// The blocks of facts that may be stated.
            pub(crate) const fn reads(&self) -> &'static [&'static str] {
                match self { $(Self::$name { .. } => &[$(stringify!($may),)*],)+ }
            }

            /// Reads the fields of `action` from the request object.
            pub(crate) fn read(action: &str, object: &mut Object<'_>) -> Result<Self, Malformed> {
                match action {
                    $($word => {
                        $(let $rf = object.must(stringify!($rf))?;)*
                        $(let $sf = match object.maybe(stringify!($sf))? { Some(value) => value, None => $default };)*
                        Ok(Self::$name { $($rf,)* $($sf,)* })
                    })+
                    _ => {
                        let known = Self::ACTIONS.join(" ");
                        let written = crate::read::short(action);
                        Err(Malformed::new("request.action", format!("\"{written}\" is not an action: {known}")))
                    }
                }
            }
        }
    };
}

actions! {
    /// May the pharmacist dispense the first, full filling?
    Fill = "fill" {
        /// Units to dispense.
        quantity: u64,
    } presuming {} needs [prescription] reads [prescriber practice history replacement intake judgement filling siblings screen monitoring supply official assignment entry];

    /// May one more filling be dispensed on the refills?
    Refill = "refill" {
        /// Units to dispense.
        quantity: u64,
    } presuming {} needs [prescription] reads [history judgement filling refill_keeping screen monitoring supply entry];

    /// May the practitioner add refills by telephone?
    AuthorizeRefills = "authorize-refills" {
        /// Refills added.
        additional: u32,
        /// Units of each.
        quantity: u64,
    } presuming {} needs [prescription] reads [history addition entry];

    /// May a part be dispensed?
    PartialFill = "partial-fill" {
        /// Units to dispense.
        quantity: u64,
        /// Why schedule II is split; `General` for III to V.
        basis: Basis,
    } presuming {
        /// The words on the prescription.
        notation: Option<Notation> = None,
        /// Whether the rest can be supplied within 72 hours.
        remainder_available: bool = true,
        /// Whether it is doubtful that the patient is terminally ill.
        terminal_in_doubt: bool = false,
    } needs [prescription] reads [history judgement filling entry];

    /// How many units does the prescription still allow?
    RemainingQuantity = "remaining-quantity" {} presuming {} needs [prescription] reads [history];

    /// How many refills does the prescription still allow?
    RefillsRemaining = "refills-remaining" {} presuming {} needs [prescription] reads [history];

    /// May schedule II be dispensed on an oral authorisation?
    EmergencyFill = "emergency-fill" {
        /// Units to dispense.
        quantity: u64,
        /// Units that the emergency period requires.
        needed: u64,
    } presuming {} needs [prescription] reads [emergency intake judgement];

    /// Is the written prescription that must follow in order?
    EmergencyFollowup = "emergency-followup" {} presuming {} needs [prescription followup] reads [entry];

    /// Does the authority for an emergency dispensing stand, is it open, or is it void?
    EmergencyAuthority = "emergency-authority" {} presuming {} needs [prescription followup] reads [];

    /// May it be dispensed without authorisation in a declared emergency?
    DisasterRefill = "disaster-refill" {
        /// Days' supply.
        days_supply: u32,
    } presuming {} needs [prescription disaster] reads [];

    /// May this pharmacy send the prescription to another?
    TransferOut = "transfer-out" {} presuming {} needs [prescription] reads [transfer pharmacy history entry];

    /// May this pharmacy accept the prescription from another?
    TransferIn = "transfer-in" {} presuming {} needs [prescription] reads [transfer entry];

    /// May the pharmacy's application accept the electronic prescription?
    ReceiveElectronic = "receive-electronic" {} presuming {} needs [prescription] reads [official assignment prescriber practice electronic];

    /// May it be filled centrally?
    CentralFill = "central-fill" {
        /// Which step.
        step: Step,
    } presuming {
        /// Whether it is a refill.
        refill: bool = false,
    } needs [prescription] reads [central history entry];

    /// Is the label enough?
    Label = "label" {} presuming {} needs [prescription label] reads [];

    /// May the pharmacist change the prescription?
    Amend = "amend" {
        /// Which element.
        element: Element,
        /// How.
        change: Change,
    } presuming {
        /// Whether the practitioner was asked.
        consulted: bool = false,
    } needs [prescription] reads [entry];

    /// May the dispensed drug be handed over?
    Deliver = "deliver" {
        /// To whom.
        to: Recipient,
    } presuming {
        /// How.
        by: Delivery = Delivery::Hand,
    } needs [prescription] reads [parcel prescriber judgement screen pickup mailing history];

    /// May a schedule V product be sold without a prescription?
    SellOtcCv = "sell-otc-cv" {
        /// Units sold.
        quantity: u64,
        /// What one unit is.
        unit: Unit,
        /// Who sells.
        seller: Staff,
    } presuming {
        /// Who takes the money.
        cashier: Staff = Staff::Pharmacist,
    } needs [product purchaser] reads [history pharmacy counter];

    /// May a listed chemical product be sold?
    SellSlcp = "sell-slcp" {} presuming {
        /// Tablets sold.
        quantity: Option<u64> = None,
        /// Milligrams of base sold.
        base_mg: Option<u64> = None,
        /// Packages sold.
        packages: u64 = 1,
        /// How it is sold.
        channel: Channel = Channel::Counter,
    } needs [product purchaser] reads [history pharmacy slcp];

    /// May a seller certify itself for sales of listed chemical products?
    CertifySlcp = "certify-slcp" {} presuming {} needs [certification] reads [];

    /// Is the written report of a lost listed chemical complete?
    ReportSlcpLoss = "report-slcp-loss" {} presuming {
        /// What it lacks.
        missing: Vec<ReportElement> = Vec::new(),
        /// Whether the seller is registered.
        seller: Registrant = Registrant::Registered,
    } needs [] reads [];

    /// May a book of sales be kept so, and may this be done to an entry?
    KeepBook = "keep-book" {
        /// The book.
        book: Book,
    } presuming {
        /// Its form.
        kept: BookForm = BookForm::Electronic,
        /// What is done to an entry.
        change: BookChange = BookChange::Append,
    } needs [] reads [];

    /// May the data of a book of sales be disclosed?
    DiscloseBook = "disclose-book" {
        /// The book.
        book: Book,
        /// For what.
        purpose: DisclosurePurpose,
    } presuming {} needs [] reads [];

    /// May a product of the cannabis plant be sold by a registered pharmacy?
    SellCannabis = "sell-cannabis" {
        /// The product.
        product: CannabisProduct,
    } presuming {} needs [] reads [];

    /// May a pharmacy dispense by means of the Internet?
    OnlineDispense = "online-dispense" {} presuming {} needs [prescription online] reads [website shipment];

    /// Is somebody an online pharmacy?
    ClassifyOnline = "classify-online" {} presuming {} needs [website] reads [];

    /// Is the home page of an online pharmacy complete?
    OnlineSite = "online-site" {
        /// How far the application has come.
        approval: Approval,
    } presuming {
        /// What the page lacks.
        missing: Vec<SiteElement> = Vec::new(),
    } needs [] reads [];

    /// May the address of the website change on this day?
    OnlineUrl = "online-url" {} presuming {
        /// The day on which DEA was told.
        notified: Option<Date> = None,
    } needs [] reads [];

    /// May the monthly report be sent as it is?
    SendMonthlyReport = "send-monthly-report" {} presuming {
        /// On what.
        medium: Medium = Medium::Electronic,
    } needs [month] reads [];

    /// Which warning signs does a prescription raise?
    ScreenFlags = "screen" {} presuming {} needs [screen] reads [prescription history];

    /// What follows from a pharmacist's decision about a warning sign?
    ResolveFlag = "resolve-flag" {
        /// The flag.
        flag: Flag,
        /// The decision.
        decision: FlagDecision,
        /// Who decides.
        by: Staff,
    } presuming {
        /// On what ground.
        grounds: Grounds = Grounds::Judgement,
        /// With whom it was spoken.
        person: Option<String> = None,
        /// When.
        contacted: Option<When> = None,
        /// What came of it, or why.
        outcome: Option<String> = None,
        /// Where the number came from that was called.
        number: NumberSource = NumberSource::Independent,
    } needs [] reads [];

    /// Must the monitoring programme be asked before dispensing?
    CheckMonitoring = "check-monitoring" {} presuming {} needs [monitoring] reads [];

    /// Until when is a dispensing reported to the monitoring programme?
    ReportMonitoring = "report-monitoring" {
        /// The schedule of the drug.
        schedule: Schedule,
    } presuming {
        /// The drug's name.
        drug: Option<String> = None,
        /// The number of the identification that was shown.
        identification: Option<String> = None,
    } needs [] reads [];

    /// May somebody see data of the monitoring programme?
    AccessMonitoring = "access-monitoring" {
        /// Who.
        reader: Reader,
    } presuming {
        /// From where.
        from: Residence = Residence::InState,
        /// Whether an investigator shows the need.
        need: NeedToKnow = NeedToKnow::NotShown,
    } needs [] reads [];

    /// In which schedule is a product of this name?
    ScheduleOf = "schedule-of" {
        /// A generic name or a brand.
        name: String,
    } presuming {
        /// How it is sold.
        market: Market = Market::Nonprescription,
    } needs [] reads [];

    /// What puts a substance into this schedule?
    Criteria = "criteria" {
        /// The schedule.
        schedule: Schedule,
    } presuming {} needs [] reads [];

    /// May the practitioner issue several schedule II prescriptions at one sitting?
    Issue = "issue" {} presuming {} needs [series] reads [];

    /// May the practitioner's application sign?
    Sign = "sign" {
        /// The factors presented.
        factors: Vec<Factor>,
    } presuming {} needs [prescription] reads [session prescriber practice history];

    /// May the application transmit?
    Transmit = "transmit" {} presuming {
        /// In which form.
        form: Form = Form::Electronic,
    } needs [prescription] reads [history];

    /// May the application print?
    Print = "print" {} presuming {} needs [prescription] reads [history];

    /// May the purchaser execute and send the order?
    PlaceOrder = "order" {} presuming {} needs [order] reads [details buyer];

    /// May the supplier fill the order?
    FillOrder = "fill-order" {} presuming {
        /// Units shipped now.
        units: Option<u64> = None,
    } needs [order] reads [details];

    /// May the supplier pass the order to another supplier?
    EndorseOrder = "endorse-order" {} presuming {} needs [order] reads [];

    /// May the order be cancelled or voided?
    CancelOrder = "cancel-order" {
        /// By whom.
        by: Party,
    } presuming {
        /// Whether in writing.
        in_writing: bool = true,
    } needs [order] reads [details];

    /// May the refusal of an order be closed, by the supplier or in the purchaser's file?
    RefuseOrder = "refuse-order" {
        /// Whose side is asked about.
        by: Party,
    } presuming {} needs [order refusal] reads [];

    /// May a lost order be replaced?
    ReplaceLostOrder = "replace-lost-order" {} presuming {} needs [lost] reads [];

    /// Is the report of lost, stolen or found order forms in order?
    ReportOrderForms = "report-order-forms" {} presuming {} needs [forms] reads [];

    /// May so many books of order forms be asked for?
    RequestOrderForms = "request-order-forms" {
        /// Books asked for.
        books: u64,
    } presuming {
        /// A need for more than usual is stated.
        need_stated: bool = false,
    } needs [] reads [];

    /// May whoever holds the power of attorney sign an order?
    UsePower = "use-power" {} presuming {} needs [power] reads [];

    /// May a registrant begin to order electronically?
    EnableElectronicOrdering = "enable-electronic-ordering" {} presuming {
        /// A coordinator for certificates is appointed.
        coordinator_appointed: bool = true,
    } needs [] reads [];

    /// What follows from this event for a certificate?
    RevokeCertificate = "revoke-certificate" {
        /// What happened.
        event: CertificateEvent,
    } presuming {} needs [] reads [];

    /// May the shipment be received and the receipt closed?
    ReceiveStock = "receive-stock" {} presuming {} needs [receipt] reads [];

    /// May stock leave the pharmacy this way, on this document?
    MoveStock = "move-stock" {} presuming {} needs [movement] reads [];

    /// On which document does stock move this way?
    MovementDocument = "movement-document" {
        /// The way.
        kind: Movement,
        /// The schedule.
        schedule: Schedule,
    } presuming {} needs [] reads [];

    /// Who keeps this copy of a triplicate order form?
    CopyHolder = "copy-holder" {
        /// The way that the stock goes.
        kind: Movement,
        /// The copy: 1, 2 or 3.
        copy: u64,
    } presuming {} needs [] reads [];

    /// How many more units may be supplied to others this year?
    FivePercentLeft = "five-percent-left" {
        /// Dosage units dispensed this year.
        dispensed: u64,
        /// Dosage units supplied to others this year.
        distributed: u64,
    } presuming {} needs [] reads [];

    /// How many of these units count towards the five percent?
    FivePercentCounts = "five-percent-counts" {
        /// The way that they go.
        kind: Movement,
        /// Units.
        quantity: u64,
    } presuming {} needs [] reads [];

    /// May the pharmacy supply another registrant?
    Distribute = "distribute" {
        /// Dosage units.
        quantity: u64,
    } presuming {} needs [distribution] reads [];

    /// Is the count in order?
    InventoryCount = "inventory-count" {} presuming {} needs [stock] reads [];

    /// May the event be dealt with on this form?
    ReportLoss = "report-loss" {
        /// The form.
        form: DeaForm,
    } presuming {} needs [loss] reads [];

    /// May controlled substances be handled at this place in this way?
    Handle = "handle" {
        /// What is done.
        act: Handling,
    } presuming {} needs [place] reads [];

    /// May a move to another address be approved?
    ApproveMove = "approve-move" {} presuming {} needs [relocation] reads [];

    /// May the registration be renewed yet?
    RenewRegistration = "renew-registration" {
        /// Its last day.
        expires: Date,
    } presuming {} needs [] reads [];

    /// May a chain's renewal by affidavit be sent?
    RenewChain = "renew-chain" {} presuming {
        /// Locations on its list for which nobody answered.
        unanswered: Vec<String> = Vec::new(),
    } needs [] reads [];

    /// May the registration end?
    EndRegistration = "end-registration" {} presuming {} needs [closing] reads [];

    /// May the business pass to another registrant?
    TransferBusiness = "transfer-business" {} presuming {} needs [business] reads [];

    /// May the employee have access?
    GiveAccess = "give-access" {} presuming {} needs [employee] reads [];

    /// Which form of DEA serves?
    WhichForm = "which-form" {
        /// For what.
        purpose: FormPurpose,
    } presuming {} needs [] reads [];

    /// May this be done with an automated dispensing system?
    OperateMachine = "operate-machine" {
        /// What.
        step: MachineStep,
    } presuming {} needs [machine] reads [];

    /// May this be done with an emergency kit?
    OperateKit = "operate-kit" {
        /// What.
        step: KitStep,
    } presuming {} needs [kit] reads [];

    /// May a hospital assign a practitioner this internal code?
    AssignCode = "assign-code" {} presuming {} needs [assignment] reads [];

    /// Is the loss to be reported?
    AssessLoss = "assess-loss" {} presuming {} needs [assessment] reads [];

    /// Does the notice of the loss serve?
    NotifyLoss = "notify-loss" {} presuming {} needs [notice] reads [];

    /// May the case of the loss be closed?
    CloseLoss = "close-loss" {} presuming {} needs [case] reads [];

    /// Is the Form 106 filled in as it must be?
    FileForm106 = "file-form-106" {} presuming {} needs [form106] reads [];

    /// How many earlier losses does Form 106 count?
    EarlierLosses = "earlier-losses" {
        /// Which.
        which: EarlierLosses,
    } presuming {} needs [past_losses] reads [];

    /// Which value does Form 106 state, in cents?
    LossValue = "loss-value" {
        /// What the pharmacy paid.
        paid_cents: u64,
        /// What it would have sold for.
        retail_cents: u64,
    } presuming {} needs [] reads [];

    /// May the theft be a Federal offence?
    FederalOffence = "federal-offence" {} presuming {} needs [crime] reads [];

    /// Is the document whole?
    CheckDocument = "check-document" {
        /// The document.
        document: Paper,
    } presuming {
        /// The entries that are absent.
        missing: Vec<Entry> = Vec::new(),
        /// The schedule of the drug, where the entries depend on it.
        schedule: Option<Schedule> = None,
    } needs [] reads [];

    /// May the inventory be closed?
    CloseInventory = "close-inventory" {} presuming {} needs [inventory] reads [];

    /// May the record lie in this file?
    FileRecord = "file-record" {
        /// The record.
        record: Record,
        /// The file.
        file: RecordFile,
    } presuming {
        /// The schedule that it is about; absent where it is about several or none.
        schedule: Option<Schedule> = None,
        /// Whether it is readily told from others.
        retrieval: Retrieval = Retrieval::Readily,
    } needs [] reads [];

    /// May the record be discarded?
    DiscardRecord = "discard-record" {
        /// The record.
        record: Record,
        /// The day from which its period runs.
        made: Date,
    } presuming {
        /// The expiry of the last registration that it covers.
        covers_until: Option<Date> = None,
    } needs [] reads [];

    /// Do the books of a product add up over a period?
    BalanceBooks = "balance-books" {
        /// Units at the beginning.
        opening: u64,
        /// Units that came.
        came: u64,
        /// Units that went.
        went: u64,
        /// Units at the end.
        closing: u64,
    } presuming {} needs [] reads [];

    /// Who must report the loss?
    ResponsibleParty = "responsible-party" {} presuming {} needs [loss] reads [];

    /// May stock go this way for disposal?
    Dispose = "dispose" {
        /// Where it goes.
        route: Route,
    } presuming {} needs [disposal] reads [];

    /// May the prescription be kept in this file?
    FilePrescription = "file-prescription" {
        /// The file.
        file: File,
    } presuming {
        /// The height of a red C in the lower right corner, in tenths of an inch; 0 when there is none.
        red_c_tenths_inch: u32 = 0,
        /// On what.
        medium: Medium = Medium::Paper,
    } needs [prescription] reads [pharmacy];

    /// May this record be kept away from the pharmacy?
    KeepCentral = "keep-central" {
        /// The record.
        record: Record,
    } presuming {
        /// The day on which DEA received the notice.
        notice_received: Option<Date> = None,
    } needs [] reads [];

    /// Until when must this record be kept?
    Retain = "retain" {
        /// The record.
        record: Record,
    } presuming {} needs [] reads [];

    /// When does this period end?
    Deadline = "deadline" {
        /// What starts it.
        event: Event,
    } presuming {} needs [] reads [];

    /// Which monthly report is due?
    MonthlyReport = "monthly-report" {} presuming {} needs [online] reads [month];

    /// In which schedule is the preparation?
    Classify = "classify" {} presuming {} needs [substance] reads [];

    /// Is this a DEA number, and whose?
    CheckDeaNumber = "check-dea-number" {
        /// The number as written.
        number: String,
    } presuming {
        /// The practitioner's last name.
        last_name: Option<String> = None,
    } needs [] reads [holder];

    /// Is this entry of a prescription's records complete, and where it may stand?
    CheckEntry = "check-entry" {
        /// The entry.
        entry: RecordEntry,
    } presuming {} needs [entry] reads [prescription];

    /// Is a day of refills complete?
    CloseRefillDay = "close-refill-day" {} presuming {} needs [refill_day] reads [];

    /// Were these parts of a schedule II prescription dispensed lawfully?
    AuditParts = "audit-parts" {} presuming {
        /// On what basis it was split, where one is recorded.
        basis: Option<Basis> = None,
        /// The words on the prescription.
        notation: Option<Notation> = None,
    } needs [prescription] reads [history];

    /// Which date do these words give as the earliest date of filling?
    ReadEarliestFill = "read-earliest-fill" {
        /// The words.
        words: String,
    } presuming {} needs [prescription] reads [];

    /// Who answers for this?
    Accountable = "accountable" {
        /// The matter.
        matter: Matter,
    } presuming {} needs [] reads [];

    /// Is this order a prescription?
    ClassifyOrder = "classify-order" {
        /// For whom and when.
        order: OrderFor,
    } presuming {} needs [] reads [];

    /// Is this place a long term care facility?
    ClassifyFacility = "classify-facility" {
        /// What kind of place.
        kind: FacilityKind,
    } presuming {} needs [] reads [];

    /// May an institution administer or dispense on this order?
    InstitutionDispense = "institution-dispense" {
        /// The order.
        on: InstitutionOrder,
    } presuming {} needs [prescription] reads [];

    /// Is what lies there the pharmacy's stock?
    StockOf = "stock-of" {
        /// Where it lies.
        holding: Holding,
    } presuming {} needs [] reads [];

    /// How many units count as distributed when the pharmacy moves them there from its shelf?
    CountDistributed = "count-distributed" {
        /// Where they go.
        to: Holding,
        /// Units moved.
        quantity: u64,
    } presuming {} needs [] reads [];

    /// May it go back to the pharmacy's shelf?
    ReturnToStock = "return-to-stock" {
        /// Where it lies.
        from: Holding,
    } presuming {} needs [] reads [];

    /// Which paper does a delivery from central filling take?
    CentralPaper = "central-paper" {
        /// What goes.
        flow: CentralFlow,
        /// Its schedule.
        schedule: Schedule,
    } presuming {} needs [] reads [];

    /// Do the records of both pharmacies show what became of every prescription sent?
    ReconcileCentral = "reconcile-central" {} presuming {} needs [dispositions] reads [];

    /// May the program treat opioid dependence with narcotics?
    RunProgram = "run-program" {} presuming {} needs [program] reads [];
}

/// `transmit` names its form `as`, which is a reserved word here.
pub(crate) fn read_request(action: &str, object: &mut Object<'_>) -> Result<Request, Malformed> {
    if action == "transmit" {
        let form = object.take("as").map(|value| Form::read(value, "request.as")).transpose()?;
        return Ok(Request::Transmit { form: form.unwrap_or(Form::Electronic) });
    }
    Request::read(action, object)
}
