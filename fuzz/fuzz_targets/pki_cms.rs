//! Fuzzes the readers of CMS signatures, certificates, revocation lists and key files.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::signatures(bytes));
