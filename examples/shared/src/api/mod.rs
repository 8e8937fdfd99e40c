//! A typed client of the example API.

mod error;
mod types;

use serde_json::json;
use supertokens_session::{RequestBuilder, SessionClient, SessionResponse};

use error::ErrorResponse;

pub use error::ApiError;
pub use types::{Inbox, Invoice, Mail, Order, Profile, RolesOf, User, Vault};
use types::{OwnMail, TotpCode};

/// The requests of the app, which all use the session. Clones share the client.
#[derive(Debug, Clone)]
pub struct Api(SessionClient);

impl Api {
    pub fn new(client: SessionClient) -> Self {
        Self(client)
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

    pub async fn vault(self) -> Result<Vault, ApiError> {
        Ok(send(self.0.get("/api/vault")).await?.json().await?)
    }

    /// The newest mail to an address. A real API has no such endpoint.
    pub async fn inbox(self, to: String) -> Inbox {
        let newest = self.newest_mail(&to).await.map_err(String::from);
        Inbox { to, newest }
    }

    async fn newest_mail(self, to: &str) -> Result<Option<Mail>, ApiError> {
        let mails: Vec<Mail> = send(self.0.get("/api/demo/mails").query(&[("to", to)])).await?.json().await?;
        Ok(mails.into_iter().next())
    }

    /// The code in the mail to the signed-in user. A real API has no such endpoint.
    pub async fn own_inbox(self) -> Inbox {
        match self.own_mail().await {
            Ok(OwnMail { to, code }) => {
                let mail = |code| Mail {
                    subject: "Verify your e-mail address".to_owned(),
                    code: Some(code),
                    link: None,
                };
                Inbox { to, newest: Ok(code.map(mail)) }
            }
            Err(error) => Inbox { to: "you".to_owned(), newest: Err(error.into()) },
        }
    }

    async fn own_mail(self) -> Result<OwnMail, ApiError> {
        Ok(send(self.0.get("/api/demo/mailbox")).await?.json().await?)
    }

    /// The code that the user's authenticator app shows now. A real API has no such endpoint.
    pub async fn totp_code(self) -> Result<String, String> {
        let response = send(self.0.get("/api/demo/totp")).await?.json().await.map_err(ApiError::from)?;
        let TotpCode { code } = response;
        code.ok_or_else(|| "You have no authenticator app yet.".to_owned())
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
