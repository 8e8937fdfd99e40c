//! The users and their login methods.

use std::collections::HashMap;
use std::sync::Mutex;

use serde_json::{Value, json};

use crate::clock::now_ms;
use crate::error::ApiError;
use crate::password::{Password, PasswordHash, Passwords};
use crate::state::lock;
use crate::tenants::Tenant;
use crate::{provider, random, roles};

/// A user. All login methods with one e-mail belong to one user of a tenant.
#[derive(Debug, Clone)]
pub(crate) struct User {
    /// A UUID.
    pub(crate) id: String,
    pub(crate) tenant: Tenant,
    /// In lower case, and unique in the tenant.
    pub(crate) email: String,
    /// In alphabetical order.
    pub(crate) roles: Vec<&'static str>,
    /// Whether the e-mail is verified.
    pub(crate) is_verified: bool,
    /// In milliseconds since the epoch.
    pub(crate) time_joined: u64,
    /// At most one of each kind, oldest first.
    methods: Vec<LoginMethod>,
}

#[derive(Debug, Clone)]
struct LoginMethod {
    kind: Method,
    /// In milliseconds since the epoch.
    time_joined: u64,
}

/// A way to sign in.
#[derive(Debug, Clone)]
pub(crate) enum Method {
    /// The password's hash.
    Password(PasswordHash),
    /// A code or a link from a mail.
    Passwordless,
    /// The account of the demo provider with this id.
    ThirdParty(&'static str),
}

impl Method {
    /// The recipe of the method.
    pub(crate) fn recipe(&self) -> &'static str {
        match self {
            Self::Password(_) => "emailpassword",
            Self::Passwordless => "passwordless",
            Self::ThirdParty(_) => "thirdparty",
        }
    }

    fn third_party(&self) -> Option<Value> {
        match self {
            Self::ThirdParty(id) => Some(json!({ "id": provider::ID, "userId": id })),
            _ => None,
        }
    }
}

impl User {
    /// The permissions of the roles.
    pub(crate) fn permissions(&self) -> Vec<&'static str> {
        roles::permissions(&self.roles)
    }

    /// Whether the user has a login method of this recipe.
    pub(crate) fn has_method(&self, recipe: &str) -> bool {
        self.methods.iter().any(|method| method.kind.recipe() == recipe)
    }

    /// The user in the format of the frontend API.
    pub(crate) fn to_json(&self) -> Value {
        let third_party: Vec<Value> =
            self.methods.iter().filter_map(|method| method.kind.third_party()).collect();
        let login_methods: Vec<Value> =
            self.methods.iter().map(|method| self.login_method_to_json(method)).collect();
        json!({
            "id": self.id,
            "email": self.email,
            "emails": [self.email],
            "phoneNumbers": [],
            "thirdParty": third_party,
            "webauthn": { "credentialIds": [] },
            "tenantIds": [self.tenant.id()],
            "timeJoined": self.time_joined,
            "isPrimaryUser": self.methods.len() > 1,
            "loginMethods": login_methods,
        })
    }

    fn login_method_to_json(&self, method: &LoginMethod) -> Value {
        let mut json = json!({
            "recipeId": method.kind.recipe(),
            "recipeUserId": self.id,
            "tenantIds": [self.tenant.id()],
            "email": self.email,
            "timeJoined": method.time_joined,
            "verified": self.is_verified,
        });
        if let Some(third_party) = method.kind.third_party() {
            json["thirdParty"] = third_party;
        }
        json
    }

    fn hash(&self) -> Option<&PasswordHash> {
        self.methods.iter().find_map(|method| match &method.kind {
            Method::Password(hash) => Some(hash),
            _ => None,
        })
    }

    /// Adds a method, or replaces the one of its kind. Returns whether it is new.
    fn add(&mut self, kind: Method) -> bool {
        let existing = self.methods.iter_mut().find(|method| method.kind.recipe() == kind.recipe());
        match existing {
            Some(method) => {
                method.kind = kind;
                false
            }
            None => {
                self.methods.push(LoginMethod { kind, time_joined: now_ms() });
                true
            }
        }
    }
}

/// The outcome of a sign-up with a password.
#[derive(Debug)]
pub(crate) enum SignUp {
    New(User),
    /// A user with a password has the e-mail.
    EmailTaken,
    /// A user without a password has the e-mail. Whoever signs up may not own it, so they get no access.
    NotAllowed,
}

/// All users, by tenant and e-mail.
#[derive(Debug, Default)]
pub(crate) struct Users {
    by_email: Mutex<HashMap<(Tenant, String), User>>,
    passwords: Passwords,
}

