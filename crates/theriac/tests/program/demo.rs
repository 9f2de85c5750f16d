//! `theriac demo --once`: the main job in one command, and what it prints of it.

use crate::common::{DEMO, run};

/// A refusal as the demonstration tells it.
#[derive(Debug)]
struct Told<'a> {
    code: &'a str,
    cite: &'a str,
    edition: &'a str,
    next: &'a str,
}

/// The first refusal under the line `x TRIED`.
fn told(tried: &str) -> Told<'static> {
    let text: &'static str = &DEMO.told;
    let mut lines = text.lines().skip_while(|line| line.strip_prefix("  x ") != Some(tried)).skip(1);
    let mut line = || lines.next().unwrap_or_else(|| panic!("nothing is told of: {tried}")).trim();
    let code = line().split([' ', ':']).next().unwrap();
    let (cite, edition) = line().rsplit_once(" (").unwrap();
    let next = line().strip_prefix("next: ").unwrap();
    Told { code, cite, edition: edition.split(':').next().unwrap(), next }
}

fn check(tried: &str, code: &str, cite: &str, edition: &str) {
    let told = told(tried);
    assert_eq!((told.code, told.edition), (code, edition), "{tried}");
    assert!(told.cite.contains(cite), "{tried}: {told:?}");
    assert!(told.next.len() > 10, "{tried}: {told:?}");
}

/// Requirements: epcs-1311.130-b, epcs-1311.130-c, epcs-pre-8-complete-before-send
#[test]
fn each_refusal_at_the_practice_shows_code_citation_edition_and_next_step() {
    check("mark a draft without directions as ready", "RX-DRAFT-INCOMPLETE", "1311.120(b)", "cfr");
    check("the agent agrees and signs", "RX-SIGN-NOT-REGISTRANT", "1311.125(d)", "cfr");
    check("sign with a wrong PIN", "PKI-PASS-PIN", "1311.115(a)", "cfr");
    check("sign for two patients in one act", "LAW-1311.140-PATIENTS", "1311.140(a)", "cfr");
    check("transmit a prescription that was printed", "RX-TRANSMIT-PRINTED", "1311.130(c)", "cfr");
    check("print a prescription that was transmitted", "RX-PRINT-TRANSMITTED", "1311.130(b)", "cfr");
    check("sign under a registration that has run out", "PKI-PASS-EXPIRED", "1311.125(d)(3)", "cfr");
}

/// Requirements: epcs-1306.08-d, epcs-1311.165-c-1, epcs-1311.165-c-2, epcs-1311.165-c-3, epcs-pre-10-send-once
#[test]
fn each_rejection_at_the_pharmacy_shows_code_citation_edition_and_next_step() {
    check("an intermediary made 90 tablets of 30", "LAW-1306.08-ALTERED", "1306.08(d)", "cfr");
    let unsigned = "another vendor's message that does not say it is signed";
    check(unsigned, "LAW-1306.05-UNSIGNED", "1306.05(d)", "cfr");
    check("another vendor's message without the patient's street", "LAW-1306.05-MISSING", "1306.05", "cfr");
    check("a registration that had run out at signing", "LAW-1306.03-REGISTRATION", "1306.03(a)(2)", "cfr");
    let twin = "the first prescription once more, in another layout";
    check(twin, "PHARM-TWIN", "73 FR 36754", "proposed-2008");
    check("a signature by a key that nobody here trusts", "PKI-PATH-ISSUER", "1311.205(b)(5)", "cfr");
}

#[test]
fn each_refusal_to_dispense_shows_code_citation_edition_and_next_step() {
    check("fill 60 of which 40 are on the shelf", "BOOKS-NOT-ENOUGH", "1304.21(a)", "cfr");
    check("a technician dispenses", "PHARM-NOT-A-PHARMACIST", "1306.06", "cfr");
    check("the wrong bottle is scanned", "PHARM-PRODUCT", "1306.05(a)", "cfr");
    check("a sixth refill", "LAW-1306.22-COUNT", "1306.22(a)", "cfr");
    check("a refill of schedule II", "LAW-1306.12-REFILL", "1306.12(a)", "cfr");
    check("the last refill, more than six months after issue", "LAW-1306.22-EXPIRED", "1306.22(a)", "cfr");
}

/// Requirements: law-refill-original-not-counted
#[test]
fn five_refills_allow_six_fillings_and_the_seventh_is_refused() {
    let of = |wanted: &str| {
        let fillings = DEMO.told.lines().filter(|line| line.contains(" 0000004  "));
        fillings.filter(|line| line.split_whitespace().nth(3) == Some(wanted)).count()
    };
    assert_eq!((of("fill"), of("refill")), (1, 5));
    assert_eq!(told("a sixth refill").code, "LAW-1306.22-COUNT");
}

