//! The server side of the functions: the caller, and the stored notes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use axum::{Extension, Router};
use backend::Session;
use leptos::prelude::ServerFnError;
use server_fn::axum::handle_server_fn;

type ByUser = HashMap<String, Vec<String>>;

#[derive(Clone, Default)]
struct Store(Arc<Mutex<ByUser>>);

impl Store {
    fn lock(&self) -> MutexGuard<'_, ByUser> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The user who calls a function.
#[derive(Clone)]
pub(crate) struct Caller {
    user_id: String,
    store: Store,
}

impl Caller {
    pub(crate) fn place(&self, note: String) -> Vec<String> {
        let mut store = self.store.lock();
        let notes = store.entry(self.user_id.clone()).or_default();
        notes.push(note);
        notes.clone()
    }

    pub(crate) fn notes(&self) -> Vec<String> {
        self.store.lock().get(&self.user_id).cloned().unwrap_or_default()
    }
}

tokio::task_local! {
    // With `leptos_axum`, a function would call `extract::<Extension<Session>>()`.
    static CALLER: Caller;
}

/// The caller of the current function.
pub(crate) fn caller() -> Result<Caller, ServerFnError> {
    CALLER.try_with(Clone::clone).map_err(|_| ServerFnError::ServerError("There is no caller.".to_owned()))
}

/// The routes of all functions, for [`Options::private_routes`](backend::Options::private_routes).
pub fn router() -> Router {
    Router::new().route("/api/notes/{function}", any(run)).with_state(Store::default())
}

async fn run(
    State(store): State<Store>,
    Extension(session): Extension<Session>,
    request: Request,
) -> Response {
    let caller = Caller { user_id: session.user_id().to_owned(), store };
    CALLER.scope(caller, handle_server_fn(request)).await
}
