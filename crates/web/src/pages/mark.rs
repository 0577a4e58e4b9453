//! The provider mark: `/provider/mark` for the team, `/mark/ID` for everybody who clicks on one, and the picture that web
//! pages show, `/mark/ID.svg`.
//!
//! The picture says the truth at the moment it is asked for: once a mark has ended, every page that shows it shows that.
//! Downloads are pictures of today, which is why the usage guide asks for the snippet.

use app::App;
use app::provider_mark::{self, Mark, State as MarkState, Why};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::ProviderId;
use domain::check::us_date;

use crate::access::Viewer;
use crate::pages::missing_credit::Day;
use crate::{Chrome, Page, Result, When, download};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/provider/mark", get(own))
        .route("/provider/mark/files/{file}", get(file))
        .route("/mark/{mark}", get(public))
}

const LIGHT: &[u8] = include_bytes!("../../mark/light.svg");
const DARK: &[u8] = include_bytes!("../../mark/dark.svg");
const LIGHT_ENDED: &[u8] = include_bytes!("../../mark/light-ended.svg");
const DARK_ENDED: &[u8] = include_bytes!("../../mark/dark-ended.svg");

/// What can be taken along: the name in the address, the bytes, and words.
const FILES: &[(&str, &[u8], &str)] = &[
    ("light.svg", LIGHT, "SVG, any size"),
    ("light-367.png", include_bytes!("../../mark/light-367.png"), "PNG, 367 × 96"),
    ("light-734.png", include_bytes!("../../mark/light-734.png"), "PNG, 734 × 192"),
    ("light-1468.png", include_bytes!("../../mark/light-1468.png"), "PNG, 1468 × 384"),
    ("dark.svg", DARK, "SVG, any size"),
    ("dark-367.png", include_bytes!("../../mark/dark-367.png"), "PNG, 367 × 96"),
    ("dark-734.png", include_bytes!("../../mark/dark-734.png"), "PNG, 734 × 192"),
    ("dark-1468.png", include_bytes!("../../mark/dark-1468.png"), "PNG, 1468 × 384"),
];

/// Seconds for which a picture may be shown without being asked for again.
const KEPT: HeaderValue = HeaderValue::from_static("public, max-age=300");

/// How a mark stands, in words.
struct Shown {
    is_current: bool,
    since: Option<When>,
    until: Option<Day>,
    /// Why it is not, as a sentence about "this provider".
    why: String,
}

impl Shown {
    fn of(app: &App, mark: &Mark) -> Self {
        let none = Self { is_current: false, since: None, until: None, why: String::new() };
        let months = mark.months;
        match &mark.state {
            MarkState::Current { since, until } => Self {
                is_current: true,
                since: since.map(|at| When::of(app, at)),
                until: Some(Day::of(*until)),
                ..none
            },
            MarkState::NotCurrent(Why::Standing(standing)) => Self {
                why: format!("This provider’s standing with the accreditor is: {}.", standing.label()),
                ..none
            },
            MarkState::NotCurrent(Why::NeverReported) => {
                Self { why: "No learner credit of this provider has been accepted yet.".to_owned(), ..none }
            }
            MarkState::NotCurrent(Why::Stopped { until }) => Self {
                why: format!(
                    "No learner credit of this provider was accepted in the last {months} months. The mark was current \
                     until {}.",
                    us_date(*until)
                ),
                ..none
            },
        }
    }
}

