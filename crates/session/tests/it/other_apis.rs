//! Apps of one host share its cookies. A client neither shows nor ends the session of another API.

use supertokens_session::{SessionClient, SessionConfig, SessionError, token::Marker};

use crate::sim::{API, AntiCsrf, Reply, SIGN_IN, Tab, World, pass, run_in_each_mode};

/// Another app of the page's host, or another provider of the page, with a backend of its own that answers so.
fn other_app(world: &World, tab: &Tab, reply: Reply) -> SessionClient {
    world.network.foreign.replace(reply);
    let config = SessionConfig::builder("https://other-api.example").build().unwrap();
    SessionClient::new(config, tab.client.platform().unwrap().clone())
}

/// Everything that an app may do, and nothing of it touches the session of another API.
async fn try_everything(other: &SessionClient) {
    assert_eq!(other.user_id().await, Err(SessionError::NoSession));
    assert_eq!(other.session_exists().await, Ok(false));
    assert_eq!(other.front_token().await, Ok(None));
    assert_eq!(other.access_token().await, Err(SessionError::NoSession));
    assert_eq!(other.refresh().await, Ok(false));
    other.get("/x").send().await.unwrap();
    let _ = other.sign_out().await;
    pass(100).await;
}

#[test]
fn the_session_of_another_api_is_neither_shown_nor_sent_nor_ended() {
    let replies = [
        Reply::new(401, "{}"),
        Reply::new(401, "{}").header("front-token", "remove"),
        Reply::new(200, "{}").header("front-token", "remove"),
        Reply::new(200, "{}").header("anti-csrf", "theirs").header("st-access-token", "theirs.a.b"),
        Reply::new(403, "{}"),
        Reply::new(500, "{}"),
    ];
    for reply in replies {
        run_in_each_mode(async |world| {
            let tab = world.signed_in("ann").await;
            let stored = world.stored();
            try_everything(&other_app(world, &tab, reply.clone())).await;
            assert_eq!((world.stored(), tab.user().await.as_deref()), (stored, Some("ann")), "{reply:?}");
            assert_eq!(tab.status("/orders").await, 200);
            world.expire(crate::sim::Expiry::OnServer).await;
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

/// App A in header mode, or with anti-CSRF tokens, and app B without: B's calls go without any token of A's.
#[test]
fn no_token_of_the_session_before_goes_to_the_api_that_takes_its_place() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.signed_in("ann").await;
        let front = world.stored().front.unwrap();
        let other = other_app(world, &tab, Reply::new(200, "{}").header("front-token", front.reveal()));
        other.post(SIGN_IN).send().await.unwrap();
        let stored = world.stored();
        assert!(stored.access.is_none() && stored.refresh.is_none() && stored.anti_csrf.is_none());
        assert!(stored.id_refresh.is_none());
        other.get("/x").send().await.unwrap();
        let request = world.server.everything().pop().unwrap();
        assert_eq!((request.header("authorization"), request.header("anti-csrf")), (None, None));
    });
}

/// The backoff of one API keeps no client of another from its refresh.
#[test]
fn each_api_has_a_backoff_of_its_own() {
    run_in_each_mode(async |world| {
        let tab = world.tab();
        let busy = Reply::new(429, "{}").header("retry-after", "300");
        let other = other_app(world, &tab, busy);
        assert!(other.session_exists().await.is_err());
        assert!(world.stored().backoff.is_some());
        assert_eq!(tab.client.session_exists().await, Ok(false));
    });
}

/// The cookies have one name for all: the last sign-in has them.
#[test]
fn a_sign_in_to_another_api_takes_the_place_of_the_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let front = world.stored().front.unwrap();
        let other = other_app(world, &tab, Reply::new(200, "{}").header("front-token", front.reveal()));
        other.post(SIGN_IN).send().await.unwrap();
        assert_eq!(other.user_id().await.as_deref(), Ok("ann"));
        assert_eq!((tab.user().await, tab.status("/public").await), (None, 200));
    });
}

#[test]
fn what_an_sdk_stores_that_names_no_api_is_any_client_s_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let other = other_app(world, &tab, Reply::new(200, "{}"));
        world.store.edit(|stored| stored.owner = None);
        assert_eq!(other.user_id().await.as_deref(), Ok("ann"));
        tab.status("/payload-unchanged").await;
        // The JavaScript SDK writes the marker, and leaves the owner of before beside it.
        assert_eq!(tab.client.refresh().await, Ok(true));
        assert_eq!(other.user_id().await, Err(SessionError::NoSession));
        world.store.edit(|stored| {
            stored.marker = Marker::parse("1900000000000").ok();
            stored.id_refresh = None;
        });
        assert_eq!(other.user_id().await.as_deref(), Ok("ann"));
    });
}

#[test]
fn apps_of_one_api_share_its_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let config = SessionConfig::builder(format!("{API}/")).api_base_path("auth/").build().unwrap();
        let other = SessionClient::new(config, tab.client.platform().unwrap().clone());
        assert_eq!(other.user_id().await.as_deref(), Ok("ann"));
    });
}

#[test]
fn the_user_is_warned_once() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        try_everything(&other_app(world, &tab, Reply::new(401, "{}"))).await;
        let warnings = crate::sim::logged().iter().filter(|line| line.contains("another API")).count();
        assert_eq!(warnings, 1);
    });
}
