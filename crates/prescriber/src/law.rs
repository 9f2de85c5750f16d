//! The questions this side asks the law, and the one check the law leaves to us: that the two factors were for this.

use crate::access::Signer;
use crate::access_event::Standing;
use crate::stage::Moment;
use jiff::Timestamp;
use jiff::civil::Date;
use theriac_law::edition::{Bound, Law};
use theriac_law::facts::{Official, Prescriber, Prescription, Session};
use theriac_law::vocab::{Factor, Form, PractitionerKind, Service, Status, Word};
use theriac_law::{Answer, Profile, Question, Request, Verdict, decide};
use theriac_model::{Actor, Branch, CanonicalContents, Contents, Edition, Element, Refusal, Registration, Schedule};
use theriac_pki::TwoFactorPass;
use theriac_pki::assurance::Guideline;
use theriac_pki::pass::Factors;
use theriac_pki::token_rule::{Level, Source, TokenRule};

/// A question the rulebook cannot answer must never become a yes.
pub(crate) fn unanswered(error: &theriac_law::NotBuilt) -> Refusal {
    Refusal::new("LAW-NOT-BUILT", "-", error.to_string(), "report this to the operator; the act stays refused")
}

fn facts(contents: &Contents) -> Result<Prescription, Refusal> {
    let schedule = contents.drug.schedule.ok_or_else(|| {
        Refusal::new(
            "RX-DRAFT-SCHEDULE",
            "21 CFR 1308.11-1308.15",
            "the schedule of the drug is not stated",
            "choose the drug from the drug file, which knows its schedule",
        )
        .about(Element::DrugSchedule.tag())
    })?;
    let mut facts = Prescription::new(
        schedule.into(),
        Form::Electronic,
        contents.issued,
        contents.quantity.smallest_units().unsigned_abs(),
    );
    facts.unit = contents.quantity.unit().into();
    facts.drug = Some(contents.drug.name.clone());
    facts.refills_authorized = u32::from(contents.refills);
    facts.earliest_fill = contents.earliest_fill;
    // 1306.05(c): the medical need for gamma-hydroxybutyric acid stands in the remarks on the face.
    if contents.note.as_deref().is_none_or(str::is_empty) {
        facts.missing.push(theriac_law::vocab::Element::MedicalNeed);
    }
    Ok(facts)
}

/// Whether what is written could lawfully be dispensed as written: the refills that the law leaves of those entered.
///
/// # Errors
/// More refills than the law allows for the schedule; a schedule not stated; contents that are incomplete.
pub fn may_be_prepared(profile: &Profile, contents: &CanonicalContents, today: Date) -> Result<(), Refusal> {
    let mut complete = contents.clone();
    complete.clear(Element::SignedAt);
    let _ = complete.set(Element::SignedAt, &format!("{today}T12:00:00Z"));
    let complete = Contents::from_canonical(&complete).map_err(|missing| {
        let element = missing.first().map_or("contents", |missing| missing.element.tag());
        Refusal::new("RX-DRAFT-INCOMPLETE", "21 CFR 1306.05(a)", "a required element is missing", "enter it")
            .about(element)
    })?;
    let facts = facts(&complete)?;
    let written = u64::from(facts.refills_authorized);
    let question = Question::new(complete.issued, Request::RefillsRemaining {}).about(facts);
    let decision = decide(profile, &question).map_err(|error| unanswered(&error))?;
    match decision.verdict {
        Verdict::Value(Answer::Number(allowed)) if allowed >= written => Ok(()),
        Verdict::Value(Answer::Number(allowed)) => {
            let cite =
                if complete.drug.schedule == Some(Schedule::II) { "21 CFR 1306.12(a)" } else { "21 CFR 1306.22(a)" };
            Err(Refusal::new(
                "RX-DRAFT-REFILLS",
                cite,
                counted(written, allowed),
                match allowed {
                    0 => "write no refill; issue a new prescription when more is needed".to_owned(),
                    _ => format!("write at most {allowed}; issue a new prescription when more is needed"),
                },
            )
            .about(Element::Refills.tag()))
        }
        _ => decision.into_result().map(|_| ()),
    }
}

/// Whether a pass was given by this practitioner, for this registration, for exactly what was shown, just now.
///
/// # Errors
/// A distinct refusal for each of these that does not hold.
pub fn pass_is_for(
    pass: &TwoFactorPass,
    by: &Actor,
    registration: &Registration,
    shown: &[u8; 32],
    at: Timestamp,
) -> Result<(), Refusal> {
    let refuse = |code, what: &'static str, next: &'static str| {
        Err(Refusal::new(code, "21 CFR 1311.140(a)(4); 73 FR 36722, proposed 1311.125(a)", what, next))
    };
    if pass.practitioner().as_str() != by.id {
        return refuse("RX-SIGN-OTHER-PERSON", "the two factors are another person's", "use your own token");
    }
    if pass.registration() != registration {
        return refuse(
            "RX-SIGN-OTHER-REGISTRATION",
            "the token stands for another registration than the prescription's",
            "use the token of the DEA number on the prescription",
        );
    }
    pass.allows(shown, at)
}

/// What is written, against what the law allows, as a sentence.
fn counted(written: u64, allowed: u64) -> String {
    let written =
        if written == 1 { "1 refill is written".to_owned() } else { format!("{written} refills are written") };
    match allowed {
        0 => format!("{written}, and the law allows none"),
        _ => format!("{written}, and the law allows {allowed}"),
    }
}

