//! Messages between tabs. The clients of one page share a channel, and a script of the page acts as another tab.

#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{
    FrontToken, SessionClient, SessionEvent,
    platform::{Changes, Platform, Store, StoreError, StoredSession},
};
use supertokens_web::join_tabs;
use support::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The user's id is `u`, and the token lasts until the year 5138.
const FRONT: &str = "eyJ1aWQiOiJ1IiwiYXRlIjo5OTk5OTk5OTk5OTk5OSwidXAiOnt9fQ==";

fn channel() -> String {
    format!("supertokens-session {}", config().api_domain())
}

/// Responds to sign-ins and sign-outs. `window.received` has the messages that any script of the site gets on the
/// channel.
fn with_backend() -> PagePatch {
    patch_page(&format!(
        "const own = window.fetch;
         window.calls = 0;
         window.fetch = async (...args) => {{
             const sent = new Request(...args);
             window.calls++;
             const front = sent.url.endsWith('/signin') ? '{FRONT}' : 'remove';
             const status = sent.url.endsWith('/refresh') ? 401 : 200;
             return new Response('{{}}', {{ status, headers: {{ 'front-token': front }} }});
         }};
         window.received = [];
         const listener = new BroadcastChannel('{}');
         listener.onmessage = message => window.received.push(message.data);
         return () => {{ window.fetch = own; listener.close() }}",
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

async fn is_last_event(events: &Events, event: SessionEvent) -> bool {
    eventually(|| events.borrow().last() == Some(&event)).await
}

/// Whether only the test still holds the events, so the client's listeners were dropped.
async fn are_listeners_dropped(events: &Events) -> bool {
    eventually(|| Rc::strong_count(events) == 1).await
}

#[wasm_bindgen_test]
async fn another_tab_gets_sign_in_and_sign_out_events_without_a_call() {
    clean().await;
    let _backend = with_backend();
    let (one, other) = (tab(), tab());
    for (client, _) in [&one, &other] {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    one.0.post("/auth/signin").send().await.unwrap();
    let calls = text_of("calls");
    assert!(is_last_event(&other.1, SessionEvent::SessionCreated).await);

    one.0.sign_out().await.unwrap();
    assert!(is_last_event(&other.1, SessionEvent::SignOut).await);
    assert_eq!(text_of("calls"), (calls.parse::<u32>().unwrap() + 1).to_string(), "the sign-out's own call");
}

#[wasm_bindgen_test]
async fn a_message_names_the_event_holds_no_session_data_and_is_not_forwarded() {
    clean().await;
    let _backend = with_backend();
    let tabs = [tab(), tab(), tab()];
    for (client, _) in &tabs {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    tabs[0].0.post("/auth/signin").send().await.unwrap();
    for (_, events) in &tabs {
        assert!(is_last_event(events, SessionEvent::SessionCreated).await);
    }
    tabs[1].0.sign_out().await.unwrap();
    for (_, events) in &tabs {
        assert!(is_last_event(events, SessionEvent::SignOut).await);
    }
    // A forwarded message would arrive before this one.
    js(&format!("new BroadcastChannel('{}').postMessage('end')", channel()));
    assert!(becomes_true("received.at(-1) === 'end'").await);
    js("received.pop()");
    let front = FrontToken::decode(FRONT).unwrap();
    let received = text_of("received.join()");
    let epoch = received.strip_prefix("SessionCreated ").and_then(|rest| rest.strip_suffix(",SignOut none"));
    let epoch = epoch.unwrap_or_else(|| panic!("{received}"));
    assert!(epoch.len() == 16 && epoch.bytes().all(|byte| byte.is_ascii_hexdigit()), "{received}");
    assert!(
        !received.contains(&front.expires_at_ms().to_string()) && !received.contains(FRONT),
        "{received}"
    );
}

#[wasm_bindgen_test]
async fn a_dropped_client_leaves_the_channel() {
    clean().await;
    let _backend = with_backend();
    let (client, events) = tab();
    assert_eq!(client.session_exists().await, Ok(false));
    let dropped = client.downgrade();
    drop(client);
    assert_eq!(dropped.upgrade(), None);
    js(&format!("new BroadcastChannel('{}').postMessage('SessionCreated')", channel()));
    assert!(becomes_true("received.length > 0").await);
    assert!(are_listeners_dropped(&events).await, "its listeners are dropped too");
}

fn without_channels() -> PagePatch {
    patch_page(
        "const own = Object.getOwnPropertyDescriptor(window, 'BroadcastChannel');
         delete window.BroadcastChannel;
         return () => Object.defineProperty(window, 'BroadcastChannel', own)",
    )
}

/// `BroadcastChannel` throws, as in some sandboxed frames.
fn with_throwing_channels() -> PagePatch {
    patch_page(
        "const own = window.BroadcastChannel;
         window.BroadcastChannel = class { constructor() { throw new DOMException('no', 'SecurityError') } };
         return () => { window.BroadcastChannel = own }",
    )
}

#[wasm_bindgen_test]
async fn clients_of_one_page_get_each_other_s_events_once_without_a_channel() {
    for channels in [without_channels, with_throwing_channels] {
        clean().await;
        let (_backend, _channels) = (with_backend(), channels());
        let (one, other) = (tab(), tab());
        assert_eq!(other.0.session_exists().await, Ok(false));
        one.0.post("/auth/signin").send().await.unwrap();
        assert!(is_last_event(&other.1, SessionEvent::SessionCreated).await);
        other.0.sign_out().await.unwrap();
        assert!(is_last_event(&one.1, SessionEvent::SignOut).await);
        pause(50).await;
        for (_, events) in [&one, &other] {
            let count = |event| events.borrow().iter().filter(|known| **known == event).count();
            assert_eq!((count(SessionEvent::SessionCreated), count(SessionEvent::SignOut)), (1, 1));
        }
    }
}

#[wasm_bindgen_test]
async fn clients_of_one_page_are_one_tab_to_the_others() {
    clean().await;
    let _backend = with_backend();
    let _channels = patch_page(
        "const own = window.BroadcastChannel;
         window.opened = 0;
         window.BroadcastChannel = class extends own { constructor(name) { super(name); opened++ } };
         return () => { window.BroadcastChannel = own }",
    );
    let tabs = [tab(), tab(), tab()];
    assert_eq!(text_of("opened"), "1", "their own messages don't return to them");
    for (client, _) in &tabs {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    tabs[0].0.post("/auth/signin").send().await.unwrap();
    for (_, events) in &tabs {
        assert!(is_last_event(events, SessionEvent::SessionCreated).await);
    }
    tab_signs_out_silently();
    js(&format!("new BroadcastChannel('{}').postMessage('SignOut none')", channel()));
    for (_, events) in &tabs {
        assert!(is_last_event(events, SessionEvent::SignOut).await);
        let count = events.borrow().iter().filter(|known| **known == SessionEvent::SignOut).count();
        assert_eq!(count, 1);
    }
    assert!(text_of("received.join()").starts_with("SessionCreated "), "{}", text_of("received.join()"));
    assert_eq!(text_of("received.length"), "2", "{}", text_of("received.join()"));
}

/// Removes the session as another tab would, without a message.
fn tab_signs_out_silently() {
    js("document.cookie = 'sFrontToken=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT'");
}

#[wasm_bindgen_test]
async fn a_browser_without_channels_and_storage_still_signs_in() {
    clean().await;
    let (_backend, _channels, _storage) = (with_backend(), without_channels(), without_storage());
    let (client, events) = tab();
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(events.borrow().last(), Some(&SessionEvent::SessionCreated));
}

/// An app's own store that two clients of one page share.
#[derive(Clone, Default)]
struct OwnStore(Rc<RefCell<StoredSession>>);

impl Store for OwnStore {
    fn read(&self) -> Result<StoredSession, StoreError> {
        Ok(self.0.borrow().clone())
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        self.0.borrow_mut().apply(changes);
        Ok(())
    }
}

fn tab_with(store: &OwnStore) -> (SessionClient, Events) {
    let browser = supertokens_web::platform(&config()).unwrap();
    let client = SessionClient::new(config(), Platform { store: Rc::new(store.clone()), ..browser });
    let events = Events::default();
    let seen = events.clone();
    client.on_event(move |event| seen.borrow_mut().push(event.clone())).forget();
    (client, events)
}

#[wasm_bindgen_test]
async fn clients_with_their_own_stores_join_and_leave_the_other_tabs() {
    clean().await;
    let _backend = with_backend();
    let store = OwnStore::default();
    let (one, other) = (tab_with(&store), tab_with(&store));
    for (client, _) in [&one, &other] {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    let (_joined, other_joined) = (join_tabs(&one.0).unwrap(), join_tabs(&other.0).unwrap());
    one.0.post("/auth/signin").send().await.unwrap();
    assert!(is_last_event(&other.1, SessionEvent::SessionCreated).await);
    other.0.sign_out().await.unwrap();
    assert!(is_last_event(&one.1, SessionEvent::SignOut).await);

    drop(other_joined);
    let third = tab_with(&store);
    join_tabs(&third.0).unwrap().forget();
    assert_eq!(third.0.session_exists().await, Ok(false));
    let count = other.1.borrow().len();
    one.0.post("/auth/signin").send().await.unwrap();
    // Channels get messages in the order in which they were opened, so `other` would have received it before.
    assert!(is_last_event(&third.1, SessionEvent::SessionCreated).await);
    assert_eq!(other.1.borrow().len(), count, "it has left");
    assert_eq!(other.0.user_id().await.as_deref(), Ok("u"), "its next read finds the session");
}

#[wasm_bindgen_test]
async fn a_client_that_joins_twice_does_not_get_its_own_messages() {
    clean().await;
    let _backend = with_backend();
    let client_and_events = tab();
    let again = join_tabs(&client_and_events.0).unwrap();
    client_and_events.0.post("/auth/signin").send().await.unwrap();
    drop(again);
    client_and_events.0.sign_out().await.unwrap();
    assert!(
        becomes_true("received.includes('SignOut none')").await,
        "the first join stays: {}",
        text_of("received.join()")
    );
    let created = text_of("received.filter(text => text.startsWith('SessionCreated')).length");
    assert_eq!(created, "1", "{}", text_of("received.join()"));
    let count = |event| client_and_events.1.borrow().iter().filter(|known| **known == event).count();
    assert_eq!((count(SessionEvent::SessionCreated), count(SessionEvent::SignOut)), (1, 1));
}
