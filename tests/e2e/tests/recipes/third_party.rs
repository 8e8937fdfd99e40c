//! Sign-in with an account at a provider.

use std::time::Duration;

use e2e::sdk::{Api, native_client};
use supertokens_recipes::{
    User,
    third_party::{
        AuthorisationUrl, InvalidState, ProviderError, ProviderErrorCode, RedirectUri, SignInAndUp,
        authorisation_url, sign_in_and_up_with,
    },
};
use supertokens_session::{SessionClient, SessionError, Url};

use crate::{EMAIL, assert_signed_in, assert_signed_out, general, has_code, visitor, with_recipes};

const CALLBACK: &str = "http://localhost:8080/auth/callback";

/// The provider's page.
pub async fn begin(client: &SessionClient, provider: &str) -> Url {
    let call = authorisation_url(client, provider, &RedirectUri::new(CALLBACK));
    url_of(call.await.unwrap())
}

pub fn url_of(outcome: AuthorisationUrl) -> Url {
    match outcome {
        AuthorisationUrl::Ok { url } => url,
        outcome => panic!("{outcome:?}"),
    }
}

/// The query with which the provider sends this user back to the app's page.
pub async fn query_back(api: &Api, page: &Url, email: &str) -> String {
    let back = api.redirect_of(&format!("{}&login_hint={email}", page.as_str()), None).await;
    back.strip_prefix(CALLBACK).expect("the app's page").to_owned()
}

async fn sign_in(
    api: &Api,
    client: &SessionClient,
    provider: &str,
    email: &str,
) -> Result<SignInAndUp, SessionError> {
    let page = begin(client, provider).await;
    sign_in_and_up_with(client, &query_back(api, &page, email).await).await
}

/// A URL without its query, and the query.
fn split(url: &str) -> (String, String) {
    let (page, query) = url.split_once('?').expect("a query");
    (page.to_owned(), query.to_owned())
}

fn signed_in(outcome: Result<SignInAndUp, SessionError>) -> (User, bool) {
    match outcome.unwrap() {
        SignInAndUp::Ok { user, created_new_user, .. } => (user, created_new_user),
        outcome => panic!("{outcome:?}"),
    }
}

#[tokio::test]
async fn an_account_at_a_provider_signs_a_new_user_up_and_later_in() {
    with_recipes(async |api| {
        let client = visitor(api);
        let (user, is_new) = signed_in(sign_in(api, &client, "demo", EMAIL).await);
        assert!(is_new);
        assert_signed_in(&client, &user).await;
        assert_eq!(user.emails, [EMAIL]);
        let [account] = &user.third_party[..] else { panic!("{user:?}") };
        assert_eq!(account.id, "demo");
        let method = &user.login_methods[0];
        assert_eq!((method.recipe_id.as_str(), method.is_verified), ("thirdparty", true));
        assert_eq!(method.third_party.as_ref(), Some(account));

        let other = visitor(api);
        let outcome = sign_in(api, &other, "demo", EMAIL).await;
        assert_eq!(signed_in(outcome), (user.clone(), false));
        assert_signed_in(&other, &user).await;
    })
    .await;
}

#[tokio::test]
async fn an_address_that_the_provider_has_not_verified_is_not_verified_here() {
    with_recipes(async |api| {
        let (user, _) = signed_in(sign_in(api, &visitor(api), "demo", "unverified@example.com").await);
        assert!(!user.login_methods[0].is_verified);
    })
    .await;
}

#[tokio::test]
async fn a_provider_with_pkce_gets_the_verifier() {
    with_recipes(async |api| {
        let client = visitor(api);
        let page = begin(&client, "demo-pkce").await;
        assert!(page.as_str().contains("code_challenge="), "{page:?}");
        let outcome = sign_in_and_up_with(&client, &query_back(api, &page, EMAIL).await).await;
        assert_signed_in(&client, &signed_in(outcome).0).await;
    })
    .await;
}

#[tokio::test]
async fn behind_the_backends_url_the_state_leads_the_user_back_to_the_app() {
    with_recipes(async |api| {
        let client = visitor(api);
        let at_backend = format!("{}/auth/callback/apple", api.url());
        let back = RedirectUri::new(CALLBACK).on_provider_dashboard(&at_backend);
        let page = url_of(authorisation_url(&client, "demo", &back).await.unwrap());
        // Apple submits a form, and the stand-in provider redirects with the same values.
        let at_provider = format!("{}&login_hint={EMAIL}", page.as_str());
        let (url, form) = split(&api.redirect_of(&at_provider, None).await);
        assert_eq!(url, at_backend);
        let (url, query) = split(&api.redirect_of(&at_backend, Some(&form)).await);
        assert_eq!(url, CALLBACK);
        assert_signed_in(&client, &signed_in(sign_in_and_up_with(&client, &query).await).0).await;
    })
    .await;
}

#[tokio::test]
async fn a_user_who_cancels_at_the_provider_stays_signed_out() {
    with_recipes(async |api| {
        let client = visitor(api);
        let outcome = sign_in(api, &client, "demo", "denied@example.com").await.unwrap();
        let SignInAndUp::ProviderError(ProviderError { code, description, .. }) = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(code, ProviderErrorCode::AccessDenied);
        assert_eq!(description.as_deref(), Some("The user denied access."));
        assert_signed_out(&client).await;
    })
    .await;
}

#[tokio::test]
async fn a_redirect_that_this_browser_has_not_begun_signs_no_user_in() {
    with_recipes(async |api| {
        let client = visitor(api);
        let invalid = async |client: &SessionClient, query: &str| {
            let outcome = sign_in_and_up_with(client, query).await.unwrap();
            let SignInAndUp::InvalidState(invalid) = outcome else { panic!("{outcome:?}") };
            invalid
        };
        let page = begin(&client, "demo").await;
        let query = query_back(api, &page, EMAIL).await;
        assert_eq!(invalid(&client, "?code=c&state=of-an-attacker").await, InvalidState::Foreign);
        let later = native_client(api.client_config(), Duration::from_secs(601));
        assert_eq!(invalid(&later, &query).await, InvalidState::Expired);
        assert_eq!(invalid(&client, &query).await, InvalidState::Missing);

        let page = begin(&client, "demo").await;
        let query = query_back(api, &page, EMAIL).await;
        signed_in(sign_in_and_up_with(&client, &query).await);
        assert_eq!(invalid(&client, &query).await, InvalidState::Missing, "a state counts once");
    })
    .await;
}

#[tokio::test]
async fn a_refusal_has_a_reason_and_other_failures_have_a_message() {
    with_recipes(async |api| {
        let client = visitor(api);
        let outcome = sign_in(api, &client, "demo-no-email", EMAIL).await;
        assert_eq!(outcome, Ok(SignInAndUp::NoEmailGivenByProvider));
        let outcome = sign_in(api, &client, "demo", "refused@example.com").await.unwrap();
        let SignInAndUp::NotAllowed { reason } = outcome else { panic!("{outcome:?}") };
        assert!(has_code(&reason, "006"), "{reason}");
        assert_eq!(sign_in(api, &client, "demo", "general@example.com").await, general());
        let unknown = authorisation_url(&client, "unknown", &RedirectUri::new(CALLBACK)).await;
        assert_eq!(unknown, Err(SessionError::Status { status: 400 }));
        assert_signed_out(&client).await;
    })
    .await;
}
