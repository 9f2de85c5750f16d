//! Manual, appendix D; cards, "NABP Ref Flags": warning signs, with what they say.

use super::{Case, answer, check, prescription, warnings};
use serde_json::{Value, json};
use std::sync::Arc;
use theriac_law::{Overlay, Profile};

/// Which signs a prescription of schedule II raises, with their words.
fn signs(screen: Value) -> Vec<(String, String)> {
    let case = Case::ask("screen", "2022-01-12", json!({"prescription": prescription("II"), "screen": screen}));
    let decision = case.decide(&Profile::strictest());
    assert!(decision.is_permitted(), "a sign denies nothing");
    decision.warnings().map(|(rule, refusal)| (rule.id.to_owned(), refusal.what.to_string())).collect()
}

fn raised(screen: Value) -> Vec<String> {
    signs(screen).into_iter().map(|(rule, _)| rule).collect()
}

/// Requirements: law-flag-cocktail
#[test]
fn the_three_together_are_a_flag_and_two_of_them_a_lesser_warning() {
    let codes = |active: Value| {
        let case = Case::ask("screen", "2022-01-12", json!({"screen": {"class": "opioid", "active": active}}));
        warnings(&case, &Profile::strictest())
    };
    assert_eq!(codes(json!(["benzodiazepine", "muscle-relaxant"])), ["LAW-FLAG-COCKTAIL"]);
    assert_eq!(codes(json!(["benzodiazepine"])), ["LAW-FLAG-COCKTAIL-TWO"]);
    assert_eq!(codes(json!(["muscle-relaxant"])), ["LAW-FLAG-COCKTAIL-TWO"]);
    assert_eq!(codes(json!([])), Vec::<String>::new());
    assert_eq!(codes(json!(["opioid"])), Vec::<String>::new());
}

/// Requirements: law-flag-behaviour, law-flag-slang, law-flag-face-irregular
#[test]
fn what_staff_noted_is_raised_with_author_and_time() {
    for (kind, rule) in [
        ("behaviour", "flag-behaviour"),
        ("street-name", "flag-street-name"),
        ("face-irregular", "flag-face-irregular"),
    ] {
        let note = json!({"notes": [{"kind": kind, "author": "tech-4", "at": "2022-01-12T09:00:00-05:00"}]});
        let told = signs(note);
        assert_eq!(told.len(), 1, "{kind}");
        assert_eq!(told[0].0, rule);
        assert!(told[0].1.contains("tech-4") && told[0].1.contains("2022-01-12T09:00"), "{}", told[0].1);
    }
}

/// Requirements: law-flag-forged-look
#[test]
fn each_sign_of_forgery_raises_the_flag_and_is_named() {
    for sign in ["too-legible", "unusual-use", "textbook", "no-abbreviations", "photocopied", "several-inks"] {
        let told = signs(json!({"forgery": [sign]}));
        assert_eq!(told.len(), 1);
        assert!(told[0].0 == "flag-forged-look" && told[0].1.contains(sign), "{}", told[0].1);
    }
}

/// Requirements: law-flag-too-frequent, pharm-flag-early-return, pharm-flag-antagonistic, pharm-flag-prescriber-volume
#[test]
fn a_sign_says_its_figures() {
    let early = signs(json!({"last_supply_days": 30, "days_since_last": 14}));
    assert_eq!(early[0].0, "flag-too-frequent");
    assert!(early[0].1.contains("16 days early"), "{}", early[0].1);
    let volume = signs(json!({"prescriber_percentile": 99}));
    assert!(volume[0].0 == "flag-prescriber-volume" && volume[0].1.contains("99"), "{}", volume[0].1);
    let group = signs(json!({"alike_minutes_ago": [5, 20, 30]}));
    assert!(group[0].0 == "flag-group" && group[0].1.contains("4 similar"), "{}", group[0].1);
    assert_eq!(raised(json!({"class": "stimulant", "active": ["other-depressant"]})), ["flag-uppers-downers"]);
}

/// Requirements: law-flag-multiple-prescribers, law-pdmp-patterns
#[test]
fn several_prescribers_and_several_pharmacies_are_two_findings() {
    assert_eq!(raised(json!({"prescribers": 4, "pharmacies": 5})), ["flag-prescribers", "flag-pharmacies"]);
    assert_eq!(raised(json!({"prescribers": 2, "pharmacies": 2})), ["flag-prescribers"]);
    assert_eq!(raised(json!({"prescribers": 1, "pharmacies": 3})), ["flag-pharmacies"]);
}

