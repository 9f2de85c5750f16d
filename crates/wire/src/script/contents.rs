//! From a message to the contents of a prescription: the elements that 21 CFR 1306.05 and 1311 require, in canonical form.
//!
//! Where a message says something twice or in a way that cannot be read, the element stays unset and a refusal names it:
//! a reader that picked one of two would let an intermediary choose what is dispensed.

use super::codes::{self, ScheduleCode};
use super::describe;
use super::message::{Message, MessageKind};
use super::notice::{Notice, NoticeKind};
use super::refusals;
use super::signature::SignatureGroup;
use super::tree::NodeRef;
use super::views::{Party, Responded};
use jiff::Timestamp;
use theriac_model::{Branch, CanonicalContents, Decimal, Element, NotCanonical, Refusal, Registration, drug};

/// Whether the message says that the practitioner signed (21 CFR 1311.120(b)(17)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedIndication {
    /// `DigitalSignatureIndicator` is true.
    Present,
    /// It is absent, false or unreadable.
    Absent,
}

/// Who else a registration number in the message belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// Whom the prescriber works under.
    Supervisor,
    /// Who is asked about renewals.
    FollowUpPrescriber,
    /// The facility.
    Facility,
    /// The pharmacy.
    Pharmacy,
    /// The prescriber's practice.
    PracticeLocation,
}

/// A registration number that is not the one the prescription is issued under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherRegistration {
    /// Whose.
    pub holder: Holder,
    /// As written.
    pub number: String,
}

/// What a message says of a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivedContents {
    /// Which message it came in.
    pub kind: MessageKind,
    /// The elements, as far as they could be read. `signed-at` never comes this way: it travels in the signature.
    pub contents: CanonicalContents,
    /// Elements that are doubled or cannot be read, and a message that cannot be filled from; empty when all is well.
    /// Elements that are only absent are named by [`CanonicalContents::missing`].
    pub problems: Vec<Refusal>,
    /// What a person should look at.
    pub notices: Vec<Notice>,
    /// Whether the message says it was signed.
    pub indication: SignedIndication,
    /// The first group whose digest is SHA-256, else the first.
    pub signature: Option<SignatureGroup>,
    /// Other registration numbers in the message.
    pub other_registrations: Vec<OtherRegistration>,
    /// To whom.
    pub to: Option<Party>,
    /// From whom.
    pub from: Option<Party>,
    /// The message's number.
    pub message_id: Option<String>,
    /// The message it answers.
    pub relates_to: Option<String>,
    /// The sender's claim of when it was sent; `None` if it cannot be read as an instant.
    pub sent_time: Option<Timestamp>,
    /// The prescriber's number of the order.
    pub order_number: Option<String>,
    /// The pharmacy's number of the prescription.
    pub rx_reference: Option<String>,
    /// The number the first intermediary gave it (73 FR 36728), which belongs to the prescription's record.
    pub trace_number: Option<String>,
}

impl ArrivedContents {
    /// Whether nothing could be misread; elements may still be missing.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Reads the contents of a prescription out of a message.
///
/// Every kind of message with a medication is read, so that a withdrawal can be matched with what it withdraws; only one
/// that can be filled from is without the problem `WIRE-NOT-A-PRESCRIPTION`.
pub fn to_contents(message: &Message) -> ArrivedContents {
    let header = message.header();
    let mut gather = Gather::new(message.name());
    let (indication, signature) = gather.signature(header.node());
    let derive = if signature.is_none() { Derive::Allowed } else { Derive::No };
    gather.prescription(message, derive);
    if indication == SignedIndication::Absent && gather.legacy_signed {
        let what = "the coverage status says signed, as version 10.6 did; only the signature indicator counts";
        gather.notice(NoticeKind::LookAt, "MedicationPrescribed/DrugCoverageStatusCode", what);
    }
    let own = |text: Option<&str>| text.map(str::to_owned);
    ArrivedContents {
        kind: message.kind(),
        contents: gather.contents,
        problems: gather.problems,
        notices: gather.notices,
        indication,
        signature,
        other_registrations: gather.others,
        to: header.to(),
        from: header.from(),
        message_id: own(header.message_id()),
        relates_to: own(header.relates_to()),
        sent_time: header.sent_time().and_then(|text| text.parse().ok()),
        order_number: own(header.prescriber_order_number()),
        rx_reference: own(header.rx_reference_number()),
        trace_number: own(header.trace_number()),
    }
}

/// Whether strength and form may be read from the drug's description. Not where our own signature travels: then the
/// elements were sent, and an absent one was lost.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Derive {
    Allowed,
    No,
}

