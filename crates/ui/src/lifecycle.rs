use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
    sync::Arc,
};

use supertokens_session::{
    SessionClient, SessionError,
    internal::{Backoff, Throttle, VisiblePage},
};
use supertokens_web::{PageCover, PageEvent, PageEvents, page_is_visible, random_jitter};

use crate::{
    reader::SnapshotReader,
    snapshot::{Publish, SessionStatus, Snapshot},
};

/// When the user returns to a page, it emits several events at once. They cause one read.
const BURST_MS: u32 = 100;

/// Page events call an unreachable backend at most once in this time.
const ATTEMPT_EVERY_MS: u32 = 1_000;

/// Reads the store when the user returns to the page, and retries while the backend is unreachable. It tells the client
/// when to refresh ahead, which the client does if the app asks for it.
pub(crate) struct Lifecycle {
    reader: Rc<SnapshotReader>,
    publish: Rc<dyn Publish>,
    cover: RefCell<Option<PageCover>>,
    reads: Cell<Throttle>,
    attempts: Cell<Throttle>,
    backoff: Cell<Backoff>,
    is_attempt_running: Cell<bool>,
    /// The earliest time of the next attempt, by the device's clock.
    not_before_ms: Cell<i64>,
    /// Whether a timer for the next attempt runs.
    is_timer_set: Cell<bool>,
    visible_page: Rc<VisiblePage>,
    /// Listens until the provider is dropped.
    _page_events: Option<PageEvents>,
}

impl Lifecycle {
    pub(crate) fn start(client: SessionClient, first: Arc<Snapshot>, publish: Rc<dyn Publish>) -> Rc<Self> {
        Rc::new_cyclic(|this: &Weak<Self>| {
            let (publisher, listener, published) = (this.clone(), this.clone(), publish.clone());
            let reader = SnapshotReader::new(
                client,
                first,
                Box::new(move |snapshot| {
                    published.publish(snapshot);
                    if let Some(lifecycle) = publisher.upgrade() {
                        lifecycle.refresh_ahead();
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
                publish,
                cover: RefCell::default(),
                reads: Cell::new(Throttle::new(BURST_MS)),
                attempts: Cell::new(Throttle::new(ATTEMPT_EVERY_MS)),
                backoff: Cell::default(),
                is_attempt_running: Cell::default(),
                not_before_ms: Cell::default(),
                is_timer_set: Cell::default(),
                visible_page: Rc::new(|| page_is_visible().then(random_jitter)),
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
        if self.reader.client.platform().is_none() {
            let snapshot = self.reader.snapshot().unreachable();
            return self.reader.set(snapshot.with_error(Some(SessionError::NotInBrowser)));
        }
        self.throttle_allows(&self.attempts);
        self.is_attempt_running.set(true);
        // The provider may be dropped before the response arrives.
        let (this, reader) = (Rc::downgrade(self), self.reader.clone());
        self.reader.spawn(async move {
            let has_response = reader.check().await;
            let Some(this) = this.upgrade() else { return };
            this.end_attempt();
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
        match self.reader.snapshot().status {
            SessionStatus::Unreachable => {
                if self.may_try() && self.throttle_allows(&self.attempts) {
                    self.check(false);
                } else {
                    self.retry();
                }
            }
            // A guard may have failed to fetch a claim.
            SessionStatus::Authenticated if event == PageEvent::Online => self.reader.recheck_claims(),
            _ => {}
        }
        self.refresh_ahead();
    }

    fn cover(&self) {
        let mut cover = self.cover.borrow_mut();
        if cover.is_none() {
            *cover = PageCover::draw();
        }
    }

    /// Reads the store, and removes the cover when the page shows the result.
    fn read_and_uncover(self: &Rc<Self>) {
        let (this, reader) = (Rc::downgrade(self), self.reader.clone());
        self.reader.spawn(async move {
            if reader.snapshot().is_known() {
                reader.read().await;
            }
            if let Some(this) = this.upgrade() {
                let cover = this.cover.take();
                this.publish.when_shown(Box::new(move || drop(cover)));
            }
        });
    }

    fn refresh_ahead(&self) {
        self.reader.client.refresh_ahead(&self.visible_page);
    }

    /// Each attempt makes the next one wait longer. A response ends the attempts: the status is not `Unreachable` again.
    fn end_attempt(self: &Rc<Self>) {
        self.is_attempt_running.set(false);
        let mut backoff = self.backoff.get();
        let wait_ms = backoff.next_ms(random_jitter());
        self.backoff.set(backoff);
        self.not_before_ms.set(self.reader.now_ms().saturating_add(wait_ms.into()));
        self.retry();
    }

    /// Whether the backend is unreachable, and this page may try again.
    fn may_try(&self) -> bool {
        self.reader.snapshot().status == SessionStatus::Unreachable
            && page_is_visible()
            && !self.is_attempt_running.get()
    }

    /// Tries again after the backoff. The wall clock decides, since browsers delay timers.
    fn retry(self: &Rc<Self>) {
        if !self.may_try() {
            return;
        }
        let wait_ms = self.not_before_ms.get().saturating_sub(self.reader.now_ms());
        if wait_ms <= 0 {
            self.check(false);
        } else if !self.is_timer_set.replace(true) {
            let Some(platform) = self.reader.client.platform() else { return };
            let timer = platform.clock.sleep(u32::try_from(wait_ms).unwrap_or(u32::MAX));
            let this = Rc::downgrade(self);
            self.reader.spawn(async move {
                timer.await;
                if let Some(this) = this.upgrade() {
                    this.is_timer_set.set(false);
                    this.retry();
                }
            });
        }
    }

    /// Whether the throttle allows a run now. If so, this counts the run.
    fn throttle_allows(&self, throttle: &Cell<Throttle>) -> bool {
        let mut next = throttle.get();
        let may_run = next.allows(self.reader.now_ms());
        throttle.set(next);
        may_run
    }
}
