//! The rules for every step of every schedule: see [`Referee::ends`] and its neighbours. Each adds a line to the
//! violations and does not panic, so a schedule continues and reports all of them.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    time::Duration,
};

use supertokens_session::{
    FrontToken, SessionError, SessionResponse,
    platform::{Change, Changes, StoredSession},
};
use tokio::time::Instant;

use super::{plan::CLAIMS, stats::Stats};
use crate::sim::{API, Ending, Exchange, REFRESH, Reply, SIGN_IN, SIGN_OUT, TabId, Watch};

/// The session of a front token. Older tokens name only the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    user: String,
    handle: Option<String>,
}

impl Key {
    fn of(stored: &StoredSession) -> Option<Self> {
        Self::of_text(stored.front.as_ref()?.reveal())
    }

    fn of_text(text: &str) -> Option<Self> {
        let front = FrontToken::decode(text).ok()?;
        Some(Self { user: front.user_id().to_owned(), handle: front.session_handle().map(str::to_owned) })
    }

    /// A session gets its handle when its backend is upgraded.
    fn may_be(&self, other: &Self) -> bool {
        let handles = self.handle.as_ref().zip(other.handle.as_ref());
        self.user == other.user && handles.is_none_or(|(one, two)| one == two)
    }
}

#[derive(Default)]
pub struct Referee {
    /// Requests by their number.
    sent: RefCell<HashMap<usize, Sent>>,
    /// The outcomes of a call's attempts, by the call's URL.
    attempts: RefCell<HashMap<String, Attempts>>,
    refreshes_under_way: Cell<u32>,
    claims_under_way: Cell<u32>,
    /// The sessions that each tab may end, because of a response or of its own sign-out.
    may_end: RefCell<Vec<(TabId, Option<Key>)>>,
    /// The sessions that each tab has begun to sign out of.
    may_sign_out: RefCell<Vec<(TabId, Option<Key>)>>,
    begun_sign_outs: RefCell<Vec<(TabId, Instant)>>,
    saves: RefCell<Vec<(Option<Key>, Instant)>>,
    signed_out_at: Cell<Option<Instant>>,
    /// Whether script cookies were cleared, so that the user of a sign-out is unknown.
    has_cleared: Cell<bool>,
    /// The request of each received front token.
    arrived: RefCell<HashMap<String, usize>>,
    /// All texts that a user or a developer sees.
    outcomes: RefCell<String>,
    /// When the last response with a new session arrived.
    begun_at_ms: Cell<i64>,
    /// Whether the last change is a sign-out, after which no session may remain.
    signed_out_last: Cell<bool>,
    violations: RefCell<Vec<String>>,
    trace: Option<RefCell<Vec<String>>>,
    pub stats: RefCell<Stats>,
}

/// The session of a call's first attempt, and the outcome of each attempt.
type Attempts = (Option<Key>, Vec<Attempt>);

struct Sent {
    tab: TabId,
    path: String,
    url: String,
    /// The stored session when the request was sent.
    key: Option<Key>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Attempt {
    UnderWay,
    Responded(u16),
    Failed,
    GivenUp,
}

/// The status of an expired session.
const EXPIRED: u16 = 401;

/// The slowest read, including the delay until other tabs' writes are read.
const SLOWEST_READ: Duration = Duration::from_millis(60);

/// The first attempt, and ten retries.
const MAX_ATTEMPTS: usize = 11;

impl Referee {
    /// With a trace, each step is recorded.
    pub fn new(with_trace: bool) -> Self {
        Self { trace: with_trace.then(RefCell::default), ..Self::default() }
    }

    pub fn violation(&self, text: String) {
        self.note(|| format!("VIOLATION: {text}"));
        self.violations.borrow_mut().push(text);
    }

    pub fn violations(&self) -> Vec<String> {
        self.violations.borrow().clone()
    }

    pub fn trace(&self) -> Vec<String> {
        self.trace.as_ref().map(|trace| trace.borrow().clone()).unwrap_or_default()
    }

    pub fn note(&self, text: impl FnOnce() -> String) {
        if let Some(trace) = &self.trace {
            trace.borrow_mut().push(text());
        }
    }

