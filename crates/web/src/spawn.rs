use supertokens_session::platform::{LocalBoxFuture, Spawn};

use crate::page::Page;

/// Runs tasks on the page's microtask queue.
#[derive(Debug, Clone)]
pub struct BrowserSpawn(());

impl BrowserSpawn {
    /// The task queue of the page.
    pub fn new(_page: &Page) -> Self {
        Self(())
    }
}

impl Spawn for BrowserSpawn {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        spawn(task);
    }
}

pub(crate) fn spawn(task: LocalBoxFuture<'static, ()>) {
    wasm_bindgen_futures::spawn_local(task);
}
