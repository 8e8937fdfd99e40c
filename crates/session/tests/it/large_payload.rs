//! A payload that is too large for a cookie. The only limit is the client's own of 64 KiB of front token.

use serde_json::json;

use crate::sim::{Expiry, run_in_each_mode};

#[test]
fn a_payload_of_sixteen_kilobytes_survives_update_page_load_and_refresh() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let notes = "ü7".repeat(16 * 1024 / 3);
            let update = tab.client.post("/payload").json(&json!({ "notes": &notes }));
            assert_eq!(update.send().await.unwrap().session_error(), None);
            assert!(world.stored().front.unwrap().reveal().len() > 20_000);

            let reloaded = world.tab();
            for tab in [&tab, &reloaded] {
                let payload = tab.client.payload().await.unwrap();
                assert_eq!(payload["notes"], notes);
            }
            world.expire(expiry).await;
            assert_eq!(reloaded.burst(5, "/orders").await, [200; 5]);
            assert_eq!(tab.client.payload().await.unwrap()["notes"], notes);
            assert_eq!(world.server.refreshes(), 1);
        });
    }
}
