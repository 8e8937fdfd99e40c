//! More than one tab.

use fantoccini::wd::WindowHandle;

use crate::commands;
use crate::engine::Engine;
use crate::page::Page;
use crate::step::Step;

/// A tab to switch to.
#[derive(Debug, Clone)]
pub struct Tab(WindowHandle);

impl Page {
    /// The current tab.
    #[track_caller]
    pub fn tab(&self) -> impl Future<Output = Tab> {
        let step = Step::new("get the current tab");
        async move { Tab(step.once(self.client.window()).await) }
    }

    /// Opens an empty tab and switches to it.
    #[track_caller]
    pub fn new_tab(&self) -> impl Future<Output = Tab> {
        let step = Step::new("open a tab");
        async move {
            let tab = step.clone().once(self.client.new_window(true)).await.handle;
            step.once(self.client.switch_to_window(tab.clone())).await;
            Tab(tab)
        }
    }

    /// Opens an empty window and switches to it. The previous tab stays visible, and its timers are not throttled.
    #[track_caller]
    pub fn new_window(&self) -> impl Future<Output = Tab> {
        let step = Step::new("open a window");
        async move {
            let tab = step.clone().once(self.client.new_window(false)).await.handle;
            step.once(self.client.switch_to_window(tab.clone())).await;
            Tab(tab)
        }
    }

    /// Closes this tab; switch to another one then.
    #[track_caller]
    pub fn close_tab(&self) -> impl Future<Output = ()> {
        let step = Step::new("close the tab");
        async move { step.once(self.client.close_window()).await }
    }

    #[track_caller]
    pub fn switch_to(&self, tab: &Tab) -> impl Future<Output = ()> {
        let step = Step::new("switch tabs");
        let tab = tab.0.clone();
        async move { step.once(self.client.switch_to_window(tab)).await }
    }

    /// Switches to a tab and shows it, as a click on it does: its page comes to the front, and the other one is hidden.
    #[track_caller]
    pub fn show(&self, tab: &Tab) -> impl Future<Output = ()> {
        let step = Step::new("show the other tab");
        let tab = tab.0.clone();
        step.once(async move {
            self.client.switch_to_window(tab).await?;
            match self.engine {
                Engine::Chromium => commands::bring_to_front(&self.client).await,
                // Their drivers show a tab when they switch to it.
                Engine::Firefox | Engine::Webkit => Ok(()),
            }
        })
    }
}
