//! The formats that the protocol is made of: URLs and which of them are the API's, header and cookie names, cookies,
//! JSON.

pub mod api_scope;
pub mod cookie;
pub mod headers;
pub(crate) mod ip;
pub(crate) mod json;
mod json_repair;
pub mod login;
pub mod names;
pub mod percent;
pub mod redirect;
pub mod site;
pub mod url;
