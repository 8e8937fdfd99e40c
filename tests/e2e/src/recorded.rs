//! A copy of the built site whose page records itself, in every engine and under any Content-Security-Policy.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::engine::Engine;

const SCRIPT: &str = "e2e-record.js";
const HEAD: &str = "<head>";

/// The copy's folder; made once by each test program.
pub(crate) fn site(built: &Path, engine: Engine) -> PathBuf {
    static MADE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
    let name = built.file_name().unwrap_or_default().to_string_lossy();
    // A folder for each engine, so that their tests may run side by side.
    let copy = built.with_file_name(format!("e2e-{name}-{}", engine.name()));
    // Held until the copy exists, since other stories start at the same time.
    let mut made = MADE.lock().unwrap();
    if made.insert(copy.clone()) {
        make(built, &copy).unwrap_or_else(|error| panic!("copying {}: {error}", built.display()));
    }
    copy
}

fn make(built: &Path, copy: &Path) -> io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    copy_all(built, copy)?;
    fs::write(copy.join(SCRIPT), include_str!("record.js"))?;
    let page = copy.join("index.html");
    let html = fs::read_to_string(&page)?;
    // Before all other scripts, so that nothing is shown before it runs.
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
