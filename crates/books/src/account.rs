//! Accounts: where a substance is, or where it went.

use std::fmt;
use theriac_model::DeaNumber;

/// A short name of a machine, a kit, a place, a batch, a carrier or an incident: 1 to 40 lower-case letters, digits and hyphens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(String);

/// Empty, longer than 40, or with other characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a name here is 1 to 40 lower-case letters, digits and hyphens")]
pub struct NotAName;

impl Name {
    /// Reads a name.
    ///
    /// # Errors
    /// [`NotAName`] for any other length or character.
    pub fn parse(text: &str) -> Result<Self, NotAName> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(allowed);
        fits.then(|| Self(text.to_owned())).ok_or(NotAName)
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether the registrant still has what an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// In the registrant's possession; counted in inventories; never negative.
    OnHand,
    /// In the registrant's care and not in its stock: on the way with a carrier it hired, or filled elsewhere for its
    /// patients. Never negative; not counted in inventories.
    Custody,
    /// Came from there, or went there. The balance of a source is negative.
    Outside,
}

/// One account of a commodity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Account {
    /// Where stock for dispensing lies.
    Shelf,
    /// Another place where stock for dispensing lies: a safe, a pump, a second counter.
    Place(Name),
    /// Filled and not handed over.
    WillCall,
    /// Take-home doses made up and not given out.
    Prepared,
    /// Damaged or out of date.
    Quarantine,
    /// Set aside for destruction.
    AwaitingDestruction,
    /// In an automated dispensing machine.
    Machine(Name),
    /// In an emergency kit of a facility.
    Kit(Name),
    /// In compounding or repackaging.
    InProcess,
    /// On the way, with a carrier whom the registrant hired.
    Transit(Name),
    /// Filled by a central fill pharmacy and kept for the patient.
    CentralFillIn,
    /// The central fill pharmacy that filled it.
    CentralFill(DeaNumber),
    /// Made into, or made from, another product in a batch; over all products of the batch it balances in micrograms.
    Converted(Name),
    /// The first inventory of the business.
    Opening,
    /// Received from a registrant.
    Source(DeaNumber),
    /// Dispensed to patients.
    Patient,
    /// Administered on the spot.
    Administered,
    /// Taken home by patients of a treatment program.
    TakeHome,
    /// Sold without a prescription.
    OverTheCounter,
    /// Distributed to a registrant.
    Registrant(DeaNumber),
    /// Returned to a supplier.
    SupplierReturn(DeaNumber),
    /// Given to a reverse distributor.
    ReverseDistributor(DeaNumber),
    /// Destroyed.
    Destroyed,
    /// Spilled beyond recovery.
    Spill,
    /// The rest of doses, thrown away.
    Waste,
    /// Lost in compounding.
    ProcessLoss,
    /// Taken as samples.
    Sample,
    /// Stolen or lost in one incident.
    TheftLoss(Name),
    /// Corrections of the books themselves, always shown apart.
    Clerical,
}

impl Account {
    /// Whether the registrant still has it.
    pub const fn side(&self) -> Side {
        match self {
            Self::Shelf
            | Self::Place(_)
            | Self::WillCall
            | Self::Prepared
            | Self::Quarantine
            | Self::AwaitingDestruction
            | Self::Machine(_)
            | Self::Kit(_)
            | Self::InProcess => Side::OnHand,
            Self::Transit(_) | Self::CentralFillIn => Side::Custody,
            _ => Side::Outside,
        }
    }

    /// Whether stock for dispensing lies there: the shelf or another place.
    pub const fn is_stock(&self) -> bool {
        matches!(self, Self::Shelf | Self::Place(_))
    }

    /// Reads an account as [`Account`] prints itself; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(plain) = PLAIN.iter().find(|(word, _)| *word == text) {
            return Some(plain.1.clone());
        }
        let (head, tail) = text.split_once(':')?;
        let name = || Name::parse(tail).ok();
        let number = || DeaNumber::parse(tail).ok().filter(|number| number.as_str() == tail);
        Some(match head {
            "place" => Self::Place(name()?),
            "transit" => Self::Transit(name()?),
            "converted" => Self::Converted(name()?),
            "central-fill" => Self::CentralFill(number()?),
            "machine" => Self::Machine(name()?),
            "kit" => Self::Kit(name()?),
            "theft-loss" => Self::TheftLoss(name()?),
            "source" => Self::Source(number()?),
            "registrant" => Self::Registrant(number()?),
            "supplier-return" => Self::SupplierReturn(number()?),
            "reverse-distributor" => Self::ReverseDistributor(number()?),
            _ => return None,
        })
    }
}

