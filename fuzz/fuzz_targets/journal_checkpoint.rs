//! Fuzzes the readers of checkpoints, notes, evidence and entry headers.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| theriac_fuzz::checkpoints(bytes));
