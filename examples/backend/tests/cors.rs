//! The allowed origins, and the CORS headers of each response.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use backend::{Generation, Options};
use common::{
    Api, REFRESH, TestResponse, api, api_of, bare, controlled_api_of, default_api, in_both_generations,
};

in_both_generations! {
    a_preflight_from_loopback_passes
    error_responses_have_the_headers_too
}

const HOME: &str = "http://localhost:8080";

async fn preflight(app: &Api, origin: &str) -> TestResponse {
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "rid,st-auth-mode,content-type"),
    ];
    bare(app, "OPTIONS", REFRESH, &headers).await
}

fn list(response: &TestResponse, name: &str) -> Vec<String> {
    let text = response.header(name).unwrap_or_else(|| panic!("no {name}"));
    text.split(',').map(|item| item.trim().to_ascii_lowercase()).collect()
}

async fn a_preflight_from_loopback_passes(generation: Generation) {
    let (app, _) = api_of(generation);
    for origin in [HOME, "http://127.0.0.1:1", "http://[::1]:3000"] {
        let response = preflight(&app, origin).await.is(200);
        assert_eq!(response.header("access-control-allow-origin"), Some(origin));
        assert_eq!(response.header("access-control-allow-credentials"), Some("true"));
        let methods = list(&response, "access-control-allow-methods");
        for method in ["get", "post", "put", "patch", "delete", "options"] {
            assert!(methods.iter().any(|one| one == method), "{method}");
        }
        let mut headers = vec!["content-type", "rid", "fdi-version", "anti-csrf", "st-auth-mode"];
        if generation == Generation::Current {
            headers.insert(1, "authorization");
        }
        assert_eq!(list(&response, "access-control-allow-headers"), headers);
        assert!(list(&response, "vary").iter().any(|one| one == "origin"));
        assert!(response.header("access-control-max-age").unwrap().parse::<u32>().unwrap() > 0);
    }
}

#[tokio::test]
async fn other_origins_are_not_allowed() {
    let (app, _) = default_api();
    for origin in ["https://evil.example", "http://localhost.evil.example", "null"] {
        assert_eq!(preflight(&app, origin).await.header("access-control-allow-origin"), None, "{origin}");
        let response = bare(&app, "GET", "/api/public", &[("origin", origin)]).await;
        assert_eq!(response.header("access-control-allow-origin"), None, "{origin}");
        assert!(list(&response, "vary").iter().any(|one| one == "origin"));
    }
}

#[tokio::test]
async fn allowed_origins_replace_loopback() {
    let allowed_origins = vec!["https://app.example.com".to_owned(), "https://www.example.com".to_owned()];
    let (app, _) = api(Options { allowed_origins: allowed_origins.clone(), ..Options::default() });
    for origin in &allowed_origins {
        assert_eq!(
            preflight(&app, origin).await.header("access-control-allow-origin"),
            Some(origin.as_str())
        );
    }
    for origin in [HOME, "https://app.example.com.evil.example", "http://app.example.com"] {
        assert_eq!(preflight(&app, origin).await.header("access-control-allow-origin"), None, "{origin}");
    }
}

async fn error_responses_have_the_headers_too(generation: Generation) {
    let (app, controls) = controlled_api_of(generation);
    controls.fail_refreshes(1, 500);
    for (method, path, status) in [
        ("POST", REFRESH, 500),
        ("POST", REFRESH, 401),
        ("GET", "/api/orders", 401),
        ("POST", "/auth/signin", 415),
        ("POST", "/auth/signinup/code", 415),
        ("PUT", "/auth/mfa/info", 401),
        ("GET", "/auth/oauth/login?loginChallenge=unknown", 404),
        ("GET", "/auth/nowhere/loginmethods", 500),
        ("GET", "/nowhere", 404),
        ("DELETE", "/api/public", 405),
    ] {
        let response = bare(&app, method, path, &[("origin", HOME)]).await.is(status);
        assert_eq!(response.header("access-control-allow-origin"), Some(HOME), "{method} {path}");
        assert_eq!(response.header("access-control-allow-credentials"), Some("true"));
        let exposed: &[&str] = match generation {
            Generation::Older => &["front-token", "anti-csrf", "id-refresh-token"],
            Generation::Current => &["front-token", "anti-csrf", "st-access-token", "st-refresh-token"],
        };
        assert_eq!(list(&response, "access-control-expose-headers"), exposed);
    }
}
