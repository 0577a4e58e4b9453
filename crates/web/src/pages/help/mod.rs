//! `/help`: what everybody can read. All of it comes from memory (`app::help`); only published pages are there.

mod calendar;
mod front;
mod page;
mod print;
mod problems;
mod releases;
mod search;
mod webinars;

use app::App;
use app::help::{Page as HelpPage, Piece};
use axum::Router;
use domain::access::Seat;
use domain::help::{Audience, Kind};

use crate::access::Session;

pub(super) use webinars::size;

pub fn routes() -> Router<App> {
    Router::new()
        .merge(front::routes())
        .merge(search::routes())
        .merge(page::routes())
        .merge(print::routes())
        .merge(problems::routes())
        .merge(webinars::routes())
        .merge(releases::routes())
}

/// A page as a line of a list.
pub(super) struct Line {
    pub href: String,
    pub title: String,
    pub summary: String,
    /// Such as "How-to guide"; empty for questions.
    pub kind: &'static str,
}

impl Line {
    pub fn of(page: &HelpPage) -> Self {
        Self {
            href: page.path(),
            title: page.entry.content.title.clone(),
            summary: page.entry.content.summary.clone(),
            kind: kind_word(page.entry.kind),
        }
    }
}

/// What a line says of its kind.
fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Question => "",
        other => other.label(),
    }
}

/// A page that a search found, with the words marked.
pub(super) struct Found {
    pub href: String,
    pub title: Vec<Piece>,
    pub snippet: Vec<Piece>,
    pub kind: &'static str,
    /// A problem's code.
    pub code: String,
}

/// Whom a visitor's own part of the help is for.
fn audience_of(session: Option<&Session>) -> Option<Audience> {
    Some(match session?.actor.seat {
        Seat::Provider(..) => Audience::Providers,
        Seat::Physician(_) => Audience::Physicians,
        Seat::LicensingBoard(_) => Audience::LicensingBoards,
        Seat::CertifyingBoard(_) => Audience::CertifyingBoards,
        Seat::Accreditor => return None,
    })
}
