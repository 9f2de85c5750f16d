//! 21 CFR 1306.25, 1306.08(e)-(i): a prescription moves from one pharmacy to another.
//!
//! (1306.25(a)) Refills of schedules III to V once; pharmacies on one real-time database as often as refills last.
//!     (2008: (b), (f)) An electronic prescription as often as refills last; later texts keep "once".
//! (1306.08(e)-(g)) An electronic prescription that was never filled, schedule II included, once, since 28 August 2023;
//!     the cards told it as policy before. Paper is never transferred unfilled for schedule II.
//! (1306.25(b)(1)) Two licensed pharmacists speak; (2008: (d)) electronically the applications may.
//! (b)(3), 2008: (c)(3), (d)(2)) What must come along. (e), 2008: (i)) Only where State law allows it.
//! (2008: (f)) A transferred prescription is used within six months of issue; `Chosen reading:` in schedule V, too.
//! (Cards) Instead the practitioner may send it anew to another pharmacy: then it is closed here.
//! Both pharmacies are registered (manual). A transfer never extends the six months; see `expiry`.

use crate::edition::{By, Domain, Law, Row, bit, parameter};
use crate::facts::{Act, Prescription, Transfer};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::tally::Tally;
use crate::vocab::{Between, Form, HistoryKind, Schedule, TransferElement, Word};
use jiff::civil::date;
use theriac_model::calendar::months_after;

rule!(KIND: "1306.25-kind", "transfer", "21 CFR 1306.25(a), 1306.08(e)", By::ALL,
    "Schedules III to V may be transferred for refills; schedule II only electronically and unfilled, since 28 August 2023",
    ["law-xfer-cii-refill-none", "law-xfer-cii-unfilled-electronic", "law-xfer-cii-paper", "epcs-1306.25-scope"]);
rule!(ONCE: "1306.25-once", "transfer", "21 CFR 1306.25(a)", By::ALL,
    "A prescription is transferred once, or on a shared real-time database as often as refills last; the proposal lets electronic ones move again",
    ["law-xfer-once", "law-xfer-shared-database", "law-xfer-electronic-multiple", "epcs-1306.25-a-1", "epcs-1306.25-a-2", "epcs-1306.25-b"]);
rule!(REFILLS: "1306.25-refills", "transfer", "21 CFR 1306.25(a)", By::ALL,
    "Only what is left of the refills can be transferred",
    ["law-xfer-refills-sum"]);
rule!(WHO: "1306.25-who", "transfer", "21 CFR 1306.25(b)(1)", By::ALL,
    "Two licensed pharmacists communicate a transfer directly; the proposal lets applications do it for electronic prescriptions",
    ["law-xfer-two-pharmacists", "epcs-1306.25-c-1"]);
rule!(REGISTERED: "1306.25-registered", "transfer", "Manual 2010, section IX; 21 CFR 1306.08(e)", By::GUIDES.and(By::CFR),
    "Both pharmacies are registered with DEA",
    ["law-xfer-both-registered"]);
rule!(COMPLETE: "1306.25-complete", "transfer", "21 CFR 1306.25(b)(3)", By::ALL,
    "Dates, refills, both pharmacies and the pharmacist come along with a transfer",
    ["law-xfer-in-original-dates", "law-xfer-in-refills", "law-xfer-in-from", "law-xfer-in-first-pharmacy", "law-xfer-electronic-package", "epcs-1306.25-c-3-items", "epcs-1306.25-d-2"]);

rule!(SENT_ELSEWHERE: "1306.08-sent-elsewhere", "transfer", "Cards 2021, Transferring CII Prescriptions", By::C21,
    "What the practitioner has sent anew to another pharmacy is closed here",
    ["law-xfer-cii-alternative-prescriber"]);
rule!(SIX_MONTHS: "1306.25-six-months", "transfer", "2008: 21 CFR 1306.25(f)", By::P08,
    "A transferred prescription, schedule V included, is dispensed and moved on within six months of issue",
    ["law-xfer-six-months-still", "epcs-1306.25-f"]);

parameter!(MONTHS_V: "transfer.v.months", "months after issue in which a transferred prescription of schedule V is dispensed", Min,
    Domain::Number("months"), [Row::of(By::P08, 6, "2008: 21 CFR 1306.25(f)").begun_later()]);
