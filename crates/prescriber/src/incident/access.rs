//! What the daily audit has to know of a person who may sign, from the records of the right itself.

use super::detect::{AccessFact, Agency, Identity, Proofing, RegistrationFact};
use crate::access::{GrantStage, Signer};
use crate::access_event::{AccessEvent, Standing};
use crate::enrolment::Rules;
use crate::registrants::Snapshot;
use theriac_model::Registration;

impl AccessFact {
    /// The facts of a person whose right to sign is in force; `None` for anybody else. Whatever the records say, and however
    /// they came to say it: what an enrolment would be refused for today counts as missing.
    ///
    /// `granted_under` is the law and the deployment on the day of the grant, by which the proofing is judged; `data` the
    /// registrant data in use, `today` the day of the audit. Agency and identity are what other records say.
    pub fn of(
        person: &str,
        events: &[AccessEvent],
        granted_under: &Rules<'_>,
        data: &Snapshot,
        today: jiff::civil::Date,
    ) -> Option<Self> {
        let mut signer = Signer::new(person);
        let mut granted_by = Vec::new();
        for event in events {
            signer.apply(event);
            match event {
                AccessEvent::Nominated { by } | AccessEvent::Entered { by, .. } => granted_by = vec![by.id.clone()],
                AccessEvent::Approved { by, .. } | AccessEvent::Executed { by, .. } => granted_by.push(by.id.clone()),
                _ => {}
            }
        }
        if signer.grant_stage() != GrantStage::InForce {
            return None;
        }
        let live = signer.credentials().iter().filter(|held| held.revoked.is_none());
        let mut enrolled: Vec<Registration> = live.map(|held| held.registration.clone()).collect();
        if enrolled.is_empty() {
            let applied = signer.enrolment().application().into_iter().flat_map(|applied| &applied.intends);
            enrolled.extend(applied.map(|intended| intended.registration.clone()));
        }
        enrolled.sort();
        enrolled.dedup();
        let standing = |registration: &Registration| {
            let checked = signer.registration(registration.key())?;
            // On the expiration date access has ended.
            let ended = checked.standing == Standing::Valid && checked.expires <= today;
            Some(if ended { Standing::Expired } else { checked.standing })
        };
        let registrations = enrolled
            .into_iter()
            .filter_map(|registration| Some(RegistrationFact { standing: standing(&registration)?, registration }))
            .collect();
        Some(Self {
            person: person.to_owned(),
            registrations,
            agency: Agency::Silent,
            granted_by,
            proofing: proofing(&signer, granted_under, data),
            identity: Identity::Undisputed,
        })
    }
}

fn proofing(signer: &Signer, rules: &Rules<'_>, data: &Snapshot) -> Proofing {
    let review = signer.review(rules, data);
    let about_proofing = |code: &str| code.starts_with("RX-PROOF");
    let missing: Vec<String> =
        review.general.iter().filter(|one| about_proofing(one.code.0)).map(|one| one.what.to_string()).collect();
    let nothing = signer.enrolment().document().is_none() && signer.enrolment().record().is_none();
    match (nothing, missing.is_empty()) {
        (true, false) => Proofing::Missing,
        (false, false) => Proofing::Incomplete(missing),
        (_, true) => Proofing::Complete,
    }
}
