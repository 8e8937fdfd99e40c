use std::time::Duration;

use super::*;
use crate::platform::Method;

#[test]
fn the_claim_keys_match_the_recipes() {
    assert_eq!(
        (roles().key(), permissions().key(), allowed_domains().key()),
        ("st-role", "st-perm", "st-t-dmns")
    );
    assert_eq!((email_verified().id(), multi_factor().id()), ("st-ev", "st-mfa"));
}

/// The API has no call that fetches these claims.
#[test]
fn roles_permissions_and_domains_are_valid_at_any_age() {
    for (key, claim) in [("st-role", roles()), ("st-perm", permissions()), ("st-t-dmns", allowed_domains())] {
        let check = claim.includes(text("a"));
        assert_eq!(check.refresh(), None);
        for claim in [payload(key, json!(["a"]), 1_000_000_000), json!({ key: { "v": ["a"] } })] {
            assert!(!check.should_refresh(&claim, NOW_MS), "{claim}");
            assert_eq!(check.validate(&claim, NOW_MS), Ok(()), "{claim}");
        }
    }
}

#[test]
fn an_unverified_email_address_is_a_wrong_value() {
    let check = email_verified();
    let wrong = |actual: Option<Value>| {
        let mut reason = json!({ "message": "wrong value", "expectedValue": true });
        if let Some(actual) = actual {
            reason["actualValue"] = actual;
        }
        Err(reason)
    };
    for (claim, outcome, is_due) in [
        (json!({}), wrong(None), true),
        (payload("st-ev", json!(null), 0), wrong(None), true),
        (payload("st-ev", json!(true), 0), Ok(()), false),
        (payload("st-ev", json!(true), 1_000_000_000), Ok(()), false),
        (json!({ "st-ev": { "v": true } }), Ok(()), false),
        (payload("st-ev", json!(false), 10), wrong(Some(json!(false))), false),
        (payload("st-ev", json!(false), 11), wrong(Some(json!(false))), true),
        (json!({ "st-ev": { "v": false } }), wrong(Some(json!(false))), true),
        (payload("st-ev", json!("true"), 0), wrong(Some(json!("true"))), false),
    ] {
        assert_eq!(check.validate(&claim, NOW_MS), outcome, "{claim}");
        assert_eq!(check.should_refresh(&claim, NOW_MS), is_due, "{claim}");
    }
    let aged = email_verified().max_age(Duration::from_secs(300));
    assert!(aged.should_refresh(&payload("st-ev", json!(true), 301), NOW_MS));
    assert!(aged.validate(&payload("st-ev", json!(true), 301), NOW_MS).is_err());
}

#[test]
fn the_recipes_calls_are_below_the_base_path() {
    let below = ClaimRefresh::below_base_path;
    assert_eq!(email_verified().refresh(), Some(&below(Method::Get, "/user/email/verify")));
    assert_eq!(multi_factor().refresh(), Some(&below(Method::Put, "/mfa/info")));
}
