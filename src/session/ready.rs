use std::{future::poll_fn, task::Poll};

use leptos::prelude::*;

use super::{Session, SessionStatus};

impl Session {
    /// Waits for the first status that is not [`Loading`](SessionStatus::Loading).
    ///
    /// While a server renders, it resolves at once, with `Loading` if the browser has to refresh. After the provider is dropped, it never resolves.
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
        let (status, ready_wakers) = (self.status, self.ready_wakers);
        poll_fn(move |context| match status.try_get_untracked() {
            Some(status) if status != SessionStatus::Loading => Poll::Ready(status),
            // On a server the status never changes, so a page that waits for it would never finish.
            _ if !cfg!(target_arch = "wasm32") => Poll::Ready(SessionStatus::Loading),
            _ => {
                ready_wakers.try_update_value(|wakers| wakers.push(context.waker().clone()));
                Poll::Pending
            }
        })
    }
}
