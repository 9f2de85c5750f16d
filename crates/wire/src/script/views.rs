//! Typed looks at the parts of a message. A view borrows the message and copies nothing.

use super::signature::SignatureGroup;
use super::tree::NodeRef;

/// Methods that give the trimmed text of a child, or `None` where it is absent or empty.
macro_rules! values {
    ($($(#[$doc:meta])* $method:ident $($name:literal)/+;)*) => {
        $($(#[$doc])* pub fn $method(self) -> Option<&'a str> { self.0.value(&[$($name),+]) })*
    };
}

macro_rules! parts {
    ($($(#[$doc:meta])* $method:ident $name:literal $view:ident;)*) => {
        $($(#[$doc])* pub fn $method(self) -> Option<$view<'a>> { self.0.child($name).map($view) })*
    };
}

macro_rules! views {
    ($($(#[$doc:meta])* $view:ident;)*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Debug)]
            pub struct $view<'a>(pub(super) NodeRef<'a>);
            impl<'a> $view<'a> {
                /// The element itself.
                pub const fn node(self) -> NodeRef<'a> { self.0 }
            }
        )*
    };
}

views! {
    /// The header.
    Header;
    /// A new prescription.
    NewRx;
    /// The withdrawal of a prescription.
    CancelRx;
    /// An answer, with what it answers about.
    Responded;
    /// The pharmacy's request for a change or a renewal.
    Request;
    /// What was dispensed.
    Fill;
    /// Status or Error.
    Reported;
    /// Verify.
    Verified;
    /// A patient, pharmacy, prescriber or facility.
    Person;
    /// A medication as prescribed, requested or dispensed.
    Medication;
}

/// Who a message is to or from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Party {
    /// The identifier.
    pub id: String,
    /// Of which list: `P` pharmacy, `D` prescriber, `C` clearing house, `ZZZ` as agreed.
    pub qualifier: Option<String>,
}

impl Party {
    /// A pharmacy by its NCPDP number.
    pub fn pharmacy(id: impl Into<String>) -> Self {
        Self { id: id.into(), qualifier: Some("P".to_owned()) }
    }

    /// A prescriber by its network number.
    pub fn prescriber(id: impl Into<String>) -> Self {
        Self { id: id.into(), qualifier: Some("D".to_owned()) }
    }

    fn read(node: NodeRef<'_>) -> Option<Self> {
        let id = node.text().trim();
        let qualifier = node.attribute("Qualifier").map(str::to_owned);
        (!id.is_empty()).then(|| Self { id: id.to_owned(), qualifier })
    }
}

impl std::fmt::Display for Party {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.qualifier {
            Some(qualifier) => write!(f, "{qualifier}:{}", self.id),
            None => f.write_str(&self.id),
        }
    }
}

/// `Header/DigitalSignature`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigitalSignature {
    /// The attribute.
    pub version: Option<String>,
    /// The indicator as written.
    pub indicator: Option<String>,
    /// The groups of digest, signature and certificate, as far as they go.
    pub groups: Vec<SignatureGroup>,
}

impl<'a> Header<'a> {
    values! {
        /// Unique for the sender.
        message_id "MessageID";
        /// The message this one answers or withdraws.
        relates_to "RelatesToMessageID";
        /// As the sender claims, in its own spelling.
        sent_time "SentTime";
        /// Name of the software's maker.
        software_developer "SenderSoftware"/"SenderSoftwareDeveloper";
        /// Name of the software.
        software_product "SenderSoftware"/"SenderSoftwareProduct";
        /// Version of the software.
        software_version "SenderSoftware"/"SenderSoftwareVersionRelease";
        /// The mailbox's number of delivery.
        delivered_id "Mailbox"/"DeliveredID";
        /// An intermediary's trace number.
        trace_number "Mailbox"/"AdditionalTraceNumber";
        /// Whether this is a test.
        test_message "TestMessage";
        /// The pharmacy's prescription number.
        rx_reference_number "RxReferenceNumber";
        /// Three characters.
        tertiary_identifier "TertiaryIdentifier";
        /// The prescriber's number of the order.
        prescriber_order_number "PrescriberOrderNumber";
        /// The prescriber's number of a group of orders.
        order_group_number "PrescriberOrderGroup"/"OrderGroupNumber";
        /// The pharmacy's number of a group of prescriptions.
        reference_group_number "RxReferenceOrderGroup"/"OrderGroupNumber";
    }

    /// To whom.
    pub fn to(self) -> Option<Party> {
        self.0.child("To").and_then(Party::read)
    }

    /// From whom.
    pub fn from(self) -> Option<Party> {
        self.0.child("From").and_then(Party::read)
    }

    /// The signature's element, with its groups.
    pub fn digital_signature(self) -> Option<DigitalSignature> {
        let node = self.0.child("DigitalSignature")?;
        Some(DigitalSignature {
            version: node.attribute("Version").map(str::to_owned),
            indicator: node.value(&["DigitalSignatureIndicator"]).map(str::to_owned),
            groups: SignatureGroup::read_all(node),
        })
    }
}

impl<'a> NewRx<'a> {
    parts! {
        /// For whom.
        patient "Patient" Person;
        /// To which pharmacy.
        pharmacy "Pharmacy" Person;
        /// By whom.
        prescriber "Prescriber" Person;
        /// Whom the prescriber works under.
        supervisor "Supervisor" Person;
        /// Who is asked about renewals.
        follow_up_prescriber "FollowUpPrescriber" Person;
        /// The facility.
        facility "Facility" Person;
        /// What.
        medication_prescribed "MedicationPrescribed" Medication;
    }
    values! {
        /// Whether a Verify is asked for.
        return_receipt "ReturnReceipt";
    }
}

impl<'a> CancelRx<'a> {
    parts! {
        /// For whom.
        patient "Patient" Person;
        /// To which pharmacy.
        pharmacy "Pharmacy" Person;
        /// By whom.
        prescriber "Prescriber" Person;
        /// What.
        medication_prescribed "MedicationPrescribed" Medication;
    }
}

impl<'a> Request<'a> {
    parts! {
        /// For whom.
        patient "Patient" Person;
        /// From which pharmacy.
        pharmacy "Pharmacy" Person;
        /// To whom.
        prescriber "Prescriber" Person;
        /// What was prescribed.
        medication_prescribed "MedicationPrescribed" Medication;
        /// What was dispensed last.
        medication_dispensed "MedicationDispensed" Medication;
    }
    values! {
        /// The change asked for: `G`, `T`, `D`, `S`, `OS`, `P`, `U`.
        request_code "MessageRequestCode";
        /// Why, in words.
        change_reason "ChangeReasonText";
    }

    /// What the pharmacy offers instead.
    pub fn medications_requested(self) -> impl Iterator<Item = Medication<'a>> {
        self.0.children_named("MedicationRequested").map(Medication)
    }
}

impl<'a> Responded<'a> {
    parts! {
        /// For whom.
        patient "Patient" Person;
        /// From or to which pharmacy.
        pharmacy "Pharmacy" Person;
        /// By whom.
        prescriber "Prescriber" Person;
    }

    /// The prescription, if the answer bears one.
    pub fn medication(self) -> Option<Medication<'a>> {
        self.0.child("MedicationResponse").or_else(|| self.0.child("MedicationPrescribed")).map(Medication)
    }

    /// The answer; `None` if there is none, or more than one.
    pub fn response(self) -> Option<Response> {
        let node = self.0.child("Response")?;
        let mut answers = node.children().filter_map(|child| Some((Outcome::parse(child.row()?.name)?, child)));
        let (outcome, answer) = answers.next()?;
        answers.next().is_none().then(|| Response::read(outcome, answer))
    }
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// As asked.
    Approved,
    /// With changes.
    ApprovedWithChanges,
    /// No.
    Denied,
    /// No, a new prescription comes separately.
    DeniedNewPrescriptionToFollow,
    /// Replaced by the prescription in this message.
    Replace,
    /// The facts that were asked for.
    Validated,
}

impl Outcome {
    const ALL: [Self; 6] = [
        Self::Approved,
        Self::ApprovedWithChanges,
        Self::Denied,
        Self::DeniedNewPrescriptionToFollow,
        Self::Replace,
        Self::Validated,
    ];

    /// The element's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approved => "Approved",
            Self::ApprovedWithChanges => "ApprovedWithChanges",
            Self::Denied => "Denied",
            Self::DeniedNewPrescriptionToFollow => "DeniedNewPrescriptionToFollow",
            Self::Replace => "Replace",
            Self::Validated => "Validated",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name() == name)
    }

    /// Whether such an answer is itself a prescription, which needs the practitioner's signature.
    pub const fn prescribes(self) -> bool {
        matches!(self, Self::Approved | Self::ApprovedWithChanges | Self::Replace)
    }
}

/// An answer with its reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// Yes or no.
    pub outcome: Outcome,
    /// Codes of the standard's list.
    pub reason_codes: Vec<String>,
    /// A number given by the one who answers.
    pub reference: Option<String>,
    /// Words, the reason of a refusal included.
    pub note: Option<String>,
}

