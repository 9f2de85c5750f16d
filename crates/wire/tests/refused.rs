//! What is refused before it is a message: each bound inside, at and outside; each kind of bad input with its code.

#![allow(clippy::disallowed_methods, reason = "these tests measure how long a refusal takes")]

mod support;

use std::io::Read;
use std::time::{Duration, Instant};
use theriac_wire::script::{Limits, decode, decode_from, decode_with};

fn check(input: impl AsRef<[u8]>, code: &str) {
    let input = input.as_ref();
    let show: String = String::from_utf8_lossy(input).chars().take(200).collect();
    match decode(input) {
        Ok(_) => assert_eq!(code, "", "{show} was read"),
        Err(refusal) => {
            assert_eq!(refusal.code.0, code, "{show}: {refusal}");
            assert!(!refusal.what.is_empty() && !refusal.next.is_empty() && !refusal.cite.as_str().is_empty());
        }
    }
}

fn message(body: &str) -> String {
    format!("<Message><Header><MessageID>1</MessageID></Header><Body>{body}</Body></Message>")
}

#[test]
fn what_is_not_plain_xml_in_utf8_is_refused() {
    let good = message("<NewRx/>");
    check(&good, "");
    check(format!("\u{FEFF}{good}"), "");
    check(format!("<?xml version='1.0'?>{good}"), "");
    check(format!("<?xml version='1.0' encoding='us-ascii'?>{good}"), "");
    check("", "WIRE-EMPTY");
    check("  \n", "WIRE-EMPTY");
    check("<!-- nothing -->", "WIRE-EMPTY");
    check("hello", "WIRE-XML-SYNTAX");
    check(format!("<?xml version='1.1'?>{good}"), "WIRE-XML-VERSION");
    check(format!("<?xml version='1.0' encoding='ISO-8859-1'?>{good}"), "WIRE-ENCODING");
    check(format!("<?xml version='1.0' encoding='UTF-16'?>{good}"), "WIRE-ENCODING");
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check(&utf16, "WIRE-ENCODING");
    check([&[0xFF, 0xFE], utf16.as_slice()].concat(), "WIRE-ENCODING");
    let utf16: Vec<u8> = good.encode_utf16().flat_map(u16::to_be_bytes).collect();
    check([&[0xFE, 0xFF], utf16.as_slice()].concat(), "WIRE-ENCODING");
    check(message("<NewRx><ReturnReceipt>\u{E9}</ReturnReceipt></NewRx>"), "");
    let mut latin = message("<NewRx><ReturnReceipt>?</ReturnReceipt></NewRx>").into_bytes();
    let at = latin.iter().position(|&b| b == b'?').expect("there");
    latin[at] = 0xE9;
    check(&latin, "WIRE-UTF8");
    check([b"<?xml version='1.0' encoding='ISO-8859-1'?>".as_slice(), &latin].concat(), "WIRE-ENCODING");
}

#[test]
fn document_types_entities_and_instructions_are_refused() {
    let good = message("<NewRx/>");
    check(format!("<!DOCTYPE Message>{good}"), "WIRE-XML-DTD");
    check(format!("<!DOCTYPE Message [<!ENTITY a 'b'>]>{good}"), "WIRE-XML-DTD");
    check(format!("<!DOCTYPE Message SYSTEM 'http://example.org/x.dtd'>{good}"), "WIRE-XML-DTD");
    check(message("<NewRx><ReturnReceipt>&a;</ReturnReceipt></NewRx>"), "WIRE-XML-ENTITY");
    check(message("<NewRx><ReturnReceipt>&nbsp;</ReturnReceipt></NewRx>"), "WIRE-XML-ENTITY");
    check(message("<NewRx a='&a;'/>"), "WIRE-XML-ENTITY");
    check(
        message("<NewRx a='&lt;&#65;'><ReturnReceipt>&lt;&gt;&amp;&quot;&apos;&#65;&#x41;</ReturnReceipt></NewRx>"),
        "",
    );
    check(format!("<?xml-stylesheet href='x'?>{good}"), "WIRE-XML-INSTRUCTION");
    check(message("<NewRx><?php echo 1 ?></NewRx>"), "WIRE-XML-INSTRUCTION");
    check(format!(" <?xml version='1.0'?>{good}"), "WIRE-XML-INSTRUCTION");
    for character in ["&#0;", "&#1;", "&#xFFFE;", "&#xD800;", "&#x110000;", "\u{1}", "\u{FFFF}"] {
        check(message(&format!("<NewRx><ReturnReceipt>{character}</ReturnReceipt></NewRx>")), "WIRE-XML-CHARACTER");
    }
    check(message("<NewRx a='\u{1}'/>"), "WIRE-XML-CHARACTER");
    check(message("<NewRx><!-- \u{1} --></NewRx>"), "WIRE-XML-CHARACTER");
}

