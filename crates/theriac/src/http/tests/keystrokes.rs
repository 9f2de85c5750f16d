//! What a practitioner's hands do to sign what is ready, counted on the pages themselves.
//!
//! Seconds come from the keystroke-level model of Card, Moran and Newell (1980): 0.28 s for a key by an average typist,
//! 1.35 s of thought before each step. Reading the prescription is not counted: it is the practitioner's own time.

use super::desk::Place;

const KEY_SECONDS: f64 = 0.28;
const THOUGHT_SECONDS: f64 = 1.35;
/// What the desk owes a practitioner, without reading.
const SECONDS_MOST: f64 = 15.0;
/// Digits of a token's PIN.
const PIN_KEYS: u32 = 6;

/// Keys pressed and steps thought about.
#[derive(Default)]
struct Hands {
    keys: u32,
    steps: u32,
}

impl Hands {
    fn step(&mut self, keys: u32) {
        self.keys += keys;
        self.steps += 1;
    }

    #[allow(clippy::float_arithmetic)] // a time, not a quantity
    fn seconds(&self) -> f64 {
        f64::from(self.keys) * KEY_SECONDS + f64::from(self.steps) * THOUGHT_SECONDS
    }
}

/// What the Tab key stops at, in the order of the page: the beginning of each tag.
pub(super) fn stops(page: &str) -> Vec<&str> {
    let main = page.split_once("<main").map_or("", |(_, main)| main);
    let main = main.split_once("</main>").map_or(main, |(main, _)| main);
    let tags = main.split('<').skip(1).filter_map(|tag| tag.split_once('>').map(|(tag, _)| tag));
    let stop = |tag: &&str| {
        ["a ", "button", "input", "select", "textarea", "summary"].iter().any(|name| tag.starts_with(name))
            && !tag.contains("type=\"hidden\"")
    };
    tags.filter(stop).collect()
}

fn place_of(stops: &[&str], what: &str) -> u32 {
    let place = stops.iter().position(|tag| tag.contains(what));
    u32::try_from(place.unwrap_or_else(|| panic!("no {what} among {stops:?}"))).unwrap()
}

#[tokio::test]
async fn a_ready_prescription_is_signed_within_fifteen_seconds_of_work() {
    let place = Place::new();
    let id = place.draft("quill", "").await;
    place.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "quill", "").await;
    let mut hands = Hands::default();

    // The list: the first that is ready has an access key.
    let list = place.get("/practice/prescriptions", "brook").await.text;
    let link = stops(&list).into_iter().find(|tag| tag.contains("accesskey=\"s\"")).expect("a key for what is ready");
    let to = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().replace("%2C", ",");
    hands.step(2);

    // The review: the focus is on the first tick; Tab leads to the agreement; an access key signs.
    let review = place.get(&to, "brook").await.text;
    let stops = stops(&review);
    let focus = place_of(&stops, "autofocus");
    assert!(stops[focus as usize].contains("name=\"one\""), "{stops:?}");
    hands.step(1);
    let agreed = place_of(&stops, "id=\"agreed\"");
    hands.step(agreed - focus + 1);
    assert!(stops[place_of(&stops, "id=\"key\"") as usize].contains("accesskey=\"s\""));
    hands.step(2);
    // The token: PIN, Enter, touch.
    hands.step(PIN_KEYS + 2);

    println!("{} keys in {} steps: {:.1} s", hands.keys, hands.steps, hands.seconds());
    assert!(hands.keys <= 20 && hands.steps <= 5, "{} keys in {} steps", hands.keys, hands.steps);
    assert!(hands.seconds() <= SECONDS_MOST, "{:.1} s", hands.seconds());
}
