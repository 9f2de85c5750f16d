//! Every page of every desk in Chromium with axe-core, at the width of a desk and of a phone: nothing serious, nothing
//! critical. Pages are found by following links from each desk's overview, and by the table of doors, so that a new page
//! is looked at without being named here.
//!
//! The script is no part of the project: `./test` fetches it and names it in `THERIAC_AXE`. Without it, or without
//! Chromium, the test says so and passes, unless `THERIAC_REQUIRE_AXE=1`.

use super::desk::Place;
use super::*;
use crate::commands::{demo, deployment};
use crate::house::House;
use crate::sessions::Secret;
use axum::Router;
use axum::extract::{RawQuery, State as Extracted};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get as on_get, post as on_post};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

/// Width and height of the windows, in CSS pixels.
const WINDOWS: [(u32, u32); 2] = [(1280, 800), (390, 844)];
/// Pages looked at behind one door at one desk.
const SAMPLES: usize = 2;
/// How long one page may take on a busy machine.
const PATIENCE: Duration = Duration::from_mins(2);
/// Who sits where; nobody for the pages that are open to all.
const DESKS: [&str; 9] = ["", "brook", "quill", "fern", "tess", "ola", "ada", "ben", "iris"];

/// Looks at a page, tells what was found, and goes on to the next one.
const RUNNER: &str = r#"addEventListener("load", async () => {
  const told = { path: location.pathname + location.search, width: innerWidth, rows: [] };
  try {
    const found = await axe.run(document, { resultTypes: ["violations"] });
    told.rows = found.violations.map((one) => ({
      id: one.id, impact: one.impact, help: one.help, nodes: one.nodes.slice(0, 4).map((node) => node.html.slice(0, 240)),
    }));
    if (document.documentElement.scrollWidth > innerWidth + 1) {
      told.rows.push({ id: "wider-than-the-window", impact: "serious", help: `${document.documentElement.scrollWidth} px`, nodes: [] });
    }
  } catch (error) {
    told.rows.push({ id: "axe", impact: "critical", help: String(error), nodes: [] });
  }
  const headers = { "content-type": "application/json" };
  const answer = await fetch("/axe/found", { method: "POST", headers, body: JSON.stringify(told) });
  const next = await answer.text();
  if (next) location.replace(next);
});"#;

#[derive(Deserialize)]
struct Told {
    path: String,
    width: u32,
    rows: Vec<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    id: String,
    impact: Option<String>,
    help: String,
    nodes: Vec<String>,
}

