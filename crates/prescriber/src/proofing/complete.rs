//! 21 CFR 1311.105(a), (b) of the 2008 proposal: what the document must hold, and who may write it.
//!
//! (a) A document by a permitted entity; one place for each State and registration. (a)(1)-(10) its items.
//! (b)(1) The office of a DEA-registered hospital that granted privileges, which are active and in good standing;
//! (b)(2) the board or authority of a State that authorises the practitioner; (b)(3) State or local police. Nobody else.
//! (73 FR 36740) Whoever proofs does not enrol: the entity is another than the service provider.
//! Chosen reading: a proofing of more than twelve months ago does not serve, since the rule sets no age.

use crate::enrolment::Rules;
use crate::proofing::{
    Authority, Document, EntityKind, Format, Place, Said, StateCode, Under, Upload, names_agree, same_name,
};
use jiff::civil::Date;
use std::borrow::Cow;
use theriac_model::calendar::months_after;
use theriac_model::{DeaNumber, Edition, NotADeaNumber, Refusal, Registration};

/// Media types in which a document is archived.
const MEDIA: [&str; 4] = ["application/pdf", "image/png", "image/jpeg", "image/tiff"];
/// The longest file that is taken, in bytes, inclusive: as much as the archive holds in one piece.
const UPLOAD_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// What is absent or does not serve: of the document as a whole, and of each place in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    /// Of the document as a whole.
    pub general: Vec<Refusal>,
    /// Of each place.
    pub places: Vec<Vec<Refusal>>,
}

impl Problems {
    /// Whether the document can be accepted: whole, with at least one place that serves.
    pub fn acceptable(&self) -> bool {
        self.general.is_empty() && self.places.iter().any(Vec::is_empty)
    }

    /// All of them, in the document's order.
    pub fn all(self) -> Vec<Refusal> {
        self.general.into_iter().chain(self.places.into_iter().flatten()).collect()
    }
}

/// A refusal of this rule about a field.
fn refuse(
    code: &'static str,
    cite: &'static str,
    field: impl Into<Cow<'static, str>>,
    what: impl Into<Cow<'static, str>>,
    next: &'static str,
) -> Refusal {
    Refusal::new(code, cite, what, next).under(Edition::Proposed2008).about(field)
}

const ASK: &str = "ask the proofing entity for a document that holds it";

fn absent(cite: &'static str, field: impl Into<Cow<'static, str>>, what: &'static str) -> Refusal {
    refuse("RX-PROOF-MISSING", cite, field, what, ASK)
}

/// Everything in which `document` does not serve for the practitioner who applied under the name `applicant`.
pub fn problems(document: &Document, applicant: &str, rules: &Rules<'_>) -> Problems {
    let mut found = Problems::default();
    let general = &mut found.general;
    if document.format == Format::OtherProvider {
        general.push(refuse(
            "RX-PROOF-OTHER-PROVIDER",
            "73 FR 36722, 36761",
            "document",
            "the document was made for another service provider's system",
            "have the practitioner proofed anew for this provider",
        ));
    }
    entity(document, rules, general);
    people(document, applicant, general);
    if document.photo_id.trim().is_empty() {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(7)",
            "photo-id",
            "the kind of photo identification is not stated",
        ));
    }
    if document.photo_matched == Said::No {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(7)",
            "photo-matched",
            "it is not stated that the photo matched the person",
        ));
    }
    day(document, rules, general);
    if document.proofer_signed == Said::No {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(9)",
            "proofer-signed",
            "the person who proofed did not sign",
        ));
    }
    if document.practitioner_signed == Said::No {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(10)",
            "practitioner-signed",
            "the practitioner did not sign",
        ));
    }
    upload(document.upload.as_ref(), general);
    if document.places.is_empty() {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(4)",
            "place",
            "no State of intended prescribing is named",
        ));
    }
    let mut seen: Vec<Registration> = Vec::new();
    for (n, written) in document.places.iter().enumerate() {
        let mut of_place = Vec::new();
        let registration = place(n, written, rules, &mut of_place);
        if let Some(registration) = registration {
            if seen.contains(&registration) {
                let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)(5)";
                let what = "the same registration stands on the document twice";
                of_place.push(refuse(
                    "RX-PROOF-TWICE",
                    cite,
                    at(n, "registration"),
                    what,
                    "name each registration once",
                ));
            }
            seen.push(registration);
        }
        found.places.push(of_place);
    }
    found
}

