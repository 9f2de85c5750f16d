//! What a test needs to photograph the pages: the demonstration as a server, somebody at a desk, and headless Chromium.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// How long anything over loopback may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// Under which names the browser is installed.
const NAMES: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// The demonstration's server, ended when dropped.
pub(crate) struct Demonstration {
    child: Child,
    address: SocketAddr,
    // Keeps the world's directory until the server has ended.
    _dir: tempfile::TempDir,
}

impl Demonstration {
    /// Runs `theriac demo` on a free port and waits until it serves.
    pub(crate) fn begin() -> Self {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let mut child = Command::new(env!("CARGO_BIN_EXE_theriac"))
            .args(["demo", "--listen", "127.0.0.1:0", "--dir"])
            .arg(dir.path().join("world"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output is read")).lines();
        let serving = said.by_ref().map_while(Result::ok).find(|line| line.starts_with("serving http://"));
        let serving = serving.expect("the demonstration tells its address when its day is over");
        // Nothing more is said; reading on would only wait.
        let address = serving.trim_start_matches("serving http://").split('/').next().unwrap_or_default();
        Self { child, address: address.parse().expect("an address and a port"), _dir: dir }
    }

    /// Seats `person` at a desk and answers the browser's address of it.
    pub(crate) fn desk(&self, person: &'static str) -> Desk {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let front = listener.local_addr().expect("it has an address");
        let server = self.address;
        std::thread::spawn(move || {
            for browser in listener.incoming().flatten() {
                std::thread::spawn(move || forward(browser, server, person));
            }
        });
        Desk { front, server, person }
    }
}

impl Drop for Demonstration {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Passes one request on with the cookie of the desk, which a browser without a user cannot set, and the answer back.
fn forward(mut browser: TcpStream, server: SocketAddr, person: &str) {
    let Some(head) = request_head(&browser) else { return };
    let mut lines = head.lines();
    let mut request = format!("{}\r\n", lines.next().unwrap_or_default());
    for line in lines {
        let name = line.split(':').next().unwrap_or_default().to_ascii_lowercase();
        if !matches!(name.as_str(), "" | "cookie" | "connection") {
            request.push_str(line);
            request.push_str("\r\n");
        }
    }
    let Some(cookie) = sit_down(server, person) else { return };
    for part in ["Cookie: ", &cookie, "\r\nConnection: close\r\n\r\n"] {
        request.push_str(part);
    }
    if let Ok(answer) = ask(server, &request) {
        // The browser may have gone away; the page it wanted is then nobody's.
        let _ = browser.write_all(&answer);
    }
}

/// Sits down at a desk of the demonstration; answers the cookie of the session.
fn sit_down(server: SocketAddr, person: &str) -> Option<String> {
    let form = format!("person={person}");
    let request = format!(
        "POST /desk HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nConnection: close\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let answer = String::from_utf8(ask(server, &request).ok()?).ok()?;
    let cookie = answer
        .lines()
        .find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case("set-cookie")));
    cookie.and_then(|(_, cookie)| cookie.split(';').next()).map(str::to_owned)
}

/// The request line and the headers; our pages are asked for without a body.
fn request_head(browser: &TcpStream) -> Option<String> {
    browser.set_read_timeout(Some(PATIENCE)).ok()?;
    let mut head = String::new();
    for line in BufReader::new(browser).take(64 * 1024).lines() {
        let line = line.ok()?;
        if line.is_empty() {
            return Some(head);
        }
        head.push_str(&line);
        head.push('\n');
    }
    None
}

fn ask(server: SocketAddr, request: &str) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(answer)
}

/// Somebody's desk: pages as they see them.
pub(crate) struct Desk {
    front: SocketAddr,
    server: SocketAddr,
    person: &'static str,
}

impl Desk {
    /// The browser's address of a page.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.front)
    }

    /// What a page says to its reader: its text without marks, white space folded.
    pub(crate) fn text(&self, path: &str) -> String {
        let page = self.get(path);
        let mut text = String::new();
        let mut rest = page.as_str();
        while let Some((before, tag)) = rest.split_once('<') {
            text.push_str(before);
            text.push(' ');
            rest = tag.split_once('>').map_or("", |(_, after)| after);
        }
        text.push_str(rest);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// An answer of the API.
    pub(crate) fn json(&self, path: &str) -> serde_json::Value {
        serde_json::from_str(&self.get(path)).expect("the API answers in JSON")
    }

    /// Sends a form; answers where it leads.
    pub(crate) fn post(&self, path: &str, form: &str) -> String {
        let Self { server, person, .. } = self;
        let cookie = sit_down(*server, person).expect("a seat at the desk");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {server}\r\nOrigin: http://{server}\r\nCookie: {cookie}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            form.len()
        );
        let answer = String::from_utf8(ask(*server, &request).expect("the server answers")).expect("text in UTF-8");
        let headers = answer.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(": "));
        let location = headers.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
        location.unwrap_or_else(|| panic!("{path} for {person} leads nowhere: {answer}")).1.to_owned()
    }

    fn get(&self, path: &str) -> String {
        let Self { server, person, .. } = self;
        let cookie = sit_down(*server, person).expect("a seat at the desk");
        let request = format!("GET {path} HTTP/1.1\r\nHost: {server}\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n");
        let answer = String::from_utf8(ask(*server, &request).expect("the server answers")).expect("text in UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        assert!(head.starts_with("HTTP/1.1 200 "), "{path} for {person}: {head}");
        assert!(!head.to_ascii_lowercase().contains("transfer-encoding"), "{path} comes in one piece");
        body.to_owned()
    }
}

/// The browser, if the machine has one.
pub(crate) fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).flat_map(|dir| NAMES.map(|name| dir.join(name))).find(|program| program.is_file())
}

/// A browser's window, in CSS pixels, and how large it is drawn.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// 100 draws one pixel for one CSS pixel.
    pub(crate) percent: u32,
}

impl Window {
    /// Width and height of its picture, in pixels.
    pub(crate) const fn picture(self) -> (u32, u32) {
        (self.width * self.percent / 100, self.height * self.percent / 100)
    }
}

/// Photographs a page as it first stands in a window.
pub(crate) fn photograph(browser: &Path, url: &str, window: Window, file: &Path) -> Vec<u8> {
    let profile = tempfile::tempdir().expect("a temporary directory");
    let _ = fs::remove_file(file);
    let Window { width, height, percent } = window;
    let mut child = Command::new(browser)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"])
        .args(["--disable-dev-shm-usage", "--run-all-compositor-stages-before-draw"])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("--force-device-scale-factor={}.{:02}", percent / 100, percent % 100))
        .arg(format!("--window-size={width},{height}"))
        .arg(format!("--screenshot={}", file.display()))
        .arg(url)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the browser starts");
    let began = Instant::now();
    while child.try_wait().expect("the browser is ours").is_none() {
        if began.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            panic!("the browser did not finish with {url} within {} seconds", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    fs::read(file).unwrap_or_else(|error| panic!("no picture of {url}: {error}"))
}

/// Width and height as the header of a PNG states them.
pub(crate) fn png_size(png: &[u8]) -> Option<(u32, u32)> {
    let header = png.strip_prefix(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")?;
    let number = |at: usize| header.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
    Some((number(0)?, number(4)?))
}
