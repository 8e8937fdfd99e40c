//! Which responses may still be saved.

use super::*;

/// No session, Ann's session, Bob's session, and Ann's next session.
fn sessions() -> [Option<FrontToken>; 4] {
    [None, Some(of("ann", "1")), Some(of("bob", "2")), Some(of("ann", "3"))]
}

fn states(session: &Option<FrontToken>) -> Vec<LocalState> {
    match session {
        None => vec![LocalState::NotExists, LocalState::MayExist],
        Some(front) => vec![exists(front, "1"), exists(front, "2")],
    }
}

#[test]
fn a_responses_token_may_be_saved_unless_its_session_has_ended() {
    for sent in sessions() {
        for now in sessions() {
            for received in sessions().into_iter().flatten() {
                let key = Some(SessionKey::of(&received));
                let is_of_request = sent.as_ref().map(SessionKey::of) == key;
                let is_stored = now.as_ref().map(SessionKey::of) == key;
                // The token belongs to the stored session, or begins a new one.
                let expected = is_stored || !is_of_request;
                for sent in states(&sent) {
                    for now in states(&now) {
                        let may = may_save(&sent, &now, &token(&received));
                        assert_eq!(may, expected, "sent {sent:?}, now {now:?}, was sent {is_of_request}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_response_without_a_token_changes_only_its_own_session() {
    for sent in sessions() {
        for now in sessions() {
            let expected = sent.as_ref().map(SessionKey::of) == now.as_ref().map(SessionKey::of);
            for sent in states(&sent) {
                for now in states(&now) {
                    for header in
                        [FrontTokenHeader::Remove, FrontTokenHeader::None, FrontTokenHeader::Unreadable]
                    {
                        assert_eq!(may_save(&sent, &now, &header), expected, "{sent:?} {now:?} {header:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_refresh_may_be_saved_unless_the_user_signed_in_or_out_meanwhile() {
    for sent in sessions().iter().flat_map(states) {
        for now in sessions().iter().flat_map(states) {
            let expected = match (&sent, &now) {
                (LocalState::MayExist, LocalState::MayExist) => true,
                (LocalState::Exists { key: a, .. }, LocalState::Exists { key: b, .. }) => a == b,
                _ => false,
            };
            assert_eq!(may_save_refresh(&sent, &now), expected, "{sent:?}, {now:?}");
        }
    }
}

#[test]
fn a_front_token_is_older_by_its_time_of_issue_and_then_by_its_expiry() {
    let token = |handle: Option<&str>, iat: Option<i64>, ate: i64| {
        let json =
            json!({ "uid": "ann", "ate": ate, "up": { "sessionHandle": handle, "iat": iat } }).to_string();
        FrontToken::decode(&BASE64_STANDARD.encode(json)).unwrap()
    };
    let rows = [
        // Time of issue (s) and expiry (ms) of the received and the stored token; whether the received one is older.
        ((Some(5), 90), (Some(6), 80), true),
        ((Some(6), 80), (Some(5), 90), false),
        ((Some(5), 80), (Some(5), 90), true),
        ((Some(5), 90), (Some(5), 90), false),
        ((None, 80), (None, 90), true),
        ((None, 90), (None, 80), false),
        ((None, 90), (Some(5), 80), false),
        ((Some(5), 80), (None, 90), true),
    ];
    for ((received_s, received_ms), (stored_s, stored_ms), expected) in rows {
        for handle in [None, Some("1")] {
            let received = token(handle, received_s, received_ms);
            assert_eq!(is_older(&received, &token(handle, stored_s, stored_ms)), expected, "{received_s:?}");
            let of_another_session = token(Some("2"), stored_s, stored_ms);
            assert!(!is_older(&received, &of_another_session));
        }
    }
}
