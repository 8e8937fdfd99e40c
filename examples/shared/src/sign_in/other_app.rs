//! Sign-in for another app (OAuth2).

use supertokens_recipes::oauth2_provider::{self, LoginChallengeInfo};
use supertokens_session::SessionClient;

use super::unknown;
use crate::api::ApiError;

const INVALID: &str =
    "Another app sent you here, but its request is no longer valid. Go back to that app and start again.";

/// The name of the app that sent the user here, or why its request can't be used.
pub async fn asking_app(client: SessionClient, challenge: String) -> Result<String, String> {
    match oauth2_provider::login_challenge_info(&client, &challenge).await.map_err(ApiError::from)? {
        LoginChallengeInfo::Ok { app, .. } => Ok(app.client_name),
        LoginChallengeInfo::Error(_) => Err(INVALID.to_owned()),
        outcome => Err(unknown(outcome)),
    }
}