#[test]
fn an_altered_or_incomplete_element_is_named() {
    let named = |code: &str, field: &str| {
        let wanted = format!("{code} [{field}]: ");
        assert!(DEMO.told.lines().any(|line| line.trim_start().starts_with(&wanted)), "{wanted}");
    };
    named("LAW-1306.08-ALTERED", "quantity.value");
    named("LAW-1306.05-MISSING", "patient.address.line1");
    named("RX-DRAFT-INCOMPLETE", "directions");
}

#[test]
fn prescriptions_of_schedules_two_to_five_are_signed_sent_and_accepted() {
    for schedule in ["C-II ", "C-III ", "C-IV ", "C-V "] {
        let went =
            |line: &&str| line.contains(schedule) && line.contains("drafted by agent, signed, re-laid by the relay");
        assert!(DEMO.told.lines().filter(went).any(|line| line.contains("accepted as 000000")), "{schedule}");
    }
    for kind in ["fill", "partial", "remainder", "refill"] {
        let done = |line: &str| line.split_whitespace().nth(3).is_some_and(|word| word.starts_with(kind));
        assert!(DEMO.told.lines().any(done), "nothing was dispensed as {kind}");
    }
}

/// The number that stands before `what` in the last lines.
fn figure(what: &str) -> u64 {
    let before = DEMO.told.rsplit_once("In figures").unwrap().1.split_once(what).unwrap_or_else(|| panic!("no {what}"));
    before.0.trim_end().rsplit([' ', '\n']).next().unwrap().parse().unwrap()
}

#[test]
fn the_summary_counts_what_was_told() {
    let count = |wanted: &str| DEMO.told.lines().filter(|line| line.contains(wanted)).count() as u64;
    assert_eq!(figure(" accepted,"), count("accepted as 0"));
    assert_eq!(figure(" refusals explained"), DEMO.told.lines().filter(|line| line.starts_with("  x ")).count() as u64);
    assert_eq!(figure(" rejected,"), 6);
    let dispensed = |line: &&str| {
        let mut words = line.split_whitespace().skip(2);
        words.next().is_some_and(|number| number.len() == 7 && number.starts_with('0'))
    };
    assert_eq!(figure(" dispensings,"), DEMO.told.lines().filter(dispensed).count() as u64);
    let entries = DEMO
        .told
        .lines()
        .find_map(|line| line.trim().strip_suffix(" entries, all recomputed and found as written; signed checkpoint:"));
    assert_eq!(entries, Some(figure(" journal entries").to_string().as_str()));
}

#[test]
fn the_demonstration_stays_under_150_megabytes() {
    let megabytes = figure(" MB of memory at most");
    // 0 stands for a system that does not tell.
    assert!(megabytes < 150, "{megabytes} MB");
}

/// Requirements: epcs-pre-5-insider-prevention
#[test]
fn the_insiders_byte_is_named_and_the_demonstrations_own_store_stays_clean() {
    let entry = DEMO.told.lines().find_map(|line| line.trim().strip_prefix("theriac journal check: entry "));
    let (entry, what) = entry.unwrap().split_once(": ").unwrap();
    assert!(what.starts_with("edited: "), "{what}");
    let world = DEMO.copy();
    let report = world.check(0);
    assert_eq!(report["clean"], true);
    assert_eq!(report["entries"], figure(" journal entries"));
    // The copy that the insider edited gives the same answer to whoever asks later.
    let copy = format!("sqlite:{}", world.dir().join("insider").join("insider.db").display());
    let report = run(&[&"journal", &"check", &"--json", &"--store", &copy, &"--dir", &world.dir()]).expect(1).json();
    assert_eq!(report["bad"][0]["entry"].to_string(), entry);
    assert_eq!(report["bad"][0]["wrong"], "edited");
}

#[test]
fn a_directory_that_holds_a_deployment_is_not_used_again() {
    let world = DEMO.copy();
    let ran = run(&[&"demo", &"--once", &"--dir", &world.dir()]).expect(2);
    assert!(ran.err.starts_with("HOUSE-EXISTS: "), "{}", ran.err);
    assert!(ran.err.contains("\nNext: choose another directory"), "{}", ran.err);
    assert_eq!(ran.out, "");
    assert_eq!(world.check(0)["clean"], true);
}
