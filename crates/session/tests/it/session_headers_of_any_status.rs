//! Session headers are stored whatever the status of a response is.

use serde_json::json;
use supertokens_session::{AccessToken, AntiCsrfToken, RefreshToken, SessionEvent, platform::StoredSession};

use crate::sim::{AntiCsrf, EPOCH_MS, Reply, encode_front, run_in_each_mode};

const STATUSES: [u16; 11] = [200, 201, 204, 302, 400, 401, 403, 404, 409, 500, 503];

#[test]
fn new_tokens_are_stored_whatever_the_status_is() {
    for status in STATUSES {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let up = json!({ "sessionHandle": "handle-0", "role": "admin" });
            let front = encode_front(&json!({ "uid": "ann", "ate": EPOCH_MS * 2, "up": up }));
            let reply = Reply::new(status, "").header("front-token", &front).header("anti-csrf", "new-1");
            let reply = reply.header("st-access-token", "new-2").header("st-refresh-token", "new-3");
            world.server.route("/x", reply);
            let before = world.stored();
            let response = tab.client.get("/x").without_retry().send().await.unwrap();
            assert_eq!(response.status(), status);
            let stored = world.stored();
            assert_eq!(stored.front.unwrap().reveal(), front, "{status}");
            assert_eq!(stored.anti_csrf, AntiCsrfToken::parse("new-1").ok());
            assert_eq!(stored.access, AccessToken::parse("new-2").ok());
            assert_eq!(stored.refresh, RefreshToken::parse("new-3").ok());
            assert!((&stored.marker, &stored.id_refresh) != (&before.marker, &before.id_refresh));
            assert_eq!(tab.events(), [SessionEvent::AccessTokenPayloadUpdated], "{status}");
        });
    }
}

#[test]
fn a_remove_clears_all_tokens_and_the_status_decides_the_event() {
    for status in STATUSES {
        run_in_each_mode(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            let tab = world.signed_in("ann").await;
            world.server.route("/x", Reply::new(status, "").header(world.server.ending_header(), "remove"));
            assert_eq!(tab.status("/x").await, status);
            let StoredSession { marker, id_refresh, clock_skew_ms, .. } = world.stored();
            assert!(marker.is_some(), "{status}: the marker of a session that has ended");
            assert_eq!(
                world.stored(),
                StoredSession { marker, id_refresh, clock_skew_ms, ..StoredSession::default() }
            );
            let end = match status {
                401 => SessionEvent::Unauthorised { session_expired_or_revoked: true },
                _ => SessionEvent::SignOut,
            };
            assert_eq!(tab.events(), [end], "{status}");
            assert_eq!(world.server.refreshes(), 0);
        });
    }
}
