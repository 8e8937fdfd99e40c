//! Under the lock, and after the refresh call.

use super::*;

#[test]
fn older_markers_are_compared_without_their_expiry() {
    let ann = of("ann", "h");
    let state = |value: &str, expiry| {
        let id_refresh = Some(older(value, expiry));
        LocalState::of(&StoredSession { marker: None, id_refresh, ..full() }, Some(&ann))
    };
    assert_eq!(under_lock(&state("a", Some(NOW)), &state("a", None)), UnderLock::CallApi);
    assert_eq!(under_lock(&state("a", Some(1)), &state("a", Some(2))), UnderLock::CallApi);
    assert_eq!(under_lock(&state("a", Some(1)), &state("b", Some(1))), UnderLock::AlreadyRefreshed);
}

#[test]
fn a_change_of_either_marker_is_a_refresh() {
    let ann = of("ann", "h");
    let irt = |value| Some(older(value, None));
    let seen = exists_with(&ann, Some("1"), irt("a"));
    for now in [
        exists_with(&ann, Some("2"), irt("a")),
        exists_with(&ann, Some("1"), irt("b")),
        exists_with(&ann, None, irt("a")),
        exists_with(&ann, Some("1"), None),
        exists_with(&ann, Some("1"), Some(IdRefreshToken::Removed)),
    ] {
        assert_eq!(under_lock(&seen, &now), UnderLock::AlreadyRefreshed, "{now:?}");
    }
    assert_eq!(under_lock(&seen, &seen.clone()), UnderLock::CallApi);
}

#[test]
fn the_decision_under_the_lock_for_every_pair_of_states() {
    use LocalState::{MayExist, NotExists};
    use UnderLock::*;
    let ann = |text| exists(&of("ann", "h"), text);
    let bob = |text| exists(&of("bob", "i"), text);
    for seen in [NotExists, MayExist, ann("1"), ann("2"), bob("1"), bob("2")] {
        assert_eq!(under_lock(&seen, &NotExists), NoSession, "{seen:?}");
        assert_eq!(under_lock(&seen, &MayExist), CallApi, "{seen:?}");
        for now in [ann("1"), ann("2"), bob("1"), bob("2")] {
            let same_marker = match (&seen, &now) {
                (LocalState::Exists { marker: a, .. }, LocalState::Exists { marker: b, .. }) => a == b,
                _ => false,
            };
            let expected = if same_marker { CallApi } else { AlreadyRefreshed };
            assert_eq!(under_lock(&seen, &now), expected, "{seen:?}, {now:?}");
        }
    }
}

#[test]
fn the_decision_after_a_refresh_for_every_status_header_and_call() {
    use AfterRefresh::*;
    let headers = [
        FrontTokenHeader::None,
        FrontTokenHeader::Unreadable,
        FrontTokenHeader::Remove,
        token(&of("ann", "h")),
    ];
    for expired_status in [401, 403] {
        for status in [200, 204, 299, 300, 401, 403, 404, 500] {
            for calls in [1, 2, 3] {
                for header in &headers {
                    let success = (200..300).contains(&status);
                    let expected = match header {
                        FrontTokenHeader::Remove => EndSession,
                        FrontTokenHeader::Token { .. } if success => Save,
                        FrontTokenHeader::Token { .. } => Failed,
                        _ if status == expired_status => EndSession,
                        _ if !success => Failed,
                        _ if calls == 1 => CallAgain,
                        _ => NoFrontToken,
                    };
                    let decision = after_refresh(status, expired_status, header, calls);
                    assert_eq!(decision, expected, "{status} {expired_status} {header:?} {calls}");
                }
            }
        }
    }
}
