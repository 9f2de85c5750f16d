//! From the contents of a prescription to a message.

use super::codes;
use super::composer::Composer;
use super::message::Message;
use super::signature::SignatureGroup;
use super::views::{Party, Response};
use jiff::Timestamp;
use theriac_model::{Branch, CanonicalContents, Decimal, DrugUnit, Element, Refusal, Schedule, drug};

/// The software that sends; at most 35 characters each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Software {
    /// Maker.
    pub developer: String,
    /// Product.
    pub product: String,
    /// Version.
    pub version: String,
}

/// Whether a message is meant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Traffic {
    /// It is.
    #[default]
    Production,
    /// It is a test, and says so in `TestMessage`.
    Test,
}

/// What the standard asks of every human patient and the prescription's contents do not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gender {
    /// `F`
    Female,
    /// `M`
    Male,
    /// `U`
    #[default]
    Unknown,
}

/// Whether the pharmacist may substitute.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Substitution {
    /// `0`
    #[default]
    Allowed,
    /// `1`
    NotAllowed,
}

/// The pharmacy a prescription goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PharmacyParty {
    /// NCPDP number.
    pub ncpdp_id: Option<String>,
    /// NPI.
    pub npi: Option<String>,
    /// DEA number.
    pub dea: Option<String>,
    /// Name; at most 70 characters.
    pub name: String,
    /// Telephone.
    pub telephone: Option<String>,
}

/// What a prescription says besides the required elements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// To which pharmacy.
    pub pharmacy: Option<PharmacyParty>,
    /// Of the patient.
    pub gender: Gender,
    /// The prescriber's NPI.
    pub prescriber_npi: Option<String>,
    /// The prescriber's telephone.
    pub prescriber_telephone: Option<String>,
    /// Whether the pharmacist may substitute.
    pub substitution: Substitution,
    /// Which notices of filling are wanted, such as `All Fill Statuses`.
    pub fill_notices: Option<String>,
    /// The signed indication with the signature that travels; `None` for a message that says nothing of a signature.
    pub signature: Option<Signature>,
}

/// What a message says of its signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signature {
    /// The indication alone (21 CFR 1311.120(b)(17)).
    Indicated,
    /// The indication and the prescriber system's signature over the canonical contents.
    Attached(SignatureGroup),
}

/// The header, and the order's facts that are not contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// To whom.
    pub to: Party,
    /// From whom.
    pub from: Party,
    /// Unique for the sender; at most 35 characters.
    pub message_id: String,
    /// The message this one answers or withdraws.
    pub relates_to: Option<String>,
    /// When it is sent; written in UTC with whole seconds.
    pub sent_time: Timestamp,
    /// By which software.
    pub software: Software,
    /// The prescriber's number of the order; at most 35 characters.
    pub order_number: Option<String>,
    /// The pharmacy's number of the prescription; at most 35 characters.
    pub rx_reference: Option<String>,
    /// Whether it is meant.
    pub traffic: Traffic,
    /// What the message says besides.
    pub order: Order,
}

/// Which message to make of the contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A new prescription.
    NewRx,
    /// The withdrawal of a prescription.
    CancelRx,
    /// The pharmacy asks for a change, with the standard's code and a reason in words.
    RxChangeRequest {
        /// `G`, `T`, `D`, `S`, `OS`, `P`, `U`.
        code: String,
        /// At most 260 characters.
        reason: Option<String>,
    },
    /// The practitioner answers that.
    RxChangeResponse(Response),
    /// The pharmacy asks for a renewal.
    RxRenewalRequest,
    /// The practitioner answers that.
    RxRenewalResponse(Response),
}

/// The new prescription that bears `contents`.
///
/// # Errors
/// Everything the standard cannot carry, by element: `WIRE-TOO-LONG`, `WIRE-CANNOT-CARRY`. Nothing is ever cut.
pub fn from_contents(contents: &CanonicalContents, envelope: &Envelope) -> Result<Message, Vec<Refusal>> {
    compose(&Purpose::NewRx, contents, envelope)
}

