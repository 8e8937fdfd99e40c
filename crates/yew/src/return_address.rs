pub use supertokens_ui::ReturnAddress;
use supertokens_ui::SessionSync;
use yew::prelude::*;

use crate::{SessionStatus, hooks::use_session_status, router::use_router, session::use_session};

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
    let on_server =
        session.on_server().and_then(|server| server.return_destination(session.client(), &*router));
    ReturnAddress::new(default, router, session.with_sync(SessionSync::clone), on_server)
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
