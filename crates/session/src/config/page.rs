use super::{ConfigError, Problem, SessionConfig};
use crate::wire::{site::is_mixed_content, url::Origin};

impl SessionConfig {
    /// Whether a page of that origin can call the API at all. Platforms ask when a client is made.
    ///
    /// ```
    /// use supertokens_session::{SessionConfig, config::Problem, wire::url::Url};
    ///
    /// let page = Url::parse("https://app.example.com").unwrap();
    /// let config = SessionConfig::builder("http://api.example.com").build().unwrap();
    /// let error = config.check_for_page(page.origin()).unwrap_err();
    /// assert_eq!((error.setting(), error.problem()), ("api_domain", &Problem::MixedContent));
    /// ```
    ///
    /// # Errors
    /// [`Problem::MixedContent`] when the page is https and the API http, other than on the device itself.
    pub fn check_for_page(&self, page: &Origin) -> Result<(), ConfigError> {
        if is_mixed_content(page, self.api_domain()) {
            return Err(ConfigError::new("api_domain", Problem::MixedContent));
        }
        Ok(())
    }
}
