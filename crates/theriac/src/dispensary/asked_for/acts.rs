//! What pharmacists do with a transfer that is asked for: ask, send, deny, take in, decline, free, send again.

use super::super::transfers::{Parting, Receiving, TransferTaken};
use super::{AskedFor, MOVING, Step, StepRecord, broken, refuse, stream_of, wrong_step};
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::practice::{first, software};
use theriac_journal::hash::sha256;
use theriac_law::vocab::{Between, Form, Status};
use theriac_model::{Actor, CanonicalContents, DeaNumber, Element};
use theriac_pharmacy::{Database, Mark, Pharmacist, Pharmacy, Prescription, PrescriptionNumber, TransferOut};
use theriac_wire::script::transfer::{
    TransferAnswer, TransferDenial, TransferEnd, TransferMessage, TransferParty, TransferPatient, confirm, request,
    response,
};
use theriac_wire::script::{Envelope, Order, Party, compose::Traffic, decode};

/// A denial in words.
pub(super) fn said(why: TransferDenial, text: &str) -> String {
    if text.is_empty() { why.words().to_owned() } else { format!("{}: {text}", why.words()) }
}

/// Whether contents are of the patient that a request names.
fn is_of(contents: &CanonicalContents, of: &AskedFor) -> bool {
    let same = |element, name: &str| {
        contents.get(element).is_some_and(|held| held.trim().to_lowercase() == of.fact(name).trim().to_lowercase())
    };
    same(Element::PatientLast, "last") && same(Element::PatientBorn, "born")
}

impl House {
    fn moving_party(&self, by: &Pharmacist) -> TransferParty {
        let own = self.own_pharmacy();
        TransferParty {
            ncpdp_id: self.config.pharmacy.ncpdp.clone(),
            dea: self.pharmacy.to_string(),
            name: own.name,
            address: own.address,
            pharmacist: by.person().full_name.clone(),
        }
    }

    fn moving_envelope(&self, to: &str, id: String, relates_to: Option<&str>, number: &str) -> Envelope {
        Envelope {
            to: Party::pharmacy(to),
            from: Party::pharmacy(&self.config.pharmacy.ncpdp),
            message_id: id,
            relates_to: relates_to.map(str::to_owned),
            sent_time: self.clock.now(),
            software: software(),
            order_number: None,
            rx_reference: Some(number.to_owned()),
            traffic: Traffic::Production,
            order: Order::default(),
        }
    }

