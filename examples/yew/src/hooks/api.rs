use example_shared::api::Api;
use supertokens_yew::use_session;
use yew::prelude::*;

/// The requests of the app, which all use the session.
#[hook]
pub(crate) fn use_api() -> Api {
    Api::new(use_session().client())
}
