use base64::{Engine, prelude::BASE64_STANDARD};

/// The device's clock at the start of each test.
pub const NOW_MS: i64 = 1_700_000_000_000;

/// A response of the test's backend.
#[derive(Clone)]
pub enum Response {
    /// A status with headers.
    Status(u16, Vec<(&'static str, String)>),
    /// A status with a body.
    Body(u16, &'static str),
    /// A 403 with a body.
    Forbidden(&'static str),
    /// The network is down.
    Down,
    /// The request stays pending.
    Hang,
    /// A response that arrives after [`Backend::release`](super::Backend::release).
    Held(Box<Response>),
}

impl Response {
    /// A session of this user.
    pub fn session(user: &str, payload: &str) -> Self {
        Self::session_until(NOW_MS + 60_000, user, payload)
    }

    /// A session whose access token expires at this time.
    pub fn session_until(expires_at_ms: i64, user: &str, payload: &str) -> Self {
        Self::Status(200, vec![("front-token", front_token(user, expires_at_ms, payload))])
    }

    /// The end of the session.
    pub fn removed(status: u16) -> Self {
        Self::Status(status, vec![("front-token", "remove".to_owned())])
    }
}

pub(crate) fn front_token(user: &str, expires_at_ms: i64, payload: &str) -> String {
    BASE64_STANDARD.encode(format!(r#"{{"uid":"{user}","ate":{expires_at_ms},"up":{payload}}}"#))
}