#[test]
fn ill_formed_xml_is_refused() {
    for body in [
        "<NewRx>",
        "</NewRx>",
        "<NewRx></newrx>",
        "<NewRx a='1' a='2'/>",
        "<NewRx a=1/>",
        "<NewRx a/>",
        "<NewRx a='<'/>",
        "<1NewRx/>",
        "<NewRx><!-- a -- b --></NewRx>",
        "<NewRx><![CDATA[</NewRx>",
        "<NewRx>&",
        "< NewRx/>",
    ] {
        check(message(body), "WIRE-XML-SYNTAX");
    }
    check("<Message><Header/><Body><NewRx/></Body></Message><Message/>", "WIRE-XML-SYNTAX");
    check("<Message><Header/><Body><NewRx/></Body></Message>x", "WIRE-XML-SYNTAX");
    check(message("<NewRx>text<Patient/></NewRx>"), "WIRE-XML-MIXED");
    check(message("<NewRx><Patient/>text</NewRx>"), "WIRE-XML-MIXED");
    check("<s:Message xmlns:s='u'><Header/></s:Message>", "WIRE-XML-NAMESPACE");
}

#[test]
fn a_message_has_one_header_and_one_message_in_one_body() {
    check("<root/>", "WIRE-SCRIPT-ROOT");
    check("<message/>", "WIRE-SCRIPT-ROOT");
    check("<Message/>", "WIRE-SCRIPT-HEADER");
    check("<Message><Body><NewRx/></Body></Message>", "WIRE-SCRIPT-HEADER");
    check("<Message><Header/><Header/><Body><NewRx/></Body></Message>", "WIRE-SCRIPT-HEADER");
    check("<Message><Header/></Message>", "WIRE-SCRIPT-BODY");
    check("<Message><Header/><Body/></Message>", "WIRE-SCRIPT-BODY");
    check("<Message><Header/><Body><NewRx/><NewRx/></Body></Message>", "WIRE-SCRIPT-BODY");
    check("<Message><Header/><Body><NewRx/><Extra/></Body></Message>", "WIRE-SCRIPT-BODY");
    check("<Message><Header/><Body><NewRx/></Body><Body><NewRx/></Body></Message>", "WIRE-SCRIPT-BODY");
    check("<Message><Header/><Body><Anything/></Body></Message>", "");
}

fn check_bound(input: &str, limits: &Limits, code: &str) {
    let found = decode_with(input.as_bytes(), limits).map_or_else(|refusal| refusal.code.0, |_| "");
    assert_eq!(found, code);
}

