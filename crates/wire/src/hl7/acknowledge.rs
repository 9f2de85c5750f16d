//! The answer to a message: an acknowledgement that names each field it does not take.
//!
//! The places are those of chapter 2: MSH, MSA with the code and the number of the message answered, and one ERR for each fault
//! with segment, sequence, field, component and the reason. Values of the message are never repeated.

use super::message::{Limits, Message};
use jiff::Timestamp;
use std::fmt::Write as _;
use theriac_model::{Element, Refusal};

/// Faults told at most.
const MOST: usize = 100;

/// What is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// `AA`: taken.
    Accepted,
    /// `AE`: read, and not taken for what it holds.
    Faulty,
    /// `AR`: of a kind that is not taken, or not read at all.
    Rejected,
}

impl Acknowledgement {
    const fn code(self) -> &'static str {
        match self {
            Self::Accepted => "AA",
            Self::Faulty => "AE",
            Self::Rejected => "AR",
        }
    }

    /// The code for what was found wrong with a message.
    pub fn of(refusals: &[Refusal]) -> Self {
        match refusals.first().map(|refusal| refusal.code.0) {
            None => Self::Accepted,
            Some("HL7-SIZE" | "HL7-SYNTAX" | "HL7-NOT-AN-ORDER") => Self::Rejected,
            Some(_) => Self::Faulty,
        }
    }
}

/// Where an order has an element, as the standard writes it: `PID-5.1`.
pub fn place_of(element: Element) -> Option<&'static str> {
    Some(match element {
        Element::PatientLast => "PID-5.1",
        Element::PatientFirst => "PID-5.2",
        Element::PatientMiddle => "PID-5.3",
        Element::PatientSuffix => "PID-5.4",
        Element::PatientBorn => "PID-7",
        Element::PatientLine1 => "PID-11.1",
        Element::PatientLine2 => "PID-11.2",
        Element::PatientCity => "PID-11.3",
        Element::PatientState => "PID-11.4",
        Element::PatientPostal => "PID-11.5",
        Element::PractitionerLast => "ORC-12.2",
        Element::PractitionerFirst => "ORC-12.3",
        Element::PractitionerMiddle => "ORC-12.4",
        Element::PractitionerSuffix => "ORC-12.5",
        Element::PractitionerLine1 => "ORC-24.1",
        Element::PractitionerLine2 => "ORC-24.2",
        Element::PractitionerCity => "ORC-24.3",
        Element::PractitionerState => "ORC-24.4",
        Element::PractitionerPostal => "ORC-24.5",
        Element::Issued => "ORC-9",
        Element::Registration => "RXE-13",
        Element::DrugName | Element::DrugNdc => "RXE-2",
        Element::DrugStrength => "RXE-25",
        Element::DrugForm => "RXE-6",
        Element::DrugSchedule => "RXE-35",
        Element::QuantityValue => "RXE-10",
        Element::QuantityUnit => "RXE-11",
        Element::Directions => "RXE-7",
        Element::Refills => "RXE-12",
        _ => return None,
    })
}

