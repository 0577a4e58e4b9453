//! `/board/audits`: audits of samples of licensees, each case with its evidence, decision and letters.

mod acts;
mod case;
mod index;
mod letter;
mod new;
mod show;

use app::App;
use axum::Router;
use domain::license_audit::Decision;
use store::license_audits::cases::Case;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .merge(index::routes())
        .merge(new::routes())
        .merge(show::routes())
        .merge(case::routes())
        .merge(acts::routes())
        .merge(letter::routes())
}

/// Shape and word of a decision.
fn decision_words(case: &Case) -> (&'static str, &'static str) {
    match case.decision {
        None => ("waiting", "Not decided"),
        Some(decision) if case.resolved_at.is_some() => {
            ("good", if decision == Decision::Deficient { "Resolved" } else { "Answered" })
        }
        Some(Decision::Compliant) => ("good", Decision::Compliant.label()),
        Some(Decision::Deficient) => ("bad", Decision::Deficient.label()),
        Some(Decision::Exempt) => ("closed", Decision::Exempt.label()),
        Some(Decision::NeedsInformation) => ("caution", Decision::NeedsInformation.label()),
    }
}
