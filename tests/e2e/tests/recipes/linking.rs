//! A signed-in user adds another login method.

use e2e::sdk::{Api, PASSWORD};
use supertokens_recipes::{
    User,
    email_password::{SignUp, sign_up},
    passwordless::{ConsumeCode, Contact, CreateCode, Flow, consume_code, create_code},
    third_party::{RedirectUri, SignInAndUp, authorisation_url, sign_in_and_up_with},
};
use supertokens_session::{SessionClient, SessionError};

use crate::{
    EMAIL, assert_signed_in, factors, has_code, newcomer, text,
    third_party::{query_back, url_of},
    visitor, with_recipes,
};

/// Adds an address by a code.
async fn add_email(api: &Api, client: &SessionClient, email: &str) -> ConsumeCode {
    let outcome = create_code(client, Contact::Email(email)).link_session_user(true).await.unwrap();
    let CreateCode::Ok { attempt } = outcome else { panic!("{outcome:?}") };
    assert_eq!(attempt.flow, Flow::Code, "a link would open in a browser without the session");
    let code = text(&api.controls.last_mail_to(email).await, "code");
    consume_code(client, &code).await.unwrap()
}

fn recipes(user: &User) -> Vec<&str> {
    user.login_methods.iter().map(|method| method.recipe_id.as_str()).collect()
}

#[tokio::test]
async fn a_code_adds_an_address_to_the_user_as_a_factor() {
    with_recipes(async |api| {
        let (client, before) = newcomer(api, EMAIL).await;
        let outcome = add_email(api, &client, "other@example.com").await;
        let ConsumeCode::Ok { user, created_new_user: true } = outcome else { panic!("{outcome:?}") };
        assert_eq!((&user.id, user.is_primary_user), (&before.id, true));
        assert_eq!(recipes(&user), ["emailpassword", "passwordless"]);
        assert_eq!(user.emails, [EMAIL, "other@example.com"]);
        assert_signed_in(&client, &before).await;
        assert_eq!(factors(&client).await.0, ["emailpassword", "otp-email"]);
    })
    .await;
}

#[tokio::test]
async fn a_provider_adds_an_account_to_the_user() {
    with_recipes(async |api| {
        let (client, before) = newcomer(api, EMAIL).await;
        let back = RedirectUri::new("http://localhost:8080/auth/callback");
        let call = authorisation_url(&client, "demo", &back).link_session_user(true);
        let query = query_back(api, &url_of(call.await.unwrap()), "other@example.com").await;
        let outcome = sign_in_and_up_with(&client, &query).await.unwrap();
        let SignInAndUp::Ok { user, .. } = outcome else { panic!("{outcome:?}") };
        assert_eq!((&user.id, recipes(&user)), (&before.id, vec!["emailpassword", "thirdparty"]));
        assert_signed_in(&client, &before).await;
    })
    .await;
}

#[tokio::test]
async fn a_password_is_added_to_a_user_who_has_signed_up_with_a_code() {
    with_recipes(async |api| {
        let client = visitor(api);
        create_code(&client, Contact::Email(EMAIL)).await.unwrap();
        let code = text(&api.controls.last_mail_to(EMAIL).await, "code");
        let outcome = consume_code(&client, &code).await.unwrap();
        let ConsumeCode::Ok { user: before, .. } = outcome else { panic!("{outcome:?}") };
        let outcome = sign_up(&client, EMAIL, PASSWORD).link_session_user(true).await.unwrap();
        let SignUp::Ok { user } = outcome else { panic!("{outcome:?}") };
        assert_eq!((&user.id, recipes(&user)), (&before.id, vec!["passwordless", "emailpassword"]));
        assert_signed_in(&client, &before).await;
    })
    .await;
}

#[tokio::test]
async fn without_linking_the_new_account_replaces_the_session() {
    with_recipes(async |api| {
        let (client, before) = newcomer(api, EMAIL).await;
        let outcome = sign_up(&client, "other@example.com", PASSWORD).link_session_user(false).await.unwrap();
        let SignUp::Ok { user } = outcome else { panic!("{outcome:?}") };
        assert_ne!(user.id, before.id);
        assert_eq!(recipes(&user), ["emailpassword"]);
        assert_signed_in(&client, &user).await;
    })
    .await;
}

#[tokio::test]
async fn an_address_of_another_user_is_not_added_and_linking_needs_a_session() {
    with_recipes(async |api| {
        let taken = "taken@example.com";
        let (other, _) = newcomer(api, "other@example.com").await;
        add_email(api, &other, taken).await;
        let (client, user) = newcomer(api, EMAIL).await;
        let outcome = add_email(api, &client, taken).await;
        let ConsumeCode::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "017"), "{reason}");
        assert_signed_in(&client, &user).await;

        let call = create_code(&visitor(api), Contact::Email("new@example.com")).link_session_user(true);
        assert_eq!(call.await, Err(SessionError::NoSession));
    })
    .await;
}
