//! Events of one tab reach all tabs by messages, without a call.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{SessionEvent::*, internal::TabMessage};

use crate::sim::{Tab, World, pass, run, run_current};

/// All messages that were sent.
type Messages = Rc<RefCell<Vec<String>>>;

/// More messages mean that tabs forward each other's messages.
const MAX_MESSAGES: usize = 20;

/// Connects tabs as a `BroadcastChannel` does.
fn connect(tabs: &[Tab]) -> Messages {
    let messages = Messages::default();
    for tab in tabs {
        let others: Vec<_> =
            tabs.iter().filter(|other| other.id != tab.id).map(|other| other.client.downgrade()).collect();
        let (own, messages) = (tab.client.downgrade(), messages.clone());
        let send = move |event: &_| {
            let Some(message) = own.upgrade().and_then(|client| client.tab_message_of(event)) else { return };
            messages.borrow_mut().push(message.to_text());
            if messages.borrow().len() > MAX_MESSAGES {
                return;
            }
            for client in others.iter().filter_map(|client| client.upgrade()) {
                let message = TabMessage::read(&message.to_text());
                tokio::task::spawn_local(async move {
                    pass(5).await;
                    client.receive_tab_message(&message).await.unwrap();
                });
            }
        };
        tab.client.on_event(send).forget();
    }
    messages
}

async fn three_tabs(world: &World) -> (Vec<Tab>, Messages) {
    let mut tabs = vec![world.signed_in("ann").await];
    tabs.extend((1..3).map(|_| world.tab()));
    let messages = connect(&tabs);
    for tab in &tabs {
        assert_eq!(tab.client.session_exists().await, Ok(true));
        tab.forget_events();
    }
    (tabs, messages)
}

#[test]
fn each_event_is_emitted_in_every_tab_within_a_tenth_of_a_second() {
    run_current(async |world| {
        let (tabs, _) = three_tabs(world).await;
        let all_tabs_emit = async |expected: &[_]| {
            pass(100).await;
            for tab in &tabs {
                assert_eq!(tab.events(), expected, "{:?}", tab.id);
            }
        };
        world.pass_expiry().await;
        assert_eq!(tabs[1].status("/orders").await, 200);
        all_tabs_emit(&[AccessTokenPayloadUpdated, RefreshSession]).await;

        tabs[2].client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        all_tabs_emit(&[AccessTokenPayloadUpdated]).await;

        tabs[0].client.post("/auth/signin").body("bob").send().await.unwrap();
        all_tabs_emit(&[UserChanged, AccessTokenPayloadUpdated]).await;

        tabs[1].client.sign_out().await.unwrap();
        all_tabs_emit(&[SignOut]).await;

        tabs[2].client.post("/auth/signin").body("bob").send().await.unwrap();
        all_tabs_emit(&[SessionCreated]).await;

        world.server.revoke_all();
        world.pass_expiry().await;
        assert_eq!(tabs[0].status("/orders").await, 401);
        all_tabs_emit(&[Unauthorised { session_expired_or_revoked: true }]).await;
    });
}

#[test]
fn a_refresh_without_a_new_payload_is_emitted_in_every_tab() {
    run(async |world| {
        let (tabs, _) = three_tabs(world).await;
        world.pass_expiry().await;
        assert_eq!(tabs[0].status("/orders").await, 200);
        pass(100).await;
        for tab in &tabs {
            let refreshes = tab.events().into_iter().filter(|event| *event == RefreshSession).count();
            assert_eq!(refreshes, 1, "{:?}", tab.id);
        }
    });
}

#[test]
fn a_received_message_is_not_forwarded_and_causes_no_call() {
    run(async |world| {
        let (tabs, messages) = three_tabs(world).await;
        tabs[0].client.sign_out().await.unwrap();
        let calls = world.server.exchanges().len();
        pass(1_000).await;
        assert_eq!(*messages.borrow(), ["SignOut none"]);
        assert_eq!(world.server.exchanges().len(), calls);
    });
}

#[test]
fn a_false_message_changes_nothing() {
    run(async |world| {
        let (tabs, _) = three_tabs(world).await;
        for text in
            ["SignOut none", "Expired none", "UserChanged 1", "SessionCreated 1", "RefreshSession 1", ""]
        {
            tabs[0].client.receive_tab_message(&TabMessage::read(text)).await.unwrap();
            assert_eq!(tabs[0].events(), [], "{text}");
        }
        assert_eq!(tabs[0].user().await.as_deref(), Some("ann"));
    });
}
