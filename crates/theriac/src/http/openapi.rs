//! The interface described in OpenAPI 3.1: paths from the table of doors, schemas from the table below.
//!
//! Tests compare the schemas with what the views really print, so a description cannot fall behind.

use super::doors::{Door, Face, Method, Who};
use serde_json::{Map, Value, json};

/// What a member of a schema holds.
#[derive(Clone, Copy)]
enum Holds {
    Text,
    TextOrNone,
    /// A text that a request may leave out.
    MaybeText,
    Truth,
    /// Any JSON value.
    Anything,
    /// A whole number.
    Whole,
    /// A whole number, or null.
    WholeOrNone,
    Texts,
    /// Texts that a request may leave out.
    MaybeTexts,
    One(&'static str),
    /// One, or null.
    OneOrNone(&'static str),
    Many(&'static str),
    /// Those that a request may leave out.
    MaybeMany(&'static str),
}

use Holds::{
    Anything, Many, MaybeMany, MaybeText, MaybeTexts, One, OneOrNone, Text, TextOrNone, Texts, Truth, Whole,
    WholeOrNone,
};

type Member = (&'static str, Holds, &'static str);

/// The schemas: name, and members with what they hold and mean.
const SCHEMAS: &[(&str, &[Member])] = &[
    (
        "PrescriptionRow",
        &[
            ("id", Text, "The prescription's identifier on the practitioner's side"),
            ("issued", Text, "Date of issue; empty before signing"),
            ("patient", Text, "The patient's name"),
            ("drug", Text, "Drug, strength and form"),
            ("schedule", Text, "Schedule, II to V"),
            ("quantity", Text, "Quantity prescribed, with its unit"),
            ("stage", Text, "draft, ready, signed, transmitted, accepted, rejected, filled, printed or void"),
            ("answer", Text, "What the pharmacy's last answer said; empty if none came"),
        ],
    ),
    ("Element", &[("tag", Text, "The element's tag in the signed bytes"), ("value", Text, "Its value")]),
    (
        "DrugFact",
        &[
            ("flag", Text, "narcotic, opium, legend, measured, chemical or container"),
            ("says", TextOrNone, "What is told of it; null where nobody has told"),
        ],
    ),
    (
        "DrugFacts",
        &[
            ("ndc", Text, "The NDC in eleven digits"),
            ("name", Text, "Name"),
            ("strength", Text, "Strength"),
            ("form", Text, "Dosage form"),
            ("schedule", TextOrNone, "Schedule, II to V; null for what is not controlled"),
            ("facts", Many("DrugFact"), "What rules ask besides the schedule"),
            ("missing", Texts, "The facts that nobody has told: a rule that needs one refuses and names it"),
        ],
    ),
    (
        "Step",
        &[
            ("at", Text, "When"),
            ("who", Text, "Who"),
            ("what", Text, "What happened"),
            ("entry", Whole, "The journal entry that proves it"),
        ],
    ),
    (
        "Prescription",
        &[
            ("row", One("PrescriptionRow"), "The prescription in one line"),
            ("elements", Many("Element"), "Its elements"),
            ("steps", Many("Step"), "Everything that happened to it, oldest first"),
        ],
    ),
    (
        "QueueRow",
        &[
            ("number", Text, "The pharmacy's prescription number"),
            ("received", Text, "When it was received"),
            ("patient", Text, "The patient's name"),
            ("practitioner", Text, "The practitioner's name"),
            ("drug", Text, "Drug, strength and form"),
            ("schedule", Text, "Schedule, II to V"),
            ("quantity", Text, "Quantity prescribed, with its unit"),
            ("status", Text, "accepted, rejected, partly-filled, filled, void"),
            ("remaining", Text, "What may still be dispensed"),
        ],
    ),
    (
        "Dispensing",
        &[
            ("at", Text, "When"),
            ("kind", Text, "Filling, refill or part"),
            ("quantity", Text, "Quantity dispensed, with its unit"),
            ("pharmacist", Text, "Who dispensed"),
            ("entry", Whole, "The journal entry that proves it"),
        ],
    ),
    (
        "Duty",
        &[
            ("what", Text, "What has to be done"),
            ("cite", Text, "The paragraph that demands it"),
            ("due", Text, "By when"),
        ],
    ),
    (
        "Refusal",
        &[
            ("code", Text, "Stable code"),
            ("cite", Text, "The paragraph that decided"),
            ("edition", Text, "The edition that decided"),
            ("standing", Text, "What to know of the edition before taking it for the law"),
            ("field", Text, "The element it is about; empty if none"),
            ("what", Text, "What was found"),
            ("next", Text, "What to do next"),
        ],
    ),
    (
        "ArchiveLines",
        &[
            ("total", Whole, "How many lines there are in all; 100 of them are answered"),
            ("lines", Many("ArchiveLine"), "The lines, in the order that was asked for"),
        ],
    ),
    (
        "ArchiveLine",
        &[
            ("entry", Whole, "The journal entry that the line is made of"),
            ("number", Text, "The pharmacy's prescription number"),
            ("schedule", Text, "Schedule, II to V"),
            ("prescriber", Text, "The practitioner's name, last name first"),
            ("registration", Text, "The practitioner's DEA number, whole"),
            ("patient", Text, "The patient's name, last name first"),
            ("drug", Text, "Drug, strength and form"),
            ("issued", Text, "Date of issue"),
            ("received", Text, "Day on which it came"),
            ("came", Text, "electronic, paper, fax, telephone or transfer"),
            ("prescribed", Text, "Quantity prescribed"),
            ("unit", Text, "What the quantity counts"),
            ("directions", Text, "Directions for use"),
            ("refills", Text, "Refills authorised; empty if none are written"),
            ("filled", Text, "Day of the dispensing; empty if nothing was dispensed"),
            ("filling", Text, "first filling, refill, partial filling or remainder; empty if nothing was dispensed"),
            ("dispensed", Text, "Quantity dispensed"),
            ("ndc", Text, "The product dispensed"),
            ("pharmacist", Text, "Who dispensed, by full name"),
            ("state", Text, "What became of it"),
        ],
    ),
    (
        "Record",
        &[
            ("row", One("QueueRow"), "The record in one line"),
            ("elements", Many("Element"), "The elements as received"),
            ("signature", Text, "How the signature was found"),
            ("archived", Text, "SHA-256 of the archived message, hex"),
            ("refusals", Many("Refusal"), "Why it was rejected; empty if it was not"),
            ("dispensings", Many("Dispensing"), "Fillings, refills and parts, oldest first"),
            ("duties", Many("Duty"), "What has to be done, and by when"),
            ("annotations", Many("Step"), "Annotations, newest last"),
            ("opened", Many("Step"), "Who opened the record, newest last; this request is among them"),
            ("steps", Many("Step"), "Everything that happened to it, oldest first"),
        ],
    ),
    (
        "MessageVerdict",
        &[
            ("verdict", Text, "accepted, cancelled, noted, or rejected"),
            ("number", Text, "The prescription number; empty where there is none"),
            ("archived", Text, "SHA-256 of the message as it was archived, hex"),
            ("refusals", Many("Refusal"), "Why it was rejected, the reason that decides first"),
            ("acknowledgement", Text, "For an HL7 message: the acknowledgement to give back; empty for others"),
        ],
    ),
    (
        "ProgrammeRow",
        &[
            ("state", Text, "The State, two letters"),
            ("title", Text, "The programme's name"),
            ("cite", Text, "Where State law says what is reported and how soon"),
            ("collects", Text, "The schedules it collects"),
            ("waiting", Whole, "Dispensings that have to be told"),
            ("held", Whole, "Of these, how many cannot be told yet"),
            ("late", Whole, "Of these, how many are late"),
            ("last_report", Text, "The number of the last report; empty if none was made"),
            ("unanswered", Whole, "Reports whose answer was not read"),
        ],
    ),
    (
        "ReportMade",
        &[
            ("state", Text, "The State"),
            ("control", Text, "The report's number"),
            ("records", Whole, "Records in it; 0 where nothing was dispensed"),
            ("late", Whole, "Records that are told late"),
            ("digest", Text, "SHA-256 of its file, hex"),
        ],
    ),
    (
        "ProgrammeAsked",
        &[
            ("state", Text, "The State whose programme was asked"),
            ("purpose", Text, "Why: 1 to 500 characters"),
            ("found", Text, "What came of it: 1 to 500 characters"),
            ("answer", MaybeText, "Supplies taken over, one a line: filled,drug,days,prescriber,pharmacy"),
        ],
    ),
    (
        "QuestionKept",
        &[("number", Text, "The prescription number"), ("signs", Texts, "Warning signs that show, with their codes")],
    ),
    (
        "LabelWanted",
        &[
            ("no", Whole, "Which filling, counted from 1"),
            ("format", Text, "pdf, pdf-4x6, zpl or zpl-300"),
            ("why", MaybeText, "Why it is printed again; needed for a second print"),
        ],
    ),
    ("Label", &[("media", Text, "The media type"), ("label", Text, "The label, in base64")]),
    (
        "RefillLine",
        &[
            ("at", Text, "When it was dispensed"),
            ("number", Text, "The prescription number"),
            ("patient", Text, "The patient"),
            ("drug", Text, "Drug, strength and form"),
            ("quantity", Text, "Quantity, with its unit"),
            ("pharmacist", Text, "Who dispensed"),
        ],
    ),
    (
        "RefillDay",
        &[
            ("day", Text, "The day"),
            ("standing", Text, "nothing, open, pressing, late or complete"),
            ("due", TextOrNone, "The last day on which its printout is in time; null where none is set"),
            ("lines", Many("RefillLine"), "The refills, in order of time"),
            ("signed", Texts, "Who verified it"),
            ("missing", Texts, "Who refilled and has not verified it"),
        ],
    ),
    (
        "KitLine",
        &[
            ("number", Text, "The prescription number"),
            ("patient", Text, "The patient"),
            ("drug", Text, "Drug, strength and form"),
            ("quantity", Text, "The quantity of a refill, with its unit"),
            ("refills", Whole, "Refills that may still be dispensed"),
            ("last_day", TextOrNone, "The last day; null where there is none"),
        ],
    ),
    ("DowntimeKit", &[("at", Text, "As of when"), ("lines", Many("KitLine"), "What may be refilled, by number")]),
    (
        "FillingAsked",
        &[
            ("scan", Text, "The code scanned from the container, or its NDC with hyphens"),
            ("what", Text, "fill, refill, part or remainder"),
            (
                "filling",
                Whole,
                "The number the filling will have: one more than the record has; a request sent twice is refused",
            ),
            ("quantity", MaybeText, "Of a part: how much, in the unit of the prescription"),
            ("basis", MaybeText, "Of a part of schedule II: shortage, requested, ltcf or terminal"),
            ("counted", MaybeText, "What was counted on the shelf afterwards, before anybody looked into the books"),
            ("judgment", MaybeText, "The pharmacist's remarks"),
            ("ghb_state", MaybeText, "Gamma-hydroxybutyric acid: the practitioner's State number"),
            ("ghb_verified", MaybeText, "Gamma-hydroxybutyric acid: how the authority to prescribe it was verified"),
            ("ghb_insurer", MaybeText, "Gamma-hydroxybutyric acid: the patient's insurer, where it is known"),
        ],
    ),
    (
        "Filling",
        &[
            ("number", Text, "The prescription number"),
            ("filling", Whole, "The number of the filling"),
            ("kind", Text, "fill, refill, partial filling or remainder"),
            ("quantity", Text, "What was dispensed, with its unit"),
            ("remaining", Text, "What remains of the quantity authorised"),
            ("counted", TextOrNone, "What was counted on the shelf"),
            ("book", TextOrNone, "What the books said of it"),
            ("warnings", Many("Refusal"), "What the rulebook warns of beside its yes"),
        ],
    ),
    (
        "PickedUp",
        &[
            ("recipient", Text, "Who takes it, by name"),
            ("to", MaybeText, "patient, household-member, animal-owner, other or abroad; the patient if left out"),
            ("by", MaybeText, "hand or mail; hand if left out"),
            ("document", MaybeText, "drivers-licence, state-card, federal-card, military-card, us-passport or other"),
            ("last_digits", MaybeText, "The last four characters of the document's number at most"),
            ("matching", MaybeText, "What agrees with the record: name, birth-date, home-address, divided by blanks"),
            ("differing", MaybeText, "What differs from the record, likewise"),
        ],
    ),
    (
        "HandedOver",
        &[
            ("number", Text, "The prescription number"),
            ("filling", Whole, "The number of the filling"),
            ("warnings", Many("Refusal"), "What the rulebook warns of beside its yes"),
        ],
    ),
    ("Note", &[("note", Text, "The annotation: 1 to 2,000 characters")]),
    ("Annotated", &[("number", Text, "The prescription number"), ("note", Text, "The annotation as it was kept")]),
    (
        "StockRow",
        &[
            ("ndc", Text, "The product's NDC"),
            ("name", Text, "Its name"),
            ("schedule", Text, "Schedule, II to V"),
            ("on_hand", Text, "On hand, with its unit"),
            ("received", Text, "Received in all"),
            ("dispensed", Text, "Dispensed in all"),
        ],
    ),
    (
        "Movement",
        &[
            ("at", Text, "When"),
            ("document", Text, "The document that moved it"),
            ("who", Text, "Who signed"),
            ("lines", Text, "The lines of the entry, account by account"),
            ("on_hand", Whole, "On hand after it, in the smallest unit"),
            ("on_hand_text", Text, "On hand after it, with its unit"),
            ("entry", Whole, "The journal entry that proves it"),
        ],
    ),
    (
        "Stock",
        &[
            ("row", One("StockRow"), "The product in one line"),
            ("movements", Many("Movement"), "Its movements, oldest first"),
        ],
    ),
    (
        "EntryRow",
        &[
            ("seq", Whole, "The entry's number, from 0"),
            ("at", Text, "When"),
            ("actor", Text, "Who"),
            ("role", Text, "In which role"),
            ("location", Text, "At which registration"),
            ("kind", Text, "The kind of event"),
            ("stream", Text, "What it happened to"),
            ("leaf", Text, "The leaf hash"),
        ],
    ),
    (
        "Journal",
        &[
            ("rows", Many("EntryRow"), "At most 100 entries, newest first"),
            ("older", WholeOrNone, "The value of `before` for the next page; null on the last one"),
            ("checkpoint", Text, "The newest signed checkpoint, a C2SP signed note"),
            ("verifier_key", Text, "The key that verifies it"),
        ],
    ),
    (
        "Entry",
        &[
            ("row", One("EntryRow"), "The entry in one line"),
            ("body", Text, "The body, indented JSON"),
            ("law", Text, "Law profile and decision"),
            ("proof", Texts, "The inclusion proof's hashes, base64, leaf upwards"),
            ("tree_size", Whole, "Entries under the root"),
            ("root", Text, "The root hash"),
            ("verdict", Text, "`verified`, or why not"),
            ("evidence", Text, "The evidence as JSON text, for theriac verify"),
        ],
    ),
    ("TokenOptions", &[("publicKey", Anything, "Options of navigator.credentials.get() or create()")]),
    (
        "Ceremony",
        &[
            ("ticket", Text, "To be sent with the answer, once"),
            ("publicKey", Anything, "Options of navigator.credentials.get() or create()"),
        ],
    ),
    ("GrantBegin", &[("person", Text, "The practitioner whose grant is approved")]),
    ("BindBegin", &[("offer", Text, "The offer's identifier, as the page of own tokens states it")]),
    ("Entered", &[("to", Text, "Where to go; empty for the page that was wanted")]),
    ("SignInBegin", &[("person", Text, "The person's identifier")]),
    ("JoinBegin", &[("person", Text, "The person's identifier"), ("code", Text, "The invitation's code")]),
    (
        "CeremonyAnswer",
        &[
            ("ticket", Text, "The ceremony's ticket"),
            ("credential", Anything, "As PublicKeyCredential.toJSON() writes it"),
        ],
    ),
    ("SignedList", &[("signed", Texts, "The prescriptions that were signed")]),
    (
        "SignBegin",
        &[
            ("ids", Text, "Ready prescriptions of one patient, separated by commas"),
            ("statement", Text, "The identifier of the statement that was shown"),
            ("agreed", Truth, "Whether the practitioner agrees to it"),
        ],
    ),
    ("TokenAnswer", &[("rawId", Text, "As PublicKeyCredential.toJSON() writes it, with its other members")]),
    (
        "Rule",
        &[
            ("id", Text, "The rule's identifier"),
            ("area", Text, "The area of the law"),
            ("cite", Text, "The paragraph"),
            ("editions", Texts, "The editions that say it"),
            ("since", TextOrNone, "The first day on which it binds under the Code; null without a beginning"),
            ("until", TextOrNone, "The last day on which it binds under the Code; null without an end"),
            ("summary", Text, "What it says, in one sentence"),
            ("requirements", Texts, "Rows of the requirement catalogue that it serves"),
        ],
    ),
    (
        "Ground",
        &[
            ("rule", Text, "The rule that was asked"),
            ("finding", Text, "satisfied, violated, not-applicable or not-in-force"),
        ],
    ),
    (
        "Remedy",
        &[
            ("fact", Text, "The fact, as the question names it"),
            ("was", Anything, "What was stated"),
            ("becomes", Anything, "What it would have to be; null where stating nothing is enough"),
        ],
    ),
    (
        "LawRefusal",
        &[
            ("code", Text, "Stable code"),
            ("what", Text, "What was found"),
            ("next", Text, "What to do next"),
            ("field", TextOrNone, "The fact it is about"),
            ("standing", Text, "What to know of the edition"),
        ],
    ),
    (
        "NewPatient",
        &[
            ("first", Text, "First name"),
            ("middle", MaybeText, "Middle name"),
            ("last", Text, "Last name"),
            ("suffix", MaybeText, "Suffix"),
            ("born", Text, "Date of birth, such as 1961-05-17"),
            ("line1", Text, "Street and number"),
            ("line2", MaybeText, "Second line of the address"),
            ("city", Text, "City"),
            ("state", Text, "The two letters of the State"),
            ("postal", Text, "ZIP code of five or nine digits"),
        ],
    ),
    (
        "Patient",
        &[
            ("id", Text, "The patient's identifier here"),
            ("first", Text, "First name"),
            ("middle", TextOrNone, "Middle name"),
            ("last", Text, "Last name"),
            ("suffix", TextOrNone, "Suffix"),
            ("born", Text, "Date of birth"),
            ("line1", Text, "Street and number"),
            ("line2", TextOrNone, "Second line of the address"),
            ("city", Text, "City"),
            ("state", Text, "The two letters of the State"),
            ("postal", Text, "ZIP code"),
        ],
    ),
    (
        "DraftFields",
        &[
            ("patient", MaybeText, "The patient's identifier here"),
            ("practitioner", MaybeText, "For whom an agent drafts; a practitioner drafts for themselves"),
            ("registration", MaybeText, "The registration; where the practitioner has one only, that"),
            ("ndc", MaybeText, "The product's NDC"),
            ("quantity", MaybeText, "The quantity, in the product's unit"),
            ("directions", MaybeText, "Directions for use"),
            ("refills", MaybeText, "Refills; none if left out"),
            ("days_supply", MaybeText, "Days of supply"),
            ("earliest_fill", MaybeText, "The first day on which it may be filled"),
            ("note", MaybeText, "Remarks on the face"),
            ("pharmacy", MaybeText, "The pharmacy's NCPDP identifier; this deployment's if left out"),
        ],
    ),
    (
        "Said",
        &[
            ("drug", Text, "Drug, strength and form of the product; empty while none is chosen"),
            ("schedule", Text, "Schedule, II to V; empty while no product is chosen"),
            ("missing", Texts, "Required elements that are still missing"),
            ("refusals", Many("Refusal"), "What the law or the form of an element refuses"),
            ("refills_allowed", WholeOrNone, "Refills that the law leaves of those written; null while it cannot say"),
            ("complete", Truth, "Whether it may be marked ready"),
        ],
    ),
    (
        "Drafted",
        &[
            ("id", Text, "The draft's identifier"),
            ("stage", Text, "Its stage"),
            ("said", One("Said"), "What the rulebook says of it"),
        ],
    ),
    ("Why", &[("reason", Text, "Why, in 1 to 260 characters on one line; the pharmacist reads it")]),
    (
        "Drug",
        &[
            ("ndc", Text, "The product's NDC"),
            ("name", Text, "Its name"),
            ("strength", Text, "Its strength"),
            ("form", Text, "Its dosage form"),
            ("unit", Text, "In what it is counted"),
            ("schedule", TextOrNone, "Schedule, II to V, today"),
        ],
    ),
    (
        "CounterSale",
        &[
            ("ndc", Text, "The product, by its NDC"),
            ("quantity", Text, "Millilitres or dosage units, a whole number"),
            ("name", Text, "The purchaser's name"),
            ("address", Text, "The purchaser's address"),
            ("born", Text, "The purchaser's date of birth"),
            ("shown", Text, "known, photo-document or nothing"),
        ],
    ),
    (
        "ChemicalSale",
        &[
            ("ndc", Text, "The product, by its NDC"),
            ("packages", Text, "Packages, a whole number"),
            ("name", Text, "The purchaser's name as it is logged"),
            ("address", Text, "The purchaser's address"),
            ("born", Text, "The purchaser's date of birth"),
            ("document", Text, "The kind of document shown, by the rulebook's word, such as drivers-licence"),
            ("name-on-document", Text, "The name on the document"),
            ("document-state", MaybeText, "photograph, no-photograph or expired; photograph if absent"),
            ("channel", MaybeText, "counter or mail; counter if absent"),
            ("purpose", MaybeText, "personal or institution; personal if absent"),
            ("warning", MaybeText, "shown, once the purchaser has seen the warning"),
            ("signature", MaybeText, "What the signature pad captured, at most 20,000 characters"),
            ("device", MaybeText, "Which pad"),
        ],
    ),
    (
        "SaleAnswer",
        &[
            ("verdict", Text, "sell or refuse"),
            ("refusal", OneOrNone("Refusal"), "Why it may not be sold"),
            (
                "from",
                TextOrNone,
                "The first moment at which this quantity may be sold, where only time stands in the way",
            ),
            ("most", Whole, "The most that may be sold to this purchaser now"),
            ("unit", Text, "What that counts: mL, units or packages"),
            ("warning", Text, "The text a purchaser of a listed chemical reads before signing"),
            ("asked", Text, "When it was asked, by the clock of the place"),
        ],
    ),
    (
        "CounterSold",
        &[
            ("number", Whole, "The number in the record book"),
            ("page", Whole, "The page"),
            ("line", Whole, "The line on the page"),
            ("sold", Text, "When"),
        ],
    ),
    (
        "ChemicalSold",
        &[
            ("number", WholeOrNone, "The number in the logbook; null where no entry is made"),
            ("sold", Text, "When"),
            ("units", Whole, "Dosage units sold"),
            ("base", Whole, "Milligrams of base, rounded up"),
        ],
    ),
    (
        "BooksDue",
        &[
            ("what", Text, "What is due"),
            ("by", Text, "By when, in words; empty where no day is set"),
            ("state", Text, "overdue, today, soon or open"),
            ("page", Text, "The page where it is done"),
        ],
    ),
    (
        "BooksStatementRow",
        &[
            ("row", Text, "Where it came from or went"),
            ("direction", Text, "in or out"),
            ("amount", Whole, "How much, in smallest units"),
            ("entries", Texts, "The numbers of the entries behind it"),
        ],
    ),
    (
        "BooksStatement",
        &[
            ("ndc", Text, "The product's NDC"),
            ("name", Text, "Name, strength and form"),
            ("unit", Text, "The smallest unit: piece, microlitre or microgram"),
            (
                "title",
                Text,
                "accountability-audit where it begins with an initial or biennial inventory, else management-report",
            ),
            ("from", Text, "What happened after this instant is in it"),
            ("to", Text, "What happened up to this instant is in it"),
            ("opening", Whole, "On hand at the beginning"),
            ("rows", Many("BooksStatementRow"), "What came and what went"),
            ("accountable", Whole, "Opening and what came"),
            ("expected", Whole, "What must be there at the end"),
            ("counted", WholeOrNone, "What was counted at the end, where everything was"),
            ("variance", WholeOrNone, "Counted less expected; negative for a shortage"),
            ("agrees", Truth, "Whether a second computation from the entries agrees"),
        ],
    ),
    (
        "OrderLine",
        &[
            ("line", Whole, "Its number"),
            ("ndc", Text, "The product's NDC"),
            ("item", Text, "Name, strength and form"),
            ("packages", Whole, "Packages ordered"),
            ("received", Whole, "Packages received"),
            ("outstanding", Whole, "Packages still to come"),
            ("excess", Whole, "Packages that came and no order covers; they are not on the shelf"),
            ("state", Text, "open, complete, cancelled or void"),
        ],
    ),
    (
        "Order",
        &[
            ("id", Text, "The order's identifier here"),
            ("number", Text, "The serial number of its form, or its tracking number"),
            ("method", Text, "On what it was made"),
            ("state", Text, "open, partly received, complete, cancelled, void, not accepted or lost"),
            ("signed", Text, "When it was signed"),
            ("signer", Text, "Who signed it"),
            ("supplier", Text, "Who fills it"),
            ("until", TextOrNone, "The last day on which it may be filled"),
            ("lines", Many("OrderLine"), "Its lines"),
        ],
    ),
    (
        "OrderSupplier",
        &[
            ("name", Text, "The supplier's name"),
            ("number", Text, "Its DEA number"),
            ("line1", Text, "Street and number"),
            ("city", Text, "City"),
            ("state", Text, "The two letters of the State"),
            ("postal", Text, "ZIP code"),
        ],
    ),
    (
        "OrderLineWanted",
        &[
            ("ndc", Text, "The product's NDC"),
            ("packages", Whole, "How many packages"),
            ("size", MaybeText, "How many one package holds; as the drug file lists it if left out"),
        ],
    ),
    (
        "OrderWanted",
        &[
            ("form", MaybeText, "The serial number of the order form; an electronic order if left out"),
            ("supplier", One("OrderSupplier"), "From whom"),
            ("lines", Many("OrderLineWanted"), "The lines, in order"),
        ],
    ),
    (
        "OrderMadeOut",
        &[
            ("id", Text, "The identifier of what was made out"),
            ("page", Text, "The page on which it is signed"),
            ("signable", Truth, "Whether the person in whose name it was made out could sign it now"),
            ("code", Text, "If not, the code of the refusal; empty if so"),
            ("what", Text, "If not, what was found; empty if so"),
        ],
    ),
    ("OrderCame", &[("line", Whole, "The line"), ("packages", Whole, "How many packages came")]),
    (
        "OrderReceipt",
        &[
            ("invoice", MaybeText, "The number of the invoice"),
            ("lines", MaybeMany("OrderCame"), "What came, line by line"),
            ("scans", MaybeTexts, "The codes of the packages that came, each once, as a scanner read them"),
        ],
    ),
    ("Stage", &[("id", Text, "The prescription's identifier"), ("stage", Text, "Its stage now")]),
    ("FhirNotice", &[("path", Text, "Where: a path of the document"), ("what", Text, "What")]),
    (
        "FhirOutcome",
        &[
            ("path", Text, "Where the request stands in the document"),
            ("id", TextOrNone, "The draft's identifier; null if there is none"),
            ("patient", TextOrNone, "The patient's identifier here; null if there is no draft"),
            ("missing", Texts, "Required elements that are still to be entered"),
            ("problems", Many("Refusal"), "Elements that could not be used; they are not in the draft"),
            ("notices", Many("FhirNotice"), "What a person should know"),
            ("refusal", OneOrNone("Refusal"), "Why there is no draft; null if there is one"),
        ],
    ),
    ("SigningLinkFor", &[("ids", Texts, "Ready prescriptions of one patient and practitioner, at most 20")]),
    (
        "SigningLink",
        &[
            ("link", Text, "Where the practitioner's browser is sent"),
            (
                "back",
                TextOrNone,
                "Where the page leads back to; null if the operator registered no address with the key",
            ),
        ],
    ),
    (
        "Webhook",
        &[
            ("id", Text, "The webhook's identifier"),
            ("url", Text, "The address that is called"),
            ("since", Text, "Since when"),
        ],
    ),
    ("WebhookSet", &[("url", Text, "An https address; in a demonstration also http on this machine")]),
    (
        "WebhookMade",
        &[
            ("id", Text, "The webhook's identifier"),
            ("url", Text, "The address that is called"),
            ("since", Text, "Since when"),
            ("secret", Text, "The secret of the calls' signatures; shown this once"),
        ],
    ),
    ("WebhookEnded", &[("ended", Text, "The webhook's identifier")]),
    (
        "LawQuestion",
        &[
            ("request", Anything, "The act that is asked about"),
            ("facts", Anything, "What is known; what is not stated is in order"),
            ("profile", MaybeText, "strictest if left out"),
        ],
    ),
    (
        "Session",
        &[
            ("state", Text, "open, locked, or none"),
            ("idle_seconds", Whole, "Seconds without use after which a session locks"),
        ],
    ),
];

/// Requests in which a member that is not described is refused.
const CLOSED: [&str; 17] = [
    "OrderSupplier",
    "OrderLineWanted",
    "OrderWanted",
    "OrderCame",
    "OrderReceipt",
    "CounterSale",
    "ChemicalSale",
    "Why",
    "Note",
    "SignBegin",
    "SignInBegin",
    "JoinBegin",
    "CeremonyAnswer",
    "NewPatient",
    "DraftFields",
    "SigningLinkFor",
    "WebhookSet",
];

/// What an answer's body is.
enum Body {
    Html,
    Media(&'static str),
    Json(&'static str),
    /// As `Json`, of something new.
    Created(&'static str),
    /// An object with one member that lists rows.
    Rows(&'static str, &'static str),
    /// As `Rows`, of something new.
    RowsCreated(&'static str, &'static str),
    /// To another page.
    See,
}

fn body(door: Door) -> Body {
    match door {
        Door::Evidence | Door::OpenApi => Body::Media("application/json"),
        Door::Health | Door::Metrics | Door::PdmpFile => Body::Media("text/plain"),
        Door::Style => Body::Media("text/css"),
        Door::Icon => Body::Media("image/svg+xml"),
        Door::ApiPrescriptions => Body::Rows("prescriptions", "PrescriptionRow"),
        Door::ApiPrescription => Body::Json("Prescription"),
        Door::ApiPatients => Body::Rows("patients", "Patient"),
        Door::ApiDrugs => Body::Rows("drugs", "Drug"),
        Door::ApiPatient => Body::Json("Patient"),
        Door::ApiPatientNew => Body::Created("Patient"),
        Door::ApiDraftCheck => Body::Json("Said"),
        Door::ApiDraftEnter => Body::Created("Drafted"),
        Door::ApiDraftChange => Body::Json("Drafted"),
        Door::ApiDraftFhir => Body::RowsCreated("requests", "FhirOutcome"),
        Door::ApiDraftReady | Door::ApiDraftDiscard | Door::ApiCancel => Body::Json("Stage"),
        Door::ApiSigningLink => Body::Json("SigningLink"),
        Door::ApiWebhook => Body::Json("Webhook"),
        Door::ApiWebhookSet => Body::Created("WebhookMade"),
        Door::ApiWebhookEnd => Body::Json("WebhookEnded"),
        Door::ApiQueue => Body::Rows("queue", "QueueRow"),
        Door::ApiRecord => Body::Json("Record"),
        Door::ApiArchive => Body::Json("ArchiveLines"),
        Door::ApiAnnotate => Body::Created("Annotated"),
        Door::ApiMessage => Body::Json("MessageVerdict"),
        Door::ApiPdmp => Body::Rows("programmes", "ProgrammeRow"),
        Door::ApiPdmpReport => Body::Created("ReportMade"),
        Door::ApiPdmpAsked => Body::Created("QuestionKept"),
        Door::ApiDrugFacts => Body::Json("DrugFacts"),
        Door::ApiLabel => Body::Created("Label"),
        Door::ApiRefillDay => Body::Json("RefillDay"),
        Door::ApiDowntimeKit => Body::Json("DowntimeKit"),
        Door::ApiFill => Body::Created("Filling"),
        Door::ApiHandOver => Body::Json("HandedOver"),
        Door::DeaNotice => Body::Media("application/pdf"),
        Door::IntakePicture => Body::Media("application/octet-stream"),
        Door::ApiStockList => Body::Rows("stock", "StockRow"),
        Door::ApiStock => Body::Json("Stock"),
        Door::ApiOrders => Body::Rows("orders", "Order"),
        Door::ApiOrder => Body::Json("Order"),
        Door::ApiOrderWrite => Body::Created("OrderMadeOut"),
        Door::ApiOrderReceive => Body::Created("Order"),
        Door::ApiBooksDue => Body::Rows("due", "BooksDue"),
        Door::ApiBooksStatement => Body::Json("BooksStatement"),
        Door::ApiCounterAsk | Door::ApiChemicalAsk => Body::Json("SaleAnswer"),
        Door::ApiCounterSell => Body::Created("CounterSold"),
        Door::ApiChemicalSell => Body::Created("ChemicalSold"),
        Door::ApiJournal => Body::Json("Journal"),
        Door::ApiEntry => Body::Json("Entry"),
        Door::DraftCheck | Door::Filled => Body::Html,
        Door::ApiSignBegin | Door::ApiGrantBegin | Door::ApiBindBegin => Body::Json("TokenOptions"),
        Door::ApiSign => Body::Json("SignedList"),
        Door::ApiSignInBegin | Door::ApiJoinBegin => Body::Json("Ceremony"),
        Door::ApiSignIn | Door::ApiJoin | Door::ApiGrant | Door::ApiBind => Body::Json("Entered"),
        Door::ApiLaw => Body::Rows("rules", "Rule"),
        Door::ApiLawRule => Body::Json("Rule"),
        Door::ApiLawDecide => Body::Json("Decision"),
        Door::Script => Body::Media("text/javascript"),
        Door::Session | Door::Used => Body::Json("Session"),
        _ => match (door.face(), door.method()) {
            (Face::Page, Method::Get) => Body::Html,
            (Face::Page, Method::Post) => Body::See,
            // No schema has this name, so that the test of the description finds a door without one.
            (Face::Api | Face::Plain, _) => Body::Json("undescribed"),
        },
    }
}

/// The document.
pub(super) fn document() -> Value {
    let mut paths = Map::new();
    for &door in Door::ALL {
        let item = paths.entry(door.path()).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(door.method().word().to_owned(), operation(door));
        }
    }
    let mut schemas: Map<String, Value> =
        SCHEMAS.iter().map(|(name, members)| ((*name).to_owned(), schema(name, members))).collect();
    schemas.insert("Problem".to_owned(), problem());
    schemas.insert("Decision".to_owned(), decision());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Theriac",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The closed system of controlled substances: prescriptions, records, stock and the journal",
            "description": "Every refusal is a problem document (RFC 9457) with a stable code and the next step. \
                A program shows its key as a bearer token; in a demonstration the header Theriac-Person says who asks. What they \
                may open follows the role of the person in whose name they ask, and what needs two factors needs a session.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "tags": [
            { "name": "api", "description": "For programs" },
            { "name": "pages", "description": "For people" },
            { "name": "plain", "description": "The same for everybody" },
        ],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "person": { "type": "apiKey", "in": "header", "name": "Theriac-Person",
                    "description": "The identifier of a person of a demonstration" },
                "desk": { "type": "apiKey", "in": "cookie", "name": super::asked::SESSION_COOKIE,
                    "description": "The session of somebody who signed in, or sat down at /desk in a demonstration" },
                "key": { "type": "http", "scheme": "bearer",
                    "description": "A program's key, issued by the operator; it asks in the name of one person" },
            },
        },
    })
}

fn operation(door: Door) -> Value {
    let (tag, security) = match (door.face(), door.who()) {
        (Face::Api, Who::Everyone) => ("api", json!([])),
        (Face::Api, Who::Roles(_)) if door.for_programs() => {
            ("api", json!([{ "key": [] }, { "person": [] }, { "desk": [] }]))
        }
        (Face::Api, Who::Roles(_)) => ("api", json!([{ "desk": [] }])),
        (Face::Page, Who::Everyone) => ("pages", json!([])),
        (Face::Page, Who::Roles(_)) => ("pages", json!([{ "desk": [] }])),
        (Face::Plain, _) => ("plain", json!([])),
    };
    let mut operation = json!({
        "operationId": format!("{door:?}"),
        "summary": door.about(),
        "description": format!("Roles: {}.", door.roles()),
        "tags": [tag],
        "security": security,
        "parameters": parameters(door),
        "responses": responses(door),
    });
    if let (Some(request), Some(members)) = (request(door), operation.as_object_mut()) {
        members.insert("requestBody".to_owned(), request);
    }
    operation
}

fn parameters(door: Door) -> Value {
    let mut parameters = Vec::new();
    for part in door.path().split('/') {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            let schema = if name == "seq" { whole() } else { json!({ "type": "string", "maxLength": 64 }) };
            parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
        }
    }
    if matches!(door, Door::Journal | Door::ApiJournal) {
        parameters.push(json!({ "name": "before", "in": "query", "required": false, "schema": whole(),
            "description": "Only entries below this number" }));
    }
    let mut text = |name: &str, about: &str| {
        parameters.push(json!({ "name": name, "in": "query", "required": false,
            "schema": { "type": "string", "maxLength": 80 }, "description": about }));
    };
    if door == Door::ApiPatients {
        text("q", "The beginning of the last name, the first name, or the date of birth");
    }
    if door == Door::ApiBooksStatement {
        text("from", "A day or an instant; the last count if absent");
        text("to", "A day or an instant; now if absent");
    }
    if door == Door::ApiDrugs {
        text("q", "The beginning of a name or of an NDC");
    }
    if door == Door::ApiArchive {
        text("prescriber", "Words of the prescriber's name, or the DEA number");
        text("patient", "Words of the patient's name");
        text("drug", "Words of the drug's name, strength or form");
        text("number", "The pharmacy's prescription number");
        text("from", "The first day filled, such as 2026-03-01; of what is not filled, received");
        text("until", "The last day, inclusive");
        text("schedules", "all, ii or iii-v");
        text("which", "all, filled or unfilled");
        text("sort", "prescriber, patient, drug or date");
        text("page", "Which hundred lines, from 0");
    }
    if door == Door::ApiDraftFhir {
        text("patient", "The patient's identifier here, where the document does not hold the patient");
        text("practitioner", "For whom an agent drafts");
        text("registration", "Under which registration");
        text("pharmacy", "To which pharmacy: its NCPDP identifier");
    }
    Value::Array(parameters)
}

