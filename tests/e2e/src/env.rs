//! The paths of the site and the browser, set by `cargo xtask test`.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::engine::Engine;
use crate::recorded;

pub(crate) struct Env {
    pub(crate) engine: Engine,
    pub(crate) driver: PathBuf,
    /// `None` if the driver finds it.
    pub(crate) browser: Option<PathBuf>,
}

impl Env {
    pub(crate) fn read() -> Self {
        let engine = engine();
        Self { engine, driver: path("E2E_DRIVER"), browser: value_of("E2E_BROWSER").map(PathBuf::from) }
    }

    /// The built site, with a record of what its pages show.
    pub(crate) fn site(&self) -> PathBuf {
        recorded::site(&path("E2E_SITE"), self.engine)
    }

    /// The built example of server functions, with the same record.
    pub(crate) fn notes(&self) -> PathBuf {
        recorded::site(&path("E2E_NOTES_SITE"), self.engine)
    }

    /// The folder of the screenshots of failures.
    pub(crate) fn failures(&self) -> PathBuf {
        let site = value_of("E2E_SITE").or_else(|| value_of("E2E_SHOP_SITE")).map(PathBuf::from);
        site.unwrap_or_default().with_file_name("e2e-failures").join(self.engine.name())
    }
}

/// The server that renders the pages of `examples/ssr` or of the template, and the folder of its files.
pub(crate) fn shop() -> (PathBuf, PathBuf) {
    (path("E2E_SHOP"), path("E2E_SHOP_SITE"))
}

/// The API that `examples/templates/ssr` is built for.
pub(crate) fn template_api() -> String {
    path("E2E_API").to_string_lossy().into_owned()
}

/// The folder of the servers with supertokens-node.
pub(crate) fn sdk() -> PathBuf {
    path("E2E_SDK")
}

/// The URL of a real core, used instead of the stand-in.
pub(crate) fn core_url() -> Option<String> {
    value_of("SUPERTOKENS_CORE_URL").and_then(|url| url.into_string().ok())
}

/// The engine of the stories, Chromium by default.
fn engine() -> Engine {
    let Some(name) = value_of("E2E_ENGINE") else { return Engine::Chromium };
    let known = name.to_str().and_then(Engine::named);
    known.unwrap_or_else(|| panic!("E2E_ENGINE is {name:?}; there are chromium, firefox and webkit"))
}

fn value_of(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn path(name: &str) -> PathBuf {
    match value_of(name) {
        Some(value) => value.into(),
        None => panic!(
            "{name} is not set. Run `cargo xtask test --only e2e` (or `--only clients` for the suite of clients, `--only \
             sdk` for the stories with the real supertokens-node, `--only ssr` for rendered pages, `--only templates` for \
             the templates): it builds the site, finds the browser and its driver, and sets E2E_SITE, E2E_NOTES_SITE, \
             E2E_ENGINE, E2E_DRIVER and E2E_BROWSER, and E2E_SDK, E2E_SHOP, E2E_SHOP_SITE and E2E_API where they are \
             needed."
        ),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    #[should_panic(expected = "Run `cargo xtask test --only e2e`")]
    fn a_missing_variable_is_an_error_that_names_the_command() {
        super::path("E2E_NEVER_SET");
    }
}