/// What stands between the browser and the pages: a seat at a desk, and the script.
struct Front {
    pages: Router,
    script: Vec<u8>,
    house: Arc<House>,
    who: Mutex<(&'static str, Option<Secret>)>,
    todo: Mutex<VecDeque<(&'static str, String)>>,
    found: Mutex<Vec<String>>,
    said: Mutex<mpsc::Sender<bool>>,
    /// The first page of a window.
    first: Mutex<String>,
}

impl Front {
    /// The next page, at whose desk it is opened; empty at the end.
    fn next(&self) -> String {
        let Some((who, path)) = self.todo.lock().unwrap().pop_front() else { return String::new() };
        // A seat taken for each page: one that waits for its turn would be locked by then.
        let seat = |who| self.house.sessions.open(who, Known::Claimed, self.house.clock.now()).unwrap();
        *self.who.lock().unwrap() = (who, Some(who).filter(|who| !who.is_empty()).map(seat));
        path
    }
}

async fn found(Extracted(front): Extracted<Arc<Front>>, body: String) -> String {
    let told: Told = serde_json::from_str(&body).unwrap();
    let who = front.who.lock().unwrap().0;
    for row in told.rows {
        let serious = matches!(row.impact.as_deref(), Some("serious" | "critical"));
        let line = format!(
            "{} at {} px for {who:?}: {} {}: {}\n    {}",
            told.path,
            told.width,
            row.impact.unwrap_or_default(),
            row.id,
            row.help,
            row.nodes.join("\n    ")
        );
        if serious {
            front.found.lock().unwrap().push(line);
        } else {
            println!("{line}");
        }
    }
    let next = front.next();
    front.said.lock().unwrap().send(next.is_empty()).unwrap();
    next
}

/// A window of the size that is asked for, with the first page in it.
async fn frame(Extracted(front): Extracted<Arc<Front>>, RawQuery(size): RawQuery) -> Html<String> {
    let size = size.unwrap_or_default();
    let (width, height) = size.split_once('x').unwrap_or(("1280", "800"));
    let first = front.first.lock().unwrap().replace('&', "&amp;");
    Html(format!(
        "<!doctype html><title>frame</title><iframe src=\"{first}\" width=\"{width}\" height=\"{height}\" frameborder=\"0\"></iframe>"
    ))
}

async fn page(Extracted(front): Extracted<Arc<Front>>, mut request: Request<Body>) -> Response {
    let secret = front.who.lock().unwrap().1.clone();
    let headers = request.headers_mut();
    headers.insert(header::HOST, "localhost:8311".parse().unwrap());
    headers.remove(header::COOKIE);
    headers.remove(header::ORIGIN);
    if let Some(secret) = secret {
        headers.insert(header::COOKIE, format!("theriac-session={}", secret.as_str()).parse().unwrap());
    }
    let (head, body) = front.pages.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let html = head.headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
    let bytes = if html {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let scripts = "<script src=\"/axe/script\" defer></script><script src=\"/axe/run\" defer></script></head>";
        text.replacen("</head>", scripts, 1).into_bytes()
    } else {
        bytes.to_vec()
    };
    let mut response = (head.status, bytes).into_response();
    // The page stands in a frame of the wanted width: a browser's own window cannot be as narrow as a phone.
    let framed = [header::CONTENT_LENGTH, header::X_FRAME_OPTIONS];
    for (name, value) in head.headers.iter().filter(|(name, _)| !framed.contains(name)) {
        response.headers_mut().insert(name, value.clone());
    }
    if let Some(policy) = response.headers_mut().get_mut(header::CONTENT_SECURITY_POLICY) {
        let own = policy.to_str().unwrap().replace("frame-ancestors 'none'", "frame-ancestors 'self'");
        *policy = own.parse().unwrap();
    }
    response
}

fn javascript(bytes: Vec<u8>) -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], bytes).into_response()
}

/// Whether `path` leads to `door`.
fn leads_to(door: Door, path: &str) -> bool {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let (own, given): (Vec<&str>, Vec<&str>) = (door.path().split('/').collect(), path.split('/').collect());
    own.len() == given.len()
        && own.iter().zip(&given).all(|(own, given)| own == given || (own.starts_with('{') && !given.is_empty()))
}

fn is_page(door: Door) -> bool {
    door.face() == Face::Page && door.method() == Method::Get
}

/// The pages that somebody reaches: links from page to page, and the doors without parameters.
async fn reached(place: &Place, who: &'static str) -> Vec<String> {
    let mut todo: VecDeque<String> =
        Door::ALL.iter().filter(|door| is_page(**door)).map(|door| door.path().to_owned()).collect();
    let mut samples: BTreeMap<Door, usize> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    let mut pages = Vec::new();
    while let Some(path) = todo.pop_front() {
        let exact = Door::ALL.iter().find(|door| is_page(**door) && door.path() == path.split('?').next().unwrap());
        let door = exact.or_else(|| Door::ALL.iter().find(|door| is_page(**door) && leads_to(**door, &path)));
        let Some(&door) = door.filter(|_| !path.contains('{')) else { continue };
        if samples.get(&door).copied().unwrap_or(0) >= SAMPLES || !seen.insert(path.clone()) {
            continue;
        }
        let answer = match who {
            "" => place.nobody("GET", &path, "").await,
            who => place.get(&path, who).await,
        };
        let html =
            answer.headers.get(header::CONTENT_TYPE).is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
        if answer.status != StatusCode::OK || !html {
            continue;
        }
        *samples.entry(door).or_default() += 1;
        let links = answer.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let links =
            links.filter(|link| link.starts_with('/')).map(|link| link.replace("&#38;", "&").replace("&amp;", "&"));
        todo.extend(links.map(|link| link.split('#').next().unwrap_or_default().to_owned()));
        pages.push(path);
    }
    pages
}

fn chromium() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    std::env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|program| program.is_file())
}

