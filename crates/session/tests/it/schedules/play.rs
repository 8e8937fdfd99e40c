//! Plays a plan, then ends all faults and checks that all tabs and the backend agree.

use std::{rc::Rc, time::Duration};

use futures_util::future::join_all;
use serde_json::json;
use supertokens_session::{
    SessionClient, SessionError, SessionResponse,
    claims::{ClaimRefresh, PrimitiveClaim},
    platform::{LockError, Method},
};
use tokio::task::spawn_local;

use super::{
    plan::{Act, Call, Fate, Kind, Plan},
    referee::Referee,
};
use crate::sim::{Dice, Fault, Reply, SIGN_IN, Tab, Task, World, pass, poll_then_drop};

/// More tabs find nothing new.
const MAX_TABS: usize = 6;

/// Longer than the refresh timeouts of all tabs in sequence: a refresh may take 30 s in each tab.
const TIME_LIMIT: Duration = Duration::from_secs(600);

/// Longer than the largest latency.
const ALL_ARRIVED_MS: u64 = 130_000;

pub struct Game<'a> {
    world: &'a World,
    plan: &'a Plan,
    referee: Rc<Referee>,
    tabs: Vec<Tab>,
    calls: Vec<(String, Task<()>)>,
    count: u64,
}

impl<'a> Game<'a> {
    pub fn new(world: &'a World, plan: &'a Plan, referee: Rc<Referee>, dice: &Dice) -> Self {
        world.set_dice(dice);
        world.set_watch(referee.clone());
        match plan.kind {
            Kind::Cookies => world.server.set_older(false),
            Kind::Headers => world.use_header_mode(),
            Kind::Older | Kind::Upgraded => world.server.set_older(true),
        }
        world.server.set_anti_csrf(plan.anti_csrf);
        world.server.set_sends_remove(plan.sends_remove);
        world.server.set_lifetime_ms(plan.lifetime_ms);
        world.server.route("/own401", Reply::new(401, "the app's own"));
        world.server.set_claim("plan", json!("pro"));
        world.clock.set_ahead_by(plan.ahead_by_ms);
        let tabs = (0..plan.tabs).map(|_| world.tab()).collect();
        Self { world, plan, referee, tabs, calls: Vec::new(), count: 0 }
    }

    pub async fn play(&mut self) {
        for step in &self.plan.steps {
            pass(step.after_ms).await;
            self.tabs.retain(|tab| !tab.is_dead());
            if self.tabs.is_empty() {
                self.tabs.push(self.world.tab());
            }
            self.referee.note(|| format!("{} {:?}", self.world.now_ms(), step.act));
            self.referee.stats.borrow_mut().act(&name(&step.act));
            self.perform(&step.act).await;
        }
        self.calm_down().await;
    }

    async fn perform(&mut self, act: &Act) {
        let world = self.world;
        match act {
            Act::Call { tab, call, fate } => self.begin(tab % self.tabs.len(), *call, *fate),
            Act::Open if self.tabs.len() < MAX_TABS => self.tabs.push(world.tab()),
            Act::Open => {}
            Act::Kill { tab } => {
                let at = tab % self.tabs.len();
                self.tabs.remove(at).kill().await;
            }
            Act::KillAfterPolls { tab, polls } => self.tabs[tab % self.tabs.len()].kill_after_polls(*polls),
            Act::Fault { path, fault } => world.server.fail_once(path, fault.clone()),
            Act::Offline { ms } => {
                world.set_offline(true);
                let offline = world.network.offline.clone();
                after(*ms, move || offline.set(false));
            }
            Act::Unreadable { ms } => {
                world.store.set_unreadable(true);
                let store = world.store.clone();
                after(*ms, move || store.set_unreadable(false));
            }
            Act::Unwritable { ms } => {
                world.store.set_unwritable(true);
                let store = world.store.clone();
                after(*ms, move || store.set_unwritable(false));
            }
            Act::LockRefused { ms } => {
                world.locks.set_broken(Some(LockError::Refused));
                let locks = world.locks.clone();
                after(*ms, move || locks.set_broken(None));
            }
            Act::ClockAhead { ms } => world.clock.set_ahead_by(*ms),
            Act::Lifetime { ms } => world.server.set_lifetime_ms(*ms),
            Act::ExpireAccessTokens => world.server.expire_access_tokens(),
            Act::RevokeAll => world.server.revoke_all(),
            Act::ClearScriptCookies => {
                self.referee.clears_script_cookies();
                world.store.edit(|stored| *stored = Default::default());
            }
            Act::ClearHttpOnlyCookies => world.network.jar.clear(),
            Act::Upgrade => world.server.set_older(false),
        }
    }

