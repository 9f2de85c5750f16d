//! The pharmacy's application: what arrives is received or rejected, verified, dispensed, annotated and kept.
//!
//! Start at [`intake::receive`], which turns what the shell found out about a message into the first event of a
//! prescription or into a recorded rejection; then [`Prescription`], the fold of a prescription's events, whose methods
//! are the commands. Each command asks the rulebook, returns events or a refusal, and touches nothing.
//!
//! What is not here: no clock, no storage, no parsing of messages, no cryptography. No way to change an event, and none
//! to dispense without a [`Pharmacist`], a judgment and a scanned product.

mod amendment;
mod annotation;
mod arrived;
mod ask;
mod by_hand;
mod central;
mod central_order;
mod chart;
mod closing;
mod codec;
mod commands;
mod conditions;
mod dispense;
mod downtime;
mod duty;
mod emergency;
mod entered;
mod event;
mod face;
mod filing;
mod filling;
mod hand_over;
pub mod intake;
mod label;
mod law_record;
mod mailing;
mod notations;
mod number;
mod on_its_way;
mod passing;
mod people;
mod prescription;
mod presentations;
mod questions;
mod queue;
mod received;
mod refill_day;
mod refill_method;
mod refill_record;
mod refills;
mod refusals;
mod rejection;
mod rejudge;
mod reply;
mod screening;
mod settling;
mod source;
mod transfer;
mod twins;
mod view;
mod words;

pub use amendment::{Amend, Amendment};
pub use annotation::{Annotation, AnnotationKind, Contact};
pub use arrived::{
    Activity, Arrived, DeaNumbers, DrugFile, MessageFacts, Registrant, RegistrantLookup, SignatureCheck,
    SignedIndication, Systems, Twin,
};
pub use by_hand::{ByHand, TakingIn, take_in};
pub use central::{
    BackFromCentral, Carriage, Central, CentralArrival, CentralEnd, CentralUnfilled, SentToCentral, ToCentral,
    Transmission, Unfilled, Which,
};
pub use central_order::{
    CentralDelivered, CentralEvent, CentralFilled, CentralLabel, CentralMoved, CentralOrder, CentralReceived,
    CentralReturned, CentralSite, reconcile, unmatched,
};
pub use chart::{ChartDone, ChartOrder, PharmacyKind, administer};
pub use closing::{CancelOrder, Closed, Closing};
pub use commands::Note;
pub use conditions::{
    Acquaintance, Answered, Area, Conditions, DrugFor, Handed, Identity, Interns, Keeping, KnownChecks, LabelStep,
    Look, MonitoringCheck, Premises, StillNeeded,
};
pub use dispense::{Dispensing, Illness, Part, Rest, Scanned, Supply, is_ghb};
pub use downtime::{
    Downtime, DowntimeBegun, DowntimeEnded, DowntimeEvent, DowntimeException, DowntimeKit, KitLine, OnSheet,
    SHEETS_MAX, Sheet, SheetDone, SheetEntry, SheetNamed,
};
pub use duty::{DutyDone, DutyItem, IDENTIFY_PRODUCT};
pub use emergency::{
    Attached, DeaNotice, DeaNotified, FollowUp, FollowUpDocument, FollowedUp, FollowsEmergency, OnFace,
};
pub use event::{Attempt, BadEvent, Event};
pub use face::Face;
pub use filing::{Filed, Filing, FilingScheme, Finding, SchemeChosen};
pub use filling::{Filling, FillingKind, FillingState, GhbRecord, Judgment, PartDetails, Stated};
pub use hand_over::{LabelAffixed, Moved, PickUp, Release};
pub use intake::{Intake, receive};
pub use label::{Label, TRANSFER_WARNING};
pub use law_record::{LawRecord, RefusalRecord};
pub use mailing::{Destination, Export, Parcel};
pub use notations::{NoteKind, Noted};
pub use number::{ArchiveDigest, NotADigest, NotAPrescriptionNumber, PrescriptionNumber};
pub use on_its_way::TransferFreed;
pub use people::{Intern, Person, Pharmacist};
pub use prescription::{Inconsistent, Opening, Prescription, Status};
pub use presentations::{Compared, Presentation, Regular, compare};
pub use questions::CodeVerified;
pub use queue::{Ages, Alarm, Deadline, QueueItem, RejectedItem, Urgency, in_order};
pub use received::{Checked, Received, Rejected, Signed};
pub use refill_day::{
    DayLine, DayRefills, DaySigned, DayStanding, Printed, RefillDay, RefillDayEvent, STATEMENT, TrailRequest,
};
pub use refill_method::{MethodChosen, RefillMethod};
pub use refill_record::{OriginalOrder, ProductName, RefillHistory, RefillLine, TrailLine, TrailOf, refill_trail};
pub use refills::{AddedRefills, OralAuthorization};
pub use rejection::RejectionStatus;
pub use rejudge::{Again, Recorded, Rejudged, rejudge};
pub use reply::ReplyCode;
pub use screening::{AboutFlag, FlagDecided, RaisedFlag, Screened};
pub use settling::{DoubtSettled, OriginalPresented};
pub use source::{
    Animal, AnimalPrescriber, Aside, Beside, Call, Came, Circumstance, Emergency, Fax, FaxGround, FaxNumber,
    HospiceNote, Narcotic, Paper, SignSeen, Source, Spelling, Stock, TakenIn, VoidMark,
};
pub use theriac_law::Moment;
pub use transfer::{
    Database, EarlierFilling, FirstFilled, Leaving, Mark, Pharmacy, TransferArrival, TransferData, TransferOut,
    TransferredIn, TransferredOut, take_transfer,
};
pub use twins::TwinArrived;
pub use view::ElementRow;