fn request(door: Door) -> Option<Value> {
    let form = |member: &str| {
        json!({ "required": true, "content": { "application/x-www-form-urlencoded": { "schema": {
            "type": "object", "required": [member], "properties": { member: { "type": "string" } } } } } })
    };
    match door {
        Door::ChooseDesk => Some(form("person")),
        Door::Annotate => Some(form("note")),
        Door::ApiAnnotate => Some(json_body("Note")),
        Door::ApiPdmpAsked => Some(json_body("ProgrammeAsked")),
        Door::ApiLabel => Some(json_body("LabelWanted")),
        Door::ApiFill => Some(json_body("FillingAsked")),
        Door::ApiOrderWrite => Some(json_body("OrderWanted")),
        Door::ApiOrderReceive => Some(json_body("OrderReceipt")),
        Door::ApiCounterAsk | Door::ApiCounterSell => Some(json_body("CounterSale")),
        Door::ApiChemicalAsk | Door::ApiChemicalSell => Some(json_body("ChemicalSale")),
        Door::ApiHandOver => Some(json_body("PickedUp")),
        Door::ApiMessage => Some(json!({ "required": true, "content": {
            "application/xml": { "schema": { "type": "string" } },
            "application/hl7-v2": { "schema": { "type": "string" } },
            "application/fhir+json": { "schema": { "description": "Whatever arrives is archived and answered" } },
        } })),
        Door::ApiPatientNew => Some(json_body("NewPatient")),
        Door::ApiDraftEnter | Door::ApiDraftCheck | Door::ApiDraftChange => Some(json_body("DraftFields")),
        Door::ApiDraftFhir => Some(json!({ "required": true, "content": {
            "application/fhir+json": { "schema": { "type": "object" }, "example": {
                "resourceType": "MedicationRequest", "status": "draft", "intent": "order",
                "subject": { "reference": "Patient/17" },
                "medicationCodeableConcept": { "coding": [{ "system": "http://hl7.org/fhir/sid/ndc", "code": "99999010101" }] },
                "dispenseRequest": { "quantity": { "value": 30, "unit": "tablet" } } } },
            "application/json": { "schema": { "type": "object" } },
        } })),
        Door::ApiCancel => Some(json_body("Why")),
        Door::ApiSigningLink => Some(json_body("SigningLinkFor")),
        Door::ApiWebhookSet => Some(json_body("WebhookSet")),
        Door::ApiLawDecide => Some(json_body("LawQuestion")),
        Door::ApiSignBegin => Some(json_body("SignBegin")),
        Door::ApiSign | Door::ApiGrant | Door::ApiBind => Some(json_body("TokenAnswer")),
        Door::ApiGrantBegin => Some(json_body("GrantBegin")),
        Door::ApiBindBegin => Some(json_body("BindBegin")),
        Door::ApiSignInBegin => Some(json_body("SignInBegin")),
        Door::ApiJoinBegin => Some(json_body("JoinBegin")),
        Door::ApiSignIn | Door::ApiJoin => Some(json_body("CeremonyAnswer")),
        _ => None,
    }
}

