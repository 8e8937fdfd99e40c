use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    sync::Arc,
};

use supertokens_session::SessionClient;

use crate::snapshot::{Snapshot, UnauthenticatedReason};

/// Reads the store and publishes the snapshot. Running tasks hold it, so it may outlive the provider.
pub(crate) struct SnapshotReader {
    pub(crate) client: SessionClient,
    snapshot: RefCell<Arc<Snapshot>>,
    publish: Box<dyn Fn(Arc<Snapshot>)>,
    /// Counts the reads, so that a slow read can't overwrite a later one.
    reads: Cell<u64>,
    /// Why the session ended, until a read publishes it.
    reason: Cell<Option<UnauthenticatedReason>>,
    /// The server's clock minus the device's.
    skew_ms: Cell<i64>,
}

impl SnapshotReader {
    pub(crate) fn new(
        client: SessionClient,
        first: Arc<Snapshot>,
        publish: Box<dyn Fn(Arc<Snapshot>)>,
    ) -> Rc<Self> {
        Rc::new(Self {
            client,
            snapshot: RefCell::new(first),
            publish,
            reads: Cell::default(),
            reason: Cell::default(),
            skew_ms: Cell::default(),
        })
    }

    pub(crate) fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.borrow().clone()
    }

    /// Publishes the snapshot if it has changed.
    pub(crate) fn set(&self, next: Snapshot) {
        if **self.snapshot.borrow() != next {
            let next = Arc::new(next);
            self.snapshot.replace(next.clone());
            (self.publish)(next);
        }
    }

    pub(crate) fn recheck_claims(&self) {
        let current = self.snapshot();
        self.set(Snapshot { recheck_count: current.recheck_count + 1, ..(*current).clone() });
    }

    /// A later "no session" does not replace the reason why the session ended.
    pub(crate) fn set_reason(&self, reason: Option<UnauthenticatedReason>) {
        if self.reason.get().is_none() || reason != Some(UnauthenticatedReason::NoSession) {
            self.reason.set(reason.or(self.reason.get()));
        }
    }

    /// Checks whether there is a session, with a refresh if needed, and publishes it. Returns false without a response.
    pub(crate) async fn check(&self) -> bool {
        match self.client.session_exists().await {
            Ok(_) => {
                self.read_once().await;
                true
            }
            Err(error) => {
                self.set(self.snapshot().unreachable().with_error(Some(error)));
                false
            }
        }
    }

    /// Reads the store until this read or a later one is published.
    pub(crate) async fn read(&self) {
        while !self.read_once().await {}
    }

    /// Reads the store and publishes it. Returns false if another read has begun meanwhile, which then publishes.
    pub(crate) async fn read_once(&self) -> bool {
        let this_read = self.reads.get() + 1;
        self.reads.set(this_read);
        let front_token = self.client.front_token().await;
        let server_time_ms = self.client.server_time_ms().await;
        if self.reads.get() != this_read {
            return false;
        }
        if let Ok(server_time_ms) = server_time_ms {
            self.skew_ms.set(server_time_ms.saturating_sub(self.now_ms()));
        }
        let current = self.snapshot();
        self.set(match front_token {
            Ok(front_token) => {
                let is_recovered = front_token.is_some();
                let next = current.next(front_token, self.reason.take());
                if is_recovered { next.with_error(None) } else { next }
            }
            Err(error) => current.unreachable().with_error(Some(error)),
        });
        true
    }

    /// Starts a read.
    pub(crate) fn start_read(self: &Rc<Self>) {
        let reader = self.clone();
        self.spawn(async move {
            reader.read_once().await;
        });
    }

    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        if let Some(platform) = self.client.platform() {
            platform.spawn.spawn(Box::pin(task));
        }
    }

    /// The time by the device's clock.
    pub(crate) fn now_ms(&self) -> i64 {
        self.client.platform().map_or(0, |platform| platform.clock.now_ms())
    }

    /// The time by the server's clock. Until the first read of a page that a server has rendered, it is the time of that.
    pub(crate) fn server_now_ms(&self) -> i64 {
        let rendered_at_ms = self.snapshot.borrow().rendered_at_ms;
        rendered_at_ms.unwrap_or_else(|| self.now_ms().saturating_add(self.skew_ms.get()))
    }
}
