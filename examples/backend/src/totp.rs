//! Devices that show one-time passwords (RFC 6238: SHA-1, 6 digits, 30 seconds), with the limits of SuperTokens.

use std::collections::HashMap;
use std::sync::Mutex;

use data_encoding::BASE32_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;

use crate::clock::now_ms;
use crate::error::ApiError;
use crate::random;
use crate::state::lock;

/// A code is valid for this many seconds, and in the periods before and after.
pub(crate) const PERIOD: u64 = 30;
/// The number of periods around the current one.
pub(crate) const SKEW: u64 = 1;

/// How many wrong codes lock a user out, and for how long.
pub(crate) const MAX_ATTEMPTS: u32 = 5;
const COOLDOWN_MS: u64 = 900_000;

/// The number of devices of a user.
const MAX_DEVICES: usize = 10;
const LONGEST_NAME: usize = 100;

/// The secret that a device shares with the API.
#[derive(Clone)]
struct Secret([u8; 20]);

impl Secret {
    /// The code of a period (RFC 4226, 5.3).
    fn code(&self, step: u64) -> Option<String> {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).ok()?;
        mac.update(&step.to_be_bytes());
        let hash = mac.finalize().into_bytes();
        let offset = usize::from(hash.last()? & 0x0f);
        let bytes: [u8; 4] = hash.get(offset..offset + 4)?.try_into().ok()?;
        let number = u32::from_be_bytes(bytes) & 0x7fff_ffff;
        Some(format!("{:06}", number % 1_000_000))
    }
}

struct Device {
    name: String,
    secret: Secret,
    is_verified: bool,
    /// The periods whose codes were used, since each is valid once.
    used: Vec<u64>,
}

impl Device {
    /// The periods whose codes are valid now: the current one first, so that the next one comes second.
    fn steps(&self) -> impl Iterator<Item = u64> {
        let now = now_ms() / 1000 / PERIOD;
        [now, now + SKEW, now.saturating_sub(SKEW)].into_iter().filter(|step| !self.used.contains(step))
    }

    fn accept(&mut self, code: &str) -> bool {
        let Some(step) = self.steps().find(|step| self.secret.code(*step).as_deref() == Some(code)) else {
            return false;
        };
        self.used.retain(|used| used + 2 * SKEW >= step);
        self.used.push(step);
        true
    }
}

#[derive(Default)]
struct Owner {
    /// The oldest first.
    devices: Vec<Device>,
    failed: u32,
    last_failure: u64,
}

impl Owner {
    fn find(&mut self, name: &str) -> Option<&mut Device> {
        self.devices.iter_mut().find(|device| device.name == name)
    }

    /// The wait after too many wrong codes.
    fn lockout(&mut self) -> Option<Outcome> {
        if self.failed < MAX_ATTEMPTS {
            return None;
        }
        let retry_after = (self.last_failure + COOLDOWN_MS).saturating_sub(now_ms());
        if retry_after == 0 {
            self.failed = 0;
            return None;
        }
        Some(Outcome::LimitReached(retry_after))
    }

    fn count(&mut self, is_valid: bool) -> Outcome {
        if is_valid {
            self.failed = 0;
            return Outcome::Valid;
        }
        self.failed += 1;
        self.last_failure = now_ms();
        Outcome::Invalid(self.failed)
    }
}

/// The outcome of a code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Valid,
    /// The number of wrong codes so far.
    Invalid(u32),
    /// The wait in milliseconds.
    LimitReached(u64),
    UnknownDevice,
}

/// A device that was created.
pub(crate) struct NewDevice {
    pub(crate) name: String,
    /// In base 32, as apps for phones read it.
    pub(crate) secret: String,
}

/// The devices by user.
#[derive(Default)]
pub(crate) struct Devices(Mutex<HashMap<String, Owner>>);

impl Devices {
    /// Adds a device. It replaces an unverified one of the same name. `None` if a verified one has the name.
    pub(crate) fn create(&self, user_id: &str, name: Option<String>) -> Result<Option<NewDevice>, ApiError> {
        let secret = Secret(random::bytes()?);
        let mut owners = lock(&self.0);
        let owner = owners.entry(user_id.to_owned()).or_default();
        let name = match name {
            Some(name) if name.is_empty() || name.len() > LONGEST_NAME => {
                return Err(ApiError::bad_request("deviceName must have 1 to 100 bytes"));
            }
            Some(name) => name,
            None => free_name(owner),
        };
        if owner.find(&name).is_some_and(|device| device.is_verified) {
            return Ok(None);
        }
        owner.devices.retain(|device| device.name != name);
        if owner.devices.len() >= MAX_DEVICES {
            return Err(ApiError::Full(MAX_DEVICES, "devices of a user"));
        }
        let encoded = BASE32_NOPAD.encode(&secret.0);
        owner.devices.push(Device { name: name.clone(), secret, is_verified: false, used: Vec::new() });
        Ok(Some(NewDevice { name, secret: encoded }))
    }

