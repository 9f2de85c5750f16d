//! Coming in: invitations, passkeys, and what is refused.

use super::desk::Place;
use super::*;
use crate::house::House;
use crate::house::clock::Clock;

fn code_of(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn an_invitation_serves_its_person_with_its_code_for_a_day_and_five_tries() {
    let place = Place::new();
    let house = &place.house;
    let operator = house.person("ola").unwrap().unwrap();
    let begin = |person: &str, code: &str| format!(r#"{{"person":"{person}","code":"{code}"}}"#);
    let code = house.invite(&operator, "brook").unwrap();
    let good = place.nobody("POST", "/api/v1/join", &begin("brook", &code)).await;
    assert_eq!(good.status, StatusCode::OK, "{}", good.text);
    assert_eq!(good.json()["publicKey"]["authenticatorSelection"]["userVerification"], "required");
    for (person, code) in [("quill", code.as_str()), ("nobody", &code), ("brook", ""), ("", "")] {
        let refused = place.nobody("POST", "/api/v1/join", &begin(person, code)).await;
        assert_eq!((refused.status.as_u16(), code_of(&refused)), (422, "SIGNIN-CODE".to_owned()), "{person}");
    }
    // One wrong try was counted above; after the fifth the right code is void, too.
    for _ in 0..4 {
        place.nobody("POST", "/api/v1/join", &begin("brook", "AAAAAAAAAA")).await;
    }
    assert_eq!(code_of(&place.nobody("POST", "/api/v1/join", &begin("brook", &code)).await), "SIGNIN-CODE");

    for (hours, ok) in [(24, true), (25, false)] {
        let code = house.invite(&operator, "brook").unwrap();
        house.clock.advance(jiff::SignedDuration::from_hours(hours));
        let answer = place.nobody("POST", "/api/v1/join", &begin("brook", &code)).await;
        assert_eq!(answer.status == StatusCode::OK, ok, "after {hours} h");
    }
    assert!(house.invite(&operator, "nobody").is_err());
}

#[tokio::test]
async fn signing_in_needs_a_registered_passkey_and_tells_nobody_who_is_known() {
    let place = Place::new();
    let (known, unknown) = (
        place.nobody("POST", "/api/v1/sign-in", r#"{"person":"brook"}"#).await,
        place.nobody("POST", "/api/v1/sign-in", r#"{"person":"nobody"}"#).await,
    );
    assert_eq!((known.status, unknown.status), (StatusCode::OK, StatusCode::OK));
    let shape = |answer: &Answer| {
        let allowed = answer.json()["publicKey"]["allowCredentials"].as_array().unwrap().clone();
        allowed.iter().map(|one| one.as_object().unwrap().keys().cloned().collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(shape(&known), shape(&unknown));
    let ticket = known.json()["ticket"].as_str().unwrap().to_owned();
    let credential = r#"{"type":"public-key","id":"AAAA","rawId":"AAAA","response":{"authenticatorData":"AAAA","clientDataJSON":"AAAA","signature":"AAAA"}}"#;
    let body = format!(r#"{{"ticket":"{ticket}","credential":{credential}}}"#);
    let refused = place.nobody("POST", "/api/v1/sign-in/answer", &body).await;
    assert_eq!((refused.status.as_u16(), code_of(&refused)), (422, "SIGNIN-KEY".to_owned()), "{}", refused.text);
    assert!(!refused.headers.contains_key(header::SET_COOKIE));
    let again = place.nobody("POST", "/api/v1/sign-in/answer", &body).await;
    assert_eq!(code_of(&again), "SIGNIN-NOT-ASKED", "a ticket serves once");
    for bad in ["{}", "[]", r#"{"ticket":"x","credential":7}"#, r#"{"ticket":"x","credential":{},"more":1}"#] {
        let answer = place.nobody("POST", "/api/v1/sign-in/answer", bad).await;
        assert!(answer.status.is_client_error(), "{bad}: {}", answer.text);
    }
    let join = place.nobody("POST", "/api/v1/join/answer", r#"{"ticket":"x","credential":{}}"#).await;
    assert_eq!(code_of(&join), "SIGNIN-NOT-ASKED");
}

/// Another process, here another house over the same store, ends the sessions; the running server knows at the next use.
#[tokio::test]
async fn somebody_locked_out_by_another_process_is_out_at_the_next_use() {
    let place = Place::new();
    let house = &place.house;
    let operator = house.person("ola").unwrap().unwrap();
    let code = house.invite(&operator, "quill").unwrap();
    let cookie = |secret: &crate::sessions::Secret| format!("theriac-session={}", secret.as_str());
    let quill = house.sessions.open("quill", Known::Passkey, house.clock.now()).unwrap();
    let brook = house.sessions.open("brook", Known::Passkey, house.clock.now()).unwrap();
    let page = "/practice/patients";
    assert_eq!(place.send("GET", page, &cookie(&quill), "").await.status, StatusCode::OK);
    let elsewhere = House::open(&place.dir.path().join("house"), Clock::machine, None).unwrap();
    elsewhere.lock_out(&operator, "quill").unwrap();
    assert_eq!(place.send("GET", page, &cookie(&quill), "").await.status, StatusCode::SEE_OTHER);
    assert_eq!(place.send("GET", page, &cookie(&brook), "").await.status, StatusCode::OK);
    let void = place.nobody("POST", "/api/v1/join", &format!(r#"{{"person":"quill","code":"{code}"}}"#)).await;
    assert_eq!(code_of(&void), "SIGNIN-CODE", "the invitation is void, too");
    // The other process runs by another clock; whoever sits down afterwards stays all the same.
    let again = house.open_session("quill", Known::Passkey).unwrap();
    assert_eq!(place.send("GET", page, &cookie(&again), "").await.status, StatusCode::OK);
    assert_eq!(place.send("GET", page, &cookie(&again), "").await.status, StatusCode::OK);
    let controller = house.person("ada").unwrap().unwrap();
    elsewhere.suspend_signing(&controller, "brook", "asked for by the practice").unwrap();
    assert_eq!(place.send("GET", page, &cookie(&brook), "").await.status, StatusCode::SEE_OTHER);
}
