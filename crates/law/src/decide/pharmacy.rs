//! Transfers, central filling, labels, amendments, handing over, disasters.

use super::{Bench, Granted, Stop, at_counter, entries, screening};
use crate::facts::Prescriber;
use crate::part1306::{
    amendments, central_fill, contents, disaster, expiry, handover, label, mail, practitioner, refills, transfer,
};
use crate::reason::Duty;
use crate::tally::Tally;
use crate::vocab::{Change, Delivery, Element, Form, Recipient, RecordEntry, Step};

/// `transfer-out`: kind, people, time, number.
pub(crate) fn transfer_out(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    bench.state_permits()?;
    bench.find(&transfer::KIND, transfer::kind(&law, rx, &facts.history))?;
    transfer_parties(bench)?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    bench.find(&transfer::SIX_MONTHS, transfer::six_months(&law, rx))?;
    bench.find(&transfer::SENT_ELSEWHERE, transfer::sent_elsewhere(&law, &facts.history))?;
    bench.find(&transfer::ONCE, transfer::once(&law, rx, &facts.history, facts.pharmacy.shared_database))?;
    bench.find(&transfer::REFILLS, transfer::refills_left(&law, rx, &facts.history, refills::lawful(&law, rx)))?;
    let electronic = rx.form == Form::Electronic;
    entries::made(
        bench,
        match (facts.pharmacy.shared_database, electronic) {
            (true, _) => RecordEntry::TransferShared,
            (false, true) => RecordEntry::TransferOutElectronic,
            (false, false) => RecordEntry::TransferOut,
        },
    )?;
    if electronic {
        bench.duty(Duty::AnnotateTransferOut);
        bench.duty(Duty::SendTransferData);
    } else {
        bench.duty(Duty::VoidOriginal);
        bench.duty(Duty::RecordTransferOut);
    }
    Ok(Granted::Permit)
}

/// `transfer-in`: kind, people, time, completeness.
pub(crate) fn transfer_in(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, facts) = (bench.law, bench.prescription()?, bench.facts);
    bench.state_permits()?;
    bench.find(&transfer::KIND, transfer::kind(&law, rx, &facts.history))?;
    transfer_parties(bench)?;
    bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
    bench.find(&transfer::SIX_MONTHS, transfer::six_months(&law, rx))?;
    bench.find(&transfer::COMPLETE, transfer::complete(&law, rx, &facts.transfer))?;
    bench.find(&contents::CONTENTS, contents::complete(&law, rx, &Prescriber::new()))?;
    let electronic = rx.form == Form::Electronic;
    entries::made(bench, if electronic { RecordEntry::TransferInElectronic } else { RecordEntry::TransferIn })?;
    if electronic {
        bench.duty(Duty::CreateTransferRecord);
    } else {
        bench.duty(Duty::MarkTransfer);
        bench.duty(Duty::RecordTransferIn);
    }
    Ok(Granted::Permit)
}

fn transfer_parties(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let (law, rx, transfer) = (bench.law, bench.prescription()?, &bench.facts.transfer);
    bench.find(&transfer::REGISTERED, transfer::registered(&law, transfer))?;
    bench.find(&transfer::WHO, transfer::who(&law, rx, transfer))
}

