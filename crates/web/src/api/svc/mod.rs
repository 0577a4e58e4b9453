//! The addresses of the service that old clients call: POST with XML, credentials in one of three places.
//!
//! Each request is turned into the call of today that does the same and goes through the same router, so scopes,
//! limits, sandboxes and answers are one. Whoever calls must show a provider's ID, a program's name and its token.

mod credentials;

use app::App;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Extension, Router};
use formats::envelope::Outside;
use tower::ServiceExt;

use crate::addresses::encoded;
use crate::layers::RequestId;
use crate::{Error, Result};

/// Bodies are held in memory, so that credentials can be cut out before anybody reads on.
const MOST_BYTES: usize = 32 << 20;
const XML: HeaderValue = HeaderValue::from_static("application/xml");

/// The web services of today, with the door to the sandboxes before them.
#[derive(Clone)]
pub(crate) struct Services(pub Router<App>);

/// The old addresses. `services` is what they call.
pub(crate) fn routes(services: Services) -> Router<App> {
    Router::new()
        .route("/services/ACCMELearnerService.svc/SaveLearnerActivity", post(save_learner))
        .route("/services/ACCMELearnerService.svc/GetLearnerMatch", post(match_learner))
        .route("/services/ACCMELearnerService.svc/GetLearnerStatusByLearner", post(status_by_learner))
        .route("/services/ACCMELearnerService.svc/GetLearnerStatusByCreditId", post(status_by_credit))
        .route("/services/ACCMEActivityService.svc/SaveActivity", post(save_activity))
        .route("/services/ACCMEActivityService.svc/GetActivity", post(find_activity))
        .layer(Extension(services))
}

macro_rules! old_calls {
    ($($name:ident: $call:expr;)+) => {$(
        async fn $name(state: State<App>, services: Extension<Services>, request: Request) -> Result<Response> {
            call(state, services, request, $call).await
        }
    )+};
}

old_calls! {
    // old clients have no field for the permission; their contract says that it is held
    save_learner: |_| Today::post("/api/pars/v1/learner-activities?permission=held");
    match_learner: |_| Today::post("/api/pars/v1/learner-match");
    status_by_learner: |values| Today::get(STATUS, values, OF_LEARNER);
    status_by_credit: |values| Today::get(STATUS, values, &[("creditid", "CreditId")]);
    save_activity: |_| Today::post(ACTIVITIES);
    find_activity: |values| match values.iter().find(|one| one.name == "activityid" && !one.text.is_empty()) {
        Some(id) => Today { method: Method::GET, path: format!("{ACTIVITIES}/{}", encoded(&id.text)) },
        None => Today::get(ACTIVITIES, values, OF_ACTIVITY),
    };
}

const STATUS: &str = "/api/pars/v1/learner-activities/status";
const ACTIVITIES: &str = "/api/pars/v1/activities";
/// Elements, and the parameters of today that they are.
type Names = [(&'static str, &'static str)];
const OF_LEARNER: &Names = &[
    ("moduleid", "moduleID"),
    ("birthdate", "BirthDate"),
    ("completiondate", "CompletionDate"),
    ("uniqueid", "UniqueID"),
];
const OF_ACTIVITY: &Names = &[
    ("provideractivityid", "providerActivityId"),
    ("activitystartdate", "activityStartDate"),
    ("activitytypename", "activityTypeName"),
];

/// The call of today that does the same.
struct Today {
    method: Method,
    path: String,
}

impl Today {
    fn post(path: &str) -> Self {
        Self { method: Method::POST, path: path.to_owned() }
    }

    /// Values of the body as parameters; each as the first element of its name says.
    fn get(path: &str, values: &[Outside], names: &Names) -> Self {
        let given = names.iter().filter_map(|(element, parameter)| {
            let one = values.iter().find(|one| one.name == *element && !one.text.is_empty())?;
            let colon = if one.domain.is_empty() { "" } else { ":" };
            Some(format!("{parameter}={}", encoded(&format!("{}{colon}{}", one.domain, one.text))))
        });
        let query = given.collect::<Vec<_>>().join("&");
        Self { method: Method::GET, path: format!("{path}?{query}") }
    }
}

async fn call(
    State(app): State<App>,
    Extension(Services(services)): Extension<Services>,
    request: Request,
    meant: impl Fn(&[Outside]) -> Today,
) -> Result<Response> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else { return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response()) };
    let (values, document) = formats::envelope::outside(&body, credentials::ELEMENTS);
    let token = credentials::shown(&app, &parts.headers, &values).await?.ok_or(Error::BadCredentials)?;
    let today = meant(&values);
    let body = if today.method == Method::GET { Body::empty() } else { Body::from(document) };
    let mut inner = Request::new(body);
    *inner.uri_mut() = today.path.parse::<Uri>().map_err(|_| app::Error::NotFound)?;
    *inner.method_mut() = today.method;
    let headers = inner.headers_mut();
    let bearer = HeaderValue::from_str(&format!("Bearer {}", token.expose())).map_err(|_| Error::BadCredentials)?;
    headers.insert(header::AUTHORIZATION, bearer);
    headers.insert(header::CONTENT_TYPE, XML);
    headers.insert(header::ACCEPT, XML);
    for name in [header::HOST, HeaderName::from_static("idempotency-key")] {
        if let Some(value) = parts.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    if let Some(id) = parts.extensions.get::<RequestId>() {
        inner.extensions_mut().insert(id.clone());
    }
    let answered = services.with_state(app).oneshot(inner).await;
    Ok(answered.unwrap_or_else(|never| match never {}))
}
