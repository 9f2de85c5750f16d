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
                // On the heap: it is as large as the largest of all doors, and their number grows.
                Ok(asked) if passage == Passage::Enter => Box::pin(answer(door, asked)).await,
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

async fn answer(door: Door, asked: Asked) -> Result<Response, Failure> {
    match door {
        Door::Overview => pages::overview(asked).await,
        Door::Desk => pages::desk(asked).await,
        Door::ChooseDesk => pages::choose_desk(asked).await,
        Door::Prescriptions => pages::prescriptions(asked).await,
        Door::Prescription => pages::prescription(asked).await,
        Door::Queue => pages::queue(asked).await,
        Door::Record => pages::record(asked).await,
        Door::Counter => counter::desk::show(asked).await,
        Door::IntakeNew => counter::intake::show(asked).await,
        Door::IntakeEnter => counter::intake::enter(asked).await,
        Door::FillPage => counter::fill::show(asked).await,
        Door::Fill => counter::fill::fill(asked).await,
        Door::Filled => counter::fill::filled(asked).await,
        Door::HandOver => counter::acts::hand_over(asked).await,
        Door::SeriesPaper => counter::series::paper(asked).await,
        Door::RefillEntry => counter::entry::show(asked).await,
        Door::RefillEntered => counter::entry::enter(asked).await,
        Door::RefillConfirm => counter::entry::decide(asked).await,
        Door::Chart => counter::chart::show(asked).await,
        Door::ChartEnter => counter::chart::enter(asked).await,
        Door::CounterActs => counter::acts::show(asked).await,
        Door::CounterAct => counter::acts::done(asked).await,
        Door::DeaNotice => counter::acts::dea_notice(asked).await,
        Door::IntakePicture => counter::acts::picture(asked).await,
        Door::ApiFill => counter::api::fill(asked).await,
        Door::ApiHandOver => counter::api::hand_over(asked).await,
        Door::Annotate => pages::annotate(asked).await,
        Door::DrugFile => moving::drugs(asked).await,
        Door::DrugFacts => moving::drug(asked).await,
        Door::DrugFactsEnter => moving::enter_facts(asked).await,
        Door::ApiDrugFacts => moving::api_drug(asked).await,
        Door::MoveTransfer => moving::record_transfer(asked).await,
        Door::MoveTransferOut => moving::record_transfer_out(asked).await,
        Door::MoveTransferFile => moving::transfer_file(asked).await,
        Door::MoveCentral => moving::record_central(asked).await,
        Door::MoveCentralStep => moving::record_central_step(asked).await,
        Door::MoveCentralFile => moving::central_file(asked).await,
        Door::MoveLayers => moving::layers(asked).await,
        Door::MoveLaw => moving::law(asked).await,
        Door::MoveAmend => moving::amend(asked).await,
        Door::MoveNote => moving::note(asked).await,
        Door::Checkers => moving::checkers(asked).await,
        Door::CheckersStep => moving::checkers_step(asked).await,
        Door::HospitalCodes => hospital::codes(asked).await,
        Door::MoveMail => moving::mail(asked).await,
        Door::MoveMailIt => moving::mail_it(asked).await,
        Door::MoveMailLabel => moving::outer_label(asked).await,
        Door::MovePapers => moving::papers(asked).await,
        Door::MovePaper => moving::paper(asked).await,
        Door::MoveLabel => moving::label(asked).await,
        Door::Transfers => moving::transfers(asked).await,
        Door::TransferTake => moving::transfer_take(asked).await,
        Door::TransferUpload => moving::transfer_upload(asked).await,
        Door::Central => moving::central(asked).await,
        Door::CentralTake => moving::central_take(asked).await,
        Door::CentralOne => moving::central_one(asked).await,
        Door::CentralStep => moving::central_step(asked).await,
        Door::CentralLabel => moving::central_label(asked).await,
        Door::Refills => moving::refills(asked).await,
        Door::RefillsStep => moving::refills_step(asked).await,
        Door::RefillTrail => moving::trail(asked).await,
        Door::RefillDay => moving::day(asked).await,
        Door::RefillDayPrint => moving::day_print(asked).await,
        Door::RefillDaySign => moving::day_sign(asked).await,
        Door::Downtime => moving::downtime(asked).await,
        Door::DowntimeBegin => moving::begin_outage(asked).await,
        Door::DowntimeKit => moving::kit(asked).await,
        Door::Outage => moving::outage(asked).await,
        Door::OutageStep => moving::outage_step(asked).await,
        Door::OutageSheets => moving::sheets(asked).await,
        Door::Facilities => moving::facilities(asked).await,
        Door::FacilityNew => moving::list_facility(asked).await,
        Door::Facility => moving::facility(asked).await,
        Door::FacilityStep => moving::facility_step(asked).await,
        Door::ApiLabel => moving::api_label(asked).await,
        Door::ApiRefillDay => moving::api_refill_day(asked).await,
        Door::ApiDowntimeKit => moving::api_kit(asked).await,
        Door::StockList => pages::stock_list(asked).await,
        Door::Stock => pages::stock(asked).await,
        Door::Journal => pages::journal(asked).await,
        Door::Entry => pages::entry(asked).await,
        Door::Evidence => pages::evidence(asked).await,
        Door::ApiPrescriptions => api::prescriptions(asked).await,
        Door::ApiPrescription => api::prescription(asked).await,
        Door::ApiQueue => api::queue(asked).await,
        Door::ApiRecord => api::record(asked).await,
        Door::ApiAnnotate => api::annotate(asked).await,
        Door::ApiStockList => api::stock_list(asked).await,
        Door::ApiStock => api::stock(asked).await,
        Door::ApiJournal => api::journal(asked).await,
        Door::ApiEntry => api::entry(asked).await,
        Door::Patients => practice::list(asked).await,
        Door::PatientNew => practice::new(asked).await,
        Door::Patient => practice::one(asked).await,
        Door::DraftNew => practice::fresh(asked).await,
        Door::DraftEnter => practice::enter(asked).await,
        Door::DraftCheck => practice::check(asked).await,
        Door::DraftEdit => practice::edit(asked).await,
        Door::DraftChange => practice::change(asked).await,
        Door::DraftReady => practice::ready(asked).await,
        Door::DraftDiscard => practice::discard(asked).await,
        Door::SetNew => practice::fresh_set(asked).await,
        Door::SetEnter => practice::enter_set(asked).await,
        Door::Drugs => practice::drugs(asked).await,
        Door::Cancel => practice::cancel(asked).await,
        Door::RequestAnswer => practice::answer(asked).await,
        Door::PaperIssue => practice::on_paper(asked).await,
        Door::PaperPrint => practice::print(asked).await,
        Door::CopyPrint => practice::copy(asked).await,
        Door::Medications => practice::medications(asked).await,
        Door::AskPractitioner => asking::ask(asked).await,
        Door::Review => practice::review(asked).await,
        Door::SoftSign => practice::soft(asked).await,
        Door::CodeSign => practice::coded(asked).await,
        Door::CodeSignIn => tokens::sign_in_with_code(asked).await,
        Door::OwnTokens => tokens::own(asked).await,
        Door::OwnLoss => tokens::own_loss(asked).await,
        Door::OwnPassword => tokens::password(asked).await,
        Door::ApiBindBegin => tokens::begin(asked).await,
        Door::ApiBind => tokens::finish(asked).await,
        Door::Tokens => tokens::list(asked).await,
        Door::TokenPerson => tokens::one(asked).await,
        Door::TokenOffer => tokens::hand_over(asked).await,
        Door::TokenTakeBack => tokens::take_back(asked).await,
        Door::TokenCode => tokens::bind_code(asked).await,
        Door::TokenLoss => tokens::loss(asked).await,
        Door::OwnNotices => practice::concerns(asked).await,
        Door::Access => access::list(asked).await,
        Door::AccessPerson => access::one(asked).await,
        Door::AccessNominate => access::nominate(asked).await,
        Door::AccessApprove => access::approve(asked).await,
        Door::AccessSuspend => access::suspend(asked).await,
        Door::AccessRevoke => access::revoke(asked).await,
        Door::AccessWithdraw => access::withdraw(asked).await,
        Door::AccessRecover => access::recover(asked).await,
        Door::AccessConfirm => access::confirm(asked).await,
        Door::Controllers => access::controllers(asked).await,
        Door::Designate => access::designate(asked).await,
        Door::ControllerKey => access::hand_key(asked).await,
        Door::ControllerKeyEnd => access::end_key(asked).await,
        Door::ControllerEnd => access::end(asked).await,
        Door::OwnKeys => access::own(asked).await,
        Door::ApiGrantBegin => access::begin(asked).await,
        Door::ApiGrant => access::finish(asked).await,
        Door::ApiSignBegin => practice::begin(asked).await,
        Door::ApiSign => practice::sign(asked).await,
        Door::ApiPatients => programs::patients(asked).await,
        Door::ApiPatient => programs::patient(asked).await,
        Door::ApiPatientNew => programs::new_patient(asked).await,
        Door::ApiDraftCheck => programs::check(asked).await,
        Door::ApiDraftEnter => programs::enter(asked).await,
        Door::ApiDraftFhir => programs::from_fhir(asked).await,
        Door::ApiDraftChange => programs::change(asked).await,
        Door::ApiDraftReady => programs::ready(asked).await,
        Door::ApiDraftDiscard => programs::discard(asked).await,
        Door::ApiCancel => programs::cancel(asked).await,
        Door::ApiDrugs => programs::drugs(asked).await,
        Door::ApiSigningLink => programs::to_sign(asked).await,
        Door::Signed => programs::signed(asked).await,
        Door::ApiWebhook => programs::hook(asked).await,
        Door::ApiWebhookSet => programs::set_hook(asked).await,
        Door::ApiWebhookEnd => programs::end_hook(asked).await,
        Door::SignInPage => signin::sign_in_page(&asked),
        Door::SignOut => signin::sign_out(asked).await,
        Door::JoinPage => signin::join_page(&asked),
        Door::Kept => entry::kept(asked).await,
        Door::ApiSignInBegin => signin::begin(asked).await,
        Door::ApiSignIn => signin::sign_in(asked).await,
        Door::ApiJoinBegin => signin::begin_join(asked).await,
        Door::ApiJoin => signin::join(asked).await,
        Door::People => operator::people::list(asked).await,
        Door::PersonNew => operator::people::add(asked).await,
        Door::PersonInvite => operator::people::invite(asked).await,
        Door::PersonShutOut => operator::people::shut_out(asked).await,
        Door::Enrolment => operator::enrolment::show(asked).await,
        Door::EnrolmentApply => operator::steps::apply(asked).await,
        Door::EnrolmentPaper => operator::document::show(asked).await,
        Door::EnrolmentEnter => operator::document::enter(asked).await,
        Door::EnrolmentForm => operator::form::of_person(asked).await,
        Door::EnrolmentScan => operator::document::scan(asked).await,
        Door::EnrolmentUpload => operator::document::upload(asked).await,
        Door::EnrolmentAccept => operator::steps::accept(asked).await,
        Door::EnrolmentRecord => operator::steps::record(asked).await,
        Door::EnrolmentCheck => operator::steps::check(asked).await,
        Door::EnrolmentContact => operator::steps::contact(asked).await,
        Door::EnrolmentLookUp => operator::steps::look_up(asked).await,
        Door::EnrolmentName => operator::steps::name(asked).await,
        Door::EnrolmentPlace => operator::steps::place(asked).await,
        Door::OwnEnrolment => operator::own::show(asked).await,
        Door::OwnApply => operator::own::apply(asked).await,
        Door::OwnForm => operator::form::own(asked).await,
        Door::OwnAcknowledge => operator::own::acknowledge(asked).await,
        Door::RegistrantData => operator::registrants::show(asked).await,
        Door::Preconditions => operator::preconditions::list(asked).await,
        Door::PreconditionSet => operator::preconditions::switch(asked).await,
        Door::Logs => watch::logs::list(asked).await,
        Door::Log => watch::logs::one(asked).await,
        Door::LogReview => watch::logs::review(asked).await,
        Door::LogFile => watch::logs::export(asked).await,
        Door::LogRequest => watch::logs::request(asked).await,
        Door::Duties => watch::duties::show(asked).await,
        Door::DutyAcknowledge => watch::duties::acknowledge(asked).await,
        Door::DutyDetermine => watch::duties::determine(asked).await,
        Door::DutyDispute => watch::duties::dispute(asked).await,
        Door::AuditReports => watch::audits::list(asked).await,
        Door::AuditReport => watch::audits::one(asked).await,
        Door::AuditFile => watch::audits::report_file(asked).await,
        Door::AuditSummary => watch::audits::summary(asked).await,
        Door::AuditRegister => watch::audits::register(asked).await,
        Door::AuditStep => watch::audits::step(asked).await,
        Door::Watch => watch::desk::show(asked).await,
        Door::WatchAudit => watch::incidents::audit(asked).await,
        Door::WatchAuditPaper => watch::incidents::audit_paper(asked).await,
        Door::WatchJudge => watch::desk::judge(asked).await,
        Door::WatchOpen => watch::desk::open(asked).await,
        Door::WatchIncident => watch::incidents::incident(asked).await,
        Door::WatchReport => watch::incidents::incident_paper(asked).await,
        Door::WatchClose => watch::incidents::close(asked).await,
        Door::WatchNotice => watch::notices::show(asked).await,
        Door::WatchLetter => watch::notices::letter(asked).await,
        Door::WatchGiven => watch::notices::given(asked).await,
        Door::WatchAgain => watch::notices::reopen(asked).await,
        Door::OrderDesk => orders::desk::show(asked).await,
        Door::OrderForms => orders::forms::show(asked).await,
        Door::OrderFormsAct => orders::forms::acted(asked).await,
        Door::OrderFormsPaper => orders::forms::paper_of(asked).await,
        Door::OrderPowers => orders::powers::show(asked).await,
        Door::OrderPowersAct => orders::powers::acted(asked).await,
        Door::OrderApplicant => orders::powers::applicant(asked).await,
        Door::OrderPowerPaper => orders::powers::paper_of(asked).await,
        Door::OrderNew => orders::drafts::fresh(asked).await,
        Door::OrderWrite => orders::drafts::write(asked).await,
        Door::OrderDraft => orders::drafts::show(asked).await,
        Door::OrderDraftAct => orders::drafts::acted(asked).await,
        Door::OrderToSign => orders::drafts::to_sign(asked).await,
        Door::OrderCompare => orders::compare::show(asked).await,
        Door::OrderCompared => orders::compare::compare(asked).await,
        Door::OrderOne => orders::one::show(asked).await,
        Door::OrderAct => orders::one::acted(asked).await,
        Door::OrderPapers => orders::one::paper_of(asked).await,
        Door::SupplyList => orders::supply::show(asked).await,
        Door::SupplyTake => orders::supply::take(asked).await,
        Door::SupplyOne => orders::supply::one(asked).await,
        Door::SupplyAct => orders::supply::acted(asked).await,
        Door::SupplyPaper => orders::supply::record(asked).await,
        Door::Retention => watch::retention::show(asked).await,
        Door::Copies => watch::copies::show(asked).await,
        Door::RetentionErase => watch::retention::erase(asked).await,
        Door::RetentionHold => watch::retention::hold(asked).await,
        Door::Pdmp => pdmp::list(asked).await,
        Door::PdmpSet => pdmp::set(asked).await,
        Door::PdmpState => pdmp::one(asked).await,
        Door::PdmpEnd => pdmp::end(asked).await,
        Door::PdmpReport => pdmp::make(asked).await,
        Door::PdmpOne => pdmp::report(asked).await,
        Door::PdmpFile => pdmp::file(asked).await,
        Door::PdmpAnswer => pdmp::answer(asked).await,
        Door::PdmpDays => pdmp::days(asked).await,
        Door::PdmpRelease => pdmp::release(asked).await,
        Door::PdmpAsk => pdmp::ask(asked).await,
        Door::PdmpAsked => pdmp::put_down(asked).await,
        Door::ApiMessage => messages::take(asked).await,
        Door::ApiPdmp => pdmp::list_json(asked).await,
        Door::ApiPdmpReport => pdmp::make_json(asked).await,
        Door::ApiPdmpAsked => pdmp::asked_json(asked).await,
        Door::Books => stockroom::desk::show(asked).await,
        Door::BooksProduct => stockroom::product::show(asked).await,
        Door::BooksAct => stockroom::product::enter(asked).await,
        Door::BooksStatement => stockroom::product::statement(asked).await,
        Door::BooksStatementFile => stockroom::product::statement_file(asked).await,
        Door::BooksSecond => stockroom::second::show(asked).await,
        Door::BooksSecondSign => stockroom::second::sign(asked).await,
        Door::BooksSecondBack => stockroom::second::take_back(asked).await,
        Door::BooksForm41 => stockroom::second::form_41(asked).await,
        Door::BooksReceipts => stockroom::receipts::list(asked).await,
        Door::BooksReceive => stockroom::receipts::receive(asked).await,
        Door::BooksReceipt => stockroom::receipts::one(asked).await,
        Door::BooksReceiptFile => stockroom::receipts::export(asked).await,
        Door::BooksSettle => stockroom::receipts::settle(asked).await,
        Door::BooksInventories => stockroom::inventories::list(asked).await,
        Door::BooksInventoryNew => stockroom::inventories::open(asked).await,
        Door::BooksInventory => stockroom::inventories::one(asked).await,
        Door::BooksCount => stockroom::inventories::count(asked).await,
        Door::BooksCountFile => stockroom::inventories::import(asked).await,
        Door::BooksSheet => stockroom::inventories::empty_sheet(asked).await,
        Door::BooksAdd => stockroom::inventories::add(asked).await,
        Door::BooksClose => stockroom::inventories::close(asked).await,
        Door::BooksClassify => stockroom::inventories::classify(asked).await,
        Door::BooksExplain => stockroom::inventories::explain(asked).await,
        Door::BooksInventoryFile => stockroom::inventories::export(asked).await,
        Door::BooksOutgoing => stockroom::leaving::list(asked).await,
        Door::BooksSend => stockroom::leaving::send(asked).await,
        Door::BooksConfirm => stockroom::leaving::confirm(asked).await,
        Door::BooksLosses => stockroom::losses::list(asked).await,
        Door::BooksDiscover => stockroom::losses::discover(asked).await,
        Door::BooksLoss => stockroom::losses::one(asked).await,
        Door::BooksLossEntry => stockroom::losses::post_entry(asked).await,
        Door::BooksLossStep => stockroom::losses::step(asked).await,
        Door::BooksLossPaper => stockroom::losses::paper(asked).await,
        Door::BooksRegistration => stockroom::registration::show(asked).await,
        Door::BooksProfile => stockroom::registration::enter(asked).await,
        Door::BooksRegistrationStep => stockroom::registration::step(asked).await,
        Door::BooksCertificate => stockroom::registration::certificate(asked).await,
        Door::BooksCertificateImage => stockroom::registration::image(asked).await,
        Door::BooksRegistrationPaper => stockroom::registration::paper(asked).await,
        Door::ApiOrders => orders::api::list(asked).await,
        Door::ApiOrder => orders::api::one(asked).await,
        Door::ApiOrderWrite => orders::api::write(asked).await,
        Door::ApiOrderReceive => orders::api::receive(asked).await,
        Door::ApiBooksDue => stockroom::api::due(asked).await,
        Door::ApiBooksStatement => stockroom::api::statement(asked).await,
        Door::BooksPapers => stockroom::papers::show(asked).await,
        Door::BooksPaper => stockroom::papers::of_books(asked).await,
        Door::PharmacyPaper => stockroom::papers::of_pharmacy(asked).await,
        Door::BooksTransfer => stockroom::passing::show(asked).await,
        Door::BooksTransferDo => stockroom::passing::pass(asked).await,
        Door::BooksTransferRecords => stockroom::passing::records(asked).await,
        Door::TillDesk => till::show(asked).await,
        Door::TillProduct => till::product(asked).await,
        Door::TillCounterSale => till::counter(asked).await,
        Door::TillChemicalSale => till::chemical(asked).await,
        Door::TillSold => till::sold(asked).await,
        Door::TillBook => till::book(asked).await,
        Door::TillBookAct => till::book_act(asked).await,
        Door::TillBookFile => till::book_file(asked).await,
        Door::TillLog => till::log(asked).await,
        Door::TillLogOut => till::log_out(asked).await,
        Door::TillLogFile => till::log_file(asked).await,
        Door::TillSeller => till::seller(asked).await,
        Door::TillSellerAct => till::seller_act(asked).await,
        Door::TillSellerFile => till::seller_file(asked).await,
        Door::TillDevices => till::devices(asked).await,
        Door::TillDeviceNew => till::set_up(asked).await,
        Door::TillDevice => till::device(asked).await,
        Door::TillDeviceAct => till::device_act(asked).await,
        Door::TillDeviceFile => till::device_file(asked).await,
        Door::TillOnline => till::online(asked).await,
        Door::TillOnlineAct => till::online_act(asked).await,
        Door::TillOnlineFile => till::online_file(asked).await,
        Door::ApiCounterAsk => till::api::counter_ask(asked).await,
        Door::ApiCounterSell => till::api::counter_sell(asked).await,
        Door::ApiChemicalAsk => till::api::chemical_ask(asked).await,
        Door::ApiChemicalSell => till::api::chemical_sell(asked).await,
        Door::BooksPack => stockroom::pack::show(asked).await,
        Door::BooksPackFile => stockroom::pack::export(asked).await,
        Door::Archive => archive::find(asked).await,
        Door::ArchiveFile => archive::take_away(asked).await,
        Door::ArchivePackage => archive::package(asked).await,
        Door::ArchiveRecord => archive::print_record(asked).await,
        Door::ArchiveOriginal => archive::original(asked).await,
        Door::Filing => archive::filing(asked).await,
        Door::FilingScheme => archive::choose_scheme(asked).await,
        Door::FilePaper => archive::file_paper(asked).await,
        Door::FilingClasses => archive::classes(asked).await,
        Door::RecordPlace => archive::place(asked).await,
        Door::BooksApart => archive::books(asked).await,
        Door::Notes => archive::notes(asked).await,
        Door::AlertAdd => archive::alert(asked).await,
        Door::PatternNew => archive::pattern(asked).await,
        Door::PatternPaper => archive::pattern_report(asked).await,
        Door::PatternSent => archive::pattern_sent(asked).await,
        Door::Trail => archive::trail(asked).await,
        Door::TrailFile => archive::trail_file(asked).await,
        Door::Auditable => archive::auditable(asked).await,
        Door::AuditableChange => archive::change_auditable(asked).await,
        Door::Sighting => archive::sighting(asked).await,
        Door::MonitorsSet => archive::monitors(asked).await,
        Door::ApiArchive => archive::find_json(asked).await,
        Door::Law => law::rules(&asked),
        Door::LawRule => law::rule(&asked),
        Door::LawTry => law::ask(asked).await,
        Door::ApiLaw => law::rules_json(),
        Door::ApiLawRule => law::rule_json(&asked),
        Door::ApiLawDecide => law::decide(asked).await,
        Door::LockPage => entry::lock_page(&asked),
        Door::Unlock => entry::unlock(asked).await,
        Door::Lock => entry::lock(asked).await,
        Door::Session | Door::Used => entry::state(asked).await,
        Door::Health | Door::Metrics | Door::Style | Door::Icon | Door::Script | Door::OpenApi => {
            plain_answer(&asked.app, door).await
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
