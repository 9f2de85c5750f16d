//! The ways of a security key in Chromium, with the keys it plays itself, over a real deployment with a clock that is told:
//! bound, signing, and everything it is refused. Without Chromium the test says so and passes.

use super::chromium::{Chromium, Window};
use super::desk::Place;
use super::*;
use jiff::SignedDuration;
use serde_json::json;
use std::net::Ipv4Addr;
use tokio::net::TcpListener;

/// The browser, the deployment it looks at, and where.
struct Walk {
    chromium: Chromium,
    place: Arc<Place>,
    origin: String,
    runtime: tokio::runtime::Handle,
}

impl Walk {
    /// A session of a person, opened elsewhere.
    fn secret(&self, who: &str) -> String {
        let now = self.place.house.clock.now();
        self.place.house.sessions.open(who, Known::Passkey, now).unwrap().as_str().to_owned()
    }

    fn window(&mut self, secret: &str) -> Window {
        let window = self.chromium.window();
        self.chromium.seat(&window, &self.origin, secret);
        window
    }

    fn open(&mut self, window: &Window, path: &str) {
        let url = format!("{}{path}", self.origin);
        self.chromium.open(window, &url);
    }

    fn prescription(&self) -> String {
        self.runtime.block_on(async {
            let id = self.place.draft("brook", "").await;
            let ready = format!("/practice/prescriptions/{id}/ready");
            assert_eq!(self.place.ask("POST", &ready, "brook", "").await.status, StatusCode::SEE_OTHER);
            id
        })
    }

    fn stage(&self, id: &str) -> String {
        self.place.house.prescription_now(id).unwrap().0.stage().to_owned()
    }

    /// Opens the review, ticks, agrees, and presses the key's button.
    fn press(&mut self, window: &Window, id: &str) {
        self.open(window, &format!("/practice/sign?ids={id}"));
        self.chromium.eval(
            window,
            "for (const one of document.querySelectorAll('[name=one]')) one.checked = true;
             const agreed = document.getElementById('agreed'); if (agreed) agreed.checked = true;
             document.getElementById('key').click(); true",
        );
    }

    fn sign(&mut self, window: &Window, id: &str) {
        self.press(window, id);
        self.chromium
            .until(window, &format!("location.pathname.endsWith('/{id}') && document.readyState === 'complete'"));
        assert_eq!(self.stage(id), "signed");
    }

    /// Presses the key's button, waits for words under it, and nothing is signed.
    fn refused(&mut self, window: &Window, id: &str, words: &str) {
        self.press(window, id);
        self.chromium
            .until(window, &format!("document.getElementById('signing').innerText.includes({})", json!(words)));
        assert_ne!(self.stage(id), "signed");
    }
}

/// Requirements: epcs-1311.110-a, epcs-1311.110-b-intro-1, epcs-1311.125-a-1, epcs-1311.110-c, epcs-1311.135-a
#[tokio::test(flavor = "multi_thread")]
async fn a_security_key_is_bound_and_signs_in_the_browser_and_is_refused_whatever_it_must_not_do() {
    let Some(chromium) = Chromium::start() else { return };
    let place = Arc::new(Place::new());
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let origin = format!("http://localhost:{}", listener.local_addr().unwrap().port());
    place.house.origin.set(origin.clone()).unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let world: Arc<dyn crate::views::World> = place.house.clone();
    let server = tokio::spawn(crate::http::serve_on(world, listener, async move {
        let _ = stopped.await;
    }));
    let runtime = tokio::runtime::Handle::current();
    let walk = Walk { chromium, place, origin, runtime };
    tokio::task::spawn_blocking(move || walked(walk)).await.unwrap();
    let _ = stop.send(());
    server.await.unwrap().unwrap();
}

