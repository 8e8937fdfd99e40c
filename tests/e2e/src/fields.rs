//! The fields of forms, and their errors.

use serde_json::Value;

use crate::page::Page;
use crate::step::Step;

impl Page {
    /// Waits until a field has the focus and an error that contains `part`, which screen readers find from the field.
    #[track_caller]
    pub fn wait_field_error(&self, field: &str, part: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("read {part:?} as the error of `{field}`"));
        let script = format!(
            "const field = document.querySelector('[data-testid=\"{field}\"]');
            if (field?.getAttribute('aria-invalid') !== 'true') return 'the field is valid';
            if (document.activeElement !== field) return 'the field has no focus';
            const error = document.querySelector('[data-testid=\"field-error-{field}\"]');
            const ids = (field.getAttribute('aria-describedby') ?? '').split(' ');
            const described = ids.some(id => document.getElementById(id)?.contains(error));
            return error && described ? [error.innerText] : 'no error describes the field'"
        );
        step.until(async move || match self.run(&script).await? {
            Value::Array(text)
                if text.iter().any(|text| text.as_str().unwrap_or_default().contains(part)) =>
            {
                Ok(())
            }
            other => Err(format!("it is {other}")),
        })
    }
}
