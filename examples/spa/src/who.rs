//! Who may see what, for guards and gates. For the eye alone: the API decides.

use serde_json::Value;
use supertokens_leptos::{Require, claims::email_verified};

pub(crate) const ADMIN: &str = "admin";
pub(crate) const EDITOR: &str = "editor";

/// All roles that the example API knows.
pub(crate) const ROLES: [&str; 3] = [ADMIN, EDITOR, "user"];

/// Where an e-mail address is verified.
pub(crate) const VERIFY_EMAIL: &str = "/verify-email";

pub(crate) fn administrators() -> Require {
    Require::role(ADMIN)
}

pub(crate) fn editors() -> Require {
    Require::role(EDITOR)
}

/// Those who may read the list of users.
pub(crate) fn user_readers() -> Require {
    Require::permission("users:read")
}

pub(crate) fn draft_writers() -> Require {
    Require::permission("drafts:write")
}

/// Everybody else is led to where the address is verified, and back.
pub(crate) fn verified() -> Require {
    Require::claim(email_verified().redirect_to(VERIFY_EMAIL))
}

/// Those who have chosen a nickname.
pub(crate) fn nicknamed() -> Require {
    Require::when(|payload| payload.get("nickname").is_some_and(Value::is_string))
}