impl Response {
    fn read(outcome: Outcome, node: NodeRef<'_>) -> Self {
        let note = node.value(&["Note"]).or_else(|| node.value(&["DenialReason"]));
        Self {
            outcome,
            reason_codes: codes(node, "ReasonCode"),
            reference: node.value(&["ReferenceNumber"]).map(str::to_owned),
            note: note.map(str::to_owned),
        }
    }
}

fn codes(node: NodeRef<'_>, name: &str) -> Vec<String> {
    node.children_named(name).map(|child| child.text().trim().to_owned()).collect()
}

/// What became of a filling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FillStatus {
    /// All of it.
    Dispensed,
    /// Part of it.
    PartiallyDispensed,
    /// Nothing; returned to stock.
    NotDispensed,
    /// Transferred to another pharmacy.
    Transferred,
}

impl FillStatus {
    const ALL: [Self; 4] = [Self::Dispensed, Self::PartiallyDispensed, Self::NotDispensed, Self::Transferred];

    /// The element's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dispensed => "Dispensed",
            Self::PartiallyDispensed => "PartiallyDispensed",
            Self::NotDispensed => "NotDispensed",
            Self::Transferred => "Transferred",
        }
    }
}

impl<'a> Fill<'a> {
    parts! {
        /// For whom.
        patient "Patient" Person;
        /// By which pharmacy.
        pharmacy "Pharmacy" Person;
        /// Prescribed by whom.
        prescriber "Prescriber" Person;
        /// What was prescribed.
        medication_prescribed "MedicationPrescribed" Medication;
        /// What was dispensed.
        medication_dispensed "MedicationDispensed" Medication;
    }

