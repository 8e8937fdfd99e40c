//! What happens in one tab shows in the others in no time, and a page that comes back shows what is true now.

use std::time::Duration;

use e2e::{Engine, Setting, USER, play};
use serde_json::json;

/// For how long nobody looks at the other tab: much longer than it takes, on a busy machine too. That it takes less than
/// a tenth of a second is shown in simulated time.
const UNSEEN: Duration = Duration::from_secs(3);

/// Notes when the login page shows.
const NOTE_LOGIN: &str = "
    new MutationObserver((_, observer) => {
        if (!document.querySelector('[data-testid=login-page]')) return;
        window.ledAt = Date.now();
        observer.disconnect();
    }).observe(document, { childList: true, subtree: true })";

#[tokio::test]
async fn a_sign_out_leads_the_other_tab_away_while_nobody_looks_at_it() {
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
        let looks_at = page.js("return Date.now()").await;

        page.switch_to(&first).await;
        page.wait_for("login-page").await;
        page.wait_for("signed-out-notice").await;
        let led_at = page.js("return window.ledAt").await;
        assert!(led_at.as_f64() < looks_at.as_f64(), "only once somebody looked at it");
    })
    .await;
}

/// From now on notes, of a page that comes out of the cache, whether a frame of it shows what is guarded.
const NOTE_FRAMES: &str = "
    window.frames_shown = 0;
    addEventListener('pageshow', ({ persisted }) => {
        window.from_cache = persisted;
        const look = () => {
            if (document.body.innerText.includes('Desk lamp')) window.frames_shown += 1;
            requestAnimationFrame(look);
        };
        look();
        new MutationObserver(() => { if (document.body.innerText.includes('Desk lamp')) window.frames_shown += 1 })
            .observe(document, { childList: true, characterData: true, attributes: true, subtree: true });
    }, { capture: true })";

/// Where the signed-in user has gone from the page with the orders, and how the session ends meanwhile.
#[derive(PartialEq)]
enum End {
    /// By the button in another tab, which tells all tabs that listen.
    InAnotherTab,
    /// Without a word to anybody: its cookie is gone.
    Unheard,
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
            End::Unheard => {
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
        // A driven Firefox keeps no page.
        if page.engine == Engine::Chromium && end == End::Unheard {
            assert_eq!(from_cache, json!(true), "the browser did not keep the page");
        }
        if from_cache == json!(true) {
            assert_eq!(page.js("return window.frames_shown").await, json!(0));
        } else {
            // A new document has seen nothing before it came back.
            let record = page.record().await;
            assert!(!record.says("Desk lamp"), "{:?}", record.texts);
            assert!(!record.painted("orders-page"));
        }
    })
    .await;
}

#[tokio::test]
async fn after_a_sign_out_the_way_back_out_of_the_page_shows_nothing_guarded() {
    goes_back_after_the_end(End::InAnotherTab).await;
}

#[tokio::test]
async fn after_an_end_that_nobody_told_of_the_way_back_shows_nothing_guarded() {
    goes_back_after_the_end(End::Unheard).await;
}

#[tokio::test]
async fn a_page_out_of_the_cache_is_hidden_until_it_has_looked() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        page.click("nav-orders").await;
        page.wait_text("orders-list", "Desk lamp").await;
        // As the browser does it, and a sign-out in another tab, of which the page that is away hears nothing.
        let seen = page
            .js("const tell = name => dispatchEvent(new PageTransitionEvent(name, { persisted: true }));
                const shows = () => document.body.innerText.includes('Desk lamp');
                tell('pagehide');
                const left = shows();
                document.cookie = 'sFrontToken=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT';
                tell('pageshow');
                window.shownAgain = false;
                const look = () => { window.shownAgain ||= shows(); requestAnimationFrame(look) };
                look();
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
