//! The steps of a schedule, drawn from a seed.

use crate::sim::{AntiCsrf, Dice, Fault, REFRESH, Reply, SIGN_IN, SIGN_OUT};

/// The kind of backend and token transfer, drawn from the seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Cookies,
    Headers,
    Older,
    /// The backend begins with the older generation and is upgraded in the schedule.
    Upgraded,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Cookies, Self::Headers, Self::Older, Self::Upgraded];

    pub fn of(seed: u64) -> Self {
        Self::ALL[usize::try_from(seed % 4).unwrap_or_default()]
    }

    pub fn index(self) -> u64 {
        Self::ALL.iter().position(|kind| *kind == self).unwrap_or_default() as u64
    }
}

#[derive(Debug, Clone)]
pub struct Plan {
    pub kind: Kind,
    pub anti_csrf: AntiCsrf,
    /// Whether a refresh with 401 has a header that ends the session.
    pub sends_remove: bool,
    pub lifetime_ms: i64,
    /// How far the device's clock is ahead.
    pub ahead_by_ms: i64,
    pub tabs: usize,
    pub steps: Vec<Step>,
}

#[derive(Debug, Clone)]
pub struct Step {
    /// Since the step before.
    pub after_ms: u64,
    pub act: Act,
}

#[derive(Debug, Clone)]
pub enum Act {
    Call {
        tab: usize,
        call: Call,
        fate: Fate,
    },
    Open,
    Kill {
        tab: usize,
    },
    KillAfterPolls {
        tab: usize,
        polls: u32,
    },
    Fault {
        path: &'static str,
        fault: Fault,
    },
    Offline {
        ms: u64,
    },
    Unreadable {
        ms: u64,
    },
    Unwritable {
        ms: u64,
    },
    LockRefused {
        ms: u64,
    },
    /// The device's clock is set.
    ClockAhead {
        ms: i64,
    },
    Lifetime {
        ms: i64,
    },
    /// As after a change of the signing key.
    ExpireAccessTokens,
    RevokeAll,
    /// Safari clears them after seven days.
    ClearScriptCookies,
    ClearHttpOnlyCookies,
    Upgrade,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Get,
    Post,
    Public,
    WithoutRetry,
    /// An endpoint with a 401 of the app.
    Own401,
    Burst,
    UpdatePayload,
    SignIn(&'static str),
    SignOut,
    Exists,
    FrontToken,
    UserId,
    Payload,
    AccessToken,
    Attempt,
    ValidateClaims,
}

/// How a call ends.
#[derive(Debug, Clone, Copy)]
pub enum Fate {
    RunsToItsEnd,
    DroppedAfterPolls(usize),
    DroppedAfterMs(u64),
}

/// The path of the calls that fetch claims.
pub const CLAIMS: &str = "/claims/*";

const USERS: [&str; 2] = ["ann", "bob"];

impl Plan {
    pub fn draw(seed: u64) -> Self {
        let dice = Dice::new(seed);
        let kind = Kind::of(seed);
        let tabs = *dice.pick_by_weight(&[(3, 1), (4, 2), (3, 3), (2, 5)]);
        let count = dice.within(8..45);
        let mut steps: Vec<_> = (0..count).map(|_| Step::draw(&dice)).collect();
        if dice.chance(85) {
            let call = Act::Call { tab: 0, call: Call::SignIn("ann"), fate: Fate::RunsToItsEnd };
            steps.insert(0, Step { after_ms: 0, act: call });
            steps[1].after_ms += 5_000;
        }
        if kind == Kind::Upgraded {
            let at = usize::try_from(dice.within(1..count)).unwrap_or(1);
            steps.insert(at, Step { after_ms: dice.within(0..2_000), act: Act::Upgrade });
        }
        Self {
            kind,
            anti_csrf: *dice.pick(&[AntiCsrf::None, AntiCsrf::ViaToken, AntiCsrf::ViaCustomHeader]),
            sends_remove: dice.chance(70),
            lifetime_ms: draw_lifetime(&dice),
            ahead_by_ms: if dice.chance(70) { 0 } else { draw_clock(&dice) },
            tabs,
            steps,
        }
    }
}

impl Step {
    fn draw(dice: &Dice) -> Self {
        let after_ms = match dice.within(0..20) {
            0..11 => dice.within(0..30),
            11..16 => dice.within(30..3_000),
            _ => dice.within(3_000..80_000),
        };
        Self { after_ms, act: Act::draw(dice) }
    }
}

impl Act {
    fn draw(dice: &Dice) -> Self {
        let tab = usize::try_from(dice.within(0..8)).unwrap_or_default();
        let draw: fn(&Dice, usize) -> Self = *dice.pick_by_weight(&[
            (
                60,
                (|dice, tab| Self::Call { tab, call: Call::draw(dice), fate: Fate::draw(dice) })
                    as fn(&Dice, usize) -> Self,
            ),
            (5, |_, _| Self::Open),
            (3, |_, tab| Self::Kill { tab }),
            (5, |dice, tab| Self::KillAfterPolls { tab, polls: dice.within(1..25) as u32 }),
            (16, |dice, _| draw_fault(dice)),
            (3, |dice, _| Self::Offline { ms: dice.within(10..40_000) }),
            (1, |dice, _| Self::Unreadable { ms: dice.within(1..5_000) }),
            (1, |dice, _| Self::Unwritable { ms: dice.within(1..5_000) }),
            (1, |dice, _| Self::LockRefused { ms: dice.within(1..5_000) }),
            (2, |dice, _| Self::ClockAhead { ms: draw_clock(dice) }),
            (1, |dice, _| Self::Lifetime { ms: draw_lifetime(dice) }),
            (9, |_, _| Self::ExpireAccessTokens),
            (2, |_, _| Self::RevokeAll),
            (1, |_, _| Self::ClearScriptCookies),
            (1, |_, _| Self::ClearHttpOnlyCookies),
        ]);
        draw(dice, tab)
    }
}

impl Call {
    fn draw(dice: &Dice) -> Self {
        *dice.pick_by_weight(&[
            (34, Self::Get),
            (9, Self::Post),
            (4, Self::Public),
            (4, Self::WithoutRetry),
            (2, Self::Own401),
            (8, Self::Burst),
            (8, Self::UpdatePayload),
            (6, Self::SignIn(USERS[0])),
            (6, Self::SignIn(USERS[1])),
            (7, Self::SignOut),
            (6, Self::Exists),
            (2, Self::FrontToken),
            (2, Self::UserId),
            (3, Self::Payload),
            (3, Self::AccessToken),
            (5, Self::Attempt),
            (5, Self::ValidateClaims),
        ])
    }
}

impl Fate {
    fn draw(dice: &Dice) -> Self {
        match dice.within(0..10) {
            0 => Self::DroppedAfterPolls(dice.within(1..15) as usize),
            1 => Self::DroppedAfterMs(dice.within(0..600)),
            _ => Self::RunsToItsEnd,
        }
    }
}

/// Mostly a minute; sometimes tokens that are expired on arrival.
fn draw_lifetime(dice: &Dice) -> i64 {
    *dice.pick_by_weight(&[(11, 60_000), (4, 5_000), (1, 300), (2, -5_000)])
}

fn draw_clock(dice: &Dice) -> i64 {
    *dice.pick(&[0, 3_000, -3_000, 45_000, -45_000, 7_200_000, -7_200_000])
}

type DrawFault = fn(&Dice) -> Fault;

fn draw_fault(dice: &Dice) -> Act {
    let path = *dice.pick_by_weight(&[
        (8, REFRESH),
        (5, "/orders*"),
        (2, SIGN_IN),
        (2, SIGN_OUT),
        (1, "/payload*"),
        (2, CLAIMS),
    ]);
    let is_bounded = path == REFRESH || path == SIGN_OUT || path == CLAIMS;
    let kinds: &[(u64, DrawFault)] = &[
        (4, |_| Fault::LoseRequest),
        (5, |_| Fault::LoseResponse),
        (3, |dice| Fault::Late(dice.within(500..60_000))),
        (2, |dice| Fault::LateRequest(dice.within(500..60_000))),
        (2, |dice| Fault::Twice(dice.within(0..20_000))),
        (3, |_| Fault::Instead(Reply::new(503, "overloaded"))),
        (2, |_| Fault::Instead(Reply::new(500, "{}"))),
        (2, |dice| Fault::Status(*dice.pick(&[500, 502, 404]))),
        (1, |_| Fault::Instead(Reply::new(404, "no such page"))),
        (2, |_| Fault::Instead(Reply::new(200, "<!doctype html>"))),
        (1, |_| Fault::Instead(Reply::new(401, "a proxy's own"))),
        (2, |_| Fault::Hidden("front-token")),
        (1, |_| Fault::Hidden("id-refresh-token")),
        (1, |_| Fault::Replaced("front-token", "%%%".to_owned())),
        (1, |_| Fault::Replaced("front-token", "eyJ1aWQiOjF9".to_owned())),
        (1, |_| Fault::NoTokens),
        // Only the client's own timeout ends a call that hangs.
        (2, |_| Fault::Hang),
    ];
    let kinds = if is_bounded { kinds } else { &kinds[..kinds.len() - 2] };
    Act::Fault { path, fault: dice.pick_by_weight(kinds)(dice) }
}
