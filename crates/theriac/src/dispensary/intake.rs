//! Intake: archive and seal the bytes as they arrived, verify, decide, record, answer.

use super::orders::Format;
use super::twins::Claim;
use crate::house::House;
use crate::house::event::Registrant;
use crate::house::record::{By, Change, Fault};
use crate::practice::software;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_law::Moment;
use theriac_law::vocab::{Status, Word};
use theriac_model::{Actor, CanonicalContents, Element, Ndc, Refusal, Registration, Role};
use theriac_pharmacy::{
    Activity, ArchiveDigest, Arrived, DeaNumbers, DrugFile, Event, Intake, MessageFacts, PrescriptionNumber,
    RegistrantLookup, ReplyCode, SignatureCheck, SignedIndication, Systems, receive,
};
use theriac_pki::SystemRole;
use theriac_pki::trust::Judge;
use theriac_prescriber::audit::Application;
use theriac_store::{Append, NewJob, NewPiece};
use theriac_wire::script::reply::{Accepted, Rejected, error, status};
use theriac_wire::script::{ArrivedContents, Message, Reply, ReplyTo, SignatureGroup, decode, encode, to_contents};

/// The kind of the job that sends an answer.
pub(crate) const ANSWER: &str = "answer";
/// Characters of an answer's text at most, by the standard.
const ANSWER_CHARS_MAX: usize = 350;
/// How often a message is decided again because another process was first.
pub(super) const TRIES: u32 = 20;
/// Bytes of one message that are archived; what is longer is refused by the codec and only its digest is kept.
const ARCHIVED_MAX: usize = 10 * 1024 * 1024;

/// What became of a message.
#[derive(Clone, Debug)]
pub(crate) enum Verdict {
    /// It is a prescription now, under this number.
    Accepted { number: PrescriptionNumber },
    /// It withdrew the prescription with this number, of which nothing was dispensed.
    Cancelled { number: PrescriptionNumber },
    /// It answered a request about the prescription with this number; the record says so.
    Noted { number: PrescriptionNumber },
    /// It is archived and not dispensed.
    Rejected { refusals: Vec<Refusal> },
}

/// A message taken in.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) verdict: Verdict,
    /// SHA-256 of the message as it arrived, in hex.
    pub(crate) archived: String,
}

/// A message as it reached the pharmacy.
#[derive(Clone, Copy)]
pub(crate) struct Incoming<'a> {
    bytes: &'a [u8],
    digest: ArchiveDigest,
    carried: Option<&'a [u8]>,
}

impl<'a> Incoming<'a> {
    /// A message that is here whole.
    pub(crate) fn whole(bytes: &'a [u8]) -> Self {
        Self { bytes, digest: ArchiveDigest(theriac_journal::hash::sha256(bytes).0), carried: None }
    }

    /// The beginning of a message that is too long to be read, with the digest of all of it.
    pub(crate) fn beginning(bytes: &'a [u8], digest: [u8; 32]) -> Self {
        Self { bytes, digest: ArchiveDigest(digest), carried: None }
    }

    /// With the last intermediary's signature, which is archived with the message.
    pub(crate) fn carried_with(self, seal: Option<&'a [u8]>) -> Self {
        Self { carried: seal, ..self }
    }
}

/// A message made ready to be recorded.
pub(crate) struct Prepared {
    pub(crate) append: Append,
    pub(crate) arrival: Arrival,
    claim: Claim,
    digest: ArchiveDigest,
    sender: String,
    order: Option<String>,
}

/// What could be read of a message.
pub(super) struct Envelope {
    pub(super) facts: MessageFacts,
    pub(super) contents: CanonicalContents,
    pub(super) problems: Vec<Refusal>,
    pub(super) indication: SignedIndication,
    pub(super) signature: Option<SignatureGroup>,
    pub(super) practitioners: u32,
    pub(super) reply: Option<ReplyTo>,
}

impl Envelope {
    fn unreadable(problem: Refusal) -> Self {
        let facts = MessageFacts {
            id: String::new(),
            sender: String::new(),
            recipient: String::new(),
            order_number: None,
            sent: None,
        };
        Self {
            facts,
            contents: CanonicalContents::default(),
            problems: vec![problem],
            indication: SignedIndication::Absent,
            signature: None,
            practitioners: 1,
            reply: None,
        }
    }

