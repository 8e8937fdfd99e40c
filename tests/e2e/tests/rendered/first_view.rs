//! What a page shows from its HTML on.

use e2e::{play_rendered, play_rendered_over_https};

use crate::{ADMIN, LONG, USER, assert_quiet, is_loud};

#[tokio::test]
async fn a_signed_in_user_sees_the_guarded_view_from_the_html_on() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        for (path, id) in [("/account", "account-page"), ("/orders", "orders-page")] {
            stage.controls.reset_calls();
            page.open(path).await;
            stage.hydrated().await;
            let record = page.record().await;
            assert!(record.has(id) && record.painted(id), "{record:?}");
            assert!(!record.removed.iter().any(|one| one == id), "it is built once: {record:?}");
            // The data of the other page streams, so it has a placeholder of its own.
            assert!(id != "account-page" || !record.has("loading"), "{path}: {record:?}");
            for other in ["login-page", "unreachable", "denied-page"] {
                assert!(!record.has(other), "{path} shows {other}: {record:?}");
            }
            assert_eq!(stage.call_names(), [""; 0], "no session request");
            assert_quiet(stage).await;
        }
        assert_eq!(stage.function_calls(), [""; 0], "the server has called the function");
        // The page is interactive, and a click loads no page.
        page.js("window.isSamePage = true; return true").await;
        page.click("nav-account").await;
        page.wait_for("account-page").await;
        assert_eq!(page.js("return window.isSamePage === true").await, true);
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        assert_quiet(stage).await;
    })
    .await;
}

#[tokio::test]
async fn each_rendering_mode_shows_the_guarded_view_and_never_the_fallback_of_the_guard() {
    play_rendered(LONG, async |stage| {
        stage.sign_in_as(USER).await;
        for mode in ["out-of-order", "in-order", "partially-blocked", "async"] {
            stage.page.open(&format!("/modes/{mode}")).await;
            stage.hydrated().await;
            stage.page.wait_for("slow").await;
            let record = stage.page.record().await;
            assert!(!record.removed.iter().any(|id| id == "slow-page"), "{mode}: {record:?}");
            assert_quiet(stage).await;
        }
        assert_eq!(stage.function_calls(), [""; 0], "the server has called the function");
    })
    .await;
}

#[tokio::test]
async fn without_a_session_the_first_response_is_a_redirect_and_the_sign_in_leads_back() {
    play_rendered(LONG, async |stage| {
        let response = stage.get("/orders?from=mail", "").await;
        assert_eq!((response.status().as_u16(), &**response.body()), (302, ""));
        assert_eq!(response.headers()["location"], "/login?redirectToPath=%2Forders%3Ffrom%3Dmail");

        let page = &stage.page;
        page.open("/orders?from=mail").await;
        page.wait_path("/login?redirectToPath=%2Forders%3Ffrom%3Dmail").await;
        stage.hydrated().await;
        assert!(!page.record().await.has("orders-page"));
        page.fill("email", USER).await;
        page.fill("password", e2e::PASSWORD).await;
        page.click("submit").await;
        page.wait_for("orders-page").await;
        page.wait_path("/orders?from=mail").await;
        assert_quiet(stage).await;
    })
    .await;
}

#[tokio::test]
async fn without_javascript_the_html_has_the_guarded_view() {
    play_rendered(LONG, async |stage| {
        stage.sign_in_as(USER).await;
        let mut cookies = Vec::new();
        for name in ["sFrontToken", "sAccessToken"] {
            cookies.push(format!("{name}={}", stage.page.cookie(name).await.expect("a cookie").value()));
        }
        let response = stage.get("/account", &cookies.join("; ")).await;
        let html = response.body();
        assert!(html.contains(r#"data-testid="account-page""#) && html.contains(USER), "{html}");
        assert!(!html.contains(&cookies[1]["sAccessToken=".len()..]), "the page contains no token");
        assert_eq!(response.headers()["cache-control"], "private, no-store");
    })
    .await;
}

#[tokio::test]
async fn a_user_who_lacks_a_role_gets_the_denied_view_from_the_html_on() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        page.open("/admin").await;
        stage.hydrated().await;
        page.wait_for("denied-page").await;
        let record = page.record().await;
        assert!(!record.has("admin-page") && !record.has("loading"), "{record:?}");
        assert_quiet(stage).await;

        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.open("/login").await;
        stage.hydrated().await;
        page.fill("email", ADMIN).await;
        page.fill("password", e2e::PASSWORD).await;
        page.click("submit").await;
        page.wait_for("account-page").await;
        page.open("/admin").await;
        stage.hydrated().await;
        page.wait_for("admin-page").await;
        assert!(!page.record().await.has("denied-page"));
    })
    .await;
}

/// Another tab may sign out between the response of the server and the start of the page's code.
#[tokio::test]
async fn a_page_follows_a_store_that_differs_from_the_server() {
    play_rendered(LONG, async |stage| {
        let page = &stage.page;
        stage.sign_in_as(USER).await;
        let origin = page.origin().to_owned();
        page.seem_signed_out_on(&origin).await;
        page.open("/account").await;
        page.wait_for("login-page").await;
        let record = page.record().await;
        assert!(record.has("account-page"), "the server has rendered it: {record:?}");
        assert_quiet(stage).await;
    })
    .await;
}

/// Only the browser knows that the page is https, so the server has rendered the page with its settings.
#[tokio::test]
async fn a_setting_that_is_wrong_only_in_the_browser_leaves_the_page_hydrated_and_interactive() {
    // Not localhost, which browsers let an https page call.
    play_rendered_over_https("http://api.example.test", async |stage| {
        let page = &stage.page;
        page.open("/").await;
        stage.hydrated().await;
        // Without an access token the server leaves the session to the browser.
        let script = r#"
            const token = { uid: "u", ate: 4102444800000, up: {} };
            document.cookie = `sFrontToken=${btoa(JSON.stringify(token))}; path=/`;
            return true"#;
        page.js(script).await;
        page.open("/account").await;
        stage.hydrated().await;
        page.wait_for("unreachable").await;
        let record = page.record().await;
        assert!(record.has("loading"), "the server has rendered the fallback: {record:?}");
        assert_eq!(record.errors, [""; 0], "no exception");
        for other in ["login-page", "account-page"] {
            assert!(!record.has(other), "it shows {other}: {record:?}");
        }

        page.js("window.isSamePage = true; return true").await;
        page.click("nav-home").await;
        page.wait_for("home-page").await;
        page.click("nav-account").await;
        page.wait_for("unreachable").await;
        assert_eq!(page.js("return window.isSamePage === true").await, true);

        let lines = page.console().await;
        let loud: Vec<_> = lines.iter().filter(|line| is_loud(line)).collect();
        let names_setting =
            |text: &str| text.contains("invalid setting `api_domain`: an https page can't call");
        assert_eq!(loud.len(), 2, "one for each page that was loaded: {loud:?}");
        assert!(loud.iter().all(|line| names_setting(&line.message)), "{loud:?}");
    })
    .await;
}
