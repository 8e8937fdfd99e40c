//! Redirects to the login page or to a step-up page, and back. A step-up page lets the user fulfil a claim.

mod budget;
mod return_address;
mod router;
mod router_base;

use std::cell::RefCell;

use budget::RedirectBudget;
pub use return_address::ReturnAddress;
pub use router::{RouteLocation, Router};
pub use router_base::RouterBase;
use supertokens_session::{
    FrontToken, SessionClient,
    claims::Require,
    internal::{
        login::login_page,
        redirect::{self as target, Destination, RedirectRules, login_url},
    },
};

/// The redirects of one provider. A redirect replaces the current history entry and never targets the current page. A
/// limit stops redirect loops.
pub struct Redirects {
    client: SessionClient,
    /// The path of the login page, without the router's base.
    login: String,
    budget: RefCell<RedirectBudget>,
}

impl Redirects {
    /// The redirects of a provider whose login page has the path `login`.
    pub fn new(client: SessionClient, login: String) -> Self {
        Self { client, login, budget: RefCell::new(RedirectBudget::of_routes()) }
    }

    /// Redirects to the login page, and returns its address. The return address is the current page, except after a
    /// sign-out.
    ///
    /// # Errors
    /// [`RedirectError`] if the current page is the login page, its path is invalid, or there were too many redirects.
    pub(crate) fn to_login(
        &self,
        router: &dyn Router,
        with_return_address: bool,
    ) -> Result<Destination, RedirectError> {
        let here = router.location();
        let return_to = with_return_address.then(|| here.full_path());
        let website = self.client.config().settings().website_domain.as_ref();
        let page = router.origin();
        let find = |login: &str| {
            login_page(login, website, page.as_ref(), return_to.as_deref())
                .map_err(|_| RedirectError::LoginPathInvalid)
        };
        let mut login = target::with_login_parameters(&self.login, &here.query);
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
        self.follow(router, &destination).map(|()| destination)
    }

    /// Redirects to the step-up page of a claim, with the current page as the return address, and returns its address.
    ///
    /// # Errors
    /// [`RedirectError`] if the current page is that page, it is not of this origin, or there were too many redirects.
    pub(crate) fn to_step_up(&self, router: &dyn Router, page: &str) -> Result<Destination, RedirectError> {
        self.to_step_up_with(router, page, &router.location().full_path())
    }

    fn to_step_up_with(
        &self,
        router: &dyn Router,
        page: &str,
        return_to: &str,
    ) -> Result<Destination, RedirectError> {
        let here = router.location();
        let origin = router.origin().ok_or(RedirectError::NoSuchPage)?;
        let rules = RedirectRules::pages_of(origin).except(&here.path);
        let page = router.base().checked(page, &rules).map_err(|_| RedirectError::NoSuchPage)?;
        let page = target::with_login_parameters(&page, &here.query);
        let destination = Destination::Here(login_url(&page, return_to));
        self.follow(router, &destination).map(|()| destination)
    }

    /// Redirects to the step-up page of a requirement that the user does not fulfil yet, with `destination` as its return
    /// address. Returns whether the user has to fulfil it first; if its page is the current one, the user stays.
    ///
    /// A claim that is due is left to the guard of the destination, which fetches it. `now_ms` is the server's time.
    pub(crate) fn step_up_before(
        &self,
        router: &dyn Router,
        destination: &Destination,
        front: &FrontToken,
        require: &Require,
        now_ms: i64,
    ) -> bool {
        if require.is_due(front, now_ms) {
            return false;
        }
        let denied = require.check_token(front, now_ms).err();
        let Some(page) = denied.and_then(|denied| denied.redirect) else { return false };
        match self.to_step_up_with(router, &page, &destination.to_string()) {
            // The claim's page is this one, which is no mistake here.
            Ok(_) | Err(RedirectError::NoSuchPage) => {}
            Err(error) => crate::warn(error.message()),
        }
        true
    }

    /// Navigates to a [return address](Self::return_destination).
    pub(crate) fn go_back(&self, router: &dyn Router, destination: &Destination) {
        // A return to a page of this app can't loop, so it is not counted.
        if let Destination::Here(path) = destination {
            router.replace(path);
        } else if let Err(error) = self.follow(router, destination) {
            crate::warn(error.message());
        }
    }

    /// Reads the return address from the URL of the current page.
    ///
    /// An attacker can write a URL. So the return address must be a page of this origin other than the login page and
    /// the current page, or a page of an origin that the settings allow. Otherwise this returns `None`.
    pub(crate) fn return_destination(&self, router: &dyn Router) -> Option<Destination> {
        let here = router.location();
        let login = router.base().below(&self.login);
        let rules = RedirectRules::new(router.origin()?, &login).except(&here.path);
        let mut address = target::return_address(&here.query)?;
        loop {
            let found = match target::find(&address, &rules, &self.client.config().settings().return_origins)
            {
                Ok(Destination::Here(_)) => router.base().checked(&address, &rules).map(Destination::Here),
                found => found,
            };
            match found {
                Ok(destination) => return Some(destination),
                // The address is a page in between, such as one below the login page, with a return address of its own.
                // Each address is a part of the one before, so the loop ends.
                Err(target::RedirectError::LoginPage | target::RedirectError::SamePage) => {
                    let (_, query) = address.split_once('?')?;
                    address = target::return_address(query.split('#').next().unwrap_or_default())?;
                }
                Err(_) => return None,
            }
        }
    }

