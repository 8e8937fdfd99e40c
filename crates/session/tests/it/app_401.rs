//! A 401 of the app itself: a limited number of retries, a warning, and the response reaches the caller.

use supertokens_session::SessionError;

use crate::sim::{Reply, World, logged, run};

fn refusing(world: &World) {
    world.server.route("/own", Reply::new(401, r#"{"message":"wrong PIN"}"#));
}

#[test]
fn a_401_that_repeats_is_returned_with_its_body_after_the_last_retry() {
    for most in [0, 1, 3, 10] {
        run(async |world| {
            refusing(world);
            let tab = world.tab_with(|settings| settings.max_retry_attempts_for_session_refresh(most));
            tab.sign_in("ann").await;
            world.server.reset_counts();
            let response = tab.get("/own").await.unwrap();
            assert_eq!(response.status(), 401);
            assert_eq!(response.session_error(), Some(&SessionError::TooManyRetries { attempts: most }));
            assert_eq!(response.text().await.unwrap(), r#"{"message":"wrong PIN"}"#);
            let most = usize::try_from(most).unwrap();
            assert_eq!((world.server.count("/own"), world.server.refreshes()), (most + 1, most));
            assert_eq!(tab.user().await.as_deref(), Some("ann"));
            assert_eq!(tab.status("/orders").await, 200);
        });
    }
}

#[test]
fn a_request_is_retried_ten_times_unless_set() {
    run(async |world| {
        refusing(world);
        let tab = world.signed_in("ann").await;
        let error = tab.get("/own").await.unwrap().error_for_session().unwrap_err();
        assert_eq!(error, SessionError::TooManyRetries { attempts: 10 });
        assert!(error.to_string().contains("another status"), "{error}");
    });
}

/// Each retry costs a refresh, so the warning names the path and the setting.
#[test]
fn the_last_retry_logs_the_path_the_attempts_and_the_setting() {
    for most in [0, 3] {
        run(async |world| {
            refusing(world);
            let tab = world.tab_with(|settings| settings.max_retry_attempts_for_session_refresh(most));
            tab.sign_in("ann").await;
            assert_eq!(tab.status("/own?pin=1234#top").await, 401);
            let warnings: Vec<_> = logged().into_iter().filter(|line| line.starts_with("WARN")).collect();
            assert_eq!(warnings.len(), 1, "{warnings:?}");
            let attempts = format!("returned 401 to {} attempt", most + 1);
            let setting = format!("`max_retry_attempts_for_session_refresh` is {most}");
            for part in ["https://api.example.com/own: ", &attempts, &setting, "another status"] {
                assert!(warnings[0].contains(part), "{part} in {warnings:?}");
            }
            assert!(!warnings[0].contains("1234"), "{warnings:?}");
        });
    }
}

#[test]
fn without_a_retry_or_a_session_no_warning_is_logged() {
    run(async |world| {
        refusing(world);
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.get("/own").without_retry().send().await.unwrap().status(), 401);
        tab.client.sign_out().await.unwrap();
        assert_eq!(tab.status("/own").await, 401);
        assert!(!logged().iter().any(|line| line.starts_with("WARN")), "{:?}", logged());
    });
}

#[test]
fn a_request_that_opts_out_costs_no_refresh() {
    run(async |world| {
        refusing(world);
        let tab = world.signed_in("ann").await;
        let response = tab.client.get("/own").without_retry().send().await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, None));
        assert_eq!((world.server.count("/own"), world.server.refreshes()), (1, 0));
        assert_eq!((tab.user().await.as_deref(), tab.events()), (Some("ann"), vec![]));
    });
}

#[test]
fn a_request_that_opts_out_still_carries_the_session() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.client.get("/orders").without_retry().send().await.unwrap().status(), 200);
    });
}

#[test]
fn a_401_without_a_session_causes_no_refresh() {
    run(async |world| {
        refusing(world);
        let tab = world.tab();
        assert_eq!(tab.client.session_exists().await, Ok(false));
        world.server.reset_counts();
        let response = tab.get("/own").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (401, Some(&SessionError::NoSession)));
        assert_eq!(response.text().await.unwrap(), r#"{"message":"wrong PIN"}"#);
        assert_eq!(world.server.exchanges().len(), 1);
    });
}

#[test]
fn a_burst_shares_its_refreshes() {
    run(async |world| {
        refusing(world);
        let tab = world.signed_in("ann").await;
        assert_eq!(tab.burst(20, "/own").await, [401; 20]);
        assert!(world.server.refreshes() <= 20, "{}", world.server.refreshes());
    });
}
