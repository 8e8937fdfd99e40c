use std::{rc::Rc, sync::Arc};

use supertokens_session::{SessionClient, SessionError, SessionEvent, Subscription, claims::Require};

use crate::{
    lifecycle::Lifecycle,
    reader::SnapshotReader,
    redirect::Redirects,
    snapshot::{Publish, Snapshot, reason_of},
};

/// Keeps the published snapshot in sync with the store, until its last clone is dropped. It reads the store at the
/// start, on request, after each event, and when the user returns to the page.
#[derive(Clone)]
pub struct SessionSync(Rc<Inner>);

struct Inner {
    reader: Rc<SnapshotReader>,
    lifecycle: Rc<Lifecycle>,
    redirects: Rc<Redirects>,
    _subscription: Subscription,
}

impl SessionSync {
    /// Starts to check whether there is a session. `login` is the path of the login page, and `first` is the snapshot
    /// that the page already shows. If the page `is_hydrating`, the check waits for the next task of the browser, since
    /// the first views have to equal those of the server.
    ///
    /// Call it in a browser only: a server has no page.
    pub fn start(
        client: SessionClient,
        login: String,
        first: Arc<Snapshot>,
        is_hydrating: bool,
        publish: impl Publish + 'static,
    ) -> Self {
        // An app that creates its own platform does not show these warnings.
        supertokens_web::show_setup_warnings();
        let lifecycle = Lifecycle::start(client.clone(), first, Rc::new(publish));
        let reader = lifecycle.reader().clone();
        let subscription = client.on_event({
            let reader = reader.clone();
            move |event| {
                if matches!(event, SessionEvent::ApiInvalidClaim { .. }) {
                    reader.recheck_claims();
                }
                reader.set_reason(reason_of(event));
                reader.start_read();
            }
        });
        // Without a page, the check would publish its failure at once. The adapter calls `fail` after its first view.
        match client.platform() {
            Some(platform) if is_hydrating => {
                let (next_task, lifecycle) = (platform.clock.sleep(0), Rc::downgrade(&lifecycle));
                reader.spawn(async move {
                    next_task.await;
                    if let Some(lifecycle) = lifecycle.upgrade() {
                        lifecycle.check(false);
                    }
                });
            }
            Some(_) => lifecycle.check(false),
            None => {}
        }
        let redirects = Rc::new(Redirects::new(client, login));
        Self(Rc::new(Inner { reader, lifecycle, redirects, _subscription: subscription }))
    }

    /// The client.
    pub fn client(&self) -> &SessionClient {
        &self.0.reader.client
    }

    /// The last published snapshot.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.reader.snapshot()
    }

    /// The redirects of this provider.
    pub(crate) fn redirects(&self) -> &Rc<Redirects> {
        &self.0.redirects
    }

    /// Checks again whether there is a session. Then guards check claims again.
    pub fn recheck(&self) {
        self.0.lifecycle.check(true);
    }

    /// Publishes that this page can't use the session. Call it after the first view if the client has no page, since that
    /// view has to equal the server's.
    pub fn fail(&self, error: SessionError) {
        let reader = &self.0.reader;
        reader.set(reader.snapshot().unreachable().with_error(Some(error)));
    }

    /// Starts a task that signs out. If the server is unreachable, the snapshot's error says so.
    pub fn sign_out(&self) {
        let reader = self.0.reader.clone();
        self.0.reader.spawn(async move {
            let error = reader.client.sign_out().await.err();
            reader.set((*reader.snapshot()).clone().with_error(error));
        });
    }

    /// The global claim validators as a requirement. `None` if the app has none.
    pub(crate) fn global_requirement(&self) -> Option<Require> {
        self.client().global_requirement()
    }

    pub(crate) fn reader(&self) -> &Rc<SnapshotReader> {
        &self.0.reader
    }
}

impl std::fmt::Debug for SessionSync {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionSync").finish_non_exhaustive()
    }
}
