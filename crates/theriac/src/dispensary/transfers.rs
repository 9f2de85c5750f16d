//! Transfers out and in: the core decides, the other pharmacy gets a sealed file and a paper, both records name both
//! pharmacists (21 CFR 1306.25, 1306.08(e), (f)).

use super::moving_papers::wall;
use super::sealed::{MEDIA, Opened, original_agrees, refused};
use crate::house::House;
use crate::house::config::UnfilledTransfers;
use crate::house::record::{Change, Fault};
use theriac_law::vocab::{Between, Form, Status};
use theriac_model::json::canonical;
use theriac_model::{Actor, Element, Refusal};
use theriac_paper::Document;
use theriac_pharmacy::{
    ArchiveDigest, Database, Event, Leaving, Mark, Pharmacist, Prescription, PrescriptionNumber, TakingIn,
    TransferArrival, TransferData, TransferOut, TransferredIn, Twin, take_transfer,
};
use theriac_store::NewPiece;

/// How a transfer reached this pharmacy, as the receiving pharmacist enters it.
#[derive(Clone, Debug)]
pub(crate) struct Receiving {
    pub(crate) between: Between,
    pub(crate) database: Database,
    /// What the receiving pharmacist found of the other pharmacy's registration; the registrant data goes before it.
    pub(crate) standing: Status,
    pub(crate) mark: Mark,
}

/// What became of a transfer that arrived.
#[derive(Clone, Debug)]
pub(crate) enum TransferTaken {
    /// It is a prescription now.
    Accepted(PrescriptionNumber),
    /// It is recorded and never dispensed; why.
    Refused(Vec<Refusal>),
}

/// When a prescription is void here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parting {
    /// Now: the two pharmacists talk to each other.
    AtOnce,
    /// When the other pharmacy says that it took it in; until then it waits.
    WhenTakenIn,
}

/// What is recorded beside a transfer that was taken in, in the same act.
pub(super) type Beside<'a> = &'a dyn Fn(Change, &PrescriptionNumber) -> Result<Change, Fault>;

/// A row of the list of transfers.
pub(crate) struct TransferRow {
    pub(crate) number: PrescriptionNumber,
    pub(crate) out: bool,
    pub(crate) at: String,
    pub(crate) other: String,
    pub(crate) pharmacists: String,
    pub(crate) drug: String,
}

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

/// 73 FR 36750: an unfilled electronic prescription leaves only where the pharmacy's own policy lets it.
fn policy() -> Refusal {
    Refusal::new(
        "PHARM-TRANSFER-POLICY",
        "73 FR 36750; 21 CFR 1306.08(e)",
        "nothing was dispensed on this electronic prescription, and this pharmacy's policy keeps those here",
        "ask the practitioner to send a new prescription to the other pharmacy, or let the operator set \
         pharmacy.unfilled_transfers where the State allows it",
    )
    .about("pharmacy.unfilled_transfers")
}

impl House {
    fn decide_transfer(
        &self,
        actor: &Actor,
        prescription: &Prescription,
        out: &TransferOut,
        parting: Parting,
    ) -> Result<Leaving, Refusal> {
        let unfilled = prescription.received().source.form() == Form::Electronic && prescription.used() == 0;
        if unfilled && self.config.pharmacy.unfilled_transfers == UnfilledTransfers::Refused {
            return Err(policy());
        }
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let at = self.clock.moment();
        let own = self.own_pharmacy();
        match parting {
            Parting::AtOnce => prescription.transfer_out(&self.profile, &pharmacist, at, out, &own),
            Parting::WhenTakenIn => prescription.send_by_transfer(&self.profile, &pharmacist, at, out, &own),
        }
    }

    /// Lets a prescription go to another pharmacy; the sealed file for it is archived with the record.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-POLICY`; the refusals of [`Prescription::transfer_out`]. A refusal is
    /// recorded with the prescription.
    pub(crate) fn transfer_out(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        out: &TransferOut,
    ) -> Result<(), Fault> {
        self.leaving(actor, number, out, Parting::AtOnce)?.0.commit(&self.store)?;
        Ok(())
    }

