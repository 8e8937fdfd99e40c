//! JSON as a browser reads it. In one place: each type that is read makes another reader.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::{Error, Map, Number, Value};

use super::json_repair::repaired;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads what `JSON.parse` reads. None where it is no JSON.
#[inline(never)]
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut value = read_as(text).ok()?;
    write_whole_numbers_as_integers(&mut value);
    Some(value)
}

/// Reads what `JSON.parse` reads into a type of the caller's.
pub(crate) fn read_as<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // A type that does not fit is no fault of the text.
    let repaired = if error.is_syntax() { repaired(text) } else { None };
    repaired.map_or(Err(error), |text| serde_json::from_str(&text))
}

/// The fields of a body that is an object.
pub(crate) fn object(body: &[u8]) -> Option<Map<String, Value>> {
    match read(&text(body))? {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

/// Takes a field's value out; none where it is not there. What is left of it is `null`.
pub(crate) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    // To remove it would bring the rebalancing of trees along.
    fields.get_mut(name).map(Value::take)
}

/// A body as text, as `response.text()` decodes it: without a byte order mark, and with U+FFFD for what is no UTF-8.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body))
}

/// As [`text`], of a body that is no longer needed: as a rule it is not copied.
pub(crate) fn into_text(body: Vec<u8>) -> String {
    if body.starts_with(BYTE_ORDER_MARK) {
        return text(&body).into_owned();
    }
    String::from_utf8(body).unwrap_or_else(|error| text(error.as_bytes()).into_owned())
}

/// A number rounded down to an integer; the nearest one where it is out of range. None where it is no number.
pub(crate) fn nearest_integer(value: &Value) -> Option<i64> {
    // The cast stays in range.
    value.as_i64().or_else(|| Some(value.as_f64()?.floor() as i64))
}

/// A number times `factor`, rounded down to an integer; none where it is out of range.
pub(crate) fn integer(value: &Value, factor: i32) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if let Some(whole) = value.as_i64() {
        return whole.checked_mul(factor.into());
    }
    let product = (value.as_f64()? * f64::from(factor)).floor();
    (-END..END).contains(&product).then_some(product as i64)
}

/// What is wrong with a text, without what the error quotes of it: that may be a secret.
pub(crate) fn reason(error: &Error) -> String {
    let message = error.to_string();
    // Only these two quote the text between backticks; what they expect, from the type, comes after.
    let quoted = message.strip_prefix("unknown ").and_then(|_| message.find('`')).and_then(|from| {
        let to = message.rfind("`, expected ").or_else(|| message.rfind("`, there are no "))?;
        Some((from, to))
    });
    let quoted = quoted.or_else(|| message.find('"').zip(message.rfind('"')));
    match quoted.and_then(|(from, to)| message.get(..=from).zip(message.get(to..))) {
        Some((before, after)) => [before, "…", after].concat(),
        None => message,
    }
}

/// JavaScript has one kind of number: `1.0` and `1e0` are `1`, and fit an integer of the app's own types.
fn write_whole_numbers_as_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            if let Some(whole) = whole(number) {
                *number = whole.into();
            }
        }
        Value::Array(values) => values.iter_mut().for_each(write_whole_numbers_as_integers),
        Value::Object(fields) => {
            fields.iter_mut().for_each(|(_, value)| write_whole_numbers_as_integers(value));
        }
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

/// The integer that a float is, as far as floats count one by one.
fn whole(number: &Number) -> Option<i64> {
    const MOST: f64 = 9_007_199_254_740_991.0;
    let float = number.as_f64().filter(|_| number.is_f64())?;
    (float.trunc() == float && float.abs() <= MOST).then_some(float as i64)
}
