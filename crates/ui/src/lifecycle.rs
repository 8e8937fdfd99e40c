use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use supertokens_session::{
    SessionClient,
    timing::{Backoff, Throttle},
};
use supertokens_web::{PageCover, PageEvent, PageEvents, page_is_visible, random_jitter};

use crate::{
    reader::SnapshotReader,
    snapshot::{Publish, SessionStatus},
};

/// When the user returns to a page, it emits several events at once. They cause one read.
const BURST_MS: u32 = 100;

/// Page events call an unreachable backend at most once in this time.
const ATTEMPT_EVERY_MS: u32 = 1_000;

/// Reads the store when the user returns to the page, retries while the backend is unreachable, and refreshes ahead if
/// the app asks for it. When a timer fires, the wall clock decides, since browsers delay timers.
pub(crate) struct Lifecycle {
    reader: Rc<SnapshotReader>,
    cover: RefCell<Option<PageCover>>,
    reads: Cell<Throttle>,
    attempts: Cell<Throttle>,
    backoff: Cell<Backoff>,
    is_attempt_running: Cell<bool>,
    /// The earliest time of the next attempt, by the device's clock.
    not_before_ms: Cell<i64>,
    /// When the next action is due.
    due_ms: Cell<Option<i64>>,
    /// When the next timer fires.
    timer_ms: Cell<Option<i64>>,
    /// Listens until the provider is dropped.
    _page_events: Option<PageEvents>,
}

