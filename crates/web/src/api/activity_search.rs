//! `/api/pars/v1/activity-search`: the public search for activities, for programs. It takes no token, since it tells
//! nothing that the page `/activities` does not tell everybody; a program that shows one uses up its allowance.

use app::App;
use app::activity_search::{self, LAST_PAGE, PER_PAGE, Results, Search};
use axum::Json;
use axum::extract::{RawQuery, State};
use domain::reference::Reference;
use serde::Serialize;
use store::activities::Displayed;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Result;
use crate::pages::activities::public;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(find))
}

/// For the document alone: the search reads its address as the page does.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "read by the document, not by the handler")]
struct Asked {
    /// Words, all of which must be found; slips of the pen are forgiven.
    #[param(nullable = false)]
    q: Option<String>,
    /// As every facet, it may be named several times: format, delivery, when, country, state, city, credit, amount,
    /// board, moc, specialty, area, topic, provider, fee, registration. The answer lists the values that occur.
    #[param(nullable = false)]
    format: Option<String>,
    /// Activities that last on this day or later.
    #[param(nullable = false, format = Date)]
    from: Option<String>,
    /// Activities that last on this day or earlier.
    #[param(nullable = false, format = Date)]
    to: Option<String>,
    /// AMA PRA Category 1 Credits, at least.
    #[param(nullable = false)]
    min: Option<String>,
    /// AMA PRA Category 1 Credits, at most.
    #[param(nullable = false)]
    max: Option<String>,
    /// relevance, date, distance, credits or newest.
    #[param(nullable = false)]
    sort: Option<String>,
    /// From 1; 20 activities each.
    #[param(nullable = false)]
    page: Option<String>,
}

#[derive(Serialize, ToSchema)]
struct ActivitySearchAnswer {
    /// What was understood, in the one order that there is: the same search is always the same text.
    query: String,
    total: u64,
    page: u64,
    pages: u64,
    activities: Vec<FoundActivity>,
    /// A facet's own choice does not narrow its counts.
    facets: Vec<FacetOfSearch>,
}

#[derive(Serialize, ToSchema)]
struct FoundActivity {
    activity_id: String,
    title: String,
    provider_id: String,
    provider: String,
    format: String,
    deliveries: Vec<String>,
    #[schema(format = Date)]
    starts_on: String,
    #[schema(format = Date)]
    ends_on: String,
    /// Where learners meet; empty if they do not.
    place: String,
    /// AMA PRA Category 1 Credits, two decimals.
    credits: String,
    moc: Vec<MocOfActivity>,
    topics: Vec<String>,
    fee: String,
    registration: String,
    /// The page about it, here.
    url: String,
}

#[derive(Serialize, ToSchema)]
struct MocOfActivity {
    board: String,
    points: String,
    credit_types: Vec<String>,
}

#[derive(Serialize, ToSchema)]
struct FacetOfSearch {
    /// The name of the parameter that chooses its values.
    parameter: String,
    label: String,
    values: Vec<FacetValue>,
}

#[derive(Serialize, ToSchema)]
struct FacetValue {
    value: String,
    label: String,
    count: u64,
}

/// Search activities
///
/// Finds activities that everybody may see and that are not over. Nothing in the address is an error: what cannot
/// be understood is left out.
#[utoipa::path(
    get,
    path = "/api/pars/v1/activity-search",
    operation_id = "searchActivities",
    tag = "Activity search",
    params(Asked),
    security(()),
    responses((status = 200, description = "What was found", body = ActivitySearchAnswer))
)]
async fn find(State(app): State<App>, RawQuery(query): RawQuery) -> Result<Json<ActivitySearchAnswer>> {
    let mut search = Search::read(&query.unwrap_or_default());
    search.fits = false;
    let results = activity_search::search(&app, &search, None).await?;
    let reference = app.reference.get();
    Ok(Json(ActivitySearchAnswer {
        query: search.query(),
        total: results.total,
        page: search.page() as u64,
        pages: results.total.div_ceil(PER_PAGE as u64).clamp(1, LAST_PAGE as u64),
        activities: results.activities.iter().map(|one| found(&app, &reference, one)).collect(),
        facets: facets(&results, &reference),
    }))
}

fn found(app: &App, reference: &Reference, displayed: &Displayed) -> FoundActivity {
    let activity = &displayed.stored.activity;
    FoundActivity {
        activity_id: activity.id.to_string(),
        title: activity.title.clone(),
        provider_id: activity.provider.to_string(),
        provider: displayed.provider.clone(),
        format: activity.format.label().to_owned(),
        deliveries: activity.deliveries.iter().map(ToString::to_string).collect(),
        starts_on: activity.starts_on.to_string(),
        ends_on: activity.ends_on.to_string(),
        place: public::place(activity, reference),
        credits: activity.credit.map(|credit| credit.fixed()).unwrap_or_default(),
        moc: activity
            .moc
            .iter()
            .map(|moc| MocOfActivity {
                board: reference.board_label(moc.board),
                points: moc.points.fixed(),
                credit_types: moc.credit_types.clone(),
            })
            .collect(),
        topics: activity.state_topics.iter().map(|one| one.topic.clone()).collect(),
        fee: activity.fee.map_or(String::new(), |fee| fee.label().to_owned()),
        registration: activity.registration.map_or(String::new(), |one| one.label().to_owned()),
        url: app.config.link(&format!("/activities/{}", activity.id)),
    }
}

fn facets(results: &Results, reference: &Reference) -> Vec<FacetOfSearch> {
    let facets = results.facets.iter().filter(|counts| !counts.values.is_empty());
    facets
        .map(|counts| FacetOfSearch {
            parameter: counts.facet.parameter().to_owned(),
            label: counts.facet.label().to_owned(),
            values: counts
                .values
                .iter()
                .map(|value| FacetValue {
                    label: value.name.clone().unwrap_or_else(|| counts.facet.name_of(&value.code, reference)),
                    value: value.code.clone(),
                    count: value.count,
                })
                .collect(),
        })
        .collect()
}
