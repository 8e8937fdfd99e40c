//! Claims: what a session's payload says of its user, as SuperTokens' recipes put it there.

use serde_json::{Map, Value, json};

use crate::clock::now_ms;
use crate::users::User;

/// The key of the user's roles.
pub(crate) const ROLES: &str = "st-role";
/// The key of what the roles allow.
pub(crate) const PERMISSIONS: &str = "st-perm";
/// The key of whether the e-mail is the user's own.
pub(crate) const EMAIL_VERIFIED: &str = "st-ev";

/// All of them, fetched now.
pub(crate) fn all(user: &User) -> Map<String, Value> {
    let mut claims = roles(user);
    claims.extend(email_verified(user));
    claims
}

/// The user's roles and what they allow, fetched now.
pub(crate) fn roles(user: &User) -> Map<String, Value> {
    Map::from_iter([claim(ROLES, json!(user.roles)), claim(PERMISSIONS, json!(user.permissions()))])
}

/// Whether the e-mail is the user's own, fetched now.
pub(crate) fn email_verified(user: &User) -> Map<String, Value> {
    Map::from_iter([claim(EMAIL_VERIFIED, json!(user.is_verified))])
}

/// Takes over the claims whose value is another by now; the others stay as old as they are.
pub(super) fn update(payload: &mut Map<String, Value>, fetched: Map<String, Value>) {
    for (key, claim) in fetched {
        if payload.get(&key).is_none_or(|old| old["v"] != claim["v"]) {
            payload.insert(key, claim);
        }
    }
}

fn claim(key: &str, value: Value) -> (String, Value) {
    (key.to_owned(), json!({ "v": value, "t": now_ms() }))
}
