//! The app's overrides replace functions of the client, may call the defaults, and can't leak tokens.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use serde_json::{Value, json};
use supertokens_session::{
    AccessToken, FrontToken, Original, Overrides, SessionError,
    SessionEvent::SignOut,
    Url,
    platform::{LocalBoxFuture, TransportResponse},
};

use crate::sim::{
    API, AntiCsrf, EPOCH_MS, Fault, REFRESH, Reply, SIGN_IN, World, run, run_current, run_in_each_mode,
};

/// Overrides that do not call the client.
struct Instead;

impl Overrides for Instead {
    fn session_exists<'a>(&'a self, _: Original<'a>) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(async { Ok(true) })
    }

    fn user_id<'a>(&'a self, _: Original<'a>) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        Box::pin(async { Ok("guest".to_owned()) })
    }

    fn payload<'a>(&'a self, _: Original<'a>) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        Box::pin(async { Ok(json!({ "role": "guest" })) })
    }

    fn access_token<'a>(
        &'a self,
        _: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        Box::pin(async { Ok(AccessToken::parse("own").ok()) })
    }

    fn refresh<'a>(&'a self, _: Original<'a>) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        Box::pin(async { Ok(false) })
    }

    fn sign_out<'a>(&'a self, _: Original<'a>) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        Box::pin(async { Err(SessionError::General { message: "stay".into() }) })
    }
}

#[test]
fn each_function_can_be_replaced_without_a_call() {
    run(async |world| {
        let tab = world.tab().with_overrides(Rc::new(Instead));
        let client = &tab.client;
        assert_eq!(client.session_exists().await, Ok(true));
        assert_eq!(client.user_id().await.as_deref(), Ok("guest"));
        assert_eq!(client.payload().await, Ok(json!({ "role": "guest" })));
        assert_eq!(client.access_token().await, Ok(AccessToken::parse("own").ok()));
        assert_eq!(client.refresh().await, Ok(false));
        assert_eq!(client.sign_out().await, Err(SessionError::General { message: "stay".into() }));
        assert_eq!((world.server.exchanges().len(), tab.events()), (0, vec![]));
    });
}

#[test]
fn requests_refresh_without_the_replaced_functions() {
    run_in_each_mode(async |world| {
        world.signed_in("ann").await;
        let tab = world.tab().with_overrides(Rc::new(Instead));
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(world.server.refreshes(), 1);
    });
}

/// Overrides that call the default of each function and count the calls.
#[derive(Default)]
struct Around {
    asked: Cell<u32>,
}

impl Around {
    fn count(&self) {
        self.asked.set(self.asked.get() + 1);
    }
}

impl Overrides for Around {
    fn session_exists<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        self.count();
        original.session_exists()
    }

    fn user_id<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<String, SessionError>> {
        self.count();
        Box::pin(async move { Ok(format!("user {}", original.user_id().await?)) })
    }

    fn payload<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<Value, SessionError>> {
        self.count();
        original.payload()
    }

    fn access_token<'a>(
        &'a self,
        original: Original<'a>,
    ) -> LocalBoxFuture<'a, Result<Option<AccessToken>, SessionError>> {
        self.count();
        original.access_token()
    }

    fn refresh<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<bool, SessionError>> {
        self.count();
        original.refresh()
    }

    fn sign_out<'a>(&'a self, original: Original<'a>) -> LocalBoxFuture<'a, Result<(), SessionError>> {
        self.count();
        Box::pin(async move {
            // All other functions of the client are available too.
            assert_eq!(original.client().get("/orders").send().await?.status(), 200);
            original.sign_out().await
        })
    }
}

#[test]
fn each_override_can_call_the_default() {
    run_in_each_mode(async |world| {
        let around = Rc::new(Around::default());
        world.signed_in("ann").await;
        let tab = world.tab().with_overrides(around.clone());
        let client = &tab.client;
        assert_eq!(client.session_exists().await, Ok(true));
        assert_eq!(client.user_id().await.as_deref(), Ok("user ann"));
        let front = client.front_token().await.unwrap().unwrap();
        assert_eq!(client.payload().await.as_ref(), Ok(front.payload()));
        assert_eq!(client.access_token().await, Ok(world.stored().access));
        assert_eq!(client.refresh().await, Ok(true));
        assert_eq!(world.server.refreshes(), 1);
        assert_eq!(client.sign_out().await, Ok(()));
        assert_eq!(around.asked.get(), 6);
        assert!(tab.events().contains(&SignOut));
        assert_eq!(client.session_exists().await, Ok(false));
    });
}

#[test]
fn the_defaults_change_nothing() {
    struct Nothing;
    impl Overrides for Nothing {}
    run_in_each_mode(async |world| {
        let tab = world.tab().with_overrides(Rc::new(Nothing));
        tab.sign_in("ann").await;
        let client = &tab.client;
        world.pass_expiry().await;
        assert_eq!(client.session_exists().await, Ok(true));
        assert_eq!(client.user_id().await.as_deref(), Ok("ann"));
        assert!(client.payload().await.unwrap().is_object());
        assert_eq!(client.access_token().await, Ok(world.stored().access));
        assert_eq!(client.refresh().await, Ok(true));
        assert_eq!(client.sign_out().await, Ok(()));
    });
}

