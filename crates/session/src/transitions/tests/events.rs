//! Which events the transitions emit.

use serde_json::json;

use super::*;

#[test]
fn a_front_token_emits_the_events_of_its_change() {
    use SessionEvent::*;
    let ann = front("ann", json!({ "sessionHandle": "1" }));
    let ann_with_role = front("ann", json!({ "sessionHandle": "1", "role": "admin" }));
    let bob = front("bob", json!({ "sessionHandle": "2" }));
    let bob_alike = front("bob", json!({ "sessionHandle": "1" }));
    for status in [200, 401, 403, 500] {
        let emitted = |before: Option<&FrontToken>, header| events(before, &header, status, 401);
        for before in [None, Some(&ann)] {
            assert_eq!(emitted(before, FrontTokenHeader::None), []);
            assert_eq!(emitted(before, FrontTokenHeader::Unreadable), []);
        }
        assert_eq!(emitted(None, FrontTokenHeader::Remove), []);
        assert_eq!(emitted(None, token(&ann)), [SessionCreated]);
        assert_eq!(emitted(Some(&ann), token(&ann)), []);
        assert_eq!(emitted(Some(&ann), token(&ann_with_role)), [AccessTokenPayloadUpdated]);
        assert_eq!(emitted(Some(&ann), token(&bob)), [UserChanged, AccessTokenPayloadUpdated]);
        assert_eq!(emitted(Some(&ann), token(&bob_alike)), [UserChanged]);
        let end = if status == 401 { Unauthorised { session_expired_or_revoked: true } } else { SignOut };
        assert_eq!(emitted(Some(&ann), FrontTokenHeader::Remove), [end]);
    }
    let end = events(Some(&ann), &FrontTokenHeader::Remove, 440, 440);
    assert_eq!(end, [Unauthorised { session_expired_or_revoked: true }]);
    assert_eq!(events(Some(&ann), &FrontTokenHeader::Remove, 401, 440), [SignOut]);
}

#[test]
fn a_tab_message_counts_only_as_far_as_the_store_confirms_it() {
    use SessionEvent::*;
    let ann = front("ann", json!({ "sessionHandle": "1" }));
    let later = front("ann", json!({ "sessionHandle": "1", "iat": 7 }));
    let bob = front("bob", json!({ "sessionHandle": "2" }));
    let none = || Unauthorised { session_expired_or_revoked: false };
    let expired = || Unauthorised { session_expired_or_revoked: true };
    let emitted = |event: &SessionEvent, of: Option<&FrontToken>, before, now| {
        events_of_tab_message(before, now, &TabMessage::of(event, of).unwrap())
    };
    // The other tab knows how the session ended.
    assert_eq!(emitted(&SignOut, None, Some(&ann), None), [SignOut]);
    assert_eq!(emitted(&expired(), None, Some(&ann), None), [expired()]);
    assert_eq!(emitted(&SessionCreated, Some(&bob), Some(&ann), None), [none()]);
    assert_eq!(events_of_tab_message(Some(&ann), None, &TabMessage::read("nonsense")), [none()]);
    // The message of a sign-out has no effect if the stored session did not end.
    for event in [SignOut, expired()] {
        assert_eq!(emitted(&event, None, Some(&ann), Some(&ann)), []);
        assert_eq!(emitted(&event, None, None, None), []);
        assert_eq!(emitted(&event, None, None, Some(&bob)), [SessionCreated]);
    }
    // A refresh emits one event, even if its token is known already.
    assert_eq!(
        emitted(&RefreshSession, Some(&later), Some(&ann), Some(&later)),
        [AccessTokenPayloadUpdated, RefreshSession]
    );
    assert_eq!(
        emitted(&AccessTokenPayloadUpdated, Some(&later), Some(&ann), Some(&later)),
        [AccessTokenPayloadUpdated]
    );
    assert_eq!(emitted(&RefreshSession, Some(&later), Some(&later), Some(&later)), [RefreshSession]);
    // A newer token is stored, and another message announces it.
    assert_eq!(emitted(&RefreshSession, Some(&ann), Some(&later), Some(&later)), []);
    assert_eq!(emitted(&RefreshSession, None, None, None), []);
}
