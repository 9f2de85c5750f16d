//! What is still missing before a person may be given the right to sign: all of it, at once.

use crate::access::Signer;
use crate::access_event::Standing;
use crate::enrolment::state::standing;
use crate::enrolment::{Intended, Rules};
use crate::proofing::{
    CheckKind, CheckResult, ContactAnswer, ContactMode, EntityKind, NumberSource, Place, Problems, names_agree,
};
use crate::registrants::{Found, Snapshot};
use std::borrow::Cow;
use theriac_model::{DeaNumber, Edition, Refusal, RegistrantRow, Registration};

/// What is missing for one registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlaceReview {
    /// The registration, and its State.
    pub intended: Intended,
    /// Everything that is missing; empty when a token may be bound.
    pub missing: Vec<Refusal>,
}

/// Everything that is missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Review {
    /// For the person.
    pub general: Vec<Refusal>,
    /// For each registration applied for, in that order.
    pub places: Vec<PlaceReview>,
}

impl Review {
    /// Whether the right to sign may be granted: nothing general is missing, and at least one registration is ready.
    pub fn ready(&self) -> bool {
        self.general.is_empty() && self.places.iter().any(|place| place.missing.is_empty())
    }

    /// Everything that is missing, in order.
    pub fn missing(&self) -> Vec<Refusal> {
        let of_places = self.places.iter().flat_map(|place| place.missing.iter());
        self.general.iter().chain(of_places).cloned().collect()
    }

    /// What is missing for a registration; for one that was not applied for, that.
    pub fn missing_for(&self, registration: &Registration) -> Vec<Refusal> {
        match self.places.iter().find(|place| place.intended.registration == *registration) {
            Some(place) => self.general.iter().chain(&place.missing).cloned().collect(),
            None => vec![refuse(
                "RX-ENROL-PLACE",
                "73 FR 36722, proposed 21 CFR 1311.105(a)",
                format!("the practitioner did not apply for {registration}"),
                "open an application that names it, with its State",
            )],
        }
    }
}

fn refuse(
    code: &'static str,
    cite: &'static str,
    what: impl Into<Cow<'static, str>>,
    next: impl Into<Cow<'static, str>>,
) -> Refusal {
    Refusal::new(code, cite, what, next).under(Edition::Proposed2008)
}

pub(crate) fn no_document() -> Refusal {
    refuse(
        "RX-PROOF-NO-DOCUMENT",
        "73 FR 36722, proposed 21 CFR 1311.105(a)",
        "no identity-proofing document is on file",
        "have a registered hospital, a State board or the police proof the practitioner, and enter their document",
    )
    .about("document")
}

const CSA: &str = "73 FR 36722, proposed 21 CFR 1311.105(c)(3)";

pub(crate) fn not_in_data(number: DeaNumber, found: &Found<'_>, data: &Snapshot) -> Refusal {
    let issued = data.issued();
    match found {
        Found::Unreadable => refuse(
            "RX-REGISTRANT-UNREADABLE",
            CSA,
            format!("the row of {number} in the registrant data of {issued} cannot be read"),
            "look the registration up with DEA, and import a corrected file",
        ),
        _ => refuse(
            "RX-REGISTRANT-ABSENT",
            CSA,
            format!("{number} is not in the registrant data of {issued}"),
            "correct the number, or import data that holds it",
        ),
    }
    .about("registration")
}

