//! Each event is emitted once and at the right time; a listener may call the client and unsubscribe.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};

use supertokens_session::{
    SessionEvent::{self, *},
    Subscription,
};

use crate::sim::{REFRESH, SIGN_IN, Tab, World, run, run_current};

/// The current generation's payload has the time of issue, so every refresh updates it.
fn of_a_refresh(world: &World) -> Vec<SessionEvent> {
    if world.server.is_older() {
        vec![RefreshSession]
    } else {
        vec![AccessTokenPayloadUpdated, RefreshSession]
    }
}

/// The events of a refresh in another tab: the payload changes unless the generation is older.
fn of_another_token(world: &World) -> Vec<SessionEvent> {
    if world.server.is_older() { vec![] } else { vec![AccessTokenPayloadUpdated] }
}

fn of_another_user(world: &World) -> Vec<SessionEvent> {
    [vec![UserChanged], of_another_token(world)].concat()
}

async fn known_to_be_signed_out(world: &World) -> Tab {
    let tab = world.tab();
    assert_eq!(tab.client.session_exists().await, Ok(false));
    tab.forget_events();
    tab
}

async fn sign_in(tab: &Tab, user: &str) {
    assert_eq!(tab.client.post(SIGN_IN).body(user).send().await.unwrap().status(), 200);
}

#[test]
fn each_step_from_sign_in_to_sign_out_emits_its_events() {
    run(async |world| {
        let tab = known_to_be_signed_out(world).await;
        sign_in(&tab, "ann").await;
        assert_eq!(tab.events(), [SessionCreated]);

        assert_eq!(tab.burst(5, "/orders").await, [200; 5]);
        assert_eq!(tab.events(), []);

        world.pass_expiry().await;
        assert_eq!(tab.burst(20, "/orders").await, [200; 20]);
        assert_eq!(tab.events(), of_a_refresh(world));

        world.server.expire_access_tokens();
        assert_eq!(tab.burst(20, "/orders").await, [200; 20]);
        // Within the same second only `exp` and `iat` of the payload can change.
        assert_eq!(tab.events().last(), Some(&RefreshSession));

        tab.client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        assert_eq!(tab.events(), [AccessTokenPayloadUpdated]);

        tab.client.sign_out().await.unwrap();
        assert_eq!(tab.events(), [SignOut]);
    });
}

#[test]
fn a_sign_in_over_another_users_session_emits_user_changed() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        sign_in(&tab, "bob").await;
        assert_eq!(tab.events(), of_another_user(world));
        sign_in(&tab, "bob").await;
        assert_eq!(tab.events(), of_another_token(world));
    });
}

#[test]
fn a_401_without_a_session_emits_unauthorised() {
    run(async |world| {
        let tab = known_to_be_signed_out(world).await;
        assert_eq!(tab.status("/orders").await, 401);
        assert_eq!(tab.events(), [Unauthorised { session_expired_or_revoked: false }]);
    });
}

#[test]
fn a_refresh_emits_its_event_in_the_tab_that_made_it() {
    run(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        world.pass_expiry().await;
        let (one, two) = (tab.start_get("/orders"), other.start_get("/orders"));
        one.done().await.unwrap();
        two.done().await.unwrap();
        let (of_one, of_other) = (tab.events(), other.events());
        let made_by_one = world.server.requests(REFRESH)[0].tab == tab.id;
        let (of_caller, of_other_caller) = if made_by_one { (of_one, of_other) } else { (of_other, of_one) };
        assert_eq!((of_caller, of_other_caller), (of_a_refresh(world), of_another_token(world)));
    });
}

/// Otherwise signals that follow the events would continue to show the previous user.
#[test]
fn changes_of_another_tab_emit_events_at_the_next_request() {
    run(async |world| {
        let (tab, other) = (world.signed_in("ann").await, world.tab());
        assert_eq!(tab.status("/orders").await, 200);
        tab.forget_events();
        other.sign_in("bob").await;
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(tab.events(), of_another_user(world));

        tab.forget_events();
        other.client.sign_out().await.unwrap();
        assert_eq!(tab.status("/public").await, 200);
        assert_eq!(tab.events(), [Unauthorised { session_expired_or_revoked: false }]);

        tab.forget_events();
        other.sign_in("ann").await;
        assert_eq!(tab.status("/public").await, 200);
        assert_eq!(tab.events(), [SessionCreated]);
    });
}