    /// What a transfer out changes in the record, and the sealed file that is archived with it. A refusal is recorded.
    pub(super) fn leaving(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        out: &TransferOut,
        parting: Parting,
    ) -> Result<(Change, Vec<u8>), Fault> {
        let at = self.clock.moment();
        let (prescription, version) = self.dispensing_now(number)?;
        let mut out = out.clone();
        out.standing = self.standing_of(out.to.registration, out.standing);
        let leaving = match self.decide_transfer(actor, &prescription, &out, parting) {
            Ok(leaving) => leaving,
            Err(refusal) => {
                self.record_refusal(&prescription, version, "transfer-out", actor, at, &refusal)?;
                return Err(refusal.into());
            }
        };
        let file = self.seal_for(TransferData::PASSED, &out.to, &leaving.data.to_json(), &prescription)?;
        let seal = self.keys.pharmacy.seal(&file, at.timestamp).map_err(broken)?;
        let mut pieces = vec![NewPiece { media: MEDIA.to_owned(), bytes: file.clone(), seal }];
        let by = self.at_the_counter(actor, at);
        let name = number.stream();
        let mut change = Change::default().decided_on(&name, version);
        for event in &leaving.events {
            change = change.with_pieces(&by, &name, event, std::mem::take(&mut pieces))?;
        }
        Ok((change, file))
    }

    /// The status of another pharmacy's registration: the stricter of what the registrant data says and what the pharmacist
    /// found. What the data does not list is not registered, whatever was found: it is listed first, from a newer file or an
    /// outside check that the pharmacy relies on. Where no number was given, its absence is refused by itself.
    fn standing_of(&self, other: Option<theriac_model::DeaNumber>, found: Status) -> Status {
        use theriac_law::vocab::Word as _;
        let Some(other) = other else { return found };
        let Some(row) = self.registrant_row(other) else { return Status::Revoked };
        let status = Status::from_word(&row.status).unwrap_or(Status::Revoked);
        let today = self.clock.moment().date();
        match status {
            Status::Valid if today > row.expires => Status::Expired,
            Status::Valid => found,
            known => known,
        }
    }

    /// The sealed file of a transfer out, and what it holds; `None` where the prescription did not leave, or came back free.
    pub(crate) fn transfer_file(&self, number: &PrescriptionNumber) -> Result<Option<(Vec<u8>, TransferData)>, Fault> {
        let entries = self.store.stream(&number.stream())?;
        let mut piece = None;
        for entry in &entries {
            match entry.kind.as_str() {
                "rx.transfer-freed" => piece = None,
                // What was sent from program to program was archived when it was sent, not when it was confirmed.
                "rx.transfer-sent" | "rx.transferred-out" => {
                    piece = self.store.archive(entry.seq)?.into_iter().next().or(piece);
                }
                _ => {}
            }
        }
        if piece.is_none() && !entries.iter().any(|entry| entry.kind == "rx.transferred-out") {
            return Ok(None);
        }
        let piece = piece.ok_or_else(|| broken("the file of the transfer is not in the archive"))?;
        let content = theriac_pki::cms::verify_attached(&piece.bytes, &[]).map_err(broken)?.content().to_vec();
        let whole: serde_json::Value = serde_json::from_slice(&content).map_err(broken)?;
        let data = TransferData::from_json(whole.get("body").unwrap_or(&serde_json::Value::Null)).map_err(broken)?;
        Ok(Some((piece.bytes, data)))
    }

    /// The record of a transfer as a paper: out where the prescription left, else in.
    pub(crate) fn transfer_paper(&self, number: &PrescriptionNumber) -> Result<Option<Document>, Fault> {
        let (prescription, _) = self.dispensing_now(number)?;
        if let (Some(left), Some((_, data))) = (prescription.transferred_out(), self.transfer_file(number)?) {
            return Ok(Some(self.transfer_out_paper(&prescription, left, &data)));
        }
        let came = prescription.received().source.transferred_in();
        Ok(came.map(|came| self.transfer_in_paper(&prescription, came)))
    }

