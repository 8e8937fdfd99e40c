//! The claims that the SuperTokens recipes put into the payload.

use super::{BooleanClaim, ClaimCheck, ClaimRefresh, PrimitiveArrayClaim};
use crate::platform::Method;

/// How old a "not verified" may be (s) before it is asked for again.
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

/// The domains on which the user's tenant may be used (`st-t-dmns`), of the Multitenancy recipe.
///
/// ```
/// use supertokens_session::claims::{Require, allowed_domains};
///
/// let require = Require::claim(allowed_domains().includes("acme.example.com".to_owned()));
/// ```
pub fn allowed_domains() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-t-dmns")
}

/// The user's e-mail address is verified (`st-ev`), of the EmailVerification recipe.
///
/// Where it is not known, or was "no" ten seconds ago, the API is asked anew. A "yes" stands, however old it is, unless
/// [`max_age_s`](ClaimCheck::max_age_s) is set. Then one that is older and can't be fetched anew does not pass, as with
/// any other claim; in the JavaScript SDK it does.
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
        .refetch_on_failure_s(EMAIL_REFETCH_S)
        .absent_is_wrong()
}
