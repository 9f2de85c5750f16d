//! What concerns one practitioner today: everything that stops their signature, and what will before long.
//!
//! Gates and sweeps act by themselves and tell the operator; here the practitioner reads the same, with what can be done.

use crate::house::House;
use crate::house::record::Fault;
use crate::tokens::Bound;
use jiff::ToSpan as _;
use jiff::civil::Date;
use theriac_law::When;
use theriac_model::Refusal;
use theriac_prescriber::Signer;
use theriac_prescriber::access::{GrantStage, RecoveryStage};
use theriac_prescriber::access_event::Standing as OfRegistration;
use theriac_prescriber::audit::{Application, Standing};
use theriac_prescriber::notice::{Addressee, Item};
use theriac_prescriber::registrants::{Age, Snapshot};
use theriac_prescriber::terms::Deadline;

/// Days before a registration, token or report runs out on which the practitioner reads of it.
pub(crate) const SOON_DAYS: i64 = 60;

/// How much a concern weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Weight {
    /// Nothing, or nothing under one registration, can be signed because of it.
    Stops,
    /// It waits for the practitioner, or will stop signing before long.
    Soon,
}

/// One thing that concerns the practitioner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Concern {
    pub(crate) weight: Weight,
    /// The code of the refusal that a signature would meet; empty where none would.
    pub(crate) code: String,
    pub(crate) what: String,
    pub(crate) next: String,
    pub(crate) cite: String,
    /// The page where it is mended or seen; empty where that is not in the practitioner's hands.
    pub(crate) href: &'static str,
}

const ACCESS: &str = "21 CFR 1311.125";
const TOKENS: &str = "/practice/tokens";

fn last_day(until: &Deadline) -> Date {
    match until.due {
        When::Day(day) => day,
        When::Instant(at) => at.date(),
    }
}

fn concern(weight: Weight, cite: &str, what: String, next: &str, href: &'static str) -> Concern {
    Concern { weight, code: String::new(), what, next: next.to_owned(), cite: cite.to_owned(), href }
}

fn stops(refusal: &Refusal, href: &'static str) -> Concern {
    Concern {
        weight: Weight::Stops,
        code: refusal.code.to_string(),
        what: refusal.what.to_string(),
        next: refusal.next.to_string(),
        cite: refusal.cite.to_string(),
        href,
    }
}

impl House {
    /// What concerns a practitioner today, what stops a signature first. Duties with a day of their own are asked elsewhere.
    pub(crate) fn concerns(&self, person: &str) -> Result<Vec<Concern>, Fault> {
        let (signer, _) = self.signer(person)?;
        let mut found = Vec::new();
        self.of_the_deployment(&signer, &mut found)?;
        of_the_grant(&signer, &mut found);
        let today = self.today();
        of_registrations(&signer, today, &mut found);
        self.of_tokens(&signer, today, &mut found)?;
        self.of_prescriptions(person, &mut found)?;
        found.sort_by_key(|one| one.weight);
        Ok(found)
    }

