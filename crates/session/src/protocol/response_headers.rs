//! The session headers of an answer.

use crate::{
    platform::{Change, StoredSession, TransportResponse},
    setup_warning::warn_of_setup,
    token::{
        AccessToken, AntiCsrfToken, FrontToken, FrontTokenError, FrontTokenText, IdRefreshToken,
        InvalidToken, RefreshToken,
    },
    wire::names,
};

/// What an answer says of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionHeaders {
    /// Of the front token; the older generation's way to end a session counts as this one's.
    pub front: FrontTokenHeader,
    /// Of the older generation's change marker.
    pub id_refresh: Change<IdRefreshToken>,
    /// Of header mode's access token.
    pub access: Change<AccessToken>,
    /// Of header mode's refresh token.
    pub refresh: Change<RefreshToken>,
    /// Of the anti-CSRF token.
    pub anti_csrf: Change<AntiCsrfToken>,
    /// Why the session in it can't be read as a whole, where it can't.
    pub unreadable: Option<Unreadable>,
}

/// A session header that can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unreadable {
    /// The front token.
    FrontToken(FrontTokenError),
    /// A token of that name: no cookie could hold it, or it was sent more than once, with different values.
    Token {
        /// The header's name.
        name: &'static str,
    },
}

/// What an answer says of the front token.
#[derive(Debug, Clone, PartialEq)]
pub enum FrontTokenHeader {
    /// Nothing.
    None,
    /// Something that is no front token; the session that is there stays. Why, is in [`SessionHeaders::unreadable`].
    Unreadable,
    /// The session has ended.
    Remove,
    /// A new front token.
    Token {
        /// As it travels.
        text: FrontTokenText,
        /// Decoded.
        front: FrontToken,
    },
}

impl SessionHeaders {
    /// Reads the session headers of a response. One that was sent more than once with the same value counts once.
    pub fn read(response: &dyn TransportResponse) -> Self {
        let mut unreadable = None;
        let access = token(response, names::ACCESS_TOKEN, AccessToken::parse, &mut unreadable);
        let refresh = token(response, names::REFRESH_TOKEN, RefreshToken::parse, &mut unreadable);
        let anti_csrf = token(response, names::ANTI_CSRF, AntiCsrfToken::parse, &mut unreadable);
        let mut no_marker = None;
        let id_refresh =
            token(response, names::ID_REFRESH_TOKEN, IdRefreshToken::from_header, &mut no_marker);
        // An older backend may send a front token along with the end: the end wins.
        let ends = id_refresh == Change::Set(IdRefreshToken::Removed);
        let (front, unreadable) =
            match if ends { Ok(FrontTokenHeader::Remove) } else { front_token(response) } {
                Ok(FrontTokenHeader::Remove) => (FrontTokenHeader::Remove, None),
                // Where there is a front token, the older generation's marker is not needed.
                Ok(front @ FrontTokenHeader::Token { .. }) => (front, unreadable),
                Ok(front) => (front, unreadable.or(no_marker)),
                Err(error) => (FrontTokenHeader::Unreadable, Some(Unreadable::FrontToken(error))),
            };
        Self { front, id_refresh, access, refresh, anti_csrf, unreadable }
    }

    /// Takes out an anti-CSRF token that the request itself sent: backends echo it, and by now there may be a newer.
    pub fn without_echo(mut self, sent: Option<&AntiCsrfToken>) -> Self {
        if let (Change::Set(token), Some(sent)) = (&self.anti_csrf, sent)
            && token == sent
        {
            self.anti_csrf = Change::Keep;
        }
        self
    }

    /// Whether tokens of a session came without the front token that every backend sends with them: something on the
    /// way has taken it out, or hides it from script.
    pub fn lacks_front_token(&self) -> bool {
        let has_id_refresh = matches!(self.id_refresh, Change::Set(IdRefreshToken::Current { .. }));
        let has_tokens = matches!(self.access, Change::Set(_))
            || matches!(self.refresh, Change::Set(_))
            || matches!(self.anti_csrf, Change::Set(_));
        self.front == FrontTokenHeader::None && (has_tokens || has_id_refresh)
    }

    /// Whether all that it says of a session is stored already.
    pub fn is_stored(&self, stored: &StoredSession) -> bool {
        let FrontTokenHeader::Token { text, .. } = &self.front else { return false };
        stored.front.as_ref() == Some(text)
            && self.id_refresh.is_in(&stored.id_refresh)
            && self.access.is_in(&stored.access)
            && self.refresh.is_in(&stored.refresh)
            && self.anti_csrf.is_in(&stored.anti_csrf)
    }

    /// Whether there is nothing to save.
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
            // Something on the way may have broken it into lines, which no cookie can hold.
            let text: String = value.split_ascii_whitespace().collect();
            let text = FrontTokenText::parse(&text).map_err(|_| FrontTokenError::Base64)?;
            Ok(FrontTokenHeader::Token { text, front })
        }
    };
    read().inspect_err(|error| {
        warn_of_setup(format_args!("the API sent a front token that is ignored: {error}"));
    })
}

/// An empty value clears a token; one that can't be read is ignored.
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
            warn_of_setup(format_args!("the API's header `{name}` is ignored: {error}"));
            *unreadable = Some(Unreadable::Token { name });
            Change::Keep
        },
        Change::Set,
    )
}

/// A header's value. Where it was sent more than once, the values come joined by commas, which are in no token: equal
/// ones are one, and different ones none.
fn single(header: &str) -> Option<&str> {
    let Some((first, others)) = header.split_once(',') else { return Some(header) };
    let first = first.trim_ascii();
    others.split(',').all(|other| other.trim_ascii() == first).then_some(first)
}
