//! Code devices at the desk: taken in sealed, bound with a code, used once, beside a password only where the law lets it.

use super::founding::Founded;
use super::*;
use crate::demo::cast;
use crate::house::program;
use jiff::SignedDuration;
use theriac_pki::otp::csv::{self, Assumed, Writing};
use theriac_pki::otp::{Digits, Hash, Moving, Scheme, Seed, code};

const SCHEME: Scheme = Scheme { hash: Hash::Sha1, digits: Digits::SIX, moving: Moving::Clock { period: 30 } };
const SEED: &[u8] = b"12345678901234567890";
const OTHER: &[u8] = b"09876543210987654321";
const PASSWORD: &str = "four+brown+owls%21";

/// A practitioner with a security key, and a maker's file of two devices taken in. The model asks for a PIN of its own, or,
/// with `opening` "nothing", shows codes to whoever holds it.
async fn office(opening: &str) -> Founded {
    let founded = Founded::ready().await;
    let hex = theriac_model::hex::encode;
    let file = format!("maker,model,serial,seed\nExample,C100,C-1,{}\nExample,C100,C-2,{}\n", hex(SEED), hex(OTHER));
    let assumed = Assumed { maker: None, model: None, writing: Writing::Hex, scheme: SCHEME };
    let read = || csv::read(file.as_bytes(), &assumed).unwrap();
    let house = &founded.place.house;
    let done = house.import_otp(&program(), read(), "digest").unwrap();
    assert_eq!((done.taken, done.known), (2, 0));
    let again = house.import_otp(&program(), read(), "digest").unwrap();
    assert_eq!((again.taken, again.known), (0, 2), "a device is taken in once");
    let models = house.dir.join("token-models.toml");
    let today = house.today();
    let more = format!(
        "[[model]]\nmaker = \"Example\"\nmodel = \"C100\"\ntitle = \"Example C100\"\nkey = \"device\"\n\
         place = \"separate\"\nopening = \"{opening}\"\nallowed = \"signing\"\n[model.validation]\ncertificate = \"77\"\n\
         standard = \"140-3\"\noverall = 2\nphysical = 3\nstatus = \"active\"\nlooked-up = \"{today}\"\n"
    );
    std::fs::write(&models, std::fs::read_to_string(&models).unwrap() + &more).unwrap();
    founded
}

/// What a device shows now.
fn shown(founded: &Founded, seed: &[u8]) -> String {
    let step = SCHEME.step(founded.place.house.clock.now()).unwrap();
    code(&Seed::new(seed.to_vec()).unwrap(), SCHEME, step)
}

/// The next code: half a minute later.
fn next(founded: &Founded, seed: &[u8]) -> String {
    founded.place.house.clock.advance(SignedDuration::from_secs(30));
    shown(founded, seed)
}

fn binding(serial: &str, code: &str) -> String {
    format!("registration={}&serial={serial}&code={code}", cast::practitioner_number())
}

fn signing(founded: &Founded, id: &str, code: &str) -> String {
    let statement = founded.statement().replace('+', "%2B");
    format!("one={id}&statement={statement}&agreed=yes&code={code}")
}

