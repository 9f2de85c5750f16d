//! Fuzzes the reader of registrant data.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::registrant_files(bytes));