/// The message of that purpose with `contents`. The signature is written only where a prescription can be filled from it.
///
/// # Errors
/// As [`from_contents`].
pub fn compose(purpose: &Purpose, contents: &CanonicalContents, envelope: &Envelope) -> Result<Message, Vec<Refusal>> {
    let mut composer = Composer::new();
    let signature = match purpose {
        Purpose::NewRx | Purpose::RxChangeResponse(_) | Purpose::RxRenewalResponse(_) => {
            envelope.order.signature.as_ref()
        }
        Purpose::CancelRx | Purpose::RxChangeRequest { .. } | Purpose::RxRenewalRequest => None,
    };
    header(&mut composer, envelope, signature);
    let (message, medication) = match purpose {
        Purpose::NewRx => ("NewRx", "MedicationPrescribed"),
        Purpose::CancelRx => ("CancelRx", "MedicationPrescribed"),
        Purpose::RxChangeRequest { .. } => ("RxChangeRequest", "MedicationPrescribed"),
        Purpose::RxChangeResponse(_) => ("RxChangeResponse", "MedicationPrescribed"),
        Purpose::RxRenewalRequest => ("RxRenewalRequest", "MedicationPrescribed"),
        Purpose::RxRenewalResponse(_) => ("RxRenewalResponse", "MedicationResponse"),
    };
    composer.part("Body", |composer| {
        composer.part(message, |composer| {
            match purpose {
                Purpose::RxChangeRequest { code, reason } => {
                    composer.leaf("MessageRequestCode", None, code);
                    composer.optional("ChangeReasonText", reason.as_deref());
                }
                Purpose::RxChangeResponse(answer) | Purpose::RxRenewalResponse(answer) => response(composer, answer),
                Purpose::NewRx | Purpose::CancelRx | Purpose::RxRenewalRequest => {}
            }
            patient(composer, contents, envelope.order.gender);
            if let Some(party) = &envelope.order.pharmacy {
                pharmacy(composer, party);
            }
            prescriber(composer, contents, &envelope.order);
            composer.part(medication, |composer| medication_parts(composer, contents, &envelope.order));
        });
    });
    composer.finish()
}

/// Writes the header.
pub(super) fn header(composer: &mut Composer, envelope: &Envelope, signature: Option<&Signature>) {
    composer.part("Header", |composer| {
        party(composer, "To", &envelope.to);
        party(composer, "From", &envelope.from);
        composer.require("MessageID", &envelope.message_id);
        composer.leaf("MessageID", Some("message-id"), &envelope.message_id);
        composer.optional("RelatesToMessageID", envelope.relates_to.as_deref());
        composer.leaf("SentTime", None, &seconds(envelope.sent_time));
        composer.part("SenderSoftware", |composer| {
            composer.leaf("SenderSoftwareDeveloper", None, &envelope.software.developer);
            composer.leaf("SenderSoftwareProduct", None, &envelope.software.product);
            composer.leaf("SenderSoftwareVersionRelease", None, &envelope.software.version);
        });
        if envelope.traffic == Traffic::Test {
            composer.leaf("TestMessage", None, "1");
        }
        composer.optional("RxReferenceNumber", envelope.rx_reference.as_deref());
        composer.optional("PrescriberOrderNumber", envelope.order_number.as_deref());
        if let Some(signature) = signature {
            digital_signature(composer, signature);
        }
    });
}

/// An instant in UTC with whole seconds.
fn seconds(at: Timestamp) -> String {
    Timestamp::from_second(at.as_second()).unwrap_or(at).to_string()
}

fn party(composer: &mut Composer, name: &'static str, party: &Party) {
    composer.require(name, &party.id);
    composer.part(name, |composer| {
        if let Some(qualifier) = &party.qualifier {
            composer.attribute("Qualifier", qualifier);
        }
        composer.text(None, &party.id);
    });
}

fn digital_signature(composer: &mut Composer, signature: &Signature) {
    composer.part("DigitalSignature", |composer| {
        composer.attribute("Version", codes::SIGNATURE_VERSION);
        composer.leaf("DigitalSignatureIndicator", None, "true");
        if let Signature::Attached(group) = signature {
            composer.leaf("DigestMethod", None, &group.digest_method);
            composer.leaf("DigestValue", None, &group.digest_value);
            composer.leaf("SignatureValue", None, &group.signature_value);
            composer.leaf("X509Data", None, &group.x509_data);
        }
    });
}

/// Writes an answer.
pub(super) fn response(composer: &mut Composer, answer: &Response) {
    composer.part("Response", |composer| {
        composer.part(answer.outcome.name(), |composer| {
            for code in &answer.reason_codes {
                composer.leaf("ReasonCode", None, code);
            }
            composer.optional("ReferenceNumber", answer.reference.as_deref());
            let denied = matches!(answer.outcome, super::views::Outcome::Denied);
            composer.optional(if denied { "DenialReason" } else { "Note" }, answer.note.as_deref());
        });
    });
}

fn element(composer: &mut Composer, name: &'static str, contents: &CanonicalContents, element: Element) {
    composer.leaf(name, Some(element.tag()), contents.get(element).unwrap_or_default());
}

