//! A point in time as mail writes it: seconds and the writer's offset from UTC.

use serde::{Deserialize, Serialize};
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

/// A point in time and the offset of the clock that it was read from.
///
/// Formatting for people belongs to the browser, which knows their zone and language; here are only the forms
/// that a machine reads, and a plain one for pages without script.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Timestamp {
    /// Seconds since 1970-01-01 00:00 UTC.
    pub seconds: i64,
    /// Minutes east of UTC, as the writer stated.
    pub offset_minutes: i16,
}

impl Timestamp {
    /// The moment with its stated offset, or `None` outside the years 1 to 9999.
    fn civil(self) -> Option<OffsetDateTime> {
        let offset = UtcOffset::from_whole_seconds(i32::from(self.offset_minutes) * 60).ok()?;
        let moment = OffsetDateTime::from_unix_timestamp(self.seconds).ok()?.checked_to_offset(offset)?;
        (1..=9999).contains(&moment.year()).then_some(moment)
    }

    /// RFC 3339, as the `datetime` attribute wants it; empty outside the years 1 to 9999.
    pub fn rfc3339(self) -> String {
        self.civil()
            .and_then(|moment| moment.format(&time::format_description::well_known::Rfc3339).ok())
            .unwrap_or_default()
    }

    /// `2026-11-23`, by the writer's clock; empty outside the years 1 to 9999.
    pub fn date(self) -> String {
        self.civil()
            .and_then(|moment| moment.format(format_description!("[year]-[month]-[day]")).ok())
            .unwrap_or_default()
    }

    /// `2026-11-23 14:05`, by the writer's clock; empty outside the years 1 to 9999.
    pub fn date_and_time(self) -> String {
        self.civil()
            .and_then(|moment| {
                moment.format(format_description!("[year]-[month]-[day] [hour]:[minute]")).ok()
            })
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn the_writers_clock_is_kept() {
        let time = Timestamp { seconds: 1_795_443_000, offset_minutes: 60 };
        assert_eq!(time.rfc3339(), "2026-11-23T15:10:00+01:00");
        assert_eq!(time.date_and_time(), "2026-11-23 15:10");
    }

    #[test]
    fn an_impossible_time_is_shown_as_nothing() {
        for seconds in [i64::MIN, i64::MAX] {
            assert_eq!(Timestamp { seconds, offset_minutes: i16::MAX }.rfc3339(), "");
        }
    }
}
