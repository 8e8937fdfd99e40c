//! Ends the session in the store if the page is left, or the future is dropped, during a sign-out.

use std::cell::{Cell, RefCell};

use futures_util::FutureExt;

use super::SessionClient;
use crate::{
    SessionEvent,
    platform::LocalBoxFuture,
    transitions::{LocalState, may_send_about},
};

/// The last sign-out that has begun, and the session that it is about, until its outcome is known.
#[derive(Default)]
pub(super) struct SignOutUnderWay {
    count: Cell<u64>,
    last: RefCell<Option<(u64, LocalState)>>,
}

impl SessionClient {
    /// Tells the client that its page is being left (`pagehide`). If a sign-out is under way, the session ends in the
    /// store now, since no response will reach this page: the next page is signed out. If its call was not sent yet, as
    /// while it waits for a refresh, the server is not told.
    ///
    /// `supertokens_web::session_client` and `join_tabs` call it; other clients need the call.
    pub fn page_is_left(&self) {
        if let Some((_, ended)) = self.0.sign_out_under_way.last.take()
            && self.end_at_once(ended)
        {
            self.emit(&[SessionEvent::SignOut]);
        }
    }

    /// The session to end if the page is left, until the outcome of the sign-out is known.
    pub(super) fn begin_sign_out(&self, asked: &LocalState) -> UnderWay {
        let SignOutUnderWay { count, last } = &self.0.sign_out_under_way;
        let number = count.replace(count.get() + 1);
        if *asked != LocalState::NotExists {
            last.replace(Some((number, asked.clone())));
        }
        UnderWay { client: self.clone(), number, is_sent: Cell::new(false) }
    }

    /// Ends the session in the store. Whether it has ended; a store that has to be synced finishes in a task of its own.
    fn end_at_once(&self, ended: LocalState) -> bool {
        let client = self.clone();
        let mut ending: LocalBoxFuture<'static, bool> = Box::pin(async move {
            let Ok(read) = client.read().await else { return false };
            let exists = read.state != LocalState::NotExists && may_send_about(&ended, &read.state);
            exists && client.clear(&read.stored).is_ok() && client.sync().await.is_ok()
        });
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
    number: u64,
    is_sent: Cell<bool>,
}

impl UnderWay {
    /// The call is about to be sent: the server may end the session, even if its response never arrives.
    pub(super) fn sends(&self) {
        self.is_sent.set(true);
    }

    /// The outcome is known.
    pub(super) fn ends(&self) {
        self.take();
    }

    /// Another sign-out may have begun meanwhile.
    fn take(&self) -> Option<LocalState> {
        let mut last = self.client.0.sign_out_under_way.last.borrow_mut();
        last.take_if(|(number, _)| *number == self.number).map(|(_, asked)| asked)
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        let client = self.client.clone();
        if let Some(ended) = self.take()
            && self.is_sent.get()
            && client.end_at_once(ended)
        {
            // Listeners are app code, which does not run in the middle of a drop.
            let spawn = client.0.platform.spawn.clone();
            spawn.spawn(Box::pin(async move { client.emit(&[SessionEvent::SignOut]) }));
        }
    }
}
