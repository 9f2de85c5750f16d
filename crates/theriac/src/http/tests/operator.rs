//! People and enrolments over the pages of a real deployment: everything that must be on file, and everything that is
//! refused.

use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::{self, cast};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{Config, ProviderConfig};
use crate::house::event::{HouseEvent, Person};
use crate::http::doors::Door;
use crate::practice::signer_stream;
use crate::registry::RECHECK;
use crate::relaying::HouseRelay;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use std::fmt::Write as _;
use tempfile::TempDir;
use theriac_prescriber::enrolment::Stage;

/// Who may open the doors of this desk, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    let path = door.path();
    let staff = matches!(role, Role::Operator | Role::AccessController | Role::Inspector | Role::Auditor);
    match door.method() {
        _ if path.starts_with("/enrolment") => Some(role == Role::Prescriber),
        Method::Get if path.starts_with("/operator/") => Some(staff),
        Method::Post if path.starts_with("/operator/") => Some(role == Role::Operator),
        _ => None,
    }
}

pub(super) const SCAN: &[u8] = b"%PDF-1.4\n% a signed document\n%%EOF\n";
const PAGE: &str = "/operator/enrolments/novak";

/// A deployment with its people, and registrant data of the day, in which nobody is enrolled.
struct Office {
    house: Arc<House>,
    dir: TempDir,
}

impl Office {
    fn new() -> Self {
        Self::on("2026-03-02T09:00:00-07:00", |_| ())
    }

    fn on(start: &str, configure: impl FnOnce(&mut Config)) -> Self {
        let office = Self::without_data(start, configure);
        demo::morning::import_registrants(&office.house, office.dir.path()).unwrap();
        office
    }

    fn without_data(start: &str, configure: impl FnOnce(&mut Config)) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Clock::told(TimeZone::get("America/Phoenix").unwrap(), start.parse().unwrap());
        let mut config = demonstration();
        configure(&mut config);
        let house = House::found(&dir.path().join("house"), config, clock).unwrap();
        let people: Vec<HouseEvent> = [&cast::OPERATOR, &cast::FIRST_CONTROLLER, &cast::NEWCOMER, &cast::INSPECTOR]
            .into_iter()
            .map(|person| {
                HouseEvent::PersonAdded(Person {
                    id: person.id.to_owned(),
                    name: format!("{} {}", person.first, person.last),
                    role: demo::world::role(person),
                    what: person.what.to_owned(),
                })
            })
            .collect();
        house.note(&crate::house::program(), &people).unwrap();
        Self { house: Arc::new(house), dir }
    }

    async fn send(&self, method: &str, path: &str, who: &str, media: &str, body: Vec<u8>) -> Answer {
        let secret = self.house.sessions.open(who, Known::Claimed, self.house.clock.now()).unwrap();
        let request = Request::builder().method(method).uri(path).header("host", "localhost:8311");
        let request = request.header("sec-fetch-site", "same-origin").header("content-type", media);
        let request = request.header("cookie", format!("theriac-session={}", secret.as_str()));
        let world: Arc<dyn crate::views::World> = self.house.clone();
        let response = router(world).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    async fn get(&self, path: &str, who: &str) -> Answer {
        self.send("GET", path, who, "text/plain", Vec::new()).await
    }

    async fn post(&self, path: &str, who: &str, fields: &[(&str, &str)]) -> Answer {
        self.send("POST", path, who, "application/x-www-form-urlencoded", encoded(fields).into_bytes()).await
    }

    /// A step of the operator's that must be taken.
    async fn step(&self, path: &str, fields: &[(&str, &str)]) {
        let done = self.post(&format!("{PAGE}/{path}"), "ola", fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.text);
    }

    /// A step of the operator's that must be refused; the page with the reasons.
    async fn refused(&self, path: &str, fields: &[(&str, &str)], code: &str) -> String {
        let refused = self.post(&format!("{PAGE}/{path}"), "ola", fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
        assert!(refused.text.contains(&format!("<code>{code}</code>")), "{code}: {}", refused.text);
        refused.text
    }

    async fn upload(&self, bytes: &[u8]) -> Answer {
        let (media, body) = multipart(bytes);
        self.send("POST", &format!("{PAGE}/scan"), "ola", &media, body).await
    }

    async fn review(&self) -> String {
        let page = self.get(PAGE, "ola").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        page.text
    }

    fn stage(&self) -> Stage {
        self.house.signer("novak").unwrap().0.stage(self.house.clock.moment().date())
    }

    /// Everything that an enrolment of one registration needs, but for `leave_out`.
    async fn enrol_but_for(&self, leave_out: &str) {
        let number = cast::newcomer_number().to_string();
        for step in [
            "application",
            "responsibility",
            "document",
            "scan",
            "acceptance",
            "record",
            "checks",
            "registrations",
            "contacts",
        ] {
            if step == leave_out || (leave_out == "document" && matches!(step, "scan" | "acceptance")) {
                continue;
            }
            match step {
                "application" => self.step(step, &application(&number)).await,
                "responsibility" => {
                    let done = self.post("/enrolment/acknowledgement", "novak", &[]).await;
                    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
                }
                "document" => self.step(step, &paper(&number)).await,
                "scan" => assert_eq!(self.upload(SCAN).await.status, StatusCode::SEE_OTHER),
                "acceptance" if leave_out == "scan" => {}
                "acceptance" => self.step(step, &[]).await,
                "record" => self.step(step, &RECORD).await,
                "checks" => self.step(step, &CHECK).await,
                "registrations" if leave_out == "application" => {}
                "registrations" => self.step(step, &[("registration", &number)]).await,
                _ => self.step(step, &contact(&number)).await,
            }
        }
    }

    fn work(&self) {
        self.house.work(&HouseRelay(&self.house)).unwrap();
    }
}

pub(super) fn multipart(bytes: &[u8]) -> (String, Vec<u8>) {
    let mut body = b"--B0undary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x.html\"\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend(b"\r\n--B0undary--\r\n");
    ("multipart/form-data; boundary=B0undary".to_owned(), body)
}

pub(super) fn encoded(fields: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        for part in [*name, "=", *value, "&"] {
            for byte in part.bytes() {
                match byte {
                    b'=' | b'&' if part.len() == 1 => text.push(char::from(byte)),
                    byte if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.' => text.push(char::from(byte)),
                    byte => write!(text, "%{byte:02X}").unwrap(),
                }
            }
        }
    }
    text
}

