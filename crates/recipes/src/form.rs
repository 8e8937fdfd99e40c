use crate::{
    json_text::{JsonObject, array},
    reader::{Object, Read},
};

/// An error of one form field, such as `email` or `password`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's id.
    pub id: String,
    /// The backend's message for the user.
    pub message: String,
}

impl FieldError {
    /// The errors in a response with the status `FIELD_ERROR`.
    pub(crate) fn read_all(response: &Object) -> Read<Vec<Self>> {
        let read = |field: &Object| Ok(Self { id: field.text("id")?, message: field.text("error")? });
        response.objects("formFields", read)
    }
}

/// The fields of a form, as the backend expects them.
#[derive(Debug, Clone, Default)]
pub(crate) struct FormFields(Vec<String>);

impl FormFields {
    pub(crate) fn with(mut self, id: &str, value: &str) -> Self {
        self.0.push(JsonObject::default().text("id", id).text("value", value).finish());
        self
    }

    pub(crate) fn to_json(&self) -> String {
        array(self.0.iter().cloned())
    }
}
