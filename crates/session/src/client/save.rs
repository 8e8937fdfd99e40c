//! Writes to the store.

use super::Client;
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{Changes, StoredSession, TransportResponse},
    protocol::response_headers::{FrontTokenHeader, SessionHeaders},
    transitions::{self, LocalState, ResponseTo, SaveRules, Write},
};

/// The session change in a response to an app's request.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum SessionUpdate {
    /// No change, or an outdated one.
    Nothing,
    /// The session continues or begins.
    Active,
    /// The session has ended.
    Ended,
    /// The session has new tokens, but no front token.
    WithoutFrontToken,
}

impl SessionUpdate {
    pub(super) fn of(headers: &SessionHeaders) -> Self {
        match headers.front {
            FrontTokenHeader::Remove => Self::Ended,
            FrontTokenHeader::Token { .. } => Self::Active,
            _ if headers.lacks_front_token() => Self::WithoutFrontToken,
            FrontTokenHeader::None | FrontTokenHeader::Unreadable => Self::Nothing,
        }
    }
}

impl Client {
    /// Saves session headers; returns none if they are outdated. The caller emits the events after it releases the
    /// lock. After a refresh, it also [corrects](Self::correct_clock_skew) the clock skew.
    pub(super) fn save(
        &self,
        to: ResponseTo,
        sent: &LocalState,
        headers: SessionHeaders,
        response: &dyn TransportResponse,
    ) -> Result<Option<Vec<SessionEvent>>, SessionError> {
        let now = self.read_now()?;
        let last_session = self.0.last_known.session();
        let rules = SaveRules {
            api: self.api_hash(),
            expired_status: self.0.config.settings().session_expired_status,
            device_now_ms: self.0.platform.clock.now_ms(),
            last_session: last_session.as_ref(),
        };
        let Ok(write) = transitions::save(to, sent, &now, headers, response.status(), rules) else {
            log::debug!("ignoring an outdated response");
            return Ok(None);
        };
        let Some(Write { mut changes, events, front }) = write else { return Ok(Some(Vec::new())) };
        if let (Some(_), Some(front), Some(_)) = (changes.clock_skew_ms, &front, self.overrides()) {
            changes.clock_skew_ms = match to {
                ResponseTo::Request => Some(self.clock_skew_ms(front, response, rules.device_now_ms)),
                // No app code runs under the lock.
                ResponseTo::Refresh => None,
            };
        }
        // A write to localStorage notifies every tab.
        changes.clock_skew_ms.take_if(|skew| *skew == now.stored.clock_skew_ms);
        self.0.platform.store.write(changes)?;
        self.0.last_known.replace(front);
        Ok(Some(events))
    }

    /// Clears all stored values without an event. `stored` is a fresh read.
    pub(super) fn clear(&self, stored: &StoredSession) -> Result<(), SessionError> {
        let device_now = self.0.platform.clock.now_ms();
        self.0.platform.store.write(transitions::end_session(stored, device_now))?;
        self.0.last_known.replace(None);
        Ok(())
    }

    /// Stores a value for other pages. If that fails, the operation continues without it.
    pub(super) fn write_or_warn(&self, changes: Changes, what: &str) {
        if let Err(error) = self.0.platform.store.write(changes) {
            log::warn!("{what} can't be stored: {error}");
        }
    }
}
