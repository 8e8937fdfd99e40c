use serde_json::Value;
use supertokens_leptos::ClaimError;

use super::sentence;

/// A claim that did not pass, in words. `asker` is who asks for it: "The API", "This page".
pub(crate) fn reason(asker: &str, claim: &ClaimError) -> String {
    let ClaimError { id, reason } = claim;
    if reason["message"] == "expired" {
        return format!("{asker} asks for news of {id} that are younger, and they can’t be had now.");
    }
    match id.as_str() {
        "st-role" => missing(asker, ["role", "roles"], "your session has", reason),
        "st-perm" => missing(asker, ["permission", "permissions"], "your roles allow", reason),
        "st-ev" => format!("{asker} asks for a verified e-mail address; yours is not verified yet."),
        "when" => format!("{asker} asks for something that your session does not have."),
        "not" => format!("{asker} is not for sessions like yours."),
        _ => match reason["message"].as_str() {
            Some(message) => sentence(&format!("{id}: {message}")),
            None => format!("{id} does not allow it."),
        },
    }
}

/// What a list lacks.
fn missing(asker: &str, [one, many]: [&str; 2], has: &str, reason: &Value) -> String {
    let expected = ["expectedToInclude", "expectedToIncludeAtLeastOneOf"];
    let expected = expected.into_iter().map(|field| words(&reason[field])).find(|words| !words.is_empty());
    let asked = match expected.unwrap_or_default().as_slice() {
        [] => format!("other {many}"),
        [only] => format!("the {one} {only}"),
        several if reason["expectedToInclude"].is_array() => format!("the {many} {}", several.join(", ")),
        several => format!("one of the {many} {}", several.join(", ")),
    };
    match words(&reason["actualValue"]).as_slice() {
        [] => format!("{asker} asks for {asked}; {has} none."),
        actual => format!("{asker} asks for {asked}; {has}: {}.", actual.join(", ")),
    }
}

/// A text, or a list of them.
fn words(value: &Value) -> Vec<&str> {
    match value {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_denial_says_what_is_asked_for_and_what_there_is() {
        let cases = [
            (
                "st-role",
                json!({ "message": "wrong value", "expectedToInclude": "admin", "actualValue": ["user", "editor"] }),
                "This page asks for the role admin; your session has: user, editor.",
            ),
            (
                "st-role",
                json!({ "message": "value does not exist", "expectedToInclude": "admin" }),
                "This page asks for the role admin; your session has none.",
            ),
            (
                "st-role",
                json!({ "message": "wrong value", "expectedToIncludeAtLeastOneOf": ["a", "b"], "actualValue": [] }),
                "This page asks for one of the roles a, b; your session has none.",
            ),
            (
                "st-perm",
                json!({ "message": "wrong value", "expectedToInclude": ["a", "b"], "actualValue": ["a"] }),
                "This page asks for the permissions a, b; your roles allow: a.",
            ),
            (
                "st-ev",
                json!({ "message": "wrong value", "expectedValue": true, "actualValue": false }),
                "This page asks for a verified e-mail address; yours is not verified yet.",
            ),
            (
                "st-ev",
                json!({ "message": "expired", "ageInSeconds": 400.0, "maxAgeInSeconds": 300 }),
                "This page asks for news of st-ev that are younger, and they can’t be had now.",
            ),
            (
                "when",
                json!({ "message": "the condition does not hold" }),
                "This page asks for something that your session does not have.",
            ),
            ("plan", json!({ "message": "wrong value" }), "Plan: wrong value."),
            ("plan", Value::Null, "plan does not allow it."),
        ];
        for (id, why, expected) in cases {
            let claim = ClaimError { id: id.to_owned(), reason: why };
            assert_eq!(reason("This page", &claim), expected);
        }
    }
}