    /// Takes in the sealed file of a transfer.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-HANDED-OVER`; what a signature that does not hold is refused with.
    pub(crate) fn take_transfer_file(
        &self,
        actor: &Actor,
        bytes: &[u8],
        how: &Receiving,
    ) -> Result<TransferTaken, Fault> {
        self.take_transfer_file_and(actor, bytes, how, &|change, _| Ok(change))
    }

    /// As [`House::take_transfer_file`], with what is recorded beside it.
    pub(super) fn take_transfer_file_and(
        &self,
        actor: &Actor,
        bytes: &[u8],
        how: &Receiving,
        beside: Beside<'_>,
    ) -> Result<TransferTaken, Fault> {
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        let data = self.transfer_in_file(bytes)?;
        self.take(pharmacist, data, (bytes, MEDIA), how, beside)
    }

    /// What a sealed file of a transfer holds, once its seals are found good.
    pub(super) fn transfer_in_file(&self, bytes: &[u8]) -> Result<TransferData, Fault> {
        let Opened { kind, body, sealed_by } = self.open_sealed(bytes)?;
        if kind != TransferData::PASSED {
            let next = "take it to the page of central filling";
            return Err(refused(format!("the file holds no transfer but {kind}, sealed by {sealed_by}"), next).into());
        }
        let data = TransferData::from_json(&body)
            .map_err(|error| refused(format!("the transfer cannot be read: {error}"), "ask for it again"))?;
        if data.form == Form::Electronic && !original_agrees(bytes, data.original) {
            let what = "the original that came along is not the one that the transfer names, or did not come along";
            return Err(refused(what, "ask the transferring pharmacist for the file as it was written").into());
        }
        self.sealed_by(bytes, data.from.registration)?;
        Ok(data)
    }

    /// Takes in a transfer that the receiving pharmacist wrote down.
    ///
    /// # Errors
    /// By anyone but a pharmacist.
    pub(crate) fn take_transfer_by_hand(
        &self,
        actor: &Actor,
        mut data: TransferData,
        how: &Receiving,
    ) -> Result<TransferTaken, Fault> {
        let pharmacist = Pharmacist::new(self.pharmacy_person(actor))?;
        // What was written down is what is archived; of an original that stayed there nothing else is known here.
        let written = canonical(&data.to_json()).map_err(broken)?;
        data.original = ArchiveDigest(theriac_journal::hash::sha256(&written).0);
        let written = canonical(&data.to_json()).map_err(broken)?;
        self.take(pharmacist, data, (&written, "application/json"), how, &|change, _| Ok(change))
    }

