use std::{
    fmt,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use supertokens_session::Origin;

use crate::snapshot::Snapshot;

/// What a server knows about the request whose page it renders, and how it sets the response.
pub(crate) trait PageRequest: Send + Sync {
    /// The session of the page. After it is read, no cache may store the response.
    fn snapshot(&self) -> Snapshot;

    /// The origin of the page, as the browser sees it.
    fn origin(&self) -> Option<Origin>;

    /// The response becomes a redirect without a body.
    fn redirect(&self, location: &str);

    /// The page shows that the user has no access.
    fn deny(&self);
}

/// The request whose page a server renders, with its verified session. Clones share the response. Any thread may use and
/// drop it. In a browser there is none.
#[derive(Clone)]
pub struct ServerRequest(pub(crate) Arc<dyn PageRequest>);

impl ServerRequest {
    /// A request with this session, for tests of an app. Redirects and statuses have no effect.
    pub fn from_snapshot(snapshot: Snapshot) -> Self {
        Self(Arc::new(Fixed(snapshot)))
    }

    /// The session of the page, and the time. After it is read, no cache may store the response.
    pub fn snapshot(&self) -> Snapshot {
        let snapshot = self.0.snapshot();
        Snapshot { rendered_at_ms: snapshot.rendered_at_ms.or_else(|| Some(now_ms())), ..snapshot }
    }
}

fn now_ms() -> i64 {
    // A clock before 1970 is a wrong clock, and then no claim is too old.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

struct Fixed(Snapshot);

impl PageRequest for Fixed {
    fn snapshot(&self) -> Snapshot {
        self.0.clone()
    }

    fn origin(&self) -> Option<Origin> {
        None
    }

    fn redirect(&self, _: &str) {}

    fn deny(&self) {}
}

impl PartialEq for ServerRequest {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl fmt::Debug for ServerRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerRequest").finish_non_exhaustive()
    }
}