fn entity(document: &Document, rules: &Rules<'_>, general: &mut Vec<Refusal>) {
    let entity = &document.entity;
    if entity.name.trim().is_empty() {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(1)",
            "entity.name",
            "the entity that proofed is not named",
        ));
    } else if same_name(&entity.name, &rules.provider.name) {
        general.push(refuse(
            "RX-PROOF-SEPARATION",
            "73 FR 36722, 36740-36741",
            "entity.name",
            "the service provider itself proofed, which must not lie in one hand with enrolment",
            "have the practitioner proofed by a State board or the police",
        ));
    }
    match entity.kind {
        EntityKind::Hospital => {
            if DeaNumber::parse(entity.registration.trim()).is_err() {
                let what = "a hospital proofs under its DEA registration, and no number of one is given";
                general.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(1), (b)(1)", "entity.registration", what));
            }
            if entity.privileges == Said::No {
                let what = "the hospital does not confirm active privileges in good standing";
                general.push(absent("73 FR 36722, proposed 21 CFR 1311.105(b)(1)", "entity.privileges", what));
            }
        }
        EntityKind::StateBoard | EntityKind::StateAuthority => {
            let own = StateCode::parse(&entity.state);
            if own.is_none() || !document.places.iter().any(|place| place.state_code() == own) {
                general.push(refuse(
                    "RX-PROOF-BOARD-STATE",
                    "73 FR 36722, proposed 21 CFR 1311.105(b)(2)",
                    "entity.state",
                    "the board is of no State in which the document shows the practitioner's authority",
                    "have the board of a State that licensed the practitioner proof, or a hospital or the police",
                ));
            }
        }
        EntityKind::Police => {}
        other => general.push(refuse(
            "RX-PROOF-ENTITY",
            "73 FR 36722, proposed 21 CFR 1311.105(b)",
            "entity.kind",
            format!("a {other} is not permitted to proof"),
            "have the practitioner proofed by a registered hospital's office, a State board or authority, or the police",
        )),
    }
}

fn people(document: &Document, applicant: &str, general: &mut Vec<Refusal>) {
    if document.proofer.trim().is_empty() {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(2)",
            "proofer",
            "the person who proofed is not named",
        ));
    } else if same_name(&document.proofer, &document.practitioner) {
        general.push(refuse(
            "RX-PROOF-SEPARATION",
            "73 FR 36722, 36740-36741",
            "proofer",
            "the practitioner proofed the practitioner",
            "have another person of the entity proof",
        ));
    }
    if document.practitioner.trim().is_empty() {
        general.push(absent(
            "73 FR 36722, proposed 21 CFR 1311.105(a)(3)",
            "practitioner",
            "the practitioner is not named",
        ));
    } else if !names_agree(&document.practitioner, applicant) {
        general.push(refuse(
            "RX-PROOF-NAME",
            "73 FR 36722, proposed 21 CFR 1311.105(a)(3)",
            "practitioner",
            "the document is about another name than the one that applied",
            "file the document of this practitioner, or open an application in the name on it",
        ));
    }
    if document.business_address.trim().is_empty() {
        let what = "the principal place of business is not given";
        general.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(3)", "business-address", what));
    }
}

fn day(document: &Document, rules: &Rules<'_>, general: &mut Vec<Refusal>) {
    const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.105(a)(8)";
    let Some(on) = document.proofed_on else {
        general.push(absent(CITE, "proofed-on", "the day of the proofing is not given"));
        return;
    };
    if on > rules.today {
        let what = "the day of the proofing lies ahead";
        general.push(refuse("RX-PROOF-DATE", CITE, "proofed-on", what, "correct the date with the proofing entity"));
    }
    let months = rules.number("proof.document.months").and_then(|months| u16::try_from(months).ok());
    let last = months.and_then(|months| months_after(on, months));
    if let Some(last) = last.filter(|last| rules.today > *last) {
        let what = format!("a proofing of {on} served until {last}");
        general.push(refuse("RX-PROOF-STALE", CITE, "proofed-on", what, "have the practitioner proofed anew"));
    }
}

fn upload(upload: Option<&Upload>, general: &mut Vec<Refusal>) {
    const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.105(a)(9), (d)";
    let Some(upload) = upload else {
        let next = "scan the signed document and upload it";
        general.push(refuse("RX-PROOF-NO-FILE", CITE, "upload", "the document itself is not on file", next));
        return;
    };
    let digest = upload.digest.len() == 64 && upload.digest.bytes().all(|b| b.is_ascii_hexdigit());
    if !digest || !MEDIA.contains(&upload.media.as_str()) || !(1..=UPLOAD_BYTES_MAX).contains(&upload.bytes) {
        let what = format!("a file of {} bytes and type {:?} is not archived", upload.bytes, upload.media);
        let next = "upload a PDF, PNG, JPEG or TIFF of at most 16 MiB";
        general.push(refuse("RX-PROOF-FILE", CITE, "upload", what, next));
    }
}