fn json_body(schema: &str) -> Value {
    let mut media = json!({ "schema": named(schema) });
    if let (Some(example), Some(media)) = (example(schema), media.as_object_mut()) {
        media.insert("example".to_owned(), example);
    }
    json!({ "required": true, "content": { "application/json": media } })
}

/// A request that a demonstration carries out, as it stands or with an identifier of its own in it.
fn example(schema: &str) -> Option<Value> {
    Some(match schema {
        "NewPatient" => json!({ "first": "Jo", "last": "Newcomer", "born": "1972-11-30", "line1": "8 Imagined Row",
            "city": "Tucson", "state": "AZ", "postal": "85701" }),
        "DraftFields" => json!({ "patient": "p-1", "practitioner": "brook", "ndc": "99999010101", "quantity": "30",
            "directions": "Take 1 tablet every 6 hours as needed" }),
        "Why" => json!({ "reason": "The dose has to be changed" }),
        "WebhookSet" => json!({ "url": "https://ehr.example.org/theriac" }),
        "Note" => json!({ "note": "Counted twice" }),
        "ProgrammeAsked" => json!({ "state": "AZ", "purpose": "before the first filling",
            "found": "one prescriber, nothing against it" }),
        "LawQuestion" => json!({ "profile": "in-force",
            "request": { "action": "fill", "at": "2021-01-12", "quantity": 60 },
            "facts": { "prescription": { "schedule": "II", "form": "paper", "issued": "2021-01-11", "quantity": 30 } } }),
        _ => return None,
    })
}