fn person_name(composer: &mut Composer, contents: &CanonicalContents, elements: [Element; 4]) {
    composer.part("Name", |composer| {
        for (name, tag) in ["LastName", "FirstName", "MiddleName", "Suffix"].into_iter().zip(elements) {
            element(composer, name, contents, tag);
        }
    });
}

fn address(composer: &mut Composer, contents: &CanonicalContents, elements: [Element; 5]) {
    if elements.iter().all(|&element| contents.get(element).is_none()) {
        return;
    }
    composer.part("Address", |composer| {
        for (name, tag) in ["AddressLine1", "AddressLine2", "City", "StateProvince"].into_iter().zip(elements) {
            element(composer, name, contents, tag);
        }
        // Nine digits travel without the hyphen.
        let [.., postal] = elements;
        let digits = contents.get(postal).unwrap_or_default().replace('-', "");
        composer.leaf("PostalCode", Some(postal.tag()), &digits);
        composer.leaf("CountryCode", None, "US");
    });
}

fn date(composer: &mut Composer, name: &'static str, contents: &CanonicalContents, tag: Element) {
    if contents.get(tag).is_some() {
        composer.part(name, |composer| element(composer, "Date", contents, tag));
    }
}

fn telephone(composer: &mut Composer, number: Option<&str>) {
    if let Some(number) = number {
        composer.part("CommunicationNumbers", |composer| {
            composer.part("PrimaryTelephone", |composer| composer.leaf("Number", None, number));
        });
    }
}

fn patient(composer: &mut Composer, contents: &CanonicalContents, gender: Gender) {
    composer.part("Patient", |composer| {
        composer.part("HumanPatient", |composer| {
            let name = [Element::PatientLast, Element::PatientFirst, Element::PatientMiddle, Element::PatientSuffix];
            person_name(composer, contents, name);
            let gender = match gender {
                Gender::Female => "F",
                Gender::Male => "M",
                Gender::Unknown => "U",
            };
            composer.leaf("Gender", None, gender);
            date(composer, "DateOfBirth", contents, Element::PatientBorn);
            let lines = [
                Element::PatientLine1,
                Element::PatientLine2,
                Element::PatientCity,
                Element::PatientState,
                Element::PatientPostal,
            ];
            address(composer, contents, lines);
        });
    });
}

fn pharmacy(composer: &mut Composer, party: &PharmacyParty) {
    composer.part("Pharmacy", |composer| {
        composer.part("Identification", |composer| {
            composer.optional("NCPDPID", party.ncpdp_id.as_deref());
            composer.optional("DEANumber", party.dea.as_deref());
            composer.optional("NPI", party.npi.as_deref());
        });
        composer.leaf("BusinessName", None, &party.name);
        telephone(composer, party.telephone.as_deref());
    });
}

fn prescriber(composer: &mut Composer, contents: &CanonicalContents, order: &Order) {
    composer.part("Prescriber", |composer| {
        composer.part("NonVeterinarian", |composer| {
            composer.part("Identification", |composer| {
                let exempt = contents.exempt_branch();
                if exempt.is_none() {
                    element(composer, "DEANumber", contents, Element::Registration);
                }
                // For the Public Health Service the service identification number is the social security number.
                if exempt == Some(Branch::PublicHealthService) {
                    element(composer, "SocialSecurity", contents, Element::ServiceId);
                }
                composer.optional("NPI", order.prescriber_npi.as_deref());
                element(composer, "Data2000WaiverID", contents, Element::TreatmentId);
                if let Some(branch) = exempt {
                    let number = match branch {
                        Branch::PublicHealthService => None,
                        _ => contents.get(Element::ServiceId),
                    };
                    composer.leaf("MutuallyDefined", None, &codes::service(branch, number));
                }
            });
            let name = [
                Element::PractitionerLast,
                Element::PractitionerFirst,
                Element::PractitionerMiddle,
                Element::PractitionerSuffix,
            ];
            person_name(composer, contents, name);
            let lines = [
                Element::PractitionerLine1,
                Element::PractitionerLine2,
                Element::PractitionerCity,
                Element::PractitionerState,
                Element::PractitionerPostal,
            ];
            address(composer, contents, lines);
            telephone(composer, order.prescriber_telephone.as_deref());
        });
    });
}

/// Writes the elements of a medication with the quantity that is prescribed.
pub(super) fn medication_parts(composer: &mut Composer, contents: &CanonicalContents, order: &Order) {
    let unit = contents.get(Element::QuantityUnit).map(DrugUnit::read);
    let value = contents.get(Element::QuantityValue);
    medication_of(composer, contents, order, |composer| {
        quantity(composer, value, unit.as_ref(), codes::QUANTITY_ORIGINAL);
    });
}

