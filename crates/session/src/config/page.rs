use std::sync::Arc;

use super::{ConfigError, LinkedOnDemand, Problem, SessionConfig, SessionConfigBuilder};
use crate::wire::{site::is_mixed_content, url::Origin};

/// Stands for the page's origin where there is no page, as on a rendering server. No request reaches it (RFC 2606).
const UNKNOWN_ORIGIN: &str = "https://same-origin.invalid";

/// Builds the settings again for an API on the origin of a page.
pub(super) type SameOrigin = Arc<BuildOn>;

type BuildOn = dyn Fn(&Origin) -> Result<SessionConfig, ConfigError> + Send + Sync;

pub(super) fn same_origin() -> SessionConfigBuilder {
    let mut builder = SessionConfigBuilder::new(UNKNOWN_ORIGIN);
    builder.same_origin = Some(|settings| {
        let settings = settings.clone();
        LinkedOnDemand(Arc::new(move |page| settings.with_api_domain(page).build()))
    });
    builder
}

impl SessionConfig {
    /// The settings for a page on that origin.
    ///
    /// ```
    /// use supertokens_session::{Problem, SessionConfig, Url};
    ///
    /// let page = Url::parse("https://app.example.com").unwrap();
    /// let config = SessionConfig::builder("http://api.example.com").build().unwrap();
    /// let error = config.for_page(page.origin()).unwrap_err();
    /// assert_eq!((error.setting(), error.problem()), ("api_domain", &Problem::MixedContent));
    /// ```
    ///
    /// # Errors
    /// [`Problem::MixedContent`] if the page is https and the API is http, except for the device's own addresses.
    pub fn for_page(&self, page: &Origin) -> Result<Self, ConfigError> {
        let config = match &self.0.same_origin {
            Some(LinkedOnDemand(build)) => build(page)?,
            None => self.clone(),
        };
        if is_mixed_content(page, config.api_domain()) {
            return Err(ConfigError::new("api_domain", Problem::MixedContent));
        }
        Ok(config)
    }
}
