//! The benchmark of signals, gates and the provider. All times are in ms.

use leptos::{mount::mount_to, prelude::*};
use supertokens_leptos::{
    Require, Session, SessionConfig, SessionConfigBuilder, SessionProvider, SignedIn, use_session,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// Mounts an app with the provider, lets it read the session, and unmounts it, `count` times.
///
/// # Errors
/// If there is no page.
#[wasm_bindgen]
pub async fn mounts(api: String, count: u32) -> Result<(), JsValue> {
    for _ in 0..count {
        let parent = place()?;
        let config = settings(&api).build();
        let app = mount_to(parent.clone(), move || {
            view! { <SessionProvider config><SignedIn>"in"</SignedIn></SessionProvider> }
        });
        later().await?;
        drop(app);
        parent.remove();
    }
    later().await
}

/// Reads a signal of the session. Returns the time of one read.
///
/// # Errors
/// If there is no page.
#[wasm_bindgen]
pub async fn signal_reads(api: String, count: u32) -> Result<f64, JsValue> {
    let parent = place()?;
    let (config, stored) = (settings(&api).build(), RwSignal::new_local(None::<Session>));
    let app = mount_to(parent.clone(), move || {
        view! { <SessionProvider config>{stored.set(Some(use_session()))}</SessionProvider> }
    });
    later().await?;
    let user = stored.get_untracked().ok_or("no session was provided")?.user_id();
    let start = now()?;
    let mut length = 0;
    for _ in 0..count {
        length += user.with_untracked(|user| user.as_ref().map_or(0, String::len));
    }
    let took = (now()? - start) / f64::from(count);
    drop(app);
    parent.remove();
    if length == 0 { Err("no user is signed in".into()) } else { Ok(took) }
}

/// Shows `count` gates, then sends a request whose response changes the payload, `rounds` times. Returns the time of
/// the first rendering, and then the times from each response until all gates have run.
///
/// # Errors
/// If there is no page or no response.
#[wasm_bindgen]
pub async fn gates(api: String, count: u32, rounds: u32) -> Result<Vec<f64>, JsValue> {
    let parent = place()?;
    let (config, stored) = (settings(&api).build(), RwSignal::new_local(None::<Session>));
    let start = now()?;
    let app = mount_to(parent.clone(), move || {
        let gates = (0..count).map(|_| view! { <SignedIn require=Require::role("user")>"in"</SignedIn> });
        view! {
            <SessionProvider config>
                {stored.set(Some(use_session()))}
                {gates.collect_view()}
            </SessionProvider>
        }
    });
    later().await?;
    let mut times = vec![now()? - start];
    let client = stored.get_untracked().ok_or("no session was provided")?.client();
    for round in 0..rounds {
        let body = format!(r#"{{"nickname":"name {round}"}}"#);
        let request = client.post("/api/profile").header("content-type", "application/json").body(body);
        let response = request.send().await.map_err(|error| error.to_string())?;
        let start = now()?;
        if !response.ok() {
            return Err(response.status().to_string().into());
        }
        later().await?;
        times.push(now()? - start);
    }
    drop(app);
    parent.remove();
    Ok(times)
}

fn settings(api: &str) -> SessionConfigBuilder {
    SessionConfig::builder(api)
}

fn place() -> Result<HtmlElement, JsValue> {
    let body = document().body().ok_or("the page has no body")?;
    let place: HtmlElement = document().create_element("div")?.unchecked_into();
    body.append_child(&place)?;
    Ok(place)
}

/// Waits until the microtask queue is empty.
async fn later() -> Result<(), JsValue> {
    let message = js_sys::Promise::new(&mut |resolve, _| {
        // A timer without a delay does not throw.
        let _ = window().set_timeout_with_callback(&resolve);
    });
    JsFuture::from(message).await.map(drop)
}

fn now() -> Result<f64, JsValue> {
    Ok(window().performance().ok_or("the page has no clock")?.now())
}
