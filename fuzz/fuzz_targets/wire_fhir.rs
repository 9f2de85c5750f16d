//! Fuzzes the reader of FHIR requests.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::fhir_requests(bytes));
