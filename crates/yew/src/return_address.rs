use std::rc::Rc;

use supertokens_recipes::oauth2_provider::{self, RedirectUrl};
use supertokens_session::{
    Url,
    claims::Require,
    internal::redirect::{Destination, login_challenge},
};
use supertokens_ui::Router;
use yew::{platform::spawn_local, prelude::*};

use crate::{
    SessionStatus,
    hooks::use_session_status,
    router::{YewRouter, use_router},
    session::{Session, use_session},
};

/// The page to which the login page or a step-up page sends the user back: the page from which a guard redirected, or
/// `default`.
///
/// The address is in the URL, which an attacker can write. So it must be a page of this origin other than the login
/// page and the current page, or a page of an origin that the settings
/// [allow](crate::SessionConfigBuilder::allow_return_to). Otherwise it is the default.
///
/// If the URL has a `tenantId` or a `loginChallenge`, redirects to the login page and to step-up pages add it to their
/// URLs. See also [`ReturnAddress::step_up`] and [`ReturnAddress::continue_oauth2`].
///
/// Paths are below the router's `basename`: with `<BrowserRouter basename="/app">`, `use_return_address("/")` is
/// `/app/`. A path that already begins with it stays the same.
///
/// ```
/// use supertokens_yew::{use_return_address, use_return_when_signed_in};
/// use yew::prelude::*;
///
/// #[component]
/// fn Login() -> Html {
///     use_return_when_signed_in("/");
///     html! { <form>{"…"}</form> }
/// }
///
/// #[component]
/// fn VerifyEmail() -> Html {
///     let return_address = use_return_address("/");
///     // When the address is verified:
///     html! { <button onclick={move |_| return_address.go()}>{"Continue"}</button> }
/// }
/// ```
///
/// # Panics
/// Outside a [`SessionProvider`](crate::SessionProvider) or a router.
#[doc(alias = "redirectToPath")]
#[hook]
pub fn use_return_address(default: &str) -> ReturnAddress {
    let (session, router) = (use_session(), use_router());
    ReturnAddress {
        default: router.base().below(default),
        router,
        session,
        step_up: None,
        continue_oauth2: None,
    }
}

/// Navigates to the [return address](use_return_address) when a user is signed in, or at once if a user already is.
#[hook]
pub fn use_return_when_signed_in(default: &str) {
    let return_address = use_return_address(default);
    use_go_when_signed_in(return_address);
}

/// Like [`use_return_when_signed_in`], for a return address with a [step-up](ReturnAddress::step_up) or an
/// [OAuth2 login](ReturnAddress::continue_oauth2).
///
/// ```
/// use supertokens_yew::{Require, claims::multi_factor, use_go_when_signed_in, use_return_address};
/// use yew::prelude::*;
///
/// #[component]
/// fn Login() -> Html {
///     let factors = multi_factor().factor_page("totp", "/second-factor");
///     let return_address = use_return_address("/").step_up(Require::claim(factors)).continue_oauth2();
///     use_go_when_signed_in(return_address);
///     html! { <form>{"…"}</form> }
/// }
/// ```
#[hook]
pub fn use_go_when_signed_in(return_address: ReturnAddress) {
    let status = use_session_status();
    use_effect_with(status, move |status| {
        if *status == SessionStatus::Authenticated {
            return_address.go();
        }
    });
}

/// The page to which the user returns. See [`use_return_address`].
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    router: Rc<YewRouter>,
    session: Session,
    step_up: Option<Require>,
    /// Set on demand, so that other apps don't include the code.
    continue_oauth2: Option<fn(Self, String)>,
}

impl ReturnAddress {
    /// The value for a link: a path with query and fragment, or a full URL of another origin.
    pub fn href(&self) -> String {
        self.destination().to_string()
    }

    /// If the user does not fulfil `require`, [`go`](Self::go) first leads to its step-up page, such as that of the next
    /// factor. Use it on the login page, and on each step-up page: see [`use_go_when_signed_in`].
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
        // The user may have left the page while a task of it ran.
        if self.has_left() {
            return;
        }
        let destination = self.destination();
        if self.stepped_up(&destination) {
            return;
        }
        match (self.continue_oauth2, login_challenge(self.router.location().query())) {
            (Some(continue_oauth2), Some(challenge)) => continue_oauth2(self.clone(), challenge),
            _ => self.go_to(&destination),
        }
    }

    fn has_left(&self) -> bool {
        self.router.is_leaving()
    }

    fn go_to(&self, destination: &Destination) {
        self.session.with_sync(|sync| sync.redirects().go_back(&*self.router, destination));
    }

    /// Redirects to the step-up page, if the user needs one.
    fn stepped_up(&self, destination: &Destination) -> bool {
        let Some(require) = &self.step_up else { return false };
        let Some(front) = self.session.snapshot().front_token.clone() else { return false };
        let stepped_up = self.session.with_sync(|sync| {
            let now_ms = sync.server_now_ms();
            sync.redirects().step_up_before(&*self.router, destination, &front, require, now_ms)
        });
        stepped_up.unwrap_or_default()
    }

    fn continue_oauth2_login(self, challenge: String) {
        let call = oauth2_provider::redirect_url_to_continue(&self.session.client(), &challenge);
        spawn_local(async move {
            let outcome = call.await;
            // The user may have left the page meanwhile.
            if self.has_left() {
                return;
            }
            match outcome {
                Ok(RedirectUrl::Ok { url }) => self.continue_to(url),
                // The challenge is no longer valid.
                Ok(RedirectUrl::Error(error)) => {
                    supertokens_ui::warn_of_oauth2(&error);
                    self.go_to(&self.destination());
                }
                // The user can try again on this page.
                outcome => supertokens_ui::warn_of_oauth2(&outcome),
            }
        });
    }

    fn continue_to(&self, url: String) {
        match Url::parse(&url) {
            // The backend wants another sign-in: another user's tenant, or an older session than the other app allows.
            Ok(url) if self.is_this_page(&url) => {
                supertokens_ui::warn_of_oauth2(&"the backend asks for a new sign-in")
            }
            Ok(url) => self.go_to(&Destination::Elsewhere(url)),
            // An installed app.
            Err(_) => oauth2_provider::continue_to(&url),
        }
    }

    fn is_this_page(&self, url: &Url) -> bool {
        let is_same_login = login_challenge(url.query()) == login_challenge(self.router.location().query());
        is_same_login && self.router.origin().as_ref() == Some(url.origin())
    }

    fn destination(&self) -> Destination {
        let found =
            self.session.with_sync(|sync| sync.redirects().return_destination(&*self.router)).flatten();
        let on_server = || self.session.on_server()?.return_destination(self.session.client(), &*self.router);
        found.or_else(on_server).unwrap_or_else(|| Destination::Here(self.default.clone()))
    }
}

impl PartialEq for ReturnAddress {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.router, &other.router)
            && (&self.default, &self.session, &self.step_up)
                == (&other.default, &other.session, &other.step_up)
            && self.continue_oauth2.is_some() == other.continue_oauth2.is_some()
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
