//! `theriac journal ...`.

use crate::cli::{At, Journal};
use crate::house::{keys, projections, store_problem};
use crate::output::{Outcome, Problem, closed, line};
use serde_json::json;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use theriac_journal::{NoteVerifier, Report};
use theriac_store::{CheckOptions, check_store};

/// Entries read at a time.
const CHUNK: u64 = 1_000;

pub(crate) fn run(command: &Journal) -> Result<Outcome, Problem> {
    match command {
        Journal::Check { at, key, against, json } => check(at, key.as_deref(), against.as_deref(), *json),
        Journal::Rebuild { at } => {
            at.open()?.store.rebuild().map_err(store_problem)?;
            line("the projections were made anew from the journal")?;
            Ok(Outcome::Done)
        }
        Journal::Export { at } => export(at),
        Journal::Checkpoint { at } => {
            text(&at.open()?.store.export_checkpoint().map_err(store_problem)?)?;
            Ok(Outcome::Done)
        }
        Journal::Prove { seq, at } => {
            text(&at.open()?.store.prove(*seq).map_err(store_problem)?.to_json())?;
            Ok(Outcome::Done)
        }
    }
}

/// A verifier key given as text, as a file, or lying in the deployment.
pub(crate) fn verifier(key: Option<&str>, dir: &Path) -> Result<NoteVerifier, Problem> {
    let path = key.map_or_else(|| keys::verifier_path(dir), Into::into);
    let text = match key {
        Some(text) if !path.exists() => text.to_owned(),
        _ => fs::read_to_string(&path).map_err(|_| {
            Problem::wrong_use(
                "JOURNAL-KEY",
                format!("there is no verifier key at {}", path.display()),
                "give --key with the key that the deployment published, or --dir with the deployment",
            )
        })?,
    };
    NoteVerifier::parse(text.trim())
        .map_err(|error| Problem::wrong_use("JOURNAL-KEY", error.to_string(), "give the key as NAME+HASH+KEY"))
}

fn check(at: &At, key: Option<&str>, against: Option<&Path>, json: bool) -> Result<Outcome, Problem> {
    let verifier = verifier(key, &at.directory())?;
    let exported = match against {
        None => Vec::new(),
        Some(path) => vec![fs::read_to_string(path).map_err(|error| Problem::unreadable(path, &error))?],
    };
    let report = check_store(&CheckOptions {
        url: at.store_url()?,
        origin: verifier.name().to_owned(),
        trusted: vec![verifier],
        exported,
        projections: projections::all(),
        clock_tolerance_ms: CheckOptions::CLOCK_TOLERANCE_MS,
    })
    .map_err(store_problem)?;
    if json {
        line(as_json(&report))?;
    } else {
        print(&report)?;
    }
    Ok(if report.is_clean() { Outcome::Done } else { Outcome::FoundWrong })
}

fn print(report: &Report) -> Result<(), Problem> {
    if report.is_clean() {
        line(format_args!(
            "clean: {} entries recomputed, {} checkpoints met, root {}",
            report.entries,
            report.checkpoints_met,
            report.root.to_base64()
        ))?;
    }
    for bad in &report.bad {
        line(bad)?;
    }
    if report.bad_more > 0 {
        line(format_args!("and {} more", report.bad_more))?;
    }
    for notice in &report.notices {
        line(format_args!("notice: entry {} is {} ms before an earlier one", notice.seq, notice.back_ms))?;
    }
    if !report.is_clean() {
        eprintln!(
            "JOURNAL-DAMAGED: the record is not what was written\nNext: keep this copy untouched, restore a backup, and report the incident"
        );
    }
    Ok(())
}

/// Writes text that ends its own lines.
fn text(text: &str) -> Result<(), Problem> {
    std::io::stdout().lock().write_all(text.as_bytes()).map_err(|error| closed(&error))
}

fn as_json(report: &Report) -> serde_json::Value {
    let bad: Vec<_> = report
        .bad
        .iter()
        .map(|bad| json!({"entry": bad.at.first(), "wrong": bad.wrong.code(), "detail": bad.detail}))
        .collect();
    json!({
        "clean": report.is_clean(),
        "entries": report.entries,
        "root": report.root.to_base64(),
        "checkpoints_met": report.checkpoints_met,
        "bad": bad,
        "bad_more": report.bad_more,
    })
}

fn export(at: &At) -> Result<Outcome, Problem> {
    let house = at.open()?;
    let size = house.store.size().map_err(store_problem)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut next = 0;
    while next < size {
        let until = size.min(next + CHUNK);
        for entry in house.store.entries(next..until).map_err(store_problem)? {
            let body = entry.body_bytes().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            let body: Option<serde_json::Value> = body.and_then(|text| serde_json::from_str(&text).ok());
            let line = json!({
                "seq": entry.seq, "stream": entry.stream, "version": entry.version, "at_ms": entry.at_ms,
                "actor": entry.actor, "role": entry.role, "location": entry.location, "law": entry.law,
                "kind": entry.kind, "format": entry.format, "leaf": entry.leaf().to_base64(), "body": body,
            });
            if writeln!(out, "{line}").is_err() {
                return Ok(Outcome::Done);
            }
        }
        next = until;
    }
    out.flush().map_err(|error| closed(&error))?;
    Ok(Outcome::Done)
}
