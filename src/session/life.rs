use std::{
    cell::{Cell, RefCell},
    rc::{Rc, Weak},
};

use leptos::task::spawn_local;
use supertokens_session::pace::{Backoff, Gate};
use supertokens_web::{PageEvent, PageWatch, Veil, page_is_visible, random_share};

use super::{
    keeper::{Board, Looker},
    status::SessionStatus,
};

/// A burst of events, such as a page makes that comes back, is one occasion.
const BURST_MS: u32 = 100;

/// A backend that does not answer is not asked more often than this, however much happens.
const TRY_EVERY_MS: u32 = 1_000;

/// What a page does by itself while it lives: it looks when it comes back, tries again where the backend did not
/// answer, and refreshes ahead where the app asks for it. Timers are hints: the wall clock decides.
pub(super) struct Life {
    looker: Looker,
    veil: RefCell<Option<Veil>>,
    looks: Cell<Gate>,
    tries: Cell<Gate>,
    backoff: Cell<Backoff>,
    is_trying: Cell<bool>,
    /// Nothing is tried by itself before then, by the device's clock.
    not_before_ms: Cell<i64>,
    /// When something is to be done.
    due_ms: Cell<Option<i64>>,
    /// When the next timer rings; none rings later than needed.
    rings_ms: Cell<Option<i64>>,
    /// Listens until the provider is gone.
    _watch: Option<PageWatch>,
}

impl Life {
    pub(super) fn begin(looker: Looker) -> Rc<Self> {
        Rc::new_cyclic(|life: &Weak<Self>| {
            let life = life.clone();
            let watch = PageWatch::start(move |event| {
                if let Some(life) = life.upgrade() {
                    life.on_page_event(event);
                }
            });
            Self {
                looker,
                veil: RefCell::default(),
                looks: Cell::new(Gate::new(BURST_MS)),
                tries: Cell::new(Gate::new(TRY_EVERY_MS)),
                backoff: Cell::default(),
                is_trying: Cell::default(),
                not_before_ms: Cell::default(),
                due_ms: Cell::default(),
                rings_ms: Cell::default(),
                // Without a page there are no such events.
                _watch: watch.ok(),
            }
        })
    }

    /// Finds out whether there is a session, with a refresh where that is needed, and then does something more.
    pub(super) fn find_out(self: &Rc<Self>, afterwards: fn(Board)) {
        let now_ms = self.now_ms();
        self.passes(&self.tries, now_ms);
        self.is_trying.set(true);
        // The provider may be gone before there is an answer.
        let (life, looker) = (Rc::downgrade(self), self.looker.clone());
        spawn_local(async move {
            let is_found = looker.find_out().await;
            let Some(life) = life.upgrade() else { return };
            life.is_trying.set(false);
            life.pace(is_found);
            if is_found {
                afterwards(looker.board());
            }
            life.plan();
        });
    }

    fn on_page_event(self: &Rc<Self>, event: PageEvent) {
        match event {
            // It is hidden before it can come back: what it shows then, nobody may be allowed to see any more.
            PageEvent::Left { into_cache: true } => self.hide(),
            PageEvent::Shown { from_cache: true } => {
                self.hide();
                self.passes(&self.looks, self.now_ms());
                self.look_and_show();
                self.carry_on(event);
            }
            PageEvent::Shown { .. }
            | PageEvent::Visible
            | PageEvent::Focused
            | PageEvent::Online
            | PageEvent::Resumed => {
                // What is being found out yet, the first answer tells.
                if self.looker.is_known() && self.passes(&self.looks, self.now_ms()) {
                    let looker = self.looker.clone();
                    spawn_local(async move {
                        looker.look().await;
                    });
                }
                self.carry_on(event);
            }
            // Those that are not to be seen do nothing by themselves, and their timers find that out.
            _ => {}
        }
    }

    /// Takes up what had to wait while the page was away, or the network.
    fn carry_on(self: &Rc<Self>, event: PageEvent) {
        let status = self.looker.status();
        if status == Some(SessionStatus::Unreachable) {
            let may_try = page_is_visible() && !self.is_trying.get();
            if may_try && self.passes(&self.tries, self.now_ms()) {
                self.find_out(|_| {});
            }
        } else if status == Some(SessionStatus::Authenticated) && event == PageEvent::Online {
            // A guard may not have been able to ask for a claim.
            self.looker.board().doubt_claims();
        }
        self.plan();
    }