parameter!(UNFILLED: "transfer.unfilled-electronic", "whether an unfilled electronic prescription, schedule II included, may be transferred", Window,
Domain::YesNo, [
    Row::of(By::M10, 0, "Manual 2010, section IX, Transfer of Schedules III-V"),
    Row::of(By::C21, 1, "Cards 2021, Transferring CII Prescriptions").begun_later(),
    Row::of(By::CFR, 0, "21 CFR 1306.25").until(date(2023, 8, 27)),
    Row::of(By::CFR, 1, "21 CFR 1306.08(e)").since(date(2023, 8, 28)),
]);
parameter!(AGAIN: "transfer.electronic-again", "whether an electronic prescription may be transferred more than once", Permitted,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1306.25(b), (f)"),
    Row::of(By::GUIDES, 0, "Manual 2010, section IX; Cards 2021, Transferring CIII - CV"),
    Row::of(By::CFR, 0, "21 CFR 1306.25(a)"),
]);
parameter!(BY_SYSTEM: "transfer.by-system", "whether applications may transfer an electronic prescription without two pharmacists speaking", Permitted,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1306.25(d)"),
    Row::of(By::GUIDES, 0, "Manual 2010, section IX; Cards 2021, Transferring CIII - CV"),
    Row::of(By::CFR, 0, "21 CFR 1306.25(b)(1), 1306.08(f)"),
]);
const ELEMENTS: &[&str] = &[
    "issue-date",
    "refills-authorized",
    "first-dispensed",
    "refills-remaining",
    "pharmacy-identity",
    "pharmacist-name",
    "original-pharmacy",
];
parameter!(NEEDED: "transfer.elements", "what must come along with a transfer", Union, Domain::Words(ELEMENTS), [
    Row::of(By::P08, 0b111_1111, "2008: 21 CFR 1306.25(c)(3), (d)(2)"),
    Row::of(By::CFR, 0b111_1111, "21 CFR 1306.25(b)(3)"),
    Row::of(By::C21, 0b011_1111, "Cards 2021, Requirements for CS Prescription Transfers"),
]);

fn filled(history: &[Act]) -> bool {
    history.iter().any(|act| matches!(act.kind, HistoryKind::Fill | HistoryKind::Refill | HistoryKind::Partial))
}

/// Whether this kind may move at all.
pub(crate) fn kind(law: &Law<'_>, rx: &Prescription, history: &[Act]) -> Outcome {
    if !matches!(rx.schedule, Schedule::I | Schedule::II) {
        return Outcome::Satisfied;
    }
    let no = |what: &'static str| {
        law.deny(&KIND, Reason::TransferProhibited, "LAW-1306.25-KIND", what,
            "give unfilled paper back to the patient, or ask the practitioner to send a new prescription to the other pharmacy").about("prescription.schedule")
    };
    if rx.form != Form::Electronic || filled(history) {
        return Outcome::Violated(Box::new(no("schedule II is transferred only electronically and unfilled")));
    }
    match law.bound(&UNFILLED) {
        Some(bound) if bound.yes() => Outcome::Satisfied,
        Some(bound) => Outcome::Violated(Box::new(no("schedule II is not transferred").by(&bound))),
        None => Outcome::Violated(Box::new(no("schedule II is not transferred"))),
    }
}

/// Whether the one transfer is unused.
pub(crate) fn once(law: &Law<'_>, rx: &Prescription, history: &[Act], shared_database: bool) -> Outcome {
    let last = history.iter().rev().find(|act| matches!(act.kind, HistoryKind::TransferIn | HistoryKind::TransferOut));
    let again = law.bound(&AGAIN);
    let free =
        shared_database || (rx.form == Form::Electronic && again.as_ref().is_some_and(crate::edition::Bound::yes));
    let what = match last.map(|act| act.kind) {
        None => return Outcome::Satisfied,
        Some(HistoryKind::TransferOut) => "it has left by transfer and is void here",
        Some(_) if free => return Outcome::Satisfied,
        Some(_) => "it came by transfer, and one transfer is allowed",
    };
    let denial = law
        .deny(&ONCE, Reason::TransferExhausted, "LAW-1306.25-ONCE", what, "ask the practitioner for a new prescription")
        .about("facts.history");
    Outcome::Violated(Box::new(match again.filter(|_| rx.form == Form::Electronic) {
        Some(bound) => denial.by(&bound),
        None => denial,
    }))
}

/// Whether the prescription is still here: what left by transfer is void, until it comes back.
pub(crate) fn still_here(law: &Law<'_>, history: &[Act]) -> Outcome {
    let moved = |act: &&Act| matches!(act.kind, HistoryKind::TransferIn | HistoryKind::TransferOut);
    match history.iter().rev().find(moved).map(|act| act.kind) {
        None => Outcome::NotApplicable,
        Some(HistoryKind::TransferOut) => Outcome::Violated(Box::new(
            law.deny(
                &ONCE,
                Reason::TransferExhausted,
                "LAW-1306.25-VOID",
                "it has left by transfer and is void here",
                "let the pharmacy that received it dispense, or ask for a new prescription",
            )
            .about("facts.history"),
        )),
        Some(_) => Outcome::Satisfied,
    }
}

