//! A panel that shows developers the session, without its views: an adapter shows a [`Report`].
//!
//! 1. Start [`Devtools`] when the panel is mounted, with the provider's [`SessionSync`]. In a browser only: a server
//!    shows no panel, and the first view of a hydrating page has to equal the server's.
//! 2. After each change of the snapshot, and after each call of `on_change`, show [`Devtools::report`].
//! 3. Call [`Devtools::set_open`] when the panel opens or closes.
//! 4. Drop it when the panel is unmounted.
//!
//! No text contains a token.

mod recorder;
mod report;
mod texts;

use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use supertokens_session::{SessionEvent, Subscription};
use supertokens_web::{StyleSheet, utc_offset_minutes};

use crate::SessionSync;
use recorder::Recorder;
use report::Now;

pub use report::{EventEntry, Fact, Report};

/// The text of the button that opens the panel.
pub const BUTTON: &str = "Session";

/// The panel's title.
pub const TITLE: &str = "Session devtools";

/// The text of the button in the panel that closes it.
pub const CLOSE: &str = "Close";

/// The title of the list of events.
pub const EVENTS: &str = "Events";

/// Shown in place of an empty list of events.
pub const NO_EVENTS: &str = "No events since this page was opened.";

/// The `id` of the panel.
pub const PANEL_ID: &str = "st-devtools-panel";

/// While the panel is open, its times change at this interval.
const TICK_MS: u32 = 1_000;

/// Records the events of a session for the panel, until it is dropped. It also adds the panel's style sheet to the page.
///
/// ```
/// use supertokens_ui::{SessionSync, devtools::Devtools};
///
/// fn open(sync: SessionSync, render: impl Fn() + 'static) -> (Devtools, String) {
///     let devtools = Devtools::start(sync, render);
///     devtools.set_open(true);
///     let rows = devtools.report().facts.into_iter().map(|fact| format!("{}: {}", fact.label, fact.value));
///     (devtools, rows.collect::<Vec<_>>().join("\n"))
/// }
/// ```
pub struct Devtools(Rc<Inner>);

struct Inner {
    sync: SessionSync,
    recorder: RefCell<Recorder>,
    on_change: Box<dyn Fn()>,
    is_open: Cell<bool>,
    is_ticking: Cell<bool>,
    _subscription: Subscription,
    _style: Option<StyleSheet>,
}

impl Devtools {
    /// Starts to record. `on_change` is called after each event, when the panel opens, and each second while it is open.
    pub fn start(sync: SessionSync, on_change: impl Fn() + 'static) -> Self {
        Self(Rc::new_cyclic(|this: &Weak<Inner>| {
            let this = this.clone();
            let subscription = sync.client().on_event(move |event| {
                if let Some(this) = this.upgrade() {
                    this.record(event);
                }
            });
            Inner {
                sync,
                recorder: RefCell::default(),
                on_change: Box::new(on_change),
                is_open: Cell::default(),
                is_ticking: Cell::default(),
                _subscription: subscription,
                _style: StyleSheet::add(include_str!("style.css")),
            }
        }))
    }

    /// What the panel shows now.
    pub fn report(&self) -> Report {
        let inner = &self.0;
        let lock = inner.sync.client().platform().map(|platform| platform.lock.kind());
        Report::new(&inner.sync.snapshot(), &inner.recorder.borrow(), lock, inner.now())
    }

    /// The panel opens or closes.
    pub fn set_open(&self, is_open: bool) {
        self.0.is_open.set(is_open);
        if is_open {
            // The times are those of the last change.
            (self.0.on_change)();
            self.0.start_ticks();
        }
    }
}

impl std::fmt::Debug for Devtools {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Devtools").finish_non_exhaustive()
    }
}

impl Inner {
    fn record(&self, event: &SessionEvent) {
        self.recorder.borrow_mut().record(event, self.sync.reader().now_ms());
        (self.on_change)();
    }

    fn now(&self) -> Now {
        let device_ms = self.sync.reader().now_ms();
        Now {
            device_ms,
            server_ms: self.sync.reader().server_now_ms(),
            utc_offset_minutes: utc_offset_minutes(device_ms),
        }
    }

    fn start_ticks(self: &Rc<Self>) {
        let Some(platform) = self.sync.client().platform().cloned() else { return };
        if self.is_ticking.replace(true) {
            return;
        }
        let (this, clock) = (Rc::downgrade(self), platform.clock);
        platform.spawn.spawn(Box::pin(async move {
            loop {
                clock.sleep(TICK_MS).await;
                let Some(this) = this.upgrade() else { return };
                if !this.is_open.get() {
                    this.is_ticking.set(false);
                    return;
                }
                (this.on_change)();
            }
        }));
    }
}
