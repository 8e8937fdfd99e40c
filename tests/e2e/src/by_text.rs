//! Elements found by what users read, for apps without `data-testid`.

use fantoccini::Locator;
use fantoccini::elements::Element;
use serde_json::json;

use crate::page::Page;
use crate::step::Step;

impl Page {
    /// Replaces the text of the field with this label.
    #[track_caller]
    pub fn fill_labelled(&self, label: &str, text: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("fill the field {label:?}"));
        step.until(async move || {
            let typed = async {
                let field = self.labelled(label).await?;
                field.clear().await.map_err(|error| error.to_string())?;
                field.send_keys(text).await.map_err(|error| error.to_string())?;
                field.prop("value").await.map_err(|error| error.to_string())
            };
            match typed.await? {
                Some(value) if value == text => Ok(()),
                other => Err(format!("after typing it holds {other:?}")),
            }
        })
    }

    /// What browsers fill into the field with this label.
    #[track_caller]
    pub fn autocomplete_of(&self, label: &str) -> impl Future<Output = String> {
        let step = Step::new(format!("read `autocomplete` of the field {label:?}"));
        step.until(async move || {
            let value = self.labelled(label).await?.attr("autocomplete").await;
            value.map_err(|error| error.to_string())?.ok_or_else(|| "it has none".to_owned())
        })
    }

    /// Clicks the button with this text as soon as it is enabled.
    #[track_caller]
    pub fn press_button(&self, text: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("press the button {text:?}"));
        let path = format!("//button[normalize-space()={} and not(@disabled)]", json!(text));
        step.until(async move || {
            let button = self.client.find(Locator::XPath(&path)).await.map_err(|error| error.to_string())?;
            button.click().await.map_err(|error| error.to_string())
        })
    }

    /// Waits until an alert contains `part`, and returns all of it.
    #[track_caller]
    pub fn wait_alert(&self, part: &str) -> impl Future<Output = String> {
        let step = Step::new(format!("read {part:?} in an alert"));
        step.until(async move || {
            let script = "return document.querySelector('[role=alert]')?.innerText ?? ''";
            match self.run(script).await?.as_str().unwrap_or_default() {
                text if text.contains(part) => Ok(text.to_owned()),
                text => Err(format!("the alert is {text:?}")),
            }
        })
    }

    async fn labelled(&self, label: &str) -> Result<Element, String> {
        let path = format!("//*[@id=//label[normalize-space()={}]/@for]", json!(label));
        self.client.find(Locator::XPath(&path)).await.map_err(|error| error.to_string())
    }
}
