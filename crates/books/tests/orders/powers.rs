//! Powers of attorney.

use crate::world::*;
use theriac_books::Name;
use theriac_books::orders::{Order, PowerPaper, PowerSigner, Powers, Scope, file};
use theriac_law::vocab::OrderSigner;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn paper(id: &str, attorney: &str) -> PowerPaper {
    PowerPaper {
        id: name(id),
        registrant: pharmacy(),
        grantor: "Olga Owner".to_owned(),
        attorney: attorney.to_owned(),
        scopes: vec![Scope::ObtainForms, Scope::SignOrders],
        dated: day("2026-01-05"),
        place: "Springfield".to_owned(),
    }
}

fn drawn(powers: &mut Powers, id: &str, attorney: &str) {
    let events = powers.draw(paper(id, attorney), pharmacist(), nine("2026-01-05")).expect("drawn");
    for event in stored_powers(&events) {
        powers.apply(&event);
    }
}

fn sign(powers: &mut Powers, id: &str, capacity: PowerSigner, signer: &str) {
    let events = powers.sign(&name(id), capacity, signer, nine("2026-01-05")).expect("signed");
    for event in stored_powers(&events) {
        powers.apply(&event);
    }
}

fn granted(powers: &mut Powers, id: &str, attorney: &str) {
    drawn(powers, id, attorney);
    sign(powers, id, PowerSigner::Grantor, "Olga Owner");
    sign(powers, id, PowerSigner::Attorney, attorney);
    sign(powers, id, PowerSigner::Witness, "Wanda Witness");
    sign(powers, id, PowerSigner::Witness, "Walt Witness");
}

#[track_caller]
fn capacity(powers: &Powers, person: &str, day: &str) -> String {
    match powers.capacity(&strictest(), person, nine(day)) {
        Ok((OrderSigner::Registrant, _)) => "registrant".to_owned(),
        Ok((OrderSigner::PowerOfAttorney, Some(state))) => state.paper.id.as_str().to_owned(),
        Ok(_) => "nobody".to_owned(),
        Err(refusal) => refusal.code.0.to_owned(),
    }
}

/// Requirements: pharm-poa-grant
#[test]
fn two_people_can_hold_powers_for_one_location_one_of_them_elsewhere() {
    let mut powers = powers();
    granted(&mut powers, "here", "Rosa Rivera");
    granted(&mut powers, "headquarters", "Hal Elsewhere");
    for (person, power) in [("Rosa Rivera", "here"), ("Hal Elsewhere", "headquarters")] {
        assert_eq!(capacity(&powers, person, "2026-03-02"), power);
        let mut by_attorney = draft(number("210000001"), vec![line(1, oxycodone(), 1)]);
        by_attorney.signer = person.to_owned();
        let events =
            Order::execute(&strictest(), &by_attorney, (&register(), &powers), None, nine("2026-03-02")).expect("good");
        assert_eq!(order(&events).executed().power, Some(name(power)));
    }
    assert_eq!(capacity(&powers, "Olga Owner", "2026-03-02"), "registrant");
    assert_eq!(capacity(&powers, "Nobody Known", "2026-03-02"), "nobody");
    let mut by_nobody = draft(number("210000001"), vec![line(1, oxycodone(), 1)]);
    by_nobody.signer = "Nobody Known".to_owned();
    refused(
        Order::execute(&strictest(), &by_nobody, (&register(), &powers), None, nine("2026-03-02")),
        "LAW-1305.05-SIGNER",
    );
    // For that registration only: another registrant's paper does not enter this file.
    let mut other = paper("other", "Rosa Rivera");
    other.registrant = practitioner();
    refused(powers.draw(other, pharmacist(), nine("2026-01-05")), "BOOKS-POWER-REGISTRANT");
}

