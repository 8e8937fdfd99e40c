use std::{future::poll_fn, task::Poll};

use leptos::prelude::*;

use super::{Session, SessionStatus};

impl Session {
    /// The first status that is not [`Loading`](SessionStatus::Loading), for code that has to know before it starts.
    ///
    /// While a server renders, it resolves at once with `Loading`. After the provider is gone, it never resolves.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{SessionStatus, use_session};
    ///
    /// #[component]
    /// fn Welcome() -> impl IntoView {
    ///     let session = use_session();
    ///     view! {
    ///         <Suspense fallback=|| "One moment">
    ///             {Suspend::new(async move {
    ///                 (session.ready().await == SessionStatus::Authenticated).then_some("Welcome back")
    ///             })}
    ///         </Suspense>
    ///     }
    /// }
    /// ```
    pub fn ready(&self) -> impl Future<Output = SessionStatus> + Send + use<> {
        let (status, waiting) = (self.status, self.waiting);
        poll_fn(move |context| match status.try_get_untracked() {
            Some(status) if status != SessionStatus::Loading => Poll::Ready(status),
            // A server that waits would never finish the page.
            _ if !cfg!(target_arch = "wasm32") => Poll::Ready(SessionStatus::Loading),
            _ => {
                waiting.try_update_value(|waiting| waiting.push(context.waker().clone()));
                Poll::Pending
            }
        })
    }
}
