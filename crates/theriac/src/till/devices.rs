//! Stock of the pharmacy that lies outside it: machines and emergency kits in care homes. 21 CFR 1301.27; Manual 2010, section XII.
//!
//! Each act and the movement that posts it to the ledger are one append.

use super::again;
use super::products::some;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::stockroom::Books;
use crate::typed::{Typed, wrong};
use theriac_books::devices::{
    Allowed, Breach, ChangedFrom, Dose, EmergencyKit, KitDesign, KitEvent, KitUse, Load, Machine, MachineEvent,
    MachineSetup, Setting,
};
use theriac_books::{Movement, Name, Product};
use theriac_law::Moment;
use theriac_law::vocab::Handling;
use theriac_model::{Actor, DeaNumber, Ndc, Refusal};

/// A machine or a kit, as lists name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PlaceOfStock {
    Machine,
    Kit,
}

impl PlaceOfStock {
    /// The first part of its stream's name.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Machine => "machine",
            Self::Kit => "kit",
        }
    }

    /// What an address names, such as `machine-west-wing`.
    pub(crate) fn named(id: &str) -> Option<(Self, &str)> {
        match id.split_once('-')? {
            ("machine", name) => Some((Self::Machine, name)),
            ("kit", name) => Some((Self::Kit, name)),
            _ => None,
        }
    }
}

/// A machine with what happened at it.
pub(crate) struct MachineNow {
    pub(crate) machine: Machine,
    pub(crate) events: Vec<MachineEvent>,
    version: u64,
}

/// A kit with what happened to it.
pub(crate) struct KitNow {
    pub(crate) kit: EmergencyKit,
    pub(crate) events: Vec<KitEvent>,
    version: u64,
}

fn name_of(typed: &Typed, field: &'static str) -> Result<Name, Fault> {
    Name::parse(typed.get(field)).map_err(|error| wrong(field, error.to_string(), "write a name such as west-wing-2"))
}

fn unknown(what: &str, id: &str) -> Fault {
    let what = format!("there is no {what} {id}");
    Refusal::new("BOOKS-MACHINE-UNKNOWN", "21 CFR 1301.27", what, "choose one from the list").about("id").into()
}

impl House {
    fn device_stream(&self, what: PlaceOfStock, id: &str) -> String {
        format!("{}/{}/{id}", what.word(), self.pharmacy)
    }

    /// The names of the machines or of the kits.
    pub(crate) fn devices(&self, what: PlaceOfStock) -> Result<Vec<String>, Fault> {
        self.till_names(what.word())
    }

    /// A machine.
    pub(crate) fn machine(&self, id: &str) -> Result<MachineNow, Fault> {
        let (events, version) = stream::<MachineEvent>(&self.store, &self.device_stream(PlaceOfStock::Machine, id))?;
        let machine = Machine::replay(&events).ok_or_else(|| unknown("machine", id))?;
        Ok(MachineNow { machine, events, version })
    }

    /// A kit.
    pub(crate) fn kit(&self, id: &str) -> Result<KitNow, Fault> {
        let (events, version) = stream::<KitEvent>(&self.store, &self.device_stream(PlaceOfStock::Kit, id))?;
        let kit = EmergencyKit::replay(&events).ok_or_else(|| unknown("kit", id))?;
        Ok(KitNow { kit, events, version })
    }

    /// Sets a machine up, or a kit. Answers where it is found.
    pub(crate) fn set_up_device(&self, actor: &Actor, typed: &Typed) -> Result<String, Fault> {
        let name = name_of(typed, "name")?;
        let facility = typed.text("facility")?;
        let at = self.clock.moment();
        let by = self.in_stockroom(actor, at);
        let (what, change) = match typed.get("kind") {
            "machine" => {
                let registration = match typed.get("registration") {
                    "" => None,
                    _ => Some(typed.dea("registration")?),
                };
                let setup = MachineSetup {
                    name: name.clone(),
                    facility,
                    pharmacy: self.pharmacy,
                    contacted: typed.maybe("contacted"),
                    registration,
                    until: typed.maybe_day("until")?,
                };
                let event = MachineEvent::SetUp { setup, by: actor.clone(), at };
                let stream = self.device_stream(PlaceOfStock::Machine, name.as_str());
                (PlaceOfStock::Machine, Change::default().decided_on(&stream, 0).event(&by, &stream, &event)?)
            }
            "kit" => {
                let design = self.kit_design(name.clone(), facility, typed)?;
                let event = KitEvent::Designed { design, by: actor.clone(), at };
                let stream = self.device_stream(PlaceOfStock::Kit, name.as_str());
                (PlaceOfStock::Kit, Change::default().decided_on(&stream, 0).event(&by, &stream, &event)?)
            }
            _ => return Err(wrong("kind", "it is neither a machine nor a kit", "choose one")),
        };
        match change.commit(&self.store) {
            Ok(_) => Ok(format!("/till/devices/{}-{}", what.word(), name.as_str())),
            Err(Fault::Conflict) => Err(wrong("name", "there is one of this name", "choose another name")),
            Err(other) => Err(other),
        }
    }

