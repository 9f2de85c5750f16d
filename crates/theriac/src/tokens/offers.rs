//! Offers: a device handed over, and for what. The person takes it up in a session of their own, within a day.

use super::broken;
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{Actor, Refusal, Registration, Role};
use theriac_prescriber::token::NewToken;

/// How long an offer may be taken up.
const STANDS_FOR: SignedDuration = SignedDuration::from_hours(24);
/// The longest serial number, in characters.
const SERIAL_MOST: usize = 64;
const CITE: &str = "21 CFR 1311.105, 1311.110; 73 FR 36722, 36743";

/// What a bound key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Serves {
    /// A practitioner signs prescriptions with it.
    Signing,
    /// An access controller approves grants with it.
    Granting,
}

impl Serves {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Signing => "signing",
            Self::Granting => "granting",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Signing, Self::Granting].into_iter().find(|one| one.word() == word)
    }
}

/// A device handed over to somebody, to be bound by them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) id: String,
    pub(crate) person: String,
    pub(crate) serves: Serves,
    pub(crate) registration: Registration,
    /// The number on the device.
    pub(crate) serial: String,
    /// Who handed it over.
    pub(crate) by: Actor,
    pub(crate) until: Timestamp,
}

/// An offer was made, or ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OfferEvent {
    Made(Offer),
    /// It was taken up, or withdrawn.
    Ended {
        id: String,
        why: String,
    },
}

impl Recorded for OfferEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Made(_) => "token-offer.made",
            Self::Ended { .. } => "token-offer.ended",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Made(offer) => json!({
                "by": {"id": offer.by.id, "role": offer.by.role.word()},
                "id": offer.id,
                "person": offer.person,
                "registration": offer.registration.to_string(),
                "serial": offer.serial,
                "serves": offer.serves.word(),
                "until": offer.until.to_string(),
            }),
            Self::Ended { id, why } => json!({"id": id, "why": why}),
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<OfferEvent, BadField> {
    let own = |field: &str| body.text(field).map(str::to_owned);
    match kind {
        "token-offer.made" => Ok(OfferEvent::Made(Offer {
            id: own("id")?,
            person: own("person")?,
            serves: body.parsed("serves", "signing or granting", Serves::parse)?,
            registration: body.parsed("registration", "a registration", |text| Registration::parse(text).ok())?,
            serial: own("serial")?,
            by: actor(body)?,
            until: body.parsed("until", "an instant", |text| text.parse().ok())?,
        })),
        "token-offer.ended" => Ok(OfferEvent::Ended { id: own("id")?, why: own("why")? }),
        _ => Err(BadField { field: "kind".to_owned(), expected: "a kind of offer" }),
    }
}

/// The member `by`.
pub(crate) fn actor(body: Reader<'_>) -> Result<Actor, BadField> {
    let by = body.object("by")?;
    Ok(Actor::new(by.text("id")?, by.parsed("role", "a role", Role::parse)?))
}

/// The stream of a person's offers.
pub(crate) fn offer_stream(person: &str) -> String {
    format!("token-offer/{person}")
}

/// A serial number as typed: trimmed, of 1 to 64 printable ASCII characters.
pub(crate) fn serial(typed: &str) -> Result<String, Refusal> {
    let serial = typed.trim();
    let plain = (1..=SERIAL_MOST).contains(&serial.len()) && serial.bytes().all(|b| (0x20..0x7f).contains(&b));
    if plain {
        return Ok(serial.to_owned());
    }
    let what = "the serial number of the device is missing or has signs that no device bears";
    let next = "copy the number from the back of the device; where it bears none, mark it with one of your own";
    Err(Refusal::new("TOKEN-SERIAL", CITE, what, next).about("serial"))
}

impl House {
    /// The offers to a person that still stand, and the version of their stream.
    pub(crate) fn offers(&self, person: &str) -> Result<(Vec<Offer>, u64), Fault> {
        let (events, version) = stream::<OfferEvent>(&self.store, &offer_stream(person))?;
        let now = self.clock.now();
        let mut open: Vec<Offer> = Vec::new();
        for event in events {
            match event {
                OfferEvent::Made(offer) => open.push(offer),
                OfferEvent::Ended { id, .. } => open.retain(|offer| offer.id != id),
            }
        }
        open.retain(|offer| now <= offer.until);
        Ok((open, version))
    }

    /// Hands a device over: the person may bind it within a day.
    ///
    /// # Errors
    /// Whatever would refuse the binding today, all at once.
    pub(crate) fn offer_token(
        &self,
        by: &Actor,
        person: &str,
        serves: Serves,
        registration: &Registration,
        serial: &str,
    ) -> Result<String, Fault> {
        let until = self.clock.now().checked_add(STANDS_FOR).map_err(broken)?;
        let offer = Offer {
            id: Self::fresh_id("T")?,
            person: person.to_owned(),
            serves,
            registration: registration.clone(),
            serial: self::serial(serial)?,
            by: by.clone(),
            until,
        };
        match serves {
            Serves::Signing => {
                // The device has not made its key yet; everything else is known.
                let token = self.token_of(&offer, "-", "-", "-")?;
                self.may_bind(&offer, &token)?;
            }
            Serves::Granting => self.may_bind_for_grants(&offer)?,
        }
        let name = offer_stream(person);
        let (_, version) = self.offers(person)?;
        let id = offer.id.clone();
        let event = OfferEvent::Made(offer);
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(id)
    }

    /// Takes an offer back.
    pub(crate) fn withdraw_offer(&self, by: &Actor, person: &str, id: &str) -> Result<(), Fault> {
        let (open, version) = self.offers(person)?;
        if !open.iter().any(|offer| offer.id == id) {
            return Err(not_offered());
        }
        let name = offer_stream(person);
        let event = OfferEvent::Ended { id: id.to_owned(), why: "withdrawn".to_owned() };
        Change::default().decided_on(&name, version).event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// The token of an offer, which ends with its registration.
    pub(super) fn token_of(
        &self,
        offer: &Offer,
        credential: &str,
        device: &str,
        public_key: &str,
    ) -> Result<NewToken, Fault> {
        let (signer, _) = self.signer(&offer.person)?;
        let expires = signer.registration(offer.registration.key()).map_or(Date::MIN, |checked| checked.expires);
        Ok(NewToken {
            credential: credential.to_owned(),
            registration: offer.registration.clone(),
            device: device.to_owned(),
            serial: offer.serial.clone(),
            expires,
            public_key: public_key.to_owned(),
        })
    }
}

/// Nothing is offered under this number.
pub(super) fn not_offered() -> Fault {
    let what = "no such device was handed over, or more than a day ago, or it is bound already";
    let next = "ask an operator or access controller to hand a device over";
    Refusal::new("TOKEN-OFFER", CITE, what, next).into()
}
