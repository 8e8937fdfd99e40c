//! What is between the tabs: copies of the storage, messages, timers, stops and deaths.

use std::{
    cell::{Cell, RefCell},
    cmp::Reverse,
    collections::{BTreeSet, BinaryHeap, VecDeque},
    future::poll_fn,
    rc::Rc,
    task::Poll,
};

use super::super::{GAP_MS, SEEN_MS, STEP_MS, World};
use super::random::Random;
use super::referee::{Seat, Seen};
use crate::page::Blocked;

/// All times here are in µs.
pub(super) const MS: u64 = 1_000;

/// A wrong turn of the world that makes the algorithm do something wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bug {
    /// Nobody waits until a note is seen.
    NoWait,
    /// Nobody looks again once its own note is up.
    NoSecondLook,
    /// Nobody answers.
    NoAnswer,
    /// A tab does not notice that it was stopped.
    NoClock,
    /// Whoever is in never asks whether it still is.
    NoCheck,
    /// Notes take longer than is assumed.
    SlowStorage,
}

impl Bug {
    pub(super) const ALL: [Self; 6] =
        [Self::NoWait, Self::NoSecondLook, Self::NoAnswer, Self::NoClock, Self::NoCheck, Self::SlowStorage];
}

/// What a tab sends to all others.
#[derive(Debug, Clone)]
enum Parcel {
    Put(String),
    Take(String),
    Ask,
    Alive(String),
    Left,
}