    fn kit_design(&self, name: Name, facility: String, typed: &Typed) -> Result<KitDesign, Fault> {
        let source = typed.dea("source")?;
        if source != self.pharmacy {
            let what = "the kit's source is another registration than this pharmacy";
            return Err(wrong("source", what, "only the pharmacy's own kits are kept in these books"));
        }
        let mut list = Vec::new();
        for line in typed.get("list").lines().map(str::trim).filter(|line| !line.is_empty()) {
            let bad = || {
                let what = format!("{line:?} is not an NDC and the most units, such as 99999030101 10");
                wrong("list", what, "write one product a line")
            };
            let (ndc, most) = line.split_once(char::is_whitespace).ok_or_else(bad)?;
            let ndc = Ndc::parse(ndc).map_err(|_| bad())?;
            let most: u64 = most.trim().parse().map_err(|_| bad())?;
            list.push(Allowed { product: self.goods(&ndc)?.product, most });
        }
        let lines = |field: &str| {
            typed
                .get(field)
                .lines()
                .map(str::trim)
                .filter(|line| !line.is_empty())
                .map(str::to_owned)
                .collect::<Vec<String>>()
        };
        Ok(KitDesign {
            name,
            facility,
            approval: typed.get("approval").to_owned(),
            list,
            access: lines("access"),
            safeguards: typed.text("safeguards")?,
            count_days: typed.number_or("count-days", 30)?,
            prohibited: lines("prohibited"),
        })
    }

    /// Products whose books the movements of these devices touch.
    fn with_movement(
        &self,
        change: Change,
        (actor, at): (&Actor, Moment),
        movement: Option<Movement>,
    ) -> Result<Change, Fault> {
        let Some(movement) = movement else { return Ok(change) };
        let ndc = movement.commodity.ndc.clone();
        let books: Books = self.books_of(std::slice::from_ref(&ndc))?;
        let posted = self.posted(&books, &[movement], at.timestamp)?;
        books.append(change, &self.in_stockroom(actor, at), &posted)
    }

    fn device_product(&self, ndc: &Ndc) -> Result<Product, Fault> {
        let books = self.books_of(std::slice::from_ref(ndc))?;
        let mut goods = self.goods(ndc)?;
        goods.product.commodity.unit = self.unit_in(&books, ndc);
        Ok(goods.product)
    }

    /// A setting of a machine: from the pharmacy, or as somebody tried it at the machine.
    fn machine_setting(&self, typed: &Typed) -> Result<Setting, Fault> {
        let ndc = self.scanned_product(typed.get("ndc"))?;
        match typed.get("setting") {
            "out-of-use" => Ok(Setting::Disabled { ndc, reason: typed.get("reason").to_owned() }),
            "in-use" => Ok(Setting::Enabled { ndc }),
            _ => Err(wrong("setting", "it is neither in use nor out of use", "choose one")),
        }
    }

