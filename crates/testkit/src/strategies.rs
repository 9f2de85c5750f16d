//! Random valid values for property tests.

use crate::people::dea;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, civil::date};
use proptest::option;
use proptest::prelude::*;
use theriac_model::{
    Address, Contents, Decimal, Drug, DrugUnit, Ndc, Patient, PersonName, Practitioner, Quantity, Registration,
    Schedule,
};

/// Text as people write it: words with single spaces between them, so that it is its own canonical form.
fn words(most: usize) -> impl Strategy<Value = String> {
    let word = "[A-Za-z0-9,.()/'\u{e9}\u{f1}\u{fc}\u{141}\u{4e2d}&<>\"-]{1,12}";
    prop::collection::vec(word, 1..=most).prop_map(|words| words.join(" "))
}

/// A name.
pub fn person() -> impl Strategy<Value = PersonName> {
    (words(2), words(1), option::of(words(1)), option::of(Just("Jr".to_owned())))
        .prop_map(|(last, first, middle, suffix)| PersonName { last, first, middle, suffix })
}

/// An address.
pub fn any_address() -> impl Strategy<Value = Address> {
    (words(4), option::of(words(2)), words(2), "[A-Z]{2}", "[0-9]{5}(-[0-9]{4})?")
        .prop_map(|(line1, line2, city, state, postal)| Address { line1, line2, city, state, postal })
}

/// A registration, own or an institution's.
pub fn any_registration() -> impl Strategy<Value = Registration> {
    (prop::array::uniform2(b'A'..=b'Z'), 0..1_000_000u32, option::of("[A-Za-z0-9]{1,20}")).prop_map(
        |(letters, six, internal_code)| match internal_code {
            None => Registration::Own(dea(letters, six)),
            Some(internal_code) => Registration::Institutional { number: dea(letters, six), internal_code },
        },
    )
}

fn any_date() -> impl Strategy<Value = Date> {
    (0..20_000i64).prop_map(|days| date(1990, 1, 1).checked_add(days.days()).expect("within the calendar"))
}

fn any_quantity() -> impl Strategy<Value = Quantity> {
    prop_oneof![
        (1..10_000u32).prop_map(|count| (Decimal::whole(count), DrugUnit::Tablet)),
        (1..10_000u32).prop_map(|count| (Decimal::whole(count), DrugUnit::Patch)),
        (1..10_000_000u32).prop_map(|microlitres| {
            let text = format!("{}.{:03}", microlitres / 1000, microlitres % 1000);
            (Decimal::parse(&text).expect("a decimal"), DrugUnit::Millilitre)
        }),
    ]
    .prop_map(|(value, unit)| Quantity::new(value, unit).expect("countable and more than zero"))
}

fn any_drug() -> impl Strategy<Value = Drug> {
    let schedule = prop::sample::select(vec![Schedule::II, Schedule::III, Schedule::IV, Schedule::V]);
    let form = prop::sample::select(vec!["Tablet", "Capsule", "Oral Solution", "Invented form"]);
    let ndc = "[0-9]{11}".prop_map(|digits| Ndc::parse(&digits).expect("eleven digits"));
    (words(3), words(2), form, option::of(ndc), option::of(schedule))
        .prop_map(|(name, strength, form, ndc, schedule)| Drug { name, strength, form: form.to_owned(), ndc, schedule })
}

/// Complete, valid contents. They need not be lawful: a schedule II drug may have refills.
pub fn contents() -> impl Strategy<Value = Contents> {
    let patient = (person(), any_address(), option::of(any_date())).prop_map(|(name, address, born)| Patient {
        name,
        address,
        born,
    });
    let practitioner = (person(), any_address(), any_registration())
        .prop_map(|(name, address, registration)| Practitioner { name, address, registration, service_id: None });
    let signed =
        (0..2_000_000_000i64).prop_map(|seconds| Timestamp::from_second(seconds).expect("within the calendar"));
    let rest = (0..12u16, option::of(any_date()), option::of(1..366u16), option::of(words(8)));
    (any_date(), signed, patient, practitioner, any_drug(), any_quantity(), words(12), rest).prop_map(
        |(issued, signed_at, patient, practitioner, drug, quantity, directions, rest)| {
            let (refills, earliest_fill, days_supply, note) = rest;
            Contents {
                issued,
                signed_at,
                patient,
                practitioner,
                drug,
                quantity,
                directions,
                refills,
                earliest_fill,
                days_supply,
                note,
            }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn generated_contents_are_complete_and_survive_their_canonical_form(contents in contents()) {
            let canonical = contents.canonical().expect("canonical");
            prop_assert_eq!(canonical.missing(), vec![]);
            prop_assert_eq!(Contents::from_canonical(&canonical), Ok(contents));
        }
    }
}
