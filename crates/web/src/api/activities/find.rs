//! Reading activities back, in the same tree in which they are saved.

use app::App;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::activity::{Activity, Format};
use formats::activities::{DocumentWriter, record};
use serde::Deserialize;
use store::activities::{Filter, Sort};
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::media::{Media, wanted};
use super::tree::{ActivityDocument, FormatName, FoundActivities};
use crate::Result;
use crate::access::ReadsActivities;
use crate::addresses::encoded;

/// Activities of one answer.
const PER_PAGE: i64 = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(list)).routes(routes!(one))
}

#[derive(Deserialize, IntoParams)]
#[serde(rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Your own ID of the activity, as it was sent.
    provider_activity_id: Option<String>,
    /// The day on which it starts; a time behind it does not count.
    #[param(format = Date, example = "2026-12-01")]
    activity_start_date: Option<String>,
    /// The name of its format; old names are understood.
    #[param(value_type = Option<FormatName>, inline)]
    activity_type_name: Option<String>,
    /// From 1. The header Link names the next page as long as there is one.
    #[param(value_type = Option<i32>, minimum = 1, maximum = 1_000_000)]
    page: Option<String>,
}

impl Asked {
    fn filter(&self) -> app::Result<Filter> {
        let mut filter = Filter { internal_id: self.provider_activity_id.clone(), ..Filter::default() };
        if let Some(day) = &self.activity_start_date {
            let day = day.split('T').next().unwrap_or_default().parse();
            let why = "Write the start date as YYYY-MM-DD.";
            filter.starts_on = Some(day.map_err(|_| app::Error::invalid("activityStartDate", why))?);
        }
        if let Some(name) = &self.activity_type_name {
            let why = "Write the name of an activity format, such as Live Course.";
            let named = Format::named(name).ok_or_else(|| app::Error::invalid("activityTypeName", why))?;
            filter.format = Some(named.format);
        }
        Ok(filter)
    }

    fn page(&self) -> app::Result<i64> {
        let Some(page) = &self.page else { return Ok(1) };
        let page = page.parse().ok().filter(|page| (1..=1_000_000).contains(page));
        page.ok_or_else(|| app::Error::invalid("page", "Write a page's number, from 1."))
    }

    /// The address of the page behind this one.
    fn next(&self, page: i64) -> String {
        let mut address = "/api/pars/v1/activities?".to_owned();
        let given = [
            ("providerActivityId", &self.provider_activity_id),
            ("activityStartDate", &self.activity_start_date),
            ("activityTypeName", &self.activity_type_name),
        ];
        for (name, value) in given {
            if let Some(value) = value {
                address.push_str(&format!("{name}={}&", encoded(value)));
            }
        }
        format!("{address}page={}", page + 1)
    }
}

/// Find activities
///
/// Your activities, oldest start first, 500 to a page, in the tree in which they are saved.
#[utoipa::path(
    get,
    path = "/api/pars/v1/activities",
    tag = "Activities",
    operation_id = "findActivities",
    security(("token" = ["activities:read"])),
    params(Asked),
    responses((
        status = 200,
        description = "The activities; none is an empty list.",
        body = FoundActivities,
        headers(("Link" = String, description = "The next page, if there is one.")),
        links(("one" = (operation_id = "showActivity", parameters(("activityId" =
            "$response.body#/ACCMEActivities/MedicalEducationMetrics/0/Lom/general/identifier/0/entry"))))),
    )),
)]
async fn list(
    State(app): State<App>,
    ReadsActivities { scope, .. }: ReadsActivities,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let format = match wanted(&headers, Media::Json) {
        Ok(format) => format,
        Err(refused) => return Ok(refused.into_response()),
    };
    let (filter, page, today) = (asked.filter()?, asked.page()?, app.clock.today());
    let first = (page - 1) * PER_PAGE;
    let mut tx = app.store.read().await?;
    let found = store::activities::list(&mut tx, &scope, &filter, today, Sort::OldestStart, PER_PAGE + 1, first);
    let mut found: Vec<Activity> = found.await?.into_iter().map(|listed| listed.stored.activity).collect();
    let has_more = found.len() as i64 > PER_PAGE;
    found.truncate(PER_PAGE as usize);
    let mut answer = document(&app, &found, format)?;
    if has_more && let Ok(link) = HeaderValue::from_str(&format!("<{}>; rel=\"next\"", asked.next(page))) {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// One activity
#[utoipa::path(
    get,
    path = "/api/pars/v1/activities/{activityId}",
    tag = "Activities",
    operation_id = "showActivity",
    security(("token" = ["activities:read"])),
    params(("activityId" = String, Path, description = "Its nine digits.", pattern = "^[0-9]{9}$")),
    responses((status = 200, description = "The activity.", body = ActivityDocument)),
)]
async fn one(
    State(app): State<App>,
    ReadsActivities { scope, .. }: ReadsActivities,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let format = match wanted(&headers, Media::Json) {
        Ok(format) => format,
        Err(refused) => return Ok(refused.into_response()),
    };
    // an address with something else than nine digits leads nowhere
    let id = id.parse().map_err(|_| app::Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let stored = store::activities::find(&mut tx, &scope, id).await?.ok_or(app::Error::NotFound)?;
    document(&app, &[stored.activity], format)
}

fn document(app: &App, activities: &[Activity], format: Media) -> Result<Response> {
    let reference = app.reference.get();
    let mut writer = DocumentWriter::begin(Vec::new(), format.into()).map_err(app::Error::Io)?;
    for activity in activities {
        writer.write(&record(activity, &reference, None)).map_err(app::Error::Io)?;
    }
    let bytes = writer.finish().map_err(app::Error::Io)?;
    Ok(([(header::CONTENT_TYPE, format.content_type())], bytes).into_response())
}