/// ERR-2: segment, sequence, field, repetition, component.
fn location(field: &str) -> String {
    let place = Element::from_tag(field).and_then(place_of).unwrap_or(field);
    let parts = place.split_once('-').and_then(|(segment, rest)| {
        let (field, component) = rest.split_once('.').unwrap_or((rest, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        (segment.len() == 3 && !field.is_empty() && digits(field) && digits(component))
            .then_some((segment, field, component))
    });
    match parts {
        Some((segment, field, "")) => format!("{segment}^1^{field}"),
        Some((segment, field, component)) => format!("{segment}^1^{field}^1^{component}"),
        None => String::new(),
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '|' => out.push_str("\\F\\"),
            '^' => out.push_str("\\S\\"),
            '&' => out.push_str("\\T\\"),
            '~' => out.push_str("\\R\\"),
            '\\' => out.push_str("\\E\\"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// The acknowledgement of `message`, sent by `receiver` at an instant, under a number of the receiver's own.
pub fn acknowledge(message: &[u8], refusals: &[Refusal], receiver: &str, control: &str, at: Timestamp) -> Vec<u8> {
    let read = Message::read(message, Limits::DEFAULT).ok();
    let header = read.as_ref().and_then(|message| message.first("MSH"));
    let field = |number: usize, component: usize| {
        let found = header.map(|header| header.get(number, component).into_owned()).unwrap_or_default();
        escaped(&found.chars().take(60).collect::<String>())
    };
    let event = field(9, 2);
    let kind = if event.is_empty() { "ACK".to_owned() } else { format!("ACK^{event}^ACK") };
    let processing = Some(field(11, 1)).filter(|id| !id.is_empty()).unwrap_or_else(|| "P".to_owned());
    let mut text = format!(
        "MSH|^~\\&|THERIAC|{}|{}|{}|{}||{kind}|{}|{processing}|2.5.1\r",
        escaped(receiver),
        field(3, 1),
        field(4, 1),
        at.strftime("%Y%m%d%H%M%S+0000"),
        escaped(control),
    );
    let _ = write!(text, "MSA|{}|{}\r", Acknowledgement::of(refusals).code(), field(10, 1));
    for refusal in refusals.iter().take(MOST) {
        let place = refusal.field.as_deref().map(location).unwrap_or_default();
        // 207 of table 0357 is an error of the application; ERR-5 holds our own code.
        let _ = write!(
            text,
            "ERR||{place}|207^Application error^HL70357|E|{}|||{}|{}\r",
            escaped(refusal.code.0),
            escaped(&refusal.what),
            escaped(&refusal.next),
        );
    }
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "MSH|^~\\&|EHR|CLINIC|RX|PHARM|20260302||RDE^O11|17|P|2.5\r";

    fn answered(refusals: &[Refusal]) -> String {
        let at = "2026-03-02T16:00:00Z".parse().expect("an instant");
        String::from_utf8(acknowledge(ORDER.as_bytes(), refusals, "Example", "A-1", at)).expect("text")
    }

    fn about(code: &'static str, field: &'static str) -> Refusal {
        Refusal::new(code, "-", "a|b is not ^ taken", "send it again").about(field)
    }

    #[test]
    fn a_message_without_faults_is_acknowledged_under_its_own_number() {
        let expected = "MSH|^~\\&|THERIAC|Example|EHR|CLINIC|20260302160000+0000||ACK^O11^ACK|A-1|P|2.5.1\rMSA|AA|17\r";
        assert_eq!(answered(&[]), expected);
    }

    #[test]
    fn each_fault_names_its_field_and_no_mark_of_the_format_stands_in_its_words() {
        let check = |field: &'static str, place: &str| {
            let text = answered(&[about("HL7-FIELD", field)]);
            let expected = format!(
                "ERR||{place}|207^Application error^HL70357|E|HL7-FIELD|||a\\F\\b is not \\S\\ taken|send it again\r"
            );
            assert!(text.contains("MSA|AE|17\r") && text.ends_with(&expected), "{field}: {text}");
        };
        check("ORC-12.1", "ORC^1^12^1^1");
        check("PID-7", "PID^1^7");
        check("patient.last", "PID^1^5^1^1");
        check("quantity.value", "RXE^1^10");
        check("segment 3", "");
        assert!(answered(&[about("HL7-SYNTAX", "MSH-2")]).contains("MSA|AR|17\r"));
    }

    #[test]
    fn what_cannot_be_read_is_rejected_without_a_number() {
        let at = "2026-03-02T16:00:00Z".parse().expect("an instant");
        let bytes = acknowledge(b"\xff\xfe", &[about("HL7-SYNTAX", "MSH-18")], "Example", "A-1", at);
        let text = String::from_utf8(bytes).expect("text");
        assert!(text.contains("||ACK|A-1|P|2.5.1\rMSA|AR|\r"), "{text}");
    }
}
