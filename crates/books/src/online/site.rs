//! What the home page shows, made from the records as they stand on the day: 21 CFR 1304.45, 1304.50.

use crate::ask;
use jiff::civil::Date;
use theriac_law::texts::{NOTICE_DECLARATION, OBLIGATION_STATEMENT};
use theriac_law::vocab::{Approval, SiteElement};
use theriac_law::{Profile, Question, Request};
use theriac_model::Refusal;

/// A State's licence to dispense.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateLicence {
    /// The State, as two letters.
    pub state: String,
    /// Its last day.
    pub until: Date,
}

/// The pharmacist in charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PharmacistInCharge {
    /// The name.
    pub name: String,
    /// The degree.
    pub degree: String,
    /// Where licensed.
    pub licences: Vec<StateLicence>,
    /// The telephone number.
    pub telephone: String,
}

/// A practitioner with a contract to provide evaluations or prescriptions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractedPractitioner {
    /// The name.
    pub name: String,
    /// The address.
    pub address: String,
    /// The telephone number.
    pub telephone: String,
    /// The degree.
    pub degree: String,
    /// Where licensed.
    pub licences: Vec<StateLicence>,
}

/// The records that the home page is made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HomePage {
    /// How far the application has come.
    pub approval: Approval,
    /// The name as it stands on the certificate of registration.
    pub registered_name: String,
    /// The registered address, on one line.
    pub address: String,
    /// The telephone number.
    pub telephone: String,
    /// The address for electronic mail.
    pub mail: String,
    /// The pharmacist in charge.
    pub in_charge: PharmacistInCharge,
    /// The States in which the pharmacy may dispense.
    pub licences: Vec<StateLicence>,
    /// The certification of registration for the Internet, in words.
    pub certification: String,
    /// Contracted practitioners.
    pub practitioners: Vec<ContractedPractitioner>,
}

/// One part of the page, visible as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block {
    /// Which part the law asks for.
    pub element: SiteElement,
    /// What is shown.
    pub text: String,
}

/// The States of the licences that have not run out, in order.
fn states(licences: &[StateLicence], today: Date) -> String {
    let mut states: Vec<&str> =
        licences.iter().filter(|licence| today <= licence.until).map(|licence| licence.state.as_str()).collect();
    states.sort_unstable();
    states.join(", ")
}

/// The parts joined; empty when one of them is.
fn all(parts: &[&str]) -> String {
    if parts.iter().any(|part| part.trim().is_empty()) { String::new() } else { parts.join(", ") }
}

impl HomePage {
    /// The parts of the page as of `today`.
    ///
    /// # Errors
    /// The rulebook's, naming the parts that the records cannot fill: an expired licence drops its State, and a pharmacy
    /// without any State's licence has none to show.
    pub fn blocks(&self, profile: &Profile, today: Date) -> Result<Vec<Block>, Refusal> {
        let chief = &self.in_charge;
        let practitioner = |one: &ContractedPractitioner| {
            all(&[&one.name, &one.address, &one.telephone, &one.degree, &states(&one.licences, today)])
        };
        let practitioners: Vec<String> = self.practitioners.iter().map(practitioner).collect();
        let practitioners = if practitioners.iter().any(String::is_empty) {
            String::new()
        } else if practitioners.is_empty() {
            "No practitioner has a contract with this pharmacy.".to_owned()
        } else {
            practitioners.join("; ")
        };
        let compliance = if self.registered_name.trim().is_empty() {
            String::new()
        } else {
            format!("{} complies with 21 U.S.C. 831.", self.registered_name)
        };
        let mut parts = vec![
            (SiteElement::NameAndAddress, all(&[&self.registered_name, &self.address])),
            (SiteElement::PhoneAndMail, all(&[&self.telephone, &self.mail])),
            (
                SiteElement::PharmacistInCharge,
                all(&[&chief.name, &chief.degree, &states(&chief.licences, today), &chief.telephone]),
            ),
            (SiteElement::StatesLicensed, states(&self.licences, today)),
            (SiteElement::Certification, self.certification.clone()),
            (SiteElement::Practitioners, practitioners),
            (SiteElement::ObligationStatement, OBLIGATION_STATEMENT.to_owned()),
        ];
        parts.push(match self.approval {
            Approval::Applied => (SiteElement::NotificationStatement, NOTICE_DECLARATION.to_owned()),
            Approval::Approved => (SiteElement::ComplianceStatement, compliance),
        });
        let missing = parts.iter().filter(|(_, text)| text.trim().is_empty()).map(|(element, _)| *element).collect();
        let request = Request::OnlineSite { approval: self.approval, missing };
        ask::permission(profile, &Question::new(today, request))?;
        Ok(parts.into_iter().map(|(element, text)| Block { element, text }).collect())
    }
}

/// The parts that stand on the published page otherwise than the records have them now: each is an alert.
pub fn differs(published: &[Block], now: &[Block]) -> Vec<SiteElement> {
    let same = |block: &Block| published.iter().any(|one| one.element == block.element && one.text == block.text);
    now.iter().filter(|block| !same(block)).map(|block| block.element).collect()
}
