//! The protocol's formats: URLs, the API scope, names of headers and cookies, cookies, JSON.

pub mod api_scope;
pub mod cookie;
pub(crate) mod headers;
pub(crate) mod json;
mod json_repair;
pub mod login;
pub mod names;
pub mod percent;
pub mod redirect;
pub mod site;
pub(crate) mod url;
