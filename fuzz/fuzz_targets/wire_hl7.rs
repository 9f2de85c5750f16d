//! Fuzzes the reader of HL7 v2 orders.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::version_2_orders(bytes));
