//! The program as an outsider uses it: through its command line, with files, exit codes and what it prints.
#![allow(clippy::unwrap_used)]

mod common;

mod api;
mod bench;
mod demo;
mod evidence;
mod import;
mod journal;
mod law;
mod postgres;
mod receive;
mod registrants;
mod script;
mod setup;
