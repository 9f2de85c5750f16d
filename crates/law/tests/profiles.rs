//! Profiles: which edition decides, from which day, and whether only the proposal refuses.

use jiff::civil::{Date, date};
use theriac_law::facts::{Act, Content, Electronic, Prescriber, Prescription, Product, Purchaser, Session};
use theriac_law::vocab::{
    Basis, Chemical, Factor, Form, HistoryKind, Ingredient, OrderMethod, Packaging, Per, Purpose, Record, Salt,
    Schedule, Sender, Signature, Substance,
};
use theriac_law::{Decision, Moment, Profile, Question, Reason, Request, Standing, Verdict, decide, facts};

const TODAY: Date = date(2026, 11, 22);

fn at(text: &str) -> Moment {
    Moment::parse(text).expect("an instant")
}

fn rx(schedule: Schedule, form: Form, issued: Date) -> Prescription {
    Prescription::new(schedule, form, issued, 30)
}

fn ask(profile: &Profile, question: &Question) -> Decision {
    decide(profile, question).expect("every action is built")
}

/// Checks verdict and reason under `strictest` and `in-force`: `None` is a permission.
fn check(question: &Question, strictest: Option<Reason>, in_force: Option<Reason>) {
    for (profile, expected) in [(Profile::strictest(), strictest), (Profile::in_force(), in_force)] {
        let decision = ask(&profile, question);
        assert_eq!(decision.reason, expected, "{} at {}: {:?}", profile.name(), question.at, decision.refusal);
    }
}

fn signing(seconds_idle: i64, factors: &[Factor]) -> Question {
    let now = at("2026-11-22T10:05:00-07:00");
    let last = Moment { timestamp: now.timestamp - jiff::SignedDuration::from_secs(seconds_idle), offset: now.offset };
    Question::new(now, Request::Sign { factors: factors.to_vec() })
        .about(rx(Schedule::II, Form::Electronic, TODAY))
        .after(vec![Act::new(HistoryKind::Authenticated, last.into())])
}

/// Requirements: epcs-1311.110-c
#[test]
fn idle_for_more_than_two_minutes_is_refused_by_the_proposal_alone_and_the_refusal_says_so() {
    let both = [Factor::HardToken, Factor::Password];
    check(&signing(119, &both), None, None);
    check(&signing(120, &both), None, None);
    check(&signing(121, &both), Some(Reason::ReauthenticationRequired), None);
    let decision = ask(&Profile::strictest(), &signing(121, &both));
    let refusal = decision.refusal.expect("refused");
    assert_eq!(decision.standing, Standing::OnlyProposed2008);
    assert_eq!(refusal.edition.name(), "proposed-2008");
    assert!(refusal.what.contains("only the proposal of 2008"), "{refusal}");
    assert!(refusal.cite.as_str().contains("1311.110(c)"), "{refusal}");
}

/// Requirements: law-elec-two-factor, law-elec-same-kind-not-two, law-elec-batch-sign-one-patient
#[test]
fn the_hard_token_is_the_proposals_and_one_patient_a_signature_is_the_codes() {
    check(&signing(1, &[Factor::Password, Factor::Biometric]), Some(Reason::AuthenticationInsufficient), None);
    let alike = signing(1, &[Factor::Password, Factor::SecurityQuestion]);
    check(&alike, Some(Reason::AuthenticationInsufficient), Some(Reason::AuthenticationInsufficient));
    assert_eq!(ask(&Profile::strictest(), &alike).standing, Standing::Shared);
    let two = signing(1, &[Factor::HardToken, Factor::Password])
        .with(|facts| facts.session = Session { patients: 2, ..Session::new() });
    check(&two, Some(Reason::OnePatientPerSignature), Some(Reason::OnePatientPerSignature));
    assert_eq!(
        ask(&Profile::strictest(), &two).edition().map(|edition| edition.name().into_owned()).as_deref(),
        Some("cfr")
    );
    assert!(ask(&Profile::proposed_2008(), &two).is_permitted());
}

/// Requirements: law-elec-two-factor, law-elec-same-kind-not-two
#[test]
fn a_code_device_that_nothing_opens_is_a_factor_in_force_and_no_hard_token_for_the_proposal() {
    let beside_a_password = signing(1, &[Factor::CodeDevice, Factor::Password]);
    check(&beside_a_password, Some(Reason::AuthenticationInsufficient), None);
    assert_eq!(ask(&Profile::strictest(), &beside_a_password).standing, Standing::OnlyProposed2008);
    let both_held = signing(1, &[Factor::CodeDevice, Factor::HardToken]);
    check(&both_held, Some(Reason::AuthenticationInsufficient), Some(Reason::AuthenticationInsufficient));
}

