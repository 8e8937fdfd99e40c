//! A notes app whose server functions use the session.
//!
//! The functions are declared once. The page calls them through [`SessionServerFnClient`], and the server runs their
//! bodies behind the session check of the example API.

// The macro generates structs of the arguments, whose fields have no docs.
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

/// Stores a note, and returns all notes of the user.
///
/// # Errors
/// If the note is empty.
#[server(client = SessionServerFnClient, prefix = "/api/notes", endpoint = "place")]
pub async fn place_note(text: String) -> Result<Vec<String>, ServerFnError> {
    if text.trim().is_empty() {
        return Err(ServerFnError::ServerError("A note needs a text.".to_owned()));
    }
    Ok(server::caller()?.place(text))
}

/// All notes of the user, oldest first.
///
/// # Errors
/// Only those of the session check and of the connection.
#[server(client = SessionServerFnClient, prefix = "/api/notes", endpoint = "list", input = GetUrl)]
pub async fn list_notes() -> Result<Vec<String>, ServerFnError> {
    Ok(server::caller()?.notes())
}
