//! The pages of the watch: practitioners' logs and duties, audit reports, daily audits, incidents, notices, retention.

pub(super) mod audits;
pub(super) mod copies;
pub(super) mod desk;
pub(super) mod duties;
pub(super) mod incidents;
pub(super) mod logs;
pub(super) mod notices;
pub(super) mod retention;

use super::asked::Asked;
use super::failure::Failure;
use theriac_prescriber::audit::Application;

/// The application named in the address.
fn application(asked: &Asked) -> Result<Application, Failure> {
    Application::parse(&asked.id("application")?).ok_or_else(Failure::no_such_page)
}
