//! The pharmacy's own refusals: what is refused before, or besides, the rulebook's answer.

use crate::closing::Closed;
use crate::number::PrescriptionNumber;
use crate::screening::RaisedFlag;
use crate::transfer::TransferredOut;
use theriac_law::NotBuilt;
use theriac_law::vocab::{File, Flag, RefillSystem};
use theriac_model::{Difference, Edition, Element, NotAQuantity, Refusal, Role, Schedule};

/// 2008: the annotation of each dispensing names the person in full.
const ANNOTATION: &str = "73 FR 36722, 1311.165(e)";
/// The contents of a prescription.
const CONTENTS: &str = "21 CFR 1306.05(a)";
/// Filled by a pharmacist acting in the usual course of professional practice.
const PHARMACIST: &str = "21 CFR 1306.06";
/// Purpose, and the pharmacist's corresponding responsibility.
const PURPOSE: &str = "21 CFR 1306.04(a)";
/// The record of each dispensing.
const RECORD: &str = "21 CFR 1304.22(c)";
/// Oral authorisation of further refills.
const ORAL_REFILLS: &str = "21 CFR 1306.22(e)";
/// Partial filling of schedule II.
const PARTIAL_II: &str = "21 CFR 1306.13";
/// One prescription reaches one pharmacy once.
const ONCE: &str = "73 FR 36754 (preamble, section 10)";

pub(crate) fn not_a_pharmacist(role: Role) -> Refusal {
    Refusal::new(
        "PHARM-NOT-A-PHARMACIST",
        PHARMACIST,
        format!("a {role} does not dispense"),
        "let a pharmacist take over",
    )
    .about("pharmacist")
}

pub(crate) fn initials_only() -> Refusal {
    Refusal::new(
        "PHARM-FULL-NAME",
        ANNOTATION,
        "the record of a dispensing names the pharmacist in full, not by initials",
        "enter first and last name in the person's record",
    )
    .under(Edition::Proposed2008)
    .about("pharmacist.name")
}

pub(crate) fn not_built(missing: &NotBuilt) -> Refusal {
    Refusal::new(
        "PHARM-RULE-NOT-BUILT",
        PURPOSE,
        format!("the rulebook has no answer for {}{}", missing.action, missing.detail),
        "do not dispense on this program's word; update the program",
    )
}

pub(crate) fn twin(of: &PrescriptionNumber, same: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-TWIN",
        ONCE,
        format!("{same} is here already as prescription {of}"),
        format!("nothing needs to be sent again; ask for the status of {of}"),
    )
    .under(Edition::Proposed2008)
    .about("message.order-number")
}

pub(crate) fn schedule_unknown() -> Refusal {
    Refusal::new(
        "PHARM-SCHEDULE-UNKNOWN",
        CONTENTS,
        "neither the drug file nor the message says in which schedule the drug is",
        "enter the product in the drug file, or ask the practitioner which product is meant",
    )
    .about(Element::DrugSchedule.tag())
}

pub(crate) fn not_controlled() -> Refusal {
    Refusal::new(
        "PHARM-NOT-CONTROLLED",
        CONTENTS,
        "the drug is not a controlled substance, so this system does not dispense it",
        "process it as an ordinary prescription",
    )
    .about(Element::DrugSchedule.tag())
}

pub(crate) fn schedule_differs(file: Schedule, message: Schedule) -> Refusal {
    Refusal::new(
        "PHARM-SCHEDULE-DIFFERS",
        CONTENTS,
        format!("the drug file has the drug in schedule {file}, the prescription says {message}"),
        "ask the practitioner which drug is meant; correct the drug file if it is wrong",
    )
    .about(Element::DrugSchedule.tag())
}

pub(crate) fn uncountable(problem: NotAQuantity) -> Refusal {
    Refusal::new("PHARM-QUANTITY", CONTENTS, problem.to_string(), "ask the practitioner for a new prescription")
        .about(Element::QuantityValue.tag())
}

/// The rulebook's refusal, said of one element. Never shows a value: it may be a patient's.
pub(crate) fn about_difference(refusal: &Refusal, difference: &Difference) -> Refusal {
    let element = difference.element.tag();
    let mut refusal = refusal.clone().about(element);
    refusal.what = format!("{element} is {} against what was signed", difference.kind.word()).into();
    refusal
}