/// Writes the elements of a medication, with the quantity that `quantity` writes.
pub(super) fn medication_of(
    composer: &mut Composer,
    contents: &CanonicalContents,
    order: &Order,
    quantity: impl FnOnce(&mut Composer),
) {
    element(composer, "DrugDescription", contents, Element::DrugName);
    drug_coded(composer, contents);
    quantity(composer);
    element(composer, "DaysSupply", contents, Element::DaysSupply);
    date(composer, "WrittenDate", contents, Element::Issued);
    let substitutions = match order.substitution {
        Substitution::Allowed => "0",
        Substitution::NotAllowed => "1",
    };
    composer.leaf("Substitutions", None, substitutions);
    element(composer, "NumberOfRefills", contents, Element::Refills);
    element(composer, "Note", contents, Element::Note);
    if contents.get(Element::Directions).is_some() {
        composer.part("Sig", |composer| element(composer, "SigText", contents, Element::Directions));
    }
    composer.optional("RxFillIndicator", order.fill_notices.as_deref());
    if contents.get(Element::EarliestFill).is_some() {
        composer.part("OtherMedicationDate", |composer| {
            date(composer, "OtherMedicationDate", contents, Element::EarliestFill);
            composer.leaf("OtherMedicationDateQualifier", None, codes::EFFECTIVE_DATE);
        });
    }
}

/// Writes a quantity with its qualifier; nothing if neither number nor unit is known.
pub(super) fn quantity(composer: &mut Composer, value: Option<&str>, unit: Option<&DrugUnit>, qualifier: &'static str) {
    if value.is_none() && unit.is_none() {
        return;
    }
    composer.part("Quantity", |composer| {
        composer.leaf("Value", Some(Element::QuantityValue.tag()), value.unwrap_or_default());
        composer.leaf("CodeListQualifier", None, qualifier);
        if let Some(unit) = unit {
            composer.part("QuantityUnitOfMeasure", |composer| {
                composer.leaf("Code", Some(Element::QuantityUnit.tag()), &unit.code());
            });
        }
    });
}

fn drug_coded(composer: &mut Composer, contents: &CanonicalContents) {
    let elements = [Element::DrugNdc, Element::DrugStrength, Element::DrugForm, Element::DrugSchedule];
    if elements.iter().all(|&element| contents.get(element).is_none()) {
        return;
    }
    composer.part("DrugCoded", |composer| {
        if contents.get(Element::DrugNdc).is_some() {
            composer.part("ProductCode", |composer| {
                element(composer, "Code", contents, Element::DrugNdc);
                composer.leaf("Qualifier", None, codes::PRODUCT_NDC);
            });
        }
        strength(composer, contents);
        if let Some(schedule) = contents.get(Element::DrugSchedule).and_then(Schedule::parse) {
            composer.part("DEASchedule", |composer| composer.leaf("Code", None, codes::schedule_code(schedule)));
        }
    });
}

fn strength(composer: &mut Composer, contents: &CanonicalContents) {
    let (strength, form) = (contents.get(Element::DrugStrength), contents.get(Element::DrugForm));
    if strength.is_none() && form.is_none() {
        return;
    }
    composer.part("Strength", |composer| {
        if let Some(strength) = strength {
            let (value, unit) = split_strength(strength);
            composer.leaf("StrengthValue", Some(Element::DrugStrength.tag()), value);
            if let Some(code) = unit {
                composer.part("StrengthUnitOfMeasure", |composer| composer.leaf("Code", None, code));
            }
        }
        if let Some(form) = form {
            let code = drug::form_code(form).filter(|code| drug::form_name(code) == Some(form));
            composer.part("StrengthForm", |composer| {
                composer.leaf("Code", Some(Element::DrugForm.tag()), code.unwrap_or(form));
            });
        }
    });
}

/// `10 mg` as `10` and the code of `mg`, if reading them gives the same text again; else all of it as the value.
fn split_strength(strength: &str) -> (&str, Option<&'static str>) {
    let split = strength.split_once(' ').and_then(|(value, unit)| {
        let code = drug::strength_unit_code(unit)?;
        let same_unit = drug::strength_unit_name(code) == Some(unit);
        let same_value = Decimal::parse(value).map_or(true, |decimal| decimal.to_string() == value);
        (same_unit && same_value).then_some((value, Some(code)))
    });
    split.unwrap_or((strength, None))
}
