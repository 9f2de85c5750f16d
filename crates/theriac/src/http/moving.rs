//! The desk where prescriptions move and their papers are printed: transfers, central filling, layers, labels, the refill
//! record, downtime, care facilities.

mod api;
mod asked_for;
mod care;
mod central;
mod checkers;
pub(super) mod desk;
mod downtime;
mod drugs;
mod law;
mod layers;
mod mail;
mod papers;
mod refills;
mod transfers;

pub(super) use api::{api_kit, api_label, api_refill_day};
pub(super) use asked_for::{transfer_ask, transfer_request, transfer_request_step};
pub(super) use care::{facilities, facility, facility_step, list_facility};
pub(super) use central::{
    central, central_file, central_label, central_one, central_step, central_take, record_central, record_central_step,
};
pub(super) use checkers::{checkers, checkers_step};
pub(super) use downtime::{begin_outage, downtime, kit, outage, outage_step, sheets};
pub(super) use drugs::{api_drug, drug, drugs, enter_facts};
pub(super) use law::law;
pub(super) use layers::{amend, layers, note};
pub(super) use mail::{mail, mail_it, outer_label};
pub(super) use papers::{label, paper, papers};
pub(super) use refills::{day, day_print, day_sign, refills, refills_step, trail};
pub(super) use transfers::{
    record_transfer, record_transfer_out, transfer_file, transfer_take, transfer_upload, transfers,
};

use super::asked::Asked;
use super::failure::Failure;
use crate::house::record::Fault;
use crate::typed::Typed;
use axum::http::{StatusCode, header};
use theriac_model::Refusal;
use theriac_paper::Document;
use theriac_pharmacy::PrescriptionNumber;

/// The longest file that a form of this desk takes, with what the form writes around it.
pub(super) const FILE_BYTES_MAX: usize = crate::dispensary::sealed::SEALED_BYTES_MAX + 64 * 1024;

/// A paper as bytes.
fn printed(paper: &Document) -> Result<Vec<u8>, Fault> {
    Ok(paper.print().map_err(|refusal: Box<Refusal>| Fault::from(*refusal))?.pdf)
}

/// The words of a closed list as choices.
fn words_of<W: theriac_law::vocab::Word>() -> Vec<(String, String)> {
    W::LIST.iter().map(|(word, _)| ((*word).to_owned(), word.replace('-', " "))).collect()
}

/// The file of a form, and its other fields.
fn parts_of(asked: &Asked) -> Result<(Vec<u8>, Typed), Failure> {
    let media = asked.head.headers.get(header::CONTENT_TYPE).and_then(|media| media.to_str().ok());
    let found = media.and_then(|media| super::multipart::parts(media, &asked.body)).and_then(|parts| {
        let file = parts.iter().find(|part| part.name == "file")?.bytes.to_vec();
        let rest = parts.iter().filter(|part| part.name != "file");
        let rest = rest.map(|part| (part.name.to_owned(), String::from_utf8_lossy(part.bytes).into_owned()));
        Some((file, Typed(rest.collect())))
    });
    found.filter(|(bytes, _)| !bytes.is_empty()).ok_or_else(|| {
        let next = "choose the file that the other pharmacy handed over, then send the form again";
        Failure::new(StatusCode::BAD_REQUEST, "HTTP-FILE", "no file came with the form", next)
    })
}

/// The prescription that the address names.
fn number_of(asked: &Asked) -> Result<PrescriptionNumber, Failure> {
    let next = "take the number from the queue";
    PrescriptionNumber::parse(&asked.id("number")?).map_err(|_| Failure::no_such("prescription", next))
}
