//! One incident: the fold of its events, and the commands on it.

use super::event::{Assessed, Custody, Discovery, FiledForm, IncidentEvent, Notice, OthersTold, SupplierTold};
use super::form_106::Form106;
use super::refusals as refuse;
use crate::account::{Account, Name};
use crate::amount::Amount;
use crate::ask;
use crate::entry::{Document, DocumentKind};
use crate::event::StockEvent;
use crate::movement::{Movement, MovementKind};
use crate::product::{Party, Product};
use crate::words::words;
use jiff::civil::Date;
use theriac_law::facts::{Assessment, Loss, LossCase, LossNotice};
use theriac_law::vocab::{
    CaseOutcome, DeaForm, Event, LossKind, NoticeSigner, NoticeTo, Party as LawParty, Significance, Word,
};
use theriac_law::{Decision, Duties, Moment, Profile, Question, Request};
use theriac_model::holidays::federal_holidays_from;
use theriac_model::{Actor, DeaNumber, Refusal};

words! {
    /// Where the notice stands.
    ClockState {
        /// It is not for this registrant to report.
        NotOurs "not-ours",
        /// It runs.
        Running "running",
        /// It ends today.
        LastDay "last-day",
        /// It has run out.
        Overdue "overdue",
        /// The notice served.
        Served "served",
    }
}

/// The clock of the notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    /// The last day on which the notice is in time.
    pub due: Option<Date>,
    /// Where it stands.
    pub state: ClockState,
}

/// The people whom the registrant has authorised to sign notices and forms.
pub type Authorised<'a> = &'a [String];

/// One incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// The discovery.
    pub discovery: Discovery,
    /// The decisions on significance, in order; the last one stands.
    pub assessments: Vec<Assessed>,
    /// The notices.
    pub notices: Vec<Notice>,
    /// Police and State.
    pub others: Vec<OthersTold>,
    /// Notice to the supplier.
    pub supplier_told: Vec<SupplierTold>,
    /// When the shipment turned up, after the discovery; from then on the clock runs where the registrant has to report.
    pub turned_up: Option<Moment>,
    /// The forms that were filed, each readable as it was.
    pub forms: Vec<FiledForm>,
    /// DEA was told in writing why none was filed.
    pub letter: Option<(Actor, Moment)>,
    /// How it ended.
    pub closed: Option<(CaseOutcome, Actor, Moment)>,
}

impl Incident {
    /// Opens an incident.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-FIELD` without circumstances.
    pub fn discover(discovery: Discovery) -> Result<Vec<IncidentEvent>, Refusal> {
        if discovery.circumstances.trim().is_empty() {
            return Err(refuse::told("circumstances"));
        }
        Ok(vec![IncidentEvent::Discovered(Box::new(discovery))])
    }

