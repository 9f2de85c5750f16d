//! Orders, distribution, stock, losses, disposal, files and records.

use super::{Bench, Granted, Stop};
use crate::decision::Answer;
use crate::facts::Order;
use crate::part1301::loss;
use crate::part1304::{disposal, files, inventory, place, retention};
use crate::part1305::{cancel, fill, orders, schedule_i, supply};
use crate::part1307::five_percent;
use crate::reason::{Duty, Reason};
use crate::rule::Outcome;
use crate::vocab::{
    DeaForm, Document, Extent, File, LossKind, Medium, Occasion, OrderMethod, Party, Record, Route, Schedule, Word,
};
use jiff::civil::Date;

fn order<'a>(bench: &Bench<'a>) -> Result<&'a Order, Stop> {
    bench.facts.order.as_ref().ok_or_else(|| bench.lacks(" without an order"))
}

/// `order`: purchaser, method, lines, signature, completeness, condition, certificate.
pub(crate) fn place_order(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, order) = (bench.law, order(bench)?);
    bench.state_permits()?;
    bench.find(&orders::REGISTERED, orders::registered(&law, order))?;
    if let Some(buyer) = bench.facts.buyer.as_deref() {
        bench.find(&schedule_i::RESEARCH, schedule_i::for_research(&law, order, buyer))?;
    }
    bench.find(&orders::METHOD, orders::method(&law, order, bench.facts.details.as_deref()))?;
    bench.find(&orders::LINES, orders::lines(&law, order))?;
    bench.find(&orders::SIGNER, orders::signer(&law, order))?;
    bench.find(&orders::SIGNED, orders::signed(&law, order))?;
    bench.find(&orders::LAST_LINE, orders::last_line(&law, order))?;
    let sound = orders::sound(&law, order);
    if orders::on_form(order.method) && matches!(sound, Outcome::Violated(_)) {
        bench.duty(Duty::VoidForm);
    }
    bench.find(&orders::SOUND, sound)?;
    bench.find(&orders::CERTIFICATE, orders::certificate(&law, order))?;
    if let Some(details) = bench.facts.details.as_deref() {
        super::ordering::executed(bench, order, details)?;
    }
    Ok(Granted::Permit)
}

/// `fill-order`: as `order`, then time, address, quantity; with what the purchaser hears of a refusal.
pub(crate) fn fill_order(bench: &mut Bench<'_>, units: Option<u64>) -> Result<Granted, Stop> {
    let order = order(bench)?;
    let found = fill_order_rules(bench, order, units);
    match (&found, order.method) {
        (Err(Stop::Denied(_)), OrderMethod::Csos) => bench.duty(Duty::NotifyPurchaserWithReason),
        (Err(Stop::Denied(denial)), method) if orders::on_form(method) => {
            if matches!(denial.reason, Reason::DefectiveOrder | Reason::ElementMissing | Reason::NotSigned) {
                bench.duty(Duty::ReturnFormWithReason);
            }
        }
        (Ok(_), OrderMethod::Csos) => bench.duty(Duty::ReportToDea2BusinessDays),
        (Ok(_), method) if orders::on_form(method) => bench.duty(Duty::ReportToDeaMonthEnd),
        _ => {}
    }
    found
}

fn fill_order_rules(bench: &mut Bench<'_>, order: &Order, units: Option<u64>) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&orders::REGISTERED, orders::registered(&law, order))?;
    bench.find(&orders::METHOD, orders::method(&law, order, bench.facts.details.as_deref()))?;
    bench.find(&orders::LINES, orders::lines(&law, order))?;
    bench.find(&orders::SIGNED, orders::signed(&law, order))?;
    bench.find(&orders::SIGNER, orders::signer(&law, order))?;
    bench.find(&orders::LAST_LINE, orders::last_line(&law, order))?;
    bench.find(&orders::SOUND, orders::sound(&law, order))?;
    bench.find(&fill::TOGETHER, fill::together(&law, order))?;
    bench.find(&orders::CERTIFICATE, orders::certificate(&law, order))?;
    bench.find(&fill::ADDRESS, fill::address(&law, order))?;
    bench.find(&fill::SIXTY, fill::sixty(&law, order))?;
    bench.find(&fill::NO_MORE, fill::no_more(&law, order, units))?;
    if let Some(details) = bench.facts.details.as_deref() {
        super::ordering::supplied(bench, order, details)?;
    }
    Ok(Granted::Permit)
}

/// `endorse-order`.
pub(crate) fn endorse_order(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, order) = (bench.law, order(bench)?);
    bench.state_permits()?;
    bench.find(&fill::ENDORSE, fill::endorse(&law, order))?;
    Ok(Granted::Permit)
}

/// `cancel-order`: the purchaser cancels, the supplier voids.
pub(crate) fn cancel_order(bench: &mut Bench<'_>, by: Party, in_writing: bool) -> Result<Granted, Stop> {
    let (law, order) = (bench.law, order(bench)?);
    bench.state_permits()?;
    bench.find(&cancel::WRITTEN, cancel::written(&law, in_writing))?;
    if let Some(details) = bench.facts.details.as_deref() {
        bench.find(&supply::NOTHING, supply::nothing(&law, order, details))?;
    }
    let part = bench.facts.details.as_deref().is_some_and(|details| details.voided == Extent::Part);
    match (order.method, by) {
        (OrderMethod::Csos, Party::Supplier) if part => bench.duty(Duty::RecordNothingShipped),
        (OrderMethod::Csos, Party::Supplier) => bench.duty(Duty::ReturnVoidCopy),
        (method, Party::Supplier) if orders::on_form(method) => bench.duty(Duty::MarkVoid),
        (method, _) if orders::on_form(method) => bench.duty(Duty::MarkCancelled),
        _ => {}
    }
    Ok(Granted::Permit)
}

