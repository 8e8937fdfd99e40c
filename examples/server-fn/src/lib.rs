//! Notes of one's own, by server functions that carry the session.
//!
//! The functions are declared once. The page calls them through [`SessionServerFnClient`]; the server runs their bodies,
//! behind the session check of the example API.

// The macro makes structs of the arguments, whose fields have no docs.
#![allow(missing_docs)]

#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(not(target_arch = "wasm32"))]
mod server;

use leptos::{prelude::*, server_fn::codec::GetUrl};
use supertokens_leptos::SessionServerFnClient;

#[cfg(target_arch = "wasm32")]
pub use page::App;
#[cfg(not(target_arch = "wasm32"))]
pub use server::router;

/// Keeps a note, and tells all that the user has.
///
/// # Errors
/// Where the note says nothing.
#[server(client = SessionServerFnClient, prefix = "/api/notes", endpoint = "place")]
pub async fn place_note(text: String) -> Result<Vec<String>, ServerFnError> {
    if text.trim().is_empty() {
        return Err(ServerFnError::ServerError("A note has to say something.".to_owned()));
    }
    Ok(server::caller()?.place(text))
}

/// All notes that the user has, oldest first.
///
/// # Errors
/// None of its own.
#[server(client = SessionServerFnClient, prefix = "/api/notes", endpoint = "list", input = GetUrl)]
pub async fn list_notes() -> Result<Vec<String>, ServerFnError> {
    Ok(server::caller()?.notes())
}
