//! The demonstration: the main job on an embedded world.

pub(crate) mod cast;
pub(crate) mod enrol;
pub(crate) mod insider;
pub(crate) mod morning;
mod stockroom;
pub(crate) mod story;
pub(crate) mod telling;
pub(crate) mod waiting;
pub(crate) mod world;
