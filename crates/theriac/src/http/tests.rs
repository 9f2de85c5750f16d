//! The server asked without a socket: every door, every role, and everything that must be refused.

#![allow(clippy::unwrap_used)]

mod access;
mod afterwards;
mod archive;
mod asked_for;
mod away;
mod axe;
mod bad_books;
mod browser;
mod chromium;
mod clocks;
mod codes;
mod counter;
mod desk;
mod downtime;
mod drug_file;
mod entry;
mod exempt;
mod fake;
mod first_day;
mod founding;
mod hostile;
mod interface;
mod keys;
mod keystrokes;
mod law;
mod mailing;
mod moving;
mod newcomer;
mod notices;
mod on_the_way;
mod operator;
mod orders;
mod pack;
mod papers;
mod passing;
mod pdmp;
mod preconditions;
mod programs;
mod registers;
mod rejudged;
mod reliance;
mod safety;
mod stockroom;
mod till;
mod virtual_key;
mod waived;
mod watch;

use super::doors::{Door, Face, Method, Who};
use super::router;
use crate::sessions::Known;
use crate::views::{DeploymentKind, World as _};
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode, header};
use fake::{Fake, State};
use serde_json::Value;
use std::sync::Arc;
use theriac_model::Role;
use tower::ServiceExt as _;

/// An answer, read whole.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("a JSON document")
    }

    fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |location| location.to_str().unwrap())
    }
}

fn demo() -> Arc<Fake> {
    Arc::new(Fake::new(DeploymentKind::Demo))
}

async fn send(world: &Arc<Fake>, request: Request<Body>) -> Answer {
    let response = router(world.clone()).oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
}

/// A request in the name of `who`, as our own pages or a well-behaved program send it.
fn request(world: &Arc<Fake>, method: &str, path: &str, who: Option<&str>) -> axum::http::request::Builder {
    let mut request = Request::builder().method(method).uri(path).header("host", "localhost:8311");
    if let Some(who) = who {
        request = if for_programs(method, path) {
            request.header("theriac-person", who)
        } else {
            request.header("cookie", format!("other=1; {}", cookie(world, who)))
        };
    }
    if method == "POST" {
        request = request.header("sec-fetch-site", "same-origin");
        let media = if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
        request = request.header("content-type", media);
    }
    request
}

/// Whether a door that programs may open, or that is everybody's, lies at this path.
fn for_programs(method: &str, path: &str) -> bool {
    let door = Door::ALL.iter().find(|&&door| address(door) == path && door.method().word().to_uppercase() == method);
    path.starts_with("/api/") && door.is_none_or(|door| door.for_programs() || door.who() == Who::Everyone)
}

/// The cookie of somebody who has just sat down.
fn cookie(world: &Arc<Fake>, who: &str) -> String {
    let secret = world.sessions().open(who, Known::Claimed, world.now()).expect("random bytes");
    format!("theriac-session={}", secret.as_str())
}

async fn get(world: &Arc<Fake>, path: &str, who: Option<&str>) -> Answer {
    send(world, request(world, "GET", path, who).body(Body::empty()).unwrap()).await
}

async fn post(world: &Arc<Fake>, path: &str, who: Option<&str>, body: &str) -> Answer {
    send(world, request(world, "POST", path, who).body(Body::from(body.to_owned())).unwrap()).await
}

/// The door's path with identifiers that exist.
fn address(door: Door) -> String {
    let id = if door.path().contains("/law/") { "1306.22-count" } else { "rx-1" };
    let path = door.path().replace("{number}", "1001").replace("{id}", id);
    let path = path.replace("{application}", "prescribing").replace("{month}", "2026-03").replace("{format}", "csv");
    path.replace("{ndc}", "99999010101").replace("{seq}", "17").replace("{no}", "1").replace("{act}", "decline")
}

/// A question that the rulebook answers with no.
const QUESTION: &str = r#"{"profile":"in-force","request":{"action":"fill","at":"2021-01-12","quantity":60},
    "facts":{"prescription":{"schedule":"II","form":"paper","issued":"2021-01-11","quantity":30}}}"#;

