use leptos::prelude::*;
use leptos_router::{
    ChooseView, MatchNestedRoutes, NestedRoute, PossibleRouteMatch, components::RouteChildren,
};

use super::{props::RouteProps, views::guard};

/// A [`ProtectedRoute`](super::ProtectedRoute) with routes below it, which show in its view's `<Outlet/>` and are
/// guarded with it.
///
/// It guards for the eye alone: what nobody may read, the API must not send.
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
#[allow(non_snake_case, reason = "a component")]
pub fn ProtectedParentRoute<Segments, View, Children>(
    props: RouteProps<Segments, View, RouteChildren<Children>>,
) -> NestedRoute<Segments, Children, (), impl Fn() -> AnyView + Send + Clone>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    Children: MatchNestedRoutes + Send + Clone + 'static,
    View: ChooseView + Clone + 'static,
{
    let RouteProps { path, view, children, options, ssr, .. } = props;
    let guarded = move || {
        let view = view.clone();
        guard(move || Box::pin(view.clone().choose()), options.clone())
    };
    NestedRoute::new(path, guarded).ssr_mode(ssr).child(children.into_inner())
}
