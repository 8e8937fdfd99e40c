use std::{rc::Rc, sync::Arc};

use supertokens_session::claims::{Require, multi_factor};
use supertokens_ui::{ReturnAddress, SessionSync};

use crate::world::{Memory, World};

/// A login page that another app asked for, with a signed-in user.
struct LoginPage {
    world: Rc<World>,
    router: Rc<Memory>,
    return_address: ReturnAddress,
    _sync: SessionSync,
}

impl LoginPage {
    fn open(payload: &str) -> Self {
        let query = "?loginChallenge=c1&redirectToPath=%2Fcart";
        let (world, router) = (World::signed_in(payload), Rc::new(Memory { query, ..Memory::default() }));
        let sync = SessionSync::start(world.client(), "/login".to_owned(), Arc::default(), false, |_| {});
        world.run();
        let return_address = ReturnAddress::new("/", router.clone(), Some(sync.clone()), None);
        Self { world, router, return_address: return_address.continue_oauth2(), _sync: sync }
    }

    /// Where the page leads. The API responds with this to the question where the login continues.
    fn go(&self, response: &'static str) -> [Vec<String>; 2] {
        self.world.responds_with_body(response);
        self.return_address.go();
        self.world.run();
        [self.router.replaced.take(), self.router.loaded.take()]
    }
}

#[test]
fn the_login_of_another_app_continues_there() {
    let page = LoginPage::open("{}");
    let back = "https://other.example.com/callback?code=1";
    let went = page.go(r#"{"status":"OK","frontendRedirectTo":"https://other.example.com/callback?code=1"}"#);
    assert_eq!(went, [vec![], vec![back.to_owned()]]);
    assert_eq!(*page.world.requests.borrow(), ["/auth/oauth/login?loginChallenge=c1"]);
}

#[test]
fn an_invalid_challenge_leads_to_the_return_address() {
    let went = LoginPage::open("{}").go(r#"{"status":"ERROR","error":"invalid_request"}"#);
    assert_eq!(went, [vec!["/cart".to_owned()], vec![]]);
}

#[test]
fn the_user_stays_if_the_backend_asks_for_a_new_sign_in_or_fails() {
    for response in [
        r#"{"status":"OK","frontendRedirectTo":"https://app.example.com/auth?loginChallenge=c1&forceFreshAuth=true"}"#,
        r#"{"status":"NEWER"}"#,
        "no JSON",
    ] {
        assert_eq!(LoginPage::open("{}").go(response), [vec![], vec![]] as [Vec<String>; 2], "{response}");
    }
}

#[test]
fn a_user_who_left_the_page_is_led_nowhere() {
    let page = LoginPage::open("{}");
    page.world.responds_with_body(r#"{"status":"ERROR","error":"invalid_request"}"#);
    page.return_address.go();
    page.router.is_leaving.set(true);
    page.world.run();
    page.return_address.go();
    page.world.run();
    assert!(page.router.replaced.borrow().is_empty());
    assert_eq!(page.world.requests.borrow().len(), 1);
}

#[test]
fn after_the_provider_it_leads_nowhere() {
    let LoginPage { world, router, return_address, _sync } = LoginPage::open("{}");
    world.responds_with_body(r#"{"status":"ERROR","error":"invalid_request"}"#);
    return_address.go();
    drop(_sync);
    world.run();
    return_address.go();
    world.run();
    assert!(router.replaced.borrow().is_empty() && router.loaded.borrow().is_empty());
    assert_eq!(world.requests.borrow().len(), 1);
}

#[test]
fn a_missing_factor_comes_before_the_login_of_another_app() {
    let page = LoginPage::open(r#"{"st-mfa":{"c":{},"v":false}}"#);
    let factors = Require::claim(multi_factor().factor_page("totp", "/second-factor"));
    page.return_address.clone().step_up(factors).go();
    page.world.run();
    assert_eq!(*page.router.replaced.borrow(), ["/second-factor?loginChallenge=c1&redirectToPath=%2Fcart"]);
    assert!(page.world.requests.borrow().is_empty());
}

#[test]
fn on_a_server_it_is_a_link_and_leads_nowhere() {
    let router = Rc::<Memory>::default();
    let return_address = ReturnAddress::new("/home", router.clone(), None, None).step_up(Require::session());
    return_address.go();
    assert_eq!(return_address.href(), "/home");
    assert!(router.replaced.borrow().is_empty() && router.loaded.borrow().is_empty());
}