    fn begin(&mut self, tab: usize, call: Call, fate: Fate) {
        let times = if call == Call::Burst { 3 } else { 1 };
        for _ in 0..times {
            self.count += 1;
            let caller = Caller {
                referee: self.referee.clone(),
                client: self.tabs[tab].client.clone(),
                tab: self.tabs[tab].id(),
                store: self.world.store.clone(),
                clock: self.world.clock.clone(),
                number: self.count,
            };
            let task = self.tabs[tab].spawn(async move {
                match fate {
                    Fate::RunsToItsEnd => caller.make(call).await,
                    Fate::DroppedAfterPolls(polls) => {
                        poll_then_drop(caller.make(call), polls).await;
                    }
                    Fate::DroppedAfterMs(ms) => {
                        let _ = tokio::time::timeout(Duration::from_millis(ms), caller.make(call)).await;
                    }
                }
            });
            self.calls.push((format!("{call:?} {}", self.count), task));
        }
    }

    /// Ends all faults, and waits until every caller has its outcome.
    async fn calm_down(&mut self) {
        self.referee.note(|| format!("{} all is calm", self.world.now_ms()));
        self.tabs.iter().for_each(Tab::cancel_kill);
        self.world.set_offline(false);
        self.world.server.mend();
        self.world.server.set_lifetime_ms(60_000);
        self.world.store.set_unreadable(false);
        self.world.store.set_unwritable(false);
        self.world.locks.set_broken(None);
        let end = tokio::time::Instant::now() + TIME_LIMIT;
        for (name, call) in std::mem::take(&mut self.calls) {
            if tokio::time::timeout_at(end, call.outcome()).await.is_err() {
                self.referee.violation(format!("{name} never ends"));
            }
        }
        pass(ALL_ARRIVED_MS).await;
        if self.world.locks.is_busy() {
            self.referee.violation("a lock is still held or waited for".to_owned());
        }
        self.tabs.retain(|tab| !tab.is_dead());
        self.tabs.push(self.world.tab());
        if tokio::time::timeout(TIME_LIMIT, self.check_agreement()).await.is_err() {
            self.referee.violation("at the end a query never returns".to_owned());
        }
        self.nothing_remains();
    }

    /// Checks that all tabs and the backend agree on the session.
    async fn check_agreement(&self) {
        let all = self.tabs.iter().map(|tab| tab.client.front_token());
        let fronts = join_all(all).await;
        if fronts.iter().any(|front| *front != fronts[0]) {
            self.referee.violation(format!("the tabs do not agree: {fronts:?}"));
        }
        let knows_of_none = self.world.stored().marker.is_some() && self.world.stored().front.is_none();
        let expected = !knows_of_none && !is_removed(self.world) && self.world.would_refresh();
        let got = self.tabs[0].client.refresh().await;
        if got != Ok(expected) {
            self.referee.violation(format!("a refresh ended with {got:?}, and {expected} was expected"));
        }
        let urls: Vec<_> = (0..self.tabs.len()).map(|number| format!("/orders?last={number}")).collect();
        let statuses = join_all(self.tabs.iter().zip(&urls).map(|(tab, url)| tab.get(url))).await;
        let exist = join_all(self.tabs.iter().map(|tab| tab.client.session_exists())).await;
        let users = join_all(self.tabs.iter().map(|tab| tab.client.user_id())).await;
        for ((status, exists), user) in statuses.into_iter().zip(exist).zip(users) {
            let status = status.map(|response| response.status());
            let agrees = exists == Ok(expected) && user.is_ok() == expected;
            if !agrees || (expected && status != Ok(200)) {
                self.referee.violation(format!(
                    "at the end a session exists: {expected}; a tab returns {exists:?}, and its request got {status:?}"
                ));
            }
        }
    }

    fn nothing_remains(&self) {
        let stored = self.world.stored();
        let remains = stored.front.is_some()
            || stored.access.is_some()
            || stored.refresh.is_some()
            || stored.anti_csrf.is_some();
        if self.referee.was_signed_out_last() && remains {
            self.referee.violation(format!("after sign-out the store still has {stored:?}"));
        }
    }
}

