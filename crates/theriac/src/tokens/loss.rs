//! A loss, and what ends with it at once: the device's credentials, open sessions, and everything that waits for the token.

use super::broken;
use crate::house::House;
use crate::house::record::Fault;
use jiff::Timestamp;
use std::sync::PoisonError;
use theriac_model::Actor;
use theriac_prescriber::AccessEvent;
use theriac_prescriber::token::Timeliness;
use theriac_prescriber::token_event::{Loss, LossKind};

/// Whether the person's passkeys are taken away, too: they may lie on the lost device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passkeys {
    Keep,
    TakeAway,
}

/// What a report came to.
#[derive(Clone, Debug)]
pub(crate) struct LossTaken {
    /// Credentials that were revoked.
    pub(crate) revoked: usize,
    /// Sessions that were ended.
    pub(crate) sessions: usize,
    pub(crate) timeliness: Timeliness,
    pub(crate) at: Timestamp,
}

impl House {
    /// Takes a report of a loss: every credential on the device is revoked in the act itself, the person's sessions end,
    /// and no signature that was asked for can be given any more.
    ///
    /// # Errors
    /// By somebody who may not report it; a device that the person never had; a discovery after the report.
    pub(crate) fn report_loss(
        &self,
        by: &Actor,
        person: &str,
        (kind, serial): (LossKind, Option<String>),
        discovered: Timestamp,
        channel: &str,
        passkeys: Passkeys,
    ) -> Result<LossTaken, Fault> {
        let at = self.clock.now();
        let loss = Loss { kind, serial, discovered, reported: at, channel: channel.to_owned(), by: by.clone() };
        let provider = self.provider();
        let timeliness = loss.timeliness(&self.rules(&provider));
        // The same act tells the provider and writes the notice to the controllers down.
        let told = self.report_token(by, person, loss)?;
        let revoked = told.events.iter().filter(|event| matches!(event, AccessEvent::CredentialRevoked { .. })).count();
        let sessions = self.stop_at_once(by, person)?;
        if passkeys == Passkeys::TakeAway {
            self.lock_out(by, person)?;
        }
        Ok(LossTaken { revoked, sessions, timeliness, at })
    }

    /// Whatever a person had begun ends, here and in every other process: open sessions, signatures and bindings that wait.
    /// Answers how many sessions.
    pub(crate) fn stop_at_once(&self, by: &Actor, person: &str) -> Result<usize, Fault> {
        self.acts.lock().unwrap_or_else(PoisonError::into_inner).remove(person);
        self.ceremonies.forget(person);
        self.end_sessions(by, person)
    }

    /// An instant as a form states it: the local date and time of the place, to the minute.
    pub(crate) fn local_instant(&self, typed: &str) -> Result<Timestamp, Fault> {
        let refused = || {
            let next = "write it as 2026-03-02T09:00, in the time of the place";
            let what = "the date and time of discovery cannot be read";
            theriac_model::Refusal::new("TOKEN-DISCOVERED", "73 FR 36722, proposed 21 CFR 1311.155(c)", what, next)
                .about("discovered")
        };
        let local: jiff::civil::DateTime = typed.trim().parse().map_err(|_| refused())?;
        Ok(local.to_zoned(self.clock.zone()).map_err(broken)?.timestamp())
    }
}
