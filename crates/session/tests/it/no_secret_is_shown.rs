//! No token in any log, event, error or `Debug`.

use supertokens_session::{
    Headers, SessionEvent,
    internal::{request_headers, response_headers::SessionHeaders},
    platform::{Method, TransportRequest},
};

use crate::sim::{
    AntiCsrf, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT, Tab, World, leaks, logged, run_current,
    run_in_each_mode,
};

/// A session from sign-in to sign-out with all faults, and the texts that it shows.
async fn scripted_session(world: &World, tab: &Tab) -> Vec<String> {
    let client = &tab.client;
    let mut shown = Vec::new();
    let mut events: Vec<SessionEvent> = Vec::new();
    tab.sign_in("ann").await;

    let stored = world.stored();
    let front = client.front_token().await.unwrap().unwrap();
    shown.push(format!("{stored:?} {front:?}"));
    shown.push(format!("{:?} {:#?}", client.access_token().await, client.platform().unwrap()));
    let mut call = request_headers::refresh_request(client.config());
    request_headers::add_refresh_tokens(&mut call, &stored);
    shown.push(format!("{call:?}"));
    request_headers::add_session(&mut call, &stored, client.config());
    shown.push(format!("{call:?}"));
    let authorization = format!("Bearer {}", stored.front.unwrap().reveal());
    let request = client.post("/orders").header("authorization", &authorization).body(authorization.as_str());
    shown.push(format!("{request:?} {:?}", request.clone().send().await));

    world.server.expire_access_tokens();
    shown.push(format!("{:?}", tab.get("/orders").await));
    world.pass_expiry().await;
    shown.push(format!("{:?}", client.session_exists().await));
    for fault in [
        Fault::Instead(Reply::new(500, "")),
        Fault::NoTokens,
        Fault::LoseResponse,
        Fault::Hidden("front-token"),
        Fault::Replaced("front-token", "garbage;".into()),
        Fault::Hang,
    ] {
        world.server.expire_access_tokens();
        world.server.fail_always(REFRESH, fault);
        shown.push(
            tab.get("/orders").await.err().map(|error| format!("{error:?} {error}")).unwrap_or_default(),
        );
        world.server.mend();
        tab.get("/orders").await.unwrap();
    }
    client.post("/payload").body(r#"{"role":"admin"}"#).send().await.unwrap();
    world.server.route("/admin", Reply::new(403, r#"{"claimValidationErrors":[{"id":"st-role"}]}"#));
    tab.get("/admin").await.unwrap();
    world.server.fail_once("/orders", Fault::Late(500));
    let late = tab.start_get("/orders");
    tab.sign_in("bob").await;
    late.done().await.unwrap();
    events.extend(tab.events());

    world.server.fail_once(SIGN_OUT, Fault::Instead(Reply::new(500, "")));
    shown.push(format!("{:?}", client.sign_out().await));
    tab.sign_in("ann").await;
    world.server.revoke_all();
    shown.push(format!("{:?}", tab.get("/orders").await));
    events.extend(tab.events());
    shown.push(format!("{events:?} {client:?} {:?}", client.config()));
    shown
}

#[test]
fn no_step_from_sign_in_to_sign_out_shows_a_token() {
    run_in_each_mode(async |world| {
        world.server.set_anti_csrf(AntiCsrf::ViaToken);
        let tab = world.tab_with(|settings| settings.refresh_api_custom_header("x-key", "refresh-s3cr3t-x"));
        let shown = scripted_session(world, &tab).await;
        assert!(world.server.secrets().len() > 20);
        for text in &shown {
            world.check_no_secret_in(text);
            assert!(!text.contains("s3cr3t"), "{text}");
        }
        // `World::check` searches the log, here and after every other scenario.
        assert!(logged().len() > 10, "{:?}", logged());
    });
}

#[test]
fn the_headers_of_a_response_show_no_token() {
    run_current(async |world| {
        world.use_header_mode();
        let tab = world.tab();
        let transport = tab.client.platform().unwrap().transport.clone();
        let mut headers = Headers::new();
        headers.set("st-auth-mode", "header").unwrap();
        let url = tab.client.config().resolve(SIGN_IN).unwrap();
        let request =
            TransportRequest { method: Method::Post, url, headers, body: "ann".into(), credentials: None };
        let response = transport.send(request).await.unwrap();
        let incoming = SessionHeaders::read(&*response);
        assert!(!incoming.is_empty());
        world.check_no_secret_in(&format!("{incoming:?} {incoming:#?}"));
    });
}

#[test]
fn the_search_finds_secrets() {
    run_current(async |world| {
        world.use_header_mode();
        world.signed_in("ann").await;
        let stored = world.stored();
        let secrets = world.server.secrets();
        for value in [
            stored.access.unwrap().reveal(),
            stored.refresh.unwrap().reveal(),
            stored.front.unwrap().reveal(),
        ] {
            assert_eq!(leaks(&format!("Bearer {value}, and more"), &secrets), [value]);
        }
        log::trace!("captured");
        assert!(logged().iter().any(|line| line.starts_with("TRACE") && line.ends_with("captured")));
    });
}
