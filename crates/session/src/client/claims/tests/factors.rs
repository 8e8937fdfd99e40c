use super::*;

const LONG_AGO: i64 = 1_600_000_000;

fn mfa(completed: Value, is_enough: Value) -> Value {
    json!({ "st-mfa": { "c": completed, "v": is_enough } })
}

fn failed(id: &str) -> Value {
    json!({ "id": id, "isValid": false, "message": "Not completed" })
}

#[test]
fn reasons_are_those_of_the_javascript_sdk() {
    let half_way = mfa(json!({ "emailpassword": LONG_AGO }), json!(false));
    let done = mfa(json!({ "emailpassword": LONG_AGO, "totp": LONG_AGO }), json!(true));
    for (check, reason) in [
        (multi_factor(), json!({ "message": "not all required factors have been completed" })),
        (factor("totp"), json!({ "message": "Factor validation failed: Not completed", "factorId": "totp" })),
        (
            any_factor(["totp", "otp-email"]),
            json!({
                "message": "All factor checkers failed in the list",
                "oneOf": ["totp", "otp-email"],
                "failures": [failed("totp"), failed("otp-email")],
            }),
        ),
        (
            all_factors(["emailpassword", "totp"]),
            json!({
                "message": "Some factor checkers failed in the list",
                "allOfInAnyOrder": ["emailpassword", "totp"],
                "failures": [failed("totp")],
            }),
        ),
    ] {
        assert_eq!(check.validate(&half_way, NOW_MS), Err(reason), "{check:?}");
        assert!(!check.should_refresh(&half_way, NOW_MS), "{check:?}");
        assert_eq!(check.validate(&done, NOW_MS), Ok(()), "{check:?}");
        assert!(!check.should_refresh(&done, NOW_MS), "{check:?}");
    }
}

#[test]
fn any_factor_needs_one_factor_and_fails_for_an_empty_list() {
    let half_way = mfa(json!({ "otp-email": LONG_AGO }), json!(false));
    assert_eq!(factor("otp-email").validate(&half_way, 0), Ok(()));
    assert_eq!(any_factor(["totp", "otp-email"]).validate(&half_way, 0), Ok(()));
    assert!(any_factor([""; 0]).validate(&half_way, 0).is_err());
    assert_eq!(all_factors([""; 0]).validate(&half_way, 0), Ok(()));
}

#[test]
fn an_absent_or_invalid_claim_fails_and_is_fetched() {
    for absent in [
        json!({}),
        json!({ "st-mfa": null }),
        json!({ "st-mfa": true }),
        json!({ "st-mfa": [] }),
        json!(null),
    ] {
        for check in [multi_factor(), factor("totp"), any_factor(["totp"]), all_factors(["totp"])] {
            let reason = json!({ "message": "MFA info not available in payload" });
            assert_eq!(check.validate(&absent, NOW_MS), Err(reason), "{check:?} {absent}");
            assert!(check.should_refresh(&absent, NOW_MS), "{check:?} {absent}");
        }
    }
}

#[test]
fn only_true_completes_the_sign_in_and_only_listed_factors_are_completed() {
    for invalid in [json!(null), json!(1), json!("true"), json!([]), json!({ "v": true })] {
        assert!(multi_factor().validate(&mfa(json!({}), invalid.clone()), 0).is_err(), "{invalid}");
        assert!(factor("totp").validate(&mfa(invalid.clone(), json!(true)), 0).is_err(), "{invalid}");
    }
    assert!(factor("totp").validate(&json!({ "st-mfa": {} }), 0).is_err());
    assert!(factor("totp").validate(&mfa(json!({ "totp": null }), json!(true)), 0).is_err());
}

#[test]
fn the_validator_returns_its_id_and_redirect() {
    let check = factor("totp").with_id("second").redirect_to("/mfa");
    let validator = Validator::from(check);
    assert_eq!((validator.id(), validator.redirect(&Value::Null)), ("second", Some("/mfa")));
    assert_eq!((multi_factor().id(), multi_factor().redirect(&Value::Null)), ("st-mfa", None));
}
