//! The description of the interface against what the doors really answer; counters; the server on a socket.

use super::desk::Place;
use super::*;
use crate::http::openapi;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;
use tokio::net::TcpListener;

/// What is wrong with `value` under `schema`: missing or undescribed members, and other types.
fn faults(document: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let target = document.pointer(name.strip_prefix('#').unwrap());
        return target
            .map_or_else(|| vec![format!("{at}: {name} is not described")], |s| faults(document, s, value, at));
    }
    if let Some(either) = schema["anyOf"].as_array() {
        let tried = either.iter().map(|schema| faults(document, schema, value, at));
        return tried.min_by_key(Vec::len).unwrap_or_default();
    }
    if schema.as_object().is_some_and(|schema| !schema.contains_key("type")) {
        return Vec::new();
    }
    let types: Vec<&str> = match &schema["type"] {
        Value::Array(types) => types.iter().filter_map(Value::as_str).collect(),
        one => one.as_str().into_iter().collect(),
    };
    let found = match value {
        Value::Null => "null",
        Value::String(_) => "string",
        Value::Number(_) => "integer",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::Bool(_) => "boolean",
    };
    if !types.contains(&found) {
        return vec![format!("{at}: {found} is not {types:?}")];
    }
    match value {
        Value::Array(items) => {
            let each = |(place, item)| faults(document, &schema["items"], item, &format!("{at}/{place}"));
            items.iter().enumerate().flat_map(each).collect()
        }
        Value::Object(members) => {
            let described = schema["properties"].as_object().unwrap();
            let required = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str);
            let missing = required.filter(|name| !members.contains_key(*name)).map(|name| format!("{at}: no {name}"));
            let inside = members.iter().flat_map(|(name, value)| match described.get(name) {
                Some(schema) => faults(document, schema, value, &format!("{at}/{name}")),
                None => vec![format!("{at}: {name} is not described")],
            });
            missing.chain(inside).collect()
        }
        _ => Vec::new(),
    }
}

