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
            assert_eq!(told(before, Arrival::None), []);
            assert_eq!(told(before, Arrival::Unreadable), []);
        }
        assert_eq!(told(None, Arrival::Remove), []);
        assert_eq!(told(None, token(&ann)), [SessionCreated]);
        assert_eq!(told(Some(&ann), token(&ann)), []);
        assert_eq!(told(Some(&ann), token(&ann_with_role)), [AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob)), [UserChanged, AccessTokenPayloadUpdated]);
        assert_eq!(told(Some(&ann), token(&bob_alike)), [UserChanged]);
        let end = if status == 401 { Unauthorised { session_expired_or_revoked: true } } else { SignOut };
        assert_eq!(told(Some(&ann), Arrival::Remove), [end]);
    }
    let end = events(Some(&ann), &Arrival::Remove, 440, 440);
    assert_eq!(end, [Unauthorised { session_expired_or_revoked: true }]);
    assert_eq!(events(Some(&ann), &Arrival::Remove, 401, 440), [SignOut]);
}
