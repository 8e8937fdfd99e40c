//! The ThirdParty recipe: sign-in with an account at a provider, such as Google or GitHub.
//!
//! 1. [`authorisation_url`] returns the provider's page, and stores the state of the redirect for ten minutes.
//!    [`redirect_to_provider`] loads that page.
//! 2. The provider sends the user back to the app's page. There, [`sign_in_and_up`] checks the state and signs the user
//!    in.
//!
//! ```
//! use supertokens_recipes::third_party::{self, AuthorisationUrl, RedirectUri, SignInAndUp};
//! use supertokens_session::{SessionClient, SessionError};
//!
//! async fn begin(client: &SessionClient) -> Result<(), SessionError> {
//!     let back = RedirectUri::new("https://app.example.com/auth/callback/google");
//!     if let AuthorisationUrl::Ok { url } = third_party::authorisation_url(client, "google", &back).await? {
//!         third_party::redirect_to_provider(&url);
//!     }
//!     Ok(())
//! }
//!
//! /// On the page `/auth/callback/google`. Returns the message for the user.
//! async fn end(client: &SessionClient) -> Result<String, SessionError> {
//!     Ok(match third_party::sign_in_and_up(client).await? {
//!         SignInAndUp::Ok { .. } => "You are signed in.".to_owned(),
//!         SignInAndUp::ProviderError(error) => format!("The provider refused: {}", error.code),
//!         SignInAndUp::InvalidState(_) => "Please start again.".to_owned(),
//!         outcome => format!("{outcome:?}"),
//!     })
//! }
//! ```

mod provider_error;
mod state;

use supertokens_session::{SessionClient, SessionError, Url, platform::Method};

pub use provider_error::{ProviderError, ProviderErrorCode};
pub use state::InvalidState;
use state::RedirectState;

use crate::{
    Call, User,
    call::{Endpoint, Response, sealed},
    page,
    reader::{BadField, Read},
};

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: "thirdparty", method, path }
}

/// The page of the app to which the provider sends the user back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    app: String,
    provider_dashboard: Option<String>,
    client_type: Option<String>,
}

impl RedirectUri {
    /// The full URL of a page of the app, as registered at the provider.
    pub fn new(url: impl Into<String>) -> Self {
        Self { app: url.into(), provider_dashboard: None, client_type: None }
    }

    /// The URL that is registered at the provider, if it is another one, such as the backend's for Apple
    /// (`redirectURIOnProviderDashboard`).
    pub fn on_provider_dashboard(mut self, url: impl Into<String>) -> Self {
        self.provider_dashboard = Some(url.into());
        self
    }

    /// Which of several clients in the backend's configuration of the provider is meant (`clientType`).
    pub fn client_type(mut self, client_type: impl Into<String>) -> Self {
        self.client_type = Some(client_type.into());
        self
    }

    fn at_provider(&self) -> &str {
        self.provider_dashboard.as_deref().unwrap_or(&self.app)
    }

    /// The page to which the backend sends the user on, if the provider does not send the user to the app.
    fn behind_backend(&self) -> Option<&str> {
        self.provider_dashboard
            .as_deref()
            .filter(|at_provider| **at_provider != self.app)
            .map(|_| self.app.as_str())
    }
}

/// The provider's page for the sign-in. It stores the state of the redirect, which [`sign_in_and_up`] checks.
///
/// # Errors
/// See the [crate](crate#errors). A provider that the backend does not know is [`SessionError::Status`] with 400.
#[doc(alias = "getAuthorisationURLWithQueryParamsAndSetState")]
pub fn authorisation_url(
    client: &SessionClient,
    third_party_id: &str,
    back_to: &RedirectUri,
) -> Call<AuthorisationUrl> {
    let page = client.clone();
    let (id, back) = (third_party_id.to_owned(), back_to.clone());
    let read = move |response: &Response<'_>| AuthorisationUrl::read(response, &page, id, &back);
    let call = Call::new(client, endpoint(Method::Get, "/authorisationurl"), read)
        .query("thirdPartyId", third_party_id)
        .query("redirectURIOnProviderDashboard", back_to.at_provider());
    match &back_to.client_type {
        Some(client_type) => call.query("clientType", client_type),
        None => call,
    }
}

/// The outcome of [`authorisation_url`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AuthorisationUrl {
    /// The provider's page.
    Ok {
        /// The URL, with the state of the redirect.
        url: Url,
    },
    /// The platform has no random numbers, so the redirect would not be safe.
    NoRandomness,
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// Without the query, which contains the state.
impl std::fmt::Debug for AuthorisationUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ok { url } => f.debug_struct("Ok").field("origin", url.origin()).finish_non_exhaustive(),
            Self::NoRandomness => f.write_str("NoRandomness"),
            Self::Other { status } => f.debug_struct("Other").field("status", status).finish(),
        }
    }
}