fn responses(door: Door) -> Value {
    let problem = |what: &str| match door.face() {
        Face::Api => {
            json!({ "description": what, "content": { "application/problem+json": { "schema": named("Problem") } } })
        }
        Face::Page => json!({ "description": what, "content": { "text/html": {} } }),
        Face::Plain => json!({ "description": what, "content": { "text/plain": {} } }),
    };
    let (status, good) = match body(door) {
        Body::Html => ("200", json!({ "description": "The page", "content": { "text/html": {} } })),
        Body::Media(media) => ("200", json!({ "description": "The text", "content": { media: {} } })),
        Body::See => ("303", json!({ "description": "Done; see the page in Location" })),
        Body::Json(name) => {
            ("200", json!({ "description": "Done", "content": { "application/json": { "schema": named(name) } } }))
        }
        Body::Created(name) => {
            ("201", json!({ "description": "Made", "content": { "application/json": { "schema": named(name) } } }))
        }
        Body::Rows(member, row) => (
            "200",
            json!({ "description": "Done", "content": { "application/json": { "schema": rows(member, row) } } }),
        ),
        Body::RowsCreated(member, row) => (
            "201",
            json!({ "description": "Made", "content": { "application/json": { "schema": rows(member, row) } } }),
        ),
    };
    let mut responses = json!({ status: good, "default": problem("Refused, with code and next step") });
    if let (Some(members), Who::Roles(_)) = (responses.as_object_mut(), door.who()) {
        if door.face() == Face::Api {
            members.insert("401".to_owned(), problem("Nobody is known by what the request shows"));
        } else {
            members.insert(
                "303".to_owned(),
                json!({ "description": "See the page in Location; /desk if nobody sits there" }),
            );
        }
        members.insert("403".to_owned(), problem("The role may not do this"));
    }
    responses
}

