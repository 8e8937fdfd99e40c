use leptos::{children::ViewFn, prelude::*};
use supertokens_session::claims::{Denied, Require};

use super::{
    decision::Decision,
    denied::DeniedFn,
    leave::leave_when_decided,
    load::{Chosen, show_when_loaded},
    validate::judge,
};
use crate::{
    Session,
    reactive::{Derived, alert, dynamic, dynamic_for},
    redirect::Stuck,
    use_session,
};

/// What a guard asks for and what it shows, but for the view itself.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) require: Signal<Require>,
    pub(super) with_global_validators: bool,
    pub(super) fallback: ViewFn,
    pub(super) unreachable: ViewFn,
    pub(super) denied: DeniedFn,
    pub(super) on_session_expired: Option<UnsyncCallback<()>>,
}

/// What is to be seen. It is compared before anything is built: what stays the same is not built again.
#[derive(Debug, Clone, PartialEq)]
enum Shown {
    Fallback,
    View,
    Denied(Denied),
    Unreachable,
    /// On the way to another page.
    Nothing,
    Stuck(Stuck),
}

/// Shows the view or what is there in its place.
pub(super) fn guard(view: impl Fn() -> Chosen + Send + 'static, options: Options) -> AnyView {
    let session = use_session();
    let Options { require, with_global_validators, fallback, unreachable, denied, on_session_expired } =
        options;
    let global = if with_global_validators { session.global_requirement() } else { None };
    // Each run of a closure makes another requirement, so it runs when what it reads changes, and not to be read.
    let require = Derived::new(move |_| match &global {
        Some(global) => global.clone().and(require.get()),
        None => require.get(),
    });
    let judged = judge(session, require);
    let decision = Derived::new(move |_| judged.with(|judged| judged.decision.clone()));
    let stuck = leave_when_decided(session, decision, on_session_expired);
    let shown = Derived::new(move |_| {
        let decision = decision.get();
        let stuck = stuck.get().filter(|(by, _)| *by == decision).map(|(_, stuck)| stuck);
        match (decision, stuck) {
            (Decision::Wait, _) => Shown::Fallback,
            (Decision::Show, _) => Shown::View,
            (Decision::Unreachable, _) => Shown::Unreachable,
            (Decision::Leave, Some(stuck)) => Shown::Stuck(stuck),
            (Decision::Deny(denied), stuck) if denied.redirect.is_none() || stuck.is_some() => {
                Shown::Denied(denied)
            }
            (Decision::Leave | Decision::Deny(_), _) => Shown::Nothing,
        }
    });
    dynamic_for(session.user_id(), move || match shown.get() {
        Shown::Fallback => fallback.run(),
        Shown::View => show_when_loaded(view(), &fallback),
        Shown::Denied(reasons) => denied.run(reasons),
        Shown::Unreachable => unreachable.run(),
        Shown::Nothing => ().into_any(),
        Shown::Stuck(stuck) => alert(stuck.message().into()),
    })
}

/// What is shown while the backend does not answer, unless the app has its own.
pub(super) fn unreachable_view() -> AnyView {
    let session = use_session();
    // Developers have to see a wrong set-up; users can't act on the technical cause.
    let cause = cfg!(debug_assertions).then(|| dynamic(move || cause(session)));
    view! {
        <div role="alert">
            <p>"The server does not answer. You may well be signed in still."</p>
            {cause}
            <button type="button" on:click=move |_| session.recheck()>"Try again"</button>
        </div>
    }
    .into_any()
}

fn cause(session: Session) -> AnyView {
    session.error().get().map(|error| view! { <p>{error.to_string()}</p> }).into_any()
}
