//! Fuzzes the readers of canonical prescription contents.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::canonical_contents(bytes));
