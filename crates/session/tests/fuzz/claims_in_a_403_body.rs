//! The body of a 403 of any server or proxy.

use proptest::prelude::*;
use serde_json::{Value, json};
use supertokens_session::ClaimError;

use crate::text::{as_in_javascript, json, near};

/// The claims of a body, read independently of the code under test.
fn model(body: &[u8]) -> Option<Vec<(String, Value)>> {
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let body = as_in_javascript(serde_json::from_slice(body).ok()?);
    let claims = body.get("claimValidationErrors")?.as_array()?;
    let one = |claim: &Value| {
        Some((claim.get("id")?.as_str()?.to_owned(), claim.get("reason").cloned().unwrap_or_default()))
    };
    claims.iter().map(one).collect()
}

fn read(body: &[u8]) -> Option<Vec<(String, Value)>> {
    Some(
        ClaimError::all_in(body)?
            .into_iter()
            .map(|claim| {
                let reason = claim.reason();
                (claim.id, reason)
            })
            .collect(),
    )
}

proptest! {
    #[test]
    fn any_bytes_are_claims_or_none(bytes: Vec<u8>) {
        prop_assert_eq!(read(&bytes), model(&bytes));
    }

    #[test]
    fn any_json_names_the_claims_that_it_contains(body in json(), claims in json(), id in json(), reason in json()) {
        for body in [
            body.clone(),
            json!({ "claimValidationErrors": claims }),
            json!({ "claimValidationErrors": [claims] }),
            json!({ "claimValidationErrors": [{ "id": id, "reason": reason }], "message": body }),
            json!([claims]),
            json!([[{ "id": "st-role" }]]),
            json!({ "claimValidationErrors": [[id, reason]] }),
        ] {
            let body = body.to_string();
            prop_assert_eq!(read(body.as_bytes()), model(body.as_bytes()), "{}", body);
        }
    }

    #[test]
    fn a_nearly_valid_body_names_the_claims_of_its_json(body in near(&[
        r#"{"message":"invalid claim","claimValidationErrors":[{"id":"st-role","reason":{"message":"wrong value"}}]}"#,
        r#"{"claimValidationErrors":[{"id":"a"},{"reason":null,"id":"b","more":[1]}]}"#,
    ])) {
        prop_assert_eq!(read(body.as_bytes()), model(body.as_bytes()));
    }

    #[test]
    fn depth_is_bounded(depth in 128..60_000_usize) {
        let nested = format!(r#"{{"claimValidationErrors":[{{"id":"a","reason":{}"#, "[".repeat(depth));
        prop_assert_eq!(read(nested.as_bytes()), None);
    }
}

#[test]
fn size_is_bounded() {
    let body = |fill: usize| {
        json!({ "claimValidationErrors": [{ "id": "a", "reason": "x".repeat(fill) }] }).to_string()
    };
    let most = 64 * 1024 - body(0).len();
    assert_eq!(read(body(most).as_bytes()).unwrap().len(), 1);
    assert_eq!(read(body(most + 1).as_bytes()), None);
}
