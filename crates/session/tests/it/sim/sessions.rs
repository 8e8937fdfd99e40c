//! The backend's sessions: it issues and rotates tokens, and detects theft, as a SuperTokens core does.
//!
//! A refresh token may be used again until one of its children has been used. After that its use counts as theft, and
//! the session ends. A child is used by a refresh with it, or by a call with the access token that came with it.

use std::collections::HashMap;

use base64::prelude::{BASE64_STANDARD, Engine};
use serde_json::{Map, Value, json};

/// The backend's protection against forged requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AntiCsrf {
    #[default]
    None,
    ViaToken,
    ViaCustomHeader,
}

/// All tokens and sessions since the start.
#[derive(Default)]
pub struct Sessions {
    sessions: Vec<Session>,
    access: HashMap<String, Access>,
    refresh: HashMap<String, Refresh>,
    secrets: Vec<String>,
    pub alarms: u32,
    /// The older generation's payload has only the app's claims.
    pub older: bool,
}

struct Session {
    user: String,
    handle: String,
    payload: Map<String, Value>,
    /// The newest refresh token that the frontend has certainly received.
    confirmed: String,
    revoked: bool,
}

#[derive(Clone)]
struct Access {
    session: usize,
    refresh: String,
    expires_ms: i64,
    anti_csrf: String,
}

#[derive(Clone)]
struct Refresh {
    session: usize,
    parent: Option<String>,
    anti_csrf: String,
}

/// Tokens of a response.
pub struct Issued {
    pub access: String,
    /// `None` if only the access token changes.
    pub refresh: Option<String>,
    pub front: String,
    pub anti_csrf: String,
}

/// The outcome of a refresh.
pub enum Refreshing {
    Issued(Issued),
    Refused,
}

/// The time of issue of tokens, and their lifetime.
#[derive(Clone, Copy)]
pub struct Timing {
    pub now_ms: i64,
    pub lifetime_ms: i64,
}

impl Sessions {
    pub fn begin(&mut self, user: &str, timing: Timing) -> Issued {
        let session = self.sessions.len();
        let handle = format!("handle-{session}");
        self.sessions.push(Session {
            user: user.to_owned(),
            handle,
            payload: Map::new(),
            confirmed: String::new(),
            revoked: false,
        });
        let issued = self.issue(session, None, timing);
        self.sessions[session].confirmed = issued.refresh.clone().unwrap_or_default();
        issued
    }

    pub fn refresh(&mut self, token: &str, anti_csrf: Option<&str>, timing: Timing) -> Refreshing {
        let Some(known) = self.refresh.get(token).cloned() else { return Refreshing::Refused };
        let session = &mut self.sessions[known.session];
        if session.revoked || anti_csrf.is_some_and(|sent| sent != known.anti_csrf) {
            return Refreshing::Refused;
        }
        if known.parent.as_deref() == Some(session.confirmed.as_str()) {
            token.clone_into(&mut session.confirmed);
        }
        if session.confirmed != token {
            session.revoked = true;
            self.alarms += 1;
            return Refreshing::Refused;
        }
        Refreshing::Issued(self.issue(known.session, Some(token.to_owned()), timing))
    }

    /// Whether [`refresh`](Self::refresh) would issue tokens.
    pub fn would_refresh(&self, token: &str, anti_csrf: Option<&str>) -> bool {
        self.refresh.get(token).is_some_and(|known| {
            let session = &self.sessions[known.session];
            let is_child = known.parent.as_deref() == Some(session.confirmed.as_str());
            !session.revoked
                && anti_csrf.is_none_or(|sent| sent == known.anti_csrf)
                && (session.confirmed == token || is_child)
        })
    }

    /// The session of a valid access token. Its use confirms the refresh token that was issued with it.
    pub fn verify(&mut self, access: &str, anti_csrf: Option<&str>, now_ms: i64) -> Option<usize> {
        let known = self.access.get(access)?;
        let session = &mut self.sessions[known.session];
        let forged = anti_csrf.is_some_and(|sent| sent != known.anti_csrf);
        if session.revoked || forged || known.expires_ms <= now_ms {
            return None;
        }
        if self.refresh[&known.refresh].parent.as_deref() == Some(session.confirmed.as_str()) {
            session.confirmed.clone_from(&known.refresh);
        }
        Some(known.session)
    }

    /// Adds `fields` to the payload, and returns a new access token with the expiry of the old one.
    pub fn update_payload(&mut self, access: &str, fields: Map<String, Value>, now_ms: i64) -> Issued {
        let Access { session, refresh, expires_ms, .. } = self.access[access].clone();
        self.sessions[session].payload.extend(fields);
        let anti_csrf = self.access[access].anti_csrf.clone();
        self.issue_access(session, refresh, anti_csrf, Timing { now_ms, lifetime_ms: expires_ms - now_ms })
    }

    pub fn user(&self, session: usize) -> &str {
        &self.sessions[session].user
    }

    /// Renames a user, as account linking does: the session stays, and its next tokens name the new user.
    pub fn rename_user(&mut self, from: &str, to: &str) {
        for session in self.sessions.iter_mut().filter(|session| session.user == from) {
            to.clone_into(&mut session.user);
        }
    }

    pub fn revoke(&mut self, session: usize) {
        self.sessions[session].revoked = true;
    }

    pub fn revoke_all(&mut self) {
        self.sessions.iter_mut().for_each(|session| session.revoked = true);
    }

    /// Makes all access tokens invalid, as a change of the signing key does. Front tokens do not show it.
    pub fn expire_access_tokens(&mut self) {
        self.access.values_mut().for_each(|access| access.expires_ms = 0);
    }

    /// The value of every token since the start.
    pub fn secrets(&self) -> &[String] {
        &self.secrets
    }

    fn issue(&mut self, session: usize, parent: Option<String>, timing: Timing) -> Issued {
        let refresh = self.secret("refresh");
        let anti_csrf = self.secret("anti-csrf");
        self.refresh.insert(refresh.clone(), Refresh { session, parent, anti_csrf: anti_csrf.clone() });
        let access = self.issue_access(session, refresh.clone(), anti_csrf, timing);
        Issued { refresh: Some(refresh), ..access }
    }

    fn issue_access(&mut self, session: usize, refresh: String, anti_csrf: String, timing: Timing) -> Issued {
        let access = self.secret("access");
        let expires_ms = timing.now_ms + timing.lifetime_ms;
        let known = Access { session, refresh, expires_ms, anti_csrf: anti_csrf.clone() };
        self.access.insert(access.clone(), known);
        let Session { user, handle, payload, .. } = &self.sessions[session];
        let mut up = payload.clone();
        if !self.older {
            up.insert("sub".into(), json!(user));
            up.insert("sessionHandle".into(), json!(handle));
            up.insert("iat".into(), json!(timing.now_ms / 1000));
            up.insert("exp".into(), json!(expires_ms / 1000));
        }
        let front = encode_front(&json!({ "uid": user, "ate": expires_ms, "up": up }));
        self.secrets.push(front.clone());
        Issued { access, refresh: None, front, anti_csrf }
    }

    /// No secret is a part of another, so each can be searched for.
    fn secret(&mut self, kind: &str) -> String {
        let secret = format!("{kind}-s3cr3t-{:06}", self.secrets.len());
        self.secrets.push(secret.clone());
        secret
    }
}

/// Encodes a front token as backends do.
pub fn encode_front(json: &Value) -> String {
    BASE64_STANDARD.encode(json.to_string())
}
