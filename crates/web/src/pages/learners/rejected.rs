//! Points that certifying boards rejected: by board and reason, each with what to do; sent again singly, chosen ones,
//! or all of a reason.

use app::App;
use app::learners::{Rejection, rejections, send_all_again};
use app::reports::{SentAgain, send_again};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use domain::check::us_date;
use domain::transcript::credit_lines;
use domain::{Board, CompletionId, CreditId};
use serde::Deserialize;
use store::learners::{find_many, rejected};

use super::rows::name;
use crate::access::{Reporter, Viewer};
use crate::addresses::encoded;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: usize = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners/rejected", get(list).post(send))
}

#[derive(Template)]
#[template(path = "learners/rejected.html")]
struct RejectedPage {
    chrome: Chrome,
    total: String,
    groups: Vec<Group>,
    /// The group that is shown alone, or nothing.
    chosen: String,
    rows: Vec<Row>,
    next: String,
    may_report: bool,
}

struct Group {
    board: Board,
    label: String,
    reason: String,
    count: String,
    is_one: bool,
    advice: &'static str,
    href: String,
    is_current: bool,
}

struct Row {
    credit: CreditId,
    completion: CompletionId,
    name: String,
    diplomate_id: String,
    title: String,
    activity: String,
    completed: String,
    completed_machine: String,
    points: String,
    types: Vec<String>,
    board: String,
    reason: String,
    answered: Option<When>,
}

/// Which part of the list is shown. Nonsense shows all of it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Part {
    board: String,
    reason: String,
    /// The last credit of the page before, as `MICROSECONDS.CREDIT`.
    after: String,
}

impl Part {
    fn after(&self) -> Option<(i64, CreditId)> {
        let (at, credit) = self.after.split_once('.')?;
        Some((at.parse().ok()?, credit.parse().ok()?))
    }

    fn of<'a>(&self, all: &'a [Rejection]) -> Option<&'a Rejection> {
        all.iter().find(|one| one.board.code() == self.board && one.reason == self.reason)
    }
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(part): Query<Part>,
) -> Result<Page<impl Template>> {
    Ok(Page(page(&app, &scope, chrome, &part).await?))
}

async fn page(app: &App, scope: &ProviderScope, chrome: Chrome, part: &Part) -> Result<RejectedPage> {
    let all = rejections(app, scope).await?;
    let chosen = part.of(&all);
    let reference = app.reference.get();
    let of = chosen.map(|one| (one.board, one.wordings.as_slice()));
    let mut tx = app.store.read().await?;
    let mut found = rejected(&mut tx, scope, of, part.after(), PER_PAGE as i64 + 1).await?;
    let has_more = found.len() > PER_PAGE;
    found.truncate(PER_PAGE);
    let completions: Vec<CompletionId> = found.iter().map(|(completion, ..)| *completion).collect();
    let mut distinct = completions.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let learners = find_many(&mut tx, scope, &distinct).await?;
    let row = |(completion, id, _): &(CompletionId, CreditId, i64)| {
        let learner = learners.iter().find(|learner| learner.id == *completion)?;
        let credit = learner.credits.iter().find(|credit| credit.id == *id)?;
        let mut lines = credit_lines(&credit.credit(), &reference).into_iter();
        Some(Row {
            credit: *id,
            completion: *completion,
            name: name(learner),
            diplomate_id: credit.diplomate_id.clone(),
            title: learner.title.clone(),
            activity: learner.activity.to_string(),
            completed: us_date(learner.completed_on),
            completed_machine: learner.completed_on.to_string(),
            points: lines.next().unwrap_or_default(),
            types: lines.collect(),
            board: super::rows::destination(&reference, credit.kind),
            reason: credit.reason.clone(),
            answered: credit.decided_at.map(|at| When::of(app, at)),
        })
    };
    let address = |board: &str, reason: &str| {
        format!("/provider/learners/rejected?board={}&reason={}", encoded(board), encoded(reason))
    };
    let here = chosen.map_or("/provider/learners/rejected?".to_owned(), |one| {
        format!("{}&", address(one.board.code(), &one.reason))
    });
    let last = found.last().filter(|_| has_more);
    Ok(RejectedPage {
        chrome,
        total: grouped(all.iter().map(|one| one.credits).sum()),
        chosen: chosen.map(|one| format!("{}: {}", reference.board_label(one.board), one.reason)).unwrap_or_default(),
        rows: found.iter().filter_map(row).collect(),
        next: last.map(|(_, credit, at)| format!("{here}after={at}.{credit}")).unwrap_or_default(),
        groups: all
            .iter()
            .map(|one| Group {
                board: one.board,
                label: reference.board_label(one.board),
                reason: one.reason.clone(),
                count: grouped(one.credits),
                is_one: one.credits == 1,
                advice: one.advice,
                href: address(one.board.code(), &one.reason),
                is_current: chosen == Some(one),
            })
            .collect(),
        may_report: scope.may(ProviderRole::LearnerData),
    })
}

/// `credit` as often as credits are chosen, `only` from a row's own button, or `all` of `board` and `reason`.
async fn send(
    State(app): State<App>,
    Reporter { session, scope }: Reporter,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let value = |name: &str| fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let part = Part { board: value("board").to_owned(), reason: value("reason").to_owned(), after: String::new() };
    let named = |name: &str| -> Vec<CreditId> {
        let values = fields.iter().filter(|(known, _)| known == name);
        values.filter_map(|(_, value)| value.parse().ok()).collect()
    };
    let chosen = match value("only") {
        "" => named("credit"),
        _ => named("only"),
    };
    let sent = match (value("all"), Board::read(&part.board)) {
        ("", _) => send_again(&app, &session.actor, &session.name, &chosen).await?,
        (_, Some(board)) => send_all_again(&app, &session.actor, &session.name, board, &part.reason).await?,
        (_, None) => SentAgain::default(),
    };
    // from a completion's own page
    if let Ok(back) = value("back").parse::<CompletionId>() {
        let done = if sent.sent > 0 { "sent_again" } else { "not_sent" };
        return Ok(Redirect::to(&format!("/provider/learners/{back}?done={done}")).into_response());
    }
    let is_nothing = value("all").is_empty() && chosen.is_empty();
    Ok(Page(page(&app, &scope, notice(chrome, &sent, is_nothing), &part).await?).into_response())
}

fn notice(chrome: Chrome, sent: &SentAgain, is_nothing: bool) -> Chrome {
    let credits = |n: usize| if n == 1 { "1 credit".to_owned() } else { format!("{} credits", grouped(n as i64)) };
    let mut more = Vec::new();
    if sent.left_alone > 0 {
        let are = if sent.left_alone == 1 { "was" } else { "were" };
        more.push(format!("{} {are} not rejected any more and stayed as before.", credits(sent.left_alone)));
    }
    if let Some((_, problem)) = sent.refused.first() {
        more.push(format!(
            "{} cannot be sent: {} {}",
            credits(sent.refused.len()),
            problem.message(),
            problem.code.remedy()
        ));
    }
    let text = more.join(" ");
    match sent.sent {
        _ if is_nothing => chrome.with_notice(
            "info",
            "No credit was chosen",
            "Tick the credits to send again, or send all of a reason.",
        ),
        0 => chrome.with_notice("info", "Nothing was sent again", text),
        n => {
            let text = format!("The board answers anew, normally within a day. {text}");
            chrome.with_notice("success", format!("{} sent again", credits(n)), text.trim())
        }
    }
}
