use std::rc::Rc;

use js_sys::Reflect;
use supertokens_session::platform::{LocalBoxFuture, Lock, LockError, LockGuard};

use super::{
    lease::{Contender, QUESTIONS},
    note_board::NoteBoard,
};
use crate::{
    clock::now_ms,
    page::{Blocked, Page},
};

/// As [`QUESTIONS`] where there is no `BroadcastChannel`, so that nobody can answer: longer than a refresh takes.
const QUESTIONS_TO_THE_DEAF: u32 = 40;

/// A lock made of notes in localStorage, for insecure contexts, which have no Web Locks.
///
/// Each tab that wants it puts up a note of its own under `st-lock-<name>/<note>` and has the lock if it sees no other
/// one 120 ms later: never do two tabs have it, as long as what one writes is seen by all others within 80 ms of
/// running.
///
/// A tab that dies leaves its note. Tabs that wait ask for signs of life by a `BroadcastChannel`, and take over after
/// five to seven seconds without. A tab in the background answers like any other, however its timers are throttled. One
/// that is frozen or stopped for so long can't, and loses the lock; it learns so from [`LockGuard::still_held`] when it
/// goes on. Without a `BroadcastChannel` a takeover takes forty seconds, since nobody can be asked.
#[derive(Debug, Clone)]
pub struct LeaseLock {
    page: Page,
}

impl LeaseLock {
    /// The lock of the page's origin.
    pub fn new(page: &Page) -> Self {
        Self { page: page.clone() }
    }

    /// By when a dead tab's lock is taken over, with some time to spare.
    pub(super) fn takeover_ms(&self) -> u32 {
        let is_deaf = !Reflect::has(self.page.window(), &"BroadcastChannel".into()).unwrap_or(false);
        5_000 + 1_000 * if is_deaf { QUESTIONS_TO_THE_DEAF } else { QUESTIONS }
    }

    async fn lease(&self, name: &str) -> Result<LockGuard, Blocked> {
        let board = NoteBoard::open(&self.page, name)?;
        let questions = if board.is_deaf() { QUESTIONS_TO_THE_DEAF } else { QUESTIONS };
        let contender = Rc::new(Contender::new(board, name_of_now(), questions));
        contender.enter().await?;
        let checked = contender.clone();
        let guard = LockGuard::new(move || contender.withdraw());
        Ok(guard.with_check(move || {
            let contender = checked.clone();
            Box::pin(async move { contender.still_holds().await })
        }))
    }
}

impl Lock for LeaseLock {
    /// [`LockError::Refused`] where localStorage is blocked.
    fn acquire<'a>(&'a self, name: &'a str) -> LocalBoxFuture<'a, Result<LockGuard, LockError>> {
        Box::pin(async move { self.lease(name).await.map_err(|Blocked| LockError::Refused) })
    }
}

/// Different from all others, and the smaller the earlier.
fn name_of_now() -> String {
    let part = || (js_sys::Math::random() * f64::from(u32::MAX)) as u32;
    format!("{:015}-{:08x}{:08x}", now_ms().max(0), part(), part())
}
