//! How a prescription came: in a message, or taken in by hand from paper, fax or the telephone, each with what the law
//! wants to know of it (21 CFR 1306.05(d), 1306.11(a), (d) to (g), 1306.21(a)).

use crate::arrived::MessageFacts;
use crate::codec::stored::{Stored, record, stored_words};
use crate::conditions::Answered;
use crate::people::Person;
use crate::transfer::TransferredIn;
use crate::words::words;
use serde_json::{Map, Value};
use theriac_law::Moment;
use theriac_law::facts::{Intake as IntakeFacts, Practice, Prescription as LawPrescription};
use theriac_law::vocab::{
    Complaint, FieldOfPractice, ForgerySign, Form, Instrument, Origin, Resolution, Sender, Setting, Signature, Staff,
};
use theriac_model::json::BadField;
use theriac_model::{Quantity, Role};

/// How a prescription came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// In a message.
    Message(MessageFacts),
    /// Taken in by hand.
    ByHand(Box<TakenIn>),
    /// By transfer from another pharmacy.
    Transfer(Box<TransferredIn>),
}

/// What was taken in by hand, by whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TakenIn {
    /// Who took it in; for an oral one who took it down.
    pub by: Person,
    /// What came.
    pub came: Came,
    /// Whether the drug is a narcotic, by the drug file.
    pub narcotic: Narcotic,
    /// What else was written down at the taking in.
    pub aside: Aside,
}

/// What is written down at the taking in beside the prescription itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aside {
    /// The checklist for forged prescriptions (Manual 2010, appendix D): every sign with its answer, by who took it in; empty
    /// where none was gone through.
    pub checklist: Vec<SignSeen>,
    /// The animal that it is for; the patient is then its owner.
    pub animal: Option<Animal>,
}

/// One sign of forgery, looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignSeen {
    /// The sign.
    pub sign: ForgerySign,
    /// Whether the paper shows it.
    pub answer: Answered,
}

/// The animal for which its owner obtains the drug (Manual 2010, section IX; appendix B, ultimate user).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Animal {
    /// Its name, with its kind where the prescription says it.
    pub name: String,
    /// Who prescribed for it.
    pub prescribed_by: AnimalPrescriber,
}

words! {
    /// Whether a drug is a narcotic (21 CFR 1300.01).
    Narcotic {
        /// It is.
        Narcotic = "narcotic",
        /// It is not.
        Other = "other",
        /// The drug file does not tell.
        Untold = "untold",
    }

    /// Whether the practitioner's written name or signature is spelt as it should be.
    Spelling {
        /// It is.
        Right = "right",
        /// It is plainly misspelt, which points to forgery.
        Misspelt = "misspelt",
    }

    /// On what paper it stands.
    Stock {
        /// A tamper-resistant security form of the State.
        SecurityForm = "security-form",
        /// Plain paper.
        Plain = "plain",
    }

    /// What stands beside the drug on the same paper.
    Beside {
        /// Controlled substances only.
        ControlledOnly = "controlled-only",
        /// Drugs that are not controlled, too.
        Others = "others",
    }

    /// Whether the number from which a fax came is the practitioner's.
    FaxNumber {
        /// It is on file as the practitioner's.
        Known = "known",
        /// It is not.
        Unknown = "unknown",
    }

    /// What a fax shows besides.
    VoidMark {
        /// Nothing.
        None = "none",
        /// The word "void" of a security form.
        Visible = "visible",
    }

    /// Whether a fax says that the patient is a hospice patient.
    HospiceNote {
        /// Its face says so.
        OnFace = "on-face",
        /// It does not.
        Absent = "absent",
    }

    /// Who prescribed for an animal.
    AnimalPrescriber {
        /// A veterinarian.
        Veterinarian = "veterinarian",
        /// Another practitioner, who is not expected to treat animals.
        Other = "other",
    }

    /// One circumstance of an oral authorisation of schedule II (21 CFR 290.10, 1306.11(d)).
    Circumstance {
        /// The drug must be given at once.
        ImmediateNeed = "immediate-need",
        /// Nothing else would do.
        NoAlternative = "no-alternative",
        /// The practitioner cannot provide a written prescription first.
        WrittenNotPossible = "written-not-possible",
        /// The practitioner can send an electronic prescription now.
        ElectronicAvailable = "electronic-available",
        /// The pharmacist knows the practitioner.
        PractitionerKnown = "practitioner-known",
        /// A call back on a number of the pharmacy's own showed that the call was genuine.
        CalledBack = "called-back",
    }
}

/// What came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Came {
    /// Paper.
    Paper(Paper),
    /// The fax of paper.
    Fax(Fax),
    /// A call.
    Call(Box<Call>),
}

/// What a pharmacist sees on paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Who signed, as the pharmacist confirms it.
    pub signature: Signature,
    /// What it was written with.
    pub instrument: Instrument,
    /// How the signature is spelt.
    pub spelling: Spelling,
    /// What paper it is.
    pub stock: Stock,
    /// Controlled items on it.
    pub items: u32,
    /// What else is on it.
    pub beside: Beside,
}