/// Whether the law lets this practitioner sign these contents at this moment.
///
/// # Errors
/// The law's refusal; also when the registration was never checked.
pub fn may_be_signed(
    contents: &CanonicalContents,
    signer: &Signer,
    pass: &TwoFactorPass,
    moment: Moment<'_>,
) -> Result<(), Refusal> {
    may_be_prepared(moment.profile, contents, moment.today())?;
    let complete = Contents::from_canonical(contents).map_err(|_| {
        Refusal::new("RX-DRAFT-INCOMPLETE", "21 CFR 1311.120(b)", "a required element is missing", "enter it")
    })?;
    let Some(checked) = signer.registration(complete.practitioner.registration.key()) else {
        return Err(Refusal::new(
            "RX-SIGN-NOT-CHECKED",
            "73 FR 36722, proposed 21 CFR 1311.125(c)",
            "the registration on the prescription was never checked against the registrant data",
            "ask the operator to check it",
        )
        .under(Edition::Proposed2008));
    };
    let exempt = contents.exempt_branch();
    // The registrant data knows nothing of an official who has no registration.
    if exempt.is_none() {
        crate::registrants::rely_on(moment.profile, checked.data_issued, moment.today())?;
    }
    let mut facts = facts(&complete)?;
    facts.signed_on = Some(moment.today());
    let schedule = complete.drug.schedule.unwrap_or(Schedule::II);
    let prescriber = Prescriber {
        state_authorized: checked.state_schedules.contains(&schedule),
        registration: match complete.practitioner.registration {
            Registration::Own(_) => theriac_law::vocab::Registration::Own,
            Registration::Institutional { .. } => theriac_law::vocab::Registration::Hospital,
            Registration::Exempt(_) => theriac_law::vocab::Registration::Exempt,
        },
        kind: if exempt.is_some() { PractitionerKind::FederalOfficer } else { PractitionerKind::Physician },
        registration_status: match checked.standing {
            Standing::Valid => Status::Valid,
            Standing::Expired => Status::Expired,
            Standing::Suspended => Status::Suspended,
            Standing::Revoked => Status::Revoked,
        },
        registration_expires: Some(checked.expires),
        schedules: checked.schedules.iter().map(|&schedule| schedule.into()).collect(),
    };
    let session = Session { patients: u32::from(moment.patients), ..Session::default() };
    let question =
        Question::new(moment.at, Request::Sign { factors: factors(pass) }).about(facts).by(prescriber).with(|all| {
            all.session = session;
            all.official = exempt.and_then(|branch| official(branch, contents)).map(Box::new);
        });
    let decision = decide(moment.profile, &question).map_err(|error| unanswered(&error))?;
    decision.into_result().map(|_| ())
}

/// The official of `branch` who issues `contents`, for the rulebook.
fn official(branch: Branch, contents: &CanonicalContents) -> Option<Official> {
    let mut official = Official::new(Service::from_word(branch.word())?);
    official.identification = contents.get(Element::ServiceId).map(str::to_owned);
    Some(official)
}

fn factors(pass: &TwoFactorPass) -> Vec<Factor> {
    match pass.factors() {
        // The token, and the PIN that unlocks it.
        Factors::TokenWithUserVerification | Factors::OpenedCodeDevice => vec![Factor::HardToken, Factor::Password],
        Factors::CodeDeviceAndPassword => vec![Factor::CodeDevice, Factor::Password],
    }
}

/// What `profile` asks on `on` of a token that signs, for [`theriac_pki`], which knows no rulebook.
pub fn token_rule(profile: &Profile, on: Date) -> TokenRule {
    let law = Law::on(profile, on, None);
    let bound = |id| theriac_law::parameter(id).and_then(|parameter| law.bound(parameter));
    let source = |bound: Bound| Source::new(bound.edition, bound.cite);
    let level = |id| {
        let bound = bound(id)?;
        // A level beyond 4 does not exist; asking for one refuses every token.
        Some(Level { at_least: u8::try_from(bound.value).unwrap_or(u8::MAX), source: source(bound) })
    };
    let opened = bound("sign.hard-token").filter(Bound::yes);
    TokenRule {
        // Level 4 and the hard token come from the same sentence.
        guideline: opened.as_ref().map(|_| Guideline::April2006),
        overall: level("token.fips.overall"),
        physical: level("token.fips.physical"),
        no_export: bound("token.key-export").filter(|bound| !bound.yes()).map(source),
        separate: bound("token.separate-device").filter(Bound::yes).map(source),
        opened: opened.map(source),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// Requirements: epcs-1311.110-b-1, epcs-1311.110-b-2, epcs-1311.110-b-intro-2
    #[test]
    fn the_rulebook_gives_each_profile_its_rule_for_tokens() {
        let today = date(2026, 11, 22);
        let strict = token_rule(&Profile::strictest(), today);
        let levels = |rule: &TokenRule| {
            let at_least = |level: &Option<Level>| level.as_ref().map(|level| level.at_least);
            (at_least(&rule.overall), at_least(&rule.physical))
        };
        assert_eq!(levels(&strict), (Some(2), Some(3)));
        assert!(strict.no_export.is_some() && strict.separate.is_some() && strict.opened.is_some());
        assert_eq!(strict.guideline, Some(Guideline::April2006));
        assert_eq!(strict.opened.map(|source| source.edition), Some(Edition::Proposed2008));
        let in_force = token_rule(&Profile::in_force(), today);
        assert_eq!(levels(&in_force), (Some(1), None));
        assert!(in_force.no_export.is_none() && in_force.separate.is_some() && in_force.opened.is_none());
        assert_eq!(in_force.guideline, None);
    }
}
