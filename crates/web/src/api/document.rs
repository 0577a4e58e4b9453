//! The OpenAPI document, made from the handlers: `/api/openapi.json`.
//!
//! What handlers do not say stands here once for all: how callers prove themselves, what any call may
//! answer instead, and that what is JSON for activities may be XML as well.

use std::sync::LazyLock;

use app::App;
use axum::Router;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{self, Content, InfoBuilder, LicenseBuilder, OpenApi, PathItem, Ref, RefOr, Schema};

use super::activities::ActivityResultList;
use super::learner_match::LearnerMatchList;
use super::learners::{LearnerResultList, LearnerStatusList};
use super::{large, small};

static DOCUMENT: LazyLock<OpenApi> = LazyLock::new(|| {
    let mut document = small().into_openapi().merge_from(large().into_openapi());
    complete(&mut document);
    document
});

/// What this server's web services are.
pub(super) fn document() -> &'static OpenApi {
    &DOCUMENT
}

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api/openapi.json", get(json))
}

async fn json() -> crate::Result<Response> {
    let json = document().to_pretty_json().map_err(|error| app::Error::Internal(error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], json).into_response())
}

/// Why nothing was done, or not all of it (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(xml(name = "problem", namespace = "urn:ietf:rfc:7807"))]
struct ProblemDetails {
    r#type: String,
    title: String,
    #[schema(minimum = 400, maximum = 599)]
    status: u16,
    detail: String,
    /// Names this request in the server's log; the help desk asks for it.
    request_id: String,
    /// Faults of the request's own fields.
    #[schema(nullable = false)]
    errors: Option<Vec<FieldError>>,
    /// Why, where programs may go by it: scope_missing, rate_limit_exceeded. Stable, never renamed.
    #[schema(nullable = false)]
    code: Option<String>,
    /// The scope that the token lacks.
    #[schema(nullable = false)]
    scope: Option<String>,
    /// The limits that were exceeded.
    #[serde(rename = "violated-policies")]
    #[schema(nullable = false)]
    violated_policies: Option<Vec<String>>,
    /// What is wrong with the document or file that was sent.
    #[schema(nullable = false)]
    problems: Option<Vec<FoundProblem>>,
}

#[derive(Serialize, ToSchema)]
struct FieldError {
    /// The field, query parameter or header.
    field: String,
    message: String,
}

#[derive(Serialize, ToSchema)]
struct FoundProblem {
    /// Stable, never renamed.
    code: String,
    /// What is wrong, for a person.
    message: String,
    /// What to do.
    remedy: String,
    /// Line, path, row or cell.
    #[schema(nullable = false)]
    place: Option<String>,
    /// The field's name; null if none is meant.
    field: Option<String>,
    #[schema(nullable = false)]
    given: Option<String>,
    /// “warning” for what keeps nothing back.
    #[schema(nullable = false)]
    kind: Option<String>,
}

/// When a call may answer so.
#[derive(Clone, Copy, PartialEq)]
enum When {
    Always,
    /// The address names a record.
    OfOne,
    /// The caller chooses between JSON and XML.
    InTwoFormats,
    TakesBody,
    /// There is something to fill in.
    Asks,
}

/// What any call may answer instead of its own answers, always with problem details.
const REFUSALS: &[(&str, &str, When, &str)] = &[
    ("400", "Unreadable", When::Always, "The request itself cannot be read."),
    ("401", "NoToken", When::Always, "There is no token, or it has expired or was revoked."),
    (
        "403",
        "NotAllowed",
        When::Always,
        "The token is good, but does not allow this: scope_missing names the scope that it lacks.",
    ),
    ("404", "NotFound", When::OfOne, "There is no such record, or it is not yours."),
    ("406", "NoSuchFormat", When::InTwoFormats, "None of the accepted formats is written here."),
    ("413", "TooLarge", When::TakesBody, "What was sent is larger than this server takes."),
    ("415", "WrongFormat", When::TakesBody, "The content type is none that this call reads."),
    ("422", "Refused", When::Asks, "What was sent can be read and is wrong: codes and remedies say how."),
    (
        "429",
        "TooMany",
        When::Always,
        "Too many requests, or too many learners for one day; Retry-After says how long to wait.",
    ),
    ("500", "Failed", When::Always, "Something went wrong here. Nothing was half saved."),
    ("503", "Busy", When::Always, "It took too long. Try again in a moment."),
];

/// Documents that go in and out as XML too, with their root elements.
const IN_XML: &[(&str, &str)] = &[
    ("ActivityDocument", "ACCMEActivities"),
    ("FoundActivities", "FoundACCMEActivities"),
    ("ActivityResults", "ActivityResultList"),
    ("ResultsOrReceipt", "ActivityResultList"),
    ("LearnerDocument", "ACCMELearnerReports"),
    ("LearnerResults", "LearnerResultList"),
    ("LearnerResultsOrReceipt", "LearnerResultList"),
    ("LearnerStatuses", "LearnerStatusList"),
    ("LearnersToMatch", "MatchReports"),
    ("LearnerMatches", "LearnerMatchList"),
];

