//! The state of a redirect to a provider.

use supertokens_recipes::third_party::{
    self, AuthorisationUrl, InvalidState, ProviderErrorCode, RedirectUri, SignInAndUp, sign_in_and_up_with,
};
use supertokens_session::{SessionClient, Url};

use crate::world::World;

const URL: &str = r#"{"status":"OK","urlWithQueryParams":"https://provider.example/a?client_id=x#top","pkceCodeVerifier":"v"}"#;
const OK: &str = r#"{"status":"OK","createdNewRecipeUser":false,"user":{"id":"u1"}}"#;

fn begin(world: &World, client: &SessionClient) -> Url {
    let back = RedirectUri::new("https://app.example/back");
    let call = third_party::authorisation_url(client, "demo", &back).tenant("acme");
    match world.call(200, URL, call).unwrap() {
        AuthorisationUrl::Ok { url } => url,
        outcome => panic!("{outcome:?}"),
    }
}

/// The query with which the provider sends the user back.
fn back_from(url: &Url) -> String {
    let state = url.path_and_query().split("state=").nth(1).unwrap();
    format!("?code=c%201&state={state}")
}

#[test]
fn the_state_goes_to_the_provider_and_back_and_is_used_once() {
    let world = World::new();
    let client = world.client();
    let url = begin(&world, &client);
    let asked = world.request().unwrap();
    let query = "/auth/acme/authorisationurl?thirdPartyId=demo&redirectURIOnProviderDashboard=https%3A%2F%2Fapp.example%2Fback";
    assert_eq!(asked.url.path_and_query(), query);
    assert!(url.as_str().starts_with("https://provider.example/a?client_id=x&state="));
    assert!(url.as_str().ends_with("#top"));

    let back = back_from(&url);
    let outcome = world.call(200, OK, sign_in_and_up_with(&client, &back)).unwrap();
    assert!(matches!(outcome, SignInAndUp::Ok { created_new_user: false, .. }), "{outcome:?}");
    let request = world.request().unwrap();
    assert_eq!(request.url.path_and_query(), "/auth/acme/signinup");
    world.call(200, OK, sign_in_and_up_with(&client, &back)).unwrap();
    assert!(world.request().is_none(), "a second use sends nothing");
}

#[test]
fn the_body_has_the_providers_parameters_and_the_verifier() {
    let world = World::new();
    let client = world.client();
    let back = back_from(&begin(&world, &client));
    world.call(200, OK, sign_in_and_up_with(&client, &back)).unwrap();
    let sent = world.sent();
    assert_eq!(sent["thirdPartyId"], "demo");
    let redirect = &sent["redirectURIInfo"];
    assert_eq!(redirect["redirectURIOnProviderDashboard"], "https://app.example/back");
    assert_eq!(redirect["pkceCodeVerifier"], "v");
    assert_eq!(redirect["redirectURIQueryParams"]["code"], "c 1");
}

#[test]
fn a_missing_old_or_foreign_state_sends_nothing() {
    let world = World::new();
    let client = world.client();
    let invalid = |query: &str| match world.call(200, OK, sign_in_and_up_with(&client, query)).unwrap() {
        SignInAndUp::InvalidState(invalid) => invalid,
        outcome => panic!("{outcome:?}"),
    };
    assert_eq!(invalid("?code=c&state=s"), InvalidState::Missing);
    let back = back_from(&begin(&world, &client));
    world.request();
    for foreign in ["?code=c", "?code=c&state=", "?code=c&state=other", &format!("{back}x")] {
        assert_eq!(invalid(foreign), InvalidState::Foreign, "{foreign}");
    }
    let begun_at = world.now_ms.get();
    for now_ms in [begun_at + 600_000, begun_at - 1] {
        let back = back_from(&begin(&world, &client));
        world.request();
        world.now_ms.set(world.now_ms.get() + now_ms - begun_at);
        assert_eq!(invalid(&back), InvalidState::Expired, "{now_ms}");
        assert_eq!(invalid(&back), InvalidState::Missing);
    }
    assert!(world.request().is_none());
}

#[test]
fn an_error_of_the_provider_is_typed_and_ends_the_attempt() {
    let world = World::new();
    let client = world.client();
    let state = back_from(&begin(&world, &client)).split_once("state=").unwrap().1.to_owned();
    world.request();
    let query = format!("error=access_denied&error_description=No+thanks&state={state}");
    let outcome = world.call(200, OK, sign_in_and_up_with(&client, &query)).unwrap();
    let SignInAndUp::ProviderError(error) = outcome else { panic!("{outcome:?}") };
    assert_eq!(error.code, ProviderErrorCode::AccessDenied);
    assert_eq!(error.description.as_deref(), Some("No thanks"));
    assert!(world.request().is_none());
    // An error in a link that this browser has not asked for is no error of the provider.
    let outcome = world.call(200, OK, sign_in_and_up_with(&client, "error=access_denied")).unwrap();
    assert_eq!(outcome, SignInAndUp::InvalidState(InvalidState::Missing));
}

#[test]
fn a_call_without_a_response_can_be_repeated() {
    let world = World::new();
    let client = world.client();
    let back = back_from(&begin(&world, &client));
    assert!(world.call(500, "", sign_in_and_up_with(&client, &back)).is_err());
    let outcome = world.call(200, OK, sign_in_and_up_with(&client, &back)).unwrap();
    assert!(matches!(outcome, SignInAndUp::Ok { .. }));
}

#[test]
fn a_url_that_is_no_page_is_an_error() {
    let world = World::new();
    let client = world.client();
    for url in ["javascript:alert(1)", "", "/relative", "https://user@provider.example"] {
        let body = format!(r#"{{"status":"OK","urlWithQueryParams":"{url}"}}"#);
        let back = RedirectUri::new("https://app.example/back");
        let call = third_party::authorisation_url(&client, "demo", &back);
        let error = crate::world::message(world.call(200, body, call).unwrap_err());
        assert!(error.contains("urlWithQueryParams"), "{error}");
    }
    let outcome = world.call(200, OK, sign_in_and_up_with(&client, "?state=s")).unwrap();
    assert_eq!(outcome, SignInAndUp::InvalidState(InvalidState::Missing));
}

#[test]
fn the_backend_sends_the_user_on_if_the_provider_has_another_url() {
    let world = World::new();
    let client = world.client();
    let back =
        RedirectUri::new("https://app.example/back").on_provider_dashboard("https://api.example.com/cb");
    let call = third_party::authorisation_url(&client, "apple", &back.client_type("web"));
    world.call(200, URL, call).unwrap();
    let query = world.request().unwrap().url.path_and_query().to_owned();
    assert!(query.contains("redirectURIOnProviderDashboard=https%3A%2F%2Fapi.example.com%2Fcb"));
    assert!(query.ends_with("&clientType=web"));
}
