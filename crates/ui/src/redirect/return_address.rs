use std::rc::{Rc, Weak};

use supertokens_recipes::oauth2_provider::{self, RedirectUrl};
use supertokens_session::{
    Url,
    claims::Require,
    internal::redirect::{Destination, login_challenge},
};

use super::{Redirects, Router};
use crate::{reader::SnapshotReader, sync::SessionSync};

/// The page to which the user returns, and what comes before it.
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    router: Rc<dyn Router>,
    /// `None` on a server.
    page: Option<Page>,
    on_server: Option<Destination>,
    step_up: Option<Require>,
    /// Set on demand, so that other apps don't include the code.
    continue_oauth2: Option<fn(Self, &Page, String)>,
}

#[derive(Clone)]
struct Page {
    reader: Rc<SnapshotReader>,
    /// Ends with the provider.
    redirects: Weak<Redirects>,
}

impl ReturnAddress {
    /// The return address in the URL of the page, or `default`. On a server, `on_server` is the address in the URL, if it
    /// has one.
    pub fn new(
        default: &str,
        router: Rc<dyn Router>,
        sync: Option<SessionSync>,
        on_server: Option<Destination>,
    ) -> Self {
        let page = sync
            .map(|sync| Page { reader: sync.reader().clone(), redirects: Rc::downgrade(sync.redirects()) });
        let default = router.base().below(default);
        Self { default, router, page, on_server, step_up: None, continue_oauth2: None }
    }

    /// The value for a link: a path with query and fragment, or a full URL of another origin.
    pub fn href(&self) -> String {
        self.destination().to_string()
    }

    /// If the user does not fulfil `require`, [`go`](Self::go) first leads to its step-up page, such as that of the next
    /// factor. Use it on the login page, and on each step-up page.
    pub fn step_up(mut self, require: Require) -> Self {
        self.step_up = Some(require);
        self
    }

    /// If the URL has a `loginChallenge`, [`go`](Self::go) continues the login of the app that asks for it: this app is
    /// the login page of the backend's OAuth2 provider. Use it on the login page, and on each step-up page. If the
    /// challenge is invalid, a warning is in the console, and `go` leads to the return address.
    pub fn continue_oauth2(mut self) -> Self {
        self.continue_oauth2 = Some(Self::continue_oauth2_login);
        self
    }

    /// Navigates to the page, and replaces the current page in the history.
    ///
    /// If another origin redirects back here in a loop, it stops with a warning in the console. On a server it does
    /// nothing.
    pub fn go(&self) {
        // A task of the app may outlive the page.
        let Some(page) = self.page.as_ref().filter(|_| !self.has_left()) else { return };
        let destination = self.destination();
        if self.stepped_up(page, &destination) {
            return;
        }
        match (self.continue_oauth2, login_challenge(self.router.location().query())) {
            (Some(continue_oauth2), Some(challenge)) => continue_oauth2(self.clone(), page, challenge),
            _ => self.go_to(&destination),
        }
    }

    fn redirects(&self) -> Option<Rc<Redirects>> {
        self.page.as_ref()?.redirects.upgrade()
    }

    fn has_left(&self) -> bool {
        self.redirects().is_none() || self.router.has_left()
    }

    fn go_to(&self, destination: &Destination) {
        if let Some(redirects) = self.redirects() {
            redirects.go_back(&*self.router, destination);
        }
    }

    /// Redirects to the step-up page, if the user needs one.
    fn stepped_up(&self, page: &Page, destination: &Destination) -> bool {
        let (Some(require), Some(redirects)) = (&self.step_up, self.redirects()) else { return false };
        page.reader.snapshot().front_token.as_ref().is_some_and(|front| {
            let now_ms = page.reader.server_now_ms();
            redirects.step_up_before(&*self.router, destination, front, require, now_ms)
        })
    }

    fn continue_oauth2_login(self, page: &Page, challenge: String) {
        let call = oauth2_provider::redirect_url_to_continue(&page.reader.client, &challenge);
        page.reader.spawn(async move {
            let outcome = call.await;
            // The user may have left the page meanwhile.
            if self.has_left() {
                return;
            }
            match outcome {
                Ok(RedirectUrl::Ok { url }) => self.continue_to(&url),
                // The challenge is no longer valid.
                Ok(RedirectUrl::Error(error)) => {
                    warn(&error);
                    self.go_to(&self.destination());
                }
                // The user can try again on this page.
                outcome => warn(&outcome),
            }
        });
    }

    fn continue_to(&self, url: &str) {
        match Url::parse(url) {
            // The backend wants another sign-in: another user's tenant, or an older session than the other app allows.
            Ok(url) if self.is_this_page(&url) => warn(&"the backend asks for a new sign-in"),
            Ok(url) => self.go_to(&Destination::Elsewhere(url)),
            // An installed app.
            Err(_) => oauth2_provider::continue_to(url),
        }
    }

    fn is_this_page(&self, url: &Url) -> bool {
        let is_same_login = login_challenge(url.query()) == login_challenge(self.router.location().query());
        is_same_login && self.router.origin().as_ref() == Some(url.origin())
    }

    fn destination(&self) -> Destination {
        let found = self.redirects().and_then(|redirects| redirects.return_destination(&*self.router));
        let found = found.or_else(|| self.on_server.clone());
        found.unwrap_or_else(|| Destination::Here(self.default.clone()))
    }
}

/// Warns why a page of an OAuth2 login does not continue.
fn warn(reason: &dyn std::fmt::Debug) {
    crate::warn(&format!("the login of another app does not continue: {reason:?}"));
}

impl PartialEq for ReturnAddress {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.router, &other.router)
            && self.page.as_ref().map(|page| Rc::as_ptr(&page.reader))
                == other.page.as_ref().map(|page| Rc::as_ptr(&page.reader))
            && (&self.default, &self.on_server, &self.step_up)
                == (&other.default, &other.on_server, &other.step_up)
            && self.continue_oauth2.is_some() == other.continue_oauth2.is_some()
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