impl Lifecycle {
    pub(crate) fn start(client: SessionClient, publish: Box<dyn Publish>) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let (publisher, listener) = (this.clone(), this.clone());
            let last = RefCell::default();
            let reader = SnapshotReader::new(
                client,
                Box::new(move |snapshot| {
                    let session = (snapshot.status, snapshot.front_token.clone());
                    let is_changed = last.replace(Some(session.clone())) != Some(session);
                    publish.publish(snapshot);
                    if let Some(lifecycle) = publisher.upgrade().filter(|_| is_changed) {
                        lifecycle.schedule();
                    }
                }),
            );
            let page_events = PageEvents::start(move |event| {
                if let Some(lifecycle) = listener.upgrade() {
                    lifecycle.on_page_event(event);
                }
            });
            Self {
                reader,
                cover: RefCell::default(),
                reads: Cell::new(Throttle::new(BURST_MS)),
                attempts: Cell::new(Throttle::new(ATTEMPT_EVERY_MS)),
                backoff: Cell::default(),
                is_attempt_running: Cell::default(),
                not_before_ms: Cell::default(),
                due_ms: Cell::default(),
                timer_ms: Cell::default(),
                // Without a page there are no page events.
                _page_events: page_events.ok(),
            }
        })
    }

    pub(crate) fn reader(&self) -> &Rc<SnapshotReader> {
        &self.reader
    }

    /// Checks whether there is a session, with a refresh if needed. Then guards check claims again if `recheck_claims`.
    pub(crate) fn check(self: &Rc<Self>, recheck_claims: bool) {
        self.throttle_allows(&self.attempts);
        self.is_attempt_running.set(true);
        // The provider may be dropped before the response arrives.
        let (this, reader) = (Rc::downgrade(self), self.reader.clone());
        self.reader.spawn(async move {
            let has_response = reader.check().await;
            let Some(this) = this.upgrade() else { return };
            this.end_attempt(has_response);
            if has_response && recheck_claims {
                reader.recheck_claims();
            }
        });
    }

    fn on_page_event(self: &Rc<Self>, event: PageEvent) {
        match event {
            // The user may not be allowed to see the page when the browser shows it again.
            PageEvent::Left { into_cache: true } => self.cover(),
            PageEvent::Shown { from_cache: true } => {
                self.cover();
                self.throttle_allows(&self.reads);
                self.read_and_uncover();
                self.resume(event);
            }
            PageEvent::Shown { .. }
            | PageEvent::Visible
            | PageEvent::Focused
            | PageEvent::Online
            | PageEvent::Resumed => {
                // While the first check runs, its response decides.
                if self.reader.snapshot().is_known() && self.throttle_allows(&self.reads) {
                    self.reader.start_read();
                }
                self.resume(event);
            }
            // A hidden page sends no requests. Its timers check the visibility when they fire.
            _ => {}
        }
    }

    /// Continues what was delayed while the page was hidden or the network was down.
    fn resume(self: &Rc<Self>, event: PageEvent) {
        let status = self.reader.snapshot().status;
        if status == SessionStatus::Unreachable {
            let may_try = page_is_visible() && !self.is_attempt_running.get();
            if may_try && self.throttle_allows(&self.attempts) {
                self.check(false);
            }
        } else if status == SessionStatus::Authenticated && event == PageEvent::Online {
            // A guard may have failed to fetch a claim.
            self.reader.recheck_claims();
        }
        self.schedule();
    }

    fn cover(&self) {
        let mut cover = self.cover.borrow_mut();
        if cover.is_none() {
            *cover = PageCover::draw();
        }
    }

    /// Reads the store, then removes the cover. The browser paints the updated view.
    fn read_and_uncover(self: &Rc<Self>) {
        let (this, reader) = (Rc::downgrade(self), self.reader.clone());
        self.reader.spawn(async move {
            if reader.snapshot().is_known() {
                reader.read().await;
            }
            if let Some(this) = this.upgrade() {
                this.cover.take();
            }
        });
    }

    /// Sets the timer for the next action, if there is one and the page is visible.
    fn schedule(self: &Rc<Self>) {
        if !page_is_visible() {
            return;
        }
        let (this, reader) = (Rc::downgrade(self), self.reader.clone());
        self.reader.spawn(async move {
            let wait_ms = match reader.snapshot().status {
                SessionStatus::Unreachable => Some(0),
                SessionStatus::Authenticated => {
                    reader.client.refresh_ahead_in_ms(random_jitter()).await.ok().flatten()
                }
                SessionStatus::Loading | SessionStatus::Unauthenticated { .. } => None,
            };
            let Some(this) = this.upgrade() else { return };
            let due_ms = wait_ms
                .map(|wait_ms| reader.now_ms().saturating_add(wait_ms.into()).max(this.not_before_ms.get()));
            this.due_ms.set(due_ms);
            if let Some(due_ms) = due_ms {
                this.set_timer(due_ms);
            }
        });
    }

    fn set_timer(self: &Rc<Self>, due_ms: i64) {
        let now_ms = self.reader.now_ms();
        if self.timer_ms.get().is_some_and(|timer_ms| (now_ms..=due_ms).contains(&timer_ms)) {
            // An earlier timer is set, and it schedules again.
            return;
        }
        self.timer_ms.set(Some(due_ms));
        let wait_ms = u32::try_from(due_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
        let Some(platform) = self.reader.client.platform() else { return };
        let timer = platform.clock.sleep(wait_ms);
        let this = Rc::downgrade(self);
        self.reader.spawn(async move {
            timer.await;
            let Some(this) = this.upgrade() else { return };
            if this.timer_ms.get() == Some(due_ms) {
                this.timer_ms.set(None);
            }
            this.on_timer();
        });
    }

    fn on_timer(self: &Rc<Self>) {
        if !page_is_visible() {
            return;
        }
        let is_due = self.due_ms.get().is_some_and(|due_ms| due_ms <= self.reader.now_ms());
        match self.reader.snapshot().status {
            SessionStatus::Unreachable if is_due && !self.is_attempt_running.get() => self.check(false),
            SessionStatus::Authenticated if is_due && !self.is_attempt_running.get() => self.refresh_ahead(),
            // The timer is too early, or the status has changed.
            _ => self.schedule(),
        }
    }

    fn refresh_ahead(self: &Rc<Self>) {
        self.is_attempt_running.set(true);
        let (this, client) = (Rc::downgrade(self), self.reader.client.clone());
        self.reader.spawn(async move {
            let outcome = client.refresh_ahead().await;
            if let Some(this) = this.upgrade() {
                this.end_attempt(outcome == Ok(true));
            }
        });
    }

    /// After a failure, the next attempt waits for the backoff.
    fn end_attempt(self: &Rc<Self>, is_success: bool) {
        self.is_attempt_running.set(false);
        let mut backoff = self.backoff.get();
        if is_success {
            backoff.reset();
            self.not_before_ms.set(i64::MIN);
        } else {
            let wait_ms = backoff.next_ms(random_jitter());
            self.not_before_ms.set(self.reader.now_ms().saturating_add(wait_ms.into()));
        }
        self.backoff.set(backoff);
        self.schedule();
    }

    /// Whether the throttle allows a run now. If so, this counts the run.
    fn throttle_allows(&self, throttle: &Cell<Throttle>) -> bool {
        let mut next = throttle.get();
        let may_run = next.allows(self.reader.now_ms());
        throttle.set(next);
        may_run
    }
}
