use std::rc::Rc;

use supertokens_session::internal::redirect::Destination;
use supertokens_ui::Router;
use yew::prelude::*;

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
    ReturnAddress { default: router.base().below(default), router, session }
}

/// Navigates to the [return address](use_return_address) when a user is signed in, or at once if a user already is.
#[hook]
pub fn use_return_when_signed_in(default: &str) {
    let (return_address, status) = (use_return_address(default), use_session_status());
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
        // The user may have left the page while a task of it ran.
        if self.router.is_leaving() {
            return;
        }
        let destination = self.destination();
        self.session.with_sync(|sync| sync.redirects().go_back(&*self.router, &destination));
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
            && (&self.default, &self.session) == (&other.default, &other.session)
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
