//! `/api/pars/v1/moc`: a certifying board's feed of the credit reported to it, and its answers
//! (formats.md, section 4).

use app::decisions::{self, Decision, Settled};
use app::{App, Error};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Query, State};
use domain::CreditId;
use domain::credit::CreditStatus;
use domain::reference::Reference;
use serde::{Deserialize, Serialize};
use store::feeds::{Event, Subject};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::body;
use super::feed::{self, Asked};
use crate::Result;
use crate::access::ApiCertifyingBoard;

/// Decisions of one request.
const MOST: usize = 1_000;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(completions)).routes(routes!(decide))
}

#[derive(Serialize, ToSchema)]
struct MocCompletions {
    completions: Vec<MocCompletion>,
    /// Send it as `since` to go on behind this answer. Keep it: nothing is missed and nothing comes twice.
    next: String,
    /// Whether there is more right now.
    has_more: bool,
}

/// One thing that happened to one credit, with the credit as it stands now.
#[derive(Serialize, ToSchema)]
struct MocCompletion {
    /// credit.reported, credit.withdrawn, credit.decided, credit.moved, credit.set_aside or credit.restored.
    event: &'static str,
    #[schema(format = DateTime)]
    at: String,
    #[schema(value_type = Uuid)]
    credit_id: CreditId,
    /// counts, withdrawn or set_aside. Only what counts may be recorded.
    standing: &'static str,
    /// pending, accepted or rejected: your own answer.
    #[schema(value_type = String)]
    status: CreditStatus,
    /// Why you rejected it; empty otherwise.
    reason: String,
    /// Points, in steps of 0.25.
    points: String,
    /// Credit types of the same points: they are not added to them.
    credit_types: Vec<CreditType>,
    #[schema(format = Date)]
    completed_on: String,
    diplomate: Diplomate,
    activity: CompletedActivity,
}

#[derive(Serialize, ToSchema)]
struct CreditType {
    name: String,
    points: String,
}

#[derive(Serialize, ToSchema)]
struct Diplomate {
    /// Your ID of the physician, from your roster; empty if your roster does not have them.
    id: String,
    /// As the provider wrote it.
    first_name: String,
    /// As the provider wrote it.
    last_name: String,
    /// MM/DD; empty if the provider gave none.
    birth: String,
}

#[derive(Serialize, ToSchema)]
struct CompletedActivity {
    id: String,
    title: String,
    provider_id: String,
    provider_name: String,
}

impl MocCompletion {
    fn of(app: &App, event: &Event, credit: &Subject) -> Self {
        let types = credit.types.iter();
        Self {
            event: event.kind.code(),
            at: app.clock.machine(event.at),
            credit_id: credit.id,
            standing: credit.standing.code(),
            status: credit.status,
            reason: credit.reason.clone(),
            points: credit.points.to_string(),
            credit_types: types
                .map(|(name, points)| CreditType { name: name.clone(), points: points.to_string() })
                .collect(),
            completed_on: credit.completed_on.to_string(),
            diplomate: Diplomate {
                id: credit.diplomate_id.clone(),
                first_name: credit.first.clone(),
                last_name: credit.last.clone(),
                birth: credit.birth.map(|day| day.to_string()).unwrap_or_default(),
            },
            activity: CompletedActivity {
                id: credit.activity.to_string(),
                title: credit.title.clone(),
                provider_id: event.provider.to_string(),
                provider_name: credit.provider_name.clone(),
            },
        }
    }
}