const JSON: &str = "application/json";
const XML: &str = "application/xml";
/// Problem details are JSON unless XML is what is accepted first.
const PROBLEM: [&str; 2] = ["application/problem+json", "application/problem+xml"];

const ABOUT: &str = "Call with the header “Authorization: Bearer” and a token that an owner of your team, or your board, made. \
    Failures are problem details (RFC 9457) with stable codes.";

fn complete(document: &mut OpenApi) {
    document.info = InfoBuilder::new()
        .title("Credence web services")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(ABOUT))
        .license(Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build()))
        .build();
    let tag = |name: &str, words: &str| TagBuilder::new().name(name).description(Some(words)).build();
    document.tags = Some(vec![
        tag("Activities", "Activities saved and read back, in JSON or XML of one meaning."),
        tag("Activity search", "The public search for activities. It takes no token."),
        tag("Files of activities", "What became of documents too long to be settled within a request."),
        tag("Learners", "Learners: checked beforehand, reported, read back."),
        tag("Learner activities", "Learner reports submitted, read back and withdrawn, in JSON or XML of one meaning."),
        tag("Uploads", "Files of learners: their progress and their results."),
        tag("Events", "What happened to your reports since you last asked."),
        tag("Certifying boards", "A board’s feed of the credit reported to it, and its answers."),
        tag("Licensing boards", "Transcripts of a board’s licensees, one by one or all that changed."),
    ]);
    document.security = Some(vec![SecurityRequirement::new("token", [] as [&str; 0])]);
    let components = document.components.get_or_insert_default();
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of /provider/api-clients, /board/api-clients or /certifying/api-clients."));
    components.security_schemes.insert("token".into(), SecurityScheme::Http(bearer.build()).into());
    for (_, name, _, meaning) in REFUSALS {
        let response = openapi::ResponseBuilder::new().description(*meaning);
        let response = PROBLEM.iter().fold(response, |response, media| response.content(*media, problem()));
        components.responses.insert((*name).to_owned(), response.build().into());
    }
    components.schemas.extend(schemas_of::<ProblemDetails>());
    components.schemas.extend(schemas_of::<ActivityResultList>());
    components.schemas.extend(schemas_of::<LearnerResultList>());
    components.schemas.extend(schemas_of::<LearnerStatusList>());
    components.schemas.extend(schemas_of::<LearnerMatchList>());
    for operation in document.paths.paths.values_mut().flat_map(operations) {
        let in_two_formats = write_in_xml(operation);
        refusals(operation, in_two_formats);
    }
}

/// A type's schema and those that it refers to.
fn schemas_of<T: ToSchema>() -> Vec<(String, RefOr<Schema>)> {
    let mut schemas = vec![(T::name().into_owned(), T::schema())];
    T::schemas(&mut schemas);
    schemas
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let PathItem { get, put, post, delete, patch, .. } = item;
    [get, put, post, delete, patch].into_iter().filter_map(Option::as_mut)
}

fn problem() -> Content {
    Content::new(Some(Ref::from_schema_name("ProblemDetails")))
}

/// Offers XML beside JSON; whether there was anything to offer it for.
fn write_in_xml(operation: &mut Operation) -> bool {
    let mut any = false;
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(xml) = body.content.get(JSON).and_then(as_xml)
    {
        body.content.insert(XML.to_owned(), xml);
        any = true;
    }
    for response in operation.responses.responses.values_mut() {
        if let RefOr::T(response) = response
            && let Some(xml) = response.content.get(JSON).and_then(as_xml)
        {
            response.content.insert(XML.to_owned(), xml);
            any = true;
        }
    }
    any
}

fn as_xml(json: &RefOr<Content>) -> Option<RefOr<Content>> {
    let RefOr::T(Content { schema: Some(RefOr::Ref(named)), .. }) = json else { return None };
    let is_it = |(name, _): &&(&str, &str)| named.ref_location.strip_prefix("#/components/schemas/") == Some(name);
    let (_, root) = IN_XML.iter().find(is_it)?;
    Some(Content::new(Some(Ref::from_schema_name(*root))).into())
}

fn refusals(operation: &mut Operation, in_two_formats: bool) {
    let has_body = operation.request_body.is_some();
    let given = |place: ParameterIn| {
        let mut all = operation.parameters.iter().flatten();
        all.any(|one| matches!(one, RefOr::T(one) if one.parameter_in == place))
    };
    let (has_path, asks) = (given(ParameterIn::Path), given(ParameterIn::Query) || has_body);
    for (status, name, when, _) in REFUSALS {
        let may = match when {
            When::Always => true,
            When::OfOne => has_path,
            When::InTwoFormats => in_two_formats,
            When::TakesBody => has_body,
            When::Asks => asks,
        };
        if !may {
            continue;
        }
        match operation.responses.responses.get_mut(*status) {
            // the call has words of its own for this status, beside which problem details are possible
            Some(RefOr::T(own)) => {
                own.content.extend(PROBLEM.map(|media| (media.to_owned(), problem().into())));
            }
            Some(RefOr::Ref(_)) => {}
            None => {
                operation.responses.responses.insert((*status).to_owned(), Ref::from_response_name(*name).into());
            }
        }
    }
}
