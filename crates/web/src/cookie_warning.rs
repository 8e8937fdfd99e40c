//! A warning where a session ends as soon as it has begun, since the browser keeps the API's cookies from the API.

use std::cell::Cell;

use supertokens_session::{
    SessionClient, SessionEvent, TokenTransferMethod, warn_of_setup,
    wire::{site::is_surely_cross_site, url::Origin},
};

use crate::{clock::now_ms, page::Page};

/// A session that ends so soon was hardly revoked, and its access token has not expired.
const SOON_MS: i64 = 60_000;

/// On one site cookies are lost more seldom: a session that ends at once was hardly revoked.
const AT_ONCE_MS: i64 = 10_000;

/// Watches a client for as long as it lives.
pub(crate) fn watch(client: &SessionClient, page: &Page) {
    let config = client.config();
    if config.token_transfer_method() != TokenTransferMethod::Cookie {
        return;
    }
    let is_cross_site = page.origin().is_some_and(|page| is_surely_cross_site(&page, config.api_domain()));
    let soon_ms = if is_cross_site { SOON_MS } else { AT_ONCE_MS };
    let api = config.api_domain().clone();
    let began = Began::default();
    let subscription = client.on_event(move |event| {
        if began.ends_within(soon_ms, event, now_ms()) {
            warn(&api, is_cross_site);
        }
    });
    subscription.forget();
}

fn warn(api: &Origin, is_cross_site: bool) {
    if is_cross_site {
        warn_of_setup(format_args!(
            "{api}: the session ended right after it began, and the page and the API are on two sites: unless it was \
             revoked, the browser keeps no cookies of the API or does not send them. The API's cookies must be \
             `SameSite=None; Secure`; where the browser blocks third-party cookies, serve the API from the page's own \
             site, or set `token_transfer_method` to `Header`"
        ));
    } else {
        warn_of_setup(format_args!(
            "{api}: the session ended right after it began: unless it was revoked, the browser keeps no cookies of the \
             API or does not send them. Check the cookies' `Domain`, `Path`, `SameSite` and `Secure` (over http) in \
             the sign-in's response"
        ));
    }
}

/// When the session began, while nothing has shown yet that its cookies reach the API.
#[derive(Default)]
struct Began(Cell<Option<i64>>);

impl Began {
    fn ends_within(&self, soon_ms: i64, event: &SessionEvent, now_ms: i64) -> bool {
        match event {
            SessionEvent::SessionCreated => self.0.set(Some(now_ms)),
            SessionEvent::RefreshSession | SessionEvent::SignOut => self.0.set(None),
            SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
                let began = self.0.take();
                return began.is_some_and(|began| (0..soon_ms).contains(&now_ms.saturating_sub(began)));
            }
            _ => {}
        }
        false
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use SessionEvent::*;

    use super::*;

    const ENDED: SessionEvent = Unauthorised { session_expired_or_revoked: true };

    fn tells(events: &[(SessionEvent, i64)]) -> usize {
        let began = Began::default();
        events.iter().filter(|(event, at_ms)| began.ends_within(SOON_MS, event, *at_ms)).count()
    }

    #[test]
    fn an_end_within_the_first_minute_is_told_once() {
        assert_eq!(tells(&[(SessionCreated, 5), (ENDED, 1_005), (ENDED, 1_006)]), 1);
        assert_eq!(tells(&[(SessionCreated, 5), (AccessTokenPayloadUpdated, 6), (ENDED, 60_004)]), 1);
        assert_eq!(tells(&[(SessionCreated, 5), (ENDED, 60_005)]), 0);
        assert_eq!(tells(&[(SessionCreated, i64::MIN), (ENDED, i64::MAX)]), 0);
        assert_eq!(tells(&[(SessionCreated, 5), (ENDED, 4)]), 0, "the clock was set");
    }

    #[test]
    fn a_session_whose_cookies_arrive_is_none_of_these() {
        assert_eq!(tells(&[(SessionCreated, 5), (RefreshSession, 6), (ENDED, 7)]), 0);
        assert_eq!(tells(&[(SessionCreated, 5), (SignOut, 6), (ENDED, 7)]), 0);
        let none = Unauthorised { session_expired_or_revoked: false };
        assert_eq!(tells(&[(none.clone(), 1), (SessionCreated, 5), (none, 7)]), 0);
        assert_eq!(tells(&[(ENDED, 7)]), 0);
    }
}
