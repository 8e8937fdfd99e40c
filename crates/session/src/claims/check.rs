use std::borrow::Cow;

use serde_json::{Map, Value};

use super::{ClaimRefresh, ClaimValidator, Validator, claim::fetched_at_ms};
use crate::state::CLOCK_SKEW_THRESHOLD_MS;

/// A check of a claim's value, and of its age. Made by the methods of [`PrimitiveClaim`](super::PrimitiveClaim) and
/// [`PrimitiveArrayClaim`](super::PrimitiveArrayClaim).
#[derive(Debug, Clone)]
pub struct ClaimCheck {
    key: String,
    id: String,
    refresh: Option<ClaimRefresh>,
    max_age_s: Option<u32>,
    refetch_on_failure_s: Option<u32>,
    redirect: Option<Cow<'static, str>>,
    check: Check,
}

#[derive(Debug, Clone)]
pub(super) enum Check {
    Is(Value),
    Includes(Value),
    Excludes(Value),
    IncludesAll(Vec<Value>),
    IncludesAny(Vec<Value>),
    ExcludesAll(Vec<Value>),
}

impl ClaimCheck {
    pub(super) fn new(key: &str, refresh: Option<ClaimRefresh>, check: Check) -> Self {
        Self {
            key: key.to_owned(),
            id: key.to_owned(),
            refresh,
            max_age_s: None,
            refetch_on_failure_s: None,
            redirect: None,
            check,
        }
    }

    /// The claim must have been fetched in the last `seconds`. Fewer than 7 count as 7: clocks may be off by that much.
    pub fn max_age_s(mut self, seconds: u32) -> Self {
        let least = u32::try_from(CLOCK_SKEW_THRESHOLD_MS / 1000).unwrap_or(u32::MAX);
        self.max_age_s = Some(seconds.max(least));
        self
    }

    /// A value that does not pass is fetched anew where it is older than so many seconds: what was missing may be there
    /// by now.
    pub fn refetch_on_failure_s(mut self, seconds: u32) -> Self {
        self.refetch_on_failure_s = Some(seconds);
        self
    }

    /// The id by which errors name it; the claim's key unless set.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The page on which a user can mend it: guards lead there.
    pub fn redirect_to(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.redirect = Some(path.into());
        self
    }

    fn value<'a>(&self, payload: &'a Value) -> Option<&'a Value> {
        let value = payload.get(&self.key)?.get("v").filter(|value| !value.is_null())?;
        // What is no list where one is asked for counts as absent.
        (matches!(self.check, Check::Is(_)) || value.is_array()).then_some(value)
    }

    fn age_ms(&self, payload: &Value, now_ms: i64) -> Option<i64> {
        Some(now_ms.saturating_sub(fetched_at_ms(payload, &self.key)?))
    }

    fn is_older_than(&self, seconds: Option<u32>, payload: &Value, now_ms: i64) -> bool {
        // One that does not tell its age may be of any.
        let age_ms = self.age_ms(payload, now_ms).unwrap_or(i64::MAX);
        seconds.is_some_and(|seconds| age_ms > i64::from(seconds) * 1000)
    }

    fn reason(&self, message: &str, actual: Option<&Value>) -> Value {
        let (field, expected) = self.check.expected();
        let mut reason = message_of(message);
        reason.insert(field.to_owned(), expected);
        if let Some(actual) = actual {
            reason.insert("actualValue".to_owned(), actual.clone());
        }
        Value::Object(reason)
    }
}

impl ClaimValidator for ClaimCheck {
    fn id(&self) -> &str {
        &self.id
    }

    fn should_refresh(&self, payload: &Value, now_ms: i64) -> bool {
        let Some(value) = self.value(payload) else { return true };
        self.is_older_than(self.max_age_s, payload, now_ms)
            || (!self.check.passes(value) && self.is_older_than(self.refetch_on_failure_s, payload, now_ms))
    }

    fn refresh(&self) -> Option<&ClaimRefresh> {
        self.refresh.as_ref()
    }

    fn validate(&self, payload: &Value, now_ms: i64) -> Result<(), Value> {
        let Some(value) = self.value(payload) else {
            return Err(self.reason("value does not exist", None));
        };
        if let Some(max_age_s) = self.max_age_s
            && self.is_older_than(self.max_age_s, payload, now_ms)
        {
            let mut reason = message_of("expired");
            if let Some(age_ms) = self.age_ms(payload, now_ms) {
                reason.insert("ageInSeconds".to_owned(), (age_ms as f64 / 1000.0).into());
            }
            reason.insert("maxAgeInSeconds".to_owned(), max_age_s.into());
            return Err(Value::Object(reason));
        }
        if self.check.passes(value) { Ok(()) } else { Err(self.reason("wrong value", Some(value))) }
    }

    fn redirect(&self) -> Option<&str> {
        self.redirect.as_deref()
    }
}

impl From<ClaimCheck> for Validator {
    fn from(check: ClaimCheck) -> Self {
        Self::new(check)
    }
}

impl Check {
    fn passes(&self, value: &Value) -> bool {
        let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
        let has = |wanted: &Value| list.contains(wanted);
        match self {
            Self::Is(wanted) => value == wanted,
            Self::Includes(wanted) => has(wanted),
            Self::Excludes(unwanted) => !has(unwanted),
            Self::IncludesAll(wanted) => wanted.iter().all(has),
            Self::IncludesAny(wanted) => wanted.iter().any(has),
            Self::ExcludesAll(unwanted) => !unwanted.iter().any(has),
        }
    }

    /// Under the names of the JavaScript SDK.
    fn expected(&self) -> (&'static str, Value) {
        match self {
            Self::Is(value) => ("expectedValue", value.clone()),
            Self::Includes(value) => ("expectedToInclude", value.clone()),
            Self::Excludes(value) => ("expectedToNotInclude", value.clone()),
            Self::IncludesAll(values) => ("expectedToInclude", values.clone().into()),
            Self::IncludesAny(values) => ("expectedToIncludeAtLeastOneOf", values.clone().into()),
            Self::ExcludesAll(values) => ("expectedToNotInclude", values.clone().into()),
        }
    }
}

fn message_of(message: &str) -> Map<String, Value> {
    Map::from_iter([("message".to_owned(), message.into())])
}