/// The rulebook's refusal, said of one absent element.
pub(crate) fn about_missing(refusal: &Refusal, tag: &'static str) -> Refusal {
    let mut refusal = refusal.clone().about(tag);
    refusal.what = format!("the prescription does not bear {tag}").into();
    refusal
}

pub(crate) fn registration_unknown(refusal: Refusal) -> Refusal {
    let mut refusal = refusal.about(Element::Registration.tag());
    refusal.what = "the practitioner's registration number is not in the registrant data".into();
    refusal
}

pub(crate) fn closed(closed: &Closed) -> Refusal {
    Refusal::new(
        "PHARM-CLOSED",
        RECORD,
        format!("the prescription was {} on {}", closed.how.word(), closed.at.date()),
        "dispense on a new prescription",
    )
    .about("status")
}

pub(crate) fn on_its_way(sent: &TransferredOut) -> Refusal {
    Refusal::new(
        "PHARM-ON-ITS-WAY",
        TRANSFER,
        format!(
            "the prescription was sent to {} on {}, and that pharmacy has not said yet whether it took it in",
            sent.to.name.trim(),
            sent.at.date()
        ),
        "wait for its word, or call it; a pharmacist frees the prescription where it was not taken in",
    )
    .about("status")
}

pub(crate) fn not_on_its_way() -> Refusal {
    Refusal::new(
        "PHARM-NOT-ON-ITS-WAY",
        TRANSFER,
        "the prescription is not on its way to another pharmacy",
        "look at its record",
    )
    .about("status")
}

pub(crate) fn filled_already() -> Refusal {
    Refusal::new(
        "PHARM-FILLED",
        RECORD,
        "the prescription has been filled, in full or in part",
        "dispense the remainder or a refill, where the prescription has one",
    )
    .about("filling")
}

pub(crate) fn nothing_to_refill() -> Refusal {
    Refusal::new(
        "PHARM-NOT-FILLED",
        RECORD,
        "the prescription has not been filled yet, so there is nothing to refill or to complete",
        "fill it first",
    )
    .about("filling")
}

pub(crate) fn no_remainder() -> Refusal {
    Refusal::new(
        "PHARM-NO-REMAINDER",
        RECORD,
        "no filling in part waits for its remainder",
        "dispense a refill, where the prescription has one",
    )
    .about("filling")
}

pub(crate) fn exceeds(authorised: i64, dispensed: i64, asked: i64) -> Refusal {
    Refusal::new(
        "PHARM-EXCEEDS",
        RECORD,
        format!("{dispensed} of {authorised} authorised were dispensed; {asked} more would exceed it (smallest units)"),
        "dispense at most what remains, or obtain a new prescription",
    )
    .about("quantity")
}

pub(crate) fn other_unit() -> Refusal {
    Refusal::new(
        "PHARM-UNIT",
        CONTENTS,
        "the quantity is in another unit than the prescription's",
        "state the quantity in the prescription's unit",
    )
    .about("quantity.unit")
}

pub(crate) fn other_product() -> Refusal {
    Refusal::new(
        "PHARM-PRODUCT",
        CONTENTS,
        "the product scanned is neither the one prescribed nor one the drug file lists as the same drug, strength and form",
        "scan the right product, or enter the equivalence in the drug file after checking it",
    )
    .about("product.ndc")
}

pub(crate) fn judged_later() -> Refusal {
    Refusal::new(
        "PHARM-JUDGMENT",
        PURPOSE,
        "the pharmacist's judgment is dated after the filling",
        "judge the prescription before filling it",
    )
    .about("judgment.at")
}

pub(crate) fn before_the_record(field: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-TIME",
        RECORD,
        "it is said to happen before the last act on this prescription",
        "enter the time at which it happens",
    )
    .about(field)
}

pub(crate) fn basis_changed() -> Refusal {
    Refusal::new(
        "PHARM-BASIS-CHANGED",
        PARTIAL_II,
        "the earlier part of this schedule II prescription was dispensed on another basis",
        "go on with the basis chosen at the first part, or obtain a new prescription",
    )
    .about("basis")
}

