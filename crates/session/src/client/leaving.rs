//! A sign-out that its page, or its caller, does not wait for: the session ends here all the same.

use std::cell::{Cell, RefCell};

use futures_util::FutureExt;

use super::SessionClient;
use crate::{
    SessionEvent,
    platform::LocalBoxFuture,
    state::{self, LocalState},
};

/// The session that a sign-out under way is about.
pub(super) type SignOutUnderWay = RefCell<Option<LocalState>>;

impl SessionClient {
    /// Tells the client that its page is being left (`pagehide`). If a sign-out is under way, the session ends in the
    /// store now, since no response will reach this page: the next page is signed out.
    ///
    /// `supertokens_web::session_client` calls it. A client of the app's own parts needs the call.
    pub fn page_is_left(&self) {
        if let Some(ended) = self.0.sign_out_under_way.take()
            && self.end_at_once(ended)
        {
            self.emit(&[SessionEvent::SignOut]);
        }
    }

    /// The session to end if the page is left, until the outcome of the sign-out is known.
    pub(super) fn begin_sign_out(&self, asked: &LocalState) -> UnderWay {
        self.0.sign_out_under_way.replace((*asked != LocalState::NotExists).then(|| asked.clone()));
        UnderWay { client: self.clone(), is_sent: Cell::new(false) }
    }

    /// Whether the session has ended by it: a store behind a promise ends it a little later, in a task of its own.
    fn end_at_once(&self, ended: LocalState) -> bool {
        let client = self.clone();
        let mut ending: LocalBoxFuture<'static, bool> = Box::pin(async move {
            let Ok(look) = client.look().await else { return false };
            let is_there = look.state != LocalState::NotExists && state::may_send_about(&ended, &look.state);
            is_there && client.clear(&look.kept).await.is_ok()
        });
        // A browser's store has written at the first poll.
        match (&mut ending).now_or_never() {
            Some(has_ended) => has_ended,
            None => {
                self.0.platform.spawn.spawn(Box::pin(async move {
                    ending.await;
                }));
                true
            }
        }
    }
}

/// A sign-out that is not over.
pub(super) struct UnderWay {
    client: SessionClient,
    is_sent: Cell<bool>,
}

impl UnderWay {
    /// The call is about to be sent: the server may end the session, even if its response never arrives.
    pub(super) fn sends(&self) {
        self.is_sent.set(true);
    }

    /// The outcome is known.
    pub(super) fn ends(&self) {
        self.client.0.sign_out_under_way.take();
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let client = self.client.clone();
        if let Some(ended) = client.0.sign_out_under_way.take()
            && self.is_sent.get()
            && client.end_at_once(ended)
        {
            // Listeners are app code, which does not run in the middle of a drop.
            let spawn = client.0.platform.spawn.clone();
            spawn.spawn(Box::pin(async move { client.emit(&[SessionEvent::SignOut]) }));
        }
    }
}
