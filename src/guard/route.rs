use leptos::prelude::*;
use leptos_router::{ChooseView, NestedRoute, PossibleRouteMatch};

use super::{props::RouteProps, views::guard};

/// A route that only signed-in users see, and of those only who fulfils what is required.
///
/// It guards for the eye alone: what nobody may read, the API must not send.
///
/// | what is known | what it shows |
/// |---|---|
/// | nothing yet, or a claim is being fetched anew | `fallback` |
/// | the backend does not answer | `unreachable`, never the login page |
/// | nobody is signed in | the login page, in this page's place in the history, with the way back ([`use_return_address`](crate::use_return_address)) |
/// | the requirement is not fulfilled | the page that the failed claim names ([`redirect_to`](crate::claims::ClaimCheck::redirect_to)), with the way back; else `denied` with the reasons |
/// | it is fulfilled | `view`, built once for as long as that stays so |
///
/// Refreshes, new payloads and rechecks that change nothing of it neither build the view again nor take it away. A
/// payload that does is followed at once. Claims that are due are fetched anew before the first decision, and behind
/// a view that is shown: when the API refuses a call for a claim, after [`Session::recheck`](crate::Session::recheck),
/// and when a new payload finds them due.
///
/// Props: `path`, `view`, `require`, `fallback`, `denied`, `unreachable`, `on_session_expired`,
/// `with_global_validators`, `ssr`; [`RouteBuilder`](super::RouteBuilder) says what each is.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::{components::{Router, Routes}, path};
/// use supertokens_leptos::{Denied, ProtectedRoute, Require, claims::email_verified};
///
/// #[component]
/// fn Pages(plan_is_asked_for: RwSignal<bool>) -> impl IntoView {
///     let verified = Require::claim(email_verified().redirect_to("/verify-email"));
///     // A requirement may change while the page is open.
///     let plan = move || match plan_is_asked_for.get() {
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
///                     denied=|denied: Denied| view! { <p>"Refused for " {denied.reasons[0].id.clone()}</p> }
///                 />
///             </Routes>
///         </Router>
///     }
/// }
/// ```
#[allow(non_snake_case, reason = "a component")]
pub fn ProtectedRoute<Segments, View>(
    props: RouteProps<Segments, View, ()>,
) -> NestedRoute<Segments, (), (), impl Fn() -> AnyView + Send + Clone>
where
    Segments: PossibleRouteMatch + Clone + Send + 'static,
    View: ChooseView + Clone + 'static,
{
    let RouteProps { path, view, options, ssr, .. } = props;
    let guarded = move || {
        let view = view.clone();
        guard(move || Box::pin(view.clone().choose()), options.clone())
    };
    NestedRoute::new(path, guarded).ssr_mode(ssr)
}
