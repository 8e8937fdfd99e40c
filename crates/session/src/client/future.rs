use std::{
    fmt,
    future::Future,
    pin::Pin,
    task::{Context, Poll},
};

use crate::{error::SessionError, page_bound::PageBound, platform::LocalBoxFuture};

/// The future of a client's method. It is `Send`, so a `Resource`, an `Action` or a `Suspend` of a server-rendered app
/// can await it.
///
/// It runs only on the page's thread. Anywhere else, such as on a rendering server, its output is
/// [`SessionError::NotInBrowser`].
#[must_use = "a future does nothing until it is awaited"]
pub struct ClientFuture<T>(Result<PageBound<Work<T>>, SessionError>);

/// The work of a client's function, on the page's thread.
pub(crate) type Work<T> = LocalBoxFuture<'static, Result<T, SessionError>>;

impl<T> ClientFuture<T> {
    pub(super) fn new(work: Work<T>) -> Self {
        Self(Ok(PageBound::new(work)))
    }

    pub(super) fn failed(error: SessionError) -> Self {
        Self(Err(error))
    }
}

impl<T> Future for ClientFuture<T> {
    type Output = Result<T, SessionError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.0 {
            Ok(work) => match work.get_mut() {
                Some(work) => work.as_mut().poll(cx),
                None => Poll::Ready(Err(SessionError::NotInBrowser)),
            },
            Err(error) => Poll::Ready(Err(error.clone())),
        }
    }
}

impl<T> fmt::Debug for ClientFuture<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientFuture")
    }
}
