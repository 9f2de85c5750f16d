//! Calls against real sockets, with and without TLS.

use super::super::address::Address;
use super::*;
use rustls::StreamOwned;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread::JoinHandle;
use theriac_pki::Deployment;

fn call(url: &str) -> Call {
    let address = Address::parse(url, Deployment::declared("DEMO").expect("the word")).expect(url);
    let (signature, delivery) = ("t=1,v1=00".to_owned(), "W1-7".to_owned());
    Call { address, signature, delivery, body: r#"{"status":"signed"}"#.to_owned() }
}

/// Reads a request whole.
fn read(stream: &mut impl Read) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with(r#""signed"}"#) && stream.read(&mut byte).expect("a request") == 1 {
        text.push(char::from(byte[0]));
    }
    text
}

/// A program that answers once; its port, and what it was sent.
fn program(answer: &'static str) -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a call");
        let text = read(&mut stream);
        stream.write_all(answer.as_bytes()).expect("an answer");
        text
    });
    (port, heard)
}

#[test]
fn a_call_says_what_it_is_and_its_answers_status_is_read() {
    let (port, heard) = program("HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n");
    let poster = Poster::new();
    assert_eq!(poster.call(&call(&format!("http://127.0.0.1:{port}/hook?tenant=7"))), Ok(204));
    let text = heard.join().expect("heard");
    let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
    assert!(head.starts_with("POST /hook?tenant=7 HTTP/1.1\r\n"));
    // Names of headers are the same in any letters.
    let head = head.to_ascii_lowercase();
    let lines: Vec<&str> = head.split("\r\n").collect();
    for line in [
        format!("Host: 127.0.0.1:{port}").as_str(),
        "Content-Type: application/json",
        "Content-Length: 19",
        "Theriac-Delivery: W1-7",
        "Theriac-Signature: t=1,v1=00",
    ] {
        assert!(lines.contains(&line.to_ascii_lowercase().as_str()), "{line}: {head}");
    }
    assert_eq!(body, r#"{"status":"signed"}"#);
}

#[test]
fn whatever_is_no_answer_of_http_is_a_failure_and_nobody_is_followed_elsewhere() {
    let poster = Poster::new();
    let check = |answer: &'static str, expected: Option<u16>| {
        let (port, heard) = program(answer);
        let found = poster.call(&call(&format!("http://localhost:{port}/")));
        assert_eq!(found.ok(), expected, "{answer:?}");
        heard.join().expect("heard");
    };
    check("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n", Some(302));
    check("HTTP/1.0 500\r\n\r\n", Some(500));
    for bad in ["", "HTTP/1.1 200", "SSH-2.0-x\r\n", "HTTP/1.1 2000 OK\r\n", "HTTP/1.1 099 x\r\n", "HTTP/2 200 OK\r\n"]
    {
        check(bad, None);
    }
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    assert!(poster.call(&call(&format!("http://127.0.0.1:{closed}/"))).is_err());
}

#[test]
fn a_name_that_leads_inside_the_network_is_not_called() {
    // Told apart from an address in digits, which is refused when it is registered: names are looked at when they are called.
    let poster = Poster::new();
    let inside = Address::parse("https://localhost.example/", Deployment::Production).expect("an address");
    let outside = Call { address: inside, ..call("http://localhost:9/") };
    assert!(poster.call(&outside).is_err(), "a name that leads nowhere, or inside");
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
    let here = call(&format!("http://127.0.0.1:{port}/"));
    let error = poster.outside.post(here.address.as_str()).send("x").expect_err("this machine is not outside");
    assert!(in_words("the program", PATIENCE, &error).contains("inside the network"), "{error}");
}

/// An authority of its own, and a program under it that answers once by TLS.
fn program_by_tls(name: &str) -> (u16, Vec<Certificate<'static>>, JoinHandle<Option<String>>) {
    let key = rcgen::KeyPair::generate().expect("a key");
    let certificate = rcgen::CertificateParams::new(vec![name.to_owned()]).expect("a name");
    let certificate = certificate.self_signed(&key).expect("a certificate");
    let roots = vec![Certificate::from_der(certificate.der()).to_owned()];
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let private = rustls::pki_types::PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config = config.expect("versions").with_no_client_auth();
    let config = Arc::new(config.with_single_cert(vec![certificate.der().clone()], private).expect("a server"));
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = std::thread::spawn(move || {
        let (stream, _) = listener.accept().ok()?;
        let mut stream = StreamOwned::new(rustls::ServerConnection::new(config).ok()?, stream);
        let mut text = String::new();
        let mut byte = [0];
        while !text.ends_with(r#""signed"}"#) {
            if stream.read(&mut byte).ok()? == 0 {
                return None;
            }
            text.push(char::from(byte[0]));
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
        stream.conn.send_close_notify();
        stream.flush().ok()?;
        Some(text)
    });
    (port, roots, heard)
}

#[test]
fn a_program_is_called_by_tls_only_under_its_own_name_and_a_trusted_authority() {
    let (port, roots, heard) = program_by_tls("localhost");
    let poster = Poster::trusting(&roots);
    assert_eq!(poster.call(&call(&format!("https://localhost:{port}/hook"))), Ok(200));
    assert!(heard.join().expect("heard").is_some_and(|text| text.starts_with("POST /hook HTTP/1.1\r\n")));

    let (port, roots, heard) = program_by_tls("another.example");
    let poster = Poster::trusting(&roots);
    assert!(poster.call(&call(&format!("https://localhost:{port}/"))).is_err(), "another's certificate");
    assert_eq!(heard.join().expect("heard"), None, "nothing was sent to it");

    let (port, _, heard) = program_by_tls("localhost");
    let poster = Poster::trusting(&[]);
    assert!(poster.call(&call(&format!("https://localhost:{port}/"))).is_err(), "an authority nobody trusts");
    assert_eq!(heard.join().expect("heard"), None);
}
