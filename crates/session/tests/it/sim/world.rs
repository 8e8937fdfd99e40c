//! One browser, one backend, and what must hold between them in every scenario.

use std::cell::Cell;

use supertokens_session::{SessionConfig, SessionConfigBuilder, TokenTransferMethod, platform::Kept};

use super::{
    clock::{DeviceClock, WorldClock},
    leaks,
    lock::Locks,
    logged, pass,
    server::{API, API_HOST, Server},
    store::SharedStore,
    tab::{Tab, TabId},
    transport::{CookieJar, Network},
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
        let network = Network {
            server: server.clone(),
            jar: CookieJar::default(),
            offline: Default::default(),
            foreign: Default::default(),
        };
        Self {
            server,
            store: SharedStore::new(),
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
    pub fn kept(&self) -> Kept {
        self.store.kept()
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
