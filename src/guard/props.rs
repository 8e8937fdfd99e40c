use std::{fmt, marker::PhantomData};

use leptos::{children::ViewFn, component::Props, prelude::*};
use leptos_router::{SsrMode, components::RouteChildren};
use supertokens_session::claims::Require;

use super::{
    denied::{DeniedFn, IntoDenied},
    views::{Options, unreachable_view},
};

/// The props of [`ProtectedRoute`](super::ProtectedRoute) and [`ProtectedParentRoute`](super::ProtectedParentRoute);
/// `view!` sets them by their names. [`RouteBuilder`] has the list.
pub struct RouteProps<Segments, View, Children> {
    pub(super) path: Segments,
    pub(super) view: View,
    pub(super) children: Children,
    pub(super) options: Options,
    pub(super) ssr: SsrMode,
}

impl<Segments, View> Props for RouteProps<Segments, View, ()> {
    type Builder = RouteBuilder<Self, Missing, Missing, ()>;

    fn builder() -> Self::Builder {
        RouteBuilder::new(())
    }
}

impl<Segments, View, Children> Props for RouteProps<Segments, View, RouteChildren<Children>> {
    type Builder = RouteBuilder<Self, Missing, Missing, Missing>;

    fn builder() -> Self::Builder {
        RouteBuilder::new(Missing)
    }
}

impl<Segments, View, Children> fmt::Debug for RouteProps<Segments, View, Children> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteProps").finish_non_exhaustive()
    }
}

/// The props of a guarded route, one method each. `path`, `view` and a parent's `children` must be there.
pub struct RouteBuilder<P, Path, View, Children> {
    path: Path,
    view: View,
    children: Children,
    options: Options,
    ssr: SsrMode,
    props: PhantomData<fn() -> P>,
}

/// In the place of a prop that must be set and has not been.
#[derive(Debug)]
pub struct Missing;

impl<P, Children> RouteBuilder<P, Missing, Missing, Children> {
    fn new(children: Children) -> Self {
        let options = Options {
            require: Signal::default(),
            with_global_validators: true,
            fallback: ViewFn::default(),
            unreachable: unreachable_view.into(),
            denied: DeniedFn::default(),
            on_session_expired: None,
        };
        Self { path: Missing, view: Missing, children, options, ssr: SsrMode::default(), props: PhantomData }
    }
}

impl<P, Path, V, Children> RouteBuilder<P, Path, V, Children> {
    /// What the session must fulfil, as a value, a signal or a closure; nothing but a session unless set.
    pub fn require<M>(mut self, require: impl IntoReactiveValue<Signal<Require>, M>) -> Self {
        self.options.require = require.into_reactive_value();
        self
    }

    /// Whether the validators of the whole app ([`Overrides::global_claim_validators`]) are required as well, before
    /// those of `require`; true unless set.
    ///
    /// [`Overrides::global_claim_validators`]: crate::Overrides::global_claim_validators
    pub fn with_global_validators(mut self, with_global_validators: bool) -> Self {
        self.options.with_global_validators = with_global_validators;
        self
    }

    /// What is shown while it is being found out, and while claims are fetched anew; nothing unless set.
    pub fn fallback(mut self, fallback: impl Into<ViewFn>) -> Self {
        self.options.fallback = fallback.into();
        self
    }

    /// What is shown while the backend does not answer; a message and a button to try again unless set.
    pub fn unreachable(mut self, unreachable: impl Into<ViewFn>) -> Self {
        self.options.unreachable = unreachable.into();
        self
    }

    /// What somebody sees who is signed in and does not fulfil it: a function of the [`Denied`](crate::Denied), or a
    /// function or component without arguments; a message unless set.
    pub fn denied<M>(mut self, denied: impl IntoDenied<M>) -> Self {
        self.options.denied = denied.into_denied();
        self
    }

    /// Called once when the session ends while the view is shown, before the way leads to the login page. Not after
    /// a sign-out in this app.
    pub fn on_session_expired<M>(
        mut self,
        on_session_expired: impl IntoReactiveValue<UnsyncCallback<()>, M>,
    ) -> Self {
        // A server calls none: a callback is bound to the thread that makes it, and another may drop the route.
        if cfg!(target_arch = "wasm32") {
            self.options.on_session_expired = Some(on_session_expired.into_reactive_value());
        }
        self
    }

    /// How a server renders it.
    pub fn ssr(mut self, ssr: SsrMode) -> Self {
        self.ssr = ssr;
        self
    }
}

impl<Segments, View, Children, SetView, SetChildren>
    RouteBuilder<RouteProps<Segments, View, Children>, Missing, SetView, SetChildren>
{
    /// The path that this route matches, made by `path!`.
    pub fn path(
        self,
        path: Segments,
    ) -> RouteBuilder<RouteProps<Segments, View, Children>, Segments, SetView, SetChildren> {
        let Self { view, children, options, ssr, props, .. } = self;
        RouteBuilder { path, view, children, options, ssr, props }
    }
}

impl<Segments, View, Children, SetPath, SetChildren>
    RouteBuilder<RouteProps<Segments, View, Children>, SetPath, Missing, SetChildren>
{
    /// What is shown to somebody who is signed in and fulfils it; for a parent, with an `<Outlet/>` for the routes
    /// below. A function or component, or a [`Lazy`](leptos_router::Lazy) route, of which neither the code nor the data
    /// is fetched for anybody else; `fallback` is shown while it loads.
    pub fn view(
        self,
        view: View,
    ) -> RouteBuilder<RouteProps<Segments, View, Children>, SetPath, View, SetChildren> {
        let Self { path, children, options, ssr, props, .. } = self;
        RouteBuilder { path, view, children, options, ssr, props }
    }
}

impl<Segments, View, Children, SetPath, SetView>
    RouteBuilder<RouteProps<Segments, View, Children>, SetPath, SetView, Missing>
{
    /// The routes below.
    pub fn children(
        self,
        children: Children,
    ) -> RouteBuilder<RouteProps<Segments, View, Children>, SetPath, SetView, Children> {
        let Self { path, view, options, ssr, props, .. } = self;
        RouteBuilder { path, view, children, options, ssr, props }
    }
}

impl<Segments, View, Children> RouteBuilder<RouteProps<Segments, View, Children>, Segments, View, Children> {
    /// The props.
    pub fn build(self) -> RouteProps<Segments, View, Children> {
        let Self { path, view, children, options, ssr, .. } = self;
        RouteProps { path, view, children, options, ssr }
    }
}

impl<P, Path, View, Children> fmt::Debug for RouteBuilder<P, Path, View, Children> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteBuilder").finish_non_exhaustive()
    }
}
