use super::{Look, SessionClient};
use crate::{
    SessionEvent,
    error::SessionError,
    platform::{Kept, TransportResponse},
    state::{self, LocalState},
    wire::incoming::{Arrival, Incoming},
};

/// Whose answer it is that is to be saved.
#[derive(Clone, Copy)]
pub(super) enum AnswerTo<'a> {
    /// The app's request. The app may be asked for the clock skew, so the response comes along.
    Request(&'a dyn TransportResponse),
    Refresh,
}

/// What became of an answer's session headers.
pub(super) enum Saved {
    /// They were written, or there were none.
    Done(Vec<SessionEvent>),
    /// They belong to a session that is no longer there.
    Stale,
}

/// What an answer to an app's request said of the session.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    /// Nothing, or nothing that counts any more.
    Nothing,
    /// It goes on, or begins.
    GoesOn,
    /// It has ended.
    Ended,
    /// It has new tokens, and no front token among them.
    HalfOfIt,
}

impl Said {
    fn of(incoming: &Incoming) -> Self {
        match incoming.front {
            Arrival::Remove => Self::Ended,
            Arrival::Token { .. } => Self::GoesOn,
            _ if incoming.lacks_front_token() => Self::HalfOfIt,
            Arrival::None | Arrival::Unreadable => Self::Nothing,
        }
    }
}

impl SessionClient {
    /// Saves what the answer to an app's request says of the session, and tells the listeners.
    pub(super) async fn save_answer(
        &self,
        sent: &Look,
        response: &dyn TransportResponse,
    ) -> Result<Said, SessionError> {
        let incoming = Incoming::read(response).without_echo(sent.kept.anti_csrf.as_ref());
        // Half a session would be worse than none: the one that is there stays.
        if let Some(unreadable) = incoming.unreadable {
            return Err(unreadable.into());
        }
        let said = Said::of(&incoming);
        // What comes again is older than what has come since, and its `iat` says nothing of the clock now.
        if incoming.is_kept(&sent.kept) {
            return Ok(said);
        }
        match self.save(AnswerTo::Request(response), &sent.state, incoming, response.status()).await? {
            Saved::Done(events) => {
                self.emit(&events);
                Ok(said)
            }
            Saved::Stale => Ok(Said::Nothing),
        }
    }

    /// Saves session headers unless they are stale. The events are the caller's to emit, once no lock is held; so is
    /// the clock skew to [correct](Self::correct_clock_skew) after a refresh.
    pub(super) async fn save(
        &self,
        answer_to: AnswerTo<'_>,
        sent: &LocalState,
        incoming: Incoming,
        status: u16,
    ) -> Result<Saved, SessionError> {
        if incoming.is_empty() {
            return Ok(Saved::Done(Vec::new()));
        }
        let Look { kept, state: now, front } = self.look().await?;
        let may_save = match answer_to {
            AnswerTo::Request(_) => state::may_save(sent, &now, &incoming.front),
            AnswerTo::Refresh => state::may_save_refresh(sent, &now),
        };
        let is_foreign = self.is_of_another_api(&kept) && !matches!(incoming.front, Arrival::Token { .. });
        if !may_save || is_foreign {
            log::debug!("an answer of a session that is no longer there changes nothing");
            return Ok(Saved::Stale);
        }
        if matches!(answer_to, AnswerTo::Request(_)) {
            // Requests that were sent together bring the same.
            if incoming.is_kept(&kept) {
                return Ok(Saved::Done(Vec::new()));
            }
            if let Arrival::Token { front: arrived, .. } = &incoming.front
                && self.0.known.is_outdated(arrived, front.as_ref(), &now)
            {
                log::debug!("the front token is older than what is known, and changes nothing");
                return Ok(Saved::Stale);
            }
        }
        let expired_status = self.0.config.session_expired_status_code();
        let before = front.filter(|_| now.key().is_some());
        let events = state::events(before.as_ref(), &incoming.front, status, expired_status);
        let device_now = self.0.platform.clock.now_ms();
        let known = match &incoming.front {
            Arrival::Token { front, .. } => Some(front.clone()),
            Arrival::Remove => None,
            Arrival::None | Arrival::Unreadable => before,
        };
        let mut changes = state::changes(incoming, &kept, device_now);
        if let (Some(_), Some(front)) = (changes.clock_skew_ms, &known) {
            match answer_to {
                AnswerTo::Request(response) => {
                    changes.clock_skew_ms = Some(self.clock_skew_ms(front, response, device_now));
                }
                // No app code under the lock: what the app has said before stands until it is asked.
                AnswerTo::Refresh if self.overrides().is_some() => changes.clock_skew_ms = None,
                AnswerTo::Refresh => {}
            }
        }
        if self.is_of_another_api(&kept) {
            state::clear_the_rest(&mut changes);
        }
        if known.is_some() {
            self.name_owner(&mut changes, &kept);
        }
        // As a rule it is as it was, and a write to localStorage is work for every tab.
        changes.clock_skew_ms.take_if(|skew| *skew == kept.clock_skew_ms);
        self.0.platform.store.write(changes).await?;
        // Listeners hear of it by these events, not by the next look.
        self.0.known.replace(known);
        Ok(Saved::Done(events))
    }

    /// Clears all that is kept, and tells nobody. `kept` was read just now: the decision to clear it holds for nothing
    /// that came later.
    pub(super) async fn clear(&self, kept: &Kept) -> Result<(), SessionError> {
        let device_now = self.0.platform.clock.now_ms();
        self.0.platform.store.write(state::end_session(kept, device_now)).await?;
        self.0.known.replace(None);
        Ok(())
    }
}
