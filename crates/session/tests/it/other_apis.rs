//! Apps of one host share its cookies. A client neither shows nor ends the session of another API.

use supertokens_session::{Marker, SessionClient, SessionConfig, SessionError};

use crate::sim::{API, AntiCsrf, Reply, SIGN_IN, Tab, World, pass, run_in_each_mode};

/// Another app of the page's host, or another provider of the page, with its own backend and this response.
fn other_app(world: &World, tab: &Tab, reply: Reply) -> SessionClient {
    world.network.foreign.replace(reply);
    let config = SessionConfig::builder("https://other-api.example").build().unwrap();
    SessionClient::new(config, tab.client.platform().unwrap().clone())
}

/// Makes all calls of an app: none may change the session of another API.
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
fn another_apis_session_is_neither_shown_nor_sent_nor_ended() {
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

/// App A uses header mode or anti-CSRF tokens, and app B does not: B's calls carry no token of A.
#[test]
fn no_token_of_the_replaced_session_is_sent_to_the_new_api() {
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

/// The backoff of one API does not delay the refresh of another API's client.
#[test]
fn each_api_has_its_own_backoff() {
    run_in_each_mode(async |world| {
        let tab = world.tab();
        let busy = Reply::new(429, "{}").header("retry-after", "300");
        let other = other_app(world, &tab, busy);
        assert!(other.session_exists().await.is_err());
        assert!(world.stored().backoff.is_some());
        assert_eq!(tab.client.session_exists().await, Ok(false));
    });
}

/// All APIs share the cookie names: the last sign-in owns them.
#[test]
fn a_sign_in_to_another_api_replaces_the_session() {
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
fn a_stored_session_without_an_owner_is_every_clients_session() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        let other = other_app(world, &tab, Reply::new(200, "{}"));
        world.store.edit(|stored| stored.owner = None);
        assert_eq!(other.user_id().await.as_deref(), Ok("ann"));
        tab.status("/payload-unchanged").await;
        // The JavaScript SDK writes the marker and does not change the stored owner.
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

/// Each subdomain calls the API on its own host. The hosts are one API, since the settings say so.
#[test]
fn hosts_of_one_backend_domain_share_its_session() {
    run_in_each_mode(async |world| {
        let tab = world.tab_with(|settings| settings.session_token_backend_domain(".example.com"));
        tab.sign_in("ann").await;
        let another_host = |domain: &str, path: &str| {
            let settings = SessionConfig::builder("https://b.example.com").api_base_path(path);
            let config = settings.session_token_backend_domain(domain).build().unwrap();
            SessionClient::new(config, tab.client.platform().unwrap().clone())
        };
        assert_eq!(another_host("example.com", "/auth").user_id().await.as_deref(), Ok("ann"));
        for (domain, path) in [("example.com", "/other"), ("b.example.com", "/auth")] {
            let other = another_host(domain, path);
            assert_eq!(other.user_id().await, Err(SessionError::NoSession), "{domain} {path}");
        }
    });
}

#[test]
fn one_warning_is_logged() {
    run_in_each_mode(async |world| {
        let tab = world.signed_in("ann").await;
        try_everything(&other_app(world, &tab, Reply::new(401, "{}"))).await;
        let warnings = crate::sim::logged().iter().filter(|line| line.contains("another API")).count();
        assert_eq!(warnings, 1);
    });
}
