//! A notice as its form gives it: texts, to be checked all at once.

use domain::announcement::{Kind, LONGEST_BODY, LONGEST_PATH, LONGEST_TITLE, Level, Persona};
use jiff::civil::DateTime;
use store::announcements::{Announcement, Words};

use crate::error::Fault;
use crate::{App, Error, Result};

/// The fields of the form, as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    pub kind: String,
    pub level: String,
    pub title: String,
    pub body: String,
    pub path: String,
    /// Codes of personas.
    pub personas: Vec<String>,
    /// `2026-03-14T09:00` by the operator's clock.
    pub from: String,
    pub until: String,
    pub is_dismissible: bool,
    /// Of a change: show it once more to those who put it away.
    pub show_again: bool,
}

/// The longest that a notice may be shown.
const MOST_DAYS: i64 = 400;
const DAY: i64 = 24 * 3_600 * 1_000_000;

impl Given {
    /// The form of a notice that is there.
    pub fn of(app: &App, notice: &Announcement) -> Self {
        Self::of_words(app, &notice.words)
    }

    pub fn of_words(app: &App, words: &Words) -> Self {
        let at = |micros: i64| {
            let civil = app.clock.civil(micros);
            civil.map(|civil| civil.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
        };
        Self {
            kind: words.kind.code().to_owned(),
            level: words.level.code().to_owned(),
            title: words.title.clone(),
            body: words.body.clone(),
            path: words.path.clone(),
            personas: words.personas.iter().map(|persona| persona.code().to_owned()).collect(),
            from: at(words.shows_from),
            until: at(words.shows_until),
            is_dismissible: words.is_dismissible,
            show_again: false,
        }
    }

    /// The notice, if nothing is wrong with it.
    ///
    /// Errors: `Invalid` with everything that is wrong.
    pub fn words(&self, app: &App) -> Result<Words> {
        let mut faults = Vec::new();
        let kind = Kind::ALL.iter().copied().find(|kind| kind.code() == self.kind);
        if kind.is_none() {
            faults.push(Fault::new("kind", "Choose what the notice is about."));
        }
        let level = Level::ALL.iter().copied().find(|level| level.code() == self.level);
        if level.is_none() {
            faults.push(Fault::new("level", "Choose how much it matters."));
        }
        let title = self.title.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = self.body.replace("\r\n", "\n").trim().to_owned();
        faults.extend(text_fault("title", "The title", &title, LONGEST_TITLE, "120"));
        faults.extend(text_fault("body", "The text", &body, LONGEST_BODY, "2,000"));
        let path = self.path.trim().to_owned();
        if !is_own_path(&path) {
            let message = "Write the address of a page of ours, from its first slash on, such as /status.";
            faults.push(Fault::new("path", message));
        }
        let mut personas: Vec<Persona> =
            Persona::ALL.iter().copied().filter(|one| self.personas.iter().any(|code| code == one.code())).collect();
        if personas.is_empty() {
            faults.push(Fault::new("personas", "Choose whom the notice is for."));
        }
        // everybody includes all others
        if personas.contains(&Persona::Everybody) {
            personas = vec![Persona::Everybody];
        }
        let times = (moment(app, &self.from), moment(app, &self.until));
        if times.0.is_none() {
            faults.push(Fault::new("from", "Give the day and time from which it is shown."));
        }
        if times.1.is_none() {
            faults.push(Fault::new("until", "Give the day and time until which it is shown."));
        }
        if let (Some(from), Some(until)) = times {
            if until <= from {
                faults.push(Fault::new("until", "It ends before it begins. Give a later day or time."));
            } else if until - from > MOST_DAYS * DAY {
                faults.push(Fault::new("until", "A notice is shown for 400 days at most. Give an earlier day."));
            }
        }
        match (kind, level, times) {
            (Some(kind), Some(level), (Some(shows_from), Some(shows_until))) if faults.is_empty() => Ok(Words {
                kind,
                level,
                title,
                body,
                path,
                personas,
                shows_from,
                shows_until,
                is_dismissible: self.is_dismissible,
            }),
            _ => Err(Error::Invalid(faults)),
        }
    }
}

fn text_fault(field: &'static str, name: &str, text: &str, most: usize, shown: &str) -> Option<Fault> {
    let is_odd = |letter: char| {
        (letter.is_control() && letter != '\n' && letter != '\t')
            || matches!(letter, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    let message = if text.is_empty() {
        format!("{name} is missing. Write it.")
    } else if text.chars().count() > most {
        format!("{name} has more than {shown} characters. Shorten it.")
    } else if text.chars().any(is_odd) {
        format!("{name} holds characters that cannot be shown. Type it anew.")
    } else {
        return None;
    };
    Some(Fault::new(field, message))
}

/// Empty, or an address on this server that leads nowhere else.
fn is_own_path(path: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '\\' | '"' | '<' | '>');
    path.is_empty()
        || (path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= LONGEST_PATH
            && path.chars().all(is_plain))
}

/// A day and time as a browser's field sends it, by the operator's clock.
fn moment(app: &App, text: &str) -> Option<i64> {
    let text = text.trim();
    // other spellings than a browser's are nonsense
    let is_shaped = matches!(text.len(), 16 | 19) && text.as_bytes().get(10) == Some(&b'T');
    let civil: DateTime = text.parse().ok().filter(|_| is_shaped)?;
    (2000..=2999).contains(&civil.year()).then(|| app.clock.at(civil)).filter(|at| *at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_nowhere_else() {
        for path in ["", "/status", "/report/2025?x=1#top"] {
            assert!(is_own_path(path), "{path}");
        }
        for path in ["https://evil.example", "//evil.example", "/\\evil.example", "status", "/a b", "/\"x", "/é"] {
            assert!(!is_own_path(path), "{path}");
        }
        assert!(!is_own_path(&format!("/{}", "a".repeat(LONGEST_PATH))));
    }
}
