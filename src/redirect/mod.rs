//! The way to the login page and back.

use std::{collections::VecDeque, rc::Rc};

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
    location::Location,
};
use supertokens_session::wire::{
    login::LoginPage,
    redirect::{RedirectRules, check, return_address},
};

use crate::{Session, SessionStatus, use_session};

/// Where the login page sends the user once signed in: the page that asked for the session, or a default.
///
/// The address comes out of the URL, where anybody can write one, so only a path of this origin that is not the
/// login page itself is taken; anything else gives the default.
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
/// ```
///
/// # Panics
/// Outside a `SessionProvider` or a `Router`.
#[track_caller]
pub fn use_return_address(default: &str) -> ReturnAddress {
    let session = use_session();
    let rules = supertokens_web::page_origin().map(|origin| RedirectRules::new(origin, &session.login()));
    ReturnAddress { default: default.to_owned(), rules, here: Here::use_here(), session }
}

/// Where the login page sends the user once signed in. See [`use_return_address`].
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
        let asked = return_address(&self.here.location.search.get_untracked());
        let checked = asked.zip(self.rules.as_ref()).and_then(|(asked, rules)| check(&asked, rules).ok());
        checked.unwrap_or_else(|| self.default.clone())
    }

    /// Goes there, in place of the login page in the history: the back button does not lead into it again.
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
}

impl std::fmt::Debug for ReturnAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ReturnAddress").field("default", &self.default).finish_non_exhaustive()
    }
}

/// The page one is on, and the way off it.
#[derive(Clone)]
pub(crate) struct Here {
    location: Location,
    navigate: Rc<Navigate>,
}

type Navigate = dyn Fn(&str, NavigateOptions);

impl Here {
    #[track_caller]
    pub(crate) fn use_here() -> Self {
        Self { location: use_location(), navigate: Rc::new(use_navigate()) }
    }

    /// Leads to the login page, with this page as the return address.
    ///
    /// # Errors
    /// [`Stuck`] when this is the login page, when its path is none, or when redirects go round in circles.
    pub(crate) fn go_to_login(&self, session: Session) -> Result<(), Stuck> {
        let (login, config) = (session.login(), session.config());
        let path = self.location.pathname.get_untracked();
        let page = supertokens_web::page_origin();
        let target = LoginPage::find(&login, config.website_domain(), page.as_ref(), &self.full_path(&path))
            .map_err(|_| Stuck::LoginIsNoPath)?;
        let login_path = login.split(['?', '#']).next().unwrap_or_default();
        let is_login_path = path.trim_end_matches('/') == login_path.trim_end_matches('/');
        if is_login_path && matches!(target, LoginPage::Here(_)) {
            return Err(Stuck::LoginIsGuarded);
        }
        if !session.may_redirect() {
            return Err(Stuck::TooManyRedirects);
        }
        match target {
            LoginPage::Here(path) => self.go_in_place(&path),
            // Effects run in a browser only.
            LoginPage::Elsewhere(url) => {
                supertokens_web::leave_for(&url).ok();
            }
        }
        Ok(())
    }

    fn full_path(&self, path: &str) -> String {
        let mark = |sign: char, text: String| match text.trim_start_matches(sign) {
            "" => String::new(),
            text => format!("{sign}{text}"),
        };
        let Location { search, hash, .. } = &self.location;
        format!("{path}{}{}", mark('?', search.get_untracked()), mark('#', hash.get_untracked()))
    }

    /// In place of this page in the history, so that the back button does not lead into a redirect.
    fn go_in_place(&self, path: &str) {
        (self.navigate)(path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    }
}

/// Why a guard does not lead to the login page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stuck {
    LoginIsGuarded,
    LoginIsNoPath,
    TooManyRedirects,
}

impl Stuck {
    pub(crate) fn message(self) -> &'static str {
        match self {
            Self::LoginIsGuarded => {
                "This page asks for a session, but it is the login page: its route must not be guarded."
            }
            Self::LoginIsNoPath => {
                "This page asks for a session, but the path of the login page has a space, a control character or a \
                 backslash in it: percent-encode it."
            }
            Self::TooManyRedirects => {
                "Redirects to the login page go round in circles, so they were stopped. Reload to try again."
            }
        }
    }
}

/// Stops redirects that go round in circles: so many in so short a time are nobody's clicks.
#[derive(Debug, Default)]
pub(crate) struct RedirectBudget(VecDeque<i64>);

impl RedirectBudget {
    const REDIRECTS: usize = 10;
    const WITHIN_MS: i64 = 10_000;

    /// Counts a redirect at `now_ms`; false when there have been too many.
    pub(crate) fn take(&mut self, now_ms: i64) -> bool {
        self.0.retain(|then| now_ms.saturating_sub(*then) < Self::WITHIN_MS);
        if self.0.len() >= Self::REDIRECTS {
            return false;
        }
        self.0.push_back(now_ms);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_are_stopped_and_people_are_not() {
        let mut circle = RedirectBudget::default();
        assert_eq!((0..50).filter(|i| circle.take(i * 100)).count(), RedirectBudget::REDIRECTS);
        assert!(circle.take(60_000), "a later redirect is let through again");
        let mut person = RedirectBudget::default();
        assert!((0..50).all(|i| person.take(i * 2_000)));
    }
}