fn is_removed(world: &World) -> bool {
    let stored = world.stored();
    stored.marker.is_none() && stored.id_refresh.is_some_and(|token| token.text() == "remove")
}

fn after(ms: u64, what: impl FnOnce() + 'static) {
    spawn_local(async move {
        pass(ms).await;
        what();
    });
}

/// The name of an act in the statistics.
fn name(act: &Act) -> String {
    let text = match act {
        Act::Call { call, fate, .. } => match fate {
            Fate::RunsToItsEnd => format!("call {call:?}"),
            Fate::DroppedAfterPolls(_) => "call dropped after some polls".to_owned(),
            Fate::DroppedAfterMs(_) => "call dropped after some time".to_owned(),
        },
        Act::Fault { path, fault } => match fault {
            Fault::Instead(reply) => format!("fault {path} responds {}", reply.status),
            Fault::Hidden(header) => format!("fault {path} loses {header}"),
            Fault::Replaced(header, _) => format!("fault {path} garbles {header}"),
            other => format!("fault {path} {}", first_word(&format!("{other:?}"))),
        },
        other => first_word(&format!("{other:?}")),
    };
    text.replace('"', "")
}

fn first_word(text: &str) -> String {
    text.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// The caller of the client.
struct Caller {
    referee: Rc<Referee>,
    client: SessionClient,
    tab: crate::sim::TabId,
    store: crate::sim::SharedStore,
    clock: crate::sim::DeviceClock,
    number: u64,
}

impl Caller {
    async fn make(self, call: Call) {
        let client = &self.client;
        match call {
            Call::Get | Call::Burst => self.send("/orders", |url| client.get(url)).await,
            Call::Post => self.send("/orders", |url| client.post(url).body("an order")).await,
            Call::Public => self.send("/public", |url| client.get(url)).await,
            Call::WithoutRetry => self.send("/orders", |url| client.get(url).without_retry()).await,
            Call::Own401 => self.send("/own401", |url| client.get(url)).await,
            Call::UpdatePayload => {
                let fields = json!({ "number": self.number }).to_string();
                self.send("/payload", |url| client.post(url).body(fields)).await;
            }
            Call::SignIn(user) => self.send(SIGN_IN, |url| client.post(url).body(user)).await,
            Call::SignOut => self.sign_out().await,
            Call::Exists => self.record(client.session_exists().await),
            Call::FrontToken => self.record(client.front_token().await),
            Call::UserId => self.record(client.user_id().await.map(|_| "a user")),
            Call::Payload => self.record(client.payload().await.map(|_| "a payload")),
            Call::AccessToken => self.record(client.access_token().await),
            Call::Attempt => self.record(client.refresh().await),
            Call::ValidateClaims => self.validate_claims().await,
        }
    }

    async fn send(&self, path: &str, build: impl FnOnce(&str) -> supertokens_session::RequestBuilder) {
        let url = format!("{path}?n={}", self.number);
        let outcome: Result<SessionResponse, SessionError> = build(&url).send().await;
        self.referee.delivers(&url, &outcome);
    }

    /// Fetches by a call of its own, so that its requests differ from those of other callers.
    async fn validate_claims(&self) {
        let call = ClaimRefresh::new(Method::Post, format!("/claims/plan?n={}", self.number));
        let plan = PrimitiveClaim::new("plan")
            .refreshed_by(call)
            .has_value("pro".to_owned())
            .max_age(Duration::from_secs(7));
        let outcome = self.client.validate_claims(&[plan.into()]).await;
        self.record(outcome.map(|errors| errors.len()));
    }

    async fn sign_out(&self) {
        let began_at_ms = self.clock.true_now_ms();
        self.referee.signs_out(self.tab, &self.store.seen_by(self.tab));
        let outcome = self.client.sign_out().await;
        if matches!(outcome, Ok(()) | Err(SessionError::NotRevoked { .. })) {
            self.referee.signed_out(began_at_ms);
        }
        self.record(outcome);
    }

    fn record<T: std::fmt::Debug>(&self, outcome: Result<T, SessionError>) {
        let reason = outcome.as_ref().err().map(ToString::to_string).unwrap_or_default();
        self.referee.record_outcome(&format!("call {}: {outcome:?} {reason}", self.number));
    }
}
