//! Claims to accounts that ask for a person to look, on the review list. Taking one off grants nothing.

use app::{App, claims, reasons};
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Redirect;
use axum::routing::post;
use store::claims::Review;

use super::evidence::outcome_kind;
use crate::access::StaffVisitor;
use crate::{Result, When};

pub(super) const LISTED: i64 = 100;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reviews/claims/{claim}", post(settle))
}

/// A claim as the list shows it.
pub(super) struct ClaimRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) birth: String,
    pub(super) proof: String,
    pub(super) email: String,
    pub(super) kind: &'static str,
    pub(super) outcome: &'static str,
    pub(super) reasons: Vec<String>,
    pub(super) asked: When,
}

impl ClaimRow {
    pub(super) fn of(app: &App, claim: Review) -> Self {
        // written by ourselves; a field that is missing shows as nothing rather than as a broken page
        let details: serde_json::Value = serde_json::from_str(&claim.details).unwrap_or_default();
        let of = |field: &str| details.get(field).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
        Self {
            id: claim.claim_id.to_string(),
            name: format!("{} {}", of("first"), of("last")),
            birth: of("birth"),
            proof: format!("{} {}", of("issuer"), of("number")),
            email: claim.email,
            kind: outcome_kind(&claim.outcome),
            outcome: reasons::outcome(&claim.outcome),
            reasons: reasons::sentences(&claim.reasons),
            asked: When::of(app, claim.review_asked_at),
        }
    }
}

async fn settle(State(app): State<App>, visitor: StaffVisitor, Path(claim): Path<String>) -> Result<Redirect> {
    let claim = claim.parse().map_err(|_| app::Error::NotFound)?;
    claims::settle_review(&app, &visitor.session.actor, &visitor.scope, claim).await?;
    Ok(Redirect::to("/admin/reviews?done=claim"))
}