/// Requirements: epcs-1311.110-b-intro-3
#[tokio::test]
async fn a_code_device_is_bound_with_its_code_and_each_code_signs_once() {
    let founded = office("password").await;
    let house = &founded.place.house;
    for file in ["theriac.db", "theriac.db-wal"] {
        let bytes = std::fs::read(house.dir.join(file)).unwrap_or_default();
        for secret in [SEED, theriac_model::hex::encode(SEED).as_bytes()] {
            assert!(!bytes.windows(secret.len()).any(|window| window == secret), "{file} holds a seed in the clear");
        }
    }
    let bind = "/operator/tokens/brook/code";
    let right = shown(&founded, SEED);
    founded.refused("ola", bind, &binding("C-9", &right), "TOKEN-DEVICE").await;
    let wrong = founded.place.ask("POST", bind, "ola", &binding("C-1", &shown(&founded, OTHER))).await;
    assert!(wrong.text.contains("PKI-CODE-WRONG"), "{}", wrong.text);
    founded.done("ola", bind, &binding("C-1", &right)).await;
    let own = founded.place.get("/practice/tokens", "brook").await;
    assert!(
        own.text.contains("Example C100") && own.text.contains("code device, FIPS 140 certificate 77"),
        "{}",
        own.text
    );
    founded.refused("ola", bind, &binding("C-1", &right), "RX-TOKEN-AGAIN").await;

    let (one, two) = (founded.prescription().await, founded.prescription().await);
    let page = founded.place.get(&format!("/practice/sign?ids={one}"), "brook").await;
    assert!(page.text.contains("Sign with the code") && !page.text.contains("and your password"), "{}", page.text);
    let sign = "/practice/sign/code";
    let used = founded.place.ask("POST", sign, "brook", &signing(&founded, &one, &right)).await;
    assert!(used.text.contains("PKI-CODE-REPLAY"), "the code that bound the device signs nothing: {}", used.text);
    let fresh = next(&founded, SEED);
    founded.done("brook", sign, &signing(&founded, &one, &fresh)).await;
    assert_eq!(founded.stage(&one).await, "signed");
    let again = founded.place.ask("POST", sign, "brook", &signing(&founded, &two, &fresh)).await;
    assert!(again.text.contains("PKI-CODE-REPLAY"), "{}", again.text);
    assert_eq!(founded.stage(&two).await, "reviewed");
    founded.done("brook", sign, &signing(&founded, &two, &next(&founded, SEED))).await;

    let three = founded.prescription().await;
    let discovered = house.clock.wall(house.clock.now()).replace(' ', "T");
    let lost = format!("kind=stolen&serial=C-1&discovered={discovered}&channel=by+telephone");
    founded.done("ola", "/operator/tokens/brook/loss", &lost).await;
    let refused = founded.place.ask("POST", sign, "brook", &signing(&founded, &three, &next(&founded, SEED))).await;
    assert!(refused.text.contains("RX-TOKEN-NONE"), "{}", refused.text);
}

/// Under the 2008 proposal the device itself must ask for something; the password of the desk does not stand in for it.
/// Requirements: epcs-1311.110-b-intro-1
#[tokio::test]
async fn a_device_that_shows_codes_to_whoever_holds_it_is_not_bound() {
    let founded = office("nothing").await;
    let form = binding("C-1", &shown(&founded, SEED));
    founded.refused("ola", "/operator/tokens/brook/code", &form, "PKI-TOKEN-").await;
}

/// Requirements: epcs-pre-8-unique-signer
#[tokio::test]
async fn a_password_and_a_code_open_a_session_together_and_neither_does_alone() {
    let founded = office("password").await;
    let place = &founded.place;
    founded.done("ola", "/operator/tokens/brook/code", &binding("C-1", &shown(&founded, SEED))).await;
    let short = place.ask("POST", "/practice/tokens/password", "brook", "password=too+short").await;
    assert!(short.text.contains("PKI-PASSWORD-SHORT") && !short.text.contains("too short"), "{}", short.text);
    founded.done("brook", "/practice/tokens/password", &format!("password={PASSWORD}")).await;
    let form = |person: &str, password: &str, code: &str| {
        format!("person={person}&password={password}&code={code}&to=/practice/tokens")
    };
    let good = next(&founded, SEED);
    for (person, password, code) in [
        ("brook", "four+brown+cats%21", good.as_str()),
        ("nobody", PASSWORD, &good),
        ("ola", PASSWORD, &good),
        ("brook", PASSWORD, "000000"),
    ] {
        let refused = place.nobody("POST", "/sign-in/code", &form(person, password, code)).await;
        assert!(refused.text.contains("SIGNIN-CODE-PAIR"), "{person}: {}", refused.text);
        assert!(!refused.headers.contains_key(header::SET_COOKIE) && !refused.text.contains("brown"), "{person}");
    }
    let opened = place.nobody("POST", "/sign-in/code", &form("brook", PASSWORD, &good)).await;
    assert_eq!((opened.status, opened.location()), (StatusCode::SEE_OTHER, "/practice/tokens"), "{}", opened.text);
    let cookie = opened.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(place.send("GET", "/practice/tokens", &cookie, "").await.status, StatusCode::OK);
    let again = place.nobody("POST", "/sign-in/code", &form("brook", PASSWORD, &good)).await;
    assert!(again.text.contains("SIGNIN-CODE-PAIR"), "a code serves once: {}", again.text);
    for _ in 0..12 {
        place.nobody("POST", "/sign-in/code", &form("brook", "wrong+wrong+wrong+", "1")).await;
    }
    let held = place.nobody("POST", "/sign-in/code", &form("brook", PASSWORD, &good)).await;
    assert!(held.text.contains("PKI-THROTTLED") || held.text.contains("PKI-LOCKED"), "{}", held.text);
}
