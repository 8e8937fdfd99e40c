//! Warns if a session ends right after it began: then the browser probably blocks the API's cookies.

use std::cell::Cell;

use supertokens_session::{
    Origin, SessionClient, SessionEvent, TokenTransferMethod, internal::site::is_surely_cross_site,
    warn_of_setup,
};

use crate::{clock::now_ms, page::Page};

/// A session that ends within this time was probably not revoked, and its access token has not expired.
const CROSS_SITE_LIMIT_MS: i64 = 60_000;

/// The limit is shorter on the same site, where browsers block cookies less often.
const SAME_SITE_LIMIT_MS: i64 = 10_000;

/// Watches a client until it is dropped.
pub(crate) fn watch(client: &SessionClient, page: &Page) {
    let config = client.config();
    if config.token_transfer_method() != TokenTransferMethod::Cookie {
        return;
    }
    let is_cross_site = page.origin().is_some_and(|page| is_surely_cross_site(&page, config.api_domain()));
    let limit_ms = if is_cross_site { CROSS_SITE_LIMIT_MS } else { SAME_SITE_LIMIT_MS };
    let api = config.api_domain().clone();
    let session_start = SessionStart::default();
    let subscription = client.on_event(move |event| {
        if session_start.ends_within(limit_ms, event, now_ms()) {
            warn(&api, is_cross_site);
        }
    });
    subscription.forget();
}

fn warn(api: &Origin, is_cross_site: bool) {
    let hint = if is_cross_site {
        "The page and the API are on two sites, so the cookies must be `SameSite=None; Secure`. If the browser blocks \
         third-party cookies, serve the API from the page's own site, or set `token_transfer_method` to `Header`"
    } else {
        "Check the cookies' `Domain`, `Path`, `SameSite` and `Secure` (over http) in the sign-in's response"
    };
    warn_of_setup(format_args!(
        "{api}: the session ended right after it began. Unless it was revoked, the browser does not store or send the \
         API's cookies. {hint}"
    ));
}

/// When the session began. `None` once a refresh has shown that its cookies reach the API.
#[derive(Default)]
struct SessionStart(Cell<Option<i64>>);

impl SessionStart {
    fn ends_within(&self, limit_ms: i64, event: &SessionEvent, now_ms: i64) -> bool {
        match event {
            SessionEvent::SessionCreated => self.0.set(Some(now_ms)),
            SessionEvent::RefreshSession | SessionEvent::SignOut => self.0.set(None),
            SessionEvent::Unauthorised { session_expired_or_revoked: true } => {
                let began = self.0.take();
                return began.is_some_and(|began| (0..limit_ms).contains(&now_ms.saturating_sub(began)));
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

    fn warnings(events: &[(SessionEvent, i64)]) -> usize {
        let session_start = SessionStart::default();
        events
            .iter()
            .filter(|(event, at_ms)| session_start.ends_within(CROSS_SITE_LIMIT_MS, event, *at_ms))
            .count()
    }

    #[test]
    fn an_end_within_the_first_minute_warns_once() {
        assert_eq!(warnings(&[(SessionCreated, 5), (ENDED, 1_005), (ENDED, 1_006)]), 1);
        assert_eq!(warnings(&[(SessionCreated, 5), (AccessTokenPayloadUpdated, 6), (ENDED, 60_004)]), 1);
        assert_eq!(warnings(&[(SessionCreated, 5), (ENDED, 60_005)]), 0);
        assert_eq!(warnings(&[(SessionCreated, i64::MIN), (ENDED, i64::MAX)]), 0);
        assert_eq!(warnings(&[(SessionCreated, 5), (ENDED, 4)]), 0, "the clock was set back");
    }

    #[test]
    fn a_session_with_working_cookies_gives_no_warning() {
        assert_eq!(warnings(&[(SessionCreated, 5), (RefreshSession, 6), (ENDED, 7)]), 0);
        assert_eq!(warnings(&[(SessionCreated, 5), (SignOut, 6), (ENDED, 7)]), 0);
        let none = Unauthorised { session_expired_or_revoked: false };
        assert_eq!(warnings(&[(none.clone(), 1), (SessionCreated, 5), (none, 7)]), 0);
        assert_eq!(warnings(&[(ENDED, 7)]), 0);
    }
}
