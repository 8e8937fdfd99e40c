//! The debug log has each step, and no user data.

use supertokens_session::SessionError;

use crate::sim::{Fault, REFRESH, Reply, SIGN_OUT, World, logged, run_in_each_mode};

/// The crate's log lines since the last read, without levels and targets.
fn lines(from: &mut usize) -> Vec<String> {
    let all = logged();
    let new = all[*from..].iter().filter(|line| line.contains(" supertokens_session::"));
    let lines = new.filter_map(|line| Some(line.split_once(": ")?.1.to_owned())).collect();
    *from = all.len();
    lines
}

fn in_order(lines: &[String], expected: &[&str]) {
    let mut rest = lines.iter();
    for text in expected {
        assert!(rest.any(|line| line == text), "no {text:?} in its place in {lines:#?}");
    }
}

#[test]
fn each_step_of_a_session_is_logged() {
    run_in_each_mode(async |world| {
        let mut from = 0;
        let (tab, other) = (world.tab(), world.tab());
        tab.get("/public/x").await.unwrap();
        in_order(
            &lines(&mut from),
            &[
                "GET request to https://api.example.com, with the session",
                "refreshing first: the session state is unknown",
                "starting a refresh",
                "under the lock: CallApi",
                "response 401 of the refresh API, call 1: EndSession",
                "refresh done: NoSession",
                "response 200: Deliver",
            ],
        );
        tab.sign_in("ann").await;
        world.server.expire_access_tokens();
        lines(&mut from);
        let (one, two) = futures_util::future::join(tab.get("/orders"), other.get("/orders")).await;
        assert_eq!((one.unwrap().status(), two.unwrap().status()), (200, 200));
        let logged = lines(&mut from);
        in_order(
            &logged,
            &[
                "response 401: Refresh",
                "starting a refresh",
                "under the lock: CallApi",
                "response 200 of the refresh API, call 1: Save",
                "refresh done: Yes",
                "retry 1 of at most 10",
                "response 200: Deliver",
            ],
        );
        assert!(logged.iter().any(|line| line == "under the lock: AlreadyRefreshed"));

        world.server.expire_access_tokens();
        tab.burst(2, "/orders").await;
        assert!(lines(&mut from).iter().any(|line| line == "joining the running refresh"));

        world.pass_expiry().await;
        world.server.fail_once(REFRESH, Fault::Instead(Reply::new(500, "")));
        tab.client.session_exists().await.unwrap_err();
        in_order(
            &lines(&mut from),
            &[
                "response 500 of the refresh API, call 1: Failed",
                &format!("refresh failed: {}", SessionError::RefreshFailed { status: 500, body: None }),
            ],
        );
        tab.get("https://other.example/x").await.unwrap();
        in_order(&lines(&mut from), &["GET request to https://other.example, without the session"]);
        world.server.route("/admin", Reply::new(403, r#"{"claimValidationErrors":[{"id":"st-role"}]}"#));
        tab.get("/admin").await.unwrap();
        let logged = lines(&mut from);
        in_order(&logged, &["response 403: ReportClaims", "the API found 1 claims invalid"]);
        let is_ahead = logged.iter().any(|line| line == "refreshing first: the access token has expired");
        assert_eq!(is_ahead, !world.server.is_older());
        tab.client.sign_out().await.unwrap();
        in_order(&lines(&mut from), &["sign-out: done"]);
        tab.client.sign_out().await.unwrap();
        in_order(&lines(&mut from), &["sign-out: no session"]);
    });
}

#[test]
fn no_user_data_is_logged() {
    const THEIRS: [&str; 8] = [
        "ann-of-the-user-id",
        "gold-in-the-payload",
        "seven-in-the-path",
        "fifty-in-the-query",
        "x-the-headers-name",
        "the-headers-value",
        "words-in-the-body",
        "message-of-the-backend",
    ];
    async fn live(world: &World) {
        let tab = world.signed_in("ann-of-the-user-id").await;
        let client = &tab.client;
        client.post("/payload").body(r#"{"plan":"gold-in-the-payload"}"#).send().await.unwrap();
        for url in ["/orders/seven-in-the-path", "https://other.example/seven-in-the-path"] {
            world.server.expire_access_tokens();
            let request = client.post(url).query(&[("a", "fifty-in-the-query")]).body("words-in-the-body");
            request.header("x-the-headers-name", "the-headers-value").send().await.unwrap();
        }
        world.pass_expiry().await;
        for fault in [Fault::LoseResponse, Fault::Hang, Fault::NoTokens, Fault::Hidden("front-token")] {
            world.server.fail_once(REFRESH, fault);
            let _ = client.payload().await;
        }
        let refusal = r#"{"status":"GENERAL_ERROR","message":"message-of-the-backend"}"#;
        world.server.route(SIGN_OUT, Reply::new(200, refusal));
        client.sign_out().await.unwrap_err();
    }
    run_in_each_mode(async |world| {
        live(world).await;
        let lines = logged();
        assert!(lines.iter().any(|line| line.ends_with("sign-out: the backend refused")), "{lines:#?}");
        for line in lines {
            for theirs in THEIRS {
                assert!(!line.contains(theirs), "{line}");
            }
        }
    });
}
