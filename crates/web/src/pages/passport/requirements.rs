//! `/passport/requirements`: each license of the physician with its cycle, what is missing and by when, and why each
//! completion counts.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use store::own_credit::OwnCredit;

use super::gaps::{self, CycleView, LicenseView, OwnEntry};
use crate::access::PhysicianVisitor;
use crate::pages::admin::reference::Day;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/passport/requirements", get(show))
}

#[derive(Template)]
#[template(path = "passport/requirements.html")]
struct Requirements {
    chrome: Chrome,
    physician: String,
    licenses: Vec<LicenseView>,
    has_examples: bool,
}

async fn show(State(app): State<App>, visitor: PhysicianVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    let found = app::requirements::own(&app, &visitor.scope).await?;
    let (_, completions) = app::transcripts::own_record(&app, &visitor.scope).await?;
    let mut licenses = gaps::views(&found, &completions, &app.reference.get());
    let entered = store::own_credit::list(&mut app.store.read().await?, &visitor.scope).await?;
    for license in &mut licenses {
        license.own = license.cycle.as_ref().map(|cycle| within(&entered, cycle)).unwrap_or_default();
    }
    Ok(Page(Requirements {
        chrome,
        physician: found.physician.full_name(),
        has_examples: licenses.iter().any(|license| license.is_example),
        licenses,
    }))
}

/// Entries of the physician's own that were completed in a cycle.
fn within(entered: &[OwnCredit], cycle: &CycleView) -> Vec<OwnEntry> {
    // dates of one form sort as they stand
    let (from, until) = (cycle.from.machine.as_str(), cycle.until.machine.as_str());
    let in_cycle = |own: &&OwnCredit| {
        let day = own.entry.completed_on.to_string();
        (from..=until).contains(&day.as_str())
    };
    let view = |own: &OwnCredit| OwnEntry {
        id: own.id.to_string(),
        title: own.entry.title.clone(),
        provider: own.entry.provider.clone(),
        completed: Day::of(own.entry.completed_on),
        amount: own.entry.amount.to_string(),
        credit_type: own.entry.credit_type.clone(),
    };
    entered.iter().filter(in_cycle).map(view).collect()
}
