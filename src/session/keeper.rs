use std::{cell::Cell, rc::Rc};

use leptos::{prelude::*, task::spawn_local};
use supertokens_session::{SessionClient, SessionError, Subscription};

use super::status::{Snapshot, UnauthenticatedReason, reason_of};

/// Keeps the provider's signals true to the client: it looks at the start, on request and after each event.
#[derive(Clone)]
pub(crate) struct Keeper {
    client: SessionClient,
    snapshot: RwSignal<Snapshot>,
    error: RwSignal<Option<SessionError>>,
    /// Counts the looks, so that a slow one can't overwrite a later one.
    looks: Rc<Cell<u64>>,
    /// Listens until the provider is gone.
    _subscription: Rc<Subscription>,
}

impl Keeper {
    pub(crate) fn new(
        client: SessionClient,
        snapshot: RwSignal<Snapshot>,
        error: RwSignal<Option<SessionError>>,
    ) -> Self {
        let looks = Rc::new(Cell::new(0));
        let subscription = client.on_event({
            let (client, looks) = (client.clone(), looks.clone());
            move |event| {
                let reason = reason_of(event);
                spawn_local(look(client.clone(), looks.clone(), snapshot, error, reason));
            }
        });
        Self { client, snapshot, error, looks, _subscription: Rc::new(subscription) }
    }

    /// Finds out whether there is a session, with a refresh where that is needed.
    pub(crate) fn settle(&self) {
        // A server has no session to read: its first render is the one before anything is known.
        if !cfg!(target_arch = "wasm32") {
            return;
        }
        let Self { client, snapshot, error, looks, .. } = self.clone();
        spawn_local(async move {
            match client.does_session_exist().await {
                Ok(_) => look(client, looks, snapshot, error, None).await,
                Err(trouble) => {
                    error.try_set(Some(trouble));
                    update(snapshot, Snapshot::unreachable);
                }
            }
        });
    }

    pub(crate) fn sign_out(&self) {
        let Self { client, error, .. } = self.clone();
        spawn_local(async move {
            let trouble = client.sign_out().await.err();
            error.try_set(trouble);
        });
    }
}

/// Reads what is kept, and shows it.
async fn look(
    client: SessionClient,
    looks: Rc<Cell<u64>>,
    snapshot: RwSignal<Snapshot>,
    error: RwSignal<Option<SessionError>>,
    reason: Option<UnauthenticatedReason>,
) {
    looks.set(looks.get() + 1);
    let this_look = looks.get();
    let front_token = client.front_token().await;
    if looks.get() != this_look {
        return;
    }
    match front_token {
        Ok(front_token) => {
            update(snapshot, |known| known.next(front_token.clone(), reason));
            error.try_update(|error| {
                if error.is_some() && front_token.is_some() {
                    *error = None
                }
            });
        }
        Err(trouble) => {
            error.try_set(Some(trouble));
            update(snapshot, Snapshot::unreachable);
        }
    }
}

/// Notifies only when something changed. The provider may be gone: whoever awaited outlives it.
fn update(snapshot: RwSignal<Snapshot>, next: impl FnOnce(&Snapshot) -> Snapshot) {
    if let Some(known) = snapshot.try_get_untracked() {
        let next = next(&known);
        if next != known {
            snapshot.try_set(next);
        }
    }
}
