//! The schedule that binds where it is not the one stated: a State or a house puts the drug into a stricter one, or the drug
//! was not controlled when it was prescribed.

use crate::edition::{Law, Profile};
use crate::part1306::moved;
use crate::question::Question;
use std::borrow::Cow;
use theriac_model::Edition;

/// The question under the schedule that binds.
pub(super) struct Effective {
    pub(super) question: Question,
    /// Who says so, where it is an overlay.
    pub(super) edition: Option<Edition>,
    /// What to tell the reader.
    pub(super) note: Cow<'static, str>,
}

/// `None` when the stated schedule binds, which is nearly always and costs two comparisons.
pub(super) fn schedule(profile: &Profile, question: &Question) -> Option<Effective> {
    let rx = question.facts.prescription.as_ref()?;
    let drug = rx.drug.as_deref()?;
    let law = Law::on(profile, question.at.date(), question.facts.state);
    let mut binds = rx.schedule;
    let mut by = None;
    if let Some((now, cite)) = moved::controlled_since(&law, rx) {
        binds = now;
        by = Some((None, format!("{drug} is in schedule {now} since the prescription was issued ({cite})")));
    }
    for overlay in law.overlays().filter(|overlay| overlay.names_products()) {
        let Some(product) = overlay.product(drug, law.day) else { continue };
        if let Some(own) = product.schedule.filter(|own| *own < binds) {
            binds = own;
            let edition = overlay.edition().clone();
            let note = format!("{drug} is in schedule {own} here ({}: {})", edition.name(), product.cite);
            by = Some((Some(edition), note));
        }
    }
    let (edition, note) = by?;
    let mut question = question.clone();
    if let Some(rx) = &mut question.facts.prescription {
        rx.schedule = binds;
    }
    Some(Effective { question, edition, note: Cow::Owned(note) })
}