/// Opens `door` as our own page or a well-behaved program would.
async fn open(world: &Arc<Fake>, door: Door, who: Option<&str>) -> Answer {
    let body = match (door, door.face()) {
        (Door::ChooseDesk, _) => "person=auditor",
        (Door::ApiLawDecide, _) => QUESTION,
        (Door::ApiSignBegin, _) => r#"{"ids":"rx-1","statement":"x","agreed":true}"#,
        (Door::ApiSign, _) => "{}",
        (Door::ApiSignInBegin | Door::ApiGrantBegin, _) => r#"{"person":"x"}"#,
        (Door::ApiJoinBegin, _) => r#"{"person":"x","code":"y"}"#,
        (Door::ApiSignIn | Door::ApiJoin, _) => r#"{"ticket":"x","credential":{}}"#,
        (Door::SoftSign, _) => "one=rx-1&statement=x&pin=1",
        (Door::ApiBindBegin, _) => r#"{"offer":"x"}"#,
        (Door::CodeSign, _) => "one=rx-1&statement=x&code=1",
        (Door::CodeSignIn, _) => "person=x&password=y&code=z",
        (Door::ApiFill, _) => r#"{"scan":"99999-0101-01","what":"fill","filling":1}"#,
        (Door::ApiHandOver, _) => r#"{"recipient":"Pat Sample"}"#,
        (_, Face::Api) => r#"{"note":"counted twice"}"#,
        _ => "note=counted+twice",
    };
    match door.method() {
        Method::Get => get(world, &address(door), who).await,
        Method::Post => post(world, &address(door), who, body).await,
    }
}

/// Who may come in, written down a second time: a slip in the table of doors must show here.
const EXPECTED: [(&str, &str); 6] = [
    ("/practice", "prescriber agent inspector auditor"),
    ("/pharmacy/queue", "pharmacist intern technician inspector auditor"),
    ("/pharmacy/prescriptions", "pharmacist intern technician inspector auditor"),
    ("/pharmacy/stock", "pharmacist technician custodian inspector auditor"),
    ("/journal", "operator access-controller inspector auditor"),
    (
        "/",
        "prescriber agent pharmacist intern technician custodian dispenser operator access-controller inspector auditor",
    ),
];

fn expected(door: Door, role: Role) -> bool {
    if let Some(may) = counter::expected(door, role) {
        return may;
    }
    if let Some(may) = stockroom::expected(door, role) {
        return may;
    }
    if let Some(may) =
        watch::expected(door, role).or_else(|| moving::expected(door, role)).or_else(|| orders::expected(door, role))
    {
        return may;
    }
    if let Some(may) = till::expected(door, role) {
        return may;
    }
    if let Some(may) = pdmp::expected(door, role) {
        return may;
    }
    if let Some(may) = archive::expected(door, role) {
        return may;
    }
    if let Some(may) = access::expected(door, role).or_else(|| operator::expected(door, role)) {
        return may;
    }
    if matches!(door, Door::Cancel | Door::RequestAnswer | Door::PaperIssue | Door::PaperPrint) {
        return role == Role::Prescriber;
    }
    if matches!(door, Door::Annotate | Door::ApiAnnotate | Door::AskPractitioner) {
        return role == Role::Pharmacist;
    }
    if door.path().starts_with("/practice/sign") || matches!(door, Door::ApiSignBegin | Door::ApiSign | Door::ApiCancel)
    {
        return role == Role::Prescriber;
    }
    if ["/api/v1/sign-in", "/api/v1/join"].iter().any(|own| door.path().starts_with(own)) {
        return true;
    }
    if door.needs_the_house()
        && (door.method() == Method::Post
            || door == Door::ApiWebhook
            || door.path().contains("/drafts")
            || door.path().contains("/edit"))
    {
        return matches!(role, Role::Prescriber | Role::Agent);
    }
    let path = door.path();
    let page = match path.strip_prefix("/api/v1") {
        Some("/openapi.json") => return true,
        Some(rest)
            if rest.starts_with("/prescriptions") || rest.starts_with("/patients") || rest.starts_with("/drugs") =>
        {
            "/practice".to_owned()
        }
        Some(rest) if rest.starts_with("/queue") || rest.starts_with("/records") => "/pharmacy/queue".to_owned(),
        Some(rest) if rest.starts_with("/stock") => "/pharmacy/stock".to_owned(),
        Some(rest) => rest.to_owned(),
        None => path.to_owned(),
    };
    let everyone = [
        "/sign-in",
        "/sign-out",
        "/join",
        "/law",
        "/desk",
        "/unlock",
        "/lock",
        "/session",
        "/health",
        "/metrics",
        "/assets/",
    ];
    let page = if page == "/kept" { "/".to_owned() } else { page };
    if everyone.iter().any(|open| page.starts_with(open)) && page != "/session/used" {
        return true;
    }
    let page = if page == "/session/used" { "/".to_owned() } else { page };
    let row = EXPECTED.iter().find(|(prefix, _)| page == *prefix || (*prefix != "/" && page.starts_with(prefix)));
    row.unwrap().1.split(' ').any(|word| word == role.word())
}

