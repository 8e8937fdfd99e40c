//! Looks on at what happens in a world, without a part in it.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::platform::{Changes, StoredSession, TransportError};

use super::{
    server::{Exchange, Reply, Server},
    tab::TabId,
    transport::Network,
};

/// How a request ended for the tab that sent it.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'a> {
    Answered(&'a Reply),
    Failed,
    /// Nobody waits for it any more.
    GivenUp,
}

/// Receives everything that happens, in order.
pub trait Watch {
    /// A request leaves its tab, which reads `seen` in the store.
    fn sends(&self, number: usize, exchange: &Exchange, seen: &StoredSession);

    /// A request has ended.
    fn ends(&self, at_ms: i64, number: usize, ending: Ending<'_>);

    /// A tab writes to the store, where it reads `seen` until then.
    fn writes(&self, tab: TabId, seen: &StoredSession, changes: &Changes);

    /// The backend takes a refresh for theft. `astray`: nobody waits for its answer, since its tab has died or given
    /// it up, or something on the way has sent it again.
    fn alarm(&self, number: usize, astray: bool);
}

/// Who watches a world, where somebody does.
#[derive(Clone, Default)]
pub struct Watchers(Rc<RefCell<Option<Rc<dyn Watch>>>>);

impl Watchers {
    pub(super) fn set(&self, watch: Rc<dyn Watch>) {
        self.0.replace(Some(watch));
    }

    pub(super) fn tell(&self, what: impl FnOnce(&dyn Watch)) {
        let watch = self.0.borrow().clone();
        if let Some(watch) = watch {
            what(&*watch);
        }
    }
}

/// A request under way; dropped before its end it was given up.
pub(super) struct Attempt {
    watchers: Watchers,
    server: Server,
    number: usize,
    has_ended: bool,
}

impl Attempt {
    pub(super) fn begin(network: &Network, number: usize, exchange: &Exchange, seen: &StoredSession) -> Self {
        network.watchers.tell(|watch| watch.sends(number, exchange, seen));
        Self { watchers: network.watchers.clone(), server: network.server.clone(), number, has_ended: false }
    }

    pub(super) fn end(mut self, outcome: &Result<Reply, TransportError>) {
        self.has_ended = true;
        self.watchers.tell(|watch| {
            let ending = outcome.as_ref().map_or(Ending::Failed, Ending::Answered);
            watch.ends(self.server.now_ms(), self.number, ending);
        });
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if !self.has_ended {
            self.watchers.tell(|watch| watch.ends(self.server.now_ms(), self.number, Ending::GivenUp));
        }
    }
}
