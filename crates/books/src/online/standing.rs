//! The modified registration: application, certification to boards, and parties that are exempt from being online
//! pharmacies. 21 U.S.C. 802(52), 831; Manual 2010, section XI.

use crate::stored::{events, record, stored_words};
use crate::words::words;
use jiff::civil::Date;
use theriac_law::Moment;
use theriac_model::{Actor, DeaNumber, Refusal};

words! {
    /// What a registration is for.
    Activity {
        /// A retail pharmacy.
        Retail "retail",
        /// An online pharmacy beside it.
        Online "online",
    }

    /// Why somebody who deals by means of the Internet is no online pharmacy: the classes of the definition, and no others.
    ExemptionClass {
        /// A manufacturer or distributor that does not dispense.
        ManufacturerOrDistributor "manufacturer-or-distributor",
        /// A registered practitioner who is no pharmacy, and whose site lists the affiliated practitioners.
        NonpharmacyPractitioner "nonpharmacy-practitioner",
        /// A Federal facility.
        FederalFacility "federal-facility",
        /// A tribal facility.
        TribalFacility "tribal-facility",
        /// An agent or employee of such a facility.
        FacilityAgent "facility-agent",
        /// Somebody who merely advertises.
        Advertising "advertising",
        /// Somebody abroad who does not serve the United States.
        AbroadOnly "abroad-only",
    }
}

stored_words!(Activity, ExemptionClass);

record! {
    /// How one State's board stands.
    BoardStanding {
        /// The State, as two letters.
        state: String,
        /// The day on which its board was told; absent when it was not.
        notified: Option<Date>,
        /// The licence in that State; absent when there is none.
        licence: Option<String>,
    }

    /// The sheet for the application: everything that is certified, complete.
    Sheet {
        /// The registration that is to be modified. The modification costs no fee.
        number: DeaNumber,
        /// Every State in which it will dispense.
        boards: Vec<BoardStanding>,
        /// Who certifies.
        certified_by: String,
    }

    /// A counterparty that is exempt.
    Exemption {
        /// Who.
        party: String,
        /// As what.
        class: ExemptionClass,
        /// What shows it.
        evidence: String,
    }
}

events! {
    /// One event of an online pharmacy's file.
    OnlineEvent {
        /// The application went out; it is the notice to DEA.
        Applied "online.applied" {
            /// The sheet.
            sheet: Sheet,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// DEA modified the registration.
        Modified "online.modified" {
            /// SHA-256 of the new certificate's image, in hex.
            certificate: String,
            /// By whom it was recorded.
            by: Actor,
            /// When.
            at: Moment,
        }
        /// A counterparty's exemption was recorded.
        Exempted "online.exempted" {
            /// The exemption.
            exemption: Exemption,
            /// By whom.
            by: Actor,
            /// When.
            at: Moment,
        }
    }
}

fn refusal(what: String, next: &'static str, field: &'static str) -> Refusal {
    Refusal::new("BOOKS-ONLINE-GAP", "21 U.S.C. 831(b), (d); 21 CFR 1304.40", what, next).about(field)
}

/// The sheet for an application, when nothing is missing: each State has a notice and a licence.
///
/// # Errors
/// `BOOKS-ONLINE-GAP`, naming the first State with a gap, or the certifier who is not named.
pub fn sheet(number: DeaNumber, boards: Vec<BoardStanding>, certified_by: &str) -> Result<Sheet, Refusal> {
    if boards.is_empty() || certified_by.trim().is_empty() {
        let what = "no State is listed, or nobody certifies".to_owned();
        return Err(refusal(what, "list every State, and name who certifies", "boards"));
    }
    for board in &boards {
        if board.notified.is_none() {
            let what = format!("the board of {} has not been notified", board.state);
            return Err(refusal(what, "notify the board first", "boards.notified"));
        }
        if board.licence.as_ref().is_none_or(|licence| licence.trim().is_empty()) {
            let what = format!("there is no licence for {}", board.state);
            return Err(refusal(what, "enter the licence, or leave the State out", "boards.licence"));
        }
    }
    Ok(Sheet { number, boards, certified_by: certified_by.to_owned() })
}

/// A pharmacy's registration as the Internet changes it: the number stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnlineRegistration {
    number: DeaNumber,
    activities: Vec<Activity>,
    certificate: String,
    applied: Option<Date>,
    exemptions: Vec<Exemption>,
}

impl OnlineRegistration {
    /// A retail pharmacy's registration, with the digest of its certificate's image.
    pub fn retail(number: DeaNumber, certificate: impl Into<String>) -> Self {
        let (activities, exemptions) = (vec![Activity::Retail], Vec::new());
        Self { number, activities, certificate: certificate.into(), applied: None, exemptions }
    }

    /// The registration number.
    pub const fn number(&self) -> DeaNumber {
        self.number
    }

    /// What it is for.
    pub fn activities(&self) -> &[Activity] {
        &self.activities
    }

    /// The digest of the certificate that is shown now.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    /// The day of the application.
    pub const fn applied(&self) -> Option<Date> {
        self.applied
    }

    /// Counterparties recorded as exempt.
    pub fn exemptions(&self) -> &[Exemption] {
        &self.exemptions
    }

    /// Applies for the modification.
    ///
    /// # Errors
    /// `BOOKS-ONLINE-GAP` for the sheet of another registration.
    pub fn apply_for(&self, sheet: Sheet, by: Actor, at: Moment) -> Result<Vec<OnlineEvent>, Refusal> {
        if sheet.number != self.number {
            let what = "the sheet is of another registration".to_owned();
            return Err(refusal(what, "make the sheet of this registration", "sheet.number"));
        }
        Ok(vec![OnlineEvent::Applied { sheet, by, at }])
    }

    /// Records DEA's modification: the same number, both activities, a new certificate.
    ///
    /// # Errors
    /// `BOOKS-ONLINE-GAP` before any application.
    pub fn modified(&self, certificate: &str, by: Actor, at: Moment) -> Result<Vec<OnlineEvent>, Refusal> {
        if self.applied.is_none() || certificate.trim().is_empty() {
            let what = "nothing was applied for, or no certificate is given".to_owned();
            return Err(refusal(what, "record the application and the new certificate", "certificate"));
        }
        Ok(vec![OnlineEvent::Modified { certificate: certificate.to_owned(), by, at }])
    }

    /// Records a counterparty as exempt, with the evidence.
    ///
    /// # Errors
    /// `BOOKS-ONLINE-GAP` without party or evidence.
    pub fn exempt(&self, exemption: Exemption, by: Actor, at: Moment) -> Result<Vec<OnlineEvent>, Refusal> {
        if exemption.party.trim().is_empty() || exemption.evidence.trim().is_empty() {
            let what = "an exemption names the party and what shows it".to_owned();
            return Err(refusal(what, "keep the evidence", "exemption.evidence"));
        }
        Ok(vec![OnlineEvent::Exempted { exemption, by, at }])
    }

    /// Folds one event.
    pub fn apply(&mut self, event: &OnlineEvent) {
        match event {
            OnlineEvent::Applied { at, .. } => self.applied = Some(at.date()),
            OnlineEvent::Modified { certificate, .. } => {
                self.activities = vec![Activity::Retail, Activity::Online];
                self.certificate.clone_from(certificate);
            }
            OnlineEvent::Exempted { exemption, .. } => self.exemptions.push(exemption.clone()),
        }
    }
}
