//! Times as AWS and Flexera write them, and how long ago that was, in words.

use time::format_description::BorrowedFormatItem;
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

/// How the report service writes `lastDelivery`: `20261124T093000Z`
/// (<https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_cur_ReportStatus.html>).
const COMPACT: &[BorrowedFormatItem] = format_description!("[year][month][day]T[hour][minute][second]Z");

/// As a person reads it, in UTC.
const SHOWN: &[BorrowedFormatItem] = format_description!("[year]-[month]-[day] [hour]:[minute] UTC");

/// The time a text says; `None` for one in no form known here.
pub fn read(text: &str) -> Option<OffsetDateTime> {
    let text = text.trim().replace(' ', "");
    let compact = || PrimitiveDateTime::parse(&text, COMPACT).ok().map(PrimitiveDateTime::assume_utc);
    OffsetDateTime::parse(&text, &Rfc3339).ok().or_else(compact)
}

/// `2026-11-24 09:30 UTC`.
pub fn shown(at: OffsetDateTime) -> String {
    let shown = at.checked_to_offset(time::UtcOffset::UTC).and_then(|at| at.format(SHOWN).ok());
    shown.unwrap_or_else(|| at.unix_timestamp().to_string())
}

/// `3 hours ago`; what lies ahead, by a clock that is off, is just now.
pub fn ago(now: OffsetDateTime, at: OffsetDateTime) -> String {
    match in_words(now - at) {
        None => "just now".to_owned(),
        Some(words) => format!("{words} ago"),
    }
}

/// `3 hours`, `2 days`; `None` for less than a minute.
pub fn in_words(span: Duration) -> Option<String> {
    let counted = |count: i64, unit: &str| Some(format!("{count} {unit}{}", if count == 1 { "" } else { "s" }));
    match (span.whole_days(), span.whole_hours(), span.whole_minutes()) {
        (days, _, _) if days >= 2 => counted(days, "day"),
        (_, hours, _) if hours >= 1 => counted(hours, "hour"),
        (_, _, minutes) if minutes >= 1 => counted(minutes, "minute"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn both_ways_of_writing_a_time_are_read() {
        let at = Some(datetime!(2026-11-24 09:30:05 UTC));
        for text in ["20261124T093005Z", "20261124T093005 Z", "2026-11-24T09:30:05Z", "2026-11-24T10:30:05+01:00"] {
            assert_eq!(read(text), at, "{text}");
        }
        for text in ["", "yesterday", "20261324T093005Z", "20261124T093005Z and more"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_shown_too() {
        let last = read("9999-12-31T23:59:59-01:00").expect("a time");
        assert_eq!(shown(last), last.unix_timestamp().to_string());
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_unit_that_tells_something() {
        let now = datetime!(2026-11-24 12:00 UTC);
        for (at, said) in [
            (datetime!(2026-11-24 12:00:01 UTC), "just now"),
            (datetime!(2026-11-24 11:59 UTC), "1 minute ago"),
            (datetime!(2026-11-24 10:00 UTC), "2 hours ago"),
            (datetime!(2026-11-22 13:00 UTC), "47 hours ago"),
            (datetime!(2026-11-20 12:00 UTC), "4 days ago"),
        ] {
            assert_eq!(ago(now, at), said);
        }
    }
}
