//! The record of a page: all that it has shown, however briefly.

use serde_json::Value;

use crate::page::Page;

/// All that a page has shown since it was loaded.
#[derive(Debug, Clone)]
pub struct Record {
    /// All texts that were added.
    pub texts: Vec<String>,
    /// The `data-testid` of all elements that were added.
    pub ids: Vec<String>,
    /// Those of them that were removed by themselves, not with an element around them.
    pub removed: Vec<String>,
    /// Those of them that were painted.
    pub painted: Vec<String>,
    /// The violations of the Content-Security-Policy.
    pub violations: Vec<String>,
    /// Uncaught exceptions.
    pub errors: Vec<String>,
}

impl Record {
    pub(crate) async fn read(page: &Page) -> Self {
        let record = page.js("return window.e2eRecord").await;
        assert!(record.is_object(), "the page has no record");
        let list = |name: &str| -> Vec<String> {
            let values = record[name].as_array().into_iter().flatten();
            values.filter_map(Value::as_str).map(str::to_owned).collect()
        };
        Self {
            texts: list("texts"),
            ids: list("ids"),
            removed: list("removed"),
            painted: list("painted"),
            violations: list("violations"),
            errors: list("errors"),
        }
    }

    /// Whether this element was added, also for less than a frame.
    pub fn has(&self, id: &str) -> bool {
        self.ids.iter().any(|one| one == id)
    }

    /// Whether this element was painted.
    pub fn painted(&self, id: &str) -> bool {
        self.painted.iter().any(|one| one == id)
    }

    /// Whether this text was added.
    pub fn says(&self, part: &str) -> bool {
        self.texts.iter().any(|text| text.contains(part))
    }
}
