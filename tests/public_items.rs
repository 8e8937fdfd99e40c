//! The names of the public items of the library crates: an item that is added, removed or renamed shows in a review.
//! Signatures, enum variants and trait methods are not listed.
//!
//! After a change on purpose: `UPDATE_PUBLIC_ITEMS=1 cargo test --test public_items`.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::{
    env, fs,
    path::{Path, PathBuf},
};

const SOURCES: [&str; 6] =
    ["src", "crates/recipes/src", "crates/session/src", "crates/ui/src", "crates/web/src", "crates/yew/src"];

/// The attributes and the first line of a test module with a body.
const TEST_MODULE_STARTS: [&str; 3] = [
    "#[cfg(test)]\nmod tests {",
    "#[cfg(test)]\n#[cfg(not(target_arch = \"wasm32\"))]\nmod tests {",
    "#[cfg(all(test, not(target_arch = \"wasm32\")))]\nmod tests {",
];

fn collect_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "tests" {
            collect_files(&path, files);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            files.push(path);
        }
    }
}

/// The name of each item, and the whole of each re-export.
fn public_items(code: &str) -> impl Iterator<Item = String> {
    // `mod tests;` may stand before public items; only a test module with a body ends the code.
    let code =
        TEST_MODULE_STARTS.iter().fold(code, |code, start| code.split(start).next().unwrap_or_default());
    let code = code.to_owned();
    let starts: Vec<_> = code.match_indices("pub ").map(|(at, _)| at).collect();
    starts.into_iter().filter_map(move |at| {
        let before = code[..at].rsplit('\n').next().unwrap_or_default();
        if !before.trim().is_empty() {
            return None;
        }
        let rest = &code[at..];
        let ends: &[char] =
            if rest.starts_with("pub use ") { &[';'] } else { &['(', '{', ';', '=', '<', ','] };
        let item = rest.split(ends).next()?;
        Some(item.split_whitespace().collect::<Vec<_>>().join(" "))
    })
}

#[test]
fn the_public_items_are_those_of_the_list() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    SOURCES.iter().for_each(|folder| collect_files(&root.join(folder), &mut files));
    files.sort();
    let mut list = String::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().display().to_string();
        for item in public_items(&fs::read_to_string(&file).unwrap()) {
            list += &format!("{name}: {item}\n");
        }
    }
    let path = root.join("tests/public_items.txt");
    if env::var_os("UPDATE_PUBLIC_ITEMS").is_some() {
        fs::write(&path, &list).unwrap();
    }
    let listed = fs::read_to_string(&path).unwrap();
    let changed: Vec<_> = list
        .lines()
        .filter(|item| !listed.lines().any(|known| known == *item))
        .map(|item| format!("+ {item}"))
        .chain(
            listed
                .lines()
                .filter(|known| !list.lines().any(|item| item == *known))
                .map(|item| format!("- {item}")),
        )
        .collect();
    assert!(
        changed.is_empty() && list.lines().count() == listed.lines().count(),
        "public items changed; if that is on purpose: UPDATE_PUBLIC_ITEMS=1 cargo test --test public_items\n{}",
        changed.join("\n")
    );
}
