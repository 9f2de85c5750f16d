//! The identity-proofing document as it came (1311.105(a) of the proposal): what stands on it, item by item.

use crate::proofing::Place;
use crate::words::words;
use jiff::civil::Date;

words! {
    /// How the document came. What it must hold is the same for all of them.
    Format {
        /// On the proofing entity's letterhead or other official correspondence.
        Letterhead = "letterhead",
        /// On the form that this program prints ([`crate::proofing::PROOFING_FORM`]).
        Form = "form",
        /// Taken over from another service provider's system, for which it was written.
        OtherProvider = "other-provider",
    }
}

words! {
    /// What the entity that saw the practitioner is.
    EntityKind {
        /// The office of a DEA-registered hospital that granted the practitioner privileges (1311.105(b)(1)).
        Hospital = "hospital",
        /// The State professional or licensing board (1311.105(b)(2)).
        StateBoard = "state-board",
        /// The State controlled substances authority (1311.105(b)(2)).
        StateAuthority = "state-authority",
        /// A State or local law enforcement agency (1311.105(b)(3)).
        Police = "police",
        /// A notary; not permitted.
        Notary = "notary",
        /// A credit bureau; not permitted.
        CreditBureau = "credit-bureau",
        /// A Federal agency; not permitted.
        FederalAgency = "federal-agency",
        /// A service provider; not permitted.
        ServiceProvider = "service-provider",
        /// Anybody else; not permitted.
        Other = "other",
    }
}

words! {
    /// Whether the document says a thing.
    Said {
        /// It does.
        Yes = "yes",
        /// It does not.
        No = "no",
    }
}

/// The entity that saw the practitioner in person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Its name; empty when not given.
    pub name: String,
    /// Its DEA registration number as written, where it has one; empty when not given.
    pub registration: String,
    /// For a board or an authority: its State's two letters.
    pub state: String,
    /// For a hospital: whether it confirms privileges granted earlier that are active and in good standing.
    pub privileges: Said,
}

/// The document's image or file, which the shell archives and seals: the core holds what names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// SHA-256 of the bytes, in hex.
    pub digest: String,
    /// Media type.
    pub media: String,
    /// Length in bytes.
    pub bytes: u64,
}

/// The document. Text that was not given is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// How it came.
    pub format: Format,
    /// (1) The entity that proofed.
    pub entity: Entity,
    /// (2) The person in the entity who did it.
    pub proofer: String,
    /// (3) The practitioner's name.
    pub practitioner: String,
    /// (3) The address of the practitioner's principal place of business.
    pub business_address: String,
    /// (4), (5), (6) Where the practitioner wants to prescribe, with licences and registrations.
    pub places: Vec<Place>,
    /// (7) The kind of government photo identification that was checked.
    pub photo_id: String,
    /// (7) Whether the document states that the photo matched the person.
    pub photo_matched: Said,
    /// (8) The day of the proofing in person.
    pub proofed_on: Option<Date>,
    /// (9) Whether the proofer signed.
    pub proofer_signed: Said,
    /// (10) Whether the practitioner signed.
    pub practitioner_signed: Said,
    /// The image or file that was uploaded.
    pub upload: Option<Upload>,
}
