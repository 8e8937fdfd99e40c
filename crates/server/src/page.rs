use std::time::Duration;

use supertokens_session::FrontToken;

use crate::verified::VerifiedSession;

/// The session of a page request, as far as the server knows it. A front token alone never counts as authenticated.
///
/// | front token | access token | outcome |
/// |---|---|---|
/// | none, or it can't be decoded | – | [`SignedOut`](Self::SignedOut) |
/// | expired | – | [`ToBeRefreshed`](Self::ToBeRefreshed) |
/// | good | none, expired, or several cookies | [`ToBeRefreshed`](Self::ToBeRefreshed) |
/// | good | wrong signature, kind, issuer or structure | [`NotTrusted`](Self::NotTrusted) |
/// | good | good, but user, expiry or payload differ | [`ToBeRefreshed`](Self::ToBeRefreshed) |
/// | good | good and equal | [`Authenticated`](Self::Authenticated) |
/// | good | its key can't be fetched | [`NotVerified`](Self::NotVerified) |
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum PageSession {
    /// The access token is verified, and the front token equals it.
    Authenticated(VerifiedSession),
    /// There is a session, but the browser has to refresh it. Render a loading view: a server must not refresh,
    /// because the new tokens could be lost, and the session would end as stolen.
    ToBeRefreshed,
    /// No session: go to the login page.
    SignedOut,
    /// The access token is not the backend's: go to the login page.
    NotTrusted,
    /// The key of the access token can't be fetched now. Render a loading view: no user is signed out by it.
    NotVerified,
}

impl PageSession {
    /// The verified session, if the user is authenticated.
    pub fn session(&self) -> Option<&VerifiedSession> {
        match self {
            Self::Authenticated(session) => Some(session),
            _ => None,
        }
    }
}

/// What is found of the access token of a request.
#[derive(Clone)]
pub(crate) enum AccessSession {
    /// No access token.
    Absent,
    /// Not an access token of a session.
    Malformed,
    /// Wrong signature, algorithm, key or claims.
    NotTrusted,
    Expired,
    /// Several cookies: it is unclear which one the backend would use.
    Ambiguous,
    /// Its key can't be fetched.
    NotVerified,
    Verified(VerifiedSession),
}

/// What is found of the front token of a page request.
pub(crate) enum FrontSession {
    SignedOut,
    Expired,
    Good(FrontToken),
}

impl FrontSession {
    pub(crate) fn read(text: Option<&str>, now: Duration, leeway: Duration) -> Self {
        match text.map(FrontToken::decode) {
            Some(Ok(front)) if front.expires_at().saturating_add(leeway) <= now => Self::Expired,
            Some(Ok(front)) => Self::Good(front),
            Some(Err(_)) | None => Self::SignedOut,
        }
    }
}

/// The table of [`PageSession`].
pub(crate) fn page_session(front: FrontSession, access: &AccessSession) -> PageSession {
    let front = match front {
        FrontSession::SignedOut => return PageSession::SignedOut,
        FrontSession::Expired => return PageSession::ToBeRefreshed,
        FrontSession::Good(front) => front,
    };
    match access {
        AccessSession::Absent | AccessSession::Expired | AccessSession::Ambiguous => {
            PageSession::ToBeRefreshed
        }
        AccessSession::Malformed | AccessSession::NotTrusted => PageSession::NotTrusted,
        AccessSession::NotVerified => PageSession::NotVerified,
        AccessSession::Verified(session) => match session.matching(&front) {
            Some(session) => PageSession::Authenticated(session),
            None => PageSession::ToBeRefreshed,
        },
    }
}
