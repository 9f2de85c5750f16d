//! The stages of a prescription as types. A stage has only the methods the law allows there.
//!
//! ```text
//! Draft -> Ready -> Reviewed -> Signed -> Transmitted
//!   ^--------'---------'            `---> Printed
//! ```
//!
//! 21 CFR 1311.120, 1311.140, 1311.170; 73 FR 36722, proposed 1311.120 to 1311.130.

use crate::access::Signer;
use crate::duties::Clearance;
use crate::event::{Event, Routing};
use crate::law;
use crate::letters::{Answering, Correspondence, Letter, Withdrawal};
use crate::statement::{Agreeing, Statement};
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_law::Profile;
use theriac_model::{Actor, CanonicalContents, Contents, Edition, Element, Refusal, Registration, Role, hex};
use theriac_pki::TwoFactorPass;

/// Being written; anybody of the practice may change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    pub(crate) id: String,
    pub(crate) routing: Routing,
    pub(crate) contents: CanonicalContents,
}

/// Complete, and positively marked to be signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ready(pub(crate) Draft);

/// Shown to the practitioner with the statement, and agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    pub(crate) draft: Draft,
    pub(crate) shown: [u8; 32],
    pub(crate) statement: String,
}

/// Signed, and not yet sent or printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub(crate) id: String,
    pub(crate) routing: Routing,
    pub(crate) contents: CanonicalContents,
}

/// Sent. It has no way to be printed (proposed 1311.130(b)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transmitted {
    pub(crate) signed: Signed,
    pub(crate) letters: Correspondence,
}

/// Printed. It has no way to be sent (proposed 1311.130(c), 21 CFR 1311.170(d)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Printed {
    pub(crate) signed: Signed,
}

/// What the review screen shows: every element, and the statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Screen {
    /// The elements, in canonical order.
    pub items: Vec<(Element, String)>,
    /// The statement to agree to.
    pub statement: Statement,
}

impl Screen {
    /// The bytes of what is shown, whose SHA-256 is recorded and which the two factors confirm.
    pub fn bytes(&self, contents: &CanonicalContents) -> Vec<u8> {
        let mut bytes = contents.to_bytes();
        bytes.extend_from_slice(self.statement.id.as_bytes());
        bytes.push(b'\n');
        bytes.extend_from_slice(self.statement.text.as_bytes());
        bytes
    }
}

/// What the practitioner answered to the statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// Positively agreed.
    Agreed,
    /// Did not answer, or declined.
    NotGiven,
}

/// What the shell signs and stores after the core has allowed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToSign {
    /// The contents with the instant of signing.
    pub contents: CanonicalContents,
    /// Their canonical bytes: the content of the signature.
    pub bytes: Vec<u8>,
    /// The token that was used.
    pub credential: String,
    by: Actor,
}

impl ToSign {
    /// The record, once the prescriber system's key has signed [`ToSign::bytes`].
    pub fn signed(self, digest: String, signature: String, certificate: String) -> Event {
        Event::Signed {
            by: self.by,
            credential: self.credential,
            contents: self.contents,
            digest,
            signature,
            certificate,
        }
    }
}

fn incomplete(element: Element, what: String) -> Refusal {
    Refusal::new(
        "RX-DRAFT-INCOMPLETE",
        "21 CFR 1311.120(b)",
        what,
        "enter the element, then mark the prescription ready again",
    )
    .about(element.tag())
}

impl Draft {
    /// Begins a draft.
    ///
    /// # Errors
    /// By anyone but a practitioner or an agent.
    pub fn begin(
        id: impl Into<String>,
        by: &Actor,
        routing: Routing,
        contents: CanonicalContents,
    ) -> Result<(Self, Event), Refusal> {
        of_the_practice(by)?;
        let event = Event::Drafted { by: by.clone(), routing: routing.clone(), contents: contents.clone() };
        Ok((Self { id: id.into(), routing, contents }, event))
    }

    /// The prescription's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Where it is to go and for whom it is kept.
    pub fn routing(&self) -> &Routing {
        &self.routing
    }

    /// The elements entered so far.
    pub fn contents(&self) -> &CanonicalContents {
        &self.contents
    }