pub(super) fn application(number: &str) -> [(&str, &str); 4] {
    [
        ("name", "Noa Novak"),
        ("telephone", "520-555-0199"),
        ("intends[1].state", "AZ"),
        ("intends[1].registration", number),
    ]
}

pub(super) fn paper(number: &str) -> Vec<(&str, &str)> {
    vec![
        ("format", "form"),
        ("entity.kind", "state-board"),
        ("entity.name", "Example State Medical Board"),
        ("entity.state", "AZ"),
        ("proofer", "Petra Proofer"),
        ("practitioner", "Noa Novak"),
        ("business-address", "20 Example Street, Tucson AZ 85702"),
        ("place[1].state", "AZ"),
        ("place[1].authority", "licence"),
        ("place[1].licensing-authority", "Example State Medical Board"),
        ("place[1].licence", "L-271"),
        ("place[1].under", "own"),
        ("place[1].registration", number),
        ("place[1].expires", "2028-06-30"),
        ("photo-id", "passport"),
        ("photo-matched", "yes"),
        ("proofed-on", "2026-03-01"),
        ("proofer-signed", "yes"),
        ("practitioner-signed", "yes"),
    ]
}

pub(super) const RECORD: [(&str, &str); 6] = [
    ("record", "credential"),
    ("record.provider", "Example Credential Service"),
    ("record.approval", "gsa-level-3"),
    ("record.subject", "Noa Novak"),
    ("record.issued", "2026-03-01"),
    ("record.channels", "2"),
];

pub(super) const CHECK: [(&str, &str); 8] = [
    ("check.kind", "licence"),
    ("check.state", "AZ"),
    ("check.result", "good"),
    ("check.schedule-II", "yes"),
    ("check.schedule-III", "yes"),
    ("check.schedule-IV", "yes"),
    ("check.schedule-V", "yes"),
    ("check.source", "the board's look-up"),
];

pub(super) fn contact(number: &str) -> [(&str, &str); 6] {
    [
        ("contact.registration", number),
        ("contact.mode", "telephone"),
        ("contact.place", "520-555-0100"),
        ("contact.source", "public"),
        ("contact.named", "the State board's public listing"),
        ("contact.answer", "confirmed"),
    ]
}

/// The same fields with one of them changed; taken out where the text is empty.
pub(super) fn but<'a>(fields: &[(&'a str, &'a str)], name: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut changed: Vec<_> = fields.iter().copied().filter(|(field, _)| *field != name).collect();
    if !text.is_empty() {
        changed.push((name, text));
    }
    changed
}

/// Requirements: epcs-1311.105-a-intro-1, epcs-1311.105-c-1-1, epcs-1311.105-c-3, epcs-1311.105-c-5-1, epcs-1311.100-c
#[tokio::test]
async fn a_newcomer_is_enrolled_over_the_pages_up_to_the_two_who_grant() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    let first = office.review().await;
    assert!(first.contains("RX-ENROL-NOT-OPENED") && first.contains("Nobody has applied"), "{first}");
    let own = office.get("/enrolment", "novak").await;
    assert!(own.text.contains("You answer for every prescription that you sign"), "{}", own.text);
    let applied = office.post("/enrolment", "novak", &application(&number)).await;
    assert_eq!((applied.status, applied.location()), (StatusCode::SEE_OTHER, "/enrolment"), "{}", applied.text);
    assert_eq!(office.stage(), Stage::Opened);
    let missing = office.review().await;
    for code in [
        "RX-PROOF-NO-DOCUMENT",
        "RX-PROOF-NO-RECORD",
        "RX-ENROL-RESPONSIBILITY",
        "RX-CHECK-MISSING",
        "RX-CHECK-REGISTRATION",
        "RX-CHECK-CONTACT",
    ] {
        assert!(missing.contains(&format!("<code>{code}</code>")), "{code}: {missing}");
    }
    assert!(missing.contains("Missing or stale today: 6"), "{missing}");
    office.post("/enrolment/acknowledgement", "novak", &[]).await;
    office.step("document", &paper(&number)).await;
    assert_eq!(office.stage(), Stage::DocumentEntered);
    assert!(office.upload(SCAN).await.location().starts_with(PAGE));
    office.step("acceptance", &[]).await;
    assert_eq!(office.stage(), Stage::DocumentAccepted);
    office.step("record", &RECORD).await;
    office.step("checks", &CHECK).await;
    office.step("registrations", &[("registration", &number)]).await;
    office.step("contacts", &contact(&number)).await;
    let ready = office.review().await;
    assert!(
        ready.contains("Ready for the two who grant") && ready.contains("Nothing is missing or stale today"),
        "{ready}"
    );
    for shown in [
        "NOVAK, NOA",
        "may sign schedules II, III, IV, V",
        "Petra Proofer, Example State Medical Board",
        "acknowledged by the practitioner",
        "found in the State board",
    ] {
        assert!(ready.contains(shown), "{shown}: {ready}");
    }
    let address = [
        ("address.registration", number.as_str()),
        ("address.first", "Noa"),
        ("address.last", "Novak"),
        ("address.line1", "20 Example Street"),
        ("address.city", "Tucson"),
        ("address.state", "AZ"),
        ("address.postal", "85702"),
    ];
    office.refused("places", &but(&address, "address.line1", "\u{20}"), "PRACTICE-CARD").await;
    office.step("places", &address).await;
    assert!(office.review().await.contains("Noa Novak, 20 Example Street"));
    assert!(office.get("/operator/people", "iris").await.text.contains("document accepted"));
    office.house.store.rebuild().unwrap();
    assert!(office.house.store.check(&[]).unwrap().is_clean());
}

