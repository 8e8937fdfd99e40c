//! The browser engines that tests run in.

use anyhow::{Result, anyhow};

/// Chromium alone runs unless `--browsers` says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Engine {
    Chromium,
    Firefox,
    /// WebKitGTK: of Safari's engine, what there is for Linux.
    Webkit,
}

impl Engine {
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// `all`, or names with commas between, in any order.
    pub(crate) fn list(text: &str) -> Result<Vec<Self>> {
        if text == "all" {
            return Ok(Self::ALL.to_vec());
        }
        let mut engines = text.split(',').map(Self::named).collect::<Result<Vec<_>>>()?;
        engines.sort_unstable();
        engines.dedup();
        Ok(engines)
    }

    fn named(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name).ok_or_else(|| {
            anyhow!("there is no browser engine `{name}`; there are chromium, firefox and webkit, and all")
        })
    }
}
