//! What a change of reference data would do to what is on record. Every activity that is not closed is
//! judged twice by the rules themselves, as they stand and as they would be, seen from the day on which
//! the change begins; what comes out otherwise is counted. Closed activities keep what they hold.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::access::StaffScope;
use domain::activity::{Activity, Beside, MocRegistration, Rule, Status, Warning};
use domain::check::{Days, against_activity};
use domain::reference::{Item, ItemKey, Reference, Rules};
use domain::report::{Action, LearnerReport, MocReport};
use domain::{ActivityId, Amount, Board, Code, ProviderId};
use jiff::civil::Date;
use store::ReadTx;
use store::reference::{Credits, Entry, Stages, Years};

use super::change::Change;
use crate::error::Result;

/// Activities read at a time.
const AT_ONCE: i64 = 2_000;
/// Examples named with each finding.
const EXAMPLES: usize = 5;

/// What would be otherwise from a day on.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Effect {
    pub from: Date,
    /// What would be put on record.
    pub entries: Vec<Entry>,
    /// Activities that hold the item.
    pub holding: Option<Stages>,
    /// Registrations with the board, and its credit on record.
    pub registered: Option<Stages>,
    pub credits: Option<Credits>,
    /// The reporting year whose year-end a deadline or agreement is about.
    pub year: Option<(i16, Years)>,
    /// How many activities were judged; none of them is closed.
    pub judged: Stages,
    /// What could not be saved or closed any more as it stands, by rule.
    pub broken: Vec<Broken>,
    /// What could not be saved or closed before and can then.
    pub mended: Vec<Broken>,
    pub warned: Vec<Broken>,
    /// Registrations under which learners would be refused who are taken now, by problem.
    pub refused: Vec<Broken>,
    /// Those under which learners would be taken who are refused now.
    pub taken: Vec<Broken>,
}

/// One finding with the activities that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    pub code: &'static str,
    pub title: &'static str,
    /// What providers are told to do.
    pub remedy: &'static str,
    pub activities: Stages,
    /// The first few.
    pub examples: Vec<Example>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    pub id: ActivityId,
    pub title: String,
    pub provider: ProviderId,
}

impl Effect {
    /// Nothing on record would be judged otherwise.
    pub fn is_none(&self) -> bool {
        [&self.broken, &self.mended, &self.warned, &self.refused, &self.taken].iter().all(|list| list.is_empty())
    }
}

/// Whether an activity can be concerned at all.
enum Concerned {
    Holding(Vec<Item>),
    Registered(Board),
    All,
}

impl Concerned {
    fn by(change: &Change, before: &Rules, after: &Rules) -> Self {
        let of_key = |key: &ItemKey| {
            let all = before.items.iter().chain(&after.items);
            Self::Holding(all.filter(|item| item.key() == *key).cloned().collect())
        };
        match change {
            Change::Add(item) => of_key(&item.key()),
            Change::Rename { key, .. }
            | Change::End { key, .. }
            | Change::BringBack { key, .. }
            | Change::TakeBackItem { key, .. } => of_key(key),
            Change::Board { rules, .. } => Self::Registered(rules.code),
            Change::TakeBackBoard { code, .. } => Self::Registered(*code),
            Change::Settings { .. } | Change::TakeBackSettings { .. } => Self::All,
        }
    }

    fn has(&self, activity: &Activity) -> bool {
        match self {
            Self::Holding(items) => items.iter().any(|item| activity.uses(item)),
            Self::Registered(board) => activity.registration(*board).is_some(),
            Self::All => true,
        }
    }
}

struct Sides {
    before: Reference,
    after: Reference,
    day: Date,
}

/// What is found by its code, in the order of the codes.
type Findings<K> = BTreeMap<K, (Stages, Vec<Example>)>;

#[derive(Default)]
struct Found {
    broken: Findings<Rule>,
    mended: Findings<Rule>,
    warned: Findings<Warning>,
    refused: Findings<Code>,
    taken: Findings<Code>,
}

pub(super) async fn of(
    tx: &mut ReadTx,
    scope: &StaffScope,
    change: &Change,
    day: Date,
    before: Arc<Rules>,
    after: Arc<Rules>,
) -> Result<Effect> {
    let concerned = Concerned::by(change, &before, &after);
    let mut effect = Effect { from: day, ..Effect::default() };
    let mut holding = Stages::default();
    let sides = Sides { before: Reference::new(before, day), after: Reference::new(after, day), day };
    let mut found = Found::default();
    for part in store::activities::unclosed(tx, scope).await? {
        let mut last: Option<Activity> = None;
        loop {
            let activities = store::activities::unclosed_after(tx, scope, &part, last.as_ref(), AT_ONCE).await?;
            for activity in &activities {
                count(&mut effect.judged, part.is_draft);
                if concerned.has(activity) {
                    count(&mut holding, part.is_draft);
                    sides.judge(activity, part.is_draft, &concerned, &mut found);
                }
            }
            match activities.into_iter().max_by(|a, b| (a.starts_on, &a.id).cmp(&(b.starts_on, &b.id))) {
                Some(activity) => last = Some(activity),
                None => break,
            }
        }
    }
    match &concerned {
        Concerned::Holding(items) => {
            // every stretch of an item has its code; names differ, and count where supporters are written out
            if let Some(item) = items.last() {
                holding.closed = store::activities::closed_with(tx, scope, item).await?;
            }
            effect.holding = Some(holding);
        }
        Concerned::Registered(board) => {
            effect.registered = Some(store::reference::registrations_of(tx, scope, *board).await?);
            effect.credits = Some(store::reference::credits_of(tx, scope, *board).await?);
        }
        Concerned::All => {
            let year = day.year().saturating_sub(1);
            effect.year = Some((year, store::reference::years_of(tx, scope, year).await?));
        }
    }
    let of_rule = |rule: Rule| (rule.as_str(), rule.title(), rule.remedy());
    let of_code = |code: Code| (code.as_str(), code.title(), code.remedy());
    effect.broken = listed(found.broken, of_rule);
    effect.mended = listed(found.mended, of_rule);
    effect.warned = listed(found.warned, |warning| (warning.as_str(), warning.title(), warning.advice()));
    effect.refused = listed(found.refused, of_code);
    effect.taken = listed(found.taken, of_code);
    Ok(effect)
}

