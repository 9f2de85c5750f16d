//! The FIDO Metadata Service's list ("BLOB", version 3): who is compromised or revoked.
//!
//! Only what we use is read, member by member; everything else is passed over, so that a new member or a new status word
//! does not make the list unreadable.

use super::jws::verified_payload;
use super::status::{Status, StatusReport};
use crate::certificate::Certificate;
use crate::webauthn::Aaguid;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;
use std::collections::HashMap;
use theriac_model::Refusal;
use theriac_model::json::{BadField, Reader};

/// The name the service's certificate is for.
const SERVICE: &str = "mds.fidoalliance.org";
/// The longest list that is read, in bytes: today's has about 8 MiB.
const LONGEST: usize = 64 * 1024 * 1024;
/// The most models in a list, reports of one model, roots of one model.
const ENTRIES_MOST: usize = 20_000;
const REPORTS_MOST: usize = 500;
const ROOTS_MOST: usize = 100;

/// Why a list of the service is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadNotices {
    /// Beyond a bound.
    #[error("the FIDO metadata list is longer than 64 MiB or has too many entries")]
    TooLong,
    /// Not signed by the service, or not now.
    #[error("the FIDO metadata list is not the service's: {0}")]
    NotTheirs(String),
    /// Signed, and not such a list.
    #[error("the FIDO metadata list cannot be read: {0}")]
    Unreadable(String),
    /// Older than the one already here.
    #[error("the FIDO metadata list is number {found}; number {known} is here already")]
    Older {
        /// Its number.
        found: i64,
        /// The number of the list that is here.
        known: i64,
    },
    /// Its day has passed.
    #[error("the FIDO metadata list was to be replaced by {0}")]
    Stale(Date),
}

impl From<BadNotices> for Refusal {
    fn from(error: BadNotices) -> Self {
        let next = match error {
            BadNotices::Stale(_) | BadNotices::Older { .. } => "fetch the service's current list and import it",
            _ => "fetch the list again from the service, and check the root certificate given for it",
        };
        Self::new("PKI-MDS", "73 FR 36722, 1311.110(b); 21 CFR 1311.115(b)", error.to_string(), next)
    }
}

/// What the service says of one model.
#[derive(Clone, Debug)]
pub struct ModelNotices {
    /// The model's name there.
    pub description: String,
    /// Its reports, in the service's order.
    pub reports: Vec<StatusReport>,
    /// The roots of its attestations that could be read; for the person who writes the deployment's list.
    pub roots: Vec<Certificate>,
    /// The ways it protects keys, in the service's words.
    pub key_protection: Vec<String>,
}

/// A list of the service, verified.
#[derive(Clone, Debug)]
pub struct Notices {
    number: i64,
    next_update: Date,
    models: HashMap<Aaguid, ModelNotices>,
}

impl Notices {
    /// Verifies and reads a list at `at`: signed by a certificate for the service's name under one of `roots`, not older
    /// than list number `known`, and its day for replacement not passed.
    ///
    /// # Errors
    /// [`BadNotices`].
    pub fn verify(blob: &[u8], roots: &[Certificate], known: Option<i64>, at: Timestamp) -> Result<Self, BadNotices> {
        if blob.len() > LONGEST {
            return Err(BadNotices::TooLong);
        }
        let text = std::str::from_utf8(blob).map_err(|_| BadNotices::Unreadable("not text".to_owned()))?;
        let payload =
            verified_payload(text, SERVICE, roots, at).map_err(|error| BadNotices::NotTheirs(error.to_string()))?;
        let value: Value =
            serde_json::from_slice(&payload).map_err(|error| BadNotices::Unreadable(error.to_string()))?;
        let notices = Self::read(&value)?;
        if let Some(known) = known.filter(|known| notices.number < *known) {
            return Err(BadNotices::Older { found: notices.number, known });
        }
        notices.current(day(at))?;
        Ok(notices)
    }

    fn read(value: &Value) -> Result<Self, BadNotices> {
        let bad = |error: BadField| BadNotices::Unreadable(error.to_string());
        let head = Reader(value);
        let entries = head.list("entries").map_err(bad)?;
        if entries.len() > ENTRIES_MOST {
            return Err(BadNotices::TooLong);
        }
        let mut models = HashMap::with_capacity(entries.len());
        for entry in entries {
            // Entries of older kinds of token have no model identifier; they cannot register here.
            let Some(aaguid) = entry.get("aaguid").and_then(Value::as_str) else { continue };
            let aaguid =
                Aaguid::parse(aaguid).ok_or_else(|| BadNotices::Unreadable("an aaguid is no UUID".to_owned()))?;
            let found = model(Reader(entry)).map_err(bad)?;
            models.insert(aaguid, found);
        }
        Ok(Self {
            number: head.whole("no").map_err(bad)?,
            next_update: head.parsed("nextUpdate", "a date", |text| text.parse().ok()).map_err(bad)?,
            models,
        })
    }

    /// The list's number; it grows.
    pub const fn number(&self) -> i64 {
        self.number
    }

    /// The day by which the service replaces it; the last day on which it holds.
    pub const fn next_update(&self) -> Date {
        self.next_update
    }

    /// Whether it still holds on `on`.
    ///
    /// # Errors
    /// [`BadNotices::Stale`].
    pub fn current(&self, on: Date) -> Result<(), BadNotices> {
        if on > self.next_update { Err(BadNotices::Stale(self.next_update)) } else { Ok(()) }
    }

    /// What it says of a model.
    pub fn of(&self, aaguid: Aaguid) -> Option<&ModelNotices> {
        self.models.get(&aaguid)
    }

    /// How many models it speaks of.
    pub fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether it speaks of none.
    pub fn is_empty(&self) -> bool {
        self.models.is_empty()
    }
}

/// The day in Greenwich: the service's dates name no zone.
pub(crate) fn day(at: Timestamp) -> Date {
    at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn model(entry: Reader<'_>) -> Result<ModelNotices, BadField> {
    let reports = entry.list("statusReports")?;
    if reports.len() > REPORTS_MOST {
        return Err(BadField { field: "statusReports".to_owned(), expected: "at most 500 reports" });
    }
    let empty = Value::Null;
    let statement = Reader(entry.get("metadataStatement").unwrap_or(&empty));
    let words = |field| {
        let listed = statement.list(field).unwrap_or_default();
        listed.iter().filter_map(Value::as_str).take(32).map(|word| word.chars().take(64).collect()).collect()
    };
    let root = |value: &Value| Certificate::from_der(&STANDARD.decode(value.as_str()?).ok()?).ok();
    Ok(ModelNotices {
        description: statement
            .get("description")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .chars()
            .take(200)
            .collect(),
        reports: reports.iter().map(|one| report(Reader(one))).collect::<Result<_, _>>()?,
        roots: statement
            .list("attestationRootCertificates")
            .unwrap_or_default()
            .iter()
            .take(ROOTS_MOST)
            .filter_map(root)
            .collect(),
        key_protection: words("keyProtection"),
    })
}

fn report(reader: Reader<'_>) -> Result<StatusReport, BadField> {
    let effective = match reader.maybe_text("effectiveDate")? {
        // A date that cannot be read must not make a revocation wait.
        Some(text) => text.parse().ok(),
        None => None,
    };
    let certificate = reader.get("certificateNumber").and_then(Value::as_str);
    Ok(StatusReport {
        status: Status::new(reader.text("status")?),
        effective,
        certificate: certificate.map(|text| text.chars().take(64).collect()),
    })
}
