//! A typed client of the example API.

mod error;
mod types;

use serde_json::json;
use supertokens_session::{RequestBuilder, SessionClient, SessionResponse};

use error::ErrorResponse;

pub use error::ApiError;
pub use types::{
    Credentials, FieldError, Invoice, Mailbox, Order, Profile, RolesOf, SendCode, SignIn, User, Verify,
};

/// The requests of the app, which all use the session. Clones share the client.
#[derive(Debug, Clone)]
pub struct Api(SessionClient);

impl Api {
    pub fn new(client: SessionClient) -> Self {
        Self(client)
    }

    pub async fn sign_in(self, form: &Credentials, is_new: bool) -> Result<SignIn, ApiError> {
        let path = if is_new { "/auth/signup" } else { "/auth/signin" };
        let outcome = send(self.0.post(path).json(&form.to_fdi())).await?.json().await?;
        if matches!(outcome, SignIn::Ok) && !self.0.session_exists().await? {
            return Err(ApiError::NoSessionCreated);
        }
        Ok(outcome)
    }

    /// Sends `GET /api/me` and returns its status.
    pub async fn me(self) -> Result<u16, ApiError> {
        Ok(send(self.0.get("/api/me")).await?.status())
    }

    pub async fn orders(self) -> Result<Vec<Order>, ApiError> {
        Ok(send(self.0.get("/api/orders")).await?.json().await?)
    }

    pub async fn users(self) -> Result<Vec<User>, ApiError> {
        Ok(send(self.0.get("/api/admin/users")).await?.json().await?)
    }

    pub async fn set_role(self, email: &str, role: &str, give: bool) -> Result<RolesOf, ApiError> {
        let change = json!({ "email": email, "role": role, "give": give });
        Ok(send(self.0.post("/api/admin/roles").json(&change)).await?.json().await?)
    }

    /// Asks the API to update the session's claims.
    pub async fn fetch_claims(self) -> Result<(), ApiError> {
        send(self.0.post("/api/claims/refresh")).await.map(drop)
    }

    pub async fn invoices(self) -> Result<Vec<Invoice>, ApiError> {
        Ok(send(self.0.get("/api/invoices")).await?.json().await?)
    }

    /// Asks the API to send a code to the user's e-mail address.
    pub async fn send_code(self) -> Result<SendCode, ApiError> {
        Ok(send(self.0.post("/auth/user/email/verify/token")).await?.json().await?)
    }

    pub async fn verify_email(self, code: &str) -> Result<Verify, ApiError> {
        let proof = json!({ "method": "token", "token": code });
        Ok(send(self.0.post("/auth/user/email/verify").json(&proof)).await?.json().await?)
    }

    /// Reads the demo's mail. A real API has no such endpoint.
    pub async fn mailbox(self) -> Result<Mailbox, ApiError> {
        Ok(send(self.0.get("/api/demo/mailbox")).await?.json().await?)
    }

    pub async fn save_nickname(self, nickname: &str) -> Result<(), ApiError> {
        let profile = json!({ "nickname": nickname });
        send(self.0.post("/api/profile").json(&profile)).await.map(drop)
    }

    pub async fn expire_access_token(self) -> Result<(), ApiError> {
        send(self.0.post("/api/session/expire")).await.map(drop)
    }

    pub async fn revoke_session(self) -> Result<(), ApiError> {
        send(self.0.post("/api/session/revoke")).await.map(drop)
    }
}

/// Sends a request. Each response that is not a success is an error.
async fn send(request: RequestBuilder) -> Result<SessionResponse, ApiError> {
    let response = request.send().await?.error_for_session()?;
    if response.ok() {
        return Ok(response);
    }
    let status = response.status();
    let error: ErrorResponse = response.json().await.unwrap_or_default();
    Err(match error.claims {
        claims if claims.is_empty() => ApiError::Status { status, message: error.message },
        claims => ApiError::Denied(claims),
    })
}