    /// A tab begins to sign out, and may end the session that it reads in the store.
    pub fn signs_out(&self, tab: TabId, stored: &StoredSession) {
        self.allow_sign_out(tab, Key::of(stored));
        self.begun_sign_outs.borrow_mut().push((tab, Instant::now()));
        // Recent writes of other tabs may not be readable yet.
        for (key, _) in self.saves.borrow().iter().filter(|(_, since)| since.elapsed() < SLOWEST_READ) {
            self.allow_sign_out(tab, key.clone());
        }
    }

    /// Whether a refresh saves its tokens at the time of a sign-out. Older front tokens have no handle, so
    /// the client can't distinguish the session from the user's next one and does not end it.
    fn is_undone(&self, save: Option<&(Option<Key>, Instant)>) -> bool {
        save.is_some_and(|(key, since)| {
            since.elapsed() < SLOWEST_READ && key.as_ref().is_some_and(|key| key.handle.is_none())
        })
    }

    /// A sign-out ends the session of its first read, which takes time.
    fn extend_sign_outs(&self, arrived: Option<&Key>) {
        let save = (arrived.cloned(), Instant::now());
        if self.signed_out_at.get().is_some_and(|at| at.elapsed() < SLOWEST_READ)
            && self.is_undone(Some(&save))
        {
            self.signed_out_last.set(false);
        }
        self.saves.borrow_mut().push((arrived.cloned(), Instant::now()));
        let begun = self.begun_sign_outs.borrow();
        for (tab, _) in begun.iter().filter(|(_, since)| since.elapsed() < SLOWEST_READ) {
            self.allow_sign_out(*tab, arrived.cloned());
        }
    }

    fn allow_sign_out(&self, tab: TabId, key: Option<Key>) {
        self.may_end.borrow_mut().push((tab, key.clone()));
        self.may_sign_out.borrow_mut().push((tab, key));
    }

    pub fn clears_script_cookies(&self) {
        self.has_cleared.set(true);
    }

    /// A sign-out that began at this time has returned: no user is signed in here any more.
    pub fn signed_out(&self, began_at_ms: i64) {
        // An earlier response may not be stored yet, and a later one is another session.
        if began_at_ms - self.begun_at_ms.get() > 2_000 && !self.is_undone(self.saves.borrow().last()) {
            self.signed_out_last.set(true);
            self.signed_out_at.set(Some(Instant::now()));
        }
    }

    pub fn was_signed_out_last(&self) -> bool {
        self.signed_out_last.get()
    }

    /// Records the outcome that a caller got.
    pub fn record_outcome(&self, text: &str) {
        self.note(|| text.to_owned());
        let mut outcomes = self.outcomes.borrow_mut();
        outcomes.push_str(text);
        outcomes.push('\n');
    }

    pub fn outcomes(&self) -> String {
        self.outcomes.borrow().clone()
    }

    /// Checks the outcome of a request: the last response, unless it had the expired status.
    pub fn delivers(&self, url: &str, outcome: &Result<SessionResponse, SessionError>) {
        match outcome {
            Ok(response) => {
                self.record_outcome(&format!("{url}: {} {:?}", response.status(), response.session_error()))
            }
            Err(error) => self.record_outcome(&format!("{url}: {error:?} {error}")),
        }
        let attempts = self.attempts.borrow();
        let last = attempts.get(&format!("{API}{url}")).and_then(|(_, attempts)| attempts.last());
        let status = outcome.as_ref().map(SessionResponse::status).ok();
        let fits = match last {
            None => status.is_none(),
            Some(Attempt::Responded(EXPIRED)) => status.is_none_or(|status| status == EXPIRED),
            Some(Attempt::Responded(last)) => status == Some(*last),
            Some(Attempt::Failed) => status.is_none(),
            Some(Attempt::UnderWay | Attempt::GivenUp) => false,
        };
        if !fits {
            self.violation(format!("{url} ended with {last:?}, and its caller got {status:?}"));
        }
    }

