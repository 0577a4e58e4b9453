//! What a certifying board lets the system answer for it: credit that fails a check is rejected with a reason of the
//! catalogue, credit that passes all of them is accepted, and whatever the rules say nothing of waits for people.
//!
//! Rules are off until a board sets them. They go through the outbox in order and answer as the board's people do;
//! what waited before they were set is answered only when somebody asks for it. A reason that the catalogue no
//! longer has rejects nothing: that credit waits.

use domain::access::{Actor, CertifyingBoardScope, Seat, Who};
use domain::credit::CreditStatus;
use domain::reference::Reference;
use domain::{Board, CreditId, JobId};
use store::board_rules::{self, BoardRules, SetRules, Waiting};
use store::counters::{self, Counter};
use store::events::{EventKind, Passed};
use store::jobs::Job;

use crate::decisions::{self, Decision, decide_in, reason_words};
use crate::lease::lease_end;
use crate::{App, Error, Result, audit, ledgers, outbox, retry};

pub const ANSWER_WAITING: &str = "answer_waiting";
/// Waiting credit that a preview looks at.
pub const MOST_PREVIEWED: usize = 10_000;
/// Credit answered in one transaction.
const AT_ONCE: i64 = 500;
/// Changes of rules that are looked through for when they were switched on.
const LOOKED_BACK: i64 = 100;
/// What the audit says beside the reason.
const BY_RULE: &str = "automatic rule";

/// The checks, each with its answer for one credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checks {
    /// The physician has a certification of the board, and an ID that was reported is one of theirs.
    pub diplomate_known: bool,
    pub name_agrees: bool,
    /// All credit types are the board's on the completion date.
    pub type_valid: bool,
}

impl Checks {
    pub fn of(credit: &Waiting, board: Board, reference: &Reference) -> Self {
        let reported = folded_id(&credit.diplomate_id);
        let is_theirs = reported.is_empty() || credit.roster.iter().any(|known| folded_id(known) == reported);
        let rules = reference.board_on(board, credit.completed_on);
        let is_valid = |name: &str| {
            let credit_type = rules.and_then(|rules| rules.credit_type(name));
            credit_type.is_some_and(|credit_type| credit_type.in_force(credit.completed_on))
        };
        Self {
            diplomate_known: !credit.roster.is_empty() && is_theirs,
            name_agrees: credit.name_agrees,
            type_valid: rules.is_some() && credit.types.iter().all(|(name, _)| is_valid(name)),
        }
    }
}

/// IDs are compared without spaces, signs, capitals and leading zeros.
fn folded_id(id: &str) -> String {
    let plain: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
    plain.trim_start_matches('0').to_ascii_uppercase()
}

/// What the rules say of credit with these checks: a status with the words of the reason, or nothing.
fn verdict(rules: &BoardRules, checks: Checks, reference: &Reference) -> Option<(CreditStatus, String)> {
    let failed = [
        (checks.diplomate_known, &rules.diplomate_unknown),
        (checks.name_agrees, &rules.name_differs),
        (checks.type_valid, &rules.type_not_valid),
    ];
    let mut failed = failed.into_iter().filter(|(holds, _)| !holds).peekable();
    if failed.peek().is_none() {
        return rules.accepts.then(|| (CreditStatus::Accepted, String::new()));
    }
    let code = failed.find_map(|(_, reason)| reason.as_deref())?;
    Some((CreditStatus::Rejected, reason_words(reference, code, "").ok()?))
}

/// The rules that count, if the board ever set any.
pub async fn find(app: &App, scope: &CertifyingBoardScope) -> Result<Option<SetRules>> {
    Ok(board_rules::list(&mut app.store.read().await?, scope, 1).await?.into_iter().next())
}