    /// The status with its note; `None` if there is none.
    pub fn status(self) -> Option<(FillStatus, Option<&'a str>)> {
        let node = self.0.child("FillStatus")?;
        let found = |status: &FillStatus| node.child(status.name()).map(|child| (*status, child.value(&["Note"])));
        FillStatus::ALL.iter().find_map(found)
    }
}

impl<'a> Reported<'a> {
    values! {
        /// `000`, `010`, `600`, `601`, `602`, `900`.
        code "Code";
        /// Words.
        description "Description";
    }

    /// Codes that say more.
    pub fn description_codes(self) -> Vec<String> {
        codes(self.0, "DescriptionCode")
    }
}

impl<'a> Verified<'a> {
    values! {
        /// The status.
        code "VerifyStatus"/"Code";
        /// Words.
        description "VerifyStatus"/"Description";
    }
}

impl<'a> Person<'a> {
    /// The element that bears the name: the human or animal, the veterinarian or other prescriber, or the part itself.
    fn inner(self) -> NodeRef<'a> {
        let choices = ["HumanPatient", "NonHumanPatient", "NonVeterinarian", "Veterinarian"];
        choices.iter().find_map(|name| self.0.child(name)).unwrap_or(self.0)
    }

    /// Last name.
    pub fn last_name(self) -> Option<&'a str> {
        self.inner().value(&["Name", "LastName"])
    }

    /// First name.
    pub fn first_name(self) -> Option<&'a str> {
        self.inner().value(&["Name", "FirstName"])
    }

    /// Name of a business.
    pub fn business_name(self) -> Option<&'a str> {
        self.inner().value(&["BusinessName"]).or_else(|| self.inner().value(&["FacilityName"]))
    }

    /// An identifier by the standard's name of its element: `DEANumber`, `NPI`, `NCPDPID`.
    pub fn identification(self, name: &str) -> Option<&'a str> {
        self.inner().value(&["Identification", name])
    }

    /// The telephone.
    pub fn telephone(self) -> Option<&'a str> {
        self.inner().value(&["CommunicationNumbers", "PrimaryTelephone", "Number"])
    }
}

impl<'a> Medication<'a> {
    values! {
        /// The drug in words.
        description "DrugDescription";
        /// The product's code.
        product_code "DrugCoded"/"ProductCode"/"Code";
        /// `ND` and others.
        product_qualifier "DrugCoded"/"ProductCode"/"Qualifier";
        /// The schedule's NCIt code.
        schedule_code "DrugCoded"/"DEASchedule"/"Code";
        /// How much.
        quantity "Quantity"/"Value";
        /// `38` original, `87` received and others.
        quantity_qualifier "Quantity"/"CodeListQualifier";
        /// The unit's NCIt code.
        quantity_unit "Quantity"/"QuantityUnitOfMeasure"/"Code";
        /// Days.
        days_supply "DaysSupply";
        /// 0 allowed, 1 not allowed by the prescriber.
        substitutions "Substitutions";
        /// Fillings beyond the first.
        refills "NumberOfRefills";
        /// Directions for use.
        sig_text "Sig"/"SigText";
        /// Words to the pharmacist.
        note "Note";
        /// `Y`, `E`, `H`: do not fill now.
        do_not_fill "DoNotFill";
        /// Which notices of filling are wanted.
        fill_indicator "RxFillIndicator";
    }
}