    /// The user's devices in the format of the frontend API.
    pub(crate) fn list(&self, user_id: &str) -> Vec<Value> {
        let describe = |device: &Device| json!({ "name": device.name, "period": PERIOD, "skew": SKEW, "verified": device.is_verified });
        let owners = lock(&self.0);
        owners.get(user_id).map(|owner| owner.devices.iter().map(describe).collect()).unwrap_or_default()
    }

    /// Whether the user has a verified device.
    pub(crate) fn has_verified(&self, user_id: &str) -> bool {
        let owners = lock(&self.0);
        owners.get(user_id).is_some_and(|owner| owner.devices.iter().any(|device| device.is_verified))
    }

    /// Whether this device is verified.
    pub(crate) fn is_verified(&self, user_id: &str, name: &str) -> bool {
        let owners = lock(&self.0);
        let mut devices = owners.get(user_id).into_iter().flat_map(|owner| &owner.devices);
        devices.any(|device| device.name == name && device.is_verified)
    }

    /// Removes a device. Returns whether it existed.
    pub(crate) fn remove(&self, user_id: &str, name: &str) -> bool {
        let mut owners = lock(&self.0);
        let Some(owner) = owners.get_mut(user_id) else { return false };
        let before = owner.devices.len();
        owner.devices.retain(|device| device.name != name);
        owner.devices.len() < before
    }

    /// Verifies a device with its code. The second value says whether it was verified before.
    ///
    /// The code of a verified device must be right too, since the session gets the factor.
    pub(crate) fn verify_device(&self, user_id: &str, name: &str, code: &str) -> (Outcome, bool) {
        let mut owners = lock(&self.0);
        let Some(owner) = owners.get_mut(user_id) else { return (Outcome::UnknownDevice, false) };
        let Some(was_verified) = owner.find(name).map(|device| device.is_verified) else {
            return (Outcome::UnknownDevice, false);
        };
        if let Some(lockout) = owner.lockout() {
            return (lockout, was_verified);
        }
        let is_valid = owner.find(name).is_some_and(|device| {
            let is_valid = device.accept(code);
            device.is_verified |= is_valid;
            is_valid
        });
        (owner.count(is_valid), was_verified)
    }

    /// Checks a code of any verified device.
    pub(crate) fn verify(&self, user_id: &str, code: &str) -> Outcome {
        let mut owners = lock(&self.0);
        let Some(owner) = owners.get_mut(user_id) else { return Outcome::UnknownDevice };
        if !owner.devices.iter().any(|device| device.is_verified) {
            return Outcome::UnknownDevice;
        }
        if let Some(lockout) = owner.lockout() {
            return lockout;
        }
        let mut verified = owner.devices.iter_mut().filter(|device| device.is_verified);
        let is_valid = verified.any(|device| device.accept(code));
        owner.count(is_valid)
    }

    /// The code that the user's newest device shows, or the next one if that was used.
    pub(crate) fn demo_code(&self, user_id: &str) -> Option<String> {
        let owners = lock(&self.0);
        let device = owners.get(user_id)?.devices.last()?;
        let step = device.steps().next()?;
        device.secret.code(step)
    }
}

/// The name that SuperTokens gives to a device without one.
fn free_name(owner: &Owner) -> String {
    let verified: Vec<&Device> = owner.devices.iter().filter(|device| device.is_verified).collect();
    let mut number = verified.len();
    loop {
        let name = format!("TOTP Device {number}");
        if verified.iter().all(|device| device.name != name) {
            return name;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn the_codes_of_rfc_6238_appendix_b() {
        let secret = Secret(*b"12345678901234567890");
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(secret.code(seconds / PERIOD).as_deref(), Some(code), "{seconds}");
        }
    }

    #[test]
    fn a_lockout_ends() {
        let mut owner = Owner { failed: MAX_ATTEMPTS, last_failure: now_ms(), devices: Vec::new() };
        assert!(matches!(owner.lockout(), Some(Outcome::LimitReached(_))));
        owner.last_failure -= COOLDOWN_MS;
        assert_eq!((owner.lockout(), owner.failed), (None, 0));
    }

    #[test]
    fn unnamed_devices_get_the_next_number() {
        let devices = Devices::default();
        for name in ["TOTP Device 0", "TOTP Device 0"] {
            assert_eq!(
                devices.create("jo", None).unwrap().unwrap().name,
                name,
                "an unverified one is replaced"
            );
        }
        let code = devices.demo_code("jo").unwrap();
        assert_eq!(devices.verify_device("jo", "TOTP Device 0", &code), (Outcome::Valid, false));
        assert_eq!(devices.create("jo", None).unwrap().unwrap().name, "TOTP Device 1");
        assert!(devices.create("jo", Some("TOTP Device 0".to_owned())).unwrap().is_none());
    }
}
