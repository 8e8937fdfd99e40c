//! The users.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::clock::now_ms;
use crate::error::ApiError;
use crate::password::{Password, PasswordHash, Passwords};
use crate::random;
use crate::roles;
use crate::state::lock;

/// A user.
#[derive(Debug, Clone)]
pub(crate) struct User {
    /// A UUID.
    pub(crate) id: String,
    /// In lower case, and unique.
    pub(crate) email: String,
    /// In alphabetical order.
    pub(crate) roles: Vec<&'static str>,
    /// Whether the e-mail is verified.
    pub(crate) is_verified: bool,
    /// In milliseconds since the epoch.
    pub(crate) time_joined: u64,
    hash: PasswordHash,
}

impl User {
    /// The permissions of the roles.
    pub(crate) fn permissions(&self) -> Vec<&'static str> {
        roles::permissions(&self.roles)
    }

    /// The user in the format of the frontend API.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "id": self.id,
            "email": self.email,
            "emails": [self.email],
            "phoneNumbers": [],
            "thirdParty": [],
            "webauthn": { "credentialIds": [] },
            "tenantIds": ["public"],
            "timeJoined": self.time_joined,
            "isPrimaryUser": false,
            "loginMethods": [{
                "recipeId": "emailpassword",
                "recipeUserId": self.id,
                "tenantIds": ["public"],
                "email": self.email,
                "timeJoined": self.time_joined,
                "verified": self.is_verified,
            }],
        })
    }
}

/// All users, by e-mail.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_email: Mutex<HashMap<String, User>>,
    passwords: Passwords,
}

impl Users {
    /// Adds a user. Returns `None` if the e-mail is taken.
    pub(crate) async fn sign_up(
        &self,
        email: &str,
        password: Password,
        limit: usize,
    ) -> Result<Option<User>, ApiError> {
        let email = email.to_lowercase();
        if !has_room(&lock(&self.by_email), &email, limit)? {
            return Ok(None);
        }
        let hash = self.passwords.hash(password).await?;
        let id = random::uuid()?;
        let mut users = lock(&self.by_email);
        // Another request may have taken the e-mail while this one was hashing.
        if !has_room(&users, &email, limit)? {
            return Ok(None);
        }
        let is_admin =
            email.starts_with("admin@") && !users.values().any(|user| user.roles.contains(&roles::ADMIN));
        let roles = if is_admin { vec![roles::ADMIN, roles::USER] } else { vec![roles::USER] };
        let time_joined = now_ms();
        let user = User { id, email: email.clone(), roles, is_verified: false, time_joined, hash };
        users.insert(email, user.clone());
        Ok(Some(user))
    }

    /// The user with this e-mail and password.
    pub(crate) async fn sign_in(&self, email: &str, password: Password) -> Result<Option<User>, ApiError> {
        let user = lock(&self.by_email).get(&email.to_lowercase()).cloned();
        let hash = user.as_ref().map(|user| user.hash.clone());
        let matches = self.passwords.check(password, hash).await?;
        Ok(user.filter(|_| matches))
    }

    /// The user with this id.
    pub(crate) fn find(&self, id: &str) -> Option<User> {
        lock(&self.by_email).values().find(|user| user.id == id).cloned()
    }

    /// Adds or removes a role. Existing sessions do not change.
    pub(crate) fn set_role(&self, email: &str, role: &str, give: bool) -> Result<User, ApiError> {
        let role = roles::find(role).ok_or_else(|| ApiError::bad_request("there is no such role"))?;
        let mut users = lock(&self.by_email);
        let admins = users.values().filter(|user| user.roles.contains(&roles::ADMIN)).count();
        let user = users
            .get_mut(&email.to_lowercase())
            .ok_or_else(|| ApiError::bad_request("no user has this e-mail"))?;
        let has_role = user.roles.contains(&role);
        if has_role && !give {
            if role == roles::ADMIN && admins == 1 {
                return Err(ApiError::bad_request("at least one user must be an administrator"));
            }
            user.roles.retain(|one| *one != role);
        }
        if !has_role && give {
            user.roles.push(role);
            user.roles.sort_unstable();
        }
        Ok(user.clone())
    }

    /// Marks the e-mail as verified.
    pub(crate) fn verify(&self, id: &str) -> Option<User> {
        let mut users = lock(&self.by_email);
        let user = users.values_mut().find(|user| user.id == id)?;
        user.is_verified = true;
        Some(user.clone())
    }

    /// Up to `limit` users, oldest first.
    pub(crate) fn list(&self, limit: usize) -> Vec<User> {
        let mut users: Vec<User> = lock(&self.by_email).values().cloned().collect();
        users.sort_by(|a, b| (a.time_joined, &a.email).cmp(&(b.time_joined, &b.email)));
        users.truncate(limit);
        users
    }
}

/// Whether the e-mail is free. An error if the user limit is reached.
fn has_room(users: &HashMap<String, User>, email: &str, limit: usize) -> Result<bool, ApiError> {
    if users.contains_key(email) {
        return Ok(false);
    }
    if users.len() >= limit {
        return Err(ApiError::Full(limit, "users"));
    }
    Ok(true)
}
