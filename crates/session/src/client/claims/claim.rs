use std::{borrow::Cow, marker::PhantomData, time::Duration};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    ClaimRefresh,
    check::{Check, ClaimCheck},
};
use crate::timing::since_epoch;

/// A claim with one value.
///
/// ```
/// use std::time::Duration;
/// use serde_json::json;
/// use supertokens_session::{
///     claims::{ClaimRefresh, ClaimValidator, PrimitiveClaim},
///     platform::Method,
/// };
///
/// let plan = PrimitiveClaim::<String>::new("plan")
///     .refreshed_by(ClaimRefresh::new(Method::Post, "/claims/plan/refresh"));
/// let payload = json!({ "plan": { "v": "pro", "t": 1_700_000_000_000_i64 } });
/// assert_eq!(plan.value(&payload).as_deref(), Some("pro"));
/// assert_eq!(plan.fetched_at(&payload), Some(Duration::from_secs(1_700_000_000)));
///
/// let now_ms = 1_700_000_060_000;
/// let is_pro = plan.has_value("pro".to_owned());
/// assert_eq!(is_pro.validate(&payload, now_ms), Ok(()));
/// assert!(!is_pro.should_refresh(&payload, now_ms));
/// let is_fresh = is_pro.max_age(Duration::from_secs(30));
/// assert!(is_fresh.should_refresh(&payload, now_ms));
/// assert_eq!(
///     is_fresh.validate(&payload, now_ms),
///     Err(json!({ "message": "expired", "ageInSeconds": 60.0, "maxAgeInSeconds": 30 })),
/// );
/// ```
#[derive(Debug)]
pub struct PrimitiveClaim<T> {
    key: Cow<'static, str>,
    refresh: Option<ClaimRefresh>,
    max_age: Option<Duration>,
    value: PhantomData<fn() -> T>,
}

impl<T: Serialize + DeserializeOwned> PrimitiveClaim<T> {
    /// The claim with that key in the payload.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self { key: key.into(), refresh: None, max_age: None, value: PhantomData }
    }

    /// Sets how the client fetches the claim. Without it, the client uses the claim at any age.
    pub fn refreshed_by(mut self, refresh: ClaimRefresh) -> Self {
        self.refresh = Some(refresh);
        self
    }

    /// The maximum age for checks that set none: see [`ClaimCheck::max_age`].
    #[doc(alias = "defaultMaxAgeInSeconds")]
    pub fn default_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// The key in the payload.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The value in a payload; none if it is absent or has another type.
    pub fn value(&self, payload: &Value) -> Option<T> {
        T::deserialize(payload.get(&*self.key)?.get("v")?).ok()
    }

    /// When the backend fetched it, since the Unix epoch, by the server's clock.
    #[doc(alias = "getLastFetchedTime")]
    pub fn fetched_at(&self, payload: &Value) -> Option<Duration> {
        fetched_at_ms(payload, &self.key).map(since_epoch)
    }

    /// The claim has this value.
    pub fn has_value(&self, value: T) -> ClaimCheck {
        self.check(Check::Is(to_json(&value)))
    }

    fn check(&self, check: Check) -> ClaimCheck {
        let one = ClaimCheck::new(&self.key, self.refresh.clone(), check);
        match self.max_age {
            Some(age) => one.max_age(age),
            None => one,
        }
    }
}

/// A claim with a boolean value.
///
/// ```
/// use serde_json::json;
/// use supertokens_session::claims::{BooleanClaim, ClaimValidator};
///
/// let adult = BooleanClaim::new("adult");
/// assert_eq!(adult.is_true().validate(&json!({ "adult": { "v": true, "t": 1 } }), 2), Ok(()));
/// assert!(adult.is_false().validate(&json!({ "adult": { "v": true, "t": 1 } }), 2).is_err());
/// ```
pub type BooleanClaim = PrimitiveClaim<bool>;

impl PrimitiveClaim<bool> {
    /// The value is true.
    pub fn is_true(&self) -> ClaimCheck {
        self.has_value(true)
    }

    /// The value is false.
    pub fn is_false(&self) -> ClaimCheck {
        self.has_value(false)
    }
}

/// A claim with a list of values.
///
/// ```
/// use serde_json::json;
/// use supertokens_session::claims::{ClaimValidator, PrimitiveArrayClaim};
///
/// let teams = PrimitiveArrayClaim::<String>::new("teams");
/// let payload = json!({ "teams": { "v": ["red", "blue"], "t": 1 } });
/// assert_eq!(teams.includes("red".to_owned()).validate(&payload, 2), Ok(()));
/// assert_eq!(
///     teams.includes("green".to_owned()).validate(&payload, 2),
///     Err(json!({
///         "message": "wrong value",
///         "expectedToInclude": "green",
///         "actualValue": ["red", "blue"],
///     })),
/// );
/// ```
#[derive(Debug)]
pub struct PrimitiveArrayClaim<T>(PrimitiveClaim<Vec<T>>);

impl<T: Serialize + DeserializeOwned> PrimitiveArrayClaim<T> {
    /// The claim with that key in the payload.
    pub fn new(key: impl Into<Cow<'static, str>>) -> Self {
        Self(PrimitiveClaim::new(key))
    }

    /// Sets how the client fetches the claim. Without it, the client uses the claim at any age.
    pub fn refreshed_by(self, refresh: ClaimRefresh) -> Self {
        Self(self.0.refreshed_by(refresh))
    }

    /// The maximum age for checks that set none: see [`ClaimCheck::max_age`].
    #[doc(alias = "defaultMaxAgeInSeconds")]
    pub fn default_max_age(self, age: Duration) -> Self {
        Self(self.0.default_max_age(age))
    }

    /// The key in the payload.
    pub fn key(&self) -> &str {
        self.0.key()
    }

    /// The values in a payload; none if they are absent or have another type.
    pub fn value(&self, payload: &Value) -> Option<Vec<T>> {
        self.0.value(payload)
    }

    /// When the backend fetched it, since the Unix epoch, by the server's clock.
    #[doc(alias = "getLastFetchedTime")]
    pub fn fetched_at(&self, payload: &Value) -> Option<Duration> {
        self.0.fetched_at(payload)
    }

    /// The list contains the value.
    pub fn includes(&self, value: T) -> ClaimCheck {
        self.0.check(Check::Includes(to_json(&value)))
    }

    /// The list does not contain the value.
    pub fn excludes(&self, value: T) -> ClaimCheck {
        self.0.check(Check::Excludes(to_json(&value)))
    }

    /// The list contains all these values.
    pub fn includes_all(&self, values: impl IntoIterator<Item = T>) -> ClaimCheck {
        self.0.check(Check::IncludesAll(all(values)))
    }

    /// The list contains at least one of these values.
    pub fn includes_any(&self, values: impl IntoIterator<Item = T>) -> ClaimCheck {
        self.0.check(Check::IncludesAny(all(values)))
    }

    /// The list contains none of these values.
    pub fn excludes_all(&self, values: impl IntoIterator<Item = T>) -> ClaimCheck {
        self.0.check(Check::ExcludesAll(all(values)))
    }
}

pub(super) fn fetched_at_ms(payload: &Value, key: &str) -> Option<i64> {
    let time = payload.get(key)?.get("t")?;
    // A cast of a float clamps to the integer's range.
    time.as_i64().or_else(|| Some(time.as_f64()?.floor() as i64))
}

/// A value that JSON can't represent, such as NaN, becomes `null`.
fn to_json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn all<T: Serialize>(values: impl IntoIterator<Item = T>) -> Vec<Value> {
    values.into_iter().map(|value| to_json(&value)).collect()
}
