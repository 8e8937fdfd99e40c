//! Observes the steps of a world.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::platform::{Changes, StoredSession, TransportError};

use super::{
    server::{Exchange, Reply, Server},
    tab::TabId,
    transport::Network,
};

/// The outcome of a request for the tab that sent it.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'a> {
    Responded(&'a Reply),
    Failed,
    /// Its caller no longer waits for it.
    GivenUp,
}

/// Receives all steps in order.
pub trait Watch {
    /// A tab sends a request and reads `seen` in the store.
    fn sends(&self, number: usize, exchange: &Exchange, seen: &StoredSession);

    /// A request has ended.
    fn ends(&self, at_ms: i64, number: usize, ending: Ending<'_>);

    /// A tab writes to the store, where it has read `seen` until now.
    fn writes(&self, tab: TabId, seen: &StoredSession, changes: &Changes);

    /// The backend detects theft. `astray` if no caller waits for the response: its tab was closed, it timed out,
    /// or a proxy repeated it.
    fn alarm(&self, number: usize, astray: bool);
}

/// The observer of a world, if there is one.
#[derive(Clone, Default)]
pub struct Watchers(Rc<RefCell<Option<Rc<dyn Watch>>>>);

impl Watchers {
    pub(super) fn set(&self, watch: Rc<dyn Watch>) {
        self.0.replace(Some(watch));
    }

    pub(super) fn notify(&self, what: impl FnOnce(&dyn Watch)) {
        let watch = self.0.borrow().clone();
        if let Some(watch) = watch {
            what(&*watch);
        }
    }
}

/// A request under way; if it is dropped before its end, it was abandoned.
pub(super) struct Attempt {
    watchers: Watchers,
    server: Server,
    number: usize,
    has_ended: bool,
}

impl Attempt {
    pub(super) fn begin(network: &Network, number: usize, exchange: &Exchange, seen: &StoredSession) -> Self {
        network.watchers.notify(|watch| watch.sends(number, exchange, seen));
        Self { watchers: network.watchers.clone(), server: network.server.clone(), number, has_ended: false }
    }

    pub(super) fn end(mut self, outcome: &Result<Reply, TransportError>) {
        self.has_ended = true;
        self.watchers.notify(|watch| {
            let ending = outcome.as_ref().map_or(Ending::Failed, Ending::Responded);
            watch.ends(self.server.now_ms(), self.number, ending);
        });
    }
}

impl Drop for Attempt {
    fn drop(&mut self) {
        if !self.has_ended {
            self.watchers.notify(|watch| watch.ends(self.server.now_ms(), self.number, Ending::GivenUp));
        }
    }
}
