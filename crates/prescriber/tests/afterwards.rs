//! After the signature: letters about what was sent, what failed and is replaced on paper, copies, and sets.

mod common;

use common::{Desk, agent, contents, now, practitioner, ready, today};
use jiff::civil::date;
use theriac_law::Profile;
use theriac_model::{Actor, CanonicalContents, Element, Refusal, Role};
use theriac_prescriber::event::Report;
use theriac_prescriber::letters::{Answering, Asking, Letter, Withdrawal, Withdrawing};
use theriac_prescriber::set::Conclusion::{Drawn, Open};
use theriac_prescriber::set::{Conclusion, may_be_issued, may_be_signed, sets, sittings};
use theriac_prescriber::stage::{Agreement, Signed, Transmitted};
use theriac_prescriber::statement::{Covers, Statement};
use theriac_prescriber::{Event, Prescription};

fn refused<T: std::fmt::Debug>(result: Result<T, Refusal>, code: &str) -> Refusal {
    let refusal = result.expect_err("refused");
    assert_eq!(refusal.code.0, code, "{refusal}");
    refusal
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    hash.as_ref().try_into().expect("32 bytes")
}

fn signed() -> (Signed, Vec<Event>) {
    let mut desk = Desk::granted();
    let (prescription, mut events) = ready(contents(&[]));
    let ready = prescription.into_ready().expect("ready");
    let screen = ready.screen(Statement::wanted(&Profile::strictest(), today(), Covers::Single));
    let (reviewed, event) = ready.review(&practitioner(), &screen, Agreement::Agreed, digest).expect("reviewed");
    events.push(event);
    let pass = desk.pass(&[reviewed.shown()], now()).expect("two factors");
    let (signed, to_sign) = reviewed.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1)).expect("signed");
    events.push(to_sign.signed("00".into(), "c2ln".into(), "Y2VydA==".into()));
    (signed, events)
}

fn sent() -> (Transmitted, Vec<Event>) {
    let (signed, mut events) = signed();
    let (sent, event) = signed.transmit("m-1".into(), "00".into());
    events.push(event);
    (sent, events)
}

fn replay(events: &[Event]) -> Prescription {
    Prescription::replay("rx-1", events).expect("a history")
}

fn other() -> Actor {
    Actor::new("other", Role::Prescriber)
}

fn cancelled_by(sent: &Transmitted, by: &Actor) -> Result<Letter, Refusal> {
    sent.cancel(by, "written for the wrong patient".into(), "c-1".into(), "11".into())
}

#[test]
fn only_the_practitioner_withdraws_what_was_sent_and_the_pharmacy_answers() {
    let (first, events) = sent();
    refused(cancelled_by(&first, &agent()), "RX-LETTER-NOT-REGISTRANT");
    refused(cancelled_by(&first, &other()), "RX-LETTER-NOT-REGISTRANT");
    let letter = cancelled_by(&first, &practitioner()).expect("withdrawn");
    let asked: Vec<Event> = [events, vec![Event::Letter(letter)]].concat();
    let now = replay(&asked);
    assert_eq!((now.stage(), now.withdrawal()), ("cancel-requested", Withdrawal::Asked));
    let (again, _) = now.into_sent().expect("still with the pharmacy");
    refused(cancelled_by(&again, &practitioner()), "RX-CANCEL-ASKED");
    let answered = |answer: Withdrawing| {
        let letter = Letter::CancelAnswered { answer, words: "AR".into(), archived: "22".into() };
        replay(&[asked.clone(), vec![Event::Letter(letter)]].concat())
    };
    let gone = answered(Withdrawing::Approved);
    assert_eq!(gone.stage(), "cancelled");
    refused(gone.clone().into_sent(), "RX-STAGE");
    refused(gone.clone().into_transmittable(), "RX-STAGE");
    refused(gone.into_printable(), "RX-PRINT-TRANSMITTED");
    let kept = answered(Withdrawing::Denied);
    assert_eq!((kept.stage(), kept.withdrawal()), ("transmitted", Withdrawal::Denied));
    let (kept, _) = kept.into_sent().expect("with the pharmacy");
    assert!(cancelled_by(&kept, &practitioner()).is_ok(), "the practitioner may ask again");
}

#[test]
fn an_answer_to_a_withdrawal_that_nobody_asked_for_is_a_broken_history() {
    for answer in [Withdrawing::Approved, Withdrawing::Denied] {
        let (_, mut events) = sent();
        events.push(Event::Letter(Letter::CancelAnswered { answer, words: String::new(), archived: "22".into() }));
        assert!(Prescription::replay("rx-1", &events).is_err(), "{answer}");
    }
}

