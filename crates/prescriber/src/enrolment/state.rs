//! An enrolment folded from its records, and the commands that add to it.

use crate::access::Signer;
use crate::access_event::{AccessEvent, Checked, Standing};
use crate::enrolment::{EnrolmentEvent, Rules};
use crate::proofing::{
    Check, CheckKind, CheckResult, Contact, ContactMode, Document, NumberSource, Problems, Record, Said, StateCode,
    Under, problems,
};
use crate::registrants::{Found, Snapshot};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_model::{
    Actor, DeaNumber, Edition, Refusal, RegistrantStatus, Registration, RegistrationKey, Role, Schedule,
};

/// The name of the text that the applicant acknowledges.
pub const RESPONSIBILITY: &str = "responsibility-1311.100-c";

words! {
    /// How far a person has come.
    Stage {
        /// Nothing is on file.
        Unknown = "unknown",
        /// Applied.
        Opened = "opened",
        /// The document is entered.
        DocumentEntered = "document-entered",
        /// The document is accepted; checks are being made.
        DocumentAccepted = "document-accepted",
        /// A first controller has granted.
        FirstGrant = "first-grant",
        /// Both have; no token is bound.
        Granted = "granted",
        /// A token is bound and may be used.
        Active = "active",
        /// Every token is suspended, or the right is.
        Suspended = "suspended",
        /// Every registration with a token has run out.
        Expired = "expired",
        /// Every token is revoked, or the right is.
        Revoked = "revoked",
    }
}

/// A registration with which the applicant wants to sign, and its State.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intended {
    /// The State.
    pub state: StateCode,
    /// The registration, with the internal code if it is an institution's.
    pub registration: Registration,
}

/// What the practitioner applied with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// Who entered it: the practitioner, or the operator for them.
    pub by: Actor,
    /// The practitioner's full name.
    pub name: String,
    /// The telephone number that the applicant gave. It is never the one that is called.
    pub telephone: String,
    /// Where the applicant wants to sign.
    pub intends: Vec<Intended>,
    /// When.
    pub at: Timestamp,
}

/// Where a registration is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Location {
    /// The registration.
    pub registration: DeaNumber,
    /// The State of the registered address.
    pub state: String,
    /// The registered address in one line.
    pub address: String,
}

/// An enrolment as it stands.
#[derive(Clone, Debug, Default)]
pub struct Enrolment {
    pub(crate) application: Option<Application>,
    pub(crate) acknowledged: Option<String>,
    pub(crate) document: Option<Document>,
    pub(crate) accepted: Option<Actor>,
    pub(crate) record: Option<Record>,
    pub(crate) checks: Vec<Check>,
    pub(crate) contacts: Vec<Contact>,
    pub(crate) resolved: Vec<(DeaNumber, String)>,
    pub(crate) locations: Vec<Location>,
}

impl Enrolment {
    /// Takes in one record.
    pub fn apply(&mut self, event: &EnrolmentEvent) {
        match event {
            EnrolmentEvent::Opened(application) => self.application = Some(application.clone()),
            EnrolmentEvent::Acknowledged { text, .. } => self.acknowledged = Some(text.clone()),
            EnrolmentEvent::DocumentEntered { document, .. } => {
                self.document = Some(document.clone());
                self.accepted = None;
            }
            EnrolmentEvent::DocumentAccepted { by, .. } => self.accepted = Some(by.clone()),
            EnrolmentEvent::RecordEntered { record, .. } => self.record = Some(record.clone()),
            EnrolmentEvent::Checked(check) => {
                self.checks.retain(|old| (old.kind, old.state) != (check.kind, check.state));
                self.checks.push(check.clone());
            }
            EnrolmentEvent::Contacted(contact) => {
                self.contacts.retain(|old| old.registration != contact.registration);
                self.contacts.push(contact.clone());
            }
            EnrolmentEvent::DifferenceResolved { registration, name, .. } => {
                self.resolved.push((*registration, name.clone()));
            }
            EnrolmentEvent::Located { registration, state, address } => {
                self.locations.retain(|old| old.registration != *registration);
                self.locations.push(Location {
                    registration: *registration,
                    state: state.clone(),
                    address: address.clone(),
                });
            }
        }
    }

    /// The application.
    pub fn application(&self) -> Option<&Application> {
        self.application.as_ref()
    }

    /// The proofing document, accepted or not.
    pub fn document(&self) -> Option<&Document> {
        self.document.as_ref()
    }

    /// Who accepted the document.
    pub fn accepted_by(&self) -> Option<&Actor> {
        self.accepted.as_ref()
    }

