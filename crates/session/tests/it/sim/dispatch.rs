//! The responses of the model backend: its SuperTokens endpoints, and the app's own.

use serde_json::{Map, Value, json};

use super::{
    server::{Exchange, REFRESH, Reply, SIGN_IN, SIGN_OUT, Server},
    sessions::{AntiCsrf, Issued, Refreshing},
};

const ACCESS_COOKIE: &str = "sAccessToken";
const REFRESH_COOKIE: &str = "sRefreshToken";
/// A hundred days.
const SESSION_MS: i64 = 8_640_000_000;

impl Server {
    /// Responds to a request.
    ///
    /// - `POST /auth/signin`, the user's name as the body;
    /// - `POST /auth/session/refresh`, `POST /auth/signout`;
    /// - `POST /payload`, a JSON object as the body: its fields go into the access token's payload;
    /// - `/claims/KEY`, and the recipes' paths that fetch a claim: the claim of [`Server::set_claim`] is added to the
    ///   payload;
    /// - `/public…`: needs no session;
    /// - the responses of [`Server::route`];
    /// - all other paths need a session and respond with its user.
    pub(super) fn respond(&self, request: &Exchange) -> Reply {
        let path = request.path.as_str();
        if let Some(reply) = self.routed(path) {
            return reply;
        }
        match path {
            SIGN_IN => {
                let issued = self.sessions().begin(&String::from_utf8_lossy(&request.body), self.timing());
                self.with_tokens(request, issued, Reply::new(200, r#"{"status":"OK"}"#))
            }
            REFRESH => self.refresh(request),
            SIGN_OUT => match self.verify(request) {
                Some(session) => {
                    self.sessions().revoke(session);
                    without_tokens(Reply::new(200, r#"{"status":"OK"}"#))
                        .header(self.ending_header(), "remove")
                }
                None => self.try_refresh(),
            },
            _ if path.starts_with("/public") => Reply::new(200, "public"),
            _ => match self.verify(request) {
                Some(session) if path == "/payload" => {
                    let fields = serde_json::from_slice(&request.body).unwrap();
                    self.update_payload(request, session, fields)
                }
                Some(session) => match claim_of(path) {
                    Some(key) => self.update_payload(request, session, self.fetched(key)),
                    None => Reply::new(200, json!({ "user": self.sessions().user(session) }).to_string()),
                },
                None => self.try_refresh(),
            },
        }
    }

    fn refresh(&self, request: &Exchange) -> Reply {
        let token = token_of(request, REFRESH_COOKIE).unwrap_or_default();
        let anti_csrf = self.anti_csrf_to_check(request);
        let outcome = self.sessions().refresh(&token, anti_csrf.as_deref(), self.timing());
        match outcome {
            Refreshing::Issued(issued) => self.with_tokens(request, issued, Reply::new(200, "{}")),
            Refreshing::Refused => {
                let reply =
                    without_tokens(Reply::new(self.expired_status(), r#"{"message":"unauthorised"}"#));
                if self.sends_remove() { reply.header(self.ending_header(), "remove") } else { reply }
            }
        }
    }

    fn update_payload(&self, request: &Exchange, session: usize, fields: Map<String, Value>) -> Reply {
        let access = token_of(request, ACCESS_COOKIE).unwrap();
        let now_ms = self.now_ms();
        let issued = self.sessions().update_payload(&access, fields, now_ms);
        let user = self.sessions().user(session).to_owned();
        self.with_tokens(request, issued, Reply::new(200, json!({ "user": user }).to_string()))
    }

    fn verify(&self, request: &Exchange) -> Option<usize> {
        if self.anti_csrf() == AntiCsrf::ViaCustomHeader && request.header("rid").is_none() {
            return None;
        }
        let access = token_of(request, ACCESS_COOKIE)?;
        let anti_csrf = self.anti_csrf_to_check(request);
        let now_ms = self.now_ms();
        self.sessions().verify(&access, anti_csrf.as_deref(), now_ms)
    }

    fn try_refresh(&self) -> Reply {
        Reply::new(self.expired_status(), r#"{"message":"try refresh token"}"#)
    }

    /// The anti-CSRF token to compare; `None` if this request needs none.
    fn anti_csrf_to_check(&self, request: &Exchange) -> Option<String> {
        let checks = self.anti_csrf() == AntiCsrf::ViaToken && !is_header_mode(request);
        checks.then(|| request.header("anti-csrf").unwrap_or_default().to_owned())
    }

    /// The header whose value `remove` ends a session.
    pub fn ending_header(&self) -> &'static str {
        if self.is_older() { "id-refresh-token" } else { "front-token" }
    }

    fn with_tokens(&self, request: &Exchange, issued: Issued, mut reply: Reply) -> Reply {
        reply = reply.header("front-token", &issued.front);
        if let Some(refresh) = issued.refresh.as_deref().filter(|_| self.is_older()) {
            let (value, expiry) = (&refresh[refresh.len() - 6..], self.now_ms() + SESSION_MS);
            reply = reply.header("id-refresh-token", &format!("irt-{value};{expiry}"));
        }
        if is_header_mode(request) {
            reply = reply.header("st-access-token", &issued.access);
            if let Some(refresh) = &issued.refresh {
                reply = reply.header("st-refresh-token", refresh);
            }
            return reply;
        }
        reply.cookies.push((ACCESS_COOKIE, Some(issued.access)));
        if let Some(refresh) = issued.refresh {
            reply.cookies.push((REFRESH_COOKIE, Some(refresh)));
        }
        if self.anti_csrf() == AntiCsrf::ViaToken {
            reply = reply.header("anti-csrf", &issued.anti_csrf);
        }
        reply
    }
}

/// The claim that a call fetches.
fn claim_of(path: &str) -> Option<&str> {
    match path {
        "/auth/user/email/verify" => Some("st-ev"),
        "/auth/mfa/info" => Some("st-mfa"),
        _ => path.strip_prefix("/claims/"),
    }
}

fn is_header_mode(request: &Exchange) -> bool {
    request.header("st-auth-mode") == Some("header")
}

/// The access or refresh token of a request.
fn token_of(request: &Exchange, cookie: &str) -> Option<String> {
    if is_header_mode(request) {
        request.header("authorization")?.strip_prefix("Bearer ").map(str::to_owned)
    } else {
        request.cookies.get(cookie).cloned()
    }
}

fn without_tokens(mut reply: Reply) -> Reply {
    reply.cookies.push((ACCESS_COOKIE, None));
    reply.cookies.push((REFRESH_COOKIE, None));
    reply
}