/// With only one thing left out, that thing is what the review lists, and the others are not; nothing else makes it ready.
///
/// Requirements: epcs-1311.105-a-intro-1, epcs-1311.105-c-1-1, epcs-1311.105-c-3, epcs-1311.105-c-5-1, epcs-1311.100-c
#[tokio::test]
async fn whatever_is_left_out_is_what_the_review_lists() {
    for (left_out, code, more) in [
        ("responsibility", "RX-ENROL-RESPONSIBILITY", 0),
        ("document", "RX-PROOF-NO-DOCUMENT", 0),
        ("scan", "RX-PROOF-NO-FILE", 1),
        ("acceptance", "RX-PROOF-NOT-ACCEPTED", 0),
        ("record", "RX-PROOF-NO-RECORD", 0),
        ("checks", "RX-CHECK-MISSING", 1),
        ("registrations", "RX-CHECK-REGISTRATION", 0),
        ("contacts", "RX-CHECK-CONTACT", 0),
    ] {
        let office = Office::new();
        office.enrol_but_for(left_out).await;
        let review = office.review().await;
        assert!(!review.contains("Ready for the two"), "{left_out}");
        assert!(review.contains(&format!("<code>{code}</code>")), "{left_out}: {review}");
        assert!(review.contains(&format!("Missing or stale today: {}<", 1 + more)), "{left_out}: {review}");
        assert!(
            review.matches(&format!("href=\"{PAGE}")).count() > 0 || left_out == "responsibility",
            "each says where"
        );
    }
}

/// Every item of the document, taken away or wrong: it is listed with its field, and the document is not accepted.
///
/// Requirements: epcs-1311.105-a-1, epcs-1311.105-a-2, epcs-1311.105-a-3, epcs-1311.105-a-4-i, epcs-1311.105-a-5
/// Requirements: epcs-1311.105-a-7, epcs-1311.105-a-8, epcs-1311.105-a-9, epcs-1311.105-a-10, epcs-1311.105-b-1
/// Requirements: epcs-1311.105-b-2, epcs-pre-8-proofing-separation, epcs-pre-13-reproof-on-new-provider
#[tokio::test]
async fn every_item_of_the_document_that_is_absent_or_wrong_is_named_with_its_field() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.step("application", &application(&number)).await;
    let whole = paper(&number);
    office.step("document", &whole).await;
    office.upload(SCAN).await;
    for (field, text, code, about) in [
        ("entity.name", "", "RX-PROOF-MISSING", "entity.name"),
        ("entity.name", "Example Family Practice", "RX-PROOF-SEPARATION", "entity.name"),
        ("entity.kind", "notary", "RX-PROOF-ENTITY", "entity.kind"),
        ("entity.kind", "credit-bureau", "RX-PROOF-ENTITY", "entity.kind"),
        ("entity.kind", "hospital", "RX-PROOF-MISSING", "entity.registration"),
        ("entity.state", "NM", "RX-PROOF-BOARD-STATE", "entity.state"),
        ("proofer", "", "RX-PROOF-MISSING", "proofer"),
        ("proofer", "NOVAK, NOA", "RX-PROOF-SEPARATION", "proofer"),
        ("practitioner", "", "RX-PROOF-MISSING", "practitioner"),
        ("practitioner", "Nora Novak", "RX-PROOF-NAME", "practitioner"),
        ("business-address", "", "RX-PROOF-MISSING", "business-address"),
        ("place[1].state", "XX", "RX-PROOF-MISSING", "place[1].state"),
        ("place[1].licensing-authority", "", "RX-PROOF-MISSING", "place[1].licence"),
        ("place[1].licence", "", "RX-PROOF-MISSING", "place[1].licence"),
        ("place[1].registration", "FN0027181", "RX-PROOF-NUMBER", "place[1].registration"),
        ("place[1].expires", "", "RX-PROOF-MISSING", "place[1].expires"),
        ("place[1].expires", "2026-03-02", "RX-PROOF-EXPIRED", "place[1].expires"),
        ("photo-id", "", "RX-PROOF-MISSING", "photo-id"),
        ("photo-matched", "", "RX-PROOF-MISSING", "photo-matched"),
        ("proofed-on", "", "RX-PROOF-MISSING", "proofed-on"),
        ("proofed-on", "2026-03-03", "RX-PROOF-DATE", "proofed-on"),
        ("proofed-on", "2025-03-01", "RX-PROOF-STALE", "proofed-on"),
        ("proofer-signed", "", "RX-PROOF-MISSING", "proofer-signed"),
        ("practitioner-signed", "", "RX-PROOF-MISSING", "practitioner-signed"),
        ("format", "other-provider", "RX-PROOF-OTHER-PROVIDER", "document"),
    ] {
        office.step("document", &but(&whole, field, text)).await;
        let form = office.get(&format!("{PAGE}/document"), "ola").await.text;
        let listed = format!("<code>{code}</code>");
        assert!(form.contains(&listed) && form.contains(&format!("<code>{about}</code>")), "{field}={text}: {form}");
        assert!(about == "document" || form.contains("aria-invalid"), "{field}: the field itself is marked");
        let refused = office.refused("acceptance", &[], code).await;
        assert!(refused.contains("Nothing was recorded"), "{field}: {refused}");
        assert_eq!(office.stage(), Stage::DocumentEntered, "{field}");
    }
    // What serves just inside the bounds is accepted.
    for (field, text) in [
        ("proofed-on", "2025-03-02"),
        ("proofed-on", "2026-03-02"),
        ("place[1].expires", "2026-03-03"),
        ("entity.kind", "police"),
    ] {
        office.step("document", &but(&whole, field, text)).await;
        office.step("acceptance", &[]).await;
    }
    assert_eq!(office.stage(), Stage::DocumentAccepted);
    office.step("document", &whole).await;
    assert_eq!(office.stage(), Stage::DocumentEntered, "a document that was entered anew is accepted anew");
}

