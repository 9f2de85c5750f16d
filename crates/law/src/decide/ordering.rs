//! Executing, losing, refusing and receiving orders; powers of attorney; movements of stock between registrants.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::facts::{Order, OrderDetails};
use crate::part1305::{certificates, execution, lost, power, receipt, supply};
use crate::part1307::{five_percent, movement};
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{FormStatus, FormsEvent, Movement, Party, Schedule, Word};

/// The rest of `order`: what is written, on which form, by whom.
pub(crate) fn executed(bench: &mut Bench<'_>, order: &Order, details: &OrderDetails) -> Result<(), Stop> {
    let law = bench.law;
    bench.find(&execution::PURCHASER, execution::purchaser(&law, order, details))?;
    bench.find(&execution::STATE_II, execution::state_ii(&law, order, details))?;
    if details.form_status == FormStatus::Found {
        bench.duty(Duty::NotifyDea);
    }
    bench.find(&execution::FORM_AT_HAND, execution::form_at_hand(&law, order, details))?;
    bench.find(&execution::PRINTED, execution::printed(&law, order, details))?;
    bench.find(&execution::ONE_A_LINE, execution::one_a_line(&law, order, details))?;
    bench.find(&execution::NUMBERED, execution::numbered(&law, order, details))?;
    bench.find(&execution::WRITTEN, execution::written(&law, order, details))?;
    bench.find(&execution::TRACKED, execution::tracked(&law, order, details))?;
    bench.find(&execution::BY_HAND, execution::by_hand(&law, order, details))?;
    bench.find(&execution::COPY, execution::copy(&law, order, details))
}

/// The rest of `fill-order`: the same entries, then whether it was declared lost, and how it is packed.
pub(crate) fn supplied(bench: &mut Bench<'_>, order: &Order, details: &OrderDetails) -> Result<(), Stop> {
    let law = bench.law;
    bench.find(&execution::PURCHASER, execution::purchaser(&law, order, details))?;
    bench.find(&execution::PRINTED, execution::printed(&law, order, details))?;
    bench.find(&execution::ONE_A_LINE, execution::one_a_line(&law, order, details))?;
    bench.find(&execution::NUMBERED, execution::numbered(&law, order, details))?;
    bench.find(&execution::WRITTEN, execution::written(&law, order, details))?;
    bench.find(&execution::TRACKED, execution::tracked(&law, order, details))?;
    bench.find(&execution::BY_HAND, execution::by_hand(&law, order, details))?;
    if details.declared_lost {
        bench.duty(Duty::ReturnNotAccepted);
    }
    bench.find(&supply::LATE, supply::late(&law, details))?;
    bench.find(&supply::AT_SIGNING, supply::at_signing(&law, bench.at, order, details))?;
    bench.find(&supply::IDENTICAL, supply::identical(&law, details))?;
    bench.find(&supply::APART, supply::apart(&law, details))
}

/// `refuse-order`: the supplier closes its refusal; the purchaser keeps it with the order.
pub(crate) fn refuse_order(bench: &mut Bench<'_>, by: Party) -> Result<Granted, Stop> {
    let facts = bench.facts;
    let (Some(order), Some(refusal)) = (&facts.order, facts.refusal.as_deref()) else {
        return Err(bench.lacks(" without an order and its refusal"));
    };
    bench.state_permits()?;
    if by != Party::Supplier {
        bench.all(supply::BY_PURCHASER, refusal)?;
        return Ok(Granted::Permit);
    }
    bench.all(supply::BY_SUPPLIER, refusal)?;
    bench.duty(if crate::part1305::orders::on_form(order.method) {
        Duty::ReturnFormWithReason
    } else {
        Duty::NotifyPurchaserWithReason
    });
    Ok(Granted::Permit)
}

/// `replace-lost-order`: the supplier's answer, the statement, and that all three stay together.
pub(crate) fn replace_lost_order(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(order) = bench.facts.lost.as_deref() else { return Err(bench.lacks(" without a lost order")) };
    bench.state_permits()?;
    bench.find(&lost::ASKED, lost::asked(&law, order))?;
    bench.find(&lost::STATEMENT, lost::statement(&law, order))?;
    bench.find(&lost::TOGETHER, lost::together(&law, order))?;
    bench.duty(Duty::KeepStatementWithBoth);
    Ok(Granted::Permit)
}

/// `report-order-forms`: DEA is notified at once where the forms are to be reported, and can tell which they are.
pub(crate) fn report_order_forms(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(forms) = bench.facts.forms.as_deref() else { return Err(bench.lacks(" without order forms")) };
    bench.state_permits()?;
    let rule = if forms.event == FormsEvent::Found { &lost::FOUND } else { &lost::REPORT };
    if !lost::is_reported(&law, forms) {
        bench.note(rule, &Outcome::NotApplicable);
        return Ok(Granted::Permit);
    }
    bench.duty(Duty::NotifyDea);
    bench.note(rule, &Outcome::Satisfied);
    bench.find(&lost::REPORT, lost::identified(&law, forms))?;
    Ok(Granted::Permit)
}

