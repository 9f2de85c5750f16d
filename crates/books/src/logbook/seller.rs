//! A seller of listed chemical products: its certificate, its people's training, its losses. 21 CFR 1314.15, 1314.35 to
//! 1314.42.

use super::chemical::law_seller;
use super::refuse;
use crate::ask;
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::Certification;
use theriac_law::vocab::{Confirmation, Event, Registrant, ReportElement, SellerKind};
use theriac_law::{Duty, Moment, Profile, Question, Request};
use theriac_model::{Actor, DeaNumber, Refusal};

words! {
    /// What a seller is to DEA.
    SellerRegistration {
        /// A pharmacy registered with DEA: no fee.
        Pharmacy "pharmacy",
        /// A shop without a registration.
        Store "store",
    }

    /// What a seller confirms, each with its evidence.
    Confirmed {
        /// Those who sell were trained.
        StaffTrained "staff-trained",
        /// Records of the training are kept.
        TrainingRecords "training-records",
        /// The limit of a day is kept.
        DailyLimit "daily-limit",
        /// Products are packed as required.
        Packaging "packaging",
        /// Products are behind the counter or locked up.
        Placement "placement",
        /// The logbook is kept.
        Logbook "logbook",
        /// The log is disclosed only as the law allows.
        Disclosure "disclosure",
    }
}

stored_words!(SellerRegistration, Confirmed);

impl Confirmed {
    const fn law(self) -> Confirmation {
        match self {
            Self::StaffTrained => Confirmation::StaffTrained,
            Self::TrainingRecords => Confirmation::TrainingRecords,
            Self::DailyLimit => Confirmation::DailyLimit,
            Self::Packaging => Confirmation::Packaging,
            Self::Placement => Confirmation::Placement,
            Self::Logbook => Confirmation::Logbook,
            Self::Disclosure => Confirmation::Disclosure,
        }
    }
}

record! {
    /// A place that sells.
    SellerPlace {
        /// Its name.
        name: String,
        /// Its business address, on one line.
        address: String,
        /// Its DEA number, where it has one.
        number: Option<DeaNumber>,
        /// What it is to DEA.
        registration: SellerRegistration,
    }

    /// A confirmation and what it rests on.
    Evidence {
        /// What is confirmed.
        confirmed: Confirmed,
        /// What shows it: a record, a photograph, a list.
        rests_on: String,
    }

    /// A person's training.
    Training {
        /// The employee, by the deployment's identifier.
        employee: String,
        /// The version of DEA's training material; own material may stand beside it.
        official_material: String,
        /// The day on which the acknowledgement was signed.
        acknowledged: Date,
        /// Where in the personnel file it is kept.
        filed: String,
    }
}

