//! Two clients in one page are to each other what two tabs are.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{SessionClient, SessionEvent};
use supertokens_web::{BrowserClock, Page};
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The user's id is `u`, and the token lasts until the year 5138.
const FRONT: &str = "eyJ1aWQiOiJ1IiwiYXRlIjo5OTk5OTk5OTk5OTk5OSwidXAiOnt9fQ==";

fn channel() -> String {
    format!("supertokens-session {}", config().api_domain())
}

/// Signs in and out, and `window.heard` is what any script of the site hears on the channel.
fn with_backend() -> Broken {
    broken(&format!(
        "const own = window.fetch;
         window.calls = 0;
         window.fetch = async sent => {{
             window.calls++;
             const front = sent.url.endsWith('/signin') ? '{FRONT}' : 'remove';
             const status = sent.url.endsWith('/refresh') ? 401 : 200;
             return new Response('{{}}', {{ status, headers: {{ 'front-token': front }} }});
         }};
         window.heard = [];
         const eavesdropper = new BroadcastChannel('{}');
         eavesdropper.onmessage = message => window.heard.push(message.data);
         return () => {{ window.fetch = own; eavesdropper.close() }}",
        channel()
    ))
}

type Events = Rc<RefCell<Vec<SessionEvent>>>;

fn tab() -> (SessionClient, Events) {
    let client = supertokens_web::session_client(config()).unwrap();
    let events = Events::default();
    let seen = events.clone();
    client.on_event(move |event| seen.borrow_mut().push(event.clone())).forget();
    (client, events)
}

async fn a_tenth_of_a_second() {
    use supertokens_session::platform::Clock;
    BrowserClock::new(&Page::current().unwrap()).sleep(100).await;
}

#[wasm_bindgen_test]
async fn the_other_tab_hears_of_the_beginning_and_the_end_and_makes_no_call() {
    clean();
    let _backend = with_backend();
    let (one, other) = (tab(), tab());
    for (client, _) in [&one, &other] {
        assert_eq!(client.does_session_exist().await, Ok(false));
    }
    one.0.post("/auth/signin").send().await.unwrap();
    let calls = text_of("calls");
    a_tenth_of_a_second().await;
    assert_eq!(other.1.borrow().last(), Some(&SessionEvent::SessionCreated));

    one.0.sign_out().await.unwrap();
    a_tenth_of_a_second().await;
    let ended = SessionEvent::Unauthorised { session_expired_or_revoked: false };
    assert_eq!(other.1.borrow().last(), Some(&ended));
    assert_eq!(text_of("calls"), (calls.parse::<u32>().unwrap() + 1).to_string(), "the sign-out's own call");
}

#[wasm_bindgen_test]
async fn a_message_is_the_name_of_what_happened_and_is_not_passed_on() {
    clean();
    let _backend = with_backend();
    let tabs = [tab(), tab(), tab()];
    for (client, _) in &tabs {
        assert_eq!(client.does_session_exist().await, Ok(false));
    }
    tabs[0].0.post("/auth/signin").send().await.unwrap();
    a_tenth_of_a_second().await;
    tabs[1].0.sign_out().await.unwrap();
    a_tenth_of_a_second().await;
    assert_eq!(text_of("heard.join(' ')"), "SessionCreated SignOut");
}

#[wasm_bindgen_test]
async fn a_client_that_is_gone_leaves_the_channel() {
    clean();
    let _backend = with_backend();
    let (client, events) = tab();
    assert_eq!(client.does_session_exist().await, Ok(false));
    let gone = client.downgrade();
    drop(client);
    assert_eq!(gone.upgrade(), None);
    js(&format!("new BroadcastChannel('{}').postMessage('SessionCreated')", channel()));
    a_tenth_of_a_second().await;
    assert_eq!(Rc::strong_count(&events), 1, "its listeners are gone too");
}

#[wasm_bindgen_test]
async fn a_browser_without_channels_works_as_ever() {
    clean();
    let _backend = with_backend();
    let _none = broken(
        "const own = window.BroadcastChannel;
         window.BroadcastChannel = undefined;
         return () => { window.BroadcastChannel = own }",
    );
    let (client, events) = tab();
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(events.borrow().last(), Some(&SessionEvent::SessionCreated));
}
