//! Steps about the people, the certificates for electronic orders, changes of the registration, and a transfer of the
//! business: which there are, what each needs, and how they hang together.

use super::registrant::{Registration, StepForm, TASKS};
use crate::house::House;
use crate::house::record::Fault;
use crate::typed::{Typed, wrong};
use jiff::civil::Date;
use theriac_law::facts::Employee;
use theriac_law::vocab::{Access, Screening, Waiver};
use theriac_law::{Question, Request};
use theriac_model::{Actor, Refusal};

/// The four questions that are asked of whoever is to have access (21 CFR 1301.76(a), 1301.90; manual, section V). Surrender for
/// cause is giving a registration up instead of, or because of, an action of an authority after it looked into the person's
/// handling of controlled substances; the question says so, or people would not know what they are asked.
pub(crate) const QUESTIONS: [(&str, &str); 4] = [
    ("felony", "Convicted of a felony about controlled substances"),
    ("denied", "An application for DEA registration was denied"),
    ("revoked", "A DEA registration was revoked"),
    (
        "surrendered",
        "A DEA registration was surrendered for cause: given up instead of, or because of, a federal or State administrative, \
         civil or criminal action after an investigation of the handling of controlled substances",
    ),
];

/// Steps beside those of the registration itself.
pub(super) const MORE: [StepForm; 13] = [
    (
        "change-asked",
        "A change of the registration was asked for",
        &[
            ("kind", "What: move, name, schedules, drug codes"),
            ("requested", "Asked for on"),
            ("channel", "How it was asked for"),
        ],
    ),
    (
        "staff-asked",
        "Somebody was asked the four questions before getting access",
        &[
            ("person", "Who: the identifier of the person"),
            ("on", "Asked on"),
            ("felony", "Convicted of a felony about controlled substances: yes or no"),
            ("felony-on", "If yes: when"),
            ("felony-authority", "If yes: by which court"),
            ("denied", "An application for DEA registration was ever denied: yes or no"),
            ("denied-on", "If yes: when"),
            ("denied-authority", "If yes: by which authority"),
            ("revoked", "A DEA registration was ever revoked: yes or no"),
            ("revoked-on", "If yes: when"),
            ("revoked-authority", "If yes: by which authority"),
            (
                "surrendered",
                "A DEA registration was ever surrendered for cause, that is, given up instead of, or because of, a federal or \
                 State administrative, civil or criminal action after an investigation of the handling of controlled \
                 substances: yes or no",
            ),
            ("surrendered-on", "If yes: when"),
            ("surrendered-authority", "If yes: after an action of which authority"),
        ],
    ),
    (
        "waiver-requested",
        "An employment waiver was asked for",
        &[
            ("person", "Who: the identifier of the person"),
            ("on", "Asked for on"),
            ("violations", "Nature and extent of past violations, with the documents; or none"),
            ("licensure", "State licensure as it stands; or none"),
            ("access", "Extent of the access proposed; or none"),
            ("physical", "Physical safeguards proposed; or none"),
            ("professional", "Professional safeguards proposed; or none"),
            ("registrant-status", "Status of the employing registrant regarding controlled substances; or none"),
            ("other", "Any other relevant matter; or none"),
        ],
    ),
    (
        "waiver-approved",
        "DEA approved an employment waiver",
        &[
            ("person", "Who: the identifier of the person"),
            ("on", "Approved on"),
            ("reference", "Reference of the approval"),
        ],
    ),
    (
        "coordinator",
        "A coordinator for certificates was appointed",
        &[("name", "Name"), ("contact", "Telephone and mail address"), ("on", "Appointed on")],
    ),
    (
        "order-certificate",
        "A certificate for electronic orders was issued",
        &[
            ("kind", "What for: the registrant, or a power of attorney"),
            ("holder", "Holder"),
            ("serial", "Serial number"),
            ("on", "Issued on"),
            ("expires", "Valid until"),
        ],
    ),
    (
        "order-certificate-revocation",
        "Revocation of a certificate for electronic orders was asked for",
        &[("serial", "Serial number"), ("reason", "Why"), ("on", "It happened on"), ("requested", "Asked for on")],
    ),
    (
        "business-notice",
        "A transfer of the business is to be announced to DEA",
        &[
            ("transferee", "Who takes it over: name"),
            ("line1", "Their number and street"),
            ("city", "City"),
            ("state", "State, two letters"),
            ("postal", "ZIP code"),
            ("number", "Their DEA number"),
            ("activity", "Their business activity, such as pharmacy"),
            ("place", "Where it goes on: same, or the new address"),
            ("on", "Day on which the controlled substances move"),
        ],
    ),
    (
        "business-notice-received",
        "DEA has the notice of the transfer, or waived the period",
        &[("on", "On"), ("how", "received or waived"), ("proof", "Proof: number of the receipt, or who waived it")],
    ),
    (
        "business-inventory-asked",
        "DEA asked for a copy of the inventory of the transfer",
        &[("on", "Asked on"), ("by", "Who asked"), ("inventory", "Which inventory")],
    ),
    (
        "business-inventory-sent",
        "The copy of the inventory was sent to DEA",
        &[("on", "Sent on"), ("inventory", "Which inventory"), ("how", "How, and to whom")],
    ),
    (
        "business-records-passed",
        "The records were handed over to whoever takes the business over",
        &[("on", "Handed over on"), ("digest", "SHA-256 of the file that was handed over"), ("to", "To whom")],
    ),
    ("business-passed", "The business has passed", &[("on", "Passed on"), ("inventory", "The inventory of the day")]),
];

