//! The measurements run and count what they measure. Their figures are not tested: machines differ.

use crate::common::run;

#[test]
fn the_national_measurement_takes_every_message_in() {
    let ran = run(&[&"bench", &"national", &"--scripts", &"20"]).expect(0);
    assert!(ran.out.contains("20 accepted"), "{}", ran.out);
}

#[test]
fn the_insiders_changes_are_found_or_without_effect() {
    let ran = run(&[&"bench", &"insider", &"--changes", &"3"]).expect(0);
    assert!(ran.out.contains("missed              0"), "{}", ran.out);
}
