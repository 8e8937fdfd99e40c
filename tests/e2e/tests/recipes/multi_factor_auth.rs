//! Which factors a user has and needs.

use e2e::sdk::PASSWORD;
use supertokens_recipes::{
    email_password::{SignIn, sign_in},
    multi_factor_auth::{MfaInfo, resync_session_and_fetch_mfa_info},
    totp::{VerifyCode, verify_code},
};
use supertokens_session::{SessionClient, SessionError};

use crate::{
    EMAIL, factors, general, newcomer, one_time_codes, totp::verified_device, visitor, with_recipes,
};

/// The factors that are next, set up, and allowed to be set up.
async fn info(client: &SessionClient) -> [Vec<String>; 3] {
    match resync_session_and_fetch_mfa_info(client).await.unwrap() {
        MfaInfo::Ok { next, already_set_up, allowed_to_set_up, .. } => {
            [next, already_set_up, allowed_to_set_up]
        }
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn a_user_without_a_second_factor_may_set_one_up() {
    with_recipes(async |api| {
        let (client, _) = newcomer(api, EMAIL).await;
        let outcome = resync_session_and_fetch_mfa_info(&client).await.unwrap();
        let MfaInfo::Ok { next, already_set_up, allowed_to_set_up, emails, phone_numbers } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!((next, already_set_up), (vec![], vec!["emailpassword".to_owned()]));
        assert!(allowed_to_set_up.contains(&"totp".to_owned()), "{allowed_to_set_up:?}");
        let factors: Vec<_> = emails.iter().map(|(factor, _)| factor.as_str()).collect();
        assert_eq!(factors, ["emailpassword", "otp-email", "link-email", "webauthn"]);
        assert!(
            emails.iter().all(|(factor, emails)| factor == "webauthn" || *emails == [EMAIL]),
            "{emails:?}"
        );
        let none = ["otp-phone", "link-phone"].map(|factor| (factor.to_owned(), vec![]));
        assert_eq!(phone_numbers, none);
        assert_eq!(crate::factors(&client).await, (vec!["emailpassword".to_owned()], true));
    })
    .await;
}

#[tokio::test]
async fn a_user_who_needs_a_second_factor_sets_it_up_and_enters_a_code_at_the_next_sign_in() {
    with_recipes(async |api| {
        let email = "mfa@example.com";
        let [password, totp] = ["emailpassword", "totp"].map(|factor| vec![factor.to_owned()]);
        let both = [password.clone(), totp.clone()].concat();
        let (client, user) = newcomer(api, email).await;
        assert_eq!(info(&client).await, [totp.clone(), password.clone(), totp.clone()]);
        assert_eq!(factors(&client).await, (password.clone(), false));
        let (_, secret) = verified_device(&client).await;
        assert_eq!(factors(&client).await, (both.clone(), true));
        assert_eq!(info(&client).await[..2], [vec![], both.clone()]);

        let other = visitor(api);
        assert_eq!(sign_in(&other, email, PASSWORD).await, Ok(SignIn::Ok { user }));
        assert_eq!(info(&other).await, [totp, both.clone(), vec![]]);
        assert_eq!(factors(&other).await, (password, false));
        let outcome = verify_code(&other, &one_time_codes::next(&secret)).await;
        assert_eq!(outcome, Ok(VerifyCode::Ok));
        assert_eq!(factors(&other).await, (both, true));
    })
    .await;
}

#[tokio::test]
async fn without_a_session_there_is_no_information_and_other_failures_have_a_message() {
    with_recipes(async |api| {
        let outcome = resync_session_and_fetch_mfa_info(&visitor(api)).await;
        assert_eq!(outcome, Err(SessionError::NoSession));
        let (client, _) = newcomer(api, "late-general@example.com").await;
        assert_eq!(resync_session_and_fetch_mfa_info(&client).await, general());
    })
    .await;
}
