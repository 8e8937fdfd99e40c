use std::rc::Rc;

use leptos::prelude::*;
use supertokens_session::claims::Require;
use supertokens_ui::SessionSync;

use crate::{Session, SessionStatus, on_server, reactive::effect, router::LeptosRouter, use_session};

/// The page to which the login page or a step-up page sends the user back: the page from which a guard redirected, or
/// `default`.
///
/// The address is in the URL, which an attacker can write. So it must be a page of this origin other than the login
/// page and the current page, or a page of an origin that the settings
/// [allow](supertokens_session::SessionConfigBuilder::allow_return_to). Otherwise it is the default.
///
/// If the URL has a `tenantId` or a `loginChallenge`, redirects to the login page and to step-up pages add it to their
/// URLs. See also [`ReturnAddress::step_up`] and [`ReturnAddress::continue_oauth2`].
///
/// Paths are below the router's `base`: with `<Router base="/app">`, `use_return_address("/")` is `/app/`. A path that
/// already begins with the base stays the same.
///
/// ```
/// use leptos::prelude::*;
/// use supertokens_leptos::use_return_address;
///
/// #[component]
/// fn Login() -> impl IntoView {
///     use_return_address("/").go_when_signed_in();
///     view! { <form>"…"</form> }
/// }
///
/// #[component]
/// fn VerifyEmail() -> impl IntoView {
///     let return_address = use_return_address("/");
///     // When the address is verified:
///     view! { <button on:click=move |_| return_address.go()>"Continue"</button> }
/// }
/// ```
///
/// # Panics
/// Outside a `SessionProvider` or a `Router`.
#[track_caller]
#[doc(alias = "redirectToPath")]
pub fn use_return_address(default: &str) -> ReturnAddress {
    let (session, router) = (use_session(), Rc::new(LeptosRouter::use_router()));
    let on_server =
        on_server::current().and_then(|server| server.return_destination(session.client(), &*router));
    let sync = session.sync.with(SessionSync::clone);
    ReturnAddress { session, inner: supertokens_ui::ReturnAddress::new(default, router, sync, on_server) }
}

/// The page to which the user returns. See [`use_return_address`].
#[derive(Debug, Clone)]
pub struct ReturnAddress {
    session: Session,
    inner: supertokens_ui::ReturnAddress,
}

impl ReturnAddress {
    /// The value for a link: a path with query and fragment, or a full URL of another origin.
    pub fn href(&self) -> String {
        self.inner.href()
    }

    /// If the user does not fulfil `require`, [`go`](Self::go) first leads to its step-up page, such as that of the next
    /// factor. Use it on the login page, and on each step-up page.
    ///
    /// ```
    /// use leptos::prelude::*;
    /// use supertokens_leptos::{Require, claims::multi_factor, use_return_address};
    ///
    /// #[component]
    /// fn Login() -> impl IntoView {
    ///     let factors = multi_factor().factor_page("totp", "/second-factor");
    ///     use_return_address("/").step_up(Require::claim(factors)).go_when_signed_in();
    ///     view! { <form>"…"</form> }
    /// }
    /// ```
    pub fn step_up(mut self, require: Require) -> Self {
        self.inner = self.inner.step_up(require);
        self
    }

    /// If the URL has a `loginChallenge`, [`go`](Self::go) continues the login of the app that asks for it: this app is
    /// the login page of the backend's OAuth2 provider. Use it on the login page, and on each step-up page. If the
    /// challenge is invalid, a warning is in the console, and `go` leads to the return address.
    pub fn continue_oauth2(mut self) -> Self {
        self.inner = self.inner.continue_oauth2();
        self
    }

    /// Navigates to the page, and replaces the current page in the history.
    ///
    /// If another origin redirects back here in a loop, it stops with a warning in the console. On a server it does
    /// nothing.
    pub fn go(&self) {
        self.inner.go();
    }

    /// Navigates to the page when a user is signed in, or at once if a user already is.
    pub fn go_when_signed_in(self) {
        let status = self.session.status();
        effect(Box::new(move || {
            if status.get() == SessionStatus::Authenticated {
                self.go();
            }
        }));
    }
}