fn rows(member: &str, row: &str) -> Value {
    json!({ "type": "object", "required": [member], "properties": { member: { "type": "array", "items": named(row) } } })
}

fn schema(name: &str, members: &[Member]) -> Value {
    let properties: Map<String, Value> = members
        .iter()
        .map(|(name, holds, about)| {
            let mut property = match holds {
                Text | MaybeText => json!({ "type": "string" }),
                TextOrNone => json!({ "type": ["string", "null"] }),
                Truth => json!({ "type": "boolean" }),
                Anything => json!({}),
                Whole => json!({ "type": "integer" }),
                WholeOrNone => json!({ "type": ["integer", "null"] }),
                Texts | MaybeTexts => json!({ "type": "array", "items": { "type": "string" } }),
                One(schema) => named(schema),
                OneOrNone(schema) => json!({ "anyOf": [named(schema), { "type": "null" }] }),
                Many(schema) | MaybeMany(schema) => json!({ "type": "array", "items": named(schema) }),
            };
            if let Some(property) = property.as_object_mut() {
                property.insert("description".to_owned(), Value::from(*about));
            }
            ((*name).to_owned(), property)
        })
        .collect();
    let given = members.iter().filter(|(_, holds, _)| !matches!(holds, MaybeText | MaybeTexts | MaybeMany(_)));
    let required: Vec<&str> = given.map(|(name, ..)| *name).collect();
    let mut schema = json!({ "type": "object", "required": required, "properties": properties });
    if let (true, Some(schema)) = (CLOSED.contains(&name), schema.as_object_mut()) {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    schema
}

/// A decision of the rulebook: members beyond the verdict come with the verdicts they belong to.
fn decision() -> Value {
    let text = || json!({ "type": "string" });
    json!({
        "type": "object",
        "required": ["verdict", "duties", "cite", "profile", "grounds", "remedies"],
        "properties": {
            "verdict": { "type": "string", "enum": ["permit", "permit-with-duties", "deny", "value"] },
            "value": {},
            "reason": text(),
            "duties": { "type": "array", "items": text() },
            "cite": { "type": "array", "items": text() },
            "profile": text(),
            "edition": text(),
            "standing": text(),
            "refusal": named("LawRefusal"),
            "grounds": { "type": "array", "items": named("Ground") },
            "remedies": { "type": "array", "items": named("Remedy") },
        },
    })
}

fn problem() -> Value {
    json!({
        "type": "object",
        "description": "A problem document (RFC 9457)",
        "required": ["type", "title", "status", "detail", "code", "next"],
        "properties": {
            "type": { "type": "string", "const": "about:blank" },
            "title": { "type": "string", "description": "The status in words" },
            "status": { "type": "integer" },
            "detail": { "type": "string", "description": "What was found" },
            "code": { "type": "string", "description": "Stable code" },
            "next": { "type": "string", "description": "What to do next" },
            "cite": { "type": "string", "description": "The paragraph that decided, if the law refused" },
            "edition": { "type": "string", "description": "The edition that decided" },
            "standing": { "type": "string", "description": "What to know of the edition" },
            "field": { "type": "string", "description": "The element the refusal is about" },
        },
    })
}

fn named(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

fn whole() -> Value {
    json!({ "type": "integer", "minimum": 0 })
}
