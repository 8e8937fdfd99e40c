//! Pages: each row of the table of outcomes, and the two ways in which tokens come.

use e2e::sdk::{Setting, USER, with_api};
use http::Method;
use serde_json::{Value, json};
use supertokens_server::VerifiedSession;

use crate::{bearer, support, verifier, visit, with_nickname};

/// The session in the form of the SDK's response to `/api/me`.
fn as_the_sdk(session: &VerifiedSession) -> Value {
    json!({
        "user_id": session.user_id(),
        "session_handle": session.session_handle(),
        "access_token_expires_at": session.expires_at().as_millis() as u64,
        "access_token_payload": session.payload(),
    })
}

#[tokio::test]
async fn a_session_in_cookies_is_the_one_that_the_sdk_sees() {
    with_api(Setting::default(), async |api| {
        let tokens = api.sign_in(USER).await;
        let request = visit(&verifier(api), &tokens).await;
        let session = request.page().session().unwrap();
        let cookies = support::page(None, Some(&tokens.access));
        let me = api.call(Method::GET, "/api/me", cookies, Value::Null).await;
        assert_eq!(&as_the_sdk(session), me.body());
        assert_eq!(session.tenant_id(), "public");
        assert_eq!(session.recipe_user_id(), session.user_id());
        assert_eq!(session.payload()["email"], USER);
        assert_eq!(session.front_token().unwrap().payload(), session.payload());
        assert_eq!(as_the_sdk(&request.call().unwrap()), as_the_sdk(session));
    })
    .await;
}

#[tokio::test]
async fn in_header_mode_pages_have_the_token_in_a_cookie_and_calls_as_bearer() {
    with_api(Setting::default().header_mode(), async |api| {
        let tokens = api.sign_in(USER).await;
        let me = api.call(Method::GET, "/api/me", bearer(&tokens.access), Value::Null).await;
        let verifier = verifier(api);

        let cookies = format!("st-access-token={}; sFrontToken={}", tokens.access, tokens.front);
        let page = support::headers(&[("cookie", &cookies)]);
        let request = verifier.verify(&page).await;
        assert_eq!(&as_the_sdk(request.page().session().unwrap()), me.body());
        // Neither accepts the cookie of script for a call: other sites could make the browser send it.
        assert_eq!(request.call().unwrap_err().status(), 401);
        assert_eq!(api.call(Method::GET, "/api/me", page, Value::Null).await.status(), 401);

        let call = verifier.verify(&bearer(&tokens.access)).await.call().unwrap();
        assert_eq!(&as_the_sdk(&call), me.body());
    })
    .await;
}

#[tokio::test]
async fn after_a_change_of_the_payload_old_and_new_tokens_do_not_match() {
    with_api(Setting::default(), async |api| {
        let verifier = verifier(api);
        let old = api.sign_in(USER).await;
        let new = with_nickname(api, &old).await;
        for (front, access, expected) in [
            (&old.front, &old.access, "authenticated"),
            (&old.front, &new.access, "to be refreshed"),
            (&new.front, &old.access, "to be refreshed"),
            (&new.front, &new.access, "authenticated"),
        ] {
            let request = verifier.verify(&support::page(Some(front), Some(access))).await;
            assert_eq!(support::outcome(&request), expected);
        }
        assert_eq!(visit(&verifier, &new).await.page().session().unwrap().payload()["nickname"], "Zoë");
    })
    .await;
}

mod stand_in {
    use std::time::Duration;

    use e2e::sdk::{Setting, USER, with_api};
    use serde_json::json;

    use crate::{ADMIN, support, verifier, with_nickname, with_payload};

    #[tokio::test]
    async fn each_row_of_the_table_has_its_outcome() {
        with_api(Setting::default().access_token_seconds(1), async |api| {
            let expired = api.sign_in(USER).await;
            api.controls.set_access_token_seconds(3600).await;
            let refreshed = api.refresh(&expired).await;
            let renewed = with_nickname(api, &refreshed).await;
            let other_user = api.sign_in(ADMIN).await;
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            let forged = with_payload(&renewed.access, json!({ "st-role": { "v": ["admin"] } }));
            let (good, token) = (Some(&renewed.front), Some(&renewed.access));
            let verifier = verifier(api).leeway(Duration::ZERO);
            for (name, front, access, expected) in [
                ("nothing", None, None, "signed out"),
                ("no front token", None, token, "signed out"),
                ("an unreadable front token", Some(&"%%%".to_owned()), token, "signed out"),
                ("the end of a session", Some(&"remove".to_owned()), token, "signed out"),
                ("an expired front token", Some(&expired.front), token, "to be refreshed"),
                ("both expired", Some(&expired.front), Some(&expired.access), "to be refreshed"),
                ("no access token", good, None, "to be refreshed"),
                ("an expired access token", good, Some(&expired.access), "to be refreshed"),
                ("a wrong signature", good, Some(&forged), "not trusted"),
                ("the payload before a change", good, Some(&refreshed.access), "to be refreshed"),
                ("another user", good, Some(&other_user.access), "to be refreshed"),
                ("a refreshed session", Some(&refreshed.front), Some(&refreshed.access), "authenticated"),
                ("equal tokens", good, token, "authenticated"),
            ] {
                let page = support::page(front.map(String::as_str), access.map(String::as_str));
                assert_eq!(support::outcome(&verifier.verify(&page).await), expected, "{name}");
            }
        })
        .await;
    }
}