events! {
    /// One event of a seller's file.
    SellerEvent {
        /// The seller certified itself with DEA.
        Certified "slcp.certified" {
            /// The certificate's number.
            certificate: String,
            /// Its last day.
            until: Date,
            /// SHA-256 of the certificate's image, in hex.
            image: String,
            /// Every confirmation with its evidence.
            evidence: Vec<Evidence>,
            /// Who acknowledged that a false certification is punishable under 18 U.S.C. 1001.
            warned: String,
            /// When.
            at: Moment,
        }
        /// Somebody was trained and has signed for it.
        Trained "slcp.trained" {
            /// The training.
            training: Training,
            /// Recorded by whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Products with a listed chemical are missing.
        LossFound "slcp.loss-found" {
            /// Its number in this file, from 1.
            number: u64,
            /// The day of the loss.
            on: Date,
            /// What kind of loss: theft, robbery, in transit.
            kind: String,
            /// The circumstances.
            circumstances: String,
            /// The last day of the written report.
            written_due: Option<Date>,
            /// By whom.
            by: Actor,
            /// When the seller became aware of it.
            at: Moment,
        }
        /// The field office was called.
        LossCalled "slcp.loss-called" {
            /// Which loss.
            number: u64,
            /// Who took the call.
            officer: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// The written report was sent.
        LossReported "slcp.loss-reported" {
            /// Which loss.
            number: u64,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

/// The certificate in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// Its number.
    pub number: String,
    /// Its last day.
    pub until: Date,
    /// SHA-256 of its image, in hex.
    pub image: String,
}

/// A loss of listed chemicals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChemicalLoss {
    /// The day of the loss.
    pub on: Date,
    /// What kind.
    pub kind: String,
    /// The circumstances.
    pub circumstances: String,
    /// The last day of the written report.
    pub written_due: Option<Date>,
    /// The call to the field office: when, and with whom.
    pub called: Option<(Moment, String)>,
    /// When the written report was sent.
    pub reported: Option<Moment>,
}

/// The written report of a loss: what 21 CFR 1314.15(d) asks for. DEA Form 106 is not used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChemicalLossReport {
    /// The DEA number, where there is one.
    pub number: Option<DeaNumber>,
    /// The name.
    pub name: String,
    /// The business address.
    pub address: String,
    /// The day of the loss.
    pub on: Date,
    /// The kind of loss.
    pub kind: String,
    /// The circumstances.
    pub circumstances: String,
}

/// A seller's file at one place.
#[derive(Clone, Debug)]
pub struct SellerFile {
    place: SellerPlace,
    certificate: Option<Certificate>,
    trained: BTreeMap<String, Training>,
    losses: Vec<ChemicalLoss>,
}

impl SellerFile {
    /// The file of a place.
    pub const fn new(place: SellerPlace) -> Self {
        Self { place, certificate: None, trained: BTreeMap::new(), losses: Vec::new() }
    }

    /// The file after `events`.
    #[must_use]
    pub fn replay<'a>(mut self, events: impl IntoIterator<Item = &'a SellerEvent>) -> Self {
        for event in events {
            self.apply(event);
        }
        self
    }

    /// The place.
    pub const fn place(&self) -> &SellerPlace {
        &self.place
    }

    /// The certificate, whether in force or not.
    pub const fn certificate(&self) -> Option<&Certificate> {
        self.certificate.as_ref()
    }

    /// The last day of the certificate.
    pub fn certified_until(&self) -> Option<Date> {
        self.certificate.as_ref().map(|certificate| certificate.until)
    }

    pub(crate) const fn kind(&self) -> SellerKind {
        law_seller(self.place.registration)
    }

    /// A person's training, once the acknowledgement is signed.
    pub fn training_of(&self, employee: &str) -> Option<&Training> {
        self.trained.get(employee)
    }

    /// Everybody's training, by employee.
    pub fn trained(&self) -> impl Iterator<Item = &Training> {
        self.trained.values()
    }

    /// Certifies: every confirmation has its evidence, and a named person has acknowledged the warning. `places` is how many
    /// places the seller certifies for; what the rulebook adds (a fee, the way by mail) is returned beside the event.
    ///
    /// # Errors
    /// The rulebook's refusal naming the first confirmation without evidence, `BOOKS-BOOK-TEXT` when nobody acknowledged the
    /// warning or the certificate has no number.
    pub fn certify(
        &self,
        profile: &Profile,
        certificate: Certificate,
        evidence: Vec<Evidence>,
        (warned, places): (&str, u32),
        at: Moment,
    ) -> Result<(Vec<SellerEvent>, Vec<Duty>), Refusal> {
        let shown =
            |what: Confirmed| evidence.iter().any(|one| one.confirmed == what && !one.rests_on.trim().is_empty());
        let mut facts = Certification::new();
        facts.seller = self.kind();
        facts.locations = places;
        facts.unconfirmed = Confirmed::ALL.iter().copied().filter(|what| !shown(*what)).map(Confirmed::law).collect();
        let question = Question::new(at, Request::CertifySlcp {}).with(|all| all.certification = Some(Box::new(facts)));
        let decision = ask::permission(profile, &question)?;
        if warned.trim().is_empty() || certificate.number.trim().is_empty() {
            return Err(refuse::no_words());
        }
        let event = SellerEvent::Certified {
            certificate: certificate.number,
            until: certificate.until,
            image: certificate.image,
            evidence,
            warned: warned.to_owned(),
            at,
        };
        Ok((vec![event], decision.duties.iter().collect()))
    }

    /// Records a training with DEA's material and the signed acknowledgement.
    ///
    /// # Errors
    /// `BOOKS-BOOK-TEXT` when the material's version or the place in the personnel file is not given.
    pub fn train(&self, training: Training, by: Actor, at: Moment) -> Result<Vec<SellerEvent>, Refusal> {
        let written = [&training.employee, &training.official_material, &training.filed];
        if written.iter().any(|text| text.trim().is_empty()) {
            return Err(refuse::no_words());
        }
        Ok(vec![SellerEvent::Trained { training, by, at }])
    }

    /// A loss was found: the field office is called at once, and the written report has a last day.
    pub fn loss(
        &self,
        profile: &Profile,
        on: Date,
        kind: &str,
        circumstances: &str,
        (by, at): (Actor, Moment),
    ) -> Vec<SellerEvent> {
        vec![SellerEvent::LossFound {
            number: u64::try_from(self.losses.len()).unwrap_or(u64::MAX).saturating_add(1),
            on,
            kind: kind.to_owned(),
            circumstances: circumstances.to_owned(),
            written_due: ask::last_day(profile, Event::ListedChemicalLoss, at.date()),
            by,
            at,
        }]
    }

    /// The losses, numbered from 1.
    pub fn losses(&self) -> &[ChemicalLoss] {
        &self.losses
    }

    /// Losses of which the field office has not been told by telephone.
    pub fn calls_owed(&self) -> impl Iterator<Item = u64> {
        self.losses.iter().zip(1..).filter(|(loss, _)| loss.called.is_none()).map(|(_, number)| number)
    }

    fn lost(&self, number: u64) -> Result<&ChemicalLoss, Refusal> {
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        index.and_then(|index| self.losses.get(index)).ok_or_else(|| refuse::no_such_entry(number))
    }

    /// The field office was called.
    ///
    /// # Errors
    /// `BOOKS-BOOK-LINE`, `BOOKS-BOOK-TEXT` without the officer's name.
    pub fn called(&self, number: u64, officer: &str, by: Actor, at: Moment) -> Result<Vec<SellerEvent>, Refusal> {
        self.lost(number)?;
        if officer.trim().is_empty() {
            return Err(refuse::no_words());
        }
        Ok(vec![SellerEvent::LossCalled { number, officer: officer.to_owned(), by, at }])
    }

    /// The written report, when it is complete.
    ///
    /// # Errors
    /// `BOOKS-BOOK-LINE`, and the rulebook's refusal naming what it lacks.
    pub fn written(&self, profile: &Profile, number: u64, at: Moment) -> Result<ChemicalLossReport, Refusal> {
        let loss = self.lost(number)?;
        let registered = match self.place.registration {
            SellerRegistration::Pharmacy => Registrant::Registered,
            SellerRegistration::Store => Registrant::NotRegistered,
        };
        let absent = [
            (ReportElement::DeaNumber, self.place.number.is_none()),
            (ReportElement::Name, self.place.name.trim().is_empty()),
            (ReportElement::BusinessAddress, self.place.address.trim().is_empty()),
            (ReportElement::LossType, loss.kind.trim().is_empty()),
            (ReportElement::Circumstances, loss.circumstances.trim().is_empty()),
        ];
        let missing = absent.into_iter().filter(|(_, absent)| *absent).map(|(element, _)| element).collect();
        let request = Request::ReportSlcpLoss { missing, seller: registered };
        ask::permission(profile, &Question::new(at, request))?;
        Ok(ChemicalLossReport {
            number: self.place.number,
            name: self.place.name.clone(),
            address: self.place.address.clone(),
            on: loss.on,
            kind: loss.kind.clone(),
            circumstances: loss.circumstances.clone(),
        })
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &SellerEvent) {
        match event {
            SellerEvent::Certified { certificate, until, image, .. } => {
                let (number, until, image) = (certificate.clone(), *until, image.clone());
                self.certificate = Some(Certificate { number, until, image });
            }
            SellerEvent::Trained { training, .. } => {
                self.trained.insert(training.employee.clone(), training.clone());
            }
            SellerEvent::LossFound { on, kind, circumstances, written_due, .. } => self.losses.push(ChemicalLoss {
                on: *on,
                kind: kind.clone(),
                circumstances: circumstances.clone(),
                written_due: *written_due,
                called: None,
                reported: None,
            }),
            SellerEvent::LossCalled { number, officer, at, .. } => {
                if let Some(loss) = self.loss_mut(*number) {
                    loss.called = Some((*at, officer.clone()));
                }
            }
            SellerEvent::LossReported { number, at, .. } => {
                if let Some(loss) = self.loss_mut(*number) {
                    loss.reported = Some(*at);
                }
            }
        }
    }

    fn loss_mut(&mut self, number: u64) -> Option<&mut ChemicalLoss> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.losses.get_mut(index)
    }
}

/// The list for certifying many places at once: each place's data, each keeping its own certificate.
pub fn places_to_certify(files: &[SellerFile]) -> Vec<(&SellerPlace, Option<&Certificate>)> {
    files.iter().map(|file| (&file.place, file.certificate.as_ref())).collect()
}
