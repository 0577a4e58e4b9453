//! What the accreditor's staff do with providers, boards and accounts: create and edit, decide how a provider stands,
//! invite and remove people, disable an account.
//!
//! Decisions about standing take the ledger's lock first, in the line in which recorders stand: a chunk of an upload is
//! either on record before the decision or refused by it, never half.

pub mod boards;
pub mod directory;
pub mod people;
pub mod providers;
pub mod standings;
pub mod users;

use domain::AccountId;
use domain::access::{Actor, StaffScope, Who};
use jiff::civil::Date;

use crate::{Error, Fault, Result};

/// The accreditor's staff, and who of them.
fn staff(actor: &Actor) -> Result<(StaffScope, AccountId)> {
    match (actor.staff(), actor.who) {
        (Some(scope), Who::Account(account)) => Ok((scope, account)),
        _ => Err(Error::Forbidden("only the accreditor's staff does this")),
    }
}

/// Gathers the faults of a form, so that all of them are told at once.
#[derive(Default)]
struct Form {
    faults: Vec<Fault>,
}

impl Form {
    fn fault(&mut self, field: &'static str, message: impl Into<String>) {
        self.faults.push(Fault::new(field, message));
    }

    /// A text on one line, trimmed, of at most `most` letters. `missing`: what is said of an empty one; empty text is
    /// fine where nothing is.
    fn line(&mut self, field: &'static str, text: &str, most: usize, missing: &str) -> String {
        let text = text.trim();
        if text.is_empty() && !missing.is_empty() {
            self.fault(field, missing);
        } else if text.chars().count() > most {
            self.fault(field, format!("This is longer than {most} letters. Shorten it."));
        } else if text.chars().any(char::is_control) {
            self.fault(field, "This holds characters that cannot be seen. Type it again.");
        }
        text.to_owned()
    }

    /// Words of some lines.
    fn words(&mut self, field: &'static str, text: &str, most: usize, missing: &str) -> String {
        let text = text.trim().replace("\r\n", "\n");
        if text.is_empty() && !missing.is_empty() {
            self.fault(field, missing);
        } else if text.chars().count() > most {
            self.fault(field, format!("This is longer than {most} letters. Shorten it."));
        } else if text.chars().any(|c| c.is_control() && c != '\n') {
            self.fault(field, "This holds characters that cannot be seen. Type it again.");
        }
        text
    }

    fn email(&mut self, field: &'static str, text: &str, needed: bool) -> String {
        let text = text.trim();
        if text.is_empty() && !needed {
            return String::new();
        }
        if let Err(Error::Invalid(faults)) = crate::accounts::check_email(text) {
            self.faults.extend(faults.into_iter().map(|fault| Fault { field, ..fault }));
        }
        text.to_owned()
    }

    /// A whole address of the web, or nothing.
    fn website(&mut self, field: &'static str, text: &str) -> String {
        let text = text.trim();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.unwrap_or_default().split(['/', '?', '#']).next().unwrap_or_default();
        let is_plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'\\".contains(c));
        let has_host = host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.');
        let is_address = text.is_empty() || (has_host && is_plain && text.len() <= 300);
        if !is_address {
            self.fault(field, "Write the whole address, such as https://www.example.org.");
        }
        text.to_owned()
    }

    fn phone(&mut self, field: &'static str, text: &str) -> String {
        let text = text.trim();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let is_written = text.chars().all(|c| c.is_ascii_alphanumeric() || " +-().,/".contains(c));
        let is_number = text.is_empty() || (is_written && (7..=20).contains(&digits) && text.len() <= 40);
        if !is_number {
            self.fault(field, "Write a telephone number, such as (414) 555-0100 or +1 414 555 0100 ext. 12.");
        }
        text.to_owned()
    }

    /// A day as browsers send it, or as people write it. `missing` as for lines.
    fn day(&mut self, field: &'static str, text: &str, missing: &str) -> Option<Date> {
        let text = text.trim();
        if text.is_empty() {
            if !missing.is_empty() {
                self.fault(field, missing);
            }
            return None;
        }
        let day = text.parse().ok().or_else(|| Date::strptime("%m/%d/%Y", text).ok());
        let day = day.filter(|day: &Date| (1900..=2200).contains(&day.year()));
        if day.is_none() {
            self.fault(field, "This is not a date. Write it as MM/DD/YYYY.");
        }
        day
    }

    fn done(self) -> Result<()> {
        if self.faults.is_empty() { Ok(()) } else { Err(Error::Invalid(self.faults)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_address_number_or_date_is_refused_beside_its_field() {
        for good in ["", "https://www.example.org", "http://a.example/b?c=d#e"] {
            let mut form = Form::default();
            assert_eq!(form.website("website", good), good);
            assert_eq!(form.faults, [], "{good}");
        }
        for bad in [
            "www.example.org",
            "javascript:alert(1)",
            "https://",
            "https://a",
            "https://u@a.b\"",
            "ftp://a.b",
            "https://a.b c",
        ] {
            let mut form = Form::default();
            form.website("website", bad);
            assert_eq!(form.faults.len(), 1, "{bad}");
        }
        for (phone, faults) in
            [("", 0), ("(414) 555-0100", 0), ("+1 414 555 0100 ext. 12", 0), ("call me", 1), ("12", 1)]
        {
            let mut form = Form::default();
            form.phone("phone", phone);
            assert_eq!(form.faults.len(), faults, "{phone}");
        }
        for (day, is_day) in [("2026-11-23", true), ("11/23/2026", true), ("2026-02-30", false), ("9999-01-01", false)]
        {
            assert_eq!(Form::default().day("from", day, "").is_some(), is_day, "{day}");
        }
    }
}