/// `request-order-forms`.
pub(crate) fn request_order_forms(bench: &mut Bench<'_>, books: u64, need_stated: bool) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&certificates::BOOKS, certificates::books(&law, books, need_stated))?;
    Ok(Granted::Permit)
}

/// `use-power`: who granted it, whether it still holds, witnesses.
pub(crate) fn use_power(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, at) = (bench.law, bench.at);
    let Some(paper) = bench.facts.power.as_deref() else { return Err(bench.lacks(" without a power of attorney")) };
    bench.state_permits()?;
    bench.all(power::GRANT, paper)?;
    bench.find(&power::REVOKED, power::in_force(&law, at, paper))?;
    bench.note(&power::SUGGESTED, &power::as_suggested(&law, paper));
    bench.find(&power::WITNESSED, power::witnessed(&law, paper))?;
    Ok(Granted::Permit)
}

/// `enable-electronic-ordering`.
pub(crate) fn enable_electronic_ordering(bench: &mut Bench<'_>, appointed: bool) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&certificates::COORDINATOR, certificates::coordinator(&law, appointed))?;
    Ok(Granted::Permit)
}

/// `revoke-certificate`: each event of the list ends the use of the certificate.
pub(crate) fn revoke_certificate(bench: &mut Bench<'_>) -> Granted {
    bench.note(&certificates::REVOCATION, &Outcome::Satisfied);
    bench.duty(Duty::RequestRevocation);
    bench.duty(Duty::StopSigning);
    Granted::Permit
}

/// `receive-stock`: source, line, receiver, document, record; a difference stays open.
pub(crate) fn receive_stock(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(shipment) = bench.facts.receipt.as_deref() else { return Err(bench.lacks(" without a receipt")) };
    bench.state_permits()?;
    bench.all(receipt::ARRIVING, shipment)?;
    bench.find(&receipt::DOCUMENT, receipt::document(&law, shipment))?;
    bench.find(&receipt::RECORDED, receipt::recorded(&law, shipment))?;
    if receipt::differs(shipment) {
        bench.note(&receipt::ACTUAL, &Outcome::Satisfied);
        bench.duty(Duty::ResolveDiscrepancy);
    }
    Ok(Granted::Permit)
}

/// `move-stock`: destination, recipient, document.
pub(crate) fn move_stock(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(stock) = bench.facts.movement.as_deref() else { return Err(bench.lacks(" without a movement")) };
    bench.state_permits()?;
    bench.all(movement::LEAVING, stock)?;
    bench.find(&movement::RECIPIENT, movement::recipient(&law, stock))?;
    bench.find(&movement::PAPERS, movement::papers(&law, stock))?;
    bench.find(&movement::STATE_STEP, movement::state_step(&law, stock))?;
    Ok(Granted::Permit)
}

/// `movement-document`.
pub(crate) fn movement_document(bench: &mut Bench<'_>, kind: Movement, schedule: Schedule) -> Granted {
    bench.note(&movement::PAPERS, &Outcome::Satisfied);
    Granted::Value(Answer::Word(movement::paperwork(kind, schedule).word()))
}

/// `copy-holder`.
pub(crate) fn copy_holder(bench: &mut Bench<'_>, kind: Movement, copy: u64) -> Result<Granted, Stop> {
    let law = bench.law;
    if let Some(holder) = movement::holder(kind, copy) {
        bench.note(&movement::COPIES, &Outcome::Satisfied);
        return Ok(Granted::Value(Answer::Word(holder.word())));
    }
    bench.find(&movement::COPIES, movement::no_copy(&law, copy))?;
    Ok(Granted::Permit)
}

/// `five-percent-left`: the units that may still go, with a warning before the limit and a refusal at the year's end.
pub(crate) fn five_percent_left(bench: &mut Bench<'_>, dispensed: u64, distributed: u64) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.note(&five_percent::RUNNING, &five_percent::running(&law, dispensed, distributed));
    bench.find(&five_percent::FIVE, five_percent::year_end(&law, dispensed, distributed))?;
    Ok(Granted::Value(Answer::Number(five_percent::left(&law, dispensed, distributed))))
}

/// `five-percent-counts`.
pub(crate) fn five_percent_counts(bench: &mut Bench<'_>, kind: Movement, quantity: u64) -> Granted {
    bench.note(&movement::COUNTS, &Outcome::Satisfied);
    Granted::Value(Answer::Number(if movement::counts(kind) { quantity } else { 0 }))
}
