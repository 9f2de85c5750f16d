//! 21 CFR 1311.110 to 1311.135 (2008); 1311.115 to 1311.140 (in force): signing an electronic prescription.
//!
//! (2008: 1311.110(a), (b)) A hard token, opened with a password or a biometric. (In force: 1311.115(a)) any two of
//!     something known, held, or being; two of one kind are one factor.
//! (2008: 1311.110(c)) More than two minutes without use end the authentication. The law in force is silent.
//! (2008: 1311.135(a)) A token reported lost, stolen or compromised opens nothing again.
//! (2008: 1311.110(e), 1311.135(b)) Nor does one after the registration's last day.
//! (2008: 1311.125(c)) Only schedules that registration and State allow can be signed.
//! (2008: 1311.125(d)) Only the registrant named on the prescription signs it.
//! (2008: 1311.120(c), 1311.125(b)) Each prescription was selected, and the statement agreed to.
//!     The statement itself differs: the proposal's speaks of review and intent, the one in force (1311.140(a)(3)) of what
//!     completing both factors does; under both, both are shown.
//! (2008: 1311.200(a)) A digital certificate of one's own signs for Federal facilities only; in force (1311.145) and by the
//!     cards for anyone.
//! (In force: 1311.120(b), 1311.140(a)) One signing act covers one patient; the proposal sets no such limit.

use crate::edition::{By, Domain, Law, Row, UNLIMITED, parameter};
use crate::facts::{Act, Prescriber, Session};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Factor, HistoryKind, PractitionerKind, Registration, Signer, SigningMethod, Status};
use crate::when::When;

rule!(FACTORS: "1311.110-factors", "electronic", "21 CFR 1311.115(a); 2008: 1311.110(a), (b)", By::ALL,
    "Signing needs two factors of different kinds; the proposal wants a hard token opened with a password or a biometric",
    ["law-elec-two-factor", "law-elec-same-kind-not-two"]);
rule!(IDLE: "1311.110-idle", "electronic", "2008: 21 CFR 1311.110(c)", By::P08,
    "After more than two minutes without use the practitioner authenticates again",
    ["epcs-1311.110-c"]);
rule!(TOKEN: "1311.135-token", "electronic", "21 CFR 1311.125(d); 2008: 1311.135(a)", By::P08.and(By::CFR),
    "A token reported lost, stolen or compromised signs nothing",
    ["epcs-1311.135-a"]);
rule!(REGISTRATION: "1311.135-registration", "electronic", "21 CFR 1311.125(d); 2008: 1311.110(e), 1311.135(b)", By::P08.and(By::CFR),
    "Signing ends with the practitioner's registration",
    ["epcs-1311.110-e", "epcs-1311.135-b"]);
rule!(SIGNER: "1311.125-signer", "electronic", "21 CFR 1311.135; 2008: 1311.125(d)", By::P08.and(By::CFR),
    "Only the registrant whose number is on the prescription signs it",
    ["epcs-1311.125-d-1"]);
rule!(REVIEWED: "1311.125-reviewed", "electronic", "21 CFR 1311.120(b); 2008: 1311.120(c), 1311.125(b)", By::P08.and(By::CFR),
    "Each prescription is marked to be signed and the statement agreed to before the signature",
    ["epcs-1311.120-c-1", "epcs-1311.125-b-3"]);
rule!(ONE_PATIENT: "1311.140-one-patient", "electronic", "21 CFR 1311.120(b), 1311.140(a)", By::CFR.and(By::C21),
    "One signing act covers prescriptions of one patient",
    ["law-elec-batch-sign-one-patient"]);

rule!(CERTIFICATE: "1311.200-certificate", "electronic", "21 CFR 1311.145; 2008: 1311.200(a)", By::ALL,
    "Signing with a digital certificate of one's own is for practitioners of Federal agencies under the proposal, for anyone under later texts",
    ["law-elec-federal-cert-route"]);

