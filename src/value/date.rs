//! Civil dates. The library reads no clock.

use std::collections::BTreeSet;
use std::fmt;

use jiff::ToSpan;
use jiff::civil;

/// A civil date of the proleptic Gregorian calendar, year 1 to 9999; no time, no zone.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

impl Date {
    /// A date from its numbers; `None` when there is no such day.
    pub fn try_new(year: i16, month: i8, day: i8) -> Option<Date> {
        (1..=9999).contains(&year).then(|| civil::Date::new(year, month, day).ok().map(Date)).flatten()
    }

    /// Reads `2023-09-13`, and nothing else, up to [`Date::LAST`].
    pub fn parse(text: &str) -> Option<Date> {
        let bytes = text.as_bytes();
        let shape = bytes.len() == 10
            && bytes.iter().enumerate().all(|(at, b)| if at == 4 || at == 7 { *b == b'-' } else { b.is_ascii_digit() });
        if !shape {
            return None;
        }
        let day = Date::try_new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?);
        day.filter(|day| *day <= Date::LAST)
    }

    /// The day `days` later, or earlier when negative; `None` outside the calendar.
    pub fn plus_days(self, days: i64) -> Option<Date> {
        self.0.checked_add(i32::try_from(days).ok()?.days()).ok().map(Date).filter(|d| d.0.year() >= 1)
    }

    /// The same day `months` later, or the last day of that month when it is shorter.
    pub fn plus_months(self, months: i64) -> Option<Date> {
        self.0.checked_add(i32::try_from(months).ok()?.months()).ok().map(Date).filter(|d| d.0.year() >= 1)
    }

    /// The next day. The last day of the calendar is its own next day.
    pub fn next(self) -> Date {
        self.plus_days(1).unwrap_or(self)
    }

    /// The day before. The first day of the calendar is its own.
    pub fn previous(self) -> Date {
        self.plus_days(-1).unwrap_or(self)
    }

    /// The first day of its month.
    pub fn first_of_month(self) -> Date {
        Date(self.0.first_of_month())
    }

    /// The last day of its month.
    pub fn last_of_month(self) -> Date {
        Date(self.0.last_of_month())
    }

    /// Days since 1970-01-01, negative before.
    pub fn day_number(self) -> i32 {
        const EPOCH: civil::Date = civil::date(1970, 1, 1);
        (self.0 - EPOCH).get_days()
    }

    /// The day with that number.
    pub fn from_day_number(days: i32) -> Option<Date> {
        Date(civil::date(1970, 1, 1)).plus_days(i64::from(days))
    }

    /// The year.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, from 1.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, from 1.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// The first day of the calendar.
    pub const MIN: Date = Date(civil::date(1, 1, 1));
    /// The last day that can be stated: on the day after it ends what has no other end.
    pub const LAST: Date = Date(civil::date(9999, 12, 30));
    /// The last day of the calendar.
    pub const MAX: Date = Date(civil::date(9999, 12, 31));

    fn is_weekend(self) -> bool {
        matches!(self.0.weekday(), civil::Weekday::Saturday | civil::Weekday::Sunday)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl serde::Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Working days: all but Saturdays, Sundays and declared holidays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkingDays {
    /// Days that are not worked.
    pub holidays: BTreeSet<Date>,
}

impl WorkingDays {
    /// The day that is `count` working days after `from`, or before it when negative.
    pub fn plus(&self, from: Date, count: i64) -> Option<Date> {
        let step = if count < 0 { -1 } else { 1 };
        let mut left = count.unsigned_abs();
        let mut day = from;
        while left > 0 {
            day = day.plus_days(step)?;
            if !day.is_weekend() && !self.holidays.contains(&day) {
                left -= 1;
            }
        }
        Some(day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_clamp_and_days_count() {
        let day = Date::parse("2017-01-31").unwrap();
        assert_eq!(day.plus_months(1).unwrap().to_string(), "2017-02-28");
        assert_eq!(Date::parse("2017-09-11").unwrap().plus_days(120).unwrap().to_string(), "2018-01-09");
        assert_eq!(Date::from_day_number(day.day_number()), Some(day));
        assert_eq!(Date::parse("2017-02-29"), None);
        assert_eq!(Date::parse("17-02-28"), None);
    }

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let friday = Date::parse("2023-09-15").unwrap();
        let mut days = WorkingDays::default();
        assert_eq!(days.plus(friday, 1).unwrap().to_string(), "2023-09-18");
        days.holidays.insert(Date::parse("2023-09-18").unwrap());
        assert_eq!(days.plus(friday, 1).unwrap().to_string(), "2023-09-19");
        assert_eq!(days.plus(friday, -5).unwrap().to_string(), "2023-09-08");
    }
}
