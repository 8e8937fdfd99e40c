//! The session data in requests and responses: headers, bodies, calls.

mod api_action;
mod claim_errors;
pub mod request_headers;
pub mod response_headers;
pub mod sign_in_response;

pub use api_action::ApiAction;