/// Twelve months end where the month ends: a proofing of 29 February serves until 28 February.
///
/// Requirements: epcs-1311.105-a-8
#[tokio::test]
async fn a_proofing_at_a_months_end_serves_twelve_calendar_months() {
    for (day, proofed, serves) in [
        ("2025-02-28", "2024-02-29", true),
        ("2025-03-01", "2024-02-29", false),
        ("2026-02-28", "2025-02-28", true),
        ("2026-03-01", "2025-02-28", false),
        ("2026-12-31", "2025-12-31", true),
    ] {
        let office = Office::on(&format!("{day}T09:00:00-07:00"), |_| ());
        let number = cast::newcomer_number().to_string();
        office.step("application", &application(&number)).await;
        office.step("document", &but(&paper(&number), "proofed-on", proofed)).await;
        let review = office.review().await;
        assert_eq!(!review.contains("RX-PROOF-STALE"), serves, "{proofed} on {day}: {review}");
    }
}

/// Requirements: epcs-1311.105-d
#[tokio::test]
async fn the_uploaded_file_is_archived_as_it_came_sealed_and_given_back() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.step("application", &application(&number)).await;
    let early = office.upload(SCAN).await;
    assert!(early.text.contains("RX-PROOF-NO-DOCUMENT"), "{}", early.text);
    office.step("document", &paper(&number)).await;
    for (bytes, code) in [(&b"<html>"[..], "RX-PROOF-FILE"), (b"", "HTTP-FILE")] {
        let refused = office.upload(bytes).await;
        assert!(refused.text.contains(code) && refused.status.is_client_error(), "{code}: {}", refused.text);
    }
    let none = office.get(&format!("{PAGE}/scan"), "ola").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
    office.upload(SCAN).await;
    // The elements are corrected afterwards: the file stays with them.
    office.step("document", &but(&paper(&number), "photo-id", "driver's licence")).await;
    let file = office.get(&format!("{PAGE}/scan"), "iris").await;
    assert_eq!((file.status, file.text.as_bytes()), (StatusCode::OK, SCAN));
    assert_eq!(file.headers[header::CONTENT_TYPE], "application/pdf");
    assert!(
        file.headers[header::CONTENT_DISPOSITION]
            .to_str()
            .unwrap()
            .starts_with("attachment; filename=\"proofing-novak-")
    );
    let entries = office.house.store.stream(&signer_stream("novak")).unwrap();
    let pieces: Vec<_> = entries.iter().flat_map(|entry| office.house.store.archive(entry.seq).unwrap()).collect();
    assert_eq!(pieces.len(), 1, "what was refused is not archived");
    assert_eq!(pieces[0].bytes, SCAN);
    assert!(pieces[0].seal.len() > 100, "sealed by the practitioner's system");
    assert!(office.review().await.contains(&theriac_journal::hash::sha256(SCAN).to_hex()));
}

#[tokio::test]
async fn a_file_has_16_mebibytes_at_most_and_every_other_form_64_kibibytes() {
    const MOST: usize = 16 * 1024 * 1024;
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.step("application", &application(&number)).await;
    office.step("document", &paper(&number)).await;
    let file = |bytes: usize| {
        let mut file = SCAN.to_vec();
        file.resize(bytes, b'.');
        file
    };
    for (bytes, status, code) in
        [(MOST, 303, ""), (MOST + 1, 422, "RX-PROOF-FILE"), (MOST + 70_000, 413, "larger than 16 MiB")]
    {
        let answer = office.upload(&file(bytes)).await;
        assert_eq!(answer.status.as_u16(), status, "{bytes}");
        assert!(answer.text.contains(code), "{bytes}: {}", answer.text);
    }
    let (media, body) = multipart(&file(70_000));
    for path in [format!("{PAGE}/document"), "/operator/people".to_owned()] {
        let answer = office.send("POST", &path, "ola", &media, body.clone()).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(answer.text.contains("64 KiB"), "{}", answer.text);
    }
    let other = office.send("POST", &format!("{PAGE}/scan"), "iris", &media, body).await;
    assert_eq!(other.status, StatusCode::FORBIDDEN, "only the operator's file is read at all");
}

/// Requirements: epcs-pre-8-proofing-separation
#[tokio::test]
async fn whoever_proofed_does_not_accept_the_document_and_the_roles_are_named() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.step("application", &application(&number)).await;
    office.step("document", &but(&paper(&number), "proofer", "Operator, Ola")).await;
    office.upload(SCAN).await;
    let refused = office.refused("acceptance", &[], "RX-PROOF-SEPARATION").await;
    assert!(refused.contains("Ola Operator proofed this practitioner and is operator here"), "{refused}");
    for who in ["novak", "ada", "iris"] {
        let answer = office.post(&format!("{PAGE}/acceptance"), who, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
        assert!(answer.text.contains("it is for: operator"), "{}", answer.text);
    }
    let nobody = office.get("/operator/enrolments/ola", "ola").await;
    assert!(nobody.text.contains("RX-ENROL-PERSON"), "an operator has no enrolment: {}", nobody.text);
}

