use std::{cell::Cell, rc::Rc, task::Waker};

use leptos::{prelude::*, task::spawn_local};
use supertokens_session::{SessionClient, SessionError, SessionEvent, Subscription};

use super::{
    life::Life,
    status::{SessionStatus, Snapshot, UnauthenticatedReason, reason_of},
};

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

    pub(super) fn doubt_claims(self) {
        self.doubts.try_update(|doubts| *doubts += 1);
    }
}

/// Keeps the provider's signals true to the client: it looks at the start, on request, after each event, and when the
/// page comes back.
#[derive(Clone)]
pub(crate) struct Keeper {
    looker: Looker,
    life: Rc<Life>,
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
        Self { life: Life::begin(looker.clone()), looker, _subscription: Rc::new(subscription) }
    }

    /// Finds out whether there is a session, with a refresh where that is needed.
    pub(crate) fn settle(&self) {
        self.life.find_out(|_| {});
    }

    /// As [`settle`](Self::settle); then guards look at claims again.
    pub(crate) fn recheck(&self) {
        self.life.find_out(Board::doubt_claims);
    }

    /// Plans anew what the page does by itself, after a change.
    pub(crate) fn plan(&self) {
        self.life.plan();
    }

    /// Reads what is kept; done when that, or what is newer, is shown.
    pub(crate) fn look(&self) -> impl Future<Output = ()> + use<> {
        let looker = self.looker.clone();
        async move { while !looker.look().await {} }
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
pub(super) struct Looker {
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

    pub(super) fn client(&self) -> &SessionClient {
        &self.client
    }

    pub(super) fn board(&self) -> Board {
        self.board
    }

    /// None once the provider is gone.
    pub(super) fn status(&self) -> Option<SessionStatus> {
        self.board.snapshot.try_with_untracked(|known| known.status)
    }

    pub(super) fn is_known(&self) -> bool {
        matches!(self.status(), Some(SessionStatus::Authenticated | SessionStatus::Unauthenticated { .. }))
    }

    /// Finds out whether there is a session, and shows it; false where there is no answer.
    pub(super) async fn find_out(&self) -> bool {
        match self.client.does_session_exist().await {
            Ok(_) => {
                self.look().await;
                true
            }
            Err(trouble) => {
                self.board.error.try_set(Some(trouble));
                self.board.update(Snapshot::unreachable);
                false
            }
        }
    }

    /// Reads what is kept, and shows it; false where another look has begun meanwhile, which shows what is newer.
    pub(super) async fn look(&self) -> bool {
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
