//! Messages to other nodes: over HTTPS with this side's certificate, to the partner through which the recipient is reached.

use super::partners::{Heard, Partner};
use super::record::ScriptEvent;
use crate::dispensary::asked_for::Told;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::outside::{Manner, Reach, client, in_words};
use std::sync::Arc;
use std::time::Duration;
use theriac_journal::hash::sha256;
use theriac_model::Refusal;
use theriac_store::{Job, JobId};
use theriac_wire::script::{Body, decode};
use ureq::tls::{Certificate, ClientCert, PrivateKey};

/// How long a message may take in all.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes of an answer at most.
const ANSWER_BYTES_MOST: u64 = 1024 * 1024;

impl House {
    /// The partner through which a message leaves; `None` for what stays in this deployment.
    pub(super) fn partner_for(&self, message: &[u8]) -> Result<Option<Arc<Partner>>, Fault> {
        let Some(partners) = self.partners()? else { return Ok(None) };
        let Some(to) = decode(message).ok().and_then(|message| message.header().to()) else { return Ok(None) };
        let own = [&self.config.pharmacy.ncpdp, &self.config.practice.network_id];
        Ok(if own.contains(&&to.id) { None } else { partners.towards(&to.id) })
    }

    /// Hands a message to a partner; answers what came back over the connection.
    ///
    /// # Errors
    /// `Refused` when the partner will not take it, ever; `Broken` when it may be tried again.
    pub(super) fn send_to(&self, partner: &Partner, message: &[u8]) -> Result<Vec<u8>, Fault> {
        let (Some(partners), Some(url)) = (self.partners()?, &partner.url) else {
            return Err(Fault::Broken(format!("{} is not reached by any address", partner.name)));
        };
        if partners.is_silent(partner) {
            return Err(Fault::Broken(format!("{} did not answer a moment ago", partner.name)));
        }
        let (chain, key) = partners.own();
        let chain: Vec<_> = chain.iter().map(|one| Certificate::from_der(one).to_owned()).collect();
        let key = PrivateKey::from_pem(key).map_err(|error| Fault::Broken(format!("the key of [script]: {error}")))?;
        let shows = ClientCert::new_with_certs(&chain, key);
        let roots = partner.anchors().iter().map(|one| Certificate::from_der(one).to_owned()).collect();
        let reach = if self.deployment.demo().is_some() { Reach::Anywhere } else { Reach::Elsewhere };
        let agent = client(Manner { reach, roots, shows: Some(shows), patience: PATIENCE });
        let sent =
            agent.post(url.as_str()).header("Content-Type", "application/xml").send(message).and_then(|mut answer| {
                let body = answer.body_mut().with_config().limit(ANSWER_BYTES_MOST).read_to_vec()?;
                Ok((answer.status().as_u16(), body))
            });
        let (status, body) = match sent {
            Ok(answered) => answered,
            Err(error) => {
                partners.heard(partner, Heard::Nothing);
                return Err(Fault::Broken(in_words(&partner.name, PATIENCE, &error)));
            }
        };
        partners.heard(partner, Heard::Something);
        match status {
            200 => Ok(body),
            400..=499 if status != 408 && status != 429 => Err(Refusal::new(
                "SCRIPT-NOT-TAKEN",
                "21 CFR 1311.170(b); 73 FR 36722, section X",
                format!("the partner {} did not take the message: {status}", partner.name),
                "issue a paper prescription that says so, and ask the partner why",
            )
            .into()),
            _ => Err(Fault::Broken(format!("{} answered {status}", partner.name))),
        }
    }

    /// Carries a message of a transfer to the other pharmacy, until it is taken; what that one will never take has failed.
    pub(super) fn carry_transfer(&self, job: &Job) -> Result<(), Fault> {
        let message = &job.payload;
        let told = match self.partner_for(message)? {
            None => Err(Fault::Broken("no partner reaches that pharmacy".to_owned())),
            Some(partner) => self.send_to(&partner, message).map(|answer| (partner, answer)),
        };
        let (partner, answer) = match told {
            Ok(told) => told,
            Err(Fault::Refused(refusal)) => {
                self.moving_message_refused(message, &refusal.what, Told::ByTheConnection)?;
                return Err(Fault::Refused(refusal));
            }
            Err(other) => return Err(other),
        };
        if let Ok(read) = decode(&answer)
            && let Body::Error(error) = read.body()
        {
            let why = error.description().unwrap_or("the other node refused it");
            self.moving_message_refused(message, why, Told::InTheStandardsWords)?;
            return self.give_up(job, why);
        }
        if !decode(&answer).is_ok_and(|read| matches!(read.body(), Body::Status(_))) {
            return Err(Fault::Broken(format!("{} answered with something that is no Status", partner.name)));
        }
        let record = ScriptEvent::Took {
            partner: partner.name.clone(),
            digest: sha256(message).to_hex(),
            answer: sha256(&answer).to_hex(),
        };
        let actor = crate::house::program();
        Change::default()
            .event(&self.by(&actor, ""), &record.stream(), &record)?
            .finishes(job.id)
            .commit(&self.store)?;
        Ok(())
    }

    /// Sends what the pharmacy writes by itself to a practice elsewhere, and finishes the job.
    pub(super) fn send_notice(&self, partner: &Partner, message: &[u8], job: JobId) -> Result<(), Fault> {
        let answer = self.send_to(partner, message)?;
        let record = ScriptEvent::Took {
            partner: partner.name.clone(),
            digest: sha256(message).to_hex(),
            answer: sha256(&answer).to_hex(),
        };
        let actor = crate::house::program();
        Change::default().event(&self.by(&actor, ""), &record.stream(), &record)?.finishes(job).commit(&self.store)?;
        Ok(())
    }
}
