//! Sessions as the SuperTokens core keeps them: signed access tokens, rotating refresh tokens, theft detection.

pub(crate) mod guard;
mod store;
mod tokens;
pub(crate) mod transfer;

pub(crate) use store::{CsrfCheck, Sessions};
pub(crate) use tokens::{AccessInfo, AccessToken, AntiCsrfToken, RefreshToken};

use crate::clock::now_ms;

/// What a sign-in, a refresh or a change of the payload hands to the client.
#[derive(Debug)]
pub(crate) struct Issued {
    pub(crate) access: AccessToken,
    /// For the `front-token` header.
    pub(crate) front_token: String,
    /// None where only the access token changed.
    pub(crate) refresh: Option<IssuedRefresh>,
}

/// The part of it that only sign-in and refresh hand out.
#[derive(Debug)]
pub(crate) struct IssuedRefresh {
    pub(crate) token: RefreshToken,
    pub(crate) anti_csrf: Option<AntiCsrfToken>,
}

/// The session that a request came with, checked.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) access: AccessInfo,
    pub(crate) mode: transfer::Mode,
}

impl Session {
    /// Which session it is.
    pub(crate) fn handle(&self) -> &str {
        &self.access.payload.session_handle
    }

    /// Whose session it is.
    pub(crate) fn user_id(&self) -> &str {
        &self.access.payload.sub
    }

    /// The user's roles, as the access token has them.
    pub(crate) fn roles(&self) -> Vec<String> {
        let values = self.access.payload.custom.get("st-role").and_then(|claim| claim["v"].as_array());
        values.into_iter().flatten().filter_map(|role| role.as_str().map(str::to_owned)).collect()
    }
}

/// A claim's form in the payload.
fn claim(value: &[&str]) -> serde_json::Value {
    serde_json::json!({ "v": value, "t": now_ms() })
}
