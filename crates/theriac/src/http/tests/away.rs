//! Sessions: nobody does anything with one that was left alone, and no work is lost by that.

use super::*;

async fn with_cookie(world: &Arc<Fake>, method: &str, path: &str, cookie: &str, body: &str) -> Answer {
    let request = request(world, method, path, None).header("cookie", cookie);
    send(world, request.body(Body::from(body.to_owned())).unwrap()).await
}

fn fresh_cookie(answer: &Answer) -> String {
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

/// Requirements: epcs-1311.110-c
#[tokio::test]
async fn a_session_left_alone_for_more_than_two_minutes_shows_and_does_nothing() {
    for (seconds, open) in [(115, true), (120, true), (121, false), (3_600, false)] {
        let world = demo();
        let cookie = cookie(&world, "pharmacist");
        world.pass(seconds);
        let page = with_cookie(&world, "GET", "/pharmacy/prescriptions/1001", &cookie, "").await;
        assert_eq!(page.status == StatusCode::OK, open, "{seconds} s");
        assert_eq!(world.opened().len(), usize::from(open), "{seconds} s");
        if !open {
            assert_eq!(page.location(), "/unlock?to=/pharmacy/prescriptions/1001");
            let api = with_cookie(&world, "GET", "/api/v1/queue", &cookie, "").await;
            assert_eq!((api.status, &api.json()["code"]), (StatusCode::UNAUTHORIZED, &Value::from("HTTP-LOCKED")));
            let sent = with_cookie(&world, "POST", "/pharmacy/prescriptions/1001/annotations", &cookie, "note=x").await;
            assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/unlock"));
            assert!(world.notes().is_empty());
        }
    }
}

/// Requirements: epcs-1311.110-c
#[tokio::test]
async fn what_pages_ask_by_themselves_is_not_use_and_typing_is() {
    let world = demo();
    let cookie = cookie(&world, "pharmacist");
    for _ in 0..4 {
        world.pass(40);
        with_cookie(&world, "GET", "/api/v1/session", &cookie, "").await;
    }
    assert_eq!(with_cookie(&world, "GET", "/api/v1/session", &cookie, "").await.json()["state"], "locked");

    let cookie = super::cookie(&world, "pharmacist");
    for _ in 0..10 {
        world.pass(100);
        assert_eq!(with_cookie(&world, "POST", "/api/v1/session/used", &cookie, "").await.status, StatusCode::OK);
    }
    assert_eq!(with_cookie(&world, "GET", "/api/v1/session", &cookie, "").await.json()["state"], "open");
}

#[tokio::test]
async fn a_form_sent_too_late_is_kept_and_carried_out_once_its_person_is_back() {
    let world = demo();
    let cookie = cookie(&world, "pharmacist");
    world.pass(500);
    let form = "note=counted+twice+%3Cb%3E";
    with_cookie(&world, "POST", "/pharmacy/prescriptions/1001/annotations", &cookie, form).await;
    let lock = with_cookie(&world, "GET", "/unlock", &cookie, "").await;
    assert!(lock.text.contains("Fern Farmer"), "{}", lock.text);
    let unlocked = with_cookie(&world, "POST", "/unlock", &cookie, "").await;
    for shown in ["Your work was kept", "counted twice &#60;b&#62;", "/pharmacy/prescriptions/1001/annotations"] {
        assert!(unlocked.text.contains(shown), "{shown}: {}", unlocked.text);
    }
    let fresh = fresh_cookie(&unlocked);
    let old = with_cookie(&world, "GET", "/pharmacy/queue", &cookie, "").await;
    assert_eq!(old.location(), "/desk", "the secret from before is worth nothing");
    let done = with_cookie(&world, "POST", "/pharmacy/prescriptions/1001/annotations", &fresh, form).await;
    assert_eq!(done.location(), "/pharmacy/prescriptions/1001#annotations");
    assert_eq!(world.notes().len(), 1);
}

#[tokio::test]
async fn who_leaves_the_desk_or_sits_down_elsewhere_ends_the_session_before() {
    let world = demo();
    for body in ["person=", "person=auditor"] {
        let cookie = cookie(&world, "pharmacist");
        with_cookie(&world, "POST", "/desk", &cookie, body).await;
        assert_eq!(with_cookie(&world, "GET", "/pharmacy/queue", &cookie, "").await.location(), "/desk", "{body}");
    }
    let cookie = cookie(&world, "pharmacist");
    with_cookie(&world, "POST", "/lock", &cookie, "").await;
    let page = with_cookie(&world, "GET", "/pharmacy/queue", &cookie, "").await;
    assert_eq!(page.location(), "/unlock?to=/pharmacy/queue");
}

#[tokio::test]
async fn after_the_lock_the_way_leads_only_to_this_server() {
    let world = demo();
    for (to, expected) in [
        ("/pharmacy/queue", "/pharmacy/queue"),
        ("//evil.example/", "/"),
        ("https://evil.example/", "/"),
        ("/%5Cevil", "/"),
        ("", "/"),
    ] {
        let cookie = cookie(&world, "pharmacist");
        with_cookie(&world, "POST", "/lock", &cookie, "").await;
        let unlocked = with_cookie(&world, "POST", &format!("/unlock?to={to}"), &cookie, "").await;
        assert_eq!((unlocked.status, unlocked.location()), (StatusCode::SEE_OTHER, expected), "{to}");
    }
}

#[tokio::test]
async fn a_program_asks_with_its_key_in_the_name_of_one_person() {
    let world = Arc::new(Fake::new(DeploymentKind::Production));
    for (key, status) in [("key-of-pharmacist", 200), ("key-of-prescriber", 403), ("key-of-nobody", 401), ("x", 401)] {
        let request = request(&world, "GET", "/api/v1/queue", None).header("authorization", format!("Bearer {key}"));
        let answer = send(&world, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{key}: {}", answer.text);
    }
}