    fn take(
        &self,
        by: Pharmacist,
        data: TransferData,
        (bytes, media): (&[u8], &str),
        how: &Receiving,
        beside: Beside<'_>,
    ) -> Result<TransferTaken, Fault> {
        let at = self.clock.moment();
        let actor = by.person().actor.clone();
        let archive = ArchiveDigest(theriac_journal::hash::sha256(bytes).0);
        let sender = data.from.registration.map(|number| number.to_string()).unwrap_or_default();
        let order = data.from.number.clone();
        let known = self.transferred_before(&sender, &order)?;
        let ndc = data.contents.get(Element::DrugNdc).and_then(|text| theriac_model::Ndc::parse(text).ok());
        let narcotic = self.narcotic(ndc.as_ref())?;
        let claimed = (format!("transfer/{sender}"), order);
        let claim = self.twins.claim(archive, &claimed.0, Some(&claimed.1));
        let twin = match (&claim.twin, known) {
            (Twin::None, Some(before)) => Twin::SameOrder(before),
            (twin, _) => twin.clone(),
        };
        let standing = self.standing_of(data.from.registration, how.standing);
        let arrival = TransferArrival {
            number: claim.number.clone(),
            pharmacy: self.pharmacy,
            archive,
            at,
            by,
            between: how.between,
            database: how.database,
            standing,
            mark: how.mark,
            registrant: self.look_up_registrant(&data.contents, None, at.date()),
            drug: self.look_up_drug(&data.contents),
            narcotic,
            twin,
            data,
        };
        let (stream, events, taken) = match take_transfer(&self.profile, arrival) {
            TakingIn::Accepted(events) => {
                (claim.number.stream(), events, TransferTaken::Accepted(claim.number.clone()))
            }
            TakingIn::Refused { events, refusals } => (archive.stream(), events, TransferTaken::Refused(refusals)),
        };
        let accepted = matches!(taken, TransferTaken::Accepted(_)).then_some(&claim.number);
        let recorded = self
            .taking(&actor, &stream, &events, (bytes, media))
            .and_then(|change| match accepted {
                Some(number) => beside(change, number),
                None => Ok(change),
            })
            .and_then(|change| change.commit(&self.store).map(|_| ()));
        if recorded.is_err() || matches!(taken, TransferTaken::Refused(_)) {
            self.twins.release(&claim, archive, &claimed.0, Some(&claimed.1));
        }
        recorded.map(|()| taken)
    }

    fn taking(
        &self,
        actor: &Actor,
        stream: &str,
        events: &[Event],
        (bytes, media): (&[u8], &str),
    ) -> Result<Change, Fault> {
        let at = self.clock.moment();
        let seal = self.keys.pharmacy.seal(bytes, at.timestamp).map_err(broken)?;
        let mut pieces = vec![NewPiece { media: media.to_owned(), bytes: bytes.to_vec(), seal }];
        let by = self.at_the_counter(actor, at);
        let mut change = Change::default();
        if stream.starts_with("rx/") {
            change = change.decided_on(stream, 0);
        }
        for event in events {
            change = change.with_pieces(&by, stream, event, std::mem::take(&mut pieces))?;
        }
        Ok(change)
    }

    /// The prescription as which the same transfer was taken in before.
    fn transferred_before(&self, registration: &str, number: &str) -> Result<Option<PrescriptionNumber>, Fault> {
        if registration.is_empty() || number.is_empty() {
            return Ok(None);
        }
        let sql = "SELECT number FROM moving_transfers WHERE way = 'in' AND other = $1 AND other_number = $2";
        let rows = self.store.query(sql, &[registration.into(), number.into()])?;
        let Some(row) = rows.first() else { return Ok(None) };
        Ok(PrescriptionNumber::parse(row.text(0)?).ok())
    }

    /// Transfers out and in, the newest first.
    pub(crate) fn transfer_rows(&self, most: u32) -> Result<Vec<TransferRow>, Fault> {
        let sql = format!("SELECT number, way FROM moving_transfers ORDER BY seq DESC LIMIT {most}");
        let mut rows = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let Ok(number) = PrescriptionNumber::parse(row.text(0)?) else { continue };
            let (prescription, _) = self.dispensing_now(&number)?;
            let contents = &prescription.received().contents;
            let part = |element| contents.get(element).unwrap_or_default();
            let drug = format!("{} {}", part(Element::DrugName), part(Element::DrugStrength));
            let out = row.text(1)? == "out";
            let found = if out {
                prescription.transferred_out().map(|left| {
                    (wall(left.at), left.to.name.clone(), format!("{} to {}", left.by.full_name, left.receiver))
                })
            } else {
                let came: Option<&TransferredIn> = prescription.received().source.transferred_in();
                came.map(|came| {
                    let pharmacists = format!("{} to {}", came.pharmacist, came.by.full_name);
                    (wall(prescription.received().at), came.from.name.clone(), pharmacists)
                })
            };
            let Some((at, other, pharmacists)) = found else { continue };
            rows.push(TransferRow { number, out, at, other, pharmacists, drug });
        }
        Ok(rows)
    }
}
