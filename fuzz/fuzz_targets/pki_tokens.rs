//! Fuzzes the readers of seed files, lists of token models, metadata notices, registrations and stored credentials.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::token_files(bytes));
