//! The second factor: codes of an authenticator app.

use supertokens_recipes::totp::{self, CreateDevice, ListDevices, VerifyCode, VerifyDevice};
use supertokens_session::SessionClient;

use crate::{
    api::ApiError,
    sign_in::{FormError, filled_in, unknown},
    text::{attempts_left, duration},
};

/// What the user needs for a code.
#[derive(Clone, PartialEq)]
pub enum SecondFactor {
    /// An authenticator app that has no key yet.
    NewDevice { name: String, key: String, url: String },
    /// The authenticator app of before.
    KnownDevice,
}

/// Finds the user's device, or creates one.
pub async fn find_device(client: SessionClient) -> Result<SecondFactor, String> {
    let devices = match totp::list_devices(&client).await.map_err(ApiError::from)? {
        ListDevices::Ok { devices, .. } => devices,
        outcome => return Err(unknown(outcome)),
    };
    if devices.iter().any(|device| device.is_verified) {
        return Ok(SecondFactor::KnownDevice);
    }
    // The keys of devices that were never used can't be shown again.
    for device in devices {
        totp::remove_device(&client, &device.name).await.map_err(ApiError::from)?;
    }
    match totp::create_device(&client, None).await.map_err(ApiError::from)? {
        CreateDevice::Ok { device_name, secret, qr_code_string, .. } => {
            Ok(SecondFactor::NewDevice { name: device_name, key: secret, url: qr_code_string })
        }
        outcome => Err(unknown(outcome)),
    }
}

/// Sends a code. Returns why it does not complete the factor.
pub async fn send_totp(client: SessionClient, factor: SecondFactor, code: String) -> Result<(), FormError> {
    let code = filled_in(&code, "Enter the code of your authenticator app.")?;
    match factor {
        SecondFactor::NewDevice { name, .. } => {
            read_device(totp::verify_device(&client, &name, &code).await?)
        }
        SecondFactor::KnownDevice => read_code(totp::verify_code(&client, &code).await?),
    }
}

fn read_device(outcome: VerifyDevice) -> Result<(), FormError> {
    Err(match outcome {
        VerifyDevice::Ok { .. } => return Ok(()),
        VerifyDevice::InvalidCode(attempts) => wrong_code(attempts),
        VerifyDevice::LimitReached { retry_after } => too_many(retry_after),
        VerifyDevice::UnknownDevice => no_device(),
        outcome => FormError::Form(unknown(outcome)),
    })
}

fn read_code(outcome: VerifyCode) -> Result<(), FormError> {
    Err(match outcome {
        VerifyCode::Ok => return Ok(()),
        VerifyCode::InvalidCode(attempts) => wrong_code(attempts),
        VerifyCode::LimitReached { retry_after } => too_many(retry_after),
        VerifyCode::UnknownUser => no_device(),
        outcome => FormError::Form(unknown(outcome)),
    })
}

fn wrong_code(attempts: totp::Attempts) -> FormError {
    let left = attempts.max.saturating_sub(attempts.failed);
    FormError::Field(format!("This code is wrong or too old. {}", attempts_left(left)))
}

fn too_many(retry_after: std::time::Duration) -> FormError {
    FormError::Form(format!("Too many wrong codes. Try again in {}.", duration(retry_after)))
}

fn no_device() -> FormError {
    FormError::Form("This authenticator app was removed. Reload the page to add one.".to_owned())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_user_reads_how_long_to_wait() {
        let retry_after = Duration::from_secs(900);
        let limits = [
            read_code(VerifyCode::LimitReached { retry_after }),
            read_device(VerifyDevice::LimitReached { retry_after }),
        ];
        let expected = FormError::Form("Too many wrong codes. Try again in 15 minutes.".to_owned());
        assert_eq!(limits, [Err(expected.clone()), Err(expected)]);
        assert_eq!(read_code(VerifyCode::Ok), Ok(()));
        assert!(read_code(VerifyCode::UnknownUser).is_err());
    }
}