/// Sets the board's rules from now on. `seen` are those that the person saw; nothing if there were none.
///
/// Errors: `Stale` if somebody else set them meanwhile, `Invalid` on a rule whose reason is not in the catalogue,
/// `Forbidden` for programs.
pub async fn set(app: &App, actor: &Actor, seen: &str, rules: BoardRules) -> Result<()> {
    let scope = actor.certifying_board().ok_or(Error::NotFound)?;
    let Who::Account(set_by) = actor.who else { return Err(Error::Forbidden("only people set rules")) };
    let reference = app.reference.get();
    let known = decisions::reasons(&reference);
    let given = [
        ("diplomate_unknown", &rules.diplomate_unknown),
        ("name_differs", &rules.name_differs),
        ("type_not_valid", &rules.type_not_valid),
    ];
    for (field, code) in given {
        if code.as_ref().is_some_and(|code| !known.iter().any(|(one, _)| one == code)) {
            return Err(Error::invalid(field, "Choose one of the reasons."));
        }
    }
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    // whoever sets rules stands in line with whoever answers by them
    counters::take(&mut tx, Counter::BoardRules, 0).await?;
    let last = board_rules::list(&mut tx, &scope, 1).await?.into_iter().next();
    if last.as_ref().map(|last| last.id.to_string()).unwrap_or_default() != seen {
        return Err(Error::Stale);
    }
    let set = SetRules { id: app.chance.id(now), rules, set_at: now, set_by, set_by_name: String::new() };
    board_rules::insert(&mut tx, &scope, &set).await?;
    audit::record(app, &mut tx, actor, "board_rules.set", scope.board(), None, &in_words(&set.rules)).await?;
    Ok(tx.commit().await?)
}

/// The rules for the audit trail.
fn in_words(rules: &BoardRules) -> String {
    let left = |code: &Option<String>| code.clone().unwrap_or_else(|| "left to people".to_owned());
    let passed = if rules.accepts { "accepted" } else { "left to people" };
    format!(
        "diplomate unknown: {}; name differs: {}; type not valid: {}; all hold: {passed}",
        left(&rules.diplomate_unknown),
        left(&rules.name_differs),
        left(&rules.type_not_valid)
    )
}

/// What the rules would do to what waits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preview {
    pub accepted: i64,
    /// By the words of the reason, most first.
    pub rejected: Vec<(String, i64)>,
    pub left: i64,
    /// More waits than was looked at.
    pub is_cut: bool,
    /// It was asked for already, and is not done yet.
    pub is_running: bool,
}

impl Preview {
    pub fn answers(&self) -> i64 {
        self.accepted + self.rejected.iter().map(|(_, count)| count).sum::<i64>()
    }
}

/// Looks at what waits, at most [`MOST_PREVIEWED`] credits, and answers nothing.
pub async fn preview(app: &App, scope: &CertifyingBoardScope, rules: &BoardRules) -> Result<Preview> {
    let reference = app.reference.get();
    let board = scope.board();
    let mut tx = app.store.read().await?;
    let is_running = store::jobs::is_open(&mut tx, ANSWER_WAITING, board.code()).await?;
    let mut preview = Preview { is_running, ..Preview::default() };
    let waiting = board_rules::waiting_after(&mut tx, scope, None, MOST_PREVIEWED as i64 + 1).await?;
    preview.is_cut = waiting.len() > MOST_PREVIEWED;
    for credit in waiting.iter().take(MOST_PREVIEWED) {
        match verdict(rules, Checks::of(credit, board, &reference), &reference) {
            None => preview.left += 1,
            Some((CreditStatus::Rejected, words)) => match preview.rejected.iter_mut().find(|(one, _)| *one == words) {
                Some((_, count)) => *count += 1,
                None => preview.rejected.push((words, 1)),
            },
            Some(_) => preview.accepted += 1,
        }
    }
    preview.rejected.sort_by_key(|(_, count)| -count);
    Ok(preview)
}

/// Asks for the rules to be applied to what waits, in the background. Asked twice, it is done once.
pub async fn apply(app: &App, actor: &Actor) -> Result<()> {
    let scope = actor.certifying_board().ok_or(Error::NotFound)?;
    let now = app.clock.now();
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::BoardRules, 0).await?;
    if !store::jobs::is_open(&mut tx, ANSWER_WAITING, scope.board().code()).await? {
        let id = JobId::new(app.chance.id(now));
        store::jobs::enqueue(&mut tx, id, ANSWER_WAITING, scope.board().code(), now, now).await?;
        audit::record(app, &mut tx, actor, "board_rules.apply", scope.board(), None, "").await?;
    }
    tx.commit().await?;
    app.jobs.wake();
    Ok(())
}