/// Requirements: law-flag-early-refill, law-flag-distance, law-flag-pill-mill, law-flag-scope, law-flag-cash,
/// law-flag-pending-action, law-flag-large-or-strong-initial, law-flag-other-names, law-flag-strangers,
/// law-flag-unusual-dose, law-flag-late-presentation, law-cannabis-profile
#[test]
fn each_fact_raises_its_own_sign_and_no_other() {
    let cases = [
        (json!({"early_requests": 3}), "flag-early-refill"),
        (json!({"distance_miles": 51}), "flag-distance"),
        (json!({"alike_today": 5}), "flag-pill-mill"),
        (json!({"specialty": "psychiatry", "class": "opioid"}), "flag-scope"),
        (json!({"payment": "cash", "class": "opioid"}), "flag-cash"),
        (json!({"pending_action": true}), "flag-pending-action"),
        (json!({"first_ever": true, "class": "opioid"}), "flag-large-or-strong"),
        (json!({"in_other_names": 2}), "flag-other-names"),
        (json!({"new_patients_today": 3}), "flag-strangers"),
        (json!({"daily_dose": 91, "usual_daily_maximum": 90}), "flag-unusual-dose"),
        (json!({"profile": ["cannabis"], "class": "opioid"}), "flag-cannabis"),
        (json!({"profile": ["cannabis"], "cyp450_substrate": true}), "flag-cannabis"),
    ];
    for (screen, rule) in cases {
        assert_eq!(raised(screen), [rule]);
    }
    assert_eq!(raised(json!({})), Vec::<String>::new());
    let late = Case::ask("screen", "2022-02-10", json!({"prescription": prescription("IV"), "screen": {}}));
    assert_eq!(warnings(&late, &Profile::strictest()), ["LAW-FLAG-LATE"]);
    assert_eq!(warnings(&late.with("request/at", "2022-02-09"), &Profile::strictest()), Vec::<String>::new());
    let begun = late.with("facts/history", json!([{"kind": "fill", "at": "2022-01-11", "quantity": 30}]));
    assert_eq!(
        warnings(&begun, &Profile::strictest()),
        Vec::<String>::new(),
        "a refill was presented with its first filling"
    );
}

/// The figures are a house's to set, looser or tighter.
#[test]
fn a_house_sets_the_figures() {
    let overlay = "edition = \"house.corner\"\n[parameter.\"flags.distance.miles\"]\nvalue = 100\ncite = \"Cards 2021, NABP Ref Flags\"\n";
    let house = Profile::strictest().with_house(Arc::new(Overlay::parse(overlay).expect("well formed")));
    let far = |miles: u64| Case::ask("screen", "2022-01-12", json!({"screen": {"distance_miles": miles}}));
    assert_eq!(warnings(&far(100), &house), Vec::<String>::new());
    assert_eq!(warnings(&far(101), &house), ["LAW-FLAG-DISTANCE"]);
    assert_eq!(warnings(&far(51), &Profile::strictest()), ["LAW-FLAG-DISTANCE"]);
}

/// Requirements: law-flag-resolve-before-dispensing, law-flag-not-alone, pharm-flag-no-sole-indicator
#[test]
fn a_sign_refuses_nothing_by_itself_and_is_resolved_before_handing_over() {
    let screen = json!({"prescriber_percentile": 99, "class": "opioid", "payment": "cash"});
    let fill = Case::ask("fill", "2022-01-12", json!({"prescription": prescription("II"), "screen": screen}));
    check(&fill.with("request/quantity", 30), "permit");
    let screened = Case::ask("screen", "2022-01-12", json!({"prescription": prescription("II"), "screen": screen}));
    check(&screened, "permit resolve-flags");
    let hand = Case::ask("deliver", "2022-01-12", json!({"prescription": prescription("II"), "screen": screen}));
    let hand = hand.with("request/to", "patient");
    check(&hand, "deny red-flag-open");
    let volume = json!({"flag": "prescriber-volume", "by": "pharmacist", "outcome": "oncology clinic"});
    let cash = json!({"flag": "cash", "by": "pharmacist", "outcome": "insurance lapsed"});
    let one = hand.with("facts/screen/resolved", json!([volume]));
    check(&one, "deny red-flag-open");
    assert_eq!(
        one.refusal(&Profile::strictest()),
        "screen.resolved: warning signs are open: cash; let a pharmacist resolve each and record how; then hand over"
    );
    check(&hand.with("facts/screen/resolved", json!([volume, cash])), "permit");
}

