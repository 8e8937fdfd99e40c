use leptos::prelude::*;
use supertokens_session::wire::redirect::{RedirectError, RedirectRules, check, return_address};

use super::Here;
use crate::{Session, SessionStatus, use_session};

/// Where the login page, or the page on which a claim is mended, sends the user afterwards: the page that a guard led
/// off, or a default.
///
/// The address comes out of the URL, where anybody can write one, so only a path of this origin is taken that is
/// neither the login page nor the page itself; anything else gives the default. All paths are whole ones, with the
/// `base` of the router in them if it has one, as in `<A href>`.
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
        .map(|origin| RedirectRules::new(origin, &session.login()).except(&here.path()));
    ReturnAddress { default: default.to_owned(), rules, here, session }
}

/// Where a page sends the user back. See [`use_return_address`].
#[derive(Clone)]
pub struct ReturnAddress {
    default: String,
    rules: Option<RedirectRules>,
    here: Here,
    session: Session,
}

impl ReturnAddress {
    /// The path, with query and fragment.
    pub fn path(&self) -> String {
        self.asked_for().unwrap_or_else(|| self.default.clone())
    }

    /// Goes there, in place of this page in the history: the back button does not lead into it again.
    pub fn go(&self) {
        self.here.go_in_place(&self.path());
    }

    /// Goes there as soon as somebody is signed in, at once if somebody is.
    pub fn go_when_signed_in(self) {
        let status = self.session.status();
        Effect::new(move |_| {
            if status.get() == SessionStatus::Authenticated {
                self.go();
            }
        });
    }

    fn asked_for(&self) -> Option<String> {
        let rules = self.rules.as_ref()?;
        let mut asked = return_address(&self.here.query())?;
        loop {
            match check(&asked, rules) {
                Ok(path) => return Some(path),
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
