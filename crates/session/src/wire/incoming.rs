//! The session headers of an answer.

use super::names;
use crate::{
    platform::{Change, Kept, TransportResponse},
    token::{
        AccessToken, AntiCsrfToken, FrontToken, FrontTokenText, IdRefreshToken, InvalidToken, RefreshToken,
    },
};

/// What an answer says of the session.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// Of the front token; the older generation's way to end a session counts as this one's.
    pub front: Arrival,
    /// Of the older generation's change marker.
    pub id_refresh: Change<IdRefreshToken>,
    /// Of header mode's access token.
    pub access: Change<AccessToken>,
    /// Of header mode's refresh token.
    pub refresh: Change<RefreshToken>,
    /// Of the anti-CSRF token.
    pub anti_csrf: Change<AntiCsrfToken>,
}

/// What an answer says of the front token.
#[derive(Debug, Clone, PartialEq)]
pub enum Arrival {
    /// Nothing.
    None,
    /// Something that is no front token; the session that is there stays.
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

impl Incoming {
    /// Reads the session headers of an answer.
    pub fn read(response: &dyn TransportResponse) -> Self {
        let id_refresh = token(response, names::ID_REFRESH_TOKEN, IdRefreshToken::from_header);
        // An older backend may send a front token along with the end: the end wins.
        let ends = id_refresh == Change::Set(IdRefreshToken::Removed);
        Self {
            front: if ends { Arrival::Remove } else { front_token(response) },
            id_refresh,
            access: token(response, names::ACCESS_TOKEN, AccessToken::parse),
            refresh: token(response, names::REFRESH_TOKEN, RefreshToken::parse),
            anti_csrf: token(response, names::ANTI_CSRF, AntiCsrfToken::parse),
        }
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
        self.front == Arrival::None && (has_tokens || has_id_refresh)
    }

    /// Whether all that it says of a session is kept already.
    pub fn is_kept(&self, kept: &Kept) -> bool {
        let Arrival::Token { text, .. } = &self.front else { return false };
        kept.front.as_ref() == Some(text)
            && self.id_refresh.is_in(&kept.id_refresh)
            && self.access.is_in(&kept.access)
            && self.refresh.is_in(&kept.refresh)
            && self.anti_csrf.is_in(&kept.anti_csrf)
    }

    /// Whether there is nothing to save.
    pub fn is_empty(&self) -> bool {
        matches!(self.front, Arrival::None | Arrival::Unreadable)
            && self.id_refresh == Change::Keep
            && self.access == Change::Keep
            && self.refresh == Change::Keep
            && self.anti_csrf == Change::Keep
    }
}

fn front_token(response: &dyn TransportResponse) -> Arrival {
    match response.header(names::FRONT_TOKEN).as_deref() {
        None | Some("") => Arrival::None,
        Some(names::REMOVE) => Arrival::Remove,
        Some(value) => match (FrontTokenText::parse(value), FrontToken::decode(value)) {
            (Ok(text), Ok(front)) => Arrival::Token { text, front },
            (text, front) => {
                if let Err(error) = front {
                    log::warn!("the API sent a front token that is ignored: {error}");
                } else if let Err(error) = text {
                    log::warn!("the API sent a front token that is ignored: {error}");
                }
                Arrival::Unreadable
            }
        },
    }
}

/// An empty value clears a token; one that no store could hold is ignored.
fn token<T>(
    response: &dyn TransportResponse,
    name: &str,
    parse: impl FnOnce(&str) -> Result<T, InvalidToken>,
) -> Change<T> {
    match response.header(name).as_deref() {
        None => Change::Keep,
        Some("") => Change::Clear,
        Some(value) => parse(value).map_or_else(
            |error| {
                log::warn!("the API's header `{name}` is ignored: {error}");
                Change::Keep
            },
            Change::Set,
        ),
    }
}
