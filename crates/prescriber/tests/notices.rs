//! Notices: what is to be given, by when, and how it is known that a person gave it.

mod watching;

use proptest::prelude::*;
use theriac_model::{Actor, Role};
use theriac_prescriber::log::{Month, MonthlyLog, Period, Shelf};
use theriac_prescriber::notice::{Addressee, Channel, Notice, NoticeEvent, NoticeId, Notices, Progress, Sent};
use theriac_prescriber::terms::Timeliness;
use watching::{Rules, at, operator, phoenix, practitioner, program, refused};

fn log_notice() -> Notice {
    let rules = Rules::strictest();
    let month = Month::parse("2026-03").expect("a month");
    let period = Period::of(month, &phoenix(), "America/Phoenix", None).expect("a period");
    let made = at("2026-04-01T00:05:00-07:00");
    let log = MonthlyLog::of("brook", period, &[], 8, "00", made);
    Shelf::new("brook").provide(log, made, rules.terms()).expect("provided").1
}

fn sent(by: Actor, when: &str, how: Channel) -> Sent {
    Sent { by, at: at(when), how, reached: "the front desk".to_owned(), proof: None }
}

fn raised() -> (Notices, NoticeId) {
    let mut notices = Notices::default();
    for event in notices.raise(vec![log_notice()]) {
        notices.apply(&event);
    }
    (notices, log_notice().id)
}

#[test]
fn a_notice_is_open_then_overdue_then_given_in_time_or_late() {
    let (mut notices, id) = raised();
    let progress = |notices: &Notices, now: &str| notices.get(&id).expect("a notice").progress(at(now));
    assert_eq!(progress(&notices, "2026-04-07T23:59:59-07:00"), Progress::Open);
    assert_eq!(progress(&notices, "2026-04-08T00:00:00-07:00"), Progress::Overdue);
    assert_eq!(notices.overdue(at("2026-04-08T00:00:00-07:00")).len(), 1);
    assert_eq!(notices.overdue(at("2026-04-07T23:59:59-07:00")).len(), 0);
    let now = at("2026-04-09T09:00:00-07:00");
    let given = notices.give(&id, sent(operator(), "2026-04-08T09:00:00-07:00", Channel::Post), now).expect("given");
    notices.apply(&given);
    assert_eq!(progress(&notices, "2026-04-09T09:00:00-07:00"), Progress::Given(Timeliness::Late));
    assert!(notices.to_do().is_empty());
    refused(notices.give(&id, sent(operator(), "2026-04-08T09:00:00-07:00", Channel::Post), now), "RX-NOTICE-GIVEN");
    refused(notices.reopen(&id, &operator(), " "), "RX-NOTICE-REOPEN");
    let reopened = notices.reopen(&id, &operator(), "the letter came back").expect("reopened");
    notices.apply(&reopened);
    let given =
        notices.give(&id, sent(operator(), "2026-04-07T09:00:00-07:00", Channel::Telephone), now).expect("given");
    notices.apply(&given);
    assert_eq!(progress(&notices, "2026-04-09T09:00:00-07:00"), Progress::Given(Timeliness::InTime));
}

#[test]
fn no_program_and_nobody_without_the_task_gives_a_notice() {
    let (notices, id) = raised();
    let (when, now) = ("2026-04-02T09:00:00-07:00", at("2026-04-02T10:00:00-07:00"));
    for &role in Role::ALL {
        let by = Actor::new("somebody", role);
        let given = notices.give(&id, sent(by, when, Channel::Post), now);
        assert_eq!(given.is_ok(), matches!(role, Role::Operator | Role::AccessController), "{role}");
    }
    refused(notices.give(&id, sent(program(), when, Channel::Email), now), "RX-NOTICE-ROLE");
    refused(notices.give(&id, sent(operator(), "2026-04-02T10:00:01-07:00", Channel::Post), now), "RX-NOTICE-FUTURE");
    let nobody = Sent { reached: "  ".to_owned(), ..sent(operator(), when, Channel::Post) };
    refused(notices.give(&id, nobody, now), "RX-NOTICE-REACHED");
    let unknown = NoticeId::from_stored("log/nobody/2026-03/dea");
    refused(notices.give(&unknown, sent(operator(), when, Channel::Post), now), "RX-NOTICE-UNKNOWN");
    refused(notices.reopen(&id, &operator(), "never given"), "RX-NOTICE-NOT-GIVEN");
}

#[test]
fn what_the_addressee_sees_at_sign_in_is_given_by_being_seen_and_by_nobody_else() {
    let (mut notices, id) = raised();
    let to = Addressee::Practitioner("brook".to_owned());
    assert_eq!(notices.at_sign_in(&to).count(), 1);
    assert_eq!(notices.at_sign_in(&Addressee::Practitioner("reed".to_owned())).count(), 0);
    let (when, now) = ("2026-04-02T09:00:00-07:00", at("2026-04-02T10:00:00-07:00"));
    refused(notices.give(&id, sent(operator(), when, Channel::InApplication), now), "RX-NOTICE-SHOWN");
    let seen = notices.give(&id, sent(practitioner(), when, Channel::InApplication), now).expect("seen");
    notices.apply(&seen);
    assert_eq!(notices.at_sign_in(&to).count(), 0);
}

#[test]
fn a_notice_reads_as_a_letter_with_addressee_facts_deadline_and_citation() {
    let text = log_notice().lines().join("\n");
    for part in [
        "Practitioner brook",
        "month: 2026-03",
        "by 2026-04-07",
        "1311.120(b)(27)",
        "log/brook/2026-03/practitioner:brook",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn raising_the_same_notice_again_does_nothing() {
    let (notices, _) = raised();
    assert_eq!(notices.raise(vec![log_notice()]), []);
}

proptest! {
    /// Whatever people try in whatever order: the list made again from the stored records is the same list, and nothing is
    /// given that was not raised.
    #[test]
    fn the_list_is_made_again_from_its_records(acts in prop::collection::vec((0u8..4, 0u8..5), 0..40)) {
        let mut notices = Notices::default();
        let mut journal: Vec<NoticeEvent> = Vec::new();
        let now = at("2026-04-09T09:00:00-07:00");
        for (act, which) in acts {
            let about = format!("log/brook/2026-0{}", which + 1);
            let to = Addressee::Practitioner("brook".to_owned());
            let notice = Notice { id: NoticeId::new(&about, &to), about, ..log_notice() };
            let id = notice.id.clone();
            let events = match act {
                0 => notices.raise(vec![notice]),
                1 => notices.give(&id, sent(operator(), "2026-04-08T09:00:00-07:00", Channel::Fax), now).into_iter().collect(),
                2 => notices.reopen(&id, &operator(), "sent to the wrong office").into_iter().collect(),
                _ => notices.give(&id, sent(program(), "2026-04-08T09:00:00-07:00", Channel::Email), now).into_iter().collect(),
            };
            for event in events {
                notices.apply(&event);
                journal.push(event);
            }
        }
        let read: Vec<NoticeEvent> =
            journal.iter().map(|event| NoticeEvent::read(event.kind(), &event.body()).expect("our own")).collect();
        prop_assert_eq!(&read, &journal);
        prop_assert_eq!(Notices::replay(&read), notices.clone());
        let given = notices.iter().filter(|item| item.sent.is_some()).count();
        prop_assert_eq!(given + notices.to_do().len(), notices.iter().count());
        prop_assert!(notices.iter().all(|item| item.sent.as_ref().is_none_or(|sent| sent.by.role != Role::System)));
    }
}
