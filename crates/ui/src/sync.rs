use std::{rc::Rc, sync::Arc};

use supertokens_session::{SessionClient, SessionEvent, Subscription, claims::Require};

use crate::{
    lifecycle::Lifecycle,
    reader::SnapshotReader,
    redirect::Redirects,
    snapshot::{Publish, Snapshot, reason_of},
};

/// Keeps the published snapshot equal to the store: it reads at the start, on request, after each event, and when the
/// page comes back. Ends with its last clone.
#[derive(Clone)]
pub struct SessionSync(Rc<Inner>);

struct Inner {
    reader: Rc<SnapshotReader>,
    lifecycle: Rc<Lifecycle>,
    redirects: Rc<Redirects>,
    _subscription: Subscription,
}

impl SessionSync {
    /// Starts to find out whether there is a session. `login` is the path of the login page.
    ///
    /// Call it in a browser only: a server has no page to follow.
    pub fn start(client: SessionClient, login: String, publish: impl Publish + 'static) -> Self {
        // The app may have made the client from parts of its own, which show no warnings by themselves.
        supertokens_web::show_setup_warnings();
        let lifecycle = Lifecycle::start(client.clone(), Box::new(publish));
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
        lifecycle.check(false);
        let redirects = Rc::new(Redirects::new(client, login));
        Self(Rc::new(Inner { reader, lifecycle, redirects, _subscription: subscription }))
    }

    /// The client.
    pub fn client(&self) -> &SessionClient {
        &self.0.reader.client
    }

    /// What was published last.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.0.reader.snapshot()
    }

    /// The redirects of this provider.
    pub fn redirects(&self) -> &Rc<Redirects> {
        &self.0.redirects
    }

    /// Asks again whether there is a session; then guards check claims again.
    pub fn recheck(&self) {
        self.0.lifecycle.check(true);
    }

    /// Signs out in a task of its own. The snapshot's error says where the server was not reached.
    pub fn sign_out(&self) {
        let reader = self.0.reader.clone();
        self.0.reader.spawn(async move {
            let error = reader.client.sign_out().await.err();
            reader.set((*reader.snapshot()).clone().with_error(error));
        });
    }

    /// What the whole app requires, where it requires anything.
    pub(crate) fn global_requirement(&self) -> Option<Require> {
        self.client().global_claim_validators().into_iter().map(Require::claim).reduce(Require::and)
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