/// 21 CFR 1306.04(a): nothing is dispensed on a message that the practitioner did not sign.
#[test]
fn a_request_of_the_pharmacy_is_denied_or_answered_by_a_prescription_that_follows() {
    let (_, mut events) = sent();
    events.push(Event::Reported { report: Report::Filled, answer: String::new(), archived: "33".into() });
    events.push(Event::Letter(Letter::Asked {
        asking: Asking::Renewal,
        code: String::new(),
        words: "used up".into(),
        message: "q-1".into(),
        archived: "44".into(),
    }));
    let now = replay(&events);
    assert_eq!(now.stage(), "filled");
    assert_eq!(now.requests().iter().map(|open| open.message.as_str()).collect::<Vec<_>>(), ["q-1"]);
    let (sent, _) = now.into_sent().expect("sent");
    let answer = |by: &Actor, message: &str| sent.answer(by, message, Answering::Denied, "no".into(), "55".into());
    refused(answer(&agent(), "q-1"), "RX-LETTER-NOT-REGISTRANT");
    refused(answer(&practitioner(), "q-2"), "RX-REQUEST-CLOSED");
    let letter = answer(&practitioner(), "q-1").expect("denied");
    events.push(Event::Letter(letter));
    let now = replay(&events);
    assert!(now.requests().is_empty());
    let (sent, _) = now.into_sent().expect("sent");
    refused(sent.answer(&practitioner(), "q-1", Answering::Denied, "no".into(), "55".into()), "RX-REQUEST-CLOSED");
}

/// Requirements: epcs-pre-10-failed-transmission
#[test]
fn what_was_never_delivered_is_void_and_replaced_once_on_paper_under_a_number_of_its_own() {
    let (first, events) = signed();
    for failed in
        [first.clone().failed("no route".into()), first.transmit("m-1".into(), "00".into()).0.failed("no route".into())]
    {
        let mut events = events.clone();
        events.push(failed);
        let now = replay(&events);
        assert_eq!(now.stage(), "failed");
        refused(now.clone().into_transmittable(), "RX-STAGE");
        refused(now.clone().into_printable(), "RX-STAGE");
        let failed = now.into_failed().expect("failed");
        let replace = |by: &Actor| {
            let pharmacy = "Corner Pharmacy, 9999999".to_owned();
            failed.clone().replace(by, "P-1", pharmacy, now_sent(), date(2026, 3, 3))
        };
        refused(replace(&agent()), "RX-PAPER-NOT-REGISTRANT");
        refused(replace(&other()), "RX-PAPER-NOT-REGISTRANT");
        let (replaced, issued) = replace(&practitioner()).expect("replaced");
        events.push(replaced);
        let now = replay(&events);
        assert_eq!(now.stage(), "replaced");
        let failed = now.into_failed().expect("failed");
        assert_eq!(failed.replaced_by(), Some("P-1"));
        refused(failed.replace(&practitioner(), "P-2", String::new(), now_sent(), today()), "RX-PAPER-TWICE");

        let paper = Prescription::replay("P-1", std::slice::from_ref(&issued)).expect("a history");
        assert_eq!(paper.stage(), "on-paper");
        assert_eq!(paper.contents().get(Element::Issued), Some("2026-03-03"));
        assert_eq!(paper.contents().get(Element::SignedAt), None, "the hand signs");
        refused(paper.clone().into_transmittable(), "RX-STAGE");
        let paper = paper.into_paper().expect("on paper");
        let replaces = paper.replaces().expect("the failed one");
        assert_eq!((replaces.prescription.as_str(), replaces.reason.as_str()), ("rx-1", "no route"));
        refused(paper.print(&agent()), "RX-PAPER-NOT-REGISTRANT");
        let printed = paper.print(&practitioner()).expect("printed");
        let paper = Prescription::replay("P-1", &[issued, printed]).expect("a history");
        assert_eq!(paper.stage(), "printed");
        assert_eq!(paper.into_paper().expect("on paper").prints(), 1);
    }
}

fn now_sent() -> jiff::Timestamp {
    "2026-03-02T16:00:00Z".parse().expect("an instant")
}

