use std::rc::Rc;

use leptos::prelude::*;
use supertokens_session::wire::redirect::Destination;
use supertokens_ui::Router;

use crate::{Session, SessionStatus, reactive::effect, router::LeptosRouter, use_session};

/// Where the login page, or the page that repairs a claim, sends the user afterwards: the page from which a guard
/// redirected, or a default.
///
/// The address is in the URL, which anyone can write. So it has to be a page of this origin that is neither the login page
/// nor the current page, or one of an origin that the settings
/// [allow](supertokens_session::SessionConfigBuilder::allow_return_to). Anything else gives the default.
///
/// Paths are below the router's `base`, if it has one: with `<Router base="/app">`, `use_return_address("/")` leads to
/// `/app/`. A path that begins with the base is taken as it is.
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
///     let back = use_return_address("/");
///     // Once it is verified:
///     view! { <button on:click=move |_| back.go()>"Go on"</button> }
/// }
/// ```
///
/// # Panics
/// Outside a `SessionProvider` or a `Router`.
#[track_caller]
pub fn use_return_address(default: &str) -> ReturnAddress {
    let (session, router) = (use_session(), Rc::new(LeptosRouter::use_router()));
    ReturnAddress { default: router.base().below(default), router, session }
}

/// Where a page sends the user back. See [`use_return_address`].
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    router: Rc<LeptosRouter>,
    session: Session,
}

impl ReturnAddress {
    /// For a link: the path with query and fragment, or a whole URL where it is on another origin.
    pub fn href(&self) -> String {
        self.destination().to_string()
    }

    /// Goes there, in place of this page in the history: the back button does not lead into it again. Where another
    /// origin redirects back here again and again, it stays, with a warning in the console. On a server it does nothing.
    pub fn go(&self) {
        let destination = self.destination();
        self.session.sync.with(|sync| sync.redirects().go_back(&*self.router, &destination));
    }

    /// Goes there as soon as a user is signed in, at once if one is.
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
        found.flatten().unwrap_or_else(|| Destination::Here(self.default.clone()))
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
