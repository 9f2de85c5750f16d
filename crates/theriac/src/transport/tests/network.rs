//! Two served deployments that exchange messages over mutual TLS, and everybody who must not get in.

use super::super::listener::{self, bind};
use crate::commands::deployment::demonstration;
use crate::demo::cast;
use crate::demo::story::{Prescribed, contents};
use crate::demo::world::{self, Cast, PIN};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::config::{PartnerConfig, ScriptConfig};
use crate::outside::{Manner, Reach, client};
use crate::practice::Channel;
use crate::relaying::HouseRelay;
use jiff::SignedDuration;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use theriac_model::Role;
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Agreement;
use theriac_wire::script::{MessageKind, decode};
use ureq::tls::{Certificate, ClientCert, PrivateKey};

const PRACTICE: &str = "9999000000017";
const OTHER_PRACTICE: &str = "9999000000025";
const OTHER_PHARMACY: &str = "9999998";

/// A certificate that vouches for itself, with its key, as files and as bytes.
pub(crate) struct Own {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
    der: Vec<u8>,
    key_der: Vec<u8>,
}

pub(crate) fn own(dir: &Path, name: &str) -> Own {
    let key = rcgen::KeyPair::generate().expect("a key");
    let params = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).expect("a name");
    let certificate = params.self_signed(&key).expect("a certificate");
    let (at, key_at) = (dir.join(format!("{name}.pem")), dir.join(format!("{name}.key")));
    std::fs::write(&at, certificate.pem()).expect("written");
    std::fs::write(&key_at, key.serialize_pem()).expect("written");
    Own { certificate: at, key: key_at, der: certificate.der().to_vec(), key_der: key.serialize_der() }
}

pub(crate) fn manner(server: &Own, shows: Option<&Own>) -> Manner {
    let shows = shows.map(|own| {
        let chain = [Certificate::from_der(&own.der).to_owned()];
        ClientCert::new_with_certs(
            &chain,
            PrivateKey::from_pem(&std::fs::read(&own.key).expect("a file")).expect("a key"),
        )
    });
    let roots = vec![Certificate::from_der(&server.der).to_owned()];
    Manner { reach: Reach::Anywhere, roots, shows, patience: Duration::from_secs(10) }
}

/// Posts bytes; the status and the answer, or why there is none.
pub(crate) fn post(to: SocketAddr, manner: Manner, bytes: &[u8]) -> Result<(u16, Vec<u8>), String> {
    let mut answer = client(manner)
        .post(format!("https://localhost:{}/script", to.port()))
        .send(bytes)
        .map_err(|error| error.to_string())?;
    let body = answer.body_mut().read_to_vec().map_err(|error| error.to_string())?;
    Ok((answer.status().as_u16(), body))
}

struct Node {
    house: Arc<House>,
    own: Own,
    at: SocketAddr,
}

/// Two nodes that know each other: a practice here, a pharmacy there.
struct Two {
    dir: tempfile::TempDir,
    practice: Node,
    pharmacy: Node,
    token: Arc<crate::practice::signing::SoftHeld>,
    runtime: tokio::runtime::Runtime,
}

pub(crate) fn free_port() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address")
}

fn house(dir: &Path, script: ScriptConfig, practice: &str, pharmacy: &str) -> (House, Cast) {
    let mut config = demonstration();
    config.name = format!("{practice}.theriac.invalid/journal");
    config.practice.network_id = practice.to_owned();
    config.pharmacy.ncpdp = pharmacy.to_owned();
    config.script = Some(script);
    let clock =
        Clock::told(crate::house::zone(&config).expect("zone"), "2026-03-02T16:00:00Z".parse().expect("instant"));
    let house = House::found(dir, config, clock).expect("a deployment");
    let cast = world::populate(&house).expect("a world");
    (house, cast)
}

