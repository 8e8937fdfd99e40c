use std::{fmt, sync::Arc};

use leptos::prelude::*;
use supertokens_session::claims::Denied;

use crate::reactive::alert;

/// What a guard shows to somebody who is signed in and does not fulfil what is required. Made by [`IntoDenied`].
#[derive(Clone)]
pub struct DeniedFn(Arc<dyn Fn(Denied) -> AnyView + Send + Sync>);

impl DeniedFn {
    pub(super) fn run(&self, denied: Denied) -> AnyView {
        (self.0)(denied)
    }
}

impl Default for DeniedFn {
    fn default() -> Self {
        let message = || alert("This page is not for this account.");
        message.into_denied()
    }
}

impl fmt::Debug for DeniedFn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeniedFn")
    }
}

/// What the prop `denied` of a guard takes: a function of the reasons, or a function or component without arguments.
///
/// ```
/// use leptos::prelude::*;
/// use leptos_router::{components::{Router, Routes}, path};
/// use supertokens_leptos::{Denied, ProtectedRoute, Require};
///
/// #[component]
/// fn AccessDenied() -> impl IntoView {
///     "Ask an administrator."
/// }
///
/// fn reasons(denied: Denied) -> impl IntoView {
///     denied.reasons.into_iter().map(|reason| view! { <p>{reason.id}</p> }).collect_view()
/// }
///
/// #[component]
/// fn Pages() -> impl IntoView {
///     let require = Require::role("admin");
///     view! {
///         <Router>
///             <Routes fallback=|| "Not found">
///                 <ProtectedRoute path=path!("/a") view=|| "…" require=require.clone() denied=AccessDenied/>
///                 <ProtectedRoute path=path!("/b") view=|| "…" require denied=reasons/>
///             </Routes>
///         </Router>
///     }
/// }
/// ```
///
/// The marker tells the two apart and is inferred.
pub trait IntoDenied<Marker> {
    /// The view function.
    fn into_denied(self) -> DeniedFn;
}

/// Marks a function of the reasons.
#[derive(Debug)]
pub enum WithReasons {}

/// Marks a function or component without arguments.
#[derive(Debug)]
pub enum WithoutReasons {}

impl<F, V> IntoDenied<WithReasons> for F
where
    F: Fn(Denied) -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn into_denied(self) -> DeniedFn {
        DeniedFn(Arc::new(move |denied| self(denied).into_any()))
    }
}

impl<F, V> IntoDenied<WithoutReasons> for F
where
    F: Fn() -> V + Send + Sync + 'static,
    V: IntoView + 'static,
{
    fn into_denied(self) -> DeniedFn {
        DeniedFn(Arc::new(move |_| self().into_any()))
    }
}
