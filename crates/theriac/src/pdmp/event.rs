//! What is recorded of programmes, reports and questions.

use super::programme::Programme;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_wire::asap::Status;

/// A record told to a programme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    /// The prescription.
    pub(crate) number: String,
    /// The filling's number within it, from 1.
    pub(crate) no: u32,
    /// As the programme counts fillings: 0 for the first, and the part.
    pub(crate) fill: u16,
    pub(crate) part: u8,
    pub(crate) filled: Date,
    pub(crate) status: Status,
    /// SHA-256 over what was said of it, status aside, in hex.
    pub(crate) digest: String,
}

/// A report that was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reported {
    pub(crate) control: String,
    /// The days it covers, both inclusive.
    pub(crate) from: Date,
    pub(crate) to: Date,
    /// The journal's size up to which it was looked for what changed.
    pub(crate) until: u64,
    /// SHA-256 of the file, in hex; the file is archived with the record.
    pub(crate) digest: String,
    /// Records whose time had passed when it was made.
    pub(crate) late: u64,
    /// Empty for a report that nothing was dispensed.
    pub(crate) records: Vec<Told>,
    /// Prescriptions with a dispensing that could not be told yet.
    pub(crate) held: Vec<String>,
}

/// A record that the programme did not take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotTaken {
    pub(crate) number: String,
    pub(crate) no: u32,
    /// The element, as the programme names it; empty if it does not.
    pub(crate) element: String,
    pub(crate) reason: String,
}

/// The answer to a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answered {
    pub(crate) control: String,
    /// Why the file was not taken at all; `None` where it was.
    pub(crate) refused: Option<String>,
    pub(crate) not_taken: Vec<NotTaken>,
}

/// A supply that the programme knows of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    pub(crate) filled: Date,
    pub(crate) drug: String,
    pub(crate) days: u16,
    pub(crate) prescriber: String,
    pub(crate) pharmacy: String,
}

/// Somebody asked a programme about a patient. When and who stand on the entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct AskedOf {
    pub(crate) number: String,
    pub(crate) state: String,
    pub(crate) purpose: String,
    /// What came of it.
    pub(crate) found: String,
    /// SHA-256 of the answer, in hex, where it was kept; it is archived with the record.
    pub(crate) kept: Option<String>,
    pub(crate) elsewhere: Vec<Elsewhere>,
}

/// A record of this part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PdmpEvent {
    /// A programme was entered, or its entry replaced.
    ProgrammeSet(Box<Programme>),
    /// Nothing is reported to it any more.
    ProgrammeEnded { state: String, reason: String },
    /// A report was made.
    Reported { state: String, report: Box<Reported> },
    /// Its file was put where the State's carrier picks it up.
    Placed { state: String, control: String, file: String },
    /// Its answer was read.
    Answered { state: String, answer: Box<Answered> },
    /// A record that was not taken is told again as it stands.
    Released { state: String, number: String, no: u32, reason: String },
    /// A pharmacist stated for how many days a prescription's quantity lasts.
    DaysStated { number: String, days: u16 },
    /// A programme was asked.
    Asked(Box<AskedOf>),
}

fn status_word(status: Status) -> &'static str {
    match status {
        Status::New => "new",
        Status::Revise => "revise",
        Status::Void => "void",
    }
}

/// Reads a status as records and tables write it.
pub(super) fn status_of(word: &str) -> Option<Status> {
    [Status::New, Status::Revise, Status::Void].into_iter().find(|status| status_word(*status) == word)
}

impl Told {
    pub(super) fn status_word(&self) -> &'static str {
        status_word(self.status)
    }

    /// A status as records and tables write it.
    pub(super) fn word(status: Status) -> &'static str {
        status_word(status)
    }

    fn body(&self) -> Value {
        json!({
            "digest": self.digest, "fill": self.fill, "filled": self.filled.to_string(), "no": self.no,
            "number": self.number, "part": self.part, "status": self.status_word(),
        })
    }

    fn read(body: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            number: body.text("number")?.to_owned(),
            no: count(body, "no")?,
            fill: count(body, "fill")?,
            part: count(body, "part")?,
            filled: body.parsed("filled", "a date", |text| text.parse().ok())?,
            status: body.parsed("status", "new, revise or void", status_of)?,
            digest: body.text("digest")?.to_owned(),
        })
    }
}

