//! What must be refused, and the headers that keep a page to itself.

use super::*;

#[tokio::test]
async fn every_answer_carries_the_headers_that_keep_it_to_itself() {
    let world = demo();
    let mut answers = Vec::new();
    for &door in Door::ALL {
        answers.push((address(door), open(&world, door, Some("inspector")).await));
    }
    for path in ["/nowhere", "/api/nowhere", "/journal/x"] {
        answers.push((path.to_owned(), get(&world, path, Some("inspector")).await));
    }
    answers.push((
        "DELETE /journal".into(),
        send(&world, request(&world, "POST", "/journal", None).body(Body::empty()).unwrap()).await,
    ));
    for (path, answer) in answers {
        let header = |name: &str| answer.headers.get(name).map_or("", |value| value.to_str().unwrap());
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'self'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header("referrer-policy"), "same-origin", "{path}");
        assert_eq!(header("x-frame-options"), "DENY", "{path}");
        let kept = path.starts_with("/assets/");
        assert_eq!(header("cache-control") == "no-store", !kept, "{path}");
    }
}

#[tokio::test]
async fn nothing_typed_by_people_becomes_markup_and_no_script_stands_inside_a_page() {
    let world = demo();
    post(&world, "/pharmacy/prescriptions/1001/annotations", Some("pharmacist"), "note=%3Cscript%3E%22%27").await;
    for door in Door::ALL
        .iter()
        .copied()
        .filter(|door| door.face() == Face::Page && door.method() == Method::Get && !door.needs_the_house())
    {
        for path in [address(door), address(door).replace("1001", "1004")] {
            let page = get(&world, &path, Some("inspector")).await;
            let page = page.text.replace("<script src=\"/assets/theriac.js\" defer></script>", "");
            for forbidden in ["<script", " style=", "onclick", "onload", "javascript:", "http://", "https://"] {
                assert!(!page.contains(forbidden), "{path}: {forbidden}");
            }
        }
    }
    let queue = get(&world, "/pharmacy/queue", Some("inspector")).await;
    assert!(queue.text.contains("&#60;script&#62;alert(&#39;x&#39;)"), "{}", queue.text);
    assert!(!fake::NASTY.is_empty());
}

#[tokio::test]
async fn only_our_own_pages_may_change_something() {
    let world = demo();
    let cases: [(&[(&str, &str)], bool); 11] = [
        (&[], false),
        (&[("sec-fetch-site", "same-origin")], true),
        (&[("sec-fetch-site", "same-site")], false),
        (&[("sec-fetch-site", "cross-site")], false),
        (&[("sec-fetch-site", "none")], false),
        (&[("origin", "http://localhost:8311")], true),
        (&[("origin", "http://localhost:8312")], false),
        (&[("origin", "http://rebind.example")], false),
        (&[("origin", "null")], false),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://rebind.example")], false),
        (&[("sec-fetch-site", "same-origin"), ("origin", "http://localhost:8311")], true),
    ];
    for (headers, allowed) in cases {
        for (path, body) in [("/desk", "person=auditor"), ("/pharmacy/prescriptions/1001/annotations", "note=x")] {
            let mut request = Request::builder().method("POST").uri(path).header("host", "localhost:8311");
            request = request.header("cookie", cookie(&world, "pharmacist"));
            request = request.header("content-type", "application/x-www-form-urlencoded");
            for (name, value) in headers {
                request = request.header(*name, *value);
            }
            let answer = send(&world, request.body(Body::from(body)).unwrap()).await;
            let expected = if allowed { StatusCode::SEE_OTHER } else { StatusCode::FORBIDDEN };
            assert_eq!(answer.status, expected, "{path} with {headers:?}");
            assert!(allowed || answer.text.contains("HTTP-ORIGIN"));
        }
    }
    assert_eq!(world.notes().len(), 3);
}

