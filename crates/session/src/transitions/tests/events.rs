//! What listeners are told.

use serde_json::json;

use super::*;

#[test]
fn what_a_front_token_means_to_listeners() {
    use SessionEvent::*;
    let ann = front("ann", json!({ "sessionHandle": "1" }));
    let ann_with_role = front("ann", json!({ "sessionHandle": "1", "role": "admin" }));
    let bob = front("bob", json!({ "sessionHandle": "2" }));
    let bob_alike = front("bob", json!({ "sessionHandle": "1" }));
    for status in [200, 401, 403, 500] {
        let told = |before: Option<&FrontToken>, arrival| events(before, &arrival, status, 401);
        for before in [None, Some(&ann)] {
            assert_eq!(told(before, FrontTokenHeader::None), []);
            assert_eq!(told(before, FrontTokenHeader::Unreadable), []);
        }
        assert_eq!(told(None, FrontTokenHeader::Remove), []);
        assert_eq!(told(None, token(&ann)), [SessionCreated]);
        assert_eq!(told(Some(&ann), token(&ann)), []);
        assert_eq!(told(Some(&ann), token(&ann_with_role)), [AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob)), [UserChanged, AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob_alike)), [UserChanged]);
        let end = if status == 401 { Unauthorised { session_expired_or_revoked: true } } else { SignOut };
        assert_eq!(told(Some(&ann), FrontTokenHeader::Remove), [end]);
    }
    let end = events(Some(&ann), &FrontTokenHeader::Remove, 440, 440);
    assert_eq!(end, [Unauthorised { session_expired_or_revoked: true }]);
    assert_eq!(events(Some(&ann), &FrontTokenHeader::Remove, 401, 440), [SignOut]);
}

#[test]
fn what_another_tab_tells_is_believed_as_far_as_it_shows() {
    use SessionEvent::*;
    let ann = front("ann", json!({ "sessionHandle": "1" }));
    let later = front("ann", json!({ "sessionHandle": "1", "iat": 7 }));
    let bob = front("bob", json!({ "sessionHandle": "2" }));
    let none = || Unauthorised { session_expired_or_revoked: false };
    let expired = || Unauthorised { session_expired_or_revoked: true };
    let told = |event: &SessionEvent, of: Option<&FrontToken>, before, now| {
        events_of_tab_message(before, now, &TabMessage::of(event, of).unwrap())
    };
    // How it ended is known by the one who ended it.
    assert_eq!(told(&SignOut, None, Some(&ann), None), [SignOut]);
    assert_eq!(told(&expired(), None, Some(&ann), None), [expired()]);
    assert_eq!(told(&SessionCreated, Some(&bob), Some(&ann), None), [none()]);
    assert_eq!(events_of_tab_message(Some(&ann), None, &TabMessage::read("nonsense")), [none()]);
    // What has not ended here has not ended.
    for event in [SignOut, expired()] {
        assert_eq!(told(&event, None, Some(&ann), Some(&ann)), []);
        assert_eq!(told(&event, None, None, None), []);
        assert_eq!(told(&event, None, None, Some(&bob)), [SessionCreated]);
    }
    // A refresh is told once, be what it brought known already or not.
    assert_eq!(
        told(&RefreshSession, Some(&later), Some(&ann), Some(&later)),
        [AccessTokenPayloadUpdated, RefreshSession]
    );
    assert_eq!(
        told(&AccessTokenPayloadUpdated, Some(&later), Some(&ann), Some(&later)),
        [AccessTokenPayloadUpdated]
    );
    assert_eq!(told(&RefreshSession, Some(&later), Some(&later), Some(&later)), [RefreshSession]);
    // A later token has come since, and a message of its own announces it.
    assert_eq!(told(&RefreshSession, Some(&ann), Some(&later), Some(&later)), []);
    assert_eq!(told(&RefreshSession, None, None, None), []);
}
