//! A test's hand on the server.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;

use crate::options::Generation;
use crate::state::{SharedState, lock};
use crate::switches::{SeenRequest, Settings};

/// A handle to a running server. Sessions can always be expired and revoked; failures, delays, dropped headers,
/// counts and the switch of generation work only where [`Options::test_controls`](crate::Options::test_controls) is on.
#[derive(Clone)]
pub struct Controls {
    state: SharedState,
}

impl Controls {
    /// The controls of all servers with this state.
    pub fn new(state: SharedState) -> Self {
        Self { state }
    }

    /// Treats all access tokens issued so far as expired.
    pub fn expire_all(&self) {
        self.state.sessions.expire_all();
    }

    /// The same for one session; false where there is none of this handle.
    pub fn expire(&self, handle: &str) -> bool {
        self.state.sessions.expire(handle)
    }

    /// Ends all sessions without telling anybody.
    pub fn revoke_all(&self) {
        self.state.sessions.revoke_all();
    }

    /// The same for one session; false where there is none of this handle.
    pub fn revoke(&self, handle: &str) -> bool {
        self.state.sessions.revoke(handle)
    }

    /// Gives a user a role or takes it, as from afar: sessions that exist are not told. False where there is no such user
    /// or role, or where nobody would be an administrator any more.
    pub fn set_role(&self, email: &str, role: &str, give: bool) -> bool {
        self.state.users.set_role(email, role, give).is_ok()
    }

    /// Answers the next `count` refreshes with `status` and does nothing else; a status that HTTP does not have
    /// becomes 500.
    pub fn fail_refreshes(&self, count: usize, status: u16) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        lock(&self.state.switches.0).failures = Some((count, status));
    }

    /// Holds all answers of a path back, once the work is done; zero ends it.
    pub fn delay(&self, path: &str, delay: Duration) {
        let delays = &mut lock(&self.state.switches.0).delays;
        if delay.is_zero() {
            delays.remove(path);
        } else {
            delays.insert(path.to_owned(), delay);
        }
    }

    /// Leaves these headers out of the next `count` answers to refreshes, as some proxies do.
    pub fn drop_headers(&self, names: &[&str], count: usize) {
        let names = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        lock(&self.state.switches.0).dropped = Some((count, names));
    }

    /// Whether answers carry `access-control-expose-headers`; without it pages of other origins see no token.
    pub fn expose_headers(&self, expose: bool) {
        lock(&self.state.switches.0).hides_headers = !expose;
    }

    /// From now on the server is one of this generation, as after an upgrade; all sessions stay.
    pub fn switch_generation(&self, generation: Generation) {
        lock(&self.state.switches.0).generation = Some(generation);
    }

    /// How often a path was called with a method, as in `calls("POST", "/auth/session/refresh")`.
    pub fn calls(&self, method: &str, path: &str) -> usize {
        lock(&self.state.switches.0).counts.get(&format!("{method} {path}")).copied().unwrap_or(0)
    }

    /// All counts, by `METHOD /path`.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        lock(&self.state.switches.0).counts.clone()
    }

    /// The latest requests, oldest first; up to 2 000 are stored.
    pub fn requests(&self) -> Vec<SeenRequest> {
        lock(&self.state.switches.0).log.iter().cloned().collect()
    }

    /// Forgets counts and requests.
    pub fn reset_calls(&self) {
        let mut settings = lock(&self.state.switches.0);
        settings.counts.clear();
        settings.log.clear();
    }

    /// Forgets counts and requests, and ends failures, delays and dropped headers. Sessions and generation stay.
    pub fn reset(&self) {
        let mut settings = lock(&self.state.switches.0);
        *settings = Settings { generation: settings.generation, ..Settings::default() };
    }

    /// How many rotated refresh tokens came back, ever since the state was made.
    pub fn thefts(&self) -> usize {
        self.state.sessions.thefts()
    }
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls").finish_non_exhaustive()
    }
}
