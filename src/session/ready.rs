use std::{future::poll_fn, task::Poll};

use leptos::prelude::*;

use super::{Session, SessionStatus};

impl Session {
    /// The first status that is not [`Loading`](SessionStatus::Loading), for code that has to know before it starts.
    ///
    /// Never done where nothing is ever known: while a server renders, and after the provider is gone.
    ///
    /// ```
    /// use leptos::{prelude::*, task::spawn_local};
    /// use supertokens_leptos::{SessionStatus, use_session};
    ///
    /// #[component]
    /// fn Welcome() -> impl IntoView {
    ///     let session = use_session();
    ///     spawn_local(async move {
    ///         if session.ready().await == SessionStatus::Authenticated {
    ///             leptos::logging::log!("welcome back");
    ///         }
    ///     });
    /// }
    /// ```
    pub fn ready(&self) -> impl Future<Output = SessionStatus> + Send + use<> {
        let (status, waiting) = (self.status, self.board.waiting);
        poll_fn(move |context| match status.try_get_untracked() {
            Some(status) if status != SessionStatus::Loading => Poll::Ready(status),
            _ => {
                waiting.try_update_value(|waiting| waiting.push(context.waker().clone()));
                Poll::Pending
            }
        })
    }
}
