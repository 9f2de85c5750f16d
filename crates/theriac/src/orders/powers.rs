//! Powers of attorney to sign orders: 21 CFR 1305.05. People sign in their own sessions; a witness from outside signs the
//! printed paper, and the grantor records it.

use super::forms::no_such_act;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use theriac_books::Name;
use theriac_books::orders::{PowerEvent, PowerPaper, PowerSigner, PowerState, Powers, Scope};
use theriac_model::{Actor, Refusal};

impl House {
    pub(super) fn powers_stream(&self) -> String {
        format!("order-powers/{}", self.pharmacy)
    }

    /// The file of powers of attorney, its events, and the version of its stream.
    pub(crate) fn order_powers(&self) -> Result<(Powers, Vec<PowerEvent>, u64), Fault> {
        let (events, version) = stream::<PowerEvent>(&self.store, &self.powers_stream())?;
        Ok((Powers::new(self.order_party(), String::new()).replay(&events), events, version))
    }

    /// Who signed the latest application for the registration; nobody before it was entered.
    pub(crate) fn latest_applicant(events: &[PowerEvent]) -> Option<&str> {
        events.iter().rev().find_map(|event| match event {
            PowerEvent::Renewed { signer, .. } => Some(signer.as_str()),
            _ => None,
        })
    }

    /// One power of attorney.
    pub(crate) fn order_power(&self, id: &str) -> Result<PowerState, Fault> {
        let (powers, ..) = self.order_powers()?;
        let found = powers.all().find(|state| state.paper.id.as_str() == id).cloned();
        found.ok_or_else(|| {
            let what = "there is no power of attorney of this name";
            Refusal::new("BOOKS-POWER-UNKNOWN", "21 CFR 1305.05", what, "choose one of the list").about("id").into()
        })
    }

    /// A person of this deployment, by the identifier that was chosen.
    fn person_typed(&self, typed: &Typed, field: &'static str) -> Result<String, Fault> {
        let id = typed.text(field)?;
        if self.known_person(&id).is_some() || self.load_person(&id)?.is_some() {
            return Ok(id);
        }
        Err(wrong(field, format!("{field} is nobody of this deployment"), "choose a person of the list"))
    }

    /// One act of the file.
    ///
    /// # Errors
    /// What the core refuses; `ORDER-POWER-SELF` when somebody would sign for somebody else.
    pub(crate) fn act_on_powers(&self, actor: &Actor, act: &str, typed: &Typed) -> Result<(), Fault> {
        let (powers, known, version) = self.order_powers()?;
        let at = self.clock.moment();
        let id = || {
            let bad = |error: theriac_books::NotAName| wrong("id", error.to_string(), "name it such as poa-tally-2026");
            Name::parse(typed.get("id")).map_err(bad)
        };
        let events = match act {
            "application" => {
                let signer = self.person_typed(typed, "signer")?;
                if Self::latest_applicant(&known).is_some_and(|latest| latest == signer) {
                    let what = "this person signed the latest application already";
                    return Err(wrong("signer", what, "enter an application only when it was made"));
                }
                powers.renewed(&signer, at)
            }
            "draw" => {
                let scopes: Vec<Scope> = typed.all("scope").filter_map(Scope::parse).collect();
                let paper = PowerPaper {
                    id: id()?,
                    registrant: self.order_party(),
                    grantor: self.person_typed(typed, "grantor")?,
                    attorney: self.person_typed(typed, "attorney")?,
                    scopes,
                    dated: at.date(),
                    place: typed.get("place").to_owned(),
                };
                powers.draw(paper, actor.clone(), at)?
            }
            "sign" => {
                let id = id()?;
                let capacity = typed.word("capacity", PowerSigner::parse)?;
                let signer = self.signer_of_power(actor, &powers, &id, capacity, typed)?;
                powers.sign(&id, capacity, &signer, at)?
            }
            "revoke" => {
                let witnesses: Vec<String> =
                    typed.all("witness").map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect();
                powers.revoke(&id()?, &actor.id, witnesses, &typed.text("place")?, at)?
            }
            other => return Err(no_such_act(other)),
        };
        let name = self.powers_stream();
        let desk = self.at_the_order_desk(actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.event(&desk, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Who signs: whoever sits at the desk. Only a witness from outside is named, by the grantor, who has the signed paper.
    fn signer_of_power(
        &self,
        actor: &Actor,
        powers: &Powers,
        id: &Name,
        capacity: PowerSigner,
        typed: &Typed,
    ) -> Result<String, Fault> {
        let outside = typed.get("signer");
        if outside.is_empty() || outside == actor.id {
            return Ok(actor.id.clone());
        }
        let grants = powers.all().any(|state| state.paper.id == *id && state.paper.grantor == actor.id);
        if capacity == PowerSigner::Witness && grants && self.known_person(outside).is_none() {
            return Ok(outside.to_owned());
        }
        Err(Refusal::new(
            "ORDER-POWER-SELF",
            "21 CFR 1305.05(d)",
            "nobody signs for somebody else",
            "let each person sign in a session of their own; the grantor records witnesses from outside",
        )
        .about("signer")
        .into())
    }
}
