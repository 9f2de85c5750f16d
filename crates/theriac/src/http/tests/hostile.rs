//! Bad bodies and parameters at every door for programs: refused with a problem document, and nothing breaks.

use super::desk::Place;
use super::*;
use serde_json::json;

/// What no field expects.
fn nasty() -> Vec<Value> {
    let mut deep = json!(1);
    for _ in 0..100 {
        deep = json!([deep]);
    }
    vec![
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.5e300),
        json!(u64::MAX),
        json!([]),
        json!({}),
        json!(""),
        json!(" "),
        json!("\u{0}"),
        json!("'; DROP TABLE people; --"),
        json!("../../etc/passwd"),
        json!("\u{202e}\u{feff}\u{1f4a9}"),
        json!("9999-99-99"),
        json!("-999999999999999999999999"),
        json!("a".repeat(20_000)),
        json!([["x"]]),
        json!({"a": {"b": [1, "2", null]}}),
        deep,
    ]
}

/// A body with every member that this door takes.
fn whole(door: Door) -> Value {
    let draft: Value = serde_json::from_str(super::programs::FIELDS).unwrap();
    match door {
        Door::ApiPatientNew => {
            json!({"first": "A", "middle": "", "last": "B", "suffix": "", "born": "1990-01-01", "line1": "1",
            "line2": "", "city": "T", "state": "AZ", "postal": "85701"})
        }
        Door::ApiDraftEnter | Door::ApiDraftCheck | Door::ApiDraftChange => {
            let mut draft = draft;
            for more in ["registration", "refills", "days_supply", "earliest_fill", "note", "pharmacy"] {
                draft[more] = json!("");
            }
            draft
        }
        Door::ApiDraftFhir => serde_json::from_str(super::programs::FHIR).unwrap(),
        Door::ApiCancel => json!({"reason": "x"}),
        Door::ApiSigningLink => json!({"ids": ["RX1"]}),
        Door::ApiWebhookSet => json!({"url": "https://ehr.example.org/"}),
        Door::ApiLawDecide => serde_json::from_str(QUESTION).unwrap(),
        Door::ApiSignBegin => json!({"ids": "RX1", "statement": "x", "agreed": true}),
        Door::ApiSignInBegin => json!({"person": "brook"}),
        Door::ApiJoinBegin => json!({"person": "brook", "code": "X"}),
        Door::ApiSignIn | Door::ApiJoin => json!({"ticket": "x", "credential": {}}),
        Door::ApiAnnotate => json!({"note": "x"}),
        Door::ApiLabel => json!({"no": 1, "format": "zpl", "why": "x"}),
        Door::ApiFill => json!({"scan": "99999-0101-01", "what": "fill", "filling": 1, "quantity": "", "basis": "",
            "counted": "", "judgment": ""}),
        Door::ApiHandOver => json!({"recipient": "x", "to": "", "by": "", "document": "", "last_digits": "",
            "matching": "", "differing": ""}),
        _ => json!({"a": 1}),
    }
}

/// The same with each member replaced by each bad value, taken away, or with one too many.
fn variants(whole: &Value) -> Vec<String> {
    let mut bodies: Vec<String> =
        ["", "{", "null", "[]", "7", "\"x\"", "{}", "\u{feff}{}", "{\"a\":1,\"a\":2}"].map(str::to_owned).to_vec();
    for bad in nasty() {
        bodies.push(bad.to_string());
    }
    for name in whole.as_object().unwrap().keys() {
        let mut without = whole.clone();
        without.as_object_mut().unwrap().remove(name);
        bodies.push(without.to_string());
        for bad in nasty() {
            let mut with = whole.clone();
            with[name] = bad;
            bodies.push(with.to_string());
        }
    }
    let mut more = whole.clone();
    more["a-member-too-many"] = json!(1);
    bodies.push(more.to_string());
    bodies
}

fn check(door: Door, sent: &str, answer: &Answer) {
    let sent: String = sent.chars().take(200).collect();
    let status = answer.status.as_u16();
    assert!((200..500).contains(&status), "{door:?} {sent}: {status} {}", answer.text);
    if status >= 400 {
        assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{door:?} {sent}");
        let problem = answer.json();
        for member in ["title", "detail", "code", "next"] {
            assert!(problem[member].as_str().is_some_and(|text| !text.is_empty()), "{door:?} {sent}: {problem}");
        }
        assert_eq!(problem["status"], status, "{door:?} {sent}");
        assert!(!answer.text.contains("panicked"), "{door:?} {sent}: {}", answer.text);
    }
}

/// In whose name a door is opened.
fn person(door: Door) -> &'static str {
    let cast = [
        ("brook", Role::Prescriber),
        ("fern", Role::Pharmacist),
        ("ola", Role::Operator),
        ("ada", Role::AccessController),
        ("iris", Role::Inspector),
    ];
    cast.iter().find(|(_, role)| door.admits(*role)).map_or("iris", |(person, _)| person)
}

#[tokio::test]
async fn no_body_and_no_parameter_breaks_a_door_for_programs() {
    let place = Place::new();
    let (_, key) = place.key("brook", None);
    let session = place.house.sessions.open("brook", Known::Claimed, place.house.clock.now()).unwrap();
    let world: Arc<dyn crate::views::World> = place.house.clone();
    let router = router(world);
    let mut asked = 0;
    for &door in Door::ALL.iter().filter(|door| door.face() == Face::Api) {
        let method = door.method().word().to_uppercase();
        let (who, by_key) = (person(door), door.for_programs() && door.admits(Role::Prescriber));
        let opened = async |path: &str, body: &str| {
            let request = Request::builder().method(method.as_str()).uri(path).header("host", "localhost:8311");
            let request = request.header("content-type", "application/json");
            let request = if by_key {
                request.header("authorization", format!("Bearer {key}"))
            } else if who == "brook" {
                let cookie = format!("theriac-session={}", session.as_str());
                request.header("cookie", cookie).header("sec-fetch-site", "same-origin")
            } else {
                request.header("theriac-person", who)
            };
            let response = router.clone().oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
            let (head, body) = response.into_parts();
            let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            Answer { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
        };
        let real = place.draft("brook", "").await;
        let path = door.path().replace("{id}", &real).replace("{number}", "1001");
        let path = path.replace("{seq}", "1").replace("{ndc}", "99999010101");
        if door.method() == Method::Post {
            for body in variants(&whole(door)) {
                check(door, &body, &opened(&path, &body).await);
                asked += 1;
            }
        }
        for bad in ["%00", "%2e%2e", "a%2fb", "%F0%9F%92%A9", "x'%20OR%201=1", &"9".repeat(65), "-1", "%FF", "0x10"] {
            let at =
                door.path().replace("{id}", bad).replace("{number}", bad).replace("{seq}", bad).replace("{ndc}", bad);
            check(door, &at, &opened(&at, "{}").await);
            for query in [
                format!("before={bad}&q={bad}"),
                format!("q=1&q=2&{bad}={bad}"),
                format!("patient={bad}&practitioner={bad}"),
            ] {
                let at = format!("{path}?{query}");
                check(door, &at, &opened(&at, &whole(door).to_string()).await);
                asked += 1;
            }
        }
    }
    assert!(asked > 1_500, "{asked} requests");
}
