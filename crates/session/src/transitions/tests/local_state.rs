//! The session state in the store, and the times in a front token.

use serde_json::json;

use super::*;

#[test]
fn the_local_state_of_every_combination_of_stored_values() {
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Front {
        None,
        Valid,
        Unreadable,
    }
    let ann = of("ann", "h");
    let irt = || older("irt", None);
    for front in [Front::None, Front::Valid, Front::Unreadable] {
        for has_marker in [false, true] {
            for id_refresh in
                [None, Some(irt()), Some(older("irt", Some(NOW))), Some(IdRefreshToken::Removed)]
            {
                let stored = StoredSession {
                    marker: has_marker.then(|| marker("7")),
                    id_refresh: id_refresh.clone(),
                    front: (front != Front::None).then(|| text("ann", json!({}))),
                    ..StoredSession::default()
                };
                let decoded = (front == Front::Valid).then_some(&ann);
                let expected = match (front, has_marker, id_refresh.as_ref().map(IdRefreshToken::text)) {
                    (Front::None, true, _) | (_, false, Some("remove")) => LocalState::NotExists,
                    (_, false, None) | (Front::None, false, Some(_)) => LocalState::MayExist,
                    (Front::Unreadable, true, _) | (Front::Unreadable, false, Some(_)) => {
                        LocalState::MayExist
                    }
                    (Front::Valid, true, None) => exists(&ann, "7"),
                    (Front::Valid, true, Some("remove")) => {
                        exists_with(&ann, Some("7"), Some(IdRefreshToken::Removed))
                    }
                    (Front::Valid, true, Some(_)) => exists_with(&ann, Some("7"), Some(irt())),
                    (Front::Valid, false, Some(_)) => exists_with(&ann, None, Some(irt())),
                };
                let state = LocalState::of(&stored, decoded);
                assert_eq!(state, expected, "front {front:?}, marker {has_marker}, older {id_refresh:?}");
                assert_eq!(state.key().is_some(), matches!(expected, LocalState::Exists { .. }));
            }
        }
    }
}

#[test]
fn tokens_without_a_front_token_are_no_session() {
    let stored = StoredSession { front: None, ..full() };
    assert_eq!(LocalState::of(&stored, None), LocalState::NotExists);
    let stored = StoredSession { front: None, marker: None, id_refresh: None, ..full() };
    assert_eq!(LocalState::of(&stored, None), LocalState::MayExist);
}

#[test]
fn a_session_key_is_the_handle_or_else_the_user_id() {
    let key = |front: &FrontToken| SessionKey::of(front);
    assert_eq!(key(&of("ann", "h")), key(&front("ann", json!({ "sessionHandle": "h", "role": "admin" }))));
    assert_ne!(key(&of("ann", "h")), key(&of("ann", "i")));
    assert_eq!(key(&of("ann", "h")), key(&of("ann-linked", "h")));
    assert_ne!(key(&of("ann", "h")), key(&front("ann", json!({}))));
    assert_ne!(key(&front("ann", json!({}))), key(&front("bob", json!({}))));
    assert_eq!(key(&front("ann", json!({}))), key(&front("ann", json!({ "sessionHandle": 7 }))));
    assert_eq!(format!("{:?}", key(&of("ann", "secret"))), "SessionKey(..)");
}

#[test]
fn a_key_without_a_handle_matches_any_session_of_its_user() {
    let (older_ann, older_bob) = (front("ann", json!({})), front("bob", json!({})));
    for (one, two, expected) in [
        (&of("ann", "h"), &of("ann", "h"), true),
        (&of("ann", "h"), &of("ann", "i"), false),
        (&of("ann", "h"), &older_ann, true),
        (&older_ann, &older_ann, true),
        (&of("ann", "h"), &of("ann-linked", "h"), true),
        (&older_ann, &older_bob, false),
        (&of("ann", "h"), &older_bob, false),
    ] {
        assert_eq!(SessionKey::of(one).may_be(&SessionKey::of(two)), expected);
        assert_eq!(SessionKey::of(two).may_be(&SessionKey::of(one)), expected);
    }
}

#[test]
fn a_token_expires_at_its_exact_millisecond() {
    let ann = of("ann", "h");
    let ate = ann.expires_at_ms();
    for (now, expired) in
        [(ate - 1, false), (ate, true), (ate + 1, true), (i64::MIN, false), (i64::MAX, true)]
    {
        assert_eq!(has_expired(&ann, now), expired, "{now}");
    }
}

#[test]
fn a_clock_skew_under_seven_seconds_is_ignored() {
    let issued_at = |seconds: i64| front("ann", json!({ "iat": seconds }));
    let second = NOW / 1000;
    for (iat, skew) in [
        (second, 0),
        (second + 6, 0),
        (second - 6, 0),
        (second + 7, 7_000),
        (second - 7, -7_000),
        (second + 3_600, 3_600_000),
        (second - 3_600, -3_600_000),
    ] {
        assert_eq!(clock_skew_ms(&issued_at(iat), NOW), skew, "{}", iat - second);
    }
    assert_eq!(clock_skew_ms(&issued_at(second), NOW + 6_999), 0);
    assert_eq!(clock_skew_ms(&issued_at(second), NOW + 7_000), -7_000);
    assert_eq!(clock_skew_ms(&issued_at(second), NOW - 7_000), 7_000);
}

#[test]
fn extreme_times_do_not_overflow_the_clock_skew() {
    for iat in [i64::MAX, i64::MIN, i64::MAX / 1000, i64::MIN / 1000, 0] {
        for now in [i64::MAX, i64::MIN, 0, NOW] {
            clock_skew_ms(&front("ann", json!({ "iat": iat })), now);
        }
    }
    assert_eq!(clock_skew_ms(&front("ann", json!({ "iat": i64::MAX / 1000 })), i64::MIN), i64::MAX);
    assert_eq!(clock_skew_ms(&front("ann", json!({ "iat": i64::MIN / 1000 })), i64::MAX), i64::MIN);
    for up in [json!({}), json!({ "iat": "1" }), json!({ "iat": null })] {
        assert_eq!(clock_skew_ms(&front("ann", up), NOW), 0);
    }
}

#[test]
fn the_debug_output_of_a_state_contains_no_user_id_and_no_token() {
    let stored = full();
    let front = of("ann-4711", "handle-4711");
    let shown = format!("{:?}", LocalState::of(&stored, Some(&front)));
    for secret in ["4711", "irt", "csrf", "access", "refresh"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
