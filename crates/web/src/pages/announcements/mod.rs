//! Notices of the accreditor: `/admin/notices`, where staff write them, `/notices`, where everybody reads their own, and
//! the banner on pages, which can be put away with or without a script.

mod admin;
mod banner;
mod edit;
mod public;

use app::App;
use app::announcements::Standing;
use axum::Router;
use store::announcements::Announcement;

use crate::When;

pub use banner::{Banner, banners};

pub fn routes() -> Router<App> {
    Router::new().merge(admin::routes()).merge(edit::routes()).merge(public::routes())
}

/// A notice as pages show it.
#[derive(Debug, Clone)]
pub(crate) struct Shown {
    pub id: String,
    pub kind: &'static str,
    /// The kind of alert.
    pub alert: &'static str,
    pub level: &'static str,
    pub title: String,
    pub paragraphs: Vec<Vec<String>>,
    pub path: String,
    pub from: When,
    pub until: When,
    pub is_dismissible: bool,
}

impl Shown {
    fn of(app: &App, notice: &Announcement) -> Self {
        Self { id: notice.id.to_string(), ..Self::of_words(app, &notice.words) }
    }

    fn of_words(app: &App, words: &store::announcements::Words) -> Self {
        Self {
            id: String::new(),
            kind: words.kind.label(),
            alert: app::announcements::alert_kind(words.level),
            level: words.level.label(),
            title: words.title.clone(),
            paragraphs: paragraphs(&words.body),
            path: words.path.clone(),
            from: When::of(app, words.shows_from),
            until: When::of(app, words.shows_until),
            is_dismissible: words.is_dismissible,
        }
    }
}

/// Paragraphs between empty lines, each with its lines.
fn paragraphs(body: &str) -> Vec<Vec<String>> {
    let blocks = body.split("\n\n").map(|block| block.lines().map(str::to_owned).collect::<Vec<_>>());
    blocks.filter(|block| !block.is_empty()).collect()
}

/// The shape beside the word for how a notice stands.
fn standing_kind(standing: Standing) -> &'static str {
    match standing {
        Standing::Planned => "waiting",
        Standing::Shown => "good",
        Standing::Over => "closed",
        Standing::TakenBack => "withdrawn",
    }
}
