//! Parses JSON like a browser. All callers share these functions, because each deserialized type adds its own parser
//! code. [`Fields`] reads objects without building a tree.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Error, Number, Value, value::RawValue};

use super::json_repair::repaired;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Parses everything that `JSON.parse` accepts; none for invalid JSON.
#[inline(never)]
pub fn read(text: &str) -> Option<Value> {
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

/// A JSON value, whose inner values stay JSON text. One type for all, because each deserialized type adds its own parser.
enum Shallow {
    String(String),
    Number(f64),
    Array(Vec<Box<RawValue>>),
    Object(Fields),
    /// `null`, `true` or `false`.
    Other,
}

#[inline(never)]
fn shallow(text: &str) -> Option<Shallow> {
    read_as(text).ok()
}

impl<'de> Deserialize<'de> for Shallow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ShallowVisitor)
    }
}

struct ShallowVisitor;

impl<'de> Visitor<'de> for ShallowVisitor {
    type Value = Shallow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Shallow, E> {
        Ok(Shallow::Other)
    }

    fn visit_i64<E>(self, number: i64) -> Result<Shallow, E> {
        Ok(Shallow::Number(number as f64))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Shallow, E> {
        Ok(Shallow::Number(number as f64))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Shallow, E> {
        Ok(Shallow::Number(number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Shallow, E> {
        Ok(Shallow::String(text.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Shallow, E> {
        Ok(Shallow::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Shallow, A::Error> {
        let mut all = Vec::new();
        while let Some(value) = values.next_element()? {
            all.push(value);
        }
        Ok(Shallow::Array(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Shallow, A::Error> {
        let mut all = Vec::new();
        while let Some(field) = fields.next_entry()? {
            all.push(field);
        }
        Ok(Shallow::Object(Fields(all)))
    }
}

/// The fields of an object, each with its value as JSON text.
pub struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    /// None if the text is no JSON object.
    pub fn read(text: &str) -> Option<Self> {
        match shallow(text)? {
            Shallow::Object(fields) => Some(fields),
            _ => None,
        }
    }

    /// None if the body is no JSON object.
    pub(crate) fn of_body(body: &[u8]) -> Option<Self> {
        Self::read(&text(body))
    }

    /// The value of a field. If a name occurs several times, the last one counts, as in a browser.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.get())
    }

    /// The value of a field that is a string.
    pub fn string(&self, name: &str) -> Option<String> {
        string(self.get(name)?)
    }

    /// Whether the object has no field.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names of all fields.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| name.as_str())
    }
}

/// The elements of an array, each as JSON text; none if the text is no array.
pub fn elements(text: &str) -> Option<Vec<Box<RawValue>>> {
    match shallow(text)? {
        Shallow::Array(elements) => Some(elements),
        _ => None,
    }
}

/// None if the text is no JSON string.
pub fn string(text: &str) -> Option<String> {
    match shallow(text)? {
        Shallow::String(string) => Some(string),
        _ => None,
    }
}

/// A body as text, decoded like `response.text()`: without a byte order mark, and with U+FFFD for invalid UTF-8.
pub(crate) fn text(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body))
}

/// A body as text: see [`SessionResponse::text`](crate::SessionResponse::text). It usually avoids a copy.
pub fn into_text(body: Vec<u8>) -> String {
    if body.starts_with(BYTE_ORDER_MARK) {
        return text(&body).into_owned();
    }
    String::from_utf8(body).unwrap_or_else(|error| text(error.as_bytes()).into_owned())
}

/// A number rounded down to an integer, clamped to its range; none for any other value.
pub fn nearest_integer(text: &str) -> Option<i64> {
    // A cast of a float clamps to the integer's range.
    let float = number(text)?;
    text.parse().ok().or(Some(float.floor() as i64))
}

/// A number times `factor`, rounded down to an integer; none if it is out of range.
pub(crate) fn integer(text: &str, factor: i32) -> Option<i64> {
    const END: f64 = 9_223_372_036_854_775_808.0;
    let float = number(text)?;
    if let Ok(whole) = text.parse::<i64>() {
        return whole.checked_mul(factor.into());
    }
    let product = (float * f64::from(factor)).floor();
    (-END..END).contains(&product).then_some(product as i64)
}

fn number(text: &str) -> Option<f64> {
    match shallow(text)? {
        Shallow::Number(number) => Some(number),
        _ => None,
    }
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