/// The accounts that need no further name.
const PLAIN: [(&str, Account); 18] = [
    ("shelf", Account::Shelf),
    ("central-fill-in", Account::CentralFillIn),
    ("will-call", Account::WillCall),
    ("prepared", Account::Prepared),
    ("quarantine", Account::Quarantine),
    ("awaiting-destruction", Account::AwaitingDestruction),
    ("in-process", Account::InProcess),
    ("opening", Account::Opening),
    ("patient", Account::Patient),
    ("administered", Account::Administered),
    ("take-home", Account::TakeHome),
    ("over-the-counter", Account::OverTheCounter),
    ("destroyed", Account::Destroyed),
    ("spill", Account::Spill),
    ("waste", Account::Waste),
    ("process-loss", Account::ProcessLoss),
    ("sample", Account::Sample),
    ("clerical", Account::Clerical),
];

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Place(name) => write!(f, "place:{}", name.as_str()),
            Self::Transit(name) => write!(f, "transit:{}", name.as_str()),
            Self::Converted(name) => write!(f, "converted:{}", name.as_str()),
            Self::CentralFill(number) => write!(f, "central-fill:{number}"),
            Self::Machine(name) => write!(f, "machine:{}", name.as_str()),
            Self::Kit(name) => write!(f, "kit:{}", name.as_str()),
            Self::TheftLoss(name) => write!(f, "theft-loss:{}", name.as_str()),
            Self::Source(number) => write!(f, "source:{number}"),
            Self::Registrant(number) => write!(f, "registrant:{number}"),
            Self::SupplierReturn(number) => write!(f, "supplier-return:{number}"),
            Self::ReverseDistributor(number) => write!(f, "reverse-distributor:{number}"),
            plain => f.write_str(PLAIN.iter().find(|(_, account)| account == plain).map_or("", |row| row.0)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Account> {
        let name = Name::parse("east-2").expect("a name");
        let number = DeaNumber::parse("AB1234563").expect("a DEA number");
        let mut all: Vec<Account> = PLAIN.iter().map(|row| row.1.clone()).collect();
        all.extend([Account::Machine(name.clone()), Account::Kit(name.clone()), Account::TheftLoss(name.clone())]);
        all.extend([Account::Place(name.clone()), Account::Transit(name.clone()), Account::Converted(name)]);
        all.extend([Account::Source(number), Account::Registrant(number), Account::CentralFill(number)]);
        all.extend([Account::SupplierReturn(number), Account::ReverseDistributor(number)]);
        all
    }

    #[test]
    fn every_account_is_read_back_from_its_name() {
        for account in all() {
            assert_eq!(Account::parse(&account.to_string()), Some(account));
        }
        for text in
            ["", "Shelf", "source:", "source:AB1234562", "source:ab1234563", "kit:", "kit:A", "till:1", "shelf:1"]
        {
            assert_eq!(Account::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_the_registrant_still_has_is_on_hand() {
        let on_hand: Vec<String> =
            all().iter().filter(|account| account.side() == Side::OnHand).map(ToString::to_string).collect();
        let expected = "shelf will-call prepared quarantine awaiting-destruction in-process machine:east-2 kit:east-2 place:east-2";
        assert_eq!(on_hand.join(" "), expected);
        let care: Vec<String> =
            all().iter().filter(|account| account.side() == Side::Custody).map(ToString::to_string).collect();
        assert_eq!(care.join(" "), "central-fill-in transit:east-2");
    }

    #[test]
    fn a_name_has_1_to_40_plain_characters() {
        for (text, accepted) in [
            (String::new(), false),
            ("a".to_owned(), true),
            ("a".repeat(40), true),
            ("a".repeat(41), false),
            ("a b".to_owned(), false),
        ] {
            assert_eq!(Name::parse(&text).is_ok(), accepted, "{text}");
        }
    }
}
