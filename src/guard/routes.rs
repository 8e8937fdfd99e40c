use leptos::{children::ViewFn, prelude::*};
use leptos_router::{
    ChooseView, MatchNestedRoutes, NestedRoute, PossibleRouteMatch, SsrMode, components::RouteChildren,
};
use supertokens_session::claims::Require;

use super::{Options, denied_view, guard, load::Chosen, unreachable_view};

/// A route that only signed-in users see, and only those who fulfil what is required.
///
/// It only controls display; your API enforces access.
///
/// | what is known | what it shows |
/// |---|---|
/// | nothing yet, or a claim is being fetched | `fallback` |
/// | the backend does not answer | `unreachable`, never the login page |
/// | no user is signed in | the login page, in this page's place in the history, with the return address ([`use_return_address`](crate::use_return_address)) |
/// | the requirement is not fulfilled | the page that the failed claim names ([`redirect_to`](crate::claims::ClaimCheck::redirect_to)), with the return address; else `denied`, where [`use_denied`](crate::use_denied) has the reasons |
/// | it is fulfilled | `view`, built once for as long as that stays so |
///
/// A refresh, a new payload or a recheck neither builds the view again nor removes it, unless the decision changes. Claims
/// that are due are fetched before the first decision. Behind a view they are fetched when the API refuses a call for a
/// claim, after [`Session::recheck`](crate::Session::recheck), and when a new payload finds them due.
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
///     view! { <p>"Refused for " {use_denied().reasons[0].id.clone()}</p> }
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
#[component(transparent)]
pub fn ProtectedRoute<Segments, View>(
    /// The path that this route matches, made by `path!`.
    path: Segments,
    /// What a signed-in user sees who fulfils what is required: a function or component, or a
    /// [`Lazy`](leptos_router::Lazy) route. Of the latter neither code nor data is fetched for other users.
    view: View,
    /// What the session must fulfil, as a value, a signal or a closure; nothing but a session unless set.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// What is shown until that is decided, and while a lazy view loads; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What a signed-in user sees who does not fulfil it; a message unless set.
    #[prop(default = denied_view.into(), into)]
    denied: ViewFn,
    /// What is shown while the backend does not answer; a message and a button to try again unless set.
    #[prop(default = unreachable_view.into(), into)]
    unreachable: ViewFn,
    /// Called once when the session ends while the view is shown, before the redirect. Not after a sign-out.
    #[prop(optional, into)]
    on_session_expired: Option<Callback<()>>,
    /// Whether the validators of the whole app
    /// ([`global_claim_validators`](crate::Overrides::global_claim_validators)) are required too, before those of `require`.
    #[prop(default = true)]
    with_global_validators: bool,
    /// How a server renders it.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, (), (), impl Fn() -> AnyView + Send + Clone>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    View: ChooseView + Clone + 'static,
{
    let options =
        Options { require, fallback, denied, unreachable, on_session_expired, with_global_validators };
    NestedRoute::new(path, guarded(view, options)).ssr_mode(ssr)
}

/// A [`ProtectedRoute`] with routes below it, which show in its view's `<Outlet/>` and are guarded with it.
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
/// A parent without routes below it does not compile:
///
/// ```compile_fail
/// # use leptos::prelude::*;
/// # use leptos_router::{components::Outlet, path};
/// # use supertokens_leptos::ProtectedParentRoute;
/// let route = view! { <ProtectedParentRoute path=path!("/orders") view=Outlet/> };
/// ```
#[component(transparent)]
pub fn ProtectedParentRoute<Segments, View, Children>(
    /// The path that this route matches, made by `path!`.
    path: Segments,
    /// What a signed-in user sees who fulfils what is required, with an `<Outlet/>`. As of a [`ProtectedRoute`].
    view: View,
    /// The routes below.
    children: RouteChildren<Children>,
    /// As of a [`ProtectedRoute`], and so are the other props.
    #[prop(optional, into)]
    require: Signal<Require>,
    /// What is shown until that is decided, and while a lazy view loads; nothing unless set.
    #[prop(optional, into)]
    fallback: ViewFn,
    /// What a signed-in user sees who does not fulfil it; a message unless set.
    #[prop(default = denied_view.into(), into)]
    denied: ViewFn,
    /// What is shown while the backend does not answer; a message and a button to try again unless set.
    #[prop(default = unreachable_view.into(), into)]
    unreachable: ViewFn,
    /// Called once when the session ends while the view is shown, before the redirect. Not after a sign-out.
    #[prop(optional, into)]
    on_session_expired: Option<Callback<()>>,
    /// Whether the validators of the whole app are required too.
    #[prop(default = true)]
    with_global_validators: bool,
    /// How a server renders it.
    #[prop(optional)]
    ssr: SsrMode,
) -> NestedRoute<Segments, Children, (), impl Fn() -> AnyView + Send + Clone>
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
        guard(Box::new(move || -> Chosen { Box::pin(view.clone().choose()) }), options.clone())
    }
}