fn skip(why: &str) {
    let required = std::env::var("THERIAC_REQUIRE_AXE").is_ok_and(|required| required == "1");
    assert!(!required, "THERIAC_REQUIRE_AXE=1 and {why}");
    println!("skipped: {why}");
}

/// A deployment in which there is something to look at on every page of the practice.
async fn busy_place() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("house");
    let house = demo::told_world(&place, deployment::demonstration(), &mut std::io::sink()).unwrap();
    demo::open_for_work(&house, &place).unwrap();
    let place = Place::of(house, dir);
    place.draft("quill", "").await;
    let ready = place.draft("quill", "note=a").await;
    place.ask("POST", &format!("/practice/prescriptions/{ready}/ready"), "quill", "").await;
    let failed = place.draft("brook", "pharmacy=1234567").await;
    place.ask("POST", &format!("/practice/prescriptions/{failed}/ready"), "brook", "").await;
    let form = format!("one={failed}&statement={}&agreed=yes&pin={}", super::desk::STATEMENT, crate::demo::world::PIN);
    place.ask("POST", "/practice/sign", "brook", &form).await;
    place.house.work(&crate::relaying::HouseRelay(&place.house)).unwrap();
    place
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_page_of_any_desk_has_a_serious_finding_of_axe() {
    let Some(script) = std::env::var_os("THERIAC_AXE").and_then(|path| std::fs::read(path).ok()) else {
        return skip("THERIAC_AXE does not name the script of axe-core");
    };
    let Some(browser) = chromium() else { return skip("there is no Chromium in PATH") };
    let place = busy_place().await;
    let mut pages: Vec<(&'static str, String)> = Vec::new();
    for who in DESKS {
        pages.extend(reached(&place, who).await.into_iter().map(|path| (who, path)));
    }
    let missing: Vec<&str> = Door::ALL
        .iter()
        .filter(|door| is_page(**door) && !pages.iter().any(|(_, path)| leads_to(**door, path)))
        .map(|door| door.path())
        .collect();
    println!("{} pages; not reached from any desk: {missing:?}", pages.len());
    // The practice's pages differ between the practitioner and the agent; elsewhere one view of a page is enough.
    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    pages.retain(|(_, path)| {
        let count = shown.entry(path.clone()).or_default();
        *count += 1;
        *count <= if path.starts_with("/practice/prescriptions") { 2 } else { 1 }
    });
    let (said, heard) = mpsc::channel();
    let world: Arc<dyn crate::views::World> = place.house.clone();
    let front = Arc::new(Front {
        pages: router(world),
        script,
        house: place.house.clone(),
        who: Mutex::default(),
        todo: Mutex::default(),
        found: Mutex::default(),
        said: Mutex::new(said),
        first: Mutex::default(),
    });
    let app = Router::new()
        .route(
            "/axe/script",
            on_get(|Extracted(front): Extracted<Arc<Front>>| async move { javascript(front.script.clone()) }),
        )
        .route("/axe/run", on_get(|| async { javascript(RUNNER.as_bytes().to_vec()) }))
        .route("/axe/found", on_post(found))
        .route("/axe/frame", on_get(frame))
        .fallback(page)
        .with_state(Arc::clone(&front));
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    let mut looked = 0;
    for (width, height) in WINDOWS {
        front.todo.lock().unwrap().extend(pages.iter().cloned());
        *front.first.lock().unwrap() = front.next();
        let profile = tempfile::tempdir().unwrap();
        let mut child = Command::new(&browser)
            .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--disable-dev-shm-usage", "--hide-scrollbars", "--remote-debugging-port=0"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("--window-size=1400,1000")
            .arg(format!("http://localhost:{port}/axe/frame?{width}x{height}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let ended = loop {
            match tokio::task::block_in_place(|| heard.recv_timeout(PATIENCE)) {
                Ok(end) => {
                    looked += 1;
                    if end {
                        break true;
                    }
                }
                Err(_) => break false,
            }
        };
        let _ = child.kill();
        let _ = child.wait();
        assert!(ended, "the browser stopped after {looked} pages, {} were left", front.todo.lock().unwrap().len());
    }
    server.abort();
    let found = front.found.lock().unwrap();
    assert_eq!(looked, pages.len() * WINDOWS.len());
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
