//! Words that names, comments, texts and documents of this project avoid.

use anyhow::{Context, Result, bail};
use fs_err as fs;

use crate::run::{self, Project};

/// Lower case, a single space between words. Add a word as soon as no file has it. The field's words are `response`,
/// `retry`, `store`, `event`, `message`, `user`, `caller`, `return address`.
#[rustfmt::skip]
const AVOIDED: [&str; 59] = [
    "anew", "answer", "answered", "answering", "answers", "anybody", "as it stands", "as things stand",
    "be had", "be it", "beforehand", "beneath", "by way of", "ended meanwhile", "everybody", "first try",
    "for ever", "go on", "goes on", "gone", "hear", "heard", "hears", "hearsay", "how things stand",
    "in mid", "in vain", "is told of", "keeper", "kept", "landed", "landing", "live on", "lives on",
    "look around", "looked", "looker", "loot", "next try", "no one", "nobody", "parcels", "second try",
    "send again", "sends again", "somebody", "take off", "take part", "takes part", "told", "way back",
    "what became", "what came of it", "what is known", "what there is", "who asks", "who has waited",
    "whoever", "whom",
];

/// Searches all tracked sources and documents but this one, and the changelog, which names what was renamed.
pub(crate) fn check(project: &Project) -> Result<()> {
    let mut git = project.command("git");
    git.args(["ls-files", "*.rs", "*.md", "*.js", "*.mjs", ":!xtask/src/words.rs", ":!CHANGELOG.md"]);
    let files = run::output(&mut git).context("the search for words to avoid needs a git checkout")?;
    let mut found = false;
    for file in files.lines() {
        // A tracked file may be deleted.
        let Ok(text) = fs::read_to_string(project.root.join(file)) else { continue };
        for (index, line) in text.lines().enumerate() {
            for phrase in find(line) {
                run::say(&format!("    {file}:{}: avoid \"{phrase}\"", index + 1));
                found = true;
            }
        }
    }
    if found { bail!("words to avoid") } else { Ok(()) }
}

/// The avoided phrases in a line. Words end where letters and digits do, and at the capitals of `CamelCase`.
fn find(line: &str) -> impl Iterator<Item = &'static str> {
    let mut words = " ".to_owned();
    for c in line.chars().chain([' ']) {
        if !words.ends_with(' ')
            && (!c.is_alphanumeric() || c.is_uppercase() && words.ends_with(char::is_lowercase))
        {
            words.push(' ');
        }
        words.extend(Some(c).filter(|c| c.is_alphanumeric()));
    }
    let words = words.to_lowercase();
    AVOIDED.into_iter().filter(move |phrase| words.contains(&format!(" {phrase} ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_in_texts_and_names() {
        let found = |line| find(line).collect::<Vec<_>>();
        assert_eq!(found("/// How things  stand."), ["how things stand"]);
        assert_eq!(found("fn what_came_of_it() -> HowThingsStand"), ["how things stand", "what came of it"]);
        assert_eq!(found("let Answered = nobody_is_gone;"), ["answered", "gone", "nobody"]);
        assert_eq!(found("\"how things stood\" and somehow things stand"), [""; 0]);
    }
}
