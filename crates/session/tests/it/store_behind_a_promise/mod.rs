//! A store whose storage is behind promises, as in a browser extension: the example of the guide's chapter about shells.

mod cached_store;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use cached_store::{CachedStore, Storage};
use supertokens_session::{
    IdRefreshToken, SessionClient, SessionError,
    platform::{Change, Changes, LocalBoxFuture, Platform, Store, StoreError, StoredSession},
};

use crate::sim::{SIGN_IN, Tab, World, pass, run, run_current, run_in_each_mode};

/// The storage of a shell: each call takes some time, and it survives the windows.
#[derive(Clone, Default)]
struct Shell(Rc<State>);

#[derive(Default)]
struct State {
    values: RefCell<BTreeMap<String, String>>,
    is_full: Cell<bool>,
    slow_loads: Cell<u32>,
}

impl Storage for Shell {
    fn load(&self) -> LocalBoxFuture<'_, Result<BTreeMap<String, String>, StoreError>> {
        Box::pin(async {
            let values = self.0.values.borrow().clone();
            let slow_loads = self.0.slow_loads.get();
            self.0.slow_loads.set(slow_loads.saturating_sub(1));
            pass(if slow_loads > 0 { 40 } else { 4 }).await;
            Ok(values)
        })
    }

    fn save(
        &self,
        values: BTreeMap<&'static str, Option<String>>,
    ) -> LocalBoxFuture<'_, Result<(), StoreError>> {
        Box::pin(async move {
            pass(6).await;
            if self.0.is_full.get() {
                return Err(StoreError::other("the disk is full"));
            }
            let mut stored = self.0.values.borrow_mut();
            for (key, value) in values {
                match value {
                    Some(value) => stored.insert(key.to_owned(), value),
                    None => stored.remove(key),
                };
            }
            Ok(())
        })
    }
}

impl Shell {
    /// A window of the app, whose memory is empty at first.
    fn window(&self, world: &World) -> (Tab, SessionClient) {
        let tab = world.tab();
        let parts = tab.client.platform().unwrap().clone();
        let platform = Platform { store: Rc::new(CachedStore::new(self.clone())), ..parts };
        let client = SessionClient::new(tab.client.config().clone(), platform);
        (tab, client)
    }
}

async fn sign_in(client: &SessionClient) {
    let response = client.post(SIGN_IN).body("ann").send().await.unwrap();
    assert_eq!((response.status(), response.session_error()), (200, None));
}

#[test]
fn a_session_survives_a_restart_of_the_app() {
    run_in_each_mode(async |world| {
        let shell = Shell::default();
        let (tab, client) = shell.window(world);
        sign_in(&client).await;
        tab.kill().await;
        let (_tab, client) = shell.window(world);
        assert_eq!(client.user_id().await.as_deref(), Ok("ann"));
        assert_eq!(client.get("/orders").send().await.unwrap().status(), 200);
    });
}

