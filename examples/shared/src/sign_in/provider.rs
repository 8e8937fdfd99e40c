//! Sign-in with an account at a third-party provider.

use supertokens_recipes::third_party::{
    self, AuthorisationUrl, InvalidState, ProviderError, ProviderErrorCode, RedirectUri, SignInAndUp,
};
use supertokens_session::SessionClient;

use super::{LOGIN, expect_session, unknown};
use crate::{api::ApiError, config::page_origin};

/// The page to which the provider sends the user back.
const CALLBACK: &str = "/login/callback";

/// Loads the provider's page. Returns why it could not.
pub async fn begin_with_provider(
    client: SessionClient,
    tenant: Option<String>,
    provider: String,
) -> Result<(), String> {
    let back_to = RedirectUri::new(format!("{}{CALLBACK}", page_origin()));
    let call = third_party::authorisation_url(&client, &provider, &back_to).tenant(tenant.as_deref());
    match call.await.map_err(ApiError::from)? {
        AuthorisationUrl::Ok { url } => {
            third_party::redirect_to_provider(&url);
            Ok(())
        }
        AuthorisationUrl::NoRandomness => {
            Err("This browser has no secure random numbers, so this sign-in would not be safe.".to_owned())
        }
        outcome => Err(unknown(outcome)),
    }
}

/// The address of the login page that began the sign-in, with its query.
pub fn login_page_of_provider(client: &SessionClient) -> String {
    format!("{LOGIN}{}", third_party::login_page_query(client))
}

/// Signs the user in on the page to which the provider has sent the user back. Returns the address of the login page,
/// which sends the user on to the return address.
pub async fn sign_in_with_provider(client: SessionClient) -> Result<String, String> {
    let query = read(third_party::sign_in_and_up(&client).await.map_err(ApiError::from)?)?;
    expect_session(&client).await?;
    Ok(format!("{LOGIN}{query}"))
}

/// The query of the login page, or why the user is not signed in.
fn read(outcome: SignInAndUp) -> Result<String, String> {
    Err(match outcome {
        SignInAndUp::Ok { login_page_query, .. } => return Ok(login_page_query),
        SignInAndUp::NoEmailGivenByProvider => {
            "The provider gave no e-mail address for your account, and this app needs one.".to_owned()
        }
        SignInAndUp::NotAllowed { reason } => reason,
        SignInAndUp::ProviderError(error) => provider_error(&error).to_owned(),
        SignInAndUp::InvalidState(state) => invalid_state(state).to_owned(),
        outcome => unknown(outcome),
    })
}

/// The provider's own description is for developers, and any link can contain one.
fn provider_error(error: &ProviderError) -> &'static str {
    match error.code {
        ProviderErrorCode::AccessDenied => "You cancelled at the provider, or it refused.",
        ProviderErrorCode::ServerError | ProviderErrorCode::TemporarilyUnavailable => {
            "The provider has a problem. Please try again in a moment."
        }
        ProviderErrorCode::Other(_) => "The provider reported an error.",
        _ => "The provider rejected this app, which may be set up wrongly.",
    }
}

fn invalid_state(state: InvalidState) -> &'static str {
    match state {
        InvalidState::Missing => "This sign-in is already complete, or it began in another tab.",
        InvalidState::Expired => "This sign-in began more than ten minutes ago.",
        _ => "This sign-in did not begin on this page.",
    }
}

#[cfg(test)]
mod tests {
    use supertokens_recipes::User;

    use super::*;

    #[test]
    fn only_a_success_leaves_the_page() {
        let login_page_query = "?redirectToPath=%2Forders".to_owned();
        let query = login_page_query.clone();
        let signed_in = SignInAndUp::Ok { user: User::default(), created_new_user: true, login_page_query };
        assert_eq!(read(signed_in), Ok(query));
        for outcome in [
            SignInAndUp::NoEmailGivenByProvider,
            SignInAndUp::InvalidState(InvalidState::Missing),
            SignInAndUp::Other { status: "NEW_STATUS".to_owned() },
        ] {
            let text = read(outcome).unwrap_err();
            assert!(text.ends_with('.') && text.contains(' '), "{text}");
        }
    }
}
