//! Hidden tabs follow a sign-out at once, and a restored page shows the current state.

use std::time::Duration;

use e2e::{Engine, Setting, USER, play};
use serde_json::json;

/// How long the other tab stays hidden: much longer than needed, on a busy machine too. The simulation shows that it
/// takes less than a tenth of a second.
const UNSEEN: Duration = Duration::from_secs(3);

/// Records when the login page is shown.
const NOTE_LOGIN: &str = "
    new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-testid=login-page]')) return;
        window.redirectedAt = Date.now();
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true })";

#[tokio::test]
async fn a_sign_out_redirects_the_other_tab_while_it_is_hidden() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.js(NOTE_LOGIN).await;
        let first = page.tab().await;
        page.new_tab().await;
        page.open("/").await;
        page.wait_text("status", "Signed in").await;
        page.js(NOTE_LOGIN).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        tokio::time::sleep(UNSEEN).await;
        let shown_at = page.js("return Date.now()").await;

        page.switch_to(&first).await;
        page.wait_for("login-page").await;
        page.wait_for("signed-out-notice").await;
        let redirected_at = page.js("return window.redirectedAt").await;
        assert!(redirected_at.as_f64() < shown_at.as_f64(), "only after the tab was shown");
    })
    .await;
}

/// From now on records whether a page from the cache paints guarded content.
const NOTE_FRAMES: &str = "
    window.frames_shown = 0;
    addEventListener('pageshow', ({ persisted }) => {
        window.from_cache = persisted;
        const check = () => {
            if (document.body.innerText.includes('Desk lamp')) window.frames_shown += 1;
            requestAnimationFrame(check);
        };
        check();
        new MutationObserver(() => { if (document.body.innerText.includes('Desk lamp')) window.frames_shown += 1 })
            .observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
    }, { capture: true })";

/// How the session ends after the user has left the page with the orders.
#[derive(PartialEq)]
enum End {
    /// By the button in another tab, which sends a message to all tabs.
    InAnotherTab,
    /// Without a message: its cookie is deleted.
    WithoutMessage,
}

async fn goes_back_after_the_end(end: End) {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        let elsewhere = e2e::Elsewhere::start().await;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        page.js(NOTE_FRAMES).await;
        let first = page.tab().await;
        match end {
            End::InAnotherTab => {
                page.visit(&format!("{}/", elsewhere.url())).await;
                page.new_tab().await;
                page.open("/").await;
                page.wait_text("status", "Signed in").await;
                page.click("sign-out").await;
                page.wait_for("login-page").await;
                page.switch_to(&first).await;
            }
            End::WithoutMessage => {
                page.visit(&format!("{}/", stage.api_origin())).await;
                // Cookies are the host's, whatever the port.
                page.delete_cookie("sFrontToken").await;
            }
        }

        stage.controls.reset_calls();
        page.back().await;
        page.wait_for("login-page").await;
        assert_eq!(stage.controls.calls("GET", "/api/orders"), 0);
        let from_cache = page.js("return window.from_cache ?? null").await;
        // Firefox under WebDriver caches no page.
        if page.engine == Engine::Chromium && end == End::WithoutMessage {
            assert_eq!(from_cache, json!(true), "the browser did not cache the page");
        }
        if from_cache == json!(true) {
            assert_eq!(page.js("return window.frames_shown").await, json!(0));
        } else {
            // It is a new document, so its record is complete.
            let record = page.record().await;
            assert!(!record.says("Desk lamp"), "{:?}", record.texts);
            assert!(!record.painted("orders-page"));
        }
    })
    .await;
}

#[tokio::test]
async fn back_after_a_sign_out_in_another_tab_shows_no_guarded_content() {
    goes_back_after_the_end(End::InAnotherTab).await;
}

#[tokio::test]
async fn back_after_the_session_cookie_was_deleted_shows_no_guarded_content() {
    goes_back_after_the_end(End::WithoutMessage).await;
}

#[tokio::test]
async fn a_page_from_the_cache_is_hidden_until_it_has_read_the_store() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        // As the browser does, and a sign-out in another tab without a message to the cached page.
        let seen = page
            .js("const dispatch = name => dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
                const shows = () => document.body.innerText.includes('Desk lamp');
                dispatch('pagehide');
                const left = shows();
                document.cookie = 'sFrontToken=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
                dispatch('pageshow');
                window.shownAgain = false;
                const check = () => { window.shownAgain ||= shows(); requestAnimationFrame(check) };
                check();
                return [left, shows()]")
            .await;
        assert_eq!(seen, json!([false, false]));
        page.wait_for("login-page").await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(page.js("return window.shownAgain").await, json!(false));
        assert_eq!(page.js("return document.documentElement.style.visibility").await, json!(""));
    })
    .await;
}
