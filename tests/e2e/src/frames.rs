//! Frames of the page.

use crate::page::Page;
use crate::step::Step;

impl Page {
    /// Adds a frame to the top of the page, where no part of the page can cover it.
    #[track_caller]
    pub fn add_frame(&self, url: &str) -> impl Future<Output = ()> {
        let step = Step::new(format!("add a frame of {url}"));
        let script = format!(
            "const frame = document.createElement('iframe');
            [frame.src, frame.width, frame.height] = ['{url}', 1000, 600];
            document.body.prepend(frame)"
        );
        step.once(async move { self.run(&script).await.map(drop) })
    }

    /// Steps into the page's only frame: all steps then happen there.
    #[track_caller]
    pub fn enter_frame(&self) -> impl Future<Output = ()> {
        let step = Step::new("enter the frame");
        step.once(self.client.enter_frame(0))
    }

    /// Returns to the page around the frame.
    #[track_caller]
    pub fn leave_frame(&self) -> impl Future<Output = ()> {
        let step = Step::new("leave the frame");
        step.once(self.client.enter_parent_frame())
    }
}
