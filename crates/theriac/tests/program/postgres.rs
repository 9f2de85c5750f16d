//! The same commands on PostgreSQL. `scripts/with-postgres` starts a server and names it.

use crate::common::{DEMO, evidence_file, refusals, run};
use std::fs;

/// A schema of its own on the server that `THERIAC_TEST_POSTGRES` names, or `None` with a word about it.
fn store() -> Option<String> {
    let Ok(server) = std::env::var("THERIAC_TEST_POSTGRES") else {
        assert!(
            std::env::var("THERIAC_REQUIRE_POSTGRES").as_deref() != Ok("1"),
            "THERIAC_REQUIRE_POSTGRES=1, but THERIAC_TEST_POSTGRES names no server"
        );
        println!("skipped: THERIAC_TEST_POSTGRES names no PostgreSQL server");
        return None;
    };
    let schema = format!("program_{}", std::process::id());
    let made = std::process::Command::new("psql").args([&server, "-qc", &format!("CREATE SCHEMA {schema}")]).status();
    assert!(made.unwrap().success());
    let separator = if server.contains('?') { '&' } else { '?' };
    Some(format!("{server}{separator}options=-csearch_path%3D{schema}"))
}

#[test]
fn messages_are_received_and_the_journal_checked_on_postgresql() {
    let Some(store) = store() else { return };
    let pharmacy = DEMO.same_keys_and_nothing_else();
    pharmacy.list_registrants_today(&store);
    let file = pharmacy.dir().join("message.xml");
    fs::write(&file, evidence_file("message.xml")).unwrap();
    let receive = || run(&[&"receive", &"--json", &"--dir", &pharmacy.dir(), &"--store", &store, &file, &file]);
    let lines = receive().expect(1).lines();
    assert_eq!((&lines[0]["verdict"], &lines[0]["number"]), (&"accepted".into(), &"0000001".into()), "{lines:?}");
    assert_eq!(refusals(&lines[1])[0].0, "PHARM-TWIN");
    let again = receive().expect(1).lines();
    assert!(again.iter().all(|line| refusals(line)[0].0 == "PHARM-TWIN"), "{again:?}");
    assert!(!pharmacy.database().exists(), "the server's store is used, not the deployment's own");
    let check = || run(&[&"journal", &"check", &"--json", &"--dir", &pharmacy.dir(), &"--store", &store]);
    assert_eq!(check().expect(0).json()["clean"], true);
    let (server, schema) = store.split_once("options=-csearch_path%3D").unwrap();
    let sql = format!("SET search_path TO {schema}; UPDATE entries SET actor = 'nobody' WHERE seq = 3");
    let server = server.trim_end_matches(['?', '&']);
    assert!(std::process::Command::new("psql").args([server, "-qc", &sql]).status().unwrap().success());
    let report = check().expect(1).json();
    assert_eq!((&report["bad"][0]["entry"], &report["bad"][0]["wrong"]), (&3.into(), &"edited".into()), "{report:#}");
}
