//! Before a request and after its response.

use serde_json::json;

use super::*;

#[test]
fn the_decision_before_a_request() {
    use BeforeRequest::*;
    // Each expires in one minute.
    let dated = front("ann", json!({ "iat": NOW / 1000 }));
    let undated = [
        front("ann", json!({})),
        front("ann", json!({ "iat": "1800000000" })),
        front("ann", json!({ "iat": i64::MAX })),
    ];
    let (before, after) = (NOW, NOW + 60_000);
    for front in undated.iter().chain([&dated]).map(Some).chain([None]) {
        for now in [before, after, i64::MIN, i64::MAX] {
            assert_eq!(before_request(&LocalState::MayExist, front, now, false), RefreshFirst);
            assert_eq!(before_request(&LocalState::NotExists, front, now, true), Send);
        }
    }
    let decided = |front: &FrontToken, now| before_request(&exists(front, "1"), Some(front), now, false);
    let decided_for_good =
        |front: &FrontToken, now| before_request(&exists(front, "1"), Some(front), now, true);
    assert_eq!((decided(&dated, before), decided(&dated, after)), (Send, RefreshFirst));
    for front in &undated {
        for now in [before, after, i64::MAX] {
            assert_eq!(decided(front, now), Send, "{:?}", front.payload());
        }
        assert_eq!((decided_for_good(front, before), decided_for_good(front, after)), (Send, RefreshFirst));
    }
}

#[test]
fn the_decision_after_every_response() {
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
