//! An activity's learners: its completions beside the totals that the provider entered. Neither follows from the
//! other (domain.md): the page shows both and says where they cannot both be right.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use domain::ActivityId;
use domain::access::ProviderRole;
use domain::activity::{Format, Status, Warning};
use domain::credit::{CreditStatus, Kind};
use domain::reference::Reference;
use store::learners::Standing;

use super::asked::{Asked, Header, STATUSES};
use super::list::Listed;
use super::rows::destination;
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities/{id}/learners", get(show))
}

#[derive(Template)]
#[template(path = "learners/of_activity.html")]
struct ActivityLearners {
    chrome: Chrome,
    id: ActivityId,
    title: String,
    here: String,
    /// The activity's own page.
    page: String,
    asked: Asked,
    statuses: Vec<(&'static str, &'static str)>,
    destinations: Vec<(String, String)>,
    completions: String,
    physicians: Option<String>,
    others: Option<String>,
    /// More completions than the totals allow.
    warning: String,
    is_series: bool,
    edit: String,
    standings: Vec<Line>,
    listed: Listed,
    /// With the columns of REMS learners.
    is_rems: bool,
    by_name: Header,
    by_completion: Header,
    by_report: Header,
    file: String,
    may_report: bool,
    takes_reports: bool,
}

/// Live credits for one destination.
struct Line {
    to: String,
    /// Accepted, pending and rejected: how many, and the list of them.
    counts: [(String, String); 3],
    amount: String,
    href: String,
}

async fn show(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let id: ActivityId = id.parse().map_err(|_| app::Error::NotFound)?;
    let here = format!("/provider/activities/{id}/learners");
    let asked = Asked { activity: String::new(), ..asked };
    let reference = app.reference.get();
    let mut tx = app.store.read().await?;
    let stored = store::activities::find(&mut tx, &scope, id).await?.ok_or(app::Error::NotFound)?;
    let warnings = app::activities::warnings(&app, &mut tx, &scope, &stored.activity).await?;
    let completions = store::activities::completions(&mut tx, &scope, id).await?;
    let standings = store::learners::standings(&mut tx, &scope, id).await?;
    let mut search = asked.search(&app);
    search.activity = id.to_string();
    let next = format!("{}page=", asked.address("", &asked.sort));
    let listed = Listed::find(&app, &mut tx, &scope, (&search, asked.sort()), asked.page(), next).await?;
    let activity = stored.activity;
    let is_above = |warned: &&domain::activity::Warned| warned.warning == Warning::CompletionsAboveTotal;
    let warning = warnings.iter().find(is_above);
    let of_activity = Asked { activity: id.to_string(), ..asked.clone() };
    let status = activity.status(app.clock.today());
    let mut kinds: Vec<Kind> = standings.iter().map(|standing| standing.kind).collect();
    kinds.dedup();
    let named = kinds.iter().map(|kind| (kind.key().to_owned(), destination(&reference, *kind)));
    Ok(Page(ActivityLearners {
        chrome,
        id,
        statuses: STATUSES.to_vec(),
        destinations: std::iter::once((String::new(), "Any".to_owned())).chain(named).collect(),
        completions: grouped(completions),
        physicians: activity.physician_total.map(grouped),
        others: activity.other_total.map(grouped),
        warning: warning.map(|warned| format!("{} {}", warned.message(), warned.warning.advice())).unwrap_or_default(),
        is_series: activity.format == Format::RegularlyScheduledSeries,
        edit: match scope.may(ProviderRole::Editor) && !activity.is_closed {
            true => format!("/provider/activities/{id}/edit#physician_total"),
            false => String::new(),
        },
        standings: kinds.iter().map(|kind| line(&reference, &here, *kind, &standings)).collect(),
        is_rems: asked.to == Kind::Rems.key(),
        by_name: asked.header(&here, "name", "-name", false),
        by_completion: asked.header(&here, "completed", "-completed", true),
        by_report: asked.header(&here, "reported", "-reported", true),
        file: of_activity.address("/provider/learners/download", &asked.sort),
        listed,
        may_report: scope.may(ProviderRole::LearnerData),
        takes_reports: status != Status::Draft,
        title: activity.title,
        here,
        page: format!("/provider/activities/{id}"),
        asked,
    }))
}

fn line(reference: &Reference, here: &str, kind: Kind, standings: &[Standing]) -> Line {
    let of_kind = || standings.iter().filter(move |standing| standing.kind == kind);
    let count = |status: CreditStatus| {
        let credits: i64 = of_kind().filter(|one| one.status == status).map(|one| one.credits).sum();
        let href = format!("{here}?to={}&status={}", kind.key(), status.code());
        (if credits > 0 { grouped(credits) } else { String::new() }, href)
    };
    Line {
        to: destination(reference, kind),
        counts: [CreditStatus::Accepted, CreditStatus::Pending, CreditStatus::Rejected].map(count),
        amount: match kind {
            Kind::Rems => String::new(),
            // what is rejected counts for nothing
            _ => of_kind()
                .filter(|one| one.status != CreditStatus::Rejected)
                .map(|one| one.amount)
                .sum::<domain::Amount>()
                .fixed(),
        },
        href: format!("{here}?to={}", kind.key()),
    }
}
