//! The examples of docs/api.md, run one after the other as they stand there, against a served demonstration.

use crate::common::{PROGRAM, command};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A served demonstration that ends with the test.
struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn serve(dir: &Path) -> (Served, String) {
    let mut child = command(&[&"demo", &"--dir", &dir, &"--listen", &"127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let served = Served(child);
    let address = lines.into_iter().find_map(|line| {
        line.strip_prefix("serving ").and_then(|rest| rest.split_once("/ until")).map(|(address, _)| address.to_owned())
    });
    (served, address.expect("an address"))
}

/// The blocks of code of a page: language and text.
fn blocks(page: &str) -> Vec<(&str, &str)> {
    let parts = page.split("\n```").collect::<Vec<_>>();
    let inside = parts.iter().skip(1).step_by(2);
    inside.filter_map(|block| block.split_once('\n')).collect()
}

/// What differs between an answer and the one that is printed: members, and kinds of values; lists by their first items.
fn differs(shown: &Value, found: &Value, at: &str) -> Vec<String> {
    match (shown, found) {
        (Value::Object(shown), Value::Object(found)) => {
            let only = |a: &serde_json::Map<String, Value>, b: &serde_json::Map<String, Value>, what: &str| {
                let names = a.keys().filter(|name| !b.contains_key(*name));
                names.map(|name| format!("{at}/{name} is only {what}")).collect::<Vec<_>>()
            };
            let mut all = only(shown, found, "printed");
            all.extend(only(found, shown, "answered"));
            let both = shown.iter().filter_map(|(name, value)| Some((name, value, found.get(name)?)));
            all.extend(both.flat_map(|(name, shown, found)| differs(shown, found, &format!("{at}/{name}"))));
            all
        }
        (Value::Array(shown), Value::Array(found)) => match (shown.first(), found.first()) {
            (Some(shown), Some(found)) => differs(shown, found, &format!("{at}/0")),
            (None, None) => Vec::new(),
            _ => vec![format!("{at}: {} printed, {} answered", shown.len(), found.len())],
        },
        (Value::String(shown), Value::String(found)) => {
            // Identifiers, keys and ports are others each time: what stands before the dots, or the port, must be the same.
            let begins = shown.split("...").next().unwrap_or_default().split("8311").next().unwrap_or_default();
            let varies = shown.contains("...") || shown.contains("8311") || at == "/since";
            let same = if varies { at == "/since" || found.starts_with(begins) } else { shown == found };
            if same { Vec::new() } else { vec![format!("{at}: {shown} printed, {found} answered")] }
        }
        _ if shown == found => Vec::new(),
        _ => vec![format!("{at}: {shown} printed, {found} answered")],
    }
}

#[test]
fn the_examples_for_open_health_records_do_what_they_say() {
    let has = |program: &str| Command::new(program).arg("--version").stdout(Stdio::null()).status().is_ok();
    if !has("curl") || !has("jq") {
        println!("skipped: no curl or jq on this machine");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let world = dir.path().join("world");
    let (_served, address) = serve(&world);
    let page = std::fs::read_to_string("../../docs/api.md").unwrap();
    let blocks = blocks(&page);
    // One shell runs all of them, so that what one keeps the next can use; each writes to a file of its own.
    let scripts: Vec<&str> = blocks.iter().filter(|(language, _)| *language == "sh").map(|(_, text)| *text).collect();
    let mut script = "set -euo pipefail\n".to_owned();
    for (n, text) in scripts.iter().enumerate() {
        writeln!(script, "{{\n{text}\n}} >out-{n}").unwrap();
    }
    let path = format!("{}:{}", Path::new(PROGRAM).parent().unwrap().display(), std::env::var("PATH").unwrap());
    let ran = Command::new("bash")
        .arg("-c")
        .arg(&script)
        .current_dir(dir.path())
        .env("PATH", path)
        .env("THERIAC", &address)
        .env("DIR", &world)
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let mut compared = 0;
    let mut n = 0;
    for (place, (language, _)) in blocks.iter().enumerate() {
        if *language != "sh" {
            continue;
        }
        let answered = std::fs::read_to_string(dir.path().join(format!("out-{n}"))).unwrap();
        n += 1;
        match blocks.get(place + 1) {
            Some(("json", printed)) => {
                let printed: Value = serde_json::from_str(printed).expect(printed);
                let found: Value = serde_json::from_str(&answered).expect(&answered);
                assert_eq!(differs(&printed, &found, ""), Vec::<String>::new(), "{answered}");
                compared += 1;
            }
            _ => assert!(answered.starts_with("v1=") && answered.trim().len() == 67, "{answered}"),
        }
    }
    assert_eq!((compared, n), (10, 11));
}
