//! The outbox: what was written down to be sent is sent, and what comes back is recorded. Safe to repeat: a message that
//! is delivered twice is a twin, and its answer says so.

pub(crate) mod listener;
mod partners;
mod record;
mod sending;
mod taking;
#[cfg(test)]
pub(crate) mod tests;

pub(crate) use partners::Partners;

use crate::dispensary::{Arrival, Incoming};
use crate::house::House;
use crate::house::record::{By, Change, Fault};
use crate::practice::TRANSMIT;
use crate::practice::letters::LETTER;
use crate::relaying::Carried;
use serde_json::json;
use theriac_model::{Element, Refusal};
use theriac_prescriber::Prescription;
use theriac_prescriber::audit::{Application, Standing};
use theriac_prescriber::event::Report;
use theriac_store::{Job, JobId};
use theriac_wire::script::{Body, FillStatus, decode};

/// The kind of the job that brings an answer back.
const ANSWER: &str = crate::dispensary::ANSWER;
/// The description code of a message that was received before.
const DUPLICATE: &str = "220";
/// The code of an error that says a message could not be delivered.
const UNDELIVERED: &str = "600";
/// Jobs taken up at a time.
const AT_A_TIME: u32 = 64;
/// How long a failed job waits, in milliseconds.
const RETRY_MS: i64 = 30_000;
/// How often a prescription is tried to be sent before its transmission has failed: ten minutes. A house choice; the
/// practitioner has to hear of a failure while the patient can still be reached.
const TRIES_MOST: u64 = 20;

/// What lies between the practice and the pharmacy.
pub(crate) trait Carrier {
    /// Carries a message on; what comes out may have another layout.
    fn carry(&self, message: &[u8]) -> Result<Carried, Refusal>;
}

/// What the outbox did.
#[derive(Debug, Default)]
pub(crate) struct Worked {
    /// Messages delivered, with what became of them.
    pub(crate) delivered: Vec<(String, Arrival)>,
    /// Answers recorded.
    pub(crate) answers: usize,
}

impl House {
    /// Does all work that is due.
    pub(crate) fn work(&self, carrier: &dyn Carrier) -> Result<Worked, Fault> {
        let mut worked = Worked::default();
        loop {
            let now = self.clock.now().as_millisecond();
            // A program that is slow to answer must not hold prescriptions up: it is told by another worker.
            let jobs = self.store.due_jobs_but(crate::programs::hooks::WEBHOOK, now, AT_A_TIME)?;
            let mut done = 0;
            for job in jobs {
                if crate::watch::is_of_the_watch(&job) {
                    continue;
                }
                if job.kind == TRANSMIT
                    && let Some(why) = self.held_back()?
                {
                    self.store.hold_job(job.id, now + RETRY_MS, &why)?;
                    continue;
                }
                let outcome = match job.kind.as_str() {
                    TRANSMIT => self.transmit(&job, carrier).map(|done| worked.delivered.extend(done)),
                    LETTER => self.send_letter(&job, carrier),
                    ANSWER => self.bring_answer(&job).map(|()| worked.answers += 1),
                    crate::dispensary::asked_for::MOVING => self.carry_transfer(&job),
                    crate::pdmp::PLACE => self.place_report(&job),
                    crate::registry::RECHECK => self.recheck(Some(job.id)).map(|_| ()),
                    other => Err(Fault::Broken(format!("no worker for jobs of kind {other}"))),
                };
                match outcome {
                    Ok(()) => done += 1,
                    // Somebody else was first; what is left of it is seen in the next round, or at the next call.
                    Err(Fault::Conflict) => {}
                    Err(Fault::Broken(why)) => self.store.retry_job(job.id, now + RETRY_MS, &why)?,
                    Err(Fault::Refused(refusal)) => {
                        self.give_up(&job, &refusal.to_string())?;
                        done += 1;
                    }
                }
            }
            if done == 0 {
                return Ok(worked);
            }
        }
    }