#[tokio::test]
async fn every_route_is_described_and_answers_as_described() {
    let world = demo();
    post(&world, "/api/v1/records/1001/annotations", Some("pharmacist"), r#"{"note":"x"}"#).await;
    let served = get(&world, "/api/v1/openapi.json", None).await;
    let document = served.json();
    assert_eq!(document, openapi::document());
    assert_eq!(document["openapi"], "3.1.0");
    for &door in Door::ALL {
        let operation = &document["paths"][door.path()][door.method().word()];
        assert!(operation["summary"].is_string(), "{door:?} is not described");
        if door.needs_the_house() {
            continue;
        }
        let who = if door.method() == Method::Post { "pharmacist" } else { "inspector" };
        let answer = open(&world, door, Some(who)).await;
        let response = &operation["responses"][answer.status.as_str()];
        assert!(response["description"].is_string(), "{door:?} answers {}", answer.status);
        if door.face() == Face::Api {
            let schema = &response["content"]["application/json"]["schema"];
            assert_eq!(faults(&document, schema, &answer.json(), ""), Vec::<String>::new(), "{door:?}");
            if door.who() == Who::Everyone {
                continue;
            }
            let refused = get(&world, &address(door), Some("system")).await;
            let schema = &document["components"]["schemas"]["Problem"];
            assert_eq!(faults(&document, schema, &refused.json(), ""), Vec::<String>::new(), "{door:?}");
        }
    }
    let rejected = get(&world, "/api/v1/records/1004", Some("inspector")).await.json();
    let schema = &document["components"]["schemas"]["Record"];
    assert_eq!(faults(&document, schema, &rejected, ""), Vec::<String>::new());
    let last = get(&world, "/api/v1/journal?before=2", Some("inspector")).await.json();
    assert_eq!(faults(&document, &document["components"]["schemas"]["Journal"], &last, ""), Vec::<String>::new());
}

/// What a request of the walk over the house answered, and whether it did what was asked.
struct Step(Door, Answer);

impl Step {
    /// The identifier of what was made, if something was.
    fn id(&self) -> String {
        let answer = self.1.json();
        let id = answer["id"].as_str().or(answer["requests"][0]["id"].as_str());
        id.unwrap_or_default().to_owned()
    }
}

/// Every door for programs that a program can open by itself, opened with success.
async fn walk(place: &Place) -> Vec<Step> {
    let (_, key) = place.key("quill", Some("https://ehr.example.org/back"));
    let mut steps = Vec::new();
    let mut open = async |door: Door, id: &str, query: &str, body: &str| {
        let path = door.path().replace("{id}", id) + query;
        let method = door.method().word().to_uppercase();
        let answer = if door.for_programs() {
            place.program(&key, &method, &path, body).await
        } else {
            place.ask(&method, &path, "brook", body).await
        };
        assert!(answer.status.is_success(), "{door:?}: {} {}", answer.status, answer.text);
        let step = Step(door, answer);
        let made = step.id();
        steps.push(step);
        made
    };
    let patient = r#"{"first":"New","last":"Person","born":"1990-02-28","line1":"3 Road","city":"Tucson","state":"AZ","postal":"85701"}"#;
    let patient = open(Door::ApiPatientNew, "", "", patient).await;
    open(Door::ApiPatient, &patient, "", "").await;
    open(Door::ApiDrugs, "", "?q=oxy", "").await;
    open(Door::ApiPatients, "", "?q=person", "").await;
    open(Door::ApiDraftCheck, "", "", r#"{"practitioner":"brook","refills":"9"}"#).await;
    open(Door::ApiDraftCheck, "", "", super::programs::FIELDS).await;
    let draft = open(Door::ApiDraftEnter, "", "", super::programs::FIELDS).await;
    open(Door::ApiDraftChange, &draft, "", super::programs::FIELDS).await;
    open(Door::ApiDraftReady, &draft, "", "").await;
    open(Door::ApiSigningLink, "", "", &format!(r#"{{"ids":["{draft}"]}}"#)).await;
    open(Door::ApiPrescriptions, "", "", "").await;
    open(Door::ApiPrescription, &draft, "", "").await;
    let other = open(Door::ApiDraftFhir, "", "?patient=p-1&practitioner=brook", super::programs::FHIR).await;
    open(Door::ApiDraftDiscard, &other, "", "").await;
    open(Door::ApiWebhookSet, "", "", r#"{"url":"https://ehr.example.org/hook"}"#).await;
    open(Door::ApiWebhook, "", "", "").await;
    open(Door::ApiWebhookEnd, "", "", "").await;
    open(Door::ApiSignInBegin, "", "", r#"{"person":"brook"}"#).await;
    steps
}

#[tokio::test]
async fn over_a_real_deployment_every_door_for_programs_answers_as_described() {
    let place = Place::new();
    let document = openapi::document();
    let described = |door: Door, answer: &Answer| {
        let responses = &document["paths"][door.path()][door.method().word()]["responses"];
        let (media, status) = if answer.status.is_success() {
            ("application/json", answer.status.as_str().to_owned())
        } else {
            ("application/problem+json", "default".to_owned())
        };
        let schema = &responses[&status]["content"][media]["schema"];
        assert!(schema.is_object(), "{door:?} answers {status}, which is not described");
        assert_eq!(faults(&document, schema, &answer.json(), ""), Vec::<String>::new(), "{door:?}: {}", answer.text);
    };
    let steps = walk(&place).await;
    for Step(door, answer) in &steps {
        described(*door, answer);
    }
    // All others, by whoever may: read, or refused for the empty body.
    let roles = [
        ("brook", Role::Prescriber),
        ("fern", Role::Pharmacist),
        ("ola", Role::Operator),
        ("ada", Role::AccessController),
    ];
    let mut refused = Vec::new();
    for &door in Door::ALL.iter().filter(|door| door.face() == Face::Api && !steps.iter().any(|step| step.0 == **door))
    {
        let (person, _) = roles.iter().find(|(_, role)| door.admits(*role)).unwrap_or(&("iris", Role::Inspector));
        let path = address(door).replace("1001", "none");
        let answer = place.ask(&door.method().word().to_uppercase(), &path, person, "{}").await;
        described(door, &answer);
        if door.method() == Method::Get {
            continue;
        }
        refused.extend((!answer.status.is_success()).then_some(door));
    }
    assert!(refused.contains(&Door::ApiSign), "{refused:?}");
}

/// Every reference of the description leads somewhere.
#[test]
fn nothing_in_the_description_is_left_undescribed() {
    let document = openapi::document();
    let text = document.to_string();
    for name in text.split("\"$ref\":\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
        assert!(document.pointer(name).is_some(), "{name} is not described");
    }
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_number() {
    let world = demo();
    let router = router(world.clone());
    for (path, who) in [
        ("/pharmacy/prescriptions/1001", "pharmacist"),
        ("/pharmacy/prescriptions/1002", "pharmacist"),
        ("/pharmacy/prescriptions/1001", "custodian"),
        ("/Pat-Sample", "pharmacist"),
    ] {
        router.clone().oneshot(request(&world, "GET", path, Some(who)).body(Body::empty()).unwrap()).await.unwrap();
    }
    let response = router.oneshot(request(&world, "GET", "/metrics", None).body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.headers()[header::CONTENT_TYPE], "text/plain; version=0.0.4; charset=utf-8");
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    for line in [
        "theriac_journal_entries 214",
        r#"theriac_http_requests_total{route="/pharmacy/prescriptions/{number}",method="GET",status="200"} 2"#,
        r#"theriac_http_requests_total{route="/pharmacy/prescriptions/{number}",method="GET",status="403"} 1"#,
        r#"theriac_http_requests_total{route="none",method="GET",status="404"} 1"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("1001") && !text.contains("Pat"));
}

#[tokio::test]
async fn the_server_answers_on_its_socket_and_stops_when_told() {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(crate::http::serve_on(demo(), listener, async move {
        let _ = stopped.await;
    }));
    // A connection that says nothing must not keep the server from stopping.
    let silent = TcpStream::connect(address).unwrap();
    let asking = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        write!(stream, "GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    let answer = asking.await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with("entries 214\n"), "{answer}");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(8), server).await.expect("stops in time").unwrap().unwrap();
    drop(silent);
}