    /// The name of the text by which the applicant took note of the responsibility.
    pub fn acknowledged(&self) -> Option<&str> {
        self.acknowledged.as_deref()
    }

    /// The record under the law in force.
    pub fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// The last check of a kind in a State.
    pub fn check(&self, kind: CheckKind, state: StateCode) -> Option<&Check> {
        self.checks.iter().find(|check| check.kind == kind && check.state == state)
    }

    /// The last call or visit for a registration.
    pub fn contact(&self, registration: impl Into<RegistrationKey>) -> Option<&Contact> {
        let registration = registration.into();
        self.contacts.iter().find(|contact| contact.registration == registration)
    }

    /// Where a registration was when it was last looked up.
    pub fn location(&self, registration: DeaNumber) -> Option<&Location> {
        self.locations.iter().find(|location| location.registration == registration)
    }

    /// The names of those who proofed.
    pub fn proofers(&self) -> impl Iterator<Item = &str> {
        let document = self.document.as_ref().map(|document| document.proofer.as_str());
        document.into_iter().chain(self.record.as_ref().and_then(Record::proofer))
    }

    /// What the State lets the practitioner prescribe, by the checks made in it.
    pub(crate) fn state_schedules(&self, state: StateCode, rules: &Rules<'_>) -> Vec<Schedule> {
        let base = [CheckKind::Licence, CheckKind::Appointment];
        let good = |kind| self.check(kind, state).filter(|check| check.result == CheckResult::Good);
        let Some(check) = base.into_iter().find_map(good) else { return Vec::new() };
        let mut schedules = check.schedules.clone();
        if check.kind == CheckKind::Licence && rules.provider.separate_registration.contains(&state) {
            let separate =
                good(CheckKind::StateRegistration).map(|check| check.schedules.as_slice()).unwrap_or_default();
            schedules.retain(|schedule| separate.contains(schedule));
        }
        schedules
    }
}

const STAFF: &str = "73 FR 36722, proposed 21 CFR 1311.105(c)";

fn by_operator(by: &Actor, person: &str) -> Result<(), Refusal> {
    if by.role == Role::Operator && by.id != person {
        return Ok(());
    }
    let what = "only the service provider's staff enters and checks what an enrolment rests on, never for oneself";
    Err(Refusal::new("RX-ENROL-STAFF", STAFF, what, "ask an operator of this deployment").under(Edition::Proposed2008))
}

fn only(refusal: Refusal) -> Vec<Refusal> {
    vec![refusal]
}