/// Whether the practitioner sent it anew to another pharmacy.
pub(crate) fn sent_elsewhere(law: &Law<'_>, history: &[Act]) -> Outcome {
    Outcome::unless(!history.iter().any(|act| act.kind == HistoryKind::SentElsewhere), || {
        law.deny(
            &SENT_ELSEWHERE,
            Reason::Closed,
            "LAW-1306.08-SENT-ELSEWHERE",
            "the practitioner has sent it anew to another pharmacy",
            "keep it closed and unfilled; the other pharmacy dispenses",
        )
        .about("facts.history")
    })
}

/// (2008: (f)) Whether schedule V is still within six months; for III and IV `expiry` says so.
pub(crate) fn six_months(law: &Law<'_>, rx: &Prescription) -> Outcome {
    if rx.schedule != Schedule::V {
        return Outcome::NotApplicable;
    }
    let Some(bound) = law.bound(&MONTHS_V) else { return Outcome::NotApplicable };
    let last = u16::try_from(bound.value).ok().and_then(|months| months_after(rx.issued, months));
    let Some(last) = last else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= last, || {
        law.deny(
            &SIX_MONTHS,
            Reason::Expired,
            "LAW-1306.25-SIX-MONTHS",
            format!("a transferred prescription could be used until {last}"),
            "ask the practitioner for a new prescription",
        )
        .by(&bound)
        .about("prescription.issued")
    })
}

/// Whether a refill, or the unfilled whole, is left to move.
pub(crate) fn refills_left(law: &Law<'_>, rx: &Prescription, history: &[Act], refills: u64) -> Outcome {
    let tally = Tally::of(rx, history, refills);
    let unfilled = !filled(history) && (refills > 0 || (rx.form == Form::Electronic && law.says(&UNFILLED)));
    Outcome::unless(unfilled || tally.refills_left() > 0, || {
        law.deny(
            &REFILLS,
            Reason::RefillsExhausted,
            "LAW-1306.25-REFILLS",
            "no refill is left to transfer",
            "ask the practitioner for a new prescription",
        )
        .about("facts.history")
    })
}

/// Whether the right people, or applications, communicate.
pub(crate) fn who(law: &Law<'_>, rx: &Prescription, transfer: &Transfer) -> Outcome {
    let system = law.bound(&BY_SYSTEM);
    let what = match transfer.between {
        Between::Pharmacists => return Outcome::Satisfied,
        Between::System if rx.form == Form::Electronic && system.as_ref().is_some_and(crate::edition::Bound::yes) => {
            return Outcome::Satisfied;
        }
        Between::System => "the applications transfer it without two pharmacists",
        Between::Technicians => "technicians communicate the transfer",
    };
    let denial = law
        .deny(&WHO, Reason::NotAuthorized, "LAW-1306.25-WHO", what, "let two licensed pharmacists communicate directly")
        .about("transfer.between");
    Outcome::Violated(Box::new(match system.filter(|_| transfer.between == Between::System) {
        Some(bound) => denial.by(&bound),
        None => denial,
    }))
}

/// Whether the other pharmacy is registered.
pub(crate) fn registered(law: &Law<'_>, transfer: &Transfer) -> Outcome {
    Outcome::unless(transfer.other_registered, || {
        law.deny(
            &REGISTERED,
            Reason::RegistrationInvalid,
            "LAW-1306.25-REGISTERED",
            "the other pharmacy is not registered",
            "transfer to or from a registered pharmacy only",
        )
        .about("transfer.other_registered")
    })
}

/// Whether everything came along. What an unfilled prescription cannot have is not asked.
pub(crate) fn complete(law: &Law<'_>, rx: &Prescription, transfer: &Transfer) -> Outcome {
    let Some(bound) = law.bound(&NEEDED) else { return Outcome::NotApplicable };
    let unfilled = matches!(rx.schedule, Schedule::I | Schedule::II);
    let asked = |element: TransferElement| {
        let only_filled = matches!(
            element,
            TransferElement::FirstDispensed
                | TransferElement::RefillsRemaining
                | TransferElement::RefillsAuthorized
                | TransferElement::OriginalPharmacy
        );
        bound.value & bit(element) != 0 && !(unfilled && only_filled)
    };
    let lacking = transfer.missing.iter().copied().find(|element| asked(*element));
    match lacking {
        None => Outcome::Satisfied,
        Some(element) => Outcome::Violated(Box::new(
            law.deny(
                &COMPLETE,
                Reason::ElementMissing,
                "LAW-1306.25-MISSING",
                format!("{element} did not come along"),
                "ask the other pharmacist for it",
            )
            .by(&bound)
            .about(format!("transfer.missing: {}", element.word())),
        )),
    }
}