/// Overrides that decide which requests use the session.
struct InScope<F>(F);

impl<F: Fn(&Url, bool) -> bool> Overrides for InScope<F> {
    fn is_api_url(&self, url: &Url, original: Original<'_>) -> bool {
        (self.0)(url, original.is_api_url(url))
    }
}

/// The session headers of the last request.
fn last_headers(world: &World) -> Vec<(String, String)> {
    world.server.exchanges().pop().unwrap().headers
}

#[test]
fn a_url_of_the_api_can_be_left_out() {
    run_in_each_mode(async |world| {
        world.signed_in("ann").await;
        let narrow = InScope(|url: &Url, is_api| is_api && !url.path_and_query().starts_with("/public"));
        let tab = world.tab().with_overrides(Rc::new(narrow));
        assert_eq!(tab.status("/public/x").await, 200);
        assert_eq!(last_headers(world), []);
        assert_eq!(tab.status("/orders").await, 200);
        assert_ne!(last_headers(world), []);
    });
}

#[test]
fn is_api_url_is_called_once_for_a_request_and_its_retries() {
    run_in_each_mode(async |world| {
        world.signed_in("ann").await;
        let asked = Rc::new(Cell::new(0));
        let count = asked.clone();
        let tab = world.tab().with_overrides(Rc::new(InScope(move |_: &Url, is_api| {
            count.set(count.get() + 1);
            is_api
        })));
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(asked.replace(0), 1);
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(asked.replace(0), 1);
        assert_eq!(tab.client.get("/orders").as_api_request().send().await.unwrap().status(), 200);
        assert_eq!(asked.replace(0), 0);
    });
}

#[test]
fn refresh_and_sign_out_use_the_session_despite_an_override() {
    run_in_each_mode(async |world| {
        world.signed_in("ann").await;
        let tab = world.tab().with_overrides(Rc::new(InScope(|_: &Url, _| false)));
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(tab.client.sign_out().await, Ok(()));
        assert_eq!(world.stored().front, None);
    });
}

#[test]
fn an_added_host_gets_the_session_and_its_headers_are_stored() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        world.signed_in("ann").await;
        let with_files = InScope(|url: &Url, is_api| is_api || url.origin().host() == "files.example");
        let tab = world.tab().with_overrides(Rc::new(with_files));
        world.network.foreign.replace(Reply::new(200, ""));
        // The simulation allows tokens only on its backend, so this host gets a request without one.
        world.store.edit(|stored| (stored.anti_csrf, stored.access) = (None, None));
        assert_eq!(tab.status("https://files.example/a.pdf").await, 200);
        assert!(last_headers(world).iter().any(|(name, _)| name == "st-auth-mode"));
        assert_eq!(tab.status("https://other.example/a.pdf").await, 200);
        assert_eq!(last_headers(world), []);

        world.network.foreign.replace(Reply::new(200, "").header("front-token", "remove"));
        tab.get("https://other.example/a.pdf").await.unwrap();
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
        tab.get("https://files.example/a.pdf").await.unwrap();
        assert_eq!(tab.user().await, None);
    });
}

#[test]
fn no_override_sends_the_session_from_https_to_http_or_where_the_url_opts_out() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        world.signed_in("ann").await;
        let tab = world.tab().with_overrides(Rc::new(InScope(|_: &Url, _| true)));
        world.network.foreign.replace(Reply::new(200, "").header("front-token", "remove"));
        for url in [
            "http://other.example/x",
            "http://api.example.com/public/x",
            "https://api.example.com/public/x?superTokensDoNotDoInterception",
            "https://other.example/superTokensDoNotDoInterception",
        ] {
            assert!(!tab.client.is_api_url(&Url::parse(url).unwrap()));
            assert_eq!(tab.status(url).await, 200, "{url}");
            assert_eq!(last_headers(world), [], "{url}");
            assert_eq!(tab.user().await.as_deref(), Some("ann"), "{url}");
        }
    });
}

#[test]
fn each_request_calls_the_override_once() {
    run(async |world| {
        let asked = Rc::new(RefCell::new(Vec::new()));
        let seen = asked.clone();
        world.signed_in("ann").await;
        let counting = InScope(move |url: &Url, is_api| {
            seen.borrow_mut().push(url.to_string());
            is_api
        });
        let tab = world.tab().with_overrides(Rc::new(counting));
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(*asked.borrow(), [format!("{API}/orders")]);
    });
}

/// An override of the clock skew.
struct Skew {
    add_ms: i64,
    is_busy: Box<dyn Fn() -> bool>,
    asked: Cell<u32>,
}

