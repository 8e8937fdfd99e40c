//! The claims in a session's payload, in the format of SuperTokens' recipes.

use serde_json::{Map, Value, json};

use crate::clock::now_ms;
use crate::factors::Factor;
use crate::users::User;

/// The key of the user's roles.
pub(crate) const ROLES: &str = "st-role";
/// The key of the permissions.
pub(crate) const PERMISSIONS: &str = "st-perm";
/// The key of the e-mail verification.
pub(crate) const EMAIL_VERIFIED: &str = "st-ev";
/// The key of the completed factors.
pub(crate) const FACTORS: &str = "st-mfa";

/// All claims about the user, fetched now.
pub(crate) fn all(user: &User) -> Map<String, Value> {
    let mut claims = roles(user);
    claims.extend(email_verified(user));
    claims
}

/// The user's roles and permissions, fetched now.
pub(crate) fn roles(user: &User) -> Map<String, Value> {
    Map::from_iter([claim(ROLES, json!(user.roles)), claim(PERMISSIONS, json!(user.permissions()))])
}

/// Whether the e-mail is verified, fetched now.
pub(crate) fn email_verified(user: &User) -> Map<String, Value> {
    Map::from_iter([claim(EMAIL_VERIFIED, json!(user.is_verified))])
}

/// The completed factors, with another one that is completed now. No factor but the first is required to sign in.
pub(crate) fn factors(payload: &Map<String, Value>, new: Option<Factor>) -> Map<String, Value> {
    let mut completed =
        payload.get(FACTORS).and_then(|claim| claim["c"].as_object()).cloned().unwrap_or_default();
    completed.extend(new.map(|factor| (factor.id().to_owned(), json!(now_ms() / 1000))));
    Map::from_iter([(FACTORS.to_owned(), json!({ "c": completed, "v": true }))])
}

/// Replaces the claims whose value has changed. The other claims are not renewed.
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
