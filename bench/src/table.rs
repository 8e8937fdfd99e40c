//! The report, in Markdown.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::contender::{ALL, Contender, OURS};
use crate::rows::{Row, SECTIONS, Unit};
use crate::samples::Samples;

pub(crate) fn report(samples: &Samples, sizes: &str, about: &str) -> Result<String> {
    let mut text = format!(
        "# Measured\n\n{about}\n\nMedians of one run, in which contenders take turns. The last column compares ours with the named \
         column. `cargo xtask bench` measures again; [limits.md](limits.md) explains the client's limits.\n"
    );
    text.push_str(&bytes(sizes)?);
    for (title, rows) in SECTIONS {
        let is_known =
            |row: &&Row| [OURS, row.base].iter().any(|who| samples.median(row.name, who).is_some());
        let rows: Vec<&Row> = rows.iter().filter(is_known).collect();
        if rows.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n| |");
        for who in ALL {
            let _ = write!(text, " {} |", Contender::label(who.name));
        }
        let _ = writeln!(text, " ours to |\n|---{}|---|", "|---:".repeat(ALL.len()));
        for row in rows {
            let _ = writeln!(text, "{}", line(samples, row));
        }
    }
    Ok(text)
}

fn line(samples: &Samples, row: &Row) -> String {
    let comma = if row.unit == Unit::Times { "" } else { ", " };
    let mut line = format!("| {}{comma}{} |", row.label, row.unit.name());
    for who in ALL {
        match value(samples, row, who.name) {
            Some(value) => {
                let _ = write!(line, " {} |", number(value));
            }
            None => line.push_str(" – |"),
        }
    }
    let base = value(samples, row, row.base).filter(|base| row.base != OURS && *base > 0.0);
    match (base, value(samples, row, OURS)) {
        (Some(base), Some(ours)) if row.unit != Unit::Times => {
            let _ = write!(line, " {}: {:.2} |", Contender::label(row.base), ours / base);
        }
        _ => line.push_str("  |"),
    }
    line
}

fn value(samples: &Samples, row: &Row, who: &str) -> Option<f64> {
    if row.unit == Unit::Times { samples.largest(row.name, who) } else { samples.median(row.name, who) }
}

/// A number with three significant digits.
pub(crate) fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 || value.fract() == 0.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 0.995 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

/// `{ "sizes": [{ "name": "…", "raw": 1, "gzip": 1, "brotli": 1 }], "crates": [["…", 1]] }`, the format that xtask
/// writes.
fn bytes(sizes: &str) -> Result<String> {
    let sizes: Value = serde_json::from_str(sizes).context("reading the sizes")?;
    let mut text =
        "\n## What is downloaded\n\n| kB | raw | gzip -9 | brotli 11 |\n|---|---:|---:|---:|\n".to_owned();
    for size in sizes["sizes"].as_array().into_iter().flatten() {
        let kilo = |name: &str| format!("{:.1}", size[name].as_f64().unwrap_or_default() / 1000.0);
        let name = size["name"].as_str().unwrap_or_default();
        let _ = writeln!(text, "| {name} | {} | {} | {} |", kilo("raw"), kilo("gzip"), kilo("brotli"));
    }
    text.push_str(
        "\nOf what the session adds, code by crate, before compression:\n\n| crate | kB |\n|---|---:|\n",
    );
    for one in sizes["crates"].as_array().into_iter().flatten() {
        let (name, bytes) = (one[0].as_str().unwrap_or_default(), one[1].as_f64().unwrap_or_default());
        let _ = writeln!(text, "| {name} | {:.1} |", bytes / 1000.0);
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::FLOOR;

    #[test]
    fn numbers_have_three_digits() {
        for (value, text) in
            [(1234.4, "1234"), (12.34, "12.3"), (1.234, "1.23"), (0.1234, "0.123"), (3.0, "3")]
        {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_line_compares_ours_with_its_base() {
        let mut samples = Samples::default();
        let row = Row { name: "a", label: "A", unit: Unit::Ms, base: FLOOR, plotted: false };
        samples.add("a", FLOOR, 2.0);
        samples.add("a", OURS, 3.0);
        assert_eq!(line(&samples, &row), "| A, ms | – | – | 2 | – | 3 | – | floor: 1.50 |");
    }

    #[test]
    fn of_counts_the_largest_is_shown() {
        let mut samples = Samples::default();
        let row = Row { name: "a", label: "A", unit: Unit::Times, base: FLOOR, plotted: false };
        for value in [1.0, 2.0, 1.0] {
            samples.add("a", OURS, value);
        }
        assert!(line(&samples, &row).contains("| 2 |"));
    }
}
