//! The messages.

use super::super::table::{Kind, Part, Row, code, many, numbered, one, text};
use super::clinical::{ALLERGIES, BENEFITS, OBSERVATION};
use super::medication::{DISPENSED, MEDICATION};
use super::parties::{FACILITY, PATIENT, PHARMACY, PRESCRIBER};

pub(super) static BODY: Part = Part::of(
    "body",
    &numbered([
        one("NewRx", Kind::Part(&NEW_RX)),
        one("CancelRx", Kind::Part(&CANCEL_RX)),
        one("CancelRxResponse", Kind::Part(&CANCEL_RX_RESPONSE)),
        one("RxChangeRequest", Kind::Part(&RX_CHANGE_REQUEST)),
        one("RxChangeResponse", Kind::Part(&RX_CHANGE_RESPONSE)),
        one("RxRenewalRequest", Kind::Part(&RX_RENEWAL_REQUEST)),
        one("RxRenewalResponse", Kind::Part(&RX_RENEWAL_RESPONSE)),
        one("RxFill", Kind::Part(&RX_FILL)),
        one("RxTransferRequest", Kind::Part(&RX_TRANSFER_REQUEST)),
        one("RxTransferResponse", Kind::Part(&RX_TRANSFER_RESPONSE)),
        one("RxTransferConfirm", Kind::Part(&RX_TRANSFER_CONFIRM)),
        one("Status", Kind::Part(&STATUS)),
        one("Error", Kind::Part(&ERROR)),
        one("Verify", Kind::Part(&VERIFY)),
    ]),
);

const fn reference() -> Row {
    code("RequestReferenceNumber").max(35)
}

const fn allergies() -> Row {
    one("AllergyOrAdverseEvent", Kind::Part(&ALLERGIES))
}

const fn benefits() -> Row {
    many("BenefitsCoordination", Kind::Part(&BENEFITS))
}

const fn facility() -> Row {
    one("Facility", Kind::Part(&FACILITY))
}

const fn patient() -> Row {
    one("Patient", Kind::Part(&PATIENT)).expected()
}

const fn pharmacy() -> Row {
    one("Pharmacy", Kind::Part(&PHARMACY))
}

const fn prescriber() -> Row {
    one("Prescriber", Kind::Part(&PRESCRIBER)).expected()
}

const fn observation() -> Row {
    one("Observation", Kind::Part(&OBSERVATION))
}

const fn prescribed() -> Row {
    one("MedicationPrescribed", Kind::Part(&MEDICATION))
}

const fn supervisor() -> Row {
    one("Supervisor", Kind::Part(&PRESCRIBER))
}

const fn follow_up() -> Row {
    one("FollowUpPrescriber", Kind::Part(&PRESCRIBER))
}

static NEW_RX: Part = Part::of(
    "NewRx",
    &numbered([
        code("MessageRequestCode"),
        code("ReturnReceipt"),
        reference(),
        code("UrgencyIndicatorCode"),
        allergies(),
        benefits(),
        facility(),
        patient(),
        pharmacy(),
        prescriber(),
        observation(),
        prescribed().expected(),
        supervisor(),
        code("ProhibitRenewalRequest"),
        follow_up(),
    ]),
);

static CANCEL_RX: Part =
    Part::of("CancelRx", &numbered([reference(), patient(), pharmacy(), prescriber(), prescribed().expected()]));

static CANCEL_RX_RESPONSE: Part =
    Part::of("CancelRxResponse", &numbered([reference(), one("Response", Kind::Part(&RESPONSE)).expected()]));

static RX_CHANGE_REQUEST: Part = Part::of(
    "RxChangeRequest",
    &numbered([
        reference(),
        code("MessageRequestCode").expected(),
        many("MessageRequestSubCode", Kind::Code),
        text("ChangeReasonText", 260),
        allergies(),
        benefits(),
        facility(),
        patient(),
        pharmacy(),
        prescriber(),
        observation(),
        prescribed().expected(),
        many("MedicationRequested", Kind::Part(&MEDICATION)),
        follow_up(),
    ]),
);

static RX_CHANGE_RESPONSE: Part = Part::of(
    "RxChangeResponse",
    &numbered([
        reference(),
        one("Response", Kind::Part(&RESPONSE)).expected(),
        allergies(),
        benefits(),
        facility(),
        patient(),
        pharmacy(),
        prescriber(),
        observation(),
        prescribed(),
        supervisor(),
        follow_up(),
    ]),
);