    /// The incident after `events`; `None` when the first is not its discovery.
    pub fn replay<'a>(events: impl IntoIterator<Item = &'a IncidentEvent>) -> Option<Self> {
        let mut events = events.into_iter();
        let IncidentEvent::Discovered(discovery) = events.next()? else { return None };
        let mut incident = Self {
            discovery: discovery.as_ref().clone(),
            assessments: Vec::new(),
            notices: Vec::new(),
            others: Vec::new(),
            supplier_told: Vec::new(),
            turned_up: None,
            forms: Vec::new(),
            letter: None,
            closed: None,
        };
        for event in events {
            incident.apply(event);
        }
        Some(incident)
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &IncidentEvent) {
        match event {
            IncidentEvent::Discovered(discovery) => self.discovery = discovery.as_ref().clone(),
            IncidentEvent::Assessed(assessed) => self.assessments.push(assessed.clone()),
            IncidentEvent::Notified(notice) => self.notices.push(notice.clone()),
            IncidentEvent::OthersTold(told) => self.others.push(told.clone()),
            IncidentEvent::SupplierTold(told) => self.supplier_told.push(told.clone()),
            IncidentEvent::CustodyChanged { custody, at, .. } => {
                if let Some(transit) = &mut self.discovery.transit {
                    transit.custody = *custody;
                }
                self.turned_up = Some(*at);
            }
            IncidentEvent::FormFiled(form) => self.forms.push(form.clone()),
            IncidentEvent::LetterSent { by, at, .. } => self.letter = Some((by.clone(), *at)),
            IncidentEvent::Closed { outcome, by, at } => self.closed = Some((*outcome, by.clone(), *at)),
        }
    }

    /// The name of an incident's event stream: `incident/AB1234563/2026-03`.
    pub fn stream(registration: DeaNumber, id: &Name) -> String {
        format!("incident/{registration}/{}", id.as_str())
    }

    /// The incident's account in the books of every product.
    pub fn account(&self) -> Account {
        Account::TheftLoss(self.discovery.id.clone())
    }

    fn open_still(&self) -> Result<(), Refusal> {
        if self.closed.is_some() { Err(refuse::closed()) } else { Ok(()) }
    }

    /// Who has to report it.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn reporter(&self, profile: &Profile) -> Result<&'static str, Refusal> {
        let mut loss = Loss::new(self.loss_kind());
        if let Some(transit) = &self.discovery.transit {
            loss.signed_for = transit.custody == Custody::Signed;
            loss.carrier_hired_by = transit.hired_by;
        }
        let question = Question::new(self.discovery.discovered, Request::ResponsibleParty {});
        ask::word(profile, &question.with(|facts| facts.loss = Some(loss)))
    }

    fn loss_kind(&self) -> LossKind {
        match &self.discovery.transit {
            Some(transit) if transit.custody == Custody::Refused => LossKind::RefusedShipment,
            Some(_) => LossKind::InTransit,
            None => LossKind::Theft,
        }
    }

    /// Whether this registrant reports: as a pharmacy, or as the central fill pharmacy that it is for this shipment.
    fn ours(&self, profile: &Profile, own: LawParty) -> Result<(), Refusal> {
        let reporter = self.reporter(profile)?;
        if reporter == own.word() { Ok(()) } else { Err(refuse::not_ours(reporter)) }
    }

    /// The clock of the notice for a registrant that acts as `own`.
    ///
    /// # Errors
    /// When the rulebook has no such rule.
    pub fn clock(&self, profile: &Profile, own: LawParty, today: Date) -> Result<Clock, Refusal> {
        if self.reporter(profile)? != own.word() {
            return Ok(Clock { due: None, state: ClockState::NotOurs });
        }
        let since = self.turned_up.unwrap_or(self.discovery.discovered);
        let due = ask::last_day(profile, Event::TheftOrLoss, since);
        let served = self.notices.iter().any(|notice| notice.to == NoticeTo::Dea && notice.in_writing);
        let state = match due {
            _ if served => ClockState::Served,
            Some(due) if today > due => ClockState::Overdue,
            Some(due) if today == due => ClockState::LastDay,
            _ => ClockState::Running,
        };
        Ok(Clock { due, state })
    }

    /// The last day on which Form 106 is in time; `None` where no edition of the profile sets one.
    pub fn form_due(&self, profile: &Profile) -> Option<Date> {
        ask::last_day(profile, Event::Form106Due, self.discovery.discovered.date())
    }

    /// The shipment turned up after the discovery: it was signed for, so that what is missing of it is the purchaser's to
    /// report, or refused and sent back, so that it stays the supplier's.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`; `BOOKS-INCIDENT-FIELD` without a shipment on the way, or where it was in hand or refused
    /// before.
    pub fn turned_up(&self, custody: Custody, by: Actor, at: Moment) -> Result<Vec<IncidentEvent>, Refusal> {
        self.open_still()?;
        let on_its_way = self.discovery.transit.as_ref().is_some_and(|transit| transit.custody == Custody::NotSigned);
        if !on_its_way || custody == Custody::NotSigned || at.timestamp < self.discovery.discovered.timestamp {
            return Err(refuse::told("custody"));
        }
        Ok(vec![IncidentEvent::CustodyChanged { custody, by, at }])
    }

    /// Whether the report is what happens when nobody decides otherwise: nothing was decided, or it is in doubt.
    pub fn proposes_report(&self) -> bool {
        self.assessments
            .last()
            .is_none_or(|last| last.significance != Significance::NotSignificant || last.theft_in_doubt)
    }

    /// What is missing goes to the incident's account, before or after the form.
    pub fn movement(&self, product: &Product, from: Account, amount: Amount, signer: Actor) -> Movement {
        let document = Document::new(DocumentKind::Incident, self.discovery.id.as_str());
        let what = (product.commodity.clone(), product.schedule);
        let when = (self.discovery.discovered.timestamp, document);
        Movement::new(what, MovementKind::TheftOrLoss, (from, self.account()), amount, when, vec![signer])
    }

    /// Records a decision on significance, with the rulebook's duties.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`, `BOOKS-INCIDENT-FIELD` without reasons, and the rulebook's refusals of `assess-loss`:
    /// a factor without an answer, nobody who decided, small losses that repeat.
    pub fn assess(&self, profile: &Profile, assessed: Assessed) -> Result<(Vec<IncidentEvent>, Duties), Refusal> {
        self.open_still()?;
        if assessed.reasons.trim().is_empty() {
            return Err(refuse::told("reasons"));
        }
        let mut assessment = Assessment::new(assessed.significance);
        let given = assessed.answers.iter().filter(|(_, answer)| !answer.trim().is_empty());
        assessment.answered = given.map(|(factor, _)| *factor).collect();
        assessment.decided_by_name = !assessed.by.id.trim().is_empty();
        assessment.theft_in_doubt = assessed.theft_in_doubt;
        assessment.earlier_small.clone_from(&assessed.earlier_small);
        assessment.decided_in_spite = assessed.in_spite_of_pattern;
        let question = Question::new(assessed.at.date(), Request::AssessLoss {});
        let question = question.with(|facts| facts.assessment = Some(Box::new(assessment)));
        let duties = ask::permission(profile, &question)?.duties;
        Ok((vec![IncidentEvent::Assessed(assessed)], duties))
    }

    /// Records a notice. One inside the company, or to the police, is recorded and leaves the incident unnotified.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`, `BOOKS-INCIDENT-REPORTER`; for one to DEA also `BOOKS-INCIDENT-SIGNER`,
    /// `BOOKS-INCIDENT-FIELD` without a copy, and the rulebook's refusals of `notify-loss`. A late notice is recorded:
    /// its refusal is what the record says of it.
    pub fn notify(
        &self,
        profile: &Profile,
        own: LawParty,
        notice: Notice,
        authorised: Authorised<'_>,
    ) -> Result<(Vec<IncidentEvent>, Option<Refusal>), Refusal> {
        self.open_still()?;
        self.ours(profile, own)?;
        if notice.to != NoticeTo::Dea {
            let said = self.noticed(profile, &notice, authorised).err();
            return Ok((vec![IncidentEvent::Notified(notice)], said));
        }
        let authorised_signer = notice.signer.as_ref().filter(|(signer, _)| authorised.contains(&signer.id));
        if notice.signer.is_some() && authorised_signer.is_none() {
            return Err(refuse::not_authorised());
        }
        if notice.copy.as_ref().is_none_or(|copy| copy.trim().is_empty()) {
            return Err(refuse::told("copy"));
        }
        match self.noticed(profile, &notice, authorised) {
            Ok(_) => Ok((vec![IncidentEvent::Notified(notice)], None)),
            Err(late) if notice.in_writing && notice.signer.is_some() => {
                Ok((vec![IncidentEvent::Notified(notice)], Some(late)))
            }
            Err(refusal) => Err(refusal),
        }
    }

    /// `notify-loss`.
    fn noticed(&self, profile: &Profile, notice: &Notice, authorised: Authorised<'_>) -> Result<Decision, Refusal> {
        let mut facts = LossNotice::new(self.discovery.discovered.date());
        facts.to = notice.to;
        facts.in_writing = notice.in_writing;
        facts.signed_by = match &notice.signer {
            None => NoticeSigner::Nobody,
            Some((signer, _)) if authorised.contains(&signer.id) => NoticeSigner::Authorized,
            Some(_) => NoticeSigner::Other,
        };
        let holidays = federal_holidays_from(self.discovery.discovered.date(), 1);
        let question = Question::new(notice.at.date(), Request::NotifyLoss {}).with(|all| {
            all.notice = Some(Box::new(facts));
            all.holidays = holidays;
        });
        ask::permission(profile, &question)
    }

    /// Records that police or State were told.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`; `BOOKS-INCIDENT-FIELD` when neither is named.
    pub fn tell_others(&self, told: OthersTold) -> Result<Vec<IncidentEvent>, Refusal> {
        self.open_still()?;
        let named = told.police.as_ref().is_some_and(|(department, ..)| !department.trim().is_empty())
            || told.board.as_ref().is_some_and(|board| !board.trim().is_empty());
        if named { Ok(vec![IncidentEvent::OthersTold(told)]) } else { Err(refuse::told("police.department")) }
    }

    /// Records that the supplier was told of a loss that is its own to report.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`; `BOOKS-INCIDENT-FIELD` for a loss without a shipment.
    pub fn tell_supplier(&self, told: SupplierTold) -> Result<Vec<IncidentEvent>, Refusal> {
        self.open_still()?;
        if self.discovery.transit.is_none() {
            return Err(refuse::told("transit"));
        }
        Ok(vec![IncidentEvent::SupplierTold(told)])
    }

    /// Files a form that was completed, signed and sent: the rulebook checks it, and every version stays readable.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-REPORTER`, `BOOKS-INCIDENT-SIGNER`, `BOOKS-INCIDENT-FIELD` without channel or copy, and those of
    /// [`Form106::check`].
    pub fn file(
        &self,
        profile: &Profile,
        own: LawParty,
        (form, channel, copy): (&Form106, &str, &str),
        signer: Actor,
        authorised: Authorised<'_>,
    ) -> Result<Vec<IncidentEvent>, Refusal> {
        self.ours(profile, own)?;
        if !authorised.contains(&signer.id) {
            return Err(refuse::not_authorised());
        }
        for (text, field) in [(channel, "channel"), (copy, "copy")] {
            if text.trim().is_empty() {
                return Err(refuse::told(field));
            }
        }
        form.check(profile)?;
        let version = u32::try_from(self.forms.len()).unwrap_or(u32::MAX).saturating_add(1);
        Ok(vec![IncidentEvent::FormFiled(FiledForm {
            version,
            form: form.to_json(),
            channel: channel.to_owned(),
            copy: copy.to_owned(),
            signer,
            day: form.details.completed,
        })])
    }

    /// The letter to DEA that says why no form is filed, where nothing was lost after all.
    pub fn no_loss_letter(&self, found: &str, today: Date) -> String {
        let registrant = &self.discovery.registrant;
        let address = &registrant.address;
        format!(
            "{}\n{}\n{}, {} {}\nDEA registration {}\n\n{today}\n\nTo the DEA field office\n\nOn {} we notified you of a \
             possible theft or loss ({}). We have looked into it and found that no controlled substance was stolen or \
             lost: {} DEA Form 106 is therefore not filed.\n",
            registrant.name,
            address.line1,
            address.city,
            address.state,
            address.postal,
            registrant.number,
            self.discovery.discovered.date(),
            self.discovery.id.as_str(),
            found.trim(),
        )
    }

    /// Closes the case.
    ///
    /// # Errors
    /// `BOOKS-INCIDENT-CLOSED`, and the rulebook's refusals of `close-loss`: no form, no letter, police or board not told
    /// where the State wants them told. A loss that is not significant needs a decision on record that says so.
    pub fn close(
        &self,
        profile: &Profile,
        outcome: CaseOutcome,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<IncidentEvent>, Refusal> {
        self.open_still()?;
        let mut case = LossCase::new(outcome);
        case.form_106_filed = !self.forms.is_empty();
        case.letter_sent = self.letter.is_some();
        case.in_file = !self.proposes_report();
        case.police_told = self.others.iter().any(|told| told.police.is_some());
        case.board_told = self.others.iter().any(|told| told.board.is_some());
        let question = Question::new(at.date(), Request::CloseLoss {});
        ask::permission(profile, &question.with(|facts| facts.case = Some(Box::new(case))))?;
        Ok(vec![IncidentEvent::Closed { outcome, by, at }])
    }

    /// Form 106 for a case that ended as not significant: the rulebook's refusal, which names the file.
    ///
    /// # Errors
    /// `LAW-1301.76-FORM` where the law wants no form.
    pub fn form_106_allowed(&self, profile: &Profile) -> Result<(), Refusal> {
        let kind = match self.closed {
            Some((CaseOutcome::NotSignificant, ..)) => LossKind::InsignificantLoss,
            Some((CaseOutcome::NoLoss, ..)) => LossKind::Unfounded,
            _ => LossKind::SignificantLoss,
        };
        let question = Question::new(self.discovery.discovered, Request::ReportLoss { form: DeaForm::Form106 });
        ask::permission(profile, &question.with(|facts| facts.loss = Some(Loss::new(kind)))).map(drop)
    }

    /// What the books took out for the incident, product by product.
    pub fn quantities<'a>(&self, events: impl IntoIterator<Item = &'a StockEvent>) -> Vec<(crate::Commodity, i64)> {
        let account = self.account();
        let mut sums: std::collections::BTreeMap<crate::Commodity, i64> = std::collections::BTreeMap::new();
        for event in events {
            let StockEvent::Posted { commodity, entry } = event else { continue };
            let change = entry.change_of(&account);
            if change != 0 {
                *sums.entry(commodity.clone()).or_default() += change;
            }
        }
        sums.into_iter().filter(|(_, sum)| *sum != 0).collect()
    }
}

/// One line of the theft and loss file: a loss that was judged not significant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileLine {
    /// The incident.
    pub id: Name,
    /// The registrant.
    pub registrant: Party,
    /// The day of discovery.
    pub discovered: Date,
    /// What was lost, product by product.
    pub quantities: Vec<(crate::Commodity, i64)>,
    /// Why it was judged not significant.
    pub reasons: String,
    /// Who decided.
    pub decided_by: Actor,
}

/// The theft and loss file: every closed case that was judged not significant.
pub fn loss_file(incidents: &[Incident], events: &[StockEvent]) -> Vec<FileLine> {
    let lines = incidents.iter().filter(|incident| matches!(incident.closed, Some((CaseOutcome::NotSignificant, ..))));
    lines
        .filter_map(|incident| {
            let decision = incident.assessments.last()?;
            Some(FileLine {
                id: incident.discovery.id.clone(),
                registrant: incident.discovery.registrant.clone(),
                discovered: incident.discovery.discovered.date(),
                quantities: incident.quantities(events),
                reasons: decision.reasons.clone(),
                decided_by: decision.by.clone(),
            })
        })
        .collect()
}
