use std::{cell::Cell, rc::Rc, task::Waker};

use leptos::{prelude::*, task::spawn_local};
use supertokens_session::{SessionClient, SessionError, SessionEvent, Subscription};

use super::status::{SessionStatus, Snapshot, UnauthenticatedReason, reason_of};

/// What a keeper writes and the session reads.
#[derive(Clone, Copy)]
pub(crate) struct Board {
    pub(crate) snapshot: RwSignal<Snapshot>,
    pub(crate) error: RwSignal<Option<SessionError>>,
    /// The server's clock minus the device's. No signal: nothing is decided anew because of it alone.
    pub(crate) skew_ms: StoredValue<i64>,
    /// Counts the occasions to look at claims again: the API refused one, or the app asked for a look.
    pub(crate) doubts: RwSignal<u64>,
    /// Those who wait for the first look.
    pub(crate) waiting: StoredValue<Vec<Waker>>,
}

impl Board {
    pub(crate) fn new() -> Self {
        Self {
            snapshot: RwSignal::new(Snapshot::default()),
            error: RwSignal::new(None),
            skew_ms: StoredValue::new(0),
            doubts: RwSignal::new(0),
            waiting: StoredValue::new(Vec::new()),
        }
    }

    /// Notifies only when something changed. The provider may be gone: whoever awaited outlives it.
    fn update(self, next: impl FnOnce(&Snapshot) -> Snapshot) {
        if let Some(known) = self.snapshot.try_get_untracked() {
            let next = next(&known);
            if next != known {
                self.snapshot.try_set(next);
                let waiting = self.waiting.try_update_value(std::mem::take).unwrap_or_default();
                waiting.into_iter().for_each(Waker::wake);
            }
        }
    }

    fn is_known(self) -> bool {
        let status = self.snapshot.try_with_untracked(|known| known.status);
        matches!(status, Some(SessionStatus::Authenticated | SessionStatus::Unauthenticated { .. }))
    }

    fn doubt_claims(self) {
        self.doubts.try_update(|doubts| *doubts += 1);
    }
}

/// Keeps the provider's signals true to the client: it looks at the start, on request and after each event.
#[derive(Clone)]
pub(crate) struct Keeper {
    looker: Looker,
    /// Listens until the provider is gone.
    _subscription: Rc<Subscription>,
}

impl Keeper {
    pub(crate) fn new(client: SessionClient, board: Board) -> Self {
        let looker = Looker { client: client.clone(), board, looks: Rc::default(), reason: Rc::default() };
        let subscription = client.on_event({
            let looker = looker.clone();
            move |event| {
                if matches!(event, SessionEvent::ApiInvalidClaim { .. }) {
                    board.doubt_claims();
                }
                looker.keep_reason(reason_of(event));
                let looker = looker.clone();
                spawn_local(async move {
                    looker.look().await;
                });
            }
        });
        Self { looker, _subscription: Rc::new(subscription) }
    }

    /// Finds out whether there is a session, with a refresh where that is needed.
    pub(crate) fn settle(&self) {
        self.find_out(|_| {});
    }

    /// As [`settle`](Self::settle); then guards look at claims again.
    pub(crate) fn recheck(&self) {
        self.find_out(Board::doubt_claims);
    }

    fn find_out(&self, afterwards: fn(Board)) {
        // A server has no session to read: its first render is the one before anything is known.
        if !cfg!(target_arch = "wasm32") {
            return;
        }
        let looker = self.looker.clone();
        spawn_local(async move {
            let board = looker.board;
            match looker.client.does_session_exist().await {
                Ok(_) => {
                    looker.look().await;
                    afterwards(board);
                }
                Err(trouble) => {
                    board.error.try_set(Some(trouble));
                    board.update(Snapshot::unreachable);
                }
            }
        });
    }

    /// Reads what is kept; done when that, or what is newer, is shown.
    pub(crate) fn look(&self) -> impl Future<Output = ()> + use<> {
        let looker = self.looker.clone();
        async move { while !looker.look().await {} }
    }

    /// Looks whenever the page comes back: to the front, or out of the back/forward cache after a sign-out, which must
    /// show before it is painted. It calls nobody.
    pub(crate) fn look_when_the_page_comes_back(&self) {
        if !cfg!(target_arch = "wasm32") {
            return;
        }
        for event in ["pageshow", "focus", "visibilitychange"] {
            let looker = self.looker.clone();
            let listener = window_event_listener_untyped(event, move |_| {
                let looker = looker.clone();
                // What is being found out yet, the first answer tells.
                if looker.board.is_known() {
                    spawn_local(async move {
                        looker.look().await;
                    });
                }
            });
            on_cleanup(move || listener.remove());
        }
    }

    pub(crate) fn sign_out(&self) {
        let Looker { client, board, .. } = self.looker.clone();
        spawn_local(async move {
            let trouble = client.sign_out().await.err();
            board.error.try_set(trouble);
        });
    }
}

#[derive(Clone)]
struct Looker {
    client: SessionClient,
    board: Board,
    /// Counts the looks, so that a slow one can't overwrite a later one.
    looks: Rc<Cell<u64>>,
    /// Why the session ended, until a look shows it.
    reason: Rc<Cell<Option<UnauthenticatedReason>>>,
}

impl Looker {
    /// News of "no session" does not hide how the session ended.
    fn keep_reason(&self, reason: Option<UnauthenticatedReason>) {
        if self.reason.get().is_none() || reason != Some(UnauthenticatedReason::NoSession) {
            self.reason.set(reason.or(self.reason.get()));
        }
    }

    /// Reads what is kept, and shows it; false where another look has begun meanwhile, which shows what is newer.
    async fn look(&self) -> bool {
        let Self { client, board, looks, reason } = self;
        looks.set(looks.get() + 1);
        let this_look = looks.get();
        let front_token = client.front_token().await;
        let server_time_ms = client.server_time_ms().await;
        if looks.get() != this_look {
            return false;
        }
        if let Ok(server_time_ms) = server_time_ms {
            let now_ms = client.platform().clock.now_ms();
            board.skew_ms.try_set_value(server_time_ms.saturating_sub(now_ms));
        }
        match front_token {
            Ok(front_token) => {
                let reason = reason.take();
                board.update(|known| known.next(front_token.clone(), reason));
                board.error.try_update(|error| {
                    if error.is_some() && front_token.is_some() {
                        *error = None
                    }
                });
            }
            Err(trouble) => {
                board.error.try_set(Some(trouble));
                board.update(Snapshot::unreachable);
            }
        }
        true
    }
}
