use leptos::{children::ViewFn, prelude::*};
use leptos_router::{
    ChooseView, MatchNestedRoutes, NestedRoute, PossibleRouteMatch, SsrMode, components::RouteChildren,
};
use supertokens_session::claims::Require;

use super::{Options, denied_view, guard, load::LoadingView, unreachable_view};

/// A route for signed-in users who fulfil a requirement.
///
/// It only controls display; your API enforces access.
///
/// | when | it shows |
/// |---|---|
/// | the session is loading, or a claim is being fetched | `fallback` |
/// | the backend does not respond | `unreachable`, never the login page |
/// | no user is signed in | the login page, which replaces this page in the history, with the return address ([`use_return_address`](crate::use_return_address)) |
/// | the requirement is not fulfilled | the page that the failed claim redirects to ([`redirect_to`](crate::claims::ClaimCheck::redirect_to)), with the return address; otherwise `denied`, where [`use_denied`](crate::use_denied) gives the reasons |
/// | the requirement is fulfilled | `view`, which is built once while this stays true |
///
/// A refresh, a new payload or a recheck neither builds nor removes the view, unless the decision changes.
///
/// Due claims are fetched before the first decision. While the view is shown, they are fetched in the background: when
/// the API rejects a claim, after [`Session::recheck`](crate::Session::recheck), and when a new payload has due claims.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::{components::{Router, Routes}, path};
/// use supertokens_leptos::{ProtectedRoute, Require, claims::email_verified, use_denied};
///
/// #[component]
/// fn Pages(is_pro_only: RwSignal<bool>) -> impl IntoView {
///     let verified = Require::claim(email_verified().redirect_to("/verify-email"));
///     // A requirement may change while the page is open.
///     let plan = move || match is_pro_only.get() {
///         true => Require::when(|payload| payload["plan"] == "pro"),
///         false => Require::session(),
///     };
///     view! {
///         <Router>
///             <Routes fallback=|| "Not found">
///                 <ProtectedRoute path=path!("/account") view=|| "Yours" fallback=|| "One moment"/>
///                 <ProtectedRoute path=path!("/orders") view=|| "Orders" require=verified/>
///                 <ProtectedRoute path=path!("/reports") view=|| "Reports" require=plan/>
///                 <ProtectedRoute
///                     path=path!("/admin")
///                     view=|| "Administration"
///                     require=Require::role("admin")
///                     denied=AccessDenied
///                 />
///             </Routes>
///         </Router>
///     }
/// }
///
/// #[component]
/// fn AccessDenied() -> impl IntoView {
///     view! { <p>"Access denied: " {use_denied().reasons[0].id.clone()}</p> }
/// }
/// ```
///
/// A route without a path or a view does not compile:
///
/// ```compile_fail
/// # use leptos::prelude::*;
/// # use leptos_router::path;
/// # use supertokens_leptos::ProtectedRoute;
/// let route = view! { <ProtectedRoute path=path!("/account")/> };
/// ```
#[doc(alias = "SessionAuth")]
#[component(transparent)]
pub fn ProtectedRoute<Segments, View>(
    /// The path that this route matches, from `path!`.
    path: Segments,
    /// Shown to a signed-in user who fulfils the requirement: a function, a component, or a
    /// [`Lazy`](leptos_router::Lazy) route. A lazy route fetches its code and data only for these users.
    view: View,
    /// The requirement, as a value, a signal or a closure. Without it, a session is enough.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// Shown until the guard has decided, and while a lazy view loads. Empty by default.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Shown to a signed-in user who does not fulfil the requirement. A message by default.
    #[prop(default = denied_view.into(), into)]
    denied: ViewFn,
    /// Shown while the backend does not respond. By default a message with a button that tries again.
    #[prop(default = unreachable_view.into(), into)]
    unreachable: ViewFn,
    /// Called once when the session ends while the view is shown, before the redirect. Not called after a sign-out.
    #[prop(optional, into)]
    on_session_expired: Option<Callback<()>>,
    /// Whether [`global_claim_validators`](crate::Overrides::global_claim_validators) are required too, before those of
    /// `require`.
    #[prop(default = true)]
    with_global_validators: bool,
    /// How a server renders the route.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, (), (), impl ChooseView>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    View: ChooseView + Clone + 'static,
{
    let options =
        Options { require, fallback, denied, unreachable, on_session_expired, with_global_validators };
    NestedRoute::new(path, guarded(view, options)).ssr_mode(ssr)
}

/// A [`ProtectedRoute`] with child routes. They are shown in the `<Outlet/>` of its view, and it guards them too.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::{components::{Outlet, Route, Router, Routes}, path};
/// use supertokens_leptos::{ProtectedParentRoute, ProtectedRoute, Require};
///
/// #[component]
/// fn Pages() -> impl IntoView {
///     view! {
///         <Router>
///             <Routes fallback=|| "Not found">
///                 <ProtectedParentRoute path=path!("/orders") view=|| view! { <h1>"Orders"</h1><Outlet/> }>
///                     <Route path=path!("") view=|| "All"/>
///                     <ProtectedRoute path=path!("new") view=|| "New" require=Require::permission("orders:write")/>
///                 </ProtectedParentRoute>
///             </Routes>
///         </Router>
///     }
/// }
/// ```
///
/// A parent without child routes does not compile:
///
/// ```compile_fail
/// # use leptos::prelude::*;
/// # use leptos_router::{components::Outlet, path};
/// # use supertokens_leptos::ProtectedParentRoute;
/// let route = view! { <ProtectedParentRoute path=path!("/orders") view=Outlet/> };
/// ```
#[doc(alias = "SessionAuth")]
#[component(transparent)]
pub fn ProtectedParentRoute<Segments, View, Children>(
    /// The path that this route matches, from `path!`.
    path: Segments,
    /// Shown to a signed-in user who fulfils the requirement. It contains an `<Outlet/>`.
    view: View,
    /// The child routes.
    children: RouteChildren<Children>,
    /// The requirement, as a value, a signal or a closure. Without it, a session is enough.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// Shown until the guard has decided, and while a lazy view loads. Empty by default.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// Shown to a signed-in user who does not fulfil the requirement. A message by default.
    #[prop(default = denied_view.into(), into)]
    denied: ViewFn,
    /// Shown while the backend does not respond. By default a message with a button that tries again.
    #[prop(default = unreachable_view.into(), into)]
    unreachable: ViewFn,
    /// Called once when the session ends while the view is shown, before the redirect. Not called after a sign-out.
    #[prop(optional, into)]
    on_session_expired: Option<Callback<()>>,
    /// Whether the global claim validators are required too.
    #[prop(default = true)]
    with_global_validators: bool,
    /// How a server renders the route.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, Children, (), impl ChooseView>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    View: ChooseView + Clone + 'static,
    Children: MatchNestedRoutes + Send + Clone + 'static,
{
    let options =
        Options { require, fallback, denied, unreachable, on_session_expired, with_global_validators };
    NestedRoute::new(path, guarded(view, options)).ssr_mode(ssr).child(children.into_inner())
}

fn guarded<View: ChooseView + Clone + 'static>(
    view: View,
    options: Options,
) -> impl Fn() -> AnyView + Send + Clone {
    move || {
        let view = view.clone();
        guard(Box::new(move || -> LoadingView { Box::pin(view.clone().choose()) }), options.clone())
    }
}
