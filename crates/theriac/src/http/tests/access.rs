//! Who may open the doors of access control and tokens, written down a second time.

use super::desk::Place;
use super::*;
use crate::demo;

/// What a role may do at the doors of access control and tokens; `None` for other doors.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{AccessController, Auditor, Inspector, Operator, Prescriber};
    let post = door.method() == Method::Post;
    Some(match door.path() {
        "/sign-in/code" => true,
        "/practice/sign/code" => role == Prescriber,
        path if path.starts_with("/practice/tokens") || path == "/practice/notices" => role == Prescriber,
        path if path.starts_with("/api/v1/tokens") => matches!(role, Prescriber | AccessController),
        path if path.starts_with("/api/v1/grants") || path == "/access/keys" => role == AccessController,
        path if path.starts_with("/access/controllers") && post => role == Operator,
        path if ["/nominate", "/approve", "/recovery", "/confirm"].iter().any(|end| path.ends_with(end)) => {
            role == AccessController
        }
        path if path.starts_with("/access") || path.starts_with("/operator/tokens") => {
            matches!(role, AccessController | Operator) || (!post && matches!(role, Inspector | Auditor))
        }
        _ => return None,
    })
}

/// In a demonstration the second controller has a software token, and the pages play the same act with its PIN.
#[tokio::test]
async fn in_a_demonstration_the_right_to_sign_is_given_back_by_two_with_the_software_token() {
    let place = Place::new();
    let page = "/access/people/brook";
    let list = place.get("/access", "ada").await;
    assert!(list.text.contains("Alex Brook") && list.text.contains(">active<"), "{}", list.text);
    let done = place.ask("POST", &format!("{page}/suspend"), "ada", "reason=under+investigation").await;
    assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, page), "{}", done.text);
    assert!(place.get("/access", "iris").await.text.contains("two grant anew"));
    place.ask("POST", &format!("{page}/nominate"), "ada", "").await;
    let form = place.get(page, "ben").await;
    assert!(form.text.contains("software token’s PIN") && form.text.contains("Second grant"), "{}", form.text);
    for who in ["iris", "ola"] {
        assert!(!place.get(page, who).await.text.contains("Second grant"), "{who}");
    }
    for (who, pin, code) in [("ada", demo::world::PIN, "RX-TOKEN-NOT-HERE"), ("ben", "000000", "PKI-PASS-PIN")] {
        let refused = place.ask("POST", &format!("{page}/approve"), who, &format!("pin={pin}")).await;
        assert!(refused.text.contains(code) && !refused.text.contains(pin), "{who}: {}", refused.text);
    }
    let pin = format!("pin={}", demo::world::PIN);
    let done = place.ask("POST", &format!("{page}/approve"), "ben", &pin).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert!(place.get(page, "iris").await.text.contains(">active<"));
    let nobody = place.get("/access/people/quill", "ada").await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND, "an agent never comes to sign");
    for path in ["/access/controllers", "/access/keys", "/operator/tokens", "/operator/tokens/brook"] {
        let who = if path.ends_with("keys") { "ben" } else { "ola" };
        let shown = place.get(path, who).await;
        assert!(shown.status == StatusCode::OK && shown.text.contains("DEMO"), "{path}: {}", shown.text);
    }
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let place = Place::new();
    let refused = place.ask("POST", "/access/controllers", "ola", "person=ada&registration=FB1&unit=Ward+7").await;
    assert!(refused.text.contains("value=\"FB1\"") && refused.text.contains("value=\"Ward 7\""), "{}", refused.text);
    let refused =
        place.ask("POST", "/operator/tokens/brook/offer", "ola", "registration=x&serial=KEY-77&code=123456").await;
    assert!(refused.text.contains("value=\"KEY-77\"") && !refused.text.contains("123456"), "{}", refused.text);
    let long = "x".repeat(201);
    let refused = place.ask("POST", "/access/people/brook/revoke", "ada", &format!("reason={long}")).await;
    assert!(refused.text.contains(&long) && refused.text.contains("ACCESS-REASON"), "{}", refused.text);
}