    fn check_tokens(&self, exchange: &Exchange, seen: &StoredSession) {
        let bearer = if exchange.path == REFRESH {
            seen.refresh.as_ref().map(|token| format!("Bearer {}", token.reveal()))
        } else {
            seen.access.as_ref().map(|token| format!("Bearer {}", token.reveal()))
        };
        if exchange.header("authorization") != bearer.as_deref() {
            self.violation(format!("{} carries another token than the stored one", exchange.path));
        }
        let anti_csrf = seen.anti_csrf.as_ref().map(|token| token.reveal());
        if exchange.header("anti-csrf") != anti_csrf {
            self.violation(format!("{} carries another anti-CSRF token than the stored one", exchange.path));
        }
    }

    fn check_attempts(&self, url: &str, key: Option<&Key>) {
        let mut attempts = self.attempts.borrow_mut();
        let (first, attempts) = attempts.entry(url.to_owned()).or_insert_with(|| (key.cloned(), Vec::new()));
        if let (Some(first), Some(key)) = (first, key)
            && first.user != key.user
        {
            self.violation(format!("{url} was sent with {first:?}'s session and is retried with {key:?}'s"));
        }
        if let Some(last) = attempts.last()
            && *last != Attempt::Responded(EXPIRED)
        {
            self.violation(format!("{url} is retried after {last:?}"));
        }
        attempts.push(Attempt::UnderWay);
        if attempts.len() > MAX_ATTEMPTS {
            self.violation(format!("{url} is sent for the {}th time", attempts.len()));
        }
    }

    fn check_sign_out(&self, tab: TabId, key: Option<&Key>) {
        if let Some(key) = key
            && !self.has_cleared.get()
            && !is_among(&self.may_sign_out.borrow(), tab, key)
        {
            self.violation(format!("{tab:?} signs out of {key:?}, but its sign-out is of another session"));
        }
    }

    fn check_response(&self, at_ms: i64, number: usize, sent: &Sent, reply: &Reply) {
        let header =
            |name: &str| reply.headers.iter().find(|(known, _)| known == name).map(|(_, v)| v.as_str());
        let front = header("front-token");
        let ends = front == Some("remove")
            || header("id-refresh-token") == Some("remove")
            || (sent.path == REFRESH && reply.status == EXPIRED);
        if ends {
            self.may_end.borrow_mut().push((sent.tab, sent.key.clone()));
        } else if let Some(front) = front {
            self.arrived.borrow_mut().insert(front.to_owned(), number);
        }
        let is_renewal =
            front.and_then(Key::of_text).is_some_and(|arrived| sent.key.as_ref() == Some(&arrived));
        let has_tokens =
            ["front-token", "st-access-token", "anti-csrf"].into_iter().any(|name| header(name).is_some());
        if !ends && has_tokens && (sent.path == SIGN_IN || !is_renewal) {
            self.begun_at_ms.set(at_ms);
            self.signed_out_last.set(false);
        }
    }

    /// Only a response or the user's own sign-out ends a session.
    fn check_end(&self, tab: TabId, seen: &Key) {
        let may_end = self.may_end.borrow();
        let allowed =
            may_end.iter().any(|(who, key)| *who == tab && key.as_ref().is_none_or(|key| key.may_be(seen)));
        if !allowed {
            self.violation(format!("{tab:?} ends the session of {seen:?} without a response or sign-out"));
        }
    }

