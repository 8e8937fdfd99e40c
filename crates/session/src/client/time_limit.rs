//! Time limits.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use super::Client;
use crate::platform::{LocalBoxFuture, TransportError};

impl Client {
    /// Limits `work` to the time that a refresh may take.
    pub(super) fn in_time<'a, T>(&'a self, work: LocalBoxFuture<'a, T>) -> Within<'a, T> {
        self.within(self.0.config.settings().refresh_timeout_ms, work)
    }

    /// Limits `work` to `ms`.
    pub(super) fn within<'a, T>(&'a self, ms: u32, work: LocalBoxFuture<'a, T>) -> Within<'a, T> {
        Within { client: self, work, ms, timer: None }
    }
}

/// Work with a time limit. The work is boxed, so that the compiler builds this once per output type.
#[must_use = "the work does nothing until this is awaited"]
pub(super) struct Within<'a, T> {
    client: &'a Client,
    work: LocalBoxFuture<'a, T>,
    ms: u32,
    timer: Option<LocalBoxFuture<'static, ()>>,
}

impl<T> Future for Within<'_, T> {
    type Output = Result<T, TransportError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Poll::Ready(outcome) = self.work.as_mut().poll(cx) {
            return Poll::Ready(Ok(outcome));
        }
        let (client, ms) = (self.client, self.ms);
        // Created late: work that is ready at once sets no timer.
        let timer = self.timer.get_or_insert_with(|| client.0.platform.clock.sleep(ms));
        ready!(timer.as_mut().poll(cx));
        Poll::Ready(Err(TransportError::TimedOut))
    }
}
