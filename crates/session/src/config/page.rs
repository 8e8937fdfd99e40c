use super::{ConfigError, Problem, SessionConfig};
use crate::wire::{site::is_mixed_content, url::Origin};

impl SessionConfig {
    /// The settings for a page of that origin, if it can call the API at all.
    ///
    /// ```
    /// use supertokens_session::{SessionConfig, config::Problem, wire::url::Url};
    ///
    /// let page = Url::parse("https://app.example.com").unwrap();
    /// let config = SessionConfig::builder("http://api.example.com").build().unwrap();
    /// let error = config.for_page(page.origin()).unwrap_err();
    /// assert_eq!((error.setting(), error.problem()), ("api_domain", &Problem::MixedContent));
    /// ```
    ///
    /// # Errors
    /// [`Problem::MixedContent`] when the page is https and the API http, other than on the device itself.
    pub fn for_page(&self, page: &Origin) -> Result<Self, ConfigError> {
        let config = match &self.0.same_origin {
            Some(builder) => builder.on(page).build()?,
            None => self.clone(),
        };
        if is_mixed_content(page, config.api_domain()) {
            return Err(ConfigError::new("api_domain", Problem::MixedContent));
        }
        Ok(config)
    }
}