pub(crate) fn not_this_filling(no: u32, state: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-FILLING-STATE",
        RECORD,
        format!("filling {no} is {state}"),
        "choose a filling that waits for collection",
    )
    .about("filling")
}

pub(crate) fn text_missing(field: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-TEXT",
        "73 FR 36722, 1306.08(c)",
        "a required part of the record is absent or too long",
        "write it down (1 to 2000 characters)",
    )
    .under(Edition::Proposed2008)
    .about(field)
}

pub(crate) fn no_such_annotation(no: u32) -> Refusal {
    Refusal::new(
        "PHARM-NO-SUCH-NOTE",
        "73 FR 36722, 1306.08(c)",
        format!("there is no note {no} to correct"),
        "name the note that is corrected",
    )
    .under(Edition::Proposed2008)
    .about("corrects")
}

pub(crate) fn dispensed_already(what: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-DISPENSED",
        RECORD,
        format!("the prescription has been dispensed, in full or in part, and cannot be {what}"),
        "end the treatment instead: what is left is then not dispensed; what waits for collection can be put back first",
    )
    .about("status")
}

pub(crate) fn other_sender() -> Refusal {
    Refusal::new(
        "PHARM-OTHER-SENDER",
        PURPOSE,
        "the cancellation does not come from who sent the prescription",
        "send it from the system that sent the prescription, or telephone the pharmacy",
    )
    .about("message.sender")
}

pub(crate) fn other_practitioner() -> Refusal {
    Refusal::new(
        "PHARM-OTHER-PRACTITIONER",
        ORAL_REFILLS,
        "further refills are authorised by the practitioner who issued the prescription",
        "obtain a new prescription from the other practitioner",
    )
    .about("practitioner")
}

pub(crate) fn not_a_fax() -> Refusal {
    Refusal::new(
        "PHARM-NOT-A-FAX",
        "21 CFR 1306.11(a)",
        "the prescription did not come by fax, so there is no original to compare",
        "go on with the prescription as it came",
    )
    .about("source")
}

/// The prescription that follows an emergency.
const FOLLOW_UP: &str = "21 CFR 1306.11(d)(4)";

pub(crate) fn no_emergency() -> Refusal {
    Refusal::new(
        "PHARM-NO-EMERGENCY",
        FOLLOW_UP,
        "the prescription is no oral order of schedule II, so nothing has to follow it",
        "find the record of the oral order",
    )
    .about("number")
}

pub(crate) fn followed_up() -> Refusal {
    Refusal::new(
        "PHARM-FOLLOWED-UP",
        FOLLOW_UP,
        "the written prescription is attached already",
        "a second one is a prescription of its own, or a mistake: ask the practitioner",
    )
    .about("follow-up")
}

pub(crate) fn other_follow_up(element: Element) -> Refusal {
    Refusal::new(
        "PHARM-FOLLOWUP-OTHER",
        FOLLOW_UP,
        format!("{} is another than in the oral order", element.tag()),
        "find the oral order that it follows, or ask the practitioner",
    )
    .about(element.tag())
}

pub(crate) fn no_such_flag(flag: Flag) -> Refusal {
    Refusal::new(
        "PHARM-NO-SUCH-FLAG",
        PURPOSE,
        format!("the warning sign {flag} was not raised on this prescription"),
        "decide about a sign that was raised, or write a note",
    )
    .about("flag")
}

pub(crate) fn flag_open(open: &RaisedFlag) -> Refusal {
    Refusal::new(
        "PHARM-FLAG-OPEN",
        "73 FR 36747 (preamble, section 7); 21 CFR 1306.04(a)",
        format!("the warning sign {} is open: {}", open.flag, open.what),
        "ask the practitioner and record it, or record why nobody has to be asked; then dispense",
    )
    .under(Edition::Proposed2008)
    .about("flags")
}

pub(crate) fn label_missing(no: u32) -> Refusal {
    Refusal::new(
        "PHARM-LABEL",
        "21 CFR 1306.14(a), 1306.24(a)",
        format!("no label is on the package of filling {no}"),
        "print the label and affix it, then release",
    )
    .about("label")
}

