//! Sales without a prescription, and the books about them.

use super::{Bench, Granted, Stop};
use crate::cannabis;
use crate::part1306::counter_sale;
use crate::part1314::{counter, documents, limits, log, loss, seller};
use crate::reason::Duty;
use crate::rule::Outcome;
use crate::vocab::{
    Book, BookChange, BookForm, CannabisProduct, Channel, DisclosurePurpose, Registrant, ReportElement, Schedule,
    Staff, Unit,
};

/// `sell-otc-cv`: product, place, seller, purchaser, amount, book.
pub(crate) fn sell_otc_cv(bench: &mut Bench<'_>, quantity: u64, unit: Unit, seller: Staff) -> Result<Granted, Stop> {
    let (law, facts, at) = (bench.law, bench.facts, bench.at);
    let Some(purchaser) = &facts.purchaser else { return Err(bench.lacks(" without a purchaser")) };
    let more = facts.counter.as_deref();
    bench.state_permits()?;
    bench.find(&counter_sale::NOT_RX, counter_sale::not_prescription(&law, &facts.product))?;
    let schedule = more.map_or(Schedule::V, |more| more.schedule);
    bench.find(&counter_sale::SCHEDULES, counter_sale::of_schedule(&law, schedule))?;
    bench.find(&counter_sale::OTHER_LAW, counter_sale::no_other_law(&law))?;
    bench.find(&counter_sale::RETAIL, counter_sale::retail(&law, facts.pharmacy.kind))?;
    bench.find(&counter_sale::PHARMACIST, counter_sale::pharmacist(&law, seller))?;
    bench.find(&counter_sale::AGE, counter_sale::age(&law, purchaser))?;
    bench.find(&counter_sale::IDENTITY, counter_sale::identity(&law, purchaser))?;
    bench.find(&counter_sale::LIMIT, counter_sale::limit(&law, &facts.product, unit, quantity, &facts.history, at))?;
    if let Some(more) = more {
        bench.find(&counter_sale::KEPT, counter_sale::kept(&law, more.kept))?;
        bench.find(&counter_sale::BOOK, counter_sale::book(&law, &more.missing))?;
    }
    bench.duty(Duty::RecordInBoundBook);
    Ok(Granted::Permit)
}

/// What a sale of a listed chemical product states.
pub(crate) struct Slcp {
    pub(crate) quantity: Option<u64>,
    pub(crate) base_mg: Option<u64>,
    pub(crate) packages: u64,
    pub(crate) channel: Channel,
}

/// `sell-slcp`: seller, product, purchaser, amount, log.
pub(crate) fn sell_slcp(bench: &mut Bench<'_>, sale: &Slcp) -> Result<Granted, Stop> {
    let (law, facts, at) = (bench.law, bench.facts, bench.at);
    if facts.purchaser.is_none() {
        return Err(bench.lacks(" without a purchaser"));
    }
    bench.state_permits()?;
    if facts.product.prescription_drug {
        bench.note(&limits::LIMIT, &Outcome::NotApplicable);
        return Ok(Granted::Permit);
    }
    bench.find(&seller::STATE_RX, seller::without_prescription(&law))?;
    bench.find(&seller::WITHDRAWN, seller::marketed(&law, &facts.product))?;
    bench.find(&counter::CERTIFIED, counter::certified(&law, &facts.pharmacy))?;
    bench.find(&counter::TRAINED, counter::trained(&law, &facts.pharmacy))?;
    seller_in_order(bench)?;
    bench.find(&counter::PACKED, counter::packed(&law, &facts.product))?;
    purchaser_identified(bench)?;
    let asked =
        limits::Sale { units: sale.quantity.unwrap_or(0), base_mg: sale.base_mg.unwrap_or(0), channel: sale.channel };
    bench.find(&limits::LIMIT, limits::limit(&law, &facts.product, asked, &facts.history, at))?;
    let salt_mg = match (sale.quantity, facts.product.mg_per_unit) {
        (Some(units), Some(mg)) => Some(units.saturating_mul(mg)),
        _ => sale.base_mg,
    };
    bench.note(&counter::LOGGED, &Outcome::Satisfied);
    if law.holds(&counter::LOGGED) && counter::logged(&law, &facts.product, sale.packages, salt_mg) {
        logbook(bench)?;
        bench.duty(Duty::LogSale);
    }
    Ok(Granted::Permit)
}

