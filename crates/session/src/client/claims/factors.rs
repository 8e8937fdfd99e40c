//! The claim of the MultiFactorAuth recipe (`st-mfa`): the completed factors, and whether they are enough for the
//! sign-in. Its format is `{ "c": { "FACTOR": when }, "v": bool }`.

use std::{any::Any, borrow::Cow};

use serde_json::{Value, json};

use super::{ClaimRefresh, ClaimValidator, Validator};
use crate::platform::Method;

const KEY: &str = "st-mfa";

/// A check of the completed factors. [`multi_factor`], [`factor`], [`any_factor`] and [`all_factors`] create it.
///
/// Ids and reasons are the same as in the JavaScript SDK. For invalid payloads, this check is stricter: a claim that is
/// not an object is absent, and a value that is not a boolean is not true.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorCheck {
    id: String,
    refresh: ClaimRefresh,
    redirect: Option<Cow<'static, str>>,
    /// The page of each factor.
    pages: Vec<(String, Cow<'static, str>)>,
    required: RequiredFactors,
}

#[derive(Debug, Clone, PartialEq)]
enum RequiredFactors {
    AllForSignIn,
    One(String),
    Any(Vec<String>),
    All(Vec<String>),
}

/// The user has completed all factors that the sign-in requires.
///
/// ```
/// use serde_json::json;
/// use supertokens_session::claims::{Require, multi_factor};
///
/// let require = Require::claim(multi_factor().redirect_to("/auth/mfa"));
/// let half_way = json!({ "st-mfa": { "c": { "emailpassword": 1_700_000_000 }, "v": false } });
/// let denied = require.check(&half_way, 0).unwrap_err();
/// assert_eq!(denied.redirect.as_deref(), Some("/auth/mfa"));
/// ```
#[doc(alias = "MultiFactorAuthClaim")]
pub fn multi_factor() -> FactorCheck {
    FactorCheck::new(RequiredFactors::AllForSignIn)
}

/// The user has completed that factor, such as `totp` or `otp-email`.
///
/// ```
/// use serde_json::json;
/// use supertokens_session::claims::{Require, factor};
///
/// let require = Require::claim(factor("totp"));
/// let payload = json!({ "st-mfa": { "c": { "emailpassword": 1_700_000_000, "totp": 1_700_000_060 }, "v": true } });
/// assert!(require.check(&payload, 0).is_ok());
/// ```
pub fn factor(id: impl Into<String>) -> FactorCheck {
    FactorCheck::new(RequiredFactors::One(id.into()))
}

/// The user has completed at least one of these factors.
pub fn any_factor<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> FactorCheck {
    FactorCheck::new(RequiredFactors::Any(ids.into_iter().map(Into::into).collect()))
}

/// The user has completed all these factors.
pub fn all_factors<I: Into<String>>(ids: impl IntoIterator<Item = I>) -> FactorCheck {
    FactorCheck::new(RequiredFactors::All(ids.into_iter().map(Into::into).collect()))
}

impl FactorCheck {
    fn new(required: RequiredFactors) -> Self {
        let refresh = ClaimRefresh::below_base_path(Method::Put, "/mfa/info");
        Self { id: KEY.to_owned(), refresh, redirect: None, pages: Vec::new(), required }
    }

    /// The id of the check in errors; by default `st-mfa`.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The page on which a user can complete a factor: guards redirect there.
    pub fn redirect_to(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.redirect = Some(path.into());
        self
    }

    /// The page on which a user can complete this factor. Call it for each factor, in the order in which a user should
    /// complete them: guards redirect to the page of the next one.
    ///
    /// ```
    /// use serde_json::json;
    /// use supertokens_session::claims::{Require, multi_factor};
    ///
    /// let factors = multi_factor().factor_page("otp-email", "/code").factor_page("totp", "/authenticator");
    /// let half_way = json!({ "st-mfa": { "c": { "emailpassword": 1, "otp-email": 2 }, "v": false } });
    /// let denied = Require::claim(factors).check(&half_way, 0).unwrap_err();
    /// assert_eq!(denied.redirect.as_deref(), Some("/authenticator"));
    /// ```
    pub fn factor_page(mut self, factor: impl Into<String>, path: impl Into<Cow<'static, str>>) -> Self {
        self.pages.push((factor.into(), path.into()));
        self
    }

    /// Whether this check needs the factor.
    fn needs(&self, factor: &str) -> bool {
        match &self.required {
            RequiredFactors::AllForSignIn => true,
            RequiredFactors::One(id) => id == factor,
            RequiredFactors::Any(ids) | RequiredFactors::All(ids) => ids.iter().any(|id| id == factor),
        }
    }
}

impl ClaimValidator for FactorCheck {
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn should_refresh(&self, payload: &Value, _: i64) -> bool {
        claim(payload).is_none()
    }

    fn refresh(&self) -> Option<&ClaimRefresh> {
        Some(&self.refresh)
    }

    fn validate(&self, payload: &Value, _: i64) -> Result<(), Value> {
        let Some(claim) = claim(payload) else {
            return Err(json!({ "message": "MFA info not available in payload" }));
        };
        let is_missing = |id: &str| claim["c"][id].is_null();
        let missing = |ids: &[String]| -> Vec<Value> {
            let missing = ids.iter().filter(|id| is_missing(id));
            missing.map(|id| json!({ "id": id, "isValid": false, "message": "Not completed" })).collect()
        };
        let reason = match &self.required {
            RequiredFactors::AllForSignIn if claim["v"] == true => return Ok(()),
            RequiredFactors::AllForSignIn => {
                json!({ "message": "not all required factors have been completed" })
            }
            RequiredFactors::One(id) if !is_missing(id) => return Ok(()),
            RequiredFactors::One(id) => {
                json!({ "message": "Factor validation failed: Not completed", "factorId": id })
            }
            RequiredFactors::Any(ids) => {
                let failures = missing(ids);
                if failures.len() < ids.len() {
                    return Ok(());
                }
                json!({ "message": "All factor checkers failed in the list", "oneOf": ids, "failures": failures })
            }
            RequiredFactors::All(ids) => {
                let failures = missing(ids);
                if failures.is_empty() {
                    return Ok(());
                }
                json!({
                    "message": "Some factor checkers failed in the list",
                    "allOfInAnyOrder": ids,
                    "failures": failures,
                })
            }
        };
        Err(reason)
    }

    fn redirect(&self, payload: &Value) -> Option<&str> {
        let completed = claim(payload).map(|claim| &claim["c"]);
        let is_next = |factor: &str| {
            self.needs(factor) && completed.is_none_or(|completed| completed[factor].is_null())
        };
        let next = self.pages.iter().find(|(factor, _)| is_next(factor)).map(|(_, page)| page);
        next.or(self.redirect.as_ref()).map(|page| &**page)
    }
}

impl From<FactorCheck> for Validator {
    fn from(check: FactorCheck) -> Self {
        Self::new(check)
    }
}

fn claim(payload: &Value) -> Option<&Value> {
    payload.get(KEY).filter(|claim| claim.is_object())
}