struct Gather<'a> {
    /// Name of the message's element, for paths.
    message: &'a str,
    contents: CanonicalContents,
    problems: Vec<Refusal>,
    notices: Vec<Notice>,
    others: Vec<OtherRegistration>,
    legacy_signed: bool,
}

/// Where elements of a name go.
const PATIENT_NAME: [(&str, Element); 4] = [
    ("LastName", Element::PatientLast),
    ("FirstName", Element::PatientFirst),
    ("MiddleName", Element::PatientMiddle),
    ("Suffix", Element::PatientSuffix),
];
const PRACTITIONER_NAME: [(&str, Element); 4] = [
    ("LastName", Element::PractitionerLast),
    ("FirstName", Element::PractitionerFirst),
    ("MiddleName", Element::PractitionerMiddle),
    ("Suffix", Element::PractitionerSuffix),
];
const PATIENT_ADDRESS: [(&str, Element); 5] = [
    ("AddressLine1", Element::PatientLine1),
    ("AddressLine2", Element::PatientLine2),
    ("City", Element::PatientCity),
    ("StateProvince", Element::PatientState),
    ("PostalCode", Element::PatientPostal),
];
const PRACTITIONER_ADDRESS: [(&str, Element); 5] = [
    ("AddressLine1", Element::PractitionerLine1),
    ("AddressLine2", Element::PractitionerLine2),
    ("City", Element::PractitionerCity),
    ("StateProvince", Element::PractitionerState),
    ("PostalCode", Element::PractitionerPostal),
];

impl<'a> Gather<'a> {
    fn new(message: &'a str) -> Self {
        Self {
            message,
            contents: CanonicalContents::default(),
            problems: Vec::new(),
            notices: Vec::new(),
            others: Vec::new(),
            legacy_signed: false,
        }
    }

    fn notice(&mut self, kind: NoticeKind, path: &str, what: &str) {
        let path = format!("{}/{path}", self.message);
        self.notices.push(Notice { kind, path, what: what.to_owned() });
    }

    fn prescription(&mut self, message: &Message, derive: Derive) {
        let body = message.element();
        self.one(body, "Response", "Response");
        let approves = || Responded(body).response().is_some_and(|response| response.outcome.prescribes());
        let prescribes = match message.kind() {
            MessageKind::NewRx => true,
            MessageKind::RxChangeResponse | MessageKind::RxRenewalResponse => approves(),
            _ => false,
        };
        if !prescribes {
            self.problems.push(refusals::not_a_prescription(self.message));
        }
        if let Some(patient) = self.one(body, "Patient", "Patient") {
            self.patient(patient);
        }
        if let Some(prescriber) = self.one(body, "Prescriber", "Prescriber") {
            self.prescriber(prescriber);
        }
        self.others(body);
        if let Some(medication) = self.medication_element(body) {
            self.medication(medication, derive);
        }
    }

