//! What the tabs of one seed go through.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
};

use futures_util::{
    future::{Either, select},
    task::noop_waker_ref,
};

use super::super::{Contender, QUESTIONS, World};
use super::referee::{Foul, Seen};
use super::sea::{Bug, Event, MS, Sea, Shore};

/// From then on nothing goes wrong any more.
const CALM_AT: u64 = 40_000 * MS;

/// All that are left have had their turn by then.
const END: u64 = CALM_AT + 240_000 * MS;

/// What may happen.
#[derive(Clone, Copy)]
pub(super) struct Plan {
    bug: Option<Bug>,
    stops: bool,
}

impl Plan {
    /// Tabs are stopped and throttled, and die.
    pub(super) fn wild(bug: Option<Bug>) -> Self {
        Self { bug, stops: true }
    }

    /// Tabs die, and nothing else.
    pub(super) fn calm() -> Self {
        Self { bug: None, stops: false }
    }
}

type Task = Pin<Box<dyn Future<Output = ()>>>;

/// The whole life of some tabs.
pub(super) fn live_through(seed: u64, plan: Plan) -> Seen {
    let sea = Rc::new(RefCell::new(Sea::new(seed, plan.bug, 0)));
    let tabs = sea.borrow_mut().random.between(2, 5) as usize;
    prepare(&mut sea.borrow_mut(), tabs, plan);
    let left: Vec<_> = (0..tabs).map(|_| Rc::new(Cell::new(false))).collect();
    let mut tasks: Vec<Task> = (0..tabs)
        .map(|tab| {
            let (shore, done) = (Shore { sea: sea.clone(), tab }, left[tab].clone());
            Box::pin(async move {
                lead(shore).await;
                done.set(true);
            }) as Task
        })
        .collect();
    let mut cx = Context::from_waker(noop_waker_ref());
    let mut poll = |tab: usize| {
        if !left[tab].get() {
            let _: Poll<()> = tasks[tab].as_mut().poll(&mut cx);
        }
    };
    (0..tabs).for_each(&mut poll);
    let mut is_calm = false;
    loop {
        let next = sea.borrow_mut().next();
        let Some(ready) = next else { break };
        if let Some(tab) = ready {
            poll(tab);
        }
        let mut sea = sea.borrow_mut();
        if sea.now >= CALM_AT && !is_calm {
            is_calm = true;
            sea.calm_down();
        }
        let is_over = (0..tabs).all(|tab| left[tab].get() || sea.tabs[tab].is_dead);
        if is_over || sea.seen.foul.is_some() || sea.now > END {
            break;
        }
    }
    let starved = (0..tabs).find(|tab| !left[*tab].get() && !sea.borrow().tabs[*tab].is_dead);
    // What is dropped now is the end of the test, and nothing that a tab does.
    sea.borrow_mut().tabs.iter_mut().for_each(|tab| tab.is_dead = true);
    drop(tasks);
    let mut seen = std::mem::take(&mut sea.borrow_mut().seen);
    seen.foul = seen.foul.or(starved.map(Foul::Starved));
    seen
}

fn prepare(sea: &mut Sea, tabs: usize, plan: Plan) {
    for tab in 0..tabs {
        let tick = if plan.stops { sea.random.pick(&[0, 0, 0, 1_000 * MS, 60_000 * MS]) } else { 0 };
        sea.add_tab(tick);
        // One is enough to tell how long it takes.
        let may_die = plan.stops || tab == 0;
        if may_die && sea.random.one_in(if plan.stops { 4 } else { 1 }) {
            let at = sea.random.between(0, CALM_AT);
            sea.schedule(at, Event::Dies { tab });
        }
        for _ in 0..if plan.stops { sea.random.between(0, 12) } else { 0 } {
            let at = sea.random.between(0, CALM_AT);
            sea.schedule(at, Event::Stops { tab });
        }
    }
    if plan.stops {
        sea.stops_one_in = sea.random.pick(&[0, 100, 400, 2_000]);
    }
}

/// One tab: in and out, some times.
async fn lead(shore: Shore) {
    let rounds = shore.draw(1, 5);
    for _ in 0..rounds {
        let pause = shore.draw(0, 1_500);
        shore.rest(pause).await;
        let contender = Contender::new(shore.clone(), shore.draw_name(), QUESTIONS);
        shore.sea.borrow_mut().tabs[shore.tab].wants_in = true;
        let gives_up = shore.sea.borrow().stops_one_in > 0 && shore.draw(0, 9) == 0;
        let patience = if gives_up { shore.draw(0, 8_000) } else { u64::from(u32::MAX) };
        let got = match select(pin!(contender.enter()), pin!(shore.rest(patience))).await {
            Either::Left((got, _)) => got.is_ok(),
            Either::Right(_) => false,
        };
        if got {
            shore.sea.borrow_mut().gets_in(shore.tab);
        }
        shore.sea.borrow_mut().tabs[shore.tab].wants_in = false;
        if got {
            stay(&shore, &contender).await;
        }
    }
}

async fn stay(shore: &Shore, contender: &Contender<Shore>) {
    let checks = shore.sea.borrow().bug != Some(Bug::NoCheck);
    for _ in 0..shore.draw(1, 3) {
        if checks && !contender.still_holds().await {
            break;
        }
        shore.sea.borrow_mut().uses(shore.tab);
        let pause = if shore.draw(0, 9) == 0 { shore.draw(0, 12_000) } else { shore.draw(0, 300) };
        shore.rest(pause).await;
    }
    shore.sea.borrow_mut().leaves(shore.tab);
}

impl Shore {
    fn draw(&self, least: u64, most: u64) -> u64 {
        self.sea.borrow_mut().random.between(least, most)
    }

    /// By the device's clock, which is set now and then.
    fn draw_name(&self) -> String {
        let jump = if self.draw(0, 3) == 0 { self.draw(0, 7_200_000) } else { 3_600_000 };
        let now = self.now_ms() as u64 + jump;
        format!("{now:013}{:04}{:08}", self.tab, self.draw(0, 99_999_999))
    }

    async fn rest(&self, ms: u64) {
        // One more than a step of the algorithm's own.
        self.sleep(u32::try_from(ms).unwrap_or(u32::MAX).max(super::super::STEP_MS + 1)).await;
    }
}
