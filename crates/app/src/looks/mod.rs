//! Who looked at a physician's record and what changed in it, in the words of the person it is about: the audit
//! trail, and the credit that providers reported and withdrew.
//!
//! Reads of the same kind by the same reader on one day are one line with their number.

mod filter;
mod words;

use domain::CompletionId;
use domain::access::{Actor, PhysicianScope};
use domain::check::us_date;
use formats::tables::{Figure, Table, write_csv};
use jiff::civil::Date;
use store::ReadTx;
use store::record_trail::{self, Act, Report, Stretch};

pub use filter::Filter;

use crate::{App, Error, Result, audit};

/// Acts and reports that are read at most: more than a long professional life has, and a bound for one page.
const MOST: i64 = 20_000;

/// Kinds of lines, by which they are filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody read the record, or something of it.
    Look,
    /// What a share of the physician's was opened for, and what the physician did with it.
    Share,
    /// Credit or the record itself changed.
    Change,
    /// Sign-ins and settings of the account.
    Account,
}

impl Kind {
    pub const ALL: &[(Kind, &str, &str)] = &[
        (Self::Look, "look", "Reads"),
        (Self::Share, "share", "Shares"),
        (Self::Change, "change", "Changes"),
        (Self::Account, "account", "Your account"),
    ];

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == code).map(|(kind, ..)| *kind)
    }

    pub fn label(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(.., label)| *label)
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The newest, where several are one line.
    pub at: i64,
    /// The oldest of them; the same as `at` for one.
    pub first_at: i64,
    pub times: usize,
    pub kind: Kind,
    pub who: String,
    pub what: String,
    /// By which right, as a sentence; empty where the act says it itself.
    pub right: String,
    /// The physician's own act.
    pub is_own: bool,
}

/// All lines of a stretch, the newest first.
pub async fn lines(app: &App, tx: &mut ReadTx, scope: &PhysicianScope, stretch: Stretch) -> Result<Vec<Line>> {
    let acts = record_trail::acts(tx, scope, stretch, MOST).await?;
    let reports = record_trail::reports(tx, scope, stretch, MOST).await?;
    let mut lines: Vec<Line> = acts.iter().filter_map(|act| of_act(app, act)).collect();
    let within = |at: &i64| (stretch.from..stretch.until).contains(at);
    for report in &reports {
        lines.extend(Some(report.reported_at).filter(within).map(|at| reported(report, at)));
        lines.extend(report.withdrawn_at.filter(within).map(|at| withdrawn(report, at)));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.at));
    Ok(grouped(app, lines))
}

/// Looks by somebody else than the physician.
pub fn by_others(lines: &[Line]) -> impl Iterator<Item = &Line> {
    lines.iter().filter(|line| !line.is_own && matches!(line.kind, Kind::Look | Kind::Share))
}

fn of_act(app: &App, act: &Act) -> Option<Line> {
    // these stand in the list as what they did to credit
    if matches!(act.action.as_str(), "learner.correct" | "learner.withdraw" | "learner.send_again") {
        return None;
    }
    let said = words::of(act);
    let is_own = act.seat_kind == "physician";
    let organization = match act.program.is_empty() {
        true => act.organization.clone(),
        false => format!("{}, by its program {}", act.organization, act.program),
    };
    let who = match act.seat_kind.as_str() {
        "physician" => "You".to_owned(),
        "accreditor" => format!("The accreditor, {}", app.config.product_name),
        "" if said.kind == Kind::Share => act.detail.clone(),
        "" => "Somebody who was not signed in".to_owned(),
        _ => organization,
    };
    Some(Line {
        at: act.at,
        first_at: act.at,
        times: 1,
        kind: said.kind,
        who,
        what: said.what,
        right: said.right,
        is_own,
    })
}

fn reported(report: &Report, at: i64) -> Line {
    let how = match report.source.as_str() {
        "file" => "in a file",
        "service" => "by its program",
        _ => "by form",
    };
    let permission = report.permission_on.parse::<Date>().map(us_date).unwrap_or_default();
    change(
        at,
        &report.provider,
        format!("Reported credit for “{}”, completed {}, {how}", report.title, day(&report.completed_on)),
        format!("It stated on {permission} that it holds your permission."),
    )
}

