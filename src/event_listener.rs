use std::{fmt, rc::Rc};

use leptos::prelude::*;
use supertokens_session::SessionEvent;

/// What a [`SessionProvider`](crate::SessionProvider) takes for its prop `on_event`: any function of a [`SessionEvent`], or
/// an `UnsyncCallback`.
///
/// It need not be `Send`. A server emits no event, and drops the function on the thread that has made it.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::{EventListener, SessionConfig, SessionEvent, SessionProvider};
///
/// #[component]
/// fn App(#[prop(into)] on_event: EventListener) -> impl IntoView {
///     let config = SessionConfig::builder("https://api.example.com").build();
///     view! { <SessionProvider config on_event>"The app"</SessionProvider> }
/// }
///
/// #[component]
/// fn Root() -> impl IntoView {
///     view! { <App on_event=|event: SessionEvent| leptos::logging::log!("{}", event.name())/> }
/// }
/// ```
#[derive(Clone)]
pub struct EventListener(Rc<dyn Fn(SessionEvent)>);

impl EventListener {
    pub(crate) fn call(&self, event: SessionEvent) {
        (self.0)(event);
    }
}

impl<F: Fn(SessionEvent) + 'static> From<F> for EventListener {
    fn from(listener: F) -> Self {
        Self(Rc::new(listener))
    }
}

impl From<UnsyncCallback<SessionEvent>> for EventListener {
    fn from(callback: UnsyncCallback<SessionEvent>) -> Self {
        // A callback that the app has disposed of is not called.
        Self::from(move |event| {
            callback.try_run(event);
        })
    }
}

impl fmt::Debug for EventListener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EventListener")
    }
}
