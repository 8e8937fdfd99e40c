//! The store that all tabs share, with the lag of a browser: the writing tab reads its writes at once, other tabs
//! after the write has settled.

use std::{cell::RefCell, collections::HashMap, rc::Rc, time::Duration};

use supertokens_session::platform::{Change, Changes, LocalBoxFuture, Store, StoreError, StoredSession};

use tokio::time::Instant;

use super::{dice::Dice, tab::TabId, watch::Watchers};

/// The browser's storage of the site.
#[derive(Clone)]
pub struct SharedStore(Rc<RefCell<State>>);

struct State {
    /// The values that every tab reads.
    settled: StoredSession,
    /// Writes under way, which only the writing tab reads.
    under_way: Vec<(u64, TabId, Changes)>,
    next_write: u64,
    last_settles: HashMap<TabId, Instant>,
    lag_ms: u64,
    read_ms: u64,
    unreadable: bool,
    unwritable: bool,
    writes: u32,
    dice: Option<Dice>,
    watchers: Watchers,
}

impl SharedStore {
    pub fn new(watchers: Watchers) -> Self {
        Self(Rc::new(RefCell::new(State {
            settled: StoredSession::default(),
            under_way: Vec::new(),
            next_write: 0,
            last_settles: HashMap::new(),
            lag_ms: 3,
            read_ms: 0,
            unreadable: false,
            unwritable: false,
            writes: 0,
            dice: None,
            watchers,
        })))
    }

    /// Sets the time until other tabs read a write.
    pub fn set_lag_ms(&self, ms: u64) {
        self.0.borrow_mut().lag_ms = ms;
    }

    /// Sets the time of a read, as of a store behind a promise.
    pub fn set_read_ms(&self, ms: u64) {
        self.0.borrow_mut().read_ms = ms;
    }

    /// From now on random choices set the times of reads and writes.
    pub(super) fn set_dice(&self, dice: Dice) {
        self.0.borrow_mut().dice = Some(dice);
    }

    pub fn set_unreadable(&self, unreadable: bool) {
        self.0.borrow_mut().unreadable = unreadable;
    }

    pub fn set_unwritable(&self, unwritable: bool) {
        self.0.borrow_mut().unwritable = unwritable;
    }

    /// The stored session, as a tab without own writes reads it.
    pub fn stored(&self) -> StoredSession {
        self.0.borrow().settled.clone()
    }

    /// The session that a tab reads, including its own pending writes.
    pub fn seen_by(&self, tab: TabId) -> StoredSession {
        self.read_as(tab).unwrap_or_default()
    }

    /// Changes the stored session from outside, as another script or the browser does.
    pub fn edit(&self, edit: impl FnOnce(&mut StoredSession)) {
        edit(&mut self.0.borrow_mut().settled);
    }

    /// The number of writes, without those of a refresh's lease.
    pub fn writes(&self) -> u32 {
        self.0.borrow().writes
    }

    pub(super) fn read_as(&self, tab: TabId) -> Result<StoredSession, StoreError> {
        let state = self.0.borrow();
        if state.unreadable {
            return Err(StoreError::Unreadable);
        }
        let mut stored = state.settled.clone();
        for (_, _, changes) in state.under_way.iter().filter(|(_, writer, _)| *writer == tab) {
            stored.apply(changes.clone());
        }
        Ok(stored)
    }

    /// Returns the write's number, and the time from which all tabs read it.
    fn begin_write(&self, tab: TabId, changes: Changes) -> Result<(u64, Instant), StoreError> {
        if self.0.borrow().unwritable {
            return Err(StoreError::Unwritable);
        }
        if let Ok(seen) = self.read_as(tab) {
            self.0.borrow().watchers.notify(|watch| watch.writes(tab, &seen, &changes));
        }
        let mut state = self.0.borrow_mut();
        state.writes += u32::from(changes.lease == Change::Keep);
        state.next_write += 1;
        let write = state.next_write;
        state.under_way.push((write, tab, changes));
        let lag_ms = state.dice.as_ref().map_or(state.lag_ms, Dice::lag_ms);
        // A tab's own writes stay in order.
        let settles = Instant::now() + Duration::from_millis(lag_ms);
        let settles = state.last_settles.get(&tab).map_or(settles, |last| settles.max(*last));
        state.last_settles.insert(tab, settles);
        Ok((write, settles))
    }

    /// When the last write of a tab settles; `None` if all have.
    fn settles_at(&self, tab: TabId) -> Option<Instant> {
        let state = self.0.borrow();
        let is_under_way = state.under_way.iter().any(|(_, writer, _)| *writer == tab);
        state.last_settles.get(&tab).copied().filter(|_| is_under_way)
    }

    fn settle(&self, write: u64) {
        let mut state = self.0.borrow_mut();
        if let Some(at) = state.under_way.iter().position(|(known, _, _)| *known == write) {
            let (_, _, changes) = state.under_way.remove(at);
            state.settled.apply(changes);
        }
    }
}

/// The store of one tab.
pub struct TabStore {
    pub shared: SharedStore,
    pub tab: TabId,
    /// The last value that a store behind a promise has read.
    copy: RefCell<Option<StoredSession>>,
}

impl TabStore {
    pub fn new(shared: SharedStore, tab: TabId) -> Self {
        Self { shared, tab, copy: RefCell::default() }
    }

    fn read_ms(&self) -> u64 {
        let state = self.shared.0.borrow();
        state.dice.as_ref().map_or(state.read_ms, Dice::read_ms)
    }

    fn is_behind_a_promise(&self) -> bool {
        let state = self.shared.0.borrow();
        state.dice.is_some() || state.read_ms > 0
    }
}

impl Store for TabStore {
    fn read(&self) -> Result<StoredSession, StoreError> {
        let now = self.shared.read_as(self.tab)?;
        Ok(self.copy.borrow().clone().filter(|_| self.is_behind_a_promise()).unwrap_or(now))
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        let (write, settles) = self.shared.begin_write(self.tab, changes.clone())?;
        if let Some(copy) = &mut *self.copy.borrow_mut() {
            copy.apply(changes);
        }
        // The browser settles it even if the writing tab is closed.
        let shared = self.shared.clone();
        tokio::task::spawn_local(async move {
            tokio::time::sleep_until(settles).await;
            shared.settle(write);
        });
        Ok(())
    }

    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        Some(Box::pin(async {
            // One wait, not many: otherwise a tab that is closed after some polls would mostly be closed here.
            while let Some(settles) = self.shared.settles_at(self.tab) {
                tokio::time::sleep_until(settles).await;
                tokio::task::yield_now().await;
            }
            let read_ms = self.read_ms();
            if read_ms > 0 {
                super::pass(read_ms).await;
            }
            self.copy.replace(Some(self.shared.read_as(self.tab)?));
            Ok(())
        }))
    }

    fn settles_between_origins_ms(&self) -> Option<u32> {
        let state = self.shared.0.borrow();
        // The wait must cover the slowest random write of another origin.
        Some(if state.dice.is_some() { 0 } else { u32::try_from(state.lag_ms).unwrap_or(u32::MAX) })
    }
}