    fn of(message: &Message) -> Self {
        use theriac_wire::script::{Holder, SignedIndication as Wire};
        let arrived: ArrivedContents = to_contents(message);
        let own = arrived.contents.get(Element::Registration).unwrap_or_default().to_owned();
        let others = arrived.other_registrations.iter().filter(|other| {
            matches!(other.holder, Holder::Supervisor | Holder::FollowUpPrescriber) && other.number != own
        });
        let practitioners = 1 + u32::try_from(others.count()).unwrap_or(u32::MAX - 1);
        Self {
            facts: MessageFacts {
                id: arrived.message_id.unwrap_or_default(),
                sender: arrived.from.map(|party| party.id).unwrap_or_default(),
                recipient: arrived.to.map(|party| party.id).unwrap_or_default(),
                order_number: arrived.order_number,
                sent: arrived.sent_time,
            },
            contents: arrived.contents,
            problems: arrived.problems,
            indication: match arrived.indication {
                Wire::Present => SignedIndication::Present,
                Wire::Absent => SignedIndication::Absent,
            },
            signature: arrived.signature,
            practitioners,
            reply: ReplyTo::of(message),
        }
    }
}

impl House {
    /// Takes one message in, durably.
    ///
    /// Another process may work on the same store: when it accepted the same order, or took the same number, first, the
    /// record is refused by the store, what it did is read, and the message is decided again.
    pub(crate) fn receive(&self, incoming: Incoming<'_>) -> Result<Arrival, Fault> {
        if let Ok(message) = decode(incoming.bytes) {
            if let Some(number) = self.withdrawn_by(&message) {
                return self.withdraw(&number, &message, incoming.bytes);
            }
            if let Some(number) = self.answered_by(&message) {
                return self.note_answer(&number, &message, incoming.bytes);
            }
        }
        for _ in 0..TRIES {
            let prepared = self.prepare(incoming, self.clock.moment())?;
            match self.store.append(prepared.append.clone()).map_err(Fault::from) {
                Ok(_) => return Ok(prepared.arrival),
                Err(Fault::Conflict) => {
                    self.unclaim(&prepared);
                    self.gates.forget();
                    self.twins.load(&self.store)?;
                }
                Err(other) => {
                    self.unclaim(&prepared);
                    return Err(other);
                }
            }
        }
        Err(Fault::Conflict)
    }

    /// Gives back what [`House::prepare`] claimed, after the record could not be written.
    pub(crate) fn unclaim(&self, prepared: &Prepared) {
        self.twins.release(&prepared.claim, prepared.digest, &prepared.sender, prepared.order.as_deref());
    }

    /// Everything up to the record: seal, parse, verify, look up, decide. Safe on any number of threads.
    pub(crate) fn prepare(&self, incoming: Incoming<'_>, at: Moment) -> Result<Prepared, Fault> {
        let Incoming { bytes, digest, carried } = incoming;
        let broken = |error: &dyn std::fmt::Display| Fault::Broken(error.to_string());
        let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(|error| broken(&error))?;
        let format = Format::of(bytes);
        let envelope = match (format, decode(bytes)) {
            (Format::Hl7 | Format::Fhir, _) => super::orders::envelope(format, bytes),
            (Format::Script, Ok(message)) => Envelope::of(&message),
            (Format::Script, Err(refusal)) => Envelope::unreadable(*refusal),
        };
        let Envelope { facts, contents, mut problems, indication, signature, practitioners, reply } = envelope;
        problems.extend(super::orders::clock_far_off(facts.sent, at.timestamp));
        let signature = self.check_signature(signature);
        let gate = self.gate_today(Application::Dispensing)?;
        let claim = self.twins.claim(digest, &facts.sender, facts.order_number.as_deref());
        let (sender, order) = (facts.sender.clone(), facts.order_number.clone());
        let arrived = Arrived {
            number: claim.number.clone(),
            pharmacy: self.pharmacy,
            archive: digest,
            message: facts,
            received: at,
            registrant: self.look_up_registrant(&contents, Some(&signature), at.date()),
            drug: self.look_up_drug(&contents),
            contents,
            problems,
            indication,
            signature,
            twin: claim.twin.clone(),
            dea_numbers: if practitioners > 1 { DeaNumbers::Several(practitioners) } else { DeaNumbers::One },
            systems: Systems { pharmacy: gate.standing.compliance(), ..Systems::default() },
        };
        let (stream, events, verdict, code) = match receive(&self.profile, arrived) {
            Intake::Accepted(events) => {
                let number = claim.number.clone();
                (number.stream(), events, Verdict::Accepted { number }, ReplyCode::Accepted)
            }
            Intake::Rejected { events, refusals, reply } => {
                self.twins.release(&claim, digest, &sender, order.as_deref());
                (digest.stream(), events, Verdict::Rejected { refusals }, reply)
            }
        };
        let answer = reply.and_then(|to| Self::answer(&to, digest, code, &verdict, at.timestamp));
        let key = match (&verdict, &order) {
            (Verdict::Accepted { .. }, Some(order)) => format!("{ANSWER}/{sender}/{order}"),
            (Verdict::Accepted { .. }, None) => format!("{ANSWER}/{digest}"),
            (Verdict::Rejected { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. }, _) => {
                format!("{ANSWER}/{digest}/{}", Self::once()?)
            }
        };
        let answer = answer.map(|answer| NewJob {
            kind: ANSWER.to_owned(),
            // One accepted order has one answer, ever: the store refuses a second one, from whichever process.
            key,
            due_ms: at.timestamp.as_millisecond(),
            payload: answer,
        });
        let append = self.arrival_append(&stream, &events, (bytes, seal, carried), answer, at.timestamp)?;
        let append = Self::beside_no_finding(append, gate.version);
        let arrival = Arrival { verdict, archived: digest.to_string() };
        Ok(Prepared { append, arrival, claim, digest, sender, order })
    }

