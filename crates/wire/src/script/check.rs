//! What a file holds: the report of `theriac script check`.

use super::contents::{SignedIndication, to_contents};
use super::decode::decode;
use super::encode::encode;
use super::message::{Message, MessageKind, TransactionVersion};
use super::notice::Notice;
use serde_json::{Value, json};
use std::fmt::Write as _;
use theriac_model::{Element, Refusal, Schedule};

/// The report's last word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A prescription with every required element.
    Complete,
    /// A prescription that lacks a required element, or has one that cannot be read.
    Incomplete,
    /// A message that is not a prescription.
    NotAPrescription,
    /// A message, or a version of a prescription, that this codec does not read.
    Unsupported,
    /// Not a message that can be read at all.
    Refused,
}

impl Verdict {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Incomplete => "incomplete",
            Self::NotAPrescription => "not-a-prescription",
            Self::Unsupported => "unsupported",
            Self::Refused => "refused",
        }
    }
}

/// What the schedule table says of a drug.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// It is controlled.
    Controlled(Schedule),
    /// It is known and not controlled.
    NotControlled,
    /// It is not known.
    Unknown,
}

/// Whether reading, printing and reading again gives the same message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoundTrip {
    /// It does; bytes printed.
    Same(usize),
    /// It does not, which is a fault of this codec.
    Differs,
}

/// What was found in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckReport {
    /// The last word.
    pub verdict: Verdict,
    /// Bytes read.
    pub bytes: usize,
    /// Why it could not be read; then the fields below are empty.
    pub refusal: Option<Refusal>,
    /// Name of the message's element.
    pub message: Option<String>,
    /// Version it announces.
    pub version: Option<String>,
    /// Its number.
    pub message_id: Option<String>,
    /// To whom.
    pub to: Option<String>,
    /// From whom.
    pub from: Option<String>,
    /// Elements of a controlled-substance prescription that it has.
    pub has: Vec<Element>,
    /// Required elements that it lacks.
    pub lacks: Vec<Element>,
    /// The schedule it claims.
    pub schedule_claimed: Option<Schedule>,
    /// The schedule the table gives.
    pub schedule_found: Lookup,
    /// Whether it says it was signed.
    pub indication: SignedIndication,
    /// Digest method of the signature that travels in it.
    pub signature: Option<String>,
    /// Elements doubled or unreadable.
    pub problems: Vec<Refusal>,
    /// What a person should know.
    pub notices: Vec<Notice>,
    /// Whether it survives a round trip.
    pub round_trip: Option<RoundTrip>,
}

/// Reports on the bytes of a message. `lookup` is asked for the drug by NDC and name.
pub fn check(bytes: &[u8], lookup: &dyn Fn(Option<&str>, &str) -> Lookup) -> CheckReport {
    match decode(bytes) {
        Ok(message) => report(bytes.len(), &message, lookup),
        Err(refusal) => CheckReport {
            verdict: Verdict::Refused,
            bytes: bytes.len(),
            refusal: Some(*refusal),
            message: None,
            version: None,
            message_id: None,
            to: None,
            from: None,
            has: Vec::new(),
            lacks: Vec::new(),
            schedule_claimed: None,
            schedule_found: Lookup::Unknown,
            indication: SignedIndication::Absent,
            signature: None,
            problems: Vec::new(),
            notices: Vec::new(),
            round_trip: None,
        },
    }
}

fn report(bytes: usize, message: &Message, lookup: &dyn Fn(Option<&str>, &str) -> Lookup) -> CheckReport {
    let arrived = to_contents(message);
    let contents = &arrived.contents;
    let printed = encode(message);
    let same = decode(&printed).is_ok_and(|again| again == *message);
    let has: Vec<Element> = contents.iter().map(|(element, _)| element).collect();
    let prescribes = !arrived.problems.iter().any(|problem| problem.code.0 == "WIRE-NOT-A-PRESCRIPTION");
    let lacks = if prescribes { contents.missing() } else { Vec::new() };
    let found = contents.get(Element::DrugName).map(|name| lookup(contents.get(Element::DrugNdc), name));
    let verdict = verdict(message, prescribes, lacks.is_empty() && arrived.problems.is_empty());
    let own = |text: Option<&str>| text.map(str::to_owned);
    CheckReport {
        verdict,
        bytes,
        refusal: None,
        message: Some(message.name().chars().take(60).collect()),
        version: Some(message.version().to_string()),
        message_id: own(message.header().message_id()),
        to: arrived.to.as_ref().map(ToString::to_string),
        from: arrived.from.as_ref().map(ToString::to_string),
        has,
        lacks,
        schedule_claimed: contents.get(Element::DrugSchedule).and_then(Schedule::parse),
        schedule_found: found.unwrap_or(Lookup::Unknown),
        indication: arrived.indication,
        signature: arrived.signature.as_ref().map(|group| group.digest_method.chars().take(80).collect()),
        notices: message.notices().iter().chain(&arrived.notices).cloned().collect(),
        problems: arrived.problems,
        round_trip: Some(if same { RoundTrip::Same(printed.len()) } else { RoundTrip::Differs }),
    }
}

