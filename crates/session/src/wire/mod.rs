//! Pure facts of the protocol: which URLs are ours, which headers go out and come in, what a cookie says,
//! where a redirect may lead.

pub mod claims;
pub mod cookie;
pub mod headers;
pub mod incoming;
pub(crate) mod ip;
pub(crate) mod json;
mod json_repair;
pub mod login;
pub mod names;
pub mod ours;
pub mod outgoing;
pub mod percent;
pub mod redirect;
pub mod sign_in;
pub mod site;
pub mod url;
