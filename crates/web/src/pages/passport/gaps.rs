//! How a physician's licenses stand, as the dashboard and the page about requirements show them.

use std::collections::HashMap;

use app::requirements::{Gaps, LicenseGap};
use domain::check::us_date;
use domain::credit::Completion;
use domain::reference::Reference;
use domain::requirement::{Assessment, Counted, Line, Requirement, Standing, topic_words};
use domain::{Amount, CompletionId};
use jiff::civil::Date;

use crate::pages::admin::reference::Day;
use crate::plots::{Bars, Way};

/// One license in its running cycle.
pub(super) struct LicenseView {
    /// For ids and anchors: unique on the page.
    pub(super) id: String,
    /// `California license A40123`.
    pub(super) name: String,
    pub(super) state: &'static str,
    /// Where the board's rules are read.
    pub(super) rules: String,
    pub(super) status: String,
    pub(super) is_example: bool,
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    /// What is missing and by when, or that nothing is, as one sentence.
    pub(super) said: String,
    pub(super) cycle: Option<CycleView>,
    pub(super) plot: Option<Bars>,
    pub(super) needs: Vec<Need>,
    /// What would have to be known.
    pub(super) lacking: Vec<&'static str>,
    /// What is to be said of the cycle as a whole.
    pub(super) remarks: Vec<String>,
    pub(super) trace: Vec<Explained>,
    /// Something of the cycle before can still be shown.
    pub(super) in_grace: String,
    /// What the physician entered themselves within the cycle: shown beside it, never counted.
    pub(super) own: Vec<OwnEntry>,
}

pub(super) struct CycleView {
    pub(super) from: Day,
    pub(super) until: Day,
    pub(super) due: Day,
}

/// An entry of the physician's own.
pub(super) struct OwnEntry {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) provider: String,
    pub(super) completed: Day,
    pub(super) amount: String,
    pub(super) credit_type: String,
}

/// One thing that is asked for: the hours, or a topic.
pub(super) struct Need {
    pub(super) what: String,
    pub(super) note: String,
    pub(super) required: String,
    pub(super) counted: String,
    pub(super) missing: String,
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
}

/// Why a completion counts, or does not.
pub(super) struct Explained {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) provider: String,
    pub(super) completed: Day,
    pub(super) lines: Vec<String>,
}

/// One line of what is missing, across all licenses.
pub(super) struct Missing {
    pub(super) by: Day,
    pub(super) what: String,
    pub(super) amount: String,
    pub(super) license: String,
    pub(super) href: String,
    pub(super) is_example: bool,
    pub(super) is_overdue: bool,
    on: Date,
}

pub(super) fn views(gaps: &Gaps, completions: &[Completion], reference: &Reference) -> Vec<LicenseView> {
    let by_id: HashMap<CompletionId, &Completion> = completions.iter().map(|one| (one.id, one)).collect();
    let view = |(place, gap): (usize, &LicenseGap)| license(place, gap, &gaps.credits, &by_id, reference);
    gaps.licenses.iter().enumerate().map(view).collect()
}

fn anchor(place: usize, gap: &LicenseGap) -> String {
    format!("{}-{}", gap.license.state.code().to_lowercase(), place + 1)
}

fn name(gap: &LicenseGap) -> String {
    format!("{} license {}", gap.license.state.name(), gap.license.number)
}

/// Shape and word of a standing.
fn shape(standing: Standing) -> &'static str {
    match standing {
        Standing::Met | Standing::Exempt => "good",
        Standing::NotYetDue => "waiting",
        Standing::Missing => "bad",
        Standing::NotKnown => "caution",
    }
}

