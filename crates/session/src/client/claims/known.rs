//! The claims that the SuperTokens recipes write into the payload.

use std::time::Duration;

use super::{BooleanClaim, ClaimCheck, ClaimRefresh, PrimitiveArrayClaim};
use crate::platform::Method;

/// The age after which the client fetches a "not verified" again.
const EMAIL_REFETCH: Duration = Duration::from_secs(10);

/// The user's roles (`st-role`), of the UserRoles recipe.
///
/// ```
/// use std::time::Duration;
/// use supertokens_session::claims::{Require, roles};
///
/// // The same as `Require::role("admin")`, with a maximum age of one hour:
/// let require = Require::claim(roles().includes("admin".to_owned()).max_age(Duration::from_secs(3600)));
/// ```
#[doc(alias = "UserRoleClaim")]
pub fn roles() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-role")
}

/// The permissions of the user's roles (`st-perm`), of the UserRoles recipe.
#[doc(alias = "PermissionClaim")]
pub fn permissions() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-perm")
}

/// The domains of the user's tenant (`st-t-dmns`), of the Multitenancy recipe.
///
/// ```
/// use supertokens_session::claims::{Require, allowed_domains};
///
/// let require = Require::claim(allowed_domains().includes("acme.example.com".to_owned()));
/// ```
#[doc(alias = "AllowedDomainsClaim")]
pub fn allowed_domains() -> PrimitiveArrayClaim<String> {
    PrimitiveArrayClaim::new("st-t-dmns")
}

/// The user's e-mail address is verified (`st-ev`), of the EmailVerification recipe.
///
/// The client fetches the claim if it is absent, or was false more than ten seconds ago. A true value stays valid at
/// any age, unless [`max_age`](ClaimCheck::max_age) is set. With a maximum age, an older value that can't be
/// fetched is invalid, as for any other claim. In the JavaScript SDK it is valid.
///
/// ```
/// use supertokens_session::claims::{Require, email_verified};
///
/// let require = Require::claim(email_verified().redirect_to("/verify-email"));
/// ```
#[doc(alias = "EmailVerificationClaim")]
pub fn email_verified() -> ClaimCheck {
    BooleanClaim::new("st-ev")
        .refreshed_by(ClaimRefresh::below_base_path(Method::Get, "/user/email/verify"))
        .is_true()
        .refetch_on_failure(EMAIL_REFETCH)
        .report_absent_as_wrong()
}