/// Requirements: law-part-cii-cara-request
#[test]
fn schedule_ii_is_split_on_request_since_22_july_2016() {
    let question = |day: Date| {
        let request = Request::PartialFill {
            quantity: 10,
            basis: Basis::Requested,
            notation: None,
            remainder_available: true,
            terminal_in_doubt: false,
        };
        Question::new(day, request).about(rx(Schedule::II, Form::Paper, day))
    };
    check(&question(date(2016, 7, 21)), Some(Reason::BasisNotAllowed), Some(Reason::BasisNotAllowed));
    check(&question(date(2016, 7, 22)), None, None);
    check(&question(TODAY), None, None);
    assert_eq!(ask(&Profile::proposed_2008(), &question(TODAY)).reason, Some(Reason::BasisNotAllowed));
}

/// Requirements: law-xfer-cii-unfilled-electronic
#[test]
fn an_unfilled_electronic_schedule_ii_prescription_moves_since_28_august_2023() {
    let question =
        |day: Date| Question::new(day, Request::TransferOut {}).about(rx(Schedule::II, Form::Electronic, day));
    check(&question(date(2023, 8, 27)), Some(Reason::TransferProhibited), Some(Reason::TransferProhibited));
    check(&question(date(2023, 8, 28)), None, None);
}

/// Requirements: law-cont-addiction-identifier, epcs-1306.05-b
#[test]
fn the_identification_number_for_dependence_was_retired_on_29_december_2022() {
    let question = |day: Date| {
        let prescription = Prescription {
            purpose: Purpose::OpioidDependence,
            narcotic: true,
            missing: vec![theriac_law::vocab::Element::TreatmentId],
            ..rx(Schedule::III, Form::Paper, day)
        };
        Question::new(day, Request::Fill { quantity: 30 }).about(prescription)
    };
    check(&question(date(2022, 12, 28)), Some(Reason::ElementMissing), Some(Reason::ElementMissing));
    check(&question(date(2022, 12, 29)), None, None);
    assert_eq!(ask(&Profile::proposed_2008(), &question(TODAY)).reason, Some(Reason::ElementMissing));
}

/// Requirements: epcs-1311.165-a-2, law-cont-multiple-dea-refused
#[test]
fn registrant_data_over_a_week_old_and_two_numbers_are_refused_by_the_proposal_alone() {
    let question = |electronic: Electronic| {
        Question::new(TODAY, Request::ReceiveElectronic {})
            .about(rx(Schedule::III, Form::Electronic, TODAY))
            .with(|facts| facts.electronic = electronic)
    };
    check(&question(Electronic { registry_age_days: 7, ..Electronic::new() }), None, None);
    check(
        &question(Electronic { registry_age_days: 8, ..Electronic::new() }),
        Some(Reason::VerificationRequired),
        None,
    );
    let two = question(Electronic { dea_numbers: 2, ..Electronic::new() });
    check(&two, Some(Reason::MultipleRegistrations), None);
    assert_eq!(ask(&Profile::strictest(), &two).standing, Standing::OnlyProposed2008);
}

/// Requirements: law-oral-agent, law-emer-definition-no-written
#[test]
fn an_agent_may_telephone_by_the_law_in_force_and_not_by_the_proposal() {
    let prescription =
        Prescription { signature: Signature::None, sender: Sender::Agent, ..rx(Schedule::IV, Form::Oral, TODAY) };
    check(
        &Question::new(TODAY, Request::Fill { quantity: 30 }).about(prescription),
        Some(Reason::FormNotAllowed),
        None,
    );
    let emergency = Question::new(TODAY, Request::EmergencyFill { quantity: 6, needed: 6 })
        .about(Prescription { signature: Signature::None, ..rx(Schedule::II, Form::Oral, TODAY) })
        .with(|facts| facts.emergency = facts::Emergency { written_not_possible: false, ..facts::Emergency::new() });
    check(&emergency, Some(Reason::EmergencyCriteria), Some(Reason::EmergencyCriteria));
}

/// Requirements: law-elec-records-two-vs-five, law-state-az-seven-years
#[test]
fn the_longest_retention_that_an_edition_of_the_profile_asks_for_counts() {
    let until = |profile: &Profile, state| {
        let question = Question::new(date(2020, 2, 29), Request::Retain { record: Record::ElectronicPrescription })
            .with(|facts| facts.state = state);
        match ask(profile, &question).verdict {
            Verdict::Value(answer) => answer.to_string(),
            other => panic!("{other:?}"),
        }
    };
    let arizona = Some(theriac_law::vocab::State::Arizona);
    assert_eq!(until(&Profile::in_force(), None), "2022-02-28");
    assert_eq!(until(&Profile::strictest(), None), "2025-02-28");
    assert_eq!(until(&Profile::strictest(), arizona), "2027-02-28");
}

