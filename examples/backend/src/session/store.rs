//! The stored sessions, and the rules for their tokens.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Map, Value};

use super::signing::SigningKeys;
use super::tokens::{
    AccessInfo, AccessPayload, AntiCsrfToken, Keys, RefreshInfo, RefreshToken, UncheckedAccess, hash,
};
use super::transfer::Mode;
use super::{Issued, IssuedRefresh, claims};
use crate::clock::{millis, now_ms};
use crate::error::ApiError;
use crate::factors::Factor;
use crate::options::{AntiCsrf, Options};
use crate::random;
use crate::state::lock;
use crate::tenants::Tenant;
use crate::users::{User, Users};

/// The lifetime of a refresh token: 100 days.
const REFRESH_LIFETIME_MS: u64 = 100 * 24 * 3_600_000;

/// One session.
struct Record {
    user_id: String,
    tenant: Tenant,
    /// Hash of hash 1 of the current refresh token. This token and all tokens that replace it are valid.
    parent_hash2: String,
    /// The custom fields of each new access token.
    custom: Map<String, Value>,
    expires_at: u64,
    epoch: u64,
}

/// Whether a request needs an anti-CSRF token, which proves that it comes from the app.
#[derive(Debug, Clone, Copy)]
pub(crate) enum CsrfCheck<'a> {
    /// No token is needed.
    Skip,
    /// A token is needed, and this is the request's token.
    Token(Option<&'a str>),
}

impl CsrfCheck<'_> {
    fn passes(self, expected: Option<&str>) -> bool {
        match self {
            Self::Skip => true,
            Self::Token(given) => given.is_some() && given == expected,
        }
    }
}

/// All sessions.
pub(crate) struct Sessions {
    keys: Keys,
    records: Mutex<HashMap<String, Record>>,
    thefts: AtomicUsize,
}

impl Sessions {
    /// An empty store.
    pub(crate) fn new() -> Result<Self, ApiError> {
        Ok(Self { keys: Keys::new()?, records: Mutex::default(), thefts: AtomicUsize::new(0) })
    }

    /// The keys that sign access tokens.
    pub(crate) fn signing_keys(&self) -> &SigningKeys {
        &self.keys.access
    }

    /// Creates a session for the user, who has completed this factor.
    pub(crate) fn create(
        &self,
        user: &User,
        factor: Factor,
        mode: Mode,
        options: &Options,
    ) -> Result<Issued, ApiError> {
        let handle = random::uuid()?;
        let anti_csrf = new_anti_csrf(mode, options)?;
        let token = self.keys.sign_refresh(&handle, None, anti_csrf.as_ref())?;
        let hash1 = hash(token.reveal());
        let mut custom = claims::all(user);
        custom.extend(claims::factors(&Map::new(), Some(factor)));
        custom.insert("email".to_owned(), Value::from(user.email.as_str()));
        let record = Record {
            user_id: user.id.clone(),
            tenant: user.tenant,
            parent_hash2: hash(&hash1),
            custom,
            expires_at: now_ms() + REFRESH_LIFETIME_MS,
            epoch: 0,
        };
        let issued = self.issue(
            &handle,
            &record,
            RefreshPart { token, hash1, parent_hash1: None, anti_csrf },
            options,
        )?;

        let mut records = lock(&self.records);
        if records.len() >= options.max_sessions {
            records.retain(|_, record| record.expires_at > now_ms());
        }
        if records.len() >= options.max_sessions {
            return Err(ApiError::Full(options.max_sessions, "sessions"));
        }
        records.insert(handle, record);
        Ok(issued)
    }

    /// Verifies an access token. The first use of a token from a refresh makes that refresh final, and the client gets
    /// another access token that no longer names its parent.
    pub(crate) fn verify(
        &self,
        token: UncheckedAccess,
        check: CsrfCheck<'_>,
        options: &Options,
    ) -> Result<(AccessInfo, Option<Issued>), ApiError> {
        let mut access = self.keys.open_access(token).ok_or(ApiError::TryRefresh)?;
        if access.expires_at() <= now_ms() || !check.passes(access.payload.anti_csrf_token.as_deref()) {
            return Err(ApiError::TryRefresh);
        }
        let mut records = lock(&self.records);
        let record = records.get_mut(&access.payload.session_handle).ok_or(ApiError::Revoked)?;
        if access.epoch < record.epoch {
            return Err(ApiError::TryRefresh);
        }
        let Some(parent_hash1) = access.payload.parent_refresh_token_hash1.take() else {
            return Ok((access, None));
        };
        let own_hash2 = hash(&access.payload.refresh_token_hash1);
        if record.parent_hash2 == hash(&parent_hash1) {
            record.parent_hash2 = own_hash2;
            record.expires_at = now_ms() + REFRESH_LIFETIME_MS;
        } else if record.parent_hash2 != own_hash2 {
            access.payload.parent_refresh_token_hash1 = Some(parent_hash1);
            return Ok((access, None));
        }
        access.payload.custom = record.custom.clone();
        set_times(&mut access, options);
        let renewed = self.sign(access.clone())?;
        Ok((access, Some(renewed)))
    }