fn license(
    place: usize,
    gap: &LicenseGap,
    credits: &[Counted],
    completions: &HashMap<CompletionId, &Completion>,
    reference: &Reference,
) -> LicenseView {
    let id = anchor(place, gap);
    let found = &gap.assessment;
    let requirement = gap.requirement.as_ref();
    let needs = requirement.map(|requirement| needs(requirement, found, reference)).unwrap_or_default();
    let words =
        |line: &Line| requirement.map(|requirement| line.words(requirement, credits, reference)).unwrap_or_default();
    let title = format!("{}: how far you are", name(gap));
    LicenseView {
        name: name(gap),
        state: gap.license.state.name(),
        rules: format!("/requirements/{}", gap.license.state),
        status: gap.license.status.clone(),
        is_example: requirement.is_some_and(|requirement| requirement.is_example),
        kind: shape(found.standing),
        word: found.standing.label(),
        said: said(requirement, found, reference),
        cycle: found.cycle.map(|cycle| CycleView {
            from: Day::of(cycle.from),
            until: Day::of(cycle.until),
            due: Day::of(Some(cycle.due).filter(|due| *due != cycle.until)),
        }),
        plot: requirement.and_then(|requirement| plot(&id, &title, requirement, found, reference)),
        needs,
        lacking: found.lacking.iter().map(|lacking| lacking.words()).collect(),
        remarks: found.trace.iter().filter(|line| line.credit.is_none()).map(words).collect(),
        trace: trace(credits, completions, found, words),
        in_grace: in_grace(gap, reference),
        own: Vec::new(),
        id,
    }
}

/// Completions that the cycle has to do with, the newest first.
fn trace(
    credits: &[Counted],
    completions: &HashMap<CompletionId, &Completion>,
    found: &Assessment,
    words: impl Fn(&Line) -> String,
) -> Vec<Explained> {
    let mut explained: Vec<(&Counted, Explained)> = Vec::new();
    for (at, credit) in credits.iter().enumerate() {
        let lines: Vec<String> = found.lines_of(at).map(&words).collect();
        if let Some(completion) = completions.get(&credit.completion).filter(|_| !lines.is_empty()) {
            explained.push((credit, self::explained(completion, lines)));
        }
    }
    explained.sort_by_key(|(credit, _)| std::cmp::Reverse((credit.completed_on, credit.completion)));
    explained.into_iter().map(|(_, explained)| explained).collect()
}

fn explained(completion: &Completion, lines: Vec<String>) -> Explained {
    Explained {
        href: format!("/passport/completions/{}", completion.id),
        title: completion.title.clone(),
        provider: completion.provider_name.clone(),
        completed: Day::of(completion.completed_on),
        lines,
    }
}

fn hours(amount: Amount) -> String {
    if amount == Amount::new(100) { "1 hour".to_owned() } else { format!("{amount} hours") }
}

/// What is missing: `12 hours and 2 topics`.
fn shortfall(requirement: &Requirement, found: &Assessment, reference: &Reference) -> Vec<String> {
    let total = (!found.missing.is_zero()).then(|| hours(found.missing));
    let topics = found.missing_topics(requirement, false);
    let topics = topics.map(|(topic, missing)| format!("{missing} in {}", topic_words(topic, reference)));
    total.into_iter().chain(topics).collect()
}

