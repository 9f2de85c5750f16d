//! Setting up a deployment, and what keeps a demonstration apart from a production one.

use crate::common::{DEMO, command, run};
use std::fs;
use std::path::Path;
use std::process::Output;

const PASSWORD: &str = "only the operator knows";

fn init(dir: &Path, config: &Path, password: Option<&str>) -> Output {
    let mut command = command(&[&"init", &"--dir", &dir, &"--config", &config]);
    if let Some(password) = password {
        command.env("THERIAC_KEY_PASSWORD", password);
    }
    command.output().unwrap()
}

/// The configuration of the demonstration, as production.
fn production(dir: &Path) -> std::path::PathBuf {
    let text = fs::read_to_string(DEMO.copy().dir().join("theriac.toml")).unwrap();
    let file = dir.join("production.toml");
    fs::write(&file, text.replace("deployment = \"DEMO\"", "deployment = \"production\"")).unwrap();
    file
}

#[test]
fn a_production_deployment_wants_a_password_of_its_own() {
    let place = tempfile::tempdir().unwrap();
    let config = production(place.path());
    for (n, (password, code)) in
        [(None, 2), (Some("demonstration only"), 2), (Some("thirteen byte"), 2), (Some("fourteen bytes"), 0)]
            .iter()
            .enumerate()
    {
        let dir = place.path().join(n.to_string());
        let output = init(&dir, &config, *password);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(*code), "{password:?}: {said}");
        assert!(*code == 0 || said.contains("KEYS-PASSWORD"), "{said}");
        assert!(*code == 0 || !dir.join("theriac.toml").exists(), "nothing half-made is left");
    }
    let again = init(&place.path().join("3"), &config, Some(PASSWORD));
    assert!(String::from_utf8_lossy(&again.stderr).contains("HOUSE-EXISTS"));
    let authority = fs::read(place.path().join("3/certificates/authority.pem")).unwrap();
    let pem = String::from_utf8(authority).unwrap();
    let certificate = theriac_pki::Certificate::from_pem(&pem).unwrap();
    assert!(!certificate.subject().to_string().contains("DEMO"), "{}", certificate.subject());
}

/// What a demonstration made is never taken for real, whatever its configuration says afterwards.
#[test]
fn a_store_stays_what_it_was_set_up_as() {
    let demonstration = DEMO.copy();
    let config = demonstration.dir().join("theriac.toml");
    let text = fs::read_to_string(&config).unwrap();
    fs::write(&config, text.replace("deployment = \"DEMO\"", "deployment = \"production\"")).unwrap();
    let messages = Path::new("no-such-file.xml");
    let open = |password: &str| {
        let mut command = command(&[&"receive", &messages, &"--dir", &demonstration.dir()]);
        command.env("THERIAC_KEY_PASSWORD", password).output().unwrap()
    };
    let refused = open("demonstration only");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("KEYS-PASSWORD"));
    let refused = open(PASSWORD);
    assert_eq!(refused.status.code(), Some(1), "its keys do not open with another password");

    let place = tempfile::tempdir().unwrap();
    let dir = place.path().join("real");
    assert!(init(&dir, &production(place.path()), Some(PASSWORD)).status.success());
    let mut own = command(&[&"receive", &messages, &"--dir", &dir]);
    let own = own.env("THERIAC_KEY_PASSWORD", PASSWORD).output().unwrap();
    assert!(String::from_utf8_lossy(&own.stderr).contains("CLI-FILE"), "it opens, and finds no message");
    for (store, at) in
        [(demonstration.store(), &dir), (format!("sqlite:{}/theriac.db", dir.display()), &DEMO.copy().dir().to_owned())]
    {
        let mut command = command(&[&"receive", &messages, &"--dir", &at, &"--store", &store]);
        let refused = command
            .env("THERIAC_KEY_PASSWORD", if at == &dir { PASSWORD } else { "demonstration only" })
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert_eq!(refused.status.code(), Some(2), "{said}");
        assert!(said.contains("HOUSE-KIND") || said.contains("STORE-CONFIG"), "{said}");
    }
    run(&[&"journal", &"check", &"--dir", &DEMO.copy().dir()]).expect(0);
}
