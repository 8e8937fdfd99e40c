use supertokens_session::{ConfigError, SessionClient, SessionConfig};
use supertokens_ui::SessionSource;
use yew::html::IntoPropValue;

/// The prop `config` of a [`SessionProvider`](crate::SessionProvider): a [`SessionConfig`], the result of
/// [`build`](crate::SessionConfigBuilder::build), a [`SessionClient`] that the app creates, or a [`SessionSource`].
///
/// A [`SessionSource`] has a client from the start. A component that renders again has to create it once, with
/// `use_memo`.
#[derive(Debug, Clone)]
pub struct ProviderSource(Kind);

#[derive(Debug, Clone)]
enum Kind {
    // The parent may create this each time that it renders, so only the provider creates a client of it.
    Config(Result<SessionConfig, ConfigError>),
    Source(SessionSource),
}

impl ProviderSource {
    pub(crate) fn open(&self) -> SessionSource {
        match self.0.clone() {
            Kind::Config(config) => config.into(),
            Kind::Source(source) => source,
        }
    }
}

/// A provider has one client as long as it is mounted, so only the first value counts, and all are equal.
impl PartialEq for ProviderSource {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl IntoPropValue<ProviderSource> for Result<SessionConfig, ConfigError> {
    fn into_prop_value(self) -> ProviderSource {
        ProviderSource(Kind::Config(self))
    }
}

impl IntoPropValue<ProviderSource> for SessionConfig {
    fn into_prop_value(self) -> ProviderSource {
        ProviderSource(Kind::Config(Ok(self)))
    }
}

impl IntoPropValue<ProviderSource> for SessionClient {
    fn into_prop_value(self) -> ProviderSource {
        ProviderSource(Kind::Source(self.into()))
    }
}

impl IntoPropValue<ProviderSource> for SessionSource {
    fn into_prop_value(self) -> ProviderSource {
        ProviderSource(Kind::Source(self))
    }
}
