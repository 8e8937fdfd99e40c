//! Redirects to the login page, or to the page that repairs a claim, and back.

mod budget;
mod router;
mod router_base;

use std::cell::RefCell;

use budget::RedirectBudget;
pub use router::{RouteLocation, Router};
pub use router_base::RouterBase;
use supertokens_session::{
    SessionClient,
    wire::{
        login::login_page,
        redirect::{self as target, Destination, RedirectRules, login_url},
    },
};

/// The redirects of one provider. They replace history, never target the current page, and are counted.
pub struct Redirects {
    client: SessionClient,
    /// The path of the login page, without the router's base.
    login: String,
    budget: RefCell<RedirectBudget>,
}

impl Redirects {
    pub(crate) fn new(client: SessionClient, login: String) -> Self {
        Self { client, login, budget: RefCell::new(RedirectBudget::of_routes()) }
    }

    /// Redirects to the login page, as a rule with the current page as the return address.
    ///
    /// # Errors
    /// [`RedirectError`] where this is the login page, its path is invalid, or redirects go round in circles.
    pub(crate) fn to_login(
        &self,
        router: &dyn Router,
        with_return_address: bool,
    ) -> Result<(), RedirectError> {
        let here = router.location();
        let return_to = with_return_address.then(|| here.full_path());
        let website = self.client.config().website_domain();
        let page = supertokens_web::page_origin();
        let find = |login: &str| {
            login_page(login, website, page.as_ref(), return_to.as_deref())
                .map_err(|_| RedirectError::LoginPathInvalid)
        };
        let mut login = self.login.clone();
        let mut destination = find(&login)?;
        if matches!(destination, Destination::Here(_)) {
            login = router.base().below(&login);
            destination = find(&login)?;
        }
        let login_path = login.split(['?', '#']).next().unwrap_or_default();
        let is_login_path = here.path.trim_end_matches('/') == login_path.trim_end_matches('/');
        if is_login_path && matches!(destination, Destination::Here(_)) {
            return Err(RedirectError::LoginIsGuarded);
        }
        self.follow(router, &destination)
    }

    /// Redirects to the page that repairs a claim, with the current page as the return address.
    ///
    /// # Errors
    /// [`RedirectError`] where this is that page, it is not of this origin, or redirects go round in circles.
    pub(crate) fn to_step_up(&self, router: &dyn Router, page: &str) -> Result<(), RedirectError> {
        let here = router.location();
        let origin = supertokens_web::page_origin().ok_or(RedirectError::NoSuchPage)?;
        let rules = RedirectRules::pages_of(origin).except(&here.path);
        let page = router.base().checked(page, &rules).map_err(|_| RedirectError::NoSuchPage)?;
        self.follow(router, &Destination::Here(login_url(&page, &here.full_path())))
    }

    /// Goes where a [return address](Self::return_destination) leads.
    pub fn go_back(&self, router: &dyn Router, destination: &Destination) {
        // A user who returns to a page of this app is not counted.
        if let Destination::Here(path) = destination {
            router.replace(path);
        } else if let Err(error) = self.follow(router, destination) {
            crate::warn(error.message());
        }
    }

    /// Where the URL of the current page leads back to. Anyone can write a URL, so a page of this origin is taken that is
    /// neither the login page nor the current page, or one of an origin that the settings allow. Otherwise none.
    pub fn return_destination(&self, router: &dyn Router) -> Option<Destination> {
        let here = router.location();
        let login = router.base().below(&self.login);
        let rules = RedirectRules::new(supertokens_web::page_origin()?, &login).except(&here.path);
        let mut address = target::return_address(&here.query)?;
        loop {
            let found = match target::find(&address, &rules, self.client.config().return_origins()) {
                Ok(Destination::Here(_)) => router.base().checked(&address, &rules).map(Destination::Here),
                found => found,
            };
            match found {
                Ok(destination) => return Some(destination),
                // A page between, such as one below the login page: take its own return address. Each address is a
                // part of the one before, so this ends.
                Err(target::RedirectError::LoginPage | target::RedirectError::SamePage) => {
                    let (_, query) = address.split_once('?')?;
                    address = target::return_address(query.split('#').next().unwrap_or_default())?;
                }
                Err(_) => return None,
            }
        }
    }