/// Answers what the next events brought. Whether there may be more.
pub async fn answer_next(app: &App) -> Result<bool> {
    if !outbox::is_behind(app, Counter::BoardRules).await? {
        return Ok(false);
    }
    if retry::on_race(|| answer_events(app)).await? {
        ledgers::sign_soon(app).await;
    }
    Ok(true)
}

async fn answer_events(app: &App) -> Result<bool> {
    let mut tx = app.store.write().await?;
    counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
    let events = outbox::take(&mut tx, Counter::BoardRules).await?;
    let mut boards: Vec<Board> = events.iter().filter_map(|event| event.board).collect();
    boards.sort_unstable();
    boards.dedup();
    let mut answered = false;
    for board in boards {
        let scope = CertifyingBoardScope::of_record(board);
        let Some((set, since)) = in_force(&mut tx, &scope).await? else { continue };
        let kinds = [EventKind::CreditReported, EventKind::CreditMoved, EventKind::CreditRestored];
        // what happened before the rules were switched on waits, however late this worker is
        let asked = |event: &&Passed| event.board == Some(board) && kinds.contains(&event.kind) && event.at >= since;
        let theirs = events.iter().filter(asked);
        let mut credits: Vec<CreditId> = theirs.filter_map(|event| event.credit).collect();
        credits.sort_unstable();
        credits.dedup();
        let waiting = board_rules::waiting_among(&mut tx, &scope, &credits).await?;
        answered |= answer(app, &mut tx, &scope, &set, &waiting).await?;
    }
    tx.commit().await?;
    Ok(answered)
}

/// The rules that count, and since when the board has had rules without a break, as far back as [`LOOKED_BACK`].
async fn in_force(tx: &mut store::ReadTx, scope: &CertifyingBoardScope) -> Result<Option<(SetRules, i64)>> {
    let mut on = board_rules::list(tx, scope, LOOKED_BACK).await?.into_iter().take_while(|set| set.rules.is_on());
    let Some(newest) = on.next() else { return Ok(None) };
    let since = on.last().map_or(newest.set_at, |first| first.set_at);
    Ok(Some((newest, since)))
}

/// Answers waiting credit by the rules, as the person who set them. Whether there was anything to answer.
async fn answer(
    app: &App,
    tx: &mut store::WriteTx,
    scope: &CertifyingBoardScope,
    set: &SetRules,
    waiting: &[Waiting],
) -> Result<bool> {
    let reference = app.reference.get();
    let board = scope.board();
    let decisions = waiting.iter().filter_map(|credit| {
        let (status, reason) = verdict(&set.rules, Checks::of(credit, board, &reference), &reference)?;
        Some(Decision { credit: credit.id, status, reason })
    });
    let decisions: Vec<Decision> = decisions.collect();
    let actor = Actor { who: Who::Account(set.set_by), seat: Seat::CertifyingBoard(board) };
    decide_in(app, tx, &actor, BY_RULE, &decisions).await?;
    Ok(!decisions.is_empty())
}

