//! Reads the tokens in a request's headers. HTTP/2 may split cookies over several headers, and other cookies may contain
//! any byte.

use http::{HeaderMap, header};
use supertokens_session::internal::names::{ACCESS_TOKEN_KEY, FRONT_TOKEN_KEY};

/// The httpOnly cookie of the backend.
const ACCESS_TOKEN_COOKIE: &str = "sAccessToken";

/// The texts of the tokens in a request.
#[derive(Default)]
pub(crate) struct SentTokens<'a> {
    /// `Authorization: Bearer`.
    pub(crate) bearer: Option<&'a str>,
    /// The first `sAccessToken`.
    pub(crate) cookie: Option<&'a str>,
    /// Whether there are several `sAccessToken`, of different domains or paths.
    pub(crate) several_cookies: bool,
    /// The access token of header mode, in a cookie of the page that script wrote.
    pub(crate) page_cookie: Option<&'a str>,
    /// The first front token, as the browser's script reads it.
    pub(crate) front: Option<&'a str>,
}

impl<'a> SentTokens<'a> {
    pub(crate) fn read(headers: &'a HeaderMap) -> Self {
        let mut tokens = Self { bearer: bearer(headers), ..Self::default() };
        for (name, value) in headers.get_all(header::COOKIE).iter().flat_map(|line| pairs(line.as_bytes())) {
            let place = if name == ACCESS_TOKEN_COOKIE.as_bytes() {
                tokens.several_cookies |= tokens.cookie.is_some();
                &mut tokens.cookie
            } else if name == ACCESS_TOKEN_KEY.as_bytes() {
                &mut tokens.page_cookie
            } else if name == FRONT_TOKEN_KEY.as_bytes() {
                &mut tokens.front
            } else {
                continue;
            };
            // A value that is no UTF-8 is no token, but it is a cookie.
            *place = place.or(Some(std::str::from_utf8(value).unwrap_or_default()));
        }
        tokens
    }
}

fn pairs(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    line.split(|byte| *byte == b';').filter_map(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at_checked(end)?;
        Some((name.trim_ascii(), value.get(1..)?.trim_ascii()))
    })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(lines: &[(&'static str, &[u8])]) -> HeaderMap {
        let value = |bytes: &[u8]| HeaderValue::from_bytes(bytes).unwrap();
        let mut headers = HeaderMap::new();
        for (name, bytes) in lines {
            headers.append(*name, value(bytes));
        }
        headers
    }

    #[test]
    fn reads_cookies_by_their_whole_name_and_the_first_of_two() {
        let headers = headers(&[(
            "cookie",
            b"xsAccessToken=no; sAccessToken = a.b.c ;sAccessToken=d;sFrontToken=f==; sFrontToken=g",
        )]);
        let tokens = SentTokens::read(&headers);
        assert_eq!((tokens.cookie, tokens.several_cookies), (Some("a.b.c"), true));
        assert_eq!((tokens.front, tokens.page_cookie, tokens.bearer), (Some("f=="), None, None));
    }

    #[test]
    fn reads_split_cookie_headers_beside_cookies_of_any_bytes() {
        let headers = headers(&[
            ("cookie", b"theme=\xff\xfe; st-access-token=p"),
            ("cookie", b"novalue; sAccessToken=a"),
            ("authorization", b"bEARER  t "),
        ]);
        let tokens = SentTokens::read(&headers);
        assert_eq!((tokens.cookie, tokens.several_cookies), (Some("a"), false));
        assert_eq!((tokens.page_cookie, tokens.bearer), (Some("p"), Some("t")));
    }

    #[test]
    fn other_authorization_schemes_are_no_bearer_token() {
        for value in [&b"Basic dTpw"[..], b"Bearer", b"", b"Bearer\xff x"] {
            assert_eq!(SentTokens::read(&headers(&[("authorization", value)])).bearer, None);
        }
    }
}
