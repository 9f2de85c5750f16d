//! Every door of the server in one table: its path, its method, and who may open it.
//!
//! The router is built from this table and from nothing else, so a route that is not here does not exist, and a route
//! that is here cannot be opened by a role that its row does not name.

use axum::routing::MethodFilter;
use std::time::Duration;
use theriac_model::Role;

/// Who may open a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Who {
    /// Anybody, without being known.
    Everyone,
    /// A person acting in one of these roles.
    Roles(&'static [Role]),
}

/// In which form a door answers, refusals included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Face {
    /// A page for people; the person is known by the cookie of the desk.
    Page,
    /// JSON for programs; the person is named in a header.
    Api,
    /// A file or a text for machines that is the same for everybody.
    Plain,
}

/// What a door does to the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    /// Shows. Opening a prescription record is itself recorded.
    Get,
    /// Adds to the record, or chooses a desk.
    Post,
}

impl Method {
    /// As axum filters it. `GET` answers `HEAD` too.
    pub(super) const fn filter(self) -> MethodFilter {
        match self {
            Self::Get => MethodFilter::GET,
            Self::Post => MethodFilter::POST,
        }
    }

    /// The word in lower case, as OpenAPI writes it.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Post => "post",
        }
    }
}

use Role::{
    AccessController, Agent, Auditor, Custodian, Dispenser, Inspector, Intern, Operator, Pharmacist, Prescriber,
    Technician,
};

/// Everybody who can sit at a desk. `Role::System` is the program itself and never does.
const PEOPLE: Who = Who::Roles(&[
    Prescriber,
    Agent,
    Pharmacist,
    Intern,
    Technician,
    Custodian,
    Dispenser,
    Operator,
    AccessController,
    Inspector,
    Auditor,
]);
/// The practitioner's desk, and those who look over it.
const PRACTICE: Who = Who::Roles(&[Prescriber, Agent, Inspector, Auditor]);
/// Who writes prescriptions.
const WRITE: Who = Who::Roles(&[Prescriber, Agent]);
/// 1311.140(a): the practitioner and nobody else.
const SIGN: Who = Who::Roles(&[Prescriber]);
/// The pharmacy's desk, and those who look over it.
const PHARMACY: Who = Who::Roles(&[Pharmacist, Technician, Inspector, Auditor]);
/// The records of prescriptions at the counter, where interns work, too.
const RECORDS: Who = Who::Roles(&[Pharmacist, Intern, Technician, Inspector, Auditor]);
/// 1306.08(c) of 2008 speaks of the pharmacist who annotates; a technician's note would need another rule.
const ANNOTATE: Who = Who::Roles(&[Pharmacist]);
/// Where prescriptions move and papers are printed. What only a pharmacist does, the pharmacy's core refuses to anybody else
/// with its paragraph: arrivals, sheets and facilities are entered by technicians, too.
const MOVE: Who = Who::Roles(&[Pharmacist, Technician]);
/// 21 CFR 1306.06: filled by a pharmacist.
const DISPENSE: Who = Who::Roles(&[Pharmacist]);
/// Who verifies a filling; an intern under a pharmacist.
const VERIFY: Who = Who::Roles(&[Pharmacist, Intern]);
/// Who labels what was filled and hands it over.
const HAND: Who = Who::Roles(&[Pharmacist, Intern, Technician]);
/// Those who work at the counter.
const COUNTER: Who = Who::Roles(&[Pharmacist, Technician]);
/// Taking messages in at the pharmacy: its staff, and programs that bring messages in their name.
const RECEIVE: Who = Who::Roles(&[Pharmacist, Technician]);
/// The books, and those who look over them.
const STOCK: Who = Who::Roles(&[Pharmacist, Technician, Custodian, Inspector, Auditor]);
/// The journal: those who run the deployment, and those who look over it.
const JOURNAL: Who = Who::Roles(&[Operator, AccessController, Inspector, Auditor]);

/// The people and their enrolments: those who run the deployment and grant the right to sign, and those who look over it.
const STAFF: Who = Who::Roles(&[Operator, AccessController, Inspector, Auditor]);
/// 1311.105: the service provider's staff, who add people and enter and check what an enrolment rests on.
const OPERATE: Who = Who::Roles(&[Operator]);
/// The practitioner's own enrolment.
const OWN: Who = Who::Roles(&[Prescriber]);
/// 1311.125: those who grant the right to sign.
const CONTROL: Who = Who::Roles(&[AccessController]);
/// Taking away takes one: a controller, or the operator who heard of it first.
const TAKE_AWAY: Who = Who::Roles(&[AccessController, Operator]);
/// Those who hold keys of their own: practitioners to sign, controllers to grant.
const HOLD_KEYS: Who = Who::Roles(&[Prescriber, AccessController]);
/// The watch: those who run a side of the deployment, and those who look over it.
const WATCH: Who = Who::Roles(&[Operator, AccessController, Pharmacist, Inspector, Auditor]);
/// 1311.150(c), 1311.215: people designated to decide about findings and to give notices.
const JUDGE: Who = Who::Roles(&[Operator, AccessController, Pharmacist]);
/// 1304.04(h)(5): who takes records away, for an inspector or as one.
const HAND_OUT: Who = Who::Roles(&[Pharmacist, Inspector, Auditor]);
/// Retention, and those who look over it.
const KEEP: Who = Who::Roles(&[Operator, Inspector, Auditor]);

/// 1304.21, 1304.22: who counts, receives, and signs for what happened to stock.
const HANDLE: Who = Who::Roles(&[Pharmacist, Technician, Custodian]);
/// Who keeps the books: closes inventories, sends stock away, reports losses, answers for the registration.
const BOOKS: Who = Who::Roles(&[Pharmacist, Custodian]);
/// The books about customers of the till: the pharmacist, and those who look over the pharmacy. 21 CFR 1314.45.
const LOGBOOK: Who = Who::Roles(&[Pharmacist, Inspector, Auditor]);
/// The order desk, those who run the deployment, and those who look over it.
const ORDERS: Who = Who::Roles(&[Pharmacist, Technician, Custodian, Operator, Inspector, Auditor]);
/// Those who make orders out, receive and send. Who may sign is the law's to say (21 CFR 1305.05).
const ORDER: Who = Who::Roles(&[Pharmacist, Technician, Custodian]);

macro_rules! doors {
    ($($name:ident $method:ident $path:literal $face:ident $who:expr, $about:literal;)*) => {
        /// One way into the server.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(super) enum Door { $($name,)* }

        impl Door {
            /// All doors, in the order of the table.
            pub(super) const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The path, with its parameters in braces.
            pub(super) const fn path(self) -> &'static str {
                match self { $(Self::$name => $path,)* }
            }

            /// The method.
            pub(super) const fn method(self) -> Method {
                match self { $(Self::$name => Method::$method,)* }
            }

            /// In which form it answers.
            pub(super) const fn face(self) -> Face {
                match self { $(Self::$name => Face::$face,)* }
            }

            /// Who may open it.
            pub(super) const fn who(self) -> Who {
                match self { $(Self::$name => $who,)* }
            }

            /// What lies behind it, in one sentence without a final stop.
            pub(super) const fn about(self) -> &'static str {
                match self { $(Self::$name => $about,)* }
            }
        }
    };
}