parameter!(BY_CERTIFICATE: "sign.certificate.anyone", "whether any practitioner may sign with a digital certificate of his or her own", Permitted,
Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.200(a)"),
    Row::of(By::C21, 1, "Cards 2021, Electronic Controlled Substance Prescriptions"),
    Row::of(By::CFR, 1, "21 CFR 1311.145"),
]);
parameter!(HARD_TOKEN: "sign.hard-token", "whether one of the factors must be a hard token opened with a password or a biometric", Required,
Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.110(b)"),
    Row::of(By::C21, 0, "Cards 2021, Electronic Controlled Substance Prescriptions"),
    Row::of(By::CFR, 0, "21 CFR 1311.115(a)"),
]);
parameter!(IDLE_SECONDS: "sign.idle.seconds", "seconds without use after which the practitioner authenticates again", Min,
    Domain::Number("seconds"), [Row::of(By::P08, 120, "2008: 21 CFR 1311.110(c)")]);
parameter!(AGREEMENT: "sign.agreement", "whether the practitioner must agree to the statement expressly", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.125(b)"),
    Row::of(By::CFR, 0, "21 CFR 1311.140(a)"),
]);
parameter!(INTENT: "sign.statement.intent", "whether the statement of review and intent to sign stands on the review screen", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.125(b)(2)"),
]);
parameter!(COMPLETION: "sign.statement.completion", "whether the statement that completing both factors signs stands on the review screen", Required, Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1311.140(a)(3)"),
]);
parameter!(PATIENTS: "sign.patients", "patients that one signing act may cover", Min, Domain::Number("patients"), [
    Row::of(By::P08, UNLIMITED, "2008: 21 CFR 1311.125(a)"),
    Row::of(By::C21, 1, "Cards 2021, Electronic Controlled Substance Prescriptions"),
    Row::of(By::CFR, 1, "21 CFR 1311.120(b), 1311.140(a)"),
]);
parameter!(IMMEDIATELY: "transmit.immediately", "whether transmission must follow the signature at once", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.130(a)").begun_later(),
    Row::of(By::CFR, 0, "21 CFR 1311.170(a)"),
]);

/// Whether a certificate of one's own may sign.
pub(crate) fn certificate(law: &Law<'_>, session: &Session, prescriber: &Prescriber) -> Outcome {
    if session.method != SigningMethod::Certificate {
        return Outcome::NotApplicable;
    }
    let federal =
        prescriber.kind == PractitionerKind::FederalOfficer || prescriber.registration == Registration::Exempt;
    let Some(bound) = law.bound(&BY_CERTIFICATE) else { return Outcome::NotApplicable };
    Outcome::unless(federal || bound.yes(), || {
        law.deny(
            &CERTIFICATE,
            Reason::NotAuthorized,
            "LAW-1311.200-CERTIFICATE",
            "a practitioner outside the Federal agencies signs with a certificate of one's own",
            "sign with two factors in an application that signs the record",
        )
        .by(&bound)
        .about("session.method")
    })
}

/// Whether two factors of the kinds required were presented.
pub(crate) fn factors(law: &Law<'_>, factors: &[Factor]) -> Outcome {
    let has = |factor: Factor| factors.contains(&factor);
    let known = has(Factor::Password) || has(Factor::SecurityQuestion);
    let held = has(Factor::HardToken) || has(Factor::CodeDevice);
    let kinds = usize::from(known) + usize::from(has(Factor::Biometric)) + usize::from(held);
    let token = law.bound(&HARD_TOKEN).filter(crate::edition::Bound::yes);
    let opened = has(Factor::HardToken) && (has(Factor::Password) || has(Factor::Biometric));
    if kinds >= 2 && (token.is_none() || opened) {
        return Outcome::Satisfied;
    }
    let (what, next) = match (&token, kinds) {
        (_, 0 | 1) => {
            ("fewer than two kinds of factor were presented", "present a hard token and a password or biometric")
        }
        _ => (
            "no hard token opened with a password or biometric was presented",
            "present the hard token and open it with password or biometric",
        ),
    };
    let denial = law
        .deny(&FACTORS, Reason::AuthenticationInsufficient, "LAW-1311.110-FACTORS", what, next)
        .about("request.factors");
    Outcome::Violated(Box::new(match token {
        Some(bound) if kinds >= 2 => denial.by(&bound),
        _ => denial,
    }))
}

