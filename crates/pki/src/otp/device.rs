//! A device as a maker's file describes it.

use super::code::Scheme;
use super::seed::Seed;
use crate::metadata::ModelName;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::fmt;
use theriac_model::Refusal;
use theriac_model::json::{BadField, Reader};

/// Which device: maker, model and serial number, each 1 to 64 printable ASCII characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DeviceId {
    /// The maker.
    pub maker: String,
    /// The model.
    pub model: String,
    /// The serial number on its back.
    pub serial: String,
}

impl DeviceId {
    /// `None` unless all three fit.
    pub fn new(maker: &str, model: &str, serial: &str) -> Option<Self> {
        let fits = |text: &str| (1..=64).contains(&text.len()) && text.bytes().all(|b| (0x20..0x7f).contains(&b));
        let [maker, model, serial] = [maker, model, serial].map(str::trim);
        (fits(maker) && fits(model) && fits(serial)).then(|| Self {
            maker: maker.to_owned(),
            model: model.to_owned(),
            serial: serial.to_owned(),
        })
    }

    /// The name of its model in the deployment's list.
    pub fn model_name(&self) -> ModelName {
        ModelName::CodeDevice { maker: self.maker.clone(), model: self.model.clone() }
    }

    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({"maker": self.maker, "model": self.model, "serial": self.serial})
    }

    /// Reads the stored form.
    ///
    /// # Errors
    /// [`BadField`].
    pub fn from_json(value: &Value) -> Result<Self, BadField> {
        let reader = Reader(value);
        Self::new(reader.text("maker")?, reader.text("model")?, reader.text("serial")?)
            .ok_or_else(|| BadField { field: "serial".to_owned(), expected: "printable text of 1 to 64 characters" })
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.maker, self.model, self.serial)
    }
}

/// A device out of a seed file, its secret still in the clear: to be sealed at once.
#[derive(Debug)]
pub struct NewDevice {
    /// Which device.
    pub id: DeviceId,
    /// How it makes codes.
    pub scheme: Scheme,
    /// Its secret.
    pub seed: Seed,
    /// The next counter of a counting device.
    pub counter: u64,
}

/// A device of a file that was not taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The line of a CSV file, or the package of a PSKC file; both counted from 1.
    pub place: u64,
    /// The refusal: field and next step.
    pub refusal: Refusal,
}

/// A seed file, read: the devices, and those left out.
#[derive(Debug, Default)]
pub struct ImportedFile {
    /// The devices taken in, in the order of the file.
    pub devices: Vec<NewDevice>,
    /// The devices left out.
    pub left_out: Vec<LeftOut>,
}

impl ImportedFile {
    /// Adds what was read at `place`; a device that is here already is left out.
    pub(super) fn add(&mut self, place: u64, seen: &mut HashSet<DeviceId>, read: Result<NewDevice, Refusal>) {
        let refusal = match read {
            Ok(device) if seen.insert(device.id.clone()) => return self.devices.push(device),
            Ok(device) => {
                let what = format!("the device {} stands in the file twice", device.id);
                bad(what, "serial")
            }
            Err(refusal) => refusal,
        };
        self.left_out.push(LeftOut { place, refusal });
    }
}

/// A seed file or a device in it that cannot be taken in. Never holds a seed.
pub(super) fn bad(what: impl Into<std::borrow::Cow<'static, str>>, field: &'static str) -> Refusal {
    Refusal::new(
        "PKI-SEED-FILE",
        "73 FR 36722, 1311.110(b)",
        what,
        "correct the file or ask the maker for another; nothing of this device was taken in",
    )
    .about(field)
}
