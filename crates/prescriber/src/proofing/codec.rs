//! The stored form of proofing: canonical JSON, read back without loss.

use crate::access_event::{actor_json, read_actor, read_day, read_key, read_schedules, schedules_json};
use crate::proofing::{
    Approval, Authority, Check, CheckKind, CheckResult, Contact, ContactAnswer, ContactMode, Document, Entity,
    EntityKind, Format, NumberSource, Place, Record, Said, StateCode, Under, Upload,
};
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader};

fn own(body: Reader<'_>, field: &str) -> Result<String, BadField> {
    body.text(field).map(str::to_owned)
}

fn said(body: Reader<'_>, field: &str) -> Result<Said, BadField> {
    body.parsed(field, "yes or no", Said::parse)
}

fn maybe_day(body: Reader<'_>, field: &str) -> Result<Option<Date>, BadField> {
    if body.maybe_text(field)?.is_none() { Ok(None) } else { read_day(body, field).map(Some) }
}

fn day_json(day: Option<Date>) -> Value {
    day.map_or(Value::Null, |day| Value::String(day.to_string()))
}

pub(crate) fn instant(body: Reader<'_>, field: &str) -> Result<Timestamp, BadField> {
    body.parsed(field, "an instant", |text| text.parse().ok())
}

impl Document {
    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({
            "business_address": self.business_address,
            "entity": {
                "kind": self.entity.kind.word(),
                "name": self.entity.name,
                "privileges": self.entity.privileges.word(),
                "registration": self.entity.registration,
                "state": self.entity.state,
            },
            "format": self.format.word(),
            "photo_id": self.photo_id,
            "photo_matched": self.photo_matched.word(),
            "places": self.places.iter().map(Place::to_json).collect::<Vec<_>>(),
            "practitioner": self.practitioner,
            "practitioner_signed": self.practitioner_signed.word(),
            "proofed_on": day_json(self.proofed_on),
            "proofer": self.proofer,
            "proofer_signed": self.proofer_signed.word(),
            "upload": self.upload.as_ref().map(|upload| json!({
                "bytes": upload.bytes,
                "digest": upload.digest,
                "media": upload.media,
            })),
        })
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be.
    pub fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        let entity = body.object("entity")?;
        let upload = if body.get("upload").is_none() { None } else { Some(Upload::from_json(body.object("upload")?)?) };
        Ok(Self {
            format: body.parsed("format", "a format", Format::parse)?,
            entity: Entity {
                kind: entity.parsed("kind", "a kind of entity", EntityKind::parse)?,
                name: own(entity, "name")?,
                registration: own(entity, "registration")?,
                state: own(entity, "state")?,
                privileges: said(entity, "privileges")?,
            },
            proofer: own(body, "proofer")?,
            practitioner: own(body, "practitioner")?,
            business_address: own(body, "business_address")?,
            places: body
                .list("places")?
                .iter()
                .map(|place| Place::from_json(Reader(place)))
                .collect::<Result<_, _>>()?,
            photo_id: own(body, "photo_id")?,
            photo_matched: said(body, "photo_matched")?,
            proofed_on: maybe_day(body, "proofed_on")?,
            proofer_signed: said(body, "proofer_signed")?,
            practitioner_signed: said(body, "practitioner_signed")?,
            upload,
        })
    }
}

impl Upload {
    fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        let bytes = u64::try_from(body.whole("bytes")?);
        let bytes = bytes.map_err(|_| BadField { field: "bytes".to_owned(), expected: "a length" })?;
        Ok(Self { digest: own(body, "digest")?, media: own(body, "media")?, bytes })
    }
}

impl Place {
    fn to_json(&self) -> Value {
        let authority = match &self.authority {
            Authority::Licence { authority, number } => {
                json!({"authority": authority, "is": "licence", "number": number})
            }
            Authority::VeteransEmployee { facility, appointed } => {
                json!({"appointed": appointed.word(), "facility": facility, "is": "veterans-employee"})
            }
            Authority::VeteransContractor { facility, eligible, under_facility } => json!({
                "eligible": eligible.word(),
                "facility": facility,
                "is": "veterans-contractor",
                "under_facility": under_facility.word(),
            }),
        };
        let under = match &self.under {
            Under::Own { number, expires } => json!({"expires": day_json(*expires), "is": "own", "number": number}),
            Under::Institution { number, internal_code, acknowledged } => json!({
                "acknowledged": acknowledged.word(),
                "internal_code": internal_code,
                "is": "institution",
                "number": number,
            }),
            Under::Service { branch, confirmed, until } => json!({
                "branch": branch,
                "confirmed": confirmed.word(),
                "is": "service",
                "until": day_json(*until),
            }),
        };
        json!({"authority": authority, "state": self.state, "under": under})
    }

    fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        let unknown = |expected| BadField { field: "is".to_owned(), expected };
        let authority = body.object("authority")?;
        let authority = match authority.text("is")? {
            "licence" => {
                Authority::Licence { authority: own(authority, "authority")?, number: own(authority, "number")? }
            }
            "veterans-employee" => Authority::VeteransEmployee {
                facility: own(authority, "facility")?,
                appointed: said(authority, "appointed")?,
            },
            "veterans-contractor" => Authority::VeteransContractor {
                facility: own(authority, "facility")?,
                eligible: said(authority, "eligible")?,
                under_facility: said(authority, "under_facility")?,
            },
            _ => return Err(unknown("a kind of authority")),
        };
        let under = body.object("under")?;
        let under = match under.text("is")? {
            "own" => Under::Own { number: own(under, "number")?, expires: maybe_day(under, "expires")? },
            "institution" => Under::Institution {
                number: own(under, "number")?,
                internal_code: own(under, "internal_code")?,
                acknowledged: said(under, "acknowledged")?,
            },
            "service" => Under::Service {
                branch: own(under, "branch")?,
                confirmed: said(under, "confirmed")?,
                until: maybe_day(under, "until")?,
            },
            _ => return Err(unknown("own, institution or service")),
        };
        Ok(Self { state: own(body, "state")?, authority, under })
    }
}

impl Record {
    /// The stored form.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Credential { provider, approval, subject, issued, ends, channels } => json!({
                "approval": approval.word(),
                "channels": channels,
                "ends": day_json(*ends),
                "is": "credential",
                "issued": day_json(*issued),
                "provider": provider,
                "subject": subject,
            }),
            Self::Institution { office, registration, proofer, subject, photo_id, on, state_authority, dea_status } => {
                json!({
                    "dea_status": dea_status.word(),
                    "is": "institution",
                    "office": office,
                    "on": day_json(*on),
                    "photo_id": photo_id,
                    "proofer": proofer,
                    "registration": registration,
                    "state_authority": state_authority.word(),
                    "subject": subject,
                })
            }
        }
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be.
    pub fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        match body.text("is")? {
            "credential" => Ok(Self::Credential {
                provider: own(body, "provider")?,
                approval: body.parsed("approval", "an approval", Approval::parse)?,
                subject: own(body, "subject")?,
                issued: maybe_day(body, "issued")?,
                ends: maybe_day(body, "ends")?,
                channels: u8::try_from(body.whole("channels")?)
                    .map_err(|_| BadField { field: "channels".to_owned(), expected: "a small number" })?,
            }),
            "institution" => Ok(Self::Institution {
                office: own(body, "office")?,
                registration: own(body, "registration")?,
                proofer: own(body, "proofer")?,
                subject: own(body, "subject")?,
                photo_id: own(body, "photo_id")?,
                on: maybe_day(body, "on")?,
                state_authority: said(body, "state_authority")?,
                dea_status: said(body, "dea_status")?,
            }),
            _ => Err(BadField { field: "is".to_owned(), expected: "credential or institution" }),
        }
    }
}

impl Check {
    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({
            "at": self.at.to_string(),
            "by": actor_json(&self.by),
            "kind": self.kind.word(),
            "result": self.result.word(),
            "schedules": schedules_json(&self.schedules),
            "source": self.source,
            "state": self.state.as_str(),
            "valid_until": day_json(self.valid_until),
        })
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be.
    pub fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            kind: body.parsed("kind", "a kind of check", CheckKind::parse)?,
            state: body.parsed("state", "a State", StateCode::parse)?,
            result: body.parsed("result", "good or not-good", CheckResult::parse)?,
            schedules: read_schedules(body, "schedules")?,
            valid_until: maybe_day(body, "valid_until")?,
            source: own(body, "source")?,
            at: instant(body, "at")?,
            by: read_actor(body, "by")?,
        })
    }
}

impl Contact {
    /// The stored form.
    pub fn to_json(&self) -> Value {
        json!({
            "answer": self.answer.word(),
            "at": self.at.to_string(),
            "by": actor_json(&self.by),
            "mode": self.mode.word(),
            "named": self.named,
            "place": self.place,
            "registration": self.registration.to_string(),
            "source": self.source.word(),
        })
    }

    /// Reads the stored form back.
    ///
    /// # Errors
    /// Names the member that is absent or not what it should be.
    pub fn from_json(body: Reader<'_>) -> Result<Self, BadField> {
        Ok(Self {
            registration: read_key(body)?,
            mode: body.parsed("mode", "telephone or in-person", ContactMode::parse)?,
            place: own(body, "place")?,
            source: body.parsed("source", "public or application", NumberSource::parse)?,
            named: own(body, "named")?,
            answer: body.parsed("answer", "an answer", ContactAnswer::parse)?,
            at: instant(body, "at")?,
            by: read_actor(body, "by")?,
        })
    }
}
