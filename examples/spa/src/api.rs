use example_shared::api::Api;
use supertokens_leptos::use_session;

/// The requests of the app, which all use the session.
pub(crate) fn use_api() -> Api {
    Api::new(use_session().client())
}
