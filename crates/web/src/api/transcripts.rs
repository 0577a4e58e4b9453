//! Transcripts for a licensing board's programs: the three calls of the field's draft (formats.md, section 4), with
//! what it lacks: a board sees its own licensees only, long answers come in pages, and one call gives what changed.

use app::App;
use app::transcripts;
use app::transcripts::programs::{self, MOST, Next, Since, Wanted};
use axum::extract::{Query, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use domain::PhysicianId;
use domain::access::LicensingBoardScope;
use domain::transcript::Filter;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::licensees::Search;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::transcript_document::TranscriptDocument;
use crate::Result;
use crate::access::ApiLicensingBoard;
use crate::addresses::encoded;

/// Transcripts of one answer, unless the caller asks for fewer.
const USUAL: usize = 20;
const NEXT_CHANGED_SINCE: HeaderName = HeaderName::from_static("next-changed-since");

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::default().routes(routes!(show)).routes(routes!(pdf)).routes(routes!(totals))
}

#[derive(Deserialize, IntoParams, Default)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Beginning of the first name.
    #[param(nullable = false)]
    first_name: Option<String>,
    /// The whole last name; accents, case, spaces and hyphens do not count.
    #[param(nullable = false)]
    last_name: Option<String>,
    /// Your board’s own state, if it is sent at all.
    #[param(nullable = false, pattern = "^[A-Z]{2}$")]
    state_of_licensure: Option<String>,
    /// The license number with your board, however it is written: its digits count.
    #[serde(rename = "stateMedicalLicenseID")]
    #[param(rename = "stateMedicalLicenseID", nullable = false)]
    state_medical_license_id: Option<String>,
    /// The National Provider Identifier.
    #[param(nullable = false, pattern = "^[0-9]{10}$")]
    npi: Option<String>,
    /// Only credit completed on this day or later.
    #[param(nullable = false, format = Date)]
    completion_date_range_start: Option<String>,
    /// Only credit completed on this day or earlier.
    #[param(nullable = false, format = Date)]
    completion_date_range_end: Option<String>,
}

impl Asked {
    /// Whom it describes. What a parameter says is never passed over: two that disagree find nobody.
    fn search(&self, scope: &LicensingBoardScope) -> app::Result<Search> {
        if let Some(state) = self.state_of_licensure.as_deref()
            && !state.trim().eq_ignore_ascii_case(scope.state().code())
        {
            return Err(app::Error::Forbidden("a board’s token opens transcripts of its own state’s licensees only"));
        }
        let npi = self.npi.as_deref().unwrap_or_default().trim();
        if !npi.is_empty() && (npi.len() != 10 || !npi.bytes().all(|digit| digit.is_ascii_digit())) {
            return Err(app::Error::invalid("npi", "Send the 10 digits of the NPI."));
        }
        let given = |value: &Option<String>| value.as_deref().unwrap_or_default().trim().to_owned();
        Ok(Search {
            last: given(&self.last_name),
            first: given(&self.first_name),
            number: given(&self.state_medical_license_id),
            npi: npi.to_owned(),
        })
    }

    fn filter(&self) -> app::Result<Filter> {
        let from = day("completionDateRangeStart", self.completion_date_range_start.as_deref())?;
        let until = day("completionDateRangeEnd", self.completion_date_range_end.as_deref())?;
        if from.zip(until).is_some_and(|(from, until)| until < from) {
            let why = "The range ends before it begins. Send the later day as its end.";
            return Err(app::Error::invalid("completionDateRangeEnd", why));
        }
        Ok(Filter { from, until, ..Filter::default() })
    }

    /// What the next page is asked with again.
    fn query(&self) -> String {
        let given = [
            ("firstName", &self.first_name),
            ("lastName", &self.last_name),
            ("stateOfLicensure", &self.state_of_licensure),
            ("stateMedicalLicenseID", &self.state_medical_license_id),
            ("npi", &self.npi),
            ("completionDateRangeStart", &self.completion_date_range_start),
            ("completionDateRangeEnd", &self.completion_date_range_end),
        ];
        let given = given.iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        given.map(|(name, value)| format!("{name}={}&", encoded(value))).collect()
    }
}

fn day(field: &'static str, given: Option<&str>) -> app::Result<Option<Date>> {
    let read = |text: &str| text.parse().map_err(|_| app::Error::invalid(field, "Write the day as YYYY-MM-DD."));
    given.map(|text| read(text.trim())).transpose()
}

#[derive(Deserialize, IntoParams, Default)]
#[serde(default, rename_all = "camelCase")]
#[into_params(parameter_in = Query)]
struct Paged {
    /// All of your licensees whose credit was reported, withdrawn, decided or moved since: a time (RFC 3339), or what
    /// an earlier answer gave as Next-Changed-Since. It stands in place of names and numbers. Each transcript is
    /// given as it stands now; replace the one you have.
    #[param(nullable = false, example = "2026-03-14T00:00:00Z")]
    changed_since: Option<String>,
    /// The header Link of the answer before this one has it.
    #[param(nullable = false, value_type = Option<Uuid>)]
    after: Option<String>,
    /// How many transcripts at most; 20 without it.
    #[param(nullable = false, value_type = Option<i32>, minimum = 1, maximum = 100)]
    limit: Option<String>,
}

