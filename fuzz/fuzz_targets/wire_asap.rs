//! Fuzzes the reader of reports to monitoring programmes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::programme_reports(bytes));
