//! Deciding: which rules a request calls, in the order in which their refusals win.

mod at_counter;
mod bench;
mod business;
mod care;
mod counter;
mod dispensing;
mod effective;
mod electronic;
mod emergency;
mod entries;
mod lent;
mod lookups;
mod losses;
mod online;
mod ordering;
mod pharmacy;
mod practice;
mod records;
mod screening;
mod trade;
pub(crate) use bench::{Bench, Granted, Stop};

use crate::decision::{Decision, NotBuilt, Standing, Verdict};
use crate::edition::Profile;
use crate::question::Question;
use crate::request::Request;
use std::borrow::Cow;

/// Answers `question` under `profile`. Pure: the same question has the same answer for ever.
///
/// # Errors
/// [`NotBuilt`] where no rule exists yet; never a guess.
pub fn decide(profile: &Profile, question: &Question) -> Result<Decision, NotBuilt> {
    let mut decision = once(profile, question)?;
    if decision.verdict == Verdict::Deny
        && let Some(without) = profile.without_proposal()
        && once(&without, question)?.verdict != Verdict::Deny
    {
        decision.standing = Standing::OnlyProposed2008;
        if let Some(refusal) = &mut decision.refusal {
            let what = format!("{}; only the proposal of 2008 asks this, the law in force does not", refusal.what);
            refusal.what = Cow::Owned(what);
        }
    }
    Ok(decision)
}

fn once(profile: &Profile, question: &Question) -> Result<Decision, NotBuilt> {
    if let Some(own) = effective::schedule(profile, question) {
        let mut decision = asked(profile, &own.question)?;
        if let (Some(refusal), Some(edition)) = (&mut decision.refusal, &own.edition) {
            refusal.edition = edition.clone();
            refusal.what = Cow::Owned(format!("{}; {}", refusal.what, own.note));
        }
        // A State narrows: what Federal law refuses under its own schedule stays refused.
        if decision.refusal.is_none() && own.edition.is_some() {
            let federal = asked(profile, question)?;
            if federal.refusal.is_some() {
                decision = federal;
            }
        }
        decision.notes.push(own.note);
        return Ok(decision);
    }
    asked(profile, question)
}

fn asked(profile: &Profile, question: &Question) -> Result<Decision, NotBuilt> {
    let mut bench = Bench::open(profile, question);
    let found = rules(&mut bench, question);
    bench.close(found)
}

