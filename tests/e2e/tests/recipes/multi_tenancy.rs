//! Tenants have their own login methods, users and mails.

use std::time::Duration;

use e2e::sdk::{Api, PASSWORD, native_client};
use supertokens_recipes::{
    email_password::{
        DoesEmailExist, SendPasswordResetEmail, SignIn, SignUp, SubmitNewPassword, does_email_exist,
        send_password_reset_email, sign_in, sign_up, submit_new_password,
    },
    multi_tenancy::{LoginMethods, login_methods, tenant_of_page},
    passwordless::{Contact, create_code},
    third_party::{RedirectUri, SignInAndUp, authorisation_url, sign_in_and_up_with},
};
use supertokens_session::{SessionClient, SessionError};

use crate::{
    EMAIL, assert_signed_in, text,
    third_party::{query_back, url_of},
    visitor, with_recipes,
};

async fn tenant_of_session(client: &SessionClient) -> String {
    client.payload().await.unwrap()["tId"].as_str().unwrap().to_owned()
}

/// A client of the tenant `acme`.
fn visitor_of_acme(api: &Api) -> SessionClient {
    native_client(api.client_config().tenant_id("acme"), Duration::ZERO)
}

#[tokio::test]
async fn each_tenant_has_its_own_login_methods() {
    with_recipes(async |api| {
        let client = visitor(api);
        let all =
            ["emailpassword", "otp-email", "otp-phone", "link-email", "link-phone", "thirdparty", "webauthn"];
        let demos =
            [("demo", "Demo"), ("demo-pkce", "Demo with PKCE"), ("demo-no-email", "Demo without e-mail")];
        for (tenant, factors, expected) in [
            (None, &all[..], &demos[..]),
            (Some("public"), &all, &demos),
            (Some("acme"), &["emailpassword", "thirdparty"], &[("demo", "Acme")]),
        ] {
            let outcome = login_methods(&client).tenant(tenant).await.unwrap();
            let LoginMethods::Ok { first_factors, providers } = outcome else { panic!("{outcome:?}") };
            assert_eq!(first_factors, factors, "{tenant:?}");
            let named: Vec<_> =
                providers.iter().map(|one| (one.id.as_str(), one.name.as_deref().unwrap())).collect();
            assert_eq!(named, expected, "{tenant:?}");
        }
        let outcome = login_methods(&client).tenant("unknown").await;
        assert_eq!(outcome, Err(SessionError::Status { status: 500 }));
        // The tenant does not allow this method.
        let code = create_code(&client, Contact::Email(EMAIL)).tenant("acme").await;
        assert_eq!(code, Err(SessionError::NoSession));
        assert_eq!(tenant_of_page(), None, "only a page has one in its URL");
    })
    .await;
}

#[tokio::test]
async fn a_user_of_a_tenant_has_a_session_there_and_is_unknown_elsewhere() {
    with_recipes(async |api| {
        let client = visitor(api);
        let outcome = sign_up(&client, EMAIL, PASSWORD).tenant("acme").await.unwrap();
        let SignUp::Ok { user } = outcome else { panic!("{outcome:?}") };
        assert_signed_in(&client, &user).await;
        assert_eq!(user.tenant_ids, ["acme"]);
        assert_eq!(tenant_of_session(&client).await, "acme");
        assert_eq!(client.refresh().await, Ok(true));
        assert_eq!(tenant_of_session(&client).await, "acme");

        for (tenant, exists) in [(None, false), (Some("public"), false), (Some("acme"), true)] {
            let outcome = does_email_exist(&visitor(api), EMAIL).tenant(tenant).await;
            assert_eq!(outcome, Ok(DoesEmailExist::Ok { exists }), "{tenant:?}");
        }
        assert_eq!(sign_in(&visitor(api), EMAIL, PASSWORD).await, Ok(SignIn::WrongCredentials));
        let of_acme = visitor_of_acme(api);
        assert_eq!(sign_in(&of_acme, EMAIL, PASSWORD).await, Ok(SignIn::Ok { user }));
        assert_eq!(tenant_of_session(&of_acme).await, "acme");

        let public = visitor(api);
        let outcome = sign_up(&public, EMAIL, PASSWORD).await;
        assert!(matches!(outcome, Ok(SignUp::Ok { .. })), "{outcome:?}");
        assert_eq!(tenant_of_session(&public).await, "public");
    })
    .await;
}

#[tokio::test]
async fn a_mailed_token_is_for_its_tenant_only() {
    with_recipes(async |api| {
        let client = visitor(api);
        sign_up(&client, EMAIL, PASSWORD).tenant("acme").await.unwrap();
        let outcome = send_password_reset_email(&client, EMAIL).tenant("acme").await;
        assert_eq!(outcome, Ok(SendPasswordResetEmail::Ok));
        let mail = api.controls.last_mail_to(EMAIL).await;
        assert_eq!(text(&mail, "tenantId"), "acme");
        let token = text(&mail, "token");
        for (tenant, expected) in
            [(None, SubmitNewPassword::InvalidToken), (Some("acme"), SubmitNewPassword::Ok)]
        {
            let outcome = submit_new_password(&client, &token, "NewPassw0rd").tenant(tenant).await;
            assert_eq!(outcome, Ok(expected), "{tenant:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_provider_sends_the_user_back_to_the_tenant_where_the_sign_in_began() {
    with_recipes(async |api| {
        let client = visitor(api);
        let back = RedirectUri::new("http://localhost:8080/auth/callback");
        let page = url_of(authorisation_url(&client, "demo", &back).tenant("acme").await.unwrap());
        let query = query_back(api, &page, EMAIL).await;
        let outcome = sign_in_and_up_with(&client, &query).await.unwrap();
        let SignInAndUp::Ok { user, created_new_user: true, .. } = outcome else { panic!("{outcome:?}") };
        assert_signed_in(&client, &user).await;
        assert_eq!(
            (&user.tenant_ids[..], tenant_of_session(&client).await.as_str()),
            (&["acme".to_owned()][..], "acme")
        );
    })
    .await;
}