    fn arrival_append(
        &self,
        stream: &str,
        events: &[Event],
        (bytes, seal, carried): (&[u8], Vec<u8>, Option<&[u8]>),
        answer: Option<NewJob>,
        at: Timestamp,
    ) -> Result<Append, Fault> {
        let actor = Actor::new("theriac", Role::System);
        let by = By { actor: &actor, location: self.pharmacy.as_str(), law: &self.config.profile, at };
        let mut pieces = Vec::with_capacity(1);
        if bytes.len() <= ARCHIVED_MAX {
            pieces.push(NewPiece { media: Format::of(bytes).media().to_owned(), bytes: bytes.to_vec(), seal });
        }
        if let Some(carried) = carried {
            let media = "application/pkcs7-signature".to_owned();
            pieces.push(NewPiece { media, bytes: carried.to_vec(), seal: Vec::new() });
        }
        let mut change = Change::default();
        if stream.starts_with("rx/") {
            change = change.decided_on(stream, 0);
        }
        for event in events {
            change = change.with_pieces(&by, stream, event, std::mem::take(&mut pieces))?;
        }
        if let Some(answer) = answer {
            change = change.job(answer);
        }
        Ok(change.into_append())
    }

    /// Nothing is accepted beside an adverse finding that another process has just registered.
    fn beside_no_finding(mut append: Append, version: u64) -> Append {
        append.expected.push((crate::watch::audits_stream(Application::Dispensing).to_owned(), version));
        append
    }

    /// Something that does not come twice.
    fn once() -> Result<String, Fault> {
        let mut random = [0; 16];
        aws_lc_rs::rand::fill(&mut random).map_err(|_| Fault::Broken("the system gave no random bytes".to_owned()))?;
        Ok(theriac_model::hex::encode(&random))
    }

    fn check_signature(&self, group: Option<SignatureGroup>) -> SignatureCheck {
        let Some(group) = group else { return SignatureCheck::NoSignature };
        let check = || -> Result<SignatureCheck, Refusal> {
            let cms = group.signature().map_err(|refusal| *refusal)?;
            // Practices of other nodes sign under their own authority, which the operator has taken over.
            let trusted = self.keys.partners.verify_attached(&cms, Judge::WhenSigned)?;
            if SystemRole::of(trusted.verified().certificate()) != Some(SystemRole::PrescriberSystem) {
                return Err(Refusal::new(
                    "SIGN-ROLE",
                    "21 CFR 1311.120(b)(25); 73 FR 36722, proposed 1311.130(d)",
                    "the certificate is not one of a prescribing application",
                    "ask the sender which system signed; only a prescribing application signs contents",
                ));
            }
            let subject = trusted.verified().certificate().subject().to_owned();
            let signed = CanonicalContents::from_bytes(trusted.verified().content()).map_err(|error| {
                Refusal::new(
                    "SIGN-CONTENT",
                    "73 FR 36722, proposed 21 CFR 1311.160",
                    format!("what was signed is no prescription: {error}"),
                    "ask the practitioner for a new prescription, and report the sender's application",
                )
            })?;
            Ok(SignatureCheck::Verified { signed: Box::new(signed), subject })
        };
        check().unwrap_or_else(SignatureCheck::Failed)
    }

