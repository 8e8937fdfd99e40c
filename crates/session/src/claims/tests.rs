use serde_json::{Value, json};

use super::*;

const NOW_MS: i64 = 1_700_000_000_000;

fn payload(key: &str, value: Value, age_s: i64) -> Value {
    json!({ key: { "v": value, "t": NOW_MS - age_s * 1000 } })
}

#[test]
fn reasons_are_those_of_the_javascript_sdk_field_for_field() {
    let claim = PrimitiveArrayClaim::<String>::new("c");
    let text = |text: &str| text.to_owned();
    let two = || ["a", "b"].map(str::to_owned);
    let cases = [
        (claim.includes(text("a")), "expectedToInclude", json!("a"), json!(["b"])),
        (claim.excludes(text("a")), "expectedToNotInclude", json!("a"), json!(["a"])),
        (claim.includes_all(two()), "expectedToInclude", json!(["a", "b"]), json!(["a"])),
        (claim.includes_any(two()), "expectedToIncludeAtLeastOneOf", json!(["a", "b"]), json!(["c"])),
        (claim.excludes_all(two()), "expectedToNotInclude", json!(["a", "b"]), json!(["b"])),
        (PrimitiveClaim::new("c").has_value(text("a")), "expectedValue", json!("a"), json!("b")),
    ];
    for (check, field, expected, actual) in cases {
        assert_eq!(
            check.validate(&json!({}), NOW_MS),
            Err(json!({ "message": "value does not exist", field: expected })),
        );
        assert_eq!(
            check.validate(&payload("c", actual.clone(), 0), NOW_MS),
            Err(json!({ "message": "wrong value", field: expected, "actualValue": actual })),
        );
        assert_eq!(
            check.max_age_s(60).validate(&payload("c", actual, 61), NOW_MS),
            Err(json!({ "message": "expired", "ageInSeconds": 61.0, "maxAgeInSeconds": 60 })),
        );
    }
}
