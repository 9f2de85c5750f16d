//! The pharmacy's archive over pages and API: finding, taking away, and what is kept about it.

mod auditable;
mod books;
mod classes;
mod filing;
mod find;
mod notes;
mod trail;

pub(super) use auditable::{change as change_auditable, list as auditable, monitors, sighting};
pub(super) use books::books;
pub(super) use classes::classes;
pub(super) use filing::{choose as choose_scheme, original, place, put as file_paper, show as filing};
pub(crate) use find::record_paper;
pub(super) use find::{find, find_json, package, print_record, take_away};
pub(super) use notes::{alert, list as notes, pattern, report as pattern_report, sent as pattern_sent};
pub(super) use trail::{trail, trail_file};

use super::failure::Failure;
use axum::response::Response;

type Answer = Result<Response, Failure>;
