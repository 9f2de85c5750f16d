//! What the deployment itself records: people, registrant data, the drug file.

use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};
use theriac_model::{DeaNumber, DrugUnit, Ndc, Role, Schedule};

/// A person with a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) what: String,
}

/// A row of the registrant data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Registrant {
    pub(crate) number: DeaNumber,
    pub(crate) name: String,
    /// `practitioner`, `mid-level` or `institution`.
    pub(crate) activity: String,
    /// `valid`, `expired`, `suspended` or `revoked`.
    pub(crate) status: String,
    pub(crate) expires: Date,
    pub(crate) schedules: Vec<Schedule>,
    /// The day on which the data was issued.
    pub(crate) issued: Date,
}

/// A row of the drug file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Product {
    pub(crate) ndc: Ndc,
    pub(crate) name: String,
    pub(crate) strength: String,
    pub(crate) form: String,
    pub(crate) unit: DrugUnit,
    /// `None` for a product that is not controlled.
    pub(crate) schedule: Option<Schedule>,
}

/// A key by which a program asks in the name of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiKey {
    pub(crate) id: String,
    /// The program it was given to.
    pub(crate) name: String,
    /// The person it asks for.
    pub(crate) acts_as: String,
    /// SHA-256 of the key, in hex; the key itself is shown once and kept nowhere.
    pub(crate) digest: String,
    /// Where the program wants a practitioner back after signing; none if it did not say.
    pub(crate) return_to: Option<String>,
}

/// A file of the NDC directory, as the record of its import describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NdcFile {
    /// SHA-256 of the whole file, in hexadecimal.
    pub(crate) digest: String,
    pub(crate) bytes: u64,
    /// Rows that were read, and rows that were refused.
    pub(crate) rows: u64,
    pub(crate) refused: u64,
}

/// An import of the NDC directory. The files are archived with the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NdcImport {
    /// The day for which the files were issued.
    pub(crate) issued: Date,
    pub(crate) products: NdcFile,
    pub(crate) packages: Option<NdcFile>,
}

/// A record of the deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HouseEvent {
    /// The deployment was set up.
    Founded { name: String, deployment: String, profile: String },
    /// A person was added.
    PersonAdded(Person),
    /// A registrant was listed, or its row replaced.
    RegistrantListed(Registrant),
    /// A product was listed, or its row replaced.
    ProductListed(Product),
    /// A program was given a key.
    ApiKeyIssued(ApiKey),
    /// A program's key was taken back.
    ApiKeyEnded { id: String },
    /// The NDC directory was imported.
    NdcImported(NdcImport),
}

impl HouseEvent {
    pub(crate) const FORMAT: u32 = 1;

    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Founded { .. } => "house.founded",
            Self::PersonAdded(_) => "house.person-added",
            Self::RegistrantListed(_) => "house.registrant-listed",
            Self::ProductListed(_) => "house.product-listed",
            Self::ApiKeyIssued(_) => "house.api-key-issued",
            Self::ApiKeyEnded { .. } => "house.api-key-ended",
            Self::NdcImported(_) => "house.ndc-imported",
        }
    }

    /// The stream it belongs to.
    pub(crate) fn stream(&self) -> String {
        match self {
            Self::Founded { .. } => super::FOUNDED.to_owned(),
            Self::PersonAdded(person) => format!("person/{}", person.id),
            Self::RegistrantListed(row) => format!("registrant/{}", row.number),
            Self::ProductListed(product) => format!("product/{}", product.ndc),
            Self::ApiKeyIssued(ApiKey { id, .. }) | Self::ApiKeyEnded { id } => format!("api-key/{id}"),
            Self::NdcImported(_) => "ndc".to_owned(),
        }
    }

    pub(crate) fn body(&self) -> Value {
        match self {
            Self::Founded { name, deployment, profile } => {
                json!({"deployment": deployment, "name": name, "profile": profile})
            }
            Self::PersonAdded(person) => {
                json!({"id": person.id, "name": person.name, "role": person.role.word(), "what": person.what})
            }
            Self::RegistrantListed(row) => json!({
                "activity": row.activity,
                "expires": row.expires.to_string(),
                "issued": row.issued.to_string(),
                "name": row.name,
                "number": row.number.as_str(),
                "schedules": row.schedules.iter().map(|schedule| schedule.roman()).collect::<Vec<_>>(),
                "status": row.status,
            }),
            Self::ProductListed(product) => json!({
                "form": product.form,
                "name": product.name,
                "ndc": product.ndc.as_str(),
                "schedule": product.schedule.map(Schedule::roman),
                "strength": product.strength,
                "unit": product.unit.name(),
            }),
            Self::ApiKeyIssued(key) => {
                json!({
                    "acts-as": key.acts_as,
                    "digest": key.digest,
                    "id": key.id,
                    "name": key.name,
                    "return-to": key.return_to,
                })
            }
            Self::ApiKeyEnded { id } => json!({"id": id}),
            Self::NdcImported(import) => json!({
                "issued": import.issued.to_string(),
                "packages": import.packages.as_ref().map(file_body),
                "products": file_body(&import.products),
            }),
        }
    }

    pub(crate) fn read(kind: &str, body: &Value) -> Result<Self, BadField> {
        let body = Reader(body);
        let own = |field: &str| body.text(field).map(str::to_owned);
        let day = |field: &str| body.parsed(field, "a date", |text| text.parse().ok());
        Ok(match kind {
            "house.founded" => {
                Self::Founded { name: own("name")?, deployment: own("deployment")?, profile: own("profile")? }
            }
            "house.person-added" => Self::PersonAdded(Person {
                id: own("id")?,
                name: own("name")?,
                role: body.parsed("role", "a role", Role::parse)?,
                what: own("what")?,
            }),
            "house.registrant-listed" => Self::RegistrantListed(Registrant {
                number: body.parsed("number", "a DEA number", |text| DeaNumber::parse(text).ok())?,
                name: own("name")?,
                activity: own("activity")?,
                status: own("status")?,
                expires: day("expires")?,
                schedules: schedules(body)?,
                issued: day("issued")?,
            }),
            "house.product-listed" => Self::ProductListed(Product {
                ndc: body.parsed("ndc", "an NDC", |text| Ndc::parse(text).ok())?,
                name: own("name")?,
                strength: own("strength")?,
                form: own("form")?,
                unit: body.parsed("unit", "a unit", |text| Some(DrugUnit::read(text)))?,
                schedule: match body.maybe_text("schedule")? {
                    None => None,
                    Some(_) => Some(body.parsed("schedule", "a schedule", Schedule::parse)?),
                },
            }),
            "house.api-key-issued" => Self::ApiKeyIssued(ApiKey {
                id: own("id")?,
                name: own("name")?,
                acts_as: own("acts-as")?,
                digest: own("digest")?,
                return_to: body.maybe_text("return-to")?.map(str::to_owned),
            }),
            "house.api-key-ended" => Self::ApiKeyEnded { id: own("id")? },
            "house.ndc-imported" => Self::NdcImported(NdcImport {
                issued: day("issued")?,
                products: file_of(body.object("products")?)?,
                packages: body.get("packages").map(|_| body.object("packages").and_then(file_of)).transpose()?,
            }),
            _ => return Err(BadField { field: "kind".to_owned(), expected: "a kind of house record" }),
        })
    }
}

