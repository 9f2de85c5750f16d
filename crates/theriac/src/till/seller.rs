//! The seller's file for listed chemicals: certificate, training, losses. 21 CFR 1314.15, 1314.35 to 1314.42.

use super::again;
use super::products::some;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use theriac_books::logbook::{
    Certificate, Confirmed, Evidence, SellerEvent, SellerFile, SellerPlace, SellerRegistration, Training,
};
use theriac_law::Moment;
use theriac_model::Actor;

impl House {
    fn seller_stream(&self) -> String {
        format!("logbook/{}/seller", self.pharmacy)
    }

    /// The seller's file, and its version. Name and address are those of the registration's profile.
    pub(crate) fn seller_file(&self) -> Result<(SellerFile, u64), Fault> {
        let (events, version) = stream::<SellerEvent>(&self.store, &self.seller_stream())?;
        let now = self.registration()?;
        let name = Some(now.get("name")).filter(|name| !name.is_empty()).unwrap_or(&self.config.pharmacy.name);
        let parts = ["line1", "line2", "city", "state", "postal"];
        let address: Vec<&str> = parts.iter().map(|part| now.get(part)).filter(|part| !part.is_empty()).collect();
        let place = SellerPlace {
            name: name.to_owned(),
            address: address.join(", "),
            number: Some(self.pharmacy),
            registration: SellerRegistration::Pharmacy,
        };
        Ok((SellerFile::new(place).replay(&events), version))
    }

    /// The latest certification with its evidence, for the register; `None` before the first.
    pub(crate) fn certification(&self) -> Result<Option<(Vec<Evidence>, String, Moment)>, Fault> {
        let (events, _) = stream::<SellerEvent>(&self.store, &self.seller_stream())?;
        Ok(events.into_iter().rev().find_map(|event| match event {
            SellerEvent::Certified { evidence, warned, at, .. } => Some((evidence, warned, at)),
            _ => None,
        }))
    }

    /// One act on the seller's file: certification, training, a loss, its call, its report. Answers what the rulebook adds.
    pub(crate) fn seller_act(&self, actor: &Actor, typed: &Typed) -> Result<Vec<String>, Fault> {
        again(|| {
            let (file, version) = self.seller_file()?;
            let at = self.clock.moment();
            let mut told = Vec::new();
            let events = match typed.get("step") {
                "certify" => {
                    let certificate = Certificate {
                        number: typed.get("certificate").to_owned(),
                        until: typed.day("until")?,
                        image: typed.get("image").to_owned(),
                    };
                    let evidence = Confirmed::ALL
                        .iter()
                        .map(|what| Evidence { confirmed: *what, rests_on: typed.get(what.word()).to_owned() });
                    let warned = if typed.ticked("warned") { self.full_name(&actor.id) } else { String::new() };
                    let places = typed.number_or("places", 1)?;
                    let evidence = evidence.collect();
                    let (events, duties) = file.certify(&self.profile, certificate, evidence, (&warned, places), at)?;
                    told.extend(duties.iter().map(ToString::to_string));
                    events
                }
                "train" => {
                    let employee = typed.get("employee").to_owned();
                    if self.known_person(&employee).is_none() {
                        let what = format!("nobody of this deployment has the identifier {employee:?}");
                        return Err(wrong("employee", what, "choose one of the people"));
                    }
                    let acknowledged = typed.day("acknowledged")?;
                    if acknowledged > at.date() {
                        let what = "the acknowledgement is signed on a day to come";
                        return Err(wrong("acknowledged", what, "enter the day on which it was signed"));
                    }
                    let training = Training {
                        employee,
                        official_material: typed.get("material").to_owned(),
                        acknowledged,
                        filed: typed.get("filed").to_owned(),
                    };
                    file.train(training, actor.clone(), at)?
                }
                "loss" => {
                    let on = typed.day("on")?;
                    let (kind, circumstances) = (typed.text("kind")?, typed.text("circumstances")?);
                    if on > at.date() {
                        return Err(wrong("on", "the loss lies in the future", "enter the day of the loss"));
                    }
                    file.loss(&self.profile, on, &kind, &circumstances, (actor.clone(), at))
                }
                "called" => file.called(some("number", typed)?, typed.get("officer"), actor.clone(), at)?,
                "reported" => {
                    let number = some("number", typed)?;
                    // Only a complete report is one that was sent.
                    file.written(&self.profile, number, at)?;
                    vec![SellerEvent::LossReported { number, by: actor.clone(), at }]
                }
                _ => return Err(wrong("step", "the form does not say what is to be done", "use the page's own forms")),
            };
            let (stream, by) = (self.seller_stream(), self.in_stockroom(actor, at));
            let mut change = Change::default().decided_on(&stream, version);
            for event in &events {
                change = change.event(&by, &stream, event)?;
            }
            change.commit(&self.store)?;
            Ok(told)
        })
    }
}
