//! The model backend: the requests that it has received, and the next faults of it and its network.

use std::{
    cell::{Cell, RefCell, RefMut},
    collections::HashMap,
    rc::Rc,
};

use serde_json::{Map, Value, json};
use supertokens_session::platform::Credentials;

use super::{
    clock::WorldClock,
    dice::Dice,
    sessions::{AntiCsrf, Sessions, Timing},
    tab::TabId,
};

/// The API's origin.
pub const API: &str = "https://api.example.com";
/// The API's host, on any port.
pub const API_HOST: &str = "api.example.com";
pub const SIGN_IN: &str = "/auth/signin";
pub const REFRESH: &str = "/auth/session/refresh";
pub const SIGN_OUT: &str = "/auth/signout";

/// A fault of one call, or of all calls, of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A proxy responds in place of the backend.
    Instead(Reply),
    /// Success without tokens, as from a backend that clears duplicate cookies of an older cookie domain.
    NoTokens,
    /// A proxy removes this header from the response.
    Hidden(&'static str),
    /// A proxy replaces the value of this header in the response.
    Replaced(&'static str, String),
    /// The request is lost.
    LoseRequest,
    /// The backend handles the request, and the response is lost.
    LoseResponse,
    /// The backend handles the request, and a proxy changes the status of the response.
    Status(u16),
    /// There is neither a response nor an error.
    Hang,
    /// The response is delayed by this time, in ms.
    Late(u64),
    /// The request is delayed by this time, in ms.
    LateRequest(u64),
    /// A proxy repeats the request after this time, in ms.
    Twice(u64),
}

/// A response, as the backend sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// The httpOnly cookies; `None` removes a cookie.
    pub cookies: Vec<(&'static str, Option<String>)>,
    pub body: String,
    /// The final URL after redirects; `None` without a redirect.
    pub url: Option<String>,
}

impl Reply {
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        Self { status, body: body.into(), ..Self::default() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(known, _)| known != name);
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the URL that the request was redirected to.
    pub fn redirected_to(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }
}

/// A request, and the status of its response if there was one.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub at_ms: i64,
    pub tab: TabId,
    pub method: String,
    pub url: String,
    pub host: String,
    /// Without the query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    /// The cookies that the browser attached.
    pub cookies: HashMap<&'static str, String>,
    pub credentials: Option<Credentials>,
    pub body: Vec<u8>,
    pub status: Option<u16>,
}

impl Exchange {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// A handle of the backend; clones share one backend.
#[derive(Clone)]
pub struct Server(Rc<Inner>);

struct Inner {
    clock: WorldClock,
    sessions: RefCell<Sessions>,
    exchanges: RefCell<Vec<Exchange>>,
    counted_from: Cell<usize>,
    faults: RefCell<Vec<(String, Fault, Times)>>,
    routes: RefCell<HashMap<String, Reply>>,
    claims: RefCell<HashMap<String, Value>>,
    anti_csrf: Cell<AntiCsrf>,
    latency_ms: Cell<u64>,
    dice: RefCell<Option<Dice>>,
    lifetime_ms: Cell<i64>,
    sends_remove: Cell<bool>,
    expired_status: Cell<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Always,
}

/// A scenario that sends more requests has a loop.
const MAX_EXCHANGES: usize = 5_000;

impl Server {
    pub fn new(clock: WorldClock) -> Self {
        Self(Rc::new(Inner {
            clock,
            sessions: RefCell::default(),
            exchanges: RefCell::default(),
            counted_from: Cell::new(0),
            faults: RefCell::default(),
            routes: RefCell::default(),
            claims: RefCell::default(),
            anti_csrf: Cell::default(),
            latency_ms: Cell::new(10),
            dice: RefCell::default(),
            lifetime_ms: Cell::new(60_000),
            sends_remove: Cell::new(true),
            expired_status: Cell::new(401),
        }))
    }

    /// The next call of `path` has this fault; `/r*` stands for all paths that begin with `/r`. A call has one
    /// fault: two faults affect two calls.
    /// For a custom response that is late, use [`route`](Self::route) and [`Fault::Late`].
    pub fn fail_once(&self, path: &str, fault: Fault) {
        self.0.faults.borrow_mut().push((path.to_owned(), fault, Times::Once));
    }

    /// Every call of `path` has this fault until [`mend`](Self::mend).
    pub fn fail_always(&self, path: &str, fault: Fault) {
        self.0.faults.borrow_mut().push((path.to_owned(), fault, Times::Always));
    }

    /// Removes all faults.
    pub fn mend(&self) {
        self.0.faults.borrow_mut().clear();
    }

    /// Sets the response of the app's endpoint at `path`.
    pub fn route(&self, path: &str, reply: Reply) {
        self.0.routes.borrow_mut().insert(path.to_owned(), reply);
    }

    /// Sets the value of a claim in later fetches.
    pub fn set_claim(&self, key: &str, value: Value) {
        self.0.claims.borrow_mut().insert(key.to_owned(), value);
    }

    /// The payload's entry of a claim.
    pub(super) fn fetched(&self, key: &str) -> Map<String, Value> {
        let value = self.0.claims.borrow().get(key).cloned();
        let claim = value.map(|value| (key.to_owned(), json!({ "v": value, "t": self.now_ms() })));
        claim.into_iter().collect()
    }

