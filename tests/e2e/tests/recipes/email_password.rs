//! Sign-up, sign-in and password reset.

use std::time::Duration;

use e2e::sdk::PASSWORD;
use supertokens_recipes::{
    FieldError,
    email_password::{
        DoesEmailExist, SendPasswordResetEmail, SignIn, SignUp, SubmitNewPassword, does_email_exist,
        password_reset_token, send_password_reset_email, sign_in, sign_up, submit_new_password,
    },
};
use supertokens_session::SessionError;

use crate::{
    EMAIL, assert_signed_in, assert_signed_out, general, has_code, newcomer, text, visitor, with_recipes,
};

const NEW_PASSWORD: &str = "NewPassw0rd";

fn errors<const N: usize>(errors: [(&str, &str); N]) -> Vec<FieldError> {
    errors.map(|(id, message)| FieldError { id: id.to_owned(), message: message.to_owned() }).into()
}

#[tokio::test]
async fn a_user_signs_up_and_signs_in_elsewhere_with_the_right_password_only() {
    with_recipes(async |api| {
        let exists = async || does_email_exist(&visitor(api), EMAIL).await;
        assert_eq!(exists().await, Ok(DoesEmailExist::Ok { exists: false }));
        let (client, user) = newcomer(api, EMAIL).await;
        assert_signed_in(&client, &user).await;
        assert_eq!(
            (&user.emails[..], &user.tenant_ids[..]),
            (&[EMAIL.to_owned()][..], &["public".to_owned()][..])
        );
        let [method] = &user.login_methods[..] else { panic!("{user:?}") };
        assert_eq!(
            (method.recipe_id.as_str(), method.recipe_user_id.as_str()),
            ("emailpassword", user.id.as_str())
        );
        assert_eq!((method.email.as_deref(), method.is_verified), (Some(EMAIL), false));
        assert_eq!(method.time_joined, user.time_joined);
        assert_eq!(exists().await, Ok(DoesEmailExist::Ok { exists: true }));

        let other = visitor(api);
        assert_eq!(sign_in(&other, EMAIL, "wrong").await, Ok(SignIn::WrongCredentials));
        assert_signed_out(&other).await;
        assert_eq!(sign_in(&other, EMAIL, PASSWORD).await, Ok(SignIn::Ok { user: user.clone() }));
        assert_signed_in(&other, &user).await;
    })
    .await;
}

#[tokio::test]
async fn each_invalid_field_has_a_message() {
    with_recipes(async |api| {
        let (_, client) = (newcomer(api, EMAIL).await, visitor(api));
        let invalid_email = ("email", "Email is invalid");
        let short = ("password", "Password must contain at least 8 characters, including a number");
        let both = sign_up(&client, "ada", "x").await;
        assert_eq!(both, Ok(SignUp::FieldErrors(errors([short, invalid_email]))));
        let taken = ("email", "This email already exists. Please sign in instead.");
        let again = sign_up(&client, EMAIL, PASSWORD).await;
        assert_eq!(again, Ok(SignUp::FieldErrors(errors([taken]))));
        assert_eq!(sign_in(&client, "ada", PASSWORD).await, Ok(SignIn::FieldErrors(errors([invalid_email]))));
        let reset = send_password_reset_email(&client, "ada").await;
        assert_eq!(reset, Ok(SendPasswordResetEmail::FieldErrors(errors([invalid_email]))));
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn a_field_that_the_backend_does_not_expect_is_an_error_of_the_app() {
    with_recipes(async |api| {
        let outcome = sign_up(&visitor(api), EMAIL, PASSWORD).field("nickname", "Ada").await;
        assert_eq!(outcome, Err(SessionError::Status { status: 400 }));
    })
    .await;
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_other_failures_have_a_message() {
    with_recipes(async |api| {
        let client = visitor(api);
        let (refused, failing) = ("refused@example.com", "general@example.com");
        let outcome = sign_up(&client, refused, PASSWORD).await.unwrap();
        let SignUp::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "007"), "{reason}");
        let outcome = sign_in(&client, refused, PASSWORD).await.unwrap();
        let SignIn::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "008"), "{reason}");
        let outcome = send_password_reset_email(&client, refused).await.unwrap();
        let SendPasswordResetEmail::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "001"), "{reason}");

        assert_eq!(sign_up(&client, failing, PASSWORD).await, general());
        assert_eq!(sign_in(&client, failing, PASSWORD).await, general());
        assert_eq!(send_password_reset_email(&client, failing).await, general());
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn a_mailed_token_changes_the_password_once() {
    with_recipes(async |api| {
        let (_, user) = newcomer(api, EMAIL).await;
        let client = visitor(api);
        assert_eq!(send_password_reset_email(&client, EMAIL).await, Ok(SendPasswordResetEmail::Ok));
        let token = text(&api.controls.last_mail_to(EMAIL).await, "token");
        assert_eq!(submit_new_password(&client, &token, NEW_PASSWORD).await, Ok(SubmitNewPassword::Ok));
        assert_signed_out(&client).await;
        let again = submit_new_password(&client, &token, NEW_PASSWORD).await;
        assert_eq!(again, Ok(SubmitNewPassword::InvalidToken));

        assert_eq!(sign_in(&client, EMAIL, PASSWORD).await, Ok(SignIn::WrongCredentials));
        let outcome = sign_in(&client, EMAIL, NEW_PASSWORD).await;
        assert!(matches!(outcome, Ok(SignIn::Ok { user: same }) if same.id == user.id));
        assert_signed_in(&client, &user).await;
    })
    .await;
}

#[tokio::test]
async fn a_reset_fails_with_an_old_token_and_with_a_password_against_the_rules() {
    with_recipes(async |api| {
        let email = "policy@example.com";
        let (client, _) = newcomer(api, email).await;
        send_password_reset_email(&client, email).await.unwrap();
        let token = text(&api.controls.last_mail_to(email).await, "token");
        let short = ("password", "Password must contain at least 8 characters, including a number");
        let used = ("password", "the password was used before");
        for (password, error) in [("x", short), (NEW_PASSWORD, used)] {
            let outcome = submit_new_password(&client, &token, password).await;
            assert_eq!(outcome, Ok(SubmitNewPassword::FieldErrors(errors([error]))));
        }
        api.controls.set_code_lifetime(Duration::ZERO).await;
        send_password_reset_email(&client, email).await.unwrap();
        let old = text(&api.controls.last_mail_to(email).await, "token");
        let outcome = submit_new_password(&client, &old, NEW_PASSWORD).await;
        assert_eq!(outcome, Ok(SubmitNewPassword::InvalidToken));
    })
    .await;
}

#[tokio::test]
async fn a_reset_without_a_user_sends_no_mail_and_does_not_say_so() {
    with_recipes(async |api| {
        let outcome = send_password_reset_email(&visitor(api), EMAIL).await;
        assert_eq!(outcome, Ok(SendPasswordResetEmail::Ok));
        assert!(api.controls.mails_to(EMAIL).await.is_empty());
        assert_eq!(password_reset_token(), None, "only a page has one in its URL");
    })
    .await;
}
