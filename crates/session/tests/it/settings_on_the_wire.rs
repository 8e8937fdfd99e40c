//! The effect of settings on the requests.

use supertokens_session::SessionConfig;

use crate::sim::{API, Exchange, REFRESH, SIGN_OUT, World, run};

/// The API's host on another port, where the model backend responds in the same way.
const OTHER_PORT: &str = "https://api.example.com:8443";

fn last(world: &World) -> Exchange {
    world.server.exchanges().pop().unwrap()
}

#[test]
fn only_a_refresh_uses_the_refresh_token_url() {
    run(async |world| {
        let url = format!("{OTHER_PORT}{REFRESH}");
        let tab = world.tab_with(|settings| settings.refresh_token_url(&url));
        tab.sign_in("ann").await;
        world.server.expire_access_tokens();
        assert_eq!(tab.status("/orders").await, 200);
        tab.client.sign_out().await.unwrap();
        for sent in world.server.everything() {
            assert_eq!(sent.url == url, sent.path == REFRESH, "{}", sent.url);
        }
        assert_eq!(last(world).url, format!("{API}{SIGN_OUT}"));
    });
}

#[test]
fn refresh_and_sign_out_are_below_the_base_path() {
    for (path, base) in [("/auth", "/auth"), ("/v1/session/", "/v1/session"), ("/", ""), ("", "")] {
        let config = SessionConfig::builder(API).api_base_path(path).build().unwrap();
        assert_eq!(config.refresh_url().to_string(), format!("{API}{base}/session/refresh"));
        assert_eq!(config.sign_out_url().to_string(), format!("{API}{base}/signout"));
    }
}

#[test]
fn the_exact_origin_excludes_other_ports_of_the_host() {
    for exact in [false, true] {
        run(async |world| {
            let tab = world.tab_with(|settings| settings.exact_origin(exact));
            tab.sign_in("ann").await;
            assert_eq!(tab.status(&format!("{OTHER_PORT}/public/x")).await, 200);
            let sent = last(world);
            assert_eq!((sent.headers.is_empty(), sent.cookies.is_empty()), (exact, exact));
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

/// The JavaScript SDK accepts both spellings, and migrated apps copy their settings.
#[test]
fn a_domain_has_the_same_hosts_with_and_without_a_leading_dot() {
    for domain in ["example.com", ".example.com", ".Example.COM"] {
        let settings = SessionConfig::builder(API).session_token_frontend_domain(domain);
        let config = settings.session_token_backend_domain(domain).build().unwrap();
        assert_eq!(config.settings().frontend_domain.as_ref().unwrap().as_str(), "example.com", "{domain}");
        assert!(config.is_api_url(&config.resolve("https://b.example.com/x").unwrap()), "{domain}");
    }
}