fn two() -> Two {
    let dir = tempfile::tempdir().expect("a directory");
    let (here, there) = (own(dir.path(), "practice"), own(dir.path(), "pharmacy"));
    let (here_at, there_at) = (free_port(), free_port());
    let script =
        |own: &Own, at, partner: &Own, partner_at: SocketAddr, name: &str, speaks_for: [&str; 2]| ScriptConfig {
            listen: at,
            certificate: own.certificate.clone(),
            key: own.key.clone(),
            partners: vec![PartnerConfig {
                name: name.to_owned(),
                certificate: partner.certificate.clone(),
                authority: None,
                speaks_for: speaks_for.map(str::to_owned).to_vec(),
                url: Some(format!("https://localhost:{}/script", partner_at.port())),
            }],
        };
    let far = script(&here, here_at, &there, there_at, "the-pharmacy", [cast::PHARMACY_NCPDP, OTHER_PRACTICE]);
    let near = script(&there, there_at, &here, here_at, "the-practice", [PRACTICE, OTHER_PHARMACY]);
    let (practice, cast) = house(&dir.path().join("a"), far, PRACTICE, OTHER_PHARMACY);
    // The pharmacy's operator takes the practice's authority over before the first start.
    let (pharmacy, _) = house(&dir.path().join("b"), near.clone(), OTHER_PRACTICE, cast::PHARMACY_NCPDP);
    drop(pharmacy);
    let partners = dir.path().join("b/certificates/partners");
    std::fs::create_dir_all(&partners).expect("a directory");
    std::fs::copy(dir.path().join("a/certificates/authority.pem"), partners.join("practice.pem")).expect("copied");
    let begins = "2026-03-02T16:00:00Z".parse().expect("instant");
    let pharmacy = House::open(&dir.path().join("b"), |zone| Clock::told(zone, begins), None).expect("opened");
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
    let serve = |house: House, own, at| {
        let house = Arc::new(house);
        let served = Arc::clone(&house);
        runtime.block_on(async {
            let (listener, tls) = bind(&served).await.expect("bound").expect("configured");
            tokio::spawn(listener::serve(served, listener, tls));
        });
        Node { house, own, at }
    };
    let practice = serve(practice, here, here_at);
    let pharmacy = serve(pharmacy, there, there_at);
    Two { dir, practice, pharmacy, token: cast.practitioner, runtime }
}

impl Two {
    /// A prescription for the pharmacy at the other node, signed now.
    fn sign(&self, id: &str) {
        let house = &self.practice.house;
        let (agent, practitioner) =
            (world::actor(&cast::AGENT, Role::Agent), world::actor(&cast::PRACTITIONER, Role::Prescriber));
        let order = Prescribed {
            id,
            patient: &cast::PATIENTS[0],
            product: &cast::ALPRAZOLAM,
            quantity: "30",
            refills: "1",
            directions: "Take 1 tablet daily",
        };
        let number = cast::practitioner_number();
        let written = contents(&order, "2026-03-02", &cast::PRACTITIONER, number.as_str()).expect("contents");
        let routing = Routing {
            patient: "p-1".into(),
            practitioner: practitioner.id.clone(),
            pharmacy: cast::PHARMACY_NCPDP.into(),
        };
        house.draft(&agent, id, routing, written).expect("drafted");
        house.mark_ready(&agent, id).expect("ready");
        house.review(&practitioner, id, Agreement::Agreed).expect("reviewed");
        let token = &self.token;
        house
            .sign(&practitioner, &[id], &token.registration, &token.credential, Channel::Electronic, |challenge| {
                token.answer(challenge, PIN)
            })
            .expect("signed");
    }

    /// Both outboxes work until nothing is left to do.
    fn work(&self) {
        for _ in 0..4 {
            for node in [&self.practice, &self.pharmacy] {
                node.house.work(&HouseRelay(&node.house)).expect("worked");
                node.house.clock.advance(SignedDuration::from_secs(31));
            }
        }
    }

    fn stage(&self, id: &str) -> String {
        self.practice.house.prescription_now(id).expect("a prescription").0.stage().to_owned()
    }

    fn received(&self, verdict: &str) -> usize {
        let sql = "SELECT number FROM received WHERE verdict = $1";
        self.pharmacy.house.store.query(sql, &[verdict.into()]).expect("rows").len()
    }

    fn kinds(node: &Node, stream: &str) -> Vec<String> {
        node.house.store.stream(stream).expect("a stream").into_iter().map(|entry| entry.kind).collect()
    }
}

