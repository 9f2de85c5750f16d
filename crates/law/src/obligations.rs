//! What the editions ask of applications, pharmacies and service providers beside the decisions: parameters that the
//! rest of the program obeys, with the value each edition gives them. No decision of this crate reads them.
//!
//! Ask with [`crate::parameter`] and [`crate::edition::Law::bound`]:
//!
//! ```
//! use jiff::civil::date;
//! use theriac_law::{Profile, edition::Law, parameter};
//!
//! let audit = parameter("audit.interval.months").expect("a parameter of the rulebook");
//! let profile = Profile::strictest();
//! let bound = Law::on(&profile, date(2026, 11, 22), None).bound(audit).expect("both editions speak");
//! assert_eq!((bound.value, bound.edition.name().as_ref()), (12, "proposed-2008"));
//! ```

use crate::edition::{By, Domain, Row, parameter};
use jiff::civil::date;

parameter!(TOKEN_OVERALL: "token.fips.overall", "FIPS 140-2 level that a hard token must have overall", Max, Domain::Number("level"), [
    Row::of(By::P08, 2, "2008: 21 CFR 1311.110(b)(1)"),
    Row::of(By::CFR, 1, "21 CFR 1311.115(b)"),
]);
parameter!(TOKEN_PHYSICAL: "token.fips.physical", "FIPS 140-2 level of physical security that a hard token must have", Max, Domain::Number("level"), [
    Row::of(By::P08, 3, "2008: 21 CFR 1311.110(b)(2)"),
]);
parameter!(TOKEN_EXPORT: "token.key-export", "whether the key of a hard token may be exported", Permitted, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.110(b)"),
]);
parameter!(TOKEN_SEPARATE: "token.separate-device", "whether the token is separate from the computer it gives access to", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.110(b)"),
    Row::of(By::CFR, 1, "21 CFR 1311.115(a)(3)"),
]);
parameter!(BIOMETRIC_MATCH: "biometric.false-match.per-million", "false matches in a million that a biometric may have", Min, Domain::Number("in a million"), [
    Row::of(By::CFR, 1000, "21 CFR 1311.116(b)"),
]);
parameter!(PER_REGISTRATION: "sign.per-registration", "whether each DEA registration has an authentication protocol of its own", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.110(d)"),
    Row::of(By::CFR, 0, "21 CFR 1311.120(b)"),
]);
parameter!(EXPIRES_WITH: "sign.expires-with-registration", "whether permission to sign ends with the registration", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.110(e)"),
    Row::of(By::CFR, 1, "21 CFR 1311.125(d)"),
]);
parameter!(TWO_PERSONS: "access.two-persons", "whether granting permission to sign takes two persons, one of them a registrant", Required, Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1311.125"),
]);
parameter!(SEPARATE_UNIT: "access.separate-unit", "whether in an institution a separate unit executes the grant", Required, Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1311.130"),
]);
parameter!(REGISTRY_CHECK: "access.registry-check.days", "days between checks of signers' registrations", Min, Domain::Number("days"), [
    Row::of(By::P08, 7, "2008: 21 CFR 1311.135(c)"),
]);
parameter!(PROOF_DOCUMENT: "proof.document", "whether a hospital, State board or police proofs the practitioner in person and writes the document about it", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.105(a), (b)"),
]);
parameter!(PROOF_MONTHS: "proof.document.months", "months after the proofing in which its document serves (the proposal sets no age; twelve is the reading chosen)", Min, Domain::Number("months"), [
    Row::of(By::P08, 12, "2008: 21 CFR 1311.105(a)(8)"),
]);
parameter!(PROOF_CREDENTIAL: "proof.credential", "whether an approved credential provider, or the institution for its own staff, proofed the practitioner", Required, Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1311.105, 1311.110"),
]);
parameter!(PROOF_CONTACT: "proof.contact", "whether the provider asks the practitioner at the registered location about the intent to apply", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.105(c)(5)"),
]);
const REVIEW: &[&str] = &[
    "patient-name",
    "patient-address",
    "drug-name",
    "strength",
    "dosage-form",
    "quantity",
    "directions",
    "dea-number",
    "issue-date",
    "refills",
    "earliest-fill",
    "practitioner-name",
    "practitioner-address",
    "statement",
];
parameter!(REVIEW_FIELDS: "sign.review.fields", "what the practitioner sees before signing", Union, Domain::Words(REVIEW), [
    Row::of(By::P08, 0b10_0000_1111_1111, "2008: 21 CFR 1311.120(b), 1311.125(b)"),
    Row::of(By::CFR, 0b11_1111_1111_1101, "21 CFR 1311.120(b)(9)"),
]);
parameter!(LABELLED: "sign.labelled", "whether the function that signs is labelled as signing", Required, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.125(e)"),
    Row::of(By::CFR, 1, "21 CFR 1311.140(a)"),
]);
parameter!(COPY_AFTER: "print.copy-after-transmission", "whether a labelled copy may be printed after transmission", Permitted, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.130(b)"),
    Row::of(By::CFR, 1, "21 CFR 1311.170(c)"),
]);
parameter!(PRINT_AFTER_FAILURE: "print.after-failure", "whether a prescription whose transmission failed may be printed for dispensing", Permitted, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.130(b)"),
    Row::of(By::CFR, 1, "21 CFR 1311.170(b)"),
]);
parameter!(LOG_DAYS: "log.monthly.days", "days after the month in which the practitioner's log is provided", Min, Domain::Number("days"), [
    Row::of(By::CFR, 7, "21 CFR 1311.120(b)(27)"),
]);
parameter!(LOG_REVIEW: "log.review", "whether the practitioner indicates that the log was reviewed", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.140(b)"),
    Row::of(By::CFR, 0, "21 CFR 1311.120(b)(27)"),
]);
parameter!(LOG_YEARS: "log.on-request.years", "years that a log on request must reach back", Max, Domain::Number("years"), [
    Row::of(By::P08, 5, "2008: 21 CFR 1311.140(d)"),
    Row::of(By::CFR, 2, "21 CFR 1311.120(b)(27)"),
]);
parameter!(AUDIT_MONTHS: "audit.interval.months", "months between outside audits of an application", Min, Domain::Number("months"), [
    Row::of(By::P08, 12, "2008: 21 CFR 1311.150"),
    Row::of(By::CFR, 24, "21 CFR 1311.300(a)"),
]);
parameter!(AUDIT_ON_CHANGE: "audit.on-change", "whether a change of a controlled-substance function needs a new audit", Required, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.150"),
    Row::of(By::CFR, 1, "21 CFR 1311.300(a)"),
]);
const AUDIT_KINDS: &[&str] = &["webtrust", "systrust", "sas-70", "information-systems-auditor", "certification"];
parameter!(AUDIT_KINDS_PRESCRIBER: "audit.kinds.prescriber", "kinds of outside audit that serve for an application that creates prescriptions", Intersection, Domain::Words(AUDIT_KINDS), [
    Row::of(By::P08, 0b0_0011, "2008: 21 CFR 1311.150(a)"),
    Row::of(By::CFR, 0b1_1111, "21 CFR 1311.300(a), (b), (e)"),
]);
parameter!(AUDIT_KINDS_PHARMACY: "audit.kinds.pharmacy", "kinds of outside audit that serve for a pharmacy's application", Intersection, Domain::Words(AUDIT_KINDS), [
    Row::of(By::P08, 0b0_0110, "2008: 21 CFR 1311.170(f)"),
    Row::of(By::CFR, 0b1_1111, "21 CFR 1311.300(a), (b), (e)"),
]);
parameter!(AUDIT_PHYSICAL: "audit.physical-security", "whether the outside audit of a hosted application examines physical security", Required, Domain::YesNo, [
    Row::of(By::P08, 0, "2008: 21 CFR 1311.150(a)"),
    Row::of(By::CFR, 1, "21 CFR 1311.300(b)"),
]);
parameter!(AUDIT_READ_MONTHS: "audit.report-check.months", "months between a user's looks at the audit report", Min, Domain::Number("months"), [
    Row::of(By::P08, 12, "2008: 21 CFR 1311.155, 1311.175"),
]);
parameter!(ADVERSE_USERS: "audit.adverse.users.business-days", "business days in which users hear of an adverse audit", Min, Domain::Number("business days"), [
    // The proposal gives no number, but practitioners must stop at once: read as the period it gives for DEA.
    Row::of(By::P08, 1, "2008: 21 CFR 1311.150(d)"),
    Row::of(By::CFR, 5, "21 CFR 1311.300"),
]);
parameter!(ADVERSE_DEA: "audit.adverse.dea.business-days", "business days in which DEA hears of an adverse audit", Min, Domain::Number("business days"), [
    Row::of(By::CFR, 1, "21 CFR 1311.300"),
]);
parameter!(DEFECT_DAYS: "defect.notice.business-days", "business days in which users hear of a defect", Min, Domain::Number("business days"), [
    Row::of(By::CFR, 5, "21 CFR 1311.302"),
]);
parameter!(ANALYSIS_HOURS: "audit-trail.analysis.hours", "hours between analyses of the audit trail", Min, Domain::Number("hours"), [
    Row::of(By::P08.and(By::CFR), 24, "21 CFR 1311.150(b), 1311.215"),
]);
parameter!(BACKUP_HOURS: "backup.hours", "hours between backups of a pharmacy's records", Min, Domain::Number("hours"), [
    Row::of(By::P08.and(By::CFR), 24, "21 CFR 1311.205(b)(17)"),
]);
parameter!(BACKUP_SITE: "backup.separate-site", "whether backups are kept at a geographically separate site", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.170(a)"),
]);
parameter!(REJECT_UNSIGNED: "receive.reject-unsigned", "whether the pharmacy's application rejects what is not signed, or may show it", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.165(b)"),
    Row::of(By::CFR, 0, "21 CFR 1311.205(b)(6)"),
]);
parameter!(REJECT_INCOMPLETE: "receive.reject-incomplete", "whether the pharmacy's application rejects what is incomplete, or may show it", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.165(c)"),
    Row::of(By::CFR, 0, "21 CFR 1311.205(b)(9)"),
]);
parameter!(FULL_NAME: "dispense.full-name", "whether the dispenser's full name is recorded, not only initials", Required, Domain::YesNo, [
    Row::of(By::P08, 1, "2008: 21 CFR 1311.165(e)(3)"),
    Row::of(By::CFR, 0, "21 CFR 1311.205(b)(10)"),
]);
const AUDITED: &[&str] = &["receive", "open", "annotate", "alter", "delete", "access-control", "auditable-event"];
parameter!(AUDIT_EVENTS: "audit-trail.events", "what the pharmacy's audit trail records", Union, Domain::Words(AUDITED), [
    Row::of(By::P08, 0b001_1110, "2008: 21 CFR 1311.170"),
    Row::of(By::CFR, 0b111_1101, "21 CFR 1311.205(b)(13)"),
]);
parameter!(FORM_106_DAYS: "loss.form-106.days", "days after discovery in which Form 106 is completed online", Min, Domain::Number("days"), [
    Row::of(By::CFR, 45, "21 CFR 1301.76(b); 88 FR 40707").since(date(2023, 7, 24)),
]);
parameter!(TELEMEDICINE: "telemedicine.general", "whether the general permission to prescribe by telemedicine stands", Window, Domain::YesNo, [
    Row::of(By::CFR, 1, "21 CFR 1307.41; 90 FR 61301").since(date(2025, 12, 31)).until(date(2026, 12, 31)),
    Row::of(By::CFR, 0, "21 U.S.C. 829(e)").since(date(2027, 1, 1)),
]);
parameter!(TELEMEDICINE_OUD: "telemedicine.dependence.months", "months from the first telemedicine prescription for opioid dependence", Min, Domain::Number("months"), [
    Row::of(By::CFR, 6, "21 CFR 1306.51").since(date(2025, 12, 31)),
]);
parameter!(DELIVERED_DAYS: "buprenorphine.delivered.days", "days after receipt in which delivered buprenorphine is given to the named patient", Min, Domain::Number("days"), [
    Row::of(By::CFR, 14, "21 U.S.C. 829a").since(date(2018, 10, 24)).until(date(2026, 7, 8)),
    Row::of(By::CFR, 45, "21 CFR 1306.07(f)(5); 91 FR 34754").since(date(2026, 7, 9)),
]);
const SCRIPT: &[&str] = &["2017071", "2023011"];
parameter!(SCRIPT_VERSIONS: "script.versions", "versions of SCRIPT that may be used", Intersection, Domain::Words(SCRIPT), [
    Row::of(By::CFR, 0b01, "42 CFR 423.160(b)(1)").until(date(2024, 6, 16)),
    Row::of(By::CFR, 0b11, "42 CFR 423.160(b)(1); 89 FR 51238").since(date(2024, 6, 17)).until(date(2027, 12, 31)),
    Row::of(By::CFR, 0b10, "42 CFR 423.160(b)(1)").since(date(2028, 1, 1)),
]);
