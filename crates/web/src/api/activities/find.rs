//! Reading activities back, in the same tree in which they are saved.

use app::App;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::activity::{Activity, Format};
use formats::activities::{ActivityFormat, DocumentWriter, record};
use serde::Deserialize;
use store::activities::{Filter, Sort};

use super::wanted;
use crate::Result;
use crate::access::ApiViewer;

/// Activities of one answer.
const PER_PAGE: i64 = 500;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/pars/v1/activities", get(list)).route("/api/pars/v1/activities/{id}", get(one))
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Asked {
    provider_activity_id: String,
    /// `YYYY-MM-DD`; a time behind it does not count.
    activity_start_date: String,
    activity_type_name: String,
    page: String,
}

impl Asked {
    fn filter(&self) -> app::Result<Filter> {
        let mut filter = Filter::default();
        if !self.provider_activity_id.trim().is_empty() {
            filter.internal_id = Some(self.provider_activity_id.clone());
        }
        if !self.activity_start_date.is_empty() {
            let day = self.activity_start_date.split('T').next().unwrap_or_default();
            let day = day
                .parse()
                .map_err(|_| app::Error::invalid("activityStartDate", "Write the start date as YYYY-MM-DD."))?;
            filter.starts_on = Some(day);
        }
        if !self.activity_type_name.is_empty() {
            let named = Format::named(&self.activity_type_name).ok_or_else(|| {
                app::Error::invalid("activityTypeName", "Write the name of an activity format, such as Live Course.")
            })?;
            filter.format = Some(named.format);
        }
        Ok(filter)
    }

    fn page(&self) -> app::Result<i64> {
        if self.page.is_empty() {
            return Ok(1);
        }
        let page = self.page.parse().ok().filter(|page| (1..=1_000_000).contains(page));
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
        for (name, value) in given.into_iter().filter(|(_, value)| !value.is_empty()) {
            address.push_str(&format!("{name}={}&", encoded(value)));
        }
        format!("{address}page={}", page + 1)
    }
}

/// For a query string.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

async fn list(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Result<Response> {
    let format = match wanted(&headers, ActivityFormat::Json) {
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

async fn one(
    State(app): State<App>,
    ApiViewer { scope, .. }: ApiViewer,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response> {
    let format = match wanted(&headers, ActivityFormat::Json) {
        Ok(format) => format,
        Err(refused) => return Ok(refused.into_response()),
    };
    // an address with something else than nine digits leads nowhere
    let id = id.parse().map_err(|_| app::Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let stored = store::activities::find(&mut tx, &scope, id).await?.ok_or(app::Error::NotFound)?;
    document(&app, &[stored.activity], format)
}

fn document(app: &App, activities: &[Activity], format: ActivityFormat) -> Result<Response> {
    let reference = app.reference.get();
    let mut writer = DocumentWriter::begin(Vec::new(), format).map_err(app::Error::Io)?;
    for activity in activities {
        writer.write(&record(activity, &reference, None)).map_err(app::Error::Io)?;
    }
    let bytes = writer.finish().map_err(app::Error::Io)?;
    Ok(([(header::CONTENT_TYPE, format.content_type())], bytes).into_response())
}