    /// Replaces the elements.
    ///
    /// # Errors
    /// By anyone but a practitioner or an agent.
    pub fn change(mut self, by: &Actor, contents: CanonicalContents) -> Result<(Self, Event), Refusal> {
        of_the_practice(by)?;
        self.contents.clone_from(&contents);
        Ok((self, Event::Changed { by: by.clone(), contents }))
    }

    /// Throws it away.
    ///
    /// # Errors
    /// By anyone but a practitioner or an agent.
    pub fn discard(&self, by: &Actor) -> Result<Event, Refusal> {
        of_the_practice(by)?;
        Ok(Event::Discarded { by: by.clone() })
    }

    /// Marks it as ready to sign.
    ///
    /// # Errors
    /// The first required element that is absent or does not serve; the law's own refusal of what is written, such as
    /// refills of schedule II.
    pub fn mark_ready(self, by: &Actor, profile: &Profile, today: Date) -> Result<(Ready, Event), Refusal> {
        of_the_practice(by)?;
        self.complete(today)?;
        law::may_be_prepared(profile, &self.contents, today)?;
        Ok((Ready(self), Event::MarkedReady { by: by.clone() }))
    }

    /// The contents with a stand-in for the instant of signing, to see whether all else is complete.
    fn complete(&self, today: Date) -> Result<Contents, Refusal> {
        let mut contents = self.contents.clone();
        contents.clear(Element::SignedAt);
        let noon = format!("{today}T12:00:00Z");
        let set = contents.set(Element::SignedAt, &noon);
        debug_assert!(set.is_ok());
        Contents::from_canonical(&contents).map_err(|missing| {
            let first = missing.into_iter().next();
            let (element, problem) = first.map_or((Element::Issued, None), |m| (m.element, m.problem));
            let what = problem.map_or_else(
                || format!("the element {element} is missing"),
                |problem| format!("the element {element} does not serve: {problem}"),
            );
            incomplete(element, what)
        })
    }
}

fn of_the_practice(by: &Actor) -> Result<(), Refusal> {
    if matches!(by.role, Role::Prescriber | Role::Agent) {
        return Ok(());
    }
    Err(Refusal::new(
        "RX-DRAFT-ROLE",
        "21 CFR 1306.05(f), 1311.135(a)",
        format!("a {} does not prepare prescriptions", by.role),
        "let the practitioner or an agent of the practice enter it",
    ))
}

impl Ready {
    /// The draft it is.
    pub fn draft(&self) -> &Draft {
        &self.0
    }

    /// Changing it takes the ready mark away.
    ///
    /// # Errors
    /// As [`Draft::change`].
    pub fn change(self, by: &Actor, contents: CanonicalContents) -> Result<(Draft, Event), Refusal> {
        self.0.change(by, contents)
    }

    /// What is to be shown for review.
    pub fn screen(&self, statement: Statement) -> Screen {
        let items = self.0.contents.iter().map(|(element, value)| (element, value.to_owned())).collect();
        Screen { items, statement }
    }

    /// Takes the practitioner's answer to the statement shown with the elements.
    ///
    /// # Errors
    /// Without agreement, where the statement wants it in so many words; by anyone but the practitioner it is for.
    pub fn review(
        self,
        by: &Actor,
        screen: &Screen,
        agreement: Agreement,
        digest: impl Fn(&[u8]) -> [u8; 32],
    ) -> Result<(Reviewed, Event), (Self, Refusal)> {
        if let Err(refusal) = self.0.only_the_practitioner(by) {
            return Err((self, refusal));
        }
        if agreement == Agreement::NotGiven && screen.statement.agreeing == Agreeing::Expressly {
            let refusal = Refusal::new(
                "RX-SIGN-NOT-AGREED",
                "73 FR 36722, proposed 21 CFR 1311.125(b)(4)",
                "the practitioner did not agree to the statement",
                "read the prescription and agree to the statement, or change it",
            )
            .under(Edition::Proposed2008);
            return Err((self, refusal));
        }
        let shown = digest(&screen.bytes(&self.0.contents));
        let statement = screen.statement.id.clone().into_owned();
        let event = Event::Reviewed { by: by.clone(), shown: hex::encode(&shown), statement: statement.clone() };
        Ok((Reviewed { draft: self.0, shown, statement }, event))
    }
}

