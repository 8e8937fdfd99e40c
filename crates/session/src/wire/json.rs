//! Parses JSON like a browser. All callers share these functions, because each deserialized type adds its own parser
//! code.

use std::borrow::Cow;

use serde::de::DeserializeOwned;
use serde_json::{Error, Map, Number, Value};

use super::json_repair::repaired;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Parses everything that `JSON.parse` accepts; none for invalid JSON.
#[inline(never)]
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut value = read_as(text).ok()?;
    write_whole_numbers_as_integers(&mut value);
    Some(value)
}

/// Parses everything that `JSON.parse` accepts, into the caller's type.
pub(crate) fn read_as<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    let error = match serde_json::from_str(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    // If the type does not match, the text is valid.
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

/// Takes a field's value, and leaves `null`; none if the field is absent.
pub(crate) fn take(fields: &mut Map<String, Value>, name: &str) -> Option<Value> {
    // `Map::remove` would link the code that rebalances trees.
    fields.get_mut(name).map(Value::take)
}

/// A body as text, decoded like `response.text()`: without a byte order mark, and with U+FFFD for invalid UTF-8.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body))
}

/// Like [`text`], for an owned body: it usually avoids a copy.
pub(crate) fn into_text(body: Vec<u8>) -> String {
    if body.starts_with(BYTE_ORDER_MARK) {
        return text(&body).into_owned();
    }
    String::from_utf8(body).unwrap_or_else(|error| text(error.as_bytes()).into_owned())
}

/// A number rounded down to an integer, clamped to its range; none for any other value.
pub(crate) fn nearest_integer(value: &Value) -> Option<i64> {
    // A cast of a float clamps to the integer's range.
    value.as_i64().or_else(|| Some(value.as_f64()?.floor() as i64))
}

/// A number times `factor`, rounded down to an integer; none if it is out of range.
pub(crate) fn integer(value: &Value, factor: i32) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    if let Some(whole) = value.as_i64() {
        return whole.checked_mul(factor.into());
    }
    let product = (value.as_f64()? * f64::from(factor)).floor();
    (-END..END).contains(&product).then_some(product as i64)
}

/// The message of a parse error without its quotations of the text, which may be secret.
pub(crate) fn reason(error: &Error) -> String {
    let message = error.to_string();
    // Only these messages quote the text between backticks. The expected names after it come from the type.
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

/// JavaScript has one number type: `1.0` and `1e0` are `1`, and fit the integer types of the app.
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

/// The integer value of a float, if all integers up to it are exact.
fn whole(number: &Number) -> Option<i64> {
    const MAX_EXACT: f64 = 9_007_199_254_740_991.0;
    let float = number.as_f64().filter(|_| number.is_f64())?;
    (float.trunc() == float && float.abs() <= MAX_EXACT).then_some(float as i64)
}