#[tokio::test]
async fn every_door_opens_to_its_roles_and_to_no_other() {
    let world = demo();
    for &door in Door::ALL {
        for &role in Role::ALL {
            let answer = open(&world, door, Some(role.word())).await;
            if expected(door, role) && door.needs_the_house() {
                // This world has none behind it; the tests of the desk open these doors for real.
                assert_ne!(answer.status, StatusCode::FORBIDDEN, "{door:?} for {role}");
            } else if expected(door, role) {
                assert!(
                    answer.status.is_success() || answer.status == StatusCode::SEE_OTHER,
                    "{door:?} for {role}: {} {}",
                    answer.status,
                    answer.text
                );
                assert_ne!(answer.location(), "/desk", "{door:?} for {role}");
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{door:?} for {role}");
                assert!(answer.text.contains("HTTP-ROLE"), "{door:?} for {role}: {}", answer.text);
                assert!(!answer.text.contains("Pat Sample"), "{door:?} for {role}");
            }
        }
    }
}

#[tokio::test]
async fn inspectors_and_auditors_read_everything_and_change_nothing() {
    let own = [
        Door::SignOut,
        Door::ApiSignInBegin,
        Door::ApiSignIn,
        Door::ApiJoinBegin,
        Door::ApiJoin,
        Door::CodeSignIn,
        Door::ApiLawDecide,
        Door::ChooseDesk,
        Door::Lock,
        Door::Unlock,
        Door::Used,
    ];
    for door in Door::ALL.iter().filter(|door| door.face() != Face::Plain && !own.contains(door)) {
        for role in [Role::Inspector, Role::Auditor] {
            let reads = door.method() == Method::Get
                && !matches!(
                    door,
                    Door::DraftNew
                        | Door::SetNew
                        | Door::DraftEdit
                        | Door::Review
                        | Door::Signed
                        | Door::ApiWebhook
                        | Door::OwnEnrolment
                        | Door::OwnTokens
                        | Door::OwnForm
                        | Door::OwnNotices
                        | Door::OwnKeys
                        | Door::IntakeNew
                        | Door::FillPage
                        | Door::RefillEntry
                        | Door::OrderNew
                        | Door::OrderToSign
                )
                && !door.path().starts_with("/practice/log")
                && !door.path().starts_with("/practice/duties");
            assert_eq!(door.admits(role), reads, "{door:?} for {role}");
        }
    }
}

#[tokio::test]
async fn where_nobody_sits_pages_lead_to_the_desk_and_the_api_asks_who() {
    let world = demo();
    for door in Door::ALL.iter().copied().filter(|door| door.who() != Who::Everyone) {
        for who in [None, Some("nobody-of-this-place"), Some("")] {
            let answer = open(&world, door, who).await;
            if door.face() == Face::Api {
                assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{door:?}");
                assert_eq!(answer.json()["code"], "HTTP-NOBODY");
                assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
            } else {
                assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/desk"), "{door:?}");
            }
        }
    }
    assert!(world.opened().is_empty() && world.notes().is_empty());
}