#[test]
fn each_bound_holds_inside_at_and_outside() {
    let nested = |deep: usize| message(&format!("{}{}", "<a>".repeat(deep), "</a>".repeat(deep)));
    // Message and Body stand above.
    for (deep, code) in [(1, ""), (62, ""), (63, "WIRE-XML-DEPTH"), (10_000, "WIRE-XML-DEPTH")] {
        check_bound(&nested(deep), &Limits::DEFAULT, code);
    }
    let many = |count: usize| message(&format!("<NewRx>{}</NewRx>", "<a/>".repeat(count)));
    // Message, Header, MessageID, Body and NewRx count.
    for (count, code) in [(99_994, ""), (99_995, ""), (99_996, "WIRE-XML-ELEMENTS")] {
        check_bound(&many(count), &Limits::DEFAULT, code);
    }
    let attributes = |count: usize| {
        let all: Vec<String> = (0..count).map(|n| format!("a{n}='1'")).collect();
        message(&format!("<NewRx {}/>", all.join(" ")))
    };
    for (count, code) in [(31, ""), (32, ""), (33, "WIRE-XML-ATTRIBUTES")] {
        check_bound(&attributes(count), &Limits::DEFAULT, code);
    }
    for (length, code) in [(127, ""), (128, ""), (129, "WIRE-XML-LENGTH")] {
        let name = "a".repeat(length);
        check_bound(&message(&format!("<{name}/>")), &Limits::DEFAULT, code);
        check_bound(&message(&format!("<NewRx {name}='1'/>")), &Limits::DEFAULT, code);
    }
    let limits = Limits { text_bytes: 100, ..Limits::DEFAULT };
    for (length, code) in [(99, ""), (100, ""), (101, "WIRE-XML-LENGTH")] {
        let text = "t".repeat(length);
        check_bound(&message(&format!("<NewRx><Note>{text}</Note></NewRx>")), &limits, code);
        check_bound(&message(&format!("<NewRx a='{text}'/>")), &limits, code);
        let pieces = "&#116;".repeat(length);
        check_bound(&message(&format!("<NewRx><Note>{pieces}</Note></NewRx>")), &limits, code);
    }
    let good = message("<NewRx/>");
    for (size, code) in [(good.len() + 1, ""), (good.len(), ""), (good.len() - 1, "WIRE-SIZE")] {
        let limits = Limits { message_bytes: size, ..Limits::DEFAULT };
        check_bound(&good, &limits, code);
        let found = decode_from(good.as_bytes(), &limits).map_or_else(|refusal| refusal.code.0, |_| "");
        assert_eq!(found, code);
    }
}

#[test]
fn notices_are_bounded() {
    let many = message(&format!("<NewRx>{}</NewRx>", "<Unknown/>".repeat(1000)));
    let read = decode(many.as_bytes()).expect("well formed");
    assert_eq!(read.notices().len(), Limits::DEFAULT.notices + 2, "the bound, one that says so, and the version's");
    assert!(read.notices().iter().any(|notice| notice.what.ends_with("more notices were left out")));
}

/// A stream without end: reading it whole would never finish.
struct Endless {
    given: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        buffer.fill(b' ');
        self.given += buffer.len();
        Ok(buffer.len())
    }
}

#[test]
fn an_endless_stream_is_refused_when_the_limit_is_reached() {
    let mut endless = Endless { given: 0 };
    let refusal = decode_from(&mut endless, &Limits::DEFAULT).expect_err("endless");
    assert_eq!(refusal.code.0, "WIRE-SIZE");
    assert!(endless.given <= Limits::DEFAULT.message_bytes + 1, "{} bytes were taken", endless.given);
}

#[test]
fn the_largest_hostile_inputs_are_refused_quickly() {
    let large = 10 * 1024 * 1024 - 200;
    let bomb = format!("<!DOCTYPE m [<!ENTITY a '{}'>]>{}", "A".repeat(large), message("<NewRx/>"));
    let deep = "<a>".repeat(large / 3);
    let wide = format!("<Message {}>", "a='1' ".repeat(large / 6));
    let unclosed = format!("<Message a='{}", "x".repeat(large));
    let comment = format!("<!--{}", "-".repeat(large));
    let too_long = "x".repeat(11 * 1024 * 1024);
    for (input, code) in [
        (bomb, "WIRE-XML-DTD"),
        (deep, "WIRE-SCRIPT-ROOT"),
        (wide, "WIRE-XML-SYNTAX"),
        (unclosed, "WIRE-XML-SYNTAX"),
        (comment, "WIRE-XML-SYNTAX"),
        (too_long, "WIRE-SIZE"),
    ] {
        let started = Instant::now();
        check(&input, code);
        // Ten MiB in a build without optimisation, beside other tests; an optimised build takes a tenth of it.
        let most = if cfg!(debug_assertions) { Duration::from_secs(10) } else { Duration::from_secs(1) };
        assert!(started.elapsed() < most, "{code} took {:?}", started.elapsed());
    }
}

#[test]
fn a_refusal_never_repeats_what_the_message_says() {
    let secret = "Confidential-Name";
    for input in [
        message(&format!("<NewRx><Note>{secret}&a;</Note></NewRx>")),
        message(&format!("<NewRx>{secret}<Patient/></NewRx>")),
        message(&format!("<NewRx><Note>{secret}\u{1}</Note></NewRx>")),
        message(&format!("<NewRx><Note>{secret}</Note>")),
    ] {
        let refusal = decode(input.as_bytes()).expect_err("bad").to_string();
        assert!(!refusal.contains(secret), "{refusal}");
    }
}
