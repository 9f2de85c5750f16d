//! Theriac: the closed system of controlled substances, in one program.

mod access;
mod archive;
mod backup;
mod cli;
mod commands;
mod demo;
mod dispensary;
mod drugs;
mod enrolment;
mod house;
mod http;
mod mllp;
mod orders;
mod output;
mod outputs;
mod outside;
mod oversight;
mod pdmp;
mod people;
mod practice;
mod programs;
mod registry;
mod relaying;
mod sessions;
mod showing;
mod signin;
mod stockroom;
mod till;
mod tokens;
mod transport;
mod typed;
mod views;
mod watch;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match commands::run(cli.command) {
        Ok(outcome) => outcome.into(),
        Err(problem) => {
            eprintln!("{problem}");
            problem.exit()
        }
    }
}
