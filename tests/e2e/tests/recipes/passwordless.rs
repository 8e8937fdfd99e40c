//! Sign-in with a code or a magic link.

use std::time::Duration;

use e2e::sdk::Api;
use supertokens_recipes::passwordless::{
    ConsumeCode, Contact, CreateCode, DoesContactExist, Flow, LoginAttempt, MagicLink, ResendCode, attempt,
    clear_attempt, consume_code, consume_link, create_code, does_email_exist, does_phone_number_exist,
    magic_link_of, resend_code,
};
use supertokens_session::{SessionClient, SessionError};

use crate::{EMAIL, assert_signed_in, assert_signed_out, general, has_code, text, visitor, with_recipes};

const PHONE: &str = "+14155552671";

async fn begin(client: &SessionClient, contact: Contact<'_>) -> LoginAttempt {
    match create_code(client, contact).await.unwrap() {
        CreateCode::Ok { attempt } => attempt,
        outcome => panic!("{outcome:?}"),
    }
}

async fn code_for(api: &Api, contact: &str) -> String {
    text(&api.controls.last_mail_to(contact).await, "code")
}

/// The last mailed link, as the page that it opens reads it.
async fn link_for(api: &Api, email: &str) -> MagicLink {
    let link = text(&api.controls.last_mail_to(email).await, "link");
    let (page, fragment) = link.split_once('#').unwrap();
    magic_link_of(page.split_once('?').unwrap().1, fragment).unwrap()
}

#[tokio::test]
async fn a_code_signs_a_new_user_up_and_a_link_signs_the_user_in_again() {
    with_recipes(async |api| {
        let client = visitor(api);
        let exists = async || does_email_exist(&visitor(api), EMAIL).await;
        assert_eq!(exists().await, Ok(DoesContactExist::Ok { exists: false }));
        let created = begin(&client, Contact::Email(EMAIL)).await;
        assert_eq!((created.flow, created.contact_info.as_str()), (Flow::CodeAndMagicLink, EMAIL));
        assert_eq!(attempt(&client).as_ref(), Some(&created));
        let outcome = consume_code(&client, &code_for(api, EMAIL).await).await.unwrap();
        let ConsumeCode::Ok { user, created_new_user: true } = outcome else { panic!("{outcome:?}") };
        assert_signed_in(&client, &user).await;
        assert_eq!(attempt(&client), None);
        assert_eq!(user.login_methods[0].recipe_id, "passwordless");
        assert_eq!((&user.emails[..], user.login_methods[0].is_verified), (&[EMAIL.to_owned()][..], true));
        assert_eq!(exists().await, Ok(DoesContactExist::Ok { exists: true }));

        let other = visitor(api);
        begin(&other, Contact::Email(EMAIL)).await;
        let link = link_for(api, EMAIL).await;
        assert!(link.is_of_this_browser(&other));
        let outcome = consume_link(&other, &link).await;
        assert_eq!(outcome, Ok(ConsumeCode::Ok { user: user.clone(), created_new_user: false }));
        assert_signed_in(&other, &user).await;
        assert_eq!(attempt(&other), None);
        assert_eq!(consume_link(&other, &link).await, Ok(ConsumeCode::RestartFlow), "a link counts once");
    })
    .await;
}

#[tokio::test]
async fn a_code_by_text_message_signs_a_new_user_up() {
    with_recipes(async |api| {
        let client = visitor(api);
        let exists = async || does_phone_number_exist(&visitor(api), PHONE).await;
        assert_eq!(exists().await, Ok(DoesContactExist::Ok { exists: false }));
        begin(&client, Contact::PhoneNumber(PHONE)).await;
        let outcome = consume_code(&client, &code_for(api, PHONE).await).await.unwrap();
        let ConsumeCode::Ok { user, created_new_user: true } = outcome else { panic!("{outcome:?}") };
        assert_signed_in(&client, &user).await;
        assert_eq!((&user.phone_numbers[..], &user.emails[..]), (&[PHONE.to_owned()][..], &[][..]));
        assert_eq!(user.login_methods[0].phone_number.as_deref(), Some(PHONE));
        assert_eq!(exists().await, Ok(DoesContactExist::Ok { exists: true }));
    })
    .await;
}

