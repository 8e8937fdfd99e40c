//! The front token: a header of any server, or a cookie of any script.

use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD, Engine};
use proptest::prelude::*;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use supertokens_session::{FrontToken, FrontTokenError};

use crate::text::{as_in_javascript, hostile, json, near, object};

const MAX_LEN: usize = 64 * 1024;

fn decode(json: &str) -> Result<FrontToken, FrontTokenError> {
    FrontToken::decode(&BASE64_STANDARD.encode(json))
}

/// The values of a token, read independently of the code under test. `None` if `serde_json` reads none.
fn model(json: &str) -> Option<(String, i64, Value)> {
    let value: Value = serde_json::from_str(json).ok()?;
    let up = value.get("up")?;
    let ate = value.get("ate")?;
    let ate = ate.as_i64().or_else(|| Some(ate.as_f64()?.floor() as i64))?;
    up.is_object().then_some((value.get("uid")?.as_str()?.to_owned(), ate, as_in_javascript(up.clone())))
}

fn parts(token: &FrontToken) -> (String, i64, Value) {
    // The methods of a token must not panic either.
    let _ =
        (token.session_handle(), token.issued_at_ms(), token.payload_as::<Vec<u8>>(), format!("{token:?}"));
    (token.user_id().to_owned(), token.expires_at_ms(), token.payload().clone())
}

fn token_json() -> impl Strategy<Value = String> {
    (hostile(), any::<i64>(), object(json()))
        .prop_map(|(uid, ate, up)| json!({ "uid": uid, "ate": ate, "up": up }).to_string())
}

proptest! {
    #[test]
    fn any_text_is_a_token_or_an_error(text in hostile(), bytes: Vec<u8>) {
        for text in [text, BASE64_STANDARD.encode(bytes)] {
            if let Ok(token) = FrontToken::decode(&text) {
                parts(&token);
            }
        }
    }

    #[test]
    fn a_valid_token_has_the_written_values(json in token_json()) {
        for text in [BASE64_STANDARD.encode(&json), BASE64_STANDARD_NO_PAD.encode(&json)] {
            let token = FrontToken::decode(&text).unwrap();
            prop_assert_eq!(Some(parts(&token)), model(&json));
        }
    }

    #[test]
    fn a_nearly_valid_token_has_the_values_of_its_json(json in near(&[
        r#"{"uid":"u","ate":1700000000000,"up":{}}"#,
        r#"{"up":{"iat":1700000000,"sessionHandle":"h","st-role":{"v":["admin"],"t":1}},"ate":1,"uid":"ü"}"#,
        r#"{"uid":"\ud83d\ude00\u0000","ate":-9223372036854775808,"up":{"":{"":[[]]}}}"#,
    ])) {
        let read = decode(&json).ok();
        let model = model(&json);
        // JSON that `serde_json` rejects and browsers read: the tests in a browser compare the two.
        if model.is_some() || !json.contains(r"\ud") {
            prop_assert_eq!(read.as_ref().map(parts), model);
        }
    }

    #[test]
    fn any_json_is_a_token_or_an_error(json in json()) {
        let json = json.to_string();
        prop_assert_eq!(decode(&json).ok().as_ref().map(parts), model(&json));
    }

    /// The last one is used, as in every browser.
    #[test]
    fn the_last_of_duplicate_fields_is_used(first in json(), user in hostile(), ate: i64) {
        let user_json = Value::from(user.clone()).to_string();
        let text = format!(r#"{{"uid":{first},"ate":{first},"up":{first},"up":{{}},"ate":{ate},"uid":{user_json}}}"#);
        prop_assert_eq!(parts(&decode(&text).unwrap()), (user, ate, json!({})));
    }

    #[test]
    fn a_time_is_any_number_rounded_down(time in prop_oneof![
        "-?[0-9]{1,40}", "-?[0-9]{1,13}[.][0-9]{1,6}", "-?[0-9]([.][0-9]{1,3})?[eE][+-]?[0-9]{1,6}", "0[0-9]{1,5}",
        "-?(NaN|Infinity)", "\"[0-9]{1,9}\"",
    ]) {
        let token = decode(&format!(r#"{{"uid":"u","ate":{time},"up":{{"iat":{time}}}}}"#));
        let is_number = !time.starts_with('"') && serde_json::from_str::<IgnoredAny>(&time).is_ok();
        prop_assert_eq!(token.is_ok(), is_number, "{}", time);
        if let Ok(token) = token {
            let float: f64 = time.parse().unwrap();
            let whole = time.parse::<i64>().ok();
            let ms = |factor: i64| {
                whole.map_or((float * factor as f64).floor() as i64, |whole| whole.saturating_mul(factor))
            };
            // `serde_json` may differ in the last bit of numbers with more than 15 digits.
            let is_near = |one: i64, other: i64| one.abs_diff(other) <= 1 + (one.unsigned_abs() >> 50);
            prop_assert!(is_near(token.expires_at_ms(), ms(1)), "{time}: {token:?}");
            match token.issued_at_ms() {
                Some(issued) => prop_assert!(is_near(issued, ms(1000)), "{time}: {issued}"),
                None => prop_assert!(float.abs() > 9.2e15, "{}", time),
            }
        }
    }

    #[test]
    fn any_depth_is_read(depth in prop_oneof![1..200_usize, 1..24_000_usize], arrays: bool) {
        let (open, close) = if arrays { ("[", "]") } else { (r#"{"a":"#, "}") };
        let depth = if arrays { depth } else { depth.min(7_000) };
        let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
        let token = decode(&format!(r#"{{"uid":"u","ate":1,"up":{{"x":{nested}}}}}"#));
        prop_assert!(token.is_ok());
        for json in [nested, open.repeat(depth)] {
            prop_assert!(decode(&json).is_err());
        }
    }
}

#[test]
fn the_longest_token_is_read() {
    let empty = json!({ "uid": "", "ate": 1, "up": {} }).to_string();
    let uid = "u".repeat(MAX_LEN / 4 * 3 - empty.len());
    let text = BASE64_STANDARD.encode(json!({ "uid": uid, "ate": 1, "up": {} }).to_string());
    assert_eq!(text.len(), MAX_LEN);
    assert_eq!(FrontToken::decode(&text).unwrap().user_id(), uid);
    let text = BASE64_STANDARD.encode(json!({ "uid": format!("{uid}u"), "ate": 1, "up": {} }).to_string());
    assert_eq!(FrontToken::decode(&text), Err(FrontTokenError::TooLong));
}
