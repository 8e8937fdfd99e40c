//! Apps of one host share its cookies, each with an API of its own: the session of another API is none here.

use std::cell::Cell;

use super::SessionClient;
use crate::{
    platform::{Change, Changes, Kept, SessionOwner},
    setup::warn_of_setup,
    token::{Fnv, IdRefreshToken, Marker},
};

/// Which API this client calls, and whether its user was warned.
pub(super) struct Owner {
    api: u64,
    is_warned: Cell<bool>,
}

impl Owner {
    pub(super) fn new(refresh_url: &str) -> Self {
        Self { api: Fnv::of_text(refresh_url), is_warned: Cell::new(false) }
    }
}

impl SessionClient {
    /// What is stored, without the session of another API: to this client it is as if signed out.
    pub(super) fn own_part_of(&self, stored: Kept) -> Kept {
        if !self.is_of_another_api(&stored) {
            return stored;
        }
        if !self.0.owner.is_warned.replace(true) {
            warn_of_setup(format_args!(
                "another app of this host is signed in to another API with the same cookies: only one of them can have \
                 a session at a time. Give each app a host of its own (docs/shared-cookies.md)"
            ));
        }
        Kept {
            // An older backend's session has no marker, and nothing at all would mean "not known".
            id_refresh: stored.marker.is_none().then_some(IdRefreshToken::Removed),
            marker: stored.marker,
            clock_skew_ms: stored.clock_skew_ms,
            owner: stored.owner,
            backoff: stored.backoff,
            lease: stored.lease,
            ..Kept::default()
        }
    }

    /// A hash of the URL of this client's refresh call.
    pub(super) fn api_id(&self) -> u64 {
        self.0.owner.api
    }

    pub(super) fn is_of_another_api(&self, stored: &Kept) -> bool {
        stored
            .owner
            .as_ref()
            .is_some_and(|owner| owner.api != self.0.owner.api && owner.is_beside(stored.marker.as_ref()))
    }

    /// Names this client's API beside the tokens that are to be stored.
    pub(super) fn name_owner(&self, changes: &mut Changes, stored: &Kept) {
        let marker = match &changes.marker {
            Change::Set(marker) => Some(marker),
            Change::Keep => stored.marker.as_ref(),
            Change::Clear => None,
        };
        let owner =
            SessionOwner { api: self.0.owner.api, marker: marker.map_or("", Marker::reveal).to_owned() };
        if stored.owner.as_ref() != Some(&owner) {
            changes.owner = Change::Set(owner);
        }
    }
}
