//! Chromium without a window, told what to do over its pipe (the DevTools protocol), with security keys that it plays itself.

use serde_json::{Value, json};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long a page may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);

/// The browser, ended when dropped.
pub(super) struct Chromium {
    child: Child,
    to: File,
    from: BufReader<File>,
    last: u64,
    _dir: TempDir,
}

/// A window with cookies of its own, and the key that is plugged in there.
pub(super) struct Window {
    session: String,
    pub(super) key: String,
}

impl Chromium {
    /// Starts the browser; says why not and answers `None` where there is none, unless `THERIAC_REQUIRE_CHROMIUM=1`.
    pub(super) fn start() -> Option<Self> {
        let path = std::env::var_os("PATH")?;
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let mut places = std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name)));
        let Some(program): Option<PathBuf> = places.find(|program| program.is_file()) else {
            let required = std::env::var("THERIAC_REQUIRE_CHROMIUM").is_ok_and(|required| required == "1");
            assert!(!required, "THERIAC_REQUIRE_CHROMIUM=1 and there is no Chromium in PATH");
            println!("skipped: no Chromium in PATH");
            return None;
        };
        let dir = tempfile::tempdir().expect("a temporary directory");
        let (into, out) = (dir.path().join("in"), dir.path().join("out"));
        let made = Command::new("mkfifo").arg(&into).arg(&out).status();
        if !made.is_ok_and(|made| made.success()) {
            println!("skipped: no mkfifo on this machine");
            return None;
        }
        let child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<\"$THERIAC_IN\" 4>\"$THERIAC_OUT\""])
            .arg(program)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--remote-debugging-pipe"])
            .arg(format!("--user-data-dir={}", dir.path().join("profile").display()))
            .arg("about:blank")
            .env("THERIAC_IN", &into)
            .env("THERIAC_OUT", &out)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the browser starts");
        let to = File::options().write(true).open(&into).expect("the browser reads");
        let from = BufReader::new(File::open(&out).expect("the browser answers"));
        Some(Self { child, to, from, last: 0, _dir: dir })
    }

    /// One command, and its result.
    fn call(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        let answer = self.answer(session, method, params);
        assert!(answer.get("error").is_none(), "{method}: {answer}");
        answer["result"].clone()
    }

    /// One command, and its answer. What the browser says of itself meanwhile is passed over.
    fn answer(&mut self, session: Option<&str>, method: &str, params: &Value) -> Value {
        self.last += 1;
        let mut message = json!({"id": self.last, "method": method, "params": params});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.to.write_all(format!("{message}\0").as_bytes()).expect("the browser reads");
        loop {
            let mut bytes = Vec::new();
            self.from.read_until(0, &mut bytes).expect("the browser answers");
            bytes.pop();
            assert!(!bytes.is_empty(), "the browser ended during {method}");
            let answer: Value = serde_json::from_slice(&bytes).expect("JSON");
            if answer["id"] == json!(self.last) {
                return answer;
            }
        }
    }

    /// A window with cookies and a security key of its own, which checks its user.
    pub(super) fn window(&mut self) -> Window {
        let context = self.call(None, "Target.createBrowserContext", &json!({}))["browserContextId"].clone();
        let new = json!({"url": "about:blank", "browserContextId": context});
        let target = self.call(None, "Target.createTarget", &new)["targetId"].clone();
        let attached = self.call(None, "Target.attachToTarget", &json!({"targetId": target, "flatten": true}));
        let session = attached["sessionId"].as_str().expect("a session").to_owned();
        for domain in ["Page.enable", "Network.enable", "WebAuthn.enable"] {
            self.call(Some(&session), domain, &json!({}));
        }
        let options = json!({"options": {"protocol": "ctap2", "transport": "usb", "hasResidentKey": true,
            "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true}});
        let key = self.call(Some(&session), "WebAuthn.addVirtualAuthenticator", &options)["authenticatorId"].clone();
        Window { session, key: key.as_str().expect("a key").to_owned() }
    }

    /// Gives a window the cookie of a session.
    pub(super) fn seat(&mut self, window: &Window, origin: &str, secret: &str) {
        let cookie = json!({"name": "theriac-session", "value": secret, "url": origin, "httpOnly": true});
        self.call(Some(&window.session), "Network.setCookie", &cookie);
    }

    /// Whether the key's holder enters the PIN.
    pub(super) fn holder_enters_pin(&mut self, window: &Window, enters: &Value) {
        let params = json!({"authenticatorId": window.key, "isUserVerified": enters});
        self.call(Some(&window.session), "WebAuthn.setUserVerified", &params);
    }

    /// Copies everything that the key of one window holds to the key of another, as nobody can with a real one.
    pub(super) fn copy_key(&mut self, from: &Window, to: &Window) {
        let held = self.call(Some(&from.session), "WebAuthn.getCredentials", &json!({"authenticatorId": from.key}));
        for credential in held["credentials"].as_array().expect("a list") {
            let params = json!({"authenticatorId": to.key, "credential": credential});
            self.call(Some(&to.session), "WebAuthn.addCredential", &params);
        }
    }

    /// What an expression comes to on the page of a window.
    pub(super) fn eval(&mut self, window: &Window, expression: &str) -> Value {
        let params =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true});
        let answer = self.call(Some(&window.session), "Runtime.evaluate", &params);
        assert!(answer.get("exceptionDetails").is_none(), "{expression}: {answer}");
        answer["result"]["value"].clone()
    }

    /// Opens an address and waits until the page stands.
    pub(super) fn open(&mut self, window: &Window, url: &str) {
        self.call(Some(&window.session), "Page.navigate", &json!({"url": url}));
        self.until(window, "document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /// Waits until something holds on the page of a window.
    pub(super) fn until(&mut self, window: &Window, holds: &str) {
        let began = Instant::now();
        loop {
            // Between two pages there is nothing to ask, and the browser says so.
            let params = json!({"expression": holds, "returnByValue": true});
            let answer = self.answer(Some(&window.session), "Runtime.evaluate", &params);
            if answer["result"]["result"]["value"] == json!(true) {
                return;
            }
            if began.elapsed() > PATIENCE {
                let page = self.eval(window, "location.href + '\\n' + document.body.innerText");
                panic!("{holds} does not come to hold: {}", page.as_str().unwrap_or_default());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// The words on the page of a window.
    pub(super) fn words(&mut self, window: &Window) -> String {
        self.eval(window, "document.body.innerText").as_str().unwrap_or_default().to_owned()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
