//! Refreshes before the access token expires. Only apps that call the setter link this.

use std::{
    any::Any,
    cell::Cell,
    rc::{Rc, Weak},
    time::Duration,
};

use super::{Client, Inner};
use crate::{
    config::{LinkedOnDemand, SessionConfigBuilder, VisiblePage},
    timing::{self, Backoff},
    transitions,
};

/// Tabs that wake up at the same time spread their refreshes over this time.
const WAKE_UP_MS: u32 = 1_000;

/// The client's one task that refreshes ahead.
#[derive(Default)]
pub(super) struct AheadTask {
    /// Counts the starts: a later start ends the task before it.
    starts: Cell<u32>,
    /// True from the refresh call to the end of the backoff.
    is_busy: Cell<bool>,
}

impl SessionConfigBuilder {
    /// Refreshes the session this long before its access token expires, in visible tabs. Default: off, so the first
    /// request after the expiry refreshes.
    ///
    /// With it, that request need not wait. Choose a time that is longer than a slow refresh, and much shorter than the
    /// token's lifetime: a minute for a token of one hour. Each tab adds a random delay in the first half of that time,
    /// and all tabs share one call. No tab refreshes in the first half of a token's lifetime.
    ///
    /// Hidden tabs don't refresh early. No tab does if the front token has no time of issue (older backends). The
    /// session stays alive while a tab is visible: leave this off if idle users must be signed out.
    ///
    /// ```
    /// use std::time::Duration;
    /// use supertokens_session::SessionConfig;
    ///
    /// let config = SessionConfig::builder("https://api.example.com").refresh_ahead(Duration::from_secs(60));
    /// assert_eq!(config.build().unwrap().refresh_ahead(), Some(Duration::from_secs(60)));
    /// ```
    pub fn refresh_ahead(self, margin: Duration) -> Self {
        self.refresh_ahead_by(margin, start)
    }
}

impl Client {
    pub(super) fn refresh_ahead(&self, page: &Rc<VisiblePage>) {
        if let Some((_, LinkedOnDemand(start))) = &self.config().settings().refresh_ahead {
            start(self, page);
        }
    }

    /// The time in ms until this tab should refresh. None without a session, or if the token has no time of issue.
    ///
    /// `random` is from 0 to 1: it spreads the tabs over the first half of the remaining time.
    async fn ahead_in_ms(&self, margin_ms: u32, random: f64) -> Option<u32> {
        let read = self.read().await.ok()?;
        let front = read.front.as_ref().filter(|_| read.state.key().is_some())?;
        let now_ms = self.server_now_ms(&read);
        let left_ms =
            |until_ms: i64| u32::try_from(until_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
        Some(match left_ms(transitions::refresh_ahead_from_ms(front, margin_ms)?) {
            0 => timing::jitter(WAKE_UP_MS, random),
            wait_ms => {
                let half_ms = (left_ms(front.expires_at_ms()) - wait_ms) / 2;
                wait_ms.saturating_add(timing::jitter(half_ms, random))
            }
        })
    }

    /// Whether a refresh is due by the wall clock. It is not after another tab's refresh.
    async fn is_ahead_due(&self, margin_ms: u32) -> bool {
        let Ok(read) = self.read().await else { return true };
        let now_ms = self.server_now_ms(&read);
        let from_ms =
            read.front.as_ref().and_then(|front| transitions::refresh_ahead_from_ms(front, margin_ms));
        read.state.key().is_some() && from_ms.is_some_and(|from_ms| from_ms <= now_ms)
    }
}

fn start(client: &dyn Any, page: &Rc<VisiblePage>) {
    let Some(client) = client.downcast_ref::<Client>() else { return };
    let task = &client.0.ahead_task;
    if task.is_busy.get() {
        // The running task continues after its backoff.
        return;
    }
    let number = task.starts.get().wrapping_add(1);
    task.starts.set(number);
    let running = run(Rc::downgrade(&client.0), Rc::downgrade(page), number);
    client.0.platform.spawn.spawn(Box::pin(running));
}

/// Ends when the page is hidden or dropped, or a later task has started. When a timer fires, the wall clock decides,
/// since browsers delay timers.
async fn run(weak: Weak<Inner>, page: Weak<VisiblePage>, number: u32) {
    let visible = || {
        let client =
            weak.upgrade().map(Client).filter(|client| client.0.ahead_task.starts.get() == number)?;
        let (margin_ms, _) = client.config().settings().refresh_ahead?;
        let random = (page.upgrade()?)()?;
        Some((client, margin_ms, random))
    };
    let mut backoff = Backoff::default();
    while let Some((client, margin_ms, random)) = visible() {
        let Some(wait_ms) = client.ahead_in_ms(margin_ms, random).await else { return };
        let timer = client.0.platform.clock.sleep(wait_ms);
        // The timer may take an hour, and the app may drop its client meanwhile.
        drop(client);
        timer.await;
        let Some((client, margin_ms, random)) = visible() else { return };
        if !client.is_ahead_due(margin_ms).await {
            continue;
        }
        log::debug!("refreshing before the expiry");
        client.0.ahead_task.is_busy.set(true);
        let outcome = client.exists_for(margin_ms).await;
        if outcome.is_ok() && !client.is_ahead_due(margin_ms).await {
            backoff.reset();
            client.0.ahead_task.is_busy.set(false);
            continue;
        }
        let timer = client.0.platform.clock.sleep(backoff.next_ms(random));
        drop(client);
        timer.await;
        if let Some(client) = weak.upgrade() {
            client.ahead_task.is_busy.set(false);
        }
    }
}
