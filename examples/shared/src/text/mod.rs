//! Formats values as text.

mod denial;
mod session;

use std::time::Duration;

use js_sys::Date;

pub use denial::reason;
pub use session::{
    roles_announcement, roles_text, seconds_left, sign_out_error, status_announcement, status_word, time_left,
};

/// Makes a sentence of a message, with a capital letter and a full stop.
pub fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = if message.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{}{}{end}", first.to_uppercase(), letters.as_str())
}

/// The time of day, by the device's clock.
pub fn time_of_day() -> String {
    let now = Date::new_0();
    format!("{:02}:{:02}:{:02}", now.get_hours(), now.get_minutes(), now.get_seconds())
}

/// The day of an ISO 8601 time, such as `2 Feb 2026`.
pub fn day(iso: &str) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let read = || {
        let mut parts = iso.split('T').next()?.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let month = MONTHS.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        Some(format!("{} {month} {year}", day.trim_start_matches('0')))
    };
    read().unwrap_or_else(|| iso.to_owned())
}

/// An amount of money, such as `1,234.50`.
pub fn amount(cents: u32) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{:02}", cents % 100)
}

/// How many more codes the user may enter.
pub fn attempts_left(attempts: u64) -> String {
    match attempts {
        0 => "You have no attempts left.".to_owned(),
        1 => "You have 1 attempt left.".to_owned(),
        left => format!("You have {left} attempts left."),
    }
}

/// A time to wait, such as `15 minutes`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let (count, unit) = if seconds < 60 { (seconds, "second") } else { (seconds.div_ceil(60), "minute") };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("no response in time"), "No response in time.");
        assert_eq!(sentence("Please sign in instead."), "Please sign in instead.");
        assert_eq!(sentence(""), "");
    }

    #[test]
    fn days_are_formatted_and_other_texts_stay_the_same() {
        assert_eq!(day("2026-02-02T11:05:00Z"), "2 Feb 2026");
        assert_eq!(day("2026-13-02T11:05:00Z"), "2026-13-02T11:05:00Z");
        assert_eq!(day("soon"), "soon");
    }

    #[test]
    fn attempts_and_times_have_a_singular_and_a_plural() {
        assert_eq!(attempts_left(1), "You have 1 attempt left.");
        assert_eq!(attempts_left(4), "You have 4 attempts left.");
        let texts = [1_000, 1_500, 59_001, 60_000, 61_000].map(|ms| duration(Duration::from_millis(ms)));
        assert_eq!(texts, ["1 second", "2 seconds", "1 minute", "1 minute", "2 minutes"]);
    }

    #[test]
    fn amounts_are_grouped() {
        assert_eq!(amount(450), "4.50");
        assert_eq!(amount(27_900), "279.00");
        assert_eq!(amount(123_456_789), "1,234,567.89");
    }
}