impl Signer {
    /// Everything that is missing today.
    pub fn review(&self, rules: &Rules<'_>, data: &Snapshot) -> Review {
        let mut review = Review::default();
        let general = &mut review.general;
        if rules.provider.name.trim().is_empty() {
            let cite = "73 FR 36722, proposed 21 CFR 1300.03";
            let what = "no service provider is named that answers for enrolment and credentials";
            general.push(refuse("RX-PROVIDER", cite, what, "name the organisation that runs the deployment"));
        }
        let Some(application) = self.enrolment().application() else {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)";
            general.push(refuse("RX-ENROL-NOT-OPENED", cite, "nobody has applied", "open an application"));
            general.push(no_document());
            return review;
        };
        let problems = self.proofing(rules, data, general);
        if self.enrolment().acknowledged.is_none() {
            let cite = "73 FR 36722, proposed 21 CFR 1311.100(c)";
            let what = "the practitioner has not taken note of the practitioner's responsibility";
            general.push(refuse("RX-ENROL-RESPONSIBILITY", cite, what, "let the practitioner acknowledge it"));
        }
        if let Err(stale) = data.rely(rules) {
            general.push(stale);
        }
        for intended in &application.intends {
            let mut missing = Vec::new();
            let place = self.place(intended, problems.as_ref(), rules, &mut missing);
            self.authority(intended, place, rules, &mut missing);
            self.registered(intended, rules, data, &mut missing);
            self.contacted(intended, rules, &mut missing);
            review.places.push(PlaceReview { intended: intended.clone(), missing });
        }
        review
    }

    /// The document and the record of the law in force.
    fn proofing(&self, rules: &Rules<'_>, data: &Snapshot, general: &mut Vec<Refusal>) -> Option<Problems> {
        let enrolment = self.enrolment();
        let mut problems = None;
        if rules.asks("proof.document") {
            match self.document_problems(rules) {
                None => general.push(no_document()),
                Some(found) => {
                    general.extend(found.general.iter().cloned());
                    problems = Some(found);
                    if enrolment.accepted_by().is_none() {
                        let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)";
                        let what = "the identity-proofing document is entered and not accepted";
                        let refusal = refuse("RX-PROOF-NOT-ACCEPTED", cite, what, "accept it once it is complete");
                        general.push(refusal.about("document"));
                    }
                }
            }
            if let Some(document) = enrolment.document().filter(|document| document.entity.kind == EntityKind::Hospital)
            {
                hospital(&document.entity.registration, rules, data, general);
            }
        }
        if rules.asks("proof.credential") {
            let applicant = enrolment.application().map(|application| application.name.as_str()).unwrap_or_default();
            match enrolment.record() {
                None => general.push(
                    Refusal::new(
                        "RX-PROOF-NO-RECORD",
                        "21 CFR 1311.105, 1311.110",
                        "no credential of an approved provider, and no proofing by the institution, is on file",
                        "enter the credential provider's record, or the institution's for its own staff",
                    )
                    .about("record"),
                ),
                Some(record) => general.extend(record.problems(applicant, rules)),
            }
        }
        problems
    }

    /// What the document says of this registration.
    fn place<'a>(
        &'a self,
        intended: &Intended,
        problems: Option<&Problems>,
        rules: &Rules<'_>,
        missing: &mut Vec<Refusal>,
    ) -> Option<&'a Place> {
        let places = self.enrolment().document().map(|document| document.places.as_slice()).unwrap_or_default();
        let shown = places.iter().position(|place| {
            place.state_code() == Some(intended.state)
                && place.registration().is_ok_and(|found| found == intended.registration)
        });
        if let Some(n) = shown {
            let of_place = problems.and_then(|problems| problems.places.get(n));
            missing.extend(of_place.into_iter().flatten().cloned());
            return places.get(n);
        }
        if rules.asks("proof.document") && self.enrolment().document().is_some() {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)";
            let what = format!("the document does not show {} in {}", intended.registration, intended.state);
            let next = "obtain a document that shows this State's licence and this registration";
            missing.push(refuse("RX-PROOF-PLACE", cite, what, next).about("place"));
            // What stands there may still say what is wrong with a place whose number cannot be read.
            let unread = places.iter().enumerate().filter(|(_, place)| place.registration().is_err());
            let lists = unread.filter_map(|(n, _)| problems.and_then(|problems| problems.places.get(n)));
            missing.extend(lists.flatten().cloned());
        }
        None
    }

    /// The provider's checks with the State, or the Department of Veterans Affairs in its place.
    fn authority(&self, intended: &Intended, place: Option<&Place>, rules: &Rules<'_>, missing: &mut Vec<Refusal>) {
        let appointment = place.is_some_and(|place| place.authority.is_appointment());
        if appointment {
            self.checked(
                CheckKind::Appointment,
                "73 FR 36722, proposed 21 CFR 1311.105(c)(1)",
                intended,
                rules,
                missing,
            );
            return;
        }
        self.checked(CheckKind::Licence, "73 FR 36722, proposed 21 CFR 1311.105(c)(1)", intended, rules, missing);
        if rules.provider.separate_registration.contains(&intended.state) {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(c)(2)";
            self.checked(CheckKind::StateRegistration, cite, intended, rules, missing);
        }
    }

    fn checked(
        &self,
        kind: CheckKind,
        cite: &'static str,
        intended: &Intended,
        rules: &Rules<'_>,
        missing: &mut Vec<Refusal>,
    ) {
        let state = intended.state;
        let mut add =
            |code, what: String, next: &'static str| missing.push(refuse(code, cite, what, next).about(kind.word()));
        let Some(check) = self.enrolment().check(kind, state) else {
            let what = format!("the {kind} in {state} was not checked");
            return add("RX-CHECK-MISSING", what, "check it with the authority and record source and answer");
        };
        let applied = self.enrolment().application().map(|application| application.at);
        if applied.is_some_and(|applied| check.at < applied) {
            add(
                "RX-CHECK-OLD",
                format!("the check of the {kind} in {state} is older than the application"),
                "check it again",
            );
        }
        if check.result == CheckResult::NotGood {
            let what = format!("the {kind} in {state} is not current and in good standing");
            add("RX-CHECK-NEGATIVE", what, "do not enrol for this State until the authority says otherwise");
        }
        if let Some(ended) = check.valid_until.filter(|until| *until < rules.today) {
            add(
                "RX-CHECK-ENDED",
                format!("the {kind} in {state} was valid until {ended}"),
                "check whether it was renewed",
            );
        }
    }

    /// The registration in the registrant data.
    fn registered(&self, intended: &Intended, rules: &Rules<'_>, data: &Snapshot, missing: &mut Vec<Refusal>) {
        let Some(number) = intended.registration.number() else {
            return self.confirmed(intended, rules, missing);
        };
        let row = match data.look_up(number) {
            Found::Row(row) => row,
            other => return missing.push(not_in_data(number, &other, data)),
        };
        missing.extend(row_problems(row, intended, rules));
        let own = matches!(intended.registration, Registration::Own(_));
        let applicant = self.enrolment().application().map(|application| application.name.as_str()).unwrap_or_default();
        let resolved = self.enrolment().resolved.iter().any(|(of, name)| *of == number && *name == row.name);
        if own && !resolved && !names_agree(applicant, &row.name) {
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)(3), (c)(3)";
            let what = format!("{number} is registered under another name than the one that applied");
            let next = "find out whether they are one person, and record what shows it";
            missing.push(refuse("RX-REGISTRANT-NAME", cite, what, next).about("name"));
        }
        match self.registration(number) {
            Some(checked) if checked.data_issued >= data.issued() => {
                if !checked.schedules.iter().any(|schedule| checked.state_schedules.contains(schedule)) {
                    let cite = "73 FR 36722, proposed 21 CFR 1311.105(c)(4)";
                    let what = format!("no schedule is allowed by both {number} and {}", intended.state);
                    let next = "record the schedules with the State's check, then check the registration again";
                    missing.push(refuse("RX-CHECK-SCHEDULES", cite, what, next).about("schedules"));
                }
            }
            _ => {
                let what = format!("{number} was not compared with the registrant data of {}", data.issued());
                missing
                    .push(refuse("RX-CHECK-REGISTRATION", CSA, what, "check the registration").about("registration"));
            }
        }
    }

    /// The service's confirmation, for an official who has no registration.
    fn confirmed(&self, intended: &Intended, rules: &Rules<'_>, missing: &mut Vec<Refusal>) {
        const CITE: &str = "21 CFR 1301.23(a); 73 FR 36722, proposed 1306.05(h)";
        let registration = &intended.registration;
        let refusal = match self.registration(registration.key()) {
            Some(checked) if checked.expires > rules.today && !checked.state_schedules.is_empty() => return,
            Some(checked) if checked.expires > rules.today => {
                let what = format!("no schedule is allowed by {}", intended.state);
                let next = "record the schedules with the State's check, then check the service's confirmation again";
                refuse("RX-CHECK-SCHEDULES", CITE, what, next).about("schedules")
            }
            Some(checked) => {
                let what = format!("the service's confirmation of {registration} served until {}", checked.expires);
                refuse("RX-CHECK-SERVICE", CITE, what, "obtain a new confirmation of the service").about("registration")
            }
            None => {
                let what = format!("the service's confirmation of {registration} was not checked");
                refuse("RX-CHECK-SERVICE", CITE, what, "check it against the document").about("registration")
            }
        };
        missing.push(refusal);
    }

    /// The call or visit at the registered location.
    fn contacted(&self, intended: &Intended, rules: &Rules<'_>, missing: &mut Vec<Refusal>) {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.105(c)(5)";
        if !rules.asks("proof.contact") {
            return;
        }
        let number = intended.registration.key();
        let applied = self.enrolment().application().map(|application| application.at);
        let contact = self.enrolment().contact(number);
        let serves = |contact: &&crate::proofing::Contact| {
            let independent = contact.mode == ContactMode::InPerson || contact.source == NumberSource::Public;
            independent && applied.is_none_or(|applied| contact.at >= applied)
        };
        let refusal = match contact.filter(serves).map(|contact| contact.answer) {
            Some(ContactAnswer::Confirmed) => return,
            Some(ContactAnswer::Denied) => refuse(
                "RX-CHECK-DENIED",
                CITE,
                format!("at the registered location of {number} the application was denied"),
                "stop: report an attempt to enrol in another's name",
            ),
            Some(ContactAnswer::NotReached) | None => refuse(
                "RX-CHECK-CONTACT",
                CITE,
                format!("nobody at the registered location of {number} has confirmed the application"),
                "call there with a number from a public source, or go there, and record the answer",
            ),
        };
        missing.push(refusal.about("contact"));
    }
}

