//! The requirements of guards and gates. They only control display: the API enforces access.

use serde_json::Value;
use supertokens_session::claims::{Require, email_verified, factor};

pub const ADMIN: &str = "admin";
pub const EDITOR: &str = "editor";

/// All roles of the example API.
pub const ROLES: [&str; 3] = [ADMIN, EDITOR, "user"];

/// The step-up page for the e-mail address.
pub const VERIFY_EMAIL: &str = "/verify-email";

/// The step-up page for the second factor.
pub const SECOND_FACTOR: &str = "/second-factor";

pub fn administrators() -> Require {
    Require::role(ADMIN)
}

pub fn editors() -> Require {
    Require::role(EDITOR)
}

/// Users who may read the list of users.
pub fn user_readers() -> Require {
    Require::permission("users:read")
}

pub fn draft_writers() -> Require {
    Require::permission("drafts:write")
}

/// Users with a verified e-mail address. Other users are redirected to the step-up page.
pub fn verified() -> Require {
    Require::claim(email_verified().redirect_to(VERIFY_EMAIL))
}

/// Users who have entered a code of an authenticator app. Other users are redirected to the step-up page.
pub fn with_second_factor() -> Require {
    Require::claim(factor("totp").redirect_to(SECOND_FACTOR))
}

/// Users who have chosen a nickname.
pub fn nicknamed() -> Require {
    Require::when(|payload| payload.get("nickname").is_some_and(Value::is_string))
}
