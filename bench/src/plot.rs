//! The plot: bars on a logarithmic scale, with one group for each plotted row.

use std::fmt::Write as _;

use crate::contender::{Contender, FLOOR, OURS, SDK};
use crate::rows::{Row, SECTIONS};
use crate::samples::Samples;
use crate::table::number;

const WIDTH: f64 = 820.0;
/// The start of the bars, and the width of a factor of ten.
const LEFT: f64 = 330.0;
const DECADE: f64 = 130.0;
const BAR: f64 = 11.0;
const GROUP: f64 = 44.0;
const TOP: f64 = 64.0;

const SHOWN: [(&str, &str); 3] = [(FLOOR, "#9aa0a6"), (SDK, "#d97706"), (OURS, "#2563eb")];

pub(crate) fn svg(samples: &Samples) -> String {
    let rows: Vec<&Row> = SECTIONS
        .iter()
        .flat_map(|(_, rows)| rows.iter())
        .filter(|row| row.plotted && SHOWN.iter().all(|(who, _)| samples.median(row.name, who).is_some()))
        // A floor that is too short for the browser's clock has no multiples.
        .filter(|row| samples.median(row.name, FLOOR).is_some_and(|floor| floor > 0.0))
        .collect();
    let height = TOP + GROUP * rows.len() as f64 + 12.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" font-family=\"system-ui, sans-serif\" \
         font-size=\"12\" role=\"img\">\n<title>Measured, as multiples of the floor, on a logarithmic scale</title>\n\
         <rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>\n\
         <text x=\"12\" y=\"22\" font-size=\"14\" font-weight=\"600\" fill=\"#111\">As multiples of the floor (logarithmic; \
         shorter is better)</text>\n"
    );
    let mut x = 12.0;
    for (who, colour) in SHOWN {
        let label = Contender::label(who);
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"34\" width=\"11\" height=\"11\" fill=\"{colour}\"/><text x=\"{}\" y=\"44\" fill=\"#333\">{label}</text>",
            x + 16.0
        );
        x += 40.0 + 7.0 * label.len() as f64;
    }
    for (n, row) in rows.iter().enumerate() {
        group(&mut svg, samples, row, TOP + GROUP * n as f64);
    }
    svg.push_str("</svg>\n");
    svg
}

fn group(svg: &mut String, samples: &Samples, row: &Row, y: f64) {
    let Some(floor) = samples.median(row.name, FLOOR).filter(|floor| *floor > 0.0) else { return };
    let _ = writeln!(svg, "<text x=\"12\" y=\"{}\" fill=\"#111\">{}</text>", y + 21.0, row.label);
    for (n, (who, colour)) in SHOWN.iter().enumerate() {
        let Some(value) = samples.median(row.name, who) else { continue };
        let (y, width) = (y + BAR * n as f64, width(value / floor));
        let unit = row.unit.name();
        let _ = writeln!(
            svg,
            "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" fill=\"{colour}\"/>\
             <text x=\"{:.1}\" y=\"{}\" font-size=\"10\" fill=\"#333\">{} {unit}</text>",
            BAR - 2.0,
            LEFT + width + 5.0,
            y + BAR - 3.0,
            number(value)
        );
    }
}

/// The width of a bar: zero for a tenth of the floor, one decade for the floor, and two for ten times the floor.
fn width(ratio: f64) -> f64 {
    ((ratio.log10() + 1.0) * DECADE).clamp(1.0, WIDTH - LEFT - 70.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_times_the_floor_is_a_decade_more() {
        assert!((width(1.0) - DECADE).abs() < 1e-9);
        assert!((width(10.0) - 2.0 * DECADE).abs() < 1e-9);
        assert!((width(1e-9) - 1.0).abs() < 1e-9);
    }
}
