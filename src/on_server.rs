//! What a server knows about the session of the request that it renders.

use std::sync::Arc;

use leptos::prelude::*;
use supertokens_session::{Origin, SessionClient, claims::Require, internal::redirect::Destination};
use supertokens_ui::{
    Decision, GuardView, Redirects, RouteLocation, Router, RouterBase, Snapshot, decide_on_server,
    guard_on_server,
};

use crate::{Session, request::PageRequest, router::LeptosRouter};

/// The provider's context on a server. Any thread may use and drop it.
#[derive(Clone)]
pub(crate) struct OnServer(Arc<Inner>);

struct Inner {
    request: PageRequest,
    login: String,
    /// The global claim validators.
    global: Option<Require>,
}

impl OnServer {
    pub(crate) fn new(login: String, global: Option<Require>) -> Self {
        Self(Arc::new(Inner { request: PageRequest::current(), login, global }))
    }

    /// The session of the request, as text for the page.
    pub(crate) fn embedded(&self) -> String {
        self.0.request.snapshot().to_embedded()
    }

    /// The context of the nearest provider. In a browser there is none, so the linker drops all code of a server.
    pub(crate) fn current() -> Option<Self> {
        if cfg!(target_arch = "wasm32") { None } else { use_context() }
    }

    /// Decides what a guard shows. A denied page has the status 403.
    pub(crate) fn guard(
        &self,
        client: SessionClient,
        snapshot: &Snapshot,
        require: &Require,
        with_global_validators: bool,
    ) -> GuardView {
        let global = self.0.global.as_ref().filter(|_| with_global_validators);
        let require = global.map_or_else(|| require.clone(), |global| global.clone().and(require.clone()));
        let router = LeptosRouter::use_router();
        let view = guard_on_server(snapshot, &require, &self.redirects(client), &self.router(&router));
        if matches!(view, GuardView::Denied(_)) {
            self.0.request.deny();
        }
        view
    }

    /// Decides for a part of a page.
    pub(crate) fn decide(&self, session: Session, require: &Require) -> Option<Decision> {
        session.snapshot.try_with(|snapshot| decide_on_server(snapshot, require))
    }

    pub(crate) fn return_destination(
        &self,
        client: SessionClient,
        router: &LeptosRouter,
    ) -> Option<Destination> {
        self.redirects(client).return_destination(&self.router(router))
    }

    fn redirects(&self, client: SessionClient) -> Redirects {
        Redirects::new(client, self.0.login.clone())
    }

    fn router<'a>(&'a self, router: &'a LeptosRouter) -> ServerRouter<'a> {
        ServerRouter { router, request: &self.0.request }
    }
}

/// The router of a page that a server renders: a redirect is a response.
struct ServerRouter<'a> {
    router: &'a LeptosRouter,
    request: &'a PageRequest,
}

impl Router for ServerRouter<'_> {
    fn location(&self) -> RouteLocation {
        self.router.location()
    }

    fn is_leaving(&self) -> bool {
        false
    }

    fn base(&self) -> &RouterBase {
        self.router.base()
    }

    fn origin(&self) -> Option<Origin> {
        self.request.origin.clone()
    }

    fn replace(&self, path: &str) {
        self.request.redirect(path);
    }

    fn load(&self, destination: &Destination) {
        self.request.redirect(&destination.to_string());
    }
}