impl Draft {
    fn only_the_practitioner(&self, by: &Actor) -> Result<(), Refusal> {
        if by.role == Role::Prescriber && by.id == self.routing.practitioner {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-SIGN-NOT-REGISTRANT",
            "21 CFR 1311.135(a), 1311.140(a); 73 FR 36722, proposed 1311.125(d)",
            "somebody other than the practitioner named on the prescription tried to review or sign it",
            "let the practitioner named on it sign, or enter a prescription of your own",
        ))
    }
}

/// What the core needs to know about the moment of signing.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// The instant, with the offset of the practice's clock.
    pub at: theriac_law::Moment,
    /// The law that applies.
    pub profile: &'a Profile,
    /// How many different patients the signing act covers.
    pub patients: u16,
    /// That provider and practitioner have done what must be done before a signature.
    pub clearance: &'a Clearance,
}

impl Moment<'_> {
    /// The local date at the practice.
    pub fn today(&self) -> Date {
        self.at.date()
    }
}

impl Reviewed {
    /// SHA-256 of what was shown: what the two factors must confirm.
    pub fn shown(&self) -> [u8; 32] {
        self.shown
    }

    /// The draft it is.
    pub fn draft(&self) -> &Draft {
        &self.draft
    }

    /// Whether the statement agreed to held the conclusion about a set (21 CFR 1306.12(b)(1)(iii)).
    pub fn conclusion(&self) -> crate::set::Conclusion {
        if Statement::concludes(&self.statement) { crate::set::Conclusion::Drawn } else { crate::set::Conclusion::Open }
    }

    /// Changing it takes review and ready mark away.
    ///
    /// # Errors
    /// As [`Draft::change`].
    pub fn change(self, by: &Actor, contents: CanonicalContents) -> Result<(Draft, Event), Refusal> {
        self.draft.change(by, contents)
    }

    /// Signs: only the registrant on the prescription, who has just passed two factors for exactly what was shown.
    ///
    /// Returns what the prescriber system's key has to sign; the stage becomes [`Signed`] with the record of that.
    ///
    /// # Errors
    /// Somebody else's pass, a pass for something else, no clearance, no right to sign, the law's refusals (registration, schedule,
    /// date, patients). The prescription stays reviewed.
    pub fn sign(
        self,
        by: &Actor,
        signer: &Signer,
        pass: &TwoFactorPass,
        moment: Moment<'_>,
    ) -> Result<(Signed, ToSign), (Box<Self>, Refusal)> {
        match self.allowed(by, signer, pass, moment) {
            Ok(to_sign) => {
                let Draft { id, routing, .. } = self.draft;
                Ok((Signed { id, routing, contents: to_sign.contents.clone() }, to_sign))
            }
            Err(refusal) => Err((Box::new(self), refusal)),
        }
    }

    fn allowed(
        &self,
        by: &Actor,
        signer: &Signer,
        pass: &TwoFactorPass,
        moment: Moment<'_>,
    ) -> Result<ToSign, Refusal> {
        self.draft.only_the_practitioner(by)?;
        let registration = self.registration()?;
        law::pass_is_for(pass, by, &registration, &self.shown, moment.at.timestamp)?;
        moment.clearance.covers(&by.id, moment.today())?;
        let credential = pass.credential().to_string();
        signer.may_sign(&registration, &credential, moment.today())?;
        self.draft.complete(moment.today())?;
        let mut contents = self.draft.contents.clone();
        contents.clear(Element::SignedAt);
        let whole_second = Timestamp::from_second(moment.at.timestamp.as_second()).unwrap_or(moment.at.timestamp);
        contents
            .set(Element::SignedAt, &whole_second.to_string())
            .map_err(|error| incomplete(Element::SignedAt, error.to_string()))?;
        law::may_be_signed(&contents, signer, pass, moment)?;
        let bytes = contents.to_bytes();
        Ok(ToSign { contents, bytes, credential, by: by.clone() })
    }