/// Requirements: epcs-1311.105-c-5-1, epcs-1311.105-c-5-2
#[tokio::test]
async fn the_number_called_is_found_in_a_public_source_and_what_was_typed_is_kept() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.step("application", &application(&number)).await;
    let good = contact(&number);
    for (field, text, code, about) in [
        ("contact.source", "application", "RX-CHECK-NUMBER", "source"),
        ("contact.named", "", "RX-CHECK-NUMBER", "named"),
        ("contact.place", "", "RX-CHECK-CONTACT", "place"),
        ("contact.mode", "", "RX-ENROL-FIELD", "contact.mode"),
        ("contact.answer", "maybe", "RX-ENROL-FIELD", "contact.answer"),
        ("contact.registration", "XX", "RX-ENROL-FIELD", "contact.registration"),
    ] {
        let page = office.refused("contacts", &but(&good, field, text), code).await;
        assert!(page.contains(&format!("<code>{about}</code>")), "{field}: {page}");
        assert!(field == "contact.named" || page.contains("the State board&#39;s public listing"), "{field}: {page}");
    }
    for (answer, code) in [("not-reached", "RX-CHECK-CONTACT"), ("denied", "RX-CHECK-DENIED")] {
        office.step("contacts", &but(&good, "contact.answer", answer)).await;
        assert!(office.review().await.contains(code), "{answer}");
    }
    let visit = [
        ("contact.registration", number.as_str()),
        ("contact.mode", "in-person"),
        ("contact.place", "20 Example Street"),
        ("contact.answer", "confirmed"),
    ];
    office.step("contacts", &visit).await;
    let review = office.review().await;
    assert!(!review.contains("RX-CHECK-CONTACT") && !review.contains("RX-CHECK-DENIED"), "{review}");
}

/// Requirements: epcs-1311.105-c-1-1, epcs-1311.105-c-2, epcs-1311.105-c-4
#[tokio::test]
async fn the_states_answer_decides_and_a_state_with_its_own_registration_is_asked_for_it() {
    let office = Office::on("2026-03-02T09:00:00-07:00", |config| {
        let separate = toml::from_str("separate_registration = [\"AZ\"]").unwrap();
        config.provider = Some(separate);
    });
    let number = cast::newcomer_number().to_string();
    office.enrol_but_for("nothing").await;
    let review = office.review().await;
    assert!(
        review.contains("The state-registration in AZ was not checked") && review.contains("1311.105(c)(2)"),
        "{review}"
    );
    let registration = but(&CHECK, "check.kind", "state-registration");
    office.step("checks", &but(&registration, "check.schedule-II", "")).await;
    office.step("registrations", &[("registration", &number)]).await;
    assert!(office.review().await.contains("may sign schedules III, IV, V"), "what the State leaves out is left out");
    for (field, text, code) in
        [("check.result", "not-good", "RX-CHECK-NEGATIVE"), ("check.valid-until", "2026-03-01", "RX-CHECK-ENDED")]
    {
        office.step("checks", &but(&CHECK, field, text)).await;
        assert!(office.review().await.contains(code), "{field}");
    }
    office.step("checks", &but(&CHECK, "check.valid-until", "2026-03-02")).await;
    assert!(office.review().await.contains("Nothing is missing or stale"), "its last day serves");
    let unnamed = office.refused("checks", &but(&CHECK, "check.source", ""), "RX-CHECK-SOURCE").await;
    assert!(unnamed.contains("<code>source</code>"), "{unnamed}");
}

/// Requirements: epcs-1311.105-a-intro-2, epcs-1311.105-a-6
#[tokio::test]
async fn an_institutions_registration_comes_with_its_code_and_several_states_stand_side_by_side() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    let hospital = cast::hospital_number().to_string();
    let coded = format!("{hospital}-012 N");
    let mut applied = application(&number).to_vec();
    applied.extend([("intends[2].state", "AZ"), ("intends[2].registration", coded.as_str())]);
    office.enrol_but_for("nothing").await;
    office.step("application", &applied).await;
    office.step("checks", &CHECK).await;
    for number in [&number, &hospital] {
        office.step("registrations", &[("registration", number)]).await;
    }
    office.step("contacts", &contact(&number)).await;
    let review = office.review().await;
    assert!(review.contains("Ready for the two who grant") && review.contains("concerns the others"), "{review}");
    assert!(review.contains("RX-PROOF-PLACE") && review.contains(&format!("does not show {coded} in AZ")), "{review}");
    let mut both = paper(&number);
    both.extend([
        ("place[2].state", "AZ"),
        ("place[2].authority", "licence"),
        ("place[2].licensing-authority", "Example State Medical Board"),
        ("place[2].licence", "L-271"),
        ("place[2].under", "institution"),
        ("place[2].registration", hospital.as_str()),
    ]);
    office.step("document", &both).await;
    let form = office.get(&format!("{PAGE}/document"), "ola").await.text;
    for field in ["place[2].internal-code", "place[2].acknowledged"] {
        assert!(form.contains(&format!("<code>{field}</code>")), "{field}: {form}");
    }
    both.extend([("place[2].internal-code", "012 N"), ("place[2].acknowledged", "yes")]);
    office.step("document", &both).await;
    office.step("acceptance", &[]).await;
    office.step("contacts", &contact(&hospital)).await;
    assert!(office.review().await.contains("Nothing is missing or stale today"), "both are complete");
}