impl Paper {
    /// Paper with nothing against it: signed by hand in ink by the practitioner, on a security form of its own.
    pub const fn signed() -> Self {
        Self {
            signature: Signature::Practitioner,
            instrument: Instrument::Ink,
            spelling: Spelling::Right,
            stock: Stock::SecurityForm,
            items: 1,
            beside: Beside::ControlledOnly,
        }
    }
}

/// The fax of paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fax {
    /// What it shows.
    pub paper: Paper,
    /// What lies behind it.
    pub origin: Origin,
    /// Who sent it.
    pub sender: Sender,
    /// Whether the number is known.
    pub number: FaxNumber,
    /// Whether "void" shows.
    pub void: VoidMark,
    /// On what ground it serves as the original, where it does (21 CFR 1306.11(e) to (g)).
    pub ground: Option<FaxGround>,
}

impl Fax {
    /// A fax of signed paper from the practitioner's own number, on no particular ground.
    pub const fn from_practitioner() -> Self {
        Self {
            paper: Paper::signed(),
            origin: Origin::SignedPaper,
            sender: Sender::Practitioner,
            number: FaxNumber::Known,
            void: VoidMark::None,
            ground: None,
        }
    }
}

/// On what ground the fax of a schedule II prescription serves as the original, with the evidence that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaxGround {
    /// Compounded for direct administration by infusion or injection.
    Infusion {
        /// The route: parenteral, intravenous, intramuscular, subcutaneous, intraspinal.
        route: String,
    },
    /// For a resident of a long term care facility.
    Ltcf {
        /// The facility's name and address.
        facility: String,
    },
    /// For a patient in hospice care.
    Hospice {
        /// The programme's name.
        programme: String,
        /// Whether the fax says so.
        note: HospiceNote,
    },
}

impl FaxGround {
    /// The evidence in words.
    pub fn evidence(&self) -> &str {
        match self {
            Self::Infusion { route } => route,
            Self::Ltcf { facility } => facility,
            Self::Hospice { programme, .. } => programme,
        }
    }
}

/// A call that a pharmacist took down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The agent who telephoned for the practitioner; `None` when the practitioner did.
    pub agent: Option<String>,
    /// When the call was taken.
    pub called: Moment,
    /// When everything but the signature was written down.
    pub written: Moment,
    /// For schedule II: the emergency.
    pub emergency: Option<Emergency>,
}

/// The emergency on which schedule II is dispensed before it is written (21 CFR 1306.11(d)).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emergency {
    /// What holds of it.
    pub circumstances: Vec<Circumstance>,
    /// What the emergency period takes.
    pub needed: Quantity,
    /// Why, in the pharmacist's words.
    pub why: String,
}

impl Emergency {
    /// Whether `circumstance` holds.
    pub fn holds(&self, circumstance: Circumstance) -> bool {
        self.circumstances.contains(&circumstance)
    }
}

impl Source {
    /// The envelope of the message it came in.
    pub const fn message(&self) -> Option<&MessageFacts> {
        match self {
            Self::Message(message) => Some(message),
            Self::ByHand(_) | Self::Transfer(_) => None,
        }
    }

    /// What was taken in by hand.
    pub const fn taken_in(&self) -> Option<&TakenIn> {
        match self {
            Self::ByHand(taken) => Some(taken),
            Self::Message(_) | Self::Transfer(_) => None,
        }
    }

    /// What came with a transfer.
    pub const fn transferred_in(&self) -> Option<&TransferredIn> {
        match self {
            Self::Transfer(came) => Some(came),
            Self::Message(_) | Self::ByHand(_) => None,
        }
    }

    /// The emergency of an oral schedule II prescription.
    pub fn emergency(&self) -> Option<&Emergency> {
        match &self.taken_in()?.came {
            Came::Call(call) => call.emergency.as_ref(),
            Came::Paper(_) | Came::Fax(_) => None,
        }
    }

    /// In which form it came, in the rulebook's words.
    pub fn form(&self) -> Form {
        match self {
            Self::Message(_) => Form::Electronic,
            Self::ByHand(taken) => taken.came.form(),
            Self::Transfer(came) => came.form,
        }
    }

    /// Tells the rulebook's prescription what is known of how it came.
    pub(crate) fn describe(&self, rx: &mut LawPrescription) {
        rx.form = self.form();
        if let Some(came) = self.transferred_in() {
            rx.narcotic = came.narcotic == Narcotic::Narcotic;
            // The transferring pharmacy has seen it, and with a fax its original.
            rx.original_presented = true;
        }
        let Some(taken) = self.taken_in() else { return };
        rx.narcotic = taken.narcotic == Narcotic::Narcotic;
        taken.came.describe(rx);
    }

    /// The animal that it is for.
    pub fn animal(&self) -> Option<&Animal> {
        self.taken_in()?.aside.animal.as_ref()
    }

