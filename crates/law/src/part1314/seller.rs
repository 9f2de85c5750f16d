//! 21 CFR 1314.10, 1314.25(a), 1314.35, 1314.40; 21 U.S.C. 830; manual, sections III and XIV: the seller of listed chemicals.
//!
//! (a) Products are behind the counter or in a locked cabinet. (b) A person buys for own use; whoever sells to institutions
//!     or to other businesses needs a registration for chemicals. A stand that moves about is a seller like others.
//! (c) The certificate is renewed each year, before it runs out; its last day still counts. (d) Certifying confirms seven
//!     things, at each place; a chain of more than ten places may send its list by mail; who is not a registered pharmacy
//!     pays a fee. (e) The training uses the material of DEA, and the signed record of it stays in the personnel file.
//! (1314.10) A State may ask for more, such as a prescription; the stricter law holds.
//! (f) Phenylpropanolamine was withdrawn for people; for animals it takes a prescription.

use crate::edition::{By, Domain, Law, Row, parameter};
use crate::facts::{Certification, Product, SlcpSale};
use crate::reason::Reason;
use crate::rule::{Outcome, rule};
use crate::vocab::{Chemical, Customer, Placement, SellerKind, Word};
use jiff::civil::{Date, date};
use theriac_model::calendar::days_after;

rule!(PLACED: "1314.25-placed", "cmea", "21 CFR 1314.25(a)", By::ALL,
    "Listed chemical products are behind the counter or in a locked cabinet",
    ["law-cmea-placement", "pharm-cmea-placement"],
    Some(date(2006, 9, 30)),
    None
);
rule!(PERSONAL: "1314-personal-use", "cmea", "Manual 2010, section III; 21 U.S.C. 802(46), 823(h)", By::ALL,
    "A retail seller, also one that moves about, needs no chemical registration; sales to institutions do",
    ["law-cmea-no-chemical-registration", "law-cmea-mobile-vendor", "pharm-cmea-retail-personal-use", "pharm-reg-slcp-retail-no-registration", "pharm-reg-slcp-wholesale-510"],
    Some(date(2006, 9, 30)),
    None
);
rule!(RENEWED: "1314.40-renewed", "cmea", "21 CFR 1314.40(d)", By::ALL,
    "The certificate is renewed each year before it runs out; its last day still counts",
    ["law-cmea-certify-annual", "pharm-cmea-self-certification-required"],
    Some(date(2006, 9, 30)),
    None
);
rule!(CONFIRMED: "1314.40-confirmed", "cmea", "21 CFR 1314.40(b)", By::ALL,
    "Certifying confirms seven things",
    ["law-cmea-certify-statements", "pharm-cmea-self-certification-contents"],
    Some(date(2006, 9, 30)),
    None
);
rule!(ROUTE: "1314.40-route", "cmea", "Manual 2010, section XIV, Self-Certification", By::ALL,
    "A chain of more than ten places sends its list by mail; each place has a certificate of its own",
    ["law-cmea-certify-per-location", "pharm-cmea-certify-per-location"],
    Some(date(2006, 9, 30)),
    None
);
rule!(FEE: "1314.42-fee", "cmea", "21 CFR 1314.42", By::ALL,
    "A seller that is not a registered pharmacy pays a fee for its certificate",
    ["law-cmea-certify-fee", "pharm-cmea-fee"],
    Some(date(2009, 1, 28)),
    None
);
rule!(MATERIAL: "1314.35-material", "cmea", "21 CFR 1314.35(a)", By::ALL,
    "The training uses the material of DEA; the seller may add to it",
    ["law-cmea-train-materials", "pharm-cmea-training-materials"],
    Some(date(2006, 9, 30)),
    None
);
rule!(ACKNOWLEDGED: "1314.35-acknowledged", "cmea", "21 CFR 1314.35(b), (c)", By::ALL,
    "The signed record of the training is in the personnel file",
    ["law-cmea-train-record", "pharm-cmea-training-before-selling"],
    Some(date(2006, 9, 30)),
    None
);
rule!(STATE_RX: "1314.10-state", "cmea", "21 CFR 1314.10; State law", By::ALL,
    "Where a State asks for a prescription, or sets a lower limit, the stricter law holds",
    ["law-cmea-stricter-state", "pharm-cmea-state-stricter"]);
rule!(WITHDRAWN: "1314-withdrawn", "cmea", "Manual 2010, appendix G", By::ALL,
    "Phenylpropanolamine is not sold at retail: withdrawn for people, on prescription for animals",
    ["law-cmea-ppa", "pharm-cmea-ppa-none"],
    Some(date(2006, 9, 30)),
    None
);

parameter!(RX_ONLY: "cmea.prescription-only", "whether listed chemical products take a prescription", Required, Domain::YesNo, []);
parameter!(LOCATIONS: "cmea.online.locations", "places of a chain up to which it certifies online", Min, Domain::Number("places"), [
    Row::of(By::ALL, 10, "Manual 2010, section XIV, Self-Certification"),
]);
parameter!(REMIND_DAYS: "cmea.certificate.remind-days", "days before the end of a certificate on which its renewal is called for", Max, Domain::Number("days"), []);

