//! `/demo-provider`: the pages of the demo provider.

use std::fmt::Write;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use url::Url;
use url::form_urlencoded::Serializer;

use crate::error::{ApiError, Query};
use crate::origins;
use crate::pages::{escape, page};
use crate::provider::{ACCOUNTS, CLIENT_ID, NAME};
use crate::state::App;

const CHOOSE: &str = "/demo-provider/choose";
const CANCEL: &str = "cancel";

/// The routes of the provider's pages.
pub(crate) fn router(app: App) -> Router {
    Router::new().route("/demo-provider/authorize", get(authorize)).route(CHOOSE, get(choose)).with_state(app)
}

/// An authorization request (RFC 6749, 4.1.1) with a challenge (RFC 7636, 4.3).
struct Authorization {
    /// A page of an allowed origin, since anybody can send a user here with any address.
    redirect_uri: Url,
    /// The address as the app sent it, which the exchange must repeat.
    redirect_text: String,
    state: Option<String>,
    challenge: String,
}

impl Authorization {
    /// The error is a text for the page, since the address may be a stranger's.
    fn check(app: &App, headers: &HeaderMap, query: &Query) -> Result<Self, &'static str> {
        let redirect_text = query.get("redirect_uri").unwrap_or_default();
        let redirect_uri = Url::parse(redirect_text)
            .ok()
            .filter(|url| origins::allowed_origin(&app.options, headers, url).is_some())
            .ok_or("The app's redirect address is not allowed.")?;
        if query.get("client_id") != Some(CLIENT_ID) || query.get("response_type") != Some("code") {
            return Err("The app is unknown, or asks for something other than a code.");
        }
        let challenge =
            query.get("code_challenge").filter(|_| query.get("code_challenge_method") == Some("S256"));
        Ok(Self {
            redirect_uri,
            redirect_text: redirect_text.to_owned(),
            state: query.get("state").map(str::to_owned),
            challenge: challenge.ok_or("The app sent no code challenge of the method S256.")?.to_owned(),
        })
    }

    /// The link of a button.
    fn choice(&self, choice: &str) -> String {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("choice", choice)
            .append_pair("client_id", CLIENT_ID)
            .append_pair("response_type", "code")
            .append_pair("redirect_uri", &self.redirect_text)
            .append_pair("code_challenge", &self.challenge)
            .append_pair("code_challenge_method", "S256");
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        format!("{CHOOSE}?{}", query.finish())
    }

    /// Back to the app with this parameter and the state.
    fn redirect(mut self, name: &str, value: &str) -> Response {
        self.redirect_uri.query_pairs_mut().append_pair(name, value);
        if let Some(state) = &self.state {
            self.redirect_uri.query_pairs_mut().append_pair("state", state);
        }
        Redirect::to(self.redirect_uri.as_str()).into_response()
    }
}

async fn authorize(State(app): State<App>, headers: HeaderMap, query: Query) -> Response {
    let authorization = match Authorization::check(&app, &headers, &query) {
        Ok(authorization) => authorization,
        Err(reason) => return refusal(reason),
    };
    let client = escape(&authorization.redirect_uri.origin().ascii_serialization());
    let mut content = format!(
        "<p>The example app at <strong>{client}</strong> wants to know who you are. No real service is behind this \
         page.</p>\n<ul>\n"
    );
    let choices = ACCOUNTS.iter().map(|account| (account.id, account.label)).chain([(CANCEL, "Cancel")]);
    for (index, (choice, label)) in choices.enumerate() {
        let class = if index == 0 { "button primary" } else { "button" };
        let href = escape(&authorization.choice(choice));
        // Writing to a string can't fail.
        writeln!(content, "<li><a class=\"{class}\" href=\"{href}\">{label}</a></li>").ok();
    }
    content.push_str("</ul>");
    page(StatusCode::OK, NAME, &content)
}

async fn choose(State(app): State<App>, headers: HeaderMap, query: Query) -> Result<Response, ApiError> {
    let authorization = match Authorization::check(&app, &headers, &query) {
        Ok(authorization) => authorization,
        Err(reason) => return Ok(refusal(reason)),
    };
    let choice = query.get("choice").unwrap_or(CANCEL);
    let Some(account) = ACCOUNTS.into_iter().find(|account| account.id == choice) else {
        return Ok(authorization.redirect("error", "access_denied"));
    };
    let code = app.state.provider.consent(account, &authorization.redirect_text, &authorization.challenge)?;
    Ok(authorization.redirect("code", &code))
}

fn refusal(reason: &str) -> Response {
    page(StatusCode::BAD_REQUEST, NAME, &format!("<p>{reason}</p>"))
}
