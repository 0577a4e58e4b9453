//! A webinar as a calendar file (RFC 5545): with an hour, in UTC, unlike activities.

use crate::pages::activities::calendar::{text, written};

/// A webinar as the calendar has it. Times are microseconds.
pub(super) struct Meeting<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub about: &'a str,
    pub starts_at: i64,
    pub minutes: i64,
    /// Where to join, or the page.
    pub link: &'a str,
    pub changed_at: i64,
}

/// `20260314T190500Z`.
fn instant(micros: i64) -> String {
    let at = jiff::Timestamp::from_second(micros.div_euclid(1_000_000)).unwrap_or_default();
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}

pub(super) fn file(meeting: &Meeting<'_>) -> String {
    let ends_at = meeting.starts_at.saturating_add(meeting.minutes.saturating_mul(60_000_000));
    written(vec![
        "BEGIN:VEVENT".to_owned(),
        format!("UID:webinar-{}@credence", meeting.id),
        format!("DTSTAMP:{}", instant(meeting.changed_at)),
        format!("DTSTART:{}", instant(meeting.starts_at)),
        format!("DTEND:{}", instant(ends_at)),
        format!("SUMMARY:{}", text(meeting.title)),
        format!("DESCRIPTION:{}", text(&format!("{}\n\n{}", meeting.about, meeting.link))),
        format!("URL:{}", meeting.link),
        "END:VEVENT".to_owned(),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webinar_has_its_hour_and_adds_no_line() {
        let meeting = Meeting {
            id: "1",
            title: "Year-end;\r\nEND:VCALENDAR",
            about: "All, of it",
            starts_at: 1_773_515_100_000_000,
            minutes: 45,
            link: "https://meet.example/1",
            changed_at: 0,
        };
        let file = file(&meeting);
        for line in ["DTSTART:20260314T190500Z", "DTEND:20260314T195000Z", "SUMMARY:Year-end\\;\\nEND:VCALENDAR"] {
            assert!(file.contains(&format!("{line}\r\n")), "{file}");
        }
        assert_eq!(file.matches("\r\nEND:VCALENDAR").count(), 1, "{file}");
    }
}