static RX_RENEWAL_REQUEST: Part = Part::of(
    "RxRenewalRequest",
    &numbered([
        reference(),
        benefits(),
        facility(),
        patient(),
        pharmacy(),
        prescriber(),
        observation(),
        one("MedicationDispensed", Kind::Part(&DISPENSED)),
        prescribed().expected(),
        supervisor(),
        follow_up(),
    ]),
);

/// The prescription stands in `MedicationResponse`; one public fixture writes `MedicationPrescribed`, which is read as well.
static RX_RENEWAL_RESPONSE: Part = Part::of(
    "RxRenewalResponse",
    &numbered([
        reference(),
        one("Response", Kind::Part(&RESPONSE)).expected(),
        allergies(),
        facility(),
        patient(),
        pharmacy(),
        prescriber(),
        supervisor(),
        observation(),
        one("MedicationResponse", Kind::Part(&MEDICATION)),
        prescribed(),
    ]),
);

static RX_FILL: Part = Part::of(
    "RxFill",
    &numbered([
        one("FillStatus", Kind::Part(&FILL_STATUS)).expected(),
        patient(),
        pharmacy(),
        prescriber(),
        prescribed(),
        one("MedicationDispensed", Kind::Part(&DISPENSED)),
    ]),
);

/// The bodies of the three transfer messages are no public knowledge. What stands here is this program's own profile, made of parts
/// that other messages have; a partner's implementation guide decides.
static RX_TRANSFER_REQUEST: Part =
    Part::of("RxTransferRequest", &numbered([reference(), patient(), pharmacy().expected(), address(), pharmacist()]));

static RX_TRANSFER_RESPONSE: Part = Part::of(
    "RxTransferResponse",
    &numbered([
        reference(),
        one("Response", Kind::Part(&RESPONSE)).expected(),
        pharmacy().expected(),
        address(),
        pharmacist(),
        one("SealedTransfer", Kind::Base64),
    ]),
);

static RX_TRANSFER_CONFIRM: Part = Part::of(
    "RxTransferConfirm",
    &numbered([
        reference(),
        one("Response", Kind::Part(&RESPONSE)).expected(),
        pharmacy().expected(),
        address(),
        pharmacist(),
    ]),
);

const fn address() -> Row {
    text("PharmacyAddress", 140).expected()
}

const fn pharmacist() -> Row {
    text("ActingPharmacist", 140).expected()
}

static RESPONSE: Part = Part::of(
    "response",
    &numbered([
        one("Approved", Kind::Part(&ANSWER)),
        one("ApprovedWithChanges", Kind::Part(&ANSWER)),
        one("Denied", Kind::Part(&ANSWER)),
        one("DeniedNewPrescriptionToFollow", Kind::Part(&ANSWER)),
        one("Replace", Kind::Part(&ANSWER)),
        one("Validated", Kind::Open),
    ]),
);

static FILL_STATUS: Part = Part::of(
    "fill status",
    &numbered([
        one("Dispensed", Kind::Part(&ANSWER)),
        one("PartiallyDispensed", Kind::Part(&ANSWER)),
        one("NotDispensed", Kind::Part(&ANSWER)),
        one("Transferred", Kind::Part(&ANSWER)),
    ]),
);

static ANSWER: Part = Part::of(
    "answer",
    &numbered([
        many("ReasonCode", Kind::Code),
        code("ReferenceNumber").max(35),
        text("Note", 260),
        text("DenialReason", 260),
    ]),
);

static STATUS: Part = Part::of(
    "Status",
    &numbered([code("Code").expected(), many("DescriptionCode", Kind::Code), text("Description", 350)]),
);

static ERROR: Part = Part::of(
    "Error",
    &numbered([code("Code").expected(), many("DescriptionCode", Kind::Code), text("Description", 350)]),
);

static VERIFY: Part = Part::of("Verify", &numbered([one("VerifyStatus", Kind::Part(&VERIFY_STATUS)).expected()]));

static VERIFY_STATUS: Part = Part::of("verify status", &numbered([code("Code").expected(), text("Description", 350)]));
