//! Signing in: invitations, passkeys and who opened a session, as records; and the two ceremonies with the browser.
//!
//! A person is invited with a code that is shown once; with it they register a passkey of their own, which checks a PIN or
//! biometric. A passkey opens sessions and never signs a prescription.

mod ended;
mod refusals;
mod tickets;

pub(crate) use ended::EndedSessions;

use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use crate::sessions::{Kept, Known, Secret};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_journal::hash::sha256;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Refusal};
use theriac_pki::Assertion;
use theriac_pki::pass::{CredentialId, PractitionerId};
use theriac_pki::signin::{Passkey, SignInChallenge};
use theriac_pki::webauthn::{Purpose, RegistrationAnswer, RegistrationRequest, RelyingParty, assertion_options};
use tickets::Tickets;

/// How long an invitation may be used.
const INVITED_FOR: SignedDuration = SignedDuration::from_hours(24);
/// Wrong codes after which an invitation is void.
const WRONG_CODES_MOST: u32 = 5;
const CITE: &str = "21 CFR 1311.120(b)(1); 73 FR 36722, 1311.115";

/// A record of how a person gets in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SignInEvent {
    /// A code was given out with which the person registers a passkey.
    Invited { person: String, digest: String, until: Timestamp },
    /// A wrong code was tried.
    CodeRefused { person: String },
    /// A passkey was registered with the code.
    Registered(Passkey),
    /// A session was opened or unlocked.
    Opened { person: String, credential: String, counter: u32 },
    /// A passkey's answers were refused, as often as `times` within a minute; the code is that of the last one.
    Refused { person: String, credential: String, code: String, times: u64 },
    /// A passkey may not be used any more.
    Removed { person: String, credential: String },
    /// Every session of the person is over, and a code they were given is void.
    SessionsEnded { person: String },
}

impl Recorded for SignInEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Invited { .. } => "sign-in.invited",
            Self::CodeRefused { .. } => "sign-in.code-refused",
            Self::Registered(_) => "sign-in.registered",
            Self::Opened { .. } => "sign-in.opened",
            Self::Refused { .. } => "sign-in.refused",
            Self::Removed { .. } => "sign-in.removed",
            Self::SessionsEnded { .. } => "sign-in.sessions-ended",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Invited { person, digest, until } => {
                json!({"digest": digest, "person": person, "until": until.to_string()})
            }
            Self::CodeRefused { person } | Self::SessionsEnded { person } => json!({"person": person}),
            Self::Registered(passkey) => passkey.to_json(),
            Self::Opened { person, credential, counter } => {
                json!({"counter": counter, "credential": credential, "person": person})
            }
            Self::Refused { person, credential, code, times } => {
                json!({"code": code, "credential": credential, "person": person, "times": times})
            }
            Self::Removed { person, credential } => json!({"credential": credential, "person": person}),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, body).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, value: &Value) -> Result<SignInEvent, BadField> {
    let body = Reader(value);
    let own = |field: &str| body.text(field).map(str::to_owned);
    Ok(match kind {
        "sign-in.invited" => SignInEvent::Invited {
            person: own("person")?,
            digest: own("digest")?,
            until: body.parsed("until", "an instant", |text| text.parse().ok())?,
        },
        "sign-in.code-refused" => SignInEvent::CodeRefused { person: own("person")? },
        "sign-in.registered" => SignInEvent::Registered(Passkey::from_json(value)?),
        "sign-in.opened" => SignInEvent::Opened {
            person: own("person")?,
            credential: own("credential")?,
            counter: u32::try_from(body.whole("counter")?)
                .map_err(|_| BadField { field: "counter".to_owned(), expected: "a counter of 32 bits" })?,
        },
        "sign-in.sessions-ended" => SignInEvent::SessionsEnded { person: own("person")? },
        "sign-in.refused" => SignInEvent::Refused {
            person: own("person")?,
            credential: own("credential")?,
            code: own("code")?,
            times: match body.get("times") {
                Some(_) => u64::try_from(body.whole("times")?)
                    .map_err(|_| BadField { field: "times".to_owned(), expected: "how often" })?,
                // Records of before refusals were counted.
                None => 1,
            },
        },
        "sign-in.removed" => SignInEvent::Removed { person: own("person")?, credential: own("credential")? },
        _ => return Err(BadField { field: "kind".to_owned(), expected: "a record of signing in" }),
    })
}

/// What is known of how a person gets in.
#[derive(Default)]
struct Ways {
    /// Digest of the code, until when it may be used, and wrong codes so far.
    invitation: Option<(String, Timestamp, u32)>,
    keys: Vec<Passkey>,
}

