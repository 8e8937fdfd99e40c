//! Sign-in on the page of a magic link.

use supertokens_recipes::passwordless::{self, ConsumeCode, MagicLink};
use supertokens_session::SessionClient;

use super::{LOGIN, expect_session, unknown};
use crate::api::ApiError;

/// The question before a sign-in with the link of another browser, which may be an attacker's.
pub const OTHER_BROWSER: &str = "You asked for this link in another browser, or on another device. Sign in here only if you did ask for it.";

const NO_LINK: &str = "This address is incomplete. Open the whole link from your mail.";
const USED_OR_OLD: &str = "This link is no longer valid: it was used before, or it is too old.";

/// The login page from which the user asked for the link, if that was in this browser. It sends the user on to the
/// return address. Read it before the sign-in, which ends the attempt.
pub fn login_page_of(client: &SessionClient, link: Option<&MagicLink>) -> String {
    let is_own = link.is_some_and(|link| link.is_of_this_browser(client));
    let attempt = passwordless::attempt(client).filter(|_| is_own);
    format!("{LOGIN}{}", attempt.map_or_else(String::new, |attempt| attempt.login_page_query))
}

/// Signs the user in. Returns why the link does not.
pub async fn consume_link(client: SessionClient, link: Option<MagicLink>) -> Result<(), String> {
    let link = link.ok_or(NO_LINK)?;
    match passwordless::consume_link(&client, &link).await.map_err(ApiError::from)? {
        ConsumeCode::Ok { .. } => Ok(expect_session(&client).await?),
        ConsumeCode::RestartFlow => Err(USED_OR_OLD.to_owned()),
        ConsumeCode::NotAllowed { reason } => Err(reason),
        outcome => Err(unknown(outcome)),
    }
}
