//! What a physician fills in to share a transcript, and whether it can be meant.

use domain::State;
use domain::credit::Kind;
use domain::transcript::Filter;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use store::organizations::LicensingBoard;
use store::shares::{Recipient, Terms};

use crate::accounts::check_email;
use crate::clock::HOUR;
use crate::{App, Error, Fault, Result};

/// For how long a share may last, in days, with the words of the form; `date` names the day itself.
pub const ENDS: &[(&str, &str)] = &[
    ("7", "7 days"),
    ("30", "30 days"),
    ("90", "90 days"),
    ("365", "1 year"),
    ("date", "Until a date that you choose"),
];
/// A year, with the day on which it ends.
const LONGEST_DAYS: i64 = 366;
const MOST_OPENINGS: i64 = 1_000;
const LONGEST_NAME: usize = 100;
const LONGEST_MESSAGE: usize = 1_000;

/// Kinds of recipients.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    Board,
    Email,
    Link,
}

impl To {
    pub fn read(code: &str) -> Option<Self> {
        match code {
            "board" => Some(Self::Board),
            "email" => Some(Self::Email),
            "link" => Some(Self::Link),
            _ => None,
        }
    }
}

/// The form as it was typed. A checkbox holds `yes` or nothing.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Given {
    /// `board`, `email` or `link`.
    pub to: String,
    /// Of the licensing board.
    pub state: String,
    pub name: String,
    pub email: String,
    /// Only this recipient: they must confirm the address.
    pub asks_code: String,
    pub from: String,
    pub until: String,
    /// Empty, `CME` or a board's code.
    pub kind: String,
    pub numbers: String,
    pub downloads: String,
    /// One of [`ENDS`].
    pub ends: String,
    pub ends_on: String,
    /// Empty for as often as they like.
    pub openings: String,
    pub message: String,
}

impl Given {
    /// What an empty form proposes.
    pub fn proposed(to: &str) -> Self {
        let yes = || "yes".to_owned();
        Self {
            to: to.to_owned(),
            asks_code: yes(),
            numbers: yes(),
            downloads: yes(),
            ends: "30".to_owned(),
            ..Self::default()
        }
    }

    /// All faults at once, each beside its field.
    pub(super) fn terms(&self, app: &App, boards: &[LicensingBoard]) -> Result<Terms> {
        let mut faults = Vec::new();
        let mut keep = |error: Error| match error {
            Error::Invalid(found) => faults.extend(found),
            other => faults.push(Fault::new("to", other.to_string())),
        };
        let recipient = self.recipient(boards).map_err(&mut keep).ok();
        let filter = self.filter().map_err(&mut keep).ok();
        let expires_at = self.expires_at(app).map_err(&mut keep).ok();
        let most_openings = self.most_openings().map_err(&mut keep).ok();
        let message = self.message.trim().replace("\r\n", "\n");
        if message.chars().count() > LONGEST_MESSAGE {
            keep(Error::invalid("message", format!("Write at most {LONGEST_MESSAGE} characters.")));
        }
        match (recipient, filter, expires_at, most_openings) {
            (Some(recipient), Some(filter), Some(expires_at), Some(most_openings)) if faults.is_empty() => {
                let for_board = matches!(recipient, Recipient::Board(_));
                Ok(Terms {
                    recipient,
                    message,
                    filter,
                    shows_numbers: self.numbers == "yes",
                    allows_downloads: self.downloads == "yes",
                    expires_at,
                    most_openings: most_openings.filter(|_| !for_board),
                })
            }
            _ => Err(Error::Invalid(faults)),
        }
    }

    fn recipient(&self, boards: &[LicensingBoard]) -> Result<Recipient> {
        let name = self.name.trim().to_owned();
        let is_long = name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control);
        let check_name = || match is_long {
            true => {
                Err(Error::invalid("name", format!("Enter a name of at most {LONGEST_NAME} letters, on one line.")))
            }
            false => Ok(()),
        };
        match To::read(&self.to) {
            Some(To::Board) => {
                let state = State::read(self.state.trim()).filter(|state| boards.iter().any(|one| one.state == *state));
                state.map(Recipient::Board).ok_or_else(|| Error::invalid("state", "Choose a licensing board."))
            }
            Some(To::Email) => {
                check_name()?;
                let email = check_email(&self.email)?.to_owned();
                Ok(Recipient::Email { name, email, asks_code: self.asks_code == "yes" })
            }
            Some(To::Link) => check_name().map(|()| Recipient::Link { name }),
            None => Err(Error::invalid("to", "Choose whom the transcript is for.")),
        }
    }

    fn filter(&self) -> Result<Filter> {
        let date = |field, text: &str| match text.trim() {
            "" => Ok(None),
            text => {
                text.parse::<Date>().map(Some).map_err(|_| Error::invalid(field, "Enter a date, or leave it empty."))
            }
        };
        let (from, until) = (date("from", &self.from)?, date("until", &self.until)?);
        if matches!((from, until), (Some(from), Some(until)) if until < from) {
            return Err(Error::invalid("until", "The last date is before the first."));
        }
        let kind = match self.kind.trim() {
            "" => None,
            text => {
                let kind = Kind::read(text).filter(|kind| *kind != Kind::Rems);
                Some(kind.ok_or_else(|| Error::invalid("kind", "Choose from the list."))?)
            }
        };
        Ok(Filter { from, until, kind, ..Filter::default() })
    }

    /// When a share that is made or extended now ends.
    pub(super) fn expires_at(&self, app: &App) -> Result<i64> {
        let today = app.clock.today();
        if self.ends == "date" {
            let day: Option<Date> = self.ends_on.trim().parse().ok();
            let last = today.saturating_add(LONGEST_DAYS.days());
            let day = day.filter(|day| today <= *day && *day <= last);
            let day = day.ok_or_else(|| Error::invalid("ends_on", "Enter a date within a year from today."))?;
            return Ok(app.clock.end_of(day));
        }
        let is_offered = ENDS.iter().any(|(code, _)| *code == self.ends);
        let days: Option<i64> = self.ends.parse().ok().filter(|_| is_offered);
        let days = days.ok_or_else(|| Error::invalid("ends", "Choose for how long."))?;
        Ok(app.clock.now() + days * 24 * HOUR)
    }

    fn most_openings(&self) -> Result<Option<i64>> {
        match self.openings.trim() {
            "" => Ok(None),
            text => {
                let number: Option<i64> = text.parse().ok().filter(|number| (1..=MOST_OPENINGS).contains(number));
                let message = format!("Enter a number from 1 to {MOST_OPENINGS}, or leave it empty.");
                number.map(Some).ok_or_else(|| Error::invalid("openings", message))
            }
        }
    }
}
