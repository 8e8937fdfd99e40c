use std::time::Duration;

use super::*;
use crate::event::ClaimError;

fn yes() -> Require {
    Require::when(|_| true)
}

fn no(id: &str) -> Require {
    Require::claim(BooleanClaim::new("absent").is_true().with_id(id))
}

fn no_with_redirect(id: &str, to: &'static str) -> Require {
    Require::claim(BooleanClaim::new("absent").is_true().with_id(id).redirect_to(to))
}

/// The ids of the failed checks.
fn ids(require: &Require, payload: &Value) -> Vec<String> {
    match require.check(payload, NOW_MS) {
        Ok(()) => Vec::new(),
        Err(denied) => denied.reasons.into_iter().map(|error| error.id).collect(),
    }
}

#[test]
fn roles_and_permissions_must_be_in_the_payload() {
    let both = json!({ "st-role": { "v": ["a", "b"], "t": 1 }, "st-perm": { "v": ["p"], "t": 1 } });
    let one = json!({ "st-role": { "v": ["a"], "t": 1 }, "st-perm": { "v": [], "t": 1 } });
    for (require, of_both, of_one, of_none) in [
        (Require::session(), true, true, true),
        (Require::default(), true, true, true),
        (Require::role("a"), true, true, false),
        (Require::role("b"), true, false, false),
        (Require::role("A"), false, false, false),
        (Require::any_role(["b", "a"]), true, true, false),
        (Require::any_role(["x", "y"]), false, false, false),
        (Require::any_role([""; 0]), false, false, false),
        (Require::all_roles(["b", "a"]), true, false, false),
        (Require::permission("p"), true, false, false),
        (Require::role("a").and(Require::permission("p")), true, false, false),
        (Require::role("b").or(Require::role("a")), true, true, false),
        (Require::role("b").not(), false, true, true),
        (Require::when(|payload| payload["st-role"]["v"][1] == "b"), true, false, false),
    ] {
        for (payload, holds) in [(&both, of_both), (&one, of_one), (&json!({}), of_none)] {
            assert_eq!(require.check(payload, NOW_MS).is_ok(), holds, "{require:?} of {payload}");
        }
    }
}

#[test]
fn each_failed_check_is_a_reason_in_source_order() {
    let payload = json!({});
    for (require, expected) in [
        (no("a").and(no("b")), vec!["a", "b"]),
        (no("a").and(yes()), vec!["a"]),
        (yes().and(no("b")), vec!["b"]),
        (yes().and(yes()), vec![]),
        (no("a").or(no("b")), vec!["a", "b"]),
        (no("a").or(yes()), vec![]),
        (yes().or(no("b")), vec![]),
        (no("a").and(no("b")).or(no("c")), vec!["a", "b", "c"]),
        (no("a").or(yes()).and(no("c")), vec!["c"]),
        (yes().not(), vec!["not"]),
        (no("a").not(), vec![]),
        (no("a").not().not(), vec!["not"]),
        (Require::session().not(), vec!["not"]),
        (Require::when(|_| false), vec!["when"]),
        (Require::role("x"), vec!["st-role"]),
    ] {
        assert_eq!(ids(&require, &payload), expected, "{require:?}");
    }
}

#[test]
fn the_denied_reason_is_the_validators_reason() {
    let payload = payload("st-role", json!(["reader"]), 0);
    let denied = Require::role("admin").check(&payload, NOW_MS).unwrap_err();
    let reason = json!({ "message": "wrong value", "expectedToInclude": "admin", "actualValue": ["reader"] });
    assert_eq!(denied.reasons, [ClaimError::new("st-role", &reason)]);
    assert_eq!(denied.redirect, None);
    let denied = Require::when(|_| false).check(&payload, NOW_MS).unwrap_err();
    assert_eq!(denied.reasons[0].reason(), json!({ "message": "the condition does not hold" }));
    let denied = Require::session().not().check(&payload, NOW_MS).unwrap_err();
    assert_eq!(denied.reasons[0].reason(), json!({ "message": "the negated requirement holds" }));
}

