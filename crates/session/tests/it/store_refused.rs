//! A store that refuses is a typed error, and never swallows an answer.

use supertokens_session::{SessionError, platform::StoreError};

use crate::sim::{Expiry, SIGN_IN, run, run_in_each_mode};

#[test]
fn one_that_cannot_be_read_is_an_error_of_every_call() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.set_unreadable(true);
        let error = SessionError::Store(StoreError::Unreadable);
        assert_eq!(tab.get("/orders").await.unwrap_err(), error);
        assert_eq!(tab.client.user_id().await, Err(error.clone()));
        assert_eq!(tab.client.front_token().await.unwrap_err(), error);
        assert_eq!(tab.client.does_session_exist().await, Err(error.clone()));
        assert_eq!(tab.client.attempt_refreshing_session().await, Err(error.clone()));
        assert_eq!(tab.client.access_token().await, Err(error.clone()));
        assert_eq!(tab.client.sign_out().await, Err(error));
        world.store.set_unreadable(false);
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.events(), []);
    });
}

#[test]
fn a_login_that_cannot_be_kept_still_reaches_the_caller() {
    run(async |world| {
        let tab = world.tab();
        assert_eq!(tab.client.does_session_exist().await, Ok(false));
        tab.forget_events();
        world.store.set_unwritable(true);
        let answer = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
        let error = SessionError::Store(StoreError::Unwritable);
        assert_eq!((answer.status(), answer.session_error()), (200, Some(&error)));
        assert_eq!(answer.text().await.unwrap(), r#"{"status":"OK"}"#);
        // What was not kept has not happened.
        assert_eq!((tab.user().await, tab.events()), (None, vec![]));
    });
}

#[test]
fn a_refresh_that_cannot_be_kept_is_an_error_and_no_theft_follows() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let in_cookies = world.kept().access.is_none();
            let ahead = expiry == Expiry::Foretold && !world.server.is_older();
            world.expire(expiry).await;
            world.store.set_unwritable(true);
            let answer = tab.get("/orders").await;
            if ahead && in_cookies {
                // The jar has the new cookies, whatever script could keep.
                assert_eq!(answer.unwrap().status(), 200);
            } else {
                assert_eq!(answer.unwrap_err(), SessionError::Store(StoreError::Unwritable));
            }
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
            world.store.set_unwritable(false);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn an_answer_without_session_headers_needs_no_write() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let writes = world.store.writes();
        world.store.set_unwritable(true);
        let answer = tab.get("/orders").await.unwrap();
        assert_eq!((answer.status(), answer.session_error()), (200, None));
        assert_eq!(world.store.writes(), writes);
    });
}

#[test]
fn a_sign_out_that_cannot_be_kept_is_told() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.set_unwritable(true);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::Store(StoreError::Unwritable)));
    });
}