impl Users {
    /// Adds a user with a password.
    pub(crate) async fn sign_up(
        &self,
        tenant: Tenant,
        email: &str,
        password: Password,
        limit: usize,
    ) -> Result<SignUp, ApiError> {
        let email = email.to_lowercase();
        if let Some(taken) = taken(&lock(&self.by_email), tenant, &email) {
            return Ok(taken);
        }
        check_limit(&lock(&self.by_email), limit)?;
        let hash = self.passwords.hash(password).await?;
        let mut users = lock(&self.by_email);
        // Another request may have taken the e-mail while this one was hashing.
        if let Some(taken) = taken(&users, tenant, &email) {
            return Ok(taken);
        }
        let user = create(&mut users, tenant, email, limit)?;
        user.add(Method::Password(hash));
        Ok(SignUp::New(user.clone()))
    }

    /// The user with this e-mail and password.
    pub(crate) async fn sign_in(
        &self,
        tenant: Tenant,
        email: &str,
        password: Password,
    ) -> Result<Option<User>, ApiError> {
        let user = self.with_email(tenant, email);
        let hash = user.as_ref().and_then(User::hash).cloned();
        let matches = self.passwords.check(password, hash).await?;
        Ok(user.filter(|_| matches))
    }

    /// The user with this e-mail, who has proven to own it, or a new one. Returns whether the method is new.
    ///
    /// It links the method to an existing user, even if that user's e-mail was not verified before. A real API asks
    /// for the password first.
    pub(crate) fn sign_in_up(
        &self,
        tenant: Tenant,
        email: &str,
        method: Method,
        limit: usize,
    ) -> Result<(User, bool), ApiError> {
        let email = email.to_lowercase();
        let mut users = lock(&self.by_email);
        let key = (tenant, email);
        let user = match users.contains_key(&key) {
            true => users.get_mut(&key).ok_or(ApiError::Internal)?,
            false => create(&mut users, tenant, key.1, limit)?,
        };
        user.is_verified = true;
        let is_new = user.add(method);
        Ok((user.clone(), is_new))
    }

    /// Sets the password of a user who has proven to own the e-mail. Returns false if there is no such user.
    pub(crate) async fn set_password(&self, id: &str, password: Password) -> Result<bool, ApiError> {
        let hash = self.passwords.hash(password).await?;
        let mut users = lock(&self.by_email);
        let Some(user) = users.values_mut().find(|user| user.id == id) else { return Ok(false) };
        user.add(Method::Password(hash));
        user.is_verified = true;
        Ok(true)
    }

    /// The user with this id.
    pub(crate) fn find(&self, id: &str) -> Option<User> {
        lock(&self.by_email).values().find(|user| user.id == id).cloned()
    }

    /// The user with this e-mail.
    pub(crate) fn with_email(&self, tenant: Tenant, email: &str) -> Option<User> {
        lock(&self.by_email).get(&(tenant, email.to_lowercase())).cloned()
    }

    /// Adds or removes a role. Existing sessions do not change.
    pub(crate) fn set_role(
        &self,
        tenant: Tenant,
        email: &str,
        role: &str,
        give: bool,
    ) -> Result<User, ApiError> {
        let role = roles::find(role).ok_or_else(|| ApiError::bad_request("there is no such role"))?;
        let mut users = lock(&self.by_email);
        let admins = admins(&users, tenant);
        let user = users
            .get_mut(&(tenant, email.to_lowercase()))
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

    /// Up to `limit` users of the tenant, oldest first.
    pub(crate) fn list(&self, tenant: Tenant, limit: usize) -> Vec<User> {
        let users = lock(&self.by_email);
        let mut users: Vec<User> = users.values().filter(|user| user.tenant == tenant).cloned().collect();
        users.sort_by(|a, b| (a.time_joined, &a.email).cmp(&(b.time_joined, &b.email)));
        users.truncate(limit);
        users
    }
}

fn taken(users: &HashMap<(Tenant, String), User>, tenant: Tenant, email: &str) -> Option<SignUp> {
    let user = users.get(&(tenant, email.to_owned()))?;
    Some(if user.hash().is_some() { SignUp::EmailTaken } else { SignUp::NotAllowed })
}

fn admins(users: &HashMap<(Tenant, String), User>, tenant: Tenant) -> usize {
    users.values().filter(|user| user.tenant == tenant && user.roles.contains(&roles::ADMIN)).count()
}

fn check_limit(users: &HashMap<(Tenant, String), User>, limit: usize) -> Result<(), ApiError> {
    if users.len() >= limit { Err(ApiError::Full(limit, "users")) } else { Ok(()) }
}

/// Adds a user without a login method.
fn create(
    users: &mut HashMap<(Tenant, String), User>,
    tenant: Tenant,
    email: String,
    limit: usize,
) -> Result<&mut User, ApiError> {
    check_limit(users, limit)?;
    let is_admin = email.starts_with("admin@") && admins(users, tenant) == 0;
    let user = User {
        id: random::uuid()?,
        tenant,
        email: email.clone(),
        roles: if is_admin { vec![roles::ADMIN, roles::USER] } else { vec![roles::USER] },
        is_verified: false,
        time_joined: now_ms(),
        methods: Vec::new(),
    };
    Ok(users.entry((tenant, email)).or_insert(user))
}