    /// An act at a machine. A dose that is not released and a setting that is not changed are recorded as well, and refused.
    pub(crate) fn machine_act(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        again(|| {
            let now = self.machine(id)?;
            let (machine, at) = (&now.machine, self.clock.moment());
            let stream = self.device_stream(PlaceOfStock::Machine, id);
            let by = self.in_stockroom(actor, at);
            let change = Change::default().decided_on(&stream, now.version);
            let events = match typed.get("step") {
                "register" => {
                    let registration: DeaNumber = typed.dea("registration")?;
                    let setup = MachineSetup {
                        contacted: Some(typed.text("contacted")?),
                        registration: Some(registration),
                        until: Some(typed.day("until")?),
                        ..machine.setup().clone()
                    };
                    vec![MachineEvent::SetUp { setup, by: actor.clone(), at }]
                }
                "activate" => machine.activate(&self.profile, actor.clone(), at)?,
                "grant" => {
                    vec![MachineEvent::UserGranted { user: typed.text("user")?, by: actor.clone(), at }]
                }
                "revoke" => {
                    vec![MachineEvent::UserRevoked { user: typed.text("user")?, by: actor.clone(), at }]
                }
                "load" => {
                    let ndc = self.scanned_product(typed.get("ndc"))?;
                    self.may_be_handled(Handling::Transfer, &ndc, at)??;
                    let product = self.device_product(&ndc)?;
                    let units = some("units", typed)?;
                    let load = Load { bin: name_of(typed, "bin")?, product, units, sheet: typed.text("sheet")? };
                    machine.load(&self.profile, load, actor.clone(), at)?
                }
                "setting" | "setting-at-machine" => {
                    let from = match typed.get("step") {
                        "setting" => ChangedFrom::Pharmacy(actor.clone()),
                        _ => ChangedFrom::Machine(typed.text("user")?),
                    };
                    match machine.configure(&self.profile, self.machine_setting(typed)?, from, at) {
                        Ok(events) => events,
                        Err(denied) => {
                            change.event(&by, &stream, &*denied.event)?.commit(&self.store)?;
                            return Err((*denied.refusal).into());
                        }
                    }
                }
                "release" => {
                    let dose = Dose {
                        patient: typed.get("patient").to_owned(),
                        prescription: typed.get("prescription").to_owned(),
                        bin: name_of(typed, "bin")?,
                        units: some("units", typed)?,
                        user: typed.text("user")?,
                    };
                    let doses = typed.number_or("doses", 1)?;
                    match machine.release(&self.profile, &dose, doses, at) {
                        Ok(events) => events,
                        Err(denied) => {
                            change.event(&by, &stream, &*denied.event)?.commit(&self.store)?;
                            let bin = machine.bins().find(|(bin, ..)| **bin == dose.bin);
                            let refusal = match bin {
                                Some((_, product, _)) => self.in_own_unit(&product.commodity, *denied.refusal),
                                None => *denied.refusal,
                            };
                            return Err(refusal.into());
                        }
                    }
                }
                _ => return Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
            };
            let mut change = change;
            for event in &events {
                change = change.event(&by, &stream, event)?;
                change = self.with_movement(change, (actor, at), machine.movement(event, actor)?)?;
            }
            change.commit(&self.store)?;
            Ok(())
        })
    }

    /// An act on a kit.
    pub(crate) fn kit_act(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        again(|| {
            let now = self.kit(id)?;
            let (kit, at) = (&now.kit, self.clock.moment());
            let stream = self.device_stream(PlaceOfStock::Kit, id);
            let by = self.in_stockroom(actor, at);
            let ndc = || self.scanned_product(typed.get("ndc"));
            let events = match typed.get("step") {
                "stock" => {
                    let (ndc, units) = (ndc()?, some("units", typed)?);
                    self.may_be_handled(Handling::Transfer, &ndc, at)??;
                    kit.stock(&self.profile, (&ndc, units), typed.get("record"), (actor.clone(), at))?
                }
                "use" => {
                    let used = KitUse {
                        ndc: ndc()?,
                        units: some("units", typed)?,
                        patient: typed.get("patient").to_owned(),
                        condition: typed.get("condition").to_owned(),
                        authorised_by: typed.get("authorised-by").to_owned(),
                        user: typed.get("user").to_owned(),
                        record: typed.get("record").to_owned(),
                    };
                    let list = &kit.design().list;
                    let of = list.iter().find(|allowed| allowed.product.commodity.ndc == used.ndc);
                    kit.take(&self.profile, used.clone(), at).map_err(|refusal| match of {
                        Some(allowed) => self.in_own_unit(&allowed.product.commodity, refusal),
                        None => refusal,
                    })?
                }
                "count" => {
                    let ndc = ndc()?;
                    if !kit.design().list.iter().any(|allowed| allowed.product.commodity.ndc == ndc) {
                        let what = format!("NDC {ndc} is not on the kit's list");
                        return Err(wrong("ndc", what, "count a product of the list"));
                    }
                    let found = typed.number("found")?;
                    vec![KitEvent::Counted { ndc, found, by: actor.clone(), at }]
                }
                "breach" => {
                    let breach = Breach { activity: typed.text("activity")?, found: typed.text("found")? };
                    if !kit.design().prohibited.contains(&breach.activity) {
                        let what = "the kit's procedures do not name that activity";
                        return Err(wrong("activity", what, "choose one of their list"));
                    }
                    vec![KitEvent::Breached { breach, by: actor.clone(), at }]
                }
                "reinstate" => kit.reinstate(typed.get("reason"), actor.clone(), at)?,
                _ => return Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
            };
            let mut change = Change::default().decided_on(&stream, now.version);
            for event in &events {
                change = change.event(&by, &stream, event)?;
                change = self.with_movement(change, (actor, at), kit.movement(event, actor)?)?;
            }
            change.commit(&self.store)?;
            Ok(())
        })
    }
}