    /// What stops everybody: preconditions, the audit gate, the age of the registrant data.
    fn of_the_deployment(&self, signer: &Signer, found: &mut Vec<Concern>) -> Result<(), Fault> {
        if let Err(Fault::Refused(refusal)) = self.preconditions_hold() {
            found.push(stops(&refusal, ""));
        }
        let today = self.today();
        match &self.gate_today(Application::Prescribing)?.standing {
            Standing::Shut(refusal) => found.push(stops(refusal, "/audits")),
            Standing::Open { report, until: Some(until) }
                if last_day(until) <= today.saturating_add(SOON_DAYS.days()) =>
            {
                let what = format!("the audit report {report} serves until {}", self.due_in_words(Some(until)));
                let next = "nothing yet: ask the operator for the next report before that day";
                found.push(concern(Weight::Soon, "21 CFR 1311.300", what, next, "/audits"));
            }
            Standing::Open { .. } => {}
        }
        let newest = signer.registrations().iter().filter(|one| one.registration.number().is_some());
        if let Some(issued) = newest.map(|one| one.data_issued).max() {
            let (provider, data) = (self.provider(), Snapshot::new(issued));
            let rules = self.rules(&provider);
            match (data.rely(&rules), data.age(&rules)) {
                (Err(refusal), _) => found.push(stops(&refusal, "")),
                (Ok(()), Age::GoingStale(days)) => {
                    let what = format!("the registrant data of {issued} serves for {days} more days, today among them");
                    let next = "nothing yet: the operator imports newer data";
                    found.push(concern(Weight::Soon, "73 FR 36722, proposed 21 CFR 1311.135", what, next, ""));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn of_tokens(&self, signer: &Signer, today: Date, found: &mut Vec<Concern>) -> Result<(), Fault> {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.110";
        if signer.recovery_stage() != RecoveryStage::NotNeeded && signer.recovery_stage() != RecoveryStage::Confirmed {
            let what =
                "a token of yours was reported lost; before a new one is bound, two must recognise you".to_owned();
            let next = "ask one access controller to recognise you and another to confirm it";
            found.push(concern(Weight::Soon, "73 FR 36722, 36742", what, next, TOKENS));
        }
        for held in signer.credentials() {
            let name = held.serial.as_deref().unwrap_or(&held.device);
            if let Some(reason) = held.revoked.as_ref().or(held.suspended.as_ref().map(|rests| &rests.reason)) {
                let ended = if held.revoked.is_some() { "was revoked" } else { "is suspended" };
                let what = format!("your token {name} for {} {ended}: {reason}", held.registration);
                found.push(concern(Weight::Soon, CITE, what, "sign with another, or ask for a new one", TOKENS));
            } else if let Some(Bound::Key(key)) = self.bound(signer.person(), &held.id)?
                && let Err(Fault::Refused(refusal)) = self.still_trusted(&key)
            {
                let what = format!("your token {name} signs no more: {}", refusal.what);
                found.push(Concern { what, ..stops(&refusal, TOKENS) });
            } else if held.expires <= today.saturating_add(SOON_DAYS.days()) && held.expires >= today {
                let what = format!("your token {name} for {} runs out on {}", held.registration, held.expires);
                found.push(concern(Weight::Soon, CITE, what, "ask for a new one before that day", TOKENS));
            }
        }
        for registration in Self::registrations_of(signer) {
            if signer.grant_stage() != GrantStage::InForce {
                continue;
            }
            let what = match signer.usable_tokens(&registration, today) {
                0 => (Weight::Stops, format!("no usable token is bound for {registration}")),
                1 => (Weight::Soon, format!("one token is bound for {registration}, and no spare")),
                _ => continue,
            };
            let next = "ask an operator to hand you a security key, and bind it on your tokens' page";
            found.push(concern(what.0, CITE, what.1, next, TOKENS));
        }
        Ok(())
    }

    fn of_prescriptions(&self, person: &str, found: &mut Vec<Concern>) -> Result<(), Fault> {
        let sql = "SELECT count(*) FROM prescriptions WHERE practitioner = $1 AND last_kind = $2";
        let count = |kind: &str| -> Result<u64, Fault> {
            let rows = self.store.query(sql, &[person.into(), kind.into()])?;
            Ok(rows.first().map(|row| row.u64(0)).transpose()?.unwrap_or(0))
        };
        let many = |n: u64| if n == 1 { "1 prescription".to_owned() } else { format!("{n} prescriptions") };
        let failed = count("prescription.transmission-failed")?;
        if failed > 0 {
            let (what, next) = (many(failed) + " of yours could not be delivered", "open it, and issue it on paper");
            found.push(concern(Weight::Soon, "21 CFR 1311.170(b)", what, next, "/practice/prescriptions"));
        }
        let ready = self.ready_to_sign(person)?.len() as u64;
        if ready > 0 {
            let (what, next) = (many(ready) + " ready to be signed", "review and sign");
            found.push(concern(Weight::Soon, "21 CFR 1311.140(a)", what, next, "/practice/prescriptions"));
        }
        Ok(())
    }

    /// Every notice that was written to a practitioner, with its number, the newest first.
    pub(crate) fn notices_to(&self, person: &str) -> Result<Vec<(u64, Item)>, Fault> {
        let book = self.notices()?;
        let to = Addressee::Practitioner(person.to_owned());
        let mine = book.notices.iter().filter(|item| item.notice.to == to);
        let mut mine: Vec<_> = mine.map(|item| (book.number(&item.notice.id), item.clone())).collect();
        mine.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
        Ok(mine)
    }
}

fn of_the_grant(signer: &Signer, found: &mut Vec<Concern>) {
    let (code, what) = match signer.grant_stage() {
        GrantStage::InForce => return,
        GrantStage::Suspended => ("RX-ACCESS-SUSPENDED", "your right to sign is suspended"),
        GrantStage::Revoked => ("RX-ACCESS-REVOKED", "your right to sign was taken away"),
        GrantStage::None | GrantStage::First => {
            ("RX-ACCESS-NOT-GRANTED", "two access controllers have not granted you the right to sign")
        }
    };
    let what = signer.grant_reason().map_or_else(|| what.to_owned(), |reason| format!("{what}: {reason}"));
    let next = match signer.grant_stage() {
        GrantStage::None | GrantStage::First => "see what is missing in your enrolment",
        _ => "once the cause is gone, two access controllers grant it anew",
    };
    found.push(Concern { code: code.to_owned(), ..concern(Weight::Stops, ACCESS, what, next, "/enrolment") });
}

fn of_registrations(signer: &Signer, today: Date, found: &mut Vec<Concern>) {
    const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.110(e), 1311.135(b)";
    for one in signer.registrations() {
        let which = format!("your registration {}", one.registration);
        let (weight, what) = match one.standing {
            OfRegistration::Suspended => (Weight::Stops, format!("{which} is suspended")),
            OfRegistration::Revoked => (Weight::Stops, format!("{which} was revoked or surrendered")),
            OfRegistration::Expired => (Weight::Stops, format!("{which} has run out")),
            OfRegistration::Valid if one.expires <= today => {
                (Weight::Stops, format!("{which} expired on {}", one.expires))
            }
            OfRegistration::Valid if one.expires <= today.saturating_add(SOON_DAYS.days()) => (
                Weight::Soon,
                format!("{which} expires on {}; on that day nothing is signed under it any more", one.expires),
            ),
            OfRegistration::Valid => continue,
        };
        let next = "renew it with DEA; it counts once the registrant data shows it";
        found.push(concern(weight, CITE, what, next, ""));
    }
}
