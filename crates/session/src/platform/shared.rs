//! What pages tell each other through the store beside the session itself. No other SDK knows these values.

use crate::token::Marker;

/// How long refreshes wait after the refresh API has refused or failed.
///
/// ```
/// use supertokens_session::platform::RefreshBackoff;
///
/// let backoff = RefreshBackoff { api: 7, until_ms: 1_700_000_060_000, failures: 2 };
/// assert_eq!(RefreshBackoff::parse(&backoff.to_text()), Some(backoff));
/// assert_eq!(RefreshBackoff::parse("soon"), None);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshBackoff {
    /// A hash of the refresh call's URL: apps of one host may have several APIs.
    pub api: u64,
    /// No refresh is sent before, in ms since the epoch by the device's clock. More than five minutes ahead it does not
    /// count: the clock was set back.
    pub until_ms: i64,
    /// How many refreshes had 429 or 5xx since the last one that succeeded.
    pub failures: u32,
}

impl RefreshBackoff {
    /// Reads what [`to_text`](Self::to_text) wrote; none where it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let api = u64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { api, until_ms: parts.next()?.parse().ok()?, failures: parts.next()?.parse().ok()? })
    }

    /// As a store keeps it.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}.{}", self.api, self.until_ms, self.failures)
    }
}

/// Which API the session of the store belongs to. Apps of one host share its cookies, whichever API each calls.
///
/// It counts only beside the marker that it was written with: an SDK that does not know it changes the marker alone.
///
/// ```
/// use supertokens_session::platform::SessionOwner;
///
/// let owner = SessionOwner { api: 7, marker: "1700000000000".to_owned() };
/// assert_eq!(SessionOwner::parse(&owner.to_text()), Some(owner));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOwner {
    /// A hash of the refresh call's URL.
    pub api: u64,
    /// The change marker; empty where there is only the older generation's.
    pub marker: String,
}

impl SessionOwner {
    /// Reads what [`to_text`](Self::to_text) wrote; none where it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (api, marker) = text.split_once('.')?;
        Some(Self { api: u64::from_str_radix(api, 16).ok()?, marker: marker.to_owned() })
    }

    /// As a store keeps it.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}", self.api, self.marker)
    }

    /// Whether it was written with this marker.
    pub(crate) fn is_beside(&self, marker: Option<&Marker>) -> bool {
        self.marker == marker.map_or("", Marker::reveal)
    }
}

/// A refresh under way, announced to pages of other origins, which have locks of their own.
///
/// ```
/// use supertokens_session::platform::RefreshLease;
///
/// let lease = RefreshLease { holder: 7, until_ms: 1_700_000_000_000 };
/// assert_eq!(RefreshLease::parse(&lease.to_text()), Some(lease));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshLease {
    /// A hash of the [`Lock::scope`](super::Lock::scope) under which the refresh runs; 0 where it has none.
    pub holder: u64,
    /// When it ends at the latest, in ms since the epoch by the device's clock.
    pub until_ms: i64,
}

impl RefreshLease {
    /// Reads what [`to_text`](Self::to_text) wrote; none where it is anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let (holder, until_ms) = text.split_once('.')?;
        Some(Self { holder: u64::from_str_radix(holder, 16).ok()?, until_ms: until_ms.parse().ok()? })
    }

    /// As a store keeps it.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}", self.holder, self.until_ms)
    }
}