impl Parcel {
    /// The storage and the messages come in an order each, and not in one.
    fn stream(&self) -> usize {
        usize::from(!matches!(self, Self::Put(_) | Self::Take(_)))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Event {
    Wakes { tab: usize, sleep: usize },
    Departs { tab: usize, stream: usize },
    Arrives { tab: usize, stream: usize },
    Stops { tab: usize },
    Dies { tab: usize },
}

pub(super) struct Tab {
    view: BTreeSet<String>,
    note: Option<String>,
    heard: Vec<String>,
    out: [VecDeque<Parcel>; 2],
    into: [VecDeque<Parcel>; 2],
    sleeps: Vec<Rc<Cell<bool>>>,
    listens: Option<Rc<Cell<bool>>>,
    /// How often its timers run; 0 for at once.
    tick: u64,
    pub(super) stopped_until: u64,
    stopped_for: u64,
    /// What its clock shows beyond the time, in µs.
    ahead: i64,
    pub(super) is_dead: bool,
    pub(super) wants_in: bool,
    pub(super) seat: Seat,
}

pub(super) struct Sea {
    pub(super) now: u64,
    pub(super) random: Random,
    pub(super) tabs: Vec<Tab>,
    pub(super) seen: Seen,
    pub(super) bug: Option<Bug>,
    /// One call in so many stops the tab that makes it; 0 for none.
    pub(super) stops_one_in: u64,
    storage: BTreeSet<String>,
    events: BinaryHeap<Reverse<(u64, u64, Event)>>,
    scheduled: u64,
}

impl Sea {
    pub(super) fn new(seed: u64, bug: Option<Bug>, stops_one_in: u64) -> Self {
        Self {
            now: 0,
            random: Random::new(seed),
            tabs: Vec::new(),
            seen: Seen::default(),
            bug,
            stops_one_in,
            storage: BTreeSet::new(),
            events: BinaryHeap::new(),
            scheduled: 0,
        }
    }

    pub(super) fn add_tab(&mut self, tick: u64) {
        self.tabs.push(Tab {
            view: self.storage.clone(),
            note: None,
            heard: Vec::new(),
            out: Default::default(),
            into: Default::default(),
            sleeps: Vec::new(),
            listens: None,
            tick,
            stopped_until: 0,
            stopped_for: 0,
            ahead: 0,
            is_dead: false,
            wants_in: false,
            seat: Seat::default(),
        });
    }

    pub(super) fn schedule(&mut self, at: u64, event: Event) {
        self.scheduled += 1;
        self.events.push(Reverse((at, self.scheduled, event)));
    }

    /// The next event; gives the tab that has something to do.
    pub(super) fn next(&mut self) -> Option<Option<usize>> {
        let Reverse((at, _, event)) = self.events.pop()?;
        self.now = at;
        Some(self.happen(event))
    }

    fn happen(&mut self, event: Event) -> Option<usize> {
        let (Event::Wakes { tab, .. }
        | Event::Departs { tab, .. }
        | Event::Arrives { tab, .. }
        | Event::Stops { tab }
        | Event::Dies { tab }) = event;
        if self.tabs[tab].is_dead {
            return None;
        }
        let stopped_until = self.tabs[tab].stopped_until;
        if stopped_until > self.now && !matches!(event, Event::Dies { .. }) {
            // A timer comes first, with nothing yet seen of what happened meanwhile. After a short stop the rest is
            // next; after a long one it takes as long as ever.
            let late = match event {
                Event::Wakes { .. } => 0,
                _ if self.tabs[tab].stopped_for <= u64::from(GAP_MS) * MS => self.random.between(0, MS),
                _ => self.half_a_way(),
            };
            self.schedule(stopped_until + late, event);
            return None;
        }
        match event {
            Event::Wakes { sleep, .. } => {
                self.tabs[tab].sleeps[sleep].set(true);
                return Some(tab);
            }
            Event::Departs { stream, .. } => self.depart(tab, stream),
            Event::Arrives { stream, .. } => return self.arrive(tab, stream),
            Event::Stops { .. } => self.stop(tab),
            Event::Dies { .. } => self.die(tab),
        }
        None
    }

    fn send(&mut self, tab: usize, parcel: Parcel) {
        let stream = parcel.stream();
        self.tabs[tab].out[stream].push_back(parcel);
        let at = self.now + self.half_a_way();
        self.schedule(at, Event::Departs { tab, stream });
    }

    fn depart(&mut self, tab: usize, stream: usize) {
        let Some(parcel) = self.tabs[tab].out[stream].pop_front() else { return };
        match &parcel {
            Parcel::Put(note) => drop(self.storage.insert(note.clone())),
            Parcel::Take(note) => drop(self.storage.remove(note)),
            Parcel::Ask | Parcel::Alive(_) | Parcel::Left => {}
        }
        for other in (0..self.tabs.len()).filter(|other| *other != tab) {
            self.tabs[other].into[stream].push_back(parcel.clone());
            let at = self.now + self.half_a_way();
            self.schedule(at, Event::Arrives { tab: other, stream });
        }
    }

    fn arrive(&mut self, tab: usize, stream: usize) -> Option<usize> {
        match self.tabs[tab].into[stream].pop_front()? {
            Parcel::Put(note) => drop(self.tabs[tab].view.insert(note)),
            Parcel::Take(note) => drop(self.tabs[tab].view.remove(&note)),
            Parcel::Ask => {
                if let Some(note) = self.tabs[tab].note.clone().filter(|_| self.bug != Some(Bug::NoAnswer)) {
                    self.send(tab, Parcel::Alive(note));
                }
            }
            Parcel::Alive(note) => self.tabs[tab].heard.push(note),
            Parcel::Left => {
                self.tabs[tab].listens.take()?.set(true);
                return Some(tab);
            }
        }
        None
    }

    /// Part of [`SEEN_MS`]: a write departs and arrives.
    fn half_a_way(&mut self) -> u64 {
        let slowness = if self.bug == Some(Bug::SlowStorage) { 10 } else { 1 };
        let most = u64::from(SEEN_MS) * MS / 2 * slowness;
        match self.random.between(0, 3) {
            0 => most,
            1 => self.random.between(0, MS),
            _ => self.random.between(0, most),
        }
    }

    /// The tab does nothing for a while: a long task, a freeze, a debugger.
    fn stop(&mut self, tab: usize) {
        let ms = match self.random.between(0, 9) {
            0..=3 => self.random.between(1, 60),
            4..=6 => self.random.between(60, 2_500),
            7 | 8 => self.random.between(2_500, 9_000),
            _ => self.random.between(9_000, 30_000),
        };
        self.note_stop(tab);
        let one = &mut self.tabs[tab];
        let goes_on = one.stopped_until > self.now;
        one.stopped_for = ms * MS + if goes_on { one.stopped_for } else { 0 };
        one.stopped_until = one.stopped_until.max(self.now) + ms * MS;
        if self.bug == Some(Bug::NoClock) {
            self.tabs[tab].ahead -= (ms * MS) as i64;
        }
    }

    fn die(&mut self, tab: usize) {
        self.mourn(tab);
        self.tabs[tab].is_dead = true;
    }

    /// Calm from now on.
    pub(super) fn calm_down(&mut self) {
        self.stops_one_in = 0;
        for tab in &mut self.tabs {
            tab.tick = 0;
        }
    }

    fn clock(&self, tab: usize) -> i64 {
        let one = &self.tabs[tab];
        self.now.max(one.stopped_until) as i64 + one.ahead
    }

    /// Any call may be where the tab is stopped: what it writes after that departs later, its view stays as it was.
    fn call(&mut self, tab: usize) {
        if self.stops_one_in > 0 && self.random.one_in(self.stops_one_in) {
            self.stop(tab);
        }
    }

    fn begin_sleep(&mut self, tab: usize, at: u64) -> Rc<Cell<bool>> {
        let done = Rc::new(Cell::new(false));
        let sleeps = &mut self.tabs[tab].sleeps;
        sleeps.push(done.clone());
        let sleep = sleeps.len() - 1;
        self.schedule(at, Event::Wakes { tab, sleep });
        done
    }

    fn timer(&mut self, tab: usize, ms: u32) -> Rc<Cell<bool>> {
        let due = self.now.max(self.tabs[tab].stopped_until) + u64::from(ms) * MS;
        let at = match self.tabs[tab].tick {
            0 => due,
            tick => due.div_ceil(tick) * tick,
        };
        self.begin_sleep(tab, at)
    }
}

/// The sea as one tab has it.
#[derive(Clone)]
pub(super) struct Shore {
    pub(super) sea: Rc<RefCell<Sea>>,
    pub(super) tab: usize,
}

impl Shore {
    fn with<T>(&self, act: impl FnOnce(&mut Sea) -> T) -> T {
        let mut sea = self.sea.borrow_mut();
        sea.call(self.tab);
        act(&mut sea)
    }

    fn is_dead(&self) -> bool {
        self.sea.borrow().tabs[self.tab].is_dead
    }
}

impl World for Shore {
    fn notes(&self) -> Result<Vec<String>, Blocked> {
        self.with(|sea| {
            let one = &sea.tabs[self.tab];
            let own = one.note.clone().into_iter().collect();
            Ok(match sea.bug {
                Some(Bug::NoSecondLook) if one.note.is_some() => own,
                _ => one.view.iter().cloned().collect(),
            })
        })
    }

    fn put(&self, note: &str) -> Result<(), Blocked> {
        self.with(|sea| {
            sea.tabs[self.tab].view.insert(note.to_owned());
            sea.tabs[self.tab].note = Some(note.to_owned());
            sea.send(self.tab, Parcel::Put(note.to_owned()));
        });
        Ok(())
    }

    fn take_away(&self, note: &str) {
        if self.is_dead() {
            return;
        }
        self.with(|sea| {
            let one = &mut sea.tabs[self.tab];
            one.view.remove(note);
            one.note.take_if(|own| own == note);
            sea.send(self.tab, Parcel::Take(note.to_owned()));
        });
    }

    fn ask(&self) {
        self.with(|sea| sea.send(self.tab, Parcel::Ask));
    }

    fn heard(&self) -> Vec<String> {
        self.with(|sea| std::mem::take(&mut sea.tabs[self.tab].heard))
    }

    fn say_left(&self) {
        if !self.is_dead() {
            self.with(|sea| sea.send(self.tab, Parcel::Left));
        }
    }

    fn now_ms(&self) -> f64 {
        self.with(|sea| sea.clock(self.tab) as f64 / MS as f64)
    }

    async fn sleep(&self, ms: u32) {
        let done = self.with(|sea| {
            if ms == STEP_MS && sea.bug == Some(Bug::NoWait) {
                sea.tabs[self.tab].ahead += i64::from(ms) * MS as i64;
                return sea.timer(self.tab, 0);
            }
            sea.timer(self.tab, ms)
        });
        until(&done).await;
    }

    async fn listen(&self, ms: u32) {
        let done = self.with(|sea| {
            let done = sea.timer(self.tab, ms);
            sea.tabs[self.tab].listens = Some(done.clone());
            done
        });
        until(&done).await;
    }

    async fn hop(&self) {
        let done = self.with(|sea| {
            let at = sea.now.max(sea.tabs[self.tab].stopped_until) + sea.random.between(MS / 5, 2 * MS);
            sea.begin_sleep(self.tab, at)
        });
        until(&done).await;
    }
}

async fn until(done: &Cell<bool>) {
    poll_fn(|_| if done.get() { Poll::Ready(()) } else { Poll::Pending }).await;
}