#[derive(Template)]
#[template(path = "mark/own.html")]
struct Own {
    chrome: Chrome,
    shown: Shown,
    months: i32,
    /// What can be done about it: words, address, label.
    next: Option<(&'static str, &'static str, &'static str)>,
    light: Vec<(&'static str, &'static str)>,
    dark: Vec<(&'static str, &'static str)>,
    page: String,
    snippet: String,
    snippet_dark: String,
}

async fn own(State(app): State<App>, visitor: Viewer, chrome: Chrome) -> Result<Page<impl Template>> {
    let provider = visitor.scope.provider();
    let mark = provider_mark::of(&app, provider).await?;
    let files = |theme: &str| {
        FILES.iter().filter(|(name, ..)| name.starts_with(theme)).map(|(name, _, words)| (*name, *words)).collect()
    };
    let next = match mark.state {
        MarkState::Current { .. } => None,
        MarkState::NotCurrent(Why::Standing(_)) => Some((
            "Ask the accreditor what is needed. Once you are in good standing again, the mark is back at once.",
            "",
            "",
        )),
        MarkState::NotCurrent(Why::NeverReported | Why::Stopped { .. }) => Some((
            "Report what your learners have earned. With the first accepted report the mark is current, on this page and \
             everywhere you show it.",
            "/provider/uploads/new",
            "Upload learner credit",
        )),
    };
    let page = app.config.link(&format!("/mark/{provider}"));
    Ok(Page(Own {
        chrome,
        shown: Shown::of(&app, &mark),
        months: mark.months,
        next,
        light: files("light"),
        dark: files("dark"),
        snippet: snippet(&page, ""),
        snippet_dark: snippet(&page, "-dark"),
        page,
    }))
}

/// What a web page holds to show the mark.
fn snippet(page: &str, theme: &str) -> String {
    format!(
        "<a href=\"{page}\"><img src=\"{page}{theme}.svg\" width=\"367\" height=\"96\" \
         alt=\"CME credit reported to physicians and their boards\"></a>"
    )
}

async fn file(State(app): State<App>, visitor: Viewer, Path(name): Path<String>) -> Result<Response> {
    let (name, bytes, _) = FILES.iter().find(|(known, ..)| *known == name).ok_or(app::Error::NotFound)?;
    provider_mark::take(&app, &visitor.session.actor, name).await?;
    let kind = if name.ends_with(".svg") { "image/svg+xml" } else { "image/png" };
    Ok(download::bytes(&format!("provider-mark-{name}"), kind, bytes.to_vec()))
}

#[derive(Template)]
#[template(path = "mark/public.html")]
struct Public {
    chrome: Chrome,
    provider: String,
    name: String,
    shown: Shown,
    months: i32,
    asked: When,
}

async fn public(State(app): State<App>, chrome: Chrome, Path(name): Path<String>) -> Result<Response> {
    let (id, picture) = match name.strip_suffix(".svg") {
        Some(stem) => match stem.strip_suffix("-dark") {
            Some(id) => (id, Some((DARK, DARK_ENDED))),
            None => (stem, Some((LIGHT, LIGHT_ENDED))),
        },
        None => (name.as_str(), None),
    };
    let id: ProviderId = id.parse().map_err(|_| app::Error::NotFound)?;
    let mark = provider_mark::of(&app, id).await?;
    if let Some((current, ended)) = picture {
        let about = [
            (header::CONTENT_TYPE, HeaderValue::from_static("image/svg+xml")),
            (header::CACHE_CONTROL, KEPT),
            // other sites show it
            (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
        ];
        return Ok((about, if mark.is_current() { current } else { ended }).into_response());
    }
    let shown = Shown::of(&app, &mark);
    let asked = When::of(&app, app.clock.now());
    let page = Public { chrome, provider: id.to_string(), name: mark.name, shown, months: mark.months, asked };
    Ok(Page(page).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_need_no_font_no_script_and_have_the_size_that_their_name_says() {
        for bytes in [LIGHT, DARK, LIGHT_ENDED, DARK_ENDED] {
            let text = std::str::from_utf8(bytes).unwrap();
            assert!(text.starts_with("<svg ") && text.contains("<title>"));
            assert!(!text.contains("<text") && !text.contains("<script") && !text.contains("href"), "{text}");
        }
        for (name, bytes, words) in FILES.iter().filter(|(name, ..)| name.ends_with(".png")) {
            assert!(bytes.starts_with(b"\x89PNG\r\n"), "{name}");
            let number = |at: usize| u32::from_be_bytes(bytes.get(at..at + 4).unwrap().try_into().unwrap());
            assert_eq!(format!("PNG, {} × {}", number(16), number(20)), *words, "{name}");
        }
    }
}
