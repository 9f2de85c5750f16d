//! Orders of other systems at the pharmacy's door: HL7 version 2 and FHIR.
//!
//! Neither bears a signature that the law knows, so neither becomes a prescription of a controlled drug here (1311.165 of 2008;
//! 21 CFR 1311.200): what arrived is archived and sealed as it came, read as far as it can be, and refused with every fault named
//! by its field. The sender learns what to correct, and the practitioner can take such an order as a draft.

use super::intake::Envelope;
use jiff::civil::DateTime;
use jiff::{SignedDuration, Timestamp};
use theriac_model::{CanonicalContents, Refusal};
use theriac_pharmacy::{MessageFacts, SignedIndication};
use theriac_wire::{fhir, hl7};

/// In which format a message is, by how it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// NCPDP SCRIPT, and everything that is nothing else.
    Script,
    /// HL7 version 2.
    Hl7,
    /// FHIR as JSON.
    Fhir,
}

impl Format {
    /// The format of a message. A mark of the byte order, blanks and the frame of the lower layer are passed over.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let begins = bytes.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0x0b).unwrap_or(bytes.len());
        match bytes.get(begins..).unwrap_or_default() {
            [b'M', b'S', b'H', ..] => Self::Hl7,
            [b'{' | b'[', ..] => Self::Fhir,
            _ => Self::Script,
        }
    }

    /// The media type under which it is archived.
    pub(crate) const fn media(self) -> &'static str {
        match self {
            Self::Script => "application/xml",
            Self::Hl7 => "application/hl7-v2",
            Self::Fhir => "application/fhir+json",
        }
    }
}

/// Several orders came in one message.
fn several(place: &str) -> Refusal {
    let what = "the message holds another order besides the first, and one is taken at a time";
    Refusal::new("PHARM-ORDERS", "21 CFR 1311.200; HL7", what, "send each order in a message of its own")
        .about(place.to_owned())
}

/// How far a sender's clock may be ahead of ours: a day, which covers every mistaken time zone. A house choice. One that is behind is
/// no fault of its own: what counts is the day of issue, and the rulebook looks at it.
const AHEAD_MOST: SignedDuration = SignedDuration::from_hours(24);

/// What is wrong with the time at which a message says it was sent.
pub(super) fn clock_far_off(sent: Option<Timestamp>, received: Timestamp) -> Option<Refusal> {
    sent.filter(|sent| sent.duration_since(received) > AHEAD_MOST).map(|_| {
        let what = "the message says that it was sent more than a day from now";
        let next = "ask the sender to set the clock of the sending system, and to send a new message";
        Refusal::new("PHARM-CLOCK", "21 CFR 1306.05(a), 1311.120(b)(17)", what, next).about("sent-time")
    })
}

fn facts() -> MessageFacts {
    MessageFacts { id: String::new(), sender: String::new(), recipient: String::new(), order_number: None, sent: None }
}

/// What could be read of an order that is no SCRIPT message.
pub(super) fn envelope(format: Format, bytes: &[u8]) -> Envelope {
    match format {
        Format::Fhir => of_fhir(bytes),
        Format::Hl7 | Format::Script => of_hl7(bytes),
    }
}

fn unsigned(facts: MessageFacts, contents: CanonicalContents, problems: Vec<Refusal>) -> Envelope {
    Envelope {
        facts,
        contents,
        problems,
        indication: SignedIndication::Absent,
        signature: None,
        practitioners: 1,
        reply: None,
    }
}

/// `YYYYMMDDHHMMSS`, with or without a fraction and an offset; UTC where it has none.
fn instant(text: &str) -> Option<Timestamp> {
    let wall = DateTime::strptime("%Y%m%d%H%M%S", text.get(..14)?).ok()?;
    let offset = text.rfind(['+', '-']).and_then(|at| text.get(at..)).unwrap_or("+0000");
    let minutes: i32 = offset.get(1..3)?.parse::<i32>().ok()? * 60 + offset.get(3..5)?.parse::<i32>().ok()?;
    let seconds = if offset.starts_with('-') { -minutes * 60 } else { minutes * 60 };
    jiff::tz::Offset::from_seconds(seconds).ok()?.to_timestamp(wall).ok()
}