impl AuthorisationUrl {
    fn read(
        response: &Response<'_>,
        client: &SessionClient,
        third_party_id: String,
        back_to: &RedirectUri,
    ) -> Read<Self> {
        const URL: &str = "urlWithQueryParams";
        if response.status != "OK" {
            return Ok(Self::Other { status: response.status.to_owned() });
        }
        let pkce_code_verifier = response.body.optional_text("pkceCodeVerifier")?;
        let url = response.body.text(URL)?;
        let state = RedirectState::new(response, client, third_party_id, back_to, pkce_code_verifier);
        let Some(state) = state else { return Ok(Self::NoRandomness) };
        let url = state.add_to(&url).ok_or_else(|| BadField::new(URL, "an http(s) URL"))?;
        state.store(client);
        Ok(Self::Ok { url })
    }
}

impl sealed::AcceptsLinking for AuthorisationUrl {}

/// Loads the provider's page.
pub fn redirect_to_provider(url: &Url) {
    page::navigate(url.as_str());
}

/// The query of the login page that began the sign-in in progress; empty if there is none. On the page to which the
/// provider sends the user back, read it before [`sign_in_and_up`]: the link back to the login page has it.
pub fn login_page_query(client: &SessionClient) -> String {
    RedirectState::load(client).map(|state| state.login_page_query).unwrap_or_default()
}

/// Signs the user in, or up, on the page to which the provider has sent the user back. It uses the state of
/// [`authorisation_url`] once.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "signInAndUp")]
pub async fn sign_in_and_up(client: &SessionClient) -> Result<SignInAndUp, SessionError> {
    sign_in_with(client, &page::query_parameters()).await
}

async fn sign_in_with(
    client: &SessionClient,
    query: &[(String, String)],
) -> Result<SignInAndUp, SessionError> {
    let state = match RedirectState::check(client, query) {
        Ok(state) => state,
        Err(invalid) => return Ok(SignInAndUp::InvalidState(invalid)),
    };
    // Another call must not use it too.
    RedirectState::clear(client);
    if let Some(error) = ProviderError::read(query) {
        return Ok(SignInAndUp::ProviderError(error));
    }
    let login_page_query = state.login_page_query.clone();
    let read = move |response: &Response<'_>| SignInAndUp::read(response, login_page_query);
    let outcome = Call::new(client, endpoint(Method::Post, "/signinup"), read)
        .tenant(state.tenant_id.as_deref())
        .body(state.to_body(query))
        .await;
    if outcome.is_err() {
        // The backend may not have used the provider's code.
        state.store(client);
    }
    outcome
}

/// The outcome of [`sign_in_and_up`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignInAndUp {
    /// The user is signed in.
    Ok {
        /// The user.
        user: User,
        /// Whether the user is new.
        created_new_user: bool,
        /// The query of the page that called [`authorisation_url`], such as `?redirectToPath=%2Forders`; empty without
        /// one. Navigate to the login page with it: its return address is as before the redirect.
        login_page_query: String,
    },
    /// The provider gave no e-mail address, but the backend needs one.
    NoEmailGivenByProvider,
    /// The backend refuses the sign-in.
    NotAllowed {
        /// The backend's reason, with a code for the support.
        reason: String,
    },
    /// The provider has sent the user back with an error, for example since the user has cancelled.
    ProviderError(ProviderError),
    /// This browser has not begun this sign-in, or it began too long ago. Nothing was sent: let the user start again.
    InvalidState(InvalidState),
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl SignInAndUp {
    fn read(response: &Response<'_>, login_page_query: String) -> Read<Self> {
        let body = response.body;
        Ok(match response.status {
            "OK" => Self::Ok {
                user: User::read(body)?,
                // Backends before 2023 have another name.
                created_new_user: match body.optional_flag("createdNewRecipeUser")? {
                    Some(created) => created,
                    None => body.optional_flag("createdNewUser")?.unwrap_or_default(),
                },
                login_page_query,
            },
            "NO_EMAIL_GIVEN_BY_PROVIDER" => Self::NoEmailGivenByProvider,
            "SIGN_IN_UP_NOT_ALLOWED" => Self::NotAllowed { reason: body.text("reason")? },
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// For tests without a browser: [`sign_in_and_up`] on a page with this query.
#[doc(hidden)]
pub async fn sign_in_and_up_with(client: &SessionClient, query: &str) -> Result<SignInAndUp, SessionError> {
    sign_in_with(client, &page::pairs(query)).await
}