/// The job that [`apply`] asks for: everything that waits, piece by piece. What is answered does not wait any more,
/// so a second run goes on where the first was broken off.
pub(crate) async fn answer_waiting(app: &App, job: &Job) -> Result<()> {
    let board = Board::read(&job.payload).ok_or_else(|| Error::Internal(format!("job {} names no board", job.id)))?;
    let scope = CertifyingBoardScope::of_record(board);
    let mut place = None;
    loop {
        let mut tx = app.store.write().await?;
        counters::take(&mut tx, Counter::LedgerLeaf, 0).await?;
        store::jobs::hold(&mut tx, job, lease_end(app)).await?;
        let Some((set, _)) = in_force(&mut tx, &scope).await? else { return Ok(()) };
        let waiting = board_rules::waiting_after(&mut tx, &scope, place, AT_ONCE).await?;
        answer(app, &mut tx, &scope, &set, &waiting).await?;
        tx.commit().await?;
        match waiting.last() {
            Some(last) if waiting.len() as i64 == AT_ONCE => place = Some((last.reported_at, last.id)),
            _ => break,
        }
    }
    ledgers::sign_soon(app).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use domain::reference::{BoardRules as TakenRules, CreditType, Dated, Item, List, Rules};
    use jiff::civil::date;

    use super::*;

    fn reference() -> Reference {
        let reason = |code: &str| Item {
            list: List::RejectionReasons,
            group: String::new(),
            code: code.into(),
            name: format!("Because of {code}"),
            valid_from: None,
            valid_until: None,
        };
        let abim = TakenRules {
            code: Board::read("ABIM").unwrap(),
            label: "ABIM".into(),
            name: "Internal Medicine".into(),
            credit_types: vec![CreditType {
                name: "Old".into(),
                valid_from: None,
                valid_until: Some(date(2025, 12, 31)),
            }],
            practice_areas: vec![],
            diplomate_id_optional: false,
            points_equal_credit: false,
            once_per_date: false,
            type_apart: None,
            completed_from: None,
            activity_starts_from: None,
        };
        let items = vec![reason("unknown"), reason("name"), reason("type")];
        let rules = Rules::new(vec![Dated::always(abim)], vec![], items);
        Reference::new(std::sync::Arc::new(rules), date(2026, 1, 15))
    }

    fn waiting() -> Waiting {
        Waiting {
            id: CreditId::new(uuid::Uuid::nil()),
            reported_at: 0,
            completed_on: date(2025, 6, 1),
            types: vec![("Old".into(), domain::Amount::new(100))],
            diplomate_id: "30-001".into(),
            roster: vec!["030001".into()],
            name_agrees: true,
        }
    }

    #[test]
    fn an_id_is_known_if_it_is_on_the_roster_or_was_left_out() {
        let checks = |credit: Waiting| Checks::of(&credit, Board::read("ABIM").unwrap(), &reference());
        assert_eq!(checks(waiting()), Checks { diplomate_known: true, name_agrees: true, type_valid: true });
        assert!(checks(Waiting { diplomate_id: String::new(), ..waiting() }).diplomate_known);
        assert!(!checks(Waiting { diplomate_id: "30002".into(), ..waiting() }).diplomate_known);
        assert!(!checks(Waiting { diplomate_id: String::new(), roster: vec![], ..waiting() }).diplomate_known);
        assert!(!checks(Waiting { completed_on: date(2026, 1, 1), ..waiting() }).type_valid);
        assert!(checks(Waiting { types: vec![], ..waiting() }).type_valid);
    }

    #[test]
    fn the_first_failed_check_with_a_reason_rejects_and_only_credit_that_passes_all_is_accepted() {
        let all = BoardRules {
            diplomate_unknown: Some("unknown".into()),
            name_differs: Some("name".into()),
            type_not_valid: None,
            accepts: true,
        };
        let passed = Checks { diplomate_known: true, name_agrees: true, type_valid: true };
        let says = |rules: &BoardRules, checks| verdict(rules, checks, &reference());
        let rejected = |words: &str| Some((CreditStatus::Rejected, words.to_owned()));
        assert_eq!(says(&all, passed), Some((CreditStatus::Accepted, String::new())));
        assert_eq!(says(&BoardRules::default(), passed), None);
        assert_eq!(says(&all, Checks { type_valid: false, ..passed }), None);
        let both = Checks { diplomate_known: false, name_agrees: false, ..passed };
        assert_eq!(says(&all, both), rejected("Because of unknown"));
        let name = BoardRules { diplomate_unknown: None, ..all.clone() };
        assert_eq!(says(&name, both), rejected("Because of name"));
        let gone = BoardRules { diplomate_unknown: Some("gone".into()), ..all };
        assert_eq!(says(&gone, Checks { diplomate_known: false, ..passed }), None);
        assert!(!BoardRules::default().is_on() && gone.is_on());
    }
}
