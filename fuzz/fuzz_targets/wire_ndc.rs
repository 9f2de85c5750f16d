//! Fuzzes the reader of the NDC directory's files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::drug_directory(bytes));