/// The proposal forbids every print after transmission, the law in force only one that could be dispensed from.
#[test]
fn a_labelled_copy_is_printed_where_the_profile_has_room_for_it() {
    let (_, events) = sent();
    let now = replay(&events);
    let strict = refused(now.print_copy(&agent(), &Profile::strictest(), today()), "RX-COPY-TRANSMITTED");
    assert_eq!(strict.edition, theriac_model::Edition::Proposed2008);
    let copied = now.print_copy(&agent(), &Profile::in_force(), today()).expect("a copy");
    assert_eq!(replay(&[events.clone(), vec![copied]].concat()).stage(), "transmitted");
    let original = refused(now.into_printable(), "RX-PRINT-TRANSMITTED");
    assert_eq!(original.edition, theriac_model::Edition::Cfr);
    let (_, before) = signed();
    refused(replay(&before).print_copy(&agent(), &Profile::in_force(), today()), "RX-STAGE");
}

fn of_set(days: &str, earliest: &str) -> CanonicalContents {
    contents(&[(Element::DaysSupply, days), (Element::EarliestFill, earliest)])
}

/// 21 CFR 1306.12(b)(1): up to 90 days in all, earliest dates on all but the first, and the practitioner's conclusion.
#[test]
fn a_set_of_schedule_two_covers_ninety_days_and_rests_on_the_practitioners_conclusion() {
    let check = |items: &[(&str, &str)], conclusion: Conclusion, code: Option<&str>| {
        let all: Vec<CanonicalContents> = items.iter().map(|(days, earliest)| of_set(days, earliest)).collect();
        let found = sets(&all);
        assert_eq!(found.len(), 1, "{items:?}");
        let at = theriac_law::Moment::parse("2026-03-02T09:00:00-07:00").expect("an instant");
        let issued = may_be_issued(&Profile::strictest(), &found[0], at, conclusion);
        assert_eq!(issued.err().map(|refusal| refusal.code.0), code, "{items:?} {conclusion:?}");
    };
    let month = [("30", ""), ("30", "2026-04-01"), ("30", "2026-05-01")];
    check(&month, Drawn, None);
    check(&month, Open, Some("LAW-1306.12-RISK"));
    check(&[("30", ""), ("30", "2026-04-01"), ("31", "2026-05-01")], Drawn, Some("LAW-1306.12-SUPPLY"));
    check(&[("30", ""), ("30", "")], Drawn, Some("LAW-1306.12-DATE"));
    check(&[("30", "2026-05-01"), ("30", "")], Drawn, None);
    check(&[("30", ""), ("", "2026-04-01")], Drawn, Some("RX-SET-DAYS"));
}

/// One signed prescription: day of issue, days of supply, earliest date.
type Dated<'a> = (&'a str, &'a str, &'a str);

fn dated((issued, days, earliest): Dated<'_>) -> CanonicalContents {
    contents(&[(Element::Issued, issued), (Element::DaysSupply, days), (Element::EarliestFill, earliest)])
}

/// 21 CFR 1306.12(b)(1): the 90 days are one sitting's, in however many acts it is signed, and last until the last of
/// the prescriptions may be filled.
///
/// Requirements: law-multi-90-days, law-multi-supply-days-needed
#[test]
fn ninety_days_are_ninety_days_however_often_the_practitioner_signs() {
    let check = |before: &[Dated<'_>], now: &[Dated<'_>], today: &str, code: Option<&str>| {
        let day = today.parse().expect("a day");
        let [before, now] = [before, now].map(|all| all.iter().copied().map(dated).collect::<Vec<_>>());
        let at = theriac_law::Moment::parse(&format!("{today}T09:00:00-07:00")).expect("an instant");
        let refused = sittings(&now, &before, day)
            .iter()
            .map(|sitting| may_be_signed(&Profile::strictest(), sitting, at, Drawn).err().map(|refusal| refusal.code.0))
            .next()
            .flatten();
        assert_eq!(refused, code, "{before:?} {now:?} {today}");
    };
    let (first, second) = ("2026-03-02", "2026-03-03");
    let two = [(first, "30", ""), (first, "30", "2026-04-01")];
    // On one day: exactly 90 days, one more, and a set that is complete already.
    check(&two, &[(first, "30", "2026-05-01")], first, None);
    check(&two, &[(first, "31", "2026-05-01")], first, Some("LAW-1306.12-SUPPLY"));
    check(&two, &[(first, "30", "2026-05-01"), (first, "30", "2026-05-31")], first, Some("LAW-1306.12-SUPPLY"));
    // The second act of a day needs a date of its own, and days.
    check(&two, &[(first, "30", "")], first, Some("LAW-1306.12-DATE"));
    check(&[(first, "", "")], &[(first, "30", "2026-04-01")], first, Some("RX-SET-DAYS"));
    // The next day the first has 29 days left while the second waits.
    check(&two, &[(second, "31", "2026-05-01")], second, None);
    check(&two, &[(second, "32", "2026-05-01")], second, Some("LAW-1306.12-SUPPLY"));
    // While one waits, the others count; on the day on which the last may be filled, nothing does.
    check(&two, &[(second, "90", "2026-05-01")], "2026-03-31", Some("LAW-1306.12-ISSUED"));
    for (today, code) in [("2026-03-31", Some("LAW-1306.12-SUPPLY")), ("2026-04-01", None)] {
        check(
            &two,
            &[(today, "30", "2026-05-01"), (today, "30", "2026-05-31"), (today, "30", "2026-06-30")],
            today,
            code,
        );
    }
    // No earliest date anywhere: no set across two acts.
    check(&[(first, "30", "")], &[(first, "30", "")], first, None);
    // Another drug's prescriptions do not count.
    let other = contents(&[(Element::Issued, first), (Element::DrugStrength, "20 mg"), (Element::DaysSupply, "90")]);
    let now = dated((first, "30", "2026-04-01"));
    assert!(sittings([&now], [&other], first.parse().expect("a day")).is_empty());
}

