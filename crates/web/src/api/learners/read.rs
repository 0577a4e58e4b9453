//! One learner's records of this provider: read back in the tree in which they are sent, and withdrawn.

use app::App;
use app::submissions::{self, Call, Destination, DocumentFormat, Narrowed, OnRecord};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::CompletionId;
use formats::learners::{DocumentWriter, Standing};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::super::media::{Media, wanted};
use super::answer::{self, LearnerResults};
use super::tree::LearnerDocument;
use crate::Result;
use crate::access::{ReadsLearners, WritesLearners};

/// Completions of one answer, unless the caller asks for fewer.
const USUAL: i64 = 100;
const MOST: i64 = 500;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show, withdraw))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Of one activity alone: its nine digits.
    #[serde(rename = "moduleID")]
    #[param(rename = "moduleID", nullable = false, pattern = "^[0-9]{9}$")]
    activity: Option<String>,
    /// Of one day alone.
    #[serde(rename = "CompletionDate")]
    #[param(rename = "CompletionDate", nullable = false, format = Date)]
    completed_on: Option<String>,
}

impl Which {
    fn narrowed(&self) -> app::Result<Narrowed> {
        let activity = self.activity.as_deref().map(activity).transpose()?;
        Ok(Narrowed { activity, completed_on: self.completed_on.as_deref().map(day).transpose()? })
    }
}

/// Nine digits.
pub(super) fn activity(text: &str) -> app::Result<domain::ActivityId> {
    text.trim().parse().map_err(|_| app::Error::invalid("moduleID", "Write the activity's nine digits."))
}

/// The day of a completion; a time behind it does not count.
pub(super) fn day(text: &str) -> app::Result<jiff::civil::Date> {
    let why = "Write the completion date as YYYY-MM-DD.";
    formats::read_date(text.trim()).ok_or_else(|| app::Error::invalid("CompletionDate", why))
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Paged {
    /// The header Link of the answer before this one has it.
    #[param(nullable = false, value_type = Option<Uuid>)]
    after: Option<String>,
    /// How many completions at most; 100 without it.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 500)]
    limit: Option<String>,
}

impl Paged {
    fn after(&self) -> app::Result<Option<CompletionId>> {
        let why = "Send the address that an earlier answer gave as the next one, or leave it out.";
        self.after.as_deref().map(|after| after.parse().map_err(|_| app::Error::invalid("after", why))).transpose()
    }

    fn most(&self) -> app::Result<i64> {
        let Some(limit) = &self.limit else { return Ok(USUAL) };
        let limit = limit.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| app::Error::invalid("limit", "Ask for 1 to 500 at a time."))
    }
}

/// A learner’s records
///
/// What you have on record of a learner, in the order in which you reported it, in the tree in which it is sent;
/// Result behind each report gives its credit ID and what each destination says. A completion with credit of
/// several boards is several reports. The learner is whoever is known by the identifier; of a learner of whom you
/// have reported nothing there is nothing to tell, and the answer is the same as for an identifier that nobody has.
#[utoipa::path(
    get,
    path = "/api/pars/v1/learner-activities/{learnerId}",
    tag = "Learner activities",
    operation_id = "showLearnerActivities",
    security(("token" = ["learners:read"])),
    params(
        ("learnerId" = String, Path, description = "As in UniqueID, with a colon between: NPI:1234567893, CA:A012345, ABIM:123456.", pattern = "^[A-Za-z]{2,8}:.+$"),
        Which,
        Paged,
    ),
    responses((status = 200, description = "The learner’s records.", body = LearnerDocument,
        headers(("Link" = String, description = "The next page, if there is one.")))),
)]
async fn show(
    State(app): State<App>,
    ReadsLearners { scope, .. }: ReadsLearners,
    Path(learner): Path<String>,
    Query(which): Query<Which>,
    Query(paged): Query<Paged>,
    headers: HeaderMap,
) -> Result<Response> {
    let media = match wanted(&headers, Media::Json) {
        Ok(media) => media,
        Err(refused) => return Ok(refused.into_response()),
    };
    let (narrowed, after, most) = (which.narrowed()?, paged.after()?, paged.most()?);
    let found = submissions::records(&app, &scope, &learner, narrowed, after, most).await?;
    let mut answer = document(&app, &found.records, media)?;
    if let Some(next) = found.next {
        let mut address = format!("?after={next}&limit={most}");
        if let Some(activity) = narrowed.activity {
            address.push_str(&format!("&moduleID={activity}"));
        }
        if let Some(day) = narrowed.completed_on {
            address.push_str(&format!("&CompletionDate={day}"));
        }
        // relative to this very address, so that the learner's identifier is not written down again
        if let Ok(link) = HeaderValue::from_str(&format!("<{address}>; rel=\"next\"")) {
            answer.headers_mut().insert(header::LINK, link);
        }
    }
    Ok(answer)
}

