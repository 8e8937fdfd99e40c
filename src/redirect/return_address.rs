use leptos::prelude::*;
use supertokens_session::wire::redirect::{
    Destination, OtherOrigins, RedirectError, RedirectRules, find, return_address,
};

use super::Here;
use crate::{Session, SessionStatus, reactive::effect, use_session};

/// Where the login page, or the page on which a claim is mended, sends the user afterwards: the page that a guard led
/// off, or a default.
///
/// The address comes out of the URL, where anybody can write one, so only a page of this origin is taken that is
/// neither the login page nor the page itself, or one of an origin that the settings
/// [allow](supertokens_session::SessionConfigBuilder::allow_return_to); anything else gives the default.
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
    let (session, here) = (use_session(), Here::use_here());
    let rules = supertokens_web::page_origin()
        .map(|origin| RedirectRules::new(origin, &here.base().below(&session.login())).except(&here.path()));
    let others = session.config().return_origins().clone();
    ReturnAddress { default: here.base().below(default), rules, others, here, session }
}

/// Where a page sends the user back. See [`use_return_address`].
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    rules: Option<RedirectRules>,
    others: OtherOrigins,
    here: Here,
    session: Session,
}

impl ReturnAddress {
    /// For a link: the path with query and fragment, or a whole URL where it is on another origin.
    pub fn href(&self) -> String {
        self.destination().to_string()
    }

    /// Goes there, in place of this page in the history: the back button does not lead into it again. Where another
    /// origin leads back here time and again, it stays, with a warning in the console. On a server it does nothing.
    pub fn go(&self) {
        match self.destination() {
            Destination::Here(path) => self.here.go_in_place(&path),
            elsewhere => {
                if let Err(stuck) = self.here.follow(self.session, &elsewhere) {
                    leptos::logging::warn!("supertokens-leptos: {}", stuck.message());
                }
            }
        }
    }

    /// Goes there as soon as somebody is signed in, at once if somebody is.
    pub fn go_when_signed_in(self) {
        let status = self.session.status();
        effect(move || {
            if status.get() == SessionStatus::Authenticated {
                self.go();
            }
        });
    }

    fn destination(&self) -> Destination {
        self.asked_for().unwrap_or_else(|| Destination::Here(self.default.clone()))
    }

    fn asked_for(&self) -> Option<Destination> {
        let rules = self.rules.as_ref()?;
        let mut asked = return_address(&self.here.query())?;
        loop {
            let found = match find(&asked, rules, &self.others) {
                Ok(Destination::Here(_)) => self.here.base().checked(&asked, rules).map(Destination::Here),
                found => found,
            };
            match found {
                Ok(destination) => return Some(destination),
                // A page on the way, such as one below the login page: where it would have led in turn. Each address
                // is a part of the one before, so this ends.
                Err(RedirectError::LoginPage | RedirectError::SamePage) => {
                    let (_, query) = asked.split_once('?')?;
                    asked = return_address(query.split('#').next().unwrap_or_default())?;
                }
                Err(_) => return None,
            }
        }
    }
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}
