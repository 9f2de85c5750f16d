//! Pages and API: the world of [`crate::views`] over HTTP.
//!
//! A request passes the guard (our own name, size, origin, time), then its door (the table in `doors` says for which
//! roles), then one handler, which asks the world one question on a blocking thread and fills one template or prints
//! JSON. Whatever is refused is refused in the form of the door, with code, cause and next step. No script, no session
//! store, no state but counters.

mod access;
mod answer;
mod api;
mod app;
mod archive;
mod asked;
mod asking;
mod chart;
mod counter;
mod doors;
mod entry;
mod failure;
mod filters;
mod form;
mod gate;
mod guard;
mod hospital;
mod hosts;
mod law;
mod messages;
mod moving;
mod multipart;
mod openapi;
mod operator;
mod orders;
mod pages;
mod patience;
mod pdmp;
mod plain;
mod plainly;
mod practice;
mod programs;
mod shell;
mod signin;
mod stockroom;
#[cfg(test)]
mod tests;
mod till;
mod tokens;
mod watch;
mod words;

use crate::sessions::Use;
use crate::views::World;
use app::App;
pub(crate) use archive::record_paper;
use asked::Asked;
use axum::Router;
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{DefaultBodyLimit, RawPathParams, Request, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::on;
use doors::{Door, Face};
use failure::Failure;
use gate::Passage;
use hosts::Hosts;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

/// Where people sign in.
const SIGN_IN: &str = "/sign-in";
/// How long requests that are being answered may go on after the server was told to stop.
const LAST_ANSWERS: Duration = Duration::from_secs(3);

/// Serves `world` on a bound listener until `shutdown` is done; the caller binds it, and can print its address first.
///
/// # Errors
/// If the listener has no address.
pub(crate) async fn serve_on<S>(world: Arc<dyn World>, listener: TcpListener, shutdown: S) -> anyhow::Result<()>
where
    S: Future<Output = ()> + Send + 'static,
{
    let hosts = Hosts::of(listener.local_addr()?).and(world.site().as_deref());
    let router = router_for(world, hosts);
    let (stopped, told) = tokio::sync::oneshot::channel::<()>();
    let graceful = axum::serve(patience::Patient::new(listener), router).with_graceful_shutdown(async move {
        shutdown.await;
        // Nobody listens any more only if the server has already ended.
        let _ = stopped.send(());
    });
    let too_long = async move {
        if told.await.is_err() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(LAST_ANSWERS).await;
    };
    tokio::select! {
        served = async { graceful.await } => Ok(served?),
        () = too_long => Ok(()),
    }
}

/// The routes over `world`, called by loopback names only: what tests ask without a socket.
#[cfg(test)]
pub(crate) fn router(world: Arc<dyn World>) -> Router {
    router_for(world, Hosts::of(std::net::SocketAddr::from(([127, 0, 0, 1], 0))))
}

fn router_for(world: Arc<dyn World>, hosts: Hosts) -> Router {
    let app = Arc::new(App::new(world, hosts));
    let doors = Door::ALL.iter().fold(Router::new(), |router, &door| {
        let enter = move |State(app): State<Arc<App>>,
                          params: Result<RawPathParams, RawPathParamsRejection>,
                          request: Request| enter(app, door, params, request);
        router.route(door.path(), on(door.method().filter(), enter))
    });
    doors
        .fallback(no_such_page)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(guard::BODY_BYTES_MAX))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

/// One request at one door.
async fn enter(
    app: Arc<App>,
    door: Door,
    params: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> Response {
    let claimed = match door.face() {
        Face::Page => asked::session(request.headers()),
        Face::Api => asked::program(request.headers()),
        Face::Plain => {
            let answer = plain_answer(&app, door).await;
            return match answer {
                Ok(response) => response,
                Err(failure) => answer::failure(&app, Face::Plain, None, &failure).await,
            };
        }
    };
    // A page that asks by itself whether it is locked must not keep itself open.
    let how = if door == Door::Session { Use::Page } else { Use::Act };
    let visit = match app.visit(claimed, how).await {
        Ok(visit) => Arc::new(visit),
        Err(failure) => return answer::failure(&app, door.face(), None, &failure).await,
    };
    let answered = match (gate::pass(door, &visit), params) {
        (Ok(passage @ (Passage::Enter | Passage::Unlock)), Ok(params)) => {
            match Asked::read(Arc::clone(&app), Arc::clone(&visit), params, request, door.body_bytes_max()).await {
                Ok(asked) if passage == Passage::Enter => answer(door, asked).await,
                Ok(asked) => entry::to_the_lock(asked).await,
                Err(failure) => Err(failure),
            }
        }
        (Ok(Passage::Enter | Passage::Unlock), Err(_)) => Err(Failure::no_such_page()),
        (Ok(Passage::ChooseDesk | Passage::SignIn), _)
            if door == Door::Review && programs::from_elsewhere(&request) =>
        {
            programs::arrived(&visit, &request)
        }
        (Ok(Passage::ChooseDesk), _) => answer::see(Door::Desk.path()),
        (Ok(Passage::SignIn), _) if door == Door::Review => answer::see(&programs::sign_in_first(&request)),
        (Ok(Passage::SignIn), _) => answer::see(SIGN_IN),
        (Err(failure), _) => {
            note_refusal(&app, &visit, door, &failure).await;
            Err(failure)
        }
    };
    match answered {
        Ok(response) => response,
        Err(failure) => answer::failure(&app, door.face(), Some((door, &visit)), &failure).await,
    }
}

/// Somebody known who was refused at a door that is not theirs is noted, for the next audit (1311.150(a), 1311.215). Where that
/// cannot be written down they are refused all the same.
async fn note_refusal(app: &App, visit: &Arc<app::Visit>, door: Door, failure: &Failure) {
    if failure.status != StatusCode::FORBIDDEN || visit.visitor.is_none() {
        return;
    }
    let visit = Arc::clone(visit);
    let noted = app.ask(move |world| {
        let Some(visitor) = &visit.visitor else { return Ok(()) };
        Ok(world.house()?.note_refused_visit(&visitor.actor, door.path())?)
    });
    let _ = noted.await;
}

/// An answer under way.
type Answering = Pin<Box<dyn Future<Output = Result<Response, Failure>> + Send>>;

/// Each door's work lies on the heap: the stack of a thread does not grow with the number of doors.
fn on_heap<W>(work: impl FnOnce(Asked) -> W, asked: Asked) -> Answering
where
    W: Future<Output = Result<Response, Failure>> + Send + 'static,
{
    Box::pin(work(asked))
}

/// What needs no waiting.
fn at_once(answer: Result<Response, Failure>) -> Answering {
    Box::pin(std::future::ready(answer))
}

fn answer(door: Door, asked: Asked) -> Answering {
    match door {
        Door::Overview => on_heap(pages::overview, asked),
        Door::Desk => on_heap(pages::desk, asked),
        Door::ChooseDesk => on_heap(pages::choose_desk, asked),
        Door::Prescriptions => on_heap(pages::prescriptions, asked),
        Door::Prescription => on_heap(pages::prescription, asked),
        Door::Queue => on_heap(pages::queue, asked),
        Door::Record => on_heap(pages::record, asked),
        Door::Counter => on_heap(counter::desk::show, asked),
        Door::IntakeNew => on_heap(counter::intake::show, asked),
        Door::IntakeEnter => on_heap(counter::intake::enter, asked),
        Door::FillPage => on_heap(counter::fill::show, asked),
        Door::Supervise => on_heap(counter::desk::supervise, asked),
        Door::Fill => on_heap(counter::fill::fill, asked),
        Door::Filled => on_heap(counter::fill::filled, asked),
        Door::HandOver => on_heap(counter::acts::hand_over, asked),
        Door::SeriesPaper => on_heap(counter::series::paper, asked),
        Door::RefillEntry => on_heap(counter::entry::show, asked),
        Door::RefillEntered => on_heap(counter::entry::enter, asked),
        Door::RefillConfirm => on_heap(counter::entry::decide, asked),
        Door::Chart => on_heap(counter::chart::show, asked),
        Door::ChartEnter => on_heap(counter::chart::enter, asked),
        Door::CounterActs => on_heap(counter::acts::show, asked),
        Door::CounterAct => on_heap(counter::acts::done, asked),
        Door::DeaNotice => on_heap(counter::acts::dea_notice, asked),
        Door::IntakePicture => on_heap(counter::acts::picture, asked),
        Door::ApiFill => on_heap(counter::api::fill, asked),
        Door::ApiHandOver => on_heap(counter::api::hand_over, asked),
        Door::Annotate => on_heap(pages::annotate, asked),
        Door::DrugFile => on_heap(moving::drugs, asked),
        Door::DrugFacts => on_heap(moving::drug, asked),
        Door::DrugFactsEnter => on_heap(moving::enter_facts, asked),
        Door::ApiDrugFacts => on_heap(moving::api_drug, asked),
        Door::MoveTransfer => on_heap(moving::record_transfer, asked),
        Door::MoveTransferOut => on_heap(moving::record_transfer_out, asked),
        Door::MoveTransferFile => on_heap(moving::transfer_file, asked),
        Door::MoveCentral => on_heap(moving::record_central, asked),
        Door::MoveCentralStep => on_heap(moving::record_central_step, asked),
        Door::MoveCentralFile => on_heap(moving::central_file, asked),
        Door::MoveLayers => on_heap(moving::layers, asked),
        Door::MoveLaw => on_heap(moving::law, asked),
        Door::MoveAmend => on_heap(moving::amend, asked),
        Door::MoveNote => on_heap(moving::note, asked),
        Door::Checkers => on_heap(moving::checkers, asked),
        Door::CheckersStep => on_heap(moving::checkers_step, asked),
        Door::HospitalCodes => on_heap(hospital::codes, asked),
        Door::MoveMail => on_heap(moving::mail, asked),
        Door::MoveMailIt => on_heap(moving::mail_it, asked),
        Door::MoveMailLabel => on_heap(moving::outer_label, asked),
        Door::MovePapers => on_heap(moving::papers, asked),
        Door::MovePaper => on_heap(moving::paper, asked),
        Door::MoveLabel => on_heap(moving::label, asked),
        Door::Transfers => on_heap(moving::transfers, asked),
        Door::TransferTake => on_heap(moving::transfer_take, asked),
        Door::TransferAsk => on_heap(moving::transfer_ask, asked),
        Door::TransferRequest => on_heap(moving::transfer_request, asked),
        Door::TransferRequestStep => on_heap(moving::transfer_request_step, asked),
        Door::TransferUpload => on_heap(moving::transfer_upload, asked),
        Door::Central => on_heap(moving::central, asked),
        Door::CentralTake => on_heap(moving::central_take, asked),
        Door::CentralOne => on_heap(moving::central_one, asked),
        Door::CentralStep => on_heap(moving::central_step, asked),
        Door::CentralLabel => on_heap(moving::central_label, asked),
        Door::Refills => on_heap(moving::refills, asked),
        Door::RefillsStep => on_heap(moving::refills_step, asked),
        Door::RefillTrail => on_heap(moving::trail, asked),
        Door::RefillDay => on_heap(moving::day, asked),
        Door::RefillDayPrint => on_heap(moving::day_print, asked),
        Door::RefillDaySign => on_heap(moving::day_sign, asked),
        Door::Downtime => on_heap(moving::downtime, asked),
        Door::DowntimeBegin => on_heap(moving::begin_outage, asked),
        Door::DowntimeKit => on_heap(moving::kit, asked),
        Door::Outage => on_heap(moving::outage, asked),
        Door::OutageStep => on_heap(moving::outage_step, asked),
        Door::OutageSheets => on_heap(moving::sheets, asked),
        Door::Facilities => on_heap(moving::facilities, asked),
        Door::FacilityNew => on_heap(moving::list_facility, asked),
        Door::Facility => on_heap(moving::facility, asked),
        Door::FacilityStep => on_heap(moving::facility_step, asked),
        Door::ApiLabel => on_heap(moving::api_label, asked),
        Door::ApiRefillDay => on_heap(moving::api_refill_day, asked),
        Door::ApiDowntimeKit => on_heap(moving::api_kit, asked),
        Door::StockList => on_heap(pages::stock_list, asked),
        Door::Stock => on_heap(pages::stock, asked),
        Door::Journal => on_heap(pages::journal, asked),
        Door::Entry => on_heap(pages::entry, asked),
        Door::Evidence => on_heap(pages::evidence, asked),
        Door::ApiPrescriptions => on_heap(api::prescriptions, asked),
        Door::ApiPrescription => on_heap(api::prescription, asked),
        Door::ApiQueue => on_heap(api::queue, asked),
        Door::ApiRecord => on_heap(api::record, asked),
        Door::ApiAnnotate => on_heap(api::annotate, asked),
        Door::ApiStockList => on_heap(api::stock_list, asked),
        Door::ApiStock => on_heap(api::stock, asked),
        Door::ApiJournal => on_heap(api::journal, asked),
        Door::ApiEntry => on_heap(api::entry, asked),
        Door::Patients => on_heap(practice::list, asked),
        Door::PatientNew => on_heap(practice::new, asked),
        Door::Patient => on_heap(practice::one, asked),
        Door::DraftNew => on_heap(practice::fresh, asked),
        Door::DraftEnter => on_heap(practice::enter, asked),
        Door::DraftCheck => on_heap(practice::check, asked),
        Door::DraftEdit => on_heap(practice::edit, asked),
        Door::DraftChange => on_heap(practice::change, asked),
        Door::DraftReady => on_heap(practice::ready, asked),
        Door::DraftDiscard => on_heap(practice::discard, asked),
        Door::SetNew => on_heap(practice::fresh_set, asked),
        Door::SetEnter => on_heap(practice::enter_set, asked),
        Door::Drugs => on_heap(practice::drugs, asked),
        Door::Cancel => on_heap(practice::cancel, asked),
        Door::RequestAnswer => on_heap(practice::answer, asked),
        Door::PaperIssue => on_heap(practice::on_paper, asked),
        Door::PaperPrint => on_heap(practice::print, asked),
        Door::CopyPrint => on_heap(practice::copy, asked),
        Door::Medications => on_heap(practice::medications, asked),
        Door::AskPractitioner => on_heap(asking::ask, asked),
        Door::Review => on_heap(practice::review, asked),
        Door::SoftSign => on_heap(practice::soft, asked),
        Door::CodeSign => on_heap(practice::coded, asked),
        Door::CodeSignIn => on_heap(tokens::sign_in_with_code, asked),
        Door::OwnTokens => on_heap(tokens::own, asked),
        Door::OwnLoss => on_heap(tokens::own_loss, asked),
        Door::OwnPassword => on_heap(tokens::password, asked),
        Door::ApiBindBegin => on_heap(tokens::begin, asked),
        Door::ApiBind => on_heap(tokens::finish, asked),
        Door::Tokens => on_heap(tokens::list, asked),
        Door::TokenPerson => on_heap(tokens::one, asked),
        Door::TokenOffer => on_heap(tokens::hand_over, asked),
        Door::TokenTakeBack => on_heap(tokens::take_back, asked),
        Door::TokenCode => on_heap(tokens::bind_code, asked),
        Door::TokenLoss => on_heap(tokens::loss, asked),
        Door::OwnNotices => on_heap(practice::concerns, asked),
        Door::Access => on_heap(access::list, asked),
        Door::AccessPerson => on_heap(access::one, asked),
        Door::AccessNominate => on_heap(access::nominate, asked),
        Door::AccessApprove => on_heap(access::approve, asked),
        Door::AccessSuspend => on_heap(access::suspend, asked),
        Door::AccessRevoke => on_heap(access::revoke, asked),
        Door::AccessWithdraw => on_heap(access::withdraw, asked),
        Door::AccessRecover => on_heap(access::recover, asked),
        Door::AccessConfirm => on_heap(access::confirm, asked),
        Door::Controllers => on_heap(access::controllers, asked),
        Door::Designate => on_heap(access::designate, asked),
        Door::ControllerKey => on_heap(access::hand_key, asked),
        Door::ControllerKeyEnd => on_heap(access::end_key, asked),
        Door::ControllerEnd => on_heap(access::end, asked),
        Door::OwnKeys => on_heap(access::own, asked),
        Door::ApiGrantBegin => on_heap(access::begin, asked),
        Door::ApiGrant => on_heap(access::finish, asked),
        Door::ApiSignBegin => on_heap(practice::begin, asked),
        Door::ApiSign => on_heap(practice::sign, asked),
        Door::ApiPatients => on_heap(programs::patients, asked),
        Door::ApiPatient => on_heap(programs::patient, asked),
        Door::ApiPatientNew => on_heap(programs::new_patient, asked),
        Door::ApiDraftCheck => on_heap(programs::check, asked),
        Door::ApiDraftEnter => on_heap(programs::enter, asked),
        Door::ApiDraftFhir => on_heap(programs::from_fhir, asked),
        Door::ApiDraftChange => on_heap(programs::change, asked),
        Door::ApiDraftReady => on_heap(programs::ready, asked),
        Door::ApiDraftDiscard => on_heap(programs::discard, asked),
        Door::ApiCancel => on_heap(programs::cancel, asked),
        Door::ApiDrugs => on_heap(programs::drugs, asked),
        Door::ApiSigningLink => on_heap(programs::to_sign, asked),
        Door::Signed => on_heap(programs::signed, asked),
        Door::ApiWebhook => on_heap(programs::hook, asked),
        Door::ApiWebhookSet => on_heap(programs::set_hook, asked),
        Door::ApiWebhookEnd => on_heap(programs::end_hook, asked),
        Door::SignInPage => at_once(signin::sign_in_page(&asked)),
        Door::SignOut => on_heap(signin::sign_out, asked),
        Door::JoinPage => at_once(signin::join_page(&asked)),
        Door::Kept => on_heap(entry::kept, asked),
        Door::ApiSignInBegin => on_heap(signin::begin, asked),
        Door::ApiSignIn => on_heap(signin::sign_in, asked),
        Door::ApiJoinBegin => on_heap(signin::begin_join, asked),
        Door::ApiJoin => on_heap(signin::join, asked),
        Door::People => on_heap(operator::people::list, asked),
        Door::PersonNew => on_heap(operator::people::add, asked),
        Door::PersonInvite => on_heap(operator::people::invite, asked),
        Door::PersonShutOut => on_heap(operator::people::shut_out, asked),
        Door::Enrolment => on_heap(operator::enrolment::show, asked),
        Door::EnrolmentApply => on_heap(operator::steps::apply, asked),
        Door::EnrolmentPaper => on_heap(operator::document::show, asked),
        Door::EnrolmentEnter => on_heap(operator::document::enter, asked),
        Door::EnrolmentForm => on_heap(operator::form::of_person, asked),
        Door::EnrolmentScan => on_heap(operator::document::scan, asked),
        Door::EnrolmentUpload => on_heap(operator::document::upload, asked),
        Door::EnrolmentAccept => on_heap(operator::steps::accept, asked),
        Door::EnrolmentRecord => on_heap(operator::steps::record, asked),
        Door::EnrolmentCheck => on_heap(operator::steps::check, asked),
        Door::EnrolmentContact => on_heap(operator::steps::contact, asked),
        Door::EnrolmentLookUp => on_heap(operator::steps::look_up, asked),
        Door::EnrolmentName => on_heap(operator::steps::name, asked),
        Door::EnrolmentPlace => on_heap(operator::steps::place, asked),
        Door::OwnEnrolment => on_heap(operator::own::show, asked),
        Door::OwnApply => on_heap(operator::own::apply, asked),
        Door::OwnForm => on_heap(operator::form::own, asked),
        Door::OwnAcknowledge => on_heap(operator::own::acknowledge, asked),
        Door::RegistrantData => on_heap(operator::registrants::show, asked),
        Door::Preconditions => on_heap(operator::preconditions::list, asked),
        Door::PreconditionSet => on_heap(operator::preconditions::switch, asked),
        Door::Logs => on_heap(watch::logs::list, asked),
        Door::Log => on_heap(watch::logs::one, asked),
        Door::LogReview => on_heap(watch::logs::review, asked),
        Door::LogFile => on_heap(watch::logs::export, asked),
        Door::LogRequest => on_heap(watch::logs::request, asked),
        Door::Duties => on_heap(watch::duties::show, asked),
        Door::DutyAcknowledge => on_heap(watch::duties::acknowledge, asked),
        Door::DutyDetermine => on_heap(watch::duties::determine, asked),
        Door::DutyDispute => on_heap(watch::duties::dispute, asked),
        Door::AuditReports => on_heap(watch::audits::list, asked),
        Door::AuditReport => on_heap(watch::audits::one, asked),
        Door::AuditFile => on_heap(watch::audits::report_file, asked),
        Door::AuditSummary => on_heap(watch::audits::summary, asked),
        Door::AuditRegister => on_heap(watch::audits::register, asked),
        Door::AuditStep => on_heap(watch::audits::step, asked),
        Door::Watch => on_heap(watch::desk::show, asked),
        Door::WatchAudit => on_heap(watch::incidents::audit, asked),
        Door::WatchAuditPaper => on_heap(watch::incidents::audit_paper, asked),
        Door::WatchJudge => on_heap(watch::desk::judge, asked),
        Door::WatchOpen => on_heap(watch::desk::open, asked),
        Door::WatchIncident => on_heap(watch::incidents::incident, asked),
        Door::WatchReport => on_heap(watch::incidents::incident_paper, asked),
        Door::WatchClose => on_heap(watch::incidents::close, asked),
        Door::WatchNotice => on_heap(watch::notices::show, asked),
        Door::WatchLetter => on_heap(watch::notices::letter, asked),
        Door::WatchGiven => on_heap(watch::notices::given, asked),
        Door::WatchAgain => on_heap(watch::notices::reopen, asked),
        Door::OrderDesk => on_heap(orders::desk::show, asked),
        Door::OrderForms => on_heap(orders::forms::show, asked),
        Door::OrderFormsAct => on_heap(orders::forms::acted, asked),
        Door::OrderFormsPaper => on_heap(orders::forms::paper_of, asked),
        Door::OrderPowers => on_heap(orders::powers::show, asked),
        Door::OrderPowersAct => on_heap(orders::powers::acted, asked),
        Door::OrderApplicant => on_heap(orders::powers::applicant, asked),
        Door::OrderPowerPaper => on_heap(orders::powers::paper_of, asked),
        Door::OrderNew => on_heap(orders::drafts::fresh, asked),
        Door::OrderWrite => on_heap(orders::drafts::write, asked),
        Door::OrderDraft => on_heap(orders::drafts::show, asked),
        Door::OrderDraftAct => on_heap(orders::drafts::acted, asked),
        Door::OrderToSign => on_heap(orders::drafts::to_sign, asked),
        Door::OrderCompare => on_heap(orders::compare::show, asked),
        Door::OrderCompared => on_heap(orders::compare::compare, asked),
        Door::OrderOne => on_heap(orders::one::show, asked),
        Door::OrderAct => on_heap(orders::one::acted, asked),
        Door::OrderPapers => on_heap(orders::one::paper_of, asked),
        Door::SupplyList => on_heap(orders::supply::show, asked),
        Door::SupplyTake => on_heap(orders::supply::take, asked),
        Door::SupplyOne => on_heap(orders::supply::one, asked),
        Door::SupplyAct => on_heap(orders::supply::acted, asked),
        Door::SupplyPaper => on_heap(orders::supply::record, asked),
        Door::Retention => on_heap(watch::retention::show, asked),
        Door::Copies => on_heap(watch::copies::show, asked),
        Door::RetentionErase => on_heap(watch::retention::erase, asked),
        Door::RetentionHold => on_heap(watch::retention::hold, asked),
        Door::Pdmp => on_heap(pdmp::list, asked),
        Door::PdmpSet => on_heap(pdmp::set, asked),
        Door::PdmpState => on_heap(pdmp::one, asked),
        Door::PdmpEnd => on_heap(pdmp::end, asked),
        Door::PdmpReport => on_heap(pdmp::make, asked),
        Door::PdmpOne => on_heap(pdmp::report, asked),
        Door::PdmpFile => on_heap(pdmp::file, asked),
        Door::PdmpAnswer => on_heap(pdmp::answer, asked),
        Door::PdmpDays => on_heap(pdmp::days, asked),
        Door::PdmpRelease => on_heap(pdmp::release, asked),
        Door::PdmpAsk => on_heap(pdmp::ask, asked),
        Door::PdmpAsked => on_heap(pdmp::put_down, asked),
        Door::ApiMessage => on_heap(messages::take, asked),
        Door::ApiPdmp => on_heap(pdmp::list_json, asked),
        Door::ApiPdmpReport => on_heap(pdmp::make_json, asked),
        Door::ApiPdmpAsked => on_heap(pdmp::asked_json, asked),
        Door::Books => on_heap(stockroom::desk::show, asked),
        Door::BooksProduct => on_heap(stockroom::product::show, asked),
        Door::BooksAct => on_heap(stockroom::product::enter, asked),
        Door::BooksStatement => on_heap(stockroom::product::statement, asked),
        Door::BooksStatementFile => on_heap(stockroom::product::statement_file, asked),
        Door::BooksSecond => on_heap(stockroom::second::show, asked),
        Door::BooksSecondSign => on_heap(stockroom::second::sign, asked),
        Door::BooksSecondBack => on_heap(stockroom::second::take_back, asked),
        Door::BooksForm41 => on_heap(stockroom::second::form_41, asked),
        Door::BooksReceipts => on_heap(stockroom::receipts::list, asked),
        Door::BooksReceive => on_heap(stockroom::receipts::receive, asked),
        Door::BooksReceipt => on_heap(stockroom::receipts::one, asked),
        Door::BooksReceiptFile => on_heap(stockroom::receipts::export, asked),
        Door::BooksSettle => on_heap(stockroom::receipts::settle, asked),
        Door::BooksInventories => on_heap(stockroom::inventories::list, asked),
        Door::BooksReschedule => on_heap(stockroom::inventories::reschedule, asked),
        Door::BooksInventoryNew => on_heap(stockroom::inventories::open, asked),
        Door::BooksInventory => on_heap(stockroom::inventories::one, asked),
        Door::BooksCount => on_heap(stockroom::inventories::count, asked),
        Door::BooksCountFile => on_heap(stockroom::inventories::import, asked),
        Door::BooksSheet => on_heap(stockroom::inventories::empty_sheet, asked),
        Door::BooksAdd => on_heap(stockroom::inventories::add, asked),
        Door::BooksClose => on_heap(stockroom::inventories::close, asked),
        Door::BooksClassify => on_heap(stockroom::inventories::classify, asked),
        Door::BooksExplain => on_heap(stockroom::inventories::explain, asked),
        Door::BooksInventoryFile => on_heap(stockroom::inventories::export, asked),
        Door::BooksOutgoing => on_heap(stockroom::leaving::list, asked),
        Door::BooksSend => on_heap(stockroom::leaving::send, asked),
        Door::BooksConfirm => on_heap(stockroom::leaving::confirm, asked),
        Door::BooksLosses => on_heap(stockroom::losses::list, asked),
        Door::BooksDiscover => on_heap(stockroom::losses::discover, asked),
        Door::BooksLoss => on_heap(stockroom::losses::one, asked),
        Door::BooksLossEntry => on_heap(stockroom::losses::post_entry, asked),
        Door::BooksLossStep => on_heap(stockroom::losses::step, asked),
        Door::BooksLossPaper => on_heap(stockroom::losses::paper, asked),
        Door::BooksRegistration => on_heap(stockroom::registration::show, asked),
        Door::BooksProfile => on_heap(stockroom::registration::enter, asked),
        Door::BooksRegistrationStep => on_heap(stockroom::registration::step, asked),
        Door::BooksCertificate => on_heap(stockroom::registration::certificate, asked),
        Door::BooksCertificateImage => on_heap(stockroom::registration::image, asked),
        Door::BooksRegistrationPaper => on_heap(stockroom::registration::paper, asked),
        Door::ApiOrders => on_heap(orders::api::list, asked),
        Door::ApiOrder => on_heap(orders::api::one, asked),
        Door::ApiOrderWrite => on_heap(orders::api::write, asked),
        Door::ApiOrderReceive => on_heap(orders::api::receive, asked),
        Door::ApiBooksDue => on_heap(stockroom::api::due, asked),
        Door::ApiBooksStatement => on_heap(stockroom::api::statement, asked),
        Door::BooksPapers => on_heap(stockroom::papers::show, asked),
        Door::BooksPaper => on_heap(stockroom::papers::of_books, asked),
        Door::PharmacyPaper => on_heap(stockroom::papers::of_pharmacy, asked),
        Door::BooksTransfer => on_heap(stockroom::passing::show, asked),
        Door::BooksTransferDo => on_heap(stockroom::passing::pass, asked),
        Door::BooksTransferRecords => on_heap(stockroom::passing::records, asked),
        Door::TillPaper => on_heap(stockroom::papers::of_logbook, asked),
        Door::TillDesk => on_heap(till::show, asked),
        Door::TillProduct => on_heap(till::product, asked),
        Door::TillCounterSale => on_heap(till::counter, asked),
        Door::TillChemicalSale => on_heap(till::chemical, asked),
        Door::TillSold => on_heap(till::sold, asked),
        Door::TillBook => on_heap(till::book, asked),
        Door::TillBookAct => on_heap(till::book_act, asked),
        Door::TillBookFile => on_heap(till::book_file, asked),
        Door::TillLog => on_heap(till::log, asked),
        Door::TillLogOut => on_heap(till::log_out, asked),
        Door::TillLogFile => on_heap(till::log_file, asked),
        Door::TillSeller => on_heap(till::seller, asked),
        Door::TillSellerAct => on_heap(till::seller_act, asked),
        Door::TillSellerFile => on_heap(till::seller_file, asked),
        Door::TillDevices => on_heap(till::devices, asked),
        Door::TillDeviceNew => on_heap(till::set_up, asked),
        Door::TillDevice => on_heap(till::device, asked),
        Door::TillDeviceAct => on_heap(till::device_act, asked),
        Door::TillDeviceFile => on_heap(till::device_file, asked),
        Door::TillOnline => on_heap(till::online, asked),
        Door::TillOnlineAct => on_heap(till::online_act, asked),
        Door::TillOnlineFile => on_heap(till::online_file, asked),
        Door::ApiCounterAsk => on_heap(till::api::counter_ask, asked),
        Door::ApiCounterSell => on_heap(till::api::counter_sell, asked),
        Door::ApiChemicalAsk => on_heap(till::api::chemical_ask, asked),
        Door::ApiChemicalSell => on_heap(till::api::chemical_sell, asked),
        Door::BooksPack => on_heap(stockroom::pack::show, asked),
        Door::BooksPackFile => on_heap(stockroom::pack::export, asked),
        Door::Archive => on_heap(archive::find, asked),
        Door::ArchiveFile => on_heap(archive::take_away, asked),
        Door::ArchivePackage => on_heap(archive::package, asked),
        Door::ArchiveRecord => on_heap(archive::print_record, asked),
        Door::ArchiveOriginal => on_heap(archive::original, asked),
        Door::Filing => on_heap(archive::filing, asked),
        Door::FilingScheme => on_heap(archive::choose_scheme, asked),
        Door::FilePaper => on_heap(archive::file_paper, asked),
        Door::FilingClasses => on_heap(archive::classes, asked),
        Door::RecordPlace => on_heap(archive::place, asked),
        Door::BooksApart => on_heap(archive::books, asked),
        Door::Notes => on_heap(archive::notes, asked),
        Door::AlertAdd => on_heap(archive::alert, asked),
        Door::PatternNew => on_heap(archive::pattern, asked),
        Door::PatternPaper => on_heap(archive::pattern_report, asked),
        Door::PatternSent => on_heap(archive::pattern_sent, asked),
        Door::Trail => on_heap(archive::trail, asked),
        Door::TrailFile => on_heap(archive::trail_file, asked),
        Door::Auditable => on_heap(archive::auditable, asked),
        Door::AuditableChange => on_heap(archive::change_auditable, asked),
        Door::Sighting => on_heap(archive::sighting, asked),
        Door::MonitorsSet => on_heap(archive::monitors, asked),
        Door::ApiArchive => on_heap(archive::find_json, asked),
        Door::Law => at_once(law::rules(&asked)),
        Door::LawRule => at_once(law::rule(&asked)),
        Door::LawTry => on_heap(law::ask, asked),
        Door::ApiLaw => at_once(law::rules_json()),
        Door::ApiLawRule => at_once(law::rule_json(&asked)),
        Door::ApiLawDecide => on_heap(law::decide, asked),
        Door::LockPage => at_once(entry::lock_page(&asked)),
        Door::Unlock => on_heap(entry::unlock, asked),
        Door::Lock => on_heap(entry::lock, asked),
        Door::Session | Door::Used => on_heap(entry::state, asked),
        Door::Health | Door::Metrics | Door::Style | Door::Icon | Door::Script | Door::OpenApi => {
            Box::pin(async move { plain_answer(&asked.app, door).await })
        }
    }
}

async fn plain_answer(app: &App, door: Door) -> Result<Response, Failure> {
    match door {
        Door::Health => plain::health(app).await,
        Door::Metrics => plain::metrics(app).await,
        Door::Style => Ok(plain::style()),
        Door::Icon => Ok(plain::icon()),
        Door::Script => Ok(plain::script()),
        Door::OpenApi => Ok(plain::description()),
        _ => Err(Failure::no_such_page()),
    }
}

async fn no_such_page(State(app): State<Arc<App>>, request: Request) -> Response {
    at_no_door(&app, request, Failure::no_such_page()).await
}

async fn wrong_method(State(app): State<Arc<App>>, request: Request) -> Response {
    let failure = Failure::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "HTTP-METHOD",
        "this address does not take this method",
        "see the header Allow, or /api/v1/openapi.json",
    );
    at_no_door(&app, request, failure).await
}

/// A refusal outside every door; a page still knows who sits at the desk.
async fn at_no_door(app: &App, request: Request, failure: Failure) -> Response {
    let (request, _) = request.into_parts();
    let face = guard::face_of(request.uri.path());
    if face == Face::Page
        && let Ok(visit) = app.visit(asked::session(&request.headers), Use::Page).await
    {
        return answer::failure(app, face, Some((Door::Desk, &visit)), &failure).await;
    }
    answer::failure(app, face, None, &failure).await
}