/// Requirements: epcs-1311.105-a-4-ii, epcs-1311.105-a-4-iii, epcs-1311.105-c-1-2
#[tokio::test]
async fn an_appointment_at_veterans_affairs_stands_for_the_licence() {
    let office = Office::new();
    let number = cast::newcomer_number().to_string();
    office.enrol_but_for("checks").await;
    let employee = but(
        &but(&but(&paper(&number), "place[1].licence", ""), "place[1].licensing-authority", ""),
        "place[1].authority",
        "veterans-employee",
    );
    office.step("document", &employee).await;
    assert!(office.review().await.contains("place[1].appointment"));
    let mut whole = employee.clone();
    whole.extend([("place[1].facility", "Example VA Medical Center"), ("place[1].appointment", "yes")]);
    office.step("document", &whole).await;
    office.step("acceptance", &[]).await;
    assert!(office.review().await.contains("The appointment in AZ was not checked"));
    office.step("checks", &but(&CHECK, "check.kind", "appointment")).await;
    office.step("registrations", &[("registration", &number)]).await;
    assert!(office.review().await.contains("Nothing is missing or stale today"));
    let contractor = but(&whole, "place[1].authority", "veterans-contractor");
    office.step("document", &contractor).await;
    let review = office.review().await;
    for field in ["place[1].eligibility", "place[1].facility-registration"] {
        assert!(review.contains(field), "{field}: {review}");
    }
}

#[tokio::test]
async fn an_institutions_own_record_serves_an_institution_only() {
    let record = [
        ("record", "institution"),
        ("record.office", "Credentialing office"),
        ("record.registration", "AB1234563"),
        ("record.proofer", "Petra Proofer"),
        ("record.subject", "Noa Novak"),
        ("record.photo-id", "passport"),
        ("record.on", "2026-03-01"),
        ("record.state-authority", "yes"),
        ("record.dea-status", "yes"),
    ];
    let office = Office::new();
    office.enrol_but_for("record").await;
    let refused = office.refused("record", &record, "RX-PROOF-RECORD").await;
    assert!(refused.contains("21 CFR 1311.110") && refused.contains("value=\"Credentialing office\""), "{refused}");
    let refused = office.refused("record", &[("record", "credential")], "RX-ENROL-FIELD").await;
    assert!(refused.contains("<code>record.approval</code>"), "{refused}");
    let institution = Office::on("2026-03-02T09:00:00-07:00", |config| {
        let grants = toml::from_str::<ProviderConfig>("name = \"Example Hospital\"\ngrants = \"institution\"").unwrap();
        config.provider = Some(grants);
    });
    institution.enrol_but_for("record").await;
    let refused = institution.refused("record", &but(&record, "record.dea-status", ""), "RX-PROOF-RECORD").await;
    assert!(refused.contains("<code>record.dea-status</code>"), "{refused}");
    institution.step("record", &record).await;
    let review = institution.review().await;
    assert!(
        review.contains("Nothing is missing or stale today") && review.contains("What Example Hospital must have"),
        "{review}"
    );
}

/// Requirements: epcs-1311.105-a-3, epcs-1311.105-c-3
#[tokio::test]
async fn another_name_in_the_data_is_explained_or_blocks() {
    let office = Office::new();
    let other = cast::practitioner_number().to_string();
    office.step("application", &application(&other)).await;
    assert!(office.review().await.contains("RX-REGISTRANT-NAME"));
    let unexplained = [("difference.registration", other.as_str()), ("difference.reason", " ")];
    office.refused("differences", &unexplained, "RX-ENROL-REASON").await;
    office
        .step(
            "differences",
            &[("difference.registration", &other), ("difference.reason", "marriage certificate of 2025")],
        )
        .await;
    assert!(!office.review().await.contains("RX-REGISTRANT-NAME"));
    let stranger = cast::hospital_number().to_string();
    office.refused("registrations", &[("registration", &stranger)], "RX-ENROL-PLACE").await;
    let lapsed = cast::lapsed_number().to_string();
    office.step("application", &but(&application(&lapsed), "name", "Lee Lapham")).await;
    office.step("registrations", &[("registration", &lapsed)]).await;
    let review = office.review().await;
    assert!(review.contains("RX-REGISTRANT-EXPIRED") && review.contains("expired on 2026-02-27"), "{review}");
}

/// The data serves for seven days after its issue; on the eighth nothing is granted, and the page says why.
///
/// Requirements: epcs-1311.135-c-1
#[tokio::test]
async fn data_is_shown_with_its_age_and_stale_data_blocks_an_enrolment() {
    let empty = Office::without_data("2026-03-02T09:00:00-07:00", |_| ());
    assert!(empty.get("/operator/registrants", "ola").await.text.contains("No registrant data was ever imported"));
    let number = cast::newcomer_number().to_string();
    empty.step("application", &application(&number)).await;
    let review = empty.review().await;
    assert!(review.contains("RX-REGISTRANT-NONE") && !review.contains("RX-REGISTRANT-ABSENT"), "{review}");
    empty.refused("registrations", &[("registration", &number)], "RX-REGISTRANT-NONE").await;

    let office = Office::new();
    office.enrol_but_for("nothing").await;
    for (days, age, ready) in [
        (0, "fresh", true),
        (4, "fresh", true),
        (5, "going stale", true),
        (7, "going stale", true),
        (8, "stale", false),
    ] {
        office.house.clock.advance(SignedDuration::from_hours(24 * days));
        let page = office.get("/operator/registrants", "iris").await.text;
        assert!(page.contains(&format!(">{age}</span>")) && page.contains("2026-03-02"), "{days} days: {page}");
        let review = office.review().await;
        assert_eq!(review.contains("Ready for the two"), ready, "{days} days: {review}");
        assert_eq!(review.contains("RX-REGISTRANT-STALE"), !ready, "{days} days");
        office.house.clock.advance(SignedDuration::from_hours(-24 * days));
    }
    let found = office.get(&format!("/operator/registrants?number={}", cast::newcomer_number()), "ada").await.text;
    assert!(
        found.contains("NOVAK, NOA") && found.contains("2028-06-30") && found.contains("II, III, IV, V"),
        "{found}"
    );
    let odd = office.get("/operator/registrants?number=%3Cb%3E", "ada").await.text;
    assert!(odd.contains("two letters") && !odd.contains("<b>\""), "{odd}");
}

