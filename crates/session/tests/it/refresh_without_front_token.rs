//! A refresh that succeeds without a front token: it is called once more, then an error names the cause.

use supertokens_session::{FrontTokenError, SessionError};

use crate::sim::{AntiCsrf, Expiry, Fault, REFRESH, run, run_in_each_mode};

#[test]
fn one_refresh_without_a_front_token_is_called_again() {
    // A backend that clears duplicate cookies of an older cookie domain responds in this way.
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.expire(expiry).await;
            world.server.fail_once(REFRESH, Fault::NoTokens);
            assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
            assert_eq!(world.server.refreshes(), 2);
        });
    }
}

#[test]
fn repeated_refreshes_without_a_front_token_are_an_error_that_names_the_fix() {
    for expiry in Expiry::ALL {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.expire(expiry).await;
            world.server.fail_always(REFRESH, Fault::NoTokens);
            let error = tab.get("/orders").await.unwrap_err();
            assert_eq!(error, SessionError::RefreshWithoutFrontToken);
            assert!(error.to_string().contains("access-control-expose-headers: front-token"), "{error}");
            assert_eq!(world.server.refreshes(), 2);
            assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
        });
    }
}

#[test]
fn a_hidden_or_unreadable_front_token_causes_a_second_call() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        for (fault, error) in [
            (Fault::Hidden("front-token"), SessionError::RefreshWithoutFrontToken),
            (Fault::Replaced("front-token", "%%%".into()), FrontTokenError::Base64.into()),
        ] {
            world.server.reset_counts();
            world.server.expire_access_tokens();
            world.server.fail_always(REFRESH, fault);
            assert_eq!(tab.get("/orders").await.unwrap_err(), error);
            assert_eq!(world.server.refreshes(), 2);
            world.server.mend();
            assert_eq!(tab.status("/orders").await, 200);
        }
    });
}

/// The backend has rotated the tokens at the first call, and the browser has its cookies: the second call must carry
/// the anti-CSRF token that belongs to them.
#[test]
fn the_second_call_sends_the_tokens_of_the_first_response() {
    for sends_remove in [true, false] {
        run(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            world.server.set_sends_remove(sends_remove);
            let tab = world.signed_in("ann").await;
            world.server.expire_access_tokens();
            world.server.fail_once(REFRESH, Fault::Hidden("front-token"));
            assert_eq!(tab.status("/orders").await, 200);
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
        });
    }
}
