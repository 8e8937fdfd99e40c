//! Plays a story with any API.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;

use crate::driver::Driver;
use crate::env::Env;
use crate::page::Page;
use crate::report;

/// The time limit of a story.
const STORY: Duration = Duration::from_secs(150);

/// The servers of a story, which end when this is dropped.
pub(crate) trait Scene {
    fn page(&self) -> &Page;

    /// The requests to the API, for the report of a failure.
    async fn call_names(&self) -> Vec<String>;
}

/// Adds a browser to the servers, plays the story, and ends all of them, also after a failure.
pub(crate) async fn perform<S: Scene>(
    env: &Env,
    origin: String,
    scene: impl FnOnce(Page) -> S,
    story: impl AsyncFnOnce(&mut S),
) {
    let driver = Driver::start(env, origin.starts_with("https:")).await;
    let mut scene = scene(Page::new(driver.client.clone(), env.engine, origin));
    let outcome = AssertUnwindSafe(async {
        timeout(STORY, story(&mut scene)).await.expect("the story to end in time");
    });
    let outcome = outcome.catch_unwind().await;
    if outcome.is_err() {
        report::print(&scene, &env.failures()).await;
    }
    drop(scene);
    let closed = driver.close().await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
    closed.expect("the browser to close");
}

impl Page {
    /// Signs in on the login page, without waiting for the next page.
    pub(crate) async fn sign_in(&self, email: &str, password: &str) {
        self.wait_for("login-page").await;
        self.fill("email", email).await;
        self.fill("password", password).await;
        self.click("submit").await;
        self.wait_hidden("login-page").await;
    }

    /// Opens the app, signs in, and waits for the dashboard.
    pub(crate) async fn arrive(&self, email: &str, password: &str) {
        self.open("/login").await;
        self.sign_in(email, password).await;
        self.wait_for("dashboard-page").await;
        self.wait_text("status", "Signed in").await;
    }
}