#[test]
fn two_windows_refresh_once() {
    run_in_each_mode(async |world| {
        let shell = Shell::default();
        let ((_first, ann), (_second, also_ann)) = (shell.window(world), shell.window(world));
        sign_in(&ann).await;
        world.server.reset_counts();
        world.server.expire_access_tokens();
        let (one, other) = tokio::join!(ann.get("/orders").send(), also_ann.get("/orders").send());
        assert_eq!((one.unwrap().status(), other.unwrap().status()), (200, 200));
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_sign_out_in_one_window_signs_out_the_other() {
    run(async |world| {
        let shell = Shell::default();
        let ((_first, ann), (_second, also_ann)) = (shell.window(world), shell.window(world));
        sign_in(&ann).await;
        assert_eq!(also_ann.user_id().await.as_deref(), Ok("ann"));
        ann.sign_out().await.unwrap();
        assert_eq!(also_ann.user_id().await, Err(SessionError::NoSession));
        assert!(!shell.0.values.borrow().contains_key("front"));
    });
}

#[test]
fn a_full_disk_is_an_error_and_the_session_stays_as_it_was() {
    run_current(async |world| {
        let shell = Shell::default();
        let (_tab, client) = shell.window(world);
        shell.0.is_full.set(true);
        let response = client.post(SIGN_IN).body("ann").send().await.unwrap();
        let error = response.session_error().map(ToString::to_string);
        assert_eq!(error.as_deref(), Some("the session's store failed: the disk is full"));
        shell.0.is_full.set(false);
        assert_eq!(client.user_id().await, Err(SessionError::NoSession));
        assert_eq!(*shell.0.values.borrow(), BTreeMap::new());
    });
}

#[test]
fn what_a_window_writes_during_a_sync_is_read_at_once_and_saved_by_the_next() {
    run_current(async |_| {
        let shell = Shell::default();
        let store = CachedStore::new(shell.clone());
        let write = |skew| {
            let changes = Changes { clock_skew_ms: Some(skew), ..Changes::default() };
            store.write(changes).unwrap();
        };
        let saved = || shell.0.values.borrow().get("clock_skew_ms").cloned();
        write(1);
        let during = async {
            pass(8).await;
            write(2);
        };
        let (synced, ()) = tokio::join!(store.sync().unwrap(), during);
        synced.unwrap();
        assert_eq!((store.read().unwrap().clock_skew_ms, saved().as_deref()), (2, Some("1")));
        store.sync().unwrap().await.unwrap();
        assert_eq!((store.read().unwrap().clock_skew_ms, saved().as_deref()), (2, Some("2")));
    });
}

#[test]
fn a_slow_load_does_not_replace_what_a_later_one_has_read() {
    run_current(async |_| {
        let shell = Shell::default();
        let (store, other_window) = (CachedStore::new(shell.clone()), CachedStore::new(shell.clone()));
        shell.0.slow_loads.set(1);
        let later = async {
            pass(10).await;
            other_window.write(Changes { clock_skew_ms: Some(7), ..Changes::default() }).unwrap();
            other_window.sync().unwrap().await.unwrap();
            store.sync().unwrap().await.unwrap();
        };
        let (first, ()) = tokio::join!(store.sync().unwrap(), later);
        first.unwrap();
        assert_eq!(store.read().unwrap().clock_skew_ms, 7);
    });
}

#[test]
fn each_value_of_a_session_is_read_as_it_was_written() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let stored = tab.client.platform().unwrap().store.read().unwrap();
        let shell = Shell::default();
        let store = CachedStore::new(shell.clone());
        store.write(all(&stored)).unwrap();
        store.sync().unwrap().await.unwrap();
        let other_window = CachedStore::new(shell);
        assert_eq!(other_window.read().unwrap(), StoredSession::default());
        other_window.sync().unwrap().await.unwrap();
        // The older generation's marker has no expiry once it is stored.
        let id_refresh = stored.id_refresh.as_ref().map(IdRefreshToken::without_expiry);
        assert_eq!(other_window.read().unwrap(), StoredSession { id_refresh, ..stored });
    });
}

/// Sets or clears each value.
fn all(stored: &StoredSession) -> Changes {
    fn change<T: Clone>(value: &Option<T>) -> Change<T> {
        value.clone().map_or(Change::Clear, Change::Set)
    }
    Changes {
        front: change(&stored.front),
        marker: change(&stored.marker),
        id_refresh: change(&stored.id_refresh),
        anti_csrf: change(&stored.anti_csrf),
        access: change(&stored.access),
        refresh: change(&stored.refresh),
        clock_skew_ms: Some(stored.clock_skew_ms),
        owner: change(&stored.owner),
        backoff: change(&stored.backoff),
        lease: change(&stored.lease),
    }
}

#[test]
fn the_guide_shows_exactly_this_store() {
    let guide = include_str!("../../../../../docs/guide/src/native.md");
    assert!(guide.contains(include_str!("cached_store.rs")), "copy cached_store.rs into the guide's chapter");
}