/// The field of a place, counted from 1 as people count.
fn at(n: usize, field: &str) -> String {
    format!("place[{}].{field}", n + 1)
}

/// What an exempt official's service has to confirm, in the place of a registration.
fn service(n: usize, confirmed: Said, until: Option<Date>, rules: &Rules<'_>, found: &mut Vec<Refusal>) {
    const CITE: &str = "21 CFR 1301.23(a); 73 FR 36722, proposed 1306.05(h)";
    if confirmed == Said::No {
        let what = "the service does not confirm that the practitioner prescribes in its official duty";
        found.push(absent(CITE, at(n, "service-confirmed"), what));
    }
    match until {
        None => found.push(absent(CITE, at(n, "until"), "the last day of the service's confirmation is not given")),
        Some(until) if until <= rules.today => {
            let what = format!("the service's confirmation served until {until}");
            let next = "have the service confirm it anew";
            found.push(refuse("RX-PROOF-EXPIRED", CITE, at(n, "until"), what, next));
        }
        Some(_) => {}
    }
}

fn place(n: usize, place: &Place, rules: &Rules<'_>, found: &mut Vec<Refusal>) -> Option<Registration> {
    if place.state_code().is_none() {
        let what = "the State is not one with registrants";
        found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(4)", at(n, "state"), what));
    }
    match &place.authority {
        Authority::Licence { authority, number } => {
            if authority.trim().is_empty() || number.trim().is_empty() {
                let what = "the State licensing authority or the licence number is not given";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(4)(i)", at(n, "licence"), what));
            }
        }
        Authority::VeteransEmployee { facility, appointed } => {
            if facility.trim().is_empty() || *appointed == Said::No {
                let what = "due appointment at a named Veterans Affairs facility is not confirmed";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(4)(ii)", at(n, "appointment"), what));
            }
        }
        Authority::VeteransContractor { facility, eligible, under_facility } => {
            if facility.trim().is_empty() || *eligible == Said::No {
                let what = "eligibility for appointment at a named Veterans Affairs facility is not confirmed";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(4)(iii)", at(n, "eligibility"), what));
            }
            if *under_facility == Said::No || !matches!(place.under, Under::Institution { .. }) {
                let what = "prescribing under the facility's registration is not confirmed";
                let field = at(n, "facility-registration");
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(4)(iii)", field, what));
            }
        }
    }
    match &place.under {
        Under::Own { expires, .. } => match expires {
            None => {
                let what = "the expiration date of the registration is not given";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(5)", at(n, "expires"), what));
            }
            // Chosen reading, as for credentials: the expiration date itself is no day of use any more.
            Some(expires) if *expires <= rules.today => {
                let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)(5), 1311.135(b)";
                let what = format!("the registration on the document expires on {expires}");
                let next = "have the document written anew once the registration is renewed";
                found.push(refuse("RX-PROOF-EXPIRED", cite, at(n, "expires"), what, next));
            }
            Some(_) => {}
        },
        Under::Institution { internal_code, acknowledged, .. } => {
            if *acknowledged == Said::No {
                let what = "the institution does not state that the practitioner may use its registration";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(6)", at(n, "acknowledged"), what));
            }
            if internal_code.trim().is_empty() {
                let what = "the internal code assigned to the practitioner is not given";
                found.push(absent("73 FR 36722, proposed 21 CFR 1311.105(a)(6)", at(n, "internal-code"), what));
            }
        }
        Under::Service { confirmed, until, .. } => service(n, *confirmed, *until, rules, found),
    }
    match place.registration() {
        Ok(registration) => Some(registration),
        Err(error) => {
            let what = match error {
                NotADeaNumber::Shape if matches!(place.under, Under::Service { .. }) => {
                    "the branch of service or agency is not one whose officials are exempt from registration".to_owned()
                }
                NotADeaNumber::Shape => "the DEA registration number, or the internal code, is not one".to_owned(),
                NotADeaNumber::CheckDigit { .. } => error.to_string(),
            };
            let cite = "73 FR 36722, proposed 21 CFR 1311.105(a)(5), (a)(6)";
            found.push(refuse("RX-PROOF-NUMBER", cite, at(n, "registration"), what, ASK));
            None
        }
    }
}
