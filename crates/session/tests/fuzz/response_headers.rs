//! The session headers of a response of any server, after any proxy.

use std::any::Any;

use base64::prelude::{BASE64_STANDARD, Engine};
use proptest::{option, prelude::*, sample::select};
use supertokens_session::{
    internal::response_headers::{FrontTokenHeader, SessionHeaders},
    platform::{Change, LocalBoxFuture, TransportError, TransportResponse},
};

use crate::text::{fits_a_cookie, hostile, near};

const NAMES: [&str; 5] =
    ["front-token", "id-refresh-token", "st-access-token", "st-refresh-token", "anti-csrf"];

/// A response with these values under [`NAMES`].
struct Response([Option<String>; 5]);

impl TransportResponse for Response {
    fn status(&self) -> u16 {
        200
    }

    fn header(&self, name: &str) -> Option<String> {
        self.0[NAMES.iter().position(|known| *known == name)?].clone()
    }

    fn bytes(self: Box<Self>) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn peek(&self) -> LocalBoxFuture<'static, Result<Vec<u8>, TransportError>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn value() -> impl Strategy<Value = Option<String>> {
    let front = near(&[r#"{"uid":"user-1234","ate":1700000000000,"up":{}}"#])
        .prop_map(|json| BASE64_STANDARD.encode(json));
    let any = prop_oneof![
        2 => hostile(),
        3 => near(&["remove", "", "5ba0c2-11ee;1700000000000", "eyJhbGciOi.J9.c2ln-_", "token-token-token"]),
        3 => front,
        1 => select(&["remove", ""][..]).prop_map(str::to_owned),
        1 => (64 * 1024 - 1..64 * 1024 + 3_usize).prop_map(|len| "a".repeat(len)),
    ];
    option::weighted(0.8, any)
}

/// The text of each token that is to be stored.
fn tokens(incoming: &SessionHeaders) -> Vec<&str> {
    fn of<'a, T>(change: &'a Change<T>, text: impl Fn(&'a T) -> &'a str) -> Option<&'a str> {
        match change {
            Change::Set(value) => Some(text(value)),
            Change::Keep | Change::Clear => None,
        }
    }
    let front = match &incoming.front {
        FrontTokenHeader::Token { text, .. } => Some(text.reveal()),
        FrontTokenHeader::None | FrontTokenHeader::Unreadable | FrontTokenHeader::Remove => None,
    };
    let all = [
        front,
        of(&incoming.id_refresh, |token| token.text()),
        of(&incoming.access, |token| token.reveal()),
        of(&incoming.refresh, |token| token.reveal()),
        of(&incoming.anti_csrf, |token| token.reveal()),
    ];
    all.into_iter().flatten().collect()
}

proptest! {
    #[test]
    fn every_accepted_token_fits_a_cookie(values in [value(), value(), value(), value(), value()]) {
        let incoming = SessionHeaders::read(&Response(values));
        let shown = format!("{incoming:?}");
        for token in tokens(&incoming) {
            prop_assert!(fits_a_cookie(token) && token.len() <= 64 * 1024, "{:?}", token);
            prop_assert!(token.len() < 8 || !shown.contains(token), "{}", shown);
        }
    }

    #[test]
    fn a_token_is_the_received_header_value(
        values in [value(), value(), value(), value(), value()], times in 1..4_usize
    ) {
        // Every API of headers returns them in this form.
        let values = values.map(|value| Some(value?.trim_ascii().to_owned()));
        let doubled = values.each_ref().map(|value| Some([value.as_deref()?].repeat(times).join(", ")));
        let incoming = SessionHeaders::read(&Response(doubled));
        for token in tokens(&incoming) {
            let is_of = |part: &str| {
                part.trim_ascii() == token || part.trim_ascii().split(';').next() == Some(token)
                    || part.split_ascii_whitespace().collect::<String>() == token
            };
            let whole = |value: &String| value.split(',').all(is_of);
            prop_assert!(values.iter().flatten().any(whole), "{}", token);
        }
        prop_assert_eq!(incoming, SessionHeaders::read(&Response(values)));
    }

    #[test]
    fn different_values_of_one_header_give_no_token(one in value(), other in value()) {
        let (Some(one), Some(other)) = (one, other) else { return Ok(()) };
        prop_assume!(one.trim_ascii() != other.trim_ascii() && !one.contains(',') && !other.contains(','));
        let both = || Some(format!("{one}, {other}"));
        let incoming = SessionHeaders::read(&Response([both(), both(), both(), both(), both()]));
        prop_assert_eq!(tokens(&incoming), [""; 0]);
        prop_assert!(incoming.unreadable.is_some());
        prop_assert_eq!(incoming.front, FrontTokenHeader::Unreadable);
    }

    #[test]
    fn only_remove_ends_a_session(values in [value(), value(), value(), value(), value()]) {
        let values = values.map(|value| Some(value?.trim_ascii().to_owned()));
        let is_end = |value: &Option<String>| {
            value.as_deref().is_some_and(|value| value.split(',').all(|part| part.trim_ascii() == "remove"))
        };
        let ends = is_end(&values[0]) || is_end(&values[1]);
        let incoming = SessionHeaders::read(&Response(values.clone()));
        prop_assert_eq!(incoming.front == FrontTokenHeader::Remove, ends);
        if incoming.lacks_front_token() {
            prop_assert!(incoming.front == FrontTokenHeader::None && !incoming.is_empty());
            prop_assert!(values[0].is_none());
        }
    }
}
