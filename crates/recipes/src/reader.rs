//! Reads responses. All recipes share these functions, because each deserialized type would add its own parser.

use serde_json::value::RawValue;
use supertokens_session::internal::{Fields, elements, nearest_integer, string};

/// A JSON object. Each method names the field in its error.
pub(crate) struct Object(Fields);

/// A field that is missing, or has another type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BadField {
    path: String,
    expected: &'static str,
}

pub(crate) type Read<T> = Result<T, BadField>;

impl BadField {
    pub(crate) fn new(name: &str, expected: &'static str) -> Self {
        Self { path: name.to_owned(), expected }
    }

    /// The same error, for a value inside of `parent`.
    fn inside(mut self, parent: &str) -> Self {
        self.path.insert(0, '.');
        self.path.insert_str(0, parent);
        self
    }

    /// For a body that has no fields.
    pub(crate) fn not_an_object() -> Self {
        Self { path: String::new(), expected: "" }
    }

    pub(crate) fn message(&self) -> String {
        match self.path.as_str() {
            "" => "it is no JSON object".to_owned(),
            path => ["the field `", path, "` is not ", self.expected].concat(),
        }
    }
}

impl Object {
    /// None if the text is no JSON object.
    pub(crate) fn read(text: &str) -> Option<Self> {
        Fields::read(text).map(Self)
    }

    /// The field's JSON text; none if it is missing or `null`.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).filter(|value| *value != "null")
    }

    pub(crate) fn text(&self, name: &str) -> Read<String> {
        self.get(name).and_then(string).ok_or_else(|| BadField::new(name, "a text"))
    }

    pub(crate) fn optional_text(&self, name: &str) -> Read<Option<String>> {
        self.get(name).map(|_| self.text(name)).transpose()
    }

    pub(crate) fn flag(&self, name: &str) -> Read<bool> {
        match self.get(name) {
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            _ => Err(BadField::new(name, "true or false")),
        }
    }

    pub(crate) fn optional_flag(&self, name: &str) -> Read<Option<bool>> {
        self.get(name).map(|_| self.flag(name)).transpose()
    }

    /// A number that is not negative, rounded down.
    pub(crate) fn number(&self, name: &str) -> Read<u64> {
        let number = self.get(name).and_then(nearest_integer);
        number
            .and_then(|number| number.try_into().ok())
            .ok_or_else(|| BadField::new(name, "a positive number"))
    }

    pub(crate) fn optional_number(&self, name: &str) -> Read<Option<u64>> {
        self.get(name).map(|_| self.number(name)).transpose()
    }

    /// A list of texts; empty if it is missing.
    pub(crate) fn texts(&self, name: &str) -> Read<Vec<String>> {
        let mut texts = Vec::new();
        for element in self.elements(name)? {
            texts.push(string(element.get()).ok_or_else(|| BadField::new(name, "a list of texts"))?);
        }
        Ok(texts)
    }

    /// An inner object, read by `read`.
    pub(crate) fn object<T>(&self, name: &str, read: impl FnOnce(&Self) -> Read<T>) -> Read<T> {
        let inner = self.get(name).and_then(Self::read).ok_or_else(|| BadField::new(name, "an object"))?;
        read(&inner).map_err(|error| error.inside(name))
    }

    pub(crate) fn optional_object<T>(
        &self,
        name: &str,
        read: impl FnOnce(&Self) -> Read<T>,
    ) -> Read<Option<T>> {
        self.get(name).map(|_| self.object(name, read)).transpose()
    }

    /// A list of objects, each read by `read`; empty if it is missing.
    pub(crate) fn objects<T>(&self, name: &str, read: impl Fn(&Self) -> Read<T>) -> Read<Vec<T>> {
        let mut all = Vec::new();
        for element in self.elements(name)? {
            let object = Self::read(element.get()).ok_or_else(|| BadField::new(name, "a list of objects"))?;
            all.push(read(&object).map_err(|error| error.inside(name))?);
        }
        Ok(all)
    }

    fn elements(&self, name: &str) -> Read<Vec<Box<RawValue>>> {
        let Some(text) = self.get(name) else { return Ok(Vec::new()) };
        elements(text).ok_or_else(|| BadField::new(name, "a list"))
    }

    /// Lists of texts by name, such as the e-mail addresses of each factor.
    pub(crate) fn texts_by_name(&self, name: &str) -> Read<Vec<(String, Vec<String>)>> {
        let read = |object: &Self| {
            let names = object.0.names().map(str::to_owned);
            names.map(|name| object.texts(&name).map(|texts| (name, texts))).collect()
        };
        Ok(self.optional_object(name, read)?.unwrap_or_default())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_whole_path_of_the_field() {
        let object = Object::read(r#"{"user":{"ids":[1],"all":[{"id":2}],"n":-1},"no":null}"#).unwrap();
        let message = |outcome: Read<()>| outcome.unwrap_err().message();
        let ids = object.object("user", |user| user.texts("ids").map(drop));
        assert_eq!(message(ids), "the field `user.ids` is not a list of texts");
        let id = object.object("user", |user| user.objects("all", |one| one.text("id")).map(drop));
        assert_eq!(message(id), "the field `user.all.id` is not a text");
        let number = object.object("user", |user| user.number("n").map(drop));
        assert_eq!(message(number), "the field `user.n` is not a positive number");
        assert_eq!(message(object.text("no").map(drop)), "the field `no` is not a text");
        assert_eq!(object.optional_text("no"), Ok(None));
        assert_eq!(object.texts("none"), Ok(Vec::new()));
        assert!(Object::read("[]").is_none());
    }
}