impl Signer {
    /// The practitioner applies.
    ///
    /// # Errors
    /// By anybody but the practitioner or an operator; without a name, a telephone number or a registration.
    pub fn apply_for(&self, application: Application) -> Result<AccessEvent, Vec<Refusal>> {
        let by = &application.by;
        let own = by.id == self.person() && by.role == Role::Prescriber;
        if !own {
            by_operator(by, self.person()).map_err(only)?;
        }
        let mut missing = Vec::new();
        let empty = [
            ("name", application.name.trim().is_empty()),
            ("telephone", application.telephone.trim().is_empty()),
            ("intends", application.intends.is_empty()),
        ];
        for (field, _) in empty.into_iter().filter(|(_, empty)| *empty) {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)";
            let refusal = Refusal::new("RX-ENROL-APPLICATION", cite, "nothing is entered", "enter it, then apply");
            missing.push(refusal.under(Edition::Proposed2008).about(field));
        }
        if missing.is_empty() { Ok(EnrolmentEvent::Opened(application).into()) } else { Err(missing) }
    }

    /// The applicant takes note that the practitioner answers for each prescription (1311.100(c)).
    ///
    /// # Errors
    /// By anybody else.
    pub fn acknowledge(&self, by: &Actor) -> Result<AccessEvent, Refusal> {
        if by.id != self.person() || by.role != Role::Prescriber {
            return Err(Refusal::new(
                "RX-ENROL-ACKNOWLEDGE",
                "73 FR 36722, proposed 21 CFR 1311.100(c)",
                "only the practitioner can take note of the practitioner's own responsibility",
                "let the practitioner sign in and acknowledge",
            )
            .under(Edition::Proposed2008));
        }
        Ok(EnrolmentEvent::Acknowledged { by: by.clone(), text: RESPONSIBILITY.to_owned() }.into())
    }

    /// Enters what stands on the proofing document, complete or not: what arrived is kept.
    ///
    /// # Errors
    /// By anybody but an operator.
    pub fn enter_document(&self, by: &Actor, document: Document) -> Result<AccessEvent, Refusal> {
        by_operator(by, self.person())?;
        Ok(EnrolmentEvent::DocumentEntered { by: by.clone(), document }.into())
    }

    /// In what the entered document does not serve.
    pub fn document_problems(&self, rules: &Rules<'_>) -> Option<Problems> {
        let applicant = self.enrolment().application().map(|application| application.name.as_str()).unwrap_or_default();
        self.enrolment().document().map(|document| problems(document, applicant, rules))
    }

    /// Accepts the entered document.
    ///
    /// # Errors
    /// Everything that is absent or does not serve; no document; by anybody but an operator.
    pub fn accept_document(&self, by: &Actor, rules: &Rules<'_>) -> Result<AccessEvent, Vec<Refusal>> {
        by_operator(by, self.person()).map_err(only)?;
        let problems = self.document_problems(rules).ok_or_else(|| vec![super::review::no_document()])?;
        if !problems.acceptable() {
            return Err(problems.all());
        }
        let digest = self.enrolment().document().and_then(|document| document.upload.as_ref());
        let digest = digest.map(|upload| upload.digest.clone()).unwrap_or_default();
        Ok(EnrolmentEvent::DocumentAccepted { by: by.clone(), digest }.into())
    }

    /// Enters the record of proofing under the law in force.
    ///
    /// # Errors
    /// Everything in which it does not serve; by anybody but an operator.
    pub fn enter_record(&self, by: &Actor, record: Record, rules: &Rules<'_>) -> Result<AccessEvent, Vec<Refusal>> {
        by_operator(by, self.person()).map_err(only)?;
        let applicant = self.enrolment().application().map(|application| application.name.as_str()).unwrap_or_default();
        let problems = record.problems(applicant, rules);
        if problems.is_empty() {
            Ok(EnrolmentEvent::RecordEntered { by: by.clone(), record }.into())
        } else {
            Err(problems)
        }
    }

    /// Records a check with an authority, good or not.
    ///
    /// # Errors
    /// Without a source; by anybody but an operator.
    pub fn record_check(&self, check: Check) -> Result<AccessEvent, Refusal> {
        by_operator(&check.by, self.person())?;
        if check.source.trim().is_empty() {
            let next = "name the board's look-up, the letter or the person who answered";
            let refusal =
                Refusal::new("RX-CHECK-SOURCE", STAFF, "the check does not say where its answer is from", next);
            return Err(refusal.under(Edition::Proposed2008).about("source"));
        }
        Ok(EnrolmentEvent::Checked(check).into())
    }

    /// Records a call or visit, whatever was answered.
    ///
    /// # Errors
    /// A number that came from the application, or is the application's and no public source is named; no number or
    /// address; by anybody but an operator.
    pub fn record_contact(&self, contact: Contact) -> Result<AccessEvent, Refusal> {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.105(c)(5)";
        by_operator(&contact.by, self.person())?;
        let refuse = |code, field: &'static str, what: &'static str, next: &'static str| {
            Err(Refusal::new(code, CITE, what, next).under(Edition::Proposed2008).about(field))
        };
        if contact.place.trim().is_empty() {
            return refuse(
                "RX-CHECK-CONTACT",
                "place",
                "neither the number called nor the address visited is given",
                "enter it",
            );
        }
        if contact.mode == ContactMode::Telephone {
            if contact.source == NumberSource::Application {
                let what = "the number called came from the application";
                return refuse("RX-CHECK-NUMBER", "source", what, "find the number in a public source, and call that");
            }
            if contact.named.trim().is_empty() {
                let application = self.enrolment().application();
                let same =
                    application.is_some_and(|application| digits(&application.telephone) == digits(&contact.place));
                let what = if same {
                    "the number called is the application's, and no other source of it is named"
                } else {
                    "the public source of the number called is not named"
                };
                return refuse("RX-CHECK-NUMBER", "named", what, "name the directory or listing that has the number");
            }
        }
        Ok(EnrolmentEvent::Contacted(contact).into())
    }

    /// Explains why the name in the registrant data is the applicant's.
    ///
    /// # Errors
    /// Without a reason; by anybody but an operator.
    pub fn resolve_name(
        &self,
        by: &Actor,
        registration: DeaNumber,
        name: &str,
        reason: &str,
    ) -> Result<AccessEvent, Refusal> {
        by_operator(by, self.person())?;
        if reason.trim().is_empty() {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)(3)";
            let refusal = Refusal::new("RX-ENROL-REASON", cite, "no reason is given", "say what shows it");
            return Err(refusal.under(Edition::Proposed2008).about("reason"));
        }
        let (name, reason) = (name.to_owned(), reason.to_owned());
        Ok(EnrolmentEvent::DifferenceResolved { by: by.clone(), registration, name, reason }.into())
    }

    /// Compares a registration with the registrant data, and with what the State's checks allow. Also the records of a
    /// registration that does not stand well are made: they are the proof that it was looked up.
    ///
    /// # Errors
    /// When the data does not hold it in readable form, or is too old to be relied on; by anybody but an operator.
    pub fn check_registration(
        &self,
        by: &Actor,
        intended: &Intended,
        data: &Snapshot,
        rules: &Rules<'_>,
    ) -> Result<Vec<AccessEvent>, Refusal> {
        by_operator(by, self.person())?;
        let Some(number) = intended.registration.number() else {
            return Ok(vec![AccessEvent::RegistrationChecked(self.confirmed_by_service(intended, rules)?)]);
        };
        data.rely(rules)?;
        let row = match data.look_up(number) {
            Found::Row(row) => row,
            other => return Err(super::review::not_in_data(number, &other, data)),
        };
        let checked = Checked {
            registration: number.into(),
            standing: standing(row.status, row.expires, rules.today),
            expires: row.expires,
            schedules: row.schedules.whole(),
            state_schedules: self.enrolment().state_schedules(intended.state, rules),
            data_issued: data.issued(),
        };
        let located =
            EnrolmentEvent::Located { registration: number, state: row.state.clone(), address: row.address() };
        Ok(vec![AccessEvent::RegistrationChecked(checked), located.into()])
    }

    /// What stands in the place of a registration for an exempt official: the service's confirmation on the document.
    fn confirmed_by_service(&self, intended: &Intended, rules: &Rules<'_>) -> Result<Checked, Refusal> {
        let places = self.enrolment().document().map(|document| document.places.as_slice()).unwrap_or_default();
        let until = places.iter().find_map(|place| match &place.under {
            Under::Service { confirmed: Said::Yes, until, .. }
                if place.registration().is_ok_and(|found| found == intended.registration) =>
            {
                *until
            }
            _ => None,
        });
        let Some(until) = until else {
            let what = format!("the document does not show that the service confirms {}", intended.registration);
            let next = "enter a document with the service's confirmation and its last day";
            let cite = "21 CFR 1301.23(a); 73 FR 36722, proposed 1306.05(h)";
            return Err(Refusal::new("RX-CHECK-SERVICE", cite, what, next).about("place"));
        };
        Ok(Checked {
            registration: intended.registration.key(),
            standing: if until < rules.today { Standing::Expired } else { Standing::Valid },
            expires: until,
            schedules: vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V],
            state_schedules: self.enrolment().state_schedules(intended.state, rules),
            data_issued: rules.today,
        })
    }

    /// How far the person has come by `today`.
    pub fn stage(&self, today: Date) -> Stage {
        use crate::access::GrantStage;
        let of_tokens = || {
            let tokens = self.credentials();
            if tokens.iter().any(|held| self.usable(held, today)) {
                return Stage::Active;
            }
            let live: Vec<_> = tokens.iter().filter(|held| held.revoked.is_none()).collect();
            match (tokens.is_empty(), live.is_empty()) {
                (true, _) => Stage::Granted,
                (_, true) => Stage::Revoked,
                _ if live.iter().any(|held| held.suspended.is_some()) => Stage::Suspended,
                _ => Stage::Expired,
            }
        };
        match self.grant_stage() {
            GrantStage::InForce => of_tokens(),
            GrantStage::First => Stage::FirstGrant,
            GrantStage::Suspended => Stage::Suspended,
            GrantStage::Revoked => Stage::Revoked,
            GrantStage::None if self.enrolment().accepted.is_some() => Stage::DocumentAccepted,
            GrantStage::None if self.enrolment().document.is_some() => Stage::DocumentEntered,
            GrantStage::None if self.enrolment().application.is_some() => Stage::Opened,
            GrantStage::None => Stage::Unknown,
        }
    }
}

fn digits(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.strip_prefix('1').filter(|rest| rest.len() == 10).map_or(digits.clone(), str::to_owned)
}

/// How a row stands on a day.
pub(crate) fn standing(status: RegistrantStatus, expires: Date, today: Date) -> Standing {
    match status {
        RegistrantStatus::Active if expires < today => Standing::Expired,
        RegistrantStatus::Active => Standing::Valid,
        RegistrantStatus::Suspended => Standing::Suspended,
        RegistrantStatus::Inactive
        | RegistrantStatus::Retired
        | RegistrantStatus::Surrendered
        | RegistrantStatus::Revoked => Standing::Revoked,
    }
}
