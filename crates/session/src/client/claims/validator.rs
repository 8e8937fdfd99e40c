use std::{any::Any, sync::Arc};

use serde_json::Value;

use super::ClaimRefresh;
use crate::{
    client::{CheckedClaims, Client},
    error::SessionError,
    platform::LocalBoxFuture,
};

/// Checks a claim. Implement it for your own checks; the predefined claims create a [`ClaimCheck`](super::ClaimCheck).
///
/// ```
/// use serde_json::{Value, json};
/// use supertokens_session::claims::{ClaimValidator, Validator};
///
/// struct OfAge;
///
/// impl ClaimValidator for OfAge {
///     fn id(&self) -> &str {
///         "of-age"
///     }
///
///     fn validate(&self, payload: &Value, _now_ms: i64) -> Result<(), Value> {
///         match payload["age"].as_u64() {
///             Some(18..) => Ok(()),
///             age => Err(json!({ "message": "wrong value", "actualValue": age })),
///         }
///     }
/// }
///
/// let validator = Validator::new(OfAge);
/// assert!(validator.validate(&json!({ "age": 20 }), 0).is_ok());
/// assert!(validator.validate(&json!({}), 0).is_err());
/// ```
#[doc(alias = "SessionClaimValidator")]
pub trait ClaimValidator: Any {
    /// The id of the check in errors.
    fn id(&self) -> &str;

    /// Whether the client must fetch the claim before the check. `now_ms` is the server's time.
    fn should_refresh(&self, payload: &Value, now_ms: i64) -> bool {
        let _ = (payload, now_ms);
        false
    }

    /// How the client fetches the claim; none if the frontend can't.
    fn refresh(&self) -> Option<&ClaimRefresh> {
        None
    }

    /// Checks the claim in a payload. `now_ms` is the server's time.
    ///
    /// # Errors
    /// The reason, as JSON with a `message`.
    fn validate(&self, payload: &Value, now_ms: i64) -> Result<(), Value>;

    /// The page on which a user with this payload can fix the claim, such as "verify your e-mail address": guards
    /// redirect there.
    fn redirect(&self, payload: &Value) -> Option<&str> {
        let _ = payload;
        None
    }

    /// Whether `other` is a check of this type with the same settings. Guards keep their decision then. By default only
    /// clones of a [`Validator`] are the same.
    fn is_same(&self, other: &dyn Any) -> bool {
        let _ = other;
        false
    }
}

/// Any validator. Cloning is cheap.
#[derive(Clone)]
pub struct Validator {
    rule: Arc<dyn ClaimValidator + Send + Sync>,
    check_all: CheckAll,
}

/// How a client checks validators and fetches their claims. The validator carries it, so an app without validators does
/// not include the code in its module.
pub(crate) type CheckAll =
    for<'a> fn(&'a Client, &'a [Validator]) -> LocalBoxFuture<'a, Result<CheckedClaims, SessionError>>;

impl Validator {
    /// Wraps the app's own validator.
    pub fn new(validator: impl ClaimValidator + Send + Sync + 'static) -> Self {
        Self { rule: Arc::new(validator), check_all: Client::check_all }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rule, &other.rule) || self.rule.is_same(&*other.rule)
    }

    pub(crate) fn check_all(&self) -> CheckAll {
        self.check_all
    }
}

impl ClaimValidator for Validator {
    fn id(&self) -> &str {
        self.rule.id()
    }

    fn should_refresh(&self, payload: &Value, now_ms: i64) -> bool {
        self.rule.should_refresh(payload, now_ms)
    }

    fn refresh(&self) -> Option<&ClaimRefresh> {
        self.rule.refresh()
    }

    fn validate(&self, payload: &Value, now_ms: i64) -> Result<(), Value> {
        self.rule.validate(payload, now_ms)
    }

    fn redirect(&self, payload: &Value) -> Option<&str> {
        self.rule.redirect(payload)
    }
}

impl std::fmt::Debug for Validator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Validator").field(&self.id()).finish()
    }
}
