//! The desks of access control: who is designated, who waits for a grant, what was checked, and every act on it.

mod controllers;
mod people;

pub(super) use controllers::{designate, end, end_key, hand_key, list as controllers, own};
pub(super) use people::{approve, begin, confirm, finish, list, nominate, one, recover, revoke, suspend, withdraw};
