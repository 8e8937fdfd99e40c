//! The modules of the crate, from the first to the last: each uses only those before it.

use std::{collections::HashMap, fs, path::Path};

const ORDER: [&str; 12] = [
    "page_bound",
    "setup_warning",
    "wire",
    "token",
    "platform",
    "config",
    "event",
    "tab_message",
    "protocol",
    "error",
    "transitions",
    "client",
];

/// Uses no other module, and others use it.
const ALONE: &str = "timing";

fn read(path: &Path, files: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            read(&entry, files);
        } else {
            files.push((entry.display().to_string(), fs::read_to_string(&entry).unwrap()));
        }
    }
}

/// The first names of the paths in `{a::b, c}`, or of `a::b`.
fn first_names(uses: &str) -> Vec<String> {
    let uses = uses.strip_prefix('{').unwrap_or(uses);
    let mut depth = 0;
    let mut names = vec![String::new()];
    let mut is_first = true;
    for character in uses.chars() {
        match character {
            '{' => depth += 1,
            '}' | ';' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.push(String::new());
                is_first = true;
            }
            ':' => is_first = is_first && depth > 0,
            _ if is_first && depth == 0 && (character.is_alphanumeric() || character == '_') => {
                names.last_mut().unwrap().push(character);
            }
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The modules of what `lib.rs` re-exports, by name.
fn re_exports(lib: &str) -> HashMap<String, String> {
    // The hidden module is for other crates.
    let lib = lib.split("pub mod internal").next().unwrap();
    let lines = lib.split("pub use ").skip(1).filter_map(|text| text.split(';').next());
    let mut all = HashMap::new();
    for line in lines {
        let (module, names) = line.split_once("::").unwrap();
        for name in names.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|name| !name.is_empty()) {
            all.insert(name.to_owned(), module.to_owned());
        }
    }
    all
}

#[test]
fn each_module_uses_only_those_before_it() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let at_root = re_exports(&fs::read_to_string(src.join("lib.rs")).unwrap());
    let mut uses = 0;
    for (at, module) in ORDER.iter().enumerate() {
        let mut files = Vec::new();
        let folder = src.join(module);
        if folder.is_dir() {
            read(&folder, &mut files);
        }
        let file = src.join(format!("{module}.rs"));
        if file.exists() {
            files.push((file.display().to_string(), fs::read_to_string(&file).unwrap()));
        }
        assert!(!files.is_empty(), "{module} is missing");
        for (path, text) in files.iter().filter(|(path, _)| !path.contains("tests")) {
            let code = text.split("#[cfg(test)]").next().unwrap().lines();
            let code: Vec<_> = code.filter(|line| !line.trim_start().starts_with("//")).collect();
            let code = code.join("\n");
            for name in code.split("crate::").skip(1).flat_map(|rest| {
                let is_group = rest.starts_with('{');
                let end = if is_group { rest.len() } else { rest.find(':').unwrap_or(rest.len()) };
                first_names(&rest[..end])
            }) {
                let used = at_root.get(&name).unwrap_or(&name);
                if used == module || used == ALONE {
                    continue;
                }
                let used_at = ORDER.iter().position(|known| known == used);
                assert!(used_at.is_some_and(|used_at| used_at < at), "{path}: {module} uses {used}");
                uses += 1;
            }
        }
    }
    assert!(uses > 100, "{uses} uses found: does this test still read them?");
}