#[test]
fn two_deployments_exchange_a_prescription_over_mutual_tls() {
    let two = two();
    two.sign("N-1");
    two.work();
    assert_eq!(two.stage("N-1"), "accepted", "signed here, accepted there, and the answer is back");
    assert_eq!(two.received("accepted"), 1);
    let brought = Two::kinds(&two.pharmacy, "script/the-practice");
    assert_eq!(brought, ["script.brought"], "attributed to the partner that brought it");

    // A replay is a twin with the same answer, byte for byte.
    let message = two.practice.house.signed_message("N-1").expect("archived");
    let again =
        |_| post(two.pharmacy.at, manner(&two.pharmacy.own, Some(&two.practice.own)), &message).expect("answered");
    let [first, second] = [0, 1].map(again);
    assert_eq!(first, second);
    assert_eq!(first.0, 200);
    let answer = decode(&first.1).expect("a message");
    assert_eq!(answer.kind(), MessageKind::Status);
    assert_eq!(answer.header().relates_to(), Some("N-N-1"));
    assert_eq!(two.received("accepted"), 1);
    assert_eq!(two.received("rejected"), 0, "what came before is not decided again");
    assert_eq!(Two::kinds(&two.pharmacy, "script/the-practice").len(), 3);

    // What the pharmacy writes by itself finds its way back.
    let number = two.pharmacy.house.store.query("SELECT number FROM received", &[]).expect("rows")[0]
        .text(0)
        .expect("text")
        .to_owned();
    let number = theriac_pharmacy::PrescriptionNumber::parse(&number).expect("a number");
    let request = crate::dispensary::Request {
        asking: theriac_prescriber::letters::Asking::Change,
        code: "D".to_owned(),
        words: "please confirm the directions".to_owned(),
    };
    let pharmacist = world::actor(&cast::PHARMACIST, Role::Pharmacist);
    two.pharmacy.house.ask_practitioner(&pharmacist, &number, &request).expect("asked");
    two.work();
    let (now, _) = two.practice.house.prescription_now("N-1").expect("a prescription");
    assert_eq!(now.requests().len(), 1, "the practitioner sees what the pharmacist asks");
    // And the withdrawal takes the same way.
    let practitioner = world::actor(&cast::PRACTITIONER, Role::Prescriber);
    two.practice.house.cancel(&practitioner, "N-1", "no longer needed").expect("withdrawn");
    two.work();
    assert_eq!(two.stage("N-1"), "cancelled");
    for node in [&two.practice, &two.pharmacy] {
        assert!(node.house.store.check(&[]).expect("checked").is_clean());
    }
}

#[test]
fn nobody_without_a_partners_certificate_gets_in_and_a_partner_speaks_for_itself_only() {
    let two = two();
    let stranger = own(two.dir.path(), "stranger");
    assert!(post(two.pharmacy.at, manner(&two.pharmacy.own, None), b"<Message/>").is_err(), "no certificate");
    assert!(post(two.pharmacy.at, manner(&two.pharmacy.own, Some(&stranger)), b"<Message/>").is_err(), "a stranger's");
    assert!(
        post(two.pharmacy.at, manner(&stranger, Some(&two.practice.own)), b"<Message/>").is_err(),
        "another server"
    );
    let mut plain = TcpStream::connect(two.pharmacy.at).expect("connected");
    plain.write_all(b"POST /script HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("written");
    let mut heard = Vec::new();
    let _ = plain.read_to_end(&mut heard);
    assert!(!heard.starts_with(b"HTTP"), "nothing is said without TLS");

    // The practice's own message brought by the pharmacy's partner: the sender is not one it speaks for.
    two.sign("N-2");
    let signed = two.practice.house.signed_message("N-2").expect("archived");
    let (status, body) =
        post(two.practice.at, manner(&two.practice.own, Some(&two.pharmacy.own)), &signed).expect("answered");
    assert_eq!(status, 422);
    assert!(String::from_utf8_lossy(&body).contains("SCRIPT-SENDER"));
    assert_eq!(Two::kinds(&two.practice, "script/the-pharmacy"), ["script.refused"]);

    // What cannot be read is archived, and refused with the place named.
    let (status, body) =
        post(two.pharmacy.at, manner(&two.pharmacy.own, Some(&two.practice.own)), b"<Message").expect("answered");
    assert_eq!(status, 422);
    assert!(String::from_utf8_lossy(&body).contains("\"code\""));
    assert_eq!(two.received("rejected"), 1, "the law wants it archived");
}

#[test]
fn a_body_over_the_limit_is_refused_unread_and_a_slow_sender_is_cut_off() {
    let two = two();
    let huge = vec![b' '; listener::MESSAGE_BYTES_MOST + 1];
    let answer = post(two.pharmacy.at, manner(&two.pharmacy.own, Some(&two.practice.own)), &huge);
    // The connection is closed while the sender still sends: some see the answer, some only the end.
    assert!(answer.is_err() || answer.is_ok_and(|(status, _)| status == 413));
    assert_eq!(two.received("rejected"), 0);

    // A sender who says what comes and never sends it.
    let connector = {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = rustls::RootCertStore::empty();
        roots.add(two.pharmacy.own.der.clone().into()).expect("a root");
        let key = rustls::pki_types::PrivateKeyDer::try_from(two.practice.own.key_der.clone()).expect("a key");
        rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![two.practice.own.der.clone().into()], key)
            .expect("a client")
    };
    let name = rustls::pki_types::ServerName::try_from("localhost").expect("a name");
    let session = rustls::ClientConnection::new(Arc::new(connector), name).expect("a session");
    let stream = TcpStream::connect(two.pharmacy.at).expect("connected");
    stream.set_read_timeout(Some(Duration::from_secs(40))).expect("set");
    let mut slow = rustls::StreamOwned::new(session, stream);
    let begun = Instant::now();
    slow.write_all(b"POST /script HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n<Mess").expect("written");
    let mut heard = Vec::new();
    let _ = slow.read_to_end(&mut heard);
    assert!(heard.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&heard));
    assert!(begun.elapsed() < Duration::from_secs(35));
}

