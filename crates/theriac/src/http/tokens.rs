//! The desks of tokens: the practitioner's own, and the operator's; binding, losses, and signing in with a code.

mod binding;
mod codes;
mod operator;
mod own;

pub(super) use binding::{begin, finish};
pub(super) use codes::sign_in as sign_in_with_code;
pub(super) use operator::{bind_code, hand_over, list, loss, one, take_back};
pub(super) use own::{loss as own_loss, password, show_own as own};

use crate::house::House;
use crate::house::record::Fault;
use crate::tokens::Bound;
use theriac_pki::TokenKind;
use theriac_prescriber::Signer;

/// A device that was handed over and waits to be bound.
pub(super) struct OfferLine {
    pub(super) id: String,
    pub(super) registration: String,
    pub(super) serial: String,
    pub(super) by: String,
    pub(super) until: String,
}

impl OfferLine {
    /// The open offers to a person.
    pub(super) fn of(house: &House, person: &str) -> Result<Vec<Self>, Fault> {
        let (open, _) = house.offers(person)?;
        let line = |offer: crate::tokens::Offer| Self {
            id: offer.id,
            registration: offer.registration.to_string(),
            serial: offer.serial,
            by: house.full_name(&offer.by.id),
            until: house.clock.wall(offer.until),
        };
        Ok(open.into_iter().map(line).collect())
    }
}

/// A bound token.
struct TokenLine {
    device: String,
    serial: String,
    registration: String,
    kind: String,
    expires: String,
    /// Why it may not be used; empty if it may.
    ended: String,
}

fn token_lines(house: &House, signer: &Signer) -> Result<Vec<TokenLine>, Fault> {
    let mut lines = Vec::new();
    for held in signer.credentials() {
        let kind = match house.bound(signer.person(), &held.id)? {
            Some(Bound::Key(key)) => described(&key.kind, "security key"),
            Some(Bound::Code(code)) => described(&code.kind, "code device"),
            Some(Bound::Demonstration) => "software token (DEMO)".to_owned(),
            None => "unknown".to_owned(),
        };
        let ended = match (&held.revoked, &held.suspended) {
            (Some(reason), _) => format!("revoked: {reason}"),
            (None, Some(suspended)) => format!("suspended: {}", suspended.reason),
            (None, None)
                if signer.registration(held.registration.key()).is_some_and(|one| house.today() >= one.expires) =>
            {
                "ended with its registration".to_owned()
            }
            (None, None) => String::new(),
        };
        lines.push(TokenLine {
            device: held.device.clone(),
            serial: held.serial.clone().unwrap_or_default(),
            registration: held.registration.to_string(),
            kind,
            expires: held.expires.to_string(),
            ended,
        });
    }
    Ok(lines)
}

fn described(kind: &TokenKind, what: &str) -> String {
    match kind {
        TokenKind::Hard(model) => format!(
            "{what}, FIPS 140 certificate {}, level {} overall, {} physical",
            model.certificate(),
            model.overall(),
            model.physical()
        ),
        TokenKind::Soft => format!("{what} (DEMO)"),
    }
}

/// A registration with how many tokens may sign for it.
struct Spare {
    registration: String,
    usable: usize,
}

fn spares(house: &House, signer: &Signer) -> Vec<Spare> {
    let today = house.today();
    let line = |registration: theriac_model::Registration| Spare {
        usable: signer.usable_tokens(&registration, today),
        registration: registration.to_string(),
    };
    House::registrations_of(signer).into_iter().map(line).collect()
}