fn count<T: TryFrom<i64>>(body: Reader<'_>, field: &str) -> Result<T, BadField> {
    T::try_from(body.whole(field)?).map_err(|_| BadField { field: field.to_owned(), expected: "a count" })
}

fn texts(body: Reader<'_>, field: &str) -> Result<Vec<String>, BadField> {
    let bad = || BadField { field: field.to_owned(), expected: "texts" };
    body.list(field)?.iter().map(|one| one.as_str().map(str::to_owned).ok_or_else(bad)).collect()
}

fn each<T>(
    body: Reader<'_>,
    field: &str,
    read: impl Fn(Reader<'_>) -> Result<T, BadField>,
) -> Result<Vec<T>, BadField> {
    body.list(field)?.iter().map(|one| read(Reader(one))).collect()
}

impl PdmpEvent {
    pub(crate) const FORMAT: u32 = 1;

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::ProgrammeSet(_) => "pdmp.programme-set",
            Self::ProgrammeEnded { .. } => "pdmp.programme-ended",
            Self::Reported { .. } => "pdmp.reported",
            Self::Placed { .. } => "pdmp.placed",
            Self::Answered { .. } => "pdmp.answered",
            Self::Released { .. } => "pdmp.released",
            Self::DaysStated { .. } => "pdmp.days-stated",
            Self::Asked(_) => "pdmp.asked",
        }
    }

    /// The stream it belongs to. A report has one of its own, so that no two are made under one control number.
    pub(crate) fn stream(&self) -> String {
        match self {
            Self::ProgrammeSet(programme) => format!("pdmp/{}", programme.state),
            Self::ProgrammeEnded { state, .. } | Self::Released { state, .. } => format!("pdmp/{state}"),
            Self::Reported { state, report } => report_stream(state, &report.control),
            Self::Placed { state, control, .. } => report_stream(state, control),
            Self::Answered { state, answer } => report_stream(state, &answer.control),
            Self::DaysStated { number, .. } => about(number),
            Self::Asked(asked) => about(&asked.number),
        }
    }

    pub(crate) fn body(&self) -> Value {
        match self {
            Self::ProgrammeSet(programme) => programme.body(),
            Self::ProgrammeEnded { state, reason } => json!({"reason": reason, "state": state}),
            Self::Reported { state, report } => json!({
                "control": report.control,
                "digest": report.digest,
                "from": report.from.to_string(),
                "held": report.held,
                "late": report.late,
                "records": report.records.iter().map(Told::body).collect::<Vec<_>>(),
                "state": state,
                "to": report.to.to_string(),
                "until": report.until,
            }),
            Self::Placed { state, control, file } => json!({"control": control, "file": file, "state": state}),
            Self::Answered { state, answer } => json!({
                "control": answer.control,
                "not-taken": answer.not_taken.iter().map(|one| json!({
                    "element": one.element, "no": one.no, "number": one.number, "reason": one.reason,
                })).collect::<Vec<_>>(),
                "refused": answer.refused,
                "state": state,
            }),
            Self::Released { state, number, no, reason } => {
                json!({"no": no, "number": number, "reason": reason, "state": state})
            }
            Self::DaysStated { number, days } => json!({"days": days, "number": number}),
            Self::Asked(asked) => json!({
                "elsewhere": asked.elsewhere.iter().map(|one| json!({
                    "days": one.days, "drug": one.drug, "filled": one.filled.to_string(), "pharmacy": one.pharmacy,
                    "prescriber": one.prescriber,
                })).collect::<Vec<_>>(),
                "found": asked.found,
                "kept": asked.kept,
                "number": asked.number,
                "purpose": asked.purpose,
                "state": asked.state,
            }),
        }
    }

    pub(crate) fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let programme = |_| BadField { field: "programme".to_owned(), expected: "the fields of a programme" };
        if kind == "pdmp.programme-set" {
            return Programme::of_body(body).map(Box::new).map(Self::ProgrammeSet).map_err(programme);
        }
        let body = Reader(body);
        let own = |field: &str| body.text(field).map(str::to_owned);
        let day = |body: Reader<'_>, field: &str| body.parsed(field, "a date", |text| text.parse().ok());
        Ok(match kind {
            "pdmp.programme-ended" => Self::ProgrammeEnded { state: own("state")?, reason: own("reason")? },
            "pdmp.reported" => Self::Reported {
                state: own("state")?,
                report: Box::new(Reported {
                    control: own("control")?,
                    from: day(body, "from")?,
                    to: day(body, "to")?,
                    until: count(body, "until")?,
                    digest: own("digest")?,
                    late: count(body, "late")?,
                    records: each(body, "records", Told::read)?,
                    held: texts(body, "held")?,
                }),
            },
            "pdmp.placed" => Self::Placed { state: own("state")?, control: own("control")?, file: own("file")? },
            "pdmp.answered" => Self::Answered {
                state: own("state")?,
                answer: Box::new(Answered {
                    control: own("control")?,
                    refused: body.maybe_text("refused")?.map(str::to_owned),
                    not_taken: each(body, "not-taken", |one| {
                        Ok(NotTaken {
                            number: one.text("number")?.to_owned(),
                            no: count(one, "no")?,
                            element: one.text("element")?.to_owned(),
                            reason: one.text("reason")?.to_owned(),
                        })
                    })?,
                }),
            },
            "pdmp.released" => Self::Released {
                state: own("state")?,
                number: own("number")?,
                no: count(body, "no")?,
                reason: own("reason")?,
            },
            "pdmp.days-stated" => Self::DaysStated { number: own("number")?, days: count(body, "days")? },
            "pdmp.asked" => Self::Asked(Box::new(AskedOf {
                number: own("number")?,
                state: own("state")?,
                purpose: own("purpose")?,
                found: own("found")?,
                kept: body.maybe_text("kept")?.map(str::to_owned),
                elsewhere: each(body, "elsewhere", |one| {
                    Ok(Elsewhere {
                        filled: day(one, "filled")?,
                        drug: one.text("drug")?.to_owned(),
                        days: count(one, "days")?,
                        prescriber: one.text("prescriber")?.to_owned(),
                        pharmacy: one.text("pharmacy")?.to_owned(),
                    })
                })?,
            })),
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of programme record" }),
        })
    }
}