/// Credit reported to your board
///
/// In the order in which it happened: reports, withdrawals, corrections of whose record it is, and your own
/// answers. Every entry gives the credit as it stands now, so the last one of a credit is right.
#[utoipa::path(
    get,
    path = "/api/pars/v1/moc/completions",
    tag = "Certifying boards",
    operation_id = "mocCompletions",
    params(Asked),
    responses((status = 200, description = "What happened behind `since`; nothing is an empty list.", body = MocCompletions)),
)]
async fn completions(
    State(app): State<App>,
    ApiCertifyingBoard { scope, .. }: ApiCertifyingBoard,
    Query(asked): Query<Asked>,
) -> Result<Json<MocCompletions>> {
    let (seen, most) = (asked.seen()?, asked.most()?);
    let mut tx = app.store.read().await?;
    let mut events = store::feeds::of_board(&mut tx, &scope, &[], seen, most + 1).await?;
    let (next, has_more) = feed::end(&mut events, seen, most);
    let told = events.iter().filter_map(|event| Some(MocCompletion::of(&app, event, event.credit.as_ref()?)));
    Ok(Json(MocCompletions { completions: told.collect(), next, has_more }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MocDecisions {
    #[schema(min_items = 1, max_items = 1_000)]
    decisions: Vec<MocDecision>,
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MocDecision {
    #[schema(value_type = Uuid)]
    credit_id: String,
    decision: Answer,
    /// Why it is rejected: the code of one of the accreditor's reasons, such as diplomate_unknown, name_differs,
    /// not_participating, type_not_valid, already_recorded or outside_cycle. The provider and the physician read it in
    /// words. Your queue page lists those of today.
    #[serde(default)]
    reason: Option<String>,
    /// A few words of your own behind the reason, on one line.
    #[serde(default)]
    #[schema(max_length = 200)]
    note: Option<String>,
}

#[derive(Deserialize, ToSchema, Clone, Copy, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Accept,
    Reject,
}

#[derive(Serialize, ToSchema)]
struct MocDecisionResults {
    /// One for each decision, in the same order.
    results: Vec<MocDecisionResult>,
}

#[derive(Serialize, ToSchema)]
struct MocDecisionResult {
    credit_id: String,
    result: Word,
    /// What is wrong with it and what to do; only of what was not decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    message: Option<String>,
}

/// What became of a decision.
#[derive(Serialize, ToSchema, Clone, Copy)]
#[serde(rename_all = "snake_case")]
#[schema(as = MocDecisionWord)]
enum Word {
    Decided,
    /// You had said the same before.
    Unchanged,
    /// You had said something else before, which stands.
    DecidedOtherwise,
    /// It was withdrawn, or is not your board's.
    NotFound,
    Refused,
}

impl Word {
    fn of(settled: Settled) -> (Self, Option<&'static str>) {
        match settled {
            Settled::Decided => (Self::Decided, None),
            Settled::SaidBefore => (Self::Unchanged, None),
            Settled::SaidOtherwise => {
                (Self::DecidedOtherwise, Some("Another answer was given before, and the provider was told. It stands."))
            }
            Settled::NotFound => {
                (Self::NotFound, Some("There is no such credit for your board, or it was withdrawn. Read the feed."))
            }
        }
    }
}

impl MocDecision {
    fn read(&self, reference: &Reference) -> app::Result<Decision> {
        let id = self.credit_id.parse::<CreditId>();
        let credit = id.map_err(|_| Error::invalid("credit_id", "Send a credit_id of the feed."))?;
        let (reason, note) = (self.reason.as_deref().unwrap_or_default(), self.note.as_deref().unwrap_or_default());
        if self.decision == Answer::Accept {
            if !reason.is_empty() || !note.trim().is_empty() {
                return Err(Error::invalid("reason", "Leave reason and note out of an acceptance."));
            }
            return Ok(Decision { credit, status: CreditStatus::Accepted, reason: String::new() });
        }
        let reason = decisions::reason_words(reference, reason, note)?;
        Ok(Decision { credit, status: CreditStatus::Rejected, reason })
    }
}

/// Accept or reject credit
///
/// Each decision is answered by itself; wrong ones do not hold up the others. The same request again changes
/// nothing.
#[utoipa::path(
    post,
    path = "/api/pars/v1/moc/decisions",
    tag = "Certifying boards",
    operation_id = "decideMoc",
    request_body(content = MocDecisions, content_type = "application/json"),
    responses((status = 200, description = "What became of each.", body = MocDecisionResults)),
)]
async fn decide(
    State(app): State<App>,
    ApiCertifyingBoard { actor, .. }: ApiCertifyingBoard,
    bytes: Bytes,
) -> Result<Json<MocDecisionResults>> {
    let sent: MocDecisions = body::json(&bytes)?;
    if sent.decisions.is_empty() || sent.decisions.len() > MOST {
        return Err(Error::invalid("decisions", "Send 1 to 1,000 decisions.").into());
    }
    let reference = app.reference.get();
    let read: Vec<app::Result<Decision>> = sent.decisions.iter().map(|one| one.read(&reference)).collect();
    let good: Vec<Decision> = read.iter().flatten().cloned().collect();
    let mut settled = decisions::decide_many(&app, &actor, &good).await?.into_iter();
    let results = sent.decisions.into_iter().zip(read).map(|(sent, read)| {
        let (result, message) = match read {
            Err(error) => (Word::Refused, Some(fault(error))),
            Ok(_) => {
                let (word, message) = Word::of(settled.next().unwrap_or(Settled::NotFound));
                (word, message.map(str::to_owned))
            }
        };
        MocDecisionResult { credit_id: sent.credit_id, result, message }
    });
    Ok(Json(MocDecisionResults { results: results.collect() }))
}

/// The words of a fault of one decision.
fn fault(error: Error) -> String {
    match error {
        Error::Invalid(faults) => faults.into_iter().map(|fault| fault.message).collect::<Vec<_>>().join(" "),
        _ => "This decision cannot be read.".to_owned(),
    }
}