    /// Why nothing is sent now. 1311.150(d) of 2008: nothing is accepted for transmission while the gate is shut; it waits,
    /// is not lost, and waiting is no try that failed.
    fn held_back(&self) -> Result<Option<String>, Fault> {
        Ok(match &self.gate_today(Application::Prescribing)?.standing {
            Standing::Shut(refusal) => Some(format!("held back: {refusal}")),
            Standing::Open { .. } => None,
        })
    }

    /// Sends a signed prescription. What the carrier cannot deliver, now or after many tries, has failed: it is void, and
    /// the practitioner is told (21 CFR 1311.170(b)).
    fn transmit(&self, job: &Job, carrier: &dyn Carrier) -> Result<Option<(String, Arrival)>, Fault> {
        let id = String::from_utf8_lossy(&job.payload).into_owned();
        let (now, _) = self.prescription_now(&id)?;
        now.into_transmittable()?;
        let message = self.signed_message(&id)?;
        let one = decode(&message).map_err(|refusal| *refusal);
        if let Err(refusal) = one.and_then(|read| crate::practice::one_registration(&read)) {
            self.transmission_failed(&id, &format!("{} ({})", refusal.what, refusal.code), job.id)?;
            return Ok(None);
        }
        if let Some(partner) = self.partner_for(&message)? {
            let sent = self.send_to(&partner, &message).and_then(|answer| {
                // The answer is written down first: should this end here, it is sent again, and answered the same.
                self.answer_came(&answer)?;
                self.transmitted(&id, &message, Some(job.id))
            });
            return self.sent_or_failed(&id, job, sent).map(|()| None);
        }
        let delivered = carrier
            .carry(&message)
            .map_err(Fault::from)
            .and_then(|carried| self.receive(Incoming::whole(&carried.message).carried_with(carried.seal.as_deref())));
        match delivered {
            Ok(arrival) => {
                self.transmitted(&id, &message, Some(job.id))?;
                Ok(Some((id, arrival)))
            }
            Err(fault) => self.sent_or_failed(&id, job, Err(fault)).map(|()| None),
        }
    }

    /// What cannot be delivered, now or after many tries, has failed.
    fn sent_or_failed(&self, id: &str, job: &Job, sent: Result<(), Fault>) -> Result<(), Fault> {
        match sent {
            Err(Fault::Refused(refusal)) => {
                self.transmission_failed(id, &format!("{} ({})", refusal.what, refusal.code), job.id)
            }
            Err(Fault::Broken(_)) if job.attempts.saturating_add(1) >= TRIES_MOST => {
                let reason = format!("it could not be handed over in {TRIES_MOST} tries");
                self.transmission_failed(id, &reason, job.id)
            }
            other => other,
        }
    }

    /// Sends a letter about a prescription. A carrier that cannot is tried again; the desk shows that nothing came back.
    fn send_letter(&self, job: &Job, carrier: &dyn Carrier) -> Result<(), Fault> {
        if let Some(partner) = self.partner_for(&job.payload)? {
            self.answer_came(&self.send_to(&partner, &job.payload)?)?;
            return self.letter_sent(&job.payload, job.id);
        }
        let carried = carrier.carry(&job.payload)?;
        self.receive(Incoming::whole(&carried.message).carried_with(carried.seal.as_deref()))?;
        self.letter_sent(&job.payload, job.id)
    }