    /// What the rulebook asks about the prescriber's field, where the prescription is for an animal.
    pub(crate) fn practice(&self, settled: Resolution) -> Option<Practice> {
        let field = match self.animal()?.prescribed_by {
            AnimalPrescriber::Veterinarian => FieldOfPractice::Veterinary,
            AnimalPrescriber::Other => FieldOfPractice::Medicine,
        };
        let treats = Some(Complaint::AnimalCare);
        let scope_resolved = settled != Resolution::Open;
        Some(Practice { field: Some(field), treats, scope_resolved, ..Practice::new() })
    }

    /// What the rulebook asks about the taking in; `None` for a message. `settled` is how a doubt about it was settled.
    pub(crate) fn intake(&self, settled: Resolution) -> Option<IntakeFacts> {
        let taken = self.taken_in()?;
        let taken_by = match taken.by.actor.role {
            Role::Pharmacist => Staff::Pharmacist,
            Role::Intern | Role::Technician => Staff::Technician,
            _ => Staff::Clerk,
        };
        Some(taken.came.intake(IntakeFacts { taken_by, resolution: settled, ..IntakeFacts::new() }))
    }
}

impl Came {
    /// In which form.
    pub const fn form(&self) -> Form {
        match self {
            Self::Paper(_) => Form::Paper,
            Self::Fax(_) => Form::Fax,
            Self::Call(_) => Form::Oral,
        }
    }

    fn paper(&self) -> Option<&Paper> {
        match self {
            Self::Paper(paper) => Some(paper),
            Self::Fax(fax) => Some(&fax.paper),
            Self::Call(_) => None,
        }
    }

    fn describe(&self, rx: &mut LawPrescription) {
        if let Some(paper) = self.paper() {
            (rx.signature, rx.instrument) = (paper.signature, paper.instrument);
        }
        match self {
            Self::Paper(_) => {}
            Self::Call(call) => {
                rx.sender = if call.agent.is_some() { Sender::Agent } else { Sender::Practitioner };
            }
            Self::Fax(fax) => {
                rx.sender = fax.sender;
                match &fax.ground {
                    None => {}
                    Some(FaxGround::Infusion { .. }) => rx.compounded_infusion = true,
                    Some(FaxGround::Ltcf { .. }) => rx.setting = Setting::Ltcf,
                    Some(FaxGround::Hospice { note, .. }) => {
                        (rx.setting, rx.hospice_noted) = (Setting::Hospice, *note == HospiceNote::OnFace);
                    }
                }
            }
        }
    }

    fn intake(&self, facts: IntakeFacts) -> IntakeFacts {
        let mut facts = facts;
        if let Some(paper) = self.paper() {
            facts.signature_misspelt = paper.spelling == Spelling::Misspelt;
            facts.security_form = paper.stock == Stock::SecurityForm;
            facts.mixed = paper.beside == Beside::Others;
            facts.items = paper.items;
        }
        match self {
            Self::Paper(_) => {}
            Self::Fax(fax) => {
                facts.origin = fax.origin;
                facts.sender_known = fax.number == FaxNumber::Known;
                facts.void_visible = fax.void == VoidMark::Visible;
            }
            Self::Call(call) => {
                facts.called = Some(call.called.into());
                facts.written = Some(call.written.into());
                facts.agent.clone_from(&call.agent);
            }
        }
        facts
    }
}

stored_words! {
    Narcotic Spelling Stock Beside FaxNumber VoidMark HospiceNote Circumstance AnimalPrescriber
    Signature Instrument Origin Sender Resolution
}

/// Left out where nothing was written down, as in records from before there was anything to write.
impl Stored for Aside {
    fn write(&self) -> Option<Value> {
        let mut members = Map::new();
        for (name, value) in [("animal", self.animal.write()), ("checklist", self.checklist.write())] {
            if let Some(value) = value {
                members.insert(name.to_owned(), value);
            }
        }
        (!members.is_empty()).then_some(Value::Object(members))
    }

    fn read(value: Option<&Value>, _: &str) -> Result<Self, BadField> {
        let member = |name: &str| value.and_then(|value| value.get(name)).filter(|member| !member.is_null());
        Ok(Self {
            checklist: Stored::read(member("checklist"), "checklist")?,
            animal: Stored::read(member("animal"), "animal")?,
        })
    }
}

record! {
    TakenIn { "by" by, "came" came, "narcotic" narcotic, "aside" aside, }
    SignSeen { "sign" sign, "answer" answer, }
    Animal { "name" name, "prescribed-by" prescribed_by, }
    Paper {
        "signature" signature, "instrument" instrument, "spelling" spelling, "stock" stock, "items" items,
        "beside" beside,
    }
    Fax {
        "paper" paper, "origin" origin, "sender" sender, "number" number, "void" void, "ground" ground,
    }
    Call { "agent" agent, "called" called, "written" written, "emergency" emergency, }
    Emergency { "circumstances" circumstances, "needed" needed, "why" why, }
}
