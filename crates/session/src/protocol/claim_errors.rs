//! The body of an answer that refuses a call for its claims.

use serde_json::Value;

use crate::{event::ClaimError, wire::json};

/// A body that is larger names no claims: they are a handful of ids and reasons.
const MAX_LEN: usize = 64 * 1024;

/// The claims that a refusal names (`claimValidationErrors`); none where the body is of another kind, or over 64 KiB.
///
/// ```
/// use supertokens_session::protocol::claim_errors::errors;
///
/// let body = br#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev","reason":{}}]}"#;
/// assert_eq!(errors(body).unwrap()[0].id, "st-ev");
/// assert_eq!(errors(b"forbidden"), None);
/// ```
pub fn errors(body: &[u8]) -> Option<Vec<ClaimError>> {
    if body.len() > MAX_LEN {
        return None;
    }
    // Read by hand: a derived reader would take an array for an object.
    match json::take(&mut json::object(body)?, "claimValidationErrors")? {
        Value::Array(claims) => claims.into_iter().map(claim).collect(),
        _ => None,
    }
}

fn claim(claim: Value) -> Option<ClaimError> {
    let Value::Object(mut fields) = claim else { return None };
    let Value::String(id) = json::take(&mut fields, "id")? else { return None };
    Some(ClaimError { id, reason: json::take(&mut fields, "reason").unwrap_or_default() })
}
