//! The practitioner's desk: from draft to sent, each step decided by the prescriber's core and recorded.

pub(crate) mod cards;
pub(crate) mod concerns;
pub(crate) mod drafting;
pub(crate) mod from_fhir;
mod gates;
pub(crate) mod letters;
pub(crate) mod on_paper;
pub(crate) mod preconditions;
mod service;
pub(crate) mod set;
pub(crate) mod signing;

use crate::house::House;
use crate::house::record::{By, Change, Fault, stream};
use theriac_model::{Actor, CanonicalContents, Element, Refusal};
use theriac_prescriber::event::{Report, Routing};
use theriac_prescriber::stage::Agreement;
use theriac_prescriber::statement::{Covers, Statement};
use theriac_prescriber::{AccessEvent, Draft, Event, Prescription, Signer};
use theriac_store::{JobId, NewPiece};
use theriac_wire::script::compose::{Signature, Traffic};
use theriac_wire::script::{
    Envelope, Holder, Message, Order, Party, PharmacyParty, SignatureGroup, Software, encode, from_contents,
    to_contents,
};

/// The host and origin that tokens answer for in a demonstration.
pub(crate) const SITE: (&str, &str) = ("localhost", "https://localhost");
/// The kind of the job that sends a signed prescription.
pub(crate) const TRANSMIT: &str = "transmit";

/// The stream of a prescription.
pub(crate) fn prescription_stream(id: &str) -> String {
    format!("prescription/{id}")
}

/// The stream of a person's right to sign.
pub(crate) fn signer_stream(person: &str) -> String {
    format!("signer/{person}")
}

/// What a signed prescription is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channel {
    /// To be sent at once.
    Electronic,
    /// To be printed and signed by hand.
    Paper,
}