    /// The practitioner's registration by the registrant data; `signature` where the contents came signed.
    pub(super) fn look_up_registrant(
        &self,
        contents: &CanonicalContents,
        signature: Option<&SignatureCheck>,
        today: Date,
    ) -> RegistrantLookup {
        let number = contents.get(Element::Registration).and_then(|text| Registration::parse(text).ok());
        let number = number.and_then(|number| number.number());
        let row = number.and_then(|number| self.registrant_row(number));
        let signed = match signature {
            Some(SignatureCheck::Verified { signed, .. }) => signed.get(Element::Issued),
            Some(SignatureCheck::NoSignature | SignatureCheck::Failed(_)) | None => contents.get(Element::Issued),
        };
        let signed: Date = signed.and_then(|text| text.parse().ok()).unwrap_or(today);
        let age = |issued: Date| u32::try_from((today - issued).get_days().max(0)).unwrap_or(u32::MAX);
        RegistrantLookup {
            found: row.as_ref().map(|row| registrant(row, signed)),
            age_days: row.as_ref().map_or(0, |row| age(row.issued)),
            source: "registrant data".to_owned(),
        }
    }

    /// The practitioner's registration on the day of issue, for what came by hand.
    pub(super) fn look_up_registrant_on(&self, contents: &CanonicalContents, today: Date) -> RegistrantLookup {
        self.look_up_registrant(contents, Some(&SignatureCheck::NoSignature), today)
    }

    /// The drug by its NDC in the drug file.
    pub(super) fn look_up_drug(&self, contents: &CanonicalContents) -> DrugFile {
        let ndc = contents.get(Element::DrugNdc).and_then(|text| Ndc::parse(text).ok());
        // A table that cannot be read is a store's trouble, which the append that follows reports.
        match ndc.and_then(|ndc| self.drug(&ndc).ok().flatten()).map(|product| product.schedule) {
            Some(Some(schedule)) => DrugFile::Scheduled(schedule),
            Some(None) => DrugFile::NotControlled,
            None => DrugFile::Unknown,
        }
    }

    /// The message that goes back to the sender.
    fn answer(
        to: &ReplyTo,
        digest: ArchiveDigest,
        code: ReplyCode,
        verdict: &Verdict,
        at: Timestamp,
    ) -> Option<Vec<u8>> {
        let reference = match verdict {
            Verdict::Accepted { number } => Some(number.to_string()),
            Verdict::Rejected { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => None,
        };
        let reply = Reply {
            message_id: format!("A-{}", &digest.to_string()[..24]),
            sent_time: at,
            software: software(),
            rx_reference: reference,
        };
        let rejected = match code {
            ReplyCode::NotHonoured => Rejected::Receiver,
            ReplyCode::CannotProcess => Rejected::CannotProcess,
            ReplyCode::Accepted | ReplyCode::Duplicate | ReplyCode::Faulty => Rejected::Transaction,
        };
        let message = match verdict {
            Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => {
                status(to, &reply, Accepted::ForProcessing)
            }
            Verdict::Rejected { refusals } => {
                let refusal = refusals.first()?;
                // The next step is the pharmacist's; the sender is told what was found, and by which paragraph.
                let text = format!("{}: {} ({})", refusal.code, refusal.what, refusal.cite);
                let text: String = text.chars().filter(|c| !c.is_control()).take(ANSWER_CHARS_MAX).collect();
                error(to, &reply, rejected, code.description_code().as_slice(), &text)
            }
        };
        message.ok().map(|message| encode(&message))
    }
}

/// A row of the directory as the core wants it, with the status it had on the day of signing.
fn registrant(row: &Registrant, signed: Date) -> theriac_pharmacy::Registrant {
    let status = Status::from_word(&row.status).unwrap_or(Status::Revoked);
    theriac_pharmacy::Registrant {
        activity: match row.activity.as_str() {
            "institution" => Activity::Institution,
            "mid-level" => Activity::MidLevel,
            _ => Activity::Practitioner,
        },
        status: if status == Status::Valid && signed > row.expires { Status::Expired } else { status },
        expires: Some(row.expires),
        schedules: row.schedules.clone(),
    }
}
