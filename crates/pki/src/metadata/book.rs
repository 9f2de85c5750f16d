//! The deployment's list of token models: a TOML or JSON file that people keep.
//!
//! ```toml
//! version = 1
//! issued = "2026-11-01"      # when the list was last gone through
//! review-by = "2027-01-31"   # the last day on which it holds
//!
//! [[model]]
//! aaguid = "01020304-0506-0708-0102-030405060708"   # or: maker = "...", model = "..." for code devices
//! title = "Example Key 5"
//! key = "device"             # device-exportable, file, operating-system, server
//! place = "separate"         # built-in
//! opening = "password"       # biometric, either, nothing
//! allowed = "signing"        # refused (then: reason = "...")
//! roots = ["-----BEGIN CERTIFICATE-----..."]
//! [model.validation]
//! certificate = "4242"
//! standard = "140-3"         # 140-2
//! overall = 2
//! physical = 3
//! status = "active"          # historical, revoked
//! looked-up = "2026-10-30"
//! ```

use super::model::{Allowed, Fips140, KeyHome, ListStatus, Model, ModelName, Opening, Place, Validation};
use crate::certificate::Certificate;
use crate::webauthn::Aaguid;
use jiff::civil::Date;
use serde_json::Value;
use theriac_model::Refusal;
use theriac_model::json::{BadField, Reader};

/// The longest list that is read, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;
/// The most models in a list.
const MODELS_MOST: usize = 2000;
/// The most roots of one model.
const ROOTS_MOST: usize = 32;

/// Why a list cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadBook {
    /// More than 4 MiB, or more than 2000 models.
    #[error("the list of token models is longer than 4 MiB or has more than 2000 models")]
    TooLong,
    /// Not TOML or not JSON.
    #[error("the list of token models cannot be read: {0}")]
    Syntax(String),
    /// Of a layout this program does not know.
    #[error("the list of token models has a version this program does not know; it reads version 1")]
    Version,
    /// A field is missing, unknown or not what it should be.
    #[error("{place}: {what}")]
    Field {
        /// Which model, counted from 1, or the head.
        place: String,
        /// What is wrong.
        what: String,
    },
    /// The same model twice.
    #[error("model {0} stands twice in the list of token models")]
    Twice(String),
}

impl From<BadBook> for Refusal {
    fn from(error: BadBook) -> Self {
        Self::new(
            "PKI-MODELS-FILE",
            "73 FR 36722, 1311.110(b); 21 CFR 1311.115(b)",
            error.to_string(),
            "correct the file; its format is in the documentation of token models",
        )
    }
}

/// The models a deployment knows, and until when the list holds.
#[derive(Clone, Debug)]
pub struct ModelBook {
    issued: Date,
    review_by: Date,
    models: Vec<Model>,
}

impl ModelBook {
    /// Reads the TOML form.
    ///
    /// # Errors
    /// [`BadBook`].
    pub fn from_toml(text: &str) -> Result<Self, BadBook> {
        if text.len() > LONGEST {
            return Err(BadBook::TooLong);
        }
        let value: Value = toml::from_str(text).map_err(|error| BadBook::Syntax(error.to_string()))?;
        Self::read(&value)
    }

    /// Reads the JSON form: the same names.
    ///
    /// # Errors
    /// [`BadBook`].
    pub fn from_json(bytes: &[u8]) -> Result<Self, BadBook> {
        if bytes.len() > LONGEST {
            return Err(BadBook::TooLong);
        }
        let value: Value = serde_json::from_slice(bytes).map_err(|error| BadBook::Syntax(error.to_string()))?;
        Self::read(&value)
    }

    fn read(value: &Value) -> Result<Self, BadBook> {
        let head = Reader(value);
        let field = |error: BadField| BadBook::Field { place: "head".to_owned(), what: error.to_string() };
        only(value, "head", &["version", "issued", "review-by", "model"])?;
        if head.whole("version").map_err(field)? != 1 {
            return Err(BadBook::Version);
        }
        let issued = date(head, "issued").map_err(field)?;
        let review_by = date(head, "review-by").map_err(field)?;
        let listed = head.list("model").map_err(field)?;
        if listed.len() > MODELS_MOST {
            return Err(BadBook::TooLong);
        }
        let mut models: Vec<Model> = Vec::with_capacity(listed.len());
        for (at, one) in listed.iter().enumerate() {
            let model = model(one, &format!("model {}", at + 1))?;
            if models.iter().any(|known| known.name == model.name) {
                return Err(BadBook::Twice(model.title));
            }
            models.push(model);
        }
        Ok(Self { issued, review_by, models })
    }

    /// When the list was last gone through.
    pub const fn issued(&self) -> Date {
        self.issued
    }

    /// The last day on which it holds.
    pub const fn review_by(&self) -> Date {
        self.review_by
    }