    fn follow(&self, router: &dyn Router, destination: &Destination) -> Result<(), RedirectError> {
        let now_ms = self.client.platform().clock.now_ms();
        let may_go = match destination {
            Destination::Here(_) => self.budget.borrow_mut().take(now_ms),
            Destination::Elsewhere { .. } => {
                RedirectBudget::of_loads(supertokens_web::navigations_ms()).take(now_ms)
            }
        };
        if !may_go {
            return Err(RedirectError::TooManyRedirects);
        }
        match destination {
            Destination::Here(path) => router.replace(path),
            Destination::Elsewhere { .. } => router.load(destination),
        }
        Ok(())
    }
}

impl std::fmt::Debug for Redirects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redirects").field("login", &self.login).finish_non_exhaustive()
    }
}

/// Why a guard does not redirect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectError {
    /// The login page is guarded.
    LoginIsGuarded,
    /// The path of the login page is not valid.
    LoginPathInvalid,
    /// The page that a claim names is the current page, or no page of this origin.
    NoSuchPage,
    /// Redirects go round in circles.
    TooManyRedirects,
}

impl RedirectError {
    /// What a developer has to know, in place of the view.
    pub fn message(self) -> &'static str {
        match self {
            Self::LoginIsGuarded => {
                "This page asks for a session, but it is the login page: its route must not be guarded."
            }
            Self::LoginPathInvalid => {
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

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use supertokens_session::{SessionConfig, platform::Platform};

    use super::*;

    /// A router in memory.
    struct Memory {
        path: &'static str,
        base: RouterBase,
        replaced: RefCell<Vec<String>>,
    }

    impl Router for Memory {
        fn location(&self) -> RouteLocation {
            RouteLocation::new(self.path, "?a=1", "#part")
        }

        fn is_leaving(&self) -> bool {
            false
        }

        fn base(&self) -> &RouterBase {
            &self.base
        }

        fn replace(&self, path: &str) {
            self.replaced.borrow_mut().push(path.to_owned());
        }
    }

    fn redirects(login: &str) -> Redirects {
        let config = SessionConfig::builder("https://api.example.com").build().unwrap();
        Redirects::new(SessionClient::new(config, Platform::absent()), login.to_owned())
    }

    fn at(path: &'static str, base: &str) -> Memory {
        Memory { path, base: RouterBase::new(base), replaced: RefCell::default() }
    }

    #[test]
    fn the_login_page_is_below_the_base_and_gets_the_return_address() {
        for (base, with_return_address, url) in [
            ("", true, "/login?redirectToPath=%2Forders%3Fa%3D1%23part"),
            ("/app", true, "/app/login?redirectToPath=%2Forders%3Fa%3D1%23part"),
            ("", false, "/login"),
        ] {
            let router = at("/orders", base);
            assert_eq!(redirects("/login").to_login(&router, with_return_address), Ok(()));
            assert_eq!(*router.replaced.borrow(), [url]);
        }
    }

    #[test]
    fn a_guarded_login_page_and_a_circle_are_errors() {
        for (path, base) in [("/login", ""), ("/login/", ""), ("/app/login", "/app")] {
            let router = at(path, base);
            assert_eq!(redirects("/login").to_login(&router, true), Err(RedirectError::LoginIsGuarded));
            assert!(router.replaced.borrow().is_empty());
        }
        let (redirects, router) = (redirects("/login"), at("/orders", ""));
        let last = (0..11).map(|_| redirects.to_login(&router, true)).last();
        assert_eq!(last, Some(Err(RedirectError::TooManyRedirects)));
        assert_eq!(router.replaced.borrow().len(), 10);
    }
}
