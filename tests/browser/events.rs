//! Events reach listeners for as long as their owner lives.

use leptos::prelude::*;
use supertokens_leptos::{Session, SessionEvent, SessionProvider, use_session};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{Answer, Backend, Page, settle};

#[component]
fn Listener(seen: StoredValue<Vec<SessionEvent>>) -> impl IntoView {
    use_session().on_event(move |event| seen.update_value(|seen| seen.push(event.clone())));
}

#[wasm_bindgen_test]
async fn a_listener_ends_with_its_owner() {
    let owner = Owner::new();
    owner.set();
    let backend =
        Backend::signed_in("u1").answers([Answer::session("u1", "{}"), Answer::session("u1", "{}")]);
    let client = backend.client();
    let (seen, shown) = (StoredValue::new(Vec::new()), RwSignal::new(true));
    let session_out = StoredValue::new(None::<Session>);
    let _page = Page::open("/", move || {
        view! {
            <SessionProvider config=client>
                {session_out.set_value(Some(use_session()))}
                <Show when=move || shown.get()><Listener seen/></Show>
            </SessionProvider>
        }
    })
    .await;
    let client = session_out.get_value().unwrap().client();
    client.refresh().await.unwrap();
    settle().await;
    assert_eq!(seen.get_value(), [SessionEvent::RefreshSession]);
    shown.set(false);
    settle().await;
    client.refresh().await.unwrap();
    settle().await;
    assert_eq!(seen.get_value().len(), 1);
}

#[wasm_bindgen_test]
async fn the_providers_own_listener_hears_all_from_the_start() {
    let owner = Owner::new();
    owner.set();
    let backend = Backend::expired("u1").answers([Answer::session("u1", "{}"), Answer::removed(200)]);
    let client = backend.client();
    let seen = StoredValue::new(Vec::new());
    let session_out = StoredValue::new(None::<Session>);
    let listen = move |event: SessionEvent| seen.update_value(|seen| seen.push(event));
    let page = Page::open("/", move || {
        view! {
            <SessionProvider config=client on_event=listen>
                {session_out.set_value(Some(use_session()))}
            </SessionProvider>
        }
    })
    .await;
    assert_eq!(seen.get_value(), [SessionEvent::RefreshSession]);
    let client = session_out.get_value().unwrap().client();
    client.sign_out().await.unwrap();
    assert_eq!(seen.get_value(), [SessionEvent::RefreshSession, SessionEvent::SignOut]);
    drop(page);
    client.sign_out().await.unwrap();
    assert_eq!(seen.get_value().len(), 2);
}

#[wasm_bindgen_test]
async fn the_provider_calls_a_callback_until_the_app_disposes_of_it() {
    let owner = Owner::new();
    owner.set();
    let backend =
        Backend::signed_in("u1").answers([Answer::session("u1", "{}"), Answer::session("u1", "{}")]);
    let client = backend.client();
    let seen = StoredValue::new(Vec::new());
    let session_out = StoredValue::new(None::<Session>);
    let callback = Callback::new(move |event| seen.update_value(|seen| seen.push(event)));
    let _page = Page::open("/", move || {
        view! {
            <SessionProvider config=client on_event=callback>
                {session_out.set_value(Some(use_session()))}
            </SessionProvider>
        }
    })
    .await;
    let client = session_out.get_value().unwrap().client();
    client.refresh().await.unwrap();
    assert_eq!(seen.get_value(), [SessionEvent::RefreshSession]);
    callback.dispose();
    client.refresh().await.unwrap();
    assert_eq!(seen.get_value().len(), 1);
}
