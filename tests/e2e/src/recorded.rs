//! A copy of the built site whose page keeps a record, in every engine and under any Content-Security-Policy.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::engine::Engine;

const SCRIPT: &str = "e2e-record.js";
const HEAD: &str = "<head>";

/// The copy's folder; made once by each test program.
pub(crate) fn site(built: &Path, engine: Engine) -> PathBuf {
    static MADE: OnceLock<PathBuf> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        // A folder for each engine, so that their tests may run side by side.
        let copy = built.with_file_name(format!("e2e-site-{}", engine.name()));
        make(built, &copy).unwrap_or_else(|error| panic!("copying {}: {error}", built.display()));
        copy
    });
    made.clone()
}

fn make(built: &Path, copy: &Path) -> io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    copy_all(built, copy)?;
    fs::write(copy.join(SCRIPT), include_str!("record.js"))?;
    let page = copy.join("index.html");
    let html = fs::read_to_string(&page)?;
    // First of all scripts, so that nothing is shown before it runs.
    let recorded = html.replacen(HEAD, &format!("{HEAD}<script src=\"/{SCRIPT}\"></script>"), 1);
    if recorded == html {
        return Err(io::Error::other("the page has no head"));
    }
    fs::write(page, recorded)
}

fn copy_all(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy_all(&from, &to)?;
        } else {
            fs::copy(from, to)?;
        }
    }
    Ok(())
}