    fn follow(&self, router: &dyn Router, destination: &Destination) -> Result<(), RedirectError> {
        let now_ms = self.client.platform().map_or(0, |platform| platform.clock.now_ms());
        let may_redirect = match destination {
            Destination::Here(_) => self.budget.borrow_mut().take(now_ms),
            Destination::Elsewhere(_) => {
                RedirectBudget::of_page_loads(supertokens_web::navigations_ms()).take(now_ms)
            }
        };
        if !may_redirect {
            return Err(RedirectError::TooManyRedirects);
        }
        match destination {
            Destination::Here(path) => router.replace(path),
            Destination::Elsewhere(_) => router.load(destination),
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
    /// The step-up page of a claim is the current page, or is not on this origin.
    NoSuchPage,
    /// There were too many redirects in a short time.
    TooManyRedirects,
}

impl RedirectError {
    /// A message for developers, which the page shows in place of the view.
    pub fn message(self) -> &'static str {
        match self {
            Self::LoginIsGuarded => {
                "This guarded page is the login page. The route of the login page must not be guarded."
            }
            Self::LoginPathInvalid => "The path of the login page is not a path. Begin it with one slash.",
            Self::NoSuchPage => "The page that the claim redirects to is this page, or is not on this site.",
            Self::TooManyRedirects => {
                "There were too many redirects to the login page in a short time. Reload the page to try again."
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use base64::prelude::*;
    use serde_json::{Value, json};
    use supertokens_session::{Origin, SessionConfig, Url, claims::multi_factor};

    use super::*;

    struct MemoryRouter {
        path: &'static str,
        query: &'static str,
        base: RouterBase,
        replaced: RefCell<Vec<String>>,
    }

    impl Router for MemoryRouter {
        fn location(&self) -> RouteLocation {
            RouteLocation::new(self.path, self.query, "#part")
        }

        fn is_leaving(&self) -> bool {
            false
        }

        fn base(&self) -> &RouterBase {
            &self.base
        }

        fn origin(&self) -> Option<Origin> {
            Some(Url::parse("https://app.example.com").unwrap().origin().clone())
        }

        fn replace(&self, path: &str) {
            self.replaced.borrow_mut().push(path.to_owned());
        }
    }

    fn redirects(login: &str) -> Redirects {
        let config = SessionConfig::builder("https://api.example.com").build().unwrap();
        Redirects::new(SessionClient::without_page(config), login.to_owned())
    }

    fn router_at(path: &'static str, base: &str) -> MemoryRouter {
        MemoryRouter { path, query: "?a=1", base: RouterBase::new(base), replaced: RefCell::default() }
    }

    #[test]
    fn the_login_page_is_below_the_base_and_gets_the_return_address() {
        for (base, with_return_address, url) in [
            ("", true, "/login?redirectToPath=%2Forders%3Fa%3D1%23part"),
            ("/app", true, "/app/login?redirectToPath=%2Forders%3Fa%3D1%23part"),
            ("", false, "/login"),
        ] {
            let router = router_at("/orders", base);
            assert!(redirects("/login").to_login(&router, with_return_address).is_ok());
            assert_eq!(*router.replaced.borrow(), [url]);
        }
    }

    fn front(factors: Value) -> FrontToken {
        let token = json!({ "uid": "u", "ate": 1, "up": { "st-mfa": factors } });
        FrontToken::decode(&BASE64_STANDARD.encode(token.to_string())).unwrap()
    }

    #[test]
    fn the_tenant_and_the_login_challenge_survive_each_redirect() {
        let carried = "tenantId=acme&loginChallenge=c%2B1";
        let router =
            MemoryRouter { query: "?tenantId=acme&a=1&loginChallenge=c%2B1", ..router_at("/orders", "") };
        let (redirects, require) =
            (redirects("/login"), multi_factor().factor_page("totp", "/second-factor"));
        redirects.to_login(&router, false).unwrap();
        let incomplete = front(json!({ "c": {}, "v": false }));
        let back = Destination::Here("/orders".to_owned());
        assert!(redirects.step_up_before(&router, &back, &incomplete, &Require::claim(require.clone()), 0));
        let expected =
            [format!("/login?{carried}"), format!("/second-factor?{carried}&redirectToPath=%2Forders")];
        assert_eq!(*router.replaced.borrow(), expected);

        let on_the_page = router_at("/second-factor", "");
        assert!(redirects.step_up_before(
            &on_the_page,
            &back,
            &incomplete,
            &Require::claim(require.clone()),
            0
        ));
        let complete = front(json!({ "c": { "totp": 1 }, "v": true }));
        assert!(!redirects.step_up_before(&on_the_page, &back, &complete, &Require::claim(require), 0));
        assert!(on_the_page.replaced.borrow().is_empty());
    }

    #[test]
    fn a_guarded_login_page_and_a_redirect_loop_are_errors() {
        for (path, base) in [("/login", ""), ("/login/", ""), ("/app/login", "/app")] {
            let router = router_at(path, base);
            assert_eq!(redirects("/login").to_login(&router, true), Err(RedirectError::LoginIsGuarded));
            assert!(router.replaced.borrow().is_empty());
        }
        let (redirects, router) = (redirects("/login"), router_at("/orders", ""));
        let last = (0..11).map(|_| redirects.to_login(&router, true)).last();
        assert_eq!(last, Some(Err(RedirectError::TooManyRedirects)));
        assert_eq!(router.replaced.borrow().len(), 10);
    }
}