impl Ways {
    fn of(events: &[SignInEvent]) -> Self {
        let mut ways = Self::default();
        for event in events {
            match event {
                SignInEvent::Invited { digest, until, .. } => ways.invitation = Some((digest.clone(), *until, 0)),
                SignInEvent::CodeRefused { .. } => {
                    if let Some((_, _, wrong)) = &mut ways.invitation {
                        *wrong += 1;
                    }
                }
                SignInEvent::Registered(passkey) => {
                    ways.keys.push(passkey.clone());
                    ways.invitation = None;
                }
                SignInEvent::Opened { credential, counter, .. } => {
                    for key in ways.keys.iter_mut().filter(|key| key.id.to_string() == *credential) {
                        key.counter = *counter;
                    }
                }
                SignInEvent::Removed { credential, .. } => ways.keys.retain(|key| key.id.to_string() != *credential),
                SignInEvent::SessionsEnded { .. } => ways.invitation = None,
                SignInEvent::Refused { .. } => {}
            }
        }
        ways
    }

    fn ids(&self) -> Vec<CredentialId> {
        self.keys.iter().map(|key| key.id.clone()).collect()
    }
}

/// Ceremonies that wait for a browser's answer, by a ticket that is used once.
#[derive(Default)]
pub(crate) struct Waiting {
    joins: Tickets<RegistrationRequest>,
    sign_ins: Tickets<SignInChallenge>,
    refusals: refusals::Refusals,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn way(person: &str) -> String {
    format!("sign-in/{person}")
}

fn random() -> Result<[u8; 32], Fault> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| broken("the system gave no random bytes"))?;
    Ok(bytes)
}

/// Says the same for a person nobody knows, a code that is wrong and one that has run out.
fn wrong_code() -> Fault {
    Refusal::new(
        "SIGNIN-CODE",
        CITE,
        "this person and this code do not belong together, or the code was used or has run out",
        "ask the operator for a new code",
    )
    .into()
}

fn wrong_key() -> Fault {
    let next = "use the passkey you registered here, or ask the operator for a new code";
    Refusal::new("SIGNIN-KEY", CITE, "this passkey does not open a session for this person", next).into()
}

impl House {
    fn ways(&self, person: &str) -> Result<(Ways, u64), Fault> {
        let (events, version) = stream::<SignInEvent>(&self.store, &way(person))?;
        Ok((Ways::of(&events), version))
    }