fn document(app: &App, records: &[OnRecord], media: Media) -> Result<Response> {
    let header = formats::learners::header();
    let created = app.clock.machine(app.clock.now());
    let written = || -> std::io::Result<Vec<u8>> {
        let mut writer = DocumentWriter::begin(Vec::new(), media == Media::Json, &created)?;
        for record in records {
            for (row, destinations) in &record.rows {
                let times: Vec<String> = destinations.iter().map(|one| app.clock.machine(one.reported_at)).collect();
                let amounts: Vec<String> = destinations.iter().map(amount).collect();
                let standings: Vec<Standing<'_>> = destinations
                    .iter()
                    .zip(times.iter().zip(&amounts))
                    .map(|(one, (reported_at, credits))| Standing {
                        destination: &one.name,
                        status: one.status.label(),
                        reason: &one.reason,
                        credits,
                        is_derived: one.is_derived,
                        reported_at,
                    })
                    .collect();
                writer.write_on_record(&header, row, &record.credit_id, &standings)?;
            }
        }
        writer.finish()
    };
    let body = written().map_err(app::Error::Io)?;
    Ok(([(header::CONTENT_TYPE, media.content_type())], body).into_response())
}

fn amount(destination: &Destination) -> String {
    if destination.has_amount() { destination.credits.to_string() } else { String::new() }
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Meant {
    /// true: all of the learner’s records are meant. It is needed where neither activity nor date is given.
    #[param(nullable = false, value_type = Option<bool>)]
    all: Option<String>,
}

/// Withdraw a learner’s records
///
/// Deletes what you have on record of a learner, as reports with the action delete would: boards hear of it, and
/// the transcript no longer shows it. Name an activity, a date or both; to withdraw everything send all=true.
#[utoipa::path(
    delete,
    path = "/api/pars/v1/learner-activities/{learnerId}",
    tag = "Learner activities",
    operation_id = "withdrawLearnerActivities",
    security(("token" = ["learners:write"])),
    params(
        ("learnerId" = String, Path, description = "As in UniqueID, with a colon between.", pattern = "^[A-Za-z]{2,8}:.+$"),
        Which,
        Meant,
    ),
    responses(
        (status = 200, description = "An answer for each record.", body = LearnerResults),
        (status = 422, description = "Every record was refused, such as of a locked year; or the request does not say what is meant.", body = LearnerResults),
    ),
)]
async fn withdraw(
    State(app): State<App>,
    WritesLearners { actor, name, .. }: WritesLearners,
    Path(learner): Path<String>,
    Query(which): Query<Which>,
    Query(meant): Query<Meant>,
    headers: HeaderMap,
) -> Result<Response> {
    let media = match wanted(&headers, Media::Json) {
        Ok(media) => media,
        Err(refused) => return Ok(refused.into_response()),
    };
    let all = match meant.all.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(app::Error::invalid("all", "Send all=true, or leave it out.").into()),
    };
    let format: DocumentFormat = media.into();
    let call = Call { sender: &name, format, key: None, permission_held: true };
    let settled = submissions::withdraw(&app, &actor, &call, &learner, which.narrowed()?, all).await?;
    let status = match answer::status_of(&settled) {
        StatusCode::UNPROCESSABLE_ENTITY => StatusCode::UNPROCESSABLE_ENTITY,
        _ => StatusCode::OK,
    };
    Ok(answer::settled(&app, status, &settled, media))
}
