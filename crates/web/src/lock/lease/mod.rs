//! Mutual exclusion by notes in storage that all tabs share, where nothing is atomic over tabs and everything may be
//! late: the algorithm alone, over a [`World`] that has the rest.
//!
//! Each contender puts up a note of its own, which nobody else ever writes, waits until all can see it, and is in once
//! it sees no other's. Of two, whoever put its note up later sees that of the other one, however their steps fall. Of
//! those who meet, the one that came first stays and the others withdraw.
//!
//! # Whose note may be passed over
//! A tab that died leaves its note. So those who wait ask, once a second: a living tab answers from an event, which
//! browsers do not throttle as they do timers. Whoever has left some of these unanswered, and another one that is asked
//! in sight of the asker's own note, is passed over; its note is taken away by who gets in.
//!
//! A tab that is frozen, or stopped by a debugger, answers no more than a dead one. It finds out when it goes on: one
//! that waits begins anew, and one that is in learns from [`Contender::still_holds`] that it is in no longer.
//!
//! # What is assumed
//! - While a tab runs, others see what it writes within [`SEEN_MS`], and it sees what they wrote; one that was stopped
//!   catches up in that time once it runs again. The same goes for questions and answers.
//! - A tab's view of the storage does not change in the middle of a task.
//! - Its clock (`performance.now`) does not jump. The device's clock may: it only says who came first.

mod silence;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod simulation;

use std::cell::{Cell, RefCell};

use silence::Silence;

use crate::page::Blocked;

/// How long it may take until a note is seen in all tabs.
pub(super) const SEEN_MS: u32 = 80;

/// A step on the way of such a wait; one that takes longer than [`GAP_MS`] shows that the tab was stopped, or that its
/// timers are throttled.
const STEP_MS: u32 = 20;
const GAP_MS: u32 = 40;

/// One stop of less than a gap goes unseen, so this is added to what is assumed.
const SETTLE_MS: u32 = SEEN_MS + GAP_MS;

/// In a page that is busy without end a wait begins anew no more often.
const RESTARTS: u32 = 40;

/// One who waits looks again after that, or when somebody says that it leaves.
const LOOK_MS: u32 = 60;

/// How long until the next question.
const ASK_MS: u32 = 1_000;

/// How many a living tab never leaves unanswered.
pub(super) const QUESTIONS: u32 = 5;

/// Whoever was stopped for longer may have been passed over: less than the time of all questions.
const AWAY_MS: u32 = 2_000;

/// What the algorithm stands on. All but the waits are done at once.
pub(super) trait World {
    /// All notes that this tab can see.
    fn notes(&self) -> Result<Vec<String>, Blocked>;

    fn put(&self, note: &str) -> Result<(), Blocked>;

    /// Takes a note away, be it one's own or that of a dead tab.
    fn take_away(&self, note: &str);

    /// Asks all whose notes are up whether they live.
    fn ask(&self);

    /// The notes of those who have said so since the last look.
    fn heard(&self) -> Vec<String>;

    /// Tells those who wait that they may look.
    fn say_left(&self);

    /// In ms, by a clock that does not jump.
    fn now_ms(&self) -> f64;

    /// Waits by a timer.
    async fn sleep(&self, ms: u32);

    /// Waits for a timer, or until somebody has left.
    async fn listen(&self, ms: u32);

    /// Lets one task go by, which no browser throttles.
    async fn hop(&self);
}

/// One who wants to be in. Dropping it takes its note away.
pub(super) struct Contender<W: World> {
    world: W,
    name: String,
    attempts: Cell<u32>,
    /// What is up, where anything is.
    note: RefCell<Option<String>>,
    silence: RefCell<Silence>,
    /// When this tab was last seen to run.
    ran_at: Cell<f64>,
    was_away: Cell<bool>,
}

impl<W: World> Contender<W> {
    /// `name` has to be nobody else's, and the smaller the earlier it came; all are of one length.
    ///
    /// A tab that leaves `questions` questions unanswered, one a second, counts as dead.
    pub(super) fn new(world: W, name: String, questions: u32) -> Self {
        let ran_at = Cell::new(world.now_ms());
        Self {
            world,
            name,
            attempts: Cell::new(0),
            note: RefCell::default(),
            silence: RefCell::new(Silence::after(questions)),
            ran_at,
            was_away: Cell::new(false),
        }
    }

    /// Returns once nobody else is in.
    pub(super) async fn enter(&self) -> Result<(), Blocked> {
        loop {
            while !self.living(&self.others()?).is_empty() {
                self.wait().await?;
            }
            self.put_up()?;
            if self.gets_in().await? {
                return Ok(());
            }
            self.withdraw();
        }
    }

