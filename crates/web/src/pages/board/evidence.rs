//! How one licensee stands, in words: figures, and each credit with why it counts or does not.

use std::collections::HashMap;

use app::App;
use app::licensee_lists::assessing::{Assessed, Record};
use app::licensee_lists::tables::topics_words;
use domain::CompletionId;
use domain::check::us_date;
use domain::credit::Completion;
use domain::requirement::Standing;
use store::licensee_lists::results::Standings;

pub(super) struct Figures {
    pub kind: &'static str,
    pub word: &'static str,
    pub cycle: String,
    pub required: String,
    pub counted: String,
    pub missing: String,
    pub topics: String,
}

/// Shape and word of a standing.
pub(super) fn standing(standing: Standing) -> (&'static str, &'static str) {
    let kind = match standing {
        Standing::Met => "good",
        Standing::Missing => "bad",
        Standing::NotYetDue => "waiting",
        Standing::NotKnown => "caution",
        Standing::Exempt => "closed",
    };
    (kind, standing.label())
}

impl Figures {
    pub fn of(found: &Standings) -> Self {
        let (kind, word) = standing(found.standing);
        Self {
            kind,
            word,
            cycle: cycle(found),
            required: found.required.fixed(),
            counted: found.counted.fixed(),
            missing: found.missing.fixed(),
            topics: topics_words(&found.topics),
        }
    }
}

/// `01/01/2025 to 12/31/2026`.
pub(super) fn cycle(found: &Standings) -> String {
    found
        .cycle
        .map_or_else(|| "Not known".to_owned(), |(from, until)| format!("{} to {}", us_date(from), us_date(until)))
}

/// What explains an assessment.
pub(super) struct Trace {
    /// About the cycle as a whole.
    pub cycle: Vec<String>,
    pub credits: Vec<Line>,
}

pub(super) struct Line {
    pub title: String,
    pub provider: String,
    pub date: String,
    pub machine_date: String,
    pub amount: String,
    pub why: Vec<String>,
}

impl Trace {
    /// Credits that the assessment says something of, newest first.
    pub fn of(app: &App, assessed: &Assessed<'_>, record: &Record) -> Self {
        let reference = app.reference.get();
        let assessment = &assessed.assessment;
        let mut cycle: Vec<String> = assessment.lacking.iter().map(|lacking| lacking.words().to_owned()).collect();
        let Some(requirement) = assessed.requirement else { return Self { cycle, credits: Vec::new() } };
        let words = |line: &domain::requirement::Line| line.words(requirement, &record.credits, &reference);
        cycle.extend(assessment.trace.iter().filter(|line| line.credit.is_none()).map(words));
        let known: HashMap<CompletionId, &Completion> = record.completions.iter().map(|one| (one.id, one)).collect();
        let mut credits: Vec<(jiff::civil::Date, Line)> = Vec::new();
        for (place, credit) in record.credits.iter().enumerate() {
            let why: Vec<String> = assessment.lines_of(place).map(words).collect();
            if why.is_empty() {
                continue;
            }
            let completion = known.get(&credit.completion);
            let line = Line {
                title: completion.map(|one| one.title.clone()).unwrap_or_default(),
                provider: completion.map(|one| one.provider_name.clone()).unwrap_or_default(),
                date: us_date(credit.completed_on),
                machine_date: credit.completed_on.to_string(),
                amount: credit.amount.fixed(),
                why,
            };
            credits.push((credit.completed_on, line));
        }
        credits.sort_by_key(|(day, _)| std::cmp::Reverse(*day));
        Self { cycle, credits: credits.into_iter().map(|(_, line)| line).collect() }
    }
}
