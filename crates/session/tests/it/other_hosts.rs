//! Nothing of the session goes to another host, and nothing comes from it.

use supertokens_session::{RequestBuilder, SessionClient, platform::Credentials};

use crate::sim::{AntiCsrf, Exchange, Reply, World, run, run_in_each_mode};

const FOREIGN: [&str; 6] = [
    "https://other.example/x",
    "https://example.com/x",
    "https://a.api.example.com/x",
    "https://api.example.com.evil.example/x",
    "https://evil.example/?u=https://api.example.com/",
    "http://evil.example/api.example.com",
];

/// Requests to the API's host that must not carry the session either.
const OPTED_OUT: [&str; 5] = [
    "http://api.example.com/public/x",
    "/public/x?superTokensDoNotDoInterception",
    "/public/x#superTokensDoNotDoInterception",
    "https://api.example.com/public/x?a#b=superTokensDoNotDoInterception&c",
    "/public/superTokensDoNotDoInterception",
];

fn each_mode(scenario: impl AsyncFn(&World)) {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        scenario(world).await;
    });
}

fn last(world: &World) -> Exchange {
    world.server.exchanges().pop().unwrap()
}

fn carries_nothing(request: &Exchange) {
    assert_eq!((&request.headers, request.credentials), (&vec![], None), "{}", request.url);
    assert!(request.cookies.is_empty());
}

/// Everything that an answer could do to the session.
fn hostile(status: u16) -> Reply {
    Reply::new(status, "")
        .header("front-token", "remove")
        .header("id-refresh-token", "remove")
        .header("anti-csrf", "evil")
        .header("st-access-token", "evil")
        .header("st-refresh-token", "evil")
}

#[test]
fn no_header_token_or_cookie_of_ours_goes_there() {
    each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.network.foreign.replace(Reply::new(200, ""));
        for url in FOREIGN.into_iter().chain(OPTED_OUT) {
            assert_eq!(tab.status(url).await, 200, "{url}");
            carries_nothing(&last(world));
        }
        assert_eq!(tab.client.get("/public/x").without_session().send().await.unwrap().status(), 200);
        carries_nothing(&last(world));
    });
}

#[test]
fn the_callers_own_headers_and_credentials_go_as_they_are() {
    each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        world.network.foreign.replace(Reply::new(200, ""));
        let request = tab.client.post("https://other.example/x");
        let request = request.header("Authorization", "Basic YTpi").header("rid", "mine").body("b");
        request.credentials(Credentials::Omit).send().await.unwrap();
        let sent = last(world);
        let headers = [("authorization", "Basic YTpi"), ("rid", "mine")];
        assert_eq!(sent.headers, headers.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!((sent.credentials, sent.body), (Some(Credentials::Omit), b"b".to_vec()));
    });
}

#[test]
fn nothing_in_an_answer_from_there_is_saved() {
    each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = world.stored();
        for status in [200, 401, 403, 500] {
            world.network.foreign.replace(hostile(status));
            assert_eq!(tab.status("https://other.example/x").await, status);
        }
        assert_eq!((world.stored(), tab.events()), (stored, vec![]));
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn nothing_in_an_answer_to_a_request_without_the_session_is_saved() {
    each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = world.stored();
        for status in [200, 401] {
            world.server.route("/public/x", hostile(status));
            for url in OPTED_OUT.into_iter().filter(|url| !url.ends_with("/superTokensDoNotDoInterception")) {
                assert_eq!(tab.status(url).await, status);
            }
            let answer = tab.client.get("/public/x").without_session().send().await.unwrap();
            assert_eq!((answer.status(), answer.session_error()), (status, None));
        }
        assert_eq!((world.stored(), tab.events()), (stored, vec![]));
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn an_expired_session_keeps_no_other_host_waiting() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.network.foreign.replace(Reply::new(200, ""));
        world.pass_expiry().await;
        assert_eq!(tab.status("https://other.example/x").await, 200);
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn a_store_that_cannot_be_read_is_none_of_their_business() {
    run(async |world| {
        let tab = world.tab();
        world.network.foreign.replace(Reply::new(200, ""));
        world.store.set_unreadable(true);
        let ways: [fn(&SessionClient) -> RequestBuilder; 2] = [
            |client| client.get("https://other.example/x"),
            |client| client.get("https://other.example/x").header("authorization", "Basic YTpi"),
        ];
        for way in ways {
            assert_eq!(way(&tab.client).send().await.unwrap().status(), 200);
        }
    });
}

#[test]
fn a_url_that_only_browsers_write_otherwise_takes_part() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        for url in [
            "/orders?q=C:\\Users",
            "/orders?q=\\d+#\\",
            "/orders#a\\b",
            "https://api.example.com/orders?q=a\\b",
            "/orders?q=\u{3000}\u{2028}",
            "/orders?q={}[]^`|",
            "/orders?to=https://other.example/",
        ] {
            assert_eq!(tab.status(url).await, 200, "{url}");
            assert_eq!(last(world).header("st-auth-mode"), Some("cookie"), "{url}");
        }
    });
}

#[test]
fn the_apis_host_on_any_port_is_ours() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.status("https://api.example.com:8443/orders").await, 200);
        assert_eq!(tab.status("HTTPS://API.example.com/orders").await, 200);
    });
}

#[test]
fn hosts_of_the_backend_domain_are_ours_and_no_others() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.session_token_backend_domain("example.com"));
        tab.sign_in("ann").await;
        world.network.foreign.replace(Reply::new(200, ""));
        assert_eq!(tab.status("https://b.example.com/x").await, 200);
        assert_eq!(last(world).header("st-auth-mode"), Some("cookie"));
        assert_eq!(tab.status("https://notexample.com/x").await, 200);
        carries_nothing(&last(world));
    });
}