    /// Sets the latency of a message in each direction.
    pub fn set_latency_ms(&self, ms: u64) {
        self.0.latency_ms.set(ms);
    }

    /// From now on random choices set the latency.
    pub(super) fn set_dice(&self, dice: Dice) {
        self.0.dice.replace(Some(dice));
    }

    /// Sets the lifetime of access tokens, a minute by default. A negative one is expired on arrival.
    pub fn set_lifetime_ms(&self, ms: i64) {
        self.0.lifetime_ms.set(ms);
    }

    pub fn set_anti_csrf(&self, anti_csrf: AntiCsrf) {
        self.0.anti_csrf.set(anti_csrf);
    }

    /// Sets whether a refresh with 401 has a header that ends the session. It has by default.
    pub fn set_sends_remove(&self, sends: bool) {
        self.0.sends_remove.set(sends);
    }

    /// Sets whether the backend has the older protocol generation.
    pub fn set_older(&self, older: bool) {
        self.sessions().older = older;
    }

    pub fn is_older(&self) -> bool {
        self.sessions().older
    }

    /// Sets the status of an expired session, 401 by default.
    pub fn set_expired_status(&self, status: u16) {
        self.0.expired_status.set(status);
    }

    /// Makes all access tokens invalid, as a change of the signing key does. Front tokens do not show it.
    pub fn expire_access_tokens(&self) {
        self.sessions().expire_access_tokens();
    }

    /// Renames a user, as account linking does: the sessions stay, and their next tokens name the new user.
    pub fn rename_user(&self, from: &str, to: &str) {
        self.sessions().rename_user(from, to);
    }

    pub fn revoke_all(&self) {
        self.sessions().revoke_all();
    }

    /// How often the backend detected theft of a refresh token.
    pub fn theft_alarms(&self) -> u32 {
        self.sessions().alarms
    }

    /// The value of every token since the start.
    pub fn secrets(&self) -> Vec<String> {
        self.sessions().secrets().to_vec()
    }

    /// Resets the counts of requests.
    pub fn reset_counts(&self) {
        self.0.counted_from.set(self.0.exchanges.borrow().len());
    }

    /// The counted requests to any host.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.borrow()[self.0.counted_from.get()..].to_vec()
    }

    /// All requests since the start.
    pub fn everything(&self) -> Vec<Exchange> {
        self.0.exchanges.borrow().clone()
    }

    /// The counted requests to a path of the API.
    pub fn requests(&self, path: &str) -> Vec<Exchange> {
        let mut all = self.exchanges();
        all.retain(|exchange| exchange.host == API_HOST && exchange.path == path);
        all
    }

    /// The number of counted requests to a path of the API.
    pub fn count(&self, path: &str) -> usize {
        self.requests(path).len()
    }

    /// The number of counted refresh calls.
    pub fn refreshes(&self) -> usize {
        self.count(REFRESH)
    }

    /// The number of counted responses with this status.
    pub fn responses(&self, status: u16) -> usize {
        self.exchanges().iter().filter(|exchange| exchange.status == Some(status)).count()
    }

    pub(super) fn latency_ms(&self) -> u64 {
        self.0.dice.borrow().as_ref().map_or(self.0.latency_ms.get(), Dice::latency_ms)
    }

    /// Records a request, and returns its number for the response.
    pub(super) fn record(&self, exchange: Exchange) -> usize {
        let mut exchanges = self.0.exchanges.borrow_mut();
        assert!(exchanges.len() < MAX_EXCHANGES, "more than {MAX_EXCHANGES} requests: there is a loop");
        exchanges.push(exchange);
        exchanges.len() - 1
    }

    pub(super) fn record_response(&self, number: usize, status: u16) {
        self.0.exchanges.borrow_mut()[number].status = Some(status);
    }

    /// The fault of the next call of `path`.
    pub(super) fn next_fault(&self, path: &str) -> Option<Fault> {
        let mut faults = self.0.faults.borrow_mut();
        let fits = |known: &str| known.strip_suffix('*').map_or(known == path, |head| path.starts_with(head));
        let at = faults.iter().position(|(known, _, _)| fits(known))?;
        if faults[at].2 == Times::Once { Some(faults.remove(at).1) } else { Some(faults[at].1.clone()) }
    }

    pub(super) fn routed(&self, path: &str) -> Option<Reply> {
        self.0.routes.borrow().get(path).cloned()
    }

    pub(super) fn sessions(&self) -> RefMut<'_, Sessions> {
        self.0.sessions.borrow_mut()
    }

    pub(super) fn now_ms(&self) -> i64 {
        self.0.clock.now_ms()
    }

    pub(super) fn timing(&self) -> Timing {
        Timing { now_ms: self.now_ms(), lifetime_ms: self.0.lifetime_ms.get() }
    }

    pub(super) fn anti_csrf(&self) -> AntiCsrf {
        self.0.anti_csrf.get()
    }

    pub(super) fn expired_status(&self) -> u16 {
        self.0.expired_status.get()
    }

    pub(super) fn sends_remove(&self) -> bool {
        self.0.sends_remove.get()
    }
}
