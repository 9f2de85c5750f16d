//! The register of blank order forms: asked for, come in, used up, voided, given back, lost, stolen, found. 21 CFR 1305.11,
//! 1305.16, 1305.18.

use super::number::{FormNumber, OrderNumber};
use super::refuse;
use crate::ask;
use crate::product::Party;
use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_law::facts::LostForms;
use theriac_law::vocab::{FormStatus, FormsEvent, FormsKind};
use theriac_law::{Moment, Profile, Question, Request};
use theriac_model::{Actor, Refusal};

/// Sets in a book of triplicate forms (Manual 2010, section VIII).
pub const SETS_IN_A_BOOK: u32 = 7;

words! {
    /// The edition of a Form 222.
    Edition {
        /// Three copies; accepted until 30 October 2021.
        Triplicate "triplicate",
        /// One sheet of twenty lines.
        SingleSheet "single-sheet",
    }

    /// How order forms are asked for.
    RequestChannel {
        /// With the application for registration, by marking block 3.
        Application "application",
        /// Online.
        Online "online",
        /// By telephone.
        Telephone "telephone",
        /// From the registration specialist.
        Specialist "specialist",
    }

    /// What became of a form.
    FormState {
        /// Blank and at hand.
        Blank "blank",
        /// Made out as an order.
        Executed "executed",
        /// Spoilt, and marked void.
        Void "void",
        /// Given back to DEA.
        Returned "returned",
        /// Reported lost.
        Lost "lost",
        /// Reported stolen.
        Stolen "stolen",
        /// Found again after it was reported; DEA does not know yet.
        Found "found",
        /// Found again, and DEA has been told.
        FoundNotified "found-notified",
    }
}

stored_words!(Edition, RequestChannel, FormState);

record! {
    /// A request for order forms, with what DEA asks for.
    FormsRequest {
        /// The registrant: business name, address and DEA number.
        registrant: Party,
        /// The telephone number to call back.
        telephone: String,
        /// How it is made.
        channel: RequestChannel,
        /// Books asked for.
        books: u32,
        /// Why more than usual are needed, and whom it was told.
        need: Option<String>,
    }
}