    /// A late response may update the session that its request was sent with, or begin a new one.
    fn check_save(&self, arrived: &Key, number: usize, seen: Option<&Key>) {
        let sent = self.sent.borrow();
        let Some(sent) = sent.get(&number) else { return };
        let is_stale = if sent.path == REFRESH {
            sent.key.as_ref() != seen
        } else {
            sent.path != SIGN_IN && sent.key.as_ref() == Some(arrived) && seen != Some(arrived)
        };
        if is_stale {
            self.violation(format!(
                "the response to {} of {:?}'s session is saved over {seen:?}",
                sent.url, sent.key
            ));
        }
    }
}

fn is_for_a_claim(path: &str) -> bool {
    path.starts_with(CLAIMS.trim_end_matches('*'))
}

fn is_among(list: &[(TabId, Option<Key>)], tab: TabId, seen: &Key) -> bool {
    list.iter().any(|(who, key)| *who == tab && key.as_ref().is_none_or(|key| key.may_be(seen)))
}

impl Watch for Referee {
    fn sends(&self, number: usize, exchange: &Exchange, seen: &StoredSession) {
        self.note(|| {
            let how = exchange
                .header("authorization")
                .or(exchange.cookies.get("sRefreshToken").map(String::as_str));
            format!("{} {:?} sends {number} {} {how:?}", exchange.at_ms, exchange.tab, exchange.url)
        });
        let mut stats = self.stats.borrow_mut();
        stats.requests += 1;
        if exchange.path == REFRESH {
            stats.refreshes += 1;
            self.refreshes_under_way.set(self.refreshes_under_way.get() + 1);
            if self.refreshes_under_way.get() > 1 {
                self.violation("two refresh calls are under way".to_owned());
            }
        }
        if is_for_a_claim(&exchange.path) {
            self.claims_under_way.set(self.claims_under_way.get() + 1);
            if self.claims_under_way.get() > 1 {
                self.violation("two claims are being fetched".to_owned());
            }
        }
        self.check_tokens(exchange, seen);
        let key = Key::of(seen);
        if exchange.path == SIGN_OUT {
            self.check_sign_out(exchange.tab, key.as_ref());
        } else if exchange.path != REFRESH {
            self.check_attempts(&exchange.url, key.as_ref());
        }
        let sent = Sent { tab: exchange.tab, path: exchange.path.clone(), url: exchange.url.clone(), key };
        self.sent.borrow_mut().insert(number, sent);
    }

    fn ends(&self, at_ms: i64, number: usize, ending: Ending<'_>) {
        self.note(|| match ending {
            Ending::Responded(reply) => {
                format!("{at_ms}   {number} has the response {} {:?}", reply.status, reply.headers)
            }
            other => format!("{at_ms}   {number} ends: {other:?}"),
        });
        let sent = self.sent.borrow();
        let Some(sent) = sent.get(&number) else { return };
        if sent.path == REFRESH {
            self.refreshes_under_way.set(self.refreshes_under_way.get().saturating_sub(1));
        }
        if is_for_a_claim(&sent.path) {
            self.claims_under_way.set(self.claims_under_way.get().saturating_sub(1));
        }
        if let Some(last) =
            self.attempts.borrow_mut().get_mut(&sent.url).and_then(|(_, attempts)| attempts.last_mut())
        {
            *last = match ending {
                Ending::Responded(reply) => Attempt::Responded(reply.status),
                Ending::Failed => Attempt::Failed,
                Ending::GivenUp => Attempt::GivenUp,
            };
        }
        if let Ending::Responded(reply) = ending {
            self.check_response(at_ms, number, sent, reply);
        }
    }

    fn writes(&self, tab: TabId, seen: &StoredSession, changes: &Changes) {
        self.note(|| {
            let front = match &changes.front {
                Change::Keep => "does not change the front token".to_owned(),
                Change::Clear => "clears the front token".to_owned(),
                Change::Set(text) => format!("saves the front token of {:?}", Key::of_text(text.reveal())),
            };
            format!("  {tab:?} {front} where {:?} was", Key::of(seen))
        });
        let key = Key::of(seen);
        match (&changes.front, &key) {
            (Change::Clear, Some(key)) => self.check_end(tab, key),
            (Change::Set(text), _) => {
                self.extend_sign_outs(Key::of_text(text.reveal()).as_ref());
                let number = self.arrived.borrow().get(text.reveal()).copied();
                match (Key::of_text(text.reveal()), number) {
                    (Some(arrived), Some(number)) => self.check_save(&arrived, number, key.as_ref()),
                    _ => self.violation("a front token is saved that never arrived".to_owned()),
                }
            }
            (Change::Keep | Change::Clear, _) => {}
        }
    }

    fn alarm(&self, number: usize, astray: bool) {
        self.note(|| format!("  the backend takes {number} for theft; astray: {astray}"));
        if astray {
            self.stats.borrow_mut().astray_alarms += 1;
        } else {
            self.violation(format!("the backend takes refresh {number} for theft"));
        }
    }
}