/// `distribute`: recipient, document, share of the year.
pub(crate) fn distribute(bench: &mut Bench<'_>, quantity: u64) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(distribution) = &bench.facts.distribution else { return Err(bench.lacks(" without a distribution")) };
    bench.state_permits()?;
    bench.find(&five_percent::RECIPIENT, five_percent::recipient(&law, distribution))?;
    bench.find(&five_percent::DOCUMENT, five_percent::document(&law, distribution))?;
    let five = five_percent::five(&law, distribution, quantity);
    if matches!(five, Outcome::Violated(_)) {
        bench.duty(Duty::RegisterAsDistributor);
    }
    bench.find(&five_percent::FIVE, five)?;
    Ok(Granted::Permit)
}

/// `inventory-count`.
pub(crate) fn inventory_count(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let (law, stock) = (bench.law, &bench.facts.stock);
    bench.state_permits()?;
    bench.find(&inventory::COUNT, inventory::count(&law, stock))?;
    if stock.occasion == Occasion::Initial && stock.on_hand == 0 {
        bench.note(&inventory::ZERO, &Outcome::Satisfied);
        bench.duty(Duty::RecordZeroInventory);
    }
    Ok(Granted::Permit)
}

/// `report-loss`: the duties follow from the event, whatever the form.
pub(crate) fn report_loss(bench: &mut Bench<'_>, form: DeaForm) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(event) = &bench.facts.loss else { return Err(bench.lacks(" without a loss")) };
    bench.state_permits()?;
    if matches!(event.kind, LossKind::Theft | LossKind::SignificantLoss) {
        bench.note(&loss::NOTICE, &Outcome::Satisfied);
    }
    for duty in duties_of(event.kind) {
        bench.duty(*duty);
    }
    bench.find(&loss::FORM, loss::form(&law, event, form))?;
    bench.find(&loss::WITNESSES, loss::witnesses(&law, event))?;
    Ok(Granted::Permit)
}

const fn duties_of(kind: LossKind) -> &'static [Duty] {
    match kind {
        LossKind::Theft | LossKind::SignificantLoss => &[Duty::NotifyDea1BusinessDay, Duty::FileForm106],
        LossKind::InsignificantLoss => &[Duty::RecordInTheftLossFile],
        LossKind::Unfounded => &[Duty::NotifyDeaNoLoss],
        LossKind::BreakageRecoverable => &[Duty::FileForm41],
        LossKind::BreakageUnrecoverable => &[Duty::RecordSpill],
        LossKind::InstitutionalWastage => &[Duty::RecordWastage],
        LossKind::OrderForms => &[Duty::NotifyDea],
        LossKind::ListedChemical => &[Duty::ReportOrally, Duty::WrittenReport15Days],
        LossKind::ClericalMiscount
        | LossKind::InTransit
        | LossKind::DestructionAfterTransfer
        | LossKind::RefusedShipment => &[],
    }
}

/// `responsible-party`.
pub(crate) fn responsible_party(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let Some(event) = &bench.facts.loss else { return Err(bench.lacks(" without a loss")) };
    bench.note(&loss::REPORTER, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Word(loss::reporter(event).word())))
}

/// `dispose`: approval, recipient, document, record.
pub(crate) fn dispose(bench: &mut Bench<'_>, route: Route) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(event) = &bench.facts.disposal else { return Err(bench.lacks(" without a disposal")) };
    bench.state_permits()?;
    bench.find(&disposal::APPROVED, disposal::approved(&law, route, event))?;
    bench.find(&disposal::REGISTERED, disposal::registered(&law, event))?;
    bench.find(&disposal::DOCUMENT, disposal::document(&law, route, event))?;
    bench.find(&disposal::RECORD, disposal::record(&law, event))?;
    if matches!(event.schedule, Schedule::I | Schedule::II) && event.document == Document::Form222Triplicate {
        bench.duty(Duty::SendCopy2ToDea);
    }
    Ok(Granted::Permit)
}

/// `file-prescription`: medium, file, mark.
pub(crate) fn file_prescription(
    bench: &mut Bench<'_>,
    file: File,
    tenths: u32,
    medium: Medium,
) -> Result<Granted, Stop> {
    let (law, rx) = (bench.law, bench.prescription()?);
    bench.state_permits()?;
    bench.find(&files::MEDIUM, files::medium(&law, rx, medium))?;
    bench.find(&files::FILE, files::file(&law, rx, file))?;
    let red_c = files::red_c(&law, rx, file, tenths, &bench.facts.pharmacy);
    if matches!(red_c, Outcome::Violated(_)) {
        bench.duty(Duty::StampRedC);
    }
    bench.find(&files::RED_C, red_c)?;
    Ok(Granted::Permit)
}

/// `keep-central`: place, notice.
pub(crate) fn keep_central(bench: &mut Bench<'_>, record: Record, received: Option<Date>) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&place::PLACE, place::place(&law, record))?;
    bench.find(&place::NOTICE, place::notice(&law, record, received))?;
    Ok(Granted::Permit)
}

/// `retain`.
pub(crate) fn retain(bench: &mut Bench<'_>, record: Record) -> Result<Granted, Stop> {
    let Some((until, _)) = retention::until(&bench.law, record, bench.law.day) else {
        return Err(bench.lacks(" on such a day"));
    };
    bench.note(&retention::KEEP, &Outcome::Satisfied);
    Ok(Granted::Value(Answer::Date(until)))
}
