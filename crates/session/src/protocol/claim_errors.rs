//! The body of a response that rejects a request because of claims.

use crate::{
    event::ClaimError,
    wire::json::{self, Fields},
};

/// The maximum length of a body with claim errors, which only contains ids and reasons.
const MAX_LEN: usize = 64 * 1024;

impl ClaimError {
    /// The claims in the body of a response that rejects a request (`claimValidationErrors`); none if the body is of
    /// another kind or over 64 KiB.
    ///
    /// ```
    /// use supertokens_session::ClaimError;
    ///
    /// let body = br#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-ev","reason":{}}]}"#;
    /// assert_eq!(ClaimError::all_in(body).unwrap()[0].id, "st-ev");
    /// assert_eq!(ClaimError::all_in(b"forbidden"), None);
    /// ```
    #[doc(alias = "getInvalidClaimsFromResponse")]
    pub fn all_in(body: &[u8]) -> Option<Vec<Self>> {
        if body.len() > MAX_LEN {
            return None;
        }
        let errors = Fields::of_body(body)?;
        let errors = json::elements(errors.get("claimValidationErrors")?)?;
        errors.iter().map(|error| claim(error.get())).collect()
    }
}

fn claim(claim: &str) -> Option<ClaimError> {
    let fields = Fields::read(claim)?;
    Some(ClaimError::from_json(fields.string("id")?, fields.get("reason").unwrap_or("null")))
}