#[test]
fn what_a_partner_cannot_take_now_is_tried_again_and_after_many_tries_it_has_failed() {
    let two = two();
    two.sign("N-3");
    two.runtime.shutdown_background();
    let house = &two.practice.house;
    for attempt in 1..=20 {
        assert_eq!(house.prescription_now("N-3").expect("a prescription").0.stage(), "signed", "before try {attempt}");
        house.work(&HouseRelay(house)).expect("worked");
        house.clock.advance(SignedDuration::from_secs(31));
    }
    assert_eq!(house.prescription_now("N-3").expect("a prescription").0.stage(), "failed");
}

#[test]
fn partners_that_share_a_name_a_certificate_or_a_party_are_refused_at_the_start() {
    let dir = tempfile::tempdir().expect("a directory");
    let (us, them, others) = (own(dir.path(), "us"), own(dir.path(), "them"), own(dir.path(), "others"));
    let partner = |name: &str, own: &Own, party: &str| PartnerConfig {
        name: name.to_owned(),
        certificate: own.certificate.clone(),
        authority: None,
        speaks_for: vec![party.to_owned()],
        url: Some("https://rx.example.org/script".to_owned()),
    };
    let check = |partners: Vec<PartnerConfig>, expected: &str| {
        let config = ScriptConfig {
            listen: "127.0.0.1:0".parse().expect("an address"),
            certificate: us.certificate.clone(),
            key: us.key.clone(),
            partners,
        };
        let found = super::super::Partners::load(dir.path(), &config);
        let cause = found.err().map(|problem| problem.cause).unwrap_or_default();
        assert!(cause.contains(expected) && cause.is_empty() == expected.is_empty(), "{expected}: {cause}");
    };
    let first = || partner("them", &them, "1");
    check(vec![first(), partner("others", &others, "2")], "");
    check(vec![first(), partner("them", &others, "2")], "have one name");
    check(vec![first(), partner("others", &them, "2")], "show the same certificate");
    check(vec![first(), partner("others", &others, "1")], "speak for the same party");
    check(vec![PartnerConfig { speaks_for: Vec::new(), ..first() }], "speaks for nobody");
    check(vec![PartnerConfig { name: "a b".to_owned(), ..first() }], "is no name");
    check(vec![PartnerConfig { url: Some("http://rx.example.org/".to_owned()), ..first() }], "is not https");
    check(vec![PartnerConfig { certificate: dir.path().join("none.pem"), ..first() }], "none.pem");
    check(vec![PartnerConfig { certificate: us.key.clone(), ..first() }], "holds no certificate");
}