    /// Asks another pharmacy for a prescription, by the number that it gave it; answers the address of the request.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-ROUTE` for a pharmacy that no partner speaks for; what cannot be written.
    pub(crate) fn ask_for_transfer(
        &self,
        actor: &Actor,
        to: &str,
        number: &str,
        patient: &TransferPatient,
    ) -> Result<String, Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        if self.partners()?.is_none_or(|partners| partners.towards(to).is_none()) {
            let what = format!("no partner of this node speaks for the pharmacy {to:?}");
            let next = "call the pharmacy for a sealed file or a paper, or let the operator add it under [script]";
            return Err(refuse("PHARM-TRANSFER-ROUTE", what, next).about("to").into());
        }
        let now = self.clock.now().as_nanosecond();
        let digest = sha256(format!("{to}/{number}/{}/{now}", actor.id).as_bytes()).to_hex();
        let id = format!("T-{}", digest.get(..24).unwrap_or(&digest));
        let envelope = self.moving_envelope(to, id.clone(), None, number);
        let message = request(&envelope, &self.moving_party(&by), patient).map_err(first)?;
        let fresh = self.fresh(&stream_of(&self.config.pharmacy.ncpdp, &id), true);
        let facts = [
            ("other", to),
            ("number", number),
            ("last", &patient.last),
            ("born", &patient.born),
            ("by", &by.person().full_name),
        ];
        let job = self.moving_job(format!("{MOVING}/{}/request", fresh.key), &message);
        self.step_alone(actor, &fresh, &StepRecord::new(Step::Asked, &facts), (None, Some(job)))?;
        Ok(fresh.address())
    }

    /// The prescription that a request means: number, last name and date of birth agree.
    ///
    /// # Errors
    /// `PHARM-TRANSFER-UNKNOWN`.
    pub(crate) fn meant(&self, of: &AskedFor) -> Result<(PrescriptionNumber, Prescription), Fault> {
        let unknown = || {
            let what = format!("no prescription here has the number {:?} and is that patient's", of.fact("number"));
            refuse("PHARM-TRANSFER-UNKNOWN", what, "deny it: no such prescription").about("number")
        };
        let number = PrescriptionNumber::parse(of.fact("number")).map_err(|_| unknown())?;
        let (prescription, _) = match self.dispensing_now(&number) {
            Err(Fault::Refused(_)) => return Err(unknown().into()),
            other => other?,
        };
        if is_of(&prescription.received().contents, of) { Ok((number, prescription)) } else { Err(unknown().into()) }
    }

    /// Sends what was asked for. From then on nothing is dispensed on it here, until the other pharmacy says what it did.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP`, `PHARM-TRANSFER-UNKNOWN`, the refusals of [`House::transfer_out`].
    pub(crate) fn send_what_was_asked(&self, actor: &Actor, address: &str, void_mark: Mark) -> Result<(), Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        if of.ours || of.step != Step::Came {
            return Err(wrong_step(&of));
        }
        let (number, prescription) = self.meant(&of)?;
        let electronic = prescription.received().source.form() == Form::Electronic;
        let out = TransferOut {
            to: Pharmacy {
                name: of.fact("name").to_owned(),
                address: of.fact("address").to_owned(),
                registration: DeaNumber::parse(of.fact("dea")).ok(),
                number: String::new(),
            },
            standing: Status::Valid,
            receiver: of.fact("pharmacist").to_owned(),
            between: Between::Pharmacists,
            database: Database::Own,
            void_mark: if electronic { Mark::Made } else { void_mark },
        };
        let (change, file) = self.leaving(actor, &number, &out, Parting::WhenTakenIn)?;
        let facts = [("by", by.person().full_name.as_str()), ("rx", number.as_str())];
        let record = StepRecord::new(Step::Sent, &facts);
        self.answer_the_request(change, actor, &by, (&of, &record), &TransferAnswer::Sent(file))
    }

    /// Denies what was asked for.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP`; a text that the message cannot carry.
    pub(crate) fn deny_what_was_asked(
        &self,
        actor: &Actor,
        address: &str,
        why: TransferDenial,
        text: &str,
    ) -> Result<(), Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        if of.ours || of.step != Step::Came {
            return Err(wrong_step(&of));
        }
        let facts = [("by", by.person().full_name.as_str()), ("code", why.code()), ("why", &said(why, text))];
        let record = StepRecord::new(Step::Denied, &facts);
        let answer = TransferAnswer::Denied(why, text.to_owned());
        self.answer_the_request(Change::default(), actor, &by, (&of, &record), &answer)
    }

    fn answer_the_request(
        &self,
        change: Change,
        actor: &Actor,
        by: &Pharmacist,
        (of, record): (&AskedFor, &StepRecord),
        answer: &TransferAnswer,
    ) -> Result<(), Fault> {
        let number = of.fact("number");
        let envelope = self.moving_envelope(of.fact("other"), format!("R-{}", of.id()), Some(of.id()), number);
        let message = response(&envelope, &self.moving_party(by), answer).map_err(first)?;
        let job = self.moving_job(format!("{MOVING}/{}/response", of.key), &message);
        self.step_of(change, actor, of, record, (None, Some(job)))?.commit(&self.store)?;
        Ok(())
    }

    /// Sends the last message of a transfer once more: one of which nothing came back.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP` where nothing is waited for.
    pub(crate) fn send_again(&self, actor: &Actor, address: &str) -> Result<(), Fault> {
        Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        let what = of.last_message().ok_or_else(|| wrong_step(&of))?;
        if self.not_delivered(&of)?.is_some() {
            let what = "the message is still on its way to the other pharmacy's node";
            return Err(refuse("PHARM-TRANSFER-UNDER-WAY", what, "wait: it is tried again every half minute").into());
        }
        let job = self.moving_job_again(&of, what)?;
        let step = if of.step == Step::Failed { Step::Asked } else { Step::Noted };
        self.step_alone(actor, &of, &StepRecord::new(step, &[("again", "sent again")]), (None, Some(job)))
    }

    /// Takes in what the other pharmacy sent, and tells it so in the same act.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP`; `PHARM-TRANSFER-OTHER` for another patient's prescription or another
    /// pharmacy's; the refusals of [`House::take_transfer_file`].
    pub(crate) fn take_what_was_sent(
        &self,
        actor: &Actor,
        address: &str,
        how: &Receiving,
    ) -> Result<TransferTaken, Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        if !of.ours || of.step != Step::Answered {
            return Err(wrong_step(&of));
        }
        let file = self.file_that_came(&of)?;
        let data = self.transfer_in_file(&file)?;
        let theirs = data.from.registration.is_some_and(|number| number.as_str() == of.fact("dea"));
        if !theirs || !is_of(&data.contents, &of) {
            let what =
                "what was sent is not the prescription that was asked for: another patient's, or another pharmacy's";
            return Err(refuse("PHARM-TRANSFER-OTHER", what, "do not take it in, and call the other pharmacist").into());
        }
        let message = self.end_message(&of, &by, &TransferEnd::TakenIn)?;
        self.take_transfer_file_and(actor, &file, how, &|change, new| {
            let record = StepRecord::new(Step::Taken, &[("new", new.as_str()), ("taken-by", &by.person().full_name)]);
            self.step_of(change, actor, &of, &record, (None, Some(message.clone())))
        })
    }

    /// Does not take in what the other pharmacy sent, and tells it so: it may dispense on it again.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP`; `PHARM-TEXT` without a reason; one that the message cannot carry.
    pub(crate) fn decline_what_was_sent(&self, actor: &Actor, address: &str, why: &str) -> Result<(), Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        if !of.ours || of.step != Step::Answered {
            return Err(wrong_step(&of));
        }
        let why = given(why, "why")?;
        let message = self.end_message(&of, &by, &TransferEnd::NotTakenIn(why.to_owned()))?;
        let record = StepRecord::new(Step::NotTaken, &[("why", why), ("taken-by", &by.person().full_name)]);
        self.step_alone(actor, &of, &record, (None, Some(message)))
    }

    fn end_message(&self, of: &AskedFor, by: &Pharmacist, end: &TransferEnd) -> Result<theriac_store::NewJob, Fault> {
        let id = of.id();
        let relates_to = format!("R-{id}");
        let envelope = self.moving_envelope(of.fact("other"), format!("C-{id}"), Some(&relates_to), of.fact("number"));
        let message = confirm(&envelope, id, &self.moving_party(by), end).map_err(first)?;
        Ok(self.moving_job(format!("{MOVING}/{}/confirm", of.key), &message))
    }

    /// Frees what was sent: the other pharmacist says that it was not taken in and will not be.
    ///
    /// # Errors
    /// By anyone but a pharmacist; `PHARM-TRANSFER-STEP`; `PHARM-TEXT` where nobody is named or nothing was said.
    pub(crate) fn free_what_was_sent(&self, actor: &Actor, address: &str, who: &str, why: &str) -> Result<(), Fault> {
        let by = Pharmacist::new(self.pharmacy_person(actor))?;
        let of = self.asked_by(address)?;
        if of.ours || of.step != Step::Sent {
            return Err(wrong_step(&of));
        }
        let why = format!("{} says: {}", given(who, "who")?, given(why, "said")?);
        let mut change = self.freed(&of, by.person(), &why)?;
        // What has not gone out yet must not go out any more.
        for job in self.jobs_of(&of, "response")? {
            change = change.finishes(job);
        }
        let record = StepRecord::new(Step::Freed, &[("why", &why)]);
        self.step_of(change, actor, &of, &record, (None, None))?.commit(&self.store)?;
        Ok(())
    }

    /// What frees the prescription of a transfer.
    pub(super) fn freed(&self, of: &AskedFor, by: &theriac_pharmacy::Person, why: &str) -> Result<Change, Fault> {
        let at = self.clock.moment();
        let number = PrescriptionNumber::parse(of.fact("rx")).map_err(broken)?;
        let (prescription, version) = self.dispensing_now(&number)?;
        let name = number.stream();
        let entered = self.at_the_counter(&by.actor, at);
        let mut change = Change::default().decided_on(&name, version);
        for event in prescription.free(by, at, why)? {
            change = change.event(&entered, &name, &event)?;
        }
        Ok(change)
    }

    fn file_that_came(&self, of: &AskedFor) -> Result<Vec<u8>, Fault> {
        let entries = self.store.stream(&of.stream)?;
        let came = entries.iter().rev().find(|entry| entry.kind == "transfer.answer-came");
        let came = came.ok_or_else(|| broken("the answer was lost"))?;
        let piece = self.store.archive(came.seq)?.into_iter().next().ok_or_else(|| broken("the archive lost it"))?;
        let message = decode(&piece.bytes).map_err(|refusal| *refusal)?;
        match theriac_wire::script::transfer::read(&message) {
            Some(Ok(TransferMessage::Response(_, TransferAnswer::Sent(file)))) => Ok(file),
            _ => Err(broken("the answer holds no prescription")),
        }
    }
}

fn given<'a>(text: &'a str, field: &'static str) -> Result<&'a str, Fault> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse("PHARM-TEXT", format!("{field} is empty"), "enter it").about(field).into());
    }
    Ok(text)
}
