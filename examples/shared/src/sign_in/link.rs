//! Sign-in on the page of a magic link.

use supertokens_recipes::passwordless::{self, ConsumeCode, MagicLink};
use supertokens_session::SessionClient;

use super::{LOGIN, expect_session, unknown, with_query};
use crate::api::ApiError;

/// The question before a sign-in with the link of another browser, which may be an attacker's.
pub const OTHER_BROWSER: &str = "You asked for this link in another browser, or on another device. Sign in here only if you did ask for it.";

const NO_LINK: &str = "This address is incomplete. Open the whole link from your mail.";
const USED_OR_OLD: &str = "This link is no longer valid: it was used before, or it is too old.";

/// Signs the user in. Returns the address of the login page, which sends the user on to the return address.
pub async fn consume_link(client: SessionClient, link: Option<MagicLink>) -> Result<String, String> {
    let link = link.ok_or(NO_LINK)?;
    // A success ends the attempt.
    let query = passwordless::attempt(&client)
        .filter(|_| link.is_of_this_browser(&client))
        .map_or_else(String::new, |attempt| attempt.login_page_query);
    match passwordless::consume_link(&client, &link).await.map_err(ApiError::from)? {
        ConsumeCode::Ok { .. } => {
            expect_session(&client).await?;
            Ok(with_query(LOGIN, &query))
        }
        ConsumeCode::RestartFlow => Err(USED_OR_OLD.to_owned()),
        ConsumeCode::NotAllowed { reason } => Err(reason),
        outcome => Err(unknown(outcome)),
    }
}