impl Skew {
    fn new(world: &World, add_ms: i64) -> Rc<Self> {
        let locks = world.locks.clone();
        Rc::new(Self { add_ms, is_busy: Box::new(move || locks.is_busy()), asked: Cell::new(0) })
    }
}

impl Overrides for Skew {
    fn clock_skew_ms(
        &self,
        front: &FrontToken,
        _: &dyn TransportResponse,
        received_at_ms: i64,
        original: Original<'_>,
    ) -> i64 {
        assert!(!(self.is_busy)(), "app code under the lock");
        self.asked.set(self.asked.get() + 1);
        original.clock_skew_ms(front, received_at_ms) + self.add_ms
    }
}

#[test]
fn the_override_sets_the_clock_skew_at_sign_in_and_after_each_refresh() {
    // The older generation's tokens have no time of issue.
    run_current(async |world| {
        world.clock.set_ahead_by(60_000);
        let skew = Skew::new(world, 5_000);
        let tab = world.tab().with_overrides(skew.clone());
        tab.sign_in("bob").await;
        assert!((-56_000..=-54_000).contains(&world.stored().clock_skew_ms));
        world.store.edit(|stored| stored.clock_skew_ms = 0);
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert!((-56_000..=-54_000).contains(&world.stored().clock_skew_ms));
        assert_eq!(skew.asked.get(), 2);
    });
}

#[test]
fn the_clock_skew_decides_the_expiry() {
    run_current(async |world| {
        // Half a minute ahead of the server: an access token of a minute counts as expired after half of it.
        let tab = world.tab().with_overrides(Skew::new(world, 30_000));
        tab.sign_in("ann").await;
        world.server.reset_counts();
        crate::sim::pass(40_000).await;
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn an_equal_clock_skew_is_written_once() {
    run(async |world| {
        world.signed_in("ann").await;
        let tab = world.tab().with_overrides(Skew::new(world, 0));
        let before = world.store.writes();
        tab.client.refresh().await.unwrap();
        assert_eq!(world.store.writes(), before + 1);
    });
}

/// Other tabs use it while a refresh stores its tokens.
#[test]
fn a_refresh_does_not_change_the_stored_clock_skew_of_an_override() {
    run(async |world| {
        let tab = world.tab().with_overrides(Skew::new(world, 5_000));
        tab.sign_in("ann").await;
        assert_eq!(world.stored().clock_skew_ms, 5_000);
        let before = world.store.writes();
        tab.client.refresh().await.unwrap();
        assert_eq!((world.store.writes(), world.stored().clock_skew_ms), (before + 1, 5_000));
    });
}

/// The value of a `date` header: when the response left the server, to the second. Worlds last no more than an hour.
fn date(world: &World) -> String {
    let seconds = (world.now_ms() - EPOCH_MS) / 1000;
    format!("Fri, 15 Jan 2027 08:{:02}:{:02} GMT", seconds / 60, seconds % 60)
}

fn parse_date(date: &str) -> i64 {
    let number = |range: std::ops::Range<usize>| date[range].parse::<i64>().unwrap();
    EPOCH_MS + ((number(17..19) - 8) * 3600 + number(20..22) * 60 + number(23..25)) * 1000
}

/// Reads the server's clock from the `date` header of the response.
#[derive(Default)]
struct ByDate(Cell<u32>);

impl Overrides for ByDate {
    fn clock_skew_ms(
        &self,
        _: &FrontToken,
        response: &dyn TransportResponse,
        received_at_ms: i64,
        _: Original<'_>,
    ) -> i64 {
        self.0.set(self.0.get() + 1);
        response.header("date").map_or(0, |date| parse_date(&date) - received_at_ms)
    }
}

#[test]
fn the_clock_skew_of_an_older_backend_comes_from_the_date_of_its_responses() {
    run(async |world| {
        const AHEAD_MS: i64 = 3_600_000;
        world.clock.set_ahead_by(AHEAD_MS);
        let near = |skew: i64| (-AHEAD_MS - 1_100..=-AHEAD_MS).contains(&skew);
        let by_date = Rc::new(ByDate::default());
        let tab = world.tab().with_overrides(by_date.clone());
        world.server.fail_once(SIGN_IN, Fault::Replaced("date", date(world)));
        tab.sign_in("ann").await;
        assert!(near(world.stored().clock_skew_ms), "{}", world.stored().clock_skew_ms);
        // By the device's clock alone the token has expired long ago.
        world.server.reset_counts();
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert_eq!(world.server.exchanges().len(), 0);

        world.pass_expiry().await;
        world.store.edit(|stored| stored.clock_skew_ms = 0);
        world.server.fail_once(REFRESH, Fault::Replaced("date", date(world)));
        assert_eq!(tab.client.session_exists().await, Ok(true));
        assert!(near(world.stored().clock_skew_ms), "{}", world.stored().clock_skew_ms);
        assert_eq!((world.server.refreshes(), by_date.0.get()), (1, 2));
    });
}