fn withdrawn(report: &Report, at: i64) -> Line {
    change(
        at,
        &report.provider,
        format!("Withdrew credit for “{}”, completed {}", report.title, day(&report.completed_on)),
        "Providers correct what they reported by withdrawing it and reporting again.".to_owned(),
    )
}

fn change(at: i64, who: &str, what: String, right: String) -> Line {
    Line { at, first_at: at, times: 1, kind: Kind::Change, who: who.to_owned(), what, right, is_own: false }
}

fn day(stored: &str) -> String {
    stored.parse::<Date>().map(us_date).unwrap_or_default()
}

/// Reads of one day, reader and sort become one line, which stands where its newest stood.
fn grouped(app: &App, lines: Vec<Line>) -> Vec<Line> {
    let mut grouped: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        let day = app.clock.day_of(line.at);
        let may = matches!(line.kind, Kind::Look | Kind::Share);
        // lines are in order of time: only those of the same day at the end can be joined
        let same = grouped.iter_mut().rev().take_while(|one| app.clock.day_of(one.at) == day).find(|one| {
            may && one.kind == line.kind && one.who == line.who && one.what == line.what && one.right == line.right
        });
        match same {
            Some(one) => {
                one.times += 1;
                one.first_at = line.at;
            }
            None => grouped.push(line),
        }
    }
    grouped
}

/// The lines that a filter takes, and who stands in any of them, to be chosen from.
#[derive(Debug, Clone, Default)]
pub struct Listed {
    pub lines: Vec<Line>,
    pub people: Vec<String>,
}

/// What the physician asked for.
pub async fn list(app: &App, scope: &PhysicianScope, filter: &Filter) -> Result<Listed> {
    let mut tx = app.store.read().await?;
    let lines = lines(app, &mut tx, scope, filter.stretch(app)).await?;
    let mut people: Vec<String> = lines.iter().map(|line| line.who.clone()).collect();
    people.sort_unstable();
    people.dedup();
    Ok(Listed { lines: lines.into_iter().filter(|line| filter.takes(line)).collect(), people })
}

/// The same as comma-separated text.
pub async fn csv(app: &App, scope: &PhysicianScope, filter: &Filter) -> Result<Vec<u8>> {
    let listed = list(app, scope, filter).await?;
    let text = |text: &str| Figure::Text(text.to_owned());
    let row = |line: &Line| {
        vec![
            text(&app.clock.machine(line.at)),
            text(&app.clock.show(line.at)),
            Figure::Count(i64::try_from(line.times).unwrap_or(i64::MAX)),
            text(line.kind.label()),
            text(&line.who),
            text(&line.what),
            text(&line.right),
        ]
    };
    let columns = ["Time (UTC)", "Time", "Times", "Kind", "Who", "What", "By Which Right"];
    let table = Table {
        key: "who-looked",
        title: "Who looked".to_owned(),
        definition: String::new(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: listed.lines.iter().map(row).collect(),
        total: None,
    };
    write_csv(&table).map_err(|error| Error::Internal(error.to_string()))
}

/// Notes that a provider's team opened one completion. A learner who is no physician has no trail.
pub async fn completion_read(app: &App, actor: &Actor, completion: CompletionId) -> Result<()> {
    let mut tx = app.store.write().await?;
    let scope = actor.provider(domain::access::ProviderRole::Viewer).ok_or(Error::NotFound)?;
    if let Some(physician) = record_trail::of_completion(&mut tx, &scope, completion).await? {
        audit::record(app, &mut tx, actor, "completion.read", completion, Some(physician), "").await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Notes that somebody verified a transcript by its code.
pub(crate) async fn verified(app: &App, issue: &store::transcript_issues::Issue) -> Result<()> {
    let code = crate::transcripts::with_dashes(&issue.code);
    let entry = audit::entry(app, None, "transcript.verify", issue.code.clone(), Some(issue.physician), &code);
    let mut tx = app.store.write().await?;
    audit::insert(app, &mut tx, &[entry]).await?;
    Ok(tx.commit().await?)
}
