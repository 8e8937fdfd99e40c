//! The routes.

pub(crate) mod api;
pub(crate) mod auth;
pub(crate) mod claims;
pub(crate) mod demo;
pub(crate) mod demo_provider;
pub(crate) mod email;
pub(crate) mod factors;
mod form;
pub(crate) mod live;
pub(crate) mod password_reset;
pub(crate) mod passwordless;
mod start;
pub(crate) mod tenants;
pub(crate) mod test;
pub(crate) mod third_party;
pub(crate) mod totp;