/// Requirements: epcs-1311.135-a, epcs-1311.135-b
#[tokio::test]
async fn a_server_rechecks_when_it_starts_and_at_the_start_of_every_day() {
    let office = Office::without_data("2026-03-02T09:00:00-07:00", |_| ());
    let house = &office.house;
    house.keep_rechecking().unwrap();
    house.keep_rechecking().unwrap();
    let count = || house.rechecks(100).unwrap().len();
    assert_eq!(count(), 1, "a second start on the same day adds nothing");
    let due = |at: &str| {
        let at: jiff::Timestamp = at.parse().unwrap();
        let jobs = house.store.due_jobs(at.as_millisecond(), 10).unwrap();
        jobs.iter().filter(|job| job.kind == RECHECK).count()
    };
    assert_eq!((due("2026-03-02T23:59:59-07:00"), due("2026-03-03T00:00:00-07:00")), (0, 1));
    for day in 2..=4 {
        house.clock.advance(SignedDuration::from_hours(24));
        office.work();
        assert_eq!(count(), day);
    }
    let newest = &house.rechecks(1).unwrap()[0];
    let notice = &newest.notices[0];
    assert_eq!((notice.code.as_str(), notice.person.as_deref()), ("RX-REGISTRANT-STALE", None));
    assert!(notice.cite.contains("1311.135(c)") && !notice.to.is_empty() && !notice.next.is_empty());
    let page = office.get("/operator/registrants", "ola").await.text;
    assert!(page.contains("RX-REGISTRANT-STALE") && page.contains("to provider, access controllers"), "{page}");
}

/// Requirements: epcs-1311.135-c-2
#[tokio::test]
async fn a_change_of_status_revokes_within_a_minute_of_the_import_by_the_servers_own_work() {
    let place = super::desk::Place::new();
    let house = &place.house;
    let dir = tempfile::tempdir().unwrap();
    demo::morning::import_registrants(house, dir.path()).unwrap();
    house.work(&HouseRelay(house)).unwrap();
    let may_sign = || {
        let (signer, _) = house.signer(cast::PRACTITIONER.id).unwrap();
        let registration = theriac_model::Registration::Own(cast::practitioner_number());
        let credential = signer.credentials()[0].id.clone();
        let on = house.clock.moment().date();
        signer.may_sign(&registration, &credential, on).map(|_| ()).map_err(|refusal| refusal.code.0)
    };
    assert_eq!(may_sign(), Ok(()));
    let path = dir.path().join("registrants-2026-03-02.txt");
    let text = String::from_utf8(std::fs::read(&path).unwrap()).unwrap();
    let changed: Vec<String> = text
        .lines()
        .filter(|line| !line.contains(cast::practitioner_number().as_str()))
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&path, changed.concat()).unwrap();
    let manifest = theriac_prescriber::registrants::Manifest {
        issued: Some(house.clock.moment().date()),
        rows: None,
        digest: None,
    };
    house.import_registrants(&path, &manifest).unwrap();
    assert_eq!(may_sign(), Ok(()), "the import itself only writes the recheck down");
    house.clock.advance(SignedDuration::from_secs(59));
    house.work(&HouseRelay(house)).unwrap();
    assert_eq!(may_sign(), Err("RX-TOKEN-REVOKED"));
    let record = &house.rechecks(1).unwrap()[0];
    let told = record.notices.iter().find(|notice| notice.person.as_deref() == Some(cast::PRACTITIONER.id)).unwrap();
    assert_eq!(told.code, "RX-REGISTRANT-ABSENT");
    assert_eq!(told.to.len(), 3, "practitioner, provider and access controllers hear of it");
}

