//! The example app as a login provider of another app, the demo client.

use std::time::Duration;

use crate::error::ApiError;
use crate::expiring::Expiring;
use crate::random;

/// The id and the name of the demo client.
pub(crate) const CLIENT_ID: &str = "demo-client";
pub(crate) const CLIENT_NAME: &str = "Demo client";

/// The time for a sign-in, and for the client to use a code.
const LIFETIME: Duration = Duration::from_secs(3600);

/// The logins of the demo client that have started.
pub(crate) struct Logins {
    /// The client's state by challenge.
    challenges: Expiring<String>,
    codes: Expiring<Code>,
}

struct Code {
    user_id: String,
    state: String,
}

impl Default for Logins {
    fn default() -> Self {
        Self { challenges: Expiring::new(LIFETIME), codes: Expiring::new(LIFETIME) }
    }
}

impl Logins {
    /// The challenge of a new login.
    pub(crate) fn start(&self) -> Result<String, ApiError> {
        let challenge = random::token()?;
        self.challenges.insert(challenge.clone(), random::token()?);
        Ok(challenge)
    }

    /// Whether a login with this challenge has started.
    pub(crate) fn is_known(&self, challenge: &str) -> bool {
        self.challenges.with(challenge, |_| ()).is_some()
    }

    /// Ends a login with this user. Returns the client's code and state, or `None` if the challenge is unknown.
    pub(crate) fn accept(
        &self,
        challenge: &str,
        user_id: &str,
    ) -> Result<Option<(String, String)>, ApiError> {
        let Some(state) = self.challenges.take(challenge) else { return Ok(None) };
        let code = random::token()?;
        self.codes.insert(code.clone(), Code { user_id: user_id.to_owned(), state: state.clone() });
        Ok(Some((code, state)))
    }

    /// The user of a code, which is valid once and with its state.
    pub(crate) fn exchange(&self, code: &str, state: &str) -> Option<String> {
        self.codes.take(code).filter(|code| code.state == state).map(|code| code.user_id)
    }

    /// Treats all challenges and codes as expired.
    pub(crate) fn expire(&self) {
        self.challenges.expire();
        self.codes.expire();
    }
}
