//! What a version would mean, in plain words and counts, before it is saved.

use app::requirements::{Counts, Effect, MOST_PREVIEWED};
use domain::check::us_date;
use domain::reference::Reference;
use domain::requirement::{Requirement, Standing};
use jiff::civil::Date;

use crate::pages::admin::reference::Day;
use crate::pages::admin::reference::differences::{Difference, differences, of_requirement};
use crate::pages::uploads::grouped;

pub(super) struct EffectView {
    pub(super) from: Day,
    pub(super) differences: Vec<Difference>,
    pub(super) sentences: Vec<String>,
    /// How licenses stand: words, before, after.
    pub(super) rows: Vec<(&'static str, String, String)>,
    /// What must come back for the version to be saved.
    pub(super) mark: String,
    /// It was to be saved, but something was typed since it was shown.
    pub(super) is_again: bool,
}

impl EffectView {
    pub(super) fn of(
        effect: &Effect,
        requirement: &Requirement,
        from: Date,
        reference: &Reference,
        mark: String,
        is_again: bool,
    ) -> Self {
        let state = requirement.state;
        let before = reference.requirements(state).iter().rev().find(|version| version.from <= from);
        let before = before.map(|version| of_requirement(&version.value, reference)).unwrap_or_default();
        Self {
            from: Day::of(from),
            differences: differences(&before, &of_requirement(requirement, reference)),
            sentences: sentences(effect, from),
            rows: rows(&effect.before, &effect.after),
            mark,
            is_again,
        }
    }
}

fn counted(count: i64) -> String {
    if count == 1 { "1 license".to_owned() } else { format!("{} licenses", grouped(count)) }
}

fn sentences(effect: &Effect, from: Date) -> Vec<String> {
    let day = us_date(from);
    let looked_at = match effect.is_cut {
        true => format!(
            "Counted on {} of your licensees with the lowest license numbers; you have more.",
            grouped(i64::try_from(MOST_PREVIEWED).unwrap_or(i64::MAX))
        ),
        false => format!("Counted on all your licensees: {}.", counted(effect.judged)),
    };
    let mut said = vec![
        format!("It counts for every cycle that ends on {day} or later, as a whole, also for cycles that run today."),
        looked_at,
    ];
    if effect.judged > 0 {
        said.push(match effect.concerned {
            0 => "No cycle that runs today would be judged by it.".to_owned(),
            count => format!("The running cycle of {} would be judged by it.", counted(count)),
        });
    }
    if effect.newly_short > 0 {
        said.push(format!("{} that have what is asked for today would lack something.", counted(effect.newly_short)));
    }
    if effect.newly_met > 0 {
        said.push(format!("{} that lack something today would lack nothing.", counted(effect.newly_met)));
    }
    said
}

fn rows(before: &Counts, after: &Counts) -> Vec<(&'static str, String, String)> {
    let row = |standing: Standing, before: i64, after: i64| (standing.label(), grouped(before), grouped(after));
    vec![
        row(Standing::Met, before.met, after.met),
        row(Standing::NotYetDue, before.not_yet_due, after.not_yet_due),
        row(Standing::Missing, before.missing, after.missing),
        row(Standing::Exempt, before.exempt, after.exempt),
        row(Standing::NotKnown, before.not_known, after.not_known),
    ]
}
