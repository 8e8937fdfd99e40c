//! The locks of one origin, as in `navigator.locks`: granted in order, and released when a tab is closed.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use futures_channel::oneshot;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

use super::{clock::WorldClock, dice::Dice, pass, tab::TabId};

/// All locks of the browser.
#[derive(Clone)]
pub struct Locks(Rc<RefCell<State>>);

struct State {
    clock: WorldClock,
    next_ticket: u64,
    queues: BTreeMap<String, VecDeque<Waiter>>,
    broken: Option<LockError>,
    dice: Option<Dice>,
    grants: u32,
    /// The start and end of each hold, in ms of the world's clock.
    spans: Vec<(i64, i64)>,
}

/// The first waiter of a queue is the holder.
struct Waiter {
    ticket: u64,
    tab: TabId,
    granted: Option<oneshot::Sender<()>>,
    since_ms: i64,
}

impl Locks {
    pub fn new(clock: WorldClock) -> Self {
        Self(Rc::new(RefCell::new(State {
            clock,
            next_ticket: 0,
            queues: BTreeMap::new(),
            broken: None,
            dice: None,
            grants: 0,
            spans: Vec::new(),
        })))
    }

    /// From now on every attempt fails with `error`; `None` ends this.
    pub fn set_broken(&self, error: Option<LockError>) {
        self.0.borrow_mut().broken = error;
    }

    /// From now on random choices set the time to acquire the lock.
    pub(super) fn set_dice(&self, dice: Dice) {
        self.0.borrow_mut().dice = Some(dice);
    }

    /// Whether any lock is held or waited for.
    pub fn is_busy(&self) -> bool {
        self.0.borrow().queues.values().any(|queue| !queue.is_empty())
    }

    /// Whether that lock is held or waited for.
    pub fn is_busy_with(&self, name: &str) -> bool {
        self.0.borrow().queues.get(name).is_some_and(|queue| !queue.is_empty())
    }

    /// How often a lock was granted.
    pub fn grants(&self) -> u32 {
        self.0.borrow().grants
    }

    /// From when to when a lock was held, in ms of the world.
    pub fn spans(&self) -> Vec<(i64, i64)> {
        self.0.borrow().spans.clone()
    }

    /// Releases the locks of a closed tab, as a browser does.
    pub fn forget_tab(&self, tab: TabId) {
        let mut state = self.0.borrow_mut();
        let tickets: Vec<(String, u64)> = state
            .queues
            .iter()
            .flat_map(|(name, queue)| queue.iter().map(move |waiter| (name, waiter)))
            .filter(|(_, waiter)| waiter.tab == tab)
            .map(|(name, waiter)| (name.clone(), waiter.ticket))
            .collect();
        for (name, ticket) in tickets {
            state.leave(&name, ticket);
        }
    }
}

impl State {
    fn grant_first(&mut self, name: &str) {
        let now = self.clock.now_ms();
        let Some(first) = self.queues.get_mut(name).and_then(VecDeque::front_mut) else { return };
        if let Some(granted) = first.granted.take() {
            first.since_ms = now;
            self.grants += 1;
            // If the waiter was dropped, its place is about to be removed.
            let _ = granted.send(());
        }
    }

    fn leave(&mut self, name: &str, ticket: u64) {
        let Some(queue) = self.queues.get_mut(name) else { return };
        let Some(at) = queue.iter().position(|waiter| waiter.ticket == ticket) else { return };
        let Some(waiter) = queue.remove(at) else { return };
        if waiter.granted.is_none() {
            self.spans.push((waiter.since_ms, self.clock.now_ms()));
        }
        self.grant_first(name);
    }
}

/// The locks of one tab.
pub struct TabLock {
    pub locks: Locks,
    pub tab: TabId,
}

impl Lock for TabLock {
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move {
            let delay_ms = self.locks.0.borrow().dice.as_ref().map_or(0, Dice::read_ms);
            if delay_ms > 0 {
                pass(delay_ms).await;
            } else {
                tokio::task::yield_now().await;
            }
            if let Some(error) = self.locks.0.borrow().broken.clone() {
                return Err(error);
            }
            let (place, granted) = self.queue_up(name);
            granted.await.map_err(|_| LockError::Refused)?;
            Ok(LockGuard::new(move || drop(place)))
        })
    }

    fn scope(&self) -> Option<String> {
        Some("the page's origin".to_owned())
    }
}

impl TabLock {
    fn queue_up(&self, name: &str) -> (Place, oneshot::Receiver<()>) {
        let (sender, granted) = oneshot::channel();
        let mut state = self.locks.0.borrow_mut();
        let ticket = state.next_ticket;
        state.next_ticket += 1;
        let waiter = Waiter { ticket, tab: self.tab, granted: Some(sender), since_ms: 0 };
        state.queues.entry(name.to_owned()).or_default().push_back(waiter);
        state.grant_first(name);
        (Place { locks: self.locks.clone(), name: name.to_owned(), ticket }, granted)
    }
}

/// A place in the queue, the first of which holds the lock.
struct Place {
    locks: Locks,
    name: String,
    ticket: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.locks.0.borrow_mut().leave(&self.name, self.ticket);
    }
}
