//! Ends the session in the store if the user leaves the page, or the app drops the future, during a sign-out.

use std::cell::{Cell, RefCell};

use futures_util::FutureExt;

use super::Client;
use crate::{
    SessionEvent,
    platform::LocalBoxFuture,
    transitions::{LocalState, may_send_about},
};

/// The last sign-out in progress, with the session that it ends.
#[derive(Default)]
pub(super) struct RunningSignOut {
    count: Cell<u64>,
    last: RefCell<Option<(u64, LocalState)>>,
}

impl Client {
    pub(super) fn page_is_left(&self) {
        if let Some((_, ended)) = self.0.running_sign_out.last.take()
            && self.end_at_once(ended)
        {
            self.emit(&[SessionEvent::SignOut]);
        }
    }

    /// Registers the session that `page_is_left` must end.
    pub(super) fn begin_sign_out(&self, requested: &LocalState) -> SignOutGuard {
        let RunningSignOut { count, last } = &self.0.running_sign_out;
        let number = count.replace(count.get() + 1);
        if *requested != LocalState::NotExists {
            last.replace(Some((number, requested.clone())));
        }
        SignOutGuard { client: self.clone(), number, is_sent: Cell::new(false) }
    }

    /// Ends the session in the store, and returns whether it ended. If the store must be synced, a separate task
    /// finishes the work.
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

/// A sign-out in progress.
pub(super) struct SignOutGuard {
    client: Client,
    number: u64,
    is_sent: Cell<bool>,
}

impl SignOutGuard {
    /// The call is about to be sent: the server may end the session even if the response never arrives.
    pub(super) fn mark_sent(&self) {
        self.is_sent.set(true);
    }

    /// The sign-out has an outcome.
    pub(super) fn finish(&self) {
        self.take();
    }

    /// Returns none if another sign-out has begun since.
    fn take(&self) -> Option<LocalState> {
        let mut last = self.client.0.running_sign_out.last.borrow_mut();
        last.take_if(|(number, _)| *number == self.number).map(|(_, requested)| requested)
    }
}

impl Drop for SignOutGuard {
    fn drop(&mut self) {
        let client = self.client.clone();
        if let Some(ended) = self.take()
            && self.is_sent.get()
            && client.end_at_once(ended)
        {
            // Listeners are app code, which must not run during a drop.
            let spawn = client.0.platform.spawn.clone();
            spawn.spawn(Box::pin(async move { client.emit(&[SessionEvent::SignOut]) }));
        }
    }
}
