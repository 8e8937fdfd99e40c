use serde_json::Value;
use supertokens_session::ClaimError;

use super::sentence;

/// Describes a failed claim. `subject` is who requires it: "The API" or "This page".
pub fn reason(subject: &str, claim: &ClaimError) -> String {
    let (id, reason) = (&claim.id, &claim.reason());
    if reason["message"] == "expired" {
        return format!("{subject} requires a newer value of {id}, which is not available now.");
    }
    match id.as_str() {
        "st-role" => missing(subject, ["role", "roles"], "your session has", reason),
        "st-perm" => missing(subject, ["permission", "permissions"], "your roles allow", reason),
        "st-ev" => format!("{subject} requires a verified e-mail address; yours is not verified yet."),
        "st-mfa" => format!("{subject} requires a second factor, which your session has not completed."),
        "when" => format!("{subject} has a requirement that your session does not fulfil."),
        "not" => format!("{subject} is not available for your session."),
        _ => match reason["message"].as_str() {
            Some(message) => sentence(&format!("{id}: {message}")),
            None => format!("The claim {id} is not fulfilled."),
        },
    }
}

/// Describes a list claim without an expected value.
fn missing(subject: &str, [singular, plural]: [&str; 2], has: &str, reason: &Value) -> String {
    let expected = ["expectedToInclude", "expectedToIncludeAtLeastOneOf"];
    let expected = expected.into_iter().map(|field| texts(&reason[field])).find(|texts| !texts.is_empty());
    let required = match expected.unwrap_or_default().as_slice() {
        [] => format!("other {plural}"),
        [only] => format!("the {singular} {only}"),
        several if reason["expectedToInclude"].is_array() => format!("the {plural} {}", several.join(", ")),
        several => format!("one of the {plural} {}", several.join(", ")),
    };
    match texts(&reason["actualValue"]).as_slice() {
        [] => format!("{subject} requires {required}; {has} none."),
        actual => format!("{subject} requires {required}; {has}: {}.", actual.join(", ")),
    }
}

/// The texts of a JSON string or a list of strings.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(values) => values.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_reason_names_the_required_and_the_actual_value() {
        let cases = [
            (
                "st-role",
                json!({ "message": "wrong value", "expectedToInclude": "admin", "actualValue": ["user", "editor"] }),
                "This page requires the role admin; your session has: user, editor.",
            ),
            (
                "st-role",
                json!({ "message": "value does not exist", "expectedToInclude": "admin" }),
                "This page requires the role admin; your session has none.",
            ),
            (
                "st-role",
                json!({ "message": "wrong value", "expectedToIncludeAtLeastOneOf": ["a", "b"], "actualValue": [] }),
                "This page requires one of the roles a, b; your session has none.",
            ),
            (
                "st-perm",
                json!({ "message": "wrong value", "expectedToInclude": ["a", "b"], "actualValue": ["a"] }),
                "This page requires the permissions a, b; your roles allow: a.",
            ),
            (
                "st-ev",
                json!({ "message": "wrong value", "expectedValue": true, "actualValue": false }),
                "This page requires a verified e-mail address; yours is not verified yet.",
            ),
            (
                "st-ev",
                json!({ "message": "expired", "ageInSeconds": 400.0, "maxAgeInSeconds": 300 }),
                "This page requires a newer value of st-ev, which is not available now.",
            ),
            (
                "st-mfa",
                json!({ "message": "Factor validation failed: Not completed", "factorId": "totp" }),
                "This page requires a second factor, which your session has not completed.",
            ),
            (
                "when",
                json!({ "message": "the condition does not hold" }),
                "This page has a requirement that your session does not fulfil.",
            ),
            ("plan", json!({ "message": "wrong value" }), "Plan: wrong value."),
            ("plan", Value::Null, "The claim plan is not fulfilled."),
        ];
        for (id, why, expected) in cases {
            let claim = ClaimError::new(id, &why);
            assert_eq!(reason("This page", &claim), expected);
        }
    }
}
