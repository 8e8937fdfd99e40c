//! Words that names, comments, texts and documents of this project avoid.

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::run::{self, Project};

/// Lower case, a single space between words. Add a word as soon as no file has it.
const AVOIDED: [&str; 4] = ["how things stand", "is told of", "what came of it", "who has waited"];

/// Searches all tracked Rust and Markdown files but this one.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut git = project.command("git");
    git.args(["ls-files", "*.rs", "*.md", ":!xtask/src/words.rs"]);
    let files = run::output(&mut git).context("the search for words to avoid needs a git checkout")?;
    let mut found = false;
    for file in files.lines() {
        // A tracked file may be deleted.
        let Ok(text) = fs::read_to_string(project.root.join(file)) else { continue };
        for (line, phrase) in find(&text) {
            run::say(&format!("    {file}:{line}: avoid \"{phrase}\""));
            found = true;
        }
    }
    if found { bail!("words to avoid") } else { Ok(()) }
}

/// The avoided phrases in a text, and their lines. Words end at all that is no letter or digit, at line breaks and at
/// the capitals of `CamelCase`.
fn find(text: &str) -> Vec<(usize, &'static str)> {
    let mut words = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut spaced = String::new();
        for c in line.chars() {
            if c.is_uppercase() && spaced.ends_with(char::is_lowercase) {
                spaced.push(' ');
            }
            spaced.push(if c.is_alphanumeric() { c } else { ' ' });
        }
        words.extend(spaced.to_lowercase().split_whitespace().map(|word| (index + 1, word.to_owned())));
    }
    let mut found = Vec::new();
    for phrase in AVOIDED {
        let phrase_words: Vec<_> = phrase.split(' ').collect();
        let windows = words.windows(phrase_words.len());
        let is_phrase = |window: &&[(usize, String)]| window.iter().map(|(_, word)| word).eq(&phrase_words);
        found.extend(windows.filter(is_phrase).map(|window| (window[0].0, phrase)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_names_and_over_line_breaks() {
        let text =
            "/// How things\n/// stand.\nfn what_came_of_it() -> HowThingsStand {}\n\"how things stood\"\n";
        let found = find(text);
        assert_eq!(found, [(1, "how things stand"), (3, "how things stand"), (3, "what came of it")]);
    }
}