/// A version counts as another one only if it is written as one, in digits; placeholders of samples do not.
fn verdict(message: &Message, prescribes: bool, whole: bool) -> Verdict {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let other = matches!(message.version(), TransactionVersion::Other(text) if digits(text));
    match (message.kind(), prescribes) {
        (MessageKind::Unsupported, _) => Verdict::Unsupported,
        (kind, _) if kind.may_prescribe() && other => Verdict::Unsupported,
        (_, false) => Verdict::NotAPrescription,
        (_, true) if whole => Verdict::Complete,
        (_, true) => Verdict::Incomplete,
    }
}

impl Lookup {
    fn word(self) -> String {
        match self {
            Self::Controlled(schedule) => schedule.roman().to_owned(),
            Self::NotControlled => "not controlled".to_owned(),
            Self::Unknown => "unknown".to_owned(),
        }
    }
}

fn tags(elements: &[Element]) -> Vec<&'static str> {
    elements.iter().map(|element| element.tag()).collect()
}

impl CheckReport {
    /// The report for a person.
    pub fn to_text(&self) -> String {
        let mut out = format!("verdict: {}\n", self.verdict.word());
        let mut line = |name: &str, text: &str| {
            if !text.is_empty() {
                // Writing to a string cannot fail.
                let _ = writeln!(out, "{name}: {text}");
            }
        };
        if let Some(refusal) = &self.refusal {
            line("refused", &refusal.to_string());
            return out;
        }
        let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
        line("message", &format!("{}, version {}", text(&self.message), text(&self.version)));
        line("number", &text(&self.message_id));
        line("from", &text(&self.from));
        line("to", &text(&self.to));
        line("has", &tags(&self.has).join(", "));
        line("lacks", &tags(&self.lacks).join(", "));
        let claimed = self.schedule_claimed.map_or("none", Schedule::roman);
        line("schedule", &format!("claims {claimed}, table says {}", self.schedule_found.word()));
        let signed = match self.indication {
            SignedIndication::Present => "the message says it was signed",
            SignedIndication::Absent => "the message does not say it was signed",
        };
        let carried = self.signature.as_ref().map_or("no signature travels with it".to_owned(), |method| {
            format!("a signature travels with it ({method})")
        });
        line("signed", &format!("{signed}; {carried}"));
        for problem in &self.problems {
            line("problem", &problem.to_string());
        }
        for notice in &self.notices {
            line("notice", &notice.to_string());
        }
        match self.round_trip {
            Some(RoundTrip::Same(printed)) => {
                line("round trip", &format!("same message ({} bytes read, {printed} printed)", self.bytes));
            }
            Some(RoundTrip::Differs) => line("round trip", "another message"),
            None => {}
        }
        out
    }

    /// The report for a program.
    pub fn to_json(&self) -> Value {
        let refusal = |refusal: &Refusal| {
            json!({
                "code": refusal.code.0,
                "cite": refusal.cite.as_str(),
                "edition": refusal.edition.name(),
                "field": refusal.field,
                "what": refusal.what,
                "next": refusal.next,
            })
        };
        let notice = |notice: &Notice| json!({"kind": notice.kind.word(), "path": notice.path, "what": notice.what});
        let found = match self.schedule_found {
            Lookup::Controlled(schedule) => json!(schedule.roman()),
            Lookup::NotControlled => json!("none"),
            Lookup::Unknown => Value::Null,
        };
        let round_trip = self.round_trip.map(|trip| match trip {
            RoundTrip::Same(printed) => json!({"same": true, "bytes": printed}),
            RoundTrip::Differs => json!({"same": false}),
        });
        json!({
            "verdict": self.verdict.word(),
            "bytes": self.bytes,
            "refusal": self.refusal.as_ref().map(refusal),
            "message": self.message,
            "version": self.version,
            "message_id": self.message_id,
            "to": self.to,
            "from": self.from,
            "has": tags(&self.has),
            "lacks": tags(&self.lacks),
            "schedule_claimed": self.schedule_claimed.map(Schedule::roman),
            "schedule_found": found,
            "signed_indication": self.indication == SignedIndication::Present,
            "signature": self.signature,
            "problems": self.problems.iter().map(refusal).collect::<Vec<_>>(),
            "notices": self.notices.iter().map(notice).collect::<Vec<_>>(),
            "round_trip": round_trip,
        })
    }
}
