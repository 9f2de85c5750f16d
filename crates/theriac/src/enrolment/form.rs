//! The identity-proofing form that this program prints (2008: 1311.105(a)): an application's or a document's elements in
//! their places, and what is still missing at its head.

use crate::house::House;
use crate::house::record::Fault;
use theriac_model::Registration;
use theriac_paper::Document as Paper;
use theriac_paper::papers::{IdentityProofing, StateAuthority};
use theriac_prescriber::Signer;
use theriac_prescriber::enrolment::Application;
use theriac_prescriber::proofing::{Authority, Document, EntityKind, Place, Under};

fn some(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.trim().to_owned())
}

/// As the form's three boxes call them; nobody else may proof.
const fn kind(kind: EntityKind) -> Option<&'static str> {
    match kind {
        EntityKind::Hospital => Some(
            "Hospital, registered with DEA, that granted the practitioner privileges, which are active and in good standing",
        ),
        EntityKind::StateBoard | EntityKind::StateAuthority => {
            Some("State professional or licensing board, or State controlled-substance authority")
        }
        EntityKind::Police => Some("State or local law enforcement agency"),
        _ => None,
    }
}

/// What an application says already: name, States and registrations.
fn of_application(form: &mut IdentityProofing, application: &Application) {
    form.practitioner = some(&application.name);
    for one in &application.intends {
        if let Registration::Institutional { number, internal_code } = &one.registration {
            form.institution = Some(format!("{number}, internal code {internal_code}"));
        }
        form.states.push(StateAuthority {
            authority: Some(format!("{}: ____________", one.state)),
            registration: one.registration.number().map(|number| number.to_string()),
            ..StateAuthority::default()
        });
    }
}

fn of_place(form: &mut IdentityProofing, place: &Place) {
    let mut state = StateAuthority::default();
    match &place.authority {
        Authority::Licence { authority, number } => {
            state.authority = some(&format!("{} {authority}", place.state));
            state.licence = some(number);
        }
        Authority::VeteransEmployee { facility, .. } => {
            form.veterans_affairs = some(&format!("{facility}, employee duly appointed"));
        }
        Authority::VeteransContractor { facility, .. } => {
            form.veterans_affairs = some(&format!("{facility}, contractor eligible for appointment"));
        }
    }
    match &place.under {
        Under::Own { number, expires } => {
            state.registration = some(number);
            state.expires = expires.map(|day| day.to_string());
        }
        Under::Institution { number, internal_code, .. } => {
            state.registration = some(number);
            form.institution = Some(format!("{number}, internal code {internal_code}"));
        }
        Under::Service { branch, until, .. } => {
            state.registration = some(&format!("exempt: {branch}"));
            state.expires = until.map(|day| day.to_string());
        }
    }
    form.states.push(state);
}

fn of_document(form: &mut IdentityProofing, document: &Document) {
    form.states.clear();
    form.institution = None;
    form.entity = some(&document.entity.name);
    form.entity_registration = some(&document.entity.registration);
    form.entity_kind = kind(document.entity.kind).map(str::to_owned);
    form.person = some(&document.proofer);
    form.practitioner = some(&document.practitioner).or_else(|| form.practitioner.take());
    form.address = some(&document.business_address);
    for place in &document.places {
        of_place(form, place);
    }
    form.identification = some(&document.photo_id);
    form.date = document.proofed_on.map(|day| day.to_string());
}

impl House {
    /// The form for a person, filled from their application and from the document as far as it was entered.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn proofing_form(&self, person: &str) -> Result<Paper, Fault> {
        let (signer, _) = self.signer(person)?;
        let mut form = IdentityProofing { practitioner: some(&self.full_name(person)), ..IdentityProofing::default() };
        if let Some(application) = signer.enrolment().application() {
            of_application(&mut form, application);
        }
        if let Some(document) = signer.enrolment().document() {
            of_document(&mut form, document);
            form.missing = self.still_missing(&signer);
        }
        Ok(form.paper(&self.issue(self.clock.now(), None)))
    }

    /// What does not serve on the document as it was entered.
    fn still_missing(&self, signer: &Signer) -> Vec<String> {
        let provider = self.provider();
        let problems = signer.document_problems(&self.rules(&provider)).unwrap_or_default();
        problems.all().into_iter().map(|refusal| format!("{} ({})", refusal.what, refusal.cite)).collect()
    }
}
