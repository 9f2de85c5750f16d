//! Nothing from outside makes the codec panic, and odd texts survive or are refused.

mod support;

use proptest::prelude::*;
use theriac_model::Element;
use theriac_wire::script::{Lookup, check, decode, encode, encode_indented, from_contents, relayout, to_contents};

/// Does everything one can do with bytes. Whatever is read must survive printing.
fn exercise(bytes: &[u8]) {
    let report = check(bytes, &|_, _| Lookup::Unknown);
    let _ = (report.to_text(), report.to_json());
    let Ok(message) = decode(bytes) else { return };
    for printed in [encode(&message), encode_indented(&message)] {
        let again =
            decode(&printed).unwrap_or_else(|refusal| panic!("{refusal}\n{}", String::from_utf8_lossy(&printed)));
        assert_eq!(again, message, "{}", String::from_utf8_lossy(&printed));
    }
    let other = decode(&relayout(&message, 5)).expect("a layout of what was read");
    assert_eq!(to_contents(&other).contents, to_contents(&message).contents);
}

/// Pieces of XML that make trouble together.
fn soup() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "<Message>",
        "</Message>",
        "<Header>",
        "</Header>",
        "<Header/>",
        "<Body>",
        "</Body>",
        "<NewRx>",
        "</NewRx>",
        "<NewRx/>",
        "<Patient>",
        "</Patient>",
        "<HumanPatient/>",
        "<Name>",
        "</Name>",
        "<LastName>x</LastName>",
        "<!-- c -->",
        "<![CDATA[<&]]>",
        "<![CDATA[]]>",
        "&amp;",
        "&#10;",
        "&#x41;",
        "&x;",
        " ",
        "\n",
        "\r\n",
        "text",
        "<a b='1'/>",
        "<a:b/>",
        "<MedicationPrescribed>",
        "</MedicationPrescribed>",
        "<Quantity><Value>1</Value></Quantity>",
        "<?pi?>",
        "<!DOCTYPE a>",
        "<WrittenDate><Date>2026-01-01</Date></WrittenDate>",
        "\u{FEFF}",
        "<",
        ">",
        "&",
        "]]>",
        "<Sig Version=\"1\">",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(600) })]

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        exercise(&bytes);
    }

    #[test]
    fn pieces_of_xml_never_panic(text in soup()) {
        exercise(text.as_bytes());
        exercise(format!("<Message><Header/><Body><NewRx>{text}</NewRx></Body></Message>").as_bytes());
    }

    #[test]
    fn mutated_messages_never_panic(at in any::<prop::sample::Index>(), byte: u8, cut in 0usize..40) {
        let mut bytes = encode(&support::sample_message());
        let at = at.index(bytes.len());
        bytes[at] = byte;
        exercise(&bytes);
        let end = (at + cut).min(bytes.len());
        bytes.drain(at..end);
        exercise(&bytes);
    }
}

#[test]
fn mutated_real_messages_never_panic() {
    for (name, bytes) in support::files("ncpdp-script", "xml") {
        let step = bytes.len() / 20 + 1;
        for at in (0..bytes.len()).step_by(step) {
            for change in [0x00, b'<', b'>', b'&', b'"', 0xFF] {
                let mut changed = bytes.clone();
                changed[at] = change;
                exercise(&changed);
            }
            exercise(&bytes[..at]);
            exercise(&[&bytes[..at], &bytes[(at + step).min(bytes.len())..]].concat());
        }
        println!("{name}");
    }
}

#[test]
fn naughty_strings_survive_or_are_refused_by_name() {
    let Some((_, bytes)) = support::files("strings", "json").pop() else { return };
    let strings: Vec<String> = serde_json::from_slice(&bytes).expect("a list of strings");
    assert!(strings.len() > 400);
    let (mut survived, mut refused) = (0, 0);
    for string in &strings {
        for element in
            [Element::PatientLast, Element::DrugName, Element::Directions, Element::Note, Element::DrugStrength]
        {
            let mut contents = support::travelling(&support::sample());
            contents.clear(element);
            if let Err(error) = contents.set(element, string) {
                assert!(error.to_string().starts_with(element.tag()), "{error}");
                refused += 1;
                continue;
            }
            match from_contents(&contents, &support::envelope()) {
                Ok(message) => {
                    for bytes in [encode(&message), relayout(&message, survived)] {
                        let arrived = to_contents(&decode(&bytes).expect("our own message"));
                        assert_eq!(contents.differences(&arrived.contents), [], "{string:?}");
                    }
                    survived += 1;
                }
                Err(refusals) => {
                    let fields: Vec<_> = refusals.iter().filter_map(|refusal| refusal.field.as_deref()).collect();
                    assert_eq!(fields, [element.tag()], "{string:?}");
                    refused += 1;
                }
            }
        }
        // The same string as the text of an element somebody else sent.
        let wrapped =
            format!("<Message><Header/><Body><NewRx><Note><![CDATA[{string}]]></Note></NewRx></Body></Message>");
        exercise(wrapped.as_bytes());
        exercise(string.as_bytes());
    }
    assert!(survived > 1000 && refused > 100, "{survived} survived, {refused} refused");
}