fn file_body(file: &NdcFile) -> Value {
    json!({"bytes": file.bytes, "digest": file.digest, "refused": file.refused, "rows": file.rows})
}

fn file_of(body: Reader<'_>) -> Result<NdcFile, BadField> {
    let count = |field: &str| {
        let bad = |_| BadField { field: field.to_owned(), expected: "a count" };
        u64::try_from(body.whole(field)?).map_err(bad)
    };
    Ok(NdcFile {
        digest: body.text("digest")?.to_owned(),
        bytes: count("bytes")?,
        rows: count("rows")?,
        refused: count("refused")?,
    })
}

fn schedules(body: Reader<'_>) -> Result<Vec<Schedule>, BadField> {
    let bad = || BadField { field: "schedules".to_owned(), expected: "schedules I to V" };
    body.list("schedules")?.iter().map(|item| item.as_str().and_then(Schedule::parse).ok_or_else(bad)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_house_record_is_read_back() {
        for event in [
            HouseEvent::Founded { name: "a".into(), deployment: "DEMO".into(), profile: "strictest".into() },
            HouseEvent::PersonAdded(Person {
                id: "p".into(),
                name: "P Q".into(),
                role: Role::Pharmacist,
                what: "pharmacist".into(),
            }),
            HouseEvent::RegistrantListed(Registrant {
                number: DeaNumber::parse("AB1234563").expect("number"),
                name: "B".into(),
                activity: "practitioner".into(),
                status: "valid".into(),
                expires: date(2027, 6, 30),
                schedules: vec![Schedule::II, Schedule::V],
                issued: date(2026, 3, 1),
            }),
            HouseEvent::ProductListed(Product {
                ndc: Ndc::parse("99999010101").expect("NDC"),
                name: "n".into(),
                strength: "1 mg".into(),
                form: "Tablet".into(),
                unit: DrugUnit::Tablet,
                schedule: None,
            }),
            HouseEvent::ApiKeyIssued(ApiKey {
                id: "k".into(),
                name: "n".into(),
                acts_as: "p".into(),
                digest: "d".into(),
                return_to: None,
            }),
            HouseEvent::ApiKeyIssued(ApiKey {
                id: "k".into(),
                name: "n".into(),
                acts_as: "p".into(),
                digest: "d".into(),
                return_to: Some("https://ehr.example/back".into()),
            }),
            HouseEvent::ApiKeyEnded { id: "k".into() },
            HouseEvent::NdcImported(NdcImport {
                issued: date(2026, 3, 1),
                products: NdcFile { digest: "00ff".into(), bytes: 9, rows: 2, refused: 1 },
                packages: None,
            }),
            HouseEvent::NdcImported(NdcImport {
                issued: date(2026, 3, 1),
                products: NdcFile { digest: "00ff".into(), bytes: 9, rows: 2, refused: 1 },
                packages: Some(NdcFile { digest: "ff00".into(), bytes: 0, rows: 0, refused: 0 }),
            }),
        ] {
            assert_eq!(HouseEvent::read(event.kind(), &event.body()), Ok(event));
        }
    }
}