/// The stream of one report.
pub(super) fn report_stream(state: &str, control: &str) -> String {
    format!("pdmp/{state}/{control}")
}

/// The stream of what belongs to a prescription.
pub(super) fn about(number: &str) -> String {
    format!("pdmp-rx/{number}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::super::programme::tests::fields;
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_record_is_read_back() {
        let told = Told {
            number: "RX100001".into(),
            no: 2,
            fill: 1,
            part: 0,
            filled: date(2026, 3, 2),
            status: Status::Revise,
            digest: "00ff".into(),
        };
        let report = Reported {
            control: "20260302-01".into(),
            from: date(2026, 3, 1),
            to: date(2026, 3, 2),
            until: 17,
            digest: "ff".into(),
            late: 1,
            records: vec![told],
            held: vec!["RX100002".into()],
        };
        let not_taken =
            NotTaken { number: "RX100001".into(), no: 2, element: "PAT18".into(), reason: "not a day".into() };
        let elsewhere = Elsewhere {
            filled: date(2026, 2, 20),
            drug: "Oxycodone".into(),
            days: 30,
            prescriber: "AB1234563".into(),
            pharmacy: "FT1234563".into(),
        };
        for event in [
            PdmpEvent::ProgrammeSet(Box::new(Programme::read(fields(&[])).unwrap())),
            PdmpEvent::ProgrammeEnded { state: "AZ".into(), reason: "closed".into() },
            PdmpEvent::Reported { state: "AZ".into(), report: Box::new(report) },
            PdmpEvent::Placed { state: "AZ".into(), control: "c".into(), file: "c.dat".into() },
            PdmpEvent::Answered {
                state: "AZ".into(),
                answer: Box::new(Answered {
                    control: "c".into(),
                    refused: Some("no such sender".into()),
                    not_taken: vec![not_taken],
                }),
            },
            PdmpEvent::Released { state: "AZ".into(), number: "RX1".into(), no: 1, reason: "theirs".into() },
            PdmpEvent::DaysStated { number: "RX1".into(), days: 30 },
            PdmpEvent::Asked(Box::new(AskedOf {
                number: "RX1".into(),
                state: "AZ".into(),
                purpose: "before a filling".into(),
                found: "nothing".into(),
                kept: Some("aa".into()),
                elsewhere: vec![elsewhere],
            })),
        ] {
            assert_eq!(PdmpEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
