use std::{any::Any, borrow::Cow, time::Duration};

use serde_json::{Map, Value};

use super::{ClaimRefresh, ClaimValidator, Validator, claim::fetched_at_ms};
use crate::transitions::CLOCK_SKEW_THRESHOLD_MS;

/// A check of a claim's value and age. The methods of [`PrimitiveClaim`](super::PrimitiveClaim) and
/// [`PrimitiveArrayClaim`](super::PrimitiveArrayClaim) create it.
///
/// Ids and reasons are the same as in the JavaScript SDK. For invalid payloads, this check is stricter:
///
/// - A value of `null` is absent, and so is a value that should be a list but is not. In the JavaScript SDK, a text
///   "includes" each of its parts.
/// - A claim without a fetch time is older than any maximum age. In the JavaScript SDK, it is younger.
/// - A maximum age under 7 s becomes 7 s. The JavaScript SDK throws an error when it reads the claim.
#[derive(Debug, Clone, PartialEq)]
pub struct ClaimCheck {
    key: String,
    id: String,
    refresh: Option<ClaimRefresh>,
    max_age_s: Option<u32>,
    refetch_on_failure_s: Option<u32>,
    redirect: Option<Cow<'static, str>>,
    message_where_absent: &'static str,
    check: Check,
}

/// The shortest maximum age, in s: clocks may differ by this time.
const LEAST_AGE_S: u32 = (CLOCK_SKEW_THRESHOLD_MS / 1000) as u32;

const WRONG_VALUE: &str = "wrong value";

#[derive(Debug, Clone, PartialEq)]
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
            message_where_absent: "value does not exist",
            check,
        }
    }

    /// The claim must have been fetched in the last `age`, in whole seconds. Less than 7 s becomes 7 s, because clocks
    /// may differ by that time.
    #[doc(alias = "maxAgeInSeconds")]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age_s = Some(seconds(age));
        self
    }

    /// Fetches an invalid value again if it is older than `age`, in whole seconds: the value may have changed since.
    /// Less than 7 s becomes 7 s.
    #[doc(alias = "refetchTimeOnFalseInSeconds")]
    pub fn refetch_on_failure(mut self, age: Duration) -> Self {
        self.refetch_on_failure_s = Some(seconds(age));
        self
    }

    /// Gives an absent value the same reason as a wrong value.
    pub(super) fn report_absent_as_wrong(mut self) -> Self {
        self.message_where_absent = WRONG_VALUE;
        self
    }

    /// The id of the check in errors; by default the claim's key.
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The page on which a user can fix the claim: guards redirect there.
    pub fn redirect_to(mut self, path: impl Into<Cow<'static, str>>) -> Self {
        self.redirect = Some(path.into());
        self
    }

    fn value<'a>(&self, payload: &'a Value) -> Option<&'a Value> {
        let value = payload.get(&self.key)?.get("v").filter(|value| !value.is_null())?;
        // A value that should be a list but is not counts as absent.
        (matches!(self.check, Check::Is(_)) || value.is_array()).then_some(value)
    }

    fn age_ms(&self, payload: &Value, now_ms: i64) -> Option<i64> {
        Some(now_ms.saturating_sub(fetched_at_ms(payload, &self.key)?))
    }

    fn is_older_than(&self, seconds: Option<u32>, payload: &Value, now_ms: i64) -> bool {
        // A claim without a fetch time may have any age.
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
    fn is_same(&self, other: &dyn Any) -> bool {
        other.downcast_ref() == Some(self)
    }

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
            return Err(self.reason(self.message_where_absent, None));
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
        if self.check.passes(value) { Ok(()) } else { Err(self.reason(WRONG_VALUE, Some(value))) }
    }

    fn redirect(&self, _: &Value) -> Option<&str> {
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
        let has = |expected: &Value| list.iter().any(|value| equal(value, expected));
        match self {
            Self::Is(expected) => equal(value, expected),
            Self::Includes(expected) => has(expected),
            Self::Excludes(excluded) => !has(excluded),
            Self::IncludesAll(expected) => expected.iter().all(has),
            Self::IncludesAny(expected) => expected.iter().any(has),
            Self::ExcludesAll(excluded) => !excluded.iter().any(has),
        }
    }

    /// The field names are those of the JavaScript SDK.
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

/// Whether two values are equal. Numbers are equal if their values are: one backend writes 1, another writes 1.0.
fn equal(one: &Value, other: &Value) -> bool {
    let is_same_number = || one.as_f64().is_some_and(|one| other.as_f64() == Some(one));
    let is_real = |value: &Value| matches!(value, Value::Number(number) if number.is_f64());
    one == other || ((is_real(one) || is_real(other)) && is_same_number())
}

/// An age in s, not below the shortest. The longest is 136 years.
fn seconds(age: Duration) -> u32 {
    u32::try_from(age.as_secs()).unwrap_or(u32::MAX).max(LEAST_AGE_S)
}

fn message_of(message: &str) -> Map<String, Value> {
    Map::from_iter([("message".to_owned(), message.into())])
}
