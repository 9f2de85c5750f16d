//! Code devices: taken in from a maker's seed file, each seed sealed, one state for each device whatever it is bound for.

use super::{CODE_MEDIA, broken};
use crate::house::House;
use crate::house::record::{By, Change, Fault, Recorded, stream};
use crate::practice::{first, signer_stream};
use serde_json::{Value, json};
use theriac_model::json::{BadField, Reader, canonical};
use theriac_model::{Actor, Refusal, Registration, Role};
use theriac_pki::Deployment;
use theriac_pki::otp::{CodeCredential, DeviceId, DeviceState, Holder, ImportedFile, Scheme, SealedSeed, Seed};
use theriac_pki::pass::PractitionerId;
use theriac_prescriber::token::NewToken;

/// Devices in one append of an import.
const AT_ONCE: usize = 500;
/// Devices shown at most.
const ROWS_MOST: u32 = 200;
const CITE: &str = "21 CFR 1311.115; 73 FR 36722, 36743";

/// A device as it was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CodeDevice {
    pub(crate) id: DeviceId,
    pub(crate) scheme: Scheme,
    /// Encrypted; opens only with the deployment's key and for this device.
    pub(crate) seed: SealedSeed,
    pub(crate) counter: u64,
    /// SHA-256 of the maker's file, in hex. The file itself is not kept: it holds seeds in the clear.
    pub(crate) file: String,
}

/// A change of a code device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum CodeDeviceEvent {
    Imported(Box<CodeDevice>),
    /// A code was tried: the state after it, and what came of it.
    Tried {
        state: DeviceState,
        person: String,
        outcome: String,
    },
}

impl Recorded for CodeDeviceEvent {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Imported(_) => "code-device.imported",
            Self::Tried { .. } => "code-device.tried",
        }
    }

    fn body(&self) -> Value {
        match self {
            Self::Imported(device) => json!({
                "counter": device.counter,
                "device": device.id.to_json(),
                "file": device.file,
                "scheme": device.scheme.to_json(),
                "seed": device.seed.as_str(),
            }),
            Self::Tried { state, person, outcome } => {
                json!({"outcome": outcome, "person": person, "state": state.to_json()})
            }
        }
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        read(kind, Reader(body)).map_err(|error| error.to_string())
    }
}

fn read(kind: &str, body: Reader<'_>) -> Result<CodeDeviceEvent, BadField> {
    let bad = |field: &str, expected| BadField { field: field.to_owned(), expected };
    match kind {
        "code-device.imported" => Ok(CodeDeviceEvent::Imported(Box::new(CodeDevice {
            id: DeviceId::from_json(body.object("device")?.0)?,
            scheme: Scheme::from_json(body.object("scheme")?.0)?,
            seed: body.parsed("seed", "a sealed seed", |text| SealedSeed::parse(text).ok())?,
            counter: u64::try_from(body.whole("counter")?).map_err(|_| bad("counter", "a counter"))?,
            file: body.text("file")?.to_owned(),
        }))),
        "code-device.tried" => Ok(CodeDeviceEvent::Tried {
            state: DeviceState::from_json(body.object("state")?.0)?,
            person: body.text("person")?.to_owned(),
            outcome: body.text("outcome")?.to_owned(),
        }),
        _ => Err(bad("kind", "a record of a code device")),
    }
}

/// A device with its present state and the version of its stream.
pub(super) struct Present {
    pub(super) device: CodeDevice,
    pub(super) state: DeviceState,
    version: u64,
}

/// A device in the list.
#[derive(Clone, Debug)]
pub(crate) struct DeviceLine {
    pub(crate) maker: String,
    pub(crate) model: String,
    pub(crate) serial: String,
    /// Whose it is or was.
    pub(crate) person: String,
}

/// What an import came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct OtpImported {
    pub(crate) taken: usize,
    /// Devices that were here already.
    pub(crate) known: usize,
}

/// The stream of a device: by a digest, for names of makers hold anything.
fn device_stream(id: &DeviceId) -> String {
    let name = format!("{}\n{}\n{}", id.maker, id.model, id.serial);
    let digest = theriac_journal::hash::sha256(name.as_bytes()).to_hex();
    format!("code-device/{}", digest.get(..32).unwrap_or(&digest))
}