    fn bring_answer(&self, job: &Job) -> Result<(), Fault> {
        let message = decode(&job.payload).map_err(|refusal| *refusal)?;
        let Some(id) = message.header().prescriber_order_number().map(str::to_owned) else {
            return self.give_up(job, "the answer names no order");
        };
        if self.store.stream(&crate::practice::prescription_stream(&id))?.is_empty() {
            let of_its_own = taking::OF_ITS_OWN.iter().any(|kind| job.key.starts_with(kind));
            return match self.partner_for(&job.payload)? {
                Some(partner) if of_its_own => self.send_notice(&partner, &job.payload, job.id),
                _ => self.give_up(job, "the order is not ours: its sender is answered over the network"),
            };
        }
        let (now, _) = self.prescription_now(&id)?;
        let header = message.header();
        let about_the_order = header.relates_to().is_none_or(|message| message == format!("N-{id}"));
        let (report, text) = match message.body() {
            Body::Status(_) | Body::Verify(_) if !about_the_order => {
                return self.give_up(job, "a letter was taken over; its answer follows");
            }
            Body::Status(_) => {
                let number = header.rx_reference_number().map(|number| format!(", as {number}")).unwrap_or_default();
                (Report::Accepted, format!("accepted by the pharmacy{number}"))
            }
            Body::Verify(_) => (Report::Delivered, "delivered to the pharmacy".to_owned()),
            Body::Error(error) if error.description_codes().iter().any(|code| code == DUPLICATE) => {
                return self.give_up(job, "the pharmacy has the prescription already: it was sent again after a crash");
            }
            Body::Error(error) if about_the_order && error.code() == Some(UNDELIVERED) => {
                let text = error.description().unwrap_or("the network could not deliver it");
                return self.transmission_failed(&id, text, job.id);
            }
            Body::Error(error) if about_the_order => {
                let text = error.description().unwrap_or_default();
                (Report::Rejected, format!("Error {} {text}", error.code().unwrap_or_default()))
            }
            Body::RxFill(fill) => {
                let dispensed = fill.medication_dispensed();
                let quantity = dispensed.and_then(theriac_wire::script::Medication::quantity).unwrap_or_default();
                let unit = now.contents().get(Element::QuantityUnit).unwrap_or_default();
                match fill.status() {
                    Some((FillStatus::Dispensed, _)) => {
                        (Report::Filled, format!("dispensed, {}", crate::showing::counted(quantity, unit)))
                    }
                    Some((FillStatus::PartiallyDispensed, _)) => {
                        (Report::PartlyFilled, format!("a part dispensed, {}", crate::showing::counted(quantity, unit)))
                    }
                    _ => return self.give_up(job, "the notice of filling says nothing that this desk keeps"),
                }
            }
            Body::CancelRxResponse(_) | Body::RxRenewalRequest(_) | Body::RxChangeRequest(_) | Body::Error(_) => {
                return self.letter_arrived(&id, &message, &job.payload, job.id);
            }
            _ => return self.give_up(job, "the answer is of another kind"),
        };
        // What came to a prescription that is void meanwhile is kept by the job's own record.
        if !matches!(now, Prescription::Transmitted(..)) {
            return match now {
                // The answer overtook the record that it was sent; it is brought again.
                Prescription::Signed(_) => {
                    Err(Fault::Broken("the prescription is not recorded as sent yet".to_owned()))
                }
                _ => self.give_up(job, &format!("{text}; the prescription is {}", now.stage())),
            };
        }
        self.reported(&id, report, &text, &job.payload, job.id)
    }

    /// Finishes a job that can never succeed, with the reason on record.
    pub(crate) fn give_up(&self, job: &Job, why: &str) -> Result<(), Fault> {
        let actor = crate::house::program();
        let by: By<'_> = self.by(&actor, "");
        let record = GivenUp { job: job.id, kind: job.kind.clone(), why: why.to_owned() };
        Change::default().event(&by, &format!("job/{}", job.id), &record)?.finishes(job.id).commit(&self.store)?;
        Ok(())
    }
}

/// A job that was given up.
struct GivenUp {
    job: JobId,
    kind: String,
    why: String,
}

impl crate::house::record::Recorded for GivenUp {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        "job.given-up"
    }

    fn body(&self) -> serde_json::Value {
        json!({"job": self.job.0, "kind": self.kind, "why": self.why})
    }

    fn read(kind: &str, body: &serde_json::Value) -> Result<Self, String> {
        let reader = theriac_model::json::Reader(body);
        let field = |name: &str| reader.text(name).map(str::to_owned).map_err(|error| error.to_string());
        let number = reader.whole("job").map_err(|error| error.to_string())?;
        if kind != "job.given-up" {
            return Err("another kind".to_owned());
        }
        let number = u64::try_from(number).map_err(|_| "a job's number is not negative".to_owned())?;
        Ok(Self { job: JobId(number), kind: field("kind")?, why: field("why")? })
    }
}
