//! Central filling, both sides: what this pharmacy sends to another to be filled, and what it fills for others (21 CFR 1306.15,
//! 1306.14(b), 1306.24(b)). A place that does both has one ledger: each movement names its filling or its transmission.

use super::labels::LabelForm;
use super::moving_papers::wall;
use super::sealed::{MEDIA, Opened, refused};
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use theriac_law::Moment;
use theriac_law::vocab::Form;
use theriac_model::{Actor, Element, Ndc, Refusal};
use theriac_paper::papers::DispensingLabel;
use theriac_pharmacy::{
    ArchiveDigest, Carriage, CentralArrival, CentralDelivered, CentralEvent, CentralMoved, CentralOrder, CentralSite,
    Pharmacist, PickUp, PrescriptionNumber, ToCentral, Transmission, Unfilled,
};
use theriac_prescriber::audit::Application;
use theriac_store::NewPiece;

/// A transmission that is filled here for another pharmacy, with its place in the journal.
pub(crate) struct Filling {
    pub(crate) seq: u64,
    pub(crate) stream: String,
    pub(crate) order: CentralOrder,
}

/// A transmission of this pharmacy's, as its list shows it.
pub(crate) struct SentRow {
    pub(crate) number: PrescriptionNumber,
    pub(crate) no: u32,
    pub(crate) at: String,
    pub(crate) to: String,
    pub(crate) drug: String,
    pub(crate) quantity: String,
    pub(crate) state: String,
}

