//! What is said of an issued transcript or certificate, in words: one standing, and the facts that its holder can
//! compare with the paper.

use app::App;
use app::transcripts::range_words;
use app::verification::{Changes, Validity, Verified};
use domain::check::us_date;

use crate::When;

/// Read by `verify/facts.html` and the pages around it.
pub(super) struct Shown {
    /// `transcript` or `certificate`.
    pub what: &'static str,
    pub code: String,
    /// `Valid`, `Corrected since` or `Withdrawn`.
    pub word: &'static str,
    /// How an alert says it: success, warning, error.
    pub kind: &'static str,
    pub sentence: String,
    pub issued: When,
    /// Label and value.
    pub facts: Vec<(String, String)>,
}

impl Shown {
    pub fn of(app: &App, verified: &Verified) -> Self {
        let what = if verified.certified.is_some() { "certificate" } else { "transcript" };
        let (word, kind, sentence) = standing(what, verified.validity);
        Self {
            what,
            code: verified.code.clone(),
            word,
            kind,
            sentence,
            issued: When::of(app, verified.issued_at),
            facts: facts(app, verified),
        }
    }
}

fn standing(what: &str, validity: Validity) -> (&'static str, &'static str, String) {
    match validity {
        Validity::Valid => {
            let all = format!("Every credit on this {what} is still on record as it was when it was issued.");
            ("Valid", "success", all)
        }
        Validity::Corrected(since) => {
            let sentence =
                format!("Since this {what} was issued, {}. Ask the physician for a new one.", changes(since));
            ("Corrected since", "warning", sentence)
        }
        Validity::Withdrawn(since) => {
            let sentence = format!("Nothing that this {what} counts is on record any more: {}.", changes(since));
            ("Withdrawn", "error", sentence)
        }
    }
}

fn facts(app: &App, verified: &Verified) -> Vec<(String, String)> {
    let fact = |label: &str, value: String| (label.to_owned(), value);
    let mut facts = vec![fact("Physician’s initials", verified.initials.clone())];
    match &verified.certified {
        Some(certified) => facts.extend([
            fact("Activity", certified.title.clone()),
            fact("Provider", certified.provider.clone()),
            fact("Completed", us_date(certified.completed_on)),
        ]),
        None => {
            facts.push(fact("Completion dates", range_words(&verified.filter, &app.reference.get())));
            facts.push(fact("Credits listed", verified.credits.to_string()));
        }
    }
    facts.extend(verified.totals.iter().map(|total| (total.label.clone(), total.amount.fixed())));
    facts
}

fn changes(since: Changes) -> String {
    let some = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 credit was {what}")),
        count => Some(format!("{count} credits were {what}")),
    };
    let parts = [
        some(since.withdrawn, "withdrawn by the provider"),
        some(since.replaced, "corrected by the provider"),
        some(since.rejected, "rejected by a certifying board"),
        some(since.moved, "found to be another physician’s"),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_said_in_words() {
        assert_eq!(changes(Changes { withdrawn: 1, ..Changes::default() }), "1 credit was withdrawn by the provider");
        assert_eq!(
            changes(Changes { replaced: 2, rejected: 1, ..Changes::default() }),
            "2 credits were corrected by the provider and 1 credit was rejected by a certifying board"
        );
    }
}
