//! Routes for signed-in users. They only control display; the API enforces access.

mod load;
mod routes;

use std::rc::Rc;

use leptos::{children::ViewFn, prelude::*};
use supertokens_session::claims::{Denied, Require};
use supertokens_ui::{Guard, GuardOptions, GuardView, texts};

use load::{LoadingView, show_when_loaded};
pub use routes::{ProtectedParentRoute, ProtectedRoute};

use crate::{
    Session, on_server,
    reactive::{ErasedMemo, alert, dynamic, dynamic_for_user, effect},
    router::LeptosRouter,
    use_session,
};

/// The requirement of a guard, and the views that it shows in place of the guarded one.
#[derive(Clone)]
struct Options {
    require: Signal<Require>,
    fallback: ViewFn,
    denied: ViewFn,
    unreachable: ViewFn,
    on_session_expired: Option<Callback<()>>,
    with_global_validators: bool,
}

/// Shows the guarded view, or the view that the guard decides to show in its place.
fn guard(view: Box<dyn Fn() -> LoadingView + Send>, options: Options) -> AnyView {
    let session = use_session();
    let Options { require, with_global_validators, fallback, unreachable, denied, on_session_expired } =
        options;
    // A server decides once, before it builds a view.
    let on_server = on_server::current().map(|on_server| {
        let (client, snapshot) = (session.client(), session.snapshot.get_untracked());
        on_server.guard(
            client,
            &snapshot,
            &require.get_untracked(),
            with_global_validators,
            &LeptosRouter::use_router(),
        )
    });
    // Each run of the closure creates a requirement that differs from the last, so the memo limits the runs.
    let require = ErasedMemo::new(move || require.get());
    let changed = Trigger::new();
    let guard = session.sync.map(|sync| {
        let options = GuardOptions {
            with_global_validators,
            on_session_expired: Box::new(move || {
                // The app may have disposed of the callback.
                on_session_expired.and_then(|callback| callback.try_run(()));
            }),
            on_change: Box::new(move || changed.notify()),
        };
        Guard::new(sync, Rc::new(LeptosRouter::use_router()), options)
    });
    let shown = ErasedMemo::new(move || {
        session.track();
        changed.track();
        let view = require.with(|require| guard.with(|guard| guard.view(require)));
        view.or_else(|| on_server.clone()).unwrap_or(GuardView::Fallback)
    });
    effect(Box::new(move || {
        // A guard may have to act although its view is the same.
        session.snapshot.track();
        changed.track();
        require.with(|_| ());
        shown.with(|_| ());
        guard.with(Guard::act);
    }));
    let view = move || match shown.get() {
        GuardView::Fallback => fallback.run(),
        GuardView::View => show_when_loaded(view(), &fallback),
        GuardView::Denied(reasons) => {
            // This closure has its own owner, so only the `denied` view gets the reasons.
            provide_context(reasons);
            denied.run()
        }
        GuardView::Unreachable => unreachable.run(),
        GuardView::Redirecting => ().into_any(),
        GuardView::Error(error) => alert(error.message().into()),
    };
    dynamic_for_user(session, Box::new(view))
}

/// The default view while the backend does not respond.
fn unreachable_view() -> AnyView {
    let session = use_session();
    // The technical cause helps developers who set up the app, but not users.
    let cause = cfg!(debug_assertions).then(|| dynamic(Box::new(move || cause(session))));
    view! {
        <div role="alert">
            <p>{texts::NOT_RESPONDING}</p>
            {cause}
            <button type="button" on:click=move |_| session.recheck()>{texts::TRY_AGAIN}</button>
        </div>
    }
    .into_any()
}

fn cause(session: Session) -> AnyView {
    session.error().get().map(|error| view! { <p>{error.to_string()}</p> }).into_any()
}

fn denied_view() -> AnyView {
    alert(texts::NO_ACCESS.into())
}

/// Why the guard denies access. Call it in the view that a guard gets as its prop `denied`.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::use_denied;
///
/// #[component]
/// fn AccessDenied() -> impl IntoView {
///     let reasons = use_denied().reasons;
///     view! { <ul>{reasons.into_iter().map(|reason| view! { <li>{reason.id}</li> }).collect_view()}</ul> }
/// }
/// ```
///
/// # Panics
/// Outside of a guard's `denied` view.
#[track_caller]
#[doc(alias = "accessDeniedScreen")]
pub fn use_denied() -> Denied {
    match use_context() {
        Some(denied) => denied,
        #[allow(
            clippy::panic,
            reason = "like Leptos' hooks: it is a mistake in the app's code that shows at the first run"
        )]
        None => {
            panic!("use_denied() needs to be called in a guard's `denied` view: <ProtectedRoute denied=…/>")
        }
    }
}
