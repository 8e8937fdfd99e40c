//! The panel for developers, which debug builds of the example app have.

use e2e::{Page, Setting, USER, play};

async fn focus_the_button(page: &Page) {
    page.wait_js("document.querySelector('.st-devtools-toggle') !== null").await;
    page.js("document.querySelector('.st-devtools-toggle').focus()").await;
}

async fn wait_fact(page: &Page, name: &str, value: &str) {
    let element = format!("document.querySelector('.st-devtools [data-fact={name}] dd')");
    page.wait_js(&format!("{element}?.textContent.includes('{value}')")).await;
}

#[tokio::test]
async fn it_opens_and_closes_by_keyboard_and_follows_the_session() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        stage.arrive(USER).await;
        focus_the_button(page).await;
        page.press_enter().await;
        wait_fact(page, "status", "Authenticated").await;
        wait_fact(page, "lock", "Web Locks").await;
        stage.controls.expire_all();
        page.click("one-request").await;
        wait_fact(page, "last-refresh", "ago").await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        wait_fact(page, "reason", "SignedOut").await;
        focus_the_button(page).await;
        page.press_escape().await;
        page.wait_js("document.querySelector('.st-devtools-panel') === null").await;
        page.wait_js("document.activeElement.className === 'st-devtools-toggle'").await;
        let record = page.record().await;
        assert!(record.violations.is_empty() && record.errors.is_empty(), "{record:?}");
    })
    .await;
}

#[tokio::test]
async fn it_contains_no_token_in_either_mode() {
    play(Setting::default(), async |stage| {
        let page = &stage.page;
        for is_header_mode in [false, true] {
            page.open("/login").await;
            if is_header_mode {
                page.js("window.before = true").await;
                page.click("transfer-header").await;
                page.wait_js("window.before === undefined").await;
            }
            stage.sign_in_as(USER).await;
            page.wait_for("dashboard-page").await;
            focus_the_button(page).await;
            page.press_enter().await;
            stage.controls.expire_all();
            page.click("one-request").await;
            wait_fact(page, "last-refresh", "ago").await;
            let names: &[_] = match is_header_mode {
                false => &["sAccessToken", "sFrontToken"],
                true => &["st-access-token", "st-refresh-token", "sFrontToken"],
            };
            let html = page.js("return document.querySelector('.st-devtools').outerHTML").await;
            let html = html.as_str().unwrap();
            for name in names {
                let token = page.cookie(name).await.unwrap_or_else(|| panic!("no {name}"));
                let token = token.value();
                assert!(token.len() > 20 && !html.contains(token), "{name} is in the panel");
            }
            page.click("sign-out").await;
            page.wait_for("login-page").await;
        }
    })
    .await;
}
