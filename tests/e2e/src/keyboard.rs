//! The page used by keyboard.

use fantoccini::key::Key;
use serde_json::Value;

use crate::page::Page;
use crate::step::Step;

/// More than any page has places for the focus.
const MAX_TABS: usize = 60;

impl Page {
    /// Puts the focus on it.
    #[track_caller]
    pub fn focus(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("focus `{id}`"));
        let script = format!(
            "const found = document.querySelector('[data-testid=\"{id}\"]');
            if (found) found.focus();
            return !!found && document.activeElement === found"
        );
        step.until(async move || match self.run(&script).await? {
            Value::Bool(true) => Ok(()),
            _ => Err("it does not take the focus".to_owned()),
        })
    }

    #[track_caller]
    pub fn press_tab(&self) -> impl Future<Output = ()> {
        self.press("Tab", Key::Tab)
    }

    #[track_caller]
    pub fn press_enter(&self) -> impl Future<Output = ()> {
        self.press("Enter", Key::Enter)
    }

    #[track_caller]
    pub fn press_escape(&self) -> impl Future<Output = ()> {
        self.press("Escape", Key::Escape)
    }

    /// Types into the focused element.
    #[track_caller]
    pub fn type_text(&self, text: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("type {text:?}"));
        step.once(async move { self.client.active_element().await?.send_keys(text).await })
    }

    /// Presses Tab until it has the focus.
    pub async fn tab_to(&self, id: &str) {
        for _ in 0..MAX_TABS {
            self.press_tab().await;
            if self.focused().await == id {
                return;
            }
        }
        panic!("the Tab key does not get to `{id}`");
    }

    /// Waits until it has the focus.
    #[track_caller]
    pub fn wait_focus(&self, id: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("see the focus at `{id}`"));
        step.until(async move || match self.focused().await {
            focused if focused == id => Ok(()),
            focused => Err(format!("it is at `{focused}`")),
        })
    }

    #[track_caller]
    fn press(&self, name: &str, key: Key) -> impl Future<Output = ()> {
        let step = Step::new(format!("press {name}"));
        step.once(async move { self.client.active_element().await?.send_keys(&key.to_string()).await })
    }

    /// The focused element: its `data-testid`, else its tag's name.
    pub async fn focused(&self) -> String {
        let script = "const { dataset, tagName } = document.activeElement;
            return dataset.testid ?? tagName.toLowerCase()";
        self.js(script).await.as_str().unwrap_or_default().to_owned()
    }
}
