//! The server functions. The client sends the session with each call, and refreshes it if it has expired.
//!
//! A guard decides what the page shows. These functions decide what a caller gets, so each of them asks for the session.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use supertokens_leptos::SessionServerFnClient;
#[cfg(feature = "ssr")]
use supertokens_leptos::{
    Require,
    server::{require_session, verified_session},
};

/// An order of the shop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) number: u32,
    pub(crate) item: String,
}

/// How many orders a user has placed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) email: String,
    pub(crate) orders: usize,
}

/// The user's orders, oldest first.
#[server(client = SessionServerFnClient)]
pub(crate) async fn orders() -> Result<Vec<Order>, ServerFnError> {
    let session = verified_session().await?;
    Ok(crate::store::orders_of(session.user_id()))
}

/// Places an order, and returns all orders of the user.
#[server(client = SessionServerFnClient)]
pub(crate) async fn place_order(item: String) -> Result<Vec<Order>, ServerFnError> {
    let session = verified_session().await?;
    let email = session.payload()["email"].as_str().unwrap_or("a user without an e-mail");
    crate::store::place(session.user_id(), email, &item).map_err(ServerFnError::ServerError)
}

/// All customers, for administrators.
#[server(client = SessionServerFnClient)]
pub(crate) async fn customers() -> Result<Vec<Customer>, ServerFnError> {
    require_session(&Require::role("admin")).await?;
    Ok(crate::store::customers())
}

/// The user's number of orders, after a second of work.
#[server(client = SessionServerFnClient)]
pub(crate) async fn slow_count() -> Result<usize, ServerFnError> {
    let session = verified_session().await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    Ok(crate::store::orders_of(session.user_id()).len())
}