fn walked(mut walk: Walk) {
    // An operator hands a key over; its holder binds it in a window of their own.
    let seat = walk.secret("ola");
    let operator = walk.window(&seat);
    walk.open(&operator, "/operator/tokens/brook");
    walk.chromium.eval(
        &operator,
        "document.getElementById('serial').value = 'KEY-1';
         document.querySelector('form[action$=\"/offer\"]').requestSubmit(); true",
    );
    walk.chromium.until(&operator, "document.body.innerText.includes('Handed over, not bound yet')");
    let seat = walk.secret("brook");
    let brook = walk.window(&seat);
    walk.open(&brook, "/practice/tokens");
    walk.chromium.eval(&brook, "document.querySelector('form[data-ceremony] button').click(); true");
    walk.chromium.until(&brook, "document.body.innerText.includes('security key (DEMO)')");

    // It signs; without its PIN it does not.
    let id = walk.prescription();
    walk.sign(&brook, &id);
    let id = walk.prescription();
    walk.chromium.holder_enters_pin(&brook, &json!(false));
    walk.refused(&brook, &id, "its PIN was not accepted");
    walk.chromium.holder_enters_pin(&brook, &json!(true));

    // An answer that is sent again, at once or for another request, signs nothing.
    let replay = format!(
        "(async () => {{
           const post = async (address, body) => (await fetch(address, {{ method: 'POST',
             headers: {{ 'content-type': 'application/json' }}, body: JSON.stringify(body) }})).json();
           const statement = document.getElementById('sign').dataset.statement;
           const begin = {{ ids: '{id}', statement, agreed: true }};
           const first = await post('/api/v1/signing', begin);
           const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(first.publicKey);
           const answer = (await navigator.credentials.get({{ publicKey }})).toJSON();
           await post('/api/v1/signing', begin);
           const other = await post('/api/v1/signing/answer', answer);
           const again = await post('/api/v1/signing/answer', answer);
           return [other.code, again.code].join(' ');
         }})()"
    );
    assert_eq!(walk.chromium.eval(&brook, &replay), json!("PKI-PASS-CHALLENGE RX-SIGN-NOT-ASKED"));
    assert_ne!(walk.stage(&id), "signed");

    // Two browsers, one key: whoever copied it is found out by its counter.
    let other = walk.secret("brook");
    let copy = walk.window(&other);
    walk.chromium.copy_key(&brook, &copy);
    walk.sign(&brook, &id);
    let id = walk.prescription();
    walk.refused(&copy, &id, "operator, who revokes the credential");

    // A session that somebody took over, 121 seconds after its last use.
    let stolen = walk.window(&seat);
    walk.open(&stolen, "/practice/prescriptions");
    assert!(walk.chromium.words(&stolen).contains("Prescriptions"));
    walk.place.house.clock.advance(SignedDuration::from_secs(121));
    walk.open(&stolen, "/practice/prescriptions");
    assert_eq!(walk.chromium.eval(&stolen, "location.pathname"), json!("/unlock"));
    let begin = format!(
        "fetch('/api/v1/signing', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }},
           body: JSON.stringify({{ ids: '{id}', statement: 'x', agreed: true }}) }}).then((answer) => answer.json())
           .then((told) => told.code)"
    );
    assert_eq!(walk.chromium.eval(&stolen, &begin), json!("HTTP-LOCKED"));

    // A loss is reported without the key; then it signs nothing, in no browser.
    let seat = walk.secret("brook");
    walk.chromium.seat(&brook, &walk.origin.clone(), &seat);
    walk.open(&brook, "/practice/tokens");
    walk.chromium.eval(
        &brook,
        "document.getElementById('kind').value = 'lost'; document.getElementById('lost-serial').value = '';
         document.querySelector('form[action$=\"/loss\"]').requestSubmit(); true",
    );
    walk.chromium.until(&brook, "document.querySelector('h1')?.innerText === 'Revoked'");
    let seat = walk.secret("brook");
    walk.chromium.seat(&brook, &walk.origin.clone(), &seat);
    walk.refused(&brook, &id, "no usable token is registered");
}
