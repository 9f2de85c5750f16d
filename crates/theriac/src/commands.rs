//! One file a command.

mod api_key;
mod backup;
mod bench;
mod books;
pub(crate) mod demo;
pub(crate) mod deployment;
pub(crate) mod downtime_kit;
mod enrolment;
pub(crate) mod export;
mod import;
mod init;
mod journal;
mod law;
mod log;
mod pdmp;
mod people;
mod receive;
mod registrants;
mod restore;
mod retention;
mod script;
mod serve;
mod verify;
mod watch;

pub(crate) use journal::verifier;

use crate::cli::Command;
use crate::output::{Outcome, Problem};

/// Runs a command to its end.
pub(crate) fn run(command: Command) -> Result<Outcome, Problem> {
    match command {
        Command::ApiKey(command) => api_key::run(&command),
        Command::Backup(command) => backup::run(&command),
        Command::BackupVerify(args) => backup::verify(&args),
        Command::Restore(args) => restore::run(&args),
        Command::Demo(args) => demo::run(&args),
        Command::DowntimeKit(args) => downtime_kit::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Law(command) => law::run(&command),
        Command::Script(command) => script::run(&command),
        Command::Receive(args) => receive::run(&args),
        Command::Verify(args) => verify::run(&args),
        Command::Log(command) => log::run(&command),
        Command::Watch(command) => watch::run(&command),
        Command::Pdmp(command) => pdmp::run(&command),
        Command::Books(command) => books::run(&command),
        Command::Retention(command) => retention::run(&command),
        Command::Journal(command) => journal::run(&command),
        Command::Import(command) => import::run(&command),
        Command::Registrants(command) => registrants::run(&command),
        Command::Export(command) => export::run(&command),
        Command::Bench(command) => bench::run(&command),
        Command::Enrolment(command) => enrolment::run(&command),
        Command::People(command) => people::run(&command),
        Command::Serve(args) => serve::run(&args),
    }
}