    fn registration(&self) -> Result<Registration, Refusal> {
        let text = self.draft.contents.get(Element::Registration).unwrap_or_default();
        Registration::parse(text).map_err(|error| incomplete(Element::Registration, error.to_string()))
    }
}

impl Signed {
    /// The prescription's identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Exactly what was signed.
    pub fn contents(&self) -> &CanonicalContents {
        &self.contents
    }

    /// Where it is to go.
    pub fn routing(&self) -> &Routing {
        &self.routing
    }

    /// Sends it: `message` and the digest of the archived bytes go into the record.
    pub fn transmit(self, message: String, archived: String) -> (Transmitted, Event) {
        (Transmitted::new(self), Event::Transmitted { message, archived })
    }

    /// Prints it for a signature by hand; it is then a paper prescription and stays here.
    pub fn print(self, by: &Actor) -> (Printed, Event) {
        (Printed { signed: self }, Event::Printed { by: by.clone() })
    }

    /// Records that it could not be sent: the electronic prescription is void, and a new paper prescription has to carry
    /// the reference (21 CFR 1311.170(b)).
    pub fn failed(self, reason: String) -> Event {
        Event::TransmissionFailed { reason }
    }

    /// Withdraws it before it was sent.
    pub fn void(self, by: &Actor, reason: String) -> Event {
        Event::Voided { by: by.clone(), reason }
    }
}

impl Transmitted {
    pub(crate) fn new(signed: Signed) -> Self {
        Self { signed, letters: Correspondence::default() }
    }

    /// The letters about it that are open.
    pub fn letters(&self) -> &Correspondence {
        &self.letters
    }

    /// Asks the pharmacy not to dispense it.
    ///
    /// # Errors
    /// By anyone but the practitioner who signed it; while the pharmacy has not answered.
    pub fn cancel(&self, by: &Actor, reason: String, message: String, archived: String) -> Result<Letter, Refusal> {
        self.by_the_signer(by)?;
        if self.letters.withdrawal == Withdrawal::Asked {
            return Err(Refusal::new(
                "RX-CANCEL-ASKED",
                "21 CFR 1306.04(a)",
                "the pharmacy has been asked already and has not answered yet",
                "wait for its answer, or call the pharmacy",
            ));
        }
        Ok(Letter::CancelRequested { by: by.clone(), reason, message, archived })
    }

    /// Answers a request of the pharmacy, named by the identifier of its message.
    ///
    /// # Errors
    /// By anyone but the practitioner who signed the prescription; a request that is not open.
    pub fn answer(
        &self,
        by: &Actor,
        message: &str,
        answer: Answering,
        words: String,
        archived: String,
    ) -> Result<Letter, Refusal> {
        self.by_the_signer(by)?;
        if !self.letters.requests.iter().any(|request| request.message == message) {
            return Err(Refusal::new(
                "RX-REQUEST-CLOSED",
                "21 CFR 1306.04(a)",
                "no such request of the pharmacy waits for an answer",
                "look at the prescription again",
            ));
        }
        Ok(Letter::Answered { by: by.clone(), message: message.to_owned(), answer, words, archived })
    }

    fn by_the_signer(&self, by: &Actor) -> Result<(), Refusal> {
        if by.role == Role::Prescriber && by.id == self.signed.routing.practitioner {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-LETTER-NOT-REGISTRANT",
            "21 CFR 1306.04(a), 1306.05(f)",
            "somebody other than the practitioner who signed it tried to withdraw it or to answer for it",
            "let the practitioner decide",
        ))
    }

    /// What was sent.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }

    /// Records an answer.
    pub fn report(&self, report: crate::event::Report, answer: String, archived: String) -> Event {
        Event::Reported { report, answer, archived }
    }

    /// Records that it could not be delivered: the electronic prescription is void, and a new paper prescription has to
    /// carry the reference (21 CFR 1311.170(b)).
    pub fn failed(self, reason: String) -> Event {
        Event::TransmissionFailed { reason }
    }
}

impl Printed {
    /// What was printed.
    pub fn signed(&self) -> &Signed {
        &self.signed
    }
}
