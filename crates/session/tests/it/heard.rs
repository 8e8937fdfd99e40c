//! What happens in one tab is known in all as soon as they hear of it, without a call.

use std::{cell::RefCell, rc::Rc};

use supertokens_session::{SessionEvent::*, TabMessage};

use crate::sim::{Tab, World, pass, run, run_current};

/// All that was ever said.
type Said = Rc<RefCell<Vec<String>>>;

/// No scenario says more, unless tabs echo each other for ever.
const MOST: usize = 20;

/// Lets tabs hear each other, as a channel of the browser does.
fn connect(tabs: &[Tab]) -> Said {
    let said = Said::default();
    for tab in tabs {
        let others: Vec<_> =
            tabs.iter().filter(|other| other.id != tab.id).map(|other| other.client.downgrade()).collect();
        let (own, said) = (tab.client.downgrade(), said.clone());
        let tell = move |event: &_| {
            let Some(notice) = own.upgrade().and_then(|client| client.tab_message_of(event)) else { return };
            said.borrow_mut().push(notice.to_text());
            if said.borrow().len() > MOST {
                return;
            }
            for client in others.iter().filter_map(|client| client.upgrade()) {
                let notice = TabMessage::read(&notice.to_text());
                tokio::task::spawn_local(async move {
                    pass(5).await;
                    client.receive_tab_message(&notice).await.unwrap();
                });
            }
        };
        tab.client.on_event(tell).forget();
    }
    said
}

async fn three_tabs(world: &World) -> (Vec<Tab>, Said) {
    let mut tabs = vec![world.signed_in("ann").await];
    tabs.extend((1..3).map(|_| world.tab()));
    let said = connect(&tabs);
    for tab in &tabs {
        assert_eq!(tab.client.session_exists().await, Ok(true));
        tab.forget_events();
    }
    (tabs, said)
}

#[test]
fn each_event_is_told_in_every_tab_within_a_tenth_of_a_second() {
    run_current(async |world| {
        let (tabs, _) = three_tabs(world).await;
        let all_hear = async |expected: &[_]| {
            pass(100).await;
            for tab in &tabs {
                assert_eq!(tab.events(), expected, "{:?}", tab.id);
            }
        };
        world.pass_expiry().await;
        assert_eq!(tabs[1].status("/orders").await, 200);
        all_hear(&[AccessTokenPayloadUpdated, RefreshSession]).await;

        tabs[2].client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
        all_hear(&[AccessTokenPayloadUpdated]).await;

        tabs[0].client.post("/auth/signin").body("bob").send().await.unwrap();
        all_hear(&[UserChanged, AccessTokenPayloadUpdated]).await;

        tabs[1].client.sign_out().await.unwrap();
        all_hear(&[SignOut]).await;

        tabs[2].client.post("/auth/signin").body("bob").send().await.unwrap();
        all_hear(&[SessionCreated]).await;

        world.server.revoke_all();
        world.pass_expiry().await;
        assert_eq!(tabs[0].status("/orders").await, 401);
        all_hear(&[Unauthorised { session_expired_or_revoked: true }]).await;
    });
}

#[test]
fn a_refresh_that_leaves_the_payload_as_it_was_is_told_too() {
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
fn what_was_heard_is_not_passed_on_and_calls_nobody() {
    run(async |world| {
        let (tabs, said) = three_tabs(world).await;
        tabs[0].client.sign_out().await.unwrap();
        let calls = world.server.exchanges().len();
        pass(1_000).await;
        assert_eq!(*said.borrow(), ["SignOut none"]);
        assert_eq!(world.server.exchanges().len(), calls);
    });
}

#[test]
fn a_notice_that_lies_changes_nothing() {
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
