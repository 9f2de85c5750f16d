//! What a decision allocates. A permitted act allocates the list of the rules that were asked, and nothing else.

use theriac_bench::{cases, profiles};
use theriac_law::decide;

#[test]
fn a_permitted_act_allocates_the_list_of_grounds_alone() {
    for profile in profiles() {
        for case in cases().into_iter().filter(|case| case.permitted) {
            // Tables of names and overlays are made once, on first use.
            drop(decide(&profile, &case.question));
            let mut decision = None;
            let made = allocation_counter::measure(|| decision = Some(decide(&profile, &case.question)));
            let decision = decision.expect("asked").expect("a rule");
            assert!(decision.is_permitted(), "{}", case.name);
            println!(
                "{:<40} {:<10} {} allocations, {} bytes, {} rules asked",
                case.name,
                profile.name(),
                made.count_total,
                made.bytes_total,
                decision.grounds.len()
            );
            assert_eq!(made.count_total, 1, "{} under {}", case.name, profile.name());
        }
    }
}

#[test]
fn a_refused_act_allocates_what_its_refusal_says() {
    for profile in profiles() {
        for case in cases().into_iter().filter(|case| !case.permitted) {
            drop(decide(&profile, &case.question));
            let made = allocation_counter::measure(|| drop(decide(&profile, &case.question)));
            println!("{:<40} {:<10} {} allocations", case.name, profile.name(), made.count_total);
            assert!(made.count_total <= 16, "{}: {} allocations", case.name, made.count_total);
        }
    }
}