/// When a house says nothing else, renewal is called for thirty days ahead. A figure of our own.
const REMIND_DAYS_OWN: u64 = 30;

/// (a): whether the product is out of reach.
pub(crate) fn placed(law: &Law<'_>, kept: Placement) -> Outcome {
    Outcome::unless(kept != Placement::OpenShelf, || {
        law.deny(
            &PLACED,
            Reason::WrongPlace,
            "LAW-1314.25-PLACE",
            "the product is on an open shelf",
            "keep it behind the counter or in a locked cabinet",
        )
        .about("slcp.kept")
    })
}

/// (b): whether it is bought for own use, or the seller is registered as a distributor of chemicals.
pub(crate) fn personal(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    let distributor = sale.chemical_registration_until.is_some_and(|until| law.day <= until);
    Outcome::unless(sale.customer == Customer::Person || distributor, || {
        law.deny(
            &PERSONAL,
            Reason::RegistrationInvalid,
            "LAW-1314-INSTITUTION",
            "a sale to an institution is no retail sale and takes a registration for chemicals",
            "register as a distributor of listed chemicals, or send the customer to one",
        )
        .about("slcp.customer")
    })
}

/// (c): whether the certificate still stands.
pub(crate) fn renewed(law: &Law<'_>, until: Option<Date>) -> Outcome {
    let Some(until) = until else { return Outcome::NotApplicable };
    Outcome::unless(law.day <= until, || {
        law.deny(
            &RENEWED,
            Reason::NotSelfCertified,
            "LAW-1314.40-RENEW",
            format!("the certificate ran out on {until}"),
            "renew it online, then sell",
        )
        .about("slcp.certified_until")
    })
}

/// (c): whether it is time to renew the certificate.
pub(crate) fn renewal_due(law: &Law<'_>, until: Option<Date>) -> bool {
    let days = u32::try_from(law.value(&REMIND_DAYS, REMIND_DAYS_OWN)).unwrap_or(u32::MAX);
    let reminder = days_after(law.day, days);
    until.is_some_and(|until| reminder.is_none_or(|day| until <= day))
}

/// (d): whether all seven are confirmed.
pub(crate) fn confirmed(law: &Law<'_>, certification: &Certification) -> Outcome {
    Outcome::unless(certification.unconfirmed.is_empty(), || {
        let open: Vec<&str> = certification.unconfirmed.iter().map(|one| one.word()).collect();
        law.deny(
            &CONFIRMED,
            Reason::ElementMissing,
            "LAW-1314.40-CONFIRM",
            format!("not confirmed: {}", open.join(", ")),
            "put it in order, then certify; a false certification is punishable under 18 U.S.C. 1001",
        )
        .about("certification.unconfirmed")
    })
}

/// (d): whether the list of places goes by mail.
pub(crate) fn by_mail(law: &Law<'_>, certification: &Certification) -> bool {
    u64::from(certification.locations) > law.value(&LOCATIONS, 10)
}

/// (d): whether a fee is owed.
pub(crate) fn owes_fee(certification: &Certification) -> bool {
    certification.seller != SellerKind::Pharmacy
}

/// (e): whether the official material was used.
pub(crate) fn material(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    Outcome::unless(sale.official_training, || {
        law.deny(
            &MATERIAL,
            Reason::NotAuthorized,
            "LAW-1314.35-MATERIAL",
            "the seller's training did not use the material of DEA",
            "train the seller with DEA's material",
        )
        .about("slcp.official_training")
    })
}

/// (e): whether the signed record is there.
pub(crate) fn acknowledged(law: &Law<'_>, sale: &SlcpSale) -> Outcome {
    Outcome::unless(sale.acknowledged, || {
        law.deny(
            &ACKNOWLEDGED,
            Reason::NotAuthorized,
            "LAW-1314.35-ACKNOWLEDGE",
            "no signed record of the seller's training is in the personnel file",
            "let the seller sign the acknowledgement, and file it",
        )
        .about("slcp.acknowledged")
    })
}

/// Whether a State or a house asks for a prescription.
pub(crate) fn without_prescription(law: &Law<'_>) -> Outcome {
    let Some(bound) = law.bound(&RX_ONLY) else { return Outcome::NotApplicable };
    Outcome::unless(!bound.yes(), || {
        let what = "listed chemical products take a prescription here";
        let next = "ask for a prescription";
        law.deny(&STATE_RX, Reason::PrescriptionRequired, "LAW-1314.10-PRESCRIPTION", what, next)
            .by(&bound)
            .about("facts.state")
    })
}

/// (f): whether the chemical is sold at retail at all.
pub(crate) fn marketed(law: &Law<'_>, product: &Product) -> Outcome {
    Outcome::unless(product.chemical != Some(Chemical::Phenylpropanolamine), || {
        law.deny(
            &WITHDRAWN,
            Reason::PrescriptionRequired,
            "LAW-1314-WITHDRAWN",
            "phenylpropanolamine was withdrawn as unsafe for people; for animals it takes a prescription",
            "do not sell it at retail",
        )
        .about("product.chemical")
    })
}
