//! The example of an app that a server renders and the browser hydrates: guarded pages, and server functions that know
//! the user.
//!
//! The feature `ssr` is the server, and `hydrate` is the page. Both compile the same components.

// The macro of server functions generates structs of the arguments, whose fields have no docs.
#![allow(missing_docs)]

mod app;
mod components;
mod functions;
mod pages;
#[cfg(feature = "ssr")]
mod store;

pub use app::{App, api_domain, shell};

/// The page calls this when its WebAssembly is loaded.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_body(App);
    // Tests wait for it before they click.
    if let Some(html) = leptos::prelude::document().document_element() {
        html.set_attribute("data-hydrated", "yes").ok();
    }
}
