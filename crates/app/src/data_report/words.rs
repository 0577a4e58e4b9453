//! A year in plain words, and what a file says of itself.

use domain::activity::Format;
use formats::tables::Figure;

use super::figures::{By, Line, Shown};
use super::{Snapshot, figures};
use crate::App;

/// On what terms the published figures may be used.
pub struct License;

impl License {
    pub const NAME: &'static str = "Creative Commons Attribution 4.0 International (CC BY 4.0)";
    pub const ADDRESS: &'static str = "https://creativecommons.org/licenses/by/4.0/";
}

/// The year in sentences, one for each of: activities, learners, completions, formats. `before` is the year before,
/// if it is on record.
pub fn sentences(snapshot: &Snapshot, before: Option<&Line>) -> Vec<String> {
    let line = &snapshot.figures.total;
    let year = snapshot.year();
    let mut sentences = vec![format!(
        "In {year}, {} offered {} with {} of AMA PRA Category 1 Credit{}.",
        counted(line.providers, "provider", "providers"),
        counted(line.activities, "activity", "activities"),
        counted_credits(line.offered),
        change(line.activities, before.map(|before| before.activities), year, "activities"),
    )];
    sentences.push(format!(
        "Physicians took part {} and other learners {}{}.",
        times(line.physicians),
        times(line.others),
        change(
            line.physicians + line.others,
            before.map(|before| before.physicians + before.others),
            year,
            "interactions"
        ),
    ));
    if line.completions > 0 {
        sentences.push(format!(
            "Providers reported {} by name, with {} of CME.",
            counted(line.completions, "completion", "completions"),
            counted_credits(line.cme),
        ));
    }
    sentences.extend(most_common(snapshot));
    sentences
}

fn grouped(number: i64) -> String {
    Figure::Count(number).shown()
}

fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

fn counted_credits(amount: domain::Amount) -> String {
    format!("{} hours", Figure::Credits(amount).shown())
}

fn times(number: i64) -> String {
    match number {
        0 => "not at all".to_owned(),
        1 => "once".to_owned(),
        number => format!("{} times", grouped(number)),
    }
}

/// `, 4.2% more activities than in 2024`; nothing where there is nothing to compare with.
fn change(now: i64, before: Option<i64>, year: i16, what: &str) -> String {
    let Some(before) = before.filter(|before| *before > 0) else { return String::new() };
    let tenths = (now - before).saturating_mul(1_000) / before;
    let last = year - 1;
    match tenths {
        0 => format!(", about as many {what} as in {last}"),
        1.. => format!(", {} more {what} than in {last}", Figure::Percent(tenths).shown()),
        _ => format!(", {} fewer {what} than in {last}", Figure::Percent(-tenths).shown()),
    }
}

fn most_common(snapshot: &Snapshot) -> Option<String> {
    let lines = snapshot.figures.lines(Shown::ToEverybody).of(By::Format);
    let most = lines.iter().filter(|named| !named.key.is_empty()).max_by_key(|named| named.line.activities)?;
    let all = snapshot.figures.total.activities;
    if all == 0 || most.line.activities == 0 {
        return None;
    }
    let format = Format::read(&most.key)?.label();
    let share = Figure::Percent(most.line.activities.saturating_mul(1_000) / all).shown();
    Some(format!("The most common format was {format}, {share} of all activities."))
}

/// The first sheet of a workbook.
pub(super) fn about(app: &App, snapshot: &Snapshot, shown: figures::Shown) -> Vec<(String, String)> {
    let line = |name: &str, text: String| (name.to_owned(), text);
    let report = &snapshot.report;
    let at = |micros: Option<i64>| micros.map(|micros| app.clock.show(micros)).unwrap_or_default();
    let mut lines = vec![
        line("Report of", format!("all providers, {}", report.year)),
        line("Counted", format!("from {} to {}", at(report.begun_at), at(report.counted_at))),
    ];
    match shown {
        Shown::ToEverybody => {
            lines.push(line("Published", at(report.published_at)));
            lines.push(line("Source", format!("{}, {}", app.config.product_name, app.config.link("/report"))));
            lines.push(line("License", format!("{}, {}", License::NAME, License::ADDRESS)));
        }
        Shown::ToStaff => lines.push(line("For", "the accreditor’s staff: lines may show single providers".to_owned())),
    }
    lines
}
