//! Refreshes before the access token expires. Only apps that call the setter link this.

use std::{
    any::Any,
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    time::Duration,
};

use super::{Client, Inner};
use crate::{
    config::{LinkedOnDemand, SessionConfigBuilder, VisiblePage},
    timing::Backoff,
    transitions,
};

/// What the client's tasks that refresh ahead share.
#[derive(Default)]
pub(super) struct AheadTask {
    /// The page of the last call.
    page: RefCell<Option<Weak<VisiblePage>>>,
    /// When the next timer fires, by the device's clock.
    timer_ms: Cell<Option<i64>>,
    /// True from the refresh call to the end of the backoff.
    is_busy: Cell<bool>,
}

/// A refresh and its backoff. It ends when this is dropped, also if its task is dropped.
struct Busy(Weak<Inner>);

impl Busy {
    fn begin(client: &Client) -> Self {
        client.0.ahead_task.is_busy.set(true);
        Self(Rc::downgrade(&client.0))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        if let Some(client) = self.0.upgrade() {
            client.ahead_task.is_busy.set(false);
        }
    }
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
    async fn ahead_in_ms(&self, margin_ms: u32, random: f64) -> Option<u32> {
        let read = self.read().await.ok()?;
        let front = read.front.as_ref().filter(|_| read.state.key().is_some())?;
        transitions::refresh_ahead_in_ms(front, margin_ms, self.server_now_ms(&read), random)
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
    client.0.ahead_task.page.replace(Some(Rc::downgrade(page)));
    // A task that is busy continues after its backoff.
    if !client.0.ahead_task.is_busy.get() {
        client.0.platform.spawn.spawn(Box::pin(run(Rc::downgrade(&client.0))));
    }
}

/// Ends when the page is hidden or dropped, or another task's timer fires earlier. When a timer fires, the wall clock
/// decides, since browsers delay timers.
async fn run(weak: Weak<Inner>) {
    let visible = || {
        let client = weak.upgrade().map(Client)?;
        let (margin_ms, _) = client.config().settings().refresh_ahead?;
        let page = client.0.ahead_task.page.borrow().as_ref()?.upgrade()?;
        Some((client, margin_ms, page()?))
    };
    let mut backoff = Backoff::default();
    while let Some((client, margin_ms, random)) = visible() {
        let Some(wait_ms) = client.ahead_in_ms(margin_ms, random).await else { return };
        let now_ms = client.0.platform.clock.now_ms();
        let due_ms = now_ms.saturating_add(wait_ms.into());
        let timer_ms = &client.0.ahead_task.timer_ms;
        if timer_ms.get().is_some_and(|timer_ms| (now_ms..=due_ms).contains(&timer_ms)) {
            return;
        }
        timer_ms.set(Some(due_ms));
        let timer = client.0.platform.clock.sleep(wait_ms);
        // The timer may take an hour, and the app may drop its client meanwhile.
        drop(client);
        timer.await;
        let is_own = |inner: &Rc<Inner>| inner.ahead_task.timer_ms.get() == Some(due_ms);
        let Some(inner) = weak.upgrade().filter(is_own) else { return };
        inner.ahead_task.timer_ms.set(None);
        let Some((client, margin_ms, random)) = visible() else { return };
        if !client.is_ahead_due(margin_ms).await {
            continue;
        }
        log::debug!("refreshing before the expiry");
        let _busy = Busy::begin(&client);
        let outcome = client.exists_for(margin_ms).await;
        if outcome.is_ok() && !client.is_ahead_due(margin_ms).await {
            backoff.reset();
            continue;
        }
        let timer = client.0.platform.clock.sleep(backoff.next_ms(random));
        drop((client, inner));
        timer.await;
    }
}
