use std::rc::Rc;

use serde_json::Value;

use super::Overrides;
use crate::{
    client::{Client, Work, claims::Require},
    token::AccessToken,
};

/// The app's overrides, with the functions that call them. Only [`new`](Self::new) names these functions, so an app
/// without overrides does not link them.
pub(crate) struct AppOverrides {
    pub(crate) app: Rc<dyn Overrides>,
    pub(crate) session_exists: fn(Client) -> Work<bool>,
    pub(crate) user_id: fn(Client) -> Work<String>,
    pub(crate) payload: fn(Client) -> Work<Value>,
    pub(crate) access_token: fn(Client) -> Work<Option<AccessToken>>,
    pub(crate) refresh: fn(Client) -> Work<bool>,
    pub(crate) sign_out: fn(Client) -> Work<()>,
    pub(crate) global_requirement: fn(&dyn Overrides) -> Option<Require>,
}

macro_rules! call {
    ($method:ident, $original:ident) => {
        |client| {
            Box::pin(async move {
                match client.overrides() {
                    Some((app, original)) => app.$method(original).await,
                    None => client.$original().await,
                }
            })
        }
    };
}

impl AppOverrides {
    pub(crate) fn new(app: Rc<dyn Overrides>) -> Self {
        Self {
            app,
            session_exists: call!(session_exists, original_session_exists),
            user_id: call!(user_id, original_user_id),
            payload: call!(payload, original_payload),
            access_token: call!(access_token, original_access_token),
            refresh: call!(refresh, original_refresh),
            sign_out: call!(sign_out, original_sign_out),
            global_requirement,
        }
    }
}

/// The global claim validators as one requirement. `None` if there are none.
pub fn global_requirement(app: &dyn Overrides) -> Option<Require> {
    app.global_claim_validators().into_iter().map(Require::claim).reduce(Require::and)
}
