//! JSON of any shape, read in one place: each type that is read makes another reader.

use serde_json::{Map, Value};

/// None where it is no JSON.
#[inline(never)]
pub(crate) fn read(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok()
}

/// The fields of a body that is an object.
pub(crate) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match read(std::str::from_utf8(body).ok()?)? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// Takes a field's value out; none where it is not there. What is left of it is `null`.
pub(crate) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    // To remove it would bring the rebalancing of trees along.
    fields.get_mut(name).map(Value::take)
}
