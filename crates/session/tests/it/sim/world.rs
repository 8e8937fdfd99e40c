//! One browser, one backend, and what must hold between them in every scenario.

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
    /// The front token knows nothing of it: a 401 tells.
    OnServer,
    /// The front token's time is over.
    Foretold,
}

impl Expiry {
    pub const ALL: [Self; 2] = [Self::OnServer, Self::Foretold];
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

    /// Tabs that open from now on use header mode, which the older generation does not have.
    pub fn use_header_mode(&self) {
        self.server.set_older(false);
        self.transfer.set(TokenTransferMethod::Header);
    }

    /// From now on the dice say how long everything takes.
    pub fn set_dice(&self, dice: &Dice) {
        self.server.set_dice(dice.clone());
        self.store.set_dice(dice.clone());
        self.locks.set_dice(dice.clone());
    }

    /// Has everything watched that happens from now on.
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

    /// Opens a tab and signs a user in. Requests count from here on: a first visit begins with a refresh.
    pub async fn signed_in(&self, user: &str) -> Tab {
        let tab = self.tab();
        tab.sign_in(user).await;
        self.server.count_from_here();
        tab
    }

    /// What the store keeps, as a tab reads it that has written nothing.
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

    /// Lets access tokens expire that were issued until now, as the front token foretold.
    pub async fn pass_expiry(&self) {
        pass(65_000).await;
    }

    /// Lets access tokens expire in one of the two ways.
    pub async fn expire(&self, expiry: Expiry) {
        match expiry {
            Expiry::OnServer => self.server.expire_access_tokens(),
            Expiry::Foretold => self.pass_expiry().await,
        }
    }

    /// Whether a refresh with what the browser keeps would succeed, as the backend has it now.
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

    /// The scenario is about theft alarms.
    pub fn expect_alarms(&self, count: u32) {
        self.expected_alarms.set(count);
    }

    /// No token of this world may occur in `text`.
    pub fn no_secret_in(&self, text: &str) {
        let secrets = self.server.secrets();
        let leaked = leaks(text, &secrets);
        assert!(leaked.is_empty(), "{leaked:?} in {text}");
    }

    /// What must hold at the end of every scenario.
    pub async fn check(&self) {
        pass(1_000).await;
        assert!(!self.locks.is_busy(), "a lock is still held or waited for");
        assert_eq!(self.server.theft_alarms(), self.expected_alarms.get(), "theft alarms");
        for line in logged() {
            self.no_secret_in(&line);
        }
        for exchange in self.server.everything().iter().filter(|exchange| exchange.host != API_HOST) {
            self.no_secret_in(&format!("{:?}", exchange.headers));
            assert!(exchange.cookies.is_empty());
        }
    }
}