/// One entry a request; each function lives with the part of the law that mainly governs it.
fn rules(bench: &mut Bench<'_>, question: &Question) -> Result<Granted, Stop> {
    match &question.request {
        Request::Fill { quantity } => dispensing::fill(bench, *quantity),
        Request::Refill { quantity } => dispensing::refill(bench, *quantity),
        Request::AuthorizeRefills { additional, quantity } => {
            dispensing::authorize_refills(bench, *additional, *quantity)
        }
        Request::PartialFill { quantity, basis, notation, remainder_available, terminal_in_doubt } => {
            let part = dispensing::Part {
                quantity: *quantity,
                basis: *basis,
                notation: *notation,
                remainder_available: *remainder_available,
                terminal_in_doubt: *terminal_in_doubt,
            };
            dispensing::partial_fill(bench, &part)
        }
        Request::RemainingQuantity {} => dispensing::remaining_quantity(bench),
        Request::RefillsRemaining {} => dispensing::refills_remaining(bench),
        Request::EmergencyFill { quantity, needed } => emergency::emergency_fill(bench, *quantity, *needed),
        Request::EmergencyFollowup {} => emergency::emergency_followup(bench),
        Request::EmergencyAuthority {} => emergency::authority(bench),
        Request::Issue {} => emergency::issue(bench),
        Request::Sign { factors } => electronic::sign(bench, factors),
        Request::Transmit { form } => electronic::transmit(bench, *form),
        Request::Print {} => electronic::print(bench),
        Request::ReceiveElectronic {} => electronic::receive(bench),
        Request::CheckDeaNumber { number, last_name } => lookups::dea_number(bench, number, last_name.as_deref()),
        Request::CheckEntry { entry } => entries::check(bench, *entry),
        Request::CloseRefillDay {} => entries::close_refill_day(bench),
        Request::AuditParts { basis, notation } => entries::audit_parts(bench, *basis, *notation),
        Request::ReadEarliestFill { words } => entries::earliest_fill(bench, words),
        Request::Accountable { matter } => care::accountable(bench, *matter),
        Request::ClassifyOrder { order } => Ok(care::classify_order(bench, *order)),
        Request::ClassifyFacility { kind } => Ok(care::classify_facility(bench, *kind)),
        Request::InstitutionDispense { on } => care::institution(bench, *on),
        Request::StockOf { holding } => Ok(care::stock_of(bench, *holding)),
        Request::CountDistributed { to, quantity } => Ok(care::count_distributed(bench, *to, *quantity)),
        Request::ReturnToStock { from } => care::return_to_stock(bench, *from),
        Request::CentralPaper { flow, schedule } => Ok(care::central_paper(bench, *flow, *schedule)),
        Request::ReconcileCentral {} => care::reconcile_central(bench),
        Request::RunProgram {} => practice::run_program(bench),
        Request::DisasterRefill { days_supply } => pharmacy::disaster_refill(bench, *days_supply),
        Request::TransferOut {} => pharmacy::transfer_out(bench),
        Request::TransferIn {} => pharmacy::transfer_in(bench),
        Request::CentralFill { step, refill } => pharmacy::central_fill(bench, *step, *refill),
        Request::Label {} => pharmacy::label(bench),
        Request::Amend { element, change, consulted } => pharmacy::amend(bench, *element, *change, *consulted),
        Request::Deliver { to, by } => pharmacy::deliver(bench, *to, *by),
        Request::SellOtcCv { quantity, unit, seller, cashier: _ } => {
            counter::sell_otc_cv(bench, *quantity, *unit, *seller)
        }
        Request::SellSlcp { quantity, base_mg, packages, channel } => {
            let sale = counter::Slcp { quantity: *quantity, base_mg: *base_mg, packages: *packages, channel: *channel };
            counter::sell_slcp(bench, &sale)
        }
        Request::CertifySlcp {} => counter::certify_slcp(bench),
        Request::ReportSlcpLoss { missing, seller } => counter::report_slcp_loss(bench, *seller, missing),
        Request::KeepBook { book, kept, change } => counter::keep_book(bench, *book, *kept, *change),
        Request::DiscloseBook { book: _, purpose } => counter::disclose_book(bench, *purpose),
        Request::SellCannabis { product } => counter::sell_cannabis(bench, *product),
        Request::OnlineDispense {} => online::dispense(bench),
        Request::ClassifyOnline {} => online::classify(bench),
        Request::OnlineSite { approval, missing } => online::site(bench, *approval, missing),
        Request::OnlineUrl { notified } => online::url(bench, *notified),
        Request::MonthlyReport {} => Ok(online::monthly_report(bench)),
        Request::SendMonthlyReport { medium } => online::send_monthly_report(bench, *medium),
        Request::ScreenFlags {} => screening::screen(bench),
        Request::ResolveFlag { flag: _, decision, by, grounds, person, contacted, outcome, number } => {
            let decided = screening::Decided {
                decision: *decision,
                by: *by,
                grounds: *grounds,
                person: person.as_deref(),
                contacted: contacted.is_some(),
                outcome: outcome.as_deref(),
                number: *number,
            };
            screening::resolve_flag(bench, &decided)
        }
        Request::CheckMonitoring {} => screening::check_monitoring(bench),
        Request::ReportMonitoring { schedule, drug, identification } => {
            screening::report_monitoring(bench, *schedule, drug.as_deref(), identification.as_deref())
        }
        Request::AccessMonitoring { reader, from, need } => screening::access_monitoring(bench, *reader, *from, *need),
        Request::ScheduleOf { name, market } => lookups::schedule_of(bench, name, *market),
        Request::Criteria { schedule } => Ok(lookups::criteria(bench, *schedule)),
        Request::PlaceOrder {} => trade::place_order(bench),
        Request::FillOrder { units } => trade::fill_order(bench, *units),
        Request::EndorseOrder {} => trade::endorse_order(bench),
        Request::CancelOrder { by, in_writing } => trade::cancel_order(bench, *by, *in_writing),
        Request::RefuseOrder { by } => ordering::refuse_order(bench, *by),
        Request::ReplaceLostOrder {} => ordering::replace_lost_order(bench),
        Request::ReportOrderForms {} => ordering::report_order_forms(bench),
        Request::RequestOrderForms { books, need_stated } => ordering::request_order_forms(bench, *books, *need_stated),
        Request::UsePower {} => ordering::use_power(bench),
        Request::EnableElectronicOrdering { coordinator_appointed } => {
            ordering::enable_electronic_ordering(bench, *coordinator_appointed)
        }
        Request::RevokeCertificate { event: _ } => Ok(ordering::revoke_certificate(bench)),
        Request::ReceiveStock {} => ordering::receive_stock(bench),
        Request::MoveStock {} => ordering::move_stock(bench),
        Request::MovementDocument { kind, schedule } => Ok(ordering::movement_document(bench, *kind, *schedule)),
        Request::CopyHolder { kind, copy } => ordering::copy_holder(bench, *kind, *copy),
        Request::FivePercentLeft { dispensed, distributed } => {
            ordering::five_percent_left(bench, *dispensed, *distributed)
        }
        Request::FivePercentCounts { kind, quantity } => Ok(ordering::five_percent_counts(bench, *kind, *quantity)),
        Request::Distribute { quantity } => trade::distribute(bench, *quantity),
        Request::InventoryCount {} => trade::inventory_count(bench),
        Request::ReportLoss { form } => trade::report_loss(bench, *form),
        Request::Handle { act } => business::handle(bench, *act),
        Request::ApproveMove {} => business::approve_move(bench),
        Request::RenewRegistration { expires } => business::renew(bench, *expires),
        Request::RenewChain { unanswered } => business::renew_chain(bench, unanswered),
        Request::EndRegistration {} => business::end(bench),
        Request::TransferBusiness {} => business::transfer(bench),
        Request::GiveAccess {} => business::give_access(bench),
        Request::WhichForm { purpose } => Ok(business::which_form(bench, *purpose)),
        Request::OperateMachine { step } => business::operate_machine(bench, *step),
        Request::OperateKit { step } => business::operate_kit(bench, *step),
        Request::AssignCode {} => lent::assign_code(bench),
        Request::AssessLoss {} => losses::assess(bench),
        Request::NotifyLoss {} => losses::notify(bench),
        Request::CloseLoss {} => losses::close(bench),
        Request::FileForm106 {} => losses::file_form_106(bench),
        Request::EarlierLosses { which } => losses::earlier(bench, *which),
        Request::LossValue { paid_cents, retail_cents: _ } => Ok(losses::value(bench, *paid_cents)),
        Request::FederalOffence {} => losses::federal(bench),
        Request::CheckDocument { document, missing, schedule } => {
            records::check_document(bench, *document, *schedule, missing)
        }
        Request::CloseInventory {} => records::close_inventory(bench),
        Request::FileRecord { record, file, schedule, retrieval } => {
            records::file_record(bench, *record, *file, *schedule, *retrieval)
        }
        Request::DiscardRecord { record, made, covers_until } => {
            records::discard_record(bench, *record, *made, *covers_until)
        }
        Request::BalanceBooks { opening, came, went, closing } => {
            records::balance_books(bench, *opening, *came, *went, *closing)
        }
        Request::ResponsibleParty {} => trade::responsible_party(bench),
        Request::Dispose { route } => trade::dispose(bench, *route),
        Request::FilePrescription { file, red_c_tenths_inch, medium } => {
            trade::file_prescription(bench, *file, *red_c_tenths_inch, *medium)
        }
        Request::KeepCentral { record, notice_received } => trade::keep_central(bench, *record, *notice_received),
        Request::Retain { record } => trade::retain(bench, *record),
        Request::Deadline { event } => lookups::deadline(bench, *event),
        Request::Classify {} => lookups::classify(bench),
    }
}
