//! The codes and links of the Passwordless recipe.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::clock::{millis, now_ms};
use crate::error::ApiError;
use crate::expiring::Expiring;
use crate::random;
use crate::tenants::Tenant;

/// How many wrong codes end a sign-in.
pub(crate) const MAX_ATTEMPTS: u32 = 5;

/// The lifetime of codes. A sign-in lives longer, so that an old code is an expired one.
const CODE_LIFETIME: Duration = Duration::from_secs(15 * 60);
const DEVICE_LIFETIME: Duration = Duration::from_secs(3600);

/// The number of codes that one sign-in stores. A new one replaces the oldest.
const MAX_CODES: usize = 10;

/// A started sign-in. SuperTokens calls it a device.
struct Device {
    id: String,
    tenant: Tenant,
    email: String,
    codes: Vec<Code>,
    failed: u32,
}

struct Code {
    user_input: String,
    link: String,
    expires_at: u64,
}

impl Code {
    /// A code that differs from the device's other codes.
    fn new(others: &[Self]) -> Result<Self, ApiError> {
        let link = random::token()?;
        let expires_at = now_ms() + millis(CODE_LIFETIME);
        loop {
            let number = u64::from_le_bytes(random::bytes()?) % 1_000_000;
            let user_input = format!("{number:06}");
            if others.iter().all(|other| other.user_input != user_input) {
                return Ok(Self { user_input, link, expires_at });
            }
        }
    }
}

/// What the user's mail must contain.
pub(crate) struct NewCode {
    pub(crate) email: String,
    pub(crate) user_input: String,
    pub(crate) link: String,
}

/// The keys of a started sign-in.
pub(crate) struct DeviceKeys {
    pub(crate) device_id: String,
    pub(crate) pre_auth_session_id: String,
}

/// What the user proves to have read.
pub(crate) enum Proof<'a> {
    UserInput { device_id: &'a str, code: &'a str },
    Link(&'a str),
}

/// The outcome of a proof.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The user reads the mails of this address.
    Email(String),
    /// The number of wrong codes so far.
    Incorrect(u32),
    Expired(u32),
    Restart,
}

/// The started sign-ins, by pre-auth session id.
pub(crate) struct Devices(Expiring<Device>);

impl Default for Devices {
    fn default() -> Self {
        Self(Expiring::new(DEVICE_LIFETIME))
    }
}

impl Devices {
    /// Starts a sign-in. The pre-auth session id is the hash of the device id, as in SuperTokens.
    pub(crate) fn create(&self, tenant: Tenant, email: &str) -> Result<(DeviceKeys, NewCode), ApiError> {
        let id = random::bytes::<32>()?;
        let device_id = STANDARD.encode(id);
        let pre_auth_session_id = URL_SAFE_NO_PAD.encode(Sha256::digest(id));
        let email = email.to_lowercase();
        let mut device = Device { id: device_id.clone(), tenant, email, codes: Vec::new(), failed: 0 };
        let code = device.add_code()?;
        self.0.insert(pre_auth_session_id.clone(), device);
        Ok((DeviceKeys { device_id, pre_auth_session_id }, code))
    }

    /// Adds a code to a started sign-in. Earlier codes stay valid. `None` if there is no such sign-in.
    pub(crate) fn create_again(
        &self,
        tenant: Tenant,
        pre_auth_session_id: &str,
        device_id: &str,
    ) -> Result<Option<NewCode>, ApiError> {
        let add = |device: &mut Device| {
            (device.id == device_id && device.tenant == tenant).then(|| device.add_code())
        };
        self.0.with(pre_auth_session_id, add).flatten().transpose()
    }

    /// Checks a proof. A valid one ends all sign-ins of its e-mail, and too many wrong ones end this sign-in.
    pub(crate) fn consume(&self, tenant: Tenant, pre_auth_session_id: &str, proof: &Proof<'_>) -> Outcome {
        let check = |device: &mut Device| match device.tenant == tenant {
            true => device.check(proof),
            false => Outcome::Restart,
        };
        let outcome = self.0.with(pre_auth_session_id, check).unwrap_or(Outcome::Restart);
        match &outcome {
            Outcome::Email(email) => self.0.remove(|other| other.tenant == tenant && other.email == *email),
            _ => self.0.remove(|device| device.failed >= MAX_ATTEMPTS),
        }
        outcome
    }

    /// Treats all codes as expired.
    pub(crate) fn expire(&self) {
        self.0.for_each(|device| device.codes.iter_mut().for_each(|code| code.expires_at = 0));
    }
}

impl Device {
    fn add_code(&mut self) -> Result<NewCode, ApiError> {
        let code = Code::new(&self.codes)?;
        let (user_input, link) = (code.user_input.clone(), code.link.clone());
        if self.codes.len() >= MAX_CODES {
            self.codes.remove(0);
        }
        self.codes.push(code);
        Ok(NewCode { email: self.email.clone(), user_input, link })
    }

    fn check(&mut self, proof: &Proof<'_>) -> Outcome {
        let code = self.codes.iter().find(|code| match proof {
            Proof::UserInput { code: given, .. } => code.user_input == *given,
            Proof::Link(given) => code.link == *given,
        });
        let is_expired = code.is_some_and(|code| code.expires_at <= now_ms());
        match proof {
            Proof::UserInput { device_id, .. } if self.id != *device_id => return Outcome::Restart,
            _ if code.is_some() && !is_expired => return Outcome::Email(self.email.clone()),
            Proof::Link(_) => return Outcome::Restart,
            Proof::UserInput { .. } => {}
        }
        self.failed += 1;
        match is_expired {
            _ if self.failed >= MAX_ATTEMPTS => Outcome::Restart,
            true => Outcome::Expired(self.failed),
            false => Outcome::Incorrect(self.failed),
        }
    }
}
