//! Fuzzes the readers of NCPDP SCRIPT messages.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::script_messages(bytes));
