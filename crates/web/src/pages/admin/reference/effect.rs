//! What a change would do, in plain words: what is different, who holds it, what would be refused.
//! Every number was counted; see `app::reference::Effect`.

use app::App;
use app::reference::{Broken, Change, Effect};
use domain::check::us_date;
use domain::reference::List;
use store::reference::Stages;

use super::acts::Shown;
use super::differences::{self, Difference};
use super::{Day, setting_words};
use crate::Result;
use crate::pages::uploads::grouped;

pub(super) struct EffectView {
    pub(super) from: Day,
    pub(super) differences: Vec<Difference>,
    /// Whole sentences about what it means and who is concerned.
    pub(super) sentences: Vec<String>,
    pub(super) findings: Vec<Finding>,
    /// How many activities were judged, in words.
    pub(super) judged: String,
    pub(super) mark: String,
    pub(super) is_again: bool,
}

pub(super) struct Finding {
    /// Shape of the status: bad, caution or good.
    pub(super) kind: &'static str,
    pub(super) word: &'static str,
    pub(super) text: String,
    /// What providers are told to do.
    pub(super) remedy: &'static str,
    /// Title, ID and provider's ID of the first few activities.
    pub(super) examples: Vec<(String, String, String)>,
    pub(super) more: String,
}

impl EffectView {
    pub(super) async fn of(app: &App, change: &Change, shown: Shown) -> Result<Self> {
        let (mut kept, _) = store::reference::kept(&mut app.store.read().await?).await?;
        let effect = shown.effect;
        let differences = effect.entries.iter().flat_map(|entry| differences::put(&mut kept, entry)).collect();
        let mut sentences = meaning(app, change, &effect);
        sentences.extend(concerned(change, &effect));
        Ok(Self {
            from: Day::of(effect.from),
            differences,
            sentences,
            findings: findings(&effect),
            judged: counted(effect.judged.total(), "activity that is not closed", "activities that are not closed"),
            mark: shown.mark,
            is_again: shown.is_again,
        })
    }
}

fn counted(count: i64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(count)) }
}

/// `3 activities (1 draft, 2 open)`.
fn activities(stages: Stages) -> String {
    let parts =
        [(stages.drafts, "draft", "drafts"), (stages.open, "open", "open"), (stages.closed, "closed", "closed")];
    let parts: Vec<String> =
        parts.iter().filter(|(count, ..)| *count > 0).map(|(count, one, many)| counted(*count, one, many)).collect();
    let total = counted(stages.total(), "activity", "activities");
    if parts.is_empty() { total } else { format!("{total} ({})", parts.join(", ")) }
}

fn meaning(app: &App, change: &Change, effect: &Effect) -> Vec<String> {
    let today = app.clock.today();
    let day = us_date(effect.from);
    let mut said = Vec::new();
    match change {
        Change::Add(item) if item.list == List::RejectionReasons => {
            said.push(format!("Boards can choose it from {day} on, and their programs and rules too."));
        }
        Change::End { key, last } if key.list == List::RejectionReasons => said.push(format!(
            "Boards can no longer choose it after {}; a rule with it leaves the credit to the board’s people. Credit that \
             was rejected for it keeps its words.",
            us_date(*last)
        )),
        Change::BringBack { key, .. } if key.list == List::RejectionReasons => {
            said.push(format!("Boards can choose it again from {day} on."));
        }
        Change::Add(item) => said.push(match item.valid_from {
            Some(from) => format!("Activities that run on {} or later can choose it.", us_date(from)),
            None => "Activities of any date can choose it, from now on.".to_owned(),
        }),
        Change::Rename { name, .. } => said.push(format!(
            "From {day} on, pages and templates say “{name}”. Files that write the old name or the code are still \
             understood, and activities that hold it keep it.",
            name = name.trim(),
        )),
        Change::End { last, .. } => said.push(format!(
            "Activities that begin after {} can no longer choose it, by form, file or web service. Those that begin \
             by then keep it.",
            us_date(*last)
        )),
        Change::BringBack { .. } => said.push(format!("Activities that run on {day} or later can choose it again.")),
        Change::TakeBackItem { .. } | Change::TakeBackBoard { .. } | Change::TakeBackSettings { .. } => {
            said.push(format!("What was planned for {day} does not happen; what is in force before goes on."));
        }
        Change::Board { from, until, .. } => {
            if from.is_some_and(|from| from >= today) {
                said.push(format!(
                    "Completions on {day} or later are judged by these rules, whenever they are reported; earlier ones \
                     by the rules before. Credit on record stays as it is."
                ));
            } else {
                said.push(
                    "This corrects rules that are in force: reports from now on are judged by the corrected rules, also \
                     for earlier completions. Credit on record stays as it is."
                        .to_owned(),
                );
            }
            said.extend(until.map(|until| format!("The board takes no completions after {}.", us_date(until))));
        }
        Change::Settings { values, .. } => {
            let group = values.first().and_then(|(name, _)| setting_words::group_of(name));
            said.extend(group.map(|group| group.counted_by.to_owned()));
        }
    }
    said
}

