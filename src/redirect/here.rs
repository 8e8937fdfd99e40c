use std::rc::Rc;

use leptos::{
    prelude::*,
    task::{spawn_local, tick},
};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_url},
    location::{BrowserUrl, Location, LocationProvider, Url},
};
use supertokens_session::wire::{
    login::login_page,
    redirect::{Destination, RedirectRules, login_url},
};

use super::Base;
use crate::Session;

/// For how many turns of the executor a redirect waits until the router has added its page to the history.
const LONGEST_WAIT_TICKS: usize = 100;

/// The current page, and redirects from it. All paths are those of the browser, with the router's base in them.
#[derive(Clone)]
pub(crate) struct Here {
    /// Where the browser is, or will be in a moment.
    location: Location,
    /// What this route was matched for.
    url: ReadSignal<Url>,
    navigate: Rc<Navigate>,
    base: Base,
}

type Navigate = dyn Fn(&str, NavigateOptions);

impl Here {
    #[track_caller]
    pub(crate) fn use_here() -> Self {
        let url = use_url();
        let base = url.with_untracked(|url| Base::use_base(url.path()));
        Self { location: use_location(), url, navigate: Rc::new(use_navigate()), base }
    }

    /// The router's base.
    pub(crate) fn base(&self) -> &Base {
        &self.base
    }

    /// The query, with or without its question mark.
    pub(crate) fn query(&self) -> String {
        self.url.with_untracked(|url| url.search().to_owned())
    }

    /// The path.
    pub(crate) fn path(&self) -> String {
        self.url.with_untracked(|url| url.path().to_owned())
    }

    /// Whether another page has been navigated to and this one is still there, since that one is being loaded. Tracks
    /// both.
    pub(crate) fn is_being_left(&self) -> bool {
        let to = self.location.pathname.get();
        self.url.with(|url| url.path() != to)
    }

    /// Leads to the login page; as a rule with this page as the return address.
    ///
    /// # Errors
    /// [`Stuck`] when this is the login page, when its path is none, or when redirects go round in circles.
    pub(crate) fn go_to_login(&self, session: Session, with_return_address: bool) -> Result<(), Stuck> {
        let config = session.config();
        let (path, return_to) = (self.path(), self.full_path());
        let return_to = with_return_address.then_some(return_to.as_str());
        let page = supertokens_web::page_origin();
        let find = |login: &str| {
            login_page(login, config.website_domain(), page.as_ref(), return_to)
                .map_err(|_| Stuck::LoginIsNoPath)
        };
        let mut login = session.login();
        let mut target = find(&login)?;
        if matches!(target, Destination::Here(_)) {
            login = self.base.below(&login);
            target = find(&login)?;
        }
        let login_path = login.split(['?', '#']).next().unwrap_or_default();
        let is_login_path = path.trim_end_matches('/') == login_path.trim_end_matches('/');
        if is_login_path && matches!(target, Destination::Here(_)) {
            return Err(Stuck::LoginIsGuarded);
        }
        self.follow(session, &target)
    }

    /// Goes there in place of this page in the history.
    ///
    /// # Errors
    /// [`Stuck`] when redirects go round in circles.
    pub(crate) fn follow(&self, session: Session, target: &Destination) -> Result<(), Stuck> {
        let may_go = match target {
            Destination::Here(_) => session.may_redirect(),
            Destination::Elsewhere { .. } => session.may_leave(),
        };
        if !may_go {
            return Err(Stuck::TooManyRedirects);
        }
        match target {
            Destination::Here(path) => self.go_in_place(path),
            // Effects run in a browser only.
            Destination::Elsewhere { .. } => {
                supertokens_web::leave_for(target).ok();
            }
        }
        Ok(())
    }

    /// Leads to the page on which a claim can be mended, with this page as the return address.
    ///
    /// # Errors
    /// [`Stuck`] when this is that page, when it is none of this origin, or when redirects go round in circles.
    pub(crate) fn go_to_step_up(&self, session: Session, page: &str) -> Result<(), Stuck> {
        let origin = supertokens_web::page_origin().ok_or(Stuck::NoSuchPage)?;
        let rules = RedirectRules::pages_of(origin).except(&self.path());
        let target = self.base.checked(page, &rules).map_err(|_| Stuck::NoSuchPage)?;
        if !session.may_redirect() {
            return Err(Stuck::TooManyRedirects);
        }
        self.go_in_place(&login_url(&target, &self.full_path()));
        Ok(())
    }

    /// In place of this page in the history, so that the back button does not lead into a redirect. The router adds a
    /// page to the history once it is built, and that is waited for: until then, the page before would be replaced.
    pub(crate) fn go_in_place(&self, path: &str) {
        // A server has no history, and no local tasks.
        if !cfg!(target_arch = "wasm32") {
            return;
        }
        if self.is_in_history() == Some(true) {
            return self.go(path, true);
        }
        let (here, path) = (self.clone(), path.to_owned());
        spawn_local(async move {
            for _ in 0..LONGEST_WAIT_TICKS {
                match here.is_in_history() {
                    Some(true) => return here.go(&path, true),
                    Some(false) => tick().await,
                    // The user has gone elsewhere.
                    None => return,
                }
            }
            here.go(&path, false);
        });
    }

    /// Whether the browser's address is already that of this page; none where it is being left, or gone.
    fn is_in_history(&self) -> Option<bool> {
        let path = self.url.try_with_untracked(|url| url.path().to_owned())?;
        let to = self.location.pathname.try_get_untracked()?;
        (path == to).then(|| BrowserUrl::current().is_ok_and(|browser| browser.path() == path))
    }

    fn go(&self, path: &str, replace: bool) {
        // The path is a whole one: resolved, it would get the router's base a second time.
        let options = NavigateOptions { replace, resolve: false, ..NavigateOptions::default() };
        // The router takes slashes off the end of a path, query or fragment; a whole URL it leaves as it is.
        match supertokens_web::page_origin().filter(|_| path.starts_with('/')) {
            Some(origin) => (self.navigate)(&format!("{origin}{path}"), options),
            None => (self.navigate)(path, options),
        }
    }

    fn full_path(&self) -> String {
        let mark = |sign: char, text: &str| match text.trim_start_matches(sign) {
            "" => String::new(),
            text => format!("{sign}{text}"),
        };
        self.url.with_untracked(|url| {
            format!("{}{}{}", url.path(), mark('?', url.search()), mark('#', url.hash()))
        })
    }
}

/// Why a guard does not lead to another page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stuck {
    LoginIsGuarded,
    LoginIsNoPath,
    /// What a claim names is this page itself, or no page of this origin.
    NoSuchPage,
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
            Self::NoSuchPage => {
                "The page that this one leads to is no page of this site, or this page itself."
            }
            Self::TooManyRedirects => {
                "Redirects to the login page go round in circles, so they were stopped. Reload to try again."
            }
        }
    }
}