/// Requirements: pharm-poa-document-fields, law-poa-witnesses
#[test]
fn a_power_is_not_in_force_until_both_parties_and_two_witnesses_have_signed() {
    let mut powers = powers();
    drawn(&mut powers, "p1", "Rosa Rivera");
    assert_eq!(capacity(&powers, "Rosa Rivera", "2026-03-02"), "LAW-1305.05-UNSIGNED");
    sign(&mut powers, "p1", PowerSigner::Grantor, "Olga Owner");
    assert_eq!(capacity(&powers, "Rosa Rivera", "2026-03-02"), "LAW-1305.05-UNSIGNED");
    sign(&mut powers, "p1", PowerSigner::Attorney, "Rosa Rivera");
    assert_eq!(capacity(&powers, "Rosa Rivera", "2026-03-02"), "LAW-1305.05-WITNESSES");
    sign(&mut powers, "p1", PowerSigner::Witness, "Wanda Witness");
    assert_eq!(capacity(&powers, "Rosa Rivera", "2026-03-02"), "LAW-1305.05-WITNESSES");
    let again = powers.sign(&name("p1"), PowerSigner::Witness, "Wanda Witness", nine("2026-01-05"));
    refused(again, "BOOKS-POWER-SIGNER");
    refused(powers.sign(&name("p1"), PowerSigner::Witness, "Olga Owner", nine("2026-01-05")), "BOOKS-POWER-SIGNER");
    sign(&mut powers, "p1", PowerSigner::Witness, "Walt Witness");
    assert_eq!(capacity(&powers, "Rosa Rivera", "2026-03-02"), "p1");

    for (blank, field) in [("grantor", "grantor"), ("attorney", "attorney"), ("place", "place"), ("scopes", "scopes")] {
        let mut paper = paper("p2", "Rosa Rivera");
        match blank {
            "grantor" => paper.grantor.clear(),
            "attorney" => paper.attorney.clear(),
            "place" => paper.place.clear(),
            _ => paper.scopes.clear(),
        }
        let refusal = refused(powers.draw(paper, pharmacist(), nine("2026-01-05")), "BOOKS-POWER-BLANK");
        assert_eq!(refusal.field.as_deref(), Some(field));
    }
}

/// Requirements: pharm-poa-revocation, pharm-poa-renewal-effect
#[test]
fn revocation_and_a_renewal_signed_by_somebody_else_end_a_power() {
    let mut powers = powers();
    granted(&mut powers, "p1", "Rosa Rivera");
    let witnesses = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let revoke = |grantor: &str, names: &[&str]| {
        powers.revoke(&name("p1"), grantor, witnesses(names), "Springfield", nine("2026-04-01"))
    };
    refused(revoke("Olga Owner", &["Wanda Witness"]), "BOOKS-POWER-WITNESSES");
    refused(revoke("Rosa Rivera", &["Wanda Witness", "Walt Witness"]), "BOOKS-POWER-REVOKER");
    let events = revoke("Olga Owner", &["Wanda Witness", "Walt Witness"]).expect("revoked");
    let mut after = powers.clone();
    for event in stored_powers(&events) {
        after.apply(&event);
    }
    assert_eq!(capacity(&after, "Rosa Rivera", "2026-03-31"), "p1");
    assert_eq!(capacity(&after, "Rosa Rivera", "2026-04-01"), "LAW-1305.05-REVOKED");

    for (signer, expected) in [("Olga Owner", "p1"), ("Nora New", "LAW-1305.05-RENEWED")] {
        let mut after = powers.clone();
        for event in stored_powers(&powers.renewed(signer, nine("2026-05-01"))) {
            after.apply(&event);
        }
        assert_eq!(capacity(&after, "Rosa Rivera", "2026-05-02"), expected, "renewed by {signer}");
    }
}

/// Requirements: pharm-poa-filed-with-forms
#[test]
fn the_file_of_orders_lists_the_powers_in_force_on_each_orders_day() {
    let mut powers = powers();
    granted(&mut powers, "early", "Rosa Rivera");
    granted(&mut powers, "late", "Hal Elsewhere");
    let witnesses = vec!["Wanda Witness".to_owned(), "Walt Witness".to_owned()];
    let revoked = powers.revoke(&name("early"), "Olga Owner", witnesses, "Springfield", nine("2026-03-10"));
    for event in stored_powers(&revoked.expect("revoked")) {
        powers.apply(&event);
    }
    let on = |serial: &str, day: &str| {
        order(&execute(&draft(number(serial), vec![line(1, oxycodone(), 1)]), nine(day)).expect("good"))
    };
    let orders = [on("210000002", "2026-03-20"), on("210000001", "2026-03-02")];
    let filed = file(&orders, &powers);
    let listed: Vec<(String, Vec<&str>)> = filed
        .iter()
        .map(|entry| {
            (entry.order.executed().number.to_string(), entry.powers.iter().map(|power| power.as_str()).collect())
        })
        .collect();
    assert_eq!(listed, [("210000001".to_owned(), vec!["early", "late"]), ("210000002".to_owned(), vec!["late"])]);
    // The revoked paper itself stays in the file.
    assert_eq!(powers.all().count(), 2);
}
