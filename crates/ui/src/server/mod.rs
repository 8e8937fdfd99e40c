//! What a server decides while it renders a page. A browser links none of this.

mod decide;
mod request;
#[cfg(all(feature = "ssr", not(target_arch = "wasm32")))]
mod verified;

use std::sync::Arc;

pub use request::ServerRequest;
use supertokens_session::{Origin, SessionClient, claims::Require, internal::redirect::Destination};

use crate::{
    guard::{Decision, GuardView},
    redirect::{Redirects, RouteLocation, Router, RouterBase},
    snapshot::Snapshot,
};

/// The provider's context on a server. Any thread may use and drop it.
#[derive(Clone)]
pub struct OnServer(Arc<Inner>);

struct Inner {
    request: Option<ServerRequest>,
    login: String,
    /// The global claim validators.
    global: Option<Require>,
}

impl OnServer {
    /// Creates the context of a page. Without a request, its session is not known.
    pub fn new(request: Option<ServerRequest>, login: String, global: Option<Require>) -> Self {
        Self(Arc::new(Inner { request, login, global }))
    }

    /// The session of the request.
    pub fn snapshot(&self) -> Snapshot {
        self.0.request.as_ref().map_or_else(Snapshot::default, ServerRequest::snapshot)
    }

    /// Decides what a guard shows, and redirects if needed. A denied page has the status 403.
    pub fn guard(
        &self,
        client: SessionClient,
        snapshot: &Snapshot,
        require: &Require,
        with_global_validators: bool,
        router: &dyn Router,
    ) -> GuardView {
        let global = self.0.global.as_ref().filter(|_| with_global_validators);
        let require = global.map_or_else(|| require.clone(), |global| global.clone().and(require.clone()));
        let view = decide::guard_view(snapshot, &require, &self.redirects(client), &self.router(router));
        if let (GuardView::Denied(_), Some(request)) = (&view, &self.0.request) {
            request.0.deny();
        }
        view
    }

    /// Decides for a part of a page. See [`RequirementCheck`](crate::RequirementCheck).
    pub fn decide(&self, snapshot: &Snapshot, require: &Require) -> Decision {
        decide::decide(snapshot, require)
    }

    /// The return address in the URL of the page, if it may lead there.
    pub fn return_destination(&self, client: SessionClient, router: &dyn Router) -> Option<Destination> {
        self.redirects(client).return_destination(&self.router(router))
    }

    fn redirects(&self, client: SessionClient) -> Redirects {
        Redirects::new(client, self.0.login.clone())
    }

    fn router<'a>(&'a self, router: &'a dyn Router) -> ServerRouter<'a> {
        ServerRouter { router, request: self.0.request.as_ref() }
    }
}

impl std::fmt::Debug for OnServer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnServer").field("login", &self.0.login).finish_non_exhaustive()
    }
}

/// The router of a page that a server renders: a redirect is a response.
struct ServerRouter<'a> {
    router: &'a dyn Router,
    request: Option<&'a ServerRequest>,
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
        self.request?.0.origin()
    }

    fn replace(&self, path: &str) {
        if let Some(request) = self.request {
            request.0.redirect(path);
        }
    }

    fn load(&self, destination: &Destination) {
        self.replace(&destination.to_string());
    }
}