#[tokio::test]
async fn a_person_sits_down_at_a_desk_and_leaves_it() {
    let world = demo();
    let desk = get(&world, "/desk", None).await;
    assert!(desk.text.contains(r#"value="pharmacist""#) && desk.text.contains("Fern Farmer"));
    assert!(!desk.text.contains(r#"value="system""#), "the program itself sits at no desk");

    let sat = post(&world, "/desk", None, "person=pharmacist").await;
    assert_eq!((sat.status, sat.location()), (StatusCode::SEE_OTHER, "/"));
    let cookie = sat.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    let (secret, attributes) = cookie.strip_prefix("theriac-session=").unwrap().split_once("; ").unwrap();
    assert_eq!((secret.len(), attributes), (43, "Path=/; HttpOnly; SameSite=Strict"));
    assert!(!cookie.contains("pharmacist"), "the cookie does not say who it is");

    let left = post(&world, "/desk", Some("pharmacist"), "person=").await;
    assert_eq!((left.status, left.location()), (StatusCode::SEE_OTHER, "/desk"));
    assert!(left.headers[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));

    for nobody in ["person=nobody", "person=system", "person=a%0d%0aset-cookie:x", "person=%3Cb%3E"] {
        let answer = post(&world, "/desk", None, nobody).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{nobody}");
        assert!(answer.text.contains("HTTP-NO-SUCH-PERSON") && !answer.headers.contains_key(header::SET_COOKIE));
    }
}

#[tokio::test]
async fn in_production_nobody_is_taken_at_their_word() {
    let world = Arc::new(Fake::new(DeploymentKind::Production));
    for door in Door::ALL.iter().copied().filter(|door| door.face() != Face::Plain) {
        let request = request(&world, door.method().word().to_uppercase().as_str(), &address(door), None);
        let request = request.header("theriac-person", "inspector").header("cookie", "theriac-person=inspector");
        let answer = send(&world, request.body(Body::from("person=inspector")).unwrap()).await;
        assert!(!answer.text.contains("DEMO</strong>") && !answer.text.contains("Pat Sample"), "{door:?}");
        match (door, door.who(), door.face()) {
            (Door::Desk | Door::ChooseDesk, ..) => {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{door:?}");
                assert!(answer.text.contains("HTTP-DEMO-ONLY"), "{door:?}: {}", answer.text);
            }
            (_, Who::Everyone, _) => {}
            (_, _, Face::Api) => assert_eq!(answer.json()["code"], "HTTP-NOBODY", "{door:?}"),
            _ => {
                assert_eq!(answer.status, StatusCode::SEE_OTHER, "{door:?}");
                // From the page to which programs send people, the way leads back there after signing in.
                let way = if door == Door::Review { "/sign-in?to=/practice/sign" } else { "/sign-in" };
                assert_eq!(answer.location(), way, "{door:?}");
            }
        }
    }
    assert!(world.opened().is_empty() && world.notes().is_empty());
}

#[tokio::test]
async fn every_page_of_a_demonstration_says_demo() {
    let world = demo();
    let mut pages: Vec<Answer> = Vec::new();
    let pages_of_views = |door: &Door| {
        door.face() == Face::Page && !matches!(door, Door::Evidence | Door::Kept) && !door.needs_the_house()
    };
    for door in Door::ALL.iter().copied().filter(pages_of_views) {
        if door.method() == Method::Get {
            pages.push(get(&world, &address(door), Some("inspector")).await);
        }
        pages.push(get(&world, "/desk", None).await);
    }
    pages.push(get(&world, "/nowhere", None).await);
    pages.push(get(&world, "/journal", Some("pharmacist")).await);
    pages.push(get(&world, "/pharmacy/stock/1", Some("pharmacist")).await);
    for page in pages {
        assert!(page.text.contains("<title>DEMO · "), "{}", page.text);
        assert!(page.text.contains("<strong>DEMO</strong>"), "{}", page.text);
    }
}

/// Requirements: epcs-1311.170-b-1, epcs-1311.170-b-2
#[tokio::test]
async fn a_record_is_opened_and_annotated_only_in_the_name_of_a_person() {
    let world = demo();
    let page = get(&world, "/pharmacy/prescriptions/1001", Some("technician")).await;
    assert!(page.text.contains("Tess Tally (technician)"), "the opening itself is on the page");
    get(&world, "/api/v1/records/1001", Some("inspector")).await;
    let opened: Vec<String> = world.opened().iter().map(|(number, by)| format!("{number} {by}")).collect();
    assert_eq!(opened, ["1001 technician (technician)", "1001 inspector (inspector)"]);

    let done = post(&world, "/pharmacy/prescriptions/1001/annotations", Some("pharmacist"), "note=counted+twice").await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/pharmacy/prescriptions/1001#annotations"));
    let sent =
        post(&world, "/api/v1/records/1001/annotations", Some("pharmacist"), r#"{"note":" and again\r\n "}"#).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::CREATED, "/api/v1/records/1001"));
    let notes: Vec<String> = world.notes().iter().map(|(number, by, note)| format!("{number} {by}: {note}")).collect();
    assert_eq!(notes, ["1001 pharmacist (pharmacist): counted twice", "1001 pharmacist (pharmacist): and again"]);
    let page = get(&world, "/pharmacy/prescriptions/1001", Some("pharmacist")).await;
    for shown in ["counted twice", "and again", "Fern Farmer (pharmacist)", "Ines Inspector (inspector)"] {
        assert!(page.text.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn lists_do_not_open_records() {
    let world = demo();
    get(&world, "/pharmacy/queue", Some("pharmacist")).await;
    get(&world, "/api/v1/queue", Some("pharmacist")).await;
    get(&world, "/pharmacy/prescriptions/9999", Some("pharmacist")).await;
    assert!(world.opened().is_empty());
}

/// Requirements: epcs-1311.165-d-1
#[tokio::test]
async fn a_record_shows_every_element_in_full_and_what_is_absent() {
    let world = demo();
    let page = get(&world, "/pharmacy/prescriptions/1001", Some("pharmacist")).await;
    for shown in [
        "2026-01-05",
        "<dd>Sample</dd>",
        "<dd>Pat</dd>",
        "1 Invented Way",
        "<dd>Oxycodone hydrochloride</dd>",
        "<dd>10 mg</dd>",
        "<dd>Tablet</dd>",
        "<dd>30</dd>",
        "Take 1 tablet by mouth every 6 hours as needed for severe pain",
        "<dd>Brook</dd>",
        "20 Example Street",
        "<dd>FB0047117-00A9B8</dd>",
    ] {
        assert!(page.text.contains(shown), "{shown}");
    }
    assert!(!page.text.contains(">absent<"));
    let page = get(&world, "/pharmacy/prescriptions/1004", Some("pharmacist")).await;
    assert!(page.text.contains(r#"<dt title="directions">Directions for use</dt><dd class="absent">absent</dd>"#));
}

#[tokio::test]
async fn a_rejected_record_says_why_by_which_law_and_what_to_do() {
    let world = demo();
    let page = get(&world, "/pharmacy/prescriptions/1004", Some("pharmacist")).await;
    for shown in [
        "PHARM-1311.165-MISSING",
        "73 FR 36722, 1311.165(c)(3)",
        "DEA’s proposed rule of 2008: a proposal of 2008, chosen by this deployment; not the law",
        "The prescription does not bear directions for use.",
        "Ask the practitioner to issue a new prescription",
    ] {
        assert!(page.text.contains(shown), "{shown}");
    }
}

#[tokio::test]
async fn a_note_has_1_to_2000_characters_and_is_not_lost_when_refused() {
    let world = demo();
    let form = "/pharmacy/prescriptions/1001/annotations";
    for (note, kept) in [("a".to_owned(), true), ("a".repeat(2_000), true), ("é".repeat(2_000), true)]
        .into_iter()
        .chain([(String::new(), false), ("%20%0a".to_owned(), false), ("a".repeat(2_001), false)])
        .chain([("bell%07".to_owned(), false)])
    {
        let answer = post(&world, form, Some("pharmacist"), &format!("note={note}")).await;
        let expected = if kept { StatusCode::SEE_OTHER } else { StatusCode::UNPROCESSABLE_ENTITY };
        assert_eq!(answer.status, expected, "{} characters", note.len());
        assert!(kept || answer.text.contains("HTTP-NOTE"));
    }
    let refused =
        post(&world, "/pharmacy/prescriptions/1004/annotations", Some("pharmacist"), "note=%3Cb%3Emine").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for shown in ["PHARM-1306.08-ANNOTATE", "21 CFR 1306.08(c)", "the law in force on that day"] {
        assert!(refused.text.contains(shown), "{shown}");
    }
    assert!(refused.text.contains("b&#62;mine</textarea>"), "{}", refused.text);
}

#[tokio::test]
async fn a_practitioner_reads_only_prescriptions_on_their_own_list() {
    let world = demo();
    for (role, status) in [("prescriber", 404), ("agent", 404), ("inspector", 200)] {
        for path in ["/practice/prescriptions/rx-of-another-practice", "/api/v1/prescriptions/rx-of-another-practice"] {
            assert_eq!(get(&world, path, Some(role)).await.status.as_u16(), status, "{path} for {role}");
        }
    }
}

#[tokio::test]
async fn the_journal_is_paged_and_its_evidence_is_a_file() {
    let world = demo();
    let newest = get(&world, "/journal", Some("auditor")).await;
    assert!(newest.text.contains(r#"href="/journal/213""#) && newest.text.contains(r#"href="/journal?before=114""#));
    assert!(
        newest.text.contains("theriac journal check --against")
            && newest.text.contains("example-valley.theriac/journal+e69da63e")
    );
    let last = get(&world, "/journal?before=14", Some("auditor")).await;
    assert!(last.text.contains(r#"href="/journal/0""#) && !last.text.contains("before="));
    let file = get(&world, "/journal/17/evidence.json", Some("auditor")).await;
    assert_eq!(file.json()["seq"], 17);
    assert_eq!(file.headers[header::CONTENT_DISPOSITION], r#"attachment; filename="theriac-entry-17.json""#);
}

/// The page that a link leads to.
fn leads_to(link: &str) -> Option<Door> {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let fits = |door: &&Door| {
        let (theirs, ours) = (door.path().split('/'), path.split('/'));
        door.path().split('/').count() == path.split('/').count()
            && theirs.zip(ours).all(|(pattern, part)| pattern == part || pattern.starts_with('{') && !part.is_empty())
    };
    // A path without parameters is the nearer one.
    let mut doors: Vec<&Door> = Door::ALL.iter().filter(|door| door.method() == Method::Get).filter(fits).collect();
    doors.sort_by_key(|door| door.path().matches('{').count());
    doors.first().map(|door| **door)
}

#[tokio::test]
async fn every_link_on_a_page_opens_for_whoever_sees_the_page() {
    let world = demo();
    for &role in Role::ALL.iter().filter(|role| Door::Overview.admits(**role)) {
        let mut todo = vec!["/".to_owned()];
        let mut seen = std::collections::BTreeSet::new();
        while let Some(path) = todo.pop() {
            // What acts on a deployment is walked by the tests that have one.
            let house = leads_to(&path).is_some_and(Door::needs_the_house);
            if house || !seen.insert(path.clone()) || seen.len() > 60 {
                continue;
            }
            let answer = get(&world, &path, Some(role.word())).await;
            assert_eq!(answer.status, StatusCode::OK, "{role} follows a link to {path}");
            let links = answer.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            todo.extend(links.filter(|link| link.starts_with('/')).map(|link| link.replace("&#38;", "&")));
        }
        assert!(seen.len() > 3);
    }
}

#[tokio::test]
async fn a_world_that_fails_is_said_to_be_unavailable_and_nothing_else() {
    let world = demo();
    for state in [State::Failing, State::Panicking] {
        for door in Door::ALL.iter().copied() {
            world.behave(state);
            let answer =
                open(&world, door, Some(if door.admits(Role::Inspector) { "inspector" } else { "prescriber" })).await;
            let alive = matches!(door, Door::Style | Door::Icon | Door::Script | Door::OpenApi);
            assert_eq!(answer.status.as_u16(), if alive { 200 } else { 503 }, "{door:?}");
            assert!(!answer.text.contains("/secret/path") && !answer.text.contains("panick"), "{door:?}");
            assert!(alive || answer.text.contains("HTTP-UNAVAILABLE"), "{door:?}: {}", answer.text);
        }
    }
    world.behave(State::Well);
    assert_eq!(get(&world, "/health", None).await.text, "ok\nentries 214\n");
}
