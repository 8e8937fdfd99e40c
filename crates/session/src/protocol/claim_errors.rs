//! The body of a response that rejects a request because of claims.

use serde_json::Value;

use crate::{event::ClaimError, wire::json};

/// The maximum length of a body with claim errors, which only contains ids and reasons.
const MAX_LEN: usize = 64 * 1024;

/// The rejected claims (`claimValidationErrors`); none if the body is of another kind or over 64 KiB.
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
    // Parsed by hand: a derived `Deserialize` would accept an array as an object.
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