    /// Whether nobody can have got in meanwhile, after however long a stop.
    pub(super) async fn still_holds(&self) -> bool {
        if self.note.borrow().is_none() {
            return false;
        }
        if self.gap() <= f64::from(AWAY_MS) {
            return true;
        }
        self.settle().await;
        // Whoever has passed this one over has its note up, or has taken this one's away.
        matches!(self.beside_own(), Ok(Some(others)) if others.is_empty())
    }

    /// With the own note up: whether it was enough. Otherwise it has to come down.
    async fn gets_in(&self) -> Result<bool, Blocked> {
        self.settle().await;
        let mut is_asked_again = false;
        loop {
            // A new note after a long stop: the one that is up may be taken for a dead tab's by somebody.
            let Some(others) = self.beside_own()?.filter(|_| !self.was_away.get()) else { return Ok(false) };
            let living = self.living(&others);
            if living.iter().any(|other| self.comes_after(other)) {
                return Ok(false);
            }
            if !living.is_empty() {
                self.wait().await?;
                is_asked_again = false;
            } else if !others.is_empty() && !is_asked_again {
                // A question, and its answer.
                self.world.ask();
                self.settle().await;
                self.settle().await;
                self.hear();
                is_asked_again = true;
            } else if self.gap() > f64::from(GAP_MS) {
                // Stopped between the wait and the look.
                self.settle().await;
                is_asked_again = false;
            } else {
                others.iter().for_each(|dead| self.world.take_away(dead));
                return Ok(true);
            }
        }
    }

    /// Waits until all can see what was written before, and this tab what others wrote by then.
    async fn settle(&self) {
        self.tick();
        let mut since = self.ran_at.get();
        let mut restarts = 0;
        while self.ran_at.get() - since < f64::from(SETTLE_MS) {
            match restarts {
                0 => self.world.sleep(STEP_MS).await,
                // Timers may be throttled, other tasks are not.
                _ => self.world.hop().await,
            }
            if self.tick() > f64::from(GAP_MS) && restarts < RESTARTS {
                since = self.ran_at.get();
                restarts += 1;
            }
        }
    }

    /// Waits for others to go, and asks whether they live.
    async fn wait(&self) -> Result<(), Blocked> {
        let now = self.world.now_ms();
        if self.silence.borrow().is_due(now) {
            self.silence.borrow_mut().ask(&self.others()?, now);
            self.world.ask();
        }
        self.world.listen(LOOK_MS).await;
        self.tick();
        self.hear();
        Ok(())
    }

    fn hear(&self) {
        self.silence.borrow_mut().hear(&self.world.heard());
    }

    fn put_up(&self) -> Result<(), Blocked> {
        // Each attempt has its own: who takes a dead tab's note away must not meet a new one.
        let note = format!("{}.{}", self.name, self.attempts.replace(self.attempts.get() + 1));
        self.world.put(&note)?;
        self.note.replace(Some(note));
        self.was_away.set(false);
        self.ran_at.set(self.world.now_ms());
        Ok(())
    }

    /// Takes the own note away, and lets those who wait know.
    pub(super) fn withdraw(&self) {
        if let Some(note) = self.note.take() {
            self.world.take_away(&note);
            self.world.say_left();
        }
    }

    /// All notes but those of this contender.
    fn others(&self) -> Result<Vec<String>, Blocked> {
        let mut notes = self.world.notes()?;
        notes.retain(|note| !note.starts_with(&self.name));
        Ok(notes)
    }

    /// The same, or none where the own one is gone.
    fn beside_own(&self) -> Result<Option<Vec<String>>, Blocked> {
        let own = self.note.borrow();
        let Some(own) = own.as_ref() else { return Ok(None) };
        let mut notes = self.world.notes()?;
        let is_there = notes.contains(own);
        notes.retain(|note| !note.starts_with(&self.name));
        Ok(is_there.then_some(notes))
    }

    fn living(&self, others: &[String]) -> Vec<String> {
        let silence = self.silence.borrow();
        others.iter().filter(|other| !silence.is_dead(other)).cloned().collect()
    }

    fn comes_after(&self, other: &str) -> bool {
        *other < *self.name
    }

    fn gap(&self) -> f64 {
        self.world.now_ms() - self.ran_at.get()
    }

    /// This tab runs now; how long it may have been stopped before. One look at the clock: nothing comes between.
    fn tick(&self) -> f64 {
        let now = self.world.now_ms();
        let gap = now - self.ran_at.replace(now);
        if gap > f64::from(AWAY_MS) {
            self.was_away.set(true);
        }
        gap
    }
}

impl<W: World> Drop for Contender<W> {
    fn drop(&mut self) {
        self.withdraw();
    }
}
