//! `/api/pars/v1/events`: what happened to a provider's reports since the caller last asked
//! (formats.md, section 4).

use app::App;
use axum::Json;
use axum::extract::{Query, State};
use domain::credit::CreditStatus;
use domain::{CreditId, UploadId};
use serde::Serialize;
use store::feeds::{Event, Subject};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::feed::{self, Asked};
use crate::Result;
use crate::access::ReadsEvents;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list))
}

#[derive(Serialize, ToSchema)]
struct EventList {
    events: Vec<ToldEvent>,
    /// Send it as `since` to go on behind this answer. Keep it: nothing is missed and nothing comes twice.
    next: String,
    /// Whether there is more right now.
    has_more: bool,
}

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = Event)]
struct ToldEvent {
    /// credit.reported, credit.withdrawn, credit.decided, credit.moved, credit.set_aside, credit.restored or
    /// upload.finished. Others may come later: pass over what you do not know.
    #[serde(rename = "type")]
    kind: &'static str,
    #[schema(format = DateTime)]
    at: String,
    /// Only of credit.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    credit: Option<EventCredit>,
    /// The upload that it came with, or that is finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<Uuid>)]
    upload_id: Option<UploadId>,
}

/// The credit as it stands now.
#[derive(Serialize, ToSchema)]
struct EventCredit {
    #[schema(value_type = Uuid)]
    id: CreditId,
    /// Your own key of the report, as you sent it; empty if you sent none.
    submission_id: String,
    activity_id: String,
    #[schema(format = Date)]
    completed_on: String,
    /// The certifying board.
    board: String,
    points: String,
    /// pending, accepted or rejected.
    #[schema(value_type = String)]
    status: CreditStatus,
    /// Why the board rejected it; empty otherwise.
    reason: String,
    /// counts, withdrawn or set_aside.
    standing: &'static str,
}

impl EventCredit {
    fn of(credit: Subject) -> Self {
        Self {
            id: credit.id,
            submission_id: credit.submission_id,
            activity_id: credit.activity.to_string(),
            completed_on: credit.completed_on.to_string(),
            board: credit.kind.key().to_owned(),
            points: credit.points.to_string(),
            status: credit.status,
            reason: credit.reason,
            standing: credit.standing.code(),
        }
    }
}

fn told(app: &App, event: Event) -> ToldEvent {
    ToldEvent {
        kind: event.kind.code(),
        at: app.clock.machine(event.at),
        credit: event.credit.map(EventCredit::of),
        upload_id: event.upload,
    }
}

/// What happened
///
/// Answers of certifying boards to your credit, corrections of whose record it is, and finished uploads, in the
/// order in which they happened. Every entry gives the credit as it stands now.
#[utoipa::path(
    get,
    path = "/api/pars/v1/events",
    tag = "Events",
    operation_id = "listEvents",
    security(("token" = ["events:read"])),
    params(Asked),
    responses((status = 200, description = "What happened behind `since`; nothing is an empty list.", body = EventList)),
)]
async fn list(
    State(app): State<App>,
    ReadsEvents { scope, .. }: ReadsEvents,
    Query(asked): Query<Asked>,
) -> Result<Json<EventList>> {
    let (seen, most) = (asked.seen()?, asked.most()?);
    let mut tx = app.store.read().await?;
    let mut events = store::feeds::of_provider(&mut tx, &scope, &[], seen, most + 1).await?;
    let (next, has_more) = feed::end(&mut events, seen, most);
    Ok(Json(EventList { events: events.into_iter().map(|event| told(&app, event)).collect(), next, has_more }))
}
