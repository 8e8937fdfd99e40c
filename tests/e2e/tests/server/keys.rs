//! The signing keys change, or can't be fetched.

use e2e::sdk::{Api, Setting, USER, with_api};

use crate::{decoded, outcome, verifier, visit};

#[tokio::test]
async fn tokens_of_the_static_key_are_verified() {
    with_api(Setting::default().static_key(), async |api| {
        let tokens = api.sign_in(USER).await;
        let [header, _] = decoded(&tokens.access);
        assert!(header["kid"].as_str().unwrap().starts_with("s-"), "{header}");
        assert_eq!(outcome(&verifier(api), &tokens).await, "authenticated");
    })
    .await;
}

#[tokio::test]
async fn while_the_server_is_down_fetched_keys_stay_in_use_and_no_user_is_signed_out() {
    let api = Api::start(Setting::default()).await;
    let tokens = api.sign_in(USER).await;
    let (has_keys, has_none) = (verifier(&api), verifier(&api));
    assert_eq!(outcome(&has_keys, &tokens).await, "authenticated");
    api.stop().await;
    assert_eq!(outcome(&has_keys, &tokens).await, "authenticated");
    assert_eq!(outcome(&has_none, &tokens).await, "not verified");
    assert_eq!(visit(&has_none, &tokens).await.call().unwrap_err().status(), 503);
}

mod stand_in {
    use e2e::sdk::{Setting, USER, with_api};
    use http::Method;

    use crate::calls::{own, sdk};
    use crate::support::pass;
    use crate::{PAUSE, bearer, outcome, verifier};

    #[tokio::test]
    async fn tokens_of_a_new_key_are_verified_after_a_fetch_and_those_of_the_old_one_stay_valid() {
        with_api(Setting::default(), async |api| {
            let verifier = verifier(api);
            let old = api.sign_in(USER).await;
            assert_eq!(outcome(&verifier, &old).await, "authenticated");
            api.controls.use_new_key().await;
            let new = api.sign_in(USER).await;
            assert_ne!(outcome(&verifier, &new).await, "not trusted", "before the next fetch");
            pass(PAUSE).await;
            assert_eq!(outcome(&verifier, &new).await, "authenticated");
            assert_eq!(outcome(&verifier, &old).await, "authenticated");
        })
        .await;
    }

    #[tokio::test]
    async fn tokens_of_a_dropped_key_are_not_trusted_after_a_fetch() {
        with_api(Setting::default(), async |api| {
            let verifier = verifier(api);
            let old = api.sign_in(USER).await;
            assert_eq!(outcome(&verifier, &old).await, "authenticated");
            api.controls.expire_all().await;
            pass(PAUSE).await;
            let new = api.refresh(&old).await;
            assert_eq!(outcome(&verifier, &new).await, "authenticated");
            pass(PAUSE).await;
            assert_eq!(outcome(&verifier, &old).await, "not trusted");
            pass(PAUSE).await;
            let call = bearer(&old.access);
            assert_eq!(own(&verifier, &Method::GET, &call).await, sdk(api, &Method::GET, &call).await);
        })
        .await;
    }
}
