//! The state of the API.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::ApiError;
use crate::expiring::Expiring;
use crate::mails::Mails;
use crate::options::Options;
use crate::orders::Orders;
use crate::password::Password;
use crate::passwordless::Devices;
use crate::provider::Provider;
use crate::routes::password_reset::PasswordReset;
use crate::server::ServeError;
use crate::session::Sessions;
use crate::session::transfer::{self, Transfer};
use crate::switches::Switches;
use crate::tenants::Tenant;
use crate::totp;
use crate::users::{SignUp, Users};
use crate::verification::Verifications;

/// The state of the API: users, sessions, signing keys, orders, codes and mails. Clones share it.
#[derive(Clone)]
pub struct SharedState {
    pub(crate) users: Arc<Users>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) orders: Arc<Orders>,
    pub(crate) mails: Arc<Mails>,
    pub(crate) verifications: Arc<Verifications>,
    pub(crate) devices: Arc<Devices>,
    pub(crate) provider: Arc<Provider>,
    pub(crate) totp: Arc<totp::Devices>,
    pub(crate) password_resets: Arc<Expiring<PasswordReset>>,
    pub(crate) switches: Arc<Switches>,
}

impl SharedState {
    /// An empty state with new signing keys.
    ///
    /// # Errors
    /// If the operating system provides no random numbers.
    pub fn new() -> Result<Self, ServeError> {
        let sessions = Sessions::new().map_err(|_| ServeError::Randomness)?;
        Ok(Self {
            users: Arc::default(),
            sessions: Arc::new(sessions),
            orders: Arc::default(),
            mails: Arc::default(),
            verifications: Arc::default(),
            devices: Arc::default(),
            provider: Arc::default(),
            totp: Arc::default(),
            password_resets: Arc::new(Expiring::new(Duration::from_secs(3600))),
            switches: Arc::default(),
        })
    }

    /// Creates the two demo users if they are missing. Only the administrator's e-mail is verified.
    pub(crate) async fn seed_demo_users(&self, limit: usize) -> Result<(), ApiError> {
        for (email, is_verified) in [("user@example.com", false), ("admin@example.com", true)] {
            let password = Password::new("Passw0rd!");
            let signed_up = self.users.sign_up(Tenant::Public, email, password, limit).await?;
            if let SignUp::New(user) = signed_up
                && is_verified
            {
                self.users.verify(&user.id);
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for SharedState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedState").finish_non_exhaustive()
    }
}

/// The state of each handler: the server's settings, and the API's state, which may outlive the server.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) options: Arc<Options>,
    pub(crate) state: SharedState,
}

impl App {
    /// The current generation of the protocol.
    pub(crate) fn transfer(&self) -> &'static dyn Transfer {
        let switched = self.options.test_controls.then(|| lock(&self.state.switches.0).generation).flatten();
        transfer::of(switched.unwrap_or(self.options.generation))
    }
}

/// Locks a mutex. A poisoned mutex is safe here, since each change is complete or not made.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
