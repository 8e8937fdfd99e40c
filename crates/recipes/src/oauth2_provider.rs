//! The OAuth2Provider recipe: this app is the login page of other apps.
//!
//! The backend sends the user to the login page with a `loginChallenge`. After the sign-in, the app leads the user to
//! [`redirect_url_to_continue`]. `use_return_address` of the UI layers does this by itself if asked.

use supertokens_session::{SessionClient, platform::Method};

use crate::{
    Call, CallFuture,
    call::{Endpoint, OAUTH2, Response},
    json_text::JsonObject,
    page,
    reader::{BadField, Object, Read},
};

const LOGIN_CHALLENGE: &str = "loginChallenge";
const LOGOUT_CHALLENGE: &str = "logoutChallenge";

const fn endpoint(method: Method, path: &'static str) -> Endpoint {
    Endpoint { recipe: OAUTH2, method, path }
}

/// An error of the OAuth2 standard.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OAuth2Error {
    /// The error code, such as `invalid_request`.
    pub error: String,
    /// A description for developers.
    pub description: String,
}

impl OAuth2Error {
    fn read(body: &Object) -> Read<Self> {
        let description = match body.optional_text("error_description")? {
            Some(description) => Some(description),
            None => body.optional_text("errorDescription")?,
        };
        Ok(Self { error: body.text("error")?, description: description.unwrap_or_default() })
    }
}

/// The app that asks for a login.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getLoginChallengeInfo")]
pub fn login_challenge_info(client: &SessionClient, login_challenge: &str) -> Call<LoginChallengeInfo> {
    let call = Call::new(client, endpoint(Method::Get, "/oauth/login/info"), LoginChallengeInfo::read);
    call.query(LOGIN_CHALLENGE, login_challenge)
}

/// The outcome of [`login_challenge_info`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoginChallengeInfo {
    /// The challenge is valid.
    Ok {
        /// The app that asks.
        app: AskingApp,
    },
    /// The challenge is unknown, used or old.
    Error(OAuth2Error),
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

/// The app that asks for a login.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AskingApp {
    /// The client's id.
    pub client_id: String,
    /// The name for users.
    pub client_name: String,
    /// The app's website.
    pub client_uri: Option<String>,
    /// The app's logo.
    pub logo_uri: Option<String>,
    /// The app's privacy policy.
    pub policy_uri: Option<String>,
    /// The app's terms of service.
    pub tos_uri: Option<String>,
}

impl LoginChallengeInfo {
    fn read(response: &Response<'_>) -> Read<Self> {
        let app = |info: &Object| {
            Ok(AskingApp {
                client_id: info.text("clientId")?,
                client_name: info.text("clientName")?,
                client_uri: info.optional_text("clientUri")?,
                logo_uri: info.optional_text("logoUri")?,
                policy_uri: info.optional_text("policyUri")?,
                tos_uri: info.optional_text("tosUri")?,
            })
        };
        Ok(match response.status {
            "OK" => Self::Ok { app: response.body.object("info", app)? },
            "ERROR" => Self::Error(OAuth2Error::read(response.body)?),
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The page to which the signed-in user continues, as a part of the other app's login. If the backend does not accept the
/// access token, it refreshes the session first.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "getRedirectURLToContinueOAuthFlow")]
pub fn redirect_url_to_continue(client: &SessionClient, login_challenge: &str) -> CallFuture<RedirectUrl> {
    let call = || {
        let endpoint = endpoint(Method::Get, "/oauth/login");
        Call::new(client, endpoint, RedirectUrl::read).query(LOGIN_CHALLENGE, login_challenge)
    };
    let (first, second, client) = (call(), call(), client.clone());
    Box::pin(async move {
        match first.await? {
            // The backend responds so in place of a 401.
            RedirectUrl::Ok { url } if url.contains("/try-refresh?loginChallenge=") => {
                client.refresh().await?;
                second.await
            }
            outcome => Ok(outcome),
        }
    })
}

/// Signs the user out, because another app asks for it. The user continues on the page in the outcome. supertokens-node
/// ends the session also if the outcome is an error.
///
/// # Errors
/// See the [crate](crate#errors).
#[doc(alias = "logOut")]
pub fn log_out(client: &SessionClient, logout_challenge: &str) -> Call<RedirectUrl> {
    let body = JsonObject::default().text(LOGOUT_CHALLENGE, logout_challenge);
    Call::new(client, endpoint(Method::Post, "/oauth/logout"), RedirectUrl::read).body(body)
}

/// The outcome of [`redirect_url_to_continue`] and [`log_out`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RedirectUrl {
    /// The page on which the user continues.
    Ok {
        /// An http(s) URL, or one of an installed app, such as `com.example.app:/back`. It is never a script.
        url: String,
    },
    /// The challenge is unknown, used or old.
    Error(OAuth2Error),
    /// A status of a newer backend.
    Other {
        /// The status.
        status: String,
    },
}

impl RedirectUrl {
    fn read(response: &Response<'_>) -> Read<Self> {
        const URL: &str = "frontendRedirectTo";
        Ok(match response.status {
            "OK" => {
                let url = response.body.text(URL)?;
                if !is_page(&url) {
                    return Err(BadField::new(URL, "a URL of a page or an app"));
                }
                Self::Ok { url }
            }
            "ERROR" => Self::Error(OAuth2Error::read(response.body)?),
            status => Self::Other { status: status.to_owned() },
        })
    }
}

/// The `loginChallenge` in the URL of this page; none outside a browser.
#[doc(alias = "getLoginChallengeFromURL")]
pub fn login_challenge_of_page() -> Option<String> {
    page::query_parameter(LOGIN_CHALLENGE)
}

/// The `logoutChallenge` in the URL of this page; none outside a browser.
pub fn logout_challenge_of_page() -> Option<String> {
    page::query_parameter(LOGOUT_CHALLENGE)
}

/// Loads the page of a [`RedirectUrl`].
pub fn continue_to(url: &str) {
    if is_page(url) {
        page::navigate(url);
    }
}

/// Whether a URL names a page or an installed app. Browsers run or show the content of the others as this page's own.
fn is_page(url: &str) -> bool {
    const OWN_CONTENT: [&str; 6] = ["about", "blob", "data", "file", "javascript", "vbscript"];
    url.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !OWN_CONTENT.iter().any(|own| scheme.eq_ignore_ascii_case(own))
    })
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::is_page;

    #[test]
    fn a_url_of_a_page_or_an_app_is_no_script() {
        for url in ["https://app.example/cb?code=1", "com.example.app:/cb", "http://127.0.0.1:8080/"] {
            assert!(is_page(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "JavaScript:alert(1)",
            " javascript:x",
            "java\tscript:x",
            "data:,x",
            "/",
            "",
        ] {
            assert!(!is_page(url), "{url}");
        }
    }
}