/// Transfers.
const TRANSFER: &str = "21 CFR 1306.25, 1306.08(e), (f)";

pub(crate) fn waiting(no: u32) -> Refusal {
    Refusal::new(
        "PHARM-WAITING",
        TRANSFER,
        format!("filling {no} waits for collection"),
        "hand it over or put it back first, so that what remains is certain",
    )
    .about("filling")
}

pub(crate) fn transfer_refills(stated: i64, left: i64) -> Refusal {
    Refusal::new(
        "PHARM-TRANSFER-REFILLS",
        TRANSFER,
        format!("{stated} refills are said to remain, and by the fillings listed {left} do"),
        "ask the transferring pharmacist which is right",
    )
    .about("transfer.refills-remaining")
}

pub(crate) fn central_state(no: u32, state: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-CENTRAL-STATE",
        "21 CFR 1306.15, 1304.05",
        format!("number {no} {state}"),
        "choose a transmission that is under way, or a filling that fits",
    )
    .about("central")
}

pub(crate) fn not_amendable(element: Element) -> Refusal {
    Refusal::new(
        "PHARM-NOT-AMENDABLE",
        "73 FR 36722, 1311.175(c)",
        format!("{} is nothing that a pharmacist changes on a prescription", element.tag()),
        "write a note, or obtain a new prescription",
    )
    .under(Edition::Proposed2008)
    .about(element.tag())
}

pub(crate) fn amend_value(element: Element, problem: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-AMEND-VALUE",
        CONTENTS,
        format!("{} {problem}", element.tag()),
        "look at the value that stands, and enter the one that was agreed",
    )
    .about(element.tag())
}

/// Verification of a day's refills.
const REFILL_DAY: &str = "21 CFR 1306.22(f)(3)";

pub(crate) fn not_involved() -> Refusal {
    Refusal::new(
        "PHARM-NOT-INVOLVED",
        REFILL_DAY,
        "this pharmacist did not refill on that day",
        "let the pharmacists sign who refilled",
    )
    .about("pharmacist")
}

pub(crate) fn not_printed() -> Refusal {
    Refusal::new(
        "PHARM-NOT-PRINTED",
        REFILL_DAY,
        "the printout is not there, or a refill was entered after it",
        "print the day, check it, then sign",
    )
    .about("printout")
}

pub(crate) fn signed_already() -> Refusal {
    Refusal::new("PHARM-SIGNED", REFILL_DAY, "this pharmacist has signed the day", "nothing is left to sign")
        .about("pharmacist")
}

pub(crate) fn method(system: RefillSystem) -> Refusal {
    Refusal::new(
        "PHARM-METHOD",
        "21 CFR 1306.22(g), (h)",
        format!("{system} binds already, or is for electronic prescriptions only"),
        "keep the one system, or choose the other",
    )
    .about("system")
}

/// Refills while the computer is down.
const DOWNTIME: &str = "21 CFR 1306.22(f)(5)";

pub(crate) fn sheet_entered(no: u32) -> Refusal {
    Refusal::new(
        "PHARM-SHEET",
        DOWNTIME,
        format!("sheet {no} was not given out, or is done"),
        "look at the number on the sheet",
    )
    .about("sheet")
}

pub(crate) fn sheets() -> Refusal {
    Refusal::new(
        "PHARM-SHEETS",
        DOWNTIME,
        "the sheets are not numbered from a first to a last",
        "give out numbered sheets, at most ten thousand",
    )
    .about("sheets")
}

pub(crate) fn outage_over() -> Refusal {
    Refusal::new("PHARM-OUTAGE-OVER", DOWNTIME, "the outage has ended", "enter the sheets").about("outage")
}

pub(crate) fn file_place() -> Refusal {
    Refusal::new(
        "PHARM-FILE-PLACE",
        "21 CFR 1304.04(h)(2), (4)",
        "the paper would lie away from the registered location",
        "file it at the location that dispensed on it",
    )
    .about("location")
}

pub(crate) fn other_file(file: File) -> Refusal {
    Refusal::new(
        "PHARM-FILE-SCHEME",
        "21 CFR 1304.04(h)",
        format!("the file {file} is not the one of the scheme that this pharmacy has chosen"),
        "use one scheme for all prescriptions, or change it for all",
    )
    .about("file")
}

