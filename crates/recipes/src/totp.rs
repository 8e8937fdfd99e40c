//! The TOTP recipe: codes of an authenticator app as a second factor.

use std::time::Duration;

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call,
    call::{Endpoint, Response},
    json_text::JsonObject,
    reader::{Object, Read},
};

const DEVICE_NAME: &str = "deviceName";

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "totp", method, path }
}

/// The devices of the signed-in user.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn list_devices(client: &SessionClient) -> Call<ListDevices> {
    Call::new(client, endpoint(Method::Get, "/totp/device/list"), ListDevices::read)
}

/// The outcome of [`list_devices`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListDevices {
    /// The user's devices.
    Ok {
        /// The devices.
        devices: Vec<Device>,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// A device of the user.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Device {
    /// The device's name.
    pub name: String,
    /// How long a code is valid.
    pub period: Duration,
    /// How many periods a code may be early or late.
    pub skew: u64,
    /// Whether the user has entered a code of this device.
    pub is_verified: bool,
}

impl ListDevices {
    fn read(response: &Response<'_>) -> Read<Self> {
        let device = |device: &Object| {
            Ok(Device {
                name: device.text("name")?,
                period: Duration::from_secs(device.number("period")?),
                skew: device.number("skew")?,
                is_verified: device.flag("verified")?,
            })
        };
        Ok(match response.status {
            "OK" => Self::Ok { devices: response.body.objects("devices", device)? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Creates a device. It counts after its first code: see [`verify_device`]. Without a name the backend chooses one.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn create_device<'a>(client: &SessionClient, name: impl Into<Option<&'a str>>) -> Call<CreateDevice> {
    let body = JsonObject::default().optional_text(DEVICE_NAME, name.into());
    Call::new(client, endpoint(Method::Post, "/totp/device"), CreateDevice::read).body(body)
}

/// The outcome of [`create_device`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateDevice {
    /// The device exists.
    Ok {
        /// The device's name.
        device_name: String,
        /// The key that the user can type into the authenticator app.
        secret: String,
        /// The `otpauth:` URL. Show it as a QR code, and as a link for authenticator apps on this device.
        qr_code_string: String,
    },
    /// The user has a device with this name.
    AlreadyExists,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// Without the key, which must not get into a log.
impl std::fmt::Debug for CreateDevice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ok { device_name, .. } => {
                f.debug_struct("Ok").field("device_name", device_name).finish_non_exhaustive()
            }
            Self::AlreadyExists => f.write_str("AlreadyExists"),
            Self::Other { status } => f.debug_struct("Other").field("status", status).finish(),
        }
    }
}

impl CreateDevice {
    fn read(response: &Response<'_>) -> Read<Self> {
        let body = response.body;
        Ok(match response.status {
            "OK" => Self::Ok {
                device_name: body.text(DEVICE_NAME)?,
                secret: body.text("secret")?,
                qr_code_string: body.text("qrCodeString")?,
            },
            "DEVICE_ALREADY_EXISTS_ERROR" => Self::AlreadyExists,
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Proves with a code that the user's authenticator app has the device. It completes the factor `totp`.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn verify_device(client: &SessionClient, device_name: &str, code: &str) -> Call<VerifyDevice> {
    let body = JsonObject::default().text(DEVICE_NAME, device_name).text("totp", code);
    Call::new(client, endpoint(Method::Post, "/totp/device/verify"), VerifyDevice::read).body(body)
}

/// The outcome of [`verify_device`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyDevice {
    /// The device is verified, and the factor is complete.
    Ok {
        /// Whether it was verified before.
        was_already_verified: bool,
    },
    /// The user has no device with this name.
    UnknownDevice,
    /// The code is wrong or old.
    InvalidCode(Attempts),
    /// There were too many wrong codes.
    LimitReached {
        /// When the user can try again.
        retry_after: Duration,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// How many wrong codes the user has entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempts {
    /// The wrong codes so far.
    pub failed: u64,
    /// The number of wrong codes after which the user has to wait.
    pub max: u64,
}

impl Attempts {
    /// How many more codes the user may enter.
    pub fn left(self) -> u64 {
        self.max.saturating_sub(self.failed)
    }

    fn read(body: &Object) -> Read<Self> {
        let failed = body.number("currentNumberOfFailedAttempts")?;
        Ok(Self { failed, max: body.number("maxNumberOfFailedAttempts")? })
    }
}

fn retry_after(body: &Object) -> Read<Duration> {
    Ok(Duration::from_millis(body.number("retryAfterMs")?))
}

impl VerifyDevice {
    fn read(response: &Response<'_>) -> Read<Self> {
        let body = response.body;
        Ok(match response.status {
            "OK" => Self::Ok { was_already_verified: body.flag("wasAlreadyVerified")? },
            "UNKNOWN_DEVICE_ERROR" => Self::UnknownDevice,
            "INVALID_TOTP_ERROR" => Self::InvalidCode(Attempts::read(body)?),
            "LIMIT_REACHED_ERROR" => Self::LimitReached { retry_after: retry_after(body)? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Checks a code of one of the user's verified devices. It completes the factor `totp`.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn verify_code(client: &SessionClient, code: &str) -> Call<VerifyCode> {
    let body = JsonObject::default().text("totp", code);
    Call::new(client, endpoint(Method::Post, "/totp/verify"), VerifyCode::read).body(body)
}

/// The outcome of [`verify_code`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyCode {
    /// The factor is complete.
    Ok,
    /// The user has no verified device.
    UnknownUser,
    /// The code is wrong or old.
    InvalidCode(Attempts),
    /// There were too many wrong codes.
    LimitReached {
        /// When the user can try again.
        retry_after: Duration,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl VerifyCode {
    fn read(response: &Response<'_>) -> Read<Self> {
        let body = response.body;
        Ok(match response.status {
            "OK" => Self::Ok,
            "UNKNOWN_USER_ID_ERROR" => Self::UnknownUser,
            "INVALID_TOTP_ERROR" => Self::InvalidCode(Attempts::read(body)?),
            "LIMIT_REACHED_ERROR" => Self::LimitReached { retry_after: retry_after(body)? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// Removes a device.
///
/// # Errors
/// See the [crate](crate#errors).
pub fn remove_device(client: &SessionClient, name: &str) -> Call<RemoveDevice> {
    let body = JsonObject::default().text(DEVICE_NAME, name);
    Call::new(client, endpoint(Method::Post, "/totp/device/remove"), RemoveDevice::read).body(body)
}

/// The outcome of [`remove_device`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RemoveDevice {
    /// The user has no device with this name any more.
    Ok {
        /// Whether the device existed.
        did_exist: bool,
    },
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RemoveDevice {
    fn read(response: &Response<'_>) -> Read<Self> {
        Ok(match response.status {
            "OK" => Self::Ok { did_exist: response.body.flag("didDeviceExist")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}
