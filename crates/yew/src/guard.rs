//! Guards of routes. They only control display; the API enforces access.

use std::rc::Rc;

use supertokens_session::claims::{Denied, Require};
use supertokens_ui::{Guard, GuardOptions, GuardView, texts};
use yew::prelude::*;

use crate::{
    for_user::for_user,
    hooks::{use_changes, use_session_error},
    router::use_router,
    session::use_session,
};

/// The props of [`Protected`].
#[derive(Debug, Clone, PartialEq, Properties)]
pub struct ProtectedProps {
    /// The requirement. Without it, a session is enough.
    #[prop_or_default]
    pub require: Require,
    /// Shown while the session is loading, or a claim is being fetched. Empty by default.
    #[prop_or_default]
    pub fallback: Html,
    /// Shown to a user who does not fulfil the requirement. [`use_denied`] gives the reasons. By default a short text.
    #[prop_or_default]
    pub denied: Option<Html>,
    /// Shown while the backend does not respond. By default a text with a button that tries again.
    #[prop_or_default]
    pub unreachable: Option<Html>,
    /// Called once when the session ends while the children are shown, before the redirect. They are removed then. Not
    /// called after a sign-out.
    #[prop_or_default]
    pub on_session_expired: Callback<()>,
    /// Whether the global claim validators of [`Overrides`](crate::Overrides) are required too.
    #[prop_or(true)]
    pub with_global_validators: bool,
    /// Shown to a signed-in user who fulfils the requirement.
    #[prop_or_default]
    pub children: Html,
}

/// Shows its children to signed-in users who fulfil a requirement. Use it in the `render` function of a `Switch`. It can
/// be nested: the guard of a group of pages around the `Switch` of those pages.
///
/// It only controls display; your API enforces access.
///
/// | when | it shows |
/// |---|---|
/// | the session is loading, or a claim is being fetched | `fallback` |
/// | the backend does not respond | `unreachable`, never the login page |
/// | no user is signed in | the login page, which replaces this page in the history, with the return address ([`use_return_address`](crate::use_return_address)) |
/// | the requirement is not fulfilled | the page that the failed claim redirects to ([`redirect_to`](crate::claims::ClaimCheck::redirect_to)), with the return address; otherwise `denied`, where [`use_denied`] gives the reasons |
/// | the requirement is fulfilled | the children, which are built once while this stays true |
///
/// A refresh, a new payload or a recheck neither renders nor removes the children, unless the decision changes.
///
/// Due claims are fetched before the first decision. While the children are shown, they are fetched in the background:
/// when the API rejects a claim, after [`Session::recheck`](crate::Session::recheck), and when a new payload has due
/// claims.
///
/// ```
/// use supertokens_yew::{Protected, Require, claims::email_verified, use_denied};
/// use yew::prelude::*;
/// use yew_router::prelude::*;
///
/// #[derive(Clone, PartialEq, Routable)]
/// enum Route {
///     #[at("/account")]
///     Account,
///     #[at("/orders")]
///     Orders,
///     #[at("/admin")]
///     Admin,
/// }
///
/// fn page(route: Route) -> Html {
///     match route {
///         Route::Account => html! { <Protected fallback={html! { "One moment" }}>{"Yours"}</Protected> },
///         Route::Orders => {
///             let require = Require::claim(email_verified().redirect_to("/verify-email"));
///             html! { <Protected {require}>{"Orders"}</Protected> }
///         }
///         Route::Admin => html! {
///             <Protected require={Require::role("admin")} denied={html! { <AccessDenied/> }}>{"Administration"}</Protected>
///         },
///     }
/// }
///
/// #[component]
/// fn AccessDenied() -> Html {
///     let denied = use_denied();
///     html! { <p>{"Access denied: "}{&denied.reasons[0].id}</p> }
/// }
/// ```
///
/// # Panics
/// Outside a [`SessionProvider`](crate::SessionProvider) or a router.
#[doc(alias = "SessionAuth")]
#[component]
pub fn Protected(props: &ProtectedProps) -> Html {
    let (session, router, update) = (use_session(), use_router(), use_force_update());
    let on_expired = use_mut_ref(Callback::noop);
    on_expired.replace(props.on_session_expired.clone());
    let guard = use_memo((session.clone(), ByPointer(router.clone()), props.with_global_validators), |_| {
        let options = GuardOptions {
            with_global_validators: props.with_global_validators,
            on_session_expired: Box::new(move || {
                let on_expired = on_expired.borrow().clone();
                on_expired.emit(());
            }),
            on_change: Box::new(move || update.force_update()),
        };
        session.with_sync(|sync| Guard::new(sync, router.clone(), options))
    });
    // A server decides once.
    let on_server = use_memo((), |()| {
        let on_server = session.on_server()?;
        let (client, snapshot) = (session.client(), session.snapshot());
        Some(on_server.guard(client, &snapshot, &props.require, props.with_global_validators, &*router))
    });
    let view = match (&*guard, &*on_server) {
        (Some(guard), _) => guard.view(&props.require),
        (None, Some(view)) => view.clone(),
        (None, None) => GuardView::Fallback,
    };
    let shown = (view.clone(), session.user_id());
    let user = shown.1.clone();
    let (current, require, acting) = (session.clone(), props.require.clone(), guard.clone());
    let on_change = move || {
        let Some(guard) = &*acting else { return false };
        let has_changed = (guard.view(&require), current.user_id()) != shown;
        // Otherwise the effect below acts after the next view.
        if !has_changed {
            guard.act();
        }
        has_changed
    };
    use_changes(&session, Box::new(on_change));
    use_effect(move || {
        if let Some(guard) = &*guard {
            guard.act();
        }
    });
    let view = match view {
        GuardView::Fallback => props.fallback.clone(),
        GuardView::View => props.children.clone(),
        GuardView::Denied(reasons) => html! {
            <ContextProvider<Denied> context={reasons}>{props.denied.clone().unwrap_or_else(denied_view)}</ContextProvider<Denied>>
        },
        GuardView::Unreachable => props.unreachable.clone().unwrap_or_else(unreachable_view),
        GuardView::Redirecting => Html::default(),
        GuardView::Error(error) => html! { <p role="alert">{error.message()}</p> },
    };
    for_user(user, view)
}

