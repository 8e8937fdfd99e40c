//! A failing store causes a typed error, and the caller still gets the response.

use std::{cell::Cell, error::Error, fmt, rc::Rc};

use supertokens_session::{
    SessionClient, SessionError,
    platform::{Cause, Changes, LocalBoxFuture, LockError, Platform, Store, StoreError, StoredSession},
};

use crate::sim::{Expiry, SIGN_IN, run, run_in_each_mode};

#[test]
fn an_unreadable_store_is_an_error_of_every_call() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.set_unreadable(true);
        let error = SessionError::Store(StoreError::Unreadable);
        assert_eq!(tab.get("/orders").await.unwrap_err(), error);
        assert_eq!(tab.client.user_id().await, Err(error.clone()));
        assert_eq!(tab.client.front_token().await.unwrap_err(), error);
        assert_eq!(tab.client.session_exists().await, Err(error.clone()));
        assert_eq!(tab.client.refresh().await, Err(error.clone()));
        assert_eq!(tab.client.access_token().await, Err(error.clone()));
        assert_eq!(tab.client.sign_out().await, Err(error));
        world.store.set_unreadable(false);
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.events(), []);
    });
}

#[test]
fn a_sign_in_that_cannot_be_stored_is_returned_to_the_caller() {
    run(async |world| {
        let tab = world.tab();
        assert_eq!(tab.client.session_exists().await, Ok(false));
        tab.forget_events();
        world.store.set_unwritable(true);
        let response = tab.client.post(SIGN_IN).body("ann").send().await.unwrap();
        let error = SessionError::Store(StoreError::Unwritable);
        assert_eq!((response.status(), response.session_error()), (200, Some(&error)));
        assert_eq!(response.text().await.unwrap(), r#"{"status":"OK"}"#);
        // No event is emitted for values that were not stored.
        assert_eq!((tab.user().await, tab.events()), (None, vec![]));
    });
}

#[test]
fn a_refresh_that_cannot_be_stored_is_an_error_and_causes_no_theft_alarm() {
    for expiry in Expiry::ALL {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let in_cookies = world.stored().access.is_none();
            let ahead = expiry == Expiry::Known && !world.server.is_older();
            world.expire(expiry).await;
            world.store.set_unwritable(true);
            let response = tab.get("/orders").await;
            if ahead && in_cookies {
                // The browser has the new cookies, although script could not write its own.
                assert_eq!(response.unwrap().status(), 200);
            } else {
                assert_eq!(response.unwrap_err(), SessionError::Store(StoreError::Unwritable));
            }
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
            world.store.set_unwritable(false);
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn a_response_without_session_headers_needs_no_write() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let writes = world.store.writes();
        world.store.set_unwritable(true);
        let response = tab.get("/orders").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (200, None));
        assert_eq!(world.store.writes(), writes);
    });
}

#[test]
fn a_sign_out_that_cannot_be_stored_is_an_error() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.store.set_unwritable(true);
        assert_eq!(tab.client.sign_out().await, Err(SessionError::Store(StoreError::Unwritable)));
    });
}

/// An error of the app's store.
#[derive(Debug, PartialEq)]
struct DiskFull {
    left: u32,
}

impl fmt::Display for DiskFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the disk is full, {} bytes left", self.left)
    }
}

impl Error for DiskFull {}

/// A store of the app that fails.
struct Failing {
    own: Rc<dyn Store>,
    fails_to_read: Cell<bool>,
    fails_to_write: Cell<bool>,
}

impl Store for Failing {
    fn read(&self) -> Result<StoredSession, StoreError> {
        if self.fails_to_read.get() {
            return Err(StoreError::other("the worker does not respond"));
        }
        self.own.read()
    }

    fn write(&self, changes: Changes) -> Result<(), StoreError> {
        if self.fails_to_write.get() {
            return Err(StoreError::other(DiskFull { left: 7 }));
        }
        self.own.write(changes)
    }

    fn sync(&self) -> Option<LocalBoxFuture<'_, Result<(), StoreError>>> {
        self.own.sync()
    }
}

fn cause(error: &SessionError) -> Option<&DiskFull> {
    error.source()?.downcast_ref()
}

#[test]
fn the_error_of_an_apps_store_reaches_every_caller() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let own = tab.client.platform().unwrap().clone();
        let (fails_to_read, fails_to_write) = (Cell::new(false), Cell::new(true));
        let store = Rc::new(Failing { own: own.store.clone(), fails_to_read, fails_to_write });
        let platform = Platform { store: store.clone(), ..own };
        let client = SessionClient::new(tab.client.config().clone(), platform);

        let response = client.post(SIGN_IN).body("ann").send().await.unwrap();
        assert_eq!(response.session_error().and_then(cause), Some(&DiskFull { left: 7 }));
        let refreshed = client.refresh().await.unwrap_err();
        assert_eq!(cause(&refreshed), Some(&DiskFull { left: 7 }));
        assert_eq!(refreshed.to_string(), "the session's store failed: the disk is full, 7 bytes left");
        let signed_out = client.sign_out().await.unwrap_err();
        assert_eq!(cause(&signed_out), Some(&DiskFull { left: 7 }));

        store.fails_to_read.set(true);
        let error = client.user_id().await.unwrap_err();
        assert_eq!(error.to_string(), "the session's store failed: the worker does not respond");
        assert_eq!(client.get("/orders").send().await.unwrap_err().to_string(), error.to_string());
    });
}

#[test]
fn the_error_of_an_apps_lock_reaches_the_caller() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.locks.set_broken(Some(LockError::other(DiskFull { left: 0 })));
        let error = tab.client.refresh().await.unwrap_err();
        assert_eq!(cause(&error), Some(&DiskFull { left: 0 }));
        assert_eq!(tab.user().await.as_deref(), Some("ann"));
    });
}

#[test]
fn clones_of_an_error_are_equal_and_separate_errors_are_not() {
    let cause = Cause::new(DiskFull { left: 1 });
    assert_eq!(cause, cause.clone());
    assert_ne!(cause, Cause::new(DiskFull { left: 1 }));
    assert_eq!(format!("{cause:?}"), "DiskFull { left: 1 }");
    fn fits<T: Clone + Send + Sync + PartialEq + Eq + 'static>() {}
    fits::<StoreError>();
    fits::<LockError>();
}