doors! {
    Overview         Get  "/"                                             Page  PEOPLE,   "What this deployment is, who you are, and the doors to the desks";
    Desk             Get  "/desk"                                         Page  Who::Everyone, "Choose a person to sit at a desk; in a demonstration only";
    ChooseDesk       Post "/desk"                                         Page  Who::Everyone, "Sit down at a desk, or leave it";
    SignInPage       Get  "/sign-in"                                      Page  Who::Everyone, "Sign in with a passkey, or unlock a session";
    SignOut          Post "/sign-out"                                     Page  Who::Everyone, "End the session";
    JoinPage         Get  "/join"                                         Page  Who::Everyone, "Register a passkey with an invitation's code";
    Kept             Get  "/kept"                                         Page  PEOPLE,   "A form that was sent while the session was locked, to be carried out or left";
    ApiSignInBegin   Post "/api/v1/sign-in"                               Api   Who::Everyone, "What the browser asks a person's passkey";
    ApiSignIn        Post "/api/v1/sign-in/answer"                        Api   Who::Everyone, "The passkey's answer: open a session, or unlock one";
    ApiJoinBegin     Post "/api/v1/join"                                  Api   Who::Everyone, "With an invitation's code: what the browser asks a new passkey";
    ApiJoin          Post "/api/v1/join/answer"                           Api   Who::Everyone, "The new passkey: register it and open a session";
    LockPage         Get  "/unlock"                                       Page  Who::Everyone, "A locked session, and how it is opened again";
    Unlock           Post "/unlock"                                       Page  Who::Everyone, "Open a locked session again, in a demonstration";
    Lock             Post "/lock"                                         Page  Who::Everyone, "Lock the session at once";
    Session          Get  "/api/v1/session"                               Api   Who::Everyone, "Whether the session of this browser is open, locked or none; asking is not use";
    Used             Post "/api/v1/session/used"                          Api   PEOPLE,   "Somebody types or points at a page of this session: it stays open";
    Prescriptions    Get  "/practice/prescriptions"                       Page  PRACTICE, "The practitioner's prescriptions with their stages and the pharmacy's answers";
    Patients         Get  "/practice/patients"                            Page  PRACTICE, "The practice's patients, found by name or date of birth";
    PatientNew       Post "/practice/patients"                            Page  WRITE,    "Enter a patient";
    Patient          Get  "/practice/patients/{id}"                       Page  PRACTICE, "One patient with the prescriptions written for them";
    DraftNew         Get  "/practice/drafts/new"                          Page  WRITE,    "Write a prescription; the rulebook answers beside the form";
    DraftEnter       Post "/practice/drafts"                              Page  WRITE,    "Enter a draft";
    DraftCheck       Post "/practice/drafts/check"                        Page  WRITE,    "What the rulebook says of a draft as typed so far; nothing is recorded";
    DraftEdit        Get  "/practice/prescriptions/{id}/edit"             Page  WRITE,    "Change a draft";
    DraftChange      Post "/practice/prescriptions/{id}/edit"             Page  WRITE,    "Replace a draft's elements; its ready mark is gone";
    DraftReady       Post "/practice/prescriptions/{id}/ready"            Page  WRITE,    "Mark a draft as ready to be signed";
    DraftDiscard     Post "/practice/prescriptions/{id}/discard"          Page  WRITE,    "Throw a draft away";
    SetNew           Get  "/practice/drafts/set"                          Page  WRITE,    "Write several schedule II prescriptions of one drug with earliest dates";
    SetEnter         Post "/practice/drafts/set"                          Page  WRITE,    "Enter the drafts of a set";
    Drugs            Get  "/practice/drugs"                               Page  PRACTICE, "Find a controlled drug by name or NDC, with its schedule";
    Cancel           Post "/practice/prescriptions/{id}/cancel"           Page  SIGN,     "Withdraw a prescription that was sent";
    RequestAnswer    Post "/practice/prescriptions/{id}/requests"         Page  SIGN,     "Answer what the pharmacy asks: a renewal, a change";
    PaperIssue       Post "/practice/prescriptions/{id}/paper"            Page  SIGN,     "Issue on paper what was never delivered";
    PaperPrint       Post "/practice/prescriptions/{id}/print"            Page  SIGN,     "Print a paper prescription for the signature by hand";
    CopyPrint        Post "/practice/prescriptions/{id}/copy"             Page  WRITE,    "Print a copy, labelled as one, of what was sent";
    Medications      Post "/practice/patients/{id}/medications"           Page  WRITE,    "Print a patient's medication list, which is not a prescription";
    Review           Get  "/practice/sign"                                Page  SIGN,     "Every element of ready prescriptions of one patient, and the statement to agree to";
    SoftSign         Post "/practice/sign"                                Page  SIGN,     "Sign with the software token of a demonstration";
    ApiSignBegin     Post "/api/v1/signing"                               Api   SIGN,     "Agree to the statement; answers what the security key is asked";
    ApiSign          Post "/api/v1/signing/answer"                        Api   SIGN,     "The security key's answer: sign and send";
    Signed           Get  "/practice/signed"                              Page  SIGN,     "What became of the prescriptions that a program asked to be signed, and the way back to it";
    CodeSign         Post "/practice/sign/code"                           Page  SIGN,     "Sign with the code of the practitioner's device";
    OwnTokens        Get  "/practice/tokens"                              Page  SIGN,     "Your tokens: what you hold, what waits to be bound, and how a loss is reported";
    OwnLoss          Post "/practice/tokens/loss"                         Page  SIGN,     "Report a loss: the token is revoked at once, and every session ends";
    OwnPassword      Post "/practice/tokens/password"                     Page  SIGN,     "Set a password, to sign in with it and a code";
    ApiBindBegin     Post "/api/v1/tokens"                                Api   HOLD_KEYS, "Bind a device that was handed over: what it is asked";
    ApiBind          Post "/api/v1/tokens/answer"                         Api   HOLD_KEYS, "The device's answer: bind it";
    CodeSignIn       Post "/sign-in/code"                                 Page  Who::Everyone, "Sign in with a password and the code of a device";
    Tokens           Get  "/operator/tokens"                              Page  STAFF,    "Who holds which tokens, and the code devices taken in";
    TokenPerson      Get  "/operator/tokens/{id}"                         Page  STAFF,    "One practitioner's tokens: hand one over, bind a code device, take the report of a loss";
    TokenOffer       Post "/operator/tokens/{id}/offer"                   Page  TAKE_AWAY, "Hand a security key over, to be bound by the practitioner";
    TokenTakeBack    Post "/operator/tokens/{id}/offer/withdraw"          Page  TAKE_AWAY, "Take an offered key back";
    TokenCode        Post "/operator/tokens/{id}/code"                    Page  TAKE_AWAY, "Bind a code device to a practitioner";
    TokenLoss        Post "/operator/tokens/{id}/loss"                    Page  TAKE_AWAY, "Take the report of a loss: the token is revoked at once";
    OwnNotices       Get  "/practice/notices"                             Page  SIGN,     "What concerns you: what stops your signature, what waits, what you were told";
    Access           Get  "/access"                                       Page  STAFF,    "Who may sign, and who waits for a grant";
    AccessPerson     Get  "/access/people/{id}"                           Page  STAFF,    "What was checked of a practitioner, what is missing, and the grant of two";
    AccessNominate   Post "/access/people/{id}/nominate"                  Page  CONTROL,  "A first controller enters that the practitioner may sign";
    AccessApprove    Post "/access/people/{id}/approve"                   Page  CONTROL,  "A second controller executes the grant, or approves with the software token of a demonstration";
    AccessSuspend    Post "/access/people/{id}/suspend"                   Page  TAKE_AWAY, "Suspend the right to sign";
    AccessRevoke     Post "/access/people/{id}/revoke"                    Page  TAKE_AWAY, "Revoke the right to sign and every token";
    AccessWithdraw   Post "/access/people/{id}/withdraw"                  Page  TAKE_AWAY, "Take one registration out of what is granted";
    AccessRecover    Post "/access/people/{id}/recovery"                  Page  CONTROL,  "After a loss, a first controller recognises the practitioner";
    AccessConfirm    Post "/access/people/{id}/recovery/confirm"          Page  CONTROL,  "After a loss, a second controller confirms it";
    Controllers      Get  "/access/controllers"                           Page  STAFF,    "The access controllers: who is designated, with which registration and keys";
    Designate        Post "/access/controllers"                           Page  OPERATE,  "Designate an access controller";
    ControllerKey    Post "/access/controllers/{id}/key"                  Page  OPERATE,  "Hand a controller a security key";
    ControllerKeyEnd Post "/access/controllers/{id}/key/end"              Page  OPERATE,  "End a controller's key";
    ControllerEnd    Post "/access/controllers/{id}/end"                  Page  OPERATE,  "End a designation";
    OwnKeys          Get  "/access/keys"                                  Page  CONTROL,  "An access controller's own keys, and those that wait to be bound";
    ApiGrantBegin    Post "/api/v1/grants"                                Api   CONTROL,  "Approve a grant: what the controller's key is asked";
    ApiGrant         Post "/api/v1/grants/answer"                         Api   CONTROL,  "The key's answer: the right to sign is in force";
    Prescription     Get  "/practice/prescriptions/{id}"                  Page  PRACTICE, "One prescription of the practitioner's side";
    Queue            Get  "/pharmacy/queue"                               Page  RECORDS,  "The prescriptions the pharmacy has received";
    Counter          Get  "/pharmacy/counter"                             Page  RECORDS,  "What the counter has to do, the most pressing first, with alarms and deadlines";
    IntakeNew        Get  "/pharmacy/intake"                              Page  COUNTER,  "Take in paper, its fax or a call";
    IntakeEnter      Post "/pharmacy/intake"                              Page  COUNTER,  "Enter what came by hand; its picture is archived and sealed";
    Supervise        Post "/pharmacy/counter/supervision"                 Page  DISPENSE, "Take the supervision of an intern over for today, or end it";
    FillPage         Get  "/pharmacy/prescriptions/{number}/fill"         Page  VERIFY,   "Fill: scan, count, done";
    Fill             Post "/pharmacy/prescriptions/{number}/fill"         Page  VERIFY,   "Record a filling with the count of the shelf";
    Filled           Get  "/pharmacy/prescriptions/{number}/fillings/{no}" Page RECORDS,  "One filling: its count beside the books, its label, the hand-over";
    HandOver         Post "/pharmacy/prescriptions/{number}/fillings/{no}/hand-over" Page HAND,    "Hand a filling over, with who took it";
    CounterActs      Get  "/pharmacy/prescriptions/{number}/acts"         Page  RECORDS,  "Every other act on a prescription: warning signs, duties, refusal, refills by telephone";
    CounterAct       Post "/pharmacy/prescriptions/{number}/acts/{act}"   Page  DISPENSE, "Do one of these acts";
    DeaNotice        Get  "/pharmacy/prescriptions/{number}/dea-notice.pdf" Page PHARMACY, "The notice to DEA that nothing followed an emergency order";
    SeriesPaper      Get  "/pharmacy/prescriptions/{number}/series.pdf"   Page  PHARMACY, "A series of schedule II prescriptions with what was asked about it, on paper";
    RefillEntry      Get  "/pharmacy/prescriptions/{number}/refill-entry" Page  COUNTER,  "Enter a refill that a pharmacist verifies";
    RefillEntered    Post "/pharmacy/prescriptions/{number}/refill-entry" Page  COUNTER,  "Record the entry of a refill, unverified";
    RefillConfirm    Post "/pharmacy/prescriptions/{number}/refill-entry/{act}" Page DISPENSE, "Verify an entered refill, which dispenses it, or put it aside";
    Chart            Get  "/pharmacy/chart"                               Page  PHARMACY, "What was administered on orders in an institution, which are no prescriptions";
    ChartEnter       Post "/pharmacy/chart"                               Page  DISPENSE, "Record an order for immediate administration and take the drug from the shelf";
    IntakePicture    Get  "/pharmacy/prescriptions/{number}/picture"      Page  PHARMACY, "What was scanned or written down when it was taken in";
    Record           Get  "/pharmacy/prescriptions/{number}"              Page  RECORDS,  "The pharmacy's whole record of one prescription; opening it is recorded";
    AskPractitioner  Post "/pharmacy/prescriptions/{number}/requests"     Page  ANNOTATE, "Ask the practitioner for a renewal or a change";
    Annotate         Post "/pharmacy/prescriptions/{number}/annotations"  Page  ANNOTATE, "Add an annotation to a record";
    DrugFile         Get  "/pharmacy/drugs"                               Page  PHARMACY, "The drug file: products by name or NDC, and what is not told of each";
    DrugFacts        Get  "/pharmacy/drugs/{ndc}"                         Page  PHARMACY, "What rules ask of one product besides its schedule";
    DrugFactsEnter   Post "/pharmacy/drugs/{ndc}"                         Page  COUNTER,  "Enter what the label of a product says";
    MoveTransfer     Get  "/pharmacy/records/{number}/transfer"           Page  PHARMACY, "One prescription's transfer out or in; opening it is recorded";
    MoveTransferOut  Post "/pharmacy/records/{number}/transfer"           Page  MOVE,     "Transfer a prescription to another pharmacy; it is void here from then on";
    MoveTransferFile Get  "/pharmacy/records/{number}/transfer/{format}"  Page  PHARMACY, "A transfer as a record on paper, or as the sealed file for the other pharmacy";
    MoveCentral      Get  "/pharmacy/records/{number}/central"            Page  PHARMACY, "What of one prescription was sent to be filled elsewhere, and what came back";
    MoveCentralStep  Post "/pharmacy/records/{number}/central"            Page  MOVE,     "Send a filling to a central fill pharmacy, take it back, or hand it over";
    MoveCentralFile  Get  "/pharmacy/records/{number}/central/{seq}"      Page  PHARMACY, "The sealed file of one transmission to a central fill pharmacy";
    MoveLayers       Get  "/pharmacy/records/{number}/layers"             Page  PHARMACY, "Notes, notations and corrections of one prescription, as layers over the original";
    Checkers         Get  "/pharmacy/checkers"                            Page  PHARMACY, "Outside checkers of registrations that the pharmacy relies on, by whose decision";
    CheckersStep     Post "/pharmacy/checkers"                            Page  DISPENSE, "Rely on a checker, end it, or accept one of its checks";
    HospitalCodes    Get  "/hospital-codes"                               Page  Who::Everyone, "Verify a hospital's internal code: whose it is, since when, whether it stands";
    MoveLaw          Get  "/pharmacy/records/{number}/law"                Page  PHARMACY, "Every decision of one record as it was made, and what another profile would decide";
    MoveAmend        Post "/pharmacy/records/{number}/layers"             Page  ANNOTATE, "Add a layer: another value of one element from now on";
    MoveNote         Post "/pharmacy/records/{number}/notes"              Page  ANNOTATE, "Add a note of any kind, or correct an earlier one";
    MoveMail         Get  "/pharmacy/records/{number}/mail"               Page  PHARMACY, "One prescription's parcels, and what is confirmed before a filling is mailed";
    MoveMailIt       Post "/pharmacy/records/{number}/mail"               Page  MOVE,     "Mail a filling; what is confirmed of the parcel is recorded";
    MoveMailLabel    Get  "/pharmacy/records/{number}/mail/{no}"          Page  PHARMACY, "The label of a parcel's plain outer container";
    MovePapers       Get  "/pharmacy/records/{number}/papers"             Page  PHARMACY, "One prescription's labels and papers";
    MovePaper        Get  "/pharmacy/records/{number}/papers/{format}"    Page  PHARMACY, "One prescription's fillings or refills on paper";
    MoveLabel        Post "/pharmacy/records/{number}/label"              Page  HAND,     "Print a filling's label; every print is recorded";
    Transfers        Get  "/pharmacy/transfers"                           Page  PHARMACY, "Prescriptions transferred out and in";
    TransferTake     Post "/pharmacy/transfers"                           Page  MOVE,     "Take a transfer in as the pharmacist wrote it down";
    TransferUpload   Post "/pharmacy/transfers/file"                      Page  MOVE,     "Take in the sealed file of a transfer";
    TransferAsk      Post "/pharmacy/transfers/requests"                  Page  MOVE,     "Ask another pharmacy for a prescription over SCRIPT";
    TransferRequest  Get  "/pharmacy/transfers/requests/{id}"             Page  PHARMACY, "One prescription that is asked for over SCRIPT: what happened, what to do";
    TransferRequestStep Post "/pharmacy/transfers/requests/{id}"          Page  MOVE,     "Send it, deny it, take it in or not, free it, send the message again";
    Central          Get  "/pharmacy/central"                             Page  PHARMACY, "What is filled elsewhere for this pharmacy, and what it fills for others";
    CentralTake      Post "/pharmacy/central"                             Page  MOVE,     "Take in what another pharmacy sent to be filled";
    CentralOne       Get  "/pharmacy/central/{seq}"                       Page  PHARMACY, "One transmission that is filled here for another pharmacy";
    CentralStep      Post "/pharmacy/central/{seq}"                       Page  MOVE,     "Fill it, give it to the carrier, or send it back";
    CentralLabel     Post "/pharmacy/central/{seq}/label"                 Page  MOVE,     "Print the label of a package filled for another pharmacy";
    Refills          Get  "/pharmacy/refills"                             Page  PHARMACY, "The refill record: days to verify, printouts asked for, the one system";
    RefillsStep      Post "/pharmacy/refills"                             Page  MOVE,     "Write down that a printout was asked for or sent, or change the system";
    RefillTrail      Get  "/pharmacy/refills/trail"                       Page  PHARMACY, "Refill by refill for one strength and form, as a page, CSV or PDF";
    RefillDay        Get  "/pharmacy/refills/days/{id}"                   Page  PHARMACY, "One day's refills and who verified them";
    RefillDayPrint   Post "/pharmacy/refills/days/{id}/print"             Page  MOVE,     "Print a day's refills; that the printout is here is recorded";
    RefillDaySign    Post "/pharmacy/refills/days/{id}/signature"         Page  ANNOTATE, "Verify a day's refills, as one would sign a cheque";
    Downtime         Get  "/pharmacy/downtime"                            Page  PHARMACY, "What may be refilled while the computer is down, and the outages";
    DowntimeBegin    Post "/pharmacy/downtime"                            Page  MOVE,     "Give numbered sheets out for an outage";
    DowntimeKit      Get  "/pharmacy/downtime/kit.pdf"                    Page  PHARMACY, "The downtime kit on paper";
    Outage           Get  "/pharmacy/downtime/{seq}"                      Page  PHARMACY, "One outage with its sheets and exceptions";
    OutageStep       Post "/pharmacy/downtime/{seq}"                      Page  MOVE,     "Enter a sheet, account for an unused one, or end the outage";
    OutageSheets     Get  "/pharmacy/downtime/{seq}/sheets.pdf"           Page  PHARMACY, "The numbered sheets of an outage on paper";
    Facilities       Get  "/pharmacy/facilities"                          Page  PHARMACY, "Long term care facilities";
    FacilityNew      Post "/pharmacy/facilities"                          Page  MOVE,     "List a long term care facility";
    Facility         Get  "/pharmacy/facilities/{id}"                     Page  PHARMACY, "One facility with its residents and what it asked about disposal";
    FacilityStep     Post "/pharmacy/facilities/{id}"                     Page  MOVE,     "Record a stay, its end, or an answer about disposal";
    StockList        Get  "/pharmacy/stock"                               Page  STOCK,    "Stock on hand, product by product";
    Stock            Get  "/pharmacy/stock/{ndc}"                         Page  STOCK,    "One product's stock over its movements";
    Books            Get  "/books"                                        Page  STOCK,    "The books: what is due, and every product with what is on hand";
    BooksProduct     Get  "/books/stock/{ndc}"                            Page  STOCK,    "One product: its stock over time with the counts, its accounts and entries";
    BooksAct         Post "/books/stock/{ndc}/act"                        Page  HANDLE,   "Enter what happened to a product; acts of two people wait for the second signature";
    BooksStatement   Get  "/books/stock/{ndc}/statement"                  Page  STOCK,    "The accountability statement of a product, each figure with its entries";
    BooksStatementFile Get "/books/stock/{ndc}/statement/{format}"        Page  STOCK,    "The statement as PDF, CSV or XLSX";
    BooksSecond      Get  "/books/second/{id}"                            Page  STOCK,    "An act that waits, or waited, for its second signature";
    BooksSecondSign  Post "/books/second/{id}/sign"                       Page  HANDLE,   "Sign as the second person: the act is posted";
    BooksSecondBack  Post "/books/second/{id}/take-back"                  Page  HANDLE,   "Take an act back that nobody has signed yet";
    BooksForm41      Get  "/books/second/{id}/form-41.pdf"                Page  STOCK,    "The data of Form 41 for a destruction";
    BooksReceipts    Get  "/books/receipts"                               Page  STOCK,    "Deliveries, and the form that receives one";
    BooksReceive     Post "/books/receipts"                               Page  HANDLE,   "Receive a delivery on an invoice";
    BooksReceipt     Get  "/books/receipts/{id}"                          Page  STOCK,    "One delivery with its differences";
    BooksReceiptFile Get  "/books/receipts/{id}/file/{format}"            Page  STOCK,    "The record of a delivery as PDF, CSV, XLSX or JSON";
    BooksSettle      Post "/books/receipts/{id}/settle"                   Page  BOOKS,    "Settle a difference between invoice and goods";
    BooksInventories Get  "/books/inventories"                            Page  STOCK,    "Inventories, and the form that opens a sheet";
    BooksReschedule   Post "/books/schedule-changes"                      Page  BOOKS,    "Enter that the law moves a product to another schedule";
    BooksInventoryNew Post "/books/inventories"                           Page  BOOKS,    "Open the sheet of an inventory";
    BooksInventory   Get  "/books/inventories/{id}"                       Page  STOCK,    "One inventory: the blind sheet while it is open, found beside books once it is closed";
    BooksCount       Post "/books/inventories/{id}/count"                 Page  HANDLE,   "Record what was counted, typed or scanned";
    BooksCountFile   Post "/books/inventories/{id}/sheet"                 Page  HANDLE,   "Import a sheet that was filled in elsewhere";
    BooksSheet       Get  "/books/inventories/{id}/sheet.csv"             Page  STOCK,    "The empty sheet as CSV";
    BooksAdd         Post "/books/inventories/{id}/add"                   Page  HANDLE,   "Add a product that was found to the sheet";
    BooksClose       Post "/books/inventories/{id}/close"                 Page  BOOKS,    "Sign and close an inventory";
    BooksClassify    Post "/books/inventories/{id}/classify"              Page  BOOKS,    "Say what a variance is thought to be";
    BooksExplain     Get  "/books/inventories/{id}/lines/{seq}"           Page  STOCK,    "What might explain a variance, the best supported cause first";
    BooksInventoryFile Get "/books/inventories/{id}/file/{format}"        Page  STOCK,    "One document of an inventory as PDF, CSV, XLSX or JSON";
    BooksOutgoing    Get  "/books/outgoing"                               Page  STOCK,    "What leaves for other registrants, and the five percent of the year";
    BooksSend        Post "/books/outgoing"                               Page  BOOKS,    "Sell, return, or give to a reverse distributor";
    BooksConfirm     Post "/books/outgoing/{id}/confirmation"             Page  BOOKS,    "File a reverse distributor's word that it destroyed what it received";
    BooksLosses      Get  "/books/losses"                                 Page  STOCK,    "Cases of theft and loss, and small losses that repeat";
    BooksDiscover    Post "/books/losses"                                 Page  HANDLE,   "Open a case of theft or loss; the clock of the notice runs";
    BooksLoss        Get  "/books/losses/{id}"                            Page  STOCK,    "One case of theft or loss";
    BooksLossEntry   Post "/books/losses/{id}/entries"                    Page  BOOKS,    "Take what is missing out of the books, for a case";
    BooksLossStep    Post "/books/losses/{id}/steps"                      Page  BOOKS,    "A step of a case: decision, notice, Form 106, letter, end";
    BooksLossPaper   Get  "/books/losses/{id}/{format}"                   Page  STOCK,    "The notice of a case, or the data of Form 106, as PDF";
    BooksRegistration Get "/books/registration"                           Page  STOCK,    "The registration: profile, certificates, steps, papers for DEA";
    BooksProfile     Post "/books/registration"                           Page  BOOKS,    "Enter the profile of the registration";
    BooksRegistrationStep Post "/books/registration/steps"                Page  BOOKS,    "Record a step about the registration";
    BooksCertificate Post "/books/registration/certificates"              Page  BOOKS,    "File the image of a certificate";
    BooksCertificateImage Get "/books/registration/certificates/{seq}"    Page  STOCK,    "The image of a certificate as it was filed";
    BooksRegistrationPaper Get "/books/registration/papers/{id}"          Page  STOCK,    "A paper about the registration, filled from the profile";
    BooksPack        Get  "/books/pack"                                   Page  STOCK,    "The inspection pack of a period: index, certificate, statements";
    BooksPackFile    Get  "/books/pack/{format}"                          Page  STOCK,    "The inspection pack as one file for theriac verify";
    BooksPapers      Get  "/books/papers"                                 Page  STOCK,    "Every paper that the law asks of the books and the counter, by its number";
    BooksPaper       Get  "/books/papers/{id}/{format}"                   Page  STOCK,    "One of these papers as PDF, CSV, XLSX or JSON";
    PharmacyPaper    Get  "/pharmacy/records/papers/{id}/{format}"        Page  PHARMACY, "One of the papers about prescriptions; opening a record is recorded";
    BooksTransfer    Get  "/books/transfer"                               Page  STOCK,    "A transfer of the business: the notice, the day, the records that pass";
    BooksTransferDo  Post "/books/transfer"                               Page  BOOKS,    "Pass the business: the whole stock leaves the books";
    BooksTransferRecords Post "/books/transfer/records"                   Page  BOOKS,    "Hand the records over, as one file that proves itself";
    TillDesk         Get  "/till"                                         Page  STOCK,    "The till: sales without a prescription, and the products sold so";
    TillProduct      Post "/till/products"                                Page  BOOKS,    "Enter a product that is sold without a prescription";
    TillCounterSale  Post "/till/counter"                                 Page  COUNTER,  "Sell a product of schedule V without a prescription";
    TillChemicalSale Post "/till/chemical"                                Page  COUNTER,  "Sell a product with a listed chemical";
    TillSold         Get  "/till/sales/{id}"                              Page  PHARMACY, "What was just sold";
    TillBook         Get  "/till/record-book"                             Page  LOGBOOK,  "The record book of schedule V sold without a prescription, page by page";
    TillBookAct      Post "/till/record-book"                             Page  ANNOTATE, "Correct a line of the record book by another line";
    TillBookFile     Get  "/till/record-book/{format}"                    Page  LOGBOOK,  "The record book as PDF, CSV, XLSX or JSON";
    TillLog          Get  "/till/logbook"                                 Page  LOGBOOK,  "The logbook of listed chemicals, page by page";
    TillLogOut       Post "/till/logbook"                                 Page  ANNOTATE, "Give entries of the logbook to somebody; to whom and what for is recorded";
    TillLogFile      Get  "/till/logbook/out/{seq}/{format}"              Page  LOGBOOK,  "What was given of the logbook as PDF, CSV or XLSX";
    TillPaper        Get  "/till/logbook/papers/{id}/{format}"            Page  LOGBOOK,  "The record book or what was given of the logbook, by its number, as PDF, CSV, XLSX or JSON";
    TillSeller       Get  "/till/seller"                                  Page  STOCK,    "The seller's file for listed chemicals: certificate, training, losses";
    TillSellerAct    Post "/till/seller"                                  Page  BOOKS,    "Record a self-certification, a training, a loss, its call or its report";
    TillSellerFile   Get  "/till/seller/{id}/{format}"                    Page  STOCK,    "The self-certification, the trainings or the report of a loss as PDF, CSV or XLSX";
    TillDevices      Get  "/till/devices"                                 Page  STOCK,    "Machines and emergency kits at care homes";
    TillDeviceNew    Post "/till/devices"                                 Page  BOOKS,    "Set up a machine or a kit";
    TillDevice       Get  "/till/devices/{id}"                            Page  STOCK,    "One machine or kit: what it holds, who may use it";
    TillDeviceAct    Post "/till/devices/{id}"                            Page  HANDLE,   "Load a machine, release a dose, stock, use or count a kit";
    TillDeviceFile   Get  "/till/devices/{id}/{format}"                   Page  STOCK,    "The ledger of a machine or a kit as PDF, CSV or XLSX";
    TillOnline       Get  "/till/online"                                  Page  STOCK,    "The file of an online pharmacy: notices, home page, monthly reports";
    TillOnlineAct    Post "/till/online"                                  Page  BOOKS,    "Record a notice, a licence, the application, a report that was sent";
    TillOnlineFile   Get  "/till/online/{id}/{format}"                    Page  STOCK,    "The home page's block, the notices or a monthly report as a file";
    Journal          Get  "/journal"                                      Page  JOURNAL,  "The journal, newest entry first, with its signed checkpoint";
    Entry            Get  "/journal/{seq}"                                Page  JOURNAL,  "One journal entry with the proof that it is in the journal";
    Evidence         Get  "/journal/{seq}/evidence.json"                  Page  JOURNAL,  "An entry's evidence as a file for theriac verify";
    People           Get  "/operator/people"                              Page  STAFF,    "The people of this deployment: their roles, how they get in, how far they are enrolled";
    PersonNew        Post "/operator/people"                              Page  OPERATE,  "Add a person with a role";
    PersonInvite     Post "/operator/people/{id}/invitation"              Page  OPERATE,  "Give out a code with which a person registers a passkey";
    PersonShutOut    Post "/operator/people/{id}/lock-out"                Page  OPERATE,  "Take a person's passkeys and invitation away and end their sessions";
    Enrolment        Get  "/operator/enrolments/{id}"                     Page  STAFF,    "One practitioner's enrolment: everything that is missing or stale, and what is on file";
    EnrolmentApply   Post "/operator/enrolments/{id}/application"         Page  OPERATE,  "Open an application for a practitioner";
    EnrolmentPaper   Get  "/operator/enrolments/{id}/document"            Page  STAFF,    "The identity-proofing document, element by element";
    EnrolmentEnter   Post "/operator/enrolments/{id}/document"            Page  OPERATE,  "Enter what stands on the identity-proofing document";
    EnrolmentForm    Get  "/operator/enrolments/{id}/form.pdf"            Page  STAFF,    "The identity-proofing form on paper, filled as far as things are known";
    EnrolmentScan    Get  "/operator/enrolments/{id}/scan"                Page  STAFF,    "The file of the identity-proofing document, as it was uploaded";
    EnrolmentUpload  Post "/operator/enrolments/{id}/scan"                Page  OPERATE,  "Upload the signed identity-proofing document; it is archived and sealed";
    EnrolmentAccept  Post "/operator/enrolments/{id}/acceptance"          Page  OPERATE,  "Accept the identity-proofing document";
    EnrolmentRecord  Post "/operator/enrolments/{id}/record"              Page  OPERATE,  "Enter the record of proofing under the law in force";
    EnrolmentCheck   Post "/operator/enrolments/{id}/checks"              Page  OPERATE,  "Record a check with a State or the Department of Veterans Affairs";
    EnrolmentContact Post "/operator/enrolments/{id}/contacts"            Page  OPERATE,  "Record a call to, or a visit at, a registered location";
    EnrolmentLookUp  Post "/operator/enrolments/{id}/registrations"       Page  OPERATE,  "Compare a registration with the registrant data in use";
    EnrolmentName    Post "/operator/enrolments/{id}/differences"         Page  OPERATE,  "Explain why a name in the registrant data is the applicant's";
    EnrolmentPlace   Post "/operator/enrolments/{id}/places"              Page  OPERATE,  "List the address from which a practitioner prescribes under a registration";
    OwnEnrolment     Get  "/enrolment"                                    Page  OWN,      "Your enrolment: apply, take note of your responsibility, see what is missing";
    OwnApply         Post "/enrolment"                                    Page  OWN,      "Apply for the right to sign";
    OwnForm          Get  "/enrolment/form.pdf"                           Page  OWN,      "The identity-proofing form to take to whoever checks your identity";
    OwnAcknowledge   Post "/enrolment/acknowledgement"                    Page  OWN,      "Take note that you answer for every prescription you sign";
    Preconditions    Get  "/operator/preconditions"                       Page  STAFF,    "What signing rests on, and what of it is out of service";
    PreconditionSet  Post "/operator/preconditions"                       Page  OPERATE,  "Take something that signing rests on out of service, or put it back, with a reason";
    RegistrantData   Get  "/operator/registrants"                         Page  STAFF,    "The registrant data: its age, the daily recheck, and one registration looked up";
    Logs             Get  "/practice/logs"                                Page  SIGN,     "Your monthly logs: to be read and reviewed, with a proof that nothing is left out";
    Log              Get  "/practice/logs/{month}"                        Page  SIGN,     "One month's log with its proof; opening it is recorded";
    LogReview        Post "/practice/logs/{month}/review"                 Page  SIGN,     "Indicate that a log was received and reviewed";
    LogFile          Get  "/practice/logs/{month}/file/{format}"          Page  SIGN,     "A month's log as CSV, XLSX or PDF";
    LogRequest       Get  "/practice/log-request"                         Page  SIGN,     "A log on request: what you transmitted in five years, sorted, as a page or a file";
    Duties           Get  "/practice/duties"                              Page  SIGN,     "Your duties as a practitioner: what was done, what is due, what is overdue";
    DutyAcknowledge  Post "/practice/duties/acknowledge"                  Page  SIGN,     "Acknowledge a statement about your responsibility";
    DutyDetermine    Post "/practice/duties/determine"                    Page  SIGN,     "Record the yearly determination from the audit report";
    DutyDispute      Post "/practice/duties/dispute"                      Page  SIGN,     "Tell that you did not sign a prescription, or not so";
    AuditReports     Get  "/audits"                                       Page  Who::Everyone, "Third parties' audit reports of both applications, and whether they may be used";
    AuditReport      Get  "/audits/{application}/{id}"                    Page  Who::Everyone, "One audit report, summed up";
    AuditFile        Get  "/audits/{application}/{id}/file"               Page  Who::Everyone, "An audit report as its auditor issued it";
    AuditSummary     Get  "/audits/{application}/{id}/summary.pdf"        Page  Who::Everyone, "The summary of an audit report on paper";
    AuditRegister    Post "/audits/{application}"                         Page  OPERATE,  "Register a third party's audit report with its file";
    AuditStep        Post "/audits/{application}/step"                    Page  OPERATE,  "Record a finding of one's own, a correction, or another version in operation";
    Watch            Get  "/watch"                                        Page  WATCH,    "Notices to give, findings to decide, incidents, and the daily audits";
    WatchAudit       Get  "/watch/{application}/audits/{seq}"             Page  WATCH,    "The report of one daily audit";
    WatchAuditPaper  Get  "/watch/{application}/audits/{seq}/report.pdf"  Page  WATCH,    "The report of one daily audit on paper";
    WatchJudge       Post "/watch/{application}/findings"                 Page  JUDGE,    "Decide whether findings are a security incident";
    WatchOpen        Post "/watch/{application}/incidents"                Page  JUDGE,    "Report a security incident";
    WatchIncident    Get  "/watch/{application}/incidents/{seq}"          Page  WATCH,    "One security incident with its notices";
    WatchReport      Get  "/watch/{application}/incidents/{seq}/report.pdf" Page WATCH,   "The report of a security incident on paper";
    WatchClose       Post "/watch/{application}/incidents/{seq}/close"    Page  JUDGE,    "Close a security incident";
    WatchNotice      Get  "/watch/notices/{seq}"                          Page  WATCH,    "One notice: what it says, to whom, by when";
    WatchLetter      Get  "/watch/notices/{seq}/letter.pdf"               Page  WATCH,    "A notice as a letter";
    WatchGiven       Post "/watch/notices/{seq}/given"                    Page  JUDGE,    "Record that a notice was given: how, when, to whom";
    WatchAgain       Post "/watch/notices/{seq}/again"                    Page  JUDGE,    "Put a notice back on the list";
    Retention        Get  "/watch/retention"                              Page  KEEP,     "How long records are kept, and which may be erased";
    RetentionErase   Post "/watch/retention/erase"                        Page  OPERATE,  "Erase a record whose term is over; its leaf stays";
    RetentionHold    Post "/watch/retention/hold"                         Page  OPERATE,  "Hold records for an inspection, or lift a hold";
    Copies           Get  "/watch/copies"                                 Page  KEEP,     "How the copies at the second storage site stand: age, last reading back, last restore drill";
    OrderDesk        Get  "/orders"                                       Page  ORDERS,   "The order desk: what waits, drafts, and orders for schedules I and II";
    OrderForms       Get  "/orders/forms"                                 Page  ORDERS,   "The register of order forms: blank, used, void, returned, lost";
    OrderFormsAct    Post "/orders/forms/{act}"                           Page  ORDER,    "Ask for forms, take them in, void or return them, record a loss and its report";
    OrderFormsPaper  Get  "/orders/forms/papers/{paper}"                  Page  ORDERS,   "The register, a request or a report of lost forms on paper";
    OrderPowers      Get  "/orders/powers"                                Page  ORDERS,   "Powers of attorney to sign orders";
    OrderPowersAct   Post "/orders/powers/{act}"                          Page  ORDER,    "Draw up, sign, witness or revoke a power of attorney";
    OrderApplicant   Post "/orders/applicant"                             Page  OPERATE,  "Enter who signed the latest application for the registration";
    OrderPowerPaper  Get  "/orders/powers/papers/{id}/{paper}"            Page  ORDERS,   "A power of attorney, or its revocation, on paper";
    OrderNew         Get  "/orders/drafts/new"                            Page  ORDER,    "Make out an order";
    OrderWrite       Post "/orders/drafts"                                Page  ORDER,    "Keep an order that was made out, to be signed";
    OrderDraft       Get  "/orders/drafts/{id}"                           Page  ORDERS,   "An order made out, with the rulebook's answer";
    OrderDraftAct    Post "/orders/drafts/{id}/{act}"                     Page  ORDER,    "Change, sign or throw away an order that was made out";
    OrderToSign      Get  "/orders/drafts/{id}/to-sign"                   Page  ORDER,    "The bytes of an electronic order, to be signed where the key is";
    OrderCompare     Get  "/orders/compare"                               Page  ORDERS,   "A supplier's statement beside the orders";
    OrderCompared    Post "/orders/compare"                               Page  ORDER,    "Where a supplier's statement and the orders differ; nothing is recorded";
    OrderOne         Get  "/orders/{id}"                                  Page  ORDERS,   "One order: its lines, what came, the notices and papers";
    OrderAct         Post "/orders/{id}/{act}"                            Page  ORDER,    "Receive on an order, cancel it, record the supplier's notices, declare it lost";
    OrderPapers      Get  "/orders/{id}/papers/{paper}"                   Page  ORDERS,   "An order, a notice or a statement on paper; an electronic order as it was signed";
    SupplyList       Get  "/orders/supply"                                Page  ORDERS,   "Orders of other registrants that this pharmacy fills";
    SupplyTake       Post "/orders/supply"                                Page  ORDER,    "Take in another registrant's order: accepted, or refused with a statement";
    SupplyOne        Get  "/orders/supply/{id}"                           Page  ORDERS,   "One order to fill, with the checks of an electronic one";
    SupplyAct        Post "/orders/supply/{id}/{act}"                     Page  ORDER,    "Ship, void, pass on or report an order to fill";
    SupplyPaper      Get  "/orders/supply/{id}/record.pdf"                Page  ORDERS,   "What was furnished on an order, on paper";
    Archive          Get  "/archive"                                      Page  PHARMACY, "The pharmacy's prescriptions and dispensings, found by prescriber, patient, drug and date";
    ArchiveFile      Get  "/archive/file/{format}"                        Page  HAND_OUT, "What was found as CSV, XLSX, JSON or PDF; taking it away is recorded";
    ArchivePackage   Get  "/archive/package"                              Page  HAND_OUT, "What was found with seals, certificates and proofs, as one file for an authority";
    ArchiveRecord    Get  "/archive/records/{number}/record.pdf"          Page  PHARMACY, "One record, printed at once; opening it is recorded";
    ArchiveOriginal  Get  "/archive/records/{number}/original"             Page  PHARMACY, "The original of a prescription as it came; taking it away is recorded";
    Filing           Get  "/archive/filing"                               Page  PHARMACY, "Paper that waits to be filed, how paper is divided, and what is kept elsewhere";
    FilingScheme     Post "/archive/filing/scheme"                        Page  ANNOTATE, "Choose how paper is divided into files";
    FilePaper        Post "/archive/filing"                               Page  ANNOTATE, "Put a paper prescription into its file";
    FilingClasses    Get  "/archive/filing/classes"                       Page  PHARMACY, "The records report: every prescription record in its filing class, and none in no class";
    RecordPlace      Post "/archive/filing/places"                        Page  ANNOTATE, "Keep a kind of record at a central place, or bring it back";
    BooksApart       Get  "/archive/books"                                Page  STOCK,    "The books' records of a period, schedule II apart from III to V";
    Notes            Get  "/archive/notes"                                Page  PHARMACY, "Notes on drugs that are abused nearby, and patterns with their reports";
    AlertAdd         Post "/archive/notes"                                Page  ANNOTATE, "Add a note that is shown with a drug, or end one";
    PatternNew       Post "/archive/patterns"                             Page  ANNOTATE, "Put dispensings together as a pattern of suspected abuse";
    PatternPaper     Get  "/archive/patterns/{id}/report.pdf"             Page  HAND_OUT, "The report of a pattern, to be sent";
    PatternSent      Post "/archive/patterns/{id}/sent"                   Page  ANNOTATE, "Record that the report of a pattern was sent";
    Trail            Get  "/archive/trail"                                Page  WATCH,    "Who came in and what they did, by person and period; looking is recorded";
    TrailFile        Get  "/archive/trail/file/{format}"                  Page  WATCH,    "The audit trail as CSV, XLSX, JSON or PDF";
    Auditable        Get  "/archive/auditable"                            Page  WATCH,    "The pharmacy's list of auditable events, and what the daily analysis looks for";
    AuditableChange  Post "/archive/auditable"                            Page  JUDGE,    "Put a kind on the list of auditable events, or take one off that the rule does not demand";
    Sighting         Post "/archive/auditable/sighting"                   Page  JUDGE,    "Report an auditable event that somebody saw";
    MonitorsSet      Post "/archive/monitors"                             Page  JUDGE,    "Say what is usual at this counter";
    Law              Get  "/law"                                          Page  Who::Everyone, "The rulebook: every rule by area, with its paragraph";
    LawTry           Get  "/law/try"                                      Page  Who::Everyone, "Ask the rulebook: a prescription, an act and a day, each edition side by side";
    LawRule          Get  "/law/rules/{id}"                               Page  Who::Everyone, "One rule: what it says, who says it, since when";
    Pdmp             Get  "/pharmacy/pdmp"                                Page  PHARMACY, "The State monitoring programmes: what each has to be told, what is late";
    PdmpSet          Post "/pharmacy/pdmp"                                Page  ANNOTATE, "Enter a monitoring programme, with the source of its rules";
    PdmpState        Get  "/pharmacy/pdmp/{id}"                           Page  PHARMACY, "One programme: what is to be told, what is held back, the register of reports";
    PdmpEnd          Post "/pharmacy/pdmp/{id}/end"                       Page  ANNOTATE, "End the reporting to a programme";
    PdmpReport       Post "/pharmacy/pdmp/{id}/reports"                   Page  ANNOTATE, "Make a report of everything that can be told now";
    PdmpOne          Get  "/pharmacy/pdmp/{id}/reports/{number}"          Page  PHARMACY, "One report: what it tells, its digest, its answer";
    PdmpFile         Get  "/pharmacy/pdmp/{id}/reports/{number}/file"     Page  PHARMACY, "The file of a report as it was put out";
    PdmpAnswer       Post "/pharmacy/pdmp/{id}/answers"                   Page  ANNOTATE, "Read a programme's answer to a report";
    PdmpDays         Post "/pharmacy/pdmp/{id}/days"                      Page  ANNOTATE, "State for how many days a prescription's quantity lasts";
    PdmpRelease      Post "/pharmacy/pdmp/{id}/releases"                  Page  ANNOTATE, "Tell a record again that a programme did not take";
    PdmpAsk          Get  "/pharmacy/prescriptions/{number}/pdmp"         Page  PHARMACY, "Before a filling: the same class by other prescribers, and who asked the programme";
    PdmpAsked        Post "/pharmacy/prescriptions/{number}/pdmp"         Page  ANNOTATE, "Record that the programme was asked, why, and what came of it";
    Health           Get  "/health"                                       Plain Who::Everyone, "Whether the server and its store answer";
    Metrics          Get  "/metrics"                                      Plain Who::Everyone, "Counters in the Prometheus text format";
    Style            Get  "/assets/theriac.css"                           Plain Who::Everyone, "The style sheet of the pages";
    Script           Get  "/assets/theriac.js"                            Plain Who::Everyone, "The script of the pages: security keys, the lock, and answers while typing";
    Icon             Get  "/assets/theriac.svg"                           Plain Who::Everyone, "The icon of the pages";
    OpenApi          Get  "/api/v1/openapi.json"                          Plain Who::Everyone, "This description of the interface";
    ApiPrescriptions Get  "/api/v1/prescriptions"                         Api   PRACTICE, "The practitioner's prescriptions, newest first";
    ApiPrescription  Get  "/api/v1/prescriptions/{id}"                    Api   PRACTICE, "One prescription of the practitioner's side";
    ApiPatients      Get  "/api/v1/patients"                              Api   PRACTICE, "The practice's patients, found by name or date of birth";
    ApiPatientNew    Post "/api/v1/patients"                              Api   WRITE,    "Enter a patient";
    ApiPatient       Get  "/api/v1/patients/{id}"                         Api   PRACTICE, "One patient";
    ApiDraftEnter    Post "/api/v1/drafts"                                Api   WRITE,    "Enter a draft from the fields of the desk's form";
    ApiDraftCheck    Post "/api/v1/drafts/check"                          Api   WRITE,    "What the rulebook says of a draft's fields; nothing is recorded";
    ApiDraftFhir     Post "/api/v1/drafts/fhir"                           Api   WRITE,    "Enter drafts from FHIR R4: a MedicationRequest, a Bundle or a CDS Hooks request";
    ApiDraftChange   Post "/api/v1/prescriptions/{id}/change"             Api   WRITE,    "Replace a draft's fields; its ready mark is gone";
    ApiDraftReady    Post "/api/v1/prescriptions/{id}/ready"              Api   WRITE,    "Mark a draft as ready to be signed";
    ApiDraftDiscard  Post "/api/v1/prescriptions/{id}/discard"            Api   WRITE,    "Throw a draft away";
    ApiCancel        Post "/api/v1/prescriptions/{id}/cancel"             Api   SIGN,     "Withdraw a prescription that was sent, in the name of the practitioner who signed it";
    ApiDrugs         Get  "/api/v1/drugs"                                 Api   PRACTICE, "Controlled drugs found by name or NDC, with the schedule that stands today";
    ApiSigningLink   Post "/api/v1/signing-links"                         Api   WRITE,    "The address to which the practitioner is sent to review and sign, and the way back";
    ApiWebhook       Get  "/api/v1/webhook"                               Api   WRITE,    "Where the program with this key is told what becomes of its drafts";
    ApiWebhookSet    Post "/api/v1/webhook"                               Api   WRITE,    "Tell the program with this key at this address from now on; the secret is answered once";
    ApiWebhookEnd    Post "/api/v1/webhook/end"                           Api   WRITE,    "Tell the program no more";
    ApiQueue         Get  "/api/v1/queue"                                 Api   RECORDS,  "The prescriptions the pharmacy has received, newest first";
    ApiRecord        Get  "/api/v1/records/{number}"                      Api   RECORDS,  "The pharmacy's whole record of one prescription; opening it is recorded";
    ApiArchive       Get  "/api/v1/archive"                               Api   PHARMACY, "Prescriptions and dispensings found by prescriber, patient, drug and date, 100 at a time; asking is recorded";
    ApiAnnotate      Post "/api/v1/records/{number}/annotations"          Api   ANNOTATE, "Add an annotation to a record";
    ApiDrugFacts     Get  "/api/v1/drug-file/{ndc}"                       Api   PHARMACY, "One product of the drug file with the facts that rules ask for";
    ApiLabel         Post "/api/v1/records/{number}/labels"               Api   HAND,     "Print a filling's label as PDF or ZPL; every print is recorded";
    ApiRefillDay     Get  "/api/v1/refill-days/{id}"                      Api   PHARMACY, "One day's refills, and who verified them";
    ApiDowntimeKit   Get  "/api/v1/downtime-kit"                          Api   PHARMACY, "What may still be refilled, to be at hand when the computer is down";
    ApiFill          Post "/api/v1/records/{number}/fillings"             Api   VERIFY,   "Dispense: the first filling, a refill, a part or the rest of one";
    ApiHandOver      Post "/api/v1/records/{number}/fillings/{no}/hand-over" Api HAND,    "Hand a filling over, with who took it";
    ApiStockList     Get  "/api/v1/stock"                                 Api   STOCK,    "Stock on hand, product by product";
    ApiStock         Get  "/api/v1/stock/{ndc}"                           Api   STOCK,    "One product's stock with its movements, oldest first";
    ApiBooksDue      Get  "/api/v1/books/due"                             Api   STOCK,    "What is due in the stock room, the most urgent first";
    ApiBooksStatement Get "/api/v1/books/{ndc}/statement"                 Api   STOCK,    "The accountability statement of a product: each figure with its entries";
    ApiOrders        Get  "/api/v1/orders"                                Api   ORDERS,   "Orders for schedules I and II, newest first, each with its lines";
    ApiOrder         Get  "/api/v1/orders/{id}"                           Api   ORDERS,   "One order: its lines, what came, what is outstanding";
    ApiOrderWrite    Post "/api/v1/orders"                                Api   ORDER,    "Make out an order, to be signed on its page";
    ApiOrderReceive  Post "/api/v1/orders/{id}/receipts"                  Api   ORDER,    "Receive on an order, line by line; the stock follows";
    ApiCounterAsk    Post "/api/v1/till/counter-sales/check"              Api   COUNTER,  "Whether a product of schedule V may be sold to somebody now; nothing is recorded";
    ApiCounterSell   Post "/api/v1/till/counter-sales"                    Api   COUNTER,  "Sell a product of schedule V without a prescription";
    ApiChemicalAsk   Post "/api/v1/till/chemical-sales/check"             Api   COUNTER,  "Whether a product with a listed chemical may be sold to somebody now; nothing is recorded";
    ApiChemicalSell  Post "/api/v1/till/chemical-sales"                   Api   COUNTER,  "Sell a product with a listed chemical; the signature is archived";
    ApiJournal       Get  "/api/v1/journal"                               Api   JOURNAL,  "A page of the journal, newest entry first, with its signed checkpoint";
    ApiLaw           Get  "/api/v1/law/rules"                             Api   Who::Everyone, "The rules of the rulebook";
    ApiLawRule       Get  "/api/v1/law/rules/{id}"                        Api   Who::Everyone, "One rule of the rulebook";
    ApiLawDecide     Post "/api/v1/law/decide"                            Api   Who::Everyone, "Answer a question in the format of theriac law decide, with what would make it lawful; nothing is recorded";
    ApiMessage       Post "/api/v1/messages"                              Api   RECEIVE,  "Take a message in at the pharmacy, as SCRIPT, HL7 v2 or FHIR; archived whatever becomes of it";
    ApiPdmp          Get  "/api/v1/pdmp"                                  Api   PHARMACY, "The State monitoring programmes and how each stands";
    ApiPdmpReport    Post "/api/v1/pdmp/{id}/reports"                     Api   ANNOTATE, "Make a report of everything that can be told now";
    ApiPdmpAsked     Post "/api/v1/records/{number}/pdmp"                 Api   ANNOTATE, "Record that a monitoring programme was asked";
    ApiEntry         Get  "/api/v1/journal/{seq}"                         Api   JOURNAL,  "One journal entry with its proof and evidence";
}

