//! One browser, one backend, and the checks that every scenario must pass.

use std::{cell::Cell, rc::Rc};

use supertokens_session::{
    SessionConfig, SessionConfigBuilder, TokenTransferMethod, platform::StoredSession,
};

use super::{
    clock::{DeviceClock, WorldClock},
    dice::Dice,
    leaks,
    lock::Locks,
    logged, pass,
    server::{API, API_HOST, Server},
    sessions::AntiCsrf,
    store::SharedStore,
    tab::{Tab, TabId},
    transport::{CookieJar, Network},
    watch::{Watch, Watchers},
};

/// How access tokens expire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// Only the server knows: the front token does not show it, and requests get a 401.
    OnServer,
    /// The expiry of the front token has passed.
    Known,
}

impl Expiry {
    pub const ALL: [Self; 2] = [Self::OnServer, Self::Known];
}

/// The world of one scenario.
pub struct World {
    pub server: Server,
    pub store: SharedStore,
    pub locks: Locks,
    pub clock: DeviceClock,
    pub network: Network,
    time: WorldClock,
    tabs: Cell<u32>,
    transfer: Cell<TokenTransferMethod>,
    expected_alarms: Cell<u32>,
}

impl World {
    pub(super) fn new() -> Self {
        let time = WorldClock::begin();
        let server = Server::new(time);
        let watchers = Watchers::default();
        let store = SharedStore::new(watchers.clone());
        let network = Network {
            server: server.clone(),
            jar: CookieJar::default(),
            offline: Default::default(),
            foreign: Default::default(),
            store: store.clone(),
            watchers,
        };
        Self {
            server,
            store,
            locks: Locks::new(time),
            clock: DeviceClock::new(time),
            network,
            time,
            tabs: Cell::new(0),
            transfer: Cell::default(),
            expected_alarms: Cell::new(0),
        }
    }

    /// Tabs opened from now on use header mode, which the older generation does not have.
    pub fn use_header_mode(&self) {
        self.server.set_older(false);
        self.transfer.set(TokenTransferMethod::Header);
    }

    /// From now on random choices set all delays.
    pub fn set_dice(&self, dice: &Dice) {
        self.server.set_dice(dice.clone());
        self.store.set_dice(dice.clone());
        self.locks.set_dice(dice.clone());
    }

    /// Sets the observer of all steps from now on.
    pub fn set_watch(&self, watch: Rc<dyn Watch>) {
        self.network.watchers.set(watch);
    }

    /// Opens a tab.
    pub fn tab(&self) -> Tab {
        self.tab_with(|settings| settings)
    }

    /// Opens a tab with settings of its own.
    pub fn tab_with(&self, set: impl FnOnce(SessionConfigBuilder) -> SessionConfigBuilder) -> Tab {
        let settings = SessionConfig::builder(API).token_transfer_method(self.transfer.get());
        self.tabs.set(self.tabs.get() + 1);
        Tab::open(TabId(self.tabs.get()), self, set(settings).build().unwrap())
    }

    /// Opens a tab and signs a user in. Then resets the counts of requests: a first visit begins with a refresh.
    pub async fn signed_in(&self, user: &str) -> Tab {
        let tab = self.tab();
        tab.sign_in(user).await;
        self.server.reset_counts();
        tab
    }

    /// The stored session, as a tab without own writes reads it.
    pub fn stored(&self) -> StoredSession {
        self.store.stored()
    }

    pub fn set_offline(&self, offline: bool) {
        self.network.offline.set(offline);
    }

    /// The true time.
    pub fn now_ms(&self) -> i64 {
        self.time.now_ms()
    }

    /// Lets the access tokens issued until now expire, as their front tokens show.
    pub async fn pass_expiry(&self) {
        pass(65_000).await;
    }

    /// Lets access tokens expire in one of the two ways.
    pub async fn expire(&self, expiry: Expiry) {
        match expiry {
            Expiry::OnServer => self.server.expire_access_tokens(),
            Expiry::Known => self.pass_expiry().await,
        }
    }

    /// Whether a refresh with the browser's tokens would succeed now.
    pub fn would_refresh(&self) -> bool {
        let stored = self.stored();
        let token = match self.transfer.get() {
            TokenTransferMethod::Header => stored.refresh.map(|token| token.reveal().to_owned()),
            TokenTransferMethod::Cookie => self.network.jar.refresh_token(),
        };
        let checks = self.server.anti_csrf() == AntiCsrf::ViaToken
            && self.transfer.get() == TokenTransferMethod::Cookie;
        let anti_csrf = stored.anti_csrf.as_ref().map_or("", |token| token.reveal());
        token.is_some_and(|token| self.server.sessions().would_refresh(&token, checks.then_some(anti_csrf)))
    }

    /// Sets the number of theft alarms that the scenario must cause.
    pub fn expect_alarms(&self, count: u32) {
        self.expected_alarms.set(count);
    }

    /// Checks that `text` contains no token of this world.
    pub fn check_no_secret_in(&self, text: &str) {
        let secrets = self.server.secrets();
        let leaked = leaks(text, &secrets);
        assert!(leaked.is_empty(), "{leaked:?} in {text}");
    }

    /// The checks at the end of every scenario.
    pub async fn check(&self) {
        pass(1_000).await;
        assert!(!self.locks.is_busy(), "a lock is still held or waited for");
        assert_eq!(self.server.theft_alarms(), self.expected_alarms.get(), "theft alarms");
        for line in logged() {
            self.check_no_secret_in(&line);
        }
        for exchange in self.server.everything().iter().filter(|exchange| exchange.host != API_HOST) {
            self.check_no_secret_in(&format!("{:?}", exchange.headers));
            assert!(exchange.cookies.is_empty());
        }
    }
}
