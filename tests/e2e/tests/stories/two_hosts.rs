//! One session on two hosts of a site, over https. The hosts share cookies, but no lock, no storage and no tab messages.

use e2e::{ApiHost, Hosts, Tab, USER, play_on_hosts};

const ADMIN: &str = "admin@example.com";

/// Plays a story with the API on its own host, and with the API on each page's host.
async fn play(story: impl AsyncFn(&mut Hosts)) {
    for api_host in [ApiHost::Own, ApiHost::OfEachPage] {
        println!("the API's host: {api_host:?}");
        play_on_hosts(api_host, &story).await;
    }
}

/// A signed-in window on each host. Both windows are visible, so their timers are not throttled.
async fn two_windows(hosts: &Hosts) -> [Tab; 2] {
    let page = &hosts.page;
    hosts.arrive(USER).await;
    let first = page.tab().await;
    let second = page.new_window().await;
    page.visit(&hosts.on_b("/")).await;
    page.wait_text("status", "Signed in").await;
    [first, second]
}

#[tokio::test]
async fn a_sign_in_on_one_host_is_shown_on_the_other() {
    play(async |hosts| {
        let page = &hosts.page;
        // Open before the sign-in, and not reloaded after it.
        page.visit(&hosts.on_b("/login")).await;
        page.wait_for("login-page").await;
        let second = page.tab().await;
        let first = page.new_tab().await;
        page.show(&first).await;
        hosts.arrive(USER).await;
        let user = page.text("user-id").await;
        page.show(&second).await;
        page.wait_text("status", "Signed in").await;
        assert_eq!(page.text("user-id").await, user);

        hosts.controls.reset_calls();
        page.click("one-request").await;
        page.text("one-request-result").await;
        assert_eq!(hosts.refreshes(), 0, "the session was complete");

        page.visit(&hosts.on_domain("/")).await;
        page.wait_text("status", "Signed in").await;
        assert_eq!(page.text("user-id").await, user, "on the domain itself");
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_on_one_host_is_shown_on_the_other_when_it_gets_the_focus() {
    play(async |hosts| {
        let page = &hosts.page;
        hosts.arrive(USER).await;
        let first = page.tab().await;
        let second = page.new_tab().await;
        page.show(&second).await;
        page.visit(&hosts.on_b("/")).await;
        page.wait_text("status", "Signed in").await;
        hosts.controls.reset_calls();
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.show(&first).await;
        page.wait_for("login-page").await;
        assert_eq!(hosts.refreshes(), 0, "the store shows it, without a call");
        // The store shows the end and not its reason.
        assert!(!page.sees("session-ended").await);

        // The next user signs in on the second host.
        page.visit(&hosts.on_b("/login")).await;
        hosts.sign_in_as(ADMIN).await;
        page.wait_text("payload", ADMIN).await;
        page.visit(&hosts.on_domain("/")).await;
        page.wait_text("payload", ADMIN).await;
    })
    .await;
}

#[tokio::test]
async fn two_hosts_that_expire_at_the_same_time_share_refreshes_and_cause_no_theft() {
    play(async |hosts| {
        let page = &hosts.page;
        let tabs = two_windows(hosts).await;
        for round in 1..=6 {
            hosts.controls.reset_calls();
            hosts.controls.expire_all();
            // Both windows read one clock. A busy machine prepares both within three seconds.
            let at_ms = page.js("return Date.now() + 3000").await;
            for tab in &tabs {
                page.switch_to(tab).await;
                page.js(&format!(
                    "setTimeout(() => {{
                        document.querySelector('[data-testid=burst]').click();
                        window.round = {round};
                    }}, {at_ms} - Date.now())"
                ))
                .await;
            }
            for tab in &tabs {
                page.switch_to(tab).await;
                page.wait_js(&format!("window.round === {round}")).await;
                // The button is busy until all responses are there.
                page.wait_js("document.querySelector('[data-testid=burst]').ariaDisabled === 'false'").await;
                page.wait_text("burst-result", "20 of 20").await;
                page.wait_text("status", "Signed in").await;
            }
            assert_eq!((hosts.refreshes(), hosts.controls.thefts()), (1, 0), "round {round}");
        }
    })
    .await;
}

/// Opens the dashboard of the first host with a frame of the second host's, and steps into the frame.
async fn arrive_in_a_frame(hosts: &Hosts) {
    let page = &hosts.page;
    hosts.arrive(USER).await;
    page.add_frame(&hosts.on_b("/")).await;
    page.enter_frame().await;
    page.wait_text("status", "Signed in").await;
}

#[tokio::test]
async fn a_frame_of_the_other_host_shows_the_session_and_refreshes_it() {
    play(async |hosts| {
        let page = &hosts.page;
        arrive_in_a_frame(hosts).await;
        page.wait_text("payload", USER).await;
        hosts.controls.reset_calls();
        hosts.controls.expire_all();
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        assert_eq!(hosts.refreshes(), 1);

        // The page has the tokens of the frame's refresh.
        page.leave_frame().await;
        page.click("burst").await;
        page.wait_text("burst-result", "20 of 20").await;
        page.wait_text("status", "Signed in").await;
        assert_eq!((hosts.refreshes(), hosts.controls.thefts()), (1, 0));
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_in_a_frame_is_shown_on_the_page_around_it() {
    play(async |hosts| {
        let page = &hosts.page;
        arrive_in_a_frame(hosts).await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.leave_frame().await;
        page.click("nav-dashboard").await;
        page.wait_for("login-page").await;
    })
    .await;
}

#[tokio::test]
async fn a_sign_out_on_a_page_is_shown_in_its_frame_of_the_other_host() {
    play(async |hosts| {
        let page = &hosts.page;
        arrive_in_a_frame(hosts).await;
        page.leave_frame().await;
        page.click("sign-out").await;
        page.wait_for("login-page").await;
        page.enter_frame().await;
        page.click("nav-dashboard").await;
        page.wait_for("login-page").await;
    })
    .await;
}