events! {
    /// One event of a registrant's register of forms.
    FormsEventRecord {
        /// Forms were asked for.
        Requested "forms.requested" {
            /// The request.
            request: FormsRequest,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Forms came in.
        Received "forms.received" {
            /// Their edition.
            edition: Edition,
            /// The serial numbers, in order.
            serials: Vec<FormNumber>,
            /// The date of issue.
            issued: Date,
            /// Who took them in.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A form became an order.
        Executed "forms.executed" {
            /// Its serial number.
            serial: FormNumber,
            /// When.
            at: Moment,
        }
        /// A form was spoilt; it stays in the file, marked void.
        Voided "forms.voided" {
            /// Its serial number.
            serial: FormNumber,
            /// Why.
            reason: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Forms were given back to DEA.
        Returned "forms.returned" {
            /// Which.
            serials: Vec<FormNumber>,
            /// To whom.
            office: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// Forms were lost, stolen or found, and that has to be reported at once.
        Missing "forms.missing" {
            /// What happened.
            event: FormsEvent,
            /// What kind of forms.
            forms: FormsKind,
            /// Which; empty for whole books whose numbers are not known.
            serials: Vec<FormNumber>,
            /// The approximate date of issue of such books.
            issued_about: Option<Date>,
            /// By whom.
            by: Actor,
            /// When it was discovered.
            at: Moment,
        }
        /// DEA's field office has the report.
        Reported "forms.reported" {
            /// Which event of the register, counted from 1, was reported.
            of: u64,
            /// To which office.
            office: String,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

#[derive(Clone, Debug)]
struct Form {
    edition: Edition,
    state: FormState,
    issued_to: Party,
}

/// A report about lost, stolen or found forms that is still owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenReport {
    /// The event of the register.
    pub of: u64,
    /// What happened.
    pub event: FormsEvent,
    /// Which forms.
    pub serials: Vec<FormNumber>,
    /// Since when it is owed: it is due at once.
    pub since: Moment,
}

/// A registrant's register of forms.
#[derive(Clone, Debug)]
pub struct FormRegister {
    registrant: Party,
    version: u64,
    forms: BTreeMap<FormNumber, Form>,
    request: Option<FormsRequest>,
    open: Vec<OpenReport>,
}

impl FormRegister {
    /// An empty register.
    pub const fn new(registrant: Party) -> Self {
        Self { registrant, version: 0, forms: BTreeMap::new(), request: None, open: Vec::new() }
    }

    /// The register after `events`.
    #[must_use]
    pub fn replay<'a>(mut self, events: impl IntoIterator<Item = &'a FormsEventRecord>) -> Self {
        events.into_iter().for_each(|event| self.apply(event));
        self
    }

    /// What became of a form; `None` for one that never came in.
    pub fn state(&self, serial: &FormNumber) -> Option<FormState> {
        self.forms.get(serial).map(|form| form.state)
    }

    /// The edition of a form.
    pub fn edition(&self, serial: &FormNumber) -> Option<Edition> {
        self.forms.get(serial).map(|form| form.edition)
    }

    /// Every form that ever came in, with its edition and what became of it, by serial number.
    pub fn all(&self) -> impl Iterator<Item = (&FormNumber, Edition, FormState)> {
        self.forms.iter().map(|(serial, form)| (serial, form.edition, form.state))
    }

    /// The blank forms at hand: they go back to DEA when the registration ends.
    pub fn blank(&self) -> impl Iterator<Item = &FormNumber> {
        self.forms.iter().filter(|(_, form)| form.state == FormState::Blank).map(|(serial, _)| serial)
    }

    /// Blank forms that bear another name or address than `now`: they are to be replaced (Manual 2010, section III).
    pub fn outdated<'a>(&'a self, now: &'a Party) -> impl Iterator<Item = &'a FormNumber> {
        let differs = |form: &Form| form.issued_to.name != now.name || form.issued_to.address != now.address;
        let blank = self.forms.iter().filter(|(_, form)| form.state == FormState::Blank);
        blank.filter(move |(_, form)| differs(form)).map(|(serial, _)| serial)
    }

    /// The request that waits for its forms.
    pub const fn open_request(&self) -> Option<&FormsRequest> {
        self.request.as_ref()
    }

    /// Reports to DEA that are owed.
    pub fn open_reports(&self) -> &[OpenReport] {
        &self.open
    }

    /// The status of a form as the rulebook asks for it.
    pub(crate) fn status(&self, serial: &FormNumber) -> Result<(FormStatus, &Party), Refusal> {
        let form = self.forms.get(serial).ok_or_else(|| refuse::no_such_form(serial))?;
        let status = match form.state {
            FormState::Blank => FormStatus::AtHand,
            FormState::FoundNotified => FormStatus::FoundNotified,
            FormState::Found => FormStatus::Found,
            FormState::Lost | FormState::Stolen => FormStatus::ReportedLost,
            FormState::Executed | FormState::Void | FormState::Returned => {
                return Err(refuse::form_is_used(serial, form.state));
            }
        };
        Ok((status, &form.issued_to))
    }

    /// Asks DEA for forms. The request stays open until serial numbers come in.
    ///
    /// # Errors
    /// `BOOKS-FORMS-REQUEST` without telephone number or another registrant's; the rulebook's refusal of too many books.
    pub fn request(
        &self,
        profile: &Profile,
        request: FormsRequest,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        if request.registrant.number != self.registrant.number || request.telephone.trim().is_empty() {
            return Err(refuse::forms_request());
        }
        let need_stated = request.need.as_ref().is_some_and(|need| !need.trim().is_empty());
        let asked = Request::RequestOrderForms { books: u64::from(request.books), need_stated };
        ask::permission(profile, &Question::new(at, asked))?;
        Ok(vec![FormsEventRecord::Requested { request, by, at }])
    }

    /// Takes in a book of triplicate forms: seven sets in a row.
    ///
    /// # Errors
    /// `BOOKS-FORMS-SERIAL` when a number is there already or cannot be counted on.
    pub fn receive_book(
        &self,
        first: &FormNumber,
        issued: Date,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        let serials: Option<Vec<FormNumber>> = (0..SETS_IN_A_BOOK).map(|n| first.following(n)).collect();
        let serials = serials.ok_or_else(|| refuse::form_serial(first))?;
        self.receive(Edition::Triplicate, serials, issued, by, at)
    }

    /// Takes in forms by their serial numbers.
    ///
    /// # Errors
    /// `BOOKS-FORMS-SERIAL` when none is given, or one twice, or one is there already.
    pub fn receive(
        &self,
        edition: Edition,
        serials: Vec<FormNumber>,
        issued: Date,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        let mut sorted = serials.clone();
        sorted.sort();
        let twice = sorted.windows(2).find_map(|pair| (pair.first() == pair.last()).then(|| pair.first()).flatten());
        let known = serials.iter().find(|serial| self.forms.contains_key(serial));
        match (twice.or(known), serials.is_empty()) {
            (Some(serial), _) => Err(refuse::form_serial(serial)),
            (None, true) => Err(refuse::forms_request()),
            (None, false) => Ok(vec![FormsEventRecord::Received { edition, serials, issued, by, at }]),
        }
    }

    /// Marks a spoilt form void. A defective form is never corrected.
    ///
    /// # Errors
    /// `BOOKS-FORM-UNKNOWN`, `BOOKS-FORM-USED`, `BOOKS-ORDER-REASON`.
    pub fn void(
        &self,
        serial: &FormNumber,
        reason: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        self.status(serial)?;
        if reason.trim().is_empty() {
            return Err(refuse::reason_missing());
        }
        let (serial, reason) = (serial.clone(), reason.to_owned());
        Ok(vec![FormsEventRecord::Voided { serial, reason, by, at }])
    }

    /// Gives blank forms back to DEA.
    ///
    /// # Errors
    /// `BOOKS-FORM-UNKNOWN` or `BOOKS-FORM-USED` for the first that is not blank.
    pub fn give_back(
        &self,
        serials: Vec<FormNumber>,
        office: &str,
        by: Actor,
        at: Moment,
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        serials.iter().try_for_each(|serial| self.status(serial).map(|_| ()))?;
        Ok(vec![FormsEventRecord::Returned { serials, office: office.to_owned(), by, at }])
    }

    /// Forms were found to be lost or stolen, or were found again. Whoever may report it to DEA has to do so at once.
    ///
    /// # Errors
    /// `BOOKS-FORM-UNKNOWN` for a serial number that never came in; the rulebook's refusal of a report that names neither
    /// serial numbers nor, for whole books, the date of issue.
    pub fn missing(
        &self,
        profile: &Profile,
        (event, forms): (FormsEvent, FormsKind),
        serials: Vec<FormNumber>,
        issued_about: Option<Date>,
        (by, at): (Actor, Moment),
    ) -> Result<Vec<FormsEventRecord>, Refusal> {
        if let Some(serial) = serials.iter().find(|serial| !self.forms.contains_key(serial)) {
            return Err(refuse::no_such_form(serial));
        }
        let mut facts = LostForms::new(event);
        facts.forms = forms;
        facts.serials_given = !serials.is_empty();
        facts.issued_about = issued_about;
        let question = Question::new(at, Request::ReportOrderForms {}).with(|all| all.forms = Some(Box::new(facts)));
        ask::permission(profile, &question)?;
        Ok(vec![FormsEventRecord::Missing { event, forms, serials, issued_about, by, at }])
    }

    /// The field office has a report.
    ///
    /// # Errors
    /// `BOOKS-FORMS-REPORT` when none is owed under that number.
    pub fn reported(&self, of: u64, office: &str, by: Actor, at: Moment) -> Result<Vec<FormsEventRecord>, Refusal> {
        if !self.open.iter().any(|report| report.of == of) {
            return Err(refuse::no_open_report(of));
        }
        Ok(vec![FormsEventRecord::Reported { of, office: office.to_owned(), by, at }])
    }

    /// A form has become an order. The event belongs in one append with the order's own.
    ///
    /// # Errors
    /// `BOOKS-FORM-UNKNOWN`, `BOOKS-FORM-USED`.
    pub fn execute(&self, number: &OrderNumber, at: Moment) -> Result<Vec<FormsEventRecord>, Refusal> {
        let OrderNumber::Form(serial) = number else { return Ok(Vec::new()) };
        self.status(serial)?;
        Ok(vec![FormsEventRecord::Executed { serial: serial.clone(), at }])
    }

    fn set(&mut self, serials: &[FormNumber], state: FormState) {
        for serial in serials {
            if let Some(form) = self.forms.get_mut(serial) {
                form.state = state;
            }
        }
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &FormsEventRecord) {
        self.version += 1;
        match event {
            FormsEventRecord::Requested { request, .. } => self.request = Some(request.clone()),
            FormsEventRecord::Received { edition, serials, .. } => {
                self.request = None;
                for serial in serials {
                    let issued_to = self.registrant.clone();
                    self.forms.insert(serial.clone(), Form { edition: *edition, state: FormState::Blank, issued_to });
                }
            }
            FormsEventRecord::Executed { serial, .. } => {
                self.set(std::slice::from_ref(serial), FormState::Executed);
            }
            FormsEventRecord::Voided { serial, .. } => self.set(std::slice::from_ref(serial), FormState::Void),
            FormsEventRecord::Returned { serials, .. } => self.set(serials, FormState::Returned),
            FormsEventRecord::Missing { event, serials, at, .. } => {
                let state = match event {
                    FormsEvent::Lost => FormState::Lost,
                    FormsEvent::Stolen => FormState::Stolen,
                    FormsEvent::Found => FormState::Found,
                };
                self.set(serials, state);
                let (of, serials) = (self.version, serials.clone());
                self.open.push(OpenReport { of, event: *event, serials, since: *at });
            }
            FormsEventRecord::Reported { of, .. } => {
                let found = self.open.iter().position(|report| report.of == *of);
                if let Some(report) = found.map(|at| self.open.remove(at))
                    && report.event == FormsEvent::Found
                {
                    self.set(&report.serials, FormState::FoundNotified);
                }
            }
        }
    }
}
