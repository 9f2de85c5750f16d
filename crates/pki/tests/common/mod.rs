//! A security key in memory whose maker has a root of its own, and a deployment that knows the model.
#![allow(unreachable_pub, dead_code)] // shared by test programs that each use a part

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::Encode as _;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_pki::metadata::ModelBook;
use theriac_pki::pass::{CredentialId, PractitionerId};
use theriac_pki::webauthn::{
    NewCredential, Purpose, RegistrationAnswer, RegistrationRequest, RelyingParty, assertion_options,
};
use theriac_pki::{Assertion, Certificate};
use theriac_testkit::people::registration;
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData as _;
use webauthn_authenticator_rs::softtoken::SoftToken;

/// The model that the key in memory says it is.
pub const AAGUID: &str = "0fb9bcbc-a0d4-4042-bbb0-559bc1631e28";
pub const ORIGIN: &str = "https://rx.example";

/// Whether the holder enters the PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    EntersPin,
    TouchesOnly,
}

/// A key and the root of its maker, valid from now for a few days: it is made anew in each test.
pub struct Key {
    pub token: SoftToken,
    pub root: Certificate,
    pub now: Timestamp,
}

pub fn party() -> RelyingParty {
    RelyingParty::new("Example Clinic", "rx.example", ORIGIN).expect("a site")
}

pub fn person() -> PractitionerId {
    PractitionerId::parse("dr-quill").expect("an identifier")
}

impl Key {
    pub fn new() -> Self {
        let (token, root) = SoftToken::new(true).expect("a token");
        let root = Certificate::from_der(&root.to_der().expect("DER")).expect("a certificate");
        let now = root.not_before().checked_add(SignedDuration::from_secs(60)).expect("in the calendar");
        Self { token, root, now }
    }

    /// What the browser hands back for `request`.
    pub fn create(&mut self, request: &RegistrationRequest, already: &[CredentialId], holder: Holder) -> Value {
        let mut options = request.options(&party(), already);
        if holder == Holder::TouchesOnly {
            options["authenticatorSelection"]["userVerification"] = json!("discouraged");
        }
        let client_data = client_data("webauthn.create", &options);
        let options = serde_json::from_value(options).expect("options as browsers read them");
        let made = self.token.perform_register(sha256(&client_data), options, 1000).expect("a key");
        handed_back(serde_json::to_value(made).expect("JSON"), &client_data)
    }

    /// A key for signing under the sample registration, the ceremony verified.
    pub fn registered(&mut self) -> NewCredential {
        let request = signing(self.now);
        let answer = answer(&self.create(&request, &[], Holder::EntersPin));
        request.verify(&party(), &[], &answer, self.now).expect("a good ceremony")
    }

    /// What the browser hands back when these credentials are asked to sign `challenge`.
    pub fn sign(&mut self, challenge: &[u8; 32], credential: &CredentialId, holder: Holder) -> Assertion {
        let mut options = assertion_options(&party(), challenge, &[(credential.clone(), vec!["usb".to_owned()])]);
        if holder == Holder::TouchesOnly {
            options["userVerification"] = json!("discouraged");
        }
        let client_data = client_data("webauthn.get", &options);
        let options = serde_json::from_value(options).expect("options as browsers read them");
        let made = self.token.perform_auth(sha256(&client_data), options, 1000).expect("an assertion");
        let made = handed_back(serde_json::to_value(made).expect("JSON"), &client_data);
        Assertion::from_browser(&serde_json::to_vec(&made).expect("JSON")).expect("an assertion")
    }

    /// The deployment's list with this key's model on it.
    pub fn book(&self) -> ModelBook {
        self.book_with(&[])
    }

    /// The same with other lines instead of those that begin alike.
    pub fn book_with(&self, changes: &[&str]) -> ModelBook {
        ModelBook::from_toml(&self.book_text(changes)).expect("a list")
    }

    pub fn book_text(&self, changes: &[&str]) -> String {
        let today = self.now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let lines = [
            "version = 1".to_owned(),
            format!("issued = \"{}\"", today.yesterday().expect("a day")),
            format!("review-by = \"{today}\""),
            "[[model]]".to_owned(),
            format!("aaguid = \"{AAGUID}\""),
            "title = \"Example Key 5\"".to_owned(),
            "key = \"device\"".to_owned(),
            "place = \"separate\"".to_owned(),
            "opening = \"password\"".to_owned(),
            "allowed = \"signing\"".to_owned(),
            format!("roots = [\"\"\"\n{}\"\"\"]", self.root.pem()),
            "[model.validation]".to_owned(),
            "certificate = \"4242\"".to_owned(),
            "standard = \"140-3\"".to_owned(),
            "overall = 2".to_owned(),
            "physical = 3".to_owned(),
            "status = \"active\"".to_owned(),
            format!("looked-up = \"{today}\""),
        ];
        let name = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
        let line = |line: &String| {
            let changed = changes.iter().find(|change| line.contains('=') && name(change) == name(line));
            changed.map_or_else(|| line.clone(), |change| (*change).to_owned())
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// The client data as browsers write them: the origin without a path.
fn client_data(kind: &str, options: &Value) -> Vec<u8> {
    let data = json!({"type": kind, "challenge": options["challenge"], "origin": ORIGIN, "crossOrigin": false});
    serde_json::to_vec(&data).expect("JSON")
}

fn handed_back(mut made: Value, client_data: &[u8]) -> Value {
    made["response"]["clientDataJSON"] = json!(URL_SAFE_NO_PAD.encode(client_data));
    made
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes).as_ref().to_vec()
}

/// A request to make a key for signing under the sample registration.
pub fn signing(at: Timestamp) -> RegistrationRequest {
    RegistrationRequest::new([3; 32], person(), Purpose::Signing(registration()), at)
}

pub fn answer(json: &Value) -> RegistrationAnswer {
    RegistrationAnswer::from_browser(&serde_json::to_vec(json).expect("JSON")).expect("an answer")
}

/// The DER of a certificate in base64, as JSON headers carry it.
pub fn in_base64(certificate: &Certificate) -> String {
    STANDARD.encode(certificate.der())
}
