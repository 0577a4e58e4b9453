//! Answers made of templates, and the faults a form comes back with.

use std::ops::Deref;

use app::{App, Fault};
use askama::Template;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::Error;
use crate::layers::NotCompressed;

/// The status of a form that comes back with faults: `Ok((REFUSED, Page(form)).into_response())`.
pub const REFUSED: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;

/// A whole page.
pub struct Page<T>(pub T);

/// Part of a page that a script asks for again and again. Sent as it is, so that the browser sees
/// each at once.
pub struct Fragment<T>(pub T);

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

fn rendered(template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => ([(header::CONTENT_TYPE, HTML)], html).into_response(),
        Err(error) => {
            Error::from(app::Error::Internal(format!("a page could not be rendered: {error}"))).into_response()
        }
    }
}

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        rendered(&self.0)
    }
}

impl<T: Template> IntoResponse for Fragment<T> {
    fn into_response(self) -> Response {
        let mut response = rendered(&self.0);
        response.extensions_mut().insert(NotCompressed);
        response
    }
}

/// A fault whose field's name is made at run time, as in forms built from columns.
#[derive(Debug, Clone)]
pub struct NamedFault {
    pub field: String,
    pub message: String,
}

/// What is wrong with a form, for its template: `forms::error_summary(faults)` above the form and
/// `error=faults.of("email")` beside each field.
#[derive(Debug, Clone, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    pub fn none() -> Self {
        Self::default()
    }

    /// The first message for a field, or nothing.
    pub fn of(&self, field: &str) -> &str {
        self.0.iter().find(|fault| fault.field == field).map_or("", |fault| fault.message.as_str())
    }

    /// Takes the faults out of an error; every other error is passed on.
    pub fn from_error(error: app::Error) -> Result<Self, Error> {
        match error {
            app::Error::Invalid(faults) => Ok(Self(faults)),
            other => Err(other.into()),
        }
    }
}

impl From<Vec<Fault>> for Faults {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

impl Deref for Faults {
    type Target = [Fault];

    fn deref(&self) -> &[Fault] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a Faults {
    type Item = &'a Fault;
    type IntoIter = std::slice::Iter<'a, Fault>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A stored time on a page: `<time datetime="{{ at.machine }}">{{ at.shown }}</time>`.
#[derive(Debug, Clone)]
pub struct When {
    pub shown: String,
    pub machine: String,
}

impl When {
    /// `micros` as stored.
    pub fn of(app: &App, micros: i64) -> Self {
        Self { shown: app.clock.show(micros), machine: app.clock.machine(micros) }
    }
}
