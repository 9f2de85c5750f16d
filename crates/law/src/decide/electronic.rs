//! The prescriber's application signs, transmits and prints; the pharmacy's receives.

use super::dispensing::issuer;
use super::practice::authority;
use super::{Bench, Granted, Stop};
use crate::part1306::{contents, practitioner, refills, signature};
use crate::part1311::{receive, sign, transmit};
use crate::reason::Duty;
use crate::vocab::{Compliance, Factor, Form};

/// `sign`: person, token, registration, authority, review, contents, factors, idle time.
pub(crate) fn sign(bench: &mut Bench<'_>, factors: &[Factor]) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    bench.state_permits()?;
    bench.find(&sign::SIGNER, sign::signer(&law, &facts.session))?;
    bench.find(&sign::CERTIFICATE, sign::certificate(&law, &facts.session, &facts.prescriber))?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&sign::TOKEN, sign::token(&law, &facts.history))?;
    bench.find(&sign::REGISTRATION, sign::registration(&law, &facts.prescriber))?;
    bench.find(&practitioner::STATE, practitioner::state(&law, &facts.prescriber))?;
    bench.find(&practitioner::SCHEDULES, practitioner::schedules(&law, rx, &facts.prescriber))?;
    authority(bench)?;
    bench.find(&sign::REVIEWED, sign::reviewed(&law, &facts.session))?;
    bench.find(&sign::ONE_PATIENT, sign::patients(&law, &facts.session))?;
    bench.find(&contents::CONTENTS, contents::complete(&law, rx, &facts.prescriber))?;
    bench.find(&signature::SAME_DAY, signature::dated_today(&law, rx))?;
    bench.find(&refills::SIGNABLE, refills::signable(&law, rx))?;
    bench.find(&sign::FACTORS, sign::factors(&law, factors))?;
    bench.find(&sign::IDLE, sign::idle(&law, &facts.history, bench.at))?;
    if law.says(&sign::IMMEDIATELY) {
        bench.duty(Duty::TransmitImmediately);
    }
    Ok(Granted::Permit)
}

/// `transmit`: form, signature, the other channel.
pub(crate) fn transmit(bench: &mut Bench<'_>, form: Form) -> Result<Granted, Stop> {
    let (law, rx, history) = (bench.law, bench.prescription()?, &bench.facts.history);
    bench.state_permits()?;
    bench.find(&transmit::AS_ELECTRONIC, transmit::as_electronic(&law, form))?;
    bench.find(&transmit::SIGNED, transmit::signed(&law, rx, history))?;
    bench.find(&transmit::NOT_PRINTED, transmit::not_printed(&law, history))?;
    bench.find(&transmit::NOT_TRANSMITTED, transmit::not_transmitted(&law, history))?;
    Ok(Granted::Permit)
}

/// `print`: the other channel; then by hand.
pub(crate) fn print(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, history) = (bench.law, &bench.facts.history);
    bench.prescription()?;
    bench.state_permits()?;
    bench.find(&transmit::NOT_TRANSMITTED, transmit::not_transmitted(&law, history))?;
    bench.duty(Duty::SignManually);
    Ok(Granted::Permit)
}

/// `receive-electronic`: applications, integrity, signature, contents, registration.
pub(crate) fn receive(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    bench.state_permits()?;
    bench.find(&receive::IS_ELECTRONIC, receive::is_electronic(&law, rx.form))?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&receive::PHARMACY, receive::pharmacy(&law, &facts.electronic))?;
    if facts.electronic.prescriber_software == Compliance::Pending {
        bench.duty(Duty::VerifyWithPrescriber);
    }
    bench.find(&receive::SOFTWARE, receive::software(&law, &facts.electronic))?;
    bench.find(&receive::UNALTERED, receive::unaltered(&law, &facts.electronic))?;
    bench.find(&receive::ONE_NUMBER, receive::one_number(&law, &facts.electronic))?;
    bench.find(&signature::SIGNED, signature::signed(&law, rx))?;
    bench.find(&contents::CONTENTS, contents::complete(&law, rx, &facts.prescriber))?;
    bench.find(&signature::SAME_DAY, signature::same_day(&law, rx, law.day))?;
    bench.find(&receive::FRESH, receive::fresh(&law, &facts.electronic))?;
    issuer(bench)?;
    if law.says(&receive::ARCHIVE) {
        bench.duty(Duty::ArchiveSignedRecord);
    }
    Ok(Granted::Permit)
}
