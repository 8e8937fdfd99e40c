//! Where the site and the browser are, as `cargo xtask test` says.

use std::path::PathBuf;

pub(crate) struct Env {
    /// The built site.
    pub(crate) site: PathBuf,
    pub(crate) chromedriver: PathBuf,
    pub(crate) chromium: PathBuf,
}

impl Env {
    pub(crate) fn read() -> Self {
        Self {
            site: path("E2E_SITE"),
            chromedriver: path("E2E_CHROMEDRIVER"),
            chromium: path("E2E_CHROMIUM"),
        }
    }

    /// Where screenshots of failures go.
    pub(crate) fn failures(&self) -> PathBuf {
        self.site.with_file_name("e2e-failures")
    }
}

/// Where the servers made of supertokens-node are.
pub(crate) fn sdk() -> PathBuf {
    path("E2E_SDK")
}

/// A real core to be used instead of the stand-in.
pub(crate) fn core_url() -> Option<String> {
    std::env::var("SUPERTOKENS_CORE_URL").ok().filter(|url| !url.is_empty())
}

fn path(name: &str) -> PathBuf {
    match std::env::var_os(name).filter(|value| !value.is_empty()) {
        Some(value) => value.into(),
        None => panic!(
            "{name} is not set. Run `cargo xtask test --only e2e` (or `--only sdk`, for the stories with the real \
             supertokens-node): it builds the site, finds the browser and its driver, and sets E2E_SITE, \
             E2E_CHROMEDRIVER and E2E_CHROMIUM, and E2E_SDK where that is needed."
        ),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[should_panic(expected = "Run `cargo xtask test --only e2e`")]
    fn what_is_missing_is_said_with_the_way_to_it() {
        super::path("E2E_NEVER_SET");
    }
}
