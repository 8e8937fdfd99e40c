//! The client: the two loops `request` and `refresh`, and sign-out. They act on the decisions of `transitions`.

mod backoff;
mod claim_functions;
pub mod claims;
mod diagnosis;
mod events;
mod fresh;
mod future;
mod hooks;
mod last_known;
mod lease;
mod overrides;
mod page_left;
mod read;
mod refresh;
mod refresh_ahead;
mod request;
mod request_builder;
mod response;
mod response_body;
mod response_origin;
mod save;
mod session;
mod session_client;
mod sign_out;
mod single_flight;
mod tab_message;
mod time_limit;
mod validate_claims;

use std::{cell::Cell, rc::Rc};

pub use events::Subscription;
pub use future::ClientFuture;
pub(crate) use future::Work;
pub use overrides::{Original, Overrides, global_requirement};
pub(crate) use refresh::Refreshed;
pub use request_builder::RequestBuilder;
pub use response::SessionResponse;
pub use session_client::{SessionClient, WeakSessionClient};
pub use validate_claims::CheckedClaims;
pub(crate) use validate_claims::ClaimFetch;

use crate::{
    SessionEvent,
    config::SessionConfig,
    error::SessionError,
    platform::Platform,
    token::FrontTokenCache,
    transitions::{self, StoreRead},
};

/// The client itself, on the page's thread. [`SessionClient`] is its public handle.
#[derive(Clone)]
pub(crate) struct Client(Rc<Inner>);

struct Inner {
    config: SessionConfig,
    platform: Platform,
    overrides: Option<overrides::AppOverrides>,
    front: FrontTokenCache,
    last_known: last_known::LastKnown,
    flight: single_flight::SingleFlight<Result<Refreshed, SessionError>>,
    listeners: events::Listeners,
    claim_calls: validate_claims::ClaimCalls,
    api: read::Api,
    running_sign_out: page_left::RunningSignOut,
    claim_functions: claim_functions::RunningFunctions,
    ahead_task: refresh_ahead::AheadTask,
    /// True while the client emits the events of a tab message.
    is_from_other_tab: Cell<bool>,
}

impl Client {
    fn new(config: SessionConfig, platform: Platform, overrides: Option<overrides::AppOverrides>) -> Self {
        Self(Rc::new(Inner {
            api: read::Api::new(&config.api_identity()),
            config,
            platform,
            overrides,
            front: FrontTokenCache::default(),
            last_known: Default::default(),
            flight: Default::default(),
            listeners: Default::default(),
            claim_calls: Default::default(),
            running_sign_out: Default::default(),
            claim_functions: Default::default(),
            ahead_task: Default::default(),
            is_from_other_tab: Cell::new(false),
        }))
    }

    pub(crate) fn config(&self) -> &SessionConfig {
        &self.0.config
    }

    fn emit(&self, events: &[SessionEvent]) {
        for event in events {
            log::debug!("session event: {}", event.name());
            self.0.listeners.call(event);
        }
    }

    fn is_about_to_expire(&self, read: &StoreRead, margin_ms: u32) -> bool {
        let now_ms = self.server_now_ms(read);
        read.front.as_ref().is_some_and(|front| transitions::is_about_to_expire(front, now_ms, margin_ms))
    }

    /// The server's time, as far as the client knows the clock skew.
    fn server_now_ms(&self, read: &StoreRead) -> i64 {
        self.0.platform.clock.now_ms().saturating_add(read.stored.clock_skew_ms)
    }
}