#[tokio::test]
async fn a_program_needs_no_origin_but_is_refused_one_from_elsewhere() {
    let world = demo();
    for (origin, status) in [(None, 201), (Some("http://localhost:8311"), 201), (Some("http://rebind.example"), 403)] {
        let mut request = Request::builder().method("POST").uri("/api/v1/records/1001/annotations");
        request = request.header("host", "localhost:8311").header("theriac-person", "pharmacist");
        request = request.header("content-type", "application/json");
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        let answer = send(&world, request.body(Body::from(r#"{"note":"x"}"#)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{origin:?}");
    }
}

#[tokio::test]
async fn a_name_that_is_not_ours_is_not_answered() {
    let world = demo();
    for (host, status) in [
        (Some("localhost"), 200),
        (Some("127.0.0.1:9"), 200),
        (Some("[::1]:8311"), 200),
        (Some("rebind.example:8311"), 421),
        (Some("10.0.0.1"), 421),
        (None, 421),
    ] {
        let mut request = Request::builder().uri("/journal").header("cookie", cookie(&world, "inspector"));
        if let Some(host) = host {
            request = request.header("host", host);
        }
        let answer = send(&world, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{host:?}");
        assert!(status == 200 || !answer.text.contains("FF1231237"));
    }
}

#[tokio::test]
async fn bad_numbers_are_refused_with_a_problem_and_the_next_step() {
    let world = demo();
    let long = "9".repeat(65);
    let cases = [
        ("/api/v1/records/1999".to_owned(), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/records/%3Cb%3E".to_owned(), 400, "HTTP-ID"),
        ("/api/v1/records/..%2f..%2fetc".to_owned(), 400, "HTTP-ID"),
        ("/api/v1/records/%FF".to_owned(), 404, "HTTP-NO-SUCH-PAGE"),
        ("/api/v1/records/%00".to_owned(), 400, "HTTP-ID"),
        (format!("/api/v1/records/{long}"), 400, "HTTP-ID"),
        (format!("/api/v1/records/{}", &long[..64]), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/prescriptions/rx-99".to_owned(), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/stock/99999010199".to_owned(), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/stock/9999901010".to_owned(), 400, "HTTP-NDC"),
        ("/api/v1/stock/abc".to_owned(), 400, "HTTP-NDC"),
        ("/api/v1/journal/213".to_owned(), 200, ""),
        ("/api/v1/journal/214".to_owned(), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/journal/-1".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1/journal/+1".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1/journal/18446744073709551615".to_owned(), 404, "HTTP-NOT-FOUND"),
        ("/api/v1/journal/18446744073709551616".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1/journal?before=0".to_owned(), 200, ""),
        ("/api/v1/journal?before=".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1/journal?before=1&before=2".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1/journal?before=99999999999999999999".to_owned(), 400, "HTTP-ENTRY-NUMBER"),
        ("/api/v1".to_owned(), 404, "HTTP-NO-SUCH-PAGE"),
        (format!("/api/v1/journal?x={}", "y".repeat(2_100)), 414, "HTTP-ADDRESS-TOO-LONG"),
    ];
    for (path, status, code) in cases {
        let answer = get(&world, &path, Some("inspector")).await;
        assert_eq!(answer.status.as_u16(), status, "{path}: {}", answer.text);
        if status != 200 {
            let problem = answer.json();
            assert_eq!(answer.headers[header::CONTENT_TYPE], "application/problem+json", "{path}");
            assert_eq!(problem["code"], code, "{path}");
            assert_eq!(problem["status"], status, "{path}");
            assert!(problem["next"].as_str().is_some_and(|next| !next.is_empty()), "{path}");
        }
        // The same address as a page is refused in the form of a page.
        if let Some(page) = path.strip_prefix("/api/v1").filter(|page| page.starts_with("/journal") && status != 414) {
            let page = get(&world, page, Some("inspector")).await;
            assert_eq!(page.status.as_u16(), status, "{path}");
            assert!(page.text.contains(code) && page.text.starts_with("<!doctype html>"), "{path}");
        }
    }
    let page = get(&world, "/pharmacy/prescriptions/%FF", Some("inspector")).await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_wrong_method_is_refused_and_the_right_one_named() {
    let world = demo();
    for (method, path, allow) in [
        ("POST", "/journal", "GET,HEAD"),
        ("POST", "/api/v1/queue", "GET,HEAD"),
        ("GET", "/pharmacy/prescriptions/1001/annotations", "POST"),
        ("DELETE", "/api/v1/records/1001", "GET,HEAD"),
    ] {
        let mut request = request(&world, method, path, Some("pharmacist"));
        if method == "DELETE" {
            request = request.header("sec-fetch-site", "same-origin");
        }
        let answer = send(&world, request.body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        assert_eq!(answer.headers[header::ALLOW], allow, "{method} {path}");
        assert!(answer.text.contains("HTTP-METHOD"));
    }
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_one_byte_more_is_not() {
    let world = demo();
    for (size, status) in [(64 * 1024, 422), (64 * 1024 + 1, 413)] {
        let body = format!("note={}", "a".repeat(size - 5));
        let declared = request(&world, "POST", "/pharmacy/prescriptions/1001/annotations", Some("pharmacist"));
        let declared = declared.header("content-length", size).body(Body::from(body.clone())).unwrap();
        assert_eq!(send(&world, declared).await.status.as_u16(), status, "{size} declared");
        // Sent without a length, as a chunked body is.
        let streamed = request(&world, "POST", "/pharmacy/prescriptions/1001/annotations", Some("pharmacist"));
        let answer = send(&world, streamed.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.status.as_u16(), status, "{size} streamed");
        assert!(status != 413 || answer.text.contains("HTTP-TOO-LARGE"));
    }
    assert!(world.notes().is_empty());
}

#[tokio::test]
async fn a_body_that_cannot_be_read_is_refused_without_repeating_it() {
    let world = demo();
    let path = "/api/v1/records/1001/annotations";
    for (body, status, code) in [
        ("", 400, "HTTP-JSON"),
        ("{", 400, "HTTP-JSON"),
        (r#"{"note":7}"#, 400, "HTTP-JSON"),
        (r#"{"note":"x","secret-name":1}"#, 400, "HTTP-JSON"),
        (r#"{"note":"  "}"#, 422, "HTTP-NOTE"),
    ] {
        let answer = post(&world, path, Some("pharmacist"), body).await;
        assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (status, Some(code)), "{body}");
        assert!(!answer.text.contains("secret-name"));
    }
    let plain = Request::builder().method("POST").uri(path).header("host", "localhost");
    let plain = plain.header("theriac-person", "pharmacist").header("content-type", "text/plain");
    let answer = send(&world, plain.body(Body::from(r#"{"note":"x"}"#)).unwrap()).await;
    assert_eq!((answer.status.as_u16(), answer.json()["code"].as_str()), (415, Some("HTTP-MEDIA-TYPE")));
    let refused = post(&world, "/api/v1/records/1004/annotations", Some("pharmacist"), r#"{"note":"x"}"#).await;
    let problem = refused.json();
    assert_eq!((refused.status.as_u16(), &problem["code"]), (422, &Value::from("PHARM-1306.08-ANNOTATE")));
    assert_eq!((&problem["cite"], &problem["edition"]), (&Value::from("21 CFR 1306.08(c)"), &Value::from("cfr")));
    assert!(world.notes().is_empty());
}
