//! The backend's public keys: a cache, one fetch at a time, and a limit on the rate of fetches.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, sync::watch, time::Instant};

use crate::{
    access_token::now,
    key_fetch::{Keys, fetch},
    rs256::PublicKey,
};

/// The age at which keys are fetched again, so that withdrawn keys end. The backend SDK has the same default.
const MAX_AGE: Duration = Duration::from_secs(4 * 60 * 60);
/// The least time between two fetches, whatever tokens ask for.
const COOLDOWN: Duration = Duration::from_secs(5);
/// The time before the first retry of a failed fetch. Each failure doubles it.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const MAX_BACKOFF: Duration = Duration::from_secs(30);

/// Clones share the cache.
#[derive(Clone)]
pub(crate) struct KeySet(Arc<Parts>);

struct Parts {
    client: reqwest::Client,
    url: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    set: Option<Arc<FetchedKeys>>,
    last_fetch: Option<Instant>,
    failures: u32,
    /// Closes when the fetch under way has ended.
    fetch: Option<watch::Receiver<()>>,
}

pub(crate) struct FetchedKeys {
    keys: Keys,
    at: Instant,
    /// Since the Unix epoch, when the fetch began.
    pub(crate) requested_at: Duration,
}

/// What is found for a key id.
pub(crate) enum Lookup {
    Found(Arc<FetchedKeys>),
    /// The last key set lacks it, and no fetch is allowed now.
    Missing(Arc<FetchedKeys>),
    /// There is no key set, or the fetch for this key failed.
    Unavailable,
}

impl FetchedKeys {
    pub(crate) fn key(&self, id: &str) -> Option<&PublicKey> {
        self.keys.get(id)
    }
}

impl KeySet {
    pub(crate) fn new(client: reqwest::Client, url: String) -> Self {
        Self(Arc::new(Parts { client, url, state: Mutex::default() }))
    }

    /// A key set at another URL, with an empty cache.
    pub(crate) fn at(&self, url: String) -> Self {
        Self::new(self.0.client.clone(), url)
    }

    /// Whether the key is cached.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.state().set.as_ref().is_some_and(|set| set.key(id).is_some())
    }

    /// Finds a key. It waits for a fetch only if the key is unknown.
    pub(crate) async fn find(&self, id: &str) -> Lookup {
        let mut fetch = {
            let mut state = self.state();
            if let Some(set) = state.set.clone().filter(|set| set.key(id).is_some()) {
                if set.at.elapsed() >= MAX_AGE {
                    // In the background: a key that was good until now is good enough for this request.
                    let _ = self.start_fetch(&mut state);
                }
                return Lookup::Found(set);
            }
            match self.start_fetch(&mut state) {
                Some(fetch) => fetch,
                None => return state.without_key(),
            }
        };
        // An error: the task has ended, and dropped its sender.
        let _ = fetch.changed().await;
        let state = self.state();
        match &state.set {
            Some(set) if set.key(id).is_some() => Lookup::Found(set.clone()),
            _ => state.without_key(),
        }
    }

    /// The fetch under way, or a new one if one is due. A task of its own fetches: a caller that is dropped neither ends
    /// the fetch nor makes the next caller repeat it.
    fn start_fetch(&self, state: &mut State) -> Option<watch::Receiver<()>> {
        if let Some(fetch) = state.fetch.clone().filter(|fetch| fetch.has_changed().is_ok()) {
            return Some(fetch);
        }
        if !state.is_due() {
            return None;
        }
        let runtime = Handle::try_current().ok()?;
        state.last_fetch = Some(Instant::now());
        let (sender, fetch) = watch::channel(());
        state.fetch = Some(fetch.clone());
        let this = self.clone();
        runtime.spawn(async move {
            this.fetch().await;
            drop(sender);
        });
        Some(fetch)
    }

    async fn fetch(&self) {
        let requested_at = now();
        let fetched = fetch(&self.0.client, &self.0.url).await;
        let mut state = self.state();
        // The time to the next fetch begins at the end of this one, which may have been slow.
        state.last_fetch = Some(Instant::now());
        match fetched {
            Ok(keys) => {
                log::debug!(target: "supertokens_server", "fetched {} keys", keys.len());
                state.failures = 0;
                state.set = Some(Arc::new(FetchedKeys { keys, at: Instant::now(), requested_at }));
            }
            Err(error) => {
                state.failures = state.failures.saturating_add(1);
                log::warn!(target: "supertokens_server", "the keys at {} can't be fetched: {error}", self.0.url);
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_due(&self) -> bool {
        let pause = match self.failures {
            0 => COOLDOWN,
            failures => FIRST_BACKOFF.saturating_mul(1 << (failures - 1).min(16)).min(MAX_BACKOFF),
        };
        self.last_fetch.is_none_or(|last| last.elapsed() >= pause)
    }

    /// The lookup of a key that the set lacks. After a failed fetch a newer set may have it.
    fn without_key(&self) -> Lookup {
        match &self.set {
            Some(set) if self.failures == 0 => Lookup::Missing(set.clone()),
            _ => Lookup::Unavailable,
        }
    }
}