fn count(stages: &mut Stages, is_draft: bool) {
    if is_draft {
        stages.drafts += 1;
    } else {
        stages.open += 1;
    }
}

fn listed<K>(findings: Findings<K>, words: impl Fn(K) -> (&'static str, &'static str, &'static str)) -> Vec<Broken> {
    let one = |(key, (activities, examples))| {
        let (code, title, remedy) = words(key);
        Broken { code, title, remedy, activities, examples }
    };
    findings.into_iter().map(one).collect()
}

fn note<K: Ord>(findings: &mut Findings<K>, key: K, activity: &Activity, is_draft: bool) {
    let (stages, examples) = findings.entry(key).or_default();
    count(stages, is_draft);
    if examples.len() < EXAMPLES {
        let (id, title, provider) = (activity.id, activity.title.clone(), activity.provider);
        examples.push(Example { id, title, provider });
    }
}

/// What is in one list and not in the other, each once; a list may hold a key several times.
fn more<K: Ord + Copy>(than: &[K], list: &[K]) -> Vec<K> {
    let times = |list: &[K], key: K| list.iter().filter(|other| **other == key).count();
    let mut keys: Vec<K> = list.iter().copied().filter(|key| times(list, *key) > times(than, *key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

impl Sides {
    fn judge(&self, activity: &Activity, is_draft: bool, concerned: &Concerned, found: &mut Found) {
        let rules = |reference: &Reference| -> Vec<Rule> {
            activity.missing_for(Status::Closed, self.day, reference).iter().map(|missing| missing.rule).collect()
        };
        let (before, after) = (rules(&self.before), rules(&self.after));
        more(&before, &after).into_iter().for_each(|rule| note(&mut found.broken, rule, activity, is_draft));
        more(&after, &before).into_iter().for_each(|rule| note(&mut found.mended, rule, activity, is_draft));
        let warnings = |reference: &Reference| -> Vec<Warning> {
            let list = activity.warnings(self.day, reference, Beside::default());
            list.iter().map(|warned| warned.warning).collect()
        };
        let (before, after) = (warnings(&self.before), warnings(&self.after));
        more(&before, &after).into_iter().for_each(|one| note(&mut found.warned, one, activity, is_draft));
        if let Concerned::Registered(board) = concerned
            && let Some(registration) = activity.registration(*board)
            && !is_draft
        {
            let (refused, taken) = self.reports(activity, registration);
            refused.into_iter().for_each(|code| note(&mut found.refused, code, activity, is_draft));
            taken.into_iter().for_each(|code| note(&mut found.taken, code, activity, is_draft));
        }
    }

    /// Problems that only one side has with a learner who earns all that is registered, on the first or
    /// the last day of the activity from the change on.
    fn reports(&self, activity: &Activity, registration: &MocRegistration) -> (Vec<Code>, Vec<Code>) {
        let first = activity.starts_on.max(self.day);
        let last = registration.claim_until.map_or(activity.ends_on, |until| until.min(activity.ends_on));
        let (mut refused, mut taken) = (Vec::new(), Vec::new());
        if first > last {
            return (refused, taken);
        }
        for day in [first, last] {
            let before = problems(activity, registration, day, &self.before);
            let after = problems(activity, registration, day, &self.after);
            refused.extend(more(&before, &after));
            taken.extend(more(&after, &before));
        }
        for list in [&mut refused, &mut taken] {
            list.sort_unstable();
            list.dedup();
        }
        (refused, taken)
    }
}

fn problems(activity: &Activity, registration: &MocRegistration, day: Date, reference: &Reference) -> Vec<Code> {
    let types = |amount: Amount| registration.credit_types.iter().map(move |name| (name.clone(), amount)).collect();
    let mut report = LearnerReport {
        action: Some(Action::Add),
        activity: Some(activity.id),
        completed_on: Some(day),
        cme: activity.credit,
        moc: Some(MocReport {
            board: registration.board,
            total: Some(registration.points),
            types: types(registration.points),
        }),
        ..LearnerReport::default()
    };
    against_activity(&mut report, Some(activity), reference, Days { today: day, latest: day });
    let mut codes: Vec<Code> = report.problems.iter().map(|problem| problem.code).collect();
    // what readers of files say before the rules are asked
    match reference.board_on(registration.board, day) {
        None => {}
        Some(rules) => codes.extend(
            registration
                .credit_types
                .iter()
                .filter(|name| rules.credit_type(name).is_none())
                .map(|_| Code::CreditTypeUnknown),
        ),
    }
    codes
}