fn refuse(code: &'static str, what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Refusal {
    Refusal::new(code, CITE, what, next)
}

impl House {
    /// Takes the devices of a maker's file in. Each seed is sealed before anything is written.
    pub(crate) fn import_otp(&self, by: &Actor, file: ImportedFile, digest: &str) -> Result<OtpImported, Fault> {
        let key = self.seed_key()?;
        let by = By { actor: by, location: "", law: "", at: self.clock.now() };
        let mut done = OtpImported::default();
        let mut change = Change::default();
        let mut waiting = 0;
        for new in file.devices {
            let name = device_stream(&new.id);
            let sql = "SELECT serial FROM code_devices WHERE stream = $1";
            if !self.store.query(sql, &[name.as_str().into()])?.is_empty() {
                done.known += 1;
                continue;
            }
            let seed = key.seal(&new.seed, &new.id).map_err(Refusal::from)?;
            let device =
                CodeDevice { id: new.id, scheme: new.scheme, seed, counter: new.counter, file: digest.to_owned() };
            let event = CodeDeviceEvent::Imported(Box::new(device));
            change = change.decided_on(&name, 0).event(&by, &name, &event)?;
            done.taken += 1;
            waiting += 1;
            if waiting == AT_ONCE {
                std::mem::take(&mut change).commit(&self.store)?;
                waiting = 0;
            }
        }
        if waiting > 0 {
            change.commit(&self.store)?;
        }
        Ok(done)
    }

