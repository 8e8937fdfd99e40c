//! What a page has shown, be it for a moment.

use serde_json::Value;

use crate::page::Page;

/// What a page has shown since it was loaded.
#[derive(Debug, Clone)]
pub struct Record {
    /// All text that was ever added.
    pub texts: Vec<String>,
    /// The `data-testid` of all elements that were ever added.
    pub ids: Vec<String>,
    /// Those of them that made it to the screen.
    pub painted: Vec<String>,
    /// What the Content-Security-Policy forbade.
    pub violations: Vec<String>,
    /// Uncaught exceptions.
    pub errors: Vec<String>,
}

impl Record {
    pub(crate) async fn read(page: &Page) -> Self {
        let record = page.js("return window.e2eRecord").await;
        assert!(record.is_object(), "the page keeps no record");
        let list = |name: &str| -> Vec<String> {
            let values = record[name].as_array().into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Self {
            texts: list("texts"),
            ids: list("ids"),
            painted: list("painted"),
            violations: list("violations"),
            errors: list("errors"),
        }
    }

    /// Whether this was ever added, be it for less than a frame.
    pub fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|one| one == id)
    }

    /// Whether this was ever on the screen.
    pub fn painted(&self, id: &str) -> bool {
        self.painted.iter().any(|one| one == id)
    }

    /// Whether this text was ever added.
    pub fn says(&self, part: &str) -> bool {
        self.texts.iter().any(|text| text.contains(part))
    }
}
