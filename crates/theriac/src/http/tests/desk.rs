//! The practitioner's desk over a real deployment: a demonstration that nobody has worked in yet.

use super::*;
use crate::commands::deployment::demonstration;
use crate::demo;
use crate::house::House;
use crate::house::clock::Clock;
use crate::relaying::HouseRelay;
use jiff::tz::TimeZone;
use tempfile::TempDir;

/// The statement of the strictest profile, as a form names it.
pub(super) const STATEMENT: &str = "statement-1311.125-b-2-2008%2Bstatement-1311.140-a-3";

/// A deployment with the cast of the demonstration, and its pages.
pub(super) struct Place {
    pub(super) house: Arc<House>,
    pub(super) dir: TempDir,
}

impl Place {
    pub(super) fn new() -> Self {
        Self::begun(demonstration())
    }

    /// A place that is set up as `config` says.
    pub(super) fn begun(config: crate::house::config::Config) -> Self {
        Self::peopled(config, demo::world::populate)
    }

    /// A newly registered pharmacy: nothing lies on its shelves, and nobody has counted.
    pub(super) fn newly_registered() -> Self {
        Self::peopled(demonstration(), demo::world::populate_uncounted)
    }

    fn peopled(
        config: crate::house::config::Config,
        people: impl FnOnce(&House) -> Result<demo::world::Cast, crate::output::Problem>,
    ) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let start = "2026-03-02T09:00:00-07:00[America/Phoenix]".parse::<jiff::Zoned>().unwrap();
        let clock = Clock::told(TimeZone::get("America/Phoenix").unwrap(), start.timestamp());
        let house = House::found(&dir.path().join("house"), config, clock).unwrap();
        people(&house).unwrap();
        Self::of(house, dir)
    }

    pub(super) fn of(house: House, dir: TempDir) -> Self {
        Self { house: Arc::new(house), dir }
    }

    /// The same deployment opened once more, as another process opens it.
    pub(super) fn again(&self) -> House {
        House::open(&self.dir.path().join("house"), Clock::machine, None).unwrap()
    }

    pub(super) async fn ask(&self, method: &str, path: &str, who: &str, body: &str) -> Answer {
        let secret = self.house.sessions.open(who, Known::Claimed, self.house.clock.now()).unwrap();
        self.send(method, path, &format!("theriac-session={}", secret.as_str()), body).await
    }

    /// A request of nobody in particular.
    pub(super) async fn nobody(&self, method: &str, path: &str, body: &str) -> Answer {
        self.send(method, path, "other=1", body).await
    }

    pub(super) async fn send(&self, method: &str, path: &str, cookie: &str, body: &str) -> Answer {
        let media = if path.starts_with("/api/") { "application/json" } else { "application/x-www-form-urlencoded" };
        self.request(method, path, cookie, media, body.as_bytes().to_vec()).await
    }

    /// Sends a form with a file.
    pub(super) async fn send_file(&self, path: &str, who: &str, media: &str, body: Vec<u8>) -> Answer {
        let secret = self.house.sessions.open(who, Known::Claimed, self.house.clock.now()).unwrap();
        self.request("POST", path, &format!("theriac-session={}", secret.as_str()), media, body).await
    }

    /// Sends a form with a file in a session that is open.
    pub(super) async fn send_as(&self, path: &str, cookie: &str, media: &str, body: Vec<u8>) -> Answer {
        self.request("POST", path, cookie, media, body).await
    }

    async fn request(&self, method: &str, path: &str, cookie: &str, media: &str, body: Vec<u8>) -> Answer {
        let request = Request::builder().method(method).uri(path).header("host", "localhost:8311");
        let request = request.header("sec-fetch-site", "same-origin").header("content-type", media);
        let request = request.header("cookie", cookie);
        let world: Arc<dyn crate::views::World> = self.house.clone();
        let response = router(world).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        // Some pages lead to files.
        Answer { status: head.status, headers: head.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }

    pub(super) async fn get(&self, path: &str, who: &str) -> Answer {
        self.ask("GET", path, who, "").await
    }

    /// A request as somebody who has just sat down, with what the browser says of the body; the bytes of the answer.
    async fn raw(&self, method: &str, path: &str, who: &str, media: &str, body: String) -> axum::response::Response {
        let secret = self.house.sessions.open(who, Known::Claimed, self.house.clock.now()).unwrap();
        let request = Request::builder().method(method).uri(path).header("host", "localhost:8311");
        let request = request.header("sec-fetch-site", "same-origin").header("content-type", media);
        let request = request.header("cookie", format!("theriac-session={}", secret.as_str()));
        let world: Arc<dyn crate::views::World> = self.house.clone();
        router(world).oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
    }

    /// A file.
    pub(super) async fn bytes(&self, path: &str, who: &str) -> Vec<u8> {
        let response = self.raw("GET", path, who, "text/plain", String::new()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec()
    }

    /// A form with a file, whose parts `xyz` divides.
    pub(super) async fn upload(&self, path: &str, who: &str, body: String) -> Answer {
        let response = self.raw("POST", path, who, "multipart/form-data; boundary=xyz", body).await;
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// Enters a draft; answers its identifier.
    pub(super) async fn draft(&self, who: &str, more: &str) -> String {
        let form = format!("patient=p-1&practitioner=brook&ndc=99999010101&quantity=30&directions=Take+one&{more}");
        let entered = self.ask("POST", "/practice/drafts", who, &form).await;
        assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
        entered.location().rsplit('/').next().unwrap().to_owned()
    }
}

/// Requirements: epcs-1311.125-b-1, epcs-1311.125-b-4
#[tokio::test]
async fn a_prescription_goes_from_the_agents_draft_to_the_pharmacy_over_the_pages() {
    let place = Place::new();
    let found = place.get("/practice/patients?q=sam", "quill").await;
    assert!(found.text.contains("Sample, Pat") && !found.text.contains("Example, Robin"), "{}", found.text);
    let form = place.get("/practice/drafts/new?patient=p-1", "quill").await;
    for shown in ["Pat Sample", "Oxycodone hydrochloride 10 mg Tablet, schedule II", "Alex Brook"] {
        assert!(form.text.contains(shown), "{shown}");
    }
    let said = place
        .ask(
            "POST",
            "/practice/drafts/check",
            "quill",
            "patient=p-1&practitioner=brook&ndc=99999010101&refills=1&quantity=30&directions=x",
        )
        .await;
    assert!(
        said.text.contains("1 refill is written, and the law allows none") && said.text.contains("1306.12(a)"),
        "{}",
        said.text
    );
    let said =
        place.ask("POST", "/practice/drafts/check", "quill", "patient=p-1&practitioner=brook&ndc=99999010101").await;
    assert!(said.text.contains("Still missing: Quantity, Directions for use."), "{}", said.text);

    let id = place.draft("quill", "").await;
    let page = format!("/practice/prescriptions/{id}");
    assert_eq!(place.ask("POST", &format!("{page}/ready"), "quill", "").await.status, StatusCode::SEE_OTHER);
    let review = place.get(&format!("/practice/sign?ids={id}"), "brook").await;
    for shown in [
        "Pat",
        "Sample",
        "1961-05-17",
        "1 Invented Way",
        demo::cast::practitioner_number().as_str(),
        "20 Example Street",
        "Oxycodone hydrochloride",
        "<dd>30</dd>",
        "Take one",
        "I, the prescribing practitioner whose name and DEA registration number appear",
    ] {
        assert!(review.text.contains(shown), "{shown}: {}", review.text);
    }
    let sign = |agreed: &str, pin: &str| format!("one={id}&statement={STATEMENT}&{agreed}pin={pin}");
    let refused = place.ask("POST", "/practice/sign", "brook", &sign("", demo::world::PIN)).await;
    assert!(refused.text.contains("RX-SIGN-NOT-AGREED"), "{}", refused.text);
    let refused = place.ask("POST", "/practice/sign", "brook", &sign("agreed=yes&", "000000")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(place.get(&page, "brook").await.text.contains(">reviewed<"), "nothing was signed");
    let signed = place.ask("POST", "/practice/sign", "brook", &sign("agreed=yes&", demo::world::PIN)).await;
    assert_eq!((signed.status, signed.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", signed.text);
    place.house.work(&HouseRelay(&place.house)).unwrap();
    let status = place.get(&page, "brook").await;
    assert!(status.text.contains(">accepted<"), "{}", status.text);
    assert!(place.get("/practice/patients/p-1", "brook").await.text.contains(&id));
}

/// Requirements: epcs-1311.125-d-1
#[tokio::test]
async fn nobody_signs_or_changes_what_is_not_theirs_and_nothing_is_signed_that_is_not_ready() {
    let place = Place::new();
    let id = place.draft("quill", "").await;
    for who in ["quill", "fern", "ola", "iris"] {
        let answer = place.get(&format!("/practice/sign?ids={id}"), who).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{who}");
    }
    for path in ["edit", "ready", "discard"] {
        let path = format!("/practice/prescriptions/{id}/{path}");
        let method = if path.ends_with("edit") { "GET" } else { "POST" };
        let other = place.ask(method, &path, "lapham", "").await;
        assert!(other.text.contains("RX-UNKNOWN"), "{path}: {}", other.text);
    }
    let early = place.get(&format!("/practice/sign?ids={id}"), "brook").await;
    assert!(early.text.contains("RX-STAGE") && early.text.contains("marked ready"), "{}", early.text);
    let begin = format!(r#"{{"ids":"{id}","statement":"{}","agreed":true}}"#, STATEMENT.replace("%2B", "+"));
    let early = place.ask("POST", "/api/v1/signing", "brook", &begin).await;
    assert_eq!(early.json()["code"], "RX-STAGE", "{}", early.text);
    let unasked = place.ask("POST", "/api/v1/signing/answer", "brook", "{}").await;
    assert_eq!(unasked.json()["code"], "RX-SIGN-NOT-ASKED", "{}", unasked.text);
}
#[tokio::test]
async fn a_change_takes_the_ready_mark_away_and_a_draft_can_be_thrown_away() {
    let place = Place::new();
    let id = place.draft("brook", "").await;
    let page = format!("/practice/prescriptions/{id}");
    place.ask("POST", &format!("{page}/ready"), "brook", "").await;
    assert!(place.get(&page, "brook").await.text.contains(">ready<"));
    let form = "patient=p-1&practitioner=brook&ndc=99999010101&quantity=20&directions=Take+two";
    let changed = place.ask("POST", &format!("{page}/edit"), "quill", form).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.text);
    let shown = place.get(&page, "brook").await;
    assert!(shown.text.contains(">draft<") && shown.text.contains("Take two"), "{}", shown.text);
    let other = place.ask("POST", &format!("{page}/edit"), "quill", &form.replace("p-1", "p-2")).await;
    assert!(
        other.text.contains("RX-DRAFT-OTHER") && other.text.contains("Take two"),
        "the form is not lost: {}",
        other.text
    );
    place.ask("POST", &format!("{page}/discard"), "quill", "").await;
    assert!(place.get(&page, "brook").await.text.contains(">discarded<"));
    let again = place.ask("POST", &format!("{page}/ready"), "quill", "").await;
    assert!(again.text.contains("RX-STAGE"), "{}", again.text);
}

#[tokio::test]
async fn a_patient_is_entered_with_what_a_prescription_must_bear() {
    let place = Place::new();
    let good = "first=New&last=Person&born=1990-02-28&line1=3+Some+Road&city=Tucson&state=az&postal=85701";
    for (from, to, field) in [
        ("first=New", "first=", "first"),
        ("born=1990-02-28", "born=1990-02-30", "born"),
        ("born=1990-02-28", "born=2026-03-03", "born"),
        ("state=az", "state=Arizona", "state"),
        ("postal=85701", "postal=8570", "postal"),
        ("line1=3+Some+Road", "line1=%0a", "line1"),
    ] {
        let refused = place.ask("POST", "/practice/patients", "quill", &good.replace(from, to)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{to}");
        assert!(refused.text.contains(&format!("<code>{field}</code>")), "{to}: {}", refused.text);
        assert!(refused.text.contains("value=\"Tucson\""), "what was typed is not lost");
    }
    let entered = place.ask("POST", "/practice/patients", "quill", good).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let card = place.get(entered.location(), "brook").await;
    for shown in ["New Person", "1990-02-28", "Tucson, AZ 85701", "not a prescription"] {
        assert!(card.text.contains(shown), "{shown}");
    }
    place.house.store.rebuild().unwrap();
    assert!(place.get("/practice/patients?q=1990-02-28", "brook").await.text.contains("Person, New"));
}