impl Paged {
    fn wanted(&self, search: Search) -> app::Result<Wanted> {
        let Some(since) = self.changed_since.as_deref() else {
            let why = "Send the address that an earlier answer gave as the next one, or leave it out.";
            let read = |after: &str| after.parse::<PhysicianId>().map_err(|_| app::Error::invalid("after", why));
            return Ok(Wanted::Fitting(search, self.after.as_deref().map(read).transpose()?));
        };
        if search != Search::default() || self.after.is_some() {
            let why = "Ask for what changed, or for who fits: send changedSince without names, numbers and after.";
            return Err(app::Error::invalid("changedSince", why));
        }
        let since = since.trim();
        let is_leaf = !since.is_empty() && since.len() <= 18 && since.bytes().all(|byte| byte.is_ascii_digit());
        let read = match is_leaf {
            true => since.parse().ok().map(Since::Leaf),
            false => since.parse::<jiff::Timestamp>().ok().map(|time| Since::Time(time.as_microsecond())),
        };
        let why = "Send a time such as 2026-03-14T00:00:00Z, or what an earlier answer gave as Next-Changed-Since.";
        read.map(Wanted::Changed).ok_or_else(|| app::Error::invalid("changedSince", why))
    }

    fn most(&self) -> app::Result<usize> {
        let Some(limit) = &self.limit else { return Ok(USUAL) };
        let limit = limit.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| app::Error::invalid("limit", "Ask for 1 to 100 at a time."))
    }
}

/// Transcripts of licensees
///
/// The official transcripts of licensees whom everything sent fits, or of all whose credit changed. Nobody who never
/// held a license of your board is found. Each reading is recorded, and the licensee sees it.
#[utoipa::path(
    get,
    path = "/api/pars/v1/GetLearnerTranscriptbyLearner",
    tag = "Licensing boards",
    operation_id = "getLearnerTranscript",
    params(Asked, Paged),
    responses((status = 200, description = "The transcripts; nobody is an empty list.", body = TranscriptDocument,
        headers(
            ("Link" = String, description = "The next page, if there is one now."),
            ("Next-Changed-Since" = String, description = "What to send as changedSince next time, if it was sent."),
        ))),
)]
async fn show(
    State(app): State<App>,
    ApiLicensingBoard { actor, scope, .. }: ApiLicensingBoard,
    Query(asked): Query<Asked>,
    Query(paged): Query<Paged>,
) -> Result<Response> {
    let (filter, most) = (asked.filter()?, paged.most()?);
    let wanted = paged.wanted(asked.search(&scope)?)?;
    let found = programs::find(&app, &actor, &scope, &wanted, filter, most).await?;
    let json = transcripts::json(&app, &found.officials)?;
    let mut answer = ([(header::CONTENT_TYPE, "application/json")], json).into_response();
    let (place, is_now) = match found.next {
        Next::Nothing => (String::new(), false),
        Next::Behind(last) => (format!("after={last}"), true),
        Next::From { leaf, has_more } => {
            answer.headers_mut().insert(NEXT_CHANGED_SINCE, HeaderValue::from(leaf));
            (format!("changedSince={leaf}"), has_more)
        }
    };
    let link = format!("<?{}{place}&limit={most}>; rel=\"next\"", asked.query());
    if is_now && let Ok(link) = HeaderValue::from_str(&link) {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// A licensee’s transcript as PDF
///
/// The same official document that the licensee sends: tagged, with a code by which anybody can verify it. What is
/// sent must fit one licensee.
#[utoipa::path(
    get,
    path = "/api/pars/v1/GetLearnerTranscriptbyLearnerPDF",
    tag = "Licensing boards",
    operation_id = "getLearnerTranscriptPDF",
    params(Asked),
    responses(
        (status = 200, description = "The transcript.", content_type = "application/pdf", body = Vec<u8>),
        (status = 404, description = "No licensee of yours fits."),
    ),
)]
async fn pdf(
    State(app): State<App>,
    ApiLicensingBoard { actor, scope, .. }: ApiLicensingBoard,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let filter = asked.filter()?;
    let official = programs::find_one(&app, &actor, &scope, &asked.search(&scope)?, filter).await?;
    let pdf = transcripts::pdf(&app, &official).await?;
    Ok(crate::download::bytes(&format!("transcript-{}.pdf", official.code), "application/pdf", pdf))
}

#[derive(Serialize, ToSchema)]
struct CreditTotals {
    learner: LearnerName,
    /// AMA PRA Category 1 Credits. Points of certifying boards are other credit and never added to them.
    #[serde(rename = "totalCredits")]
    total_credits: f64,
    unit: Unit,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "PascalCase")]
struct LearnerName {
    given_name: String,
    family_name: String,
}

#[derive(Serialize, ToSchema)]
enum Unit {
    Point,
}

/// A licensee’s credits between two days
///
/// What is sent must fit one licensee, and both days are needed.
#[utoipa::path(
    get,
    path = "/api/pars/v1/GetLearnerTranscriptCreditsByDate",
    tag = "Licensing boards",
    operation_id = "getLearnerTranscriptCreditsByDate",
    params(Asked),
    responses(
        (status = 200, description = "The sum.", body = CreditTotals),
        (status = 404, description = "No licensee of yours fits."),
    ),
)]
async fn totals(
    State(app): State<App>,
    ApiLicensingBoard { actor, scope, .. }: ApiLicensingBoard,
    Query(asked): Query<Asked>,
) -> Result<axum::Json<CreditTotals>> {
    let filter = asked.filter()?;
    for (field, given) in [("completionDateRangeStart", filter.from), ("completionDateRangeEnd", filter.until)] {
        if given.is_none() {
            return Err(app::Error::invalid(field, "Send both days of the range as YYYY-MM-DD.").into());
        }
    }
    let official = programs::find_one(&app, &actor, &scope, &asked.search(&scope)?, filter).await?;
    // hundredths that are multiples of 0.25 are exact as floats
    let total_credits = official.transcript.category_1().hundredths() as f64 / 100.0;
    let learner = LearnerName { given_name: official.given_name.clone(), family_name: official.family_name.clone() };
    Ok(axum::Json(CreditTotals { learner, total_credits, unit: Unit::Point }))
}
