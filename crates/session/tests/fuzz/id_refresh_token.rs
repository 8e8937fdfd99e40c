//! `id-refresh-token`: the header of an older server, and the cookie of a page with an older SDK.

use proptest::prelude::*;
use supertokens_session::IdRefreshToken;

use crate::text::{fits_a_cookie, hostile, near};

fn check(token: &IdRefreshToken) {
    assert!(fits_a_cookie(token.text()), "{:?}", token.text());
    let stored = IdRefreshToken::from_store(token.text()).unwrap();
    assert_eq!(stored, token.without_expiry());
    assert_eq!(stored.expires_at_ms(), None);
}

proptest! {
    #[test]
    fn any_text_is_a_token_that_fits_a_cookie_or_an_error(
        text in prop_oneof![hostile(), near(&["5ba0c2-11ee;1700000000000", "remove", "a;-1", "a;9223372036854775807"])]
    ) {
        for token in [IdRefreshToken::from_header(&text), IdRefreshToken::from_store(&text)].into_iter().flatten() {
            check(&token);
        }
        if let Ok(token) = IdRefreshToken::from_store(&text) {
            prop_assert_eq!(token.text(), text);
        }
    }

    #[test]
    fn a_valid_token_has_the_written_values(value in "[!#-+\\--:<-\\[\\]-~]{1,60}", expiry: i64) {
        let token = IdRefreshToken::from_header(&format!("{value};{expiry}")).unwrap();
        prop_assert_eq!((token.text(), token.expires_at_ms()), (value.as_str(), Some(expiry)));
        check(&token);
    }
}