impl Door {
    /// Whether it acts on the deployment itself and not on the views alone.
    #[cfg(test)]
    pub(super) fn needs_the_house(self) -> bool {
        let path = self.path();
        [
            "/practice/patients",
            "/practice/drafts",
            "/practice/drugs",
            "/practice/sign",
            "/api/v1/sign",
            "/api/v1/join",
            "/api/v1/patients",
            "/api/v1/drafts",
            "/api/v1/drugs",
            "/api/v1/webhook",
            "/practice/tokens",
            "/access",
            "/api/v1/tokens",
            "/api/v1/grants",
            "/sign-in/code",
            "/operator/",
            "/enrolment",
            "/practice/log",
            "/practice/duties",
            "/practice/notices",
            "/audits",
            "/watch",
            "/pharmacy/pdmp",
            "/api/v1/pdmp",
            "/books",
            "/pharmacy/records",
            "/pharmacy/transfers",
            "/pharmacy/central",
            "/pharmacy/refills",
            "/pharmacy/downtime",
            "/pharmacy/facilities",
            "/pharmacy/counter",
            "/pharmacy/intake",
            "/pharmacy/chart",
            "/pharmacy/checkers",
            "/hospital-codes",
            "/pharmacy/drugs",
            "/api/v1/drug-file",
            "/api/v1/refill-days",
            "/api/v1/downtime-kit",
            "/orders",
            "/till",
            "/api/v1/till",
            "/api/v1/books",
            "/api/v1/orders",
            "/api/v1/messages",
            "/archive",
            "/api/v1/archive",
        ]
        .iter()
        .any(|own| path.starts_with(own))
            || [
                "/edit",
                "/ready",
                "/discard",
                "/change",
                "/cancel",
                "/requests",
                "/paper",
                "/print",
                "/copy",
                "/pdmp",
                "/labels",
            ]
            .iter()
            .any(|own| path.ends_with(own))
            || ["/fill", "/acts", "/dea-notice.pdf", "/picture", "/series.pdf", "/refill-entry"]
                .iter()
                .any(|own| path.contains(own))
    }