/// A hospital proofs under its registration, which must be in force.
fn hospital(written: &str, rules: &Rules<'_>, data: &Snapshot, general: &mut Vec<Refusal>) {
    let Ok(number) = DeaNumber::parse(written.trim()) else { return };
    let in_force = match data.look_up(number) {
        Found::Row(row) => {
            row.activity.lends_its_number() && standing(row.status, row.expires, rules.today) == Standing::Valid
        }
        Found::Unreadable | Found::Absent => false,
    };
    if !in_force {
        let cite = "73 FR 36722, proposed 21 CFR 1311.105(b)(1)";
        let what = format!("{number} is not a hospital's registration in force by the registrant data");
        let next = "have a hospital that is registered proof, or a State board or the police";
        general.push(refuse("RX-PROOF-HOSPITAL", cite, what, next).about("entity.registration"));
    }
}

fn row_problems(row: &RegistrantRow, intended: &Intended, rules: &Rules<'_>) -> Vec<Refusal> {
    let mut found = Vec::new();
    let number = row.number;
    let mut add = |code, what: String, next: &'static str| {
        found.push(refuse(code, CSA, what, next).about("registration"));
    };
    match standing(row.status, row.expires, rules.today) {
        // Chosen reading: access ends at the start of the expiration date, so nothing is granted on it.
        Standing::Expired => {
            add("RX-REGISTRANT-EXPIRED", format!("{number} expired on {}", row.expires), "renew it first");
        }
        Standing::Valid if row.expires <= rules.today => {
            add("RX-REGISTRANT-EXPIRED", format!("{number} expires today"), "renew it first");
        }
        Standing::Valid => {}
        Standing::Suspended | Standing::Revoked => {
            let what = format!("{number} is {} by the registrant data", row.status);
            add("RX-REGISTRANT-STATUS", what, "do not enrol for this registration");
        }
    }
    let (fits, expected) = match intended.registration {
        Registration::Own(_) => (row.activity.prescribes(), "a practitioner's or mid-level practitioner's"),
        Registration::Institutional { .. } => {
            (row.activity.lends_its_number(), "a hospital's or teaching institution's")
        }
        Registration::Exempt(_) => (false, "one that prescribing asks for"),
    };
    if !fits {
        let what = format!("{number} is a {}'s registration, not {expected}", row.activity.word());
        add("RX-REGISTRANT-ACTIVITY", what, "enrol with the registration under which the practitioner prescribes");
    }
    if row.state != intended.state.as_str() {
        let what = format!("{number} is registered in {}, not in {}", row.state, intended.state);
        add("RX-REGISTRANT-STATE", what, "apply for the State of the registration");
    }
    found
}
