//! Two clients in one page are to each other what two tabs are.

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

/// Signs in and out, and `window.heard` is what any script of the site hears on the channel.
fn with_backend() -> Broken {
    broken(&format!(
        "const own = window.fetch;
         window.calls = 0;
         window.fetch = async (...asked) => {{
             const sent = new Request(...asked);
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

async fn comes_last(events: &Events, event: SessionEvent) -> bool {
    comes_about(|| events.borrow().last() == Some(&event)).await
}

/// Whether nothing but the test holds the events any more: the client's listeners are gone.
async fn is_let_go(events: &Events) -> bool {
    comes_about(|| Rc::strong_count(events) == 1).await
}

#[wasm_bindgen_test]
async fn the_other_tab_hears_of_the_beginning_and_the_end_and_makes_no_call() {
    clean();
    let _backend = with_backend();
    let (one, other) = (tab(), tab());
    for (client, _) in [&one, &other] {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    one.0.post("/auth/signin").send().await.unwrap();
    let calls = text_of("calls");
    assert!(comes_last(&other.1, SessionEvent::SessionCreated).await);

    one.0.sign_out().await.unwrap();
    assert!(comes_last(&other.1, SessionEvent::SignOut).await);
    assert_eq!(text_of("calls"), (calls.parse::<u32>().unwrap() + 1).to_string(), "the sign-out's own call");
}

#[wasm_bindgen_test]
async fn a_notice_says_what_happened_and_nothing_of_the_session_and_is_not_passed_on() {
    clean();
    let _backend = with_backend();
    let tabs = [tab(), tab(), tab()];
    for (client, _) in &tabs {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    tabs[0].0.post("/auth/signin").send().await.unwrap();
    for (_, events) in &tabs {
        assert!(comes_last(events, SessionEvent::SessionCreated).await);
    }
    tabs[1].0.sign_out().await.unwrap();
    for (_, events) in &tabs {
        assert!(comes_last(events, SessionEvent::SignOut).await);
    }
    // What a tab would pass on comes before what is sent now.
    js(&format!("new BroadcastChannel('{}').postMessage('end')", channel()));
    assert!(comes_true("heard.at(-1) === 'end'").await);
    js("heard.pop()");
    let front = FrontToken::decode(FRONT).unwrap();
    let heard = text_of("heard.join()");
    let epoch = heard.strip_prefix("SessionCreated ").and_then(|rest| rest.strip_suffix(",SignOut none"));
    let epoch = epoch.unwrap_or_else(|| panic!("{heard}"));
    assert!(epoch.len() == 16 && epoch.bytes().all(|byte| byte.is_ascii_hexdigit()), "{heard}");
    assert!(!heard.contains(&front.expires_at_ms().to_string()) && !heard.contains(FRONT), "{heard}");
}

#[wasm_bindgen_test]
async fn a_client_that_is_gone_leaves_the_channel() {
    clean();
    let _backend = with_backend();
    let (client, events) = tab();
    assert_eq!(client.session_exists().await, Ok(false));
    let gone = client.downgrade();
    drop(client);
    assert_eq!(gone.upgrade(), None);
    js(&format!("new BroadcastChannel('{}').postMessage('SessionCreated')", channel()));
    assert!(comes_true("heard.length > 0").await);
    assert!(is_let_go(&events).await, "its listeners are gone too");
}

/// A frame of the same origin stands for another tab: `frame` is its window, `frame.heard` all that storage tells it.
fn with_frame() -> Broken {
    broken(
        "const element = document.body.appendChild(document.createElement('iframe'));
         window.frame = element.contentWindow;
         frame.heard = [];
         frame.addEventListener('storage', event => frame.heard.push([event.key, event.newValue]));
         return () => element.remove()",
    )
}

fn without_channels() -> Broken {
    broken(
        "const own = Object.getOwnPropertyDescriptor(window, 'BroadcastChannel');
         delete window.BroadcastChannel;
         return () => Object.defineProperty(window, 'BroadcastChannel', own)",
    )
}

/// It is there and throws, as in some sandboxed frames.
fn with_throwing_channels() -> Broken {
    broken(
        "const own = window.BroadcastChannel;
         window.BroadcastChannel = class { constructor() { throw new DOMException('no', 'SecurityError') } };
         return () => { window.BroadcastChannel = own }",
    )
}

#[wasm_bindgen_test]
async fn without_channels_a_notice_goes_over_storage_and_leaves_nothing_there() {
    for channels in [without_channels, with_throwing_channels] {
        clean();
        let (_backend, _frame, _broken) = (with_backend(), with_frame(), channels());
        let (client, _) = tab();
        assert_eq!(client.session_exists().await, Ok(false));
        client.post("/auth/signin").send().await.unwrap();
        client.sign_out().await.unwrap();
        assert!(comes_true("frame.heard.some(([, told]) => told?.startsWith('SignOut'))").await);
        let told = text_of(&format!(
            "frame.heard.filter(([key, told]) => key === '{}' && told).join('|')",
            channel()
        ));
        let told: Vec<_> = told.split('|').map(|told| told.rsplit(',').next().unwrap()).collect();
        assert!(
            matches!(&told[..], [begun, ended]
            if begun.starts_with("SessionCreated ") && ended.starts_with("SignOut none ")),
            "{told:?}"
        );
        assert!(is_true(&format!("localStorage.getItem('{}') === null", channel())));
    }
}

#[wasm_bindgen_test]
async fn without_channels_a_notice_of_another_tab_is_heard_over_storage() {
    for channels in [without_channels, with_throwing_channels] {
        clean();
        let (_backend, _frame, _broken) = (with_backend(), with_frame(), channels());
        let (client, events) = tab();
        client.post("/auth/signin").send().await.unwrap();
        let calls = text_of("calls");
        tab_signs_out_silently();
        js(&format!("frame.localStorage.setItem('{}', 'SignOut none 1')", channel()));
        assert!(comes_last(&events, SessionEvent::SignOut).await);
        assert_eq!(text_of("calls"), calls);
        let heard = events.borrow().len();
        js("frame.localStorage.setItem('theme', 'dark')");
        js(&format!("frame.localStorage.removeItem('{}')", channel()));
        js("window.seen = []; window.addEventListener('storage', event => seen.push(event.key));
            frame.localStorage.setItem('end', '1')");
        assert!(comes_true("seen.includes('end')").await);
        assert_eq!(events.borrow().len(), heard);
    }
}

/// As another tab does it.
fn tab_signs_out_silently() {
    js("document.cookie = 'sFrontToken=;path=/;expires=Thu, 01 Jan 1970 00:00:00 GMT'");
}

#[wasm_bindgen_test]
async fn a_client_that_is_gone_hears_nothing_of_storage() {
    clean();
    let (_backend, _frame, _broken) = (with_backend(), with_frame(), without_channels());
    let (client, events) = tab();
    assert_eq!(client.session_exists().await, Ok(false));
    drop(client);
    js(&format!("frame.localStorage.setItem('{}', 'SignOut none 1')", channel()));
    assert!(is_let_go(&events).await, "its listeners are gone too");
    clean();
}

#[wasm_bindgen_test]
async fn a_browser_without_channels_and_storage_works_as_ever() {
    clean();
    let (_backend, _channels, _storage) = (with_backend(), without_channels(), without_storage());
    let (client, events) = tab();
    client.post("/auth/signin").send().await.unwrap();
    assert_eq!(events.borrow().last(), Some(&SessionEvent::SessionCreated));
}

/// An app's own store, which its tabs share: here two clients in one page.
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
async fn clients_with_stores_of_their_own_join_and_leave_the_other_tabs() {
    clean();
    let _backend = with_backend();
    let store = OwnStore::default();
    let (one, other) = (tab_with(&store), tab_with(&store));
    for (client, _) in [&one, &other] {
        assert_eq!(client.session_exists().await, Ok(false));
    }
    let (_joined, other_joined) = (join_tabs(&one.0).unwrap(), join_tabs(&other.0).unwrap());
    one.0.post("/auth/signin").send().await.unwrap();
    assert!(comes_last(&other.1, SessionEvent::SessionCreated).await);
    other.0.sign_out().await.unwrap();
    assert!(comes_last(&one.1, SessionEvent::SignOut).await);

    drop(other_joined);
    let third = tab_with(&store);
    join_tabs(&third.0).unwrap().forget();
    assert_eq!(third.0.session_exists().await, Ok(false));
    let heard = other.1.borrow().len();
    one.0.post("/auth/signin").send().await.unwrap();
    // Messages arrive in the order in which channels were opened: `other` would have got it before.
    assert!(comes_last(&third.1, SessionEvent::SessionCreated).await);
    assert_eq!(other.1.borrow().len(), heard, "it has left");
    assert_eq!(other.0.user_id().await.as_deref(), Ok("u"), "its next look finds it all the same");
}

#[wasm_bindgen_test]
async fn a_client_that_joins_twice_gets_no_message_of_its_own() {
    clean();
    let _backend = with_backend();
    let made_here = tab();
    let again = join_tabs(&made_here.0).unwrap();
    made_here.0.post("/auth/signin").send().await.unwrap();
    drop(again);
    made_here.0.sign_out().await.unwrap();
    assert!(
        comes_true("heard.includes('SignOut none')").await,
        "the first join stays: {}",
        text_of("heard.join()")
    );
    let begun = text_of("heard.filter(text => text.startsWith('SessionCreated')).length");
    assert_eq!(begun, "1", "{}", text_of("heard.join()"));
    let count = |event| made_here.1.borrow().iter().filter(|known| **known == event).count();
    assert_eq!((count(SessionEvent::SessionCreated), count(SessionEvent::SignOut)), (1, 1));
}
