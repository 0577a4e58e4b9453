//! The time. Nobody else asks the operating system for it, so tests say what day it is.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use domain::check::Days;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Microseconds of a minute.
pub(crate) const MINUTE: i64 = 60_000_000;
/// Microseconds of an hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;

/// The operating system's clock, or one that stands still until told.
#[derive(Clone)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
    /// The operator's zone, in which deadlines fall (US Central unless configured).
    zone: TimeZone,
    latest_zone: TimeZone,
}

fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

impl Clock {
    pub fn system(zone_name: &str) -> Self {
        Self { fixed: None, zone: zone(zone_name), latest_zone: zone("Pacific/Guam") }
    }

    /// A clock for tests.
    pub fn fixed(at: Timestamp) -> Self {
        let at = Arc::new(AtomicI64::new(at.as_microsecond()));
        Self { fixed: Some(at), ..Self::system("America/Chicago") }
    }

    /// Moves a fixed clock on; the system's clock is left alone.
    pub fn advance(&self, by: SignedDuration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }

    /// Microseconds since 1970, UTC: how times are stored.
    pub fn now(&self) -> i64 {
        self.timestamp().as_microsecond()
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that asks for the time")]
    pub fn timestamp(&self) -> Timestamp {
        match &self.fixed {
            Some(at) => Timestamp::from_microsecond(at.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH),
            None => Timestamp::now(),
        }
    }

    /// Today, in the operator's zone.
    pub fn today(&self) -> Date {
        self.timestamp().to_zoned(self.zone.clone()).date()
    }

    pub fn days(&self) -> Days {
        let latest = self.timestamp().to_zoned(self.latest_zone.clone()).date();
        Days { today: self.today(), latest: latest.max(self.today()) }
    }

    /// When a day begins in the operator's zone, as stored.
    pub fn start_of(&self, day: Date) -> i64 {
        day.to_zoned(self.zone.clone()).map_or(0, |zoned| zoned.timestamp().as_microsecond())
    }

    /// When the day after begins.
    pub fn end_of(&self, day: Date) -> i64 {
        day.tomorrow().map_or(i64::MAX, |next| self.start_of(next))
    }

    /// The operator's day of a stored time; nothing for a time beyond all calendars.
    pub fn day_of(&self, micros: i64) -> Option<Date> {
        Some(Timestamp::from_microsecond(micros).ok()?.to_zoned(self.zone.clone()).date())
    }

    /// The operator's day and hour as stored; an hour that a day leaves out counts as the next.
    pub fn at(&self, at: jiff::civil::DateTime) -> i64 {
        at.to_zoned(self.zone.clone()).map_or(0, |zoned| zoned.timestamp().as_microsecond())
    }

    /// The operator's day and hour of a stored time.
    pub fn civil(&self, micros: i64) -> Option<jiff::civil::DateTime> {
        Some(Timestamp::from_microsecond(micros).ok()?.to_zoned(self.zone.clone()).datetime())
    }

    /// What the operator's zone is ahead of UTC on a day, in microseconds.
    pub fn offset_on(&self, day: Date) -> i64 {
        day.to_zoned(self.zone.clone()).map_or(0, |zoned| i64::from(zoned.offset().seconds()) * 1_000_000)
    }

    /// A stored time as people read it: `03/14/2026, 2:05 PM CDT`.
    pub fn show(&self, micros: i64) -> String {
        let Ok(at) = Timestamp::from_microsecond(micros) else { return String::new() };
        at.to_zoned(self.zone.clone()).strftime("%m/%d/%Y, %-I:%M %p %Z").to_string()
    }

    /// A stored time for machines: `2026-03-14T19:05:00Z`.
    pub fn machine(&self, micros: i64) -> String {
        let whole = micros.div_euclid(1_000_000);
        Timestamp::from_second(whole).map(|at| at.to_string()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn late_evening_in_utc_is_still_the_same_day_in_chicago_and_the_next_in_guam() {
        let clock = Clock::fixed("2026-03-14T23:30:00Z".parse().unwrap());
        assert_eq!(clock.today().to_string(), "2026-03-14");
        assert_eq!(clock.days().latest.to_string(), "2026-03-15");
        assert_eq!(clock.show(clock.now()), "03/14/2026, 6:30 PM CDT");
        clock.advance(SignedDuration::from_hours(12));
        assert_eq!(clock.machine(clock.now()), "2026-03-15T11:30:00Z");
    }
}