    /// `MedicationResponse` in a renewal's answer, else `MedicationPrescribed`; never both.
    fn medication_element<'n>(&mut self, body: NodeRef<'n>) -> Option<NodeRef<'n>> {
        let response = self.one(body, "MedicationResponse", "MedicationResponse");
        let prescribed = self.one(body, "MedicationPrescribed", "MedicationPrescribed");
        if response.is_some() && prescribed.is_some() {
            self.problems.push(refusals::choice("MedicationResponse", self.message));
            return None;
        }
        response.or(prescribed)
    }

    /// The only child of this name. Two are a problem, and neither counts.
    fn one<'n>(&mut self, parent: NodeRef<'n>, name: &str, path: &str) -> Option<NodeRef<'n>> {
        let mut found = parent.children_named(name);
        let first = found.next()?;
        if found.next().is_some() {
            let path = format!("{}/{path}", self.message);
            self.problems.push(refusals::doubled(path.clone(), &path));
            return None;
        }
        Some(first)
    }

    /// The only child of this name, which bears one element.
    fn leaf<'n>(&mut self, parent: NodeRef<'n>, name: &str, path: &str, element: Element) -> Option<NodeRef<'n>> {
        let mut found = parent.children_named(name);
        let first = found.next()?;
        if found.next().is_some() {
            self.problems.push(refusals::doubled(element.tag(), &format!("{}/{path}", self.message)));
            return None;
        }
        Some(first)
    }

    fn set(&mut self, element: Element, path: &str, text: &str) {
        self.set_at(element, path, "", text);
    }

    fn set_at(&mut self, element: Element, path: &str, name: &str, text: &str) {
        let problem = match self.contents.set(element, text) {
            Ok(()) => return,
            Err(NotCanonical::Value { problem, .. }) => problem,
            Err(other) => other.to_string(),
        };
        let slash = if name.is_empty() { "" } else { "/" };
        let path = format!("{}/{path}{slash}{name}", self.message);
        self.problems.push(refusals::malformed(element.tag(), &path, &problem));
    }

    fn leaves(&mut self, parent: NodeRef<'_>, path: &str, rows: &[(&str, Element)]) {
        for &(name, element) in rows {
            if let Some(node) = self.leaf(parent, name, path, element) {
                let text = node.text();
                if !text.is_empty() {
                    self.set_at(element, path, name, text);
                }
            }
        }
    }

    fn patient(&mut self, patient: NodeRef<'_>) {
        let human = self.one(patient, "HumanPatient", "Patient/HumanPatient");
        let animal = self.one(patient, "NonHumanPatient", "Patient/NonHumanPatient");
        if animal.is_some() {
            self.notice(NoticeKind::LookAt, "Patient/NonHumanPatient", "the patient is an animal");
        }
        let who = match (human, animal) {
            (Some(_), Some(_)) => return self.problems.push(refusals::choice("Patient", "Patient")),
            (Some(who), None) | (None, Some(who)) => who,
            (None, None) => return,
        };
        if let Some(name) = self.one(who, "Name", "Patient/Name") {
            self.leaves(name, "Patient/Name", &PATIENT_NAME);
        }
        self.date(who, "DateOfBirth", "Patient/DateOfBirth", Element::PatientBorn);
        if let Some(address) = self.one(who, "Address", "Patient/Address") {
            self.address(address, "Patient/Address", &PATIENT_ADDRESS);
        }
    }

    fn prescriber(&mut self, prescriber: NodeRef<'_>) {
        let person = self.one(prescriber, "NonVeterinarian", "Prescriber/NonVeterinarian");
        let veterinarian = self.one(prescriber, "Veterinarian", "Prescriber/Veterinarian");
        let who = match (person, veterinarian) {
            (Some(_), Some(_)) => return self.problems.push(refusals::choice("Prescriber", "Prescriber")),
            (Some(who), None) | (None, Some(who)) => who,
            (None, None) => return,
        };
        if let Some(name) = self.one(who, "Name", "Prescriber/Name") {
            self.leaves(name, "Prescriber/Name", &PRACTITIONER_NAME);
        }
        if let Some(address) = self.one(who, "Address", "Prescriber/Address") {
            self.address(address, "Prescriber/Address", &PRACTITIONER_ADDRESS);
        }
        if let Some(identification) = self.one(who, "Identification", "Prescriber/Identification") {
            let rows = [("DEANumber", Element::Registration), ("Data2000WaiverID", Element::TreatmentId)];
            self.leaves(identification, "Prescriber/Identification", &rows);
            self.service(identification);
        }
        if let Some(location) = who.child("PracticeLocation") {
            self.other(location.path(&["Identification"]), Holder::PracticeLocation);
        }
    }

    /// Branch and service identification number of an official who has no registration number.
    fn service(&mut self, identification: NodeRef<'_>) {
        const PATH: &str = "Prescriber/Identification";
        if identification.children_named("DEANumber").next().is_some() {
            return;
        }
        let Some(written) = self.leaf(identification, "MutuallyDefined", PATH, Element::Registration) else { return };
        let Some((branch, number)) = codes::service_of(written.text()) else { return };
        self.set_at(Element::Registration, PATH, "MutuallyDefined", &Registration::Exempt(branch).to_string());
        match number {
            Some(number) => self.set_at(Element::ServiceId, PATH, "MutuallyDefined", number),
            None if branch == Branch::PublicHealthService => {
                self.leaves(identification, PATH, &[("SocialSecurity", Element::ServiceId)]);
            }
            None => {}
        }
    }

    fn others(&mut self, body: NodeRef<'_>) {
        let people = [("Supervisor", Holder::Supervisor), ("FollowUpPrescriber", Holder::FollowUpPrescriber)];
        for (name, holder) in people {
            for part in body.children_named(name) {
                for who in part.children() {
                    self.other(who.child("Identification"), holder);
                }
            }
        }
        for (name, holder) in [("Facility", Holder::Facility), ("Pharmacy", Holder::Pharmacy)] {
            for part in body.children_named(name) {
                self.other(part.child("Identification"), holder);
            }
        }
        if self.others.iter().any(|other| other.holder == Holder::Supervisor) {
            let what = "a supervisor's registration number stands beside the prescriber's";
            self.notice(NoticeKind::LookAt, "Supervisor", what);
        }
    }

    fn other(&mut self, identification: Option<NodeRef<'_>>, holder: Holder) {
        let Some(identification) = identification else { return };
        for number in identification.children_named("DEANumber") {
            let number = number.text().trim();
            if !number.is_empty() {
                self.others.push(OtherRegistration { holder, number: number.to_owned() });
            }
        }
    }

    fn address(&mut self, address: NodeRef<'_>, path: &str, rows: &[(&str, Element)]) {
        self.leaves(address, path, rows);
        for country in address.children_named("CountryCode") {
            let code = country.text().trim();
            if !(code.is_empty() || code.eq_ignore_ascii_case("US") || code.eq_ignore_ascii_case("USA")) {
                let path = format!("{}/{path}/CountryCode", self.message);
                self.problems.push(refusals::country(path.clone(), &path));
            }
        }
    }

    /// A date, alone or with a time; the writer's own day counts.
    fn date(&mut self, parent: NodeRef<'_>, name: &str, path: &str, element: Element) {
        if let Some(node) = self.leaf(parent, name, path, element) {
            self.date_in(node, path, element);
        }
    }

    fn date_in(&mut self, node: NodeRef<'_>, path: &str, element: Element) {
        let date = self.leaf(node, "Date", path, element);
        let instant = self.leaf(node, "DateTime", path, element);
        match (date, instant) {
            (Some(_), Some(_)) => {
                self.problems.push(refusals::choice(element.tag(), &format!("{}/{path}", self.message)));
            }
            (Some(value), None) | (None, Some(value)) => self.set(element, path, value.text()),
            (None, None) => self.set(element, path, node.text()),
        }
    }

    fn medication(&mut self, medication: NodeRef<'_>, derive: Derive) {
        self.leaves(
            medication,
            "MedicationPrescribed",
            &[
                ("DrugDescription", Element::DrugName),
                ("DaysSupply", Element::DaysSupply),
                ("NumberOfRefills", Element::Refills),
                ("Note", Element::Note),
            ],
        );
        self.date(medication, "WrittenDate", "MedicationPrescribed/WrittenDate", Element::Issued);
        if let Some(coded) = self.one(medication, "DrugCoded", "MedicationPrescribed/DrugCoded") {
            self.drug_coded(coded);
        }
        let strength = medication.child("DrugCoded").is_some_and(|coded| coded.child("Strength").is_some());
        if !strength && derive == Derive::Allowed {
            self.derive();
        }
        if let Some(quantity) = self.one(medication, "Quantity", "MedicationPrescribed/Quantity") {
            self.quantity(quantity);
        }
        if let Some(sig) = self.one(medication, "Sig", "MedicationPrescribed/Sig") {
            self.leaves(sig, "MedicationPrescribed/Sig", &[("SigText", Element::Directions)]);
            if sig.child("Instruction").is_some() {
                let what = "structured directions stand beside the text; the text is what was prescribed";
                self.notice(NoticeKind::LookAt, "MedicationPrescribed/Sig", what);
            }
        }
        self.earliest_fill(medication);
        if medication.child("CompoundInformation").is_some() {
            self.notice(
                NoticeKind::LookAt,
                "MedicationPrescribed/CompoundInformation",
                "a compound: its ingredients need a look",
            );
        }
        self.legacy_signed =
            medication.children_named("DrugCoverageStatusCode").any(|code| code.text().trim() == codes::LEGACY_SIGNED);
    }

    fn drug_coded(&mut self, coded: NodeRef<'_>) {
        if let Some(product) =
            self.leaf(coded, "ProductCode", "MedicationPrescribed/DrugCoded/ProductCode", Element::DrugNdc)
        {
            let qualifier = product.value(&["Qualifier"]).or_else(|| product.attribute("Qualifier"));
            let code = self.leaf(product, "Code", "MedicationPrescribed/DrugCoded/ProductCode", Element::DrugNdc);
            let text = code.map_or(product.text(), NodeRef::text);
            if qualifier == Some(codes::PRODUCT_NDC) && !text.trim().is_empty() {
                self.set(Element::DrugNdc, "MedicationPrescribed/DrugCoded/ProductCode", text);
            }
        }
        if let Some(strength) = self.one(coded, "Strength", "MedicationPrescribed/DrugCoded/Strength") {
            self.strength(strength);
        }
        let path = "MedicationPrescribed/DrugCoded/DEASchedule";
        if let Some(schedule) = self.leaf(coded, "DEASchedule", path, Element::DrugSchedule) {
            let code = self.leaf(schedule, "Code", path, Element::DrugSchedule);
            match codes::read_schedule(code.map_or(schedule.text(), NodeRef::text)) {
                ScheduleCode::Known(known) => self.set(Element::DrugSchedule, path, known.roman()),
                ScheduleCode::Unspecified => {
                    self.notice(NoticeKind::LookAt, path, "the sender leaves the schedule unspecified");
                }
                ScheduleCode::Unknown if code.is_none() && schedule.text().is_empty() => {}
                ScheduleCode::Unknown => {
                    let path = format!("{}/{path}", self.message);
                    let problem = "not a code of the list of schedules";
                    self.problems.push(refusals::malformed(Element::DrugSchedule.tag(), &path, problem));
                }
            }
        }
    }

    /// `10` and the code of `mg` make `10 mg`. A decimal is brought to one spelling only beside a unit: a strength without
    /// one is the practitioner's own text.
    fn strength(&mut self, strength: NodeRef<'_>) {
        let path = "MedicationPrescribed/DrugCoded/Strength";
        let value = self.leaf(strength, "StrengthValue", path, Element::DrugStrength);
        let unit = self.leaf(strength, "StrengthUnitOfMeasure", path, Element::DrugStrength);
        let unit = unit.and_then(|unit| self.leaf(unit, "Code", path, Element::DrugStrength));
        if let Some(value) = value {
            let value = value.text().trim();
            let unit = unit.map(|unit| unit.text().trim()).filter(|unit| !unit.is_empty());
            match unit {
                None => self.set(Element::DrugStrength, path, value),
                Some(_) if value.is_empty() => {}
                Some(unit) => {
                    let unit = drug::strength_unit_name(unit).unwrap_or(unit);
                    let text = Decimal::parse(value).map_or_else(|_| value.to_owned(), |value| value.to_string());
                    self.set(Element::DrugStrength, path, &format!("{text} {unit}"));
                }
            }
        }
        let form = self.leaf(strength, "StrengthForm", path, Element::DrugForm);
        if let Some(form) = form.and_then(|form| self.leaf(form, "Code", path, Element::DrugForm)) {
            self.set(Element::DrugForm, path, form.text());
        }
    }

    fn derive(&mut self) {
        let Some(description) = self.contents.get(Element::DrugName) else { return };
        let found = describe::read(description);
        for (element, text) in [(Element::DrugStrength, found.strength), (Element::DrugForm, found.form)] {
            if let Some(text) = text {
                self.set(element, "MedicationPrescribed/DrugDescription", &text);
                let what = format!("{element} was read from the drug's description, since it is not coded");
                self.notice(NoticeKind::Derived, "MedicationPrescribed/DrugDescription", &what);
            }
        }
    }

    fn quantity(&mut self, quantity: NodeRef<'_>) {
        let path = "MedicationPrescribed/Quantity";
        if let Some(value) = self.leaf(quantity, "Value", path, Element::QuantityValue) {
            self.set(Element::QuantityValue, path, value.text());
        }
        if self.contents.get(Element::QuantityValue) == Some("0") {
            self.contents.clear(Element::QuantityValue);
            let path = format!("{}/{path}/Value", self.message);
            self.problems.push(refusals::malformed(
                Element::QuantityValue.tag(),
                &path,
                "a quantity is more than zero",
            ));
        }
        if let Some(unit) = self.leaf(quantity, "QuantityUnitOfMeasure", path, Element::QuantityUnit) {
            let code = self.leaf(unit, "Code", path, Element::QuantityUnit);
            self.set(Element::QuantityUnit, path, code.map_or(unit.text(), NodeRef::text));
        }
        let qualifier = quantity.value(&["CodeListQualifier"]);
        if qualifier.is_some_and(|qualifier| qualifier != codes::QUANTITY_ORIGINAL) {
            self.notice(NoticeKind::LookAt, path, "the quantity is not qualified as the original one (38)");
        }
    }

    fn earliest_fill(&mut self, medication: NodeRef<'_>) {
        let path = "MedicationPrescribed/OtherMedicationDate";
        let mut found = None;
        for other in medication.children_named("OtherMedicationDate") {
            if other.value(&["OtherMedicationDateQualifier"]) != Some(codes::EFFECTIVE_DATE) {
                continue;
            }
            if found.replace(other).is_some() {
                let path = format!("{}/{path}", self.message);
                self.problems.push(refusals::doubled(Element::EarliestFill.tag(), &path));
                return;
            }
        }
        if let Some(inner) =
            found.and_then(|other| self.leaf(other, "OtherMedicationDate", path, Element::EarliestFill))
        {
            self.date_in(inner, path, Element::EarliestFill);
        }
    }

    fn signature(&mut self, header: NodeRef<'_>) -> (SignedIndication, Option<SignatureGroup>) {
        let absent = (SignedIndication::Absent, None);
        let mut signatures = header.children_named("DigitalSignature");
        let Some(node) = signatures.next() else { return absent };
        if signatures.next().is_some() || node.children_named("DigitalSignatureIndicator").count() > 1 {
            self.problems.push(refusals::doubled("signed-indication", "Header/DigitalSignature"));
            return absent;
        }
        let indication = match node.value(&["DigitalSignatureIndicator"]) {
            Some("true" | "1") => SignedIndication::Present,
            Some("false" | "0") | None => SignedIndication::Absent,
            Some(_) => {
                self.problems.push(refusals::indicator("Header/DigitalSignature/DigitalSignatureIndicator"));
                SignedIndication::Absent
            }
        };
        let groups = SignatureGroup::read_all(node);
        if groups.iter().any(|group| !group.is_complete()) {
            self.problems.push(refusals::signature_group("group", "lacks one of its four elements"));
        }
        let chosen = groups.iter().find(|group| group.is_sha256()).or_else(|| groups.first());
        (indication, chosen.cloned())
    }
}
