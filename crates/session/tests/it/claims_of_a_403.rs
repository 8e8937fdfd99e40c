//! A 403 that names claims emits an event; any other 403 belongs to the app.

use serde_json::json;
use supertokens_session::{ClaimError, SessionEvent};

use crate::sim::{Reply, run};

const REFUSAL: &str = r#"{"message":"invalid claim","claimValidationErrors":[
    {"id":"st-role","reason":{"expectedToInclude":"admin","message":"wrong value"}},{"id":"st-ev"}]}"#;

#[test]
fn a_403_that_names_claims_emits_one_event_and_returns_its_body() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.server.route("/admin", Reply::new(403, REFUSAL));
        let response = tab.get("/admin").await.unwrap();
        assert_eq!((response.status(), response.session_error()), (403, None));
        assert_eq!(response.text().await.unwrap(), REFUSAL);
        let reason = json!({ "message": "wrong value", "expectedToInclude": "admin" });
        let errors = [ClaimError::new("st-role", &reason), ClaimError::new("st-ev", &json!(null))];
        assert_eq!(tab.events(), [SessionEvent::ApiInvalidClaim { errors: errors.into() }]);
        assert_eq!((world.server.count("/admin"), world.server.refreshes()), (1, 0));
    });
}

#[test]
fn a_403_with_another_body_emits_no_event() {
    for body in [
        "",
        "forbidden",
        "{",
        "null",
        "[]",
        "{}",
        r#"{"message":"no"}"#,
        r#"{"claimValidationErrors":null}"#,
        r#"{"claimValidationErrors":"st-role"}"#,
        r#"{"claimValidationErrors":{"id":"st-role"}}"#,
        r#"{"claimValidationErrors":[{"reason":{}}]}"#,
        r#"{"claimValidationErrors":[7]}"#,
        r#"{"claimValidationErrors":[["st-role"]]}"#,
        r#"[[{"id":"st-role"}]]"#,
        "\u{feff}{}",
    ] {
        run(async |world| {
            let tab = world.signed_in("ann").await;
            world.server.route("/admin", Reply::new(403, body));
            let response = tab.get("/admin").await.unwrap();
            let text = body.trim_start_matches('\u{feff}');
            assert_eq!((response.status(), response.text().await.as_deref()), (403, Ok(text)));
            assert_eq!(tab.events(), []);
        });
    }
}

#[test]
fn a_configured_invalid_claim_status_is_handled_like_403() {
    run(async |world| {
        let tab = world.tab_with(|settings| settings.invalid_claim_status_code(460));
        tab.sign_in("ann").await;
        world.server.route("/admin", Reply::new(460, REFUSAL));
        world.server.route("/other", Reply::new(403, REFUSAL));
        assert_eq!(tab.status("/other").await, 403);
        assert_eq!(tab.events(), []);
        assert_eq!(tab.status("/admin").await, 460);
        assert_eq!(tab.events().len(), 1);
    });
}

#[test]
fn a_403_of_another_host_emits_no_event() {
    run(async |world| {
        let tab = world.signed_in("ann").await;
        world.network.foreign.replace(Reply::new(403, REFUSAL));
        assert_eq!(tab.status("https://other.example/x").await, 403);
        assert_eq!(tab.events(), []);
    });
}