/// Whether the last use was recent enough. Without an entry the session is taken as fresh.
pub(crate) fn idle(law: &Law<'_>, history: &[Act], at: When) -> Outcome {
    let Some(bound) = law.bound(&IDLE_SECONDS) else { return Outcome::NotApplicable };
    let used =
        |act: &&Act| matches!(act.kind, HistoryKind::Authenticated | HistoryKind::Activity | HistoryKind::Signed);
    let last = history.iter().rev().find(used).and_then(|act| act.at.moment());
    let (Some(last), Some(now)) = (last, at.moment()) else { return Outcome::NotApplicable };
    let seconds = u64::try_from(now.seconds_since(last)).unwrap_or(0);
    Outcome::unless(seconds <= bound.value, || {
        law.deny(
            &IDLE,
            Reason::ReauthenticationRequired,
            "LAW-1311.110-IDLE",
            format!("{seconds} seconds without use, and {} are allowed", bound.value),
            "authenticate again, then sign",
        )
        .by(&bound)
        .about("request.at")
    })
}

/// Whether the token still serves.
pub(crate) fn token(law: &Law<'_>, history: &[Act]) -> Outcome {
    Outcome::unless(!history.iter().any(|act| act.kind == HistoryKind::TokenReportedLost), || {
        law.deny(
            &TOKEN,
            Reason::TokenRevoked,
            "LAW-1311.135-TOKEN",
            "the token was reported lost, stolen or compromised",
            "obtain a new token",
        )
        .about("facts.history")
    })
}

/// Whether the registration runs today.
pub(crate) fn registration(law: &Law<'_>, prescriber: &Prescriber) -> Outcome {
    let what = match (prescriber.registration, prescriber.registration_status) {
        (Registration::Exempt, _) => return Outcome::Satisfied,
        (Registration::None, _) => "the practitioner is neither registered nor exempt".to_owned(),
        (_, Status::Expired | Status::Suspended | Status::Revoked) => {
            format!("the registration is {}", prescriber.registration_status)
        }
        (_, Status::Valid) => match prescriber.registration_expires {
            Some(expires) if expires < law.day => format!("the registration ended on {expires}"),
            _ => return Outcome::Satisfied,
        },
    };
    let denial = law.deny(
        &REGISTRATION,
        Reason::RegistrationInvalid,
        "LAW-1311.135-REGISTRATION",
        what,
        "renew the registration, then have access granted again",
    );
    Outcome::Violated(Box::new(denial.about("prescriber.registration")))
}

/// Whether the right person signs.
pub(crate) fn signer(law: &Law<'_>, session: &Session) -> Outcome {
    Outcome::unless(session.signer == Signer::Registrant, || {
        let who = if session.signer == Signer::Agent { "an agent" } else { "another practitioner" };
        law.deny(
            &SIGNER,
            Reason::NotAuthorized,
            "LAW-1311.125-SIGNER",
            format!("{who} tries to sign"),
            "let the registrant named on the prescription sign",
        )
        .about("session.signer")
    })
}

/// Whether it was selected and the statement agreed to.
pub(crate) fn reviewed(law: &Law<'_>, session: &Session) -> Outcome {
    let (what, field) = if !session.selected {
        ("the prescription was not marked to be signed", "session.selected")
    } else if !session.statement_agreed && law.bound(&AGREEMENT).is_some_and(|bound| bound.yes()) {
        ("the statement was not agreed to", "session.statement_agreed")
    } else {
        return Outcome::Satisfied;
    };
    let denial = law
        .deny(
            &REVIEWED,
            Reason::NotReviewed,
            "LAW-1311.125-REVIEW",
            what,
            "review the prescription, mark it and agree, then sign",
        )
        .about(field);
    Outcome::Violated(Box::new(match law.bound(&AGREEMENT).filter(|_| session.selected) {
        Some(bound) => denial.by(&bound),
        None => denial,
    }))
}

/// Whether the act covers one patient.
pub(crate) fn patients(law: &Law<'_>, session: &Session) -> Outcome {
    let Some(bound) = law.bound(&PATIENTS).filter(|bound| bound.value != UNLIMITED) else {
        return Outcome::NotApplicable;
    };
    Outcome::unless(u64::from(session.patients) <= bound.value, || {
        law.deny(
            &ONE_PATIENT,
            Reason::OnePatientPerSignature,
            "LAW-1311.140-PATIENTS",
            format!("one signing act for {} patients", session.patients),
            "sign for each patient separately",
        )
        .by(&bound)
        .about("session.patients")
    })
}
