//! Controls with which tests change the server's behaviour.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use axum::http::StatusCode;

use crate::options::Generation;
use crate::state::{SharedState, lock};
use crate::switches::{SeenRequest, Settings};
use crate::tenants::Tenant;

/// A handle to a running server. Sessions can always be expired and revoked, and keys rotated. Failures, delays, dropped
/// headers, counts and the switch of generation work only where
/// [`Options::test_controls`](crate::Options::test_controls) is on.
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

    /// Treats all access tokens of one session as expired. Returns false if there is no session with this handle.
    pub fn expire(&self, handle: &str) -> bool {
        self.state.sessions.expire(handle)
    }

    /// Revokes all sessions. Clients notice it at their next request.
    pub fn revoke_all(&self) {
        self.state.sessions.revoke_all();
    }

    /// Revokes one session. Returns false if there is no session with this handle.
    pub fn revoke(&self, handle: &str) -> bool {
        self.state.sessions.revoke(handle)
    }

    /// Signs access tokens with a new key from now on. Tokens of the old keys stay valid if `keep_old`; otherwise the key
    /// set no longer has these keys. Returns false if the operating system provides no random numbers.
    pub fn rotate_keys(&self, keep_old: bool) -> bool {
        self.state.sessions.signing_keys().rotate(keep_old).is_ok()
    }

    /// Treats all codes and links of mails and of the demo provider as expired.
    pub fn expire_codes(&self) {
        self.state.password_resets.expire();
        self.state.devices.expire();
        self.state.provider.expire();
    }

    /// Adds or removes a role of a user of the default tenant, without a change of existing sessions. Returns false if there is no such user
    /// or role, or if no administrator would remain.
    pub fn set_role(&self, email: &str, role: &str, give: bool) -> bool {
        self.state.users.set_role(Tenant::Public, email, role, give).is_ok()
    }

    /// Responds to the next `count` refreshes with `status` and changes nothing. A status that HTTP does not have
    /// becomes 500.
    pub fn fail_refreshes(&self, count: usize, status: u16) {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        lock(&self.state.switches.0).failures = Some((count, status));
    }

    /// Delays all responses of a path after the request is processed. Zero ends the delay.
    pub fn delay(&self, path: &str, delay: Duration) {
        let delays = &mut lock(&self.state.switches.0).delays;
        if delay.is_zero() {
            delays.remove(path);
        } else {
            delays.insert(path.to_owned(), delay);
        }
    }

    /// Drops these headers from the next `count` refresh responses, as some proxies do.
    pub fn drop_headers(&self, names: &[&str], count: usize) {
        let names = names.iter().map(|name| name.to_ascii_lowercase()).collect();
        lock(&self.state.switches.0).dropped = Some((count, names));
    }

    /// Whether responses have `access-control-expose-headers`. Without it, pages of other origins can't read tokens.
    pub fn expose_headers(&self, expose: bool) {
        lock(&self.state.switches.0).hides_headers = !expose;
    }

    /// Switches the protocol's generation, as an upgrade does. All sessions stay.
    pub fn switch_generation(&self, generation: Generation) {
        lock(&self.state.switches.0).generation = Some(generation);
    }

    /// How often a path was requested with a method, as in `calls("POST", "/auth/session/refresh")`.
    pub fn calls(&self, method: &str, path: &str) -> usize {
        lock(&self.state.switches.0).counts.get(&format!("{method} {path}")).copied().unwrap_or(0)
    }

    /// All counts, by `METHOD /path`.
    pub fn counts(&self) -> BTreeMap<String, usize> {
        lock(&self.state.switches.0).counts.clone()
    }

    /// The latest requests, oldest first, up to 2 000.
    pub fn requests(&self) -> Vec<SeenRequest> {
        lock(&self.state.switches.0).log.iter().cloned().collect()
    }

    /// Clears counts and requests.
    pub fn reset_calls(&self) {
        let mut settings = lock(&self.state.switches.0);
        settings.counts.clear();
        settings.log.clear();
    }

    /// Clears counts and requests, and ends failures, delays and dropped headers. Sessions and generation stay.
    pub fn reset(&self) {
        let mut settings = lock(&self.state.switches.0);
        *settings = Settings { generation: settings.generation, ..Settings::default() };
    }

    /// How many rotated refresh tokens were used again since the state was created.
    pub fn thefts(&self) -> usize {
        self.state.sessions.thefts()
    }
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Controls").finish_non_exhaustive()
    }
}
