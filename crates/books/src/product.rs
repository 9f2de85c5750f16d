//! What a document says of a product, and of a registrant on the other side.

use crate::amount::Amount;
use crate::codec;
use crate::commodity::{Commodity, StockUnit};
use serde_json::{Value, json};
use theriac_law::vocab::Entry;
use theriac_model::json::{BadField, Reader};
use theriac_model::{Address, BusinessActivity, DeaNumber, Schedule};

/// A product as documents name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// The product at its registration, and the unit in which it is counted.
    pub commodity: Commodity,
    /// Its schedule on the day of the document.
    pub schedule: Schedule,
    /// Its name: `Oxycodone hydrochloride`.
    pub name: String,
    /// The finished form: `Tablet`.
    pub form: String,
    /// Its strength: `10 mg`.
    pub strength: String,
    /// The strength of the other active ingredient of a combination: `acetaminophen 325 mg`.
    pub other_strength: Option<String>,
    /// Smallest units in a full commercial container.
    pub per_container: Amount,
}

impl Product {
    /// The entries of a document that the product cannot fill.
    pub fn missing(&self) -> Vec<Entry> {
        let fields =
            [(&self.name, Entry::DrugName), (&self.form, Entry::FinishedForm), (&self.strength, Entry::Strength)];
        fields.into_iter().filter(|(text, _)| text.trim().is_empty()).map(|(_, entry)| entry).collect()
    }

    /// Whether it is a liquid, whose quantities documents give in millilitres.
    pub fn is_liquid(&self) -> bool {
        self.commodity.unit == StockUnit::Microlitre
    }

    pub(crate) fn to_json(&self) -> Value {
        let mut value = json!({
            "commodity": codec::commodity_json(&self.commodity),
            "schedule": self.schedule.roman(),
            "name": self.name,
            "form": self.form,
            "strength": self.strength,
            "per_container": self.per_container.units(),
        });
        if let Some(other) = &self.other_strength {
            value["other_strength"] = json!(other);
        }
        value
    }

    pub(crate) fn read(read: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            commodity: codec::read_commodity(read)?,
            schedule: read.parsed("schedule", "a schedule I to V", Schedule::parse)?,
            name: read.text("name")?.to_owned(),
            form: read.text("form")?.to_owned(),
            strength: read.text("strength")?.to_owned(),
            other_strength: read.maybe_text("other_strength")?.map(str::to_owned),
            per_container: codec::read_amount(read, "per_container")?,
        })
    }
}

/// A registrant, as documents name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Its name.
    pub name: String,
    /// Its registered address.
    pub address: Address,
    /// Its registration number.
    pub number: DeaNumber,
    /// What it is registered to do.
    pub activity: BusinessActivity,
}

impl Party {
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "line1": self.address.line1,
            "line2": self.address.line2,
            "city": self.address.city,
            "state": self.address.state,
            "postal": self.address.postal,
            "number": self.number.as_str(),
            "activity": self.activity.word(),
        })
    }

    pub(crate) fn read(read: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            name: read.text("name")?.to_owned(),
            address: Address {
                line1: read.text("line1")?.to_owned(),
                line2: read.maybe_text("line2")?.map(str::to_owned),
                city: read.text("city")?.to_owned(),
                state: read.text("state")?.to_owned(),
                postal: read.text("postal")?.to_owned(),
            },
            number: read.parsed("number", "a DEA number", |text| DeaNumber::parse(text).ok())?,
            activity: read.parsed("activity", "a business activity", BusinessActivity::parse)?,
        })
    }
}

/// Whether every part of an address that a document prints is there.
pub(crate) fn is_written(address: &Address) -> bool {
    [&address.line1, &address.city, &address.state, &address.postal].iter().all(|part| !part.trim().is_empty())
}
