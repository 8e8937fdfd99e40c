use std::time::Duration;

mod factors;
mod known;
mod require;

use serde_json::{Value, json};

use super::*;

const NOW_MS: i64 = 1_700_000_000_000;

fn payload(key: &str, value: Value, age_s: i64) -> Value {
    json!({ key: { "v": value, "t": NOW_MS - age_s * 1000 } })
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn two() -> [String; 2] {
    ["a", "b"].map(str::to_owned)
}

/// Each kind of check of the claim `c`: the field and value in its reason, a valid value, and an invalid value.
fn every_check() -> [(&'static str, ClaimCheck, &'static str, Value, Value, Value); 8] {
    let list = PrimitiveArrayClaim::<String>::new("c");
    let flag = BooleanClaim::new("c");
    [
        (
            "has_value",
            PrimitiveClaim::new("c").has_value(text("a")),
            "expectedValue",
            json!("a"),
            json!("a"),
            json!("b"),
        ),
        ("is_true", flag.is_true(), "expectedValue", json!(true), json!(true), json!(false)),
        ("is_false", flag.is_false(), "expectedValue", json!(false), json!(false), json!(true)),
        (
            "includes",
            list.includes(text("a")),
            "expectedToInclude",
            json!("a"),
            json!(["b", "a"]),
            json!(["b"]),
        ),
        (
            "excludes",
            list.excludes(text("a")),
            "expectedToNotInclude",
            json!("a"),
            json!(["b"]),
            json!(["b", "a"]),
        ),
        (
            "includes_all",
            list.includes_all(two()),
            "expectedToInclude",
            json!(["a", "b"]),
            json!(["b", "c", "a"]),
            json!(["a"]),
        ),
        (
            "includes_any",
            list.includes_any(two()),
            "expectedToIncludeAtLeastOneOf",
            json!(["a", "b"]),
            json!(["b"]),
            json!(["c"]),
        ),
        (
            "excludes_all",
            list.excludes_all(two()),
            "expectedToNotInclude",
            json!(["a", "b"]),
            json!(["c"]),
            json!(["c", "b"]),
        ),
    ]
}

#[test]
fn reasons_are_those_of_the_javascript_sdk_field_for_field() {
    for (name, check, field, expected, _, wrong) in every_check() {
        assert_eq!(check.id(), "c", "{name}");
        assert_eq!(
            check.validate(&json!({}), NOW_MS),
            Err(json!({ "message": "value does not exist", field: expected })),
            "{name}: an absent actualValue is left out",
        );
        assert_eq!(
            check.validate(&payload("c", wrong.clone(), 0), NOW_MS),
            Err(json!({ "message": "wrong value", field: expected, "actualValue": wrong })),
            "{name}",
        );
        assert_eq!(
            check.max_age(Duration::from_secs(60)).validate(&payload("c", wrong, 61), NOW_MS),
            Err(json!({ "message": "expired", "ageInSeconds": 61.0, "maxAgeInSeconds": 60 })),
            "{name}: what has expired may be right or wrong by now",
        );
    }
}

#[test]
fn a_valid_value_passes_at_any_age() {
    for (name, check, _, _, right, _) in every_check() {
        for claim in [
            payload("c", right.clone(), 0),
            payload("c", right.clone(), 1_000_000_000),
            payload("c", right.clone(), -1_000),
            json!({ "c": { "v": right }, "d": {} }),
            json!({ "c": { "v": right, "t": null, "more": 1 } }),
        ] {
            assert_eq!(check.validate(&claim, NOW_MS), Ok(()), "{name}: {claim}");
            assert!(!check.should_refresh(&claim, NOW_MS), "{name}: {claim}");
        }
    }
}

#[test]
fn an_absent_claim_is_invalid_and_is_fetched() {
    for (name, check, field, expected, right, _) in every_check() {
        for absent in [
            json!({}),
            json!({ "d": { "v": right, "t": NOW_MS } }),
            json!({ "c": right }),
            json!({ "c": { "value": right, "t": NOW_MS } }),
            json!({ "c": { "v": null, "t": NOW_MS } }),
            json!({ "c": null }),
            json!({ "c": [{ "v": right }] }),
            json!([]),
            json!("c"),
            json!(null),
        ] {
            let reason = json!({ "message": "value does not exist", field: expected });
            assert_eq!(check.validate(&absent, NOW_MS), Err(reason), "{name}: {absent}");
            assert!(check.should_refresh(&absent, NOW_MS), "{name}: {absent}");
        }
    }
}

#[test]
fn a_value_that_is_not_a_list_counts_as_absent_in_list_checks() {
    for (name, check, field, expected, ..) in &every_check()[3..] {
        for value in [json!("a"), json!("ab"), json!(1), json!(true), json!({ "a": 1, "0": "a" })] {
            let claim = payload("c", value, 0);
            let reason = json!({ "message": "value does not exist", *field: expected });
            assert_eq!(check.validate(&claim, NOW_MS), Err(reason), "{name}: {claim}");
            assert!(check.should_refresh(&claim, NOW_MS), "{name}: {claim}");
        }
    }
}

#[test]
fn a_single_value_of_another_type_is_wrong_and_is_not_fetched() {
    for (name, check, field, expected, ..) in &every_check()[..3] {
        for value in [json!(["a"]), json!(1), json!(0), json!(""), json!("true"), json!({})] {
            let claim = payload("c", value.clone(), 0);
            let reason = json!({ "message": "wrong value", *field: expected, "actualValue": value });
            assert_eq!(check.validate(&claim, NOW_MS), Err(reason), "{name}: {claim}");
            assert!(!check.should_refresh(&claim, NOW_MS), "{name}: {claim}");
        }
    }
}

#[test]
fn a_maximum_age_is_exact_to_the_millisecond() {
    for (name, check, _, _, right, _) in every_check() {
        let check = check.max_age(Duration::from_secs(60));
        for (age_ms, has_expired) in [
            (-60_000, false),
            (0, false),
            (59_999, false),
            (60_000, false),
            (60_001, true),
            (61_000, true),
            (i64::MAX / 2, true),
        ] {
            let claim = json!({ "c": { "v": right, "t": NOW_MS - age_ms } });
            assert_eq!(check.should_refresh(&claim, NOW_MS), has_expired, "{name}: {age_ms}");
            assert_eq!(check.validate(&claim, NOW_MS).is_err(), has_expired, "{name}: {age_ms}");
        }
    }
}

#[test]
fn a_claim_without_a_fetch_time_exceeds_any_maximum_age() {
    for (name, check, _, _, right, _) in every_check() {
        let check = check.max_age(Duration::MAX);
        for claim in [
            json!({ "c": { "v": right } }),
            json!({ "c": { "v": right, "t": null } }),
            json!({ "c": { "v": right, "t": NOW_MS.to_string() } }),
        ] {
            assert!(check.should_refresh(&claim, NOW_MS), "{name}: {claim}");
            let reason = json!({ "message": "expired", "maxAgeInSeconds": u32::MAX });
            assert_eq!(check.validate(&claim, NOW_MS), Err(reason), "{name}: {claim}");
        }
    }
}

#[test]
fn extreme_fetch_times_are_valid_ages() {
    let check = BooleanClaim::new("c").is_true().max_age(Duration::from_secs(60));
    for (time, has_expired) in [
        (json!(i64::MIN), true),
        (json!(i64::MAX), false),
        (json!(u64::MAX), false),
        (json!(-1.0e300), true),
        (json!(1.0e300), false),
        (json!(NOW_MS as f64 - 59_999.5), false),
        (json!(NOW_MS as f64 - 60_001.5), true),
    ] {
        let claim = json!({ "c": { "v": true, "t": time } });
        assert_eq!(check.should_refresh(&claim, NOW_MS), has_expired, "{claim}");
        for now_ms in [i64::MIN, i64::MAX] {
            let _ = check.validate(&claim, now_ms);
        }
    }
}

#[test]
fn ages_under_seven_seconds_count_as_seven() {
    for seconds in [0, 1, 6, 7] {
        let check = BooleanClaim::new("c").is_true().max_age(Duration::from_secs(seconds));
        let right = |age_s| payload("c", json!(true), age_s);
        assert_eq!(check.validate(&right(7), NOW_MS), Ok(()), "{seconds}");
        assert_eq!(check.validate(&right(8), NOW_MS).unwrap_err()["maxAgeInSeconds"], 7, "{seconds}");
        let check = BooleanClaim::new("c").is_true().refetch_on_failure(Duration::from_secs(seconds));
        let wrong = |age_s| payload("c", json!(false), age_s);
        assert!(!check.should_refresh(&wrong(7), NOW_MS), "{seconds}");
        assert!(check.should_refresh(&wrong(8), NOW_MS), "{seconds}");
    }
    let check = BooleanClaim::new("c").is_true().max_age(Duration::from_secs(8));
    assert_eq!(check.validate(&payload("c", json!(true), 8), NOW_MS), Ok(()));
}

#[test]
fn the_claims_default_maximum_age_applies_to_checks_without_one() {
    let claim = BooleanClaim::new("c").default_max_age(Duration::from_secs(60));
    let list = PrimitiveArrayClaim::<String>::new("c").default_max_age(Duration::from_secs(60));
    for (check, value) in [(claim.is_true(), json!(true)), (list.includes(text("a")), json!(["a"]))] {
        assert!(check.should_refresh(&payload("c", value.clone(), 61), NOW_MS));
        let longer = check.max_age(Duration::from_secs(120));
        assert!(!longer.should_refresh(&payload("c", value.clone(), 120), NOW_MS));
        assert!(longer.should_refresh(&payload("c", value, 121), NOW_MS));
    }
}

#[test]
fn refetch_on_failure_fetches_only_invalid_values() {
    for (name, check, _, _, right, wrong) in every_check() {
        let check = check.refetch_on_failure(Duration::from_secs(10));
        assert!(!check.should_refresh(&payload("c", right.clone(), 1_000), NOW_MS), "{name}");
        assert!(!check.should_refresh(&payload("c", wrong.clone(), 10), NOW_MS), "{name}");
        assert!(check.should_refresh(&payload("c", wrong, 11), NOW_MS), "{name}");
        assert_eq!(check.validate(&payload("c", right, 1_000), NOW_MS), Ok(()), "{name}");
    }
}

#[test]
fn numbers_are_compared_by_value() {
    let claim = PrimitiveClaim::<f64>::new("c");
    let list = PrimitiveArrayClaim::<i64>::new("c");
    for (check, value, passes) in [
        (claim.has_value(1.0), json!(1), true),
        (claim.has_value(1.0), json!(1.0), true),
        (claim.has_value(1.5), json!(1), false),
        (claim.has_value(1.0), json!("1"), false),
        (PrimitiveClaim::<u8>::new("c").has_value(1), json!(1.0), true),
        (list.includes(2), json!([1.0, 2.0]), true),
        (list.excludes(2), json!([1.0, 2.0]), false),
        // Whole numbers are compared as such, to the last digit.
        (list.includes(9_007_199_254_740_993), json!([9_007_199_254_740_992_i64]), false),
    ] {
        let claim = payload("c", value, 0);
        assert_eq!(check.validate(&claim, NOW_MS).is_ok(), passes, "{claim}");
    }
}

#[test]
fn values_of_another_type_are_not_read() {
    let plan = PrimitiveClaim::<String>::new("plan");
    let teams = PrimitiveArrayClaim::<String>::new("teams");
    let payload = json!({ "plan": { "v": "pro", "t": 7 }, "teams": { "v": ["red"], "t": 8.9 } });
    assert_eq!(
        (plan.value(&payload), plan.fetched_at(&payload)),
        (Some(text("pro")), Some(Duration::from_millis(7)))
    );
    assert_eq!(
        (teams.value(&payload), teams.fetched_at(&payload)),
        (Some(vec![text("red")]), Some(Duration::from_millis(8)))
    );
    assert_eq!((plan.key(), teams.key()), ("plan", "teams"));
    for invalid in [
        json!({ "plan": { "v": 1 }, "teams": { "v": "red" } }),
        json!({ "plan": { "v": null }, "teams": { "v": ["red", 1] } }),
        json!({ "plan": "pro", "teams": ["red"] }),
        json!(null),
    ] {
        assert_eq!(
            (plan.value(&invalid), teams.value(&invalid), plan.fetched_at(&invalid)),
            (None, None, None),
            "{invalid}"
        );
    }
}

#[test]
fn the_validator_returns_its_id_redirect_and_refresh() {
    let refresh = ClaimRefresh::new(crate::platform::Method::Post, "/x");
    let check = BooleanClaim::new("c").refreshed_by(refresh.clone()).is_true();
    assert_eq!((check.id(), check.redirect(&Value::Null), check.refresh()), ("c", None, Some(&refresh)));
    let check = check.with_id("mine").redirect_to("/fix");
    let validator = Validator::from(check.clone());
    assert_eq!((check.id(), check.redirect(&Value::Null)), ("mine", Some("/fix")));
    assert_eq!(
        (validator.id(), validator.redirect(&Value::Null), validator.refresh()),
        ("mine", Some("/fix"), Some(&refresh))
    );
    assert_eq!(format!("{validator:?}"), r#"Validator("mine")"#);
    assert_eq!(BooleanClaim::new("c").is_true().refresh(), None);
}
