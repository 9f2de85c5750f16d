//! The register of blank forms.

use crate::world::*;
use theriac_books::orders::{
    Edition, FormRegister, FormState, FormsEventRecord, FormsRequest, RequestChannel, SETS_IN_A_BOOK,
};
use theriac_law::Profile;
use theriac_law::vocab::{FormsEvent, FormsKind};

fn request(books: u32, need: Option<&str>) -> FormsRequest {
    FormsRequest {
        registrant: pharmacy(),
        telephone: "217-555-0100".to_owned(),
        channel: RequestChannel::Telephone,
        books,
        need: need.map(str::to_owned),
    }
}

fn apply(register: &mut FormRegister, events: &[FormsEventRecord]) {
    for event in stored_forms(events) {
        register.apply(&event);
    }
}

fn manual() -> Profile {
    Profile::named("manual-2010").expect("a profile")
}

/// Requirements: pharm-222-further-request
#[test]
fn a_request_for_forms_names_three_things_and_stays_open_until_serials_come_in() {
    let mut register = FormRegister::new(pharmacy());
    let mut silent = request(2, None);
    silent.telephone.clear();
    refused(register.request(&strictest(), silent, pharmacist(), nine("2010-02-01")), "BOOKS-FORMS-REQUEST");
    let asked = register.request(&strictest(), request(2, None), pharmacist(), nine("2010-02-01")).expect("asked");
    apply(&mut register, &asked);
    let open = register.open_request().expect("open");
    assert_eq!(open.registrant.number, pharmacy().number);
    assert_eq!((open.registrant.name.as_str(), open.telephone.as_str()), ("Corner Pharmacy", "217-555-0100"));
    let book = register.receive_book(&form("100000001"), day("2010-02-10"), pharmacist(), nine("2010-02-17"));
    apply(&mut register, &book.expect("came in"));
    assert_eq!(register.open_request(), None);
}

/// Requirements: pharm-222-book-limits
#[test]
fn seven_books_need_a_reason_and_a_book_has_seven_serials() {
    let register = FormRegister::new(pharmacy());
    let ask = |books, need| register.request(&manual(), request(books, need), pharmacist(), nine("2010-02-01"));
    assert!(ask(6, None).is_ok());
    refused(ask(7, None), "LAW-1305.11-BOOKS");
    refused(ask(7, Some(" ")), "LAW-1305.11-BOOKS");
    assert!(ask(7, Some("a second counter; told Ms Diaz of the field office")).is_ok());

    let mut register = register.clone();
    let book = register.receive_book(&form("099999998"), day("2010-02-10"), pharmacist(), nine("2010-02-17"));
    apply(&mut register, &book.expect("came in"));
    let blank: Vec<String> = register.blank().map(ToString::to_string).collect();
    assert_eq!(blank.len(), usize::try_from(SETS_IN_A_BOOK).expect("small"));
    assert_eq!(
        (blank.first().map(String::as_str), blank.last().map(String::as_str)),
        (Some("099999998"), Some("100000004"))
    );
    refused(
        register.receive_book(&form("099999995"), day("2010-02-10"), pharmacist(), nine("2010-02-17")),
        "BOOKS-FORMS-SERIAL",
    );
}

/// Requirements: pharm-222-lost-report-immediately, pharm-222-lost-book-approximate-date, pharm-222-recovered-form
#[test]
fn lost_and_found_forms_are_reported_and_serve_again_only_after_dea_knows() {
    let mut register = register();
    let report = |register: &FormRegister, what, serials: &[&str], about| {
        let serials = serials.iter().map(|serial| form(serial)).collect();
        register.missing(&strictest(), what, serials, about, (pharmacist(), nine("2026-03-02")))
    };
    let unused = (FormsEvent::Stolen, FormsKind::Unused);
    refused(report(&register, unused, &[], None), "LAW-1305.16-SERIALS");
    refused(report(&register, unused, &["219999999"], None), "BOOKS-FORM-UNKNOWN");
    let book = (FormsEvent::Lost, FormsKind::WholeBook);
    refused(report(&register, book, &[], None), "LAW-1305.16-SERIALS");
    assert!(report(&register, book, &[], Some(day("2009-12-01"))).is_ok());

    let stolen = report(&register, unused, &["210000001"], None).expect("recorded");
    apply(&mut register, &stolen);
    assert_eq!(register.state(&form("210000001")), Some(FormState::Stolen));
    let of = register.open_reports().first().expect("owed").of;
    let sheet = |serial: &str| draft(number(serial), vec![line(1, oxycodone(), 1)]);
    let execute = |register: &FormRegister, serial: &str| {
        let digest = None;
        theriac_books::orders::Order::execute(
            &strictest(),
            &sheet(serial),
            (register, &powers()),
            digest,
            nine("2026-03-05"),
        )
    };
    refused(execute(&register, "210000001"), "LAW-1305.16-SERIAL");
    let told = register.reported(of, "Springfield field office", pharmacist(), nine("2026-03-02")).expect("told");
    apply(&mut register, &told);
    assert_eq!(register.open_reports(), []);
    refused(execute(&register, "210000001"), "LAW-1305.16-SERIAL");

    let found = report(&register, (FormsEvent::Found, FormsKind::Unused), &["210000001"], None).expect("recorded");
    apply(&mut register, &found);
    refused(execute(&register, "210000001"), "LAW-1305.16-SERIAL");
    let of = register.open_reports().first().expect("owed").of;
    let told = register.reported(of, "Springfield field office", pharmacist(), nine("2026-03-04")).expect("told");
    apply(&mut register, &told);
    assert!(execute(&register, "210000001").is_ok());
}

#[test]
fn a_form_is_used_once_voided_or_given_back() {
    let mut register = register();
    let used = register.execute(&number("210000001"), nine("2026-03-02")).expect("blank");
    apply(&mut register, &used);
    refused(register.execute(&number("210000001"), nine("2026-03-02")), "BOOKS-FORM-USED");
    refused(register.void(&form("210000002"), " ", pharmacist(), nine("2026-03-02")), "BOOKS-ORDER-REASON");
    let void = register.void(&form("210000002"), "an erasure on line 3", pharmacist(), nine("2026-03-02"));
    apply(&mut register, &void.expect("void"));
    refused(register.execute(&number("210000002"), nine("2026-03-02")), "BOOKS-FORM-USED");
    let back = register.give_back(vec![form("210000003")], "field office", pharmacist(), nine("2026-03-02"));
    apply(&mut register, &back.expect("given back"));
    assert_eq!(register.state(&form("210000003")), Some(FormState::Returned));
    refused(
        register.give_back(vec![form("210000002")], "field office", pharmacist(), nine("2026-03-02")),
        "BOOKS-FORM-USED",
    );
    assert_eq!(register.edition(&form("210000004")), Some(Edition::SingleSheet));
    // Forms with the old address are named after a move.
    let mut moved = pharmacy();
    moved.address.line1 = "2 Side Street".to_owned();
    assert_eq!(register.outdated(&moved).count(), register.blank().count());
    assert_eq!(register.outdated(&pharmacy()).count(), 0);
}
