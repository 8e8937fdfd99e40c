//! The model backend: which requests it has received, and which faults it and its network show next.

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

/// What goes wrong with one call, or all calls, of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Something before the backend answers in its place, as a proxy does.
    Instead(Reply),
    /// A backend that clears duplicate cookies of an older cookie domain: success, and no token.
    NoTokens,
    /// The answer loses this header on its way.
    Hidden(&'static str),
    /// The answer has this header on its way, in place of the backend's own.
    Replaced(&'static str, String),
    /// The request is lost on its way.
    LoseRequest,
    /// The backend does its work, and the answer is lost on its way.
    LoseAnswer,
    /// The backend does its work, and something behind it gives the answer this status.
    Status(u16),
    /// There never is an answer, nor an error.
    Hang,
    /// The answer takes that much longer on its way.
    Late(u64),
    /// The request takes that much longer on its way.
    LateRequest(u64),
    /// The backend gets the request a second time, that much later: a proxy that sends again.
    Twice(u64),
}

/// An answer, as the backend sends it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    /// httpOnly cookies; none removes one.
    pub cookies: Vec<(&'static str, Option<String>)>,
    pub body: String,
    /// Where redirects have led to; none without any.
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

    /// The response comes from `url`, to which the request was redirected.
    pub fn redirected_to(mut self, url: &str) -> Self {
        self.url = Some(url.to_owned());
        self
    }
}

/// One request as the network saw it, and its answer's status where there was an answer.
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

/// A handle on the backend; clones are one backend.
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
    says_remove: Cell<bool>,
    expired_status: Cell<u16>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Times {
    Once,
    Always,
}

/// A scenario that sends more than this loops.
const MOST_EXCHANGES: usize = 5_000;

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
            says_remove: Cell::new(true),
            expired_status: Cell::new(401),
        }))
    }

    /// The next call of `path` shows this fault; `/r*` stands for all paths that begin with `/r`. A call shows one
    /// fault: what is set twice shows in two calls.
    /// For an answer of its own that is late too, use [`route`](Self::route) and [`Fault::Late`].
    pub fn fail_once(&self, path: &str, fault: Fault) {
        self.0.faults.borrow_mut().push((path.to_owned(), fault, Times::Once));
    }

    /// Every call of `path` shows this fault until [`mend`](Self::mend).
    pub fn fail_always(&self, path: &str, fault: Fault) {
        self.0.faults.borrow_mut().push((path.to_owned(), fault, Times::Always));
    }

    /// Takes all faults away.
    pub fn mend(&self) {
        self.0.faults.borrow_mut().clear();
    }

    /// The app's own endpoint at `path` answers so, whoever asks.
    pub fn route(&self, path: &str, reply: Reply) {
        self.0.routes.borrow_mut().insert(path.to_owned(), reply);
    }

    /// What a claim is when it is fetched; nothing is fetched unless set.
    pub fn set_claim(&self, key: &str, value: Value) {
        self.0.claims.borrow_mut().insert(key.to_owned(), value);
    }

    /// A claim as it goes into the payload.
    pub(super) fn fetched(&self, key: &str) -> Map<String, Value> {
        let value = self.0.claims.borrow().get(key).cloned();
        let claim = value.map(|value| (key.to_owned(), json!({ "v": value, "t": self.now_ms() })));
        claim.into_iter().collect()
    }

    /// How long a message is on its way, in each direction.
    pub fn set_latency_ms(&self, ms: u64) {
        self.0.latency_ms.set(ms);
    }

    /// From now on each message takes as long as the dice say.
    pub(super) fn set_dice(&self, dice: Dice) {
        self.0.dice.replace(Some(dice));
    }

    /// How long an access token lives; a minute unless set. Negative: it is expired on arrival.
    pub fn set_lifetime_ms(&self, ms: i64) {
        self.0.lifetime_ms.set(ms);
    }

    pub fn set_anti_csrf(&self, anti_csrf: AntiCsrf) {
        self.0.anti_csrf.set(anti_csrf);
    }

    /// Whether a refused refresh names the end of the session in a header. It does unless set.
    pub fn set_says_remove(&self, says: bool) {
        self.0.says_remove.set(says);
    }

    /// Whether the backend is of the older protocol generation.
    pub fn set_older(&self, older: bool) {
        self.sessions().older = older;
    }

    pub fn is_older(&self) -> bool {
        self.sessions().older
    }

    /// The status that stands for an expired session; 401 unless set.
    pub fn set_expired_status(&self, status: u16) {
        self.0.expired_status.set(status);
    }

    /// As when the signing key is replaced: the front token knows nothing of it.
    pub fn expire_access_tokens(&self) {
        self.sessions().expire_access_tokens();
    }

    /// As account linking or user-id mapping does: the sessions stay, and their next tokens name another user.
    pub fn rename_user(&self, from: &str, to: &str) {
        self.sessions().rename_user(from, to);
    }

    pub fn revoke_all(&self) {
        self.sessions().revoke_all();
    }

    /// How often a refresh token was used that should no longer be there.
    pub fn theft_alarms(&self) -> u32 {
        self.sessions().alarms
    }

    /// The value of every token there ever was.
    pub fn secrets(&self) -> Vec<String> {
        self.sessions().secrets().to_vec()
    }

    /// Leaves out of account what has been sent until now.
    pub fn count_from_here(&self) {
        self.0.counted_from.set(self.0.exchanges.borrow().len());
    }

    /// All requests of account, to whatever host.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.0.exchanges.borrow()[self.0.counted_from.get()..].to_vec()
    }

    /// All requests since the world began.
    pub fn everything(&self) -> Vec<Exchange> {
        self.0.exchanges.borrow().clone()
    }

    /// All requests of account to a path of the API.
    pub fn requests(&self, path: &str) -> Vec<Exchange> {
        let mut all = self.exchanges();
        all.retain(|exchange| exchange.host == API_HOST && exchange.path == path);
        all
    }

    /// How many requests of account went to a path of the API.
    pub fn count(&self, path: &str) -> usize {
        self.requests(path).len()
    }

    /// How many refresh calls of account there were.
    pub fn refreshes(&self) -> usize {
        self.count(REFRESH)
    }

    /// How many answers of account had this status.
    pub fn answers(&self, status: u16) -> usize {
        self.exchanges().iter().filter(|exchange| exchange.status == Some(status)).count()
    }

    pub(super) fn latency_ms(&self) -> u64 {
        self.0.dice.borrow().as_ref().map_or(self.0.latency_ms.get(), Dice::latency_ms)
    }

    /// Writes a request down, and gives the number by which its answer is written beside it.
    pub(super) fn record(&self, exchange: Exchange) -> usize {
        let mut exchanges = self.0.exchanges.borrow_mut();
        assert!(exchanges.len() < MOST_EXCHANGES, "over {MOST_EXCHANGES} requests: something loops");
        exchanges.push(exchange);
        exchanges.len() - 1
    }

    pub(super) fn record_answer(&self, number: usize, status: u16) {
        self.0.exchanges.borrow_mut()[number].status = Some(status);
    }

    /// The fault that the next call of `path` shows.
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

    pub(super) fn says_remove(&self) -> bool {
        self.0.says_remove.get()
    }
}