/// Requirements: law-flag-verify-contact, pharm-flag-contact-prescriber
#[test]
fn a_contact_counts_with_person_time_and_outcome() {
    let whole = Case::ask("resolve-flag", "2022-01-12", json!({}))
        .with("request/flag", "unusual-dose")
        .with("request/decision", "resolved")
        .with("request/by", "pharmacist")
        .with("request/grounds", "contact")
        .with("request/person", "the practitioner")
        .with("request/contacted", "2022-01-12T10:00:00-05:00")
        .with("request/outcome", "dose confirmed after surgery");
    check(&whole, "permit");
    for lacks in ["person", "contacted", "outcome"] {
        let field = format!("request/{lacks}");
        let refusal = whole.with(&field, Value::Null).refusal(&Profile::strictest());
        assert!(refusal.starts_with(&format!("request.{lacks}: ")), "{refusal}");
    }
    check(&whole.with("request/by", "technician"), "deny not-authorized");
}

/// Requirements: law-flag-forged-refuse-report, pharm-flag-forged-do-not-dispense, law-flag-pattern-report
#[test]
fn what_is_believed_forged_is_locked_and_a_pattern_is_reported() {
    let decide = |decision: &str| {
        Case::ask("resolve-flag", "2022-01-12", json!({}))
            .with("request/flag", "forged-look")
            .with("request/decision", decision)
            .with("request/by", "pharmacist")
            .with("request/outcome", "the practitioner never wrote it")
    };
    check(&decide("forged"), "permit lock-prescription call-police");
    let locked = json!({"prescription": prescription("II"), "screen": {"believed_forged": true}});
    let fill = Case::ask("fill", "2022-01-12", locked.clone()).with("request/quantity", 30);
    assert!(answer(&fill.decide(&Profile::strictest())).starts_with("deny believed-forged"));
    check(&Case::ask("deliver", "2022-01-12", locked).with("request/to", "patient"), "deny believed-forged");
    let pattern = decide("pattern");
    check(&pattern, "permit report-pattern");
    let notes = pattern.decide(&Profile::strictest()).notes;
    assert!(notes.iter().any(|note| note.contains("board of pharmacy") && note.contains("field office of DEA")));
}

/// Requirements: law-id-fraud-suspected
#[test]
fn in_doubt_identification_is_asked_for_and_recorded() {
    let resolved = json!([{"flag": "cash", "by": "pharmacist", "outcome": "insurance lapsed"}]);
    let facts = json!({"prescription": prescription("II"), "pickup": {"known": true},
        "screen": {"class": "opioid", "payment": "cash", "resolved": resolved}});
    let hand = Case::ask("deliver", "2022-01-12", facts).with("request/to", "patient");
    check(&hand, "permit ask-identification");
    assert_eq!(warnings(&hand, &Profile::strictest()), ["LAW-PICKUP-DOUBT"]);
    check(&hand.with("facts/pickup/document", "state-card"), "permit record-identification");
    let without = hand.with("facts/screen", json!({}));
    check(&without, "permit");
}

/// Requirements: pharm-flag-contact-prescriber
#[test]
fn a_call_to_the_number_on_the_prescription_alone_is_warned_of() {
    let called = |number: &str| {
        Case::ask("resolve-flag", "2022-01-12", json!({}))
            .with("request/flag", "forged-look")
            .with("request/decision", "resolved")
            .with("request/by", "pharmacist")
            .with("request/grounds", "contact")
            .with("request/person", "the practitioner")
            .with("request/contacted", "2022-01-12T10:00:00-05:00")
            .with("request/outcome", "confirmed")
            .with("request/number", number)
    };
    check(&called("on-prescription"), "permit");
    assert_eq!(warnings(&called("on-prescription"), &Profile::strictest()), ["LAW-FLAGS-CALL-BACK"]);
    assert_eq!(warnings(&called("independent"), &Profile::strictest()), Vec::<String>::new());
    let judged = called("on-prescription").with("request/grounds", "judgement");
    assert_eq!(warnings(&judged, &Profile::strictest()), Vec::<String>::new());
}
