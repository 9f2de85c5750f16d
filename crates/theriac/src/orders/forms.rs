//! The register of blank order forms: 21 CFR 1305.11, 1305.16, 1305.18.

use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use theriac_books::orders::{Edition, FormNumber, FormRegister, FormsEventRecord, FormsRequest, RequestChannel};
use theriac_law::vocab::{FormsEvent, FormsKind, Word as _};
use theriac_model::{Actor, Refusal};

/// The register with its history.
pub(crate) struct FormsFile {
    pub(crate) register: FormRegister,
    pub(crate) events: Vec<FormsEventRecord>,
    pub(super) version: u64,
}

impl FormsFile {
    /// The event of the register with this number, counted from 1.
    pub(crate) fn event(&self, of: u64) -> Option<&FormsEventRecord> {
        self.events.get(usize::try_from(of.checked_sub(1)?).ok()?)
    }
}

/// Serial numbers as typed: one or several, a run as `210000001-210000005`.
fn serials(typed: &Typed, field: &'static str) -> Result<Vec<FormNumber>, Fault> {
    const MOST: u32 = 500;
    let mut found = Vec::new();
    for text in typed.get(field).split([' ', ',', ';', '\n', '\r']).filter(|text| !text.is_empty()) {
        let read = |text: &str| {
            FormNumber::parse(text).map_err(|error| wrong(field, format!("{text:?}: {error}"), "copy it from the form"))
        };
        match text.split_once('-') {
            None => found.push(read(text)?),
            Some((first, last)) => {
                let (first, last) = (read(first)?, read(last)?);
                let mut run = (0..MOST).map_while(|step| first.following(step));
                let mut reached = false;
                for serial in run.by_ref() {
                    reached = serial == last;
                    found.push(serial);
                    if reached {
                        break;
                    }
                }
                if !reached {
                    let what = format!("{first} to {last} is no run of at most {MOST} forms");
                    return Err(wrong(field, what, "enter the first and the last number of a run"));
                }
            }
        }
    }
    Ok(found)
}

impl House {
    pub(super) fn forms_stream(&self) -> String {
        format!("order-forms/{}", self.pharmacy)
    }

    /// The register of this pharmacy's forms.
    pub(crate) fn order_forms(&self) -> Result<FormsFile, Fault> {
        let (events, version) = stream::<FormsEventRecord>(&self.store, &self.forms_stream())?;
        let register = FormRegister::new(self.order_party()).replay(&events);
        Ok(FormsFile { register, events, version })
    }

    /// One act of the register.
    ///
    /// # Errors
    /// `ORDER-ACT` for an act that there is not, what the core and the rulebook refuse, and fields that cannot be read.
    pub(crate) fn act_on_forms(&self, actor: &Actor, act: &str, typed: &Typed) -> Result<(), Fault> {
        let file = self.order_forms()?;
        let register = &file.register;
        let (by, at) = (actor.clone(), self.clock.moment());
        let events = match act {
            "request" => {
                let request = FormsRequest {
                    registrant: self.order_party(),
                    telephone: typed.maybe("telephone").unwrap_or_else(|| self.config.pharmacy.telephone.clone()),
                    channel: typed.word("channel", RequestChannel::parse)?,
                    books: typed.number("books")?,
                    need: typed.maybe("need"),
                };
                register.request(&self.profile, request, by, at)?
            }
            "receive" => {
                let (edition, issued) = (typed.word("edition", Edition::parse)?, typed.day("issued")?);
                let mut serials = serials(typed, "serials")?;
                if edition == Edition::Triplicate && serials.len() == 1 {
                    register.receive_book(&serials.remove(0), issued, by, at)?
                } else {
                    register.receive(edition, serials, issued, by, at)?
                }
            }
            "void" => {
                let serial = one(typed)?;
                register.void(&serial, typed.get("reason"), by, at)?
            }
            "return" => {
                let office = typed.text("office")?;
                register.give_back(serials(typed, "serials")?, &office, by, at)?
            }
            "missing" => {
                let event = typed.word("event", FormsEvent::from_word)?;
                let kind = typed.word("forms", FormsKind::from_word)?;
                let about = typed.maybe_day("issued")?;
                let discovered = self.order_happened(typed, "at")?;
                register.missing(&self.profile, (event, kind), serials(typed, "serials")?, about, (by, discovered))?
            }
            "reported" => {
                let (of, office) = (typed.number("of")?, typed.text("office")?);
                register.reported(of, &office, by, at)?
            }
            other => return Err(no_such_act(other)),
        };
        let name = self.forms_stream();
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default().decided_on(&name, file.version);
        for event in &events {
            change = change.event(&desk, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }
}

fn one(typed: &Typed) -> Result<FormNumber, Fault> {
    let text = typed.get("serial");
    FormNumber::parse(text).map_err(|error| wrong("serial", error.to_string(), "copy it from the form"))
}

/// There is no act of this name at the desk.
pub(super) fn no_such_act(act: &str) -> Fault {
    let act: String = act.chars().take(40).collect();
    Refusal::new("ORDER-ACT", "-", format!("{act:?} is nothing that this desk does"), "use the forms of its pages")
        .into()
}