#[test]
fn the_redirect_is_that_of_the_first_failed_check_with_one() {
    let to = |require: Require| require.check(&json!({}), NOW_MS).unwrap_err().redirect;
    let (a, b) = (|| no_with_redirect("a", "/a"), || no_with_redirect("b", "/b"));
    assert_eq!(to(no("x")), None);
    assert_eq!(to(a()).as_deref(), Some("/a"));
    assert_eq!(to(a().and(b())).as_deref(), Some("/a"));
    assert_eq!(to(no("x").and(b()).and(a())).as_deref(), Some("/b"));
    assert_eq!(to(no("x").or(b())).as_deref(), Some("/b"));
    assert_eq!(to(yes().and(b())).as_deref(), Some("/b"));
    assert_eq!(to(a().not().not()), None, "a negated requirement has no redirect");
}

#[test]
fn validators_include_those_of_negated_requirements() {
    let require = Require::session().and(no("a").or(yes()).and(no("b").not()));
    assert_eq!(require.validators().iter().map(ClaimValidator::id).collect::<Vec<_>>(), ["a", "b"]);
    assert!(Require::session().validators().is_empty());
}

#[test]
fn the_caller_passes_the_time() {
    let require = Require::claim(BooleanClaim::new("c").is_true().max_age(Duration::from_secs(60)));
    let payload = payload("c", json!(true), 0);
    assert!(require.check(&payload, NOW_MS + 60_000).is_ok());
    assert!(require.check(&payload, NOW_MS + 60_001).is_err());
}

#[test]
fn debug_output_contains_the_requirement_and_no_payload() {
    let secret = json!({ "st-role": { "v": ["s3cr3t"], "t": 1 }, "name": "s3cr3t" });
    let require = Require::role("s3cr3t-role")
        .and(Require::when(|payload| payload["name"] == "x"))
        .or(Require::session().not());
    let _ = require.check(&secret, NOW_MS);
    assert_eq!(format!("{require:?}"), "((claim(st-role) and when(..)) or not session)");
}

#[test]
fn denied_survives_serialization() {
    let denied = no_with_redirect("a", "/a").and(Require::role("x")).check(&json!({}), NOW_MS).unwrap_err();
    let sent = serde_json::to_string(&denied).unwrap();
    assert_eq!(serde_json::from_str::<Denied>(&sent).unwrap(), denied);
    assert_eq!(
        serde_json::from_str::<Value>(&sent).unwrap(),
        json!({
            "reasons": [
                { "id": "a", "reason": { "message": "value does not exist", "expectedValue": true } },
                { "id": "st-role", "reason": { "message": "value does not exist", "expectedToInclude": "x" } },
            ],
            "redirect": "/a",
        })
    );
}

#[test]
fn requirements_and_checks_are_send_and_sync() {
    fn is_free<T: Clone + Send + Sync + 'static>() {}
    is_free::<Require>();
    is_free::<Validator>();
    is_free::<Denied>();
    is_free::<ClaimCheck>();
    is_free::<FactorCheck>();
}

#[test]
fn requirements_are_equal_if_their_content_is() {
    let makers: [fn() -> Require; 11] = [
        Require::session,
        || Require::role("admin"),
        || Require::role("editor"),
        || Require::permission("admin"),
        || Require::any_role(["admin"]),
        || Require::claim(BooleanClaim::new("verified").is_true().redirect_to("/verify")),
        || Require::role("admin").and(Require::role("editor")),
        || Require::role("admin").or(Require::role("editor")),
        || Require::role("admin").not(),
        || Require::claim(multi_factor()),
        || Require::claim(factor("totp")),
    ];
    for (i, one) in makers.iter().enumerate() {
        for (k, other) in makers.iter().enumerate() {
            assert_eq!(one() == other(), i == k, "{:?} and {:?}", one(), other());
        }
    }
    let own = Require::when(|_| true);
    assert_eq!(own, own.clone());
    assert_ne!(own, Require::when(|_| true));
}