#[tokio::test]
async fn people_are_added_invited_and_locked_out() {
    let office = Office::new();
    let new = [("name", "Pia Practice"), ("role", "prescriber"), ("what", "cardiologist")];
    for (field, text, code, about) in [
        ("name", " ", "PEOPLE-NAME", "name"),
        ("role", "", "PEOPLE-ROLE", "role"),
        ("role", "system", "PEOPLE-ROLE", "role"),
        ("id", "a b", "PEOPLE-ID", "id"),
        ("id", "ola", "PEOPLE-EXISTS", "id"),
        ("what", &"x".repeat(81), "PEOPLE-TEXT", "what"),
        ("what", "two\nlines", "RX-ENROL-FIELD", "what"),
    ] {
        let refused = office.post("/operator/people", "ola", &but(&new, field, text)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}={text}");
        assert!(
            refused.text.contains(code) && refused.text.contains(&format!("<code>{about}</code>")),
            "{}",
            refused.text
        );
        assert!(
            text.contains('\n') || field == "name" || refused.text.contains("value=\"Pia Practice\""),
            "{field}: kept"
        );
    }
    assert_eq!(office.post("/operator/people", "ola", &new).await.status, StatusCode::SEE_OTHER);
    let list = office.get("/operator/people", "ola").await.text;
    for shown in
        ["Pia Practice", "pia-practice", "cardiologist", "no passkey", "/operator/enrolments/pia-practice", "not begun"]
    {
        assert!(list.contains(shown), "{shown}: {list}");
    }
    assert!(
        !office.get("/operator/people", "iris").await.text.contains("Lock out"),
        "who looks over it changes nothing"
    );

    let invited = office.post("/operator/people/pia-practice/invitation", "ola", &[]).await;
    assert_eq!(invited.status, StatusCode::OK);
    let code = invited.text.split("<dt>Code</dt><dd><code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert!(office.house.begin_join("pia-practice", &code).is_ok(), "{code}");
    let list = office.get("/operator/people", "ola").await.text;
    assert!(list.contains("invited until 2026-03-03 09:00") && !list.contains(&code), "shown once");
    let shut = office.post("/operator/people/pia-practice/lock-out", "ola", &[]).await;
    assert!(shut.text.contains("Pia Practice was locked out"), "{}", shut.text);
    assert!(office.house.begin_join("pia-practice", &code).is_err(), "the invitation went with it");
    assert!(!office.get("/operator/people", "ola").await.text.contains("invited until"));
    for (who, code) in [("ola", "PEOPLE-OWN"), ("nobody", "SIGNIN-PERSON")] {
        let refused = office.post(&format!("/operator/people/{who}/lock-out"), "ola", &[]).await;
        assert!(refused.text.contains(code), "{who}: {}", refused.text);
    }
    let secret = office.house.sessions.open("pia-practice", Known::Claimed, office.house.clock.now()).unwrap();
    office.post("/operator/people/pia-practice/lock-out", "ola", &[]).await;
    let found = office.house.sessions.find(
        &secret,
        office.house.clock.now(),
        SignedDuration::from_secs(120),
        crate::sessions::Use::Act,
    );
    assert_eq!(found, crate::sessions::Found::Nobody);
}

/// Requirements: epcs-1311.105-a-intro-3
#[tokio::test]
async fn a_practitioner_of_the_demonstration_is_enrolled_anew() {
    let place = super::desk::Place::new();
    let dir = tempfile::tempdir().unwrap();
    demo::morning::import_registrants(&place.house, dir.path()).unwrap();
    let office = Office { house: place.house.clone(), dir };
    let page = "/operator/enrolments/brook";
    assert!(office.get(page, "ola").await.text.contains(">active</span>"));
    let number = cast::practitioner_number().to_string();
    let named = but(&application(&number), "name", "Alex Brook");
    office.house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(office.post("/enrolment", "brook", &named).await.status, StatusCode::SEE_OTHER);
    let review = office.get(page, "ola").await.text;
    for code in ["RX-CHECK-OLD", "RX-CHECK-CONTACT"] {
        assert!(
            review.contains(code),
            "what was checked before the new application is checked again: {code}: {review}"
        );
    }
    for (path, fields) in [
        ("checks", CHECK.to_vec()),
        ("registrations", vec![("registration", number.as_str())]),
        ("contacts", contact(&number).to_vec()),
    ] {
        let done = office.post(&format!("{page}/{path}"), "ola", &fields).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{path}: {}", done.text);
    }
    assert!(office.get(page, "ola").await.text.contains("Nothing is missing or stale today"));
    assert!(office.dir.path().exists());
}

#[tokio::test]
async fn a_file_sent_to_a_locked_session_is_chosen_anew_and_a_form_is_kept() {
    let office = Office::new();
    let secret = office.house.sessions.open("ola", Known::Claimed, office.house.clock.now()).unwrap();
    office.house.sessions.lock(&secret);
    let (media, body) = multipart(SCAN);
    let world: Arc<dyn crate::views::World> = office.house.clone();
    let request = Request::post(format!("{PAGE}/scan")).header("host", "localhost:8311");
    let request = request.header("sec-fetch-site", "same-origin").header("content-type", media);
    let request = request.header("cookie", format!("theriac-session={}", secret.as_str()));
    let response = router(world).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    assert_eq!(response.headers()[header::LOCATION], "/unlock");
    assert_eq!(office.house.sessions.take_kept(&secret), None);
}

/// Data that is too old takes the signature off the page, with the reason; a signature sent all the same is refused.
///
/// Requirements: epcs-1306.08-a-2, epcs-1311.100-a-2
#[tokio::test]
async fn with_a_gate_closed_no_signature_is_offered_and_none_is_made() {
    let place = super::desk::Place::new();
    let id = place.draft("quill", "").await;
    place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "quill", "").await;
    let review = format!("/practice/sign?ids={id}");
    let sign = format!("one={id}&statement={}&agreed=yes&pin={}", super::desk::STATEMENT, demo::world::PIN);
    let offered =
        |page: &Answer| page.text.contains("Sign with the security key") || page.text.contains("name=\"pin\"");
    assert!(offered(&place.get(&review, "brook").await));
    // The registrant data of 27 February serves until 6 March.
    let days = SignedDuration::from_hours(24 * 8);
    place.house.clock.advance(days);
    let closed = place.get(&review, "brook").await;
    assert!(!offered(&closed), "{}", closed.text);
    assert!(closed.text.contains("<code>RX-REGISTRANT-STALE</code>"), "{}", closed.text);
    let refused = place.ask("POST", "/practice/sign", "brook", &sign).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    let kinds = place.house.store.stream(&crate::practice::prescription_stream(&id)).unwrap();
    assert!(kinds.iter().all(|entry| entry.kind != "prescription.signed"), "nothing was signed");
}