    /// The models, in the order of the file.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// The model of this name, on a day on which the list holds.
    ///
    /// # Errors
    /// A refusal: the list is not yet or no longer in force, or does not know the model.
    pub fn find(&self, name: &ModelName, on: Date) -> Result<&Model, Refusal> {
        const CITE: &str = "73 FR 36722, 1311.110(b); 21 CFR 1311.115(b)";
        if !(self.issued..=self.review_by).contains(&on) {
            let what = format!("the list of token models holds from {} to {}", self.issued, self.review_by);
            let next = "let the operator go through the list and issue it anew";
            return Err(Refusal::new("PKI-MODELS-EXPIRED", CITE, what, next));
        }
        self.models.iter().find(|model| model.name == *name).ok_or_else(|| {
            let what = match name {
                ModelName::Fido(aaguid) => format!("the token's model {aaguid} is not on the deployment's list"),
                ModelName::CodeDevice { maker, model } => {
                    format!("the device model {maker} {model} is not on the deployment's list")
                }
            };
            Refusal::new(
                "PKI-TOKEN-UNKNOWN-MODEL",
                CITE,
                what,
                "enrol a token of a listed model, or let the operator add it",
            )
        })
    }
}

/// An unknown member is an error: a mistyped name must not become an absent demand.
fn only(value: &Value, place: &str, names: &[&str]) -> Result<(), BadBook> {
    let wrong = |what: String| Err(BadBook::Field { place: place.to_owned(), what });
    let Some(members) = value.as_object() else { return wrong("an object expected".to_owned()) };
    match members.keys().find(|name| !names.contains(&name.as_str())) {
        Some(name) => wrong(format!("field {} is not known", name.chars().take(40).collect::<String>())),
        None => Ok(()),
    }
}

fn date(reader: Reader<'_>, field: &str) -> Result<Date, BadField> {
    reader.parsed(field, "a date such as 2026-11-22", |text| text.parse().ok())
}

fn short(reader: Reader<'_>, field: &str) -> Result<String, BadField> {
    reader.parsed(field, "1 to 100 characters", |text| {
        (1..=100).contains(&text.trim().chars().count()).then(|| text.trim().to_owned())
    })
}

fn level(reader: Reader<'_>, field: &str) -> Result<u8, BadField> {
    let bad = || BadField { field: field.to_owned(), expected: "a level of 1 to 4" };
    let level = reader.whole(field)?;
    u8::try_from(level).ok().filter(|level| (1..=4).contains(level)).ok_or_else(bad)
}

fn model(value: &Value, place: &str) -> Result<Model, BadBook> {
    let names =
        ["aaguid", "maker", "model", "title", "key", "place", "opening", "allowed", "reason", "roots", "validation"];
    only(value, place, &names)?;
    let wrong = |what: String| BadBook::Field { place: place.to_owned(), what };
    let read = fields(Reader(value)).map_err(|error| wrong(error.to_string()))?;
    if let Some(found) = Reader(value).get("validation") {
        only(found, place, &["certificate", "standard", "overall", "physical", "status", "looked-up"])?;
    }
    if matches!(read.name, ModelName::Fido(_)) && read.roots.is_empty() && read.allowed == Allowed::Signing {
        return Err(wrong("field roots: at least one certificate expected for a security key that signs".to_owned()));
    }
    Ok(read)
}

fn fields(reader: Reader<'_>) -> Result<Model, BadField> {
    let name = if reader.get("aaguid").is_some() {
        let known = |text: &str| Aaguid::parse(text).filter(|id| !id.is_unknown());
        ModelName::Fido(reader.parsed("aaguid", "a UUID that is not all zero", known)?)
    } else {
        ModelName::CodeDevice { maker: short(reader, "maker")?, model: short(reader, "model")? }
    };
    let listed = reader.list("roots")?;
    let bad_root = || BadField { field: "roots".to_owned(), expected: "certificates as PEM text, at most 32" };
    if listed.len() > ROOTS_MOST {
        return Err(bad_root());
    }
    let root = |value: &Value| value.as_str().and_then(|pem| Certificate::from_pem(pem).ok()).ok_or_else(bad_root);
    Ok(Model {
        name,
        title: short(reader, "title")?,
        validation: reader.get("validation").map(|found| validation(Reader(found))).transpose()?,
        key: reader.parsed("key", "device, device-exportable, file, operating-system or server", |word| {
            word_of(
                word,
                &[
                    ("device", KeyHome::Device),
                    ("device-exportable", KeyHome::ExportableDevice),
                    ("file", KeyHome::File),
                    ("operating-system", KeyHome::OperatingSystem),
                    ("server", KeyHome::Server),
                ],
            )
        })?,
        place: reader.parsed("place", "separate or built-in", |word| {
            word_of(word, &[("separate", Place::Separate), ("built-in", Place::BuiltIn)])
        })?,
        opening: reader.parsed("opening", "password, biometric, either or nothing", Opening::parse)?,
        allowed: match reader.text("allowed")? {
            "signing" => Allowed::Signing,
            "refused" => Allowed::Refused(short(reader, "reason")?),
            _ => return Err(BadField { field: "allowed".to_owned(), expected: "signing or refused" }),
        },
        roots: listed.iter().map(root).collect::<Result<_, _>>()?,
    })
}

fn validation(reader: Reader<'_>) -> Result<Validation, BadField> {
    Ok(Validation {
        certificate: short(reader, "certificate")?,
        standard: reader.parsed("standard", "140-2 or 140-3", Fips140::parse)?,
        overall: level(reader, "overall")?,
        physical: level(reader, "physical")?,
        status: reader.parsed("status", "active, historical or revoked", ListStatus::parse)?,
        looked_up: date(reader, "looked-up")?,
    })
}

fn word_of<T: Copy>(word: &str, known: &[(&str, T)]) -> Option<T> {
    known.iter().find(|(name, _)| *name == word).map(|(_, value)| *value)
}
