//! The experiments of the dashboard.

use futures_util::future::join_all;

use crate::api::Api;

const BURST: usize = 20;

/// The texts of an experiment.
#[derive(Debug, PartialEq)]
pub struct Experiment {
    /// The button's `data-testid`.
    pub id: &'static str,
    pub title: &'static str,
    pub hint: &'static str,
    pub label: &'static str,
}

pub const EXPIRE: Experiment = Experiment {
    id: "expire",
    title: "Let the access token expire",
    hint: "The server stops accepting the access token. The requests below still succeed, after one refresh.",
    label: "Expire the access token on the server",
};

pub const ONE_REQUEST: Experiment = Experiment {
    id: "one-request",
    title: "Call the API once",
    hint: "Sends GET /api/me. If the access token has expired, the events show RefreshSession, and the response is 200.",
    label: "Send one request",
};

pub const MANY_REQUESTS: Experiment = Experiment {
    id: "burst",
    title: "Call the API twenty times",
    hint: "Sends all requests at once. If the access token has expired, they share one refresh.",
    label: "Send 20 requests at once",
};

pub const REVOKE: Experiment = Experiment {
    id: "revoke",
    title: "Revoke the session",
    hint: "As an administrator can. The next request of this page finds out and redirects to the login page, which says why.",
    label: "Revoke the session on the server",
};

pub async fn expire(api: Api) -> Result<String, String> {
    api.expire_access_token().await?;
    Ok("Done. Now send a request and watch the events.".to_owned())
}

pub async fn send_one(api: Api) -> Result<String, String> {
    let status = api.me().await?;
    Ok(format!("The response has status {status}."))
}

/// `refreshes` returns how many refreshes the page has seen.
pub async fn send_many(api: Api, refreshes: impl Fn() -> usize) -> Result<String, String> {
    let refreshes_before = refreshes();
    let responses = join_all((0..BURST).map(|_| api.clone().me())).await;
    let succeeded = responses.iter().filter(|response| matches!(response, Ok(200))).count();
    if let Some(error) = responses.into_iter().find_map(Result::err) {
        return Err(format!("{succeeded} of {BURST} responses have status 200. {error}"));
    }
    let refreshes = match refreshes() - refreshes_before {
        0 => "No refresh was needed. Expire the access token and try again.".to_owned(),
        1 => "They shared one refresh (see the network panel).".to_owned(),
        count => format!("There were {count} refreshes."),
    };
    Ok(format!("{succeeded} of {BURST} responses have status 200. {refreshes}"))
}

pub async fn revoke(api: Api) -> Result<String, String> {
    api.revoke_session().await?;
    Ok("Revoked. This page does not know yet: send one request.".to_owned())
}

/// Writes the nickname into the access token's payload.
pub async fn save_nickname(api: Api, nickname: String) -> Result<String, String> {
    api.save_nickname(&nickname).await?;
    Ok(format!("Saved. The session above now shows {nickname}."))
}

/// Asks the API to update the claims of the session.
pub async fn fetch_claims(api: Api) -> Result<String, String> {
    api.fetch_claims().await?;
    Ok("Fetched. The session has the current roles.".to_owned())
}
