//! Manual, sections IV, VIII and XIII; 21 CFR 1301.52, 1305.03, 1307.11, 1317.05: stock leaves a pharmacy otherwise than
//! on a prescription.
//!
//! It goes to another pharmacy or a practitioner, back to the supplier or manufacturer, to a reverse distributor, or with
//! the business; nowhere else. The recipient is registered for the activity and the schedule. Schedules I and II move on
//! an order form that the recipient issues, schedules III to V on an invoice; what is dispensed or administered to a
//! patient needs no order form. (1305.13, triplicate) Whoever supplies keeps copy 1, DEA gets copy 2, whoever receives
//! keeps copy 3. An outside firm may pack and arrange: the pharmacy confirms the counts and answers for the records.
//! Only supplies for general dispensing count towards the five percent.

use crate::edition::{Bound, By, Domain, Law, Row, parameter};
use crate::facts::{StockMovement, covers};
use crate::part1305::execution::standing;
use crate::part1305::orders::form_in_use;
use crate::reason::Reason;
use crate::rule::{Condition, Outcome, rule};
use crate::vocab::{Arranger, Document, Holder, Issuer, Movement, Paperwork, Schedule, Standing};

rule!(DESTINATION: "1307.11-destination", "distribution", "Manual 2010, section IV; 21 CFR 1307.11(a), 1317.05(a)", By::ALL,
    "Stock leaves a pharmacy for a pharmacy, a practitioner, its supplier or manufacturer, a reverse distributor, or the buyer of the business",
    ["pharm-move-allowed-destinations", "law-disp-two-routes"]);
rule!(RECIPIENT: "1307.11-recipient-checked", "distribution", "Manual 2010, section IV; 21 CFR 1307.11(a)(1)(i)", By::ALL,
    "The recipient of stock is registered for its activity and for the schedule",
    ["pharm-move-recipient-registration-check", "pharm-5pct-recipient-registered", "pharm-disposal-reverse-distributor", "law-dist-receiver-registered"]);
rule!(RETURNED: "1317.05-returned", "disposal", "Manual 2010, section IV; 21 CFR 1317.05(a)", By::ALL,
    "Stock is returned to whoever supplied or manufactured it",
    ["pharm-move-return-to-supplier"]);
rule!(PAPERS: "1305.03-papers", "distribution", "21 CFR 1305.03, 1304.22(c); Manual 2010, section IV", By::ALL,
    "Schedule II moves on an order form that the recipient issues, schedules III to V on an invoice; dispensing needs no order form",
    ["law-ord-222-not-for-dispensing", "pharm-move-schedule-ii-form", "pharm-5pct-schedule-ii-form", "pharm-tob-schedule-ii-order-form", "pharm-disposal-ii-form-from-distributor"]);
rule!(CONFIRMED: "1307.11-confirmed", "distribution", "Manual 2010, section IV", By::ALL,
    "Where an outside firm packs or arranges, the pharmacy confirms the counts and stays accountable",
    ["law-dist-outside-firm", "pharm-move-outside-firm"]);
rule!(STATE_STEP: "1317.05-state-step", "disposal", "Manual 2010, section IV; State law", By::ALL,
    "Stock goes away for disposal only after the State's own steps",
    ["pharm-disposal-state-rules-too"]);
rule!(COPIES: "1305.13-copies-kept", "ordering", "21 CFR 1305.13, triplicate form; Cards 2021, Triplicate Form 222", By::ALL,
    "Of a triplicate form copy 1 stays with whoever supplies, copy 2 goes to DEA, copy 3 stays with whoever receives",
    ["law-ord-222-who-is-supplier", "law-ord-222-triplicate-copies"]);
rule!(COUNTS: "1307.11-counts", "distribution", "21 CFR 1307.11(a)(1)(iv); Manual 2010, section XIII", By::ALL,
    "Only supplies to pharmacies and practitioners for general dispensing count towards the five percent",
    ["pharm-5pct-what-counts"]);

/// Where stock may go, and who answers for it.
pub(crate) const LEAVING: &[Condition<StockMovement>] = &[
    Condition {
        rule: &DESTINATION,
        holds: |movement| !matches!(movement.kind, Movement::Elsewhere | Movement::Order),
        reason: Reason::RecipientNotAllowed,
        code: "LAW-1307.11-DESTINATION",
        what: "stock leaves for a pharmacy, a practitioner, its supplier or manufacturer, a reverse distributor or the buyer of the business only",
        next: "choose one of these, or dispense it on a prescription",
        field: "movement.kind",
    },
    Condition {
        rule: &RECIPIENT,
        holds: |movement| movement.activity_verified || to_patient(movement.kind),
        reason: Reason::RegistrationInvalid,
        code: "LAW-1307.11-ACTIVITY",
        what: "the recipient is not registered for the activity that this way needs",
        next: "verify the recipient's registration and choose one registered for it",
        field: "movement.activity_verified",
    },
    Condition {
        rule: &RETURNED,
        holds: |movement| movement.kind != Movement::ReturnToSupplier || movement.supplied_before,
        reason: Reason::RecipientNotAllowed,
        code: "LAW-1317.05-RETURNED",
        what: "the recipient neither supplied nor manufactured this product",
        next: "return it to the supplier of the earlier receipt, or use a reverse distributor",
        field: "movement.supplied_before",
    },
    Condition {
        rule: &CONFIRMED,
        holds: |movement| movement.arranged_by == Arranger::Pharmacy || movement.counts_confirmed,
        reason: Reason::VerificationRequired,
        code: "LAW-1307.11-CONFIRMED",
        what: "an outside firm arranged it and no pharmacist of the pharmacy confirmed the counts",
        next: "let a pharmacist confirm the counts; the pharmacy stays accountable for them",
        field: "movement.counts_confirmed",
    },
];

