//! What stands around every page: the DEMO banner, where we are, who sits at the desk, and the doors they may open.

use super::app::Visit;
use super::doors::Door;
use crate::views::{DeploymentKind, DeploymentView, PersonView};
use theriac_model::Role;

/// The frame of a page.
pub(super) struct Shell {
    pub(super) deployment: Option<DeploymentView>,
    pub(super) person: Option<PersonView>,
    role: Option<Role>,
    /// Doors of the navigation, those the person may open.
    pub(super) nav: Vec<NavItem>,
}

/// A door in the navigation.
pub(super) struct NavItem {
    pub(super) href: &'static str,
    pub(super) label: &'static str,
    /// What lies behind it.
    pub(super) about: &'static str,
    /// The access key: a digit or letter that no other door of the same person has.
    pub(super) key: &'static str,
    pub(super) here: bool,
}

/// The doors of the navigation, and those that lie behind each.
const NAV: &[(Door, &str, &str, &[Door])] = &[
    (Door::Overview, "Overview", "1", &[]),
    (Door::Prescriptions, "Prescriptions", "2", &[Door::Prescription, Door::DraftEdit, Door::Review, Door::Signed]),
    (Door::Patients, "Patients", "6", &[Door::Patient, Door::DraftNew, Door::SetNew, Door::Drugs]),
    (Door::OwnTokens, "Tokens", "t", &[]),
    (Door::Access, "Access", "c", &[Door::AccessPerson, Door::Controllers, Door::OwnKeys]),
    (Door::Tokens, "Tokens", "t", &[Door::TokenPerson]),
    (
        Door::Counter,
        "Counter",
        "u",
        &[Door::IntakeNew, Door::FillPage, Door::Filled, Door::CounterActs, Door::RefillEntry, Door::Chart],
    ),
    (
        Door::Queue,
        "Pharmacy queue",
        "3",
        &[
            Door::Record,
            Door::Annotate,
            Door::MoveTransfer,
            Door::MoveCentral,
            Door::MoveLayers,
            Door::MoveLaw,
            Door::MoveMail,
            Door::MovePapers,
        ],
    ),
    (
        Door::Transfers,
        "Transfers, refills",
        "x",
        &[
            Door::TransferRequest,
            Door::Central,
            Door::CentralOne,
            Door::Refills,
            Door::RefillDay,
            Door::RefillTrail,
            Door::Downtime,
            Door::Outage,
            Door::Facilities,
            Door::Facility,
            Door::DrugFile,
            Door::DrugFacts,
            Door::Checkers,
        ],
    ),
    (Door::Archive, "Archive", "v", &[Door::Filing, Door::Notes, Door::BooksApart]),
    (Door::StockList, "Stock", "4", &[Door::Stock]),
    (Door::Pdmp, "Monitoring", "m", &[Door::PdmpState, Door::PdmpOne, Door::PdmpAsk]),
    (
        Door::Books,
        "Books",
        "b",
        &[
            Door::BooksProduct,
            Door::BooksStatement,
            Door::BooksSecond,
            Door::BooksReceipts,
            Door::BooksReceipt,
            Door::BooksInventories,
            Door::BooksInventory,
            Door::BooksExplain,
            Door::BooksOutgoing,
            Door::BooksLosses,
            Door::BooksLoss,
            Door::BooksRegistration,
            Door::BooksPack,
            Door::BooksPapers,
            Door::BooksTransfer,
        ],
    ),
    (
        Door::TillDesk,
        "Till",
        "g",
        &[
            Door::TillSold,
            Door::TillBook,
            Door::TillLog,
            Door::TillSeller,
            Door::TillDevices,
            Door::TillDevice,
            Door::TillOnline,
        ],
    ),
    (
        Door::OrderDesk,
        "Orders",
        "o",
        &[
            Door::OrderForms,
            Door::OrderPowers,
            Door::OrderNew,
            Door::OrderDraft,
            Door::OrderCompare,
            Door::OrderOne,
            Door::SupplyList,
            Door::SupplyOne,
        ],
    ),
    (Door::Journal, "Journal", "5", &[Door::Entry]),
    (Door::People, "People", "7", &[Door::Enrolment, Door::EnrolmentPaper, Door::RegistrantData, Door::Preconditions]),
    (Door::OwnEnrolment, "Enrolment", "7", &[Door::OwnApply]),
    (Door::Logs, "Logs", "8", &[Door::Log, Door::LogRequest]),
    (Door::Duties, "Duties", "d", &[]),
    (Door::OwnNotices, "Notices", "i", &[]),
    (
        Door::Watch,
        "Watch",
        "w",
        &[
            Door::Trail,
            Door::Auditable,
            Door::WatchAudit,
            Door::WatchIncident,
            Door::WatchNotice,
            Door::Retention,
            Door::Copies,
        ],
    ),
    (Door::Law, "Law", "9", &[Door::LawRule, Door::LawTry]),
];

