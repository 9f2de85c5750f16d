//! Fuzzes the readers of questions to the rulebook.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::questions(bytes));
