use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use supertokens_session::claims::{PrimitiveArrayClaim, PrimitiveClaim};

/// A claim whose value can be read from a payload. Implement it for a claim of another shape.
pub trait ClaimValue: Send + Sync + 'static {
    /// The value's type.
    type Value: Clone + PartialEq + Send + Sync + 'static;

    /// The value in a payload; none where the claim is missing or of another type.
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