    /// Whether a program with a key may open it. What is not named here needs a person with a session: a new door that
    /// changes something is closed to programs until somebody decides otherwise.
    pub(super) fn for_programs(self) -> bool {
        self.face() == Face::Api
            && (self.method() == Method::Get
                || matches!(
                    self,
                    Self::ApiAnnotate
                        | Self::ApiMessage
                        | Self::ApiPdmpReport
                        | Self::ApiPdmpAsked
                        | Self::ApiFill
                        | Self::ApiOrderWrite
                        | Self::ApiOrderReceive
                        | Self::ApiHandOver
                        | Self::ApiLawDecide
                        | Self::ApiPatientNew
                        | Self::ApiDraftEnter
                        | Self::ApiDraftCheck
                        | Self::ApiDraftFhir
                        | Self::ApiDraftChange
                        | Self::ApiDraftReady
                        | Self::ApiDraftDiscard
                        | Self::ApiCancel
                        | Self::ApiSigningLink
                        | Self::ApiWebhookSet
                        | Self::ApiWebhookEnd
                        | Self::ApiLabel
                        | Self::ApiCounterAsk
                        | Self::ApiCounterSell
                        | Self::ApiChemicalAsk
                        | Self::ApiChemicalSell
                ))
    }

    /// The largest body it takes, in bytes, inclusive.
    pub(super) const fn body_bytes_max(self) -> usize {
        match self {
            // The file, and what a form writes around it.
            Self::EnrolmentUpload => crate::enrolment::desk::SCAN_BYTES_MAX + 64 * 1024,
            Self::ApiMessage => super::messages::BYTES_MAX,
            Self::AuditRegister => super::watch::audits::REPORT_BYTES_MAX + 64 * 1024,
            Self::BooksCertificate | Self::BooksCountFile => 4 * 1024 * 1024 + 64 * 1024,
            Self::TransferUpload | Self::CentralTake => super::moving::FILE_BYTES_MAX,
            Self::IntakeEnter | Self::CounterAct => super::counter::SCAN_BYTES_MAX + 64 * 1024,
            _ => super::guard::BODY_BYTES_MAX,
        }
    }

    /// How long a request at it may take, body included.
    pub(super) const fn patience(self) -> Duration {
        match self {
            Self::EnrolmentUpload
            | Self::AuditRegister
            | Self::IntakeEnter
            | Self::CounterAct
            | Self::ArchiveFile
            | Self::ArchivePackage
            | Self::TrailFile => Duration::from_mins(2),
            _ => super::guard::PATIENCE,
        }
    }

    /// The door with this method and path, as the router matched them.
    pub(super) fn at(method: &axum::http::Method, path: &str) -> Option<Self> {
        let asked = if method.is_safe() { Method::Get } else { Method::Post };
        Self::ALL.iter().copied().find(|door| door.path() == path && door.method() == asked)
    }

    /// Whether `role` may open it.
    pub(super) fn admits(self, role: Role) -> bool {
        match self.who() {
            Who::Everyone => true,
            Who::Roles(roles) => roles.contains(&role),
        }
    }

    /// The roles it names, as people read them: `pharmacist, technician`.
    pub(super) fn roles(self) -> String {
        match self.who() {
            Who::Everyone => "everyone".to_owned(),
            Who::Roles(roles) => roles.iter().map(|role| role.word()).collect::<Vec<_>>().join(", "),
        }
    }
}