/// Requirements: law-conc-hydrocodone-2010, law-ord-222-single-only-after, law-form-epidiolex-by-date
#[test]
fn the_code_changes_on_its_own_days() {
    let tablet = Content {
        amount_mcg: Some(10_000),
        per: Some(Per::DosageUnit),
        with: vec![Ingredient::Acetaminophen],
        ..Content::new(Substance::Hydrocodone)
    };
    let classify = |day: Date, content: &Content| {
        let question = Question::new(day, Request::Classify {}).with(|facts| facts.substance = Some(content.clone()));
        match ask(&Profile::in_force(), &question).verdict {
            Verdict::Value(answer) => answer.to_string(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(classify(date(2014, 10, 5), &tablet), "III");
    assert_eq!(classify(date(2014, 10, 6), &tablet), "II");
    assert_eq!(classify(date(2014, 8, 17), &Content::new(Substance::Tramadol)), "none");
    assert_eq!(classify(date(2014, 8, 18), &Content::new(Substance::Tramadol)), "IV");
    assert_eq!(classify(date(2019, 6, 1), &Content::new(Substance::Cannabidiol)), "V");
    assert_eq!(classify(date(2021, 6, 1), &Content::new(Substance::Cannabidiol)), "none");
    let order = |day: Date, method: OrderMethod| {
        Question::new(day, Request::PlaceOrder {}).with(|facts| facts.order = Some(facts::Order::new(method)))
    };
    let wrong = Some(Reason::WrongForm);
    check(&order(date(2019, 10, 29), OrderMethod::Form222Single), wrong, wrong);
    check(&order(date(2019, 10, 30), OrderMethod::Form222Single), None, None);
    check(&order(date(2021, 10, 31), OrderMethod::Form222Triplicate), None, None);
    check(&order(date(2021, 11, 1), OrderMethod::Form222Triplicate), wrong, wrong);
}

/// Requirements: law-cmea-self-certify
#[test]
fn a_rule_that_had_not_begun_is_named_as_not_in_force() {
    let question = |instant: &str| {
        let product = Product {
            chemical: Some(Chemical::Pseudoephedrine),
            salt: Some(Salt::Hydrochloride),
            mg_per_unit: Some(30),
            packaging: Packaging::Blister2,
            ..Product::new()
        };
        let request = Request::SellSlcp {
            quantity: Some(20),
            base_mg: None,
            packages: 1,
            channel: theriac_law::vocab::Channel::Counter,
        };
        Question::new(at(instant), request).with(|facts| {
            facts.product = product;
            facts.purchaser = Some(Purchaser::new(35));
            facts.pharmacy.self_certified = false;
        })
    };
    let before = ask(&Profile::in_force(), &question("2006-09-29T12:00:00-04:00"));
    assert!(before.is_permitted());
    let found = before.grounds.iter().find(|ground| ground.rule.id == "1314.40-certified").expect("asked");
    assert!(matches!(found.finding, theriac_model::Finding::NotInForce(_)));
    let reason = ask(&Profile::in_force(), &question("2006-09-30T12:00:00-04:00")).reason;
    assert_eq!(reason, Some(Reason::NotSelfCertified));
}

/// Requirements: law-forms-date-and-edition-recorded, law-dea-no-authority-after-expiry
#[test]
fn a_decision_names_its_profile_and_every_rule_it_asked() {
    let question = Question::new(TODAY, Request::Fill { quantity: 30 })
        .about(rx(Schedule::IV, Form::Paper, date(2026, 11, 20)))
        .by(Prescriber { registration_expires: Some(date(2026, 11, 19)), ..Prescriber::new() });
    let decision = ask(&Profile::strictest(), &question);
    assert_eq!(decision.profile, "strictest");
    assert_eq!(decision.reason, Some(Reason::RegistrationInvalid));
    let asked: Vec<_> = decision.grounds.iter().map(|ground| ground.rule.id).collect();
    assert_eq!(asked.last(), Some(&"1306.03-registration"));
    assert!(asked.contains(&"1306.05-contents"));
    let again = ask(&Profile::strictest(), &question);
    assert_eq!(again.grounds.iter().map(|ground| ground.rule.id).collect::<Vec<_>>(), asked);
    assert_eq!(again.refusal, decision.refusal);
}

/// Requirements: law-state-explains, law-state-az-cii-90
#[test]
fn a_refusal_by_state_law_names_the_state_and_its_rule() {
    let question = Question::new(date(2026, 4, 1), Request::Fill { quantity: 30 }).about(rx(
        Schedule::II,
        Form::Paper,
        date(2026, 1, 1),
    ));
    check(&question, None, None);
    let there = question.with(|facts| facts.state = Some(theriac_law::vocab::State::Arizona));
    check(&there, None, None);
    let late = Question { at: date(2026, 4, 2).into(), ..there };
    check(&late, Some(Reason::Expired), Some(Reason::Expired));
    let refusal = ask(&Profile::strictest(), &late).refusal.expect("refused");
    assert_eq!((refusal.edition.name().as_ref(), refusal.code.0), ("state.AZ", "LAW-1306.22-EXPIRED"));
    assert!(refusal.cite.as_str().contains("AZ Law"), "{refusal}");
}
