//! Every public future may be dropped at every point where it waits: no lock stays held, no session is half-written,
//! and no shared refresh is cancelled.

use std::cell::Cell;

use serde_json::json;
use supertokens_session::{
    SessionClient,
    platform::{LocalBoxFuture, StoredSession},
};

use crate::claim_fetches::is_pro;
use crate::sim::{AntiCsrf, Expiry, SIGN_IN, Tab, World, pass, poll_then_drop, run, run_in_each_mode};

/// No call here is pending more often than this.
const MAX_POLLS: usize = 80;

type Call = fn(SessionClient) -> LocalBoxFuture<'static, ()>;

/// Each public asynchronous method that does not end the session.
const CALLS: [(&str, Call); 10] = [
    ("send", |client| Box::pin(async move { drop(client.get("/orders").send().await) })),
    ("send, with a response that is saved", |client| {
        Box::pin(async move { drop(client.post("/payload").body(r#"{"role":"admin"}"#).send().await) })
    }),
    ("send, with a header that is compared with the store", |client| {
        Box::pin(async move { drop(client.get("/public/x").header("authorization", "own").send().await) })
    }),
    ("session_exists", |client| Box::pin(async move { drop(client.session_exists().await) })),
    ("user_id", |client| Box::pin(async move { drop(client.user_id().await) })),
    ("front_token", |client| Box::pin(async move { drop(client.front_token().await) })),
    ("payload", |client| Box::pin(async move { drop(client.payload().await) })),
    ("access_token", |client| Box::pin(async move { drop(client.access_token().await) })),
    ("refresh", |client| Box::pin(async move { drop(client.refresh().await) })),
    ("validate_claims", |client| Box::pin(async move { drop(client.validate_claims(&[is_pro()]).await) })),
];

const SIGN_OUT_CALL: Call = |client| Box::pin(async move { drop(client.sign_out().await) });

/// The stored session when the call begins.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Beginning {
    Valid,
    Expired(Expiry),
    Cleared,
}

impl Beginning {
    const ALL: [Self; 4] =
        [Self::Valid, Self::Expired(Expiry::OnServer), Self::Expired(Expiry::Known), Self::Cleared];

    /// Without the anti-CSRF token, backends that require it reject the refresh.
    fn anti_csrf(self) -> AntiCsrf {
        if self == Self::Cleared { AntiCsrf::None } else { AntiCsrf::ViaToken }
    }

    async fn tab(self, world: &World) -> Tab {
        world.server.set_anti_csrf(self.anti_csrf());
        world.store.set_read_ms(2);
        world.server.set_claim("plan", json!("pro"));
        let tab = world.signed_in("ann").await;
        match self {
            Self::Valid => {}
            Self::Expired(expiry) => world.expire(expiry).await,
            Self::Cleared => world.store.edit(|stored| *stored = StoredSession::default()),
        }
        tab
    }
}

/// Runs `scenario` with 0, 1, 2, … polls until the call ends before it is dropped, in each mode.
fn at_every_point(beginning: Beginning, call: Call, scenario: impl AsyncFn(&World, &Tab, usize)) {
    let is_cleared = beginning == Beginning::Cleared;
    for polls in 0.. {
        assert!(polls < MAX_POLLS, "it never ends");
        let (runs, ended) = (Cell::new(0), Cell::new(0));
        let one = async |world: &World| {
            let tab = beginning.tab(world).await;
            runs.set(runs.get() + 1);
            let has_ended = poll_then_drop(call(tab.client.clone()), polls).await.is_some();
            ended.set(ended.get() + i32::from(has_ended));
            nothing_is_half_written(world, beginning.anti_csrf());
            pass(1_000).await;
            nothing_is_half_written(world, beginning.anti_csrf());
            assert!(!world.locks.is_busy(), "{polls} polls: a lock is left");
            scenario(world, &tab, polls).await;
        };
        // The browser clears the tokens of header mode too.
        if is_cleared {
            run(one)
        } else {
            run_in_each_mode(one)
        }
        if runs == ended {
            break;
        }
    }
}

/// A session is stored completely or not at all.
fn nothing_is_half_written(world: &World, anti_csrf: AntiCsrf) {
    let stored = world.stored();
    let Some(front) = &stored.front else {
        assert!(
            stored.access.is_none() && stored.refresh.is_none() && stored.anti_csrf.is_none(),
            "{stored:?}"
        );
        return;
    };
    assert!(stored.marker.is_some() || stored.id_refresh.is_some(), "{stored:?}");
    let Some(access) = &stored.access else {
        assert_eq!(stored.anti_csrf.is_some(), anti_csrf == AntiCsrf::ViaToken, "{stored:?}");
        assert!(stored.refresh.is_none(), "{stored:?}");
        return;
    };
    // The backend records the front token right after the access token of the same response.
    let secrets = world.server.secrets();
    let at = secrets.iter().position(|secret| secret == access.reveal()).unwrap();
    assert_eq!(secrets[at + 1], front.reveal(), "tokens of two responses");
    assert!(stored.refresh.is_some());
}

#[test]
fn a_dropped_call_leaves_the_session_usable() {
    for (name, call) in CALLS {
        for beginning in Beginning::ALL {
            at_every_point(beginning, call, async |world, tab, polls| {
                let other = world.tab();
                let others = other.start_get("/orders");
                assert_eq!(tab.burst(5, "/orders").await, [200; 5], "{name}, {beginning:?}, {polls} polls");
                assert_eq!(others.done().await.unwrap().status(), 200);
                assert_eq!(tab.user().await.as_deref(), Some("ann"));
                let refreshes = world.server.refreshes();
                let is_due = beginning != Beginning::Valid;
                let is_asked_for = name == "refresh";
                assert!(
                    refreshes <= 1
                        && refreshes >= usize::from(is_due)
                        && (is_due || is_asked_for || refreshes == 0),
                    "{name}, {beginning:?}, {polls} polls: {refreshes} refreshes"
                );
            });
        }
    }
}

#[test]
fn a_dropped_sign_out_leaves_a_usable_session_or_none() {
    for beginning in Beginning::ALL {
        at_every_point(beginning, SIGN_OUT_CALL, async |world, tab, polls| {
            let statuses = tab.burst(3, "/orders").await;
            assert!(
                statuses == [200; 3] || statuses == [401; 3],
                "{beginning:?}, {polls} polls: {statuses:?}"
            );
            // Once the call was sent, the session has ended in the browser, whether or not the server got it.
            assert!(tab.user().await.is_none() || statuses == [200; 3]);
            assert_eq!(tab.client.sign_out().await, Ok(()));
            assert_eq!((tab.user().await, world.tab().user().await), (None, None));
            nothing_is_half_written(world, AntiCsrf::ViaToken);
        });
    }
}

#[test]
fn a_dropped_sign_in_leaves_a_whole_session_or_none() {
    for polls in 0..MAX_POLLS {
        run_in_each_mode(async |world| {
            world.server.set_anti_csrf(AntiCsrf::ViaToken);
            world.store.set_read_ms(2);
            let tab = world.tab();
            poll_then_drop(tab.client.post(SIGN_IN).body("ann").send(), polls).await;
            nothing_is_half_written(world, AntiCsrf::ViaToken);
            pass(1_000).await;
            nothing_is_half_written(world, AntiCsrf::ViaToken);
            assert!(!world.locks.is_busy());
            if tab.user().await.is_some() {
                assert_eq!(tab.status("/orders").await, 200, "{polls} polls");
            }
            tab.sign_in("bob").await;
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}
