//! The way out of a failed transmission: the electronic prescription is void, and the practitioner issues a new one on
//! paper, signed by hand, that says where the first was sent, when, and that it failed (21 CFR 1311.170(b); the
//! proposal's preamble, section X).

use crate::access_event::{actor_json, read_actor};
use crate::event::{Event, Routing};
use crate::stage::{Draft, Ready, Signed};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role};

/// Signed, and never delivered. It can be replaced once, on paper; nothing else can be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    pub(crate) signed: Signed,
    pub(crate) reason: String,
    pub(crate) replaced_by: Option<String>,
}

/// Issued on paper, to be signed by hand. It has no way to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    pub(crate) id: String,
    pub(crate) routing: Routing,
    pub(crate) contents: CanonicalContents,
    pub(crate) replaces: Option<Replaced>,
    pub(crate) prints: u32,
}

/// The electronic prescription that a paper one replaces, as the paper has to name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Its identifier.
    pub prescription: String,
    /// The pharmacy's name and NCPDP identifier.
    pub pharmacy: String,
    /// When it was sent, or should have been.
    pub sent: Timestamp,
    /// Why it failed.
    pub reason: String,
}

impl Replaced {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "pharmacy": self.pharmacy,
            "prescription": self.prescription,
            "reason": self.reason,
            "sent": self.sent.to_string(),
        })
    }

    pub(crate) fn read(body: Reader<'_>) -> Result<Self, BadField> {
        let own = |field: &str| body.text(field).map(str::to_owned);
        Ok(Self {
            prescription: own("prescription")?,
            pharmacy: own("pharmacy")?,
            sent: body.parsed("sent", "an instant", |text| text.parse().ok())?,
            reason: own("reason")?,
        })
    }
}

pub(crate) fn issued_json(
    by: &Actor,
    routing: &Routing,
    contents: &CanonicalContents,
    replaces: Option<&Replaced>,
) -> Value {
    json!({
        "by": actor_json(by),
        "contents": contents.to_json(),
        "patient": routing.patient,
        "pharmacy": routing.pharmacy,
        "practitioner": routing.practitioner,
        "replaces": replaces.map(Replaced::to_json),
    })
}

pub(crate) fn read_issued(body: Reader<'_>) -> Result<Event, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    Ok(Event::IssuedOnPaper {
        by: read_actor(body, "by")?,
        routing: Routing { patient: own("patient")?, practitioner: own("practitioner")?, pharmacy: own("pharmacy")? },
        contents: CanonicalContents::from_json(body.object("contents")?.0)?,
        replaces: match body.get("replaces") {
            None => None,
            Some(_) => Some(Replaced::read(body.object("replaces")?)?),
        },
    })
}

/// The contents as they stand on paper of `today`.
fn dated(contents: &CanonicalContents, today: Date) -> Result<CanonicalContents, Refusal> {
    let mut contents = contents.clone();
    contents.clear(Element::SignedAt);
    contents.clear(Element::Issued);
    contents.set(Element::Issued, &today.to_string()).map_err(|error| {
        Refusal::new("RX-DRAFT-INCOMPLETE", "21 CFR 1306.05(a)", error.to_string(), "enter a new prescription")
    })?;
    Ok(contents)
}

impl Ready {
    /// Issues it on paper instead of electronically, dated `today`: the records of the draft, which ends, and of the paper
    /// prescription. Electronic prescribing is voluntary (73 FR 36748): neither token nor clearance is asked for, and the
    /// signature is the hand's.
    ///
    /// # Errors
    /// By anyone but the practitioner named on it.
    pub fn on_paper(self, by: &Actor, today: Date) -> Result<(Event, Event), Refusal> {
        let Draft { routing, contents, .. } = self.0;
        if by.role != Role::Prescriber || by.id != routing.practitioner {
            return Err(Refusal::new(
                "RX-PAPER-NOT-REGISTRANT",
                "21 CFR 1306.05(d)",
                "somebody other than the practitioner named on the prescription tried to issue it on paper",
                "let the practitioner issue it: the paper is signed by hand",
            ));
        }
        let contents = dated(&contents, today)?;
        let issued = Event::IssuedOnPaper { by: by.clone(), routing, contents, replaces: None };
        Ok((Event::Discarded { by: by.clone() }, issued))
    }
}

impl Failed {
    /// What had been signed.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Why it was not delivered.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The paper prescription that replaced it.
    pub fn replaced_by(&self) -> Option<&str> {
        self.replaced_by.as_deref()
    }

    /// Issues the paper prescription `number` in its place, dated `today`: the records of the electronic prescription
    /// and of the paper one.
    ///
    /// # Errors
    /// By anyone but the practitioner named on it; a second time.
    pub fn replace(
        self,
        by: &Actor,
        number: &str,
        pharmacy: String,
        sent: Timestamp,
        today: Date,
    ) -> Result<(Event, Event), Refusal> {
        let routing = self.signed.routing.clone();
        if by.role != Role::Prescriber || by.id != routing.practitioner {
            return Err(Refusal::new(
                "RX-PAPER-NOT-REGISTRANT",
                "21 CFR 1306.05(d), 1311.170(b)",
                "somebody other than the practitioner named on the prescription tried to issue its replacement",
                "let the practitioner issue it: the paper is signed by hand",
            ));
        }
        if let Some(paper) = &self.replaced_by {
            return Err(Refusal::new(
                "RX-PAPER-TWICE",
                "21 CFR 1306.04(a), 1311.170(b)",
                format!("it has been replaced already, by the paper prescription {paper}"),
                "print that one again if it was spoilt, and destroy the first print",
            ));
        }
        let contents = dated(&self.signed.contents, today)?;
        let replaces = Replaced { prescription: self.signed.id.clone(), pharmacy, sent, reason: self.reason.clone() };
        Ok((
            Event::ReplacedOnPaper { by: by.clone(), paper: number.to_owned() },
            Event::IssuedOnPaper { by: by.clone(), routing, contents, replaces: Some(replaces) },
        ))
    }
}

impl Paper {
    /// Its own number.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// What is prescribed.
    pub fn contents(&self) -> &CanonicalContents {
        &self.contents
    }

    /// The electronic prescription that it replaces; `None` for one that the practitioner chose to issue on paper.
    pub fn replaces(&self) -> Option<&Replaced> {
        self.replaces.as_ref()
    }

    /// How often it was printed.
    pub fn prints(&self) -> u32 {
        self.prints
    }

    /// Prints it for the signature by hand. Each print is recorded; a spoilt one is printed again and destroyed.
    ///
    /// # Errors
    /// By anyone but the practitioner named on it.
    pub fn print(&self, by: &Actor) -> Result<Event, Refusal> {
        if by.role == Role::Prescriber && by.id == self.routing.practitioner {
            return Ok(Event::Printed { by: by.clone() });
        }
        Err(Refusal::new(
            "RX-PAPER-NOT-REGISTRANT",
            "21 CFR 1306.05(d), 1311.170(b)",
            "somebody other than the practitioner named on the prescription tried to print it",
            "let the practitioner print it: the paper is signed by hand",
        ))
    }
}
