//! Activities as a calendar file (RFC 5545): all-day, since activities have dates and no hours. Where
//! learners do not meet, the calendar gets the last day.

use domain::activity::Activity;

/// Octets of a line; a longer one goes on in the next, after a space.
const LINE: usize = 75;

/// An activity as the calendar has it.
pub(crate) struct Event<'a> {
    pub activity: &'a Activity,
    pub provider: &'a str,
    pub place: &'a str,
    pub address: &'a str,
    /// An instant such as `2026-03-14T19:05:00Z`.
    pub changed: &'a str,
}

/// A calendar with these events.
pub(crate) fn file<'a>(events: impl IntoIterator<Item = Event<'a>>) -> String {
    written(events.into_iter().flat_map(|event| event.lines()))
}

/// A calendar around the lines of its events.
pub(crate) fn written(events: impl IntoIterator<Item = String>) -> String {
    let first = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Credence//Activities//EN"].map(str::to_owned);
    let lines = first.into_iter().chain(events).chain(["END:VCALENDAR".to_owned()]);
    lines.map(|line| folded(&line)).collect()
}

impl Event<'_> {
    fn lines(&self) -> Vec<String> {
        let Self { activity, provider, place, address, changed } = self;
        let is_live = activity.format.is_live();
        let first = if is_live { activity.starts_on } else { activity.ends_on };
        // the day on which it is over: the end is not part of an event
        let after = activity.ends_on.tomorrow().unwrap_or(activity.ends_on);
        let summary = if is_live { activity.title.clone() } else { format!("Last day: {}", activity.title) };
        let about = format!("{provider}\n\n{}\n\n{address}", activity.description);
        let stamp: String = changed.chars().filter(|letter| !matches!(letter, '-' | ':')).collect();
        let mut lines = vec![
            "BEGIN:VEVENT".to_owned(),
            format!("UID:activity-{}@credence", activity.id),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", first.strftime("%Y%m%d")),
            format!("DTEND;VALUE=DATE:{}", after.strftime("%Y%m%d")),
            format!("SUMMARY:{}", text(&summary)),
            format!("DESCRIPTION:{}", text(&about)),
            format!("URL:{address}"),
        ];
        if !place.is_empty() {
            lines.push(format!("LOCATION:{}", text(place)));
        }
        lines.extend(["TRANSP:TRANSPARENT", "END:VEVENT"].map(str::to_owned));
        lines
    }
}

/// A text value: what has a meaning in the file is escaped, other control letters go.
pub(crate) fn text(given: &str) -> String {
    let mut out = String::new();
    for letter in given.replace("\r\n", "\n").chars() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut length = 0;
    for letter in line.chars() {
        if length + letter.len_utf8() > LINE {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(letter);
        length += letter.len_utf8();
    }
    out + "\r\n"
}

#[cfg(test)]
mod tests {
    use domain::activity::Format;
    use jiff::civil::date;

    use super::*;

    fn lines(format: Format, title: &str) -> String {
        let provider = "0001234".parse().unwrap();
        let (first, last) = (date(2026, 12, 30), date(2026, 12, 31));
        let activity = Activity {
            description: "Rest, rate; rhythm.\r\nEND:VCALENDAR".into(),
            ..Activity::draft(app::activities::no_id(), provider, title, format, first, last)
        };
        let event = Event {
            activity: &activity,
            provider: "Harborview",
            place: "Reno, Nevada",
            address: "https://c.example/activities/1",
            changed: "2026-03-14T19:05:00Z",
        };
        file([event])
    }

    #[test]
    fn an_event_lasts_to_the_end_of_its_last_day() {
        let file = lines(Format::LiveCourse, "Hearts");
        for line in ["DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270101", "DTSTAMP:20260314T190500Z"] {
            assert!(file.contains(&format!("{line}\r\n")), "{file}");
        }
        let file = lines(Format::EnduringMaterial, "Hearts");
        assert!(
            file.contains("DTSTART;VALUE=DATE:20261231\r\n") && file.contains("SUMMARY:Last day: Hearts"),
            "{file}"
        );
    }

    #[test]
    fn no_text_can_add_a_line() {
        let file = lines(Format::LiveCourse, &format!("é\nBEGIN:VEVENT\r{}", "ü".repeat(200)));
        let whole = file.replace("\r\n ", "");
        assert_eq!(whole.matches("\r\n").count(), 15, "{whole}");
        assert!(!whole.replace("\r\n", "").contains(['\r', '\n']));
        assert!(file.split("\r\n").all(|line| line.len() <= LINE), "{file}");
    }
}
