//! The session headers of a response.

use crate::{
    platform::{Change, StoredSession, TransportResponse},
    setup_warning::warn_of_setup,
    token::{
        AccessToken, AntiCsrfToken, FrontToken, FrontTokenError, FrontTokenText, IdRefreshToken,
        InvalidToken, RefreshToken,
    },
    wire::names,
};

/// The session changes in a response's headers.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct SessionHeaders {
    /// The front token. A `remove` of the older generation's marker also counts as `Remove`.
    pub front: FrontTokenHeader,
    /// The older generation's change marker.
    pub id_refresh: Change<IdRefreshToken>,
    /// Header mode's access token.
    pub access: Change<AccessToken>,
    /// Header mode's refresh token.
    pub refresh: Change<RefreshToken>,
    /// The anti-CSRF token.
    pub anti_csrf: Change<AntiCsrfToken>,
    /// The header that can't be read, if any.
    pub unreadable: Option<Unreadable>,
}

/// A session header that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unreadable {
    /// The front token.
    FrontToken(FrontTokenError),
    /// A token header: the value contains characters that no cookie can hold, or there are different values.
    Token {
        /// The header's name.
        name: &'static str,
    },
}

/// The front token in a response's headers.
#[derive(Debug, Clone, PartialEq)]
pub enum FrontTokenHeader {
    /// There is no front token header.
    None,
    /// The header can't be read, and the stored session stays. [`SessionHeaders::unreadable`] has the reason.
    Unreadable,
    /// The session has ended.
    Remove,
    /// A new front token.
    Token {
        /// The encoded token.
        text: FrontTokenText,
        /// The decoded token.
        front: FrontToken,
    },
}

impl SessionHeaders {
    /// Reads the session headers of a response. A header that was sent several times with the same value counts once.
    pub fn read(response: &dyn TransportResponse) -> Self {
        let mut unreadable = None;
        let access = token(response, names::ACCESS_TOKEN, AccessToken::parse, &mut unreadable);
        let refresh = token(response, names::REFRESH_TOKEN, RefreshToken::parse, &mut unreadable);
        let anti_csrf = token(response, names::ANTI_CSRF, AntiCsrfToken::parse, &mut unreadable);
        let mut unreadable_marker = None;
        let id_refresh =
            token(response, names::ID_REFRESH_TOKEN, IdRefreshToken::from_header, &mut unreadable_marker);
        // An older backend may end the session and also send a front token. The end takes precedence.
        let has_ended = id_refresh == Change::Set(IdRefreshToken::Removed);
        let (front, unreadable) =
            match if has_ended { Ok(FrontTokenHeader::Remove) } else { front_token(response) } {
                Ok(FrontTokenHeader::Remove) => (FrontTokenHeader::Remove, None),
                // With a front token, the older generation's marker is not needed.
                Ok(front @ FrontTokenHeader::Token { .. }) => (front, unreadable),
                Ok(front) => (front, unreadable.or(unreadable_marker)),
                Err(error) => (FrontTokenHeader::Unreadable, Some(Unreadable::FrontToken(error))),
            };
        Self { front, id_refresh, access, refresh, anti_csrf, unreadable }
    }

    /// Removes an anti-CSRF token that the request sent: backends echo it, and the store may already have a newer one.
    pub fn without_echo(mut self, sent: Option<&AntiCsrfToken>) -> Self {
        if let (Change::Set(token), Some(sent)) = (&self.anti_csrf, sent)
            && token == sent
        {
            self.anti_csrf = Change::Keep;
        }
        self
    }

    /// Whether the response has tokens of a session but no front token. Backends always send both, so a proxy removed
    /// the front token, or CORS hides it from script.
    pub fn lacks_front_token(&self) -> bool {
        let has_id_refresh = matches!(self.id_refresh, Change::Set(IdRefreshToken::Current { .. }));
        let has_tokens = matches!(self.access, Change::Set(_))
            || matches!(self.refresh, Change::Set(_))
            || matches!(self.anti_csrf, Change::Set(_));
        self.front == FrontTokenHeader::None && (has_tokens || has_id_refresh)
    }

    /// Whether the store already has all values of these headers.
    pub fn is_stored(&self, stored: &StoredSession) -> bool {
        let FrontTokenHeader::Token { text, .. } = &self.front else { return false };
        stored.front.as_ref() == Some(text)
            && self.id_refresh.leaves_unchanged(&stored.id_refresh)
            && self.access.leaves_unchanged(&stored.access)
            && self.refresh.leaves_unchanged(&stored.refresh)
            && self.anti_csrf.leaves_unchanged(&stored.anti_csrf)
    }

    /// Whether the headers contain nothing to save.
    pub fn is_empty(&self) -> bool {
        matches!(self.front, FrontTokenHeader::None | FrontTokenHeader::Unreadable)
            && self.id_refresh == Change::Keep
            && self.access == Change::Keep
            && self.refresh == Change::Keep
            && self.anti_csrf == Change::Keep
    }
}

fn front_token(response: &dyn TransportResponse) -> Result<FrontTokenHeader, FrontTokenError> {
    let Some(header) = response.header(names::FRONT_TOKEN) else { return Ok(FrontTokenHeader::None) };
    let read = || match single(&header).ok_or(FrontTokenError::Ambiguous)? {
        names::REMOVE => Ok(FrontTokenHeader::Remove),
        value => {
            let front = FrontToken::decode(value)?;
            // A proxy may have split the value into lines, which no cookie can hold.
            let text: String = value.split_ascii_whitespace().collect();
            let text = FrontTokenText::parse(&text).map_err(|_| FrontTokenError::Base64)?;
            Ok(FrontTokenHeader::Token { text, front })
        }
    };
    read().inspect_err(|error| {
        warn_of_setup(format_args!("ignoring an invalid front token: {error}"));
    })
}

/// An empty value clears a token. A value that can't be read is ignored.
fn token<T>(
    response: &dyn TransportResponse,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, InvalidToken>,
    unreadable: &mut Option<Unreadable>,
) -> Change<T> {
    let Some(header) = response.header(name) else { return Change::Keep };
    let value = single(&header);
    if value == Some("") {
        return Change::Clear;
    }
    value.ok_or(InvalidToken).and_then(parse).map_or_else(
        |error| {
            warn_of_setup(format_args!("ignoring the invalid header `{name}`: {error}"));
            *unreadable = Some(Unreadable::Token { name });
            Change::Keep
        },
        Change::Set,
    )
}

/// A header's value. `fetch` joins repeated headers with commas, which no token contains. Equal values count once;
/// different values return none.
fn single(header: &str) -> Option<&str> {
    let Some((first, others)) = header.split_once(',') else { return Some(header) };
    let first = first.trim_ascii();
    others.split(',').all(|other| other.trim_ascii() == first).then_some(first)
}