/// A value that equals only its clones.
struct ByPointer<T>(Rc<T>);

impl<T> PartialEq for ByPointer<T> {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

fn denied_view() -> Html {
    html! { <p role="alert">{texts::NO_ACCESS}</p> }
}

fn unreachable_view() -> Html {
    html! { <Unreachable/> }
}

/// The default view while the backend does not respond.
#[component]
fn Unreachable() -> Html {
    let (session, error) = (use_session(), use_session_error());
    // The technical cause helps developers who set up the app, but not users.
    let cause = error.filter(|_| cfg!(debug_assertions)).map(|error| html! { <p>{error.to_string()}</p> });
    html! {
        <div role="alert">
            <p>{texts::NOT_RESPONDING}</p>
            {cause}
            <button type="button" onclick={move |_| session.recheck()}>{texts::TRY_AGAIN}</button>
        </div>
    }
}

/// Why the guard denies access. Call it in the view that a guard gets as its prop `denied`.
///
/// ```
/// use supertokens_yew::use_denied;
/// use yew::prelude::*;
///
/// #[component]
/// fn AccessDenied() -> Html {
///     let reasons = use_denied().reasons;
///     html! { <ul>{for reasons.iter().map(|reason| html! { <li>{&reason.id}</li> })}</ul> }
/// }
/// ```
///
/// # Panics
/// Outside of a guard's `denied` view.
#[doc(alias = "accessDeniedScreen")]
#[hook]
pub fn use_denied() -> Denied {
    match use_context() {
        Some(denied) => denied,
        #[allow(
            clippy::panic,
            reason = "like Yew's hooks: it is a mistake in the app's code that shows at the first run"
        )]
        None => panic!("use_denied() needs to be called in a guard's `denied` view: <Protected denied=…>"),
    }
}
