//! Writes JSON objects as text. A serializer for each body would make the module larger.

/// An object that is being written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct JsonObject(String);

impl JsonObject {
    /// Adds a field whose value is JSON text.
    pub(crate) fn json(mut self, name: &str, value: &str) -> Self {
        self.0.push(if self.0.is_empty() { '{' } else { ',' });
        self.0.push_str(&quoted(name));
        self.0.push(':');
        self.0.push_str(value);
        self
    }

    pub(crate) fn text(self, name: &str, value: &str) -> Self {
        self.json(name, &quoted(value))
    }

    pub(crate) fn flag(self, name: &str, value: bool) -> Self {
        self.json(name, if value { "true" } else { "false" })
    }

    pub(crate) fn optional_text(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    #[cfg(feature = "webauthn")]
    pub(crate) fn optional_json(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.json(name, value),
            None => self,
        }
    }

    pub(crate) fn optional_flag(self, name: &str, value: Option<bool>) -> Self {
        match value {
            Some(value) => self.flag(name, value),
            None => self,
        }
    }

    pub(crate) fn finish(self) -> String {
        if self.0.is_empty() { "{}".to_owned() } else { self.0 + "}" }
    }
}

/// A JSON array of JSON texts.
pub(crate) fn array(elements: impl IntoIterator<Item = String>) -> String {
    let elements: Vec<String> = elements.into_iter().collect();
    format!("[{}]", elements.join(","))
}

fn quoted(text: &str) -> String {
    // Writing a string to memory can't fail.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_escaped() {
        let object = JsonObject::default().text("a\"", "\\\n").flag("b", true).optional_text("c", None);
        let text = object.json("d", &array([quoted("x"), "1".to_owned()])).finish();
        assert_eq!(text, r#"{"a\"":"\\\n","b":true,"d":["x",1]}"#);
        assert_eq!(JsonObject::default().finish(), "{}");
    }
}
