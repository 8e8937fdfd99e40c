//! The paths, and what is behind each.

pub(crate) mod api;
pub(crate) mod auth;
mod form;
pub(crate) mod test;