pub(crate) fn no_code() -> Refusal {
    Refusal::new(
        "PHARM-NO-CODE",
        "21 CFR 1301.22(c)",
        "the practitioner prescribes under a registration of his or her own, without an internal code",
        "check the registration instead",
    )
    .about(Element::Registration.tag())
}

pub(crate) fn code_denied() -> Refusal {
    Refusal::new(
        "PHARM-CODE-DENIED",
        "21 CFR 1301.22(c)(5), 1306.04(a)",
        "the hospital says that the internal code does not stand for this practitioner",
        "do not dispense; ask the practitioner, and record what the hospital answers then",
    )
    .about(Element::Registration.tag())
}

pub(crate) fn no_such_duty(id: u32) -> Refusal {
    Refusal::new(
        "PHARM-NO-SUCH-DUTY",
        RECORD,
        format!("no open duty has number {id}"),
        "name a duty that is open on this prescription",
    )
    .about("duty")
}

pub(crate) fn checklist(what: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-CHECKLIST",
        "Manual 2010, appendix D",
        what,
        "look for each of the six signs on the paper and answer yes or no",
    )
    .about("taken-in.checklist")
}

pub(crate) fn animal_unnamed() -> Refusal {
    Refusal::new(
        "PHARM-ANIMAL",
        "Manual 2010, section IX; appendix B",
        "it is for an animal, and the animal is not named",
        "enter the animal's name; its owner is the patient, with the owner's address",
    )
    .about("taken-in.animal")
}

pub(crate) fn ghb_record() -> Refusal {
    Refusal::new(
        "PHARM-GHB-RECORD",
        "21 CFR 1304.26; 73 FR 36722, proposed 1306.28(b)(9)",
        "gamma-hydroxybutyric acid is dispensed with a record of its own, and there is none",
        "enter the practitioner's State number and how the authority to prescribe was verified",
    )
    .about("ghb")
}

/// What an institution administers and dispenses on.
const INSTITUTION: &str = "21 CFR 1306.11(c), 1306.21(c)";

pub(crate) fn no_institution() -> Refusal {
    Refusal::new(
        "PHARM-CHART-RETAIL",
        INSTITUTION,
        "this pharmacy is no institution's, so nothing is administered here on an order",
        "take it in as a prescription; an institution's pharmacy says so in theriac.toml under [pharmacy]",
    )
    .about("kind")
}

pub(crate) fn institution_orders() -> Refusal {
    Refusal::new(
        "PHARM-CHART-INSTITUTION",
        INSTITUTION,
        "the order names the institution itself, which administers and dispenses and never prescribes",
        "enter the practitioner who ordered it, under the own number or the institution's with the internal code",
    )
    .about("registration")
}

pub(crate) fn chart_practitioner(what: &'static str) -> Refusal {
    Refusal::new(
        "PHARM-CHART-PRACTITIONER",
        "21 CFR 1306.03(a)",
        format!("the registration of who ordered it {what}"),
        "correct the number, or let a practitioner with authority order it",
    )
    .about("registration")
}

/// A rule asks for a fact of the product that the drug file does not hold.
pub(crate) fn flag_missing(flag: &'static str, cite: &'static str) -> Refusal {
    Refusal::new(
        "DRUG-FLAG-MISSING",
        cite,
        format!("the drug file does not say of this product: {flag}"),
        "enter it on the product's page of the drug file, from the package's label, then enter this again",
    )
    .about(flag)
}

/// The message named a product that the drug file does not know, and nobody has said which one it is.
pub(crate) fn product_unknown(ndc: Option<&theriac_model::Ndc>) -> Refusal {
    let named = ndc.map(|ndc| format!(" {ndc}")).unwrap_or_default();
    Refusal::new(
        "PHARM-PRODUCT-UNKNOWN",
        CONTENTS,
        format!("the drug file does not know the NDC{named} of the prescription"),
        "import the FDA's directory, or ask the practitioner which product is meant; then record on the duty what was found",
    )
    .about("drug.ndc")
}
