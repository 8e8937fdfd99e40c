//! No part of the session is sent to another host or accepted from it.

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

/// Responses with each session header.
fn hostile(status: u16) -> Reply {
    Reply::new(status, "")
        .header("front-token", "remove")
        .header("id-refresh-token", "remove")
        .header("anti-csrf", "evil")
        .header("st-access-token", "evil")
        .header("st-refresh-token", "evil")
}

#[test]
fn no_header_token_or_cookie_of_the_session_is_sent() {
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
fn the_callers_headers_and_credentials_are_sent_unchanged() {
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
fn session_headers_of_another_host_are_not_stored() {
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
fn session_headers_of_a_request_without_the_session_are_not_stored() {
    each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = world.stored();
        for status in [200, 401] {
            world.server.route("/public/x", hostile(status));
            for url in OPTED_OUT.into_iter().filter(|url| !url.ends_with("/superTokensDoNotDoInterception")) {
                assert_eq!(tab.status(url).await, status);
            }
            let response = tab.client.get("/public/x").without_session().send().await.unwrap();
            assert_eq!((response.status(), response.session_error()), (status, None));
        }
        assert_eq!((world.stored(), tab.events()), (stored, vec![]));
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn an_expired_session_does_not_delay_requests_to_other_hosts() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.network.foreign.replace(Reply::new(200, ""));
        world.pass_expiry().await;
        assert_eq!(tab.status("https://other.example/x").await, 200);
        assert_eq!(world.server.refreshes(), 0);
    });
}

#[test]
fn an_unreadable_store_does_not_affect_requests_to_other_hosts() {
    run(async |world| {
        let tab = world.tab();
        world.network.foreign.replace(Reply::new(200, ""));
        world.store.set_unreadable(true);
        let builders: [fn(&SessionClient) -> RequestBuilder; 2] = [
            |client| client.get("https://other.example/x"),
            |client| client.get("https://other.example/x").header("authorization", "Basic YTpi"),
        ];
        for build in builders {
            assert_eq!(build(&tab.client).send().await.unwrap().status(), 200);
        }
    });
}

#[test]
fn a_url_that_browsers_rewrite_uses_the_session() {
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
fn the_apis_host_on_any_port_is_in_the_api_scope() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.status("https://api.example.com:8443/orders").await, 200);
        assert_eq!(tab.status("HTTPS://API.example.com/orders").await, 200);
    });
}

#[test]
fn only_hosts_of_the_backend_domain_are_in_the_api_scope() {
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
