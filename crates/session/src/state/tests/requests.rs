//! Before a request and after its answer.

use super::*;

#[test]
fn before_a_request() {
    use BeforeRequest::*;
    for (state, expired, expected) in [
        (LocalState::MayExist, false, RefreshFirst),
        (LocalState::MayExist, true, RefreshFirst),
        (LocalState::NotExists, false, Send),
        (LocalState::NotExists, true, Send),
        (exists(&of("ann", "h"), "1"), false, Send),
        (exists(&of("ann", "h"), "1"), true, RefreshFirst),
    ] {
        assert_eq!(before_request(&state, expired), expected, "{state:?}, expired {expired}");
    }
}

#[test]
fn after_every_response() {
    use AfterResponse::*;
    for (expired_status, invalid_claim_status) in [(401, 403), (440, 460), (403, 401)] {
        for max_retries in [0, 1, 10, u32::MAX] {
            let rules = ResponseRules { expired_status, invalid_claim_status, max_retries };
            for retries in [0, 1, 9, 10, 11, u32::MAX] {
                for status in [0, 200, 204, 301, 400, 401, 403, 404, 440, 460, 500, 999] {
                    let expected = if status == expired_status && retries < max_retries {
                        Refresh
                    } else if status == expired_status {
                        OutOfRetries
                    } else if status == invalid_claim_status {
                        ReportClaims
                    } else {
                        Deliver
                    };
                    assert_eq!(
                        after_response(status, false, retries, rules),
                        expected,
                        "{status} {retries} {rules:?}"
                    );
                    let ended = if status == expired_status { SessionEnded } else { expected };
                    assert_eq!(after_response(status, true, retries, rules), ended, "{status} {rules:?}");
                }
            }
        }
    }
}