/// The software named in the header of every message.
pub(crate) fn software() -> Software {
    Software {
        developer: "Theriac".to_owned(),
        product: "Theriac".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    }
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    pub(crate) fn by<'a>(&'a self, actor: &'a Actor, location: &'a str) -> By<'a> {
        By { actor, location, law: &self.config.profile, at: self.clock.now() }
    }

    /// A person's right to sign.
    pub(crate) fn signer(&self, person: &str) -> Result<(Signer, u64), Fault> {
        let (events, version) = stream::<AccessEvent>(&self.store, &signer_stream(person))?;
        let mut signer = Signer::new(person);
        for event in &events {
            signer.apply(event);
        }
        Ok((signer, version))
    }

    /// A prescription as it stands, and the version of its stream.
    pub(crate) fn prescription_now(&self, id: &str) -> Result<(Prescription, u64), Fault> {
        let (events, version) = stream::<Event>(&self.store, &prescription_stream(id))?;
        if events.is_empty() {
            return Err(Refusal::new(
                "RX-UNKNOWN",
                "-",
                format!("there is no prescription {id}"),
                "look it up in the practitioner's list",
            )
            .into());
        }
        Ok((Prescription::replay(id, &events).map_err(broken)?, version))
    }

    /// Enters a draft.
    pub(crate) fn draft(
        &self,
        by: &Actor,
        id: &str,
        routing: Routing,
        contents: CanonicalContents,
    ) -> Result<(), Fault> {
        let (_, event) = Draft::begin(id, by, routing, contents)?;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, 0).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Marks a draft as ready to be signed.
    pub(crate) fn mark_ready(&self, by: &Actor, id: &str) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let Prescription::Draft(draft) = now else {
            return Err(
                Refusal::new("RX-STAGE", "21 CFR 1311.140(a)(2)", "it is no draft any more", "reload it").into()
            );
        };
        let (_, event) = draft.mark_ready(by, &self.profile, self.clock.moment().date())?;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// The statement that the deployment's law wants on the review screen today.
    pub(crate) fn statement(&self, covers: Covers) -> Statement {
        Statement::wanted(&self.profile, self.clock.moment().date(), covers)
    }

    /// The practitioner's answer to the review screen: every element and the statement.
    pub(crate) fn review(&self, by: &Actor, id: &str, agreement: Agreement) -> Result<(), Fault> {
        self.review_under(by, id, self.statement(Covers::Single), agreement)
    }

    /// The same under the statement that was shown.
    pub(crate) fn review_under(
        &self,
        by: &Actor,
        id: &str,
        statement: Statement,
        agreement: Agreement,
    ) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let ready = now.into_ready()?;
        let screen = ready.screen(statement);
        let digest = |bytes: &[u8]| theriac_journal::hash::sha256(bytes).0;
        let (_, event) = ready.review(by, &screen, agreement, digest).map_err(|(_, refusal)| refusal)?;
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Prescriptions that are marked ready for this practitioner, with their patients, the oldest first.
    pub(crate) fn ready_to_sign(&self, practitioner: &str) -> Result<Vec<(String, String)>, Fault> {
        let sql = "SELECT id, patient FROM prescriptions WHERE practitioner = $1
                   AND last_kind IN ('prescription.marked-ready', 'prescription.reviewed') ORDER BY drafted_seq LIMIT 200";
        let rows = self.store.query(sql, &[practitioner.into()])?;
        let text = |row: &theriac_store::Row, n| row.text(n).map(str::to_owned);
        Ok(rows
            .iter()
            .map(|row| Ok((text(row, 0)?, text(row, 1)?)))
            .collect::<Result<_, theriac_store::StoreError>>()?)
    }

    /// The SCRIPT message that carries signed contents to the pharmacy.
    pub(crate) fn compose(
        &self,
        id: &str,
        contents: &CanonicalContents,
        routing: &Routing,
        group: SignatureGroup,
    ) -> Result<Vec<u8>, Fault> {
        let envelope = Envelope {
            to: Party::pharmacy(routing.pharmacy.clone()),
            from: Party::prescriber(self.config.practice.network_id.clone()),
            message_id: format!("N-{id}"),
            relates_to: None,
            sent_time: self.clock.now(),
            software: software(),
            order_number: Some(id.to_owned()),
            rx_reference: None,
            traffic: if self.deployment.demo().is_some() { Traffic::Test } else { Traffic::Production },
            order: Order {
                pharmacy: Some(PharmacyParty {
                    ncpdp_id: Some(routing.pharmacy.clone()),
                    name: self.config.pharmacy.name.clone(),
                    ..PharmacyParty::default()
                }),
                fill_notices: Some("All Fill Statuses".to_owned()),
                signature: Some(Signature::Attached(group)),
                ..Order::default()
            },
        };
        let message = from_contents(contents, &envelope).map_err(first)?;
        one_registration(&message)?;
        Ok(encode(&message))
    }

    /// Prints a signed prescription for a signature by hand.
    pub(crate) fn print(&self, by: &Actor, id: &str) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let (_, event) = now.into_printable()?.print(by);
        let name = prescription_stream(id);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// The message of a signed prescription, as archived when it was signed.
    pub(crate) fn signed_message(&self, id: &str) -> Result<Vec<u8>, Fault> {
        let entries = self.store.stream(&prescription_stream(id))?;
        let signed = entries.iter().find(|entry| entry.kind == "prescription.signed");
        let signed = signed.ok_or_else(|| broken("the prescription was never signed"))?;
        let piece = self.store.archive(signed.seq)?.into_iter().next();
        Ok(piece.ok_or_else(|| broken("the signed message is not in the archive"))?.bytes)
    }

    /// Records that a signed prescription left, and finishes the job that sent it.
    pub(crate) fn transmitted(&self, id: &str, message: &[u8], job: Option<JobId>) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let (_, event) =
            now.into_transmittable()?.transmit(format!("N-{id}"), theriac_journal::hash::sha256(message).to_hex());
        let actor = crate::house::program();
        let name = prescription_stream(id);
        let mut change = Change::default().decided_on(&name, version).event(&self.by(&actor, ""), &name, &event)?;
        if let Some(job) = job {
            change = change.finishes(job);
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Records what a pharmacy or an intermediary answered, and finishes the job that brought it.
    pub(crate) fn reported(
        &self,
        id: &str,
        report: Report,
        answer: &str,
        bytes: &[u8],
        job: JobId,
    ) -> Result<(), Fault> {
        let (now, version) = self.prescription_now(id)?;
        let Prescription::Transmitted(sent, _) = now else {
            return Err(broken("an answer came to a prescription that was not sent"));
        };
        let archived = theriac_journal::hash::sha256(bytes).to_hex();
        let event = sent.report(report, answer.to_owned(), archived);
        let actor = crate::house::program();
        let piece = NewPiece { media: "application/xml".to_owned(), bytes: bytes.to_vec(), seal: Vec::new() };
        let name = prescription_stream(id);
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(&actor, ""), &name, &event, vec![piece])?
            .finishes(job)
            .commit(&self.store)?;
        Ok(())
    }
}

/// That no second practitioner's registration number is tied to the prescription (2008: 21 CFR 1311.115(c)). Asked of what is
/// composed, and once more of what is about to leave.
///
/// # Errors
/// `RX-SEND-SECOND-NUMBER`.
pub(crate) fn one_registration(message: &Message) -> Result<(), Refusal> {
    let read = to_contents(message);
    let own = read.contents.get(Element::Registration).unwrap_or_default();
    let second = read
        .other_registrations
        .iter()
        .find(|other| matches!(other.holder, Holder::Supervisor | Holder::FollowUpPrescriber) && other.number != own);
    match second {
        None => Ok(()),
        Some(other) => Err(Refusal::new(
            "RX-SEND-SECOND-NUMBER",
            "73 FR 36722, proposed 21 CFR 1311.115(c)",
            format!("the message names a second practitioner's registration number, {}", other.number),
            "write the prescription under one registration; a supervisor is named without a DEA number",
        )
        .about(Element::Registration.tag())),
    }
}

/// The first of several refusals, as the fault of an act.
pub(crate) fn first(refusals: Vec<Refusal>) -> Fault {
    refusals.into_iter().next().map_or_else(|| broken("refused without a reason"), Fault::from)
}