#[test]
fn one_prescription_or_two_drugs_or_another_schedule_make_no_set() {
    let another = contents(&[(Element::DrugName, "Methylphenidate hydrochloride")]);
    let third = contents(&[(Element::DrugSchedule, "III")]);
    assert!(sets([&contents(&[])]).is_empty());
    assert!(sets([&contents(&[]), &another]).is_empty());
    assert!(sets([&third, &third]).is_empty());
    let for_another = contents(&[(Element::PatientFirst, "Robin")]);
    assert!(sets([&contents(&[]), &for_another]).is_empty());
    let stronger = contents(&[(Element::DrugStrength, "20 mg")]);
    assert!(sets([&contents(&[]), &stronger]).is_empty());
    assert_eq!(sets([&contents(&[]), &another, &contents(&[])]).len(), 1);
}

/// Requirements: epcs-1306.05-c
#[test]
fn gamma_hydroxybutyric_acid_is_signed_only_with_the_medical_need_on_its_face() {
    let check = |note: &str, code: Option<&str>| {
        let mut desk = Desk::granted();
        let drug = "Sodium oxybate";
        let written = contents(&[(Element::DrugName, drug), (Element::DrugSchedule, "III"), (Element::Note, note)]);
        let (prescription, _) = ready(written);
        let ready = prescription.into_ready().expect("ready");
        let screen = ready.screen(Statement::wanted(&Profile::strictest(), today(), Covers::Single));
        let (reviewed, _) = ready.review(&practitioner(), &screen, Agreement::Agreed, digest).expect("reviewed");
        let pass = desk.pass(&[reviewed.shown()], now()).expect("two factors");
        let signed = reviewed.sign(&practitioner(), &desk.signer, &pass, desk.moment(now(), 1));
        assert_eq!(signed.err().map(|(_, refusal)| refusal.code.0), code, "{note}");
    };
    check("", Some("LAW-1306.05-MISSING"));
    check("For cataplexy in narcolepsy", None);
}

/// What is stored is read back as it was; a member that is absent is named.
#[test]
fn every_later_record_is_read_back() {
    let (first, _) = sent();
    let letter = cancelled_by(&first, &practitioner()).expect("withdrawn");
    let failed = replay(&{
        let (signed, mut events) = signed();
        events.push(signed.failed("no route".into()));
        events
    });
    let failed = failed.into_failed().expect("failed");
    let (replaced, issued) =
        failed.replace(&practitioner(), "P-1", "Corner Pharmacy".into(), now_sent(), today()).expect("replaced");
    for event in [
        Event::Letter(letter),
        Event::Letter(Letter::CancelAnswered { answer: Withdrawing::Denied, words: "x".into(), archived: "1".into() }),
        Event::Letter(Letter::Asked {
            asking: Asking::Change,
            code: "G".into(),
            words: "x".into(),
            message: "q".into(),
            archived: "1".into(),
        }),
        Event::Letter(Letter::Answered {
            by: practitioner(),
            message: "q".into(),
            answer: Answering::NewPrescription,
            words: "x".into(),
            archived: "1".into(),
        }),
        Event::Letter(Letter::Sent { message: "q".into() }),
        Event::CopyPrinted { by: agent() },
        replaced,
        issued,
    ] {
        let body = event.body();
        assert_eq!(Event::read(event.kind(), &body), Ok(event.clone()));
        // Paper may be issued at any time, and then replaces nothing.
        for field in body.as_object().expect("an object").keys().filter(|field| *field != "replaces") {
            let mut without = body.clone();
            without.as_object_mut().expect("an object").remove(field);
            assert!(Event::read(event.kind(), &without).is_err(), "{} without {field}", event.kind());
        }
    }
}