    fn note_way(&self, by: &Actor, person: &str, version: u64, event: &SignInEvent) -> Result<(), Fault> {
        let name = way(person);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, event)?.commit(&self.store)?;
        Ok(())
    }

    /// Records how somebody got in otherwise than with a passkey.
    pub(crate) fn note_entry(&self, by: &Actor, person: &str, event: &SignInEvent) -> Result<(), Fault> {
        let (_, version) = self.ways(person)?;
        self.note_way(by, person, version, event)
    }

    /// The site that security keys and passkeys answer to.
    pub(crate) fn party(&self) -> Result<RelyingParty, Fault> {
        let (host, origin) = self.site_of_pages();
        RelyingParty::new("Theriac", &host, &origin).map_err(broken)
    }

    /// Invites a person to register a passkey; answers the code, which is shown once and kept nowhere.
    pub(crate) fn invite(&self, by: &Actor, person: &str) -> Result<String, Fault> {
        if self.person(person)?.is_none() {
            let what = format!("there is no person {person}");
            return Err(Refusal::new("SIGNIN-PERSON", CITE, what, "add the person first").into());
        }
        let code = Self::fresh_id("")?;
        let (_, version) = self.ways(person)?;
        let until = self.clock.now() + INVITED_FOR;
        let digest = sha256(code.as_bytes()).to_hex();
        let event = SignInEvent::Invited { person: person.to_owned(), digest, until };
        self.note_way(by, person, version, &event)?;
        Ok(code)
    }

    /// Begins to register a passkey with an invitation's code: a ticket, and what the browser is asked.
    pub(crate) fn begin_join(&self, person: &str, code: &str) -> Result<(String, Value), Fault> {
        let who = PractitionerId::parse(person).ok_or_else(wrong_code)?;
        let Some(actor) = self.person(person)? else { return Err(wrong_code()) };
        let (ways, version) = self.ways(person)?;
        let Some((digest, until, wrong)) = &ways.invitation else { return Err(wrong_code()) };
        if *wrong >= WRONG_CODES_MOST || self.clock.now() > *until {
            return Err(wrong_code());
        }
        let typed: String = code.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        if sha256(typed.as_bytes()).to_hex() != *digest {
            self.note_way(&actor, person, version, &SignInEvent::CodeRefused { person: person.to_owned() })?;
            return Err(wrong_code());
        }
        let request = RegistrationRequest::new(random()?, who, Purpose::SignIn, self.clock.now());
        let options = request.options(&self.party()?, &ways.ids());
        Ok((self.waiting.joins.keep(person, request, self.clock.now())?, options))
    }

    /// The browser's answer: the passkey is kept, the code is used up, and a session is open.
    pub(crate) fn join(&self, ticket: &str, answer: &[u8]) -> Result<Secret, Fault> {
        let (person, request) = self.waiting.joins.take(ticket)?;
        let Some(actor) = self.person(&person)? else { return Err(wrong_code()) };
        let (ways, version) = self.ways(&person)?;
        if ways.invitation.is_none() {
            return Err(wrong_code());
        }
        let answer = RegistrationAnswer::from_browser(answer)?;
        let made = request.verify(&self.party()?, &ways.ids(), &answer, self.clock.now())?;
        self.note_way(&actor, &person, version, &SignInEvent::Registered(Passkey::new(made)?))?;
        self.open_session(&person, Known::Passkey)
    }

    /// Begins to sign in: a ticket, and what the browser is asked. Whoever has no passkey here is asked for one that nobody
    /// has, always the same for a name and without transports for anybody, so that nobody learns who is known here.
    pub(crate) fn begin_sign_in(&self, person: &str) -> Result<(String, Value), Fault> {
        let (ways, _) = self.ways(person)?;
        let challenge = SignInChallenge::new(random()?, self.clock.now());
        let mut ids = ways.ids();
        if ids.is_empty() {
            ids.extend(self.decoy(person));
        }
        let keys: Vec<(CredentialId, Vec<String>)> = ids.into_iter().map(|id| (id, Vec::new())).collect();
        let options = assertion_options(&self.party()?, &challenge.bytes(), &keys);
        Ok((self.waiting.sign_ins.keep(person, challenge, self.clock.now())?, options))
    }

    /// A passkey that nobody has, as long as those of common makes: 16, 32, 48 or 64 bytes.
    fn decoy(&self, person: &str) -> Option<CredentialId> {
        let half = |part: &str| self.keys.secret("sign-in decoys", &format!("{part}/{person}"));
        let (first, second) = (half("1"), half("2"));
        let length = 16 + 16 * usize::from(half("length").first()? % 4);
        let bytes: Vec<u8> = first.into_iter().chain(second).take(length).collect();
        CredentialId::parse(&URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The browser's answer: opens a session, or unlocks the person's own locked one and gives back what was kept.
    pub(crate) fn sign_in(
        &self,
        ticket: &str,
        answer: &[u8],
        locked: Option<(&Secret, &str)>,
    ) -> Result<(Secret, Option<Kept>), Fault> {
        let (person, challenge) = self.waiting.sign_ins.take(ticket)?;
        let Some(actor) = self.person(&person)? else { return Err(wrong_key()) };
        let assertion = Assertion::from_browser(answer)?;
        let (ways, version) = self.ways(&person)?;
        let Some(key) = ways.keys.iter().find(|key| key.id == assertion.credential) else { return Err(wrong_key()) };
        let credential = key.id.to_string();
        let counter = match key.verify(&challenge, &self.party()?, &assertion, self.clock.now()) {
            Ok((_, counter)) => counter,
            Err(refusal) => {
                let refused = refusals::Refused { credential, code: refusal.code.to_string() };
                if let Some(event) = self.waiting.refusals.count(&person, refused, self.clock.now()) {
                    self.note_way(&actor, &person, version, &event)?;
                }
                return Err(refusal.into());
            }
        };
        self.note_way(&actor, &person, version, &SignInEvent::Opened { person: person.clone(), credential, counter })?;
        match locked.filter(|(_, whose)| *whose == person) {
            Some((secret, _)) => {
                let unlocked = self.sessions.unlock(secret, Known::Passkey, self.clock.now());
                unlocked.map_or_else(|| Ok((self.open_session(&person, Known::Passkey)?, None)), Ok)
            }
            None => Ok((self.open_session(&person, Known::Passkey)?, None)),
        }
    }

    /// Records the refused answers that were counted and whose minute is over.
    pub(crate) fn fold_refusals(&self) -> Result<(), Fault> {
        for (person, event) in self.waiting.refusals.over(self.clock.now()) {
            let Some(actor) = self.person(&person)? else { continue };
            let (_, version) = self.ways(&person)?;
            self.note_way(&actor, &person, version, &event)?;
        }
        Ok(())
    }

    /// How a person gets in: passkeys registered, and until when an open invitation may be used.
    pub(crate) fn way_in(&self, person: &str) -> Result<(usize, Option<Timestamp>), Fault> {
        let (ways, _) = self.ways(person)?;
        let now = self.clock.now();
        let open = ways.invitation.filter(|(_, until, wrong)| *until >= now && *wrong < WRONG_CODES_MOST);
        Ok((ways.keys.len(), open.map(|(_, until, _)| until)))
    }

    /// Takes a person's passkeys and invitation away, ends their sessions and the keys of programs that ask in their name;
    /// answers how many passkeys there were.
    pub(crate) fn lock_out(&self, by: &Actor, person: &str) -> Result<usize, Fault> {
        let (ways, _) = self.ways(person)?;
        for key in &ways.keys {
            let (_, version) = self.ways(person)?;
            let event = SignInEvent::Removed { person: person.to_owned(), credential: key.id.to_string() };
            self.note_way(by, person, version, &event)?;
        }
        self.end_sessions(by, person)?;
        for key in self.keys_in_force()?.into_iter().filter(|key| key.acts_as == person) {
            self.end_key(by, &key.id)?;
        }
        Ok(ways.keys.len())
    }

    /// A person of this deployment, also one whom another process has just added.
    pub(crate) fn person(&self, id: &str) -> Result<Option<Actor>, Fault> {
        if let Some(known) = self.known_person(id) {
            return Ok(Some(known));
        }
        self.load_person(id)
    }
}