/// The steps in the groups in which a page shows them.
pub(crate) const GROUPS: [(&str, &[&str]); 5] = [
    (
        "Registration",
        &["submitted", "forms-received", "certificate-lost", "change-asked", "move-approved", "chain-answer"],
    ),
    ("People", &["staff-asked", "waiver-requested", "waiver-approved"]),
    ("Electronic orders", &["coordinator", "order-certificate", "order-certificate-revocation"]),
    ("Where records are kept", &["central-notice", "central-receipt", "central-begun"]),
    (
        "Taking over, passing on, ending",
        &[
            "acquisition-planned",
            "business-notice",
            "business-notice-received",
            "business-inventory-asked",
            "business-inventory-sent",
            "closing-begun",
            "returned",
            "closed",
        ],
    ),
];

/// The step of this name.
pub(crate) fn step_form(word: &str) -> Option<&'static StepForm> {
    TASKS.iter().chain(&MORE).find(|(known, ..)| *known == word)
}

/// Whether a field of a step may stay empty: what only a yes brings with it.
pub(super) fn may_be_empty(name: &str) -> bool {
    let of_a_question = |suffix: &str| {
        name.strip_suffix(suffix).is_some_and(|first| QUESTIONS.iter().any(|(question, _)| *question == first))
    };
    matches!(name, "confirmation" | "forms") || of_a_question("-on") || of_a_question("-authority")
}

fn refuse(code: &'static str, cite: &'static str, what: impl Into<String>, next: &'static str) -> Fault {
    Refusal::new(code, cite, what.into(), next).into()
}

/// What hangs together in a step, and with the steps before it.
pub(super) fn check(house: &House, now: &Registration, what: &str, typed: &Typed) -> Result<(), Fault> {
    let known = |field: &'static str| match house.known_person(typed.get(field)) {
        Some(_) => Ok(()),
        None => {
            Err(wrong(field, format!("nobody here is called {}", typed.get(field)), "take the identifier from People"))
        }
    };
    match what {
        "staff-asked" => {
            known("person")?;
            QUESTIONS.iter().try_for_each(|(question, _)| answered(typed, question))
        }
        "waiver-requested" => known("person"),
        "waiver-approved" => {
            let asked = now
                .steps
                .iter()
                .any(|step| step.what == "waiver-requested" && step.fields.get("person") == typed.get("person"));
            if asked {
                Ok(())
            } else {
                Err(wrong("person", "no waiver was asked for this person", "record the request first"))
            }
        }
        "order-certificate" => house.coordinator_appointed(now),
        "order-certificate-revocation" => {
            let issued = now
                .steps
                .iter()
                .any(|step| step.what == "order-certificate" && step.fields.get("serial") == typed.get("serial"));
            let next = "take the serial number from the register of certificates";
            if issued { Ok(()) } else { Err(wrong("serial", "no certificate of this number is on file", next)) }
        }
        "business-notice" => {
            typed.dea("number")?;
            Ok(())
        }
        "business-notice-received" => {
            if now.last("business-notice").is_none() {
                let next = "record what the notice says first, print it, and send it";
                return Err(refuse("BOOKS-TRANSFER-NOTICE", "21 CFR 1301.52(d)", "no notice was made out", next));
            }
            match typed.get("how") {
                "received" | "waived" => Ok(()),
                _ => Err(wrong("how", "it says neither received nor waived", "write received or waived")),
            }
        }
        "business-inventory-asked" => transfer_inventory(house, typed),
        "business-inventory-sent" => {
            transfer_inventory(house, typed)?;
            let asked = now.steps.iter().any(|step| {
                step.what == "business-inventory-asked" && step.fields.get("inventory") == typed.get("inventory")
            });
            if asked {
                return Ok(());
            }
            let next = "keep it ready; record the request when there is one";
            Err(refuse(
                "BOOKS-TRANSFER-NOT-ASKED",
                "21 CFR 1301.52(e)(1)",
                "DEA has not asked for that inventory",
                next,
            ))
        }
        _ => Ok(()),
    }
}

