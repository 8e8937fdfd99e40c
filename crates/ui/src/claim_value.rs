use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use supertokens_session::claims::{PrimitiveArrayClaim, PrimitiveClaim};

/// A claim whose value can be read from a payload. Implement it for custom claims.
pub trait ClaimValue: Send + Sync + 'static {
    /// The value's type.
    type Value: Clone + PartialEq + Send + Sync + 'static;

    /// Reads the value from a payload. Returns `None` if the claim is missing or has another type.
    fn value_in(&self, payload: &Value) -> Option<Self::Value>;
}

impl<T> ClaimValue for PrimitiveClaim<T>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    type Value = T;

    fn value_in(&self, payload: &Value) -> Option<T> {
        self.value(payload)
    }
}

impl<T> ClaimValue for PrimitiveArrayClaim<T>
where
    T: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static,
{
    type Value = Vec<T>;

    fn value_in(&self, payload: &Value) -> Option<Vec<T>> {
        self.value(payload)
    }
}
