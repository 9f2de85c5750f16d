//! Registrant data on the command line: made, imported, refused.

use crate::common::{DEMO, run};

/// A made file is imported whole, by its manifest; one that was changed after it was announced is not.
#[test]
fn a_made_file_is_imported_and_a_changed_one_is_not() {
    let world = DEMO.same_keys_and_nothing_else();
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("registrants.txt");
    run(&[&"registrants", &"generate", &"--rows", &"500", &"--issued", &"2026-01-05", &"--out", &file]).expect(0);
    let ran = run(&[&"import", &"registrants", &file, &"--json", &"--dir", &world.dir()]).expect(0);
    let told = &ran.lines()[0];
    assert_eq!((told["rows"].as_u64(), told["refused"].as_u64()), (Some(500), Some(0)));
    assert_eq!(told["issued"], "2026-01-05");
    let mut bytes = std::fs::read(&file).unwrap();
    bytes[30] = b'9';
    std::fs::write(&file, bytes).unwrap();
    let ran = run(&[&"import", &"registrants", &file, &"--dir", &world.dir()]).expect(1);
    assert!(ran.err.contains("RX-REGISTRANT-ALTERED"), "{}", ran.err);
    assert!(ran.err.contains("the registrant data in use stays"), "{}", ran.err);
    let ran = run(&[&"import", &"registrants", &"/nowhere/file", &"--dir", &world.dir()]).expect(2);
    assert!(ran.err.starts_with("CLI-FILE: "), "{}", ran.err);
    let first = run(&[&"registrants", &"generate", &"--rows", &"3", &"--issued", &"2026-01-05"]).expect(0);
    let again = run(&[&"registrants", &"generate", &"--rows", &"3", &"--issued", &"2026-01-05"]).expect(0);
    assert_eq!(first.out, again.out);
    assert_eq!(first.out.lines().map(str::len).collect::<Vec<_>>(), [244; 3]);
}