/// Certificate, customer, place and training, where they are stated.
fn seller_in_order(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let law = bench.law;
    let Some(sale) = bench.facts.slcp.as_deref() else { return Ok(()) };
    bench.find(&seller::RENEWED, seller::renewed(&law, sale.certified_until))?;
    bench.find(&seller::PERSONAL, seller::personal(&law, sale))?;
    bench.find(&seller::MATERIAL, seller::material(&law, sale))?;
    bench.find(&seller::ACKNOWLEDGED, seller::acknowledged(&law, sale))?;
    bench.find(&seller::PLACED, seller::placed(&law, sale.kept))?;
    if seller::renewal_due(&law, sale.certified_until) {
        bench.duty(Duty::RenewCertificate);
    }
    Ok(())
}

/// The document that is named, else what the purchaser is said to have shown.
fn purchaser_identified(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let law = bench.law;
    let Some(purchaser) = &bench.facts.purchaser else { return Err(bench.lacks(" without a purchaser")) };
    let named = bench.facts.slcp.as_deref().and_then(|sale| sale.document.map(|document| (sale, document)));
    let Some((sale, document)) = named else {
        return bench.find(&counter::IDENTIFIED, counter::identified(&law, purchaser));
    };
    bench.find(&documents::LISTED, documents::listed(&law, purchaser, document, sale))?;
    bench.find(&documents::ENLISTED, documents::enlisted(&law, document, sale.seller))?;
    let detailed = documents::detailed(&law, document, sale.photograph, &sale.details_missing);
    bench.find(&documents::DETAILED, detailed)
}

/// The log of a sale that must be entered.
fn logbook(bench: &mut Bench<'_>) -> Result<(), Stop> {
    let law = bench.law;
    let Some(sale) = bench.facts.slcp.as_deref() else { return Ok(()) };
    bench.find(&log::FORM, log::form(&law, sale.log))?;
    bench.find(&log::NOTICE, log::noticed(&law, sale))?;
    bench.find(&log::ENTRY, log::entry(&law, sale))?;
    bench.find(&log::CHECKED, log::checked(&law, sale))
}

/// `certify-slcp`: the seven confirmations, then route and fee.
pub(crate) fn certify_slcp(bench: &mut Bench<'_>) -> Result<Granted, Stop> {
    let law = bench.law;
    let Some(certification) = bench.facts.certification.as_deref() else {
        return Err(bench.lacks(" without a certification"));
    };
    bench.find(&seller::CONFIRMED, seller::confirmed(&law, certification))?;
    bench.note(&seller::ROUTE, &Outcome::Satisfied);
    if seller::by_mail(&law, certification) {
        bench.duty(Duty::FileByMail);
    }
    bench.note(&seller::FEE, &Outcome::Satisfied);
    if law.holds(&seller::FEE) && seller::owes_fee(certification) {
        bench.duty(Duty::PayFee);
    }
    Ok(Granted::Permit)
}

/// `report-slcp-loss`.
pub(crate) fn report_slcp_loss(
    bench: &mut Bench<'_>,
    seller: Registrant,
    missing: &[ReportElement],
) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&loss::CONTENTS, loss::contents(&law, seller, missing))?;
    Ok(Granted::Permit)
}

/// `keep-book`.
pub(crate) fn keep_book(
    bench: &mut Bench<'_>,
    book: Book,
    kept: BookForm,
    change: BookChange,
) -> Result<Granted, Stop> {
    let law = bench.law;
    let rule = match book {
        Book::CounterBook => &log::BOUND,
        Book::SlcpLog => &log::FORM,
    };
    bench.find(rule, log::kept(&law, book, kept, change))?;
    if change == BookChange::Correct {
        bench.duty(Duty::LinkCorrection);
    }
    Ok(Granted::Permit)
}

/// `disclose-book`.
pub(crate) fn disclose_book(bench: &mut Bench<'_>, purpose: DisclosurePurpose) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.state_permits()?;
    bench.find(&log::DISCLOSED, log::disclosed(&law, purpose))?;
    bench.duty(Duty::RecordDisclosure);
    Ok(Granted::Permit)
}

/// `sell-cannabis`.
pub(crate) fn sell_cannabis(bench: &mut Bench<'_>, product: CannabisProduct) -> Result<Granted, Stop> {
    let law = bench.law;
    bench.find(&cannabis::NEVER, cannabis::never(&law, product))?;
    bench.find(&cannabis::NO_FOOD, cannabis::no_food(&law, product))?;
    bench.state_permits()?;
    bench.find(&cannabis::TOPICAL, cannabis::topical(&law, product))?;
    Ok(Granted::Permit)
}