    fn hide(&self) {
        let mut veil = self.veil.borrow_mut();
        if veil.is_none() {
            *veil = Veil::draw();
        }
    }

    /// Lifts the veil once it is known what is true now; the page shows it before the browser paints.
    fn look_and_show(self: &Rc<Self>) {
        let (life, looker) = (Rc::downgrade(self), self.looker.clone());
        spawn_local(async move {
            if looker.is_known() {
                while !looker.look().await {}
            }
            if let Some(life) = life.upgrade() {
                life.veil.take();
            }
        });
    }

    /// Sets the next timer, where there is something to wait for and somebody to see it.
    pub(super) fn plan(self: &Rc<Self>) {
        if !page_is_visible() {
            return;
        }
        let (life, looker) = (Rc::downgrade(self), self.looker.clone());
        spawn_local(async move {
            let wait_ms = next_wait_ms(&looker).await;
            let Some(life) = life.upgrade() else { return };
            let Some(wait_ms) = wait_ms else {
                life.due_ms.set(None);
                return;
            };
            let due_ms = life.now_ms().saturating_add(wait_ms.into()).max(life.not_before_ms.get());
            life.due_ms.set(Some(due_ms));
            life.ring_at(due_ms);
        });
    }

    fn ring_at(self: &Rc<Self>, due_ms: i64) {
        let now_ms = self.now_ms();
        if self.rings_ms.get().is_some_and(|rings_ms| (now_ms..=due_ms).contains(&rings_ms)) {
            // That timer looks again.
            return;
        }
        self.rings_ms.set(Some(due_ms));
        let wait_ms = u32::try_from(due_ms.saturating_sub(now_ms).max(0)).unwrap_or(u32::MAX);
        let rings = self.looker.client().platform().clock.sleep(wait_ms);
        let life = Rc::downgrade(self);
        spawn_local(async move {
            rings.await;
            let Some(life) = life.upgrade() else { return };
            if life.rings_ms.get() == Some(due_ms) {
                life.rings_ms.set(None);
            }
            life.act();
        });
    }

    fn act(self: &Rc<Self>) {
        if !page_is_visible() {
            return;
        }
        let is_due = self.due_ms.get().is_some_and(|due_ms| due_ms <= self.now_ms());
        match self.looker.status() {
            Some(SessionStatus::Unreachable) if is_due && !self.is_trying.get() => self.find_out(|_| {}),
            Some(SessionStatus::Authenticated) if is_due && !self.is_trying.get() => self.refresh_ahead(),
            // Too early, or something else is the case by now.
            Some(_) => self.plan(),
            None => {}
        }
    }

    fn refresh_ahead(self: &Rc<Self>) {
        self.is_trying.set(true);
        let (life, client) = (Rc::downgrade(self), self.looker.client().clone());
        spawn_local(async move {
            let outcome = client.refresh_ahead().await;
            let Some(life) = life.upgrade() else { return };
            life.is_trying.set(false);
            life.pace(outcome == Ok(true));
            life.plan();
        });
    }

    /// After a failure the next try has to wait.
    fn pace(&self, is_well: bool) {
        let mut backoff = self.backoff.get();
        if is_well {
            backoff.reset();
            self.not_before_ms.set(i64::MIN);
        } else {
            let wait_ms = backoff.next_ms(random_share());
            self.not_before_ms.set(self.now_ms().saturating_add(wait_ms.into()));
        }
        self.backoff.set(backoff);
    }

    fn passes(&self, gate: &Cell<Gate>, now_ms: i64) -> bool {
        let mut moved = gate.get();
        let passes = moved.lets_through(now_ms);
        gate.set(moved);
        passes
    }

    fn now_ms(&self) -> i64 {
        self.looker.client().platform().clock.now_ms()
    }
}

/// How long nothing is to be done; none where nothing ever is, as things stand.
async fn next_wait_ms(looker: &Looker) -> Option<u32> {
    match looker.status()? {
        SessionStatus::Unreachable => Some(0),
        SessionStatus::Authenticated => {
            looker.client().refresh_ahead_in_ms(random_share()).await.ok().flatten()
        }
        SessionStatus::Loading | SessionStatus::Unauthenticated { .. } => None,
    }
}
