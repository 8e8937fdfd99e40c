//! Checks whether a server is reachable after a request got no response. Browsers report a response that CORS blocks
//! like a dead network. A `no-cors` request distinguishes the two in most cases.

use std::cell::RefCell;

use futures_util::future::{Either, select};
use js_sys::Promise;
use supertokens_session::{platform::TransportError, warn_of_setup, wire::url::Origin};
use wasm_bindgen_futures::JsFuture;

use crate::{
    browser::{self, AbortOnDrop},
    clock::now_ms,
    native_fetch,
    page::Page,
    timer::sleep,
};

/// The longest delay of a caller's error.
const MAX_WAIT_MS: u32 = 1_000;

/// A result is reused for this time.
const REUSE_MS: i64 = 30_000;

/// The latest probe of each origin.
#[derive(Debug, Default)]
pub(crate) struct Probes(RefCell<Vec<Probe>>);

#[derive(Debug)]
struct Probe {
    origin: Origin,
    at_ms: i64,
    /// Resolves if the server responds, and rejects if it does not.
    response: Promise,
}

impl Probes {
    /// Whether the server at `origin` responds at all.
    pub(crate) async fn is_reachable(&self, page: &Page, origin: &Origin) -> bool {
        if let Some(response) = self.recent(origin) {
            return is_reachable(response).await;
        }
        // After the wait the response is of no use, nor if the caller drops its request.
        let Some(abort) = AbortOnDrop::new() else { return false };
        let url = format!("{origin}/");
        let fetch = native_fetch::replaced();
        let response = browser::probe(page.window(), fetch.as_ref(), &url, &abort.abort);
        self.0.borrow_mut().push(Probe {
            origin: origin.clone(),
            at_ms: now_ms(),
            response: response.clone(),
        });
        let is_reachable = is_reachable(response).await;
        if is_reachable {
            warn_of_setup(format_args!("{origin}: {}", TransportError::BlockedByCors));
        }
        is_reachable
    }

    fn recent(&self, origin: &Origin) -> Option<Promise> {
        let now = now_ms();
        let mut all = self.0.borrow_mut();
        // A probe with a date in the future (the clock was set back) would be reused for too long.
        all.retain(|probe| (0..REUSE_MS).contains(&now.saturating_sub(probe.at_ms)));
        all.iter().find(|probe| probe.origin == *origin).map(|probe| probe.response.clone())
    }
}

async fn is_reachable(response: Promise) -> bool {
    match select(JsFuture::from(response), sleep(MAX_WAIT_MS)).await {
        Either::Left((response, _)) => response.is_ok(),
        Either::Right(_) => false,
    }
}