#[tokio::test]
async fn after_five_wrong_codes_the_user_has_to_start_again() {
    with_recipes(async |api| {
        let client = visitor(api);
        begin(&client, Contact::Email(EMAIL)).await;
        for failed in 1..=4 {
            let outcome = consume_code(&client, "wrong").await.unwrap();
            let ConsumeCode::IncorrectCode(attempts) = outcome else { panic!("{outcome:?}") };
            assert_eq!((attempts.failed, attempts.max, attempts.left()), (failed, 5, 5 - failed));
        }
        assert!(attempt(&client).is_some());
        assert_eq!(consume_code(&client, "wrong").await, Ok(ConsumeCode::RestartFlow));
        assert_eq!(attempt(&client), None);
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn an_old_code_can_be_replaced_by_a_new_one_and_an_old_link_cannot_be_used() {
    with_recipes(async |api| {
        let client = visitor(api);
        api.controls.set_code_lifetime(Duration::ZERO).await;
        begin(&client, Contact::Email(EMAIL)).await;
        api.controls.restore_code_lifetime().await;
        let outcome = consume_code(&client, &code_for(api, EMAIL).await).await.unwrap();
        let ConsumeCode::ExpiredCode(attempts) = outcome else { panic!("{outcome:?}") };
        assert_eq!((attempts.failed, attempts.left()), (1, 4));

        assert_eq!(resend_code(&client).await, Ok(ResendCode::Ok));
        assert_eq!(api.controls.mails_to(EMAIL).await.len(), 2);
        let outcome = consume_code(&client, &code_for(api, EMAIL).await).await;
        assert!(matches!(outcome, Ok(ConsumeCode::Ok { created_new_user: true, .. })), "{outcome:?}");

        let other = visitor(api);
        api.controls.set_code_lifetime(Duration::ZERO).await;
        begin(&other, Contact::Email(EMAIL)).await;
        let link = link_for(api, EMAIL).await;
        assert_eq!(consume_link(&other, &link).await, Ok(ConsumeCode::RestartFlow));
        assert_signed_out(&other).await;
    })
    .await;
}

#[tokio::test]
async fn an_attempt_that_the_backend_has_removed_has_to_start_again() {
    with_recipes(async |api| {
        let client = visitor(api);
        begin(&client, Contact::Email(EMAIL)).await;
        let (first, code) = (link_for(api, EMAIL).await, code_for(api, EMAIL).await);
        // The same user signs in by another browser: codes for this address end.
        consume_link(&visitor(api), &first).await.unwrap();
        begin(&client, Contact::Email(EMAIL)).await;
        let second = link_for(api, EMAIL).await;
        begin(&client, Contact::Email(EMAIL)).await;
        assert!(!second.is_of_this_browser(&client), "a newer attempt has replaced it");
        consume_link(&visitor(api), &second).await.unwrap();
        assert_eq!(resend_code(&client).await, Ok(ResendCode::RestartFlow));
        assert_eq!(attempt(&client), None);

        begin(&client, Contact::Email(EMAIL)).await;
        clear_attempt(&client);
        assert_eq!(consume_code(&client, &code).await, Ok(ConsumeCode::RestartFlow));
        assert_eq!(resend_code(&client).await, Ok(ResendCode::RestartFlow));
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_other_failures_have_a_message() {
    with_recipes(async |api| {
        let client = visitor(api);
        // All clients of a thread share the page's storage.
        clear_attempt(&client);
        let message = |message: &str| Err(SessionError::General { message: message.to_owned() });
        assert_eq!(create_code(&client, Contact::Email("x")).await, message("Email is invalid"));
        let invalid = create_code(&client, Contact::PhoneNumber("1")).await;
        assert_eq!(invalid, message("Phone number is invalid"));
        assert_eq!(create_code(&client, Contact::Email("general@example.com")).await, general());
        let outcome = create_code(&client, Contact::Email("refused@example.com")).await.unwrap();
        let CreateCode::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "002"), "{reason}");
        assert_eq!(attempt(&client), None);

        let failing = "late-general@example.com";
        begin(&client, Contact::Email(failing)).await;
        assert_eq!(consume_code(&client, &code_for(api, failing).await).await, general());
        let refused = "late-refused@example.com";
        begin(&client, Contact::Email(refused)).await;
        let outcome = consume_code(&client, &code_for(api, refused).await).await.unwrap();
        let ConsumeCode::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "002"), "{reason}");
        assert!(attempt(&client).is_some(), "the user may try another code");
        assert_signed_out(&client).await;
    })
    .await;
}