fn transfer_inventory(house: &House, typed: &Typed) -> Result<(), Fault> {
    let sheet = house.sheet(typed.get("inventory"))?;
    let transfer = sheet.inventory.plan().occasion == theriac_books::inventory::Occasion::Transfer;
    if transfer && sheet.inventory.closed().is_some() {
        return Ok(());
    }
    Err(wrong("inventory", "that is no closed inventory of a transfer", "choose the inventory of the day of transfer"))
}

/// One question: yes with its day and authority, or no without.
fn answered(typed: &Typed, question: &'static str) -> Result<(), Fault> {
    let (on, authority) = (typed.get(&format!("{question}-on")), typed.get(&format!("{question}-authority")));
    match typed.get(question) {
        "no" => Ok(()),
        "yes" if on.parse::<Date>().is_ok() && !authority.is_empty() => Ok(()),
        "yes" => Err(wrong(question, "a yes needs its day and the authority", "enter both beside the answer")),
        _ => Err(wrong(question, "the question is not answered with yes or no", "write yes or no")),
    }
}

impl House {
    /// Whether somebody answers for the certificates for electronic orders (21 CFR 1311.20).
    pub(crate) fn coordinator_appointed(&self, now: &Registration) -> Result<(), Fault> {
        let coordinator_appointed = now.last("coordinator").is_some();
        let question =
            Question::new(self.clock.moment().date(), Request::EnableElectronicOrdering { coordinator_appointed });
        self.permitted(&question)
    }

    /// The rulebook's answer to a question about what is to be done here.
    pub(crate) fn permitted(&self, question: &Question) -> Result<(), Fault> {
        let decision = theriac_law::decide(&self.profile, question).map_err(|missing| {
            Fault::Broken(format!("the rulebook has no answer for {}{}", missing.action, missing.detail))
        })?;
        decision.refusal.map_or(Ok(()), |refusal| Err(refusal.into()))
    }

    /// Whether whoever acts may have access to controlled substances, or influence over them. Whoever said yes to one of the
    /// four questions has none before the day on which DEA approved a waiver. Those who were not asked are listed as due.
    pub(crate) fn may_have_access(&self, actor: &Actor) -> Result<(), Fault> {
        let now = self.registration()?;
        let of =
            |what: &str| now.steps.iter().rev().find(|step| step.what == what && step.fields.get("person") == actor.id);
        let Some(asked) = of("staff-asked") else { return Ok(()) };
        let yes = |name: &str| asked.fields.get(name) == "yes";
        let screening = match () {
            () if yes("felony") => Screening::FelonyConviction,
            () if yes("denied") => Screening::Denied,
            () if yes("revoked") => Screening::Revoked,
            () if yes("surrendered") => Screening::SurrenderedForCause,
            () => Screening::Clear,
        };
        let mut employee = Employee::new(screening);
        employee.access = Access::Physical;
        (employee.waiver, employee.waiver_from) = match (of("waiver-approved"), of("waiver-requested")) {
            (Some(step), _) => (Waiver::Approved, step.fields.get("on").parse().ok()),
            (None, Some(_)) => (Waiver::Requested, None),
            (None, None) => (Waiver::None, None),
        };
        let question = Question::new(self.clock.moment().date(), Request::GiveAccess {});
        self.permitted(&question.with(|facts| facts.employee = Some(Box::new(employee))))
    }
}
