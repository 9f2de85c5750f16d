//! A security key in memory whose maker has a root of its own, answering as a browser hands its answers on.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use der::Encode as _;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_pki::Certificate;
use webauthn_authenticator_rs::AuthenticatorBackendHashedClientData as _;
use webauthn_authenticator_rs::softtoken::SoftToken;

/// Where the pages of the tests are.
pub(super) const ORIGIN: &str = "http://localhost:8311";
/// The model that the key says it is.
const AAGUID: &str = "0fb9bcbc-a0d4-4042-bbb0-559bc1631e28";

/// Whether the holder enters the PIN.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    EntersPin,
    TouchesOnly,
}

/// The key.
pub(super) struct VirtualKey {
    token: SoftToken,
    root: Certificate,
}

impl VirtualKey {
    pub(super) fn new() -> Self {
        let (token, root) = SoftToken::new(true).expect("a token");
        let root = Certificate::from_der(&root.to_der().expect("DER")).expect("a certificate");
        Self { token, root }
    }

    /// An instant at which the key's certificates are valid.
    pub(super) fn now(&self) -> Timestamp {
        self.root.not_before() + SignedDuration::from_secs(60)
    }

    /// An entry of the list of models for this key, with its physical level.
    pub(super) fn model(&self, physical: u8, today: Date) -> String {
        format!(
            "[[model]]\naaguid = \"{AAGUID}\"\ntitle = \"Example Key 5\"\nkey = \"device\"\nplace = \"separate\"\n\
             opening = \"password\"\nallowed = \"signing\"\nroots = [\"\"\"\n{}\"\"\"]\n[model.validation]\n\
             certificate = \"4242\"\nstandard = \"140-3\"\noverall = 2\nphysical = {physical}\nstatus = \"active\"\n\
             looked-up = \"{today}\"\n",
            self.root.pem()
        )
    }

    /// What the browser hands back when the key makes a credential.
    pub(super) fn create(&mut self, options: &Value, holder: Holder) -> Value {
        let mut options = options.clone();
        if holder == Holder::TouchesOnly {
            options["authenticatorSelection"]["userVerification"] = json!("discouraged");
        }
        let data = client_data("webauthn.create", &options);
        let options = serde_json::from_value(options).expect("options as browsers read them");
        let made = self.token.perform_register(sha256(&data), options, 1000).expect("a key");
        handed_back(serde_json::to_value(made).expect("JSON"), &data)
    }

    /// What the browser hands back when the key is asked to sign.
    pub(super) fn get(&mut self, options: &Value, holder: Holder) -> Value {
        let mut options = options.clone();
        if holder == Holder::TouchesOnly {
            options["userVerification"] = json!("discouraged");
        }
        let data = client_data("webauthn.get", &options);
        let options = serde_json::from_value(options).expect("options as browsers read them");
        let made = self.token.perform_auth(sha256(&data), options, 1000).expect("an assertion");
        handed_back(serde_json::to_value(made).expect("JSON"), &data)
    }
}

fn client_data(kind: &str, options: &Value) -> Vec<u8> {
    let data = json!({"type": kind, "challenge": options["challenge"], "origin": ORIGIN, "crossOrigin": false});
    serde_json::to_vec(&data).expect("JSON")
}

fn handed_back(mut made: Value, client_data: &[u8]) -> Value {
    made["response"]["clientDataJSON"] = json!(URL_SAFE_NO_PAD.encode(client_data));
    made
}

fn sha256(bytes: &[u8]) -> Vec<u8> {
    digest(&SHA256, bytes).as_ref().to_vec()
}
