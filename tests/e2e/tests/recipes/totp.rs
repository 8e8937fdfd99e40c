//! Codes of an authenticator app.

use std::time::Duration;

use supertokens_recipes::totp::{
    Attempts, CreateDevice, ListDevices, RemoveDevice, VerifyCode, VerifyDevice, create_device, list_devices,
    remove_device, verify_code, verify_device,
};
use supertokens_session::{SessionClient, SessionError};

use crate::{EMAIL, factors, general, newcomer, one_time_codes, visitor, with_recipes};

/// A new device's name and secret.
pub async fn new_device(client: &SessionClient, name: Option<&str>) -> (String, String) {
    match create_device(client, name).await.unwrap() {
        CreateDevice::Ok { device_name, secret, qr_code_string } => {
            assert!(qr_code_string.starts_with("otpauth://totp/") && qr_code_string.contains(&secret));
            (device_name, secret)
        }
        outcome => panic!("{outcome:?}"),
    }
}

/// A verified device's name and secret. The code that it shows now is used.
pub async fn verified_device(client: &SessionClient) -> (String, String) {
    let (name, secret) = new_device(client, None).await;
    let outcome = verify_device(client, &name, &one_time_codes::current(&secret)).await;
    assert_eq!(outcome, Ok(VerifyDevice::Ok { was_already_verified: false }));
    (name, secret)
}

fn counts(attempts: Attempts) -> (u64, u64) {
    (attempts.failed, attempts.max)
}

/// The pause after too many wrong codes is 15 minutes.
fn assert_is_pause(retry_after: Duration) {
    let minutes = Duration::from_secs(60);
    assert!((14 * minutes..=15 * minutes).contains(&retry_after), "{retry_after:?}");
}

#[tokio::test]
async fn the_first_code_of_a_device_verifies_it_and_completes_the_factor() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        assert_eq!(list_devices(&client).await, Ok(ListDevices::Ok { devices: vec![] }));
        let (name, secret) = new_device(&client, Some("phone")).await;
        assert_eq!(name, "phone");
        let is_verified = async || {
            let ListDevices::Ok { devices } = list_devices(&client).await.unwrap() else { panic!() };
            let [device] = &devices[..] else { panic!("{devices:?}") };
            assert_eq!(
                (device.name.as_str(), device.period, device.skew),
                ("phone", Duration::from_secs(30), 1)
            );
            device.is_verified
        };
        assert!(!is_verified().await);
        assert_eq!(verify_device(&client, "other", "000000").await, Ok(VerifyDevice::UnknownDevice));
        let outcome = verify_device(&client, "phone", "wrong").await.unwrap();
        let VerifyDevice::InvalidCode(attempts) = outcome else { panic!("{outcome:?}") };
        assert_eq!(counts(attempts), (1, 5));
        assert_eq!(factors(&client).await, (vec!["emailpassword".to_owned()], true));

        let code = one_time_codes::current(&secret);
        let outcome = verify_device(&client, "phone", &code).await;
        assert_eq!(outcome, Ok(VerifyDevice::Ok { was_already_verified: false }));
        assert!(is_verified().await);
        assert_eq!(factors(&client).await, (vec!["emailpassword".to_owned(), "totp".to_owned()], true));
        let again = verify_device(&client, "phone", &code).await;
        assert_eq!(again, Ok(VerifyDevice::Ok { was_already_verified: true }));
        assert_eq!(create_device(&client, "phone").await, Ok(CreateDevice::AlreadyExists));
    })
    .await;
}

#[tokio::test]
async fn a_code_counts_once_and_a_removed_device_has_no_codes() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        assert_eq!(verify_code(&client, "000000").await, Ok(VerifyCode::UnknownUser));
        let (name, secret) = verified_device(&client).await;
        let code = one_time_codes::next(&secret);
        assert_eq!(verify_code(&client, &code).await, Ok(VerifyCode::Ok));
        let outcome = verify_code(&client, &code).await.unwrap();
        let VerifyCode::InvalidCode(attempts) = outcome else { panic!("{outcome:?}") };
        assert_eq!(counts(attempts), (1, 5));

        assert_eq!(remove_device(&client, &name).await, Ok(RemoveDevice::Ok { did_exist: true }));
        assert_eq!(remove_device(&client, &name).await, Ok(RemoveDevice::Ok { did_exist: false }));
        assert_eq!(list_devices(&client).await, Ok(ListDevices::Ok { devices: vec![] }));
        assert_eq!(verify_code(&client, &code).await, Ok(VerifyCode::UnknownUser));
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_codes_the_right_one_has_to_wait() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        let (_, secret) = verified_device(&client).await;
        for failed in 1..=5 {
            let outcome = verify_code(&client, "wrong").await.unwrap();
            let VerifyCode::InvalidCode(attempts) = outcome else { panic!("{outcome:?}") };
            assert_eq!(counts(attempts), (failed, 5));
        }
        let outcome = verify_code(&client, &one_time_codes::next(&secret)).await.unwrap();
        let VerifyCode::LimitReached { retry_after } = outcome else { panic!("{outcome:?}") };
        assert_is_pause(retry_after);

        let (client, _) = newcomer(api, "grace@example.com").await;
        let (name, secret) = new_device(&client, None).await;
        for _ in 1..=5 {
            let outcome = verify_device(&client, &name, "wrong").await.unwrap();
            assert!(matches!(outcome, VerifyDevice::InvalidCode(_)), "{outcome:?}");
        }
        let outcome = verify_device(&client, &name, &one_time_codes::current(&secret)).await.unwrap();
        let VerifyDevice::LimitReached { retry_after } = outcome else { panic!("{outcome:?}") };
        assert_is_pause(retry_after);
    })
    .await;
}

#[tokio::test]
async fn an_expired_session_is_refreshed_before_the_device_is_created() {
    with_recipes(async |api| {
        let (client, user) = newcomer(api, EMAIL).await;
        api.controls.reset().await;
        api.controls.expire_all().await;
        new_device(&client, Some("phone")).await;
        assert_eq!(api.controls.calls("POST", "/auth/session/refresh").await, 1);
        crate::assert_signed_in(&client, &user).await;
    })
    .await;
}

#[tokio::test]
async fn without_a_session_no_call_succeeds_and_other_failures_have_a_message() {
    with_recipes(async |api| {
        let client = visitor(api);
        assert_eq!(create_device(&client, None).await, Err(SessionError::NoSession));
        let (client, _) = newcomer(api, "late-general@example.com").await;
        assert_eq!(create_device(&client, None).await, general());
        assert_eq!(list_devices(&client).await, general());
        assert_eq!(verify_device(&client, "phone", "000000").await, general());
        assert_eq!(verify_code(&client, "000000").await, general());
        assert_eq!(remove_device(&client, "phone").await, general());
    })
    .await;
}
