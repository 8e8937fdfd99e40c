//! Routes for signed-in users. For the eye alone: the API decides what anybody may see.

use leptos::{children::ViewFn, prelude::*};
use leptos_router::{MatchNestedRoutes, NestedRoute, PossibleRouteMatch, SsrMode, components::RouteChildren};

use crate::{
    Session, SessionStatus,
    redirect::{Here, Stuck},
    use_session,
};

/// A route that only signed-in users see.
///
/// While it is being found out whether there is a session, it shows `fallback`. Without one it leads to the login
/// page, which takes this page's place in the history and learns the way back
/// ([`use_return_address`](crate::use_return_address)). While the backend does not answer, it shows `unreachable`
/// and never the login page. The view is built once, and nothing but the end of the session unmounts it.
///
/// It guards for the eye alone: what nobody may read, the API must not send.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::{components::{Router, Routes}, path};
/// use supertokens_leptos::ProtectedRoute;
///
/// #[component]
/// fn Pages() -> impl IntoView {
///     view! {
///         <Router>
///             <Routes fallback=|| "Not found">
///                 <ProtectedRoute path=path!("/account") view=|| "Yours" fallback=|| "One moment"/>
///             </Routes>
///         </Router>
///     }
/// }
/// ```
#[component(transparent)]
pub fn ProtectedRoute<Segments, V, View>(
    /// The path that this route matches, made by `path!`.
    path: Segments,
    /// What a signed-in user sees.
    view: V,
    /// What is shown while it is being found out; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What is shown while the backend does not answer; a message and a button to try again unless set.
    #[prop(default = unreachable_view().into(), into)]
    unreachable: ViewFn,
    /// How a server renders it.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, (), (), impl Fn() -> AnyView + Send + Clone>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    V: Fn() -> View + Send + Clone + 'static,
    View: IntoView + 'static,
{
    let guarded = move || {
        let view = view.clone();
        guard(move || view().into_any(), fallback.clone(), unreachable.clone())
    };
    NestedRoute::new(path, guarded).ssr_mode(ssr)
}

/// A [`ProtectedRoute`] with routes below it, which show in its view's `<Outlet/>` and are guarded with it.
#[component(transparent)]
pub fn ProtectedParentRoute<Segments, V, View, Children>(
    /// The path that this route matches, made by `path!`.
    path: Segments,
    /// What a signed-in user sees, with an `<Outlet/>` for the routes below.
    view: V,
    /// What is shown while it is being found out; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What is shown while the backend does not answer; a message and a button to try again unless set.
    #[prop(default = unreachable_view().into(), into)]
    unreachable: ViewFn,
    /// The routes below.
    children: RouteChildren<Children>,
    /// How a server renders it.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, Children, (), impl Fn() -> AnyView + Send + Clone>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    Children: MatchNestedRoutes + Send + Clone + 'static,
    V: Fn() -> View + Send + Clone + 'static,
    View: IntoView + 'static,
{
    let guarded = move || {
        let (view, owner) = (view.clone(), Owner::current());
        // Routes below find contexts on the route's own owner, so the view is built under that one.
        let view = move || match &owner {
            Some(owner) => owner.with(|| view().into_any()),
            None => view().into_any(),
        };
        guard(view, fallback.clone(), unreachable.clone())
    };
    NestedRoute::new(path, guarded).ssr_mode(ssr).child(children.into_inner())
}

/// What a guard does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decision {
    Wait,
    Show,
    Leave,
    Unreachable,
}

impl Decision {
    fn of(status: SessionStatus) -> Self {
        match status {
            SessionStatus::Loading => Self::Wait,
            SessionStatus::Authenticated => Self::Show,
            SessionStatus::Unauthenticated { .. } => Self::Leave,
            SessionStatus::Unreachable => Self::Unreachable,
        }
    }
}

fn guard(view: impl Fn() -> AnyView + Send + 'static, fallback: ViewFn, unreachable: ViewFn) -> AnyView {
    let session = use_session();
    let decision = Memo::new(move |_| Decision::of(session.status().get()));
    let stuck = leave_when_decided(session, decision);
    (move || match (decision.get(), stuck.get()) {
        (Decision::Wait, _) => fallback.run(),
        (Decision::Show, _) => view(),
        (Decision::Unreachable, _) => unreachable.run(),
        (Decision::Leave, None) => ().into_any(),
        (Decision::Leave, Some(stuck)) => view! { <p role="alert">{stuck.message()}</p> }.into_any(),
    })
    .into_any()
}

/// Goes to the login page as soon as it is decided; the signal tells why it could not.
fn leave_when_decided(session: Session, decision: Memo<Decision>) -> RwSignal<Option<Stuck>> {
    let stuck = RwSignal::new(None);
    let here = Here::use_here();
    Effect::new(move |_| {
        if decision.get() == Decision::Leave {
            stuck.set(here.go_to_login(session).err());
        }
    });
    stuck
}

fn unreachable_view() -> impl Fn() -> AnyView + Send + Sync + 'static {
    || {
        let session = use_session();
        view! {
            <div role="alert">
                <p>"The server does not answer. You may well be signed in still."</p>
                <button type="button" on:click=move |_| session.recheck()>"Try again"</button>
            </div>
        }
        .into_any()
    }
}