fn listed(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

fn said(requirement: Option<&Requirement>, found: &Assessment, reference: &Reference) -> String {
    let Some((requirement, cycle)) = requirement.zip(found.cycle) else {
        return "Nobody can say what this license needs until the following is known.".to_owned();
    };
    let missing = listed(&shortfall(requirement, found, reference));
    match found.standing {
        Standing::Met => format!("You have all that is needed in the cycle until {}.", us_date(cycle.until)),
        Standing::Exempt => format!("Nothing is needed in the cycle until {}.", us_date(cycle.until)),
        Standing::NotYetDue => format!("Still missing until {}: {missing}.", us_date(cycle.until)),
        Standing::Missing => format!("Missing since {}: {missing}.", us_date(cycle.due)),
        Standing::NotKnown => format!("{missing} may be missing."),
    }
}

fn in_grace(gap: &LicenseGap, reference: &Reference) -> String {
    let Some((requirement, found)) = &gap.in_grace else { return String::new() };
    let Some(cycle) = found.cycle else { return String::new() };
    format!(
        "In the cycle that ended on {} you lack {}. Until {} you can show credit that was completed in it.",
        us_date(cycle.until),
        listed(&shortfall(requirement, found, reference)),
        us_date(cycle.due)
    )
}

fn needs(requirement: &Requirement, found: &Assessment, reference: &Reference) -> Vec<Need> {
    if found.cycle.is_none() {
        return Vec::new();
    }
    let state = |missing: Amount, is_conditional: bool| match (missing.is_zero(), is_conditional, found.standing) {
        (true, ..) => ("good", "Met"),
        (false, true, _) => ("caution", "If it applies"),
        (false, false, Standing::Missing) => ("bad", "Missing"),
        (false, false, Standing::NotKnown) => ("caution", "Not known"),
        (false, false, _) => ("waiting", "Missing so far"),
    };
    let mut needs = Vec::new();
    if !requirement.hours.is_zero() {
        let (kind, word) = state(found.missing, false);
        let note = match found.carried.is_zero() {
            true => String::new(),
            false => format!("{} of it carried from the cycle before", found.carried.fixed()),
        };
        needs.push(Need {
            what: "Hours in all".to_owned(),
            note,
            required: found.required.fixed(),
            counted: (found.counted + found.carried).fixed(),
            missing: found.missing.fixed(),
            kind,
            word,
        });
    }
    for (topic, standing) in requirement.topics.iter().zip(&found.topics) {
        let (kind, word) = state(standing.missing, topic.is_conditional());
        let once = if topic.once { "Once, whenever it was" } else { "" };
        let notes = [once, topic.condition.as_str()];
        needs.push(Need {
            what: topic_words(topic, reference),
            note: notes.into_iter().filter(|note| !note.is_empty()).collect::<Vec<_>>().join(". "),
            required: standing.required.fixed(),
            counted: standing.counted.fixed(),
            missing: standing.missing.fixed(),
            kind,
            word,
        });
    }
    needs
}

fn plot(id: &str, title: &str, requirement: &Requirement, found: &Assessment, reference: &Reference) -> Option<Bars> {
    found.cycle?;
    let way = |label: String, done: Amount, needed: Amount| Way {
        label,
        done: done.hundredths() as f64,
        needed: needed.hundredths() as f64,
        shown: format!("{done} of {needed}"),
    };
    let total = (!found.required.is_zero())
        .then(|| way("Hours in all".to_owned(), found.counted + found.carried, found.required));
    let topics = requirement.topics.iter().zip(&found.topics).filter(|(_, standing)| !standing.required.is_zero());
    let topics =
        topics.map(|(topic, standing)| way(topic_words(topic, reference), standing.counted, standing.required));
    let ways: Vec<Way> = total.into_iter().chain(topics).collect();
    Bars::toward(format!("way-{id}"), title, &ways)
}

/// All that is missing, the earliest day first. What a condition leaves open is not among it.
pub(super) fn missing(gaps: &Gaps, reference: &Reference, today: Date) -> Vec<Missing> {
    let mut list = Vec::new();
    for (place, gap) in gaps.licenses.iter().enumerate() {
        let running = gap.requirement.as_ref().map(|requirement| (requirement, &gap.assessment));
        let before = gap.in_grace.as_ref().map(|(requirement, found)| (requirement, found));
        for (requirement, found) in before.into_iter().chain(running) {
            let Some(cycle) = found.cycle else { continue };
            // what can still be earned has until the cycle's end, what can only be shown until the end of the grace
            let by = if cycle.until < today { cycle.due } else { cycle.until };
            let mut line = |what: String, amount: Amount| {
                list.push(Missing {
                    by: Day::of(by),
                    what,
                    amount: amount.fixed(),
                    license: name(gap),
                    href: format!("/passport/requirements#{}", anchor(place, gap)),
                    is_example: requirement.is_example,
                    is_overdue: by < today,
                    on: by,
                });
            };
            if !found.missing.is_zero() {
                line("Hours in all".to_owned(), found.missing);
            }
            for (topic, amount) in found.missing_topics(requirement, false) {
                line(topic_words(topic, reference), amount);
            }
        }
    }
    list.sort_by_key(|line| line.on);
    list
}