fn of_hl7(bytes: &[u8]) -> Envelope {
    let mut facts = facts();
    if let Ok(message) = hl7::Message::read(bytes, hl7::Limits::DEFAULT)
        && let Some(header) = message.first("MSH")
    {
        let short = |field| header.get(field, 1).chars().filter(|c| !c.is_control()).take(80).collect::<String>();
        let sender = short(4);
        facts.id = short(10);
        facts.sender = if sender.is_empty() { short(3) } else { sender };
        facts.recipient = short(6);
        facts.sent = instant(&header.get(7, 1));
    }
    let found = match hl7::orders(bytes) {
        Ok(found) => found,
        Err(refusal) => return unsigned(facts, CanonicalContents::default(), vec![*refusal]),
    };
    let (mut contents, mut problems) = (CanonicalContents::default(), Vec::new());
    for (n, one) in found.into_iter().enumerate() {
        let place = format!("segment {}", one.segment);
        if n > 0 {
            problems.push(several(&place));
        }
        match one.outcome {
            Ok(order) if n == 0 => {
                facts.order_number = Some(order.placer).filter(|number| !number.is_empty());
                contents = order.contents;
                problems.extend(order.problems);
            }
            Ok(order) => problems.extend(order.problems),
            Err(refusal) => problems.push(*refusal),
        }
    }
    unsigned(facts, contents, problems)
}

fn of_fhir(bytes: &[u8]) -> Envelope {
    let mut facts = facts();
    let found = match fhir::drafts(bytes) {
        Ok(found) => found,
        Err(refusal) => return unsigned(facts, CanonicalContents::default(), vec![*refusal]),
    };
    let (mut contents, mut problems) = (CanonicalContents::default(), Vec::new());
    for (n, one) in found.into_iter().enumerate() {
        if n > 0 {
            problems.push(several(&one.path));
        }
        match one.outcome {
            Ok(draft) if n == 0 => {
                facts.order_number = draft.order_numbers.first().map(|(_, number)| number.chars().take(80).collect());
                contents = draft.contents;
                problems.extend(draft.problems);
            }
            Ok(draft) => problems.extend(draft.problems),
            Err(refusal) => problems.push(*refusal),
        }
    }
    unsigned(facts, contents, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_what_its_beginning_says() {
        let check = |bytes: &[u8], format| assert_eq!(Format::of(bytes), format, "{bytes:?}");
        check(b"MSH|^~\\&|", Format::Hl7);
        check(b"\x0bMSH|", Format::Hl7);
        check(b"\xef\xbb\xbf\r\n {\"a\":1}", Format::Fhir);
        check(b"[]", Format::Fhir);
        check(b"<Message/>", Format::Script);
        check(b"", Format::Script);
        check(b"\xff\xfe<\0", Format::Script);
        check(b"MS", Format::Script);
    }

    #[test]
    fn a_clock_a_day_ahead_is_suffered_and_a_second_more_is_not() {
        let now: Timestamp = "2026-03-02T16:00:00Z".parse().expect("an instant");
        let check = |sent: &str, code: Option<&str>| {
            let found = clock_far_off(Some(sent.parse().expect("an instant")), now);
            assert_eq!(found.map(|refusal| refusal.code.0), code, "{sent}");
        };
        check("2016-03-02T16:00:00Z", None);
        check("2026-03-03T16:00:00Z", None);
        check("2026-03-03T16:00:01Z", Some("PHARM-CLOCK"));
        assert_eq!(clock_far_off(None, now), None);
    }

    #[test]
    fn the_time_of_a_header_is_read_with_its_offset() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(instant(text), expected.map(|text| text.parse().expect("an instant")), "{text}");
        };
        check("20260302090000", Some("2026-03-02T09:00:00Z"));
        check("20260302090000.123-0700", Some("2026-03-02T16:00:00Z"));
        check("20260302090000+0130", Some("2026-03-02T07:30:00Z"));
        check("20260302", None);
        check("20261302090000", None);
        check("20260302090000+x", None);
    }
}
