//! Password hashing on threads that do not serve requests.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task;

use crate::error::ApiError;
use crate::secret::secret;

secret!(
    /// A password as the user typed it.
    Password
);

secret!(
    /// A password's Argon2id hash in PHC form.
    PasswordHash
);

/// The hash for sign-ins with an unknown e-mail, so that they take as long as others.
const UNKNOWN_USER: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$FbpXyV6PSVWLuWSSPQXqxTe3TTFE7Hx/0UlTPUVhXDo";

/// Hashes and checks passwords. Each hash needs 19 MiB of memory, so only a few run at once.
#[derive(Debug)]
pub(crate) struct Passwords {
    permits: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self { permits: Semaphore::new(4) }
    }
}

impl Passwords {
    /// Hashes with OWASP's minimum (19 MiB, 2 passes, 1 lane), which is the crate's default.
    pub(crate) async fn hash(&self, password: Password) -> Result<PasswordHash, ApiError> {
        self.run(move || Argon2::default().hash_password(password.reveal().as_bytes()))
            .await?
            .map(|hash| PasswordHash::new(hash.to_string()))
            .map_err(|_| ApiError::Internal)
    }

    /// Whether the password matches the hash. Without a hash it returns false after the same time.
    pub(crate) async fn check(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, ApiError> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| PasswordHash::new(UNKNOWN_USER));
        let matches =
            move || Argon2::default().verify_password(password.reveal().as_bytes(), hash.reveal()).is_ok();
        Ok(self.run(matches).await? && known)
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
        let _permit = self.permits.acquire().await.map_err(|_| ApiError::Internal)?;
        task::spawn_blocking(work).await.map_err(|_| ApiError::Internal)
    }
}

#[cfg(test)]
mod tests {
    use argon2::password_hash::phc::PasswordHash;

    use super::UNKNOWN_USER;

    #[test]
    fn the_stand_in_hash_costs_what_a_real_one_costs() {
        let hash = PasswordHash::new(UNKNOWN_USER).ok();
        let params = hash.and_then(|hash| argon2::Params::try_from(&hash).ok());
        assert_eq!(params.map(|p| (p.m_cost(), p.t_cost(), p.p_cost())), Some((19_456, 2, 1)));
    }
}