    /// New tokens for a refresh token, with the user's current claims.
    pub(crate) fn refresh(
        &self,
        token: &RefreshToken,
        mode: Mode,
        check: CsrfCheck<'_>,
        users: &Users,
        options: &Options,
    ) -> Result<Issued, ApiError> {
        let RefreshInfo { session_handle, parent_hash1, anti_csrf, .. } =
            self.keys.open_refresh(token).ok_or(ApiError::SessionEnded)?;
        let hash1 = hash(token.reveal());

        let mut records = lock(&self.records);
        let record = records.get_mut(&session_handle).ok_or(ApiError::SessionEnded)?;
        if record.expires_at <= now_ms() {
            records.remove(&session_handle);
            return Err(ApiError::SessionEnded);
        }
        let is_parent = record.parent_hash2 == hash(&hash1);
        let is_child = parent_hash1.is_some_and(|parent| record.parent_hash2 == hash(&parent));
        if !is_parent && !is_child {
            records.remove(&session_handle);
            self.thefts.fetch_add(1, Ordering::Relaxed);
            return Err(ApiError::TokenTheft);
        }
        if !check.passes(anti_csrf.as_deref()) {
            return Err(ApiError::SessionEnded);
        }
        let anti_csrf = new_anti_csrf(mode, options)?;
        let next = self.keys.sign_refresh(&session_handle, Some(hash1.clone()), anti_csrf.as_ref())?;
        record.parent_hash2 = hash(&hash1);
        record.expires_at = now_ms() + REFRESH_LIFETIME_MS;
        if let Some(user) = users.find(&record.user_id) {
            claims::update(&mut record.custom, claims::all(&user));
        }
        let next_hash1 = hash(next.reveal());
        let part = RefreshPart { token: next, hash1: next_hash1, parent_hash1: Some(hash1), anti_csrf };
        self.issue(&session_handle, record, part, options)
    }

    /// Adds values to the payload of this access token and all later ones. The new token expires with the old one.
    pub(crate) fn merge(&self, access: &AccessInfo, values: Map<String, Value>) -> Result<Issued, ApiError> {
        let mut records = lock(&self.records);
        let record = records.get_mut(&access.payload.session_handle).ok_or(ApiError::Revoked)?;
        record.custom.extend(values);
        let mut access = access.clone();
        access.payload.custom = record.custom.clone();
        access.payload.iat = now_ms() / 1000;
        self.sign(access)
    }

    /// Ends the session. Clients notice it when they use its tokens.
    pub(crate) fn revoke(&self, handle: &str) -> bool {
        lock(&self.records).remove(handle).is_some()
    }

    /// Ends all sessions.
    pub(crate) fn revoke_all(&self) {
        lock(&self.records).clear();
    }

    /// Treats all current access tokens of the session as expired.
    pub(crate) fn expire(&self, handle: &str) -> bool {
        let mut records = lock(&self.records);
        let Some(record) = records.get_mut(handle) else { return false };
        record.epoch += 1;
        true
    }

    /// The same for all sessions.
    pub(crate) fn expire_all(&self) {
        lock(&self.records).values_mut().for_each(|record| record.epoch += 1);
    }

    /// How many refresh tokens were used after their rotation.
    pub(crate) fn thefts(&self) -> usize {
        self.thefts.load(Ordering::Relaxed)
    }

    fn issue(
        &self,
        handle: &str,
        record: &Record,
        part: RefreshPart,
        options: &Options,
    ) -> Result<Issued, ApiError> {
        let mut access = AccessInfo {
            payload: AccessPayload {
                sub: record.user_id.clone(),
                rsub: record.user_id.clone(),
                t_id: record.tenant.id().to_owned(),
                iss: options.issuer(),
                iat: 0,
                exp: 0,
                session_handle: handle.to_owned(),
                refresh_token_hash1: part.hash1,
                parent_refresh_token_hash1: part.parent_hash1,
                anti_csrf_token: part.anti_csrf.as_ref().map(|token| token.reveal().to_owned()),
                custom: record.custom.clone(),
            },
            epoch: record.epoch,
        };
        set_times(&mut access, options);
        let refresh = IssuedRefresh {
            token: part.token,
            expires_at: record.expires_at,
            id: random::uuid()?,
            anti_csrf: part.anti_csrf,
        };
        Ok(Issued { refresh: Some(refresh), ..self.sign(access)? })
    }

    fn sign(&self, info: AccessInfo) -> Result<Issued, ApiError> {
        let access = self.keys.sign_access(&info)?;
        Ok(Issued { access, info, refresh: None })
    }
}

/// A new refresh token, and its fields in the access token.
struct RefreshPart {
    token: RefreshToken,
    hash1: String,
    parent_hash1: Option<String>,
    anti_csrf: Option<AntiCsrfToken>,
}

fn set_times(access: &mut AccessInfo, options: &Options) {
    let now = now_ms();
    access.payload.iat = now / 1000;
    access.payload.exp = now.saturating_add(millis(options.access_token_lifetime)) / 1000;
}

fn new_anti_csrf(mode: Mode, options: &Options) -> Result<Option<AntiCsrfToken>, ApiError> {
    // Header mode needs no anti-CSRF token, since pages of other sites can't read the tokens to send.
    if mode == Mode::Header || options.anti_csrf != AntiCsrf::ViaToken {
        return Ok(None);
    }
    Ok(Some(AntiCsrfToken::new(random::uuid()?)))
}
