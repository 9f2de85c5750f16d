//! Programs with keys: what they may open, and what only a person at a browser does.

use super::desk::Place;
use super::*;
use crate::programs::Wanted;

async fn with_header(world: &Arc<Fake>, door: Door, name: &str, value: &str) -> Answer {
    let method = door.method().word().to_uppercase();
    let request = Request::builder().method(method.as_str()).uri(address(door)).header("host", "localhost:8311");
    let request = request.header("content-type", "application/json").header(name, value);
    send(world, request.body(Body::from("{}")).unwrap()).await
}

/// Requirements: epcs-1311.125-d-2
#[tokio::test]
async fn a_program_opens_the_doors_named_for_programs_and_no_other_in_anybodys_name() {
    let world = demo();
    let mut closed = Vec::new();
    for &door in Door::ALL.iter().filter(|door| door.face() == Face::Api && door.who() != Who::Everyone) {
        for &role in Role::ALL.iter().filter(|role| door.admits(**role)) {
            for (name, value) in
                [("authorization", format!("Bearer key-of-{role}")), ("theriac-person", role.to_string())]
            {
                let answer = with_header(&world, door, name, &value).await;
                let refused = answer.status == StatusCode::FORBIDDEN;
                assert_eq!(refused, !door.for_programs(), "{door:?} for {role} by {name}: {}", answer.text);
                if refused {
                    assert_eq!(answer.json()["code"], "HTTP-SESSION-ONLY");
                    closed.push(door);
                }
            }
        }
    }
    for signs in [Door::ApiSignBegin, Door::ApiSign] {
        assert!(closed.contains(&signs), "{signs:?}");
    }
}

#[tokio::test]
async fn a_page_is_never_opened_by_a_key() {
    let world = Arc::new(Fake::new(DeploymentKind::Production));
    for &door in Door::ALL.iter().filter(|door| door.face() == Face::Page && door.who() != Who::Everyone) {
        for role in Role::ALL {
            let answer = with_header(&world, door, "authorization", &format!("Bearer key-of-{role}")).await;
            assert!(matches!(answer.status.as_u16(), 303 | 403), "{door:?} for {role}: {}", answer.status);
            let way = answer.location().split('?').next().unwrap_or_default();
            assert!(matches!(way, "" | "/sign-in"), "{door:?}: {}", answer.location());
        }
    }
}

impl Place {
    /// A request of a program.
    pub(super) async fn program(&self, key: &str, method: &str, path: &str, body: &str) -> Answer {
        let request = Request::builder().method(method).uri(path).header("host", "localhost:8311");
        let request =
            request.header("content-type", "application/json").header("authorization", format!("Bearer {key}"));
        let world: Arc<dyn crate::views::World> = self.house.clone();
        let response = router(world).oneshot(request.body(Body::from(body.to_owned())).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: head.status, headers: head.headers, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    /// A key for `person`, as the operator issues it: its identifier and itself.
    pub(super) fn key(&self, person: &str, return_to: Option<&str>) -> (String, String) {
        let operator = self.house.person("ola").unwrap().unwrap();
        let wanted = Wanted { acts_as: person, name: "An open health record", return_to };
        self.house.issue_key(&operator, &wanted).unwrap()
    }
}

#[tokio::test]
async fn a_key_that_another_process_issued_opens_and_one_it_ended_does_not() {
    let place = Place::new();
    let elsewhere = place.again();
    let operator = elsewhere.person("ola").unwrap().unwrap();
    let wanted = Wanted { acts_as: "quill", name: "EHR", return_to: None };
    let (id, key) = elsewhere.issue_key(&operator, &wanted).unwrap();
    assert!(key.starts_with("theriac-") && key.len() == 51, "{key}");
    let status = |key: String| {
        let place = &place;
        async move { place.program(&key, "GET", "/api/v1/prescriptions", "").await.status.as_u16() }
    };
    assert_eq!(status(key.clone()).await, 200);
    assert_eq!(status(format!("{key}x")).await, 401);
    assert!(place.house.keys_in_force().unwrap().iter().any(|kept| kept.id == id && kept.digest != key));
    elsewhere.end_key(&operator, &id).unwrap();
    assert_eq!(status(key).await, 401);
    assert!(elsewhere.end_key(&operator, &id).is_err(), "it was ended already");
}

#[tokio::test]
async fn when_a_person_is_locked_out_the_programs_that_ask_in_their_name_are_too() {
    let place = Place::new();
    let ((_, theirs), (_, others)) = (place.key("quill", None), place.key("brook", None));
    place.house.lock_out(&place.house.person("ola").unwrap().unwrap(), "quill").unwrap();
    for (key, status) in [(theirs, 401), (others, 200)] {
        assert_eq!(place.program(&key, "GET", "/api/v1/prescriptions", "").await.status.as_u16(), status);
    }
}

#[tokio::test]
async fn a_key_needs_a_person_a_name_and_an_address_that_people_may_be_sent_to() {
    let place = Place::new();
    let operator = place.house.person("ola").unwrap().unwrap();
    let issue = |acts_as: &str, name: &str, return_to: Option<&str>| {
        let refused = place.house.issue_key(&operator, &Wanted { acts_as, name, return_to });
        refused.map(|_| ()).map_err(|fault| format!("{fault:?}"))
    };
    assert!(issue("quill", "EHR", Some("https://ehr.example.org/back")).is_ok());
    for (acts_as, name, back, code) in [
        ("nobody", "EHR", None, "API-KEY-PERSON"),
        ("quill", " ", None, "API-KEY-NAME"),
        ("quill", "two\nlines", None, "API-KEY-NAME"),
        ("quill", "EHR", Some("http://ehr.example.org/back"), "API-ADDRESS"),
        ("quill", "EHR", Some("javascript:alert(1)"), "API-ADDRESS"),
    ] {
        assert!(issue(acts_as, name, back).is_err_and(|fault| fault.contains(code)), "{code}");
    }
}

#[tokio::test]
async fn whoever_asks_to_sign_in_learns_nothing_about_who_is_known() {
    let place = Place::new();
    let asked = async |person: &str| {
        let body = format!(r#"{{"person":"{person}"}}"#);
        place.nobody("POST", "/api/v1/sign-in", &body).await.json()["publicKey"]["allowCredentials"].clone()
    };
    let mut seen = Vec::new();
    for person in ["brook", "nobody-here", "another-nobody", "ola"] {
        let (first, second) = (asked(person).await, asked(person).await);
        assert_eq!(first, second, "always the same for {person}");
        let [one] = first.as_array().unwrap().as_slice() else { panic!("{first}") };
        assert_eq!(one.as_object().unwrap().keys().collect::<Vec<_>>(), ["id", "type"], "no transports");
        seen.push(one["id"].clone());
    }
    seen.dedup();
    assert_eq!(seen.len(), 4, "each name its own");
}
