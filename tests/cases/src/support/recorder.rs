use std::{cell::RefCell, rc::Rc};

use wasm_bindgen::{JsCast, closure::Closure};

/// Records every text that was ever in an element, even for one mutation.
pub struct Recorder {
    texts: Rc<RefCell<Vec<String>>>,
    observer: web_sys::MutationObserver,
    _on_mutation: Closure<dyn FnMut(js_sys::Array)>,
}

impl Recorder {
    pub fn start(element: &web_sys::Node) -> Self {
        let texts = Rc::new(RefCell::new(Vec::new()));
        let on_mutation = Closure::new({
            let texts = texts.clone();
            move |records: js_sys::Array| record_texts(&records, &texts)
        });
        let function: &js_sys::Function = on_mutation.as_ref().unchecked_ref();
        let observer = web_sys::MutationObserver::new(function).unwrap();
        let options = web_sys::MutationObserverInit::new();
        options.set_child_list(true);
        options.set_subtree(true);
        options.set_character_data(true);
        options.set_character_data_old_value(true);
        observer.observe_with_options(element, &options).unwrap();
        Self { texts, observer, _on_mutation: on_mutation }
    }

    /// Whether the text was ever in the element.
    pub fn has_recorded(&self, text: &str) -> bool {
        record_texts(&self.observer.take_records(), &self.texts);
        self.texts.borrow().iter().any(|recorded| recorded.contains(text))
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}

fn record_texts(records: &js_sys::Array, texts: &RefCell<Vec<String>>) {
    for record in records.iter() {
        let record: web_sys::MutationRecord = record.unchecked_into();
        let changed_text = record.target().filter(|_| record.type_() == "characterData");
        let nodes = [record.added_nodes(), record.removed_nodes()]
            .into_iter()
            .flat_map(|nodes| (0..nodes.length()).filter_map(move |at| nodes.item(at)))
            .chain(changed_text);
        let mut texts = texts.borrow_mut();
        texts.extend(nodes.filter_map(|node| node.text_content()));
        texts.extend(record.old_value());
    }
}
