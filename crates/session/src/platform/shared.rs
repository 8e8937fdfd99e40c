//! Values that pages share through the store in addition to the session. Other SDKs don't know these values.

use crate::token::Marker;

/// The delay of refreshes after the refresh API refused or failed.
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
    /// A hash of the API: apps on one host may use several APIs.
    pub api: u64,
    /// No refresh is sent before this time, in ms since the epoch by the device's clock. A time more than five minutes
    /// ahead is ignored, because then the clock was set back.
    pub until_ms: i64,
    /// The number of refreshes with 429 or 5xx since the last success.
    pub failures: u32,
}

impl RefreshBackoff {
    /// Parses the output of [`to_text`](Self::to_text); none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let api = u64::from_str_radix(parts.next()?, 16).ok()?;
        Some(Self { api, until_ms: parts.next()?.parse().ok()?, failures: parts.next()?.parse().ok()? })
    }

    /// The text for the store.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}.{}", self.api, self.until_ms, self.failures)
    }
}

/// The API that the stored session belongs to. Apps on one host share its cookies, even if they use different APIs.
///
/// It is only valid with the marker that it was written with: other SDKs change only the marker.
///
/// ```
/// use supertokens_session::platform::SessionOwner;
///
/// let owner = SessionOwner { api: 7, marker: "1700000000000".to_owned() };
/// assert_eq!(SessionOwner::parse(&owner.to_text()), Some(owner));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionOwner {
    /// A hash of its refresh URL, or of the backend domain that its hosts share.
    pub api: u64,
    /// The change marker; empty if only the older generation's marker is stored.
    pub marker: String,
}

impl SessionOwner {
    /// Parses the output of [`to_text`](Self::to_text); none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (api, marker) = text.split_once('.')?;
        Some(Self { api: u64::from_str_radix(api, 16).ok()?, marker: marker.to_owned() })
    }

    /// The text for the store.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}", self.api, self.marker)
    }

    /// Whether this owner was written with `marker`.
    pub(crate) fn was_written_with(&self, marker: Option<&Marker>) -> bool {
        self.marker == marker.map_or("", Marker::reveal)
    }
}

/// A refresh in progress. It is stored for pages of other origins, which have their own locks.
///
/// ```
/// use supertokens_session::platform::RefreshLease;
///
/// let lease = RefreshLease { holder: 7, until_ms: 1_700_000_000_000 };
/// assert_eq!(RefreshLease::parse(&lease.to_text()), Some(lease));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshLease {
    /// A hash of the refresh's [`Lock::scope`](super::Lock::scope); 0 without a scope.
    pub holder: u64,
    /// The latest end of the lease, in ms since the epoch by the device's clock.
    pub until_ms: i64,
}

impl RefreshLease {
    /// Parses the output of [`to_text`](Self::to_text); none for any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let (holder, until_ms) = text.split_once('.')?;
        Some(Self { holder: u64::from_str_radix(holder, 16).ok()?, until_ms: until_ms.parse().ok()? })
    }

    /// The text for the store.
    pub fn to_text(&self) -> String {
        format!("{:x}.{}", self.holder, self.until_ms)
    }
}
