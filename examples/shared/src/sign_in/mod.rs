//! The calls of the sign-in pages, with texts for their outcomes.

mod code;
mod errors;
mod link;
mod methods;
mod other_app;
mod password;
mod provider;
mod reset;

use supertokens_session::SessionClient;

pub use code::{
    CodeOutcome, NewCode, Step, consume_code, resend_code, send_code, sent_text, shows_code_field,
};
pub use errors::{FormError, SignInErrors};
pub(crate) use errors::{filled_in, unknown};
pub use link::{OTHER_BROWSER, consume_link, login_page_of};
pub use methods::{Methods, ProviderButton, login_methods, tenant_text};
pub use other_app::asking_app;
pub use password::{Credentials, sign_in, sign_in_label};
pub use provider::{begin_with_provider, login_page_of_provider, sign_in_with_provider};
pub use reset::{RESET_DONE, RESET_SENT, send_reset_mail, set_new_password};

use crate::api::ApiError;

/// The login page.
pub const LOGIN: &str = "/login";
/// The page on which users choose a new password.
pub const RESET_PASSWORD: &str = "/login/reset-password";

/// The demo users of the example API.
pub const DEMO_USERS: [(&str, &str); 2] =
    [("user@example.com", "a user"), ("admin@example.com", "an administrator")];
pub const DEMO_PASSWORD: &str = "Passw0rd!";

/// The parameters of the login page: the return address, the tenant, and the request of another app.
const LOGIN_PARAMETERS: [&str; 3] = ["redirectToPath", "tenantId", "loginChallenge"];

/// A page with the parameters of the login page that the current query has. It takes over no token and no code.
pub fn with_query(page: &str, query: &str) -> String {
    let query = query.strip_prefix('?').unwrap_or(query);
    let is_known = |pair: &&str| LOGIN_PARAMETERS.contains(&pair.split('=').next().unwrap_or_default());
    let pairs: Vec<_> = query.split('&').filter(is_known).collect();
    if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
}

/// Checks that a sign-in has created a session, which a wrong setup of the server prevents.
async fn expect_session(client: &SessionClient) -> Result<(), ApiError> {
    if client.session_exists().await? { Ok(()) } else { Err(ApiError::NoSessionCreated) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_the_query_of_the_one_before_but_not_its_token() {
        assert_eq!(with_query(LOGIN, ""), "/login");
        assert_eq!(with_query(LOGIN, "?code=secret&state=x"), "/login");
        assert_eq!(with_query(LOGIN, "?token=secret"), "/login");
        assert_eq!(with_query(LOGIN, "token=secret&tenantId=acme"), "/login?tenantId=acme");
        let query = "?redirectToPath=%2Forders%3Fsort%3Dtotal&tenantId=acme";
        assert_eq!(with_query(LOGIN, query), format!("/login{query}"));
    }
}