const fn to_patient(kind: Movement) -> bool {
    matches!(kind, Movement::Dispensing | Movement::Administration)
}

/// Whether the recipient's registration serves.
pub(crate) fn recipient(law: &Law<'_>, movement: &StockMovement) -> Outcome {
    if to_patient(movement.kind) {
        return Outcome::NotApplicable;
    }
    let (what, field) = if movement.recipient != Standing::Valid {
        (format!("of the recipient {}", standing(movement.recipient)), "movement.recipient")
    } else if covers(movement.recipient_schedules.as_deref(), &[movement.schedule]) {
        return Outcome::Satisfied;
    } else {
        let what = format!("the recipient is not registered for schedule {}", movement.schedule);
        (what, "movement.recipient_schedules")
    };
    let next = "send it to a recipient registered for it";
    let denial = law.deny(&RECIPIENT, Reason::RegistrationInvalid, "LAW-1307.11-CHECKED", what, next);
    Outcome::Violated(Box::new(denial.about(field)))
}

parameter!(BOARD: "disposal.board-notice", "whether the State board is notified before stock goes away for disposal", Required, Domain::YesNo,
    [Row::of(By::ALL, 0, "Manual 2010, section IV")]);

/// Whether the State's board knows, where it wants to.
pub(crate) fn state_step(law: &Law<'_>, movement: &StockMovement) -> Outcome {
    if !matches!(movement.kind, Movement::ReverseDistribution | Movement::ReturnToSupplier) {
        return Outcome::NotApplicable;
    }
    let Some(bound) = law.bound(&BOARD).filter(Bound::yes) else { return Outcome::Satisfied };
    Outcome::unless(movement.board_notified, || {
        law.deny(
            &STATE_STEP,
            Reason::StateProhibits,
            "LAW-1317.05-STATE-STEP",
            "the State's board has not been notified",
            "notify the board and record it",
        )
        .by(&bound)
        .about("movement.board_notified")
    })
}

/// The document that the movement needs.
pub(crate) const fn paperwork(kind: Movement, schedule: Schedule) -> Paperwork {
    match (kind, schedule) {
        (Movement::Dispensing | Movement::Administration, _) => Paperwork::DispensingRecord,
        (_, Schedule::I | Schedule::II) => Paperwork::OrderForm,
        _ => Paperwork::Invoice,
    }
}

/// Whether the document stated is that document.
pub(crate) fn papers(law: &Law<'_>, movement: &StockMovement) -> Outcome {
    let order = form_in_use(law, movement.document);
    let (fits, what) = match paperwork(movement.kind, movement.schedule) {
        Paperwork::DispensingRecord => {
            (!order, "what is dispensed or administered to a patient does not go on an order form")
        }
        Paperwork::OrderForm => (
            order && movement.document_issuer == Issuer::Recipient,
            "schedule II goes on an order form that the recipient issues",
        ),
        Paperwork::Invoice => (order || movement.document == Document::Invoice, "schedules III to V go on an invoice"),
    };
    Outcome::unless(fits, || {
        let next = match paperwork(movement.kind, movement.schedule) {
            Paperwork::DispensingRecord => "record the dispensing",
            Paperwork::OrderForm => "ask the recipient for an order form or an electronic order",
            Paperwork::Invoice => "write an invoice",
        };
        law.deny(&PAPERS, Reason::WrongForm, "LAW-1305.03-PAPERS", what, next).about("movement.document")
    })
}

/// Who keeps copy 1, 2 or 3 of a triplicate form; `None` where there is no such copy or no form.
pub(crate) const fn holder(kind: Movement, copy: u64) -> Option<Holder> {
    let (supplies, receives) = match kind {
        Movement::Order => (Holder::Supplier, Holder::Pharmacy),
        Movement::ReturnToSupplier => (Holder::Pharmacy, Holder::Supplier),
        Movement::ReverseDistribution => (Holder::Pharmacy, Holder::ReverseDistributor),
        Movement::SaleToPharmacy | Movement::TransferOfBusiness => (Holder::Pharmacy, Holder::OtherPharmacy),
        Movement::SaleToPractitioner => (Holder::Pharmacy, Holder::Practitioner),
        Movement::Dispensing | Movement::Administration | Movement::Elsewhere => return None,
    };
    match copy {
        1 => Some(supplies),
        2 => Some(Holder::Dea),
        3 => Some(receives),
        _ => None,
    }
}

/// A question about a copy that does not exist.
pub(crate) fn no_copy(law: &Law<'_>, copy: u64) -> Outcome {
    let denial = law.deny(
        &COPIES,
        Reason::WrongForm,
        "LAW-1305.13-NO-COPY",
        format!("this movement has no copy {copy} of an order form"),
        "ask about copy 1, 2 or 3 of a movement between registrants",
    );
    Outcome::Violated(Box::new(denial.about("request.copy")))
}

/// Whether the movement counts towards the five percent.
pub(crate) const fn counts(kind: Movement) -> bool {
    matches!(kind, Movement::SaleToPharmacy | Movement::SaleToPractitioner)
}
