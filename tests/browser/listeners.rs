//! Listeners get events until their owner is cleaned up.

use browser_cases::{Backend, Response, settle};
use leptos::prelude::*;
use supertokens_leptos::{Session, SessionEvent, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::open;

#[component]
fn Listener(events: StoredValue<Vec<SessionEvent>>) -> impl IntoView {
    use_session().on_event(move |event| events.update_value(|events| events.push(event.clone())));
}

#[wasm_bindgen_test]
async fn a_listener_ends_with_its_owner() {
    let owner = Owner::new();
    owner.set();
    let backend = Backend::signed_in("u1")
        .with_responses([Response::session("u1", "{}"), Response::session("u1", "{}")]);
    let client = backend.client();
    let (events, shown) = (StoredValue::new(Vec::new()), RwSignal::new(true));
    let session_out = StoredValue::new(None::<Session>);
    let _page = open("/", move || {
        view! {
            <SessionProvider config=client>
                {session_out.set_value(Some(use_session()))}
                <Show when=move || shown.get()><Listener events/></Show>
            </SessionProvider>
        }
    })
    .await;
    let client = session_out.get_value().unwrap().client();
    client.refresh().await.unwrap();
    settle().await;
    assert_eq!(events.get_value(), [SessionEvent::RefreshSession]);
    shown.set(false);
    settle().await;
    client.refresh().await.unwrap();
    settle().await;
    assert_eq!(events.get_value().len(), 1);
}

#[wasm_bindgen_test]
async fn on_event_is_called_until_the_app_disposes_of_the_callback() {
    let owner = Owner::new();
    owner.set();
    let backend = Backend::signed_in("u1")
        .with_responses([Response::session("u1", "{}"), Response::session("u1", "{}")]);
    let client = backend.client();
    let events = StoredValue::new(Vec::new());
    let session_out = StoredValue::new(None::<Session>);
    let callback = Callback::new(move |event| events.update_value(|events| events.push(event)));
    let _page = open("/", move || {
        view! {
            <SessionProvider config=client on_event=callback>
                {session_out.set_value(Some(use_session()))}
            </SessionProvider>
        }
    })
    .await;
    let client = session_out.get_value().unwrap().client();
    client.refresh().await.unwrap();
    assert_eq!(events.get_value(), [SessionEvent::RefreshSession]);
    callback.dispose();
    client.refresh().await.unwrap();
    assert_eq!(events.get_value().len(), 1);
}
