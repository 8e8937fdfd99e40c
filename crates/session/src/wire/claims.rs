//! The body of an answer that refuses a call for its claims.

use crate::event::ClaimError;

/// A body that is larger names no claims: they are a handful of ids and reasons.
const MAX_LEN: usize = 64 * 1024;

/// The claims that a refusal names (`claimValidationErrors`); none where the body is of another kind, or over 64 KiB.
///
/// ```
/// use supertokens_session::wire::claims::errors;
///
/// let body = br#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev","reason":{}}]}"#;
/// assert_eq!(errors(body).unwrap()[0].id, "st-ev");
/// assert_eq!(errors(b"forbidden"), None);
/// ```
pub fn errors(body: &[u8]) -> Option<Vec<ClaimError>> {
    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Refusal {
        claim_validation_errors: Vec<ClaimError>,
    }
    if body.len() > MAX_LEN {
        return None;
    }
    Some(serde_json::from_slice::<Refusal>(body).ok()?.claim_validation_errors)
}
