use std::rc::Rc;

use leptos::prelude::*;
use supertokens_session::internal::redirect::Destination;
use supertokens_ui::Router;

use crate::{Session, SessionStatus, on_server, reactive::effect, router::LeptosRouter, use_session};

/// The page to which the login page or a step-up page sends the user back: the page from which a guard redirected, or
/// `default`.
///
/// The address is in the URL, which an attacker can write. So it must be a page of this origin other than the login
/// page and the current page, or a page of an origin that the settings
/// [allow](supertokens_session::SessionConfigBuilder::allow_return_to). Otherwise it is the default.
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
    ReturnAddress { default: router.base().below(default), router, session }
}

/// The page to which the user returns. See [`use_return_address`].
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    router: Rc<LeptosRouter>,
    session: Session,
}

impl ReturnAddress {
    /// The value for a link: a path with query and fragment, or a full URL of another origin.
    pub fn href(&self) -> String {
        self.destination().to_string()
    }

    /// Navigates to the page, and replaces the current page in the history.
    ///
    /// If another origin redirects back here in a loop, it stops with a warning in the console. On a server it does
    /// nothing.
    pub fn go(&self) {
        let destination = self.destination();
        self.session.sync.with(|sync| sync.redirects().go_back(&*self.router, &destination));
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

    fn destination(&self) -> Destination {
        let found = self.session.sync.with(|sync| sync.redirects().return_destination(&*self.router));
        let on_server = || on_server::current()?.return_destination(self.session.client(), &*self.router);
        found.flatten().or_else(on_server).unwrap_or_else(|| Destination::Here(self.default.clone()))
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