/// How a filled package is given to the carrier.
#[derive(Clone, Debug)]
pub(crate) struct Delivery {
    pub(crate) carriage: Carriage,
    pub(crate) carrier: String,
    pub(crate) hired_by: String,
    pub(crate) assessment: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

fn unknown() -> Fault {
    Refusal::new(
        "PHARM-CENTRAL-UNKNOWN",
        "21 CFR 1306.15",
        "there is no transmission with this number",
        "take it from the list of what is filled for others",
    )
    .into()
}

impl House {
    /// Sends the next filling of a prescription to a central fill pharmacy; the sealed file for it is archived.
    ///
    /// # Errors
    /// By anyone but a pharmacist; the refusals of `Prescription::send_to_central`, which are recorded.
    pub(crate) fn send_central(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        central: &ToCentral,
    ) -> Result<(), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let gate = self.gate_today(Application::Dispensing)?;
        // Paper does not pass through the audited application (2008: 1311.170(h)).
        let electronic = prescription.received().source.form() == Form::Electronic;
        let open = if electronic { gate.standing.require() } else { Ok(()) };
        let decided = open.and_then(|()| Pharmacist::new(self.pharmacy_person(actor))).and_then(|pharmacist| {
            prescription.send_to_central(&self.profile, &pharmacist, at, central, &self.own_pharmacy())
        });
        let (events, transmission) = match decided {
            Ok(sent) => sent,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "send-to-central", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let file = self.seal_for(Transmission::PASSED, &central.to, &transmission.to_json(), &prescription)?;
        let seal = self.keys.pharmacy.seal(&file, at.timestamp).map_err(broken)?;
        let mut pieces = vec![NewPiece { media: MEDIA.to_owned(), bytes: file, seal }];
        let by = self.at_the_counter(actor, at);
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.with_pieces(&by, &name, event, std::mem::take(&mut pieces))?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// The sealed file of a transmission.
    pub(crate) fn central_file(&self, number: &PrescriptionNumber, no: u32) -> Result<Option<Vec<u8>>, Fault> {
        let sql = "SELECT seq FROM moving_sent WHERE number = $1 AND no = $2";
        let rows = self.store.query(sql, &[number.as_str().into(), u64::from(no).into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(self.store.archive(row.u64(0)?)?.into_iter().next().map(|piece| piece.bytes))
    }

    /// Records that a centrally filled package arrived. The accepting employee is whoever records it.
    ///
    /// # Errors
    /// The refusals of `Prescription::back_from_central`.
    pub(crate) fn back_from_central(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        arrival: &CentralArrival,
    ) -> Result<(), Fault> {
        self.on_prescription(actor, number, "back-from-central", |prescription, at| {
            let accepted_by = self.pharmacy_person(actor);
            let arrival = CentralArrival { accepted_by, ..arrival.clone() };
            prescription.back_from_central(&self.profile, no, at, &arrival)
        })
    }

    /// Records that something sent does not come back filled.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`.
    pub(crate) fn central_unfilled(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        why: Unfilled,
    ) -> Result<(), Fault> {
        self.on_prescription(actor, number, "central-unfilled", |prescription, at| {
            prescription.central_unfilled(no, &self.pharmacy_person(actor), at, why)
        })
    }

    /// Hands a centrally filled package over. No stock of this pharmacy moves.
    ///
    /// # Errors
    /// The refusals of `Prescription::release_central`.
    pub(crate) fn release_central(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        pick_up: &PickUp,
    ) -> Result<(), Fault> {
        self.on_prescription(actor, number, "release-central", |prescription, at| {
            prescription.release_central(&self.profile, no, pick_up, &self.pharmacy_person(actor), at)
        })
    }

    /// What was sent to central fill pharmacies, the newest first.
    pub(crate) fn sent_rows(&self, most: u32) -> Result<Vec<SentRow>, Fault> {
        let sql = format!("SELECT number, no, state FROM moving_sent ORDER BY seq DESC LIMIT {most}");
        let mut rows = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let Ok(number) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            let (prescription, _) = self.dispensing_now(&number)?;
            let no = u32::try_from(row.u64(1)?).unwrap_or(u32::MAX);
            let Some(central) = prescription.central().iter().find(|central| central.sent.no == no) else { continue };
            let contents = prescription.current();
            let part = |element| contents.get(element).unwrap_or_default();
            rows.push(SentRow {
                no,
                at: wall(central.sent.at),
                to: central.sent.to.name.clone(),
                drug: format!("{} {}", part(Element::DrugName), part(Element::DrugStrength)),
                quantity: crate::showing::in_words(&central.sent.quantity),
                state: row.text(2)?.to_owned(),
                number,
            });
        }
        Ok(rows)
    }

    /// This pharmacy as a place that fills for others.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-SITE` where the configuration says nothing of it; `PHARM-TEXT` without storage or controls.
    pub(crate) fn central_site(&self) -> Result<CentralSite, Refusal> {
        let Some(site) = &self.config.pharmacy.central else {
            return Err(Refusal::new(
                "PHARM-CENTRAL-SITE",
                "Pharmacist's Manual 2010, section XII; 21 CFR 1301.75",
                "this pharmacy is not set up to fill for others",
                "let the operator write pharmacy.central.storage and pharmacy.central.controls in theriac.toml",
            ));
        };
        CentralSite::new(self.pharmacy, &site.storage, &site.controls)
    }

    /// Takes in what another pharmacy sent to be filled; answers its place in the journal.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-SITE`; `PHARM-HANDED-OVER`; what was taken in before; the refusals of [`CentralOrder::receive`].
    pub(crate) fn receive_central(&self, actor: &Actor, bytes: &[u8]) -> Result<u64, Fault> {
        let site = self.central_site()?;
        let Opened { kind, body, .. } = self.open_sealed(bytes)?;
        if kind != Transmission::PASSED {
            return Err(refused(format!("the file holds no transmission but {kind}"), "take it to its own page").into());
        }
        let sent = Transmission::from_json(&body)
            .map_err(|error| refused(format!("the transmission cannot be read: {error}"), "ask for it again"))?;
        self.sealed_by(bytes, sent.retail.registration)?;
        let at = self.clock.moment();
        let archive = ArchiveDigest(theriac_journal::hash::sha256(bytes).0);
        let events = CentralOrder::receive(&self.profile, &site, archive, at, &sent)?;
        let order = CentralOrder::replay(&events).map_err(broken)?;
        let name = order.stream();
        if !self.store.stream(&name)?.is_empty() {
            let next = "find it in the list; the retail pharmacy sends each filling under a number of its own";
            return Err(refused("the same transmission was taken in before", next).into());
        }
        let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(broken)?;
        let mut pieces = vec![NewPiece { media: MEDIA.to_owned(), bytes: bytes.to_vec(), seal }];
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default().decided_on(&name, 0);
        for event in &events {
            change = change.with_pieces(&by, &name, event, std::mem::take(&mut pieces))?;
        }
        Ok(change.commit(&self.store)?.seqs.start)
    }

    /// What is filled here for others, the newest first.
    pub(crate) fn central_orders(&self, most: u32) -> Result<Vec<Filling>, Fault> {
        let sql = format!("SELECT seq, stream FROM moving_central ORDER BY seq DESC LIMIT {most}");
        let rows = self.store.query(&sql, &[])?;
        rows.iter().map(|row| Ok(self.filling_of(row.u64(0)?, row.text(1)?)?.0)).collect()
    }

    /// One of them, by the entry that recorded its arrival, with its version.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-UNKNOWN`.
    pub(crate) fn central_order(&self, seq: u64) -> Result<(Filling, u64), Fault> {
        let rows = self.store.query("SELECT stream FROM moving_central WHERE seq = $1", &[seq.into()])?;
        let row = rows.first().ok_or_else(unknown)?;
        self.filling_of(seq, row.text(0)?)
    }

    fn filling_of(&self, seq: u64, name: &str) -> Result<(Filling, u64), Fault> {
        let (events, version) = stream::<CentralEvent>(&self.store, name)?;
        let order = CentralOrder::replay(&events).map_err(broken)?;
        Ok((Filling { seq, stream: name.to_owned(), order }, version))
    }

    /// Fills it. The product must be the one prescribed, by the drug file.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-PRODUCT`; the refusals of [`CentralOrder::fill`] and of the books.
    pub(crate) fn fill_central(&self, actor: &Actor, seq: u64, ndc: &Ndc) -> Result<(), Fault> {
        let (found, version) = self.central_order(seq)?;
        self.gate_today(Application::Dispensing)?.standing.require()?;
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let contents = &found.order.received().contents;
        let named = contents.get(Element::DrugNdc).is_some_and(|named| Ndc::parse(named).as_ref() == Ok(ndc));
        let same =
            |element: Element, text: &str| contents.get(element).is_some_and(|value| value.eq_ignore_ascii_case(text));
        let product = self.drug(ndc)?;
        let equivalent = product.is_some_and(|product| {
            same(Element::DrugName, &product.name)
                && same(Element::DrugStrength, &product.strength)
                && same(Element::DrugForm, &product.form)
        });
        if !named && !equivalent {
            return Err(Refusal::new(
                "PHARM-PRODUCT",
                "21 CFR 1306.15, 1306.06",
                "the product scanned is not the one prescribed",
                "scan a package of the drug, strength and form on the transmission",
            )
            .about("ndc")
            .into());
        }
        let at = self.clock.moment();
        let moved = found.order.fill(&self.profile, &pharmacist, ndc, at)?;
        self.record_central(actor, (&found.stream, version), &moved, at)
    }

    /// Gives a filled package to the carrier.
    ///
    /// # Errors
    /// The refusals of [`CentralOrder::deliver`].
    pub(crate) fn deliver_central(&self, actor: &Actor, seq: u64, delivery: &Delivery) -> Result<(), Fault> {
        let (found, version) = self.central_order(seq)?;
        let at = self.clock.moment();
        let delivered = CentralDelivered {
            at,
            by: self.pharmacy_person(actor),
            carriage: delivery.carriage,
            carrier: delivery.carrier.clone(),
            hired_by: delivery.hired_by.clone(),
            assessment: delivery.assessment.clone(),
        };
        let moved = found.order.deliver(&delivered)?;
        self.record_central(actor, (&found.stream, version), &moved, at)
    }

    fn record_central(
        &self,
        actor: &Actor,
        (name, version): (&str, u64),
        moved: &CentralMoved,
        at: Moment,
    ) -> Result<(), Fault> {
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default().decided_on(name, version);
        for event in &moved.events {
            change = change.event(&by, name, event)?;
        }
        self.posting_all(change, &by, std::slice::from_ref(&moved.movement))?.commit(&self.store)?;
        Ok(())
    }

    /// Sends it back unfilled, or records that it was lost.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE`.
    pub(crate) fn send_back_central(&self, actor: &Actor, seq: u64, why: Unfilled) -> Result<(), Fault> {
        let (found, version) = self.central_order(seq)?;
        let at = self.clock.moment();
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default().decided_on(&found.stream, version);
        for event in found.order.send_back(&self.pharmacy_person(actor), at, why)? {
            change = change.event(&by, &found.stream, &event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Prints the label of a package filled here for another pharmacy: its name and address, and who filled it.
    ///
    /// # Errors
    /// `PHARM-CENTRAL-STATE` before it is filled; the refusals of a label.
    pub(crate) fn print_central_label(
        &self,
        actor: &Actor,
        seq: u64,
        form: LabelForm,
        why: &str,
    ) -> Result<Vec<u8>, Fault> {
        let (found, _) = self.central_order(seq)?;
        let received = found.order.received();
        let Some(filled) = found.order.filled() else {
            return Err(Refusal::new(
                "PHARM-CENTRAL-STATE",
                "21 CFR 1306.14(b), 1306.24(b)",
                "it is not filled yet",
                "fill it, then print its label",
            )
            .into());
        };
        let both = found.order.label(&self.profile, filled.at)?;
        let text = |element: Element| received.contents.get(element).unwrap_or_default();
        let joined = |elements: &[Element]| {
            let parts = elements.iter().map(|element| text(*element)).filter(|part| !part.is_empty());
            parts.collect::<Vec<_>>().join(" ")
        };
        let left = match received.refills_remaining {
            None => "no refills left".to_owned(),
            Some(left) => {
                let this = u32::from(received.which == theriac_pharmacy::Which::Refill);
                format!("{} refills left", left.saturating_sub(this))
            }
        };
        let label = DispensingLabel {
            pharmacy: received.retail.name.clone(),
            pharmacy_address: received.retail.address.clone(),
            telephone: String::new(),
            number: received.retail.number.clone(),
            filled: filled.at.date(),
            patient: joined(&[Element::PatientFirst, Element::PatientMiddle, Element::PatientLast]),
            practitioner: joined(&[Element::PractitionerFirst, Element::PractitionerMiddle, Element::PractitionerLast]),
            directions: text(Element::Directions).to_owned(),
            cautions: if received.schedule == theriac_model::Schedule::V {
                Vec::new()
            } else {
                vec![theriac_pharmacy::TRANSFER_WARNING.to_owned()]
            },
            drug: format!(
                "{} (NDC {})",
                joined(&[Element::DrugName, Element::DrugStrength, Element::DrugForm]),
                filled.ndc
            ),
            quantity: crate::showing::in_words(&received.quantity),
            left,
            filled_at: Some(both.filled_by.to_string()),
        };
        self.print_foreign(actor, (&found.stream, 1), &label, filled.at, (form, why))
    }
}
