//! Whether a server is there that a call got no answer from. A browser reports an answer that it keeps back (CORS) as
//! it does a dead network; a call without any claim to the answer tells them apart, as far as can be told.

use std::cell::RefCell;

use futures_util::future::{Either, select};
use js_sys::Promise;
use supertokens_session::{platform::TransportError, warn_of_setup, wire::url::Origin};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, Request, RequestCache, RequestCredentials, RequestInit, RequestMode};

use crate::{clock::now_ms, fetch::AbortOnDrop, native_fetch, page::Page, timer::sleep};

/// A caller waits no longer for its error.
const WAIT_MS: u32 = 1_000;

/// Until then nobody asks again.
const STANDS_FOR_MS: i64 = 30_000;

/// The latest probe of each origin.
#[derive(Debug, Default)]
pub(crate) struct Probes(RefCell<Vec<Probe>>);

#[derive(Debug)]
struct Probe {
    origin: Origin,
    at_ms: i64,
    /// Settled once the server has answered, or has not.
    answer: Promise,
}

impl Probes {
    /// Whether the server at `origin` answers at all.
    pub(crate) async fn is_answered(&self, page: &Page, origin: &Origin) -> bool {
        if let Some(answer) = self.recent(origin) {
            return is_answered(answer).await;
        }
        let Ok(abort) = AbortController::new() else { return false };
        // An answer that comes after the wait is of no use, nor is one that nobody waits for.
        let _abort = AbortOnDrop::new(&abort);
        let Ok(answer) = begin(page, origin, &abort) else { return false };
        self.0.borrow_mut().push(Probe { origin: origin.clone(), at_ms: now_ms(), answer: answer.clone() });
        let is_answered = is_answered(answer).await;
        if is_answered {
            warn_of_setup(format_args!("{origin}: {}", TransportError::BlockedByCors));
        }
        is_answered
    }

    fn recent(&self, origin: &Origin) -> Option<Promise> {
        let now = now_ms();
        let mut all = self.0.borrow_mut();
        // A clock that was set back meanwhile ends no wait.
        all.retain(|probe| (0..STANDS_FOR_MS).contains(&now.saturating_sub(probe.at_ms)));
        all.iter().find(|probe| probe.origin == *origin).map(|probe| probe.answer.clone())
    }
}

/// Sends it: no header of ours, no cookies, nothing to be read.
fn begin(page: &Page, origin: &Origin, abort: &AbortController) -> Result<Promise, JsValue> {
    let init = RequestInit::new();
    init.set_method("GET");
    init.set_mode(RequestMode::NoCors);
    init.set_credentials(RequestCredentials::Omit);
    init.set_cache(RequestCache::NoStore);
    init.set_signal(Some(&abort.signal()));
    let request = Request::new_with_str_and_init(&format!("{origin}/"), &init)?;
    native_fetch::mark(&request);
    Ok(Promise::resolve(&native_fetch::fetch(page)?.call1(page.window(), &request)?))
}

async fn is_answered(answer: Promise) -> bool {
    match select(JsFuture::from(answer), sleep(WAIT_MS)).await {
        Either::Left((answer, _)) => answer.is_ok(),
        Either::Right(_) => false,
    }
}
