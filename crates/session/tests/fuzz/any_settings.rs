//! The settings: some apps fill them from the environment or a page's address.

use std::time::Duration;

use proptest::prelude::*;
use supertokens_session::SessionConfig;

use crate::text::{hostile, near};

fn origin_of(url: &str) -> Option<url::Origin> {
    url::Url::parse(url).ok().map(|url| url.origin())
}

proptest! {
    #[test]
    fn any_api_domain_is_one_origin_or_an_error(
        api in prop_oneof![hostile(), near(&["https://api.example.com", "http://localhost:3001/"])]
    ) {
        if let Ok(config) = SessionConfig::builder(api.as_str()).build() {
            let origin = origin_of(&config.api_domain().to_string());
            for url in [config.refresh_url(), config.sign_out_url()] {
                prop_assert_eq!(origin_of(&url.to_string()), origin.clone());
                prop_assert!(config.is_api_url(url));
            }
            prop_assert_eq!(origin_of(api.trim()), origin);
        }
    }

    #[test]
    fn any_base_path_stays_on_the_api(path in prop_oneof![hostile(), near(&["/auth", "auth/", "/", "/v1/auth"])]) {
        if let Ok(config) = SessionConfig::builder("https://api.example.com").api_base_path(path.as_str()).build() {
            for (url, end) in [(config.refresh_url(), "/session/refresh"), (config.sign_out_url(), "/signout")] {
                let seen = url::Url::parse(url.as_str()).unwrap();
                prop_assert_eq!((seen.scheme(), seen.host_str(), seen.port()), ("https", Some("api.example.com"), None));
                prop_assert!(seen.path().ends_with(end) && seen.query().is_none(), "{}", seen);
            }
        }
    }

    #[test]
    fn any_refresh_url_is_in_the_api_scope_or_an_error(
        url in prop_oneof![hostile(), near(&["https://api.example.com/r", "https://b.example.com:8443/r", "http://api.example.com/r"])],
        domain in prop_oneof![Just(None), near(&["example.com", ".example.com"]).prop_map(Some)],
    ) {
        let mut settings = SessionConfig::builder("https://api.example.com").refresh_token_url(url.as_str());
        let has_domain = domain.is_some();
        if let Some(domain) = domain {
            settings = settings.session_token_backend_domain(domain);
        }
        if let Ok(config) = settings.build() {
            let seen = url::Url::parse(config.refresh_url().as_str()).unwrap();
            prop_assert_eq!(seen.scheme(), "https");
            let host = seen.host_str().unwrap();
            prop_assert!(host == "api.example.com" || has_domain, "{}", host);
            prop_assert!(config.is_api_url(config.refresh_url()));
        }
    }

    #[test]
    fn any_header_domain_and_number_is_accepted_or_named_in_the_error(
        name in hostile(), value in hostile(), domain in hostile(), expired: u16, invalid: u16, timeout_ms: u64, retries: u32,
    ) {
        let built = SessionConfig::builder("https://api.example.com")
            .refresh_api_custom_header(name, value)
            .session_token_frontend_domain(domain.as_str())
            .session_expired_status_code(expired)
            .invalid_claim_status_code(invalid)
            .refresh_timeout(Duration::from_millis(timeout_ms))
            .max_retry_attempts_for_session_refresh(retries)
            .build();
        if let Err(error) = built {
            prop_assert!(error.to_string().contains(error.setting()));
        }
    }
}
