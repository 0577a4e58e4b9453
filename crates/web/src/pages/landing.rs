//! `/`: what this place is for, for each of the people who come here.

use app::App;
use askama::Template;
use axum::Router;
use axum::routing::get;

use crate::access::MaybeSignedIn;
use crate::{Chrome, Page};

pub fn routes() -> Router<App> {
    Router::new().route("/", get(landing))
}

#[derive(Template)]
#[template(path = "landing.html")]
struct Landing {
    chrome: Chrome,
    /// The visitor's own pages; empty if nobody is signed in.
    home: &'static str,
}

async fn landing(MaybeSignedIn(session): MaybeSignedIn, chrome: Chrome) -> Page<impl Template> {
    Page(Landing { chrome, home: session.map_or("", |session| session.actor.seat.home()) })
}