#[test]
fn a_listener_is_called_without_a_lock_after_the_refresh() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let (locks, busy) = (world.locks.clone(), Rc::new(Cell::new(false)));
        let was_busy = busy.clone();
        let _subscription = tab.client.on_event(move |_| was_busy.set(was_busy.get() || locks.is_busy()));
        assert_eq!(tab.status("/orders").await, 200);
        assert!(!tab.events().is_empty() && !busy.get());
    });
}

#[test]
fn a_listener_may_call_the_client() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.pass_expiry().await;
        let seen = Rc::new(RefCell::new(Vec::new()));
        let (client, list) = (tab.client.clone(), seen.clone());
        let _subscription = tab.client.on_event(move |event| {
            if *event == RefreshSession {
                let (client, list) = (client.clone(), list.clone());
                tokio::task::spawn_local(async move {
                    let exists = client.session_exists().await;
                    let status = client.get("/from-the-listener").send().await.unwrap().status();
                    list.borrow_mut().push((exists, status));
                });
            }
        });
        assert_eq!(tab.status("/orders").await, 200);
        crate::sim::pass(1_000).await;
        assert_eq!(*seen.borrow(), [(Ok(true), 200)]);
        assert_eq!(world.server.refreshes(), 1);
    });
}

#[test]
fn a_listener_may_unsubscribe_itself() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let own: Rc<RefCell<Option<Subscription>>> = Rc::default();
        let (calls, itself) = (Rc::new(Cell::new(0)), own.clone());
        let counted = calls.clone();
        *own.borrow_mut() = Some(tab.client.on_event(move |_| {
            counted.set(counted.get() + 1);
            drop(itself.borrow_mut().take());
        }));
        world.pass_expiry().await;
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!((calls.get(), tab.events()), (1, of_a_refresh(world)));
    });
}

#[test]
fn a_listener_may_subscribe_others_which_get_the_next_event() {
    run_current(async |world| {
        let tab = world.signed_in("ann").await;
        let received = Rc::new(RefCell::new(Vec::new()));
        let (client, list) = (tab.client.clone(), received.clone());
        let subscribed = Cell::new(false);
        let _subscription = tab.client.on_event(move |_| {
            if !subscribed.replace(true) {
                let list = list.clone();
                client.on_event(move |event| list.borrow_mut().push(event.clone())).forget();
            }
        });
        world.pass_expiry().await;
        assert_eq!(tab.status("/orders").await, 200);
        assert_eq!(*received.borrow(), [RefreshSession]);
    });
}

#[test]
fn a_listener_may_unsubscribe_others_which_get_no_more_events() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let received = Rc::new(Cell::new(0));
        let other: Rc<RefCell<Option<Subscription>>> = Rc::default();
        let victim = other.clone();
        let _first = tab.client.on_event(move |_| drop(victim.borrow_mut().take()));
        let count = received.clone();
        *other.borrow_mut() = Some(tab.client.on_event(move |_| count.set(count.get() + 1)));
        tab.client.sign_out().await.unwrap();
        assert_eq!(received.get(), 0);
    });
}

#[test]
fn a_dropped_subscription_gets_no_events() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        let owned = Rc::new(());
        let listener_owns = owned.clone();
        let subscription = tab.client.on_event(move |_| {
            let _ = &listener_owns;
            panic!("the subscription was dropped");
        });
        assert_eq!(Rc::strong_count(&owned), 2);
        drop(subscription);
        assert_eq!(Rc::strong_count(&owned), 1, "the values of the listener are dropped with it");
        tab.client.sign_out().await.unwrap();
    });
}

#[test]
fn a_subscription_may_outlive_its_client() {
    run(async |world| {
        let tab = world.tab();
        let client = supertokens_session::SessionClient::new(
            tab.client.config().clone(),
            tab.client.platform().unwrap().clone(),
        );
        let subscription = client.on_event(|_| {});
        drop(client);
        drop(subscription);
    });
}