impl Shell {
    /// The frame at `door` for those who visit.
    pub(super) fn new(door: Door, visit: &Visit) -> Self {
        let role = visit.visitor.as_ref().map(|visitor| visitor.actor.role);
        let nav = NAV
            .iter()
            .filter(|(target, ..)| role.is_some_and(|role| target.admits(role)))
            .map(|&(target, label, key, behind)| NavItem {
                href: target.path(),
                label,
                about: target.about(),
                key,
                here: target == door || behind.contains(&door),
            })
            .collect();
        Self {
            deployment: Some(visit.deployment.clone()),
            person: visit.visitor.as_ref().map(|visitor| visitor.person.clone()),
            role,
            nav,
        }
    }

    /// The frame where nobody was asked for.
    pub(super) fn outside(deployment: Option<DeploymentView>) -> Self {
        Self { deployment, person: None, role: None, nav: Vec::new() }
    }

    /// Whether the page must say DEMO.
    pub(super) fn is_demo(&self) -> bool {
        self.deployment.as_ref().is_some_and(|deployment| deployment.kind == DeploymentKind::Demo)
    }

    /// How many entries the journal holds.
    pub(super) fn entries(&self) -> u64 {
        self.deployment.as_ref().map_or(0, |deployment| deployment.entries)
    }

    /// Whether entries of the journal may be links for this person.
    pub(super) fn opens_entries(&self) -> bool {
        self.role.is_some_and(|role| Door::Entry.admits(role))
    }

    /// Whether prescriptions are written here.
    pub(super) fn may_write(&self) -> bool {
        self.role.is_some_and(|role| Door::DraftEnter.admits(role))
    }

    /// Whether prescriptions are signed here.
    pub(super) fn may_sign(&self) -> bool {
        self.role.is_some_and(|role| Door::Review.admits(role))
    }

    /// Whether people are added and enrolments are worked on here.
    pub(super) fn may_operate(&self) -> bool {
        self.role.is_some_and(|role| Door::EnrolmentEnter.admits(role))
    }

    /// Whether prescriptions are filled here.
    pub(super) fn may_dispense(&self) -> bool {
        self.role.is_some_and(|role| Door::Fill.admits(role))
    }

    /// Whether fillings are handed over here.
    pub(super) fn may_hand_over(&self) -> bool {
        self.role.is_some_and(|role| Door::HandOver.admits(role))
    }

    /// Whether the form for annotations is shown.
    pub(super) fn may_annotate(&self) -> bool {
        self.role.is_some_and(|role| Door::Annotate.admits(role))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use theriac_model::Role;

    #[test]
    fn no_two_doors_of_a_person_have_one_key_nor_one_of_the_pages_own() {
        for role in Role::ALL {
            let mut keys: Vec<&str> =
                NAV.iter().filter(|(door, ..)| door.admits(*role)).map(|(_, _, key, _)| *key).collect();
            // Sign or save, agree, new, ready and lock.
            keys.extend(["s", "a", "n", "r", "l"]);
            let count = keys.len();
            keys.sort_unstable();
            keys.dedup();
            assert_eq!(keys.len(), count, "{role:?}: {keys:?}");
        }
    }
}
