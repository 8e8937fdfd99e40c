//! Every decision about the session: synchronous functions from plain values (stored values, a response, the time) to
//! the next step. [`client`](crate::client) contains the two loops that act on them.
//!
//! | stored: front token | marker | older marker | [`LocalState`] | before a request |
//! |---|---|---|---|---|
//! | valid, with `iat` | yes | any | `Exists` | send, or refresh first if it has expired |
//! | valid, with `iat` | no | a value | `Exists` | the same |
//! | valid, no `iat` | yes | any | `Exists` | send; refresh first only if it can't be retried |
//! | valid, no `iat` | no | a value | `Exists` | the same |
//! | none | yes | any | `NotExists` | send |
//! | none | no | a value | `MayExist` | refresh first |
//! | any | no | `remove` | `NotExists` | send |
//! | unreadable | yes, or the older one a value | | `MayExist` | refresh first |
//! | any | no | none | `MayExist` | refresh first |
//!
//! | seen before the lock | read under the lock | [`UnderLock`] |
//! |---|---|---|
//! | any | `NotExists` | `NoSession` |
//! | any | `MayExist` | `CallApi` |
//! | `Exists`, same marker | `Exists` | `CallApi` |
//! | `Exists`, another marker | `Exists` | `AlreadyRefreshed` |
//! | `NotExists`, `MayExist` | `Exists` | `AlreadyRefreshed` |

mod backoff;
mod events;
mod expiry;
mod local_state;
mod owner;
mod refresh;
mod request;
mod save;
mod store_read;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;

pub(crate) use backoff::{after_failed_refresh, remaining_backoff};
pub(crate) use events::{events, events_of_read, events_of_tab_message};
pub(crate) use expiry::{
    CLOCK_SKEW_THRESHOLD_MS, clock_skew_ms, has_expired, is_about_to_expire, refresh_ahead_from_ms,
    refresh_ahead_in_ms,
};
pub(crate) use local_state::{LocalState, SessionKey};
pub(crate) use owner::is_of_another_api;
pub(crate) use refresh::{AfterRefresh, UnderLock, after_refresh, may_save_refresh, under_lock};
pub(crate) use request::{
    AfterResponse, BeforeRequest, ResponseRules, Retry, after_response, before_request, may_send_about,
};
pub(crate) use save::end_session;
pub(crate) use save::{ResponseTo, SaveRules, Write, save};
pub(crate) use store_read::StoreRead;