/// `central-fill`: relation, kind of prescription, completeness or preparer.
pub(crate) fn central_fill(bench: &mut Bench<'_>, step: Step, refill: bool) -> Result<Granted, Stop> {
    let (law, rx, central) = (bench.law, bench.prescription()?, &bench.facts.central);
    bench.state_permits()?;
    bench.find(&practitioner::NO_SCHEDULE_I, practitioner::no_schedule_i(&law, rx))?;
    bench.find(&central_fill::RELATION, central_fill::relation(&law, central))?;
    bench.find(&central_fill::STANDING, central_fill::standing(&law, central))?;
    bench.find(&central_fill::EMERGENCY, central_fill::no_emergency(&law, rx, central))?;
    if refill {
        bench.find(&refills::NEVER_II, refills::not_schedule_ii(&law, rx))?;
        // The ordinary limits hold wherever it is filled; without a history the retail pharmacy has counted.
        if !bench.facts.history.is_empty() {
            bench.find(&expiry::LAST_DAY, expiry::not_past(&law, rx))?;
            let tally = Tally::of(rx, &bench.facts.history, refills::lawful(&law, rx));
            bench.find(&refills::COUNT, refills::left(&law, rx, tally))?;
        }
    }
    match step {
        Step::Transmit => {
            bench.find(&central_fill::COMPLETE, central_fill::complete(&law, central))?;
            let electronic = rx.form == Form::Electronic;
            entries::made(bench, RecordEntry::CentralRefills)?;
            entries::made(
                bench,
                if electronic { RecordEntry::CentralSentElectronic } else { RecordEntry::CentralSent },
            )?;
            bench.duty(if rx.form == Form::Electronic { Duty::AnnotateCentralFill } else { Duty::MarkCentralFill });
        }
        Step::Prepare => {
            bench.find(&central_fill::PHARMACIST, central_fill::pharmacist(&law, central))?;
            entries::made(bench, RecordEntry::CentralFilled)?;
        }
        Step::Release => {
            bench.find(&central_fill::BOTH_DECIDED, central_fill::both_decided(&law, central))?;
            entries::made(bench, RecordEntry::CentralReceived)?;
        }
    }
    Ok(Granted::Permit)
}

/// `label`.
pub(crate) fn label(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, rx, label) = (bench.law, bench.prescription()?, &bench.facts.label);
    bench.state_permits()?;
    bench.find(&label::EXEMPT, label::exempt(&law, rx, label))?;
    bench.find(&label::COMPLETE, label::complete(&law, rx, label))?;
    bench.find(&label::CAUTIONS, label::cautions(&law, label))?;
    Ok(Granted::Permit)
}

/// `amend`.
pub(crate) fn amend(bench: &mut Bench<'_>, element: Element, change: Change, consulted: bool) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.state_permits()?;
    bench.find(&amendments::CHANGEABLE, amendments::changeable(&law, rx.schedule, element, change))?;
    bench.find(&amendments::CONSULTED, amendments::consulted(&law, element, change, consulted))?;
    entries::made(bench, RecordEntry::Amendment)?;
    if change == Change::Replace && amendments::asks(element, change) {
        bench.duty(Duty::DocumentConsultation);
    }
    Ok(Granted::Permit)
}

/// `deliver`: recipient, export, parcel.
pub(crate) fn deliver(bench: &mut Bench<'_>, to: Recipient, by: Delivery) -> Result<Granted, Stop> {
    let (law, parcel) = (bench.law, &bench.facts.parcel);
    bench.prescription()?;
    at_counter::declined(bench)?;
    bench.state_permits()?;
    bench.find(&handover::RECIPIENT, handover::recipient(&law, to, &bench.facts.prescriber))?;
    bench.find(&handover::EXPORT, handover::export(&law, to, parcel))?;
    bench.find(&handover::PARCEL, handover::parcel(&law, by, parcel))?;
    screening::hand_over(bench)?;
    if let Some(mailing) = bench.facts.mailing.as_deref() {
        if by == Delivery::Mail {
            bench.all(mail::MAILED, mailing)?;
        }
        if to == Recipient::Abroad {
            bench.all(mail::ABROAD, mailing)?;
        }
    }
    Ok(Granted::Permit)
}

/// `disaster-refill`.
pub(crate) fn disaster_refill(bench: &mut Bench<'_>, days_supply: u32) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.state_permits()?;
    let Some(emergency) = &bench.facts.disaster else { return Err(bench.lacks(" without a disaster")) };
    bench.find(&disaster::GRANTED, disaster::granted(&law, rx))?;
    bench.find(&disaster::DECLARED, disaster::declared(&law, emergency))?;
    bench.find(&disaster::SUPPLY, disaster::supply(&law, emergency, days_supply))?;
    bench.duty(Duty::ReduceToWriting);
    bench.duty(Duty::MarkEmergency);
    Ok(Granted::Permit)
}
