//! What the API remembers, and what a request sees of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::ApiError;
use crate::mails::Mails;
use crate::options::Options;
use crate::orders::Orders;
use crate::password::Password;
use crate::server::ServeError;
use crate::session::Sessions;
use crate::session::transfer::{self, Transfer};
use crate::switches::Switches;
use crate::users::Users;

/// All that the API remembers: users, sessions, signing keys, orders, codes. A clone shares it with the original.
#[derive(Clone)]
pub struct SharedState {
    pub(crate) users: Arc<Users>,
    pub(crate) sessions: Arc<Sessions>,
    pub(crate) orders: Arc<Orders>,
    pub(crate) mails: Arc<Mails>,
    pub(crate) switches: Arc<Switches>,
}

impl SharedState {
    /// A state with new signing keys and nobody in it.
    ///
    /// # Errors
    /// Where the operating system gives no randomness.
    pub fn new() -> Result<Self, ServeError> {
        let sessions = Sessions::new().map_err(|_| ServeError::Randomness)?;
        Ok(Self {
            users: Arc::default(),
            sessions: Arc::new(sessions),
            orders: Arc::default(),
            mails: Arc::default(),
            switches: Arc::default(),
        })
    }

    /// Creates the two demo users where they are missing. Only the administrator's e-mail is verified.
    pub(crate) async fn seed_demo_users(&self, limit: usize) -> Result<(), ApiError> {
        for (email, is_verified) in [("user@example.com", false), ("admin@example.com", true)] {
            let user = self.users.sign_up(email, Password::new("Passw0rd!"), limit).await?;
            if let Some(user) = user.filter(|_| is_verified) {
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

/// What each handler gets: the settings of this server and the state, which may outlive it.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) options: Arc<Options>,
    pub(crate) state: SharedState,
}

impl App {
    /// How sessions are spoken of now.
    pub(crate) fn transfer(&self) -> &'static dyn Transfer {
        let switched = self.options.test_controls.then(|| lock(&self.state.switches.0).generation).flatten();
        transfer::of(switched.unwrap_or(self.options.generation))
    }
}

/// Locks; a panic elsewhere leaves the data as good as it was, since no change is made in halves.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
