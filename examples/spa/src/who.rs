//! The requirements of guards and gates. They only control display: the API enforces access.

use serde_json::Value;
use supertokens_leptos::{Require, claims::email_verified};

pub(crate) const ADMIN: &str = "admin";
pub(crate) const EDITOR: &str = "editor";

/// All roles of the example API.
pub(crate) const ROLES: [&str; 3] = [ADMIN, EDITOR, "user"];

/// The step-up page for the e-mail address.
pub(crate) const VERIFY_EMAIL: &str = "/verify-email";

pub(crate) fn administrators() -> Require {
    Require::role(ADMIN)
}

pub(crate) fn editors() -> Require {
    Require::role(EDITOR)
}

/// Users who may read the list of users.
pub(crate) fn user_readers() -> Require {
    Require::permission("users:read")
}

pub(crate) fn draft_writers() -> Require {
    Require::permission("drafts:write")
}

/// Users with a verified e-mail address. Other users are redirected to the step-up page.
pub(crate) fn verified() -> Require {
    Require::claim(email_verified().redirect_to(VERIFY_EMAIL))
}

/// Users who have chosen a nickname.
pub(crate) fn nicknamed() -> Require {
    Require::when(|payload| payload.get("nickname").is_some_and(Value::is_string))
}