fn concerned(change: &Change, effect: &Effect) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(holding) = effect.holding {
        said.push(match holding.total() {
            0 => "No activity holds it.".to_owned(),
            1 => format!("{} holds it.", activities(holding)),
            _ => format!("{} hold it.", activities(holding)),
        });
        if holding.closed > 0 {
            said.push("Closed activities keep it, whatever becomes of it.".to_owned());
        }
    }
    if let Some(registered) = effect.registered {
        said.push(match registered.total() {
            0 => "No activity is registered with this board.".to_owned(),
            1 => format!("{} is registered with this board.", activities(registered)),
            _ => format!("{} are registered with this board.", activities(registered)),
        });
    }
    if let Some(credits) = effect.credits {
        let at_most = |count: i64| {
            let more = if count >= store::reference::MOST_COUNTED { "or more " } else { "" };
            format!("{} {more}", grouped(count))
        };
        said.push(format!(
            "On record are {}accepted and {}pending credits of the board.",
            at_most(credits.accepted),
            at_most(credits.pending)
        ));
    }
    let names: Vec<&str> = match change {
        Change::Settings { values, .. } => values.iter().map(|(name, _)| name.as_str()).collect(),
        Change::TakeBackSettings { names, .. } => names.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    let is_of_years = names.iter().any(|name| name.starts_with("year_due") || *name == "agreement");
    if let Some((year, years)) = effect.year.filter(|_| is_of_years) {
        said.push(format!(
            "For {year}, {} of {} have accepted the agreement and {} submitted the Program Summary.",
            grouped(years.agreed),
            counted(years.providers, "provider", "providers"),
            if years.submitted == 0 { "none has".to_owned() } else { format!("{} have", grouped(years.submitted)) },
        ));
    }
    said
}

fn findings(effect: &Effect) -> Vec<Finding> {
    let mut list = Vec::new();
    let mut add = |kind, word, broken: &[Broken], text: &dyn Fn(&Broken) -> String| {
        list.extend(broken.iter().map(|one| finding(kind, word, one, text(one))));
    };
    add("bad", "Refused", &effect.broken, &|one| {
        format!("{} could no longer be saved or closed as they are: {}.", activities(one.activities), lower(one.title))
    });
    add("bad", "Refused", &effect.refused, &|one| {
        format!("Learners of {} would be refused: {}.", activities(one.activities), lower(one.title))
    });
    add("caution", "Warned about", &effect.warned, &|one| {
        format!("{} would be warned about: {}.", activities(one.activities), lower(one.title))
    });
    add("good", "No longer refused", &effect.mended, &|one| {
        format!("{} could be saved and closed again: {}.", activities(one.activities), lower(one.title))
    });
    add("good", "No longer refused", &effect.taken, &|one| {
        format!("Learners of {} would be taken again: {}.", activities(one.activities), lower(one.title))
    });
    list
}

fn finding(kind: &'static str, word: &'static str, broken: &Broken, text: String) -> Finding {
    let named = i64::try_from(broken.examples.len()).unwrap_or(i64::MAX);
    let rest = broken.activities.total() - named;
    Finding {
        kind,
        word,
        text,
        remedy: broken.remedy,
        more: if rest > 0 { format!("and {} more", grouped(rest)) } else { String::new() },
        examples: broken
            .examples
            .iter()
            .map(|example| (example.title.clone(), example.id.to_string(), example.provider.to_string()))
            .collect(),
    }
}

/// A title within a sentence, unless it begins with an abbreviation.
fn lower(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(title.chars().skip(1)).collect()
        }
        _ => title.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_said_by_stage() {
        assert_eq!(activities(Stages { drafts: 1, open: 1_200, closed: 0 }), "1,201 activities (1 draft, 1,200 open)");
        assert_eq!(activities(Stages { drafts: 0, open: 0, closed: 1 }), "1 activity (1 closed)");
        assert_eq!(activities(Stages::default()), "0 activities");
        assert_eq!((lower("Not in the list"), lower("MOC unknown")), ("not in the list".into(), "MOC unknown".into()));
    }
}