    /// Code devices that were taken in, with whose they are; by serial number.
    pub(crate) fn code_devices(&self) -> Result<Vec<DeviceLine>, Fault> {
        let sql = format!(
            "SELECT d.maker, d.model, d.serial, COALESCE((SELECT MIN(t.person) FROM tokens t WHERE t.serial = d.serial AND t.public_key LIKE 'code:%'), '')
             FROM code_devices d ORDER BY d.serial LIMIT {ROWS_MOST}"
        );
        let mut lines = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let text = |n| row.text(n).map(str::to_owned);
            lines.push(DeviceLine { maker: text(0)?, model: text(1)?, serial: text(2)?, person: text(3)? });
        }
        Ok(lines)
    }

    fn present(&self, name: &str) -> Result<Present, Fault> {
        let (events, version) = stream::<CodeDeviceEvent>(&self.store, name)?;
        let mut present: Option<Present> = None;
        for event in events {
            match event {
                CodeDeviceEvent::Imported(device) => {
                    let state = DeviceState::new(device.counter);
                    present = Some(Present { device: *device, state, version });
                }
                CodeDeviceEvent::Tried { state, .. } => {
                    if let Some(present) = &mut present {
                        present.state = state;
                    }
                }
            }
        }
        present
            .ok_or_else(|| refuse("TOKEN-DEVICE", "this code device was never taken in", "import its seed file").into())
    }

    pub(super) fn present_device(&self, id: &DeviceId) -> Result<Present, Fault> {
        self.present(&device_stream(id))
    }

    pub(super) fn unsealed(&self, device: &CodeDevice) -> Result<Seed, Fault> {
        Ok(self.seed_key()?.unseal(&device.seed, &device.id).map_err(Refusal::from)?)
    }

    /// Keeps the state after a code was tried, before anything is done with what came of it: the code never serves again,
    /// and of two who try it at once one is too late.
    pub(super) fn keep_state<T>(
        &self,
        by: &Actor,
        present: &Present,
        state: DeviceState,
        result: &Result<T, Refusal>,
    ) -> Result<(), Fault> {
        let outcome = result.as_ref().map_or_else(|refusal| refusal.code.0.to_owned(), |_| "accepted".to_owned());
        let name = device_stream(&present.device.id);
        let event = CodeDeviceEvent::Tried { state, person: by.id.clone(), outcome };
        let change = Change::default().decided_on(&name, present.version);
        change.event(&self.by(by, ""), &name, &event)?.commit(&self.store)?;
        Ok(())
    }

    /// Binds a code device to a person's registration. A code that it shows now proves that it is the device at hand, and
    /// that its clock agrees with ours.
    ///
    /// # Errors
    /// No such device; another's; a model that may not sign; a wrong code; whatever refuses the binding.
    pub(crate) fn bind_code_device(
        &self,
        by: &Actor,
        person: &str,
        registration: &Registration,
        serial: &str,
        code: &str,
    ) -> Result<(), Fault> {
        if !matches!(by.role, Role::Operator | Role::AccessController) || by.id == person {
            let what = "only an access controller or an operator, and never for oneself, binds a token";
            return Err(refuse("RX-ACCESS-CONTROLLER", what, "ask an operator of this deployment").into());
        }
        let serial = super::offers::serial(serial)?;
        let rows = self.store.query("SELECT stream FROM code_devices WHERE serial = $1", &[serial.as_str().into()])?;
        let none = || {
            let what = format!("no code device with the number {serial} was taken in, or more than one maker's");
            let next = "import the maker's seed file with theriac import otp, or correct the number";
            refuse("TOKEN-DEVICE", what, next).about("serial")
        };
        let [row] = rows.as_slice() else { return Err(none().into()) };
        let present = self.present(row.text(0)?)?;
        let (signer, version) = self.signer(person)?;
        let whose = PractitionerId::parse(person).ok_or_else(none)?;
        let held_by = self.code_device_holder(&serial)?;
        let Some(checked) = signer.registration(registration.key()) else {
            let what = "this registration of the person has not been checked";
            let next = "check the registration against the registrant data first";
            return Err(refuse("RX-TOKEN-REGISTRATION", what, next).about("registration").into());
        };
        let expires = checked.expires.to_zoned(self.clock.zone()).map_err(broken)?.timestamp();
        let holder = Holder { practitioner: &whose, registration, expires, held_by: held_by.as_ref() };
        let (id, scheme) = (&present.device.id, present.device.scheme);
        let credential = match self.deployment {
            Deployment::Demo(permission) => CodeCredential::in_demonstration(id, scheme, &holder, permission)?,
            Deployment::Production => {
                let (book, rule) = (self.model_book()?, self.token_rule());
                CodeCredential::enrol(id, scheme, &holder, &book, &rule, self.today())?
            }
        };
        let token = NewToken {
            credential: credential.id.to_string(),
            registration: registration.clone(),
            device: format!("{} {}", id.maker, id.model),
            serial: serial.clone(),
            expires: checked.expires,
            // A code device has no public key; its credential's name is as much its own.
            public_key: format!("code:{}", credential.id),
        };
        let provider = self.provider();
        let rules = self.rules(&provider);
        let review = signer.review(&rules, &self.data_for(&signer, None)?);
        let others = self.elsewhere(person, &serial, &token.public_key)?;
        let elsewhere: Vec<_> = others.iter().map(super::held::Elsewhere::as_held).collect();
        let event = signer.bind(&token, by, &elsewhere, &review).map_err(first)?;
        let seed = self.unsealed(&present.device)?;
        let (state, found) = present.state.try_code(scheme, &seed, code.trim(), self.clock.now());
        self.keep_state(by, &present, state, &found)?;
        found?;
        let bytes = canonical(&credential.to_json()).map_err(broken)?;
        let piece = self.sealed_piece(CODE_MEDIA, bytes)?;
        let name = signer_stream(person);
        Change::default()
            .decided_on(&name, version)
            .with_pieces(&self.by(by, ""), &name, &event, vec![piece])?
            .commit(&self.store)?;
        Ok(())
    }

    /// Who holds the code device with this number, if it is bound.
    fn code_device_holder(&self, serial: &str) -> Result<Option<PractitionerId>, Fault> {
        let sql = "SELECT person FROM tokens WHERE serial = $1 AND public_key LIKE 'code:%' ORDER BY seq LIMIT 1";
        let rows = self.store.query(sql, &[serial.into()])?;
        Ok(rows.first().map(|row| row.text(0)).transpose()?.and_then(PractitionerId::parse))
    }
}
