//! The claims that the SuperTokens recipes put into the payload.

use serde_json::{Value, json};

use super::{BooleanClaim, ClaimCheck, ClaimRefresh, ClaimValidator, PrimitiveArrayClaim, Validator};
use crate::platform::Method;

/// How old a "verified" may be (s), and how old a "not verified" before it is asked for again.
const EMAIL_MAX_AGE_S: u32 = 300;
const EMAIL_REFETCH_S: u32 = 10;

/// The user's roles (`st-role`), of the UserRoles recipe.
///
/// ```
/// use supertokens_session::claims::{Require, roles};
///
/// // The same as `Require::role("admin")`, and it must have been fetched in the last hour:
/// let require = Require::claim(roles().includes("admin".to_owned()).max_age_s(3600));
/// ```
pub fn roles() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-role")
}

/// What the user's roles allow (`st-perm`), of the UserRoles recipe.
pub fn permissions() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-perm")
}

/// The user's e-mail address is verified (`st-ev`), of the EmailVerification recipe. Asks the API again where that is
/// older than five minutes, or where it is not so and older than ten seconds.
///
/// ```
/// use supertokens_session::claims::{Require, email_verified};
///
/// let require = Require::claim(email_verified().redirect_to("/verify-email"));
/// ```
pub fn email_verified() -> ClaimCheck {
    BooleanClaim::new("st-ev")
        .refreshed_by(ClaimRefresh::below_base_path(Method::Get, "/user/email/verify"))
        .is_true()
        .max_age_s(EMAIL_MAX_AGE_S)
        .refetch_on_failure_s(EMAIL_REFETCH_S)
}

/// The user has passed all factors that a sign-in needs (`st-mfa`), of the MultiFactorAuth recipe.
pub fn multi_factor() -> Validator {
    Validator::new(MultiFactor { refresh: ClaimRefresh::below_base_path(Method::Put, "/mfa/info") })
}

struct MultiFactor {
    refresh: ClaimRefresh,
}

const MULTI_FACTOR: &str = "st-mfa";

impl ClaimValidator for MultiFactor {
    fn id(&self) -> &str {
        MULTI_FACTOR
    }

    fn should_refresh(&self, payload: &Value, _: i64) -> bool {
        payload[MULTI_FACTOR]["v"].as_bool().is_none()
    }

    fn refresh(&self) -> Option<&ClaimRefresh> {
        Some(&self.refresh)
    }

    fn validate(&self, payload: &Value, _: i64) -> Result<(), Value> {
        match payload[MULTI_FACTOR]["v"].as_bool() {
            Some(true) => Ok(()),
            Some(false) => Err(json!({
                "message": "MFA requirement for auth not satisfied",
                "expectedValue": true,
                "actualValue": false,
            })),
            None => Err(json!({ "message": "value does not exist", "expectedValue": true })),
        }
    }
}
